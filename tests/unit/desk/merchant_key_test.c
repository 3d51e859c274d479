/* API keys of a merchant, with a test clock: overlap, expiry, names, and the data that the store keeps. */
#include "fixture.h"
#include "kybdesk/domain/permission.h"

#define HOUR_MS (60 * MINUTE_MS)
#define DAY (24 * (int64_t)HOUR_MS)

static struct fixture f;

static void set_up(void)
{
	fixture_open(&f);
	must(USE(f.ada, MERCHANT_ADD, NULL, .part = "northwind-pay"));
}

static void tear_down(void)
{
	fixture_close(&f);
}

TestSuite(merchant_key, .init = set_up, .fini = tear_down);

/* Makes or rotates a key; returns the new key. */
static const char *make(struct use_in in)
{
	struct strbuf key = STRBUF_INIT;
	const char *kept;

	in.part = "northwind-pay";
	in.content_out = &key;
	must(fixture_use(&f, f.ada, &in));
	kept = arena_strdup(&f.arena, key.buf);
	strbuf_wipe(&key);
	return kept;
}
#define MAKE(...) make((struct use_in){ .verb = VERB_MERCHANT_KEY, __VA_ARGS__ })
#define ROTATE(...) make((struct use_in){ .verb = VERB_MERCHANT_KEY_ROTATE, __VA_ARGS__ })

static enum err refused(struct use_in in)
{
	struct strbuf key = STRBUF_INIT;
	enum err err;

	in.part = "northwind-pay";
	in.content_out = &key;
	err = fixture_use(&f, f.ada, &in);
	cr_expect_eq(key.len, 0);
	strbuf_wipe(&key);
	return err;
}
#define REFUSED(code, ...) cr_expect_eq(refused((struct use_in){ __VA_ARGS__ }), code, "%s", f.error.message)

static bool works(const char *bearer)
{
	struct caller caller = fixture_caller(&f, bearer);

	return caller.is_recognised;
}

static const struct merchant_key_info *listed(size_t at, size_t want)
{
	struct merchant_key_info *items;
	size_t count;

	must(desk_merchant_keys(f.vic, &f.arena, &items, &count, &f.error));
	cr_assert_eq(count, want, "%zu", count);
	return &items[at];
}

Test(merchant_key, several_work_at_a_time)
{
	const char *first = MAKE(.text = ""), *second = MAKE(.text = ""), *web = MAKE(.text = "web");

	cr_expect(works(first) && works(second) && works(web));
	expect_text(listed(0, 3)->name, "default");
	expect_text(listed(1, 3)->name, "default-2");
	cr_expect_eq(listed(2, 3)->permissions, KEY_PERMISSIONS_DEFAULT);
	REFUSED(ERR_CONFLICT, .verb = VERB_MERCHANT_KEY, .text = "web");
	REFUSED(ERR_INVALID, .verb = VERB_MERCHANT_KEY, .text = "We b");
	REFUSED(ERR_INVALID, .verb = VERB_MERCHANT_KEY, .text = "x", .lifetime_ms = -1);
	REFUSED(ERR_INVALID, .verb = VERB_MERCHANT_KEY, .text = "x", .lifetime_ms = INT64_MAX);
	cr_expect(works(first) && works(second) && works(web));
}

Test(merchant_key, works_through_the_overlap_and_not_after_it)
{
	const char *old = MAKE(.text = "web", .permissions = 1u << PERMIT_READ);
	const char *new = ROTATE(.text = "web", .overlap_ms = 2 * HOUR_MS);

	cr_expect(works(old) && works(new));
	cr_expect_eq(fixture_caller(&f, new).permissions, 1u << PERMIT_READ);
	expect_text(listed(0, 2)->state, "overlap");
	expect_text(listed(1, 2)->state, "works");
	forward(&f, 2 * HOUR_MS - 1);
	cr_expect(works(old));
	forward(&f, 1);
	cr_expect_not(works(old));
	cr_expect(works(new));
	cr_expect(strstr(fixture_caller(&f, old).key_end_sentence, "replaced"));
	expect_text(listed(0, 2)->state, "rotated");
	REFUSED(ERR_NOT_FOUND, .verb = VERB_MERCHANT_KEY_ROTATE, .text = "nobody");
	REFUSED(ERR_INVALID, .verb = VERB_MERCHANT_KEY_ROTATE, .text = "web", .overlap_ms = -1);
	REFUSED(ERR_INVALID, .verb = VERB_MERCHANT_KEY_ROTATE, .text = "web", .overlap_ms = KEY_OVERLAP_MAX_MS + 1);
}

/* An overlap does not extend the old key's time; the new key gets the lifetime that the old key had at its start. */
Test(merchant_key, expires)
{
	const char *old = MAKE(.text = "web", .lifetime_ms = 2 * DAY), *new;

	forward(&f, DAY);
	new = ROTATE(.text = "web", .overlap_ms = 30 * DAY);
	cr_expect(works(old));
	forward(&f, DAY);
	cr_expect_not(works(old));
	cr_expect(works(new));
	forward(&f, DAY);
	cr_expect_not(works(new));
	cr_expect(strstr(fixture_caller(&f, new).key_end_sentence, "expired"));
	expect_text(listed(1, 2)->state, "expired");
	REFUSED(ERR_BLOCKED, .verb = VERB_MERCHANT_KEY_ROTATE, .text = "web");
	REFUSED(ERR_BLOCKED, .verb = VERB_MERCHANT_KEY_REVOKE, .text = "web");
	/* The name of an expired key is free again; expired keys are not listed after a month. */
	cr_expect(works(MAKE(.text = "web")));
	(void)listed(0, 3);
	forward(&f, 31 * DAY);
	cr_expect(works(MAKE(.text = "app")));
	(void)listed(0, 2);
}

Test(merchant_key, is_revoked_with_the_ones_before_it)
{
	const char *first = MAKE(.text = "web"), *second = ROTATE(.text = "web", .overlap_ms = DAY), *third, *other;

	third = ROTATE(.text = "web", .overlap_ms = DAY);
	other = MAKE(.text = "app");
	cr_expect(works(first) && works(second) && works(third));
	must(USE(f.ada, MERCHANT_KEY_REVOKE, NULL, .part = "northwind-pay", .text = "web"));
	cr_expect_not(works(first) || works(second) || works(third));
	cr_expect(works(other));
	cr_expect(strstr(fixture_caller(&f, first).key_end_sentence, "revoked"));
	REFUSED(ERR_NOT_FOUND, .verb = VERB_MERCHANT_KEY_REVOKE, .text = "web");
}

/* A token works only as long as the key that it was made with. */
Test(merchant_key, ends_its_tokens)
{
	const char *key = MAKE(.text = "web", .lifetime_ms = 30 * MINUTE_MS), *other = MAKE(.text = "app");
	struct strbuf token = STRBUF_INIT, wrong = STRBUF_INIT;
	const char *code = sql_text(&f, "SELECT api_code FROM merchant WHERE name = 'northwind-pay'");
	int64_t expires_at;

	must(desk_login(f.vic, &(const struct login){ code, key }, &token, &expires_at, &f.error));
	cr_expect(works(token.buf));
	must(desk_login(f.vic, &(const struct login){ "mch_other", key }, &wrong, &expires_at, &f.error));
	cr_expect_eq(wrong.len, 0);
	forward(&f, 30 * MINUTE_MS);
	cr_expect_not(works(token.buf));
	must(desk_login(f.vic, &(const struct login){ code, key }, &wrong, &expires_at, &f.error));
	cr_expect_eq(wrong.len, 0, "an expired key");
	must(desk_login(f.vic, &(const struct login){ code, other }, &wrong, &expires_at, &f.error));
	cr_expect(works(wrong.buf));
	strbuf_wipe(&token);
	strbuf_wipe(&wrong);
}

Test(merchant_key, shares_its_names_with_providers)
{
	const char *own = MAKE(.text = "web");

	cr_expect(works(
		make((struct use_in){ .verb = VERB_PROVIDER_KEY, .text = "watchman", .checks = 1u << CHECK_CRYPTO })));
	REFUSED(ERR_CONFLICT, .verb = VERB_PROVIDER_KEY, .text = "web", .checks = 1u << CHECK_CRYPTO);
	REFUSED(ERR_CONFLICT, .verb = VERB_MERCHANT_KEY, .text = "watchman");
	REFUSED(ERR_BLOCKED, .verb = VERB_PROVIDER_KEY_REVOKE, .text = "web");
	cr_expect(works(own));
	/* A provider's key is rotated like any other key; the new key is a provider's key, too. */
	cr_expect_eq(fixture_caller(&f, ROTATE(.text = "watchman", .overlap_ms = DAY)).capacity, CAPACITY_PROVIDER);
}

Test(merchant_key, has_create_and_read_alone_in_production)
{
	fixture_in_production(&f);
	REFUSED(ERR_INVALID, .verb = VERB_MERCHANT_KEY, .permissions = 1u << PERMIT_REVIEW);
	cr_expect(strstr(f.error.message, "reviewer key NAME"), "%s", f.error.message);
	REFUSED(ERR_INVALID, .verb = VERB_MERCHANT_KEY, .permissions = PERMISSIONS_ALL);
	cr_expect_eq(fixture_caller(&f, MAKE(.text = "web")).permissions, KEY_PERMISSIONS_DEFAULT);
}

Test(merchant_key, notes_its_use_outside_the_audit_log)
{
	struct caller caller = fixture_caller(&f, MAKE(.text = "web"));
	int64_t records = sql_int(&f, "SELECT count(*) FROM audit_event");
	int64_t commitments = sql_int(&f, "SELECT count(*) FROM row_commitment");

	cr_expect_eq(caller.key_used_at, TIME_NONE);
	must(desk_mark_key_used(f.vic, caller.key_row, &f.error));
	cr_expect_eq(listed(0, 1)->used_at, f.world.wall_ms);
	expect_rows(records, "audit_event");
	expect_rows(commitments, "row_commitment");
	fixture_verify(&f);
}

Test(merchant_key, are_a_hundred_at_most)
{
	for (int i = 0; i < 100; i++)
		(void)MAKE(.text = "");
	REFUSED(ERR_BLOCKED, .verb = VERB_MERCHANT_KEY);
	REFUSED(ERR_BLOCKED, .verb = VERB_MERCHANT_KEY_ROTATE, .text = "default-9");
}
