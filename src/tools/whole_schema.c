/* Writes the schema of a SQLite store after all migrations as one script. Runs when kybdesk is built, so that a new
 * store does not run every migration (which takes a tenth of a second, mostly because SQLite reads the schema again for
 * each ALTER TABLE).
 *
 * usage: whole_schema OUT MIGRATION… (in the order of their numbers)
 *
 * Objects keep their order, which is also the order in which SQLite tries indexes. Rows come before triggers, so
 * that the triggers do not run again for these rows. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sqlite3 *db;
static FILE *out;

static void exit_with_error(const char *what, const char *why)
{
	fprintf(stderr, "whole_schema: %s: %s\n", what, why);
	exit(1);
}

static void run(const char *what, const char *script)
{
	char *why = NULL;

	if (sqlite3_exec(db, script, NULL, NULL, &why) != SQLITE_OK)
		exit_with_error(what, why ? why : "failed");
}

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "rb");
	long length;
	char *text;

	if (!file || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0)
		exit_with_error(path, "cannot be read");
	text = malloc((size_t)length + 1);
	if (!text || fread(text, 1, (size_t)length, file) != (size_t)length)
		exit_with_error(path, "cannot be read");
	text[length] = '\0';
	fclose(file);
	return text;
}

/* Calls each() with the first column of each row; each() may run further queries. */
static void for_each_row(const char *sql, const char *parameter, void (*each)(const char *text))
{
	sqlite3_stmt *statement = NULL;
	int code;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
	    (parameter && sqlite3_bind_text(statement, 1, parameter, -1, SQLITE_STATIC) != SQLITE_OK))
		exit_with_error(sql, sqlite3_errmsg(db));
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		each((const char *)sqlite3_column_text(statement, 0));
	if (code != SQLITE_DONE)
		exit_with_error(sql, sqlite3_errmsg(db));
	sqlite3_finalize(statement);
}

static void put(const char *text)
{
	fprintf(out, "%s;\n", text);
}

static void put_objects(const char *type)
{
	/* Omits shadow tables: creating a virtual table creates its shadow tables, too. */
	for_each_row("SELECT sql FROM sqlite_schema WHERE type = ?1 AND sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' "
		     "ESCAPE '\\' AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY "
		     "rowid",
		     type, put);
}

static void put_rows(const char *query)
{
	for_each_row(query, NULL, put);
}

static void put_table_rows(const char *table)
{
	/* Inserts only the stored columns, not the generated columns. */
	for_each_row("SELECT 'SELECT ''INSERT INTO \"' || ?1 || '\" (' || group_concat('\"' || name || '\"', ', ') || "
		     "') VALUES ('' || ' || group_concat('quote(\"' || name || '\")', ' || '', '' || ') || ' || '')'' "
		     "FROM \"' || ?1 || '\"' "
		     "FROM pragma_table_xinfo(?1) WHERE hidden = 0",
		     table, put_rows);
}

int main(int count, char **arguments)
{
	if (count < 3 || sqlite3_open(":memory:", &db) != SQLITE_OK)
		exit_with_error("usage", "whole_schema OUT MIGRATION…");
	for (int i = 2; i < count; i++) {
		const char *name = strrchr(arguments[i], '/');
		char *script = read_all(arguments[i]);

		if (!name || strtol(name + 1, NULL, 10) != i - 1)
			exit_with_error(arguments[i], "the numbers of migrations must be 1, 2, 3, …");
		run(arguments[i], script);
		free(script);
	}
	out = fopen(arguments[1], "wb");
	if (!out)
		exit_with_error(arguments[1], "cannot be written");
	put_objects("table");
	for_each_row("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE "
		     "'sqlite\\_%' ESCAPE '\\'",
		     NULL, put_table_rows);
	put_objects("index");
	put_objects("view");
	put_objects("trigger");
	if (ferror(out) || fclose(out) != 0)
		exit_with_error(arguments[1], "cannot be written");
	sqlite3_close(db);
	return 0;
}
