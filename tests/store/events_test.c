/* A merchant's own events: pages, filters, and events that the merchant cannot see yet. */
#include "store/outbox_support.h"

#include <string.h>

OUTBOX(events);

static struct event_list events_of(struct outbox *o, const struct event_filter *wanted)
{
	struct event_filter filter = *wanted;
	struct event_list out;

	filter.merchant = o->session.merchant_row;
	filter.now = filter.now ? filter.now : TEST_NOW + HOUR;
	filter.limit = filter.limit ? filter.limit : 100;
	OK(&o->f, store_event_list(o->f.store, &o->f.arena, &filter, &out, &o->f.error));
	return out;
}
#define EVENTS(o, ...) events_of((o), &(const struct event_filter){ __VA_ARGS__ })

Test(events, are_paged_newest_first_while_more_come)
{
	struct event_list all, page;
	const char *after = "";
	size_t seen = 0;

	for (int i = 0; i < 25; i++)
		outbox_add_event(&o, i % 2 ? o.session.row : 0, 0, TEST_NOW);
	all = EVENTS(&o, .limit = 100);
	cr_assert_eq(all.count, 25);
	do {
		page = EVENTS(&o, .limit = 10, .after = after);
		for (size_t i = 0; i < page.count; i++, seen++)
			cr_expect_str_eq(page.items[i].id, all.items[seen].id);
		if (page.count)
			after = page.items[page.count - 1].id;
		outbox_add_event(&o, 0, 0, TEST_NOW);
	} while (page.count);
	cr_expect_eq(seen, 25);
	cr_expect_str_eq(all.items[1].session_id, o.session.id);
	cr_expect_str_eq(all.items[0].session_id, "");
	cr_expect_eq(all.items[0].body_length, 28);
	cr_expect_eq(EVENTS(&o, .session_id = o.session.id).count, 12);
	cr_expect_eq(EVENTS(&o, .type = "kyc.session_failed").count, 0);
	cr_expect_eq(EVENTS(&o, .type = "kyc.state_updated").count, 29);
	cr_expect_eq(EVENTS(&o, .from = TEST_NOW).count, 29);
	cr_expect_eq(EVENTS(&o, .until = TEST_NOW).count, 0);
	page = EVENTS(&o, .id = all.items[3].id);
	cr_assert_eq(page.count, 1);
	cr_expect_str_eq(page.items[0].id, all.items[3].id);
}

Test(events, of_a_decision_appear_with_the_end_of_its_grace_time_and_never_when_it_is_undone)
{
	struct event_filter filter = { .limit = 1, .now = TEST_NOW + HOUR };
	struct event_list found;

	outbox_add_event(&o, o.session.row, outbox_add_decision(&o, 1), TEST_NOW + 10000);
	shell_run(o.f.path,
		  arena_printf(&o.f.arena, "UPDATE decision SET held_until = %lld", (long long)TEST_NOW + 10000));
	cr_expect_eq(EVENTS(&o, .now = TEST_NOW + 9999).count, 0);
	found = EVENTS(&o, .now = TEST_NOW + 10000);
	cr_assert_eq(found.count, 1);
	filter.merchant = o.session.merchant_row;
	filter.after = found.items[0].id;
	OK(&o.f, store_event_list(o.f.store, &o.f.arena, &filter, &found, &o.f.error));
	filter.now = TEST_NOW;
	cr_expect_eq(store_event_list(o.f.store, &o.f.arena, &filter, &found, &o.f.error), ERR_INVALID);
	cr_expect_str_eq(o.f.error.field, "cursor");
	error_release(&o.f.error);
	shell_run(o.f.path, "UPDATE decision SET undone = 1");
	cr_expect_eq(EVENTS(&o, .now = TEST_NOW + HOUR).count, 0);
	shell_run(o.f.path, "UPDATE decision SET undone = 0");
	shell_run(o.f.path, "UPDATE session SET hidden = 1");
	cr_expect_eq(EVENTS(&o, .now = TEST_NOW + HOUR).count, 0);
}

Test(events, of_one_merchant_are_no_others)
{
	struct event_filter filter = { .limit = 10, .now = TEST_NOW };
	struct event_list found;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	filter.after = EVENTS(&o, .limit = 1).items[0].id;
	filter.merchant = o.session.merchant_row + 1;
	cr_expect_eq(store_event_list(o.f.store, &o.f.arena, &filter, &found, &o.f.error), ERR_INVALID);
	error_release(&o.f.error);
	filter.id = filter.after;
	filter.after = "";
	OK(&o.f, store_event_list(o.f.store, &o.f.arena, &filter, &found, &o.f.error));
	cr_expect_eq(found.count, 0);
}

Test(events, a_removed_endpoint_gets_nothing_and_is_in_no_list)
{
	struct endpoint_list endpoints;
	struct endpoint found;
	struct delivery_item *items;
	size_t count;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	OK(&o.f, store_endpoint_list(o.f.store, &o.f.arena, "", &endpoints, &o.f.error));
	WRITE(&o.f, store_endpoint_set_state(
			    o.f.store, &(struct endpoint_switch){ ENDPOINT_REMOVE, o.endpoint, "moved", TEST_NOW, 0 },
			    &o.f.error));
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW), DELIVERY_UNSENT);
	cr_expect_eq(store_endpoint_find(o.f.store, &o.f.arena, endpoints.items[0].id, &found, &o.f.error),
		     ERR_NOT_FOUND);
	error_release(&o.f.error);
	OK(&o.f, store_endpoint_list(o.f.store, &o.f.arena, "", &endpoints, &o.f.error));
	cr_expect_eq(endpoints.count, 0);
	cr_expect_eq(outbox_add_event(&o, o.session.row, 0, TEST_NOW), 0);
	items = outbox_list(&o, TEST_NOW, 0, &count);
	cr_expect_str_eq(items[0].note, "the merchant has no endpoint");
	cr_expect_str_eq(items[0].endpoint_id, "");
}
