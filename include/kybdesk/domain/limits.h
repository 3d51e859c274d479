/* Maximum sizes of one case. Larger input is refused, with its path, before anything is computed or written. (The
 * limits are several times the size of the largest real case, which has fifty beneficial owners with their companies.)
 * The computations have the same limits, so that a larger case that is already stored takes no more time. */
#ifndef KYBDESK_DOMAIN_LIMITS_H
#define KYBDESK_DOMAIN_LIMITS_H

#define CASE_PARTIES_MAX 250   /* parties of a case: fifty beneficial owners, each behind four companies */
#define CASE_SHARES_MAX 1000   /* shares of all parties of a case together */
#define OWNERSHIP_CHAIN_MAX 30 /* companies in one chain below an owner, including the subject */
#define PERCENT_WHOLE_DIGITS_MAX 3
#define PERCENT_DECIMALS_MAX 20 /* digits after the point */

#define CASE_STEPS_MAX 100
#define CASE_DOCUMENTS_MAX 500
#define CASE_HITS_MAX 2000 /* hits of all checks of a case and its nested sessions together */
#define CASE_RISK_FACTORS_MAX 100
#define CASE_CORRECTIONS_MAX 1000
#define CASE_DECISIONS_MAX 1000
#define CASE_NOTES_MAX 2000
#define CASE_ATTEMPTS_MAX 200
#define PARTY_ADDRESSES_MAX 50	 /* of a party */
#define CORRECTION_ITEMS_MAX 200 /* fields of one correction; also types of documents of one correction */
#define SESSION_PARTS_MAX 10000	 /* list elements that become rows, in a session document with its nested sessions */

/* Limits of free JSON: fields, detail, custom_tags, extracted, processing_results. */
#define FREE_JSON_DEPTH_MAX 16	    /* nesting of objects and lists */
#define FREE_JSON_ELEMENTS_MAX 1000 /* elements of a list, or members of an object */

#endif
