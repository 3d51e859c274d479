/*
 * Output for screen readers and braille lines: no boxes, no repainting, one line for each change, in reading order.
 * Screens draw on a surface as usual; these functions compare each frame with the last spoken frame. Pure: they
 * produce bytes, tty.c writes the bytes. Private to src/tui/term.
 *
 * A new screen or dialog is spoken completely, in order; of a queue only the row under the cursor, since cursor
 * movement speaks the other rows. After that, only changes are spoken: the status line first, then the row under
 * the cursor if the cursor moved. The first and the last row, with names and keys, are spoken once, and later only
 * their new parts. Typed text is spoken when typing rests: the screen reader speaks each key itself, and a line for
 * every letter would interrupt the screen reader.
 */
#ifndef KYBDESK_TUI_LINEAR_H
#define KYBDESK_TUI_LINEAR_H

#include "model/surface.h"

/* Wide enough to cut no word (src/tui/model/panes.h), high enough for every dialog. */
#define LINEAR_COLS 1000
#define LINEAR_ROWS 40
#define LINEAR_REST_MS 500	     /* time without input after which typed text is spoken */
#define LINEAR_PASSING_MS 1000	     /* progress shorter than this time is not spoken */
#define LINEAR_PASSING_AGAIN_MS 5000 /* interval of progress lines */

struct linear_frame; /* the spoken content of a surface */
struct linear {
	/* NULL none. seen: not spoken yet; under: the spoken frame below a dialog. */
	struct linear_frame *spoken, *seen, *under;
	uint64_t *part_hashes; /* hashes of parts of first and last rows */
	size_t part_hash_count;
	/* Monotonic. due_ms: when to speak the held-back lines, 0 none; passed_ms: when progress was last spoken. */
	int64_t due_ms, passed_ms;
	bool detail_pending; /* the explanation of the row under the cursor waits until detail_ms */
	int64_t detail_ms;
	size_t bytes; /* bytes spoken so far */
};

void linear_release(struct linear *linear);
/* Appends the lines of the surface's changes, or holds them back until linear_due(). */
void linear_update(struct linear *linear, const struct surface *surface, int64_t now_ms, struct strbuf *out);
/* Time of the next linear_speak() call; 0: no line is held back. */
int64_t linear_due(const struct linear *linear);
/* Appends the lines due by now_ms, or all held-back lines. */
void linear_speak(struct linear *linear, int64_t now_ms, bool all, struct strbuf *out);
/* Forgets what was spoken: the next surface is spoken completely. */
void linear_forget(struct linear *linear);

#endif
