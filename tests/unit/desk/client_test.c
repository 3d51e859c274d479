/* Verbs of clients, merchants and intake: each one, and its refusals. */
#include "fixture.h"

FIXTURE(client);

#define AS_CLIENT .capacity = CAPACITY_CLIENT
#define AS_MERCHANT .capacity = CAPACITY_MERCHANT

static const char pdf[] = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

static struct subject business(const char *uid, const char *name)
{
	return (struct subject){ .uid = uid,
				 .kind = SUBJECT_BUSINESS,
				 .name = name,
				 .country = *name ? "GB" : "",
				 .level = "",
				 .registration_number = "",
				 .tax_id = "",
				 .date_of_birth = "",
				 .incorporated_on = "",
				 .website = "",
				 .email = "",
				 .phone = "",
				 .address_json = "{}" };
}

static enum err open_case(const char *workflow, const char *ref, const struct subject *subject)
{
	const struct session_input input = { .workflow = workflow,
					     .merchant = "northwind-pay",
					     .external_ref = ref,
					     .subject = subject,
					     .risk_score = RISK_NONE };

	return USE_IN(f.rita, .verb = VERB_SESSION_OPEN, AS_MERCHANT, .open_input = &input);
}

static void must_open(const char *workflow, const char *ref)
{
	const struct subject subject = business("biz-1", "Harbour Lane Trading Ltd");

	must(open_case(workflow, ref, &subject));
}

static enum err put(const char *ref, const char *type)
{
	/* The bytes differ by type and time. */
	const char *bytes = arena_printf(&f.arena, "%s%% %s %lld\n", pdf, type, (long long)f.world.wall_ms);

	return USE_IN(f.rita, .verb = VERB_DOCUMENT_ADD, AS_CLIENT, .session = ref, .type = type,
		      .file_name = "paper.pdf", .bytes = bytes, .length = strlen(bytes));
}

static enum err save(const char *ref, const char *step, const char *fields)
{
	return USE_IN(f.rita, .verb = VERB_STEP_SAVE, AS_CLIENT, .session = ref, .part = step, .fields_json = fields);
}

static enum err verb(const char *ref, enum verb which)
{
	return USE_IN(f.rita, .verb = which, AS_CLIENT, .session = ref);
}

static void put_mandatory(const char *ref)
{
	must(put(ref, "MEMORANDUM_ARTICLES"));
	must(put(ref, "BUSINESS_NUMBER"));
	must(put(ref, "PROOF_OF_ADDRESS"));
	must(put(ref, "DIRECTORS_SHAREHOLDERS_REG"));
}

static void submitted(const char *ref)
{
	must_open("ralio-kyb", ref);
	put_mandatory(ref);
	must(verb(ref, VERB_SUBMIT));
}

static enum err submit_avenia(void)
{
	fixture_fill_avenia(&f, "AVE-1");
	return USE(f.rita, SUBMIT, "AVE-1", .capacity = CAPACITY_INTAKE);
}

static const char *step_fields(const char *ref, const char *step)
{
	struct case_view view = fixture_case(&f, ref);

	for (size_t i = 0; i < view.file.step_count; i++) {
		if (!strcmp(view.file.steps[i].id, step))
			return view.file.steps[i].fields_json;
	}
	return "none";
}

/* --- opening --- */

Test(client, opens_a_draft_with_the_steps_of_its_workflow_and_a_link)
{
	struct case_view view;

	must_open("ralio-kyb", "RAL-1");
	cr_expect(*f.out.link, "no link");
	view = fixture_case(&f, "RAL-1");
	expect_text(fixture_status(&f, "RAL-1"), "draft");
	cr_expect_eq(view.file.step_count, 3);
	expect_text(view.file.session.subject.uid, "biz-1");
	expect_text(view.file.session.subject.country, "GBR");
	expect_text(view.file.session.subject.level, "LIGHT");
	cr_expect(view.file.session.subject.kyb_id > 0);
	cr_expect(view.file.session.expires_at > f.world.wall_ms);
	expect_sql("SELECT role FROM audit_event WHERE action = 'session.open'", "client");
	cr_expect(strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'session.open'"),
			 "\"as\":\"merchant\""));
}

Test(client, opens_another_session_for_a_user_who_is_known)
{
	const struct subject known = business("biz-1", "");
	struct case_view view;

	must_open("ralio-kyb", "RAL-1");
	must(open_case("ralio-kyb", "RAL-2", &known));
	view = fixture_case(&f, "RAL-2");
	expect_text(view.file.session.subject.name, "Harbour Lane Trading Ltd");
	cr_expect_eq(view.file.session.subject.kyb_id, fixture_case(&f, "RAL-1").file.session.subject.kyb_id);
}

Test(client, opens_nothing_for_nobody_an_unknown_workflow_or_a_reference_in_use)
{
	const struct subject nobody = business("", ""), named = business("", "Quay Ltd");

	expect_err(open_case("ralio-kyb", "RAL-1", &nobody), ERR_INVALID);
	expect_text(f.error.field, "subject.name");
	expect_error(open_case("ralio-kib", "RAL-1", &named), ERR_NOT_FOUND, "ralio-kyb");
	must(open_case("ralio-kyb", "RAL-1", &named));
	expect_err(open_case("ralio-kyb", "RAL-1", &named), ERR_CONFLICT);
	expect_rows(1, "session");
}

Test(client, is_nobody_of_the_staff_as_such)
{
	const struct subject subject = business("", "Quay Ltd");
	const struct session_input input = {
		.workflow = "ralio-kyb", .merchant = "northwind-pay", .subject = &subject, .risk_score = RISK_NONE
	};

	expect_err(USE(f.ada, SESSION_OPEN, NULL, .open_input = &input), ERR_FORBIDDEN);
	expect_err(USE_IN(f.ada, .verb = VERB_SESSION_OPEN, AS_CLIENT, .open_input = &input), ERR_FORBIDDEN);
	expect_err(USE_IN(f.vic, .verb = VERB_SESSION_OPEN, AS_MERCHANT, .open_input = &input), ERR_FORBIDDEN);
	must_open("ralio-kyb", "RAL-1");
	expect_err(USE_IN(f.ada, .verb = VERB_APPROVE, AS_CLIENT, .session = "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(f.ada, SUBMIT, "RAL-1"), ERR_FORBIDDEN);
}

/* --- steps --- */

Test(client, saves_fields_one_over_the_other)
{
	must_open("avenia-kyb-level-1", "AVE-1");
	must(save("AVE-1", "company", "{\"numberOfEmployees\":\"1-10\",\"businessActivityDescription\":\"Fish\"}"));
	must(save("AVE-1", "company", "{\"businessActivityDescription\":\"Wholesale of fish\"}"));
	cr_expect(strstr(step_fields("AVE-1", "company"), "\"numberOfEmployees\":\"1-10\""));
	cr_expect(strstr(step_fields("AVE-1", "company"), "Wholesale of fish"));
	must(save("AVE-1", "company", "{\"numberOfEmployees\":null}"));
	cr_expect(!strstr(step_fields("AVE-1", "company"), "numberOfEmployees"));
	expect_sql("SELECT status FROM step WHERE name = 'company'", "in_progress");
}

Test(client, saves_no_field_that_breaks_a_rule)
{
	must_open("avenia-kyb-level-1", "AVE-1");
	expect_err(save("AVE-1", "company", "{\"numberOfEmployees\":\"12\"}"), ERR_INVALID);
	expect_text(f.error.field, "steps.company.numberOfEmployees");
	expect_text(step_fields("AVE-1", "company"), "{}");
	expect_err(save("AVE-1", "company", "[]"), ERR_INVALID);
	expect_error(save("AVE-1", "compani", "{}"), ERR_INVALID, "company");
}

Test(client, is_told_what_is_missing_when_a_step_is_said_to_be_done)
{
	must_open("avenia-kyb-level-1", "AVE-1");
	expect_err(USE_IN(f.rita, .verb = VERB_STEP_SAVE, AS_CLIENT, .session = "AVE-1", .part = "company",
			  .finish_step = true),
		   ERR_INVALID);
	cr_expect(strstr(f.error.field, "steps.company."));
}

Test(client, has_one_truth_for_the_name_of_the_company)
{
	must_open("avenia-kyb-level-1", "AVE-1");
	must(save("AVE-1", "company", "{\"companyLegalName\":\"Cais Lda\"}"));
	cr_expect(strstr(step_fields("AVE-1", "company"), "CAIS LDA"));
	expect_text(fixture_case(&f, "AVE-1").file.session.subject.name, "CAIS LDA");
}

/* --- documents --- */

Test(client, deletes_a_document_and_its_bytes_before_submit_only)
{
	const char *id;

	must_open("ralio-kyb", "RAL-1");
	must(put("RAL-1", "BUSINESS_NUMBER"));
	id = f.out.part_id;
	must(USE_IN(f.rita, .verb = VERB_DOCUMENT_DELETE, AS_CLIENT, .session = "RAL-1", .part = id));
	expect_rows(0, "document");
	expect_err(USE_IN(f.rita, .verb = VERB_DOCUMENT_DELETE, AS_CLIENT, .session = "RAL-1", .part = id),
		   ERR_NOT_FOUND);
	/* A reviewed file is part of the history: it cannot be deleted, even before submission. */
	must(put("RAL-1", "OTHER"));
	id = f.out.part_id;
	must(USE(f.rita, DOCUMENT_REJECT, "RAL-1", .part = id, .reason = "blurry"));
	expect_err(USE_IN(f.rita, .verb = VERB_DOCUMENT_DELETE, AS_CLIENT, .session = "RAL-1", .part = id),
		   ERR_BLOCKED);
	forward(&f, MINUTE_MS);
	must(put("RAL-1", "OTHER"));
	expect_err(USE_IN(f.rita, .verb = VERB_DOCUMENT_DELETE, AS_CLIENT, .session = "RAL-1", .part = id),
		   ERR_BLOCKED);
	put_mandatory("RAL-1");
	must(verb("RAL-1", VERB_SUBMIT));
	expect_err(
		USE_IN(f.rita, .verb = VERB_DOCUMENT_DELETE, AS_CLIENT, .session = "RAL-1", .part = "BUSINESS_NUMBER"),
		ERR_BLOCKED);
	expect_rows(6, "document");
}

Test(client, brings_so_many_files_of_a_type_and_for_a_session)
{
	static const char *const types[] = { "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "FINANCIAL_STATEMENTS",
					     "LICENSES_PERMITS", "MEMORANDUM_ARTICLES" };
	int count = 0;

	must_open("ralio-kyb", "RAL-1");
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		for (int file = 0; file < 40; file++, count++) {
			forward(&f, 1000);
			must(put("RAL-1", types[i]));
		}
		forward(&f, 1000);
		expect_error(put("RAL-1", types[i]), ERR_BLOCKED, "40 files of the type");
	}
	expect_error(put("RAL-1", "OTHER"), ERR_BLOCKED, "The session has 200 files");
	expect_rows(count, "document");
	/* The limit does not apply to files that staff add. */
	must(USE(f.rita, DOCUMENT_ADD, "RAL-1", .type = "OTHER", .file_name = "a.pdf", .bytes = pdf,
		 .length = strlen(pdf)));
}

/* --- submitting --- */

Test(client, submits_with_every_mandatory_document_only)
{
	must_open("ralio-kyb", "RAL-1");
	expect_blocked(verb("RAL-1", VERB_SUBMIT), "document_missing");
	expect_text(fixture_status(&f, "RAL-1"), "draft");
	put_mandatory("RAL-1");
	must(verb("RAL-1", VERB_SUBMIT));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	cr_expect_eq(sql_int(&f, "SELECT submitted_at FROM session"), f.world.wall_ms);
	cr_expect(sql_int(&f, "SELECT due_at FROM session") > f.world.wall_ms);
	expect_err(verb("RAL-1", VERB_SUBMIT), ERR_BLOCKED);
}

Test(client, completes_no_case_that_could_not_be_submitted)
{
	must_open("ralio-kyb", "RAL-1");
	must(verb("RAL-1", VERB_START));
	expect_err(verb("RAL-1", VERB_START), ERR_BLOCKED);
	expect_err(verb("RAL-1", VERB_COMPLETE), ERR_BLOCKED);
	put_mandatory("RAL-1");
	must(verb("RAL-1", VERB_COMPLETE));
	expect_text(fixture_status(&f, "RAL-1"), "completed");
}

Test(client, changes_nothing_of_what_was_submitted)
{
	submitted("RAL-1");
	expect_error(put("RAL-1", "LICENSES_PERMITS"), ERR_BLOCKED, "frozen");
	expect_err(put("RAL-1", "BUSINESS_NUMBER"), ERR_BLOCKED);
	expect_err(save("RAL-1", "company_info", "{\"business_activity\":\"Fish\"}"), ERR_BLOCKED);
	expect_text(step_fields("RAL-1", "company_info"), "{}");
	expect_err(USE(f.rita, STEP_SAVE, "RAL-1", .capacity = CAPACITY_INTAKE, .part = "company_info",
		       .fields_json = "{\"a\":1}", .skip_validation = true),
		   ERR_BLOCKED);
}

Test(client, is_not_held_up_by_who_holds_the_case)
{
	must_open("ralio-kyb", "RAL-1");
	put_mandatory("RAL-1");
	must(USE(f.bo, CLAIM, "RAL-1"));
	must(verb("RAL-1", VERB_SUBMIT));
}

/* --- corrections --- */

Test(client, changes_what_a_correction_asks_for_and_nothing_else)
{
	submitted("RAL-1");
	forward(&f, MINUTE_MS);
	must(ask(&f, f.rita, "RAL-1", "company_info", "PROOF_OF_ADDRESS", NULL));
	expect_error(put("RAL-1", "BUSINESS_NUMBER"), ERR_BLOCKED, "not requested by a correction");
	expect_err(save("RAL-1", "company_info", "{\"business_activity\":\"Fish\"}"), ERR_BLOCKED);
	must(put("RAL-1", "PROOF_OF_ADDRESS"));
	must(verb("RAL-1", VERB_HAND_IN));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	cr_expect_eq(sql_int(&f, "SELECT returned FROM session"), 1);
	expect_sql("SELECT state FROM correction", "answered");
	expect_sql("SELECT status FROM step WHERE name = 'company_info'", "completed");
	cr_expect(strstr(sql_text(&f, "SELECT after FROM correction"), "PROOF_OF_ADDRESS"));
}

Test(client, answers_no_correction_by_handing_in)
{
	submitted("RAL-1");
	must(ask(&f, f.rita, "RAL-1", "company_info", "PROOF_OF_ADDRESS", NULL));
	expect_blocked(verb("RAL-1", VERB_HAND_IN), "correction_open");
	expect_text(fixture_status(&f, "RAL-1"), "awaiting_client_correction");
	expect_sql("SELECT state FROM correction", "open");
	expect_err(USE(f.rita, HAND_IN, "RAL-1", .capacity = CAPACITY_INTAKE), ERR_BLOCKED);
}

/* Only a change in the step answers its correction: not files of the same minute, or a party that staff added. */
Test(client, answers_a_whole_step_with_news_of_that_step_alone)
{
	static const struct party_input added = { .kind = PARTY_INDIVIDUAL,
						  .name = "Tomas Reis",
						  .roles = 1u << ROLE_DIRECTOR,
						  .country = "PRT",
						  .date_of_birth = "1979-05-02" };

	submitted("RAL-1");
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	expect_error(verb("RAL-1", VERB_HAND_IN), ERR_BLOCKED, "nothing was changed in this step");
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &added));
	expect_err(verb("RAL-1", VERB_HAND_IN), ERR_BLOCKED);
	must(save("RAL-1", "company_info", "{\"business_activity\":\"Fish\"}"));
	must(verb("RAL-1", VERB_HAND_IN));
}

Test(client, may_say_in_words_why_not)
{
	const char *id;

	submitted("RAL-1");
	must(ask(&f, f.rita, "RAL-1", "company_info", "PROOF_OF_ADDRESS", NULL));
	id = sql_text(&f, "SELECT uuid FROM correction");
	expect_err(USE_IN(f.rita, .verb = VERB_ANSWER, AS_CLIENT, .session = "RAL-1", .part = id, .text = "  "),
		   ERR_INVALID);
	must(USE_IN(f.rita, .verb = VERB_ANSWER, AS_CLIENT, .session = "RAL-1", .part = id,
		    .text = "That is the newest there is."));
	must(verb("RAL-1", VERB_HAND_IN));
	cr_expect(strstr(sql_text(&f, "SELECT after FROM correction"), "That is the newest there is."));
	/* The requested document counts as uploaded, although its file is unchanged. */
	expect_sql("SELECT upload FROM document WHERE type = 'PROOF_OF_ADDRESS'", "ready");
	expect_err(USE_IN(f.rita, .verb = VERB_ANSWER, AS_CLIENT, .session = "RAL-1", .part = id, .text = "Again."),
		   ERR_BLOCKED);
}

Test(client, tells_outside_that_it_is_in_review_but_intake_does_not)
{
	const struct subject person = { .uid = "u-1",
					.kind = SUBJECT_INDIVIDUAL,
					.name = "Ines Duarte",
					.country = "",
					.level = "",
					.registration_number = "",
					.tax_id = "",
					.date_of_birth = "",
					.incorporated_on = "",
					.website = "",
					.email = "",
					.phone = "",
					.address_json = "{}" };

	must_open("ralio-kyb", "RAL-1");
	fixture_endpoint(&f);
	must(open_case("generic-kyc", "GEN-0", &person));
	must(USE_IN(f.rita, .verb = VERB_START, AS_CLIENT, .session = "GEN-0"));
	expect_rows(1, "outbox_event");
	must(put("GEN-0", "PASSPORT"));
	must(USE(f.rita, COMPLETE, "GEN-0", .capacity = CAPACITY_INTAKE));
	expect_rows(1, "outbox_event");
}

/* --- once more --- */

Test(client, submits_again_what_was_rejected_for_now)
{
	must_open("avenia-kyb-level-1", "AVE-1");
	must(submit_avenia());
	must(USE(f.rita, REJECT, "AVE-1", .reason = "data_mismatch", .text = NULL, .retryable = CHOICE_YES,
		 .has_grace = true));
	/* The client corrects the data, then submits the case again. */
	must(save("AVE-1", "company", "{\"numberOfEmployees\":\"1-10\"}"));
	must(verb("AVE-1", VERB_RESUBMIT));
	expect_text(fixture_status(&f, "AVE-1"), "manual_review");
	cr_expect_eq(sql_int(&f, "SELECT attempt FROM session"), 2);
	expect_rows(1, "attempt");
	expect_err(save("AVE-1", "company", "{\"numberOfEmployees\":\"1-10\"}"), ERR_BLOCKED);
}

Test(client, submits_nothing_again_after_a_final_rejection)
{
	must_open("avenia-kyb-level-1", "AVE-1");
	must(submit_avenia());
	must(USE(f.rita, REJECT, "AVE-1", .reason = "data_mismatch", .text = NULL, .retryable = CHOICE_NO,
		 .has_grace = true));
	expect_error(verb("AVE-1", VERB_RESUBMIT), ERR_BLOCKED, "allows no further attempt");
	expect_err(save("AVE-1", "company", "{\"numberOfEmployees\":\"1-10\"}"), ERR_BLOCKED);
	expect_text(fixture_status(&f, "AVE-1"), "rejected");
}

/* --- parties --- */

static enum err declare(const char *ref, const char *fields)
{
	const struct party_input input = { .name = "Ines Duarte",
					   .kind = PARTY_INDIVIDUAL,
					   .roles = 1u << ROLE_UBO,
					   .control_role = "CEO",
					   .percent = "60" };

	return USE_IN(f.rita, .verb = VERB_PARTY_ADD, AS_CLIENT, .session = ref, .party = &input,
		      .fields_json = fields);
}

Test(client, declares_parties_where_the_profile_lets_it)
{
	const char *party;

	must_open("avenia-kyb-level-1", "AVE-1");
	must(declare("AVE-1", NULL));
	party = f.out.part_id;
	expect_err(USE_IN(f.rita, .verb = VERB_PARTY_EDIT, AS_CLIENT, .session = "AVE-1", .part = party,
			  .fields_json = "{\"countryOfTaxId\":\"Nowhere\"}"),
		   ERR_INVALID);
	must(USE_IN(f.rita, .verb = VERB_PARTY_EDIT, AS_CLIENT, .session = "AVE-1", .part = party,
		    .fields_json = "{\"percentageOfOwnership\":\"55\"}"));
	expect_sql("SELECT percent FROM party_share", "55");
	must(USE_IN(f.rita, .verb = VERB_PARTY_REMOVE, AS_CLIENT, .session = "AVE-1", .part = party));
	must_open("ralio-kyb", "RAL-1");
	expect_error(declare("RAL-1", NULL), ERR_FORBIDDEN, "reviewers declare");
}

Test(client, declares_nobody_once_it_is_submitted)
{
	must_open("avenia-kyb-level-1", "AVE-1");
	must(submit_avenia());
	expect_err(declare("AVE-1", NULL), ERR_BLOCKED);
	must(ask(&f, f.rita, "AVE-1", "ubos", NULL, NULL));
	expect_err(verb("AVE-1", VERB_HAND_IN), ERR_BLOCKED);
	must(declare("AVE-1", NULL));
	must(verb("AVE-1", VERB_HAND_IN));
	expect_text(fixture_status(&f, "AVE-1"), "manual_review");
}

/* --- the session itself --- */

Test(client, gets_more_time_and_is_hidden_by_its_merchant)
{
	int64_t before;

	must_open("ralio-kyb", "RAL-1");
	before = f.out.expires_at;
	must(USE_IN(f.rita, .verb = VERB_EXTEND, AS_MERCHANT, .session = "RAL-1", .days = 3));
	cr_expect_eq(f.out.expires_at, before + 3 * 24 * 60 * MINUTE_MS);
	expect_err(USE_IN(f.rita, .verb = VERB_EXTEND, AS_MERCHANT, .session = "RAL-1", .days = 0), ERR_INVALID);
	expect_err(USE_IN(f.rita, .verb = VERB_EXTEND, AS_CLIENT, .session = "RAL-1", .days = 3), ERR_FORBIDDEN);
	must(USE_IN(f.rita, .verb = VERB_HIDE, AS_MERCHANT, .session = "RAL-1"));
	cr_expect_eq(sql_int(&f, "SELECT hidden FROM session"), 1);
}

Test(client, keeps_a_field_on_the_file_that_took_the_place)
{
	const char *first, *second;

	must_open("avenia-kyb-level-1", "AVE-1");
	must(put("AVE-1", "CERTIFICATE-OF-INCORPORATION"));
	first = f.out.part_id;
	must(save("AVE-1", "company",
		  arena_printf(&f.arena, "{\"certificateOfIncorporationDocumentId\":\"%s\"}", first)));
	must(submit_avenia());
	must(ask(&f, f.rita, "AVE-1", "documents", "CERTIFICATE-OF-INCORPORATION", NULL));
	forward(&f, MINUTE_MS);
	must(put("AVE-1", "CERTIFICATE-OF-INCORPORATION"));
	second = f.out.part_id;
	cr_expect(strcmp(first, second) != 0);
	cr_expect(strstr(step_fields("AVE-1", "company"), second));
	must(verb("AVE-1", VERB_HAND_IN));
}
