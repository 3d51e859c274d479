#include "scene.h"
#include "kybdesk/base/uuid.h"
#include "kybdesk/store/people.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void run_sql(const struct scene *scene, const char *sql)
{
	sqlite3 *db;
	char *message = NULL;
	cr_assert_eq(sqlite3_open(scene->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
	sqlite3_close(db);
}

void scene_open(struct scene *scene, bool sandbox)
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
	cr_assert_eq(store_merchant_put(scene->store, &merchant, 1, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_commit(scene->store, &error), ERR_OK);
	scene->merchant = merchant.row;
	scene->receiver = receiver_start();
}

void scene_close(struct scene *scene)
{
	receiver_stop(scene->receiver);
	store_close(scene->store);
	temp_folder_remove(scene->folder);
}

struct scene scene;
struct arena arena;

void scene_set_up(void)
{
	scene_open(&scene, true);
}

void scene_tear_down(void)
{
	arena_release(&arena);
	scene_close(&scene);
	NO_LEAKS();
}

void add_endpoint_url(struct scene *scene, const char *url)
{
	static const char *all[] = { "*" };
	struct error error = { 0 };
	char id[UUID_TEXT_SIZE];
	uuid_new(world_real(), id);
	struct endpoint endpoint = { .id = id,
				     .merchant = "acme",
				     .url = url,
				     .events = all,
				     .event_count = 1,
				     .disabled_reason = "",
				     .created_at = 1 };
	cr_assert_eq(store_begin(scene->store, STORE_WRITE, &error), ERR_OK);
	cr_assert_eq(store_endpoint_write(scene->store, &endpoint, SECRET, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_commit(scene->store, &error), ERR_OK);
	scene->endpoint = endpoint.row;
}

void add_endpoint(struct scene *scene)
{
	add_endpoint_url(scene, receiver_url(scene->receiver, "/hook"));
}

int64_t add_session(struct scene *scene)
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

void add_event(struct scene *scene, int64_t session)
{
	struct error error = { 0 };
	char body[200];
	int64_t now = world_now_ms(world_sandbox());
	int length = snprintf(body, sizeof body, "{\"n\":%" PRId64 ",\"tag\":\"Größe\"}", ++scene->sequence);
	cr_assert_eq(store_begin(scene->store, STORE_WRITE, &error), ERR_OK, "%s", error.message);
	struct new_event event = { .session_row = session,
				   .merchant_row = scene->merchant,
				   .type = "kyc.state_updated",
				   .sequence = scene->sequence,
				   .body = body,
				   .length = (size_t)length,
				   .now = now,
				   .due_at = now };
	cr_assert_eq(store_event_insert(scene->store, &event, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(store_commit(scene->store, &error), ERR_OK, "%s", error.message);
}

static int64_t later_boottime(void *context)
{
	(void)context;
	return world_boottime_ms(world_real()) + 120000;
}

const struct world *world_later(void)
{
	static struct world later;
	later = *world_sandbox();
	later.boottime_ms = later_boottime;
	return &later;
}

atomic_llong wall_step_ms;

static int64_t stepped_now(void *context)
{
	(void)context;
	return world_now_ms(world_real()) + atomic_load(&wall_step_ms);
}

const struct world *world_stepped(void)
{
	static struct world stepped;
	stepped = *world_real();
	stepped.now_ms = stepped_now;
	return &stepped;
}

struct deliver_worker *make_worker_in(const struct scene *scene, const struct world *world, bool drain)
{
	struct deliver_worker *worker;
	struct deliver_options options = {
		.store_path = scene->path, .world = world, .log = { .level = LOG_NORMAL, .fd = 2 }, .drain = drain
	};
	cr_assert_eq(deliver_worker_new(&options, &worker, NULL), ERR_OK);
	return worker;
}

struct deliver_totals deliver_with(const struct scene *scene, const struct deliver_options *given)
{
	struct deliver_totals totals;
	struct error error = { 0 };
	struct deliver_worker *worker;
	struct deliver_options options = *given;
	options.store_path = scene->path;
	options.world = world_real();
	options.log = (struct log){ .level = LOG_NORMAL, .fd = 2 };
	options.drain = true;
	cr_assert_eq(deliver_worker_new(&options, &worker, NULL), ERR_OK);
	cr_assert_eq(deliver_worker_run(worker, &totals, &error), ERR_OK, "%s", error.message);
	deliver_worker_free(worker);
	return totals;
}

struct deliver_totals deliver_all_in(const struct scene *scene, const struct world *world)
{
	struct deliver_totals totals;
	struct error error = { 0 };
	struct deliver_worker *worker = make_worker_in(scene, world, true);
	cr_assert_eq(deliver_worker_run(worker, &totals, &error), ERR_OK, "%s", error.message);
	deliver_worker_free(worker);
	return totals;
}

struct deliver_totals deliver_all(const struct scene *scene)
{
	return deliver_all_in(scene, world_real());
}

struct delivery_item delivery(const struct scene *scene, struct arena *arena)
{
	struct delivery_filter filter = {
		.session_id = "", .merchant = "", .limit = 1, .now = world_now_ms(world_sandbox())
	};
	struct delivery_list found;
	struct error error = { 0 };
	cr_assert_eq(store_delivery_list(scene->store, arena, &filter, &found, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(found.count, 1);
	return found.items[0];
}

struct delivery_attempt last_attempt(const struct scene *scene, struct arena *arena, size_t wanted_count)
{
	struct delivery_attempts made;
	cr_assert_eq(store_delivery_attempt_list(scene->store, arena, delivery(scene, arena).row, &made, NULL), ERR_OK);
	cr_assert_eq(made.count, wanted_count);
	return made.items[wanted_count - 1];
}

void answer(struct scene *scene, struct receiver_answer what)
{
	receiver_answers(scene->receiver, &what, 1);
}

void set_clock(const char *offset)
{
	cr_assert_eq(setenv("KYBDESK_TEST_NOW", offset, 1), 0);
}

void expect_header(const struct receiver_request *request, const char *name, const char *wanted)
{
	char *value = request_header(request, name);
	cr_assert_not_null(value, "%s", name);
	cr_expect_str_eq(value, wanted);
}

static void *run_worker(void *argument)
{
	struct running *running = argument;
	running->err = deliver_worker_run(running->worker, &running->totals, NULL);
	return NULL;
}

void run_worker_in_thread(struct running *running)
{
	cr_assert_eq(pthread_create(&running->thread, NULL, run_worker, running), 0);
}

void start_worker_in(struct running *running, const struct scene *scene, const struct world *world, bool drain)
{
	running->worker = make_worker_in(scene, world, drain);
	run_worker_in_thread(running);
}

void start_worker(struct running *running, const struct scene *scene, bool drain)
{
	start_worker_in(running, scene, world_real(), drain);
}

void end_worker(struct running *running)
{
	cr_assert_eq(pthread_join(running->thread, NULL), 0);
	cr_expect_eq(running->err, ERR_OK);
	deliver_worker_free(running->worker);
}
