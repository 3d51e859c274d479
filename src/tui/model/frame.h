/* Parts that all screens share: the actor and the environment of the program, the header, the status line, and
 * words and marks for parts of a case. Pure. */
#ifndef KYBDESK_TUI_FRAME_H
#define KYBDESK_TUI_FRAME_H

#include "model/panes.h"
#include "model/surface.h"
#include "jobs/job.h"

#define SCREEN_COLS_MIN 60
#define SCREEN_ROWS_MIN 15

struct frame {
	enum text_mode mode;
	int64_t now;
	int clock_offset_minutes;
	const char *actor;
	enum role role;
	bool sandbox, readonly, demo;
	const char *home;	 /* "" unknown */
	bool is_session_program; /* run by "kybdesk session": the program has no access to files and other programs */
	/* Connected over SSH, or `is_session_program`: the program's files are not on the reviewer's own machine */
	bool is_remote_user;
	const char *open_with;	     /* other program that opens documents; "" disabled */
	const char *external_folder; /* folder for files that other programs open; "" none */
	const char *editor;	     /* program for editing messages, $VISUAL or $EDITOR; "" disabled */
	struct job_counts counts;
	bool has_counts;
};

/* The status line shows the last message, and the action that can be undone. */
enum status_tone { STATUS_PLAIN, STATUS_GOOD, STATUS_BAD };
/* A message about the last action on a case. The status line always shows name and reference: if the row is too
 * narrow, it drops parts of `message_end` first, and then cuts the end of the name. */
struct announcement {
	const char *message_start; /* "Approved" */
	const char *name;
	const char *reference;	 /* "" none */
	const char *message_end; /* after the name, like " · webhook to northwind-pay in 10 s" */
};
/* An entry of the undo list: a decision within its grace time, or the last verdict or removal in the open case. If
 * `is_held_back` is set, the entry is only a message: the system held the decision back, and the reviewer has not
 * seen the message yet. */
struct undo_offer {
	char id[UUID_TEXT_SIZE];
	char parent[UUID_TEXT_SIZE]; /* the case from which this case was opened, "" none */
	int64_t expires_at; /* end of the grace time; TIME_NONE: a verdict or a removal, without a time limit */
	/* Version of the case after the decision, to check whether the decision was held back; 0: no check */
	int64_t version;
	/* The decision was held back and cannot be undone; the message is shown until a key is pressed */
	bool is_held_back;
	const char *noun;	/* constant: "approval" */
	char *name, *reference; /* malloc'd */
};
#define UNDO_MAX 16
struct status_line {
	enum status_tone tone;
	char *text;	  /* malloc'd, NULL none; for an announcement: the text of its member `message_start` */
	char *short_text; /* replaces `text` on narrow screens; NULL none */
	char *name, *reference, *message_end;	 /* parts of an announcement, else NULL */
	struct undo_offer undo_offers[UNDO_MAX]; /* newest last */
	size_t undo_count;
	bool names_newest_undo; /* the text reports the action of the newest undo */
	/* Monotonic time at which the message about a held decision was first shown; 0 none */
	int64_t hold_first_shown_ms;
	char open_case_id[UUID_TEXT_SIZE]; /* id of the open case, "" none */
};
void status_release(struct status_line *status);
void status_set(struct status_line *status, enum status_tone tone, const char *format, ...) KYB_PRINTF(3, 4);
void status_announce(struct status_line *status, enum status_tone tone, const struct announcement *announcement);
void status_clear(struct status_line *status); /* clears the text, but keeps the undo list */
/* Name and reference of a case as text, like "Harbour Lane Trading Ltd (RAL-2031)". */
char *case_title(struct arena *arena, const char *name, const char *reference);
/* Adds a copy of the entry. The copy replaces the earlier entry of the same case; but a verdict replaces only a
 * verdict, not a decision. */
void status_add_undo(struct status_line *status, const struct undo_offer *undo_offer);
void status_set_case(struct status_line *status, const char *id); /* sets the open case, "" none */
void status_drop_undos(struct status_line *status, const char *id);
/* Drops the undo of the last verdict in the case, but keeps the undo of a decision */
void status_drop_verdict_undo(struct status_line *status, const char *id);
/* The newest entry that can still be undone, NULL none. */
const struct undo_offer *status_latest_undo(const struct status_line *status, int64_t now);
/* Whole seconds in which the entry can still be undone; 0: it cannot be undone, or has no time limit. */
int64_t undo_seconds_left(const struct undo_offer *undo_offer, int64_t now);
/* undo_seconds_left() of the newest entry that can still be undone */
int64_t status_undo_seconds(const struct status_line *status, int64_t now);
/* The held decision that the status line reports, NULL none. */
const struct undo_offer *status_find_held_back_undo(const struct status_line *status);
void status_draw(const struct status_line *status, struct surface *surface, size_t row, int64_t now);

void frame_draw_header(const struct frame *frame, struct surface *surface, size_t row);

/* Words and marks. The resulting texts are in the arena, or constant. */
char *number_text(struct arena *arena, int64_t number); /* "1 902" */
/* As number_text(), but "10 000+" if the number exceeds COUNTED_CASES_MAX */
char *capped_count_text(struct arena *arena, int64_t number);
enum theme_role inbox_role(enum inbox inbox);
enum theme_role session_status_role(enum session_status status);
enum glyph session_status_glyph(enum session_status status);
char *session_status_title_upper(struct arena *arena, enum session_status status);
char *party_roles_text(struct arena *arena, const struct party *party);
enum glyph document_glyph(const struct document *document);
enum theme_role document_role(const struct document *document);
const char *document_state_text(const struct document *document);
const char *hit_state_title(enum hit_state state);
/* The text of a reason code; the code itself if the current rules do not define it. */
const char *hit_reason_text(const struct reasons *reasons, const char *code);
const struct duplicate *case_find_duplicate(const struct case_view *view, const char *id); /* NULL none */
char *since_text(struct arena *arena, int64_t ms, const struct frame *frame); /* like "10:42"; earlier "3 Nov 10:42" */
char *date_time_text(struct arena *arena, int64_t ms, const struct frame *frame); /* like "3 Nov 10:42" */
char *size_text(struct arena *arena, int64_t bytes);
/* The session with the due time that counts: for an owner's KYC, the undecided case above it. */
const struct session *due_session(const struct case_view *view);
char *due_time_text(struct arena *arena, const struct case_view *view, int64_t now); /* "due 2 h ago"; "" none */
char *claim_holder_text(struct arena *arena, const struct session *session, const char *actor, int64_t now);
/* The text "All N conditions met: a approves", in the arena. draw_all_conditions_met() also says whether two people
 * must approve. */
const char *all_conditions_met_text(struct arena *arena, const struct case_view *view);
void draw_all_conditions_met(struct pen *pen, const struct case_view *view);

#endif
