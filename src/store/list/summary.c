/* Sums over all sessions that match a list (seed kyc-workflows-sessions, "include_summary"); counts of inboxes. */
#include "list_plan.h"
#include "list/list_plan.h"
#include "columns.h"

#include <string.h>

/* Writes SQL that converts words to their numbers, so that no text is read per row. */
static char *code_of(struct arena *arena, const char *column, const char *const *words, size_t count)
{
	char *text = arena_printf(arena, "CASE %s", column);

	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s WHEN '%s' THEN %zu", text, words[i], i);
	return arena_printf(arena, "%s ELSE -1 END", text);
}

static enum err sum_sessions(struct store *store, struct arena *arena, const struct list_plan *plan,
			     struct list_summary *out, struct error *error)
{
	size_t count;
	const char *const *words = session_status_words(&count);
	int64_t score_sum = 0;
	struct query *query = NULL;
	struct list_sql sql;
	enum err err;

	list_sql_begin(&sql, arena, plan);
	list_sql_add_table_scan(&sql, plan,
				arena_printf(arena, "%s, s.risk_score", code_of(arena, "s.status", words, count)));
	err = list_sql_prepare(store, "list.summary", &sql, &query, error);
	while (query_fetch_row(&query, &err, error)) {
		int64_t status = row_int(query, 0);

		if (status < 0 || status >= SESSION_STATUS_COUNT)
			continue;
		out->total++;
		out->status_counts[status]++;
		out->inbox_counts[session_status_inbox((enum session_status)status)]++;
		if (!row_is_null(query, 1)) {
			out->sessions_with_risk_score++;
			score_sum += row_int(query, 1);
		}
	}
	list_sql_release(&sql);
	if (out->sessions_with_risk_score)
		out->average_risk_score = (double)score_sum / (double)out->sessions_with_risk_score;
	return err;
}

/* Counts, for each kind of check, the sessions in which the check was executed; a pending check was not executed. */
static enum err sum_checks(struct store *store, struct arena *arena, const struct list_plan *plan,
			   struct list_summary *out, struct error *error)
{
	size_t count;
	const char *const *words = check_kind_words(&count);
	struct query *query = NULL;
	struct list_sql sql;
	enum err err;

	list_sql_begin(&sql, arena, plan);
	strbuf_addf(&sql.text, "SELECT %s FROM (", code_of(arena, "c.kind", words, count));
	list_sql_add_table_scan(&sql, plan, "s.id AS id");
	strbuf_adds(&sql.text, ") AS matching {then} check_result AS c ON c.session_id = matching.id "
			       "WHERE c.status <> 'pending'");
	err = list_sql_prepare(store, "list.summary_checks", &sql, &query, error);
	while (query_fetch_row(&query, &err, error)) {
		int64_t kind = row_int(query, 0);

		if (kind >= 0 && kind < CHECK_KIND_COUNT)
			out->validation_counts[kind]++;
	}
	list_sql_release(&sql);
	return err;
}

enum err store_list_summary(struct store *store, const struct list_query *query, struct list_summary *out,
			    struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct list_plan plan;
	enum err err;

	memset(out, 0, sizeof *out);
	out->average_risk_score = -1;
	err = list_plan_make(store, &arena, query, &plan, error);
	if (!err && plan.inboxes) {
		/* The sums need all matches, in any order, so the plan reads all matches of the words first, even
		 * if there are many. */
		list_plan_use_match(&plan);
		err = sum_sessions(store, &arena, &plan, out, error);
		if (!err)
			err = sum_checks(store, &arena, &plan, out, error);
	}
	list_plan_release(&plan);
	arena_release(&arena);
	return err;
}

/* --- counts of inboxes --- */

STATEMENT(sql_counts, "inbox.counts", "SELECT compliance_status, sessions FROM inbox_count");
/* For top sessions, the condition of case_is_overdue() of domain/due.h and of the filter due:over. The index
 * session_overdue contains the undecided top sessions that are not paused, in the order of due_key. Decided sessions
 * count while they have an open alert. */
STATEMENT(sql_overdue, "inbox.overdue",
	  "SELECT count(*) FROM (SELECT 1 FROM session {by session_overdue} WHERE top = 1 AND due_paused_at IS "
	  "NULL AND status NOT IN ('approved', 'rejected') AND due_key < $2 UNION ALL SELECT 1 FROM " OPEN_ALERTS
	  " WHERE s.top = 1 AND s.status IN ('approved', 'rejected') AND s.due_paused_at IS NULL AND s.due_key < $2 "
	  "LIMIT $1) AS overdue");
/* For top sessions, the condition of the filter "waiting:client,party,provider". The index session_waiting also
 * contains subsessions, and rows that wait only for a second approval (8). */
STATEMENT(sql_waiting, "inbox.waiting",
	  "SELECT count(*) FROM (SELECT 1 FROM session {by session_waiting} WHERE top = 1 AND waiting <> 0 AND "
	  "waiting <> 8 LIMIT $1) AS waits");
STATEMENT(sql_of_merchant, "inbox.of_merchant",
	  "SELECT coalesce(sum(sessions), 0) FROM merchant_count WHERE merchant_id = $1");
STATEMENT(sql_merchant_counts, "kept.merchant_counts",
	  "SELECT count(*) FROM (SELECT merchant_id, status FROM (SELECT merchant_id, status, sessions FROM "
	  "merchant_count UNION ALL SELECT merchant_id, status, -count(*) FROM session WHERE parent_id IS NULL AND "
	  "hidden = 0 GROUP BY merchant_id, status) AS entries GROUP BY merchant_id, status HAVING sum(sessions) "
	  "<> 0) AS wrong");

enum err store_inbox_counts(struct store *store, int64_t counts[INBOX_COUNT], struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	struct cached_counts *kept = &store->cached_counts;
	enum err err;

	if (store->db->is_read_held && kept->read_hold_number == store->db->read_hold_count) {
		memcpy(counts, kept->counts, sizeof kept->counts);
		return ERR_OK;
	}
	err = db_query(store->db, &sql_counts, &query, error);
	for (size_t i = 0; i < INBOX_COUNT; i++)
		counts[i] = 0;
	while (query_fetch_row(&query, &err, error)) {
		enum inbox inbox;

		if (inbox_parse(row_text(query, 0, &arena), &inbox))
			counts[inbox] = row_int(query, 1);
	}
	arena_release(&arena);
	if (!err && store->db->is_read_held) {
		memcpy(kept->counts, counts, sizeof kept->counts);
		kept->read_hold_number = store->db->read_hold_count;
	}
	return err;
}

enum err store_merchant_count(struct store *store, int64_t merchant, int64_t *count, struct error *error)
{
	return db_get_int(store->db, &sql_of_merchant, PARAMS(db_int(merchant)), count, error);
}

enum err store_merchant_counts_check(struct store *store, int64_t *wrong, struct error *error)
{
	return db_get_int(store->db, &sql_merchant_counts, NULL, wrong, error);
}

static bool covers_all_cases(const struct list_query *query)
{
	return !query->inboxes && !query->include_subsessions && !query->created_from && !query->created_to &&
	       !query->skip_hidden;
}

static bool is_overdue_filter(const struct filter *filter)
{
	const struct filter_term *term = filter->terms;

	return filter->count == 1 && term->key == FILTER_DUE && !term->negated && term->compare == FILTER_EQUAL;
}

static bool is_any_waiting_filter(const struct filter *filter)
{
	unsigned words = 0;

	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_term *term = &filter->terms[i];

		if (term->key != FILTER_WAITING || term->negated || term->compare != FILTER_EQUAL)
			return false;
		words |= 1u << term->code;
	}
	return words == (1u << FILTER_WAITING_SECOND) - 1;
}

bool list_has_fast_count(const struct list_query *query)
{
	return covers_all_cases(query) && (is_overdue_filter(&query->filter) || is_any_waiting_filter(&query->filter));
}

enum err list_read_fast_count(struct store *store, const struct list_query *query, int64_t most, int64_t *count,
			      struct error *error)
{
	bool overdue = is_overdue_filter(&query->filter);
	const struct db_value values[] = { db_int(most > 0 ? most : INT64_MAX), db_int(query->now) };

	*count = -1;
	if (!list_has_fast_count(query))
		return ERR_OK;
	return db_get_int(store->db, overdue ? &sql_overdue : &sql_waiting,
			  &(const struct db_params){ values, overdue ? 2 : 1 }, count, error);
}
