/* The dialog of more actions on a case: the actions that status and role allow, with the reasons that they need. */
#include "dialog_stage.h"

static struct profile profile;
static const struct reasons reasons;

static void open_more(enum session_status status, enum role role)
{
	static struct judgement changed = { .kind = JUDGEMENT_DOCUMENT,
					    .ref = "document-0",
					    .description = "The acceptance of BUSINESS_NUMBER by rita",
					    .change_text = "the company's number: 1 → 2",
					    .confirm_refusal = "" };
	struct job *answer = harbour_case();
	profile = (struct profile){ .name = "ralio-kyb", .manual_review = true };
	answer->view.profile = &profile;
	answer->view.file.session.status = status;
	answer->view.judgements.items = &changed;
	answer->view.judgements.count = 1;
	stage_open(&stage, TEXT_UTF8, 24, 80);
	stage.frame.role = role;
	context = (struct dialog_context){ .frame = &stage.frame, .reasons = &reasons, .follow_up_text = "" };
	ask(&more_dialog, "", "", answer);
	draw();
}

TestSuite(more, .fini = dialog_tear_down);

Test(more, a_decided_case_is_reopened_by_a_lead_with_a_reason)
{
	open_more(SESSION_APPROVED, ROLE_LEAD);
	cr_expect_geq(stage_find(&stage, "reopen the case"), 0);
	cr_expect_eq(stage_find(&stage, "validate the case"), -1);
	cr_expect_eq(stage_find(&stage, "confirm judgements"), -1);
	type("reo");
	cr_expect_not(dialog->form.fields[1].hidden, "it needs a reason");
	struct key tab = key_press(PRESS_TAB);
	form_handle_key(&dialog->form, &tab);
	type("New owner since Monday");
	const struct job *job = confirmed(VERB_REOPEN);
	cr_expect_eq(job->ui_action->verb, VERB_COUNT);
	cr_expect_eq(job->in.verb, VERB_REOPEN);
	cr_expect_str_eq(job->in.reason, "New owner since Monday");
	cr_expect_str_eq(job->reference, "RAL-2031");
}

Test(more, a_reviewer_reopens_nothing)
{
	open_more(SESSION_REJECTED, ROLE_REVIEWER);
	cr_expect_eq(stage_find(&stage, "reopen the case"), -1);
	cr_expect_eq(dialog->form.fields[0].item_count, 2, "of a decided case a suspicion can be reported");
	cr_expect_str_eq(dialog->form.fields[0].items[0].code, "suspicion");
}

Test(more, what_changed_is_seen_before_it_is_confirmed)
{
	open_more(SESSION_MANUAL_REVIEW, ROLE_REVIEWER);
	cr_expect_null(dialog_confirm(dialog, &context), "nothing is chosen");
	type("conf");
	surface_begin(&stage.surface, 24, 80);
	dialog_draw(dialog, &stage.surface, 0);
	cr_expect_geq(stage_find(&stage, "The acceptance of BUSINESS_NUMBER by rita"), 0);
	cr_expect_geq(stage_find(&stage, "1 → 2"), 0);
	(void)confirmed(VERB_CONFIRM);
}

Test(more, corrections_that_wait_are_withdrawn)
{
	open_more(SESSION_AWAITING_CLIENT_CORRECTION, ROLE_REVIEWER);
	cr_expect_geq(stage_find(&stage, "withdraw the open corrections"), 0);
}
