/* Output for screen readers and braille displays: no boxes, no repainting, one line for each change, in reading
 * order. Screens draw on a surface as usual; these functions compare each frame with the frame that was spoken
 * last. Pure: the functions produce bytes, and tty.c writes the bytes. Private to src/tui/term.
 *
 * A new screen or dialog is spoken completely, in order. In a queue, only the row under the cursor is spoken: the
 * other rows are spoken when the cursor moves there. After that, only changes are spoken: first the status line,
 * then the row under the cursor if the cursor has moved. The first and the last row, with names and keys, are
 * spoken once; later only their new parts are spoken. Typed text is spoken when the user stops typing: the screen
 * reader itself speaks each key, and a line for every letter would interrupt it. */
#ifndef KYBDESK_TUI_LINEAR_H
#define KYBDESK_TUI_LINEAR_H

#include "model/surface.h"

/* Wide enough that no word is cut (src/tui/model/panes.h), and high enough for every dialog. */
#define LINEAR_COLS 1000
#define LINEAR_ROWS 40
#define LINEAR_PAUSE_MS 500	      /* time without input after which typed text is spoken */
#define LINEAR_PROGRESS_MIN_MS 1000   /* progress messages that last less than this time are not spoken */
#define LINEAR_PROGRESS_EVERY_MS 5000 /* time between two lines about progress */

struct linear_frame; /* one frame as the lines that are spoken for it */
struct linear {
	/* spoken_frame: the frame that was spoken last; unspoken_frame: a newer frame that was not spoken yet;
	 * frame_before_dialog: the frame that was spoken before a dialog opened. NULL none. */
	struct linear_frame *spoken_frame, *unspoken_frame, *frame_before_dialog;
	uint64_t *part_hashes; /* hashes of spoken parts of lines that several screens have, like the first row */
	size_t part_hash_count;
	/* Monotonic times. due_ms: when to speak the lines that are held back, 0 none; progress_spoken_ms: when
	 * progress was last spoken. */
	int64_t due_ms, progress_spoken_ms;
	bool detail_pending; /* the explanation of the row under the cursor is spoken at detail_ms */
	int64_t detail_ms;
	size_t byte_count; /* number of bytes produced so far */
};

void linear_release(struct linear *linear);
/* Appends the lines for the changes of the surface, or holds them back until the time linear_due_ms(). */
void linear_update(struct linear *linear, const struct surface *surface, int64_t now_ms, struct strbuf *out);
/* Monotonic time at which linear_speak() must be called; 0: no line is held back. */
int64_t linear_due_ms(const struct linear *linear);
/* Appends the lines that are due at now_ms; all: appends every line that is held back. */
void linear_speak(struct linear *linear, int64_t now_ms, bool all, struct strbuf *out);
/* Forgets the spoken frames, so that the next surface is spoken completely. */
void linear_forget_frames(struct linear *linear);

#endif
