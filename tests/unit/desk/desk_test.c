#include "fixture.h"
#include "kybdesk/base/file.h"
#include "support/process.h"

FIXTURE(desk);

static enum err open_as(const char *path, const char *actor, bool readonly, struct desk **desk)
{
	struct desk_options options = { .store_path = path,
					.actor = actor,
					.readonly = readonly,
					.world = &f.world.world,
					.log = { LOG_QUIET, -1 } };

	return desk_open(&options, desk, &f.error);
}

Test(desk, who_makes_the_store_is_its_admin)
{
	expect_text(role_text(desk_role(f.ada)), "admin");
	expect_rows(1, "audit_event WHERE action = 'store.init'");
}

Test(desk, an_unknown_name_becomes_a_lead_of_a_sandbox_store)
{
	struct desk *nia;

	must(open_as(f.path, "nia", false, &nia));
	expect_text(role_text(desk_role(nia)), "lead");
	expect_rows(1, "audit_event WHERE action = 'reviewer.add' AND actor = 'nia'");
	desk_close(nia);
}

Test(desk, an_unknown_name_only_looks_at_a_store_open_for_reading)
{
	struct desk *nia;

	must(open_as(f.path, "nia", true, &nia));
	expect_text(role_text(desk_role(nia)), "viewer");
	desk_close(nia);
	expect_rows(0, "reviewer WHERE name = 'nia'");
}

Test(desk, a_name_with_a_meaning_of_its_own_is_refused)
{
	struct desk *desk;

	expect_err(open_as(f.path, "none", false, &desk), ERR_INVALID);
	expect_err(open_as(f.path, "a,b", false, &desk), ERR_INVALID);
	expect_err(open_as(f.path, "bad\xff", false, &desk), ERR_INVALID);
}

Test(desk, a_disabled_reviewer_is_refused)
{
	struct desk *desk;

	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "bo"));
	expect_err(open_as(f.path, "bo", false, &desk), ERR_FORBIDDEN);
}

Test(desk, a_reviewer_who_is_disabled_while_at_work_changes_nothing_more)
{
	fixture_ready(&f, "RAL-1");
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "bo"));
	expect_err(USE(f.bo, CLAIM, "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(f.bo, APPROVE, "RAL-1"), ERR_FORBIDDEN);
}

Test(desk, production_takes_no_other_name_than_the_users)
{
	char *path = temp_path(f.folder, "production.db"), *made;
	struct desk_options options = { .store_path = path, .world = &f.world.world, .log = { LOG_QUIET, -1 } };
	struct desk *desk;
	char user[256];

	must(desk_init(&options, false, &made, &f.arena, &f.error));
	must(world_user_name(user, sizeof user, &f.error));
	must(desk_open(&options, &desk, &f.error));
	expect_text(desk_actor(desk), user);
	desk_close(desk);
	options.actor = "somebody-else";
	expect_error(desk_open(&options, &desk, &f.error), ERR_FORBIDDEN, user);
	options.actor = user;
	must(desk_open(&options, &desk, &f.error));
	desk_close(desk);
}

Test(desk, init_leaves_an_existing_store_alone)
{
	struct desk_options options = { .store_path = f.path, .actor = "nia", .world = &f.world.world };
	char *made;

	expect_err(desk_init(&options, true, &made, &f.arena, &f.error), ERR_STORE);
}

Test(desk, a_store_open_for_reading_refuses_every_change)
{
	struct desk *desk = fixture_desk(&f, "lea", true);

	fixture_ready(&f, "RAL-1");
	expect_err(USE(desk, CLAIM, "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(desk, APPROVE, "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(desk, UNDO, "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(desk, NOTE, "RAL-1", .text = "a note"), ERR_FORBIDDEN);
	desk_close(desk);
}

Test(desk, a_viewer_changes_nothing)
{
	struct party_input party = {
		.name = "X", .control_role = "", .percent = "", .country = "", .date_of_birth = "", .owned_party = ""
	};
	struct case_view view;

	fixture_ready(&f, "RAL-1");
	expect_error(USE(f.vic, APPROVE, "RAL-1"), ERR_FORBIDDEN, "reviewer");
	expect_err(USE(f.vic, REJECT, "RAL-1", .reason = "other"), ERR_FORBIDDEN);
	expect_err(ask(&f, f.vic, "RAL-1", "company_info", NULL, NULL), ERR_FORBIDDEN);
	expect_err(USE(f.vic, UNDO, "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(f.vic, ESCALATE, "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(f.vic, CLAIM, "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(f.vic, RELEASE, "RAL-1"), ERR_FORBIDDEN);
	expect_err(USE(f.vic, NOTE, "RAL-1", .text = "a note"), ERR_FORBIDDEN);
	expect_err(USE(f.vic, DOCUMENT_ACCEPT, "RAL-1", .part = "OTHER"), ERR_FORBIDDEN);
	expect_err(USE(f.vic, PARTY_ADD, "RAL-1", .party = &party), ERR_FORBIDDEN);
	expect_err(desk_case(f.vic, &f.arena, "RAL-1", true, &view, &f.error), ERR_FORBIDDEN);
}

Test(desk, a_profile_is_found_by_name_or_the_nearest_is_named)
{
	const struct profile *profile;

	must(desk_profile(f.rita, "ralio-kyb", &profile, &f.error));
	expect_text(profile->level_approved, "REGULAR");
	expect_error(desk_profile(f.rita, "ralio-kyp", &profile, &f.error), ERR_NOT_FOUND, "ralio-kyb");
}

Test(desk, an_unknown_reference_is_not_found)
{
	expect_err(USE(f.rita, APPROVE, "RAL-404"), ERR_NOT_FOUND);
}

static void count_wake(void *context)
{
	++*(int *)context;
}

Test(desk, who_waits_for_events_is_woken_once_for_each_decision_that_sends_one)
{
	int woken = 0;
	const struct desk_options options = { .store_path = f.path,
					      .actor = "rita",
					      .world = &f.world.world,
					      .on_event = count_wake,
					      .context = &woken };
	struct desk *rita = NULL;

	fixture_ready(&f, "RAL-1");
	must(desk_open(&options, &rita, &f.error));
	must(USE(rita, CLAIM, "RAL-1"));
	cr_expect_eq(woken, 0);
	must(USE(rita, APPROVE, "RAL-1"));
	cr_expect_eq(woken, 1);
	desk_close(rita);
}

Test(desk, the_audit_log_stays_sound_whatever_was_done)
{
	struct audit_verdict verdict;

	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.rita, UNDO, "RAL-1"));
	must(desk_audit_verify(f.ada, &f.arena, &verdict, &f.error));
	cr_expect(verdict.sound, "%s", verdict.reason);
}

/* Records keep the clock's time and are ordered by number: a clock that was set back does not break the chain, and is
 * named. */
Test(desk, a_clock_that_was_set_back_is_named)
{
	struct audit_verdict verdict;
	struct doctor_finding *items;
	size_t count, found = 0;

	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, NOTE, "RAL-1", .text = "before"));
	forward(&f, -4 * MINUTE_MS);
	must(USE(f.rita, NOTE, "RAL-1", .text = "a little earlier, as on another machine"));
	must(desk_audit_verify(f.ada, &f.arena, &verdict, &f.error));
	cr_expect_eq(verdict.clock_steps, 0);
	forward(&f, -24 * 60 * MINUTE_MS);
	must(USE(f.rita, NOTE, "RAL-1", .text = "a day earlier"));
	must(desk_audit_verify(f.ada, &f.arena, &verdict, &f.error));
	cr_expect(verdict.sound, "%s", verdict.reason);
	cr_expect_eq(verdict.clock_steps, 1);
	cr_expect_eq(verdict.clock_step_seq, verdict.rows);
	cr_expect_eq(verdict.clock_step_ms, 24 * 60 * MINUTE_MS);
	must(desk_run_doctor(f.ada, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++)
		found += strstr(items[i].message, "earlier than the record before; the last, record ") != NULL;
	cr_expect_eq(found, 1);
	forward(&f, 25 * 60 * MINUTE_MS);
}

/* --- reviewers --- */

static enum err open_production(struct desk **out)
{
	sql_change(&f, "UPDATE store_info SET value = '0' WHERE key = 'sandbox'");
	return open_as(f.path, NULL, false, out);
}

static const char *os_user(void)
{
	char user[256];

	must(world_user_name(user, sizeof user, &f.error));
	return arena_strdup(&f.arena, user);
}

Test(desk, of_production_lets_in_nobody_who_is_not_added)
{
	struct desk *desk = NULL;

	sql_run(&f, arena_printf(&f.arena, "UPDATE reviewer SET name = 'gone' WHERE name = '%s'", os_user()));
	expect_error(open_production(&desk), ERR_FORBIDDEN,
		     arena_printf(&f.arena, "%s is not a reviewer of this store (active admins: ", os_user()));
	expect_says("ada");
	expect_says("kybdesk reviewer add");
	cr_expect_null(desk);
	cr_expect_eq(sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM reviewer WHERE name = '%s'", os_user())),
		     0);
	sql_run(&f, "UPDATE reviewer SET disabled_at = 1 WHERE role = 'admin'");
	expect_error(open_production(&desk), ERR_FORBIDDEN, "(active admins: none)");
}

Test(desk, of_production_lets_in_nobody_who_is_disabled)
{
	struct desk *desk = NULL;

	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "zoe", .role = ROLE_ADMIN));
	sql_run(&f, arena_printf(&f.arena,
				 "UPDATE reviewer SET name = 'gone' WHERE name = '%s'; "
				 "UPDATE reviewer SET name = '%s', disabled_at = 1 WHERE name = 'zoe'",
				 os_user(), os_user()));
	expect_error(open_production(&desk), ERR_FORBIDDEN, "is disabled in this store");
	cr_expect_null(desk);
}

Test(desk, keeps_its_last_admin)
{
	sql_run(&f, "UPDATE reviewer SET role = 'viewer' WHERE role = 'admin' AND name <> 'ada'");
	cr_assert_eq(sql_int(&f, "SELECT count(*) FROM reviewer WHERE role = 'admin' AND disabled_at IS NULL"), 1);
	expect_error(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "ada"), ERR_BLOCKED,
		     "ada is the only admin; make another reviewer an admin first");
	expect_err(USE(f.ada, REVIEWER_ROLE, NULL, .part = "ada", .role = ROLE_LEAD), ERR_BLOCKED);
	cr_assert_eq(sql_int(&f, "SELECT count(*) FROM reviewer WHERE role = 'admin' AND disabled_at IS NULL"), 1);
	/* A disabled admin does not count. */
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "zoe", .role = ROLE_ADMIN));
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "zoe"));
	expect_error(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "zoe"), ERR_BLOCKED, "zoe is disabled already");
	expect_err(USE(f.ada, REVIEWER_ROLE, NULL, .part = "ada", .role = ROLE_LEAD), ERR_BLOCKED);
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "yan", .role = ROLE_ADMIN));
	must(USE(f.ada, REVIEWER_ROLE, NULL, .part = "ada", .role = ROLE_LEAD));
	cr_assert_eq(sql_int(&f, "SELECT count(*) FROM reviewer WHERE role = 'admin' AND disabled_at IS NULL"), 1);
}

Test(desk, takes_names_and_roles_of_people_alone)
{
	static const struct {
		const char *name, *sentence;
	} names[] = { { "", "is empty" },
		      { " zoe", "starts or ends with a space" },
		      { "zoe ", "starts or ends" },
		      { "z,oe", "commas, quotes and control characters" },
		      { "z\"oe", "commas" },
		      { "z\noe", "commas" },
		      { "z\xff", "not valid UTF-8" },
		      { "API:zoe", "begins the names of merchants' keys" },
		      { "System", "is a reserved word" },
		      { "me", "is a reserved word" },
		      { "none", "is a reserved word" },
		      { "client", "is a reserved word" },
		      { "sandbox", "is a reserved word" } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		expect_error(USE(f.ada, REVIEWER_ADD, NULL, .part = names[i].name, .role = ROLE_VIEWER), ERR_INVALID,
			     names[i].sentence);
	}
	expect_error(USE(f.ada, REVIEWER_ADD, NULL, .part = "zoe", .role = ROLE_SYSTEM), ERR_INVALID,
		     "'system' is not a role of a person");
	expect_err(USE(f.ada, REVIEWER_ROLE, NULL, .part = "bo", .role = ROLE_CLIENT), ERR_INVALID);
	expect_err(USE(f.ada, REVIEWER_ROLE, NULL, .part = "zoe", .role = ROLE_LEAD), ERR_NOT_FOUND);
}
