#include "out/out.h"
#include "kybdesk/base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FLUSH_BYTES (64 * 1024)

void out_init(struct output *out, int fd, enum text_mode mode)
{
	struct winsize size;
	*out = (struct output){ .fd = fd, .mode = mode, .width_cells = OUT_WIDTH_NO_TERMINAL };
	strbuf_init(&out->pending);
	out->terminal = isatty(fd) == 1;
	if (out->terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		out->width_cells = size.ws_col;
}

void out_release(struct output *out)
{
	strbuf_release(&out->pending);
}

static void flush_output(struct output *out)
{
	if (!out->write_errno && !file_write_all(out->fd, out->pending.buf, out->pending.len))
		out->write_errno = errno;
	strbuf_reset(&out->pending);
}

void out_bytes(struct output *out, const void *bytes, size_t length)
{
	if (out->write_errno)
		return;
	strbuf_add(&out->pending, bytes, length);
	if (out->pending.len >= FLUSH_BYTES)
		flush_output(out);
}

void out_styled_line(struct output *out, enum cell_style style, const char *format, ...)
{
	struct strbuf text = STRBUF_INIT, line = STRBUF_INIT;
	va_list args;
	va_start(args, format);
	strbuf_vaddf(&text, format, args);
	va_end(args);
	if (out->use_color)
		strbuf_adds(&line, cell_style_begin_code(style));
	text_display(&line, text.buf, text.len, out->mode);
	if (out->use_color)
		strbuf_adds(&line, cell_style_end_code(style));
	strbuf_addch(&line, '\n');
	out_bytes(out, line.buf, line.len);
	strbuf_release(&line);
	strbuf_release(&text);
}

void out_heading(struct output *out, const char *title)
{
	out_bytes(out, "\n", 1);
	out_styled_line(out, CELL_TITLE, "%s", title);
}

void out_fact(struct output *out, int title_cells, const char *title, const char *text)
{
	if (*text)
		out_line(out, "%-*s %s", title_cells, title, text);
}

void out_facts(struct output *out, int title_cells, const char *const *facts)
{
	for (; *facts; facts += 2)
		out_fact(out, title_cells, facts[0], facts[1]);
}

void out_paragraph(struct output *out, size_t indent_cells, const char *format, ...)
{
	struct arena arena = ARENA_INIT;
	struct strbuf text = STRBUF_INIT, safe = STRBUF_INIT;
	va_list args;
	size_t width = out->width_cells > indent_cells + 20 ? out->width_cells - indent_cells : 20;
	va_start(args, format);
	strbuf_vaddf(&text, format, args);
	va_end(args);
	text_display_lines(&safe, text.buf, text.len, out->mode);
	for (const char *at = safe.buf; *at;) {
		size_t length = strcspn(at, "\n"), count = 0;
		char **lines = text_wrap(&arena, arena_strndup(&arena, at, length), width, &count);
		strbuf_reset(&text);
		for (size_t i = 0; i < count; i++)
			strbuf_addf(&text, "%*s%s\n", (int)indent_cells, "", lines[i]);
		out_bytes(out, text.buf, text.len);
		at += length + (at[length] == '\n');
	}
	strbuf_release(&safe);
	strbuf_release(&text);
	arena_release(&arena);
}

void out_table(struct output *out, const struct table *table, size_t indent_cells)
{
	struct strbuf text = STRBUF_INIT;
	struct table_layout layout = { .width_cells = out->terminal ? out->width_cells : SIZE_MAX,
				       .indent_cells = indent_cells,
				       .max_cell_width = out->terminal ? 0 : OUT_CELL_NO_TERMINAL,
				       .use_color = out->use_color };
	table_write(&text, table, &layout);
	out_bytes(out, text.buf, text.len);
	strbuf_release(&text);
}

static void write_json(struct output *out, struct json_value *value, bool pretty)
{
	struct strbuf text = STRBUF_INIT;
	json_write(&text, value, pretty ? JSON_PRETTY_LAYOUT : JSON_COMPACT_LAYOUT, true);
	out_bytes(out, text.buf, text.len);
	strbuf_release(&text);
	json_free(value);
}

void out_json(struct output *out, struct json_value *value)
{
	write_json(out, value, out->terminal && out->format != OUT_NDJSON);
}

void out_json_line(struct output *out, struct json_value *value)
{
	write_json(out, value, false);
}

enum err out_finish(struct output *out, struct error *error)
{
	flush_output(out);
	if (out->write_errno == 0 || out->write_errno == EPIPE)
		return ERR_OK;
	return error_set(error, ERR_INTERNAL,
			 "the result could not be written to standard output: %s; the changes of the command are saved",
			 strerror(out->write_errno));
}

/* Spreadsheets execute a cell that starts like a formula, even if the cell is quoted; some also accept the
 * full-width characters of East Asia. */
static bool is_formula(const char *text)
{
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (text_has_prefix(text, wide[i]))
			return true;
	return *text && strchr("=+-@\t\r", *text) != NULL;
}

/* CSV files are also shown in terminals, so their cells are sanitised like a table's. */
void csv_add_cell(struct strbuf *out, const char *text)
{
	struct strbuf safe = STRBUF_INIT;
	if (is_formula(text))
		strbuf_addch(&safe, '\'');
	text_display(&safe, text, strlen(text), TEXT_UTF8);
	if (safe.buf[strcspn(safe.buf, ",\"\r\n")] == '\0') {
		strbuf_add(out, safe.buf, safe.len);
	} else {
		strbuf_addch(out, '"');
		for (const char *at = safe.buf; *at; at++) {
			if (*at == '"')
				strbuf_addch(out, '"');
			strbuf_addch(out, *at);
		}
		strbuf_addch(out, '"');
	}
	strbuf_release(&safe);
}
