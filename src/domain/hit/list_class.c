/* The class that the name of a list implies. */
#include "kybdesk/domain/list_class.h"
#include "kybdesk/base/text.h"

#include <string.h>

/* A text in the forms that rules match, without case, accents and invisible characters. */
struct listed_text {
	struct strbuf words;	/* as in struct list_rule */
	struct strbuf unspaced; /* the words without spaces */
	struct strbuf spelled;	/* only the words of one letter, joined: "F.I.U." is "fiu" */
};

/* Adds the word with the ASCII letters that its letters look like; "0" is "o", and "1" is `one`: "i" or "l". */
static void add_drawn(struct strbuf *out, const char *word, size_t length, char one)
{
	struct strbuf key = STRBUF_INIT;
	uint32_t codepoint;

	for (size_t at = 0, size; at < length; at += size) {
		size = codepoint_read(word + at, length - at, &codepoint);
		strbuf_reset(&key);
		text_likeness_key(&key, word + at, size);
		if (codepoint < 0x80 ? codepoint > '1' : key.len != 1)
			strbuf_add(out, word + at, size);
		else
			text_fold(out, *key.buf == '0' ? "o" : *key.buf == '1' ? &one : key.buf, 1);
	}
	strbuf_release(&key);
}

static struct listed_text listed_text_make(const char *text, char one)
{
	struct listed_text out = { STRBUF_INIT, STRBUF_INIT, STRBUF_INIT };
	struct strbuf folded = STRBUF_INIT;
	uint32_t first;

	text_add_tokens(&folded, text, strlen(text));
	for (size_t at = 0, length, start; at < folded.len; at += length + 1) {
		length = strcspn(folded.buf + at, " ");
		strbuf_addch(&out.words, ' ');
		start = out.words.len;
		add_drawn(&out.words, folded.buf + at, length, one);
		strbuf_adds(&out.unspaced, out.words.buf + start);
		strbuf_adds(&out.spelled,
			    codepoint_read(folded.buf + at, length, &first) == length ? out.words.buf + start : " ");
	}
	strbuf_addch(&out.words, ' ');
	strbuf_release(&folded);
	return out;
}

static void listed_text_release(struct listed_text *text)
{
	strbuf_release(&text->words);
	strbuf_release(&text->unspaced);
	strbuf_release(&text->spelled);
}

struct list_rule list_rule_make(struct arena *arena, const char *name, bool matches_in_words, enum hit_class class_)
{
	struct listed_text text = listed_text_make(name, 'i');
	struct list_rule rule = { .name = arena_strdup(arena, name),
				  .words = strbuf_to_arena(&text.words, arena),
				  .unspaced_text = strbuf_to_arena(&text.unspaced, arena),
				  .matches_in_words = matches_in_words,
				  .class_ = class_ };

	listed_text_release(&text);
	return rule;
}

static bool rule_matches(const struct list_rule *rule, const struct listed_text *text)
{
	if (rule->matches_in_words)
		return strstr(text->unspaced.buf, rule->unspaced_text) != NULL;
	return strstr(text->words.buf, rule->words) || strstr(text->spelled.buf, rule->unspaced_text) ||
	       !strcmp(text->unspaced.buf, rule->unspaced_text);
}

enum hit_class list_classify(const struct list_rules *rules, enum check_kind check, const char *list,
			     enum hit_class reported)
{
	struct listed_text text;

	if (reported == HIT_SANCTIONS || check == CHECK_OFAC)
		return HIT_SANCTIONS;
	text = listed_text_make(list, 'i');
	for (size_t i = 0; i < rules->count; i++) {
		/* The enum lists the classes from the most to the least severe. */
		if (rules->items[i].class_ < reported && rule_matches(&rules->items[i], &text))
			reported = rules->items[i].class_;
	}
	listed_text_release(&text);
	return reported;
}

const char *list_rules_find(const struct list_rules *rules, const char *text)
{
	static const char ones[] = "il";
	const char *found = "";

	for (size_t one = 0; ones[one] && !*found; one++) {
		struct listed_text listed = listed_text_make(text, ones[one]);

		for (size_t i = 0; i < rules->count && !*found; i++)
			found = rule_matches(&rules->items[i], &listed) ? rules->items[i].name : "";
		listed_text_release(&listed);
	}
	return found;
}
