/* Hides personal data before it reaches a screen, a list or a log. */
#include "kybdesk/domain/mask.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/agreement.h"
#include "kybdesk/domain/value.h"

#include <string.h>

#define MASK_CHARS_SHOWN_MAX 4	/* maximum number of characters that stay readable at the end */
#define MASK_PARTLY_CHARS_MIN 8 /* shorter values are masked as a whole: four of five digits would reveal the number */
#define MASK_KEY_MAX 64
#define EXTENSION_MAX 5 /* ".docx" */

/* Start of the next character; a stray continuation byte belongs to the previous character. */
static size_t next_character(const char *text, size_t at)
{
	at++;
	while (((unsigned char)text[at] & 0xC0) == 0x80)
		at++;
	return at;
}

char *mask_number(struct arena *arena, const char *value)
{
	size_t length = strlen(value), characters = 0, hidden, at = 0;
	char *masked;

	for (size_t i = 0; i < length; i = next_character(value, i))
		characters++;
	hidden = characters >= MASK_PARTLY_CHARS_MIN ? characters - MASK_CHARS_SHOWN_MAX : characters;
	for (size_t i = 0; i < hidden; i++)
		at = next_character(value, at);
	masked = arena_alloc(arena, hidden + (length - at) + 1);
	memset(masked, '*', hidden);
	memcpy(masked + hidden, value + at, length - at);
	return masked;
}

char *mask_date(struct arena *arena, const char *value)
{
	return arena_strdup(arena, *value ? "****-**-**" : "");
}

#define MASKED_TEXT "********"
#define MASK_NUMBER_DIGITS_MIN                                                                                         \
	4 /* a text with at least this number of digits counts as a number: its end stays readable */

char *mask_text(struct arena *arena, const char *text)
{
	size_t digits = 0;
	bool plain = true;

	if (!*text)
		return arena_strdup(arena, "");
	if (date_is_valid(text) || (strlen(text) == 7 && birth_date_is_valid(text)))
		return mask_date(arena, text);
	for (const char *c = text; *c; c++) {
		bool digit = *c >= '0' && *c <= '9';

		digits += digit;
		plain = plain &&
			(digit || (*c >= 'A' && *c <= 'Z') || *c == '-' || *c == '.' || *c == '/' || *c == '+');
	}
	return plain && digits >= MASK_NUMBER_DIGITS_MIN ? mask_number(arena, text) : arena_strdup(arena, MASKED_TEXT);
}

/* Keys are compared without case, '_', '-' and spaces: tax_id, taxId and "Tax ID" are the same key. */
static const char *const personal_keys[] = { "tin", "ssn", "itin", "ein", "cpf", "cnpj", "rg", "vat", "dob" };
/* Endings that mark a key as personal after any prefix: companyTaxId, user_date_of_birth. */
static const char *const personal_endings[] = {
	"taxid",	 "taxidnumber",	   "taxnumber",	     "identificationnumber",
	"numbertin",	 "vatid",	   "vatnumber",	     "dateofbirth",
	"birthdate",	 "birthday",	   "socialsecurity", "socialsecuritynumber",
	"ssnlast4",	 "passport",	   "passportnumber", "documentnumber",
	"licensenumber", "licencenumber",  "idnumber",	     "cardnumber",
	"nationalid",	 "personalnumber", "accountnumber",
};

static bool ends_with(const char *text, size_t length, const char *ending)
{
	size_t size = strlen(ending);

	return length >= size && !memcmp(text + length - size, ending, size);
}

bool mask_field_is_personal(const char *key)
{
	char plain[MASK_KEY_MAX + 1];
	size_t length = 0;

	for (const char *c = key; *c && length < MASK_KEY_MAX; c++) {
		if (*c == '_' || *c == '-' || *c == ' ')
			continue;
		plain[length++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	}
	plain[length] = '\0';
	/* The value of countryOfTaxId is a country, not a number. */
	if (!strncmp(plain, "country", strlen("country")))
		return false;
	if (texts_contain(personal_keys, sizeof personal_keys / sizeof personal_keys[0], plain))
		return true;
	for (size_t i = 0; i < sizeof personal_endings / sizeof personal_endings[0]; i++) {
		if (ends_with(plain, length, personal_endings[i]))
			return true;
	}
	return false;
}

/* --- the personal parts of a file's name; the rest stays readable --- */

#define WORD_MIN 3 /* minimum characters of a part of a name */
#define INNER_MATCH_CHARS_MIN                                                                                          \
	4 /* minimum length of a part to be found inside other words; a shorter part must be a whole word */
#define LATIN_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define NUMBER_CHARS_MIN 4 /* minimum letters and digits of a number */

static void add_word(struct mask_words *words, const char *text, size_t length, size_t least)
{
	char *copy = arena_strndup(words->arena, text, length);

	if (text_character_count(copy) >= least)
		*ARENA_PUSH(words->arena, words->items, words->count, words->capacity) = copy;
}

/* Adds each part of the name; also the whole name, for scripts without spaces and for names without separators. */
static void add_name(struct mask_words *words, const char *name)
{
	size_t length = strlen(name), start = 0, at = 0, bytes = 0;

	add_word(words, name, length, WORD_MIN);
	while (at <= length) {
		enum text_class class = at < length ? text_class_at(name + at, length - at, &bytes) : TEXT_OTHER;

		if (class != TEXT_LETTER && class != TEXT_MARK) {
			add_word(words, name + start, at - start, WORD_MIN);
			start = at + (at < length ? bytes : 1);
		}
		at += at < length ? bytes : 1;
	}
}

static void add_number(struct mask_words *words, const char *number)
{
	add_word(words, number, strlen(number), NUMBER_CHARS_MIN);
}

/* Adds the digits of the date in three orders, because a file name may use any of these orders. */
static void add_date(struct mask_words *words, const char *date)
{
	static const size_t starts[3] = { 0, 5, 8 }, lengths[3] = { 4, 2, 2 };
	static const size_t orders[3][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 } };

	if (!date_is_valid(date))
		return;
	for (size_t i = 0; i < 3; i++) {
		char text[9] = "";

		for (size_t part = 0, at = 0; part < 3; at += lengths[orders[i][part++]])
			memcpy(text + at, date + starts[orders[i][part]], lengths[orders[i][part]]);
		add_word(words, text, strlen(text), NUMBER_CHARS_MIN);
	}
}

static bool ends_with_folded(const char *text, const char *ending)
{
	size_t length = strlen(text), size = strlen(ending);

	return length >= size && text_equals_folded(text + length - size, ending);
}

/* Adds the values of fields that have a person's name, number or date. */
static void add_values(struct mask_words *words, const char *key, const struct value *value)
{
	const char *text = value_text(value);

	for (size_t i = 0; value && i < value->count; i++)
		add_values(words, value->keys ? value->keys[i] : key, &value->items[i]);
	if (date_is_valid(text))
		add_date(words, text);
	else if (ends_with_folded(key, "name"))
		add_name(words, text);
	else if (mask_field_is_personal(key) || ends_with_folded(key, "email") || ends_with_folded(key, "phone"))
		add_number(words, text);
}

static void add_parties(struct mask_words *words, const struct party *parties, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (parties[i].kind == PARTY_INDIVIDUAL)
			add_name(words, parties[i].name);
		add_number(words, parties[i].tax_id);
		add_date(words, parties[i].date_of_birth);
		add_values(words, "", parties[i].values);
	}
}

void mask_words_collect(struct mask_words *words, const struct case_file *file)
{
	const struct subject *subject = &file->session.subject;

	if (subject->kind == SUBJECT_INDIVIDUAL) {
		add_name(words, subject->name);
		add_number(words, subject->registration_number);
	}
	add_number(words, subject->tax_id);
	add_date(words, subject->date_of_birth);
	for (size_t i = 0; i < file->step_count; i++)
		add_values(words, "", file->steps[i].values);
	add_parties(words, file->parties, file->party_count);
	add_parties(words, file->removed.items, file->removed.count);
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Whether the marked part of the text is a whole word: no letter precedes or follows this part, except where a
 * change from small letter to capital separates two words. */
static bool is_whole_word(const char *text, size_t length, const struct doc_search_span *mark)
{
	size_t end = mark->from + mark->length, bytes;
	bool before = !mark->from ||
		      !((unsigned char)text[mark->from - 1] >= 0x80 ||
			text_class_at(text + mark->from - 1, 1, &bytes) == TEXT_LETTER) ||
		      (is_lower(text[mark->from - 1]) && !is_lower(text[mark->from]));
	bool after = end >= length || text_class_at(text + end, length - end, &bytes) != TEXT_LETTER ||
		     (is_lower(text[end - 1]) && !is_lower(text[end]));

	return before && after;
}

static void mark_hidden(struct arena *arena, bool *hidden, const char *text, size_t length, const char *word)
{
	struct doc_search_spans marks;
	/* Only scripts without spaces, and numbers, are searched within words: "business" names no Ines */
	bool within = text_character_count(word) >= INNER_MATCH_CHARS_MIN &&
		      (strpbrk(word, "0123456789") || !strpbrk(word, LATIN_LETTERS));

	doc_search_find_text(arena, &(const struct doc_search_text){ text, length }, word, &marks);
	for (size_t i = 0; i < marks.count; i++)
		if (within || is_whole_word(text, length, &marks.items[i]))
			memset(hidden + marks.items[i].from, true, marks.items[i].length);
}

/* Masks also the character between two masked parts, if only a space or a sign separates them. */
static void mask_separators(bool *hidden, const char *text, size_t length)
{
	size_t bytes = 0, end = 0;
	bool seen = false;

	for (size_t at = 0; at < length; at += bytes) {
		enum text_class class = text_class_at(text + at, length - at, &bytes);

		if (hidden[at]) {
			if (seen)
				memset(hidden + end, true, at - end);
			seen = true;
			end = at + bytes;
		} else if (class == TEXT_LETTER || class == TEXT_DIGIT || class == TEXT_MARK) {
			seen = false;
		}
	}
}

static char *mask_whole_name(struct arena *arena, const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t length = dot ? strlen(dot) : 0;

	if (!*name)
		return arena_strdup(arena, "");
	return arena_printf(arena, "%s%s", MASKED_TEXT, length > 1 && length <= EXTENSION_MAX ? dot : "");
}

char *mask_file_name(struct arena *arena, const char *name, const struct mask_words *words)
{
	size_t length = strlen(name);
	bool *hidden;
	struct strbuf out = STRBUF_INIT;

	if (!words)
		return mask_whole_name(arena, name);
	hidden = arena_alloc_array(arena, length + 1, sizeof *hidden);
	memset(hidden, 0, (length + 1) * sizeof *hidden);
	for (size_t i = 0; i < words->count; i++)
		mark_hidden(arena, hidden, name, length, words->items[i]);
	mask_separators(hidden, name, length);
	for (size_t i = 0; i < length; i++) {
		if (!hidden[i])
			strbuf_addch(&out, name[i]);
		else if (!i || !hidden[i - 1])
			strbuf_adds(&out, MASKED_TEXT);
	}
	return strbuf_finish(&out, arena);
}
