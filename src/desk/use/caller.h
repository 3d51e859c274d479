/* Inside the frame: what a caller from outside may do, may see, and is told. Without one, all of this allows everything. */
#ifndef KYBDESK_SRC_DESK_USE_CALLER_H
#define KYBDESK_SRC_DESK_USE_CALLER_H

#include "kybdesk/desk/caller.h"
#include "use/use.h"

/* A request of a merchant or a client; a reviewer's own key is that person, who is inside. */
bool caller_is_outside(const struct desk *desk);
enum err caller_check(const struct use *use, struct error *error) KYB_MUST_USE;
/* Of staff by any reference, of a caller by its whole id. */
enum err caller_session_find(struct desk *desk, const char *reference, int64_t *row,
			     struct error *error) KYB_MUST_USE;
/* The case is the caller's, and nothing is decided that can still be taken back. */
enum err caller_check_case(const struct use *use, struct error *error) KYB_MUST_USE;
bool caller_sees(const struct desk *desk, const struct session *session);
/* ERR_NOT_FOUND for another merchant's; reference: as it was asked for. */
enum err caller_check_merchant(const struct desk *desk, const char *merchant, const char *what,
			       const char *reference, struct error *error) KYB_MUST_USE;
/* What a merchant's key brings is on record as intake. */
bool caller_hands_in(const struct use *use);
/* Leaves out of a refusal who reviews, and what the review has found. */
void caller_soften(const struct use *use, struct error *error);
/* The last decision, while it can still be taken back; NULL none. */
const struct decision *caller_held_decision(const struct case_file *file, int64_t now);

#endif
