/* Reads the objects and the version of a store's schema. The version is in kybdesk_store, the driver's own
 * table. */
#include "postgresql_internal.h"

enum err postgresql_get_schema_version(struct db *base, int64_t *version, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;

	*version = base->writing ? db->schema : 0;
	if (*version)
		return ERR_OK;
	return db->is_store ? postgresql_number(db, "SELECT version FROM kybdesk_store", version, error) : ERR_OK;
}

/* Runs in the migration's transaction, so that version and identity are stored together with the tables or not at
 * all. */
enum err postgresql_set_schema_version(struct db *base, int64_t version, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	struct strbuf text = STRBUF_INIT;
	enum err err;

	strbuf_addf(&text,
		    "CREATE TABLE IF NOT EXISTS kybdesk_store (one BIGINT PRIMARY KEY CHECK (one = 1), "
		    "version BIGINT NOT NULL, changes BIGINT NOT NULL, "
		    "files UUID NOT NULL DEFAULT gen_random_uuid()); "
		    "INSERT INTO kybdesk_store (one, version, changes) VALUES (1, %lld, 0) "
		    "ON CONFLICT (one) DO UPDATE SET version = excluded.version",
		    (long long)version);
	err = postgresql_run(db, text.buf, error);
	strbuf_release(&text);
	db->schema = 0;
	if (!err)
		db->is_store = db->changed = true;
	return err;
}

/* Omits the name of the schema, because a model has another name. */
static const char object_list[] =
	"SELECT what, replace(text, current_schema() || '.', '') FROM ("
	"SELECT 'column ' || c.relname || '.' || a.attname AS what, format_type(a.atttypid, a.atttypmod) || "
	"CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || CAST(a.attgenerated AS text) || CAST(a.attidentity "
	"AS text) || coalesce(' ' || "
	"pg_get_expr(d.adbin, d.adrelid), '') || ' ' || CAST(a.attcollation::regcollation AS text) AS text "
	"FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND "
	"d.adnum = a.attnum WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum "
	"> 0 "
	"AND NOT a.attisdropped "
	"UNION ALL SELECT 'constraint ' || conname || ' of ' || conrelid::regclass, pg_get_constraintdef(oid) "
	"FROM pg_constraint WHERE connamespace = current_schema()::regnamespace "
	"UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
	"UNION ALL SELECT 'table ' || tablename, '' FROM pg_tables WHERE schemaname = current_schema() "
	"UNION ALL SELECT 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) || CAST(t.tgenabled AS text) FROM "
	"pg_trigger t JOIN "
	"pg_class c "
	"ON c.oid = t.tgrelid WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal "
	"UNION ALL SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc "
	"WHERE pronamespace = current_schema()::regnamespace "
	"UNION ALL SELECT 'view ' || viewname, definition FROM pg_views WHERE schemaname = current_schema()"
	") AS object ORDER BY what COLLATE \"C\"";

enum err postgresql_objects(struct db *base, struct arena *arena, struct db_object **items, size_t *count,
			    struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	PGresult *result;
	size_t capacity = 0;
	enum err err = postgresql_rows(db, "the schema", object_list, &result, error);

	*items = NULL;
	*count = 0;
	for (int i = 0; !err && i < pq.ntuples(result); i++)
		*ARENA_PUSH(arena, *items, *count, capacity) = (struct db_object){
			.name = arena_strdup(arena, pq.getvalue(result, i, 0)),
			.text = arena_strdup(arena, pq.getvalue(result, i, 1)),
		};
	pq.clear(result);
	return err;
}

/* Reports a standby, a read-only database, or a missing right. The server's free space is not checked. */
enum err postgresql_check_writable(struct db *base, struct error *error)
{
	static const char question[] =
		"SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' OR NOT "
		"has_table_privilege('audit_event', 'INSERT')";
	struct postgresql_db *db = (struct postgresql_db *)base;
	PGresult *result = postgresql_exec(db, question);
	enum err err = ERR_OK;

	if (pq.resultStatus(result) != PGRES_TUPLES_OK || pq.ntuples(result) != 1)
		err = postgresql_failed(db, "the test of write access", result, error);
	else if (*pq.getvalue(result, 0, 0) != 'f')
		err = error_set(error, ERR_STORE, "The server accepts no changes to store %s", db->shown);
	pq.clear(result);
	return err;
}

/* The server's own tools (pg_amcheck, checksums) check the pages of tables and indexes. This check finds what these
 * tools do not find: invalid indexes, and constraints that were not validated. */
static const char problem_list[] =
	"SELECT 'the index ' || indexrelid::regclass || ' is not complete; rebuild it with REINDEX' FROM pg_index "
	"i "
	"JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace AND NOT "
	"(i.indisvalid AND i.indisready) "
	"UNION ALL SELECT 'the constraint ' || conname || ' of ' || conrelid::regclass || ' was never checked' "
	"FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated ORDER BY 1";

enum err postgresql_integrity(struct db *base, struct arena *arena, const char ***problems, size_t *count,
			      struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	PGresult *result;
	size_t capacity = 0;
	enum err err = postgresql_rows(db, "the reading of the schema", problem_list, &result, error);

	*problems = NULL;
	*count = 0;
	for (int i = 0; !err && i < pq.ntuples(result); i++)
		*ARENA_PUSH(arena, *problems, *count, capacity) = arena_strdup(arena, pq.getvalue(result, i, 0));
	pq.clear(result);
	return err;
}

/* A store on a server has no files next to it, and backups of the server must not contain the key. So each machine
 * keeps the key in a file that is named after the store. */
enum err postgresql_files(struct db *base, struct db_files *out, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	const char *data = world_environment(db->world, "XDG_DATA_HOME");
	const char *home = world_environment(db->world, "HOME");
	PGresult *result = postgresql_exec(db, "SELECT files FROM kybdesk_store");
	struct strbuf place = STRBUF_INIT;
	enum err err = ERR_OK;

	*out = (struct db_files){ 0 };
	if (pq.resultStatus(result) != PGRES_TUPLES_OK || pq.ntuples(result) != 1)
		err = postgresql_failed(db, "the folder of its files", result, error);
	else if (data && *data == '/')
		strbuf_addf(&place, "%s", data);
	else if (home && *home == '/')
		strbuf_addf(&place, "%s/.local/share", home);
	else
		err = error_set(error, ERR_STORE,
				"store %s has no place for its key: neither XDG_DATA_HOME nor HOME names a folder",
				db->shown);
	if (!err) {
		strbuf_addf(&place, "/kybdesk/%s", pq.getvalue(result, 0, 0));
		out->key = xstrdup(place.buf);
	}
	pq.clear(result);
	strbuf_release(&place);
	return err;
}
