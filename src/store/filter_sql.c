/*
 * struct filter → conditions on a session `s`, with bound parameters only, and
 * the decision what to read: inboxes that cannot match are left out (so that
 * the indexes by inbox serve), names become ids, words a query of the full-text index.
 */
#include "list_plan.h"
#include "statements.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/text.h"

#include <string.h>

enum {
	FILTER_MERCHANT_ID,
	FILTER_MERCHANT_NAMES,
	FILTER_REVIEWER_ID,
	FILTER_REVIEWER_NAMES,
	FILTER_WORKFLOW_NAME,
	FILTER_WORKFLOW_NAMES,
	FILTER_TEXT_HITS
};
static const struct sql statements[] = {
	[FILTER_MERCHANT_ID] = { "filter.merchant", "SELECT id FROM merchant WHERE name = $1" },
	[FILTER_MERCHANT_NAMES] = { "filter.merchants", "SELECT name FROM merchant ORDER BY name LIMIT 10000" },
	[FILTER_REVIEWER_ID] = { "filter.reviewer", "SELECT id FROM reviewer WHERE name = $1" },
	[FILTER_REVIEWER_NAMES] = { "filter.reviewers", "SELECT name FROM reviewer ORDER BY name LIMIT 10000" },
	[FILTER_WORKFLOW_NAME] = { "filter.workflow", "SELECT 1 FROM workflow WHERE name = $1 LIMIT 1" },
	[FILTER_WORKFLOW_NAMES] = { "filter.workflows",
				    "SELECT name FROM workflow GROUP BY name ORDER BY name LIMIT 10000" },
	[FILTER_TEXT_HITS] = { "filter.text_hits", "SELECT count(*) FROM (SELECT rowid FROM session_text "
						   "WHERE session_text MATCH $1 LIMIT $2)" },
};
const struct sql_list filter_sql = SQL_LIST(statements);

#define UNDECIDED_INBOXES (LIST_INBOXES_ALL & ~(1u << INBOX_APPROVED) & ~(1u << INBOX_REJECTED))
/* due_key of a session that is not due at any time (0001_store.sql) */
#define DUE_KEY_NONE "9000000000000000"

struct builder {
	struct store *store;
	struct arena *arena;
	const struct list_query *query;
	struct list_sql sql; /* the predicate, and the parameters */
	size_t now;	     /* parameter, 0: not bound yet */
	int64_t holder;	     /* reviewer of the one assignee term that narrows; 0: none */
	struct error *error;
};

/* The first column of a row looked up by a name; 0 when there is none. */
static enum err look_up(struct builder *b, const struct sql *sql, const char *name, int64_t *id)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(b->store->db, sql, &query, b->error);

	*id = 0;
	if (err)
		return err;
	query_text(query, 1, name);
	err = query_next(query, &row, b->error);
	if (!err && row)
		*id = row_int(query, 0);
	query_end(query);
	return err;
}

static enum err read_names(struct builder *b, const struct sql *sql, const char ***names, size_t *count)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(b->store->db, sql, &query, b->error);

	*names = NULL;
	*count = 0;
	while (!err && !(err = query_next(query, &row, b->error)) && row)
		*ARENA_PUSH(b->arena, *names, *count, capacity) = row_text(query, 0, b->arena);
	query_end(query);
	return err;
}

static enum err refuse_name(struct builder *b, const char *word, const char *value, const char *const *names,
			    size_t count)
{
	const char *nearest = count ? text_nearest(value, names, count) : NULL;

	if (nearest)
		return error_set_field(b->error, ERR_INVALID, "filter", "\"%s\" is no %s; did you mean %s:%s?",
				       value, word, word, nearest);
	return error_set_field(b->error, ERR_INVALID, "filter",
			       "\"%s\" is no %s of this store; kybdesk %s list shows them", value, word,
			       strcmp(word, "assignee") == 0 ? "reviewer" : word);
}

/* *id of a name that must exist. */
static enum err resolve(struct builder *b, const char *word, int by_name, int all_names, const char *value,
			int64_t *id)
{
	const char **names;
	size_t count;
	enum err err = look_up(b, &statements[by_name], value, id);

	if (err || *id)
		return err;
	err = read_names(b, &statements[all_names], &names, &count);
	return err ? err : refuse_name(b, word, value, names, count);
}

/* A workflow is known when a session was made with it, or when it is among the profiles. */
static enum err check_workflow(struct builder *b, const char *value)
{
	static const char folder[] = "workflows/", ending[] = ".json";
	const char **names, **files;
	size_t count, capacity, file_count;
	int64_t found;
	enum err err = look_up(b, &statements[FILTER_WORKFLOW_NAME], value, &found);

	if (err || found)
		return err;
	err = read_names(b, &statements[FILTER_WORKFLOW_NAMES], &names, &count);
	if (err)
		return err;
	capacity = count; /* the array is grown with the arena's doubling from here on */
	files = resource_list(b->arena, b->store->world, folder, &file_count);
	for (size_t i = 0; i < file_count; i++) {
		size_t length = strlen(files[i]);

		if (length <= sizeof folder + sizeof ending - 2 ||
		    strcmp(files[i] + length - (sizeof ending - 1), ending) != 0)
			continue;
		*ARENA_PUSH(b->arena, names, count, capacity) = arena_strndup(
			b->arena, files[i] + sizeof folder - 1, length - (sizeof folder - 1) - (sizeof ending - 1));
		if (!strcmp(names[count - 1], value))
			return ERR_OK;
	}
	return refuse_name(b, "workflow", value, names, count);
}

static size_t bind_now(struct builder *b)
{
	if (!b->now)
		b->now = list_sql_int(&b->sql, b->query->now);
	return b->now;
}

/* Far durations end at the end of time instead of wrapping around. */
static int64_t time_plus(int64_t time, int64_t span)
{
	int64_t sum;

	if (__builtin_add_overflow(time, span, &sum))
		return span > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

static const char *comparison(const struct filter_term *term)
{
	switch (term->compare) {
	case FILTER_EQUAL:
		return "=";
	case FILTER_LESS:
		return "<";
	case FILTER_GREATER:
		return ">";
	}
	BUG("%u is no comparison", (unsigned)term->compare);
}

/* As session_holder() of domain/due.h: a claim that ran out, or that began in the future, holds nothing. */
static void add_held_by_nobody(struct strbuf *out, size_t now)
{
	strbuf_addf(out,
		    "(s.assignee_id IS NULL OR (s.claim_expires_at IS NOT NULL AND "
		    "(s.claim_expires_at <= $%zu OR s.claimed_at > $%zu)))",
		    now, now);
}

static enum err assignee(struct builder *b, const struct filter_term *term)
{
	struct strbuf *out = &b->sql.text;
	int64_t reviewer = 0;
	enum err err;

	if (!strcmp(term->value, "none")) {
		add_held_by_nobody(out, bind_now(b));
		return ERR_OK;
	}
	if (!strcmp(term->value, "me")) {
		/* Who is no reviewer here holds nothing. */
		err = look_up(b, &statements[FILTER_REVIEWER_ID], b->query->actor ? b->query->actor : "",
			      &reviewer);
	} else {
		err = resolve(b, "assignee", FILTER_REVIEWER_ID, FILTER_REVIEWER_NAMES, term->value, &reviewer);
	}
	if (err)
		return err;
	size_t who = list_sql_int(&b->sql, reviewer ? reviewer : -1);
	size_t now = bind_now(b);

	strbuf_addf(out,
		    "(s.assignee_id = $%zu AND (s.claim_expires_at IS NULL OR (s.claim_expires_at > $%zu AND "
		    "(s.claimed_at IS NULL OR s.claimed_at <= $%zu))))",
		    who, now, now);
	if (!term->negated)
		b->holder = reviewer ? reviewer : -1;
	return ERR_OK;
}

/* risk_key = 100 - score, 101 without one: the indexes by risk serve. */
static void risk(struct builder *b, const struct filter_term *term)
{
	size_t score = list_sql_int(&b->sql, 100 - term->number);

	switch (term->compare) {
	case FILTER_EQUAL:
		strbuf_addf(&b->sql.text, "s.risk_key = $%zu", score);
		break;
	case FILTER_GREATER:
		strbuf_addf(&b->sql.text, "s.risk_key < $%zu", score);
		break;
	case FILTER_LESS:
		strbuf_addf(&b->sql.text, "(s.risk_key > $%zu AND s.risk_key < 101)", score);
		break;
	}
}

/* As due_is_over() of domain/due.h; written on due_key, so that the indexes by due serve. */
static void due(struct builder *b, const struct filter_term *term)
{
	struct strbuf *out = &b->sql.text;
	bool over = !strcmp(term->value, "over");
	size_t at = over ? bind_now(b) : list_sql_int(&b->sql, time_plus(b->query->now, term->number));

	strbuf_adds(out, "(s.due_paused_at IS NULL AND s.status NOT IN ('approved', 'rejected') AND s.due_key ");
	if (over || term->compare == FILTER_LESS)
		strbuf_addf(out, "< $%zu)", at);
	else
		strbuf_addf(out, "%s $%zu AND s.due_key < " DUE_KEY_NONE ")", comparison(term), at);
}

static void tag(struct builder *b, const struct filter_term *term)
{
	size_t key = list_sql_text(&b->sql, term->tag_key);

	strbuf_addf(&b->sql.text, "EXISTS (SELECT 1 FROM json_each(s.custom_tags) AS tag WHERE tag.key = $%zu",
		    key);
	if (*term->value)
		strbuf_addf(&b->sql.text,
			    " AND CASE tag.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
			    "WHEN 'null' THEN 'null' ELSE CAST(tag.value AS TEXT) END = $%zu",
			    list_sql_text(&b->sql, term->value));
	strbuf_adds(&b->sql.text, ")");
}

static const char *upper(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *c = copy; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return copy;
}

static enum err term_condition(struct builder *b, const struct filter_term *term)
{
	struct list_sql *sql = &b->sql;
	struct strbuf *out = &sql->text;
	int64_t id;
	enum err err;

	switch (term->key) {
	case FILTER_TEXT:
	case FILTER_INBOX:
		break;
	case FILTER_STATUS:
		strbuf_addf(out, "s.status = $%zu",
			    list_sql_text(sql, session_status_text((enum session_status)term->code)));
		break;
	case FILTER_WORKFLOW:
		if ((err = check_workflow(b, term->value)))
			return err;
		strbuf_addf(out, "s.workflow = $%zu", list_sql_text(sql, term->value));
		break;
	case FILTER_MERCHANT:
		if ((err = resolve(b, "merchant", FILTER_MERCHANT_ID, FILTER_MERCHANT_NAMES, term->value, &id)))
			return err;
		strbuf_addf(out, "s.merchant_id = $%zu", list_sql_int(sql, id));
		break;
	case FILTER_COUNTRY:
		strbuf_addf(out, "s.country = $%zu", list_sql_text(sql, upper(b->arena, term->value)));
		break;
	case FILTER_ASSIGNEE:
		return assignee(b, term);
	case FILTER_RISK:
		risk(b, term);
		break;
	case FILTER_AGE: {
		/* Older than the span means begun before it. */
		bool younger = term->compare == FILTER_LESS;

		strbuf_addf(out, "coalesce(s.submitted_at, s.created_at) %s $%zu", younger ? ">" : "<",
			    list_sql_int(sql, time_plus(b->query->now, -term->number)));
		break;
	}
	case FILTER_DUE:
		due(b, term);
		break;
	case FILTER_DOC:
		strbuf_adds(out, strcmp(term->value, "missing") == 0 ? "s.document_missing = 1"
								     : "s.document_rejected = 1");
		break;
	case FILTER_PARTY:
		strbuf_adds(out, "s.party_open = 1");
		break;
	case FILTER_HIT:
		strbuf_adds(out, "s.hit_open = 1");
		break;
	case FILTER_WAITING:
		strbuf_addf(out, "(s.waiting & $%zu) <> 0", list_sql_int(sql, INT64_C(1) << term->code));
		break;
	case FILTER_TAG:
		tag(b, term);
		break;
	case FILTER_LEVEL:
		strbuf_addf(
			out,
			"EXISTS (SELECT 1 FROM subject AS u WHERE u.id = s.subject_id AND upper(u.level) = $%zu)",
			list_sql_text(sql, upper(b->arena, term->value)));
		break;
	case FILTER_KIND:
		strbuf_addf(out, "s.kind = $%zu",
			    list_sql_text(sql, session_kind_text((enum session_kind)term->code)));
		break;
	}
	return ERR_OK;
}

/* Bounds (risk>50 risk<80) all hold; any other values of one key are alternatives. */
static bool is_alternative(const struct filter_term *term)
{
	return !term->negated && term->compare == FILTER_EQUAL;
}

static void begin_condition(struct builder *b)
{
	if (b->sql.text.len)
		strbuf_adds(&b->sql.text, " AND ");
}

static enum err add_alternatives(struct builder *b, enum filter_key key)
{
	const struct filter *filter = &b->query->filter;
	size_t count = 0;

	for (size_t i = 0; i < filter->count; i++)
		count += filter->terms[i].key == key && is_alternative(&filter->terms[i]);
	if (!count)
		return ERR_OK;
	begin_condition(b);
	if (count > 1)
		strbuf_adds(&b->sql.text, "(");
	for (size_t i = 0, done = 0; i < filter->count; i++) {
		enum err err;

		if (filter->terms[i].key != key || !is_alternative(&filter->terms[i]))
			continue;
		if (done++)
			strbuf_adds(&b->sql.text, " OR ");
		if ((err = term_condition(b, &filter->terms[i])))
			return err;
	}
	if (count > 1) {
		strbuf_adds(&b->sql.text, ")");
		if (key == FILTER_ASSIGNEE)
			b->holder = 0;
	}
	return ERR_OK;
}

static enum err add_conditions(struct builder *b)
{
	const struct filter *filter = &b->query->filter;

	for (unsigned key = FILTER_TEXT + 1; key < FILTER_KEY_COUNT; key++) {
		enum err err;

		/* The inboxes read say all of it (narrow_inboxes). */
		if (key == FILTER_INBOX)
			continue;
		err = add_alternatives(b, (enum filter_key)key);

		for (size_t i = 0; !err && i < filter->count; i++) {
			const struct filter_term *term = &filter->terms[i];

			if (term->key != (enum filter_key)key || is_alternative(term))
				continue;
			begin_condition(b);
			strbuf_adds(&b->sql.text, "(");
			err = term_condition(b, term);
			/* What is unknown is not what was to be left out. */
			strbuf_adds(&b->sql.text, term->negated ? ") IS NOT TRUE" : ")");
		}
		if (err)
			return err;
	}
	return ERR_OK;
}

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

/* A word as a phrase of its tokens, the last of them only begun: "株 式"*. "" when nothing in it can be searched. */
static const char *phrase(struct arena *arena, const char *word)
{
	struct strbuf tokens = STRBUF_INIT;
	const char *text = "";

	text_tokens(&tokens, word, strlen(word));
	if (tokens.len)
		text = arena_printf(arena, "\"%s\"*", tokens.buf);
	strbuf_release(&tokens);
	return text;
}

static const char *join_words(struct builder *b, bool negated, const char *glue)
{
	const struct filter *filter = &b->query->filter;
	const char *all = "";

	for (size_t i = 0; i < filter->count; i++) {
		const char *one;

		if (filter->terms[i].key != FILTER_TEXT || filter->terms[i].negated != negated)
			continue;
		/* A sign alone ("&") is in no index and narrows nothing. */
		one = phrase(b->arena, filter->terms[i].value);
		if (*one)
			all = *all ? arena_printf(b->arena, "%s %s %s", all, glue, one) : one;
	}
	return all;
}

/* The words come first, so that they are $1. */
static const char *add_words(struct builder *b)
{
	const char *wanted = join_words(b, false, "AND");
	const char *unwanted = join_words(b, true, "OR");

	if (*wanted) {
		const char *match = *unwanted ? arena_printf(b->arena, "(%s) NOT (%s)", wanted, unwanted) : wanted;

		list_sql_text(&b->sql, match);
		return match;
	}
	if (*unwanted) {
		begin_condition(b);
		strbuf_addf(&b->sql.text,
			    "s.id NOT IN (SELECT rowid FROM session_text WHERE session_text MATCH $%zu)",
			    list_sql_text(&b->sql, unwanted));
	}
	return NULL;
}

static enum err count_hits(struct builder *b, const char *match, size_t at_most, size_t *count)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(b->store->db, &statements[FILTER_TEXT_HITS], &query, b->error);

	if (err)
		return err;
	query_text(query, 1, match);
	query_int(query, 2, (int64_t)at_most);
	err = query_next(query, &row, b->error);
	*count = !err && row ? (size_t)row_int(query, 0) : 0;
	query_end(query);
	return err;
}

/* Few hits are read and sorted; of many, the order's index is walked. On the drawing path, where neither may take
 * long, only the newest hits are looked at, unless the inboxes themselves are small. */
static enum err choose_source(struct builder *b, struct list_plan *plan)
{
	size_t few = b->query->text_cap ? b->query->text_cap : LIST_TEXT_FEW, hits;
	enum err err;

	plan->source = b->holder ? LIST_FROM_HOLDER : LIST_FROM_INDEX;
	if (!plan->match)
		return ERR_OK;
	err = count_hits(b, plan->match, few + 1, &hits);
	if (err)
		return err;
	if (hits <= few) {
		plan->source = LIST_FROM_TEXT;
	} else if (b->query->text_cap && !b->holder) {
		int64_t counts[INBOX_COUNT], sum = 0;

		if ((err = store_inbox_counts(b->store, counts, b->error)))
			return err;
		for (unsigned inbox = 0; inbox < INBOX_COUNT; inbox++)
			sum += plan->inboxes & 1u << inbox ? counts[inbox] : 0;
		if (sum > (int64_t)few) {
			plan->source = LIST_FROM_TEXT;
			plan->match_limit = few;
			plan->capped = true;
		}
	}
	return ERR_OK;
}

enum err list_plan_make(struct store *store, struct arena *arena, const struct list_query *query,
			struct list_plan *out, struct error *error)
{
	struct builder b = { .store = store, .arena = arena, .query = query, .error = error };
	const struct list_plan nothing = { 0 };
	enum err err;

	*out = nothing;
	list_sql_begin(&b.sql, arena, &nothing);
	out->match = add_words(&b);
	err = add_conditions(&b);
	if (!err) {
		out->inboxes = narrow_inboxes(query);
		out->tops = query->subsessions ? 3 : 2;
		out->predicate = strbuf_to_arena(&b.sql.text, arena);
		out->binds = b.sql.binds;
		out->bind_count = b.sql.count;
		err = choose_source(&b, out);
	}
	list_sql_release(&b.sql);
	return err;
}

void list_plan_narrow_to_free(struct list_plan *plan, struct arena *arena, int64_t now)
{
	struct list_sql sql;

	list_sql_begin(&sql, arena, plan);
	if (*plan->predicate)
		strbuf_addf(&sql.text, "%s AND ", plan->predicate);
	strbuf_adds(&sql.text, "s.waiting = 0 AND ");
	add_held_by_nobody(&sql.text, list_sql_int(&sql, now));
	plan->predicate = strbuf_to_arena(&sql.text, arena);
	plan->binds = sql.binds;
	plan->bind_count = sql.count;
	list_sql_release(&sql);
}
