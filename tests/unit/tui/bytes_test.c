/*
 * Every single byte in every field of every dialog. In a field, letters are text or find an item. Only Ctrl-Y confirms,
 * and on the buttons also y. No single byte changes an existing verdict.
 */
#include "tui_support.h"

#include "input/decoder.h"

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
static struct reason document_reasons[] = {
	{ .code = "blurry", .label = "Not legible", .message = "", .retryable = true, .disclosure = DISCLOSURE_OPEN },
	{ .code = "expired", .label = "Expired", .message = "", .retryable = true, .disclosure = DISCLOSURE_OPEN },
};
static struct reason hit_reasons[] = {
	{ .code = "other_name",
	  .label = "Another name",
	  .message = "",
	  .retryable = true,
	  .disclosure = DISCLOSURE_OPEN },
	{ .code = "same_person",
	  .label = "The very same person",
	  .message = "",
	  .retryable = true,
	  .disclosure = DISCLOSURE_OPEN },
};
static const struct reasons reasons = { .items = { [REASONS_SESSION] = session_reasons,
						   [REASONS_DOCUMENT] = document_reasons,
						   [REASONS_HIT] = hit_reasons },
					.counts = {
						[REASONS_SESSION] = 2, [REASONS_DOCUMENT] = 2, [REASONS_HIT] = 2 } };
static struct country countries_known[] = { { .alpha2 = "NO", .alpha3 = "NOR", .name = "Norway" },
					    { .alpha2 = "PT", .alpha3 = "PRT", .name = "Portugal" } };
static const struct countries countries = { countries_known, 2 };
static const char *control_roles[] = { "CEO", "CFO" };
static struct profile profile;
static struct field_spec step_fields[] = {
	{ .id = "business_activity", .title = "Business activity", .guidance = "", .type = FIELD_TEXT },
	{ .id = "listed", .title = "Listed", .guidance = "", .type = FIELD_BOOLEAN }
};
static struct step_spec step_spec = {
	.id = "company_info", .title = "Company", .guidance = "", .fields = step_fields, .field_count = 2
};
static struct document_spec document_spec = {
	.type = "PROOF_OF_ADDRESS", .title = "Proof of address", .guidance = "", .category = "", .step_id = ""
};
static char undo_name[] = "Aurora", undo_reference[] = "A-1";
static struct status_line undoable_status = { .undo_offers = { { .id = "one",
								 .expires_at = INT64_MAX,
								 .noun = "approval",
								 .name = undo_name,
								 .reference = undo_reference } },
					      .undo_count = 1 };
static struct stage stage;
static struct dialog *dialog;
static struct dialog_context context;

/* A case with verdicts: a document accepted, a party verified elsewhere, a hit resolved. */
static struct job *decided_case(void)
{
	static struct step step;
	step_init(&step);
	step.id = "company_info";
	step.fields_json = "{\"business_activity\":\"fish\"}";
	struct job *job = harbour_case();
	struct case_file *file = &job->view.file;
	profile = (struct profile){ .name = "ralio-kyb" };
	profile.parties.control_roles = control_roles;
	profile.parties.control_role_count = 2;
	job->view.profile = &profile;
	job->kind = JOB_DIALOG;
	job->has_preview = true;
	job->preview = (struct decision_preview){
		.level_from = "LIGHT", .level_to = "REGULAR", .event = "", .merchant = "shop", .version = 14
	};
	job->view.gap = (struct ownership_gap){ .is_computed = true, .may_hide_owner = true, .percent = "40" };
	job->view.duplicate_count = 1;
	job->view.duplicates = arena_alloc_array(&job->arena, 1, sizeof *job->view.duplicates);
	job->view.duplicates[0] = (struct duplicate){ .id = "other-1",
						      .name = "Harbour Lane Ltd",
						      .country = "GBR",
						      .external_ref = "",
						      .workflow = "",
						      .registration_number = "",
						      .tax_id = "",
						      .date_of_birth = "",
						      .incorporated_on = "",
						      .uid = "",
						      .merchant = "",
						      .dismissed_by = "",
						      .dismissed_reason = "" };
	file->session.submitted_at = TIME_NONE;
	file->documents[0].review = REVIEW_ACCEPTED;
	file->documents[0].sha256 = "5e551011";
	file->documents[2] = file->documents[1];
	file->documents[2].id = "document-2";
	file->documents[2].review = REVIEW_REJECTED;
	file->documents[2].reviewed_by = "bo";
	file->documents[2].review_reason = "blurry";
	file->document_count = 3;
	profile.steps = &step_spec;
	profile.step_count = 1;
	profile.documents = &document_spec;
	profile.document_count = 1;
	file->parties[0].verified_elsewhere_by = "lea";
	file->parties[0].verified_elsewhere_reason = "known for years";
	file->steps = &step;
	file->step_count = 1;
	return job;
}

struct asked {
	const struct dialog_spec *kind;
	const char *item, *what;
	size_t fields;	      /* minimum number of fields */
	bool changes_verdict; /* the dialog would change an existing verdict */
};
static const struct asked places[] = {
	{ &approve_dialog, "", "approve", 1, false },
	{ &reject_dialog, "", "reject", 3, false },
	{ &corrections_dialog, "", "corrections", 2, false },
	{ &document_reject_dialog, "document-0", "reject an accepted document", 1, true },
	{ &hit_dialog, "hit-0", "decide a hit", 3, true },
	{ &take_over_dialog, "", "take over", 0, false },
	{ &party_dialog, "", "declare", 8, false },
	{ &party_dialog, "party-1", "change a party", 8, false },
	{ &party_remove_dialog, "party-1", "remove", 1, false },
	{ &party_verify_dialog, "party-1", "verify elsewhere", 1, false },
	{ &party_verify_dialog, "party-0", "take a verification back", 1, true },
	{ &party_link_dialog, "", "link", 1, false },
	{ &gap_dialog, "", "gap", 2, true },
	{ &duplicate_dialog, "other-1", "duplicate", 1, false },
	{ &waive_dialog, "watchlist", "waive", 1, false },
	{ &snooze_dialog, "", "snooze", 2, false },
	{ &more_dialog, "", "more", 2, true },
	{ &undo_dialog, "", "undo", 1, true },
	{ &accept_dialog, "document-1", "accept what nobody has opened", 0, false },
	{ &accept_dialog, "document-2", "accept a rejected document", 1, true },
	{ &delete_dialog, "", "delete", 2, true },
	{ &kyc_remove_dialog, "party-1", "remove a KYC", 2, true },
	{ &link_show_dialog, "", "show the link", 0, false },
	{ &outside_dialog, "document-0", "open a file outside", 0, false },
	{ &save_dialog, "document-0", "save a file", 1, false },
	{ &add_dialog, "", "add a file", 3, true },
	{ &step_dialog, "company_info", "change a step", 5, true },
};
#define ASKED_COUNT (sizeof places / sizeof places[0])

static void open_place(const struct asked *place)
{
	context = (struct dialog_context){
		.frame = &stage.frame, .reasons = &reasons, .follow_up_text = "", .countries = &countries
	};
	context.status = &undoable_status;
	stage.frame.role = ROLE_LEAD;
	stage.frame.open_with = "viewer";
	stage.frame.external_folder = "/tmp";
	dialog = dialog_new(place->kind, "0b0f8a52", "Harbour Lane Trading Ltd");
	dialog->item = place->item;
	job_free(dialog_make_request(dialog, 1));
	dialog_take_response(dialog, decided_case(), &context);
	dialog->accepts_keys = true;
	cr_assert_geq(dialog->form.field_count, place->fields, "%s", place->what);
}

static bool is_letter_in_text(size_t focus, unsigned char byte)
{
	const struct form *form = &dialog->form;
	return focus < form->field_count && form->fields[focus].kind == INPUT_TEXT && byte >= ' ' && byte < 127;
}

static void press_byte(const struct asked *place, size_t focus, unsigned char byte)
{
	struct decoder decoder;
	struct key key;
	bool on_buttons = focus == dialog->form.field_count;
	size_t length = is_letter_in_text(focus, byte) ? dialog->form.fields[focus].editor.text.len : 0;
	dialog->form.focus = focus;
	decoder_init(&decoder, TEXT_UTF8);
	decoder_feed(&decoder, byte, 0);
	decoder_time_out(&decoder, DECODER_ESCAPE_MS);
	while (decoder_take_key(&decoder, &key)) {
		enum form_result result = form_handle_key(&dialog->form, &key);
		if (result == FORM_EDITED || result == FORM_CHANGED)
			dialog_handle_edit(dialog, &context);
		if (result != FORM_CONFIRM)
			continue;
		cr_expect(byte == 0x19 || (byte == 'y' && on_buttons), "%s: byte 0x%02x in field %zu confirms",
			  place->what, byte, focus);
		struct job *job = dialog_confirm(dialog, &context);
		cr_expect_not(job && place->changes_verdict, "%s: one byte 0x%02x in field %zu", place->what, byte,
			      focus);
		job_free(job);
	}
	if (is_letter_in_text(focus, byte))
		cr_expect_eq(dialog->form.fields[focus].editor.text.len, length + 1, "%s: '%c' is not a text in %zu",
			     place->what, byte, focus);
	decoder_release(&decoder);
}

TestSuite(bytes, .timeout = 120);

Test(bytes, no_single_byte_changes_a_verdict)
{
	size_t tried = 0;
	stage_open(&stage, TEXT_UTF8, 24, 80);
	for (size_t i = 0; i < ASKED_COUNT; i++) {
		open_place(&places[i]);
		size_t stops = dialog->form.field_count + 1;
		dialog_free(dialog);
		for (size_t focus = 0; focus < stops; focus++) {
			for (unsigned byte = 0; byte < 256; byte++, tried++) {
				open_place(&places[i]);
				if (focus == dialog->form.field_count || !dialog->form.fields[focus].hidden)
					press_byte(&places[i], focus, (unsigned char)byte);
				dialog_free(dialog);
			}
		}
	}
	cr_assert_gt(tried, 40 * 256);
	cr_log_info("%zu bytes in %zu dialogs", tried, ASKED_COUNT);
	stage_close(&stage);
	NO_LEAKS();
}

Test(bytes, y_is_offered_only_where_it_works)
{
	stage_open(&stage, TEXT_UTF8, 24, 80);
	for (size_t i = 0; i < ASKED_COUNT; i++) {
		open_place(&places[i]);
		size_t stops = dialog->form.field_count + 1;
		for (size_t focus = 0; focus < stops; focus++) {
			char y[64], ctrl[64];
			if (focus < dialog->form.field_count && dialog->form.fields[focus].hidden)
				continue;
			dialog->form.focus = focus;
			dialog_handle_edit(dialog, &context);
			(void)snprintf(y, sizeof y, " y %s", dialog->form.confirm_label);
			(void)snprintf(ctrl, sizeof ctrl, "Ctrl-Y %s", dialog->form.confirm_label);
			surface_begin(&stage.surface, 24, 80);
			dialog_draw(dialog, &stage.surface, 0);
			stage_check(&stage);
			bool on_buttons = focus + 1 == stops;
			cr_expect_eq(stage_find(&stage, y) >= 0, on_buttons, "%s, field %zu", places[i].what, focus);
			cr_expect_eq(stage_find(&stage, ctrl) >= 0, !on_buttons, "%s, field %zu", places[i].what,
				     focus);
		}
		dialog_free(dialog);
	}
	stage_close(&stage);
	NO_LEAKS();
}

static void type(const char *text)
{
	for (; *text; text++) {
		struct key key = key_char(*text);
		if (form_handle_key(&dialog->form, &key) == FORM_EDITED)
			dialog_handle_edit(dialog, &context);
	}
}

Test(bytes, letters_within_a_word_flip_no_hit)
{
	stage_open(&stage, TEXT_UTF8, 24, 80);
	open_place(&places[4]);
	struct input *outcome = &dialog->form.fields[0];
	dialog->form.focus = 0;
	type("tru");
	cr_expect_str_eq(field_chosen_item(outcome)->code, "true_match");
	type("y"); /* "somebody" ends so */
	cr_expect_str_eq(field_chosen_item(outcome)->code, "true_match");
	surface_begin(&stage.surface, 24, 80);
	dialog_draw(dialog, &stage.surface, 0);
	cr_expect_geq(stage_find(&stage, "truy?"), 0, "what finds nothing is shown as typed");
	type("e"); /* replaces the letter that found nothing */
	cr_expect_str_eq(outcome->typed, "true");
	dialog_free(dialog);
	stage_close(&stage);
	NO_LEAKS();
}

Test(bytes, a_code_is_found_before_a_name)
{
	static struct country known[] = { { .alpha2 = "MK", .alpha3 = "MKD", .name = "North Macedonia" },
					  { .alpha2 = "NO", .alpha3 = "NOR", .name = "Norway" },
					  { .alpha2 = "GB", .alpha3 = "GBR", .name = "United Kingdom" } };
	static const struct countries three = { known, 3 };
	static const struct {
		const char *typed, *code;
	} cases[] = { { "nor", "NOR" }, { "NOR", "NOR" }, { "nort", "MKD" }, { "king", "GBR" }, { "mac", "MKD" } };
	stage_open(&stage, TEXT_UTF8, 24, 80);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		open_place(&places[6]);
		context.countries = &three;
		dialog_free(dialog);
		dialog = dialog_new(&party_dialog, "0b0f8a52", "Harbour Lane Trading Ltd");
		job_free(dialog_make_request(dialog, 1));
		dialog_take_response(dialog, decided_case(), &context);
		struct input *country = NULL;
		for (size_t f = 0; f < dialog->form.field_count; f++)
			if (!strcmp(dialog->form.fields[f].label, "country"))
				country = &dialog->form.fields[dialog->form.focus = f];
		cr_assert_not_null(country);
		type(cases[i].typed);
		cr_assert_not_null(field_chosen_item(country), "%s", cases[i].typed);
		cr_expect_str_eq(field_chosen_item(country)->code, cases[i].code, "%s finds %s", cases[i].typed,
				 field_chosen_item(country)->code);
		dialog_free(dialog);
	}
	stage_close(&stage);
	NO_LEAKS();
}
