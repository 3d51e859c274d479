/* Rare actions on a case: deleting and assigning it, adding and saving files, KYC sessions, alerts, a step's values. */
#include "dialog_stage.h"

static const struct reasons reasons;
static const char *sizes[] = { "1-10", "11-50" };
static struct field_rule size_rule = {
	.kind = RULE_ONE_OF, .words = sizes, .word_count = 2, .message = "", .source_document = ""
};
static struct field_spec inner[] = { { .id = "city", .title = "City", .guidance = "", .type = FIELD_TEXT } };
static struct field_spec fields[] = {
	{ .id = "business_activity", .title = "Business activity", .guidance = "What it sells", .type = FIELD_TEXT },
	{ .id = "employees", .title = "Employees", .guidance = "", .rules = &size_rule, .rule_count = 1 },
	{ .id = "listed", .title = "Listed", .guidance = "", .type = FIELD_BOOLEAN },
	{ .id = "address",
	  .title = "Address",
	  .guidance = "",
	  .type = FIELD_OBJECT,
	  .children = inner,
	  .child_count = 1 },
	{ .id = "owners", .title = "Owners", .guidance = "", .type = FIELD_LIST },
};
static struct step_spec step_spec = {
	.id = "company", .title = "Company data", .guidance = "", .fields = fields, .field_count = 5
};
static struct document_spec documents[] = {
	{ .type = "PASSPORT", .title = "Passport", .guidance = "Both sides", .double_sided = true },
	{ .type = "PROOF_OF_ADDRESS", .title = "Proof of address", .guidance = "" },
};
static struct profile profile = { .name = "ralio-kyb",
				  .manual_review = true,
				  .steps = &step_spec,
				  .step_count = 1,
				  .documents = documents,
				  .document_count = 2 };
static struct step step;

static struct job *a_case(enum session_status status, bool submitted_by_actor)
{
	struct job *job = harbour_case();
	struct case_file *file = &job->view.file;
	job->view.profile = &profile;
	file->session.status = status;
	if (!submitted_by_actor)
		file->session.submitted_at = TIME_NONE;
	file->documents[0].sha256 = "5e551011";
	file->documents[0].file_name = "../../etc/número 1.pdf";
	step_init(&step);
	step.id = "company";
	step.fields_json = "{\"business_activity\":\"fish\",\"address\":{\"city\":\"Porto\"}}";
	file->steps = &step;
	file->step_count = 1;
	return job;
}
static void ask_about(const struct dialog_spec *kind, const char *item, struct job *answer)
{
	stage_open(&stage, TEXT_UTF8, 24, 80);
	stage.frame.home = "/home/ana";
	context = (struct dialog_context){ .frame = &stage.frame, .reasons = &reasons, .follow_up_text = "" };
	ask(kind, item, "", answer);
	draw();
}
static void go_to(size_t field)
{
	while (dialog->form.focus != field)
		type("\t");
}
static bool offers(const char *code)
{
	const struct input *field = dialog->form.fields;
	for (size_t i = 0; dialog->form.field_count && i < field->item_count; i++)
		if (!strcmp(field->items[i].code, code))
			return true;
	return false;
}

TestSuite(rare, .fini = dialog_tear_down);

Test(rare, only_what_was_never_handed_in_is_deleted_and_by_a_lead)
{
	ask_about(&more_dialog, "", a_case(SESSION_DRAFT, false));
	cr_expect(offers("delete"));
	dialog_tear_down();
	ask_about(&more_dialog, "", a_case(SESSION_MANUAL_REVIEW, true));
	cr_expect_not(offers("delete"));
}

Test(rare, a_deletion_names_the_case_and_is_meant)
{
	ask_about(&delete_dialog, "", a_case(SESSION_DRAFT, false));
	cr_expect_geq(stage_find(&stage, "Harbour Lane Trading Ltd"), 0);
	cr_expect_geq(stage_find(&stage, "RAL-2031"), 0);
	cr_expect_geq(stage_find(&stage, "2 documents, 2 parties, 1 KYC sessions"), 0);
	cr_expect_null(dialog_confirm(dialog, &context), "not sure yet");
	type("\tOpened twice by mistake\t ");
	const struct job *job = confirmed(VERB_DELETE);
	cr_expect_str_eq(job->in.reason, "Opened twice by mistake");
}

Test(rare, a_case_without_a_reference_is_deleted_by_its_id)
{
	struct job *job = a_case(SESSION_DRAFT, false);
	job->view.file.session.external_ref = "";
	job->view.file.session.id = "0e15b0a4-case";
	ask_about(&delete_dialog, "", job);
	cr_expect_geq(stage_find(&stage, "0e15b0a4-case"), 0);
}

Test(rare, a_kyc_session_is_made_by_who_was_asked)
{
	ask_about(&kyc_add_dialog, "party-0", a_case(SESSION_MANUAL_REVIEW, true));
	cr_expect_geq(stage_find(&stage, "Lane Holdings BV"), 0);
	type("\tThe first one ended by mistake");
	const struct job *job = confirmed(VERB_SUBSESSION_ADD);
	cr_expect_str_eq(job->in.part, "party-0");
	cr_expect_str_eq(job->in.reason, "The first one ended by mistake");
	cr_expect_eq(job->in.seen_version, 14);
	dialog_tear_down();
	ask_about(&kyc_add_dialog, "party-1", a_case(SESSION_MANUAL_REVIEW, true)); /* made meanwhile */
	cr_expect_null(dialog->form.confirm_label);
}

Test(rare, the_menu_is_about_the_row_too)
{
	ask_about(&more_dialog, "party-1", a_case(SESSION_MANUAL_REVIEW, true));
	cr_expect(offers("remove-kyc"));
	cr_expect_not(offers("save-document"));
	type("remove");
	cr_expect_null(dialog_confirm(dialog, &context), "it opens a dialog, and does nothing");
	cr_expect(dialog->has_opened_next);
	cr_expect_eq(dialog->next_dialog, &kyc_remove_dialog);
	cr_expect_str_eq(dialog->item, "party-1");
	dialog_tear_down();
	ask_about(&more_dialog, "document-0", a_case(SESSION_MANUAL_REVIEW, true));
	cr_expect(offers("save-document"));
	cr_expect_not(offers("remove-kyc"));
}

Test(rare, over_a_line_no_files_are_offered)
{
	struct job *answer = a_case(SESSION_MANUAL_REVIEW, true);
	ask_about(&more_dialog, "document-0", answer);
	cr_expect(offers("add-document"));
	stage.frame.is_remote_user = true;
	struct job *again = a_case(SESSION_MANUAL_REVIEW, true);
	dialog_take_response(dialog, again, &context);
	cr_expect_not(offers("add-document"));
	cr_expect_not(offers("save-document"));
}

Test(rare, an_alert_is_seen_before_it_is_closed)
{
	struct alert alert = { .kind = ALERT_RESTRICTED_REJECTION };
	struct job *answer = a_case(SESSION_REJECTED, true);
	answer->view.alerts = &alert;
	answer->view.alert_count = 1;
	ask_about(&more_dialog, "", answer);
	type("close");
	cr_expect_not(dialog->form.fields[1].hidden, "it needs a reason");
	cr_expect_gt(dialog->lines_below.count, 1, "and says what the alert is");
	type("\tLooked at with the bank");
	(void)confirmed(VERB_ALERT_CLOSE);
}

Test(rare, a_client_s_name_of_a_file_leads_nowhere)
{
	ask_about(&save_dialog, "document-0", a_case(SESSION_MANUAL_REVIEW, true));
	cr_expect_str_eq(dialog->form.fields[0].editor.text.buf, "BUSINESS_NUMBER.pdf");
	editor_set_text(&dialog->form.fields[0].editor, "~/papers/one.pdf");
	const struct job *job = confirmed(VERB_DOCUMENT_SAVE);
	cr_expect_str_eq(job->path, "/home/ana/papers/one.pdf");
	cr_expect_str_eq(job->in.part, "document-0");
}

Test(rare, a_file_is_added_as_what_it_is)
{
	ask_about(&add_dialog, "", a_case(SESSION_MANUAL_REVIEW, true));
	cr_expect_null(dialog_confirm(dialog, &context));
	dialog->form.focus = 0;
	type("passp");
	cr_expect_not(dialog->form.fields[1].hidden, "it has two sides");
	type("\tback\t/tmp/passport.png");
	const struct job *job = confirmed(VERB_DOCUMENT_ADD);
	cr_expect_str_eq(job->in.type, "PASSPORT");
	cr_expect_str_eq(job->in.side, "back");
	cr_expect_str_eq(job->path, "/tmp/passport.png");
}

Test(rare, a_step_s_form_is_made_of_the_workflow_s_fields)
{
	ask_about(&step_dialog, "company", a_case(SESSION_MANUAL_REVIEW, true));
	cr_expect(offers("address.city"), "an object's members by their paths");
	cr_expect_not(offers("owners"), "a list is a command's");
	type("bus");
	draw();
	cr_expect_geq(stage_find(&stage, "fish"), 0, "what is there now");
	cr_expect_geq(stage_find(&stage, "What it sells"), 0, "the workflow's guidance");
	type("\tboats");
	go_to(0);
	type("emp");
	cr_expect(dialog->form.fields[1].hidden, "its words are chosen");
	type("\t11");
	go_to(0);
	type("cit\t"); /* value */
	type("\t");    /* empty it */
	type(" ");
	draw();
	cr_expect_geq(stage_find(&stage, "fish → boats"), 0);
	cr_expect_geq(stage_find(&stage, "Porto → nothing"), 0);
	go_to(4);
	type("The register says so");
	const struct job *job = confirmed(VERB_STEP_EDIT);
	cr_expect_str_eq(job->in.part, "company");
	cr_expect_str_eq(job->in.reason, "The register says so");
	cr_expect(strstr(job->in.fields_json, "\"business_activity\":\"boats\""), "%s", job->in.fields_json);
	cr_expect(strstr(job->in.fields_json, "\"employees\":\"11-50\""), "%s", job->in.fields_json);
	cr_expect(strstr(job->in.fields_json, "\"address.city\":null"), "%s", job->in.fields_json);
	cr_expect_null(strstr(job->in.fields_json, "listed"), "what nobody touched stays: %s", job->in.fields_json);
}

/* A number stays a number; text that only looks like one is text, which the rules of the workflow check. */
Test(rare, a_number_of_a_step_is_changed_to_what_was_typed)
{
	static const struct {
		const char *typed, *becomes;
	} numbers[] = { { "12", "\"business_activity\":12}" },
			{ "-3", "\"business_activity\":-3}" },
			{ "1.5", "\"business_activity\":1.5}" },
			{ "007", "\"business_activity\":\"007\"}" },
			{ "99999999999999999999999999", "\"business_activity\":\"99999999999999999999999999\"}" },
			{ "1e999", "\"business_activity\":\"1e999\"}" },
			{ "-", "\"business_activity\":\"-\"}" },
			{ "twelve", "\"business_activity\":\"twelve\"}" } };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct job *answer = a_case(SESSION_MANUAL_REVIEW, true);
		step.fields_json = "{\"business_activity\":10}";
		ask_about(&step_dialog, "company", answer);
		type("bus\t");
		type(numbers[i].typed);
		const struct job *job = confirmed(VERB_STEP_EDIT);
		cr_expect(strstr(job->in.fields_json, numbers[i].becomes), "%s: %s", numbers[i].typed,
			  job->in.fields_json);
		dialog_tear_down();
	}
}

/* A boolean value is chosen from a list and stays a boolean; the choice is kept if the user leaves and returns. */
Test(rare, a_yes_or_no_of_a_step_is_changed_to_what_was_chosen)
{
	static const struct {
		const char *fields_json, *now, *chosen, *arrow, *becomes;
	} cases[] = { { "{\"listed\":true}", "true", "false", "Listed: true → false", "{\"listed\":false}" },
		      { "{\"listed\":false}", "false", "true", "Listed: false → true", "{\"listed\":true}" },
		      { "{}", "nothing", "false", "Listed: nothing → false", "{\"listed\":false}" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct job *answer = a_case(SESSION_MANUAL_REVIEW, true);
		step.fields_json = cases[i].fields_json;
		ask_about(&step_dialog, "company", answer);
		type("lis");
		draw();
		int row = stage_find(&stage, "now");
		cr_assert_geq(row, 0);
		cr_expect_not_null(strstr(stage_row(&stage, (size_t)row), cases[i].now));
		cr_expect(dialog->form.fields[1].hidden, "nothing is written");
		cr_expect_eq(dialog->form.fields[3].hidden, i == 2, "only what is there can be emptied");
		cr_expect_eq(dialog->form.fields[2].item_count, 2);
		cr_expect_null(field_chosen_item(&dialog->form.fields[2]), "nobody has chosen yet");
		type("\t");
		type(cases[i].chosen);
		go_to(0);
		type("bus");
		cr_expect(dialog->form.fields[2].hidden);
		type("\t");
		go_to(0);
		type("lis");
		cr_assert_not_null(field_chosen_item(&dialog->form.fields[2]), "what was chosen is there again");
		cr_expect_str_eq(field_chosen_item(&dialog->form.fields[2])->code, cases[i].chosen);
		draw();
		cr_expect_geq(stage_find(&stage, cases[i].arrow), 0);
		const struct job *job = confirmed(VERB_STEP_EDIT);
		cr_expect_str_eq(job->in.fields_json, cases[i].becomes);
		dialog_tear_down();
	}
}

Test(rare, a_step_left_as_it_is_changes_nothing)
{
	ask_about(&step_dialog, "company", a_case(SESSION_MANUAL_REVIEW, true));
	type("bus");
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect_neq(dialog->problem[0], 0);
}

Test(rare, a_case_that_was_handed_in_meanwhile_is_not_deleted)
{
	ask_about(&delete_dialog, "", a_case(SESSION_MANUAL_REVIEW, true));
	cr_expect_geq(stage_find(&stage, "The case was submitted, so it is kept until its retention ends."), 0);
	cr_expect_null(dialog->form.confirm_label);
}

/* The dialog says what is removed with the KYC session, which may be shared with another case or missing. */
Test(rare, removing_a_kyc_session_says_what_goes_with_it)
{
	static const struct {
		const char *item;
		bool shared;
		const char *output;
	} tries[] = { { "party-1", false, "The session and its documents are erased" },
		      { "party-1", true, "The session stays in its own case" },
		      { "party-0", false, "The party no longer has a KYC session." },
		      { "nobody", false, "The party no longer has a KYC session." } };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct job *answer = a_case(SESSION_MANUAL_REVIEW, true);
		answer->view.file.parties[1].is_session_shared = tries[i].shared;
		ask_about(&kyc_remove_dialog, tries[i].item, answer);
		cr_expect_geq(stage_find(&stage, tries[i].output), 0, "%zu", i);
		cr_expect_eq(dialog->form.confirm_label != NULL, i < 2, "%zu", i);
		dialog_tear_down();
	}
}

/* Offers only reviewers that may decide, are not disabled, and do not hold the case already. */
Test(rare, a_case_is_assigned_to_who_was_chosen)
{
	static struct reviewer_info reviewers[] = { { .name = "lea", .role = ROLE_LEAD },
						    { .name = "vic", .role = ROLE_VIEWER },
						    { .name = "old", .role = ROLE_ADMIN, .disabled = true },
						    { .name = "bo", .role = ROLE_REVIEWER },
						    { .name = "sue", .role = ROLE_REVIEWER, .supervised = true } };
	struct job *answer = a_case(SESSION_MANUAL_REVIEW, true);
	answer->view.file.session.assignee = "bo";
	answer->reviewers = reviewers;
	answer->reviewer_count = 5;
	ask_about(&assign_dialog, "", answer);
	const struct input *to = &dialog->form.fields[0];
	cr_assert_eq(to->item_count, 2);
	cr_expect_str_eq(to->items[0].label, "lea, lead");
	cr_expect_str_eq(to->items[1].label, "sue, reviewer, supervised");
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect(strstr(dialog->problem, "First choose the reviewer"), "%s", dialog->problem);
	type("sue");
	const struct job *job = confirmed(VERB_ASSIGN);
	cr_expect_str_eq(job->in.part, "sue");
	cr_expect_eq(job->in.verb, VERB_ASSIGN);
	dialog_tear_down();

	answer = a_case(SESSION_MANUAL_REVIEW, true);
	answer->reviewers = reviewers + 1;
	answer->reviewer_count = 2;
	ask_about(&assign_dialog, "", answer);
	cr_expect_geq(stage_find(&stage, "No other reviewer may decide this case."), 0);
	cr_expect_null(dialog->form.confirm_label);
}

/* A colleague changed the step meanwhile: the typed text stays, beside the current value. */
Test(rare, a_step_that_is_read_again_keeps_what_was_typed)
{
	ask_about(&step_dialog, "company", a_case(SESSION_MANUAL_REVIEW, true));
	type("bus\tboats");
	go_to(0);
	type("cit\tLisboa");
	job_free(dialog_confirm(dialog, &context));
	dialog_show_failure(dialog, "bo changed the case a moment ago");
	struct job *again = a_case(SESSION_MANUAL_REVIEW, true);
	step.fields_json = "{\"business_activity\":\"nets\",\"address\":{\"city\":\"Porto\"}}";
	dialog_take_response(dialog, again, &context);
	dialog->accepts_keys = true;
	dialog_handle_edit(dialog, &context);
	draw();
	cr_expect_geq(stage_find(&stage, "nets → boats"), 0);
	cr_expect_geq(stage_find(&stage, "Porto → Lisboa"), 0);
	const struct job *job = confirmed(VERB_STEP_EDIT);
	cr_expect_str_eq(job->in.fields_json, "{\"business_activity\":\"boats\",\"address.city\":\"Lisboa\"}");
}
