/* Inside the desk: one session that the system looks at. */
#ifndef KYBDESK_SRC_DESK_PROCESSING_INTERNAL_H
#define KYBDESK_SRC_DESK_PROCESSING_INTERNAL_H

#include "decide/decide.h"
#include "kybdesk/domain/processing.h"

/* Within an open write transaction: the case as `use` has it, and what its results say. */
struct pass {
	struct use *use;
	struct processing_outcome outcome;
	const char
		*handed_in_by; /* of results that a person brought: nothing is decided by them alone; "" nobody */
};

/* Nothing has been evaluated yet. */
#define OUTCOME_UNKNOWN                                                                                            \
	(struct processing_outcome)                                                                                \
	{                                                                                                          \
		.waits_for = "", .reason = "", .route = "", .trouble = CHECK_PASSED                                \
	}

/* The case as the store has it now. */
enum err pass_load(struct pass *pass, struct error *error) KYB_MUST_USE;
/* A session that is being processed, under the system's name. *done false: results are still to come, and it is looked
 * at again when the profile's time is over. */
enum err inspect(struct pass *pass, bool *done, struct error *error) KYB_MUST_USE;
/* Approves, or rejects with a reason of session.json; retryable -1: the reason's default. Whoever acts is set. */
enum err pass_decide(struct pass *pass, const struct gate_context *context, enum action action,
		     const char *reason_code, const char *message, int retryable, struct error *error) KYB_MUST_USE;
/* For the audit row of a step that nobody asked for. */
struct json_value *pass_detail(const struct pass *pass);
/* When the system looks next; TIME_NONE: not. */
enum err pass_reschedule(struct pass *pass, int64_t at, struct error *error) KYB_MUST_USE;

#endif
