/*
 * What every screen shares: who works where and when, the header and the
 * status line, and the words and marks for the things of a case. Pure.
 */
#ifndef KYBDESK_TUI_FRAME_H
#define KYBDESK_TUI_FRAME_H

#include "kybdesk/tui/surface.h"
#include "kybdesk/tui/work.h"

#define WIDE_COLS 120 /* from here on: panes side by side */
#define LEAST_COLS 60
#define LEAST_ROWS 15

struct frame {
	enum text_mode mode;
	int64_t now;
	int clock_offset_minutes;
	const char *actor;
	enum role role;
	bool sandbox, readonly, demo;
	struct work_counts counts;
	bool counts_known;
};

/* The status line: what happened last, and what can be taken back. */
enum status_tone { STATUS_PLAIN, STATUS_GOOD, STATUS_BAD };
struct status {
	enum status_tone tone;
	char *text;	  /* malloc'd, NULL none */
	char *short_text; /* for narrow screens, NULL: text */
	char undo_id[UUID_TEXT_SIZE];
	char undo_parent[UUID_TEXT_SIZE]; /* the case it was opened from, "" none */
	int64_t undo_until;		  /* TIME_NONE: nothing to take back */
};
void status_init(struct status *status);
void status_release(struct status *status);
void status_set(struct status *status, enum status_tone tone, const char *format, ...) KYB_PRINTF(3, 4);
void status_set_short(struct status *status, const char *format, ...) KYB_PRINTF(2, 3);
void status_clear(struct status *status); /* the text; an undo that still runs stays */
/* Whole seconds left to undo; 0: none. */
int64_t status_undo_seconds(const struct status *status, int64_t now);
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

#endif
