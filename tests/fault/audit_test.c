/*
 * Tests the audit chain against an intruder with the sqlite3 shell: every changed, removed, inserted or exchanged
 * record is noticed, and the first bad record is named.
 */
#include "fault/cases.h"
#include "support/new_store.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

TestSuite(audit, .fini = site_tear_down);

#define WITHOUT_TRIGGERS "DROP TRIGGER audit_event_no_update; DROP TRIGGER audit_event_no_delete; "

static struct site *site_with_history(void)
{
	struct site *site = site_make_bare();
	if (new_folder_copied("history", site->folder))
		return site;
	site_expect(site, 0, "init", "--sandbox", NULL);
	cases_bring(site, 1, 3);
	cases_history(site);
	new_folder_keep("history", site->folder);
	return site;
}

/* Runs SQL in the sqlite3 shell, as an intruder would. */
static int shell(const struct site *site, const char *sql)
{
	struct process_result result;
	process_call(&result, site->environment, sql, "sqlite3", "-bail", site->store, NULL);
	return result.status;
}

/* `audit verify` names the first bad record after each change; tests/store/audit_test.c has more changes. */
static const struct tampering {
	const char *what, *sql;
	int64_t first_bad;
} tamperings[] = {
	{ "actor", WITHOUT_TRIGGERS "UPDATE audit_event SET actor = 'bob' WHERE seq = 9;", 9 },
	{ "insert between two",
	  WITHOUT_TRIGGERS "UPDATE audit_event SET seq = -seq WHERE seq > 5; UPDATE audit_event SET seq = 1 - seq "
			   "WHERE seq < 0; INSERT INTO audit_event SELECT 6, at, actor, role, action, session_id, "
			   "session_version, detail, hash, randomblob(32), NULL FROM audit_event WHERE seq = 5;",
	  6 },
	{ "cut, and the head's number",
	  WITHOUT_TRIGGERS "DELETE FROM audit_event WHERE seq > 9; UPDATE chain_head SET seq = 9;", 9 },
	{ "replaced without the trigger",
	  "DROP TRIGGER audit_event_no_replace; INSERT OR REPLACE INTO audit_event SELECT seq, at, 'bob', role, "
	  "action, session_id, session_version, detail, prev_hash, hash, rows_sha256 FROM audit_event WHERE seq = "
	  "3;",
	  3 },
};

static void expect_noticed(const struct tampering *tampering)
{
	struct site *site = site_with_history();
	char number[32];
	cr_assert_eq(shell(site, tampering->sql), 0, "%s: the shell refused", tampering->what);
	const char *says = site_says(site, 8, "record", "audit", "verify", NULL);
	(void)snprintf(number, sizeof number, "record%s %lld", strstr(says, "records ") ? "s" : "",
		       (long long)tampering->first_bad);
	const char *found = strstr(says, number);
	cr_expect(found && !strchr("0123456789", found[strlen(number)]), "%s: record %lld is not named: %s",
		  tampering->what, (long long)tampering->first_bad, says);
	struct process_result result;
	site_run(site, &result, "audit", "verify", "--json", NULL);
	json_t *answer = test_keep(json_loads(result.out, 0, NULL));
	cr_expect_eq(result.status, 8);
	cr_expect_str_eq(json_string_value(json_object_get(json_object_get(answer, "error"), "code")), "store", "%s",
			 result.out);
	/* doctor knows too. */
	site_expect(site, 8, "doctor", NULL);
	site_free(site);
}

Test(audit, each_change_is_noticed_and_its_first_record_named)
{
	site_expect(site_with_history(), 0, "audit", "verify", NULL);
	for (size_t i = 0; i < sizeof tamperings / sizeof *tamperings; i++)
		expect_noticed(&tamperings[i]);
}

Test(audit, all_records_removed_is_noticed)
{
	struct site *site = site_with_history();
	cr_assert_eq(shell(site, WITHOUT_TRIGGERS "DELETE FROM audit_event;"), 0);
	site_says(site, 8, "all 13 records are missing", "audit", "verify", NULL);
}

Test(audit, the_triggers_refuse_update_and_delete_in_the_shell)
{
	struct site *site = site_with_history();
	cr_expect_neq(shell(site, "UPDATE audit_event SET actor = 'bob' WHERE seq = 3;"), 0);
	cr_expect_neq(shell(site, "DELETE FROM audit_event WHERE seq = 13;"), 0);
	cr_expect_neq(shell(site, "DELETE FROM audit_event;"), 0);
	/* The trigger for updates also refuses the update of an upsert. */
	cr_expect_neq(shell(site,
			    "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 3 ON CONFLICT (seq) DO "
			    "UPDATE SET actor = 'bob';"),
		      0);
	site_is_sound(site);
}

/* SQLite runs no DELETE trigger for a replaced row, and no UPDATE OF id trigger for SET rowid. */
Test(audit, the_triggers_refuse_what_replaces_a_row_in_the_shell)
{
	static const char *const tables[] = { "audit_event", "row_commitment", "rule_text", "suspicion_entry" };
	static const char *const changes[] = {
		"INSERT OR REPLACE INTO audit_event SELECT seq, at, 'bob', role, action, session_id, "
		"session_version, detail, prev_hash, hash, rows_sha256 FROM audit_event WHERE seq = 3",
		"REPLACE INTO rule_text SELECT max(id) + 1, kind, name, version, sha256, '{}', installed_at, "
		"installed_by, 1, 0 FROM rule_text WHERE kind = 'workflow' AND name = 'generic-kyc' AND current = "
		"1",
		"UPDATE OR REPLACE rule_text SET rowid = 1 WHERE id = 2",
		"UPDATE rule_text SET oid = 1000 WHERE id = 2",
		"INSERT INTO rule_text SELECT 1000, kind, name, version + 1, sha256, '{}', installed_at, "
		"installed_by, 0, 0 FROM rule_text WHERE kind = 'workflow' AND name = 'generic-kyc' AND current = "
		"1; UPDATE OR REPLACE rule_text SET current = 1 WHERE id = 1000",
	};
	struct site *site = site_with_history();
	char sql[512];

	site_expect(site, 0, "suspicion", "open", "CASE-3", "--reason", "the same address as CASE-2", NULL);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		(void)snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO %s SELECT * FROM %s", tables[i], tables[i]);
		cr_expect_neq(shell(site, sql), 0, "%s", sql);
		(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
		cr_expect_gt(site_number(site, sql), 0, "%s", sql);
	}
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		(void)snprintf(sql, sizeof sql, "BEGIN; %s; COMMIT;", changes[i]);
		cr_expect_neq(shell(site, sql), 0, "%s", sql);
	}
	site_is_sound(site);
	site_expect(site, 0, "audit", "verify", NULL);
}

Test(audit, nothing_is_recorded_on_a_chain_without_head)
{
	struct site *site = site_with_history();
	cr_assert_eq(shell(site, "DELETE FROM chain_head;"), 0);
	site_expect(site, 8, "note", "CASE-3", "after the head was taken away", NULL);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM note"), 1);
}
