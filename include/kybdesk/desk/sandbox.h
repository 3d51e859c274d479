/*
 * A sandbox store without a human (api.md "Sandbox outcomes"): what a subject's name ends in is what becomes of its case.
 * #approve, #reject, #corrections, #expire, #error, #timeout, #hit. The actor "sandbox" does it, by the verbs and through
 * the gate of everybody else; what is refused stays as it is. It looks at nothing and has checked nobody: each row of
 * the audit log says sandbox. In a production store all of this is nothing.
 */
#ifndef KYBDESK_DESK_SANDBOX_H
#define KYBDESK_DESK_SANDBOX_H

#include "kybdesk/desk/desk.h"

#define SANDBOX_DELAY_DEFAULT_MS 3000
#define SANDBOX_DELAY_MAX_S 3600

/* Cases that nobody touched for this long. What the gate refuses is logged, once for each state of the case. */
enum err desk_sandbox_play(struct desk *desk, int64_t delay_ms, struct error *error) KYB_MUST_USE;
/* The provider's part, at once: the checks that are asked for and, of a case that is being processed, its results. By its whole
 * id; whoever the desk acts for must have seen it. */
enum err desk_sandbox_simulate(struct desk *desk, const char *session_id, struct error *error) KYB_MUST_USE;

#endif
