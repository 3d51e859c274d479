/*
 * Personal data stays masked until it is revealed: a case with a mark in every place
 * that can hold personal data, and every command that shows a case. A mark is "XX…": none may be readable
 * before a reveal, and all of them after it.
 */
#include "expect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

TestSuite(mask, .init = box_set_up_files, .fini = box_tear_down);

static const char person[] =
	"{\"external_ref\":\"MARK-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
	"\"status\":\"manual_review\",\"submitted_at\":\"2026-11-20T10:00:00Z\",\"expires_at\":\"2030-01-02T03:04:"
	"05Z\",\"subject\":{\"uid\":\"p-1\",\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"country\":\"PRT\","
	"\"tax_id\":\"XX-TAX-XX\",\"registration_number\":\"XX-REGISTER-XX\",\"date_of_birth\":\"1971-07-13\","
	"\"website\":\"https://XX-WEB-XX.example\",\"email\":\"XX-MAIL-XX@mail.example\",\"phone\":\"XX-PHONE-XX\","
	"\"address\":{\"street\":\"XX-STREET-XX\",\"city\":\"XX-CITY-XX\",\"country\":\"PRT\"}},"
	"\"custom_tags\":{\"region\":\"emea\",\"tax_id\":\"XX-TAG-XX\"},"
	"\"processing_results\":{\"extraction_results\":{\"surname\":\"XX-RESULT-XX\",\"n\":[\"XX-ELEMENT-XX\"]}},"
	"\"steps\":[{\"id\":\"identity\",\"status\":\"completed\",\"fields\":{\"mother\":\"XX-FIELD-XX\","
	"\"deep\":{\"list\":[{\"a\":\"XX-DEEP-XX\"}]}}}],"
	"\"documents\":[{\"type\":\"PASSPORT\",\"file_name\":\"XX-TAX-XX.pdf\",\"file\":\"a.pdf\",\"upload\":"
	"\"ready\",\"extracted\":{\"number\":\"XX-READ-XX\"}}],"
	"\"parties\":[{\"kind\":\"individual\",\"name\":\"Rui Faria\",\"roles\":[\"representative\"],"
	"\"date_of_birth\":\"1962-08-14\",\"tax_id\":\"XX-PARTYTAX-XX\",\"registration_number\":\"XX-PARTYREG-XX\","
	"\"email\":\"XX-PARTYMAIL-XX@mail.example\",\"phone\":\"XX-PARTYPHONE-XX\","
	"\"addresses\":[{\"street\":\"XX-PARTYSTREET-XX\"}],\"fields\":{\"mother\":\"XX-PARTYFIELD-XX\"}}],"
	"\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"score\":0.9,\"detail\":{\"born\":\"XX-CHECK-XX\"}"
	","
	"\"hits\":[{\"name\":\"Ines Duarte\",\"list\":\"EU\",\"score\":0.9,\"detail\":{\"born\":\"XX-HIT-XX\"}}]}],"
	"\"corrections\":[{\"step_id\":\"identity\",\"field_ids\":[\"mother\"],\"document_types\":[\"PASSPORT\"],"
	"\"message\":\"Please write it in full\",\"state\":\"answered\",\"before\":{\"fields\":{\"mother\":"
	"\"XX-BEFORE-XX\"},\"documents\":[{\"type\":\"PASSPORT\",\"file_name\":\"XX-TAX-XX-old.pdf\"}]},\"after\":{"
	"\"fields\":{\"mother\":\"XX-AFTER-XX\"},\"documents\":[{\"type\":\"PASSPORT\",\"file_name\":"
	"\"XX-TAX-XX-new.pdf\"}],\"words\":\"XX-WORDS-XX\"}}]}\n";

/* The next mark of the text; NULL after the last one. */
static char *next_mark(const char **at)
{
	const char *start = strstr(*at, "XX-");

	if (!start)
		return NULL;
	const char *end = strstr(start + 3, "-XX");
	*at = end + 3;
	return test_keep(strndup(start, (size_t)(end + 3 - start)));
}

static const char *const dates[] = { "1971-07-13", "1962-08-14" };

static bool holds(const char *text, const char *mark)
{
	return strstr(text, mark) != NULL;
}

static void expect_hidden(const char *what)
{
	const char *texts[] = { box.last.out, box.last.err };

	for (size_t t = 0; t < 2; t++) {
		cr_expect_not(holds(texts[t], "XX-"), "%s shows %.60s", what, strstr(texts[t], "XX-"));
		for (size_t d = 0; d < sizeof dates / sizeof *dates; d++)
			cr_expect_not(holds(texts[t], dates[d]), "%s shows %s", what, dates[d]);
	}
}

static void expect_shown(const char *what, const char *line)
{
	char *mark;

	for (const char *at = line; (mark = next_mark(&at));)
		cr_expect(holds(box.last.out, mark), "%s does not show %s", what, mark);
	for (size_t d = 0; d < sizeof dates / sizeof *dates; d++)
		cr_expect(holds(box.last.out, dates[d]), "%s does not show %s", what, dates[d]);
}

static void both(const char *command, const char *one, const char *two, const char *three)
{
	const char *words[] = { "--json", command, one, two, three, NULL };

	cr_expect_neq(box_run_words(&box, words + 1, NULL, 0), 2, "%s", box.last.err);
	cr_expect(*box.last.out || *box.last.err, "%s %s says nothing", command, one);
	expect_hidden(command);
	(void)box_run_words(&box, words, NULL, 0);
	expect_hidden(command);
}

static long long reveals(void)
{
	DONE_JSON("audit", "list", "MARK-1", "--limit", "100");
	long long count = 0;
	for (size_t i = 0; i < json_array_size(json_path(box.json, "data")); i++) {
		const json_t *row = json_array_get(json_path(box.json, "data"), i);
		count += !strcmp(json_path_text(row, "action"), "reveal");
	}
	return count;
}

Test(mask, no_command_shows_what_nobody_revealed)
{
	static const char *const commands[][3] = {
		{ "show", "MARK-1", NULL },
		{ "list", NULL, NULL },
		{ "list", "--filter", "Ines" },
		{ "document", "list", "MARK-1" },
		{ "party", "list", "MARK-1" },
		{ "check", "list", "MARK-1" },
		{ "duplicate", "list", "MARK-1" },
		{ "subsession", "list", "MARK-1" },
		{ "audit", "list", NULL },
		{ "approve", "MARK-1", NULL },
		{ "claim", "MARK-1", NULL },
		{ "validate", "MARK-1", NULL },
		{ "release", "MARK-1", NULL },
		{ "inbox", NULL, NULL },
		{ "next", NULL, NULL },
	};

	box_import(&box, person);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		both(commands[i][0], commands[i][1], commands[i][2], NULL);
	DONE("show", "MARK-1");
	cr_expect(holds(box.last.out, "(changed)"), "two values under their masks are not one: %s", box.last.out);
	cr_expect_eq(reveals(), 0);
}

Test(mask, a_reveal_shows_everything_and_is_on_record)
{
	box_import(&box, person);
	DONE("show", "MARK-1", "--reveal", "--json");
	expect_shown("show --json", person);
	cr_expect_eq(reveals(), 1);
	DONE("show", "MARK-1", "--reveal");
	expect_shown("show", person);
	cr_expect(holds(box.last.out, "2030-01-02"), "the end of the link: %s", box.last.out);
	cr_expect_eq(reveals(), 2);
}

Test(mask, a_decision_s_evidence_is_hidden_as_the_case_is)
{
	box_import(&box, person);
	DONE("reject", "MARK-1", "--reason", "data_mismatch", "--note", "explained in full", "--grace", "0");
	both("show", "MARK-1", "--decision", "1");
	DONE("show", "MARK-1", "--decision", "1");
	cr_expect(holds(box.last.out, "Ines Duarte"), "names are shown");
	cr_expect(holds(box.last.out, "********"), "and the rest is starred");
	DONE("show", "MARK-1", "--decision", "1", "--reveal");
	cr_expect(holds(box.last.out, "XX-DEEP-XX") && holds(box.last.out, "XX-HIT-XX"), "%s", box.last.out);
	cr_expect_eq(reveals(), 1);
}

/* Messages of blockers quote wrong values. The values here break rules of Atelio; no message may show a mark. */
Test(mask, sentences_quote_nothing_personal)
{
	static const char line[] =
		"{\"external_ref\":\"MARK-1\",\"workflow\":\"atelio-beneficial-owner\",\"kind\":\"kyc\","
		"\"merchant\":\"shop\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"p-2\",\"kind\":"
		"\"individual\",\"name\":\"Ines Duarte\",\"country\":\"USA\"},\"steps\":[{\"id\":\"identity\","
		"\"status\":\"completed\",\"fields\":{\"ssn\":\"XX-SSN-XX\",\"dob\":\"XX-DOB-XX\",\"email\":"
		"\"XX-MAIL-XX\",\"phone\":\"XX-PHONE-XX\",\"ip\":\"XX-IP-XX\",\"address_type\":\"home\"}},{\"id\":"
		"\"addresses\",\"status\":\"completed\",\"fields\":{\"addresses\":[{\"address_type\":\"castle\","
		"\"street\":\"P.O. Box XX-STREET-XX\",\"zip_code\":\"XX-ZIP-XX\",\"country\":\"US\"}]}}]}\n";

	box_import(&box, line);
	both("show", "MARK-1", NULL, NULL);
	both("approve", "MARK-1", NULL, NULL);
	cr_expect(holds(box.last.out, "field_invalid"), "%s", box.last.out);
	both("validate", "MARK-1", NULL, NULL);
	DONE("show", "MARK-1");
	cr_expect(holds(box.last.out, "castle"), "what the profile calls public is quoted: %s", box.last.out);
}

/* Data that a public register has about a company is not masked; the e-mail address is masked. */
Test(mask, a_company_shows_what_its_register_says)
{
	box_import(&box, "{\"external_ref\":\"MARK-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
			 "\"shop\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"b-1\",\"kind\":\"business\","
			 "\"name\":\"Harbour Lane\",\"country\":\"GBR\",\"registration_number\":\"09482213\","
			 "\"incorporated_on\":\"2015-03-12\",\"website\":\"https://harbourlane.example\",\"address\":{"
			 "\"street\":\"4 Harbour Lane\"},\"email\":\"XX-MAIL-XX@mail.example\"},\"parties\":[{\"kind\":"
			 "\"company\",\"name\":\"Holding Ltd\",\"roles\":[\"shareholder\"],\"registration_number\":"
			 "\"HL-77\",\"ownership_percent\":\"60\"}]}\n");
	DONE("show", "MARK-1");
	expect_hidden("show");
	static const char *const shown[] = { "09482213", "2015-03-12", "harbourlane.example", "4 Harbour Lane",
					     "HL-77" };
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		cr_expect(holds(box.last.out, shown[i]), "%s: %s", shown[i], box.last.out);
}

Test(mask, what_was_hidden_is_not_read_back)
{
	box_import(&box, person);
	DONE("show", "MARK-1", "--json");
	char *document = test_keep(strdup(box.last.out));
	const char *words[] = { "import", "-", NULL };
	cr_expect_neq(box_run_words(&box, words, document, strlen(document)), 0);
	cr_expect(holds(box.last.out, "--reveal") || holds(box.last.err, "--reveal"), "%s%s", box.last.out,
		  box.last.err);
}
