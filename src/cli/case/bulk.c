#include "../cli_internal.h"

#define CASES_PER_PAGE 1000
#define SHOWN_CASES_MAX 50

struct matching_cases {
	struct session_item *items;
	size_t count, capacity;
};

struct bulk_result {
	bool dry_run;
	size_t done_count, refused_count;
	struct json_value *errors, *notes;
};

enum err bulk_check_options(const struct cli *cli, bool is_session_named, bool *is_bulk, struct error *error)
{
	const char *name = cli->command_line.command->name;
	*is_bulk = parsed_has_option(&cli->command_line, "filter");
	if (!*is_bulk &&
	    (parsed_has_option(&cli->command_line, "dry-run") || parsed_has_option(&cli->command_line, "expect")))
		return error_set(error, ERR_USAGE, "--dry-run and --expect need --filter");
	if (*is_bulk && is_session_named)
		return error_set(error, ERR_USAGE, "%s takes a session or --filter, not both", name);
	if (!*is_bulk && !is_session_named)
		return error_set(error, ERR_USAGE,
				 "%s needs SESSION, or --filter for several cases; see kybdesk %s --help", name, name);
	return ERR_OK;
}

/* Collects all matching cases before one of them is changed: a changed case may no longer match the filter. */
static enum err find_matching_cases(struct cli *cli, struct matching_cases *matches, struct error *error)
{
	struct list_query query = { .sort = SORT_DUE, .after = "", .limit = CASES_PER_PAGE };
	struct list_page page = { .next = "" };
	enum err err = filter_parse(&cli->arena, cli_option_text(cli, "filter"), &query.filter, error);
	if (err)
		return err;
	if (query.filter.count == 0)
		return error_invalid(error, "filter",
				     "An empty filter matches every case; narrow it, for example status:expired");
	do {
		if ((err = desk_list(cli->desk, &cli->arena, &query, &page, error)))
			return err;
		for (size_t i = 0; i < page.count; i++)
			*ARENA_PUSH(&cli->arena, matches->items, matches->count, matches->capacity) = page.items[i];
		query.after = page.next;
	} while (*page.next);
	return ERR_OK;
}

static enum err check_expected_count(struct cli *cli, size_t count, struct error *error)
{
	int64_t expected;
	enum err err = cli_read_number(cli, "expect", 0, INT64_MAX, -1, &expected, error);
	if (err || expected < 0 || (uint64_t)expected == count)
		return err;
	return error_set_field(error, ERR_CONFLICT, "expect",
			       "%zu %s, not the expected %lld; nothing was changed. List them with --dry-run", count,
			       count == 1 ? "case matches" : "cases match", (long long)expected);
}

static const char *case_reference(const struct session_item *item)
{
	return *item->external_ref ? item->external_ref : item->id;
}

static void add_case_error(struct cli *cli, struct bulk_result *outcome, const struct session_item *item,
			   const struct error *why)
{
	json_append(outcome->errors,
		    JSON_NEW(JSON_TEXT("id", item->id), JSON_TEXT("external_ref", item->external_ref),
			     JSON_TEXT("code", error_code_name(why->code)), JSON_TEXT("message", why->message)));
	outcome->refused_count++;
	log_warn(&cli->log, "%s: %s", case_reference(item), why->message);
}

/* Whether the error concerns only this case. Any other error would also occur for the next case. */
static bool is_case_error(enum err err, const struct bulk_result *outcome)
{
	if (err == ERR_NOT_FOUND)
		return outcome->done_count + outcome->refused_count > 0;
	return err == ERR_BLOCKED || err == ERR_CONFLICT;
}

/* Changes each case, or tries the change and rolls it back (--dry-run); reports each refusal. */
static enum err change_cases(struct cli *cli, const struct bulk_change *bulk_change,
			     const struct matching_cases *matches, struct bulk_result *outcome, struct error *error)
{
	enum err err = ERR_OK;
	for (size_t i = 0; !err && i < matches->count; i++) {
		struct arena arena = ARENA_INIT;
		const struct session_item *item = &matches->items[i];
		const char *note = "";
		struct use_in in = *bulk_change->in;
		struct use_out out;
		in.session = item->id;
		in.dry_run = outcome->dry_run;
		err = cli_run_use_case(cli, &arena, &in, &out, error);
		if (!err && !in.dry_run && bulk_change->note)
			note = bulk_change->note(&arena, &out);
		if (!err) {
			outcome->done_count++;
		} else if (is_case_error(err, outcome)) {
			add_case_error(cli, outcome, item, error);
			error_release(error);
			err = ERR_OK;
		} else if (!in.dry_run && outcome->done_count > 0) {
			error_prefix(error, "stopped after %zu of %zu cases", outcome->done_count, matches->count);
		}
		if (!err && *note) {
			json_append(outcome->notes, JSON_NEW(JSON_TEXT("id", item->id), JSON_TEXT("note", note)));
			if (!cli_is_json(cli))
				out_line(&cli->out, "%s: %s", case_reference(item), note);
		}
		arena_release(&arena);
	}
	return err;
}

static void print_json(struct cli *cli, const struct matching_cases *matches, struct bulk_result *outcome)
{
	struct json_value *result = JSON_NEW(JSON_INT("matched", matches->count));
	if (outcome->dry_run)
		json_set_bool(result, "dry_run", true);
	JSON_SET(result, JSON_INT("done", outcome->done_count), JSON_INT("refused", outcome->refused_count),
		 JSON_VALUE("errors", json_clone(outcome->errors)));
	if (outcome->dry_run)
		JSON_SET_EACH(result, "data", i, matches->count, session_item_write(&matches->items[i]));
	else
		json_set(result, "notes", json_clone(outcome->notes));
	out_json(&cli->out, result);
}

static void print_dry_run(struct cli *cli, const struct bulk_change *bulk_change, const struct matching_cases *matches,
			  const struct bulk_result *outcome)
{
	size_t shown = matches->count < SHOWN_CASES_MAX ? matches->count : SHOWN_CASES_MAX;
	cli_print_case_table(cli, matches->items, shown);
	if (shown < matches->count)
		out_line(&cli->out, "and %zu more", matches->count - shown);
	if (outcome->refused_count)
		out_line(&cli->out, "%zu of %zu cases would be %s, the others refused; nothing is changed",
			 outcome->done_count, matches->count, bulk_change->done_phrase);
	else
		out_line(&cli->out, "%zu %s would be %s; nothing is changed", matches->count,
			 matches->count == 1 ? "case" : "cases", bulk_change->done_phrase);
}

enum err bulk_run(struct cli *cli, const struct bulk_change *bulk_change, struct error *error)
{
	struct matching_cases matches = { 0 };
	struct bulk_result outcome = { .dry_run = parsed_has_option(&cli->command_line, "dry-run") };
	enum err err;
	if ((err = find_matching_cases(cli, &matches, error)) ||
	    (err = check_expected_count(cli, matches.count, error)))
		return err;
	outcome.errors = json_new_array();
	outcome.notes = json_new_array();
	err = change_cases(cli, bulk_change, &matches, &outcome, error);
	if (!err && cli_is_json(cli))
		print_json(cli, &matches, &outcome);
	else if (!err && outcome.dry_run)
		print_dry_run(cli, bulk_change, &matches, &outcome);
	else if (!err)
		out_line(&cli->out, "%zu of %zu %s %s", outcome.done_count, matches.count,
			 matches.count == 1 ? "case" : "cases", bulk_change->done_phrase);
	if (!err && !outcome.dry_run && outcome.refused_count > 0)
		cli->status = ERR_PARTIAL;
	json_free(outcome.errors);
	json_free(outcome.notes);
	return err;
}
