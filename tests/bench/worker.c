/*
 * Runs the delivery worker on one store until nothing is due, with AT_ONCE deliveries at a time. Prints the number
 * delivered per second; fails if a delivery fails.
 *
 * usage: worker STORE AT_ONCE
 */
#include "kybdesk/webhook/deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int count, char **arguments)
{
	struct timespec begun, ended;
	struct deliver_options options = { .world = world_real(),
					   .log = { .level = LOG_NORMAL, .fd = 2 },
					   .drain = true };
	struct deliver_worker *worker;
	struct deliver_totals totals;
	struct error error = { 0 };

	if (count < 3) {
		fprintf(stderr, "usage: worker STORE AT_ONCE\n");
		return 2;
	}
	options.store_path = arguments[1];
	options.max_concurrency = strtoul(arguments[2], NULL, 10);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	if (deliver_worker_new(&options, &worker, &error) || deliver_worker_run(worker, &totals, &error)) {
		fprintf(stderr, "worker: %s\n", error.message);
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &ended);
	deliver_worker_free(worker);
	if (totals.failed || totals.waiting) {
		fprintf(stderr, "worker: not all were delivered\n");
		return 1;
	}
	printf("%.0f\n", (double)totals.delivered / ((double)(ended.tv_sec - begun.tv_sec) +
						     (double)(ended.tv_nsec - begun.tv_nsec) / 1e9));
	return 0;
}
