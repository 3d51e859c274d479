/* Reads of legal holds and of what is due for a purge. The verbs legal_hold_set, legal_hold_release, purge and purge_step
 * (desk/verbs.h) make the changes. */
#ifndef KYBDESK_DESK_RETENTION_H
#define KYBDESK_DESK_RETENTION_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/retention.h"

/* Of a session all, oldest first; NULL: every one in force. */
enum err desk_legal_holds(struct desk *desk, struct arena *arena, const char *session, struct legal_hold_list *out,
			  struct error *error) KYB_MUST_USE;

/* Cases of one user, by the first of them. */
struct purge_item {
	const char *session_id, *external_ref, *workflow, *merchant;
	int64_t sessions; /* all of the user */
	struct retention retention;
	const char *kept_by; /* "" due; "a legal hold", "a suspicion" */
};
struct purge_plan {
	int64_t before;
	struct purge_item *items;
	size_t count, capacity;
	size_t due;
	bool more;	    /* further ones are due; only PURGE_MOST are in one purge */
	int64_t unfinished; /* users of a confirmed purge that was stopped */
};
#define PURGE_MOST 5000
/* What a purge would do: for an admin. before: as use_in.until. ERR_INVALID: it is in the future. */
enum err desk_purge_plan(struct desk *desk, struct arena *arena, int64_t before, struct purge_plan *out,
			 struct error *error) KYB_MUST_USE;
/* Users with cases past their retention, suspicions left aside; at most `most`. */
enum err desk_purge_overdue(struct desk *desk, struct arena *arena, size_t most, size_t *count,
			    struct error *error) KYB_MUST_USE;

#endif
