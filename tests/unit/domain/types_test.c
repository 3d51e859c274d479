#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/reason.h"
#include "kybdesk/domain/transition.h"

/* Every word reads back as the value it was written from, and no two are the same. */
#define ROUND_TRIP(X, last)                                                                                            \
	Test(types, every_##X##_has_one_word_that_reads_back)                                                          \
	{                                                                                                              \
		size_t count;                                                                                          \
		const char *const *words = X##_words(&count);                                                          \
		cr_assert_eq(count, (size_t)(last) + 1);                                                               \
		for (size_t i = 0; i < count; i++) {                                                                   \
			enum X value = (enum X)((i + 1) % count);                                                      \
			cr_expect_str_eq(X##_text((enum X)i), words[i]);                                               \
			cr_expect(X##_parse(words[i], &value));                                                        \
			cr_expect_eq((size_t)value, i, "%s", words[i]);                                                \
		}                                                                                                      \
	}                                                                                                              \
	Test(types, an_unknown_##X##_is_refused_and_changes_nothing)                                                   \
	{                                                                                                              \
		enum X value = (enum X)1;                                                                              \
		cr_expect_not(X##_parse("no such word", &value));                                                      \
		cr_expect_not(X##_parse("DRAFT", &value));                                                             \
		cr_expect_not(X##_parse(NULL, &value));                                                                \
		cr_expect_eq((size_t)value, 1);                                                                        \
	}

ROUND_TRIP(session_status, SESSION_AWAITING_CLIENT_CORRECTION)
ROUND_TRIP(inbox, INBOX_REJECTED)
ROUND_TRIP(session_kind, KIND_KYC)
ROUND_TRIP(subject_kind, SUBJECT_INDIVIDUAL)
ROUND_TRIP(step_status, STEP_NEEDS_CORRECTION)
ROUND_TRIP(upload_state, UPLOAD_REJECTED)
ROUND_TRIP(review_state, REVIEW_REJECTED)
ROUND_TRIP(party_kind, PARTY_COMPANY)
ROUND_TRIP(party_role, ROLE_SUBMERCHANT)
ROUND_TRIP(check_kind, CHECK_REGISTER)
ROUND_TRIP(check_status, CHECK_WAIVED)
ROUND_TRIP(hit_state, HIT_UNDETERMINED)
ROUND_TRIP(hit_class, HIT_ADVERSE_MEDIA)
ROUND_TRIP(correction_state, CORRECTION_WITHDRAWN)
ROUND_TRIP(decision_kind, DECISION_UNDO)
ROUND_TRIP(final_decision, FINAL_MANUAL_REVIEW)
ROUND_TRIP(role, ROLE_INTAKE)
ROUND_TRIP(delivery_state, DELIVERY_UNSENT)
ROUND_TRIP(sort_key, SORT_NAME)
ROUND_TRIP(disclosure, DISCLOSURE_RESTRICTED)
ROUND_TRIP(file_format, FORMAT_HEIC)
ROUND_TRIP(verify_by, VERIFY_DOCUMENT)
ROUND_TRIP(event_kind, EVENT_TRANSFER_COMPLETED)
ROUND_TRIP(event_shape, SHAPE_ATELIO)
ROUND_TRIP(reason_set, REASONS_HIT)
ROUND_TRIP(action, ACTION_REOPEN)
ROUND_TRIP(blocker_code, BLOCKER_CHANGED)

/* The seed's table "Canonical Compliance Statuses". */
static const struct {
	const char *compliance_status;
	const char *statuses[3];
} canonical[] = {
	{ "incomplete", { "draft", "expired" } },
	{ "pending", { "active", "processing" } },
	{ "manual_review", { "manual_review" } },
	{ "approved", { "approved" } },
	{ "rejected", { "rejected" } },
	{ "remediation", { "awaiting_client_correction" } },
	{ "completed", { "completed", "processed" } },
};

Test(types, every_status_is_in_the_inbox_of_the_seed)
{
	size_t seen = 0;

	for (size_t i = 0; i < sizeof canonical / sizeof canonical[0]; i++) {
		for (size_t s = 0; s < 3 && canonical[i].statuses[s]; s++) {
			enum session_status status;

			cr_assert(session_status_parse(canonical[i].statuses[s], &status));
			cr_expect_str_eq(inbox_text(session_status_inbox(status)), canonical[i].compliance_status, "%s",
					 canonical[i].statuses[s]);
			seen++;
		}
	}
	cr_expect_eq(seen, SESSION_STATUS_COUNT);
}

Test(types, ralios_in_review_is_manual_review)
{
	cr_expect_str_eq(session_status_title(SESSION_MANUAL_REVIEW), "in review");
}

Test(types, every_status_has_its_own_title)
{
	for (size_t a = 0; a < SESSION_STATUS_COUNT; a++) {
		for (size_t b = 0; b < a; b++)
			cr_expect_str_neq(session_status_title((enum session_status)a),
					  session_status_title((enum session_status)b));
	}
}

Test(types, roles_of_people_rise_from_viewer_to_admin)
{
	static const enum role people[] = { ROLE_VIEWER, ROLE_REVIEWER, ROLE_LEAD, ROLE_ADMIN };

	for (size_t has = 0; has < 4; has++) {
		for (size_t needs = 0; needs < 4; needs++)
			cr_expect_eq(role_at_least(people[has], people[needs]), has >= needs, "%zu %zu", has, needs);
	}
}

Test(types, systems_are_never_at_least_a_person)
{
	static const enum role systems[] = { ROLE_SYSTEM, ROLE_CLIENT, ROLE_SANDBOX };

	for (size_t s = 0; s < 3; s++) {
		for (int role = ROLE_VIEWER; role <= ROLE_SANDBOX; role++) {
			cr_expect_not(role_at_least(systems[s], (enum role)role));
			cr_expect_not(role_at_least((enum role)role, systems[s]));
		}
	}
}

Test(types, an_empty_case_has_no_text_that_is_null_and_no_time_in_1970)
{
	struct case_file file;

	case_file_init(&file);
	cr_expect_str_empty(file.session.id);
	cr_expect_str_empty(file.session.subject.tax_id);
	cr_expect_str_eq(file.session.custom_tags_json, "{}");
	cr_expect_eq(file.session.due_at, TIME_NONE);
	cr_expect_eq(file.session.decided_at, TIME_NONE);
	cr_expect_eq(file.session.risk_score, RISK_NONE);
}

Test(types, a_case_finds_its_parts_by_id_and_nothing_by_an_empty_one)
{
	struct case_file file;
	struct document documents[2];
	struct party party;
	struct check check;
	struct hit hit;
	const struct check *of = NULL;

	case_file_init(&file);
	document_init(&documents[0]);
	document_init(&documents[1]);
	party_init(&party);
	check_init(&check);
	hit_init(&hit);
	documents[1].id = "d1";
	party.id = "p1";
	hit.id = "h1";
	check.hits = &hit;
	check.hit_count = 1;
	file.documents = documents;
	file.document_count = 2;
	file.parties = &party;
	file.party_count = 1;
	file.checks = &check;
	file.check_count = 1;
	cr_expect_eq(case_document(&file, "d1"), &documents[1]);
	cr_expect_null(case_document(&file, ""));
	cr_expect_null(case_document(&file, "d2"));
	cr_expect_eq(case_party(&file, "p1"), &party);
	cr_expect_null(case_party(&file, ""));
	cr_expect_eq(case_hit(&file, "h1", &of), &hit);
	cr_expect_eq(of, &check);
	cr_expect_null(case_hit(&file, "", NULL));
}
