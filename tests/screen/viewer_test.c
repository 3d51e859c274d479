/* A reviewer opens the documents of a case, finds the case's data in them, and gives a verdict. */
#include "bench.h"
#include "support/needs.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

TestSuite(viewer_story, .init = bench_set_up_samples, .fini = bench_tear_down, .timeout = 120);

static void start_at(const char *filter, int rows, int columns, const char *locale)
{
	terminal = bench_start(&bench, "ana", rows, columns, locale, NULL);
	SEES(terminal, "  Why");
	terminal_type(terminal, filter);
	TYPES(terminal, "\r", "1 case");
	TYPES(terminal, "\r", "Before you can approve");
	TYPES(terminal, "2", "not opened");
}
/* Opens the documents of Harbour Lane; the cursor is on the bill. */
static void start(int rows, int columns, const char *locale)
{
	start_at("/harbour", rows, columns, locale);
}

Test(viewer_story, what_was_looked_for_is_gone_through_both_ways)
{
	start(24, 80, "C.UTF-8");
	TYPES(terminal, "o", "AVON ELECTRICITY");
	TYPES(terminal, "n", "No search is active");
	TYPES(terminal, "/lane\r", "1 of 2; n next, N previous");
	TYPES(terminal, "n", "2 of 2");
	TYPES(terminal, "n", "1 of 2");
	TYPES(terminal, "N", "2 of 2");
	TYPES(terminal, "/submarine\r", "\"submarine\" does not occur in the document");
	terminal_press(terminal, TERMINAL_DOWN);
	SEES_NO_MORE(terminal, "does not occur");
	TYPES(terminal, "n", "\"submarine\" does not occur in the document");
}

static void tell_the_story(int rows, int columns, const char *locale)
{
	start(rows, columns, locale);
	TYPES(terminal, "o", "AVON ELECTRICITY");
	SEES(terminal, "Harbour Lane Trading Limited");
	SEES(terminal, "Marked: 3 of 12");
	cr_expect_eq(terminal_shows(terminal, "Before you can approve"), columns >= 120,
		     "beside the checklist where there is room:\n%s", terminal_screen(terminal));
	cr_expect_not(terminal_shows(terminal, "GB123456789"), "a value is never told");
	TYPES(terminal, "/standing\r", "1 of 1; n next, N previous");
	CLOSES(terminal, ESC, "AVON ELECTRICITY");
	SEES(terminal, "seen by you");
	TYPES(terminal, "\r", "AVON ELECTRICITY");
	SEES(terminal, "All required values found");		   /* also compared with the drawn page */
	TYPES(terminal, "A", "Accepted Proof of company address"); /* the open one */
	SEES_NO_MORE(terminal, "AVON ELECTRICITY");
	terminal_type(terminal, "q");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "audit", "list", "RAL-2031", NULL), 0);
	cr_expect(strstr(bench.last.out, "document.open"), "%s", bench.last.out);
	cr_expect(strstr(bench.last.out, "document.accept"), "%s", bench.last.out);
}

Test(viewer_story, at_80_columns)
{
	NEEDS("pdftotext", "poppler-utils");
	tell_the_story(24, 80, "C.UTF-8");
}

Test(viewer_story, at_132_columns)
{
	NEEDS("pdftotext", "poppler-utils");
	tell_the_story(40, 132, "C.UTF-8");
}

Test(viewer_story, in_ascii)
{
	NEEDS("pdftotext", "poppler-utils");
	tell_the_story(24, 80, "C");
}

/* Finds the case's data in a register with names in another order, grouped digits, and dates over a line break. */
Test(viewer_story, a_register_agrees_with_the_case)
{
	NEEDS("pdftotext", "poppler-utils");
	start(24, 80, "C.UTF-8");
	terminal_press(terminal, TERMINAL_DOWN);
	TYPES(terminal, "\r", "REGISTER OF DIRECTORS");
	SEES(terminal, "Marked: 7 of 12");
	terminal_type(terminal, "qq");
	QUITS(terminal);
}

/* Opens the passport in the KYC session of an owner, which blocks the case of Harbour Lane. */
static void open_passport(void)
{
	start(24, 80, "C.UTF-8");
	TYPES(terminal, "\t", "Enter resolve");
	terminal_press(terminal, TERMINAL_DOWN);
	TYPES(terminal, "\r", "Passport is not reviewed yet");
	TYPES(terminal, "\r", "icture"); /* the passport blocks: Enter opens it */
}

Test(viewer_story, a_picture_is_shown_in_characters)
{
	NEEDS("chafa", "chafa");
	open_passport();
	SEES(terminal, "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	TYPES(terminal, ESC, "Enter resolve"); /* the cursor is on the condition again */
	TYPES(terminal, "2", "seen by you");
}

/* The picture is shown; then its text is recognized and compared with the case. */
Test(viewer_story, the_letters_in_a_picture_are_compared)
{
	struct process_result drawn;
	char *picture = temp_path(bench.folder, "card");
	NEEDS("chafa", "chafa");
	NEEDS("pdftoppm", "poppler-utils");
	NEEDS("tesseract", "tesseract-ocr");
	process_call(&drawn, NULL, NULL, "pdftoppm", "-q", "-png", "-singlefile",
		     KYB_SOURCE_DIR "/data/samples/files/harbour-bill.pdf", picture, NULL);
	cr_assert_eq(drawn.status, 0, "%s", drawn.err);
	bench_import(
		&bench,
		"{\"external_ref\":\"CARD-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Avon Electricity\","
		"\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\"},\"steps\":[{\"id\":\"identity\","
		"\"status\":\"completed\",\"fields\":{\"phone\":\"1\"}}],\"documents\":[{\"category\":\"IDENTITY\","
		"\"type\":\"PASSPORT\",\"file_name\":\"card.png\",\"file\":\"card.png\",\"upload\":\"ready\","
		"\"review\":\"unreviewed\"}],\"submitted_at\":\"2026-01-01T00:00:00Z\"}\n");
	start_at("/card-1", 24, 80, "C.UTF-8");
	TYPES(terminal, "o", "Read from a picture; it may contain errors: 1 of 2 found");
	SEES(terminal, "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	cr_expect_not(terminal_shows(terminal, "1984-02-11"), "a value is never told");
	TYPES(terminal, ESC, "seen by you");
}

/* The whole audit log. */
static const char *all_records(void)
{
	cr_assert_eq(bench_run(&bench, "audit", "export", NULL), 0, "%s", bench.last.err);
	return bench.last.out;
}

/* The record says what was on the screen, not that bytes were read. */
Test(viewer_story, a_look_is_recorded_when_it_has_ended)
{
	NEEDS("pdftotext", "poppler-utils");
	start(24, 80, "C.UTF-8");
	TYPES(terminal, "o", "AVON ELECTRICITY");
	cr_expect(strstr(all_records(), "fetched") && !strstr(bench.last.out, "pdftotext"), "%s", bench.last.out);
	CLOSES(terminal, ESC, "AVON ELECTRICITY");
	SEES(terminal, "seen by you");
	cr_expect(strstr(all_records(), "pdftotext") && strstr(bench.last.out, "shown_ms"), "%s", bench.last.out);
}

/* A kill loses the look and invents none: the document counts as opened only, and A asks. */
Test(viewer_story, a_killed_program_has_recorded_no_look)
{
	NEEDS("pdftotext", "poppler-utils");
	start(24, 80, "C.UTF-8");
	TYPES(terminal, "o", "AVON ELECTRICITY");
	cr_assert_eq(kill(terminal_pid(terminal), SIGKILL), 0);
	terminal_free(terminal);
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "  Why");
	TYPES(terminal, "/harbour\r", "1 case");
	TYPES(terminal, "\r", "Before you can approve");
	TYPES(terminal, "2", "opened by you");
	OPENS(terminal, "A", "that it was shown is not on record");
	cr_expect(strstr(all_records(), "fetched") && !strstr(bench.last.out, "shown_ms"), "%s", bench.last.out);
}

/* A file that no reader can read was not seen, although it was fetched: the screen says so, and A asks. */
Test(viewer_story, a_file_that_cannot_be_shown_was_not_seen)
{
	NEEDS("pdftotext", "poppler-utils");
	char *noise = temp_path(bench.folder, "noise.pdf");
	temp_write(noise, "%PDF-1.4\n\x8f\x13\x77\xe1\x02\xb5\n%%EOF\n", 22);
	bench_import(
		&bench,
		"{\"external_ref\":\"NOISE-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Nora Noise\","
		"\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\"},\"steps\":[{\"id\":\"identity\","
		"\"status\":\"completed\",\"fields\":{\"phone\":\"1\"}}],\"documents\":[{\"category\":\"IDENTITY\","
		"\"type\":\"PASSPORT\",\"file_name\":\"noise.pdf\",\"file\":\"noise.pdf\",\"upload\":\"ready\","
		"\"review\":\"unreviewed\"}],\"submitted_at\":\"2026-01-01T00:00:00Z\"}\n");
	start_at("/noise-1", 24, 80, "C.UTF-8");
	TYPES(terminal, "o", "cannot read this file");
	OPENS(terminal, "A", "the file could not be shown");
	SEES(terminal, "X rejects it");
	CLOSES(terminal, ESC, "the file could not be shown");
	SEES(terminal, "not shown to you");
	OPENS(terminal, "A", "the file could not be shown");
	RESTS(terminal);
	TYPES(terminal, "y", "Accepted Passport");
	cr_expect(strstr(all_records(), "the file could not be shown"), "%s", bench.last.out);
}

/* A read-only workbench cannot record that a document is opened, so it opens none: it says so, and Esc closes the
 * message. */
Test(viewer_story, without_a_record_nothing_is_opened)
{
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", "--readonly", NULL);
	SEES(terminal, "  Why");
	TYPES(terminal, "/harbour\r", "1 case");
	TYPES(terminal, "\r", "Before you can approve");
	TYPES(terminal, "\r", "not opened");
	TYPES(terminal, "\r", "Esc back");
	SEES(terminal, "the store is open for reading only");
	cr_expect_not(terminal_shows(terminal, "AVON"));
	TYPES(terminal, ESC, "not opened");
}

/* `u` undoes an accidental acceptance; `U` lists what can be undone. */
Test(viewer_story, an_acceptance_is_undone_and_the_document_is_to_review_again)
{
	start(24, 100, "C.UTF-8");
	OPENS(terminal, "A", "the file was not shown");
	TYPES(terminal, "y", "Accepted Proof of company address");
	SEES(terminal, "u undo");
	RESTS(terminal);
	TYPES(terminal, "U", "acceptance of PROOF_OF_ADDRESS");
	CLOSES(terminal, ESC, "acceptance of PROOF_OF_ADDRESS");
	cr_expect_not(terminal_shows(terminal, "to review"), "%s", terminal_screen(terminal));
	TYPES(terminal, "u", "Undone: acceptance of PROOF_OF_ADDRESS, in Harbour Lane");
	SEES(terminal, "to review");
	SEES(terminal, "not opened");
	TYPES(terminal, "6", "undid the acceptance of");
	TYPES(terminal, "q", "  Why");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "doctor", NULL), 0, "%s", bench.last.out);
}

static size_t openings(void)
{
	size_t count = 0;
	for (const char *at = all_records(); (at = strstr(at, "fetched")); at++)
		count++;
	return count;
}

/* Zooming, resizing and the form beside the document add no record: the audit log has one for each opening. */
Test(viewer_story, one_opening_is_one_record)
{
	NEEDS("chafa", "chafa");
	open_passport();
	cr_expect(terminal_settle(terminal, 500, PATIENCE_MS));
	TYPES(terminal, "+", "2\xc3\x97");
	TYPES(terminal, "+", "3\xc3\x97");
	TYPES(terminal, "ljh-", "2\xc3\x97");
	terminal_resize(terminal, 40, 132);
	SEES(terminal, "Before you can approve");
	cr_expect(terminal_settle(terminal, 500, PATIENCE_MS));
	TYPES(terminal, "F", "Extracted");
	cr_expect(terminal_settle(terminal, 500, PATIENCE_MS));
	cr_expect_eq(openings(), 1, "%s", bench.last.out);
	TYPES(terminal, ESC, "Enter resolve");
	TYPES(terminal, "\r", "icture");
	cr_expect(terminal_settle(terminal, 500, PATIENCE_MS));
	cr_expect_eq(openings(), 2, "%s", bench.last.out);
}
