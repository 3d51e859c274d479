/* What the two halves of converting share: by what a file says (convert.c), and by how it looks (scan.c). */
#ifndef KYBDESK_TUI_JOB_CONVERT_INNER_H
#define KYBDESK_TUI_JOB_CONVERT_INNER_H

#include "kybdesk/tui/convert.h"

#define CONVERT_TEXT_MAX (1 << 20)
#define CONVERT_SAVE "kybdesk document save writes the file"
#define CONVERT_BY_EYE "Compare it by eye: " CONVERT_SAVE
#define CONVERT_NO_TEXT "No text is in it: perhaps it is a scan."

struct converting {
	const struct world *world;
	int cancel_fd;
};
/* One confined run over some bytes. */
struct convert_program {
	struct arena *arena; /* of the answer's sentences */
	const char *name, *const *words;
	const struct strbuf *input;
	size_t output_max;
};
/* Appends its output; `cut`: not all of it. NULL, or why there is none: a sentence without its full stop. */
const char *convert_run(const struct converting *converting, const struct convert_program *program,
			struct strbuf *out, bool *cut);
/* Made safe, in lines; true: not all of it. */
bool convert_clean(struct strbuf *out, const struct strbuf *text, enum text_mode mode);
/* Made safe, shown, and compared with the case. False: nothing is in it. */
bool convert_take_text(struct job *job, const struct strbuf *text);

/* A second answer to the same question, which takes the bytes; work says that it comes. NULL: work says why none does.
 * pages: of a file without text; 0: it is a picture. */
struct job *scan_of(struct job *job, size_t pages);

#endif
