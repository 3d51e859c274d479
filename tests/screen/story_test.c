/* A reviewer's way from the queue to a decision and back, in three sizes, in UTF-8 and in ASCII. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	bench_open(&bench);
	bench_import_samples(&bench);
	cr_assert_eq(bench_run(&bench, "endpoint", "add", "--merchant", "northwind-pay", "--url",
			       "http://127.0.0.1:9/hook", "--event", "*", NULL),
		     0, "%s", bench.last.err);
}
TestSuite(story, .init = set_up, .fini = bench_tear_down);

static void find_the_case(void)
{
	SEES(terminal, "  Why");
	TYPES(terminal, "/harbour", "filter: harbour");
	TYPES(terminal, "\r", "1 case");
	SEES(terminal, "Harbour Lane");
	TYPES(terminal, "\r", "RAL-2031");
	SEES(terminal, "Before you can approve");
}

static void see_why_it_cannot_be_approved(void)
{
	TYPES(terminal, "a", "The case cannot be approved yet. 2 conditions are not");
	SEES(terminal, "Ines Duarte is not verified");
	cr_expect_not(terminal_shows(terminal, "y approve"), "%s", terminal_screen(terminal));
	terminal_type(terminal, "y");
	cr_expect(terminal_settle(terminal, 400, PATIENCE_MS));
	cr_expect(terminal_shows(terminal, "The case cannot be approved yet"));
	CLOSES(terminal, ESC, "The case cannot be approved yet");
}

/* The document was not shown, so the dialog asks. */
static void accept_unopened(void)
{
	TYPES(terminal, "A", "the file was not shown");
	SEES(terminal, "y accept it");
	RESTS(terminal);
	terminal_type(terminal, "y");
}

static void accept_its_document(void)
{
	TYPES(terminal, "\r", "Proof of company address"); /* the cursor is on the first blocker: Enter opens it */
	SEES(terminal, "All required values found");	   /* also compared with the drawn page */
	TYPES(terminal, "A", "Accepted Proof of company address");
	SEES_NO_MORE(terminal, "to review");
}

static void verify_its_party(void)
{
	SEES(terminal, "Enter resolve");		       /* the cursor is on the next blocker */
	TYPES(terminal, "\r", "Passport is not reviewed yet"); /* Enter opens the owner's KYC session */
	TYPES(terminal, "2", "to review");
	accept_unopened();
	SEES(terminal, "Accepted Passport");
	TYPES(terminal, "a", "back to Harbour Lane Trading Ltd");
	SEES(terminal, "y approve");
	RESTS(terminal);
	TYPES(terminal, "y", "Approved");
	SEES(terminal, "RAL-2031");
}

static void approve(const char *arrow)
{
	char change[64], announced[96];
	int rows, columns;
	terminal_size(terminal, &rows, &columns);
	(void)snprintf(change, sizeof change, "LIGHT %s REGULAR", arrow);
	(void)snprintf(announced, sizeof announced, "%s %s webhook to northwind-pay in 1", change,
		       arrow[0] == '>' ? "." : "·");
	TYPES(terminal, "a", "Approve Harbour Lane Trading Ltd");
	SEES(terminal, change);
	SEES(terminal, "kyc.state_updated to northwind-pay in 10 s");
	RESTS(terminal);
	TYPES(terminal, "y", "Approved Harbour Lane Trading Ltd (RAL-2031)");
	if (columns >= 132) /* the message names the case first, and the rest if there is room */
		SEES(terminal, announced);
	SEES(terminal, "u undo approval");
}

static void undo(void)
{
	int rows, columns;
	terminal_size(terminal, &rows, &columns);
	TYPES(terminal, "u", "Undone: approval of Harbour Lane Trading Ltd (RAL-2031)");
	if (columns >= 120)
		SEES(terminal, "the level is LIGHT again");
	SEES(terminal, "RAL-2031");
}

static void check_the_store(void)
{
	cr_assert_eq(bench_run(&bench, "show", "RAL-2031", "--json", NULL), 0, "%s", bench.last.err);
	cr_expect(strstr(bench.last.out, "\"status\": \"approved\"") ||
			  strstr(bench.last.out, "\"status\":\"approved\""),
		  "%s", bench.last.out);
	cr_expect(strstr(bench.last.out, "\"REGULAR\""));
	cr_assert_eq(bench_run(&bench, "audit", "verify", NULL), 0, "%s", bench.last.err);
	cr_assert_eq(bench_run(&bench, "audit", "list", "RAL-2031", "--json", NULL), 0);
	static const char *const recorded[] = { "approve", "undo", "document" };
	for (size_t i = 0; i < 3; i++)
		cr_expect(strstr(bench.last.out, recorded[i]), "no %s in: %s", recorded[i], bench.last.out);
}

static void whole_story(int rows, int columns, const char *locale, const char *arrow)
{
	terminal = bench_start(&bench, "ana", rows, columns, locale, NULL);
	find_the_case();
	see_why_it_cannot_be_approved();
	accept_its_document();
	verify_its_party();
	approve(arrow);
	undo();
	approve(arrow);
	SEES(terminal, "No case matches this filter"); /* other waiting cases do not match */
	SEES(terminal, "0 cases");
	QUITS(terminal);
	cr_expect_not(terminal_on_alternate_screen(terminal));
	cr_expect(terminal_is_cooked(terminal));
	check_the_store();
}

Test(story, at_80_columns)
{
	whole_story(24, 80, "C.UTF-8", "→");
}
Test(story, at_120_columns)
{
	whole_story(36, 120, "C.UTF-8", "→");
}
Test(story, at_200_columns)
{
	whole_story(50, 200, "C.UTF-8", "→");
}

static void expect_ascii(void)
{
	size_t length;
	const unsigned char *raw = terminal_raw(terminal, &length);
	for (size_t i = 0; i < length; i++)
		cr_assert(raw[i] < 0x80, "byte 0x%02x reached an ASCII terminal", raw[i]);
}
Test(story, at_80_columns_in_ascii)
{
	whole_story(24, 80, "C", ">");
	expect_ascii();
}
Test(story, at_120_columns_in_ascii)
{
	whole_story(36, 120, "C", ">");
	expect_ascii();
}
Test(story, at_200_columns_in_ascii)
{
	whole_story(50, 200, "C", ">");
	expect_ascii();
}

/* Terminals based on libvterm, such as the tests' terminal, lose the last column if a character is repeated by REP. */
Test(story, a_rule_reaches_the_last_column_in_ascii)
{
	terminal = bench_start(&bench, "ana", 50, 200, "C", NULL);
	find_the_case();
	RESTS(terminal);
	int row = terminal_find_row(terminal, "----------");
	cr_assert_geq(row, 0, "%s", terminal_screen(terminal));
	cr_expect_eq(strlen(terminal_row(terminal, row)), 200, "%s", terminal_screen(terminal));
}
