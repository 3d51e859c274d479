#include "fault/site.h"
#include "support/new_store.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#ifdef KYB_SITE_ON_SERVER
#include "store/place.h"
#endif

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_ARGUMENTS 64

/* The copy of a server's store in a file, which SQLite reads. */
struct look {
	char *file;
	bool stale; /* a program was started after the copy was made */
};

#ifdef KYB_SITE_ON_SERVER
static char *new_store(struct site *site)
{
	site->look = calloc(1, sizeof *site->look);
	cr_assert(site->look);
	site->look->file = temp_path(site->folder, "look.db");
	site->look->stale = true;
	return place_make(NULL, NULL);
}

static bool is_copied(struct site *site, const char *kind)
{
	bool is = place_copied(kind, &site->store, temp_path(site->folder, "data"), &(uint64_t){ 0 });

	site->environment[0] = test_text("KYBDESK_STORE=%s", site->store);
	return is;
}

static void keep(const struct site *site, const char *kind)
{
	place_copy_keep(kind, site->store, temp_path(site->folder, "data"), 0);
}

static const char *store_file(const struct site *site)
{
	if (!site->look->stale)
		return site->look->file;
	cr_assert_eq(system(test_text("rm -rf %s*", site->look->file)), 0);
	site_expect(site, 0, "copy", "--from", site->store, "--to", site->look->file, "--without-key", NULL);
	site->look->stale = false;
	return site->look->file;
}

static void will_run(const struct site *site)
{
	site->look->stale = true;
}

static void end_look(struct site *site)
{
	free(site->look);
}
#else
static char *new_store(struct site *site)
{
	return temp_path(site->folder, "desk.db");
}

static bool is_copied(struct site *site, const char *kind)
{
	return new_store_copied(kind, site->store, &(uint64_t){ 0 });
}

static void keep(const struct site *site, const char *kind)
{
	new_store_keep(kind, site->store, 0);
}

static const char *store_file(const struct site *site)
{
	return site->store;
}

static void will_run(const struct site *site)
{
	(void)site;
}

static void end_look(struct site *site)
{
	(void)site;
}
#endif

static struct site *sites;

struct site *site_make_bare(void)
{
	struct site *site = calloc(1, sizeof *site);
	cr_assert(site);
	site->random = test_seed();
	(void)printf("seed %llu\n", (unsigned long long)site->random);
	(void)fflush(stdout);
	site->random |= 1;
	site->next = sites;
	sites = site;
	site->folder = temp_folder_make();
	site->store = new_store(site);
	size_t count = 0;
	site->environment[count++] = test_text("KYBDESK_STORE=%s", site->store);
	site->environment[count++] = test_text("XDG_DATA_HOME=%s/data", site->folder);
	site->environment[count++] = test_text("XDG_CONFIG_HOME=%s/config", site->folder);
	site->environment[count++] = test_text("TMPDIR=%s", site->folder);
	/* A sanitizer's exit status must differ from the program's. */
	site->environment[count++] = test_sanitizer_options("exitcode=99");
	site->environment[count++] = "KYBDESK_REVIEWER=ann";
	site->environment[count++] = "KYBDESK_TEST_NOW";
	site->environment[count++] = "LC_ALL=C.UTF-8";
	site->environment[count] = NULL;
	return site;
}

struct site *site_make(void)
{
	struct site *site = site_make_bare();
	if (is_copied(site, "site"))
		return site;
	site_expect(site, 0, "init", "--sandbox", NULL);
	keep(site, "site");
	return site;
}

void site_free(struct site *site)
{
	struct site **at = &sites;

	if (!site)
		return;
	while (*at != site)
		at = &(*at)->next;
	*at = site->next;
	temp_folder_remove(site->folder);
	end_look(site);
	free(site);
}

void site_tear_down(void)
{
	while (sites)
		site_free(sites);
}

char *site_path(const struct site *site, const char *name)
{
	return temp_path(site->folder, name);
}

char *site_keep(const struct site *site, const char *name, const char *text)
{
	char *path = site_path(site, name);

	temp_write(path, text, strlen(text));
	return path;
}

void site_environment(struct site *site, const char *pair)
{
	size_t at = 0, name = strcspn(pair, "=");
	while (site->environment[at] &&
	       !(strncmp(site->environment[at], pair, name) == 0 && strchr("=", site->environment[at][name])))
		at++;
	cr_assert(at + 1 < sizeof site->environment / sizeof *site->environment);
	if (!site->environment[at])
		site->environment[at + 1] = NULL;
	site->environment[at] = pair;
}

static void collect(const char **argv, va_list args)
{
	size_t count = 0;
	argv[count++] = KYB_PROGRAM;
	do
		cr_assert(count < MOST_ARGUMENTS);
	while ((argv[count++] = va_arg(args, const char *)));
}

static struct process_options options_for(const struct site *site, const char *const *argv)
{
	will_run(site);
	return (struct process_options){ .argv = argv,
					 .environment = site->environment,
					 .folder = site->folder,
					 .timeout_ms = test_is_long() ? 3600000 : 240000 };
}

void site_run(const struct site *site, struct process_result *result, ...)
{
	const char *argv[MOST_ARGUMENTS];
	va_list args;
	va_start(args, result);
	collect(argv, args);
	va_end(args);
	struct process_options options = options_for(site, argv);
	process_run(&options, result);
}

struct process *site_start(const struct site *site, ...)
{
	const char *argv[MOST_ARGUMENTS];
	va_list args;
	va_start(args, site);
	collect(argv, args);
	va_end(args);
	struct process_options options = options_for(site, argv);
	return process_start(&options);
}

static void run_expecting(const struct site *site, int status, const char *const *argv, struct process_result *result)
{
	struct process_options options = options_for(site, argv);
	process_run(&options, result);
	cr_assert(!result->timed_out && result->status == status, "%s %s ended with %d%s, not %d\n%.2000s\n%.4000s",
		  argv[1] ? argv[1] : "", argv[1] && argv[2] ? argv[2] : "", result->status,
		  result->timed_out ? " (too late)" : "", status, result->out, result->err);
}

void site_expect(const struct site *site, int status, ...)
{
	const char *argv[MOST_ARGUMENTS];
	struct process_result result;
	va_list args;
	va_start(args, status);
	collect(argv, args);
	va_end(args);
	run_expecting(site, status, argv, &result);
}

const char *result_says(const struct process_result *result, int status, const char *text)
{
	const char *said = status ? result->err : result->out;
	cr_expect_eq(result->status, status, "%d: %s%s", result->status, result->out, result->err);
	cr_expect(strstr(said, text), "\"%s\" is not in: %s%s", text, result->out, result->err);
	return said;
}

const char *site_says(const struct site *site, int status, const char *text, ...)
{
	const char *argv[MOST_ARGUMENTS];
	struct process_result result;
	va_list args;
	va_start(args, text);
	collect(argv, args);
	va_end(args);
	struct process_options options = options_for(site, argv);
	process_run(&options, &result);
	return result_says(&result, status, text);
}

void site_shell(const char *line)
{
	struct process_result result;
	process_call(&result, NULL, NULL, "sh", "-c", line, NULL);
	cr_assert_eq(result.status, 0, "%s: %s", line, result.err);
}

char *site_output(const struct site *site, ...)
{
	const char *argv[MOST_ARGUMENTS];
	struct process_result result;
	va_list args;
	va_start(args, site);
	collect(argv, args);
	va_end(args);
	run_expecting(site, 0, argv, &result);
	return result.out;
}

long site_import_peak_kib(const struct site *site, const char *path, int expected_status)
{
	struct rusage usage;
	int status;
	const char *argv[] = { KYB_PROGRAM, "import", path, NULL };
	union {
		const char *const *given;
		char *const *wanted;
	} list = { .given = argv };
	char **environment = test_environment_make(site->environment);
	pid_t pid = fork();
	cr_assert(pid >= 0);
	if (pid == 0) {
		int nothing = open("/dev/null", O_WRONLY);
		(void)dup2(nothing, STDOUT_FILENO);
		(void)dup2(nothing, STDERR_FILENO);
		(void)execve(KYB_PROGRAM, list.wanted, environment);
		_exit(127);
	}
	cr_assert_eq(wait4(pid, &status, 0, &usage), pid);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == expected_status, "the import ended with %d", status);
	test_environment_free(environment);
	/* Linux also counts the memory before exec: the result is never less than the test's own memory. */
	return usage.ru_maxrss;
}

/* This connection never copies the log back (WAL checkpoint); by default, closing the last connection does so. */
static sqlite3 *open_store(const struct site *site, bool writing)
{
	sqlite3 *handle = NULL;
	int flags = writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	cr_assert_eq(sqlite3_open_v2(store_file(site), &handle, flags, NULL), SQLITE_OK, "%s", sqlite3_errmsg(handle));
	(void)sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	(void)sqlite3_wal_autocheckpoint(handle, 0);
	(void)sqlite3_busy_timeout(handle, 10000);
	return handle;
}

char *site_rows(const struct site *site, const char *sql)
{
	sqlite3 *handle = open_store(site, false);
	sqlite3_stmt *statement = NULL;
	struct lines rows = { 0 };
	int code;
	cr_assert_eq(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK, "%s\n%s", sql,
		     sqlite3_errmsg(handle));
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			const void *bytes = sqlite3_column_blob(statement, i);
			if (i)
				lines_bytes(&rows, "|", 1);
			if (bytes)
				lines_bytes(&rows, bytes, (size_t)sqlite3_column_bytes(statement, i));
		}
		lines_bytes(&rows, "\n", 1);
	}
	cr_assert_eq(code, SQLITE_DONE, "%s\n%s", sql, sqlite3_errmsg(handle));
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(handle);
	if (rows.length)
		rows.text[rows.length - 1] = '\0';
	return rows.text ? rows.text : test_text("%s", "");
}

int64_t site_number(const struct site *site, const char *sql)
{
	char *text = site_rows(site, sql), *end;
	int64_t number = strtoll(text, &end, 10);
	cr_assert(*text && !*end, "%s\ngives '%s', no number", sql, text);
	return number;
}

void site_change(const struct site *site, const char *sql)
{
	sqlite3 *handle = open_store(site, true);
	char *message = NULL;
	cr_assert_eq(sqlite3_exec(handle, sql, NULL, NULL, &message), SQLITE_OK, "%s\n%s", sql, message);
	(void)sqlite3_close(handle);
}

void site_is_whole(const struct site *site)
{
	char *found = site_rows(site, "PRAGMA integrity_check");
	cr_assert_str_eq(found, "ok");
	found = site_rows(site, "PRAGMA foreign_key_check");
	cr_assert_str_empty(found);
	found = site_rows(site, "SELECT c.compliance_status, c.sessions, count(s.id) FROM inbox_count AS c LEFT JOIN "
				"session AS s ON s.compliance_status = c.compliance_status AND s.parent_id IS NULL "
				"GROUP BY c.compliance_status HAVING c.sessions <> count(s.id)");
	cr_assert_str_empty(found, "inbox, kept count, true count: %s", found);
}

void site_is_sound(const struct site *site)
{
	site_is_whole(site);
	site_expect(site, 0, "audit", "verify", NULL);
}

uint64_t site_random(struct site *site, uint64_t limit)
{
	site->random ^= site->random << 13;
	site->random ^= site->random >> 7;
	site->random ^= site->random << 17;
	return limit ? site->random % limit : 0;
}

void lines_bytes(struct lines *lines, const void *bytes, size_t length)
{
	if (lines->length + length + 1 > lines->capacity) {
		char *before = lines->text;
		lines->capacity = (lines->length + length + 1) * 2;
		lines->text = test_keep(malloc(lines->capacity));
		cr_assert(lines->text);
		memcpy(lines->text, before ? before : "", lines->length);
		test_drop(before);
	}
	memcpy(lines->text + lines->length, bytes, length);
	lines->length += length;
	lines->text[lines->length] = '\0';
}

void lines_add(struct lines *lines, const char *format, ...)
{
	char *made = NULL;
	va_list args;
	va_start(args, format);
	int length = vasprintf(&made, format, args);
	va_end(args);
	cr_assert(length >= 0);
	lines_bytes(lines, made, (size_t)length);
	free(made);
}

void lines_release(struct lines *lines)
{
	test_drop(lines->text);
	*lines = (struct lines){ 0 };
}
