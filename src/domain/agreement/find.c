/* Finds names, numbers and dates in a text: compares letter by letter, also across line breaks. */
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/agreement.h"

#include <stdlib.h>
#include <string.h>

#define FOLDED_VALUE_BYTES_MIN                                                                                         \
	3 /* minimum length of a folded value: a shorter value would match in almost every text */

/* Flags for a byte of a folded text, which has only letters and digits. A gap: the other characters before the byte. */
enum gap {
	GAP_ANY = 1,	      /* the byte has a gap before it */
	GAP_HAS_JOINER = 2,   /* the gap has a character that can be inside a word: a line break, - ' . or / */
	GAP_MANY_SYMBOLS = 4, /* the gap has more than two characters other than white space */
	GAP_OTHER_COLUMN = 8, /* the gap has more than three characters and no line break: another column */
	GRAPHEME = 16	      /* a grapheme of the text begins at this byte */
};
struct folded_text {
	struct strbuf text;
	uint32_t *source_offsets; /* for each byte: where its grapheme begins in the text */
	uint8_t *gaps;		  /* for each byte: bits of enum gap */
	size_t capacity;
	size_t source_length;
	/* Set by folded_text_build_index(): positions where a word can begin, grouped by first byte. */
	uint32_t *edges;
	size_t first_edges[257];
};

/* The positions of the matches in the text. */
struct found_spans {
	struct arena *arena;
	struct doc_search_span *items;
	size_t count, capacity;
};

static void found_add_span(struct found_spans *found, size_t from, size_t end)
{
	if (found->count < DOC_SEARCH_SPANS_MAX)
		*ARENA_PUSH(found->arena, found->items, found->count, found->capacity) =
			(struct doc_search_span){ from, end - from };
}

#define GAP_SYMBOLS_MAX 2
#define GAP_CHARS_MAX 3

/* The gap between two letters or digits. */
struct text_gap {
	size_t char_count, symbol_count;
	bool has_char, has_joiner, has_line_break;
};

static void push_char(struct folded_text *out, char c, size_t from, unsigned gaps)
{
	if (out->text.len == out->capacity) {
		out->capacity = out->capacity ? out->capacity * 2 : 256;
		out->source_offsets = xrealloc_array(out->source_offsets, out->capacity, sizeof *out->source_offsets);
		out->gaps = xrealloc_array(out->gaps, out->capacity, sizeof *out->gaps);
	}
	out->source_offsets[out->text.len] = (uint32_t)from;
	out->gaps[out->text.len] = (uint8_t)gaps;
	strbuf_addch(&out->text, c);
}

static unsigned take_gap_bits(struct text_gap *text_gap)
{
	unsigned gaps = text_gap->has_char ? GAP_ANY : 0;
	if (text_gap->has_joiner || text_gap->has_line_break)
		gaps |= GAP_HAS_JOINER;
	if (text_gap->symbol_count > GAP_SYMBOLS_MAX)
		gaps |= GAP_MANY_SYMBOLS;
	if (text_gap->char_count > GAP_CHARS_MAX && !text_gap->has_line_break)
		gaps |= GAP_OTHER_COLUMN;
	*text_gap = (struct text_gap){ 0 };
	return gaps;
}

static void skip_char(struct text_gap *text_gap, char c)
{
	text_gap->has_char = true;
	text_gap->char_count++;
	text_gap->has_line_break |= c == '\n';
	text_gap->has_joiner |= c == '-' || c == '\'' || c == '.' || c == '/';
	text_gap->symbol_count += c != ' ' && c != '\n' && c != '\t';
}

static bool is_plain_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* Adds a grapheme that is not plain ASCII to the folded text. */
static void add_folded(struct folded_text *out, struct strbuf *scratch, const char *grapheme, size_t length,
		       size_t from, struct text_gap *text_gap)
{
	bool first = true;
	strbuf_reset(scratch);
	text_fold(scratch, grapheme, length);
	if (!scratch->len)
		skip_char(text_gap, ' ');
	for (size_t at = 0; at < scratch->len;) {
		size_t bytes = 1;
		enum text_class class = text_class_at(scratch->buf + at, scratch->len - at, &bytes);
		if (class == TEXT_LETTER || class == TEXT_DIGIT || class == TEXT_MARK) {
			unsigned gaps = take_gap_bits(text_gap) | (first ? GRAPHEME : 0u);
			for (size_t i = 0; i < bytes; i++)
				push_char(out, scratch->buf[at + i], from, i ? 0 : gaps);
			first = false;
		} else {
			skip_char(text_gap, bytes == 1 ? scratch->buf[at] : '\'');
		}
		at += bytes;
	}
}

static void folded_text_make(struct folded_text *out, const char *text, size_t length)
{
	struct strbuf scratch = STRBUF_INIT;
	struct text_gap text_gap = { 0 };
	*out = (struct folded_text){ .text = STRBUF_INIT, .source_length = length };
	for (size_t at = 0; at < length;) {
		char c = text[at];
		if (c >= 0 && (at + 1 == length || text[at + 1] >= 0)) {
			c = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
			if (is_plain_char(c))
				push_char(out, c, at, take_gap_bits(&text_gap) | GRAPHEME);
			else
				skip_char(&text_gap, c);
			at++;
			continue;
		}
		size_t next = text_next_grapheme(text, length, at);
		add_folded(out, &scratch, text + at, next - at, at, &text_gap);
		at = next;
	}
	strbuf_release(&scratch);
}

static void folded_text_release(struct folded_text *folded_text)
{
	strbuf_release(&folded_text->text);
	free(folded_text->source_offsets);
	free(folded_text->gaps);
	free(folded_text->edges);
}

/* The position in the text where the grapheme of the byte `at - 1` ends. */
static size_t folded_source_end(const struct folded_text *folded_text, const char *text, size_t at)
{
	return text_next_grapheme(text, folded_text->source_length, folded_text->source_offsets[at - 1]);
}

/* Whether the byte at `at` belongs to a script without spaces between words. */
static bool is_unspaced_script(const struct folded_text *folded_text, size_t at)
{
	const unsigned char *c = (const unsigned char *)folded_text->text.buf + at;
	unsigned ch = c[0];
	if (c[0] >= 0xf0)
		return true; /* ideographs outside the first plane; names use no other scripts there */
	if (c[0] >= 0xe0 && at + 2 < folded_text->text.len)
		ch = (c[0] & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
	return ch >= 0x2e80 || (ch >= 0x0e00 && ch <= 0x0eff) || (ch >= 0x1000 && ch <= 0x109f) ||
	       (ch >= 0x1100 && ch <= 0x11ff) || (ch >= 0x1780 && ch <= 0x17ff);
}

/* Whether a word or a number can begin or end before the byte. */
static bool is_word_edge(const struct folded_text *folded_text, size_t at)
{
	if (at == 0 || at >= folded_text->text.len)
		return true;
	if (!(folded_text->gaps[at] & GRAPHEME))
		return false;
	if (folded_text->gaps[at] & GAP_ANY ||
	    is_ascii_digit(folded_text->text.buf[at]) != is_ascii_digit(folded_text->text.buf[at - 1]))
		return true;
	size_t before = at - 1;
	while (before && (folded_text->text.buf[before] & 0xc0) == 0x80)
		before--;
	return is_unspaced_script(folded_text, at) || is_unspaced_script(folded_text, before);
}

static void folded_text_build_index(struct folded_text *folded_text)
{
	const unsigned char *text = (const unsigned char *)folded_text->text.buf;
	size_t length = folded_text->text.len, next[256];
	for (size_t at = 0; at < length; at++)
		folded_text->first_edges[text[at] + 1] += is_word_edge(folded_text, at);
	for (size_t i = 0; i < 256; i++) {
		next[i] = folded_text->first_edges[i];
		folded_text->first_edges[i + 1] += folded_text->first_edges[i];
	}
	folded_text->edges = xrealloc_array(NULL, folded_text->first_edges[256] + 1, sizeof *folded_text->edges);
	for (size_t at = 0; at < length; at++)
		if (is_word_edge(folded_text, at))
			folded_text->edges[next[text[at]]++] = (uint32_t)at;
}

/* --- dates --- */

/* Dates as people write them: 1984-02-11, 11/02/1984, 02.11.84, 11th of February 1984, 11 FEB 1984, 1984年2月11日. */

#define WINDOW 3

enum token_kind { TOKEN_OTHER, TOKEN_NUMBER, TOKEN_MONTH };
struct token {
	enum token_kind kind;
	size_t from, to; /* bytes of the folded text */
	unsigned number; /* value of the digits; for a month's name: one bit for each month that it may mean */
	unsigned digits;
	bool is_far; /* too far from the previous token to belong to the same date */
};

/* Folded names of months. A token of at least three letters matches each month with a name that begins with the
 * token: "jui" matches June and July. */
static const char *const months[12][7] = {
	{ "january", "januar", "janeiro", "janvier", "enero", "gennaio", "januari" },
	{ "february", "februar", "fevereiro", "fevrier", "febrero", "febbraio", "februari" },
	{ "march", "marz", "marco", "mars", "marzo", "maart", "maerz" },
	{ "april", "abril", "avril", "aprile", "apr", "apr", "apr" },
	{ "may", "mai", "maio", "mayo", "maggio", "mei", "may" },
	{ "june", "juni", "junho", "juin", "junio", "giugno", "jun" },
	{ "july", "juli", "julho", "juillet", "julio", "luglio", "jul" },
	{ "august", "agosto", "aout", "augustus", "aug", "aug", "aug" },
	{ "september", "setembro", "septembre", "septiembre", "settembre", "sept", "sep" },
	{ "october", "oktober", "outubro", "octobre", "octubre", "ottobre", "oct" },
	{ "november", "novembro", "novembre", "noviembre", "nov", "nov", "nov" },
	{ "december", "dezember", "dezembro", "decembre", "diciembre", "dicembre", "dec" },
};

static unsigned month_bits(const char *word, size_t length)
{
	unsigned bits = 0;
	if (length < 3 || length > 10)
		return 0;
	for (unsigned month = 0; month < 12; month++)
		for (size_t i = 0; i < 7; i++)
			if (strlen(months[month][i]) >= length && !memcmp(months[month][i], word, length))
				bits |= 1u << month;
	return bits;
}

/* Whether the word may be inside a date without a meaning for the date, such as "of". */
static bool is_filler(const char *word, size_t length)
{
	static const char *const fillers[] = {
		"de", "of", "the", "del", "st", "nd", "rd", "th", "er", "年", "月", "日"
	};
	for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++)
		if (strlen(fillers[i]) == length && !memcmp(fillers[i], word, length))
			return true;
	return false;
}

static bool next_token(const struct folded_text *folded_text, size_t *at, struct token *out)
{
	const char *text = folded_text->text.buf;
	size_t length = folded_text->text.len, from = *at, to = from + 1;
	if (from >= length)
		return false;
	while (to < length && !(folded_text->gaps[to] & GAP_ANY) &&
	       is_ascii_digit(text[to]) == is_ascii_digit(text[from]))
		to++;
	*at = to;
	*out = (struct token){ .from = from, .to = to, .is_far = folded_text->gaps[from] & GAP_MANY_SYMBOLS };
	if (!is_ascii_digit(text[from])) {
		out->number = month_bits(text + from, to - from);
		out->kind = out->number ? TOKEN_MONTH : TOKEN_OTHER;
		return true;
	}
	if (to - from > 8)
		return true;
	out->kind = TOKEN_NUMBER;
	out->digits = (unsigned)(to - from);
	for (size_t i = from; i < to; i++)
		out->number = out->number * 10 + (unsigned)(text[i] - '0');
	return true;
}

/* YYYYMMDD as a number; 0: no date. */
static unsigned parse_date(const char *text)
{
	unsigned date = 0;
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return 0;
	for (size_t i = 0; i < 10; i++)
		if (is_ascii_digit(text[i]))
			date = date * 10 + (unsigned)(text[i] - '0');
	return date;
}

/* A range of days, as YYYYMMDD; 0: no day. */
struct days {
	unsigned first, last;
};
struct search {
	const struct folded_text *folded_text;
	const char *text;
	struct doc_search_values *values;
	struct found_spans *found;
	const struct days *days; /* for each value: the range of days to find */
};

static void try_date(const struct search *search, unsigned date, size_t from, size_t to)
{
	for (size_t i = 0; date && i < search->values->count; i++) {
		struct doc_search_value *value = &search->values->items[i];
		const struct days *days = &search->days[i];
		if (value->kind == DOC_SEARCH_PERIOD && date < days->first && date > value->newest_date)
			value->newest_date = date;
		if (date < days->first || date > days->last)
			continue;
		value->found = true;
		found_add_span(search->found, search->folded_text->source_offsets[from],
			       folded_source_end(search->folded_text, search->text, to));
	}
}

/* The range of three tokens in the folded text that may be a date. */
struct span {
	size_t from, to;
	bool short_year; /* the year may have two digits */
};

static void try_date_order(const struct search *search, const struct span *span, const struct token *year,
			   const struct token *month, const struct token *day)
{
	if (year->kind != TOKEN_NUMBER || day->kind != TOKEN_NUMBER || day->digits > 2 || !day->number ||
	    day->number > 31 || !(year->digits == 4 || (year->digits == 2 && span->short_year)) ||
	    (month->kind == TOKEN_NUMBER && (month->digits > 2 || month->number > 12)))
		return;
	for (unsigned m = 1; m <= 12; m++) {
		bool this = month->kind == TOKEN_MONTH ? month->number & 1u << (m - 1) : month->number == m;

		if (!this)
			continue;
		unsigned rest = m * 100 + day->number;
		if (year->digits == 4) {
			try_date(search, year->number * 10000 + rest, span->from, span->to);
		} else {
			try_date(search, (1900 + year->number) * 10000 + rest, span->from, span->to);
			try_date(search, (2000 + year->number) * 10000 + rest, span->from, span->to);
		}
	}
}

static void try_token_window(const struct search *search, const struct token tokens[WINDOW])
{
	const struct token *a = &tokens[0], *b = &tokens[1], *c = &tokens[2];
	const char *text_gap = search->text + search->folded_text->source_offsets[b->to - 1] + 1;
	bool named = a->kind == TOKEN_MONTH || b->kind == TOKEN_MONTH;
	const struct span span = { .from = a->from,
				   .to = c->to,
				   .short_year = named || *text_gap == '.' || *text_gap == '/' || *text_gap == '-' };

	if (a->kind == TOKEN_OTHER || b->kind == TOKEN_OTHER || c->kind == TOKEN_OTHER || b->is_far || c->is_far)
		return;
	try_date_order(search, &span, c, b, a); /* 11 02 1984, 11 February 1984 */
	if (a->number != b->number || a->kind != b->kind)
		try_date_order(search, &span, c, a, b); /* 02 11 1984, February 11 1984 */
	if (a->digits == 4)
		try_date_order(search, &span, a, b, c); /* 1984 02 11 */
}

static void try_digit_run(const struct search *search, const struct token *token)
{
	unsigned n = token->number;
	if (token->kind != TOKEN_NUMBER || token->digits != 8)
		return;
	try_date(search, n, token->from, token->to);
	try_date(search, n % 10000 * 10000 + n / 10000 % 100 * 100 + n / 1000000, token->from, token->to);
	try_date(search, n % 10000 * 10000 + n / 1000000 * 100 + n / 10000 % 100, token->from, token->to);
}

static void dates_find(const struct folded_text *folded_text, const char *text, struct doc_search_values *values,
		       struct found_spans *found)
{
	struct token tokens[WINDOW] = { 0 }, token;
	struct days *days = arena_alloc_array(found->arena, values->count + 1, sizeof *days);
	const struct search search = { folded_text, text, values, found, days };
	bool any = false;
	for (size_t i = 0; i < values->count; i++) {
		const struct doc_search_value *value = &values->items[i];
		bool period = value->kind == DOC_SEARCH_PERIOD;
		days[i].first = period || value->kind == DOC_SEARCH_DATE ? parse_date(value->text) : 0;
		days[i].last = period ? parse_date(value->last_day) : days[i].first;
		any |= days[i].first != 0;
	}
	for (size_t at = 0; any && next_token(folded_text, &at, &token);) {
		try_digit_run(&search, &token);
		if (token.kind == TOKEN_OTHER && is_filler(folded_text->text.buf + token.from, token.to - token.from) &&
		    !token.is_far)
			continue;
		tokens[0] = tokens[1];
		tokens[1] = tokens[2];
		tokens[2] = token;
		if (tokens[0].kind != TOKEN_OTHER)
			try_token_window(&search, tokens);
	}
}

/* --- names and numbers --- */

/* Whether the separators (spaces, punctuation) inside the match at `at` are allowed in a value of this kind. */
static bool matches_at(const struct folded_text *text, size_t at, const struct folded_text *wanted,
		       enum doc_search_kind kind)
{
	for (size_t i = 1; i < wanted->text.len; i++) {
		unsigned gaps = text->gaps[at + i];
		if (!(gaps & GAP_ANY))
			continue;
		if (kind == DOC_SEARCH_NUMBER ? gaps & GAP_OTHER_COLUMN : gaps & GAP_MANY_SYMBOLS)
			return false;
		if (kind != DOC_SEARCH_NUMBER && !(gaps & GAP_HAS_JOINER) && !(wanted->gaps[i] & GAP_ANY) &&
		    !is_unspaced_script(text, at + i))
			return false;
	}
	return true;
}

struct haystack {
	const struct folded_text *folded_text;
	const char *text;
};

static bool find_value(const struct haystack *haystack, const char *value, enum doc_search_kind kind,
		       struct found_spans *found)
{
	struct folded_text wanted;
	const struct folded_text *folded_text = haystack->folded_text;
	bool any = false;
	folded_text_make(&wanted, value, strlen(value));
	size_t length = wanted.text.len, history = 0;
	unsigned char first = length >= FOLDED_VALUE_BYTES_MIN ? (unsigned char)wanted.text.buf[0] : 0;
	for (size_t i = folded_text->first_edges[first];
	     length >= FOLDED_VALUE_BYTES_MIN && i < folded_text->first_edges[first + 1]; i++) {
		size_t at = folded_text->edges[i];
		if (at < history || at + length > folded_text->text.len ||
		    memcmp(folded_text->text.buf + at, wanted.text.buf, length) != 0 ||
		    !is_word_edge(folded_text, at + length) || !matches_at(folded_text, at, &wanted, kind))
			continue;
		found_add_span(found, folded_text->source_offsets[at],
			       folded_source_end(folded_text, haystack->text, at + length));
		any = true;
		history = at + length;
	}
	folded_text_release(&wanted);
	return any;
}

/* "Duarte Ines" for "Ines Duarte"; NULL: the name has only one word. */
static const char *swap_names(struct arena *arena, const char *name)
{
	const char *space = strrchr(name, ' ');
	return space && space[1] ? arena_printf(arena, "%s %.*s", space + 1, (int)(space - name), name) : NULL;
}

/* "Lane Trading Limited" for "Lane Trading Ltd", and the other way round; NULL: no other form is known. */
static const char *swap_legal_form(struct arena *arena, const char *name)
{
	static const char *const forms[][2] = { { "Ltd", "Limited" },
						{ "Inc", "Incorporated" },
						{ "Corp", "Corporation" },
						{ "Co", "Company" },
						{ "plc", "Public Limited Company" } };
	const char *space = strrchr(name, ' ');
	size_t length = space ? strcspn(space + 1, ".") : 0;

	for (size_t i = 0; length && i < sizeof forms / sizeof forms[0]; i++)
		for (size_t side = 0; side < 2; side++)
			if (strlen(forms[i][side]) == length && !strncasecmp(space + 1, forms[i][side], length))
				return arena_printf(arena, "%.*s %s", (int)(space - name), name, forms[i][1 - side]);
	return NULL;
}

/* A number without its country prefix: 123456789 for GB123456789. */
static const char *strip_country_prefix(const char *number)
{
	for (size_t i = 0; i < 2; i++)
		if (number[i] < 'A' || number[i] > 'Z')
			return NULL;
	return strspn(number + 2, "0123456789") >= 6 ? number + 2 : NULL;
}

static void find_any_spelling(const struct haystack *haystack, struct doc_search_value *value,
			      struct found_spans *found)
{
	const char *other = value->kind == DOC_SEARCH_PERSON   ? swap_names(found->arena, value->text)
			    : value->kind == DOC_SEARCH_NAME   ? swap_legal_form(found->arena, value->text)
			    : value->kind == DOC_SEARCH_NUMBER ? strip_country_prefix(value->text)
							       : NULL;
	value->found = find_value(haystack, value->text, value->kind, found);
	if (other && find_value(haystack, other, value->kind, found))
		value->found = true;
}

static int compare_spans(const void *a, const void *b)
{
	const struct doc_search_span *left = a, *right = b;
	return left->from < right->from ? -1 : left->from > right->from;
}

static void sort_and_merge_spans(struct found_spans *found, struct doc_search_spans *out)
{
	size_t kept = 0;
	if (found->count)
		qsort(found->items, found->count, sizeof *found->items, compare_spans);
	for (size_t i = 0; i < found->count; i++) {
		struct doc_search_span *last = kept ? &found->items[kept - 1] : NULL, *mark = &found->items[i];
		size_t end = mark->from + mark->length;
		if (!last || mark->from > last->from + last->length)
			found->items[kept++] = *mark;
		else if (end > last->from + last->length)
			last->length = end - last->from;
	}
	*out = (struct doc_search_spans){ found->items, kept };
}

void doc_search_find_values(struct arena *arena, const char *text, size_t length, struct doc_search_values *values,
			    struct doc_search_spans *out)
{
	struct folded_text folded_text;
	struct found_spans found = { .arena = arena };
	folded_text_make(&folded_text, text, length);
	folded_text_build_index(&folded_text);
	const struct haystack haystack = { &folded_text, text };
	for (size_t i = 0; i < values->count; i++) {
		values->items[i].found = false;
		values->items[i].newest_date = 0;
		if (values->items[i].kind != DOC_SEARCH_DATE && values->items[i].kind != DOC_SEARCH_PERIOD)
			find_any_spelling(&haystack, &values->items[i], &found);
	}
	dates_find(&folded_text, text, values, &found);
	sort_and_merge_spans(&found, out);
	folded_text_release(&folded_text);
}

void doc_search_find_text(struct arena *arena, const struct doc_search_text *text, const char *wanted,
			  struct doc_search_spans *out)
{
	struct folded_text folded_text, sought;
	struct found_spans found = { .arena = arena };
	folded_text_make(&folded_text, text->text, text->length);
	folded_text_make(&sought, wanted, strlen(wanted));
	size_t length = sought.text.len;
	for (size_t at = 0; length && at + length <= folded_text.text.len && found.count < DOC_SEARCH_SPANS_MAX;) {
		const char *first =
			memchr(folded_text.text.buf + at, sought.text.buf[0], folded_text.text.len - length - at + 1);
		if (!first)
			break;
		at = (size_t)(first - folded_text.text.buf);
		if (memcmp(first, sought.text.buf, length) != 0 || !(folded_text.gaps[at] & GRAPHEME)) {
			at++;
			continue;
		}
		found_add_span(&found, folded_text.source_offsets[at],
			       folded_source_end(&folded_text, text->text, at + length));
		at += length;
	}
	sort_and_merge_spans(&found, out);
	folded_text_release(&sought);
	folded_text_release(&folded_text);
}
