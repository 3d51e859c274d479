/*
 * How to read a list: which inboxes can hold a match, which words the full-text
 * index is asked for, and whether one condition leaves so few that these are read and
 * sorted instead of walking an order until a page is full. Each guess is made by
 * counting up to a bound in an index, so that no list grows with the store.
 */
#include "filter_sql.h"
#include "statements.h"
#include "kybdesk/base/text.h"

#include <string.h>

enum { PLAN_TEXT_HITS };
static const struct sql statements[] = {
	[PLAN_TEXT_HITS] = { "plan.text_hits", "SELECT count(*) FROM ({hits $1} LIMIT $2) AS few" },
};
const struct sql_list list_plan_sql = SQL_LIST(statements);

#define UNDECIDED_INBOXES (LIST_INBOXES_ALL & ~(1u << INBOX_APPROVED) & ~(1u << INBOX_REJECTED))
#define TEXT_HITS "({hits $1}) AS hit {then} session AS s ON s.id = hit.id"

static unsigned term_inboxes(const struct filter_term *term)
{
	switch (term->key) {
	case FILTER_STATUS:
		return 1u << session_status_inbox((enum session_status)term->code);
	case FILTER_INBOX:
		return 1u << term->code;
	case FILTER_DUE:
		return UNDECIDED_INBOXES;
	case FILTER_TEXT:
	case FILTER_WORKFLOW:
	case FILTER_MERCHANT:
	case FILTER_COUNTRY:
	case FILTER_ASSIGNEE:
	case FILTER_RISK:
	case FILTER_AGE:
	case FILTER_DOC:
	case FILTER_PARTY:
	case FILTER_HIT:
	case FILTER_WAITING:
	case FILTER_TAG:
	case FILTER_LEVEL:
	case FILTER_KIND:
	case FILTER_MARK:
		break;
	}
	return LIST_INBOXES_ALL;
}

/* The inboxes in which something can match: each one left out is an index not read. */
static unsigned narrow_inboxes(const struct list_query *query)
{
	static const enum filter_key keys[] = { FILTER_STATUS, FILTER_INBOX, FILTER_DUE };
	unsigned inboxes = query->inboxes ? query->inboxes & LIST_INBOXES_ALL : LIST_INBOXES_ALL;

	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		unsigned any = 0;

		for (size_t i = 0; i < query->filter.count; i++) {
			const struct filter_term *term = &query->filter.terms[i];

			if (term->key != keys[k])
				continue;
			if (!term->negated)
				any |= term_inboxes(term);
			else if (term->key == FILTER_INBOX)
				inboxes &= ~(1u << term->code);
		}
		if (any)
			inboxes &= any;
	}
	return inboxes;
}

/* The tokens of each word that can be searched: a sign alone ("&") is in no index and narrows nothing. */
static void collect_words(struct filter_builder *b, bool negated, struct db_words *out)
{
	const struct filter *filter = &b->query->filter;
	const char **items = arena_alloc_array(b->arena, filter->count + 1, sizeof *items);
	struct strbuf tokens = STRBUF_INIT;

	*out = (struct db_words){ .items = items };
	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_term *term = &filter->terms[i];

		if (term->key != FILTER_TEXT || term->negated != negated)
			continue;
		strbuf_reset(&tokens);
		text_tokens(&tokens, term->value, strlen(term->value));
		if (tokens.len)
			items[out->count++] = strbuf_to_arena(&tokens, b->arena);
	}
	strbuf_release(&tokens);
}

static const char *search_for(struct filter_builder *b, const struct db_words *all, const struct db_words *none)
{
	struct strbuf text = STRBUF_INIT;
	const char *search;

	b->store->db->driver->search(all, none, &text);
	search = strbuf_to_arena(&text, b->arena);
	strbuf_release(&text);
	return search;
}

/* The words come first, so that they are $1. */
static const char *add_words(struct filter_builder *b)
{
	struct db_words wanted, unwanted;
	const char *search = NULL;

	collect_words(b, false, &wanted);
	collect_words(b, true, &unwanted);
	if (wanted.count) {
		search = search_for(b, &wanted, &unwanted);
		list_sql_text(&b->sql, search);
		return search;
	}
	for (size_t i = 0; i < unwanted.count; i++) {
		search = search_for(b, &(struct db_words){ &unwanted.items[i], 1 }, &(struct db_words){ 0 });
		filter_begin_condition(b);
		strbuf_addf(&b->sql.text, "s.id NOT IN ({hits $%zu})", list_sql_text(&b->sql, search));
	}
	return NULL;
}

/* What may leave few, and the index that finds those. */
struct few_index {
	enum filter_key key;
	const char *value; /* of the term; NULL: any */
	const char *index;
	bool by_inbox;
};
static const struct few_index few_indexes[] = {
	{ FILTER_STATUS, NULL, "session_by_status", false },
	{ FILTER_WORKFLOW, NULL, "session_by_workflow", false },
	{ FILTER_MERCHANT, NULL, "session_by_merchant", false },
	{ FILTER_COUNTRY, NULL, "session_by_country", false },
	{ FILTER_RISK, NULL, "session_risk", false },
	{ FILTER_AGE, NULL, "session_by_age", false },
	{ FILTER_DUE, NULL, "session_inbox_due", true },
	{ FILTER_DOC, "missing", "session_document_missing", false },
	{ FILTER_DOC, "rejected", "session_document_rejected", false },
	{ FILTER_PARTY, NULL, "session_party_open", false },
	{ FILTER_HIT, NULL, "session_hit_open", false },
	{ FILTER_WAITING, NULL, "session_waiting", false },
	{ FILTER_KIND, NULL, "session_by_kind", false },
	{ FILTER_MARK, "held", "session_assignee", false },
	{ FILTER_MARK, "snoozed", "session_follow", false },
	{ FILTER_MARK, "returned", "session_returned", false },
};

struct chooser {
	struct filter_builder *builder; /* of the plan */
	struct list_plan *plan;
	size_t best; /* rows that the choice so far reads */
};

static enum err count_few(struct chooser *chooser, struct filter_builder *probe, const char *from, size_t *count)
{
	struct list_sql sql = { .arena = probe->arena,
				.text = STRBUF_INIT,
				.binds = probe->sql.binds,
				.count = probe->sql.count,
				.capacity = probe->sql.capacity };
	struct query *query = NULL;
	bool row = false;
	enum err err;

	strbuf_addf(&sql.text, "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT $%zu) AS few", from,
		    list_sql_int(&sql, (int64_t)chooser->best));
	err = list_sql_query(probe->store, "plan.few", &sql, &query, probe->error);
	if (!err)
		err = query_next(query, &row, probe->error);
	*count = !err && row ? (size_t)row_int(query, 0) : chooser->best;
	query_end(query);
	list_sql_release(&sql);
	return err;
}

static void choose(struct chooser *chooser, size_t count, const char *few, bool by_top, bool by_inbox)
{
	if (count >= chooser->best)
		return;
	chooser->best = count;
	chooser->plan->source = LIST_FROM_FEW;
	chooser->plan->few = few;
	chooser->plan->few_by_top = by_top;
	chooser->plan->few_by_inbox = by_inbox;
	chooser->plan->match_in_few = false;
}

static enum err try_index(struct chooser *chooser, const struct few_index *index)
{
	const struct list_plan *plan = chooser->plan;
	const struct list_query *query = chooser->builder->query;
	struct arena *arena = chooser->builder->arena;
	struct filter_builder probe;
	struct strbuf from = STRBUF_INIT;
	const char *few = arena_printf(arena, "session AS s {by %s}", index->index);
	size_t count = 0;
	enum err err;

	filter_builder_init(&probe, chooser->builder->store, arena, query, chooser->builder->error);
	err = filter_add_wanted(&probe, index->key);
	if (!err) {
		strbuf_addf(&from, "%s WHERE ", few);
		list_add_top(&from, plan);
		if (index->by_inbox) {
			strbuf_adds(&from, " AND s.compliance_status IN ");
			list_add_inbox_words(&from, plan->inboxes);
		}
		strbuf_addf(&from, " AND %s", probe.sql.text.buf);
		err = count_few(chooser, &probe, from.buf, &count);
	}
	if (!err)
		choose(chooser, count, few, true, index->by_inbox);
	strbuf_release(&from);
	filter_builder_release(&probe);
	return err;
}

static const struct filter_term *wanted_term(const struct filter *filter, enum filter_key key)
{
	for (size_t i = 0; i < filter->count; i++)
		if (filter->terms[i].key == key && !filter->terms[i].negated)
			return &filter->terms[i];
	return NULL;
}

/* One tag, level or mark, through the table that knows its sessions; with the builder's own parameters. */
static const char *indirect_clause(const struct filter_builder *b, enum filter_key key)
{
	if (key == FILTER_MARK)
		return arena_printf(
			b->arena,
			"(SELECT DISTINCT session_id AS id FROM %s) AS hit {then} session AS s ON s.id = hit.id",
			wanted_term(&b->query->filter, key)->code == FILTER_MARK_ALERT
				? "alert WHERE closed_at IS NULL"
				: "note");
	if (key == FILTER_LEVEL)
		return arena_printf(b->arena,
				    "(SELECT id FROM subject WHERE upper(level) = $%zu) AS hit {then} "
				    "session AS s {by session_subject} ON s.subject_id = hit.id",
				    b->level);
	return arena_printf(b->arena,
			    "(SELECT session_id AS id FROM session_tag WHERE key = $%zu%s) AS hit {then} "
			    "session AS s ON s.id = hit.id",
			    b->tag[0], b->tag[1] ? arena_printf(b->arena, " AND value = $%zu", b->tag[1]) : "");
}

static enum err try_indirect(struct chooser *chooser, enum filter_key key)
{
	struct filter_builder *b = chooser->builder, probe;
	size_t count = 0;
	enum err err;

	filter_builder_init(&probe, b->store, b->arena, b->query, b->error);
	err = filter_add_wanted(&probe, key);
	if (!err)
		err = count_few(chooser, &probe, indirect_clause(&probe, key), &count);
	if (!err)
		choose(chooser, count, indirect_clause(b, key), false, false);
	filter_builder_release(&probe);
	return err;
}

static bool index_applies(const struct list_query *query, const struct few_index *index)
{
	const struct filter_term *term = wanted_term(&query->filter, index->key);

	if (!term || (index->value && strcmp(index->value, term->value) != 0))
		return false;
	/* The order's own index begins with these. */
	if ((index->key == FILTER_RISK && query->sort == SORT_RISK) ||
	    (index->key == FILTER_DUE && query->sort == SORT_DUE))
		return false;
	return index->key == FILTER_RISK || index->key == FILTER_AGE || index->key == FILTER_DUE ||
	       filter_count_wanted(&query->filter, index->key) == 1;
}

static enum err try_conditions(struct chooser *chooser)
{
	const struct list_query *query = chooser->builder->query;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < sizeof few_indexes / sizeof few_indexes[0]; i++)
		if (index_applies(query, &few_indexes[i]))
			err = try_index(chooser, &few_indexes[i]);
	if (!err && filter_count_wanted(&query->filter, FILTER_TAG) == 1)
		err = try_indirect(chooser, FILTER_TAG);
	if (!err && filter_count_wanted(&query->filter, FILTER_LEVEL) == 1)
		err = try_indirect(chooser, FILTER_LEVEL);
	if (!err && filter_count_wanted(&query->filter, FILTER_MARK) == 1 &&
	    wanted_term(&query->filter, FILTER_MARK)->code >= FILTER_MARK_NOTED)
		err = try_indirect(chooser, FILTER_MARK);
	return err;
}

/* Whether the list is of what one reviewer holds: never many, whatever else is asked. */
static bool of_one_holder(const struct list_query *query)
{
	const struct filter_term *term = wanted_term(&query->filter, FILTER_ASSIGNEE);

	return term && strcmp(term->value, "none") != 0 &&
	       filter_count_wanted(&query->filter, FILTER_ASSIGNEE) == 1;
}

static enum err count_hits(struct filter_builder *b, const char *match, size_t at_most, size_t *count)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(b->store->db, &statements[PLAN_TEXT_HITS], &query, b->error);

	if (err)
		return err;
	query_text(query, 1, match);
	query_int(query, 2, (int64_t)at_most);
	err = query_next(query, &row, b->error);
	*count = !err && row ? (size_t)row_int(query, 0) : 0;
	query_end(query);
	return err;
}

static void read_hits(struct list_plan *plan, const char *few)
{
	plan->source = LIST_FROM_FEW;
	plan->few = few;
	plan->few_by_top = plan->few_by_inbox = false;
	plan->match_in_few = true;
}

static enum err sum_inboxes(struct filter_builder *b, unsigned inboxes, int64_t *sum)
{
	int64_t counts[INBOX_COUNT];
	enum err err = store_inbox_counts(b->store, counts, b->error);

	*sum = 0;
	for (unsigned inbox = 0; !err && inbox < INBOX_COUNT; inbox++)
		*sum += inboxes & 1u << inbox ? counts[inbox] : 0;
	return err;
}

/* The fewest rows win. On the drawing path, where nothing may take long, only the newest hits of a frequent word are
 * looked at, unless the inboxes themselves are as small. */
static enum err choose_source(struct filter_builder *b, struct list_plan *plan)
{
	struct chooser chooser = { .builder = b, .plan = plan, .best = LIST_FEW + 1 };
	size_t few = b->query->text_cap ? b->query->text_cap : LIST_TEXT_FEW, hits = 0;
	int64_t sum;
	enum err err;

	plan->source = LIST_FROM_INDEX;
	if (of_one_holder(b->query)) {
		choose(&chooser, 0, "session AS s {by session_assignee}", true, false);
		return ERR_OK;
	}
	if (!plan->match && !*plan->predicate)
		return ERR_OK;
	err = sum_inboxes(b, plan->inboxes, &sum);
	if (!err && plan->match)
		err = count_hits(b, plan->match, few + 1, &hits);
	if (err)
		return err;
	if (plan->match && hits <= few) {
		read_hits(plan, TEXT_HITS);
		chooser.best = hits < chooser.best ? hits : chooser.best;
	}
	if (sum > LIST_FEW || (plan->tops & 1))
		err = try_conditions(&chooser);
	if (!err && plan->match && hits > few && b->query->text_cap && plan->source == LIST_FROM_INDEX &&
	    sum > (int64_t)few) {
		read_hits(plan, arena_printf(b->arena,
					     "({hits $1} ORDER BY id DESC LIMIT %zu) AS hit "
					     "{then} session AS s ON s.id = hit.id",
					     few));
		plan->capped = true;
	}
	return err;
}

enum err list_plan_make(struct store *store, struct arena *arena, const struct list_query *query,
			struct list_plan *out, struct error *error)
{
	struct filter_builder b;
	enum err err;

	*out = (struct list_plan){ .predicate = "" };
	filter_builder_init(&b, store, arena, query, error);
	out->match = add_words(&b);
	err = filter_add_all(&b);
	if (!err) {
		out->inboxes = narrow_inboxes(query);
		out->tops = query->subsessions ? 3 : 2;
		out->predicate = strbuf_to_arena(&b.sql.text, arena);
		out->binds = b.sql.binds;
		out->bind_count = b.sql.count;
		if (out->inboxes)
			err = choose_source(&b, out);
	}
	filter_builder_release(&b);
	return err;
}

void list_plan_from_words(struct list_plan *plan)
{
	if (plan->match)
		read_hits(plan, TEXT_HITS);
}

void list_plan_narrow_to_free(struct list_plan *plan, struct arena *arena, int64_t now)
{
	struct list_sql sql;

	list_sql_begin(&sql, arena, plan);
	if (*plan->predicate)
		strbuf_addf(&sql.text, "%s AND ", plan->predicate);
	/* A follow-up time decides for itself; without one, whether the case waits for others. */
	strbuf_addf(&sql.text, "coalesce(s.snoozed_until <= $%zu, s.waiting = 0) AND ", list_sql_int(&sql, now));
	filter_add_free(&sql.text, list_sql_int(&sql, now));
	plan->predicate = strbuf_to_arena(&sql.text, arena);
	plan->binds = sql.binds;
	plan->bind_count = sql.count;
	list_sql_release(&sql);
}
