/* Servers and clients that stop in the middle of their work: each wait has an end, and the message says what happened.
 * The limits are set low by the address of the store, as an administrator sets them for a role or a database. */
#include "store/store_support.h"
#include "kybdesk/base/wait.h"
#include "postgresql/server.h"
#include "support/process.h"
#include "../../src/store/postgresql/postgresql_internal.h"

#include <string.h>

static struct test_server server;
static struct db *db;
static struct error why;

/* The address with these settings of the connection, as "-cNAME%3DVALUE". */
static char *with_settings(const char *address, const char *settings)
{
	return test_text("%s%%20%s&connect_timeout=1", address, settings);
}

static struct db *open_db(const char *address)
{
	const struct db_options options = { .path = address, .create = true, .world = world_real() };
	struct db *out = NULL;

	cr_assert_eq(db_open(&db_driver_postgresql, &options, &out, &why), ERR_OK, "%s", why.message);
	return out;
}

static void set_up(void)
{
	server_make(&server);
	db = open_db(with_settings(server_place(&server), "-cstatement_timeout%3D200"));
}

static void tear_down(void)
{
	wait_set_watch(NULL, NULL);
	server_thaw(&server);
	db_close(db);
	error_release(&why);
	server_remove(&server);
}

TestSuite(waits, .init = set_up, .fini = tear_down);

static enum err ask(struct db *at)
{
	static const struct sql one = { "test.one", "SELECT 1" };
	int64_t number = 0;

	error_release(&why);
	return db_get_int(at, &one, NULL, &number, &why);
}

static void expect_said(const char *part)
{
	cr_expect(strstr(why.message, part), "no \"%s\" in: %s", part, why.message);
}

Test(waits, a_server_that_freezes_is_told_and_left_and_found_again)
{
	cr_assert_eq(ask(db), ERR_OK, "%s", why.message);
	server_freeze(&server);
	/* The statement is repeated once on a new connection, which is not made either. */
	cr_expect_eq(ask(db), ERR_STORE);
	expect_said("cannot be reached: the server does not answer (limit: 1.0 s)");
	cr_expect_eq(db_begin(db, DB_WRITE, &why), ERR_STORE);
	expect_said("does not answer");
	server_thaw(&server);
	cr_expect_eq(ask(db), ERR_OK, "%s", why.message);
}

static void make_thing(struct db *at)
{
	cr_assert_eq(db_begin(at, DB_WRITE, &why), ERR_OK, "%s", why.message);
	cr_assert_eq(at->driver->run_script(at, "CREATE TABLE thing (id BIGINT)", &why), ERR_OK, "%s", why.message);
	cr_assert_eq(db_commit(at, &why), ERR_OK, "%s", why.message);
}

Test(waits, a_server_that_freezes_within_a_transaction_changes_nothing)
{
	make_thing(db);
	cr_assert_eq(db_begin(db, DB_WRITE, &why), ERR_OK, "%s", why.message);
	server_freeze(&server);
	cr_expect_eq(db->driver->run_script(db, "INSERT INTO thing VALUES (1)", &why), ERR_STORE);
	expect_said("does not answer: no result came within 2 s; nothing was changed, try again");
	db_rollback(db);
	server_thaw(&server);
	cr_expect_eq(ask(db), ERR_OK, "%s", why.message);
}

static bool stop_at(void *context, enum wait_peer peer, int64_t waited_ms)
{
	(void)peer;
	int *calls = context;

	(*calls)++;
	return waited_ms < 100;
}

Test(waits, a_thread_sees_its_waits_and_can_give_them_up)
{
	int calls = 0;

	server_freeze(&server);
	wait_set_watch(stop_at, &calls);
	cr_expect_eq(ask(db), ERR_STORE);
	expect_said("given up");
	cr_expect_gt(calls, 2);
	wait_set_watch(NULL, NULL);
	server_thaw(&server);
	cr_expect_eq(ask(db), ERR_OK, "%s", why.message);
}

Test(waits, a_process_that_ends_waits_no_longer)
{
	long long begun;

	server_freeze(&server);
	wait_end_all(1000);
	begun = test_clock_ms();
	cr_expect_eq(ask(db), ERR_STORE);
	expect_said("given up");
	cr_expect_lt(test_clock_ms() - begun, 10000);
}

Test(waits, a_limit_of_the_server_is_told_as_such_and_the_connection_stays)
{
	static const struct sql sleep = { "test.sleep", "SELECT 1 FROM pg_sleep(60)" };
	unsigned long long number = ((struct postgresql_db *)db)->connection_number;
	int64_t none = 0;

	cr_expect_eq(db_get_int(db, &sleep, NULL, &none, &why), ERR_STORE);
	expect_said("the server stopped test.sleep on store ");
	expect_said("; nothing was changed, try again");
	cr_expect_eq(ask(db), ERR_OK, "%s", why.message);
	cr_expect_eq(((struct postgresql_db *)db)->connection_number, number);
}

/* A process that reads the whole store sets its own limit, also against a lower one of the server. */
Test(waits, a_long_reader_sets_its_own_limit)
{
	static const struct sql sleep = { "test.sleep", "SELECT 1 FROM pg_sleep(0.4)" };
	int64_t none = 0;
	struct db *other;

	wait_set_answer_limit(WAIT_LONG_ANSWER_MS);
	other = open_db(with_settings(server_place(&server), "-cstatement_timeout%3D200"));
	cr_expect_eq(db_get_int(other, &sleep, NULL, &none, &why), ERR_OK, "%s", why.message);
	db_close(other);
}

/* A client that freezes while it holds the lock of the writers: a suspended laptop, a cut cable. */
Test(waits, a_client_that_freezes_holds_the_lock_no_longer_than_its_limit)
{
	char *address = with_settings(server_place(&server), "-cidle_in_transaction_session_timeout%3D200");
	struct db *frozen = open_db(address), *other = open_db(address);

	make_thing(other);
	cr_assert_eq(db_begin(frozen, DB_WRITE, &why), ERR_OK, "%s", why.message);
	cr_expect_eq(frozen->driver->run_script(frozen, "INSERT INTO thing VALUES (1)", &why), ERR_OK);
	/* `frozen` does nothing more; the other one waits for the lock, and gets it. */
	cr_expect_eq(db_begin(other, DB_WRITE, &why), ERR_OK, "%s", why.message);
	cr_expect_eq(other->driver->run_script(other, "INSERT INTO thing VALUES (2)", &why), ERR_OK);
	cr_expect_eq(db_commit(other, &why), ERR_OK, "%s", why.message);
	cr_expect_eq(frozen->driver->run_script(frozen, "INSERT INTO thing VALUES (3)", &why), ERR_STORE);
	expect_said("This program paused too long while it held store ");
	expect_said("nothing was changed, try again");
	db_rollback(frozen);
	cr_expect_eq(db_begin(frozen, DB_WRITE, &why), ERR_OK, "%s", why.message);
	cr_expect_eq(
		frozen->driver->run_script(frozen,
					   "DO $$ BEGIN ASSERT (SELECT sum(id) FROM thing) = 2; ASSERT current_setting("
					   "'idle_in_transaction_session_timeout') = '200ms'; END $$",
					   &why),
		ERR_OK, "%s", why.message);
	db_rollback(frozen);
	db_close(other);
	db_close(frozen);
}

Test(waits, every_connection_has_limits_of_its_own)
{
	static const struct sql limits = {
		"test.limits", "SELECT count(*) FROM pg_settings WHERE (name, setting) IN (('statement_timeout', "
			       "'30000'), ('idle_in_transaction_session_timeout', '10000'))"
	};
	struct db *plain = open_db(server_place(&server));
	int64_t count = 0;

	cr_expect_eq(db_get_int(plain, &limits, NULL, &count, &why), ERR_OK, "%s", why.message);
	cr_expect_eq(count, 2);
	db_close(plain);
}

/* Each state of a server is told as what it is, with the exit status of its kind, and whether a repetition helps. */
Test(waits, each_state_of_a_server_has_its_sentence)
{
	static const struct {
		const char *state, *part;
		enum err err;
		bool again;
	} rows[] = {
		{ "55P03", "was locked by another process for more than 20.0 s", ERR_STORE, true },
		{ "57014", "the server stopped ", ERR_STORE, true },
		{ "40001", "collided with another one", ERR_STORE, true },
		{ "40P01", "collided with another one", ERR_STORE, true },
		{ "53100", "the disk is full: store ", ERR_STORE, false },
		{ "53200", "has too little room (", ERR_STORE, true },
		{ "53300", "has too little room (", ERR_STORE, true },
		{ "58030", "cannot read or write its own files", ERR_STORE, false },
		{ "25006", "it is open for reading only", ERR_STORE, false },
		{ "42501", "the database user lacks a right", ERR_STORE, false },
		{ "54000", "a value is too large", ERR_INVALID, false },
		{ "22021", "a text is not UTF-8", ERR_INVALID, false },
		{ "XX001", "is damaged", ERR_STORE, false },
		{ "42P01", "refused the statement", ERR_STORE, false },
		{ "23514", "the store refused ", ERR_INTERNAL, false },
		{ "0L000", "the store failed at ", ERR_INTERNAL, false },
		{ "08006", "is lost", ERR_STORE, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text =
			test_text("DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '%s'; END $$", rows[i].state);

		error_release(&why);
		cr_expect_eq(db->driver->run_script(db, text, &why), rows[i].err, "%s: %s", rows[i].state, why.message);
		expect_said(rows[i].part);
		cr_expect_eq(strstr(why.message, "nothing was changed, try again") != NULL, rows[i].again, "%s: %s",
			     rows[i].state, why.message);
		cr_assert_eq(ask(db), ERR_OK, "%s", why.message);
	}
}

/* An administrator ends the connection (57P01), or a time limit of the server does (57P05). */
Test(waits, a_connection_that_the_server_ends_is_lost_and_made_again)
{
	static const struct sql pid = { "test.pid", "SELECT pg_backend_pid()" };
	char *address = server_place(&server);
	int64_t first = 0, second = 0;
	struct db *plain = open_db(address);

	cr_assert_eq(db_get_int(plain, &pid, NULL, &first, &why), ERR_OK);
	cr_assert_eq(db_begin(plain, DB_WRITE, &why), ERR_OK);
	shell_run(address, test_text("SELECT pg_terminate_backend(%lld, 20000)", (long long)first));
	cr_expect_eq(plain->driver->run_script(plain, "SELECT 1", &why), ERR_STORE);
	expect_said("The connection to store ");
	expect_said("; nothing was changed, try again");
	db_rollback(plain);
	cr_expect_eq(db_get_int(plain, &pid, NULL, &second, &why), ERR_OK, "%s", why.message);
	cr_expect_neq(first, second);
	db_close(plain);
}

static int cancel_after_ms;

static int cancel_late(PGcancel *cancel, char *reason, int size)
{
	test_sleep_ms(cancel_after_ms);
	return PQcancel(cancel, reason, size);
}

static bool interrupt_at_once(void *context, enum wait_peer peer, int64_t waited_ms)
{
	struct db *running = context;

	(void)peer;
	(void)waited_ms;
	running->driver->interrupt(running);
	return true;
}

/* Runs a short statement that another thread interrupts; the request to cancel it reaches the server after this time. */
static void interrupt_short_statement(struct db *at, int after_ms)
{
	static const struct sql sleep = { "test.short", "SELECT 1 FROM pg_sleep(0.5)" };
	int64_t none = 0;

	cancel_after_ms = after_ms;
	pq.cancel = cancel_late;
	wait_set_watch(interrupt_at_once, at);
	cr_expect_eq(db_get_int(at, &sleep, NULL, &none, &why), ERR_OK, "%s", why.message);
	wait_set_watch(NULL, NULL);
	cr_expect_eq(((struct postgresql_db *)at)->was_cancelled, true, "the statement was not interrupted");
}

Test(waits, a_late_request_to_cancel_does_not_reach_the_next_statement)
{
	static const struct sql sleep = { "test.sleep", "SELECT 1 FROM pg_sleep(1.5)" };
	struct db *plain = open_db(server_place(&server));
	unsigned long long number = ((struct postgresql_db *)plain)->connection_number;
	int64_t none = 0;

	interrupt_short_statement(plain, 1000);
	cr_expect_eq(db_get_int(plain, &sleep, NULL, &none, &why), ERR_OK, "%s", why.message);
	cr_expect_eq(((struct postgresql_db *)plain)->connection_number, number);
	/* One that does not end takes the connection with it, and the next statement is run on another one. */
	interrupt_short_statement(plain, 30000);
	cr_expect_eq(db_get_int(plain, &sleep, NULL, &none, &why), ERR_OK, "%s", why.message);
	cr_expect_eq(((struct postgresql_db *)plain)->connection_number, number + 1);
	db_close(plain);
}
