#include "out/out.h"

#include <stdlib.h>
#include <string.h>

#define GAP_CELLS 2

struct cell {
	enum cell_style style;
	const char *text; /* sanitised by text_safe_copy() */
	size_t width_cells;
};

struct table {
	struct arena *arena;
	const struct table_column *columns;
	size_t column_count;
	enum text_mode mode;
	struct cell *cells;
	size_t cell_count, cell_capacity;
};

const char *cell_style_begin_code(enum cell_style style)
{
	static const char *const begins[] = {
		[CELL_PLAIN] = "",	[CELL_TITLE] = "\033[1m",    [CELL_MUTED] = "\033[2m",
		[CELL_OK] = "\033[32m", [CELL_WARNING] = "\033[33m", [CELL_DANGER] = "\033[31m"
	};
	return begins[style];
}

const char *cell_style_end_code(enum cell_style style)
{
	return style == CELL_PLAIN ? "" : "\033[0m";
}

struct table *table_new(struct arena *arena, const struct table_column *columns, size_t count, enum text_mode mode)
{
	struct table *table = arena_alloc(arena, sizeof *table);
	*table = (struct table){ .arena = arena, .columns = columns, .column_count = count, .mode = mode };
	return table;
}

struct table *table_from(struct arena *arena, const char *columns, enum text_mode mode)
{
	struct table_column *items = NULL;
	size_t count = 0, capacity = 0;
	char *rest = arena_strdup(arena, columns), *min_cells;
	while ((min_cells = strsep(&rest, "|"))) {
		const char *title = strsep(&min_cells, ":");
		const bool right = *title == '>';
		*ARENA_PUSH(arena, items, count, capacity) =
			(struct table_column){ title + right, right ? TEXT_RIGHT : TEXT_LEFT,
					       min_cells ? strtoul(min_cells, NULL, 10) : 0 };
	}
	return table_new(arena, items, count, mode);
}

void table_add_styled(struct table *table, enum cell_style style, const char *text)
{
	struct cell *cell = ARENA_PUSH(table->arena, table->cells, table->cell_count, table->cell_capacity);
	cell->style = style;
	cell->text = text_safe_copy(table->arena, text, table->mode);
	cell->width_cells = text_width_cells(cell->text, strlen(cell->text));
}

void table_add_cell(struct table *table, const char *text)
{
	table_add_styled(table, CELL_PLAIN, text);
}

void table_add_cells(struct table *table, const char *const *texts)
{
	while (*texts)
		table_add_cell(table, *texts++);
}

void table_addf(struct table *table, const char *format, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	va_start(args, format);
	strbuf_vaddf(&text, format, args);
	va_end(args);
	table_add_cell(table, text.buf);
	strbuf_release(&text);
}

void table_add_int(struct table *table, int64_t value)
{
	table_addf(table, "%lld", (long long)value);
}

size_t table_row_count(const struct table *table)
{
	return table->cell_count / table->column_count;
}

static size_t natural_width(const struct table *table, size_t column)
{
	const char *title = table->columns[column].title;
	size_t width = text_width_cells(title, strlen(title));
	for (size_t i = column; i < table->cell_count; i += table->column_count)
		if (table->cells[i].width_cells > width)
			width = table->cells[i].width_cells;
	return width;
}

static size_t line_width(const size_t *widths, size_t count)
{
	size_t total = 0, shown = 0;
	for (size_t i = 0; i < count; i++) {
		total += widths[i];
		shown += widths[i] > 0;
	}
	return total + (shown > 1 ? (shown - 1) * GAP_CELLS : 0);
}

/* Narrows the widest shrinkable column by one cell. hard: every column may shrink to 3 cells. */
static bool narrow_widest_column(const struct table *table, size_t *widths, bool hard)
{
	size_t widest = SIZE_MAX;
	for (size_t i = 0; i < table->column_count; i++) {
		size_t least = table->columns[i].min_cells;
		if (hard)
			least = 3;
		else if (least == 0)
			continue;
		if (widths[i] > least && (widest == SIZE_MAX || widths[i] > widths[widest]))
			widest = i;
	}
	if (widest == SIZE_MAX)
		return false;
	widths[widest]--;
	return true;
}

static size_t *column_widths(const struct table *table, const struct table_layout *layout)
{
	size_t *widths = arena_alloc_array(table->arena, table->column_count, sizeof *widths);
	size_t room = layout->width_cells > layout->indent_cells ? layout->width_cells - layout->indent_cells : 0;
	for (size_t i = 0; i < table->column_count; i++) {
		widths[i] = natural_width(table, i);
		if (layout->max_cell_width && widths[i] > layout->max_cell_width)
			widths[i] = layout->max_cell_width;
	}
	while (line_width(widths, table->column_count) > room && narrow_widest_column(table, widths, false))
		continue;
	while (line_width(widths, table->column_count) > room && narrow_widest_column(table, widths, true))
		continue;
	return widths;
}

static void write_cell(struct strbuf *out, const struct table *table, const struct cell *cell, size_t column,
		       size_t width, bool use_color)
{
	const char *begin = use_color ? cell_style_begin_code(cell->style) : "";
	strbuf_adds(out, begin);
	text_fit(out, cell->text, width, table->columns[column].align, table->mode);
	if (*begin)
		strbuf_adds(out, cell_style_end_code(cell->style));
}

static void trim_line(struct strbuf *out, size_t start)
{
	size_t length = out->len;
	while (length > start && out->buf[length - 1] == ' ')
		length--;
	strbuf_truncate(out, length);
}

static void write_row(struct strbuf *out, const struct table *table, const struct cell *row, const size_t *widths,
		      const struct table_layout *layout)
{
	size_t start = out->len;
	bool first = true;
	strbuf_addn(out, ' ', layout->indent_cells);
	for (size_t i = 0; i < table->column_count; i++) {
		if (widths[i] == 0)
			continue;
		if (!first)
			strbuf_addn(out, ' ', GAP_CELLS);
		first = false;
		write_cell(out, table, &row[i], i, widths[i], layout->use_color);
	}
	trim_line(out, start);
	strbuf_addch(out, '\n');
}

void table_write(struct strbuf *out, const struct table *table, const struct table_layout *layout)
{
	size_t *widths = column_widths(table, layout);
	struct cell *titles = arena_alloc_array(table->arena, table->column_count, sizeof *titles);
	for (size_t i = 0; i < table->column_count; i++)
		titles[i] = (struct cell){ .style = CELL_TITLE, .text = table->columns[i].title };
	write_row(out, table, titles, widths, layout);
	for (size_t row = 0; row < table_row_count(table); row++)
		write_row(out, table, &table->cells[row * table->column_count], widths, layout);
}
