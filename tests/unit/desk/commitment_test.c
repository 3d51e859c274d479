/*
 * Changes by another program, through a connection of its own: store_rows_verify() finds each one and names its table.
 * That the program's own changes are never named is checked at the end of every test of the desk (fixture_close).
 */
#include "../../../src/store/audit/commitment_tables.h"
#include "fixture.h"
#include "kybdesk/store/audit.h"
#include "kybdesk/store/commitment.h"
#include "kybdesk/store/store.h"
#include "support/tried.h"

#include <time.h>

FIXTURE(commitment);

#define ROWS_MAX 4000

struct row_name {
	const char *table;
	int64_t key;
};
struct tampering {
	struct store *look; /* for verification */
	struct db_table *tables;
	size_t count;
	uint64_t seed, state;
	struct row_name done[ROWS_MAX]; /* changed already */
	size_t done_count;
	const char *table; /* of the change that is looked for */
	const char *sql;   /* the last change */
	int64_t named, all;
};
static struct tampering t;

static uint64_t draw(uint64_t limit)
{
	t.state ^= t.state << 13;
	t.state ^= t.state >> 7;
	t.state ^= t.state << 17;
	return t.state % limit;
}

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
	struct decide_result result;
	const char *link = NULL;

	fixture_ready(&f, "RAL-1");
	fixture_endpoint(&f);
	fixture_ready(&f, "RAL-2");
	fixture_ready(&f, "RAL-3");
	fixture_kyc(&f, "KYC-1", "manual_review", "");
	must(approve(&f, f.rita, "RAL-1", &result));
	must(undo(&f, f.rita, "RAL-1"));
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(reject(&f, f.bo, "RAL-2", "duplicate_application", &result));
	must(ask(&f, f.rita, "RAL-3", "company_info", NULL, &link));
}

static void begin(void)
{
	const struct store_options options = { .path = f.path, .world = &f.world.world, .readonly = true };
	const char *seed = getenv("KYBDESK_TEST_SEED");

	work();
	f.written = true;
	t = (struct tampering){ .seed = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) };
	t.state = t.seed * 2 + 1;
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

static const char *key_of(const struct db_table *table)
{
	return table->columns[table->keys[0]].text;
}

static bool is_done(const char *table, int64_t key)
{
	for (size_t i = 0; i < t.done_count; i++)
		if (t.done[i].key == key && !strcmp(t.done[i].table, table))
			return true;
	return false;
}

static void note_done(const char *table, int64_t key)
{
	cr_assert_lt(t.done_count, ROWS_MAX);
	t.done[t.done_count++] = (struct row_name){ table, key };
}

/* A row that was not changed yet; false: the table has none. */
static bool draw_row(const struct db_table *table, int64_t *key)
{
	int64_t rows = sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM %s", table->name));

	for (int i = 0; rows && i < 20; i++) {
		*key = sql_int(&f,
			       arena_printf(&f.arena, "SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET %d",
					    key_of(table), table->name, key_of(table), (int)draw((uint64_t)rows)));
		if (!is_done(table->name, *key))
			return true;
	}
	return false;
}

static bool run(const char *sql)
{
	t.sql = sql;
	return !place_refuses(f.path, sql);
}

/* Other rows have their salt from these. */
static bool is_parent(const char *table)
{
	return !strcmp(table, "session") || !strcmp(table, "check_result") || !strcmp(table, "party");
}

/* A column that is evidence; salts are tried alone, since each is in the hashes of many rows. */
static const char *draw_column(const struct db_table *table)
{
	const struct stored_table *stored = &stored_tables[table_number(table->name)];
	const char *name;

	do {
		name = table->columns[draw(table->count)].text;
	} while (!strcmp(name, key_of(table)) || !strcmp(name, "salt") || !table_hashes(stored, name) ||
		 (is_parent(table->name) && !strcmp(name, "session_id")));
	return name;
}

static bool change(const struct db_table *table, int64_t key)
{
	const char *column = draw_column(table);
	const char *const values[] = { arena_printf(&f.arena, "coalesce(%s, 0) + 1", column),
				       arena_printf(&f.arena, "coalesce(%s, '') || 'x'", column), "zeroblob(32)" };

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (run(arena_printf(&f.arena, "UPDATE %s SET %s = %s WHERE %s = %lld", table->name, column,
				     values[i], key_of(table), (long long)key)))
			return true;
	}
	return false;
}

static bool drop(const struct db_table *table, int64_t key)
{
	return !is_parent(table->name) && run(arena_printf(&f.arena, "DELETE FROM %s WHERE %s = %lld", table->name,
							   key_of(table), (long long)key));
}

static bool insert(const struct db_table *table, int64_t key, int64_t *made)
{
	struct strbuf names = STRBUF_INIT, values = STRBUF_INIT;
	bool done;

	*made = 900000 + (int64_t)t.done_count;
	for (size_t i = 0; i < table->count; i++) {
		const char *name = table->columns[i].text;

		strbuf_addf(&names, "%s%s", i ? ", " : "", name);
		if (!strcmp(name, key_of(table)))
			strbuf_addf(&values, "%s%lld", i ? ", " : "", (long long)*made);
		else
			strbuf_addf(&values, "%s%s%s", i ? ", " : "", name,
				    !strcmp(name, "uuid") || !strcmp(name, "name") ? " || 'y'" : "");
	}
	done = run(arena_printf(&f.arena, "INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s = %lld", table->name,
				names.buf, values.buf, table->name, key_of(table), (long long)key));
	strbuf_release(&names);
	strbuf_release(&values);
	return done;
}

static bool swap(const struct db_table *table, int64_t key, int64_t other)
{
	const char *column = draw_column(table), *name = table->name, *id = key_of(table);
	long long a = key, b = other;

	if (sql_int(&f, arena_printf(&f.arena,
				     "SELECT count(*) FROM %s AS x, %s AS y WHERE x.%s = %lld AND y.%s = %lld AND "
				     "x.%s <> y.%s",
				     name, name, id, a, id, b, column, column)) != 1)
		return false;
	return run(arena_printf(
		&f.arena,
		"UPDATE %s SET %s = s.v FROM (SELECT x.%s AS k, y.%s AS v FROM %s AS x, %s AS y WHERE "
		"(x.%s = %lld AND y.%s = %lld) OR (x.%s = %lld AND y.%s = %lld)) AS s WHERE %s.%s = s.k",
		name, column, id, column, name, name, id, a, id, b, id, b, id, a, name, id));
}

/* Returns the number of rows that another program changed now. */
static int tamper(const struct db_table *table)
{
	int64_t key, other = 0;

	if (!draw_row(table, &key))
		return 0;
	switch (draw(10)) {
	case 0:
		if (!drop(table, key))
			return 0;
		break;
	case 1:
		if (!insert(table, key, &other))
			return 0;
		key = other;
		break;
	case 2:
	case 3:
		if (!draw_row(table, &other) || other == key || !swap(table, key, other))
			return 0;
		note_done(table->name, key);
		note_done(table->name, other);
		return 2;
	default:
		if (!change(table, key))
			return 0;
	}
	note_done(table->name, key);
	return 1;
}

Test(commitment, every_change_by_another_program_is_found_and_its_table_named, .timeout = 900)
{
	int wanted = test_is_long() ? 1000 : 60, changed = 0;
	bool seen[STORED_TABLES_MAX] = { false };
	int tables = 0;

	begin();
	for (int tries = 0; changed < wanted && tries < 40 * wanted; tries++) {
		const struct db_table *table = &t.tables[draw(t.count)];
		int number = table_number(table->name), rows;
		int64_t before;

		cr_assert_geq(number, 0, "%s has no class", table->name);
		if (stored_tables[number].class != TABLE_EVIDENCE || !*table_key(&stored_tables[number]))
			continue;
		before = differences_of(table->name);
		rows = tamper(table);
		if (!rows)
			continue;
		cr_expect_eq(differences_of(table->name), before + rows, "KYBDESK_TEST_SEED=%llu: %s",
			     (unsigned long long)t.seed, t.sql);
		tables += !seen[number];
		seen[number] = true;
		changed++;
	}
	cr_log_info("seed %llu: %d changes in %d tables", (unsigned long long)t.seed, changed, tables);
	cr_expect_gt(changed, wanted / 2, "KYBDESK_TEST_SEED=%llu", (unsigned long long)t.seed);
	cr_expect_gt(tables, 12);
	end();
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
		"1, "
		"zeroblob(32) FROM row_commitment",
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

/* A verification with few commitments in memory goes over the tables several times, and finds the same. */
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
	often.at_once = 30;
	cr_assert_eq(store_rows_verify(t.look, &often, &f.error), ERR_OK);
	cr_expect_eq(t.all * 2, all, "%lld, %lld", (long long)t.all, (long long)all);
	cr_expect_eq(often.rows, once.rows);
	end();
}

/* A commit hashes every column of the schema but generated ones and the table's not_hashed. */
Test(commitment, every_table_has_a_class_and_every_column_is_known)
{
	begin();
	for (size_t i = 0; i < t.count; i++) {
		int number = table_number(t.tables[i].name);
		const struct stored_table *table = &stored_tables[number < 0 ? 0 : number];
		struct query *query = NULL;

		cr_assert_geq(number, 0, "%s: give it a class in src/store/audit/commitment_tables.c",
			      t.tables[i].name);
		if (table->class != TABLE_EVIDENCE || !*table_key(table) || table->columns)
			continue;
		cr_assert_eq(t.tables[i].key_count, 1, "%s", t.tables[i].name);
		cr_expect_str_eq(t.tables[i].columns[t.tables[i].keys[0]].name, table_key(table), "%s",
				 t.tables[i].name);
		cr_assert_eq(db_query_text(t.look->db, "test",
					   arena_printf(&f.arena, "SELECT * FROM %s LIMIT 1", t.tables[i].name),
					   &query, &f.error),
			     ERR_OK);
		bool row = false;
		cr_assert_eq(query_next(query, &row, &f.error), ERR_OK);
		for (int c = 0; row && c < row_columns(query); c++) {
			const char *name = row_column_name(query, c);
			bool stored = false;

			for (size_t s = 0; s < t.tables[i].count; s++)
				stored = stored || !strcmp(t.tables[i].columns[s].name, name);
			if (table_hashes(table, name))
				cr_expect(stored, "%s.%s is generated: name it in not_hashed", t.tables[i].name,
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
		if (stored_tables[i].class == TABLE_EVIDENCE)
			cr_expect_eq(
				sql_int(&f,
					arena_printf(&f.arena,
						     "SELECT count(*) FROM pg_trigger WHERE tgname = '%s_touched' "
						     "AND tgrelid = CAST('%s' AS regclass)",
						     stored_tables[i].sql.name, stored_tables[i].sql.name)),
				1, "%s has no trigger", stored_tables[i].sql.name);
	end();
}
#endif
