/* The delivery worker: one thread with libcurl's multi interface (opened on first use) and its own store connection.
 * Runs inside the workbench (own thread) and in `webhook deliver`. Leases allow several workers on one store. */
#ifndef KYBDESK_WEBHOOK_DELIVER_H
#define KYBDESK_WEBHOOK_DELIVER_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/log.h"

#define DELIVER_ATTEMPTS_MAX 10
/* Hooks (`hook run`) listen on NAME.sock in the folder that the environment variable KYBDESK_HOOKS names, else in
 * HOOK_FOLDER_DEFAULT. */
#define HOOK_FOLDER_VARIABLE "KYBDESK_HOOKS"
#define HOOK_FOLDER_DEFAULT "/run/kybdesk/hooks"
#define HOOK_SOCKET_SIZE 108 /* sun_path */

struct deliver_options {
	const char *store_path;
	const struct world *world;
	struct log log;
	/* the worker of a workbench, which pauses while the store's setting `deliver` is `workers` */
	bool is_workbench;
	bool drain; /* the worker ends when no delivery is due or in progress; deliveries due later remain */
	size_t max_concurrency; /* maximum number of concurrent deliveries; 0: 64 */
	/* File with trusted certificate authorities; NULL or "": the file of the system. */
	const char *ca_file;
	/* Limits of one attempt, for tests; 0: 60 s in total, 15 s to connect. */
	int64_t timeout_ms, connect_timeout_ms;
	/* Called when the worker starts, and then about twice a minute, on the worker's thread between deliveries.
	 * May be NULL. */
	void (*on_tick)(void *context);
	void *tick_context;
};
struct deliver_totals {
	int64_t delivered, failed, waiting, dead; /* delivered, failed: in this run; waiting, dead: at the end */
};
struct deliver_worker;

/* deliver_worker_run() runs the worker on the calling thread until the worker is stopped (or drained).
 * deliver_worker_stop() may be called from a signal handler or another thread. deliver_worker_new() makes the
 * process ignore SIGPIPE. */
enum err deliver_worker_new(const struct deliver_options *options, struct deliver_worker **out, struct error *error);
enum err deliver_worker_run(struct deliver_worker *worker, struct deliver_totals *totals, struct error *error);
void deliver_worker_stop(struct deliver_worker *worker); /* async-signal-safe */
void deliver_worker_wake(struct deliver_worker *worker); /* a delivery may be due; async-signal-safe */
void deliver_worker_free(struct deliver_worker *worker);

const char *deliver_hook_folder(const struct world *world);

/* Name and version of libcurl, such as "libcurl 7.88.1", or the reason why no delivery is possible. *missing: the
 * path of the certificate authorities that https:// needs, if that file is missing; else "". Opens libcurl. */
const char *deliver_library_text(struct arena *arena, const char **missing);
#define DELIVER_AUTHORITIES_HINT "run: apt-get install ca-certificates"

#endif
