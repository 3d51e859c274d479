/* Metrics of a store; none needs a scan. */
#ifndef KYBDESK_STORE_MEASURES_H
#define KYBDESK_STORE_MEASURES_H

#include "kybdesk/domain/measures.h"
#include "kybdesk/store/store.h"

/* Call it within a transaction. */
enum err store_measure(struct store *store, struct arena *arena, struct measures *out,
		       struct error *error) KYB_MUST_USE;

#endif
