/* Figures (store/figures.h), read from the partial indexes of migration 44; each statement repeats the condition of
 * its index. */
#include "kybdesk/store/figures.h"
#include "columns.h"
#include "kybdesk/store/list.h"

#include <stdlib.h>
#include <string.h>

#define FROM_DECISIONS_MADE "FROM decision {by decision_made} WHERE imported = 0 AND undone = 0 AND decided_at >= $1 "
#define RECEIVED_AT "coalesce(submitted_at, created_at)"
#define COUNT_RECEIVED(range) "sum(CASE WHEN " RECEIVED_AT " " range " THEN 1 ELSE 0 END)"
STATEMENT(sql_received, "figures.received",
	  "SELECT (" RECEIVED_AT
	  " - $1) / 86400000, count(*) FROM session {by session_by_age} WHERE top = $3 AND " RECEIVED_AT
	  " >= $1 AND " RECEIVED_AT " < $2 GROUP BY 1");
STATEMENT(sql_decided, "figures.decided",
	  "SELECT (decided_at - $1) / 86400000, kind, CASE role WHEN 'system' THEN 1 ELSE 0 END, first_approval, "
	  "count(*) " FROM_DECISIONS_MADE "AND decided_at < $2 GROUP BY 1, 2, 3, 4");
STATEMENT(
	sql_ageing, "figures.ageing",
	"SELECT status, " COUNT_RECEIVED("> $1") ", " COUNT_RECEIVED(
		"<= $1 AND " RECEIVED_AT
		" > $2") ", " COUNT_RECEIVED("<= $2 AND " RECEIVED_AT
					     " > $3") ", " COUNT_RECEIVED("<= $3 AND " RECEIVED_AT
									  " > $4") ", " COUNT_RECEIVED("<= $4 "
												       "AND"
												       " " RECEIVED_AT
												       " > $5") ","
														" " COUNT_RECEIVED(
															"<= $5") " FROM session {by "
																 "session_ageing} WHERE "
																 "parent_id IS NULL AND status "
																 "NOT IN ('approved', "
																 "'rejected') GROUP BY status");
STATEMENT(sql_waited, "figures.waited",
	  "SELECT d.decided_at - s.submitted_at FROM decision d {by decision_made} {then} session s ON s.id = "
	  "d.session_id WHERE d.imported = 0 AND d.undone = 0 AND d.decided_at >= $1 AND d.decided_at < $2 AND "
	  "d.kind IN ('approve', 'reject') AND d.role <> 'system' AND d.first_approval = 0 AND s.submitted_at <= "
	  "d.decided_at");
STATEMENT(sql_reasons, "figures.reasons",
	  "SELECT reason, count(*) " FROM_DECISIONS_MADE
	  "AND decided_at < $2 AND kind = 'reject' AND first_approval = 0 AND role <> 'system' GROUP BY reason");
STATEMENT(sql_screened, "figures.screened",
	  "SELECT list, CASE state WHEN 'false_positive' THEN 1 ELSE 0 END, count(*) FROM hit {by hit_resolved} "
	  "WHERE state <> 'open' AND resolved_at >= $1 AND resolved_at < $2 GROUP BY 1, 2");
STATEMENT(sql_held, "figures.held",
	  "SELECT r.name, s.due_at, s.due_paused_at FROM reviewer r {then} session s ON s.assignee_id = r.id WHERE "
	  "s.assignee_id IS NOT NULL AND s.status NOT IN ('approved', 'rejected') AND (s.claim_expires_at IS NULL "
	  "OR (s.claim_expires_at > $1 AND (s.claimed_at IS NULL OR s.claimed_at <= $1)))");
STATEMENT(sql_last, "figures.last",
	  "SELECT actor, max(at) FROM audit_event {by audit_event_at} WHERE at >= $1 GROUP BY actor");
STATEMENT(sql_by_member, "figures.by_member",
	  "SELECT decided_by, kind, count(*) " FROM_DECISIONS_MADE
	  "AND role <> 'system' AND kind IN ('approve', 'reject', 'corrections') GROUP BY 1, 2");
STATEMENT(sql_handled, "figures.handled",
	  "SELECT d.decided_by, d.decided_at - (SELECT max(a.at) FROM audit_event a WHERE a.session_id = s.uuid "
	  "AND a.actor = d.decided_by AND a.action IN ('claim', 'next') AND a.detail NOT LIKE '%\"renewed\":true%' "
	  "AND a.at <= d.decided_at) FROM decision d {by decision_made} {then} session s ON s.id = d.session_id "
	  "WHERE d.imported = 0 AND d.undone = 0 AND d.decided_at >= $1 AND d.role <> 'system' AND d.kind IN "
	  "('approve', 'reject', 'corrections')");

/* The lists to which the rows of a statement are added. */
struct figures_run {
	struct store *store;
	struct arena *arena;
	struct figures *figures;
	struct team *team;
	size_t capacity; /* capacity of the list that the statement fills */
	int64_t now;
	struct durations {
		int64_t *values;
		size_t count, capacity;
	} waited, *handled; /* handled: one item for each member of the team */
};
typedef void take_row(struct figures_run *figures_run, const struct query *query);

static enum err read_each_row(struct figures_run *figures_run, const struct sql *sql, const struct db_params *params,
			      take_row *take, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(figures_run->store->db, sql, params, &query, error);

	figures_run->capacity = 0;
	while (query_fetch_row(&query, &err, error))
		take(figures_run, query);
	return err;
}

static struct day_figures *day_figures_of(const struct figures_run *figures_run, const struct query *query)
{
	int64_t day = row_int(query, 0);

	return day >= 0 && (size_t)day < figures_run->figures->day_count ? &figures_run->figures->days[day] : NULL;
}

static void add_received_cases(struct figures_run *figures_run, const struct query *query)
{
	struct day_figures *day = day_figures_of(figures_run, query);

	if (day)
		day->received += row_int(query, 1);
}

static void add_decisions(struct figures_run *figures_run, const struct query *query)
{
	struct figures *out = figures_run->figures;
	struct day_figures *day = day_figures_of(figures_run, query);
	enum decision_kind kind;
	int64_t count = row_int(query, 4);
	bool automatic = row_int(query, 2) != 0, first = row_int(query, 3) != 0;

	if (!day || !decision_kind_parse(row_text_view(query, 1), &kind))
		return;
	if (automatic) {
		bool ends = kind == DECISION_APPROVE || kind == DECISION_REJECT;

		out->automatic += ends ? count : 0;
		day->automatic += ends ? count : 0;
		return;
	}
	if (first) {
		out->first_decision_count += count;
		return;
	}
	out->mix[kind] += count;
	day->approved += kind == DECISION_APPROVE ? count : 0;
	day->rejected += kind == DECISION_REJECT ? count : 0;
	day->corrections += kind == DECISION_CORRECTIONS ? count : 0;
}

static struct age_figures *age_figures_of(struct figures *out, enum inbox inbox)
{
	return ITEM_WITH_NUMBER(out->ageing, out->ageing_count, inbox, inbox);
}

static void add_case_ages(struct figures_run *figures_run, const struct query *query)
{
	enum session_status status;
	struct age_figures *ages = session_status_parse(row_text_view(query, 0), &status)
					   ? age_figures_of(figures_run->figures, session_status_inbox(status))
					   : NULL;

	for (int i = 0; ages && i < AGE_GROUP_COUNT; i++)
		ages->cases[i] += row_int(query, i + 1);
}

static enum err read_ageing(struct figures_run *figures_run, struct error *error)
{
	struct figures *out = figures_run->figures;
	struct db_value limits[AGE_GROUP_COUNT - 1];

	for (unsigned i = 0; i < INBOX_COUNT; i++)
		if (i != INBOX_APPROVED && i != INBOX_REJECTED)
			out->ageing[out->ageing_count++] = (struct age_figures){ .inbox = (enum inbox)i };
	for (int i = 0; i < AGE_GROUP_COUNT - 1; i++)
		limits[i] = db_int(figures_run->now - age_groups[i].age_limit_ms);
	return read_each_row(figures_run, &sql_ageing, &(const struct db_params){ limits, AGE_GROUP_COUNT - 1 },
			     add_case_ages, error);
}

static void add_duration(struct figures_run *figures_run, struct durations *to, int64_t value)
{
	*ARENA_PUSH(figures_run->arena, to->values, to->count, to->capacity) = value;
}

static void add_wait_time(struct figures_run *figures_run, const struct query *query)
{
	add_duration(figures_run, &figures_run->waited, row_int(query, 0));
}

static int compare_rejections(const void *a, const void *b)
{
	const struct reason_figures *x = a, *y = b;

	return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->reason, y->reason);
}

static void add_rejection_reason(struct figures_run *figures_run, const struct query *query)
{
	struct figures *out = figures_run->figures;

	*ARENA_PUSH(figures_run->arena, out->reasons, out->reason_count, figures_run->capacity) =
		(struct reason_figures){ row_text(query, 0, figures_run->arena), row_int(query, 1) };
}

static int compare_hits(const void *a, const void *b)
{
	const struct screening_figures *x = a, *y = b;
	int64_t of_x = x->false_positives + x->matches, of_y = y->false_positives + y->matches;

	return of_x != of_y ? (of_x < of_y ? 1 : -1) : strcmp(x->list, y->list);
}

static void add_screened_hits(struct figures_run *figures_run, const struct query *query)
{
	struct figures *out = figures_run->figures;
	const char *list = row_text_view(query, 0);
	size_t at = 0;

	while (at < out->list_count && strcmp(out->lists[at].list, list) != 0)
		at++;
	if (at == out->list_count)
		ARENA_PUSH(figures_run->arena, out->lists, out->list_count, figures_run->capacity)->list =
			arena_strdup(figures_run->arena, list);
	*(row_int(query, 1) ? &out->lists[at].false_positives : &out->lists[at].matches) += row_int(query, 2);
}

/* Reads the subsessions of parties first (top 0), then the cases (top 1). */
static enum err read_days(struct figures_run *figures_run, const struct db_params *within, struct error *error)
{
	const struct figures *out = figures_run->figures;
	enum err err = ERR_OK;

	for (int64_t top = 0; !err && top <= 1; top++)
		err = read_each_row(figures_run, &sql_received,
				    PARAMS(db_int(out->since), db_int(out->until), db_int(top)), add_received_cases,
				    error);
	return err ? err : read_each_row(figures_run, &sql_decided, within, add_decisions, error);
}

enum err store_read_figures(struct store *store, struct arena *arena, int64_t now, struct figures *out,
			    struct error *error)
{
	struct figures_run figures_run = { .store = store, .arena = arena, .figures = out, .now = now };
	const struct db_params *within = PARAMS(db_int(out->since), db_int(out->until));
	enum err err;

	out->day_count = (size_t)((out->until - out->since) / FIGURES_DAY_MS);
	out->days = arena_alloc_array(arena, out->day_count, sizeof *out->days);
	for (size_t i = 0; i < out->day_count; i++)
		out->days[i] = (struct day_figures){ .day = out->since + (int64_t)i * FIGURES_DAY_MS };
	err = read_days(&figures_run, within, error);
	if (!err)
		err = read_ageing(&figures_run, error);
	if (!err)
		err = read_each_row(&figures_run, &sql_waited, within, add_wait_time, error);
	out->timed = (int64_t)figures_run.waited.count;
	out->median_ms = quantile(figures_run.waited.values, figures_run.waited.count, 1, 2);
	out->p90_ms = quantile(figures_run.waited.values, figures_run.waited.count, 9, 10);
	if (!err && out->may_read_reasons)
		err = read_each_row(&figures_run, &sql_reasons, within, add_rejection_reason, error);
	if (out->reason_count)
		qsort(out->reasons, out->reason_count, sizeof *out->reasons, compare_rejections);
	if (!err && out->may_read_reasons)
		err = read_each_row(&figures_run, &sql_screened, within, add_screened_hits, error);
	if (out->list_count)
		qsort(out->lists, out->list_count, sizeof *out->lists, compare_hits);
	return err;
}

/* --- the team --- */

static struct team_member *team_member_of(const struct figures_run *figures_run, const struct query *query)
{
	const struct team *team = figures_run->team;

	return ITEM_WITH_TEXT(team->members, team->count, name, row_text_view(query, 0));
}

static void add_claimed_case(struct figures_run *figures_run, const struct query *query)
{
	struct team_member *member = team_member_of(figures_run, query);
	int64_t due = row_time(query, 1);

	if (!member)
		return;
	member->held++;
	if (due == TIME_NONE || !row_is_null(query, 2))
		return;
	member->overdue += figures_run->now > due;
	member->next_due = member->next_due == TIME_NONE || due < member->next_due ? due : member->next_due;
}

static void set_last_activity(struct figures_run *figures_run, const struct query *query)
{
	struct team_member *member = team_member_of(figures_run, query);

	if (member)
		member->last_record_at = row_int(query, 1);
}

static void add_decision_count(struct figures_run *figures_run, const struct query *query)
{
	struct team_member *member = team_member_of(figures_run, query);

	if (!member)
		return;
	member->decisions += row_int(query, 2);
	member->approvals += strcmp(row_text_view(query, 1), "approve") == 0 ? row_int(query, 2) : 0;
}

static void add_handling_time(struct figures_run *figures_run, const struct query *query)
{
	const struct team_member *member = team_member_of(figures_run, query);

	if (member && !row_is_null(query, 1))
		add_duration(figures_run, &figures_run->handled[member - figures_run->team->members],
			     row_int(query, 1));
}

enum err store_read_team(struct store *store, int64_t now, struct team *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct figures_run figures_run = { .store = store, .arena = &arena, .team = out, .now = now };
	const struct db_params *since = PARAMS(db_int(out->since));
	enum err err;

	figures_run.handled = arena_alloc_array(&arena, out->count, sizeof *figures_run.handled);
	memset(figures_run.handled, 0, out->count * sizeof *figures_run.handled);
	for (size_t i = 0; i < out->count; i++)
		out->members[i].next_due = out->members[i].last_record_at = out->members[i].median_ms = TIME_NONE;
	err = read_each_row(&figures_run, &sql_held, PARAMS(db_int(now)), add_claimed_case, error);
	if (!err)
		err = read_each_row(&figures_run, &sql_last, since, set_last_activity, error);
	if (!err)
		err = read_each_row(&figures_run, &sql_by_member, since, add_decision_count, error);
	if (!err)
		err = read_each_row(&figures_run, &sql_handled, since, add_handling_time, error);
	for (size_t i = 0; !err && i < out->count; i++)
		out->members[i].median_ms = quantile(figures_run.handled[i].values, figures_run.handled[i].count, 1, 2);
	arena_release(&arena);
	return err;
}

/* --- metrics --- */

STATEMENT(sql_oldest_due, "measures.oldest_due",
	  "SELECT due_at FROM session WHERE compliance_status = $1 AND top = 1 ORDER BY due_key LIMIT 1");
STATEMENT(sql_deliveries, "measures.deliveries", "SELECT state, deliveries FROM delivery_count");
STATEMENT(sql_oldest_delivery, "measures.oldest_delivery",
	  "SELECT min(next_at) FROM delivery WHERE state IN ('pending', 'leased')");
STATEMENT(sql_waits, "measures.waits", "SELECT most_ms, decisions, waited_ms FROM decision_wait ORDER BY most_ms");

static enum err measure_due_cases(struct store *store, struct measures *out, struct error *error)
{
	enum err err = ERR_OK;

	for (unsigned i = 0; i < INBOX_COUNT; i++)
		out->oldest_due[i] = TIME_NONE;
	for (unsigned i = 0; !err && i < INBOX_COUNT; i++) {
		/* Decided cases are left out: they keep their due time, but are not overdue. */
		if (i != INBOX_APPROVED && i != INBOX_REJECTED)
			err = db_get_time(store->db, &sql_oldest_due, PARAMS(db_text(inbox_text((enum inbox)i))),
					  &out->oldest_due[i], error);
	}
	return err;
}

static enum err measure_deliveries(struct store *store, struct arena *arena, struct measures *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &sql_deliveries, &query, error);

	while (out->delivery_state_count < DELIVERY_STATE_COUNT && query_fetch_row(&query, &err, error)) {
		out->deliveries[out->delivery_state_count].state = row_text(query, 0, arena);
		out->deliveries[out->delivery_state_count++].count = row_int(query, 1);
	}
	query_end(query);
	return err ? err : db_get_time(store->db, &sql_oldest_delivery, NULL, &out->oldest_delivery, error);
}

static enum err measure_lock_waits(struct store *store, struct measures *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &sql_waits, &query, error);

	while (out->wait_count < WAIT_BUCKETS_MAX && query_fetch_row(&query, &err, error)) {
		out->waits[out->wait_count].most_ms = row_int(query, 0);
		out->waits[out->wait_count++].decisions = row_int(query, 1);
		out->waited_ms += row_int(query, 2);
	}
	query_end(query);
	return err;
}

enum err store_read_measures(struct store *store, struct arena *arena, struct measures *out, struct error *error)
{
	enum err err;

	*out = (struct measures){ .oldest_delivery = TIME_NONE };
	err = store->db->driver->get_schema_version(store->db, &out->schema_version, error);
	if (!err)
		err = store_inbox_counts(store, out->cases, error);
	if (!err)
		err = measure_due_cases(store, out, error);
	if (!err)
		err = measure_deliveries(store, arena, out, error);
	return err ? err : measure_lock_waits(store, out, error);
}
