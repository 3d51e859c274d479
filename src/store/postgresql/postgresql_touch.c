/*
 * Collects the rows that a transaction changes, for their commitments. The triggers of the tables (row_touched() of
 * the migrations) append each changed row to a setting of the transaction, as "TABLE KEY;"; they send a long list
 * as a notice. The rollback of a savepoint restores the setting.
 */
#include "postgresql_internal.h"

#include <stdlib.h>
#include <string.h>

#define SETTING "kybdesk.touched"
static const char mark[] = "|";

#define TABLE_SIZE 64
/* Copies the name before a space or a bracket; false: the name is longer than any table's name. */
static bool read_table(const char *text, char out[TABLE_SIZE])
{
	size_t length = strcspn(text, " (;");

	if (length >= TABLE_SIZE)
		return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

/* Whether rows of a table have commitments; no trigger of another table changes such rows. */
static bool is_committed(const struct db *db, const char *text)
{
	char table[TABLE_SIZE];

	return !read_table(text, table) || db->capture->table(table) >= 0;
}

void postgresql_note_text(struct postgresql_db *db, const char *text)
{
	static const char *const changing[] = { "INSERT INTO ", "UPDATE ", "DELETE FROM " };
	static const char *const harmless[] = { "SELECT", "SAVEPOINT", "RELEASE", "COMMIT", "DEALLOCATE" };

	if (!db->notes_rows || db->touched)
		return;
	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		if (!strncmp(text, changing[i], strlen(changing[i]))) {
			db->touched = is_committed(&db->base, text + strlen(changing[i]));
			return;
		}
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (!strncmp(text, harmless[i], strlen(harmless[i])))
			return;
	/* Also set when a savepoint is rolled back: rows that were read from the setting may be in it again. */
	db->touched = true;
}

void postgresql_touch(struct postgresql_db *db, const char *rows)
{
	for (const char *at = rows, *end; (end = strchr(at, ';')); at = end + 1) {
		char table[TABLE_SIZE];

		if (!strncmp(at, mark, sizeof mark - 1)) {
			db->base.mark = db->base.touched_count;
			continue;
		}
		if (read_table(at, table) && at[strlen(table)] == ' ')
			db_touch(&db->base, table, strtoll(at + strlen(table), NULL, 10));
	}
}

enum err postgresql_read_touched(struct postgresql_db *db, struct error *error)
{
	static const struct sql read = { "postgresql.touched", "SELECT current_setting('" SETTING "', true), "
							       "set_config('" SETTING "', '', true)" };
	struct query *query = NULL;
	enum err err = db_query(&db->base, &read, &query, error);

	while (query_row(&query, &err, error))
		postgresql_touch(db, row_view(query, 0));
	db->touched = false;
	return err;
}

enum err postgresql_mark(struct db *base, struct error *error)
{
	static const struct sql put = { "postgresql.mark",
					"SELECT set_config('" SETTING "', concat(current_setting('" SETTING
					"', true), '|;'), true)" };
	struct postgresql_db *db = (struct postgresql_db *)base;

	return db->notes_rows && db->touched ? db_run(base, &put, NULL, error) : ERR_OK;
}
