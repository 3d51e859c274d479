#include "fault/nth.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SANITIZED "verify_asan_link_order=0:exitcode=99:allocator_may_return_null=1"
enum { NTH_STATUSES = 10 }; /* exit codes, all documented */

struct nth {
	struct site *site;
	const struct nth_deed *deed;
	struct nth_calls *calls; /* counters of the last run */
	unsigned long long all[NTH_KINDS], tries[NTH_KINDS];
	unsigned total;
	unsigned untold; /* runs that changed the store, but reported a failure */
	unsigned done, undone, statuses[NTH_STATUSES];
	char *image, *shown; /* `shown`: output of the command */
	char *before, *after, *others[NTH_OTHERS];
	char *files; /* paths of the files in the site after the command without a fault */
	bool lasting;
};

struct nth_calls *nth_count(struct site *site)
{
	struct nth_calls *calls;
	char *path = site_path(site, "calls");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	cr_assert(fd >= 0 && ftruncate(fd, sizeof *calls) == 0);
	calls = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	cr_assert(calls != MAP_FAILED);
	(void)close(fd);
	site_environment(site, test_text("KYBDESK_TEST_CALLS=%s", path));
	site_environment(site, test_sanitizer_options(SANITIZED));
	return calls;
}

const char *nth_fault(struct site *site, enum nth_kind kind, unsigned long long n, enum nth_how how)
{
	static const char *const marks[] = { [NTH_ONCE] = "", [NTH_LASTING] = "+", [NTH_KILLED] = "!" };
	(void)snprintf(site->fault, sizeof site->fault, "KYBDESK_TEST_FAULT=%s:%llu%s", nth_kind_names[kind], n,
		       marks[how]);
	site_environment(site, n ? site->fault : "KYBDESK_TEST_FAULT");
	/* Libraries leak a little after a failed allocation. */
	site_environment(site,
			 test_sanitizer_options(n && kind == NTH_MEMORY ? SANITIZED ":detect_leaks=0" : SANITIZED));
	return site->fault;
}

void nth_release(struct site *site, struct nth_calls *calls)
{
	site_environment(site, "KYBDESK_TEST_FAULT");
	site_environment(site, "KYBDESK_TEST_CALLS");
	(void)munmap(calls, sizeof *calls);
}

static void put_back(const struct nth *nth)
{
	char *made = nth->deed->makes ? site_path(nth->site, nth->deed->makes) : NULL;
	char *command = test_text("rm -rf '%s'* %s%s%s && cp -a '%s'/. '%s'/", nth->site->store, made ? "'" : "",
				  made ? made : "", made ? "'*" : "", nth->image, nth->site->folder);
	site_shell(command);
}

/* The content of a store, in a form that is equal for two runs of the same command: no times, no ids. */
static void add_state(struct lines *out, const struct site *site, const char *apart)
{
	struct lines sql = { 0 };
	char *rest;
	/* Opens the store for writing, because a reader may not roll back an interrupted transaction. */
	site_change(site, "SELECT count(*) FROM sqlite_schema");
	char *names = test_text("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE "
				"VIRTUAL%%' AND "
				"name NOT IN ('worker', 'session_text_data', 'session_text_idx', 'row_commitment', %s) "
				"ORDER BY name",
				apart);
	char *tables = site_rows(site, names);
	if (!*tables) {
		lines_add(out, "no store\n");
		return;
	}
	for (char *name = strtok_r(tables, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest))
		lines_add(&sql, "SELECT '%s', count(*), '' FROM \"%s\" UNION ALL ", name, name);
	lines_add(&sql,
		  "SELECT 'schema', count(*), total(length(sql)) FROM sqlite_schema "
		  "UNION ALL SELECT 'version', user_version, '' FROM pragma_user_version "
		  "UNION ALL SELECT external_ref, version, status FROM session "
		  "UNION ALL SELECT uid, 0, level FROM subject "
		  "UNION ALL SELECT state, count(*), '' FROM delivery GROUP BY state "
		  "UNION ALL SELECT action, count(*), '' FROM audit_event WHERE 'audit_event' NOT IN (%s) GROUP BY "
		  "action ORDER BY 1, 2, 3",
		  apart);
	char *found = site_rows(site, sql.text);
	lines_add(out, "%s\n", found);
	lines_release(&sql);
}

/* Sets `out` to the site with the store that the command makes (the caller frees out->store); false: no such store. */
static bool look_at_made(const struct nth *nth, struct site *out)
{
	*out = *nth->site;
	out->store = site_path(nth->site, nth->deed->makes);
	if (access(out->store, F_OK) == 0)
		return true;
	free(out->store);
	return false;
}

static char *state(const struct nth *nth)
{
	struct lines found = { 0 };
	struct site made;
	const char *apart = nth->deed->apart ? nth->deed->apart : "''";
	add_state(&found, nth->site, apart);
	if (nth->deed->makes) {
		lines_add(&found, "--- made: ");
		if (look_at_made(nth, &made)) {
			add_state(&found, &made, apart);
			free(made.store);
		} else {
			lines_add(&found, "no store\n");
		}
	}
	return found.text;
}

static void run(struct nth *nth, const char *const *w, struct process_result *result)
{
	site_environment(nth->site, "LD_PRELOAD=" KYB_NTH_FAULT);
	memset(nth->calls, 0, sizeof *nth->calls);
	site_run(nth->site, result, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], NULL);
	site_environment(nth->site, "LD_PRELOAD");
	cr_assert(!result->timed_out && result->status < NTH_STATUSES, "%s with %s ended with %d\n%.1000s\n%.6000s",
		  w[0], nth->site->fault, result->status, result->out, result->err);
}

static char *files_of(const struct nth *nth)
{
	struct process_result result;
	process_call(&result, NULL, NULL, "find", nth->site->folder, "-type", "f", NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	return test_keep(strdup(result.out));
}

/* No temporary file is left beside the store's own files and the documents; doctor checks the documents' folder. */
static void expect_no_strays(const struct nth *nth, const char *fault)
{
	const char *store = nth->site->store;
	char *rest, *files = files_of(nth);
	for (char *path = strtok_r(files, "\n", &rest); path; path = strtok_r(NULL, "\n", &rest)) {
		bool own = !strncmp(path, store, strlen(store)) && path[strlen(store)] == '-';
		cr_assert(own || strstr(nth->files, path), "%s: %s is left", fault, path);
	}
}

/* Restores the initial store, and runs the command without a fault; returns the final state. */
static char *end_of(struct nth *nth, const char *const *words)
{
	struct process_result result;
	put_back(nth);
	run(nth, words, &result);
	cr_assert_eq(result.status, 0, "%s: %s", words[0], result.err);
	free(nth->shown);
	nth->shown = test_keep(strdup(result.out));
	return state(nth);
}

struct nth *nth_begin(struct site *site, const struct nth_deed *deed)
{
	struct nth *nth = calloc(1, sizeof *nth);
	cr_assert(nth);
	nth->site = site;
	nth->deed = deed;
	nth->calls = nth_count(site);
	nth->image = temp_folder_make();
	site_shell(test_text("cp -a '%s'* '%s'/", site->store, nth->image));
	nth->lasting = site_random(site, 2);
	nth->before = state(nth);
	for (size_t i = 0; i < NTH_OTHERS && deed->others[i][0]; i++)
		nth->others[i] = end_of(nth, deed->others[i]);
	nth->after = end_of(nth, deed->words);
	nth->files = files_of(nth);
	memcpy(nth->all, nth->calls->made, sizeof nth->all);
	cr_assert_eq(deed->looks, !strcmp(nth->before, nth->after), "%s", nth->after);
	return nth;
}

static void expect_sentence(const struct process_result *result, const char *fault)
{
	static const char *const unfit[] = { "bug at", "Sanitizer", "(null)", "not an error", "another row available" };
	cr_assert(*result->err || strstr(result->out, "\"error\":{\"code\""),
		  "%s: it ended with %d, without a word\n%s", fault, result->status, result->out);
	for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
		cr_assert_null(strstr(result->err, unfit[i]), "%s: %s", fault, result->err);
}

/* Expects no damage and no unexpected advice in the report of doctor, which also recomputes the audit log. */
static void expect_healthy(const struct nth *nth, const char *fault, const char *store)
{
	char *text = site_output(nth->site, "--store", store, "doctor", "--json", NULL);
	json_t *report = json_loads(text, 0, NULL), *finding;
	size_t at;
	cr_assert_gt(json_array_size(json_object_get(report, "findings")), 4);
	json_array_foreach(json_object_get(report, "findings"), at, finding)
	{
		const char *what = json_string_value(json_object_get(finding, "what"));
		/* Waiting deliveries are not damage: no worker runs. */
		cr_assert(json_is_null(json_object_get(finding, "advice")) || strstr(what, "webhook deliveries wait") ||
				  (nth->deed->advised && strstr(what, nth->deed->advised)),
			  "%s: %s", fault, what);
	}
	json_decref(report);
}

/* If the copy was made without some documents' bytes, doctor finds nothing else wrong. */
static void expect_made(const struct nth *nth, const char *fault, const struct process_result *output)
{
	struct process_result result;

	if (!strstr(output->err, "are missing, as in the source store")) {
		expect_healthy(nth, fault, nth->deed->makes);
		return;
	}
	cr_assert_eq(output->status, 8, "%s: %s", fault, output->err);
	site_run(nth->site, &result, "--store", nth->deed->makes, "doctor", NULL);
	cr_assert_eq(result.status, 8, "%s: %s", fault, result.err);
	cr_assert(strstr(result.err, "damaged: 1 finding;") && strstr(result.err, "a document's bytes are missing"),
		  "%s: %s", fault, result.err);
}

static bool is_other(const struct nth *nth, const char *now)
{
	for (size_t i = 0; i < NTH_OTHERS && nth->others[i]; i++)
		if (!strcmp(now, nth->others[i]))
			return true;
	return false;
}

/* Runs the command without a fault until it is complete: leases of a dead worker end only after some seconds. */
static void complete(struct nth *nth, const char *fault)
{
	struct process_result result;
	long long until = test_clock_ms() + 120000;
	char *now = NULL;
	bool whole;
	do {
		free(now);
		if (nth->deed->later)
			site_environment(nth->site, nth->deed->later);
		(void)nth_fault(nth->site, NTH_READ, 0, NTH_ONCE);
		run(nth, nth->deed->words, &result);
		site_environment(nth->site, "KYBDESK_TEST_NOW");
		cr_assert_eq(result.status, 0, "%s: it can't be done again: %s", fault, result.err);
		now = state(nth);
		whole = !strcmp(now, nth->after);
	} while (!whole && nth->deed->later && test_clock_ms() < until);
	cr_assert(whole, "%s: done again it is not whole:\n%s\n--- should be\n%s", fault, now, nth->after);
	free(now);
}

static void try_one(struct nth *nth, enum nth_kind kind, unsigned long long n, bool lasting)
{
	const char *fault = nth_fault(nth->site, kind, n, lasting ? NTH_LASTING : NTH_ONCE);
	struct process_result result;
	bool same, whole;
	put_back(nth);
	run(nth, nth->deed->words, &result);
	if (result.status)
		expect_sentence(&result, fault);
	/* Except after a memory fault, an error is about the store (8), an input file (9) or a refused line (3). */
	cr_assert(kind == NTH_MEMORY || !result.status || result.status == 8 || result.status == 9 ||
			  (nth->deed->refuses && result.status == 3 && strstr(result.err, nth->deed->refuses)),
		  "%s: it ended with %d: %s", fault, result.status, result.err);
	char *now = state(nth);
	same = !strcmp(now, nth->before);
	whole = !strcmp(now, nth->after);
	cr_assert(same || whole || nth->deed->in_steps || is_other(nth, now),
		  "%s: half done, told %d: %s\n%s\n--- before\n%s\n--- after\n%s", fault, result.status, result.err,
		  now, nth->before, nth->after);
	cr_assert(result.status || whole || nth->deed->in_steps, "%s: it is not done, and nothing was said: %s%s",
		  fault, result.out, result.err);
	cr_assert(result.status || !nth->deed->looks || !strcmp(result.out, nth->shown), "%s: it shows less:\n%s",
		  fault, result.out);
	nth->untold += whole && result.status && !nth->deed->looks;
	nth->done += whole;
	nth->undone += !whole;
	nth->tries[kind]++;
	/* A file that cannot be renamed or removed stays until it is old enough for the sweep. */
	if (kind != NTH_NAME)
		expect_no_strays(nth, fault);
	nth->statuses[result.status]++;
	/* An unchanged store is most likely as sound as before, so only some unchanged stores are checked. */
	if (!same || nth->total++ % (kind == NTH_MEMORY ? 16 : 4) == 0) {
		expect_healthy(nth, fault, nth->site->store);
		if (whole && nth->deed->makes)
			expect_made(nth, fault, &result);
		if (!whole)
			complete(nth, fault);
	}
	free(now);
}

void nth_try_each(struct nth *nth, enum nth_kind kind)
{
	for (unsigned long long n = 1; n <= nth->all[kind]; n++)
		try_one(nth, kind, n, false);
}

void nth_try_last(struct nth *nth, enum nth_kind kind, unsigned how_many)
{
	unsigned long long all = nth->all[kind];
	for (unsigned long long n = all > how_many ? all - how_many + 1 : 1; n <= all; n++)
		try_one(nth, kind, n, true);
}

/* KYBDESK_TEST_NTH: "step:218" lets only step 218 fail, "step:218+" also all later steps, "step" each step once. */
static bool try_wanted(struct nth *nth, enum nth_kind kind)
{
	const char *wanted = getenv("KYBDESK_TEST_NTH"), *name = nth_kind_names[kind];
	size_t length = strlen(name);
	if (!wanted || strncmp(wanted, name, length) != 0)
		return wanted;
	if (wanted[length] == ':')
		try_one(nth, kind, strtoull(wanted + length + 1, NULL, 10), strchr(wanted, '+'));
	else
		nth_try_each(nth, kind);
	return true;
}

void nth_try_kind(struct nth *nth, enum nth_kind kind, unsigned how_many)
{
	unsigned long long all = nth->all[kind], step;
	if (!all || try_wanted(nth, kind))
		return;
	if (test_is_long() || how_many > all)
		how_many = (unsigned)all;
	step = all / how_many;
	/* Alternates between a single fault and a lasting fault (nth_how); the long run tries both for each call. */
	for (unsigned long long n = 1 + site_random(nth->site, step); n <= all; n += step) {
		try_one(nth, kind, n, nth->lasting);
		nth->lasting = !nth->lasting;
		/* Allocations and the steps of a migration are too many to try both: tens of thousands. */
		if (test_is_long() && all < 5000)
			try_one(nth, kind, n, nth->lasting);
	}
}

void nth_end(struct nth *nth)
{
	struct lines text = { 0 };
	for (int kind = 0; kind < NTH_KINDS; kind++)
		if (nth->tries[kind])
			lines_add(&text, "%s%s %llu tries of %llu calls", text.length ? ", " : "", nth_kind_names[kind],
				  nth->tries[kind], nth->all[kind]);
	for (int status = 0; status < NTH_STATUSES; status++)
		if (nth->statuses[status])
			lines_add(&text, "; %u ended with %d", nth->statuses[status], status);
	tried("%s; %u done (%u of them told as failed), %u not", text.text, nth->done, nth->untold, nth->undone);
	lines_release(&text);
	nth_release(nth->site, nth->calls);
	for (size_t i = 0; i < NTH_OTHERS; i++)
		free(nth->others[i]);
	free(nth->before);
	free(nth->after);
	free(nth->files);
	free(nth->shown);
	temp_folder_remove(nth->image);
	free(nth);
}
