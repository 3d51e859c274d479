/* `import` reads a stream, refuses single lines, and stops cleanly. */
#include "expect.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(import, .init = box_set_up, .fini = box_tear_down);

static long long total(void)
{
	DONE_JSON("inbox");
	return json_path_int(box.json, "total");
}

/* Imports a good line and then `bad`: the good line is stored, and the error names the bad line. */
static void expect_refused(const char *bad, size_t length, const char *word)
{
	char *good = person_line("GOOD-1", "Good"), *path = box_path(&box, "in.ndjson");
	size_t good_length = strlen(good);
	char *both = test_keep(malloc(good_length + length + 1));
	memcpy(both, good, good_length);
	memcpy(both + good_length, bad, length);
	both[good_length + length] = '\n';
	temp_write(path, both, good_length + length + 1);
	FAILS(3, ("import", "in.ndjson", "--rejects", "out.ndjson"), "rejected = 1", "errors[0].line = 2");
	SAYS("in.ndjson:2: ");
	cr_expect(strstr(box.last.err, word), "'%s' is not in: %s", word, box.last.err);
	char *rejects_path = box_path(&box, "out.ndjson");
	size_t rejected_length;
	char *rejected = temp_read(rejects_path, &rejected_length);
	cr_expect_eq(rejected_length, length + 1);
	cr_expect_eq(memcmp(rejected, bad, length), 0, "the rejects file holds another line");
	cr_expect_eq(total(), 1);
}

static void expect_line_refused(const char *bad, const char *word)
{
	expect_refused(bad, strlen(bad), word);
}

#define HEAD "{\"external_ref\":\"X-1\",\"kind\":\"kyc\",\"merchant\":\"shop\","
#define SUBJECT "\"subject\":{\"kind\":\"individual\",\"name\":\"X\"}"

Test(import, standard_input_that_cannot_be_read_is_not_its_end)
{
	cr_expect_eq(box_shell(&box, "\"$K\" import - < ."), 9);
	cr_expect_str_eq(box.last.out, "");
	SAYS("the import stopped after 0 imported and 0 updated cases: reading standard input "
	     "failed: Is a directory");
}

#define WITH_FILE(name)                                                                                                \
	HEAD "\"workflow\":\"generic-kyc\",\"status\":\"draft\"," SUBJECT                                              \
	     ",\"documents\":[{\"type\":\"government_id\",\"file\":\"" name "\",\"file_name\":\"g.pdf\"}]}"

/* Makes a valid PDF in each of the folders hidden/ and below/, symlinks to hidden/ and to its PDF, and a pipe. */
static void hide_documents(void)
{
	DONE_SHELL("mkdir -p hidden below && "
		   "printf '%%PDF-1.4\\n%%%%EOF\\n' | tee hidden/secret.pdf >below/own.pdf && "
		   "ln -s hidden/secret.pdf link.pdf && ln -s hidden way && mkfifo pipe.pdf");
}

#define DRAFT(more) HEAD "\"workflow\":\"generic-kyc\",\"status\":\"draft\"," more "}"

Test(import, a_line_that_is_wrong_is_refused_by_name)
{
	static const char *const rows[][2] = {
		{ "{\"external_ref\":", "" },
		{ DRAFT("\"risk_score\":\"high\"," SUBJECT), "risk_score" },
		{ DRAFT("\"colour\":1," SUBJECT), "colour" },
		{ HEAD "\"workflow\":\"generic-kyx\",\"status\":\"draft\"," SUBJECT "}", "generic-kyx" },
		{ HEAD "\"workflow\":\"generic-kyc\",\"status\":\"drafty\"," SUBJECT "}", "drafty" },
		{ "{\"external_ref\":\"GOOD-1\",\"kind\":\"kyc\",\"merchant\":\"shop\",\"workflow\":\"generic-"
		  "kyc\","
		  "\"status\":\"draft\"," SUBJECT "}",
		  "GOOD-1" },
		{ DRAFT("\"subject\":{\"kind\":\"individual\",\"name\":\"\xff\xfe\"}"), "UTF-8" },
		{ DRAFT("\"subject\":{\"kind\":\"individual\",\"name\":\"a\\u0000b\"}"), "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_line_refused(rows[i][0], rows[i][1]);
}

Test(import, a_line_with_a_wrong_file_is_refused_by_name)
{
	static const char *const rows[][2] = {
		{ WITH_FILE("gone.pdf"), "gone.pdf" },
		{ WITH_FILE("text.pdf"), "text.pdf" },
		{ WITH_FILE("large.pdf"), "large" },
		{ WITH_FILE("../../etc/passwd"), ".." },
		{ WITH_FILE("link.pdf"), "link.pdf\" is a symbolic link" },
		{ WITH_FILE("way/secret.pdf"), "way\" is a symbolic link" },
		{ WITH_FILE("/etc/passwd"), "absolute" },
		{ WITH_FILE("pipe.pdf"), "not a regular file" }, /* the import does not wait for the pipe */
	};
	size_t length = 11 * 1024 * 1024;
	char *bytes = test_keep(calloc(1, length));
	memcpy(bytes, "%PDF-1.4\n", 9);
	temp_write(box_path(&box, "large.pdf"), bytes, length);
	box_write(&box, "text.pdf", "this is not a PDF");
	hide_documents();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_line_refused(rows[i][0], rows[i][1]);
	/* No file was stored, not even the file behind a link. */
	DONE_SHELL("find store.db-documents -type f | grep -c . | grep -qx 0");
}

Test(import, a_file_in_a_folder_below_is_taken_also_from_standard_input)
{
	hide_documents();
	box_write(&box, "one.ndjson", WITH_FILE("below/own.pdf") "\n");
	DONE("import", "one.ndjson");
	DONE_SHELL("sed s/X-1/X-2/ one.ndjson | \"$K\" import -");
	cr_expect_neq(box_shell(&box, "sed 's/X-1/X-3/; s/below.own/way\\/secret/' one.ndjson | \"$K\" import -"), 0);
	SAYS("symbolic link", "standard input:1: ");
}

Test(import, a_nesting_bomb_is_refused)
{
	size_t depth = 200000;
	char *bomb = test_keep(malloc(2 * depth + 1));
	memset(bomb, '[', depth);
	memset(bomb + depth, ']', depth);
	bomb[2 * depth] = '\0';
	char *line = test_text("{\"custom_tags\":%s}", bomb);
	expect_refused(line, strlen(line), "");
}

Test(import, a_second_import_changes_nothing)
{
	box_import_person(&box, "IND-1");
	GIVES(("import", "cases.ndjson"), "unchanged = 1", "imported = 0");
}

Test(import, memory_is_a_number_that_it_can_work_with)
{
	static const char *const wrong[] = { "31", "0", "-64", "65537", "64MB", "", "much" };
	box_import_person(&box, "IND-1");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char *output = test_text("--memory is '%s'; it must be a whole number from 32 to 65536", wrong[i]);
		REFUSED(9, output, "import", "cases.ndjson", "--memory", wrong[i]);
	}
	DONE("import", "cases.ndjson", "--memory", "32");
	DONE("import", "cases.ndjson", "--memory", "65536");
}

Test(import, an_array_is_read_like_lines)
{
	char *line = person_line("IND-1", "One");
	box_import(&box, test_text("[\n%s]\n", line));
	cr_expect_eq(total(), 1);
}

Test(import, standard_input_is_read)
{
	char *line = person_line("IND-1", "One");
	const char *const words[] = { "import", "-", NULL };
	cr_assert_eq(box_run_words(&box, words, line, strlen(line)), 0, "%s", box.last.err);
	cr_expect_eq(total(), 1);
}

Test(import, rejects_never_overwrite_the_input)
{
	box_write(&box, "in.ndjson", "nonsense\n");
	ENDS(9, "import", "in.ndjson", "--rejects", "in.ndjson");
	char *path = box_path(&box, "in.ndjson"), *text = temp_read(path, NULL);
	cr_assert_str_eq(text, "nonsense\n");
}

Test(import, rejects_never_overwrite_anything_of_the_store)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-mark", "-journal", ".key", "-documents/mine" };
	char *soft = box_path(&box, "soft"), *hard = box_path(&box, "hard");

	box_import_person(&box, "IND-1");
	box_write(&box, "in.ndjson", "nonsense\n");
	cr_assert(symlink(box.store, soft) == 0 && link(box.store, hard) == 0);
	for (size_t i = 0; i < sizeof ends / sizeof *ends + 2; i++) {
		char *path = test_text("%s%s", box.store, i < 2 ? "" : ends[i - 2]);
		const char *named = i == 0 ? soft : i == 1 ? hard : path;
		ENDS(9, "import", "in.ndjson", "--rejects", named);
		cr_expect(strstr(box.last.err, "belongs to the store itself"), "%s: %s", named, box.last.err);
	}
	DONE("doctor");
	cr_expect_eq(total(), 1);
}

Test(import, nothing_but_the_result_is_printed_where_there_is_no_terminal)
{
	box_import_person(&box, "IND-1");
	cr_expect_str_empty(box.last.err);
	cr_expect_null(strchr(box.last.out, '\r'));
}

Test(import, an_interrupted_import_stops_after_its_line_and_completes_later)
{
	char *path = box_path(&box, "many.ndjson");
	char *text = NULL;
	size_t length = 0;
	FILE *lines = open_memstream(&text, &length);
	enum { MANY = 2500 };
	for (int i = 0; i < MANY; i++) {
		char reference[32];
		(void)snprintf(reference, sizeof reference, "MANY-%d", i);
		(void)fputs(person_line(reference, "Somebody"), lines);
	}
	(void)fclose(lines);
	temp_write(path, text, length);
	const char *const argv[] = { KYB_PROGRAM, "import", "many.ndjson", NULL };
	struct process_options options = { .argv = argv,
					   .environment = (const char *const *)box.lines,
					   .folder = box.folder };
	struct process *process = process_start(&options);
	for (int tries = 0; !total() && tries < 100; tries++)
		test_sleep_ms(10);
	process_signal(process, SIGINT);
	struct process_result result;
	cr_assert(process_wait(process, 60000, &result));
	cr_expect_eq(result.status, 1, "%d %s", result.status, result.err);
	cr_expect(strstr(result.out, " imported, "), "%s", result.out);
	cr_expect(strstr(result.err, "interrupted"), "%s", result.err);
	process_free(process);
	long long some = total();
	cr_expect_lt(some, MANY);
	DONE_JSON("import", "many.ndjson");
	cr_expect_eq(json_path_int(box.json, "unchanged"), some);
	cr_expect_eq(json_path_int(box.json, "imported"), MANY - some);
	free(text);
}

Test(import, an_import_from_a_pipe_that_stays_open_can_be_interrupted)
{
	box_write(&box, "one.ndjson", person_line("IND-1", "One"));
	cr_assert_eq(box_shell(&box, "mkfifo p; sleep 60 >p & s=$!; (cat one.ndjson; exec sleep 60) >p & c=$!; "
				     "\"$K\" import - <p & k=$!; sleep 1.5; kill -INT $k; wait $k; r=$?; "
				     "kill $s $c; exit $r"),
		     1, "%s", box.last.err);
	SAYS("interrupted");
	cr_expect_eq(total(), 1);
}

Test(import, refused_elements_of_a_laid_out_array_can_be_imported_when_corrected)
{
	box_write(&box, "in.json",
		  "[\n  {\n    \"external_ref\": \"A-1\",\n    \"workflow\": \"generic-kyc\",\n    \"kind\": "
		  "\"kyc\",\n"
		  "    \"merchant\": \"shop\",\n    \"status\": \"no such\",\n    \"subject\": {\n"
		  "      \"kind\": \"individual\",\n      \"name\": \"Ines  Duarte\"\n    }\n  }\n]\n");
	ENDS(3, "import", "in.json", "--rejects", "out.ndjson");
	DONE_SHELL("sed -i 's/no such/draft/' out.ndjson && \"$K\" import out.ndjson");
	GIVES(("show", "A-1"), "subject.name: Ines  Duarte");
}

Test(import, rejects_need_a_file_of_their_own)
{
	box_write(&box, "in.ndjson", person_line("IND-1", "Ines"));
	ENDS(2, "import", "in.ndjson", "--rejects", "-");
	ENDS(2, "import", "in.ndjson", "--rejects", "");
	cr_expect_eq(total(), 0);
}

Test(import, what_is_personal_is_not_quoted_when_it_is_refused)
{
	expect_line_refused(HEAD
			    "\"workflow\":\"generic-kyc\",\"status\":\"draft\",\"subject\":{\"kind\":\"individual\","
			    "\"name\":\"X\",\"date_of_birth\":\"31.12.1984\"}}",
			    "subject.date_of_birth: is '**.**.****', which is not a date");
	SAYS_NOT("1984");
	PRINTS_NOT("1984");
}

#define PERSON(ref, born, country, email)                                                                              \
	"{\"external_ref\":\"" ref                                                                                     \
	"\",\"kind\":\"kyc\",\"merchant\":\"shop\",\"workflow\":\"generic-kyc\",\"status\":\"draft\","                 \
	"\"subject\":{\"kind\":\"individual\",\"name\":\"Mara Quist\",\"date_of_birth\":\"" born                       \
	"\",\"country\":\"" country "\",\"email\":\"" email "\"}}"

/* Documents have incomplete birth dates and codes in place of a country (ICAO 9303), and mailboxes any letters. */
Test(import, persons_are_taken_as_their_documents_have_them)
{
	static const char *const taken[] = {
		PERSON("P-1", "1984", "XXA", "j\u00f6rg@m\u00fcller.example"),
		PERSON("P-2", "1984-05", "XKX", ""),
		PERSON("P-3", "1984-05-26", "GBN", ""),
	};
	static const char *const refused[][2] = {
		{ PERSON("P-4", "2067-01-05", "PRT", ""), "subject.date_of_birth: is in the future" },
		{ PERSON("P-4", "2067", "PRT", ""), "subject.date_of_birth: is in the future" },
		{ PERSON("P-4", "1905-12-31", "PRT", ""),
		  "subject.date_of_birth: is more than 120 years ago, so no living person has it" },
		{ PERSON("P-4", "1899", "PRT", ""), "subject.date_of_birth: is more than 120 years ago" },
		{ PERSON("P-4", "1984-13", "PRT", ""), "subject.date_of_birth: is" },
		{ PERSON("P-4", "84", "PRT", ""), "subject.date_of_birth: is" },
		{ PERSON("P-4", "", "XXY", ""), "subject.country: is" },
		{ PERSON("P-4", "", "PRT", "a b@example.com"), "subject.email: is" },
		{ "{\"external_ref\":\"B-1\",\"kind\":\"kyb\",\"merchant\":\"shop\",\"workflow\":\"ralio-kyb\","
		  "\"status\":\"draft\","
		  "\"subject\":{\"kind\":\"business\",\"name\":\"Quay Ltd\",\"country\":\"XXA\"}}",
		  "subject.country: is XXA, which only persons have" },
	};

	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		expect_line_refused(refused[i][0], refused[i][1]);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
		box_write(&box, "persons", taken[i]);
		DONE("import", box_path(&box, "persons"));
	}
	GIVES(("show", "P-1", "--reveal"), "subject.date_of_birth: 1984", "subject.country: XXA",
	      "subject.email: j\u00f6rg@m\u00fcller.example");
	GIVES(("show", "P-2", "--reveal"), "subject.date_of_birth: 1984-05", "subject.country: XKX");
}

#define OWNER(name, born)                                                                                              \
	"{\"kind\":\"individual\",\"name\":\"" name "\",\"roles\":[\"shareholder\"],\"date_of_birth\":\"" born         \
	"\",\"ownership_percent\":\"24\"}"
#define HOLDER(name, number)                                                                                           \
	"{\"kind\":\"company\",\"name\":\"" name "\",\"roles\":[\"shareholder\"],\"country\":\"GBR\","                 \
	"\"registration_number\":\"" number "\",\"ownership_percent\":\"24\"}"
#define OWNED(ref, owners)                                                                                             \
	"{\"external_ref\":\"" ref                                                                                     \
	"\",\"kind\":\"kyb\",\"merchant\":\"shop\",\"workflow\":\"ralio-kyb\",\"status\":\"draft\",\"subject\":{"      \
	"\"kind\":\"business\",\"name\":\"Quay Ltd\",\"country\":\"GBR\"},\"parties\":[" owners "]}"

#define NAMED(name)                                                                                                    \
	"{\"kind\":\"individual\",\"name\":\"" name "\",\"roles\":[\"shareholder\"],\"ownership_percent\":\"13\"}"

/* 24 % and 24 % of one person are one owner of 48 %; two persons of one name are not. */
Test(import, one_person_in_two_rows_is_one_owner)
{
	box_write(&box, "owners",
		  OWNED("O-1", OWNER("Mara Quist", "1980-01-02") "," OWNER("QUIST Mara", "1980-01-02")));
	DONE("import", box_path(&box, "owners"));
	DONE("--json", "party", "list", "O-1");
	PRINTS("\"effective_percent\":\"48\",\"beneficial_owner\":true");
	box_write(&box, "owners",
		  OWNED("O-2", OWNER("Mara Quist", "1980-01-02") "," OWNER("Mara Quist", "1980-01-03")));
	DONE("import", box_path(&box, "owners"));
	DONE("--json", "party", "list", "O-2");
	PRINTS_NOT("\"effective_percent\":\"48\"");
	box_write(&box, "owners",
		  OWNED("O-3", HOLDER("Lark & Wren Ltd", "123") "," HOLDER("LARK AND WREN LIMITED", "0123")));
	DONE("import", box_path(&box, "owners"));
	DONE("--json", "party", "list", "O-3");
	PRINTS("\"effective_percent\":\"48\"");
	box_write(&box, "owners", OWNED("O-4", HOLDER("Lark & Wren Ltd", "123") "," HOLDER("Lark & Wren Ltd", "124")));
	DONE("import", box_path(&box, "owners"));
	DONE("--json", "party", "list", "O-4");
	PRINTS_NOT("\"effective_percent\":\"48\"");
}

#define ASKS "Mara Quist and QUIST Mara may be the same person, declared twice (13 % and 13 %)"

/* Without a birth date nobody knows: the case waits for an answer, which holds while both are as they were. */
Test(import, two_rows_that_may_be_one_person_ask)
{
	box_write(&box, "owners", OWNED("O-5", NAMED("Mara Quist") "," NAMED("QUIST Mara")));
	DONE("import", box_path(&box, "owners"));
	DONE("show", "O-5");
	PRINTS(ASKS);
	REFUSED(2, "reason", "party", "same", "O-5", "Mara Quist", "QUIST Mara");
	DONE("party", "same", "O-5", "Mara Quist", "QUIST Mara", "--reason", "One passport for both names");
	DONE("show", "O-5");
	PRINTS_NOT("may be the same");
	DONE("--json", "party", "list", "O-5");
	PRINTS("\"effective_percent\":\"26\",\"beneficial_owner\":true");
	DONE("import", box_path(&box, "owners"));
	DONE("show", "O-5");
	PRINTS_NOT("may be the same");
	DONE("party", "other", "O-5", "QUIST Mara", "Mara Quist", "--reason", "Mother and daughter of one name");
	DONE("--json", "party", "list", "O-5");
	PRINTS("\"effective_percent\":\"13\",\"beneficial_owner\":false");
	DONE("party", "edit", "O-5", "QUIST Mara", "--country", "PT");
	DONE("show", "O-5");
	PRINTS(ASKS);
	DONE("party", "edit", "O-5", "Mara Quist", "--birth", "1980-01-02");
	DONE("party", "edit", "O-5", "QUIST Mara", "--birth", "1981-01-02");
	REFUSED(9, "differ in a name, number or birth date", "party", "same", "O-5", "Mara Quist", "QUIST Mara",
		"--reason", "One passport for both names");
}
