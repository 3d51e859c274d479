#include "postgresql_internal.h"

#include <stdlib.h>
#include <string.h>

/* --- phrases. Phrases for hints are empty, because PostgreSQL's planner has no hints. --- */

static const struct db_phrase postgresql_phrases[] = {
	{ "by", "" },
	{ "whole", "" },
	{ "aside", "#1" },
	{ "then", "JOIN" },
	{ "anew", "ORDER BY #1" },
	{ "same", "#1 IS NOT DISTINCT FROM #2" },
	{ "among", "#1 = ANY (ARRAY #2)" },
	{ "most", "CASE WHEN #1 >= #2 THEN #1 WHEN #2 > #1 THEN #2 END" },
	{ "least", "CASE WHEN #1 <= #2 THEN #1 WHEN #2 < #1 THEN #2 END" },
	{ "shifted", "CAST(#1 AS bigint) << CAST(#2 AS integer)" },
	{ "hex", "encode(#1, 'hex')" },
	{ "bit", "CASE WHEN #2 BETWEEN 0 AND 8 * CAST(octet_length(CAST(#1 AS bytea)) AS bigint) - 1 "
		 "THEN get_bit(CAST(#1 AS bytea), #2) = 1 ELSE false END" },
	{ "has", "strpos(#1, #2) > 0" },
	{ "made", "RETURNING id" },
	{ "keyed", "" },
	{ "hits", "SELECT session_id AS id FROM session_text WHERE words @@ CAST(#1 AS tsquery)" },
	{ "text_id", "session_id" },
	{ "elements", "json_array_elements_text(CAST(#1 AS json)) AS #2 (value)" },
	{ "append", "CAST(CAST(#1 AS jsonb) || to_jsonb(CAST(#2 AS text)) AS text)" },
	{ "members", "json_each_text(CAST(#1 AS json)) AS #2 (key, value)" },
	{ "member_text", "coalesce(#1.value, 'null')" },
	{ 0 }
};

/* Maximum number of characters of a token, since the server refuses very long tokens. The migrations cut the tokens
 * in the table session_text at the same length. */
#define TOKEN_MAX 500

static size_t prefix_length(const char *token, size_t length)
{
	size_t characters = 0, at = 0;

	for (; at < length; at++) {
		characters += (token[at] & 0xc0) != 0x80;
		if (characters > TOKEN_MAX)
			break;
	}
	return at;
}

/* Adds the tokens as a phrase, or the whole token: '株' <-> '式':* | '株式'. Tokens are letters, digits, marks and
 * WHOLE_TOKEN, so no token can end the quote. */
static void add_phrase(struct strbuf *out, const char *tokens, const char *whole)
{
	strbuf_addf(out, "('%.*s' | ", (int)prefix_length(whole, strlen(whole)), whole);
	for (const char *at = tokens; *at;) {
		size_t length = strcspn(at, " ");

		strbuf_addf(out, "'%.*s'", (int)prefix_length(at, length), at);
		at += length;
		strbuf_adds(out, *at ? " <-> " : ":*");
		at += strspn(at, " ");
	}
	strbuf_addch(out, ')');
}

static void add_words(struct strbuf *out, const struct db_words *words, const char *glue)
{
	for (size_t i = 0; i < words->count; i++) {
		strbuf_adds(out, i ? glue : "");
		add_phrase(out, words->items[i], words->wholes[i]);
	}
}

static void postgresql_add_match(const struct db_words *all, const struct db_words *none, struct strbuf *out)
{
	add_words(out, all, " & ");
	if (!none->count)
		return;
	strbuf_adds(out, " & !(");
	add_words(out, none, " | ");
	strbuf_addch(out, ')');
}

/* --- the schema. The version is in kybdesk_store, the driver's own table. --- */

static enum err postgresql_get_schema_version(struct db *base, int64_t *version, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;

	*version = base->writing ? db->schema_version : 0;
	if (*version)
		return ERR_OK;
	return db->store_exists ? postgresql_query_int(db, "SELECT version FROM kybdesk_store", version, error)
				: ERR_OK;
}

/* Call in the transaction of a migration, so that version and identity are stored together with the tables or not
 * at all. */
static enum err postgresql_set_schema_version(struct db *base, int64_t version, struct error *error)
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
	db->schema_version = 0;
	if (!err)
		db->store_exists = db->changed = true;
	return err;
}

/* Lists each object of the schema with its definition. Omits the name of the schema, because the same objects of a
 * model are in a schema with another name. */
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

static enum err postgresql_list_objects(struct db *base, struct arena *arena, struct db_object **items, size_t *count,
					struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	PGresult *result;
	size_t capacity = 0;
	enum err err = postgresql_query_rows(db, "the schema", object_list, &result, error);

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

/* Fails if the server is a standby, or the user lacks a right. Asks within a transaction that is begun as a write
 * transaction is: outside of one, the settings of this connection itself are read-only (configure_connection()). The
 * free space of the server is not checked. */
static enum err postgresql_check_writable(struct db *base, struct error *error)
{
	static const char question[] = "BEGIN READ WRITE; SELECT pg_is_in_recovery() OR "
				       "current_setting('transaction_read_only') = 'on' OR NOT "
				       "has_table_privilege('audit_event', 'INSERT')";
	struct postgresql_db *db = (struct postgresql_db *)base;
	PGresult *result;
	enum err err = postgresql_reconnect(db, error);

	if (err)
		return err;
	result = postgresql_exec(db, question);
	if (pq.resultStatus(result) != PGRES_TUPLES_OK || pq.ntuples(result) != 1)
		err = postgresql_set_error(db, "the test of write access", result, error);
	else if (*pq.getvalue(result, 0, 0) != 'f')
		err = error_set(error, ERR_STORE, "The server accepts no changes to store %s", db->display_path);
	pq.clear(result);
	postgresql_rollback(base);
	return err;
}

/* Finds the problems that the server's own tools do not find: invalid indexes, and constraints that were not
 * validated. Those tools (pg_amcheck, checksums) check the pages of tables and indexes. */
static const char problem_list[] =
	"SELECT 'the index ' || indexrelid::regclass || ' is not complete; rebuild it with REINDEX' FROM pg_index "
	"i "
	"JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace AND NOT "
	"(i.indisvalid AND i.indisready) "
	"UNION ALL SELECT 'the constraint ' || conname || ' of ' || conrelid::regclass || ' was never checked' "
	"FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated ORDER BY 1";

static enum err postgresql_check_integrity(struct db *base, struct arena *arena, const char ***problems, size_t *count,
					   struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	PGresult *result;
	size_t capacity = 0;
	enum err err = postgresql_query_rows(db, "the reading of the schema", problem_list, &result, error);

	*problems = NULL;
	*count = 0;
	for (int i = 0; !err && i < pq.ntuples(result); i++)
		*ARENA_PUSH(arena, *problems, *count, capacity) = arena_strdup(arena, pq.getvalue(result, i, 0));
	pq.clear(result);
	return err;
}

/* The path of the file with the key. A store on a server has no files next to it, and backups of the server must
 * not contain the key: so each machine keeps the key in a file that is named after the store. */
static enum err postgresql_find_files(struct db *base, struct db_files *out, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	const char *data = world_environment(db->world, "XDG_DATA_HOME");
	const char *home = world_environment(db->world, "HOME");
	PGresult *result = postgresql_exec(db, "SELECT files FROM kybdesk_store");
	struct strbuf place = STRBUF_INIT;
	enum err err = ERR_OK;

	*out = (struct db_files){ 0 };
	if (pq.resultStatus(result) != PGRES_TUPLES_OK || pq.ntuples(result) != 1)
		err = postgresql_set_error(db, "the reading of the name of its folder", result, error);
	else if (data && *data == '/')
		strbuf_addf(&place, "%s", data);
	else if (home && *home == '/')
		strbuf_addf(&place, "%s/.local/share", home);
	else
		err = error_set(error, ERR_STORE,
				"store %s has no place for its key: neither XDG_DATA_HOME nor HOME names a folder",
				db->display_path);
	if (!err) {
		strbuf_addf(&place, "/kybdesk/%s", pq.getvalue(result, 0, 0));
		out->key = xstrdup(place.buf);
	}
	pq.clear(result);
	strbuf_release(&place);
	return err;
}

/* --- values. Values of the current row, converted from the server's text format. --- */

static struct postgresql_statement *statement_of(void *context, int column)
{
	struct postgresql_statement *statement = context;

	if (!statement->result || column < 0 || column >= pq.nfields(statement->result))
		BUG("statement %s has no column %d", statement->name, column);
	return statement;
}

static const char *text_of(const struct postgresql_statement *statement, int column)
{
	bool there = statement->row >= 0 && statement->row < pq.ntuples(statement->result);

	return there ? pq.getvalue(statement->result, statement->row, column) : "";
}

static bool postgresql_is_null(void *context, int column)
{
	const struct postgresql_statement *statement = statement_of(context, column);

	return statement->row < 0 || statement->row >= pq.ntuples(statement->result) ||
	       pq.getisnull(statement->result, statement->row, column);
}

int64_t postgresql_get_int(void *context, int column)
{
	const struct postgresql_statement *statement = statement_of(context, column);
	const char *text = text_of(statement, column);

	if (pq.ftype(statement->result, column) == POSTGRESQL_BOOL)
		return *text == 't';
	return strtoll(text, NULL, 10);
}

static double postgresql_get_real(void *context, int column)
{
	return strtod(text_of(statement_of(context, column), column), NULL);
}

static const void *postgresql_get_bytes(void *context, int column, size_t *length)
{
	struct postgresql_statement *statement = statement_of(context, column);
	unsigned char *bytes;
	const void *kept;

	if (postgresql_is_null(statement, column)) {
		*length = 0;
		return "";
	}
	if (pq.ftype(statement->result, column) != POSTGRESQL_BYTES) {
		*length = (size_t)pq.getlength(statement->result, statement->row, column);
		return text_of(statement, column);
	}
	bytes = pq.unescapeBytea((const unsigned char *)text_of(statement, column), length);
	if (!bytes)
		BUG("no memory left for a value of statement %s", statement->name);
	/* The copy ends with a NUL, for callers that read the value as text. */
	kept = arena_strndup(&statement->bytes, "", 0);
	if (*length) {
		char *copy = arena_alloc_array(&statement->bytes, *length + 1, 1);

		memcpy(copy, bytes, *length);
		copy[*length] = '\0';
		kept = copy;
	}
	pq.freemem(bytes);
	return kept;
}

static int postgresql_column_count(void *context)
{
	const struct postgresql_statement *statement = context;

	return statement->result ? pq.nfields(statement->result) : 0;
}

static const char *postgresql_column_name(void *context, int column)
{
	return pq.fname(statement_of(context, column)->result, column);
}

static int postgresql_column_type(void *context, int column)
{
	const struct postgresql_statement *statement = statement_of(context, column);

	if (postgresql_is_null(context, column))
		return 'n';
	switch (pq.ftype(statement->result, column)) {
	case POSTGRESQL_BOOL:
	case POSTGRESQL_INT8:
	case POSTGRESQL_INT4:
	case POSTGRESQL_INT2:
		return 'i';
	case POSTGRESQL_FLOAT8:
	case POSTGRESQL_NUMERIC:
		return 'r';
	case POSTGRESQL_BYTES:
		return 'b';
	default:
		return 't';
	}
}

/* --- the driver --- */

static struct postgresql_db *db_of(struct db *db)
{
	return (struct postgresql_db *)db;
}

static enum err run_script(struct db *base, const char *script, struct error *error)
{
	struct postgresql_db *db = db_of(base);

	db->changed = true;
	return postgresql_run(db, script, error);
}

static int64_t changed_row_count(struct db *db)
{
	postgresql_drain(db_of(db));
	return db_of(db)->affected_rows;
}

static enum err set_durable(struct db *db, bool durable, struct error *error)
{
	enum err err = postgresql_run(db_of(db),
				      durable ? "SET synchronous_commit = on" : "SET synchronous_commit = off", error);

	if (!err)
		db_of(db)->skips_sync = !durable;
	return err;
}

static const char *client_library_version(struct arena *arena)
{
	struct error why = { 0 };
	const char *text;

	if (postgresql_load(&why) == ERR_OK)
		text = arena_printf(arena, "libpq %d.%d", pq.libVersion() / 10000, pq.libVersion() % 10000);
	else
		text = arena_strdup(arena, why.message);
	error_release(&why);
	return text;
}

static const char *describe_library(struct db *base, struct arena *arena)
{
	struct postgresql_db *db = base ? db_of(base) : NULL;
	const char *server = db ? pq.parameterStatus(db->connection, "server_version") : NULL;

	if (!db)
		return client_library_version(arena);
	return arena_printf(arena, "PostgreSQL %s, %s", server ? server : "of an unknown version",
			    pq.sslInUse(db->connection) ? "over TLS" : "without TLS");
}

#define SERVER_MS "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"

/* Statements for the bytes of documents. The table has one row for each hash; the bytes are read in parts, and the
 * server computes their hash. */
static const struct db_documents documents = {
	.put = { "bytes.put", "INSERT INTO document_bytes (sha256, bytes) VALUES ($1, $2) "
			      "ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes" },
	.read_range = { "bytes.part", "SELECT substring(bytes FROM CAST($2 AS integer) FOR CAST($3 AS integer)) "
				      "FROM document_bytes WHERE sha256 = $1" },
	.state = { "bytes.state", "SELECT CASE WHEN CAST(xmin AS text) = $2 THEN true "
				  "ELSE encode(sha256(bytes), 'hex') = sha256 END, CAST(xmin AS text) "
				  "FROM document_bytes WHERE sha256 = $1" },
	.mark = { "bytes.mark", "INSERT INTO document_mark (sha256, owner, at) VALUES ($1, $2, " SERVER_MS ") "
				"ON CONFLICT (sha256, owner) DO UPDATE SET at = excluded.at" },
	.unmark = { "bytes.unmark", "DELETE FROM document_mark WHERE sha256 = $1 AND owner = $2" },
	.list_marked = { "bytes.marked", "SELECT sha256 FROM document_mark WHERE owner = $1 ORDER BY sha256" },
	.forget = { "bytes.forget", "DELETE FROM document_mark WHERE at < " SERVER_MS " - $1 RETURNING sha256" },
	.erase = { "bytes.erase", "DELETE FROM document_bytes WHERE sha256 = $1 AND NOT EXISTS "
				  "(SELECT 1 FROM document_mark AS m WHERE m.sha256 = $1)" },
};

/* Workers on several hosts use the clock of the server. The difference between this clock and the time since the
 * boot of this machine is queried once a minute. Between two queries, the server's time is the time since the boot
 * plus the difference. */
#define CLOCK_READ_INTERVAL_MS 60000

static enum err get_clock(struct db *base, struct db_clock *out, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	int64_t before = world_boottime_ms(world_real()), after, there = 0;
	enum err err = ERR_OK;

	*out = (struct db_clock){ .id = "server" };
	if (!db->clock_read_ms || before - db->clock_read_ms >= CLOCK_READ_INTERVAL_MS) {
		err = base->depth ? ERR_OK : postgresql_reconnect(db, error);
		if (!err)
			err = postgresql_query_int(db, "SELECT " SERVER_MS, &there, error);
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
	.display_path = postgresql_shown_address,
	.open = postgresql_open,
	.close = postgresql_close,
	.begin = postgresql_begin,
	.commit = postgresql_commit,
	.rollback = postgresql_rollback,
	.savepoint = postgresql_savepoint,
	.add_match_query = postgresql_add_match,
	.prepare = postgresql_prepare,
	.finalize = postgresql_finalize,
	.bind = postgresql_bind,
	.step = postgresql_step,
	.run = postgresql_run_later,
	.send = postgresql_send,
	.plan_for_values = postgresql_plan_for_values,
	.run_insert = postgresql_run_insert,
	.flush = postgresql_flush,
	.mark_record = postgresql_mark_changed_rows,
	.reset = postgresql_reset,
	.is_null = postgresql_is_null,
	.get_int = postgresql_get_int,
	.get_real = postgresql_get_real,
	.get_bytes = postgresql_get_bytes,
	.column_type = postgresql_column_type,
	.column_count = postgresql_column_count,
	.column_name = postgresql_column_name,
	.run_script = run_script,
	.changed_row_count = changed_row_count,
	.data_version = postgresql_data_version,
	.get_schema_version = postgresql_get_schema_version,
	.set_schema_version = postgresql_set_schema_version,
	.check_writable = postgresql_check_writable,
	.check_integrity = postgresql_check_integrity,
	.objects = postgresql_list_objects,
	.tables = postgresql_list_tables,
	.fill_begin = postgresql_fill_begin,
	.fill_table = postgresql_fill_table,
	.fill_row = postgresql_fill_row,
	.fill_end = postgresql_fill_end,
	.open_scratch = postgresql_open_model,
	.close_scratch = postgresql_close_model,
	.files = postgresql_find_files,
	.library = describe_library,
	.set_durable = set_durable,
	.blocks_writers = postgresql_blocks_writers,
	.clock = get_clock,
	.interrupt = postgresql_interrupt,
};
