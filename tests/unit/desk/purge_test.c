/* Purge erases the cases that are due, and no others; it needs two admins, and keeps the data that others need. */
#include "fixture.h"
#include "kybdesk/desk/sandbox.h"
#include "kybdesk/desk/retention.h"
#include "money.h"

FIXTURE(purge);

#define WHY "the prosecutor of Porto asked for it"
#define DAY ((int64_t)24 * 60 * MINUTE_MS)
#define YEARS (1830 * DAY)

static enum err begin(struct desk *desk)
{
	return USE(desk, PURGE, NULL);
}

static enum err step(struct desk *desk)
{
	return USE(desk, PURGE_STEP, NULL);
}

static struct purge_counts finish(struct desk *desk)
{
	struct purge_counts all = { 0 };

	do {
		must(step(desk));
		all.users += f.out.purge_counts.users;
		all.sessions += f.out.purge_counts.sessions;
		all.documents += f.out.purge_counts.documents;
		all.skipped_user_count += f.out.purge_counts.skipped_user_count;
	} while (f.out.purge_counts.remaining_user_count || f.out.purge_counts.remaining_part_count);
	return all;
}

static void rejected(const char *ref)
{
	fixture_kyb(&f, &(struct kyb){ .ref = ref });
	must(USE(f.rita, REJECT, ref, .reason = "other"));
}

static int64_t count(const char *ref)
{
	return sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM session WHERE external_ref = '%s'", ref));
}

static int64_t records(const char *word)
{
	return sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM audit_event WHERE action = '%s'", word));
}

static struct purge_plan plan(void)
{
	struct purge_plan found = { .before = TIME_NONE };

	must(desk_purge_plan(f.ada, &f.arena, &found, &f.error));
	return found;
}

Test(purge, erases_what_is_due_and_nothing_else)
{
	static const char *const parts[] = { "document", "party",   "decision", "note",
					     "step",	 "attempt", "delivery", "outbox_event" };
	struct purge_counts all;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" });
	fixture_endpoint(&f);
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	cr_expect_gt(sql_int(&f, "SELECT count(*) FROM delivery"), 0);
	forward(&f, YEARS);
	rejected("RAL-2");
	must(begin(f.ada));
	cr_expect_eq(f.out.purge_counts.users, 1);
	cr_expect_eq(count("RAL-1"), 1, "nothing is erased yet");
	all = finish(f.ada);
	cr_expect_eq(all.users, 1);
	cr_expect_eq(all.sessions, 2);
	cr_expect_eq(all.documents, 4);
	cr_expect_eq(count("RAL-1"), 0);
	cr_expect_eq(count("RAL-2"), 1);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		cr_expect_eq(sql_int(&f, arena_printf(&f.arena,
						      "SELECT count(*) FROM %s WHERE session_id NOT IN (SELECT id FROM "
						      "session)",
						      parts[i])),
			     0, "%s", parts[i]);
	expect_rows(0, "delivery_attempt");
	expect_rows(sql_int(&f, "SELECT count(*) FROM session"), "session_text");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM subject WHERE name = 'Ines Duarte'"), 1, "the one of RAL-2");
	expect_sql("SELECT json_extract(detail, '$.kept_until') FROM audit_event WHERE action = "
		   "'session.purge'",
		   "2031-11-20 12:00 UTC");
	cr_expect_eq(records("purge.end"), 1);
	fixture_audited(&f);
	must(begin(f.ada));
	cr_expect_eq(records("purge.start"), 1, "nothing is due any more");
}

Test(purge, empties_a_business_whose_relationship_ended)
{
	fixture_ready(&f, "RAL-1");
	must(approve_at_once(&f, f.rita, "RAL-1"));
	forward(&f, YEARS);
	cr_expect_eq(plan().count, 0, "the relationship lasts");
	must(USE(f.lea, SUBJECT_DELETE, NULL, .part = "biz-RAL-1", .reason = WHY));
	cr_expect_eq(plan().count, 0, "it ended just now");
	forward(&f, YEARS);
	must(begin(f.ada));
	(void)finish(f.ada);
	/* The emptied row stays with its kyb_id, so that no other business gets this number. */
	expect_sql("SELECT group_concat(uid || ' ' || name || ' ' || level || ' ' || CASE WHEN "
		   "kyb_id > 0 THEN 1 ELSE 0 END) FROM subject WHERE kind = 'business'",
		   arena_printf(&f.arena, "purged-%lld  LIGHT 1",
				(long long)sql_int(&f, "SELECT id FROM subject WHERE kind = 'business'")));
	expect_rows(0, "subject WHERE kind = 'individual'");
	fixture_audited(&f);
}

/* Purge keeps the ledger entries, and erases the names of recipients and the labels of accounts. */
Test(purge, keeps_the_ledger_of_a_user_without_names)
{
	static const char sum[] = "SELECT count(*) || ' ' || sum(amount * id) FROM ledger_entry",
			  named[] = "SELECT count(*) FROM money_order WHERE iban || holder || bank || address || "
				    "reference || reason <> ''",
			  labelled[] = "SELECT count(*) FROM account WHERE label <> ''";
	const char *kept, *emptied, *before;
	const struct money_order_filter all = { .after = "", .limit = 10 };
	struct money_account_list accounts;

	fixture_ready(&f, "RAL-1");
	must(approve_at_once(&f, f.rita, "RAL-1"));
	fixture_ready(&f, "RAL-2");
	must(approve_at_once(&f, f.rita, "RAL-2"));
	emptied = money_open(&f, "biz-RAL-1", "EUR", "Savings of Jane");
	(void)money_open(&f, "biz-RAL-1", "USD", "Never used");
	kept = money_open(&f, "biz-RAL-2", "EUR", "Main");
	(void)money_fund(&f, emptied, "100");
	(void)money_fund(&f, kept, "50");
	(void)money_pay(&f, emptied, "30", "Jane Doe");
	(void)money_pay(&f, emptied, "20", "Jane Doe #hold");
	(void)money_pay(&f, emptied, "10", "Jane Doe #fail");
	(void)money_pay(&f, kept, "5", "Jane Doe");
	cr_expect_eq(sql_int(&f, named), 4);
	before = sql_text(&f, sum);
	must(USE(f.lea, SUBJECT_DELETE, NULL, .part = "biz-RAL-1", .reason = WHY));
	forward(&f, YEARS);
	must(begin(f.ada));
	cr_expect_eq(finish(f.ada).users, 1);
	expect_sql(sum, before);
	cr_expect_eq(sql_int(&f, named), 1, "the one of RAL-2");
	cr_expect_eq(sql_int(&f, labelled), 1, "the one of RAL-2");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM account"), 2, "an account without orders goes");
	must(desk_money_accounts(f.ada, &f.arena, &all, &accounts, &f.error));
	cr_assert_eq(accounts.count, 2);
	cr_expect_eq(accounts.items[1].settled_amount, 7000);
	cr_expect_eq(accounts.items[1].reserved_amount, 2000);
	cr_expect_str_eq(accounts.items[1].suspension_reason, "The user was deleted");
	fixture_audited(&f);
}

/* Imports a case in which the company of RAL-1 is an owner with a subsession. */
static void with_company(const char *ref, const char *status, const char *of_company)
{
	fixture_import(
		&f, arena_printf(&f.arena,
				 "{\"external_ref\": \"%s\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", "
				 "\"merchant\": \"northwind-pay\", \"status\": \"%s\", \"subject\": {\"uid\": "
				 "\"biz-%s\", \"kind\": \"business\", \"name\": \"Quay Ltd\", \"country\": "
				 "\"GBR\"}, \"parties\": [{\"kind\": \"company\", \"name\": \"Harbour Lane Trading "
				 "Ltd\", \"roles\": [\"shareholder\"], \"ownership_percent\": \"60\", \"session\": "
				 "{\"workflow\": \"ralio-kyb\", \"status\": \"%s\", \"subject\": {\"uid\": "
				 "\"biz-RAL-1\", \"kind\": \"business\", \"name\": \"Harbour Lane Trading Ltd\"}}}]}\n",
				 ref, status, ref, of_company));
}

static void expect_level(void)
{
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "REGULAR");
	cr_expect_eq(records("session.keep_level"), 1);
	fixture_audited(&f);
}

Test(purge, of_a_case_that_gave_a_level_leaves_the_level_explained)
{
	with_company("RAL-2", "manual_review", "manual_review");
	fixture_ready(&f, "RAL-1");
	must(USE(f.lea, DUPLICATE_DISMISS, "RAL-1", .reason = WHY,
		 .part = sql_text(&f, "SELECT c.uuid FROM session AS c JOIN session AS p ON p.id = c.parent_id WHERE "
				      "p.external_ref = 'RAL-2'")));
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(USE(f.lea, SUBJECT_DELETE, NULL, .part = "biz-RAL-1", .reason = WHY));
	forward(&f, YEARS);
	must(begin(f.ada));
	cr_expect_eq(finish(f.ada).users, 1);
	cr_expect_eq(count("RAL-1"), 0);
	expect_level();
}

/* The purged case RAL-2 contains the subsession that gave the company of RAL-1 its level. */
Test(purge, of_a_case_with_a_party_leaves_its_level_explained)
{
	fixture_ready(&f, "RAL-1");
	with_company("RAL-2", "manual_review", "approved");
	must(USE(f.rita, REJECT, "RAL-2", .reason = "other"));
	forward(&f, YEARS);
	must(begin(f.ada));
	cr_expect_eq(finish(f.ada).users, 1);
	cr_expect_eq(count("RAL-2"), 0);
	expect_level();
}

Test(purge, leaves_what_is_held_or_suspected)
{
	struct purge_plan found;
	struct purge_plan overdue = { .due_user_max = 10 };

	rejected("RAL-1");
	rejected("RAL-2");
	rejected("RAL-3");
	must(USE(f.lea, LEGAL_HOLD_SET, "RAL-1", .reason = WHY));
	forward(&f, YEARS);
	must(USE(f.rita, SUSPICION_OPEN, "RAL-2", .reason = WHY));
	found = plan();
	cr_assert_eq(found.count, 3);
	cr_expect_eq(found.due_user_count, 1);
	expect_text(found.items[0].keep_reason, "a legal hold");
	expect_text(found.items[1].keep_reason, "held by a lead");
	expect_text(found.items[2].keep_reason, "");
	/* Every user may read this count, so it includes the case that a suspicion keeps. */
	must(desk_purge_plan(f.vic, &f.arena, &overdue, &f.error));
	cr_expect_eq(overdue.due_user_count, 2);
	cr_expect_null(overdue.items);
	cr_expect_eq(overdue.count, 0);
	must(begin(f.ada));
	cr_expect_eq(finish(f.ada).users, 1);
	cr_expect_eq(count("RAL-1") + count("RAL-2"), 2);
	/* The closed suspicion keeps the case for another retention period. */
	must(USE(f.lea, SUSPICION_CLOSE, "RAL-2", .filed = true, .reason = WHY));
	cr_expect_eq(plan().due_user_count, 0);
	forward(&f, YEARS);
	cr_expect_eq(plan().due_user_count, 1);
	must(begin(f.ada));
	cr_expect_eq(finish(f.ada).users, 1);
	expect_rows(0, "suspicion");
	fixture_audited(&f);
}

Test(purge, what_was_held_since_it_was_confirmed_is_left)
{
	rejected("RAL-1");
	rejected("RAL-2");
	rejected("RAL-3");
	forward(&f, YEARS);
	must(begin(f.ada));
	cr_expect_eq(f.out.purge_counts.users, 3);
	must(USE(f.lea, LEGAL_HOLD_SET, "RAL-2", .reason = WHY));
	must(USE(f.rita, SUSPICION_OPEN, "RAL-3", .reason = WHY));
	rejected("RAL-4");
	/* A second begin() resumes the interrupted purge with the confirmed cases. */
	must(begin(f.ada));
	cr_expect(f.out.purge_counts.is_resumed);
	cr_expect_eq(finish(f.ada).skipped_user_count, 2);
	cr_expect_eq(count("RAL-2") + count("RAL-3") + count("RAL-4"), 3);
	cr_expect_eq(records("purge.leave"), 2);
	cr_expect_null(strstr(sql_text(&f, "SELECT group_concat(detail) FROM audit_event WHERE action = 'purge.leave'"),
			      "suspicion"));
	cr_expect_eq(records("purge.start"), 1);
	fixture_audited(&f);
}

Test(purge, never_erases_what_is_not_due_yet)
{
	rejected("RAL-1");
	forward(&f, 1825 * DAY);
	must(begin(f.ada));
	must(step(f.ada));
	cr_expect_eq(count("RAL-1"), 1);
	expect_error(USE(f.ada, PURGE, NULL, .until = f.world.wall_ms + DAY), ERR_INVALID, "is in the future");
	cr_expect_eq(records("purge.start"), 0);
}

/* --- production --- */

static struct desk *amy;

static void in_production(void)
{
	rejected("RAL-1");
	rejected("RAL-2");
	fixture_in_production(&f);
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_ADMIN));
	amy = fixture_production_desk(&f, "amy");
	f.written = true;
	forward(&f, YEARS);
}

static void a_day_passes(void)
{
	must(USE(f.rita, NOTE, "RAL-1", .text = "Seen."));
	forward(&f, DAY + MINUTE_MS);
}

Test(purge, needs_a_second_admin_who_confirms_the_same_cases)
{
	in_production();
	a_day_passes();
	must(begin(f.ada));
	cr_expect(f.out.is_proposal);
	must(begin(f.ada));
	cr_expect(f.out.is_proposal, "the same admin, however often");
	must(step(f.ada));
	must(step(amy));
	cr_expect_eq(count("RAL-1") + count("RAL-2"), 2, "an offer erases nothing");
	/* Fewer cases are due now, so amy's purge is a new offer and does not confirm ada's. */
	must(USE(f.lea, LEGAL_HOLD_SET, "RAL-2", .reason = WHY));
	must(begin(amy));
	cr_expect(f.out.is_proposal);
	must(begin(f.ada));
	cr_expect_not(f.out.is_proposal);
	cr_expect_eq(finish(amy).users, 1);
	cr_expect_eq(count("RAL-1"), 0);
	cr_expect_eq(count("RAL-2"), 1);
	expect_sql("SELECT actor || ' ' || json_extract(detail, '$.offered_by') FROM audit_event WHERE "
		   "action = 'purge.start' ORDER BY seq DESC LIMIT 1",
		   "ada amy");
	desk_close(amy);
}

Test(purge, a_clock_that_was_set_ahead_purges_nothing)
{
	in_production();
	expect_error(begin(f.ada), ERR_BLOCKED, "the clock may have been set ahead");
	must(USE(f.rita, NOTE, "RAL-1", .text = "Seen."));
	expect_err(begin(f.ada), ERR_BLOCKED);
	forward(&f, DAY + MINUTE_MS);
	must(begin(f.ada));
	cr_expect(f.out.is_proposal);
	forward(&f, 40 * DAY);
	expect_err(begin(amy), ERR_BLOCKED);
	desk_close(amy);
}

Test(purge, a_case_that_somebody_changed_past_the_desk_is_evidence_and_stays)
{
	in_production();
	a_day_passes();
	must(begin(f.ada));
	must(begin(amy));
	sql_run(&f, "UPDATE document SET review = 'rejected' WHERE session_id = (SELECT id FROM session WHERE "
		    "external_ref = 'RAL-1')");
	cr_expect_eq(finish(amy).skipped_user_count, 1);
	cr_expect_eq(count("RAL-1"), 1);
	cr_expect_eq(count("RAL-2"), 0);
	desk_close(amy);
}

Test(purge, a_list_of_users_that_somebody_wrote_past_the_desk_is_refused)
{
	in_production();
	a_day_passes();
	sql_run(&f, "INSERT INTO purge_case (subject_id, confirmed_by, confirmed_at) SELECT subject_id, 'amy', 1 FROM "
		    "session WHERE external_ref = 'RAL-2'");
	expect_err(step(f.ada), ERR_STORE);
	cr_expect_eq(count("RAL-2"), 1);
	desk_close(amy);
}
