/*
 * A case as it once stood, rebuilt backwards: from the case as it is now, by undoing what the audit log has recorded since. The
 * audit log keeps no personal data, so that not everything can be undone; what it does not keep is said, each thing once, and
 * then the case shows it as it is now.
 */
#ifndef KYBDESK_DESK_HISTORY_H
#define KYBDESK_DESK_HISTORY_H

#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/read.h"

/* The records of a case, newest first; the first `undone` of them have not happened yet at the moment that is looked at. */
struct history_audit_log {
	const struct audit_item *items;
	size_t count, undone;
};

struct history {
	struct case_file file;		 /* masked as the case that it was made from */
	const char *holder;		 /* "" nobody, as far as is recorded */
	const struct audit_item *before; /* what happened next; NULL: nothing was recorded since */
	bool nothing;			 /* the case was not there yet */
	const char **unknown;		 /* what the audit log does not keep, in sentences */
	size_t unknown_count;
};
/* Pure. What it gives lives in the arena, in the view and in the audit log. */
void history_make(struct arena *arena, const struct case_view *now, const struct history_audit_log *audit_log,
		  struct history *out);
/* The place of a record in an audit log; count: it is none of it. */
size_t history_place(const struct history_audit_log *audit_log, int64_t seq);

/* The same in words, for every front end. */
struct history_row {
	const char *section; /* not "": a new part begins, and the others are "" */
	const char *label, *value;
};
/* Returns the count; in the arena. */
size_t history_rows(struct arena *arena, const struct history *history, struct history_row **rows);

/* Before that record of the case, or, where seq is 0, at that moment. The case as it is shown to everybody, masked.
 * ERR_NOT_FOUND: there is no such case, or it has no such record. */
struct history_moment {
	int64_t seq, at;
};
enum err desk_case_at(struct desk *desk, struct arena *arena, const char *reference,
		      const struct history_moment *moment, struct history *out, struct error *error) KYB_MUST_USE;

#endif
