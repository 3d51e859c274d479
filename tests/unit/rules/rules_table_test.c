/* Runs the rule table (rule_rows.h), and prints how many rows it has. */
#include "rule_rows.h"
#include "rule_bench.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct bench bench;

static void run_row(const struct rule_row *row)
{
	cr_assert(row->accepted[0] && row->refused[0], "%s %s has only one side", row->seed, row->id);
	for (size_t i = 0; row->accepted[i]; i++) {
		struct finding finding = { "", "", "", "", "" };
		bool accepted = row->probe(&bench, row, row->accepted[i], &finding);
		cr_expect(accepted, "%s %s: '%.60s' is refused: %s (%s)", row->seed, row->id, row->accepted[i],
			  finding.message, finding.path);
		arena_reset(&bench.arena);
	}
	for (size_t i = 0; row->refused[i]; i++) {
		struct finding finding = { "", "", "", "", "" };
		bool accepted = row->probe(&bench, row, row->refused[i], &finding);
		cr_expect_not(accepted, "%s %s: '%.60s' is accepted", row->seed, row->id, row->refused[i]);
		if (row->message && i == 0)
			cr_expect_str_eq(finding.message, row->message, "%s %s: says '%s' instead of '%s'",
					 row->seed, row->id, finding.message, row->message);
		if (*finding.rule) {
			cr_expect_str_eq(finding.rule, row->rule, "%s %s: '%.60s' breaks %s (%s)", row->seed,
					 row->id, row->refused[i], finding.rule, finding.message);
			cr_expect_str_eq(finding.seed, row->seed, "%s %s", row->seed, row->id);
		}
		if (row->probe == probe_field) {
			cr_expect_str_eq(finding.path, row->path, "%s %s", row->seed, row->id);
			if (strcmp(row->rule, "type") != 0)
				cr_expect_str_eq(finding.sentence, row->sentence, "%s %s: the seed says '%s'",
						 row->seed, row->id, finding.sentence);
		}
		arena_reset(&bench.arena);
	}
}

static void run(const struct rule_row *rows, size_t count)
{
	bench_init(&bench);
	for (size_t i = 0; i < count; i++)
		run_row(&rows[i]);
	bench_release(&bench);
}

Test(rules_table, avenia_documents_and_owners)
{
	run(avenia_owner_rows, avenia_owner_row_count);
}

Test(rules_table, avenia_submission)
{
	run(avenia_company_rows, avenia_company_row_count);
}

Test(rules_table, atelio_beneficial_owners)
{
	run(atelio_rows, atelio_row_count);
}

Test(rules_table, kyc_workflows_and_sessions)
{
	run(session_rows, session_row_count);
}

Test(rules_table, ralio_kyb_and_sandbox)
{
	run(ralio_rows, ralio_row_count);
}

struct table {
	const struct rule_row *rows;
	size_t count;
};

static size_t all_tables(struct table tables[5])
{
	tables[0] = (struct table){ avenia_owner_rows, avenia_owner_row_count };
	tables[1] = (struct table){ avenia_company_rows, avenia_company_row_count };
	tables[2] = (struct table){ atelio_rows, atelio_row_count };
	tables[3] = (struct table){ session_rows, session_row_count };
	tables[4] = (struct table){ ralio_rows, ralio_row_count };
	return 5;
}

Test(rules_table, no_row_stands_there_twice)
{
	struct table tables[5];
	size_t count = all_tables(tables);

	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < tables[t].count; i++)
			for (size_t j = 0; j < i; j++)
				cr_expect(strcmp(tables[t].rows[i].id, tables[t].rows[j].id) != 0 ||
						  strcmp(tables[t].rows[i].seed, tables[t].rows[j].seed) != 0,
					  "%s %s", tables[t].rows[i].seed, tables[t].rows[i].id);
}

Test(rules_table, its_size_is_printed)
{
	static const char *const seeds[] = { "avenia-kyb-level-1", "atelio-beneficial-owners",
					     "kyc-workflows-sessions", "ralio-kyb-session", "ralio-sandbox" };
	size_t of_seed[5] = { 0 }, rows = 0;
	struct table tables[5];
	size_t count = all_tables(tables);

	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < tables[t].count; i++)
			for (size_t s = 0; s < 5; s++)
				of_seed[s] += strcmp(tables[t].rows[i].seed, seeds[s]) == 0;
	for (size_t s = 0; s < 5; s++) {
		fprintf(stderr, "rule table: %s %zu rows\n", seeds[s], of_seed[s]);
		cr_expect_gt(of_seed[s], 0, "%s", seeds[s]);
		rows += of_seed[s];
	}
	fprintf(stderr, "rule table: %zu rows\n", rows);
	cr_expect_eq(rows, avenia_owner_row_count + avenia_company_row_count + atelio_row_count +
				   session_row_count + ralio_row_count);
}
