/* The process of `serve` also sends the webhooks: these tests run no other process for this. */
#include "client.h"
#include "support/http_receiver.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct receiver *receiver;

static void set_up(void)
{
	static const char *const delivers[] = { "--deliver", NULL };

	receiver = receiver_start();
	api_open(&api, delivers);
}

static void tear_down(void)
{
	api_close(&api);
	receiver_stop(receiver);
}
TestSuite(deliver, .init = set_up, .fini = tear_down, .timeout = 300);

static void add_endpoint(void)
{
	char *body = test_text("{\"url\":\"%s\",\"events\":[\"*\"]}", receiver_url(receiver, "/hook"));
	NEED(201, "POST", body, "/v1/webhook_endpoints");
}

/* Makes one event. */
static void start_session(void)
{
	NEED(201, "POST", PERSON, "/v1/kyc/sessions");
	NEED(200, "PUT", "{\"fields\":{\"said\":\"so\"}}", "/api%s/steps/identity",
	     strstr(reply_text(&api.last, "access_link"), "/s/"));
}

static bool is_sent_once(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *id = request_header(receiver_request(receiver, i), "webhook-id");
		bool twice = false;

		for (size_t j = 0; j < i && !twice; j++) {
			char *other = request_header(receiver_request(receiver, j), "webhook-id");

			twice = !strcmp(id, other);
		}
		if (twice)
			return false;
	}
	return true;
}

/* A webhook has the trace id of the request that caused its event, with a new parent id. */
Test(deliver, a_webhook_continues_the_trace_of_its_request)
{
	static const char trace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-";

	add_endpoint();
	api.more = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
	start_session();
	cr_assert(receiver_wait(receiver, 1, 60000));
	char *sent = request_header(receiver_request(receiver, 0), "traceparent");
	cr_assert(sent && !strncmp(sent, trace, strlen(trace)) && strlen(sent) == 55, "%s", sent ? sent : "none");
	cr_expect_null(strstr(sent, "00f067aa0ba902b7"));
	api.more = NULL;
}

Test(deliver, the_server_sends_what_its_requests_cause)
{
	add_endpoint();
	for (int i = 0; i < 5; i++)
		start_session();
	cr_assert(receiver_wait(receiver, 5, 60000));
	cr_expect(is_sent_once(5));
}

/* If the process is killed, the next process sends the pending webhooks, and no answered request is lost. */
Test(deliver, a_killed_server_loses_no_event_and_no_request)
{
	const struct receiver_answer answers[] = { { .status = 204 } };

	add_endpoint();
	receiver_answers(receiver, answers, 1);
	receiver_hold(receiver, 0);
	for (int i = 0; i < 3; i++)
		start_session();
	cr_assert(receiver_wait(receiver, 1, 60000), "one is under way");
	api_crash(&api);
	receiver_hold(receiver, SIZE_MAX);
	start_session();
	for (int i = 0; i < 1200; i++) {
		DONE_JSON("webhook", "list", "--state", "delivered");
		if (json_array_size(json_object_get(api.box.json, "data")) == 4)
			break;
		test_sleep_ms(100);
	}
	SHOWS("data has 4");
	GETS(("/v1/kyc/sessions"), "total = 4");
}

/* An endpoint that never answers delays neither other requests nor the end of the server. */
Test(deliver, the_server_ends_while_a_receiver_is_silent)
{
	const struct receiver_answer silent[] = { { .trick = RECEIVER_NEVER } };
	long long began;
	struct process_result result = { 0 };

	add_endpoint();
	receiver_answers(receiver, silent, 1);
	start_session();
	cr_assert(receiver_wait(receiver, 1, 60000));
	ASK(200, "GET", NULL, "/readyz");
	began = test_clock_ms();
	process_signal(api.server, SIGTERM);
	cr_assert(process_wait(api.server, 30000, &result));
	cr_expect_eq(result.status, 0, "%s", result.err);
	cr_expect_lt(test_clock_ms() - began, 15000);
	api.ended = true;
}
