#include "kybdesk/webhook/deliver.h"
#include "kybdesk/base/uuid.h"
#include "kybdesk/domain/link_token.h"
#include "kybdesk/store/outbox.h"
#include "kybdesk/store/people.h"
#include "support/http_receiver.h"
#include "support/leak.h"
#include "support/process.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECRET "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"

/* A store with one merchant, and a receiver for its webhooks. */
struct scene {
	char *folder, *path;
	struct store *store;
	struct receiver *receiver;
	int64_t merchant;
	int64_t endpoint; /* the last one made */
	int64_t sequence;
	int64_t sessions;
};

static void run_sql(const struct scene *scene, const char *sql)
{
	sqlite3 *db;
	char *message = NULL;
	cr_assert_eq(sqlite3_open(scene->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
	sqlite3_close(db);
}

static void scene_open(struct scene *scene, bool sandbox)
{
	struct error error = { 0 };
	struct merchant merchant = { .name = "acme", .api_code = "" };
	*scene = (struct scene){ .folder = temp_folder_make() };
	scene->path = temp_path(scene->folder, "store.db");
	unsetenv("KYBDESK_TEST_NOW");
	struct store_options options = {
		.path = scene->path, .create = true, .create_sandbox = sandbox, .world = world_sandbox()
	};
	cr_assert_eq(store_open(&options, &scene->store, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_begin(scene->store, STORE_WRITE, &error), ERR_OK);
	cr_assert_eq(store_merchant_insert(scene->store, &merchant, 1, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_commit(scene->store, &error), ERR_OK);
	scene->merchant = merchant.row;
	scene->receiver = receiver_start();
}

static void scene_close(struct scene *scene)
{
	receiver_stop(scene->receiver);
	store_close(scene->store);
	free(scene->path);
	temp_folder_remove(scene->folder);
}

static void add_endpoint_url(struct scene *scene, const char *url)
{
	static const char *all[] = { "*" };
	struct error error = { 0 };
	char id[UUID_TEXT_SIZE];
	uuid_new(world_real(), id);
	struct endpoint endpoint = {
		.id = id, .merchant = "acme", .url = url, .events = all, .event_count = 1, .disabled_reason = ""
	};
	cr_assert_eq(store_begin(scene->store, STORE_WRITE, &error), ERR_OK);
	cr_assert_eq(store_endpoint_insert(scene->store, &endpoint, SECRET, 1, &error), ERR_OK, "%s",
		     error.message);
	cr_assert_eq(store_commit(scene->store, &error), ERR_OK);
	scene->endpoint = endpoint.row;
}

static void add_endpoint(struct scene *scene)
{
	add_endpoint_url(scene, receiver_url(scene->receiver, "/hook"));
}

static int64_t add_session(struct scene *scene)
{
	char sql[700];
	long long row = ++scene->sessions;
	(void)snprintf(
		sql, sizeof sql,
		"INSERT INTO subject (id, merchant_id, uid, kind, created_at) VALUES (%lld, %lld, 'u%lld', "
		"'individual', 1); INSERT INTO session (id, uuid, merchant_id, workflow, kind, subject_id, status, "
		"subject_name, created_at, updated_at) VALUES (%lld, 'uuid-%lld', %lld, 'w', 'kyc', %lld, "
		"'approved', 'n', 1, 1);",
		row, (long long)scene->merchant, row, row, row, (long long)scene->merchant, row);
	run_sql(scene, sql);
	return row;
}

/* session 0: events that wait for nobody */
static void add_event(struct scene *scene, int64_t session)
{
	struct error error = { 0 };
	char body[200];
	int64_t now = world_now_ms(world_sandbox());
	int length = snprintf(body, sizeof body, "{\"n\":%" PRId64 ",\"tag\":\"Größe\"}", ++scene->sequence);
	cr_assert_eq(store_begin(scene->store, STORE_WRITE, &error), ERR_OK, "%s", error.message);
	const struct new_event event = { .session = session,
					 .merchant = scene->merchant,
					 .type = "kyc.state_updated",
					 .sequence = scene->sequence,
					 .body = body,
					 .length = (size_t)length,
					 .now = now,
					 .due_at = now };
	cr_assert_eq(store_event_insert(scene->store, &event, NULL, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_commit(scene->store, &error), ERR_OK, "%s", error.message);
}

/* The real world of a machine that started two minutes earlier than this one. */
static int64_t later_boottime(void *context)
{
	(void)context;
	return world_boottime_ms(world_real()) + 120000;
}

static const struct world *world_later(void)
{
	static struct world later;
	later = *world_sandbox();
	later.boottime_ms = later_boottime;
	return &later;
}

/* The real world with a wall clock that a test sets while workers run. */
static atomic_llong wall_step_ms;

static int64_t stepped_now(void *context)
{
	(void)context;
	return world_now_ms(world_real()) + atomic_load(&wall_step_ms);
}

static const struct world *world_stepped(void)
{
	static struct world stepped;
	stepped = *world_real();
	stepped.now_ms = stepped_now;
	return &stepped;
}

static struct deliver_worker *make_worker_in(const struct scene *scene, const struct world *world, bool drain)
{
	struct deliver_worker *worker;
	struct deliver_options options = {
		.store_path = scene->path, .world = world, .log = { .level = LOG_NORMAL, .fd = 2 }, .drain = drain
	};
	cr_assert_eq(deliver_worker_new(&options, &worker, NULL), ERR_OK);
	return worker;
}

static struct deliver_totals deliver_all_in(const struct scene *scene, const struct world *world)
{
	struct deliver_totals totals;
	struct error error = { 0 };
	struct deliver_worker *worker = make_worker_in(scene, world, true);
	cr_assert_eq(deliver_worker_run(worker, &totals, &error), ERR_OK, "%s", error.message);
	deliver_worker_free(worker);
	return totals;
}

static struct deliver_totals deliver_all(const struct scene *scene)
{
	return deliver_all_in(scene, world_real());
}

/* The only (or last made) delivery as people see it. */
static struct delivery_item delivery(const struct scene *scene, struct arena *arena)
{
	struct delivery_filter filter = {
		.session_id = "", .merchant = "", .limit = 1, .now = world_now_ms(world_sandbox())
	};
	struct delivery_item *items;
	size_t count;
	struct error error = { 0 };
	cr_assert_eq(store_delivery_list(scene->store, arena, &filter, &items, &count, &error), ERR_OK, "%s",
		     error.message);
	cr_assert_eq(count, 1);
	return items[0];
}

static struct delivery_attempt last_attempt(const struct scene *scene, struct arena *arena, size_t wanted_count)
{
	struct delivery_attempt *items;
	size_t count;
	cr_assert_eq(store_delivery_attempts(scene->store, arena, delivery(scene, arena).row, &items, &count, NULL),
		     ERR_OK);
	cr_assert_eq(count, wanted_count);
	return items[count - 1];
}

static void answer(struct scene *scene, struct receiver_answer what)
{
	receiver_answers(scene->receiver, &what, 1);
}

static void set_clock(const char *offset)
{
	cr_assert_eq(setenv("KYBDESK_TEST_NOW", offset, 1), 0);
}

static void expect_header(const struct receiver_request *request, const char *name, const char *wanted)
{
	char *value = request_header(request, name);
	cr_assert_not_null(value, "%s", name);
	cr_expect_str_eq(value, wanted);
	free(value);
}

TestSuite(deliver);

Test(deliver, sends_the_stored_body_signed_for_the_receiver)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	scene_open(&scene, true);
	add_endpoint(&scene);
	add_event(&scene, 0);
	struct deliver_totals totals = deliver_all(&scene);
	cr_expect_eq(totals.delivered, 1);
	cr_expect_eq(totals.failed, 0);
	cr_expect_eq(totals.waiting, 0);
	cr_assert_eq(receiver_count(scene.receiver), 1);
	const struct receiver_request *request = receiver_request(scene.receiver, 0);
	cr_expect_str_eq(request->method, "POST");
	cr_expect_str_eq(request->path, "/hook");
	cr_expect_str_eq(request->body, "{\"n\":1,\"tag\":\"Größe\"}");
	cr_expect(request_is_signed(request, SECRET));
	cr_expect_not(request_is_signed(request, "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc="));
	expect_header(request, "Content-Type", "application/json");
	expect_header(request, "User-Agent", "kybdesk/" KYBDESK_VERSION);
	struct delivery_item item = delivery(&scene, &arena);
	cr_expect_eq(item.state, DELIVERY_DELIVERED);
	expect_header(request, "webhook-id", item.id);
	struct delivery_attempt attempt = last_attempt(&scene, &arena, 1);
	cr_expect_eq(attempt.status, 204);
	cr_expect_str_eq(attempt.failure, "");
	arena_release(&arena);
	scene_close(&scene);
	NO_LEAKS();
}

Test(deliver, opens_no_connection_when_nothing_is_due)
{
	struct scene scene;
	scene_open(&scene, true);
	add_endpoint(&scene);
	struct deliver_totals totals = deliver_all(&scene);
	cr_expect_eq(totals.delivered + totals.failed + totals.waiting + totals.dead, 0);
	scene_close(&scene);
	NO_LEAKS();
}

Test(deliver, a_failure_is_tried_again_later_with_the_same_id_and_body)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	scene_open(&scene, true);
	add_endpoint(&scene);
	static const struct receiver_answer answers[] = { { .status = 500, .body = "no\x1b[31m" },
							  { .status = 200 } };
	receiver_answers(scene.receiver, answers, 2);
	add_event(&scene, 0);
	int64_t before = world_now_ms(world_sandbox());
	struct deliver_totals totals = deliver_all(&scene);
	cr_expect_eq(totals.failed, 1);
	cr_expect_eq(totals.waiting, 1);
	struct delivery_item item = delivery(&scene, &arena);
	cr_expect_eq(item.state, DELIVERY_WAITING);
	cr_expect(item.next_at >= before + 4000 && item.next_at <= before + 6000 + 5000);
	struct delivery_attempt attempt = last_attempt(&scene, &arena, 1);
	cr_expect_eq(attempt.status, 500);
	cr_expect_str_eq(attempt.failure, "answered 500");
	cr_expect_str_eq(attempt.response, "no\x1b[31m", "kept as received");

	cr_expect_eq(deliver_all(&scene).delivered, 0, "it is not due yet");
	set_clock("+1m");
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_assert_eq(receiver_count(scene.receiver), 2);
	const struct receiver_request *first = receiver_request(scene.receiver, 0);
	const struct receiver_request *second = receiver_request(scene.receiver, 1);
	cr_expect_str_eq(first->body, second->body);
	char *id = request_header(first, "webhook-id");
	expect_header(second, "webhook-id", id);
	free(id);
	char *one = request_header(first, "webhook-timestamp"), *two = request_header(second, "webhook-timestamp");
	cr_expect_geq(strtoll(two, NULL, 10), strtoll(one, NULL, 10) + 59, "each attempt has its own time");
	free(one);
	free(two);
	cr_expect(request_is_signed(second, SECRET));
	arena_release(&arena);
	scene_close(&scene);
	NO_LEAKS();
}

Test(deliver, gives_up_after_ten_attempts)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	scene_open(&scene, true);
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 503 });
	add_event(&scene, 0);
	static const char *const clock[] = { "+0s",  "+1m",  "+10m",   "+1h",  "+4h",
					     "+10h", "+23h", "+2400m", "+64h", "+94h" };
	for (size_t i = 0; i < 10; i++) {
		set_clock(clock[i]);
		cr_expect_eq(deliver_all(&scene).failed, 1, "attempt %zu", i + 1);
	}
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_DEAD);
	cr_expect_not_null(strstr(delivery(&scene, &arena).note, "10 attempts"));
	struct deliver_totals totals = deliver_all(&scene);
	cr_expect_eq(totals.dead, 1);
	cr_expect_eq(totals.failed, 0);
	cr_expect_eq(receiver_count(scene.receiver), 10);
	arena_release(&arena);
	scene_close(&scene);
}

Test(deliver, honours_retry_after)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	scene_open(&scene, true);
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 429, .headers = "Retry-After: 3600\r\n" });
	add_event(&scene, 0);
	int64_t before = world_now_ms(world_sandbox());
	(void)deliver_all(&scene);
	int64_t wait = delivery(&scene, &arena).next_at - before;
	cr_expect(wait >= 3600000 && wait < 3610000, "%" PRId64, wait);
	arena_release(&arena);
	scene_close(&scene);
}

Test(deliver, gone_disables_the_endpoint)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	scene_open(&scene, true);
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 410 });
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	struct endpoint *endpoints;
	size_t count;
	cr_assert_eq(store_endpoint_list(scene.store, &arena, "", &endpoints, &count, NULL), ERR_OK);
	cr_assert_eq(count, 1);
	cr_expect(endpoints[0].disabled);
	add_event(&scene, 0);
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_UNSENT);
	cr_expect_eq(deliver_all(&scene).failed, 0);
	cr_expect_eq(receiver_count(scene.receiver), 1);
	arena_release(&arena);
	scene_close(&scene);
}

Test(deliver, follows_no_redirect)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	char location[200];
	scene_open(&scene, true);
	add_endpoint(&scene);
	(void)snprintf(location, sizeof location, "Location: %s\r\n", receiver_url(scene.receiver, "/elsewhere"));
	answer(&scene, (struct receiver_answer){ .status = 307, .headers = location });
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	cr_expect_eq(receiver_count(scene.receiver), 1);
	cr_expect_str_eq(last_attempt(&scene, &arena, 1).failure, "answered 307: redirects are not followed");
	arena_release(&arena);
	scene_close(&scene);
}

Test(deliver, reads_little_of_an_endless_answer_and_counts_its_status)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	scene_open(&scene, true);
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 200, .trick = RECEIVER_ENDLESS_BODY });
	add_event(&scene, 0);
	long long before = test_clock_ms();
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_expect_lt(test_clock_ms() - before, 5000);
	cr_expect_eq(strlen(last_attempt(&scene, &arena, 1).response), 1024);
	arena_release(&arena);
	scene_close(&scene);
	NO_LEAKS();
}

Test(deliver, a_receiver_that_hangs_up_is_a_failure_with_a_reason)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	scene_open(&scene, true);
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_HANG_UP });
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	struct delivery_attempt attempt = last_attempt(&scene, &arena, 1);
	cr_expect_eq(attempt.status, 0);
	cr_expect_str_neq(attempt.failure, "");
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_WAITING);
	arena_release(&arena);
	scene_close(&scene);
}

Test(deliver, plain_http_leaves_no_store_but_a_sandbox)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	scene_open(&scene, false);
	add_endpoint(&scene);
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	cr_expect_eq(receiver_count(scene.receiver), 0);
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_DEAD);
	arena_release(&arena);
	scene_close(&scene);
}

Test(deliver, proxies_of_the_environment_are_not_used)
{
	struct scene scene;
	scene_open(&scene, true);
	add_endpoint(&scene);
	cr_assert_eq(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
	cr_assert_eq(setenv("all_proxy", "http://127.0.0.1:1", 1), 0);
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	scene_close(&scene);
}

Test(deliver, events_of_a_session_arrive_in_order_over_one_connection)
{
	struct scene scene;
	scene_open(&scene, true);
	add_endpoint(&scene);
	int64_t session = add_session(&scene);
	for (int i = 0; i < 20; i++)
		add_event(&scene, session);
	cr_expect_eq(deliver_all(&scene).delivered, 20);
	cr_assert_eq(receiver_count(scene.receiver), 20);
	for (size_t i = 0; i < 20; i++) {
		char wanted[100];
		(void)snprintf(wanted, sizeof wanted, "{\"n\":%zu,\"tag\":\"Größe\"}", i + 1);
		cr_expect_str_eq(receiver_request(scene.receiver, i)->body, wanted);
		cr_expect_eq(receiver_request(scene.receiver, i)->connection, 1, "the connection is kept");
	}
	cr_expect_eq(receiver_most_at_once(scene.receiver), 1);
	scene_close(&scene);
}

Test(deliver, a_later_event_waits_for_an_earlier_one_of_its_session_only)
{
	struct scene scene;
	scene_open(&scene, true);
	add_endpoint(&scene);
	static const struct receiver_answer answers[] = { { .status = 500 }, { .status = 200 } };
	int64_t session = add_session(&scene);
	int64_t other = add_session(&scene);
	receiver_answers(scene.receiver, answers, 2);
	add_event(&scene, session);
	(void)deliver_all(&scene);
	add_event(&scene, session);
	add_event(&scene, other);
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_assert_eq(receiver_count(scene.receiver), 2);
	cr_expect_not_null(strstr(receiver_request(scene.receiver, 1)->body, "\"n\":3"));
	set_clock("+1m");
	cr_expect_eq(deliver_all(&scene).delivered, 2);
	cr_expect_not_null(strstr(receiver_request(scene.receiver, 2)->body, "\"n\":1"));
	cr_expect_not_null(strstr(receiver_request(scene.receiver, 3)->body, "\"n\":2"));
	scene_close(&scene);
}

struct running {
	pthread_t thread;
	struct deliver_worker *worker;
	struct deliver_totals totals;
	enum err err;
};

static void *run_worker(void *argument)
{
	struct running *running = argument;
	running->err = deliver_worker_run(running->worker, &running->totals, NULL);
	return NULL;
}

static void start_worker_in(struct running *running, const struct scene *scene, const struct world *world,
			    bool drain)
{
	running->worker = make_worker_in(scene, world, drain);
	cr_assert_eq(pthread_create(&running->thread, NULL, run_worker, running), 0);
}

static void start_worker(struct running *running, const struct scene *scene, bool drain)
{
	start_worker_in(running, scene, world_real(), drain);
}

static void end_worker(struct running *running)
{
	cr_assert_eq(pthread_join(running->thread, NULL), 0);
	cr_expect_eq(running->err, ERR_OK);
	deliver_worker_free(running->worker);
}

Test(deliver, a_slow_endpoint_delays_nobody_else)
{
	struct scene scene;
	scene_open(&scene, true);
	struct receiver *slow = receiver_start();
	static const struct receiver_answer sleepy = { .status = 200, .delay_ms = 4000 };
	receiver_answers(slow, &sleepy, 1);
	add_endpoint_url(&scene, receiver_url(slow, "/"));
	for (int i = 0; i < 100; i++)
		add_event(&scene, 0);
	struct running running;
	start_worker(&running, &scene, true);
	cr_assert(receiver_wait(slow, 60, 5000));
	/* The first one takes all it can get, and only then somebody else has something to send. */
	add_endpoint(&scene);
	for (int i = 0; i < 50; i++)
		add_event(&scene, 0);
	long long before = test_clock_ms();
	cr_expect(receiver_wait(scene.receiver, 50, 3000), "%zu arrived", receiver_count(scene.receiver));
	cr_expect_lt(test_clock_ms() - before, 3000);
	deliver_worker_stop(running.worker);
	end_worker(&running);
	receiver_stop(slow);
	scene_close(&scene);
}

Test(deliver, workers_on_one_store_send_each_delivery_once)
{
	struct scene scene;
	scene_open(&scene, true);
	add_endpoint(&scene);
	for (int i = 0; i < 300; i++)
		add_event(&scene, i % 3 ? 0 : add_session(&scene));
	struct running running[3];
	for (size_t i = 0; i < 3; i++)
		start_worker(&running[i], &scene, true);
	int64_t delivered = 0;
	for (size_t i = 0; i < 3; i++) {
		end_worker(&running[i]);
		delivered += running[i].totals.delivered;
	}
	/* Whoever found the rest leased by another went home early. */
	delivered += deliver_all(&scene).delivered;
	cr_expect_eq(delivered, 300);
	cr_assert_eq(receiver_count(scene.receiver), 300);
	bool seen[301] = { false };
	for (size_t i = 0; i < 300; i++) {
		int number = 0;
		cr_assert_eq(sscanf(receiver_request(scene.receiver, i)->body, "{\"n\":%d", &number), 1);
		cr_assert_not(seen[number], "%d came twice", number);
		seen[number] = true;
	}
	scene_close(&scene);
}

Test(deliver, what_a_killed_worker_held_is_delivered_by_the_next)
{
	struct scene scene;
	scene_open(&scene, true);
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_NEVER });
	add_event(&scene, 0);
	store_close(scene.store); /* no connection crosses a fork */
	scene.store = NULL;
	pid_t pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		(void)deliver_all(&scene);
		_exit(1);
	}
	cr_assert(receiver_wait(scene.receiver, 1, 10000));
	cr_assert_eq(kill(pid, SIGKILL), 0);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	answer(&scene, (struct receiver_answer){ .status = 200 });
	cr_expect_eq(deliver_all(&scene).delivered, 0, "the lease still holds");
	set_clock("+2m");
	cr_expect_eq(deliver_all(&scene).delivered, 0, "no clock that is set ends it");
	cr_expect_eq(deliver_all_in(&scene, world_later()).delivered, 1);
	cr_expect(request_is_signed(receiver_request(scene.receiver, 1), SECRET));
	scene_close(&scene);
}

/* A slow receiver; while it thinks, somebody sets the clock and more workers come. */
Test(deliver, a_clock_that_is_set_sends_nothing_twice_and_every_answer_counts)
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

Test(deliver, a_running_worker_keeps_to_its_waiting_times_when_the_clock_is_set_back)
{
	struct scene scene;
	struct running running;
	static const struct receiver_answer answers[] = { { .status = 500 }, { .status = 200 } };
	scene_open(&scene, true);
	add_endpoint(&scene);
	receiver_answers(scene.receiver, answers, 2);
	atomic_store(&wall_step_ms, 3600000);
	add_event(&scene, 0);
	start_worker_in(&running, &scene, world_stepped(), false);
	cr_assert(receiver_wait(scene.receiver, 1, 10000));
	(void)usleep(300000);
	/* Now an hour is missing: the five seconds until the next attempt are still five seconds. */
	atomic_store(&wall_step_ms, 0);
	cr_expect(receiver_wait(scene.receiver, 2, 12000), "the retry waits for the hour to come again");
	deliver_worker_stop(running.worker);
	end_worker(&running);
	cr_expect_eq(receiver_count(scene.receiver), 2);
	scene_close(&scene);
}

/* An event whose body has a place for the link of session 1, "0b0f8a52-…"; and what looks like one and is the merchant's. */
static void add_event_with_link(struct scene *scene)
{
	static const char mark[] = "0123456789abcdef0123456789abcdef0123456789abcdef";
	struct error error = { 0 };
	struct strbuf body = STRBUF_INIT;
	int64_t now = world_now_ms(world_sandbox());
	strbuf_adds(&body, "{\"tag\":\"{link:00:1:}\",\"upload_link\":\"https://v.example/s/");
	link_placeholder_write(&body, mark, 7, "government_id");
	strbuf_adds(&body, "\"}");
	const struct new_event event = { .session = add_session(scene),
					 .merchant = scene->merchant,
					 .type = "kyc.verification.document_required",
					 .sequence = 1,
					 .body = body.buf,
					 .length = body.len,
					 .link_mark = mark,
					 .now = now,
					 .due_at = now };
	run_sql(scene, "UPDATE session SET uuid = '0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01'");
	cr_assert_eq(store_begin(scene->store, STORE_WRITE, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_event_insert(scene->store, &event, NULL, &error), ERR_OK, "%s", error.message);
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
	cr_assert_eq(store_key(scene->store, false, &key, NULL), ERR_OK);
	cr_assert(link_token_read(&key, token, &subject), "%s", token);
	cr_expect_str_eq(subject.session_id, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01");
	cr_expect_str_eq(subject.document_type, "government_id");
	cr_expect_eq(subject.generation, 7);
}

Test(deliver, a_place_for_a_link_is_filled_in_and_signed_the_same_on_every_attempt)
{
	struct scene scene;
	static const struct receiver_answer answers[] = { { .status = 500 }, { .status = 200 } };
	scene_open(&scene, true);
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
	scene_close(&scene);
	NO_LEAKS();
}

Test(deliver, without_the_stores_key_a_body_with_a_link_waits_and_no_other)
{
	struct scene scene;
	char *path, *away;
	scene_open(&scene, true);
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
	free(path);
	free(away);
	scene_close(&scene);
}

Test(deliver, a_running_worker_notices_new_events_and_can_be_stopped)
{
	struct scene scene;
	struct running running;
	scene_open(&scene, true);
	add_endpoint(&scene);
	start_worker(&running, &scene, false);
	test_sleep_ms(100);
	add_event(&scene, 0);
	cr_expect(receiver_wait(scene.receiver, 1, 3000), "by itself");
	add_event(&scene, 0);
	deliver_worker_wake(running.worker);
	cr_expect(receiver_wait(scene.receiver, 2, 900), "at once when woken");
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_NEVER });
	add_event(&scene, 0);
	deliver_worker_wake(running.worker);
	cr_assert(receiver_wait(scene.receiver, 3, 3000));
	long long before = test_clock_ms();
	deliver_worker_stop(running.worker);
	end_worker(&running);
	cr_expect_lt(test_clock_ms() - before, 5000, "also with a delivery under way");
	cr_expect_eq(running.totals.delivered, 2);
	scene_close(&scene);
	NO_LEAKS();
}

Test(deliver, an_idle_worker_sleeps)
{
	struct scene scene;
	struct running running;
	scene_open(&scene, true);
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 500 });
	add_event(&scene, 0);
	start_worker(&running, &scene, false);
	cr_assert(receiver_wait(scene.receiver, 1, 5000));
	test_sleep_ms(500);
	clockid_t clock;
	struct timespec before, after;
	cr_assert_eq(pthread_getcpuclockid(running.thread, &clock), 0);
	cr_assert_eq(clock_gettime(clock, &before), 0);
	test_sleep_ms(2000);
	cr_assert_eq(clock_gettime(clock, &after), 0);
	long long used_us = (after.tv_sec - before.tv_sec) * 1000000LL + (after.tv_nsec - before.tv_nsec) / 1000;
	/* Half a percent in a release build; the sanitisers cost several times that. */
	cr_expect_lt(used_us, 60000, "%lld us of two seconds", used_us);
	deliver_worker_stop(running.worker);
	end_worker(&running);
	scene_close(&scene);
}

Test(deliver, a_missing_store_is_an_error)
{
	struct deliver_totals totals;
	struct deliver_worker *worker;
	struct error error = { 0 };
	struct deliver_options options = {
		.store_path = "/nonexistent/store.db", .world = world_real(), .log = { .fd = -1 }, .drain = true
	};
	cr_assert_eq(deliver_worker_new(&options, &worker, NULL), ERR_OK);
	cr_expect_eq(deliver_worker_run(worker, &totals, &error), ERR_STORE);
	cr_expect_not_null(error.message);
	error_release(&error);
	deliver_worker_free(worker);
	NO_LEAKS();
}
