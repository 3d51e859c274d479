/* Statements that wait in the pipeline: failures, the order of effects, rows, and the ids of new rows. */
#include "store/store_support.h"
#include "kybdesk/store/store.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

FIXTURE(pipeline);

/* Inserts a key. If the key exists already, a later call reports the error. */
static enum err add(struct fixture *f, const char *key)
{
	static const struct sql insert = { "test.add", "INSERT INTO store_info (key, value) VALUES ($1, '')" };

	return db_run(f->store->db, &insert, PARAMS(db_text(key)), &f->error);
}

static int64_t count(struct fixture *f)
{
	return number_of(f, "SELECT count(*) FROM store_info WHERE key LIKE 'test%'");
}

Test(pipeline, what_waits_is_there_for_the_next_statement_that_reads)
{
	char key[32];

	fixture_begin(&f);
	for (int i = 0; i < 150; i++) {
		(void)snprintf(key, sizeof key, "test%d", i);
		OK(&f, add(&f, key));
	}
	cr_expect_eq(count(&f), 150);
	OK(&f, add(&f, "test150"));
	OK(&f, store_commit(f.store, &f.error));
	cr_expect_eq(count(&f), 151);
}

Test(pipeline, a_failure_is_reported_by_what_comes_next_and_names_its_statement)
{
	static const struct sql read = { "test.read", "SELECT count(*) FROM store_info" };
	int64_t number = 0;

	for (int commits = 0; commits < 2; commits++) {
		fixture_begin(&f);
		OK(&f, add(&f, "test"));
		OK(&f, add(&f, "test"));
		OK(&f, add(&f, "test2"));
		cr_expect_eq(commits ? store_commit(f.store, &f.error)
				     : db_get_int(f.store->db, &read, NULL, &number, &f.error),
			     ERR_STORE);
		cr_expect(strstr(f.error.message, "test.add"), "%s", f.error.message);
		store_rollback(f.store);
		cr_expect_eq(count(&f), 0);
	}
}

Test(pipeline, a_failure_within_a_part_is_one_of_that_part)
{
	OK(&f, store_begin_hold(f.store, &f.error));
	fixture_begin(&f);
	OK(&f, add(&f, "test1"));
	OK(&f, store_commit(f.store, &f.error));
	fixture_begin(&f);
	OK(&f, add(&f, "test2"));
	OK(&f, add(&f, "test1"));
	cr_expect_eq(store_commit(f.store, &f.error), ERR_STORE);
	fixture_begin(&f);
	OK(&f, add(&f, "test3"));
	OK(&f, add(&f, "test1"));
	store_rollback(f.store);
	fixture_begin(&f);
	OK(&f, add(&f, "test4"));
	OK(&f, store_commit(f.store, &f.error));
	OK(&f, store_end_hold(f.store, true, &f.error));
	cr_expect_eq(count(&f), 2);
}

/* Statements that are sent before their rows are read. */

static const struct sql read_lower = { "test.lower", "SELECT key FROM store_info WHERE key < $1 ORDER BY key" },
			read_upper = { "test.upper", "SELECT key FROM store_info WHERE key >= $1 ORDER BY key" },
			read_number = { "test.number", "SELECT CAST($1 AS INTEGER) + 0" };

static struct query *sent(struct fixture *f, const struct sql *sql, const char *value)
{
	struct query *query = NULL;

	OK(f, db_select(f->store->db, sql, PARAMS(db_text(value)), &query, &f->error));
	OK(f, query_send(query, &f->error));
	return query;
}

static int64_t rows_of(struct fixture *f, struct query *query)
{
	int64_t rows = 0;
	enum err err = ERR_OK;

	while (query_fetch_row(&query, &err, &f->error))
		rows++;
	OK(f, err);
	query_end(query);
	return rows;
}

Test(pipeline, statements_that_were_sent_are_read_in_any_order_and_see_what_came_before)
{
	int64_t lower, upper;

	lower = number_of(&f, "SELECT count(*) FROM store_info WHERE key < 'test'");
	upper = number_of(&f, "SELECT count(*) FROM store_info WHERE key >= 'test'");
	/* The driver prepares a statement at its second run. */
	for (int64_t turn = 1; turn <= 3; turn++) {
		struct query *below, *above, *again;
		char key[32];

		(void)snprintf(key, sizeof key, "test%d", (int)turn);
		fixture_begin(&f);
		below = sent(&f, &read_lower, "test");
		OK(&f, add(&f, key));
		above = sent(&f, &read_upper, "test");
		cr_expect_eq(rows_of(&f, above), upper + turn);
		again = sent(&f, &read_upper, "test");
		cr_expect_eq(rows_of(&f, below), lower);
		query_end(again); /* unread */
		OK(&f, store_commit(f.store, &f.error));
	}
	OK(&f, store_begin(f.store, STORE_READ, &f.error));
	cr_expect_eq(rows_of(&f, sent(&f, &read_upper, "test")), upper + 3);
	store_rollback(f.store);
}

Test(pipeline, a_statement_that_was_sent_reports_its_own_failure)
{
	struct query *good, *bad, *behind;
	bool row = false;

	fixture_begin(&f);
	good = sent(&f, &read_lower, "test");
	bad = sent(&f, &read_number, "seven");
	behind = sent(&f, &read_upper, "test");
	cr_expect_neq(query_next(bad, &row, &f.error), ERR_OK);
	cr_expect(strstr(f.error.message, "test.number"), "%s", f.error.message);
	cr_expect(query_next(good, &row, &f.error) == ERR_OK && row);
	cr_expect_neq(query_next(behind, &row, &f.error), ERR_OK);
	query_end(good);
	query_end(bad);
	query_end(behind);
	cr_expect_neq(store_commit(f.store, NULL), ERR_OK);
	cr_expect_eq(count(&f), 0);
}

Test(pipeline, a_statement_whose_preparation_was_skipped_is_prepared_later)
{
	fixture_begin(&f);
	(void)rows_of(&f, sent(&f, &read_upper, "test"));
	store_rollback(f.store);
	fixture_begin(&f);
	OK(&f, add(&f, "test"));
	OK(&f, add(&f, "test"));
	query_end(sent(&f, &read_upper, "test")); /* its second run: the server skips it after the failure */
	store_rollback(f.store);
	fixture_begin(&f);
	OK(&f, add(&f, "test"));
	cr_expect_eq(rows_of(&f, sent(&f, &read_upper, "test")), 1);
	OK(&f, store_commit(f.store, &f.error));
}

/* The driver reads the list of changed rows only after a statement on a table with commitments. */
Test(pipeline, a_table_without_commitments_changes_no_row_that_has_one)
{
	static const struct sql read = {
		"test.effects",
		"SELECT CAST(CAST(conrelid AS regclass) AS text), CAST(CAST(confrelid AS regclass) AS text) "
		"FROM pg_constraint WHERE contype = 'f' AND confdeltype IN ('c', 'n', 'd') "
		"AND connamespace = CAST(current_schema() AS regnamespace) "
		"UNION ALL SELECT '', CAST(CAST(t.tgrelid AS regclass) AS text) FROM pg_trigger t "
		"JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
		"WHERE NOT t.tgisinternal AND p.proname <> 'never' "
		"AND c.relnamespace = CAST(current_schema() AS regnamespace)"
	};
	struct query *query = NULL;
	unsigned cascades = 0, triggers = 0;
	enum err err;

	err = db_select(f.store->db, &read, NULL, &query, &f.error);
	while (query_fetch_row(&query, &err, &f.error)) {
		const char *child = row_text(query, 0, &f.arena), *parent = row_text(query, 1, &f.arena);
		const struct db_capture *capture = f.store->db->capture;

		cascades += *child != '\0';
		triggers += *child == '\0';
		if (!*child || capture->table_number(child) >= 0)
			cr_expect(capture->table_number(parent) >= 0, "%s changes %s", parent,
				  *child ? child : "by a trigger");
	}
	query_end(query);
	OK(&f, err);
	cr_expect(cascades && triggers, "%u and %u", cascades, triggers);
}

/* --- the ids of new rows --- */

static enum err add_merchant(struct fixture *f, const char *name, int64_t *id)
{
	static const struct sql insert = { "test.merchant",
					   "INSERT INTO merchant (name, created_at) VALUES ($1, 0) {made}" };

	return db_run_insert(f->store->db, &insert, PARAMS(db_text(name)), id, &f->error);
}

static int64_t id_of(struct fixture *f, const char *name)
{
	static const struct sql read = { "test.id", "SELECT id FROM merchant WHERE name = $1" };
	int64_t id = 0;

	OK(f, db_get_int(f->store->db, &read, PARAMS(db_text(name)), &id, &f->error));
	return id;
}

static void add_merchants(struct fixture *f, const char *prefix)
{
	for (int i = 0; i < 5; i++) {
		char name[32];
		int64_t id = 0;

		(void)snprintf(name, sizeof name, "%s%d", prefix, i);
		OK(f, add_merchant(f, name, &id));
		if (i % 2)
			cr_expect_eq(id, id_of(f, name), "%s", name);
	}
}

Test(pipeline, each_new_row_has_the_id_that_was_told)
{
	int64_t id = 0;

	fixture_begin(&f);
	add_merchants(&f, "a");
	OK(&f, store_commit(f.store, &f.error));
	/* The rolled-back statements have used up ids; the server skips statements after a failed one. */
	OK(&f, store_begin_hold(f.store, &f.error));
	fixture_begin(&f);
	add_merchants(&f, "b");
	store_rollback(f.store);
	fixture_begin(&f);
	add_merchants(&f, "c");
	OK(&f, add_merchant(&f, "c1", &id)); /* the name c1 exists already */
	OK(&f, add_merchant(&f, "d", &id));
	cr_expect_neq(store_commit(f.store, &f.error), ERR_OK);
	fixture_begin(&f);
	add_merchants(&f, "e");
	OK(&f, store_commit(f.store, &f.error));
	OK(&f, store_end_hold(f.store, true, &f.error));
	cr_expect(id_of(&f, "e4") > id_of(&f, "a4"));
	cr_expect_eq(id_of(&f, "b0") + id_of(&f, "c0") + id_of(&f, "d"), 0);
}

Test(pipeline, a_part_that_only_reads_changes_nothing_for_the_others)
{
	struct query *query;
	bool row = false;

	OK(&f, store_begin_hold(f.store, &f.error));
	for (int turn = 0; turn < 3; turn++) {
		char prefix[2] = { (char)('a' + turn), '\0' };

		fixture_begin(&f);
		add_merchants(&f, prefix);
		OK(&f, store_commit(f.store, &f.error));
		OK(&f, store_begin(f.store, STORE_READ, &f.error));
		query = sent(&f, turn == 1 ? &read_number : &read_upper, "seven");
		cr_expect_eq(query_next(query, &row, &f.error) != ERR_OK, turn == 1);
		query_end(query);
		/* The inner transaction only read rows; committed or rolled back, it leaves the held one open. */
		if (turn == 2)
			OK(&f, store_commit(f.store, &f.error));
		else
			store_rollback(f.store);
	}
	OK(&f, store_end_hold(f.store, true, &f.error));
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM merchant WHERE length(name) = 2"), 15);
}

Test(pipeline, a_sequence_that_counts_otherwise_costs_one_try)
{
	int64_t id = 0;

	fixture_begin(&f);
	OK(&f, f.store->db->driver->run_script(f.store->db, "ALTER TABLE merchant ALTER COLUMN id SET INCREMENT BY 7",
					       &f.error));
	OK(&f, store_commit(f.store, &f.error));
	fixture_begin(&f);
	OK(&f, add_merchant(&f, "a", &id));
	OK(&f, add_merchant(&f, "b", &id));
	cr_expect_eq(store_commit(f.store, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "try again"), "%s", f.error.message);
	fixture_begin(&f);
	add_merchants(&f, "c");
	OK(&f, store_commit(f.store, &f.error));
	cr_expect_eq(id_of(&f, "c4") - id_of(&f, "c0"), 28);
}

static void *wait_for_turn(void *context)
{
	struct store *other = context;
	enum err err = store_begin(other, STORE_WRITE, NULL);

	store_rollback(other);
	return err ? context : NULL;
}

Test(pipeline, a_transaction_knows_whether_another_connection_waits_for_it)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	struct store *other;
	pthread_t thread;
	bool waited = false;
	void *failed = NULL;

	other = fixture_connect(&f, 0);
	fixture_begin(&f);
	cr_expect_not(store_may_have_waiters(f.store));
	cr_assert_eq(pthread_create(&thread, NULL, wait_for_turn, other), 0);
	for (int tries = 0; !waited && tries < 500; tries++) {
		(void)nanosleep(&pause, NULL);
		waited = store_may_have_waiters(f.store);
	}
	cr_expect(waited);
	store_rollback(f.store);
	cr_assert_eq(pthread_join(thread, &failed), 0);
	cr_expect_null(failed);
	store_close(other);
}
