/* A merchant's own events and webhook endpoints over HTTP, with a receiver that knows nothing of kybdesk. */
#include "client.h"
#include "support/http_receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(events, .init = api_set_up, .fini = api_tear_down, .timeout = 300);

#define PERSON                                                                                                     \
	"{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\","          \
	"\"country\":\"PT\"}}"
#define EVENTS "/v1/events"
#define HOOKS "/v1/webhook_endpoints"

static void expect_detail(const char *part)
{
	cr_expect(strstr(reply_text(&api.last, "detail"), part), "%s: %s", part, api.last.body);
}

/* Its id. */
static char *add_endpoint(const char *url, const char *event, char **secret)
{
	cr_assert_eq(api_call(&api, "POST", HOOKS, test_text("{\"url\":\"%s\",\"events\":[\"%s\"]}", url, event)),
		     201, "%s", api.last.body);
	if (secret)
		*secret = api_keep(&api, "secret");
	return api_keep(&api, "id");
}

/* A session that has become active: one event. The session's id. */
static char *make_event(void)
{
	cr_assert_eq(api_call(&api, "POST", "/v1/kyc/sessions", PERSON), 201, "%s", api.last.body);
	char *id = api_keep(&api, "id");
	cr_assert_eq(api_callf(&api, "PUT", "{\"fields\":{\"said\":\"so\"}}", "/api%s/steps/identity",
			       strstr(reply_text(&api.last, "access_link"), "/s/")),
		     200, "%s", api.last.body);
	return id;
}

static void deliver(void)
{
	cr_assert_eq(box_run(&api.box, "webhook", "deliver", "--drain", NULL), 0, "%s", api.box.last.err);
}

static char *newest_event(void)
{
	cr_assert_eq(api_call(&api, "GET", EVENTS "?limit=1", NULL), 200, "%s", api.last.body);
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
	cr_assert_eq(api_callf(&api, "GET", NULL, EVENTS "/%s", event), 200, "%s", api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "session_id"), session);
	sent = test_keep(json_loads(receiver_request(receiver, 0)->body, 0, NULL));
	cr_expect(json_equal(sent, json_object_get(api.last.json, "payload")), "%s", api.last.body);

	cr_assert_eq(api_callf(&api, "GET", NULL, EVENTS "/%s/deliveries", event), 200, "%s", api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "data[0].state"), "delivered");
	cr_expect_str_eq(reply_text(&api.last, "data[0].endpoint_id"), endpoint);
	cr_expect_eq(reply_int(&api.last, "data[0].attempts[0].status"), 200);
	cr_expect_eq(reply_int(&api.last, "data[0].attempts[0].number"), 1);
	/* An endpoint of a sandbox may be a service of the server's own machine: nobody reads it through here. */
	cr_expect_null(strstr(api.last.body, "thanks"));
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
		cr_assert_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 202, "%s", api.last.body);
		cr_expect_eq(reply_int(&api.last, "deliveries"), 1);
		cr_expect_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 409);
		expect_detail("the delivery is in progress; its next attempt is automatic");
		deliver();
		cr_assert(receiver_wait(receiver, i + 1, 60000));
		char *id = request_header(receiver_request(receiver, i), "webhook-id");
		cr_expect_str_eq(id, event);
		cr_expect_str_eq(receiver_request(receiver, i)->body, receiver_request(receiver, 0)->body);
		cr_expect(request_is_signed(receiver_request(receiver, i), secret));
	}
	/* The same key is the same replay. */
	(void)snprintf(path, sizeof path, EVENTS "/%s/replay", event);
	for (size_t i = 0; i < 2; i++) {
		cr_assert_eq(api_once(&api, "again-1", path, NULL), 202, "%s", api.last.body);
		deliver();
	}
	cr_expect_eq(receiver_count(receiver), 4);
	receiver_stop(receiver);
}

Test(events, another_merchants_event_and_endpoint_are_as_if_they_never_were)
{
	static const char *const paths[] = { "", "/deliveries" };
	char *endpoint = add_endpoint("https://shop.example/hook", "*", NULL), *session = make_event();
	char *event = newest_event();

	api.token = api.other_key;
	for (size_t i = 0; i < 2; i++) {
		cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "/%s%s", event, paths[i]), 404);
		cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "/%.8s%s", event, paths[i]), 404, "a beginning");
	}
	cr_expect_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "?cursor=%s", event), 400);
	cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "?session_id=%s", session), 200);
	cr_expect_eq(json_array_size(json_object_get(api.last.json, "data")), 0);
	cr_expect_eq(api_call(&api, "GET", EVENTS, NULL), 200);
	cr_expect_eq(json_array_size(json_object_get(api.last.json, "data")), 0);

	cr_expect_eq(api_callf(&api, "GET", NULL, HOOKS "/%s", endpoint), 404);
	char *foreign = test_keep(strdup(reply_text(&api.last, "detail")));
	cr_expect_eq(api_call(&api, "GET", HOOKS "/00000000-0000-4000-8000-000000000000", NULL), 404);
	char *unknown = test_keep(strdup(reply_text(&api.last, "detail")));
	/* Nothing but the id differs between the sentences. */
	cr_expect_eq(strlen(foreign), strlen(unknown), "%s / %s", foreign, unknown);
	cr_expect_eq(api_callf(&api, "PATCH", "{\"enabled\":false}", HOOKS "/%s", endpoint), 404);
	cr_expect_eq(api_callf(&api, "POST", NULL, HOOKS "/%s/rotate_secret", endpoint), 404);
	cr_expect_eq(api_callf(&api, "DELETE", NULL, HOOKS "/%s", endpoint), 404);
	api.token = api.key;
	cr_expect_eq(api_callf(&api, "GET", NULL, HOOKS "/%s", endpoint), 200);
}

/* An approval within its grace time, one that was undone, and a session that its merchant deleted. */
Test(events, an_event_of_a_decision_within_its_grace_time_is_not_there)
{
	long long before;

	(void)add_endpoint("https://shop.example/hook", "*", NULL);
	box_import(&api.box, person_line("P-1", "Ines Duarte"));
	cr_assert_eq(api_call(&api, "GET", EVENTS, NULL), 200);
	before = (long long)json_array_size(json_object_get(api.last.json, "data"));
	cr_assert_eq(box_run(&api.box, "approve", "P-1", "--grace", "300", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(box_json(&api.box, "webhook", "list", NULL), 0);
	char *event = test_keep(strdup(json_path_text(api.box.json, "data[0].id")));
	cr_assert(*event);
	cr_expect_eq(api_call(&api, "GET", EVENTS, NULL), 200);
	cr_expect_eq((long long)json_array_size(json_object_get(api.last.json, "data")), before);
	cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "/%s", event), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "/%s/deliveries", event), 404);
	cr_expect_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "?cursor=%s", event), 400, "nor is it a cursor");
	cr_assert_eq(box_run(&api.box, "undo", "P-1", NULL), 0, "%s", api.box.last.err);
	cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "/%s", event), 404);
	cr_expect_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 404);
	cr_assert_eq(box_run(&api.box, "approve", "P-1", "--grace", "0", NULL), 0, "%s", api.box.last.err);
	event = newest_event();
	cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "/%s", event), 200);
	char *open = make_event();
	cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "?session_id=%s", open), 200);
	cr_expect_eq(json_array_size(json_object_get(api.last.json, "data")), 1, "%s", api.last.body);
}

Test(events, the_staffs_reason_for_disabling_an_endpoint_is_told_to_no_merchant)
{
	char *endpoint = add_endpoint("https://shop.example/hook", "*", NULL);

	cr_assert_eq(box_run(&api.box, "endpoint", "disable", endpoint, "--reason", "geheimgrund", NULL), 0);
	(void)make_event();
	char *event = newest_event();
	cr_assert_eq(api_callf(&api, "GET", NULL, EVENTS "/%s/deliveries", event), 200);
	cr_expect_str_eq(reply_text(&api.last, "data[0].explanation"), "the endpoint is disabled");
	cr_expect_null(strstr(api.last.body, "geheim"));
	cr_assert_eq(api_callf(&api, "GET", NULL, HOOKS "/%s", endpoint), 200);
	cr_expect_str_eq(reply_text(&api.last, "disabled_reason"), "Disabled by the desk");
	cr_assert_eq(api_call(&api, "GET", HOOKS, NULL), 200);
	cr_expect_null(strstr(api.last.body, "geheim"));
	cr_expect_eq(api_callf(&api, "PATCH", "{\"enabled\":true}", HOOKS "/%s", endpoint), 409);
	expect_detail("disabled by the desk; ask an admin of the desk to enable it");
	cr_expect_null(strstr(api.last.body, "geheim"));
	cr_expect_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 409);
	cr_expect_null(strstr(api.last.body, "geheim"));
}

Test(events, an_endpoint_is_changed_disabled_enabled_and_deleted)
{
	struct receiver *receiver = receiver_start();
	char *endpoint = add_endpoint("https://shop.example/hook", "kyc.state_updated", NULL);

	char *body =
		test_text("{\"url\":\"%s\",\"events\":[\"*\"],\"enabled\":false}", receiver_url(receiver, "/new"));
	cr_assert_eq(api_callf(&api, "PATCH", body, HOOKS "/%s", endpoint), 200, "%s", api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "url"), receiver_url(receiver, "/new"));
	cr_expect_str_eq(reply_text(&api.last, "events[0]"), "*");
	cr_expect_str_eq(reply_text(&api.last, "disabled_reason"), "Disabled by its merchant");
	(void)make_event();
	char *event = newest_event();
	cr_expect_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 409);
	expect_detail("the endpoint is disabled; enable it, then replay the event");
	cr_assert_eq(api_callf(&api, "PATCH", "{\"enabled\":true}", HOOKS "/%s", endpoint), 200);
	cr_assert_eq(api_callf(&api, "PATCH", "{\"enabled\":true}", HOOKS "/%s", endpoint), 200, "again");
	cr_assert_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 202, "%s", api.last.body);
	deliver();
	cr_assert(receiver_wait(receiver, 1, 60000));
	cr_expect_str_eq(receiver_request(receiver, 0)->path, "/new");

	cr_assert_eq(api_callf(&api, "DELETE", NULL, HOOKS "/%s", endpoint), 204);
	cr_expect_eq(api_callf(&api, "DELETE", NULL, HOOKS "/%s", endpoint), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, HOOKS "/%s", endpoint), 404);
	cr_assert_eq(api_call(&api, "GET", HOOKS, NULL), 200);
	cr_expect_eq(json_array_size(json_object_get(api.last.json, "data")), 0);
	cr_expect_neq(box_run(&api.box, "endpoint", "enable", endpoint, NULL), 0);
	/* Its deliveries stay; a replay goes to the endpoints of today. */
	cr_assert_eq(api_callf(&api, "GET", NULL, EVENTS "/%s/deliveries", event), 200);
	cr_expect_str_eq(reply_text(&api.last, "data[1].endpoint_id"), endpoint);
	cr_expect_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 409);
	expect_detail(
		"no endpoint of the merchant is subscribed to this event; subscribe one, then replay the event");
	add_endpoint(receiver_url(receiver, "/next"), "*", NULL);
	cr_assert_eq(api_callf(&api, "POST", NULL, EVENTS "/%s/replay", event), 202, "%s", api.last.body);
	deliver();
	cr_assert(receiver_wait(receiver, 2, 60000));
	cr_expect_str_eq(receiver_request(receiver, 1)->path, "/next");
	cr_assert_eq(box_run(&api.box, "doctor", NULL), 0, "%s", api.box.last.out);
	receiver_stop(receiver);
}

/* A hook is the desk's own endpoint: a merchant neither makes, sees nor changes one, nor reads of its deliveries. */
Test(events, the_desks_hooks_are_unseen)
{
	cr_assert_eq(box_json(&api.box, "endpoint", "add", "--merchant", "shop", "--url", "hook:ticket", "--event",
			      "*", NULL),
		     0, "%s", api.box.last.out);
	char *id = test_keep(strdup(json_path_text(api.box.json, "id")));
	cr_expect_eq(api_call(&api, "POST", HOOKS, "{\"url\":\"hook:ticket\",\"events\":[\"*\"]}"), 400, "%s",
		     api.last.body);
	cr_expect_eq(api_call(&api, "GET", HOOKS, NULL), 200);
	cr_expect_null(strstr(api.last.body, "hook:"), "%s", api.last.body);
	cr_expect_eq(api_callf(&api, "GET", NULL, HOOKS "/%s", id), 404);
	cr_expect_eq(api_callf(&api, "PATCH", "{\"url\":\"https://shop.example/\"}", HOOKS "/%s", id), 404);
	cr_expect_eq(api_callf(&api, "DELETE", NULL, HOOKS "/%s", id), 404);
	add_endpoint("https://shop.example/", "*", NULL);
	(void)make_event();
	char *event = newest_event();
	cr_assert_eq(api_callf(&api, "GET", NULL, EVENTS "/%s/deliveries", event), 200, "%s", api.last.body);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), 1, "%s", api.last.body);
	cr_expect_null(strstr(api.last.body, "hook"), "%s", api.last.body);
	cr_assert_eq(box_run(&api.box, "endpoint", "list", NULL), 0);
	cr_expect_not_null(strstr(api.box.last.out, "hook:ticket"), "%s", api.box.last.out);
}

Test(events, both_secrets_sign_during_a_rotation)
{
	struct receiver *receiver = receiver_start();
	char *old, *endpoint = add_endpoint(receiver_url(receiver, "/hook"), "*", &old);

	cr_assert_eq(api_callf(&api, "POST", "{\"overlap_hours\":2}", HOOKS "/%s/rotate_secret", endpoint), 200,
		     "%s", api.last.body);
	char *new = api_keep(&api, "secret");
	cr_expect(*reply_text(&api.last, "previous_secret_until"));
	make_event();
	deliver();
	cr_assert(receiver_wait(receiver, 1, 60000));
	cr_expect(request_is_signed(receiver_request(receiver, 0), new));
	cr_expect(request_is_signed(receiver_request(receiver, 0), old));
	cr_assert_eq(api_callf(&api, "POST", "{\"overlap_hours\":0}", HOOKS "/%s/rotate_secret", endpoint), 200);
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
	static const char *const ids[] = { "evt_", "evt",    "17",
					   "%25",  "evt_zz", "evt_00000000000000000000000000000000" };

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		cr_expect_eq(api_call(&api, "POST", HOOKS, bodies[i][0]), atoi(bodies[i][1]), "%s: %s",
			     bodies[i][0], api.last.body);
		cr_expect(strstr(api.last.body, bodies[i][2]), "%s: %s", bodies[i][0], api.last.body);
	}
	cr_assert_eq(api_call(&api, "GET", HOOKS, NULL), 200);
	cr_expect_eq(json_array_size(json_object_get(api.last.json, "data")), 0, "none was made");
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		char parameter[40];

		(void)snprintf(parameter, sizeof parameter, "\"parameter\":\"%.*s\"", (int)strcspn(queries[i], "="),
			       queries[i]);
		cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "?%s", queries[i]), 400, "%s", queries[i]);
		cr_expect(strstr(api.last.body, parameter), "%s: %s", queries[i], api.last.body);
	}
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		cr_expect_eq(api_callf(&api, "GET", NULL, EVENTS "/%s", ids[i]), 404, "%s: %s", ids[i],
			     api.last.body);
	char *endpoint = add_endpoint("https://shop.example/hook", "*", NULL);
	cr_expect_eq(api_callf(&api, "PATCH", "{}", HOOKS "/%s", endpoint), 400);
	expect_detail("url, events or enabled");
	cr_expect_eq(api_callf(&api, "PATCH", "{\"enabled\":\"no\"}", HOOKS "/%s", endpoint), 400);
	/* All or nothing. */
	cr_expect_eq(api_callf(&api, "PATCH", "{\"enabled\":false,\"url\":\"https://10.1.1.1/\"}", HOOKS "/%s",
			       endpoint),
		     400);
	cr_expect_eq(api_callf(&api, "GET", NULL, HOOKS "/%s", endpoint), 200);
	cr_expect(json_is_true(json_object_get(api.last.json, "enabled")));
	cr_expect_eq(api_callf(&api, "POST", "{\"overlap_hours\":721}", HOOKS "/%s/rotate_secret", endpoint), 400);
	cr_expect_eq(api_callf(&api, "POST", "{\"overlap_hours\":-1}", HOOKS "/%s/rotate_secret", endpoint), 400);
	cr_expect(strstr(api.last.body, "#/overlap_hours"), "%s", api.last.body);
}

Test(events, a_merchant_has_at_most_a_hundred_endpoints)
{
	char body[200];

	for (int i = 0; i < 101; i++) {
		(void)snprintf(body, sizeof body, "{\"url\":\"https://shop.example/%d\",\"events\":[\"*\"]}", i);
		cr_expect_eq(api_call(&api, "POST", HOOKS, body), i < 100 ? 201 : 409, "%d: %s", i, api.last.body);
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
		     "link_mark) SELECT printf('evt_%032x', i), session_id, merchant_id, NULL, "
		     "CASE WHEN i % 100 = 0 THEN 'kyc.state_updated' ELSE type END, sequence, "
		     "body, created_at - (i / 3), link_mark FROM n, (SELECT * FROM outbox_event LIMIT 1)");
	started = test_clock_ms();
	do {
		const json_t *data;

		cr_assert_eq(
			api_callf(&api, "GET", NULL, EVENTS "?limit=100%s%s", *cursor ? "&cursor=" : "", cursor),
			200, "%s", api.last.body);
		data = json_object_get(api.last.json, "data");
		for (size_t i = 0; i < json_array_size(data); i++) {
			cr_assert_lt(count, MANY + 100);
			seen[count++] = test_keep(strdup(json_path_text(json_array_get(data, i), "id")));
		}
		cursor = test_keep(strdup(reply_text(&api.last, "next_cursor")));
		/* Newer ones move no page. */
		if (count % 2000 == 0)
			make_event();
	} while (*cursor);
	cr_expect_eq(count, MANY);
	fprintf(stderr, "10,000 events in %lld ms\n", (long long)test_clock_ms() - started);
	cr_expect_eq(api_call(&api, "GET", EVENTS "?type=kyc.state_updated&limit=100", NULL), 200);
	cr_expect_eq(json_array_size(json_object_get(api.last.json, "data")), 99);
	cr_expect_str_eq(reply_text(&api.last, "next_cursor"), "");
	qsort(seen, count, sizeof *seen, compare_texts);
	for (size_t i = 1; i < count; i++)
		cr_expect_str_neq(seen[i], seen[i - 1]);
	api.box.changed_outside = true;
}
