#include "expect.h"
#include "support/new_store.h"

#ifdef KYB_BOX_ON_SERVER
#include "store/place.h"
#else
#include <sqlite3.h>
#endif
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void box_environment(struct box *box, const char *line)
{
	size_t name = strcspn(line, "=");
	for (size_t i = 0; i < sizeof box->lines / sizeof *box->lines - 1; i++)
		if (!box->lines[i] ||
		    (strcspn(box->lines[i], "=") == name && strncmp(box->lines[i], line, name) == 0)) {
			box->lines[i] = test_keep(strdup(line));
			return;
		}
	abort();
}

/* The box's store, and how SQL is run on it: a file in the box's folder, or a schema on the tests' server. */
#ifdef KYB_BOX_ON_SERVER
static char *new_store(const struct box *box)
{
	(void)box;
	return place_make(NULL, NULL);
}

static bool is_copied(struct box *box, const char *kind)
{
	bool is = place_copied(kind, &box->store, temp_path(box->folder, "data"), &(uint64_t){ 0 });

	box->lines[0] = test_text("KYBDESK_STORE=%s", box->store);
	return is;
}

static void keep(const struct box *box, const char *kind)
{
	place_copy_keep(kind, box->store, temp_path(box->folder, "data"), 0);
}

void box_sql(const struct box *box, const char *sql)
{
	shell_run(box->store, sql);
}

char *box_text(const struct box *box, const char *sql)
{
	struct arena arena = ARENA_INIT;
	char *text = test_keep(strdup(place_text(&arena, box->store, sql)));

	arena_release(&arena);
	return text;
}
#else
static char *new_store(const struct box *box)
{
	return temp_path(box->folder, "store.db");
}

static bool is_copied(struct box *box, const char *kind)
{
	return new_store_copied(kind, box->store, &(uint64_t){ 0 });
}

static void keep(const struct box *box, const char *kind)
{
	new_store_keep(kind, box->store, 0);
}

void box_sql(const struct box *box, const char *sql)
{
	sqlite3 *db;

	cr_assert_eq(sqlite3_open(box->store, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

char *box_text(const struct box *box, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *rows;

	cr_assert_eq(sqlite3_open_v2(box->store, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 20000);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	const char *found = sqlite3_step(rows) == SQLITE_ROW ? (const char *)sqlite3_column_text(rows, 0) : NULL;
	char *text = test_keep(strdup(found ? found : ""));
	sqlite3_finalize(rows);
	sqlite3_close(db);
	return text;
}
#endif

void box_open_bare(struct box *box)
{
	memset(box, 0, sizeof *box);
	box->folder = temp_folder_make();
	box->store = new_store(box);
	box->lines[0] = test_text("KYBDESK_STORE=%s", box->store);
	box->lines[1] = test_text("XDG_CONFIG_HOME=%s/config", box->folder);
	box->lines[2] = test_text("XDG_DATA_HOME=%s/data", box->folder);
	box->lines[3] = test_keep(strdup("LC_ALL=C.UTF-8"));
	box->lines[4] = test_keep(strdup("KYBDESK_REVIEWER"));
	box->lines[5] = test_keep(strdup("KYBDESK_THEME"));
	box->lines[6] = test_keep(strdup("KYBDESK_TEST_NOW"));
	box->lines[7] = test_keep(strdup("NO_COLOR"));
	box->lines[8] = test_text("XDG_STATE_HOME=%s/state", box->folder);
}

void box_open(struct box *box)
{
	box_open_bare(box);
	if (is_copied(box, "box"))
		return;
	cr_assert_eq(box_run(box, "init", "--sandbox", NULL), 0, "%s", box->last.err);
	keep(box, "box");
}

static char *notes_path(const struct box *box)
{
	return test_text("%s-notes", box->store);
}

void box_note(struct box *box, const char *word)
{
	cr_assert_lt(box->note_count, sizeof box->notes / sizeof *box->notes);
	box->notes[box->note_count++] = test_keep(strdup(word));
}

void box_world(struct box *box, const char *kind, void (*make)(void))
{
	char *text = NULL, *word;
	size_t length = 0;

	box_open_bare(box);
	if (new_store_copied(kind, box->store, &(uint64_t){ 0 })) {
		for (text = temp_read(notes_path(box), NULL); (word = strsep(&text, "\n")) && *word;)
			box_note(box, word);
		(void)unlink(notes_path(box));
		return;
	}
	make();
	if (box->store[0] != '/')
		return;
	FILE *file = open_memstream(&text, &length);
	for (size_t i = 0; i < box->note_count; i++)
		fprintf(file, "%s\n", box->notes[i]);
	fclose(file);
	temp_write(notes_path(box), text, length);
	new_store_keep(kind, box->store, 0);
	(void)unlink(notes_path(box));
	free(text);
}

void box_close(struct box *box)
{
	json_decref(box->json);
	temp_folder_remove(box->folder);
}

int box_run_words(struct box *box, const char *const *words, const void *input, size_t length)
{
	const char *argv[48] = { KYB_PROGRAM };
	for (size_t i = 0; words[i] && i < 46; i++)
		argv[i + 1] = words[i];
	struct process_options options = { .argv = argv,
					   .environment = (const char *const *)box->lines,
					   .input = input,
					   .input_length = length,
					   .folder = box->folder };
	process_run(&options, &box->last);
	cr_assert_not(box->last.timed_out, "kybdesk %s did not end", words[0] ? words[0] : "");
	/* No test expects the report of a sanitizer. */
	cr_assert_null(strstr(box->last.err, "Sanitizer"), "%s", box->last.err);
	return box->last.status;
}

static int run_list(struct box *box, const char *first, va_list args)
{
	const char *words[46] = { first };
	size_t count = first ? 1 : 0;
	for (const char *word; (word = va_arg(args, const char *)) && count < 45;)
		words[count++] = word;
	words[count] = NULL;
	return box_run_words(box, words, NULL, 0);
}

int box_run(struct box *box, ...)
{
	va_list args;
	va_start(args, box);
	int status = run_list(box, NULL, args);
	va_end(args);
	return status;
}

int box_json(struct box *box, ...)
{
	va_list args;
	json_error_t error;
	va_start(args, box);
	int status = run_list(box, "--json", args);
	va_end(args);
	json_decref(box->json);
	box->json = json_loadb(box->last.out, box->last.out_length, JSON_DECODE_ANY, &error);
	cr_assert(box->json, "no JSON: %s\n%s\n%s", error.text, box->last.out, box->last.err);
	return status;
}

int box_shell(struct box *box, const char *line)
{
	const char *argv[] = { "sh", "-c", line, NULL };
	char *program = test_text("K=%s", KYB_PROGRAM);
	const char *environment[16];
	size_t count = 0;
	for (; box->lines[count]; count++)
		environment[count] = box->lines[count];
	environment[count++] = program;
	environment[count] = NULL;
	struct process_options options = { .argv = argv, .environment = environment, .folder = box->folder };
	process_run(&options, &box->last);
	return box->last.status;
}

char *box_path(const struct box *box, const char *name)
{
	return temp_path(box->folder, name);
}

void box_write(const struct box *box, const char *name, const char *text)
{
	temp_write(box_path(box, name), text, strlen(text));
}

void box_import(struct box *box, const char *lines)
{
	box_write(box, "cases.ndjson", lines);
	cr_assert_eq(box_run(box, "import", "cases.ndjson", NULL), 0, "%s", box->last.err);
}

const json_t *json_path(const json_t *value, const char *path)
{
	while (value && *path) {
		if (*path == '[') {
			char *end;
			value = json_array_get(value, strtoul(path + 1, &end, 10));
			path = end + 1;
		} else {
			path += *path == '.';
			size_t length = strcspn(path, ".[");
			char name[64] = "";
			memcpy(name, path, length < 63 ? length : 63);
			value = json_object_get(value, name);
			path += length;
		}
	}
	return value;
}

const char *json_path_text(const json_t *value, const char *path)
{
	const char *text = json_string_value(json_path(value, path));
	return text ? text : "";
}

long long json_path_int(const json_t *value, const char *path)
{
	const json_t *number = json_path(value, path);
	return json_is_integer(number) ? json_integer_value(number) : -1;
}

static bool holds(const json_t *json, const char *row)
{
	char path[200] = "";
	size_t length = strcspn(row, ": ");
	const char *rest = row + length;

	cr_assert_lt(length, sizeof path, "%s", row);
	memcpy(path, row, length);
	const json_t *value = json_path(json, path);
	if (!strncmp(rest, ": ", 2))
		return !strcmp(json_path_text(json, path), rest + 2);
	if (!strncmp(rest, " has ", 5))
		return json_is_array(value) && json_array_size(value) == strtoul(rest + 5, NULL, 10);
	if (!strncmp(rest, " = ", 3)) {
		char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
		bool same = text && !strcmp(text, rest + 3);
		free(text);
		return same;
	}
	cr_assert(!strcmp(rest, " is there") || !strcmp(rest, " is absent"), "%s", row);
	return (value != NULL) == !strcmp(rest, " is there");
}

const char *json_fault(const json_t *json, const char *const *rows)
{
	while (*rows && holds(json, *rows))
		rows++;
	return *rows;
}

const char *text_fault(const char *text, bool has, const char *const *parts)
{
	while (*parts && (text && strstr(text, *parts) != NULL) == has)
		parts++;
	return *parts;
}

const char *error_code(const struct box *box)
{
	return json_path_text(box->json, "error.code");
}

bool has_blocker(const struct box *box, const char *code)
{
	size_t i;
	json_t *blocker;
	const json_t *list = json_path(box->json, "error.blockers");
	if (!list)
		list = json_path(box->json, "blockers");
	json_array_foreach((json_t *)list, i,
			   blocker) if (strcmp(json_path_text(blocker, "code"), code) == 0) return true;
	return false;
}

const char *blocker_fault(const struct box *box, const char *const *codes)
{
	while (*codes && has_blocker(box, *codes))
		codes++;
	return *codes;
}

char *person_line(const char *reference, const char *name)
{
	return test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
			 "\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"%s\","
			 "\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\",\"tax_id\":\"12345-%s\"},"
			 "\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}],\"steps\":[{\"id\":"
			 "\"identity\",\"status\":\"completed\"}]}\n",
			 reference, name, reference);
}

void box_init_production(struct box *box)
{
	cr_assert_eq(box_shell(box, "\"$K\" init && for floor in screening_days highest_risk prohibited_countries; do "
				    "\"$K\" store set $floor '' || exit 1; done"),
		     0, "%s", box->last.err);
}

void box_import_person(struct box *box, const char *reference)
{
	box_import(box, person_line(reference, "Ines Duarte"));
}

char *company_line(const char *reference)
{
	return test_text(
		"{\"external_ref\":\"%s\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
		"\"status\":\"manual_review\",\"risk_score\":42,\"subject\":{\"uid\":\"biz-%s\",\"kind\":"
		"\"business\",\"name\":\"Harbour Lane Trading Ltd\",\"country\":\"GBR\",\"level\":\"LIGHT\","
		"\"tax_id\":\"%s\"},\"steps\":[{\"id\":\"company_info\",\"status\":\"completed\","
		"\"fields\":{\"business_activity\":\"Fish\"}}],\"documents\":["
		"{\"type\":\"MEMORANDUM_ARTICLES\",\"file_name\":\"m.pdf\",\"file\":\"a.pdf\",\"upload\":\"ready\"}"
		",{\"type\":\"BUSINESS_NUMBER\",\"file_name\":\"b.pdf\",\"file\":\"a.pdf\",\"upload\":\"ready\"},"
		"{\"type\":\"PROOF_OF_ADDRESS\",\"file_name\":\"p.pdf\",\"file\":\"a.pdf\",\"upload\":\"ready\"},"
		"{\"type\":\"DIRECTORS_SHAREHOLDERS_REG\",\"file_name\":\"d.pdf\",\"file\":\"a.pdf\",\"upload\":"
		"\"ready\"}],"
		"\"parties\":[{\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"roles\":[\"ubo\",\"director\"],"
		"\"control_role\":\"CEO\",\"ownership_percent\":\"100\",\"date_of_birth\":\"1984-02-11\","
		"\"country\":\"PRT\",\"session\":{\"workflow\":\"generic-kyc\",\"status\":\"manual_review\","
		"\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}],"
		"\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}]}}]}\n",
		reference, reference, strcmp(reference, "RAL-1") ? reference : "GB123456789");
}

void box_write_files(const struct box *box)
{
	box_write(box, "a.pdf",
		  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count "
		  "0>>endobj\n"
		  "trailer<</Root 1 0 R>>\n%%EOF\n");
}

void box_import_company(struct box *box, const char *reference)
{
	box_write_files(box);
	box_import(box, company_line(reference));
}

void box_clear(struct box *box, const char *reference)
{
	static const char *const types[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					     "DIRECTORS_SHAREHOLDERS_REG" };
	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(box_run(box, "document", "accept", reference, types[i], NULL), 0, "%s", box->last.err);
	cr_assert_eq(box_json(box, "subsession", "list", reference, NULL), 0);
	cr_assert_eq(box_run(box, "approve", test_keep(strdup(json_path_text(box->json, "data[0].id"))), "--grace", "0",
			     NULL),
		     0, "%s", box->last.err);
}

void box_as(struct box *box, const char *person)
{
	char *name = person ? test_text("KYBDESK_TEST_PERSON=%s", person) : test_keep(strdup("KYBDESK_TEST_PERSON"));

	box_environment(box, name);
	box_environment(box, person ? "LD_PRELOAD=" KYB_PERSON : "LD_PRELOAD");
	box_environment(box, test_sanitizer_options(person ? "verify_asan_link_order=0" : ""));
}

void box_import_by_colleague(struct box *box, const char *lines)
{
	box_as(box, BOX_COLLEAGUE);
	box_import(box, lines);
	box_as(box, NULL);
}

void box_import_person_by_colleague(struct box *box, const char *reference)
{
	box_as(box, BOX_COLLEAGUE);
	box_import_person(box, reference);
	box_as(box, NULL);
}

/* --- the box of the current test --- */

struct box box;

void box_set_up(void)
{
	box_open(&box);
}

void box_set_up_bare(void)
{
	box_open_bare(&box);
}

void box_set_up_files(void)
{
	box_open(&box);
	box_write_files(&box);
}

static void make_company(void)
{
	DONE("init", "--sandbox");
	box_import_company(&box, "RAL-1");
}

void box_set_up_company(void)
{
	box_world(&box, "company", make_company);
	box_write_files(&box);
}

void box_tear_down(void)
{
	box_close(&box);
}
