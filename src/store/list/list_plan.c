/* Chooses how to read a list: the inboxes that can hold a match, the words for the full-text index, and whether one
 * condition leaves so few rows that the list reads and sorts them, instead of scanning the sort order until a page
 * is full. An estimate counts index entries up to a limit, so that its cost does not grow with the store. */
#include "filter_sql.h"
#include "columns.h"
#include "kybdesk/base/text.h"

#include <string.h>

STATEMENT(sql_text_hits, "plan.text_hits", "{hits $1}");
STATEMENT(sql_last_id, "plan.last_id", "SELECT coalesce(max(id), 0) FROM session");

const struct list_bounds list_bounds_default = {
	.small_list_row_count = 200, /* if the inboxes have no more sessions, a count uses no index of a condition */
	.few_rows = 5000,	     /* if one condition leaves at most this many rows, they are read and sorted */
	.word_hit_count =
		2000, /* up to this many rows with the words are read and sorted; else the sort order is scanned */
	.scan_row_count =
		2000, /* rows scanned before the indexes of conditions are used; ten times as many for words */
	.sorted_set_count = 20000, /* if the plan's set has at most this many ids, their rows are read and sorted */
	.condition_id_count =
		100000, /* a condition with more ids is read only if the other conditions leave too many rows */
	.step_ms = 30,	/* length of a step: the first rows of a list are ready within 50 ms */
};

#define TEXT_HITS "({hits $1}) AS hit {then} session AS s ON s.id = hit.id"

static unsigned inbox_bits_of_term(const struct filter_term *term)
{
	switch (term->key) {
	case FILTER_STATUS:
		return 1u << session_status_inbox((enum session_status)term->code);
	case FILTER_INBOX:
		return 1u << term->code;
	default:
		return LIST_INBOXES_ALL;
	}
}

/* The inboxes that can contain a match; the list reads only these inboxes. */
static unsigned matching_inbox_bits(const struct list_query *query)
{
	static const enum filter_key keys[] = { FILTER_STATUS, FILTER_INBOX };
	unsigned inboxes = query->inboxes ? query->inboxes & LIST_INBOXES_ALL : LIST_INBOXES_ALL;

	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		unsigned any = 0;

		for (size_t i = 0; i < query->filter.count; i++) {
			const struct filter_term *term = &query->filter.terms[i];

			if (term->key != keys[k])
				continue;
			if (!term->negated)
				any |= inbox_bits_of_term(term);
			else if (term->key == FILTER_INBOX)
				inboxes &= ~(1u << term->code);
		}
		if (any)
			inboxes &= any;
	}
	return inboxes;
}

/* Sets the inboxes to read. Only an alert gives a decided session a due time. */
static void choose_inboxes(const struct list_query *query, struct list_plan *plan)
{
	bool due = filter_count_positive_terms(&query->filter, FILTER_DUE) > 0;
	bool more;

	plan->inboxes = matching_inbox_bits(query);
	more = query->with_alerts && plan->inboxes & 1u << INBOX_MANUAL_REVIEW;
	if (!query->skip_hidden && (due || more || query->sort == SORT_DUE))
		plan->alert_inboxes = LIST_INBOXES_DECIDED & (more ? LIST_INBOXES_ALL : plan->inboxes);
	if (due && plan->inboxes & ~LIST_INBOXES_DECIDED)
		plan->inboxes &= ~LIST_INBOXES_DECIDED;
}

/* Collects the tokens of each word that has tokens. A word that has only signs ("&") has no tokens, and does not
 * narrow the list. */
static void collect_words(struct filter_builder *b, bool negated, struct db_words *out)
{
	const struct filter *filter = &b->query->filter;
	const char **items = arena_alloc_array(b->arena, filter->count + 1, sizeof *items);
	const char **wholes = arena_alloc_array(b->arena, filter->count + 1, sizeof *wholes);
	struct strbuf tokens = STRBUF_INIT;

	*out = (struct db_words){ .items = items, .wholes = wholes };
	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_term *term = &filter->terms[i];

		if (term->key != FILTER_TEXT || term->negated != negated)
			continue;
		strbuf_reset(&tokens);
		text_add_tokens(&tokens, term->value, strlen(term->value));
		if (!tokens.len)
			continue;
		items[out->count] = strbuf_to_arena(&tokens, b->arena);
		strbuf_reset(&tokens);
		strbuf_adds(&tokens, WHOLE_TOKEN);
		text_add_unspaced(&tokens, term->value);
		wholes[out->count++] = strbuf_to_arena(&tokens, b->arena);
	}
	strbuf_release(&tokens);
}

static const char *make_match_query(struct filter_builder *b, const struct db_words *all, const struct db_words *none)
{
	struct strbuf text = STRBUF_INIT;

	b->store->db->driver->add_match_query(all, none, &text);
	return strbuf_finish(&text, b->arena);
}

static enum err read_id_set(struct query *query, struct id_set *out, struct error *error)
{
	enum err err = ERR_OK;

	while (query_fetch_row(&query, &err, error))
		id_set_add(out, row_int(query, 0));
	return err;
}

static enum err read_matching_ids(struct filter_builder *b, const char *match, struct id_set *out)
{
	struct query *query = NULL;
	enum err err = db_select(b->store->db, &sql_text_hits, PARAMS(db_text(match)), &query, b->error);

	return err ? err : read_id_set(query, out, b->error);
}

/* Adds the words before all other conditions, so that their parameter is $1. */
static enum err add_words(struct filter_builder *b, struct list_plan *plan)
{
	struct db_words wanted, unwanted;
	const char *search = NULL;

	enum err err = ERR_OK;

	collect_words(b, false, &wanted);
	collect_words(b, true, &unwanted);
	if (wanted.count) {
		search = make_match_query(b, &wanted, &unwanted);
		list_sql_bind_text(&b->sql, search);
		plan->match = search;
		return ERR_OK;
	}
	for (size_t i = 0; !err && i < unwanted.count; i++) {
		search = make_match_query(b, &(struct db_words){ &unwanted.items[i], &unwanted.wholes[i], 1 },
					  &(struct db_words){ 0 });
		err = read_matching_ids(b, search, &plan->excluded_set);
	}
	return err;
}

/* Conditions that may leave few rows, with their indexes. */
struct selective_index {
	enum filter_key key;
	const char *value; /* value of the term that uses the index; NULL: any value */
	const char *index;
	bool by_inbox;
	bool any_number; /* whether the index also applies to several wanted values */
};
static const struct selective_index selective_indexes[] = {
	{ FILTER_STATUS, NULL, "session_by_status", false, true },
	{ FILTER_WORKFLOW, NULL, "session_by_workflow", false, true },
	{ FILTER_MERCHANT, NULL, "session_by_merchant", false, true },
	{ FILTER_COUNTRY, NULL, "session_by_country", false, true },
	{ FILTER_RISK, NULL, "session_inbox_risk", true, true },
	{ FILTER_AGE, NULL, "session_by_age", false, true },
	{ FILTER_DUE, NULL, "session_inbox_due", true, true },
	{ FILTER_DOC, "missing", "session_document_missing", false, false },
	{ FILTER_DOC, "rejected", "session_document_rejected", false, false },
	{ FILTER_PARTY, NULL, "session_party_open", false, false },
	{ FILTER_HIT, NULL, "session_hit_open", false, false },
	{ FILTER_WAITING, NULL, "session_waiting", false, false },
	{ FILTER_WHY, NULL, "session_blocker", false, true },
	{ FILTER_CLEAN, "yes", "session_blocker", false, false },
	{ FILTER_KIND, NULL, "session_by_kind", false, true },
	{ FILTER_MARK, "held", "session_assignee", false, false },
	{ FILTER_MARK, "snoozed", "session_follow", false, false },
	{ FILTER_MARK, "returned", "session_returned", false, false },
};

struct source_chooser {
	struct filter_builder *builder; /* builder of the plan */
	struct list_plan *plan;
	size_t best; /* number of rows that the best choice so far reads */
};

static enum err count_few_rows(struct source_chooser *source_chooser, struct filter_builder *probe, const char *from,
			       size_t *count)
{
	struct list_sql sql = { .arena = probe->arena,
				.text = STRBUF_INIT,
				.bindings = probe->sql.bindings,
				.count = probe->sql.count,
				.capacity = probe->sql.capacity };
	struct query *query = NULL;
	enum err err;

	strbuf_addf(&sql.text, "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT $%zu) AS few", from,
		    list_sql_bind_int(&sql, (int64_t)source_chooser->best));
	err = list_sql_prepare(probe->store, "plan.few", &sql, &query, probe->error);
	*count = query_fetch_row(&query, &err, probe->error) ? (size_t)row_int(query, 0) : source_chooser->best;
	query_end(query);
	list_sql_release(&sql);
	return err;
}

static void choose_if_fewer_rows(struct source_chooser *source_chooser, size_t count, const char *few_rows, bool by_top,
				 bool by_inbox)
{
	if (count >= source_chooser->best)
		return;
	source_chooser->best = count;
	source_chooser->plan->source = LIST_FROM_FEW_ROWS;
	source_chooser->plan->few_rows = few_rows;
	source_chooser->plan->index_starts_with_top = by_top;
	source_chooser->plan->index_starts_with_inbox = by_inbox;
	source_chooser->plan->few_rows_are_matches = false;
}

/* Writes FROM and WHERE for the sessions that an index finds for its filter key; adds the parameters to the probe. */
static enum err write_index_clause(struct filter_builder *probe, const struct list_plan *plan,
				   const struct selective_index *index, struct strbuf *from)
{
	enum err err = filter_add_positive_terms(probe, index->key);

	if (err)
		return err;
	strbuf_addf(from, "session AS s {by %s} WHERE ", index->index);
	list_add_top_clause(from, plan);
	if (index->by_inbox) {
		strbuf_adds(from, " AND s.compliance_status IN ");
		list_add_inbox_words(from, plan->inboxes);
	}
	strbuf_addf(from, " AND %s", probe->sql.text.buf);
	return ERR_OK;
}

static enum err try_index(struct source_chooser *source_chooser, const struct selective_index *index)
{
	const struct filter_builder *b = source_chooser->builder;
	struct filter_builder probe;
	struct strbuf from = STRBUF_INIT;
	size_t count = 0;
	enum err err;

	filter_builder_init(&probe, b->store, b->arena, b->query, b->error);
	err = write_index_clause(&probe, source_chooser->plan, index, &from);
	if (!err)
		err = count_few_rows(source_chooser, &probe, from.buf, &count);
	if (!err)
		choose_if_fewer_rows(source_chooser, count,
				     arena_printf(b->arena, "session AS s {by %s}", index->index), true,
				     index->by_inbox);
	strbuf_release(&from);
	filter_builder_release(&probe);
	return err;
}

static const struct filter_term *find_positive_term(const struct filter *filter, enum filter_key key)
{
	for (size_t i = 0; i < filter->count; i++)
		if (filter->terms[i].key == key && !filter->terms[i].negated)
			return &filter->terms[i];
	return NULL;
}

/* The FROM clause for the sessions with an alert, note, tag, level or mention, or with the wanted ids: it reads the
 * table that references the sessions, and uses the builder's parameters. */
static const char *id_subquery_of_term(const struct filter_builder *b, enum filter_key key)
{
	if (key == FILTER_MARK)
		return find_positive_term(&b->query->filter, key)->code == FILTER_MARK_ALERT
			       ? "(SELECT DISTINCT session_id AS id FROM alert WHERE closed_at IS NULL) AS hit"
			       : "(SELECT DISTINCT session_id AS id FROM note) AS hit";
	if (key == FILTER_MENTIONED)
		return arena_printf(b->arena, MENTIONED_SESSIONS " AS hit", b->mention_param);
	if (key == FILTER_ID)
		return arena_printf(b->arena, "%s AS hit", b->id_sessions_sql);
	if (key == FILTER_LEVEL)
		return arena_printf(b->arena,
				    "(SELECT v.id FROM subject AS u {then} session AS v {by session_subject} "
				    "ON v.subject_id = u.id WHERE upper(u.level) = $%zu) AS hit",
				    b->level_param);
	return arena_printf(b->arena, "(SELECT session_id AS id FROM session_tag WHERE key = $%zu%s) AS hit",
			    b->tag_params[0],
			    b->tag_params[1] ? arena_printf(b->arena, " AND value = $%zu", b->tag_params[1]) : "");
}

static const char *id_source_clause(const struct filter_builder *b, enum filter_key key)
{
	return arena_printf(b->arena, "%s {then} session AS s ON s.id = hit.id", id_subquery_of_term(b, key));
}

static bool has_id_source_term(const struct list_query *query, enum filter_key key)
{
	size_t count = filter_count_positive_terms(&query->filter, key);

	if (count != 1 || key == FILTER_ID)
		return count && key == FILTER_ID;
	return key == FILTER_TAG || key == FILTER_LEVEL || key == FILTER_MENTIONED ||
	       (key == FILTER_MARK && find_positive_term(&query->filter, key)->code >= FILTER_MARK_NOTED);
}

static enum err try_id_source(struct source_chooser *source_chooser, enum filter_key key)
{
	struct filter_builder *b = source_chooser->builder, probe;
	size_t count = 0;
	enum err err;

	filter_builder_init(&probe, b->store, b->arena, b->query, b->error);
	err = filter_add_positive_terms(&probe, key);
	if (!err)
		err = count_few_rows(source_chooser, &probe, id_source_clause(&probe, key), &count);
	if (!err)
		choose_if_fewer_rows(source_chooser, count, id_source_clause(b, key), false, false);
	filter_builder_release(&probe);
	return err;
}

static bool is_index_usable(const struct list_query *query, const struct selective_index *index)
{
	const struct filter_term *term = find_positive_term(&query->filter, index->key);

	if (!term || (index->value && strcmp(index->value, term->value) != 0))
		return false;
	return index->any_number || filter_count_positive_terms(&query->filter, index->key) == 1;
}

/* Whether the sort order of the list begins with this key. */
static bool is_sort_key(const struct list_query *query, enum filter_key key)
{
	return (key == FILTER_RISK && query->sort == SORT_RISK) || (key == FILTER_DUE && query->sort == SORT_DUE);
}

static enum err try_conditions(struct source_chooser *source_chooser)
{
	const struct list_query *query = source_chooser->builder->query;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < sizeof selective_indexes / sizeof selective_indexes[0]; i++)
		if (is_index_usable(query, &selective_indexes[i]) && !is_sort_key(query, selective_indexes[i].key))
			err = try_index(source_chooser, &selective_indexes[i]);
	for (unsigned key = 0; !err && key < FILTER_KEY_COUNT; key++)
		if (has_id_source_term(query, (enum filter_key)key))
			err = try_id_source(source_chooser, (enum filter_key)key);
	return err;
}

/* Whether the list is limited to the cases of one reviewer: these cases are few, even without other conditions. */
static bool has_one_assignee(const struct list_query *query)
{
	const struct filter_term *term = find_positive_term(&query->filter, FILTER_ASSIGNEE);

	return term && strcmp(term->value, "none") != 0 &&
	       filter_count_positive_terms(&query->filter, FILTER_ASSIGNEE) == 1;
}

static void use_match_hits(struct list_plan *plan)
{
	plan->source = LIST_FROM_FEW_ROWS;
	plan->few_rows = TEXT_HITS;
	plan->index_starts_with_top = plan->index_starts_with_inbox = false;
	plan->few_rows_are_matches = true;
}

static enum err choose_match_source(struct filter_builder *b, struct list_plan *plan,
				    struct source_chooser *source_chooser, int64_t sum)
{
	size_t hits;
	enum err err = read_matching_ids(b, plan->match, &plan->set);

	if (err)
		return err;
	hits = plan->set.count;
	/* The rows of a frequent word are not read first: the scan in sort order looks up each id in the set of ids
	 * with the word, and soon fills a page. */
	plan->has_id_set = hits > b->store->lists.word_hit_count || (int64_t)hits * 10 > sum;
	if (plan->has_id_set)
		return ERR_OK;
	use_match_hits(plan);
	id_set_release(&plan->set);
	source_chooser->best = hits < source_chooser->best ? hits : source_chooser->best;
	return ERR_OK;
}

/* The index of a query's only condition; NULL: the query has other conditions, or none. */
static const struct selective_index *index_of_sole_term(const struct list_query *query)
{
	const struct filter_term *only = NULL;

	if (query->created_from || query->created_to || query->skip_hidden || query->undo_filter)
		return NULL;
	for (size_t i = 0; i < query->filter.count; i++) {
		const struct filter_term *term = &query->filter.terms[i];

		if (term->key == FILTER_INBOX)
			continue;
		if (only || term->negated)
			return NULL;
		only = term;
	}
	for (size_t i = 0; only && i < sizeof selective_indexes / sizeof selective_indexes[0]; i++)
		if (selective_indexes[i].key == only->key && is_index_usable(query, &selective_indexes[i]))
			return &selective_indexes[i];
	return NULL;
}

/* A count stops at its limit, so it uses the index of its only condition, however many rows that condition has. */
static void choose_sole_term_index(struct source_chooser *source_chooser)
{
	const struct filter_builder *b = source_chooser->builder;
	const struct selective_index *index = index_of_sole_term(b->query);

	if (index)
		choose_if_fewer_rows(source_chooser, 0, arena_printf(b->arena, "session AS s {by %s}", index->index),
				     true, index->by_inbox);
}

/* Chooses the source with the fewest rows. */
static enum err choose_source(struct filter_builder *b, struct list_plan *plan)
{
	const struct list_bounds *bounds = &b->store->lists;
	struct source_chooser source_chooser = { .builder = b, .plan = plan, .best = bounds->few_rows + 1 };
	int64_t sum;
	bool large;
	enum err err;

	plan->source = LIST_FROM_INDEX;
	if (has_one_assignee(b->query)) {
		choose_if_fewer_rows(&source_chooser, 0, "session AS s {by session_assignee}", true, false);
		return ERR_OK;
	}
	if (!plan->match && !*plan->predicate)
		return ERR_OK;
	err = list_sum_inbox_counts(b->store, plan->inboxes, &sum, b->error);
	if (!err && plan->match)
		err = choose_match_source(b, plan, &source_chooser, sum);
	if (err)
		return err;
	large = sum > (int64_t)(b->query->count_only ? bounds->small_list_row_count : bounds->scan_row_count) ||
		(plan->top_level_bits & 1);
	if (large)
		err = try_conditions(&source_chooser);
	if (large && b->query->count_only && plan->source == LIST_FROM_INDEX && !plan->match)
		choose_sole_term_index(&source_chooser);
	/* The plan can be refined later if it has conditions, or if its set is small enough to be sorted. */
	if (large && plan->source == LIST_FROM_INDEX &&
	    (*plan->predicate || (plan->has_id_set && plan->set.count <= bounds->sorted_set_count)))
		plan->scan_row_count = plan->has_id_set ? bounds->scan_row_count * 10 : bounds->scan_row_count;
	return err;
}

enum err list_plan_make(struct store *store, struct arena *arena, const struct list_query *query, struct list_plan *out,
			struct error *error)
{
	struct filter_builder b;
	enum err err;

	*out = (struct list_plan){ .predicate = "" };
	filter_builder_init(&b, store, arena, query, error);
	err = add_words(&b, out);
	if (!err)
		err = filter_add_all_terms(&b);
	if (!err) {
		choose_inboxes(query, out);
		out->top_level_bits = query->include_subsessions ? 3 : 2;
		out->predicate = strbuf_to_arena(&b.sql.text, arena);
		out->bindings = b.sql.bindings;
		out->binding_count = b.sql.count;
		if (out->inboxes)
			err = choose_source(&b, out);
	}
	filter_builder_release(&b);
	return err;
}

void list_plan_release(struct list_plan *plan)
{
	id_set_release(&plan->set);
	id_set_release(&plan->excluded_set);
}

/* One condition of the query: the wanted values of a key, or one excluded term. */
struct part {
	struct list_query query;
	enum filter_key key;
	bool unwanted, is_read;
};
struct query_parts {
	struct part items[FILTER_KEY_COUNT + FILTER_TERMS_MAX];
	size_t count;
	bool needs_predicate;	/* whether the query has conditions that no part covers */
	bool reads_large_parts; /* whether parts that leave many rows are read, too */
	size_t at;
};

/* The index that finds a part's sessions; *indirect: whether another table than session finds the sessions. */
static const struct selective_index *index_of(const struct part *part, bool *indirect)
{
	*indirect = has_id_source_term(&part->query, part->key);
	for (size_t i = 0; i < sizeof selective_indexes / sizeof selective_indexes[0]; i++)
		if (selective_indexes[i].key == part->key && is_index_usable(&part->query, &selective_indexes[i]))
			return &selective_indexes[i];
	return NULL;
}

/* Adds a part: for the excluded term `term`, or, if it is NULL, for all wanted terms of the key. */
static void add_part(struct arena *arena, const struct list_query *query, enum filter_key key,
		     const struct filter_term *term, struct query_parts *out)
{
	struct part part = { .query = *query, .key = key, .unwanted = term != NULL };
	struct filter *own = &part.query.filter;
	bool indirect;

	*own = (struct filter){ .terms = NULL };
	for (size_t i = 0; i < query->filter.count; i++) {
		const struct filter_term *at = &query->filter.terms[i];

		if (term ? at == term : at->key == key && !at->negated)
			*ARENA_PUSH(arena, own->terms, own->count, own->capacity) = *at;
	}
	if (!own->count)
		return;
	own->terms[0].negated = false;
	if (out->count < sizeof out->items / sizeof out->items[0] && (index_of(&part, &indirect) || indirect))
		out->items[out->count++] = part;
	else
		out->needs_predicate = true;
}

/* Wanted parts come first, because they leave fewer rows than excluded parts. */
struct query_parts *split_query_parts(struct arena *arena, const struct list_query *query)
{
	const struct filter *filter = &query->filter;
	struct query_parts *out = arena_alloc(arena, sizeof *out);

	*out = (struct query_parts){ .needs_predicate = query->created_from || query->created_to ||
							query->skip_hidden || query->undo_filter };
	for (unsigned key = 0; key < FILTER_KEY_COUNT; key++)
		if (key != FILTER_TEXT && key != FILTER_INBOX)
			add_part(arena, query, (enum filter_key)key, NULL, out);
	for (size_t i = 0; i < filter->count; i++)
		if (filter->terms[i].negated && filter->terms[i].key != FILTER_TEXT &&
		    filter->terms[i].key != FILTER_INBOX)
			add_part(arena, query, filter->terms[i].key, &filter->terms[i], out);
	return out;
}

/* Reads the ids of a part: at most `at_most` ids; 0: all. */
static enum err read_query_part(struct filter_builder *probe, const struct list_plan *plan, const struct part *part,
				size_t at_most, struct id_set *out)
{
	struct list_sql sql = { .arena = probe->arena, .text = STRBUF_INIT };
	struct strbuf from = STRBUF_INIT;
	struct query *query = NULL;
	bool indirect;
	const struct selective_index *index = index_of(part, &indirect);
	enum err err =
		index ? write_index_clause(probe, plan, index, &from) : filter_add_positive_terms(probe, part->key);

	if (!err) {
		sql.bindings = probe->sql.bindings;
		sql.count = probe->sql.count;
		sql.capacity = probe->sql.capacity;
		strbuf_addf(&sql.text, "SELECT %s.id FROM %s", index ? "s" : "hit",
			    index ? from.buf : id_subquery_of_term(probe, part->key));
		/* An index by inbox is read without the inboxes of the alerts. */
		if (index && index->by_inbox && plan->alert_inboxes)
			strbuf_addf(&sql.text, " UNION ALL SELECT s.id FROM " OPEN_ALERTS " WHERE %s",
				    probe->sql.text.buf);
		strbuf_addf(&sql.text, " LIMIT $%zu", list_sql_bind_int(&sql, at_most ? (int64_t)at_most : INT64_MAX));
		err = list_sql_prepare(probe->store, "plan.part", &sql, &query, probe->error);
	}
	if (!err)
		err = read_id_set(query, out, probe->error);
	list_sql_release(&sql);
	strbuf_release(&from);
	return err;
}

static void merge_part_ids(struct list_plan *plan, struct part *part, const struct id_set *ids)
{
	if (part->unwanted)
		id_set_union(&plan->excluded_set, ids);
	else if (plan->has_id_set)
		id_set_intersect(&plan->set, ids);
	else
		id_set_union(&plan->set, ids);
	plan->has_id_set |= !part->unwanted;
	part->is_read = true;
}

static bool is_id_set_small(const struct store *store, const struct list_plan *plan)
{
	return plan->has_id_set && plan->set.count <= store->lists.sorted_set_count;
}

/* The next part to read; NULL: no further part is needed. Parts with many rows, and excluded terms, are read only
 * if the other parts leave too many rows. */
static struct part *next_query_part(const struct store *store, const struct list_plan *plan, struct query_parts *parts)
{
	while (!is_id_set_small(store, plan)) {
		struct part *part;

		if (parts->at == parts->count && parts->reads_large_parts)
			break;
		if (parts->at == parts->count) {
			parts->reads_large_parts = true;
			parts->at = 0;
			continue;
		}
		part = &parts->items[parts->at++];
		if (!part->is_read && (!part->unwanted || parts->reads_large_parts))
			return part;
	}
	return NULL;
}

/* Adds all possible ids to the plan's set, for a query with only excluded terms. */
static enum err add_all_ids(struct filter_builder *b, struct list_plan *plan)
{
	int64_t last = 0;
	enum err err = db_get_int(b->store->db, &sql_last_id, NULL, &last, b->error);

	for (int64_t id = err ? 0 : last; id > 0; id--)
		id_set_add(&plan->set, id);
	plan->has_id_set = !err;
	return err;
}

/* Call when every needed part is read: makes the plan use the sets of ids that were read. */
static enum err use_id_sets(struct filter_builder *b, struct list_plan *plan, struct query_parts *parts)
{
	enum err err = ERR_OK;

	plan->scan_row_count = 0;
	if (!plan->has_id_set && plan->excluded_set.count)
		err = add_all_ids(b, plan);
	if (plan->has_id_set)
		id_set_subtract(&plan->set, &plan->excluded_set);
	if (is_id_set_small(b->store, plan))
		plan->source = LIST_FROM_SET;
	for (size_t i = 0; i < parts->count; i++)
		parts->needs_predicate |= !parts->items[i].is_read;
	return err;
}

enum err list_plan_collect_part(struct filter_builder *b, struct list_plan *plan, struct query_parts *parts, bool *done)
{
	struct part *part = next_query_part(b->store, plan, parts);
	size_t at_most = parts->reads_large_parts ? 0 : b->store->lists.condition_id_count;
	struct id_set ids = ID_SET_INIT;
	struct filter_builder probe;
	enum err err;

	*done = !part;
	if (!part)
		return use_id_sets(b, plan, parts);
	filter_builder_init(&probe, b->store, b->arena, &part->query, b->error);
	err = read_query_part(&probe, plan, part, at_most, &ids);
	filter_builder_release(&probe);
	if (!err && (!at_most || ids.count < at_most))
		merge_part_ids(plan, part, &ids);
	id_set_release(&ids);
	return err;
}

bool list_parts_cover_query(const struct query_parts *parts)
{
	return !parts->needs_predicate;
}

enum err list_plan_collect(struct store *store, struct arena *arena, const struct list_query *query,
			   struct list_plan *plan, struct error *error)
{
	struct filter_builder b = { .store = store, .arena = arena, .query = query, .error = error };
	struct query_parts *parts = split_query_parts(arena, query);
	enum err err = ERR_OK;

	for (bool done = false; !err && !done;)
		err = list_plan_collect_part(&b, plan, parts, &done);
	/* The ids were read in one transaction: if they cover all conditions, they replace the plan's predicate. */
	if (!err && list_parts_cover_query(parts) && !plan->has_extra_terms && !plan->alert_inboxes) {
		plan->predicate = "";
		/* The parameters of the predicate are not used any more; only $1, the words, is kept. */
		plan->binding_count = plan->match ? 1 : 0;
	}
	return err;
}

void list_plan_use_match(struct list_plan *plan)
{
	if (!plan->match)
		return;
	use_match_hits(plan);
	plan->has_id_set = false;
}

void list_plan_require_available(struct list_plan *plan, struct arena *arena, const struct list_query *query)
{
	const struct list_plan filter = { .bindings = plan->bindings, .binding_count = plan->binding_count };
	struct list_sql sql;

	list_sql_begin(&sql, arena, &filter);
	if (*plan->predicate)
		strbuf_addf(&sql.text, "%s AND ", plan->predicate);
	/* A case with a follow-up time is free when this time has come. A case without a follow-up time is free if
	 * it does not wait for others. */
	strbuf_addf(&sql.text,
		    "coalesce(s.snoozed_until <= $%zu, s.waiting = 0 OR s.status IN ('approved', 'rejected')",
		    list_sql_bind_int(&sql, query->now));
	/* The last decision of a case that only waits for a second approval is the first approval. */
	if (query->include_first_approvals)
		strbuf_addf(&sql.text,
			    " OR (s.waiting = 8 AND (SELECT d.decided_by FROM decision AS d WHERE d.session_id = "
			    "s.id ORDER BY d.number DESC LIMIT 1) <> $%zu)",
			    list_sql_bind_text(&sql, query->actor));
	strbuf_adds(&sql.text, ") AND ");
	filter_add_unclaimed_sql(&sql.text, list_sql_bind_int(&sql, query->now));
	plan->predicate = strbuf_to_arena(&sql.text, arena);
	plan->bindings = sql.bindings;
	plan->binding_count = sql.count;
	plan->has_extra_terms = true;
	list_sql_release(&sql);
}
