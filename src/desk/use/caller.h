/* Inside the frame: what a caller from outside may do, what it may see, and its errors. Without a caller everything is
 * allowed. */
#ifndef KYBDESK_SRC_DESK_USE_CALLER_H
#define KYBDESK_SRC_DESK_USE_CALLER_H

#include "kybdesk/desk/caller.h"
#include "use/use.h"

/* Whether the request comes from a merchant or a client; a request with a reviewer's own key does not. */
bool caller_is_outside(const struct desk *desk);
enum err caller_check(const struct use *use, struct error *error) KYB_MUST_USE;
/* Finds a session by its reference: staff may use any reference, a caller only the full id. */
enum err caller_session_find(struct desk *desk, const char *reference, int64_t *row,
			     struct error *error) KYB_MUST_USE;
/* Checks that the case belongs to the caller, and that none of its decisions is within the grace time. */
enum err caller_check_case(const struct use *use, struct error *error) KYB_MUST_USE;
bool caller_sees(const struct desk *desk, const struct session *session);
/* ERR_NOT_FOUND for another merchant; reference: from the request. */
enum err caller_check_merchant(const struct desk *desk, const char *merchant, const char *what,
			       const char *reference, struct error *error) KYB_MUST_USE;
/* Removes reviewers and results of the review from an error. */
void caller_redact_error(const struct use *use, struct error *error);
/* The last decision, while within its grace time; NULL none. */
const struct decision *caller_held_decision(const struct case_file *file, int64_t now);

#endif
