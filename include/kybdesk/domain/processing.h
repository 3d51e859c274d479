/*
 * What the system makes of a session that is being processed (domain.md
 * "Transitions", finish_processing): the provider's final decision or, without
 * one, the checks under the profile's rules. Pure; the gate is asked by the
 * caller, who also knows the clock.
 */
#ifndef KYBDESK_DOMAIN_PROCESSING_H
#define KYBDESK_DOMAIN_PROCESSING_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

struct processing_input {
	const struct case_file *file;
	const struct profile *profile;
	const struct countries *countries; /* for checks that are needed in some countries only; NULL: all are */
	bool has_results;		   /* processing_results are there at all */
	enum final_decision results;	   /* their final_decision; FINAL_NONE when they name none */
	bool foreign;			   /* the profile's foreign rule holds */
	bool po_box;			   /* an address breaks a not_po_box rule of the profile */
};

struct processing_outcome {
	bool done;		      /* false: results are still to come */
	const char *waits_for;	      /* not done: "ofac, bureau"; "" when nothing has come at all */
	enum final_decision decision; /* for the transition; FINAL_NONE: nobody says */
	bool checks_to_retry;	      /* checks ended as error or timeout, and the client may have them run again */
	enum check_status trouble;    /* then: CHECK_ERROR, or CHECK_TIMEOUT when nothing worse happened */
	const char *reason;	      /* FINAL_REJECTED: code of data/reasons/session.json */
	const char *route;	      /* why a person looks at it, in the profile's words; "" none */
	bool hits_open;
};

void processing_evaluate(struct arena *arena, const struct processing_input *input, struct processing_outcome *out);
/* Whether this check waits for a result: pending, or required (bits, see checks_required()) and not there. */
bool processing_waits_for(const struct case_file *file, unsigned required, enum check_kind kind);

#endif
