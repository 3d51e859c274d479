/*
 * Imports: a repeated import changes nothing, an interrupted import is completed by running it again, memory does not
 * grow with the file, and while another reviewer decides cases, counts are correct and pages miss no case.
 */
#include "fault/cases.h"
#include "fault/nth.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(import, .fini = site_tear_down);

static unsigned how_many(void)
{
	return test_is_long() ? 100000 : 2000;
}

/* A child process writes the file, so that the test process stays small: a large process forks slowly, and its memory
 * counts as memory of its children. Each of the first `decidable` cases also exists in a form that can be decided. */
static char *write_apart(const struct site *site, unsigned count, unsigned decidable)
{
	int status;
	pid_t pid = fork();
	cr_assert(pid >= 0);
	if (pid == 0) {
		struct lines lines = { 0 };
		char *path = site_path(site, "plain.ndjson"), *document = site_path(site, "paper.pdf");
		for (unsigned i = 0; i < count; i++) {
			cases_plain(&lines, i);
			if (i < decidable)
				cases_approvable(&lines, i + 1);
		}
		temp_write(path, lines.text, lines.length);
		cases_write_pdf(document);
		_exit(0);
	}
	cr_assert(waitpid(pid, &status, 0) == pid && status == 0);
	return site_path(site, "plain.ndjson");
}

static json_int_t reported(const char *text, const char *what)
{
	json_t *report = test_keep(json_loads(text, 0, NULL));
	const json_t *value = json_object_get(report, what);
	cr_assert(json_is_integer(value), "%s", text);
	json_int_t number = json_integer_value(value);
	return number;
}

static json_int_t import_reporting(const struct site *site, const char *path, const char *what)
{
	char *text = site_output(site, "import", path, "--json", NULL);
	json_int_t number = reported(text, what);
	return number;
}

/* Compares `inbox` with a full count by SQLite itself. */
static void inbox_is_true(const struct site *site)
{
	char *text = site_output(site, "inbox", "--json", NULL);
	json_t *answer = test_keep(json_loads(text, 0, NULL));
	const char *name;
	json_t *count;
	json_int_t total = 0;
	json_object_foreach(json_object_get(answer, "inboxes"), name, count)
	{
		char *sql = test_text("SELECT count(*) FROM session WHERE parent_id IS NULL AND CASE WHEN status IN "
				      "('draft', 'expired') THEN 'incomplete' WHEN status IN ('active', 'processing') "
				      "THEN "
				      "'pending' WHEN status = 'awaiting_client_correction' THEN 'remediation' WHEN "
				      "status IN ('completed', 'processed') THEN 'completed' ELSE status END = '%s'",
				      name);
		cr_assert_eq(json_integer_value(count), site_number(site, sql), "inbox %s", name);
		total += json_integer_value(count);
	}
	cr_assert_eq(json_object_size(json_object_get(answer, "inboxes")), 7);
	cr_assert_eq(json_integer_value(json_object_get(answer, "total")), total);
}

Test(import, a_second_run_changes_nothing_at_all)
{
	const unsigned count = how_many();
	struct site *site = site_make();
	char *path = write_apart(site, count, 0);
	cr_assert_eq(import_reporting(site, path, "imported"), count);
	char *before = site_rows(site, "SELECT (SELECT max(seq) FROM audit_event), (SELECT hex(hash) FROM chain_head), "
				       "(SELECT count(*) FROM session), (SELECT sum(version) FROM session), "
				       "(SELECT sum(updated_at) FROM session)");
	char *text = site_output(site, "import", path, "--json", NULL);
	cr_assert_eq(reported(text, "unchanged"), count);
	cr_assert_eq(reported(text, "imported") + reported(text, "updated") + reported(text, "rejected"), 0);
	char *after = site_rows(site, "SELECT (SELECT max(seq) FROM audit_event), (SELECT hex(hash) FROM chain_head), "
				      "(SELECT count(*) FROM session), (SELECT sum(version) FROM session), "
				      "(SELECT sum(updated_at) FROM session)");
	cr_assert_str_eq(after, before);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM session WHERE parent_id IS NULL"), count);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'session.import'"), count);
	inbox_is_true(site);
	site_is_sound(site);
}

/* Another reviewer decides the decidable cases, one after the other, while the test reads pages. */
struct decider {
	struct site *site;
	struct process *process;
	unsigned next, last, decided;
};

static void decide_on(struct decider *decider, bool wait)
{
	struct process_result result;
	if (decider->process && process_wait(decider->process, wait ? 60000 : 0, &result)) {
		cr_assert_eq(result.status, 0, "%s", result.err);
		decider->decided++;
		process_free(decider->process);
		decider->process = NULL;
	}
	if (!wait && !decider->process && decider->next <= decider->last) {
		const char *reference = cases_reference(decider->next++);
		decider->process =
			decider->next % 2
				? site_start(decider->site, "--as", "bob", "approve", reference, "--grace", "0", NULL)
				: site_start(decider->site, "--as", "bob", "reject", reference, "--reason",
					     "duplicate_application", "--note", "explained in full", NULL);
	}
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Reads all pages of fifty cases each, and lets the decider continue after each page; returns the number of cases. */
static size_t read_pages(struct decider *decider, const char *sort, char **ids, size_t room)
{
	size_t count = 0;
	char *after = test_keep(strdup(""));
	while (after) {
		char *text =
			*after ? site_output(decider->site, "list", "--sort", sort, "--limit", "50", "--json",
					     "--after", after, NULL)
			       : site_output(decider->site, "list", "--sort", sort, "--limit", "50", "--json", NULL);
		json_t *page = test_keep(json_loads(text, 0, NULL)), *item;
		const char *next = json_string_value(json_object_get(page, "next"));
		size_t i;
		cr_assert(json_is_array(json_object_get(page, "data")), "%s", text);
		json_array_foreach(json_object_get(page, "data"), i, item)
		{
			cr_assert(count < room, "more rows than there are cases");
			ids[count++] = test_keep(strdup(json_string_value(json_object_get(item, "external_ref"))));
		}
		cr_assert(!next || i == 50, "a page of %zu with more after it", i);
		after = next ? test_keep(strdup(next)) : NULL;
		decide_on(decider, false);
	}
	return count;
}

static void pages_visit_each_once(const char *sort)
{
	const unsigned plain = how_many(), decidable = plain < 10000 ? plain / 20 : 500;
	struct site *site = site_make();
	struct decider decider = { .site = site, .next = 1, .last = decidable };
	const size_t room = (size_t)plain + decidable + 10;
	char **ids = calloc(room, sizeof *ids);
	cr_assert(ids);
	char *path = write_apart(site, plain, decidable);
	site_expect(site, 0, "import", path, NULL);
	size_t count = read_pages(&decider, sort, ids, room);
	decide_on(&decider, true);
	qsort(ids, count, sizeof *ids, compare_texts);
	for (size_t i = 1; i < count; i++)
		cr_assert_str_neq(ids[i], ids[i - 1], "%s came on two pages", ids[i]);
	cr_assert_eq(count, plain + decidable, "%zu of %u cases came", count, plain + decidable);
	cr_expect(decider.decided > 5, "nobody decided meanwhile");
	inbox_is_true(site);
	for (size_t i = 0; i < count; i++)
		free(ids[i]);
	free(ids);
	site_free(site);
}

Test(import, pages_in_the_usual_order_visit_each_case_once_while_another_decides)
{
	pages_visit_each_once("due");
}

Test(import, pages_by_name_visit_each_case_once_while_another_decides)
{
	pages_visit_each_once("name");
}

static int64_t sessions(const struct site *site)
{
	return site_number(site, "SELECT count(*) FROM session WHERE parent_id IS NULL");
}

/* Starts an import and waits until some of it is stored. */
static struct process *import_begun(const struct site *site, const char *path, int64_t at_least)
{
	struct process *process = site_start(site, "import", path, NULL);
	long long end = test_clock_ms() + 60000;
	while (sessions(site) < at_least && test_clock_ms() < end)
		test_sleep_ms(1);
	return process;
}

Test(import, killed_in_the_middle_and_run_again_it_is_complete)
{
	const unsigned count = test_is_long() ? how_many() : how_many() * 2;
	struct site *site = site_make();
	char *path = write_apart(site, count, 0);
	struct process_result result;
	int64_t before = 0;
	for (unsigned i = 0; i < 3; i++) {
		struct process *process = import_begun(site, path, before + 1 + (int64_t)site_random(site, count / 8));
		process_signal(process, SIGKILL);
		cr_assert(process_wait(process, 10000, &result));
		cr_assert_eq(result.status, 128 + SIGKILL, "it was over before it could be killed");
		process_free(process);
		before = sessions(site);
		cr_assert(before > 0 && before < count, "%lld of %u", (long long)before, count);
		cr_assert_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'session.import'"),
			     before);
		site_is_sound(site);
	}
	char *text = site_output(site, "import", path, "--json", NULL);
	cr_assert_eq(reported(text, "unchanged"), before);
	cr_assert_eq(reported(text, "imported"), count - before);
	cr_assert_eq(sessions(site), count);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'session.import'"), count);
	inbox_is_true(site);
	site_is_sound(site);
}

Test(import, interrupted_from_the_keyboard_it_says_so_and_keeps_what_is_done)
{
	const unsigned count = how_many() * 2;
	struct site *site = site_make();
	char *path = write_apart(site, count, 0);
	struct process_result result;
	struct process *process = import_begun(site, path, 1);
	process_signal(process, SIGINT);
	cr_assert(process_wait(process, 20000, &result));
	process_free(process);
	cr_assert_eq(result.status, 1, "%s", result.err);
	cr_assert(strstr(result.err, "run the import again to finish"), "%s", result.err);
	int64_t kept = sessions(site);
	cr_assert(kept > 0 && kept < count);
	cr_assert_eq(import_reporting(site, path, "imported"), count - kept);
	site_is_sound(site);
}

Test(import, two_imports_of_the_same_file_at_once_import_each_case_once)
{
	const unsigned count = how_many();
	struct site *site = site_make();
	char *path = write_apart(site, count, 0);
	struct process *processes[2];
	struct process_result result;
	json_int_t imported = 0, unchanged = 0;
	for (unsigned i = 0; i < 2; i++)
		processes[i] = site_start(site, "import", path, "--json", NULL);
	for (unsigned i = 0; i < 2; i++) {
		cr_assert(process_wait(processes[i], 600000, &result));
		cr_assert_eq(result.status, 0, "%s%s", result.err, result.out);
		imported += reported(result.out, "imported");
		unchanged += reported(result.out, "unchanged");
		process_free(processes[i]);
	}
	cr_assert_eq(imported, count);
	cr_assert_eq(unchanged, count);
	cr_assert_eq(sessions(site), count);
	site_is_sound(site);
}

Test(import, memory_does_not_grow_with_the_file)
{
	const unsigned count = test_is_long() ? 50000 : 2000;
	long peaks[2];
	for (unsigned i = 0; i < 2; i++) {
		struct site *site = site_make();
		char *path = write_apart(site, i ? count * 4 : count, 0);
		/* AddressSanitizer keeps freed memory in a quarantine that grows until it is full: without a
		 * quarantine, only the program's own memory is measured. The 30 % below are for caches that fill up. */
		site_environment(site,
				 "ASAN_OPTIONS=quarantine_size_mb=0:thread_local_quarantine_size_kb=0:exitcode=99");
		peaks[i] = site_import_peak_kib(site, path, 0);
		site_free(site);
	}
	(void)printf("peak %ld KiB, for four times as many %ld KiB\n", peaks[0], peaks[1]);
	cr_assert(peaks[1] < peaks[0] * 13 / 10, "%ld KiB for %u cases, %ld KiB for %u", peaks[0], count, peaks[1],
		  count * 4);
}

/* Imports the file again with all import hashes removed, so that the program checks every case; returns the number of
 * reads from files. */
static unsigned long long reads_with(struct site *site, struct nth_calls *calls, const char *path, const char *memory)
{
	site_change(site, "UPDATE session SET import_sha256 = NULL");
	unsigned long long before = calls->made[NTH_READ];
	site_environment(site, "LD_PRELOAD=" KYB_NTH_FAULT);
	if (memory)
		site_expect(site, 0, "import", path, "--memory", memory, NULL);
	else
		site_expect(site, 0, "import", path, NULL);
	site_environment(site, "LD_PRELOAD");
	return calls->made[NTH_READ] - before;
}

/* Multiplies the cases with tests/bench/grow.sh, so that the store is larger than the database's default cache. */
static void grow(const struct site *site, const char *times)
{
	struct process_result result;
	site_change(site, "PRAGMA wal_checkpoint(TRUNCATE)");
	process_call(&result, NULL, NULL, KYB_SOURCE_DIR "/tests/bench/grow.sh", site->store, times, NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
}

Test(import, with_more_memory_pages_are_read_once)
{
	struct site *site = site_make();
	char *path = write_apart(site, 300, 0);
	site_expect(site, 0, "import", path, NULL);
	site_is_sound(site);
	/* The store is checked before it grows, because the added rows have no audit records. */
	grow(site, "60");
	cr_assert_eq(sessions(site), 300 * 60);
	struct nth_calls *calls = nth_count(site);
	unsigned long long least = reads_with(site, calls, path, NULL);
	unsigned long long more = reads_with(site, calls, path, "256");
	(void)printf("%llu reads, %llu with 256 MiB\n", least, more);
	cr_assert_lt(more * 2, least, "%llu reads with 256 MiB, %llu without", more, least);
	nth_release(site, calls);
}
