/* Merchants, reviewers, workflow versions. */
#include "store/store_support.h"

#include <string.h>

FIXTURE(people);

Test(people, a_reviewer_is_found_by_name_and_listed_in_order)
{
	struct reviewer found, *items = NULL;
	size_t count = 0;
	struct reviewer reviewer = { .name = "ada", .role = ROLE_LEAD, .supervised = true };
	WRITE(&f, store_reviewer_insert(f.store, &reviewer, TEST_NOW, &f.error));
	OK(&f, store_reviewer_find(f.store, &f.arena, "ada", &found, &f.error));
	cr_assert_eq(found.row, reviewer.row);
	cr_expect_eq(found.role, ROLE_LEAD);
	cr_expect(found.supervised);
	cr_expect_not(found.disabled);
	cr_expect_eq(found.created_at, TEST_NOW);
	OK(&f, store_reviewer_find(f.store, &f.arena, "nobody", &found, &f.error));
	cr_expect_eq(found.row, 0);
	OK(&f, store_reviewer_list(f.store, &f.arena, &items, &count, &f.error));
	cr_assert_eq(count, 2);
	cr_expect_str_eq(items[0].name, "ada");
	cr_expect_str_eq(items[1].name, "ines");
}

Test(people, disabling_a_reviewer_releases_what_they_hold)
{
	struct session session = session_added(&f, "Harbour Lane");
	struct reviewer reviewer;
	fixture_begin(&f);
	OK(&f, store_session_set_claim(f.store, session.row, &(struct claim){ f.reviewer, TEST_NOW, TEST_NOW + 1 },
				       &f.error));
	OK(&f, store_reviewer_find(f.store, &f.arena, "ines", &reviewer, &f.error));
	reviewer.disabled = true;
	OK(&f, store_reviewer_update(f.store, &reviewer, TEST_NOW, &f.error));
	fixture_commit(&f);
	OK(&f, store_reviewer_find(f.store, &f.arena, "ines", &reviewer, &f.error));
	cr_expect(reviewer.disabled);
	OK(&f, store_session_load(f.store, &f.arena, session.row, &session, &f.error));
	cr_expect_str_empty(session.assignee);
	cr_expect_eq(session.claimed_at, TIME_NONE);
	cr_expect_eq(session.claim_expires_at, TIME_NONE);
}

Test(people, the_name_of_a_disabled_reviewer_is_never_used_again)
{
	struct reviewer reviewer;
	fixture_begin(&f);
	OK(&f, store_reviewer_find(f.store, &f.arena, "ines", &reviewer, &f.error));
	reviewer.disabled = true;
	OK(&f, store_reviewer_update(f.store, &reviewer, TEST_NOW, &f.error));
	struct reviewer again = { .name = "ines", .role = ROLE_VIEWER };
	cr_expect_eq(store_reviewer_insert(f.store, &again, TEST_NOW, &f.error), ERR_CONFLICT);
	cr_expect(strstr(f.error.message, "never used again") != NULL, "%s", f.error.message);
	fixture_commit(&f);
}

Test(people, a_merchant_is_found_and_gets_a_code)
{
	struct merchant merchant, *items = NULL;
	size_t count = 0;
	OK(&f, store_merchant_find(f.store, &f.arena, "northwind-pay", &merchant, &f.error));
	cr_assert_neq(merchant.row, 0);
	cr_expect_str_empty(merchant.api_code);
	fixture_begin(&f);
	merchant.api_code = "code-1";
	OK(&f, store_merchant_put(f.store, &merchant, TEST_NOW, &f.error));
	merchant.row = 0;
	cr_expect_eq(store_merchant_put(f.store, &merchant, TEST_NOW, &f.error), ERR_CONFLICT);
	fixture_commit(&f);
	OK(&f, store_merchant_list(f.store, &f.arena, &items, &count, &f.error));
	cr_assert_eq(count, 1);
	cr_expect_str_eq(items[0].api_code, "code-1");
}

Test(people, the_same_profile_text_is_stored_once)
{
	const char *body = NULL;
	int64_t first = 0;
	int64_t again = 0;
	int64_t changed = 0;
	fixture_begin(&f);
	OK(&f, store_workflow_put(f.store, &(struct workflow_text){ "ralio-kyb", 1, "{\"a\":1} and more", 7 }, TEST_NOW,
				  &first, &f.error));
	OK(&f, store_workflow_put(f.store, &(struct workflow_text){ "ralio-kyb", 1, "{\"a\":1}", 7 }, TEST_NOW, &again,
				  &f.error));
	OK(&f, store_workflow_put(f.store, &(struct workflow_text){ "ralio-kyb", 2, "{\"a\":2}", 7 }, TEST_NOW,
				  &changed, &f.error));
	fixture_commit(&f);
	cr_expect_eq(first, again);
	cr_expect_neq(first, changed);
	OK(&f, store_workflow_body(f.store, &f.arena, first, &body, &f.error));
	cr_expect_str_eq(body, "{\"a\":1}");
	cr_expect_eq(store_workflow_body(f.store, &f.arena, 99, &body, &f.error), ERR_NOT_FOUND);
}
