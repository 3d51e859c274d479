/* Tests one driver, place_driver, against the contract that struct db_driver defines for every driver. */
#include <criterion/criterion.h>
#include "kybdesk/base/timefmt.h"
#include "kybdesk/store/db.h"
#include "store/place.h"
#include "support/process.h"
#include "support/leak.h"
#include "support/test_world.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct sql insert = { "test.insert", "INSERT INTO thing (id, whole, broken, text, bytes) "
						  "VALUES ($1, $2, $3, $4, $5)" };
static const struct sql find = { "test.find", "SELECT whole, broken, text, bytes FROM thing WHERE id = $1" };
static const struct sql count = { "test.count", "SELECT count(*) FROM thing" };
static const struct sql backwards = { "test.backwards", "SELECT $2, $1, '$3', $2" };

struct bench {
	struct test_world world;
	char *folder, *path;
	struct db *db;
	struct error error;
};

static struct db *connect_to(struct bench *bench, bool create, int busy_timeout_ms)
{
	struct db *db = NULL;
	struct db_options options = {
		.path = bench->path, .create = create, .busy_timeout_ms = busy_timeout_ms, .world = &bench->world.world
	};
	enum err err = db_open(place_driver, &options, &db, &bench->error);
	cr_assert_eq(err, ERR_OK, "%s", bench->error.message);
	return db;
}

static struct bench bench;

static void set_up(void)
{
	bench.folder = temp_folder_make();
	bench.path = place_make(bench.folder, "bench.db");
	test_world_init(&bench.world, 0);
	bench.db = connect_to(&bench, true, 0);
	cr_assert_eq(db_begin(bench.db, DB_WRITE, &bench.error), ERR_OK);
	cr_assert_eq(place_driver->run_script(bench.db, place_thing, &bench.error), ERR_OK);
	cr_assert_eq(place_driver->set_schema_version(bench.db, 1, &bench.error), ERR_OK);
	cr_assert_eq(db_commit(bench.db, &bench.error), ERR_OK);
}

static void tear_down(void)
{
	db_close(bench.db);
	error_release(&bench.error);
	temp_folder_remove(bench.folder);
	NO_LEAKS();
}
TestSuite(driver, .init = set_up, .fini = tear_down);

static enum err insert_thing(struct db *db, int64_t id, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(db, &insert, &query, error);
	if (err)
		return err;
	query_bind_int(query, 1, id);
	query_bind_int(query, 2, 1);
	query_bind_real(query, 3, 0.5);
	query_bind_text(query, 4, "text");
	query_bind_blob(query, 5, "bytes", 5);
	err = query_run(query, error);
	return err ? err : db_flush(db, error);
}

#define MUST(call) cr_assert_eq((call), ERR_OK, "%s", bench.error.message)

/* Inserts a row in a transaction of its own. */
static void put_thing(struct db *db, int64_t id)
{
	MUST(db_begin(db, DB_WRITE, &bench.error));
	MUST(insert_thing(db, id, &bench.error));
	MUST(db_commit(db, &bench.error));
}

/* Reads the first row of a query. */
static void find_row(struct query *query)
{
	bool row = false;
	MUST(query_next(query, &row, &bench.error));
	cr_assert(row);
}

static int64_t count_things(struct db *db)
{
	struct query *query = NULL;
	bool row = false;
	MUST(db_query(db, &count, &query, NULL));
	MUST(query_next(query, &row, NULL));
	int64_t number = row_int(query, 0);
	query_end(query);
	return number;
}

Test(driver, a_committed_row_is_there_for_another_connection)
{
	put_thing(bench.db, 1);
	struct db *other = connect_to(&bench, false, 0);
	cr_expect_eq(count_things(other), 1);
	db_close(other);
}

Test(driver, nothing_of_a_rolled_back_transaction_stays)
{
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	MUST(insert_thing(bench.db, 1, &bench.error));
	db_rollback(bench.db);
	cr_expect_eq(count_things(bench.db), 0);
}

Test(driver, closing_in_the_middle_of_a_transaction_leaves_nothing)
{
	struct db *other = connect_to(&bench, false, 0);
	MUST(db_begin(other, DB_WRITE, &bench.error));
	MUST(insert_thing(other, 1, &bench.error));
	db_close(other);
	cr_expect_eq(count_things(bench.db), 0);
}

Test(driver, a_read_transaction_sees_one_moment)
{
	struct db *other = connect_to(&bench, false, 0);
	MUST(db_begin(bench.db, DB_READ, &bench.error));
	int64_t before = count_things(bench.db);
	put_thing(other, 1);
	cr_expect_eq(count_things(bench.db), before);
	db_rollback(bench.db);
	cr_expect_eq(count_things(bench.db), before + 1);
	db_close(other);
}

Test(driver, values_of_each_type_come_back_as_they_were)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	size_t length = 0;
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	MUST(db_query(bench.db, &insert, &query, &bench.error));
	query_bind_int(query, 1, 7);
	query_bind_int(query, 2, INT64_MIN + 1);
	query_bind_real(query, 3, 0.1);
	query_bind_text(query, 4,
			"Solu\xc3\xa7\xc3\xb5"
			"es 'x' \x1b[2J");
	query_bind_blob(query, 5, "a\0b", 3);
	MUST(query_run(query, &bench.error));
	MUST(db_commit(bench.db, &bench.error));

	MUST(db_query(bench.db, &find, &query, &bench.error));
	query_bind_int(query, 1, 7);
	find_row(query);
	cr_expect_eq(row_int(query, 0), INT64_MIN + 1);
	cr_expect(fabs(row_real(query, 1) - 0.1) < 1e-15);
	cr_expect_str_eq(row_text(query, 2, &arena), "Solu\xc3\xa7\xc3\xb5"
						     "es 'x' \x1b[2J");
	const void *bytes = row_blob(query, 3, &arena, &length);
	cr_expect_eq(length, 3);
	cr_expect_eq(memcmp(bytes, "a\0b", 3), 0);
	query_end(query);
	arena_release(&arena);
}

Test(driver, absent_values_are_null_and_read_as_empty)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	bool row = false;
	size_t length = 9;
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	MUST(db_query(bench.db, &insert, &query, &bench.error));
	query_bind(query, PARAMS(db_int(1), db_time(TIME_NONE), db_null(), db_text_or_null(""), db_int_or_null(0)));
	MUST(query_run(query, &bench.error));
	MUST(db_commit(bench.db, &bench.error));

	MUST(db_query(bench.db, &find, &query, &bench.error));
	query_bind_int(query, 1, 1);
	MUST(query_next(query, &row, &bench.error));
	for (int column = 0; column < 4; column++)
		cr_expect(row_is_null(query, column), "column %d", column);
	cr_expect_eq(row_time(query, 0), TIME_NONE);
	cr_expect_str_empty(row_text(query, 2, &arena));
	(void)row_blob(query, 3, &arena, &length);
	cr_expect_eq(length, 0);
	query_end(query);
	arena_release(&arena);
}

Test(driver, empty_bytes_are_not_null)
{
	struct query *query = NULL;
	bool row = false;
	MUST(db_query_text(bench.db, "test", "SELECT $1, $2", &query, &bench.error));
	query_bind_blob(query, 1, NULL, 0);
	query_bind_text(query, 2, "");
	MUST(query_next(query, &row, &bench.error));
	cr_expect_not(row_is_null(query, 0));
	cr_expect_not(row_is_null(query, 1));
	query_end(query);
}

Test(driver, parameters_count_by_number_and_not_by_appearance)
{
	struct query *query = NULL;
	struct arena arena = ARENA_INIT;
	bool row = false;
	MUST(db_query(bench.db, &backwards, &query, &bench.error));
	query_bind_int(query, 1, 11);
	query_bind_int(query, 2, 22);
	MUST(query_next(query, &row, &bench.error));
	cr_expect_eq(row_int(query, 0), 22);
	cr_expect_eq(row_int(query, 1), 11);
	cr_expect_str_eq(row_text(query, 2, &arena), "$3");
	cr_expect_eq(row_int(query, 3), 22);
	query_end(query);
	arena_release(&arena);
}

Test(driver, a_statement_is_ready_again_after_its_end)
{
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	for (int64_t id = 1; id <= 100; id++)
		MUST(insert_thing(bench.db, id, &bench.error));
	MUST(db_commit(bench.db, &bench.error));
	cr_expect_eq(count_things(bench.db), 100);
}

Test(driver, the_same_statement_may_run_inside_itself)
{
	struct query *outer = NULL;
	struct query *inner = NULL;
	bool row = false;
	MUST(db_query(bench.db, &backwards, &outer, &bench.error));
	query_bind_int(outer, 1, 1);
	query_bind_int(outer, 2, 2);
	MUST(query_next(outer, &row, &bench.error));
	MUST(db_query(bench.db, &backwards, &inner, &bench.error));
	query_bind_int(inner, 1, 3);
	query_bind_int(inner, 2, 4);
	MUST(query_next(inner, &row, &bench.error));
	cr_expect_eq(row_int(inner, 0), 4);
	query_end(inner);
	cr_expect_eq(row_int(outer, 0), 2);
	query_end(outer);
}

Test(driver, any_number_of_statements_made_at_run_time_may_pass)
{
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 200; i++) {
			char text[64];
			struct query *query = NULL;
			bool row = false;
			snprintf(text, sizeof text, "SELECT %d + $1", i);
			MUST(db_query_text(bench.db, "test", text, &query, &bench.error));
			query_bind_int(query, 1, 1000);
			MUST(query_next(query, &row, &bench.error));
			cr_assert_eq(row_int(query, 0), 1000 + i);
			query_end(query);
		}
}

Test(driver, a_finished_query_stays_finished)
{
	struct query *query = NULL;
	bool row = true;
	MUST(db_query(bench.db, &find, &query, &bench.error));
	query_bind_int(query, 1, 1);
	MUST(query_next(query, &row, &bench.error));
	cr_expect_not(row);
	MUST(query_next(query, &row, &bench.error));
	cr_expect_not(row);
	query_end(query);
}

Test(driver, a_second_writer_of_the_same_process_gets_a_sentence_after_its_patience)
{
	struct db *other = connect_to(&bench, false, 50);
	char *display_path = place_driver->display_path(bench.path);
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	cr_expect_eq(db_begin(other, DB_WRITE, &bench.error), ERR_STORE);
	cr_expect(strstr(bench.error.message, "locked") != NULL, "%s", bench.error.message);
	cr_expect(strstr(bench.error.message, display_path) != NULL, "%s", bench.error.message);
	db_rollback(bench.db);
	free(display_path);
	db_close(other);
}

Test(driver, a_reader_is_not_held_up_by_a_writer)
{
	struct db *other = connect_to(&bench, false, 50);
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	MUST(insert_thing(bench.db, 1, &bench.error));
	cr_expect_eq(count_things(other), 0);
	db_rollback(bench.db);
	db_close(other);
}

/* Holds the write lock in a child process for a while, and writes "h" to the pipe. Never returns. */
static void hold_lock(struct bench *bench, int pipe_end, unsigned hold_ms)
{
	struct db *db = connect_to(bench, false, 0);
	if (db_begin(db, DB_WRITE, NULL) || insert_thing(db, 500, NULL) || write(pipe_end, "h", 1) != 1)
		_exit(1);
	test_sleep_ms(hold_ms);
	if (db_commit(db, NULL))
		_exit(1);
	db_close(db);
	_exit(0);
}

static pid_t fork_holder(unsigned hold_ms)
{
	int ends[2];
	char byte;
	/* Closes the connection, because a connection cannot be used on both sides of a fork. */
	db_close(bench.db);
	bench.db = NULL;
	cr_assert_eq(pipe(ends), 0);
	pid_t holder = fork();
	if (holder == 0)
		hold_lock(&bench, ends[1], hold_ms);
	cr_assert_eq(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	close(ends[1]);
	return holder;
}

static void expect_end(pid_t process)
{
	int status = -1;
	cr_assert_eq(waitpid(process, &status, 0), process);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

Test(driver, a_writer_waits_for_one_of_another_process)
{
	pid_t holder = fork_holder(200);
	bench.db = connect_to(&bench, false, 10000);
	cr_expect_eq(db_begin(bench.db, DB_WRITE, &bench.error), ERR_OK, "%s", bench.error.message);
	cr_expect_eq(count_things(bench.db), 1);
	db_rollback(bench.db);
	expect_end(holder);
}

Test(driver, a_writer_gives_up_on_one_of_another_process_when_its_time_is_over)
{
	pid_t holder = fork_holder(1500);
	bench.db = connect_to(&bench, false, 100);
	long long start = test_clock_ms();
	cr_expect_eq(db_begin(bench.db, DB_WRITE, &bench.error), ERR_STORE);
	cr_expect(test_clock_ms() - start < 1400);
	expect_end(holder);
}

Test(driver, what_a_killed_writer_had_begun_is_gone)
{
	pid_t holder = fork_holder(60000);
	cr_assert_eq(kill(holder, SIGKILL), 0);
	cr_assert_eq(waitpid(holder, NULL, 0), holder);
	bench.db = connect_to(&bench, false, 5000);
	cr_expect_eq(db_begin(bench.db, DB_WRITE, &bench.error), ERR_OK);
	cr_expect_eq(count_things(bench.db), 0);
	db_rollback(bench.db);
}

Test(driver, the_data_version_moves_when_another_connection_commits)
{
	struct db *other = connect_to(&bench, false, 0);
	int64_t before = place_driver->data_version(bench.db);
	cr_expect_eq(place_driver->data_version(bench.db), before);
	MUST(db_begin(other, DB_WRITE, &bench.error));
	MUST(insert_thing(other, 1, &bench.error));
	cr_expect_eq(place_driver->data_version(bench.db), before);
	MUST(db_commit(other, &bench.error));
	/* The notification may arrive later. */
	for (int tries = 0; tries < 1000 && place_driver->data_version(bench.db) == before; tries++)
		test_sleep_ms(10);
	cr_expect_neq(place_driver->data_version(bench.db), before);
	db_close(other);
}

static const struct sql insert_new = { "test.insert_new", "INSERT INTO thing (whole) VALUES ($1) {made}" };

static enum err insert_new_thing(struct db *db, int64_t whole, int64_t *id, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(db, &insert_new, &query, error);

	if (err)
		return err;
	query_bind_int(query, 1, whole);
	return query_run_insert(query, id, error);
}

Test(driver, an_insert_returns_the_id_of_its_own_row)
{
	int64_t first = 0, second = 0;
	enum err failed;
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	/* The insert does not return the id of the row that a trigger inserts. */
	MUST(place_driver->run_script(bench.db, place_thing_trigger, &bench.error));
	MUST(insert_new_thing(bench.db, 7, &first, &bench.error));
	cr_expect_eq(first, 1);
	/* A failed insert has no id, or the next flush reports the failure; after a rollback the statement works
	 * again. */
	MUST(place_driver->savepoint(bench.db, DB_SAVEPOINT_BEGIN, &bench.error));
	failed = insert_new_thing(bench.db, 7, &second, &bench.error);
	cr_expect_eq(second == 0, failed != ERR_OK);
	cr_expect_eq(failed ? failed : db_flush(bench.db, &bench.error), ERR_INTERNAL);
	MUST(place_driver->savepoint(bench.db, DB_SAVEPOINT_ROLL_BACK, &bench.error));
	cr_expect_eq(insert_new_thing(bench.db, 9, &second, &bench.error), ERR_OK);
	cr_expect(second > first && second < 900, "%lld", (long long)second);
	MUST(db_commit(bench.db, &bench.error));
}

Test(driver, the_changed_rows_are_told)
{
	struct query *query = NULL;
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	MUST(insert_thing(bench.db, 41, &bench.error));
	MUST(insert_thing(bench.db, 42, &bench.error));
	MUST(db_query_text(bench.db, "test", "UPDATE thing SET whole = 5", &query, &bench.error));
	MUST(query_run(query, &bench.error));
	cr_expect_eq(place_driver->changed_row_count(bench.db), 2);
	MUST(db_commit(bench.db, &bench.error));
}

Test(driver, a_broken_promise_of_the_schema_names_the_statement)
{
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	MUST(insert_thing(bench.db, 1, &bench.error));
	cr_expect_eq(insert_thing(bench.db, 1, &bench.error), ERR_STORE);
	cr_expect(strstr(bench.error.message, "has the number of another row") != NULL, "%s", bench.error.message);
	cr_expect(strstr(bench.error.message, "test.insert") != NULL, "%s", bench.error.message);
	db_rollback(bench.db);
}

Test(driver, a_statement_that_is_none_is_refused_with_its_name)
{
	struct query *query = NULL;
	bool row;
	enum err err;

	err = db_query_text(bench.db, "test.wrong", "SELECT nothing FROM nowhere", &query, &bench.error);
	if (!err)
		err = query_next(query, &row, &bench.error); /* a server parses the statement only now */
	cr_expect_eq(err, ERR_STORE);
	cr_expect(strstr(bench.error.message, "test.wrong") != NULL, "%s", bench.error.message);
	query_end(query);
}

struct cancel {
	const struct db_driver *driver;
	struct db *db;
	volatile bool stop;
};

static void *cancel_again_and_again(void *context)
{
	struct cancel *cancel = context;
	/* Interrupts repeatedly, because the statement may not have begun at the first interrupt. */
	while (!__atomic_load_n(&cancel->stop, __ATOMIC_SEQ_CST)) {
		cancel->driver->interrupt(cancel->db);
		test_sleep_ms(5);
	}
	return NULL;
}

Test(driver, a_running_statement_can_be_cancelled_from_another_thread)
{
	struct query *query = NULL;
	bool row = false;
	pthread_t thread;
	struct cancel cancel = { .driver = place_driver, .db = bench.db };
	cr_assert_eq(db_query_text(bench.db, "test.endless",
				   "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
				   "SELECT count(*) FROM n",
				   &query, &bench.error),
		     ERR_OK);
	cr_assert_eq(pthread_create(&thread, NULL, cancel_again_and_again, &cancel), 0);
	cr_expect_eq(query_next(query, &row, &bench.error), ERR_INTERNAL);
	__atomic_store_n(&cancel.stop, true, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	cr_expect_str_eq(bench.error.message, "cancelled");
	query_end(query);
	cr_expect_eq(count_things(bench.db), 0);
}

Test(driver, an_interrupt_at_the_end_of_a_transaction_does_not_keep_it_open)
{
	struct query *query = NULL;
	bool row = false;

	MUST(db_begin(bench.db, DB_READ, &bench.error));
	cr_assert_eq(db_query_text(bench.db, "test.rows", "SELECT 1 UNION ALL SELECT 2", &query, &bench.error), ERR_OK);
	MUST(query_next(query, &row, &bench.error));
	/* SQLite keeps the interrupt until the last running statement has ended. */
	place_driver->interrupt(bench.db);
	db_rollback(bench.db);
	query_end(query);
	cr_expect_eq(db_begin(bench.db, DB_WRITE, &bench.error), ERR_OK, "%s", bench.error.message);
	cr_expect_eq(db_commit(bench.db, &bench.error), ERR_OK);
}

Test(driver, the_schema_version_is_part_of_the_transaction)
{
	int64_t version = 0;
	MUST(db_begin(bench.db, DB_WRITE, &bench.error));
	MUST(place_driver->set_schema_version(bench.db, 9, &bench.error));
	db_rollback(bench.db);
	MUST(place_driver->get_schema_version(bench.db, &version, &bench.error));
	cr_expect_eq(version, 1);
}

Test(driver, a_connection_for_reading_refuses_to_write)
{
	struct db *reader = NULL;
	struct db_options options = { .path = bench.path, .readonly = true, .world = &bench.world.world };
	cr_assert_eq(db_open(place_driver, &options, &reader, &bench.error), ERR_OK, "%s", bench.error.message);
	cr_expect_eq(count_things(reader), 0);
	cr_expect_eq(db_begin(reader, DB_WRITE, &bench.error), ERR_STORE);
	db_close(reader);
}

/* Misuse aborts the program, so it runs in a child process; this process removes the folder. */
static bool ends_the_program(void (*mistake)(struct bench *bench))
{
	int status = 0;
	if (bench.db)
		db_close(bench.db);
	bench.db = NULL;
	pid_t child = fork();
	if (child == 0) {
		(void)!freopen("/dev/null", "w", stderr);
		bench.db = connect_to(&bench, false, 0);
		mistake(&bench);
		_exit(0);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void do_nothing_wrong(struct bench *bench)
{
	db_close(bench->db);
}

static void write_outside_a_transaction(struct bench *bench)
{
	(void)!insert_thing(bench->db, 1, NULL);
}

static void write_in_a_read_transaction(struct bench *bench)
{
	(void)!db_begin(bench->db, DB_READ, NULL);
	(void)!insert_thing(bench->db, 1, NULL);
}

static void bind_too_many(struct bench *bench)
{
	struct query *query = NULL;
	(void)!db_query(bench->db, &find, &query, NULL);
	query_bind_int(query, 2, 1);
}

static void bind_too_few(struct bench *bench)
{
	struct query *query = NULL;
	bool row;
	(void)!db_query(bench->db, &find, &query, NULL);
	(void)!query_next(query, &row, NULL);
}

static void read_a_column_too_many(struct bench *bench)
{
	struct query *query = NULL;
	bool row;
	(void)!db_query(bench->db, &count, &query, NULL);
	(void)!query_next(query, &row, NULL);
	(void)row_int(query, 1);
}

static void keep_a_query(struct bench *bench)
{
	struct query *query = NULL;
	(void)!db_query(bench->db, &count, &query, NULL);
	db_close(bench->db);
}

static void begin_twice(struct bench *bench)
{
	(void)!db_begin(bench->db, DB_READ, NULL);
	(void)!db_begin(bench->db, DB_READ, NULL);
}

Test(driver, wrong_use_is_a_bug_and_ends_the_program)
{
	static const struct {
		const char *what;
		void (*use)(struct bench *bench);
		bool wrong;
	} uses[] = {
		{ "right use", do_nothing_wrong, false },
		{ "a write outside a transaction", write_outside_a_transaction, true },
		{ "a write in a read transaction", write_in_a_read_transaction, true },
		{ "a parameter too many", bind_too_many, true },
		{ "a parameter forgotten", bind_too_few, true },
		{ "a column too many", read_a_column_too_many, true },
		{ "a query still on loan at the end", keep_a_query, true },
		{ "a transaction inside another", begin_twice, true },
	};

	for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
		cr_expect_eq(ends_the_program(uses[i].use), uses[i].wrong, "%s", uses[i].what);
}
