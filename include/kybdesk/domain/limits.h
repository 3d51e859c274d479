/* Maximum sizes of one case. Larger input is refused, with its path, before anything is computed or written. (The
 * limits are several times the size of the largest real case, which has fifty beneficial owners with their companies.)
 * The computations have the same limits, so that a larger case that is already stored takes no more time. */
#ifndef KYBDESK_DOMAIN_LIMITS_H
#define KYBDESK_DOMAIN_LIMITS_H

#define PARTIES_MOST 250 /* parties of a case: fifty beneficial owners, each behind four companies */
#define SHARES_MOST 1000 /* shares of all parties of a case together */
#define CHAIN_MOST 30	 /* companies in one chain below an owner, including the subject */
#define PERCENT_WHOLE_MOST 3
#define PERCENT_DIGITS_MAX 20 /* digits after the point */

#define STEPS_MOST 100
#define DOCUMENTS_MOST 500
#define HITS_MOST 2000 /* hits of all checks of a case and its nested sessions together */
#define RISK_FACTORS_MOST 100
#define CORRECTIONS_MOST 1000
#define DECISIONS_MOST 1000
#define NOTES_MOST 2000
#define ATTEMPTS_MOST 200
#define ADDRESSES_MOST 50	  /* of a party */
#define CORRECTION_NAMES_MOST 200 /* fields of one correction; also types of documents of one correction */
#define PARTS_MOST 10000 /* list elements that become rows, in a session document with its nested sessions */

/* Limits of free JSON: fields, detail, custom_tags, extracted, processing_results. */
#define FREE_DEPTH_MOST 16	/* nesting of objects and lists */
#define FREE_ELEMENTS_MOST 1000 /* elements of a list, or members of an object */

#endif
