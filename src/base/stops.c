#include "kybdesk/base/stops.h"
#include "kybdesk/base/error.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#define PATIENCE_MS 1000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static unsigned within; /* threads */
static bool closed;

static _Thread_local unsigned depth;
static _Thread_local unsigned late_from; /* the depth at which the signal was blocked; 0: it was not */

static sigset_t the_stop(void)
{
	sigset_t set;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTSTP);
	return set;
}

void stops_enter(bool late)
{
	if (depth++ == 0) {
		(void)pthread_mutex_lock(&mutex);
		while (closed)
			(void)pthread_cond_wait(&opened, &mutex);
		within++;
		(void)pthread_mutex_unlock(&mutex);
	}
	if (late && !late_from) {
		sigset_t stop = the_stop(), before;
		if (pthread_sigmask(SIG_BLOCK, &stop, &before) == 0 && !sigismember(&before, SIGTSTP))
			late_from = depth;
	}
}

void stops_leave(void)
{
	bool ends = late_from == depth;
	if (!depth)
		BUG("a lock ends that did not begin in this thread");
	if (--depth == 0) {
		(void)pthread_mutex_lock(&mutex);
		within--;
		(void)pthread_mutex_unlock(&mutex);
	}
	if (ends) {
		sigset_t stop = the_stop();
		late_from = 0;
		(void)pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	}
}

bool stops_close(int patience_ms)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	bool empty;
	(void)pthread_mutex_lock(&mutex);
	closed = true;
	for (int waited_ms = 0; within > 0 && waited_ms < patience_ms; waited_ms++) {
		(void)pthread_mutex_unlock(&mutex);
		(void)nanosleep(&pause, NULL);
		(void)pthread_mutex_lock(&mutex);
	}
	empty = within == 0;
	(void)pthread_mutex_unlock(&mutex);
	return empty;
}

void stops_open(void)
{
	(void)pthread_mutex_lock(&mutex);
	closed = false;
	(void)pthread_cond_broadcast(&opened);
	(void)pthread_mutex_unlock(&mutex);
}

void stops_obey(pid_t whom)
{
	sigset_t stop = the_stop();
	(void)stops_close(PATIENCE_MS);
	(void)pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	(void)kill(whom, SIGTSTP);
	(void)pthread_sigmask(SIG_BLOCK, &stop, NULL);
	stops_open();
}
