/* `u` and `U` after a verdict or a removal: on a real store and without a terminal. */
#include "places.h"

#include "support/process.h"

#include <string.h>

TestSuite(review_undo_key, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static int64_t accepted(void)
{
	return sql_int(&f, "SELECT count(*) FROM document d JOIN session s ON s.id = d.session_id WHERE "
			   "s.external_ref = 'DOC-1' AND d.review = 'accepted'");
}

Test(review_undo_key, after_an_acceptance_brings_to_review_back)
{
	begin_at(RITA, "DOC-1", "2Ay");
	cr_assert_eq(accepted(), 1, "%s", screen_text());
	cr_expect(strstr(status_line(), "(DOC-1)"), "%s", status_line());
	cr_expect(strstr(status_line(), "  u undo"), "%s", status_line());
	type("u");
	cr_expect_eq(accepted(), 0, "%s", screen_text());
	cr_expect(strstr(status_line(), "Undone: acceptance of MEMORANDUM_ARTICLES, in Harbour Lane"), "%s",
		  status_line());
	cr_expect_null(strstr(status_line(), "u undo"), "%s", status_line());
	cr_expect_not(shows("accepted by"), "%s", screen_text());
	type("u");
	cr_expect(strstr(status_line(), "you have no verdict or removal in this case"), "%s", status_line());
}

/* `u` undoes the second acceptance, which was typed just before; the next `u` undoes the first. */
Test(review_undo_key, typed_at_once_is_about_what_was_typed_just_before_it)
{
	begin_at(RITA, "DOC-1", "2AyX");
	type("\t");
	decide_close_dialog(&workbench);
	type("Ayu");
	cr_expect_eq(accepted(), 1, "%s", screen_text());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'document.accept'"), 2);
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM document d JOIN session s ON s.id = d.session_id WHERE "
				 "s.external_ref = 'DOC-1' AND d.review = 'accepted' AND d.type = "
				 "'MEMORANDUM_ARTICLES'"),
		     1);
	type("u");
	cr_expect_eq(accepted(), 0, "%s", screen_text());
}

Test(review_undo_key, list_shows_the_newest_first_and_undoes_the_chosen_one)
{
	begin_at(RITA, "DOC-1", "2AyAyU");
	cr_assert(workbench.dialog, "%s", screen_text());
	cr_expect(shows("acceptance of MEMORANDUM_ARTICLES"), "%s", screen_text());
	cr_expect(shows("acceptance of BUSINESS_NUMBER"), "%s", screen_text());
	const struct input *field = &workbench.dialog->form.fields[0];
	cr_assert_eq(field->item_count, 2);
	cr_expect(strstr(field->items[0].label, "BUSINESS_NUMBER"), "%s", field->items[0].label);
	type(STEP_DOWN STEP_DOWN SEND);
	cr_expect_null(workbench.dialog, "%s", screen_text());
	cr_expect(strstr(status_line(), "Undone: acceptance of MEMORANDUM_ARTICLES"), "%s", status_line());
	cr_expect_eq(accepted(), 1);
}

/* `u` also undoes a verdict of an earlier run of the workbench, found in the audit log. */
Test(review_undo_key, finds_what_another_run_of_the_workbench_did)
{
	begin_at(RITA, "DOC-1", "2Ay");
	open_at(RITA, "DOC-1", "");
	cr_expect_null(strstr(status_line(), "u undo"), "%s", status_line());
	type("u");
	cr_expect_eq(accepted(), 0, "%s", screen_text());
}

/* `u` first undoes the later verdict; then it offers the earlier decision on another case. */
Test(review_undo_key, the_newest_goes_first_whatever_it_is)
{
	begin_at(RITA, "KYC-1", "ay");
	cr_assert_eq(workbench.status.undo_count, 1, "%s", screen_text());
	arrive_at(&(const struct row){ .ref = "DOC-1" }, &people[RITA]);
	type("2Ay");
	cr_expect(strstr(status_line(), "u undo, U 1 more"), "%s", status_line());
	type("u");
	cr_expect_eq(accepted(), 0, "%s", screen_text());
	cr_expect(strstr(status_line(), "u undo approval of KYC-1"), "%s", status_line());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM session WHERE external_ref = 'KYC-1' AND status = 'approved'"),
		     1);
}

/* In a list, or in another case, `u` does not undo the verdict. */
Test(review_undo_key, a_verdict_is_offered_in_its_own_case_alone)
{
	begin_at(RITA, "DOC-1", "2Ay");
	type("q");
	cr_expect_null(strstr(status_line(), "u undo"), "%s", status_line());
	type("u");
	cr_expect_eq(accepted(), 1, "%s", screen_text());
	arrive_at(&(const struct row){ .ref = "BAR-1" }, &people[RITA]);
	type("u");
	cr_expect_eq(accepted(), 1, "%s", screen_text());
}

Test(review_undo_key, a_colleagues_later_verdict_is_named_and_stands)
{
	begin_at(RITA, "DOC-1", "2Ay");
	struct desk *bo = fixture_desk(&f, "bo", false);
	DESK(bo, "DOC-1", .verb = VERB_DOCUMENT_REJECT, .part = "MEMORANDUM_ARTICLES", .reason = "blurry");
	desk_close(bo);
	type("u");
	cr_expect(strstr(status_line(), "Cannot undo"), "%s", status_line());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM document WHERE review = 'rejected' AND reviewed_by = 'bo'"), 1);
}

/* After its grace time a decision is final: the key says when it was made, the actor, and the role that may change it. */
Test(review_undo_key, says_why_a_decision_is_final)
{
	put_back();
	struct desk *desk = fixture_desk(&f, "rita", false);
	DESK(desk, "KYC-1", .verb = VERB_APPROVE, .has_grace = true);
	desk_close(desk);
	open_at(RITA, "KYC-1", "u");
	cr_expect(strstr(status_line(), "Approved at "), "%s", status_line());
	cr_expect(strstr(status_line(), "by you, final at once; a lead reopens it with v"), "%s", status_line());
	close_workbench();
	open_at(LEA, "KYC-1", "u");
	cr_expect(strstr(status_line(), "by rita, "), "%s", status_line());
	cr_expect(strstr(status_line(), "v, reopen, opens it again"), "%s", status_line());
}
