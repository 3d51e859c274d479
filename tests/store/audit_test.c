#include "store/store_support.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/store/audit.h"

#include <stdio.h>
#include <string.h>

FIXTURE(audit);

#define RECORDS 12
#define SESSION "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01"

static void append(struct fixture *f, int64_t number)
{
	struct audit_event event = {
		.at = TEST_NOW + number,
		.actor = "ines",
		.role = "lead",
		.action = number % 3 ? "session.approve" : "reviewer.add",
		.session_id = number % 3 ? SESSION : "",
		.session_version = number % 3 ? number : 0,
		.detail = arena_printf(&f->arena, "{\"number\":%lld}", (long long)number),
	};

	WRITE(f, store_audit_append(f->store, &event, &f->error));
	cr_assert_eq(event.seq, number);
}

static void make_chain(struct fixture *f)
{
	for (int64_t i = 1; i <= RECORDS; i++)
		append(f, i);
}

static struct audit_verdict verify(struct fixture *f)
{
	struct audit_verdict verdict;

	OK(f, store_audit_verify(f->store, &f->arena, &verdict, &f->error));
	return verdict;
}

/* Implements the encoding of 0001_store.sql a second time, from its description there. */
static void add_number(uint8_t *out, size_t *length, uint64_t value)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		out[(*length)++] = (uint8_t)(value >> shift);
}

/* The statement reads records as stored, with their stored types. */
struct records {
	struct db *db;
	const struct db_driver *driver;
	void *statement;
};

static void hash_row(const struct records *row, uint8_t hash[SHA256_SIZE])
{
	static uint8_t bytes[4096];
	size_t length = 0, size;

	memcpy(bytes, row->driver->get_bytes(row->statement, 8, &size), SHA256_SIZE);
	length += SHA256_SIZE;
	for (int column = 0; column <= 10; column++) {
		int type = row->driver->column_type(row->statement, column);

		/* Omits the two hashes, and the hash of rows if the record covers no rows. */
		if (column == 8 || column == 9 || (column == 10 && type == 'n'))
			continue;
		bytes[length++] = (uint8_t)type;
		if (type == 'i') {
			add_number(bytes, &length, 8);
			add_number(bytes, &length, (uint64_t)row->driver->get_int(row->statement, column));
			continue;
		}
		const void *value = row->driver->get_bytes(row->statement, column, &size);
		add_number(bytes, &length, size);
		memcpy(bytes + length, value, size);
		length += size;
	}
	sha256_hash(bytes, length, hash);
}

static bool next_record(const struct records *row)
{
	bool there = false;

	cr_assert_eq(row->driver->step(row->db, row->statement, &there, NULL), ERR_OK);
	return there;
}

static const char every_column[] = "SELECT seq, at, actor, role, action, session_id, session_version, detail, "
				   "prev_hash, hash, rows_sha256 FROM audit_event WHERE seq >= $1 ORDER BY seq";

static void open_records(struct fixture *f, int64_t seq, struct records *out)
{
	*out = (struct records){ .db = f->store->db, .driver = f->store->db->driver };
	OK(f, out->driver->prepare(out->db, "test", every_column, &out->statement, &f->error));
	out->driver->bind(out->statement, 1, &(const struct db_value){ .type = 'i', .number = seq });
}

/* Sets the hash that matches the changed record, as an attacker that knows the encoding would. */
static void rehash(struct fixture *f, int64_t seq)
{
	struct records row;
	uint8_t hash[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];

	open_records(f, seq, &row);
	cr_assert(next_record(&row));
	hash_row(&row, hash);
	row.driver->finalize(row.statement);
	hex_encode(hash, sizeof hash, hex);
	shell_run(f->path,
		  arena_printf(&f->arena, "UPDATE audit_event SET hash = x'%s' WHERE seq = %lld", hex, (long long)seq));
}

Test(audit, an_untouched_chain_is_sound)
{
	struct audit_verdict verdict;

	make_chain(&f);
	verdict = verify(&f);
	cr_expect(verdict.sound);
	cr_expect_eq(verdict.rows, RECORDS);
	cr_expect_eq(verdict.head_seq, RECORDS);
	cr_expect_str_eq(verdict.reason, "");
	cr_expect_eq(strlen(verdict.head_hash), 64);
}

Test(audit, an_empty_chain_is_sound)
{
	struct audit_verdict verdict;

	verdict = verify(&f);
	cr_expect(verdict.sound);
	cr_expect_eq(verdict.rows, 0);
	cr_expect_eq(verdict.head_seq, 0);
}

Test(audit, every_record_has_the_hash_that_the_schema_describes)
{
	struct records row;
	uint8_t hash[SHA256_SIZE], previous[SHA256_SIZE] = { 0 };
	int64_t seen = 0;
	size_t size = 0;

	make_chain(&f);
	open_records(&f, 1, &row);
	while (next_record(&row)) {
		seen++;
		cr_assert_arr_eq(row.driver->get_bytes(row.statement, 8, &size), previous, SHA256_SIZE);
		cr_assert_eq(size, SHA256_SIZE);
		hash_row(&row, hash);
		cr_assert_arr_eq(row.driver->get_bytes(row.statement, 9, &size), hash, SHA256_SIZE);
		memcpy(previous, hash, SHA256_SIZE);
	}
	row.driver->finalize(row.statement);
	cr_expect_eq(seen, RECORDS);
}

#define OPEN_UP "DROP TRIGGER audit_event_no_update; DROP TRIGGER audit_event_no_delete; "

struct tampering {
	const char *script;
	int64_t rehash; /* record to rehash afterwards; 0: none */
	int64_t bad_seq;
	const char *reason;
};

static void expect_noticed(const struct tampering *tampering)
{
	struct fixture f;
	struct audit_verdict verdict;

	fixture_init(&f);
	make_chain(&f);
	shell_run(f.path, OPEN_UP);
	shell_run(f.path, tampering->script);
	if (tampering->rehash)
		rehash(&f, tampering->rehash);
	verdict = verify(&f);
	cr_expect_not(verdict.sound, "%s", tampering->script);
	cr_expect_eq(verdict.bad_seq, tampering->bad_seq, "%s: %lld", tampering->script, (long long)verdict.bad_seq);
	cr_expect_str_eq(verdict.reason, tampering->reason, "%s: %s", tampering->script, verdict.reason);
	fixture_release(&f);
}

#define EXPECT_NOTICED(...)                                                                                            \
	do {                                                                                                           \
		static const struct tampering list[] = { __VA_ARGS__ };                                                \
		for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)                                              \
			expect_noticed(&list[i]);                                                                      \
	} while (0)

Test(audit, a_changed_record_is_named)
{
	EXPECT_NOTICED(
		{ "UPDATE audit_event SET detail = '{}' WHERE seq = 7", 0, 7, "record 7 was changed" },
		{ "UPDATE audit_event SET at = at + 1 WHERE seq = 1", 0, 1, "record 1 was changed" },
		{ "UPDATE audit_event SET actor = 'Ines' WHERE seq = 12", 0, 12, "record 12 was changed" },
		{ "UPDATE audit_event SET session_id = NULL WHERE seq = 5", 0, 5, "record 5 was changed" },
		{ "UPDATE audit_event SET session_id = '' WHERE seq = 3", 0, 3, "record 3 was changed" },
		{ "UPDATE audit_event SET session_version = NULL WHERE seq = 5", 0, 5, "record 5 was changed" },
		{ "UPDATE audit_event SET session_version = 0 WHERE seq = 3", 0, 3, "record 3 was changed" },
		{ "UPDATE audit_event SET actor = 'inesl', role = 'ead' WHERE seq = 4", 0, 4, "record 4 was changed" },
		{ "UPDATE audit_event SET prev_hash = zeroblob(32) WHERE seq = 6", 0, 6, "record 6 was changed" },
		{ "UPDATE audit_event SET hash = zeroblob(32) WHERE seq = 6", 0, 6, "record 6 was changed" },
		{ "UPDATE audit_event SET hash = x'00' WHERE seq = 6", 0, 6, "record 6 was changed" },
		{ "UPDATE audit_event SET prev_hash = x'00' WHERE seq = 1", 0, 1, "record 1 was changed" },
		{ "UPDATE audit_event SET detail = '{}' WHERE seq IN (9, 4, 11)", 0, 4, "record 4 was changed" });
}

Test(audit, a_changed_record_with_a_hash_made_to_fit_is_named)
{
	EXPECT_NOTICED({ "UPDATE audit_event SET detail = '{}' WHERE seq = 7", 7, 7,
			 "record 7 was changed, and its hash was recomputed" },
		       { "UPDATE audit_event SET detail = '{}' WHERE seq = 1", 1, 1,
			 "record 1 was changed, and its hash was recomputed" },
		       { "UPDATE audit_event SET prev_hash = zeroblob(32) WHERE seq = 7", 7, 7,
			 "record 7 was changed, and its hash was recomputed" },
		       { "UPDATE audit_event SET detail = '{}' WHERE seq = 11", 11, 11,
			 "record 11 was changed, and its hash was recomputed" },
		       { "UPDATE audit_event SET prev_hash = zeroblob(32) WHERE seq = 12", 12, 12,
			 "record 12 was changed, and its hash was recomputed" },
		       { "UPDATE audit_event SET detail = '{}' WHERE seq = 12", 12, 12,
			 "record 12 or the chain's head was changed: their hashes differ" });
}

Test(audit, missing_records_are_named)
{
	EXPECT_NOTICED(
		{ "DELETE FROM audit_event WHERE seq = 5", 0, 5, "record 5 is missing" },
		{ "DELETE FROM audit_event WHERE seq = 1", 0, 1, "record 1 is missing" },
		{ "DELETE FROM audit_event WHERE seq BETWEEN 4 AND 6", 0, 4, "records 4 to 6 are missing" },
		{ "DELETE FROM audit_event WHERE seq = 12", 0, 12, "the end was cut off after record 11 (of 12)" },
		{ "DELETE FROM audit_event WHERE seq > 9", 0, 10, "the end was cut off after record 9 (of 12)" },
		{ "DELETE FROM audit_event", 0, 1, "all 12 records are missing" });
}

Test(audit, inserted_and_reordered_records_are_named)
{
	EXPECT_NOTICED(
		{ "DELETE FROM audit_event WHERE seq = 5; UPDATE audit_event SET seq = seq - 1 WHERE seq > 5", 0, 5,
		  "record 5 was changed" },
		{ "UPDATE audit_event SET seq = 100 WHERE seq = 4; UPDATE audit_event SET seq = 4 WHERE seq = 5; "
		  "UPDATE audit_event SET seq = 5 WHERE seq = 100",
		  0, 4, "record 4 was changed" },
		{ "UPDATE audit_event SET seq = -seq WHERE seq > 5; UPDATE audit_event SET seq = 1 - seq WHERE seq "
		  "< 0; "
		  "INSERT INTO audit_event SELECT 6, at, actor, role, action, session_id, session_version, detail, "
		  "hash, "
		  "zeroblob(32), rows_sha256 FROM audit_event WHERE seq = 5",
		  0, 6, "record 6 was changed" },
		{ "INSERT INTO audit_event SELECT 0, at, actor, role, action, session_id, session_version, detail, "
		  "prev_hash, hash, rows_sha256 FROM audit_event WHERE seq = 1",
		  0, 0, "record 0 was inserted before the first" },
		{ "INSERT INTO audit_event SELECT 13, at, actor, role, action, session_id, session_version, "
		  "detail, "
		  "hash, hash, rows_sha256 FROM audit_event WHERE seq = 12",
		  13, 13,
		  "record 13 was added after the head, or the head was changed: it names record 12 as the last" },
		{ "INSERT INTO audit_event SELECT 40, at, actor, role, action, session_id, session_version, "
		  "detail, hash, hash, rows_sha256 FROM audit_event WHERE seq = 12",
		  40, 13, "records 13 to 39 are missing" });
}

Test(audit, a_changed_head_is_noticed)
{
	EXPECT_NOTICED(
		{ "DELETE FROM chain_head", 0, 12, "the chain's head is missing" },
		{ "UPDATE chain_head SET hash = zeroblob(32)", 0, 12,
		  "record 12 or the chain's head was changed: their hashes differ" },
		{ "UPDATE chain_head SET hash = x'aa'", 0, 12, "the chain's head was changed: it has no valid hash" },
		{ "UPDATE chain_head SET seq = 10", 0, 11,
		  "records 11 to 12 were added after the head, or the head was changed: it names record 10 as the "
		  "last" },
		{ "UPDATE chain_head SET seq = 13", 0, 13, "the end was cut off after record 12 (of 13)" },
		{ "DROP TABLE chain_head; CREATE TABLE chain_head (one INTEGER, seq INTEGER, hash BLOB, "
		  "rows_sha256 TEXT); INSERT INTO chain_head VALUES (1, 1, zeroblob(32), NULL), (1, 2, "
		  "zeroblob(32), NULL)",
		  0, 12, "the chain's head appears more than once" });
}

#ifdef KYB_PLACE_SQLITE
/* Inserts a record twice, in a table that was recreated without its key. */
static void expect_twice(int64_t seq)
{
	struct fixture f;
	struct audit_verdict verdict;
	char script[700], reason[100];

	fixture_init(&f);
	make_chain(&f);
	(void)snprintf(script, sizeof script,
		       OPEN_UP "CREATE TABLE loose (seq INTEGER, at INTEGER, actor TEXT, role TEXT, action TEXT, "
			       "session_id TEXT, session_version INTEGER, detail TEXT, prev_hash BLOB, hash BLOB, "
			       "rows_sha256 BLOB); "
			       "INSERT INTO loose SELECT * FROM audit_event; INSERT INTO loose SELECT * FROM "
			       "audit_event WHERE seq = %lld; DROP TABLE audit_event; ALTER TABLE loose RENAME TO "
			       "audit_event;",
		       (long long)seq);
	shell_run(f.path, script);
	verdict = verify(&f);
	cr_expect_not(verdict.sound);
	cr_expect_eq(verdict.bad_seq, seq, "%s", verdict.reason);
	(void)snprintf(reason, sizeof reason, "record %lld was inserted: its number occurs twice", (long long)seq);
	cr_expect_str_eq(verdict.reason, reason);
	fixture_release(&f);
}

Test(audit, a_record_that_is_there_twice_is_named)
{
	expect_twice(7);
	expect_twice(1);
}

Test(audit, a_value_of_another_type_is_another_value)
{
	static const char *const changes[] = { "detail = CAST(detail AS BLOB)", "actor = CAST(actor AS BLOB)",
					       "at = at + 0.5", "session_version = CAST('7' AS BLOB)",
					       "action = NULL" };

	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		struct fixture f;
		struct audit_verdict verdict;

		fixture_init(&f);
		make_chain(&f);
		/* Recreates the table without STRICT and NOT NULL, as the shell can with writable_schema. */
		shell_run(f.path,
			  OPEN_UP "CREATE TABLE loose (seq INTEGER PRIMARY KEY, at INTEGER, actor TEXT, "
				  "role TEXT, action TEXT, session_id TEXT, session_version INTEGER, detail TEXT, "
				  "prev_hash BLOB, hash BLOB, rows_sha256 BLOB); INSERT INTO loose SELECT * FROM "
				  "audit_event; DROP TABLE audit_event; ALTER TABLE loose RENAME TO audit_event;");
		cr_expect(verify(&f).sound, "another table with the same rows");
		shell_run(f.path, arena_printf(&f.arena, "UPDATE audit_event SET %s WHERE seq = 7", changes[i]));
		verdict = verify(&f);
		cr_expect_not(verdict.sound, "%s", changes[i]);
		cr_expect_eq(verdict.bad_seq, 7, "%s", changes[i]);
		fixture_release(&f);
	}
}
#endif

Test(audit, the_store_itself_refuses_to_change_or_remove_a_record)
{
	static const char *const changes[] = { "UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event" };

	for (size_t i = 0; i < 2; i++) {
		struct fixture f;
		struct query *query;
		enum err err;

		fixture_init(&f);
		make_chain(&f);
		fixture_begin(&f);
		OK(&f, db_query_text(f.store->db, "test", changes[i], &query, &f.error));
		err = query_run(query, &f.error);
		err = store_commit_or_rollback(f.store, err, err ? NULL : &f.error);
		cr_expect_neq(err, ERR_OK);
		cr_expect(strstr(f.error.message, "append-only"), "%s", f.error.message);
		cr_expect(verify(&f).sound);
		fixture_release(&f);
	}
}

Test(audit, nothing_is_appended_to_a_chain_without_its_head)
{
	struct audit_event event = {
		.at = 1, .actor = "a", .role = "lead", .action = "x", .session_id = "", .detail = ""
	};

	make_chain(&f);
	shell_run(f.path, "DELETE FROM chain_head");
	fixture_begin(&f);
	cr_expect_eq(store_audit_append(f.store, &event, &f.error), ERR_STORE);
	store_rollback(f.store);
}

Test(audit, a_rolled_back_record_leaves_no_gap)
{
	struct audit_event event = {
		.at = 1, .actor = "a", .role = "lead", .action = "x", .session_id = "", .detail = ""
	};

	make_chain(&f);
	fixture_begin(&f);
	OK(&f, store_audit_append(f.store, &event, &f.error));
	store_rollback(f.store);
	append(&f, RECORDS + 1);
	cr_expect(verify(&f).sound);
}

Test(audit, pages_are_newest_first_of_all_or_of_one_session)
{
	struct audit_filter filter = { .session_id = "", .limit = 5 };
	struct audit_list page;

	make_chain(&f);
	OK(&f, store_audit_list(f.store, &f.arena, &filter, &page, &f.error));
	cr_assert_eq(page.count, 5);
	for (size_t i = 0; i < page.count; i++)
		cr_expect_eq(page.items[i].seq, RECORDS - (int64_t)i);
	cr_expect_str_eq(page.items[0].action, "reviewer.add");
	cr_expect_str_eq(page.items[0].session_id, "");
	cr_expect_str_eq(page.items[1].detail, "{\"number\":11,\"previous_record\":10}");
	filter.after_seq = page.items[4].seq;
	filter.limit = 50;
	OK(&f, store_audit_list(f.store, &f.arena, &filter, &page, &f.error));
	cr_assert_eq(page.count, RECORDS - 5);
	cr_expect_eq(page.items[0].seq, RECORDS - 5);
	filter.after_seq = 0;
	filter.session_id = SESSION;
	OK(&f, store_audit_list(f.store, &f.arena, &filter, &page, &f.error));
	cr_assert_eq(page.count, 8);
	for (size_t i = 0; i < page.count; i++)
		cr_expect_neq(page.items[i].seq % 3, 0);
}

struct scan {
	int64_t next;
	char previous[SHA256_HEX_SIZE];
};

static enum err check_link(void *context, const struct audit_event *event, const char *prev_hash, struct error *error)
{
	struct scan *scan = context;

	(void)error;
	cr_expect_eq(event->seq, scan->next);
	if (scan->next > 4)
		cr_expect_str_eq(prev_hash, scan->previous);
	scan->next++;
	memcpy(scan->previous, event->hash, sizeof scan->previous);
	return ERR_OK;
}

static enum err stop_at_once(void *context, const struct audit_event *event, const char *prev_hash, struct error *error)
{
	(void)event;
	(void)prev_hash;
	*(int *)context += 1;
	return error_set(error, ERR_INVALID, "the disk is full");
}

Test(audit, an_export_goes_through_all_from_the_oldest_and_stops_with_its_readers_error)
{
	struct scan scan = { .next = 4 };
	int calls = 0;

	make_chain(&f);
	OK(&f, store_audit_scan(f.store, 4, check_link, &scan, &f.error));
	cr_expect_eq(scan.next, RECORDS + 1);
	cr_expect_eq(store_audit_scan(f.store, 1, stop_at_once, &calls, &f.error), ERR_INVALID);
	cr_expect_eq(calls, 1);
}
