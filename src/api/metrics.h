/* Counts requests by route and response status, and measures their duration by route. Thread-safe. */
#ifndef KYBDESK_SRC_API_METRICS_H
#define KYBDESK_SRC_API_METRICS_H

#include "route.h"

#include <pthread.h>

struct response_count {
	const struct route *route; /* NULL: no route matched */
	int status;
	uint64_t count;
};
#define DURATION_LIMIT_COUNT 11 /* number of limits of the histogram in metrics.c */

struct duration_histogram {
	const struct route *route;
	/* number of requests up to each limit, and of requests above the last limit */
	uint64_t counts[DURATION_LIMIT_COUNT + 1];
	uint64_t total_ms;
};
struct metrics {
	pthread_mutex_t lock;
	struct arena arena;
	struct response_count *items;
	size_t count, capacity;
	struct duration_histogram *duration_histograms;
	size_t histogram_count, histogram_capacity;
	uint64_t writes, written_request_count; /* number of the writer's transactions, and of the requests in them */
	uint64_t store_errors;
	int64_t started_ms; /* when the server started */
};
/* took_ms: from the head of the request to its response. store_failed: the request failed because of the store: not
 * reachable, locked too long, full, damaged. */
void metrics_count_response(struct metrics *metrics, const struct route *route, int status, int64_t took_ms,
			    bool store_failed);
/* Counts one transaction of the writer, with its number of requests. */
void metrics_count_commit(struct metrics *metrics, size_t requests);

#endif
