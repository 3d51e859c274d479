/* Updates derived data of a case in the transaction of the change: lists, due times, other cases. */
#ifndef KYBDESK_SRC_DESK_USE_SETTLE_H
#define KYBDESK_SRC_DESK_USE_SETTLE_H

#include "desk_private.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/related.h"
#include "kybdesk/store/session.h"
#include "kybdesk/store/subject.h"

/* Loads a whole case, with the parsed values for field rules. */
enum err desk_case_load(struct desk *desk, struct arena *arena, int64_t row, struct case_file *out,
			struct error *error) KYB_MUST_USE;
/* Writes the counters (and the text row if `text`) of a case; the struct must equal the stored case. Pauses or resumes
 * its due time and its reminders, in the store and the struct. */
enum err desk_case_settle(struct desk *desk, struct case_file *file, const struct profile *profile, bool text,
			  struct error *error) KYB_MUST_USE;
/* As desk_case_settle(), for a case that was changed only in the store: loads it first. */
enum err desk_case_refresh(struct desk *desk, struct arena *arena, int64_t row, bool text,
			   struct error *error) KYB_MUST_USE;
/* Recomputes only the counters of an unchanged case, and marks them as counted. */
enum err desk_case_recount(struct desk *desk, struct arena *arena, int64_t row, struct error *error) KYB_MUST_USE;
/* Recomputes only the counters and the pause of the due time. The case keeps its version and its time. */
enum err desk_case_count(struct desk *desk, struct arena *arena, int64_t row, struct error *error) KYB_MUST_USE;
/* Whether the case can continue only when the client acts. */
bool session_is_with_client(const struct session *session);
/* Inserts the session's row with the values that settling will find, so that it does not write the row again: the first
 * reminder, and the counters without duplicates. The caller inserts the parts, and calls desk_case_settle(). */
enum err desk_case_insert(struct desk *desk, struct case_file *file, const struct profile *profile,
			  const uint8_t import_sha256[32], struct error *error) KYB_MUST_USE;
/* As desk_case_insert(), for a session that is not imported: with the steps of its workflow. */
enum err desk_case_open(struct desk *desk, struct arena *arena, struct case_file *file,
			const struct profile *profile, struct error *error) KYB_MUST_USE;
/* Restarts the reminders: the client got something new to answer. */
enum err reminders_restart(struct desk *desk, struct session *session, const struct profile *profile,
			   struct error *error) KYB_MUST_USE;
/* Ends a snooze: the case returns to the queue. Within the open transaction. */
enum err snooze_end(struct desk *desk, struct session *session, struct error *error) KYB_MUST_USE;
/* After a change of a session's status: updates counters and version of each case with a party that it verifies, since
 * the gate's result changes; ends a snooze. */
enum err desk_parent_refresh(struct desk *desk, struct arena *arena, const struct session *session,
			     struct error *error) KYB_MUST_USE;

/* Whether a user is verified, so that the user's accounts can be opened and used. */
struct user_verification {
	bool verified;
	struct case_file file; /* the case with the approval that grants accounts, if verified */
	const char *why;       /* the reason if not verified: a sentence in the arena */
};
/* Within a transaction. Verified: the user has an approved session with a workflow that opens accounts, none of its
 * decisions is within the grace time, and a user with levels has the approved level. */
enum err desk_standing(struct desk *desk, struct arena *arena, const struct subject_record *record,
		       const struct subject_sessions *sessions, struct user_verification *out,
		       struct error *error) KYB_MUST_USE;

#endif
