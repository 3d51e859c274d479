/* inbox, list, show, next: print cases. */
#include "../cli_internal.h"
#include "kybdesk/settings/views.h"

/* The inboxes in the order of the output, from the first status of a session to the last. */
static const enum inbox inbox_order[INBOX_COUNT] = { INBOX_INCOMPLETE, INBOX_PENDING,  INBOX_MANUAL_REVIEW,
						     INBOX_APPROVED,   INBOX_REJECTED, INBOX_REMEDIATION,
						     INBOX_COMPLETED };

static struct json_value *inboxes_json(const int64_t *counts)
{
	struct json_value *out = json_new_object();
	for (size_t i = 0; i < INBOX_COUNT; i++)
		json_set_int(out, inbox_text(inbox_order[i]), counts[inbox_order[i]]);
	return out;
}

static enum err run_inbox(struct cli *cli, struct error *error)
{
	int64_t counts[INBOX_COUNT], total = 0;
	enum err err = desk_inbox_counts(cli->desk, counts, error);
	if (err)
		return err;
	for (size_t i = 0; i < INBOX_COUNT; i++)
		total += counts[i];
	if (cli_is_json(cli)) {
		return cli_print_json(cli,
				      JSON_NEW(JSON_VALUE("inboxes", inboxes_json(counts)), JSON_INT("total", total)));
	}
	struct table *table = table_from(&cli->arena, "Inbox|>Cases", cli->mode);
	for (size_t i = 0; i < INBOX_COUNT; i++) {
		table_add_styled(table, inbox_style((enum inbox)i), inbox_text((enum inbox)i));
		table_add_int(table, counts[i]);
	}
	table_add_styled(table, CELL_TITLE, "total");
	table_add_int(table, total);
	out_table(&cli->out, table, 0);
	return ERR_OK;
}

/* Puts the view's filter before the user's filter; *sort: the view's order. */
static enum err read_view_filter(struct cli *cli, const char **filter, enum sort_key *sort, struct error *error)
{
	struct views views;
	const struct view *view = NULL;
	views_init(&views, &cli->settings);
	if (cli->world->is_ssh_session)
		views.text.store = &cli->own_texts;
	enum err err = views_read(&views, error);
	if (!err) {
		view = views_find(&views, cli_option_text(cli, "view"), error);
		err = view ? ERR_OK : ERR_NOT_FOUND;
	}
	if (!err) {
		*filter = arena_printf(&cli->arena, "%s %s", view->filter, *filter);
		*sort = view->sort;
	}
	views_release(&views);
	return err;
}

enum err cli_read_query(struct cli *cli, struct list_query *query, struct error *error)
{
	const char *filter = cli_option_text(cli, "filter");
	enum err err = cli_read_bits(cli, &(struct cli_allowed_words){ "inbox", "inbox", inbox_words }, &query->inboxes,
				     error);
	if (err)
		return err;
	if (parsed_has_option(&cli->command_line, "view") &&
	    (err = read_view_filter(cli, &filter, &query->sort, error)))
		return err;
	return filter_parse(&cli->arena, filter, &query->filter, error);
}

static struct json_value *summary_json(const struct list_summary *summary)
{
	struct json_value *object, *statuses = json_new_object(), *checks = json_new_object();
	for (size_t i = 0; i < SESSION_STATUS_COUNT; i++)
		json_set_int(statuses, session_status_text((enum session_status)i), summary->status_counts[i]);
	for (size_t i = 0; i < CHECK_KIND_COUNT; i++)
		json_set_int(checks, check_kind_text((enum check_kind)i), summary->validation_counts[i]);
	object = JSON_NEW(JSON_VALUE("status_counts", statuses),
			  JSON_VALUE("inbox_counts", inboxes_json(summary->inbox_counts)),
			  JSON_INT("total", summary->total));
	if (summary->average_risk_score < 0)
		json_set_null(object, "avg_risk_score");
	else
		json_set_real(object, "avg_risk_score", summary->average_risk_score);
	JSON_SET(object, JSON_INT("sessions_with_risk_score", summary->sessions_with_risk_score),
		 JSON_VALUE("validation_counts", checks));
	return JSON_NEW(JSON_VALUE("summary", object));
}

static void print_summary(struct cli *cli, const struct list_summary *summary)
{
	out_bytes(&cli->out, "\n", 1);
	out_line(&cli->out, "%lld matches", (long long)summary->total);
	for (size_t i = 0; i < SESSION_STATUS_COUNT; i++)
		if (summary->status_counts[i])
			out_line(&cli->out, "  %-26s %lld", session_status_text((enum session_status)i),
				 (long long)summary->status_counts[i]);
	if (summary->average_risk_score >= 0)
		out_line(&cli->out, "  average risk %.1f over %lld sessions with a risk score",
			 summary->average_risk_score, (long long)summary->sessions_with_risk_score);
}

struct print_context {
	struct output *out;
	struct strbuf line;
};

static void print_case_line(struct print_context *print_context, const struct session_item *item)
{
	strbuf_reset(&print_context->line);
	session_item_write_line(&print_context->line, item);
	out_bytes(print_context->out, print_context->line.buf, print_context->line.len);
}

static void print_case_page(struct cli *cli, const struct list_page *page, const struct list_summary *summary)
{
	struct print_context print_context = { .out = &cli->out, .line = STRBUF_INIT };
	struct json_value *data = cli_new_page_data(cli);

	/* Writes a line of --ndjson directly, because a tree of JSON values for each line would double the time. */
	for (size_t i = 0; data && i < page->count; i++)
		if (cli->out.format == OUT_NDJSON)
			print_case_line(&print_context, &page->items[i]);
		else
			json_append(data, session_item_write(&page->items[i]));
	if (!data)
		cli_print_case_table(cli, page->items, page->count);
	if (!data && summary)
		print_summary(cli, summary);
	cli_print_page(cli, &(struct cli_page){ data, NULL, cli_session_csv_names(cli), page->next,
						data && summary ? summary_json(summary) : NULL });
	strbuf_release(&print_context.line);
}

static enum err print_case_item(void *context, const struct session_item *item, struct error *error)
{
	struct print_context *print_context = context;

	print_case_line(print_context, item);
	/* Stops if the pipe is closed or the disk is full; out_finish() reports the failed write. */
	return print_context->out->write_errno ? error_set(error, ERR_INTERNAL, "writing to standard output failed")
					       : ERR_OK;
}

static enum err print_all_cases(struct cli *cli, struct list_query *query, struct error *error)
{
	struct print_context print_context = { .out = &cli->out, .line = STRBUF_INIT };
	enum err err;

	if (cli->out.format != OUT_NDJSON)
		return error_set(error, ERR_USAGE, "--all needs --ndjson (one line for each case)");
	if (parsed_has_option(&cli->command_line, "limit") || parsed_has_option(&cli->command_line, "after"))
		return error_set(error, ERR_USAGE,
				 "--all prints all matches and cannot be combined with --limit or --after");
	err = desk_list_each(cli->desk, query, print_case_item, &print_context, error);
	strbuf_release(&print_context.line);
	return err && cli->out.write_errno ? ERR_OK : err;
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct list_query query = { .sort = SORT_DUE, .after = cli_option_text(cli, "after") };
	struct list_page page;
	struct list_summary summary;
	bool with_summary = parsed_has_option(&cli->command_line, "summary");
	enum err err;
	if ((err = cli_read_query(cli, &query, error)) || (err = cli_read_limit(cli, &query.limit, error)))
		return err;
	if (parsed_has_option(&cli->command_line, "sort") &&
	    (err = sort_parse(cli_option_text(cli, "sort"), &query.sort, &query.reverse, error)))
		return err;
	if (with_summary && cli->out.format != OUT_JSON && cli->out.format != OUT_TABLE)
		return error_set(error, ERR_USAGE, "--summary cannot be combined with --ndjson or --csv");
	query.include_subsessions = parsed_has_option(&cli->command_line, "subsessions");
	if (parsed_has_option(&cli->command_line, "all"))
		return print_all_cases(cli, &query, error);
	if ((err = desk_list(cli->desk, &cli->arena, &query, &page, error)))
		return err;
	if (with_summary && (err = desk_list_summary(cli->desk, &cli->arena, &query, &summary, error)))
		return err;
	print_case_page(cli, &page, with_summary ? &summary : NULL);
	return ERR_OK;
}

static enum err read_evidence(const struct decision *decision, struct json_value **out, struct error *error)
{
	*out = NULL;
	if (!*decision->evidence_json)
		return ERR_OK;
	enum err err = json_read(decision->evidence_json, strlen(decision->evidence_json), out, error);
	if (err)
		error_prefix(error, "the stored evidence is damaged");
	return err;
}

static void print_decision(struct cli *cli, const struct case_view *view, const struct decision *decision,
			   const struct json_value *evidence)
{
	out_line(&cli->out, "%s: decision %lld, %s", cli_session_label(cli, &view->file.session),
		 (long long)decision->number, decision_kind_text(decision->kind));
	out_line(&cli->out, "by       %s (%s)%s%s", decision->by, role_text(decision->actor_role),
		 decision->imported ? ", imported" : "", decision->undone ? ", undone" : "");
	out_line(&cli->out, "at       %s", time_text(&cli->arena, decision->at));
	OUT_FACTS(&cli->out, 8, FACT("reason", decision->reason), FACT("message", decision->message),
		  FACT("note", decision->note));
	if (*decision->evidence_sha256)
		out_line(&cli->out, "evidence %s (profile version %lld)", decision->evidence_sha256,
			 (long long)decision->profile_version);
	if (decision->signature)
		out_line(&cli->out, "signed   by %s", decision->signature->key);
	OUT_FACTS(&cli->out, 8, FACT("rules", decision->rules_sha256), FACT("reasons", decision->reasons_sha256));
	if (*decision->program_version)
		out_line(&cli->out, "program  kybdesk %s", decision->program_version);
	if (evidence) {
		struct strbuf text = STRBUF_INIT;
		json_write(&text, evidence, JSON_PRETTY_LAYOUT, true);
		out_bytes(&cli->out, "\n", 1);
		if (cli->mode == TEXT_UTF8)
			out_bytes(&cli->out, text.buf, text.len);
		else
			out_paragraph(&cli->out, 0, "%s", text.buf);
		strbuf_release(&text);
	}
}

static enum err show_decision(struct cli *cli, const struct case_view *view, int64_t number, bool reveal,
			      struct error *error)
{
	struct decision decision;
	struct json_value *evidence = NULL;
	enum err err = desk_decision(cli->desk, &cli->arena, view->file.session.id, number, reveal, &decision, error);
	if (err || (err = read_evidence(&decision, &evidence, error)))
		return err;
	if (!cli_is_json(cli)) {
		print_decision(cli, view, &decision, evidence);
		json_free(evidence);
		return ERR_OK;
	}
	struct json_value *result = decision_write(&decision);
	JSON_SET(result, JSON_INT("number", decision.number), JSON_TEXT("session_id", view->file.session.id),
		 JSON_INT("profile_version", decision.profile_version),
		 JSON_OR_NULL("evidence_sha256", decision.evidence_sha256));
	if (decision.signature)
		json_set_text(result, "signed_by", decision.signature->key);
	JSON_SET(result, JSON_OR_NULL("rules_sha256", decision.rules_sha256),
		 JSON_OR_NULL("reasons_sha256", decision.reasons_sha256),
		 JSON_OR_NULL("program", decision.program_version));
	if (evidence)
		json_set(result, "evidence", evidence);
	else
		json_set_null(result, "evidence");
	return cli_print_json(cli, result);
}

static struct json_value *moment_json(const struct history *history)
{
	struct json_value *stood = JSON_NEW(JSON_BOOL("there", !history->case_did_not_exist));
	if (history->next_record) {
		json_set(stood, "before",
			 JSON_NEW(JSON_INT("seq", history->next_record->seq), JSON_TIME("at", history->next_record->at),
				  JSON_TEXT("actor", history->next_record->actor),
				  JSON_TEXT("action", history->next_record->action)));
	} else {
		json_set_null(stood, "before");
	}
	return JSON_SET(stood, JSON_OR_NULL("holder", history->holder),
			JSON_VALUE("not_kept", json_new_texts(history->unknown_sentences, history->unknown_count)));
}

static void print_moment(struct cli *cli, const struct history *history)
{
	struct history_row *rows;
	size_t count = history_rows(&cli->arena, history, &rows);
	const struct audit_event *before = history->next_record;
	out_styled_line(&cli->out, CELL_TITLE, "%s", history->file.session.subject.name);
	if (before)
		out_line(&cli->out, "as of %s, before record %lld: %s by %s", time_text(&cli->arena, before->at),
			 (long long)before->seq, before->action, before->actor);
	else
		out_line(&cli->out, "current state: the audit log has no later record");
	for (size_t i = 0; i < count; i++) {
		if (rows[i].section[0])
			out_styled_line(&cli->out, CELL_TITLE, "\n%s", rows[i].section);
		out_line(&cli->out, "  %s  %s", rows[i].label, rows[i].value);
	}
}

/* Reads an option with the number of an audit record, a time, or "now". */
static enum err read_moment(struct cli *cli, const char *option, struct history *out, struct error *error)
{
	const char *text = cli_option_text(cli, option);
	struct history_moment moment = { .seq = 0 };
	enum err err = ERR_OK;
	if (!strcmp(text, "now"))
		moment.at = INT64_MAX;
	else if (text[strspn(text, "0123456789")])
		err = time_parse(text, true, &moment.at, NULL);
	else if (!cli_parse_integer(text, 1, INT64_MAX, &moment.seq))
		err = ERR_INVALID;
	if (err)
		return error_set_field(
			error, ERR_USAGE, option,
			"--%s needs the number of an audit record or a time: --%s 62, --%s 2026-11-20T12:00:00Z",
			option, option, option);
	return desk_case_at_moment(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), &moment, out, error);
}

static const char *history_moment_text(struct cli *cli, const struct history *history)
{
	return history->next_record ? arena_printf(&cli->arena, "%s, before record %lld",
						   time_text(&cli->arena, history->next_record->at),
						   (long long)history->next_record->seq)
				    : "now";
}

static enum err show_changes(struct cli *cli, const struct history *earlier, struct error *error)
{
	struct history later;
	struct history_change *changes;
	struct cli_rows rows;
	enum err err = read_moment(cli, "with", &later, error);
	if (err)
		return err;
	size_t count = history_changes(&cli->arena, earlier, &later, &changes);
	cli_rows_begin_unlimited(cli, ":8|:12|Before:12|After:12", &rows);
	for (size_t i = 0; i < count; i++) {
		struct entry row = cli_add_entry(cli, &rows);
		entry_add_text(row, "section", changes[i].section);
		entry_add_text(row, "what", changes[i].label);
		json_set_text_or_null(row.object, "before", changes[i].before);
		table_add_cell(row.table, *changes[i].before ? changes[i].before : "-");
		json_set_text_or_null(row.object, "after", changes[i].after);
		table_add_cell(row.table, *changes[i].after ? changes[i].after : "-");
	}
	if (cli_is_json(cli)) {
		out_json(&cli->out,
			 JSON_NEW(JSON_TEXT("id", later.file.session.id), JSON_VALUE("earlier", moment_json(earlier)),
				  JSON_VALUE("later", moment_json(&later)), JSON_VALUE("changes", rows.data)));
		return ERR_OK;
	}
	json_free(rows.data);
	out_styled_line(&cli->out, CELL_TITLE, "%s", later.file.session.subject.name);
	out_line(&cli->out, "before: %s", history_moment_text(cli, earlier));
	out_line(&cli->out, "after:  %s", history_moment_text(cli, &later));
	if (count)
		out_table(&cli->out, rows.table, 0);
	else
		out_line(&cli->out, "no difference in the values that the audit log stores");
	return ERR_OK;
}

/* Without --with, shows the case as it was at the moment of --at: before an audit record, or at a time. With --with,
 * shows only the differences between the case at the moment of --at and the case at the moment of --with. */
static enum err show_history(struct cli *cli, struct error *error)
{
	struct history history;
	enum err err = read_moment(cli, "at", &history, error);
	if (err)
		return err;
	if (parsed_has_option(&cli->command_line, "with"))
		return show_changes(cli, &history, error);
	if (cli_is_json(cli)) {
		struct json_value *result = session_write(&history.file, &(const struct session_write_options){ 0 });
		json_set(result, "as_it_stood", moment_json(&history));
		out_json(&cli->out, result);
	} else {
		print_moment(cli, &history);
	}
	return ERR_OK;
}

static enum err run_show(struct cli *cli, struct error *error)
{
	struct case_view view;
	int64_t number;
	bool reveal = parsed_has_option(&cli->command_line, "reveal");
	enum err err = cli_read_number(cli, "decision", 1, INT64_MAX, 0, &number, error);
	if (err)
		return err;
	if (parsed_has_option(&cli->command_line, "at")) {
		if (number || reveal)
			return error_set(error, ERR_USAGE, "show --at cannot be combined with --decision or --reveal");
		return show_history(cli, error);
	}
	if (parsed_has_option(&cli->command_line, "with"))
		return error_set_field(error, ERR_USAGE, "with",
				       "--with needs --at: the earlier moment to compare with");
	/* If --decision is present, desk_case() reveals nothing here: show_decision() reveals only the evidence of
	 * the decision, and the audit log records the number of the decision. */
	err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), reveal && number == 0, &view,
			error);
	if (err)
		return err;
	if (number > 0)
		return show_decision(cli, &view, number, reveal, error);
	return cli_show_case(cli, &view);
}

static enum err run_claim_next(struct cli *cli, struct error *error)
{
	struct list_query query = { .sort = SORT_DUE, .limit = 1, .after = "" };
	const struct use_in in = { .verb = VERB_NEXT, .query = &query };
	struct use_out out;
	struct case_view view;
	enum err err;
	if ((err = cli_read_query(cli, &query, error)) ||
	    (err = cli_run_use_case(cli, &cli->arena, &in, &out, error)) ||
	    (err = desk_case(cli->desk, &cli->arena, out.id, false, &view, error)))
		return err;
	return cli_show_case(cli, &view);
}

static CLI_WORDS(list_sort_words, "due", "updated", "risk", "name", "-due", "-updated", "-risk", "-name");

static const struct command rows[] = {
	{ .name = "inbox",
	  .summary = "Counts the cases of each inbox; subsessions are not counted",
	  .flags = COMMAND_RUNS_DUE_WORK,
	  .example = "inbox --json",
	  .run = run_inbox },
	{ .name = "list",
	  .summary = "Prints a page of sessions, most urgent first",
	  .details = "Filter keys: status inbox workflow merchant country assignee (me, none) risk age "
		     "(2d, 4h) "
		     "due (over) doc (missing, rejected) party (open) hit (open) hit-class hit-list "
		     "hit-score (0 to 1) hit-verdict waiting (client, party, provider) "
		     "tag (name, name=value) level kind mark (held, snoozed, returned, noted, alert) "
		     "mentioned "
		     "(me). key:a,b matches a or b; several keys must all match; -key:value excludes. "
		     "Words without a "
		     "key search names, references and tax ids; quotes make a phrase. A view is a named "
		     "filter with "
		     "an order: mine, clean, alerts, overdue, mentioned, waiting, held, snoozed, returned, noted, "
		     "and the "
		     "views saved with keep-view in the workbench; --inbox and --filter narrow the view, "
		     "--sort "
		     "replaces its order. --ndjson --all prints all matches, not a page, as of the start "
		     "of the "
		     "command; other users can work meanwhile, but the store's log grows until the command "
		     "ends.",
	  .example = "list --inbox manual_review --filter 'country:GBR risk>40' --sort -risk",
	  .flags = COMMAND_RUNS_DUE_WORK | COMMAND_LIST,
	  .run = run_list,
	  .options = { { INBOX_OPTION },
		       { FILTER_OPTION },
		       { VIEW_OPTION },
		       { "sort", "KEY", 0, "due, updated, risk or name; -KEY reverses the order", list_sort_words },
		       PAGE_OPTIONS,
		       { "all", NULL, 0, "with --ndjson: print all matches" },
		       { "summary", NULL, 0, "print counts of all matches, too" },
		       { "subsessions", NULL, 0, "include subsessions" } } },
	{ .name = "show",
	  .summary = "Prints one session with all its data and the blockers of its approval",
	  .details = "Personal data is masked: numbers, birth dates, contacts, names and numbers in file "
		     "names, "
		     "fields that the workflow does not declare public, findings of checks. --reveal shows "
		     "them to "
		     "the holder of the case or to a lead, and is recorded in the audit log. --at shows "
		     "the case as "
		     "it was at a time, or before a record of its audit log (kybdesk audit list SESSION), "
		     "and lists "
		     "the values that the audit log does not store. --with compares this state with a "
		     "later one.",
	  .verbs = { { VERB_REVEAL, "--reveal" } },
	  .role_limit = "the holder of the case, or a lead",
	  .flags = COMMAND_RUNS_DUE_WORK,
	  .example = "show RAL-2032",
	  .run = run_show,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "decision", "N", 0, "print decision number N with its evidence" },
		       { "at", "TIME|N", 0, "the case at this time, or before record N of its audit log" },
		       { "with", "TIME|N|now", 0,
			 "with --at: print only the differences between that state and this later state" },
		       { REVEAL_OPTION } } },
	{ .name = "next",
	  .summary = "Claims and prints the most urgent case that nobody holds",
	  .verbs = { { VERB_NEXT, "" } },
	  .flags = COMMAND_RUNS_DUE_WORK,
	  .example = "next --inbox manual_review",
	  .run = run_claim_next,
	  .options = { { INBOX_OPTION }, { FILTER_OPTION }, { VIEW_OPTION } } },
};
const struct command_chapter commands_inbox = { COMMAND_CHAPTER("Finding cases", rows) };
