#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include "kybdesk/base/strbuf.h"
#include "postgresql/server.h"
#include "store/place.h"
#include "support/process.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER_VARIABLE "KYBDESK_TEST_POSTGRESQL_FOLDER"
#define START_TRIES 1200
#define START_PAUSE_MS 50

static char programs[256];

static void end_all(const char *what)
{
	fprintf(stderr, "a PostgreSQL server for tests: %s\n", what);
	exit(1);
}

/* Debian installs each version's programs outside PATH. */
static void find_programs(void)
{
	glob_t found;

	if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) != 0)
		end_all("there is none here; install it with: apt install postgresql");
	(void)snprintf(programs, sizeof programs, "%.*s",
		       (int)(strrchr(found.gl_pathv[found.gl_pathc - 1], '/') - found.gl_pathv[found.gl_pathc - 1]),
		       found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
}

/* The user that runs the server if root runs the tests; otherwise NULL. */
static const struct passwd *other_user(void)
{
	const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;

	return geteuid() == 0 && !user ? getpwnam("nobody") : user;
}

static void become_nobody_special(void)
{
	const struct passwd *user = other_user();

	if (user && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
		_exit(126);
	(void)prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

/* arguments[0] is a program's name. The program gets its full path instead, because initdb looks for postgres beside
 * its own path or in PATH, and Debian does not install it in PATH. */
static pid_t start(const struct test_server *server, const char **arguments)
{
	char path[300], log[96];
	pid_t child = fork();

	if (child != 0)
		return child;
	(void)snprintf(path, sizeof path, "%s/%s", programs, arguments[0]);
	(void)snprintf(log, sizeof log, "%s/log", server->folder);
	become_nobody_special();
	if (!freopen("/dev/null", "r", stdin) || !freopen(log, "a", stdout) || dup2(1, 2) < 0 ||
	    chdir(server->folder) != 0)
		_exit(126);
	(void)unsetenv("BXFI_MAP");
	arguments[0] = path;
	execv(path, (char *const *)(const void *)arguments);
	_exit(127);
}

/* Functions of SQLite that tests use and PostgreSQL lacks. */
static const char shell_words[] =
	"CREATE SCHEMA words; SET search_path = words; CREATE SEQUENCE place; "
	"CREATE FUNCTION group_add(a text, b text) RETURNS text IMMUTABLE LANGUAGE sql AS "
	"$$ SELECT coalesce(a || ',', '') || b $$; "
	"CREATE AGGREGATE group_concat(text) (SFUNC = group_add, STYPE = text); "
	"CREATE FUNCTION group_add(a text, b text, mark text) RETURNS text IMMUTABLE LANGUAGE sql AS "
	"$$ SELECT coalesce(a || mark, '') || b $$; "
	"CREATE AGGREGATE group_concat(text, text) (SFUNC = group_add, STYPE = text); "
	"CREATE FUNCTION json_extract(value text, path text) RETURNS text IMMUTABLE LANGUAGE sql AS "
	"$$ SELECT CASE found WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE found #>> '{}' END FROM "
	"jsonb_path_query_first(CAST(value AS jsonb), CAST(path AS jsonpath)) AS found $$; "
	"CREATE FUNCTION instr(value text, part text) RETURNS integer IMMUTABLE LANGUAGE sql AS "
	"$$ SELECT strpos(value, part) $$";

static void run(PGconn *connection, const char *text)
{
	PGresult *result = PQexec(connection, text);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		end_all(PQresultErrorMessage(result));
	PQclear(result);
}

static PGconn *connect_as(const struct test_server *server, const char *database)
{
	char address[160];

	(void)snprintf(address, sizeof address, "host=%s user=kybdesk dbname=%s", server->folder, database);
	return PQconnectdb(address);
}

static PGconn *connect_to(const struct test_server *server)
{
	return connect_as(server, "postgres");
}

static bool answers(const struct test_server *server)
{
	PGconn *connection = connect_to(server);
	bool there = PQstatus(connection) == CONNECTION_OK;

	PQfinish(connection);
	return there;
}

/* In memory if ./dev has the test's files there: a database is hundreds of files, and on a disk the kernel needs as long to
 * make and remove them as PostgreSQL for all else. Short, since a socket's path has at most 107 bytes. */
static const char *parent_folder(void)
{
	static const char memory[] = "/dev/shm/";
	const char *own = getenv("TMPDIR");
	struct stat status;

	return own && !strncmp(own, memory, sizeof memory - 1) && strlen(own) < 40 && stat(own, &status) == 0 &&
			       (status.st_mode & S_IXOTH)
		       ? own
		       : "/tmp";
}

void server_make(struct test_server *server)
{
	const struct passwd *user = other_user();
	char data[96];
	int status = 0;
	pid_t made;
	PGconn *connection;

	find_programs();
	(void)snprintf(server->folder, sizeof server->folder, "%s/kybdesk-pg-XXXXXX", parent_folder());
	if (!mkdtemp(server->folder) || (user && chown(server->folder, user->pw_uid, user->pw_gid) != 0))
		end_all("its folder cannot be made");
	(void)snprintf(data, sizeof data, "%s/data", server->folder);
	const char *initdb[] = { "initdb",	     "-D",	  data, "-U", "kybdesk", "-A", "trust", "-E", "UTF8",
				 "--locale=C.UTF-8", "--no-sync", NULL };
	made = start(server, initdb);
	if (made < 0 || waitpid(made, &status, 0) != made || status != 0)
		end_all("initdb failed; its folder has a log");
	server_start(server);
	connection = connect_to(server);
	run(connection, shell_words);
	PQfinish(connection);
	/* Copies (below) have these words, too, and their tables in a schema of their own. */
	connection = connect_as(server, "template1");
	run(connection, shell_words);
	run(connection, "CREATE SCHEMA store");
	PQfinish(connection);
}

void server_start(struct test_server *server)
{
	char data[96];
	int status = 0;

	(void)snprintf(data, sizeof data, "%s/data", server->folder);
	/* clang-format off */
	const char *postgres[] = { "postgres", "-D", data, "-k", server->folder,
					 "-c", "listen_addresses=",
					 "-c", "fsync=off",
					 "-c", "full_page_writes=off",
					 "-c", "autovacuum=off",
					 "-c", "max_wal_size=256MB", /* it may be in memory */
					 "-c", "max_connections=60",
					 /* 12,800 locks in total, twice as many as a server with a hundred connections
					  * by default: several tests make and drop a store at the same time */
					 "-c", "max_locks_per_transaction=214",
					 "-c", "shared_buffers=64MB", NULL };
	/* clang-format on */
	server->process = start(server, postgres);
	for (int tries = 0; !answers(server); tries++) {
		if (tries == START_TRIES || waitpid(server->process, &status, WNOHANG) != 0)
			end_all("it does not start; its folder has a log");
		test_sleep_ms(START_PAUSE_MS);
	}
}

/* Sends the signal to the postmaster first, so that it starts no further process, and then to its children. */
static void signal_all(const struct test_server *server, int number)
{
	char path[64];
	FILE *children;
	int child;

	(void)kill(server->process, number);
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)server->process, (int)server->process);
	children = fopen(path, "re");
	while (children && fscanf(children, "%d", &child) == 1)
		(void)kill((pid_t)child, number);
	if (children)
		(void)fclose(children);
}

void server_freeze(const struct test_server *server)
{
	signal_all(server, SIGSTOP);
}

void server_thaw(const struct test_server *server)
{
	signal_all(server, SIGCONT);
}

/* Stops it immediately, as a power failure would: uncommitted changes are lost. */
void server_kill(struct test_server *server)
{
	if (server->process <= 0)
		return;
	(void)kill(server->process, SIGQUIT);
	server_thaw(server);
	(void)waitpid(server->process, NULL, 0);
	server->process = 0;
}

void server_remove(struct test_server *server)
{
	server_kill(server);
	temp_folder_remove(server->folder);
}

static struct test_server shared;

ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
	(void)tests;
	server_make(&shared);
	if (setenv(FOLDER_VARIABLE, shared.folder, 1) != 0)
		end_all("no memory");
}

ReportHook(POST_ALL)(struct criterion_global_stats *all)
{
	(void)all;
	server_remove(&shared);
}

void server_use(const struct test_server *server)
{
	cr_assert_eq(setenv(FOLDER_VARIABLE, server->folder, 1), 0);
}

/* --- each store is a schema of its own --- */

const struct db_driver *const place_driver = &db_driver_postgresql;
#define ROW_ID "id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
const char *const place_thing =
	"CREATE TABLE thing (" ROW_ID ", whole BIGINT, broken DOUBLE PRECISION, text TEXT, bytes BYTEA);";
const char *const place_thing_trigger =
	"CREATE TABLE other (" ROW_ID ", whole BIGINT); ALTER TABLE other ALTER id RESTART WITH 900; "
	"CREATE FUNCTION put_other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
	"INSERT INTO other (whole) VALUES (new.whole); RETURN NULL; END $$; "
	"CREATE TRIGGER thing_other AFTER INSERT ON thing FOR EACH ROW EXECUTE FUNCTION put_other(); "
	"CREATE UNIQUE INDEX thing_whole ON thing (whole)";

const char *const place_orphans = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated AND "
				  "connamespace = current_schema()::regnamespace";

const char *const place_probe = "PREPARE probe AS ", *const place_probe_end = "; DEALLOCATE probe";
const char *const place_session_values =
	"SELECT string_agg('''' || column_name || '=''||quote_nullable(' || column_name || ')', '||'' ''||') FROM "
	"information_schema.columns WHERE table_schema = current_schema() AND table_name = 'session' AND "
	"column_name";
const char *const place_text_writes = "SELECT CAST(CAST(xmin AS text) AS bigint) FROM session_text";

const char *place_columns(struct arena *arena, const char *table)
{
	return arena_printf(arena,
			    "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
			    "AND table_name = '%s' AND is_generated = 'NEVER'",
			    table);
}

/* The schema's number comes from a sequence of the server, because process ids are reused. */
char *server_place(const struct test_server *server)
{
	char text[64];
	PGconn *connection = connect_to(server);
	PGresult *number;

	cr_assert_eq(PQstatus(connection), CONNECTION_OK, "%s", PQerrorMessage(connection));
	number = PQexec(connection, "SELECT nextval('words.place')");
	cr_assert_eq(PQresultStatus(number), PGRES_TUPLES_OK, "%s", PQresultErrorMessage(number));
	(void)snprintf(text, sizeof text, "CREATE SCHEMA t%s", PQgetvalue(number, 0, 0));
	run(connection, text);
	char *url = test_text("postgresql:///postgres?host=%s&user=kybdesk&options=-csearch_path%%3Dt%s,words",
			      server->folder, PQgetvalue(number, 0, 0));
	PQclear(number);
	PQfinish(connection);
	return url;
}

/* --- stores that are kept and copied: each is a database of its own --- */

#define COPY_URL "postgresql:///%s?host=%s&user=kybdesk&options=-csearch_path%%3Dstore,words"
#define COPIES_MAX 64

static struct {
	pid_t owner; /* a process that the test forks removes nothing */
	char names[COPIES_MAX][32];
	size_t count;
} copies;

static PGconn *connect_to_shared(void)
{
	struct test_server server = { 0 };
	(void)snprintf(server.folder, sizeof server.folder, "%s", getenv(FOLDER_VARIABLE));
	return connect_to(&server);
}

static bool done(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);
	bool is = PQresultStatus(result) == PGRES_COMMAND_OK;

	PQclear(result);
	return is;
}

/* The first value of the first row, kept; NULL without a row. */
static char *value_of(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);

	cr_assert_eq(PQresultStatus(result), PGRES_TUPLES_OK, "%s: %s", sql, PQresultErrorMessage(result));
	char *value = PQntuples(result) > 0 ? test_text("%s", PQgetvalue(result, 0, 0)) : NULL;
	PQclear(result);
	return value;
}

/* At the end of a test. A copy is 11 MB. */
static void remove_copies(void)
{
	PGconn *connection = copies.owner == getpid() ? connect_to_shared() : NULL;
	char sql[100];

	for (size_t i = 0; connection && i < copies.count; i++) {
		(void)snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", copies.names[i]);
		(void)done(connection, sql);
	}
	PQfinish(connection);
}

static void write_key(const char *data_home, const char *files, const char *key)
{
	char bytes[64];
	size_t length = strlen(key) / 2;

	cr_assert_leq(length, sizeof bytes);
	for (size_t i = 0; i < length; i++) {
		unsigned value;
		cr_assert_eq(sscanf(key + 2 * i, "%2x", &value), 1);
		bytes[i] = (char)value;
	}
	const char *folder = temp_path(data_home, "kybdesk"), *path = test_text("%s/%s.key", folder, files);
	cr_assert(mkdir(data_home, 0700) == 0 || errno == EEXIST, "%s", data_home);
	cr_assert(mkdir(folder, 0700) == 0 || errno == EEXIST, "%s", folder);
	temp_write(path, bytes, length);
	cr_assert_eq(chmod(path, 0600), 0);
}

bool place_copied(const char *kind, char **path, const char *data_home, uint64_t *number)
{
	const char *kept = getenv("KYBDESK_TEST_NEW_STORES"), *folder = getenv(FOLDER_VARIABLE);
	char files[64], key[128];

	if (!kept || !*kept || !folder || !strstr(*path, folder))
		return false;
	PGconn *connection = connect_to_shared();
	const char *note =
		value_of(connection, test_text("SELECT shobj_description(oid, 'pg_database') FROM pg_database "
					       "WHERE datname = 'kept %s'",
					       kind));
	const char *name = test_text("copy%s", value_of(connection, "SELECT nextval('words.place')"));
	cr_assert_lt(copies.count, COPIES_MAX);
	if (copies.count == 0) {
		copies.owner = getpid();
		cr_assert_eq(atexit(remove_copies), 0);
	}
	(void)snprintf(copies.names[copies.count++], sizeof copies.names[0], "%s", name);
	run(connection, note ? test_text("CREATE DATABASE %s TEMPLATE \"kept %s\"", name, kind)
			     : test_text("CREATE DATABASE %s", name));
	PQfinish(connection);
	*path = test_text(COPY_URL, name, folder);
	if (!note)
		return false;
	cr_assert_eq(sscanf(note, "%" SCNu64 " %63s %127s", number, files, key), 3, "%s", note);
	write_key(data_home, files, key);
	return true;
}

void place_copy_keep(const char *kind, const char *path, const char *data_home, uint64_t number)
{
	const char *folder = getenv(FOLDER_VARIABLE);
	char name[32], hex[128] = "";
	struct arena arena = ARENA_INIT;
	size_t length;

	if (!folder || !strstr(path, folder) || sscanf(path, "postgresql:///%31[a-z0-9]", name) != 1 ||
	    strncmp(name, "copy", 4) != 0)
		return;
	const char *key = temp_read(place_key(&arena, data_home, path), &length);
	const char *files = place_text(&arena, path, "SELECT files FROM kybdesk_store");
	cr_assert(key && length < sizeof hex / 2);
	for (size_t i = 0; i < length; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", (unsigned char)key[i]);
	PGconn *connection = connect_to_shared();
	run(connection, test_text("CREATE DATABASE making_%s TEMPLATE %s", name, name));
	run(connection, test_text("COMMENT ON DATABASE making_%s IS '%" PRIu64 " %s %s'", name, number, files, hex));
	if (!done(connection, test_text("ALTER DATABASE making_%s RENAME TO \"kept %s\"", name, kind)))
		run(connection, test_text("DROP DATABASE making_%s", name)); /* another test was first */
	PQfinish(connection);
	arena_release(&arena);
}

char *place_make(const char *own_folder, const char *name)
{
	struct test_server server = { 0 };
	const char *folder = getenv(FOLDER_VARIABLE);

	(void)own_folder;
	(void)name;
	cr_assert_not_null(folder, "the tests' server was not started");
	(void)snprintf(server.folder, sizeof server.folder, "%s", folder);
	return server_place(&server);
}

const char *const *place_environment(const char *own_folder)
{
	size_t length = strlen(own_folder) + sizeof "XDG_DATA_HOME=";
	const char **list = malloc(2 * sizeof *list + length);
	char *text = (char *)(list + 2);

	cr_assert_not_null(list);
	(void)snprintf(text, length, "XDG_DATA_HOME=%s", own_folder);
	list[0] = text;
	list[1] = NULL;
	return list;
}

/* Translates a script for SQLite's shell to PostgreSQL. */
static void say(struct strbuf *out, const char *script)
{
	static const struct {
		const char *there, *here;
	} words[] = {
		{ "PRAGMA foreign_keys = ON;", "" },
		{ "CREATE TRIGGER fault BEFORE INSERT ON audit_event BEGIN SELECT raise(ABORT, 'fault'); END",
		  "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fault'; "
		  "END $$; CREATE TRIGGER fault BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION "
		  "fault()" },
		{ "DROP TRIGGER fault", "DROP TRIGGER fault ON audit_event" },
		{ "zeroblob(32)", "decode(repeat('00', 32), 'hex')" },
		{ "zeroblob(0)", "decode('', 'hex')" },
		{ "(rowid, body)", "(session_id, body)" },
		{ "hash BLOB", "hash BYTEA" },
		{ " x'", " '\\x" },
		{ "DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_update ON audit_event" },
		{ "DROP TRIGGER audit_event_no_delete", "DROP TRIGGER audit_event_no_delete ON audit_event" },
		{ "DROP TRIGGER row_commitment_no_update", "DROP TRIGGER row_commitment_no_update ON row_commitment" },
		{ "DROP TRIGGER row_commitment_no_delete", "DROP TRIGGER row_commitment_no_delete ON row_commitment" },
		{ "DROP TRIGGER ledger_entry_no_update", "DROP TRIGGER ledger_entry_no_update ON ledger_entry" },
		{ "DROP TRIGGER ledger_entry_no_delete", "DROP TRIGGER ledger_entry_no_delete ON ledger_entry" },
		{ "DROP TRIGGER decision_wait_insert", "DROP TRIGGER decision_wait_insert ON decision" },
		{ "DROP TRIGGER suspicion_entry_no_update",
		  "DROP TRIGGER suspicion_entry_no_update ON suspicion_entry" },
		{ "DROP TRIGGER rule_text_no_update", "DROP TRIGGER rule_text_no_update ON rule_text" },
		{ "DROP TRIGGER rule_text_no_delete", "DROP TRIGGER rule_text_no_delete ON rule_text" },
	};

	while (*script) {
		size_t found = 0;

		while (found < sizeof words / sizeof *words &&
		       strncmp(script, words[found].there, strlen(words[found].there)) != 0)
			found++;
		if (found < sizeof words / sizeof *words) {
			strbuf_adds(out, words[found].here);
			script += strlen(words[found].there);
		} else {
			strbuf_addch(out, *script++);
		}
	}
}

static PGresult *ask(const char *path, const char *script)
{
	struct strbuf output = STRBUF_INIT;
	PGconn *connection = PQconnectdb(path);
	PGresult *result;

	say(&output, script);
	result = PQexec(connection, output.buf);
	strbuf_release(&output);
	PQfinish(connection);
	return result;
}

static PGresult *shell(const char *path, const char *script)
{
	PGresult *result = ask(path, script);

	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		cr_assert_fail("%s: %s", script, PQresultErrorMessage(result));
	return result;
}

const char *place_key(struct arena *arena, const char *folder, const char *path)
{
	return arena_printf(arena, "%s/kybdesk/%s.key", folder,
			    place_text(arena, path, "SELECT files FROM kybdesk_store"));
}

bool place_refuses(const char *path, const char *script)
{
	PGresult *result = ask(path, script);
	bool refused = PQresultStatus(result) == PGRES_FATAL_ERROR;

	PQclear(result);
	return refused;
}

bool place_has_bytes(const char *path, const char *sha256)
{
	struct arena arena = ARENA_INIT;
	bool has = *place_text(&arena, path,
			       arena_printf(&arena, "SELECT 1 FROM document_bytes WHERE sha256 = '%s'", sha256));

	arena_release(&arena);
	return has;
}

void place_lose_bytes(const char *path, const char *sha256)
{
	struct arena arena = ARENA_INIT;

	cr_assert(place_has_bytes(path, sha256));
	shell_run(path, arena_printf(&arena, "DELETE FROM document_bytes WHERE sha256 = '%s'", sha256));
	arena_release(&arena);
}

void shell_run(const char *path, const char *script)
{
	PQclear(shell(path, script));
}

#define TYPE_BOOL 16
#define TYPE_BYTES 17

void place_keep(const char *path)
{
	(void)path;
}

const char *place_text(struct arena *arena, const char *path, const char *sql)
{
	PGresult *result = shell(path, sql);
	const char *out = "";

	if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
		out = arena_strdup(arena, PQgetvalue(result, 0, 0));
	if (PQftype(result, 0) == TYPE_BYTES) {
		size_t length;
		unsigned char *bytes = PQunescapeBytea((const unsigned char *)out, &length);

		out = arena_strndup(arena, (const char *)bytes, length);
		PQfreemem(bytes);
	}
	/* SQLite shows a true value as 1. */
	if (PQntuples(result) > 0 && PQftype(result, 0) == TYPE_BOOL)
		out = *out == 't' ? "1" : "0";
	PQclear(result);
	return out;
}
