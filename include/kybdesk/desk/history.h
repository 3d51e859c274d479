/*
 * A case at an earlier time (case history), rebuilt backwards: takes the present case and undoes the changes that
 * the audit log recorded since. The audit log keeps no personal data, so some changes cannot be undone; `unknown`
 * lists each of them once, and the case shows the present value there.
 */
#ifndef KYBDESK_DESK_HISTORY_H
#define KYBDESK_DESK_HISTORY_H

#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/read.h"

/* The records of a case, newest first; the first `undone` of them are later than the requested moment. */
struct history_audit_log {
	const struct audit_event *items;
	size_t count, undone;
};

struct history {
	struct case_file file;		  /* masked as the source case */
	const char *holder;		  /* "" none, or not recorded */
	const struct audit_event *before; /* the first record after the moment; NULL: none */
	bool nothing;			  /* the case did not exist yet */
	const char **unknown;		  /* sentences: the values that the audit log does not keep */
	size_t unknown_count;
};
/* Pure. The result borrows from the arena, the view and the audit log. */
void history_make(struct arena *arena, const struct case_view *now, const struct history_audit_log *audit_log,
		  struct history *out);
/* Index of a record in the audit log; `count` if the log does not contain the record. */
size_t history_place(const struct history_audit_log *audit_log, int64_t seq);

/* The history as rows of text, for every front end. */
struct history_row {
	const char *section; /* title of a new section; "": same section */
	const char *label, *value;
};
/* Returns the count; *rows is in the arena. */
size_t history_rows(struct arena *arena, const struct history *history, struct history_row **rows);

/* Rows that differ between two moments of a case, except rows that the audit log does not keep. `before` or `after`
 * is "" if only one of the moments has the row. Returns the count; in the arena. */
struct history_change {
	const char *section, *label, *before, *after;
};
size_t history_changes(struct arena *arena, const struct history *earlier, const struct history *later,
		       struct history_change **changes);

/* The case just before record `seq`, or, if seq is 0, at the time `at`. Masked, as for any reader. ERR_NOT_FOUND:
 * unknown case, or the case has no such record. */
struct history_moment {
	int64_t seq, at;
};
enum err desk_case_at(struct desk *desk, struct arena *arena, const char *reference,
		      const struct history_moment *moment, struct history *out, struct error *error) KYB_MUST_USE;

#endif
