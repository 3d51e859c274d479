/* Metrics of a running desk: numbers only, no personal data. */
#ifndef KYBDESK_DOMAIN_MEASURES_H
#define KYBDESK_DOMAIN_MEASURES_H

#include "kybdesk/domain/types.h"

#include <stdint.h>

#define WAIT_BUCKETS_MAX 16

struct measures {
	int64_t schema_version;
	int64_t cases[INBOX_COUNT];
	int64_t oldest_due[INBOX_COUNT]; /* TIME_NONE: no case has a due time, or all are decided */
	struct {
		const char *state; /* the word in the table */
		int64_t count;
	} deliveries[DELIVERY_STATE_COUNT];
	size_t delivery_states;
	int64_t oldest_delivery; /* oldest unsent delivery; TIME_NONE: none */
	/* Decisions by duration, not cumulative; the last bucket has no upper bound. */
	struct {
		int64_t most_ms, decisions;
	} waits[WAIT_BUCKETS_MAX];
	size_t wait_count;
	int64_t waited_ms; /* total waiting time of all decisions */
};
#endif
