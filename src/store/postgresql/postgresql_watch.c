/*
 * Detects changes by other connections. Each commit increments kybdesk_store.changes and sends a notification.
 * Between transactions the count is read only after a notification, so that a watching screen sends no queries. A
 * transaction reads the count when it begins, since notifications arrive only between transactions.
 */
#include "postgresql_internal.h"

#define CHANNEL "kybdesk"

const char postgresql_notification[] = "SELECT pg_notify('" CHANNEL "', current_schema())";

static bool listen_now(struct postgresql_db *db)
{
	if (!db->listens)
		db->listens = postgresql_run(db, "LISTEN " CHANNEL, NULL) == ERR_OK;
	return db->listens;
}

/* True after a notification from any store in the database; the caller then reads the count of its own store. */
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
	/* Listens before reading the count, so that no later commit is missed. */
	if (!base->depth && (postgresql_reconnect(db, NULL) || !listen_now(db)))
		return db->version;
	if (db->is_store && !postgresql_number(db, "SELECT changes FROM kybdesk_store", &changes, NULL))
		db->version = changes - db->own;
	return db->version;
}
