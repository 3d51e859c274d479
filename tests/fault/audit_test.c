/*
 * The audit chain against somebody with the sqlite3 shell: every edit, removal,
 * insertion, exchange and cut is noticed, and the first bad record is named.
 */
#include "fault/cases.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(audit, .fini = site_tear_down);

#define WITHOUT_TRIGGERS "DROP TRIGGER audit_event_no_update; DROP TRIGGER audit_event_no_delete; "

static struct site *site_with_history(void)
{
	struct site *site = site_make();
	cases_bring(site, 1, 3);
	site_expect(site, 0, "claim", "CASE-1", NULL);
	site_expect(site, 0, "note", "CASE-1", "looked at the register", NULL);
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_expect(site, 0, "reject", "CASE-2", "--reason", "duplicate_application", NULL);
	site_expect(site, 0, "undo", "CASE-2", NULL);
	return site;
}

/* The shell, as an intruder has it. */
static int shell(const struct site *site, const char *sql)
{
	struct process_result result;
	process_call(&result, site->environment, sql, "sqlite3", "-bail", site->store, NULL);
	return result.status;
}

static void tampered(const char *what, const char *sql, int64_t first_bad)
{
	struct site *site = site_with_history();
	struct process_result result;
	char number[32];
	cr_assert_eq(site_number(site, "SELECT max(seq) FROM audit_event"), 13, "the history has another length");
	site_expect(site, 0, "audit", "verify", NULL);
	cr_assert_eq(shell(site, sql), 0, "%s: the shell refused", what);
	site_run(site, &result, "audit", "verify", NULL);
	cr_expect_eq(result.status, 8, "%s: exit %d: %s%s", what, result.status, result.out, result.err);
	(void)snprintf(number, sizeof number, "record%s %lld", strstr(result.err, "records ") ? "s" : "",
		       (long long)first_bad);
	const char *found = strstr(result.err, number);
	cr_expect(found && !strchr("0123456789", found[strlen(number)]), "%s: record %lld is not named: %s", what,
		  (long long)first_bad, result.err);
	site_run(site, &result, "audit", "verify", "--json", NULL);
	json_t *answer = test_keep(json_loads(result.out, 0, NULL));
	cr_expect_eq(result.status, 8);
	cr_expect_str_eq(json_string_value(json_object_get(json_object_get(answer, "error"), "code")), "store",
			 "%s", result.out);
	/* doctor knows too. */
	site_run(site, &result, "doctor", NULL);
	cr_expect_eq(result.status, 8, "%s: doctor ends with %d", what, result.status);
	site_free(site);
}

Test(audit, an_edited_record_is_named)
{
	tampered("actor", WITHOUT_TRIGGERS "UPDATE audit_event SET actor = 'bob' WHERE seq = 9;", 9);
}

Test(audit, an_edited_time_is_named)
{
	tampered("time", WITHOUT_TRIGGERS "UPDATE audit_event SET at = at + 1 WHERE seq = 3;", 3);
}

Test(audit, an_edited_detail_of_the_last_record_is_named)
{
	tampered("detail", WITHOUT_TRIGGERS "UPDATE audit_event SET detail = '{}' WHERE seq = 13;", 13);
}

Test(audit, a_value_with_the_same_bytes_and_another_column_is_named)
{
	tampered("moved",
		 WITHOUT_TRIGGERS
		 "UPDATE audit_event SET actor = actor || substr(role, 1, 1), role = substr(role, 2) "
		 "WHERE seq = 5;",
		 5);
}

Test(audit, an_edited_hash_is_named)
{
	tampered("hash", WITHOUT_TRIGGERS "UPDATE audit_event SET hash = zeroblob(32) WHERE seq = 7;", 7);
}

Test(audit, a_deleted_record_is_named)
{
	tampered("delete", WITHOUT_TRIGGERS "DELETE FROM audit_event WHERE seq = 6;", 6);
}

Test(audit, a_deleted_first_record_is_named)
{
	tampered("delete first", WITHOUT_TRIGGERS "DELETE FROM audit_event WHERE seq = 1;", 1);
}

Test(audit, an_inserted_record_is_named)
{
	tampered("insert behind the end",
		 "INSERT INTO audit_event SELECT seq + 1, at, actor, role, action, session_id, session_version, "
		 "detail, hash, randomblob(32), NULL FROM audit_event WHERE seq = 13;",
		 14);
}

Test(audit, a_record_put_between_two_is_named)
{
	tampered("insert between",
		 WITHOUT_TRIGGERS
		 "UPDATE audit_event SET seq = -seq WHERE seq > 5; UPDATE audit_event SET seq = 1 - seq "
		 "WHERE seq < 0; INSERT INTO audit_event SELECT 6, at, actor, role, action, session_id, "
		 "session_version, detail, hash, randomblob(32), NULL FROM audit_event WHERE seq = 5;",
		 6);
}

Test(audit, two_exchanged_records_are_named)
{
	tampered("reorder",
		 WITHOUT_TRIGGERS
		 "UPDATE audit_event SET seq = -4 WHERE seq = 4; UPDATE audit_event SET seq = 4 WHERE "
		 "seq = 8; UPDATE audit_event SET seq = 8 WHERE seq = -4;",
		 4);
}

Test(audit, a_cut_off_end_is_named)
{
	tampered("cut", WITHOUT_TRIGGERS "DELETE FROM audit_event WHERE seq > 9;", 9);
}

Test(audit, a_cut_off_end_with_the_number_of_the_head_changed_is_named)
{
	tampered("cut and head",
		 WITHOUT_TRIGGERS "DELETE FROM audit_event WHERE seq > 9; UPDATE chain_head SET seq = 9;", 9);
}

Test(audit, an_edited_head_is_noticed)
{
	tampered("head", "UPDATE chain_head SET hash = randomblob(32);", 13);
}

Test(audit, all_records_removed_is_noticed)
{
	struct site *site = site_with_history();
	struct process_result result;
	cr_assert_eq(shell(site, WITHOUT_TRIGGERS "DELETE FROM audit_event;"), 0);
	site_run(site, &result, "audit", "verify", NULL);
	cr_assert_eq(result.status, 8);
	cr_assert(strstr(result.err, "all 13 records are missing"), "%s", result.err);
}

Test(audit, the_triggers_refuse_update_and_delete_in_the_shell)
{
	struct site *site = site_with_history();
	cr_expect_neq(shell(site, "UPDATE audit_event SET actor = 'bob' WHERE seq = 3;"), 0);
	cr_expect_neq(shell(site, "DELETE FROM audit_event WHERE seq = 13;"), 0);
	cr_expect_neq(shell(site, "DELETE FROM audit_event;"), 0);
	/* An upsert and a replace are an update and a delete. */
	cr_expect_neq(shell(site,
			    "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 3 ON CONFLICT (seq) DO "
			    "UPDATE SET actor = 'bob';"),
		      0);
	site_is_sound(site);
}

/* SQLite runs no trigger of deletion for a replaced row, and none of UPDATE OF id for SET rowid. */
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

Test(audit, a_record_that_was_replaced_without_the_triggers_is_noticed)
{
	tampered("replaced",
		 "DROP TRIGGER audit_event_no_replace; INSERT OR REPLACE INTO audit_event SELECT seq, at, 'bob', "
		 "role, action, session_id, session_version, detail, prev_hash, hash, rows_sha256 FROM audit_event "
		 "WHERE seq = 3;",
		 3);
}

Test(audit, nothing_is_recorded_on_a_chain_without_head)
{
	struct site *site = site_with_history();
	struct process_result result;
	cr_assert_eq(shell(site, "DELETE FROM chain_head;"), 0);
	site_run(site, &result, "note", "CASE-3", "after the head was taken away", NULL);
	cr_expect_eq(result.status, 8, "%d: %s", result.status, result.err);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM note"), 1);
}

/* The documented encoding, implemented again with the shell's own means: the schema needs none of our code. */
Test(audit, a_stranger_with_sha256_can_follow_the_chain)
{
	struct site *site = site_with_history();
	/* type byte, 8-byte length, bytes; integers as 8 bytes: all of it in hex, by SQL alone. */
	char *rows = site_rows(
		site,
		"SELECT hex(prev_hash) || '69' || printf('%016X', 8) || printf('%016X', seq) || '69' || "
		"printf('%016X', 8) || printf('%016X', at) || '74' || printf('%016X', length(CAST(actor AS BLOB))) "
		"|| hex(actor) || '74' || printf('%016X', length(role)) || hex(role) || '74' || printf('%016X', "
		"length(action)) || hex(action) || iif(session_id IS NULL, '6E' || printf('%016X', 0), '74' || "
		"printf('%016X', length(session_id)) || hex(session_id)) || iif(session_version IS NULL, '6E' || "
		"printf('%016X', 0), '69' || printf('%016X', 8) || printf('%016X', session_version)) || '74' || "
		"printf('%016X', length(CAST(detail AS BLOB))) || hex(detail) || iif(rows_sha256 IS NULL, '', '62' "
		"|| printf('%016X', 32) || hex(rows_sha256)), hex(hash) FROM audit_event ORDER BY seq");
	unsigned count = 0;
	for (char *line = rows; line && *line;) {
		char *end = strchr(line, '\n'), *bar = strchr(line, '|');
		if (end)
			*end = '\0';
		*bar = '\0';
		unsigned char digest[SHA256_DIGEST_LENGTH];
		char text[2 * SHA256_DIGEST_LENGTH + 1];
		long length = 0;
		unsigned char *bytes = OPENSSL_hexstr2buf(line, &length);
		cr_assert(bytes, "%s", line);
		(void)SHA256(bytes, (size_t)length, digest);
		OPENSSL_free(bytes);
		for (size_t i = 0; i < sizeof digest; i++)
			(void)snprintf(text + 2 * i, 3, "%02X", digest[i]);
		cr_expect_str_eq(text, bar + 1, "record %u", count + 1);
		count++;
		line = end ? end + 1 : NULL;
	}
	cr_assert_eq(count, 13);
}
