/*
 * Predicts the ids of new rows. Under the write lock no other connection uses a table's sequence, so the id of the
 * first insert into a table determines the ids of the next inserts: these wait in the pipeline, without a response
 * of the server. The ids of the server are compared when they arrive. If one differs (a sequence with another
 * increment), the transaction fails, and from then on the connection waits for each id.
 */
#include "postgresql_internal.h"

#include <stdlib.h>
#include <string.h>

static const char insert[] = "INSERT INTO ";

/* The name of the table that a statement inserts into, and its length; NULL: another statement. */
static const char *table_of(const char *text, size_t *length)
{
	const char *name = text + sizeof insert - 1;

	if (strncmp(text, insert, sizeof insert - 1) != 0)
		return NULL;
	*length = strcspn(name, " (");
	return name;
}

static struct postgresql_ids *find(struct postgresql_db *db, const char *name, size_t length)
{
	for (size_t i = 0; i < db->ids_count; i++)
		if (strlen(db->ids[i].table) == length && !memcmp(db->ids[i].table, name, length))
			return &db->ids[i];
	return NULL;
}

static struct postgresql_ids *find_or_add(struct postgresql_db *db, const char *name, size_t length)
{
	struct postgresql_ids *known = find(db, name, length);

	if (known || db->ids_count == POSTGRESQL_IDS_MAX || length >= sizeof db->ids->table)
		return known;
	known = &db->ids[db->ids_count++];
	memcpy(known->table, name, length);
	known->table[length] = '\0';
	known->last = 0;
	return known;
}

void postgresql_ids_forget(struct postgresql_db *db)
{
	db->ids_count = 0;
}

void postgresql_ids_forget_of(struct postgresql_db *db, const char *text)
{
	size_t length = 0;
	const char *name = table_of(text, &length);
	struct postgresql_ids *known = name ? find(db, name, length) : NULL;

	if (known)
		known->last = 0;
}

int64_t postgresql_ids_next(struct postgresql_db *db, const char *text)
{
	size_t length = 0;
	const char *name = table_of(text, &length);
	struct postgresql_ids *known = name ? find(db, name, length) : NULL;
	bool alone = db->base.writing && !db->aside && !db->model && !db->awaits_ids;

	return alone && known && known->last ? ++known->last : 0;
}

void postgresql_ids_read(struct postgresql_db *db, const char *text, int64_t id)
{
	size_t length = 0;
	const char *name = table_of(text, &length);
	struct postgresql_ids *known = name ? find_or_add(db, name, length) : NULL;

	if (known)
		known->last = id;
}

void postgresql_ids_compare(struct postgresql_db *db, const struct postgresql_queued *queued,
			    const PGresult *result)
{
	if (pq.ntuples(result) == 1 && strtoll(pq.getvalue(result, 0, 0), NULL, 10) == queued->id)
		return;
	db->awaits_ids = true;
	if (!db->late.code)
		(void)error_set(&db->late, ERR_STORE,
				"store %s gave a new row an unexpected number (%s); nothing was changed, try again",
				db->shown, queued->what);
}
