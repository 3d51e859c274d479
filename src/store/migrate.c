#include "migrate.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/file.h"
#include "audit/commitment.h"
#include "session_keys.h"
#include "columns.h"
#include "kybdesk/store/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE_TOKENS_SCHEMA_VERSION 54 /* the search text of an older store has masked values as words */

static const struct resource *migration_of(const struct db_driver *driver, int64_t version)
{
	char prefix[64];
	(void)snprintf(prefix, sizeof prefix, "%s/%04lld_", driver->migrations, (long long)version);
	for (size_t i = 0; i < resource_count; i++)
		if (strncmp(resource_table[i].name, prefix, strlen(prefix)) == 0)
			return &resource_table[i];
	return NULL;
}

/* The result of all migrations as one script; NULL if missing (src/tools/whole_schema.c makes it). */
static const struct resource *schema_script(const struct db_driver *driver)
{
	char name[64];
	(void)snprintf(name, sizeof name, "%s/whole.sql", driver->migrations);
	return resource_find_embedded(name);
}

/* The schema version before the first migration of this driver. For PostgreSQL, the first migration has a later
 * version than for SQLite. */
static int64_t base_version(const struct db_driver *driver)
{
	int64_t version = 1;

	while (version < STORE_SCHEMA_VERSION && !migration_of(driver, version))
		version++;
	return version - 1;
}

/* Checks the version of the schema. ERR_STORE if a newer program wrote the schema. *current: whether the schema has
 * the version of this program. */
static enum err migrate_check_version(struct store *store, bool *current, struct error *error)
{
	int64_t version = 0;
	enum err err = store->db->driver->get_schema_version(store->db, &version, error);
	if (err)
		return err;
	if (version < 1)
		return error_set(error, ERR_STORE,
				 "store %s is damaged: its schema has the number %lld, but schemas start at 1; "
				 "stop using it and restore a backup",
				 store->path, (long long)version);
	if (version > STORE_SCHEMA_VERSION)
		return error_set(error, ERR_STORE,
				 "store %s was written by a newer kybdesk (schema %lld; this one knows %d); "
				 "use the newer program",
				 store->path, (long long)version, STORE_SCHEMA_VERSION);
	*current = version == STORE_SCHEMA_VERSION;
	return ERR_OK;
}

/* The name of a migration of this program, for example "0020_reviewer_key", in the arena. */
static const char *migration_name(const struct store *store, struct arena *arena, int64_t version)
{
	const struct resource *file = migration_of(store->db->driver, version);
	const char *name;

	if (!file)
		BUG("migration %lld is missing from the program", (long long)version);
	name = strrchr(file->name, '/') + 1;
	return arena_strndup(arena, name, strcspn(name, "."));
}

static enum err run_script_file(struct db *db, const struct resource *file, int64_t version, struct error *error)
{
	/* A NUL follows the bytes of each file, so they can be used as a text. */
	enum err err = db->driver->run_script(db, (const char *)file->bytes, error);
	if (!err)
		return db->driver->set_schema_version(db, version, error);
	error_prefix(error, "%s", file->name);
	return err;
}

enum err migrate_run(struct store *store, struct error *error)
{
	struct db *db = store->db;
	int64_t version = 0;
	/* The version is read again under the write lock: another process may have migrated the database meanwhile. */
	enum err err = db->driver->get_schema_version(db, &version, error);
	if (!err && !version && schema_script(db->driver))
		return run_script_file(db, schema_script(db->driver), STORE_SCHEMA_VERSION, error);
	if (!err && !version)
		version = base_version(db->driver);
	while (!err && version < STORE_SCHEMA_VERSION) {
		const struct resource *file = migration_of(db->driver, ++version);
		if (!file)
			BUG("migration %lld is missing from the program", (long long)version);
		err = run_script_file(db, file, version, error);
	}
	return err;
}

/* --- the schema of the migrations, in a separate database --- */

struct schema_model {
	struct store store;
	struct db_object *objects;
	size_t count;
};

static enum err fill_schema_model(struct schema_model *schema_model, struct arena *arena, struct error *error)
{
	struct db *db = schema_model->store.db;
	enum err err = db_begin(db, DB_WRITE, error);

	if (err)
		return err;
	err = migrate_run(&schema_model->store, error);
	if (!err)
		err = db->driver->objects(db, arena, &schema_model->objects, &schema_model->count, error);
	db_rollback(db);
	return err;
}

enum err store_schema_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			    struct error *error)
{
	struct schema_model schema_model = { 0 };
	struct db_object *objects = NULL;
	size_t object_count = 0, capacity = 0;
	enum err err = store->db->driver->open_scratch(store->db, &schema_model.store.db, error);

	*problems = NULL;
	*count = 0;
	if (!err)
		err = fill_schema_model(&schema_model, arena, error);
	if (!err)
		err = store->db->driver->objects(store->db, arena, &objects, &object_count, error);
	for (size_t i = 0; !err && i < schema_model.count; i++) {
		const struct db_object *wanted = &schema_model.objects[i];
		const struct db_object *there = ITEM_WITH_TEXT(objects, object_count, name, wanted->name);

		if (!there)
			*ARENA_PUSH(arena, *problems, *count, capacity) =
				arena_printf(arena, "the %s is missing from the schema", wanted->name);
		else if (strcmp(there->text, wanted->text) != 0)
			*ARENA_PUSH(arena, *problems, *count, capacity) = arena_printf(
				arena, "the %s of the schema differs from this program's schema", wanted->name);
	}
	for (size_t i = 0; !err && i < object_count; i++)
		if (!ITEM_WITH_TEXT(schema_model.objects, schema_model.count, name, objects[i].name))
			*ARENA_PUSH(arena, *problems, *count, capacity) = arena_printf(
				arena, "the schema has a %s that is unknown to this program", objects[i].name);
	store->db->driver->close_scratch(schema_model.store.db);
	return err;
}

/* --- upgrades of an older store: permission, backup, migrations, record --- */

#define BACKUPS_MAX 99

/* Uses only columns that exist in every schema version, since the store is not upgraded yet. */
STATEMENT(sql_upgrade_admins, "upgrade.admins",
	  "SELECT name FROM reviewer WHERE role = 'admin' AND disabled_at IS NULL ORDER BY name");

struct upgrade_run {
	struct store *store;
	const struct store_upgrade *options;
	struct arena arena;
	struct store_upgrade_plan plan;
	bool sandbox, is_admin;
	struct strbuf admins;
};

static enum err read_admins(struct upgrade_run *upgrade_run, struct error *error)
{
	const char *actor = upgrade_run->options && upgrade_run->options->actor ? upgrade_run->options->actor : "";
	struct query *query = NULL;
	enum err err = db_query(upgrade_run->store->db, &sql_upgrade_admins, &query, error);

	while (query_fetch_row(&query, &err, error)) {
		upgrade_run->is_admin = upgrade_run->is_admin || !strcmp(row_text_view(query, 0), actor);
		strbuf_addf(&upgrade_run->admins, "%s%s", upgrade_run->admins.len ? ", " : "", row_text_view(query, 0));
	}
	return err;
}

/* Refuses the upgrade if it is not permitted, or if the access is read-only. The program never reads an old schema,
 * so the store cannot be used without the upgrade. */
static enum err check_upgrade_right(const struct upgrade_run *upgrade_run, struct error *error)
{
	const struct store_upgrade *how = upgrade_run->options;
	const struct store *store = upgrade_run->store;
	bool asks_admin = how && how->policy == UPGRADE_ADMIN;
	const char *admins = upgrade_run->admins.len ? upgrade_run->admins.buf : "none";

	if (!store->readonly && how &&
	    (how->policy == UPGRADE_ANY || upgrade_run->sandbox || (asks_admin && upgrade_run->is_admin)))
		return ERR_OK;
	if (!store->readonly && asks_admin)
		return error_set(error, ERR_FORBIDDEN,
				 "%s cannot upgrade store %s; an active admin can upgrade it (active admins: %s)",
				 how->actor, store->path, admins);
	if (upgrade_run->sandbox)
		return error_set(
			error, ERR_STORE,
			"store %s has schema %lld, this program needs %lld. Open it once for writing, or upgrade "
			"it with: kybdesk upgrade",
			store->path, (long long)upgrade_run->plan.from, (long long)upgrade_run->plan.to);
	return error_set(error, ERR_STORE,
			 "store %s has schema %lld, this program needs %lld (active admins: %s). An active admin can "
			 "upgrade the store with: kybdesk upgrade",
			 store->path, (long long)upgrade_run->plan.from, (long long)upgrade_run->plan.to, admins);
}

/* Chooses an unused name next to the store. */
static enum err choose_backup_name(struct upgrade_run *upgrade_run, struct error *error)
{
	const struct store *store = upgrade_run->store;
	struct db_files files = { 0 };
	enum err err = ERR_OK;

	upgrade_run->plan.backup = "";
	if (!store->db->driver->backup)
		return ERR_OK;
	err = store->db->driver->files(store->db, &files, error);
	for (int i = 1; !err && !*upgrade_run->plan.backup; i++) {
		const char *path = arena_printf(&upgrade_run->arena, i > 1 ? "%s-before-%lld-%d" : "%s-before-%lld",
						files.documents, (long long)upgrade_run->plan.to, i);

		if (!file_exists(path))
			upgrade_run->plan.backup = path;
		else if (i == BACKUPS_MAX)
			err = error_set(error, ERR_STORE,
					"store %s has %d backups of earlier upgrades next to it; move them to "
					"another folder",
					store->path, i);
	}
	free(files.documents);
	free(files.key);
	return err;
}

/* As the migration "results" adds alerts. An older schema has no result of another reporter. */
#define NEW_ALERTS(failed, hit)                                                                                        \
	"SELECT s.uuid FROM session AS s WHERE s.status = 'approved' AND EXISTS (SELECT 1 FROM check_result AS c "     \
	"WHERE "                                                                                                       \
	"c.session_id = s.id AND c.kind IN ('watchlist', 'ofac', 'adverse_media', 'crypto', 'register') AND c.status " \
	"<> "                                                                                                          \
	"'waived' AND (" failed " OR (" hit                                                                            \
	" AND NOT EXISTS (SELECT 1 FROM hit AS h WHERE h.check_id = c.id)))) ORDER "                                   \
	"BY s.id"
STATEMENT(sql_new_alerts, "upgrade.alerts",
	  NEW_ALERTS("'failed' IN (c.status, c.beside)", "'hit' IN (c.status, c.beside)"));
STATEMENT(sql_new_alerts_old, "upgrade.alerts_old", NEW_ALERTS("c.status = 'failed'", "c.status = 'hit'"));
enum { SCHEMA_WITH_BESIDE = 30, SCHEMA_WITH_RESULTS = 50 };

static enum err find_new_alerts(struct upgrade_run *run, struct error *error)
{
	struct store_upgrade_plan *plan = &run->plan;
	const struct sql *sql = plan->from < SCHEMA_WITH_BESIDE ? &sql_new_alerts_old : &sql_new_alerts;
	const char **items = NULL;
	size_t capacity = 0;
	struct query *query = NULL;
	enum err err;

	if (run->sandbox || plan->from >= SCHEMA_WITH_RESULTS)
		return ERR_OK;
	err = db_query(run->store->db, sql, &query, error);
	while (query_fetch_row(&query, &err, error))
		*ARENA_PUSH(&run->arena, items, plan->alert_count, capacity) =
			arena_strdup(&run->arena, row_text_view(query, 0));
	plan->alerts = items;
	return err;
}

static enum err make_upgrade_plan(struct upgrade_run *upgrade_run, struct error *error)
{
	struct store_upgrade_plan *plan = &upgrade_run->plan;
	const char **steps;
	const char *sandbox = "";
	enum err err = upgrade_run->store->db->driver->get_schema_version(upgrade_run->store->db, &plan->from, error);

	if (err)
		return err;
	plan->to = STORE_SCHEMA_VERSION;
	steps = arena_alloc_array(&upgrade_run->arena, STORE_SCHEMA_VERSION, sizeof *steps);
	for (int64_t version = plan->from + 1; version <= plan->to; version++)
		steps[plan->count++] = migration_name(upgrade_run->store, &upgrade_run->arena, version);
	plan->steps = steps;
	err = store_info_get(upgrade_run->store, &upgrade_run->arena, "sandbox", &sandbox, error);
	upgrade_run->store->sandbox = upgrade_run->sandbox = !strcmp(sandbox, "1");
	if (!err)
		err = read_admins(upgrade_run, error);
	if (!err)
		err = find_new_alerts(upgrade_run, error);
	return err ? err : choose_backup_name(upgrade_run, error);
}

static bool has_same_columns(const struct db_table *before, const struct db_table *after)
{
	if (!before || !after || before->count != after->count)
		return false;
	for (size_t i = 0; i < before->count; i++)
		if (strcmp(before->columns[i].name, after->columns[i].name) != 0)
			return false;
	return true;
}

struct table_list {
	struct db_table *items;
	size_t count;
};

/* Writes the commitments of all rows of tables with new columns, and of the changed rows of other tables. If the
 * old schema had no commitments, writes the commitments of all rows of all tables. */
static enum err write_row_commitments(struct upgrade_run *upgrade_run, const struct table_list *before,
				      struct error *error)
{
	struct db *db = upgrade_run->store->db;
	bool skip[STORED_TABLES_MAX] = { false };
	struct table_list after = { 0 };
	bool committed;
	enum err err = db->driver->tables(db, &upgrade_run->arena, &after.items, &after.count, error);

	if (err)
		return err;
	for (size_t i = 0; i < stored_table_count; i++)
		skip[i] = has_same_columns(db_table_find(before->items, before->count, stored_tables[i].sql.name),
					   db_table_find(after.items, after.count, stored_tables[i].sql.name));
	committed = db_table_find(before->items, before->count, "row_commitment") != NULL;
	return commitments_write_all(upgrade_run->store, committed ? skip : NULL, error);
}

/* The backup is made under the lock of the upgrade, so no process can write between backup and upgrade. */
static enum err upgrade_under_lock(struct upgrade_run *upgrade_run, struct error *error)
{
	struct store *store = upgrade_run->store;
	const struct store_upgrade *how = upgrade_run->options;
	const struct store_upgrade_plan *plan = &upgrade_run->plan;
	struct table_list before = { 0 };
	int64_t version = 0;
	enum err err = store->db->driver->get_schema_version(store->db, &version, error);

	if (!err && version != plan->from)
		return version == plan->to
			       ? ERR_OK
			       : error_set(error, ERR_CONFLICT,
					   "store %s was upgraded by another program at this moment; try again",
					   store->path);
	if (!err && *plan->backup)
		err = store->db->driver->backup(store->db, plan->backup, error);
	if (!err)
		err = store->db->driver->tables(store->db, &upgrade_run->arena, &before.items, &before.count, error);
	if (!err)
		err = migrate_run(store, error);
	if (!err && plan->from < KEYS_SCHEMA_VERSION)
		err = session_keys_fill_all(store, error);
	if (!err && plan->from < WHOLE_TOKENS_SCHEMA_VERSION)
		err = store_text_index_rebuild(store, &version, error);
	if (!err)
		err = write_row_commitments(upgrade_run, &before, error);
	if (!err && how->on_upgrade)
		err = how->on_upgrade(how->context, store, plan, error);
	return err;
}

static enum err run(struct upgrade_run *upgrade_run, struct error *error)
{
	struct store *store = upgrade_run->store;
	const struct store_upgrade *how = upgrade_run->options;
	enum err err = make_upgrade_plan(upgrade_run, error);

	if (!err)
		err = check_upgrade_right(upgrade_run, error);
	if (!err && how->on_plan)
		err = how->on_plan(how->context, &upgrade_run->plan, error);
	if (!err)
		err = store_begin(store, STORE_WRITE, error);
	if (err)
		return err;
	err = store_commit_or_rollback(store, upgrade_under_lock(upgrade_run, error), error);
	/* After the upgrade of a large store the write-ahead log is large. Without a checkpoint, the next process
	 * would have to read the whole log before its first read of the store. */
	if (!err)
		store_maintain(store);
	return err;
}

enum err store_upgrade(struct store *store, const struct store_upgrade *how, struct error *error)
{
	struct upgrade_run upgrade_run = { .store = store, .options = how, .admins = STRBUF_INIT };
	bool current = false;
	enum err err = migrate_check_version(store, &current, error);

	if (!err && !current)
		err = run(&upgrade_run, error);
	strbuf_release(&upgrade_run.admins);
	arena_release(&upgrade_run.arena);
	return err;
}
