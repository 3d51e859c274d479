#include "fixture.h"

FIXTURE(check);

#define HIT(class, state)                                                                                              \
	", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"name\": \"Ines D.\", "            \
	"\"list\": \"L\", \"class\": \"" class "\", \"state\": \"" state "\"}]}]"

static const char *hit_id(void)
{
	return sql_text(&f, "SELECT uuid FROM hit");
}

static enum err resolve(bool match, const char *reason)
{
	return USE(f.rita, HIT_RESOLVE, "RAL-1", .part = hit_id(), .is_match = match, .reason = reason,
		   .note = "compared with the register");
}

static enum err accept_hit(struct desk *desk, const char *reason)
{
	return USE(desk, HIT_ACCEPT, "RAL-1", .part = hit_id(), .reason = reason);
}

static enum err waive(struct desk *desk, enum check_kind kind, const char *reason)
{
	return USE(desk, CHECK_WAIVE, "RAL-1", .check = kind, .reason = reason);
}

static void open_case_with_hits(const char *checks)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = checks });
	fixture_reveal(&f, f.rita, "RAL-1");
}

Test(check, an_open_hit_blocks_until_it_is_a_false_positive)
{
	open_case_with_hits(HIT("sanctions", "open"));
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	must(resolve(false, "different_birth_date"));
	expect_sql("SELECT state || ',' || reason || ',' || resolved_by FROM hit",
		   "false_positive,different_birth_date,rita");
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(check, a_hit_is_resolved_with_a_reason_that_fits)
{
	open_case_with_hits(HIT("sanctions", "open"));
	expect_error(resolve(false, "different_nam"), ERR_INVALID, "different_name");
	expect_err(resolve(false, "same_person"), ERR_INVALID);
	expect_err(resolve(true, "different_name"), ERR_INVALID);
}

Test(check, a_confirmed_sanctions_match_can_be_accepted_by_nobody)
{
	open_case_with_hits(HIT("sanctions", "open"));
	must(resolve(true, "same_person"));
	expect_err(accept_hit(f.lea, "we know them for years"), ERR_BLOCKED);
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
}

Test(check, a_confirmed_pep_match_is_accepted_by_a_lead_with_a_reason)
{
	open_case_with_hits(HIT("pep", "open"));
	must(resolve(true, "same_person"));
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	expect_err(accept_hit(f.rita, "left office ten years ago"), ERR_FORBIDDEN);
	expect_err(accept_hit(f.lea, "fine"), ERR_INVALID);
	must(accept_hit(f.lea, "left office ten years ago"));
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(check, an_open_hit_cannot_be_accepted)
{
	open_case_with_hits(HIT("pep", "open"));
	expect_err(accept_hit(f.lea, "left office ten years ago"), ERR_BLOCKED);
}

Test(check, a_failed_check_is_waived_by_a_lead_with_a_reason)
{
	open_case_with_hits(", \"checks\": [{\"kind\": \"face_match\", \"status\": \"failed\"}]");
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "check_failed");
	expect_err(waive(f.rita, CHECK_FACE_MATCH, "compared by eye"), ERR_FORBIDDEN);
	expect_err(waive(f.lea, CHECK_FACE_MATCH, "short"), ERR_INVALID);
	must(waive(f.lea, CHECK_FACE_MATCH, "compared by eye"));
	expect_err(waive(f.lea, CHECK_FACE_MATCH, "compared by eye"), ERR_BLOCKED);
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(check, a_watchlist_check_is_not_waived)
{
	open_case_with_hits(", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"error\"}]");
	expect_err(waive(f.lea, CHECK_WATCHLIST, "the provider was down"), ERR_BLOCKED);
}

Test(check, that_nobody_asked_for_is_not_found)
{
	open_case_with_hits("");
	expect_err(waive(f.lea, CHECK_MOBILE, "there is no telephone"), ERR_NOT_FOUND);
}

Test(check, with_hits_is_not_waived_history_them)
{
	open_case_with_hits(
		", \"checks\": [{\"kind\": \"adverse_media\", \"status\": \"hit\", \"hits\": [{\"name\": \"X\", "
		"\"list\": \"news\", \"class\": \"adverse_media\", \"state\": \"open\"}]}]");
	expect_err(waive(f.lea, CHECK_ADVERSE_MEDIA, "only old newspapers"), ERR_BLOCKED);
}
