/*
 * Tables for people: columns are aligned by display width; cells are cut with a mark if the line would be too long,
 * never wrapped. Cells may be unsafe text; the table sanitises them with text_display(). The caller prints the result.
 */
#ifndef KYBDESK_CLI_TABLE_H
#define KYBDESK_CLI_TABLE_H

#include "kybdesk/base/text.h"

enum cell_style { CELL_PLAIN, CELL_TITLE, CELL_MUTED, CELL_OK, CELL_WARNING, CELL_DANGER };
/* The escape sequence that begins a style, "" for CELL_PLAIN; cell_style_end() returns the sequence that ends a
 * style. */
const char *cell_style_begin(enum cell_style style);
const char *cell_style_end(enum cell_style style);

struct table_column {
	const char *title;
	enum text_align align;
	size_t least_cells; /* minimum while another column can still be narrowed; 0: narrowed last */
};

#define COLUMN_LEFT(title, least_cells)                                                                            \
	{                                                                                                          \
		(title), TEXT_LEFT, (least_cells)                                                                  \
	}
#define COLUMN_RIGHT(title)                                                                                        \
	{                                                                                                          \
		(title), TEXT_RIGHT, 0                                                                             \
	}

struct table;
/* The table lives in the arena; `columns` must outlive it. */
struct table *table_new(struct arena *arena, const struct table_column *columns, size_t count, enum text_mode mode);
/* Adds a cell: from left to right, then the next row. */
void table_add(struct table *table, const char *text);
/* Adds a cell for each of these texts. */
#define TABLE_ADD(table, ...) table_add_all((table), (const char *const[]){ __VA_ARGS__, NULL })
void table_add_all(struct table *table, const char *const *texts); /* NULL ends the texts */
void table_add_styled(struct table *table, enum cell_style style, const char *text);
void table_addf(struct table *table, const char *format, ...) KYB_PRINTF(2, 3);
void table_add_int(struct table *table, int64_t value);
size_t table_rows(const struct table *table);
struct table_layout {
	size_t width_cells; /* width of the line */
	size_t indent_cells;
	size_t cell_cells; /* maximum width of a cell; 0: no maximum */
	bool color;
};
/* Appends the lines, which end with '\n' and have no trailing spaces. */
void table_write(struct strbuf *out, const struct table *table, const struct table_layout *layout);

#endif
