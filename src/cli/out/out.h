/* Buffered and checked output of a command to standard output. After the first failed write nothing more is
 * written; out_finish() reports the failure, except for a closed pipe. Text for people is sanitised by
 * text_display(); JSON and CSV have their own encoders. */
#ifndef KYBDESK_CLI_OUT_H
#define KYBDESK_CLI_OUT_H

#include "kybdesk/base/text.h"
#include "kybdesk/codec/json.h"

/* Tables for people: columns are aligned by display width. If the line or a cell would be too long, cells are cut, with
 * "…" (ASCII: "~") at the end; cells are never wrapped. Cells may be unsafe text; the table sanitises them with
 * text_display(). The caller prints the result. */

enum cell_style { CELL_PLAIN, CELL_TITLE, CELL_MUTED, CELL_OK, CELL_WARNING, CELL_DANGER };
/* The escape sequence that begins a style, "" for CELL_PLAIN; cell_style_end_code() returns the sequence that ends
 * a style. */
const char *cell_style_begin_code(enum cell_style style);
const char *cell_style_end_code(enum cell_style style);

struct table_column {
	const char *title;
	enum text_align align;
	/* minimum width in a line that is too long; 0: not narrowed. If the line is still too long, every column
	 * may be narrowed to 3 cells */
	size_t min_cells;
};

struct table;
/* The table lives in the arena; `columns` must outlive it. */
struct table *table_new(struct arena *arena, const struct table_column *columns, size_t count, enum text_mode mode);
/* The columns are a text, such as "Name:12|>Hits|Since": TITLE, TITLE:MIN_CELLS, or >TITLE to align right. */
struct table *table_from(struct arena *arena, const char *columns, enum text_mode mode);
/* Adds the next cell: rows are filled from left to right. */
void table_add_cell(struct table *table, const char *text);
/* Adds a cell for each of these texts. */
#define TABLE_ADD(table, ...) table_add_cells((table), (const char *const[]){ __VA_ARGS__, NULL })
void table_add_cells(struct table *table, const char *const *texts); /* NULL ends the texts */
void table_add_styled(struct table *table, enum cell_style style, const char *text);
void table_addf(struct table *table, const char *format, ...) KYB_PRINTF(2, 3);
void table_add_int(struct table *table, int64_t value);
size_t table_row_count(const struct table *table);
struct table_layout {
	size_t width_cells; /* width of the line */
	size_t indent_cells;
	size_t max_cell_width; /* maximum width of a cell; 0: no maximum */
	bool use_color;
};
/* Appends the lines, which end with '\n' and have no trailing spaces. */
void table_write(struct strbuf *out, const struct table *table, const struct table_layout *layout);

/* --- output --- */

enum out_format { OUT_TABLE, OUT_JSON, OUT_NDJSON, OUT_CSV };

/* Maximum widths of a paragraph and of a table cell, if the output is not a terminal. A whole table may be wider,
 * because the output of a pipe is searched and copied. */
#define OUT_WIDTH_NO_TERMINAL 100
#define OUT_CELL_NO_TERMINAL 200

struct output {
	int fd;
	enum out_format format;
	enum text_mode mode;
	bool terminal, use_color;
	size_t width_cells;
	struct strbuf pending;
	int write_errno; /* errno of the first failed write, 0 if none */
};

/* Detects whether fd is a terminal, and its width. */
void out_init(struct output *out, int fd, enum text_mode mode);
void out_release(struct output *out);
void out_bytes(struct output *out, const void *bytes, size_t length); /* writes the bytes unchanged */
/* Prints one line of sanitised text, with '\n'. */
#define out_line(out, ...) out_styled_line((out), CELL_PLAIN, __VA_ARGS__)
void out_styled_line(struct output *out, enum cell_style style, const char *format, ...) KYB_PRINTF(3, 4);
/* Prints an empty line, then the title. */
void out_heading(struct output *out, const char *title);
/* Prints "TITLE     text" with the title padded to title_cells; prints nothing if the text is "". */
void out_fact(struct output *out, int title_cells, const char *title, const char *text);
/* Prints several facts: OUT_FACTS(out, 10, FACT("born", birth), FACT("e-mail", email)). */
#define FACT(title, text) (title), (text)
#define OUT_FACTS(out, title_cells, ...) out_facts((out), (title_cells), (const char *const[]){ __VA_ARGS__, NULL })
void out_facts(struct output *out, int title_cells, const char *const *facts);
/* Prints text of one or several lines; each line is indented and wrapped to the width. */
void out_paragraph(struct output *out, size_t indent_cells, const char *format, ...) KYB_PRINTF(3, 4);
void out_table(struct output *out, const struct table *table, size_t indent_cells);
/* Prints the value and takes ownership of it. On a terminal the value has several lines (not for OUT_NDJSON); in a
 * pipe one line, so that another command can read it. */
void out_json(struct output *out, struct json_value *value);
/* Like out_json(), but always one line: for streams, and for output that only programs read. */
void out_json_line(struct output *out, struct json_value *value);
/* Writes pending output. ERR_INTERNAL if a write failed (except for a closed pipe). */
enum err out_finish(struct output *out, struct error *error);

/* Adds one CSV field (RFC 4180), with ' before a text that a spreadsheet would run as a formula. */
void csv_add_cell(struct strbuf *out, const char *text);

#endif
