/* Shared by convert.c, which reads the content of files, and scan.c, which recognises text in pictures. */
#ifndef KYBDESK_TUI_JOB_CONVERT_INNER_H
#define KYBDESK_TUI_JOB_CONVERT_INNER_H

#include "jobs/convert.h"
#include "model/pixels.h"

#define CONVERT_TEXT_MAX (1 << 20)
#define CONVERT_SAVE_HINT "Save the file with: kybdesk document save"
#define CONVERT_COMPARE_HINT "Compare it by eye. " CONVERT_SAVE_HINT
#define NOT_COMPARED "A picture: not compared with the case"
#define CONVERT_NO_TEXT "The document contains no text; it may be a scan."

struct conversion {
	const struct world *world;
	struct job *job; /* the response; its arena has the texts */
	int cancel_fd;
};
/* A confined run of a program on some bytes. */
struct convert_program {
	const char *name, *const *arguments;
	const struct strbuf *input;
	size_t output_max;
};
/* Runs the program and appends its output to `out`. *cut: the output is incomplete. Returns NULL, or why the output
 * cannot be used, without a full stop. */
const char *convert_run_program(const struct conversion *conversion, const struct convert_program *program,
				struct strbuf *out, bool *cut);
/* Makes the text safe for the terminal, in lines. True: the text was too long and was cut. */
bool convert_sanitize(struct strbuf *out, const struct strbuf *text, enum text_mode mode);
/* Makes the text safe for the terminal, puts it into the response, and compares it with the case. False: the text
 * is empty. */
bool convert_set_text(struct job *job, const struct strbuf *text);

/* Draws a page of a PDF, in grey, with `dots` pixels on the longer side. If `is_sharp` is set: without
 * anti-aliasing, `dots` pixels wide. If `height` is set: in colour, exactly `dots` by `height` pixels. The size
 * that the page declares is not trusted. Returns NULL, or why the page was not drawn. */
struct page_drawing {
	size_t page, dots, height;
	bool is_sharp;
};
const char *convert_page(const struct conversion *conversion, const struct page_drawing *drawing, struct strbuf *out);
/* Draws a page of a PDF and reads its letters. Returns NULL, or why they were not read. */
const char *convert_read_page(const struct conversion *conversion, size_t page, struct strbuf *out);
/* Reads the pixels of a picture as chafa paints it: decoded, and turned as its EXIF data say. height 0: in its own
 * proportions, at most `width` on each side. False: it cannot be painted. */
bool convert_read_picture(const struct conversion *conversion, size_t width, size_t height, struct pixels *pixels);
/* painted.c: sets `unpainted` of the found values, and the comparison's result. */
void convert_compare_pages(const struct conversion *conversion);
/* Whether the document can be drawn again in another size; the response then keeps the document's bytes. */
bool convert_can_draw(const struct job *job);

#endif
