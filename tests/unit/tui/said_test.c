/*
 * Tests the messages of the workbench and the actions that it offers, on a real store and without a terminal:
 * announcements, undo, added and shown documents, the help, drafts.
 */
#include "places.h"

#include "support/process.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(output, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static void do_and_say(int who, const char *ref, const char *keys, const char *says)
{
	open_at(who, ref, keys);
	const char *text = workbench.status.text ? workbench.status.text : "nothing";
	const char *whole =
		arena_printf(&arena, "%s%s", text, workbench.status.message_end ? workbench.status.message_end : "");
	cr_expect_str_eq(whole, says, "%s %s says: %s", ref, keys, whole);
	close_workbench();
}

/* The webhook is sent when the grace time is over; without a grace time, it is sent at once. */
Test(output, a_decision_says_when_the_merchant_hears_of_it)
{
	put_back();
	f.ada = fixture_desk(&f, "ada", false);
	fixture_endpoint(&f);
	desk_close(f.ada);
	f.ada = NULL;
	do_and_say(RITA, "KYC-1", "ay", "Approved · webhook to northwind-pay in 10 s");
	do_and_say(RITA, "RAL-1", "ay", "Approved · LIGHT → REGULAR · webhook to northwind-pay in 10 s");
	do_and_say(RITA, "RAL-1", "u", "Undone: approval of · the level is LIGHT again · nothing was sent");
}

Test(output, rules_that_are_broken_are_counted)
{
	static const char *const tries[] = { "\"companyState\": \"SP\", \"countryTaxResidence\": \"BRA\"",
					     "\"uboIds\": [], \"companyState\": \"Sao Paulo\"" };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		put_back();
		f.ada = fixture_desk(&f, "ada", false);
		fixture_import(&f, arena_printf(&arena,
						"{\"external_ref\": \"AVE-1\", \"workflow\": \"avenia-kyb-level-1\", "
						"\"kind\": \"kyb\", \"merchant\": \"northwind-pay\", \"status\": "
						"\"manual_review\", \"subject\": {\"uid\": \"ave-1\", \"kind\": "
						"\"business\", \"name\": \"CAFE AURORA LTDA\", \"country\": \"BRA\"}, "
						"\"steps\": [{\"id\": \"company\", \"status\": \"completed\", "
						"\"fields\": {%s}}]}\n",
						tries[i]));
		DESK(f.ada, "AVE-1", .verb = VERB_VALIDATE);
		size_t broken = places_out.failures.count;
		desk_close(f.ada);
		f.ada = NULL;
		cr_assert_gt(broken, 1);
		do_and_say(RITA, "AVE-1", ":validate\n" SEND,
			   arena_printf(&arena, "Validated: %zu rules are broken", broken));
	}
}

/* Approving a party's KYC leads back to the parent case; `u` undoes the approval and opens the KYC again. */
Test(output, an_approval_of_a_party_can_be_taken_back_from_the_case_above)
{
	begin_at(RITA, "DOC-1", "3\n");
	cr_assert_eq(workbench.case_stack.count, 2, "%s", screen_text());
	const char *party = arena_strdup(&arena, top_case(&workbench)->id);
	type("ay");
	cr_assert_eq(workbench.status.undo_count, 1, "%s", screen_text());
	cr_expect_str_eq(workbench.status.undo_offers[0].id, party);
	cr_expect_str_eq(workbench.status.undo_offers[0].parent, workbench.case_stack.cases[0]->id);
	cr_expect_eq(workbench.case_stack.count, 1, "it leads back to the case above");
	cr_expect_str_eq(workbench.status.text, "Approved");
	cr_expect(strstr(workbench.status.message_end, " · all parties verified"));
	type("u");
	cr_expect_eq(workbench.case_stack.count, 2, "it is opened again, above its case");
	cr_expect_str_eq(top_case(&workbench)->id, party);
	cr_expect_eq(workbench.status.undo_count, 0);
}

Test(output, the_summary_tells_what_the_risk_is_made_of)
{
	static const struct {
		const char *json, *rows[3];
	} factors[] = {
		{ "[{\"code\":\"country\",\"points\":20,\"detail\":\"XKX\"},{\"code\":\"age\",\"points\":5},"
		  "{\"code\":\"sector\",\"detail\":\"fishing\"}]",
		  { "country  20  ▅▁▁▁▁  XKX", "age       5  ▁▁▁▁▁", "sector              fishing" } },
		{ "[{\"code\":\"country\"},{\"points\":5}]", { "Risk factors", "points", "country" } },
		{ "[]", { "look for", "Summary", "Subject" } },
	};
	for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
		put_back();
		sql_run(&f, arena_printf(&arena, "UPDATE session SET risk_factors = '%s' WHERE external_ref = 'RAL-1'",
					 factors[i].json));
		open_at(RITA, "RAL-1", "1");
		workbench_draw(&workbench, 60, 100);
		for (size_t r = 0; r < 3; r++)
			cr_expect(shows(factors[i].rows[r]), "%zu: %s", i, factors[i].rows[r]);
		cr_expect_eq(shows("Risk factors"), i < 2, "%zu", i);
	}
}

/* --- adding a document --- */

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	cr_assert_not_null(file, "%s", path);
	cr_assert_geq(fputs(text, file), 0);
	cr_assert_eq(fclose(file), 0);
}

static void refused(const char *keys, const char *why)
{
	type(keys);
	cr_assert(workbench.dialog, "%s: %s", keys, screen_text());
	cr_expect(strstr(workbench.dialog->problem, why), "%s: %s", keys, workbench.dialog->problem);
}

Test(output, a_document_is_added_with_its_type)
{
	const char *words = arena_printf(&arena, "%s/words.pdf", f.folder),
		   *viewer = arena_printf(&arena, "%s/paper.pdf", f.folder);
	put_back();
	write_file(words, "PASSPORT of Jo Reyes");
	write_file(viewer, "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n");
	open_at(RITA, "KYC-1", ":add-document\n" SEND);
	cr_assert(workbench.dialog && workbench.dialog->spec == &add_dialog, "%s", screen_text());
	cr_expect(shows("Choose the type by its first letters"), "%s", screen_text());
	refused(SEND, "Choose the type first");
	type("\tpassp");
	cr_expect(shows("wanted      Look for: the whole data page"), "%s", screen_text());
	refused(SEND, "Enter the path of the file");
	struct editor *path = &workbench.dialog->form.fields[2].editor;
	editor_set_text(path, "/nowhere/at/all.pdf");
	refused(SEND, "/nowhere/at/all.pdf");
	editor_set_text(path, words);
	refused(SEND, "none of the formats allowed for PASSPORT");
	editor_set_text(path, viewer);
	type(SEND);
	cr_expect_null(workbench.dialog, "%s", screen_text());
	cr_expect(strstr(status_line(), "✓ Added PASSPORT to Jo Reyes (KYC-1)"), "%s", status_line());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM document WHERE file_name = 'paper.pdf'"), 1);
}

/* --- after a decision --- */

Test(output, a_decision_leads_on_to_the_next_case_where_that_is_wished)
{
	for (int next = 0; next < 2; next++) {
		put_back();
		open_workbench(&people[RITA]);
		workbench.next_after_decision = next;
		arrive_at(&(const struct row){ .ref = "KYC-1" }, &people[RITA]);
		const char *decided = arena_strdup(&arena, top_case(&workbench)->id);
		type("a");
		cr_expect(shows(next ? "the next most urgent case opens" : "back to the inbox"), "%s", screen_text());
		type("y");
		cr_expect_eq(workbench.case_stack.count, next, "%s", screen_text());
		if (next)
			cr_expect_str_neq(top_case(&workbench)->id, decided);
		cr_expect(shows("Approved Jo Reyes (KYC-1)"), "%s", screen_text());
		close_workbench();
	}
}

/* --- every key --- */

Test(output, help_is_gone_through_from_end_to_end)
{
	begin_at(RITA, "RAL-1", "?");
	cr_expect(shows("Every key · keys of this screen first"), "%s", screen_text());
	size_t last = workbench.help.rows - workbench.help.visible_row_count;
	cr_assert_gt(last, 3);
	cr_expect_eq(workbench.help.visible_row_count, 27);
	cr_expect(shows(arena_printf(&arena, "more, 27 of %zu lines shown", workbench.help.rows)), "%s", screen_text());
	type("jj");
	cr_expect_eq(workbench.help.top, 2);
	type("kkk");
	cr_expect_eq(workbench.help.top, 0);
	press(key_press(PRESS_PAGE_DOWN));
	cr_expect_geq(workbench.help.top, workbench.help.visible_row_count / 2);
	cr_expect_leq(workbench.help.top, last);
	press(key_press(PRESS_END));
	cr_expect_eq(workbench.help.top, last);
	type("j");
	cr_expect_eq(workbench.help.top, last, "and not beyond");
	press(key_press(PRESS_HOME));
	cr_expect_eq(workbench.help.top, 0);
	press(key_press(PRESS_ESCAPE));
	cr_expect_not(workbench.help.is_open);
	own_files_add_fault(&workbench, "keys.json, line 3: something is wrong");
	for (int i = 0; i < 40; i++)
		own_files_add_fault(&workbench, "another");
	type("?");
	cr_expect(shows("Mistakes in your own files"), "%s", screen_text());
	cr_expect(shows("keys.json, line 3: something is wrong"));
	cr_expect(shows("more: kybdesk config check lists all"), "%s", screen_text());
}

/* --- a document shown by another program --- */

/* The program gets a copy of the document in a folder that the workbench removes at its end; the copy is recorded. */
Test(output, a_document_is_shown_by_the_program_that_the_settings_name)
{
	char text[64];
	const char *script = arena_printf(&arena, "%s/viewer.sh", f.folder),
		   *seen = arena_printf(&arena, "%s/seen", f.folder);
	put_back();
	write_file(script,
		   arena_printf(&arena, "#!/bin/sh\nhead -c 4 \"$1\" >%s.part\nmv %s.part %s\n", seen, seen, seen));
	cr_assert_eq(chmod(script, 0700), 0);
	open_workbench(&people[RITA]);
	const char *folder = arena_printf(&arena, "%s/outside", f.folder);
	cr_assert_eq(mkdir(folder, 0700), 0);
	workbench.frame.open_with = script;
	workbench.frame.external_folder = folder;
	arrive_at(&(const struct row){ .ref = "DOC-1", .keys = "1O" }, &people[RITA]);
	cr_expect_str_eq(workbench.status.text, "O opens a document in another program: select a document first (2)");
	cr_expect_null(workbench.dialog);
	type("2O");
	cr_assert(workbench.dialog && workbench.dialog->spec == &outside_dialog, "%s", screen_text());
	cr_expect(shows("A copy of the file"), "%s", screen_text());
	type(SEND);
	cr_expect_null(workbench.dialog, "%s", screen_text());
	cr_expect(strstr(status_line(), "✓ Opened Memorandum and articles of association of Harbour Lane"), "%s",
		  status_line());
	for (int i = 0; i < 500 && access(seen, F_OK); i++)
		test_sleep_ms(10);
	FILE *file = fopen(seen, "r");
	cr_assert_not_null(file, "the program was not started");
	cr_expect_eq(fread(text, 1, sizeof text, file), 4);
	cr_expect_eq(memcmp(text, "%PDF", 4), 0, "it was given the document");
	(void)fclose(file);
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'document.save'"), 1);
	workbench.frame.external_folder = xstrdup(folder);
	external_open_release(&workbench);
	cr_expect_neq(access(folder, F_OK), 0, "nothing of it stays");
	cr_expect_str_eq(workbench.frame.external_folder, "");
	workbench.frame.external_folder = f.folder;
}

Test(output, where_no_other_program_may_show_it_that_is_said)
{
	static const struct {
		const char *open_with, *outside;
		bool is_remote_user;
		const char *why;
	} tries[] = { { "", "/tmp", false, "name one as \"open_with\" in config.json" },
		      { "true", "/tmp", true, "Over SSH another program would run on the wrong machine" },
		      { "true", "", false, "Cannot create a folder for the documents that true opens" } };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		put_back();
		open_workbench(&people[RITA]);
		workbench.frame.open_with = tries[i].open_with;
		workbench.frame.external_folder = tries[i].outside;
		workbench.frame.is_remote_user = tries[i].is_remote_user;
		arrive_at(&(const struct row){ .ref = "DOC-1", .keys = "2O" }, &people[RITA]);
		workbench_draw(&workbench, 30, 160);
		cr_assert(workbench.dialog, "%s", screen_text());
		cr_expect_null(workbench.dialog->form.confirm_label);
		cr_expect(strstr(workbench.dialog->lines_above.items[0].text, tries[i].why), "%s",
			  workbench.dialog->lines_above.items[0].text);
		close_workbench();
	}
}

/* --- drafts are offered again --- */

Test(output, a_draft_is_gone_on_with_from_among_what_else_can_be_done)
{
	begin_at(RITA, "RAL-1", "r\tOw\tNot like this");
	type(ESC "v");
	cr_assert(workbench.dialog && workbench.dialog->spec == &more_dialog, "%s", screen_text());
	cr_assert_eq(workbench.drafts.count, 1);
	size_t at = 0;
	const struct input *list = &workbench.dialog->form.fields[0];
	while (at < list->item_count && !strstr(list->items[at].code, "0"))
		at++;
	cr_assert_lt(at, list->item_count, "%s", screen_text());
	workbench.dialog->form.focus = 0;
	workbench.dialog->form.fields[0].cursor = at;
	workbench.dialog->form.fields[0].has_choice = true;
	confirm();
	cr_assert(workbench.dialog && workbench.dialog->spec == &reject_dialog, "%s", screen_text());
	cr_expect(strstr(dialog_get_text(workbench.dialog, 2), "Not like this"), "%s",
		  dialog_get_text(workbench.dialog, 2));
}

/* If an action is called by its name but is not possible now, a dialog says so and lists the possible actions. */
Test(output, what_cannot_be_done_as_the_case_stands_is_said_by_its_name)
{
	begin_at(RITA, "RAL-1", ":withdraw\n");
	cr_assert(workbench.dialog && workbench.dialog->spec == &more_dialog, "%s", screen_text());
	cr_expect(shows("Not possible now: withdraw the open corrections"), "%s", screen_text());
	cr_expect(shows("Possible actions:"), "%s", screen_text());
	confirm();
	cr_expect(workbench.dialog && workbench.dialog->problem[0], "nothing was chosen");
}
