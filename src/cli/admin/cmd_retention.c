/* hold, purge: legal holds, and erasure of cases after their retention. */
#include "../cli_internal.h"
#include "kybdesk/desk/retention.h"

static enum err run_list(struct cli *cli, struct error *error)
{
	struct legal_hold_list list;
	struct cli_rows rows;
	enum err err = desk_legal_holds(cli->desk, &cli->arena, NULL, &list, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Session:8|Name:12|Since|By|Reason:12", &rows);
	for (size_t i = 0; i < list.count; i++) {
		if (!cli_row_begin(&rows, list.items[i].session_id))
			continue;
		const struct legal_hold *one = &list.items[i];
		json_append(rows.data,
			    JSON_SET(cli_legal_hold_json(one), JSON_TEXT("session", one->session_id),
				     JSON_TEXT("external_ref", one->external_ref), JSON_TEXT("name", one->name)));
		TABLE_ADD(rows.table, *one->external_ref ? one->external_ref : one->session_id, one->name,
			  time_text(&cli->arena, one->set_at), one->set_by, one->reason);
	}
	return cli_rows_end(cli, &rows, "session,external_ref,name,at,by,reason", error);
}

static enum err read_before_option(struct cli *cli, int64_t *out, struct error *error)
{
	const char *text = cli_option_text(cli, "before");
	*out = TIME_NONE;
	if (!*text)
		return ERR_OK;
	enum err err = time_parse(text, true, out, error);
	if (err)
		error_prefix(error, "--before is not valid");
	return err;
}

static void add_purge_row(struct entry row, const struct purge_item *item)
{
	char date[16];
	date_format(item->retention.until, date);
	json_set_text(row.object, "session", item->session_id);
	json_set_text(row.object, "external_ref", item->external_ref);
	table_add_cell(row.table, *item->external_ref ? item->external_ref : item->session_id);
	entry_add_text(row, "workflow", item->workflow);
	entry_add_text(row, "merchant", item->merchant);
	entry_add_number(row, "sessions", item->sessions);
	json_set_time(row.object, "kept_until", item->retention.until);
	table_add_cell(row.table, date);
	json_set_text_or_null(row.object, "kept_by", item->keep_reason);
	table_add_styled(row.table, *item->keep_reason ? CELL_WARNING : CELL_PLAIN, item->keep_reason);
}

static enum err print_purge_plan(struct cli *cli, const struct purge_plan *plan)
{
	struct cli_rows users;
	cli_rows_begin_unlimited(cli, "Session:8|Workflow:8|Merchant:8|>Sessions|Kept until|Kept by", &users);
	for (size_t i = 0; i < plan->count; i++)
		add_purge_row(cli_add_entry(cli, &users), &plan->items[i]);
	if (cli_is_json(cli)) {
		struct json_value *out =
			JSON_NEW(JSON_BOOL("dry_run", true), JSON_TIME("before", plan->before),
				 JSON_INT("due", plan->due_user_count), JSON_BOOL("more", plan->more),
				 JSON_INT("unfinished", plan->unfinished_user_count), JSON_VALUE("users", users.data));
		return cli_print_json(cli, out);
	}
	json_free(users.data);
	if (plan->count)
		out_table(&cli->out, users.table, 0);
	out_line(&cli->out, "Retention ended before %s: the cases of %zu user%s%s; nothing was changed",
		 time_text(&cli->arena, plan->before), plan->due_user_count, plan->due_user_count == 1 ? "" : "s",
		 plan->more ? ", and of more users in a later purge" : "");
	if (plan->unfinished_user_count)
		out_line(&cli->out,
			 "An earlier purge was confirmed but is not finished; kybdesk purge continues it first");
	return ERR_OK;
}

static void add_purge_counts(struct purge_counts *all, const struct purge_counts *step)
{
	all->users += step->users;
	all->sessions += step->sessions;
	all->documents += step->documents;
	all->parties += step->parties;
	all->skipped_user_count += step->skipped_user_count;
	all->remaining_user_count = step->remaining_user_count;
	all->remaining_part_count = step->remaining_part_count;
	all->wal_has_erased_data = step->wal_has_erased_data;
}

/* Each step is one transaction: the next purge continues an interrupted purge. */
static enum err run_purge_steps(struct cli *cli, struct purge_counts *all, struct error *error)
{
	enum err err = ERR_OK;
	bool is_index_step = false;
	do {
		struct arena arena = ARENA_INIT;
		struct use_out out;
		err = cli_run_use_case(cli, &arena,
				       &(const struct use_in){ .verb = VERB_PURGE_STEP, .all = is_index_step }, &out,
				       error);
		if (!err)
			add_purge_counts(all, &out.purge_counts);
		is_index_step = !err && out.purge_counts.is_index_step;
		arena_release(&arena);
		if (!err && cli->is_interactive && all->remaining_user_count)
			log_info(&cli->log, "%lld users purged, %lld remaining", (long long)all->users,
				 (long long)all->remaining_user_count);
	} while (!err && (all->remaining_user_count || all->remaining_part_count));
	return err;
}

static enum err print_purge_counts(struct cli *cli, const struct purge_counts *all)
{
	if (cli_is_json(cli)) {
		struct json_value *out =
			JSON_NEW(JSON_BOOL("resumed", all->is_resumed), JSON_INT("users", all->users),
				 JSON_INT("sessions", all->sessions), JSON_INT("documents", all->documents),
				 JSON_INT("parties", all->parties), JSON_INT("left", all->skipped_user_count),
				 JSON_BOOL("log_left", all->wal_has_erased_data));
		return cli_print_json(cli, out);
	}
	out_line(&cli->out, "%sErased the cases of %lld user%s: %lld sessions, %lld documents, %lld parties",
		 all->is_resumed ? "Continued an interrupted purge. " : "", (long long)all->users,
		 all->users == 1 ? "" : "s", (long long)all->sessions, (long long)all->documents,
		 (long long)all->parties);
	if (all->skipped_user_count)
		out_line(&cli->out,
			 "The cases of %lld users were not erased: they must be kept for a new reason, or another "
			 "program changed them; see kybdesk purge --dry-run and kybdesk audit verify",
			 (long long)all->skipped_user_count);
	if (all->wal_has_erased_data)
		out_line(&cli->out, "The write-ahead log still contains the erased cases, because another program "
				    "is reading the store; run the command again later");
	return ERR_OK;
}

static enum err run_purge(struct cli *cli, struct error *error)
{
	struct purge_plan plan = { 0 };
	struct use_out out;
	int64_t before;
	enum err err = read_before_option(cli, &before, error);
	if (err)
		return err;
	if (parsed_has_option(&cli->command_line, "dry-run")) {
		plan.before = before;
		err = desk_purge_plan(cli->desk, &cli->arena, &plan, error);
		return err ? err : print_purge_plan(cli, &plan);
	}
	err = cli_run_use_case(cli, &cli->arena, &(const struct use_in){ .verb = VERB_PURGE, .until = before }, &out,
			       error);
	if (err)
		return err;
	if (out.is_proposal)
		return cli_print_proposal(cli, arena_printf(&cli->arena, "the store (erasing the cases of %lld users)",
							    (long long)out.purge_counts.users));
	struct purge_counts all = { .is_resumed = out.purge_counts.is_resumed };
	if (out.purge_counts.remaining_user_count || out.purge_counts.remaining_part_count ||
	    out.purge_counts.wal_has_erased_data)
		err = run_purge_steps(cli, &all, error);
	return err ? err : print_purge_counts(cli, &all);
}

static const struct command rows[] = {
	{ .name = "hold set",
	  .summary = "Sets a legal hold: the case cannot be erased until the hold is released",
	  .details = "All cases of the user are kept. A hold has no other effect, and is not visible to merchants "
		     "and clients.",
	  .verbs = { { VERB_LEGAL_HOLD_SET, "" } },
	  .example = "hold set RAL-2008 --reason 'Court order 12/2026'",
	  .done_message = "is under a legal hold and cannot be erased",
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { REASON_OPTION } } },
	{ .name = "hold release",
	  .summary = "Releases the legal hold of a case",
	  .verbs = { { VERB_LEGAL_HOLD_RELEASE, "" } },
	  .example = "hold release RAL-2008 --reason 'Court order lifted'",
	  .done_message = "the legal hold is released",
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { REASON_OPTION } } },
	{ .name = "hold list",
	  .summary = "Lists the legal holds in force",
	  .example = "hold list",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { PAGE_OPTIONS } },
	{ .name = "purge",
	  .summary = "Erases the cases whose retention has ended",
	  .details = "The parties, documents, decisions, notes, webhooks and search words of these cases are erased, "
		     "too; the audit log keeps a record of each case, without personal data. Cases under a legal hold "
		     "or a suspicion are not erased. In production another admin must run the same command on the "
		     "same day, or with the same --before. The next purge continues an interrupted purge.",
	  .verbs = { { VERB_PURGE, "" }, { VERB_PURGE_STEP, "" } },
	  .example = "purge --dry-run",
	  .run = run_purge,
	  .options = { { "dry-run", NULL, 0, "list the cases to erase; change nothing" },
		       { "before", "DATE", 0,
			 "cases with a retention that ended before this date; default: today" } } },
};
const struct command_chapter commands_retention = { COMMAND_CHAPTER("Retention", rows) };
