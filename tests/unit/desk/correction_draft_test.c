#include "fixture.h"

FIXTURE_READY(correction_draft);

static struct correction_request *items;
static size_t count;

static void draft(void)
{
	must(desk_correction_draft(f.rita, &f.arena, "RAL-1", &items, &count, &f.error));
}

static void reject_document(const char *type, const char *reason)
{
	must(USE(f.rita, DOCUMENT_REJECT, "RAL-1", .part = type, .reason = reason));
}

Test(correction_draft, names_the_type_and_says_what_the_reason_says)
{
	const struct reason *blurry;

	draft();
	cr_expect_eq(count, 0, "nothing was rejected");
	reject_document("BUSINESS_NUMBER", "blurry");
	reject_document("PROOF_OF_ADDRESS", "expired");
	draft();
	cr_assert_eq(count, 2);
	blurry = reason_find(desk_reasons(f.rita), REASONS_DOCUMENT, "blurry");
	expect_text(items[0].step_id, "company_info");
	expect_text(items[0].document_types[0], "BUSINESS_NUMBER");
	cr_expect_eq(items[0].document_type_count, 1);
	expect_text(items[0].message, arena_printf(&f.arena, "Business number: %s", blurry->message));
	expect_text(items[1].document_types[0], "PROOF_OF_ADDRESS");
}

Test(correction_draft, asks_in_the_first_step_for_what_no_step_is_named)
{
	sql_run(&f, "UPDATE document SET type = 'OLD_PAPER', step = '' WHERE type = 'PROOF_OF_ADDRESS'");
	reject_document("OLD_PAPER", "expired");
	draft();
	cr_assert_eq(count, 1);
	expect_text(items[0].step_id, sql_text(&f, "SELECT name FROM step ORDER BY place LIMIT 1"));
	sql_run(&f, "UPDATE document SET step = 'related_parties' WHERE type = 'OLD_PAPER'");
	draft();
	cr_assert_eq(count, 1);
	expect_text(items[0].step_id, "related_parties");
}

Test(correction_draft, asks_in_the_workflows_first_step_where_the_case_has_none)
{
	sql_run(&f, "UPDATE document SET type = 'OLD_PAPER', step = '' WHERE type = 'PROOF_OF_ADDRESS'; "
		    "DELETE FROM step WHERE session_id = (SELECT id FROM session WHERE external_ref = 'RAL-1')");
	reject_document("OLD_PAPER", "expired");
	draft();
	cr_assert_eq(count, 1);
	expect_text(items[0].step_id, "company_info");
}

Test(correction_draft, asks_once_for_a_type_of_which_two_were_rejected)
{
	const struct reason *blurry, *expired;
	struct case_view view = fixture_case(&f, "RAL-1");

	sql_run(&f, "UPDATE document SET type = 'OTHER' WHERE type IN ('PROOF_OF_ADDRESS', 'BUSINESS_NUMBER')");
	reject_document(view.file.documents[1].id, "blurry");
	reject_document(view.file.documents[0].id, "blurry");
	reject_document(view.file.documents[2].id, "expired");
	draft();
	cr_assert_eq(count, 2);
	blurry = reason_find(desk_reasons(f.rita), REASONS_DOCUMENT, "blurry");
	expired = reason_find(desk_reasons(f.rita), REASONS_DOCUMENT, "expired");
	expect_text(items[0].document_types[0], "MEMORANDUM_ARTICLES");
	expect_text(items[1].document_types[0], "OTHER");
	cr_expect_eq(items[1].document_type_count, 1);
	cr_expect(strstr(items[1].message, blurry->message), "%s", items[1].message);
	cr_expect(strstr(items[1].message, expired->message), "%s", items[1].message);
	cr_expect(strchr(items[1].message, '\n'), "%s", items[1].message);
}

Test(correction_draft, prefills_nothing_for_a_reason_that_must_not_be_told)
{
	reject_document("BUSINESS_NUMBER", "suspected_forgery");
	draft();
	cr_expect_eq(count, 0);
}

Test(correction_draft, is_a_request_that_can_be_sent_as_it_is)
{
	reject_document("BUSINESS_NUMBER", "blurry");
	draft();
	must(USE(f.rita, CORRECTIONS, "RAL-1", .requests = items, .request_count = count, .has_grace = true,
		 .grace_s = 0));
	expect_text(fixture_status(&f, "RAL-1"), "awaiting_client_correction");
	expect_sql("SELECT json_extract(before, '$.documents[0].type') FROM correction", "BUSINESS_NUMBER");
	draft();
	cr_expect_eq(count, 0, "it has been asked for");
}

Test(correction_draft, is_for_everybody_to_look_at_and_changes_nothing)
{
	int64_t rows;

	reject_document("BUSINESS_NUMBER", "blurry");
	rows = sql_int(&f, "SELECT count(*) FROM audit_event");
	must(desk_correction_draft(f.vic, &f.arena, "RAL-1", &items, &count, &f.error));
	cr_expect_eq(count, 1);
	expect_rows(rows, "audit_event");
}
