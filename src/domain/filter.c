/* The filter language: one pass over the text, one table of keys. */
#include "kybdesk/domain/filter.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/base/text.h"

#include <string.h>

enum value_kind {
	FILTER_VALUE_TEXT,  /* any text */
	FILTER_VALUE_WORD,  /* one of `words` */
	FILTER_VALUE_RISK,  /* 0..100, compared */
	FILTER_VALUE_SCORE, /* 0 to 1 with up to three decimals, compared */
	FILTER_VALUE_AGE,   /* a duration, alone or after < or > */
	FILTER_VALUE_DUE,   /* "over", or a duration, alone or after < or > */
	FILTER_VALUE_TAG    /* KEY or KEY=VALUE */
};

static const char *const assignee_values[] = { "me", "none" };
static const char *const mentioned_values[] = { "me" };
static const char *const due_values[] = { "over" };
static const char *const doc_values[] = { "missing", "rejected" };
static const char *const open_values[] = { "open" };
static const char *const mark_values[] = { "held", "snoozed", "returned", "noted", "alert" };
static const char *const clean_values[] = { "yes", "no" };
static const char *const waiting_values[FILTER_WAITING_WORD_COUNT] = { "client", "party", "provider", "second" };

#define WORDS(list) .words = (list), .word_count = sizeof(list) / sizeof(list)[0]

/* A key without a row accepts any text. */
static const struct key_spec {
	enum value_kind kind;
	const char *const *words;
	size_t word_count;
	const char *const *(*enum_words)(size_t *count); /* replaces `words` for an enum */
} keys[FILTER_KEY_COUNT] = {
	[FILTER_STATUS] = { .kind = FILTER_VALUE_WORD, .enum_words = session_status_words },
	[FILTER_INBOX] = { .kind = FILTER_VALUE_WORD, .enum_words = inbox_words },
	[FILTER_ASSIGNEE] = { .kind = FILTER_VALUE_TEXT, WORDS(assignee_values) },
	[FILTER_RISK] = { .kind = FILTER_VALUE_RISK },
	[FILTER_AGE] = { .kind = FILTER_VALUE_AGE },
	[FILTER_DUE] = { .kind = FILTER_VALUE_DUE, WORDS(due_values) },
	[FILTER_DOC] = { .kind = FILTER_VALUE_WORD, WORDS(doc_values) },
	[FILTER_PARTY] = { .kind = FILTER_VALUE_WORD, WORDS(open_values) },
	[FILTER_HIT] = { .kind = FILTER_VALUE_WORD, WORDS(open_values) },
	[FILTER_HIT_CLASS] = { .kind = FILTER_VALUE_WORD, .enum_words = hit_class_words },
	[FILTER_HIT_SCORE] = { .kind = FILTER_VALUE_SCORE },
	[FILTER_HIT_VERDICT] = { .kind = FILTER_VALUE_WORD, .enum_words = hit_state_words },
	[FILTER_WAITING] = { .kind = FILTER_VALUE_WORD, WORDS(waiting_values) },
	[FILTER_TAG] = { .kind = FILTER_VALUE_TAG },
	[FILTER_KIND] = { .kind = FILTER_VALUE_WORD, .enum_words = session_kind_words },
	[FILTER_MARK] = { .kind = FILTER_VALUE_WORD, WORDS(mark_values) },
	[FILTER_WHY] = { .kind = FILTER_VALUE_WORD, .enum_words = blocker_code_words },
	[FILTER_CLEAN] = { .kind = FILTER_VALUE_WORD, WORDS(clean_values) },
	[FILTER_MENTIONED] = { .kind = FILTER_VALUE_TEXT, WORDS(mentioned_values) },
};

static const char *const key_names[] = { FILTER_KEY_WORDS(WORDS_ENTRY) };

const char *filter_key_text(enum filter_key key)
{
	return words_get(key_names, FILTER_KEY_COUNT, (size_t)key, "filter key");
}

const char *const *filter_key_words(size_t *count)
{
	*count = FILTER_KEY_COUNT - 1;
	return key_names + 1;
}

const char *const *filter_key_values(enum filter_key key, size_t *count)
{
	if ((size_t)key >= FILTER_KEY_COUNT)
		BUG("%u is not a filter key", (unsigned)key);
	if (keys[key].enum_words)
		return keys[key].enum_words(count);
	*count = keys[key].word_count;
	return keys[key].words;
}

struct parser {
	struct arena *arena;
	const char *text; /* the whole filter */
	const char *at;
	struct filter *out;
	struct error *error;
};

/* The word that is being parsed: its start, and the parts before its value. */
struct word {
	const char *start;
	bool negated;
	enum filter_key key;
	enum filter_compare compare;
	char mark; /* ':' '<' '>' */
};

/* The position for a message, counted in characters from 1. */
static size_t position_of(const struct parser *parser, const char *at)
{
	size_t place = 1;

	for (const char *c = parser->text; c < at; c++)
		place += ((unsigned char)*c & 0xC0) != 0x80;
	return place;
}

static enum err refuse(const struct parser *parser, const char *at, const char *format, ...) KYB_PRINTF(3, 4);
static enum err refuse(const struct parser *parser, const char *at, const char *format, ...)
{
	const char *sentence;

	ARENA_VPRINTF(sentence, parser->arena, format);
	return error_set_field(parser->error, ERR_INVALID, "filter", "Filter, character %zu: %s",
			       position_of(parser, at), sentence);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

static char *join(struct arena *arena, const char *const *words, size_t count)
{
	char *list = arena_strdup(arena, count ? words[0] : "");

	for (size_t i = 1; i < count; i++)
		list = arena_printf(arena, "%s, %s", list, words[i]);
	return list;
}

/* Reads "…", in which \" and \\ are a quotation mark and a backslash. Leaves parser->at after the closing quote. */
static enum err read_quoted(struct parser *parser, char **out)
{
	const char *open = parser->at++;
	char *text = arena_alloc(parser->arena, strlen(parser->at) + 1);
	size_t length = 0;

	for (;;) {
		char c = *parser->at;

		if (!c)
			return refuse(parser, open, "this quotation mark is not closed; put \" at the end");
		parser->at++;
		if (c == '"')
			break;
		if (c == '\\' && (*parser->at == '"' || *parser->at == '\\'))
			c = *parser->at++;
		text[length++] = c;
	}
	text[length] = '\0';
	*out = text;
	return ERR_OK;
}

static struct filter_term *add_term(struct parser *parser, const struct word *word, const char *value)
{
	struct filter *out = parser->out;
	struct filter_term *term = ARENA_PUSH(parser->arena, out->terms, out->count, out->capacity);

	term->key = word->key;
	term->compare = word->compare;
	term->negated = word->negated;
	term->value = value;
	term->tag_key = "";
	return term;
}

static enum err parse_word_value(const struct parser *parser, const struct word *word, const char *at,
				 struct filter_term *term)
{
	size_t count;
	const char *const *words = filter_key_values(word->key, &count);
	const char *nearest;
	size_t code;

	term->value = text_ascii_case(parser->arena, term->value, false);
	code = words_find(words, count, term->value);
	if (code < count) {
		term->code = (int)code;
		return ERR_OK;
	}
	nearest = text_find_nearest(term->value, words, count);
	if (nearest)
		return refuse(parser, at, "Unknown %s \"%s\"; did you mean %s:%s?", filter_key_text(word->key),
			      term->value, filter_key_text(word->key), nearest);
	return refuse(parser, at, "Unknown %s \"%s\"; choose one of: %s", filter_key_text(word->key), term->value,
		      join(parser->arena, words, count));
}

static enum err parse_risk(const struct parser *parser, const char *at, struct filter_term *term)
{
	int64_t number = 0;
	const char *c = term->value;

	for (; *c >= '0' && *c <= '9' && number <= 100; c++)
		number = number * 10 + (*c - '0');
	if (*c || c == term->value || number > 100)
		return refuse(parser, at,
			      "\"%s\" is not a risk score; write a whole number from 0 to 100, as in risk>50",
			      term->value);
	term->number = number;
	return ERR_OK;
}

static enum err parse_score(const struct parser *parser, const char *at, struct filter_term *term)
{
	const char *c = term->value;
	int64_t unit = 100;

	if (!strcmp(c, "0") || !strcmp(c, "1"))
		term->number = *c++ == '1' ? 1000 : 0;
	else if (text_has_prefix(c, "0.") && c[2])
		for (c += 2; *c >= '0' && *c <= '9' && unit; c++, unit /= 10)
			term->number += (*c - '0') * unit;
	if (*c || c == term->value)
		return refuse(parser, at, "\"%s\" is not the score of a hit; write 0 to 1, as in hit-score>0.9",
			      term->value);
	return ERR_OK;
}

static enum err parse_duration(const struct parser *parser, const struct word *word, const char *at,
			       struct filter_term *term)
{
	const char *name = filter_key_text(word->key);

	if (duration_parse(term->value, &term->number, NULL) || term->number < 0)
		return refuse(parser, at, "\"%s\" is not a duration for %s; write %s, with the unit w, d, h, m or s",
			      term->value, name,
			      word->key == FILTER_DUE ? "due:over, due<4h or due>2d" : "age>2d or age<4h");
	return ERR_OK;
}

static enum err parse_tag(const struct parser *parser, const char *at, struct filter_term *term)
{
	const char *equals = strchr(term->value, '=');

	if (!equals) {
		term->tag_key = term->value;
		term->value = "";
		return ERR_OK;
	}
	if (equals == term->value || !equals[1])
		return refuse(parser, at, "\"%s\" is not a tag; write tag:NAME or tag:NAME=VALUE", term->value);
	term->tag_key = arena_strndup(parser->arena, term->value, (size_t)(equals - term->value));
	term->value = arena_strdup(parser->arena, equals + 1);
	return ERR_OK;
}

static enum err parse_value(struct parser *parser, const struct word *word, const char *at, char *value)
{
	const struct key_spec *spec = &keys[word->key];
	struct filter_term *term = add_term(parser, word, value);

	switch (spec->kind) {
	case FILTER_VALUE_TEXT:
		for (size_t i = 0; i < spec->word_count; i++) {
			char *small = text_ascii_case(parser->arena, value, false);

			if (!strcmp(small, spec->words[i]))
				term->value = small;
		}
		return ERR_OK;
	case FILTER_VALUE_WORD:
		return parse_word_value(parser, word, at, term);
	case FILTER_VALUE_RISK:
		return parse_risk(parser, at, term);
	case FILTER_VALUE_SCORE:
		return parse_score(parser, at, term);
	case FILTER_VALUE_AGE:
		/* No age is exact to the millisecond, so age:2d matches two days or more. */
		if (word->mark == ':')
			term->compare = FILTER_GREATER;
		return parse_duration(parser, word, at, term);
	case FILTER_VALUE_DUE:
		if (word->mark == ':' && !strcmp(text_ascii_case(parser->arena, value, false), due_values[0])) {
			term->value = due_values[0];
			return ERR_OK;
		}
		/* due:4h matches cases due within the next four hours. */
		if (word->mark == ':')
			term->compare = FILTER_LESS;
		return parse_duration(parser, word, at, term);
	case FILTER_VALUE_TAG:
		return parse_tag(parser, at, term);
	}
	return ERR_OK;
}

static bool supports_comparison(enum filter_key key)
{
	return keys[key].kind >= FILTER_VALUE_RISK && keys[key].kind <= FILTER_VALUE_DUE;
}

/* Parses the values after the key and its ':', '<' or '>', for example a, "b c", d. */
static enum err parse_values(struct parser *parser, const struct word *word)
{
	for (;;) {
		const char *at = parser->at;
		char *value;
		enum err err;

		if (*at == '"') {
			if ((err = read_quoted(parser, &value)))
				return err;
			if (*parser->at && *parser->at != ',' && !is_space(*parser->at))
				return refuse(parser, parser->at, "a space is missing after the quotation mark");
		} else {
			while (*parser->at && *parser->at != ',' && !is_space(*parser->at))
				parser->at++;
			value = arena_strndup(parser->arena, at, (size_t)(parser->at - at));
		}
		if (!*value) {
			size_t count;
			const char *const *words = filter_key_values(word->key, &count);
			const char *hint = words ? join(parser->arena, words, count) : "";

			return refuse(parser, at, "%s%c needs a value%s%s", filter_key_text(word->key), word->mark,
				      *hint ? ", such as " : "", hint);
		}
		if ((err = parse_value(parser, word, at, value)))
			return err;
		if (*parser->at != ',')
			return ERR_OK;
		parser->at++;
	}
}

static enum err refuse_filter_key(const struct parser *parser, const struct word *word, const char *name)
{
	size_t count;
	const char *const *known = filter_key_words(&count);
	const char *end = word->start;
	const char *nearest, *whole;

	while (*end && !is_space(*end))
		end++;
	whole = arena_strndup(parser->arena, word->start, (size_t)(end - word->start));
	nearest = *name ? text_find_nearest(name, known, count) : NULL;
	if (nearest)
		return refuse(parser, word->start,
			      "\"%s\" is not a filter key; did you mean '%s'? To search for this text, write \"%s\"",
			      name, nearest, whole);
	return refuse(parser, word->start,
		      "\"%s\" is not a filter key; filter keys are %s. To search for this text, write \"%s\"", name,
		      join(parser->arena, known, count), whole);
}

static enum err parse_keyed_term(struct parser *parser, struct word *word, const char *mark)
{
	const char *name = arena_strndup(parser->arena, parser->at, (size_t)(mark - parser->at));
	const char *small = text_ascii_case(parser->arena, name, false);
	size_t key = words_find(key_names, FILTER_KEY_COUNT, small);

	if (key == FILTER_TEXT || key == FILTER_KEY_COUNT)
		return refuse_filter_key(parser, word, name);
	word->key = (enum filter_key)key;
	word->mark = *mark;
	word->compare = *mark == '<' ? FILTER_LESS : *mark == '>' ? FILTER_GREATER : FILTER_EQUAL;
	if (*mark != ':' && !supports_comparison(word->key))
		return refuse(parser, mark, "%s cannot be compared with < or >; write %s:VALUE", small, small);
	parser->at = mark + 1;
	return parse_values(parser, word);
}

static enum err parse_word(struct parser *parser)
{
	struct word word = { .start = parser->at, .key = FILTER_TEXT, .compare = FILTER_EQUAL };
	const char *end;
	enum err err;

	if (*parser->at == '-') {
		word.negated = true;
		parser->at++;
	}
	if (*parser->at == '"') {
		const char *open = parser->at;
		char *value;

		if ((err = read_quoted(parser, &value)))
			return err;
		if (*parser->at && !is_space(*parser->at))
			return refuse(parser, parser->at, "a space is missing after the quotation mark");
		if (!*value)
			return refuse(parser, open,
				      "the quoted text is empty; write a word between the quotation marks");
		add_term(parser, &word, value);
		return ERR_OK;
	}
	for (end = parser->at; *end && !is_space(*end); end++) {
		if (*end == ':' || *end == '<' || *end == '>')
			return parse_keyed_term(parser, &word, end);
	}
	if (end == parser->at)
		return refuse(parser, word.start, "nothing follows '-'; write the word to exclude, as in -word");
	const char *text = arena_strndup(parser->arena, parser->at, (size_t)(end - parser->at));

	if (uuid_is_valid(text))
		word.key = FILTER_ID;
	add_term(parser, &word, text);
	parser->at = end;
	return ERR_OK;
}

enum err filter_parse(struct arena *arena, const char *text, struct filter *out, struct error *error)
{
	struct parser parser = { .arena = arena, .text = text, .at = text, .out = out, .error = error };
	size_t length = strlen(text);

	*out = (struct filter){ 0 };
	if (length > FILTER_LENGTH_MAX)
		return error_invalid(error, "filter", "The filter is longer than %d characters; shorten it",
				     FILTER_LENGTH_MAX);
	if (!text_is_valid(text, length))
		return error_invalid(error, "filter", "The filter is not valid UTF-8 text");
	for (;;) {
		enum err err;

		while (is_space(*parser.at))
			parser.at++;
		if (!*parser.at)
			return ERR_OK;
		if ((err = parse_word(&parser))) {
			*out = (struct filter){ 0 };
			return err;
		}
		if (out->count > FILTER_TERMS_MAX) {
			*out = (struct filter){ 0 };
			return error_invalid(error, "filter", "The filter has more than %d conditions; shorten it",
					     FILTER_TERMS_MAX);
		}
	}
}

enum err sort_parse(const char *text, enum sort_key *key, bool *reverse, struct error *error)
{
	const char *word = *text == '-' ? text + 1 : text;
	const char *nearest;
	const char *const *words;
	size_t count;

	if (sort_key_parse(word, key)) {
		*reverse = *text == '-';
		return ERR_OK;
	}
	words = sort_key_words(&count);
	nearest = *word ? text_find_nearest(word, words, count) : NULL;
	if (nearest)
		return error_invalid(error, "sort", "\"%s\" is not a sort order; did you mean %s?", text, nearest);
	return error_invalid(error, "sort", "\"%s\" is not a sort order; use " SORT_TEXTS_HINT, text);
}
