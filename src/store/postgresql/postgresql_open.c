#include "postgresql_internal.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/wait.h"

#include <stdlib.h>
#include <string.h>

/* How long a write transaction may pause between two statements, since all other writers wait for it. A read
 * transaction keeps nobody waiting: its limit only ends forgotten ones. */
#define WRITE_PAUSE_MS 10000
#define READ_PAUSE_MS 3600000
/* How much longer than the server this program waits for a result: normally the server itself says that the limit is
 * reached, and the connection stays usable. */
#define GRACE_MS 2000

/* The address as messages may show it: user, host, port and database, but neither a password nor other options. */
char *postgresql_shown_address(const char *url)
{
	PQconninfoOption *options = postgresql_load(NULL) ? NULL : pq.conninfoParse(url, NULL);
	struct strbuf out = STRBUF_INIT;

	strbuf_adds(&out, "postgresql://");
	if (*postgresql_option(options, "user"))
		strbuf_addf(&out, "%s@", postgresql_option(options, "user"));
	strbuf_adds(&out, *postgresql_option(options, "host") ? postgresql_option(options, "host")
							      : postgresql_option(options, "hostaddr"));
	if (*postgresql_option(options, "port"))
		strbuf_addf(&out, ":%s", postgresql_option(options, "port"));
	strbuf_addf(&out, "/%s", postgresql_option(options, "dbname"));
	if (options)
		pq.conninfoFree(options);
	return strbuf_detach(&out);
}

/* Refuses an address that libpq cannot parse. The message of libpq is not shown, since it quotes the faulty part,
 * which may be the password. */
static enum err check_url(const char *url, struct error *error)
{
	PQconninfoOption *options = pq.conninfoParse(url, NULL);

	if (!options)
		return error_set(error, ERR_STORE,
				 "The address of the store is not an address of a PostgreSQL database; write it as "
				 "postgresql://USER@HOST:PORT/DATABASE");
	pq.conninfoFree(options);
	return ERR_OK;
}

/* Returns why the connection to the last address failed. `text` has a line for each address that was tried; a line
 * that begins with a tab is advice. */
static const char *last_failure_reason(const char *text)
{
	const char *last = text, *failed;

	for (const char *end = strchr(text, '\n'); end && end[1]; end = strchr(end + 1, '\n'))
		if (end[1] != '\t')
			last = end + 1;
	failed = strstr(last, " failed: ");
	return failed && failed < strchrnul(last, '\n') ? failed + strlen(" failed: ") : last;
}

static enum err refuse_connection(const struct postgresql_db *db, struct error *error)
{
	const char *text = db->connect_failure ? db->connect_failure : pq.errorMessage(db->connection);
	const char *advice = "";
	struct strbuf reason = STRBUF_INIT;
	enum err err;

	text = last_failure_reason(text);
	strbuf_add(&reason, text, strcspn(text, "\n"));
	if (pq.connectionNeedsPassword(db->connection))
		advice = "; put the password into the file that PGPASSFILE names, or into ~/.pgpass";
	else if (strstr(reason.buf, "certificate"))
		advice = "; add sslrootcert=FILE to the address (FILE: the certificate of the authority to trust)";
	else if (strstr(reason.buf, "does not exist"))
		advice = "; create the database or user first (createdb, createuser), or ask the server's "
			 "administrator";
	else if (strstr(reason.buf, "Connection refused") || strstr(reason.buf, "No such file"))
		advice = "; check that the server runs and listens there: pg_isready --host HOST --port PORT";
	else if (strstr(reason.buf, "translate host name"))
		advice = "; check the host in the address";
	else if (strstr(reason.buf, "does not answer"))
		advice = "; nothing was changed, try again, or ask the server's administrator";
	else if (strstr(reason.buf, "pg_hba.conf"))
		advice = "; ask the server's administrator to allow this user and host in pg_hba.conf";
	err = db->was_given_up ? error_set(error, ERR_STORE, "The wait for store %s was given up; nothing was changed",
					   db->display_path)
			       : error_set(error, ERR_STORE, "store %s cannot be reached: %s%s", db->display_path,
					   reason.buf, advice);
	strbuf_release(&reason);
	return err;
}

/* Receives the notices of the server. A notice with the SQLSTATE KYB01 is a long list of changed rows
 * (row_touched() of the migrations). Other notices are ignored. */
static void on_notice(void *context, const PGresult *result)
{
	const char *text = pq.resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (text && postgresql_has_sqlstate(result, "KYB01"))
		postgresql_add_changed_rows(context, text);
}

bool postgresql_needs_encryption(const char *host, const char *address, const char *sslmode)
{
	bool socket = !*host || *host == '/' || *host == '@';
	bool here = !strncmp(address, "127.", 4) || !strcmp(address, "::1");

	return !socket && !here && strcmp(sslmode, "disable") != 0;
}

/* Refuses a connection without encryption, unless it is local or has sslmode=disable: by default, if the server
 * does not offer TLS, libpq connects without encryption and without a warning. */
static enum err check_encryption(const struct postgresql_db *db, struct error *error)
{
	PQconninfoOption *options = pq.conninfo(db->connection);
	const char *host = pq.host(db->connection), *address = pq.hostaddr(db->connection);
	bool encrypted = pq.sslInUse(db->connection) || pq.gssEncInUse(db->connection);
	bool exposed = !encrypted && postgresql_needs_encryption(host ? host : "", address ? address : "",
								 postgresql_option(options, "sslmode"));

	pq.conninfoFree(options);
	return exposed ? error_set(error, ERR_STORE,
				   "The server of store %s offers no TLS; enable TLS, or add sslmode=disable to "
				   "the address if the network is private",
				   db->display_path)
		       : ERR_OK;
}

#define SERVER_VERSION_MIN 140000

static enum err check_server(const struct postgresql_db *db, struct error *error)
{
	enum err err = check_encryption(db, error);

	if (err || pq.serverVersion(db->connection) >= SERVER_VERSION_MIN)
		return err;
	return error_set(error, ERR_STORE, "The server of store %s is too old: PostgreSQL %d or newer is required",
			 db->display_path, SERVER_VERSION_MIN / 10000);
}

#define SETTING_MS(name) "CAST(1000 * extract(epoch FROM CAST(current_setting('" name "') AS interval)) AS bigint)"
/* Sets what each connection needs, and reads its limits. A lower statement_timeout or
 * idle_in_transaction_session_timeout of the address, the role or the database counts; a process that reads the whole
 * store (wait_set_answer_limit()) sets its own. */
static enum err set_limits(struct postgresql_db *db, struct error *error)
{
	static const char settings[] =
		"SET client_encoding = 'UTF8'; SET default_transaction_read_only = on; "
		"SET bytea_output = 'hex'; SET extra_float_digits = 1; SET TimeZone = 'UTC'; SET jit = off; "
		"SET plan_cache_mode = force_generic_plan; "
		/* The data that lists read is in the server's memory. With the default cost (4), the server would
		 * scan a table of thousands of sessions to get one page of a list. */
		"SET random_page_cost = 1.1; SET standard_conforming_strings = on; "
		"SELECT answer, pause, timeline, set_config('statement_timeout', CAST(answer AS text), false), "
		"set_config('idle_in_transaction_session_timeout', CAST(least(nullif(pause, 0), %d) AS text), false) "
		"FROM (SELECT CASE WHEN %d = 1 THEN %lld ELSE least(nullif(" SETTING_MS(
			"statement_timeout") ", 0), "
					     "%lld) END AS answer, " SETTING_MS(
						     "idle_in_transaction_session_timeout") " AS pause, "
											    "CASE WHEN "
											    "pg_is_in_recovery() THEN "
											    "'0' ELSE "
											    "left(pg_walfile_name(pg_"
											    "current_wal_lsn()), 8) "
											    "END "
											    "AS timeline OFFSET 0) AS "
											    "limits";
	long long limit = wait_answer_limit();
	int64_t pause;
	struct strbuf text = STRBUF_INIT;
	PGresult *result;
	enum err err = ERR_OK;

	strbuf_addf(&text, settings, WRITE_PAUSE_MS, limit > WAIT_ANSWER_MS, limit, limit);
	result = postgresql_exec(db, text.buf);
	if (pq.resultStatus(result) != PGRES_TUPLES_OK || pq.ntuples(result) != 1) {
		err = postgresql_set_error(db, "the settings of the connection", result, error);
	} else {
		db->answer_limit_ms = strtoll(pq.getvalue(result, 0, 0), NULL, 10) + GRACE_MS;
		pause = strtoll(pq.getvalue(result, 0, 1), NULL, 10);
		db->write_pause_ms = pause && pause < WRITE_PAUSE_MS ? pause : WRITE_PAUSE_MS;
		db->read_pause_ms = !pause || pause > READ_PAUSE_MS ? READ_PAUSE_MS : 0;
		db->timeline = strtoll(pq.getvalue(result, 0, 2), NULL, 16);
	}
	pq.clear(result);
	strbuf_release(&text);
	return err;
}

/* Checks the server, and sets the settings that each connection needs, also after a reconnect. Transactions are
 * read-only by default; a write transaction requests write access itself. */
static enum err configure_connection(struct postgresql_db *db, struct error *error)
{
	const char *encoding;
	enum err err = check_server(db, error);

	if (err)
		return err;
	(void)pq.setNoticeReceiver(db->connection, on_notice, db);
	encoding = pq.parameterStatus(db->connection, "server_encoding");
	if (!encoding || strcmp(encoding, "UTF8") != 0)
		return error_set(error, ERR_STORE,
				 "The database of store %s stores its texts in %s, which cannot represent every "
				 "name; create the database with the encoding UTF8",
				 db->display_path, encoding ? encoding : "an unknown encoding");
	if (pq.setnonblocking(db->connection, 1) != 0)
		return postgresql_set_error(db, "the settings of the connection", NULL, error);
	return set_limits(db, error);
}

static enum err detect_store(struct postgresql_db *db, struct error *error)
{
	int64_t there = 0;
	enum err err = postgresql_query_int(
		db, "SELECT count(to_regclass(quote_ident(current_schema()) || '.kybdesk_store'))", &there, error);

	db->store_exists = there > 0;
	return err;
}

enum err postgresql_reconnect(struct postgresql_db *db, struct error *error)
{
	if (!postgresql_lost_connection(db))
		return ERR_OK;
	if (db->skips_sync)
		return error_set(error, ERR_STORE,
				 "The connection to store %s was lost during an import, and the last imported rows "
				 "may be lost, too; run the import again",
				 db->display_path);
	db->connection_number++;
	db->listening = false;
	db->clock_read_ms = 0; /* the new connection may be to another server, with another clock */
	if (!postgresql_connect(db))
		return refuse_connection(db, error);
	return configure_connection(db, error);
}

/* Checks whether the user may create tables. Since PostgreSQL 15, only the owner of a database may do so in the
 * schema public. */
static enum err check_right_to_create(struct postgresql_db *db, struct error *error)
{
	PGresult *result = postgresql_exec(
		db, "SELECT has_schema_privilege(current_schema(), 'CREATE'), current_user, current_schema(), "
		    "format('GRANT CREATE ON SCHEMA %I TO %I', current_schema(), current_user), current_database()");
	enum err err = ERR_OK;

	if (pq.resultStatus(result) != PGRES_TUPLES_OK || pq.ntuples(result) != 1)
		err = postgresql_set_error(db, "the reading of the user's rights", result, error);
	else if (strcmp(pq.getvalue(result, 0, 0), "t") != 0)
		err = error_set(error, ERR_STORE,
				"store %s: the user \"%s\" has no right to create tables in the schema \"%s\". Its "
				"owner grants the right with: %s; or create the database with: createdb --owner %s "
				"--encoding UTF8 %s",
				db->display_path, pq.getvalue(result, 0, 1), pq.getvalue(result, 0, 2),
				pq.getvalue(result, 0, 3), pq.getvalue(result, 0, 1), pq.getvalue(result, 0, 4));
	pq.clear(result);
	return err;
}

/* Accepts a store; with `create`, also an empty schema. Any other schema is refused and stays unchanged. */
static enum err check_identity(struct postgresql_db *db, bool create, struct error *error)
{
	int64_t tables = 0, schema = 0;
	enum err err = detect_store(db, error);

	if (err || db->store_exists)
		return err;
	err = postgresql_query_int(db, "SELECT count(*) WHERE current_schema() IS NOT NULL", &schema, error);
	if (!err && !schema)
		err = error_set(error, ERR_STORE,
				"The database %s has no schema for a store; search_path names no existing schema",
				db->display_path);
	if (!err)
		err = postgresql_query_int(
			db, "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()", &tables,
			error);
	if (err)
		return err;
	if (tables)
		return error_set(error, ERR_STORE,
				 "%s contains the tables of another program, not a kybdesk store; nothing was changed",
				 db->display_path);
	return create ? check_right_to_create(db, error)
		      : error_set(error, ERR_STORE, "No store at %s; make one with: kybdesk init", db->display_path);
}

static struct postgresql_db *make_db(const struct db_options *options)
{
	struct postgresql_db *db = xcalloc(1, sizeof *db);

	db->copy_buffer = db->foreign_keys_sql = (struct strbuf)STRBUF_INIT;
	db->base.driver = &db_driver_postgresql;
	db->world = options->world;
	db->process = options->process ? options->process : "kybdesk";
	db->readonly = options->readonly;
	db->busy_timeout_ms = options->busy_timeout_ms > 0 ? options->busy_timeout_ms : POSTGRESQL_BUSY_DEFAULT_MS;
	db->url = xstrdup(options->path);
	db->display_path = postgresql_shown_address(options->path);
	return db;
}

enum err postgresql_open(const struct db_options *options, struct db **out, struct error *error)
{
	struct postgresql_db *db;
	enum err err = postgresql_load(error);

	*out = NULL;
	if (!err)
		err = check_url(options->path, error);
	if (err)
		return err;
	db = make_db(options);
	err = postgresql_connect(db) ? ERR_OK : refuse_connection(db, error);
	if (!err)
		err = configure_connection(db, error);
	if (!err)
		err = check_identity(db, options->create, error);
	if (err)
		postgresql_close(&db->base);
	else
		*out = &db->base;
	return err;
}

void postgresql_close(struct db *base)
{
	struct postgresql_db *db = (struct postgresql_db *)base;

	pq.finish(db->connection);
	free(db->connect_failure);
	secret_wipe(db->url, strlen(db->url));
	free(db->url);
	free(db->display_path);
	free(db->model_schema);
	strbuf_release(&db->copy_buffer);
	strbuf_release(&db->foreign_keys_sql);
	error_release(&db->queue_error);
	free(db);
}

/* Creates the model: a schema in a transaction that is rolled back in the end, so the database stays unchanged. */
enum err postgresql_open_model(struct db *base, struct db **model, struct error *error)
{
	const struct postgresql_db *db = (const struct postgresql_db *)base;
	struct db_options options = { .path = db->url, .world = db->world };
	struct strbuf name = STRBUF_INIT;
	struct postgresql_db *made;
	int64_t may = 0;
	enum err err = postgresql_open(&options, model, error);

	if (!err)
		err = postgresql_query_int((struct postgresql_db *)*model,
					   "SELECT CAST(has_database_privilege(current_database(), 'CREATE') AS int)",
					   &may, error);
	if (!err && !may)
		err = error_set(error, ERR_FORBIDDEN,
				"The tables were not compared with this program's: the database user may not make a "
				"schema (GRANT CREATE ON DATABASE)");
	if (err)
		return err;
	made = (struct postgresql_db *)*model;
	strbuf_addf(&name, "kybdesk_model_%d", pq.backendPID(made->connection));
	made->model_schema = strbuf_detach(&name);
	made->store_exists = false;
	return ERR_OK;
}

void postgresql_close_model(struct db *model)
{
	db_close(model);
}
