#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"

TestSuite(checklist, .init = builder_set_up, .fini = builder_tear_down);
TestSuite(counts, .init = builder_set_up, .fini = builder_tear_down);

static const char *lines(void)
{
	size_t count;
	struct checklist_item *items = gate_checklist(&built.arena, &built.file, &built.context, &count);
	char *out = arena_strdup(&built.arena, "");

	for (size_t i = 0; i < count; i++)
		out = arena_printf(&built.arena, "%s%c%d %s\n", out, items[i].met ? '+' : '-', (int)items[i].tab,
				   items[i].message);
	return out;
}

Test(checklist, of_a_sound_case_says_what_holds)
{
	cr_expect_str_eq(
		lines(),
		"+1 the case is in review\n+2 2 of 2 mandatory documents are uploaded\n+2 3 of 3 uploaded "
		"documents are accepted\n+1 nothing is pending with the client\n+3 all required parties are "
		"verified\n+3 a natural person with a control role is declared\n+3 ownership adds up to 100 %\n+3 "
		"20 % of the ownership is not declared, too little to hide an owner\n+5 no open corrections\n+4 no "
		"open hits\n+4 2 of 2 checks are in order\n+1 nobody else holds the case\n");
}

Test(checklist, puts_what_is_to_be_done_first_and_says_where)
{
	static const char first[] = "-2 Business number is not reviewed yet; accept or reject it\n-3 Ines Duarte "
				    "is not verified: the KYC session is in progress\n+1 the case is in review\n";

	built.parties[0].session_status = SESSION_ACTIVE;
	built.documents[1].review = REVIEW_UNREVIEWED;
	cr_expect_eq(strncmp(lines(), first, strlen(first)), 0, "%s", lines());
}

Test(checklist, says_the_real_sum_of_ownership)
{
	built.shares[1].percent = "12.5";
	cr_expect(strstr(lines(), "+3 ownership adds up to 92.5 %\n"));
}

Test(checklist, has_no_line_about_what_the_profile_does_not_ask)
{
	built.profile = (struct profile){ .manual_review = true, .four_eyes_from_risk = RISK_NONE };
	built.file.party_count = built.file.document_count = built.file.check_count = built.file.step_count = 0;
	cr_expect_str_eq(lines(), "+1 the case is in review\n"
				  "+5 no open corrections\n"
				  "+4 no open hits\n"
				  "+1 nobody else holds the case\n");
}

Test(checklist, unmet_lines_are_the_blockers)
{
	struct blockers blockers;
	size_t count;
	struct checklist_item *items;

	built.file.session.status = SESSION_EXPIRED;
	built.hits[0].state = HIT_OPEN;
	built.documents[0].upload = UPLOAD_WAITING;
	blockers = builder_check(&built);
	items = gate_checklist(&built.arena, &built.file, &built.context, &count);
	cr_assert_eq(blockers.count, 3);
	for (size_t i = 0; i < count; i++) {
		cr_expect_eq(items[i].met, i >= blockers.count);
		if (items[i].met)
			continue;
		cr_expect_eq(items[i].code, blockers.items[i].code);
		cr_expect_str_eq(items[i].message, blockers.items[i].message);
		cr_expect_str_eq(items[i].ref, blockers.items[i].ref);
	}
}

static struct case_counts counted(void)
{
	struct case_counts counts;

	case_count(&built.file, &built.context, &counts);
	return counts;
}

Test(counts, files_and_missing_mandatory_types_are_rows_of_the_documents_tab)
{
	cr_expect_eq(counted().documents_total, 3);
	cr_expect_eq(counted().documents_accepted, 3);
	built.documents[0].replaced = true;
	cr_expect_eq(counted().documents_total, 3, "the replaced file goes, the missing type comes");
	cr_expect_eq(counted().documents_accepted, 2);
	cr_expect(counted().document_missing);
}

Test(counts, a_rejected_document_is_flagged)
{
	cr_expect_not(counted().document_rejected);
	built.documents[2].review = REVIEW_REJECTED;
	cr_expect(counted().document_rejected);
}

Test(counts, parties_that_need_no_verification_count_as_verified)
{
	cr_expect_eq(counted().parties_total, 2);
	cr_expect_eq(counted().parties_verified, 2);
	cr_expect_not(counted().party_open);
	built.parties[0].session_status = SESSION_ACTIVE;
	cr_expect_eq(counted().parties_verified, 1);
	cr_expect(counted().party_open);
}

Test(counts, a_hit_is_open_until_somebody_decides_on_it)
{
	built.hits[0].state = HIT_OPEN;
	cr_expect(counted().hit_open);
	built.hits[0].state = HIT_TRUE_MATCH;
	cr_expect_not(counted().hit_open);
}

static const char *waiting(void)
{
	struct case_counts counts = counted();

	return arena_printf(&built.arena, "%s%s%s%s", counts.waits_for_client ? "client " : "",
			    counts.waits_for_party ? "party " : "", counts.waits_for_provider ? "provider " : "",
			    counts.waits_for_second_reviewer ? "second " : "");
}

Test(counts, a_case_without_blockers_waits_for_nobody)
{
	cr_expect_str_empty(waiting());
}

Test(counts, a_case_waits_when_all_that_blocks_it_is_others_work)
{
	built.parties[0].session_status = SESSION_ACTIVE;
	cr_expect_str_eq(waiting(), "party ");
	built.checks[1].status = CHECK_PENDING;
	cr_expect_str_eq(waiting(), "party provider ");
	builder_add_correction(&built, CORRECTION_OPEN);
	cr_expect_str_eq(waiting(), "client party provider ");
}

Test(counts, a_case_does_not_wait_while_a_reviewer_has_work_on_it)
{
	built.parties[0].session_status = SESSION_ACTIVE;
	built.hits[0].state = HIT_OPEN;
	cr_expect_str_empty(waiting());
}

Test(counts, a_missing_document_is_the_reviewers_work_once_the_case_is_in_review)
{
	built.documents[0].upload = UPLOAD_REQUIRED;
	cr_expect_str_empty(waiting());
	built.documents[0].upload = UPLOAD_PROCESSING;
	cr_expect_str_eq(waiting(), "provider ");
}

Test(counts, a_party_without_a_subsession_is_the_reviewers_work)
{
	built.parties[0].session_id = "";
	cr_expect_str_empty(waiting());
}

Test(counts, an_answered_correction_is_the_reviewers_work)
{
	builder_add_correction(&built, CORRECTION_ANSWERED);
	cr_expect_str_empty(waiting());
}

Test(counts, the_status_itself_can_wait)
{
	static const char *const waits[SESSION_STATUS_COUNT] = {
		[SESSION_DRAFT] = "client ",
		[SESSION_ACTIVE] = "client ",
		[SESSION_AWAITING_CLIENT_CORRECTION] = "client ",
		[SESSION_PROCESSING] = "provider ",
	};

	for (int status = 0; status < SESSION_STATUS_COUNT; status++) {
		built.file.session.status = (enum session_status)status;
		cr_expect_str_eq(waiting(), waits[status] ? waits[status] : "", "%s",
				 session_status_text((enum session_status)status));
	}
}
