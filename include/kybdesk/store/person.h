/* Finds every description of a natural person in the store: subjects, and parties of cases, including removed
 * parties. All functions join the open transaction. */
#ifndef KYBDESK_STORE_PERSON_H
#define KYBDESK_STORE_PERSON_H

#include "kybdesk/store/store.h"

struct person_occurrence {
	int64_t row; /* row of the subject or the party */
	bool is_party;
	const char *id, *name, *date_of_birth, *country, *tax_id, *email; /* id: of a party; "" for a subject */
	/* party: the case of the party, and the session that verifies the party; 0: none */
	int64_t session, subsession;
};
struct person_scan {
	enum err (*each)(void *context, const struct person_occurrence *place, struct error *error);
	void *context;
};
/* Texts live until `each` returns. */
enum err store_person_scan(struct store *store, const struct person_scan *scan, struct error *error);

#endif
