#include "migrate.h"
#include "kybdesk/base/resource.h"

#include <stdio.h>
#include <string.h>

static const struct resource *migration(const struct db_driver *driver, int64_t version)
{
	char prefix[64];
	(void)snprintf(prefix, sizeof prefix, "%s/%04lld_", driver->migrations, (long long)version);
	for (size_t i = 0; i < resource_count; i++)
		if (strncmp(resource_table[i].name, prefix, strlen(prefix)) == 0)
			return &resource_table[i];
	return NULL;
}

/* The result of all migrations as one script; NULL if missing (src/tools/whole_schema.c makes it). */
static const struct resource *whole(const struct db_driver *driver)
{
	char name[64];
	(void)snprintf(name, sizeof name, "%s/whole.sql", driver->migrations);
	return resource_embedded(name);
}

/* The schema version before the first migration of this driver: PostgreSQL, supported later, begins with a later
 * version. */
static int64_t before_first(const struct db_driver *driver)
{
	int64_t version = 1;

	while (version < STORE_SCHEMA_VERSION && !migration(driver, version))
		version++;
	return version - 1;
}

enum err migrate_check(struct store *store, bool *current, struct error *error)
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

const char *migrate_name(const struct store *store, struct arena *arena, int64_t version)
{
	const struct resource *file = migration(store->db->driver, version);
	const char *name;

	if (!file)
		BUG("migration %lld is missing from the program", (long long)version);
	name = strrchr(file->name, '/') + 1;
	return arena_strndup(arena, name, strcspn(name, "."));
}

static enum err run_file(struct db *db, const struct resource *file, int64_t version, struct error *error)
{
	/* The table of resources ends each file with a NUL after its length. */
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
	/* The version is read again under the write lock: another process may have migrated the database
	 * meanwhile. */
	enum err err = db->driver->get_schema_version(db, &version, error);
	if (!err && !version && whole(db->driver))
		return run_file(db, whole(db->driver), STORE_SCHEMA_VERSION, error);
	if (!err && !version)
		version = before_first(db->driver);
	while (!err && version < STORE_SCHEMA_VERSION) {
		const struct resource *file = migration(db->driver, ++version);
		if (!file)
			BUG("migration %lld is missing from the program", (long long)version);
		err = run_file(db, file, version, error);
	}
	return err;
}

/* --- the schema of the migrations, in a separate database --- */

struct model {
	struct store store;
	struct db_object *objects;
	size_t count;
};

static enum err model_fill(struct model *model, struct arena *arena, struct error *error)
{
	struct db *db = model->store.db;
	enum err err = db_begin(db, DB_WRITE, error);

	if (err)
		return err;
	err = migrate_run(&model->store, error);
	if (!err)
		err = db->driver->objects(db, arena, &model->objects, &model->count, error);
	db_rollback(db);
	return err;
}

static const struct db_object *find_object(const struct db_object *items, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(items[i].name, name))
			return &items[i];
	}
	return NULL;
}

enum err store_schema_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			    struct error *error)
{
	struct model model = { 0 };
	struct db_object *objects = NULL;
	size_t object_count = 0, capacity = 0;
	enum err err = store->db->driver->open_model(store->db, &model.store.db, error);

	*problems = NULL;
	*count = 0;
	if (!err)
		err = model_fill(&model, arena, error);
	if (!err)
		err = store->db->driver->objects(store->db, arena, &objects, &object_count, error);
	for (size_t i = 0; !err && i < model.count; i++) {
		const struct db_object *wanted = &model.objects[i];
		const struct db_object *there = find_object(objects, object_count, wanted->name);

		if (!there)
			*ARENA_PUSH(arena, *problems, *count, capacity) =
				arena_printf(arena, "the %s is missing from the schema", wanted->name);
		else if (strcmp(there->text, wanted->text) != 0)
			*ARENA_PUSH(arena, *problems, *count, capacity) = arena_printf(
				arena, "the %s of the schema differs from this program's schema", wanted->name);
	}
	for (size_t i = 0; !err && i < object_count; i++) {
		if (!find_object(model.objects, model.count, objects[i].name))
			*ARENA_PUSH(arena, *problems, *count, capacity) = arena_printf(
				arena, "the schema has a %s that is unknown to this program", objects[i].name);
	}
	store->db->driver->close_model(model.store.db);
	return err;
}
