/* A store with an endpoint, pending events, and a wall clock that tests set. */
#ifndef KYB_TESTS_OUTBOX_SUPPORT_H
#define KYB_TESTS_OUTBOX_SUPPORT_H

#include "store/store_support.h"
#include "kybdesk/store/outbox.h"

#define LEASE_MS 90000
#define HOUR INT64_C(3600000)

/* A store with one session and one endpoint. */
struct outbox {
	struct fixture f;
	struct session session;
	int64_t endpoint;
	int64_t step; /* milliseconds by which a test has set the wall clock; negative: back */
};

void outbox_init(struct outbox *o);
/* An outbox `o` for each test of a suite. */
#define OUTBOX(suite)                                                                                                  \
	static struct outbox o;                                                                                        \
	static void set_up(void)                                                                                       \
	{                                                                                                              \
		outbox_init(&o);                                                                                       \
	}                                                                                                              \
	static void tear_down(void)                                                                                    \
	{                                                                                                              \
		fixture_release(&o.f);                                                                                 \
	}                                                                                                              \
	TestSuite(suite, .init = set_up, .fini = tear_down)
/* Advances the time until the wall clock reaches `now`. */
void outbox_pass_until(struct outbox *o, int64_t now);
int64_t outbox_add_endpoint(struct fixture *f, const char *url, const char *event);
int64_t outbox_add_event(struct outbox *o, int64_t session, int64_t decision, int64_t due_at);
int64_t outbox_add_decision(struct outbox *o, int64_t number);
/* Leases up to `limit` deliveries; first advances the time until `now`. Returns their number. */
size_t outbox_lease(struct outbox *o, const char *owner, int64_t now, size_t limit, size_t per_endpoint,
		    struct delivery_job **jobs);
void outbox_settle(struct outbox *o, const char *owner, const struct delivery_job *job, enum delivery_outcome outcome,
		   int64_t next_at, int64_t now);
struct delivery_item *outbox_list(struct outbox *o, int64_t now, unsigned states, size_t *count);
enum delivery_state outbox_newest_state(struct outbox *o, int64_t now);

/* Call store_delivery_settle_and_lease(): the first only settles, the second only leases. */
enum err outbox_settle_results(struct store *store, const char *owner, const struct delivery_result *results,
			       size_t count, struct error *error);
enum err outbox_lease_due(struct store *store, struct arena *arena, struct delivery_lease *lease, struct error *error);

/* Time when a worker should check again for due deliveries. */
int64_t outbox_next_at(struct outbox *o, int64_t now, int64_t behind);

#endif
