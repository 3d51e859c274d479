#include "store/list_support.h"
#include "store/place.h"
#include "../../src/store/sqlite/sqlite_internal.h"
#include "kybdesk/base/text.h"
#include "kybdesk/base/timefmt.h"
#include "support/leak.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

size_t pick(uint64_t *state, size_t count)
{
	return (size_t)(next_random(state) % count);
}

void run_sql(struct store *store, const char *text)
{
	struct error error = { 0 };
	struct query *query = NULL;
	bool own = store->db->depth == 0, row = true;

	if (own)
		cr_assert_eq(store_begin(store, STORE_WRITE, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(db_query_text(store->db, "test", text, &query, &error), ERR_OK, "%s", error.message);
	while (row)
		cr_assert_eq(query_next(query, &row, &error), ERR_OK, "%s", error.message);
	query_end(query);
	if (own)
		cr_assert_eq(store_commit(store, &error), ERR_OK, "%s", error.message);
}

int64_t read_int(struct store *store, const char *text)
{
	struct error error = { 0 };
	struct query *query = NULL;
	bool row;
	int64_t value = -1;

	cr_assert_eq(db_query_text(store->db, "test", text, &query, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(query_next(query, &row, &error), ERR_OK, "%s", error.message);
	if (row)
		value = row_int(query, 0);
	query_end(query);
	return value;
}

#ifdef KYB_PLACE_SQLITE
int64_t steps_taken(struct store *store)
{
	sqlite3 *handle = ((struct sqlite_db *)store->db)->handle;
	int64_t steps = 0;

	for (sqlite3_stmt *at = sqlite3_next_stmt(handle, NULL); at; at = sqlite3_next_stmt(handle, at))
		steps += sqlite3_stmt_status(at, SQLITE_STMTSTATUS_VM_STEP, 1);
	return steps;
}
#endif

void samples_open(struct samples *out)
{
	struct store_options options = { .create = true, .create_sandbox = true };

	memset(out, 0, sizeof *out);
	test_world_init(&out->world, NOW);
	snprintf(out->folder, sizeof out->folder, "/tmp/kybdesk-list-XXXXXX");
	cr_assert_not_null(mkdtemp(out->folder));
	out->path = place_make(out->folder, "store.db");
	out->world.environment = place_environment(out->folder);
	options.path = out->path;
	options.world = &out->world.world;
	cr_assert_eq(store_open(&options, &out->store, &out->error), ERR_OK, "%s", out->error.message);
	run_sql(out->store, "INSERT INTO merchant (id, name, created_at) VALUES (1, 'northwind-pay', 0), "
			    "(2, 'kestrel', 0), (3, 'Ønsker & Co', 0)");
	run_sql(out->store, "INSERT INTO reviewer (id, name, role, created_at) VALUES (1, 'ana', 'lead', 0), "
			    "(2, 'bo', 'reviewer', 0)");
	shell_run(out->path, "INSERT INTO workflow (id, name, version, sha256, body, created_at) VALUES "
			     "(1, 'ralio-kyb', 1, zeroblob(32), '{}', 0), "
			     "(2, 'generic-kyc', 1, zeroblob(32), '{}', 0)");
}

void samples_close(struct samples *samples)
{
	char command[160];

	store_close(samples->store);
	for (size_t i = 0; i < samples->count; i++) {
		free(samples->items[i].text);
		free(samples->items[i].name_key);
	}
	free(samples->items);
	error_release(&samples->error);
	free((void *)(uintptr_t)samples->world.environment);
	snprintf(command, sizeof command, "rm -rf '%s'", samples->folder);
	cr_assert_eq(system(command), 0);
	NO_LEAKS();
}

static const char *const merchants[] = { "northwind-pay", "kestrel", "Ønsker & Co" };
static const char *const workflows[] = { "ralio-kyb", "generic-kyc" };
static const char *const countries[] = { "GBR", "BRA", "JPN", "PRT", "" };
static const char *const levels[] = { "LIGHT", "REGULAR", "" };
static const char *const reviewers[] = { "", "", "", "ana", "bo" };
static const char *const words[] = { "Harbour",	   "Lane",   "Trading", "Soluções", "Digitais", "株式会社",
				     "ミナト商事", "Ltd",    "O'Brien", "AB-12",    "ÉCLAIR",	"Łódź",
				     "Ltd",	   "Nguyễn", "Ltd",	"हिन्दी" };
static const char *const tags[] = { "{}", "{\"region\":\"emea\"}", "{\"region\":\"apac\",\"tier\":3}",
				    "{\"a\\\"b.c\":true,\"none\":null,\"region\":\"emea\"}", "{\"名\":\"値\"}" };
#define PICK(list) list[pick(state, sizeof list / sizeof list[0])]

static void make_sample(struct sample *out, int64_t id, uint64_t *state)
{
	struct strbuf text = STRBUF_INIT, key = STRBUF_INIT;

	memset(out, 0, sizeof *out);
	out->id = id;
	snprintf(out->uuid, sizeof out->uuid, "00000000-0000-7000-8000-%012lld", (long long)id);
	out->parent = id > 20 && pick(state, 5) == 0 ? 1 + (int64_t)pick(state, 20) : 0;
	out->merchant = PICK(merchants);
	out->workflow = PICK(workflows);
	out->country = PICK(countries);
	out->level = PICK(levels);
	out->tags = PICK(tags);
	out->assignee = PICK(reviewers);
	snprintf(out->name, sizeof out->name, "%s %s %s", PICK(words), PICK(words), PICK(words));
	snprintf(out->reference, sizeof out->reference, "RAL-%zu", pick(state, 300));
	if (pick(state, 2))
		snprintf(out->tax_id, sizeof out->tax_id, "GB%zu", 100000 + pick(state, 900000));
	out->kind = (enum session_kind)pick(state, 2);
	out->status = (enum session_status)pick(state, SESSION_STATUS_COUNT);
	out->risk = pick(state, 4) ? (int)pick(state, 101) : RISK_NONE;
	/* Few different times, so that the later parts of each sort key are needed, too. */
	out->created_at = NOW - (int64_t)pick(state, 12) * DAY;
	out->submitted_at = pick(state, 3) ? out->created_at + (int64_t)pick(state, 3) * HOUR : TIME_NONE;
	out->updated_at = NOW - (int64_t)pick(state, 20) * HOUR;
	out->due_at = pick(state, 5) ? NOW + ((int64_t)pick(state, 40) - 20) * HOUR : TIME_NONE;
	out->due_paused_at = pick(state, 4) ? TIME_NONE : NOW - HOUR;
	out->claimed_at = out->claim_expires_at = TIME_NONE;
	if (*out->assignee) {
		out->claimed_at = NOW - HOUR;
		if (pick(state, 3))
			out->claim_expires_at = NOW + ((int64_t)pick(state, 3) - 1) * HOUR;
		if (pick(state, 6) == 0)
			out->claimed_at = NOW + DAY;
	}
	out->document_missing = pick(state, 3) == 0;
	out->document_rejected = pick(state, 6) == 0;
	out->party_open = pick(state, 3) == 0;
	out->hit_open = pick(state, 8) == 0;
	out->returned = pick(state, 5) == 0;
	out->has_note = pick(state, 5) == 0;
	out->alert = pick(state, 9) == 0;
	out->snoozed_until = pick(state, 5) ? TIME_NONE : NOW + ((int64_t)pick(state, 3) - 1) * DAY;
	out->waiting = pick(state, 3) ? 0 : (unsigned)pick(state, 16);
	out->checks = (unsigned)pick(state, 1u << 3);
	out->blocker = out->status == SESSION_APPROVED || out->status == SESSION_REJECTED ? NULL
		       : pick(state, 5) == 0						  ? ""
					     : blocker_code_text((enum blocker_code)pick(state, BLOCKER_CODE_COUNT));
	strbuf_addch(&text, ' ');
	text_add_tokens(&text, out->name, strlen(out->name));
	strbuf_addch(&text, ' ');
	text_add_tokens(&text, out->reference, strlen(out->reference));
	if (*out->tax_id) {
		strbuf_addch(&text, ' ');
		text_add_tokens(&text, out->tax_id, strlen(out->tax_id));
	}
	text_fold(&key, out->name, strlen(out->name));
	out->text = strbuf_detach(&text);
	out->name_key = strbuf_detach(&key);
}

static int64_t index_of(const char *const *list, size_t count, const char *value)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i], value))
			return (int64_t)i + 1;
	return 0;
}

static struct query *begin_insert(struct samples *samples, const char *text)
{
	struct query *query = NULL;

	cr_assert_eq(db_query_text(samples->store->db, "test", text, &query, &samples->error), ERR_OK, "%s",
		     samples->error.message);
	return query;
}

static void end_insert(struct samples *samples, struct query *query)
{
	cr_assert_eq(query_run(query, &samples->error), ERR_OK, "%s", samples->error.message);
}

/* The reviewer that the notes of a case mention. */
static const char *mentioned_by_notes(const struct sample *s)
{
	static const char *const names[] = { "ana", "bo", "" };

	return s->has_note && !s->parent ? names[s->id % 3] : "";
}

/* Inserts two notes, which count as one mark, and alerts, of which only an open one counts. */
static void insert_beside(struct samples *samples, const struct sample *s)
{
	for (unsigned i = 0; s->has_note && i < 2; i++) {
		struct query *q =
			begin_insert(samples, "INSERT INTO note (session_id, text, written_by, written_at, mentioned) "
					      "VALUES ($1, 'x', 'ana', 0, $2)");
		const char *name = mentioned_by_notes(s);
		query_bind_int(q, 1, s->id);
		query_bind_text(q, 2, !strcmp(name, "ana") ? "/lea//ana/" : !strcmp(name, "bo") ? "/bo/" : "");
		end_insert(samples, q);
	}
	for (unsigned closed = s->alert ? 0 : 1; closed < 2; closed++) {
		struct query *q =
			begin_insert(samples, "INSERT INTO alert (session_id, subject_id, kind, raised_at, closed_at) "
					      "VALUES ($1, $1, 'approval_in_doubt', 0, $2)");
		query_bind(q, PARAMS(db_int(s->id), db_time(closed ? NOW : TIME_NONE)));
		end_insert(samples, q);
	}
}

static void insert_sample(struct samples *samples, const struct sample *s)
{
	int64_t merchant = index_of(merchants, 3, s->merchant);
	struct query *q = begin_insert(samples, "INSERT INTO subject (id, merchant_id, uid, kind, level, created_at) "
						"VALUES ($1, $2, $3, 'business', $4, 0)");

	query_bind(q, PARAMS(db_int(s->id), db_int(merchant), db_text(s->uuid), db_text(s->level)));
	end_insert(samples, q);
	q = begin_insert(samples,
			 "INSERT INTO session (id, uuid, external_ref, merchant_id, workflow, kind, parent_id, "
			 "subject_id, status, subject_name, country, tax_id, custom_tags, risk_score, assignee_id, "
			 "claimed_at, claim_expires_at, created_at, submitted_at, updated_at, due_at, due_paused_at, "
			 "document_missing, document_rejected, party_open, hit_open, waiting, name_key, returned, "
			 "snoozed_until, blocker) VALUES ($1, "
			 "$2, $3, $4, $5, $6, $7, $1, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
			 "$21, $22, $23, $24, $25, $26, $27, $28, $29, $30)");
	query_bind(q, PARAMS(db_int(s->id), db_text(s->uuid), db_text(s->reference), db_int(merchant),
			     db_text(s->workflow), db_text(session_kind_text(s->kind)), db_int_or_null(s->parent),
			     db_text(session_status_text(s->status)), db_text(s->name), db_text(s->country),
			     db_text(s->tax_id), db_text(s->tags), s->risk == RISK_NONE ? db_null() : db_int(s->risk),
			     db_int_or_null(*s->assignee ? 1 + !strcmp(s->assignee, "bo") : 0), db_time(s->claimed_at),
			     db_time(s->claim_expires_at), db_int(s->created_at), db_time(s->submitted_at),
			     db_int(s->updated_at), db_time(s->due_at), db_time(s->due_paused_at),
			     db_int(s->document_missing), db_int(s->document_rejected), db_int(s->party_open),
			     db_int(s->hit_open), db_int(s->waiting), db_text(s->name_key), db_int(s->returned),
			     db_time(s->snoozed_until), s->blocker ? db_text(s->blocker) : db_null()));
	end_insert(samples, q);
	insert_beside(samples, s);
	q = begin_insert(samples, "INSERT INTO session_text ({text_id}, body) VALUES ($1, $2)");
	query_bind(q, PARAMS(db_int(s->id), db_text(s->text + 1)));
	end_insert(samples, q);
	for (unsigned kind = 0; kind < 3; kind++) {
		q = begin_insert(samples, "INSERT INTO check_result (session_id, kind, status) VALUES ($1, $2, $3)");
		query_bind(q, PARAMS(db_int(s->id), db_text(check_kind_text((enum check_kind)kind)),
				     db_text(s->checks & 1u << kind ? "passed" : "pending")));
		end_insert(samples, q);
	}
}

void samples_fill(struct samples *out, size_t count, uint64_t seed)
{
	out->items = xcalloc(count, sizeof *out->items);
	out->count = count;
	cr_assert_eq(store_begin(out->store, STORE_WRITE, &out->error), ERR_OK);
	for (size_t i = 0; i < count; i++) {
		make_sample(&out->items[i], (int64_t)i + 1, &seed);
		insert_sample(out, &out->items[i]);
	}
	cr_assert_eq(store_commit(out->store, &out->error), ERR_OK, "%s", out->error.message);
}

void samples_make_alike(struct samples *samples, uint64_t seed)
{
	struct arena arena = ARENA_INIT;

	cr_assert_eq(store_begin(samples->store, STORE_WRITE, &samples->error), ERR_OK);
	for (size_t i = 0; i < samples->count; i++) {
		struct sample *s = &samples->items[i];

		s->due_at = pick(&seed, 3) ? TIME_NONE : NOW + HOUR;
		s->risk = pick(&seed, 3) ? 50 : RISK_NONE;
		s->created_at = NOW - (pick(&seed, 4) ? DAY : HOUR);
		s->updated_at = NOW - (pick(&seed, 5) ? HOUR : DAY);
		free(s->name_key);
		s->name_key = xstrdup(pick(&seed, 4) ? "same" : "other");
		run_sql(samples->store,
			arena_printf(&arena,
				     "UPDATE session SET due_at = %s, risk_score = %s, created_at = %lld, "
				     "updated_at = %lld, name_key = '%s' WHERE id = %lld",
				     s->due_at == TIME_NONE ? "NULL"
							    : arena_printf(&arena, "%lld", (long long)s->due_at),
				     s->risk == RISK_NONE ? "NULL" : "50", (long long)s->created_at,
				     (long long)s->updated_at, s->name_key, (long long)s->id));
	}
	cr_assert_eq(store_commit(samples->store, &samples->error), ERR_OK, "%s", samples->error.message);
	arena_release(&arena);
}

void samples_change_bounds(struct samples *samples, uint64_t *state)
{
	static const size_t sizes[] = { 0, 1, 4, 30, 5000 };
	struct list_bounds *bounds = &samples->store->lists;
	size_t *const all[] = { &bounds->small_list_row_count,
				&bounds->few_rows,
				&bounds->word_hit_count,
				&bounds->scan_row_count,
				&bounds->sorted_set_count,
				&bounds->condition_id_count,
				&bounds->step_ms };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		*all[i] = sizes[pick(state, sizeof sizes / sizeof sizes[0])];
}

/* domain/due.h defines the holder of a case and when it is overdue. */
static const char *holder_of(const struct sample *s)
{
	struct session session = { .assignee = s->assignee,
				   .claimed_at = s->claimed_at,
				   .claim_expires_at = s->claim_expires_at };

	return session_holder(&session, NOW);
}

static bool word_matches(const struct sample *s, const char *word)
{
	struct strbuf phrase = STRBUF_INIT;
	bool found;

	strbuf_addch(&phrase, ' ');
	text_add_tokens(&phrase, word, strlen(word));
	found = strstr(s->text, phrase.buf) != NULL;
	strbuf_release(&phrase);
	return found;
}

static bool tag_matches(const struct sample *s, const struct filter_term *term)
{
	static const struct {
		size_t set;
		const char *key, *value;
	} all[] = { { 1, "region", "emea" }, { 2, "region", "apac" }, { 2, "tier", "3" }, { 3, "a\"b.c", "true" },
		    { 3, "none", "null" },   { 3, "region", "emea" }, { 4, "名", "値" } };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (tags[all[i].set] == s->tags && !strcmp(all[i].key, term->tag_key) &&
		    (!*term->value || !strcmp(all[i].value, term->value)))
			return true;
	return false;
}

static bool compare(const struct filter_term *term, int64_t value, int64_t with)
{
	switch (term->compare) {
	case FILTER_EQUAL:
		return value == with;
	case FILTER_LESS:
		return value < with;
	case FILTER_GREATER:
		return value > with;
	}
	return false;
}

static bool mark_matches(const struct sample *s, enum filter_mark mark)
{
	switch (mark) {
	case FILTER_MARK_HELD:
		return *holder_of(s) != '\0';
	case FILTER_MARK_SNOOZED:
		return s->snoozed_until != TIME_NONE && s->snoozed_until > NOW;
	case FILTER_MARK_RETURNED:
		return s->returned;
	case FILTER_MARK_NOTED:
		return s->has_note;
	case FILTER_MARK_ALERT:
		return s->alert;
	}
	return false;
}

/* Whether the id is that of the session or of a session below it: samples have one level below. */
static bool id_matches(const struct samples *samples, const struct sample *s, const char *id)
{
	bool any = !strcasecmp(s->uuid, id) || !strcmp(s->reference, id);

	for (size_t i = 0; !any && i < samples->count; i++) {
		const struct sample *below = &samples->items[i];

		any = below->parent == s->id && (!strcasecmp(below->uuid, id) || !strcmp(below->reference, id));
	}
	return any;
}

static bool is_alerted(const struct sample *s)
{
	return s->alert && session_status_is_decided(s->status);
}

static bool term_matches(const struct samples *samples, const struct sample *s, const struct filter_term *term,
			 const struct list_query *query)
{
	switch (term->key) {
	case FILTER_TEXT:
		return word_matches(s, term->value);
	case FILTER_STATUS:
		return s->status == (enum session_status)term->code;
	case FILTER_INBOX:
		return session_status_inbox(s->status) == (enum inbox)term->code;
	case FILTER_WORKFLOW:
		return !strcmp(s->workflow, term->value);
	case FILTER_MERCHANT:
		return !strcmp(s->merchant, term->value);
	case FILTER_COUNTRY:
		return !strcasecmp(s->country, term->value);
	case FILTER_ASSIGNEE:
		if (!strcmp(term->value, "none"))
			return !*holder_of(s);
		return !strcmp(holder_of(s), strcmp(term->value, "me") == 0 ? query->actor : term->value);
	case FILTER_RISK:
		return s->risk != RISK_NONE && compare(term, s->risk, term->number);
	case FILTER_AGE:
		return compare(term, NOW - (s->submitted_at == TIME_NONE ? s->created_at : s->submitted_at),
			       term->number);
	case FILTER_DUE:
		if (!strcmp(term->value, "over"))
			return case_is_overdue(
				&(const struct session_item){ .status = s->status,
							      .due_at = s->due_at,
							      .due_paused = s->due_paused_at != TIME_NONE,
							      .has_alert = is_alerted(s) },
				NOW);
		return (!session_status_is_decided(s->status) || s->alert) && s->due_at != TIME_NONE &&
		       s->due_paused_at == TIME_NONE && compare(term, s->due_at - NOW, term->number);
	case FILTER_DOC:
		return strcmp(term->value, "missing") == 0 ? s->document_missing : s->document_rejected;
	case FILTER_PARTY:
		return s->party_open;
	case FILTER_HIT:
		return s->hit_open;
	case FILTER_WAITING:
		return s->waiting >> term->code & 1u;
	case FILTER_MARK:
		return mark_matches(s, (enum filter_mark)term->code);
	case FILTER_TAG:
		return tag_matches(s, term);
	case FILTER_LEVEL:
		return !strcasecmp(s->level, term->value);
	case FILTER_WHY:
		return s->blocker && !strcmp(s->blocker, blocker_code_text((enum blocker_code)term->code));
	case FILTER_CLEAN:
		return s->blocker && !*s->blocker == !term->code;
	case FILTER_MENTIONED:
		return !strcmp(mentioned_by_notes(s), strcmp(term->value, "me") == 0 ? query->actor : term->value);
	case FILTER_ID:
		return id_matches(samples, s, term->value);
	case FILTER_KIND:
		return s->kind == (enum session_kind)term->code;
	case FILTER_HIT_CLASS:
	case FILTER_HIT_LIST:
	case FILTER_HIT_SCORE:
	case FILTER_HIT_VERDICT:
		return false; /* no sample has a hit */
	}
	return false;
}

static bool is_alternative(const struct filter_term *term)
{
	return !term->negated && term->compare == FILTER_EQUAL && term->key != FILTER_TEXT;
}

bool sample_matches(const struct samples *samples, const struct sample *s, const struct list_query *query)
{
	const struct filter *filter = &query->filter;

	if (s->parent && !query->include_subsessions)
		return false;
	if (query->inboxes && !(query->inboxes & 1u << session_status_inbox(s->status)) &&
	    !(query->with_alerts && query->inboxes & 1u << INBOX_MANUAL_REVIEW && is_alerted(s)))
		return false;
	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_term *term = &filter->terms[i];
		bool any = false;

		if (!is_alternative(term)) {
			if (term_matches(samples, s, term, query) == term->negated)
				return false;
			continue;
		}
		for (size_t other = 0; other < filter->count; other++)
			any = any || (filter->terms[other].key == term->key && is_alternative(&filter->terms[other]) &&
				      term_matches(samples, s, &filter->terms[other], query));
		if (!any)
			return false;
	}
	return true;
}

static int compare_int(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int64_t due_value(const struct sample *s)
{
	return s->due_at == TIME_NONE ? INT64_MAX : s->due_at;
}

/* Decided cases with an alert come first, but not for merchants. */
static int compare_due(const struct sample *a, const struct sample *b, const struct list_query *query)
{
	int order = query->skip_hidden ? 0 : compare_int(is_alerted(b), is_alerted(a));

	return order ? order : compare_int(due_value(a), due_value(b));
}

static int compare_samples(const struct sample *a, const struct sample *b, const struct list_query *query)
{
	int order = 0;

	switch (query->sort) {
	case SORT_DUE:
		order = compare_due(a, b, query);
		order = order ? order : compare_int(b->risk, a->risk);
		order = order ? order : compare_int(a->created_at, b->created_at);
		break;
	case SORT_UPDATED:
		order = compare_int(b->updated_at, a->updated_at);
		order = order ? order : compare_int(b->id, a->id);
		break;
	case SORT_RISK:
		order = compare_int(b->risk, a->risk);
		order = order ? order : compare_int(due_value(a), due_value(b));
		break;
	case SORT_NAME:
		order = strcmp(a->name_key, b->name_key);
		break;
	}
	order = order ? order : compare_int(a->id, b->id);
	return query->reverse ? -order : order;
}

struct order {
	const struct samples *samples;
	const struct list_query *query;
};

static int compare_rows(const void *a, const void *b, void *context)
{
	const struct order *order = context;
	const struct sample *items = order->samples->items;

	return compare_samples(&items[*(const int64_t *)a - 1], &items[*(const int64_t *)b - 1], order->query);
}

int64_t *samples_expect(const struct samples *samples, const struct list_query *query, size_t *count)
{
	int64_t *rows = xcalloc(samples->count + 1, sizeof *rows);

	*count = 0;
	for (size_t i = 0; i < samples->count; i++)
		if (sample_matches(samples, &samples->items[i], query))
			rows[(*count)++] = samples->items[i].id;
	qsort_r(rows, *count, sizeof *rows, compare_rows, &(struct order){ samples, query });
	return rows;
}

void samples_expect_pages(struct samples *samples, struct list_query query, const char *what)
{
	struct arena arena = ARENA_INIT;
	size_t count, seen = 0;
	int64_t *rows = samples_expect(samples, &query, &count);

	for (bool first = true; first || *query.after; first = false) {
		struct list_page page;

		cr_assert_eq(store_list(samples->store, &arena, &query, &page, &samples->error), ERR_OK, "%s: %s", what,
			     samples->error.message);
		cr_assert_leq(page.count, query.limit);
		cr_assert(page.count > 0 || !*page.next, "%s: an empty page in the middle", what);
		for (size_t i = 0; i < page.count; i++, seen++) {
			cr_assert_lt(seen, count, "%s: too many", what);
			cr_assert_eq(page.items[i].row, rows[seen], "%s: place %zu", what, seen);
		}
		query.after = page.next;
	}
	cr_assert_eq(seen, count, "%s: %zu of %zu", what, seen, count);
	free(rows);
	arena_release(&arena);
}

static int64_t passing(void *context)
{
	struct test_world *world = context;

	return ++world->wall_ms;
}

void samples_let_time_pass(struct samples *samples)
{
	samples->world.world.monotonic_ms = passing;
}

/* The expected page. */
struct expected {
	const int64_t *rows;
	size_t count, total;
	int64_t at_most;
};

/* Reads one page in steps; returns the number of steps. *cursor continues after `behind` rows of the page. */
static size_t expect_page(struct samples *samples, const struct list_query *query, const struct expected *page,
			  size_t behind, char **cursor, const char *what)
{
	struct list_search *search = store_search_begin(query, page->at_most);
	struct search_progress found = { .is_complete = false };
	size_t before = 0, steps = 0;

	for (; !found.is_complete; steps++) {
		struct arena arena = ARENA_INIT;

		cr_assert_eq(store_search_step(samples->store, &arena, search, &found, &samples->error), ERR_OK,
			     "%s: %s", what, samples->error.message);
		cr_assert_geq(found.count, before, "%s: %zu after %zu", what, found.count, before);
		cr_assert_leq(found.count, page->count, "%s: %zu of %zu", what, found.count, page->count);
		for (size_t i = 0; i < found.count; i++)
			cr_assert_eq(found.items[i].row, page->rows[i], "%s: step %zu, row %zu", what, steps, i);
		cr_assert_leq(found.scanned, found.total_to_scan, "%s", what);
		before = found.count;
		arena_release(&arena);
	}
	cr_assert_eq(found.count, page->count, "%s: %zu of %zu", what, found.count, page->count);
	cr_assert_eq(found.match_count,
		     page->at_most && (size_t)page->at_most < page->total ? page->at_most : (int64_t)page->total,
		     "%s: %lld counted", what, (long long)found.match_count);
	struct arena arena = ARENA_INIT;
	*cursor = xstrdup(store_search_cursor(search, &arena, behind));
	arena_release(&arena);
	store_search_end(search);
	return steps;
}

struct list_query list_query_of(struct arena *arena, const char *filter, enum sort_key sort, bool reverse)
{
	struct list_query query = {
		.sort = sort, .reverse = reverse, .limit = 50, .after = "", .actor = "ana", .now = NOW
	};
	struct error error = { 0 };

	cr_assert_eq(filter_parse(arena, filter, &query.filter, &error), ERR_OK, "%s: %s", filter, error.message);
	return query;
}

size_t samples_expect_steps(struct samples *samples, struct list_query query, int64_t at_most, uint64_t *state,
			    const char *what)
{
	size_t total, at = 0, steps = 0;
	int64_t *rows = samples_expect(samples, &query, &total);
	char *cursor = xstrdup("");

	for (bool first = true; first || *cursor; first = false) {
		size_t left = total - at, count = left < query.limit ? left : query.limit;
		size_t behind = count && pick(state, 3) == 0 ? 1 + pick(state, count) : count;
		struct expected page = { rows + at, count, total, at_most };
		char *next;

		query.after = cursor;
		steps += expect_page(samples, &query, &page, behind, &next, what);
		cr_assert_eq(!*next, left == behind, "%s: \"%s\" behind %zu of %zu", what, next, behind, left);
		free(cursor);
		cursor = next;
		at += behind;
	}
	cr_assert_eq(at, total, "%s: %zu of %zu", what, at, total);
	free(cursor);
	free(rows);
	return steps;
}

struct samples samples;
struct arena arena;

void samples_begin(uint64_t seed)
{
	samples_open(&samples);
	samples_fill(&samples, 500, seed);
}

void samples_tear_down(void)
{
	arena_release(&arena);
	samples_close(&samples);
}
