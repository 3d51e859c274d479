/* Tests deliveries while the clock is changed, with placeholders for links, and while the store is locked. */
#include "scene.h"
#include "kybdesk/domain/link_token.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(deliver_clock, .init = scene_set_up, .fini = scene_tear_down);
TestSuite(deliver_link, .init = scene_set_up, .fini = scene_tear_down);
TestSuite(deliver_settler, .init = scene_set_up, .fini = scene_tear_down);

/* While a slow receiver answers, the clock is changed and more workers start. */
Test(deliver_clock, a_clock_that_is_set_sends_nothing_twice_and_every_answer_counts)
{
	static const long long hours[] = { 1, -1, 87600, -87600 };
	for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
		struct scene scene;
		struct running running[4];
		struct arena arena = ARENA_INIT;
		scene_open(&scene, true);
		add_endpoint(&scene);
		answer(&scene, (struct receiver_answer){ .status = 200, .delay_ms = 1500 });
		for (int event = 0; event < 3; event++)
			add_event(&scene, 0);
		atomic_store(&wall_step_ms, 0);
		start_worker_in(&running[0], &scene, world_stepped(), true);
		cr_assert(receiver_wait(scene.receiver, 3, 10000));
		atomic_store(&wall_step_ms, hours[i] * 3600000);
		for (size_t w = 1; w < 4; w++)
			start_worker_in(&running[w], &scene, world_stepped(), true);
		int64_t delivered = 0;
		for (size_t w = 0; w < 4; w++) {
			end_worker(&running[w]);
			delivered += running[w].totals.delivered;
		}
		cr_expect_eq(delivered, 3, "%lld h", hours[i]);
		cr_expect_eq(receiver_count(scene.receiver), 3, "%lld h: sent again", hours[i]);
		cr_expect_eq(running[0].totals.waiting, 0, "%lld h: answered, and still pending", hours[i]);
		cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_DELIVERED, "%lld h", hours[i]);
		arena_release(&arena);
		scene_close(&scene);
	}
}

Test(deliver_clock, a_running_worker_keeps_to_its_waiting_times_when_the_clock_is_set_back)
{
	struct running running;
	static const struct receiver_answer answers[] = { { .status = 500 }, { .status = 200 } };
	add_endpoint(&scene);
	receiver_answers(scene.receiver, answers, 2);
	atomic_store(&wall_step_ms, 3600000);
	add_event(&scene, 0);
	start_worker_in(&running, &scene, world_stepped(), false);
	cr_assert(receiver_wait(scene.receiver, 1, 10000));
	(void)usleep(300000);
	/* The clock is set back by an hour; the next attempt still comes after five seconds. */
	atomic_store(&wall_step_ms, 0);
	cr_expect(receiver_wait(scene.receiver, 2, 12000), "the retry waits for the hour to come again");
	deliver_worker_stop(running.worker);
	end_worker(&running);
	cr_expect_eq(receiver_count(scene.receiver), 2);
}

/* Adds an event; its body has a placeholder for a link of session 1 ("0b0f8a52-…") and a similar merchant text. */
static void add_event_with_link(struct scene *scene)
{
	static const char mark[] = "0123456789abcdef0123456789abcdef0123456789abcdef";
	struct error error = { 0 };
	struct strbuf body = STRBUF_INIT;
	int64_t now = world_now_ms(world_sandbox());
	strbuf_adds(&body, "{\"tag\":\"{link:00:1:}\",\"upload_link\":\"https://v.example/s/");
	link_placeholder_write(&body, mark, 7, "government_id");
	strbuf_adds(&body, "\"}");
	struct new_event event = { .session_row = add_session(scene),
				   .merchant_row = scene->merchant,
				   .type = "kyc.verification.document_required",
				   .sequence = 1,
				   .body = body.buf,
				   .length = body.len,
				   .link_mark = mark,
				   .now = now,
				   .due_at = now };
	run_sql(scene, "UPDATE session SET uuid = '0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01'");
	cr_assert_eq(store_begin(scene->store, STORE_WRITE, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_event_insert(scene->store, &event, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_commit(scene->store, &error), ERR_OK, "%s", error.message);
	strbuf_release(&body);
}

static void expect_link(struct scene *scene, const char *body)
{
	static const char start[] = "{\"tag\":\"{link:00:1:}\",\"upload_link\":\"https://v.example/s/";
	struct link_key key;
	struct link_subject subject;
	char token[200];
	cr_assert_eq(strncmp(body, start, strlen(start)), 0, "%s", body);
	cr_assert_eq(sscanf(body + strlen(start), "%199[A-Za-z0-9_-]\"}", token), 1, "%s", body);
	cr_assert_eq(store_get_link_key(scene->store, false, &key, NULL), ERR_OK);
	cr_assert(link_token_read(&key, token, &subject), "%s", token);
	cr_expect_str_eq(subject.session_id, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01");
	cr_expect_str_eq(subject.document_type, "government_id");
	cr_expect_eq(subject.generation, 7);
}

Test(deliver_link, a_place_for_a_link_is_filled_in_and_signed_the_same_on_every_attempt)
{
	static const struct receiver_answer answers[] = { { .status = 500 }, { .status = 200 } };
	add_endpoint(&scene);
	receiver_answers(scene.receiver, answers, 2);
	add_event_with_link(&scene);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	set_clock("+1m");
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_assert_eq(receiver_count(scene.receiver), 2);
	const struct receiver_request *first = receiver_request(scene.receiver, 0);
	const struct receiver_request *second = receiver_request(scene.receiver, 1);
	expect_link(&scene, first->body);
	cr_expect_str_eq(first->body, second->body);
	cr_expect(request_is_signed(first, SECRET));
	cr_expect(request_is_signed(second, SECRET));
}

Test(deliver_link, without_the_stores_key_a_body_with_a_link_waits_and_no_other)
{
	char *path, *away;
	path = temp_path(scene.folder, "store.db.key");
	away = temp_path(scene.folder, "away");
	add_endpoint(&scene);
	add_event_with_link(&scene);
	add_event(&scene, 0);
	cr_assert_eq(rename(path, away), 0);
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_assert_eq(receiver_count(scene.receiver), 1);
	cr_expect_not(strstr(receiver_request(scene.receiver, 0)->body, "{link:"));
	cr_assert_eq(rename(away, path), 0);
	cr_expect_eq(deliver_all_in(&scene, world_later()).delivered, 1);
	expect_link(&scene, receiver_request(scene.receiver, 1)->body);
}

/* Starts a worker with a max_concurrency of four. */
static void start_four(struct running *running, const struct scene *scene)
{
	struct deliver_options options = { .store_path = scene->path,
					   .world = world_real(),
					   .log = { .level = LOG_NORMAL, .fd = 2 },
					   .max_concurrency = 4 };
	cr_assert_eq(deliver_worker_new(&options, &running->worker, NULL), ERR_OK);
	run_worker_in_thread(running);
}

/* Leased deliveries are sent while results wait to be persisted. */
Test(deliver_settler, the_network_does_not_wait_for_the_store)
{
	enum { EVENTS = 40 };
	struct running running;
	sqlite3 *db;
	add_endpoint(&scene);
	static const struct receiver_answer answers[] = { { .status = 204, .delay_ms = 300 },
							  { .status = 204, .delay_ms = 300 },
							  { .status = 204, .delay_ms = 300 },
							  { .status = 204, .delay_ms = 300 },
							  { .status = 204 } };
	receiver_answers(scene.receiver, answers, 5);
	for (int i = 0; i < EVENTS; i++)
		add_event(&scene, 0);
	start_four(&running, &scene);
	cr_assert(receiver_wait(scene.receiver, 4, 20000));
	cr_assert_eq(sqlite3_open(scene.path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	/* From here on no result can be persisted. A worker waits two seconds for the lock. */
	cr_assert_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	cr_expect(receiver_wait(scene.receiver, EVENTS, 1900), "only %zu are on their way",
		  receiver_count(scene.receiver));
	cr_assert_eq(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	deliver_worker_stop(running.worker);
	end_worker(&running);
	cr_expect_eq(receiver_count(scene.receiver), EVENTS, "some came twice");
	cr_expect_eq(running.totals.delivered, EVENTS);
}
