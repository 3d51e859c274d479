/*
 * Separation of duties in a production store of five people. After a reviewer changed the data of a case, this
 * reviewer may not decide the case or accept this data. The author of a material verdict may not approve the case. Only a lead may remove an
 * owner or lower a share.
 */
#include "fixture.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/store/contribution.h"
#include "support/tried.h"

#include "../../../src/desk/desk_private.h"

FIXTURE(contributor);

#define WHY "the client told us so by phone"
#define PDF "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

/* Expects a refusal with a blocker second_reviewer that contains this text. */
static void expect_second(enum err err, const char *says)
{
	bool found = false;

	for (size_t i = 0; i < f.error.blocker_count; i++)
		found = found || (!strcmp(f.error.blockers[i].code, "second_reviewer") &&
				  (strstr(f.error.blockers[i].message, says) || strstr(f.error.message, says)));
	cr_expect_eq(err, ERR_BLOCKED, "done, or another error: %s", f.error.message ? f.error.message : "");
	cr_expect(found, "no second_reviewer says \"%s\": %s", says, f.error.message ? f.error.message : "");
}

/* Expects that every decision of the contributor `by` is refused, and that a colleague can approve. */
static void expect_only_colleagues(struct desk *by, const char *says)
{
	expect_second(approve_at_once(&f, by, "RAL-1"), says);
	expect_second(USE(by, REJECT, "RAL-1", .reason = "other"), says);
	expect_second(ask(&f, by, "RAL-1", "company_info", NULL, NULL), says);
	must(approve_at_once(&f, by == f.rita ? f.bo : f.rita, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "approved");
}

static void ready(void)
{
	fixture_ready(&f, "RAL-1");
	fixture_in_production(&f);
}

static const char *owner(void)
{
	return fixture_case(&f, "RAL-1").file.parties[0].id;
}

/* --- the table: every verb as a contribution, against every decision --- */

static void note(enum verb verb, enum material material)
{
	sql_change(&f,
		   arena_printf(&f.arena,
				"DELETE FROM contribution WHERE actor = 'lea'; INSERT INTO contribution (session_id, "
				"actor, what, part, material, at) SELECT id, 'lea', '%s', '', '%s', 1 FROM session "
				"WHERE external_ref = 'RAL-1'",
				use_cases[verb].audit_action, material_text(material)));
}

static bool excludes(enum verb decision)
{
	struct decision_preview preview;
	const struct use_in in = { .verb = decision, .session = "RAL-1" };
	bool found = false;

	must(desk_preview(f.lea, &f.arena, &in, &preview, &f.error));
	for (size_t i = 0; i < preview.blockers.count; i++)
		found = found || preview.blockers.items[i].code == BLOCKER_SECOND_REVIEWER;
	return found;
}

Test(contributor, every_material_verb_of_the_table_excludes_its_actor)
{
	static const enum verb decisions[] = { VERB_APPROVE, VERB_REJECT, VERB_CORRECTIONS, VERB_REOPEN };
	unsigned cells = 0;

	ready();
	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		const struct use_case *row = &use_cases[verb];

		cr_expect_eq(row->material != MATERIAL_NONE, *row->done_text != '\0', "%s", row->audit_action);
		if (row->material)
			note((enum verb)verb, row->material);
		else
			sql_change(&f, "DELETE FROM contribution WHERE actor = 'lea'");
		for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++, cells++)
			cr_expect_eq(excludes(decisions[i]),
				     row->material == MATERIAL_DATA ||
					     (row->material == MATERIAL_VERDICT && decisions[i] == VERB_APPROVE),
				     "%s, then %s", row->audit_action, use_cases[decisions[i]].audit_action);
	}
	tried("verb x decision of a contributor: %u cells", cells);
}

/* --- data --- */

Test(contributor, a_changed_step)
{
	ready();
	must(USE(f.bo, STEP_EDIT, "RAL-1", .part = "company_info",
		 .fields_json = "{\"business_activity\":\"Wholesale of fish\"}", .reason = WHY));
	expect_only_colleagues(f.bo, "bo changed a step (company_info) at 12:00 UTC; a colleague must decide this "
				     "case");
}

static void add_file(struct desk *by)
{
	must(USE(f.rita, DOCUMENT_REJECT, "RAL-1", .part = "BUSINESS_NUMBER", .reason = "blurry"));
	must(USE(by, DOCUMENT_ADD, "RAL-1", .type = "BUSINESS_NUMBER", .file_name = "number.pdf", .bytes = PDF,
		 .length = sizeof PDF - 1));
}

#define UNSEEN .unseen = true, .reason = "compared on paper"

Test(contributor, an_added_document_is_accepted_by_a_colleague)
{
	const char *id;

	ready();
	add_file(f.bo);
	id = f.out.part_id;
	expect_second(USE(f.bo, DOCUMENT_ACCEPT, "RAL-1", .part = id),
		      "Cannot accept a document: bo added a document (BUSINESS_NUMBER) (2026-11-20 12:00 UTC); a "
		      "colleague must judge it");
	must(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = id, UNSEEN));
	expect_only_colleagues(f.bo, "bo added a document (BUSINESS_NUMBER)");
}

Test(contributor, an_acceptance_of_the_own_document_is_not_confirmed_either)
{
	const char *id, *refs[1];

	ready();
	add_file(f.bo);
	id = f.out.part_id;
	must(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = id, UNSEEN));
	sql_change(&f, "UPDATE document SET basis = '{}' WHERE type = 'BUSINESS_NUMBER' AND review = 'accepted'");
	refs[0] = arena_printf(&f.arena, "document:%s", id);
	expect_error(USE(f.bo, CONFIRM, "RAL-1", .refs = refs, .ref_count = 1), ERR_BLOCKED, "bo added a document");
	must(USE(f.lea, CONFIRM, "RAL-1", .refs = refs, .ref_count = 1));
	must(approve_at_once(&f, f.lea, "RAL-1"));
}

Test(contributor, a_straw_owner_and_the_undo_of_it)
{
	const struct party_input straw = { .kind = PARTY_INDIVIDUAL,
					   .name = "Rui Falso",
					   .roles = 1u << ROLE_DIRECTOR,
					   .country = "PRT",
					   .date_of_birth = "1990-05-01" };
	const char *id;

	ready();
	must(USE(f.bo, PARTY_ADD, "RAL-1", .party = &straw));
	id = f.out.part_id;
	/* The party was added after the submission, so it was not declared as an owner: no lead is needed. */
	must(USE(f.bo, PARTY_REMOVE, "RAL-1", .part = id, .reason = WHY));
	expect_only_colleagues(f.bo, "bo added a party at 12:00 UTC, removed a party at 12:00 UTC");
}

Test(contributor, identity_share_and_role_of_a_party_count_and_its_email_does_not)
{
	const struct party_input mail = { .email = "ines@mail.example" };
	const struct party_input born = { .roles = 1u << ROLE_UBO | 1u << ROLE_DIRECTOR };

	ready();
	must(USE(f.bo, PARTY_EDIT, "RAL-1", .part = owner(), .party = &mail));
	(void)confirm_all(&f, f.lea, "RAL-1");
	expect_rows(0, "contribution WHERE actor = 'bo'");
	must(USE(f.bo, PARTY_EDIT, "RAL-1", .part = owner(), .party = &born));
	expect_only_colleagues(f.bo, "bo changed a party");
}

Test(contributor, a_changed_subject_counts_in_sessions_that_are_opened_later)
{
	static const struct subject_input fresh = { .merchant = "northwind-pay",
						    .uid = "new-1",
						    .kind = SUBJECT_INDIVIDUAL,
						    .name = "Jo Reyes",
						    .country = "PT" };
	static const struct subject_input mail = { .email = "jo@mail.example" }, name = { .name = "Jo Reis" };

	ready();
	must(USE(f.lea, SUBJECT_ADD, NULL, .subject = &fresh));
	must(USE(f.rita, SUBJECT_EDIT, NULL, .part = "new-1", .subject = &mail));
	must(USE(f.bo, SUBJECT_EDIT, NULL, .part = "new-1", .subject = &name));
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	/* Makes the session look as if it was opened for the subject, with the subject's data. */
	sql_change(&f, "UPDATE session SET subject_id = (SELECT id FROM subject WHERE uid = 'new-1'), subject_name = "
		       "'Jo Reis', country = 'PRT' WHERE external_ref = 'KYC-1'");
	expect_second(approve_at_once(&f, f.bo, "KYC-1"), "bo changed the subject");
	expect_second(approve_at_once(&f, f.lea, "KYC-1"), "lea added the subject");
	(void)approve_at_once(&f, f.rita, "KYC-1");
	cr_expect_not(error_has_blocker(&f.error, "second_reviewer"), "%s", f.error.message);
}

static int64_t of_subjects(const char *actor)
{
	return sql_int(&f,
		       arena_printf(&f.arena,
				    "SELECT count(*) FROM contribution WHERE actor = '%s' AND subject_id IS NOT NULL",
				    actor));
}

/* The user's next session begins with the changed name, so the change is recorded for the subject, too. */
Test(contributor, a_changed_name_counts_in_the_next_session_of_the_user)
{
	fixture_import(&f, "{\"external_ref\": \"AVE-1\", \"workflow\": \"avenia-kyb-level-1\", \"kind\": \"kyb\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", \"subject\": {\"uid\": "
			   "\"biz-1\", \"kind\": \"business\", \"name\": \"Harbour Lane Trading Ltd\"}}\n");
	fixture_in_production(&f);
	must(USE(f.lea, STEP_EDIT, "AVE-1", .part = "company",
		 .fields_json = "{\"businessActivityDescription\":\"Wholesale of fish\"}", .reason = WHY));
	cr_expect_eq(of_subjects("lea"), 0);
	must(USE(f.bo, STEP_EDIT, "AVE-1", .part = "company",
		 .fields_json = "{\"companyLegalName\":\"Harbor Holdings SA\"}", .reason = WHY));
	cr_expect_eq(of_subjects("bo"), 1);
}

Test(contributor, what_an_importer_brought_he_does_not_accept)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	fixture_in_production(&f);
	expect_second(USE(f.ada, DOCUMENT_ACCEPT, "RAL-1", .part = "BUSINESS_NUMBER"),
		      "ada imported the case (2026-11-20 12:00 UTC); a colleague must judge it");
	must(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = "BUSINESS_NUMBER", UNSEEN));
}

/* An import line may set a document's upload time; the importer is the contributor, even if this time is later. */
Test(contributor, an_imported_document_with_a_later_day_is_still_the_importers)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	sql_change(&f, "UPDATE document SET uploaded_at = uploaded_at + 86400000");
	fixture_in_production(&f);
	expect_second(USE(f.ada, DOCUMENT_ACCEPT, "RAL-1", .part = "BUSINESS_NUMBER"), "ada imported the case");
}

Test(contributor, an_importer_accepts_a_document_that_a_colleague_added)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	fixture_in_production(&f);
	add_file(f.bo);
	must(USE(f.ada, DOCUMENT_ACCEPT, "RAL-1", .part = f.out.part_id, UNSEEN));
}

Test(contributor, two_verbs_in_one_change_both_count)
{
	const struct use_in ins[] = {
		{ .verb = VERB_NOTE, .session = "RAL-1", .text = "A note." },
		{ .verb = VERB_STEP_EDIT,
		  .part = "company_info",
		  .fields_json = "{\"business_activity\":\"Fish\"}",
		  .reason = WHY },
	};
	struct use_out outs[2];

	ready();
	must(desk_do_all(f.bo, &f.arena, ins, 2, outs, &f.error));
	expect_only_colleagues(f.bo, "bo changed a step");
}

Test(contributor, a_refused_change_and_looking_make_no_contributor)
{
	ready();
	expect_err(USE(f.bo, STEP_EDIT, "RAL-1", .part = "company_info", .fields_json = "{\"x\":1}", .reason = WHY),
		   ERR_INVALID);
	must(USE(f.bo, CLAIM, "RAL-1"));
	must(USE(f.bo, REVEAL, "RAL-1"));
	must(USE(f.bo, NOTE, "RAL-1", .text = "A note."));
	must(USE(f.bo, SNOOZE, "RAL-1", .until = NOON + MINUTE_MS, .reason = WHY));
	must(USE(f.bo, WAKE, "RAL-1"));
	must(USE(f.bo, DOCUMENT_REJECT, "RAL-1", .part = "BUSINESS_NUMBER", .reason = "blurry"));
	must(USE(f.bo, REVIEW_UNDO, "RAL-1"));
	must(approve_at_once(&f, f.bo, "RAL-1"));
}

/* --- the owner's KYC and the company's case --- */

static enum err report(const char *ref, struct desk *by, enum check_status status)
{
	struct check check;

	check_init(&check);
	check.kind = CHECK_CRYPTO;
	check.status = status;
	return USE(by, CHECK_REPORT, ref, .capacity = CAPACITY_INTAKE, .result = &check);
}

static void with_open_kyc(void)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	fixture_in_production(&f);
}

static void edit_kyc(struct desk *by)
{
	must(USE(by, STEP_EDIT, fixture_kyc_id(&f), .part = "identity", .fields_json = "{\"nationality\":\"PT\"}",
		 .reason = WHY));
}

Test(contributor, a_change_of_the_owners_kyc_counts_on_the_company)
{
	with_open_kyc();
	edit_kyc(f.bo);
	expect_second(approve_at_once(&f, f.bo, fixture_kyc_id(&f)), "bo changed a step (identity)");
	must(approve_at_once(&f, f.rita, fixture_kyc_id(&f)));
	expect_second(approve_at_once(&f, f.bo, "RAL-1"), "bo changed a step (session ");
	must(approve_at_once(&f, f.lea, "RAL-1"));
}

/* KYC-9 becomes a session below the owner's session, which is below RAL-1. */
Test(contributor, a_change_two_sessions_below_counts)
{
	with_open_kyc();
	fixture_kyc(&f, "KYC-9", "manual_review", NULL);
	sql_change(&f, "UPDATE session SET parent_id = (SELECT subsession_id FROM party) WHERE external_ref = 'KYC-9'");
	must(USE(f.bo, STEP_EDIT, "KYC-9", .part = "identity", .fields_json = "{\"nationality\":\"PT\"}",
		 .reason = WHY));
	expect_second(approve_at_once(&f, f.bo, fixture_kyc_id(&f)), "bo changed a step (session ");
	expect_second(approve_at_once(&f, f.bo, "RAL-1"), "bo changed a step (session ");
	must(approve_at_once(&f, f.rita, fixture_kyc_id(&f)));
}

Test(contributor, a_verdict_on_the_owners_kyc_counts_on_the_company)
{
	with_open_kyc();
	must(report(fixture_kyc_id(&f), f.bo, CHECK_FAILED));
	must(USE(f.lea, CHECK_WAIVE, fixture_kyc_id(&f), .check = CHECK_CRYPTO, .reason = WHY));
	must(approve_at_once(&f, f.rita, fixture_kyc_id(&f)));
	expect_second(approve_at_once(&f, f.lea, "RAL-1"), "lea waived a check (session ");
	must(approve_at_once(&f, f.rita, "RAL-1"));
}

Test(contributor, a_deleted_session_of_a_party_counts_on_the_company)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "draft" });
	sql_change(&f, "UPDATE session SET submitted_at = NULL WHERE parent_id IS NOT NULL");
	fixture_in_production(&f);
	must(USE(f.lea, DELETE, fixture_kyc_id(&f)));
	expect_second(approve_at_once(&f, f.lea, "RAL-1"), "lea deleted a session of a party");
}

Test(contributor, a_confirmed_verdict_counts_as_one)
{
	const char *refs[] = { "waiver:crypto" };

	ready();
	must(report("RAL-1", f.bo, CHECK_FAILED));
	must(USE(f.ada, CHECK_WAIVE, "RAL-1", .check = CHECK_CRYPTO, .reason = WHY));
	sql_change(&f, "UPDATE check_result SET waive_basis = '{}' WHERE kind = 'crypto'");
	must(USE(f.lea, CONFIRM, "RAL-1", .refs = refs, .ref_count = 1));
	expect_second(approve_at_once(&f, f.lea, "RAL-1"), "lea confirmed a judgement");
	must(approve_at_once(&f, f.rita, "RAL-1"));
}

Test(contributor, data_of_the_company_count_on_the_owners_kyc_and_verdicts_do_not)
{
	with_open_kyc();
	must(USE(f.bo, STEP_EDIT, "RAL-1", .part = "company_info", .fields_json = "{\"business_activity\":\"Fish\"}",
		 .reason = WHY));
	note(VERB_CHECK_WAIVE, MATERIAL_VERDICT);
	expect_second(approve_at_once(&f, f.bo, fixture_kyc_id(&f)), "bo changed a step");
	must(approve_at_once(&f, f.lea, fixture_kyc_id(&f)));
}

Test(contributor, a_kyc_copied_from_another_case_brings_its_contributors)
{
	ready();
	sql_change(&f, "UPDATE session SET parent_id = NULL WHERE parent_id IS NOT NULL");
	sql_change(&f, "INSERT INTO contribution (session_id, actor, what, part, material, at) SELECT subsession_id, "
		       "'bo', 'document.add', '', 'data', 1 FROM party");
	expect_only_colleagues(f.bo, "bo added a document");
}

/* --- results --- */

Test(contributor, a_reported_check_is_not_waived_by_its_reporter)
{
	ready();
	must(report("RAL-1", f.lea, CHECK_FAILED));
	expect_second(USE(f.lea, CHECK_WAIVE, "RAL-1", .check = CHECK_CRYPTO, .reason = WHY),
		      "lea reported the check crypto; a colleague must judge the check");
	must(USE(f.ada, CHECK_WAIVE, "RAL-1", .check = CHECK_CRYPTO, .reason = WHY));
	expect_only_colleagues(f.lea, "lea reported a check (crypto)");
}

static const char *crypto(void)
{
	return sql_text(&f, "SELECT status || ' by ' || reported_by FROM check_result WHERE kind = 'crypto'");
}

/* The results of different reporters are all kept; the gravest counts, and the last one of another is told with it. */
Test(contributor, results_of_different_reporters_are_all_kept)
{
	ready();
	must(report("RAL-1", f.bo, CHECK_PASSED));
	must(report("RAL-1", f.lea, CHECK_FAILED));
	expect_text(crypto(), "failed by lea");
	must(report("RAL-1", f.ada, CHECK_PASSED));
	expect_text(crypto(), "failed by lea");
	expect_error(approve_at_once(&f, f.rita, "RAL-1"), ERR_BLOCKED, "ada reported passed at 2026-11-20 12:00 UTC");
	must(report("RAL-1", f.ada, CHECK_HIT));
	expect_text(crypto(), "hit by ada");
	/* Its own reporter does not end it. */
	must(report("RAL-1", f.ada, CHECK_PASSED));
	must(report("RAL-1", f.lea, CHECK_PASSED));
	expect_text(crypto(), "hit by ada");
	expect_sql("SELECT group_concat(r.status || ' by ' || r.reported_by, ', ') FROM (SELECT * FROM result ORDER BY "
		   "id) AS r JOIN check_result AS c ON c.id = r.check_id WHERE c.kind = 'crypto'",
		   "passed by bo, failed by lea, passed by ada, hit by ada, passed by ada, passed by lea");
}

Test(contributor, a_worse_result_counts_from_any_reporter_until_it_is_waived)
{
	ready();
	must(report("RAL-1", f.lea, CHECK_PASSED));
	must(report("RAL-1", f.bo, CHECK_FAILED));
	must(report("RAL-1", f.bo, CHECK_PENDING));
	must(report("RAL-1", f.bo, CHECK_PASSED));
	expect_text(crypto(), "failed by bo");
	expect_rows(2, "audit_event WHERE action = 'check.report' AND detail LIKE "
		       "'%\"to\":\"failed\"%' AND detail LIKE '%\"reported\":\"p%'");
	expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), "check_failed");
	must(USE(f.ada, CHECK_WAIVE, "RAL-1", .check = CHECK_CRYPTO, .reason = WHY));
	must(approve_at_once(&f, f.rita, "RAL-1"));
}

Test(contributor, an_error_is_no_result_and_is_replaced)
{
	ready();
	must(report("RAL-1", f.lea, CHECK_ERROR));
	must(report("RAL-1", f.bo, CHECK_PASSED));
	expect_text(crypto(), "passed by bo");
}

/* Creates RAL-1 with a provider's approval, which the system carries out when the case is processed. */
static void with_providers_word(void)
{
	fixture_kyc(&f, "RAL-1", "manual_review", NULL);
	sql_change(&f, "UPDATE session SET processing_results = '{\"final_decision\":\"approved\"}', results_by = "
		       "'northwind', results_as = 'provider'; UPDATE check_result SET reported_by = 'northwind', "
		       "reported_as = 'provider'");
	fixture_in_production(&f);
}

Test(contributor, a_case_that_nobody_changed_is_approved_by_the_machine)
{
	with_providers_word();
	must(USE(f.bo, PROCESS, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "approved");
}

/* If a reviewer changes the case and then starts its processing, the system does not approve the case. */
Test(contributor, a_changed_case_is_not_approved_by_the_machine)
{
	with_providers_word();
	must(USE(f.bo, STEP_EDIT, "RAL-1", .part = "identity", .fields_json = "{\"nationality\":\"PT\"}",
		 .reason = WHY));
	must(USE(f.bo, PROCESS, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	expect_second(approve_at_once(&f, f.bo, "RAL-1"), "bo changed a step");
}

/* --- verdicts --- */

static void expect_no_approval(struct desk *by, const char *says)
{
	expect_second(approve_at_once(&f, by, "RAL-1"), says);
	must(approve_at_once(&f, f.rita, "RAL-1"));
}

Test(contributor, a_lead_who_waived_does_not_approve)
{
	ready();
	must(report("RAL-1", f.bo, CHECK_FAILED));
	must(USE(f.lea, CHECK_WAIVE, "RAL-1", .check = CHECK_CRYPTO, .reason = WHY));
	expect_no_approval(f.lea, "lea waived a check (crypto) at 12:00 UTC; a colleague must approve this case");
}

Test(contributor, the_giver_of_a_verdict_may_reject)
{
	ready();
	must(report("RAL-1", f.bo, CHECK_FAILED));
	must(USE(f.lea, CHECK_WAIVE, "RAL-1", .check = CHECK_CRYPTO, .reason = WHY));
	must(USE(f.lea, REJECT, "RAL-1", .reason = "other"));
}

Test(contributor, a_lead_who_verified_elsewhere_or_explained_a_gap_does_not_approve)
{
	static const struct party_input sub_sat = { .percent = "60" };

	ready();
	must(USE(f.ada, PARTY_EDIT, "RAL-1", .part = owner(), .party = &sub_sat, .reason = WHY));
	must(USE(f.lea, PARTY_GAP, "RAL-1", .reason = "listed"));
	(void)confirm_all(&f, f.rita, "RAL-1");
	expect_no_approval(f.lea, "lea explained undeclared ownership");
}

static const char *with_hit(const char *list, const char *class_)
{
	fixture_kyb(&f,
		    &(struct kyb){ .ref = "RAL-1",
				   .more = arena_printf(
					   &f.arena,
					   ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": "
					   "[{\"name\": \"Ines D.\", \"list\": \"%s\", \"class\": \"%s\", "
					   "\"state\": \"open\"}]}]",
					   list, class_) });
	fixture_in_production(&f);
	fixture_reveal(&f, f.bo, "RAL-1");
	return sql_text(&f, "SELECT uuid FROM hit");
}

static enum err dismiss(struct desk *by, const char *hit)
{
	return USE(by, HIT_RESOLVE, "RAL-1", .part = hit, .reason = "different_birth_date", .note = WHY);
}

Test(contributor, who_dismisses_a_sanctions_hit_does_not_approve)
{
	must(dismiss(f.bo, with_hit("L", "sanctions")));
	expect_no_approval(f.bo, "bo dismissed a sanctions hit");
}

/* A hit on a sanctions list is a sanctions hit, even if the sender gives another class. */
Test(contributor, a_sanctions_hit_sent_as_pep_is_one)
{
	must(dismiss(f.bo, with_hit("OFAC SDN", "pep")));
	expect_no_approval(f.bo, "bo dismissed a sanctions hit");
}

Test(contributor, who_dismisses_a_pep_approves)
{
	must(dismiss(f.bo, with_hit("Officials", "pep")));
	must(approve_at_once(&f, f.bo, "RAL-1"));
}

Test(contributor, who_accepts_a_confirmed_match_does_not_approve)
{
	const char *hit = with_hit("Officials", "pep");

	must(USE(f.bo, HIT_RESOLVE, "RAL-1", .part = hit, .is_match = true, .reason = "same_person", .note = WHY));
	must(USE(f.lea, HIT_ACCEPT, "RAL-1", .part = hit, .reason = WHY));
	expect_no_approval(f.lea, "lea accepted a confirmed hit");
}

Test(contributor, an_importer_does_not_judge_the_hits_that_he_brought)
{
	const char *hit = with_hit("L", "pep");

	expect_second(dismiss(f.ada, hit), "ada reported the check watchlist");
	must(dismiss(f.rita, hit));
}

/* --- a restricted rejection set aside by one person --- */

/* A rejection for a restricted reason opens a suspicion, which blocks an approval until it is closed. */
static void close_suspicion(void)
{
	must(USE(f.lea, SUSPICION_CLOSE, "RAL-1", .reason = WHY));
}

Test(contributor, reject_for_fraud_undo_approve)
{
	ready();
	must(USE(f.bo, REJECT, "RAL-1", .reason = "suspected_fraud"));
	must(USE(f.bo, UNDO, "RAL-1"));
	must(USE(f.bo, RELEASE, "RAL-1"));
	close_suspicion();
	expect_no_approval(f.bo, "bo undid a rejection for a restricted reason");
}

Test(contributor, reject_for_fraud_reopen_approve)
{
	ready();
	must(USE(f.lea, REJECT, "RAL-1", .reason = "suspected_fraud"));
	forward(&f, MINUTE_MS);
	must(USE(f.lea, REOPEN, "RAL-1", .reason = WHY));
	close_suspicion();
	expect_no_approval(f.lea, "lea reopened a case that was rejected for a restricted reason");
}

Test(contributor, reject_for_fraud_ask_for_corrections_approve)
{
	ready();
	must(USE(f.lea, REJECT, "RAL-1", .reason = "suspected_fraud"));
	forward(&f, MINUTE_MS);
	must(ask(&f, f.lea, "RAL-1", "company_info", NULL, NULL));
	must(USE(f.lea, WITHDRAW, "RAL-1"));
	close_suspicion();
	expect_no_approval(f.lea, "lea asked for corrections in a case that was rejected for a restricted reason");
}

Test(contributor, an_open_rejection_undone_excludes_nobody)
{
	ready();
	must(USE(f.bo, REJECT, "RAL-1", .reason = "other"));
	must(USE(f.bo, UNDO, "RAL-1"));
	must(approve_at_once(&f, f.bo, "RAL-1"));
}

/* --- the client's link --- */

static const struct caller client = {
	.capacity = CAPACITY_CLIENT, .actor = CALLER_CLIENT, .merchant = "", .document_type = "", .request_id = ""
};

static void act_as_client(struct desk *by)
{
	struct caller caller = client;

	caller.session_row = sql_int(&f, "SELECT id FROM session WHERE external_ref = 'RAL-1'");
	desk_set_caller(by, &caller);
	must(USE(by, ANSWER, sql_text(&f, "SELECT uuid FROM session WHERE external_ref = 'RAL-1'"),
		 .capacity = CAPACITY_CLIENT, .part = sql_text(&f, "SELECT uuid FROM correction"),
		 .text = "That is all."));
	desk_set_caller(by, NULL);
}

Test(contributor, who_was_shown_a_link_is_one_until_a_new_link_replaces_it)
{
	ready();
	must(USE(f.lea, LINK, "RAL-1"));
	expect_second(approve_at_once(&f, f.lea, "RAL-1"), "lea was shown a new link of the client");
	must(USE(f.bo, LINK_SHOW, "RAL-1"));
	expect_second(approve_at_once(&f, f.bo, "RAL-1"), "bo was shown the link of the client");
	forward(&f, MINUTE_MS);
	must(USE(f.lea, LINK, "RAL-1"));
	expect_second(approve_at_once(&f, f.lea, "RAL-1"), "lea was shown a new link of the client");
	/* An extension of the link does not show the link. */
	must(USE(f.rita, LINK, "RAL-1", .days = 3));
	expect_rows(0, "contribution WHERE actor = 'rita'");
	must(approve_at_once(&f, f.bo, "RAL-1"));
}

Test(contributor, who_saw_a_link_that_the_client_then_used_stays_one)
{
	ready();
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	must(USE(f.bo, LINK_SHOW, "RAL-1"));
	forward(&f, MINUTE_MS);
	act_as_client(f.lea);
	forward(&f, MINUTE_MS);
	/* Bo sees the link again, then lea replaces it: bo's first view, before the client used the link, counts. */
	must(USE(f.bo, LINK_SHOW, "RAL-1"));
	forward(&f, MINUTE_MS);
	must(USE(f.lea, LINK, "RAL-1"));
	must(USE(f.rita, WITHDRAW, "RAL-1"));
	expect_second(approve_at_once(&f, f.bo, "RAL-1"), "bo was shown the link of the client");
	must(approve_at_once(&f, f.rita, "RAL-1"));
}

Test(contributor, a_request_for_corrections_shows_its_reviewer_no_link)
{
	const char *link = "?";

	ready();
	sql_change(&f, "DELETE FROM access_link");
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, &link));
	expect_text(link, "");
	must(USE(f.lea, LINK_SHOW, "RAL-1"));
	cr_expect(strstr(f.out.link, "https://verify.example/s/"), "%s", f.out.link);
}

/* --- answers --- */

Test(contributor, who_answered_a_correction_does_not_accept_the_answer)
{
	const char *id;

	ready();
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	id = sql_text(&f, "SELECT uuid FROM correction");
	must(USE(f.bo, STEP_SAVE, "RAL-1", .capacity = CAPACITY_INTAKE, .part = "company_info",
		 .fields_json = "{\"business_activity\":\"Fish\"}", .finish_step = true, .skip_validation = true));
	must(USE(f.bo, HAND_IN, "RAL-1", .capacity = CAPACITY_INTAKE));
	expect_second(USE(f.bo, CORRECTION_ACCEPT, "RAL-1", .part = id), "bo saved a step (company_info)");
	must(USE(f.rita, CORRECTION_ACCEPT, "RAL-1", .part = id));
}

/* --- a lead is asked --- */

#define LEAD_AND_REASON(...)                                                                                           \
	do {                                                                                                           \
		expect_err(USE_IN(f.rita, .session = "RAL-1", .reason = WHY, __VA_ARGS__), ERR_FORBIDDEN);             \
		expect_says("declared as an owner at submission");                                                     \
		expect_err(USE_IN(f.lea, .session = "RAL-1", .reason = "short", __VA_ARGS__), ERR_INVALID);            \
		must(USE_IN(f.lea, .session = "RAL-1", .reason = WHY, __VA_ARGS__));                                   \
		expect_second(approve_at_once(&f, f.lea, "RAL-1"), "lea ");                                            \
	} while (0)

Test(contributor, an_owner_of_the_submission_is_removed_by_a_lead)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	fixture_in_production(&f);
	LEAD_AND_REASON(.verb = VERB_PARTY_REMOVE, .part = owner());
}

Test(contributor, an_owner_with_a_decided_kyc_is_removed_by_a_lead)
{
	ready();
	expect_error(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = owner(), .reason = WHY), ERR_FORBIDDEN,
		     "the KYC of Ines Duarte was decided");
	must(USE(f.lea, PARTY_REMOVE, "RAL-1", .part = owner(), .reason = WHY));
}

Test(contributor, a_share_of_the_submission_is_lowered_by_a_lead)
{
	const struct party_input sub_sat = { .percent = "40" };

	ready();
	LEAD_AND_REASON(.verb = VERB_PARTY_EDIT, .part = owner(), .party = &sub_sat);
}

Test(contributor, a_share_of_the_submission_is_lowered_by_a_lead_alone_too)
{
	ready();
	LEAD_AND_REASON(.verb = VERB_PARTY_OWN, .part = owner(), .related_ref = "", .percent = "9.5");
}

Test(contributor, a_control_role_of_the_submission_is_taken_by_a_lead)
{
	const struct party_input none = { .control_role = "" };

	ready();
	LEAD_AND_REASON(.verb = VERB_PARTY_EDIT, .part = owner(), .party = &none);
}

Test(contributor, more_shares_need_no_lead)
{
	const struct party_input more = { .percent = "100" };

	ready();
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = owner(), .party = &more));
}

/* --- in a sandbox one person plays all parts --- */

Test(contributor, in_a_sandbox_it_is_recorded_only)
{
	fixture_ready(&f, "RAL-1");
	must(USE(f.bo, STEP_EDIT, "RAL-1", .part = "company_info", .fields_json = "{\"business_activity\":\"Fish\"}",
		 .reason = WHY));
	expect_rows(1, "contribution WHERE actor = 'bo' AND what = 'step.edit' AND "
		       "part = 'step:company_info' AND material = 'data'");
	must(approve_at_once(&f, f.bo, "RAL-1"));
}
