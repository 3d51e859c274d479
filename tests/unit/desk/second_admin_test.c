/* In production with several admins, a change of people, keys, rules or settings needs two of them. */
#include "fixture.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/rules.h"
#include "support/process.h"

#define A_WEEK_MS (7 * 24 * 60 * (int64_t)MINUTE_MS)

static struct fixture f;
static struct desk *amy;

static void set_up(void)
{
	fixture_open(&f);
	fixture_in_production(&f);
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_ADMIN));
	amy = fixture_production_desk(&f, "amy");
}

static void tear_down(void)
{
	desk_close(amy);
	fixture_close(&f);
}

TestSuite(second_admin, .init = set_up, .fini = tear_down);

/* Requests the change; returns whether it waits for a second admin. */
static bool waits(struct desk *desk, const struct use_in *in)
{
	must(fixture_use(&f, desk, in));
	return f.out.is_proposal;
}

static const char *role_of(const char *name)
{
	return sql_text(
		&f,
		arena_printf(&f.arena, "SELECT coalesce((SELECT role FROM reviewer WHERE name = '%s'), 'none')", name));
}

static int64_t records(const char *word)
{
	return sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM audit_event WHERE action = '%s'", word));
}

static const struct use_in add_zoe = { .verb = VERB_REVIEWER_ADD, .part = "zoe", .role = ROLE_LEAD };

Test(second_admin, adds_a_person_that_the_first_one_offered)
{
	int64_t before = records("reviewer.add");

	cr_expect(waits(f.ada, &add_zoe));
	expect_text(role_of("zoe"), "none");
	cr_expect(waits(f.ada, &add_zoe), "the same admin, however often");
	cr_expect_eq(records("reviewer.add"), before + 1, "a repeated offer changes nothing");
	expect_sql("SELECT json_extract(detail, '$.offered') || json_extract(detail, '$.admins') FROM "
		   "audit_event ORDER BY seq DESC LIMIT 1",
		   "12");
	cr_expect_not(waits(amy, &add_zoe));
	expect_text(role_of("zoe"), "lead");
	expect_sql("SELECT actor || ' after ' || json_extract(detail, '$.offered_by') FROM "
		   "audit_event ORDER BY seq DESC LIMIT 1",
		   "amy after ada");
	expect_rows(0, "offer");
}

/* Offers of changes: the number of all, and of the offers that this reviewer can confirm. */
static void expect_offers(struct desk *desk, size_t all, size_t for_actor)
{
	struct offered_change *items;
	size_t count, mine = 0;

	must(desk_offers(desk, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++) {
		mine += items[i].is_for_actor;
		cr_expect(*items[i].by && *items[i].change && *items[i].advice);
	}
	cr_expect_eq(count, all);
	cr_expect_eq(mine, for_actor);
}

Test(second_admin, is_listed_for_those_that_can_confirm)
{
	static const struct use_in kim = { .verb = VERB_REVIEWER_ADD, .part = "kim", .role = ROLE_ADMIN };
	struct desk *late;

	expect_offers(amy, 0, 0);
	cr_expect(waits(f.ada, &add_zoe));
	expect_offers(f.ada, 1, 0);
	expect_offers(amy, 1, 1);
	expect_offers(f.lea, 1, 0);
	expect_offers(f.vic, 1, 0);
	/* An admin added after the offer does not confirm it, nor anybody an offer of a disabled admin. */
	cr_expect(waits(f.ada, &kim));
	forward(&f, MINUTE_MS);
	cr_expect_not(waits(amy, &kim));
	late = fixture_production_desk(&f, "kim");
	expect_offers(late, 1, 0);
	must(USE(amy, REVIEWER_DISABLE, NULL, .part = "ada"));
	expect_offers(amy, 1, 0);
	desk_close(late);
}

Test(second_admin, confirms_the_same_change_only)
{
	const struct use_in other = { .verb = VERB_REVIEWER_ADD, .part = "zoe", .role = ROLE_VIEWER };
	const struct use_in supervised = {
		.verb = VERB_REVIEWER_ADD, .part = "zoe", .role = ROLE_LEAD, .supervised = true
	};

	cr_expect(waits(f.ada, &add_zoe));
	cr_expect(waits(amy, &other), "another role");
	cr_expect(waits(f.ada, &add_zoe), "the other change took its place");
	cr_expect(waits(amy, &supervised), "a supervised lead");
	cr_expect(waits(amy, &add_zoe));
	expect_text(role_of("zoe"), "none");
	cr_expect_not(waits(f.ada, &add_zoe));
}

/* If bo's role has changed since an offer to change it, the same request makes a new offer, and confirms none. */
Test(second_admin, confirms_what_still_holds)
{
	const struct use_in lead = { .verb = VERB_REVIEWER_ROLE, .part = "bo", .role = ROLE_LEAD };
	const struct use_in viewer = { .verb = VERB_REVIEWER_ROLE, .part = "bo", .role = ROLE_VIEWER };

	cr_expect(waits(f.ada, &lead));
	sql_change(&f, "UPDATE reviewer SET role = 'viewer' WHERE name = 'bo'");
	cr_expect(waits(amy, &lead));
	expect_text(role_of("bo"), "viewer");
	cr_expect_not(waits(f.ada, &lead));
	expect_text(role_of("bo"), "lead");
	cr_expect(waits(amy, &viewer));
	cr_expect_not(waits(f.ada, &viewer));
}

Test(second_admin, lets_a_key_in)
{
	const struct use_in key = {
		.verb = VERB_ACCESS_ADD,
		.part = "rita",
		.text = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl "
			"rita@desk"
	};
	static const char keys[] = "SELECT count(*) FROM access_key";

	cr_expect(waits(f.ada, &key));
	cr_expect_eq(sql_int(&f, keys), 0);
	cr_expect_not(waits(amy, &key));
	cr_expect_eq(sql_int(&f, keys), 1);
}

/* The key is made when the second admin confirms, and only the second admin gets it. */
static void expect_key_of_two(enum verb verb, const char *part)
{
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	struct caller caller;

	cr_expect(waits(f.ada, &(const struct use_in){ .verb = verb, .part = part, .content_out = &first }));
	cr_expect_eq(first.len, 0);
	cr_expect_not(waits(amy, &(const struct use_in){ .verb = verb, .part = part, .content_out = &second }));
	cr_assert_gt(second.len, 20);
	must(desk_auth_bearer(f.vic, &f.arena, second.buf, &caller, &f.error));
	cr_expect(caller.is_recognised);
	strbuf_wipe(&first);
	strbuf_wipe(&second);
}

Test(second_admin, gets_the_key)
{
	must(USE(f.ada, MERCHANT_ADD, NULL, .part = "northwind-pay"));
	expect_key_of_two(VERB_REVIEWER_KEY, "rita");
	expect_key_of_two(VERB_MERCHANT_KEY, "northwind-pay");
}

Test(second_admin, confirms_the_permissions_of_a_key)
{
	struct strbuf key = STRBUF_INIT;
	struct use_in in = {
		.verb = VERB_MERCHANT_KEY, .part = "northwind-pay", .content_out = &key, .permissions = 1u << 2
	};

	must(USE(f.ada, MERCHANT_ADD, NULL, .part = "northwind-pay"));
	cr_expect(waits(f.ada, &in));
	in.permissions = 0;
	cr_expect(waits(amy, &in), "the usual permissions");
	cr_expect_eq(key.len, 0);
}

Test(second_admin, changes_settings_and_rules)
{
	const char *path =
		fixture_changed(&f, "workflows/ralio-kyb.json", "\"version\": 1", "\"version\": 2", "ralio-kyb.json");
	const struct use_in rules = { .verb = VERB_WORKFLOW_INSTALL, .part = path };
	const struct use_in setting = { .verb = VERB_STORE_SET,
					.part = "public_url",
					.text = "https://elsewhere.example" };
	static const char version[] = "SELECT version FROM rule_text WHERE name = 'ralio-kyb' AND current = 1";

	cr_expect(waits(amy, &setting));
	expect_sql("SELECT value FROM store_info WHERE key = 'public_url'", "https://verify.example");
	cr_expect_not(waits(f.ada, &setting));
	expect_sql("SELECT value FROM store_info WHERE key = 'public_url'", "https://elsewhere.example");
	cr_expect(waits(f.ada, &rules));
	cr_expect_eq(sql_int(&f, version), 1);
	cr_expect_not(waits(amy, &rules));
	cr_expect_eq(sql_int(&f, version), 2);
}

/* Disabling the only other admin does not help: a disabled admin counts for a week. */
Test(second_admin, counts_for_a_week_when_disabled)
{
	const struct use_in twin = { .verb = VERB_REVIEWER_ADD, .part = "zoe", .role = ROLE_ADMIN };
	const struct use_in demote = { .verb = VERB_REVIEWER_ROLE, .part = "amy", .role = ROLE_VIEWER };

	cr_expect(waits(f.ada, &add_zoe));
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "amy"));
	cr_expect(waits(f.ada, &add_zoe));
	cr_expect(waits(f.ada, &twin), "a second name of one's own");
	cr_expect(waits(f.ada, &demote));
	expect_text(role_of("zoe"), "none");
	expect_err(fixture_use(&f, amy, &add_zoe), ERR_FORBIDDEN);
	forward(&f, A_WEEK_MS - SECOND_MS);
	cr_expect(waits(f.ada, &twin));
	forward(&f, SECOND_MS);
	cr_expect_not(waits(f.ada, &twin), "a desk that lost an admin goes on");
}

Test(second_admin, does_not_confirm_for_a_disabled_one)
{
	cr_expect(waits(f.ada, &add_zoe));
	must(USE(amy, REVIEWER_DISABLE, NULL, .part = "ada"));
	cr_expect(waits(amy, &add_zoe));
	expect_text(role_of("zoe"), "none");
}

/* An admin that was added after the offer does not confirm it, but makes a new offer. */
Test(second_admin, was_there_before_the_offer)
{
	const struct use_in zed = { .verb = VERB_REVIEWER_ADD, .part = "zed", .role = ROLE_ADMIN };
	struct desk *new_admin;

	cr_expect(waits(f.ada, &add_zoe));
	forward(&f, MINUTE_MS);
	cr_expect(waits(f.ada, &zed));
	cr_expect_not(waits(amy, &zed));
	new_admin = fixture_production_desk(&f, "zed");
	cr_expect(waits(new_admin, &add_zoe));
	expect_text(role_of("zoe"), "none");
	cr_expect_not(waits(f.ada, &add_zoe));
	desk_close(new_admin);
}

Test(second_admin, is_waited_for_in_the_notices)
{
	struct doctor_finding *items;
	size_t count;
	bool named = false;

	cr_expect(waits(f.ada, &add_zoe));
	must(desk_run_doctor(f.ada, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++)
		named = named ||
			!strcmp(items[i].message,
				"ada offered at 2026-11-20 12:00 UTC to add reviewers: reviewer zoe, role lead, "
				"supervised false");
	cr_expect(named);
}

Test(second_admin, is_not_needed_to_disable)
{
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "bo"));
	expect_rows(1, "reviewer WHERE name = 'bo' AND disabled_at > 0");
}

Test(second_admin, sees_mistakes_at_once)
{
	struct use_in in = add_zoe;
	in.part = "am-y";
	expect_err(fixture_use(&f, f.ada, &in), ERR_CONFLICT);
	in.part = "bo";
	expect_err(fixture_use(&f, f.ada, &in), ERR_CONFLICT);
	expect_rows(0, "offer");
}

/* What reaches the outside world: addresses and secrets of webhooks, texts to clients, names of merchants. */
static const char url[] = "https://hooks.example/kyb", everything[] = "*";
static const char *const all_events[] = { everything };

static bool add_waits(struct desk *desk, struct strbuf *secret)
{
	return waits(desk, &(const struct use_in){ .verb = VERB_ENDPOINT_ADD,
						   .part = "northwind-pay",
						   .url = url,
						   .events = all_events,
						   .event_count = 1,
						   .content_out = secret });
}

static bool endpoint_waits(struct desk *desk, enum verb verb, const char *reason)
{
	return waits(desk, &(const struct use_in){ .verb = verb, .part = url, .reason = reason });
}

static void add_endpoint(struct strbuf *secret)
{
	must(USE(f.ada, MERCHANT_ADD, NULL, .part = "northwind-pay"));
	cr_expect(add_waits(f.ada, secret));
	cr_expect_eq(secret->len, 0);
	expect_rows(0, "endpoint");
	cr_expect_not(add_waits(amy, secret));
	cr_expect_gt(secret->len, 20);
}

Test(second_admin, confirms_an_endpoint_its_secret_and_its_address)
{
	const struct endpoint_change move = { .url = "https://elsewhere.example",
					      .enabled = CHOICE_DEFAULT,
					      .max_concurrency = -1,
					      .deliveries_per_minute = -1 };
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	struct use_in rotate = { .verb = VERB_ENDPOINT_ROTATE, .part = url, .hours = 1, .content_out = &first };
	struct use_in edit = { .verb = VERB_ENDPOINT_EDIT, .part = url, .changes = &move };

	add_endpoint(&second);
	cr_expect(waits(f.ada, &rotate));
	cr_expect_eq(first.len, 0);
	expect_sql("SELECT old_secret FROM endpoint", "");
	rotate.hours = 2;
	cr_expect(waits(amy, &rotate), "another overlap");
	cr_expect_not(waits(f.ada, &rotate));
	cr_expect_gt(first.len, 20);
	expect_sql("SELECT old_secret FROM endpoint", second.buf);
	cr_expect(waits(f.ada, &edit));
	expect_sql("SELECT url FROM endpoint", url);
	cr_expect_not(waits(amy, &edit));
	expect_sql("SELECT url FROM endpoint", move.url);
	edit.verb = VERB_ENDPOINT_REMOVE;
	edit.part = move.url;
	cr_expect(waits(f.ada, &edit));
	expect_rows(1, "endpoint WHERE removed_at IS NULL");
	cr_expect_not(waits(amy, &edit));
	expect_rows(0, "endpoint WHERE removed_at IS NULL");
	expect_rows(0, "offer");
	strbuf_wipe(&first);
	strbuf_wipe(&second);
}

static bool is_noticed(const char *text)
{
	struct rule_notice *items;
	size_t count;
	bool named = false;

	must(desk_rule_notices(f.lea, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++)
		named = named || (strstr(items[i].message, text) && strstr(items[i].advice, "acts already"));
	return named;
}

/* Disabling acts at once and is shown until it is confirmed. One admin takes it back before; two do after. */
Test(second_admin, confirms_a_disabled_endpoint)
{
	struct strbuf secret = STRBUF_INIT;

	add_endpoint(&secret);
	cr_expect(endpoint_waits(f.ada, VERB_ENDPOINT_DISABLE, "It looks wrong"));
	expect_rows(1, "endpoint WHERE disabled_reason = 'It looks wrong'");
	cr_expect(is_noticed("ada offered"));
	expect_err(USE(f.ada, ENDPOINT_DISABLE, NULL, .part = url), ERR_BLOCKED);
	cr_expect_not(endpoint_waits(amy, VERB_ENDPOINT_ENABLE, NULL), "nobody confirmed it");
	cr_expect_not(is_noticed("ada offered"));
	cr_expect(endpoint_waits(amy, VERB_ENDPOINT_DISABLE, "Moved"));
	cr_expect_not(endpoint_waits(f.ada, VERB_ENDPOINT_DISABLE, "Yes, moved"));
	expect_rows(1, "endpoint WHERE disabled_reason = 'Moved'");
	cr_expect_not(is_noticed("amy offered"));
	expect_err(USE(amy, ENDPOINT_DISABLE, NULL, .part = url), ERR_BLOCKED);
	cr_expect(endpoint_waits(f.ada, VERB_ENDPOINT_ENABLE, NULL));
	expect_rows(1, "endpoint WHERE disabled_reason = 'Moved'");
	cr_expect_not(endpoint_waits(amy, VERB_ENDPOINT_ENABLE, NULL));
	expect_rows(0, "endpoint WHERE disabled_reason = 'Moved'");
	strbuf_wipe(&secret);
}

Test(second_admin, is_not_asked_about_a_merchants_own_call)
{
	struct strbuf key = STRBUF_INIT, secret = STRBUF_INIT;
	const struct use_in rotate = { .verb = VERB_ENDPOINT_ROTATE, .part = url, .content_out = &secret };
	const struct use_in make_key = { .verb = VERB_MERCHANT_KEY, .part = "northwind-pay", .content_out = &key };
	struct desk *server;
	struct caller caller;

	add_endpoint(&secret);
	cr_expect(waits(f.ada, &make_key));
	cr_expect_not(waits(amy, &make_key));
	server = fixture_production_desk(&f, "ada");
	caller = fixture_caller(&f, key.buf);
	desk_set_caller(server, &caller);
	cr_expect_not(waits(server, &rotate));
	cr_expect_not(add_waits(server, &secret));
	desk_close(server);
	strbuf_wipe(&key);
	strbuf_wipe(&secret);
}

Test(second_admin, or_lead_confirms_a_template)
{
	struct use_in set = { .verb = VERB_TEMPLATE_SET, .part = "hello", .text = "Please send the missing page." };

	cr_expect(waits(f.lea, &set));
	expect_rows(0, "message_template");
	set.text = "Please pay the fee.";
	cr_expect(waits(f.ada, &set), "another text");
	cr_expect_not(waits(f.lea, &set));
	expect_rows(1, "message_template");
	set.verb = VERB_TEMPLATE_REMOVE;
	cr_expect(waits(f.lea, &set));
	cr_expect_not(waits(amy, &set));
	expect_rows(0, "message_template");
}

Test(second_admin, is_asked_about_a_similar_merchant)
{
	struct use_in add = { .verb = VERB_MERCHANT_ADD, .part = "northwind-pay" };

	cr_expect_not(waits(f.ada, &add));
	add.part = "northwind-pays";
	cr_expect(waits(f.ada, &add));
	expect_rows(1, "merchant");
	cr_expect_not(waits(amy, &add));
	add.part = "harbour-lane";
	cr_expect_not(waits(f.ada, &add));
	expect_rows(3, "merchant");
}

/* Each verb of staff that changes more than a case has its row in docs/trust.md, with the number of people. */
Test(second_admin, each_verb_that_reaches_outside_has_its_row)
{
	char *page = temp_read(KYB_SOURCE_DIR "/docs/trust.md", NULL);

	for (size_t i = 0; i < VERB_COUNT; i++) {
		const struct use_case *row = &use_cases[i];
		const char *people = !(row->needs & NEED_SECOND_ADMIN) ? "one"
				     : row->role == ROLE_LEAD	       ? "two leads"
								       : "two admins";

		if (!(row->capacities & 1u << CAPACITY_STAFF) ||
		    row->needs & (NEED_CASE | NEED_DECISION | NEED_TRANSITION))
			continue;
		cr_expect(strstr(page, arena_printf(&f.arena, "| `%s` | %s", row->audit_action, people)),
			  "docs/trust.md lacks | `%s` | %s", row->audit_action, people);
	}
	free(page);
}

static void set_up_alone(void)
{
	fixture_open(&f);
}

static void tear_down_alone(void)
{
	fixture_close(&f);
}

TestSuite(only_admin, .init = set_up_alone, .fini = tear_down_alone);

Test(only_admin, needs_nobody)
{
	fixture_in_production(&f);
	cr_expect_not(waits(f.ada, &add_zoe));
	expect_text(role_of("zoe"), "lead");
}

Test(only_admin, of_a_sandbox_is_each_of_them)
{
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_ADMIN));
	cr_expect_not(waits(f.ada, &add_zoe));
	expect_text(role_of("zoe"), "lead");
}
