/* Runs the rule table (rule_rows.h) on real stores, and prints how many rows go through which front end. */
#include "rule_entrance.h"
#include <stdio.h>

static struct entrance entrance;

static void set_up(void)
{
	entrance_open(&entrance);
}
static void tear_down(void)
{
	entrance_close(&entrance);
}
TestSuite(rules_table, .init = set_up, .fini = tear_down);

static bool tried(const struct rule_row *row, const char *value, struct seen *seen)
{
	size_t before = entrance.used[row->probe->entrance];
	bool accepted;

	*seen = (struct seen){ "", "", "", "", "" };
	entrance_next(&entrance);
	accepted = row->probe->run(&entrance, row, value, seen);
	/* For uploads and bodies not each value needs to use the front end; run_row() checks the row as a whole. */
	if (row->probe->entrance == ENTRANCE_IMPORT || row->probe->entrance == ENTRANCE_VERB)
		cr_assert_gt(entrance.used[row->probe->entrance], before, "%s %s: '%s' goes through no entrance",
			     row->seed, row->id, value);
	return accepted;
}

/* Replaces the name of the case, so that the message is the same for all cases: "R17 …" becomes "R* …". */
static const char *of_any_case(const char *message)
{
	char *out = arena_strdup(&entrance.f.arena, message), *to = out;

	for (const char *from = out; *from;) {
		size_t digits = *from == 'R' ? strspn(from + 1, "0123456789") : 0;

		*to++ = *from++;
		if (digits)
			*to++ = '*';
		from += digits;
	}
	*to = '\0';
	return out;
}

static void expect_said(const struct rule_row *row, const char *value, const struct seen *seen, bool first)
{
	if (row->message && first)
		cr_expect_str_eq(of_any_case(seen->message), row->message, "%s %s: says '%s' instead of '%s'",
				 row->seed, row->id, of_any_case(seen->message), row->message);
	if (row->rule && *seen->rule)
		cr_expect_str_eq(seen->rule, row->rule, "%s %s: '%.60s' breaks %s (%s)", row->seed, row->id, value,
				 seen->rule, seen->message);
	if (*seen->seed)
		cr_expect_str_eq(seen->seed, row->seed, "%s %s", row->seed, row->id);
	if (row->probe != &probe_field)
		return;
	cr_expect(*seen->rule, "%s %s: '%.60s' breaks no rule (%s)", row->seed, row->id, value, seen->message);
	cr_expect_str_eq(seen->path, row->path, "%s %s: seen at %s", row->seed, row->id, seen->path);
	if (strcmp(row->rule, "type") != 0 && strcmp(row->rule, "line") != 0)
		cr_expect_str_eq(seen->sentence, row->sentence, "%s %s: the seed says '%s'", row->seed, row->id,
				 seen->sentence);
}

static void run_row(const struct rule_row *row)
{
	size_t before = entrance.used[row->probe->entrance];
	struct seen seen;

	cr_assert(row->accepted[0] && row->refused[0], "%s %s has only one side", row->seed, row->id);
	entrance_next(&entrance);
	cr_expect(!row->probe->is_free || row->probe->is_free(&entrance, row),
		  "%s %s: the case is refused without what is changed, too", row->seed, row->id);
	for (size_t i = 0; row->accepted[i]; i++)
		cr_expect(tried(row, row->accepted[i], &seen), "%s %s: '%.99s' is refused: %s (%s)", row->seed, row->id,
			  row->accepted[i], seen.message, seen.path);
	for (size_t i = 0; row->refused[i]; i++) {
		cr_expect_not(tried(row, row->refused[i], &seen), "%s %s: '%.99s' is accepted", row->seed, row->id,
			      row->refused[i]);
		expect_said(row, row->refused[i], &seen, !i);
	}
	cr_expect_gt(entrance.used[row->probe->entrance], before, "%s %s goes through no entrance", row->seed, row->id);
}

static const struct rule_table *const tables[] = {
	&avenia_owner_table,  &avenia_company_table, &avenia_flow_table,       &atelio_table,
	&atelio_flow_table,   &session_table,	     &session_flow_table,      &ralio_kyb_table,
	&ralio_sandbox_table, &ralio_kyb_flow_table, &ralio_sandbox_flow_table
};
#define TABLE_COUNT (sizeof tables / sizeof tables[0])

static void run(const struct rule_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		struct rule_row row = table->rows[i];

		row.seed = table->seed;
		row.base = table->base;
		run_row(&row);
	}
}

#define TABLES(name, ...)                                                                                              \
	Test(rules_table, name)                                                                                        \
	{                                                                                                              \
		const struct rule_table *const of[] = { __VA_ARGS__ };                                                 \
		for (size_t i = 0; i < sizeof of / sizeof *of; i++)                                                    \
			run(of[i]);                                                                                    \
	}
TABLES(avenia_documents_and_owners, &avenia_owner_table)
TABLES(avenia_submission, &avenia_company_table)
TABLES(avenia_what_happens, &avenia_flow_table)
TABLES(atelio_beneficial_owners, &atelio_table)
TABLES(atelio_what_happens, &atelio_flow_table)
TABLES(kyc_workflows_and_sessions, &session_table)
TABLES(kyc_what_happens, &session_flow_table)
TABLES(ralio_kyb_and_sandbox, &ralio_kyb_table, &ralio_sandbox_table)
TABLES(ralio_what_happens, &ralio_kyb_flow_table, &ralio_sandbox_flow_table)

/* Each base case has no blockers: a refusal comes from the row's change. */
Test(rules_table, base_cases_are_approved)
{
	static const char *const bases[] = { "avenia-kyb-level-1", "atelio-beneficial-owner", "generic-kyc",
					     "ralio-kyb", "ralio-sandbox" };

	for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
		const struct arrival arrival = entrance_import(&entrance, entrance_case_of(bases[i]));
		enum err err;

		cr_assert_not(arrival.refused, "%s: %s: %s", bases[i], arrival.field, arrival.message);
		err = approve_at_once(&entrance.f, entrance.f.rita, arrival.ref);
		cr_expect_eq(err, ERR_OK, "%s: %s", bases[i], err ? entrance.f.error.message : "");
	}
	for (size_t t = 0; t < TABLE_COUNT; t++) {
		bool known = false;

		for (size_t b = 0; b < sizeof bases / sizeof bases[0]; b++)
			known = known || !strcmp(bases[b], tables[t]->base);
		cr_expect(known, "%s: %s", tables[t]->seed, tables[t]->base);
	}
}

Test(rules_table, no_row_stands_there_twice)
{
	for (size_t t = 0; t < TABLE_COUNT; t++) {
		for (size_t i = 0; i < tables[t]->count; i++) {
			const char *id = tables[t]->rows[i].id;

			for (size_t u = 0; u <= t; u++) {
				for (size_t j = 0; j < (u == t ? i : tables[u]->count); j++)
					cr_expect(strcmp(id, tables[u]->rows[j].id) != 0 ||
							  strcmp(tables[t]->seed, tables[u]->seed) != 0,
						  "%s %s", tables[t]->seed, id);
			}
		}
	}
}

/* For a setting without effect in this version, tests only that the profile contains it. */
Test(rules_table, settings_without_effect_are_read)
{
	for (size_t i = 0; i < read_back_row_count; i++) {
		const struct read_back_row *row = &read_back_rows[i];
		const struct profile *profile = NULL;
		enum event_kind kind;

		cr_assert_eq(desk_profile(entrance.f.vic, row->profile, &profile, &entrance.f.error), ERR_OK, "%s",
			     entrance.f.error.message);
		if (!*row->event) {
			cr_expect(profile->allows_accounts, "%s %s", row->seed, row->id);
			continue;
		}
		cr_assert(event_kind_parse(row->event, &kind), "%s", row->event);
		cr_expect(profile->events[kind] && !strcmp(profile->events[kind], row->name), "%s %s", row->seed,
			  row->id);
	}
}

/* Runs last: Criterion runs the tests of a suite in the order of their names. */
Test(rules_table, z_how_many_rows_go_through_which_entrance)
{
	static const char *const seeds[] = { "avenia-kyb-level-1", "atelio-beneficial-owners", "kyc-workflows-sessions",
					     "ralio-kyb-session", "ralio-sandbox" };
	size_t of_entrance[RULE_ENTRANCE_COUNT] = { 0 }, of_seed[5] = { 0 }, rows = 0, known = 0;

	for (size_t t = 0; t < TABLE_COUNT; t++) {
		for (size_t i = 0; i < tables[t]->count; i++)
			of_entrance[tables[t]->rows[i].probe->entrance]++;
		rows += tables[t]->count;
		for (size_t s = 0; s < 5; s++)
			of_seed[s] += strcmp(tables[t]->seed, seeds[s]) ? 0 : tables[t]->count;
	}
	for (size_t s = 0; s < 5; s++) {
		cr_expect_gt(of_seed[s], 0, "%s", seeds[s]);
		known += of_seed[s];
		fprintf(stderr, "rules: %s %zu rows\n", seeds[s], of_seed[s]);
	}
	cr_expect_eq(rows, known);
	for (size_t i = 0; i < read_back_row_count; i++)
		fprintf(stderr, "rules: read back only: %s %s (%s)\n", read_back_rows[i].seed, read_back_rows[i].id,
			read_back_rows[i].why);
	fprintf(stderr,
		"rules: %zu rows through a real entrance (import %zu, verb %zu, upload %zu, body %zu), %zu read "
		"back and not counted\n",
		rows, of_entrance[ENTRANCE_IMPORT], of_entrance[ENTRANCE_VERB], of_entrance[ENTRANCE_UPLOAD],
		of_entrance[ENTRANCE_BODY], read_back_row_count);
}
