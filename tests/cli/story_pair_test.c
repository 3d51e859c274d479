/* One person in two rows of a case, through each entrance that takes parties: one owner for the rule of 25 %, or one
 * condition that names both rows. And two rows through an upgrade. */
#include "expect.h"
#include "merchant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	box_open(&box);
	box_write_files(&box);
	box_write(&box, "id.jpg", "\xff\xd8\xff\xe0 JFIF front of an identity card \xff\xd9");
}
TestSuite(story_pair, .init = set_up, .fini = box_tear_down, .timeout = 300);

#define FIRST "Mara Quist"
#define SECOND "QUIST Mara"
#define REASON "One passport for both names"

#define ROW(name, born)                                                                                                \
	"{\"kind\":\"individual\",\"name\":\"" name "\",\"roles\":[\"shareholder\"],\"country\":\"PRT\",\"date_of_"    \
	"birth\":\"%s\",\"ownership_percent\":\"13\"}"
#define LINE(parties, status)                                                                                          \
	"{\"external_ref\":\"%s\",\"kind\":\"kyb\",\"merchant\":\"shop\",\"workflow\":\"ralio-kyb\",\"status\":"       \
	"\"" status "\",\"subject\":{\"uid\":\"biz-%s\",\"kind\":\"business\",\"name\":\"Quay Ltd\",\"country\":"      \
	"\"GBR\"},\"parties\":[" parties "]}\n"

/* `born`: of the second row; "": nobody knows whether they are one. */
static void import_line(const char *ref, const char *born)
{
	box_import(&box,
		   test_text(LINE(ROW(FIRST, ) "," ROW(SECOND, ), "manual_review"), ref, ref, "1980-01-02", born));
}

static void open_case(const char *ref)
{
	box_import(&box, test_text(LINE("", "manual_review"), ref, ref));
}

static void add_rows(const char *ref, const char *second, const char *born)
{
	DONE("party", "add", ref, "--name", FIRST, "--kind", "individual", "--role", "shareholder", "--percent", "13",
	     "--birth", "1980-01-02", "--country", "PT");
	DONE("party", "add", ref, "--name", second, "--kind", "individual", "--role", "shareholder", "--percent", "13",
	     "--country", "PT", *born ? "--birth" : NULL, born);
}

static void add_by_command(const char *ref, const char *born)
{
	open_case(ref);
	add_rows(ref, SECOND, born);
}

static void edit_by_command(const char *ref, const char *born)
{
	open_case(ref);
	add_rows(ref, "Otto Lindqvist", born);
	DONE("party", "edit", ref, "Otto Lindqvist", "--name", SECOND);
}

#define STATEMENT "{\"declarationSubject\":\"s\",\"recordId\":"
#define PERSON(id, name)                                                                                               \
	STATEMENT "\"" id "\",\"recordType\":\"person\",\"recordDetails\":{\"names\":[{\"type\":\"legal\","            \
		  "\"fullName\":\"" name "\"}],\"nationalities\":[{\"code\":\"PT\"}]%s}}\n"
#define OWNS(id, owner)                                                                                                \
	STATEMENT "\"" id "\",\"recordType\":\"relationship\",\"recordDetails\":{\"subject\":\"s\",\"interestedParty"  \
		  "\":\"" owner "\",\"interests\":[{\"type\":\"shareholding\",\"directOrIndirect\":\"direct\","        \
		  "\"share\":{\"exact\":13}}]}}\n"

static void import_statements(const char *ref, const char *born)
{
	open_case(ref);
	box_write(&box, "statements",
		  test_text(STATEMENT
			    "\"s\",\"recordType\":\"entity\",\"recordDetails\":{\"name\":\"Quay Ltd\"}}\n" PERSON(
				    "p", FIRST) PERSON("q", SECOND) OWNS("a", "p") OWNS("b", "q"),
			    ",\"birthDate\":\"1980-01-02\"", *born ? test_text(",\"birthDate\":\"%s\"", born) : ""));
	DONE("import", box_path(&box, "statements"), "--format", "bods", "--session", ref);
}

static void declare(const char *ref, const char *name, const char *born)
{
	static const char fields[] =
		"{\"countryOfTaxId\":\"BRA\",\"uploadedIdentificationId\":\"$1\",\"documentCountry\":\"BRA\","
		"\"streetLine1\":\"RUA AURORA 456 APTO 12\",\"city\":\"SAO PAULO\",\"state\":\"SP\","
		"\"zipCode\":\"01209-001\",\"country\":\"BRA\"}";

	GIVES(("document", "add", ref, "PASSPORT", "id.jpg", "--for", "client"), "upload: ready");
	box_write(&box, "owner.json", filled(fields, kept(&box, "id"), NULL));
	DONE_JSON("party", "add", ref, "--name", name, "--kind", "individual", "--role", "ubo", "--percent", "13",
		  "--birth", born, "--tax-id", "11182159150", "--country", "BRA", "--json-fields", "owner.json",
		  "--for", "client");
}

/* As the calls of Avenia declare owners; a birth date is required there, so two with one tax id are in question. */
static void declare_by_client(const char *ref, const char *born)
{
	DONE("session", "open", "avenia-kyb-level-1", "--merchant", "shop", "--ref", ref, "--subject-kind", "business",
	     "--uid", ref, "--name", "Quay Ltd", "--for", "merchant");
	declare(ref, FIRST, "1980-01-02");
	declare(ref, SECOND, *born ? born : "1981-01-02");
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		count++;
	return count;
}

Test(story_pair, each_entrance_keeps_the_rule_of_25_percent)
{
	static const struct {
		const char *name;
		void (*bring)(const char *ref, const char *born);
	} entrances[] = { { "import", import_line },
			  { "bods", import_statements },
			  { "add", add_by_command },
			  { "edit", edit_by_command },
			  { "client", declare_by_client } };

	for (size_t i = 0; i < sizeof entrances / sizeof *entrances; i++) {
		const char *sure = test_text("%s-1", entrances[i].name), *unsure = test_text("%s-2", entrances[i].name);

		entrances[i].bring(sure, "1980-01-02");
		DONE("show", sure);
		cr_expect_eq(count_of(box.last.out, "may be the same"), 0, "%s: %s", sure, box.last.out);
		DONE("--json", "party", "list", sure);
		cr_expect_eq(count_of(box.last.out, "\"effective_percent\":\"26\",\"beneficial_owner\":true"), 2,
			     "%s: %s", sure, box.last.out);
		entrances[i].bring(unsure, "");
		DONE("show", unsure);
		cr_expect_eq(count_of(box.last.out,
				      FIRST " and " SECOND " may be the same person, declared twice (13 % "
					    "and 13 %)"),
			     1, "%s: %s", unsure, box.last.out);
		cr_expect_eq(count_of(box.last.out, "may be the same"), 1, "%s: %s", unsure, box.last.out);
		if (entrances[i].bring != declare_by_client)
			cr_expect_eq(box_run(&box, "approve", unsure, NULL), 4, "%s: %s", unsure, box.last.err);
		DONE("party", "same", unsure, FIRST, SECOND, "--reason", REASON);
		DONE("--json", "party", "list", unsure);
		cr_expect_eq(count_of(box.last.out, "\"effective_percent\":\"26\",\"beneficial_owner\":true"), 2,
			     "%s: %s", unsure, box.last.out);
	}
	DONE("audit", "verify");
}

#define BY_RANGE(name, percent)                                                                                        \
	"{\"kind\":\"individual\",\"name\":\"" name "\",\"roles\":[\"shareholder\"],\"country\":\"PRT\","              \
	"\"ownership_percent\":\"" percent "\"}"

/* A share of which only the bounds are known, on both sides of 25 %, through each entrance that takes ranges: the case is
 * held until the number is entered, or the person is treated as an owner. */
Test(story_pair, a_range_on_both_sides_of_25_percent_holds_the_case)
{
	static const char *const entrances[] = { "import", "bods", "add", "edit", "own" };
	static const char sentence[] = FIRST " owns 20-30 %, which may or may not be at least 25 %";

	for (size_t i = 0; i < sizeof entrances / sizeof *entrances; i++) {
		const char *ref = entrances[i];

		if (!i)
			box_import(&box, test_text(LINE(BY_RANGE(FIRST, "20-30"), "manual_review"), ref, ref));
		else
			open_case(ref);
		if (i == 1) {
			box_write(&box, "range",
				  STATEMENT "\"s\",\"recordType\":\"entity\",\"recordDetails\":{\"name\":\"Quay "
					    "Ltd\"}}\n" STATEMENT
					    "\"p\",\"recordType\":\"person\",\"recordDetails\":{\"names\":[{\"type\":"
					    "\"legal\",\"fullName\":\"" FIRST "\"}]}}\n" STATEMENT
					    "\"a\",\"recordType\":\"relationship\",\"recordDetails\":{\"subject\":"
					    "\"s\",\"interestedParty\":\"p\",\"interests\":[{\"type\":\"shareholding\","
					    "\"share\":{\"minimum\":20,\"maximum\":30}}]}}\n");
			DONE("import", box_path(&box, "range"), "--format", "bods", "--session", ref);
		} else if (i) {
			DONE("party", "add", ref, "--name", FIRST, "--kind", "individual", "--role", "shareholder",
			     "--percent", i == 2 ? "20-30" : "13", "--country", "PT");
		}
		if (i == 3)
			DONE("party", "edit", ref, FIRST, "--percent", "20-30");
		if (i == 4)
			DONE("party", "own", ref, FIRST, "--of", "subject", "--percent", "20-30");
		DONE("show", ref);
		cr_expect_eq(count_of(box.last.out, sentence), 1, "%s: %s", ref, box.last.out);
		cr_expect_eq(box_run(&box, "approve", ref, NULL), 4, "%s", box.last.err);
		DONE("--json", "party", "list", ref);
		PRINTS("\"effective_percent\":\"20-30\",\"beneficial_owner\":false");
		DONE("party", "edit", ref, FIRST, "--percent", i % 2 ? "20-<25" : "30");
		DONE("show", ref);
		PRINTS_NOT("may or may not");
		DONE("party", "edit", ref, FIRST, "--percent", "20-30", "--role", "ubo");
		DONE("show", ref);
		PRINTS_NOT("may or may not");
		DONE("--json", "party", "list", ref);
		PRINTS("\"effective_percent\":\"20-30\",\"beneficial_owner\":true");
	}
	/* Where a field of the party is the number, and of a client, a share is a number. */
	DONE("session", "open", "generic-kyc", "--merchant", "shop", "--ref", "client", "--subject-kind", "individual",
	     "--uid", "client", "--name", "Otto Rell", "--for", "merchant");
	cr_expect_eq(box_run(&box, "party", "add", "client", "--name", FIRST, "--kind", "individual", "--role",
			     "shareholder", "--percent", "20-30", "--for", "merchant", NULL),
		     9, "%s%s", box.last.out, box.last.err);
	cr_expect(strstr(box.last.err, "\"20-30\" is not a percentage; write a number from 0 to 100"), "%s",
		  box.last.err);
	box_write(&box, "avenia",
		  "{\"external_ref\":\"A\",\"kind\":\"kyb\",\"merchant\":\"shop\",\"workflow\":\"avenia-kyb-level-1\","
		  "\"status\":\"draft\",\"subject\":{\"uid\":\"a\",\"kind\":\"business\",\"name\":\"Quay Ltd\","
		  "\"country\":\"BRA\"},\"parties\":[" BY_RANGE(FIRST, "20-30") "]}\n");
	cr_expect_eq(box_run(&box, "import", box_path(&box, "avenia"), NULL), 3, "%s", box.last.out);
	cr_expect(strstr(box.last.err, "parties[0]: owns 20-30, which is a range, and the workflow avenia-kyb-level-1 "
				       "has numbers only"),
		  "%s", box.last.err);
	box_import(&box, "{\"external_ref\":\"B\",\"kind\":\"kyb\",\"merchant\":\"shop\",\"workflow\":"
			 "\"avenia-kyb-level-1\",\"status\":\"draft\",\"subject\":{\"uid\":\"b\",\"kind\":\"business\","
			 "\"name\":\"Quay Ltd\",\"country\":\"BRA\"},\"parties\":[]}\n");
	cr_expect_eq(box_run(&box, "import", box_path(&box, "range"), "--format", "bods", "--session", "B", NULL), 3);
	PRINTS("not taken: recordDetails.interests.share.minimum of a");
	cr_expect(strstr(box.last.err, "\"20-30\" is a range, and the workflow avenia-kyb-level-1 has numbers only"),
		  "%s", box.last.err);
	DONE("audit", "verify");
}

/* Stores of the schemas before the list of approved cases, and before the answers. */
Test(story_pair, the_work_on_two_rows_goes_on_after_an_upgrade)
{
	static const struct {
		const char *made_old;
		bool keeps_answers;
	} stores[] = { { BOX_OLD_SCHEMA(52) "UPDATE session SET blocker = NULL WHERE status = 'approved'", true },
		       { BOX_OLD_SCHEMA(
				 51) "ALTER TABLE party DROP COLUMN pair_answers; UPDATE session SET blocker = NULL "
				     "WHERE status = 'approved'",
			 false } };

	for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
		if (i) {
			box_tear_down();
			set_up();
		}
		import_line("OPEN-1", "");
		import_line("OPEN-2", "");
		box_import(&box, test_text(LINE(ROW(FIRST, ) "," ROW(SECOND, ), "approved"), "DONE-1", "DONE-1",
					   "1980-01-02", ""));
		box_import(&box, test_text(LINE(ROW(FIRST, ) "," ROW("Otto Lindqvist", ), "approved"), "DONE-2",
					   "DONE-2", "1980-01-02", "1980-01-02"));
		DONE("party", "same", "OPEN-1", FIRST, SECOND, "--reason", REASON);
		box_sql(&box, stores[i].made_old);
		box.changed_outside = true;
		DONE(BOX_UPGRADE);
		DONE("show", "OPEN-1");
		cr_expect_eq(count_of(box.last.out, "may be the same"), stores[i].keeps_answers ? 0 : 1, "%s",
			     box.last.out);
		DONE("show", "OPEN-2");
		PRINTS("may be the same person, declared twice (13 % and 13 %)");
		DONE("party", "other", "OPEN-2", FIRST, SECOND, "--reason", "Mother and daughter of one name");
		DONE("show", "OPEN-2");
		PRINTS_NOT("may be the same");
		DONE("list", "--filter", "status:approved why:ownership_invalid");
		PRINTS("DONE-1");
		PRINTS_NOT("DONE-2");
		(void)box_run(&box, "doctor", NULL);
		PRINTS("in 1 approved case two parties are, or may be, one, and nobody said so: DONE-1");
		DONE("reopen", "DONE-1", "--reason", "Two rows of one person");
		DONE("party", "same", "DONE-1", FIRST, SECOND, "--reason", REASON);
		DONE("list", "--filter", "why:ownership_invalid status:approved");
		PRINTS_NOT("DONE-1");
	}
}

/* Stores of the schema before shortened names. */
Test(story_pair, approved_cases_with_a_shortened_name_are_listed_after_an_upgrade)
{
	box_import(&box, test_text(LINE(ROW(FIRST, ) "," ROW("Mara Lena Quist", ), "approved"), "DONE-1", "DONE-1",
				   "1980-01-02", "1980-01-02"));
	box_import(&box, test_text(LINE(ROW(FIRST, ) "," ROW("Otto Quist", ), "approved"), "DONE-2", "DONE-2",
				   "1980-01-02", "1980-01-02"));
	box_sql(&box,
		BOX_WITHOUT_NEW_INDEX BOX_SCHEMA(57) "UPDATE session SET blocker = NULL WHERE status = 'approved'");
	box.changed_outside = true;
	DONE(BOX_UPGRADE);
	DONE("list", "--filter", "status:approved why:ownership_invalid");
	PRINTS("DONE-1");
	PRINTS_NOT("DONE-2");
}
