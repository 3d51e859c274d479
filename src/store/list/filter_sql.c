/* Converts a struct filter to SQL conditions on a session `s`. All values are bound parameters, and names become
 * ids. */
#include "filter_sql.h"
#include "rows.h"
#include "columns.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/gate.h"

#include <string.h>

STATEMENT(sql_merchant_id, "filter.merchant", "SELECT id FROM merchant WHERE name = $1");
STATEMENT(sql_merchant_names, "filter.merchants", "SELECT name FROM merchant ORDER BY name LIMIT 10000");
STATEMENT(sql_reviewer_id, "filter.reviewer", "SELECT id FROM reviewer WHERE name = $1");
STATEMENT(sql_reviewer_names, "filter.reviewers", "SELECT name FROM reviewer ORDER BY name LIMIT 10000");
STATEMENT(sql_workflow_name, "filter.workflow", "SELECT 1 FROM workflow WHERE name = $1 LIMIT 1");
STATEMENT(sql_workflow_names, "filter.workflows", "SELECT name FROM workflow GROUP BY name ORDER BY name LIMIT 10000");
STATEMENT(sql_rule_name, "filter.rule",
	  "SELECT 1 FROM rule_text WHERE kind = 'workflow' AND name = $1 AND current = 1");
STATEMENT(sql_rule_names, "filter.rules",
	  "SELECT name FROM rule_text WHERE kind = 'workflow' AND current = 1 ORDER BY name LIMIT 10000");

/* due_key of a session without a due time (0001_store.sql) */
#define DUE_KEY_NONE "9000000000000000"

void filter_builder_init(struct filter_builder *b, struct store *store, struct arena *arena,
			 const struct list_query *query, struct error *error)
{
	static const struct list_plan nothing = { .predicate = "" };

	*b = (struct filter_builder){ .store = store, .arena = arena, .query = query, .error = error };
	list_sql_begin(&b->sql, arena, &nothing);
}

void filter_builder_release(struct filter_builder *b)
{
	list_sql_release(&b->sql);
}

/* The id of the row with this name; 0: no such row. */
static enum err find_id(struct filter_builder *b, const struct sql *sql, const char *name, int64_t *id)
{
	return db_get_int(b->store->db, sql, PARAMS(db_text(name)), id, b->error);
}

static enum err read_names(struct filter_builder *b, const struct sql *sql, const char ***names, size_t *count)
{
	return text_list_load(&(struct column_query){ b->store, sql, b->arena }, NULL, names, count, b->error);
}

static enum err refuse_name(struct filter_builder *b, const char *word, const char *value, const char *const *names,
			    size_t count)
{
	const char *kind = strcmp(word, "mentioned") == 0 ? "reviewer" : word;
	const char *nearest = count ? text_find_nearest(value, names, count) : NULL;

	if (nearest)
		return error_set_field(b->error, ERR_INVALID, "filter", "Unknown %s \"%s\"; did you mean %s:%s?", kind,
				       value, word, nearest);
	return error_set_field(b->error, ERR_INVALID, "filter", "Unknown %s \"%s\". List them with: kybdesk %s list",
			       kind, value, strcmp(word, "assignee") ? kind : "reviewer");
}

/* Sets *id for a name; the name must exist. */
static enum err resolve_name(struct filter_builder *b, const char *word, const struct sql *by_name,
			     const struct sql *all_names, const char *value, int64_t *id)
{
	const char **names;
	size_t count;
	enum err err = find_id(b, by_name, value, id);

	if (err || *id)
		return err;
	err = read_names(b, all_names, &names, &count);
	return err ? err : refuse_name(b, word, value, names, count);
}

/* A workflow is accepted if a session uses it, if it is in force, or, in a sandbox, if it is a file. */
static enum err check_workflow(struct filter_builder *b, const char *value)
{
	static const char folder[] = "workflows/", ending[] = ".json";
	const char **names, **rules, **files = NULL;
	size_t count, capacity, rule_count, file_count = 0;
	int64_t found;
	enum err err = find_id(b, &sql_workflow_name, value, &found);

	if (!err && !found)
		err = find_id(b, &sql_rule_name, value, &found);
	if (err || found)
		return err;
	err = read_names(b, &sql_workflow_names, &names, &count);
	if (!err)
		err = read_names(b, &sql_rule_names, &rules, &rule_count);
	if (err)
		return err;
	capacity = count; /* the array is full, so the next ARENA_PUSH copies it to a larger array */
	for (size_t i = 0; i < rule_count; i++)
		*ARENA_PUSH(b->arena, names, count, capacity) = rules[i];
	if (b->store->sandbox)
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

static size_t bind_current_time(struct filter_builder *b)
{
	if (!b->now_param)
		b->now_param = list_sql_bind_int(&b->sql, b->query->now);
	return b->now_param;
}

/* Returns the sum, limited to the range of int64_t. */
static int64_t add_time_span(int64_t time, int64_t span)
{
	int64_t sum;

	if (__builtin_add_overflow(time, span, &sum))
		return span > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

static const char *const comparisons[] = { [FILTER_EQUAL] = "=", [FILTER_LESS] = "<", [FILTER_GREATER] = ">" };

/* Has the same condition as session_holder() of domain/due.h: a claim that has expired, or that begins in the
 * future, is not valid. */
void filter_add_unclaimed_sql(struct strbuf *out, size_t now)
{
	strbuf_addf(out,
		    "(s.assignee_id IS NULL OR (s.claim_expires_at IS NOT NULL AND "
		    "(s.claim_expires_at <= $%zu OR s.claimed_at > $%zu)))",
		    now, now);
}

/* The reviewer of an assignee term; -1 if unknown. */
static enum err find_filter_reviewer(struct filter_builder *b, const struct filter_term *term, int64_t *reviewer)
{
	enum err err;

	/* An actor that is not a reviewer of this store has no cases. */
	if (!strcmp(term->value, "me"))
		err = find_id(b, &sql_reviewer_id, b->query->actor ? b->query->actor : "", reviewer);
	else
		err = resolve_name(b, "assignee", &sql_reviewer_id, &sql_reviewer_names, term->value, reviewer);
	if (!err && !*reviewer)
		*reviewer = -1;
	return err;
}

static enum err add_assignee_term(struct filter_builder *b, const struct filter_term *term)
{
	int64_t reviewer;
	size_t reviewer_at, now;
	enum err err;

	if (!strcmp(term->value, "none")) {
		filter_add_unclaimed_sql(&b->sql.text, bind_current_time(b));
		return ERR_OK;
	}
	err = find_filter_reviewer(b, term, &reviewer);
	if (err)
		return err;
	reviewer_at = list_sql_bind_int(&b->sql, reviewer);
	now = bind_current_time(b);
	strbuf_addf(&b->sql.text,
		    "(s.assignee_id = $%zu AND (s.claim_expires_at IS NULL OR (s.claim_expires_at > $%zu AND "
		    "(s.claimed_at IS NULL OR s.claimed_at <= $%zu))))",
		    reviewer_at, now, now);
	return ERR_OK;
}

/* Also selects the sessions above the session that has the note, because lists usually show only top sessions. */
static enum err add_mentioned_term(struct filter_builder *b, const struct filter_term *term)
{
	const char *name = term->value;
	int64_t reviewer;
	enum err err;

	if (!strcmp(name, "me"))
		name = b->query->actor ? b->query->actor : "";
	else if ((err = resolve_name(b, "mentioned", &sql_reviewer_id, &sql_reviewer_names, name, &reviewer)))
		return err;
	size_t at = list_sql_bind_text(&b->sql, arena_printf(b->arena, "/%s/", name));
	strbuf_addf(&b->sql.text, "s.id IN " MENTIONED_SESSIONS, at);
	if (!term->negated)
		b->mention_param = at;
	return ERR_OK;
}

/* Binds a whole id or reference, and its lower-case form if it is a UUID. Returns the parameters: "$1, $2". */
static const char *bind_id(struct filter_builder *b, const char *value)
{
	const char *typed = arena_printf(b->arena, "$%zu", list_sql_bind_text(&b->sql, value));
	char id[UUID_TEXT_SIZE];

	if (!uuid_normalise(value, id) || !strcmp(id, value))
		return typed;
	return arena_printf(b->arena, "%s, $%zu", typed, list_sql_bind_text(&b->sql, arena_strdup(b->arena, id)));
}

/* Adds the condition of an excluded term, or, if `excluded` is NULL, one condition for all wanted ids, so that the
 * index finds all of them together. Also matches the sessions above the sessions with these ids. */
static void add_id_terms(struct filter_builder *b, const struct filter_term *excluded)
{
	const struct filter *filter = &b->query->filter;
	const char *ids = "", *sessions;

	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_term *term = &filter->terms[i];

		if (excluded ? term == excluded : term->key == FILTER_ID && !term->negated)
			ids = arena_printf(b->arena, "%s%s%s", ids, *ids ? ", " : "", bind_id(b, term->value));
	}
	sessions = arena_printf(b->arena,
				"(WITH RECURSIVE up (id) AS (SELECT i.id FROM session AS i WHERE i.uuid IN (%s) "
				"UNION SELECT e.id FROM session AS e WHERE e.external_ref <> '' AND "
				"e.external_ref IN (%s) UNION SELECT p.parent_id FROM up JOIN session AS p "
				"ON p.id = up.id WHERE p.parent_id IS NOT NULL) SELECT id FROM up)",
				ids, ids);
	strbuf_addf(&b->sql.text, "s.id IN %s", sessions);
	if (!excluded)
		b->id_sessions_sql = sessions;
}

/* Adds a condition on risk_key (100 - score, or 101 without a score), so that the indexes by risk are used. */
static void add_risk_term(struct filter_builder *b, const struct filter_term *term)
{
	size_t score = list_sql_bind_int(&b->sql, 100 - term->number);

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

/* due:over has the same condition as case_is_overdue() of domain/due.h. All conditions are on due_key, so that the
 * indexes by due time are used. */
static void add_due_term(struct filter_builder *b, const struct filter_term *term)
{
	struct strbuf *out = &b->sql.text;
	bool over = !strcmp(term->value, "over");
	size_t at =
		over ? bind_current_time(b) : list_sql_bind_int(&b->sql, add_time_span(b->query->now, term->number));

	strbuf_adds(out, "(s.due_paused_at IS NULL AND (s.status NOT IN ('approved', 'rejected') OR " HAS_ALERT
			 ") AND s.due_key ");
	if (over || term->compare == FILTER_LESS)
		strbuf_addf(out, "< $%zu)", at);
	else
		strbuf_addf(out, "%s $%zu AND s.due_key < " DUE_KEY_NONE ")", comparisons[term->compare], at);
}

static void add_tag_term(struct filter_builder *b, const struct filter_term *term)
{
	size_t key = list_sql_bind_text(&b->sql, term->tag_key), value = 0;

	strbuf_addf(&b->sql.text, "EXISTS (SELECT 1 FROM {members s.custom_tags, tag} WHERE tag.key = $%zu", key);
	if (*term->value) {
		value = list_sql_bind_text(&b->sql, term->value);
		strbuf_addf(&b->sql.text, " AND {member_text tag} = $%zu", value);
	}
	strbuf_adds(&b->sql.text, ")");
	if (!term->negated) {
		b->tag_params[0] = key;
		b->tag_params[1] = value;
	}
}

static void add_level_term(struct filter_builder *b, const struct filter_term *term)
{
	size_t name = list_sql_bind_text(&b->sql, text_ascii_case(b->arena, term->value, true));

	strbuf_addf(&b->sql.text,
		    "EXISTS (SELECT 1 FROM subject AS u WHERE u.id = s.subject_id AND upper(u.level) = $%zu)", name);
	if (!term->negated)
		b->level_param = name;
}

static void add_mark_term(struct filter_builder *b, const struct filter_term *term)
{
	struct strbuf *out = &b->sql.text;

	switch ((enum filter_mark)term->code) {
	case FILTER_MARK_HELD:
		strbuf_adds(out, "(s.assignee_id IS NOT NULL AND NOT ");
		filter_add_unclaimed_sql(out, bind_current_time(b));
		strbuf_adds(out, ")");
		break;
	case FILTER_MARK_SNOOZED:
		strbuf_addf(out, "(s.snoozed_until IS NOT NULL AND s.snoozed_until > $%zu)", bind_current_time(b));
		break;
	case FILTER_MARK_RETURNED:
		strbuf_adds(out, "s.returned = 1");
		break;
	case FILTER_MARK_NOTED:
		strbuf_adds(out, "EXISTS (SELECT 1 FROM note AS n WHERE n.session_id = s.id)");
		break;
	case FILTER_MARK_ALERT:
		strbuf_adds(out, HAS_ALERT);
		break;
	}
}

/* Lists all values that have the bit of the word, since an index finds values, not bits. "waiting <> 0" repeats the
 * condition of the partial index. */
static void add_waiting_term(struct strbuf *out, unsigned word)
{
	const char *comma = "";

	strbuf_adds(out, "(s.waiting <> 0 AND s.waiting IN (");
	for (unsigned value = 1; value < 1u << FILTER_WAITING_WORD_COUNT; value++) {
		if (!(value & 1u << word))
			continue;
		strbuf_addf(out, "%s%u", comma, value);
		comma = ", ";
	}
	strbuf_adds(out, "))");
}

static enum err add_term_condition(struct filter_builder *b, const struct filter_term *term)
{
	struct list_sql *sql = &b->sql;
	struct strbuf *out = &sql->text;
	int64_t id;
	size_t at;
	enum err err;

	switch (term->key) {
	case FILTER_TEXT:
	case FILTER_INBOX:
		break;
	case FILTER_STATUS:
		strbuf_addf(out, "s.status = $%zu",
			    list_sql_bind_text(sql, session_status_text((enum session_status)term->code)));
		break;
	case FILTER_WORKFLOW:
		if ((err = check_workflow(b, term->value)))
			return err;
		strbuf_addf(out, "s.workflow = $%zu", list_sql_bind_text(sql, term->value));
		break;
	case FILTER_MERCHANT:
		if ((err = resolve_name(b, "merchant", &sql_merchant_id, &sql_merchant_names, term->value, &id)))
			return err;
		strbuf_addf(out, "s.merchant_id = $%zu", list_sql_bind_int(sql, id));
		break;
	case FILTER_COUNTRY:
		strbuf_addf(out, "s.country = $%zu",
			    list_sql_bind_text(sql, text_ascii_case(b->arena, term->value, true)));
		break;
	case FILTER_ASSIGNEE:
		return add_assignee_term(b, term);
	case FILTER_MENTIONED:
		return add_mentioned_term(b, term);
	case FILTER_ID:
		add_id_terms(b, term->negated ? term : NULL);
		break;
	case FILTER_RISK:
		add_risk_term(b, term);
		break;
	case FILTER_AGE: {
		/* "Older than the span" becomes "began before now minus the span". */
		bool younger = term->compare == FILTER_LESS;

		strbuf_addf(out, "coalesce(s.submitted_at, s.created_at) %s $%zu", younger ? ">" : "<",
			    list_sql_bind_int(sql, add_time_span(b->query->now, -term->number)));
		break;
	}
	case FILTER_DUE:
		add_due_term(b, term);
		break;
	case FILTER_DOC:
		strbuf_adds(out,
			    strcmp(term->value, "missing") == 0 ? "s.document_missing = 1" : "s.document_rejected = 1");
		break;
	case FILTER_PARTY:
		strbuf_adds(out, "s.party_open = 1");
		break;
	case FILTER_HIT:
		strbuf_adds(out, "s.hit_open = 1");
		break;
	case FILTER_HIT_CLASS:
		strbuf_addf(out, "h.class = $%zu", list_sql_bind_text(sql, hit_class_text((enum hit_class)term->code)));
		break;
	case FILTER_HIT_LIST:
		at = list_sql_bind_text(sql, text_ascii_case(b->arena, term->value, true));
		strbuf_addf(out, "substr(upper(h.list), 1, length(CAST($%zu AS text))) = $%zu", at, at);
		break;
	case FILTER_HIT_SCORE:
		strbuf_addf(out, "round(h.score * 1000) %s $%zu", comparisons[term->compare],
			    list_sql_bind_int(sql, term->number));
		break;
	case FILTER_HIT_VERDICT:
		strbuf_addf(out, "h.state = $%zu", list_sql_bind_text(sql, hit_state_text((enum hit_state)term->code)));
		break;
	case FILTER_WAITING:
		add_waiting_term(out, (unsigned)term->code);
		break;
	case FILTER_TAG:
		add_tag_term(b, term);
		break;
	case FILTER_LEVEL:
		add_level_term(b, term);
		break;
	case FILTER_MARK:
		add_mark_term(b, term);
		break;
	case FILTER_WHY:
		strbuf_addf(out, "s.blocker = $%zu",
			    list_sql_bind_text(sql, blocker_code_text((enum blocker_code)term->code)));
		break;
	case FILTER_CLEAN:
		strbuf_adds(out, term->code ? "s.blocker <> ''" : "s.blocker = ''");
		break;
	case FILTER_KIND:
		strbuf_addf(out, "s.kind = $%zu",
			    list_sql_bind_text(sql, session_kind_text((enum session_kind)term->code)));
		break;
	}
	return ERR_OK;
}

/* All bounds of a key must hold (risk>50 risk<80); other values of one key are alternatives. */
static bool is_alternative_term(const struct filter_term *term)
{
	return !term->negated && term->compare == FILTER_EQUAL;
}

/* Adds AND before every condition except the first. */
static void filter_begin_condition(struct filter_builder *b)
{
	if (b->sql.text.len)
		strbuf_adds(&b->sql.text, " AND ");
}

static enum err add_alternatives(struct filter_builder *b, enum filter_key key)
{
	const struct filter *filter = &b->query->filter;
	size_t count = 0;

	for (size_t i = 0; i < filter->count; i++)
		count += filter->terms[i].key == key && is_alternative_term(&filter->terms[i]);
	if (!count)
		return ERR_OK;
	filter_begin_condition(b);
	if (key == FILTER_ID) {
		add_id_terms(b, NULL);
		return ERR_OK;
	}
	if (count > 1)
		strbuf_adds(&b->sql.text, "(");
	for (size_t i = 0, done = 0; i < filter->count; i++) {
		enum err err;

		if (filter->terms[i].key != key || !is_alternative_term(&filter->terms[i]))
			continue;
		if (done++)
			strbuf_adds(&b->sql.text, " OR ");
		if ((err = add_term_condition(b, &filter->terms[i])))
			return err;
	}
	if (count > 1)
		strbuf_adds(&b->sql.text, ")");
	return ERR_OK;
}

static enum err add_term(struct filter_builder *b, const struct filter_term *term)
{
	enum err err;

	filter_begin_condition(b);
	if (!term->negated)
		return add_term_condition(b, term);
	strbuf_adds(&b->sql.text, "(");
	err = add_term_condition(b, term);
	/* IS NOT TRUE also keeps a row for which the condition is NULL. */
	strbuf_adds(&b->sql.text, ") IS NOT TRUE");
	return err;
}

static enum err add_key(struct filter_builder *b, enum filter_key key, bool wanted_only)
{
	const struct filter *filter = &b->query->filter;
	enum err err = add_alternatives(b, key);

	for (size_t i = 0; !err && i < filter->count; i++) {
		const struct filter_term *term = &filter->terms[i];

		if (term->key == key && !is_alternative_term(term) && !(wanted_only && term->negated))
			err = add_term(b, term);
	}
	return err;
}

#define OF_HIT "EXISTS (SELECT 1 FROM check_result AS c JOIN hit AS h ON h.check_id = c.id WHERE c.session_id = s.id"

static bool is_hit_key(enum filter_key key)
{
	return key >= FILTER_HIT_CLASS && key <= FILTER_HIT_VERDICT;
}

/* One hit must match all wanted terms of the keys hit-…; each excluded term excludes the cases with such a hit. */
static enum err add_hit_terms(struct filter_builder *b)
{
	const struct filter *filter = &b->query->filter;
	size_t wanted = 0;
	enum err err = ERR_OK;

	for (unsigned key = FILTER_HIT_CLASS; key <= FILTER_HIT_VERDICT; key++)
		wanted += filter_count_positive_terms(filter, (enum filter_key)key);
	if (wanted) {
		filter_begin_condition(b);
		strbuf_adds(&b->sql.text, OF_HIT);
		for (unsigned key = FILTER_HIT_CLASS; !err && key <= FILTER_HIT_VERDICT; key++)
			err = add_key(b, (enum filter_key)key, true);
		strbuf_adds(&b->sql.text, ")");
	}
	for (size_t i = 0; !err && i < filter->count; i++) {
		if (!filter->terms[i].negated || !is_hit_key(filter->terms[i].key))
			continue;
		filter_begin_condition(b);
		strbuf_adds(&b->sql.text, "NOT " OF_HIT " AND ");
		err = add_term_condition(b, &filter->terms[i]);
		strbuf_adds(&b->sql.text, ")");
	}
	return err;
}

/* A case with a held decision, as in caller_held_decision() of desk/use/caller.c: the hold of the last decision
 * that was not undone has not ended. */
static void add_held_decision_condition(struct filter_builder *b)
{
	const int64_t most = (int64_t)GRACE_MAX_S * 1000;
	struct strbuf *out = &b->sql.text;
	size_t now = bind_current_time(b), latest = list_sql_bind_int(&b->sql, add_time_span(b->query->now, most));
	size_t changed = list_sql_bind_int(&b->sql, add_time_span(b->query->now, -most));

	/* A decision changes its case, so a case that did not change for longer than the longest hold is skipped. */
	strbuf_addf(out,
		    "%s(s.updated_at > $%zu AND EXISTS (SELECT 1 FROM decision AS d WHERE d.session_id = s.id "
		    "AND d.held_until > $%zu AND d.held_until <= $%zu AND d.imported = 0 AND d.number = "
		    "(SELECT max(l.number) FROM decision AS l WHERE l.session_id = s.id AND l.undone = 0 "
		    "AND l.first_approval = 0 AND l.kind <> 'undo')))",
		    b->query->undo_filter == UNDOABLE_EXCLUDED ? "NOT " : "", changed, now, latest);
}

/* Adds the conditions of the query that are not terms of its filter. */
static void add_query_bounds(struct filter_builder *b)
{
	const struct list_query *query = b->query;

	if (query->created_from) {
		filter_begin_condition(b);
		strbuf_addf(&b->sql.text, "s.created_at >= $%zu", list_sql_bind_int(&b->sql, query->created_from));
	}
	if (query->created_to) {
		filter_begin_condition(b);
		strbuf_addf(&b->sql.text, "s.created_at < $%zu", list_sql_bind_int(&b->sql, query->created_to));
	}
	if (query->skip_hidden) {
		filter_begin_condition(b);
		strbuf_adds(&b->sql.text, "s.hidden = 0");
	}
	if (query->undo_filter) {
		filter_begin_condition(b);
		add_held_decision_condition(b);
	}
}

enum err filter_add_all_terms(struct filter_builder *b)
{
	enum err err = ERR_OK;

	/* FILTER_INBOX and FILTER_TEXT need no condition: the plan chooses the inboxes, and the full-text index
	 * finds the words. */
	for (unsigned key = 0; !err && key < FILTER_KEY_COUNT; key++)
		if (key != FILTER_TEXT && key != FILTER_INBOX && !is_hit_key((enum filter_key)key))
			err = add_key(b, (enum filter_key)key, false);
	if (!err)
		err = add_hit_terms(b);
	if (!err)
		add_query_bounds(b);
	return err;
}

enum err filter_add_positive_terms(struct filter_builder *b, enum filter_key key)
{
	return add_key(b, key, true);
}

size_t filter_count_positive_terms(const struct filter *filter, enum filter_key key)
{
	size_t count = 0;

	for (size_t i = 0; i < filter->count; i++)
		count += filter->terms[i].key == key && !filter->terms[i].negated;
	return count;
}
