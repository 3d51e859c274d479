/* A provider's key can report results of the provider's checks, also in production, and can do nothing else. */
#include "fixture.h"
#include "kybdesk/desk/outside.h"

static struct fixture f;

static void set_up(void)
{
	fixture_open(&f);
	fixture_ready(&f, "RAL-1");
	fixture_in_production(&f);
}

static void tear_down(void)
{
	fixture_close(&f);
}

TestSuite(provider_key, .init = set_up, .fini = tear_down);

/* Makes a key for a provider at the merchant of RAL-1; returns the bearer token. */
static const char *key_of(const char *provider, unsigned checks)
{
	struct strbuf key = STRBUF_INIT;
	const struct use_in in = { .verb = VERB_PROVIDER_KEY,
				   .part = "northwind-pay",
				   .text = provider,
				   .checks = checks,
				   .content_out = &key };
	const char *kept;

	must(fixture_use(&f, f.ada, &in));
	kept = arena_strdup(&f.arena, key.buf);
	strbuf_wipe(&key);
	return kept;
}

static const char *session_id(void)
{
	return sql_text(&f, "SELECT uuid FROM session WHERE external_ref = 'RAL-1'");
}

static enum err act(const char *bearer, struct use_in in)
{
	struct caller caller = fixture_caller(&f, bearer);
	enum err err;

	in.session = in.session ? in.session : session_id();
	desk_set_caller(f.vic, &caller);
	err = fixture_use(&f, f.vic, &in);
	desk_set_caller(f.vic, NULL);
	return err;
}

static enum err report(const char *bearer, enum check_kind kind, enum check_status status)
{
	struct check check;

	check_init(&check);
	check.kind = kind;
	check.status = status;
	return act(bearer,
		   (struct use_in){ .verb = VERB_CHECK_REPORT, .capacity = CAPACITY_PROVIDER, .result = &check });
}

static const char *crypto(void)
{
	return sql_text(&f, "SELECT status || ' by ' || reported_by || ', ' || beside || ' by ' || beside_by FROM "
			    "check_result WHERE kind = 'crypto'");
}

#define WATCHED (1u << CHECK_WATCHLIST | 1u << CHECK_CRYPTO)

Test(provider_key, reports_results_of_its_checks)
{
	const char *key = key_of("watchman", WATCHED);

	must(report(key, CHECK_CRYPTO, CHECK_FAILED));
	expect_text(crypto(), "failed by provider:watchman,  by ");
	expect_error(report(key, CHECK_BUREAU, CHECK_PASSED), ERR_FORBIDDEN,
		     "This key cannot report results of the check bureau");
	expect_sql("SELECT actor || ' ' || json_extract(detail, '$.reported_as') FROM audit_event "
		   "WHERE action = 'check.report'",
		   "provider:watchman provider");
	expect_sql("SELECT material || ' ' || part FROM contribution WHERE actor = "
		   "'provider:watchman'",
		   "data check:crypto");
}

/* A passed check of one provider does not replace the failed check of another provider. */
Test(provider_key, stands_beside_another_provider)
{
	const char *first = key_of("watchman", WATCHED), *second = key_of("easy", WATCHED);

	must(report(first, CHECK_CRYPTO, CHECK_FAILED));
	must(report(second, CHECK_CRYPTO, CHECK_PASSED));
	expect_text(crypto(), "failed by provider:watchman, passed by provider:easy");
	expect_error(approve_at_once(&f, f.rita, "RAL-1"), ERR_BLOCKED,
		     "provider:easy reported passed at 2026-11-20 12:00 UTC");
}

Test(provider_key, does_nothing_else)
{
	const char *key = key_of("watchman", WATCHED);
	struct caller caller = fixture_caller(&f, key);
	for (unsigned verb = 0; verb < VERB_COUNT; verb++)
		for (unsigned as = 0; as < CAPACITY_COUNT; as++) {
			const struct use_in in = { .verb = (enum verb)verb,
						   .capacity = (enum capacity)as,
						   .session = session_id(),
						   .results_json = "{\"final_decision\":\"approved\"}" };

			if (verb == VERB_CHECK_REPORT && as == CAPACITY_PROVIDER)
				continue;
			desk_set_caller(f.vic, &caller);
			cr_expect_eq(fixture_use(&f, f.vic, &in), ERR_FORBIDDEN, "%s as %s: %s",
				     use_cases[verb].audit_action, capacity_text((enum capacity)as), f.error.message);
			desk_set_caller(f.vic, NULL);
		}
}

Test(provider_key, sees_the_sessions_of_its_merchant_only)
{
	const char *key;

	must(USE(f.ada, MERCHANT_ADD, NULL, .part = "rival"));
	sql_change(&f, "UPDATE session SET merchant_id = (SELECT id FROM merchant WHERE name = 'rival')");
	key = key_of("watchman", WATCHED);
	expect_err(report(key, CHECK_CRYPTO, CHECK_PASSED), ERR_NOT_FOUND);
}

Test(provider_key, ends_when_it_is_replaced_or_revoked)
{
	const char *first = key_of("watchman", WATCHED), *second = key_of("watchman", 1u << CHECK_BUREAU);
	const struct use_in revoke = { .verb = VERB_PROVIDER_KEY_REVOKE, .part = "northwind-pay", .text = "watchman" };
	struct caller caller = fixture_caller(&f, first);
	cr_expect_not(caller.is_recognised);
	expect_err(report(second, CHECK_CRYPTO, CHECK_PASSED), ERR_FORBIDDEN);
	must(fixture_use(&f, f.ada, &revoke));
	caller = fixture_caller(&f, second);
	cr_expect_not(caller.is_recognised);
	expect_err(fixture_use(&f, f.ada, &revoke), ERR_BLOCKED);
}

Test(provider_key, has_a_plain_name_and_checks)
{
	static const char *const wrong[] = { "", "Watchman", "a b", "provider:x", "w\xc3\xa4" };
	struct strbuf key = STRBUF_INIT;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const struct use_in in = { .verb = VERB_PROVIDER_KEY,
					   .part = "northwind-pay",
					   .text = wrong[i],
					   .checks = WATCHED,
					   .content_out = &key };

		expect_err(fixture_use(&f, f.ada, &in), ERR_INVALID);
	}
	expect_err(USE(f.ada, PROVIDER_KEY, NULL, .part = "northwind-pay", .text = "watchman", .content_out = &key),
		   ERR_INVALID);
	cr_expect_eq(key.len, 0);
}
