#include "sqlite_internal.h"

#include <pthread.h>
#include <signal.h>

static sigset_t the_stop(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTSTP);
	return set;
}

void sqlite_hold_stops(struct sqlite_db *db)
{
	sigset_t stop = the_stop(), before;

	/* Where somebody else sees to it (the workbench), it stays theirs. */
	db->stops_late = pthread_sigmask(SIG_BLOCK, &stop, &before) == 0 && !sigismember(&before, SIGTSTP);
}

void sqlite_let_stops(struct sqlite_db *db)
{
	sigset_t stop = the_stop();

	if (db->stops_late)
		(void)pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	db->stops_late = false;
}
