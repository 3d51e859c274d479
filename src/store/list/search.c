/* Reads a list in steps. The first steps scan chunks in sort order, by keyset. The next steps read the ids of each
 * condition, one condition per step. The last steps scan and count the rows that match all conditions. */
#include "kybdesk/store/search.h"
#include "filter_sql.h"

#include <stdlib.h>

#define CHUNK_MAX ((size_t)1 << 20)

struct list_search {
	struct arena arena; /* lives as long as the search */
	struct list_query query;
	int64_t at_most; /* limit of the count; INT64_MAX: no limit */
	struct list_order order;
	struct list_plan plan;
	bool planned, scans, is_complete;
	bool needs_rows, needs_count;  /* whether the search still needs rows; whether it still needs the count */
	struct query_parts *parts;     /* conditions still to be read; NULL: none */
	bool sets_cover_query;	       /* all parts are read, and their ids replace the plan's predicate */
	size_t chunk;		       /* rows per chunk */
	struct list_sort_key position; /* key of the last scanned row; the scan continues after it */
	bool begun;		       /* false: the scan is before the first row */
	struct session_item *items;
	struct list_sort_key *keys; /* keys of the items, and of one row after them */
	size_t count, key_count;
	struct id_set found_ids; /* ids found so far, to skip a row that moved ahead and is read again */
	int64_t match_count, scanned_count;
};

static const char *copy_text(struct arena *arena, const char *text)
{
	return text ? arena_strdup(arena, text) : NULL;
}

struct list_search *store_search_begin(const struct list_query *query, int64_t at_most)
{
	struct list_search *search = xcalloc(1, sizeof *search);
	struct filter *filter = &search->query.filter;

	search->query = *query;
	search->query.after = copy_text(&search->arena, query->after);
	search->query.actor = copy_text(&search->arena, query->actor);
	filter->terms = arena_memdup(&search->arena, query->filter.terms, filter->count * sizeof *filter->terms);
	filter->capacity = filter->count;
	for (size_t i = 0; i < filter->count; i++) {
		filter->terms[i].value = copy_text(&search->arena, filter->terms[i].value);
		filter->terms[i].tag_key = copy_text(&search->arena, filter->terms[i].tag_key);
	}
	search->at_most = at_most ? at_most : INT64_MAX;
	return search;
}

void store_search_end(struct list_search *search)
{
	if (!search)
		return;
	list_plan_release(&search->plan);
	id_set_release(&search->found_ids);
	arena_release(&search->arena);
	free(search);
}

static bool has_cursor(const struct list_search *search)
{
	return search->query.after && *search->query.after;
}

/* Whether the list is scanned in steps. Other lists are read at once: lists with few rows or without conditions,
 * and lists with subsessions, which are not counted. */
static bool needs_scan(const struct list_plan *plan)
{
	return plan->inboxes && plan->source == LIST_FROM_INDEX && plan->top_level_bits == 2 &&
	       (*plan->predicate || plan->has_id_set || plan->excluded_set.count);
}

static void set_page_rows(struct list_search *search, const struct list_rows *rows)
{
	const size_t limit = search->query.limit;

	search->items = rows->items;
	search->keys = rows->keys;
	search->key_count = rows->count;
	search->count = rows->count < limit ? rows->count : limit;
}

static enum err read_whole_list(struct store *store, struct list_search *search, struct error *error)
{
	struct list_rows rows;
	int64_t at_most = search->at_most == INT64_MAX ? 0 : search->at_most;
	enum err err = list_rows_read(store, &search->arena, &search->query, &rows, error);

	if (!err)
		err = store_list_count(store, &search->query, at_most, &search->match_count, error);
	if (!err)
		set_page_rows(search, &rows);
	search->is_complete = true;
	return err;
}

static enum err begin_scan(struct list_search *search, const struct store *store, struct error *error)
{
	const struct list_query *query = &search->query;

	list_order_of(query, &search->order);
	search->chunk = store->lists.scan_row_count ? store->lists.scan_row_count : 1;
	search->keys = arena_alloc_array(&search->arena, query->limit + 1, sizeof *search->keys);
	search->items = arena_alloc_array(&search->arena, query->limit, sizeof *search->items);
	search->scans = search->needs_rows = search->needs_count = true;
	if (search->plan.scan_row_count && !list_has_fast_count(query))
		search->parts = split_query_parts(&search->arena, query);
	search->begun = has_cursor(search);
	return search->begun ? list_cursor_read(&search->arena, query, &search->position, error) : ERR_OK;
}

static enum err begin_search(struct store *store, struct list_search *search, struct error *error)
{
	enum err err = list_plan_make(store, &search->arena, &search->query, &search->plan, error);

	search->planned = true;
	if (err)
		return err;
	return needs_scan(&search->plan) ? begin_scan(search, store, error) : read_whole_list(store, search, error);
}

/* Whether the scan also counts: only a scan from the first row finds all matches. */
static bool must_count_matches(const struct list_search *search)
{
	return search->needs_count && !has_cursor(search);
}

/* Number of matches still needed; 0: the scan is complete. */
static size_t needed_match_count(const struct list_search *search)
{
	size_t rows = search->needs_rows ? search->query.limit + 1 - search->key_count : 0;
	int64_t more = must_count_matches(search) ? search->at_most - search->match_count : 0;

	return more > 0 && (uint64_t)more > rows ? (size_t)more : rows;
}

/* Finds the last row of the next chunk in sort order; *found false: fewer rows than a chunk are left. Reads only
 * the index of the sort order. */
static enum err find_chunk_end(struct store *store, struct list_search *search, struct list_sort_key *end, bool *found,
			       struct error *error)
{
	const struct list_plan bare = { .inboxes = search->plan.inboxes,
					.alert_inboxes = search->plan.alert_inboxes,
					.top_level_bits = search->plan.top_level_bits,
					.predicate = "" };
	struct arena arena = ARENA_INIT;
	struct list_sql sql;
	struct query *query = NULL;
	enum err err;

	list_sql_begin(&sql, &arena, &bare);
	list_sql_add_key_page(&sql, &bare, &search->order, search->begun ? &search->position : NULL, 1);
	strbuf_addf(&sql.text, " OFFSET $%zu", list_sql_bind_int(&sql, (int64_t)search->chunk - 1));
	err = list_sql_prepare(store, "list.walk", &sql, &query, error);
	*found = query_fetch_row(&query, &err, error);
	if (*found) {
		list_key_read_row(query, &search->arena, &search->order, 1, end);
		end->id = row_int(query, 0);
	}
	query_end(query);
	list_sql_release(&sql);
	arena_release(&arena);
	return err;
}

struct match_keys {
	struct arena arena;
	struct list_sort_key *keys;
	size_t count, capacity;
};

static enum err read_match_keys(struct store *store, struct list_search *search, size_t limit, struct match_keys *out,
				struct error *error)
{
	struct list_sql sql;
	struct query *query = NULL;
	enum err err;

	list_sql_begin(&sql, &out->arena, &search->plan);
	list_sql_add_key_page(&sql, &search->plan, &search->order, search->begun ? &search->position : NULL, limit);
	err = list_sql_prepare(store, "list.hits", &sql, &query, error);
	while (query_fetch_row(&query, &err, error)) {
		struct list_sort_key *key = ARENA_PUSH(&out->arena, out->keys, out->count, out->capacity);

		list_key_read_row(query, &out->arena, &search->order, 1, key);
		key->id = row_int(query, 0);
		list_keys_sort_last(&search->order, out->keys, NULL, out->count - 1);
	}
	list_sql_release(&sql);
	return err;
}

static struct list_sort_key copy_key(struct list_search *search, const struct list_sort_key *key)
{
	struct list_sort_key copy = *key;

	copy.name = arena_strdup(&search->arena, key->name);
	return copy;
}

static void add_match_keys(struct list_search *search, const struct match_keys *hits)
{
	for (size_t i = 0; i < hits->count; i++) {
		size_t before = search->found_ids.count;

		id_set_add(&search->found_ids, hits->keys[i].id);
		if (search->found_ids.count == before)
			continue;
		if (search->key_count <= search->query.limit)
			search->keys[search->key_count++] = copy_key(search, &hits->keys[i]);
		if (must_count_matches(search) && search->match_count < search->at_most)
			search->match_count++;
	}
}

static void update_search_state(struct list_search *search, bool all_examined)
{
	if (all_examined || search->key_count > search->query.limit)
		search->needs_rows = false;
	if (must_count_matches(search) && (all_examined || search->match_count == search->at_most))
		search->needs_count = false;
	search->is_complete = !search->needs_rows && !search->needs_count;
}

static enum err scan_chunk(struct store *store, struct list_search *search, struct error *error)
{
	bool all = search->plan.source == LIST_FROM_SET, more = false;
	size_t limit = needed_match_count(search);
	struct match_keys hits = { .arena = ARENA_INIT };
	struct list_sort_key end;
	enum err err = all ? ERR_OK : find_chunk_end(store, search, &end, &more, error);

	search->plan.scan_row_count = all ? 0 : search->chunk;
	if (!err)
		err = read_match_keys(store, search, limit, &hits, error);
	if (!err) {
		add_match_keys(search, &hits);
		if (hits.count == limit)
			search->position = copy_key(search, &hits.keys[limit - 1]);
		else if (more)
			search->position = end;
		search->begun = true;
		if (hits.count < limit)
			search->scanned_count = more ? search->scanned_count + (int64_t)search->chunk : INT64_MAX;
		update_search_state(search, !more && hits.count < limit);
	}
	arena_release(&hits.arena);
	return err;
}

/* Sets the chunk size so that a step reads several chunks. */
static void set_chunk_size(struct list_search *search, const struct store *store, int64_t took_ms)
{
	int64_t step_ms = (int64_t)store->lists.step_ms;

	if (took_ms * 8 < step_ms && search->chunk < CHUNK_MAX)
		search->chunk *= 2;
	else if (took_ms * 3 > step_ms && search->chunk > 1 && search->chunk > store->lists.scan_row_count)
		search->chunk /= 2;
}

/* Scans until the step's time is over, at least one chunk. */
static enum err scan(struct store *store, struct list_search *search, int64_t begun_ms, struct error *error)
{
	int64_t now_ms = world_monotonic_ms(store->world), end_ms = begun_ms + (int64_t)store->lists.step_ms;
	enum err err = ERR_OK;

	do {
		int64_t from_ms = now_ms;

		err = scan_chunk(store, search, error);
		now_ms = world_monotonic_ms(store->world);
		set_chunk_size(search, store, now_ms - from_ms);
	} while (!err && needed_match_count(search) && now_ms < end_ms);
	return err;
}

/* Counts by the indexes of the conditions, which is faster than a scan to the last row. If the ids that were read
 * cover all conditions, the count uses only these ids, and does not test the plan's predicate on each row. */
static enum err count(struct store *store, struct list_search *search, struct error *error)
{
	struct list_plan plan = search->plan;
	enum err err;

	if (search->sets_cover_query && !plan.alert_inboxes)
		plan.predicate = "";
	err = list_read_fast_count(store, &search->query, search->at_most, &search->match_count, error);
	if (!err && search->match_count < 0)
		err = list_count_plan_rows(store, &plan, search->at_most, &search->match_count, error);
	search->needs_count = false;
	search->is_complete = !search->needs_rows;
	return err;
}

static enum err collect(struct store *store, struct list_search *search, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct filter_builder b = { .store = store, .arena = &arena, .query = &search->query, .error = error };
	bool done = false;
	enum err err = list_plan_collect_part(&b, &search->plan, search->parts, &done);

	if (done) {
		search->sets_cover_query = list_parts_cover_query(search->parts);
		search->parts = NULL;
	}
	arena_release(&arena);
	return err;
}

/* Reads all ids of one condition; if no condition is left, counts the matches. Each call runs one statement, which
 * reads a whole index. */
static enum err collect_ids_or_count(struct store *store, struct list_search *search, struct error *error)
{
	enum err err = ERR_OK;

	if (search->parts)
		err = collect(store, search, error);
	if (!err && search->needs_count && !search->parts)
		err = count(store, search, error);
	return err;
}

/* Reads the rows found in this step, in the same transaction. */
static enum err read_items(struct store *store, struct list_search *search, struct error *error)
{
	size_t most = search->key_count < search->query.limit ? search->key_count : search->query.limit;
	struct id_set ids = ID_SET_INIT;
	struct list_rows rows;
	enum err err = ERR_OK;

	for (size_t i = search->count; i < most; i++)
		id_set_add(&ids, search->keys[i].id);
	if (ids.count)
		err = list_rows_read_by_ids(store, &search->arena, &search->query, &ids, &rows, error);
	/* The keys have the order of the list, in which alerts come first. */
	for (size_t i = search->count; !err && i < most; i++)
		for (size_t row = 0; row < rows.count; row++)
			if (rows.items[row].row == search->keys[i].id)
				search->items[search->count++] = rows.items[row];
	id_set_release(&ids);
	return err;
}

static struct session_item copy_session_item(struct arena *arena, const struct session_item *item)
{
	struct session_item copy = *item;
	const char **const texts[] = { &copy.id,       &copy.external_ref, &copy.workflow,
				       &copy.merchant, &copy.subject_name, &copy.country,
				       &copy.assignee, &copy.level,	   &copy.parent_id };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = copy_text(arena, *texts[i]);
	return copy;
}

static void report_progress(const struct list_search *search, struct arena *arena, int64_t of,
			    struct search_progress *out)
{
	*out = (struct search_progress){ .count = search->count,
					 .match_count = search->match_count,
					 .is_complete = search->is_complete,
					 .scanned = search->scanned_count < of ? search->scanned_count : of,
					 .total_to_scan = of };
	out->items = arena_alloc_array(arena, search->count, sizeof *out->items);
	for (size_t i = 0; i < search->count; i++)
		out->items[i] = copy_session_item(arena, &search->items[i]);
}

enum err store_search_step(struct store *store, struct arena *arena, struct list_search *search,
			   struct search_progress *out, struct error *error)
{
	int64_t begun_ms = world_monotonic_ms(store->world), of = 0;
	bool first = !search->planned;
	enum err err = first ? begin_search(store, search, error) : collect_ids_or_count(store, search, error);

	if (!err && search->scans && (first ? needed_match_count(search) > 0 : search->needs_rows))
		err = scan(store, search, begun_ms, error);
	if (!err && search->scans)
		err = read_items(store, search, error);
	if (!err && search->scans)
		err = list_sum_inbox_counts(store, search->plan.inboxes, &of, error);
	if (!err)
		report_progress(search, arena, of, out);
	return err;
}

const char *store_search_cursor(const struct list_search *search, struct arena *arena, size_t count)
{
	if (!count || search->key_count <= count)
		return "";
	return list_cursor_write(arena, &search->query, &search->keys[count - 1]);
}
