#include "store_sum.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <string.h>

#define COLUMNS_MAX 200

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	return statement;
}

void store_sum_open(struct store_sum *sum, const char *path)
{
	*sum = (struct store_sum){ .version = -1 };
	cr_assert_eq(sqlite3_open_v2(path, &sum->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL), SQLITE_OK);
	sqlite3_busy_timeout(sum->db, 5000);
}

void store_sum_close(struct store_sum *sum)
{
	for (sqlite3_stmt *rows; (rows = sqlite3_next_stmt(sum->db, NULL));)
		sqlite3_finalize(rows);
	sqlite3_close(sum->db);
	sum->db = NULL;
}

static int64_t data_version(sqlite3 *db)
{
	sqlite3_stmt *statement = prepare(db, "PRAGMA data_version");
	int64_t version;

	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
	version = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return version;
}

/* FNV-1a, without the sanitizer's checks, for speed: a matrix test hashes all rows before and after each try. */
__attribute__((no_sanitize("address", "undefined"), optimize("O2"))) static void add(uint64_t *hash, const void *bytes,
										     size_t length)
{
	const unsigned char *at = bytes;
	uint64_t sum = *hash;

	for (size_t i = 0; i < length; i++)
		sum = (sum ^ at[i]) * 1099511628211u;
	*hash = sum;
}

static void add_column(uint64_t *hash, sqlite3_stmt *row, int column)
{
	int type = sqlite3_column_type(row, column), length;
	const void *bytes;
	int64_t number;

	add(hash, &type, sizeof type);
	if (type == SQLITE_INTEGER) {
		number = sqlite3_column_int64(row, column);
		add(hash, &number, sizeof number);
		return;
	}
	bytes = sqlite3_column_blob(row, column);
	length = sqlite3_column_bytes(row, column);
	add(hash, &length, sizeof length);
	if (bytes)
		add(hash, bytes, (size_t)length);
}

/* Salts are random, so hashes over salts are, too. `audit verify` checks these columns. */
static bool is_random(const char *column)
{
	static const char *const names[] = { "salt", "hash", "prev_hash", "rows_sha256" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], column))
			return true;
	return false;
}

/* Prepares the statement that reads the table. It stays prepared: preparing took a fifth of a matrix test. */
static void prepare_table(sqlite3 *db, const char *name)
{
	char sql[160];

	cr_assert_lt(strlen(name), 100u);
	sqlite3_snprintf(sizeof sql, sql, "SELECT * FROM \"%w\"", name);
	cr_assert_leq(sqlite3_column_count(prepare(db, sql)), COLUMNS_MAX);
}

static void prepare_tables(sqlite3 *db)
{
	sqlite3_stmt *tables = prepare(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE "
					   "'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%' ORDER BY name");

	while (sqlite3_step(tables) == SQLITE_ROW)
		prepare_table(db, (const char *)sqlite3_column_text(tables, 0));
	sqlite3_finalize(tables);
}

static void add_table(uint64_t *hash, sqlite3_stmt *rows)
{
	bool random[COLUMNS_MAX];
	int status, columns = sqlite3_column_count(rows);

	for (int i = 0; i < columns; i++)
		random[i] = is_random(sqlite3_column_name(rows, i));
	add(hash, sqlite3_sql(rows), strlen(sqlite3_sql(rows)));
	while ((status = sqlite3_step(rows)) == SQLITE_ROW) {
		for (int i = 0; i < columns; i++)
			if (!random[i])
				add_column(hash, rows, i);
	}
	cr_assert_eq(status, SQLITE_DONE, "%s: %s", sqlite3_sql(rows), sqlite3_errmsg(sqlite3_db_handle(rows)));
	sqlite3_reset(rows);
}

uint64_t store_sum(struct store_sum *sum)
{
	int64_t version = data_version(sum->db);
	uint64_t hash = 1469598103934665603u;

	/* No other connection has committed since the last sum. */
	if (version == sum->version)
		return sum->last;
	if (sum->version < 0)
		prepare_tables(sum->db);
	for (sqlite3_stmt *rows = NULL; (rows = sqlite3_next_stmt(sum->db, rows));)
		add_table(&hash, rows);
	sum->version = version;
	sum->last = hash;
	return hash;
}
