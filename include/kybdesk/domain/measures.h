/* What is measured of a desk while it works: numbers, and nobody's names. */
#ifndef KYBDESK_DOMAIN_MEASURES_H
#define KYBDESK_DOMAIN_MEASURES_H

#include "kybdesk/domain/types.h"

#include <stdint.h>

#define WAIT_BUCKETS_MAX 16

struct measures {
	int64_t schema_version;
	int64_t cases[INBOX_COUNT];
	int64_t oldest_due[INBOX_COUNT]; /* TIME_NONE: none is due at any time */
	struct {
		const char *state; /* as the table calls it */
		int64_t count;
	} deliveries[DELIVERY_STATE_COUNT];
	size_t delivery_states;
	int64_t oldest_delivery; /* that has still to be sent; TIME_NONE: none */
	/* Decisions by how long they took, the last one without a bound; not summed up. */
	struct {
		int64_t most_ms, decisions;
	} waits[WAIT_BUCKETS_MAX];
	size_t wait_count;
	int64_t waited_ms; /* all of them together */
};
#endif
