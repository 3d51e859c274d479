/* Work without leaving the screen: moving through the queue, rare actions, existing verdicts, drafts. */
#include "bench.h"
#include "support/needs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(entrances, .init = bench_set_up, .fini = bench_tear_down);

static void import_person(const char *reference, const char *name)
{
	bench_import(&bench, clear_person(reference, name));
}

static void start(void)
{
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "  Why");
}

/* The second line of a case holds its reference. */
static void expect_case(const char *reference)
{
	SEES(terminal, reference);
	cr_expect(strstr(terminal_row(terminal, 1), reference), "%s", terminal_screen(terminal));
}

Test(entrances, n_goes_forward_and_says_the_end_and_the_way_back_is_known)
{
	import_person("CLEAR-1", "Ines Duarte");
	import_person("CLEAR-2", "Tomas Reis");
	import_person("CLEAR-3", "Mara Lane");
	cr_assert_eq(bench_run(&bench, "claim", "CLEAR-3", NULL), 0, "%s", bench.last.err);
	start();
	terminal_type(terminal, "n");
	expect_case("CLEAR-3"); /* the case that ana has claimed comes first */
	terminal_type(terminal, "n");
	expect_case("CLEAR-1");
	terminal_type(terminal, "n");
	expect_case("CLEAR-2");
	TYPES(terminal, "n", "End of this list: 3 cases seen");
	terminal_type(terminal, "N");
	expect_case("CLEAR-1");
	terminal_type(terminal, "N");
	expect_case("CLEAR-3");
	TYPES(terminal, "N", "No earlier case was opened");
	terminal_type(terminal, "n");
	expect_case("CLEAR-1");
	TYPES(terminal, "q", "  Why");
	/* The earlier claim of CLEAR-3 stays. */
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-3", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "\"assignee\": \"ana\"") || strstr(bench.last.out, "\"assignee\":\"ana\""),
		  "%s", bench.last.out);
	QUITS(terminal);
}

static void show_its_documents(void)
{
	TYPES(terminal, "/harbour\r", "1 case");
	TYPES(terminal, "\r", "RAL-2031");
	TYPES(terminal, "2", "to review");
}

Test(entrances, a_verdict_of_meanwhile_is_shown_and_not_written_over)
{
	bench_import_samples(&bench);
	start();
	show_its_documents();
	OPENS(terminal, "A", "y accept it");
	cr_assert_eq(
		bench_run(&bench, "document", "reject", "RAL-2031", "PROOF_OF_ADDRESS", "--reason", "wrong_type", NULL),
		0, "%s", bench.last.err);
	TYPES(terminal, "y", "ana: document.reject");
	SEES(terminal, "rejected by ana");
	SEES(terminal, "reverse it");
	RESTS(terminal);
	TYPES(terminal, "y", "The document was rejected");
	cr_assert_eq(bench_run(&bench, "document", "list", "RAL-2031", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "wrong_type"), "%s", bench.last.out);
	terminal_type(terminal, "\t ");
	TYPES(terminal, "\x19", "Accepted Proof of company address"); /* Ctrl-Y */
}

Test(entrances, what_was_written_and_left_comes_back_and_is_listed)
{
	bench_import_samples(&bench);
	start();
	show_its_documents();
	TYPES(terminal, "m", "note on Proof of company address");
	TYPES(terminal, "Called the not", "Called the not");
	CLOSES(terminal, ESC, "Called the not");
	TYPES(terminal, "m", "draft of a note on Proof of company a…: Called the not");
	TYPES(terminal, "ary\r", "Saved the note");
	SEES(terminal, "Called the notary"); /* the note is shown below its document */
	TYPES(terminal, "m", "note on Proof of company address:");
	cr_expect_not(terminal_shows(terminal, "note on Proof of company address: Called"), "%s",
		      terminal_screen(terminal));
	CLOSES(terminal, ESC, "note on Proof of company address");
	OPENS(terminal, "z", "reason");
	TYPES(terminal, "\t3\tWaits for the notary", "Waits for the notary");
	CLOSES(terminal, ESC, "Waits for the notary");
	OPENS(terminal, "v", "continue the draft: Snooze");
	terminal_type(terminal, "con");
	TYPES(terminal, "\x19", "Waits for the notary"); /* Ctrl-Y */
	SEES(terminal, "Your draft was restored");
	RESTS(terminal);
	TYPES(terminal, "y", "Snoozed Harbour Lane");
	OPENS(terminal, "v", "Actions on");
	cr_expect_not(terminal_shows(terminal, "continue the draft"), "%s", terminal_screen(terminal));
}

Test(entrances, a_saved_file_was_not_shown_and_its_acceptance_asks)
{
	bench_import_samples(&bench);
	start();
	show_its_documents();
	OPENS(terminal, "v", "save the file of Proof of company address");
	terminal_type(terminal, "save");
	OPENS(terminal, "\x19", "No existing file is overwritten"); /* Ctrl-Y */
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "\x15"); /* Ctrl-U */
	char path[512];
	(void)snprintf(path, sizeof path, "%s/saved.pdf", bench.folder);
	terminal_type(terminal, path);
	TYPES(terminal, "\x19", "Saved Proof of company address"); /* Ctrl-Y */
	FILE *file = fopen(path, "r");
	cr_assert_not_null(file, "%s", path);
	(void)fclose(file);
	cr_assert(terminal_settle(terminal, 500, PATIENCE_MS));
	SEES(terminal, "saved by you");
	OPENS(terminal, "A", "the file was saved to a file, and not shown here");
	RESTS(terminal);
	TYPES(terminal, "y", "Accepted Proof of company address");
}

static void more(const char *title, const char *letters)
{
	OPENS(terminal, "v", title);
	terminal_type(terminal, letters);
	terminal_type(terminal, "\x19"); /* Ctrl-Y */
}

Test(entrances, a_case_is_given_to_whoever_was_chosen)
{
	import_person("CLEAR-1", "Ines Duarte");
	cr_assert_eq(bench_run(&bench, "reviewer", "add", "bea", "--role", "lead", NULL), 0, "%s", bench.last.err);
	start();
	more("Actions on Ines Duarte", "assign");
	SEES(terminal, "nobody holds it");
	RESTS(terminal);
	TYPES(terminal, "\x19", "First choose the reviewer");
	TYPES(terminal, "bea", "(*) bea, lead");
	TYPES(terminal, "\x19", "Assigned Ines Duarte (CLEAR-1) to bea");
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "\"assignee\": \"bea\"") || strstr(bench.last.out, "\"assignee\":\"bea\""),
		  "%s", bench.last.out);
}

Test(entrances, a_file_of_one_s_own_becomes_a_document)
{
	char path[512];
	FILE *file;

	import_person("CLEAR-1", "Ines Duarte");
	(void)snprintf(path, sizeof path, "%s/letter.pdf", bench.folder);
	file = fopen(path, "w");
	cr_assert_not_null(file);
	fputs("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", file);
	(void)fclose(file);
	start();
	more("Actions on Ines Duarte", "add a file");
	SEES(terminal, "Add a document to Ines Duarte");
	RESTS(terminal);
	TYPES(terminal, "\t\x19", "Choose");
	TYPES(terminal, "proof", "(*) Proof of address");
	TYPES(terminal, "\t\x19", "Enter the path of the file");
	terminal_type(terminal, path);
	terminal_type(terminal, "x\x19"); /* letter.pdfx */
	SEES(terminal, "directory");	  /* the end of "No such file or directory", which may be wrapped */
	TYPES(terminal, BACKSPACE "\x19", "Added PROOF_OF_ADDRESS to Ines Duarte (CLEAR-1)");
	cr_assert_eq(bench_run(&bench, "document", "list", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "letter.pdf"), "%s", bench.last.out);
}

static const char draft[] =
	"{\"external_ref\":\"DRAFT-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
	"\"status\":\"active\",\"subject\":{\"kind\":\"business\",\"name\":\"Quinta Verde\",\"level\":"
	"\"LIGHT\",\"country\":\"PRT\"},\"steps\":[{\"id\":\"company_info\",\"status\":\"in_progress\","
	"\"fields\":{\"business_activity\":\"Wine\"}}]}\n";

static void open_the_draft(const char *as)
{
	bench_import(&bench, draft);
	terminal = bench_start(&bench, as, 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Nothing to review");
	TYPES(terminal, "3", "Quinta Verde"); /* pending */
	TYPES(terminal, "\r", "DRAFT-1");
}

static void choose(const char *letters)
{
	OPENS(terminal, "v", "Actions on Quinta Verde");
	terminal_type(terminal, letters);
	terminal_type(terminal, "\x19"); /* Ctrl-Y */
}

Test(entrances, a_case_that_was_never_handed_in_is_deleted_on_purpose)
{
	open_the_draft("bo");
	choose("delete");
	SEES(terminal, "Delete Quinta Verde");
	SEES(terminal, "Deletion cannot be undone");
	RESTS(terminal);
	TYPES(terminal, "y", "press space");
	TYPES(terminal, "\tOpened twice by mistake\t \x19", "Deleted Quinta Verde (DRAFT-1)");
	cr_expect_neq(bench_run(&bench, "show", "DRAFT-1", NULL), 0);
	QUITS(terminal);
}

static bool has_copied(void)
{
	size_t length;
	const unsigned char *raw = terminal_raw(terminal, &length);
	return memmem(raw, length, "]52;", 4) != NULL;
}

Test(entrances, the_client_s_link_is_shown_and_copied_on_a_key)
{
	open_the_draft("ana");
	cr_assert_eq(bench_run(&bench, "link", "DRAFT-1", NULL), 0, "%s", bench.last.err);
	choose("show");
	SEES(terminal, "your access");
	RESTS(terminal);
	OPENS(terminal, "y", "y copy it");
	cr_expect_not(has_copied(), "not before the key");
	TYPES(terminal, "y", "Copied the link of Quinta Verde");
	cr_expect(has_copied());
	cr_assert_eq(bench_run(&bench, "audit", "list", "DRAFT-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "link.show"));
	TYPES(terminal, "q", "  Why");
	QUITS(terminal);
}

Test(entrances, a_step_is_changed_field_by_field)
{
	open_the_draft("ana");
	choose("change the step");
	SEES(terminal, "Change a step of Quinta Verde");
	RESTS(terminal);
	TYPES(terminal, "business act", "Wine");
	TYPES(terminal, "\tCork", "Wine → Cork");
	TYPES(terminal, "\x19", "Changed the step");
	cr_assert_eq(bench_run(&bench, "show", "DRAFT-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "Cork"), "%s", bench.last.out);
	TYPES(terminal, "q", "  Why");
	QUITS(terminal);
}

Test(entrances, one_s_own_verdicts_come_as_fast_as_the_keys)
{
	NEEDS("pdftotext", "poppler-utils");
	bench_import_samples(&bench);
	/* The number's file lacks a value, so its acceptance would ask. */
	cr_assert_eq(bench_run(&bench, "document", "accept", "RAL-2032", "BUSINESS_NUMBER", NULL), 0, "%s",
		     bench.last.err);
	start();
	TYPES(terminal, "/juniper\r", "1 case");
	TYPES(terminal, "\r", "RAL-2032");
	OPENS(terminal, "2", "to review");
	for (size_t i = 0; i < 2; i++) {
		OPENS(terminal, "\r", "All required values found");
		CLOSES(terminal, ESC, "Marked:");
		SEES(terminal, "seen by you");
		for (size_t step = 0; step < 2; step++)
			terminal_press(terminal, i ? TERMINAL_UP : TERMINAL_DOWN);
	}
	OPENS(terminal, "AAA", "the file was not shown"); /* accepts two; the last was not shown */
	SEES(terminal, "document    Register of directors");
	SEES(terminal, "y accept it");
	cr_assert_eq(bench_run(&bench, "document", "list", "RAL-2032", "--json", NULL), 0);
	size_t accepted = 0;
	for (const char *at = bench.last.out; (at = strstr(at, "\"accepted\"")); at++)
		accepted++;
	cr_expect_eq(accepted, 3, "%s", bench.last.out);
}
