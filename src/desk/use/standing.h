/* Whether a user is verified, so that the user's accounts can be opened and used. */
#ifndef KYBDESK_SRC_DESK_USE_STANDING_H
#define KYBDESK_SRC_DESK_USE_STANDING_H

#include "desk_private.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/store/subject.h"

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
