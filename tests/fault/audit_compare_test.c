/*
 * Rows are changed with sqlite3, not with the program: `audit verify` and `doctor` end with 8 and name the differences
 * from the audit log, `show` reports them first. The chain itself is valid in each of these cases.
 */
#include "fault/cases.h"
#include "support/new_store.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

TestSuite(audit_compare, .fini = site_tear_down);

/* CASE-1 approved, CASE-2 rejected and undone, CASE-3 rejected, CASE-4 in review. */
static struct site *site_with_decisions(void)
{
	struct site *site = site_make_bare();
	if (new_folder_copied("decisions", site->folder))
		return site;
	site_expect(site, 0, "init", "--sandbox", NULL);
	cases_bring(site, 1, 4);
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_expect(site, 0, "reject", "CASE-2", "--reason", "duplicate_application", "--note", "explained in full",
		    NULL);
	site_expect(site, 0, "undo", "CASE-2", NULL);
	site_expect(site, 0, "reject", "CASE-3", "--reason", "other", "--grace", "0", NULL);
	new_folder_keep("decisions", site->folder);
	return site;
}

static bool json_has(const char *text, const char *wanted)
{
	json_t *value = test_keep(json_loads(text, 0, NULL));
	char *flat = value ? test_keep(json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY)) : NULL;
	return flat && strstr(flat, wanted);
}

static const struct difference {
	const char *sql, *reference, *sentence;
} differences[] = {
	{ "UPDATE session SET status = 'approved', final_decision = 'approved', decided_by = 'ann', decided_at = 1 "
	  "WHERE external_ref = 'CASE-4'",
	  "CASE-4", "CASE-4 is approved, but its last audit record, " },
	{ "UPDATE session SET status = 'manual_review', final_decision = '', decided_by = '', decided_at = NULL "
	  "WHERE external_ref = 'CASE-3'; DELETE FROM decision WHERE session_id = (SELECT id FROM session WHERE "
	  "external_ref = 'CASE-3')",
	  "CASE-3", "CASE-3 is manual_review, but its last audit record, " },
	{ "INSERT INTO decision (session_id, number, kind, decided_by, role, decided_at, reason, message, note) "
	  "SELECT id, 1, 'approve', 'ann', 'lead', 5, '', '', '' FROM session WHERE external_ref = 'CASE-4'",
	  "CASE-4", "CASE-4 has a decision 1 (approve by ann) that the audit log does not record" },
	{ "DELETE FROM decision WHERE session_id = (SELECT id FROM session WHERE external_ref = 'CASE-1')", "CASE-1",
	  "CASE-1 lacks the decision of audit record " },
	{ "UPDATE decision SET decided_by = 'bo' WHERE kind = 'approve'", "CASE-1",
	  "another person made the decision" },
	{ "UPDATE session SET decided_by = 'bo' WHERE external_ref = 'CASE-1'", "CASE-1",
	  "another person decided the case" },
	{ "UPDATE decision SET reason = 'missing_document' WHERE reason = 'other'", "CASE-3",
	  "the reason of the decision differs" },
	{ "UPDATE session SET decision_reason = 'missing_document' WHERE decision_reason = 'other'", "CASE-3",
	  "the reason of the decision differs" },
	{ "UPDATE decision SET retryable = 1 - retryable WHERE reason = 'other'", "CASE-3",
	  "the retryable flag of the decision differs" },
	{ "UPDATE decision SET decided_at = decided_at - 86400000 WHERE kind = 'approve'", "CASE-1",
	  "the decision was made at another time" },
	{ "UPDATE decision SET undone = 0 WHERE undone = 1", "CASE-2", "the decision was undone" },
	{ "UPDATE decision SET undone = 1 WHERE kind = 'approve'", "CASE-1", "the decision was not undone" },
	/* The evidence is replaced, and its stored hash matches it. */
	{ "UPDATE decision SET evidence = '{}', evidence_sha256 = "
	  "'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' WHERE kind = 'approve'",
	  "CASE-1", "the evidence of the decision differs" },
	{ "UPDATE subject SET level = 'REGULAR', level_brought = 'REGULAR' WHERE id = (SELECT subject_id FROM "
	  "session WHERE external_ref = 'CASE-4')",
	  "CASE-4", "the user biz-4 has the level " },
};

static void expect_difference(const struct difference *difference)
{
	const char *sql = difference->sql, *reference = difference->reference, *sentence = difference->sentence;
	struct site *site = site_with_decisions();
	struct process_result result;

	site_change(site, sql);
	site_says(site, 8, sentence, "audit", "verify", NULL);
	site_run(site, &result, "audit", "verify", "--json", NULL);
	cr_expect(json_has(result.out, sentence), "%s: %s", sql, result.out);
	site_run(site, &result, "doctor", NULL);
	cr_expect_eq(result.status, 8, "%s: exit %d", sql, result.status);
	cr_expect(strstr(result.out, sentence), "%s: no \"%s\" in %s", sql, sentence, result.out);
	const char *text = site_says(site, 0, sentence, "show", reference, NULL);
	cr_expect(!strncmp(text, "This case differs from the audit log", 36), "%s: %s", sql, text);
	text = site_output(site, "show", reference, "--json", NULL);
	cr_expect(json_has(text, "differs_from_audit_log"), "%s: %s", sql, text);
	if (strcmp(reference, "CASE-4") != 0) {
		text = site_output(site, "show", "CASE-4", NULL);
		cr_expect_null(strstr(text, "audit log"), "%s: %s", sql, text);
	}
	site_free(site);
}

Test(audit_compare, each_difference_is_named_by_every_command)
{
	struct site *site = site_with_decisions();

	site_says(site, 0, "8 sessions, with 4 decisions", "audit", "verify", NULL);
	site_expect(site, 0, "doctor", NULL);
	for (unsigned number = 1; number <= 4; number++) {
		const char *text = site_output(site, "show", cases_reference(number), NULL);
		cr_expect_null(strstr(text, "audit log"), "%s", text);
	}
	for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
		expect_difference(&differences[i]);
}

/* The rows of this case have ids that the program never assigns. */
Test(audit_compare, a_case_of_which_nothing_is_on_record)
{
	struct site *site = site_with_decisions();
	site_change(site,
		    "INSERT INTO subject (id, merchant_id, uid, kind, created_at) SELECT -7, merchant_id, 'uid-new', "
		    "kind, 1 "
		    "FROM subject LIMIT 1; INSERT INTO session (id, uuid, external_ref, merchant_id, workflow, "
		    "workflow_id, kind, subject_id, status, subject_name, created_at, updated_at) SELECT 0, "
		    "'0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01', 'CASE-NEW', merchant_id, workflow, workflow_id, kind, -7, "
		    "'approved', 'Nobody', 1, 1 FROM session LIMIT 1");
	site_says(site, 8, "CASE-NEW is approved, but no audit record explains this status", "audit", "verify", NULL);
}
