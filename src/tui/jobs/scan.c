/* Reads text with tesseract: in pictures, and in drawn pages of a file without text. */
#include "convert_inner.h"

#include "kybdesk/base/confine.h"
#include "kybdesk/base/text.h"

/* Pixels of the longer side of a page or picture: about 200 dots per inch on A4. This limits the picture's size, even
 * if the page declares a larger size. */
#define PAGE_SIDE_PIXELS 2400
#define PAGE_BYTES_MAX (PAGE_SIDE_PIXELS * PAGE_SIDE_PIXELS + 64) /* one byte for each dot, and the header */
#define PAGES_MAX 3
#define PAGES_TIMEOUT_MS 30000 /* after this time, no further page is read */

static const char *recognise_text(const struct conversion *conversion, const struct strbuf *picture, struct strbuf *out)
{
	const char *tesseract = confine_find(&conversion->job->arena, "tesseract");
	if (!tesseract)
		return "tesseract is not installed";
	const char *words[] = { tesseract, CONFINE_INPUT_NAME, "stdout", "-l", "eng", NULL };
	const struct convert_program program = { "tesseract", words, picture, CONVERT_TEXT_MAX };
	bool cut;
	return convert_run_program(conversion, &program, out, &cut);
}

/* Reads the letters of the picture as it is painted: decoded, and turned as its EXIF data say. */
static const char *recognise_painted(const struct conversion *conversion, struct strbuf *out)
{
	struct pixels pixels = { 0 };
	struct strbuf pixmap = STRBUF_INIT;
	const char *why = "chafa cannot read this file";
	strbuf_init(&pixels.rgb);
	if (convert_read_picture(conversion, PAGE_SIDE_PIXELS, 0, &pixels)) {
		strbuf_addf(&pixmap, "P6\n%zu %zu\n255\n", pixels.width, pixels.height);
		strbuf_add(&pixmap, pixels.rgb.buf, pixels.rgb.len);
		why = recognise_text(conversion, &pixmap, out);
	}
	strbuf_wipe(&pixmap);
	pixels_wipe(&pixels);
	return why;
}

/* Looks for the case's values in the letters. Returns whether each was found. */
static bool find_in_letters(struct job *scan, const struct strbuf *letters, struct strbuf *clean)
{
	struct doc_search_spans places; /* not used: marks in the recognised text, which is not displayed */
	bool all = true;
	strbuf_reset(clean);
	(void)convert_sanitize(clean, letters, TEXT_UTF8);
	doc_search_find_values(&scan->arena, clean->len ? clean->buf : "", clean->len, &scan->out.case_values, &places);
	for (size_t i = 0; i < scan->out.case_values.count; i++)
		all &= scan->out.case_values.items[i].found;
	return all;
}

/* Reads the picture as it is stored, with unchanged dots; then, if a value is missing, also as it is painted. */
static void read_picture(const struct conversion *conversion)
{
	struct job *scan = conversion->job;
	struct strbuf letters = STRBUF_INIT, clean = STRBUF_INIT;
	const char *why = recognise_text(conversion, &scan->bytes, &letters);
	if (!find_in_letters(scan, &letters, &clean)) {
		(void)recognise_painted(conversion, &letters);
		(void)find_in_letters(scan, &letters, &clean);
	}
	if (!clean.len) {
		scan->content.note = arena_printf(&scan->arena, NOT_COMPARED " (%s); compare it by eye",
						  why ? why : "tesseract found no letters");
	} else {
		scan->content.note = "Read from a picture; it may contain errors";
		scan->content.is_text_compared = true;
	}
	strbuf_wipe(&clean);
	strbuf_wipe(&letters);
}

const char *convert_page(const struct conversion *conversion, const struct page_drawing *drawing, struct strbuf *out)
{
	struct arena *arena = &conversion->job->arena;
	const char *number = arena_printf(arena, "%zu", drawing->page),
		   *size = arena_printf(arena, "%zu", drawing->dots),
		   *height = arena_printf(arena, "%zu", drawing->height);
	const char *program_path = confine_find(arena, "pdftoppm");
	const char *grey[] = { program_path, "-q",   "-cropbox", "-gray", "-scale-to",	      size,
			       "-f",	     number, "-l",	 number,  CONFINE_INPUT_NAME, NULL };
	/* Without anti-aliasing each dot is black or white, so that thin letters stay visible. */
	const char *dots[] = { program_path, "-q",	  "-cropbox", "-gray",	     "-png", "-aa",
			       "no",	     "-aaVector", "no",	      "-scale-to-x", size,   "-scale-to-y",
			       "-1",	     "-f",	  number,     "-l",	     number, CONFINE_INPUT_NAME,
			       NULL };
	const char *colours[] = { program_path, "-q", "-cropbox", "-scale-to-x",      size, "-scale-to-y", height, "-f",
				  number,	"-l", number,	  CONFINE_INPUT_NAME, NULL };
	const struct convert_program program = { "pdftoppm",
						 drawing->height     ? colours
						 : drawing->is_sharp ? dots
								     : grey,
						 &conversion->job->bytes,
						 drawing->height ? drawing->dots * drawing->height * 3 + 64
								 : PAGE_BYTES_MAX };
	bool cut;
	if (!program_path)
		return "To draw a page, pdftoppm is needed: install the package poppler-utils";
	const char *why = convert_run_program(conversion, &program, out, &cut);
	if (!why && (cut || !out->len)) /* a page that is drawn only in part is useless */
		why = "pdftoppm cannot draw this file";
	return why;
}

const char *convert_read_page(const struct conversion *conversion, size_t page, struct strbuf *out)
{
	struct strbuf picture = STRBUF_INIT;
	const struct page_drawing drawing = { .page = page, .dots = PAGE_SIDE_PIXELS };
	const char *why = convert_page(conversion, &drawing, &picture);
	if (!why)
		why = recognise_text(conversion, &picture, out);
	strbuf_wipe(&picture);
	return why;
}

static const char *first_pages_text(struct arena *arena, size_t pages)
{
	return pages == 1 ? "the first page" : arena_printf(arena, "the first %zu pages", pages);
}

static void read_pages(const struct conversion *conversion)
{
	struct job *scan = conversion->job;
	struct document_content *content = &scan->content;
	struct strbuf letters = STRBUF_INIT;
	int64_t until = world_monotonic_ms(conversion->world) + PAGES_TIMEOUT_MS;
	const char *why = NULL;
	size_t read = 0;
	while (!why && read < content->page_count && read < PAGES_MAX &&
	       (!read || world_monotonic_ms(conversion->world) < until)) {
		why = convert_read_page(conversion, read + 1, &letters);
		read += !why;
	}
	if (convert_set_text(scan, &letters)) {
		content->is_truncated |= read < content->page_count;
		content->note = arena_printf(&scan->arena, "Text recognised by tesseract in %s; it may contain errors",
					     first_pages_text(&scan->arena, read ? read : 1));
	} else if (read) {
		content->note = arena_printf(
			&scan->arena,
			"The document contains no text, and tesseract found none on %s. " CONVERT_COMPARE_HINT,
			first_pages_text(&scan->arena, read));
	} else {
		content->note = arena_printf(&scan->arena, CONVERT_NO_TEXT " %s. " CONVERT_COMPARE_HINT, why);
	}
	strbuf_wipe(&letters);
}

void convert_scan(const struct world *world, struct job *scan, int cancel_fd)
{
	const struct conversion conversion = { world, scan, cancel_fd };
	if (scan->content.comparison)
		convert_compare_pages(&conversion);
	else if (scan->content.kind == CONTENT_PICTURE)
		read_picture(&conversion);
	else
		read_pages(&conversion);
	if (!convert_can_draw(scan))
		strbuf_wipe(&scan->bytes);
}
