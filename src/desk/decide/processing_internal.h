/* Inside the desk: one session in automatic processing. */
#ifndef KYBDESK_SRC_DESK_PROCESSING_INTERNAL_H
#define KYBDESK_SRC_DESK_PROCESSING_INTERNAL_H

#include "decide/decide.h"
#include "kybdesk/domain/processing.h"

/* Within an open write transaction: the case of `use`, and the outcome of its results. */
struct pass {
	struct use *use;
	struct processing_outcome outcome;
	struct gate_context context;	  /* gate context of the next decision or transition */
	const char *results_submitted_by; /* person that submitted the results, so must not decide alone; "" none */
};

/* The results were not evaluated yet. */
#define OUTCOME_UNKNOWN                                                                                            \
	(struct processing_outcome)                                                                                \
	{                                                                                                          \
		.waits_for = "", .reason = "", .route = "", .trouble = CHECK_PASSED                                \
	}

/* Evaluates a session in processing, under the system's name. *done false: results are missing; processed again when
 * the profile's time is over. */
enum err inspect(struct pass *pass, bool *done, struct error *error) KYB_MUST_USE;
/* Approves, or rejects with a reason of session.json, in pass->context. The actor is set. */
enum err processing_decide(struct pass *pass, enum action action, const char *reason_code, const char *message,
			   enum choice retryable, struct error *error) KYB_MUST_USE;
/* Detail of the audit row of an automatic step. */
struct json_value *processing_detail(const struct pass *pass);
/* Sets the time of the next evaluation; TIME_NONE: none. */
enum err processing_reschedule(struct pass *pass, int64_t at, struct error *error) KYB_MUST_USE;

#endif
