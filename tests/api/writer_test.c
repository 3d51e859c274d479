/* The one writer of a server (src/api/writer.h): many requests in one transaction, and each can fail alone. */
#include "client.h"

#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void set_up(void)
{
	static const char *const options[] = { "--metrics-listen", "127.0.0.1:0", NULL };

	api_open(&api, options);
	/* The server records the first use of a key before it runs the request: this request causes that write. */
	NEED(200, "GET", NULL, "/kyc/sessions");
}
TestSuite(writer, .init = set_up, .fini = api_tear_down);

#define MANY 24
/* Workflows of the sessions to open; a session with the unknown workflow is refused. */
static const char good_one[] = "generic-kyc", unknown[] = "no-such";

static double metric(const char *name)
{
	cr_assert_eq(api_scrape(&api, "GET", "/metrics"), 200);
	return api_metric(&api, name);
}

/* Sends a request and does not wait for its answer. */
static int send_only(const char *key, const char *workflow, const char *name)
{
	char *body = test_text("{\"workflow_id\":\"%s\",\"subject\":{\"kind\":\"individual\",\"name\":\"%s\","
			       "\"country\":\"PT\"}}",
			       workflow, name);
	return api_post_only(&api, "/kyc/sessions",
			     test_text("Connection: close\r\n%s", key ? test_text("Idempotency-Key: %s\r\n", key) : ""),
			     body);
}

/* Returns the status of the response, and the id of the session. */
static int answer_of(int fd, char **id)
{
	struct reply reply = { 0 };
	int status;

	cr_assert(api_read(fd, "POST /kyc/sessions", &reply));
	status = reply.status;
	if (status >= 400)
		cr_log_info("%s", reply.body);
	if (id)
		*id = test_keep(strdup(reply_text(&reply, "id")));
	reply_release(&reply);
	close(fd);
	return status;
}

/* Sends requests while another program has the lock; after its release the first runs alone, the others together. */
static void send_behind_lock(int fds[MANY], const char *(*body)(int i))
{
	sqlite3 *db = api_lock(&api);

	fds[0] = send_only(NULL, body(0), "Waits Alone");
	test_sleep_ms(300); /* the first has begun: later requests wait in the queue */
	for (int i = 1; i < MANY; i++)
		fds[i] = send_only(NULL, body(i), "Waits Behind");
	test_sleep_ms(1000);
	api_unlock(db);
}

static const char *good(int i)
{
	(void)i;
	return good_one;
}

static const char *some_bad(int i)
{
	return i % 5 == 3 ? unknown : good_one;
}

Test(writer, requests_that_wait_share_a_transaction)
{
	int fds[MANY];
	long long before, requests;

	before = metric("kybdesk_write_transactions_total");
	requests = metric("kybdesk_write_requests_total");
	send_behind_lock(fds, good);
	for (int i = 0; i < MANY; i++)
		cr_expect_eq(answer_of(fds[i], NULL), 201);
	cr_expect_eq(metric("kybdesk_write_requests_total") - requests, MANY);
	/* The time of a transaction is limited, so a slow machine needs more than two transactions. */
	cr_expect_lt(metric("kybdesk_write_transactions_total") - before, MANY / 2);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), MANY);
	DONE("audit", "verify");
}

Test(writer, one_that_is_refused_harms_no_other)
{
	int fds[MANY], bad = 0;
	char *id = NULL;

	send_behind_lock(fds, some_bad);
	for (int i = 0; i < MANY; i++) {
		int status = answer_of(fds[i], &id);

		if (some_bad(i) == unknown) {
			cr_expect(status >= 400 && status < 500, "%d", status);
			bad++;
		} else {
			cr_expect_eq(status, 201);
			ASK(200, "GET", NULL, "/kyc/sessions/%s", id);
		}
	}
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), MANY - bad);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session WHERE workflow = 'no-such'"), 0);
	DONE("audit", "verify");
}

/* A second request with the same key finds the response of the first, even in the same transaction. */
Test(writer, a_key_that_comes_twice_is_done_once)
{
	sqlite3 *db = api_lock(&api);
	int fds[MANY];
	char *ids[MANY], key[16];

	fds[0] = send_only("key-0", good_one, "Ines Duarte");
	test_sleep_ms(300);
	for (int i = 1; i < MANY; i++) {
		(void)snprintf(key, sizeof key, "key-%d", i / 2);
		fds[i] = send_only(key, good_one, "Ines Duarte");
	}
	test_sleep_ms(500);
	api_unlock(db);
	for (int i = 0; i < MANY; i++)
		cr_expect_eq(answer_of(fds[i], &ids[i]), 201);
	for (int i = 0; i + 1 < MANY; i += 2)
		cr_expect_str_eq(ids[i], ids[i + 1]);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), MANY / 2);
}

/* The server refuses all waiting requests together: one after the other they would wait for a minute. */
Test(writer, a_store_that_stays_locked_is_told_to_all_that_wait)
{
	sqlite3 *db = api_lock(&api);
	int fds[MANY];

	for (int i = 0; i < MANY; i++)
		fds[i] = send_only(NULL, good_one, "Ines Duarte");
	for (int i = 0; i < MANY; i++)
		cr_expect_eq(answer_of(fds[i], NULL), 503);
	/* One transaction for the first request, one for the others, and a third if some of them came too late. */
	cr_expect_leq(metric("kybdesk_write_transactions_total"), 3);
	api_unlock(db);
	cr_expect_eq(answer_of(send_only(NULL, good_one, "Ines Duarte"), NULL), 201);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), 1);
}

/* If the commit of many requests fails, none of them is answered as done. */
Test(writer, a_commit_that_fails_is_told_to_all_of_it)
{
	int fds[MANY], done = 0;

	/* The commit fails, because the deferred foreign key refers to a session that does not exist. */
	api_in_store(&api,
		     "CREATE TABLE spoiled (id INTEGER PRIMARY KEY, of INTEGER REFERENCES session (id) DEFERRABLE "
		     "INITIALLY "
		     "DEFERRED); CREATE TRIGGER spoils AFTER INSERT ON session WHEN new.subject_name = 'Waits "
		     "Behind' BEGIN "
		     "INSERT INTO spoiled (of) VALUES (-1); END");
	send_behind_lock(fds, good);
	for (int i = 0; i < MANY; i++)
		done += answer_of(fds[i], NULL) == 201;
	cr_expect_eq(done, 1, "%d", done);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), 1);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM spoiled"), 0);
}

Test(writer, what_waits_is_answered_when_the_server_ends)
{
	sqlite3 *db = api_lock(&api);
	int fds[MANY];

	for (int i = 0; i < MANY; i++)
		fds[i] = send_only(NULL, good_one, "Ines Duarte");
	test_sleep_ms(1500); /* the server has read all requests by now */
	process_signal(api.server, SIGTERM);
	test_sleep_ms(300);
	api_unlock(db);
	for (int i = 0; i < MANY; i++)
		cr_expect_eq(answer_of(fds[i], NULL), 201);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), MANY);
	cr_expect(process_wait(api.server, 20000, NULL));
	api.ended = true;
}

/* An acknowledged session is on the disk, even if the server is killed between the responses of one transaction. */
Test(writer, what_was_acknowledged_survives_a_kill)
{
	int fds[MANY];
	char *id = NULL, *sql = NULL;

	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < MANY; i++)
			fds[i] = send_only(NULL, good_one, "Ines Duarte");
		test_sleep_ms((unsigned)(3 + 7 * round));
		api_crash(&api);
		for (int i = 0; i < MANY; i++) {
			struct reply reply = { 0 };

			if (api_read_any(fds[i], &reply) && reply.status == 201) {
				id = test_keep(strdup(reply_text(&reply, "id")));
				sql = test_text("SELECT count(*) FROM session WHERE uuid = '%s'", id);
				cr_expect_eq(api_number(&api, sql), 1, "%s was answered, and is not there", id);
			}
			reply_release(&reply);
			close(fds[i]);
		}
	}
	DONE("audit", "verify");
}
