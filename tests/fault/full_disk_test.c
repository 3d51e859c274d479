/*
 * A full disk at any point: exit 8, the store intact, and the next try works once space is free. Uses a small file
 * system of its own if the test may mount one; otherwise a limit on the size of files.
 */
#include "fault/cases.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Mounts a tmpfs of so many KiB as TMPDIR, in a mount namespace that ends with this process; false if that is not
 * allowed. */
static bool small_disk(char **folder, unsigned kib)
{
	char options[32];
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return false;
	*folder = temp_folder_make();
	(void)snprintf(options, sizeof options, "size=%uk", kib);
	if (mount("kybdesk-test", *folder, "tmpfs", 0, options) != 0) {
		temp_folder_remove(*folder);
		return false;
	}
	cr_assert_eq(setenv("TMPDIR", *folder, 1), 0);
	return true;
}

static void resize_disk(const char *folder, unsigned kib)
{
	char options[32];
	(void)snprintf(options, sizeof options, "size=%uk", kib);
	cr_assert_eq(mount("kybdesk-test", folder, "tmpfs", MS_REMOUNT, options), 0, "%s", strerror(errno));
}

static void release_disk(char *folder)
{
	(void)umount2(folder, MNT_DETACH);
	temp_folder_remove(folder);
}

/* Writes a file that leaves only `kib` KiB of the disk free. */
static void fill_but(const struct site *site, unsigned kib)
{
	struct statvfs disk;
	char *path = site_path(site, "filler");
	(void)unlink(path);
	cr_assert_eq(statvfs(site->folder, &disk), 0);
	off_t room = (off_t)(disk.f_bavail * disk.f_frsize) - (off_t)kib * 1024;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	cr_assert(fd >= 0);
	cr_assert(room <= 0 || posix_fallocate(fd, 0, room) == 0);
	(void)close(fd);
}

static void make_room(const struct site *site)
{
	(void)unlink(site_path(site, "filler"));
}

static int try_it(const struct site *site, const char *what, const char *first, const char *second, const char *third)
{
	struct process_result result;
	site_run(site, &result, first, second, third, NULL);
	cr_assert(result.status == 0 || result.status == 8, "%s: %s %s ended with %d: %.1000s%.1000s", what, first,
		  second ? second : "", result.status, result.err, result.out);
	cr_assert(result.status == 0 || strstr(result.err, "full") || strstr(result.err, "No space"),
		  "%s: the sentence does not say that the disk is full: %s", what, result.err);
	return result.status;
}

Test(full_disk, a_decision_without_room_is_not_made_and_made_when_there_is_room)
{
	static const unsigned left[] = { 0, 4, 8, 12, 16, 20, 24, 32, 48, 64, 96 };
	char *disk;
	unsigned refusals = 0;
	if (!small_disk(&disk, 32768))
		cr_skip_test("mounting is not allowed here");
	struct site *site = site_make();
	cases_bring(site, 1, sizeof left / sizeof *left);
	for (unsigned i = 0; i < sizeof left / sizeof *left; i++) {
		char what[48];
		const char *reference = cases_reference(i + 1);
		struct lines sql = { 0 };
		(void)snprintf(what, sizeof what, "with %u KiB left", left[i]);
		fill_but(site, left[i]);
		int status = try_it(site, what, "approve", reference, NULL);
		refusals += status == 8;
		/* Reading works on a full disk. */
		site_expect(site, 0, "inbox", NULL);
		site_is_sound(site);
		lines_add(&sql,
			  "SELECT count(*) FROM session AS s JOIN decision AS d ON d.session_id = s.id JOIN "
			  "outbox_event "
			  "AS e ON e.decision_id = d.id WHERE s.external_ref = '%s' AND s.status = 'approved'",
			  reference);
		cr_assert_eq(site_number(site, sql.text), status == 0, "%s", what);
		make_room(site);
		if (status == 8)
			site_expect(site, 0, "approve", reference, NULL);
		cr_assert_eq(site_number(site, sql.text), 1, "%s", what);
		lines_release(&sql);
	}
	cr_assert(refusals >= 1, "there was always room");
	site_is_sound(site);
	site_free(site);
	release_disk(disk);
}

Test(full_disk, an_import_that_fills_the_disk_keeps_what_it_did_and_is_completed_later)
{
	enum { CASES = 4000 };
	char *disk;
	struct lines lines = { 0 };
	if (!small_disk(&disk, 12 * 1024))
		cr_skip_test("mounting is not allowed here");
	struct site *site = site_make();
	for (unsigned i = 0; i < CASES; i++)
		cases_plain(&lines, i);
	char *input = site_path(site, "many.ndjson");
	temp_write(input, lines.text, lines.length);
	site_says(site, 8, "full", "import", input, NULL);
	int64_t kept = site_number(site, "SELECT count(*) FROM session");
	cr_assert(kept > 0 && kept < CASES, "%lld were kept", (long long)kept);
	site_is_sound(site);
	resize_disk(disk, 128 * 1024);
	site_expect(site, 0, "import", input, NULL);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM session"), CASES);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'session.import'"), CASES);
	site_is_sound(site);
	lines_release(&lines);
	site_free(site);
	release_disk(disk);
}

Test(full_disk, a_document_without_room_leaves_no_half_of_itself)
{
	char *disk;
	struct process_result result;
	struct lines lines = { 0 };
	if (!small_disk(&disk, 32768))
		cr_skip_test("mounting is not allowed here");
	struct site *site = site_make();
	cases_plain(&lines, 0);
	cases_import(site, &lines, 0);
	char *document = site_path(site, "large.pdf");
	cases_write_pdf(document);
	cr_assert_eq(truncate(document, 1 << 20), 0);
	fill_but(site, 256);
	site_run(site, &result, "document", "add", "PLAIN-0", "PAPER", document, NULL);
	cr_assert_eq(result.status, 8, "%d: %s", result.status, result.err);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM document"), 0);
	site_is_sound(site);
	make_room(site);
	process_call(&result, NULL, NULL, "sh", "-c", "find \"$1-documents\" -type f", "sh", site->store, NULL);
	cr_assert_str_empty(result.out, "left behind: %s", result.out);
	site_expect(site, 0, "document", "add", "PLAIN-0", "PAPER", document, NULL);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM document"), 1);
	lines_release(&lines);
	site_free(site);
	release_disk(disk);
}

Test(full_disk, an_init_without_room_can_be_repeated)
{
	static const unsigned left[] = { 0, 4, 16, 64, 128, 256 };
	char *disk;
	if (!small_disk(&disk, 16384))
		cr_skip_test("mounting is not allowed here");
	for (unsigned i = 0; i < sizeof left / sizeof *left; i++) {
		struct site *site = site_make_bare();
		char what[48];
		(void)snprintf(what, sizeof what, "init with %u KiB left", left[i]);
		fill_but(site, left[i]);
		int status = try_it(site, what, "init", "--sandbox", NULL);
		make_room(site);
		if (status == 8)
			site_expect(site, 0, "init", "--sandbox", NULL);
		site_is_sound(site);
		site_free(site);
	}
	release_disk(disk);
}

Test(full_disk, deliveries_are_not_lost_for_want_of_room)
{
	char *disk;
	if (!small_disk(&disk, 32768))
		cr_skip_test("mounting is not allowed here");
	struct site *site = site_make();
	struct process_result result;
	cases_bring(site, 1, 3);
	cases_endpoint(site, "http://127.0.0.1:9/nobody");
	for (unsigned i = 1; i <= 3; i++)
		site_expect(site, 0, "approve", cases_reference(i), "--grace", "0", NULL);
	fill_but(site, 0);
	site_run(site, &result, "webhook", "deliver", "--drain", NULL);
	cr_expect(result.status == 8 || result.status == 0, "%d: %s", result.status, result.err);
	make_room(site);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM delivery WHERE state IN ('pending', 'leased')"), 3);
	site_is_sound(site);
	site_free(site);
	release_disk(disk);
}

/* Limits the size of files with ulimit, without a mount. before: shell code that ignores SIGXFSZ, or "". */
static void with_limit(const char *before)
{
	struct site *site = site_make();
	struct process_result result;
	cases_bring(site, 1, 2);
	for (unsigned blocks = 1; blocks < 4096; blocks *= 4) {
		struct lines script = { 0 };
		lines_add(&script, "%s ulimit -f %u; exec \"$0\" note CASE-1 \"a note that needs room\"", before,
			  blocks);
		const char *const argv[] = { "sh", "-c", script.text, KYB_PROGRAM, NULL };
		const struct process_options options = { .argv = argv, .environment = site->environment };
		int64_t notes = site_number(site, "SELECT count(*) FROM note");
		process_run(&options, &result);
		cr_assert(result.status == 0 || result.status == 8, "%u blocks: %d: %s", blocks, result.status,
			  result.err);
		cr_assert_eq(site_number(site, "SELECT count(*) FROM note"), notes + (result.status == 0));
		site_is_sound(site);
		lines_release(&script);
	}
	site_expect(site, 0, "note", "CASE-1", "there is room again", NULL);
	site_free(site);
}

Test(full_disk, a_limit_on_the_size_of_files_is_met_as_a_full_disk)
{
	with_limit("trap '' XFSZ;");
}

Test(full_disk, the_signal_of_that_limit_ends_nothing_in_the_middle)
{
	with_limit("");
}

Test(full_disk, output_that_cannot_be_written_is_an_error)
{
	static const char *const commands[] = { "list", "list --json", "audit export", "inbox", "show CASE-1" };
	struct site *site = site_make();
	cases_bring(site, 1, 20);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		struct process_result result;
		struct lines script = { 0 };
		lines_add(&script, "exec \"$0\" %s >/dev/full", commands[i]);
		const char *const argv[] = { "sh", "-c", script.text, KYB_PROGRAM, NULL };
		const struct process_options options = { .argv = argv, .environment = site->environment };
		process_run(&options, &result);
		cr_expect(result.status != 0 && result.status <= 9 && result.err_length, "%s: %d %s", commands[i],
			  result.status, result.err);
		lines_release(&script);
	}
	site_free(site);
}

Test(full_disk, a_read_only_file_system_can_be_looked_at_and_is_told_when_writing)
{
	char *disk;
	struct process_result result;
	if (!small_disk(&disk, 32768))
		cr_skip_test("mounting is not allowed here");
	struct site *site = site_make();
	cases_bring(site, 1, 1);
	cr_assert_eq(mount("kybdesk-test", disk, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), 0);
	site_run(site, &result, "note", "CASE-1", "on a disk that takes nothing", NULL);
	cr_expect_eq(result.status, 8, "%d: %s", result.status, result.err);
	site_run(site, &result, "inbox", NULL);
	cr_expect(result.status == 0 || result.status == 8, "%d: %s", result.status, result.err);
	cr_assert_eq(mount("kybdesk-test", disk, "tmpfs", MS_REMOUNT, NULL), 0);
	site_expect(site, 0, "note", "CASE-1", "now it does", NULL);
	site_is_sound(site);
	site_free(site);
	release_disk(disk);
}
