/* Writes the SELECTs of a list_plan: one branch for each inbox, merged in the order of the indexes. */
#include "list_plan.h"
#include "columns.h"

#include <string.h>

static const struct list_order orders[] = {
	[SORT_DUE] = { .columns = { "due_key", "risk_key", "created_at" }, .count = 3, .index = "session_inbox_due" },
	[SORT_UPDATED] = { .columns = { "updated_at" },
			   .count = 1,
			   .is_descending = true,
			   .index = "session_inbox_updated" },
	[SORT_RISK] = { .columns = { "risk_key", "due_key" }, .count = 2, .index = "session_inbox_risk" },
	[SORT_NAME] = { .columns = { "name_key" },
			.count = 1,
			.first_key_is_text = true,
			.index = "session_inbox_name" },
};

void list_order_of(const struct list_query *query, struct list_order *out)
{
	if ((size_t)query->sort >= sizeof orders / sizeof orders[0])
		BUG("%u is not an order", (unsigned)query->sort);
	*out = orders[query->sort];
	if (query->reverse)
		out->is_descending = !out->is_descending;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

int list_key_compare(const struct list_order *order, const struct list_sort_key *a, const struct list_sort_key *b)
{
	int result = order->first_key_is_text ? strcmp(a->name, b->name) : 0;

	for (size_t i = 0; !result && i < LIST_KEYS_MAX; i++)
		result = compare_numbers(a->numbers[i], b->numbers[i]);
	if (!result)
		result = compare_numbers(a->id, b->id);
	return order->is_descending ? -result : result;
}

static size_t bind_id_set(struct list_sql *sql, const struct id_set *set)
{
	*ARENA_PUSH(sql->arena, sql->bindings, sql->count, sql->capacity) =
		(struct list_binding){ .type = 's', .set = set, .text = "" };
	return sql->count;
}

void list_sql_begin(struct list_sql *sql, struct arena *arena, const struct list_plan *plan)
{
	*sql = (struct list_sql){ .arena = arena, .text = STRBUF_INIT };
	for (size_t i = 0; i < plan->binding_count; i++)
		*ARENA_PUSH(arena, sql->bindings, sql->count, sql->capacity) = plan->bindings[i];
	if (plan->has_id_set)
		sql->set_param = bind_id_set(sql, &plan->set);
	if (plan->excluded_set.count)
		sql->excluded_set_param = bind_id_set(sql, &plan->excluded_set);
}

void list_sql_release(struct list_sql *sql)
{
	strbuf_release(&sql->text);
}

size_t list_sql_bind_int(struct list_sql *sql, int64_t value)
{
	*ARENA_PUSH(sql->arena, sql->bindings, sql->count, sql->capacity) =
		(struct list_binding){ .type = 'i', .number = value, .text = "" };
	return sql->count;
}

size_t list_sql_bind_text(struct list_sql *sql, const char *value)
{
	*ARENA_PUSH(sql->arena, sql->bindings, sql->count, sql->capacity) =
		(struct list_binding){ .type = 't', .text = value };
	return sql->count;
}

enum err list_sql_prepare(struct store *store, const char *name, struct list_sql *sql, struct query **out,
			  struct error *error)
{
	enum err err = db_query_text(store->db, name, sql->text.buf, out, error);

	for (size_t i = 0; !err && i < sql->count; i++) {
		if (sql->bindings[i].type == 'i')
			query_bind_int(*out, (int)i + 1, sql->bindings[i].number);
		else if (sql->bindings[i].type == 's')
			query_bind_blob(*out, (int)i + 1, sql->bindings[i].set->bits, sql->bindings[i].set->size);
		else
			query_bind_text(*out, (int)i + 1, sql->bindings[i].text);
	}
	return err;
}

/* Conditions on s for the rows after a key; each parameter is bound once and used by every branch. With the condition
 * `whole`, SQLite ignores the id when it seeks, so it scans all rows with equal columns: only for few rows.
 * Branches use the two conditions in `halves` instead: "s.a = $3 AND s.id > $4", and "s.a > $3". */
struct keyset {
	const char *whole; /* "(s.a, s.id) > ($3, $4)" */
	const char *halves[2];
};
#define HALVES 2

static struct keyset keyset_of(struct list_sql *sql, const struct list_order *order, const struct list_sort_key *from)
{
	const char *than = order->is_descending ? "<" : ">";
	const char *columns = "", *values = "", *equal = "";
	size_t id;

	for (size_t i = 0; i < order->count; i++) {
		const char *comma = i ? ", " : "";
		size_t at = i == 0 && order->first_key_is_text ? list_sql_bind_text(sql, from->name)
							       : list_sql_bind_int(sql, from->numbers[i]);

		columns = arena_printf(sql->arena, "%s%ss.%s", columns, comma, order->columns[i]);
		values = arena_printf(sql->arena, "%s%s$%zu", values, comma, at);
		equal = arena_printf(sql->arena, "%ss.%s = $%zu AND ", equal, order->columns[i], at);
	}
	id = list_sql_bind_int(sql, from->id);
	return (struct keyset){
		.whole = arena_printf(sql->arena, "(%s, s.id) %s (%s, $%zu)", columns, than, values, id),
		.halves = { arena_printf(sql->arena, "%ss.id %s $%zu", equal, than, id),
			    arena_printf(sql->arena, order->count > 1 ? "(%s) %s (%s)" : "%s %s %s", columns, than,
					 values) },
	};
}

static void add_condition(struct list_sql *sql, bool *first, const char *condition)
{
	strbuf_adds(&sql->text, *first ? " WHERE " : " AND ");
	strbuf_adds(&sql->text, condition);
	*first = false;
}

void list_add_top_clause(struct strbuf *out, const struct list_plan *plan)
{
	strbuf_adds(out, plan->top_level_bits == 3   ? "s.top IN (0, 1)"
			 : plan->top_level_bits == 2 ? "s.top = 1"
						     : "s.top = 0");
}

void list_add_inbox_words(struct strbuf *out, unsigned inboxes)
{
	const char *comma = "(";

	for (unsigned inbox = 0; inbox < INBOX_COUNT; inbox++) {
		if (!(inboxes & 1u << inbox))
			continue;
		strbuf_addf(out, "%s'%s'", comma, inbox_text((enum inbox)inbox));
		comma = ", ";
	}
	strbuf_adds(out, ")");
}

/* plain: whether the index on the inbox may be used; if not, the condition prevents its use, because the plan uses
 * another index. */
static void add_inbox_condition(struct list_sql *sql, bool *first, unsigned inboxes, bool plain)
{
	if (inboxes == LIST_INBOXES_ALL && !plain)
		return;
	add_condition(sql, first, plain ? "s.compliance_status IN " : "{aside s.compliance_status} IN ");
	list_add_inbox_words(&sql->text, inboxes);
}

/* id: an expression for the row's id that does not read the row. */
static void add_other_conditions(struct list_sql *sql, bool *first, const struct list_plan *plan, const char *keys,
				 const char *id)
{
	/* The conditions of the keys come before the filter's bounds. If a column has two lower (or two upper) bounds,
	 * SQLite seeks to the first bound in the text, and scans all rows from there to the second bound. */
	if (keys)
		add_condition(sql, first, keys);
	if (plan->has_id_set && plan->source != LIST_FROM_SET)
		add_condition(sql, first, arena_printf(sql->arena, "{bit $%zu, %s}", sql->set_param, id));
	if (plan->excluded_set.count)
		add_condition(sql, first, arena_printf(sql->arena, "NOT {bit $%zu, %s}", sql->excluded_set_param, id));
	if (plan->match && !plan->few_rows_are_matches && !plan->has_id_set)
		add_condition(sql, first, "{aside s.id} IN ({hits $1})");
	if (*plan->predicate)
		add_condition(sql, first, plan->predicate);
}

/* Adds one SELECT for all inboxes, for a source that is not in the order of an inbox's index. */
static void add_single_select(struct list_sql *sql, const struct list_plan *plan, const char *columns, const char *from,
			      const char *keys)
{
	struct strbuf top = STRBUF_INIT;
	bool first = true;

	strbuf_addf(&sql->text, "SELECT %s FROM %s", columns, from);
	list_add_top_clause(&top, plan);
	if (plan->index_starts_with_top || plan->top_level_bits != 3)
		add_condition(sql, &first, top.buf);
	add_inbox_condition(sql, &first, plan->inboxes, plan->index_starts_with_inbox);
	if (plan->inboxes & plan->alert_inboxes)
		add_condition(sql, &first,
			      "NOT ({aside s.compliance_status} IN ('approved', 'rejected') AND " HAS_ALERT ")");
	add_other_conditions(sql, &first, plan, keys, "s.id");
	strbuf_release(&top);
}

/* A SELECT that reads the index of one inbox in its order. */
struct branch {
	const char *index, *inbox_condition;
	bool top;
	const char *keys; /* condition for the rows after a key; NULL: from the first row */
	bool equal;	  /* whether `keys` limits each column of the order to one value */
};

static void add_union_branch(struct list_sql *sql, const struct list_plan *plan, const char *columns,
			     const struct branch *branch)
{
	struct list_plan own = *plan;
	bool first = true;

	/* IS TRUE hides the filter's bounds on a column that has only one value: otherwise SQLite would use the
	 * bounds, not the value, to find the rows, and then sort the rows. */
	if (branch->equal && *plan->predicate)
		own.predicate = arena_printf(sql->arena, "(%s) IS TRUE", plan->predicate);
	strbuf_addf(&sql->text, "SELECT %s FROM session AS s {by %s}", columns, branch->index);
	add_condition(sql, &first, branch->inbox_condition);
	add_condition(sql, &first, branch->top ? "s.top = 1" : "s.top = 0");
	add_other_conditions(sql, &first, &own, branch->keys, "s.id");
}

/* The result columns of a key, for example "s.id AS id, s.due_key AS k1". */
static const char *key_columns(struct arena *arena, const struct list_order *order)
{
	char *text = arena_strdup(arena, "s.id AS id");

	for (size_t i = 0; i < order->count; i++)
		text = arena_printf(arena, "%s, s.%s AS k%zu", text, order->columns[i], i + 1);
	return text;
}

/* Adds the SELECT of the decided sessions with an open alert. It tests all conditions, and reads no set of ids. By due
 * time, their keys are less than the keys of all other sessions. */
static void add_alert_branch(struct list_sql *sql, const struct list_plan *plan, const char *columns,
			     const struct list_order *order, const struct list_sort_key *after)
{
	struct list_plan own = *plan;
	struct list_order by = order ? *order : orders[SORT_DUE];

	if (order && order->index == orders[SORT_DUE].index)
		by.columns[0] = "due_key - 9000000000000000";
	own.inboxes = plan->alert_inboxes;
	own.alert_inboxes = 0;
	own.has_id_set = own.index_starts_with_top = own.index_starts_with_inbox = own.few_rows_are_matches = false;
	add_single_select(sql, &own, order ? key_columns(sql->arena, &by) : columns, OPEN_ALERTS,
			  after ? keyset_of(sql, &by, after).whole : NULL);
}

static const char *id_set_source(struct list_sql *sql, const struct list_plan *plan)
{
	struct strbuf ids = STRBUF_INIT;
	size_t at;

	id_set_write_json(&plan->set, &ids);
	at = list_sql_bind_text(sql, strbuf_finish(&ids, sql->arena));
	return arena_printf(sql->arena,
			    "(SELECT CAST(value AS BIGINT) AS id FROM {elements $%zu, e}) AS hit {then} session AS "
			    "s ON s.id = hit.id",
			    at);
}

void list_sql_add_branches(struct list_sql *sql, const struct list_plan *plan, const char *columns,
			   const struct list_order *order, const struct list_sort_key *after)
{
	const struct list_order *read = order ? order : &orders[SORT_DUE];
	struct keyset keys = { 0 };
	const char *glue = "";

	if (plan->alert_inboxes) {
		add_alert_branch(sql, plan, columns, order, after);
		glue = " UNION ALL ";
	}
	if (after)
		keys = keyset_of(sql, order, after);
	if (plan->source != LIST_FROM_INDEX) {
		strbuf_adds(&sql->text, glue);
		add_single_select(sql, plan, columns,
				  plan->source == LIST_FROM_FEW_ROWS ? plan->few_rows : id_set_source(sql, plan),
				  keys.whole);
		return;
	}
	for (unsigned inbox = 0; inbox < INBOX_COUNT; inbox++) {
		if (!(plan->inboxes & 1u << inbox))
			continue;
		for (unsigned part = 0; part < 2 * HALVES; part++) {
			bool top = part < HALVES;

			if (!(plan->top_level_bits & 1u << top) || (!after && part % HALVES))
				continue;
			strbuf_adds(&sql->text, glue);
			glue = " UNION ALL ";
			add_union_branch(
				sql, plan, columns,
				&(struct branch){
					.index = read->index,
					.inbox_condition = arena_printf(
						sql->arena, "s.compliance_status = '%s'%s",
						inbox_text((enum inbox)inbox),
						plan->alert_inboxes & 1u << inbox ? " AND NOT " HAS_ALERT : ""),
					.top = top,
					.keys = keys.halves[part % HALVES],
					.equal = after && part % HALVES == 0,
				});
		}
	}
}

static void add_order_by(struct list_sql *sql, const struct list_order *order)
{
	const char *direction = order->is_descending ? " DESC" : "";

	strbuf_adds(&sql->text, " ORDER BY ");
	for (size_t i = 0; i < order->count; i++)
		strbuf_addf(&sql->text, "k%zu%s, ", i + 1, direction);
	strbuf_addf(&sql->text, "id%s", direction);
}

void list_sql_add_outer_order(struct list_sql *sql, const struct list_order *order, const char *table)
{
	strbuf_adds(&sql->text, " {anew (");
	for (size_t i = 0; i < order->count; i++)
		strbuf_addf(&sql->text, "%s.k%zu, ", table, i + 1);
	strbuf_addf(&sql->text, "%s.id)%s}", table, order->is_descending ? " DESC" : "");
}

void list_sql_add_key_page(struct list_sql *sql, const struct list_plan *plan, const struct list_order *order,
			   const struct list_sort_key *after, size_t limit)
{
	struct list_plan bare = { .inboxes = plan->inboxes,
				  .alert_inboxes = plan->alert_inboxes,
				  .top_level_bits = plan->top_level_bits,
				  .predicate = "" };
	bool first = true;

	if (plan->scan_row_count) {
		strbuf_adds(&sql->text, "SELECT walk.id AS id");
		for (size_t i = 0; i < order->count; i++)
			strbuf_addf(&sql->text, ", walk.k%zu AS k%zu", i + 1, i + 1);
		strbuf_adds(&sql->text, " FROM (");
	}
	list_sql_add_branches(sql, plan->scan_row_count ? &bare : plan, key_columns(sql->arena, order), order, after);
	add_order_by(sql, order);
	if (plan->scan_row_count) {
		strbuf_addf(&sql->text, " LIMIT $%zu) AS walk {then} session AS s ON s.id = walk.id",
			    list_sql_bind_int(sql, (int64_t)plan->scan_row_count));
		add_other_conditions(sql, &first, plan, NULL, "walk.id");
		list_sql_add_outer_order(sql, order, "walk");
	}
	/* A statement without parameters gets the limit as a number: if the limit were a parameter, PostgreSQL would
	 * plan for a tenth of the rows. */
	if (sql->count)
		strbuf_addf(&sql->text, " LIMIT $%zu", list_sql_bind_int(sql, (int64_t)limit));
	else
		strbuf_addf(&sql->text, " LIMIT %zu", limit);
}

void list_sql_add_table_scan(struct list_sql *sql, const struct list_plan *plan, const char *columns)
{
	struct list_plan whole = *plan;

	whole.alert_inboxes = 0;
	if (plan->source == LIST_FROM_INDEX && plan->inboxes == LIST_INBOXES_ALL)
		add_single_select(sql, &whole, columns, "session AS s {whole}", NULL);
	else
		list_sql_add_branches(sql, plan, columns, NULL, NULL);
}
