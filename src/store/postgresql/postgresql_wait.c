/* Waits for the server. libpq never blocks here: each wait is a poll() with a limit, a watch and an end (base/wait.h).
 * When a wait is given up, the connection is shut down in both directions: the server rolls the transaction back, and
 * every later call of libpq on this connection fails at once, as on any lost connection. */
#include "postgresql_internal.h"
#include "kybdesk/base/wait.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

/* How long a cancelled statement may still take. */
#define CANCEL_MS 2000

void postgresql_interrupt(struct db *db)
{
	atomic_store(&((struct postgresql_db *)db)->is_interrupted, true);
}

static void *send_cancellation(void *context)
{
	char reason[256];

	(void)pq.cancel(context, reason, sizeof reason);
	pq.freeCancel(context);
	return NULL;
}

/* Asks the server to cancel the running statement. PQcancel() makes a connection and waits for the server, so it runs
 * in a thread of its own. While a request is under way, another one adds nothing. */
static void cancel_statement(struct postgresql_db *db)
{
	PGcancel *handle;
	sigset_t all, before;

	if (db->is_cancelling && pthread_tryjoin_np(db->cancelling, NULL) != 0)
		return;
	db->is_cancelling = false;
	handle = pq.getCancel(db->connection);
	if (!handle)
		return;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	db->is_cancelling = pthread_create(&db->cancelling, NULL, send_cancellation, handle) == 0;
	if (!db->is_cancelling)
		pq.freeCancel(handle);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void lose_connection(struct postgresql_db *db)
{
	db->is_conn_lost = true;
	(void)shutdown(pq.socket(db->connection), SHUT_RDWR);
}

/* A request that reaches the server later would cancel the next statement of this connection, so it is awaited before
 * one is sent. Without an end within the limit, the connection is not used again. */
static void await_cancellation(struct postgresql_db *db)
{
	int64_t until = world_monotonic_ms(world_real()) + (db->is_conn_lost ? 0 : CANCEL_MS);
	const struct timespec end = { .tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000 };

	if (!db->is_cancelling)
		return;
	db->is_cancelling = false;
	if (pthread_clockjoin_np(db->cancelling, NULL, CLOCK_MONOTONIC, &end) == 0)
		return;
	(void)pthread_detach(db->cancelling);
	if (!db->is_conn_lost)
		lose_connection(db);
}

/* Waits in slices, so that an interruption by another thread is noticed. */
static enum wait_result wait_interruptibly(struct postgresql_db *db, short events, int64_t begun, int64_t *until)
{
	enum wait_result result;
	int64_t now;

	do {
		now = world_monotonic_ms(world_real());
		if (atomic_exchange(&db->is_interrupted, false)) {
			db->was_cancelled = true;
			cancel_statement(db);
			*until = now + CANCEL_MS < *until ? now + CANCEL_MS : *until;
		}
		result = wait_for_fd(pq.socket(db->connection), events, begun,
				     now + WAIT_SLICE_MS < *until ? now + WAIT_SLICE_MS : *until);
	} while (result == WAIT_LIMIT_REACHED && world_monotonic_ms(world_real()) < *until);
	return result;
}

/* False: the connection is lost. */
static bool wait_socket(struct postgresql_db *db, short events, int64_t begun, int64_t *until)
{
	enum wait_result result = wait_interruptibly(db, events, begun, until);

	if (result == WAIT_READY)
		return true;
	db->silent_ms = world_monotonic_ms(world_real()) - begun;
	db->was_given_up = result == WAIT_GIVEN_UP;
	lose_connection(db);
	return false;
}

PGresult *postgresql_get_result(struct postgresql_db *db)
{
	int64_t begun = world_monotonic_ms(world_real()), until = begun + db->answer_limit_ms;
	PGresult *result;
	int unsent;

	db->wait_start_ms = world_boottime_ms(world_real());
	while ((unsent = pq.flush(db->connection)) >= 0 && (unsent || pq.isBusy(db->connection)))
		if (!wait_socket(db, (short)(unsent ? POLLIN | POLLOUT : POLLIN), begun, &until) ||
		    !pq.consumeInput(db->connection))
			break;
	result = pq.getResult(db->connection);
	await_cancellation(db);
	if (result && pq.resultStatus(result) != PGRES_FATAL_ERROR)
		db->result_ms = world_boottime_ms(world_real());
	return result;
}

PGresult *postgresql_take_last(struct postgresql_db *db)
{
	PGresult *last = NULL, *next;

	while ((next = postgresql_get_result(db))) {
		ExecStatusType status = pq.resultStatus(next);

		pq.clear(last);
		last = next;
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_PIPELINE_SYNC)
			break;
	}
	return last;
}

void postgresql_forget_interrupts(struct postgresql_db *db)
{
	atomic_store(&db->is_interrupted, false);
	db->was_cancelled = false;
}

bool postgresql_send_output(struct postgresql_db *db)
{
	int64_t begun = world_monotonic_ms(world_real()), until = begun + db->answer_limit_ms;
	int unsent;

	while ((unsent = pq.flush(db->connection)) > 0)
		if (!wait_socket(db, POLLIN | POLLOUT, begun, &until) || !pq.consumeInput(db->connection))
			break;
	await_cancellation(db);
	return !unsent;
}
