/* A purge that is killed at any point leaves a sound store, and the next purge finishes the work. */
#include "fault/nth.h"
#include "fault/site.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

TestSuite(purging, .fini = site_tear_down);

#define CASES 120
#define STAYING 10

/* Cases that were rejected in 2015, each with a document of its own and a party; and some that are open. */
static void bring(const struct site *site, unsigned old)
{
	struct lines lines = { 0 };
	char *input = site_path(site, "old.ndjson");

	for (unsigned i = 0; i < old + STAYING; i++) {
		char name[32];
		struct lines pdf = { 0 };

		(void)snprintf(name, sizeof name, "paper-%u.pdf", i);
		char *path = site_path(site, name);
		lines_add(&pdf, "%%PDF-1.4\n%% paper of Quillfeather %u\n%%%%EOF\n", i);
		temp_write(path, pdf.text, pdf.length);
		lines_release(&pdf);
		lines_add(&lines,
			  "{\"external_ref\":\"%s-%u\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
			  "\"shop\","
			  "\"status\":\"%s\",\"subject\":{\"uid\":\"biz-%u\",\"kind\":\"business\",\"name\":\"%s %u "
			  "Ltd\",\"country\":\"GBR\"},\"submitted_at\":\"2015-11-20T10:00:00Z\",\"documents\":[{"
			  "\"type\":"
			  "\"BUSINESS_NUMBER\",\"file\":\"%s\",\"file_name\":\"a.pdf\"}],\"parties\":[{\"kind\":"
			  "\"individual\",\"name\":\"Xaverinha %s %u\",\"roles\":[\"ubo\"]}]%s}\n",
			  i < old ? "OLD" : "NEW", i, i < old ? "rejected" : "manual_review", i,
			  i < old ? "Quillfeather" : "Stay", i, name, i < old ? "Plumbottom" : "Sousa", i,
			  i < old ? ",\"decisions\":[{\"decision\":\"reject\",\"by\":\"bo\",\"at\":"
				    "\"2015-11-22T10:00:00Z\",\"reason\":\"other\"}]"
				  : "");
	}
	temp_write(input, lines.text, lines.length);
	site_expect(site, 0, "import", input, NULL);
}

static void bring_cases(const struct site *site)
{
	bring(site, CASES);
}

static int64_t old_cases(const struct site *site)
{
	return site_number(site, "SELECT count(*) FROM session WHERE external_ref LIKE 'OLD-%'");
}

static void ends(struct process *process, bool *killed)
{
	struct process_result result;

	cr_assert(process_wait(process, 60000, &result), "purge does not end");
	*killed = result.status == 128 + SIGKILL;
	cr_assert(*killed || result.status == 0, "%d %s", result.status, result.err);
	process_free(process);
}

#ifndef KYB_SITE_ON_SERVER
static unsigned files_of_documents(const struct site *site)
{
	unsigned count = 0;

	for (unsigned i = 0; i < 256; i++) {
		DIR *folder;

		char *path = test_text("%s-documents/%02x", site->store, i);
		folder = opendir(path);
		for (const struct dirent *entry; folder && (entry = readdir(folder));)
			count += entry->d_name[0] != '.';
		if (folder)
			(void)closedir(folder);
	}
	return count;
}

static bool has(const char *path, const char *word)
{
	size_t length = 0;
	char *bytes = temp_read(path, &length);
	bool found = bytes && memmem(bytes, length, word, strlen(word));

	return found;
}

/* Names of erased cases, also in lower case as in the search index, must be neither in the file nor in its log. */
static void nothing_is_left_in_the_files(const struct site *site)
{
	static const char *const words[] = { "Quillfeather", "quillfeather", "Plumbottom", "plumbottom" };

	char *log = test_text("%s-wal", site->store);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		cr_expect_not(has(site->store, words[i]), "%s is in the file", words[i]);
		cr_expect_not(has(log, words[i]), "%s is in the log", words[i]);
	}
	cr_expect_eq(files_of_documents(site), STAYING);
}

/* While a program reads the store, the log stays: purge and doctor report this. A later purge empties the log. */
Test(purging, a_reader_keeps_the_log_until_the_next_one)
{
	struct site *site = site_make();
	struct process_result result;
	sqlite3 *reader = NULL;

	bring(site, 3);
	cr_assert_eq(sqlite3_open_v2(site->store, &reader, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM session", NULL, NULL, NULL), SQLITE_OK);
	char *said = site_output(site, "purge", NULL);
	cr_expect(strstr(said, "Erased the cases of 3 users"), "%s", said);
	cr_expect(strstr(said, "The write-ahead log still contains the erased cases"), "%s", said);
	site_run(site, &result, "doctor", NULL);
	cr_expect(strstr(result.out, "the write-ahead log may still contain erased cases"), "%s", result.out);
	said = site_output(site, "purge", "--json", NULL);
	cr_expect(strstr(said, "\"log_left\":true"), "%s", said);
	(void)sqlite3_close_v2(reader);
	said = site_output(site, "purge", "--json", NULL);
	cr_expect(strstr(said, "\"log_left\":false"), "%s", said);
	nothing_is_left_in_the_files(site);
	site_expect(site, 0, "doctor", NULL);
}

/* The purge is killed before each of its last writes (log, file, length of the log); the next purge finishes it. */
Test(purging, killed_at_any_of_its_last_writes_leaves_no_word_behind)
{
	const unsigned long long last = test_is_long() ? 400 : 30;
	struct site *site = site_make();
	struct nth_calls *calls;
	struct process_result result;
	unsigned long long writes;

	char *image = test_text("%s-image", site->folder);
	bring(site, 3);
	char *command = test_text("cp -a '%s' '%s'", site->folder, image);
	site_shell(command);
	calls = nth_count(site);
	site_environment(site, "LD_PRELOAD=" KYB_NTH_FAULT);
	site_expect(site, 0, "purge", NULL);
	writes = calls->made[NTH_WRITE];
	cr_assert_gt(writes, last);
	for (unsigned long long n = writes - last + 1; n <= writes; n++) {
		command = test_text("rm -rf '%s'* && cp -a '%s'/. '%s'/", site->store, image, site->folder);
		site_shell(command);
		site_environment(site, "LD_PRELOAD=" KYB_NTH_FAULT);
		memset(calls, 0, sizeof *calls);
		const char *fault = nth_fault(site, NTH_WRITE, n, NTH_KILLED);
		site_run(site, &result, "purge", NULL);
		cr_expect_eq(result.status, 128 + SIGKILL, "%s: %d", fault, result.status);
		(void)nth_fault(site, NTH_WRITE, 0, NTH_ONCE);
		site_environment(site, "LD_PRELOAD");
		site_expect(site, 0, "purge", NULL);
		cr_expect_eq(old_cases(site), 0, "%llu of %llu", n, writes);
		nothing_is_left_in_the_files(site);
		cr_expect_eq(site_number(site, "SELECT count(*) FROM purge_rest"), 0);
	}
	command = test_text("rm -rf '%s'", image);
	site_shell(command);
	nth_release(site, calls);
}
#endif

Test(purging, killed_at_any_point_is_finished_by_the_next_one)
{
	const unsigned most = test_is_long() ? 400 : 40;
	unsigned kills = 0, tries = 0;
	struct site *site = site_make();
	long long began;
	uint64_t window_ms;
	bool killed = true;

	bring_cases(site);
	began = test_clock_ms();
	site_expect(site, 0, "purge", "--dry-run", NULL);
	window_ms = (uint64_t)(test_clock_ms() - began) * 2 + 20;
	for (; killed && tries < most; tries++) {
		struct process *process = site_start(site, "purge", NULL);

		test_sleep_ms((unsigned)site_random(site, window_ms));
		process_signal(process, SIGKILL);
		ends(process, &killed);
		kills += killed;
		if (killed && tries % 4 == 0)
			site_is_sound(site);
	}
	site_expect(site, 0, "purge", NULL);
	tried("%u purges killed of %u", kills, tries);
	cr_expect_eq(old_cases(site), 0);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM session"), STAYING);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM purge_case"), 0);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM purge_rest"), 0);
	/* Each user has one audit record, even if the purge was killed several times. */
	cr_expect_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'session.purge'"), CASES);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'purge.start'"), 1);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'purge.end'"), 1);
	site_expect(site, 0, "doctor", NULL);
	site_is_sound(site);
#ifndef KYB_SITE_ON_SERVER
	nothing_is_left_in_the_files(site);
#endif
}

/* An earlier checkpoint, and evidence of a purged case that was exported earlier, verify afterwards. */
Test(purging, what_was_proved_before_verifies_after_it)
{
	struct site *site = site_make();
	char *key = site_path(site, "signing.key"), *checkpoint, *archive = site_path(site, "case.tar"),
	     *kept = site_path(site, "kept.checkpoint"), *public = site_path(site, "public.key");

	bring_cases(site);
	char *text = site_output(site, "audit", "key", key, "--new", NULL);
	temp_write(public, text, strlen(text));
	checkpoint = site_output(site, "audit", "checkpoint", "--key", key, NULL);
	temp_write(kept, checkpoint, strlen(checkpoint));
	site_expect(site, 0, "evidence", "OLD-1", "-o", archive, "--checkpoint", kept, "--key", key, NULL);
	site_expect(site, 0, "purge", NULL);
	cr_expect_eq(old_cases(site), 0);
	site_expect(site, 0, "audit", "verify", "--checkpoint", kept, "--key", public, NULL);
	site_expect(site, 0, "evidence", "verify", archive, "--checkpoint", kept, "--key", public, NULL);
	site_expect(site, 6, "show", "OLD-1", NULL);
}

/* While the purge runs, a colleague approves cases, and sets holds on cases that are due for the purge. */
Test(purging, beside_approvals_loses_neither)
{
	const unsigned cases = 12;
	struct site *site = site_make();
	struct lines lines = { 0 };
	char *input = site_path(site, "approved.ndjson");
	struct process *process;
	bool killed;
	int64_t held;

	bring_cases(site);
	for (unsigned i = 0; i < cases; i++)
		lines_add(&lines,
			  "{\"external_ref\":\"APP-%u\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			  "\"shop\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"ind-%u\",\"kind\":"
			  "\"individual\",\"name\":\"Jo Reyes "
			  "%u\"},\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}],\"checks\":"
			  "[{\"kind\":\"face_match\",\"status\":\"passed\"}]}\n",
			  i, i, i);
	temp_write(input, lines.text, lines.length);
	site_expect(site, 0, "import", input, NULL);
	process = site_start(site, "purge", NULL);
	for (unsigned i = 0; i < cases; i++) {
		struct process_result result;
		char name[16], last[16];

		(void)snprintf(name, sizeof name, "APP-%u", i);
		site_expect(site, 0, "approve", name, "--grace", "0", NULL);
		(void)snprintf(last, sizeof last, "OLD-%u", CASES - 1 - i);
		/* 6: the case is erased already. */
		site_run(site, &result, "hold", "set", last, "--reason", "the prosecutor asked for it", NULL);
		cr_expect(result.status == 0 || result.status == 6, "%d %s", result.status, result.err);
	}
	ends(process, &killed);
	held = site_number(site, "SELECT count(*) FROM legal_hold");
	tried("%u approvals beside a purge of %d users, %lld of them held meanwhile", cases, CASES, (long long)held);
	cr_expect_eq(old_cases(site), held, "held cases stay, and only these");
	cr_expect_eq(site_number(site, "SELECT count(*) FROM session WHERE status = 'approved'"), cases);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'session.purge'"),
		     CASES - held);
	site_expect(site, 0, "doctor", NULL);
	site_is_sound(site);
}
