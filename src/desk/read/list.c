/* Inboxes and pages of sessions. */
#include "read/read.h"
#include "decide/decide.h"
#include "kybdesk/store/search.h"

enum err list_query_prepare(struct desk *desk, struct list_query *query, struct error *error)
{
	enum err err = ERR_OK;

	query->actor = desk->actor;
	query->now = desk_now(desk);
	if (!query->after)
		query->after = "";
	if (!query->limit)
		query->limit = LIST_LIMIT_DEFAULT;
	if (query->limit > LIST_LIMIT_MAX)
		err = error_invalid(error, "limit", "A page has at most %d cases, not %zu", LIST_LIMIT_MAX,
				    query->limit);
	for (size_t i = 0; !err && i < query->filter.count; i++) {
		struct filter_term *term = &query->filter.terms[i];
		const struct country *country =
			term->key == FILTER_COUNTRY ? country_find(desk_countries(desk), term->value) : NULL;

		if (country)
			term->value = country->alpha3;
		else if (term->key == FILTER_COUNTRY)
			err = error_invalid(error, "filter",
					    "\"%s\" is not a country; write its code (PT or PRT) or its English name",
					    term->value);
	}
	return err;
}

enum err desk_inbox_counts(struct desk *desk, int64_t counts[INBOX_COUNT], struct error *error)
{
	enum err err = desk_begin_row_read(desk, error);

	return err ? err : desk_finish_read(desk, store_inbox_counts(desk->store, counts, error));
}

static bool is_status_term(const struct filter_term *term)
{
	return term->key == FILTER_STATUS || term->key == FILTER_INBOX;
}

/* Whether the query filters by status. The store has only the new status of a held decision, which is not public
 * yet, so a list by status omits the session until the grace time ends. */
static bool filters_by_status(const struct list_query *query)
{
	bool asks = query->inboxes != 0;

	for (size_t i = 0; i < query->filter.count; i++)
		asks = asks || is_status_term(&query->filter.terms[i]);
	return asks;
}

/* Begins the snapshot of a list and prepares its query. For an outside caller, restricts the query to the caller's
 * own sessions. */
static enum err begin_list(struct desk *desk, struct arena *arena, struct list_query *query, struct error *error)
{
	enum err err = caller_check_reader(desk, error);

	if (!err)
		err = list_query_prepare(desk, query, error);
	if (!err && !desk->caller)
		return desk_begin_row_read(desk, error);
	if (err)
		return err;
	query->skip_hidden = true;
	query->undo_filter = filters_by_status(query) ? UNDOABLE_EXCLUDED : UNDOABLE_INCLUDED;
	*ARENA_PUSH(arena, query->filter.terms, query->filter.count, query->filter.capacity) = (struct filter_term){
		.key = FILTER_MERCHANT, .compare = FILTER_EQUAL, .value = desk->caller->merchant, .tag_key = ""
	};
	return desk_begin_read(desk, error);
}

/* --- a decision within its grace time is not visible outside --- */

static bool may_have_held_decision(const struct desk *desk, const struct session_item *item)
{
	int64_t age = desk_now(desk) - item->updated_at;

	return age <= (int64_t)GRACE_MAX_S * 1000 &&
	       (item->status == SESSION_APPROVED || item->status == SESSION_REJECTED ||
		item->status == SESSION_AWAITING_CLIENT_CORRECTION || item->status == SESSION_MANUAL_REVIEW);
}

static enum err hide_held_decision(struct desk *desk, struct arena *arena, struct session_item *item,
				   struct error *error)
{
	const struct decision *held;
	enum err err;

	item->risk_score = RISK_NONE;
	item->assignee = "";
	if (!may_have_held_decision(desk, item))
		return ERR_OK;
	err = external_held_decision(desk, arena, item->row, &held, error);
	if (!err && held) {
		item->status = held->before_status;
		if (held->before_level && *held->before_level)
			item->level = held->before_level;
	}
	return err;
}

/* Whether the query includes this status: the query names this status or no status, and does not exclude this
 * status. Other terms are ignored. */
static bool includes_status(const struct list_query *query, enum session_status status)
{
	bool named = false, wanted = false;

	for (size_t i = 0; i < query->filter.count; i++) {
		const struct filter_term *term = &query->filter.terms[i];
		bool fits =
			is_status_term(term) &&
			term->code == (term->key == FILTER_STATUS ? (int)status : (int)session_status_inbox(status));

		if (term->negated && fits)
			return false;
		named = named || (is_status_term(term) && !term->negated);
		wanted = wanted || (fits && !term->negated);
	}
	return (!named || wanted) && (!query->inboxes || query->inboxes & 1u << session_status_inbox(status));
}

/* Finds sessions with a decision within its grace time by their public status, which the store does not have. Reads
 * all matching sessions, not only one page. */
static enum err find_held_items(struct desk *desk, struct arena *arena, const struct list_query *query,
				struct list_page *out, struct error *error)
{
	struct list_query held = *query;
	struct list_page page = { .next = "" };
	size_t capacity = 0;
	enum err err = ERR_OK;

	*out = (struct list_page){ .next = "" };
	held.undo_filter = UNDOABLE_ONLY;
	held.inboxes = 0;
	held.limit = LIST_LIMIT_MAX;
	held.after = "";
	held.filter = (struct filter){ 0 };
	for (size_t i = 0; i < query->filter.count; i++) {
		if (!is_status_term(&query->filter.terms[i]))
			*ARENA_PUSH(arena, held.filter.terms, held.filter.count, held.filter.capacity) =
				query->filter.terms[i];
	}
	do {
		err = store_list(desk->store, arena, &held, &page, error);
		for (size_t i = 0; !err && i < page.count; i++) {
			err = hide_held_decision(desk, arena, &page.items[i], error);
			if (!err && includes_status(query, page.items[i].status))
				*ARENA_PUSH(arena, out->items, out->count, capacity) = page.items[i];
		}
		held.after = page.next;
	} while (!err && *page.next);
	return err;
}

/* Counts sessions with a decision within its grace time by their public status. */
static enum err add_held_counts(struct desk *desk, struct arena *arena, const struct list_query *query,
				struct list_summary *out, struct error *error)
{
	struct list_query alone = *query;
	struct list_summary found = { .total = 0 };
	struct list_page held;
	enum err err = find_held_items(desk, arena, query, &held, error);

	alone.undo_filter = UNDOABLE_ONLY;
	if (!err && held.count && !filters_by_status(query))
		err = store_list_summary(desk->store, &alone, &found, error);
	for (size_t i = 0; i < CHECK_KIND_COUNT; i++)
		out->validation_counts[i] += found.validation_counts[i];
	for (size_t i = 0; !err && i < held.count; i++) {
		out->total++;
		out->status_counts[held.items[i].status]++;
		out->inbox_counts[session_status_inbox(held.items[i].status)]++;
	}
	return err;
}

/* --- lists --- */

/* Sets what the query asks of the workflows in force: short titles, review times and bounds of risk. A workflow that
 * cannot be read has none. */
static void set_workflows(struct desk *desk, struct arena *arena, struct session_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct profile *profile = NULL;
		struct session_item *item = &items[i], *same = items;

		while (strcmp(same->workflow, item->workflow) != 0)
			same++;
		if (same == item && !desk_profile(desk, item->workflow, &profile, NULL)) {
			item->short_workflow = arena_strdup(arena, profile->short_title);
			item->review_ms = profile->review_ms;
			item->risk_bound = profile->four_eyes_from_risk;
		}
		item->short_workflow = same->short_workflow;
		item->review_ms = same->review_ms;
		item->risk_bound = same->risk_bound;
	}
}

enum err desk_list(struct desk *desk, struct arena *arena, struct list_query *query, struct list_page *out,
		   struct error *error)
{
	enum err err = begin_list(desk, arena, query, error);

	if (err)
		return err;
	err = store_list(desk->store, arena, query, out, error);
	for (size_t i = 0; !err && desk->caller && i < out->count; i++)
		err = hide_held_decision(desk, arena, &out->items[i], error);
	if (!err && query->use_short_titles)
		set_workflows(desk, arena, out->items, out->count);
	return desk_finish_read(desk, err);
}

enum err desk_list_each(struct desk *desk, struct list_query *query,
			enum err (*each)(void *context, const struct session_item *item, struct error *error),
			void *context, struct error *error)
{
	enum err err = list_query_prepare(desk, query, error);

	if (!err)
		err = desk_begin_row_read(desk, error);
	return err ? err : desk_finish_read(desk, store_list_scan(desk->store, query, each, context, error));
}

enum err desk_list_summary(struct desk *desk, struct arena *arena, struct list_query *query, struct list_summary *out,
			   struct error *error)
{
	enum err err = begin_list(desk, arena, query, error);

	if (err)
		return err;
	if (desk->caller)
		query->undo_filter = UNDOABLE_EXCLUDED;
	err = store_list_summary(desk->store, query, out, error);
	if (desk->caller) {
		if (!err)
			err = add_held_counts(desk, arena, query, out, error);
		out->average_risk_score = -1;
		out->sessions_with_risk_score = 0;
	}
	return desk_finish_read(desk, err);
}

enum err desk_list_count(struct desk *desk, struct list_query *query, int64_t at_most, int64_t *count,
			 struct error *error)
{
	bool all = desk->caller && desk->caller->merchant_row && !query->filter.count && !query->inboxes &&
		   !query->include_subsessions && !query->created_from && !query->created_to;
	struct arena arena = ARENA_INIT;
	struct list_page held = { .next = "" };
	struct list_query own = *query;
	enum err err;

	*count = 0;
	own.filter.capacity = own.filter.count; /* full: begin_list() must copy the array to add a term */
	err = begin_list(desk, &arena, &own, error);
	if (err)
		goto out;
	err = all ? store_merchant_count(desk->store, desk->caller->merchant_row, count, error)
		  : store_list_count(desk->store, &own, at_most, count, error);
	/* A query by status counts sessions with a decision within its grace time separately. */
	if (!err && own.undo_filter == UNDOABLE_EXCLUDED)
		err = find_held_items(desk, &arena, &own, &held, error);
	*count = err ? 0 : *count + (int64_t)held.count;
	desk_end_read(desk);
out:
	arena_release(&arena);
	return err;
}

enum err desk_search_begin(struct desk *desk, struct list_query *query, int64_t at_most, struct list_search **out,
			   struct error *error)
{
	enum err err = list_query_prepare(desk, query, error);

	*out = err ? NULL : store_search_begin(query, at_most);
	return err;
}

enum err desk_search_step(struct desk *desk, struct arena *arena, struct list_search *search,
			  struct search_progress *out, struct error *error)
{
	enum err err = desk_begin_row_read(desk, error);

	if (err)
		return err;
	err = store_search_step(desk->store, arena, search, out, error);
	if (!err)
		set_workflows(desk, arena, out->items, out->count);
	return desk_finish_read(desk, err);
}

const char *desk_search_cursor(const struct list_search *search, struct arena *arena, size_t count)
{
	return store_search_cursor(search, arena, count);
}

void desk_search_end(struct list_search *search)
{
	store_search_end(search);
}
