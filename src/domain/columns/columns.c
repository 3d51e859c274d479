#include "kybdesk/domain/column.h"

#include <string.h>

/* An enum is read and written as unsigned. */
_Static_assert(sizeof(enum session_status) == sizeof(unsigned), "enums are stored as unsigned");

/* For each column type: its representation in the struct, and the number of an empty value. */
enum shape { SHAPE_OWN, SHAPE_TEXT, SHAPE_ENUM, SHAPE_NUMBER, SHAPE_SCORE, SHAPE_TEXTS };
static const struct {
	enum shape shape;
	size_t size;
	int64_t empty;
} types[] = {
	[COLUMN_TEXT] = { SHAPE_TEXT, sizeof(const char *), 0 },
	[COLUMN_DATE] = { SHAPE_TEXT, sizeof(const char *), 0 },
	[COLUMN_JSON] = { SHAPE_TEXT, sizeof(const char *), 0 },
	[COLUMN_ENUM] = { SHAPE_ENUM, sizeof(unsigned), 0 },
	[COLUMN_INT] = { SHAPE_NUMBER, sizeof(int64_t), 0 },
	[COLUMN_BOOL] = { SHAPE_NUMBER, sizeof(bool), 0 },
	[COLUMN_TIME] = { SHAPE_NUMBER, sizeof(int64_t), TIME_NONE },
	[COLUMN_DAY] = { SHAPE_NUMBER, sizeof(int64_t), TIME_NONE },
	[COLUMN_BITS] = { SHAPE_NUMBER, sizeof(unsigned), 0 },
	[COLUMN_RISK] = { SHAPE_NUMBER, sizeof(int), RISK_NONE },
	[COLUMN_ROW] = { SHAPE_NUMBER, sizeof(int64_t), 0 },
	[COLUMN_SCORE] = { SHAPE_SCORE, sizeof(double), 0 },
	[COLUMN_TEXTS] = { SHAPE_TEXTS, sizeof(const char **), 0 },
	[COLUMN_CUSTOM] = { SHAPE_OWN, 0, 0 },
};

static const void *field_pointer(const struct column *column, const void *row)
{
	return (const char *)row + column->offset;
}

static void *mutable_field(const struct column *column, void *row)
{
	return (char *)row + column->offset;
}

const struct column *column_find(const struct column_table *table, const char *name)
{
	return ITEM_WITH_TEXT(table->items, table->count, name, name);
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

		memcpy(&value, field_pointer(column, row), sizeof value);
		if (value >= count)
			BUG("%u is not a %s", value, column->name);
		return words[value];
	}
	memcpy(&text, field_pointer(column, row), sizeof text);
	return text ? text : "";
}

void column_set_text(const struct column *column, void *row, const char *text)
{
	memcpy(mutable_field(column, row), &text, sizeof text);
}

const char *columns_text(const struct column_table *table, const void *row, const char *word)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i].word && !strcmp(table->items[i].word, word))
			return column_text(&table->items[i], row);
	return "";
}

bool column_set_word(const struct column *column, void *row, const char *word)
{
	size_t count;
	const char *const *words = column->words(&count);
	unsigned value = (unsigned)words_find(words, count, word);

	if (value < count)
		memcpy(mutable_field(column, row), &value, sizeof value);
	return value < count || (!*word && column->flags & COLUMN_OPTIONAL);
}

int64_t column_number(const struct column *column, const void *row)
{
	const void *place = field_pointer(column, row);

	if (types[column->type].shape != SHAPE_NUMBER)
		BUG("%s is not a number", column->name);
	if (column->type == COLUMN_BOOL)
		return *(const bool *)place;
	if (column->type == COLUMN_BITS)
		return *(const unsigned *)place;
	return column->type == COLUMN_RISK ? *(const int *)place : *(const int64_t *)place;
}

void column_set_number(const struct column *column, void *row, int64_t number)
{
	void *place = mutable_field(column, row);
	size_t count;

	if (types[column->type].shape != SHAPE_NUMBER)
		BUG("%s is not a number", column->name);
	if (column->type == COLUMN_BOOL) {
		*(bool *)place = number != 0;
	} else if (column->type == COLUMN_BITS) {
		(void)column->words(&count);
		*(unsigned *)place = (unsigned)number & ((1U << count) - 1);
	} else if (column->type == COLUMN_RISK) {
		*(int *)place = (int)number;
	} else {
		*(int64_t *)place = number;
	}
}

double column_score(const struct column *column, const void *row)
{
	return *(const double *)field_pointer(column, row);
}

void column_set_score(const struct column *column, void *row, double score)
{
	*(double *)mutable_field(column, row) = score;
}

const char *const *column_texts(const struct column *column, const void *row, size_t *count)
{
	memcpy(count, (const char *)row + column->count_offset, sizeof *count);
	return *(const char *const *const *)field_pointer(column, row);
}

void column_set_texts(const struct column *column, void *row, const char **texts, size_t count)
{
	*(const char ***)mutable_field(column, row) = texts;
	memcpy((char *)row + column->count_offset, &count, sizeof count);
}

bool column_is_empty(const struct column *column, const void *row)
{
	size_t count;

	switch (types[column->type].shape) {
	case SHAPE_TEXT:
	case SHAPE_ENUM:
		return !*column_text(column, row) ||
		       (column->empty && !strcmp(column_text(column, row), column->empty));
	case SHAPE_NUMBER:
		return column_number(column, row) == types[column->type].empty;
	case SHAPE_SCORE:
		return column_score(column, row) < 0;
	case SHAPE_TEXTS:
		(void)column_texts(column, row, &count);
		return count == 0;
	case SHAPE_OWN:
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
	switch (types[column->type].shape) {
	case SHAPE_TEXT:
	case SHAPE_ENUM:
		return !strcmp(column_text(column, a), column_text(column, b));
	case SHAPE_NUMBER:
		return column_number(column, a) == column_number(column, b);
	case SHAPE_SCORE:
		if (column_is_empty(column, a) || column_is_empty(column, b))
			return column_is_empty(column, a) == column_is_empty(column, b);
		return column_score(column, a) == column_score(column, b);
	case SHAPE_TEXTS:
		return texts_equal(column, a, b);
	case SHAPE_OWN:
		break;
	}
	return true;
}

const struct column *columns_next_diff(const struct column_table *table, const void *a, const void *b, unsigned flags,
				       const struct column *after)
{
	const struct column *column = after;

	while ((column = columns_next(table, column, flags)) && column_equal(column, a, b))
		;
	return column;
}

bool columns_equal(const struct column_table *table, const void *a, const void *b, unsigned flags)
{
	return !columns_next_diff(table, a, b, flags, NULL);
}

void column_copy(const struct column *column, void *to, const void *from)
{
	size_t count, size = types[column->type].size;

	if (column->type == COLUMN_BITS)
		column_set_number(column, to, column_number(column, from));
	else if (size)
		memcpy(mutable_field(column, to), field_pointer(column, from), size);
	if (column->type == COLUMN_TEXTS) {
		(void)column_texts(column, from, &count);
		memcpy((char *)to + column->count_offset, &count, sizeof count);
	}
}

void columns_merge(const struct column_table *table, void *to, const void *from, unsigned flags)
{
	for (const struct column *c = NULL; (c = columns_next(table, c, flags));) {
		if (column_is_empty(c, from) || (c->flags & COLUMN_IMPORT_IF_EMPTY && !column_is_empty(c, to)))
			continue;
		if (c->type == COLUMN_BITS)
			column_set_number(c, to, column_number(c, to) | column_number(c, from));
		else
			column_copy(c, to, from);
	}
}

void column_clear(const struct column *column, void *row)
{
	const unsigned first = 0;

	switch (types[column->type].shape) {
	case SHAPE_TEXT:
		column_set_text(column, row, column->empty ? column->empty : "");
		return;
	case SHAPE_ENUM:
		memcpy(mutable_field(column, row), &first, sizeof first);
		return;
	case SHAPE_NUMBER:
		column_set_number(column, row, types[column->type].empty);
		return;
	case SHAPE_SCORE:
		column_set_score(column, row, -1);
		return;
	case SHAPE_TEXTS:
		column_set_texts(column, row, NULL, 0);
		return;
	case SHAPE_OWN:
		return;
	}
}

void columns_init(const struct column_table *table, void *row)
{
	memset(row, 0, table->size);
	for (size_t i = 0; i < table->count; i++)
		column_clear(&table->items[i], row);
}

bool column_is_masked(const struct column *column, bool of_business)
{
	if (!(column->flags & COLUMN_PERSONAL) || column->flags & COLUMN_SHOWN)
		return false;
	return !(of_business && column->flags & COLUMN_REGISTER);
}
