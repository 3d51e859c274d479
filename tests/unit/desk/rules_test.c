/* The rules in force: every desk sees a change at once, rules never change by themselves, an old store gets rules. */
#include "fixture.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/once.h"
#include "kybdesk/desk/rules.h"
#include "support/process.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>

FIXTURE(rules);

static void install_workflow(struct desk *desk, const char *reference)
{
	must(USE(desk, WORKFLOW_INSTALL, NULL, .part = reference));
}

static const char *second_version(void)
{
	return fixture_changed(&f, "workflows/ralio-kyb.json", "\"version\": 1", "\"version\": 2", "ralio-kyb.json");
}

static const char *with_own_reason(void)
{
	return fixture_changed(&f, "reasons/session.json", "[\n",
			       "[\n{\"code\": \"own_reason\", \"label\": \"Own\", \"message\": \"M\"},\n",
			       "session.json");
}

Test(rules, a_workbench_that_is_open_sees_a_workflow_that_is_installed)
{
	const struct profile *profile;

	must(desk_profile(f.rita, "ralio-kyb", &profile, &f.error));
	cr_expect_eq(profile->version, 1);
	install_workflow(f.ada, second_version());
	must(desk_profile(f.rita, "ralio-kyb", &profile, &f.error));
	cr_expect_eq(profile->version, 2, "of another desk");
	must(desk_profile(f.ada, "ralio-kyb", &profile, &f.error));
	cr_expect_eq(profile->version, 2, "of the desk that installed it");
}

Test(rules, a_text_that_a_held_transaction_installs_counts_for_its_next_part_and_not_if_it_is_rolled_back)
{
	const struct profile *profile;

	must(desk_begin_hold(f.ada, &f.error));
	must(desk_profile(f.ada, "ralio-kyb", &profile, &f.error));
	cr_expect_eq(profile->version, 1);
	install_workflow(f.ada, second_version());
	must(desk_profile(f.ada, "ralio-kyb", &profile, &f.error));
	cr_expect_eq(profile->version, 2);
	must(desk_end_hold(f.ada, false, &f.error));
	must(desk_profile(f.ada, "ralio-kyb", &profile, &f.error));
	cr_expect_eq(profile->version, 1);
}

Test(rules, a_text_is_parsed_once)
{
	const struct profile *first, *second;
	const struct reasons *reasons;

	fixture_ready(&f, "RAL-1");
	must(desk_profile(f.rita, "ralio-kyb", &first, &f.error));
	reasons = desk_reasons(f.rita);
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "nia", .role = ROLE_VIEWER));
	must(desk_profile(f.rita, "ralio-kyb", &second, &f.error));
	cr_expect_eq(first, second);
	cr_expect_eq(desk_reasons(f.rita), reasons, "another change of the store is none of the reasons");
}

Test(rules, a_workbench_that_is_open_sees_reasons_that_are_installed)
{
	const struct reasons *before;
	size_t count;
	const char *path = with_own_reason();

	fixture_ready(&f, "RAL-1");
	expect_err(USE(f.rita, REJECT, "RAL-1", .reason = "own_reason"), ERR_INVALID);
	before = desk_reasons(f.rita);
	count = before->counts[REASONS_SESSION];
	must(USE(f.ada, REASONS_INSTALL, NULL, .part = path, .type = ""));
	cr_expect_eq(f.out.rule.version, 2);
	/* The reasons that a screen still uses stay valid when the desk reads the new reasons. */
	cr_expect_eq(before->counts[REASONS_SESSION], count);
	must(USE(f.rita, REJECT, "RAL-1", .reason = "own_reason"));
	cr_expect_eq(desk_reasons(f.rita)->counts[REASONS_SESSION], count + 1);
	cr_expect_eq(fixture_case(&f, "RAL-1").reasons->counts[REASONS_SESSION], count + 1);
}

Test(rules, a_decision_is_made_by_the_reasons_of_its_moment)
{
	char expected[SHA256_HEX_SIZE];
	const char *path = with_own_reason();

	fixture_ready(&f, "RAL-1");
	cr_assert_not_null(desk_reasons(f.rita));
	must(USE(f.ada, REASONS_INSTALL, NULL, .part = path, .type = ""));
	must(USE(f.rita, APPROVE, "RAL-1"));
	reasons_sha256(desk_reasons(f.rita), expected);
	expect_sql("SELECT reasons_sha256 FROM decision WHERE program <> ''", expected);
}

static bool install_waits(struct desk *desk, const char *path)
{
	const struct use_in in = { .verb = VERB_WORKFLOW_INSTALL, .part = path };
	must(fixture_use(&f, desk, &in));
	return f.out.is_proposal;
}

Test(rules, two_admins_bring_a_text_in_production)
{
	const struct profile *profile;
	const char *path = second_version();
	struct desk *amy;

	fixture_in_production(&f);
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_ADMIN));
	amy = fixture_production_desk(&f, "amy");
	for (int twice = 0; twice < 2; twice++) {
		cr_expect(install_waits(f.ada, path), "one admin alone, however often");
		must(desk_profile(f.ada, "ralio-kyb", &profile, &f.error));
		cr_expect_eq(profile->version, 1);
	}
	expect_rows(1, "rule_text WHERE offered = 1");
	expect_text(sql_text(&f, "SELECT json_extract(detail, '$.offered') FROM audit_event ORDER BY seq DESC LIMIT 1"),
		    "1");
	cr_expect(install_waits(amy, fixture_changed(&f, "workflows/ralio-kyb.json", "\"version\": 1", "\"version\": 3",
						     "other.json")),
		  "another text is not a second word for the first");
	cr_expect(install_waits(f.ada, path), "what came after took its place");
	cr_expect_not(install_waits(amy, path));
	must(desk_profile(amy, "ralio-kyb", &profile, &f.error));
	cr_expect_eq(profile->version, 2);
	desk_close(amy);
}

Test(rules, only_an_admin_installs)
{
	const char *path = second_version();

	expect_err(USE(f.lea, WORKFLOW_INSTALL, NULL, .part = path), ERR_FORBIDDEN);
	expect_err(USE(f.lea, REASONS_INSTALL, NULL, .part = "session@shipped", .type = ""), ERR_FORBIDDEN);
	expect_rows(8, "rule_text");
}

Test(rules, a_decision_names_what_it_was_made_by)
{
	char expected[SHA256_HEX_SIZE];
	const char *rules = sql_text(&f, "SELECT sha256 FROM rule_text WHERE name = 'ralio-kyb'");

	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, APPROVE, "RAL-1"));
	reasons_sha256(desk_reasons(f.rita), expected);
	expect_sql("SELECT rules_sha256 FROM decision WHERE program <> ''", rules);
	expect_sql("SELECT reasons_sha256 FROM decision WHERE program <> ''", expected);
	expect_sql("SELECT program FROM decision WHERE program <> ''", KYBDESK_RELEASE);
	expect_sql("SELECT json_extract(detail, '$.rules_sha256') FROM audit_event WHERE action = "
		   "'session.approve'",
		   rules);
	expect_text(sql_text(&f, "SELECT json_extract(evidence, '$.profile.sha256') FROM decision WHERE program <> ''"),
		    rules);
}

Test(rules, the_text_of_a_session_that_was_changed_decides_nothing)
{
	struct desk *desk;

	fixture_ready(&f, "RAL-1");
	sql_run(&f, "UPDATE workflow SET body = replace(body, '\"mandatory\": true', '\"mandatory\": false') "
		    "WHERE name = 'ralio-kyb'");
	desk = fixture_desk(&f, "rita", false);
	expect_err(USE(desk, APPROVE, "RAL-1"), ERR_STORE);
	desk_close(desk);
}

Test(rules, an_installed_text_that_was_changed_counts_for_nothing)
{
	struct desk_options options = {
		.store_path = f.path, .actor = "rita", .world = &f.world.world, .log = { LOG_QUIET, -1 }
	};
	const struct profile *profile;
	struct case_view view;
	int64_t counts[INBOX_COUNT];
	struct desk *desk = NULL;

	fixture_ready(&f, "RAL-1");
	sql_run(&f, "DROP TRIGGER rule_text_no_update;"
		    "UPDATE rule_text SET body = replace(body, '\"mandatory\": true', '\"mandatory\": false') "
		    "WHERE name = 'ralio-kyb'");
	desk = fixture_desk(&f, "rita", false);
	expect_err(desk_profile(desk, "ralio-kyb", &profile, &f.error), ERR_STORE);
	desk_close(desk);
	/* With a tampered text of reasons, no case is shown or decided; inbox counts need no reasons. */
	sql_run(&f, "UPDATE rule_text SET body = replace(body, 'restricted', 'open') WHERE name = 'session'");
	must(desk_open(&options, &desk, &f.error));
	cr_expect_eq(desk_reasons(desk)->counts[REASONS_SESSION], 0);
	expect_err(desk_case(desk, &f.arena, "RAL-1", false, &view, &f.error), ERR_STORE);
	expect_err(USE(desk, REJECT, "RAL-1", .reason = "own_reason"), ERR_STORE);
	must(desk_inbox_counts(desk, counts, &f.error));
	cr_expect_eq(desk_reasons(desk)->counts[REASONS_SESSION], 0);
	desk_close(desk);
}

Test(rules, a_sandboxs_own_reasons_tell_their_mistakes_when_the_desk_opens)
{
	struct desk_options options = {
		.store_path = f.path, .actor = "rita", .world = &f.world.world, .log = { LOG_QUIET, -1 }
	};
	struct desk *desk = NULL;

	(void)mkdir(arena_printf(&f.arena, "%s/kybdesk", f.folder), 0700);
	(void)mkdir(arena_printf(&f.arena, "%s/kybdesk/reasons", f.folder), 0700);
	temp_write(arena_printf(&f.arena, "%s/kybdesk/reasons/document.json", f.folder), "[{]", 3);
	expect_err(desk_open(&options, &desk, &f.error), ERR_INVALID);
	cr_expect(strstr(f.error.message, "reasons/document.json"), "%s", f.error.message);
}

Test(rules, the_shell_is_told_that_installed_rules_stay)
{
	cr_expect(place_refuses(f.path, "DELETE FROM rule_text"));
	cr_expect(place_refuses(f.path, "UPDATE rule_text SET body = ''"));
}

Test(rules, a_row_whose_text_is_another_now_is_not_taken_from_memory)
{
	const char *shipped_kyb = "(SELECT body FROM rule_text WHERE name = 'ralio-sandbox')";

	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	expect_text(fixture_case(&f, "KYC-1").profile->name, "generic-kyc");
	/* After a rollback, another text may get the same row id. */
	sql_run(&f,
		arena_printf(&f.arena, "UPDATE workflow SET body = %s, sha256 = x'%s' WHERE name = 'generic-kyc'",
			     shipped_kyb, sql_text(&f, "SELECT sha256 FROM rule_text WHERE name = 'ralio-sandbox'")));
	expect_text(fixture_case(&f, "KYC-1").profile->name, "ralio-sandbox");
}

#ifdef KYB_PLACE_SQLITE
/* A store as the program of schema 3 left it: its tables, and one admin. */
static const char *store_of_before(void)
{
	static const char *const migrations[] = { "migrations/sqlite/0001_store.sql",
						  "migrations/sqlite/0002_parties.sql",
						  "migrations/sqlite/0003_processing.sql" };
	char *path = temp_path(f.folder, "before.db");
	const char *kept = arena_strdup(&f.arena, path);
	sqlite3 *db = NULL;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof migrations / sizeof *migrations; i++)
		cr_assert_eq(sqlite3_exec(db, fixture_shipped(&f, migrations[i]), NULL, NULL, NULL), SQLITE_OK, "%s",
			     sqlite3_errmsg(db));
	cr_assert_eq(
		sqlite3_exec(
			db,
			arena_printf(&f.arena,
				     "PRAGMA application_id = %s; PRAGMA user_version = 3;"
				     "INSERT INTO store_info VALUES ('id', '0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01'), "
				     "('sandbox', '1'), ('created_at', '2026-11-01T00:00:00Z');"
				     "INSERT INTO reviewer (name, role, created_at) VALUES ('ada', 'admin', 1);",
				     sql_text(&f, "SELECT * FROM pragma_application_id")),
			NULL, NULL, NULL),
		SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
	return kept;
}

Test(rules, a_store_of_before_gets_what_ships_at_its_first_opening_for_writing)
{
	char *usual = f.path;
	struct audit_verdict verdict;
	struct desk_options options = {
		.actor = "ada", .readonly = true, .world = &f.world.world, .log = { LOG_QUIET, -1 }
	};
	struct desk *desk = NULL;
	const struct profile *profile;

	f.path = arena_strdup(&f.arena, store_of_before());
	options.store_path = f.path;
	expect_error(desk_open(&options, &desk, &f.error), ERR_STORE, "for writing");
	desk = fixture_desk(&f, "ada", false);
	must(desk_profile(desk, "ralio-kyb", &profile, &f.error));
	expect_rows(8, "rule_text WHERE current = 1");
	expect_sql("SELECT group_concat(actor || ' ' || action) FROM audit_event",
		   "system store.upgrade,system rules.install");
	must(desk_audit_verify(desk, &f.arena, &verdict, &f.error));
	cr_expect(verdict.sound);
	desk_close(desk);
	/* The second opening installs nothing. */
	desk = fixture_desk(&f, "ada", false);
	expect_rows(8, "rule_text");
	expect_rows(2, "audit_event");
	desk_close(desk);
	f.path = usual;
}
#endif

static bool notice_says(struct desk *desk, const char *text)
{
	struct rule_notice *items = NULL;
	size_t count = 0;
	bool says = false;

	must(desk_rule_notices(desk, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++)
		says = says || strstr(items[i].message, text);
	return says;
}

Test(rules, a_newer_text_that_ships_is_offered_and_never_swapped)
{
	const struct profile *profile;
	struct desk *desk;

	cr_expect_not(notice_says(f.ada, "ships"));
	/* Imitates an old store: its text differs from the shipped text, which was never installed. */
	install_workflow(f.ada, second_version());
	sql_run(&f, "DROP TRIGGER rule_text_no_delete; DELETE FROM rule_text WHERE name = 'ralio-kyb' AND version = 1");
	cr_expect(notice_says(f.ada, "ships a newer text of ralio-kyb"));
	desk = fixture_desk(&f, "ada", false);
	must(desk_profile(desk, "ralio-kyb", &profile, &f.error));
	cr_expect_eq(profile->version, 2, "what is in force stays so");
	install_workflow(desk, "ralio-kyb@shipped");
	cr_expect_not(notice_says(desk, "ships"));
	desk_close(desk);
}

/* If an unreadable workflow were ignored, nothing would block its cases. */
Test(rules, a_workflow_that_cannot_be_read_is_told_and_judges_nothing)
{
	struct case_view view;

	fixture_ready(&f, "RAL-1");
	sql_run(&f, "UPDATE workflow SET body = '{'");
	struct desk *rita = fixture_desk(&f, "rita", false);
	expect_error(desk_case(rita, &f.arena, "RAL-1", false, &view, &f.error), ERR_STORE,
		     "has a body that is not valid");
	expect_err(USE(rita, APPROVE, "RAL-1"), ERR_STORE);
	expect_sql("SELECT status FROM session WHERE external_ref = 'RAL-1'", "manual_review");
	desk_close(rita);
}
