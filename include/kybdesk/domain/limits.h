/*
 * How much one case may hold. What comes from outside is refused above these, with its path, before anything is
 * computed or written (seed-independent: the largest real case, fifty beneficial owners with their companies, fits
 * several times). The computations keep to them too, so that a case that is there already costs no more.
 */
#ifndef KYBDESK_DOMAIN_LIMITS_H
#define KYBDESK_DOMAIN_LIMITS_H

#define PARTIES_MOST 250 /* of a case: fifty beneficial owners, each behind four companies */
#define SHARES_MOST 1000 /* of a case, all parties together */
#define CHAIN_MOST 30	 /* companies between an owner and the last one that is owned, the owner included */
#define PERCENT_WHOLE_MOST 3
#define PERCENT_PLACES_MOST 20 /* digits after the point */

#define STEPS_MOST 100
#define DOCUMENTS_MOST 500
#define HITS_MOST 2000 /* in all checks */
#define RISK_FACTORS_MOST 100
#define CORRECTIONS_MOST 1000
#define DECISIONS_MOST 1000
#define NOTES_MOST 2000
#define ATTEMPTS_MOST 200
#define ADDRESSES_MOST 50	  /* of a party */
#define CORRECTION_NAMES_MOST 200 /* fields, and types of documents, of one correction */
#define PARTS_MOST 10000	  /* of a session document, all of these together, the parties' sessions included */

/* Of what is free inside: fields, detail, custom_tags, extracted, processing_results. */
#define FREE_DEPTH_MOST 16	/* objects and lists inside each other */
#define FREE_ELEMENTS_MOST 1000 /* of one list, or members of one object */

#endif
