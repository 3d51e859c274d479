/* Inboxes and pages of sessions. */
#include "read/read.h"
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
			err = error_invalid(
				error, "filter",
				"\"%s\" is not a country; write its code (PT or PRT) or its English name",
				term->value);
	}
	return err;
}

enum err desk_inbox_counts(struct desk *desk, int64_t counts[INBOX_COUNT], struct error *error)
{
	enum err err = desk_begin_rows(desk, error);

	return err ? err : desk_finish_read(desk, store_inbox_counts(desk->store, counts, error));
}

/* Begins the snapshot of a page and prepares its query. */
static enum err begin_list(struct desk *desk, struct list_query *query, struct error *error)
{
	enum err err = list_query_prepare(desk, query, error);

	return err ? err : desk_begin_rows(desk, error);
}

#define NAMES_MAX 8

/* Sets the short titles and review times of the workflows in force. A workflow that cannot be read has no title and
 * no review time. */
static void set_workflows(struct desk *desk, struct arena *arena, struct session_item *items, size_t count)
{
	struct {
		const char *workflow, *title;
		int64_t review_ms;
	} known[NAMES_MAX];
	size_t known_count = 0;

	for (size_t i = 0; i < count; i++) {
		const struct profile *profile = NULL;
		size_t at = 0;

		while (at < known_count && strcmp(known[at].workflow, items[i].workflow) != 0)
			at++;
		if (at == known_count) {
			bool found = !desk_profile(desk, items[i].workflow, &profile, NULL);

			at = known_count < NAMES_MAX ? known_count++ : NAMES_MAX - 1;
			known[at].workflow = items[i].workflow;
			known[at].title = found ? arena_strdup(arena, profile->short_title) : "";
			known[at].review_ms = found ? profile->review_ms : 0;
		}
		items[i].short_workflow = known[at].title;
		items[i].review_ms = known[at].review_ms;
	}
}

enum err desk_list(struct desk *desk, struct arena *arena, struct list_query *query, struct list_page *out,
		   struct error *error)
{
	enum err err = begin_list(desk, query, error);

	if (err)
		return err;
	err = store_list(desk->store, arena, query, out, error);
	if (!err && query->short_titles)
		set_workflows(desk, arena, out->items, out->count);
	return desk_finish_read(desk, err);
}

enum err desk_list_each(struct desk *desk, struct list_query *query,
			enum err (*each)(void *context, const struct session_item *item, struct error *error),
			void *context, struct error *error)
{
	enum err err = begin_list(desk, query, error);

	return err ? err : desk_finish_read(desk, store_list_each(desk->store, query, each, context, error));
}

enum err desk_list_summary(struct desk *desk, struct list_query *query, struct list_summary *out,
			   struct error *error)
{
	enum err err = begin_list(desk, query, error);

	return err ? err : desk_finish_read(desk, store_list_summary(desk->store, query, out, error));
}

enum err desk_list_count(struct desk *desk, struct list_query *query, int64_t at_most, int64_t *count,
			 struct error *error)
{
	enum err err = begin_list(desk, query, error);

	return err ? err : desk_finish_read(desk, store_list_count(desk->store, query, at_most, count, error));
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
	enum err err = desk_begin_rows(desk, error);

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
