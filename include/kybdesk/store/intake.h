/* Submitters of data per case (separation of duties: a submitter does not decide). Joins the open transaction. */
#ifndef KYBDESK_STORE_INTAKE_H
#define KYBDESK_STORE_INTAKE_H

#include "kybdesk/domain/session.h"
#include "kybdesk/store/store.h"

enum err store_intake_note(struct store *store, int64_t session, const struct intake *intake,
			   struct error *error) KYB_MUST_USE;
/* Whether this actor submitted data for the case or its parent case. */
enum err store_intake_of(struct store *store, int64_t session, const char *actor, bool *any,
			 struct error *error) KYB_MUST_USE;
/* All submitters of a case, by name. */
struct intake_list {
	struct intake *items;
	size_t count;
};
enum err store_intake_list(struct store *store, struct arena *arena, int64_t session, struct intake_list *out,
			   struct error *error) KYB_MUST_USE;

#endif
