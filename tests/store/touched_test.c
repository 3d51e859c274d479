/* The rows that a transaction has changed, and the audit record to which each row belongs. */
#include "store/store_support.h"
#include "kybdesk/store/audit.h"
#include "kybdesk/store/commitment.h"
#include "kybdesk/store/people.h"

#include <stdio.h>
#include <string.h>

FIXTURE_OF_TESTS;

static int64_t add(struct fixture *f, const char *name)
{
	struct merchant merchant = { .name = name, .api_code = "" };

	OK(f, store_merchant_put(f->store, &merchant, 1, &f->error));
	return merchant.row;
}

static int64_t record(struct fixture *f)
{
	struct audit_event event = { .at = 1, .actor = "a", .role = "lead", .action = "x", .detail = "" };

	OK(f, store_audit_append(f->store, &event, &f->error));
	return event.seq;
}

/* Number of the audit record to which the merchant's row belongs; 0: no record, or several. */
static int64_t record_of(struct fixture *f, int64_t merchant)
{
	static const struct sql read = { "test.record",
					 "SELECT CASE WHEN count(*) = 1 THEN max(seq) ELSE 0 END FROM row_commitment "
					 "WHERE name = 'merchant' AND key = $1" };
	int64_t seq = 0;

	OK(f, db_get_int(f->store->db, &read, PARAMS(db_int(merchant)), &seq, &f->error));
	return seq;
}

static bool is_touched(const struct fixture *f, int64_t merchant)
{
	const struct db *db = f->store->db;

	for (size_t i = 0; i < db->touched_count; i++)
		if (db->touched[i].table == db->capture->table_number("merchant") && db->touched[i].key == merchant)
			return true;
	return false;
}

Test(touched, a_row_belongs_to_the_record_behind_it_or_to_the_last_one, .init = set_up, .fini = tear_down)
{
	int64_t before, between, behind, first, second;

	for (int turn = 0; turn < 3; turn++) {
		char names[3][16];

		for (int i = 0; i < 3; i++)
			(void)snprintf(names[i], sizeof names[i], "m%d.%d", turn, i);
		if (turn == 2)
			OK(&f, store_begin_hold(f.store, &f.error));
		fixture_begin(&f);
		before = add(&f, names[0]);
		first = record(&f);
		between = add(&f, names[1]);
		second = record(&f);
		behind = add(&f, names[2]);
		OK(&f, store_commit(f.store, &f.error));
		if (turn == 2)
			OK(&f, store_end_hold(f.store, true, &f.error));
		cr_expect_eq(record_of(&f, before), first, "turn %d", turn);
		cr_expect_eq(record_of(&f, between), second, "turn %d", turn);
		cr_expect_eq(record_of(&f, behind), second, "turn %d", turn);
	}
}

/* A database may send a long list of changed rows in pieces. */
Test(touched, of_many_rows_none_is_missing, .init = set_up, .fini = tear_down)
{
	int64_t rows[700], seq;

	fixture_begin(&f);
	for (int i = 0; i < 700; i++) {
		char name[16];

		(void)snprintf(name, sizeof name, "many%d", i);
		rows[i] = add(&f, name);
	}
	seq = record(&f);
	OK(&f, store_commit(f.store, &f.error));
	for (int i = 0; i < 700; i++)
		cr_expect_eq(record_of(&f, rows[i]), seq, "%d", i);
}

Test(touched, a_part_that_is_taken_back_takes_its_rows_back_alone)
{
	for (int flushes = 0; flushes < 4; flushes++) {
		struct fixture f;
		struct db *db;
		int64_t outside, within;

		fixture_init(&f);
		db = f.store->db;
		OK(&f, store_begin_hold(f.store, &f.error));
		outside = add(&f, "outside");
		if (flushes & 1)
			OK(&f, db_flush(db, &f.error));
		OK(&f, db_begin(db, DB_WRITE, &f.error));
		within = add(&f, "within");
		if (flushes & 2)
			OK(&f, db_flush(db, &f.error));
		db_rollback(db);
		OK(&f, db_flush(db, &f.error));
		cr_expect(is_touched(&f, outside), "%d", flushes);
		cr_expect_not(is_touched(&f, within), "%d", flushes);
		(void)record(&f);
		OK(&f, store_end_hold(f.store, true, &f.error));
		cr_expect(record_of(&f, outside) > 0, "%d", flushes);
		fixture_release(&f);
	}
}

Test(touched, the_head_of_a_part_that_is_taken_back_is_not_continued, .init = set_up, .fini = tear_down)
{
	int64_t first, next;

	OK(&f, store_begin_hold(f.store, &f.error));
	fixture_begin(&f);
	first = record(&f);
	OK(&f, store_commit(f.store, &f.error));
	fixture_begin(&f);
	(void)add(&f, "lost");
	cr_expect_eq(record(&f), first + 1);
	cr_expect_eq(record(&f), first + 2);
	store_rollback(f.store);
	fixture_begin(&f);
	next = record(&f);
	OK(&f, store_commit(f.store, &f.error));
	OK(&f, store_end_hold(f.store, true, &f.error));
	cr_expect_eq(next, first + 1);
	fixture_begin(&f);
	cr_expect_eq(record(&f), first + 2);
	OK(&f, store_commit(f.store, &f.error));
}

/* Tests the merchant that a transaction caches in memory. */
Test(touched, a_merchant_is_read_again_after_a_change_and_after_a_part_that_is_taken_back, .init = set_up,
     .fini = tear_down)
{
	struct merchant merchant = { .row = 0 };
	struct arena arena = ARENA_INIT;
	int64_t row;

	OK(&f, store_begin_hold(f.store, &f.error));
	row = add(&f, "shop");
	OK(&f, store_merchant_find(f.store, &arena, "shop", &merchant, &f.error));
	cr_expect_eq(merchant.row, row);
	fixture_begin(&f);
	merchant.api_code = "code";
	OK(&f, store_merchant_put(f.store, &merchant, 1, &f.error));
	OK(&f, store_merchant_find(f.store, &arena, "shop", &merchant, &f.error));
	cr_expect_str_eq(merchant.api_code, "code");
	store_rollback(f.store);
	OK(&f, store_merchant_find(f.store, &arena, "shop", &merchant, &f.error));
	cr_expect_str_eq(merchant.api_code, "");
	OK(&f, store_end_hold(f.store, false, &f.error));
	OK(&f, store_merchant_find(f.store, &arena, "shop", &merchant, &f.error));
	cr_expect_eq(merchant.row, 0);
	arena_release(&arena);
}
