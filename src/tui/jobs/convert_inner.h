/* Shared by convert.c, which reads the content of files, and scan.c, which recognises text in pictures. */
#ifndef KYBDESK_TUI_JOB_CONVERT_INNER_H
#define KYBDESK_TUI_JOB_CONVERT_INNER_H

#include "jobs/convert.h"

#define CONVERT_TEXT_MAX (1 << 20)
#define CONVERT_SAVE "Save the file with: kybdesk document save"
#define CONVERT_BY_EYE "Compare it by eye. " CONVERT_SAVE
#define NOT_COMPARED "A picture: not compared with the case"
#define CONVERT_NO_TEXT "The document contains no text; it may be a scan."

struct converting {
	const struct world *world;
	struct job *job; /* the response; its arena has the texts */
	int cancel_fd;
};
/* A confined run of a program on some bytes. */
struct convert_program {
	const char *name, *const *words;
	const struct strbuf *input;
	size_t output_max;
};
/* Runs the program and appends its output; `cut`: the output is incomplete. Returns NULL, or the reason for no output,
 * without a full stop. */
const char *convert_run(const struct converting *converting, const struct convert_program *program,
			struct strbuf *out, bool *cut);
/* Sanitises text into lines; true: truncated. */
bool convert_clean(struct strbuf *out, const struct strbuf *text, enum text_mode mode);
/* Sanitises the text, shows it, and compares it with the case. False: no text. */
bool convert_take_text(struct job *job, const struct strbuf *text);

/* Draws a page of a PDF. dots: the longer side of a grey picture; with `sharp`, the width of a picture without grey
 * edges; with `height`, the width of a colour picture of exactly this size. The page's own size is not trusted. Returns
 * NULL, or the reason of the failure. */
struct page_drawing {
	size_t page, dots, height;
	bool sharp;
};
const char *convert_page(const struct converting *converting, const struct page_drawing *drawing,
			 struct strbuf *out);
/* Whether the document can be drawn again in another size: then its bytes stay with the response. */
bool convert_can_draw(const struct job *job);

#endif
