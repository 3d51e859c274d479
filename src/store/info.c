/* The table store_info: the store's identity and settings. Each transaction reads the table at most once. */
#include "rows.h"
#include "columns.h"

#include <string.h>

STATEMENT(sql_all, "info.all", "SELECT key, value FROM store_info");
STATEMENT(sql_get, "info.get", "SELECT value FROM store_info WHERE key = $1");
STATEMENT(sql_set, "info.set",
	  "INSERT INTO store_info (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = "
	  "excluded.value");

void store_info_clear_cache(struct store *store)
{
	struct cached_info *kept = &store->cached_info;

	arena_release(&kept->arena);
	*kept = (struct cached_info){ .arena = ARENA_INIT };
}

static enum err read_all(struct store *store, struct error *error)
{
	struct cached_info *kept = &store->cached_info;
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err;

	store_info_clear_cache(store);
	err = db_select(store->db, &sql_all, NULL, &query, error);
	while (query_fetch_row(&query, &err, error)) {
		struct store_info_item *item = ARENA_PUSH(&kept->arena, kept->items, kept->count, capacity);

		item->key = row_text(query, 0, &kept->arena);
		item->value = row_text(query, 1, &kept->arena);
	}
	if (!err)
		kept->state = store->db->state;
	return err;
}

static enum err get_cached_value(struct store *store, struct arena *arena, const char *key, const char **value,
				 struct error *error)
{
	struct cached_info *kept = &store->cached_info;
	enum err err = kept->state == store->db->state ? ERR_OK : read_all(store, error);

	for (size_t i = 0; !err && i < kept->count; i++)
		if (!strcmp(kept->items[i].key, key))
			*value = arena_strdup(arena, kept->items[i].value);
	return err;
}

enum err store_info_get(struct store *store, struct arena *arena, const char *key, const char **value,
			struct error *error)
{
	struct query *query = NULL;
	enum err err;

	*value = "";
	if (store->db->depth)
		return get_cached_value(store, arena, key, value, error);
	err = db_select(store->db, &sql_get, PARAMS(db_text(key)), &query, error);
	if (query_fetch_row(&query, &err, error))
		*value = row_text(query, 0, arena);
	query_end(query);
	return err;
}

/* SQLite does not report changes of a table without row ids, so the store records this change itself. */
void store_info_mark_changed(struct store *store)
{
	store_info_clear_cache(store);
	db_touch(store->db, "store_info", 0);
}

enum err store_info_set(struct store *store, const char *key, const char *value, struct error *error)
{
	store_info_mark_changed(store);
	return db_run(store->db, &sql_set, PARAMS(db_text(key), db_text(value)), error);
}
