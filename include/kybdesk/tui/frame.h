/*
 * What every screen shares: who works where and when, the header and the
 * status line, and the words and marks for the things of a case. Pure.
 */
#ifndef KYBDESK_TUI_FRAME_H
#define KYBDESK_TUI_FRAME_H

#include "kybdesk/tui/panes.h"
#include "kybdesk/tui/surface.h"
#include "kybdesk/tui/job.h"

#define LEAST_COLS 60
#define LEAST_ROWS 15

struct frame {
	enum text_mode mode;
	int64_t now;
	int clock_offset_minutes;
	const char *actor;
	enum role role;
	bool sandbox, readonly, demo;
	const char *home;      /* "" unknown */
	bool remote;	       /* reached over the line: files of the reviewer's own machine are elsewhere */
	const char *open_with; /* the program that shows documents outside; "" none may */
	const char *outside;   /* the folder of the files that it shows; "" there is none */
	const char *editor;    /* the program that letters may be written in, $VISUAL or $EDITOR; "" none may */
	struct job_counts counts;
	bool counts_known;
};

/* The status line: what happened last, and what can be taken back. */
enum status_tone { STATUS_PLAIN, STATUS_GOOD, STATUS_BAD };
/* What was done to which case. Name and reference are seen at every width: what follows goes first, then the end of the
 * name. */
struct announcement {
	const char *done; /* "Approved" */
	const char *name;
	const char *reference; /* "" none */
	const char *after;     /* " · webhook to northwind-pay in 10 s" */
};
/* A decision whose grace lasts, or one that the system took back (held) and the reviewer has not read yet; or the last verdict or
 * removal in a case, offered while that case is open. */
struct undoable {
	char id[UUID_TEXT_SIZE];
	char parent[UUID_TEXT_SIZE]; /* the case it was opened from, "" none */
	int64_t until;		     /* TIME_NONE: a verdict or a removal, which has no time limit */
	int64_t version;	     /* of the case after the decision; 0: the workbench does not look for a hold */
	bool held;		     /* cannot be undone; shown in the status line until a key is pressed */
	const char *what;	     /* constant: "approval" */
	char *name, *reference;	     /* malloc'd */
};
#define UNDO_MAX 16
struct status {
	enum status_tone tone;
	char *text;			/* malloc'd, NULL none; of an announcement: what was done */
	char *short_text;		/* for narrow screens, NULL: text */
	char *name, *reference, *after; /* of an announcement, NULL: there is none */
	struct undoable undo[UNDO_MAX]; /* the newest last */
	size_t undo_count;
	int64_t held_shown_ms;	   /* monotonic: when the first held decision was painted; 0 not yet */
	char here[UUID_TEXT_SIZE]; /* the open case, "" none */
};
void status_init(struct status *status);
void status_release(struct status *status);
void status_set(struct status *status, enum status_tone tone, const char *format, ...) KYB_PRINTF(3, 4);
void status_set_short(struct status *status, const char *format, ...) KYB_PRINTF(2, 3);
void status_announce(struct status *status, enum status_tone tone, const struct announcement *announcement);
void status_clear(struct status *status); /* the text; what can be undone stays */
/* "Harbour Lane Trading Ltd (RAL-2031)" */
char *case_title(struct arena *arena, const char *name, const char *reference);
/* Copies; a second one of the same case takes the place of the first, but a verdict takes the place of a verdict alone. */
void status_undo_add(struct status *status, const struct undoable *undoable);
void status_enter(struct status *status, const char *id); /* which case is open, "" none */
void status_undo_drop(struct status *status, const char *id);
void status_verdict_drop(struct status *status, const char *id); /* a decision on the case stays */
/* The newest one that can be undone, NULL none. */
const struct undoable *status_undo(const struct status *status, int64_t now);
/* Whole seconds left to undo; 0: none. */
int64_t undo_seconds(const struct undoable *undoable, int64_t now);
int64_t status_undo_seconds(const struct status *status, int64_t now); /* of the newest */
/* The held decision that the status line shows, NULL none. */
const struct undoable *status_held(const struct status *status);
void status_draw(const struct status *status, struct surface *surface, size_t row, int64_t now);

void frame_header(const struct frame *frame, struct surface *surface, size_t row);
char *frame_clock(struct arena *arena, const struct frame *frame);

/* Words and marks. All in the arena or constant. */
char *number_text(struct arena *arena, int64_t number); /* "1 902" */
char *count_text(struct arena *arena, int64_t number);	/* as number_text, "10 000+" beyond what is counted */
enum theme_role inbox_role(enum inbox inbox);
enum theme_role status_role(enum session_status status);
enum glyph status_glyph(enum session_status status);
char *status_title_upper(struct arena *arena, enum session_status status);
char *party_roles_text(struct arena *arena, const struct party *party);
enum glyph document_glyph(const struct document *document);
enum theme_role document_role(const struct document *document);
const char *document_state_text(const struct document *document);
char *when_text(struct arena *arena, int64_t ms, int64_t now, int offset_minutes); /* "3 Nov 10:42" */
char *size_text(struct arena *arena, int64_t bytes);
char *due_sentence(struct arena *arena, const struct session *session, int64_t now); /* "due 2 h ago", "" none */
char *hold_text(struct arena *arena, const struct session *session, const char *actor, int64_t now);
char *upper_text(struct arena *arena, const char *text);
char *masked_sentence(struct arena *arena);   /* what reveals what is masked */
void all_hold(struct pen *pen, size_t count); /* so many conditions, and what approves */

#endif
