#include "kybdesk/store/store.h"
#include "audit/audit_chain.h"
#include "audit/commitment.h"
#include "list/list_plan.h"
#include "migrate.h"
#include "rows.h"
#include "kybdesk/base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DOCUMENTS_SUFFIX "-documents"

const struct db_driver *store_driver(const char *path)
{
	if (!strncmp(path, "postgresql://", 13) || !strncmp(path, "postgres://", 11))
		return &db_driver_postgresql;
	return &db_driver_sqlite;
}

static enum err check_path(const char *path, struct error *error)
{
	if (!path || !*path)
		return error_set(error, ERR_STORE, "the path of the store is empty; give one with --store PATH");
	if (store_driver(path) == &db_driver_sqlite && path[strlen(path) - 1] == '/')
		return error_set(error, ERR_STORE, "%s is a folder; give the path of the store's file", path);
	return ERR_OK;
}

static enum err write_identity(struct store *store, bool sandbox, struct error *error)
{
	char id[UUID_TEXT_SIZE];
	char created_at[TIME_TEXT_SIZE];
	uuid_new(store->world, id);
	time_format(world_now_ms(store->world), created_at);
	enum err err = store_info_set(store, "id", id, error);
	if (!err)
		err = store_info_set(store, "sandbox", sandbox ? "1" : "0", error);
	if (!err)
		err = store_info_set(store, "created_at", created_at, error);
	if (err)
		return err;
	memcpy(store->id, id, sizeof store->id);
	struct link_key key;
	err = store_get_link_key(store, true, &key, error);
	secret_wipe(&key, sizeof key);
	return err;
}

static enum err read_identity(struct store *store, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *value = "";
	enum err err = store_info_get(store, &arena, "id", &value, error);
	if (!err && strlen(value) != sizeof store->id - 1)
		err = error_set(error, ERR_STORE, "store %s is damaged: it has lost its id; restore a backup",
				store->path);
	if (!err) {
		memcpy(store->id, value, sizeof store->id);
		err = store_info_get(store, &arena, "sandbox", &value, error);
	}
	if (!err)
		store->sandbox = strcmp(value, "1") == 0;
	arena_release(&arena);
	return err;
}

/* The real path of the store's file determines the paths of the documents folder and the key file, even if the
 * store is opened through a link. */
static enum err find_store_files(struct store *store, const char *final_path, struct error *error)
{
	struct strbuf folder = STRBUF_INIT, key = STRBUF_INIT;
	struct db_files files = { .documents = final_path ? xstrdup(final_path) : NULL,
				  .key = final_path ? xstrdup(final_path) : NULL };
	enum err err = final_path ? ERR_OK : store->db->driver->files(store->db, &files, error);

	if (!err && files.documents) {
		strbuf_addf(&folder, "%s" DOCUMENTS_SUFFIX, files.documents);
		store->documents_folder = strbuf_detach(&folder);
	}
	if (!err) {
		strbuf_addf(&key, "%s" KEY_SUFFIX, files.key);
		store->key_file = strbuf_detach(&key);
	}
	free(files.documents);
	free(files.key);
	return err;
}

static enum err make_folder(const char *path, struct error *error)
{
	struct arena arena = ARENA_INIT;
	enum err err = folder_make(path_folder(&arena, path), error);
	arena_release(&arena);
	return err;
}

/* Writes tables, version, identity and the caller's rows in one transaction: a crash leaves an empty database, which is
 * not a store, and which the next init fills. If two inits run at once, the second finds a store and is refused. */
static enum err initialize_store(struct store *store, const struct store_options *options, struct error *error)
{
	int64_t version = 0;
	enum err err = store_begin(store, STORE_WRITE, error);
	if (err)
		return err;
	err = store->db->driver->get_schema_version(store->db, &version, error);
	if (!err && version != 0)
		err = error_set(error, ERR_STORE, "There is a store at %s already; nothing was changed", store->path);
	if (!err)
		err = migrate_run(store, error);
	if (!err && !options->creates_copy)
		err = commitments_write_all(store, NULL, error);
	if (!err)
		err = find_store_files(store, options->final_path, error);
	if (!err)
		err = make_folder(store->key_file, error);
	if (!err && !options->creates_copy)
		err = write_identity(store, options->create_sandbox, error);
	if (!err && !options->creates_copy)
		err = read_identity(store, error);
	if (!err && options->on_create)
		err = options->on_create(options->context, store, error);
	return store_commit_or_rollback(store, err, error);
}

enum err store_open(const struct store_options *options, struct store **out, struct error *error)
{
	struct store *store = NULL;
	*out = NULL;
	enum err err = check_path(options->path, error);
	const struct db_driver *driver;
	if (err)
		return err;
	driver = store_driver(options->path);
	if (options->create && driver == &db_driver_sqlite)
		err = make_folder(options->path, error);
	if (err)
		return err;
	store = xcalloc(1, sizeof *store);
	store->lists = list_bounds_default;
	store->world = options->world ? options->world : world_real();
	store->path = driver->display_path(options->final_path ? options->final_path : options->path);
	store->readonly = options->readonly;
	store->reads_json = options->reads_json;
	const struct db_options db_options = {
		.path = options->path,
		.create = options->create,
		.readonly = options->readonly,
		.busy_timeout_ms = options->busy_timeout_ms,
		.world = store->world,
		.group = options->group,
		.process = options->process,
	};
	err = db_open(driver, &db_options, &store->db, error);
	if (!err && !options->readonly)
		store->db->capture = &table_capture;
	if (!err && !options->create)
		err = find_store_files(store, NULL, error);
	if (!err)
		err = options->create ? initialize_store(store, options, error)
				      : store_upgrade(store, options->upgrade, error);
	if (!err && options->create && store->documents_folder)
		err = folder_make(store->documents_folder, error);
	if (!err)
		err = read_identity(store, error);
	if (!err && !options->readonly)
		err = store_check_usable(store, false, error);
	if (err) {
		store_close(store);
		return err;
	}
	store->verifies_schema = true;
	*out = store;
	return ERR_OK;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	bytes_close(store);
	session_texts_end_defer(store);
	commitments_close(store);
	audit_close(store);
	db_close(store->db);
	arena_release(&store->word_arena);
	store_info_clear_cache(store);
	merchant_cache_clear(store);
	free(store->documents_folder);
	free(store->key_file);
	free(store->path);
	free(store);
}

const char *store_intern_word(struct store *store, const char *word)
{
	for (size_t i = 0; i < store->word_count; i++)
		if (strcmp(store->word_list[i], word) == 0)
			return store->word_list[i];
	const char *kept = arena_strdup(&store->word_arena, word);
	*ARENA_PUSH(&store->word_arena, store->word_list, store->word_count, store->word_capacity) = kept;
	return kept;
}

enum err report_damaged_row(const struct store *store, const char *table, int64_t row, const char *column,
			    struct error *error)
{
	return error_set(error, ERR_STORE,
			 "store %s is damaged: %s %lld has a %s that is not valid; stop using it and restore a backup",
			 store->path, table, (long long)row, column);
}

/* A newer program may upgrade the store while this program is running. This program does not know the new schema,
 * so it must not write any more. */
static enum err check_schema(struct store *store, struct error *error)
{
	int64_t version = 0;
	enum err err = store->db->driver->get_schema_version(store->db, &version, error);

	if (err || version == STORE_SCHEMA_VERSION)
		return err;
	store->is_outdated = true;
	return error_set(
		error, ERR_STORE,
		"store %s was upgraded (schema %lld; this program knows %d). Nothing was changed; end this program "
		"and start the newer one",
		store->path, (long long)version, STORE_SCHEMA_VERSION);
}

static enum err check_store_not_moved(struct store *store, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *where = "";
	enum err err = store_info_get(store, &arena, STORE_INFO_MOVED, &where, error);

	if (!err && *where) {
		store->is_outdated = true;
		err = error_set(error, ERR_STORE,
				"The store %s was moved to %s. Open the new store, or this one with --readonly",
				store->path, where);
	}
	arena_release(&arena);
	return err;
}

enum err store_check_usable(struct store *store, bool writes, struct error *error)
{
	enum err err = check_schema(store, error);

	if (!err)
		err = check_store_not_moved(store, error);
	if (err || !writes)
		return err;
	if (store->readonly)
		return error_set(error, ERR_STORE, "The store %s is open for reading only", store->path);
	if (store->documents_folder)
		err = folder_check_space(store->documents_folder, error);
	return err ? err : store->db->driver->check_writable(store->db, error);
}

enum err store_begin(struct store *store, enum store_begin mode, struct error *error)
{
	/* Within db_begin_hold(), the new transaction is a savepoint, which may be rolled back alone: so the
	 * commitments of earlier changes are written before it begins. */
	enum err err = store->db->open_hold_count ? commitments_write(store, error) : ERR_OK;

	if (!err)
		err = db_begin(store->db,
			       mode == STORE_WRITE		? DB_WRITE
			       : mode == STORE_WRITE_CONCURRENT ? DB_WRITE_CONCURRENT
								: DB_READ,
			       error);

	if (!store->db->open_hold_count) {
		store->compared_owner_count = 0;
		commitments_reset_owners(store);
	} else if (!err) {
		session_texts_begin_savepoint(store);
	}
	if (err || mode != STORE_WRITE || store->db->open_hold_count || !store->verifies_schema)
		return err;
	err = store_check_usable(store, false, error);
	if (err)
		db_rollback(store->db);
	return err;
}

enum err store_commit(struct store *store, struct error *error)
{
	enum err err = store->db->open_hold_count ? ERR_OK : session_texts_write(store, error);

	if (!err && store->db->writing)
		err = commitments_write(store, error);
	if (!err)
		return db_commit(store->db, error);
	store_rollback(store);
	return err;
}

enum err store_commit_or_rollback(struct store *store, enum err err, struct error *error)
{
	if (!err)
		return store_commit(store, error);
	store_rollback(store);
	return err;
}

void store_rollback(struct store *store)
{
	if (!store->db->open_hold_count)
		session_texts_discard(store);
	else if (store->db->depth > store->db->open_hold_count)
		session_texts_undo_savepoint(store);
	audit_drop_pending_record(store);
	db_rollback(store->db);
}

bool store_owns_path(struct store *store, const char *path)
{
	struct arena arena = ARENA_INIT;
	const char *real = path_real(&arena, path),
		   *own = store->documents_folder ? path_real(&arena, store->documents_folder) : NULL;
	size_t length = own ? strlen(own) : 0;
	bool owns = real && own && !strncmp(real, own, length) && (!real[length] || real[length] == '/');

	arena_release(&arena);
	return owns || (store->key_file && file_is_same(path, store->key_file)) ||
	       (store->db->driver->owns_file && store->db->driver->owns_file(store->db, path));
}

bool store_is_owned_by_user(const struct store *store)
{
	const char *path = store->documents_folder ? store->path : store->key_file;
	struct arena arena = ARENA_INIT;
	struct stat status;
	bool own = (stat(path, &status) == 0 || stat(path_folder(&arena, path), &status) == 0) &&
		   status.st_uid == geteuid();

	arena_release(&arena);
	return own;
}

enum err store_begin_hold(struct store *store, struct error *error)
{
	bool within = store->db->open_hold_count > 0;
	enum err err = within ? commitments_write(store, error) : ERR_OK;

	if (!err)
		err = db_begin_hold(store->db, DB_WRITE, error);
	if (within) {
		if (!err)
			session_texts_begin_savepoint(store);
		return err;
	}
	store->compared_owner_count = 0;
	commitments_reset_owners(store);
	if (!err && store->verifies_schema && (err = store_check_usable(store, false, error)) &&
	    db_end_hold(store->db, false, NULL))
		BUG("the rollback of a held transaction failed");
	if (!err)
		session_texts_begin_hold(store);
	return err;
}

enum err store_end_hold(struct store *store, bool keep, struct error *error)
{
	bool within = store->db->open_hold_count > 1;
	enum err err = keep && !within ? session_texts_write(store, error) : ERR_OK, ended;

	if (!err && keep)
		err = commitments_write(store, error);
	if (within && (err || !keep))
		session_texts_undo_savepoint(store);
	ended = db_end_hold(store->db, keep && !err, err ? NULL : error);
	audit_drop_pending_record(store);
	if (!within) {
		session_texts_end_hold(store);
		secret_wipe(&store->cached_key, sizeof store->cached_key);
	}
	return err ? err : ended;
}

bool store_has_hold(const struct store *store)
{
	return store->db->open_hold_count > 0;
}

bool store_may_have_waiters(struct store *store)
{
	const struct db_driver *driver = store->db->driver;

	return !driver->blocks_writers || driver->blocks_writers(store->db);
}

int64_t store_data_version(struct store *store)
{
	return store->db->driver->data_version(store->db);
}

void store_maintain(struct store *store)
{
	if (!store->db->open_hold_count && store->db->driver->maintain)
		store->db->driver->maintain(store->db);
}

const char *store_describe_library(struct store *store, struct arena *arena)
{
	return store ? store->db->driver->library(store->db, arena) : db_driver_postgresql.library(NULL, arena);
}

enum err store_check_integrity(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			       struct error *error)
{
	return store->db->driver->check_integrity(store->db, arena, problems, count, error);
}

enum err row_list_load(const struct column_query *of, const struct db_params *params, struct row_list *out,
		       struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(of->store->db, of->sql, params, &query, error);

	*out = (struct row_list){ 0 };
	while (query_fetch_row(&query, &err, error))
		*ARENA_PUSH(of->arena, out->items, out->count, capacity) = row_int(query, 0);
	return err;
}

enum err text_list_load(const struct column_query *of, const struct db_params *params, const char ***items,
			size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(of->store->db, of->sql, params, &query, error);

	*items = NULL;
	*count = 0;
	while (query_fetch_row(&query, &err, error))
		*ARENA_PUSH(of->arena, *items, *count, capacity) = row_text(query, 0, of->arena);
	return err;
}
