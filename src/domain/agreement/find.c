/* Finds names and numbers in a text: compares letter by letter, also across line breaks. */
#include "agreement/folded.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_BYTES 3 /* of a folded value: shorter ones match everywhere */

void found_add(struct found *found, size_t from, size_t end)
{
	if (found->count < AGREE_MARKS_MAX)
		*ARENA_PUSH(found->arena, found->items, found->count, found->capacity) =
			(struct agree_mark){ from, end - from };
}

/* Whether a value of this kind may have the gaps that the text has between the bytes from `at` on. */
static bool fits(const struct folded *text, size_t at, const struct folded *wanted, enum agree_kind kind)
{
	for (size_t i = 1; i < wanted->text.len; i++) {
		unsigned gaps = text->gaps[at + i];
		if (!(gaps & GAP_ANY))
			continue;
		if (kind == AGREE_NUMBER ? gaps & GAP_WIDE : gaps & GAP_FAR)
			return false;
		if (kind != AGREE_NUMBER && !(gaps & GAP_JOINS) && !(wanted->gaps[i] & GAP_ANY) &&
		    !folded_is_single(text, at + i))
			return false;
	}
	return true;
}

struct place {
	const struct folded *folded;
	const char *text;
};

static bool find_value(const struct place *place, const char *value, enum agree_kind kind, struct found *found)
{
	struct folded wanted;
	const struct folded *folded = place->folded;
	bool any = false;
	folded_make(&wanted, value, strlen(value));
	size_t length = wanted.text.len, history = 0;
	unsigned char first = length >= LEAST_BYTES ? (unsigned char)wanted.text.buf[0] : 0;
	for (size_t i = folded->first[first]; length >= LEAST_BYTES && i < folded->first[first + 1]; i++) {
		size_t at = folded->edges[i];
		if (at < history || at + length > folded->text.len ||
		    memcmp(folded->text.buf + at, wanted.text.buf, length) != 0 ||
		    !folded_is_edge(folded, at + length) || !fits(folded, at, &wanted, kind))
			continue;
		found_add(found, folded->from[at], folded_end(folded, place->text, at + length));
		any = true;
		history = at + length;
	}
	folded_release(&wanted);
	return any;
}

/* "Duarte Ines" for "Ines Duarte"; NULL: one word. */
static const char *last_first(struct arena *arena, const char *name)
{
	const char *space = strrchr(name, ' ');
	return space && space[1] ? arena_printf(arena, "%s %.*s", space + 1, (int)(space - name), name) : NULL;
}

/* The other spelling of a company's legal form; NULL: none. */
static const char *other_legal_form(struct arena *arena, const char *name)
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
				return arena_printf(arena, "%.*s %s", (int)(space - name), name,
						    forms[i][1 - side]);
	return NULL;
}

/* A number without its country prefix: 123456789 for GB123456789. */
static const char *without_country(const char *number)
{
	for (size_t i = 0; i < 2; i++)
		if (number[i] < 'A' || number[i] > 'Z')
			return NULL;
	return strspn(number + 2, "0123456789") >= 6 ? number + 2 : NULL;
}

static void find_any_spelling(const struct place *place, struct agree_value *value, struct found *found)
{
	const char *other = value->kind == AGREE_PERSON	  ? last_first(found->arena, value->text)
			    : value->kind == AGREE_NAME	  ? other_legal_form(found->arena, value->text)
			    : value->kind == AGREE_NUMBER ? without_country(value->text)
							  : NULL;
	value->found = find_value(place, value->text, value->kind, found);
	if (other && find_value(place, other, value->kind, found))
		value->found = true;
}

static int by_place(const void *a, const void *b)
{
	const struct agree_mark *left = a, *right = b;
	return left->from < right->from ? -1 : left->from > right->from;
}

static void put_in_order(struct found *found, struct agree_marks *out)
{
	size_t kept = 0;
	if (found->count)
		qsort(found->items, found->count, sizeof *found->items, by_place);
	for (size_t i = 0; i < found->count; i++) {
		struct agree_mark *last = kept ? &found->items[kept - 1] : NULL, *mark = &found->items[i];
		size_t end = mark->from + mark->length;
		if (!last || mark->from > last->from + last->length)
			found->items[kept++] = *mark;
		else if (end > last->from + last->length)
			last->length = end - last->from;
	}
	*out = (struct agree_marks){ found->items, kept };
}

void agree_find(struct arena *arena, const char *text, size_t length, struct agree_values *values,
		struct agree_marks *out)
{
	struct folded folded;
	struct found found = { .arena = arena };
	folded_make(&folded, text, length);
	folded_index(&folded);
	const struct place place = { &folded, text };
	for (size_t i = 0; i < values->count; i++) {
		values->items[i].found = false;
		values->items[i].newest = 0;
		if (values->items[i].kind != AGREE_DATE && values->items[i].kind != AGREE_PERIOD)
			find_any_spelling(&place, &values->items[i], &found);
	}
	dates_find(&folded, text, values, &found);
	put_in_order(&found, out);
	folded_release(&folded);
}

void agree_search(struct arena *arena, const struct agree_text *text, const char *wanted, struct agree_marks *out)
{
	struct folded folded, looked_for;
	struct found found = { .arena = arena };
	folded_make(&folded, text->text, text->length);
	folded_make(&looked_for, wanted, strlen(wanted));
	size_t length = looked_for.text.len;
	for (size_t at = 0; length && at + length <= folded.text.len && found.count < AGREE_MARKS_MAX;) {
		const char *first =
			memchr(folded.text.buf + at, looked_for.text.buf[0], folded.text.len - length - at + 1);
		if (!first)
			break;
		at = (size_t)(first - folded.text.buf);
		if (memcmp(first, looked_for.text.buf, length) != 0 || !(folded.gaps[at] & GRAPHEME)) {
			at++;
			continue;
		}
		found_add(&found, folded.from[at], folded_end(&folded, text->text, at + length));
		at += length;
	}
	put_in_order(&found, out);
	folded_release(&looked_for);
	folded_release(&folded);
}
