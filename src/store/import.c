#include "kybdesk/store/import.h"
#include "rows.h"

static const struct sql make = { "import.make", "CREATE TEMPORARY TABLE IF NOT EXISTS import_met (uuid TEXT "
						"PRIMARY KEY, line BIGINT NOT NULL) {keyed}" };
static const struct sql forget = { "import.forget", "DELETE FROM import_met" };
/* Counts imports. Each import must change a value, because a commit without a changed page is not synced to disk. */
static const struct sql count = {
	"import.count", "INSERT INTO store_info (key, value) VALUES ('imports', '1') "
			"ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(store_info.value AS BIGINT) + 1 AS TEXT)"
};
static const struct sql find = { "import.find", "SELECT line FROM import_met WHERE uuid = $1" };
static const struct sql meet = { "import.meet", "INSERT INTO import_met (uuid, line) VALUES ($1, $2)" };

/* Makes an empty temporary table of this connection, inside a write transaction, because not every database can
 * create such a table outside a write transaction. */
static enum err create_temp_table(struct store *store, struct error *error)
{
	enum err code = store_begin(store, STORE_WRITE, error);

	if (code != ERR_OK)
		return code;
	code = db_run(store->db, &make, NULL, error);
	if (code == ERR_OK)
		code = db_run(store->db, &forget, NULL, error);
	return store_commit_or_rollback(store, code, error);
}

/* If all changed pages fit into the cache, a page that several import lines change is written only once. */
#define IMPORT_PAGE_CACHE_DEFAULT_KIB 4500

static enum err set_cache_size(struct store *store, int64_t kib, struct error *error)
{
	if (store->db->driver->set_cache_size)
		return store->db->driver->set_cache_size(store->db, kib, error);
	if (!kib)
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "memory",
			       "%s is on a server, which manages its own memory; import without --memory", store->path);
}

enum err store_import_start(struct store *store, int64_t pages_kib, struct error *error)
{
	const struct db_driver *driver = store->db->driver;
	enum err code = set_cache_size(
		store, pages_kib || !driver->set_cache_size ? pages_kib : IMPORT_PAGE_CACHE_DEFAULT_KIB, error);

	if (code == ERR_OK)
		code = create_temp_table(store, error);
	if (code == ERR_OK)
		code = driver->set_durable(store->db, false, error);
	if (code == ERR_OK)
		session_texts_defer(store);
	return code;
}

enum err store_import_end(struct store *store, struct error *error)
{
	enum err code = store->db->driver->set_durable(store->db, true, error);

	session_texts_end_defer(store);
	if (code == ERR_OK)
		code = set_cache_size(store, 0, error);
	if (code != ERR_OK)
		return code;
	/* The checkpoint lets the commit below restart the write-ahead log. If a reader prevents the restart, the
	 * commit syncs the log, which has all earlier commits. */
	if (store->db->driver->checkpoint)
		store->db->driver->checkpoint(store->db);
	code = store_begin(store, STORE_WRITE, error);
	if (code != ERR_OK)
		return code;
	store_info_mark_changed(store);
	return store_commit_or_rollback(store, db_run(store->db, &count, NULL, error), error);
}

enum err store_import_mark_seen(struct store *store, const char *uuid, size_t line, size_t *earlier,
				struct error *error)
{
	int64_t found = 0;
	enum err err = db_get_int(store->db, &find, PARAMS(db_text(uuid)), &found, error);

	*earlier = (size_t)found;
	return err || found ? err : db_run(store->db, &meet, PARAMS(db_text(uuid), db_int((int64_t)line)), error);
}
