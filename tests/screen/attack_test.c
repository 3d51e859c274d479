/*
 * Attacks as in tests/cli/attack_test.c, on the screen: while a case is open in the workbench, another process or the
 * reviewer's own keys change the case, and no key approves anything unreviewed. If the program refuses the change, the
 * test also writes the change into the store by SQL, as another program could.
 *
 * The change comes either while the case is open, before `a`, or while the dialog offers `y`, before `y`.
 *
 * Not tested here, because no key of the workbench does this:
 *  - an import line, a provider's result, a client's submission: in the tests below, another process submits them
 *    while the case is open.
 *  - fields of a party (its identification): the form of a party lacks the fields that a workflow defines; the
 *    setup fills them in.
 *  - installing a workflow or reasons: commands only; a test below shows that a user's own file does not count.
 */
#include "bench.h"
#include "cli/attack_cases.h"
#include "cli/custody_cases.h"
#include "cli/expect.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ME "zoe"

static void set_up(void)
{
	attack_open(&box);
	DONE("reviewer", "add", ME, "--role", "reviewer");
}
TestSuite(screen_attack, .init = set_up, .fini = bench_box_tear_down);

static void start_as(const char *who)
{
	terminal = box_start(&box, who);
	SEES(terminal, "overdue");
}

static void open_as(const char *who, const char *reference)
{
	start_as(who);
	TYPES(terminal, "/", "filter:");
	terminal_type(terminal, reference);
	TYPES(terminal, "\r", "1 case");
	TYPES(terminal, "\r", "1 Summary");
	SEES(terminal, reference);
}

/* Opens a case that can be approved. */
static void open_ready(void)
{
	open_as(ME, "RAL-1");
	SEES(terminal, "conditions met: a approves");
}

static void dialog_is_shown(const char *button)
{
	SEES(terminal, button);
	RESTS(terminal);
}

static void expect_not_approved(const char *reference)
{
	cr_assert_eq(box_json(&box, "show", reference, NULL), 0, "%s", box.last.err);
	cr_expect_str_neq(json_path_text(box.json, "status"), "approved");
	/* The audit log is sound; if the test has changed the store by SQL, `audit verify` reports the difference. */
	cr_expect_eq(RUN("audit", "verify"), box.changed_outside ? 8 : 0, "%s", box.last.err);
	cr_expect(!box.changed_outside || strstr(box.last.err, "the audit log is sound, but the store differs"), "%s",
		  box.last.err);
}

/* The dialog shows why the case cannot be approved, and `y` and Ctrl-Y do not approve it. */
static void blocked_for(const char *reference, const char *sentence)
{
	TYPES(terminal, "a", "The case cannot be approved");
	SEES(terminal, sentence);
	RESTS(terminal);
	cr_expect_not(terminal_shows(terminal, "y approve"), "%s", terminal_screen(terminal));
	terminal_type(terminal, "y" CTRL_Y);
	RESTS(terminal);
	cr_expect(terminal_shows(terminal, sentence), "%s", terminal_screen(terminal));
	cr_expect_not(terminal_shows(terminal, "Approved "), "%s", terminal_screen(terminal));
	expect_not_approved(reference);
}

static void blocked(const char *sentence)
{
	blocked_for("RAL-1", sentence);
}

/* Opens the dialog to approve, which offers `y`. */
static void stand(void)
{
	open_ready();
	terminal_type(terminal, "a");
	dialog_is_shown("y approve");
}

/* `y` does not approve the case: the dialog shows the change. */
static void falls(const char *sentence)
{
	OPENS(terminal, "y", sentence);
	terminal_type(terminal, "y");
	RESTS(terminal);
	cr_expect_not(terminal_shows(terminal, "Approved "), "%s", terminal_screen(terminal));
	expect_not_approved("RAL-1");
}

/* Changes the store by SQL, as another program could. */
static void write_into_the_store(const char *sql)
{
	sqlite3 *db;
	char *problem = NULL;

	cr_assert_eq(sqlite3_open(box.store, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &problem), SQLITE_OK, "%s", problem);
	cr_assert_gt(sqlite3_changes(db), 0, "%s changed nothing", sql);
	box.changed_outside = true;
	sqlite3_close(db);
}

static void close_dialog(const char *words)
{
	CLOSES(terminal, ESC, words);
}

/* --- identity --- */

Test(screen_attack, identity_swapped_by_import)
{
	attack_ready(&box);
	stand();
	attack_import_is_refused(&box, "Ines Duarte", "Rui Falso");
	write_into_the_store("UPDATE party SET name = 'Rui Falso'");
	falls("Ines Duarte → Rui Falso");
}

Test(screen_attack, identity_swapped_by_keys)
{
	attack_ready(&box);
	open_ready();
	terminal_type(terminal, "3e");
	dialog_is_shown("y save");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_control(terminal, 'u');
	TYPES(terminal, "Rui Falso", "Rui Falso");
	TYPES(terminal, CTRL_Y, "The party's identity was verified by session");
	expect_not_approved("RAL-1");
}

Test(screen_attack, owner_left_out_and_replaced)
{
	attack_ready(&box);
	open_ready();
	attack_replace_owner(&box, "rita");
	SEES(terminal, "Before you can approve");
	blocked("Rui Falso is not verified");
}

Test(screen_attack, owner_replaced_while_the_dialog_stands)
{
	attack_ready(&box);
	stand();
	attack_replace_owner(&box, ME); /* from another terminal of the same reviewer, because the case is claimed */
	falls("Rui Falso is not verified");
}

Test(screen_attack, company_renamed_after_acceptance)
{
	attack_ready(&box);
	stand();
	attack_import_is_refused(&box, "Harbour Lane Trading Ltd", "Harbor Holdings SA");
	DONE("subject", "edit", "biz-RAL-1", "--name", "Harbor Holdings SA", AS("rita"));
	falls("Harbor Holdings SA");
}

/* --- documents --- */

Test(screen_attack, viewer_re_dated)
{
	attack_ready(&box);
	stand();
	attack_import_is_refused(&box, "\"file_name\":\"m.pdf\"",
				 "\"file_name\":\"m.pdf\",\"expires_on\":\"2031-05-05\"");
	write_into_the_store("UPDATE document SET expires_on = 1935187200000 WHERE type = 'BUSINESS_NUMBER'");
	falls("the document's last day");
}

/* In a sandbox, a case can be approved while the client can still upload documents. */
static void open_to_the_client(void)
{
	attack_ready_with(&box, "\"status\":\"manual_review\"", "\"status\":\"active\"");
	start_as(ME);
	TYPES(terminal, "3", "Harbour Lane"); /* pending */
	TYPES(terminal, "\r", "conditions met: a approves");
}

static void upload(const char *type)
{
	box_write(&box, "b.pdf", "%PDF-1.4 another\n%%EOF\n");
	DONE("document", "add", "RAL-1", type, "b.pdf", "--for", "client");
}

Test(screen_attack, second_and_third_file_of_a_type)
{
	open_to_the_client();
	terminal_type(terminal, "a");
	dialog_is_shown("y approve");
	upload("OTHER");
	falls("Other documents is not reviewed yet");
	close_dialog("The case cannot be approved");
	char *other = attack_id_of(&box, "document", "data[4].id");
	DONE("document", "accept", "RAL-1", other, AS(ME));
	SEES(terminal, "conditions met: a approves");
	box_write(&box, "b.pdf", "%PDF-1.4 a third one\n%%EOF\n");
	DONE("document", "add", "RAL-1", "OTHER", "b.pdf", "--for", "client");
	SEES(terminal, "Before you can approve");
	blocked("Other documents is not reviewed yet");
}

Test(screen_attack, optional_viewer_rejected_or_unseen)
{
	open_to_the_client();
	upload("FINANCIAL_STATEMENTS");
	SEES(terminal, "Before you can approve");
	blocked("Financial statements is not reviewed yet");
	close_dialog("The case cannot be approved");
	DONE("document", "reject", "RAL-1", "FINANCIAL_STATEMENTS", "--reason", "blurry", AS(ME));
	blocked("Financial statements was rejected");
}

/* --- parties and their KYC --- */

Test(screen_attack, empty_kyc)
{
	attack_import(&box, KYC_STEPS, "}}]}");
	open_as(ME, "RAL-1");
	TYPES(terminal, "3", "open KYC");
	TYPES(terminal, "\r", "generic-kyc");
	char *kyc = attack_id_of(&box, "subsession", "data[0].id");
	blocked_for(kyc, "Nothing verifies this person yet");
}

static void open_parties(const char *who)
{
	open_as(who, "RAL-1");
	TYPES(terminal, "3", "open KYC");
}

Test(screen_attack, new_kyc_after_a_restricted_rejection)
{
	attack_import(&box, WITHOUT_MORE, WITHOUT_MORE);
	open_parties(ME);
	attack_reject_kyc(&box, "rita");
	SEES(terminal, "rejected");
	TYPES(terminal, "K", "Ines Duarte has a KYC session");
	/* The rejected KYC session cannot be removed either. */
	terminal_type(terminal, "v");
	dialog_is_shown("remove the KYC session of Ines Duarte");
	terminal_type(terminal, "remove" CTRL_Y);
	dialog_is_shown("I am sure");
	TYPES(terminal, "\tthe first one was a mistake\t ", "[x] yes");
	TYPES(terminal, CTRL_Y, "was decided, so it is kept");
	close_dialog("I am sure");
	(void)attack_id_of(&box, "subsession", "data[0].id"); /* the KYC session still exists */
	blocked("Ines Duarte is not verified");
}

Test(screen_attack, owner_removed_after_rejection)
{
	attack_import(&box, WITHOUT_MORE, WITHOUT_MORE);
	open_parties(ME);
	attack_reject_kyc(&box, "rita");
	SEES(terminal, "rejected");
	terminal_type(terminal, "d");
	dialog_is_shown("y remove");
	TYPES(terminal, "\tsold the shares last month" CTRL_Y, "only a lead can do this");
	close_dialog("only a lead can do this");
	blocked("Ines Duarte is not verified");
}

Test(screen_attack, owner_lowered_after_rejection)
{
	attack_import_kyc_rejected(&box);
	open_parties(ME);
	terminal_type(terminal, "e");
	dialog_is_shown("percent");
	for (int field = 0; field < 3; field++) /* name, share of, percent */
		terminal_press(terminal, TERMINAL_TAB);
	terminal_control(terminal, 'u');
	terminal_type(terminal, "10");
	terminal_press(terminal, TERMINAL_TAB); /* neither owner nor director, only shareholder */
	for (int role = 0; role < 3; role++) {
		terminal_type(terminal, " ");
		terminal_press(terminal, TERMINAL_DOWN);
	}
	for (int field = 0; field < 3; field++) /* birth, country, control */
		terminal_press(terminal, TERMINAL_TAB);
	terminal_press(terminal, TERMINAL_HOME); /* no control role */
	TYPES(terminal, CTRL_Y, "rejected for a restricted reason");
	close_dialog("rejected for a restricted reason");
	blocked("Ines Duarte is not verified");
}

Test(screen_attack, verified_elsewhere_over_a_rejection)
{
	attack_import(&box, WITHOUT_MORE, WITHOUT_MORE);
	open_parties("lea");
	terminal_type(terminal, "V");
	dialog_is_shown("y verified elsewhere");
	terminal_type(terminal, "\tseen at the branch today");
	attack_reject_kyc(&box, "rita");
	TYPES(terminal, CTRL_Y, "The case changed");
	SEES(terminal, "its KYC     rejected");
	RESTS(terminal);
	TYPES(terminal, CTRL_Y, "was rejected here"); /* confirms although the change is shown */
	cr_expect_not(terminal_shows(terminal, "Verified elsewhere: Ines"), "%s", terminal_screen(terminal));
	close_dialog("!");
	blocked("Ines Duarte is not verified");
}

Test(screen_attack, a_company_as_ceo)
{
	attack_ready_with(&box, CEO, "");
	open_as(ME, "RAL-1");
	(void)RUN("party", "add", "RAL-1", "--kind", "company", "--name", "Lane Holdings BV", "--role", "director",
		  "--control-role", "CEO", "--country", "NL", AS("rita"));
	blocked("No natural person has a control role");
}

/* --- identifications (Avenia) --- */

Test(screen_attack, one_identification_for_two)
{
	attack_two_owners(&box, NAMES_DOCUMENT, NAMES_DOCUMENT, "");
	open_as(ME, "RAL-1");
	blocked("Ana Luz is not verified");
	cr_expect(terminal_shows(terminal, "Rui Sol is not verified"), "%s", terminal_screen(terminal));
}

Test(screen_attack, half_an_identification)
{
	attack_two_owners(&box, NAMES_DOCUMENT, "", "front");
	open_as(ME, "RAL-1");
	blocked("Ana Luz is not verified");
}

Test(screen_attack, id_in_a_free_text)
{
	attack_two_owners(&box, "\"note\":\"see " ID_DOCUMENT "\"", "", "");
	open_as(ME, "RAL-1");
	blocked("Ana Luz is not verified");
}

/* --- checks and hits --- */

Test(screen_attack, confirmed_match_revised_by_a_reviewer)
{
	attack_ready_with(&box, WITHOUT_MORE, WITH_HIT);
	char *hit = attack_id_of(&box, "check", "data[0].hits[0].id");
	open_as(ME, "RAL-1");
	DONE("check", "resolve", "RAL-1", hit, "--as-match", "--reason", "same_person", AS("rita"));
	TYPES(terminal, "4j", "true match");
	terminal_press(terminal, TERMINAL_ENTER);
	dialog_is_shown("y decide");
	TYPES(terminal, "\tfalse\tdifferent_birth\tcompared once more" CTRL_Y, "only a lead can do this");
	close_dialog("only a lead can do this");
	blocked("Ines Duarte");
}

static void report(const char *kind, const char *status)
{
	DONE("check", "report", "RAL-1", kind, "--status", status, "--hits", "hits.json");
}

Test(screen_attack, new_hit_at_an_old_place_or_id)
{
	attack_ready_with(&box, WITHOUT_MORE, WITH_HIT);
	char *hit = attack_id_of(&box, "check", "data[0].hits[0].id");
	DONE("check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "different_birth_date", "--note",
	     "compared with the register", AS("rita"));
	box_write(&box, "hits.json", HIT("Harbour Lane", "sanctions"));
	stand();
	report("watchlist", "hit");
	falls("OFAC SDN");
	close_dialog("The case cannot be approved");
	blocked("OFAC SDN");
}

Test(screen_attack, waiver_over_another_result)
{
	attack_ready_with(&box, WITHOUT_MORE, WITH_CHECK_IN_ERROR);
	DONE("check", "waive", "RAL-1", "crypto", "--reason", "the provider is down today", AS("lea"));
	stand();
	DONE("check", "report", "RAL-1", "crypto", "--status", "failed", "--score", "0.9");
	falls("crypto");
	close_dialog("The case cannot be approved");
	blocked("crypto");
}

/* --- answers and deciders --- */

Test(screen_attack, correction_answered_by_handing_in)
{
	attack_ready(&box);
	open_ready();
	DONE("corrections", "RAL-1", "--step", "company_info", "--document", "PROOF_OF_ADDRESS", "--message",
	     "Not older than three months, please.", "--grace", "0", AS("rita"));
	ENDS(4, "correction", "hand-in", "RAL-1", "--for", "client");
	SEES(terminal, "Before you can approve");
	TYPES(terminal, "5", "Not older than three months");
	TYPES(terminal, "A", "answered");
	blocked("correction");
}

Test(screen_attack, retryable_rejection_overturned_by_an_import)
{
	attack_ready(&box);
	stand();
	DONE("reject", "RAL-1", "--reason", "data_mismatch", "--note", "explained in full", "--retryable", "--grace",
	     "0", AS(ME));
	attack_import_is_refused(&box, WITHOUT_MORE, "\"risk_score\":43");
	falls(ME);
	close_dialog("The case cannot be approved");
	SEES(terminal, "REJECTED");
	blocked("rejected");
	cr_expect_str_eq(json_path_text(box.json, "status"), "rejected");
}

Test(screen_attack, own_check_result)
{
	attack_in_production(&box);
	box_import_person_by_colleague(&box, "RAL-1");
	open_as(NULL, "RAL-1");
	SEES(terminal, "conditions met: a approves");
	terminal_type(terminal, "a");
	dialog_is_shown("y approve");
	DONE("check", "report", "RAL-1", "ofac", "--status", "passed");
	falls("reported a check");
}

Test(screen_attack, own_change_of_a_step)
{
	attack_in_production(&box);
	box_import_person_by_colleague(&box, "RAL-1");
	open_as(NULL, "RAL-1");
	SEES(terminal, "conditions met: a approves");
	DONE("step", "edit", "RAL-1", "identity", "--field", "nationality=PT", "--reason",
	     "as the client told us by phone");
	blocked("changed a step (identity)");
}

Test(screen_attack, final_decision_imported_by_who_then_decides)
{
	char *line = attack_decided_line();
	attack_in_production(&box);
	start_as(NULL);
	box_import(&box, line);
	DONE("process", "RAL-1");
	SEES(terminal, "Ines Duarte");
	TYPES(terminal, "\r", "RAL-1");
	blocked("imported the case");
}

Test(screen_attack, final_decision_imported_by_who_is_supervised)
{
	char *line = attack_decided_line();
	DONE("reviewer", "add", "sam", "--role", "reviewer", "--supervised");
	start_as("sam");
	box_write(&box, "cases.ndjson", line);
	DONE("import", "cases.ndjson", AS("sam"));
	DONE("process", "RAL-1", AS("sam"));
	SEES(terminal, "Ines Duarte");
	TYPES(terminal, "\r", "RAL-1");
	TYPES(terminal, "a", "is the first of two");
	dialog_is_shown("y approve");
	TYPES(terminal, "y", "Recorded the first approval of");
	expect_not_approved("RAL-1");
	terminal_free(terminal);
	open_as("sam", "RAL-1");
	SEES(terminal, "first approval by sam");
	blocked("a second person must approve");
}

Test(screen_attack, own_workflow_file)
{
	attack_in_production(&box);
	custody_make_folders(&box);
	custody_become_reviewer(&box);
	box_import_by_colleague(&box, custody_company);
	open_as(NULL, "RAL-9");
	SEES(terminal, "Before you can approve");
	custody_write(&box, "config/kybdesk/workflows/ralio-kyb.json", custody_lax(2));
	blocked_for("RAL-9", "Business number is missing");
	terminal_free(terminal);
	open_as(NULL, "RAL-9"); /* nor after a restart */
	blocked_for("RAL-9", "Business number is missing");
}

Test(screen_attack, own_reasons_file)
{
	attack_in_production(&box);
	custody_make_folders(&box);
	box_import_person_by_colleague(&box, "RAL-1");
	custody_become_reviewer(&box);
	custody_write(&box, "config/kybdesk/reasons/session.json", custody_own_reasons());
	open_as(NULL, "RAL-1");
	terminal_type(terminal, "r");
	dialog_is_shown("y reject");
	TYPES(terminal, "\tmy own", "?"); /* no entry begins with this text */
	TYPES(terminal, CTRL_Y, "No entry begins with");
	for (int letter = 0; letter < 8; letter++)
		terminal_press(terminal, TERMINAL_BACKSPACE);
	TYPES(terminal, "suspected f", "Restricted: the client and the merchant read only");
	cr_expect_not(terminal_shows(terminal, "retryable"), "%s", terminal_screen(terminal));
	expect_not_approved("RAL-1");
}
