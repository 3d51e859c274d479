/*
 * In a production store nobody changes or decides a case with a row that another program changed: the new commitment
 * would cover that change. fixture_close() checks that the desk's own rows are never refused.
 */
#include "fixture.h"
#include "kybdesk/desk/desk.h"

FIXTURE(rows_check);

#define RAL_1 "(SELECT id FROM session WHERE external_ref = 'RAL-1')"

struct foreign {
	const char *change, *back;
	const char *says;
};
/* For each kind of row of a case: a change by another program, and the statement that reverses the change. */
static const struct foreign of_case[] = {
	{ "UPDATE session SET email = 'x' WHERE id = " RAL_1, "UPDATE session SET email = '' WHERE id = " RAL_1,
	  "session " },
	{ "UPDATE subject SET uid = uid || 'x' WHERE id = (SELECT subject_id FROM session WHERE id = " RAL_1 ")",
	  "UPDATE subject SET uid = 'biz-RAL-1' WHERE id = (SELECT subject_id FROM session WHERE id = " RAL_1 ")",
	  "subject " },
	{ "UPDATE document SET file_name = 'x' WHERE session_id = " RAL_1 " AND type = 'PROOF_OF_ADDRESS'",
	  "UPDATE document SET file_name = 'address.pdf' WHERE session_id = " RAL_1 " AND type = 'PROOF_OF_ADDRESS'",
	  "document " },
	{ "UPDATE party SET control_role = 'CFO' WHERE session_id = " RAL_1,
	  "UPDATE party SET control_role = 'CEO' WHERE session_id = " RAL_1, "party " },
	{ "UPDATE party_share SET percent = '81' WHERE party_id IN (SELECT id FROM party WHERE session_id = " RAL_1 ")",
	  "UPDATE party_share SET percent = '80' WHERE party_id IN (SELECT id FROM party WHERE session_id = " RAL_1 ")",
	  "party_share " },
	{ "UPDATE step SET status = 'in_progress' WHERE session_id = " RAL_1,
	  "UPDATE step SET status = 'completed' WHERE session_id = " RAL_1, "step " },
	{ "UPDATE hit SET note = 'x' WHERE check_id IN (SELECT id FROM check_result WHERE session_id = " RAL_1 ")",
	  "UPDATE hit SET note = '' WHERE check_id IN (SELECT id FROM check_result WHERE session_id = " RAL_1 ")",
	  "hit " },
	{ "UPDATE check_result SET waived_by = 'x' WHERE session_id = " RAL_1,
	  "UPDATE check_result SET waived_by = '' WHERE session_id = " RAL_1, "check_result " },
	{ "CREATE TABLE kept AS SELECT * FROM contribution WHERE session_id = " RAL_1
	  "; DELETE FROM contribution WHERE id IN (SELECT id FROM kept)",
	  "INSERT INTO contribution SELECT * FROM kept; DROP TABLE kept", "contribution " },
	{ "INSERT INTO note (id, session_id, text, written_by, written_at) VALUES (900, " RAL_1 ", 'fine', 'rita', 1)",
	  "DELETE FROM note WHERE id = 900", "note 900 was inserted" },
};

static const char *const with_hit =
	",\"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"name\": \"Harbor Lane\", "
	"\"list\": \"Officials\", \"class\": \"pep\", \"score\": 0.4}]}]";

static void expect_refusal(enum err err, const char *says)
{
	expect_error(err, ERR_STORE, "outside this program");
	expect_says("kybdesk audit verify");
	expect_says(says);
}

static void begin(void)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = with_hit });
	fixture_ready(&f, "RAL-2");
	fixture_in_production(&f);
}

Test(rows_check, a_case_with_a_foreign_row_is_neither_decided_nor_changed)
{
	begin();
	for (size_t i = 0; i < sizeof of_case / sizeof *of_case; i++) {
		int64_t records = sql_int(&f, "SELECT max(seq) FROM audit_event");

		sql_run(&f, of_case[i].change);
		expect_refusal(USE(f.rita, REJECT, "RAL-1", .reason = "other"), of_case[i].says);
		expect_refusal(USE(f.rita, NOTE, "RAL-1", .text = "I looked at it"), of_case[i].says);
		expect_refusal(USE(f.rita, CLAIM, "RAL-1"), of_case[i].says);
		cr_expect_eq(sql_int(&f, "SELECT max(seq) FROM audit_event"), records, "%s", of_case[i].change);
		/* The changed row of RAL-1 does not block RAL-2. */
		must(USE(f.rita, CLAIM, "RAL-2"));
		must(USE(f.rita, RELEASE, "RAL-2"));
		sql_run(&f, of_case[i].back);
		must(USE(f.rita, CLAIM, "RAL-1"));
		must(USE(f.rita, RELEASE, "RAL-1"));
	}
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
}

/* A case is not approved if another program changed the KYC of its owner. */
Test(rows_check, an_approval_rests_on_no_foreign_row_of_a_kyc)
{
	begin();
	sql_run(&f, "UPDATE session SET email = 'x' WHERE parent_id = (SELECT id FROM session WHERE "
		    "external_ref = 'RAL-2')");
	expect_refusal(USE(f.rita, APPROVE, "RAL-2"), "session ");
	sql_run(&f, "UPDATE session SET email = '' WHERE parent_id = (SELECT id FROM session WHERE "
		    "external_ref = 'RAL-2')");
	must(USE(f.rita, APPROVE, "RAL-2"));
}

/* If another program changed a reviewer or a setting, no reviewer can be added. */
Test(rows_check, a_foreign_row_of_the_desk_stops_its_administration)
{
	begin();
	sql_run(&f, "UPDATE reviewer SET role = 'admin' WHERE name = 'bo'");
	expect_refusal(USE(f.ada, REVIEWER_ADD, NULL, .part = "eve", .role = ROLE_REVIEWER), "reviewer ");
	sql_run(&f, "UPDATE reviewer SET role = 'reviewer' WHERE name = 'bo'");
	sql_run(&f, "UPDATE store_info SET value = value || 'x' WHERE key = 'public_url'");
	expect_refusal(USE(f.ada, REVIEWER_ADD, NULL, .part = "eve", .role = ROLE_REVIEWER), "store_info");
	sql_run(&f, "UPDATE store_info SET value = 'https://verify.example' WHERE key = 'public_url'");
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "eve", .role = ROLE_REVIEWER));
}

/* A case that cannot be recounted, because of a changed row, does not prevent the recount of the other cases. */
Test(rows_check, a_tick_continues_behind_a_case_with_a_foreign_row)
{
	struct tick_report report;
	int64_t waiting;

	begin();
	sql_run(&f, "INSERT INTO recount (session_id) SELECT id FROM session WHERE external_ref IN ('RAL-1', 'RAL-2')");
	sql_run(&f, of_case[0].change);
	expect_refusal(desk_tick(f.ada, &report, &f.error), "session ");
	waiting = sql_int(&f, "SELECT count(*) FROM recount");
	cr_expect_eq(waiting, 1, "%lld", (long long)waiting);
	sql_run(&f, of_case[0].back);
	must(desk_tick(f.ada, &report, &f.error));
	expect_rows(0, "recount");
}

/* In a sandbox store, a case can be changed even if another program has changed one of its rows. */
Test(rows_check, a_sandbox_store_is_changed_all_the_same)
{
	fixture_ready(&f, "RAL-1");
	sql_run(&f, of_case[0].change);
	must(USE(f.rita, CLAIM, "RAL-1"));
}
