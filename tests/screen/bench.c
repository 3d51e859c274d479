#include "bench.h"
#include "support/new_store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define WORDS_MAX 24

static int run_words(struct bench *bench, const char *const *words)
{
	struct process_options options = { .argv = words,
					   .environment = (const char *const *)bench->lines,
					   .folder = bench->folder };
	process_run(&options, &bench->last);
	return bench->last.status;
}

int bench_run(struct bench *bench, ...)
{
	const char *words[WORDS_MAX] = { KYB_PROGRAM, "--as", "ana" };
	size_t count = 3;
	va_list args;
	va_start(args, bench);
	for (const char *word; (word = va_arg(args, const char *)) && count + 1 < WORDS_MAX;)
		words[count++] = word;
	va_end(args);
	return run_words(bench, words);
}

static void begin(struct bench *bench)
{
	memset(bench, 0, sizeof *bench);
	bench->folder = temp_folder_make();
	bench->store = temp_path(bench->folder, "store.db");
	bench->lines[0] = test_text("KYBDESK_STORE=%s", bench->store);
	bench->lines[1] = test_text("XDG_CONFIG_HOME=%s/config", bench->folder);
	bench->lines[2] = test_text("XDG_DATA_HOME=%s/data", bench->folder);
	bench->lines[3] = test_text("TZ=UTC");
	bench->lines[4] = test_text("XDG_STATE_HOME=%s/state", bench->folder);
	bench->lines[5] = test_text("NO_COLOR");
}

static void make_store(struct bench *bench)
{
	if (new_store_copied("bench", bench->store, &(uint64_t){ 0 }))
		return;
	cr_assert_eq(bench_run(bench, "init", "--sandbox", NULL), 0, "%s", bench->last.err);
	new_store_keep("bench", bench->store, 0);
}

void bench_open(struct bench *bench)
{
	begin(bench);
	make_store(bench);
}

void bench_environment(struct bench *bench, const char *line)
{
	size_t count = 0, name = strcspn(line, "=");
	while (bench->lines[count] &&
	       (strncmp(bench->lines[count], line, name) != 0 || strcspn(bench->lines[count], "=") != name))
		count++;
	cr_assert_lt(count, ENVIRONMENT_LINES);
	bench->lines[count] = test_text("%s", line);
}

void bench_close(struct bench *bench)
{
	temp_folder_remove(bench->folder);
}

void bench_import_samples(struct bench *bench)
{
	cr_assert_eq(bench_run(bench, "import", KYB_SOURCE_DIR "/data/samples/cases.ndjson", NULL), 0, "%s",
		     bench->last.err);
}

void bench_import(struct bench *bench, const char *lines)
{
	char *path = temp_path(bench->folder, "cases.ndjson");
	temp_write(path, lines, strlen(lines));
	cr_assert_eq(bench_run(bench, "import", path, NULL), 0, "%s", bench->last.err);
}

void bench_write(struct bench *bench, const char *name, const char *text)
{
	char *path = temp_path(bench->folder, "config/kybdesk");
	char *file = temp_path(path, name);
	for (char *slash = path + strlen(bench->folder) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		(void)mkdir(path, 0700);
	}
	(void)mkdir(path, 0700);
	char *end = strrchr(file, '/');
	*end = '\0';
	(void)mkdir(file, 0700);
	*end = '/';
	temp_write(file, text, strlen(text));
}

void bench_configure(struct bench *bench, const char *json)
{
	bench_write(bench, "config.json", json);
}

void bench_line(struct bench *bench, unsigned bytes_s, bool silent)
{
	bench->bytes_s = bytes_s;
	bench->silent = silent;
}

struct terminal *bench_start_words(const struct bench *bench, const char *const *words, int columns)
{
	return terminal_start(&(const struct terminal_options){ .argv = words,
								.environment = (const char *const *)bench->lines,
								.folder = bench->folder,
								.rows = 24,
								.columns = columns });
}

struct terminal *bench_start(struct bench *bench, const char *as, int rows, int columns, const char *locale, ...)
{
	const char *words[WORDS_MAX] = { KYB_PROGRAM, "--as", as };
	size_t count = 3, lines = 0;
	va_list args;
	va_start(args, locale);
	for (const char *word; (word = va_arg(args, const char *)) && count + 1 < WORDS_MAX;)
		words[count++] = word;
	va_end(args);
	char *language = test_text("LC_ALL=%s", locale);
	const char *environment[ENVIRONMENT_LINES + 2];
	for (; bench->lines[lines]; lines++)
		environment[lines] = bench->lines[lines];
	environment[lines] = language;
	environment[lines + 1] = NULL;
	struct terminal_options options = { .argv = words,
					    .environment = environment,
					    .folder = bench->folder,
					    .bytes_s = bench->bytes_s,
					    .silent = bench->silent,
					    .attributes = bench->attributes,
					    .rows = rows,
					    .columns = columns };
	struct terminal *terminal = terminal_start(&options);
	return terminal;
}

struct terminal *box_start(const struct box *box, const char *who)
{
	const char *words[] = { KYB_PROGRAM, who ? "--as" : NULL, who, NULL };
	const struct terminal_options options = { .argv = words,
						  .environment = (const char *const *)box->lines,
						  .folder = box->folder,
						  .rows = 30,
						  .columns = 110 };
	return terminal_start(&options);
}

static char *person(const char *reference, const char *name, const char *checks)
{
	unsigned number = 0; /* a different tax id in each case: equal ones would be duplicates */
	for (const char *c = reference; *c; c++)
		number = number * 31 + (unsigned char)*c;
	return test_text(
		"{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"%s\","
		"\"country\":\"PRT\",\"tax_id\":\"PT%09u\",\"date_of_birth\":\"1984-02-11\"},"
		"\"steps\":[{\"id\":\"identity\",\"status\":\"completed\",\"fields\":{\"phone\":\"1\"}}],"
		"\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}%s],\"submitted_at\":\"2026-01-01T00:"
		"00:00Z\"}\n",
		reference, name, number % 1000000000, checks);
}

char *clear_person(const char *reference, const char *name)
{
	return person(reference, name, "");
}

char *sanctioned_person(const char *reference, const char *name)
{
	return person(reference, name,
		      ",{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"I. Duarte\",\"list\":\"OFAC "
		      "SDN\",\"class\":\"sanctions\",\"score\":0.97}]}");
}

/* Escape sequences, a title, a bell, C1, bidi controls, zero-width characters, a soft hyphen, tags, many marks. */
#define EVIL                                                                                                           \
	"a\\u001b[31mb\\u001b]0;owned\\u0007c\\rd\\be\\tf\\ng\\u009bh\\u202ei\\u2066j\\u200bk\\u00adl\\u200em"         \
	"\\udb40\\udc41n\\ufeffo\\u061cp\\u007fq\\u2028r\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301s"

const char *const hostile_case =
	"{\"external_ref\":\"EVIL-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
	"\"status\":\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":\"" EVIL
	"\",\"country\":\"GBR\",\"website\":\"" EVIL "\"},\"custom_tags\":{\"k\":\"" EVIL "\"},"
	"\"steps\":[{\"id\":\"company_info\",\"status\":\"completed\",\"fields\":{\"" EVIL "\":\"" EVIL "\"}}],"
	"\"documents\":[{\"type\":\"BUSINESS_NUMBER\",\"file_name\":\"" EVIL ".pdf\",\"upload\":\"required\"}],"
	"\"parties\":[{\"kind\":\"company\",\"name\":\"" EVIL "\",\"roles\":[\"shareholder\"],"
	"\"control_role\":\"" EVIL "\",\"ownership_percent\":\"100\",\"country\":\"NLD\"}],"
	"\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"score\":0.5,\"hits\":[{\"name\":\"" EVIL
	"\",\"list\":\"" EVIL "\",\"score\":0.5,\"state\":\"open\"}]}],"
	"\"submitted_at\":\"2026-01-01T00:00:00Z\"}\n";

/* --- the store and the terminal of the current test --- */

struct bench bench;
struct terminal *terminal;

void bench_expect_status(const char *status)
{
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0, "%s", bench.last.err);
	cr_expect(strstr(bench.last.out, test_text("\"status\": \"%s\"", status)) ||
			  strstr(bench.last.out, test_text("\"status\":\"%s\"", status)),
		  "not %s: %s", status, bench.last.out);
}

void bench_set_up(void)
{
	bench_open(&bench);
}

/* The first test of a run fills the store, the others copy it. */
static void set_up_filled(const char *kind, void (*fill)(struct bench *bench))
{
	begin(&bench);
	if (new_store_copied(kind, bench.store, &(uint64_t){ 0 }))
		return;
	make_store(&bench);
	fill(&bench);
	new_store_keep(kind, bench.store, 0);
}

static void import_person(struct bench *bench)
{
	bench_import(bench, clear_person("CLEAR-1", "Ines Duarte"));
}

void bench_set_up_person(void)
{
	set_up_filled("bench-person", import_person);
}

void bench_set_up_samples(void)
{
	set_up_filled("bench-samples", bench_import_samples);
}

void bench_tear_down(void)
{
	terminal_free(terminal);
	bench_close(&bench);
}

void bench_box_tear_down(void)
{
	terminal_free(terminal);
	box_close(&box);
}
