/* Pages of a party, a check, a correction and a record, and the timeline in sentences, on a real store. */
#include "places.h"

#include "kybdesk/desk/verbs.h"
#include "model/page.h"

#include <string.h>

TestSuite(pages, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static void look_at_as(enum who who, const char *ref, const char *keys)
{
	open_at(who, ref, keys);
	workbench_draw(&workbench, 70, 118);
}

static void inspect(const char *ref, const char *keys)
{
	look_at_as(RITA, ref, keys);
}

static void expect_shows(const char *text)
{
	cr_expect(shows(text), "no \"%s\" in\n%s", text, screen_text());
}

static void expect_screen(const struct screen_ops *screen)
{
	cr_expect_eq(top_screen(&workbench), screen, "another screen:\n%s", screen_text());
}

Test(pages, a_party_says_who_it_is_what_it_owns_and_how_it_is_verified)
{
	inspect("RAL-1", "3i");
	expect_screen(&page_screen);
	expect_shows("Ines Duarte · party of Harbour Lane");
	expect_shows("Identity");
	expect_shows("80 % of Harbour Lane");
	expect_shows("Verification");
	expect_shows("****-**-**");
	cr_expect_not(shows("1984-02-11"), "masked until it is revealed\n%s", screen_text());
}

Test(pages, what_was_revealed_is_seen_on_the_page)
{
	inspect("RAL-1", "c3iR");
	expect_screen(&page_screen);
	expect_shows("1984-02-11");
}

Test(pages, esc_closes_one_page_and_what_a_split_key_closed_comes_back)
{
	inspect("RAL-1", "3i");
	press(key_press(PRESS_ESCAPE));
	expect_screen(&case_screen);
	press(key_press(PRESS_ESCAPE_CANCELLED));
	expect_screen(&page_screen);
	type(ESC ESC);
	expect_screen(&inbox_screen);
}

Test(pages, the_keys_of_parties_are_about_the_party_of_the_page)
{
	inspect(WORST, "3ji");
	expect_shows("Person 2");
	type("e");
	cr_assert(workbench.dialog && workbench.dialog->spec == &party_dialog);
	cr_expect(strstr(workbench.dialog->item_name, "Person 2"), "%s", workbench.dialog->item_name);
}

Test(pages, a_party_without_a_session_opens_its_page_and_one_with_opens_the_session)
{
	inspect("BAR-1", "3\n");
	expect_screen(&page_screen);
	expect_shows("Ana Sousa");
	close_workbench();
	inspect("RAL-1", "3\n");
	expect_screen(&case_screen);
	cr_expect_eq(workbench.case_stack.count, 2);
}

Test(pages, a_party_marked_as_verified_says_by_whom_and_why_and_what_that_rests_on)
{
	inspect("VER-1", "3i");
	expect_shows("according to lea: " LONG);
	expect_shows("yes: its basis has not changed");
	expect_shows("lea marked Ines Duarte as verified elsewhere: " LONG);
	close_workbench();
	sql_run(&f, "UPDATE party SET name = 'Agnes Duarte' WHERE session_id = (SELECT id FROM session WHERE "
		    "external_ref = 'VER-1')");
	inspect("VER-1", "3i");
	expect_shows("no: its basis has changed");
	expect_shows("based on");
	cr_expect(strstr(screen_text(), "≠"), "%s", screen_text());
	expect_shows("Agnes Duarte");
}

/* The approval of a KYC rests on the data of its subject; the page compares the subject's current data with it. */
Test(pages, a_party_whose_kyc_was_approved_says_what_that_rests_on)
{
	inspect("RAL-1", "3i");
	expect_shows("yes: its basis has not changed");
	expect_shows("the subject's birth date");
	cr_expect_not(shows("≠"), "%s", screen_text());
	cr_expect_not(shows("nothing"), "%s", screen_text());
	close_workbench();
	sql_run(&f, "UPDATE session SET subject_name = 'Agnes Duarte' WHERE id IN (SELECT subsession_id FROM party)");
	inspect("RAL-1", "3i");
	expect_shows("the subject's name        Ines Duarte                                                       "
		     "≠  Agnes Duarte");
	expect_shows("the subject's birth date  ****-**-**                                                        =");
}

Test(pages, a_check_says_its_result_the_rule_and_its_hits)
{
	inspect("HIT-1", "4i");
	expect_screen(&page_screen);
	expect_shows("Check · watchlist");
	expect_shows("Workflow rules");
	expect_shows("by nobody");
	expect_shows("yes: these hits block approval");
	expect_shows("Hits (1)");
	expect_shows("Harbor Lane · L");
	close_workbench();
	inspect("CRY-1", "4i");
	expect_shows("yes: this result blocks approval");
	close_workbench();
	inspect("HIT-1", "4ji");
	expect_shows("Check · watchlist");
}

Test(pages, a_waived_check_says_who_waived_it_and_why)
{
	struct desk *desk = fixture_desk(&f, "lea", false);
	DESK(desk, "CRY-1", .verb = VERB_CHECK_WAIVE, .check = CHECK_CRYPTO, .reason = LONG);
	desk_close(desk);
	inspect("CRY-1", "4\n");
	expect_screen(&page_screen);
	expect_shows("result before waiver");
	expect_shows(LONG);
	expect_shows("lea waived the check crypto, before: error: " LONG);
}

/* If a case has several checks, the sentence shows the reason of the waived check. */
Test(pages, a_waiver_is_told_with_its_own_reason)
{
	f.ada = fixture_desk(&f, "ada", false);
	fixture_kyb(&f, &(struct kyb){ .ref = "TWO-1",
				       .more = ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"},"
					       "{\"kind\":\"crypto\",\"status\":\"error\"}]" });
	desk_close(f.ada);
	f.ada = NULL;
	struct desk *desk = fixture_desk(&f, "lea", false);
	DESK(desk, "TWO-1", .verb = VERB_CHECK_WAIVE, .check = CHECK_CRYPTO, .reason = LONG);
	desk_close(desk);
	inspect("TWO-1", "6");
	expect_shows("waived the check crypto, before: error: " LONG);
}

Test(pages, the_page_of_a_failed_check_offers_what_ends_it)
{
	look_at_as(LEA, "CRY-1", "4\n");
	expect_screen(&page_screen);
	expect_shows("What you can do");
	expect_shows("run again");
	expect_shows("by a lead, with a reason");
	cr_expect(strstr(screen_text(), "result") < strstr(screen_text(), "What you can do"), "%s", screen_text());
	cr_expect(strstr(screen_text(), "run again") < strstr(screen_text(), "by a lead"), "%s", screen_text());
	press(key_press(PRESS_ENTER));
	cr_expect(workbench.dialog && workbench.dialog->spec == &more_dialog, "%s", screen_text());
	expect_shows("(*) process the case again: run all checks");
	close_workbench();
	look_at_as(LEA, "CRY-1", "4\nj\n");
	cr_expect(workbench.dialog && workbench.dialog->spec == &waive_dialog, "%s", screen_text());
	close_workbench();
	inspect("CRY-1", "4\nj\n");
	cr_expect_null(workbench.dialog, "a reviewer reads who may");
	expect_shows("lead");
	close_workbench();
	inspect("CRY-1", "4j\n");
	expect_screen(&page_screen);
	cr_expect_not(shows("What you can do"), "a passed check asks for nothing: %s", screen_text());
}

Test(pages, a_result_to_judge_shows_what_was_found)
{
	inspect("CRY-1", "4jj\n");
	expect_screen(&page_screen);
	expect_shows("adverse_media.1: failed for ");
	press(key_press(PRESS_ENTER));
	cr_expect(workbench.dialog && workbench.dialog->spec == &judge_dialog, "%s", screen_text());
	expect_shows("cleared: another person, or nothing adverse");
	expect_shows("A later result");
}

/* The production rule: the reporter of a result does not judge it, and only a lead clears a sanctions screening. */
Test(pages, a_result_is_judged_by_a_colleague_and_cleared_by_a_lead)
{
	struct check failed;
	check_init(&failed);
	failed.kind = CHECK_WATCHLIST;
	failed.status = CHECK_FAILED;
	struct desk *desk = fixture_desk(&f, "rita", false);
	DESK(desk, "RAL-1", .verb = VERB_CHECK_REPORT, .capacity = CAPACITY_PROVIDER, .result = &failed);
	desk_close(desk);
	in_production = true;
	inspect("RAL-1", "4\n\n");
	expect_shows("You reported the result: a colleague must judge it.");
	cr_expect_null(workbench.dialog->form.confirm_label, "%s", screen_text());
	close_workbench();
	look_at_as(SAM, "RAL-1", "4\n\n");
	expect_shows("Only a lead can clear it.");
	cr_expect_not(shows("cleared: another person"), "%s", screen_text());
	close_workbench();
	look_at_as(LEA, "RAL-1", "4\n\n");
	expect_shows("cleared: another person");
	in_production = false;
}

Test(pages, a_correction_shows_what_the_client_said)
{
	inspect("ANS-1", "c5i");
	expect_screen(&page_screen);
	expect_shows("Client's answer");
	cr_expect_not(shows("That is it."), "masked as every text of a client is");
	type("R");
	expect_shows("That is it.");
}

Test(pages, who_was_declared_for_a_correction_came_back_with_it)
{
	struct desk *desk = fixture_desk(&f, "rita", false);
	const struct party_input input = {
		.name = "Rui Sol", .kind = PARTY_INDIVIDUAL, .roles = 1u << ROLE_DIRECTOR, .country = "PRT"
	};
	must(ask(&f, desk, "VER-1", "related_parties", NULL, NULL));
	DESK(desk, "VER-1", .verb = VERB_PARTY_ADD, .party = &input);
	DESK(desk, "VER-1", .verb = VERB_HAND_IN, .capacity = CAPACITY_CLIENT);
	desk_close(desk);
	inspect("VER-1", "5");
	expect_shows("— → Rui Sol");
	type("i");
	expect_screen(&page_screen);
	expect_shows("Client's answer");
	cr_expect_not(shows("no values or files recorded"), "%s", screen_text());
	expect_shows("Rui Sol");
}

/* --- the record behind --- */

Test(pages, a_record_shows_its_hash_its_number_and_its_details)
{
	inspect("VER-1", "6\n");
	expect_screen(&page_screen);
	expect_shows("audit word");
	expect_shows("party.verify");
	const char *hash = sql_text(&f, "SELECT lower(hex(hash)) FROM audit_event WHERE action = 'party.verify'");
	cr_expect_eq(strlen(hash), 64);
	expect_shows(arena_printf(&arena, "%.32s", hash));
	expect_shows(hash + 32);
	expect_shows("basis_sha256");
}

Test(pages, a_record_leads_to_what_it_is_about_and_back)
{
	inspect("VER-1", "6\n");
	type("jjj\n");
	expect_shows("Ines Duarte · party of");
	press(key_press(PRESS_ESCAPE));
	expect_shows("audit word");
}

/* On a page, a document is opened and a hit is judged as in their tabs; a row of plain facts opens nothing. */
Test(pages, rows_of_a_page_open_what_the_tabs_open)
{
	static const struct {
		const char *ref, *keys;
		enum row_kind row;
		const struct screen_ops *screen;
		const struct dialog_spec *dialog;
	} rows[] = { { "REJ-1", "6\n", ROW_DOCUMENT, &viewer_screen, NULL },
		     { "HIT-1", "c4ji", ROW_HIT, NULL, &hit_dialog } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		inspect(rows[i].ref, rows[i].keys);
		expect_screen(&page_screen);
		struct page *page = top_page(&workbench);
		size_t at = 0;
		while (at < page->grid.row_count && page->grid.rows[at].kind != rows[i].row)
			at++;
		cr_assert_lt(at, page->grid.row_count, "%s: no such row:\n%s", rows[i].ref, screen_text());
		page->cursor = at;
		press(key_press(PRESS_ENTER));
		settle();
		if (rows[i].screen)
			expect_screen(rows[i].screen);
		cr_expect_eq(workbench.dialog ? workbench.dialog->spec : NULL, rows[i].dialog, "%s", rows[i].ref);
		close_workbench();
	}
}

/* --- sentences --- */

Test(pages, the_timeline_is_sentences)
{
	inspect("VER-1", "6");
	expect_shows("marked Ines Duarte as verified elsewhere: " LONG);
	cr_expect_not(shows("{\""), "raw details stand behind Enter only\n%s", screen_text());
	close_workbench();
	inspect("PEP-1", "6");
	expect_shows("marked Harbor Lane on L as true match, before: open: The same person");
	close_workbench();
	inspect("REJ-1", "6");
	expect_shows("rejected Memorandum and articles");
	close_workbench();
	inspect("SNO-1", "6");
	expect_shows(": " LONG);
	close_workbench();
	inspect("APP-1", "6");
	expect_shows("approved the case");
}

static const char *status_meaning(struct job *job, const char *action, const char *detail)
{
	static const struct frame frame = { .now = NOON };
	const struct audit_event item = { .action = action, .detail = detail, .actor = "ana", .role = "reviewer" };

	return event_sentence(&job->arena, &job->view, &item, &frame);
}

/* Fails if the word has no sentence: event_sentence() then returns the word unchanged. */
static void expect_told(const char *word)
{
	struct job *job = harbour_case();
	cr_expect_str_neq(status_meaning(job, word, "{}"), word, "%s has no sentence", word);
	job_free(job);
}

/* Every action of the audit log in the store has a sentence. */
Test(pages, no_record_of_the_store_is_without_words)
{
	const char *words = sql_text(&f, "SELECT group_concat(DISTINCT action) FROM audit_event");
	size_t count = 0;
	for (char *at = arena_strdup(&arena, words), *word; (word = strsep(&at, ",")); count++)
		expect_told(word);
	cr_expect_gt(count, 15, "%s", words);
}

Test(pages, the_timeline_stays_on_the_newest_record_and_else_on_the_one_it_stands_on)
{
	inspect("VER-1", "6");
	const char *first = arena_strdup(&arena, case_model_row(&top_case(&workbench)->model)->ref);
	type("c");
	const char *second = arena_strdup(&arena, case_model_row(&top_case(&workbench)->model)->ref);
	cr_expect_gt(atoi(second), atoi(first), "the claim is the newest now");
	type("j");
	cr_expect_str_eq(case_model_row(&top_case(&workbench)->model)->ref, first);
	type("mmore\n");
	cr_expect_str_eq(case_model_row(&top_case(&workbench)->model)->ref, first);
}

TestSuite(sentences);

Test(sentences, every_verb_of_the_table_has_its_sentence)
{
	for (int verb = 0; verb < VERB_COUNT; verb++) {
		if (!(use_cases[verb].needs & NEED_NO_RECORD))
			expect_told(use_cases[verb].audit_action);
	}
}

Test(sentences, what_a_record_does_not_say_is_left_out_and_nothing_else)
{
	struct job *job = harbour_case();
	cr_expect_str_eq(status_meaning(job, "session.undo", "{\"kind\":\"approve\"}"),
			 "undid the decision to approve");
	cr_expect_str_eq(status_meaning(job, "session.undo",
					"{\"kind\":\"approve\",\"from\":\"approved\",\"to\":\"manual_review\","
					"\"level_from\":\"REGULAR\",\"level_to\":\"LIGHT\"}"),
			 "undid the decision to approve: approved to manual review, level REGULAR to LIGHT");
	cr_expect_str_eq(
		status_meaning(job, "review.undo", "{\"party\":\"gone\",\"action\":\"party.remove\",\"undone\":3}"),
		"undid the removal of a removed party");
	cr_expect_str_eq(
		status_meaning(job, "review.undo",
			       "{\"correction\":\"x\",\"step\":\"company_info\",\"action\":\"correction.accept\"}"),
		"undid the acceptance of the answer to company_info");
	cr_expect_str_eq(status_meaning(job, "review.undo",
					"{\"document\":\"document-1\",\"type\":\"PROOF_OF_ADDRESS\","
					"\"action\":\"document.accept\",\"from\":\"accepted\","
					"\"to\":\"unreviewed\"}"),
			 "undid the acceptance of PROOF_OF_ADDRESS, address.pdf: accepted to unreviewed");
	cr_expect_str_eq(status_meaning(job, "review.undo", "{\"action\":7}"), "undid the change");
	cr_expect_str_eq(status_meaning(job, "claim", "{\"reviewer\":\"ana\"}"), "claimed the case");
	cr_expect_str_eq(status_meaning(job, "session.validate", "{\"failures\":0}"),
			 "validated the case: no rule is broken");
	cr_expect_str_eq(status_meaning(job, "session.validate", "{\"failures\":1}"),
			 "validated the case: 1 rule is broken");
	cr_expect_str_eq(status_meaning(job, "check.report",
					"{\"check\":\"watchlist\",\"to\":\"passed\",\"hits\":0,"
					"\"opened\":0,\"reported_as\":\"provider\"}"),
			 "reported the check watchlist: passed, as provider");
	cr_expect_str_eq(status_meaning(job, "check.report",
					"{\"check\":\"watchlist\",\"from\":\"passed\",\"to\":\"hit\","
					"\"hits\":2,\"opened\":1}"),
			 "reported the check watchlist: hit, before: passed; 2 hits, 1 new");
	cr_expect_str_eq(status_meaning(job, "claim", "{\"renewed\":true}"), "claimed the case again");
	cr_expect_str_eq(status_meaning(job, "assign", "{\"from\":\"mary_ann\",\"to\":\"bo_b\"}"),
			 "assigned the case to bo_b, from mary_ann");
	cr_expect_str_eq(status_meaning(job, "party.remove", "{\"party\":\"gone\",\"erased\":true,\"as\":\"client\"}"),
			 "removed a removed party, with its KYC session, as client");
	job_free(job);
}

/* Tests the sentence of each record, also if the case no longer has the data that the record names. */
Test(sentences, what_a_record_says_is_told_whole)
{
	static const struct {
		const char *action, *detail, *output;
	} records[] = {
		{ "parties.verified", "{\"subsession\":\"5e551011-0000-4000-8000-000000000001\"}",
		  "recorded all required parties as verified, with the KYC of Ines Duarte" },
		{ "parties.verified", "{\"subsession\":\"5e551011-0000-4000-8000-000000000009\"}",
		  "recorded all required parties as verified, with a KYC session" },
		{ "party.unverified", "{}", "recorded a KYC session as no longer verified" },
		{ "note.add", "{\"note\":7}", "wrote a note: Called the bank" },
		{ "note.add", "{\"note\":8}", "wrote a note" },
		{ "note.add", "{}", "wrote a note" },
		{ "session.approve_first", "{\"decision\":3}", "gave the first of two approvals: all is well" },
		{ "session.undo_first", "{\"decision\":3}", "undid the first of two approvals" },
		{ "session.approve", "{\"decision\":4,\"first\":3,\"first_by\":\"ana\"}",
		  "approved the case, second approval after ana" },
		{ "session.approve", "{\"decision\":4}", "approved the case" },
		{ "session.approve", "{\"decision\":5,\"level_from\":\"LIGHT\",\"level_to\":\"REGULAR\"}",
		  "approved the case, level LIGHT to REGULAR" },
		{ "session.reject", "{\"decision\":5}", "rejected the case: own code: not with us" },
		{ "party.edit", "{\"party\":\"party-1\",\"identity\":true}", "changed Ines Duarte: identity" },
		{ "party.edit", "{\"party\":\"party-1\",\"ownership\":true}", "changed Ines Duarte: ownership" },
		{ "party.edit", "{\"party\":\"party-1\",\"ownership\":true,\"identity\":true,\"as\":\"client\"}",
		  "changed Ines Duarte: identity and ownership, as client" },
		{ "party.edit", "{\"party\":\"party-1\"}", "changed Ines Duarte" },
		{ "session.bring", "{\"name\":true,\"tax_id\":true,\"website\":false}",
		  "imported new values of the session: name, tax id" },
		{ "session.bring", "{}", "imported new values of the session" },
		{ "session.import", "{\"result\":\"updated\",\"status\":\"manual_review\"}",
		  "imported the case again: manual review" },
		{ "session.import", "{\"result\":\"created\"}", "imported the case" },
		{ "session.validate", "{\"failures\":0}", "validated the case: no rule is broken" },
		{ "session.validate", "{\"failures\":1}", "validated the case: 1 rule is broken" },
		{ "session.validate", "{\"failures\":2}", "validated the case: 2 rules are broken" },
		{ "check.report", "{\"check\":\"watchlist\",\"to\":\"hit\",\"hits\":1,\"opened\":0}",
		  "reported the check watchlist: hit; 1 hit, 0 new" },
		{ "check.report", "{\"check\":\"watchlist\",\"to\":\"passed\",\"hits\":0,\"opened\":0}",
		  "reported the check watchlist: passed" },
		{ "check.waive", "{\"check\":\"crypto\",\"from\":\"error\"}",
		  "waived the check crypto, before: error" },
		{ "session.results", "{\"final_decision\":\"approved\",\"reported_as\":\"client\"}",
		  "reported results: approved, as client" },
		{ "subsession.remove", "{\"party\":\"party-0\",\"erased\":true}",
		  "removed the KYC session of Lane Holdings BV, with all its data" },
		{ "document.open", "{\"document\":\"document-0\",\"side\":\"back\"}",
		  "opened BUSINESS_NUMBER, number.pdf, back" },
		{ "session.snooze", "{\"until\":\"2026-11-24T00:00:00Z\"}", "snoozed the case until 24 Nov 00:00" },
	};
	struct job *job = harbour_case();
	struct case_file *file = &job->view.file;
	struct note note = { .row = 7, .text = "Called the bank", .document = "", .hit = "" };
	struct decision decisions[2];
	memset(decisions, 0, sizeof decisions);
	for (size_t i = 0; i < 2; i++) {
		decisions[i].number = i ? 5 : 3;
		decisions[i].reason = decisions[i].note = "";
	}
	decisions[0].note = "all is well";
	file->notes = &note;
	file->note_count = 1;
	file->decisions = decisions;
	file->decision_count = 2;
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		bool rejected = !strcmp(records[i].action, "session.reject");
		decisions[1].reason = rejected ? "own_code" : "";
		decisions[1].note = rejected ? "not with us" : "";
		const char *output = status_meaning(job, records[i].action, records[i].detail);
		cr_expect_str_eq(output, records[i].output, "%s %s: %s", records[i].action, records[i].detail, output);
	}
	job_free(job);
}

Test(sentences, why_a_party_was_removed_stands_with_its_removal_alone)
{
	struct job *job = harbour_case();
	remove_an_owner(job);
	cr_expect_str_eq(status_meaning(job, "party.remove", "{\"party\":\"party-9\"}"),
			 "removed Old Owner: sold his share");
	cr_expect_null(strstr(status_meaning(job, "party.edit", "{\"party\":\"party-9\"}"), "sold his share"));
	job_free(job);
}

TestSuite(party_page);

Test(party_page, who_owns_nothing_is_said_to_own_nothing)
{
	struct job *job = harbour_case();
	struct page *page = page_new(&party_page, "party-1");
	struct frame frame = { .now = NOON };
	job->view.file.parties[1].share_count = 0;
	page_fill(page, job, &frame);
	const char *output = NULL;
	for (size_t i = 0; i < page->grid.row_count; i++)
		if (page->grid.rows[i].cells[0].text && !strcmp(page->grid.rows[i].cells[0].text, "owns"))
			output = page->grid.rows[i].cells[1].text;
	cr_expect(output && !strcmp(output, "no declared share"), "%s", output ? output : "no word of it");
	page_free(page);
	job_free(job);
}

/* A page that has become shorter keeps the cursor at its end. */
Test(party_page, the_cursor_of_a_shorter_page_stands_on_its_last_row)
{
	struct job *job = harbour_case();
	struct page *page = page_new(&party_page, "party-1");
	struct frame frame = { .now = NOON };
	page_fill(page, job, &frame);
	cr_assert_gt(page->grid.row_count, 3);
	page->cursor = page->grid.row_count;
	page_fill(page, job, &frame);
	cr_expect_eq(page->cursor, page->grid.row_count - 1);
	cr_expect_neq(page->grid.rows[page->cursor].kind, ROW_HEADING, "and that is a row");
	page->cursor = page->grid.row_count - 2;
	page_fill(page, job, &frame);
	cr_expect_eq(page->cursor, page->grid.row_count - 2);
	page_free(page);
	job_free(job);
}

Test(sentences, a_record_that_cannot_be_read_or_is_not_known_is_said_by_its_word)
{
	struct job *job = harbour_case();
	cr_expect_str_eq(status_meaning(job, "not.yet", "{}"), "not.yet");
	cr_expect_str_eq(status_meaning(job, "document.accept", "no JSON"), "accepted a document");
	cr_expect_str_eq(status_meaning(job, "document.accept", "{\"document\":7,\"type\":[\"x\"]}"),
			 "accepted a document");
	cr_expect_str_eq(status_meaning(job, "step.edit", "{\"step\":\"{why}[x]\"}"),
			 "changed the values of the step {why}[x]", "what is filled in is not a template");
	job_free(job);
}

/* --- hostile texts from a watchlist, a client or an import --- */

#define TURN "\\u202e"
#define MANY 500

/* Adds many hits with direction overrides, a hit without details, and a party with a colour code in its name. */
static void add_hostile(void)
{
	struct strbuf more = STRBUF_INIT;
	strbuf_adds(&more, ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"detail\":{\"" TURN "key\":\"" TURN
			   "value\"},\"hits\":[");
	for (unsigned i = 0; i < MANY; i++)
		strbuf_addf(&more,
			    "{\"name\":\"%u " TURN "senI\",\"list\":\"L" TURN "\",\"score\":0.5,\"detail\":"
			    "{\"aliases\":[\"" TURN "x\"],\"dob\":\"19\",\"remarks\":\"" TURN "{why}[x]\"}},",
			    i);
	strbuf_adds(&more, "{\"name\":\"Nobody\",\"list\":\"\"}]}]");
	f.ada = fixture_desk(&f, "ada", false);
	fixture_kyb(&f, &(struct kyb){ .ref = "HOS-1", .more = more.buf });
	strbuf_release(&more);
	desk_close(f.ada);
	f.ada = NULL;
	sql_run(&f, "UPDATE party SET name = 'Ines' || char(8238) || char(27) || '[31mDuarte' WHERE session_id = "
		    "(SELECT id FROM session WHERE external_ref = 'HOS-1')");
}

static void expect_harmless(const char *where)
{
	const char *text = screen_text();
	cr_expect_null(strstr(text, "\u202e"), "%s: the line is turned round", where);
	for (const char *c = text; *c; c++)
		cr_expect((unsigned char)*c >= ' ' || *c == '\n', "%s: control character %d", where, *c);
}

Test(pages, hostile_words_of_a_list_are_shown_as_marks_and_many_hits_as_rows)
{
	static const struct {
		const char *keys, *shows;
	} places[] = { { "4", "watchlist" },	       { "4i", "Hits (501)" }, { "4iG", "Nobody" },
		       { "4j\n", "the list's entry" }, { "4G\n", "Nobody" },   { "3i", "Identity" },
		       { "6", "imported the case" },   { "6\n", "audit word" } };
	add_hostile();
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		inspect("HOS-1", places[i].keys);
		expect_harmless(places[i].keys);
		expect_shows(places[i].shows);
		close_workbench();
	}
}

Test(pages, without_room_nothing_is_drawn)
{
	static const struct box boxes[] = { { 2, 2, 3, 40 }, { 2, 2, 20, 3 }, { 2, 2, 0, 0 }, { 2, 2, 20, 1 } };
	inspect("RAL-1", "3i");
	expect_screen(&page_screen);
	for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
		surface_begin(&workbench.surface, 30, 100);
		page_draw(top_page(&workbench), &workbench.surface, boxes[i], GRID_FOCUSED, ZONE_GRID);
		cr_expect_eq(strspn(screen_text(), " \n"), strlen(screen_text()), "%zux%zu:\n%s", boxes[i].rows,
			     boxes[i].cols, screen_text());
	}
}
