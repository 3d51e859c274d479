/* The valid settings of an endpoint, and the paging of its deliveries. */
#include "fixture.h"

FIXTURE_READY(endpoint);

static enum err add(const char *const *events, size_t count)
{
	struct strbuf secret = STRBUF_INIT;
	struct endpoint made;
	enum err err = desk_endpoint_add(f.ada, &f.arena, "northwind-pay", "https://hooks.example/kyb", events, count,
					 &made, &secret, &f.error);

	strbuf_wipe(&secret);
	return err;
}

static enum err rotate(int64_t hours)
{
	struct strbuf secret = STRBUF_INIT;
	enum err err = USE(f.ada, ENDPOINT_ROTATE, NULL, .part = "https://hooks.example/kyb", .hours = hours,
			   .content_out = &secret);

	strbuf_wipe(&secret);
	return err;
}

Test(endpoint, subscribes_to_each_event_once)
{
	static const char *const twice[] = { "kyc.session_failed", "kyc.session_failed" };

	expect_error(add(twice, 0), ERR_INVALID, "at least one event, or * for all");
	expect_error(add(twice, 2), ERR_INVALID, "'kyc.session_failed' is listed twice");
	expect_rows(0, "endpoint");
	must(add(twice, 1));
}

Test(endpoint, has_two_secrets_for_hours_that_there_can_be)
{
	fixture_endpoint(&f);
	for (int64_t hours = -1; hours < 1000; hours += 722) {
		enum err err = rotate(hours);

		cr_expect_eq(err, hours == 721 || hours < 0 ? ERR_INVALID : ERR_OK, "%lld", (long long)hours);
	}
	expect_says("the overlap of the two secrets must be 0 to 720 hours");
	must(rotate(720));
	cr_expect_eq(sql_int(&f, "SELECT old_secret_until FROM endpoint"), NOON + 720ll * 60 * MINUTE_MS);
	must(rotate(0));
	expect_sql("SELECT old_secret FROM endpoint", "");
}

Test(endpoint, s_deliveries_come_in_pages_of_any_size)
{
	struct webhook_query query = { .limit = 2 };
	struct delivery_item *items;
	const char *next;
	size_t count, seen = 0;

	fixture_endpoint(&f);
	for (int i = 0; i < 5; i++) {
		must(USE(f.lea, REJECT, "RAL-1", .reason = "other"));
		must(USE(f.lea, UNDO, "RAL-1"));
	}
	int64_t all = sql_int(&f, "SELECT count(*) FROM delivery");
	cr_assert_eq(all, 5);
	do {
		must(desk_webhooks(f.rita, &f.arena, &query, &items, &count, &next, &f.error));
		cr_assert_leq(count, 2);
		seen += count;
		query.after = next;
	} while (*next);
	cr_expect_eq((int64_t)seen, all);
	query.after = "first";
	expect_error(desk_webhooks(f.rita, &f.arena, &query, &items, &count, &next, &f.error), ERR_INVALID,
		     "\"first\" is not a cursor");
}
