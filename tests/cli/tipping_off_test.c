/*
 * Tipping off: for people without access to a suspicion, commands print byte for byte the same with and without the
 * suspicion. Everybody sees a hold, so the case also has another hold, by a duplicate of another merchant.
 */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHY "the invoices are from a company that does not exist"

static void import_person(const char *reference, const char *merchant, const char *status)
{
	char *line = test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			       "\"%s\",\"status\":\"%s\",\"subject\":{\"uid\":\"u-%s\",\"kind\":"
			       "\"individual\",\"name\":\"Person %s\",\"country\":\"PRT\",\"tax_id\":\"509442013\"},"
			       "\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}],\"checks\":[{\"kind\":"
			       "\"face_match\",\"status\":\"passed\"}]}\n",
			       reference, merchant, status, reference, reference);
	box_import(&box, line);
}

static void make(void)
{
	static const char *const people[][2] = {
		{ "rita", "reviewer" }, { "bo", "reviewer" }, { "vic", "viewer" }, { "lea", "lead" }
	};

	DONE("init", "--sandbox");
	for (size_t i = 0; i < 4; i++)
		DONE("reviewer", "add", people[i][0], "--role", people[i][1]);
	import_person("IND-1", "shop", "manual_review");
	import_person("IND-2", "rival", "manual_review");
}

static void set_up(void)
{
	box_world(&box, "tipping-off", make);
}
TestSuite(tipping_off, .init = set_up, .fini = box_tear_down);

/* Read-only, so that two runs print the same. */
static const char *const commands[][6] = {
	{ "show", "IND-1" },
	{ "show", "IND-1", "--json" },
	{ "list" },
	{ "list", "--json" },
	{ "list", "--csv" },
	{ "list", "--filter", "why:held", "--json" },
	{ "list", "--filter", "why:suspicion_open", "--json" },
	{ "list", "--filter", "suspicion", "--json" },
	{ "inbox" },
	{ "inbox", "--json" },
	{ "audit", "list" },
	{ "audit", "list", "--json" },
	{ "audit", "list", "IND-1" },
	{ "audit", "list", "--actor", "rita" },
	{ "audit", "list", "--action", "session", "--json" },
	{ "audit", "show", "3" },
	{ "stats" },
	{ "stats", "--json" },
	{ "stats", "--of", "reasons" },
	{ "stats", "--of", "lists", "--csv" },
	{ "audit", "export" },
	{ "audit", "verify", "--json" },
	{ "audit", "verify" },
	{ "alert", "list", "--json" },
	{ "duplicate", "list", "IND-1" },
	{ "check", "list", "IND-1" },
	{ "subject", "show", "u-IND-1" },
	{ "subject", "list", "--json" },
	{ "party", "list", "IND-1" },
	{ "document", "list", "IND-1" },
	{ "show", "IND-1", "--at", "9" },
	{ "webhook", "list", "--json" },
	{ "reviewer", "list", "--json" },
	{ "info", "--json" },
	{ "refer", "IND-1", "--to", "nobody-there", "--reason", WHY },
	{ "doctor", "--json" },
	{ "store", "show", "--json" },
	{ "workflow", "try", "generic-kyc@shipped", "--json" },
	{ "suspicion", "list" },
	{ "suspicion", "list", "--json" },
	{ "suspicion", "show", "IND-1" },
	{ "suspicion", "show", "IND-1", "--json" },
	{ "suspicion", "note", "IND-1", "Is there one?" },
	{ "suspicion", "close", "IND-1", "--filed", "--reason", WHY },
	{ "approve", "IND-1" },
	{ "approve", "IND-1", "--json" },
	{ "delete", "IND-1", "--reason", WHY },
};
#define COMMANDS (sizeof commands / sizeof *commands)

static char *printed[COMMANDS];

static char *print_of(const char *reader, const char *const *command)
{
	const char *words[10] = { "--as", reader };
	int status;

	for (size_t w = 0; w < 6 && command[w]; w++)
		words[2 + w] = command[w];
	status = box_run_words(&box, words, NULL, 0);
	return test_text("%d\n%s\n%s", status, box.last.out, box.last.err);
}

static void note_all(const char *reader)
{
	for (size_t i = 0; i < COMMANDS; i++)
		printed[i] = print_of(reader, commands[i]);
}

static void expect_same(const char *reader, const char *when)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		char *now = print_of(reader, commands[i]);

		cr_expect_str_eq(now, printed[i], "%s %s, by %s %s", commands[i][0],
				 commands[i][1] ? commands[i][1] : "", reader, when);
	}
}

static void expect_no_difference(const char *reader)
{
	note_all(reader);
	note_all(reader); /* again, because the first run also did the work that was due */
	cr_assert(strstr(printed[0], "Held by a lead"), "%s", printed[0]);
	/* Rita opens the suspicion, and has no access to it afterwards. */
	DONE("--as", "rita", "suspicion", "open", "IND-1", "--reason", WHY);
	expect_same(reader, "while it is open");
	DONE("--as", "lea", "suspicion", "note", "IND-1", "It is so.");
	expect_same(reader, "after a note");
	DONE("--as", "lea", "suspicion", "close", "IND-1", "--filed", "--reason", WHY);
	expect_same(reader, "after it was closed");
}

/* A test for each reader: together they start the program 700 times. */
Test(tipping_off, who_reported_cannot_tell_by_a_command)
{
	expect_no_difference("rita");
}

Test(tipping_off, another_reviewer_cannot_tell_by_a_command)
{
	expect_no_difference("bo");
}

Test(tipping_off, a_viewer_cannot_tell_by_a_command)
{
	expect_no_difference("vic");
}

/* If the case has no other hold, a reader without access may see a hold, but nothing of the suspicion. */
Test(tipping_off, the_hold_is_all_that_is_shown)
{
	static const char *const words[] = { "suspicion", "Suspicion", "filed", "invoices" };
	char *shown;

	import_person("IND-3", "shop", "manual_review");
	DONE("suspicion", "open", "IND-3", "--reason", WHY);
	for (size_t i = 0; i < COMMANDS; i++) {
		const char *command[6] = { 0 };

		for (size_t w = 0; w < 6 && commands[i][w]; w++)
			command[w] = strcmp(commands[i][w], "IND-1") ? commands[i][w] : "IND-3";
		if (!strcmp(command[0], "suspicion") ||
		    (command[2] && (strstr(command[2], "suspicion") || !strcmp(command[0], "delete"))))
			continue;
		shown = print_of("bo", command);
		for (size_t w = 0; w < sizeof words / sizeof *words; w++)
			cr_expect_null(strstr(shown, words[w]), "%s: %s", command[0], shown);
	}
	DONE_JSON("--as", "lea", "show", "IND-3");
	TELLS(("--as", "lea", "show", "IND-3"), "suspicion  open, due");
	GIVES(("--as", "lea", "suspicion", "list"), "data[0].external_ref: IND-3");
	/* The JSON of `show`, which an export has too, does not contain the suspicion, not even for a lead. */
	DONE("--as", "lea", "show", "IND-3", "--json");
	PRINTS_NOT("invoices");
}

/* --- a text for people outside names no list, hit, suspicion or report --- */

#define NAMES "The text names \""
#define OVERRIDE "the regulator asked us to write this to every client"

Test(tipping_off, no_message_names_a_list_or_a_report)
{
	box_as(&box, "rita");
	ENDS(9, "reject", "IND-1", "--reason", "other", "--message", "We have rеported\nyou.");
	SAYS(NAMES "reported you\"");
	ENDS(9, "corrections", "IND-1", "--step", "identity", "--message", "Your name is on a Sanktionsliste");
	SAYS(NAMES "sanktion\"");
	ENDS(9, "corrections", "IND-1", "--step", "identity", "--message", "The F.I.U. knows", "--json");
	PRINTS("\"field\":\"message\"");
	/* of a reviewer, a reason does not help; a lead needs one, and it stands in the record and in a note */
	ENDS(7, "reject", "IND-1", "--reason", "other", "--message", "The FIU knows", "--override", OVERRIDE);
	box_as(&box, "lea");
	ENDS(9, "reject", "IND-1", "--reason", "other", "--message", "The FIU knows", "--override", "so");
	TELLS(("show", "IND-1", "--json"), "\"status\":\"manual_review\"");
	DONE("reject", "IND-1", "--reason", "other", "--message", "The FIU knows", "--override", OVERRIDE);
	DONE("audit", "export");
	PRINTS("phrase", "FIU");
	TELLS(("show", "IND-1"), "Sent a text that names \"FIU\": " OVERRIDE);
	DONE("audit", "verify");
}

Test(tipping_off, no_reference_file_or_template_does)
{
	box_as(&box, "lea");
	ENDS(9, "session", "open", "generic-kyc", "--merchant", "shop", "--ref", "SAR-filed-OFAC", "--name", "A B",
	     "--subject-kind", "individual");
	SAYS(NAMES "OFAC\"");
	ENDS(9, "session", "open", "generic-kyc", "--merchant", "shop", "--name", "A B", "--subject-kind", "individual",
	     "--tags", "{\"a\":[\"the F\\u200bI\\u0055 knows\"]}");
	SAYS(NAMES "FIU\"");
	ENDS(9, "step", "edit", "IND-1", "identity", "--field", "nationality=we reported\nyou", "--reason",
	     "as the client wrote it");
	SAYS(NAMES "reported you\"");
	ENDS(9, "subject", "add", "--uid", "blacklisted-7", "--merchant", "shop", "--kind", "individual", "--name",
	     "A B");
	SAYS(NAMES "blacklist\"");
	ENDS(9, "template", "set", "a", "We informed the authorities");
	SAYS(NAMES "informed the authorities\"");
	box_write(&box, "adverse media.pdf", "%PDF-1.4\n%%EOF\n");
	ENDS(9, "document", "add", "IND-1", "OTHER", "adverse media.pdf");
	SAYS(NAMES "adverse media\"");
	box_write(
		&box, "line.ndjson",
		"{\"external_ref\":\"watch list\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"A B\"}}\n");
	ENDS(3, "import", "line.ndjson");
	SAYS(NAMES "watchlist\"");
}
