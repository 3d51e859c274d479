/* Tests the roles of `kybdesk grants`: the desk works as a writer, which can only append to the audit log. */
#include "cli/box.h"
#include "postgresql/server.h"
#include "store/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *owner, *writer, schema[64], role[80];

/* Returns the text with each `old` replaced by `new`. */
static char *replaced(const char *text, const char *old, const char *new)
{
	char *out = calloc(1, strlen(text) * 2 + 1024), *end = out;
	for (const char *found; (found = strstr(text, old)); text = found + strlen(old)) {
		memcpy(end, text, (size_t)(found - text));
		end = stpcpy(end + (found - text), new);
	}
	(void)strcpy(end, text);
	return test_keep(out);
}

/* Runs, as the owner, the statements that `kybdesk grants KIND` prints for the role NAME. */
static void make_role(const char *kind, const char *name)
{
	cr_assert_eq(box_run(&box, "grants", kind, "--name", name, "--schema", schema, NULL), 0, "%s", box.last.err);
	shell_run(owner, box.last.out);
	/* The statements can be repeated, as after an upgrade. */
	shell_run(owner, box.last.out);
}

static void set_up(void)
{
	char user[100];
	owner = place_make(NULL, NULL);
	const char *path = strstr(owner, "search_path%3D");
	cr_assert(path);
	(void)snprintf(schema, sizeof schema, "%.*s", (int)strcspn(path + 14, ","), path + 14);
	(void)snprintf(role, sizeof role, "writer_%s", schema);
	box_open_bare(&box);
	box.store = test_keep(strdup(owner));
	char *line = test_text("KYBDESK_STORE=%s", owner);
	box_environment(&box, line);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	make_role("writer", role);
	(void)snprintf(user, sizeof user, "user=%s", role);
	writer = replaced(owner, "user=kybdesk", user);
	line = test_text("KYBDESK_STORE=%s", writer);
	box_environment(&box, line);
}

static void tear_down(void)
{
	box_close(&box);
}
TestSuite(writer, .init = set_up, .fini = tear_down);

Test(writer, the_desk_works_without_owning_its_tables)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "approve", "IND-1", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "undo", "IND-1", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "reviewer", "add", "zoe", "--role", "viewer", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_shell(&box, "sed 's/\"version\": 1/\"version\": 77/' '" KYB_SOURCE_DIR
				     "/data/workflows/generic-kyc.json' >generic-kyc.json && "
				     "$K workflow install ./generic-kyc.json"),
		     0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "audit", "verify", NULL), 0, "%s", box.last.err);
}

static int run_sql(const char *address, const char *sql)
{
	return box_shell(&box, test_text("psql -X -q -At -v ON_ERROR_STOP=1 '%s' -c \"%s\"", address, sql));
}

static void expect_refused(const char *address, const char *sql)
{
	cr_expect_neq(run_sql(address, sql), 0, "%s", sql);
	cr_expect(strstr(box.last.err, "permission denied") || strstr(box.last.err, "must be owner") ||
			  strstr(box.last.err, "read-only transaction"),
		  "%s: %s", sql, box.last.err);
}

Test(writer, the_log_the_commitments_and_the_rules_are_not_changed_by_it)
{
	static const char *const refused[] = {
		"UPDATE audit_event SET actor = 'eve'",
		"DELETE FROM audit_event",
		"UPDATE row_commitment SET hash = ''",
		"DELETE FROM row_commitment",
		"UPDATE rule_text SET body = '{}'",
		"DELETE FROM rule_text",
		"UPDATE decision SET kind = 'reject'",
		"TRUNCATE audit_event",
		"ALTER TABLE audit_event DISABLE TRIGGER ALL",
		"DROP TABLE row_commitment",
	};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		expect_refused(writer, refused[i]);
	}
}

/* Of all checks of doctor the role may not make one: that says so, and the others run. */
Test(writer, doctor_checks_what_it_may)
{
	cr_expect_eq(box_run(&box, "doctor", NULL), 0, "%s%s", box.last.out, box.last.err);
	cr_expect(strstr(box.last.out, "The tables were not compared"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "the audit trail is sound"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "the bytes of all documents"), "%s", box.last.out);
	shell_run(owner,
		  "ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_update; UPDATE audit_event SET actor = "
		  "'eve' WHERE seq = 2");
	cr_expect_eq(box_run(&box, "doctor", NULL), 8, "%s", box.last.out);
	cr_expect(strstr(box.last.out, "broken at record 2"), "%s", box.last.out);
}

/* TRUNCATE does not run DELETE triggers, so append-only tables have triggers against TRUNCATE. */
Test(writer, its_owner_empties_no_append_only_table)
{
	static const char *const tables[] = { "audit_event", "row_commitment", "rule_text", "suspicion_entry",
					      "ledger_entry" };

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		char sql[64];

		(void)snprintf(sql, sizeof sql, "TRUNCATE %s", tables[i]);
		cr_expect_neq(run_sql(owner, sql), 0, "%s", sql);
		cr_expect(strstr(box.last.err, "append-only"), "%s: %s", sql, box.last.err);
	}
}

/* Creates a role with `kybdesk grants reader` and returns the role's address. */
static char *make_reader(const char *beginning, bool with_personal)
{
	char name[100], user[110];
	(void)snprintf(name, sizeof name, "%s_%s", beginning, schema);
	(void)snprintf(user, sizeof user, "user=%s", name);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(box_run(&box, "grants", "reader", "--name", name, "--schema", schema,
				     with_personal ? "--personal" : NULL, NULL),
			     0, "%s", box.last.err);
		shell_run(owner, box.last.out);
	}
	return replaced(owner, "user=kybdesk", user);
}

static void expect_rows(const char *address, const char *sql, const char *rows)
{
	char *whole = replaced(sql, "VIEWS", schema), *named = replaced(whole, "V1", "_v1");
	cr_expect_eq(run_sql(address, named), 0, "%s: %s", named, box.last.err);
	cr_expect_str_eq(box.last.out, rows, "%s", named);
}

Test(writer, a_reader_sees_the_views_and_no_person_and_changes_nothing)
{
	static const char *const refused[] = {
		"SELECT id FROM session",
		"SELECT subject_name FROM session",
		"SELECT name FROM merchant",
		"SELECT secret FROM endpoint",
		"SELECT reason FROM decision",
		"SELECT key_sha256 FROM merchant_key",
		"SELECT name FROM party",
		"SELECT * FROM suspicion_entry",
		"SELECT actor FROM audit_event",
		"UPDATE session SET risk_score = 1",
		"SET default_transaction_read_only = off; DELETE FROM decision_wait",
	};
	char views[80], *line = NULL;
	box_import_person(&box, "IND-1");
	box_import_person(&box, "IND-2");
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--note", "x", "--grace", "0", NULL), 0, "%s", box.last.err);
	char *reader = make_reader("reader", false), *other = make_reader("person", true);
	expect_rows(reader,
		    "SELECT status, pg_typeof(id), pg_typeof(created_at), pg_typeof(hidden_from_merchant), "
		    "pg_typeof(tags), reference IS NULL, tags IS NULL, subject_name LIKE '_***' FROM VIEWSV1.cases "
		    "ORDER BY 1 LIMIT 1",
		    "approved|uuid|timestamp with time zone|boolean|jsonb|t|t|t\n");
	expect_rows(reader, "SELECT kind, decided_by IS NULL, undone FROM VIEWSV1.decisions", "approve|t|f\n");
	/* The same views show personal data to a role that was created with --personal. */
	expect_rows(other, "SELECT reference, tags IS NOT NULL, subject_name LIKE '_***' FROM VIEWSV1.cases ORDER BY 1",
		    "IND-1|t|f\nIND-2|t|f\n");
	expect_rows(other, "SELECT decided_by IS NULL FROM VIEWSV1.decisions", "f\n");
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		expect_refused(reader, refused[i]);
	expect_refused(other, "SELECT secret FROM endpoint");
	/* The views of a file show the same rows, with personal data masked for every user. */
	(void)snprintf(views, sizeof views, "%s_v1", schema);
	cr_assert_eq(box_run(&box, "copy", "--from", owner, "--to", "file.db", NULL), 0, "%s", box.last.err);
	line = test_text("sh '" KYB_SOURCE_DIR "/tests/postgresql_desk/views.sh' '%s' '%s' file.db", reader, views);
	cr_expect_eq(box_shell(&box, line), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, " rows\n") && !strstr(box.last.out, "<") && atoi(box.last.out) >= 5, "%s%s",
		  box.last.out, box.last.err);
}

/* The administrator creates a role with `kybdesk grants owner`; the role creates and checks its own store. */
Test(writer, an_owner_makes_and_checks_a_store)
{
	char name[100], user[110], own[80], from[100], to[100], sql[100];
	(void)snprintf(name, sizeof name, "owner_%s", schema);
	(void)snprintf(user, sizeof user, "user=%s", name);
	(void)snprintf(own, sizeof own, "own_%.60s", schema);
	(void)snprintf(from, sizeof from, "search_path%%3D%.60s", schema);
	(void)snprintf(to, sizeof to, "search_path%%3D%s", own);
	(void)snprintf(sql, sizeof sql, "CREATE SCHEMA %s", own);
	cr_assert_eq(run_sql(owner, sql), 0, "%s", box.last.err);
	(void)snprintf(schema, sizeof schema, "%.63s", own);
	make_role("owner", name);
	char *there = replaced(owner, from, to), *by_owner = replaced(there, "user=kybdesk", user);
	cr_assert_eq(box_run(&box, "--store", by_owner, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "--store", by_owner, "doctor", NULL), 0, "%s", box.last.out);
	cr_expect(strstr(box.last.out, "ok"), "%s", box.last.out);
}

Test(writer, a_name_that_is_not_one_is_refused)
{
	cr_expect_eq(box_run(&box, "grants", "writer", "--name", "eve\"; DROP TABLE session; --", NULL), 9);
	cr_expect(strstr(box.last.err, "is not a valid name"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "grants", "writer", "--schema", "$$", NULL), 9);
	cr_expect_eq(box_run(&box, "grants", "writr", NULL), 9);
	cr_expect(strstr(box.last.err, "writer"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "grants", "writer", "--personal", NULL), 2);
	cr_expect_eq(box_run(&box, "grants", "reader", "--schema",
			     "s23456789012345678901234567890123456789012345678901234567890123", NULL),
		     9);
}
