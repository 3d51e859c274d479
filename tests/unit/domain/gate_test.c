#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"
#include "kybdesk/domain/field.h"
#include "kybdesk/domain/value.h"
#include "support/tried.h"

TestSuite(gate, .init = builder_set_up, .fini = builder_tear_down);
TestSuite(gate_message, .init = builder_set_up, .fini = builder_tear_down);

/* For each condition that depends on data, a function that breaks this condition and no other. */
static void break_status(struct builder *b)
{
	b->file.session.status = SESSION_DRAFT;
}
static void break_missing(struct builder *b)
{
	b->documents[0].upload = UPLOAD_REQUIRED;
}
static void break_accepted(struct builder *b)
{
	b->documents[1].review = REVIEW_REJECTED;
}
static void break_step(struct builder *b)
{
	b->steps[0].status = STEP_IN_PROGRESS;
}
static void break_verified(struct builder *b)
{
	b->parties[0].session_status = SESSION_ACTIVE;
}
static void break_control(struct builder *b)
{
	b->parties[0].control_role = "";
}
static void break_ownership(struct builder *b)
{
	b->shares[1].percent = "40.5";
}
static void break_correction(struct builder *b)
{
	builder_add_correction(b, CORRECTION_OPEN);
}
static void break_hit(struct builder *b)
{
	b->hits[0].state = HIT_OPEN;
}
static void break_check(struct builder *b)
{
	b->checks[1].status = CHECK_ERROR;
}
static void break_age(struct builder *b)
{
	b->profile.checks.max_age_ms = 86400000;
	b->checks[0].checked_at = BUILDER_NOW - 86400001;
	b->checks[1].checked_at = BUILDER_NOW - 86400000;
}
static void break_duplicate(struct builder *b)
{
	static const struct duplicate other = { .id = "s9",
						.merchant = "",
						.shared_parts = "",
						.external_ref = "RAL-9",
						.name = "Harbour Lane",
						.same_bits = SAME_TAX_ID,
						.dismissed_by = "",
						.dismissed_reason = "" };
	b->context.duplicates = &other;
	b->context.duplicate_count = 1;
}
static void break_claim(struct builder *b)
{
	b->file.session.assignee = "bo";
	b->file.session.claimed_at = BUILDER_NOW - 60000;
	b->file.session.claim_expires_at = BUILDER_NOW + 60000;
}
static void break_version(struct builder *b)
{
	b->file.session.version = 6;
}

static const struct {
	enum blocker_code code;
	void (*apply)(struct builder *);
	const char *ref;
} breaks[] = {
	{ BLOCKER_STATUS, break_status, "" },
	{ BLOCKER_DOCUMENT_MISSING, break_missing, "d0" },
	{ BLOCKER_DOCUMENT_NOT_ACCEPTED, break_accepted, "d1" },
	{ BLOCKER_STEP_OPEN, break_step, "steps.company_info" },
	{ BLOCKER_PARTY_NOT_VERIFIED, break_verified, "p0" },
	{ BLOCKER_PARTY_MISSING, break_control, "" },
	{ BLOCKER_OWNERSHIP_INVALID, break_ownership, "" },
	{ BLOCKER_CORRECTION_OPEN, break_correction, "c0" },
	{ BLOCKER_HIT_OPEN, break_hit, "h0" },
	{ BLOCKER_CHECK_FAILED, break_check, "web" },
	{ BLOCKER_CHECK_STALE, break_age, "watchlist" },
	{ BLOCKER_DUPLICATE_OPEN, break_duplicate, "s9" },
	{ BLOCKER_CLAIMED_BY_OTHER, break_claim, "" },
	{ BLOCKER_CHANGED, break_version, "" },
};
#define BREAKS (sizeof breaks / sizeof breaks[0])

Test(gate, says_yes_by_an_empty_list)
{
	BLOCKS("");
}

Test(gate, each_blocker_alone_is_the_only_one_and_refers_to_what_blocks)
{
	for (size_t i = 0; i < BREAKS; i++) {
		struct builder one;
		struct blockers found;

		builder_init(&one);
		breaks[i].apply(&one);
		found = builder_check(&one);
		cr_assert_eq(found.count, 1, "%s: %s", blocker_code_text(breaks[i].code), builder_codes(&one));
		cr_expect_eq(found.items[0].code, breaks[i].code);
		cr_expect_str_eq(found.items[0].ref, breaks[i].ref);
		cr_expect_str_not_empty(found.items[0].message);
		arena_release(&one.arena);
	}
}

/* The expected rank of a blocker, independent of the tested code: serious blockers precede unfinished work. */
static int importance(enum blocker_code code)
{
	if (code == BLOCKER_STATUS)
		return 0;
	return code == BLOCKER_DOCUMENT_ALTERED || code == BLOCKER_OWNERSHIP_INVALID || code == BLOCKER_HIT_OPEN ||
			       code == BLOCKER_CHECK_FAILED
		       ? 1
		       : 2;
}

/* An ordinary run tries sets of at most 3 or at least BREAKS - 3 blockers, and each 13th set; a long run tries all. */
static bool is_tried(unsigned set)
{
	const unsigned count = (unsigned)__builtin_popcount(set);
	return count <= 3 || count + 3 >= BREAKS || set % 13 == 0 || test_is_long();
}

Test(gate, any_blockers_together_are_all_listed_in_order)
{
	for (unsigned set = 0; set < 1u << BREAKS; set++) {
		struct builder all;
		struct blockers found;
		size_t next = 0;

		if (!is_tried(set))
			continue;
		builder_init(&all);
		for (size_t i = 0; i < BREAKS; i++) {
			if (set & 1u << i)
				breaks[i].apply(&all);
		}
		found = builder_check(&all);
		cr_expect_eq(found.count, (size_t)__builtin_popcount(set), "%x: %s", set, builder_codes(&all));
		for (int rank = 0; rank < 3; rank++)
			for (size_t i = 0; i < BREAKS && next < found.count; i++) {
				if (set & 1u << i && importance(breaks[i].code) == rank)
					cr_expect_eq(found.items[next++].code, breaks[i].code, "%x", set);
			}
		arena_release(&all.arena);
	}
}

Test(gate, only_claims_and_changes_are_conflicts)
{
	for (int code = 0; code < BLOCKER_CODE_COUNT; code++)
		cr_expect_eq(blocker_traits((enum blocker_code)code).is_conflict,
			     code == BLOCKER_CLAIMED_BY_OTHER || code == BLOCKER_CHANGED);
}

Test(gate, conflicts_alone_leave_out_what_blocks_only_an_approval)
{
	struct blockers found;

	for (size_t i = 0; i < BREAKS; i++)
		breaks[i].apply(&built);
	gate_check(&built.arena, &built.file, &built.context, GATE_CONFLICTS, &found);
	cr_assert_eq(found.count, 2);
	cr_expect_eq(found.items[0].code, BLOCKER_CLAIMED_BY_OTHER);
	cr_expect_eq(found.items[1].code, BLOCKER_CHANGED);
}

Test(gate, another_action_is_asked_of_its_own_row_of_the_table)
{
	struct blockers found;

	built.file.session.status = SESSION_EXPIRED;
	built.documents[0].upload = UPLOAD_REQUIRED;
	built.context.action = ACTION_REJECT;
	gate_check(&built.arena, &built.file, &built.context, GATE_ACTION, &found);
	cr_expect_eq(found.count, 0);
	built.context.action = ACTION_REQUEST_CORRECTIONS;
	gate_check(&built.arena, &built.file, &built.context, GATE_ACTION, &found);
	cr_assert_eq(found.count, 1);
	cr_expect_eq(found.items[0].code, BLOCKER_STATUS);
}

/* --- status --- */

Test(gate, allows_the_statuses_of_the_transition_table)
{
	const unsigned production = 1u << SESSION_MANUAL_REVIEW | 1u << SESSION_COMPLETED | 1u << SESSION_PROCESSED;
	const unsigned sandbox = production | 1u << SESSION_DRAFT | 1u << SESSION_ACTIVE;

	for (int status = 0; status < SESSION_STATUS_COUNT; status++) {
		built.file.session.status = (enum session_status)status;
		built.context.sandbox = false;
		BLOCKS(production & 1u << status ? "" : "status");
		built.context.sandbox = true;
		BLOCKS(sandbox & 1u << status ? "" : "status");
	}
}

Test(gate, lets_the_system_approve_out_of_processing_only_when_nothing_else_blocks)
{
	built.file.session.status = SESSION_PROCESSING;
	BLOCKS("status");
	built.context.role = ROLE_SYSTEM;
	built.context.actor = "";
	BLOCKS("");
	break_hit(&built);
	BLOCKS("hit_open");
}

Test(gate, shows_a_viewer_the_same_blockers_as_a_reviewer)
{
	built.context.role = ROLE_VIEWER;
	BLOCKS("");
	break_status(&built);
	BLOCKS("status");
}

/* --- documents --- */

Test(gate, a_mandatory_document_has_to_be_there_and_ready)
{
	static const enum upload_state states[] = { UPLOAD_REQUIRED, UPLOAD_WAITING, UPLOAD_PROCESSING,
						    UPLOAD_REJECTED };

	for (size_t i = 0; i < 4; i++) {
		built.documents[1].upload = states[i];
		BLOCKS("document_missing");
	}
}

Test(gate, a_mandatory_type_without_any_record_refers_to_the_type)
{
	built.documents[1].type = "LICENSE";
	BLOCKS_ONE(BLOCKER_DOCUMENT_MISSING, "NUMBER", "");
}

Test(gate, a_replaced_document_counts_for_nothing)
{
	built.documents[0].replaced = true;
	BLOCKS("document_missing");
	builder_add_document(&built, "d9", "ARTICLES");
	BLOCKS("");
	built.documents[0].review = REVIEW_REJECTED;
	BLOCKS("");
}

Test(gate, each_of_several_files_of_a_type_has_to_be_accepted)
{
	struct document *second = builder_add_document(&built, "d9", "ARTICLES");
	struct document *third = builder_add_document(&built, "d10", "ARTICLES");

	BLOCKS("");
	second->review = REVIEW_UNREVIEWED;
	BLOCKS_ONE(BLOCKER_DOCUMENT_NOT_ACCEPTED, "d9", "");
	third->review = REVIEW_REJECTED;
	BLOCKS("document_not_accepted document_not_accepted");
	second->replaced = true;
	BLOCKS("document_not_accepted");
	third->replaced = true;
	BLOCKS("");
}

Test(gate, a_file_that_never_came_is_made_up_for_by_one_that_did)
{
	struct document *second = builder_add_document(&built, "d9", "ARTICLES");

	second->upload = UPLOAD_WAITING;
	BLOCKS("");
	second->upload = UPLOAD_REJECTED;
	BLOCKS("");
}

Test(gate, each_unaccepted_file_is_named_while_none_is_accepted)
{
	built.documents[0].review = REVIEW_REJECTED;
	builder_add_document(&built, "d9", "ARTICLES")->review = REVIEW_UNREVIEWED;
	BLOCKS("document_not_accepted document_not_accepted");
}

Test(gate, an_accepted_file_that_is_not_ready_does_not_count)
{
	struct document *ready = builder_add_document(&built, "d9", "ARTICLES");

	built.documents[0].upload = UPLOAD_PROCESSING;
	ready->review = REVIEW_UNREVIEWED;
	BLOCKS("document_not_accepted document_not_accepted");
	ready->review = REVIEW_ACCEPTED;
	BLOCKS("document_not_accepted");
}

Test(gate, front_and_back_are_one_document)
{
	struct document *document = &built.documents[0];

	built.document_specs[0].double_sided = true;
	document->double_sided = true;
	document->sha256 = "aa";
	document->front_upload = document->back.upload = UPLOAD_READY;
	document->back.sha256 = "bb";
	document->review = REVIEW_UNREVIEWED;
	BLOCKS("document_not_accepted");
	document->back.sha256 = "";
	document->back.upload = document->upload = UPLOAD_REQUIRED;
	document->review = REVIEW_ACCEPTED;
	BLOCKS("document_missing");
	document->back.sha256 = "bb";
	document->back.upload = document->upload = UPLOAD_READY;
	BLOCKS("");
}

Test(gate, an_optional_document_blocks_when_it_is_there_and_not_accepted)
{
	static const enum review_state reviews[] = { REVIEW_UNREVIEWED, REVIEW_ACCEPTED, REVIEW_REJECTED };

	for (size_t i = 0; i < 3; i++) {
		for (int upload = UPLOAD_REQUIRED; upload <= UPLOAD_REJECTED; upload++) {
			bool there = upload == UPLOAD_READY || upload == UPLOAD_PROCESSING;
			bool in_order = upload == UPLOAD_READY && reviews[i] == REVIEW_ACCEPTED;

			built.documents[2].upload = (enum upload_state)upload;
			built.documents[2].review = reviews[i];
			BLOCKS(there && !in_order ? "document_not_accepted" : "");
		}
	}
}

Test(gate, an_optional_document_that_was_asked_for_again_is_still_there)
{
	built.documents[2].upload = UPLOAD_REQUIRED;
	built.documents[2].sha256 = "00";
	built.documents[2].review = REVIEW_ACCEPTED;
	BLOCKS_ONE(BLOCKER_DOCUMENT_NOT_ACCEPTED, "d2", "requested again");
}

Test(gate, a_file_of_a_type_that_the_profile_does_not_know_has_to_be_accepted_too)
{
	builder_add_document(&built, "d9", "SELFIE")->review = REVIEW_UNREVIEWED;
	built.profile.allows_other_documents = false;
	BLOCKS("document_not_accepted");
}

Test(gate, what_a_session_brings_has_to_be_in_order)
{
	struct document *brought = builder_add_document(&built, "d9", "SELFIE");

	built.profile.allows_other_documents = true;
	BLOCKS("");
	brought->review = REVIEW_UNREVIEWED;
	BLOCKS("document_not_accepted");
	brought->review = REVIEW_REJECTED;
	BLOCKS("document_not_accepted");
	brought->upload = UPLOAD_REQUIRED;
	BLOCKS("document_missing");
	brought->replaced = true;
	BLOCKS("");
}

Test(gate, each_brought_document_is_looked_at_and_a_rejected_one_needs_another_in_its_place)
{
	struct document *first = builder_add_document(&built, "d8", "STATEMENT");
	struct document *second = builder_add_document(&built, "d9", "STATEMENT");

	built.profile.allows_other_documents = true;
	first->review = REVIEW_UNREVIEWED;
	BLOCKS("document_not_accepted");
	first->review = REVIEW_REJECTED;
	BLOCKS("document_not_accepted");
	second->review = REVIEW_UNREVIEWED;
	BLOCKS("document_not_accepted document_not_accepted");
}

Test(gate, a_refused_upload_may_be_made_up_for_but_a_promised_one_is_waited_for)
{
	struct document *first = builder_add_document(&built, "d8", "STATEMENT");

	built.profile.allows_other_documents = true;
	builder_add_document(&built, "d9", "STATEMENT");
	first->upload = UPLOAD_REJECTED;
	BLOCKS("");
	first->upload = UPLOAD_WAITING;
	BLOCKS("document_missing");
}

/* --- parties --- */

Test(gate, a_subsession_has_to_be_approved)
{
	for (int status = 0; status < SESSION_STATUS_COUNT; status++) {
		built.parties[0].session_status = (enum session_status)status;
		BLOCKS(status == SESSION_APPROVED ? "" : "party_not_verified");
	}
}

Test(gate, a_party_that_must_be_verified_by_session_needs_one)
{
	built.parties[0].session_id = "";
	BLOCKS("party_not_verified");
}

Test(gate, a_company_with_a_subsession_needs_it_approved_whatever_the_profile_says)
{
	built.parties[1].session_row = 7;
	built.parties[1].session_status = SESSION_MANUAL_REVIEW;
	BLOCKS("party_not_verified");
	built.parties[1].session_status = SESSION_APPROVED;
	BLOCKS("");
}

Test(gate, companies_are_verified_when_the_profile_says_so)
{
	built.profile.parties.company_verification = VERIFY_SESSION;
	BLOCKS("party_not_verified");
}

Test(gate, a_session_of_another_workflow_verifies_nobody)
{
	built.profile.parties.workflow = "generic-kyc";
	built.parties[0].session_workflow = "generic-kyc";
	BLOCKS("");
	built.parties[0].session_workflow = "ralio-sandbox";
	BLOCKS_ONE(BLOCKER_PARTY_NOT_VERIFIED, "p0",
		   "Ines Duarte is not verified: the session has the workflow "
		   "ralio-sandbox, but generic-kyc is required; add a new session");
	built.profile.parties.individual_verification = VERIFY_NONE;
	BLOCKS("");
}

Test(gate, what_may_be_waived_is_exactly_what_the_profile_names)
{
	built.checks[1].status = CHECK_WAIVED;
	built.checks[1].waived_by = "lea";
	BLOCKS("");
	built.profile.checks.waivable_kind_bits = 1u << CHECK_EMAIL;
	BLOCKS("check_failed");
	built.profile.checks.waivable_kind_bits = 0;
	built.profile.checks.has_waivable_list = true;
	BLOCKS("check_failed");
	built.profile.checks.waivable_kind_bits = 1u << CHECK_WEB;
	BLOCKS("");
}

Test(gate, verified_elsewhere_counts_as_verified)
{
	built.parties[0].session_status = SESSION_EXPIRED;
	built.parties[0].verified_elsewhere_by = "lea";
	BLOCKS("");
	built.parties[0].session_was_rejected = true;
	BLOCKS("basis_changed party_not_verified");
	built.parties[0].session_was_rejected = false;
	built.parties[0].session_status = SESSION_REJECTED;
	BLOCKS("basis_changed party_not_verified");
}

Test(gate, an_accepted_identification_verifies_where_the_profile_says_document)
{
	static const char *types[] = { "LICENSE" };
	static struct field_rule rules[] = { { .kind = RULE_DOCUMENT, .words = types, .word_count = 1 } };
	static struct field_spec fields[] = {
		{ .id = "uploadedIdentificationId", .title = "", .rules = rules, .rule_count = 1 },
		{ .id = "note", .title = "" }
	};
	static const struct value id = { .kind = VALUE_TEXT, .text = "d2" };
	static const char *const note[] = { "note" }, *const named[] = { "uploadedIdentificationId" };
	static const struct value in_a_note = { .kind = VALUE_OBJECT, .items = &id, .keys = note, .count = 1 };
	static const struct value in_the_field = { .kind = VALUE_OBJECT, .items = &id, .keys = named, .count = 1 };

	built.profile.parties.individual_verification = VERIFY_DOCUMENT;
	built.profile.parties.fields = fields;
	built.profile.parties.field_count = 2;
	built.profile.parties.field_kind_bits = 1u << PARTY_INDIVIDUAL;
	built.parties[0].session_id = "";
	built.documents[2].review = REVIEW_ACCEPTED;
	built.parties[0].fields_json = "{\"note\":\"d2\"}";
	built.parties[0].values = &in_a_note;
	BLOCKS("party_not_verified");
	built.documents[2].review = REVIEW_UNREVIEWED;
	built.parties[0].values = &in_the_field;
	BLOCKS("document_not_accepted party_not_verified");
	built.documents[2].review = REVIEW_ACCEPTED;
	BLOCKS("");
	built.documents[2].replaced = true;
	BLOCKS("party_not_verified field_invalid");
}

Test(gate, parties_are_missing_where_the_profile_needs_them)
{
	built.file.party_count = 0;
	BLOCKS("party_missing");
	built.profile.parties.control_role_required = false;
	BLOCKS("party_missing");
	built.profile.parties.required = false;
	BLOCKS("");
	built.profile.parties.control_role_required = true;
	BLOCKS("party_missing");
}

Test(gate, control_is_a_natural_persons)
{
	struct blockers found;

	built.parties[0].control_role = "";
	built.parties[1].control_role = "CEO";
	found = builder_check(&built);
	cr_assert_eq(found.count, 2);
	cr_expect_eq(found.items[0].code, BLOCKER_PARTY_MISSING);
	cr_expect_str_eq(found.items[0].message,
			 "No natural person has a control role; add the person who controls the company");
	cr_expect_eq(found.items[1].code, BLOCKER_FIELD_INVALID);
	cr_expect_str_eq(found.items[1].ref, "parties[1].control_role");
}

Test(gate, ownership_that_goes_in_a_circle_is_invalid)
{
	built.shares[1].owned_party_id = "p1";
	BLOCKS("ownership_invalid");
}

Test(gate, leaves_the_case_as_it_was)
{
	builder_codes(&built);
	cr_expect_str_empty(built.parties[0].effective_percent);
}

/* --- actor and time --- */

Test(gate, the_holder_is_not_in_their_own_way)
{
	break_claim(&built);
	built.context.actor = "bo";
	BLOCKS("");
}

Test(gate, a_claim_that_ran_out_holds_nobody_back)
{
	break_claim(&built);
	built.context.now = built.file.session.claim_expires_at;
	BLOCKS("");
}

Test(gate, the_system_is_not_kept_out_by_a_claim)
{
	break_claim(&built);
	built.context.actor = "";
	BLOCKS("");
}

Test(gate, a_version_that_was_not_asked_about_is_no_conflict)
{
	built.context.seen_version = 0;
	built.file.session.version = 99;
	BLOCKS("");
}

Test(gate, an_older_version_is_a_conflict_as_a_newer_one_is)
{
	built.file.session.version = 4;
	BLOCKS("changed");
}

/* --- sentences --- */

static void says(const char *sentence)
{
	struct blockers found = builder_check(&built);

	cr_assert_gt(found.count, 0);
	cr_expect_str_eq(found.items[0].message, sentence);
}

Test(gate_message, names_who_decided_and_when)
{
	built.file.session.status = SESSION_APPROVED;
	built.context.last_decision_by = "bo";
	built.context.last_decision_at = BUILDER_NOW - 120000;
	says("The case is approved; a lead can reopen it first (bo approved it at 10:40 UTC)");
}

Test(gate_message, falls_back_to_the_sessions_own_record_of_the_decision)
{
	built.file.session.status = SESSION_REJECTED;
	built.file.session.decided_by = "bo";
	says("The case is rejected; a lead can reopen it first (bo rejected it)");
}

Test(gate_message, names_the_day_when_it_was_another)
{
	built.file.session.assignee = "bo";
	built.file.session.claimed_at = BUILDER_NOW - INT64_C(3) * 86400000;
	says("bo has held this case since 30 Oct 10:42 UTC; ask for its release, or a lead can assign it");
}

Test(gate_message, names_the_holder_and_since_when)
{
	break_claim(&built);
	says("bo has held this case since 10:41 UTC; ask for its release, or a lead can assign it");
}

Test(gate_message, names_who_changed_it)
{
	break_version(&built);
	built.context.last_decision_by = "bo";
	built.context.last_decision_at = BUILDER_NOW;
	says("The case changed since you loaded it (bo decided on it at 10:42 UTC); review it again");
}

Test(gate_message, says_when_it_changed_when_nobody_decided)
{
	break_version(&built);
	built.file.session.updated_at = BUILDER_NOW - 60000;
	says("The case changed since you loaded it (at 10:41 UTC); review it again");
}

Test(gate_message, names_documents_by_their_title_or_type)
{
	built.documents[1].review = REVIEW_REJECTED;
	built.documents[1].review_reason = "blurry";
	says("Business number was rejected as blurry; ask the client for another file");
	built.documents[1].review_reason = "out_of_date_range";
	says("Business number was rejected as out of date range; ask the client for another file");
	built.documents[0].upload = UPLOAD_REQUIRED;
	says("ARTICLES is missing: no file has been uploaded; ask the client for it");
}

Test(gate_message, names_parties_hits_and_steps)
{
	break_verified(&built);
	says("Ines Duarte is not verified: the KYC session is in progress");
	built.parties[0].session_status = SESSION_APPROVED;
	break_correction(&built);
	says("The correction of Company information is open: wait for the client, or withdraw it");
	built.corrections[0].state = CORRECTION_ACCEPTED;
	break_hit(&built);
	says("The hit Inês Duarte (OFAC SDN) is unresolved: mark it as true match or false positive");
	built.hits[0].state = HIT_TRUE_MATCH;
	says("Inês Duarte (OFAC SDN) is a confirmed PEP match: a lead can accept it, with a reason");
	built.hits[0].class_ = HIT_SANCTIONS;
	says("Inês Duarte (OFAC SDN) is a confirmed sanctions match: the case can only be rejected");
}

Test(gate_message, fits_a_lead_who_reads_it)
{
	built.context.role = ROLE_LEAD;
	break_hit(&built);
	built.hits[0].state = HIT_TRUE_MATCH;
	says("Inês Duarte (OFAC SDN) is a confirmed PEP match: accept it, with a reason");
	built.hits[0].state = HIT_FALSE_POSITIVE;
	built.checks[1].status = CHECK_TIMEOUT;
	says("The web check timed out; run it again, or waive it with a reason");
}

Test(gate_message, says_whether_a_check_can_be_waived)
{
	built.checks[1].status = CHECK_TIMEOUT;
	says("The web check timed out; run it again, or a lead can waive it with a reason");
	built.checks[0].status = CHECK_FAILED;
	says("The watchlist check failed; run it again; it cannot be waived");
}

/* --- the words of each blocker --- */

/* The expected kind of public text of each blocker. If a code is in none of the three lists, the test fails. */
static const enum blocker_code shown[] = { BLOCKER_DOCUMENT_MISSING, BLOCKER_NOTHING_EXAMINED,	BLOCKER_STEP_OPEN,
					   BLOCKER_PARTY_MISSING,    BLOCKER_OWNERSHIP_INVALID, BLOCKER_FIELD_INVALID,
					   BLOCKER_CORRECTION_OPEN };
static const enum blocker_code in_other_words[] = { BLOCKER_STATUS, BLOCKER_DOCUMENT_NOT_ACCEPTED,
						    BLOCKER_PARTY_NOT_VERIFIED, BLOCKER_CHANGED };
static const enum blocker_code hidden[] = {
	BLOCKER_BASIS_CHANGED, BLOCKER_DOCUMENT_ALTERED, BLOCKER_OWNERSHIP_GAP,	  BLOCKER_HIT_OPEN,
	BLOCKER_CHECK_FAILED,  BLOCKER_CHECK_STALE,	 BLOCKER_DESK_RULE,	  BLOCKER_DUPLICATE_OPEN,
	BLOCKER_HELD,	       BLOCKER_SUSPICION_OPEN,	 BLOCKER_SECOND_REVIEWER, BLOCKER_CLAIMED_BY_OTHER
};

static bool is_in(const enum blocker_code *codes, size_t count, enum blocker_code code)
{
	for (size_t i = 0; i < count; i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}
#define IS_IN(codes, code) is_in((codes), sizeof(codes) / sizeof *(codes), (code))

Test(gate_outside, every_code_is_hidden_unless_its_row_says_shown)
{
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++) {
		enum blocker_code code = (enum blocker_code)i;
		const char *word = blocker_code_text(code), *sentence = blocker_traits(code).public_text;

		cr_expect_eq(IS_IN(shown, code) + IS_IN(in_other_words, code) + IS_IN(hidden, code), 1, "%s", word);
		cr_expect_eq(sentence == NULL, IS_IN(hidden, code), "%s", word);
		if (sentence)
			cr_expect_eq(!*sentence, IS_IN(shown, code), "%s: %s", word, sentence);
	}
}

Test(gate_outside, every_code_has_its_words_for_a_list)
{
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++)
		cr_expect_not_null(blocker_traits((enum blocker_code)i).short_text, "%s",
				   blocker_code_text((enum blocker_code)i));
}

Test(gate_outside, evidence_leaves_out_the_actor_and_the_time_alone)
{
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++) {
		enum blocker_code code = (enum blocker_code)i;

		cr_expect_eq(blocker_traits(code).is_transient,
			     code == BLOCKER_SECOND_REVIEWER || blocker_traits(code).is_conflict, "%s",
			     blocker_code_text(code));
	}
}
