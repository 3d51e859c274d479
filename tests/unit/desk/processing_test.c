#include "fixture.h"
#include "kybdesk/desk/rules.h"

FIXTURE(processing);

/* Imports a beneficial owner of Atelio; `bureau` is the status of the check bureau, the other checks have passed. */
static void bring(const char *status, const char *bureau, const char *more)
{
	const char *json = arena_printf(
		&f.arena,
		"{\"external_ref\":\"BO-1\",\"workflow\":\"atelio-beneficial-owner\",\"kind\":\"kyc\",\"merchant\":"
		"\"northwind-pay\",\"status\":\"%s\",\"subject\":{\"uid\":\"bo-1\",\"kind\":\"individual\","
		"\"name\":\"Boris "
		"Pasakovitch\"},\"steps\":[{\"id\":\"identity\",\"status\":\"completed\",\"fields\":{\"program_"
		"id\":\"72585109-8222-4221-b15b-48e87ffed790\",\"dob\":\"1992-03-23\","
		"\"first_name\":\"Boris\",\"last_name\":\"Pasakovitch\",\"ssn\":\"123-45-6789\",\"phone\":"
		"\"555-111-2222\",\"email\":\"b@example.com\",\"ip\":\"192.168.1.139\"}},{\"id\":\"addresses\","
		"\"status\":\"completed\","
		"\"fields\":{\"addresses\":[{\"address_type\":\"PHYSICAL\",\"street\":\"5 California "
		"Ave.\",\"city\":\"San "
		"Francisco\",\"state\":\"CA\",\"zip_code\":\"94104\",\"country\":\"US\",\"is_primary\":true}]}}],"
		"\"checks\":[{\"kind\":\"ofac\",\"status\":\"passed\"},{\"kind\":\"bureau\",\"status\":\"%s\"},"
		"{\"kind\":\"email\",\"status\":\"passed\"},{\"kind\":\"ip\",\"status\":\"passed\"},{\"kind\":"
		"\"mobile\",\"status\":\"passed\"}]%s}",
		status, bureau, more);

	fixture_import(&f, json);
}

static size_t process_due(void)
{
	size_t count = 0;

	must(desk_process_due(f.ada, 100, &count, &f.error));
	return count;
}

Test(processing, gives_up_after_the_profiles_time_and_the_client_may_try_again)
{
	bring("processing", "pending", "");
	expect_text(fixture_status(&f, "BO-1"), "processing");
	forward(&f, 14 * MINUTE_MS);
	cr_expect_eq(process_due(), 0, "it is not looked at before its time");
	forward(&f, 2 * MINUTE_MS);
	cr_expect_eq(process_due(), 1);
	expect_text(fixture_status(&f, "BO-1"), "completed");
	expect_sql("SELECT status FROM check_result WHERE kind = 'bureau'", "timeout");
	expect_sql("SELECT type FROM outbox_event", "kyc.verification.timeout");
	expect_sql("SELECT result FROM attempt", "timeout");
	cr_expect_eq(process_due(), 0, "it is not processed over and over");
}

Test(processing, of_a_workflow_without_retries_fails_into_review)
{
	fixture_kyc(&f, "IND-1", "completed", ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"pending\"}]");
	must(USE(f.rita, PROCESS, "IND-1"));
	expect_text(fixture_status(&f, "IND-1"), "processing");
	forward(&f, 31 * MINUTE_MS);
	cr_expect_eq(process_due(), 1);
	expect_text(fixture_status(&f, "IND-1"), "manual_review");
	expect_sql("SELECT status FROM check_result", "timeout");
	expect_sql("SELECT action FROM audit_event ORDER BY seq DESC LIMIT 1", "session.fail_processing");
	expect_sql("SELECT actor || ' ' || role FROM audit_event ORDER BY seq DESC LIMIT 1", "system system");
}

Test(processing, a_check_that_nobody_ever_sent_is_kept_as_one_that_timed_out)
{
	bring("processing", "pending", "");
	sql_run(&f, "DELETE FROM check_result WHERE kind = 'bureau'");
	forward(&f, 16 * MINUTE_MS);
	cr_expect_eq(process_due(), 1);
	expect_sql("SELECT status || ' ' || reported_by FROM check_result WHERE kind = 'bureau'", "timeout system");
	expect_sql("SELECT count(*) FROM check_result", "5");
}

Test(processing, that_an_older_schema_left_is_looked_at_once)
{
	bring("processing", "pending", "");
	sql_run(&f, "UPDATE session SET processing_since = updated_at, process_at = updated_at");
	forward(&f, MINUTE_MS);
	cr_expect_eq(process_due(), 1);
	cr_expect_gt(sql_int(&f, "SELECT process_at FROM session"), NOON + MINUTE_MS);
}

Test(processing, approves_only_what_the_gate_lets_through)
{
	bring("processing", "passed",
	      ",\"documents\":[{\"type\":\"government_id\",\"side\":\"front\",\"file_name\":\"p.jpg\",\"file\":"
	      "\"files/passport.jpg\",\"upload\":\"ready\"}]");
	expect_text(fixture_status(&f, "BO-1"), "manual_review");
	expect_sql("SELECT type FROM outbox_event", "kyc.verification.under_review");
	expect_rows(0, "decision");
}

Test(processing, that_approves_is_a_decision_of_the_system_with_its_evidence)
{
	bring("processing", "passed", "");
	expect_text(fixture_status(&f, "BO-1"), "approved");
	expect_sql("SELECT decided_by || ' ' || role FROM decision", "system system");
	cr_expect_eq(sql_int(&f, "SELECT length(evidence_sha256) FROM decision"), 64);
	cr_expect_eq(sql_int(&f, "SELECT decided_here FROM session"), 1);
	expect_err(USE(f.rita, UNDO, "BO-1"), ERR_BLOCKED);
	must(USE(f.lea, REOPEN, "BO-1", .reason = "the bureau called back"));
	expect_text(fixture_status(&f, "BO-1"), "manual_review");
}

/* If the gate's data cannot be read, the case must not be approved. */
Test(processing, approves_nothing_while_what_the_gate_asks_cannot_be_read)
{
	size_t count = 0;

	bring("processing", "pending", "");
	sql_run(&f, "UPDATE check_result SET status = 'passed'; UPDATE session SET process_at = 1; "
		    "ALTER TABLE duplicate_dismissal RENAME TO elsewhere");
	/* The code of a failed statement depends on the kind of database. */
	enum err err = desk_process_due(f.ada, 100, &count, &f.error);
	cr_expect(err == ERR_INTERNAL || err == ERR_STORE, "%d", (int)err);
	sql_run(&f, "ALTER TABLE elsewhere RENAME TO duplicate_dismissal; UPDATE session SET process_at = 1");
	expect_text(fixture_status(&f, "BO-1"), "processing");
	process_due();
	expect_text(fixture_status(&f, "BO-1"), "approved");
}

Test(processing, that_waits_says_for_what)
{
	bring("completed", "pending", "");
	expect_text(fixture_status(&f, "BO-1"), "processing");
	expect_error(USE(f.rita, PROCESS, "BO-1"), ERR_BLOCKED, "bureau has no result yet");
	expect_err(USE(f.vic, PROCESS, "BO-1"), ERR_FORBIDDEN);
}

Test(processing, by_a_reviewer_takes_a_reviewed_case_back_to_the_machines)
{
	fixture_kyc(&f, "IND-1", "manual_review", ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"passed\"}]");
	must(USE(f.rita, PROCESS, "IND-1"));
	cr_expect_eq(f.out.from, SESSION_MANUAL_REVIEW);
	cr_expect_eq(f.out.to, SESSION_PROCESSED);
	expect_err(USE(f.rita, PROCESS, "RAL-404"), ERR_NOT_FOUND);
}

Test(processing, of_a_case_that_somebody_else_holds_is_a_conflict)
{
	fixture_kyc(&f, "IND-1", "completed", "");
	must(USE(f.bo, CLAIM, "IND-1"));
	expect_err(USE(f.rita, PROCESS, "IND-1"), ERR_CONFLICT);
	expect_text(fixture_status(&f, "IND-1"), "completed");
}

Test(processing, one_session_that_cannot_be_looked_at_keeps_no_other_waiting)
{
	fixture_kyc(&f, "IND-1", "processing", "");
	bring("processing", "pending", "");
	sql_run(&f, "UPDATE session SET process_at = 1, workflow_id = NULL, workflow = 'gone' "
		    "WHERE external_ref = 'IND-1'");
	sql_run(&f, "UPDATE session SET process_at = 2 WHERE external_ref = 'BO-1'");
	sql_run(&f, "UPDATE check_result SET status = 'passed'");
	process_due();
	expect_text(fixture_status(&f, "BO-1"), "approved");
	cr_expect_gt(sql_int(&f, "SELECT process_at FROM session WHERE external_ref = 'IND-1'"), NOON);
}

Test(processing, rejects_for_no_reason_that_is_no_longer_there)
{
	const char *path = fixture_changed(&f, "reasons/session.json", "\"code\": \"data_mismatch\"",
					   "\"code\": \"another\"", "session.json");

	bring("processing", "pending", "");
	sql_run(&f, "UPDATE check_result SET status = 'failed' WHERE kind = 'bureau'");
	sql_run(&f, "UPDATE session SET process_at = 1");
	must(USE(f.ada, REASONS_INSTALL, NULL, .part = path, .type = ""));
	process_due();
	expect_text(fixture_status(&f, "BO-1"), "processing");
	cr_expect_gt(sql_int(&f, "SELECT process_at FROM session"), NOON, "it is looked at again later");
	path = fixture_changed(&f, "reasons/session.json", "\n", " \n", "session.json");
	must(USE(f.ada, REASONS_INSTALL, NULL, .part = path, .type = ""));
	forward(&f, 60 * MINUTE_MS);
	process_due();
	expect_text(fixture_status(&f, "BO-1"), "rejected");
}

Test(processing, is_seen_to_by_the_tick_of_an_idle_desk)
{
	bring("processing", "pending", "");
	sql_run(&f, "UPDATE check_result SET status = 'passed'");
	forward(&f, 16 * MINUTE_MS);
	desk_maintain(f.rita);
	expect_text(fixture_status(&f, "BO-1"), "approved");
}

Test(processing, validation_asks_again_for_checks_that_came_to_nothing)
{
	fixture_kyc(&f, "IND-1", "manual_review",
		    ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"error\"}, {\"kind\": \"crypto\", "
		    "\"status\": \"passed\"}]");
	must(USE(f.rita, VALIDATE, "IND-1"));
	cr_expect_eq(f.out.requested_check_bits, 1u << CHECK_WATCHLIST);
	expect_sql("SELECT status FROM check_result WHERE kind = 'watchlist'", "pending");
	expect_sql("SELECT status FROM check_result WHERE kind = 'crypto'", "passed");
	expect_text(fixture_status(&f, "IND-1"), "manual_review");
	expect_err(USE(f.vic, VALIDATE, "IND-1"), ERR_FORBIDDEN);
}

Test(processing, validation_names_each_rule_that_does_not_hold)
{
	bring("processing", "pending", "");
	sql_run(&f, "UPDATE session SET tax_id = '12'");
	must(USE(f.rita, VALIDATE, "BO-1"));
	cr_assert_eq(f.out.failures.count, 1);
	expect_text(f.out.failures.items[0].path, "steps.identity.ssn");
}

Test(processing, a_rejection_that_may_be_tried_again_becomes_a_new_attempt)
{
	struct case_view view;

	bring("processing", "failed", "");
	expect_text(fixture_status(&f, "BO-1"), "rejected");
	forward(&f, MINUTE_MS);
	bring("manual_review", "passed", "");
	view = fixture_case(&f, "BO-1");
	expect_text(fixture_status(&f, "BO-1"), "manual_review");
	cr_assert_eq(view.file.attempt_count, 1);
	expect_text(view.file.attempts[0].reason, "data_mismatch");
	cr_expect_eq(view.file.session.attempt_number, 2);
	cr_expect_eq(view.file.session.submitted_at, NOON + MINUTE_MS, "the time to decide begins anew");
	cr_expect_eq(view.file.decision_count, 1, "what was decided stays");
}

/* If a case that is already in review is due for processing, processing only clears the due time. */
Test(processing, leaves_alone_what_is_in_review)
{
	fixture_kyc(&f, "IND-1", "manual_review", "");
	sql_run(&f, "UPDATE session SET process_at = 1");
	cr_expect_eq(process_due(), 1);
	expect_text(fixture_status(&f, "IND-1"), "manual_review");
	expect_sql("SELECT process_at FROM session", "");
	cr_expect_eq(process_due(), 0);
}

Test(processing, is_nothing_that_a_store_open_for_reading_does)
{
	struct desk *reader = fixture_desk(&f, "rita", true);
	size_t count = 7;

	fixture_kyc(&f, "IND-1", "processing", "");
	sql_run(&f, "UPDATE session SET process_at = 1");
	must(desk_process_due(reader, 10, &count, &f.error));
	cr_expect_eq(count, 0);
	expect_text(fixture_status(&f, "IND-1"), "processing");
	desk_close(reader);
}

Test(processing, without_any_result_says_that_nothing_has_come)
{
	fixture_kyc(&f, "IND-1", "processing", ", \"checks\": []");
	expect_error(USE(f.rita, PROCESS, "IND-1"), ERR_BLOCKED, "is being processed and has no results yet");
	bring("processing", "pending", "");
	expect_error(USE(f.rita, PROCESS, "BO-1"), ERR_BLOCKED, "is being processed: bureau has no result yet");
}

static void results_decision(const char *ref, const char *results)
{
	fixture_kyc(&f, ref, "processing", ", \"checks\": []");
	sql_run(&f, arena_printf(&f.arena,
				 "UPDATE session SET processing_results = '%s', process_at = 1 WHERE external_ref = "
				 "'%s'",
				 results, ref));
	process_due();
}

/* An unknown word in the results does not decide the case; results that are not an object are ignored. */
Test(processing, by_results_that_say_no_known_word_is_decided_by_nobody)
{
	results_decision("IND-1", "{\"final_decision\":\"yes please\"}");
	expect_text(fixture_status(&f, "IND-1"), "processed");
	cr_expect_eq(fixture_case(&f, "IND-1").file.session.final_decision, FINAL_NONE);
	results_decision("IND-2", "[\"approved\"]");
	expect_text(fixture_status(&f, "IND-2"), "processing");
	results_decision("IND-3", "{\"final_decision\":\"rejected\"}");
	expect_text(fixture_status(&f, "IND-3"), "rejected");
}

Test(processing, documents_that_two_questions_name_get_one_link)
{
	const char *types[] = { "government_id" };
	struct correction_request requests[2] = {
		{ .step_id = "identity",
		  .message = "Please send it.",
		  .document_types = types,
		  .document_type_count = 1 },
		{ .step_id = "addresses", .message = "Here, too.", .document_types = types, .document_type_count = 1 },
	};
	const char *body, *first;

	bring("manual_review", "passed", "");
	must(USE(f.rita, CORRECTIONS, "BO-1", .requests = requests, .request_count = 2));
	body = sql_text(&f, "SELECT body FROM outbox_event WHERE type = 'kyc.verification.document_required'");
	first = strstr(body, "government_id");
	cr_assert(first, "%s", body);
	cr_expect(!strstr(first + 1, "government_id"), "%s", body);
}
