/* Figures (store/figures.h), read from the partial indexes of migration 44; each statement repeats the condition of
 * its index. */
#include "kybdesk/store/figures.h"
#include "kybdesk/base/timefmt.h"
#include "statements.h"

#include <stdlib.h>
#include <string.h>

#define MADE "FROM decision {by decision_made} WHERE imported = 0 AND undone = 0 AND decided_at >= $1 "
#define AGE "coalesce(submitted_at, created_at)"
#define AGED(range) "sum(CASE WHEN " AGE " " range " THEN 1 ELSE 0 END)"
STATEMENT(sql_received, "figures.received",
	  "SELECT (" AGE " - $1) / 86400000, count(*) FROM session {by session_by_age} WHERE top = $3 AND " AGE
	  " >= $1 AND " AGE " < $2 GROUP BY 1");
STATEMENT(sql_decided, "figures.decided",
	  "SELECT (decided_at - $1) / 86400000, kind, CASE role WHEN 'system' THEN 1 ELSE 0 END, first_approval, "
	  "count(*) " MADE "AND decided_at < $2 GROUP BY 1, 2, 3, 4");
STATEMENT(sql_ageing, "figures.ageing",
	  "SELECT status, " AGED("> $1") ", " AGED("<= $1 AND " AGE " > $2") ", " AGED(
		  "<= $2 AND " AGE
		  " > $3") ", " AGED("<= $3 AND " AGE
				     " > $4") ", " AGED("<= $4 AND " AGE
							" > $5") ", " AGED("<= $5") " FROM session {by "
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
	  "SELECT reason, count(*) " MADE
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
	  "SELECT decided_by, kind, count(*) " MADE
	  "AND role <> 'system' AND kind IN ('approve', 'reject', 'corrections') GROUP BY 1, 2");
STATEMENT(sql_handled, "figures.handled",
	  "SELECT d.decided_by, d.decided_at - (SELECT max(a.at) FROM audit_event a WHERE a.session_id = s.uuid "
	  "AND a.actor = d.decided_by AND a.action IN ('claim', 'next') AND a.detail NOT LIKE '%\"renewed\":true%' "
	  "AND a.at <= d.decided_at) FROM decision d {by decision_made} {then} session s ON s.id = d.session_id "
	  "WHERE d.imported = 0 AND d.undone = 0 AND d.decided_at >= $1 AND d.role <> 'system' AND d.kind IN "
	  "('approve', 'reject', 'corrections')");

static struct day_figures *day_at(struct figures *out, int64_t day)
{
	return day >= 0 && (size_t)day < out->day_count ? &out->days[day] : NULL;
}

static enum err read_received(struct store *store, struct figures *out, struct error *error)
{
	enum err err = ERR_OK;

	/* Reads subsessions of parties (top 0), then cases (top 1). */
	for (int64_t top = 0; !err && top <= 1; top++) {
		struct query *query = NULL;

		err = db_select(store->db, &sql_received,
				PARAMS(db_int(out->since), db_int(out->until), db_int(top)), &query, error);
		while (query_row(&query, &err, error)) {
			struct day_figures *day = day_at(out, row_int(query, 0));

			if (day)
				day->received += row_int(query, 1);
		}
	}
	return err;
}

static void add_decisions(struct figures *out, struct day_figures *day, const struct query *query)
{
	enum decision_kind kind;
	int64_t count = row_int(query, 4);
	bool automatic = row_int(query, 2) != 0, first = row_int(query, 3) != 0;

	if (!day || !decision_kind_parse(row_view(query, 1), &kind))
		return;
	if (automatic) {
		bool ends = kind == DECISION_APPROVE || kind == DECISION_REJECT;

		out->automatic += ends ? count : 0;
		day->automatic += ends ? count : 0;
		return;
	}
	if (first) {
		out->first += count;
		return;
	}
	out->mix[kind] += count;
	day->approved += kind == DECISION_APPROVE ? count : 0;
	day->rejected += kind == DECISION_REJECT ? count : 0;
	day->corrections += kind == DECISION_CORRECTIONS ? count : 0;
}

static enum err read_decided(struct store *store, struct figures *out, struct error *error)
{
	struct query *query = NULL;
	enum err err =
		db_select(store->db, &sql_decided, PARAMS(db_int(out->since), db_int(out->until)), &query, error);

	while (query_row(&query, &err, error))
		add_decisions(out, day_at(out, row_int(query, 0)), query);
	return err;
}

static struct age_figures *ages_of(struct figures *out, enum inbox inbox)
{
	for (size_t i = 0; i < out->ageing_count; i++) {
		if (out->ageing[i].inbox == inbox)
			return &out->ageing[i];
	}
	return NULL;
}

static enum err read_ageing(struct store *store, int64_t now, struct figures *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &sql_ageing, &query, error);

	for (unsigned i = 0; i < INBOX_COUNT; i++) {
		if (i != INBOX_APPROVED && i != INBOX_REJECTED)
			out->ageing[out->ageing_count++] = (struct age_figures){ .inbox = (enum inbox)i };
	}
	for (int i = 0; !err && i < AGE_COUNT - 1; i++)
		query_int(query, i + 1, now - age_limits_ms[i]);
	while (query_row(&query, &err, error)) {
		enum session_status status;
		struct age_figures *ages = session_status_parse(row_view(query, 0), &status)
						   ? ages_of(out, session_status_inbox(status))
						   : NULL;

		for (int i = 0; ages && i < AGE_COUNT; i++)
			ages->cases[i] += row_int(query, i + 1);
	}
	return err;
}

static enum err read_waited(struct store *store, struct figures *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	int64_t *values = NULL;
	size_t count = 0, capacity = 0;
	struct query *query = NULL;
	enum err err =
		db_select(store->db, &sql_waited, PARAMS(db_int(out->since), db_int(out->until)), &query, error);

	while (query_row(&query, &err, error))
		*ARENA_PUSH(&arena, values, count, capacity) = row_int(query, 0);
	out->timed = (int64_t)count;
	out->median_ms = quantile(values, count, 1, 2);
	out->p90_ms = quantile(values, count, 9, 10);
	arena_release(&arena);
	return err;
}

static int most_rejections(const void *a, const void *b)
{
	const struct reason_figures *x = a, *y = b;

	return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->reason, y->reason);
}

static enum err read_reasons(struct store *store, struct arena *arena, struct figures *out, struct error *error)
{
	size_t capacity = 0;
	struct query *query = NULL;
	enum err err =
		db_select(store->db, &sql_reasons, PARAMS(db_int(out->since), db_int(out->until)), &query, error);

	while (query_row(&query, &err, error))
		*ARENA_PUSH(arena, out->reasons, out->reason_count, capacity) =
			(struct reason_figures){ row_text(query, 0, arena), row_int(query, 1) };
	if (out->reason_count)
		qsort(out->reasons, out->reason_count, sizeof *out->reasons, most_rejections);
	return err;
}

static int most_hits(const void *a, const void *b)
{
	const struct screening_figures *x = a, *y = b;
	int64_t of_x = x->false_positives + x->matches, of_y = y->false_positives + y->matches;

	return of_x != of_y ? (of_x < of_y ? 1 : -1) : strcmp(x->list, y->list);
}

static struct screening_figures *screening_of(struct arena *arena, struct figures *out, const char *list,
					      size_t *capacity)
{
	for (size_t i = 0; i < out->list_count; i++) {
		if (!strcmp(out->lists[i].list, list))
			return &out->lists[i];
	}
	struct screening_figures *added = ARENA_PUSH(arena, out->lists, out->list_count, *capacity);

	*added = (struct screening_figures){ .list = list };
	return added;
}

static enum err read_screened(struct store *store, struct arena *arena, struct figures *out, struct error *error)
{
	size_t capacity = 0;
	struct query *query = NULL;
	enum err err =
		db_select(store->db, &sql_screened, PARAMS(db_int(out->since), db_int(out->until)), &query, error);

	while (query_row(&query, &err, error)) {
		struct screening_figures *list = screening_of(arena, out, row_text(query, 0, arena), &capacity);

		*(row_int(query, 1) ? &list->false_positives : &list->matches) += row_int(query, 2);
	}
	if (out->list_count)
		qsort(out->lists, out->list_count, sizeof *out->lists, most_hits);
	return err;
}

enum err store_figures(struct store *store, struct arena *arena, int64_t now, struct figures *out,
		       struct error *error)
{
	enum err err;

	out->day_count = (size_t)((out->until - out->since) / FIGURES_DAY_MS);
	out->days = arena_alloc_array(arena, out->day_count, sizeof *out->days);
	for (size_t i = 0; i < out->day_count; i++)
		out->days[i] = (struct day_figures){ .day = out->since + (int64_t)i * FIGURES_DAY_MS };
	err = read_received(store, out, error);
	if (!err)
		err = read_decided(store, out, error);
	if (!err)
		err = read_ageing(store, now, out, error);
	if (!err)
		err = read_waited(store, out, error);
	if (!err && out->all)
		err = read_reasons(store, arena, out, error);
	if (!err && out->all)
		err = read_screened(store, arena, out, error);
	return err;
}

/* --- the team --- */

static struct team_member *member_of(struct team *team, const char *name)
{
	for (size_t i = 0; i < team->count; i++) {
		if (!strcmp(team->members[i].name, name))
			return &team->members[i];
	}
	return NULL;
}

static enum err read_held(struct store *store, int64_t now, struct team *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_held, PARAMS(db_int(now)), &query, error);

	while (query_row(&query, &err, error)) {
		struct team_member *member = member_of(out, row_view(query, 0));
		int64_t due = row_time(query, 1);

		if (!member)
			continue;
		member->held++;
		if (due == TIME_NONE || !row_is_null(query, 2))
			continue;
		member->overdue += now > due;
		member->next_due = member->next_due == TIME_NONE || due < member->next_due ? due : member->next_due;
	}
	return err;
}

static enum err read_last(struct store *store, struct team *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_last, PARAMS(db_int(out->since)), &query, error);

	while (query_row(&query, &err, error)) {
		struct team_member *member = member_of(out, row_view(query, 0));

		if (member)
			member->last_at = row_int(query, 1);
	}
	return err;
}

static enum err read_by_member(struct store *store, struct team *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_by_member, PARAMS(db_int(out->since)), &query, error);

	while (query_row(&query, &err, error)) {
		struct team_member *member = member_of(out, row_view(query, 0));

		if (!member)
			continue;
		member->decisions += row_int(query, 2);
		member->approvals += strcmp(row_view(query, 1), "approve") == 0 ? row_int(query, 2) : 0;
	}
	return err;
}

struct handled {
	int64_t *values;
	size_t count, capacity;
};

static enum err read_handled(struct store *store, struct team *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct handled *handled = arena_alloc_array(&arena, out->count, sizeof *handled);
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_handled, PARAMS(db_int(out->since)), &query, error);

	memset(handled, 0, out->count * sizeof *handled);
	while (query_row(&query, &err, error)) {
		struct team_member *member = member_of(out, row_view(query, 0));
		struct handled *of = member ? &handled[member - out->members] : NULL;

		if (of && !row_is_null(query, 1))
			*ARENA_PUSH(&arena, of->values, of->count, of->capacity) = row_int(query, 1);
	}
	for (size_t i = 0; i < out->count; i++)
		out->members[i].median_ms = quantile(handled[i].values, handled[i].count, 1, 2);
	arena_release(&arena);
	return err;
}

enum err store_team(struct store *store, int64_t now, struct team *out, struct error *error)
{
	enum err err;

	for (size_t i = 0; i < out->count; i++)
		out->members[i].next_due = out->members[i].last_at = out->members[i].median_ms = TIME_NONE;
	err = read_held(store, now, out, error);
	if (!err)
		err = read_last(store, out, error);
	if (!err)
		err = read_by_member(store, out, error);
	return err ? err : read_handled(store, out, error);
}
