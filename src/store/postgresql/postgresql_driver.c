#include "postgresql_internal.h"

static struct postgresql_db *of(struct db *db)
{
	return (struct postgresql_db *)db;
}

static enum err run_script(struct db *base, const char *script, struct error *error)
{
	struct postgresql_db *db = of(base);

	db->changed = true;
	return postgresql_run(db, script, error);
}

static int64_t changed_rows(struct db *db)
{
	postgresql_settle(of(db));
	return of(db)->affected;
}

/* The server maintains its own log and files. */
static void maintain(struct db *db)
{
	(void)db;
}

static bool checkpoint(struct db *base)
{
	maintain(base);
	return true;
}

static enum err set_durable(struct db *db, bool durable, struct error *error)
{
	enum err err = postgresql_run(
		of(db), durable ? "SET synchronous_commit = on" : "SET synchronous_commit = off", error);

	if (!err)
		of(db)->lax = !durable;
	return err;
}

static void interrupt(struct db *db)
{
	char reason[256];

	(void)pq.cancel(of(db)->canceller, reason, sizeof reason);
}

static const char *library(struct db *base, struct arena *arena)
{
	struct postgresql_db *db = of(base);
	const char *server = pq.parameterStatus(db->connection, "server_version");

	return arena_printf(arena, "PostgreSQL %s, %s", server ? server : "of an unknown version",
			    pq.sslInUse(db->connection) ? "over TLS" : "without TLS");
}

static bool owns_file(struct db *db, const char *path)
{
	(void)db;
	(void)path;
	return false;
}

const struct db_driver db_driver_postgresql = {
	.name = "postgresql",
	.migrations = "migrations/postgresql",
	.phrases = postgresql_phrases,
	.documents = &postgresql_documents,
	.shown = postgresql_shown_address,
	.open = postgresql_open,
	.close = postgresql_close,
	.begin = postgresql_begin,
	.commit = postgresql_commit,
	.rollback = postgresql_rollback,
	.part = postgresql_part,
	.search = postgresql_search,
	.prepare = postgresql_prepare,
	.finalize = postgresql_finalize,
	.bind_int = postgresql_bind_int,
	.bind_real = postgresql_bind_real,
	.bind_text = postgresql_bind_text,
	.bind_blob = postgresql_bind_blob,
	.bind_null = postgresql_bind_null,
	.step = postgresql_step,
	.run = postgresql_run_later,
	.send = postgresql_send,
	.plan_for_values = postgresql_plan_for_values,
	.run_new = postgresql_run_new,
	.flush = postgresql_flush,
	.mark = postgresql_mark,
	.reset = postgresql_reset,
	.is_null = postgresql_is_null,
	.get_int = postgresql_get_int,
	.get_real = postgresql_get_real,
	.get_bytes = postgresql_get_bytes,
	.column_type = postgresql_column_type,
	.column_count = postgresql_column_count,
	.column_name = postgresql_column_name,
	.run_script = run_script,
	.changed_rows = changed_rows,
	.data_version = postgresql_data_version,
	.get_schema_version = postgresql_get_schema_version,
	.set_schema_version = postgresql_set_schema_version,
	.maintain = maintain,
	.checkpoint = checkpoint,
	.check_writable = postgresql_check_writable,
	.text_is_whole = postgresql_text_is_whole,
	.text_rebuild = postgresql_text_rebuild,
	.integrity = postgresql_integrity,
	.objects = postgresql_objects,
	.tables = postgresql_tables,
	.fill_begin = postgresql_fill_begin,
	.fill_table = postgresql_fill_table,
	.fill_row = postgresql_fill_row,
	.fill_end = postgresql_fill_end,
	.open_model = postgresql_open_model,
	.close_model = postgresql_close_model,
	.files = postgresql_files,
	.owns_file = owns_file,
	.library = library,
	.set_durable = set_durable,
	.is_waited_for = postgresql_is_waited_for,
	.clock = postgresql_clock,
	.interrupt = interrupt,
};
