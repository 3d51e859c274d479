/*
 * Hostile files: the import refuses a line with such a file, and reports the line's number and a precise reason, or it
 * stores the file unopened. It imports the good lines, and needs little time and memory. The small files are in
 * tests/corpus/files.
 */
#include "fault/cases.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(hostile_file, .fini = site_tear_down);

#define FILES KYB_SOURCE_DIR "/tests/corpus/files"
#define MOST_SECONDS 60

struct expectation {
	char file[64], answer[128]; /* answer: "stored", or words of the error message */
};

static size_t read_expectations(struct expectation *list, size_t room)
{
	char *text = temp_read(FILES "/expected.txt", NULL), *rest = text;
	size_t count = 0;
	cr_assert(text);
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (*line == '#' || !*line)
			continue;
		cr_assert(count < room &&
				  sscanf(line, "%63[^\t]\t%127[^\n]", list[count].file, list[count].answer) == 2,
			  "%s", line);
		count++;
	}
	return count;
}

static void copy_in(const struct site *site, const char *name)
{
	char *from = temp_path(FILES, name), *to = site_path(site, name);
	size_t length;
	char *bytes = temp_read(from, &length);
	cr_assert(bytes, "%s", from);
	temp_write(to, bytes, length);
}

static void add_line(struct lines *lines, const char *reference, const char *file)
{
	lines_add(lines,
		  "{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","
		  "\"status\":"
		  "\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\"},\"documents\":[{"
		  "\"category\":\"IDENTITY\",\"type\":\"PAPER\",\"file\":\"%s\"}]}\n",
		  reference, file);
}

/* The reason for refusing this line, or NULL; borrowed. */
static const char *reason_of(const json_t *report, size_t line)
{
	size_t i;
	json_t *error;
	json_array_foreach(json_object_get(report, "errors"), i,
			   error) if (json_integer_value(json_object_get(error, "line")) ==
				      (json_int_t)line) return json_string_value(json_object_get(error, "message"));
	return NULL;
}

/* Imports the lines from the site's folder; returns the report. */
static json_t *import(const struct site *site, const struct lines *lines, int expected_status)
{
	struct process_result result;
	char *input = site_path(site, "input.ndjson");
	long long began = test_clock_ms();
	temp_write(input, lines->text, lines->length);
	site_run(site, &result, "import", input, "--json", NULL);
	cr_assert_eq(result.status, expected_status, "%d: %.2000s%.2000s", result.status, result.out, result.err);
	cr_expect(test_clock_ms() - began < MOST_SECONDS * 1000, "it took %lld ms", test_clock_ms() - began);
	json_t *report = json_loads(result.out, 0, NULL);
	cr_assert(report, "%.2000s", result.out);
	return report;
}

static int64_t cases_like(const struct site *site, const char *pattern)
{
	char *sql = test_text("SELECT count(*) FROM session WHERE external_ref LIKE '%s'", pattern);
	int64_t count = site_number(site, sql);
	return count;
}

Test(hostile_file, each_is_refused_by_its_line_or_kept_as_data_and_good_lines_beside_it_are_kept)
{
	struct expectation list[64];
	size_t count = read_expectations(list, 64), stored = 0;
	struct site *site = site_make();
	struct lines lines = { 0 };
	for (size_t i = 0; i < count; i++) {
		char reference[32];
		(void)snprintf(reference, sizeof reference, "FILE-%zu", i);
		copy_in(site, list[i].file);
		add_line(&lines, reference, list[i].file);
		cases_plain(&lines, (unsigned)i);
		stored += strcmp(list[i].answer, "stored") == 0;
	}
	json_t *report = import(site, &lines, 3);
	for (size_t i = 0; i < count; i++) {
		const char *reason = reason_of(report, 2 * i + 1);
		cr_expect_null(reason_of(report, 2 * i + 2), "the good line after %s was refused", list[i].file);
		if (strcmp(list[i].answer, "stored") == 0) {
			cr_expect_null(reason, "%s was refused: %s", list[i].file, reason);
			continue;
		}
		cr_expect(reason && strstr(reason, list[i].answer) && strstr(reason, list[i].file), "%s: %s",
			  list[i].file, reason ? reason : "was kept");
	}
	cr_assert_eq(cases_like(site, "PLAIN-%"), count);
	cr_assert_eq(cases_like(site, "FILE-%"), stored);
	site_is_sound(site);
	json_decref(report);
	lines_release(&lines);
}

Test(hostile_file, what_is_kept_comes_out_as_the_same_bytes)
{
	struct expectation list[64];
	size_t count = read_expectations(list, 64);
	struct site *site = site_make();
	char *saved = site_path(site, "saved");
	for (size_t i = 0; i < count; i++) {
		struct lines lines = { 0 };
		char reference[32];
		size_t length, expected;
		if (strcmp(list[i].answer, "stored") != 0)
			continue;
		(void)snprintf(reference, sizeof reference, "FILE-%zu", i);
		copy_in(site, list[i].file);
		add_line(&lines, reference, list[i].file);
		json_decref(import(site, &lines, 0));
		site_expect(site, 0, "document", "save", reference, "PAPER", "-o", saved, "--force", NULL);
		char *original = temp_path(FILES, list[i].file), *given = temp_read(original, &expected);
		char *bytes = temp_read(saved, &length);
		cr_assert(bytes && length == expected && memcmp(bytes, given, length) == 0, "%s", list[i].file);
		lines_release(&lines);
	}
}

Test(hostile_file, by_the_command_that_adds_a_document_they_are_refused_too)
{
	struct expectation list[64];
	size_t count = read_expectations(list, 64);
	struct site *site = site_make();
	struct lines lines = { 0 };
	cases_plain(&lines, 0);
	cases_import(site, &lines, 0);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].answer, "stored") == 0)
			continue;
		copy_in(site, list[i].file);
		site_says(site, 9, list[i].answer, "document", "add", "PLAIN-0", "PAPER", list[i].file, NULL);
	}
	cr_assert_eq(site_number(site, "SELECT count(*) FROM document"), 0);
	lines_release(&lines);
}

static void write_sized(const struct site *site, const char *name, size_t size)
{
	char *path = site_path(site, name);
	cases_write_pdf(path);
	cr_assert_eq(truncate(path, (off_t)size), 0);
}

Test(hostile_file, what_is_no_plain_file_below_the_folder_is_refused_at_once)
{
	static const struct {
		const char *file, *answer;
	} list[] = {
		{ "pipe.pdf", "not a regular file" },
		{ "folder.pdf", "not a regular file" },
		{ "zero.pdf", "symbolic link" },
		{ "circle.pdf", "symbolic link" },
		{ "missing.pdf", "cannot be read" },
		{ "paper.pdf/below.pdf", "cannot be read" },
		{ "/etc/passwd", "absolute path" },
		{ "../secret.pdf", "outside the imported file's folder" },
		{ "a/../../secret.pdf", "outside the imported file's folder" },
		{ "large.pdf", "larger than" },
	};
	enum { COUNT = sizeof list / sizeof *list };
	struct site *site = site_make();
	struct lines lines = { 0 };
	char *pipe = site_path(site, "pipe.pdf"), *folder = site_path(site, "folder.pdf");
	char *zero = site_path(site, "zero.pdf"), *circle = site_path(site, "circle.pdf");
	cases_write_pdf(site_path(site, "paper.pdf"));
	cr_assert(mkfifo(pipe, 0600) == 0 && mkdir(folder, 0700) == 0);
	cr_assert(symlink("/dev/zero", zero) == 0 && symlink("circle.pdf", circle) == 0);
	write_sized(site, "large.pdf", (10u << 20) + 1);
	write_sized(site, "fits.pdf", 10u << 20);
	for (size_t i = 0; i < COUNT; i++) {
		add_line(&lines, "BAD", list[i].file);
		cases_plain(&lines, (unsigned)i);
	}
	add_line(&lines, "FITS", "fits.pdf");
	json_t *report = import(site, &lines, 3);
	for (size_t i = 0; i < COUNT; i++) {
		const char *reason = reason_of(report, 2 * i + 1);
		cr_expect(reason && strstr(reason, list[i].answer), "%s: %s", list[i].file,
			  reason ? reason : "was kept");
	}
	cr_assert_eq(json_array_size(json_object_get(report, "errors")), COUNT);
	cr_assert_eq(cases_like(site, "PLAIN-%"), COUNT);
	cr_assert_eq(cases_like(site, "FITS"), 1);
	json_decref(report);
	lines_release(&lines);
}

static void repeat(struct lines *lines, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		lines_bytes(lines, text, strlen(text));
}

#define HEAD                                                                                                           \
	"{\"external_ref\":\"BAD\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\",\"status\":"       \
	"\"draft\","                                                                                                   \
	"\"subject\":{\"kind\":\"individual\",\"name\":\"N\"}"

/* A hostile line: `begins`, `times` copies of `part`, `times` copies of `closes`, `ends`. */
struct bomb {
	const char *what, *answer; /* answer: words of the error message; "": any message */
	const char *begins, *part;
	size_t times;
	const char *closes, *ends;
	size_t length; /* of `begins`, if it contains NUL bytes */
	bool taken;    /* accepted if the line is alone in its file */
};

static void add_bomb(struct lines *lines, const struct bomb *bomb)
{
	lines_bytes(lines, bomb->begins, bomb->length ? bomb->length : strlen(bomb->begins));
	repeat(lines, bomb->part ? bomb->part : "", bomb->times);
	repeat(lines, bomb->closes ? bomb->closes : "", bomb->times);
	repeat(lines, bomb->ends ? bomb->ends : "", 1);
	repeat(lines, "\n", 1);
}

#define TAG HEAD ",\"custom_tags\":{\"a\":"
#define PERSON "{\"kind\":\"individual\",\"name\":\"P\",\"roles\":[\"ubo\"]"
#define NULL_BYTE TAG "\"b\0c\"}}"
#define UTF16                                                                                                          \
	"\xff\xfe{\0\"\0a\0\"\0:\0"                                                                                    \
	"1\0}\0"
#define COMPRESSED "\x1f\x8b\x08\0\0\0\0\0\0\3\xab\xae\5\0C\xbf\xa6\xa3\2\0\0\0"

static const struct bomb bombs[] = {
	{ "100,000 arrays deep", "deep", "{\"a\":", .part = "[", .times = 100000 },
	{ "200,000 objects deep", "deep", "", .part = "{\"a\":", .times = 200000 },
	{ "5,000 deep in free members", "deep", TAG, .part = "[", .times = 5000, .closes = "]", .ends = "}}" },
	{ "subsessions in subsessions", "", HEAD, .part = ",\"parties\":[" PERSON ",\"session\":{\"status\":\"draft\"",
	  .times = 30, .closes = "}}]", .ends = "}" },
	{ "a line of 9 MiB", "longer than 8 MiB", TAG "\"", .part = "0123456789abcdef", .times = (9u << 20) / 16,
	  .ends = "\"}}" },
	{ "a value over 16 KiB", "bytes", TAG "\"", .part = "x", .times = 16385, .ends = "\"}}" },
	{ "a key over 16 KiB", "bytes", HEAD ",\"custom_tags\":{\"", .part = "x", .times = 16385, .ends = "\":1}}" },
	{ "100,000 parties", "", HEAD ",\"parties\":[" PERSON "}", .part = "," PERSON "}", .times = 100000,
	  .ends = "]}" },
	{ "200,000 documents", "", HEAD ",\"documents\":[{\"type\":\"PASSPORT\"}", .part = ",{\"type\":\"PASSPORT\"}",
	  .times = 200000, .ends = "]}" },
	{ "the same member twice", "status", .begins = HEAD ",\"status\":\"approved\"}" },
	{ "a NUL byte", "", NULL_BYTE, .length = sizeof NULL_BYTE - 1 },
	{ "an escaped NUL", "", .begins = TAG "\"b\\u0000c\"}}" },
	{ "half a surrogate pair", "", .begins = TAG "\"\\ud800\"}}" },
	{ "UTF-16", "", UTF16, .length = sizeof UTF16 - 1 },
	{ "a byte order mark in the middle", "", "\xef\xbb\xbf" HEAD "}", .taken = true },
	{ "a number without end", "", .begins = HEAD ",\"risk_score\":1e999}" },
	{ "an integer without end", "", .begins = HEAD ",\"risk_score\":99999999999999999999999999}" },
	{ "two documents on a line", "", .begins = HEAD "}" HEAD "}" },
	{ "an array on a line", "", "[" HEAD "}]", .taken = true },
	{ "compressed bytes", "", COMPRESSED, .length = sizeof COMPRESSED - 1 },
};
enum { BOMBS = sizeof bombs / sizeof *bombs };

Test(hostile_file, bombs_among_the_lines_are_refused_and_the_lines_beside_them_kept)
{
	struct site *site = site_make();
	struct lines lines = { 0 };
	/* A byte order mark is allowed at the very beginning. */
	repeat(&lines, "\xef\xbb\xbf", 1);
	cases_plain(&lines, 0);
	for (unsigned i = 0; i < BOMBS; i++) {
		add_bomb(&lines, &bombs[i]);
		cases_plain(&lines, i + 1);
	}
	json_t *report = import(site, &lines, 3);
	for (size_t i = 0; i < BOMBS; i++) {
		const char *reason = reason_of(report, 2 * i + 2);
		cr_expect(reason && *reason, "%s was taken", bombs[i].what);
		cr_expect(reason && strstr(reason, bombs[i].answer) && strlen(reason) < 2000, "%s: %s", bombs[i].what,
			  reason);
		cr_expect_null(reason_of(report, 2 * i + 3), "the good line after %s: %s", bombs[i].what,
			       reason_of(report, 2 * i + 3));
	}
	cr_assert_eq(json_array_size(json_object_get(report, "errors")), BOMBS);
	cr_assert_eq(cases_like(site, "PLAIN-%"), BOMBS + 1);
	cr_assert_eq(cases_like(site, "BAD"), 0);
	site_is_sound(site);
	json_decref(report);
	lines_release(&lines);
}

/* The hostile line is alone in the file, and the file ends without a newline. */
Test(hostile_file, a_bomb_that_ends_with_the_file_is_refused_too)
{
	struct site *site = site_make();
	for (size_t i = 0; i < BOMBS; i++) {
		struct lines lines = { 0 };
		add_bomb(&lines, &bombs[i]);
		lines.length--;
		json_decref(import(site, &lines, bombs[i].taken ? 0 : 3));
		lines_release(&lines);
	}
	cr_assert_eq(cases_like(site, "BAD"), 1);
}

static char *write_by_child(const struct site *site, const char *name, void (*add)(struct lines *lines))
{
	char *path = site_path(site, name);
	int status;
	pid_t pid = fork();
	cr_assert(pid >= 0);
	if (pid == 0) {
		struct lines lines = { 0 };
		add(&lines);
		temp_write(path, lines.text, lines.length);
		_exit(0);
	}
	cr_assert(waitpid(pid, &status, 0) == pid && status == 0);
	return path;
}

static void line_without_end(struct lines *lines)
{
	repeat(lines, HEAD ",\"custom_tags\":{\"a\":\"", 1);
	for (unsigned i = 0; i < 128u << 4; i++) {
		char block[65536];
		memset(block, 'x', sizeof block);
		lines_bytes(lines, block, sizeof block);
	}
}
static void array_element_without_end(struct lines *lines)
{
	repeat(lines, "[", 1);
	line_without_end(lines);
}
static void nested_arrays(struct lines *lines)
{
	add_bomb(lines, &bombs[0]);
}
static void nested_objects(struct lines *lines)
{
	add_bomb(lines, &bombs[1]);
}
static void many_numbers(struct lines *lines)
{
	add_bomb(lines, &(const struct bomb){ .begins = TAG "[1", .part = ",1", .times = 2000000, .ends = "]}}" });
}
static void many_keys(struct lines *lines)
{
	repeat(lines, HEAD ",\"custom_tags\":{\"a\":1", 1);
	for (unsigned i = 0; i < 200000; i++)
		lines_add(lines, ",\"k%u\":1", i);
	repeat(lines, "}}\n", 1);
}
static void one_plain_line(struct lines *lines)
{
	cases_plain(lines, 1);
}

Test(hostile_file, memory_and_time_stay_bounded_whatever_the_line_holds)
{
	static const struct {
		const char *what;
		void (*add)(struct lines *lines);
		int status;    /* -1: either way */
		long most_mib; /* maximum memory beyond that of an ordinary import */
	} list[] = {
		{ "a line of 128 MiB", line_without_end, 3, 40 },
		{ "an element of 128 MiB", array_element_without_end, 3, 40 },
		{ "100,000 arrays deep", nested_arrays, 3, 20 },
		{ "200,000 objects deep", nested_objects, 3, 40 },
	};
	struct site *site = site_make();
	/* Without AddressSanitizer's quarantine, only the program's own memory is measured (see import_test.c). */
	site_environment(site, "ASAN_OPTIONS=quarantine_size_mb=0:thread_local_quarantine_size_kb=0:exitcode=99");
	char *path = write_by_child(site, "plain.ndjson", one_plain_line);
	long ordinary = site_import_peak_kib(site, path, 0);
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		path = write_by_child(site, "bomb.ndjson", list[i].add);
		long long began = test_clock_ms();
		long peak = site_import_peak_kib(site, path, list[i].status);
		cr_expect(peak - ordinary < list[i].most_mib * 1024, "%s: %ld KiB more than an ordinary one",
			  list[i].what, peak - ordinary);
		cr_expect(test_clock_ms() - began < MOST_SECONDS * 1000, "%s: %lld ms", list[i].what,
			  test_clock_ms() - began);
	}
}

/* Very long lines with 2,000,000 numbers or 200,000 keys are imported or refused in bounded time. */
Test(hostile_file, the_largest_lines_are_answered_in_bounded_time)
{
	static void (*const makers[])(struct lines * lines) = { many_numbers, many_keys };
	struct site *site = site_make();
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		struct process_result result;
		char *path = write_by_child(site, "large.ndjson", makers[i]);
		long long began = test_clock_ms();
		site_run(site, &result, "import", path, NULL);
		cr_expect(result.status == 0 || result.status == 3, "%d: %.500s", result.status, result.err);
		cr_expect(test_clock_ms() - began < MOST_SECONDS * 1000, "%zu: %lld ms", i, test_clock_ms() - began);
	}
	site_is_sound(site);
}
