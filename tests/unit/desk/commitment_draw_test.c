/*
 * Another program changes a value, deletes or inserts a row, or swaps values of two rows: verification must name the
 * table. Each change is undone before the next one, so that every change is made in a sound store.
 */
#include "../../../src/store/audit/commitment_hash.h"
#include "kybdesk/store/audit.h"
#include "kybdesk/store/commitment.h"
#include "kybdesk/store/store.h"
#include "matrix_cases.h"
#include "support/tried.h"

#include <time.h>

FIXTURE(commitment_draw);

enum way { CHANGED, DELETED, INSERTED, SWAPPED, WAYS };

static struct {
	struct store *look; /* for verification */
	struct db_table *tables;
	size_t count;
	uint64_t seed, state;
	const char *name; /* of the table that verification must name */
	int64_t named;
	const char *sql, *back; /* the last change, and the SQL that undoes it */
	int tries[STORED_TABLES_MAX];
	int ways[WAYS];
} t;

static uint64_t draw(uint64_t limit)
{
	t.state ^= t.state << 13;
	t.state ^= t.state >> 7;
	t.state ^= t.state << 17;
	return t.state % limit;
}

static void on_difference(void *context, const char *table, const char *sentence)
{
	(void)context;
	t.named += !strcmp(table, t.name) && strstr(sentence, table);
	if (!*t.name)
		cr_expect_fail("%s: %s, before any change", table, sentence);
}

static int64_t named(const char *name)
{
	struct row_check check = { .on_difference = on_difference };

	t.name = name;
	t.named = 0;
	cr_assert_eq(store_rows_verify(t.look, &check, &f.error), ERR_OK, "%s", f.error.message);
	return t.named;
}

static bool log_is_sound(void)
{
	struct audit_verdict verdict;

	cr_assert_eq(store_audit_verify(t.look, &f.arena, &verdict, &f.error), ERR_OK, "%s", f.error.message);
	return verdict.sound;
}

static const struct stored_table *stored(const struct db_table *table)
{
	int number = stored_table_index(table->name);

	cr_assert_geq(number, 0, "%s has no class", table->name);
	return &stored_tables[number];
}

/* SQLite's own tables of the search index are left out: kybdesk doctor checks the index. */
static bool is_tried(const struct db_table *table)
{
	enum table_class class = stored(table)->class;

	return class != UPKEEP_TABLE && class != BYTES_TABLE && strncmp(table->name, "session_text_", 13) != 0;
}

static bool is_key(const struct db_table *table, const char *column)
{
	for (size_t i = 0; i < table->key_count; i++)
		if (!strcmp(table->columns[table->keys[i]].text, column))
			return true;
	return false;
}

/* Draws a row of the table; returns it as a condition: "id = '7'". */
static const char *draw_row(const struct db_table *table, int64_t rows)
{
	struct strbuf order = STRBUF_INIT, where = STRBUF_INIT;
	int at = (int)draw((uint64_t)rows);
	const char *text;

	for (size_t i = 0; i < table->key_count; i++)
		strbuf_addf(&order, "%s%s", i ? ", " : "", table->columns[table->keys[i]].text);
	for (size_t i = 0; i < table->key_count; i++) {
		const char *name = table->columns[table->keys[i]].text;

		strbuf_addf(&where, "%s%s.%s = '%s'", i ? " AND " : "", table->name, name,
			    sql_text(&f, arena_printf(&f.arena, "SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET %d", name,
						      table->name, order.buf, at)));
	}
	text = arena_strdup(&f.arena, where.buf);
	strbuf_release(&order);
	strbuf_release(&where);
	return text;
}

/* Draws a hashed column outside of the key, and not a salt, which is in the hashes of many rows. NULL: found none. */
static const char *draw_column(const struct db_table *table)
{
	for (int i = 0; i < 50; i++) {
		const char *name = table->columns[draw(table->count)].text;

		if (!is_key(table, name) && strcmp(name, "salt") != 0 && table_hashes_column(stored(table), name))
			return name;
	}
	return NULL;
}

/* Rows of these tables are not deleted: other rows refer to them, or use their salt and would differ, too. */
static bool is_parent(const char *table)
{
	return !strcmp(table, "session") || !strcmp(table, "check_result") || !strcmp(table, "party") ||
	       !strcmp(table, "subject") || !strcmp(table, "suspicion") || !strcmp(table, "account");
}

static const char *all_columns(const struct db_table *table)
{
	struct strbuf names = STRBUF_INIT;
	const char *text;

	for (size_t i = 0; i < table->count; i++)
		strbuf_addf(&names, "%s%s", i ? ", " : "", table->columns[i].text);
	text = arena_strdup(&f.arena, names.buf);
	strbuf_release(&names);
	return text;
}

/* Runs a change; false: the database refuses it. */
static bool run(const char *sql)
{
	t.sql = sql;
	return !place_refuses(f.path, sql);
}

#define SAY(...) arena_printf(&f.arena, __VA_ARGS__)

static const char *keeping(const struct db_table *table, const char *where)
{
	return SAY("DROP TABLE kept; CREATE TABLE kept AS SELECT %s FROM %s WHERE %s; ", all_columns(table),
		   table->name, where);
}

/* SQL that restores the column from the rows in the table `kept`. */
static const char *give_back(const struct db_table *table, const char *column)
{
	struct strbuf where = STRBUF_INIT;
	const char *text;

	for (size_t i = 0; i < table->key_count; i++)
		strbuf_addf(&where, "%s%s.%s = kept.%s", i ? " AND " : "", table->name,
			    table->columns[table->keys[i]].text, table->columns[table->keys[i]].text);
	text = SAY("UPDATE %s SET %s = kept.%s FROM kept WHERE %s", table->name, column, column, where.buf);
	strbuf_release(&where);
	return text;
}

static int change(const struct db_table *table, const char *row, const char *column)
{
	const char *const values[] = { SAY("coalesce(%s, 0) + 1", column), SAY("coalesce(%s, '') || 'x'", column),
				       SAY("CASE WHEN %s IS NULL THEN '' END", column), "zeroblob(32)" };
	const size_t count = sizeof values / sizeof *values, first = draw(count);

	t.back = give_back(table, column);
	for (size_t i = 0; i < count; i++) {
		const char *value = values[(first + i) % count];

		if (run(SAY("%sUPDATE %s SET %s = %s WHERE %s", keeping(table, row), table->name, column, value, row)))
			return 1;
	}
	return 0;
}

static int delete (const struct db_table *table, const char *row)
{
	const char *columns = all_columns(table);

	t.back = SAY("INSERT INTO %s (%s) SELECT %s FROM kept", table->name, columns, columns);
	return !is_parent(table->name) && run(SAY("%sDELETE FROM %s WHERE %s", keeping(table, row), table->name, row));
}

static int insert(const struct db_table *table, const char *row)
{
	const char *last = table->columns[table->keys[table->key_count - 1]].text, *columns = all_columns(table);
	const char *const values[] = { "'900000'", SAY("%s || 'y'", last) };
	struct strbuf list = STRBUF_INIT;
	int made = 0;

	for (size_t v = 0; !made && v < 2; v++) {
		strbuf_reset(&list);
		for (size_t i = 0; i < table->count; i++) {
			const char *name = table->columns[i].text;

			strbuf_addf(&list, "%s%s%s", i ? ", " : "", !strcmp(name, last) ? values[v] : name,
				    strcmp(name, last) && (!strcmp(name, "uuid") || !strcmp(name, "name") ||
							   !strcmp(name, "fingerprint"))
					    ? " || 'y'"
					    : "");
		}
		t.back = SAY("DELETE FROM %s WHERE %s = %s", table->name, last,
			     v ? SAY("(SELECT %s || 'y' FROM kept)", last) : "'900000'");
		made = run(SAY("%sINSERT INTO %s (%s) SELECT %s FROM %s WHERE %s", keeping(table, row), table->name,
			       columns, list.buf, table->name, row));
	}
	strbuf_release(&list);
	return made;
}

/* Swaps two different values, neither of them NULL: in a unique column, a value and NULL cannot always be swapped back.
 * A column may be unique except for its least value (0): t.back first gives both rows the least value. */
static int swap(const struct db_table *table, const char *row, const char *other)
{
	const char *column = draw_column(table), *name = table->name, *key, *both;

	if (!column || !strcmp(row, other) || table->key_count != 1)
		return 0;
	key = table->columns[table->keys[0]].text;
	both = SAY("%s OR %s", row, other);
	if (sql_int(&f, SAY("SELECT count(DISTINCT CAST(%s AS TEXT)) FROM %s WHERE %s", column, name, both)) != 2)
		return 0;
	t.back = SAY("UPDATE %s SET %s = (SELECT %s FROM kept ORDER BY %s LIMIT 1) WHERE %s; %s", name, column, column,
		     column, both, give_back(table, column));
	return run(SAY("%sUPDATE %s SET %s = kept.%s FROM kept WHERE (%s) AND kept.%s <> %s.%s", keeping(table, both),
		       name, column, column, both, key, name, key))
		       ? 2
		       : 0;
}

/* Makes one random change as another program; returns the number of changed rows. */
static int tamper(const struct db_table *table, enum way *way)
{
	int64_t rows = sql_int(&f, SAY("SELECT count(*) FROM %s", table->name));
	const char *row, *column;
	uint64_t number = draw(8);

	if (!rows)
		return 0;
	row = draw_row(table, rows);
	*way = number < WAYS ? (enum way)number : CHANGED;
	switch (*way) {
	case DELETED:
		return delete (table, row);
	case INSERTED:
		return insert(table, row);
	case SWAPPED:
		return swap(table, row, draw_row(table, rows));
	default:
		return (column = draw_column(table)) ? change(table, row, column) : 0;
	}
}

/* Whether the verification finds the change and names the right table. */
static bool is_found(const struct db_table *table, int rows)
{
	switch (stored(table)->class) {
	case CHAIN_TABLE: /* the hashes of the log, or a commitment's owner, are wrong */
		return !log_is_sound() || named(table->name) > 0;
	case DERIVED_TABLE:
		return named(table->name) > 0;
	default:
		/* The settings have a text as key, so they are verified as one row. */
		return named(stored(table)->sql.name) == (*table_key_column(stored(table)) ? rows : 1);
	}
}

static void expect_found(const struct db_table *table, enum way way, int rows)
{
	bool found = is_found(table, rows);

	cr_expect(found, "KYBDESK_TEST_SEED=%llu: %lld instead of %d: %s", (unsigned long long)t.seed,
		  (long long)t.named, rows, t.sql);
	t.tries[stored_table_index(table->name)]++;
	t.ways[way]++;
	shell_run(f.path, t.back);
}

/* Fills the tables that verbs fill only with a second program or a reviewer's key. */
static void fill_the_rest(void)
{
	sql_change(&f, "INSERT INTO decision_signature (session_id, number, signed_text, signature, signer) SELECT "
		       "session_id, number, 'a text', 'a signature', 'rita' FROM decision LIMIT 2");
	sql_change(&f, "INSERT INTO offer (word, part, change, offered_by, offered_at, admins) VALUES ('reviewer.add', "
		       "'eve', 'lead', 'ada', 1, 2)");
	sql_change(&f, "INSERT INTO purge_case (subject_id, confirmed_by, confirmed_at) SELECT id, 'ada', 1 FROM "
		       "subject ORDER BY id DESC LIMIT 2");
	sql_change(&f, "INSERT INTO delivery_attempt (delivery_id, number, started_at, duration_ms, status, response) "
		       "SELECT d.id, 1, 1, 20, 200, e.hash FROM delivery AS d, audit_event AS e WHERE e.seq = 1 ORDER "
		       "BY d.id LIMIT 3");
}

static void begin(void)
{
	const struct store_options options = { .path = f.path, .world = &f.world.world, .readonly = true };

	fixture_ready(&f, "RAL-1");
	fixture_endpoint(&f);
	matrix_use_every_verb(&f);
	fill_the_rest();
	/* decision_wait_insert would count a decision that is inserted again to undo its deletion. */
	sql_run(&f, "DROP TRIGGER row_commitment_no_update; DROP TRIGGER row_commitment_no_delete; "
		    "DROP TRIGGER audit_event_no_update; DROP TRIGGER audit_event_no_delete; "
		    "DROP TRIGGER rule_text_no_update; DROP TRIGGER rule_text_no_delete; "
		    "DROP TRIGGER ledger_entry_no_update; DROP TRIGGER ledger_entry_no_delete; "
		    "DROP TRIGGER suspicion_entry_no_update; DROP TRIGGER decision_wait_insert");
	t.seed = test_seed();
	t.state = t.seed * 2 + 1;
	cr_assert_eq(store_open(&options, &t.look, &f.error), ERR_OK, "%s", f.error.message);
	cr_assert_eq(t.look->db->driver->tables(t.look->db, &f.arena, &t.tables, &t.count, &f.error), ERR_OK);
	sql_run(&f, "CREATE TABLE kept AS SELECT 1 AS id");
	for (size_t i = 0; i < t.count; i++)
		if (is_tried(&t.tables[i]))
			cr_expect_gt(sql_int(&f, SAY("SELECT count(*) FROM %s", t.tables[i].name)), 0,
				     "%s has no row: nothing of it would be tried", t.tables[i].name);
	(void)named("");
	cr_assert(log_is_sound());
}

static void end(void)
{
	struct strbuf tables = STRBUF_INIT;
	int all = 0;

	(void)named("");
	cr_expect(log_is_sound());
	for (size_t i = 0; i < stored_table_count; i++) {
		all += t.tries[i];
		if (t.tries[i])
			strbuf_addf(&tables, "%s%s %d", tables.len ? ", " : "", stored_tables[i].sql.name, t.tries[i]);
	}
	tried("%d of %d found, %d changes, %d deletions, %d insertions, %d swaps, seed %llu: %s", all, all,
	      t.ways[CHANGED], t.ways[DELETED], t.ways[INSERTED], t.ways[SWAPPED], (unsigned long long)t.seed,
	      tables.buf);
	strbuf_release(&tables);
	store_close(t.look);
}

/* A deleted row no longer names its owner, so the owner of the deletion is verified with earlier commitments. */
Test(commitment_draw, the_owner_of_each_deletion_is_verified, .timeout = 900)
{
	int64_t id = 0, count = 0;

	begin();
	for (;;) {
		const char *next = sql_text(&f, SAY("SELECT coalesce(min(id), 0) FROM row_commitment WHERE hash = "
						    "zeroblob(0) AND owner IS NOT NULL AND id > %lld",
						    (long long)id));

		id = strtoll(next, NULL, 10);
		if (!id)
			break;
		shell_run(f.path, SAY("UPDATE row_commitment SET owner = owner + 1 WHERE id = %lld", (long long)id));
		cr_expect_gt(named("row_commitment"), 0, "the owner of %lld: %s", (long long)id,
			     sql_text(&f, SAY("SELECT name FROM row_commitment WHERE id = %lld", (long long)id)));
		shell_run(f.path, SAY("UPDATE row_commitment SET owner = owner - 1 WHERE id = %lld", (long long)id));
		count++;
	}
	cr_expect_gt(count, 20);
	tried("the owners of %lld deletions", (long long)count);
	end();
}

Test(commitment_draw, every_change_of_every_table_is_found_and_its_table_named, .timeout = 1800)
{
	int wanted = test_is_long() ? 1000 : 60, changed = 0;

	begin();
	for (int tries = 0; changed < wanted && tries < 20 * wanted; tries++) {
		const struct db_table *table = &t.tables[draw(t.count)];
		enum way way;
		int rows = is_tried(table) ? tamper(table, &way) : 0;

		if (!rows)
			continue;
		expect_found(table, way, rows);
		changed++;
	}
	cr_expect_eq(changed, wanted);
	end();
}
