/*
 * Sends many requests drawn at random (fuzz.h): no 5xx response, no crash, no leak, no half-written data, and other clients are
 * served. The first seed is printed; KYBDESK_TEST_SEED runs one batch from this seed, KYBDESK_TEST_LONG many batches.
 */
#include "fuzz.h"
#include "support/tried.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 200
#define BATCH 500
#define BATCHES 6
#define BATCHES_LONG 200

static struct fuzz fuzz;
static size_t answers[6], nothing;

static void push(int fd, const struct fuzz_request *request)
{
	static const char behind[] = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
	int one = 1;

	if (request->way == FUZZ_PIECES) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		for (size_t at = 0, piece; at < request->length && at < 400; at += piece) {
			piece = 1 + fuzz_below(&fuzz, 7);
			piece = piece < request->length - at ? piece : request->length - at;
			api_write(fd, request->bytes + at, piece);
			if (at + piece >= 400)
				api_write(fd, request->bytes + at + piece, request->length - at - piece);
		}
		return;
	}
	api_write(fd, request->bytes, request->length);
	if (request->way == FUZZ_PIPELINE)
		api_write(fd, behind, sizeof behind - 1);
}

/* Fails the test, and prints the last part of the server's log, which has the reason of a 5xx response. */
static void fail_with_log(const struct reply *reply, const struct fuzz_request *request, uint64_t seed)
{
	struct process_result result = { 0 };

	process_signal(api.server, SIGTERM);
	(void)process_wait(api.server, 60000, &result);
	cr_assert_fail("seed %llu: %d to %s %s\n%.*s\n%s\n%s", (unsigned long long)seed, reply->status,
		       request->route->method, request->route->path,
		       (int)(request->length < 3000 ? request->length : 3000), request->bytes, reply->body,
		       strlen(result.err) > 4000 ? result.err + strlen(result.err) - 4000 : result.err);
}

static void check_answer(const struct reply *reply, const struct fuzz_request *request, uint64_t seed)
{
	bool told = reply->status == 505 && request->other_version;

	if ((reply->status < 100 || reply->status >= 500) && !told)
		fail_with_log(reply, request, seed);
	answers[reply->status / 100]++;
	if (reply->status < 300)
		fuzz_learn(&fuzz, reply->json);
}

/* Waits for a response only for a short time, because the server may wait longer for the rest of a request. */
static bool is_there(int fd)
{
	struct pollfd item = { .fd = fd, .events = POLLIN };

	return poll(&item, 1, WAIT_MS) == 1;
}

static void check_alive(uint64_t seed)
{
	struct process_result result = { 0 };

	if (process_wait(api.server, 0, &result))
		cr_assert_fail("seed %llu: the server ended with %d\n%s", (unsigned long long)seed, result.status,
			       strlen(result.err) > 4000 ? result.err + strlen(result.err) - 4000 : result.err);
}

static void ask(uint64_t seed)
{
	struct linger reset = { 1, 0 };
	struct fuzz_request request = { 0 };
	struct reply reply = { 0 };
	bool any = false;
	int fd;

	fuzz_seed(&fuzz, seed);
	fuzz_make(&fuzz, &request);
	fd = api_connect(&api);
	push(fd, &request);
	if (request.way == FUZZ_RESET) {
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	} else if (request.way != FUZZ_CUT) {
		/* Shows the server that an incomplete request has no further bytes. */
		(void)shutdown(fd, SHUT_WR);
		for (size_t left = request.way == FUZZ_PIPELINE ? 2 : 1;
		     left && is_there(fd) && api_read_any(fd, &reply);) {
			check_answer(&reply, &request, seed);
			left -= reply.status >= 200;
			any = true;
		}
	}
	nothing += !any;
	if (!any)
		check_alive(seed);
	close(fd);
	reply_release(&reply);
	free(request.bytes);
}

/* No half-written data: doctor checks for damage and broken chains, this test counts stray rows. */
static void check_store(uint64_t seed)
{
	static const char *const strays[] = {
		"SELECT count(*) FROM session s WHERE NOT EXISTS (SELECT 1 FROM audit_event a WHERE a.session_id = "
		"s.uuid) AND s.uuid NOT IN (SELECT json_extract(detail, '$.subsession') FROM audit_event WHERE "
		"json_extract(detail, '$.subsession') IS NOT NULL)",
		"SELECT count(*) FROM document WHERE upload = 'ready' AND sha256 = ''",
		"SELECT count(*) FROM outbox_event e WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = "
		"e.id)",
		"SELECT (SELECT seq FROM chain_head) - (SELECT count(*) FROM audit_event)",
	};

	cr_assert_eq(box_run(&api.box, "doctor", NULL), 0, "seed %llu: %s", (unsigned long long)seed, api.box.last.out);
	cr_assert_eq(box_run(&api.box, "audit", "verify", NULL), 0, "seed %llu: %s", (unsigned long long)seed,
		     api.box.last.err);
	for (size_t i = 0; i < sizeof strays / sizeof *strays; i++)
		cr_assert_eq(api_number(&api, strays[i]), 0, "seed %llu: %s", (unsigned long long)seed, strays[i]);
}

/* Another client and a command can still use the store. */
static void check_others(void)
{
	long long began = test_clock_ms();

	NEED(200, "GET", NULL, "/kyc/sessions?limit=1");
	NEED(201, "POST", PERSON, "/kyc/sessions");
	DONE("list");
	cr_assert_lt(test_clock_ms() - began, 60000);
}

static void run_batches(uint64_t first, size_t count)
{
	for (size_t batch = 0; batch < count; batch++) {
		uint64_t seed = first + batch * BATCH;

		for (size_t i = 0; i < BATCH; i++)
			ask(seed + i);
		check_others();
		check_store(seed);
		if (batch % 20 == 19)
			(void)fprintf(stderr, "fuzz requests: %zu so far\n", (batch + 1) * BATCH);
	}
}

static void set_up(void)
{
	static const char *const options[] = {
		"--key-limit", "0", "--address-limit", "0", "--link-limit", "0", "--connection-limit", "0", NULL
	};

	api_open(&api, options);
}
TestSuite(fuzz, .init = set_up, .fini = api_tear_down, .timeout = 36000);

Test(fuzz, requests_break_nothing)
{
	const char *alone = getenv("KYBDESK_TEST_SEED");
	size_t batches = alone ? 1 : test_is_long() ? BATCHES_LONG : BATCHES;
	uint64_t seed = alone ? strtoull(alone, NULL, 10) : 1;
	struct process_result result = { 0 };
	struct things things;

	things_make(&things, &api, "fuzz");
	fuzz_open(&fuzz, &api, &things);
	run_batches(seed, batches);
	/* Requests that all fail the first check would prove nothing. */
	(void)fprintf(stderr,
		      "fuzz requests: %zu from seed %llu; answered 1xx %zu, 2xx %zu, 3xx %zu, 4xx %zu, not at all %zu; "
		      "%lld sessions, %lld documents, %lld events\n",
		      batches * BATCH, (unsigned long long)seed, answers[1], answers[2], answers[3], answers[4],
		      nothing, api_number(&api, "SELECT count(*) FROM session"),
		      api_number(&api, "SELECT count(*) FROM document"),
		      api_number(&api, "SELECT count(*) FROM audit_event"));
	cr_expect_gt(answers[2], batches * BATCH / 20);
	cr_expect_gt(answers[4], batches * BATCH / 5);
	fuzz_release(&fuzz);
	/* The server reports leaks when it ends. It ends here, because a failure in a fini function fails no test. */
	process_signal(api.server, SIGTERM);
	cr_assert(process_wait(api.server, 60000, &result), "SIGTERM does not end it");
	cr_expect_eq(result.status, 0, "%s", strstr(result.err, "=====") ? strstr(result.err, "=====") : result.err);
}
