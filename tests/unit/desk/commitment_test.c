/*
 * Changes by another program, through a connection of its own: store_rows_verify() finds each one and names its table.
 * At the end of each test in which only the desk wrote, fixture_close() checks that no change by the desk is reported.
 */
#include "../../../src/store/audit/commitment_hash.h"
#include "fixture.h"
#include "kybdesk/store/audit.h"
#include "kybdesk/store/commitment.h"
#include "kybdesk/store/store.h"

FIXTURE(commitment);

struct tampering {
	struct store *look; /* for verification */
	struct db_table *tables;
	size_t count;
	const char *table; /* of the expected difference */
	int64_t named, all;
};
static struct tampering t;

static void count_difference(void *context, const char *table, const char *sentence)
{
	(void)context;
	t.all++;
	t.named += !strcmp(table, t.table) && strstr(sentence, table);
}

static int64_t differences_of(const char *table)
{
	struct row_check check = { .on_difference = count_difference };

	t.table = table;
	t.named = t.all = 0;
	cr_assert_eq(store_rows_verify(t.look, &check, &f.error), ERR_OK, "%s", f.error.message);
	return t.named;
}

static bool log_is_sound(void)
{
	struct audit_verdict verdict;

	cr_assert_eq(store_audit_verify(t.look, &f.arena, &verdict, &f.error), ERR_OK, "%s", f.error.message);
	return verdict.sound;
}

/* A store of a day's work, with a row in nearly every table. */
static void work(void)
{
	const char *link = NULL;

	fixture_ready(&f, "RAL-1");
	fixture_endpoint(&f);
	fixture_ready(&f, "RAL-2");
	fixture_ready(&f, "RAL-3");
	fixture_kyc(&f, "KYC-1", "manual_review", "");
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.rita, UNDO, "RAL-1"));
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(USE(f.bo, REJECT, "RAL-2", .reason = "duplicate_application", .note = "explained in full"));
	must(ask(&f, f.rita, "RAL-3", "company_info", NULL, &link));
}

static void begin(void)
{
	const struct store_options options = { .path = f.path, .world = &f.world.world, .readonly = true };

	work();
	f.written = true;
	t = (struct tampering){ 0 };
	cr_assert_eq(store_open(&options, &t.look, &f.error), ERR_OK, "%s", f.error.message);
	cr_assert_eq(t.look->db->driver->tables(t.look->db, &f.arena, &t.tables, &t.count, &f.error), ERR_OK);
	cr_assert_eq(differences_of(""), 0);
	cr_assert_eq(t.all, 0);
	cr_assert(log_is_sound());
}

static void end(void)
{
	store_close(t.look);
}

static void found(const char *sql, const char *table)
{
	int64_t before = differences_of(table);

	sql_run(&f, sql);
	cr_expect_gt(differences_of(table), before, "%s", sql);
}

Test(commitment, settings_salts_and_derived_tables_are_verified_too)
{
	begin();
	found("UPDATE store_info SET value = value || 'x' WHERE key = 'created_at'", "store_info");
	found("UPDATE inbox_count SET sessions = sessions + 1 WHERE compliance_status = 'approved'", "inbox_count");
	found("DELETE FROM inbox_count WHERE compliance_status = 'incomplete'", "inbox_count");
	found("UPDATE delivery_count SET deliveries = deliveries + 1 WHERE state = 'pending'", "delivery_count");
	found("DELETE FROM merchant_count WHERE status = 'approved'", "merchant_count");
	found("UPDATE merchant_count SET sessions = sessions + 1", "merchant_count");
	found("INSERT INTO session_tag (key, value, session_id) SELECT 'tier', 'gold', max(id) FROM session",
	      "session_tag");
	found("UPDATE session SET salt = NULL WHERE id = (SELECT max(id) FROM session)", "session");
	found("UPDATE subject SET salt = zeroblob(32) WHERE id = (SELECT max(id) FROM subject)", "subject");
	end();
}

/* A change of the commitments breaks the hash of a record. */
Test(commitment, changed_commitments_break_the_log)
{
	static const char *const changes[] = {
		"UPDATE row_commitment SET hash = zeroblob(32) WHERE id = 20",
		"UPDATE row_commitment SET hash = zeroblob(0) WHERE id = 20",
		"UPDATE row_commitment SET key = key + 1 WHERE id = 20",
		"UPDATE row_commitment SET name = 'session' WHERE id = 20",
		"UPDATE row_commitment SET seq = seq + 1 WHERE id = 20",
		"UPDATE row_commitment SET id = 1000000 WHERE id = (SELECT max(id) FROM row_commitment)",
		"DELETE FROM row_commitment WHERE id = 20",
		"DELETE FROM row_commitment WHERE id = (SELECT max(id) FROM row_commitment)",
		"INSERT INTO row_commitment (id, seq, name, key, hash) SELECT max(id) + 1, max(seq), 'note', 1, "
		"zeroblob(32) FROM row_commitment",
		"INSERT INTO row_commitment (id, seq, name, key, hash) SELECT max(id) + 1, max(seq) + 9, 'note', "
		"1, zeroblob(32) FROM row_commitment",
		"UPDATE audit_event SET rows_sha256 = NULL WHERE seq = 3",
		"UPDATE chain_head SET rows_sha256 = zeroblob(32)",
	};

	begin();
	sql_run(&f, "DROP TRIGGER row_commitment_no_update; DROP TRIGGER row_commitment_no_delete; "
		    "DROP TRIGGER audit_event_no_update");
	sql_run(&f, "CREATE TABLE kept AS SELECT * FROM row_commitment");
	sql_run(&f, "CREATE TABLE kept_rows AS SELECT seq, rows_sha256 FROM audit_event");
	sql_run(&f, "CREATE TABLE kept_head AS SELECT rows_sha256 FROM chain_head");
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		sql_run(&f, changes[i]);
		cr_expect_not(log_is_sound(), "%s", changes[i]);
		sql_run(&f, "DELETE FROM row_commitment");
		sql_run(&f, "INSERT INTO row_commitment SELECT * FROM kept");
		sql_run(&f, "UPDATE audit_event SET rows_sha256 = (SELECT k.rows_sha256 FROM kept_rows AS k WHERE "
			    "k.seq = audit_event.seq) WHERE seq = 3");
		sql_run(&f, "UPDATE chain_head SET rows_sha256 = (SELECT rows_sha256 FROM kept_head)");
		cr_assert(log_is_sound(), "%s", changes[i]);
	}
	end();
}

/* A verification that keeps few commitments in memory reads the tables several times and finds the same. */
Test(commitment, several_passes_find_the_same_as_one)
{
	struct row_check once = { .on_difference = count_difference }, often = once;

	begin();
	sql_run(&f, "UPDATE party SET name = name || 'x' WHERE id = (SELECT max(id) FROM party)");
	sql_run(&f, "DELETE FROM note WHERE id IN (SELECT max(id) FROM note)");
	cr_expect_eq(differences_of("party"), 1);
	cr_assert_eq(store_rows_verify(t.look, &once, &f.error), ERR_OK);
	int64_t all = t.all;
	t.all = 0;
	often.commitments_max = 30;
	cr_assert_eq(store_rows_verify(t.look, &often, &f.error), ERR_OK);
	cr_expect_eq(t.all * 2, all, "%lld, %lld", (long long)t.all, (long long)all);
	cr_expect_eq(often.rows, once.rows);
	end();
}

/* A commit hashes every column of the schema but generated ones and the table's unhashed_columns. */
Test(commitment, every_table_has_a_class_and_every_column_is_known)
{
	begin();
	for (size_t i = 0; i < t.count; i++) {
		int number = stored_table_index(t.tables[i].name);
		const struct stored_table *table = &stored_tables[number < 0 ? 0 : number];
		struct query *query = NULL;

		cr_assert_geq(number, 0, "%s: give it a class in src/store/audit/commitment_hash.c", t.tables[i].name);
		if (table->class != EVIDENCE_TABLE || !*table_key_column(table) || table->columns)
			continue;
		cr_assert_eq(t.tables[i].key_count, 1, "%s", t.tables[i].name);
		cr_expect_str_eq(t.tables[i].columns[t.tables[i].keys[0]].name, table_key_column(table), "%s",
				 t.tables[i].name);
		cr_assert_eq(db_query_text(t.look->db, "test",
					   arena_printf(&f.arena, "SELECT * FROM %s LIMIT 1", t.tables[i].name), &query,
					   &f.error),
			     ERR_OK);
		bool row = false;
		cr_assert_eq(query_next(query, &row, &f.error), ERR_OK);
		const char *name;
		for (int c = 0; row && (name = row_column_name(query, c)); c++) {
			bool stored = false;

			for (size_t s = 0; s < t.tables[i].count; s++)
				stored = stored || !strcmp(t.tables[i].columns[s].name, name);
			if (table_hashes_column(table, name))
				cr_expect(stored, "%s.%s is generated: name it in unhashed_columns", t.tables[i].name,
					  name);
		}
		query_end(query);
	}
	end();
}

#ifndef KYB_PLACE_SQLITE
Test(commitment, every_table_of_evidence_reports_its_changes)
{
	begin();
	for (size_t i = 0; i < stored_table_count; i++)
		if (stored_tables[i].class == EVIDENCE_TABLE)
			cr_expect_eq(
				sql_int(&f, arena_printf(&f.arena,
							 "SELECT count(*) FROM pg_trigger WHERE tgname = '%s_touched' "
							 "AND tgrelid = CAST('%s' AS regclass)",
							 stored_tables[i].sql.name, stored_tables[i].sql.name)),
				1, "%s has no trigger", stored_tables[i].sql.name);
	end();
}
#endif
