/*
 * Opens, fills in and confirms each dialog that does something, on a real store: the action is done, the message names
 * the action and the case, and the dialog closes. matrix_test.c tests for which roles each dialog opens.
 */
#include "places.h"

TestSuite(ui_actions, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static const struct ui_action_row {
	enum who who;
	const char *ref, *keys;
	const char *says;	  /* beginning of the status line afterwards */
	const char *sql, *wanted; /* in the SQL, c is the case; "": checks only the status line */
} ui_actions[] = {
	{ RITA, "CRY-1", "4jj\n\n\tund\tthe article names nobody" SEND,
	  "✓ The result adverse_media.1 is judged undetermined, in Jo Reyes (CRY-1)",
	  "SELECT verdict || judged_by || judge_reason FROM result WHERE verdict <> ''",
	  "undeterminedritathe article names nobody" },
	{ LEA, "CRY-1", "4jj\n\n\tcle\tanother person of that name" SEND,
	  "✓ The result adverse_media.1 is judged cleared, in Jo Reyes (CRY-1)",
	  "SELECT verdict || judged_by FROM result WHERE verdict <> ''", "clearedlea" },
	{ LEA, "CRY-1", "4\nj\n\tseen on paper, by hand" SEND, "✓ Waived crypto of Jo Reyes (CRY-1)",
	  "SELECT status FROM check_result WHERE kind = 'crypto' AND session_id = (SELECT id FROM c)", "waived" },
	{ LEA, "GAP-1", "\n\tdis\tnobody owns much of it" SEND,
	  "✓ Recorded undeclared ownership as dispersed in Harbour Lane Trading Ltd (GAP-1)",
	  "SELECT gap_reason FROM session WHERE id = (SELECT id FROM c)", "dispersed" },
	{ LEA, "DUP-1", "\n\ttwo\tanother firm of that number" SEND,
	  "✓ Not the same applicant: Harbour Lane Trading Ltd and Harbour Lane Trading Ltd (DUP-1)", "", "" },
	{ RITA, "RAL-1", "3+Rui Sol\t\t\tdir \t1980-01-02\tPort" SEND,
	  "✓ Declared Rui Sol in Harbour Lane Trading Ltd (RAL-1)",
	  "SELECT kind || country || date_of_birth FROM party WHERE name = 'Rui Sol' AND session_id = (SELECT id "
	  "FROM c)",
	  "individualPRT1980-01-02" },
	{ RITA, "RAL-1", "3+Sol SA\t\t20\tsha \t\tPort\tcom" SEND,
	  "✓ Declared Sol SA in Harbour Lane Trading Ltd (RAL-1)",
	  "SELECT p.kind || s.percent FROM party p JOIN party_share s ON s.party_id = p.id WHERE name = 'Sol SA' "
	  "AND session_id = (SELECT id FROM c)",
	  "company20" },
	{ RITA, "BAR-1", "3+Ines Duarte\t\t\tdir \t1984-02-11\tPort\t\tDirector\tcopy" SEND,
	  "✓ Declared Ines Duarte, with a copy of the earlier KYC, in Quay Ltd (BAR-1)",
	  "SELECT count(*) FROM party p JOIN session k ON k.id = p.session_id WHERE p.name = 'Ines Duarte' AND "
	  "p.session_id = (SELECT id FROM c)",
	  "1" },
	{ RITA, "BAR-1", "3e\tX" SEND, "✓ Saved Ana SousaX in Quay Ltd (BAR-1)",
	  "SELECT name FROM party WHERE session_id = (SELECT id FROM c)", "Ana SousaX" },
	{ RITA, "RAL-1", "3d\tsold her share" SEND, "✓ Removed Ines Duarte from Harbour Lane Trading Ltd (RAL-1)",
	  "SELECT count(*) FROM party WHERE session_id = (SELECT id FROM c) AND removed_at IS NULL", "0" },
	{ RITA, "BAR-1", "3K" SEND,
	  "✓ Ana Sousa has a KYC session now, in Quay Ltd (BAR-1): Enter opens it, l makes the client's link", "", "" },
	{ LEA, "DOC-1", "3V\tseen in the register" SEND,
	  "✓ Verified elsewhere: Ines Duarte of Harbour Lane Trading Ltd (DOC-1)", "", "" },
	{ LEA, "VER-1", "3V\t " SEND, "✓ No longer verified elsewhere: Ines Duarte of Harbour Lane Trading Ltd (VER-1)",
	  "", "" },
	{ LEA, "BAR-1", "3K" SEND ":remove-kyc\n" SEND "\tit was for somebody else\t " SEND,
	  "✓ Removed the KYC session of Ana Sousa from Quay Ltd (BAR-1)", "", "" },
	{ RITA, "RAL-1", "x\t \tSend it again, please." SEND,
	  "✓ Requested corrections from Harbour Lane Trading Ltd (RAL-1)",
	  "SELECT status FROM session WHERE id = (SELECT id FROM c)", "awaiting_client_correction" },
	{ RITA, "RAL-1", "x\tfield \tSay more of it, please." SEND,
	  "✓ Requested corrections from Harbour Lane Trading Ltd (RAL-1)",
	  "SELECT fields || document_types || message FROM correction WHERE session_id = (SELECT id FROM c)",
	  "[\"business_activity\"][]Say more of it, please." },
	{ RITA, "RAL-1", "x\tdocument" STEP_DOWN STEP_DOWN " \tSend it again, please." SEND,
	  "✓ Requested corrections from Harbour Lane Trading Ltd (RAL-1)",
	  "SELECT fields || document_types || message FROM correction WHERE session_id = (SELECT id FROM c)",
	  "[][\"PROOF_OF_ADDRESS\"]Send it again, please." },
	{ RITA, "RAL-1", "r\tBus" SEND, "✓ Rejected Harbour Lane Trading Ltd (RAL-1)",
	  "SELECT status FROM session WHERE id = (SELECT id FROM c)", "rejected" },
	{ RITA, "DOC-1", "2Ay", "✓ Accepted Memorandum and articles of association of Harbour Lane Trading Ltd (DOC-1)",
	  "SELECT count(*) FROM document WHERE session_id = (SELECT id FROM c) AND review = 'accepted'", "1" },
	{ RITA, "DOC-1", "2XBl" SEND,
	  "✓ Rejected Memorandum and articles of association of Harbour Lane Trading Ltd (DOC-1)",
	  "SELECT review_reason FROM document WHERE session_id = (SELECT id FROM c) AND review = 'rejected'",
	  "blurry" },
	{ RITA, "ANS-1", "5A", "✓ Accepted the correction of Company information in Harbour Lane Trading Ltd (ANS-1)",
	  "SELECT state FROM correction WHERE session_id = (SELECT id FROM c)", "accepted" },
	{ RITA, "RAL-1", "z\t3\tthe register is closed" SEND, "✓ Snoozed Harbour Lane Trading Ltd (RAL-1)", "", "" },
	{ RITA, "SNO-1", "z" SEND, "✓ Back in the queue: Jo Reyes (SNO-1)", "", "" },
	{ RITA, "RAL-1", "c", "✓ You hold Harbour Lane Trading Ltd (RAL-1)", "", "" },
	{ RITA, "RAL-1", "mA note.\n", "✓ Saved the note on Harbour Lane Trading Ltd (RAL-1)",
	  "SELECT text FROM note WHERE session_id = (SELECT id FROM c)", "A note." },
	{ LEA, "RAL-1", ":assign\n" SEND "ri" SEND, "✓ Assigned Harbour Lane Trading Ltd (RAL-1) to rita", "", "" },
	{ LEA, "HEL-1", "cy", "✓ You hold Jo Reyes (HEL-1)", "", "" },
	{ RITA, "RAL-1", ":validate\n" SEND, "✓ Validated Harbour Lane Trading Ltd (RAL-1): no rule is broken", "",
	  "" },
	{ RITA, "COM-1", ":escalate\n" SEND, "✓ Escalated Jo Reyes (COM-1)",
	  "SELECT status FROM session WHERE id = (SELECT id FROM c)", "manual_review" },
	{ RITA, "ASK-1", ":withdraw\n" SEND, "✓ Withdrew the corrections of Harbour Lane Trading Ltd (ASK-1)",
	  "SELECT state FROM correction WHERE session_id = (SELECT id FROM c)", "withdrawn" },
	{ LEA, "EXP-1", ":reactivate\n" SEND, "✓ Reactivated Jo Reyes (EXP-1)", "", "" },
	{ LEA, "APP-1", ":reopen\n\t\tit was the wrong firm" SEND, "✓ Reopened Jo Reyes (APP-1)",
	  "SELECT status FROM session WHERE id = (SELECT id FROM c)", "manual_review" },
	{ RITA, "HIT-1", "4j\n\tfa\tDifferent n" SEND,
	  "✓ Harbor Lane is a false positive, in Harbour Lane Trading Ltd (HIT-1)",
	  "SELECT h.state || h.reason FROM hit h JOIN check_result c ON c.id = h.check_id WHERE "
	  "c.session_id = (SELECT id FROM c)",
	  "false_positivedifferent_name" },
	{ RITA, "HIT-1", "4j\n\ttr\tThe" SEND, "✓ Harbor Lane is a true match, in Harbour Lane Trading Ltd (HIT-1)",
	  "SELECT h.state FROM hit h JOIN check_result c ON c.id = h.check_id WHERE c.session_id = (SELECT id FROM "
	  "c)",
	  "true_match" },
	{ LEA, "PEP-1", "4j\n\tco\tknown, and no danger" SEND,
	  "✓ Accepted the match Harbor Lane of Harbour Lane Trading Ltd (PEP-1)",
	  "SELECT h.state FROM hit h JOIN check_result c ON c.id = h.check_id WHERE c.session_id = (SELECT id FROM "
	  "c)",
	  "accepted" },
	{ RITA, "RAL-1", "vch" SEND "bus\tfishing\tthey said so on the phone" SEND,
	  "✓ Changed the step company_info of Harbour Lane Trading Ltd (RAL-1)", "", "" },
	{ LEA, "DRA-1", ":delete\n" SEND "\tit was a test of ours\t " SEND, "✓ Deleted Quay Ltd (DRA-1)",
	  "SELECT count(*) FROM session WHERE external_ref = 'DRA-1'", "0" },
	{ LEA, "ALE-1", ":close-alert\n\t\tlooked at it again" SEND, "✓ Closed the alert on Jo Reyes (ALE-1)", "", "" },
	{ LEA, "CON-1", ":confirm\n" SEND, "✓ Confirmed the judgements of Harbour Lane Ltd (CON-1): 4 confirmed", "",
	  "" },
	{ RITA, "COM-1", ":process\n" SEND, "✓ Started processing of Jo Reyes (COM-1)", "", "" },
	{ RITA, "KYC-1", "ay", "✓ Approved Jo Reyes (KYC-1) · no webhook endpoint at northwind-pay",
	  "SELECT status FROM session WHERE id = (SELECT id FROM c)", "approved" },
	{ RITA, "KYC-1", "ayu", "✓ Undone: approval of Jo Reyes (KYC-1) · nothing was sent",
	  "SELECT status FROM session WHERE id = (SELECT id FROM c)", "manual_review" },
	{ RITA, "KYC-1", "ayUap" SEND, "✓ Undone: approval of Jo Reyes (KYC-1) · nothing was sent",
	  "SELECT status FROM session WHERE id = (SELECT id FROM c)", "manual_review" },
};

Test(ui_actions, each_is_done_and_said)
{
	for (size_t i = 0; i < sizeof ui_actions / sizeof *ui_actions; i++) {
		const struct ui_action_row *row = &ui_actions[i];
		begin_at(row->who, row->ref, row->keys);
		cr_expect_null(workbench.dialog, "%s %s:\n%s", row->ref, row->keys, screen_text());
		const char *line = status_line() + strspn(status_line(), " ");
		cr_expect(!strncmp(line, row->says, strlen(row->says)), "%s %s says: %s", row->ref, row->keys, line);
		const char *is = !row->sql[0] ? ""
					      : sql_text(&f, arena_printf(&arena,
									  "WITH c AS (SELECT id FROM session WHERE "
									  "external_ref = '%s') %s",
									  row->ref, row->sql));
		cr_expect_str_eq(is, row->wanted, "%s %s: %s", row->ref, row->keys, is);
	}
}

Test(ui_actions, a_link_without_end_is_not_said_to_become_longer)
{
	open_at(RITA, "DOC-1", "3l");
	cr_expect(shows("link until  the case is decided"), "%s", screen_text());
	type(SEND);
	cr_expect(shows("until       the case is decided"), "%s", screen_text());
	type(ESC "l\t7");
	cr_expect(shows("The link is valid until the decision and cannot be extended."), "%s", screen_text());
	type(SEND);
	cr_expect_null(workbench.dialog, "%s", screen_text());
	cr_expect(strstr(status_line(), "✓ Extended the link of Ines Duarte until the case is decided"), "%s",
		  status_line());
}

Test(ui_actions, a_link_with_an_end_gets_its_days)
{
	sql_run(&f, "UPDATE session SET expires_at = 1793702400000 + 40 * 86400000");
	open_at(RITA, "DOC-1", "3l" SEND);
	type(ESC "l\t7");
	cr_expect(shows("The current link is extended by 7 days."), "%s", screen_text());
	type(SEND);
	cr_expect(strstr(status_line(), "✓ Extended the link of Ines Duarte until 20 Dec 10:40"), "%s", status_line());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM session WHERE expires_at = 1793702400000 + 47 * 86400000"), 1);
}

static void save_as(const char *path)
{
	type(":save-document\n" SEND "\t");
	for (size_t left = strlen(dialog_get_text(workbench.dialog, 0)); left > 0; left--)
		press(key_press(PRESS_BACKSPACE));
	type(arena_printf(&arena, "%s" SEND, path));
}

Test(ui_actions, a_document_is_saved_to_a_new_file_and_never_into_the_store)
{
	static const char *const ends[] = { ".key", "-journal", "-documents/mine" };
	const char *outside = arena_printf(&arena, "%s/mine.pdf", f.folder);
	open_at(RITA, "DOC-1", "2");
	cr_assert_eq(unlink(arena_printf(&arena, "%s.key", f.path)), 0);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const char *path = arena_printf(&arena, "%s%s", f.path, ends[i]);
		save_as(path);
		cr_assert(workbench.dialog, "%s", screen_text());
		cr_expect(strstr(workbench.dialog->problem, "belongs to the store itself"), "%s",
			  workbench.dialog->problem);
		cr_expect_neq(access(path, F_OK), 0, "%s", path);
		press(key_press(PRESS_ESCAPE));
	}
	save_as(outside);
	cr_expect_null(workbench.dialog, "%s", screen_text());
	cr_expect_eq(access(outside, F_OK), 0);
	cr_expect(strstr(status_line(), "✓ Saved"), "%s", status_line());
	save_as(outside);
	cr_assert(workbench.dialog, "%s", screen_text());
	cr_expect(strstr(workbench.dialog->problem, "already exists"), "%s", workbench.dialog->problem);
	press(key_press(PRESS_ESCAPE));
}

/* The permission ends before the confirmation: nothing is done, and the dialog says why and keeps its text. */
Test(ui_actions, what_is_refused_at_the_last_moment_is_said_and_nothing_is_done)
{
	for (size_t i = 0; i < sizeof ui_actions / sizeof *ui_actions; i++) {
		const struct ui_action_row *row = &ui_actions[i];
		size_t length = strlen(row->keys);
		if (row->keys[length - 1] != *SEND)
			continue;
		begin_at(row->who, row->ref, arena_strndup(&arena, row->keys, length - 1));
		cr_assert(workbench.dialog, "%s %s", row->ref, row->keys);
		sql_run(&f, "UPDATE reviewer SET role = 'viewer'");
		int64_t before = sql_int(&f, "SELECT count(*) FROM audit_event");
		type(SEND);
		cr_assert(workbench.dialog, "%s %s is done:\n%s", row->ref, row->keys, screen_text());
		cr_expect(strstr(workbench.dialog->problem, "viewer"), "%s %s says: %s", row->ref, row->keys,
			  workbench.dialog->problem);
		cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event"), before, "%s %s", row->ref, row->keys);
	}
}

/* Once a document is shown, A asks only about its values, even while the case is read again in the background. */
Test(ui_actions, a_document_on_the_screen_counts_as_shown_though_the_case_was_read_before)
{
	const struct key enter = key_press(PRESS_ENTER), accept = key_char('A');
	open_at(RITA, "DOC-1", "2");
	workbench_handle_key(&workbench, &enter);
	cr_assert(top_viewer(&workbench), "%s", screen_text());
	workbench_handle_key(&workbench, &accept);
	cr_assert(workbench.dialog, "it was not read yet");
	press(key_press(PRESS_ESCAPE));
	workbench_handle_key(&workbench, &enter);
	workbench_draw(&workbench, 30, 100);
	cr_expect(shows("Esc back") && !shows("accept it"), "it is offered once it is read:\n%s", screen_text());
	while (!top_viewer(&workbench)->job)
		take_next();
	workbench_draw(&workbench, 30, 100);
	looks_note_frame(&workbench);
	cr_expect(shows("A accept it"), "%s", screen_text());
	workbench_handle_key(&workbench, &accept);
	settle();
	cr_expect(shows("0 of 1 required values were found in its text"), "%s", screen_text());
	cr_expect(!shows("not shown") && !shows("not on record"), "%s", screen_text());
	type("y");
	cr_expect(strstr(status_line(), "✓ Accepted Memorandum and articles of"), "%s", screen_text());
}

#define OF(ref) " WHERE session_id = (SELECT id FROM session WHERE external_ref = '" ref "')"
#define AND_SEEN(ref) "; UPDATE session SET version = version + 1 WHERE external_ref = '" ref "'"

/* If a colleague changed the case after the dialog was read, the dialog reloads and names the change. */
Test(ui_actions, what_is_gone_by_the_time_it_is_confirmed_is_said_and_nothing_is_done)
{
	static const struct {
		enum who who;
		const char *ref, *keys, *meanwhile, *says;
	} rows[] = {
		{ RITA, "BAR-1", "3e\tX",
		  "UPDATE party SET removed_at = 1, removed_by = 'bo'" OF("BAR-1") AND_SEEN("BAR-1"),
		  "The party no longer exists; it was removed meanwhile." },
		{ RITA, "RAL-1", "3d\tsold her share",
		  "UPDATE party SET removed_at = 1, removed_by = 'bo'" OF("RAL-1") AND_SEEN("RAL-1"),
		  "The party no longer exists." },
		{ LEA, "DOC-1", "3V\tseen in the register",
		  "UPDATE party SET removed_at = 1, removed_by = 'bo'" OF("DOC-1") AND_SEEN("DOC-1"),
		  "The party no longer exists." },
		{ LEA, "DUP-1", "\n\ttwo\tanother firm of that number",
		  "UPDATE session SET tax_id = '', tax_key = '' WHERE external_ref = 'DUP-2'" AND_SEEN("DUP-1"),
		  "The two cases no longer share any value." },
		{ LEA, "GAP-1", "\n\tdis\tnobody owns much of it",
		  "UPDATE party_share SET percent = '80'" AND_SEEN("GAP-1"),
		  "No undeclared share is large enough to hide an owner." },
		{ RITA, "HIT-1", "4j\n\tfa\tDifferent n",
		  "DELETE FROM hit WHERE check_id = (SELECT id FROM check_result" OF("HIT-1") ")" AND_SEEN("HIT-1"),
		  "The hit is no longer part of the case" },
		{ RITA, "DOC-1", "2A",
		  "UPDATE document SET review = 'accepted', reviewed_by = 'bo'" OF("DOC-1") AND_SEEN("DOC-1"),
		  "The document is already accepted." },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin_at(rows[i].who, rows[i].ref, rows[i].keys);
		cr_assert(workbench.dialog, "%s %s:\n%s", rows[i].ref, rows[i].keys, screen_text());
		sql_run(&f, rows[i].meanwhile);
		int64_t before = sql_int(&f, "SELECT count(*) FROM audit_event");
		type(SEND);
		cr_expect(shows(rows[i].says), "%s %s: %s\n%s", rows[i].ref, rows[i].keys, rows[i].says, screen_text());
		cr_expect(!workbench.dialog || !workbench.dialog->form.confirm_label, "%s %s: it can be done still",
			  rows[i].ref, rows[i].keys);
		cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event"), before, "%s %s", rows[i].ref,
			     rows[i].keys);
	}
}

/* A key with nothing to do shows a message with its purpose or the existing state, and opens no dialog. */
Test(ui_actions, a_key_with_nothing_to_do_says_so)
{
	static const struct {
		enum who who;
		const char *ref, *keys, *says;
	} rows[] = {
		{ RITA, "RAL-1", "A", "A accepts the document under the cursor: 2 shows the documents" },
		{ RITA, "RAL-1", "3A", "A accepts the document under the cursor: 2 shows the documents" },
		{ RITA, "RAL-1", "X", "Select a document first: 2 shows the documents, then X rejects one" },
		{ RITA, "RAL-1", "2A", "Memorandum and articles of association is accepted already" },
		{ RITA, "RAL-1", "cRR", "The personal data is shown already" },
		{ RITA, "KYC-1", "3e", "No party under the cursor; + declares one" },
		{ RITA, "KYC-1", "3d", "No party under the cursor; + declares one" },
		{ LEA, "KYC-1", "3V", "No party under the cursor; + declares one" },
		{ RITA, "KYC-1", "3K", "No party under the cursor; + declares one" },
		{ RITA, "KYC-1", "3l", "No party under the cursor; + declares one" },
		{ RITA, "RAL-1", "3K", "Ines Duarte has a KYC session: Enter opens it" },
		{ RITA, "BAR-1", "3l", "Ana Sousa has no KYC session; K makes one" },
		{ RITA, "RAL-1", "1Gi", "i shows the details of a row in the tabs 2 to 6" },
		{ RITA, "RAL-1", "T",
		  "Choose a record first: 6 shows the timeline, then T shows the case before the record" },
		{ RITA, "RAL-1", "O", "O opens a document in another program: select a document first (2)" },
		{ RITA, "RAL-1", ":choose 12\n", "\"choose\" needs a number from 1 to 9, for example: choose 2" },
		{ RITA, "RAL-1", "N", "No earlier case was opened; n opens the next one" },
		{ RITA, "RAL-1", "u", "! Cannot undo: you have no verdict or removal in this case" },
		{ RITA, "RAL-1", "U", "! Cannot undo: you have no verdict or removal in this case" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin_at(rows[i].who, rows[i].ref, rows[i].keys);
		cr_expect_null(workbench.dialog, "%s %s:\n%s", rows[i].ref, rows[i].keys, screen_text());
		const char *line = status_line() + strspn(status_line(), " ·");
		cr_expect_str_eq(line, rows[i].says, "%s %s says: %s", rows[i].ref, rows[i].keys, line);
	}
}
