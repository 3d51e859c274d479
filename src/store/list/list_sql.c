/* SELECTs over a list_plan: one branch for each inbox, merged in the indexes' own order. */
#include "list_plan.h"

#include <string.h>

static const struct list_order orders[] = {
	[SORT_DUE] = { .columns = { "due_key", "risk_key", "created_at" },
		       .count = 3,
		       .index = "session_due",
		       .inbox_index = "session_inbox_due" },
	[SORT_UPDATED] = { .columns = { "updated_at" },
			   .count = 1,
			   .descending = true,
			   .index = "session_updated",
			   .inbox_index = "session_inbox_updated" },
	[SORT_RISK] = { .columns = { "risk_key", "due_key" },
			.count = 2,
			.index = "session_risk",
			.inbox_index = "session_inbox_risk" },
	[SORT_NAME] = { .columns = { "name_key" },
			.count = 1,
			.by_name = true,
			.index = "session_name",
			.inbox_index = "session_inbox_name" },
};

void list_order_of(const struct list_query *query, struct list_order *out)
{
	if ((size_t)query->sort >= sizeof orders / sizeof orders[0])
		BUG("%u is no order", (unsigned)query->sort);
	*out = orders[query->sort];
	if (query->reverse)
		out->descending = !out->descending;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

int list_key_compare(const struct list_order *order, const struct list_key *a, const struct list_key *b)
{
	int result = order->by_name ? strcmp(a->name, b->name) : 0;

	for (size_t i = 0; !result && i < LIST_KEYS_MAX; i++)
		result = compare_numbers(a->numbers[i], b->numbers[i]);
	if (!result)
		result = compare_numbers(a->id, b->id);
	return order->descending ? -result : result;
}

void list_sql_begin(struct list_sql *sql, struct arena *arena, const struct list_plan *plan)
{
	*sql = (struct list_sql){ .arena = arena, .text = STRBUF_INIT };
	for (size_t i = 0; i < plan->bind_count; i++)
		*ARENA_PUSH(arena, sql->binds, sql->count, sql->capacity) = plan->binds[i];
}

void list_sql_release(struct list_sql *sql)
{
	strbuf_release(&sql->text);
}

size_t list_sql_int(struct list_sql *sql, int64_t value)
{
	*ARENA_PUSH(sql->arena, sql->binds, sql->count, sql->capacity) =
		(struct list_bind){ .type = 'i', .number = value, .text = "" };
	return sql->count;
}

size_t list_sql_text(struct list_sql *sql, const char *value)
{
	*ARENA_PUSH(sql->arena, sql->binds, sql->count, sql->capacity) =
		(struct list_bind){ .type = 't', .text = value };
	return sql->count;
}

enum err list_sql_query(struct store *store, const char *name, struct list_sql *sql, struct query **out,
			struct error *error)
{
	enum err err = db_query_text(store->db, name, sql->text.buf, out, error);

	for (size_t i = 0; !err && i < sql->count; i++) {
		if (sql->binds[i].type == 'i')
			query_int(*out, (int)i + 1, sql->binds[i].number);
		else
			query_text(*out, (int)i + 1, sql->binds[i].text);
	}
	return err;
}

/* The parameters of a keyset, bound once and named by every branch: "(s.a, s.id) > ($3, $4)". */
static char *keyset(struct list_sql *sql, const struct list_order *order, const struct list_key *from)
{
	struct strbuf columns = STRBUF_INIT, values = STRBUF_INIT;
	char *text;

	for (size_t i = 0; i < order->count; i++) {
		size_t at = i == 0 && order->by_name ? list_sql_text(sql, from->name)
						     : list_sql_int(sql, from->numbers[i]);

		strbuf_addf(&columns, "s.%s, ", order->columns[i]);
		strbuf_addf(&values, "$%zu, ", at);
	}
	strbuf_adds(&columns, "s.id");
	strbuf_addf(&values, "$%zu", list_sql_int(sql, from->id));
	text = arena_printf(sql->arena, "(%s) %s (%s)", columns.buf, order->descending ? "<" : ">", values.buf);
	strbuf_release(&columns);
	strbuf_release(&values);
	return text;
}

static void add_condition(struct list_sql *sql, bool *first, const char *condition)
{
	strbuf_adds(&sql->text, *first ? " WHERE " : " AND ");
	strbuf_adds(&sql->text, condition);
	*first = false;
}

void list_add_top(struct strbuf *out, const struct list_plan *plan)
{
	strbuf_adds(out, plan->tops == 3 ? "s.top IN (0, 1)" : plan->tops == 2 ? "s.top = 1" : "s.top = 0");
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

/* plain: an index on the inbox is to serve; otherwise it is kept out where another one drives. */
static void add_inboxes(struct list_sql *sql, bool *first, unsigned inboxes, bool plain)
{
	if (inboxes == LIST_INBOXES_ALL && !plain)
		return;
	add_condition(sql, first, plain ? "s.compliance_status IN " : "{aside s.compliance_status} IN ");
	list_add_inbox_words(&sql->text, inboxes);
}

static void add_rest(struct list_sql *sql, bool *first, const struct list_plan *plan, const char *keys)
{
	if (plan->match && !plan->match_in_few)
		add_condition(sql, first, "{aside s.id} IN ({hits $1})");
	if (*plan->predicate)
		add_condition(sql, first, plan->predicate);
	if (keys)
		add_condition(sql, first, keys);
}

/* A source that is not in the inboxes' order: one SELECT for all of them. */
static void add_unordered(struct list_sql *sql, const struct list_plan *plan, const char *columns, const char *from,
			  const char *keys)
{
	struct strbuf top = STRBUF_INIT;
	bool first = true;

	strbuf_addf(&sql->text, "SELECT %s FROM %s", columns, from);
	list_add_top(&top, plan);
	if (plan->few_by_top || plan->tops != 3)
		add_condition(sql, &first, top.buf);
	add_inboxes(sql, &first, plan->inboxes, plan->few_by_inbox);
	add_rest(sql, &first, plan, keys);
	strbuf_release(&top);
}

/* One index read in its order: of one inbox, or of all when inbox is "". */
struct branch {
	const char *index, *inbox;
	bool top;
	const char *keys; /* NULL: from the first row */
};

static void add_branch(struct list_sql *sql, const struct list_plan *plan, const char *columns,
		       const struct branch *branch)
{
	bool first = true;

	strbuf_addf(&sql->text, "SELECT %s FROM session AS s {by %s}", columns, branch->index);
	if (*branch->inbox)
		add_condition(sql, &first, branch->inbox);
	add_condition(sql, &first, branch->top ? "s.top = 1" : "s.top = 0");
	add_rest(sql, &first, plan, branch->keys);
}

void list_sql_branches(struct list_sql *sql, const struct list_plan *plan, const char *columns,
		       const struct list_order *order, const struct list_key *after)
{
	const struct list_order *read = order ? order : &orders[SORT_DUE];
	const char *keys = after ? keyset(sql, order, after) : NULL;
	bool all = plan->inboxes == LIST_INBOXES_ALL;
	const char *glue = "";

	if (plan->source == LIST_FROM_FEW) {
		add_unordered(sql, plan, columns, plan->few, keys);
		return;
	}
	for (unsigned inbox = 0; inbox < (all ? 1u : INBOX_COUNT); inbox++) {
		if (!all && !(plan->inboxes & 1u << inbox))
			continue;
		for (unsigned top = 2; top-- > 0;) {
			if (!(plan->tops & 1u << top))
				continue;
			strbuf_adds(&sql->text, glue);
			glue = " UNION ALL ";
			add_branch(sql, plan, columns,
				   &(struct branch){
					   .index = all ? read->index : read->inbox_index,
					   .inbox = all ? ""
							: arena_printf(sql->arena, "s.compliance_status = '%s'",
								       inbox_text((enum inbox)inbox)),
					   .top = top,
					   .keys = keys,
				   });
		}
	}
}

void list_sql_whole(struct list_sql *sql, const struct list_plan *plan, const char *columns)
{
	if (plan->source == LIST_FROM_INDEX && plan->inboxes == LIST_INBOXES_ALL)
		add_unordered(sql, plan, columns, "session AS s {whole}", NULL);
	else
		list_sql_branches(sql, plan, columns, NULL, NULL);
}
