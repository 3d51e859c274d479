#include "kybdesk/domain/column.h"
#include "kybdesk/domain/mask.h"

#include <string.h>

/* An enum is read and written as unsigned. */
_Static_assert(sizeof(enum session_status) == sizeof(unsigned), "enums are stored as unsigned");

static const void *place_of(const struct column *column, const void *row)
{
	return (const char *)row + column->offset;
}

static void *place_in(const struct column *column, void *row)
{
	return (char *)row + column->offset;
}

static const char *empty_of(const struct column *column)
{
	return column->empty ? column->empty : "";
}

const struct column *column_find(const struct column_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++) {
		if (!strcmp(table->items[i].name, name))
			return &table->items[i];
	}
	return NULL;
}

const struct column *columns_next(const struct column_table *table, const struct column *after, unsigned flags)
{
	for (size_t i = after ? (size_t)(after - table->items) + 1 : 0; i < table->count; i++) {
		if (!flags || table->items[i].flags & flags)
			return &table->items[i];
	}
	return NULL;
}

const char *column_text(const struct column *column, const void *row)
{
	const char *text = NULL;

	if (column->type == COLUMN_ENUM) {
		size_t count;
		const char *const *words = column->words(&count);
		unsigned value;

		memcpy(&value, place_of(column, row), sizeof value);
		if (value >= count)
			BUG("%u is not a %s", value, column->name);
		return words[value];
	}
	memcpy(&text, place_of(column, row), sizeof text);
	return text ? text : "";
}

void column_set_text(const struct column *column, void *row, const char *text)
{
	memcpy(place_in(column, row), &text, sizeof text);
}

bool column_set_word(const struct column *column, void *row, const char *word)
{
	size_t count;
	const char *const *words = column->words(&count);

	for (unsigned i = 0; i < count; i++) {
		if (!strcmp(words[i], word)) {
			memcpy(place_in(column, row), &i, sizeof i);
			return true;
		}
	}
	return !*word && column->flags & COLUMN_OPTIONAL;
}

int64_t column_number(const struct column *column, const void *row)
{
	const void *place = place_of(column, row);

	switch (column->type) {
	case COLUMN_BOOL:
		return *(const bool *)place;
	case COLUMN_BITS:
		return *(const unsigned *)place;
	case COLUMN_RISK:
		return *(const int *)place;
	case COLUMN_INT:
	case COLUMN_TIME:
	case COLUMN_DAY:
	case COLUMN_ROW:
		return *(const int64_t *)place;
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_JSON:
	case COLUMN_ENUM:
	case COLUMN_SCORE:
	case COLUMN_TEXTS:
	case COLUMN_OWN:
		break;
	}
	BUG("%s is not a number", column->name);
}

void column_set_number(const struct column *column, void *row, int64_t number)
{
	void *place = place_in(column, row);
	size_t count;

	switch (column->type) {
	case COLUMN_BOOL:
		*(bool *)place = number != 0;
		return;
	case COLUMN_BITS:
		(void)column->words(&count);
		*(unsigned *)place = (unsigned)number & ((1U << count) - 1);
		return;
	case COLUMN_RISK:
		*(int *)place = (int)number;
		return;
	case COLUMN_INT:
	case COLUMN_TIME:
	case COLUMN_DAY:
	case COLUMN_ROW:
		*(int64_t *)place = number;
		return;
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_JSON:
	case COLUMN_ENUM:
	case COLUMN_SCORE:
	case COLUMN_TEXTS:
	case COLUMN_OWN:
		break;
	}
	BUG("%s is not a number", column->name);
}

double column_score(const struct column *column, const void *row)
{
	return *(const double *)place_of(column, row);
}

void column_set_score(const struct column *column, void *row, double score)
{
	*(double *)place_in(column, row) = score;
}

const char *const *column_texts(const struct column *column, const void *row, size_t *count)
{
	memcpy(count, (const char *)row + column->count_offset, sizeof *count);
	return *(const char *const *const *)place_of(column, row);
}

void column_set_texts(const struct column *column, void *row, const char **texts, size_t count)
{
	*(const char ***)place_in(column, row) = texts;
	memcpy((char *)row + column->count_offset, &count, sizeof count);
}

bool column_is_empty(const struct column *column, const void *row)
{
	size_t count;

	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_ENUM:
		return !*column_text(column, row);
	case COLUMN_JSON:
		return !*column_text(column, row) || !strcmp(column_text(column, row), empty_of(column));
	case COLUMN_INT:
	case COLUMN_BOOL:
	case COLUMN_BITS:
	case COLUMN_ROW:
		return column_number(column, row) == 0;
	case COLUMN_TIME:
	case COLUMN_DAY:
		return column_number(column, row) == TIME_NONE;
	case COLUMN_RISK:
		return column_number(column, row) == RISK_NONE;
	case COLUMN_SCORE:
		return column_score(column, row) < 0;
	case COLUMN_TEXTS:
		(void)column_texts(column, row, &count);
		return count == 0;
	case COLUMN_OWN:
		break;
	}
	return true;
}

static bool texts_equal(const struct column *column, const void *a, const void *b)
{
	size_t count_a;
	size_t count_b;
	const char *const *texts_a = column_texts(column, a, &count_a);
	const char *const *texts_b = column_texts(column, b, &count_b);

	if (count_a != count_b)
		return false;
	for (size_t i = 0; i < count_a; i++) {
		if (strcmp(texts_a[i], texts_b[i]) != 0)
			return false;
	}
	return true;
}

bool column_equal(const struct column *column, const void *a, const void *b)
{
	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_JSON:
	case COLUMN_ENUM:
		return !strcmp(column_text(column, a), column_text(column, b));
	case COLUMN_INT:
	case COLUMN_BOOL:
	case COLUMN_TIME:
	case COLUMN_DAY:
	case COLUMN_BITS:
	case COLUMN_RISK:
	case COLUMN_ROW:
		return column_number(column, a) == column_number(column, b);
	case COLUMN_SCORE:
		if (column_is_empty(column, a) || column_is_empty(column, b))
			return column_is_empty(column, a) == column_is_empty(column, b);
		return column_score(column, a) == column_score(column, b);
	case COLUMN_TEXTS:
		return texts_equal(column, a, b);
	case COLUMN_OWN:
		break;
	}
	return true;
}

const struct column *columns_changed(const struct column_table *table, const void *a, const void *b, unsigned flags,
				     const struct column *after)
{
	const struct column *column = after;

	while ((column = columns_next(table, column, flags)) && column_equal(column, a, b))
		;
	return column;
}

bool columns_equal(const struct column_table *table, const void *a, const void *b, unsigned flags)
{
	return !columns_changed(table, a, b, flags, NULL);
}

static void copy(const struct column *column, void *to, const void *from)
{
	size_t count;
	size_t size = 0;

	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_JSON:
		size = sizeof(const char *);
		break;
	case COLUMN_ENUM:
		size = sizeof(unsigned);
		break;
	case COLUMN_INT:
	case COLUMN_BOOL:
	case COLUMN_TIME:
	case COLUMN_DAY:
	case COLUMN_BITS:
	case COLUMN_RISK:
	case COLUMN_ROW:
		column_set_number(column, to, column_number(column, from));
		return;
	case COLUMN_SCORE:
		size = sizeof(double);
		break;
	case COLUMN_TEXTS:
		size = sizeof(const char **);
		(void)column_texts(column, from, &count);
		memcpy((char *)to + column->count_offset, &count, sizeof count);
		break;
	case COLUMN_OWN:
		break;
	}
	if (size)
		memcpy(place_in(column, to), place_of(column, from), size);
}

void columns_copy(const struct column_table *table, void *to, const void *from, unsigned flags)
{
	for (const struct column *c = NULL; (c = columns_next(table, c, flags));)
		copy(c, to, from);
}

void columns_merge(const struct column_table *table, void *to, const void *from, unsigned flags)
{
	for (const struct column *c = NULL; (c = columns_next(table, c, flags));) {
		if (column_is_empty(c, from) || (c->flags & COLUMN_ONCE && !column_is_empty(c, to)))
			continue;
		if (c->type == COLUMN_BITS)
			column_set_number(c, to, column_number(c, to) | column_number(c, from));
		else
			copy(c, to, from);
	}
}

static void clear(const struct column *column, void *row)
{
	const unsigned first = 0;

	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_JSON:
		column_set_text(column, row, empty_of(column));
		return;
	case COLUMN_ENUM:
		memcpy(place_in(column, row), &first, sizeof first);
		return;
	case COLUMN_INT:
	case COLUMN_BOOL:
	case COLUMN_BITS:
	case COLUMN_ROW:
		column_set_number(column, row, 0);
		return;
	case COLUMN_TIME:
	case COLUMN_DAY:
		column_set_number(column, row, TIME_NONE);
		return;
	case COLUMN_RISK:
		column_set_number(column, row, RISK_NONE);
		return;
	case COLUMN_SCORE:
		column_set_score(column, row, -1);
		return;
	case COLUMN_TEXTS:
		column_set_texts(column, row, NULL, 0);
		return;
	case COLUMN_OWN:
		return;
	}
}

void columns_clear(const struct column_table *table, void *row, unsigned flags)
{
	for (const struct column *c = NULL; (c = columns_next(table, c, flags));)
		clear(c, row);
}

void columns_init(const struct column_table *table, void *row)
{
	memset(row, 0, table->size);
	columns_clear(table, row, 0);
}

bool column_is_masked(const struct column *column, bool of_business)
{
	if (!(column->flags & COLUMN_PERSONAL) || column->flags & COLUMN_SHOWN)
		return false;
	return !(of_business && column->flags & COLUMN_REGISTER);
}

void columns_mask(struct arena *arena, const struct column_table *table, void *row, bool of_business)
{
	for (const struct column *c = NULL; (c = columns_next(table, c, COLUMN_PERSONAL));) {
		if ((c->type == COLUMN_TEXT || c->type == COLUMN_DATE) && column_is_masked(c, of_business))
			column_set_text(c, row, mask_text(arena, column_text(c, row)));
	}
}
