/* Finds the person that a hit names: by id, else by the likeness of the name. Compares names, dates and numbers. */
#include "hit/hit_parts.h"
#include "kybdesk/base/text.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 32
/* minimum bytes of a word in which one letter may differ: a shorter word with another letter is another word */
#define ONE_TYPO_BYTES_MIN 4
#define TWO_TYPOS_BYTES_MIN 9 /* minimum bytes of a word in which two letters may differ */
#define NUMBER_LENGTH_MIN 4

enum likeness better_likeness(enum likeness a, enum likeness b)
{
	static const int ranks[] = {
		[LIKENESS_UNKNOWN] = 0, [LIKENESS_DIFFERENT] = 1, [LIKENESS_CLOSE] = 2, [LIKENESS_SAME] = 3
	};

	return ranks[a] >= ranks[b] ? a : b;
}

/* --- names --- */

struct words {
	struct strbuf text; /* tokens, each followed by a NUL */
	const char *items[WORDS_MAX];
	size_t count;
};

/* The short form of a legal form: "ltd" for "limited"; other words are unchanged. */
static const char *short_legal_form(const char *word)
{
	static const char *const forms[][2] = { { "limited", "ltd" },
						{ "incorporated", "inc" },
						{ "corporation", "corp" },
						{ "company", "co" },
						{ "limitada", "ltda" } };

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (!strcmp(word, forms[i][0]))
			return forms[i][1];
	}
	return word;
}

static void words_make(struct words *out, const char *name)
{
	*out = (struct words){ .text = STRBUF_INIT };
	text_add_tokens(&out->text, name, strlen(name));
	for (char *at = out->text.buf; at && *at && out->count < WORDS_MAX;) {
		char *end = at + strcspn(at, " ");
		bool last = !*end;

		*end = '\0';
		if (*at)
			out->items[out->count++] = short_legal_form(at);
		at = last ? NULL : end + 1;
	}
}

/* The scripts of folded words as bits, roughly, by the first bytes of the letters. Digits have no script. */
static unsigned script_bits_of(const struct words *words)
{
	static const struct {
		unsigned char from, to;
	} leads[] = { { 'a', 'z' },   { 0xc3, 0xcb },	/* Latin */
		      { 0xcd, 0xcf }, { 0xd0, 0xd4 },	/* Greek, Cyrillic */
		      { 0xd5, 0xd5 }, { 0xd6, 0xd7 },	/* Armenian, Hebrew */
		      { 0xd8, 0xdd }, { 0xe0, 0xe0 },	/* Arabic; India to Thailand and Laos */
		      { 0xe1, 0xe1 }, { 0xe2, 0xed } }; /* Georgia, Ethiopia, Khmer and others; China, Japan, Korea */
	unsigned scripts = 0;

	for (size_t i = 0; i < words->count; i++) {
		for (const char *c = words->items[i]; *c; c++) {
			for (unsigned l = 0; l < sizeof leads / sizeof *leads; l++) {
				unsigned char byte = (unsigned char)*c;

				if (byte >= leads[l].from && byte <= leads[l].to)
					scripts |= 1u << (l == 1 ? 0 : l);
			}
		}
	}
	return scripts;
}

/* False if the letters of the names have different scripts, and so cannot be compared. */
static bool has_common_script(const struct words *a, const struct words *b)
{
	unsigned left = script_bits_of(a), right = script_bits_of(b);

	return !left || !right || left & right;
}

static bool has_same_words(const struct words *a, const struct words *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	}
	return true;
}

static bool is_initial_letter(const char *word)
{
	return word[0] >= 'a' && word[0] <= 'z' && !word[1];
}

/* Degree of agreement of two words: 0 none, 1 one word is the initial of the other, 2 equal except one or two
 * letters, 3 equal. */
static int word_match_score(const char *a, const char *b)
{
	size_t length = strlen(a) < strlen(b) ? strlen(a) : strlen(b);

	if (!strcmp(a, b))
		return 3;
	if (is_initial_letter(a) || is_initial_letter(b))
		return a[0] == b[0];
	if (length < ONE_TYPO_BYTES_MIN)
		return 0;
	return text_distance(a, b) <= (length >= TWO_TYPOS_BYTES_MIN ? 2 : 1) ? 2 : 0;
}

/* Whether each word of the shorter name matches a different word of the longer name, and at least one match is more
 * than an initial. */
static bool is_word_subset(const struct words *few, const struct words *many)
{
	bool used[WORDS_MAX] = { false }, distinctive = false;

	for (size_t i = 0; i < few->count; i++) {
		size_t best = many->count;
		int most = 0;

		for (size_t m = 0; m < many->count; m++) {
			int agree = used[m] ? 0 : word_match_score(few->items[i], many->items[m]);

			if (agree > most) {
				most = agree;
				best = m;
			}
		}
		if (!most)
			return false;
		used[best] = true;
		distinctive |= most > 1;
	}
	return distinctive;
}

static enum likeness name_likeness(const char *listed, const char *ours, bool is_person)
{
	struct words a, b, sorted[2];
	enum likeness like = LIKENESS_DIFFERENT;

	words_make(&a, listed);
	words_make(&b, ours);
	sorted[0] = a;
	sorted[1] = b;
	for (size_t i = 0; i < 2; i++)
		qsort(sorted[i].items, sorted[i].count, sizeof *sorted[i].items, text_compare);
	if (!a.count || !b.count)
		like = LIKENESS_UNKNOWN;
	else if (has_same_words(&a, &b) || (is_person && has_same_words(&sorted[0], &sorted[1])))
		like = LIKENESS_SAME;
	else if (a.count <= b.count ? is_word_subset(&a, &b) : is_word_subset(&b, &a))
		like = LIKENESS_CLOSE;
	else if (!has_common_script(&a, &b))
		like = LIKENESS_UNKNOWN;
	strbuf_release(&a.text);
	strbuf_release(&b.text);
	return like;
}

/* --- dates --- */

struct partial_date {
	int year, month, day; /* 0: this part is unknown */
	bool is_approximate;
};

static bool read_digits(const char *text, size_t count, int *out)
{
	*out = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (text[i] - '0');
	}
	return true;
}

/* The first number of four digits that can be a year. */
static int find_year(const char *text)
{
	for (const char *at = text; *at;) {
		size_t length = strspn(at, "0123456789");
		int year;

		if (length == 4 && read_digits(at, 4, &year) && year >= 1800 && year <= 2100)
			return year;
		at += length ? length : 1;
	}
	return 0;
}

static struct partial_date parse_partial_date(const char *text)
{
	struct partial_date out = { 0 };
	size_t length = strlen(text);
	bool dashed = length < 5 || text[4] == '-';

	if (length >= 4 && dashed && read_digits(text, 4, &out.year) &&
	    (length == 4 || (length == 7 && read_digits(text + 5, 2, &out.month)) ||
	     (date_is_valid(text) && read_digits(text + 5, 2, &out.month) && read_digits(text + 8, 2, &out.day))))
		return out;
	return (struct partial_date){ .year = find_year(text), .is_approximate = true };
}

enum likeness date_likeness(const char *listed, const char *ours)
{
	struct partial_date a = parse_partial_date(listed), b = parse_partial_date(ours);
	bool whole = a.day && b.day;

	if (!a.year || !b.year)
		return LIKENESS_UNKNOWN;
	if (a.is_approximate || b.is_approximate)
		return abs(a.year - b.year) <= 1 ? LIKENESS_CLOSE : LIKENESS_DIFFERENT;
	if (a.year != b.year)
		return LIKENESS_DIFFERENT;
	if (whole && a.month == b.month && a.day == b.day)
		return LIKENESS_SAME;
	/* The two dates are close if day and month are swapped, which is a common error when a date is read. */
	if (whole)
		return a.month == b.day && a.day == b.month ? LIKENESS_CLOSE : LIKENESS_DIFFERENT;
	return a.month && b.month && a.month != b.month ? LIKENESS_DIFFERENT : LIKENESS_CLOSE;
}

/* --- numbers --- */

static bool is_country_prefixed(const char *longer, const char *shorter)
{
	size_t more = strlen(longer) - strlen(shorter);

	return more == 2 && strspn(longer, "abcdefghijklmnopqrstuvwxyz") >= 2 && !strcmp(longer + 2, shorter);
}

enum likeness number_likeness(const char *listed, const char *ours, bool same_kind)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	enum likeness like = same_kind ? LIKENESS_DIFFERENT : LIKENESS_UNKNOWN;

	text_add_unspaced(&a, listed);
	text_add_unspaced(&b, ours);
	if (a.len < NUMBER_LENGTH_MIN || b.len < NUMBER_LENGTH_MIN)
		like = LIKENESS_UNKNOWN;
	else if (!strcmp(a.buf, b.buf) ||
		 (a.len > b.len ? is_country_prefixed(a.buf, b.buf) : is_country_prefixed(b.buf, a.buf)))
		like = LIKENESS_SAME;
	strbuf_release(&a);
	strbuf_release(&b);
	return like;
}

/* --- the named person --- */

const char *const alias_keys[] = { "aliases", "aka", "also_known_as", "other_names", "weak_aliases", NULL };
const char *const birth_keys[] = { "date_of_birth", "dates_of_birth", "birth_date", "dob", "year_of_birth", NULL };

bool keys_contain(const char *const *keys, const char *key)
{
	while (*keys && strcmp(*keys, key) != 0)
		keys++;
	return *keys != NULL;
}

void card_value_add(struct card_values *list, const char *key, const char *text)
{
	if (!*text)
		return;
	for (size_t i = 0; i < list->count; i++) {
		if (!strcmp(list->items[i].text, text))
			return;
	}
	*ARENA_PUSH(list->arena, list->items, list->count, list->capacity) = (struct card_value){ key, text };
}

static void add_value(struct card_values *list, const char *key, const struct value *value, const char *const *inner)
{
	if (value->kind == VALUE_TEXT || value->kind == VALUE_NUMBER)
		card_value_add(list, key, value->text);
	for (size_t i = 0; value->kind == VALUE_OBJECT && i < value->count; i++) {
		const struct value *member = &value->items[i];

		if (keys_contain(inner, value->keys[i]) && (member->kind == VALUE_TEXT || member->kind == VALUE_NUMBER))
			card_value_add(list, key, member->text);
	}
}

void card_values_collect(struct card_values *list, const struct value *object, const char *const *keys,
			 const char *const *inner)
{
	for (size_t i = 0; object && object->kind == VALUE_OBJECT && i < object->count; i++) {
		const struct value *value = &object->items[i];

		if (!keys_contain(keys, object->keys[i]))
			continue;
		add_value(list, object->keys[i], value, inner);
		for (size_t n = 0; value->kind == VALUE_LIST && n < value->count; n++)
			add_value(list, object->keys[i], &value->items[n], inner);
	}
}

enum likeness hit_name_likeness(const struct case_file *file, const struct party *party, const struct hit *hit)
{
	static const char *const inner[] = { "name", NULL };
	const struct subject *subject = &file->session.subject;
	bool is_person = party ? party->kind == PARTY_INDIVIDUAL : subject->kind == SUBJECT_INDIVIDUAL;
	struct arena arena = ARENA_INIT;
	struct card_values listed = { .arena = &arena }, ours = { .arena = &arena };
	enum likeness best = LIKENESS_UNKNOWN;

	card_value_add(&listed, "name", hit->name);
	card_values_collect(&listed, hit->detail, alias_keys, inner);
	card_value_add(&ours, "name", party ? party->name : subject->name);
	if (party)
		card_value_add(&ours, "name", party->session_name);
	for (size_t i = 0; i < listed.count; i++) {
		for (size_t o = 0; o < ours.count; o++)
			best = better_likeness(best,
					       name_likeness(listed.items[i].text, ours.items[o].text, is_person));
	}
	arena_release(&arena);
	return best;
}

/* Whether all birth dates of the list entry differ from the birth date of the party or subject. */
static bool has_other_birth_date(const struct case_file *file, const struct party *party, const struct hit *hit)
{
	static const char *const inner[] = { "date", NULL };
	const char *born = party ? party->date_of_birth : file->session.subject.date_of_birth;
	struct arena arena = ARENA_INIT;
	struct card_values listed = { .arena = &arena };
	enum likeness best = LIKENESS_UNKNOWN;

	card_values_collect(&listed, hit->detail, birth_keys, inner);
	for (size_t i = 0; i < listed.count; i++)
		best = better_likeness(best, date_likeness(listed.items[i].text, born));
	arena_release(&arena);
	return best == LIKENESS_DIFFERENT;
}

static const struct party *party_of_hit(const struct case_file *file, const struct check *check, const struct hit *hit)
{
	const struct party *party = case_party(file, value_text(value_member(hit->detail, "party")));

	return party ? party : case_party(file, value_text(value_member(check->checked_subject, "party")));
}

/* Rank of a candidate: the likeness of the name first, then a birth date that does not differ. Among equal ranks
 * the subject comes first, then the first party. */
static int name_match_rank(const struct case_file *file, const struct party *party, const struct hit *hit)
{
	enum likeness like = hit_name_likeness(file, party, hit);

	if (like != LIKENESS_SAME && like != LIKENESS_CLOSE)
		return 0;
	return (like == LIKENESS_SAME ? 4 : 2) + !has_other_birth_date(file, party, hit);
}

struct hit_subject hit_find_subject(const struct case_file *file, const struct check *check, const struct hit *hit)
{
	struct hit_subject named = { .method = NAMED_BY_REPORT, .file = file };
	int most;

	named.party = party_of_hit(file, check, hit);
	if (named.party)
		return named;
	most = name_match_rank(file, NULL, hit);
	for (size_t i = 0; i < file->party_count; i++) {
		int own = name_match_rank(file, &file->parties[i], hit);

		if (own <= most)
			continue;
		most = own;
		named.party = &file->parties[i];
	}
	named.method = most ? NAMED_BY_NAME : NAMED_BY_NOBODY;
	return named;
}
