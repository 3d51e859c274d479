/* Parties: the tab's marks, the form with errors beside its fields, and the dialogs that need a reason. */
#include "dialog_stage.h"

static struct country countries_known[] = { { .alpha2 = "DE", .alpha3 = "DEU", .name = "Germany" },
					    { .alpha2 = "PT", .alpha3 = "PRT", .name = "Portugal" },
					    { .alpha2 = "GB", .alpha3 = "GBR", .name = "United Kingdom" } };
static const struct countries countries = { countries_known, 3 };
static const char *control_roles[] = { "CEO", "CFO" };
static const struct reasons reasons;
static struct profile profile;

static struct job *harbour(void)
{
	struct job *job = harbour_case();
	profile = (struct profile){ .name = "ralio-kyb" };
	profile.parties.control_roles = control_roles;
	profile.parties.control_role_count = 2;
	job->view.profile = &profile;
	return job;
}
static void open_with(const struct dialog_spec *kind, const char *item, struct job *answer)
{
	stage_open(&stage, TEXT_UTF8, 24, 80);
	context = (struct dialog_context){
		.frame = &stage.frame, .reasons = &reasons, .follow_up_text = "", .countries = &countries
	};
	ask(kind, item, "", answer);
}
static void declare(const char *name, const char *percent, const char *birth, const char *country)
{
	type(name);
	type("\t\t"); /* share of */
	type(percent);
	type("\t \t"); /* roles: the first */
	type(birth);
	type("\t");
	type(country);
	type("\t"); /* kind */
}

TestSuite(party_dialogs, .fini = dialog_tear_down);
TestSuite(party_form, .fini = dialog_tear_down);

Test(party_form, what_was_typed_is_what_is_declared)
{
	open_with(&party_dialog, "", harbour());
	declare("Tomas Reis", "12.5", "1984-02-11", "port");
	const struct job *job = confirmed(VERB_PARTY_ADD);
	cr_expect_str_eq(job->party.name, "Tomas Reis");
	cr_expect_eq(job->party.roles, 1u << ROLE_UBO);
	cr_expect_str_eq(job->party.country, "PRT");
	cr_expect_str_eq(job->party.date_of_birth, "1984-02-11");
	cr_expect_str_eq(job->party.percent, "12.5");
	cr_expect_str_eq(job->party.owned_party, "");
}

Test(party_form, enter_never_submits_from_a_field)
{
	open_with(&party_dialog, "", harbour());
	type("Tomas Reis");
	for (int i = 0; i < 7; i++)
		cr_expect_neq(press(key_press(PRESS_ENTER)), FORM_CONFIRM);
}

Test(party_form, y_in_a_field_is_a_letter_and_saves_on_the_buttons)
{
	open_with(&party_dialog, "", harbour());
	cr_expect_eq(press(key_char('y')), FORM_EDITED);
	type("\v");
	cr_expect_eq(press(key_char('y')), FORM_CONFIRM);
}

Test(party_form, an_untouched_field_is_not_called_wrong)
{
	open_with(&party_dialog, "", harbour());
	draw();
	cr_expect_eq(stage_find(&stage, "is empty"), -1);
}

Test(party_form, a_mistake_stands_beside_its_field_while_it_is_typed)
{
	open_with(&party_dialog, "", harbour());
	declare("Tomas Reis", "120", "1984-13-11", "port");
	draw();
	cr_expect(dialog->form.fields[4].has_problem);
	cr_expect_geq(stage_find(&stage, "The date of birth is not a date"), 0);
	cr_expect_geq(stage_find(&stage, "\"120\" is not a percentage"), 0);
	cr_expect_eq(stage_find(&stage, "has no role"), -1);
}

Test(party_form, what_is_wrong_is_not_saved_and_has_the_focus)
{
	open_with(&party_dialog, "", harbour());
	type("\v");
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect_eq(dialog->form.focus, 0);
	cr_expect(dialog->problem[0]);
	draw();
	cr_expect_geq(stage_find(&stage, "The name of the party is empty"), 0);
}

Test(party_form, a_company_has_no_birth_date)
{
	open_with(&party_dialog, "", harbour());
	type("Lane BV\t\t\t\t\t\tcomp");
	cr_expect(dialog->form.fields[4].hidden);
}

Test(party_form, an_edit_carries_only_what_changed)
{
	struct job *answer = harbour();
	answer->view.file.parties[1].date_of_birth = "****-**-**";
	open_with(&party_dialog, "party-1", answer);
	type("\t");
	press(key_press(PRESS_END));
	type(" Silva");
	const struct job *job = confirmed(VERB_PARTY_EDIT);
	cr_expect_str_eq(job->in.part, "party-1");
	cr_expect_str_eq(job->party.name, "Ines Duarte Silva");
	cr_expect_null(job->party.date_of_birth, "a masked date would be saved");
	cr_expect_null(job->party.country);
	cr_expect_null(job->party.percent);
	cr_expect_eq(job->party.roles, 0);
}

Test(party_form, who_was_verified_before_is_looked_for_once_and_offered_not_taken)
{
	open_with(&party_dialog, "", harbour());
	declare("Tomas Reis", "", "1984-02-11", "port");
	struct job *look = dialog_make_lookup(dialog, 7);
	cr_assert_not_null(look);
	cr_expect_str_eq(look->party.country, "PRT");
	cr_expect_null(dialog_make_lookup(dialog, 7), "asked twice");
	look->candidates.count = 1;
	look->candidates.items = arena_alloc_array(&look->arena, 1, sizeof *look->candidates.items);
	*look->candidates.items = (struct party_candidate){ .id = "candidate-1",
							    .name = "Tomás Reis",
							    .workflow = "generic-kyc",
							    .approved_by = "bo",
							    .parent_name = "",
							    .approved_at = TEST_NOW,
							    .has_required_workflow = true };
	dialog_take_lookup(dialog, look, &context);
	job_free(look);
	draw();
	cr_expect_geq(stage_find(&stage, "was verified before"), 0);
	const struct job *job = confirmed(VERB_PARTY_ADD);
	cr_expect_eq(job->in.verb, VERB_PARTY_ADD, "taken silently");
	dialog_show_failure(dialog, "again");
	dialog->form.focus = 8;
	press(key_press(PRESS_DOWN));
	job = confirmed(VERB_PARTY_COPY);
	cr_expect_str_eq(job->in.related_ref, "candidate-1");
	cr_expect_str_empty(job->in.part);
}

/* An owner of several companies: the form shows the percentage of the chosen company, and sends only changes. */
Test(party_form, what_it_owns_of_each_is_shown_and_changed_by_itself)
{
	static struct party_share shares[] = { { .owned_party_id = "", .percent = "12" },
					       { .owned_party_id = "party-0", .percent = "90" } };
	struct job *answer = harbour();
	answer->view.file.parties[1].shares = shares;
	answer->view.file.parties[1].share_count = 2;
	answer->view.file.parties[1].control_role = "CEO";
	open_with(&party_dialog, "party-1", answer);
	cr_expect_str_eq(dialog_get_text(dialog, 2), "12");
	dialog->form.focus = 1;
	press(key_press(PRESS_DOWN));
	cr_expect_str_eq(dialog_get_text(dialog, 2), "90", "of the company below");
	press(key_press(PRESS_UP));
	cr_expect_str_eq(dialog_get_text(dialog, 2), "12");
	press(key_press(PRESS_DOWN));
	type("\t");
	press(key_press(PRESS_BACKSPACE));
	type("1");
	const struct job *job = confirmed(VERB_PARTY_EDIT);
	cr_expect_str_eq(job->party.owned_party, "party-0");
	cr_expect_str_eq(job->party.percent, "91");
	cr_expect_null(job->party.name);
	cr_expect_null(job->party.country);
}

/* Each candidate is shown with its source; an unsuitable one says so, and a failed lookup offers nothing. */
Test(party_form, who_is_offered_is_told_apart)
{
	static struct party_candidate candidates[] = {
		{ .id = "one",
		  .name = "Tomas Reis",
		  .workflow = "generic-kyc",
		  .approved_by = "bo",
		  .parent_name = "Quay Ltd",
		  .approved_at = TEST_NOW - HOUR_MS,
		  .has_required_workflow = true },
		{ .id = "two",
		  .name = "Tomas Reis",
		  .workflow = "ralio-kyc",
		  .approved_by = "",
		  .parent_name = "",
		  .approved_at = TIME_NONE,
		  .has_required_workflow = false },
	};
	open_with(&party_dialog, "", harbour());
	declare("Tomas Reis", "", "1984-02-11", "port");
	for (int failed = 1; failed >= 0; failed--) {
		struct job *found = job_new(JOB_CANDIDATES);
		found->candidates.items = candidates;
		found->candidates.count = 2;
		found->status = failed ? ERR_INTERNAL : ERR_OK;
		dialog_take_lookup(dialog, found, &context);
		job_free(found);
		cr_expect_eq(dialog->form.fields[8].hidden, failed);
	}
	const struct input *before = &dialog->form.fields[8];
	cr_assert_eq(before->item_count, 3);
	cr_expect_str_eq(before->items[0].label, "no, a new KYC for this person");
	cr_expect(text_has_prefix(before->items[1].label, "copy Tomas Reis (Quay Ltd), approved "), "%s",
		  before->items[1].label);
	cr_expect(strstr(before->items[1].label, " by bo"), "%s", before->items[1].label);
	cr_expect_str_eq(before->items[2].label, "copy Tomas Reis (ralio-kyc), from another workflow than required");
	cr_expect_eq(before->cursor, 0);
	cr_expect(before->has_choice, "a new person is what holds");
}

Test(party_form, at_24_rows_every_field_is_seen)
{
	open_with(&party_dialog, "", harbour());
	static const char *const labels[] = { "name",	 "kind",  "roles",    "control",
					      "country", "birth", "share of", "percent" };
	for (size_t focus = 0; focus < 8; focus++) {
		draw();
		for (size_t i = 0; i < 8; i++)
			cr_expect_geq(stage_find(&stage, labels[i]), 0, "%s with the focus on %zu", labels[i], focus);
		type("\t");
	}
}

Test(party_dialogs, removing_after_it_was_handed_in_asks_why)
{
	open_with(&party_remove_dialog, "party-1", harbour());
	draw();
	cr_expect_geq(stage_find(&stage, "explain the removal"), 0);
	type("\tleft the company");
	const struct job *job = confirmed(VERB_PARTY_REMOVE);
	cr_expect_str_eq(job->in.reason, "left the company");
}

Test(party_dialogs, taking_a_mark_back_says_what_counts_without_it)
{
	static const struct {
		enum session_status kyc;
		const char *then;
	} rows[] = { { SESSION_ACTIVE, "removed: the party is not" }, { SESSION_APPROVED, "removed; the party" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct job *answer = harbour();
		struct party *party = &answer->view.file.parties[1];

		party->verified_elsewhere_by = "lea";
		party->verified_elsewhere_reason = "seen by the notary";
		party->session_status = rows[i].kyc;
		party->kyc_standing.valid = true;
		open_with(&party_verify_dialog, "party-1", answer);
		draw();
		cr_expect_geq(stage_find(&stage, "marked as verified elsewhere by lea: seen by the notary"), 0);
		cr_expect_geq(stage_find(&stage, rows[i].then), 0, "%s", rows[i].then);
		cr_expect_null(dialog_confirm(dialog, &context), "it is said first");
		cr_expect_not_null(strstr(dialog->problem, "Tab, then space"));
		type("\t ");
		(void)confirmed(VERB_PARTY_UNVERIFY);
		dialog_tear_down();
	}
}

Test(party_dialogs, a_gap_needs_a_reason_from_the_list)
{
	struct job *answer = harbour();
	answer->view.gap = (struct ownership_gap){ .is_computed = true, .may_hide_owner = true, .percent = "40" };
	open_with(&gap_dialog, "", answer);
	cr_assert_eq(dialog->form.fields[0].item_count, OWNERSHIP_GAP_REASON_COUNT);
	for (size_t i = 0; i < OWNERSHIP_GAP_REASON_COUNT; i++)
		cr_expect_str_eq(dialog->form.fields[0].items[i].code, ownership_gap_reasons[i]);
	draw();
	cr_expect_geq(stage_find(&stage, "40 % of the ownership is not declared"), 0);
	cr_expect_null(dialog_confirm(dialog, &context));
	type("\tdisp");
	const struct job *job = confirmed(VERB_PARTY_GAP);
	cr_expect_str_eq(job->in.reason, "dispersed");
}

/* Opens the dialog of a possible duplicate with the same number, which bo has linked before. */
static void open_duplicate(void)
{
	static struct comparison_line lines[] = { { "name", "Harbour Lane Trading Ltd", "Harbour Lane Ltd", false },
						  { "reg. number", "GB 7741", "GB 7741", true },
						  { "party", "Ines Duarte", "", false },
						  { "party", "", "Tomas Reis", false } };
	struct job *answer = harbour();
	answer->view.duplicates = arena_alloc_array(&answer->arena, 1, sizeof *answer->view.duplicates);
	answer->view.duplicate_count = 1;
	*answer->view.duplicates = (struct duplicate){ .id = "other-1",
						       .name = "Harbour Lane Ltd",
						       .merchant = "",
						       .dismissed_by = "bo",
						       .dismissed_reason = "applies again",
						       .dismissed_same_bits = SAME_APPLICANT,
						       .same_bits = SAME_REGISTRATION_NUMBER };
	answer->duplicate_pair.card = (struct duplicate_card){ .lines = lines, .count = 4, .same_line_count = 1 };
	open_with(&duplicate_dialog, "other-1", answer);
	draw();
}

static bool line_warns(const char *label)
{
	int row = stage_find(&stage, label);

	cr_assert_geq(row, 0, "%s", label);
	for (size_t col = 0; col < stage.surface.cols; col++)
		if (surface_cell(&stage.surface, (size_t)row, col)->role == THEME_WARNING)
			return true;
	return false;
}

Test(party_dialogs, a_duplicate_stands_side_by_side)
{
	open_duplicate();
	int row = stage_find(&stage, "reg. number");
	cr_assert_geq(row, 0);
	const char *first = strstr(stage_row(&stage, (size_t)row), "GB 7741");
	cr_assert_not_null(first);
	cr_expect_not_null(strstr(first + 1, "GB 7741"), "%s", stage_row(&stage, (size_t)row));
	cr_expect_not_null(strstr(stage_row(&stage, (size_t)row), "="), "not by colour alone");
	cr_expect(line_warns("reg. number"));
	cr_expect_not(line_warns("name"));
	cr_expect_geq(stage_find(&stage, "linked as the same applicant by bo: applies again"), 0);
}

Test(party_dialogs, a_duplicate_needs_a_finding_before_it_is_dismissed_or_linked)
{
	open_duplicate();
	cr_expect_null(dialog_confirm(dialog, &context));
	type("\tthe same");
	const struct job *job = confirmed(VERB_DUPLICATE_LINK);
	cr_expect_str_eq(job->in.part, "other-1");
	dialog_tear_down();
	open_duplicate();
	type("\ttwo");
	(void)confirmed(VERB_DUPLICATE_DISMISS);
}

Test(party_dialogs, snoozing_takes_days_or_a_date)
{
	open_with(&snooze_dialog, "", harbour());
	type("\ttomorrow");
	cr_expect_null(dialog_confirm(dialog, &context));
	for (int i = 0; i < 8; i++)
		press(key_press(PRESS_BACKSPACE));
	type("3d");
	const struct job *job = confirmed(VERB_SNOOZE);
	cr_expect_eq(job->in.until, stage.frame.now + 3 * 24 * HOUR_MS);
}

Test(party_dialogs, a_new_link_is_shown_and_can_be_copied)
{
	open_with(&party_link_dialog, "", harbour());
	const struct job *job = confirmed(VERB_LINK);
	cr_expect_eq(job->in.days, 0);
	dialog_show_link(dialog, &(struct use_out){ .id = "id", .link = "/s/TOKEN", .expires_at = TIME_NONE },
			 &context);
	draw();
	cr_expect_geq(stage_find(&stage, "/s/TOKEN"), 0);
	cr_expect_geq(stage_find(&stage, "y copy it"), 0);
	cr_expect_str_eq(dialog->copyable_text, "/s/TOKEN");
}

Test(party_dialogs, a_link_is_extended_no_further_than_the_desk_lets)
{
	open_with(&party_link_dialog, "", harbour());
	editor_set_text(&dialog->form.fields[0].editor, "367");
	dialog_handle_edit(dialog, &context);
	cr_expect_null(dialog_confirm(dialog, &context));
	cr_expect(strstr(dialog->problem, "1 to 366"), "%s", dialog->problem);
	editor_set_text(&dialog->form.fields[0].editor, "366");
	const struct job *job = confirmed(VERB_LINK);
	cr_expect_eq(job->in.days, 366);
}

Test(parties_tab, an_owner_who_was_not_declared_as_one_is_marked)
{
	struct job *job = harbour();
	struct case_model model;
	job->view.file.parties[0].lacks_ubo_role = true;
	stage_open(&stage, TEXT_UTF8, 22, 120);
	case_model_init(&model);
	case_model_take_response(&model, job, &stage.frame);
	case_model_select_tab(&model, TAB_PARTIES);
	struct case_position place = { .opened_from = "manual_review" };
	case_draw(&model, &stage.surface, (struct box){ 0, 0, 22, 120 }, &stage.frame, &place);
	cr_expect_geq(stage_find(&stage, "undeclared"), 0);
	cr_expect_geq(stage_find(&stage, "90 % → 54 %"), 0);
	cr_expect_eq(case_model_bar(&model), BAR_PARTY_NEEDS_NO_KYC);
	case_model_move(&model, 1);
	cr_expect_eq(case_model_bar(&model), BAR_PARTY);
	case_model_release(&model);
	stage_close(&stage);
	NO_LEAKS();
}

/* Expects `output`, and not `not_said`, in the tab of parties for Ines, an owner without a KYC session. */
static void expect_of_ines(enum verify_by by, const char *output, const char *not_said)
{
	struct job *job = harbour();
	struct case_model model;
	struct case_position place = { .opened_from = "manual_review" };

	profile.parties.individual_verification = by;
	job->view.file.parties[1].session_id = "";
	stage_open(&stage, TEXT_UTF8, 22, 120);
	case_model_init(&model);
	case_model_take_response(&model, job, &stage.frame);
	case_model_select_tab(&model, TAB_PARTIES);
	case_model_move(&model, 1);
	case_draw(&model, &stage.surface, (struct box){ 0, 0, 22, 120 }, &stage.frame, &place);
	cr_expect_geq(stage_find(&stage, output), 0, "%s", output);
	cr_expect_lt(stage_find(&stage, not_said), 0, "%s", not_said);
	case_model_release(&model);
	stage_close(&stage);
}

Test(parties_tab, what_would_verify_somebody_is_what_the_workflow_asks)
{
	expect_of_ines(VERIFY_SESSION, "Needs a KYC session", "Not verified:");
	expect_of_ines(VERIFY_DOCUMENT, "Not verified:", "Needs a KYC");
	expect_of_ines(VERIFY_NONE, "Needs no KYC session", "Not verified:");
	NO_LEAKS();
}

Test(parties_tab, l_makes_a_link_there_and_moves_to_the_right_elsewhere)
{
	uint32_t pending = 0;
	size_t digit;
	struct key l = key_char('l');
	cr_expect_eq(keymap_lookup(&l, PLACE_CASE | PLACE_PARTIES, &pending, &digit), COMMAND_PARTY_LINK);
	cr_expect_eq(keymap_lookup(&l, PLACE_CASE, &pending, &digit), COMMAND_RIGHT);
}

static struct job *with_steps(struct job *job)
{
	static const char *const ids[] = { "company_info", "papers" };
	job->view.file.step_count = 2;
	job->view.file.steps = arena_alloc_array(&job->arena, 2, sizeof(struct step));
	for (size_t i = 0; i < 2; i++) {
		step_init(&job->view.file.steps[i]);
		job->view.file.steps[i].id = ids[i];
		job->view.file.steps[i].fields_json = "{}";
	}
	for (size_t i = 0; i < job->view.file.document_count; i++)
		job->view.file.documents[i].step_id = "papers";
	return job;
}

Test(corrections_of_rejected, the_request_begins_with_the_type_and_its_message)
{
	struct job *answer = with_steps(harbour());
	const char **types = arena_alloc_array(&answer->arena, 1, sizeof *types);
	types[0] = "PROOF_OF_ADDRESS";
	answer->corrections = arena_alloc_array(&answer->arena, 1, sizeof *answer->corrections);
	answer->correction_count = 1;
	answer->corrections[0] = (struct correction_request){ .step_id = "papers",
							      .document_types = types,
							      .document_type_count = 1,
							      .message = "The picture is not readable." };
	answer->has_preview = true;
	answer->preview.level_from = answer->preview.level_to = answer->preview.event = "";
	open_with(&corrections_dialog, "document-1", answer);
	draw();
	cr_expect_geq(stage_find(&stage, "about       papers: PROOF_OF_ADDRESS"), 0);
	cr_expect_geq(stage_find(&stage, "client sees The picture is not readable."), 0);
	const struct job *job = confirmed(VERB_CORRECTIONS);
	cr_assert_eq(job->in.request_count, 1);
	cr_expect_str_eq(job->in.requests[0].step_id, "papers");
	cr_assert_eq(job->in.requests[0].document_type_count, 1);
	cr_expect_str_eq(job->in.requests[0].document_types[0], "PROOF_OF_ADDRESS");
	cr_expect_eq(job->in.requests[0].field_count, 0);
	cr_expect_str_eq(job->in.requests[0].message, "The picture is not readable.");
	dialog_tear_down();
}

Test(corrections_of_rejected, only_from_a_rejected_document_the_draft_is_asked_for)
{
	struct job *answer = with_steps(harbour());
	answer->preview.level_from = answer->preview.level_to = answer->preview.event = "";
	open_with(&corrections_dialog, "", answer);
	struct job *plain = dialog_make_request(dialog, 2);
	cr_expect_not(plain->suggests_corrections);
	dialog->item = "document-1";
	struct job *drafted = dialog_make_request(dialog, 3);
	cr_expect(drafted->suggests_corrections);
	job_free(plain);
	job_free(drafted);
	dialog_tear_down();
}

Test(corrections_tab, what_came_back_stands_beside_what_was)
{
	struct job *job = harbour();
	struct case_model model;
	job->view.file.correction_count = 1;
	job->view.file.corrections = arena_alloc_array(&job->arena, 1, sizeof(struct correction));
	struct correction *correction = job->view.file.corrections;
	correction_init(correction);
	correction->id = "correction-1";
	correction->step_id = "company_info";
	correction->state = CORRECTION_ANSWERED;
	correction->before_json = "{\"fields\":{\"city\":\"Porto\",\"tax_id\":\"********\"},\"documents\":[{"
				  "\"type\":\"PROOF\",\"id\":\"1\",\"file_name\":"
				  "\"old.pdf\",\"sha256\":\"aa\"}]}";
	correction->after_json = "{\"fields\":{\"city\":\"Lisboa\",\"tax_id\":\"******** "
				 "(changed)\"},\"documents\":[{\"type\":\"PROOF\",\"id\":\"2\",\"file_name\":"
				 "\"new.pdf\",\"sha256\":\"bb\"}]}";
	stage_open(&stage, TEXT_UTF8, 22, 80);
	case_model_init(&model);
	case_model_take_response(&model, job, &stage.frame);
	case_model_select_tab(&model, TAB_CORRECTIONS);
	struct case_position place = { .opened_from = "manual_review" };
	case_draw(&model, &stage.surface, (struct box){ 0, 0, 22, 80 }, &stage.frame, &place);
	cr_expect_geq(stage_find(&stage, "Porto → Lisboa"), 0);
	cr_expect_geq(stage_find(&stage, "old.pdf → new.pdf"), 0);
	cr_expect_geq(stage_find(&stage, "******** → ******** (changed)"), 0);
	case_model_release(&model);
	stage_close(&stage);
	NO_LEAKS();
}

Test(parties_tab, who_was_removed_stands_below_and_is_no_place_for_the_cursor_to_be_lost)
{
	struct job *job = harbour();
	struct case_model model;
	remove_an_owner(job);
	stage_open(&stage, TEXT_UTF8, 22, 80);
	case_model_init(&model);
	model.cursors[TAB_PARTIES - TAB_SUMMARY] = 2;
	case_model_take_response(&model, job, &stage.frame);
	case_model_select_tab(&model, TAB_PARTIES);
	cr_expect_str_eq(case_model_row(&model)->ref, "party-1", "the heading was under the cursor");
	case_model_move(&model, 1);
	cr_expect_not_null(strstr(case_model_row(&model)->detail, "sold his share"));
	case_model_release(&model);
	stage_close(&stage);
	NO_LEAKS();
}
