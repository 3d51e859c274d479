#include "kybdesk/base/stops.h"
#include "kybdesk/base/error.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#define SUSPEND_WAIT_MS 1000
/* How long suspension_begin() waits for sections of suspension_block(true): longer than the longest wait for a lock
 * of another process, since a waiting thread may get the lock at any moment. */
#define SUSPEND_LOCK_WAIT_MS 10000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static unsigned within, locking; /* threads in suspension_block() sections; in suspension_block(true) sections */
static bool closed;

static _Thread_local unsigned depth;
static _Thread_local unsigned late_from; /* `depth` of the suspension_block(true) that blocks SIGTSTP; 0: none */
static _Thread_local bool blocks;	 /* suspension_block() blocked SIGTSTP, so suspension_unblock() unblocks it */

static sigset_t suspend_signal_set(void)
{
	sigset_t set;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTSTP);
	return set;
}

static void change_thread_count(unsigned *threads, int more)
{
	(void)pthread_mutex_lock(&mutex);
	*threads += (unsigned)more;
	(void)pthread_mutex_unlock(&mutex);
}

void suspension_block(bool late)
{
	if (depth++ == 0) {
		(void)pthread_mutex_lock(&mutex);
		while (closed)
			(void)pthread_cond_wait(&opened, &mutex);
		within++;
		(void)pthread_mutex_unlock(&mutex);
	}
	if (late && !late_from) {
		sigset_t stop = suspend_signal_set(), before;
		late_from = depth;
		change_thread_count(&locking, 1);
		blocks = pthread_sigmask(SIG_BLOCK, &stop, &before) == 0 && !sigismember(&before, SIGTSTP);
	}
}

void suspension_unblock(void)
{
	bool ends = late_from == depth;
	if (!depth)
		BUG("a lock was released by a thread that does not hold it");
	if (ends)
		change_thread_count(&locking, -1);
	if (--depth == 0)
		change_thread_count(&within, -1);
	if (ends)
		late_from = 0;
	if (ends && blocks) {
		sigset_t stop = suspend_signal_set();
		blocks = false;
		(void)pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	}
}

bool suspension_begin(int max_wait_ms)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	bool empty;
	(void)pthread_mutex_lock(&mutex);
	closed = true;
	for (int waited_ms = 0;
	     (within > 0 && waited_ms < max_wait_ms) || (locking > 0 && waited_ms < SUSPEND_LOCK_WAIT_MS);
	     waited_ms++) {
		(void)pthread_mutex_unlock(&mutex);
		(void)nanosleep(&pause, NULL);
		(void)pthread_mutex_lock(&mutex);
	}
	empty = within == 0;
	(void)pthread_mutex_unlock(&mutex);
	return empty;
}

void suspension_end(void)
{
	(void)pthread_mutex_lock(&mutex);
	closed = false;
	(void)pthread_cond_broadcast(&opened);
	(void)pthread_mutex_unlock(&mutex);
}

void suspend_handle_signal(pid_t pid)
{
	sigset_t stop = suspend_signal_set();
	(void)suspension_begin(SUSPEND_WAIT_MS);
	(void)pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	(void)kill(pid, SIGTSTP);
	(void)pthread_sigmask(SIG_BLOCK, &stop, NULL);
	suspension_end();
}
