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

#define SERVER_MS "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"

/* Documents' bytes: one row per hash, read in parts, and hashed by the server. */
static const struct db_documents documents = {
	.put = { "bytes.put", "INSERT INTO document_bytes (sha256, bytes) VALUES ($1, $2) "
			      "ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes" },
	.part = { "bytes.part", "SELECT substring(bytes FROM CAST($2 AS integer) FOR CAST($3 AS integer)) "
				"FROM document_bytes WHERE sha256 = $1" },
	.state = { "bytes.state", "SELECT CASE WHEN CAST(xmin AS text) = $2 THEN true "
				  "ELSE encode(sha256(bytes), 'hex') = sha256 END, CAST(xmin AS text) "
				  "FROM document_bytes WHERE sha256 = $1" },
	.mark = { "bytes.mark", "INSERT INTO document_mark (sha256, owner, at) VALUES ($1, $2, " SERVER_MS ") "
				"ON CONFLICT (sha256, owner) DO UPDATE SET at = excluded.at" },
	.unmark = { "bytes.unmark", "DELETE FROM document_mark WHERE sha256 = $1 AND owner = $2" },
	.marked = { "bytes.marked", "SELECT sha256 FROM document_mark WHERE owner = $1 ORDER BY sha256" },
	.forget = { "bytes.forget", "DELETE FROM document_mark WHERE at < " SERVER_MS " - $1 RETURNING sha256" },
	.erase = { "bytes.erase", "DELETE FROM document_bytes WHERE sha256 = $1 AND NOT EXISTS "
				  "(SELECT 1 FROM document_mark AS m WHERE m.sha256 = $1)" },
};

/* Workers on several hosts share the server's clock. The difference to the time since this machine's boot is
 * queried once a minute; in between, this machine's clock and the difference give the time. */
#define ASK_EVERY_MS 60000

static enum err get_clock(struct db *base, struct db_clock *out, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	int64_t before = world_boottime_ms(world_real()), after, there = 0;
	enum err err = ERR_OK;

	*out = (struct db_clock){ .id = "server" };
	if (!db->clock_read_ms || before - db->clock_read_ms >= ASK_EVERY_MS) {
		err = base->depth ? ERR_OK : postgresql_reconnect(db, error);
		if (!err)
			err = postgresql_number(db, "SELECT " SERVER_MS, &there, error);
		if (err)
			return err;
		after = world_boottime_ms(world_real());
		db->clock_ahead_ms = there - (before + (after - before) / 2);
		db->clock_read_ms = after;
	}
	out->now = world_boottime_ms(db->world) + db->clock_ahead_ms;
	return ERR_OK;
}

const struct db_driver db_driver_postgresql = {
	.name = "postgresql",
	.migrations = "migrations/postgresql",
	.phrases = postgresql_phrases,
	.documents = &documents,
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
	.bind = postgresql_bind,
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
	.check_writable = postgresql_check_writable,
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
	.library = library,
	.set_durable = set_durable,
	.is_waited_for = postgresql_is_waited_for,
	.clock = get_clock,
	.interrupt = interrupt,
};
