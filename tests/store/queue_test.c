/* A writer thread in a commit group (commit_group.h) waits for its turn, then for the lock of another process. Both
 * waits together take no longer than the wait of a single writer. */
#include <criterion/criterion.h>
#include "kybdesk/base/commit_group.h"
#include "kybdesk/store/db.h"
#include "support/process.h"
#include "support/leak.h"
#include "support/test_world.h"

#include <pthread.h>
#include <stdatomic.h>

enum { PATIENCE_MS = 20000 };

static struct {
	struct test_world world; /* world of the writer; its clock counts the polls */
	_Atomic int64_t now_ms;
	atomic_uint looks;
	char *folder, *path;
	struct commit_group group;
	struct db *other, *db; /* a connection in the role of another process; the connection of the writer */
	struct error error;
	pthread_t writer;
	enum err err; /* the writer's */
} queue;

static int64_t look_at_clock(void *context)
{
	int64_t now = atomic_load(&queue.now_ms);
	(void)context;
	atomic_fetch_add(&queue.looks, 1);
	return now;
}

static struct db *connect_to(bool create, struct commit_group *group)
{
	struct db *db = NULL;
	const struct db_options options = { .path = queue.path,
					    .create = create,
					    .busy_timeout_ms = PATIENCE_MS,
					    .world = &queue.world.world,
					    .group = group };
	cr_assert_eq(db_open(&db_driver_sqlite, &options, &db, &queue.error), ERR_OK, "%s", queue.error.message);
	return db;
}

static void *write_in_turn(void *unused)
{
	(void)unused;
	queue.err = db_begin(queue.db, DB_WRITE, &queue.error);
	if (!queue.err)
		db_rollback(queue.db);
	return NULL;
}

static void await_looks(unsigned count)
{
	long long until = test_clock_ms() + 60000;
	while (atomic_load(&queue.looks) < count && test_clock_ms() < until)
		test_sleep_ms(1);
	cr_assert_geq(atomic_load(&queue.looks), count);
}

/* Another process holds the lock, one writer of the group has its turn, and the tested writer waits for its turn. */
static void begin(void)
{
	queue.folder = temp_folder_make();
	queue.path = temp_path(queue.folder, "queue.db");
	test_world_init(&queue.world, 0);
	queue.world.world.monotonic_ms = look_at_clock;
	queue.group = (struct commit_group)COMMIT_GROUP_INIT;
	queue.other = connect_to(true, NULL);
	cr_assert_eq(db_begin(queue.other, DB_WRITE, &queue.error), ERR_OK);
	cr_assert_eq(db_driver_sqlite.set_schema_version(queue.other, 1, &queue.error), ERR_OK);
	cr_assert_eq(db_commit(queue.other, &queue.error), ERR_OK);
	queue.db = connect_to(false, &queue.group);
	cr_assert_eq(db_begin(queue.other, DB_WRITE, &queue.error), ERR_OK);
	commit_group_enter(&queue.group);
	atomic_store(&queue.looks, 0);
	cr_assert_eq(pthread_create(&queue.writer, NULL, write_in_turn, NULL), 0);
	await_looks(1);
}

static void end(void)
{
	db_close(queue.db);
	db_close(queue.other);
	error_release(&queue.error);
	temp_folder_remove(queue.folder);
	NO_LEAKS();
}

Test(queue, who_waited_long_for_a_turn_does_not_wait_as_long_for_the_lock_again)
{
	begin();
	atomic_store(&queue.now_ms, PATIENCE_MS);
	commit_group_leave(&queue.group);
	cr_assert_eq(pthread_join(queue.writer, NULL), 0);
	cr_expect_eq(queue.err, ERR_STORE, "%s", queue.error.message);
	cr_expect_eq(atomic_load(&queue.looks), 2, "it looked %u times at the clock: it waited again",
		     atomic_load(&queue.looks));
	db_rollback(queue.other);
	end();
}

Test(queue, who_waited_shortly_for_a_turn_waits_the_rest_for_the_lock)
{
	begin();
	atomic_store(&queue.now_ms, PATIENCE_MS - 1);
	commit_group_leave(&queue.group);
	await_looks(4);
	db_rollback(queue.other);
	cr_assert_eq(pthread_join(queue.writer, NULL), 0);
	cr_expect_eq(queue.err, ERR_OK, "%s", queue.error.message);
	end();
}
