/* A reviewer's work without leaving the screen: through the queue, rare verbs, existing verdicts, drafts. */
#include "bench.h"

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
	expect_case("CLEAR-3"); /* one's own first */
	terminal_type(terminal, "n");
	expect_case("CLEAR-1");
	terminal_type(terminal, "n");
	expect_case("CLEAR-2");
	terminal_type(terminal, "n");
	SEES(terminal, "End of this list: 3 cases seen");
	terminal_type(terminal, "N");
	expect_case("CLEAR-1");
	terminal_type(terminal, "N");
	expect_case("CLEAR-3");
	terminal_type(terminal, "N");
	SEES(terminal, "No earlier case was opened");
	terminal_type(terminal, "n");
	expect_case("CLEAR-1");
	terminal_type(terminal, "q");
	SEES(terminal, "  Why");
	/* Cases claimed on the way are released; earlier claims stay. */
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-3", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "\"assignee\": \"ana\"") || strstr(bench.last.out, "\"assignee\":\"ana\""),
		  "%s", bench.last.out);
	QUITS(terminal);
}

static void show_its_documents(void)
{
	terminal_type(terminal, "/harbour");
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "1 case");
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "RAL-2031");
	terminal_type(terminal, "2");
	SEES(terminal, "to review");
}

Test(entrances, a_verdict_of_meanwhile_is_shown_and_not_written_over)
{
	bench_import_samples(&bench);
	start();
	show_its_documents();
	terminal_type(terminal, "A");
	SEES(terminal, "y accept it");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	cr_assert_eq(bench_run(&bench, "document", "reject", "RAL-2031", "PROOF_OF_ADDRESS", "--reason",
			       "wrong_type", NULL),
		     0, "%s", bench.last.err);
	terminal_type(terminal, "y");
	SEES(terminal, "ana: document.reject");
	SEES(terminal, "rejected by ana");
	SEES(terminal, "reverse it");
	cr_assert(terminal_settle(terminal, 300, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "The document was rejected");
	cr_assert_eq(bench_run(&bench, "document", "list", "RAL-2031", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "wrong_type"), "%s", bench.last.out);
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, " ");
	terminal_type(terminal, "\x19"); /* Ctrl-Y */
	SEES(terminal, "Accepted PROOF_OF_ADDRESS");
}

Test(entrances, what_was_written_and_left_comes_back_and_is_listed)
{
	bench_import_samples(&bench);
	start();
	show_its_documents();
	terminal_type(terminal, "m");
	SEES(terminal, "note on PROOF_OF_ADDRESS");
	terminal_type(terminal, "Called the not");
	SEES(terminal, "Called the not");
	terminal_press(terminal, TERMINAL_ESCAPE);
	SEES_NO_MORE(terminal, "Called the not");
	terminal_type(terminal, "m");
	SEES(terminal, "note on PROOF_OF_ADDRESS: Called the not");
	terminal_type(terminal, "ary");
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "Saved the note");
	SEES(terminal, "Called the notary"); /* it stands below its document */
	terminal_type(terminal, "m");
	SEES(terminal, "note on PROOF_OF_ADDRESS:");
	cr_expect_not(terminal_shows(terminal, "note on PROOF_OF_ADDRESS: Called"), "%s",
		      terminal_screen(terminal));
	terminal_press(terminal, TERMINAL_ESCAPE);
	SEES_NO_MORE(terminal, "note on PROOF_OF_ADDRESS");
	terminal_type(terminal, "z");
	SEES(terminal, "reason");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "3");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "Waits for the notary");
	SEES(terminal, "Waits for the notary");
	terminal_press(terminal, TERMINAL_ESCAPE);
	SEES_NO_MORE(terminal, "Waits for the notary");
	terminal_type(terminal, "v");
	SEES(terminal, "continue the draft: Snooze");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "con");
	terminal_type(terminal, "\x19"); /* Ctrl-Y */
	SEES(terminal, "Waits for the notary");
	SEES(terminal, "Your draft was restored");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "Snoozed Harbour Lane");
	terminal_type(terminal, "v");
	SEES(terminal, "Actions on");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	cr_expect_not(terminal_shows(terminal, "go on with the draft"), "%s", terminal_screen(terminal));
}

Test(entrances, a_saved_file_was_opened_and_is_accepted_with_one_key)
{
	bench_import_samples(&bench);
	start();
	show_its_documents();
	terminal_type(terminal, "v");
	SEES(terminal, "save the file of PROOF_OF_ADDRESS");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "save");
	terminal_type(terminal, "\x19"); /* Ctrl-Y */
	SEES(terminal, "No existing file is overwritten");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "\x15"); /* Ctrl-U */
	char path[512];
	(void)snprintf(path, sizeof path, "%s/saved.pdf", bench.folder);
	terminal_type(terminal, path);
	terminal_type(terminal, "\x19"); /* Ctrl-Y */
	SEES(terminal, "Saved PROOF_OF_ADDRESS");
	FILE *file = fopen(path, "r");
	cr_assert_not_null(file, "%s", path);
	(void)fclose(file);
	cr_assert(terminal_settle(terminal, 500, PATIENCE_MS));
	terminal_type(terminal, "A"); /* it has been opened now: one key */
	SEES(terminal, "Accepted PROOF_OF_ADDRESS");
}

static void more(const char *title, const char *letters)
{
	terminal_type(terminal, "v");
	SEES(terminal, title);
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
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
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "\x19");
	SEES(terminal, "First choose the reviewer");
	terminal_type(terminal, "bea");
	SEES(terminal, "(*) bea, lead");
	terminal_type(terminal, "\x19");
	SEES(terminal, "Assigned Ines Duarte (CLEAR-1) to bea");
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
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "\x19");
	SEES(terminal, "Choose");
	terminal_type(terminal, "proof");
	SEES(terminal, "(*) PROOF_OF_ADDRESS");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "\x19");
	SEES(terminal, "Enter the path of the file");
	terminal_type(terminal, path);
	terminal_type(terminal, "x\x19"); /* letter.pdfx */
	SEES(terminal, "directory");	  /* No such file or directory, wherever the line ends */
	terminal_press(terminal, TERMINAL_BACKSPACE);
	terminal_type(terminal, "\x19");
	SEES(terminal, "Added PROOF_OF_ADDRESS to Ines Duarte (CLEAR-1)");
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
	terminal_type(terminal, "3"); /* pending */
	SEES(terminal, "Quinta Verde");
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "DRAFT-1");
}

static void choose(const char *letters)
{
	terminal_type(terminal, "v");
	SEES(terminal, "Actions on Quinta Verde");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, letters);
	terminal_type(terminal, "\x19"); /* Ctrl-Y */
}

Test(entrances, a_case_that_was_never_handed_in_is_deleted_on_purpose)
{
	open_the_draft("bo");
	choose("delete");
	SEES(terminal, "Delete Quinta Verde");
	SEES(terminal, "Deletion cannot be undone");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "press space");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "Opened twice by mistake");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, " \x19");
	SEES(terminal, "Deleted Quinta Verde (DRAFT-1)");
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
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "y copy it");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	cr_expect_not(has_copied(), "not before the key");
	terminal_type(terminal, "y");
	SEES(terminal, "Copied the link of Quinta Verde");
	cr_expect(has_copied());
	cr_assert_eq(bench_run(&bench, "audit", "list", "DRAFT-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "link.show"));
	terminal_type(terminal, "q");
	SEES(terminal, "  Why");
	QUITS(terminal);
}

Test(entrances, a_step_is_changed_field_by_field)
{
	open_the_draft("ana");
	choose("change the step");
	SEES(terminal, "Change a step of Quinta Verde");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "business act");
	SEES(terminal, "Wine");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "Cork");
	SEES(terminal, "Wine → Cork");
	terminal_type(terminal, "\x19");
	SEES(terminal, "Changed the step");
	cr_assert_eq(bench_run(&bench, "show", "DRAFT-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "Cork"), "%s", bench.last.out);
	terminal_type(terminal, "q");
	SEES(terminal, "  Why");
	QUITS(terminal);
}

Test(entrances, one_s_own_verdicts_come_as_fast_as_the_keys)
{
	bench_import_samples(&bench);
	static const char *const types[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER" };
	for (size_t i = 0; i < 2; i++)
		cr_assert_eq(bench_run(&bench, "document", "save", "RAL-2032", types[i], "-o", types[i], NULL), 0,
			     "%s", bench.last.err);
	start();
	terminal_type(terminal, "/juniper");
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "1 case");
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "RAL-2032");
	terminal_type(terminal, "2");
	SEES(terminal, "to review");
	cr_assert(terminal_settle(terminal, 300, PATIENCE_MS));
	terminal_type(terminal, "AAA"); /* the third was opened by nobody */
	SEES(terminal, "Nobody has opened the document");
	cr_assert(terminal_settle(terminal, 300, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "Accepted PROOF_OF_ADDRESS");
	cr_assert(terminal_settle(terminal, 300, PATIENCE_MS));
	terminal_type(terminal, "A"); /* the cursor has gone on */
	SEES(terminal, "DIRECTORS_SHAREHOLDERS_REG");
	SEES(terminal, "y accept it");
	cr_assert_eq(bench_run(&bench, "document", "list", "RAL-2032", "--json", NULL), 0);
	size_t accepted = 0;
	for (const char *at = bench.last.out; (at = strstr(at, "\"accepted\"")); at++)
		accepted++;
	cr_expect_eq(accepted, 3, "%s", bench.last.out);
}
