#include "dialog_stage.h"

static struct reason session_reasons[] = {
	{ .code = "missing_document",
	  .label = "A document is missing",
	  .message = "Please upload every document.",
	  .retryable = true,
	  .disclosure = DISCLOSURE_OPEN },
	{ .code = "suspected_fraud",
	  .label = "Fraud is suspected",
	  .message = "",
	  .retryable = false,
	  .disclosure = DISCLOSURE_RESTRICTED },
};
static const struct reasons reasons = { .items = { [REASONS_SESSION] = session_reasons },
					.counts = { [REASONS_SESSION] = 2 } };
static const struct profile any = { .contradicted_reason_policy = CONTRADICTED_NOTE };

static struct job *preview_of(struct job *job)
{
	job->kind = JOB_DIALOG;
	job->has_preview = true;
	job->preview = (struct decision_preview){ .level_from = "LIGHT",
						  .level_to = "REGULAR",
						  .event = "kyc.state_updated",
						  .merchant = "northwind-pay",
						  .endpoint_count = 1,
						  .grace_s = 10,
						  .version = 14,
						  .checklist = job->view.checklist,
						  .checklist_count = job->view.checklist_count };
	grounds_find(&job->arena,
		     &(const struct grounds_input){ .verdict = VERDICT_REJECT,
						    .reasons = &reasons,
						    .profile = &any,
						    .matches = &job->preview.matches },
		     &job->preview.grounds);
	return job;
}

/* Adds a confirmed sanctions match, which every reason except the restricted one contradicts. */
static struct job *with_match(struct job *job)
{
	static struct match ines = { .name = "Ines Duarte",
				     .list = "OFAC SDN",
				     .by = "rita",
				     .class_ = HIT_SANCTIONS,
				     .other_subject_name = "" };
	(void)preview_of(job);
	job->preview.matches = (struct match_list){ .items = &ines, .count = 1 };
	grounds_find(&job->arena,
		     &(const struct grounds_input){ .verdict = VERDICT_REJECT,
						    .reasons = &reasons,
						    .profile = &any,
						    .matches = &job->preview.matches },
		     &job->preview.grounds);
	return job;
}

static void open_about(const struct dialog_spec *kind, const char *item, struct job *answer)
{
	stage_open(&stage, TEXT_UTF8, 24, 80);
	context = (struct dialog_context){ .frame = &stage.frame,
					   .reasons = &reasons,
					   .follow_up_text = "the next most urgent case opens" };
	ask(kind, item, "", answer);
}
static void open_with(const struct dialog_spec *kind, struct job *answer)
{
	open_about(kind, "", answer);
}

TestSuite(dialog, .fini = dialog_tear_down);

Test(dialog, approve_names_subject_decision_level_and_webhook)
{
	open_with(&approve_dialog, preview_of(clear_case()));
	draw();
	cr_expect_geq(stage_find(&stage, "Approve Harbour Lane Trading Ltd"), 0);
	cr_expect_geq(stage_find(&stage, "All 2 conditions are met by version 14 of the case."), 0);
	cr_expect_geq(stage_find(&stage, "LIGHT → REGULAR"), 0);
	cr_expect_geq(stage_find(&stage, "kyc.state_updated to northwind-pay in 10 s"), 0);
	cr_expect_geq(stage_find(&stage, "y approve"), 0);
}

Test(dialog, approve_carries_the_version_that_was_seen)
{
	open_with(&approve_dialog, preview_of(clear_case()));
	const struct job *job = confirmed(VERB_APPROVE);
	cr_expect_eq(job->in.seen_version, 14);
	cr_expect_eq(dialog->state, DIALOG_EXECUTING);
}

Test(dialog, with_blockers_approve_shows_their_sentences_and_offers_no_y)
{
	struct job *answer = preview_of(clear_case());
	size_t capacity = 0;
	*ARENA_PUSH(&answer->arena, answer->preview.blockers.items, answer->preview.blockers.count, capacity) =
		(struct blocker){ BLOCKER_HIT_OPEN, "Inês Duarte on OFAC SDN is not decided", "hit-0" };
	open_with(&approve_dialog, answer);
	draw();
	cr_expect_geq(stage_find(&stage, "✗ Inês Duarte on OFAC SDN is not decided"), 0);
	cr_expect_geq(stage_find(&stage, "In the case, Enter on a condition opens its dialog or its row."), 0);
	cr_expect_eq(stage_find(&stage, "y approve"), -1);
	struct key y = key_char('y');
	cr_expect_eq(form_handle_key(&dialog->form, &y), FORM_IGNORED);
}

Test(dialog, what_can_never_be_approved_is_not_called_open)
{
	for (int confirmed = 0; confirmed < 2; confirmed++) {
		struct job *answer = preview_of(harbour_case());
		size_t capacity = 0;
		struct hit *hit = answer->view.file.checks[0].hits;
		hit->state = confirmed ? HIT_TRUE_MATCH : HIT_OPEN;
		hit->class_ = HIT_SANCTIONS;
		*ARENA_PUSH(&answer->arena, answer->preview.blockers.items, answer->preview.blockers.count, capacity) =
			(struct blocker){ BLOCKER_HIT_OPEN, "It is in the way", hit->id };
		open_with(&approve_dialog, answer);
		draw();
		cr_expect_geq(
			stage_find(&stage, confirmed ? "The case cannot be approved. One condition is not met:"
						     : "The case cannot be approved yet. One condition is not met:"),
			0);
		dialog_tear_down();
	}
}

Test(dialog, reject_needs_a_reason)
{
	open_with(&reject_dialog, preview_of(harbour_case()));
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect(strstr(dialog->problem, "Choose a reason"));
	cr_expect_eq(dialog->state, DIALOG_READY);
}

/* After a failure the dialog accepts only Esc until the error is shown: a held or typed-ahead key retries nothing. */
Test(dialog, what_failed_takes_no_key_before_it_is_seen)
{
	open_with(&approve_dialog, preview_of(clear_case()));
	draw();
	job_free(dialog_confirm(dialog, &context));
	cr_assert(dialog->accepts_keys);
	dialog_show_failure(dialog, "The store is busy");
	cr_expect_eq(dialog->state, DIALOG_READY);
	cr_expect_not(dialog->accepts_keys);
	draw();
	cr_expect_geq(stage_find(&stage, "The store is busy"), 0);
}

Test(dialog, what_was_typed_and_found_nothing_confirms_nothing)
{
	open_with(&reject_dialog, preview_of(clear_case()));
	type("\tfraudulent");
	cr_expect(dialog->form.fields[0].has_no_match);
	cr_expect_null(dialog_confirm(dialog, &context), "another reason than the one typed stands chosen");
	cr_expect(strstr(dialog->problem, "No entry begins with"), "%s", dialog->problem);
	press(key_press(PRESS_BACKSPACE));
	const struct job *job = confirmed(VERB_REJECT);
	cr_expect_str_eq(job->in.reason, "suspected_fraud");
}

Test(dialog, a_reason_brings_its_message_and_its_default)
{
	open_with(&reject_dialog, preview_of(harbour_case()));
	type("\ta doc");
	const struct job *job = confirmed(VERB_REJECT);
	cr_expect_str_eq(job->in.reason, "missing_document");
	cr_expect_str_eq(job->in.text, "Please upload every document.");
	cr_expect_eq(job->in.retryable, CHOICE_YES);
}

Test(dialog, own_words_are_not_overwritten_by_a_template)
{
	open_with(&reject_dialog, preview_of(harbour_case()));
	type("\t\town words\va doc");
	cr_expect_str_eq(dialog->form.fields[2].editor.text.buf, "own words");
}

Test(dialog, a_restricted_reason_takes_no_message_to_the_client)
{
	open_with(&reject_dialog, preview_of(harbour_case()));
	type("\tfraud");
	cr_expect(dialog->form.fields[2].hidden);
	draw();
	cr_expect_geq(stage_find(&stage, "Restricted"), 0);
	const struct job *job = confirmed(VERB_REJECT);
	cr_expect_str_eq(job->in.reason, "suspected_fraud");
	cr_expect_str_empty(job->in.text);
}

Test(dialog, a_confirmed_match_is_named_and_its_reason_chosen)
{
	open_with(&reject_dialog, with_match(harbour_case()));
	draw();
	cr_expect_geq(stage_find(&stage, "Ines Duarte (OFAC SDN), a confirmed sanctions match, by rita"), 0);
	const struct job *job = confirmed(VERB_REJECT);
	cr_expect_str_eq(job->in.reason, "suspected_fraud", "the restricted reason that there is");
	cr_expect_str_empty(job->in.text);
	cr_expect_eq(job->in.retryable, CHOICE_DEFAULT);
}

Test(dialog, another_reason_than_the_match_asks_for_a_note_and_no_other_try)
{
	open_with(&reject_dialog, with_match(harbour_case()));
	type("\ta doc");
	draw();
	cr_expect_geq(stage_find(&stage, "contradicts the record"), 0);
	cr_expect(dialog->form.fields[5].hidden, "it cannot be retryable");
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect(strstr(dialog->problem, "note"), "%s", dialog->problem);
	type("\t\tthe list has another person");
	const struct job *job = confirmed(VERB_REJECT);
	cr_expect_str_eq(job->in.reason, "missing_document");
	cr_expect_str_eq(job->in.note, "the list has another person");
	cr_expect_eq(job->in.retryable, CHOICE_DEFAULT);
}

/* A refused reason is listed, shows its fact, and is not confirmed, with a note either. */
Test(dialog, a_reason_that_the_record_refuses_is_not_confirmed)
{
	struct job *job = with_match(harbour_case());
	static const struct profile strict = { .contradicted_reason_policy = CONTRADICTED_REFUSE };

	grounds_find(&job->arena,
		     &(const struct grounds_input){ .verdict = VERDICT_REJECT,
						    .reasons = &reasons,
						    .profile = &strict,
						    .matches = &job->preview.matches },
		     &job->preview.grounds);
	open_with(&reject_dialog, job);
	type("\ta doc");
	draw();
	cr_expect_geq(stage_find(&stage, "Choose another reason"), 0);
	cr_expect(dialog->form.fields[4].hidden, "a note does not help");
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect(strstr(dialog->problem, "Choose another reason: Ines Duarte"), "%s", dialog->problem);
}

static struct job *with_step(struct job *job)
{
	job->view.file.step_count = 1;
	job->view.file.steps = arena_alloc_array(&job->arena, 1, sizeof(struct step));
	step_init(job->view.file.steps);
	job->view.file.steps->id = "company_info";
	job->view.file.steps->fields_json = "{\"business_activity\":\"fish\"}";
	return job;
}

Test(dialog, corrections_are_picked_from_what_the_session_has)
{
	open_with(&corrections_dialog, preview_of(with_step(harbour_case())));
	draw();
	cr_expect_geq(stage_find(&stage, "[ ] company_info"), 0);
	cr_expect_geq(stage_find(&stage, "[ ] document PROOF_OF_ADDRESS"), 0);
	cr_expect_geq(stage_find(&stage, "[ ] field business_activity"), 0);
}

Test(dialog, a_missing_document_is_asked_for_in_words_that_are_there)
{
	static struct document_spec address = { .type = "PROOF_OF_ADDRESS",
						.title = "Proof of address",
						.step_id = "company_info" };
	static const struct document_spec *missing[] = { &address };
	static struct profile profile = { .name = "ralio-kyb", .documents = &address, .document_count = 1 };
	struct job *answer = preview_of(with_step(harbour_case()));
	answer->view.profile = &profile;
	answer->view.missing_documents = missing;
	answer->view.missing_document_count = 1;
	open_about(&corrections_dialog, "PROOF_OF_ADDRESS", answer);
	draw();
	cr_expect_geq(stage_find(&stage, "Proof of address has not arrived yet"), 0);
	const struct job *job = confirmed(VERB_CORRECTIONS);
	cr_assert_eq(job->in.request_count, 1);
	cr_expect_str_eq(job->in.requests[0].document_types[0], "PROOF_OF_ADDRESS");
	cr_expect_str_eq(job->in.requests[0].message, "Proof of address has not arrived yet. Please upload it.");
}

Test(dialog, corrections_need_a_mark_and_a_message)
{
	open_with(&corrections_dialog, preview_of(with_step(harbour_case())));
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect(strstr(dialog->problem, "First mark"));
	type("\t");
	press(key_press(PRESS_DOWN));
	type(" ");
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect(strstr(dialog->problem, "Write a message for company_info: BUSINESS_NUMBER"), "%s", dialog->problem);
	type("\tPlease send it again.");
	const struct job *job = confirmed(VERB_CORRECTIONS);
	cr_assert_eq(job->in.request_count, 1);
	cr_expect_str_eq(job->in.requests[0].step_id, "company_info");
	cr_expect_eq(job->in.requests[0].document_type_count, 1);
	cr_expect_str_eq(job->in.requests[0].document_types[0], "BUSINESS_NUMBER");
	cr_expect_eq(job->in.requests[0].field_count, 0);
	cr_expect_str_eq(job->in.requests[0].message, "Please send it again.");
	cr_expect_eq(job->in.days, 0);
}

Test(dialog, a_link_that_ran_out_is_extended_in_the_same_action)
{
	struct job *answer = preview_of(with_step(harbour_case()));
	answer->preview.link_expired = true;
	open_with(&corrections_dialog, answer);
	type("\t \tPlease.");
	const struct job *job = confirmed(VERB_CORRECTIONS);
	cr_expect_eq(job->in.days, 30);
}

Test(dialog, the_days_of_a_link_are_one_to_a_year)
{
	static const struct {
		const char *typed;
		int64_t days; /* 0: refused */
	} tries[] = { { "1", 1 },   { "366", 366 }, { "007", 7 }, { "", 0 },  { "0", 0 },
		      { "367", 0 }, { "-1", 0 },    { "3 ", 0 },  { "x", 0 }, { "99999999999999999999999", 0 } };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct job *answer = preview_of(with_step(harbour_case()));
		answer->preview.link_expired = true;
		open_with(&corrections_dialog, answer);
		type("\t \tPlease.");
		draw();
		cr_expect_geq(stage_find(&stage, "link has expired"), 0);
		type("\t");
		editor_set_text(&dialog->form.fields[dialog->form.focus].editor, tries[i].typed);
		struct job *job = dialog_confirm(dialog, &context);
		cr_expect_eq(job != NULL, tries[i].days > 0, "%s", tries[i].typed);
		if (job)
			cr_expect_eq(job->in.days, tries[i].days, "%s", tries[i].typed);
		else
			cr_expect_str_eq(dialog->problem, "The link can be extended by 1 to 366 days.");
		job_free(job);
		dialog_tear_down();
	}
}

/* The suggested correction marks both rejected document types, and contains each message of their reasons once. */
Test(dialog, what_was_rejected_begins_the_request_and_says_nothing_twice)
{
	static const char *const types[] = { "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "PROOF_OF_ADDRESS" },
				 *const messages[] = { "It is blurred.", "It is blurred.", "It is too old." };
	struct job *answer = preview_of(with_step(harbour_case()));
	answer->correction_count = 4;
	answer->corrections = arena_alloc_array(&answer->arena, 4, sizeof *answer->corrections);
	static const char *field[] = { "business_activity" }, *gone[] = { "GONE" };
	for (size_t i = 0; i < 3; i++) {
		const char **type = arena_alloc_array(&answer->arena, 1, sizeof *type);
		*type = types[i];
		answer->corrections[i] = (struct correction_request){ .step_id = "company_info",
								      .document_types = type,
								      .document_type_count = 1,
								      .message = messages[i] };
	}
	answer->corrections[1].field_ids = field;
	answer->corrections[1].field_count = 1;
	answer->corrections[3] = (struct correction_request){
		.step_id = "gone", .document_types = gone, .document_type_count = 1, .message = "Not of this case."
	};
	open_with(&corrections_dialog, answer);
	const struct job *job = confirmed(VERB_CORRECTIONS);
	cr_assert_eq(job->in.request_count, 1);
	cr_expect_eq(job->in.requests[0].document_type_count, 2);
	cr_expect_eq(job->in.requests[0].field_count, 1);
	cr_expect_str_eq(job->in.requests[0].message, "It is blurred. It is too old.");
}

Test(dialog, a_step_is_asked_about_in_words_that_are_there)
{
	static struct step_spec steps[] = { { .id = "company_info", .title = "Company information", .guidance = "" } };
	static struct profile profile = { .name = "ralio-kyb", .steps = steps, .step_count = 1 };
	static const struct {
		const char *title, *message;
	} tries[] = { { "Company information", "Please complete this part: Company information." },
		      { "", "Please complete this part: company_info." } };
	for (size_t i = 0; i < 2; i++) {
		struct job *answer = preview_of(with_step(harbour_case()));
		steps[0].title = tries[i].title;
		answer->view.profile = &profile;
		open_about(&corrections_dialog, "company_info", answer);
		const struct job *job = confirmed(VERB_CORRECTIONS);
		cr_expect_str_eq(job->in.requests[0].message, tries[i].message);
		dialog_tear_down();
	}
	open_about(&corrections_dialog, "no_such_step", preview_of(with_step(harbour_case())));
	cr_expect_null(dialog_confirm(dialog, &context), "nothing is marked");
}

Test(dialog, of_a_case_without_steps_nothing_can_be_corrected)
{
	open_with(&corrections_dialog, preview_of(harbour_case()));
	draw();
	cr_expect_geq(stage_find(&stage, "The session has no steps"), 0);
	cr_expect_null(dialog->form.confirm_label);
}

/* The dialog names the webhook of the decision, depending on the event, the endpoints and the grace time. */
Test(dialog, what_the_merchant_hears_is_said_before_it_is_decided)
{
	static const struct {
		const char *event;
		size_t endpoint_count;
		int64_t grace_s;
		const char *output;
	} tries[] = { { "", 1, 10, "none for this decision" },
		      { "kyc.state_updated", 0, 10, "northwind-pay has no endpoint for this" },
		      { "kyc.state_updated", 1, 0, "kyc.state_updated to northwind-pay at once" },
		      { "kyc.state_updated", 1, 10, "kyc.state_updated to northwind-pay in 10 s" } };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct job *answer = preview_of(clear_case());
		answer->preview.event = tries[i].event;
		answer->preview.endpoint_count = tries[i].endpoint_count;
		answer->preview.grace_s = tries[i].grace_s;
		open_with(&approve_dialog, answer);
		draw();
		int row = stage_find(&stage, "webhook");
		cr_assert_geq(row, 0);
		cr_expect(strstr(stage_row(&stage, (size_t)row), tries[i].output), "%s",
			  stage_row(&stage, (size_t)row));
		dialog_tear_down();
	}
}

Test(dialog, a_refusal_keeps_what_was_written)
{
	open_with(&approve_dialog, preview_of(clear_case()));
	type("\tchecked by phone");
	job_free(dialog_confirm(dialog, &context));
	dialog_show_failure(dialog, "bo changed the case a moment ago");
	dialog_take_response(dialog, preview_of(clear_case()), &context);
	cr_expect_str_eq(dialog->form.fields[0].editor.text.buf, "checked by phone");
	cr_expect_not(dialog->accepts_keys, "what changed must be seen before a key counts");
	draw();
	cr_expect_geq(stage_find(&stage, "bo changed the case a moment ago"), 0);
}

Test(dialog, a_failure_to_ask_is_shown)
{
	struct job *answer = job_new(JOB_DIALOG);
	answer->status = error_set(&answer->error, ERR_NOT_FOUND, "There is no such case");
	open_with(&approve_dialog, answer);
	draw();
	cr_expect_geq(stage_find(&stage, "There is no such case"), 0);
	cr_expect_eq(stage_find(&stage, "y approve"), -1);
}

Test(dialog, at_every_size_the_buttons_are_seen)
{
	open_with(&corrections_dialog, preview_of(with_step(harbour_case())));
	for (size_t rows = SCREEN_ROWS_MIN; rows < 60; rows++) {
		surface_begin(&stage.surface, rows, SCREEN_COLS_MIN + rows);
		draw();
		cr_expect_geq(stage_find(&stage, "Esc cancel"), 0, "at %zu rows", rows);
	}
}

/* --- a letter to the client --- */

static void write_letter(void)
{
	open_with(&reject_dialog, preview_of(harbour_case()));
	type("\ta doc\t");
	struct key key = { .press = PRESS_PASTE,
			   .text = "Dear Ines,\n\nwe miss:\n1. the register\n2. the "
				   "bill\n3. the passport\n4. the lease\n5. the "
				   "licence\n6. the accounts\n7. the list\n\nRita" };
	editor_set_text(&dialog->form.fields[2].editor, "");
	(void)form_handle_key(&dialog->form, &key);
	dialog_handle_edit(dialog, &context);
}

Test(dialog, a_letter_is_sent_with_its_lines)
{
	write_letter();
	const struct job *job = confirmed(VERB_REJECT);
	cr_expect(strstr(job->in.text, "Dear Ines,\n\nwe miss:\n1. the register\n"), "%s", job->in.text);
	cr_expect(strstr(job->in.text, "\n\nRita"));
}

/* While the buttons have the focus, the preview "client sees" scrolls to its last line and back, at four sizes. */
Test(dialog, the_whole_letter_is_seen_as_the_client_gets_it)
{
	static const size_t sizes[][2] = { { 24, 80 }, { 24, 60 }, { SCREEN_ROWS_MIN, SCREEN_COLS_MIN }, { 50, 132 } };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct key page_down = key_press(PRESS_PAGE_DOWN), page_up = key_press(PRESS_PAGE_UP);
		write_letter();
		form_focus_buttons(&dialog->form);
		surface_begin(&stage.surface, sizes[i][0], sizes[i][1]);
		draw();
		bool first = stage_find(&stage, "client sees Dear Ines,") >= 0, last = stage_find(&stage, "Rita") >= 0;
		for (int pages = 0; pages < 40 && dialog_scroll(dialog, &page_down); pages++) {
			draw();
			first |= stage_find(&stage, "client sees Dear Ines,") >= 0;
			last |= stage_find(&stage, "            Rita") >= 0;
			cr_expect_geq(stage_find(&stage, "Esc cancel"), 0);
		}
		cr_expect(first && last, "at %zux%zu, %zu of %zu rows hidden", sizes[i][1], sizes[i][0],
			  dialog->lines_below.hidden_row_count, dialog->lines_below.rows);
		if (last)
			cr_expect(stage_find(&stage, "            Rita") >= 0, "at %zux%zu it ends with its end",
				  sizes[i][1], sizes[i][0]);
		for (int pages = 0; pages < 40 && dialog_scroll(dialog, &page_up); pages++)
			draw();
		cr_expect_eq(dialog->lines_above.top + dialog->lines_below.top, 0);
		dialog_tear_down();
	}
}

/* While the letter is typed, its field has at least six rows. */
Test(dialog, a_letter_has_room_while_it_is_written)
{
	write_letter();
	draw();
	int message = stage_find(&stage, "message"), retryable = stage_find(&stage, "retryable");
	cr_expect_geq(retryable - message, 6, "%d rows", retryable - message);
	cr_expect(stage.surface.is_cursor_shown);
	cr_expect_geq(stage_find(&stage, "Esc cancel"), 0);
}

/* A line break in a name starts no new line in the dialog; only the letter has several lines. */
Test(dialog, no_line_of_a_dialog_is_forged)
{
	struct job *answer = preview_of(with_step(harbour_case()));
	answer->view.file.steps->id = "company_info\nafterwards  it is approved";
	open_with(&corrections_dialog, answer);
	type("\t \tPlease.");
	form_focus_buttons(&dialog->form);
	draw();
	cr_expect_geq(stage_find(&stage, "company_info␊afterwards"), 0);
	for (size_t row = 0; row < stage.surface.rows; row++)
		cr_expect_null(strstr(stage_row(&stage, row), "│ afterwards  it is approved"));
}

Test(dialog, a_draft_that_is_back_is_marked)
{
	write_letter();
	draw();
	cr_expect_eq(stage_find(&stage, "Draft"), -1);
	dialog->is_restored_draft = true; /* draft_restore() */
	dialog_take_response(dialog, preview_of(harbour_case()), &context);
	draw();
	cr_expect_geq(stage_find(&stage, "Draft · Reject Harbour Lane Trading Ltd"), 0);
	cr_expect_geq(stage_find(&stage, "Your draft was restored."), 0);
}
