/* Dates as people write them: 1984-02-11, 11/02/1984, 02.11.84, 11th of February 1984, 11 FEB 1984, 1984年2月11日. */
#include "agreement/folded.h"

#include <string.h>

#define WINDOW 3

enum token_kind { TOKEN_OTHER, TOKEN_NUMBER, TOKEN_MONTH };
struct token {
	enum token_kind kind;
	size_t from, to; /* bytes of the folded text */
	unsigned number; /* value of the digits; for a month's name: one bit for each month that it may mean */
	unsigned digits;
	bool apart; /* too far from the previous token for one date */
};

/* Folded names. A token of at least three letters matches the months that begin with it, as bits; mai and juin are also
 * beginnings of other months. */
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

/* Words without a meaning that may be inside a date. */
static bool is_filler(const char *word, size_t length)
{
	static const char *const fillers[] = { "de", "of", "the", "del", "st", "nd",
					       "rd", "th", "er",  "年",	 "月", "日" };
	for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++)
		if (strlen(fillers[i]) == length && !memcmp(fillers[i], word, length))
			return true;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool next_token(const struct folded *folded, size_t *at, struct token *out)
{
	const char *text = folded->text.buf;
	size_t length = folded->text.len, from = *at, to = from + 1;
	if (from >= length)
		return false;
	while (to < length && !(folded->gaps[to] & GAP_ANY) && is_digit(text[to]) == is_digit(text[from]))
		to++;
	*at = to;
	*out = (struct token){ .from = from, .to = to, .apart = folded->gaps[from] & GAP_FAR };
	if (!is_digit(text[from])) {
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
static unsigned date_of(const char *text)
{
	unsigned date = 0;
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return 0;
	for (size_t i = 0; i < 10; i++)
		if (is_digit(text[i]))
			date = date * 10 + (unsigned)(text[i] - '0');
	return date;
}

/* From one day to another, as YYYYMMDD; 0 none. */
struct days {
	unsigned first, last;
};
struct search {
	const struct folded *folded;
	const char *text;
	struct agree_values *values;
	struct found *found;
	const struct days *days; /* per value, the days to find */
};

static void try_date(const struct search *search, unsigned date, size_t from, size_t to)
{
	for (size_t i = 0; date && i < search->values->count; i++) {
		struct agree_value *value = &search->values->items[i];
		const struct days *days = &search->days[i];
		if (value->kind == AGREE_PERIOD && date < days->first && date > value->newest)
			value->newest = date;
		if (date < days->first || date > days->last)
			continue;
		value->found = true;
		found_add(search->found, search->folded->from[from], folded_end(search->folded, search->text, to));
	}
}

struct parts {
	const struct token *year, *month, *day;
	size_t from, to;
	bool short_year; /* the year may have two digits */
};

static void try_parts(const struct search *search, const struct parts *parts)
{
	const struct token *year = parts->year, *month = parts->month, *day = parts->day;
	if (year->kind != TOKEN_NUMBER || day->kind != TOKEN_NUMBER || day->digits > 2 || !day->number ||
	    day->number > 31 || !(year->digits == 4 || (year->digits == 2 && parts->short_year)) ||
	    (month->kind == TOKEN_NUMBER && (month->digits > 2 || month->number > 12)))
		return;
	for (unsigned m = 1; m <= 12; m++) {
		bool this = month->kind == TOKEN_MONTH ? month->number & 1u << (m - 1) : month->number == m;
		if (!this)
			continue;
		unsigned rest = m * 100 + day->number;
		if (year->digits == 4) {
			try_date(search, year->number * 10000 + rest, parts->from, parts->to);
		} else {
			try_date(search, (1900 + year->number) * 10000 + rest, parts->from, parts->to);
			try_date(search, (2000 + year->number) * 10000 + rest, parts->from, parts->to);
		}
	}
}

static void try_window(const struct search *search, const struct token tokens[WINDOW])
{
	const struct token *a = &tokens[0], *b = &tokens[1], *c = &tokens[2];
	const char *between = search->text + search->folded->from[b->to - 1] + 1;
	bool named = a->kind == TOKEN_MONTH || b->kind == TOKEN_MONTH;
	struct parts parts = { .from = a->from,
			       .to = c->to,
			       .short_year = named || *between == '.' || *between == '/' || *between == '-' };
	if (a->kind == TOKEN_OTHER || b->kind == TOKEN_OTHER || c->kind == TOKEN_OTHER || b->apart || c->apart)
		return;
	parts.year = c;
	parts.day = a;
	parts.month = b;
	try_parts(search, &parts); /* 11 02 1984, 11 February 1984 */
	if (a->number != b->number || a->kind != b->kind) {
		parts.day = b;
		parts.month = a;
		try_parts(search, &parts); /* 02 11 1984, February 11 1984 */
	}
	if (a->digits != 4)
		return;
	parts.year = a;
	parts.month = b;
	parts.day = c;
	try_parts(search, &parts); /* 1984 02 11 */
}

static void try_run(const struct search *search, const struct token *token)
{
	unsigned n = token->number;
	if (token->kind != TOKEN_NUMBER || token->digits != 8)
		return;
	try_date(search, n, token->from, token->to);
	try_date(search, n % 10000 * 10000 + n / 10000 % 100 * 100 + n / 1000000, token->from, token->to);
	try_date(search, n % 10000 * 10000 + n / 1000000 * 100 + n / 10000 % 100, token->from, token->to);
}

void dates_find(const struct folded *folded, const char *text, struct agree_values *values, struct found *found)
{
	struct token tokens[WINDOW] = { 0 }, token;
	struct days *days = arena_alloc_array(found->arena, values->count + 1, sizeof *days);
	const struct search search = { folded, text, values, found, days };
	bool any = false;
	for (size_t i = 0; i < values->count; i++) {
		const struct agree_value *value = &values->items[i];
		bool period = value->kind == AGREE_PERIOD;
		days[i].first = period || value->kind == AGREE_DATE ? date_of(value->text) : 0;
		days[i].last = period ? date_of(value->last) : days[i].first;
		any |= days[i].first != 0;
	}
	for (size_t at = 0; any && next_token(folded, &at, &token);) {
		try_run(&search, &token);
		if (token.kind == TOKEN_OTHER && is_filler(folded->text.buf + token.from, token.to - token.from) &&
		    !token.apart)
			continue;
		tokens[0] = tokens[1];
		tokens[1] = tokens[2];
		tokens[2] = token;
		if (tokens[0].kind != TOKEN_OTHER)
			try_window(&search, tokens);
	}
}
