/* Pages of sessions, the next session to work on, and positions within a list. */
#include "columns.h"
#include "rows.h"
#include "list_plan.h"
#include "kybdesk/domain/due.h"

#include <string.h>

#define ITEM_JOINS                                                                                                     \
	"{then} session AS s ON s.id = page.id {then} merchant AS m ON m.id = s.merchant_id "                          \
	"{then} subject AS u ON u.id = s.subject_id LEFT JOIN reviewer AS r ON r.id = s.assignee_id "                  \
	"LEFT JOIN session AS p ON p.id = s.parent_id"
/* The page's sort columns k1, k2 … follow the columns of this statement. */
static const struct row_sql sql_items = { .kind = ROW_SELECT, .table = &item_columns };

static enum err read_item(const struct row_reader *reader, struct query *query, int64_t now, struct session_item *out,
			  struct error *error)
{
	const struct column *bad = row_read_columns(reader, query, out);

	if (bad)
		return error_set(error, ERR_STORE,
				 "store %s is damaged: session row %lld has no valid %s; run kybdesk doctor",
				 reader->store->path, (long long)out->row, bad->name + strlen("s."));
	out->assignee = session_holder(&(const struct session){ .assignee = out->assignee,
								.claimed_at = out->claimed_at,
								.claim_expires_at = out->claim_expires_at },
				       now);
	out->short_workflow = "";
	out->risk_bound = RISK_NONE;
	out->review_ms = 0;
	out->blocker = store_intern_word(reader->store, out->blocker);
	return ERR_OK;
}

void list_key_read_row(struct query *query, struct arena *arena, const struct list_order *order, int first,
		       struct list_sort_key *out)
{
	*out = (struct list_sort_key){ .name = "" };
	for (size_t i = 0; i < order->count; i++) {
		if (i == 0 && order->first_key_is_text)
			out->name = row_text(query, first, arena);
		else
			out->numbers[i] = row_int(query, first + (int)i);
	}
}

void list_keys_sort_last(const struct list_order *order, struct list_sort_key *keys, struct session_item *items,
			 size_t last)
{
	struct list_sort_key key = keys[last];
	size_t at = last;

	while (at > 0 && list_key_compare(order, &keys[at - 1], &key) > 0)
		at--;
	if (at == last)
		return;
	memmove(&keys[at + 1], &keys[at], (last - at) * sizeof *keys);
	keys[at] = key;
	if (items) {
		struct session_item item = items[last];

		memmove(&items[at + 1], &items[at], (last - at) * sizeof *items);
		items[at] = item;
	}
}

static enum err check_limit(const struct list_query *query, struct error *error)
{
	if (query->limit >= 1 && query->limit <= LIST_LIMIT_MAX)
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "limit", "the limit of a page must be 1 to %d sessions",
			       LIST_LIMIT_MAX);
}

/* The requested page. */
struct pager {
	const struct list_query *query;
	struct list_plan plan;
	struct list_order order;
	struct list_sort_key key;
	const struct list_sort_key *after; /* NULL: from the first row */
};

static enum err pager_begin(struct store *store, struct arena *arena, const struct list_query *query, struct pager *out,
			    struct error *error)
{
	enum err err = check_limit(query, error);

	*out = (struct pager){ .query = query };
	list_order_of(query, &out->order);
	if (!err && query->after && *query->after) {
		err = list_cursor_read(arena, query, &out->key, error);
		out->after = &out->key;
	}
	return err ? err : list_plan_make(store, arena, query, &out->plan, error);
}

/* The columns of the statement. Their text is made once per store, because to write 37 columns for each page takes
 * as long as some searches. */
static const char *get_select_items(struct store *store)
{
	struct strbuf text = STRBUF_INIT;

	if (!store->select_items) {
		row_sql_write(&sql_items.sql, &text);
		store->select_items = strbuf_finish(&text, &store->word_arena);
	}
	return store->select_items;
}

static void make_page_sql(struct store *store, struct arena *arena, const struct pager *pager, size_t limit,
			  struct list_sql *out)
{
	list_sql_begin(out, arena, &pager->plan);
	strbuf_adds(&out->text, get_select_items(store));
	for (size_t i = 0; i < pager->order.count; i++)
		strbuf_addf(&out->text, ", page.k%zu", i + 1);
	strbuf_adds(&out->text, " FROM (");
	list_sql_add_key_page(out, &pager->plan, &pager->order, pager->after, limit);
	strbuf_adds(&out->text, ") AS page " ITEM_JOINS);
	list_sql_add_outer_order(out, &pager->order, "page");
}

static enum err read_page(struct store *store, struct arena *arena, const struct pager *pager, struct list_rows *out,
			  struct error *error)
{
	const size_t most = pager->query->limit + 1; /* one more than requested, to know if there is another page */
	const struct row_reader reader = { store, &sql_items, arena };
	struct list_sql sql;
	struct query *rows = NULL;
	enum err err;

	out->count = 0;
	out->items = arena_alloc_array(arena, most, sizeof *out->items);
	out->keys = arena_alloc_array(arena, most, sizeof *out->keys);
	make_page_sql(store, arena, pager, most, &sql);
	err = list_sql_prepare(store, "list.page", &sql, &rows, error);
	while (out->count < most && query_fetch_row(&rows, &err, error)) {
		err = read_item(&reader, rows, pager->query->now, &out->items[out->count], error);
		list_key_read_row(rows, arena, &pager->order, (int)item_columns.count, &out->keys[out->count]);
		out->keys[out->count].id = out->items[out->count].row;
		list_keys_sort_last(&pager->order, out->keys, out->items, out->count);
		out->count++;
	}
	query_end(rows);
	list_sql_release(&sql);
	return err;
}

enum err list_rows_read(struct store *store, struct arena *arena, const struct list_query *query, struct list_rows *out,
			struct error *error)
{
	struct pager pager;
	enum err err = pager_begin(store, arena, query, &pager, error);

	*out = (struct list_rows){ .items = NULL };
	if (!err && pager.plan.inboxes) {
		err = read_page(store, arena, &pager, out, error);
		if (!err && pager.plan.scan_row_count && out->count <= query->limit) {
			err = list_plan_collect(store, arena, query, &pager.plan, error);
			if (!err)
				err = read_page(store, arena, &pager, out, error);
		}
	}
	list_plan_release(&pager.plan);
	return err;
}

enum err list_rows_read_by_ids(struct store *store, struct arena *arena, const struct list_query *query,
			       const struct id_set *ids, struct list_rows *out, struct error *error)
{
	struct list_query all = *query;
	struct pager pager = { .query = &all,
			       .plan = { .inboxes = LIST_INBOXES_ALL,
					 .top_level_bits = 3,
					 .source = LIST_FROM_SET,
					 .predicate = "",
					 .set = *ids } };

	all.limit = ids->count;
	list_order_of(query, &pager.order);
	return read_page(store, arena, &pager, out, error);
}

enum err store_list(struct store *store, struct arena *arena, const struct list_query *query, struct list_page *out,
		    struct error *error)
{
	struct list_rows rows;
	enum err err = list_rows_read(store, arena, query, &rows, error);

	*out = (struct list_page){ .items = rows.items, .count = rows.count, .next = "" };
	if (!err && rows.count > query->limit) {
		out->count = query->limit;
		out->next = list_cursor_write(arena, query, &rows.keys[out->count - 1]);
	}
	return err;
}

enum err store_list_scan(struct store *store, const struct list_query *query,
			 enum err (*each)(void *context, const struct session_item *item, struct error *error),
			 void *context, struct error *error)
{
	struct arena arena = ARENA_INIT, one = ARENA_INIT;
	struct pager pager = { .query = query };
	struct list_sql sql;
	struct query *rows = NULL;
	enum err err = list_plan_make(store, &arena, query, &pager.plan, error);

	if (!err && pager.plan.scan_row_count)
		err = list_plan_collect(store, &arena, query, &pager.plan, error);
	if (!err && pager.plan.inboxes) {
		list_order_of(query, &pager.order);
		make_page_sql(store, &arena, &pager, INT64_MAX, &sql);
		err = list_sql_prepare(store, "list.each", &sql, &rows, error);
		while (query_fetch_row(&rows, &err, error)) {
			struct session_item item;

			err = read_item(&(struct row_reader){ store, &sql_items, &one }, rows, query->now, &item,
					error);
			if (!err)
				err = each(context, &item, error);
			arena_reset(&one);
		}
		list_sql_release(&sql);
	}
	list_plan_release(&pager.plan);
	arena_release(&one);
	arena_release(&arena);
	return err;
}

enum err store_list_sql(struct store *store, struct arena *arena, const struct list_query *query, const char **text,
			struct error *error)
{
	struct pager pager;
	struct list_sql sql;
	struct strbuf written = STRBUF_INIT;
	enum err err = pager_begin(store, arena, query, &pager, error);

	*text = "";
	if (!err && pager.plan.inboxes) {
		make_page_sql(store, arena, &pager, query->limit + 1, &sql);
		db_expand_phrases(store->db->driver, sql.text.buf, &written);
		*text = strbuf_finish(&written, arena);
		list_sql_release(&sql);
	}
	list_plan_release(&pager.plan);
	return err;
}

/* Runs a statement that returns one number; 0 without a row. */
static enum err read_number(struct store *store, const char *name, struct list_sql *sql, int64_t *number,
			    struct error *error)
{
	struct query *query = NULL;
	enum err err = list_sql_prepare(store, name, sql, &query, error);

	*number = query_fetch_row(&query, &err, error) ? row_int(query, 0) : 0;
	query_end(query);
	return err;
}

enum err list_sum_inbox_counts(struct store *store, unsigned inboxes, int64_t *sum, struct error *error)
{
	int64_t counts[INBOX_COUNT];
	enum err err = store_inbox_counts(store, counts, error);

	*sum = 0;
	for (unsigned inbox = 0; !err && inbox < INBOX_COUNT; inbox++)
		*sum += inboxes & 1u << inbox ? counts[inbox] : 0;
	return err;
}

enum err list_count_plan_rows(struct store *store, const struct list_plan *plan, int64_t at_most, int64_t *count,
			      struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct list_sql sql;
	enum err err;

	list_sql_begin(&sql, &arena, plan);
	strbuf_adds(&sql.text, "SELECT count(*) FROM (");
	list_sql_add_branches(&sql, plan, "1", NULL, NULL);
	if (at_most > 0)
		strbuf_addf(&sql.text, " LIMIT $%zu", list_sql_bind_int(&sql, at_most));
	strbuf_adds(&sql.text, ") AS found");
	err = read_number(store, "list.count", &sql, count, error);
	list_sql_release(&sql);
	arena_release(&arena);
	return err;
}

enum err store_list_count(struct store *store, const struct list_query *query, int64_t at_most, int64_t *count,
			  struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct list_query counted = *query;
	struct list_plan plan;
	int64_t sum = 0;
	enum err err;

	err = list_read_fast_count(store, query, at_most, count, error);
	if (err || *count >= 0)
		return err;
	*count = 0;
	counted.count_only = true;
	err = list_plan_make(store, &arena, &counted, &plan, error);
	if (!err && plan.inboxes) {
		if (plan.scan_row_count)
			err = list_plan_collect(store, &arena, &counted, &plan, error);
		if (!err && !*plan.predicate && !plan.match && !plan.has_id_set && !plan.excluded_set.count &&
		    plan.top_level_bits == 2) {
			/* reads counters that triggers maintain; only the alerts of other inboxes are counted */
			err = list_sum_inbox_counts(store, plan.inboxes, &sum, error);
			plan.alert_inboxes &= ~plan.inboxes;
			plan.inboxes = 0;
		}
		if (!err && (plan.inboxes || plan.alert_inboxes))
			err = list_count_plan_rows(store, &plan, at_most, count, error);
		*count += sum;
	}
	list_plan_release(&plan);
	if (at_most > 0 && *count > at_most)
		*count = at_most;
	arena_release(&arena);
	return err;
}

static enum err read_first_row(struct store *store, struct arena *arena, const struct list_plan *plan,
			       const struct list_query *query, int64_t *row, struct error *error)
{
	struct list_order order;
	struct list_sql sql;
	enum err err;

	list_order_of(query, &order);
	list_sql_begin(&sql, arena, plan);
	list_sql_add_key_page(&sql, plan, &order, NULL, 1);
	err = read_number(store, "list.next", &sql, row, error);
	list_sql_release(&sql);
	return err;
}

enum err store_list_next_row(struct store *store, const struct list_query *query, int64_t *row, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct list_query urgent = *query;
	struct list_plan plan;
	enum err err;

	*row = 0;
	urgent.sort = SORT_DUE;
	urgent.reverse = false;
	urgent.include_subsessions = false;
	if (!urgent.inboxes)
		urgent.inboxes = 1u << INBOX_MANUAL_REVIEW | 1u << INBOX_COMPLETED;
	err = list_plan_make(store, &arena, &urgent, &plan, error);
	if (!err && plan.inboxes) {
		list_plan_require_available(&plan, &arena, query);
		err = read_first_row(store, &arena, &plan, &urgent, row, error);
		if (!err && !*row && plan.scan_row_count) {
			err = list_plan_collect(store, &arena, &urgent, &plan, error);
			if (!err)
				err = read_first_row(store, &arena, &plan, &urgent, row, error);
		}
	}
	list_plan_release(&plan);
	arena_release(&arena);
	return err;
}
