#include "migrate.h"
#include "kybdesk/base/resource.h"

#include <stdio.h>
#include <string.h>

static const struct resource *migration(int64_t version)
{
	char prefix[64];
	(void)snprintf(prefix, sizeof prefix, "migrations/%04lld_", (long long)version);
	for (size_t i = 0; i < resource_count; i++)
		if (strncmp(resource_table[i].name, prefix, strlen(prefix)) == 0)
			return &resource_table[i];
	return NULL;
}

enum err migrate_check(struct store *store, bool *current, struct error *error)
{
	int64_t version = 0;
	enum err err = store->db->driver->get_schema_version(store->db, &version, error);
	if (err)
		return err;
	if (version > STORE_SCHEMA_VERSION)
		return error_set(error, ERR_STORE,
				 "store %s was written by a newer kybdesk (schema %lld; this one knows %d); "
				 "use the newer program",
				 store->path, (long long)version, STORE_SCHEMA_VERSION);
	*current = version == STORE_SCHEMA_VERSION;
	if (!*current && store->readonly)
		return error_set(
			error, ERR_STORE,
			"store %s has an older schema (%lld of %d); open it once for writing to upgrade it",
			store->path, (long long)version, STORE_SCHEMA_VERSION);
	return ERR_OK;
}

enum err migrate_run(struct store *store, struct error *error)
{
	struct db *db = store->db;
	int64_t version = 0;
	/* Asked again under the write lock: another process may have been faster. */
	enum err err = db->driver->get_schema_version(db, &version, error);
	while (!err && version < STORE_SCHEMA_VERSION) {
		const struct resource *file = migration(++version);
		if (!file)
			BUG("migration %lld is missing from the program", (long long)version);
		/* The table's bytes end with a NUL beyond length. */
		err = db->driver->run_script(db, (const char *)file->bytes, error);
		if (err)
			error_prefix(error, "%s", file->name);
		else
			err = db->driver->set_schema_version(db, version, error);
	}
	return err;
}
