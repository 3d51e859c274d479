/* A held transaction, which contains other transactions (db_begin_hold() in db.h), and stored responses. */
#include "store/store_support.h"
#include "kybdesk/store/kept_answer.h"

#include <string.h>

FIXTURE(kept_answer);

static int64_t things(struct fixture *f)
{
	return number_of(f, "SELECT count(*) FROM store_info WHERE key LIKE 'thing%'");
}

static void add(struct fixture *f, const char *name)
{
	OK(f, store_info_set(f->store, name, "x", &f->error));
}

/* Writes in one inner transaction of the held transaction, and commits the inner transaction or rolls it back. */
static void part(struct fixture *f, const char *name, bool kept)
{
	fixture_begin(f);
	add(f, name);
	if (kept)
		fixture_commit(f);
	else
		store_rollback(f->store);
}

Test(hold, what_is_begun_while_one_is_held_is_a_part_of_it)
{
	for (int keep = 0; keep < 2; keep++) {
		struct fixture f;

		fixture_init(&f);
		OK(&f, store_begin_hold(f.store, &f.error));
		part(&f, "thing kept", true);
		part(&f, "thing taken back", false);
		store_rollback(f.store); /* no inner transaction is open: does nothing */
		OK(&f, store_begin(f.store, STORE_READ, &f.error));
		cr_expect_eq(things(&f), 1);
		store_rollback(f.store);
		add(&f, "thing beside them");
		OK(&f, store_end_hold(f.store, keep, &f.error));
		cr_expect_eq(things(&f), keep ? 2 : 0);
		fixture_begin(&f);
		fixture_commit(&f);
		fixture_release(&f);
	}
}

Test(hold, a_second_one_is_a_part_of_the_first)
{
	for (int keep = 0; keep < 4; keep++) {
		bool inner = keep & 1, outer = keep & 2;
		struct fixture f;

		fixture_init(&f);
		OK(&f, store_begin_hold(f.store, &f.error));
		part(&f, "thing before", true);
		OK(&f, store_begin_hold(f.store, &f.error));
		part(&f, "thing within", true);
		part(&f, "thing taken back", false);
		OK(&f, store_end_hold(f.store, inner, &f.error));
		cr_expect(store_has_hold(f.store));
		OK(&f, store_begin(f.store, STORE_READ, &f.error));
		cr_expect_eq(things(&f), inner ? 2 : 1);
		store_rollback(f.store);
		OK(&f, store_end_hold(f.store, outer, &f.error));
		cr_expect_not(store_has_hold(f.store));
		cr_expect_eq(things(&f), outer ? (inner ? 2 : 1) : 0);
		fixture_release(&f);
	}
}

static int64_t things_read_apart(struct fixture *f)
{
	OK(f, store_begin(f->store, STORE_READ, &f->error));
	int64_t count = things(f);
	store_rollback(f->store);
	return count;
}

Test(hold, shared_reading_transactions_are_one, .init = set_up, .fini = tear_down)
{
	struct store *other;

	other = fixture_connect(&f, 1);
	OK(&f, db_begin_hold(f.store->db, DB_READ, &f.error));
	cr_expect_eq(things_read_apart(&f), 0);
	OK(&f, store_begin(other, STORE_WRITE, &f.error));
	OK(&f, store_info_set(other, "thing", "x", &f.error));
	OK(&f, store_commit(other, &f.error));
	cr_expect_eq(things_read_apart(&f), 0);
	OK(&f, db_end_hold(f.store->db, false, &f.error));
	cr_expect_eq(things_read_apart(&f), 1);
	store_close(other);
}

Test(hold, others_see_nothing_of_it_before_its_end, .init = set_up, .fini = tear_down)
{
	struct store *other;
	const char *value = "";

	other = fixture_connect(&f, 1);
	OK(&f, store_begin_hold(f.store, &f.error));
	part(&f, "thing", true);
	OK(&f, store_info_get(other, &f.arena, "thing", &value, &f.error));
	cr_expect_str_eq(value, "");
	cr_expect_eq(store_begin(other, STORE_WRITE, &f.error), ERR_STORE);
	error_release(&f.error);
	OK(&f, store_end_hold(f.store, true, &f.error));
	OK(&f, store_info_get(other, &f.arena, "thing", &value, &f.error));
	cr_expect_str_eq(value, "x");
	store_close(other);
}

Test(hold, nothing_follows_when_the_database_ended_it, .init = set_up, .fini = tear_down)
{
	OK(&f, store_begin_hold(f.store, &f.error));
	add(&f, "thing 1");
	OK(&f, store_begin(f.store, STORE_WRITE, &f.error));
	add(&f, "thing 2");
	/* The database rolls back by itself, as SQLite does if the disk is full. */
	OK(&f, f.store->db->driver->run_script(f.store->db, "ROLLBACK", &f.error));
	store_rollback(f.store);
	cr_expect_eq(store_begin(f.store, STORE_WRITE, &f.error), ERR_STORE);
	error_release(&f.error);
	cr_expect_eq(store_end_hold(f.store, true, &f.error), ERR_STORE);
	error_release(&f.error);
	cr_expect_eq(things(&f), 0);
	part(&f, "thing 3", true);
	cr_expect_eq(things(&f), 1);
}

Test(hold, a_second_one_ends_with_a_failure_when_the_database_ended_the_first, .init = set_up, .fini = tear_down)
{
	OK(&f, store_begin_hold(f.store, &f.error));
	OK(&f, store_begin_hold(f.store, &f.error));
	add(&f, "thing 1");
	OK(&f, f.store->db->driver->run_script(f.store->db, "ROLLBACK", &f.error));
	cr_expect_eq(store_end_hold(f.store, true, &f.error), ERR_STORE);
	error_release(&f.error);
	cr_expect_eq(store_begin(f.store, STORE_WRITE, &f.error), ERR_STORE);
	error_release(&f.error);
	cr_expect_eq(store_end_hold(f.store, true, &f.error), ERR_STORE);
	error_release(&f.error);
	cr_expect_eq(things(&f), 0);
	part(&f, "thing 2", true);
	cr_expect_eq(things(&f), 1);
}

static struct kept_answer answer_of(uint8_t name, int64_t until)
{
	struct kept_answer answer = { .sealed = "sealed", .length = 6, .expires_at = until };

	memset(answer.key_mac, name, sizeof answer.key_mac);
	memset(answer.request_mac, 9, sizeof answer.request_mac);
	memset(answer.nonce, 8, sizeof answer.nonce);
	return answer;
}

Test(kept_answer, is_found_until_its_time_is_over_and_then_forgotten)
{
	struct kept_answer answer = answer_of(1, TEST_NOW + 10), found = answer;
	bool there, due;
	int64_t count;

	fixture_begin(&f);
	OK(&f, store_kept_answer_put(f.store, &answer, TEST_NOW, &f.error));
	answer = answer_of(2, TEST_NOW + 20);
	OK(&f, store_kept_answer_put(f.store, &answer, TEST_NOW, &f.error));
	answer = answer_of(3, TEST_NOW + 10);
	OK(&f, store_kept_answer_put(f.store, &answer, TEST_NOW, &f.error));
	OK(&f, store_kept_answer_find(f.store, &f.arena, TEST_NOW + 9, &found, &there, &f.error));
	cr_assert(there);
	cr_expect_eq(found.length, 6);
	cr_expect_arr_eq(found.sealed, "sealed", 6);
	cr_expect_eq(found.request_mac[31], 9);
	cr_expect_eq(found.nonce[11], 8);
	OK(&f, store_kept_answers_check_due(f.store, TEST_NOW + 9, &due, &f.error));
	cr_expect_not(due);
	OK(&f, store_kept_answer_find(f.store, &f.arena, TEST_NOW + 10, &found, &there, &f.error));
	cr_expect_not(there);
	/* Stores a result under the same key again, after the first result has expired. */
	answer = answer_of(1, TEST_NOW + 30);
	OK(&f, store_kept_answer_put(f.store, &answer, TEST_NOW + 10, &f.error));
	OK(&f, store_kept_answers_check_due(f.store, TEST_NOW + 20, &due, &f.error));
	cr_expect(due);
	OK(&f, store_kept_answers_purge(f.store, TEST_NOW + 20, 1, &count, &f.error));
	cr_expect_eq(count, 1);
	OK(&f, store_kept_answers_purge(f.store, TEST_NOW + 20, 10, &count, &f.error));
	cr_expect_eq(count, 1);
	OK(&f, store_kept_answer_find(f.store, &f.arena, TEST_NOW + 20, &found, &there, &f.error));
	cr_expect(there);
	fixture_commit(&f);
}

static void expect_info(struct fixture *f, const char *expected)
{
	const char *value = NULL;

	OK(f, store_info_get(f->store, &f->arena, "test", &value, &f->error));
	cr_expect_str_eq(value, expected);
}

/* Each inner transaction sees the settings as the last committed inner transaction left them. */
Test(hold, a_setting_is_read_as_the_last_part_that_was_kept_left_it, .init = set_up, .fini = tear_down)
{
	OK(&f, store_begin_hold(f.store, &f.error));
	for (int turn = 0; turn < 2; turn++) {
		fixture_begin(&f);
		expect_info(&f, turn ? "kept" : "");
		OK(&f, store_info_set(f.store, "test", "other", &f.error));
		expect_info(&f, "other");
		store_rollback(f.store);
		fixture_begin(&f);
		expect_info(&f, turn ? "kept" : "");
		OK(&f, store_info_set(f.store, "test", "kept", &f.error));
		OK(&f, store_commit(f.store, &f.error));
	}
	OK(&f, store_end_hold(f.store, false, &f.error));
	fixture_begin(&f);
	expect_info(&f, "");
	store_rollback(f.store);
}
