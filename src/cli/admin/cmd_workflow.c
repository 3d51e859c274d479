/* workflow list, workflow show, workflow check, workflow install, workflow diff, workflow try. */
#include "../cli_internal.h"
#include "kybdesk/domain/profile_keys.h"

#define SHA256_SHOWN_DIGITS 12

enum err cli_end_rule_rows(struct cli *cli, struct cli_rows *rows, const char *fields, struct error *error)
{
	struct json_value *list = json_new_array();
	struct rule_notice *notices = NULL;
	size_t count = 0;
	enum err err = desk_rule_notices(cli->desk, &cli->arena, &notices, &count, error);
	for (size_t i = 0; i < count; i++)
		json_append(list,
			    JSON_NEW(JSON_TEXT("what", notices[i].message), JSON_TEXT("advice", notices[i].advice)));
	if (count && !rows->extra_data)
		rows->extra_data = json_new_object();
	if (count)
		json_set(rows->extra_data, "notices", list);
	else
		json_free(list);
	if (!err)
		err = cli_rows_end(cli, rows, fields, error);
	for (size_t i = 0; !err && i < count && cli->out.format == OUT_TABLE; i++)
		log_warn(&cli->log, "%s: %s", notices[i].message, notices[i].advice);
	return err;
}

/* --- a profile as JSON --- */

static struct json_value *documents_json(const struct profile *profile)
{
	struct json_value *array = json_new_array();
	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];
		struct json_value *object =
			JSON_NEW(JSON_TEXT("type", spec->type), JSON_TEXT("category", spec->category),
				 JSON_TEXT("title", spec->title), JSON_BOOL("mandatory", spec->mandatory),
				 JSON_BOOL("double_sided", spec->double_sided),
				 JSON_BOOL("on_request", spec->is_provider_requested),
				 JSON_VALUE("formats", json_new_words(spec->formats, file_format_words)),
				 JSON_INT("max_bytes", spec->max_bytes),
				 JSON_VALUE("shows", json_new_words(spec->expected_parts, document_part_words)));
		if (spec->max_age_months)
			json_set_int(object, "max_age_months", spec->max_age_months);
		json_append(array, object);
	}
	return array;
}

static struct json_value *document_groups_json(const struct profile *profile)
{
	struct arena arena = ARENA_INIT;
	struct json_value *array = json_new_array();
	for (size_t i = 0; i < profile->group_count; i++) {
		const struct document_group *group = &profile->groups[i];
		const struct field_rule when = { .when = group->when, .when_count = group->when_count };
		json_append(array, JSON_NEW(JSON_TEXT("id", group->id), JSON_TEXT("title", group->title),
					    JSON_VALUE("any_of", json_new_texts(group->types, group->type_count)),
					    JSON_OR_NULL("when", rule_when_text(&arena, &when))));
	}
	arena_release(&arena);
	return array;
}

/* Adds one entry for each rule: field, rule, allowed values, condition, and source (seed). */
static void add_rules(struct arena *arena, struct json_value *list, const char *prefix, const struct field_spec *fields,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_printf(arena, "%s%s%s", prefix, *prefix ? "." : "", fields[i].id);
		for (size_t r = 0; r < fields[i].rule_count; r++) {
			const struct field_rule *rule = &fields[i].rules[r];
			json_append(list,
				    JSON_NEW(JSON_TEXT("field", path), JSON_TEXT("rule", rule_kind_text(rule->kind)),
					     JSON_TEXT("allowed", rule_allowed_text(arena, rule)),
					     JSON_OR_NULL("when", rule_when_text(arena, rule)),
					     JSON_OR_NULL("seed", rule->source_document)));
		}
		add_rules(arena, list, fields[i].type == FIELD_LIST ? arena_printf(arena, "%s[]", path) : path,
			  fields[i].children, fields[i].child_count);
	}
}

static struct json_value *rules_json(const struct field_spec *fields, size_t count)
{
	struct arena arena = ARENA_INIT;
	struct json_value *list = json_new_array();
	add_rules(&arena, list, "", fields, count);
	arena_release(&arena);
	return list;
}

static struct json_value *attempts_json(const struct profile *profile)
{
	return JSON_NEW(JSON_BOOL("resubmit", profile->attempts.resubmit),
			JSON_BOOL("retry_checks", profile->attempts.retry_checks),
			JSON_BOOL("final_approval", profile->attempts.approval_is_final),
			JSON_OR_NULL("level_name", profile->attempts.level_name ? profile->attempts.level_name : ""),
			JSON_INT("max", profile->attempts.max_attempts),
			JSON_OR_NULL("foreign_reason", profile->foreign.reason ? profile->foreign.reason : ""));
}

static struct json_value *durations_json(const struct profile *profile)
{
	return JSON_NEW(JSON_INT("review_ms", profile->review_ms),
			JSON_INT("processing_timeout_ms", profile->processing_timeout_ms),
			JSON_INT("link_ms", profile->link_life_ms),
			JSON_INT("link_reminder_ms", profile->link_reminder_ms),
			JSON_INT("link_reminders_max", profile->link_reminders_max),
			JSON_INT("retention_ms", profile->retention_ms),
			JSON_INT("retention_sanctions_ms", profile->retention_sanctions_ms));
}

static struct json_value *four_eyes_json(const struct profile *profile)
{
	const struct four_eyes_rules *rules = &profile->four_eyes;
	return JSON_NEW(JSON_INT_OR_NULL("from_risk", profile->four_eyes_from_risk, RISK_NONE),
			JSON_VALUE("countries", json_new_texts(rules->countries, rules->country_count)),
			JSON_VALUE("levels", json_new_texts(rules->levels, rules->level_count)),
			JSON_VALUE("hits", json_new_words(rules->hit_class_bits, hit_class_words)),
			JSON_VALUE("kinds", json_new_words(rules->kinds, session_kind_words)));
}

static struct json_value *unenforced_keys_json(const struct profile *profile)
{
	struct arena arena = ARENA_INIT;
	size_t count;
	const char **names = profile_unenforced_keys(&arena, profile, &count);
	struct json_value *list = json_new_texts(names, count);
	arena_release(&arena);
	return list;
}

static struct json_value *events_json(const char *const *names)
{
	struct json_value *events = json_new_object();
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		if (names[i])
			json_set_text(events, event_kind_text((enum event_kind)i), names[i]);
	return events;
}

static struct json_value *steps_json(const struct profile *profile)
{
	struct json_value *steps = json_new_array();
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *spec = &profile->steps[i];
		struct json_value *step = JSON_NEW(JSON_TEXT("id", spec->id), JSON_TEXT("title", spec->title));
		JSON_SET_EACH(step, "fields", j, spec->field_count, json_new_string(spec->fields[j].id));
		json_set(step, "rules", rules_json(spec->fields, spec->field_count));
		json_append(steps, step);
	}
	return steps;
}

static struct json_value *parties_json(const struct party_rules *parties)
{
	return JSON_NEW(JSON_BOOL("required", parties->required),
			JSON_BOOL("by_client", parties->client_declares_parties),
			JSON_BOOL("control_role_required", parties->control_role_required),
			JSON_OR_NULL("owner_threshold_percent", parties->owner_threshold_percent),
			JSON_TEXT("individuals", verify_by_text(parties->individual_verification)),
			JSON_TEXT("companies", verify_by_text(parties->company_verification)),
			JSON_OR_NULL("workflow", parties->workflow),
			JSON_VALUE("roles", json_new_words(parties->roles, party_role_words)),
			JSON_VALUE("rules", rules_json(parties->fields, parties->field_count)),
			JSON_VALUE("events", events_json(parties->events)));
}

static struct json_value *workflow_json(const struct profile *profile)
{
	struct json_value *checks =
		JSON_NEW(JSON_VALUE("required", json_new_words(profile->checks.required_kind_bits, check_kind_words)),
			 JSON_VALUE("waivable", json_new_words(profile->checks.waivable_kind_bits, check_kind_words)));
	return JSON_NEW(
		JSON_TEXT("name", profile->name), JSON_TEXT("title", profile->title),
		JSON_TEXT("provider", profile->provider), JSON_INT("version", profile->version),
		JSON_TEXT("kind", session_kind_text(profile->kind)),
		JSON_VALUE("subject_kinds", json_new_words(profile->subject_kinds, subject_kind_words)),
		JSON_OR_NULL("level_initial", profile->level_initial),
		JSON_OR_NULL("level_approved", profile->level_approved),
		JSON_BOOL("manual_review", profile->manual_review), JSON_BOOL("auto_process", profile->auto_process),
		JSON_VALUE("steps", steps_json(profile)), JSON_VALUE("documents", documents_json(profile)),
		JSON_VALUE("document_groups", document_groups_json(profile)),
		JSON_VALUE("parties", parties_json(&profile->parties)), JSON_VALUE("checks", checks),
		JSON_VALUE("attempts", attempts_json(profile)), JSON_VALUE("four_eyes", four_eyes_json(profile)),
		JSON_VALUE("times", durations_json(profile)), JSON_VALUE("events", events_json(profile->events)),
		JSON_TEXT("event_shape", event_shape_text(profile->event_shape)),
		JSON_VALUE("custom_tags", json_new_raw(profile->custom_tags_json)),
		JSON_VALUE("not_enforced", unenforced_keys_json(profile)));
}

/* --- the commands --- */

static void add_workflow_row(struct entry row, const struct workflow_info *item)
{
	entry_add_text(row, "name", item->name);
	json_set_text(row.object, "title", item->title);
	entry_add_number(row, "version", item->version);
	table_add_cell(row.table, item->title);
	entry_add_text(row, "origin", item->origin);
	JSON_SET(row.object, JSON_OR_NULL("problem", item->problem), JSON_OR_NULL("sha256", item->sha256));
	table_addf(row.table, "%.*s", SHA256_SHOWN_DIGITS, item->sha256);
	table_add_styled(row.table, CELL_DANGER, item->problem);
	json_set_time(row.object, "installed_at", item->installed_at);
	json_set_text_or_null(row.object, "installed_by", item->installed_by);
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct workflow_info *items;
	struct cli_rows rows;
	size_t count;
	enum err err = desk_workflows(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Name:12|>Version|Title:12|From:10|SHA-256|Problem:10", &rows);
	for (size_t i = 0; i < count; i++)
		if (cli_row_begin(&rows, items[i].name))
			add_workflow_row(cli_add_entry(cli, &rows), &items[i]);
	return cli_end_rule_rows(cli, &rows, "name,title,version,origin,problem,sha256,installed_at,installed_by",
				 error);
}

static enum err run_show(struct cli *cli, struct error *error)
{
	const struct profile *profile;
	enum err err = desk_profile(cli->desk, parsed_argument(&cli->command_line, 0), &profile, error);
	if (err)
		return err;
	if (cli_is_json(cli))
		out_json(&cli->out, workflow_json(profile));
	else
		cli_print_workflow(cli, profile);
	return ERR_OK;
}

/* Reports all faults at once: the first fault is the message, and the list has every fault. */
static enum err run_check(struct cli *cli, struct error *error)
{
	struct workflow_check_result checked;
	const char *path = parsed_argument(&cli->command_line, 0);
	enum err err = desk_workflow_check(cli->world, &cli->arena, path, &checked, error);
	if (err) {
		for (size_t i = 0; i < checked.count; i++) {
			const char *line = checked.lines[i];
			error_add_blocker(error, "mistake", line, arena_strndup(&cli->arena, line, strcspn(line, ":")));
		}
		return err;
	}
	const struct profile *profile = checked.profile;
	if (cli_is_json(cli)) {
		struct json_value *object =
			JSON_NEW(JSON_TEXT("file", cli_safe_text(cli, path)), JSON_BOOL("valid", true));
		if (profile)
			json_set(object, "not_enforced", unenforced_keys_json(profile));
		out_json(&cli->out, object);
	} else {
		out_line(&cli->out, "%s is a valid workflow", strcmp(path, "-") ? path : "Standard input");
		if (profile)
			cli_print_unenforced_keys(cli, profile);
	}
	return ERR_OK;
}

void cli_print_rule_change(struct cli *cli, const char *kind, const struct use_out *out)
{
	const struct rule_change *change = &out->rule;

	if (cli_is_json(cli)) {
		out_json(&cli->out,
			 JSON_NEW(JSON_TEXT(kind, change->name), JSON_INT("version", change->version),
				  JSON_TEXT("sha256", change->sha256),
				  JSON_INT_OR_NULL("before_version", change->before_version, 0),
				  JSON_OR_NULL("before_sha256", change->before_sha256),
				  JSON_BOOL("unchanged", change->unchanged), JSON_BOOL("offered", out->is_proposal)));
		return;
	}
	if (change->unchanged) {
		out_line(&cli->out, "%s version %lld is already in force; nothing was changed", change->name,
			 (long long)change->version);
		return;
	}
	if (out->is_proposal) {
		out_line(&cli->out,
			 "%s version %lld is proposed, %s: it takes effect when another admin installs the same "
			 "text",
			 change->name, (long long)change->version, change->sha256);
		return;
	}
	out_line(&cli->out, "%s version %lld is now in force, %s", change->name, (long long)change->version,
		 change->sha256);
	if (*change->before_sha256)
		out_line(&cli->out, "before: version %lld, %s", (long long)change->before_version,
			 change->before_sha256);
}

static enum err run_install(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_WORKFLOW_INSTALL,
			       .part = parsed_argument(&cli->command_line, 0));
	if (!err)
		cli_print_rule_change(cli, "workflow", &out);
	return err;
}

static const char *value_or_missing(const char *json)
{
	return *json ? json : "(missing)";
}

static enum err run_diff(struct cli *cli, struct error *error)
{
	struct rule_comparison result;
	enum err err = desk_workflow_diff(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0),
					  parsed_argument(&cli->command_line, 1), &result, error);
	if (err)
		return err;
	if (cli_is_json(cli)) {
		struct json_value *object = json_new_object(), *list = json_new_array();
		for (size_t i = 0; i < result.count; i++) {
			struct json_value *item = JSON_NEW(JSON_TEXT("path", result.items[i].path));
			if (*result.items[i].before)
				json_set_raw(item, "before", result.items[i].before);
			if (*result.items[i].after)
				json_set_raw(item, "after", result.items[i].after);
			json_append(list, item);
		}
		JSON_SET(object, JSON_TEXT("before", cli_safe_text(cli, result.before)),
			 JSON_TEXT("after", cli_safe_text(cli, result.after)), JSON_VALUE("differences", list));
		return cli_print_json(cli, object);
	}
	out_line(&cli->out, "%s %s %s", result.before, cli_arrow(cli), result.after);
	for (size_t i = 0; i < result.count; i++) {
		out_styled_line(&cli->out, CELL_TITLE, "%s", *result.items[i].path ? result.items[i].path : "all");
		out_paragraph(&cli->out, 2, "%s %s %s", value_or_missing(result.items[i].before), cli_arrow(cli),
			      value_or_missing(result.items[i].after));
	}
	if (!result.count)
		out_line(&cli->out, "no difference");
	return ERR_OK;
}

/* --- workflow try: the cases that another version of a workflow would block or pass --- */

static struct json_value *trial_count_json(const struct rule_trial_count *count)
{
	struct json_value *object = json_new_object(), *codes = json_new_object();
	JSON_SET(object, JSON_INT("total", count->total), JSON_INT("passed", count->own_text_passes),
		 JSON_INT("passes", count->tried_text_passes),
		 JSON_INT("blocked", count->total - count->tried_text_passes));
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++)
		if (count->blocker_counts[i])
			json_set_int(codes, blocker_code_text((enum blocker_code)i), count->blocker_counts[i]);
	json_set(object, "blocked_by", codes);
	return object;
}

static void add_trial_case_row(struct entry row, const struct rule_trial_case *one)
{
	JSON_SET(row.object, JSON_TEXT("id", one->id), JSON_TEXT("external_ref", one->external_ref));
	table_add_cell(row.table, *one->external_ref ? one->external_ref : one->id);
	entry_add_text(row, "subject_name", one->name);
	entry_add_text(row, "status", session_status_text(one->status));
	JSON_SET(row.object, JSON_BOOL("passed", one->passes_own_text), JSON_BOOL("passes", one->passes_tried_text));
	table_add_styled(row.table, one->passes_tried_text ? CELL_OK : CELL_WARNING,
			 one->passes_tried_text ? "pass" : "be blocked");
	const struct blocker *blockers = one->blockers.items;
	JSON_SET_EACH(row.object, "blockers", i, one->blockers.count,
		      JSON_NEW(JSON_TEXT("code", blocker_code_text(blockers[i].code)),
			       JSON_TEXT("message", blockers[i].message), JSON_TEXT("ref", blockers[i].ref)));
	if (one->blockers.count > 1)
		table_addf(row.table, "%s (and %zu more)", one->blockers.items[0].message, one->blockers.count - 1);
	else
		table_add_cell(row.table, one->blockers.count ? one->blockers.items[0].message : "");
}

/* Adds a row for each case in trial->cases: at most --limit of the cases for which the tried rules would give a
 * different result. */
static void add_trial_cases(struct cli *cli, const struct rule_trial *trial, struct cli_rows *out)
{
	cli_rows_begin_unlimited(cli, "Case:8|Name:10|Status|Would|Why:16", out);
	for (size_t i = 0; i < trial->case_count; i++)
		add_trial_case_row(cli_add_entry(cli, out), &trial->cases[i]);
}

static void print_trial(struct cli *cli, const struct rule_trial *trial, struct json_value *cases)
{
	out_json(&cli->out, JSON_NEW(JSON_TEXT("workflow", trial->name), JSON_INT("version", trial->version),
				     JSON_TEXT("sha256", trial->sha256),
				     JSON_VALUE("approved", trial_count_json(&trial->approved_cases)),
				     JSON_VALUE("open", trial_count_json(&trial->open_cases)),
				     JSON_VALUE("cases", cases), JSON_INT("cases_total", trial->case_total)));
}

static void print_blockers(struct cli *cli, const struct rule_trial *trial)
{
	struct table *table = table_from(&cli->arena, "Blocked by|>Approved|>Open", cli->mode);
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++) {
		if (!trial->approved_cases.blocker_counts[i] && !trial->open_cases.blocker_counts[i])
			continue;
		table_add_cell(table, blocker_code_text((enum blocker_code)i));
		table_add_int(table, trial->approved_cases.blocker_counts[i]);
		table_add_int(table, trial->open_cases.blocker_counts[i]);
	}
	if (!table_row_count(table))
		return;
	out_bytes(&cli->out, "\n", 1);
	out_table(&cli->out, table, 0);
}

static void print_trial_cases(struct cli *cli, const struct rule_trial *trial, const struct table *table)
{
	if (!trial->case_count)
		return;
	out_bytes(&cli->out, "\n", 1);
	out_table(&cli->out, table, 0);
	if (trial->case_total > (int64_t)trial->case_count)
		out_line(&cli->out, "%zu of %lld; --limit shows more", trial->case_count, (long long)trial->case_total);
}

static enum err run_try(struct cli *cli, struct error *error)
{
	struct list_query query = { .after = "" };
	struct rule_trial trial;
	struct cli_rows cases;
	size_t limit;
	enum err err = cli_read_limit(cli, &limit, error);
	if (!err)
		err = filter_parse(&cli->arena, cli_option_text(cli, "filter"), &query.filter, error);
	if (!err)
		err = desk_workflow_try(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), &query, limit,
					&trial, error);
	if (err)
		return err;
	add_trial_cases(cli, &trial, &cases);
	if (cli_is_json(cli)) {
		print_trial(cli, &trial, cases.data);
		return ERR_OK;
	}
	json_free(cases.data);
	out_line(&cli->out, "%s version %lld, %s; nothing was changed", trial.name, (long long)trial.version,
		 trial.sha256);
	out_line(&cli->out, "approved: %lld, of which %lld would have been blocked",
		 (long long)trial.approved_cases.total,
		 (long long)(trial.approved_cases.total - trial.approved_cases.tried_text_passes));
	out_line(&cli->out, "open:     %lld, of which %lld would pass (now %lld)", (long long)trial.open_cases.total,
		 (long long)trial.open_cases.tried_text_passes, (long long)trial.open_cases.own_text_passes);
	print_blockers(cli, &trial);
	print_trial_cases(cli, &trial, cases.table);
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "workflow list",
	  .summary = "Lists the workflows in force and their origins",
	  .details = "Only workflows in the store are in force. Their origin is \"built in\" if the text was shipped "
		     "with this program, else \"installed\". Your own files and files in system folders apply in a "
		     "sandbox store only. In production these files, and newer shipped workflows, are named on "
		     "standard error.",
	  .example = "workflow list",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { PAGE_OPTIONS } },
	{ .name = "workflow show",
	  .summary = "Shows a profile: steps, documents, rules, parties, gate, attempts, times and events",
	  .example = "workflow show ralio-kyb",
	  .run = run_show,
	  .arguments = { { "NAME", 0, "the workflow" } } },
	{ .name = "workflow check",
	  .summary = "Finds the mistakes in a profile file, without a store",
	  .flags = COMMAND_NO_STORE | COMMAND_IN_SSH_SESSION,
	  .example = "workflow check tejo-kyb-pt.json",
	  .run = run_check,
	  .arguments = { { "FILE", ARGUMENT_PATH | PATH_STREAM, "the profile; - is standard input" } } },
	{ .name = "workflow install",
	  .summary = "Installs a workflow for new sessions",
	  .details = "A profile is refused if workflow check finds a mistake. The audit log records the SHA-256 of "
		     "the old and the new text; all texts remain in the store. Existing sessions keep the text "
		     "that they were created with. NAME@shipped is the profile of this program, NAME@VERSION a "
		     "profile that was in force before.",
	  .verbs = { { VERB_WORKFLOW_INSTALL, "" } },
	  .example = "workflow install tejo-kyb-pt.json",
	  .run = run_install,
	  .arguments = { { "FILE", ARGUMENT_PATH | PATH_STREAM | PATH_RULE,
			   "the profile: a file (with a folder or the extension .json), NAME@shipped, NAME@VERSION "
			   "or NAME@SHA256; - is standard input" } } },
	{ .name = "workflow diff",
	  .summary = "Shows the differences between two workflow profiles, by path",
	  .details = "NAME is the profile in force, NAME@VERSION or NAME@SHA256 (a prefix) a profile that was "
		     "installed before, NAME@shipped the profile of this program; any other argument is a file "
		     "(with a folder or the extension .json). List elements are matched by id, type or code. The "
		     "exit code is 0, with or without differences.",
	  .example = "workflow diff ralio-kyb new.json",
	  .run = run_diff,
	  .arguments = { { "A", ARGUMENT_PATH | PATH_STREAM | PATH_RULE, "the old profile" },
			 { "B", ARGUMENT_PATH | PATH_STREAM | PATH_RULE, "the new profile" } } },
	{ .name = "workflow try",
	  .summary = "Tests the gate of a changed workflow on existing cases; the cases are not changed",
	  .details = "Counts the approved cases that would have been blocked, by blocker, and the open cases that "
		     "would pass or be blocked. Open cases are tested in their current state, approved cases as of "
		     "their approval; blockers that the case's present profile also has are not counted. The list "
		     "shows the approved cases that would have been blocked, and the open cases with a different "
		     "result.",
	  .example = "workflow try new.json --filter 'inbox:manual_review'",
	  .run = run_try,
	  .arguments = { { "FILE", ARGUMENT_PATH | PATH_STREAM | PATH_RULE,
			   "the profile: a file (with a folder or the extension .json), NAME, NAME@shipped, "
			   "NAME@VERSION or NAME@SHA256" } },
	  .options = { { "filter", "QUERY", 0, "only matching cases, in the syntax of list --filter" },
		       { LIMIT_OPTION } } },
};
const struct command_chapter commands_workflow = { COMMAND_CHAPTER("Workflows", rows) };
