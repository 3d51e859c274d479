#include "../cli_internal.h"
#include "kybdesk/base/wait.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PAUSE_FIRST_S 1
#define PAUSE_MAX_S 60
/* If a worker ran for at least this time, the pause after the next failure is PAUSE_FIRST_S again. */
#define HEALTHY_RUN_MS (5 * INT64_C(60000))

struct serve_delivery {
	struct deliver_options options;
	pthread_t thread;
	pthread_mutex_t lock;
	int stop_fd;
	/* the lock protects the members below */
	struct deliver_worker *worker; /* NULL: no worker is running */
	bool stopping;
};

/* Returns false if the thread must stop. */
static bool try_set_worker(struct serve_delivery *delivery, struct deliver_worker *worker)
{
	bool continues;

	(void)pthread_mutex_lock(&delivery->lock);
	continues = !delivery->stopping;
	delivery->worker = continues ? worker : NULL;
	(void)pthread_mutex_unlock(&delivery->lock);
	return continues;
}

/* Runs one worker until it is stopped or fails. */
static enum err run_worker(struct serve_delivery *delivery, struct error *error)
{
	struct deliver_worker *worker = NULL;
	struct deliver_totals totals;
	enum err err = deliver_worker_new(&delivery->options, &worker, error);

	if (!err && try_set_worker(delivery, worker))
		err = deliver_worker_run(worker, &totals, error);
	(void)try_set_worker(delivery, NULL);
	deliver_worker_free(worker);
	return err;
}

/* Returns false if the thread must stop. */
static bool wait_seconds(const struct serve_delivery *delivery, int seconds)
{
	int64_t now = world_monotonic_ms(world_real());

	return wait_for_fd(delivery->stop_fd, POLLIN, now, now + seconds * 1000) == WAIT_LIMIT_REACHED;
}

static void *run_delivery(void *context)
{
	struct serve_delivery *delivery = context;
	const struct world *world = delivery->options.world;
	int pause_s = PAUSE_FIRST_S;
	bool continues = true;

	while (continues) {
		struct error error = { 0 };
		int64_t began_ms = world_monotonic_ms(world);

		if (run_worker(delivery, &error))
			log_warn(&delivery->options.log, "Webhooks cannot be sent now, next attempt in %d s: %s",
				 pause_s, error.message);
		error_release(&error);
		continues = wait_seconds(delivery, pause_s);
		pause_s = pause_s * 2 < PAUSE_MAX_S ? pause_s * 2 : PAUSE_MAX_S;
		if (world_monotonic_ms(world) - began_ms >= HEALTHY_RUN_MS)
			pause_s = PAUSE_FIRST_S;
	}
	return NULL;
}

static void release_delivery(struct serve_delivery *delivery)
{
	(void)pthread_mutex_destroy(&delivery->lock);
	if (delivery->stop_fd >= 0)
		(void)close(delivery->stop_fd);
	free(delivery);
}

static enum err serve_delivery_start(struct cli *cli, const char *ca_file, struct serve_delivery **out,
				     struct error *error)
{
	struct serve_delivery *delivery = xcalloc(1, sizeof *delivery);
	int failed;

	delivery->options = (struct deliver_options){ .store_path = settings_text(&cli->settings, SETTING_STORE),
						      .world = cli->world,
						      .log = cli->log,
						      .ca_file = ca_file };
	(void)pthread_mutex_init(&delivery->lock, NULL);
	delivery->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	failed = delivery->stop_fd < 0 ? errno : pthread_create(&delivery->thread, NULL, run_delivery, delivery);
	if (!failed) {
		*out = delivery;
		return ERR_OK;
	}
	release_delivery(delivery);
	return error_set(error, ERR_INTERNAL, "The delivery thread of the server cannot be started: %s",
			 strerror(failed));
}

void serve_report_ready(void *context, const char *url, const char *metrics_url)
{
	struct serve_context *serve_context = context;
	struct cli *cli = serve_context->cli;
	struct json_value *object = json_new_object();
	struct error late = { 0 };

	json_set_text(object, "url", url);
	if (metrics_url)
		json_set_text(object, "metrics_url", metrics_url);
	if (!cli_is_json(cli) && metrics_url)
		out_line(&cli->out, "Metrics on %s", metrics_url);
	(void)cli_print_result(cli, object, "Listening on %s", url);
	/* The output is flushed at once, because a script may wait for this line. */
	if (out_finish(&cli->out, &late) ||
	    (serve_context->sends_webhooks &&
	     serve_delivery_start(cli, serve_context->ca_file, &serve_context->delivery, &late)))
		cli_print_error(cli, &late);
	error_release(&late);
}

void serve_delivery_stop(struct serve_delivery *delivery)
{
	if (!delivery)
		return;
	(void)pthread_mutex_lock(&delivery->lock);
	delivery->stopping = true;
	if (delivery->worker)
		deliver_worker_stop(delivery->worker);
	(void)pthread_mutex_unlock(&delivery->lock);
	(void)!eventfd_write(delivery->stop_fd, 1);
	(void)pthread_join(delivery->thread, NULL);
	release_delivery(delivery);
}
