/* The outcome of processing a session (transition finish_processing): the provider's final decision or, without
 * one, the checks under the profile's rules. Pure; the caller asks the gate and supplies the time. */
#ifndef KYBDESK_DOMAIN_PROCESSING_H
#define KYBDESK_DOMAIN_PROCESSING_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

struct processing_input {
	const struct case_file *file;
	const struct profile *profile;
	/* for checks that are needed only for some countries; NULL: all are needed */
	const struct countries *countries;
	bool has_results;		      /* processing_results are present */
	enum final_decision results_decision; /* final_decision of processing_results; FINAL_NONE without one */
	bool foreign;			      /* the subject is foreign by the profile's rule */
	bool has_po_box;		      /* an address breaks a not_po_box rule of the profile */
};

struct processing_outcome {
	bool done;		      /* false: results are missing */
	const char *missing_checks;   /* missing checks, such as "ofac, bureau"; "": done, or no result exists at all */
	enum final_decision decision; /* for the transition; FINAL_NONE: undecided */
	bool can_retry_checks;	      /* checks ended as error or timeout, and the client may rerun them */
	enum check_status
		failure_status;	   /* if can_retry_checks: CHECK_ERROR; CHECK_TIMEOUT if no check ended as error */
	const char *reason;	   /* FINAL_REJECTED: code of data/reasons/session.json */
	const char *review_reason; /* why a reviewer is needed, in the profile's words; "": none */
	bool has_open_hits;
};

void processing_evaluate(struct arena *arena, const struct processing_input *input, struct processing_outcome *out);
/* Whether this check still needs a result: pending, or required (bits of rules_required_check_bits()) and absent. */
bool processing_awaits_check(const struct case_file *file, unsigned required, enum check_kind kind);

#endif
