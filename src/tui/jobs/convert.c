#include "convert_inner.h"

#include "kybdesk/base/confine.h"
#include "kybdesk/base/start.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define XML_BYTES_MAX (16 << 20) /* maximum bytes of XML; higher than for plain text: most bytes are markup */
#define TAB_CELLS 8
#define WORDS_MAX 12
#define UNZIP_PRINT "-pC"	     /* the letters of a part's name may be small or capital (ISO/IEC 29500-2) */
#define UNZIP_NAME_NOT_FOUND 11	     /* exit status of unzip if a part that the file need not have is missing */
#define SHEETS_MAX 64		     /* sheets of a workbook that are read */
#define CHAFA_CELL 8		     /* width and height in pixels of the cells that chafa assumes without a terminal */
#define OWN_COMMAND_TIMEOUT_MS 60000 /* time limit of a reviewer's own command */

#define ANYWAY_VARIABLE "KYBDESK_OPEN_UNCONFINED"

/* READS_PAGES: like READS_TEXT, but the pages can also be drawn, and are read by text recognition if the file has
 * no text. READS_WORDS, READS_SHEETS: what is read first, the relationships of the file, names the parts that are read. */
enum read_method { READS_TEXT, READS_PAGES, READS_WORDS, READS_SHEETS, READS_PICTURE };

/* The program that reads each content type; the type is detected from the bytes. */
static const struct media_reader {
	const char *media_type;
	enum read_method read_method;
	const char *program, *package;
	const char *arguments[WORDS_MAX];
} readers[] = {
	{ "application/pdf",
	  READS_PAGES,
	  "pdftotext",
	  "poppler-utils",
	  { "-layout", "-enc", "UTF-8", "-q", CONFINE_INPUT_NAME, "-" } },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	  READS_WORDS,
	  "unzip",
	  "unzip",
	  { UNZIP_PRINT, CONFINE_INPUT_NAME, "_rels/.rels" } },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	  READS_SHEETS,
	  "unzip",
	  "unzip",
	  { UNZIP_PRINT, CONFINE_INPUT_NAME, "_rels/.rels" } },
	{ "application/msword", READS_TEXT, "catdoc", "catdoc", { "-d", "utf-8", "-w", CONFINE_INPUT_NAME } },
	{ "application/vnd.ms-excel", READS_TEXT, "xls2csv", "catdoc", { "-d", "utf-8", CONFINE_INPUT_NAME } },
	{ "image/png", READS_PICTURE, "chafa", "chafa", { NULL } },
	{ "image/jpeg", READS_PICTURE, "chafa", "chafa", { NULL } },
	{ "image/heic", READS_PICTURE, "chafa", "chafa", { NULL } },
};

/* Expands tabs, unifies line ends, separates pages by a blank line. */
static void normalize_text(struct strbuf *out, const char *text, size_t length)
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

bool convert_sanitize(struct strbuf *out, const struct strbuf *text, enum text_mode mode)
{
	struct strbuf tidied = STRBUF_INIT;
	size_t length = text->len;
	bool cut = length > CONVERT_TEXT_MAX;
	if (cut) {
		length = CONVERT_TEXT_MAX;
		/* Does not cut inside a character */
		while (length && ((unsigned char)text->buf[length] & 0xc0) == 0x80)
			length--;
	}
	normalize_text(&tidied, text->buf, length);
	text_display_lines(out, tidied.buf, tidied.len, mode);
	strbuf_wipe(&tidied);
	return cut;
}

/* Counts the pages: pdftotext and tesseract end each page with a form feed, even a page without text. */
static size_t count_pages(const struct strbuf *text)
{
	size_t pages = 0;
	for (size_t i = 0; i < text->len; i++)
		pages += text->buf[i] == '\f';
	return pages;
}

static void find_page_ends(struct job *job, const struct strbuf *text)
{
	size_t *ends = arena_alloc_array(&job->arena, count_pages(text), sizeof *ends), lines = 0, count = 0;
	for (size_t i = 0; i < text->len; i++) {
		bool return_before_newline = text->buf[i] == '\r' && i + 1 < text->len && text->buf[i + 1] == '\n';
		lines += !return_before_newline && memchr("\r\n\f", text->buf[i], 3);
		if (text->buf[i] == '\f')
			ends[count++] = lines;
	}
	job->content.page_ends = ends;
	job->content.page_end_count = count;
}

bool convert_set_text(struct job *job, const struct strbuf *text)
{
	struct document_content *content = &job->content;
	content->is_truncated |= convert_sanitize(&content->text, text, job->mode);
	if (!content->text.len)
		return false;
	content->kind = CONTENT_TEXT;
	find_page_ends(job, text);
	doc_search_find_values(&job->arena, content->text.buf, content->text.len, &job->out.case_values,
			       &content->marked_spans);
	return true;
}

const char *convert_run_program(const struct conversion *conversion, const struct convert_program *program,
				struct strbuf *out, bool *cut)
{
	const struct confine_job job = { .argv = program->arguments,
					 .input = program->input->buf,
					 .length = program->input->len,
					 .limits = { .cpu_s = 10,
						     .wall_ms = 15000,
						     .memory_bytes = (size_t)1 << 30,
						     .file_bytes = (size_t)64 << 20,
						     .output_bytes = program->output_max },
					 .cancel_fd = conversion->cancel_fd,
					 .other_success = strcmp(program->name, "unzip") ? 0 : UNZIP_NAME_NOT_FOUND };
	struct arena *arena = &conversion->job->arena;
	struct error error = { 0 };
	enum confine_outcome end = CONFINE_DONE;
	const char *why = NULL;
	size_t before = out->len;
	const char *missing = confine_missing(), *anyway = world_environment(conversion->world, ANYWAY_VARIABLE);
	*cut = false;
	if (*missing && conversion->job->is_production && !(anyway && *anyway))
		return arena_printf(arena,
				    "%s is not started, because this kernel cannot confine it (%s is missing); an "
				    "administrator decides with " ANYWAY_VARIABLE "=1",
				    program->name, missing);
	if (confine_run(conversion->world, &job, out, &end, &error))
		why = arena_strdup(arena, error.message);
	else if (end == CONFINE_TIMED_OUT)
		why = arena_printf(arena, "%s needed too much time or memory for this file and was stopped",
				   program->name);
	else if (end != CONFINE_DONE && end != CONFINE_TRUNCATED && !(end == CONFINE_FAILED && out->len > before))
		why = arena_printf(arena, "%s cannot read this file", program->name);
	*cut = end != CONFINE_DONE;
	error_release(&error);
	return why;
}

bool convert_can_draw(const struct job *job)
{
	return job->content.kind == CONTENT_PICTURE || job->content.page_count;
}

static void set_picture_arguments(struct job *job, const char *words[WORDS_MAX + 2])
{
	size_t count = 1;
	words[count++] = "--format=symbols";
	words[count++] = "--colors=none";
	words[count++] = "--animate=off";
	/* A page has thin lines on white, so the page is drawn with dots of braille, where a set dot is ink. */
	words[count++] = job->mode == TEXT_ASCII ? "--symbols=ascii"
			 : job->picture_page	 ? "--symbols=braille"
						 : "--symbols=block";
	if (job->picture_page)
		words[count++] = "--invert";
	if (job->format.cell_height)
		words[count++] = arena_printf(&job->arena, "--font-ratio=%zu/%zu", job->format.cell_width,
					      job->format.cell_height);
	words[count++] = arena_printf(&job->arena, "--size=%zux%zu", job->cols, job->rows);
	words[count++] = CONFINE_INPUT_NAME;
	words[count] = NULL;
}

/* Measures a drawing made of characters, in cells. */
static void measure_text(const struct strbuf *text, size_t *cols, size_t *rows)
{
	*cols = *rows = 0;
	for (size_t at = 0; at < text->len; ++*rows) {
		const char *end = memchr(text->buf + at, '\n', text->len - at);
		size_t length = end ? (size_t)(end - text->buf) - at : text->len - at;
		size_t cells = text_width_cells(text->buf + at, length);
		*cols = cells > *cols ? cells : *cols;
		at += length + 1;
	}
}

/* chafa outputs unchanged pixels only in its format for kitty; in this format it assumes cells of 8 by 8 pixels. */
bool convert_read_picture(const struct conversion *conversion, size_t width, size_t height, struct pixels *pixels)
{
	struct job *job = conversion->job;
	const char *size = arena_printf(&job->arena, "--size=%zux%zu", (width + CHAFA_CELL - 1) / CHAFA_CELL,
					((height ? height : width) + CHAFA_CELL - 1) / CHAFA_CELL);
	const char *chafa = confine_find(&job->arena, "chafa");
	const char *words[] = { chafa,
				"--format=kitty",
				"--animate=off",
				height ? "--stretch" : "--font-ratio=1/1",
				size,
				CONFINE_INPUT_NAME,
				NULL };
	const struct convert_program program = { "chafa", words, &job->bytes, PIXELS_ACCEPTED_MAX * 6 };
	struct strbuf out = STRBUF_INIT;
	bool cut;
	bool read = chafa && !convert_run_program(conversion, &program, &out, &cut) && !cut &&
		    pixels_read_kitty(pixels, &out);
	strbuf_wipe(&out);
	return read;
}

static bool read_page_pixels(const struct conversion *conversion, size_t width, size_t height, struct pixels *pixels)
{
	const struct page_drawing drawing = { .page = conversion->job->picture_page, .dots = width, .height = height };
	struct strbuf out = STRBUF_INIT;
	bool read = !convert_page(conversion, &drawing, &out) && pixels_read_ppm(pixels, &out);
	strbuf_wipe(&out);
	return read;
}

/* Adds the picture's pixels to the response, in the size of the drawing made of characters. On failure, the
 * response has only this drawing. */
static void draw_pixels(const struct conversion *conversion)
{
	struct job *job = conversion->job;
	size_t cols, rows;
	struct pixels pixels = { 0 };
	measure_text(&job->content.text, &cols, &rows);
	size_t width = cols * job->format.cell_width, height = rows * job->format.cell_height;
	if (!width || !height || width > PIXELS_SIDE_MAX || height > PIXELS_SIDE_MAX)
		return;
	while (width * height > PIXELS_REQUESTED_MAX) {
		width -= width / 16;
		height -= height / 16;
	}
	strbuf_init(&pixels.rgb);
	if ((job->picture_page ? read_page_pixels : convert_read_picture)(conversion, width, height, &pixels)) {
		job->content.picture = picture_data_new(&pixels, &job->format, width, height);
		job->content.picture->serial = job->ticket;
	}
	pixels_wipe(&pixels);
}

/* Puts the drawing that chafa made of characters into the response, and also the pixels if the terminal shows
 * pixels. */
static void set_picture_text(const struct conversion *conversion, const struct strbuf *text, bool cut)
{
	struct document_content *content = &conversion->job->content;
	content->kind = CONTENT_PICTURE;
	content->is_truncated = cut;
	text_display_lines(&content->text, text->buf, text->len, conversion->job->mode);
	draw_pixels(conversion);
}

/* Draws one page of a PDF as a picture made of characters. */
static void draw_page_as_text(const struct conversion *conversion)
{
	struct job *job = conversion->job;
	const char *words[WORDS_MAX + 2] = { confine_find(&job->arena, "chafa") }, *why = NULL;
	struct strbuf page = STRBUF_INIT, text = STRBUF_INIT;
	const struct convert_program program = { "chafa", words, &page, CONVERT_TEXT_MAX };
	/* Each cell is two dots of braille wide. */
	const struct page_drawing drawing = { .page = job->picture_page, .dots = 2 * job->cols, .is_sharp = true };
	bool cut = false;
	set_picture_arguments(job, words);
	if (!words[0])
		why = "To draw a page, chafa is needed: install the package chafa";
	if (!why)
		why = convert_page(conversion, &drawing, &page);
	if (!why)
		why = convert_run_program(conversion, &program, &text, &cut);
	if (why)
		job->content.note = why;
	else
		set_picture_text(conversion, &text, cut);
	strbuf_wipe(&page);
	strbuf_wipe(&text);
}

static void set_plain_text(struct job *job, const struct strbuf *text)
{
	if (!convert_set_text(job, text))
		job->content.note = CONVERT_NO_TEXT " " CONVERT_COMPARE_HINT;
}

static void copy_values(struct arena *arena, const struct doc_search_values *from, struct doc_search_values *out)
{
	out->items = arena_alloc_array(arena, from->count, sizeof *out->items);
	out->count = from->count;
	for (size_t i = 0; i < from->count; i++) {
		out->items[i] = from->items[i];
		out->items[i].name = arena_strdup(arena, from->items[i].name);
		out->items[i].text = arena_strdup(arena, from->items[i].text);
		out->items[i].last_day = from->items[i].last_day ? arena_strdup(arena, from->items[i].last_day) : NULL;
	}
}

static void copy_form(struct arena *arena, const struct document_form *from, struct document_form *out)
{
	out->rows = arena_alloc_array(arena, from->count + 1, sizeof *out->rows);
	out->count = from->count;
	for (size_t i = 0; i < from->count; i++) {
		out->rows[i] = from->rows[i];
		out->rows[i].label = arena_strdup(arena, from->rows[i].label);
		out->rows[i].typed = arena_strdup(arena, from->rows[i].typed);
		out->rows[i].extracted = arena_strdup(arena, from->rows[i].extracted);
	}
}

/* A sentence that names the first missing program; NULL: all are installed. */
static const char *missing_program_text(struct arena *arena, size_t pages)
{
	static const struct {
		const char *program, *package;
	} needed[] = { { "tesseract", "tesseract-ocr" }, { "pdftoppm", "poppler-utils" } };
	for (size_t i = 0; i < (pages ? 2 : 1); i++)
		if (!confine_find(arena, needed[i].program))
			return arena_printf(arena, "To read the text, %s is needed: install the package %s",
					    needed[i].program, needed[i].package);
	return NULL;
}

/* Makes the request for a second response, which is about the same bytes and values. */
static struct job *make_second_request(struct job *job)
{
	struct job *second = job_new(JOB_DOCUMENT);
	second->ticket = job->ticket;
	second->mode = job->mode;
	second->is_production = job->is_production;
	copy_values(&second->arena, &job->out.case_values, &second->out.case_values);
	strbuf_add(&second->bytes, job->bytes.buf, job->bytes.len);
	job->content.is_partial = true;
	return second;
}

/* Makes the request that compares the found values with the pages; NULL: no required value was found. */
static struct job *make_comparison_request(struct job *job)
{
	bool is_needed = false;
	for (size_t i = 0; i < job->out.case_values.count; i++)
		is_needed |= job->out.case_values.items[i].found && job->out.case_values.items[i].required;
	struct job *second = is_needed ? make_second_request(job) : NULL;
	if (second)
		second->content.comparison = job->content.comparison = COMPARISON_PENDING;
	return second;
}

/* Makes the request that convert_scan() fills with recognised text, as a second response; copies the document's
 * bytes into it. The note of `job` announces the second response. NULL: no text will be recognised, and the note
 * gives the reason. pages: number of pages of a file without text; 0: the document is a picture. */
static struct job *make_scan_request(struct job *job, size_t pages)
{
	struct document_content *content = &job->content;
	bool picture = content->kind == CONTENT_PICTURE;
	const char *why = missing_program_text(&job->arena, pages);
	if (!picture && !pages)
		return NULL;
	if (why) {
		content->note = picture ? arena_printf(&job->arena, NOT_COMPARED "; compare it by eye. %s", why)
					: arena_printf(&job->arena, CONVERT_NO_TEXT " %s. " CONVERT_COMPARE_HINT, why);
		return NULL;
	}
	struct job *scan = make_second_request(job);
	scan->content.kind = content->kind;
	scan->content.is_truncated = picture && content->is_truncated;
	scan->content.page_count = pages;
	strbuf_add(&scan->content.text, content->text.buf, content->text.len);
	copy_form(&scan->arena, &job->out.form, &scan->out.form);
	scan->content.reader = picture ? content->reader : "tesseract";
	scan->out.document.sha256 = arena_strdup(&scan->arena, job->out.document.sha256);
	scan->out.document.media_type = arena_strdup(&scan->arena, job->out.document.media_type);
	scan->out.document.marks = job->out.document.marks ? arena_strdup(&scan->arena, job->out.document.marks) : "";
	scan->content.attachments = arena_strdup(&scan->arena, content->attachments);
	content->note = picture ? "Picture: tesseract is reading its text; compare the values by eye"
				: CONVERT_NO_TEXT
				" The first pages are being drawn and read by tesseract; Esc goes back at once";
	return scan;
}

/* Replaces the XML by that of these parts. Returns a sentence if that fails, else NULL. */
static const char *read_parts(const struct conversion *conversion, const char *const *words, struct strbuf *text,
			      bool *cut)
{
	const struct convert_program program = { "unzip", words, &conversion->job->bytes, XML_BYTES_MAX };
	bool is_cut;
	strbuf_wipe(text);
	const char *why = convert_run_program(conversion, &program, text, &is_cut);
	*cut |= is_cut;
	return why;
}

/* Replaces the XML of the relationships of an Office file by that of the parts that the file shows. Returns a sentence
 * if that fails, else NULL. */
static const char *read_office(const struct conversion *conversion, const struct media_reader *reader, const char *path,
			       struct strbuf *text, bool *cut)
{
	struct arena *arena = &conversion->job->arena;
	const bool is_book = reader->read_method == READS_SHEETS;
	const char *words[SHEETS_MAX + 5] = { path, UNZIP_PRINT, CONFINE_INPUT_NAME };
	const char *part = office_main_part(arena, text->buf ? text->buf : "", text->len,
					    is_book ? "xl/workbook.xml" : "word/document.xml");
	if (!part)
		return "Names no content that a program would show";
	const char *slash = strrchr(part, '/'), *name = slash ? slash + 1 : part,
		   *folder = arena_strndup(arena, part, (size_t)(name - part));
	bool has_more;

	words[3] = part;
	words[4] = is_book ? arena_printf(arena, "%s_rels/%s.rels", folder, name)
			   : arena_printf(arena, "%sheader*.xml", folder);
	words[5] = is_book ? NULL : arena_printf(arena, "%sfooter*.xml", folder);
	const char *why = read_parts(conversion, words, text, cut);
	if (why || !is_book)
		return why;
	words[3] = arena_printf(arena, "%ssharedStrings.xml", folder);
	memset(words + 4, 0, sizeof words - 4 * sizeof *words);
	if (!office_shown_sheets(arena, folder, text->buf ? text->buf : "", text->len, words + 4, SHEETS_MAX,
				 &has_more))
		return "Shows no sheet";
	*cut |= has_more;
	return read_parts(conversion, words, text, cut);
}

/* The names of the files that are attached to a PDF, from the lines "1: register.pdf" of pdfdetach; "": not known. */
static const char *list_attachments(const struct conversion *conversion)
{
	struct arena *arena = &conversion->job->arena;
	const char *words[] = { confine_find(arena, "pdfdetach"), "-list", "-enc", "UTF-8", CONFINE_INPUT_NAME, NULL };
	const struct convert_program program = { "pdfdetach", words, &conversion->job->bytes, CONVERT_TEXT_MAX };
	struct strbuf list = STRBUF_INIT, names = STRBUF_INIT, shown = STRBUF_INIT;
	bool cut;
	if (words[0] && !convert_run_program(conversion, &program, &list, &cut)) {
		for (const char *at = list.buf, *end; at && (end = strchr(at, '\n')); at = end + 1) {
			const char *name = at + strspn(at, "0123456789");
			if (name > at && !strncmp(name, ": ", 2) && end > name + 2)
				strbuf_addf(&names, "%s%.*s", names.len ? ", " : "", (int)(end - name - 2), name + 2);
		}
		(void)convert_sanitize(&shown, &names, conversion->job->mode);
	}
	strbuf_wipe(&list);
	strbuf_wipe(&names);
	return strbuf_finish(&shown, arena);
}

/* Runs the program that reads the document. Returns the request for a second response (convert_scan()), or NULL. */
static struct job *run_reader_program(const struct conversion *conversion, const struct media_reader *reader,
				      const char *path)
{
	struct job *job = conversion->job;
	const char *words[WORDS_MAX + 2] = { path };
	const struct convert_program program = { reader->program, words, &job->bytes, CONVERT_TEXT_MAX };
	const bool is_office = reader->read_method == READS_WORDS || reader->read_method == READS_SHEETS;
	struct strbuf text = STRBUF_INIT, plain = STRBUF_INIT;
	struct job *scan = NULL;
	bool cut;
	memcpy(words + 1, reader->arguments, sizeof reader->arguments);
	job->content.reader = reader->program;
	if (reader->read_method == READS_PAGES && job->out.document.marks &&
	    strstr(job->out.document.marks, file_mark_text(MARK_ATTACHMENTS)))
		job->content.attachments = list_attachments(conversion);
	if (reader->read_method == READS_PICTURE)
		set_picture_arguments(job, words);
	const char *why = convert_run_program(conversion, &program, &text, &cut);
	if (!why && is_office)
		why = read_office(conversion, reader, path, &text, &cut);
	if (why) {
		job->content.note = arena_printf(&job->arena, "%s. " CONVERT_SAVE_HINT, why);
	} else if (reader->read_method == READS_PICTURE) {
		set_picture_text(conversion, &text, cut);
		scan = job->is_reload ? NULL : make_scan_request(job, 0);
	} else if (is_office) {
		job->content.is_truncated = !office_extract_text(&plain, text.buf, text.len) || cut;
		set_plain_text(job, &plain);
	} else {
		job->content.is_truncated = cut;
		set_plain_text(job, &text);
		job->content.page_count = reader->read_method == READS_PAGES ? count_pages(&text) : 0;
		if (reader->read_method == READS_PAGES && job->content.kind == CONTENT_NONE)
			scan = make_scan_request(job, job->content.page_count);
		else if (reader->read_method == READS_PAGES)
			scan = make_comparison_request(job);
	}
	strbuf_wipe(&plain);
	strbuf_wipe(&text);
	return scan;
}

static bool has_text_bytes(const struct job *job)
{
	return job->bytes.len && !memchr(job->bytes.buf, 0, job->bytes.len) &&
	       text_is_valid(job->bytes.buf, job->bytes.len);
}

/* Runs a reviewer's own program. The program is not confined, but its output is as untrusted as a document. */
static void run_command(const struct world *world, struct job *job, int cancel_fd)
{
	struct strbuf out = STRBUF_INIT;
	struct error error = { 0 };
	struct program_job run = { .words = job->program_arguments,
				   .wait_ms = OWN_COMMAND_TIMEOUT_MS,
				   .output_max = CONVERT_TEXT_MAX,
				   .cancel_fd = cancel_fd,
				   .out = &out };
	struct document_content *content = &job->content;
	content->kind = CONTENT_TEXT;
	if (run_and_collect(world, &run, &error))
		content->note = arena_strdup(&job->arena, error.message);
	else if (run.outcome == PROGRAM_TIMED_OUT)
		content->note = arena_printf(&job->arena, "Stopped after %d seconds, the time limit",
					     OWN_COMMAND_TIMEOUT_MS / 1000);
	else if (run.outcome == PROGRAM_TRUNCATED)
		content->note =
			arena_printf(&job->arena, "Stopped: the output exceeded %d KiB", CONVERT_TEXT_MAX / 1024);
	else
		content->note = arena_printf(&job->arena, "Ended with status %d%s", run.status,
					     out.len ? "" : ", without output");
	content->is_truncated = convert_sanitize(&content->text, &out, job->mode) || run.outcome == PROGRAM_TRUNCATED;
	strbuf_wipe(&out);
	error_release(&error);
}

struct job *convert_document(const struct world *world, struct job *job, int cancel_fd)
{
	if (job->program_arguments) {
		run_command(world, job, cancel_fd);
		return NULL;
	}
	const struct conversion conversion = { world, job, cancel_fd };
	const char *media_type = job->out.document.media_type, *path;
	const struct media_reader *reader =
		ITEM_WITH_TEXT(readers, sizeof readers / sizeof readers[0], media_type, media_type);
	struct job *scan = NULL;
	job->content.kind = CONTENT_NONE;
	if (job->picture_page) {
		draw_page_as_text(&conversion);
		strbuf_wipe(&job->bytes);
		return NULL;
	}
	if (!reader && has_text_bytes(job))
		set_plain_text(job, &job->bytes);
	else if (!reader)
		job->content.note = arena_printf(
			&job->arena, "A file of the type %s cannot be shown here. " CONVERT_SAVE_HINT, media_type);
	else if (!(path = confine_find(&job->arena, reader->program)))
		job->content.note = arena_printf(
			&job->arena, "To show this file, %s is needed: install the package %s. " CONVERT_SAVE_HINT,
			reader->program, reader->package);
	else
		scan = run_reader_program(&conversion, reader, path);
	/* Drops the bytes now, unless the document can be drawn again in another size. */
	if (!convert_can_draw(job))
		strbuf_wipe(&job->bytes);
	return scan;
}
