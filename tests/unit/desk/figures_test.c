/*
 * Compares each figure with a simple statement, which counts the rows of one day, inbox, reason, list or person at a
 * time, without grouping and without the indexes that serve the desk (docs/figures.md defines the figures).
 */
#include "fixture.h"
#include "kybdesk/desk/figures.h"

#include <stdio.h>

FIXTURE(figures);

#define DAYS 9
#define HOUR_MS (60 * MINUTE_MS)
#define CASES 48

static const char *ref(int i)
{
	return arena_printf(&f.arena, "KYC-%d", i);
}

static void claim_it(struct desk *desk, const char *reference)
{
	must(USE(desk, CLAIM, reference));
}

static void import_cases(void)
{
	static const char *const statuses[] = { "manual_review", "manual_review", "completed", "active", "draft" };

	for (int i = 0; i < CASES; i++)
		fixture_import(
			&f, arena_printf(
				    &f.arena,
				    "{\"external_ref\": \"%s\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", "
				    "\"merchant\": \"northwind-pay\", \"status\": \"%s\", \"subject\": {\"uid\": "
				    "\"ind-%d\", \"kind\": \"individual\", \"name\": \"Jo Reyes\"}, \"created_at\": "
				    "\"2026-10-%02dT09:00:00Z\"%s, \"steps\": [{\"id\": \"identity\", \"status\": "
				    "\"completed\"}], \"checks\": [{\"kind\": \"face_match\", \"status\": \"passed\"}, "
				    "{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"name\": \"J. R.\", "
				    "\"list\": \"%s\", \"class\": \"pep\", \"state\": \"open\"}]}]}\n",
				    ref(i), i < CASES / 2 ? "manual_review" : statuses[i % 5], i, i % 28 + 1,
				    i % 5 == 4 && i >= CASES / 2
					    ? ""
					    : arena_printf(&f.arena, ", \"submitted_at\": \"2026-11-%02dT%02d:00:00Z\"",
							   11 + i % 9, i % 24),
				    i % 3 ? "PEP list" : "World list"));
}

static const char *hit_of(const char *reference)
{
	return sql_text(&f,
			arena_printf(&f.arena,
				     "SELECT h.uuid FROM hit h JOIN check_result c ON c.id = h.check_id JOIN session "
				     "s ON s.id = c.session_id WHERE s.external_ref = '%s'",
				     reference));
}

static void rule(struct desk *desk, const char *reference, bool match)
{
	must(USE(desk, HIT_RESOLVE, reference, .part = hit_of(reference), .is_match = match,
		 .reason = match ? "same_person" : "different_birth_date", .note = "compared with the passport"));
}

/* Some days of two reviewers and a lead: claims, approvals, rejections, corrections, undos, renewed claims. */
static void work(void)
{
	static const char *const reasons[] = { "invalid_document", "suspected_fraud", "invalid_document" };
	struct desk *people[] = { f.rita, f.bo, f.rita, f.lea };

	import_cases();
	for (int i = 0; i < CASES / 2; i++) {
		struct desk *desk = people[i % 4];

		forward(&f, 7 * HOUR_MS / 2 + i * MINUTE_MS);
		claim_it(desk, ref(i));
		forward(&f, (i % 5 + 1) * MINUTE_MS);
		if (i % 6 == 1) {
			claim_it(desk, ref(i)); /* renews the claim: the time counts from the first claim */
			forward(&f, MINUTE_MS);
		}
		rule(desk, ref(i), i % 7 == 3);
		if (i % 7 == 3 || i % 4 == 1)
			must(USE(desk, REJECT, ref(i), .reason = i % 7 == 3 ? "pep_unacceptable" : reasons[i % 3],
				 .note = "explained in full"));
		else if (i % 8 == 6)
			must(ask(&f, desk, ref(i), "identity", NULL, NULL));
		else
			must(USE(desk, APPROVE, ref(i)));
		if (i % 9 == 5)
			must(USE(desk, UNDO, ref(i)));
	}
	for (int i = CASES / 2; i < CASES / 2 + 4; i++)
		claim_it(people[i % 4], ref(i));
	forward(&f, HOUR_MS / 2 - 2 * MINUTE_MS); /* claims last half an hour: two minutes are left */
}

#define NUMBER(...) sql_int(&f, arena_printf(&f.arena, __VA_ARGS__))
#define STANDS "d.imported = 0 AND d.undone = 0"

static void expect_day(const struct figures *figures, size_t at)
{
	const struct day_figures *day = &figures->days[at];
	long long from = (long long)(f.world.wall_ms / 86400000 - (int64_t)(DAYS - 1 - (int64_t)at)) * 86400000;
	static const char *const kinds[] = { "approve", "reject", "corrections" };
	const int64_t counts[] = { day->approved, day->rejected, day->corrections };

	cr_expect_eq(day->day, from);
	for (size_t i = 0; i < 3; i++)
		cr_expect_eq(counts[i],
			     NUMBER("SELECT count(*) FROM decision d WHERE " STANDS " AND d.kind = '%s' AND d.role IN "
				    "('reviewer', 'lead', 'admin') AND d.first_approval = 0 AND d.decided_at BETWEEN "
				    "%lld AND %lld",
				    kinds[i], from, from + 86399999),
			     "%s on day %zu: %lld", kinds[i], at, (long long)counts[i]);
	cr_expect_eq(day->received,
		     NUMBER("SELECT count(*) FROM session s WHERE (CASE WHEN s.submitted_at IS NULL THEN s.created_at "
			    "ELSE s.submitted_at END) BETWEEN %lld AND %lld",
			    from, from + 86399999),
		     "received on day %zu: %lld", at, (long long)day->received);
	cr_expect_eq(day->automatic, 0);
}

static void expect_ages(const struct age_figures *ages)
{
	static const int from[AGE_GROUP_COUNT] = { 0, 1, 3, 7, 14, 30 },
			 to[AGE_GROUP_COUNT] = { 1, 3, 7, 14, 30, 100000 };
	const long long now = (long long)f.world.wall_ms;

	for (size_t i = 0; i < AGE_GROUP_COUNT; i++)
		cr_expect_eq(
			ages->cases[i],
			NUMBER("SELECT count(*) FROM session s WHERE s.parent_id IS NULL AND s.compliance_status = "
			       "'%s' AND %lld - (CASE WHEN s.submitted_at IS NULL THEN s.created_at ELSE "
			       "s.submitted_at END) >= %lld AND %lld - (CASE WHEN s.submitted_at IS NULL THEN "
			       "s.created_at ELSE s.submitted_at END) < %lld",
			       inbox_text(ages->inbox), now, from[i] ? from[i] * 86400000LL : -(1LL << 60), now,
			       to[i] * 86400000LL),
			"%s %s: %lld", inbox_text(ages->inbox), age_groups[i].title, (long long)ages->cases[i]);
}

#define WAITS                                                                                                          \
	"FROM decision d, session s WHERE s.id = d.session_id AND " STANDS " AND d.kind IN ('approve', 'reject') "     \
	"AND d.role <> 'system' AND d.first_approval = 0 AND s.submitted_at IS NOT NULL AND s.submitted_at <= "        \
	"d.decided_at AND d.decided_at >= %lld"

static void expect_waits(const struct figures *figures)
{
	long long since = (long long)figures->since;
	int64_t count = NUMBER("SELECT count(*) " WAITS, since);

	cr_expect_gt(count, 8);
	cr_expect_eq(figures->timed, count);
	/* The smallest value that half of the values (median) or nine tenths (p90) do not exceed. */
	cr_expect_eq(figures->median_ms,
		     NUMBER("SELECT d.decided_at - s.submitted_at " WAITS " ORDER BY 1 LIMIT 1 OFFSET %lld", since,
			    (long long)((count + 1) / 2 - 1)));
	cr_expect_eq(figures->p90_ms,
		     NUMBER("SELECT d.decided_at - s.submitted_at " WAITS " ORDER BY 1 LIMIT 1 OFFSET %lld", since,
			    (long long)((9 * count + 9) / 10 - 1)));
}

static void expect_for_leads(const struct figures *figures)
{
	int64_t rejections = 0, hits = 0;

	for (size_t i = 0; i < figures->reason_count; i++) {
		rejections += figures->reasons[i].count;
		cr_expect_eq(figures->reasons[i].count,
			     NUMBER("SELECT count(*) FROM decision d WHERE " STANDS
				    " AND d.kind = 'reject' AND d.reason = '%s' AND d.decided_at >= %lld",
				    figures->reasons[i].reason, (long long)figures->since));
	}
	cr_expect_eq(figures->reason_count, 3);
	cr_expect_eq(rejections, figures->mix[DECISION_REJECT]);
	for (size_t i = 0; i < figures->list_count; i++) {
		const struct screening_figures *list = &figures->lists[i];

		hits += list->false_positives + list->matches;
		cr_expect_eq(list->false_positives,
			     NUMBER("SELECT count(*) FROM hit WHERE list = '%s' AND state = 'false_positive' AND "
				    "resolved_at >= %lld",
				    list->list, (long long)figures->since));
		cr_expect_eq(
			list->matches,
			NUMBER("SELECT count(*) FROM hit WHERE list = '%s' AND state IN ('true_match', 'accepted') "
			       "AND resolved_at >= %lld",
			       list->list, (long long)figures->since));
	}
	cr_expect_eq(figures->list_count, 2);
	cr_expect_eq(hits, NUMBER("SELECT count(*) FROM hit WHERE state <> 'open' AND resolved_at >= %lld",
				  (long long)figures->since));
}

Test(figures, each_figure_is_what_the_rows_say)
{
	struct figures figures;

	work();
	must(desk_figures(f.lea, &f.arena, DAYS, &figures, &f.error));
	cr_assert_eq(figures.day_count, DAYS);
	int64_t approved = 0, received = 0, waiting = 0;
	for (size_t i = 0; i < DAYS; i++) {
		expect_day(&figures, i);
		approved += figures.days[i].approved;
		received += figures.days[i].received;
	}
	cr_expect_gt(approved, 5);
	cr_expect_gt(received, 10);
	cr_expect_eq(approved, figures.mix[DECISION_APPROVE]);
	for (size_t i = 0; i < figures.ageing_count; i++) {
		expect_ages(&figures.ageing[i]);
		for (size_t a = 0; a < AGE_GROUP_COUNT; a++)
			waiting += figures.ageing[i].cases[a];
	}
	cr_expect_eq(waiting,
		     NUMBER("SELECT count(*) FROM session WHERE parent_id IS NULL AND compliance_status NOT IN "
			    "('approved', 'rejected')"));
	expect_waits(&figures);
	expect_for_leads(&figures);
}

static void expect_member(const struct team *team, const struct team_member *member)
{
	const char *name = member->name;
	long long now = (long long)f.world.wall_ms, since = (long long)team->since;
	int64_t values[CASES];
	size_t count = 0;

	cr_expect_eq(
		member->held,
		NUMBER("SELECT count(*) FROM session s WHERE s.assignee_id = (SELECT id FROM reviewer WHERE name = "
		       "'%s') AND s.compliance_status NOT IN ('approved', 'rejected') AND coalesce("
		       "s.claim_expires_at, %lld) > %lld",
		       name, now + 1, now),
		"%s holds %lld", name, (long long)member->held);
	cr_expect_eq(
		member->overdue,
		NUMBER("SELECT count(*) FROM session s WHERE s.assignee_id = (SELECT id FROM reviewer WHERE name = "
		       "'%s') AND s.compliance_status NOT IN ('approved', 'rejected') AND coalesce("
		       "s.claim_expires_at, %lld) > %lld AND s.due_paused_at IS NULL AND s.due_at < %lld",
		       name, now + 1, now, now));
	cr_expect_eq(member->decisions,
		     NUMBER("SELECT count(*) FROM decision d WHERE " STANDS
			    " AND d.decided_by = '%s' AND d.decided_at >= "
			    "%lld AND d.kind NOT IN ('undo', 'reopen')",
			    name, since),
		     "%s decided %lld", name, (long long)member->decisions);
	cr_expect_eq(member->approvals, NUMBER("SELECT count(*) FROM decision d WHERE " STANDS
					       " AND d.decided_by = '%s' AND d.decided_at >= "
					       "%lld AND d.kind = 'approve'",
					       name, since));
	cr_expect_eq(member->last_record_at, NUMBER("SELECT max(at) FROM audit_event WHERE actor = '%s'", name));
	/* Measured from the last claim, not from its renewals: in work() this is the first claim record of the case. */
	for (int i = 0; i < CASES / 2; i++) {
		int64_t at = NUMBER("SELECT coalesce(max(d.decided_at), 0) FROM decision d JOIN session s ON s.id = "
				    "d.session_id WHERE s.external_ref = '%s' AND d.decided_by = '%s' AND " STANDS
				    " AND d.kind <> 'undo' AND d.decided_at >= %lld",
				    ref(i), name, since);
		if (at)
			values[count++] = at - NUMBER("SELECT min(a.at) FROM audit_event a JOIN session s ON s.uuid = "
						      "a.session_id WHERE s.external_ref = '%s' AND a.action = 'claim'",
						      ref(i));
	}
	cr_expect_eq(count, member->decisions);
	for (size_t i = 0; i < count; i++) { /* the median without sorting */
		size_t below = 0, same = 0;

		for (size_t j = 0; j < count; j++) {
			below += values[j] < values[i];
			same += values[j] == values[i];
		}
		if (below < (count + 1) / 2 && below + same >= (count + 1) / 2)
			cr_expect_eq(member->median_ms, values[i], "%s: %lld", name, (long long)member->median_ms);
	}
	cr_expect(count || member->median_ms == TIME_NONE);
}

Test(figures, the_team_is_what_the_rows_say)
{
	struct team team;
	int64_t held = 0;

	work();
	must(desk_team(f.lea, &f.arena, DAYS, &team, &f.error));
	cr_assert_eq(team.count, 4); /* not the viewer */
	for (size_t i = 0; i < team.count; i++) {
		expect_member(&team, &team.members[i]);
		held += team.members[i].held;
	}
	cr_expect_eq(held, 5);	    /* four claims, and the case of the last undo */
	forward(&f, 2 * MINUTE_MS); /* the claims ended */
	must(desk_team(f.lea, &f.arena, DAYS, &team, &f.error));
	for (size_t i = 0; i < team.count; i++)
		cr_expect_eq(team.members[i].held, 0);
}

Test(figures, a_reviewer_sees_neither_reasons_nor_others)
{
	struct figures figures;
	struct team team;

	work();
	for (int i = 0; i < 2; i++) {
		must(desk_figures(i ? f.vic : f.rita, &f.arena, DAYS, &figures, &f.error));
		cr_expect(!figures.may_read_reasons && !figures.reason_count && !figures.list_count);
		cr_expect_gt(figures.mix[DECISION_REJECT], 0);
	}
	must(desk_team(f.rita, &f.arena, DAYS, &team, &f.error));
	cr_assert_eq(team.count, 1);
	cr_expect_str_eq(team.members[0].name, "rita");
	must(desk_team(f.vic, &f.arena, DAYS, &team, &f.error));
	cr_expect_eq(team.count, 0);
}

Test(figures, days_are_within_a_year)
{
	struct figures figures;
	struct team team;

	expect_err(desk_figures(f.lea, &f.arena, 0, &figures, &f.error), ERR_INVALID);
	expect_error(desk_figures(f.lea, &f.arena, FIGURES_DAYS_MAX + 1, &figures, &f.error), ERR_INVALID, "366");
	expect_err(desk_team(f.lea, &f.arena, -1, &team, &f.error), ERR_INVALID);
	must(desk_figures(f.lea, &f.arena, FIGURES_DAYS_MAX, &figures, &f.error));
	cr_expect_eq(figures.median_ms, TIME_NONE);
}

/* --- the log, narrowed --- */

static struct audit_page search(struct audit_query query)
{
	struct audit_page page;

	query.limit = query.limit ? query.limit : 1000;
	must(desk_audit_list(f.lea, &f.arena, &query, &page, &f.error));
	return page;
}

static void expect_records(const struct audit_page *page, const char *condition)
{
	cr_expect_eq((int64_t)page->count, NUMBER("SELECT count(*) FROM audit_event WHERE %s", condition), "%s: %zu",
		     condition, page->count);
	for (size_t i = 0; i < page->count; i++) {
		cr_expect_eq(NUMBER("SELECT count(*) FROM audit_event WHERE seq = %lld AND %s",
				    (long long)page->items[i].seq, condition),
			     1);
		cr_expect(!i || page->items[i].at < page->items[i - 1].at ||
			  (page->items[i].at == page->items[i - 1].at && page->items[i].seq < page->items[i - 1].seq));
	}
}

Test(figures, the_log_is_narrowed_by_actor_action_case_and_time)
{
	struct audit_page page;
	struct audit_event record;
	char condition[200];

	work();
	page = search((struct audit_query){ .actor = "rita" });
	expect_records(&page, "actor = 'rita'");
	page = search((struct audit_query){ .action = "session" });
	expect_records(&page, "action LIKE 'session.%'");
	page = search((struct audit_query){ .action = "session.approve" });
	expect_records(&page, "action = 'session.approve'");
	page = search((struct audit_query){ .action = "session.app" }); /* part of a word */
	cr_expect_eq(page.count, 0);
	page = search((struct audit_query){ .action = "hit", .actor = "bo", .since = NOON + 30 * HOUR_MS });
	(void)snprintf(condition, sizeof condition, "action LIKE 'hit.%%' AND actor = 'bo' AND at >= %lld",
		       (long long)(NOON + 30 * HOUR_MS));
	cr_expect_gt(page.count, 0);
	expect_records(&page, condition);
	page = search((struct audit_query){ .session = ref(3), .actor = "lea" });
	(void)snprintf(condition, sizeof condition,
		       "session_id = (SELECT uuid FROM session WHERE external_ref = '%s') AND actor = 'lea'", ref(3));
	cr_expect_gt(page.count, 1);
	expect_records(&page, condition);
	/* The pages together have all records, also if several records have the same time. */
	struct audit_query query = { .since = 1, .limit = 7 };
	int64_t seen = 0;
	do {
		page = search(query);
		seen += (int64_t)page.count;
		query.after_seq = page.next_after_seq;
	} while (page.next_after_seq);
	cr_expect_eq(seen, NUMBER("SELECT count(*) FROM audit_event"));
	expect_err(desk_audit_list(f.lea, &f.arena, &(struct audit_query){ .since = 9, .until = 9, .limit = 1 }, &page,
				   &f.error),
		   ERR_INVALID);
	must(desk_audit_find_record(f.vic, &f.arena, 3, &record, &f.error));
	cr_expect_eq(record.seq, 3);
	expect_error(desk_audit_find_record(f.vic, &f.arena, 99999, &record, &f.error), ERR_NOT_FOUND,
		     "The last record is");
	expect_err(desk_audit_find_record(f.vic, &f.arena, INT64_MAX, &record, &f.error), ERR_NOT_FOUND);
}
