#include "kybdesk/tui/convert.h"

#include "kybdesk/base/confine.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define TEXT_BYTES_MAX (1 << 20)
#define XML_BYTES_MAX (16 << 20) /* of which little is text */
#define TAB_CELLS 8
#define WORDS_MAX 12

enum reads { READS_TEXT, READS_XML, READS_PICTURE };

/* What reads which content, by the type that was found in the bytes themselves. */
static const struct reader_of {
	const char *media_type;
	enum reads reads;
	const char *program, *package;
	const char *words[WORDS_MAX];
} readers[] = {
	{ "application/pdf",
	  READS_TEXT,
	  "pdftotext",
	  "poppler-utils",
	  { "-layout", "-enc", "UTF-8", "-q", CONFINE_INPUT, "-" } },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	  READS_XML,
	  "unzip",
	  "unzip",
	  { "-p", CONFINE_INPUT, "word/document.xml", "word/header*.xml", "word/footer*.xml" } },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	  READS_XML,
	  "unzip",
	  "unzip",
	  { "-p", CONFINE_INPUT, "xl/sharedStrings.xml", "xl/worksheets/*.xml" } },
	{ "application/msword", READS_TEXT, "catdoc", "catdoc", { "-d", "utf-8", "-w", CONFINE_INPUT } },
	{ "application/vnd.ms-excel", READS_TEXT, "xls2csv", "catdoc", { "-d", "utf-8", CONFINE_INPUT } },
	{ "image/png", READS_PICTURE, "chafa", "chafa", { NULL } },
	{ "image/jpeg", READS_PICTURE, "chafa", "chafa", { NULL } },
};

static const struct reader_of *reader_of(const char *media_type)
{
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
		if (!strcmp(readers[i].media_type, media_type))
			return &readers[i];
	return NULL;
}

/* Tabs as the spaces they stand for, one kind of line end, a blank line between pages. */
static void tidy(struct strbuf *out, const char *text, size_t length)
{
	size_t col = 0;
	for (size_t at = 0; at < length; at++) {
		char c = text[at];
		if (c == '\r' && at + 1 < length && text[at + 1] == '\n')
			continue;
		if (c == '\t') {
			size_t cells = TAB_CELLS - col % TAB_CELLS;
			strbuf_addn(out, ' ', cells);
			col += cells;
			continue;
		}
		c = c == '\r' || c == '\f' ? '\n' : c;
		strbuf_addch(out, c);
		col = c == '\n' ? 0 : col + ((c & 0xc0) != 0x80);
	}
	while (out->len && (out->buf[out->len - 1] == '\n' || out->buf[out->len - 1] == ' '))
		strbuf_truncate(out, out->len - 1);
}

/* Made safe, and compared with the case. */
static void take_text(struct work *work, const char *text, size_t length)
{
	struct paper_text *paper = &work->paper;
	struct strbuf clean = STRBUF_INIT;
	if (length > TEXT_BYTES_MAX) {
		length = TEXT_BYTES_MAX;
		while (length && ((unsigned char)text[length] & 0xc0) == 0x80) /* not within a character */
			length--;
		paper->cut = true;
	}
	tidy(&clean, text, length);
	text_display_lines(&paper->text, clean.buf, clean.len, work->mode);
	strbuf_release(&clean);
	paper->kind = PAPER_TEXT;
	agree_find(&work->arena, paper->text.buf, paper->text.len, &work->out.agrees, &paper->marks);
	if (!paper->text.len) {
		paper->kind = PAPER_NONE;
		paper->note = "No text is in it: perhaps it is a scan. Compare it by eye: kybdesk document save "
			      "writes the file";
	}
}

static const char *failed_because(struct arena *arena, enum confine_end end, const char *program)
{
	if (end == CONFINE_TIMED_OUT)
		return arena_printf(arena,
				    "%s took too long over this file, or too much memory, and was ended. "
				    "kybdesk document save writes the file",
				    program);
	return arena_printf(arena, "%s cannot read this file. kybdesk document save writes the file", program);
}

struct converting {
	const struct world *world;
	const struct reader_of *reader;
	const char *path;
	int cancel_fd;
};

static void picture_words(struct work *work, const char *words[WORDS_MAX + 2])
{
	size_t count = 1;
	words[count++] = "--format=symbols";
	words[count++] = "--colors=none";
	words[count++] = "--animate=off";
	words[count++] = work->mode == TEXT_ASCII ? "--symbols=ascii" : "--symbols=block";
	words[count++] = arena_printf(&work->arena, "--size=%zux%zu", work->cols, work->rows);
	words[count++] = CONFINE_INPUT;
	words[count] = NULL;
}

static void run_reader(const struct converting *converting, struct work *work)
{
	const struct reader_of *reader = converting->reader;
	const char *words[WORDS_MAX + 2] = { converting->path };
	struct strbuf text = STRBUF_INIT, plain = STRBUF_INIT;
	struct error error = { 0 };
	enum confine_end end = CONFINE_DONE;
	for (size_t i = 0; i < WORDS_MAX; i++)
		words[i + 1] = reader->words[i];
	if (reader->reads == READS_PICTURE)
		picture_words(work, words);
	const struct confine_job job = { .argv = words,
					 .input = work->bytes.buf,
					 .length = work->bytes.len,
					 .limits = { .cpu_s = 10,
						     .wall_ms = 15000,
						     .memory_bytes = (size_t)1 << 30,
						     .file_bytes = (size_t)64 << 20,
						     .output_bytes = reader->reads == READS_XML ? XML_BYTES_MAX
												: TEXT_BYTES_MAX },
					 .cancel_fd = converting->cancel_fd };
	if (confine_run(converting->world, &job, &text, &end, &error)) {
		work->paper.note = arena_strdup(&work->arena, error.message);
	} else if (end == CONFINE_DONE || end == CONFINE_CUT || (end == CONFINE_FAILED && text.len)) {
		work->paper.cut = end != CONFINE_DONE;
		if (reader->reads == READS_XML)
			office_text(&plain, text.buf, text.len);
		if (reader->reads == READS_PICTURE) {
			work->paper.kind = PAPER_PICTURE;
			text_display_lines(&work->paper.text, text.buf, text.len, work->mode);
		} else if (reader->reads == READS_XML) {
			take_text(work, plain.buf, plain.len);
		} else {
			take_text(work, text.buf, text.len);
		}
	} else {
		work->paper.note = failed_because(&work->arena, end, reader->program);
	}
	error_release(&error);
	strbuf_release(&plain);
	strbuf_release(&text);
}

static bool is_text(const struct work *work)
{
	return work->bytes.len && !memchr(work->bytes.buf, 0, work->bytes.len) &&
	       text_is_valid(work->bytes.buf, work->bytes.len);
}

void convert_paper(const struct world *world, struct work *work, int cancel_fd)
{
	const char *media_type = work->out.document.media_type;
	struct converting converting = { .world = world, .reader = reader_of(media_type), .cancel_fd = cancel_fd };
	work->paper.kind = PAPER_NONE;
	if (!converting.reader && is_text(work)) {
		take_text(work, work->bytes.buf, work->bytes.len);
	} else if (!converting.reader) {
		work->paper.note = arena_printf(&work->arena,
						"A file of the type %s cannot be shown here. kybdesk document save "
						"writes it into a file",
						media_type);
	} else if (!(converting.path = confine_find(&work->arena, converting.reader->program))) {
		work->paper.note = arena_printf(&work->arena,
						"To show it here, %s is needed: install the package %s. kybdesk "
						"document save writes the file",
						converting.reader->program, converting.reader->package);
	} else {
		run_reader(&converting, work);
	}
	/* What was seen is in the text; the bytes need not stay. */
	strbuf_wipe(&work->bytes);
}
