/* Notifications to merchants (each fact once, also withdrawn decisions, by the workflow's event names), and reads. */
#include "fixture.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/desk.h"
#include "kybdesk/desk/outside.h"

FIXTURE(outside);

/* Workflows, each with its event for "in review again", and whether the body of the event has a level. */
static const struct {
	const char *workflow, *kind, *subject, *told;
	bool has_level;
} systems[] = {
	{ "ralio-kyb", "kyb", "business", "kyc.state_updated", true },
	{ "ralio-sandbox", "kyb", "business", "kyc.state_updated", true },
	{ "ralio-sandbox", "kyc", "individual", "kyc.state_updated", false },
	{ "avenia-kyb-level-1", "kyb", "business", "session.status_changed", false },
	{ "atelio-beneficial-owner", "kyc", "individual", "kyc.verification.under_review", false },
	{ "generic-kyc", "kyc", "individual", "session.status_changed", false },
};
#define SYSTEMS (sizeof systems / sizeof *systems)

static const char *bring(size_t system, const char *status)
{
	const char *ref = arena_printf(&f.arena, "REF-%zu", system);

	fixture_import(&f, arena_printf(&f.arena,
					"{\"external_ref\": \"%s\", \"workflow\": \"%s\", \"kind\": \"%s\", "
					"\"merchant\": \"northwind-pay\", \"status\": \"%s\", \"subject\": {\"uid\": "
					"\"u-%zu\", \"kind\": \"%s\", \"name\": \"Harbour Lane\"}, \"custom_tags\": "
					"{\"region\": \"emea\"}, \"submitted_at\": \"2026-11-20T10:00:00Z\"}\n",
					ref, systems[system].workflow, systems[system].kind, status, system,
					systems[system].subject));
	return ref;
}

static const char *types_of(const char *ref)
{
	return sql_text(
		&f, arena_printf(&f.arena,
				 "SELECT group_concat(type) FROM (SELECT type FROM outbox_event WHERE session_id = "
				 "(SELECT id FROM session WHERE external_ref = '%s' OR uuid = '%s') ORDER BY id) AS o",
				 ref, ref));
}

static const char *last_body(void)
{
	return sql_text(&f, "SELECT body FROM outbox_event ORDER BY id DESC LIMIT 1");
}

static void reopened(const char *status)
{
	for (size_t i = 0; i < SYSTEMS; i++) {
		struct decision_preview preview;
		const char *ref = bring(i, status);

		must(desk_preview(f.lea, &f.arena, &(struct use_in){ .verb = VERB_REOPEN, .session = ref }, &preview,
				  &f.error));
		expect_text(preview.event, systems[i].told);
		must(USE(f.lea, REOPEN, ref, .reason = "the register has changed", .has_grace = true, .grace_s = 0));
		expect_text(types_of(ref), systems[i].told);
		expect_text(f.out.event, systems[i].told);
		cr_expect_eq(strstr(last_body(), "\"level\":") != NULL, systems[i].has_level, "%s", last_body());
		cr_expect(strstr(last_body(), "\"custom_tags\":{\"region\":\"emea\"}"), "%s", last_body());
		/* A flat body contains kyc.verification.under_review instead of a status. */
		cr_expect(strstr(last_body(), "\"status\":\"manual_review\"") ||
				  strstr(last_body(), "\"kyc.verification.under_review\""),
			  "%s", last_body());
	}
}

Test(outside, a_reopened_approval_is_told_in_every_system)
{
	reopened("approved");
}

Test(outside, a_reopened_rejection_is_told_in_every_system)
{
	reopened("rejected");
}

Test(outside, withdrawn_corrections_are_told_in_every_system)
{
	for (size_t i = 0; i < SYSTEMS; i++) {
		const char *ref = bring(i, "manual_review");
		static const char *const steps[] = { "company_info", "identity", "identity",
						     "company",	     "identity", "identity" };

		must(ask(&f, f.rita, ref, steps[i], NULL, NULL));
		must(USE(f.rita, WITHDRAW, ref, .has_grace = true, .grace_s = 0));
		expect_text(types_of(ref), arena_printf(&f.arena, "session.corrections_requested,%s", systems[i].told));
	}
}

Test(outside, what_was_undone_within_its_time_is_not_told)
{
	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.rita, UNDO, "RAL-1"));
	expect_text(types_of("RAL-1"), "kyc.state_updated");
	expect_sql("SELECT state FROM delivery", "cancelled");
}

static void import_person(void)
{
	fixture_import(&f, "{\"external_ref\": \"IND-1\", \"workflow\": \"ralio-sandbox\", \"kind\": \"kyc\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", \"subject\": "
			   "{\"uid\": \"ind-1\", \"kind\": \"individual\", \"name\": \"Ines Duarte\"}, "
			   "\"checks\": [{\"kind\": \"face_match\", \"status\": \"passed\"}]}\n");
}

/* The workflow names an event for an approval, but for a business only the change of the level is sent. */
Test(outside, an_approval_is_told_once_of_a_business_by_its_level_alone)
{
	const char *business = bring(1, "manual_review");

	must(USE(f.rita, APPROVE, business));
	expect_text(types_of(business), "kyc.state_updated");
	import_person();
	must(USE(f.rita, APPROVE, "IND-1"));
	expect_text(types_of("IND-1"), "kyc.session_verified");
}

Test(outside, an_approval_of_a_person_is_told_by_the_level_and_by_itself)
{
	/* The shipped workflow has levels for businesses only. */
	fixture_install(&f, "ralio-sandbox", 2, "\"subject_kinds\": [\"business\"]",
			"\"subject_kinds\": [\"individual\"]");
	import_person();
	must(USE(f.rita, APPROVE, "IND-1"));
	expect_text(types_of("IND-1"), "kyc.state_updated,kyc.session_verified");
}

/* The names of the events are from the seed ralio-sandbox, "KYC / KYB". */
Test(outside, the_kyc_of_a_ralio_party_speaks_ralios_words)
{
	const char *party;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	party = fixture_case(&f, "RAL-1").file.parties[0].session_id;
	must(USE(f.rita, APPROVE, party, .has_grace = true, .grace_s = 0));
	must(USE(f.lea, REOPEN, party, .reason = "the passport was reported stolen", .has_grace = true, .grace_s = 0));
	must(USE(f.rita, REJECT, party, .reason = "expired_document", .note = "explained in full", .has_grace = true,
		 .grace_s = 0));
	expect_text(types_of(party), "kyc.session_verified,kyc.state_updated,kyc.session_failed");
	cr_expect(strstr(last_body(), "\"parent_id\":"), "%s", last_body());
	/* The event of a KYC without a parent case has the name from the KYC's own workflow. */
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	must(USE(f.rita, REJECT, "KYC-1", .reason = "expired_document", .note = "explained in full", .has_grace = true,
		 .grace_s = 0));
	expect_text(types_of("KYC-1"), "session.status_changed");
}

Test(outside, the_kyc_of_a_ralio_party_expires_in_ralios_words)
{
	struct tick_report report;
	const char *party;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "active" });
	party = fixture_case(&f, "RAL-1").file.parties[0].session_id;
	sql_run(&f, arena_printf(&f.arena, "UPDATE session SET expires_at = 1 WHERE uuid = '%s'", party));
	must(desk_tick(f.ada, &report, &f.error));
	expect_text(fixture_status(&f, party), "expired");
	expect_text(types_of(party), "kyc.session_expired");
}

Test(outside, documents_that_are_asked_for_are_told_once)
{
	const char *ref = bring(4, "manual_review");

	must(ask(&f, f.rita, ref, "documents", "government_id", NULL));
	expect_text(types_of(ref), "kyc.verification.document_required");
}

/* The body for a restricted reason is byte for byte the body for the reason "other". */
Test(outside, a_restricted_reason_makes_the_very_body_of_other)
{
	static const char *const restricted[] = { "sanctions_match", "pep_unacceptable", "adverse_media",
						  "suspected_fraud", "forged_document" };

	for (size_t i = 0; i < SYSTEMS; i++) {
		const char *ref = bring(i, "manual_review"), *plain, *told;

		must(USE(f.rita, REJECT, ref, .reason = "other", .has_grace = true, .grace_s = 0));
		plain = last_body();
		for (size_t r = 0; r < sizeof restricted / sizeof *restricted; r++) {
			/* Resets the case, as if it had never been rejected. */
			sql_run(&f, arena_printf(&f.arena,
						 "UPDATE session SET status = 'manual_review', final_decision = '', "
						 "event_sequence = event_sequence - 1 WHERE external_ref = '%s'",
						 ref));
			must(USE(f.rita, REJECT, ref, .reason = restricted[r], .note = "explained in full",
				 .has_grace = true, .grace_s = 0));
			told = last_body();
			cr_expect_str_eq(told, plain, "%s as %s", ref, restricted[r]);
		}
	}
}

/* --- a decision within its grace time has not taken effect --- */

static struct caller a_merchant(void)
{
	return (struct caller){ .capacity = CAPACITY_MERCHANT,
				.actor = "api:northwind-pay",
				.merchant = "northwind-pay",
				.merchant_row = sql_int(&f, "SELECT id FROM merchant WHERE name = 'northwind-pay'"),
				.document_type = "",
				.request_id = "" };
}

static struct external_case seen_by_merchant(const char *ref)
{
	struct caller caller = a_merchant();
	struct external_case seen;

	desk_set_caller(f.vic, &caller);
	must(desk_external_case(
		f.vic, &f.arena,
		sql_text(&f, arena_printf(&f.arena, "SELECT uuid FROM session WHERE external_ref = '%s'", ref)), &seen,
		&f.error));
	desk_set_caller(f.vic, NULL);
	return seen;
}

/* The status, corrections, steps and documents that a merchant sees, as text. */
static const char *shape_of(const struct external_case *seen)
{
	const char *text = arena_printf(&f.arena, "%s until %lld", session_status_text(seen->file.session.status),
					(long long)seen->file.session.expires_at);

	for (size_t i = 0; i < seen->file.correction_count; i++)
		text = arena_printf(&f.arena, "%s; %s %s", text, seen->file.corrections[i].step_id,
				    correction_state_text(seen->file.corrections[i].state));
	for (size_t i = 0; i < seen->file.step_count; i++)
		text = arena_printf(&f.arena, "%s; %s: %s", text, seen->file.steps[i].id,
				    step_status_text(seen->file.steps[i].status));
	for (size_t i = 0; i < seen->file.document_count; i++)
		text = arena_printf(&f.arena, "%s; %s: %s", text, seen->file.documents[i].type,
				    upload_state_text(seen->file.documents[i].upload));
	return text;
}

Test(outside, a_request_for_corrections_is_seen_once_its_time_is_over)
{
	struct external_case seen;
	const char *before, *after;

	fixture_ready(&f, "RAL-1");
	sql_run(&f, "UPDATE step SET status = 'in_progress' WHERE name = 'company_info'");
	seen = seen_by_merchant("RAL-1");
	before = shape_of(&seen);
	must(ask(&f, f.rita, "RAL-1", "company_info", "PROOF_OF_ADDRESS", NULL));
	seen = seen_by_merchant("RAL-1");
	expect_text(shape_of(&seen), before);
	forward(&f, MINUTE_MS);
	seen = seen_by_merchant("RAL-1");
	after = shape_of(&seen);
	cr_expect(strstr(after, "awaiting_client_correction until "), "%s", after);
	cr_expect(strstr(after, "; company_info open; "), "%s", after);
	cr_expect(strstr(after, "company_info: needs_correction"), "%s", after);
	cr_expect(strstr(after, "PROOF_OF_ADDRESS: required"), "%s", after);
}

/* A merchant sees an answered correction as withdrawn only when the new request can no longer be undone. */
Test(outside, a_second_request_closes_the_first_once_its_time_is_over)
{
	struct external_case seen;
	const char *before;

	fixture_ready(&f, "RAL-1");
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	forward(&f, 5 * MINUTE_MS);
	sql_run(&f, "UPDATE correction SET state = 'answered', answered_at = asked_at + 1; "
		    "UPDATE session SET status = 'manual_review' WHERE external_ref = 'RAL-1'");
	seen = seen_by_merchant("RAL-1");
	before = shape_of(&seen);
	cr_assert(strstr(before, "company_info answered"), "%s", before);
	must(ask(&f, f.rita, "RAL-1", "company_info", "BUSINESS_NUMBER", NULL));
	seen = seen_by_merchant("RAL-1");
	expect_text(shape_of(&seen), before);
	forward(&f, MINUTE_MS);
	seen = seen_by_merchant("RAL-1");
	cr_expect(strstr(shape_of(&seen), "company_info withdrawn; company_info open"), "%s", shape_of(&seen));
}

/* The request adds a step and extends the link; the merchant sees both only after the grace time. */
Test(outside, what_a_request_makes_is_there_once_its_time_is_over)
{
	struct correction_request request = { .step_id = "related_parties", .message = "Who else owns it?" };
	struct external_case seen;
	const char *before;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = ", \"expires_at\": \"2026-12-01T00:00:00Z\"" });
	seen = seen_by_merchant("RAL-1");
	before = shape_of(&seen);
	must(USE(f.rita, CORRECTIONS, "RAL-1", .requests = &request, .request_count = 1, .days = 30));
	seen = seen_by_merchant("RAL-1");
	expect_text(shape_of(&seen), before);
	forward(&f, MINUTE_MS);
	seen = seen_by_merchant("RAL-1");
	cr_expect(strstr(shape_of(&seen), "related_parties: needs_correction"), "%s", shape_of(&seen));
	cr_expect_gt(seen.file.session.expires_at, NOON + 29 * 24 * 60 * (int64_t)MINUTE_MS);
}

/* --- lists --- */

static const char *listed(int status, unsigned inboxes)
{
	struct caller caller = a_merchant();
	struct list_query query = { .limit = 10, .inboxes = inboxes }, again;
	struct filter_term *term;
	struct list_page page;
	struct list_summary summary;
	const char *text = "";

	if (status >= 0) {
		term = ARENA_PUSH(&f.arena, query.filter.terms, query.filter.count, query.filter.capacity);
		*term = (struct filter_term){ .key = FILTER_STATUS,
					      .compare = FILTER_EQUAL,
					      .value = session_status_text((enum session_status)status),
					      .code = status,
					      .tag_key = "" };
	}
	again = query;
	desk_set_caller(f.vic, &caller);
	must(desk_list(f.vic, &f.arena, &query, &page, &f.error));
	must(desk_list_summary(f.vic, &f.arena, &again, &summary, &f.error));
	desk_set_caller(f.vic, NULL);
	for (size_t i = 0; i < page.count; i++)
		text = arena_printf(&f.arena, "%s%s %s, ", text, page.items[i].external_ref,
				    session_status_text(page.items[i].status));
	text = arena_printf(&f.arena, "%stotal %lld", text, (long long)summary.total);
	for (unsigned i = 0; i < SESSION_STATUS_COUNT; i++) {
		if (summary.status_counts[i])
			text = arena_printf(&f.arena, "%s, %lld %s", text, (long long)summary.status_counts[i],
					    session_status_text((enum session_status)i));
	}
	return text;
}

static void nobody_reads(struct desk *desk, const struct caller *caller)
{
	static const char *const why = "Only the key of a merchant";
	const struct subject_query users = { .limit = 10 };
	struct list_query query = { .limit = 10 };
	struct list_page page;
	struct list_summary summary;
	struct subject_page subjects;
	struct subject_view subject;
	struct webhook_view webhook;
	int64_t count = 9;

	desk_set_caller(desk, caller);
	expect_error(desk_list(desk, &f.arena, &query, &page, &f.error), ERR_FORBIDDEN, why);
	expect_error(desk_list_summary(desk, &f.arena, &query, &summary, &f.error), ERR_FORBIDDEN, why);
	expect_error(desk_list_count(desk, &query, 0, &count, &f.error), ERR_FORBIDDEN, why);
	cr_expect_eq(count, 0);
	expect_error(desk_subjects(desk, &f.arena, &users, &subjects, &f.error), ERR_FORBIDDEN, why);
	cr_expect_eq(subjects.count, 0);
	expect_error(desk_subject(desk, &f.arena, "northwind-pay/u-0", false, &subject, &f.error), ERR_FORBIDDEN, why);
	expect_error(desk_webhook(desk, &f.arena, "e", &webhook, &f.error), ERR_FORBIDDEN, why);
	desk_set_caller(desk, NULL);
}

Test(outside, a_server_reads_cases_and_users_for_a_merchants_key_alone)
{
	const enum capacity others[] = { CAPACITY_STAFF, CAPACITY_CLIENT, CAPACITY_PROVIDER, CAPACITY_SIMULATOR };
	const struct desk_options options = { .store_path = f.path,
					      .actor = "vic",
					      .world = &f.world.world,
					      .log = { LOG_QUIET, -1 },
					      .is_server = true };
	struct caller caller = a_merchant();
	struct list_query query = { .limit = 10 };
	struct list_page page;
	struct desk *server;

	bring(0, "manual_review");
	must(desk_open(&options, &server, &f.error));
	nobody_reads(server, NULL);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		caller.capacity = others[i];
		nobody_reads(server, &caller);
		nobody_reads(f.vic, &caller);
	}
	caller.capacity = CAPACITY_MERCHANT;
	desk_set_caller(server, &caller);
	must(desk_list(server, &f.arena, &query, &page, &f.error));
	cr_expect_gt(page.count, 0);
	desk_close(server);
}

Test(outside, no_list_and_no_count_tells_of_a_decision_that_can_be_taken_back)
{
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	expect_text(listed(-1, 0), "KYC-1 manual_review, total 1, 1 manual_review");
	expect_text(listed(SESSION_MANUAL_REVIEW, 0), "KYC-1 manual_review, total 1, 1 manual_review");
	must(USE(f.rita, REJECT, "KYC-1", .reason = "other"));
	expect_text(listed(-1, 0), "KYC-1 manual_review, total 1, 1 manual_review");
	expect_text(listed(SESSION_REJECTED, 0), "total 0");
	expect_text(listed(-1, 1u << INBOX_REJECTED), "total 0");
	/* No filter by status lists the case, but the counts still count it under its old status. */
	expect_text(listed(SESSION_MANUAL_REVIEW, 0), "total 1, 1 manual_review");
	expect_text(listed(-1, 1u << INBOX_MANUAL_REVIEW), "total 1, 1 manual_review");
	must(USE(f.rita, UNDO, "KYC-1"));
	expect_text(listed(SESSION_MANUAL_REVIEW, 0), "KYC-1 manual_review, total 1, 1 manual_review");
	must(USE(f.rita, REJECT, "KYC-1", .reason = "other"));
	forward(&f, MINUTE_MS);
	expect_text(listed(-1, 0), "KYC-1 rejected, total 1, 1 rejected");
	expect_text(listed(SESSION_REJECTED, 0), "KYC-1 rejected, total 1, 1 rejected");
	expect_text(listed(-1, 1u << INBOX_REJECTED), "KYC-1 rejected, total 1, 1 rejected");
}

/* While the last decision in force can be undone, a merchant sees the old status; an undone decision does not count. */
Test(outside, the_last_decision_that_stands_says_whether_it_can_be_taken_back)
{
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	must(USE(f.rita, REJECT, "KYC-1", .reason = "other", .has_grace = true, .grace_s = 0));
	must(USE(f.lea, REOPEN, "KYC-1", .reason = "A mistake of mine", .has_grace = true, .grace_s = 0));
	must(USE(f.rita, REJECT, "KYC-1", .reason = "other", .has_grace = true, .grace_s = 3600));
	expect_text(listed(-1, 0), "KYC-1 manual_review, total 1, 1 manual_review");
	expect_text(listed(SESSION_REJECTED, 0), "total 0");
	must(ask(&f, f.lea, "KYC-1", "identity", NULL, NULL));
	must(USE(f.lea, UNDO, "KYC-1"));
	expect_text(fixture_status(&f, "KYC-1"), "rejected");
	expect_text(listed(SESSION_REJECTED, 0), "total 0");
}
