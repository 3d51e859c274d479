/* The class that the name of a list implies. */
#include "kybdesk/domain/list_class.h"
#include "kybdesk/base/text.h"

#include <string.h>

static void add_folded_name(struct strbuf *words, struct strbuf *unspaced, const char *name)
{
	strbuf_addch(words, ' ');
	text_tokens(words, name, strlen(name));
	strbuf_addch(words, ' ');
	for (size_t i = 0; i < words->len; i++) {
		if (words->buf[i] != ' ')
			strbuf_addch(unspaced, words->buf[i]);
	}
}

struct list_rule list_rule_make(struct arena *arena, const char *name, bool inside_words, enum hit_class class_)
{
	struct strbuf words = STRBUF_INIT, unspaced = STRBUF_INIT;
	struct list_rule rule = { .inside_words = inside_words, .class_ = class_ };

	add_folded_name(&words, &unspaced, name);
	rule.words = arena_strndup(arena, words.buf, words.len);
	rule.unspaced = arena_strndup(arena, unspaced.len ? unspaced.buf : "", unspaced.len);
	strbuf_release(&words);
	strbuf_release(&unspaced);
	return rule;
}

static bool rule_matches(const struct list_rule *rule, const char *words, const char *unspaced)
{
	if (rule->inside_words)
		return strstr(unspaced, rule->unspaced) != NULL;
	return strstr(words, rule->words) || !strcmp(unspaced, rule->unspaced);
}

/* The enum lists the classes from the most to the least severe. */
static enum hit_class graver_class(enum hit_class a, enum hit_class b)
{
	return a < b ? a : b;
}

enum hit_class list_class(const struct list_rules *rules, enum check_kind check, const char *list,
			  enum hit_class reported)
{
	struct strbuf words = STRBUF_INIT, unspaced = STRBUF_INIT;

	if (reported == HIT_SANCTIONS || check == CHECK_OFAC)
		return HIT_SANCTIONS;
	add_folded_name(&words, &unspaced, list);
	for (size_t i = 0; unspaced.len && i < rules->count; i++) {
		if (graver_class(rules->items[i].class_, reported) != reported &&
		    rule_matches(&rules->items[i], words.buf, unspaced.buf))
			reported = rules->items[i].class_;
	}
	strbuf_release(&words);
	strbuf_release(&unspaced);
	return reported;
}
