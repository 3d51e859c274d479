/*
 * A surface for who hears it (workbench.md, "--accessible"): no boxes, no repainting, one line for each change, made to
 * be read by a screen reader or a braille line in the order in which it comes. Screens draw as ever; this compares what
 * they drew with what was said last. Pure: it makes bytes, tty.c writes them. Private to src/tui/term.
 *
 * A new screen or dialog is said whole, in order; of a queue the row under the cursor, for the others come as one
 * moves. After that only what changed is said: what happened (the status line) first, the row under the cursor where it
 * moved. The first and the last row, with names and keys, are said once, and later only what is new in them. What is
 * typed is said when it rests: the reader speaks the keys themselves, and a line for every letter would drown them.
 */
#ifndef KYBDESK_TUI_LINEAR_H
#define KYBDESK_TUI_LINEAR_H

#include "kybdesk/tui/surface.h"

/* So wide that no word is cut (kybdesk/tui/panes.h), so high that no dialog has to leave anything out. */
#define LINEAR_COLS 1000
#define LINEAR_ROWS 40
#define LINEAR_REST_MS 500	     /* without another letter: what is typed rests */
#define LINEAR_PASSING_MS 1000	     /* so long what passes is not worth a line */
#define LINEAR_PASSING_AGAIN_MS 5000 /* and then no more often */

struct linear_frame; /* what was heard of a surface */
struct linear {
	struct linear_frame *spoken, *seen, *under; /* NULL none; under: what a dialog lies over, as it was said */
	uint64_t *known;			    /* parts of first and last rows */
	size_t known_count;
	int64_t due_ms, passed_ms; /* monotonic; held back until, 0 nothing is; when what passes was said last */
	bool detail_waits;	   /* what explains the row under the cursor, until detail_ms */
	int64_t detail_ms;
	size_t bytes; /* said so far */
};

void linear_release(struct linear *linear);
/* Appends the lines that the surface changes, or holds them back until linear_due. */
void linear_take(struct linear *linear, const struct surface *surface, int64_t now_ms, struct strbuf *out);
/* When linear_say() is to be called, 0: nothing is held back. */
int64_t linear_due(const struct linear *linear);
/* What was held back until now, or `all` that is. */
void linear_say(struct linear *linear, int64_t now_ms, bool all, struct strbuf *out);
/* The next surface is said whole. */
void linear_forget(struct linear *linear);

#endif
