/* Verdicts: an existing one needs a confirmation to be changed, and a new one carries the facts it rests on. */
#include "dialog_stage.h"

static struct reason document_reasons[] = {
	{ .code = "blurry", .label = "Not legible", .message = "", .retryable = true, .disclosure = DISCLOSURE_OPEN }
};
static struct reason hit_reasons[] = { { .code = "same_person",
					 .label = "The very same person",
					 .message = "",
					 .retryable = true,
					 .disclosure = DISCLOSURE_OPEN } };
static const struct reasons reasons = { .items = { [REASONS_DOCUMENT] = document_reasons, [REASONS_HIT] = hit_reasons },
					.counts = { [REASONS_DOCUMENT] = 1, [REASONS_HIT] = 1 } };
static struct profile profile = { .name = "ralio-kyb" };

static struct job *documents(enum review_state review)
{
	struct job *job = harbour_case();
	struct document *document = &job->view.file.documents[1];
	job->view.profile = &profile;
	document->review = review;
	document->sha256 = "5e551011";
	document->reviewed_by = review == REVIEW_UNREVIEWED ? "" : "bo";
	document->reviewed_at = review == REVIEW_UNREVIEWED ? TIME_NONE : TEST_NOW - HOUR_MS;
	document->review_reason = review == REVIEW_REJECTED ? "blurry" : "";
	return job;
}

static void ask_about(const struct dialog_spec *kind, const char *item, const char *item_name, struct job *answer)
{
	stage_open(&stage, TEXT_UTF8, 24, 80);
	stage.frame.home = "/home/ana";
	context = (struct dialog_context){ .frame = &stage.frame, .reasons = &reasons, .follow_up_text = "" };
	ask(kind, item, item_name, answer);
	draw();
}

TestSuite(verdict, .fini = dialog_tear_down);

Test(verdict, a_viewer_that_nobody_has_opened_is_named_and_takes_a_second_key)
{
	ask_about(&accept_dialog, "document-1", "PROOF_OF_ADDRESS", documents(REVIEW_UNREVIEWED));
	cr_expect_geq(stage_find(&stage, "the file was not shown"), 0);
	const struct job *job = confirmed(VERB_DOCUMENT_ACCEPT);
	cr_expect_str_eq(job->in.part, "document-1");
	cr_expect_eq(job->in.seen_version, 14, "the version that was on the screen");
}

Test(verdict, a_rejection_that_stands_is_shown_and_turned_on_purpose_only)
{
	ask_about(&accept_dialog, "document-1", "PROOF_OF_ADDRESS", documents(REVIEW_REJECTED));
	cr_expect_geq(stage_find(&stage, "rejected by bo"), 0);
	cr_expect_geq(stage_find(&stage, "blurry"), 0);
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect_neq(dialog->problem[0], 0);
	type("\t ");
	const struct job *job = confirmed(VERB_DOCUMENT_ACCEPT);
	cr_expect_eq(job->in.seen_version, 14);
}

Test(verdict, a_colleague_who_rejected_it_meanwhile_is_seen_before_anything_is_turned)
{
	ask_about(&accept_dialog, "document-1", "PROOF_OF_ADDRESS", documents(REVIEW_UNREVIEWED));
	dialog_show_failure(dialog,
			    "The case changed since you loaded it (bo: document.reject, 10:40 UTC); review it again");
	struct job *again = documents(REVIEW_REJECTED);
	again->view.file.session.version = 15;
	dialog_take_response(dialog, again, &context);
	surface_begin(&stage.surface, 24, 80);
	dialog_draw(dialog, &stage.surface, 0);
	cr_expect_geq(stage_find(&stage, "rejected by bo"), 0);
	cr_expect_geq(stage_find(&stage, "bo: document.reject"), 0);
	cr_expect_null(dialog_confirm(dialog, &context), "the key that was meant for the other state does nothing");
}

/* The dialog begins in the list of reasons, because only the reason is required. */
Test(verdict, rejecting_a_document_begins_in_its_reasons)
{
	ask_about(&document_reject_dialog, "document-1", "PROOF_OF_ADDRESS", documents(REVIEW_UNREVIEWED));
	type("y"); /* in the list, y does not confirm */
	cr_expect_null(dialog_confirm(dialog, &context));
	dialog_tear_down();
	ask_about(&document_reject_dialog, "document-1", "PROOF_OF_ADDRESS", documents(REVIEW_UNREVIEWED));
	type("n");
	const struct job *job = confirmed(VERB_DOCUMENT_REJECT);
	cr_expect_str_eq(job->in.reason, "blurry");
}

Test(verdict, an_acceptance_that_stands_is_shown_where_it_is_rejected)
{
	ask_about(&document_reject_dialog, "document-1", "PROOF_OF_ADDRESS", documents(REVIEW_ACCEPTED));
	cr_expect(form_is_on_buttons(&dialog->form));
	cr_expect_geq(stage_find(&stage, "accepted by bo"), 0);
}

static struct job *resolved(enum hit_class class, enum hit_state state)
{
	struct job *job = documents(REVIEW_ACCEPTED);
	struct hit *hit = job->view.file.checks[0].hits;
	hit->class_ = class;
	hit->state = state;
	hit->resolved_by = "bo";
	hit->resolved_at = TEST_NOW - HOUR_MS;
	hit->reason = "same_person";
	hit->standing.valid = true;
	return job;
}

/* An imported verdict has no reviewer, so the dialog names the importer. */
Test(verdict, an_imported_one_names_who_imported_it)
{
	struct job *job = resolved(HIT_PEP, HIT_TRUE_MATCH);
	struct hit *hit = job->view.file.checks[0].hits;
	hit->resolved_by = "";
	hit->verdict_imported_by = "root";
	hit->resolved_at = TIME_NONE;
	ask_about(&hit_dialog, "hit-0", "Inês Duarte", job);
	cr_expect_geq(stage_find(&stage, "a true match, imported by root: "), 0);
	cr_expect_geq(stage_find(&stage, "the case's "), 0, "the right column says that it is the case's side");
}

Test(verdict, a_confirmed_match_is_accepted_by_a_lead_with_a_reason)
{
	ask_about(&hit_dialog, "hit-0", "Inês Duarte", resolved(HIT_PEP, HIT_TRUE_MATCH));
	cr_expect_geq(stage_find(&stage, "a true match, by bo"), 0);
	type("\tacc");
	cr_expect(dialog->form.fields[1].hidden, "it needs no code");
	type("\tMayor of a village, known");
	const struct job *job = confirmed(VERB_HIT_ACCEPT);
	cr_expect_str_eq(job->in.reason, "Mayor of a village, known");
	cr_expect_str_eq(job->in.part, "hit-0");
	cr_expect_eq(job->in.seen_version, 14);
}

Test(verdict, an_undetermined_one_has_a_note_and_no_code)
{
	ask_about(&hit_dialog, "hit-0", "Inês Duarte", resolved(HIT_SANCTIONS, HIT_OPEN));
	type("\tund");
	cr_expect(dialog->form.fields[1].hidden && dialog->form.fields[2].hidden, "it needs no code");
	draw();
	cr_expect_geq(stage_find(&stage, "The hit still blocks an approval."), 0);
	type("\tno");
	cr_expect_null(dialog_confirm(dialog, &context));
	type(" answer from the client");
	const struct job *job = confirmed(VERB_HIT_RESOLVE);
	cr_expect_eq(job->in.verdict, RESULT_UNDETERMINED);
	cr_expect_not(job->in.is_match);
	cr_expect_str_eq(job->in.reason, "other");
	cr_expect_str_eq(job->in.note, "no answer from the client");
}

Test(verdict, a_sanctions_match_an_open_hit_and_a_reviewer_accept_nothing)
{
	ask_about(&hit_dialog, "hit-0", "Inês Duarte", resolved(HIT_SANCTIONS, HIT_TRUE_MATCH));
	cr_expect_eq(dialog->form.fields[0].item_count, 3);
	dialog_tear_down();
	ask_about(&hit_dialog, "hit-0", "Inês Duarte", resolved(HIT_PEP, HIT_OPEN));
	cr_expect_eq(dialog->form.fields[0].item_count, 3);
}
