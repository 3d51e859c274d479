/* Tests an operator's commands for endpoints and deliveries against a receiver in the test. */
#include "expect.h"
#include "support/http_receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WRONG_SECRET "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct receiver *receiver;
static char endpoint[64], secret[128];

static void add_endpoint(const char *url)
{
	DONE_JSON("endpoint", "add", "--merchant", "shop", "--url", url, "--event", "*");
	(void)snprintf(endpoint, sizeof endpoint, "%s", json_path_text(box.json, "id"));
	(void)snprintf(secret, sizeof secret, "%s", json_path_text(box.json, "secret"));
}

static void set_up(void)
{
	box_open(&box);
	receiver = receiver_start();
	DONE("merchant", "add", "shop");
	add_endpoint(receiver_url(receiver, "/hook"));
}

static void tear_down(void)
{
	receiver_stop(receiver);
	box_close(&box);
}
TestSuite(webhook, .init = set_up, .fini = tear_down);

/* Imports a case and approves it; grace: seconds in which the approval can be undone. */
static void approve(const char *reference, const char *grace)
{
	box_import_person(&box, reference);
	DONE("approve", reference, "--grace", grace);
}

static void deliver(long long wanted)
{
	DONE_JSON("webhook", "deliver", "--drain");
	cr_assert_eq(json_path_int(box.json, "delivered"), wanted, "%s", box.last.out);
}

static void expect_output(const char *wanted)
{
	PRINTS(wanted);
}

static void answer(int status)
{
	receiver_answers(receiver, &(const struct receiver_answer){ .status = status, .body = "sorry\x1b[2J" }, 1);
}

Test(webhook, an_endpoint_is_changed_and_what_waits_goes_to_its_new_address)
{
	struct receiver *other = receiver_start();
	approve("IND-1", "0");
	GIVES(("endpoint", "edit", endpoint, "--url", receiver_url(other, "/new"), "--at-once", "3", "--per-minute",
	       "600"),
	      "at_once = 3", "per_minute = 600");
	SHOWS("events[0]: *"); /* values without an option stay unchanged */
	deliver(1);
	cr_expect_eq(receiver_count(receiver), 0);
	cr_expect_eq(receiver_count(other), 1);
	DONE_JSON("endpoint", "edit", endpoint, "--event", "kyc.session_failed", "--at-once", "0");
	GIVES(("endpoint", "list"), "data[0].events[0]: kyc.session_failed", "data[0].at_once = 0",
	      "data[0].per_minute = 600");
	approve("IND-2", "0");
	deliver(0);
	ENDS(2, "endpoint", "edit", endpoint); /* nothing to change */
	ENDS(9, "endpoint", "edit", endpoint, "--at-once", "65");
	ENDS(9, "endpoint", "edit", endpoint, "--url", "ftp://x");
	ENDS(9, "endpoint", "edit", endpoint, "--event", "kyc.nothing");
	ENDS(6, "endpoint", "edit", "nowhere", "--at-once", "1");
	receiver_stop(other);
}

Test(webhook, during_the_overlap_of_a_rotation_both_secrets_verify)
{
	char before[128];
	(void)snprintf(before, sizeof before, "%s", secret);
	DONE_JSON("endpoint", "rotate", endpoint);
	(void)snprintf(secret, sizeof secret, "%s", json_path_text(box.json, "secret"));
	cr_expect_neq(*json_path_text(box.json, "old_secret_until"), '\0');
	approve("IND-1", "0");
	deliver(1);
	const struct receiver_request *request = receiver_request(receiver, 0);
	cr_expect(request_is_signed(request, secret));
	cr_expect(request_is_signed(request, before));
	cr_expect_not(request_is_signed(request, WRONG_SECRET));
	/* 25 hours later the overlap is over. */
	box_environment(&box, "KYBDESK_TEST_NOW=+25h");
	approve("IND-2", "0");
	deliver(1);
	request = receiver_request(receiver, 1);
	cr_expect(request_is_signed(request, secret));
	cr_expect_not(request_is_signed(request, before));
	(void)snprintf(before, sizeof before, "%s", secret);
	DONE("endpoint", "rotate", endpoint, "--overlap", "0");
	approve("IND-3", "0");
	deliver(1);
	cr_expect_not(request_is_signed(receiver_request(receiver, 2), before), "it got about, and still signs");
	ENDS(9, "endpoint", "rotate", endpoint, "--overlap", "721");
	DONE("audit", "list");
	expect_output("endpoint.rotate");
}

Test(webhook, a_test_message_says_what_the_endpoint_answers)
{
	DONE("endpoint", "test", endpoint);
	expect_output("was delivered: HTTP status 204");
	const struct receiver_request *request = receiver_request(receiver, 0);
	cr_expect(request_is_signed(request, secret));
	cr_expect(strstr(request->body, "\"type\":\"endpoint.test\""), "%s", request->body);
	answer(500);
	ENDS(4, "endpoint", "test", endpoint);
	expect_output("was not delivered: answered 500");
	expect_output("response: sorry");
	cr_expect_null(strchr(box.last.out, '\x1b'), "the answer reaches the terminal");
	GIVES(("webhook", "list", "--state", "waiting"), "data has 0"); /* the failed test message is not retried */
	DONE("endpoint", "disable", endpoint);
	REFUSED(4, "enable", "endpoint", "test", endpoint);
}

Test(webhook, what_came_while_an_endpoint_was_gone_is_kept_and_replayed_byte_for_byte)
{
	approve("IND-1", "0");
	answer(410);
	deliver(0);
	GIVES(("endpoint", "list"), "data[0].disabled_reason: the receiver answered 410 Gone");
	DONE("doctor");
	cr_expect(strstr(box.last.out, "endpoints were disabled") || strstr(box.last.err, "endpoints were disabled"),
		  "%s%s", box.last.out, box.last.err);
	approve("IND-2", "0");
	DONE("webhook", "list");
	expect_output("not sent");
	expect_output("given up");
	ENDS(6, "endpoint", "enable", "nowhere");
	DONE("endpoint", "enable", endpoint);
	expect_output("1 webhook is unsent; to send them: kybdesk webhook replay --endpoint");
	ENDS(4, "endpoint", "enable", endpoint); /* the endpoint is not disabled any more */
	answer(200);
	deliver(0);
	ENDS(5, "webhook", "replay", "--endpoint", endpoint, "--expect", "7");
	GIVES(("webhook", "replay", "--endpoint", endpoint, "--dry-run"),
	      "deliveries = 2"); /* the dead delivery and the unsent event */
	deliver(0);
	DONE("webhook", "replay", "--endpoint", endpoint, "--expect", "2");
	expect_output("2 events are sent again, in 2 deliveries");
	deliver(2);
	/* The two events may arrive in any order, because they are of two cases. */
	const struct receiver_request *first = receiver_request(receiver, 0);
	size_t at = strcmp(receiver_request(receiver, 1)->body, first->body) ? 2 : 1;
	const struct receiver_request *again = receiver_request(receiver, at);
	cr_expect_str_eq(first->body, again->body);
	cr_expect(request_is_signed(again, secret));
	char *id = request_header(first, "webhook-id"), *same = request_header(again, "webhook-id");
	cr_expect_str_eq(id, same);
	/* A delivered event can be replayed by its id, but not again while the new delivery is in progress. */
	DONE("webhook", "replay", id);
	REFUSED(4, "the delivery is in progress", "webhook", "replay", id);
	deliver(1);
	cr_expect_str_eq(receiver_request(receiver, 3)->body, first->body);
	DONE("audit", "list");
	expect_output("webhook.replay");
	expect_output("system");
	DONE("audit", "verify");
}

Test(webhook, a_replay_of_everything_has_to_be_narrowed_and_of_what_goes_by_itself_is_refused)
{
	ENDS(2, "webhook", "replay");
	ENDS(9, "webhook", "replay", "--state", "waiting");
	ENDS(9, "webhook", "replay", "--since", "once");
	ENDS(9, "webhook", "replay", "--event", "kyc.nothing");
	ENDS(6, "webhook", "replay", "evt_0000");
	approve("IND-1", "0");
	deliver(1);
	GIVES(("webhook", "replay", "--since", "1h"), "deliveries = 0"); /* a delivered event needs --state delivered */
	GIVES(("webhook", "replay", "--since", "1h", "--state", "delivered", "--merchant", "shop", "--session",
	       "IND-1"),
	      "deliveries = 1");
	GIVES(("webhook", "replay", "--until", "1h", "--state", "delivered"), "deliveries = 0");
	deliver(1);
	DONE_JSON("webhook", "list", "--session", "IND-1");
	REFUSED(4, "no delivery of the event has the chosen state", "webhook", "replay",
		json_path_text(box.json, "data[0].id"), "--state", "dead");
	/* The event of an undone decision stays withdrawn. */
	approve("IND-2", "600");
	DONE("undo", "IND-2");
	DONE_JSON("webhook", "list", "--session", "IND-2");
	REFUSED(4, "the decision was undone", "webhook", "replay", json_path_text(box.json, "data[0].id"));
}

#define NUMBER "PT-512-884-9"
static const char tagged[] =
	"{\"external_ref\":\"IND-9\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
	"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"country\":"
	"\"PRT\"},\"custom_tags\":{\"plan\":\"gold\",\"tax_id\":\"" NUMBER
	"\"},\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}],\"steps\":[{\"id\":\"identity\","
	"\"status\":\"completed\"}]}\n";

/* The receiver gets the tax number. The desk masks it, also in the receiver's response, until it is revealed. */
Test(webhook, a_number_in_its_body_or_in_an_answer_is_masked_until_it_is_revealed)
{
	box_import(&box, tagged);
	receiver_answers(
		receiver,
		&(const struct receiver_answer){ .status = 200, .body = "{\"ok\":true,\"taxId\":\"" NUMBER "\"}" }, 1);
	DONE("approve", "IND-9", "--grace", "0");
	deliver(1);
	cr_expect(strstr(receiver_request(receiver, 0)->body, NUMBER), "%s", receiver_request(receiver, 0)->body);
	char *id = request_header(receiver_request(receiver, 0), "webhook-id");

	DONE("webhook", "show", id);
	PRINTS_NOT(NUMBER);
	expect_output("\"plan\":\"gold\"");
	expect_output("\"ok\":true");
	expect_output("masked; show it with --reveal");
	DONE_JSON("webhook", "show", id);
	PRINTS_NOT(NUMBER);
	SHOWS("masked = true");

	DONE("reviewer", "add", "vic", "--role", "viewer");
	box_as(&box, "vic");
	ENDS(7, "webhook", "show", id, "--reveal");
	PRINTS_NOT(NUMBER);
	box_as(&box, NULL);
	GIVES(("webhook", "show", id, "--reveal"), test_text("body.data.custom_tags.tax_id: %s", NUMBER));
	cr_expect(strstr(json_path_text(box.json, "deliveries[0].attempts[0].response"), NUMBER));
	SHOWS("masked = false");
	DONE("audit", "list", "IND-9");
	expect_output("reveal");

	/* A test message belongs to no case. */
	answer(200);
	DONE_JSON("endpoint", "test", endpoint);
	id = test_keep(strdup(json_path_text(box.json, "id")));
	REFUSED(9, "does not belong to a case", "webhook", "show", id, "--reveal");
}

Test(webhook, the_list_says_when_in_words)
{
	approve("IND-1", "600");
	DONE("webhook", "list");
	expect_output("after the grace time");
	approve("IND-2", "0");
	DONE("webhook", "list", "--session", "IND-2");
	expect_output("now");
	answer(500);
	deliver(0);
	DONE("webhook", "list", "--session", "IND-2");
	expect_output("attempt 2 of 10");
	answer(200);
	box_environment(&box, "KYBDESK_TEST_NOW=+2m");
	deliver(1);
	DONE("webhook", "list", "--session", "IND-2");
	expect_output("delivered");
	DONE("undo", "IND-1");
	DONE("webhook", "list", "--session", "IND-1");
	expect_output("cancelled");
}

/* Writes the last received message to files, as an integrator would. */
static void save(const char *headers_more, const char *body, const char *secret_text)
{
	const struct receiver_request *request = receiver_request(receiver, receiver_count(receiver) - 1);
	box_write(&box, "headers.txt", test_text("%s%s", headers_more, request->headers));
	box_write(&box, "body.json", body ? body : request->body);
	box_write(&box, "secret.txt", secret_text);
}

static int verify(const char *more)
{
	return more ? box_json(&box, "webhook", "verify", "--body", "body.json", "--headers", "headers.txt", "--secret",
			       "secret.txt", more, NULL)
		    : box_json(&box, "webhook", "verify", "--body", "body.json", "--headers", "headers.txt", "--secret",
			       "secret.txt", NULL);
}

static void expect_wrong(const char *part, bool is_proven)
{
	SHOWS("wrong has 1", test_text("wrong[0].part: %s", part));
	cr_expect_eq(json_is_true(json_object_get(box.json, "certain")), is_proven, "%s", box.last.out);
}

/* Returns the text with the first `from` replaced by `to`. */
static char *exchanged(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	cr_assert(at, "no %s in %s", from, text);
	return test_text("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

Test(webhook, verify_says_which_of_timestamp_id_secret_and_body_is_wrong)
{
	char line[256], *changed;
	approve("IND-1", "0");
	deliver(1);
	const struct receiver_request *request = receiver_request(receiver, 0);
	char *timestamp = request_header(request, "webhook-timestamp");
	save("", NULL, secret);
	cr_expect_eq(verify(NULL), 0, "%s%s", box.last.out, box.last.err);
	SHOWS("right = true");

	/* The body was changed: a line end, spaces, no JSON, another value. */
	changed = test_text("%s\n", request->body);
	save("", changed, secret);
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("body", true);
	changed = exchanged(request->body, ",", ", ");
	save("", changed, secret);
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("body", true);
	PRINTS("parsed and written again");
	save("", "no JSON", secret);
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("body", false);
	changed = exchanged(request->body, "approved", "rejected");
	save("", changed, secret);
	cr_expect_eq(verify("--in-store"), 4, "%s", box.last.err);
	expect_wrong("body", true);

	/* The timestamp is wrong: another second, milliseconds, a word. If a header occurs twice, the first counts. */
	(void)snprintf(line, sizeof line, "webhook-timestamp: %lld\r\n", strtoll(timestamp, NULL, 10) - 7);
	save(line, NULL, secret);
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("timestamp", true);
	cr_expect_eq(verify("--in-store"), 4);
	expect_wrong("timestamp", true);
	(void)snprintf(line, sizeof line, "webhook-timestamp: %s000\r\n", timestamp);
	save(line, NULL, secret);
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("timestamp", true);
	save("Webhook-Timestamp: yesterday\r\n", NULL, secret);
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("timestamp", true);
	/* The id. */
	save("webhook-id: msg_1\r\n", NULL, secret);
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("id", false);
	save("webhook-id: evt_00000000000000000000000000000001\r\n", NULL, secret);
	cr_expect_eq(verify("--in-store"), 4);
	expect_wrong("id", true);

	/* The secret. */
	save("", NULL, WRONG_SECRET "\n");
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("secret", false);
	cr_expect_eq(verify("--in-store"), 4);
	expect_wrong("secret", true);
	save("", NULL, "whsec_short");
	cr_expect_eq(verify(NULL), 4);
	expect_wrong("secret", true);
	/* The output for people says what is wrong, and does not contain the secret. */
	save("", NULL, WRONG_SECRET);
	ENDS(4, "webhook", "verify", "--body", "body.json", "--headers", "headers.txt", "--secret", "secret.txt");
	expect_output("the signature is wrong");
	PRINTS_NOT("AAAAAAAA");
	ENDS(9, "webhook", "verify", "--body", "none", "--headers", "headers.txt", "--secret", "secret.txt");
}

Test(webhook, verify_refuses_an_old_message_unless_any_time_is_right)
{
	static const char headers[] = "webhook-id: evt_2kybdesk0001\nwebhook-timestamp: 1795168800\nwebhook-signature: "
				      "v1,HLoTHXI9ypiE888Rjx7Xex8ehTi502IHqQyhFxzX2Bw=\n";
	static const char body[] = "{\"type\":\"kyc.state_updated\",\"timestamp\":\"2026-11-20T10:00:00Z\",\"data\":{"
				   "\"uid\":\"biz-2031\",\"previous_level\":\"LIGHT\",\"level\":\"REGULAR\"}}";
	box_write(&box, "headers.txt", headers);
	box_write(&box, "body.json", body);
	box_write(&box, "secret.txt", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\n");
	/* A test vector that the reference library of Standard Webhooks accepts. */
	cr_expect_eq(verify("--any-time"), 0, "%s", box.last.out);
	cr_expect_eq(verify("--tolerance=1000000000"), 0, "%s", box.last.out);
	if (llabs((long long)time(NULL) - 1795168800) > 300) {
		cr_expect_eq(verify(NULL), 4);
		expect_wrong("timestamp", true);
		SHOWS("signature_right = true");
	}
}

static void free_port(char *out, size_t size)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_geq(fd, 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	(void)close(fd);
	(void)snprintf(out, size, "%u", ntohs(address.sin_port));
}

/* Starts a listener that ends after three messages, and points the endpoint at it. more: an option, or NULL. */
static struct process *start_listening(const char *more)
{
	char url[64], port[16];
	const char *argv[] = { KYB_PROGRAM,  "webhook", "listen", "--port", port, "--secret",
			       "secret.txt", "--count", "3",	  more,	    NULL };
	box_write(&box, "secret.txt", secret);
	free_port(port, sizeof port);
	const struct process_options options = { .argv = argv, .folder = box.folder };
	struct process *listening = process_start(&options);
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%s/", port);
	cr_assert(process_wait_output(listening, url, 20000));
	DONE("endpoint", "edit", endpoint, "--url", url);
	return listening;
}

Test(webhook, listen_receives_prints_and_verifies)
{
	struct process *listening = start_listening(NULL);
	struct process_result result;
	approve("IND-1", "0");
	deliver(1);
	/* A delivery signed with another secret is reported as such. */
	DONE("endpoint", "rotate", endpoint, "--overlap", "0");
	ENDS(4, "endpoint", "test", endpoint);
	expect_output("answered 401");
	DONE("endpoint", "rotate", endpoint, "--overlap", "0");
	ENDS(4, "endpoint", "test", endpoint);
	cr_assert(process_wait(listening, 20000, &result), "it counts to three and ends");
	cr_expect_eq(result.status, 0, "%s", result.err);
	cr_expect(strstr(result.out, "session.status_changed"), "%s", result.out);
	cr_expect(strstr(result.out, "  right\n"), "%s", result.out);
	cr_expect(strstr(result.out, "  wrong\n"), "%s", result.out);
	cr_expect(strstr(result.out, "likely the secret"), "%s", result.out);
	process_free(listening);
}

/* Starts a listener that adds its own endpoint for as long as it runs; sets `endpoint` to the id of that endpoint. */
static struct process *start_own(void)
{
	const char *argv[] = { KYB_PROGRAM, "webhook", "listen", "--merchant", "shop", "--port", "0", NULL };
	const struct process_options options = { .argv = argv,
						 .environment = (const char *const *)box.lines,
						 .folder = box.folder };
	struct process *listening = process_start(&options);
	cr_assert(process_wait_output(listening, "removed when this command ends", 20000));
	DONE_JSON("endpoint", "list");
	(void)snprintf(endpoint, sizeof endpoint, "%s", json_path_text(box.json, "data[1].id"));
	return listening;
}

static size_t count_endpoints(void)
{
	DONE_JSON("endpoint", "list");
	return json_array_size(json_path(box.json, "data"));
}

Test(webhook, listen_has_an_endpoint_of_its_own_while_it_runs)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct process_result result;
	struct process *listening, *other;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		listening = start_own();
		cr_expect_eq(count_endpoints(), 2);
		DONE("endpoint", "test", endpoint);
		process_signal(listening, signals[i]);
		cr_assert(process_wait(listening, 20000, &result));
		cr_expect_eq(result.status, 0, "%s", result.err);
		cr_expect(strstr(result.out, "  right\n"), "%s", result.out);
		cr_expect_eq(count_endpoints(), 1, "signal %d", signals[i]);
		process_free(listening);
	}
	/* The listener is killed: the next run removes its endpoint, but not the endpoint of a listener that runs. */
	listening = start_own();
	other = start_own();
	process_signal(listening, SIGKILL);
	cr_assert(process_wait(listening, 20000, &result));
	process_free(listening);
	cr_expect_eq(count_endpoints(), 3);
	listening = start_own();
	cr_expect_eq(count_endpoints(), 3);
	process_signal(listening, SIGTERM);
	cr_assert(process_wait(listening, 20000, &result));
	cr_expect(strstr(result.err, "left by a \"webhook listen\" that was killed"), "%s", result.err);
	process_free(listening);
	process_signal(other, SIGTERM);
	cr_assert(process_wait(other, 20000, &result));
	process_free(other);
	cr_expect_eq(count_endpoints(), 1);
	box_write(&box, "secret.txt", secret);
	ENDS(2, "webhook", "listen", "--port", "0", "--event", "*");
	ENDS(2, "webhook", "listen", "--merchant", "shop", "--port", "0", "--secret", "secret.txt");
	ENDS(6, "webhook", "listen", "--merchant", "nobody", "--port", "0");
	cr_expect_eq(count_endpoints(), 1);
}

Test(webhook, listen_says_each_message_in_a_line_of_json)
{
	struct process *listening = start_listening("--json");
	struct process_result result;
	char *line, *rest;
	size_t lines = 0;
	DONE("endpoint", "test", endpoint);
	DONE("endpoint", "rotate", endpoint, "--overlap", "0");
	for (int i = 0; i < 2; i++)
		ENDS(4, "endpoint", "test", endpoint);
	cr_assert(process_wait(listening, 20000, &result));
	cr_expect_eq(result.status, 0, "%s", result.err);
	for (line = strtok_r(result.out, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest), lines++) {
		json_t *output = test_keep(json_loads(line, 0, NULL));
		cr_assert_not_null(output, "%s", line);
		if (!lines) {
			cr_expect_eq(strncmp(json_path_text(output, "url"), "http://127.0.0.1:", 17), 0, "%s", line);
		} else {
			cr_expect_str_eq(json_path_text(output, "type"), "endpoint.test");
			cr_expect_gt(json_path_int(output, "bytes"), 0);
			cr_expect_eq(json_is_true(json_path(output, "right")), lines == 1, "%s", line);
		}
	}
	cr_expect_eq(lines, 4);
	process_free(listening);
}
