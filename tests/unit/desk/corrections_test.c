#include "fixture.h"

#include "kybdesk/desk/changes.h"

FIXTURE_READY(corrections);

static const char *step_word(const char *id)
{
	struct case_view view = fixture_case(&f, "RAL-1");

	for (size_t i = 0; i < view.file.step_count; i++) {
		if (!strcmp(view.file.steps[i].id, id))
			return step_status_text(view.file.steps[i].status);
	}
	return "none";
}

static const char *upload_word(const char *type)
{
	return sql_text(&f, arena_printf(&f.arena,
					 "SELECT group_concat(upload || ':' || replaced) FROM "
					 "(SELECT * FROM document WHERE type = '%s' ORDER BY id) AS o",
					 type));
}

static enum err ask_extending(const char *ref, int64_t days)
{
	struct correction_request request = { .step_id = "company_info", .message = "Please look again." };

	return USE(f.rita, CORRECTIONS, ref, .requests = &request, .request_count = 1, .days = days);
}

Test(corrections, mark_steps_and_documents_and_taken_back_leave_everything_as_it_was)
{
	const char *body;

	must(ask(&f, f.rita, "RAL-1", "company_info", "PROOF_OF_ADDRESS", NULL));
	expect_text(fixture_status(&f, "RAL-1"), "awaiting_client_correction");
	expect_text(step_word("company_info"), "needs_correction");
	expect_text(upload_word("PROOF_OF_ADDRESS"), "required:0");
	expect_text(upload_word("BUSINESS_NUMBER"), "ready:0");
	body = sql_text(&f, "SELECT body FROM outbox_event");
	cr_expect(strstr(body, "session.corrections_requested"));
	cr_expect(strstr(body, "\"step_ids\":[\"company_info\"]"));
	cr_expect(!strstr(body, "Please send"));
	must(USE(f.rita, UNDO, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	expect_text(step_word("company_info"), "completed");
	expect_text(upload_word("PROOF_OF_ADDRESS"), "ready:0");
	expect_sql("SELECT state FROM correction", "withdrawn");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, TIME_NONE);
	must(USE(f.rita, APPROVE, "RAL-1"));
}

/* The imported document counts as the answer to a correction that was answered elsewhere. */
Test(corrections, that_an_import_answered_show_what_came_back)
{
	static const char correction[] =
		", \"corrections\": [{\"step_id\": \"company_info\", \"document_types\": [\"PROOF_OF_ADDRESS\"], "
		"\"message\": \"A newer one, please.\", \"state\": \"answered\", \"asked_by\": \"ana\", "
		"\"asked_at\": \"2026-11-01T09:00:00Z\", \"answered_at\": \"2026-11-02T09:00:00Z\"}]";
	struct change *changes;

	fixture_kyb(&f, &(const struct kyb){ .ref = "RAL-9", .more = correction });
	const struct case_view view = fixture_case(&f, "RAL-9");
	cr_assert_eq(view.file.correction_count, 1);
	size_t count = correction_changes(&f.arena, &view, &view.file.corrections[0], &changes);
	cr_assert_eq(count, 1);
	expect_text(changes[0].name, "PROOF_OF_ADDRESS");
	cr_expect(changes[0].has_response && changes[0].changed);
	cr_expect_str_neq(changes[0].after, "");
	expect_text(changes[0].before, "");
}

Test(corrections, make_a_step_that_only_the_profile_has)
{
	must(ask(&f, f.rita, "RAL-1", "related_parties", NULL, NULL));
	expect_text(step_word("related_parties"), "needs_correction");
}

Test(corrections, need_a_step_a_document_type_a_message_and_days)
{
	struct correction_request request = { .step_id = "company_info", .message = "  " };

	expect_error(ask(&f, f.rita, "RAL-1", "company_inf", NULL, NULL), ERR_INVALID, "company_info");
	expect_err(ask(&f, f.rita, "RAL-1", "company_info", "LIBRARY_CARD", NULL), ERR_INVALID);
	expect_err(USE(f.rita, CORRECTIONS, "RAL-1", .requests = &request, .request_count = 1), ERR_INVALID);
	expect_err(USE(f.rita, CORRECTIONS, "RAL-1", .requests = &request), ERR_INVALID);
	expect_err(ask_extending("RAL-1", -1), ERR_INVALID);
}

Test(corrections, give_a_session_without_a_link_one_that_stands_nowhere)
{
	const char *link = "", *again = "";

	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, &link));
	cr_assert(!strncmp(link, "http://127.0.0.1:8080/s/", 24), "%s", link);
	cr_expect_eq(sql_int(&f, "SELECT generation FROM access_link"), 1);
	forward(&f, MINUTE_MS);
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	must(ask(&f, f.lea, "RAL-1", "company_info", NULL, &again));
	expect_text(again, "");
}

Test(corrections, are_blocked_when_the_link_has_expired_unless_it_is_extended)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .more = ", \"expires_at\": \"2026-11-20T11:59:00Z\"" });
	expect_error(ask_extending("RAL-2", 0), ERR_BLOCKED, "link expired");
	must(ask_extending("RAL-2", 5));
	cr_expect_eq(fixture_case(&f, "RAL-2").file.session.expires_at, NOON + 5 * 86400000ll);
}

Test(corrections, stop_the_clock_of_the_case)
{
	int64_t due;
	struct case_view view;

	due = fixture_case(&f, "RAL-1").file.session.due_at;
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, NOON);
	forward(&f, 60 * MINUTE_MS);
	must(USE(f.rita, WITHDRAW, "RAL-1"));
	view = fixture_case(&f, "RAL-1");
	cr_expect_eq(view.file.session.due_at, due + 60 * MINUTE_MS);
	cr_expect_eq(view.file.session.due_paused_at, TIME_NONE);
}

Test(corrections, from_an_approval_are_for_leads_and_lower_the_level)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	forward(&f, MINUTE_MS);
	expect_err(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL), ERR_FORBIDDEN);
	must(ask(&f, f.lea, "RAL-1", "company_info", NULL, NULL));
	expect_sql("SELECT group_concat(type || ':' || sequence) FROM outbox_event",
		   "kyc.state_updated:1,session.corrections_requested:2,kyc.state_updated:3");
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "LIGHT");
	expect_sql("SELECT final_decision || decided_by FROM session WHERE external_ref = 'RAL-1'", "");
}

Test(corrections, withdrawn_bring_the_case_back_into_review)
{
	must(ask(&f, f.rita, "RAL-1", "company_info", "PROOF_OF_ADDRESS", NULL));
	forward(&f, MINUTE_MS);
	must(USE(f.bo, WITHDRAW, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	expect_text(step_word("company_info"), "completed");
	must(USE(f.bo, APPROVE, "RAL-1"));
	expect_err(USE(f.bo, WITHDRAW, "RAL-1"), ERR_BLOCKED);
}

/* No step needs a correction any more: the withdrawal changes no step, and reads no memory after the last step. */
Test(corrections, withdrawn_leave_a_step_as_the_client_saved_it_meanwhile)
{
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	expect_text(step_word("company_info"), "needs_correction");
	sql_run(&f, "UPDATE step SET status = 'in_progress' WHERE status = 'needs_correction'");
	must(USE(f.bo, WITHDRAW, "RAL-1"));
	expect_text(step_word("company_info"), "in_progress");
}

/* Of two requests for one step, the second recorded the status that the first had set. */
Test(corrections, of_two_rounds_withdrawn_complete_the_step)
{
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	sql_run(&f, "UPDATE session SET status = 'manual_review', returned = 1 WHERE external_ref = 'RAL-1'");
	forward(&f, MINUTE_MS);
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	must(USE(f.bo, WITHDRAW, "RAL-1"));
	expect_text(step_word("company_info"), "completed");
}

Test(corrections, withdrawn_leave_a_pending_step_pending)
{
	sql_run(&f, "UPDATE step SET status = 'pending' WHERE name = 'company_info'");
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	must(USE(f.bo, WITHDRAW, "RAL-1"));
	expect_text(step_word("company_info"), "pending");
}

static const char *answer_first(void)
{
	sql_run(&f, "UPDATE correction SET state = 'answered', answered_at = 1795176060000 WHERE state = 'open'");
	sql_run(&f, "UPDATE session SET status = 'manual_review', returned = 1 WHERE external_ref = 'RAL-1'");
	return sql_text(&f, "SELECT uuid FROM correction ORDER BY id LIMIT 1");
}

Test(corrections, that_are_answered_block_until_they_are_accepted)
{
	const char *correction;

	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	correction = answer_first();
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "correction_open");
	must(USE(f.rita, CORRECTION_ACCEPT, "RAL-1", .part = correction));
	expect_text(step_word("company_info"), "completed");
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(corrections, that_are_open_cannot_be_accepted)
{
	const char *correction;

	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	correction = sql_text(&f, "SELECT uuid FROM correction");
	expect_err(USE(f.rita, CORRECTION_ACCEPT, "RAL-1", .part = correction), ERR_BLOCKED);
	expect_err(USE(f.rita, CORRECTION_ACCEPT, "RAL-1", .part = "ffff-ffff"), ERR_NOT_FOUND);
}

Test(corrections, asked_again_are_a_new_round_that_closes_the_one_before)
{
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	answer_first();
	forward(&f, 5 * MINUTE_MS);
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	expect_sql("SELECT group_concat(round || ':' || state) FROM correction", "1:withdrawn,2:open");
	must(USE(f.rita, UNDO, "RAL-1"));
	expect_sql("SELECT group_concat(round || ':' || state) FROM correction", "1:answered,2:withdrawn");
	cr_expect(fixture_case(&f, "RAL-1").file.session.returned);
	expect_sql("SELECT group_concat(round) FROM (SELECT json_extract(detail, '$.round') AS round "
		   "FROM audit_event WHERE action = 'session.corrections' ORDER BY seq) AS rounds",
		   "1,2");
}

/* The workflow has this step, and the case has only other steps: the lookup must not leak memory
 * (fixture_close() checks for leaks). */
Test(corrections, of_a_step_that_only_the_workflow_knows_make_it)
{
	must(ask(&f, f.rita, "RAL-1", "related_parties", NULL, NULL));
	expect_rows(1, "step WHERE name = 'related_parties'");
}

Test(corrections, of_a_type_that_only_the_case_has_leave_nothing_behind)
{
	sql_run(&f, "UPDATE document SET type = 'OLD_PAPER' WHERE type = 'PROOF_OF_ADDRESS'");
	must(ask(&f, f.rita, "RAL-1", "company_info", "OLD_PAPER", NULL));
}

/* --- withdrawn, accepted --- */

/* An imported correction has no evidence here: the old values count as submitted. */
Test(corrections, that_came_by_import_are_withdrawn_too)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2",
				       .status = "awaiting_client_correction",
				       .more = ", \"corrections\": [{\"step_id\": \"company_info\"}], "
					       "\"decisions\": [{\"decision\": \"corrections\", \"by\": \"x\", "
					       "\"at\": \"2026-11-19T12:00:00Z\"}]" });
	sql_run(&f, "UPDATE step SET status = 'needs_correction' WHERE name = 'company_info'");
	must(USE(f.rita, WITHDRAW, "RAL-2"));
	expect_text(fixture_status(&f, "RAL-2"), "manual_review");
	expect_sql("SELECT status FROM step WHERE name = 'company_info' ORDER BY id DESC", "completed");
	expect_sql("SELECT state FROM correction", "withdrawn");
}

static void ask_twice_in_one_step(void)
{
	struct correction_request requests[2] = { { .step_id = "company_info", .message = "Please look again." },
						  { .step_id = "company_info", .message = "And the number, too." } };

	must(USE(f.rita, CORRECTIONS, "RAL-1", .requests = requests, .request_count = 2));
	answer_first();
}

Test(corrections, of_one_step_are_all_accepted_before_it_is_in_order)
{
	ask_twice_in_one_step();
	must(USE(f.rita, CORRECTION_ACCEPT, "RAL-1",
		 .part = sql_text(&f, "SELECT uuid FROM correction ORDER BY id LIMIT 1")));
	expect_text(step_word("company_info"), "needs_correction");
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	must(USE(f.rita, CORRECTION_ACCEPT, "RAL-1",
		 .part = sql_text(&f, "SELECT uuid FROM correction ORDER BY id DESC LIMIT 1")));
	expect_text(step_word("company_info"), "completed");
}

Test(corrections, are_not_guessed_from_the_start_of_two_ids)
{
	ask_twice_in_one_step();
	sql_run(&f, "UPDATE correction SET uuid = 'aaaaaaaa' || substr(uuid, 9)");
	expect_error(USE(f.rita, CORRECTION_ACCEPT, "RAL-1", .part = "aaaaaaaa"), ERR_USAGE,
		     "\"aaaaaaaa\" matches several");
	expect_rows(2, "correction WHERE state = 'answered'");
}

/* --- the stored values of a correction's items --- */

#define SIDE(side, file)                                                                                               \
	"{\"type\": \"ID\", \"side\": \"" side "\", \"file_name\": \"" file "\", \"file\": \"files/" file              \
	"\", \"upload\": \"ready\"}"

static void import_avenia(void)
{
	fixture_import(&f, "{\"external_ref\": \"AVE-1\", \"workflow\": \"avenia-kyb-level-1\", \"kind\": \"kyb\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", "
			   "\"subject\": {\"uid\": \"a1\", \"kind\": \"business\", \"name\": \"SOLUCOES\", "
			   "\"registration_number\": \"R-77\", \"country\": \"BRA\"}, "
			   "\"steps\": [{\"id\": \"company\", \"status\": \"completed\", "
			   "\"fields\": {\"numberOfEmployees\": \"1-10\", \"companyLegalName\": \"SOLUCOES LTDA\"}}], "
			   "\"documents\": [" SIDE("front", "identity.png") ", " SIDE("back", "bill.jpeg") "]}\n");
}

static const char *asked_about(const char *const *fields, size_t count, const char *type)
{
	const char *types[] = { type };
	struct correction_request request = { .step_id = "company", .message = "Please look again." };

	request.field_ids = (const char **)(const void *)fields;
	request.field_count = count;
	request.document_types = types;
	request.document_type_count = type ? 1 : 0;
	import_avenia();
	must(USE(f.rita, CORRECTIONS, "AVE-1", .requests = &request, .request_count = 1));
	return sql_text(&f, "SELECT before FROM correction");
}

Test(corrections, of_fields_keep_each_as_it_stood_wherever_it_stands)
{
	static const char *const fields[] = { "companyLegalName", "companyRegistrationNumber" };
	const char *before = asked_about(fields, 2, NULL);

	cr_expect(strstr(before, "\"companyLegalName\":\"SOLUCOES LTDA\""), "the step's own comes first: %s", before);
	cr_expect(strstr(before, "\"companyRegistrationNumber\":\"R-77\""), "%s", before);
}

Test(corrections, of_a_field_that_stands_nowhere_keep_that_it_was_not_there)
{
	static const char *const fields[] = { "businessActivityDescription", "numberOfEmployees" };
	const char *before = asked_about(fields, 2, NULL);

	cr_expect(strstr(before, "\"businessActivityDescription\":null"), "%s", before);
	cr_expect(strstr(before, "\"numberOfEmployees\":\"1-10\""), "%s", before);
}

Test(corrections, of_a_document_with_two_sides_keep_both)
{
	const char *before = asked_about(NULL, 0, "ID");
	const struct document document = fixture_case(&f, "AVE-1").file.documents[0];

	cr_expect(strstr(before, arena_printf(&f.arena,
					      "\"sides\":[{\"side\":\"front\",\"file_name\":\"identity.png\","
					      "\"sha256\":\"%s\"},{\"side\":\"back\",\"file_name\":\"bill.jpeg\","
					      "\"sha256\":\"%s\"}]",
					      document.sha256, document.back.sha256)),
		  "%s", before);
}

Test(corrections, that_name_a_field_twice_keep_it_once)
{
	static const char *const fields[] = { "numberOfEmployees", "numberOfEmployees" };
	const char *before = asked_about(fields, 2, NULL), *first = strstr(before, "numberOfEmployees");

	cr_assert(first, "%s", before);
	cr_expect(!strstr(first + 1, "numberOfEmployees"), "%s", before);
}

Test(corrections, extend_a_link_by_days_that_there_can_be)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .status = "active" });
	sql_run(&f, "UPDATE session SET status = 'expired', expired_from = 'active' WHERE external_ref = 'RAL-2'");
	expect_error(USE(f.lea, REACTIVATE, "RAL-2", .days = -1), ERR_INVALID, "can be extended by 1 to");
	expect_err(USE(f.lea, REACTIVATE, "RAL-2", .days = 100000), ERR_INVALID);
	expect_text(fixture_status(&f, "RAL-2"), "expired");
	must(USE(f.lea, REACTIVATE, "RAL-2", .days = 3));
	expect_text(fixture_status(&f, "RAL-2"), "active");
	cr_expect_eq(fixture_case(&f, "RAL-2").file.session.expires_at, NOON + 3 * 86400000ll);
}
