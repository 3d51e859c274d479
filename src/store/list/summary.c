/* Sums over everything that matches a list (seed kyc-workflows-sessions, "include_summary"). */
#include "list_plan.h"

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
	list_sql_whole(&sql, plan,
		       arena_printf(arena, "%s, s.risk_score", code_of(arena, "s.status", words, count)));
	err = list_sql_query(store, "list.summary", &sql, &query, error);
	while (query_row(&query, &err, error)) {
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

/* "Count of sessions that executed each validation type": a pending check has not been executed. */
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
	list_sql_whole(&sql, plan, "s.id AS id");
	strbuf_adds(&sql.text, ") AS matching {then} check_result AS c ON c.session_id = matching.id "
			       "WHERE c.status <> 'pending'");
	err = list_sql_query(store, "list.summary_checks", &sql, &query, error);
	while (query_row(&query, &err, error)) {
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
		/* The sums need all hits, in any order, so reading the hits first is best, however many there
		 * are. */
		list_plan_from_words(&plan);
		err = sum_sessions(store, &arena, &plan, out, error);
		if (!err)
			err = sum_checks(store, &arena, &plan, out, error);
	}
	list_plan_release(&plan);
	arena_release(&arena);
	return err;
}
