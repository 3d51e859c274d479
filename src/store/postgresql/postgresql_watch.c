/*
 * Detects changes by other connections. Each commit counts up kybdesk_store and notifies. Between transactions the
 * count is read only after a notice, so that a watching screen sends no queries. A transaction reads it with its
 * beginning: notices arrive only between transactions.
 */
#include "postgresql_internal.h"

#include <string.h>

#define CHANNEL "kybdesk"

const char postgresql_notification[] = "SELECT pg_notify('" CHANNEL "', current_schema())";

static bool listen_now(struct postgresql_db *db)
{
	if (!db->listens)
		db->listens = postgresql_run(db, "LISTEN " CHANNEL, NULL) == ERR_OK;
	return db->listens;
}

/* True after a notice from any store in the database; the caller then reads this store's own count. */
static bool was_notified(struct postgresql_db *db)
{
	bool notified = false;
	PGnotify *notice;

	if (!pq.consumeInput(db->connection)) {
		db->lost = true;
		return true;
	}
	while ((notice = pq.notifies(db->connection))) {
		notified = notified || notice->be_pid != pq.backendPID(db->connection);
		pq.freemem(notice);
	}
	return notified;
}

int64_t postgresql_data_version(struct db *base)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	bool known = !base->depth && db->listens;
	int64_t changes = 0;

	if (base->depth && db->version_read)
		return db->version;
	if (known && !was_notified(db))
		return db->version;
	/* Listens first, so that every commit after the count is read sends a notice. */
	if (!base->depth && (postgresql_reconnect(db, NULL) || !listen_now(db)))
		return db->version;
	if (db->is_store && !postgresql_number(db, "SELECT changes FROM kybdesk_store", &changes, NULL))
		db->version = changes - db->own;
	return db->version;
}
