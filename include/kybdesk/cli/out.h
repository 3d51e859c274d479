/*
 * Output of a command: one buffered, checked way to standard output. The first failed write is remembered, and
 * nothing more is written; a closed pipe ends quietly, any other failure is an error of out_finish(). Text for
 * people passes text_display() here; JSON and CSV have their own encoders.
 */
#ifndef KYBDESK_CLI_OUT_H
#define KYBDESK_CLI_OUT_H

#include "kybdesk/cli/table.h"
#include "kybdesk/codec/json.h"

enum out_format { OUT_TABLE, OUT_JSON, OUT_NDJSON, OUT_CSV };

/* Widths without a terminal: of paragraphs, and of one table cell. Tables may be wider, since a pipe is searched
 * and copied from. */
#define OUT_WIDTH_NO_TERMINAL 100
#define OUT_CELL_NO_TERMINAL 200

struct out {
	int fd;
	enum out_format format;
	enum text_mode mode;
	bool terminal, color;
	size_t width_cells;
	struct strbuf pending;
	int failure; /* errno of the first failed write, 0 none */
};

/* Detects whether fd is a terminal, and its width. */
void out_init(struct out *out, int fd, enum text_mode mode);
void out_release(struct out *out);
void out_bytes(struct out *out, const void *bytes, size_t length); /* unchanged */
/* One line of text, sanitised, with '\n'. */
void out_line(struct out *out, const char *format, ...) KYB_PRINTF(2, 3);
void out_styled_line(struct out *out, enum cell_style style, const char *format, ...) KYB_PRINTF(3, 4);
/* A title behind an empty line. */
void out_heading(struct out *out, const char *title);
/* "TITLE     text", the title in as many cells; nothing for "". */
void out_fact(struct out *out, int title_cells, const char *title, const char *text);
/* Text that may have several lines, wrapped to the width, each line indented. */
void out_paragraph(struct out *out, size_t indent_cells, const char *format, ...) KYB_PRINTF(3, 4);
void out_table(struct out *out, const struct table *table, size_t indent_cells);
/* Takes ownership of the value. One line when piped, so that another command can read it; several lines on a
 * terminal (not for OUT_NDJSON). */
void out_json(struct out *out, struct json_value *value);
/* As out_json(), but always one line: for streams, and output that only programs read. */
void out_json_line(struct out *out, struct json_value *value);
/* Writes what is pending. ERR_INTERNAL if a write failed (but not for a closed pipe). */
enum err out_finish(struct out *out, struct error *error) KYB_MUST_USE;

/* One CSV field (RFC 4180), with ' before a cell that a spreadsheet would run as a formula. */
void csv_cell(struct strbuf *out, const char *text);

#endif
