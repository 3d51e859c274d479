/* Reads of legal holds and of the cases that are due for a purge. The verbs legal_hold_set, legal_hold_release,
 * purge and purge_step (desk/verbs.h) make the changes. */
#ifndef KYBDESK_DESK_RETENTION_H
#define KYBDESK_DESK_RETENTION_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/retention.h"

/* The legal holds of a session, oldest first; session NULL: all holds in force. */
enum err desk_legal_holds(struct desk *desk, struct arena *arena, const char *session, struct legal_hold_list *out,
			  struct error *error);

/* The cases of one user; ids and workflow are of the first case. */
struct purge_item {
	const char *session_id, *external_ref, *workflow, *merchant;
	int64_t sessions; /* number of all sessions of the user */
	struct retention retention;
	const char *keep_reason; /* "": the cases are due; else why they are kept: "a legal hold", "a suspicion" */
};
struct purge_plan {
	int64_t before; /* input, as use_in.until: only cases that were due before this time */
	/* input; 0: makes the plan, for an admin; else only counts the due users, up to this number */
	size_t due_user_max;
	struct purge_item *items;
	size_t count, capacity;
	size_t due_user_count;
	bool more; /* more users are due; a purge has at most PURGE_USERS_MAX */
	/* users that an interrupted purge still has to erase; 1 if only documents' bytes or words of the search
	 * index remain */
	int64_t unfinished_user_count;
};
#define PURGE_USERS_MAX 5000
/* Previews a purge. If plan->due_user_max is not 0, only counts the users with cases past their retention
 * (plan->due_user_count), and ignores suspicions. ERR_INVALID: `before` is in the future. */
enum err desk_purge_plan(struct desk *desk, struct arena *arena, struct purge_plan *plan, struct error *error);

/* All data that the store holds about one natural person, over all cases and merchants, as one archive, for the
 * person's own request (docs/retention.md, "A person's data"). The archive contains no other person's data, and
 * nothing that reveals a screening, a suspicion or an assessment: the archive is the same, byte for byte, whether or
 * not such a record exists. */
/* Set exactly one of name, party and email; "": not set. */
struct person_request {
	const char *name;
	const char *party; /* full id */
	const char *email;
	const char *date_of_birth; /* narrows the search by name or email */
};
struct person_result {
	const char *sha256; /* hash of the archive */
	size_t members, sessions, parties, documents, accounts;
	size_t ambiguous_count; /* subjects and parties of the same name that may be other people; not in the archive */
};
/* Only for a lead. The audit log records the export with its hash before `out` is filled. ERR_NOT_FOUND; ERR_USAGE:
 * several people match. */
enum err desk_person_export(struct desk *desk, struct arena *arena, const struct person_request *request,
			    struct strbuf *out, struct person_result *made, struct error *error);

#endif
