/* Role × capacity × verb at the desk: tries every verb in every role, and half of the verbs (in a long run all) in the
 * other capacities. The roles are written down a second time (support/verb_rows.h), so a role in the table that is one
 * step too low or too high fails here, and so does a verb without a row. */
#include "matrix_cases.h"
#include "kybdesk/desk/figures.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/checkpoint.h"
#include "kybdesk/desk/outside.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/desk/rules.h"
#include "kybdesk/desk/subject.h"
#include "kybdesk/desk/sandbox.h"
#include "kybdesk/desk/retention.h"
#include "kybdesk/desk/read.h"
#include "support/store_sum.h"
#include "support/process.h"
#include "support/tried.h"

#include <dirent.h>
#include <stdio.h>

static struct fixture f;

/* One person of each role, a supervised reviewer, and a disabled admin. */
static const struct person {
	const char *name;
	enum role role;
	bool supervised, disabled;
} people[] = {
	{ "mona", ROLE_VIEWER, false, false }, { "nora", ROLE_REVIEWER, false, false },
	{ "sue", ROLE_REVIEWER, true, false }, { "otto", ROLE_LEAD, false, false },
	{ "paul", ROLE_ADMIN, false, false },  { "dan", ROLE_ADMIN, false, true },
	{ "iris", ROLE_INTAKE, false, false },
};
#define PEOPLE (sizeof people / sizeof *people)

static struct desk *desks[PEOPLE], *reader;
static struct store_sum sum;

static void set_up(void)
{
	fixture_open(&f);
	for (size_t i = 0; i < PEOPLE; i++) {
		must(desk_reviewer_add(f.ada, people[i].name, people[i].role, people[i].supervised, &f.error));
		desks[i] = fixture_desk(&f, people[i].name, false);
	}
	for (size_t i = 0; i < PEOPLE; i++) {
		if (people[i].disabled)
			must(desk_reviewer_disable(f.ada, people[i].name, &f.error));
	}
	reader = fixture_desk(&f, "ada", true);
	store_sum_open(&sum, f.path);
}

static void tear_down(void)
{
	store_sum_close(&sum);
	for (size_t i = 0; i < PEOPLE; i++)
		desk_close(desks[i]);
	desk_close(reader);
	matrix_cases_release();
	fixture_close(&f);
}
TestSuite(matrix, .init = set_up, .fini = tear_down);

static bool expected_of_role(enum verb verb, enum role role)
{
	const char *word = verb_rows[verb].least;
	enum role least;

	if (!*word)
		return false;
	cr_assert(role_parse(word, &least), "%s", word);
	return role_at_least(role, least);
}

static unsigned cells, visited;

static void bring(struct cell *cell, enum verb verb, enum capacity as, const struct person *by)
{
	*cell = (struct cell){ .f = &f,
			       .by = by ? desks[by - people] : f.rita,
			       .supervised = by && by->supervised,
			       .number = ++cells,
			       .ref = arena_printf(&f.arena, "M%u", cells),
			       .in = { .verb = verb, .capacity = as } };
	cell->in.session = cell->ref;
	matrix_arrange(cell);
}

/* The material of the contribution that the verb has just made; "": none. */
static const char *contributed(const struct cell *cell, int64_t before)
{
	return sql_text(&f, arena_printf(&f.arena,
					 "SELECT material FROM contribution WHERE what = '%s' AND id > %lld LIMIT 1",
					 use_cases[cell->in.verb].audit_action, (long long)before));
}

/* Staff contributes the material of the verb's row, and the system contributes none. Other capacities contribute data,
 * but not by the verbs of an account, which is opened after the decision. */
static enum material expected_material(const struct cell *cell)
{
	if (cell->in.capacity == CAPACITY_STAFF)
		return verb_rows[cell->in.verb].material;
	switch (cell->in.verb) {
	case VERB_ACCOUNT_OPEN:
	case VERB_TRANSFER:
	case VERB_PAYOUT:
		return MATERIAL_NONE;
	default:
		return cell->in.capacity == CAPACITY_SYSTEM ? MATERIAL_NONE : MATERIAL_DATA;
	}
}

/* The verb must succeed, make the expected contribution, and change the store, but only rows of its tables. */
static void try_allowed(struct cell *cell, struct desk *desk, const char *who)
{
	const char *word = use_cases[cell->in.verb].audit_action;
	uint64_t before = store_sum(&sum);
	int64_t last = sql_int(&f, "SELECT coalesce(max(id), 0) FROM contribution");
	int64_t committed = fixture_last_commitment(&f);
	struct use_out out;
	enum err err = desk_do(desk, &f.arena, &cell->in, &out, &f.error);

	visited++;
	cr_expect(!err, "%s by %s: %s", word, who, err ? f.error.message : "");
	cr_expect_str_eq(contributed(cell, last), material_text(expected_material(cell)), "%s by %s", word, who);
	cr_expect(err || store_sum(&sum) != before, "%s by %s left nothing in the store", word, who);
	fixture_expect_tables(&f, committed);
}

static void try_refused(struct cell *cell, struct desk *desk, const char *who, const char *says)
{
	const char *word = use_cases[cell->in.verb].audit_action;
	uint64_t before = store_sum(&sum);
	struct use_out out;
	enum err err = desk_do(desk, &f.arena, &cell->in, &out, &f.error);

	visited++;
	cr_expect(err, "%s by %s was done", word, who);
	cr_expect(!err || err == ERR_FORBIDDEN || says, "%s by %s: %s", word, who, f.error.message);
	cr_expect(!err || !says || strstr(f.error.message, says), "%s by %s: \"%s\" does not say \"%s\"", word, who,
		  f.error.message, says);
	cr_expect_eq(store_sum(&sum), before, "%s by %s was refused and changed the store", word, who);
}

static void try_person(enum verb verb, const struct person *person)
{
	const char *refusal = verb_rows[verb].supervised;
	struct desk *desk = desks[person - people];
	struct cell cell;

	bring(&cell, verb, CAPACITY_STAFF, person);
	if (!person->supervised)
		try_allowed(&cell, desk, role_text(person->role));
	else if (!refusal)
		try_allowed(&cell, desk, "a supervised reviewer");
	else
		try_refused(&cell, desk, "a supervised reviewer", refusal);
}

static void try_people(enum verb verb)
{
	struct cell refused;

	bring(&refused, verb, CAPACITY_STAFF, NULL);
	try_refused(&refused, reader, "an admin who only reads", NULL);
	for (size_t i = 0; i < PEOPLE; i++) {
		bool allowed = expected_of_role(verb, people[i].role);
		const char *who = people[i].disabled ? "a disabled admin" : role_text(people[i].role);

		cr_expect_eq(use_case_allows(&use_cases[verb], CAPACITY_STAFF, people[i].role), allowed,
			     "%s: the table and verb_rows disagree about a %s", use_cases[verb].audit_action, who);
		if (allowed && !people[i].disabled)
			try_person(verb, &people[i]);
		else
			try_refused(&refused, desks[i], who, NULL);
	}
}

/* Tries the verb in a capacity that submits or reports: a viewer and a disabled reviewer are refused, any other person
 * succeeds. */
static void try_capacity_by_people(enum verb verb, enum capacity as)
{
	struct cell cell;

	for (size_t i = 0; i < PEOPLE; i++) {
		const char *who = arena_printf(&f.arena, "%s as %s",
					       people[i].disabled ? "a disabled admin" : role_text(people[i].role),
					       capacity_text(as));

		bring(&cell, verb, as, NULL);
		if (people[i].role == ROLE_VIEWER || people[i].disabled)
			try_refused(&cell, desks[i], who, NULL);
		else
			try_allowed(&cell, desks[i], who);
	}
}

static void try_system(enum verb verb)
{
	struct cell cell;

	bring(&cell, verb, CAPACITY_SYSTEM, NULL);
	try_allowed(&cell, f.ada, capacity_text(CAPACITY_SYSTEM));
}

static void try_capacities(enum verb verb)
{
	struct cell refused;

	bring(&refused, verb, matrix_capacity(verb), NULL);
	for (unsigned i = 0; i < CAPACITY_COUNT; i++) {
		enum capacity as = (enum capacity)i;

		if (as == CAPACITY_STAFF)
			continue;
		refused.in.capacity = as;
		if (!(verb_rows[verb].capacities & (1u << as)))
			try_refused(&refused, f.ada, capacity_text(as), NULL);
		else if (as == CAPACITY_SYSTEM)
			try_system(verb);
		else
			try_capacity_by_people(verb, as);
	}
}

/* Four tests, each with a quarter of the table, run in parallel. */
#define QUARTERS 4
static void try_quarter(unsigned quarter)
{
	for (unsigned verb = quarter; verb < VERB_COUNT; verb += QUARTERS) {
		if (!matrix_tries((enum verb)verb))
			continue;
		try_people((enum verb)verb);
		if (test_draws(verb / QUARTERS, 2))
			try_capacities((enum verb)verb);
	}
	tried("quarter %u of the matrix: %u cells", quarter + 1, visited);
}

TEST_IN_FOUR(matrix, every_verb_by_every_role_and_capacity, try_quarter)

/* This test includes the capacities of API keys, which the test above does not try. */
Test(matrix, the_table_and_the_rows_have_the_same_capacities)
{
	for (unsigned verb = 0; verb < VERB_COUNT; verb++)
		cr_expect_eq(use_cases[verb].capacities,
			     verb_rows[verb].capacities | (*verb_rows[verb].least ? BY_STAFF : 0), "%s",
			     use_cases[verb].audit_action);
}

Test(matrix, a_person_of_every_role_takes_part)
{
	size_t count;
	const char *const *words = assignable_role_words(&count);

	for (size_t i = 0; i < count; i++) {
		bool there = false;

		for (size_t p = 0; p < PEOPLE; p++)
			there = there || (!strcmp(role_text(people[p].role), words[i]) && !people[p].supervised &&
					  !people[p].disabled);
		cr_expect(there, "nobody of the matrix is a %s", words[i]);
	}
}

/* --- functions without a row are read-only --- */

/* The functions of the desk's headers that change something, by verbs of the table or in another way. */
static const char *const changers[] = {
	"desk_do",
	"desk_do_all",		/* these two run the verbs of the table */
	"desk_evidence",	/* ends with the verb EVIDENCE_EXPORT */
	"desk_import",		/* new cases, and verbs as intake */
	"desk_import_register", /* the verb CHECK_REPORT, as intake */
	"desk_import_owners",	/* verbs, as staff */
	"desk_tick",		/* the system's verbs */
	"desk_process_due",	/* likewise */
	"desk_renew_claim",	/* renews an existing claim */
	"desk_init",		/* makes the store */
	"desk_upgrade",		/* opens no desk, since the store is old; only its admins may (upgrade_test) */
	"desk_open",		/* in a sandbox, adds an unknown actor */
	"desk_close",
	"desk_maintain", /* the store's files, and desk_tick() */
	"desk_copy",	 /* a verb, and a new store */
	"desk_set_grace",
	"desk_interrupt",     /* only stops a read of this process */
	"desk_mark_key_used", /* the time of a key's last use (merchant_key_test) */
	"desk_own_text_set",  /* the actor's own views and drafts (access_test) */
	"desk_set_caller",    /* the caller */
	"desk_sandbox_run_due",
	"desk_sandbox_simulate", /* verbs, as the actor "sandbox" */
	"desk_begin_hold",
	"desk_end_hold",
	"desk_has_lock_waiter",
	"desk_run_idempotent", /* a transaction around verbs, and the stored response */
};

static const char *shown; /* a ready case */

static enum err look_away(void *context, const struct session_item *item, struct error *error)
{
	(void)context;
	(void)item;
	(void)error;
	return ERR_OK;
}

/* Each READER defines one struct reader in the section desk_readers, so that the linker makes an array of them. */
struct reader {
	const char *name;
	enum err (*read)(void);
};
#define READER(name_, ...)                                                                                             \
	static enum err read_##name_(void)                                                                             \
	{                                                                                                              \
		__VA_ARGS__                                                                                            \
	}                                                                                                              \
	static const struct reader reader_##name_                                                                      \
		__attribute__((used, section("desk_readers"), aligned(sizeof(void *)))) = { "desk_" #name_,            \
											    read_##name_ };
READER(actor, return desk_actor(f.vic) ? ERR_OK : ERR_INTERNAL;)
READER(role, return desk_role(f.vic) == ROLE_VIEWER ? ERR_OK : ERR_INTERNAL;)
READER(store_path, return desk_store_path(f.vic) ? ERR_OK : ERR_INTERNAL;)
READER(store_label, return *desk_store_label(&f.arena, f.path) ? ERR_OK : ERR_INTERNAL;)
READER(temporary_folder, return *desk_temporary_folder(f.vic, &f.arena) ? ERR_OK : ERR_INTERNAL;)
READER(is_sandbox, return desk_is_sandbox(f.vic) ? ERR_OK : ERR_INTERNAL;)
READER(is_readonly, return desk_is_readonly(f.vic) ? ERR_INTERNAL : ERR_OK;)
READER(now, return desk_now(f.vic) ? ERR_OK : ERR_INTERNAL;)
READER(data_version, return desk_data_version(f.vic) ? ERR_OK : ERR_INTERNAL;)
static enum err read_shared(void *context, struct desk *desk)
{
	return desk_inbox_counts(desk, context, &f.error);
}
READER(run_shared_read, int64_t counts[INBOX_COUNT]; return desk_run_shared_read(f.vic, read_shared, counts, &f.error);)
READER(reasons, return desk_reasons(f.vic) ? ERR_OK : ERR_INTERNAL;)
READER(countries, return desk_countries(f.vic) ? ERR_OK : ERR_INTERNAL;)
READER(own_countries, return desk_own_countries(f.vic) ? ERR_INTERNAL : ERR_OK;)
READER(check_path, return desk_check_path(f.vic, "output", "/elsewhere/paper.pdf", &f.error);)
READER(check_store, return desk_check_store(f.vic, true, &f.error);)
READER(library_version, return desk_library_version(f.vic, &f.arena) ? ERR_OK : ERR_INTERNAL;)
READER(profile, const struct profile *out; return desk_profile(f.vic, "ralio-kyb", &out, &f.error);)
READER(case, struct case_view out; return desk_case(f.vic, &f.arena, shown, false, &out, &f.error);)
READER(case_at_moment, struct history out;
       return desk_case_at_moment(f.vic, &f.arena, shown, &(const struct history_moment){ .at = INT64_MAX }, &out,
				  &f.error);)
READER(case_reload, struct case_view out; return desk_case_reload(f.vic, &f.arena, shown, &out, &f.error);)
READER(hits, struct hit_view out; const struct hit_query query = { .session = shown, .hit = "none" };
       return desk_hits(f.vic, &f.arena, &query, 1, &out, &f.error) == ERR_NOT_FOUND ? ERR_OK : ERR_INTERNAL;)
READER(duplicate, struct duplicate_view out;
       const struct duplicate_query query = { .session = shown, .other_id = "none" };
       return desk_duplicate(f.vic, &f.arena, &query, &out, &f.error) == ERR_NOT_FOUND ? ERR_OK : ERR_INTERNAL;)
READER(decision, struct decision out; return desk_decision(f.vic, &f.arena, "M-done", 1, false, &out, &f.error);)
READER(subsessions, struct session_item *items; size_t count;
       return desk_subsessions(f.vic, &f.arena, shown, &items, &count, &f.error);)
READER(measure, struct measures measures; return desk_measure(f.vic, &f.arena, &measures, &f.error);)
READER(inbox_counts, int64_t counts[INBOX_COUNT]; return desk_inbox_counts(f.vic, counts, &f.error);)
READER(list, struct list_query query = { .limit = 10 }; struct list_page out;
       return desk_list(f.vic, &f.arena, &query, &out, &f.error);)
READER(list_each, struct list_query query = { .sort = SORT_DUE };
       return desk_list_each(f.vic, &query, look_away, NULL, &f.error);)
READER(list_summary, struct list_query query = { .limit = 10 }; struct list_summary out;
       return desk_list_summary(f.vic, &f.arena, &query, &out, &f.error);)
READER(search_begin, struct list_query query = { .limit = 10 }; struct list_search * out;
       enum err err = desk_search_begin(f.vic, &query, 100, &out, &f.error); desk_search_end(out); return err;)
READER(search_step, struct list_query query = { .limit = 10 }; struct list_search * search; struct search_progress out;
       enum err err = desk_search_begin(f.vic, &query, 100, &search, &f.error);
       if (!err) err = desk_search_step(f.vic, &f.arena, search, &out, &f.error); desk_search_end(search); return err;)
READER(search_cursor, struct list_query query = { .limit = 10 }; struct list_search * out;
       enum err err = desk_search_begin(f.vic, &query, 100, &out, &f.error);
       const char *cursor = err ? "-" : desk_search_cursor(out, &f.arena, 1); desk_search_end(out);
       return *cursor ? ERR_INTERNAL : ERR_OK;)
READER(search_end, desk_search_end(NULL); return ERR_OK;)
READER(list_count, struct list_query query = { .limit = 10 }; int64_t count;
       return desk_list_count(f.vic, &query, 100, &count, &f.error);)
READER(correction_draft, struct correction_request *items; size_t count;
       return desk_correction_draft(f.vic, &f.arena, shown, &items, &count, &f.error);)
READER(preview, struct decision_preview out;
       return desk_preview(f.rita, &f.arena, &(const struct use_in){ .verb = VERB_APPROVE, .session = shown }, &out,
			   &f.error);)
READER(party_candidates, struct party_candidates out;
       return desk_party_candidates(f.vic, &f.arena,
				    &(const struct candidate_query){ shown, NULL, "Ana Sousa", "1990-05-01", "PT" },
				    &out, &f.error);)
READER(subsession_of, const char *out; const char *party = fixture_case(&f, shown).file.parties[0].id;
       return desk_subsession_of(f.vic, &f.arena, &(const struct use_in){ .session = shown, .part = party }, &out,
				 &f.error);)
READER(link_resolve, struct link_target out;
       return desk_link_resolve(f.vic, &f.arena, "no-token", &out, &f.error) == ERR_NOT_FOUND ? ERR_OK : ERR_INTERNAL;)
READER(store_settings, struct store_setting *items; size_t count;
       return desk_store_settings(f.vic, &f.arena, &items, &count, &f.error);)
READER(store_setting, const char *value;
       return desk_store_setting(f.vic, &f.arena, STORE_SETTING_KEY_LIMIT, &value, &f.error);)
READER(reviewers, struct reviewer_info *items; size_t count;
       return desk_reviewers(f.vic, &f.arena, &items, &count, &f.error);)
READER(read_own_text, struct strbuf text = STRBUF_INIT;
       enum err err = desk_read_own_text(f.vic, "view", &text, &f.error); strbuf_release(&text); return err;)
READER(access_keys, struct access_key *items; size_t count;
       return desk_access_keys(f.vic, &f.arena, "", &items, &count, &f.error);)
READER(access_keys_of_store, struct access_key *items; size_t count;
       const struct desk_options options = { .store_path = f.path, .world = &f.world.world };
       return desk_access_keys_of_store(&options, &f.arena, "", &items, &count, &f.error);)
READER(merchants, struct merchant_info *items; size_t count;
       return desk_merchants(f.vic, &f.arena, &items, &count, &f.error);)
READER(merchant_keys, struct merchant_key_info *items; size_t count;
       return desk_merchant_keys(f.vic, &f.arena, &items, &count, &f.error);)
READER(templates, struct message_templates out; return desk_templates(f.vic, &f.arena, &out, &f.error);)
READER(endpoints, struct endpoint *items; size_t count;
       return desk_endpoints(f.vic, &f.arena, "", &items, &count, &f.error);)
READER(webhooks, struct delivery_item *items; size_t count; const char *next;
       const struct webhook_query query = { .session = "", .merchant = "", .limit = 10 };
       return desk_webhooks(f.vic, &f.arena, &query, &items, &count, &next, &f.error);)
READER(webhook, struct webhook_view out;
       return desk_webhook(f.vic, &f.arena, sql_text(&f, "SELECT uuid FROM outbox_event"), &out, &f.error);)
READER(webhook_counts, struct webhook_counts out; return desk_webhook_counts(f.vic, &out, &f.error);)
READER(audit_list, const struct audit_query query = { .limit = 10 }; struct audit_page page;
       return desk_audit_list(f.vic, &f.arena, &query, &page, &f.error);)
READER(audit_find_record, struct audit_event out; return desk_audit_find_record(f.vic, &f.arena, 1, &out, &f.error);)
READER(audit_verify, struct audit_verdict out; return desk_audit_verify(f.vic, &f.arena, &out, &f.error);)
READER(audit_compare, struct audit_differences out;
       return desk_audit_compare(f.vic, &f.arena, &(struct audit_compare_options){ 0 }, &out, &f.error);)
READER(audit_export, FILE *to = tmpfile(); enum err err = desk_audit_export(f.vic, fileno(to), &f.error); fclose(to);
       return err;)
READER(make_checkpoint, const struct checkpoint_request nothing = { 0 }; struct signed_note_key key;
       const struct checkpoint_request sign = { .key = &key }; struct strbuf out = STRBUF_INIT;
       struct checkpoint_result made;
       enum err err = desk_make_checkpoint(f.vic, &f.arena, &nothing, &out, &made, &f.error);
       signed_note_key_make(&f.world.world, err ? "" : made.origin, &key);
       err = err ? err : desk_make_checkpoint(f.vic, &f.arena, &sign, &out, &made, &f.error); strbuf_release(&out);
       return err;)
READER(checkpoints_verify, const struct checkpoint_input none = { .count = 0 }; struct checkpoint_verdict * found;
       struct audit_verdict out; return desk_checkpoints_verify(f.vic, &f.arena, &none, &found, &out, &f.error);)
READER(workflows, struct workflow_info *items; size_t count;
       return desk_workflows(f.vic, &f.arena, &items, &count, &f.error);)
READER(offers, struct offered_change *items; size_t count;
       return desk_offers(f.vic, &f.arena, &items, &count, &f.error);)
READER(run_doctor, struct doctor_finding *items; size_t count;
       return desk_run_doctor(f.vic, &f.arena, &items, &count, &f.error);)
READER(reason_sets, struct reason_set_info out[REASON_SET_COUNT];
       return desk_reason_sets(f.vic, &f.arena, out, &f.error);)
READER(rule_notices, struct rule_notice *items; size_t count;
       return desk_rule_notices(f.vic, &f.arena, &items, &count, &f.error);)
READER(workflow_diff, struct rule_comparison out;
       return desk_workflow_diff(f.vic, &f.arena, "ralio-kyb", "ralio-kyb@shipped", &out, &f.error);)
READER(workflow_try, struct list_query query = { .limit = 10 }; struct rule_trial out;
       return desk_workflow_try(f.vic, &f.arena, "ralio-kyb@shipped", &query, 10, &out, &f.error);)
READER(subject, struct subject_view out; return desk_subject(f.vic, &f.arena, "biz-M-shown", false, &out, &f.error);)
READER(subjects, struct subject_page out;
       const struct subject_query query = { .merchant = "", .after = "", .limit = 10 };
       return desk_subjects(f.vic, &f.arena, &query, &out, &f.error);)
/* A reader that runs for a caller with a merchant's key. */
#define OUTSIDE_READER(name, ...)                                                                                      \
	READER(name, struct caller caller = { .capacity = CAPACITY_MERCHANT,                                           \
					      .actor = "api:x",                                                        \
					      .merchant = sql_text(&f, "SELECT m.name FROM merchant m, session s "     \
								       "WHERE s.merchant_id = m.id AND "               \
								       "s.external_ref = 'M-shown'"),                  \
					      .merchant_row = sql_int(&f, "SELECT merchant_id FROM session WHERE "     \
									  "external_ref = 'M-shown'"),                 \
					      .document_type = "",                                                     \
					      .request_id = "" };                                                      \
	       const char *id = sql_text(&f, "SELECT uuid FROM session WHERE external_ref = 'M-shown'");               \
	       enum err err = ERR_OK; desk_set_caller(f.vic, &caller); __VA_ARGS__; desk_set_caller(f.vic, NULL);      \
	       return *id ? err : ERR_INTERNAL;)
OUTSIDE_READER(external_case, struct external_case out; err = desk_external_case(f.vic, &f.arena, id, &out, &f.error))
OUTSIDE_READER(subject_outside, struct subject_view out;
	       err = desk_subject(f.vic, &f.arena, "biz-M-shown", false, &out, &f.error))
OUTSIDE_READER(subjects_outside, struct subject_page out; struct subject_query query = { .limit = 10 };
	       err = desk_subjects(f.vic, &f.arena, &query, &out, &f.error))
OUTSIDE_READER(list_outside, struct list_page out; struct list_query query = { .limit = 10 };
	       err = desk_list(f.vic, &f.arena, &query, &out, &f.error))
OUTSIDE_READER(list_summary_outside, struct list_summary out; struct list_query query = { .limit = 10 };
	       err = desk_list_summary(f.vic, &f.arena, &query, &out, &f.error))
OUTSIDE_READER(list_count_outside, int64_t out; struct list_query query = { .limit = 10 };
	       err = desk_list_count(f.vic, &query, 0, &out, &f.error))
READER(webhook_replay_preview, struct replay_counts out; const struct replay_request all = { .until = TIME_NONE };
       return desk_webhook_replay_preview(f.vic, &f.arena, &all, &out, &f.error);)
OUTSIDE_READER(external_accounts, struct money_account_list list;
	       err = desk_external_accounts(f.vic, &f.arena, "biz-M-shown", &list, &f.error))
OUTSIDE_READER(external_endpoints, struct endpoint *items; size_t count;
	       err = desk_external_endpoints(f.vic, &f.arena, &items, &count, &f.error))
OUTSIDE_READER(external_endpoint, struct endpoint out;
	       err = desk_external_endpoint(f.vic, &f.arena, sql_text(&f, "SELECT uuid FROM endpoint"), &out, &f.error))
OUTSIDE_READER(external_events, struct external_event_page out;
	       const struct external_event_query query = { .limit = 10 };
	       err = desk_external_events(f.vic, &f.arena, &query, &out, &f.error))
OUTSIDE_READER(external_event, struct event_item out;
	       err = desk_external_event(f.vic, &f.arena, sql_text(&f, "SELECT uuid FROM outbox_event LIMIT 1"), &out,
					 &f.error))
OUTSIDE_READER(webhook_outside, struct webhook_view out;
	       err = desk_webhook(f.vic, &f.arena, sql_text(&f, "SELECT uuid FROM outbox_event LIMIT 1"), &out,
				  &f.error))
OUTSIDE_READER(ticket_make, const char *url;
	       const struct ticket ticket = { .session_id = id, .document_id = id, .expires_at = desk_now(f.vic) + 1 };
	       err = desk_ticket_make(f.vic, &f.arena, &ticket, "/files/", &url, &f.error))
OUTSIDE_READER(ticket_read, struct ticket out = { 0 };
	       err = desk_ticket_read(f.vic, &f.arena, "no-ticket", &out, &f.error))
READER(auth_bearer, struct caller out; return desk_auth_bearer(f.vic, &f.arena, "kyb_x", &out, &f.error);)
#define MONEY_PAGE                                                                                                     \
	{                                                                                                              \
		.state = "", .type = "", .until = TIME_NONE, .after = "", .limit = 10                                  \
	}
static enum err unless_unknown(enum err err)
{
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static const char *money_id(const char *from)
{
	return sql_text(&f, arena_printf(&f.arena, "SELECT uuid FROM %s LIMIT 1", from));
}

READER(login, const struct login login = { "code", "key" }; struct strbuf token = STRBUF_INIT; int64_t until;
       return desk_login(f.vic, &login, &token, &until, &f.error);)
READER(make_uuid, char id[UUID_TEXT_SIZE]; desk_make_uuid(f.vic, id); return ERR_OK;)
READER(suspicions, struct suspicion_list out; return desk_suspicions(f.vic, &f.arena, shown, &out, &f.error);)
READER(purge_plan, struct purge_plan out = { .before = TIME_NONE };
       return desk_purge_plan(f.ada, &f.arena, &out, &f.error);)
READER(purge_count, struct purge_plan out = { .due_user_max = 9 };
       return desk_purge_plan(f.vic, &f.arena, &out, &f.error);)
READER(person_export, struct person_result made; struct strbuf out = STRBUF_INIT;
       const struct person_request of = { .name = "Nobody", .party = "", .email = "", .date_of_birth = "" };
       return desk_person_export(f.lea, &f.arena, &of, &out, &made, &f.error) == ERR_NOT_FOUND ? ERR_OK : ERR_INTERNAL;)
READER(legal_holds, struct legal_hold_list out; return desk_legal_holds(f.vic, &f.arena, shown, &out, &f.error);)
READER(money_accounts, const struct money_order_filter filter = { .after = "" }; struct money_account_list out;
       return desk_money_accounts(f.vic, &f.arena, &filter, &out, &f.error);)
READER(money_account, struct money_account out;
       return unless_unknown(desk_money_account(f.vic, &f.arena, NULL, money_id("account"), &out, &f.error));)
READER(money_iban, struct money_account out = { .row = 1 }; char iban[SANDBOX_IBAN_SIZE]; desk_money_iban(&out, iban);
       return ERR_OK;)
READER(money_wallet, struct money_account out = { .id = "a" };
       return *desk_money_wallet(&f.arena, &out) ? ERR_OK : ERR_INTERNAL;)
READER(money_order, struct money_order out;
       return unless_unknown(desk_money_order(f.vic, &f.arena, money_id("money_order"), &out, &f.error));)
READER(order_webhooks, struct webhook_view out;
       return unless_unknown(desk_order_webhooks(f.vic, &f.arena, money_id("money_order"), &out, &f.error));)
READER(money_orders, struct money_order_list out; struct money_order_filter filter = MONEY_PAGE;
       return desk_money_orders(f.vic, &f.arena, &filter, &out, &f.error);)
READER(money_entry, struct ledger_entry out;
       return unless_unknown(desk_money_entry(f.vic, &f.arena, money_id("ledger_entry WHERE account_id IS NOT NULL"),
					      &out, &f.error));)
READER(money_entries, struct ledger_entry_list out; struct money_order_filter filter = MONEY_PAGE; filter.account = 1;
       return desk_money_entries(f.vic, &f.arena, &filter, &out, &f.error);)
READER(figures, struct figures out; return desk_figures(f.lea, &f.arena, 14, &out, &f.error);)
READER(team, struct team out; return desk_team(f.lea, &f.arena, 14, &out, &f.error);)
READER(alerts, struct alert_page out; return desk_alerts(f.lea, &f.arena, "", 10, &out, &f.error);)

extern const struct reader __start_desk_readers[], __stop_desk_readers[];
#define EACH_READER(reader)                                                                                            \
	for (const struct reader *reader = __start_desk_readers; reader < __stop_desk_readers; reader++)

static bool is_known(const char *name, size_t length)
{
	EACH_READER(reader)
	{
		if (strlen(reader->name) == length && !strncmp(reader->name, name, length))
			return true;
	}
	for (size_t i = 0; i < sizeof changers / sizeof *changers; i++) {
		if (strlen(changers[i]) == length && !strncmp(changers[i], name, length))
			return true;
	}
	return false;
}

/* Checks each function of the header with a desk, also const, or the desk's options as its first parameter. */
static void look_through(const char *header, const char *source)
{
	static const char *const takes[] = { "(struct desk *", "(const struct desk *", "(const struct desk_options *" };

	for (size_t i = 0; i < sizeof takes / sizeof *takes; i++) {
		for (const char *at = source; (at = strstr(at, takes[i])); at++) {
			const char *name = at;

			while (name > source && strchr("abcdefghijklmnopqrstuvwxyz0123456789_", name[-1]))
				name--;
			cr_expect(is_known(name, (size_t)(at - name)),
				  "%s: %.*s() is not a verb of the table and nothing that is known to read only; "
				  "what changes a case is a row of verbs.h, what reads is called in matrix_test.c",
				  header, (int)(at - name), name);
		}
	}
}

Test(matrix, a_function_that_changes_something_is_a_row_of_the_table)
{
	DIR *folder = opendir(KYB_SOURCE_DIR "/include/kybdesk/desk");
	size_t headers = 0;

	cr_assert(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		const char *path = arena_printf(&f.arena, KYB_SOURCE_DIR "/include/kybdesk/desk/%s", entry->d_name);
		char *source;
		size_t length;

		if (entry->d_name[0] == '.')
			continue;
		source = temp_read(path, &length);
		look_through(entry->d_name, source);
		headers++;
	}
	closedir(folder);
	cr_expect_gt(headers, 8u);
}

Test(matrix, reading_leaves_every_row_as_it_was)
{
	size_t count = 0;
	uint64_t before;

	shown = "M-shown";
	fixture_ready(&f, shown);
	fixture_ready(&f, "M-done");
	fixture_endpoint(&f);
	must(approve_at_once(&f, f.rita, "M-done"));
	before = store_sum(&sum);
	EACH_READER(reader)
	{
		enum err err = reader->read();

		cr_expect(!err, "%s: %s", reader->name, f.error.message ? f.error.message : "");
		cr_expect_eq(store_sum(&sum), before, "%s changed the store", reader->name);
		count++;
	}
	cr_expect_gt(count, 80u);
}
