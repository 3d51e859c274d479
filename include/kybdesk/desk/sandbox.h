/*
 * Outcomes in a sandbox store (docs/api.md "A sandbox without a human"). The end of a subject's name sets the outcome
 * of its case: #approve, #reject, #corrections, #expire, #remind, #error, #timeout, #hit. The actor "sandbox"
 * performs the outcome with the ordinary verbs and the ordinary gate; if the gate refuses, the case does not change.
 * No real check takes place; each audit row has the actor "sandbox". Does nothing in a production store.
 */
#ifndef KYBDESK_DESK_SANDBOX_H
#define KYBDESK_DESK_SANDBOX_H

#include "kybdesk/desk/desk.h"

#define SANDBOX_DELAY_DEFAULT_MS 3000
#define SANDBOX_DELAY_MAX_S 3600

/* Performs the outcome of each case that has not changed for delay_ms. Refusals of the gate are logged, once per
 * state of the case. */
enum err desk_sandbox_play(struct desk *desk, int64_t delay_ms, struct error *error) KYB_MUST_USE;
/* Simulates the provider at once: reports the requested checks and, for a case in processing, its results. Takes a
 * full id; the caller must have checked that the desk's caller may see the session. */
enum err desk_sandbox_simulate(struct desk *desk, const char *session_id, struct error *error) KYB_MUST_USE;

#endif
