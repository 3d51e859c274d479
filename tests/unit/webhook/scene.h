/* A store, a receiver for its webhooks, and workers between them. */
#ifndef KYB_TESTS_WEBHOOK_SCENE_H
#define KYB_TESTS_WEBHOOK_SCENE_H

#include <criterion/criterion.h>
#include <stdatomic.h>
#include "kybdesk/store/outbox.h"
#include "kybdesk/webhook/deliver.h"
#include "support/http_receiver.h"
#include "support/leak.h"
#include "support/process.h"

#include <pthread.h>

#define SECRET "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"

/* A store with one merchant, and a receiver for its webhooks. */
struct scene {
	char *folder, *path;
	struct store *store;
	struct receiver *receiver;
	int64_t merchant;
	int64_t endpoint; /* row of the endpoint added last */
	int64_t sequence;
	int64_t sessions;
};

/* Runs a worker until no delivery is due, with these limits and authorities; sets store, world, log and drain. */
struct deliver_totals deliver_with(const struct scene *scene, const struct deliver_options *options);

struct running {
	pthread_t thread;
	struct deliver_worker *worker;
	struct deliver_totals totals;
	enum err err;
};

void run_sql(const struct scene *scene, const char *sql);
/* The scene (a sandbox) and the memory of the running test, from scene_set_up() to scene_tear_down(). */
extern struct scene scene;
extern struct arena arena;
void scene_set_up(void);
void scene_tear_down(void);
void scene_open(struct scene *scene, bool sandbox);
void scene_close(struct scene *scene);
void add_endpoint_url(struct scene *scene, const char *url);
void add_endpoint(struct scene *scene);
int64_t add_session(struct scene *scene);
/* session 0: the event belongs to no session, and waits for no other event */
void add_event(struct scene *scene, int64_t session);
/* The sandbox world with a clock of leases (time since the machine started) that is two minutes ahead. */
const struct world *world_later(void);
/* The real world with a wall clock that a test sets while workers run. */
extern atomic_llong wall_step_ms;
const struct world *world_stepped(void);
struct deliver_worker *make_worker_in(const struct scene *scene, const struct world *world, bool drain);
struct deliver_totals deliver_all_in(const struct scene *scene, const struct world *world);
struct deliver_totals deliver_all(const struct scene *scene);
/* The newest delivery, as listed for users. */
struct delivery_item delivery(const struct scene *scene, struct arena *arena);
struct delivery_attempt last_attempt(const struct scene *scene, struct arena *arena, size_t wanted_count);
void answer(struct scene *scene, struct receiver_answer what);
void set_clock(const char *offset);
void expect_header(const struct receiver_request *request, const char *name, const char *wanted);
void run_worker_in_thread(struct running *running); /* the caller has set running->worker */
void start_worker_in(struct running *running, const struct scene *scene, const struct world *world, bool drain);
void start_worker(struct running *running, const struct scene *scene, bool drain);
void end_worker(struct running *running);

#endif
