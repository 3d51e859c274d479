/* The class that the name of a list implies. */
#include "kybdesk/domain/list_class.h"
#include "kybdesk/base/text.h"

#include <string.h>

static void add_folded_name(struct strbuf *words, struct strbuf *unspaced_text, const char *name)
{
	strbuf_addch(words, ' ');
	text_add_tokens(words, name, strlen(name));
	strbuf_addch(words, ' ');
	for (size_t i = 0; i < words->len; i++) {
		if (words->buf[i] != ' ')
			strbuf_addch(unspaced_text, words->buf[i]);
	}
}

struct list_rule list_rule_make(struct arena *arena, const char *name, bool matches_in_words, enum hit_class class_)
{
	struct strbuf words = STRBUF_INIT, unspaced_text = STRBUF_INIT;
	struct list_rule rule = { .matches_in_words = matches_in_words, .class_ = class_ };

	add_folded_name(&words, &unspaced_text, name);
	rule.words = arena_strndup(arena, words.buf, words.len);
	rule.unspaced_text = arena_strndup(arena, unspaced_text.len ? unspaced_text.buf : "", unspaced_text.len);
	strbuf_release(&words);
	strbuf_release(&unspaced_text);
	return rule;
}

static bool rule_matches(const struct list_rule *rule, const char *words, const char *unspaced_text)
{
	if (rule->matches_in_words)
		return strstr(unspaced_text, rule->unspaced_text) != NULL;
	return strstr(words, rule->words) || !strcmp(unspaced_text, rule->unspaced_text);
}

/* The enum lists the classes from the most to the least severe. */
static enum hit_class graver_class(enum hit_class a, enum hit_class b)
{
	return a < b ? a : b;
}

enum hit_class list_classify(const struct list_rules *rules, enum check_kind check, const char *list,
			     enum hit_class reported)
{
	struct strbuf words = STRBUF_INIT, unspaced_text = STRBUF_INIT;

	if (reported == HIT_SANCTIONS || check == CHECK_OFAC)
		return HIT_SANCTIONS;
	add_folded_name(&words, &unspaced_text, list);
	for (size_t i = 0; unspaced_text.len && i < rules->count; i++) {
		if (graver_class(rules->items[i].class_, reported) != reported &&
		    rule_matches(&rules->items[i], words.buf, unspaced_text.buf))
			reported = rules->items[i].class_;
	}
	strbuf_release(&words);
	strbuf_release(&unspaced_text);
	return reported;
}
