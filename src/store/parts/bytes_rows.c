/*
 * The rules of bytes.h for bytes in the database: put stores the bytes with a mark of this store object, in a
 * separate transaction; the transaction of the row removes the mark and checks that the bytes exist; erase does not
 * delete marked bytes.
 */
#include "bytes_rows.h"
#include "rows.h"

#include <stdio.h>
#include <string.h>

#define PART_SIZE ((size_t)1 << 20)

static const struct db_documents *documents_of(const struct store *store)
{
	return store->db->driver->documents;
}

static enum err run_marked(struct store *store, const struct sql *sql, const char *sha256, struct error *error)
{
	return db_run(store->db, sql, PARAMS(db_text(sha256), db_text(bytes_of(store)->owner)), error);
}

static enum err write_bytes(struct store *store, const struct content *content, struct error *error)
{
	return db_run(store->db, &documents_of(store)->put,
		      PARAMS(db_text(content->sha256), db_blob(content->bytes, content->length)), error);
}

enum err bytes_rows_import(struct store *store, const struct content *content, struct error *error)
{
	return write_bytes(store, content, error);
}

/* Runs once per store object, at its first put: removes the marks of killed processes, and the bytes that no row
 * references. */
static enum err sweep(struct store *store, struct arena *arena, struct error *error)
{
	const struct first_column forgotten = { store, &documents_of(store)->forget, arena };
	struct bytes *bytes = bytes_of(store);
	const char **hashes = NULL;
	size_t count = 0;
	enum err err;

	if (bytes->swept)
		return ERR_OK;
	err = text_list_load(&forgotten, PARAMS(db_int((int64_t)bytes->left_over_s * 1000)), &hashes, &count,
			     error);
	for (size_t i = 0; !err && i < count; i++)
		err = store_bytes_erase(store, hashes[i], error);
	bytes->swept = !err;
	return err;
}

static enum err put_marked(struct store *store, const struct content *content, struct error *error)
{
	struct arena arena = ARENA_INIT;
	enum bytes_state state = BYTES_MISSING;
	enum err err = run_marked(store, &documents_of(store)->mark, content->sha256, error);

	if (!err)
		err = bytes_rows_state(store, content->sha256, &state, error);
	if (!err && state != BYTES_WHOLE)
		err = write_bytes(store, content, error);
	if (!err)
		err = sweep(store, &arena, error);
	arena_release(&arena);
	return err;
}

enum err bytes_rows_put(struct store *store, const struct content *content, struct error *error)
{
	struct bytes *bytes = bytes_of(store);
	enum err err = store_begin(store, STORE_WRITE, error);

	if (err)
		return err;
	/* Uses real random numbers instead of the store's world: two trials with the same seed may share a
	 * store. */
	if (!*bytes->owner)
		uuid_new(world_real(), bytes->owner);
	err = put_marked(store, content, error);
	if (!err)
		bytes->marked = true;
	return store_end(store, err, error);
}

enum err bytes_rows_hold(struct store *store, const char *sha256, struct error *error)
{
	enum bytes_state state = BYTES_WHOLE;
	enum err err;

	if (!bytes_of(store)->marked)
		return ERR_OK;
	err = run_marked(store, &documents_of(store)->unmark, sha256, error);
	/* This store object did not put the bytes, or their mark is removed already. */
	if (err || !store->db->driver->changed_rows(store->db))
		return err;
	err = bytes_rows_state(store, sha256, &state, error);
	if (err || state == BYTES_WHOLE)
		return err;
	return error_set(error, ERR_STORE,
			 "store %s lost the bytes of a document while the document was being added; nothing was "
			 "changed, try again",
			 store->path);
}

static enum err let_go(struct store *store, const char *const *items, size_t count)
{
	enum err err = store_begin(store, STORE_WRITE, NULL);

	if (err)
		return err;
	for (size_t i = 0; !err && i < count; i++) {
		err = run_marked(store, &documents_of(store)->unmark, items[i], NULL);
		if (!err)
			err = store_bytes_erase(store, items[i], NULL);
	}
	return store_end(store, err, NULL);
}

/* Failures are ignored: a later sweep finds the bytes. */
void bytes_rows_release(struct store *store)
{
	struct arena arena = ARENA_INIT;
	const struct first_column marked = { store, &documents_of(store)->marked, &arena };
	const char **items = NULL;
	size_t count = 0;

	if (!store->bytes->marked || store->db->depth)
		return;
	if (!text_list_load(&marked, PARAMS(db_text(bytes_of(store)->owner)), &items, &count, NULL) &&
	    (!count || !let_go(store, items, count)))
		store->bytes->marked = false;
	arena_release(&arena);
}

static enum err read_part(struct store *store, const char *sha256, struct strbuf *out, size_t start, bool *there,
			  struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	enum err err = db_select(
		store->db, &documents_of(store)->part,
		PARAMS(db_text(sha256), db_int((int64_t)(out->len - start) + 1), db_int((int64_t)PART_SIZE)),
		&query, error);

	*there = query_row(&query, &err, error);
	if (!err && *there) {
		size_t length = 0;
		const void *bytes = row_blob(query, 0, &arena, &length);

		strbuf_add(out, bytes, length);
	}
	arena_release(&arena);
	query_end(query);
	return err;
}

enum err bytes_rows_get(struct store *store, const char *sha256, struct strbuf *out, struct error *error)
{
	size_t start = out->len, before;
	bool there = false;
	enum err err;

	do {
		before = out->len;
		err = read_part(store, sha256, out, start, &there, error);
	} while (!err && there && out->len - before == PART_SIZE && out->len - start <= BYTES_MAX);
	if (!err && !there)
		err = error_set(error, ERR_STORE,
				"a document's bytes are missing in store %s; restore them from a backup",
				store->path);
	return err;
}

enum err bytes_rows_state(struct store *store, const char *sha256, enum bytes_state *out, struct error *error)
{
	struct known_file *known = bytes_known_slot(store, sha256);
	struct query *query = NULL;
	/* A row that was intact and is unchanged since needs no second check. */
	const char *version = !strcmp(known->sha256, sha256) ? known->version : "";
	enum err err = db_select(store->db, &documents_of(store)->state, PARAMS(db_text(sha256), db_text(version)),
				 &query, error);

	*out = BYTES_MISSING;
	if (query_row(&query, &err, error))
		*out = row_int(query, 0) ? BYTES_WHOLE : BYTES_ALTERED;
	if (!err && *out == BYTES_WHOLE) {
		memcpy(known->sha256, sha256, sizeof known->sha256);
		(void)snprintf(known->version, sizeof known->version, "%s", row_view(query, 1));
	}
	query_end(query);
	return err;
}

enum err bytes_rows_erase(struct store *store, const char *sha256, struct error *error)
{
	return db_run(store->db, &documents_of(store)->erase, PARAMS(db_text(sha256)), error);
}
