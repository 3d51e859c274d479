#include "jobs/convert.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct converter {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t request_added;
	converter_callback *on_response;
	void *context;
	struct job *waiting;
	bool running, cancelled, stopping;
	int cancel_fd;
};

/* Passes the response to the callback. False: the response was dropped, because its request was cancelled. */
static bool deliver_response(struct converter *converter, struct job *job, bool last)
{
	pthread_mutex_lock(&converter->lock);
	bool dropped = converter->cancelled;
	if (last || dropped)
		converter->running = false;
	pthread_mutex_unlock(&converter->lock);
	if (dropped)
		job_free(job);
	else
		converter->on_response(converter->context, job);
	return !dropped;
}

static void *converter_main(void *context)
{
	struct converter *converter = context;
	pthread_mutex_lock(&converter->lock);
	while (!converter->stopping) {
		struct job *job = converter->waiting;
		uint64_t count;
		if (!job) {
			pthread_cond_wait(&converter->request_added, &converter->lock);
			continue;
		}
		converter->waiting = NULL;
		converter->running = true;
		converter->cancelled = false;
		if (read(converter->cancel_fd, &count, sizeof count) < 0) {
			/* the eventfd counter is 0: the previous run was not cancelled */
		}
		pthread_mutex_unlock(&converter->lock);
		struct job *scan = convert_document(world_real(), job, converter->cancel_fd);
		if (deliver_response(converter, job, !scan) && scan) {
			convert_scan(world_real(), scan, converter->cancel_fd);
			(void)deliver_response(converter, scan, true);
		} else {
			job_free(scan);
		}
		pthread_mutex_lock(&converter->lock);
	}
	pthread_mutex_unlock(&converter->lock);
	return NULL;
}

enum err converter_start(converter_callback *on_response, void *context, struct converter **out, struct error *error)
{
	struct converter *converter = xcalloc(1, sizeof *converter);
	converter->on_response = on_response;
	converter->context = context;
	converter->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&converter->lock, NULL);
	pthread_cond_init(&converter->request_added, NULL);
	int failed =
		converter->cancel_fd < 0 ? errno : pthread_create(&converter->thread, NULL, converter_main, converter);
	if (!failed) {
		*out = converter;
		return ERR_OK;
	}
	if (converter->cancel_fd >= 0)
		close(converter->cancel_fd);
	pthread_cond_destroy(&converter->request_added);
	pthread_mutex_destroy(&converter->lock);
	free(converter);
	return error_set(error, ERR_INTERNAL, "the converter cannot be started: %s", strerror(failed));
}

static void cancel_locked(struct converter *converter)
{
	uint64_t one = 1;
	job_free(converter->waiting);
	converter->waiting = NULL;
	if (!converter->running)
		return;
	converter->cancelled = true;
	if (write(converter->cancel_fd, &one, sizeof one) < 0) {
		/* the eventfd counter is at its maximum: the run is cancelled already */
	}
}

void converter_request(struct converter *converter, struct job *job)
{
	pthread_mutex_lock(&converter->lock);
	cancel_locked(converter);
	converter->waiting = job;
	pthread_cond_signal(&converter->request_added);
	pthread_mutex_unlock(&converter->lock);
}

void converter_stop(struct converter *converter)
{
	if (!converter)
		return;
	pthread_mutex_lock(&converter->lock);
	cancel_locked(converter);
	converter->stopping = true;
	pthread_cond_signal(&converter->request_added);
	pthread_mutex_unlock(&converter->lock);
	pthread_join(converter->thread, NULL);
	close(converter->cancel_fd);
	pthread_cond_destroy(&converter->request_added);
	pthread_mutex_destroy(&converter->lock);
	free(converter);
}
