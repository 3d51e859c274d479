/* Statements that wait in the pipeline: their failures, and the order of their effects. */
#include "store/store_support.h"
#include "kybdesk/store/store.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A key that is there already fails. */
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
	struct fixture f;
	char key[32];

	fixture_init(&f);
	fixture_begin(&f);
	for (int i = 0; i < 150; i++) {
		(void)snprintf(key, sizeof key, "test%d", i);
		OK(&f, add(&f, key));
	}
	cr_expect_eq(count(&f), 150);
	OK(&f, add(&f, "test150"));
	OK(&f, store_commit(f.store, &f.error));
	cr_expect_eq(count(&f), 151);
	fixture_release(&f);
}

Test(pipeline, a_failure_is_reported_by_what_comes_next_and_names_its_statement)
{
	static const struct sql read = { "test.read", "SELECT count(*) FROM store_info" };
	struct fixture f;
	int64_t number = 0;

	fixture_init(&f);
	for (int commits = 0; commits < 2; commits++) {
		fixture_begin(&f);
		OK(&f, add(&f, "test"));
		OK(&f, add(&f, "test"));
		OK(&f, add(&f, "test2"));
		cr_expect_eq(commits ? store_commit(f.store, &f.error)
				     : db_number(f.store->db, &read, NULL, &number, &f.error),
			     ERR_STORE);
		cr_expect(strstr(f.error.message, "test.add"), "%s", f.error.message);
		store_rollback(f.store);
		cr_expect_eq(count(&f), 0);
	}
	fixture_release(&f);
}

Test(pipeline, a_failure_within_a_part_is_one_of_that_part)
{
	struct fixture f;

	fixture_init(&f);
	OK(&f, store_hold(f.store, &f.error));
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
	fixture_release(&f);
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
	struct fixture f;
	struct store *other;
	pthread_t thread;
	bool waited = false;
	void *failed = NULL;

	fixture_init(&f);
	other = fixture_connect(&f, 0);
	fixture_begin(&f);
	cr_expect_not(store_is_waited_for(f.store));
	cr_assert_eq(pthread_create(&thread, NULL, wait_for_turn, other), 0);
	for (int tries = 0; !waited && tries < 500; tries++) {
		(void)nanosleep(&pause, NULL);
		waited = store_is_waited_for(f.store);
	}
	cr_expect(waited);
	store_rollback(f.store);
	cr_assert_eq(pthread_join(thread, &failed), 0);
	cr_expect_null(failed);
	store_close(other);
	fixture_release(&f);
}
