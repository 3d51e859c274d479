/* workflow try: shows which cases another version of a workflow would block or pass. */
#include "../cli_internal.h"

static struct json_value *blockers_json(const struct blockers *blockers)
{
	struct json_value *list = json_new_array();
	for (size_t i = 0; i < blockers->count; i++) {
		json_append(list, JSON_NEW(JSON_TEXT("code", blocker_code_text(blockers->items[i].code)),
					   JSON_TEXT("message", blockers->items[i].message),
					   JSON_TEXT("ref", blockers->items[i].ref)));
	}
	return list;
}

static struct json_value *count_json(const struct rule_trial_count *count)
{
	struct json_value *object = json_new_object(), *codes = json_new_object();
	JSON_SET(object, JSON_INT("total", count->total), JSON_INT("passed", count->passed),
		 JSON_INT("passes", count->passes), JSON_INT("blocked", count->total - count->passes));
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++)
		if (count->blocked_by[i])
			json_set_int(codes, blocker_code_text((enum blocker_code)i), count->blocked_by[i]);
	json_set(object, "blocked_by", codes);
	return object;
}

static void add_case(struct entry row, const struct rule_trial_case *one)
{
	JSON_SET(row.object, JSON_TEXT("id", one->id), JSON_TEXT("external_ref", one->external_ref));
	table_add(row.table, *one->external_ref ? one->external_ref : one->id);
	entry_text(row, "subject_name", one->name);
	entry_text(row, "status", session_status_text(one->status));
	JSON_SET(row.object, JSON_BOOL("passed", one->passed), JSON_BOOL("passes", one->passes));
	table_add_styled(row.table, one->passes ? CELL_OK : CELL_WARNING, one->passes ? "pass" : "be blocked");
	json_set(row.object, "blockers", blockers_json(&one->blockers));
	if (one->blockers.count > 1)
		table_addf(row.table, "%s (and %zu more)", one->blockers.items[0].message, one->blockers.count - 1);
	else
		table_add(row.table, one->blockers.count ? one->blockers.items[0].message : "");
}

/* Adds the cases that would have a different result. */
static void add_cases(struct cli *cli, const struct rule_trial *trial, struct cli_rows *out)
{
	static const struct table_column columns[] = { COLUMN_LEFT("Case", 8), COLUMN_LEFT("Name", 10),
						       COLUMN_LEFT("Status", 0), COLUMN_LEFT("Would", 0),
						       COLUMN_LEFT("Why", 16) };
	cli_rows_all(cli, columns, sizeof columns / sizeof *columns, out);
	for (size_t i = 0; i < trial->case_count; i++)
		add_case(cli_entry(cli, out), &trial->cases[i]);
}

static void print_json(struct cli *cli, const struct rule_trial *trial, struct json_value *cases)
{
	out_json(&cli->out,
		 JSON_NEW(JSON_TEXT("workflow", trial->name), JSON_INT("version", trial->version),
			  JSON_TEXT("sha256", trial->sha256), JSON_VALUE("approved", count_json(&trial->approved)),
			  JSON_VALUE("open", count_json(&trial->open)), JSON_VALUE("cases", cases),
			  JSON_INT("cases_total", trial->case_total)));
}

static void print_blockers(struct cli *cli, const struct rule_trial *trial)
{
	static const struct table_column columns[] = { COLUMN_LEFT("Blocked by", 0), COLUMN_RIGHT("Approved"),
						       COLUMN_RIGHT("Open") };
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++) {
		if (!trial->approved.blocked_by[i] && !trial->open.blocked_by[i])
			continue;
		table_add(table, blocker_code_text((enum blocker_code)i));
		table_add_int(table, trial->approved.blocked_by[i]);
		table_add_int(table, trial->open.blocked_by[i]);
	}
	if (!table_rows(table))
		return;
	out_bytes(&cli->out, "\n", 1);
	out_table(&cli->out, table, 0);
}

static void print_cases(struct cli *cli, const struct rule_trial *trial, const struct table *table)
{
	if (!trial->case_count)
		return;
	out_bytes(&cli->out, "\n", 1);
	out_table(&cli->out, table, 0);
	if (trial->case_total > (int64_t)trial->case_count)
		out_line(&cli->out, "%zu of %lld; --limit shows more", trial->case_count,
			 (long long)trial->case_total);
}

enum err cli_workflow_try(struct cli *cli, struct error *error)
{
	struct list_query query = { .after = "" };
	struct rule_trial trial;
	struct cli_rows cases;
	size_t limit;
	enum err err = cli_limit(cli, &limit, error);
	if (!err)
		err = filter_parse(&cli->arena, cli_text(cli, "filter"), &query.filter, error);
	if (!err)
		err = desk_workflow_try(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), &query, limit,
					&trial, error);
	if (err)
		return err;
	add_cases(cli, &trial, &cases);
	if (cli_json(cli)) {
		print_json(cli, &trial, cases.data);
		return ERR_OK;
	}
	json_free(cases.data);
	out_line(&cli->out, "%s version %lld, %s; nothing was changed", trial.name, (long long)trial.version,
		 trial.sha256);
	out_line(&cli->out, "approved: %lld, of which %lld would have been blocked",
		 (long long)trial.approved.total, (long long)(trial.approved.total - trial.approved.passes));
	out_line(&cli->out, "open:     %lld, of which %lld would pass (now %lld)", (long long)trial.open.total,
		 (long long)trial.open.passes, (long long)trial.open.passed);
	print_blockers(cli, &trial);
	print_cases(cli, &trial, cases.table);
	return ERR_OK;
}
