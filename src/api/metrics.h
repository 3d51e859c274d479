/* Counts requests by route and response status. Thread-safe. */
#ifndef KYBDESK_SRC_API_METRICS_H
#define KYBDESK_SRC_API_METRICS_H

#include "route.h"

#include <pthread.h>

struct metric {
	const struct route *route; /* NULL: no route matched */
	int status;
	uint64_t count;
};
struct metrics {
	pthread_mutex_t lock;
	struct arena arena;
	struct metric *items;
	size_t count, capacity;
};
void metrics_init(struct metrics *metrics);
void metrics_release(struct metrics *metrics);
void metrics_count(struct metrics *metrics, const struct route *route, int status);

#endif
