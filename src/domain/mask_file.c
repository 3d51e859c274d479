/* Masks the personal parts of a file's name: names, numbers and birth dates. The rest stays readable. */
#include "kybdesk/domain/agreement.h"
#include "kybdesk/domain/mask.h"
#include "kybdesk/domain/value.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/base/timefmt.h"

#include <string.h>

#define MASKED_PART "********"
#define WORD_MIN 3 /* characters of a part of a name */
#define INSIDE_MIN                                                                                                 \
	4 /* minimum length of a part to be found inside other words; a shorter part must be a whole word */
#define NUMBER_MIN 4 /* letters and digits of a number */

static void add(struct mask_words *words, const char *text, size_t length, size_t least)
{
	char *copy = arena_strndup(words->arena, text, length);

	if (text_characters(copy) >= least)
		*ARENA_PUSH(words->arena, words->items, words->count, words->capacity) = copy;
}

/* Adds each part of the name; also the whole name, for scripts without spaces and for names without separators. */
static void add_name(struct mask_words *words, const char *name)
{
	size_t length = strlen(name), start = 0, at = 0, bytes = 0;

	add(words, name, length, WORD_MIN);
	while (at <= length) {
		enum text_class class = at < length ? text_class_at(name + at, length - at, &bytes) : TEXT_OTHER;

		if (class != TEXT_LETTER && class != TEXT_MARK) {
			add(words, name + start, at - start, WORD_MIN);
			start = at + (at < length ? bytes : 1);
		}
		at += at < length ? bytes : 1;
	}
}

static void add_number(struct mask_words *words, const char *number)
{
	add(words, number, strlen(number), NUMBER_MIN);
}

/* Orders of day, month and year in file names. */
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
		add(words, text, strlen(text), NUMBER_MIN);
	}
}

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text), size = strlen(ending);

	return length >= size && text_same_folded(text + length - size, ending);
}

/* Adds the values of fields that have a person's name, number or date. */
static void add_values(struct mask_words *words, const char *key, const struct value *value)
{
	const char *text = value_text(value);

	for (size_t i = 0; value && i < value->count; i++)
		add_values(words, value->keys ? value->keys[i] : key, &value->items[i]);
	if (date_is_valid(text))
		add_date(words, text);
	else if (ends_with(key, "name"))
		add_name(words, text);
	else if (mask_field_is_personal(key) || ends_with(key, "email") || ends_with(key, "phone"))
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

void mask_words_of(struct mask_words *words, const struct case_file *file, const struct party *removed,
		   size_t removed_count)
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
	add_parties(words, removed, removed_count);
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Whether the place is a word boundary: no letter, or a capital that begins another word. */
static bool is_whole_word(const char *text, size_t length, const struct agree_mark *mark)
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

static void hide(struct arena *arena, bool *hidden, const char *text, size_t length, const char *word)
{
	struct agree_marks marks;
	bool within = text_characters(word) >= INSIDE_MIN;

	agree_search(arena, &(const struct agree_text){ text, length }, word, &marks);
	for (size_t i = 0; i < marks.count; i++)
		if (within || is_whole_word(text, length, &marks.items[i]))
			memset(hidden + marks.items[i].from, true, marks.items[i].length);
}

/* Masks also the character between two masked parts, if only a space or a sign separates them. */
static void join(bool *hidden, const char *text, size_t length)
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

char *mask_file_name(struct arena *arena, const char *name, const struct mask_words *words)
{
	size_t length = strlen(name);
	bool *hidden = arena_alloc_array(arena, length + 1, sizeof *hidden);
	struct strbuf out = STRBUF_INIT;

	memset(hidden, 0, (length + 1) * sizeof *hidden);
	for (size_t i = 0; i < words->count; i++)
		hide(arena, hidden, name, length, words->items[i]);
	join(hidden, name, length);
	for (size_t i = 0; i < length; i++) {
		if (!hidden[i])
			strbuf_addch(&out, name[i]);
		else if (!i || !hidden[i - 1])
			strbuf_adds(&out, MASKED_PART);
	}
	return strbuf_finish(&out, arena);
}
