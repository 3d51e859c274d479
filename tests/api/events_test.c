/* A merchant's own events and webhook endpoints over HTTP, with a receiver that knows nothing of kybdesk. */
#include "client.h"
#include "support/http_receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(events, .init = api_set_up, .fini = api_tear_down, .timeout = 300);

#define EVENTS "/v1/events"
#define HOOKS "/v1/webhook_endpoints"

static void expect_detail(const char *part)
{
	cr_expect(strstr(reply_text(&api.last, "detail"), part), "%s: %s", part, api.last.body);
}

/* Adds an endpoint; returns its id. */
static char *add_endpoint(const char *url, const char *event, char **secret)
{
	NEED(201, "POST", test_text("{\"url\":\"%s\",\"events\":[\"%s\"]}", url, event), HOOKS);
	if (secret)
		*secret = api_keep(&api, "secret");
	return api_keep(&api, "id");
}

/* Makes a session active, which causes one event. Returns the session's id. */
static char *make_event(void)
{
	NEED(201, "POST", PERSON, "/v1/kyc/sessions");
	char *id = api_keep(&api, "id");
	NEED(200, "PUT", "{\"fields\":{\"said\":\"so\"}}", "/api%s/steps/identity",
	     strstr(reply_text(&api.last, "access_link"), "/s/"));
	return id;
}

static void deliver(void)
{
	DONE("webhook", "deliver", "--drain");
}

static char *newest_event(void)
{
	NEED(200, "GET", NULL, EVENTS "?limit=1");
	return api_keep(&api, "data[0].id");
}

Test(events, a_delivered_event_is_listed_with_its_payload_and_its_attempts)
{
	struct receiver *receiver = receiver_start();
	const struct receiver_answer answers[] = { { .status = 200, .body = "thanks" } };
	char *secret;
	json_t *sent;

	receiver_answers(receiver, answers, 1);
	char *endpoint = add_endpoint(receiver_url(receiver, "/hook"), "*", &secret);
	char *session = make_event();
	deliver();
	cr_assert(receiver_wait(receiver, 1, 60000));
	cr_expect(request_is_signed(receiver_request(receiver, 0), secret));

	char *event = newest_event();
	char *payload = request_header(receiver_request(receiver, 0), "webhook-id");
	cr_expect_str_eq(event, payload, "the id that the receiver got");
	GETS((EVENTS "/%s", event), test_text("session_id: %s", session));
	sent = test_keep(json_loads(receiver_request(receiver, 0)->body, 0, NULL));
	cr_expect(json_equal(sent, json_object_get(api.last.json, "payload")), "%s", api.last.body);

	GETS((EVENTS "/%s/deliveries", event), "data[0].state: delivered",
	     test_text("data[0].endpoint_id: %s", endpoint), "data[0].attempts[0].status = 200",
	     "data[0].attempts[0].number = 1");
	/* The endpoint's response is not shown, since in a sandbox it may come from a service on the server's
	 * machine. */
	BODY_LACKS("thanks");
	receiver_stop(receiver);
}

Test(events, a_replay_sends_the_same_id_and_bytes_and_not_while_it_is_under_way)
{
	struct receiver *receiver = receiver_start();
	char *secret, path[100];

	(void)add_endpoint(receiver_url(receiver, "/hook"), "*", &secret);
	(void)make_event();
	deliver();
	char *event = newest_event();
	for (size_t i = 1; i <= 2; i++) {
		NEED(202, "POST", NULL, EVENTS "/%s/replay", event);
		ANSWERS("deliveries = 1");
		ASK(409, "POST", NULL, EVENTS "/%s/replay", event);
		expect_detail("the delivery is in progress; its next attempt is automatic");
		deliver();
		cr_assert(receiver_wait(receiver, i + 1, 60000));
		char *id = request_header(receiver_request(receiver, i), "webhook-id");
		cr_expect_str_eq(id, event);
		cr_expect_str_eq(receiver_request(receiver, i)->body, receiver_request(receiver, 0)->body);
		cr_expect(request_is_signed(receiver_request(receiver, i), secret));
	}
	/* Two requests with the same Idempotency-Key are one replay. */
	(void)snprintf(path, sizeof path, EVENTS "/%s/replay", event);
	for (size_t i = 0; i < 2; i++) {
		cr_assert_eq(api_once(&api, "again-1", path, NULL), 202, "%s", api.last.body);
		deliver();
	}
	cr_expect_eq(receiver_count(receiver), 4);
	receiver_stop(receiver);
}

static void lists_missed(int count, const char *event)
{
	NEED(200, "GET", NULL, EVENTS "?delivered=false");
	cr_expect_eq(json_array_size(json_object_get(api.last.json, "data")), (size_t)count, "%s", api.last.body);
	if (event)
		ANSWERS(test_text("data[%d].id: %s", count - 1, event));
	NEED(200, "GET", NULL, EVENTS "?delivered=true");
	for (int i = 0; event && i < (int)json_array_size(json_object_get(api.last.json, "data")); i++)
		cr_expect_str_neq(json_path_text(api.last.json, test_text("data[%d].id", i)), event);
}

#define SINCE "{\"since\":\"2020-01-01T00:00:00Z\"}"

/* An outage: events of a time without an endpoint, events that died, and events while the endpoint was disabled. */
Test(events, one_call_sends_again_what_an_endpoint_missed)
{
	struct receiver *receiver = receiver_start();
	const struct receiver_answer gone[] = { { .status = 410, .body = "" } }, well[] = { { .status = 204 } };

	(void)make_event();
	char *first = newest_event(), *removed = add_endpoint("https://shop.example/old", "*", NULL);
	lists_missed(1, first);
	NEED(204, "DELETE", NULL, HOOKS "/%s", removed);
	char *endpoint = add_endpoint(receiver_url(receiver, "/hook"), "*", NULL);
	char *other = add_endpoint("https://shop.example/other", "kyc.state_updated", NULL);
	receiver_answers(receiver, gone, 1);
	(void)make_event();
	char *second = newest_event();
	deliver(); /* 410 disables the endpoint */
	(void)make_event();
	char *third = newest_event();
	lists_missed(3, first);
	ASK(409, "POST", SINCE, HOOKS "/%s/replay", endpoint);
	expect_detail("The endpoint is disabled; enable it");
	NEED(200, "PATCH", "{\"enabled\":true}", HOOKS "/%s", endpoint);
	/* Nothing that another endpoint of the merchant is not subscribed to. */
	NEED(202, "POST", SINCE, HOOKS "/%s/replay", other);
	ANSWERS("deliveries = 0");
	NEED(202, "POST", SINCE, HOOKS "/%s/replay", endpoint);
	ANSWERS("events = 3", "deliveries = 3");
	NEED(202, "POST", SINCE, HOOKS "/%s/replay", endpoint); /* they are on their way */
	ANSWERS("deliveries = 0");
	receiver_answers(receiver, well, 1);
	deliver();
	cr_assert(receiver_wait(receiver, 4, 60000));
	const char *const order[] = { first, second, third };
	for (size_t i = 0; i < 3; i++) {
		bool came = false;

		for (size_t at = 1; at < 4; at++)
			came = came || !strcmp(request_header(receiver_request(receiver, at), "webhook-id"), order[i]);
		cr_expect(came, "%s", order[i]);
	}
	lists_missed(0, NULL);
	NEED(202, "POST", SINCE, HOOKS "/%s/replay", endpoint);
	ANSWERS("deliveries = 0");
	NEED(202, "POST", "{\"since\":\"2020-01-01T00:00:00Z\",\"state\":\"delivered\"}", HOOKS "/%s/replay", endpoint);
	ANSWERS("deliveries = 3");
	GIVES(("audit", "list", "--limit", "1"), "data[0].action: webhook.replay");
	/* Wrong requests, and another merchant's endpoint. */
	ASK(400, "POST", "{}", HOOKS "/%s/replay", endpoint);
	ASK(400, "POST", "{\"since\":\"yesterday\"}", HOOKS "/%s/replay", endpoint);
	ASK(400, "POST", "{\"since\":\"2020-01-01T00:00:00Z\",\"state\":\"cancelled\"}", HOOKS "/%s/replay", endpoint);
	ASK(400, "GET", NULL, EVENTS "?delivered=no");
	api.token = api.other_key;
	ASK(404, "POST", SINCE, HOOKS "/%s/replay", endpoint);
	receiver_stop(receiver);
}

/* The event of a decision within its grace time does not leave early, and that of a hidden session never. */
Test(events, a_replay_of_many_leaves_out_what_may_not_leave)
{
	box_import(&api.box, person_line("P-1", "Ines Duarte"));
	DONE("approve", "P-1", "--grace", "300"); /* without an endpoint, the event is unsent */
	char *endpoint = add_endpoint("https://shop.example/hook", "*", NULL);
	NEED(202, "POST", SINCE, HOOKS "/%s/replay", endpoint);
	ANSWERS("deliveries = 0");
	GIVES(("webhook", "replay", "--merchant", "shop"), "events = 0");
	NEED(204, "DELETE", NULL, HOOKS "/%s", endpoint);
	DONE("undo", "P-1");
	DONE("approve", "P-1", "--grace", "0");
	char *session = make_event();
	lists_missed(2, NULL);
	api_in_store(&api, test_text("UPDATE session SET hidden = 1 WHERE uuid = '%s'", session));
	endpoint = add_endpoint("https://shop.example/hook", "*", NULL);
	NEED(202, "POST", SINCE, HOOKS "/%s/replay", endpoint);
	ANSWERS("events = 1", "deliveries = 1"); /* the approval; nothing of the hidden session */
}

Test(events, another_merchants_event_and_endpoint_are_as_if_they_never_were)
{
	static const char *const paths[] = { "", "/deliveries" };
	char *endpoint = add_endpoint("https://shop.example/hook", "*", NULL), *session = make_event();
	char *event = newest_event();

	api.token = api.other_key;
	for (size_t i = 0; i < 2; i++) {
		ASK(404, "GET", NULL, EVENTS "/%s%s", event, paths[i]);
		ASK(404, "GET", NULL, EVENTS "/%.8s%s", event, paths[i]); /* a prefix of the id is unknown */
	}
	ASK(404, "POST", NULL, EVENTS "/%s/replay", event);
	ASK(400, "GET", NULL, EVENTS "?cursor=%s", event);
	GETS((EVENTS "?session_id=%s", session), "data has 0");
	GETS((EVENTS), "data has 0");

	ASK(404, "GET", NULL, HOOKS "/%s", endpoint);
	char *foreign = test_keep(strdup(reply_text(&api.last, "detail")));
	ASK(404, "GET", NULL, HOOKS "/00000000-0000-4000-8000-000000000000");
	char *unknown = test_keep(strdup(reply_text(&api.last, "detail")));
	/* The two errors differ only in the id, so their lengths are equal. */
	cr_expect_eq(strlen(foreign), strlen(unknown), "%s / %s", foreign, unknown);
	ASK(404, "PATCH", "{\"enabled\":false}", HOOKS "/%s", endpoint);
	ASK(404, "POST", NULL, HOOKS "/%s/rotate_secret", endpoint);
	ASK(404, "DELETE", NULL, HOOKS "/%s", endpoint);
	api.token = api.key;
	ASK(200, "GET", NULL, HOOKS "/%s", endpoint);
}

/* The merchant cannot find the event of an approval within its grace time, or of an undone approval. */
Test(events, an_event_of_a_decision_within_its_grace_time_is_not_there)
{
	long long before;

	(void)add_endpoint("https://shop.example/hook", "*", NULL);
	box_import(&api.box, person_line("P-1", "Ines Duarte"));
	NEED(200, "GET", NULL, EVENTS);
	before = (long long)json_array_size(json_object_get(api.last.json, "data"));
	DONE("approve", "P-1", "--grace", "300");
	DONE_JSON("webhook", "list");
	char *event = test_keep(strdup(json_path_text(api.box.json, "data[0].id")));
	cr_assert(*event);
	ASK(200, "GET", NULL, EVENTS);
	cr_expect_eq((long long)json_array_size(json_object_get(api.last.json, "data")), before);
	ASK(404, "GET", NULL, EVENTS "/%s", event);
	ASK(404, "GET", NULL, EVENTS "/%s/deliveries", event);
	ASK(404, "POST", NULL, EVENTS "/%s/replay", event);
	ASK(400, "GET", NULL, EVENTS "?cursor=%s", event); /* the id is not valid as a cursor, either */
	DONE("undo", "P-1");
	ASK(404, "GET", NULL, EVENTS "/%s", event);
	ASK(404, "POST", NULL, EVENTS "/%s/replay", event);
	DONE("approve", "P-1", "--grace", "0");
	event = newest_event();
	ASK(200, "GET", NULL, EVENTS "/%s", event);
	char *open = make_event();
	GETS((EVENTS "?session_id=%s", open), "data has 1");
}

Test(events, the_staffs_reason_for_disabling_an_endpoint_is_told_to_no_merchant)
{
	char *endpoint = add_endpoint("https://shop.example/hook", "*", NULL);

	DONE("endpoint", "disable", endpoint, "--reason", "geheimgrund");
	(void)make_event();
	char *event = newest_event();
	GETS((EVENTS "/%s/deliveries", event), "data[0].explanation: the endpoint is disabled");
	BODY_LACKS("geheim");
	GETS((HOOKS "/%s", endpoint), "disabled_reason: Disabled by the desk");
	NEED(200, "GET", NULL, HOOKS);
	BODY_LACKS("geheim");
	ASK(409, "PATCH", "{\"enabled\":true}", HOOKS "/%s", endpoint);
	expect_detail("disabled by the desk; ask an admin of the desk to enable it");
	BODY_LACKS("geheim");
	ASK(409, "POST", NULL, EVENTS "/%s/replay", event);
	BODY_LACKS("geheim");
}

Test(events, an_endpoint_is_changed_disabled_enabled_and_deleted)
{
	struct receiver *receiver = receiver_start();
	char *endpoint = add_endpoint("https://shop.example/hook", "kyc.state_updated", NULL);

	char *body = test_text("{\"url\":\"%s\",\"events\":[\"*\"],\"enabled\":false}", receiver_url(receiver, "/new"));
	NEED(200, "PATCH", body, HOOKS "/%s", endpoint);
	ANSWERS(test_text("url: %s", receiver_url(receiver, "/new")), "events[0]: *",
		"disabled_reason: Disabled by its merchant");
	(void)make_event();
	char *event = newest_event();
	ASK(409, "POST", NULL, EVENTS "/%s/replay", event);
	expect_detail("the endpoint is disabled; enable it, then replay the event");
	NEED(200, "PATCH", "{\"enabled\":true}", HOOKS "/%s", endpoint);
	NEED(200, "PATCH", "{\"enabled\":true}", HOOKS "/%s", endpoint); /* again */
	NEED(202, "POST", NULL, EVENTS "/%s/replay", event);
	deliver();
	cr_assert(receiver_wait(receiver, 1, 60000));
	cr_expect_str_eq(receiver_request(receiver, 0)->path, "/new");

	NEED(204, "DELETE", NULL, HOOKS "/%s", endpoint);
	ASK(404, "DELETE", NULL, HOOKS "/%s", endpoint);
	ASK(404, "GET", NULL, HOOKS "/%s", endpoint);
	GETS((HOOKS), "data has 0");
	cr_expect_neq(box_run(&api.box, "endpoint", "enable", endpoint, NULL), 0);
	/* The deliveries of a deleted endpoint stay; a replay goes to the present endpoints. */
	GETS((EVENTS "/%s/deliveries", event), test_text("data[1].endpoint_id: %s", endpoint));
	ASK(409, "POST", NULL, EVENTS "/%s/replay", event);
	expect_detail("no endpoint of the merchant is subscribed to this event; subscribe one, then replay the event");
	add_endpoint(receiver_url(receiver, "/next"), "*", NULL);
	NEED(202, "POST", NULL, EVENTS "/%s/replay", event);
	deliver();
	cr_assert(receiver_wait(receiver, 2, 60000));
	cr_expect_str_eq(receiver_request(receiver, 1)->path, "/next");
	DONE("doctor");
	receiver_stop(receiver);
}

/* A hook is the desk's own endpoint: a merchant cannot make, see or change a hook, or read its deliveries. */
Test(events, the_desks_hooks_are_unseen)
{
	DONE_JSON("endpoint", "add", "--merchant", "shop", "--url", "hook:ticket", "--event", "*");
	char *id = test_keep(strdup(json_path_text(api.box.json, "id")));
	ASK(400, "POST", "{\"url\":\"hook:ticket\",\"events\":[\"*\"]}", HOOKS);
	ASK(200, "GET", NULL, HOOKS);
	BODY_LACKS("hook:");
	ASK(404, "GET", NULL, HOOKS "/%s", id);
	ASK(404, "PATCH", "{\"url\":\"https://shop.example/\"}", HOOKS "/%s", id);
	ASK(404, "DELETE", NULL, HOOKS "/%s", id);
	add_endpoint("https://shop.example/", "*", NULL);
	(void)make_event();
	char *event = newest_event();
	GETS((EVENTS "/%s/deliveries", event), "data has 1");
	BODY_LACKS("hook");
	TELLS(("endpoint", "list"), "hook:ticket");
}

Test(events, both_secrets_sign_during_a_rotation)
{
	struct receiver *receiver = receiver_start();
	char *old, *endpoint = add_endpoint(receiver_url(receiver, "/hook"), "*", &old);

	NEED(200, "POST", "{\"overlap_hours\":2}", HOOKS "/%s/rotate_secret", endpoint);
	char *new = api_keep(&api, "secret");
	cr_expect(*reply_text(&api.last, "previous_secret_until"));
	make_event();
	deliver();
	cr_assert(receiver_wait(receiver, 1, 60000));
	cr_expect(request_is_signed(receiver_request(receiver, 0), new));
	cr_expect(request_is_signed(receiver_request(receiver, 0), old));
	NEED(200, "POST", "{\"overlap_hours\":0}", HOOKS "/%s/rotate_secret", endpoint);
	make_event();
	deliver();
	cr_assert(receiver_wait(receiver, 2, 60000));
	cr_expect_not(request_is_signed(receiver_request(receiver, 1), new));
	cr_expect_not(request_is_signed(receiver_request(receiver, 1), old));
	receiver_stop(receiver);
}

Test(events, a_wrong_request_says_what_is_wrong_and_where)
{
	static const char *const bodies[][3] = {
		{ "{\"events\":[\"*\"]}", "400", "#/url" },
		{ "{\"url\":\"https://a.example/\"}", "400", "#/events" },
		{ "{\"url\":\"https://a.example/\",\"events\":[]}", "400", "#/events" },
		{ "{\"url\":\"https://a.example/\",\"events\":[7]}", "400", "#/events" },
		{ "{\"url\":\"https://a.example/\",\"events\":[\"kyc.state_update\"]}", "400", "#/events" },
		{ "{\"url\":\"https://a.example/\",\"events\":[\"*\",\"*\"]}", "400", "#/events" },
		{ "{\"url\":\"http://a.example/\",\"events\":[\"*\"]}", "400", "#/url" },
		{ "{\"url\":\"https://10.0.0.1/\",\"events\":[\"*\"]}", "400", "#/url" },
		{ "{\"url\":\"https://169.254.169.254/latest\",\"events\":[\"*\"]}", "400", "#/url" },
		{ "{\"url\":\"https://[::ffff:10.0.0.1]/\",\"events\":[\"*\"]}", "400", "#/url" },
		{ "{\"url\":\"https://user:pw@a.example/\",\"events\":[\"*\"]}", "400", "#/url" },
		{ "{\"url\":\"ftp://a.example/\",\"events\":[\"*\"]}", "400", "#/url" },
	};
	static const char *const queries[] = { "cursor=evt_00000000000000000000000000000000",
					       "cursor=1",
					       "cursor=%27%20OR%201%3D1",
					       "limit=0",
					       "limit=101",
					       "limit=x",
					       "type=kyc.no_such_event",
					       "session_id=17",
					       "created_from=yesterday",
					       "created_to=2026-13-01" };
	static const char *const ids[] = {
		"evt_", "evt", "17", "%25", "evt_zz", "evt_00000000000000000000000000000000"
	};

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		ASK(atoi(bodies[i][1]), "POST", bodies[i][0], HOOKS);
		cr_expect(strstr(api.last.body, bodies[i][2]), "%s: %s", bodies[i][0], api.last.body);
	}
	GETS((HOOKS), "data has 0"); /* none was made */
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		char parameter[40];

		(void)snprintf(parameter, sizeof parameter, "\"parameter\":\"%.*s\"", (int)strcspn(queries[i], "="),
			       queries[i]);
		ASK(400, "GET", NULL, EVENTS "?%s", queries[i]);
		cr_expect(strstr(api.last.body, parameter), "%s: %s", queries[i], api.last.body);
	}
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		ASK(404, "GET", NULL, EVENTS "/%s", ids[i]);
	char *endpoint = add_endpoint("https://shop.example/hook", "*", NULL);
	ASK(400, "PATCH", "{}", HOOKS "/%s", endpoint);
	expect_detail("url, events or enabled");
	ASK(400, "PATCH", "{\"enabled\":\"no\"}", HOOKS "/%s", endpoint);
	/* A refused PATCH changes nothing. */
	ASK(400, "PATCH", "{\"enabled\":false,\"url\":\"https://10.1.1.1/\"}", HOOKS "/%s", endpoint);
	GETS((HOOKS "/%s", endpoint), "enabled = true");
	ASK(400, "POST", "{\"overlap_hours\":721}", HOOKS "/%s/rotate_secret", endpoint);
	ASK(400, "POST", "{\"overlap_hours\":-1}", HOOKS "/%s/rotate_secret", endpoint);
	BODY_HAS("#/overlap_hours");
}

Test(events, a_merchant_has_at_most_a_hundred_endpoints)
{
	char body[200];

	for (int i = 0; i < 101; i++) {
		(void)snprintf(body, sizeof body, "{\"url\":\"https://shop.example/%d\",\"events\":[\"*\"]}", i);
		ASK(i < 100 ? 201 : 409, "POST", body, HOOKS);
	}
	expect_detail("100 endpoints");
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

#define MANY 10000
Test(events, ten_thousand_events_are_paged_while_more_come)
{
	char *seen[MANY + 100] = { NULL }, *cursor = test_keep(strdup(""));
	size_t count = 0;
	long long started;

	make_event();
	api_in_store(&api,
		     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) INSERT INTO "
		     "outbox_event (uuid, session_id, merchant_id, decision_id, type, sequence, body, created_at, "
		     "link_mark) SELECT 'evt_' || substr('10000000000000000000000000000000', 1, 32 - "
		     "length(CAST(i AS TEXT))) || i, session_id, merchant_id, NULL, "
		     "CASE WHEN i % 100 = 0 THEN 'kyc.state_updated' ELSE type END, sequence, "
		     "body, created_at - (i / 3), link_mark FROM n, (SELECT * FROM outbox_event LIMIT 1) one");
	started = test_clock_ms();
	do {
		const json_t *data;

		NEED(200, "GET", NULL, EVENTS "?limit=100%s%s", *cursor ? "&cursor=" : "", cursor);
		data = json_object_get(api.last.json, "data");
		for (size_t i = 0; i < json_array_size(data); i++) {
			cr_assert_lt(count, MANY + 100);
			seen[count++] = test_keep(strdup(json_path_text(json_array_get(data, i), "id")));
		}
		cursor = test_keep(strdup(reply_text(&api.last, "next_cursor")));
		/* A new event does not shift the next pages. */
		if (count % 2000 == 0)
			make_event();
	} while (*cursor);
	cr_expect_eq(count, MANY);
	fprintf(stderr, "10,000 events in %lld ms\n", (long long)test_clock_ms() - started);
	GETS((EVENTS "?type=kyc.state_updated&limit=100"), "data has 99", "next_cursor: ");
	qsort(seen, count, sizeof *seen, compare_texts);
	for (size_t i = 1; i < count; i++)
		cr_expect_str_neq(seen[i], seen[i - 1]);
	api.box.changed_outside = true;
}
