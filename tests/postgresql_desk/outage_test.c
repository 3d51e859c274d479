/* The server of a store is killed and started again while desks are open: no completed work is lost, failures are
 * reported, and no desk needs a restart. */
#include "fixture.h"
#include "postgresql/server.h"

static struct fixture f;
static struct test_server server;

static void set_up(void)
{
	server_make(&server);
	fixture_open_at(&f, server_place(&server));
	fixture_ready(&f, "RAL-1");
	fixture_ready(&f, "RAL-2");
	fixture_ready(&f, "RAL-3");
}

static void tear_down(void)
{
	fixture_close(&f);
	server_remove(&server);
}

TestSuite(outage, .init = set_up, .fini = tear_down);

static void expect_sound_audit_log(void)
{
	struct audit_verdict result;

	cr_assert_eq(desk_audit_verify(f.ada, &f.arena, &result, &f.error), ERR_OK, "%s", f.error.message);
	cr_expect(result.sound);
}

Test(outage, between_two_deeds_is_not_noticed)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	server_kill(&server);
	server_start(&server);
	must(USE(f.rita, APPROVE, "RAL-2"));
	cr_expect_str_eq(fixture_status(&f, "RAL-1"), "approved");
	cr_expect_str_eq(fixture_status(&f, "RAL-2"), "approved");
	expect_sound_audit_log();
}

Test(outage, of_some_length_is_said_and_what_was_to_be_done_can_be_done_after)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	server_kill(&server);
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(USE(f.rita, APPROVE, "RAL-2"), ERR_STORE);
		cr_expect(strstr(f.error.message, "cannot be reached: "), "%s", f.error.message);
		cr_expect(strstr(f.error.message, server.folder), "%s", f.error.message);
	}
	server_start(&server);
	cr_expect_str_eq(fixture_status(&f, "RAL-1"), "approved");
	cr_expect_str_eq(fixture_status(&f, "RAL-2"), "manual_review");
	must(USE(f.rita, APPROVE, "RAL-2"));
	must(USE(f.bo, APPROVE, "RAL-3"));
	expect_sound_audit_log();
}
