#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"

/* A person's case without any data. */
static void set_up(void)
{
	builder_init(&built);
	built.profile = (struct profile){ .manual_review = true, .steps = built.step_specs, .step_count = 1 };
	built.file.session.kind = KIND_KYC;
	built.file.document_count = built.file.party_count = built.file.check_count = built.file.step_count = 0;
}
TestSuite(examined, .init = set_up, .fini = builder_tear_down);

static void takes_a_document(void)
{
	built.document_specs[0].mandatory = false;
	built.profile.documents = built.document_specs;
	built.profile.document_count = 1;
}

Test(examined, an_empty_kyc_verifies_nobody)
{
	BLOCKS("nothing_examined");
	built.file.session.kind = KIND_KYB;
	BLOCKS("");
}

Test(examined, a_ready_document_is_something)
{
	struct document *document = builder_add_document(&built, "d0", "PASSPORT");

	BLOCKS("");
	document->replaced = true;
	BLOCKS("nothing_examined");
	document->replaced = false;
	for (int upload = UPLOAD_REQUIRED; upload <= UPLOAD_REJECTED; upload++) {
		if (upload == UPLOAD_READY)
			continue;
		document->upload = (enum upload_state)upload;
		cr_expect(strstr(builder_codes(&built), "nothing_examined"), "%s", upload_state_text(document->upload));
	}
}

Test(examined, a_check_counts_with_a_result_only)
{
	struct check *check = builder_add_check(&built, CHECK_EMAIL, CHECK_PASSED);

	BLOCKS("");
	check->status = CHECK_PENDING;
	BLOCKS("check_failed nothing_examined");
	check->status = CHECK_WAIVED;
	check->waived_by = "lea";
	built.profile.checks.waivable_kind_bits = 1u << CHECK_EMAIL;
	BLOCKS("nothing_examined");
}

Test(examined, a_check_that_did_not_pass_does_not_count)
{
	struct check *check = builder_add_check(&built, CHECK_EMAIL, CHECK_PASSED);
	static const enum check_status bad[] = { CHECK_FAILED, CHECK_ERROR, CHECK_TIMEOUT, CHECK_HIT };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		check->status = bad[i];
		BLOCKS("check_failed nothing_examined");
	}
}

/* A step contains only data that the client typed, so it verifies nobody. */
Test(examined, a_step_does_not_count)
{
	built.file.step_count = 1;
	BLOCKS("nothing_examined");
	built.steps[0].status = STEP_SKIPPED;
	BLOCKS("nothing_examined");
	built.steps[0].status = STEP_PENDING;
	BLOCKS("nothing_examined step_open");
}

/* Results count only if the workflow allows it, if a provider or the simulator sent them, and if they do not reject. */
Test(examined, results_count_where_the_profile_says_so)
{
	static const enum final_decision words[] = { FINAL_APPROVED, FINAL_FLAGGED, FINAL_MANUAL_REVIEW };
	struct session *session = &built.file.session;

	session->results_capacity = "provider";
	built.file.results_decision = FINAL_APPROVED;
	BLOCKS("nothing_examined");
	built.profile.evidence.results_are_enough = true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		built.file.results_decision = words[i];
		BLOCKS("");
	}
	session->results_capacity = "simulator";
	BLOCKS("");
	session->results_capacity = "intake";
	BLOCKS("nothing_examined");
	session->results_capacity = "";
	BLOCKS("nothing_examined");
	session->results_capacity = "provider";
	built.file.results_decision = FINAL_REJECTED;
	BLOCKS("nothing_examined");
	built.file.results_decision = FINAL_NONE;
	BLOCKS("nothing_examined");
}

Test(examined, only_what_the_profile_names_counts_where_it_names_any)
{
	static const char *types[] = { "PASSPORT" };
	struct document *document = builder_add_document(&built, "d0", "SELFIE");
	struct check *check = builder_add_check(&built, CHECK_EMAIL, CHECK_PASSED);
	struct proof_rules *evidence = &built.profile.evidence;

	BLOCKS("");
	*evidence = (struct proof_rules){ .limits_documents = true, .documents = types, .document_count = 1 };
	BLOCKS("");
	evidence->limits_checks = true;
	BLOCKS("nothing_examined");
	evidence->checks = 1u << CHECK_FACE_MATCH;
	BLOCKS("nothing_examined");
	document->type = "PASSPORT";
	BLOCKS("");
	document->type = "SELFIE";
	check->kind = CHECK_FACE_MATCH;
	BLOCKS("");
	check->kind = CHECK_EMAIL;
	evidence->limits_documents = false;
	BLOCKS("");
}

/* A replaced, rejected or expired document, or one with a rejected upload, is not evidence for an approval. */
Test(examined, a_document_that_is_not_valid_approves_nobody)
{
	struct document *document = builder_add_document(&built, "d0", "PASSPORT");

	document->expires_on = built.context.now - 2 * (24 * 60 * 60 * (int64_t)1000);
	BLOCKS("document_not_accepted");
	document->expires_on = TIME_NONE;
	document->review = REVIEW_REJECTED;
	BLOCKS("document_not_accepted");
	document->review = REVIEW_ACCEPTED;
	document->replaced = true;
	BLOCKS("nothing_examined");
	document->replaced = false;
	document->upload = UPLOAD_REJECTED;
	cr_expect(strstr(builder_codes(&built), "nothing_examined"), "%s", builder_codes(&built));
}

static const char *sentence(void)
{
	struct blockers found;

	gate_check(&built.arena, &built.file, &built.context, GATE_APPROVAL, &found);
	return found.count ? found.items[0].message : "";
}

Test(examined, the_sentence_names_what_is_enough)
{
	static const char *types[] = { "PASSPORT", "ID_CARD" };
	struct proof_rules *evidence = &built.profile.evidence;

	cr_expect_str_eq(sentence(),
			 "Nothing verifies this person yet: the case needs an accepted document or a passed check");
	*evidence = (struct proof_rules){ .limits_documents = true, .documents = types, .document_count = 2 };
	cr_expect_str_eq(sentence(),
			 "Nothing verifies this person yet: the case needs an accepted document (PASSPORT or "
			 "ID_CARD) or a passed check");
	*evidence = (struct proof_rules){ .limits_documents = true,
					  .limits_checks = true,
					  .checks = 1u << CHECK_FACE_MATCH };
	cr_expect_str_eq(sentence(), "Nothing verifies this person yet: the case needs a passed check (face_match)");
	*evidence = (struct proof_rules){ .limits_documents = true, .limits_checks = true, .results_are_enough = true };
	cr_expect_str_eq(sentence(), "Nothing verifies this person yet: the case needs a provider's results");
}

Test(examined, in_a_sandbox_the_reviewer_stands_in_for_the_portal)
{
	built.context.sandbox = true;
	built.file.step_count = 1;
	built.steps[0].status = STEP_PENDING;
	built.file.session.status = SESSION_DRAFT;
	BLOCKS("");
	built.file.session.status = SESSION_ACTIVE;
	BLOCKS("");
	built.file.session.status = SESSION_MANUAL_REVIEW;
	BLOCKS("nothing_examined step_open");
	built.context.sandbox = false;
	built.file.session.status = SESSION_ACTIVE;
	BLOCKS("status nothing_examined step_open");
}

Test(examined, a_step_of_the_clients_has_to_be_done)
{
	static const bool open[] = { [STEP_PENDING] = true,
				     [STEP_IN_PROGRESS] = true,
				     [STEP_COMPLETED] = false,
				     [STEP_SKIPPED] = false,
				     [STEP_NEEDS_CORRECTION] = true };

	built.file.session.kind = KIND_KYB;
	built.file.step_count = 1;
	takes_a_document();
	for (int status = STEP_PENDING; status <= STEP_NEEDS_CORRECTION; status++) {
		built.steps[0].status = (enum step_status)status;
		BLOCKS(open[status] ? "step_open" : "");
	}
}

Test(examined, a_companys_step_that_asks_the_client_for_nothing_is_compliances_own)
{
	built.file.session.kind = KIND_KYB;
	built.file.step_count = 1;
	built.steps[0].status = STEP_IN_PROGRESS;
	BLOCKS("");
	built.steps[0].status = STEP_NEEDS_CORRECTION;
	BLOCKS("step_open");
	built.steps[0].status = STEP_PENDING;
	takes_a_document();
	BLOCKS("step_open");
	built.profile.document_count = 0;
	built.steps[0].id = "of_its_own";
	BLOCKS("step_open");
}

/* An approval does not wait for a step if the provider requests all its documents; other steps' do not count. */
Test(examined, a_step_whose_documents_are_asked_for_when_they_are_needed_is_not_waited_for)
{
	built.file.session.kind = KIND_KYB;
	built.file.step_count = 1;
	built.steps[0].status = STEP_PENDING;
	built.step_specs[0].field_count = 0;
	takes_a_document();
	built.profile.document_count = 3;
	for (size_t i = 0; i < built.profile.document_count; i++) {
		built.document_specs[i].mandatory = false;
		built.document_specs[i].step_id = built.steps[0].id;
	}
	BLOCKS("step_open");
	built.document_specs[0].is_provider_requested = true;
	built.document_specs[1].step_id = "a_step_before";
	built.document_specs[2].step_id = "of_its_own";
	BLOCKS("");
	built.document_specs[2].step_id = built.steps[0].id;
	BLOCKS("step_open");
}

Test(examined, a_step_under_correction_is_spoken_of_once)
{
	struct correction *correction = builder_add_correction(&built, CORRECTION_OPEN);

	built.file.session.kind = KIND_KYB;
	built.file.step_count = 1;
	built.steps[0].status = STEP_NEEDS_CORRECTION;
	BLOCKS("correction_open");
	correction->state = CORRECTION_ANSWERED;
	BLOCKS("correction_open");
	correction->state = CORRECTION_WITHDRAWN;
	BLOCKS("step_open");
}

Test(examined, an_open_step_refers_to_itself_by_its_path)
{
	built.file.step_count = 1;
	built.steps[0].status = STEP_IN_PROGRESS;
	builder_add_check(&built, CHECK_EMAIL, CHECK_PASSED);
	BLOCKS_ONE(BLOCKER_STEP_OPEN, "steps.company_info",
		   "The step Company information is in progress; ask the client to complete it");
}
