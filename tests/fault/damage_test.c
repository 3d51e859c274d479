/*
 * A damaged store is noticed, and never damaged further: every command works, or ends with 8 and an error; none
 * crashes, none writes into an unreadable store.
 */
#include "fault/cases.h"
#include "support/texts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(damage, .fini = site_tear_down);

enum { PAGE = 4096 };

struct image {
	struct site *site;
	char *bytes;
	size_t length;
};

/* A store with rows in every table that the commands read, all in the main file. */
static void make_image(struct image *image)
{
	struct lines lines = { 0 };
	struct process_result result;
	image->site = site_make();
	for (unsigned i = 0; i < 120; i++)
		cases_plain(&lines, i);
	for (unsigned i = 1; i <= 6; i++)
		cases_approvable(&lines, i);
	cases_import(image->site, &lines, 0);
	lines_release(&lines);
	cases_endpoint(image->site, "http://127.0.0.1:9/nobody");
	site_expect(image->site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_expect(image->site, 0, "reject", "CASE-2", "--reason", "duplicate_application", "--note",
		    "explained in full", NULL);
	site_expect(image->site, 0, "note", "CASE-3", "a note to read", NULL);
	process_call(&result, image->site->environment, "PRAGMA wal_checkpoint(TRUNCATE);", "sqlite3",
		     image->site->store, NULL);
	cr_assert_eq(result.status, 0);
	image->bytes = temp_read(image->site->store, &image->length);
	cr_assert(image->bytes && image->length > 20 * PAGE && image->length % PAGE == 0);
}

static void release_image(struct image *image)
{
	test_drop(image->bytes);
	site_free(image->site);
}

/* Replaces the store by these bytes, without log and shared memory. */
static void place(const struct image *image, const char *bytes, size_t length)
{
	static const char *const beside[] = { "desk.db-wal", "desk.db-shm", "desk.db-journal", "desk.db-mark" };
	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
		char *path = site_path(image->site, beside[i]);
		(void)unlink(path);
	}
	temp_write(image->site->store, bytes, length);
}

/* Bytes of SQLite's file header ("1.3. The Database Header") that say whether the file has a log, and the counters that
 * change with them. */
static const struct {
	size_t from, end;
} log_bytes[] = { { 18, 20 }, { 24, 28 }, { 92, 100 } };

/* SQLite opens a file with the "no log" header and sets its log mode again, as the sqlite3 shell does: the user loses
 * nothing. So these bytes may change back to their earlier values; no others may. */
static bool has_log_back(const struct image *image, const char *now, const char *bytes, size_t length)
{
	char *expected = malloc(length);
	bool same;
	if (length < 100 || !memcmp(bytes + 18, image->bytes + 18, 2)) {
		free(expected);
		return false;
	}
	cr_assert(expected);
	memcpy(expected, bytes, length);
	for (size_t i = 0; i < sizeof log_bytes / sizeof *log_bytes; i++)
		memcpy(expected + log_bytes[i].from, now + log_bytes[i].from, log_bytes[i].end - log_bytes[i].from);
	same = !memcmp(now, expected, length) && !memcmp(now + 18, image->bytes + 18, 2);
	free(expected);
	return same;
}

static bool is_as_placed(const struct image *image, const char *bytes, size_t length)
{
	size_t found;
	char *now = temp_read(image->site->store, &found);
	bool same =
		now && found == length && (memcmp(now, bytes, length) == 0 || has_log_back(image, now, bytes, length));
	test_drop(now);
	return same;
}

static const struct {
	const char *words[6];
	bool writes;
} tries[] = {
	{ { "inbox" }, false },
	{ { "list", "--summary", "--limit", "500" }, false },
	{ { "show", "CASE-1" }, false },
	{ { "audit", "verify" }, false },
	{ { "doctor" }, false },
	{ { "note", "CASE-4", "written into a damaged store" }, true },
	{ { "approve", "CASE-5", "--grace", "0" }, true },
};
enum { TRIES = sizeof tries / sizeof *tries };

/* Runs all commands on these bytes; what: description of the damage. Returns the number of commands that noticed it. */
static unsigned try_all(const struct image *image, const char *what, const char *bytes, size_t length)
{
	unsigned noticed = 0;
	place(image, bytes, length);
	for (size_t i = 0; i < TRIES; i++) {
		struct process_result result;
		site_run(image->site, &result, tries[i].words[0], tries[i].words[1], tries[i].words[2],
			 tries[i].words[3], tries[i].words[4], NULL);
		/* Missing rows may be reported as missing, or as changed by another process; other errors are
		 * unexpected. */
		cr_assert(!result.timed_out && result.status <= 9 && result.status != 1 && result.status != 2,
			  "%s: %s ended with %d: %.2000s", what, tries[i].words[0], result.status, result.err);
		cr_assert(result.status == 0 || result.err_length > 20, "%s: %s says nothing but %d", what,
			  tries[i].words[0], result.status);
		noticed += result.status == 8;
		/* A command that ends with 8, or only reads, must not change the main file: damaged pages stay for a
		 * repair. */
		if (result.status == 8 || !tries[i].writes)
			cr_assert(is_as_placed(image, bytes, length), "%s: %s changed the store", what,
				  tries[i].words[0]);
	}
	return noticed;
}

static void try_flipped(const struct image *image, size_t at, unsigned bit)
{
	char what[64], *bytes = malloc(image->length);
	cr_assert(bytes);
	memcpy(bytes, image->bytes, image->length);
	bytes[at] = (char)(bytes[at] ^ (1 << bit));
	(void)snprintf(what, sizeof what, "bit %u flipped in byte %zu", bit, at);
	(void)try_all(image, what, bytes, image->length);
	free(bytes);
}

/* Position of the last byte that is not zero: a file without the zeroes after it reads the same. */
static size_t last_byte(const struct image *image)
{
	size_t at = image->length - 1;
	while (at && !image->bytes[at])
		at--;
	return at;
}

Test(damage, a_store_cut_off_anywhere_is_noticed)
{
	struct image image;
	make_image(&image);
	const size_t lengths[] = { 1,
				   15,
				   16,
				   99,
				   100,
				   PAGE - 1,
				   PAGE,
				   PAGE + 1,
				   image.length / 2 / PAGE * PAGE,
				   image.length / 2 + 77,
				   image.length - PAGE,
				   last_byte(&image) };
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		char what[64];
		(void)snprintf(what, sizeof what, "cut to %zu of %zu bytes", lengths[i], image.length);
		cr_expect(try_all(&image, what, image.bytes, lengths[i]) > 0, "%s: nobody noticed", what);
	}
	release_image(&image);
}

Test(damage, flipped_bits_crash_nothing)
{
	const unsigned flips = test_is_long() ? 2000 : 24;
	struct image image;
	make_image(&image);
	for (unsigned i = 0; i < flips; i++) {
		/* Every third flipped bit is in the header of a page, where it damages the structure; every eighth is
		 * in the header of the file. */
		size_t at = site_random(image.site, image.length);
		if (i % 8 == 7)
			at = site_random(image.site, 100);
		else if (i % 3 == 0)
			at = at / PAGE * PAGE + site_random(image.site, 12) + (at < PAGE ? 100 : 0);
		try_flipped(&image, at, (unsigned)site_random(image.site, 8));
	}
	release_image(&image);
}

/* Bytes 18 (writers) and 19 (readers) say whether the file has a log: tries each of their bits. */
Test(damage, a_header_without_its_log_gets_it_back_or_is_refused)
{
	struct image image;
	make_image(&image);
	for (size_t at = 18; at < 20; at++)
		for (unsigned bit = 0; bit < 8; bit++)
			try_flipped(&image, at, bit);
	release_image(&image);
}

Test(damage, pages_of_noise_or_zeroes_crash_nothing_and_doctor_finds_them)
{
	const unsigned pages = test_is_long() ? 400 : 12;
	struct image image;
	unsigned found = 0;
	make_image(&image);
	for (unsigned i = 0; i < pages; i++) {
		size_t page = 1 + site_random(image.site, image.length / PAGE - 1);
		char what[64], *bytes = malloc(image.length);
		cr_assert(bytes);
		memcpy(bytes, image.bytes, image.length);
		for (size_t at = page * PAGE; at < (page + 1) * PAGE; at++)
			bytes[at] = i % 2 ? (char)site_random(image.site, 256) : 0;
		(void)snprintf(what, sizeof what, "page %zu is %s", page + 1, i % 2 ? "noise" : "zero");
		found += try_all(&image, what, bytes, image.length) > 0;
		free(bytes);
	}
	/* Damage in a free page is not noticed. */
	cr_expect(found * 4 >= pages * 3, "only %u of %u were noticed", found, pages);
	release_image(&image);
}

static void shell_at(const struct site *site, const char *line)
{
	struct process_result result;
	const char *const argv[] = { "sh", "-ec", line, NULL };
	const struct process_options options = { .argv = argv, .folder = site->folder };
	process_run(&options, &result);
	cr_assert_eq(result.status, 0, "%s: %s", line, result.err);
}

static const char with_everything[] =
	"{\"external_ref\":\"ALL-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\",\"status\":"
	"\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":\"Quay Ltd\",\"country\":\"PRT\",\"uid\":"
	"\"quay\",\"address\":{\"city\":\"Porto\"}},\"steps\":[{\"id\":\"company_info\",\"status\":\"completed\","
	"\"fields\":{\"business_activity\":\"fish\"}}],\"documents\":[{\"category\":\"COMPANY_INFO\",\"type\":"
	"\"BUSINESS_NUMBER\",\"file_name\":\"a.pdf\",\"upload\":\"required\",\"extracted\":{\"number\":\"1\"}}],"
	"\"parties\":[{\"kind\":\"individual\",\"name\":\"Rui "
	"Sol\",\"roles\":[\"ubo\"],\"ownership_percent\":\"80\","
	"\"addresses\":[{\"city\":\"Porto\"}],\"fields\":{\"a\":\"b\"}}],\"checks\":[{\"kind\":\"watchlist\","
	"\"status\":\"hit\",\"detail\":{\"a\":\"b\"},\"about\":{\"name\":\"Rui\"},\"hits\":[{\"name\":\"R. "
	"Sol\",\"list\":\"L\","
	"\"class\":\"pep\",\"detail\":{\"a\":\"b\"}}]}],\"corrections\":[{\"step_id\":\"company_info\",\"message\":"
	"\"Again, "
	"please.\",\"state\":\"answered\",\"before\":{\"fields\":{\"a\":\"b\"}},\"after\":{\"fields\":{\"a\":"
	"\"c\"}}}],\"metadata\":{\"a\":\"b\"},\"risk_factors\":[{\"code\":\"a\"}],\"processing_results\":{\"a\":1}}"
	"\n";

/* All these commands need the damaged row: each must name it, and none may succeed. */
Test(damage, a_value_that_is_no_json_any_more_is_told)
{
	static const struct {
		const char *table, *column, *noun;
	} columns[] = { { "session", "metadata", "session" },
			{ "session", "risk_factors", "session" },
			{ "session", "processing_results", "session" },
			{ "step", "fields", "step" },
			{ "document", "extracted", "document" },
			{ "party", "addresses", "party" },
			{ "party", "fields", "party" },
			{ "check_result", "detail", "check" },
			{ "check_result", "about", "check" },
			{ "hit", "detail", "hit" },
			{ "correction", "before", "correction" },
			{ "correction", "after", "correction" } };
	static const char *const commands[][4] = { { "show", "ALL-1" },
						   { "show", "ALL-1", "--json" },
						   { "claim", "ALL-1" },
						   { "party", "list", "ALL-1" },
						   { "corrections", "ALL-1", "--from-rejected" },
						   { "approve", "ALL-1", "--grace", "0" } };
	struct site *site = site_make();
	size_t length;
	struct lines lines = { 0 };
	lines_bytes(&lines, with_everything, strlen(with_everything));
	cases_import(site, &lines, 0);
	shell_at(site, "sqlite3 desk.db 'PRAGMA wal_checkpoint(TRUNCATE)'");
	char *bytes = temp_read(site->store, &length);
	const struct image image = { .site = site, .bytes = bytes, .length = length };
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		struct process_result result;
		char *sql = test_text("PRAGMA ignore_check_constraints = ON; UPDATE %s SET %s = '{\"a' WHERE "
				      "length(%s) > 4",
				      columns[i].table, columns[i].column, columns[i].column);
		char *wanted = test_text(" has a %s that is no", columns[i].column);
		place(&image, bytes, length);
		site_change(site, sql);
		for (size_t c = 0; c < sizeof commands / sizeof *commands; c++) {
			site_run(site, &result, commands[c][0], commands[c][1], commands[c][2], commands[c][3], NULL);
			const char *says = result.err_length ? result.err : result.out; /* --json: there */
			cr_expect(result.status == 8 && strstr(says, "is damaged: ") && strstr(says, columns[i].noun) &&
					  strstr(says, columns[i].column),
				  "%s, %s: %s ends with %d: %s", columns[i].table, columns[i].column, commands[c][0],
				  result.status, says);
		}
		site_says(site, 8, wanted, "doctor", NULL);
	}
	place(&image, bytes, length);
	site_is_sound(site);
}

/* A worker refuses an impossible number of attempts, and the delivery is not lost. */
Test(damage, a_number_of_attempts_that_cannot_be_is_told)
{
	static const char *const numbers[] = { "-3", "9223372036854775807" };
	struct site *site = site_make();
	cases_bring(site, 1, 1);
	cases_endpoint(site, "http://127.0.0.1:9/nobody");
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	for (size_t i = 0; i < 2; i++) {
		char *sql = test_text("PRAGMA ignore_check_constraints = ON; UPDATE delivery SET attempts = %s",
				      numbers[i]);
		site_change(site, sql);
		site_says(site, 8, "number of attempts that is not valid", "webhook", "deliver", "--drain", NULL);
	}
	site_change(site, "UPDATE delivery SET attempts = 0");
	site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	cr_expect_eq(site_number(site, "SELECT attempts FROM delivery"), 1);
}

Test(damage, a_damaged_log_loses_its_end_and_no_more)
{
	struct site *site = site_make();
	size_t length;
	char *log = test_text("%s-wal", site->store);
	cases_bring(site, 1, 8);
	/* The import restarts the write-ahead log when it ends: these notes fill the log again. */
	for (unsigned i = 0; i < 8; i++)
		site_expect(site, 0, "note", "CASE-1", "looked at the register", NULL);
	char *bytes = temp_read(log, &length);
	cr_assert(bytes && length > 10 * PAGE);
	for (unsigned i = 0; i < 8; i++) {
		struct process_result result;
		bytes[site_random(site, length)] ^= 0x10;
		char *shared = test_text("%s-shm", site->store);
		(void)unlink(shared);
		temp_write(log, bytes, length);
		site_run(site, &result, "doctor", NULL);
		cr_assert(result.status == 0 || result.status == 8, "%d: %s", result.status, result.err);
		if (result.status == 0)
			site_is_sound(site);
	}
}

static void refused(const struct site *site, const char *words)
{
	static const char *const commands[][3] = {
		{ "inbox" }, { "note", "CASE-1", "text" }, { "doctor" }, { "list" }
	};
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		site_says(site, 8, words, commands[i][0], commands[i][1], commands[i][2], NULL);
	}
}

/* --- a lost log: SQLite finds nothing wrong, but the commits in the log are lost (sqlite_mark.c) --- */

static struct site *site_with_notes(void)
{
	struct site *site = site_make();
	cases_bring(site, 1, 2);
	for (unsigned i = 0; i < 3; i++)
		site_expect(site, 0, "note", "CASE-1", "looked at the register", NULL);
	return site;
}

Test(damage, a_log_that_was_deleted_cut_or_damaged_is_told)
{
	static const char *const losses[] =
		TEXTS("rm desk.db-wal desk.db-shm", "rm desk.db-wal", ": >desk.db-wal",
		      "truncate -s -4120 desk.db-wal; rm desk.db-shm",
		      "printf x | dd of=desk.db-wal bs=1 seek=6000 conv=notrunc 2>&1; rm desk.db-shm");
	struct site *site = site_with_notes();
	shell_at(site, "cp desk.db-wal kept");
	for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
		shell_at(site, losses[i]);
		refused(site, "has lost its log");
		shell_at(site, "rm -f desk.db-shm; cp kept desk.db-wal");
		site_is_sound(site);
	}
	/* A user that accepts the loss removes the mark too, and continues. */
	shell_at(site, "rm desk.db-wal desk.db-shm desk.db-mark");
	site_expect(site, 0, "doctor", NULL);
	site_expect(site, 0, "audit", "verify", NULL);
}

Test(damage, a_backup_that_was_brought_back_is_not_accused)
{
	static const char *const ways[] = {
		/* Overwrites or replaces the store's files by the backup, with new or original times. */
		"rm desk.db-wal desk.db-shm; cp kept/desk.db .; cp kept/desk.db-wal .",
		"rm desk.db-wal desk.db-shm; cp -p kept/desk.db kept/desk.db-wal .",
		"rm -r desk.db*; cp -pR kept/. .",
		"rm desk.db-wal desk.db-shm; cp -p kept/desk.db new; mv new desk.db; cp -p kept/desk.db-wal .",
		/* The backup is one file without a log, made by VACUUM INTO. */
		"rm desk.db-wal desk.db-shm; cp whole desk.db",
	};
	struct site *site = site_with_notes();
	shell_at(site, "mkdir kept; cp -pR desk.db* kept; cp -R kept for-whole; cd for-whole; "
		       "sqlite3 desk.db \"VACUUM INTO '../whole'\"");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		site_expect(site, 0, "note", "CASE-1", "looked again", NULL);
		shell_at(site, ways[i]);
		site_is_sound(site);
		cr_expect_eq(site_number(site, "SELECT count(*) FROM note"), 3, "%s", ways[i]);
		site_expect(site, 0, "note", "CASE-1", "goes on", NULL);
	}
}

/* A new store is accepted, although its file often has the inode of the deleted file. */
Test(damage, a_store_made_anew_in_its_place_is_not_accused)
{
	struct site *site = site_with_notes();
	for (unsigned i = 0; i < 5; i++) {
		shell_at(site, "rm -f desk.db desk.db-wal desk.db-shm; test -e desk.db-mark");
		site_expect(site, 0, "init", "--sandbox", NULL);
		site_expect(site, 0, "list", NULL);
		site_is_sound(site);
	}
}

Test(damage, a_log_that_another_program_copied_back_is_not_lost)
{
	struct site *site = site_with_notes();
	for (unsigned i = 0; i < 3; i++) {
		/* SQLite copies the log into the store's file and deletes the log when its last connection closes. */
		shell_at(site, "sqlite3 desk.db \"DELETE FROM recount; INSERT INTO recount SELECT min(id) FROM "
			       "session\"; test ! -e desk.db-wal");
		site_is_sound(site);
		site_expect(site, 0, "note", "CASE-1", "looked again", NULL);
		shell_at(site, "sqlite3 desk.db 'SELECT count(*) FROM note'; test ! -e desk.db-wal");
		site_is_sound(site);
	}
}

Test(damage, a_store_of_a_newer_version_is_refused_and_left_alone)
{
	struct site *site = site_make();
	size_t before, after;
	cases_bring(site, 1, 1);
	int64_t version = site_number(site, "PRAGMA user_version");
	site_change(site, "PRAGMA user_version = 9999");
	char *log = test_text("%s-wal", site->store);
	char *bytes = temp_read(log, &before);
	refused(site, "newer");
	char *again = temp_read(log, &after);
	cr_assert(before == after && memcmp(bytes, again, before) == 0, "it was written to");
	struct lines sql = { 0 };
	lines_add(&sql, "PRAGMA user_version = %lld", (long long)version);
	site_change(site, sql.text);
	site_is_sound(site);
}

/* doctor ends with 8 and this message on its output. */
static void found_by_doctor(const struct site *site, const char *what)
{
	struct process_result result;

	site_run(site, &result, "doctor", NULL);
	cr_expect(result.status == 8 && strstr(result.out, what), "%d: %s\n%s", result.status, result.out, result.err);
}

Test(damage, what_the_schema_lacks_is_found_by_doctor)
{
	struct site *site = site_make();

	cases_bring(site, 1, 1);
	site_expect(site, 0, "doctor", NULL);
	site_change(site, "DROP INDEX note_session");
	found_by_doctor(site, "the index note_session is missing from the schema");
	site_change(site, "CREATE INDEX note_session ON note (written_at)");
	found_by_doctor(site, "the index note_session of the schema differs from this program's schema");
	site_change(site, "DROP TRIGGER session_tag_insert");
	found_by_doctor(site, "the trigger session_tag_insert is missing");
	site_change(site, "DROP TABLE note");
	found_by_doctor(site, "the table note is missing");
	site_change(site, "CREATE TRIGGER quiet AFTER INSERT ON session BEGIN DELETE FROM session_tag; END");
	found_by_doctor(site, "a trigger quiet that is unknown to this program");
}

Test(damage, a_schema_with_a_number_that_none_has_is_told)
{
	struct site *site = site_make();

	site_change(site, "PRAGMA user_version = -1");
	refused(site, "its schema has the number -1");
	site_change(site, "PRAGMA user_version = 0");
	refused(site, "its schema has the number 0");
}

Test(damage, a_file_format_with_a_number_that_none_has_is_told)
{
	struct image image;
	make_image(&image);
	image.bytes[47] ^= 0x40;
	place(&image, image.bytes, image.length);
	refused(image.site, "is damaged (unsupported file format)");
	cr_expect(is_as_placed(&image, image.bytes, image.length));
	release_image(&image);
}

Test(damage, what_is_no_store_is_refused_and_left_as_it_is)
{
	static const char text[] = "Dear diary, today I was nearly taken for a database.\n";
	struct site *site = site_make_bare();
	struct process_result result;
	size_t length;
	refused(site, "No store");
	temp_write(site->store, text, sizeof text - 1);
	refused(site, "not a kybdesk store");
	site_expect(site, 8, "init", "--sandbox", NULL);
	char *bytes = temp_read(site->store, &length);
	cr_assert(length == sizeof text - 1 && memcmp(bytes, text, length) == 0, "it was written to");
	(void)unlink(site->store);
	process_call(&result, NULL, "CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine');", "sqlite3",
		     site->store, NULL);
	cr_assert_eq(result.status, 0);
	bytes = temp_read(site->store, &length);
	refused(site, "another program");
	site_expect(site, 8, "init", "--sandbox", NULL);
	size_t after;
	char *again = temp_read(site->store, &after);
	cr_assert(after == length && memcmp(bytes, again, length) == 0, "it was written to");
}

Test(damage, a_folder_a_pipe_and_an_empty_file_are_no_stores)
{
	static const char *const commands[] = { "mkdir", "mkfifo", "touch" };
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		struct site *site = site_make_bare();
		struct process_result result;
		process_call(&result, NULL, NULL, commands[i], site->store, NULL);
		cr_assert_eq(result.status, 0);
		long long began = test_clock_ms();
		site_expect(site, 8, "inbox", NULL);
		cr_expect(test_clock_ms() - began < 20000, "%s", commands[i]);
		site_free(site);
	}
}

Test(damage, bytes_that_do_not_match_their_hash_are_not_handed_out)
{
	struct site *site = site_make();
	char *path = NULL, *out = site_path(site, "out.pdf");
	cases_bring(site, 1, 1);
	char *hash = site_rows(site, "SELECT sha256 FROM document WHERE sha256 <> '' LIMIT 1");
	path = test_text("%s-documents/%.2s/%s", site->store, hash, hash);
	size_t length;
	char *bytes = temp_read(path, &length);
	cr_assert(bytes, "%s", path);
	bytes[length / 2] ^= 1;
	temp_write(path, bytes, length);
	site_says(site, 8, "do not match their hash", "document", "save", "CASE-1", "BUSINESS_NUMBER", "-o", out, NULL);
	cr_expect(access(out, F_OK) != 0, "something was written");
	cr_assert_eq(unlink(path), 0);
	site_expect(site, 8, "document", "save", "CASE-1", "BUSINESS_NUMBER", "-o", out, NULL);
	/* The rest of the case is still shown. */
	site_expect(site, 0, "show", "CASE-1", NULL);
}

Test(damage, a_store_locked_for_long_is_told_and_opens_again)
{
	struct site *site = site_make();
	cases_bring(site, 1, 1);
	const char *const argv[] = { "sqlite3", site->store, NULL };
	const char *const script = "BEGIN IMMEDIATE;\nSELECT 'locked';\n.shell sleep 20\nROLLBACK;\n";
	const struct process_options options = { .argv = argv, .input = script, .input_length = strlen(script) };
	struct process *holder = process_start(&options);
	cr_assert(process_wait_output(holder, "locked", 10000));
	site_expect(site, 0, "inbox", NULL);
	long long began = test_clock_ms();
	site_says(site, 8, "locked", "note", "CASE-1", "while it is locked", NULL);
	cr_expect(test_clock_ms() - began < 19000);
	process_signal(holder, 9);
	process_free(holder);
	site_expect(site, 0, "note", "CASE-1", "now it is not", NULL);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM note"), 1);
}

/* A search cannot notice that it misses hits, so doctor must report it. */
Test(damage, a_search_index_that_lacks_words_is_found_by_doctor)
{
	static const struct {
		const char *sql, *says;
	} ways[] = {
		{ "DELETE FROM session_text", "the search index lacks sessions" },
		{ "DELETE FROM session_text WHERE rowid = (SELECT max(id) FROM session)",
		  "the search index lacks sessions: 1" },
		{ "UPDATE session_text SET body = ''",
		  "the search index has empty entries for sessions that have a name" },
		{ "INSERT INTO session_text (rowid, body) VALUES (999999, 'nobody')",
		  "the search index has entries of sessions that do not exist: 1" },
		{ "PRAGMA writable_schema = 1; UPDATE session_text_content SET c0 = 'another name'",
		  "the search index does not match the words of the sessions" },
		{ "DELETE FROM session_text_data WHERE id > 10", "the search index does not match the words" },
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct site *site = site_make();

		cases_bring(site, 1, 1);
		site_expect(site, 0, "doctor", NULL);
		site_change(site, ways[i].sql);
		found_by_doctor(site, ways[i].says);
		found_by_doctor(site, "kybdesk store rebuild-search");
		site_expect(site, 0, "store", "rebuild-search", NULL);
		site_expect(site, 0, "doctor", NULL);
		site_expect(site, 0, "audit", "verify", NULL);
		cr_expect_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = "
					       "'store.rebuild_search'"),
			     1);
		cr_expect_gt(site_number(site, "SELECT count(*) FROM session_text WHERE session_text MATCH "
					       "'body:' || (SELECT substr(subject_name, 1, instr(subject_name || ' ', "
					       "' ') - 1) FROM session LIMIT 1)"),
			     0, "%s", ways[i].sql);
		site_free(site);
	}
}
