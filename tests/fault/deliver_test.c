/*
 * No event is lost, no event overtakes another event of its session, and a repeated event has the same id, although two
 * workers are killed at random and a receiver fails one request in ten. The test checks the requests that have arrived
 * at the receiver, and verifies each signature with OpenSSL, without any of kybdesk's code.
 */
#include "fault/cases.h"
#include "support/http_receiver.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

TestSuite(deliver, .fini = site_tear_down);

enum { ANSWERS = 50000, WORKERS = 2 };

struct storm {
	struct site *site;
	struct receiver *receiver;
	struct process *workers[WORKERS];
	char *secret;
	char clock[64];
	unsigned events, sessions, kills_wanted, kills;
	size_t next_kill; /* a worker is ended when more requests than this have arrived */
	long long offset_s;
};

static void fill(struct storm *storm)
{
	char *sql = test_text(
		"WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < %u) INSERT INTO "
		"subject (id, merchant_id, uid, kind, created_at) SELECT 100000 + n, (SELECT merchant_id FROM "
		"endpoint), 'storm-' || n, 'individual', 1 FROM i;"
		"WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < %u) INSERT INTO "
		"session (id, uuid, merchant_id, workflow, kind, subject_id, status, subject_name, created_at, "
		"updated_at) SELECT 100000 + n, 'storm-' || n, (SELECT merchant_id FROM endpoint), "
		"'ralio-kyc', 'kyc', 100000 + n, 'draft', 'n', 1, 1 FROM i;"
		"WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < %u - 1) INSERT "
		"INTO outbox_event (id, uuid, session_id, merchant_id, type, sequence, body, created_at) SELECT "
		"n + 1, 'evt_' || printf('%%032x', n), 100001 + n %% %u, (SELECT merchant_id FROM "
		"endpoint), "
		"'kyc.state_updated', n / %u + 1, CAST('{\"session\":' || (n %% %u) || ',\"sequence\":' || "
		"(n / %u) || ',\"tag\":\"Größe\"}' AS BLOB), 1 FROM i;"
		"INSERT INTO delivery (uuid, event_id, endpoint_id, session_id, state, next_at, set_at, "
		"created_at) SELECT uuid, id, (SELECT id FROM endpoint), session_id, 'pending', 1, 1, 1 "
		"FROM outbox_event;",
		storm->sessions, storm->sessions, storm->events, storm->sessions, storm->sessions, storm->sessions,
		storm->sessions);
	site_change(storm->site, sql);
}

/* One request in ten fails: the receiver answers 503 or hangs up. */
static void set_answers(struct storm *storm)
{
	struct receiver_answer *answers = test_keep(calloc(ANSWERS, sizeof *answers));
	cr_assert(answers);
	for (unsigned i = 0; i < ANSWERS; i++) {
		uint64_t dice = site_random(storm->site, 20);
		answers[i].status = dice == 0 ? 503 : 200;
		answers[i].trick = dice == 1 ? RECEIVER_HANG_UP : RECEIVER_PLAIN;
		answers[i].delay_ms = site_random(storm->site, 50) == 0 ? 200 : 0;
	}
	answers[ANSWERS - 1] = (struct receiver_answer){ .status = 200 };
	receiver_answers(storm->receiver, answers, ANSWERS);
}

static void start(struct storm *storm, unsigned at)
{
	storm->workers[at] = site_start(storm->site, "webhook", "deliver", NULL);
}

static void end(struct storm *storm, unsigned at, int signal_number)
{
	struct process_result result;
	process_signal(storm->workers[at], signal_number);
	cr_assert(process_wait(storm->workers[at], 60000, &result));
	cr_assert_null(strstr(result.err, "Sanitizer"), "%s", result.err);
	process_free(storm->workers[at]);
	storm->workers[at] = NULL;
}

/* Deliveries that are due by the workers' clock, or in flight. */
static int64_t open_now(const struct storm *storm)
{
	char *sql = test_text("SELECT count(*) FROM delivery AS d WHERE state = 'leased' OR (state = 'pending' AND "
			      "next_at <= "
			      "%lld AND NOT EXISTS (SELECT 1 FROM delivery AS o WHERE o.session_id = d.session_id AND "
			      "o.id < d.id AND o.state IN ('pending', 'leased')))",
			      ((long long)time(NULL) + storm->offset_s) * 1000);
	int64_t count = site_number(storm->site, sql);
	return count;
}

/* Divides the events into `kills_wanted` equal parts, and chooses a random request in the next part; each event causes
 * at least one request. From the chosen request on, the receiver holds responses, so that the next kill hits a busy
 * worker. */
static void set_next_kill(struct storm *storm)
{
	unsigned part = storm->events / storm->kills_wanted;
	storm->next_kill = storm->kills < storm->kills_wanted
				   ? (size_t)part * storm->kills + site_random(storm->site, part)
				   : SIZE_MAX;
	receiver_hold(storm->receiver, storm->next_kill);
}

/* Ends a worker while the receiver holds its responses, or shortly after it has released them. */
static void end_one(struct storm *storm)
{
	unsigned at = (unsigned)site_random(storm->site, WORKERS);
	if (site_random(storm->site, 2))
		receiver_hold(storm->receiver, SIZE_MAX);
	test_sleep_ms((unsigned)site_random(storm->site, 60));
	/* A quarter of the workers get SIGTERM, so that they release their leases. */
	int how = site_random(storm->site, 4) ? SIGKILL : SIGTERM;
	if (how == SIGTERM)
		receiver_hold(storm->receiver, SIZE_MAX);
	end(storm, at, how);
	storm->kills++;
	set_next_kill(storm);
	start(storm, at);
}

/* Ends workers again and again, until only deliveries with a later time are left. */
static void blow(struct storm *storm)
{
	long long until = test_clock_ms() + 900000;
	while (open_now(storm) || receiver_count(storm->receiver) > storm->next_kill) {
		cr_assert_lt(test_clock_ms(), until, "it does not come to an end: %lld open",
			     (long long)open_now(storm));
		if (receiver_count(storm->receiver) > storm->next_kill)
			end_one(storm);
		else
			test_sleep_ms(20);
	}
}

static void judge(struct storm *storm)
{
	size_t count = receiver_count(storm->receiver), doubles = 0, failed = 0;
	int *last = test_keep(calloc(storm->sessions, sizeof *last));
	unsigned *arrived = test_keep(calloc(storm->events, sizeof *arrived)),
		 *taken = test_keep(calloc(storm->events, sizeof *taken));
	cr_assert(last && arrived && taken);
	for (unsigned i = 0; i < storm->sessions; i++)
		last[i] = -1;
	for (size_t i = 0; i < count; i++) {
		const struct receiver_request *request = receiver_request(storm->receiver, i);
		unsigned session, sequence;
		char wanted[64];
		cr_assert(request_is_signed(request, storm->secret), "request %zu is not signed: %s", i, request->body);
		cr_assert_eq(sscanf(request->body, "{\"session\":%u,\"sequence\":%u,", &session, &sequence), 2, "%s",
			     request->body);
		unsigned event = sequence * storm->sessions + session;
		cr_assert_lt(event, storm->events);
		(void)snprintf(wanted, sizeof wanted, "evt_%032x", event);
		char *id = request_header(request, "webhook-id");
		cr_assert_str_eq(id, wanted, "another id for the same event");
		/* A request carries the same event as the previous request of its session, or the next event. */
		cr_assert((int)sequence == last[session] || (int)sequence == last[session] + 1,
			  "session %u: event %u after %d", session, sequence, last[session]);
		if ((int)sequence == last[session] + 1 && sequence)
			cr_assert(taken[event - storm->sessions], "session %u: event %u overtakes one that failed",
				  session, sequence);
		last[session] = (int)sequence;
		doubles += taken[event] != 0;
		arrived[event]++;
		taken[event] += request->status / 100 == 2;
		failed += request->status / 100 != 2;
	}
	for (unsigned event = 0; event < storm->events; event++)
		cr_assert(taken[event], "event %u never arrived", event);
	tried("%u events, %zu requests, %zu failed by the receiver, %u workers ended, %zu doubles, each "
	      "with its id",
	      storm->events, count, failed, storm->kills, doubles);
}

Test(deliver, no_event_is_lost_overtaken_or_new_twice_whatever_is_killed)
{
	static const long long clock_s[] = { 0, 600, 3600, 4 * 3600, 10 * 3600, 24 * 3600, 44 * 3600, 70 * 3600 };
	struct storm storm = { .site = site_make(), .receiver = receiver_start() };
	bool is_long = test_is_long();
	storm.events = is_long ? 10000 : 300;
	storm.sessions = is_long ? 400 : 30;
	storm.kills_wanted = is_long ? 60 : 6;
	cases_bring(storm.site, 1, 1);
	storm.secret = cases_endpoint(storm.site, receiver_url(storm.receiver, "/hook"));
	fill(&storm);
	set_answers(&storm);
	set_next_kill(&storm);
	/* The events of a session are sent in order, so a failed event moves all later events to a later time. */
	for (unsigned turn = 0; site_number(storm.site, "SELECT count(*) FROM delivery WHERE state <> 'delivered'");
	     turn++) {
		cr_assert_lt(turn, 60, "dead: %lld",
			     (long long)site_number(storm.site, "SELECT count(*) FROM delivery WHERE state = 'dead'"));
		storm.offset_s = turn < 8 ? clock_s[turn] : clock_s[7] + (turn - 7) * 26LL * 3600;
		(void)snprintf(storm.clock, sizeof storm.clock, "KYBDESK_TEST_NOW=+%lldm", storm.offset_s / 60);
		if (!turn)
			site_environment(storm.site, storm.clock);
		for (unsigned at = 0; at < WORKERS; at++)
			start(&storm, at);
		blow(&storm);
		for (unsigned at = 0; at < WORKERS; at++)
			end(&storm, at, SIGTERM);
	}
	judge(&storm);
	cr_expect_eq(storm.kills, storm.kills_wanted);
	/* Killed workers are still listed; a living worker removes them after they have been silent for long enough. */
	for (long long until = test_clock_ms() + 60000; site_number(storm.site, "SELECT count(*) FROM worker");) {
		cr_assert_lt(test_clock_ms(), until, "workers that died are listed for ever");
		start(&storm, 0);
		test_sleep_ms(1000);
		end(&storm, 0, SIGTERM);
	}
	site_is_whole(storm.site);
	receiver_stop(storm.receiver);
}

/* Counts the transactions in the log: only the last frame of a transaction has the store's size. */
static unsigned commits(const struct site *site)
{
	size_t length;
	unsigned count = 0;
	char *path = test_text("%s-wal", site->store);
	unsigned char *log = (unsigned char *)temp_read(path, &length);
	cr_assert(log && length > 32);
	for (size_t at = 32; at + 24 + 4096 <= length && !memcmp(log + at + 8, log + 16, 8); at += 24 + 4096)
		count += log[at + 4] || log[at + 5] || log[at + 6] || log[at + 7];
	return count;
}

/* Events of one session are sent one by one: each result and the next lease are written in one transaction. */
Test(deliver, an_answer_and_the_next_lease_are_one_transaction)
{
	struct storm storm = { .site = site_make(), .receiver = receiver_start(), .events = 30, .sessions = 1 };
	cases_bring(storm.site, 1, 1);
	storm.secret = cases_endpoint(storm.site, receiver_url(storm.receiver, "/hook"));
	fill(&storm);
	unsigned before = commits(storm.site);
	site_expect(storm.site, 0, "webhook", "deliver", "--drain", NULL);
	unsigned used = commits(storm.site) - before;
	judge(&storm);
	cr_expect_eq(receiver_count(storm.receiver), storm.events);
	/* Allows some commits for the first lease, the end and heartbeats; two commits for each event would be too
	 * many. */
	cr_expect_lt(used, storm.events * 3 / 2, "%u commits", used);
	cr_expect_geq(used, storm.events, "%u commits: a test of nothing", used);
	receiver_stop(storm.receiver);
}

/* Results that arrive together are written in one transaction. */
Test(deliver, many_answers_are_one_transaction)
{
	struct storm storm = { .site = site_make(), .receiver = receiver_start(), .events = 256, .sessions = 256 };
	const struct receiver_answer together = { .status = 204, .delay_ms = 400 };
	cases_bring(storm.site, 1, 1);
	storm.secret = cases_endpoint(storm.site, receiver_url(storm.receiver, "/hook"));
	fill(&storm);
	receiver_answers(storm.receiver, &together, 1);
	unsigned before = commits(storm.site);
	site_expect(storm.site, 0, "webhook", "deliver", "--drain", NULL);
	unsigned used = commits(storm.site) - before;
	judge(&storm);
	cr_expect_eq(receiver_count(storm.receiver), storm.events);
	cr_expect_lt(used, storm.events / 2, "%u commits", used);
	cr_expect_geq(used, 2, "%u commits: a test of nothing", used);
	tried("%u deliveries, %u commits", storm.events, used);
	receiver_stop(storm.receiver);
}

/* A slow response does not delay the storing of other responses. */
Test(deliver, what_was_answered_is_on_record_while_another_is_waited_for)
{
	struct site *site = site_make();
	struct receiver *slow = receiver_start(), *quick = receiver_start();
	const struct receiver_answer never = { .trick = RECEIVER_NEVER };
	receiver_answers(slow, &never, 1);
	cases_bring(site, 1, 1);
	(void)cases_endpoint(site, receiver_url(slow, "/hook"));
	(void)cases_endpoint(site, receiver_url(quick, "/hook"));
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	struct process *worker = site_start(site, "webhook", "deliver", NULL);
	cr_assert(receiver_wait(slow, 1, 60000));
	for (long long until = test_clock_ms() + 20000;
	     site_number(site, "SELECT count(*) FROM delivery WHERE state = 'delivered'") != 1;) {
		cr_assert_lt(test_clock_ms(), until, "the answer of the quick one is not on record");
		test_sleep_ms(20);
	}
	cr_expect_eq(site_number(site, "SELECT count(*) FROM delivery WHERE state = 'leased'"), 1);
	process_signal(worker, SIGTERM);
	cr_assert(process_wait(worker, 20000, NULL));
	process_free(worker);
	cr_expect_eq(receiver_count(slow), 1);
	cr_expect_eq(receiver_count(quick), 1);
	receiver_stop(slow);
	receiver_stop(quick);
}
