/* workflow list, show, check. */
#include "cli_internal.h"
#include "kybdesk/desk/admin.h"

#include <string.h>

static enum err run_list(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = {
		{ "Name", TEXT_LEFT, 12 }, { "Version", TEXT_RIGHT, 0 }, { "Title", TEXT_LEFT, 12 },
		{ "From", TEXT_LEFT, 10 }, { "Problem", TEXT_LEFT, 10 },
	};
	struct workflow_info *items;
	struct cli_slice slice;
	size_t count;
	enum err err = desk_workflows(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	const char **names = arena_alloc_array(&cli->arena, count + 1, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = items[i].name;
	if ((err = cli_slice(cli, names, count, &slice, error)))
		return err;
	struct json_value *data = json_new_array();
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = slice.from; i < slice.to; i++) {
		struct json_value *object = json_new_object();
		json_set_text(object, "name", items[i].name);
		json_set_text(object, "title", items[i].title);
		json_set_int(object, "version", items[i].version);
		json_set_text(object, "origin", items[i].origin);
		json_set_text_or_null(object, "problem", items[i].problem);
		json_append(data, object);
		table_add(table, items[i].name);
		table_add_int(table, items[i].version);
		table_add(table, items[i].title);
		table_add(table, items[i].origin);
		table_add_styled(table, CELL_DANGER, items[i].problem);
	}
	if (cli_json(cli)) {
		cli_page_json(cli, data, slice.next);
		return ERR_OK;
	}
	json_free(data);
	out_table(&cli->out, table, 0);
	cli_page_hint(cli, slice.next);
	return ERR_OK;
}

/* The words of a set of bits, in the enum's order. */
static const char *bits_text(struct arena *arena, unsigned bits, const char *const *words, size_t count)
{
	struct strbuf text = STRBUF_INIT;
	for (size_t i = 0; i < count; i++)
		if (bits >> i & 1)
			strbuf_addf(&text, "%s%s", text.len ? ", " : "", words[i]);
	char *result = strbuf_to_arena(&text, arena);
	strbuf_release(&text);
	return result;
}

static const char *formats_text(struct arena *arena, unsigned formats)
{
	size_t count;
	const char *const *words = file_format_words(&count);
	return bits_text(arena, formats, words, count);
}

static const char *checks_text(struct arena *arena, unsigned checks)
{
	size_t count;
	const char *const *words = check_kind_words(&count);
	return checks ? bits_text(arena, checks, words, count) : "none";
}

static void show_steps(struct cli *cli, const struct profile *profile)
{
	out_bytes(&cli->out, "\n", 1);
	out_styled_line(&cli->out, CELL_TITLE, "Steps");
	if (profile->step_count == 0)
		out_line(&cli->out, "  those that the session brings");
	for (size_t i = 0; i < profile->step_count; i++) {
		out_line(&cli->out, "  %-20s %s, %zu fields", profile->steps[i].id, profile->steps[i].title,
			 profile->steps[i].field_count);
		if (*profile->steps[i].guidance)
			out_paragraph(&cli->out, 4, profile->steps[i].guidance);
	}
}

static void show_document_types(struct cli *cli, const struct profile *profile)
{
	static const struct table_column columns[] = {
		{ "Type", TEXT_LEFT, 14 },    { "Mandatory", TEXT_LEFT, 0 }, { "Sides", TEXT_RIGHT, 0 },
		{ "At most", TEXT_RIGHT, 0 }, { "Formats", TEXT_LEFT, 10 },  { "Title", TEXT_LEFT, 10 },
	};
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];
		table_add(table, spec->type);
		table_add(table, spec->mandatory ? "yes" : "no");
		table_add(table, spec->double_sided ? "1-2" : "1");
		table_addf(table, "%lld KiB", (long long)spec->max_bytes / 1024);
		table_add(table, formats_text(&cli->arena, spec->formats));
		table_add(table, spec->title);
	}
	out_bytes(&cli->out, "\n", 1);
	out_styled_line(&cli->out, CELL_TITLE, "Documents");
	if (table_rows(table))
		out_table(&cli->out, table, 2);
	if (profile->other_documents)
		out_line(&cli->out, "  others that the session brings: %s, at most %lld KiB",
			 formats_text(&cli->arena, profile->default_formats),
			 (long long)profile->default_max_bytes / 1024);
}

static void show_rules(struct cli *cli, const struct profile *profile)
{
	const struct party_rules *parties = &profile->parties;
	out_bytes(&cli->out, "\n", 1);
	out_styled_line(&cli->out, CELL_TITLE, "Parties");
	out_line(&cli->out, "  required %s, control role %s, roles: %s", parties->required ? "yes" : "no",
		 parties->control_role_required ? "required" : "not required",
		 cli_roles_text(&cli->arena, parties->roles));
	out_line(&cli->out, "  individuals are verified by: %s, companies by: %s%s%s",
		 verify_by_text(parties->individuals), verify_by_text(parties->companies),
		 *parties->workflow ? ", workflow " : "", parties->workflow);
	if (*parties->owner_threshold_percent)
		out_line(&cli->out, "  beneficial owner %s %s %%", parties->threshold_inclusive ? "from" : "above",
			 parties->owner_threshold_percent);
	out_bytes(&cli->out, "\n", 1);
	out_styled_line(&cli->out, CELL_TITLE, "Checks");
	out_line(&cli->out, "  required: %s", checks_text(&cli->arena, profile->checks.required));
	out_line(&cli->out, "  may be waived: %s", checks_text(&cli->arena, profile->checks.waivable));
	out_bytes(&cli->out, "\n", 1);
	out_styled_line(&cli->out, CELL_TITLE, "Events");
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		if (profile->events[i])
			out_line(&cli->out, "  %-32s %s", event_kind_text((enum event_kind)i), profile->events[i]);
}

static void show_page(struct cli *cli, const struct profile *profile)
{
	size_t count;
	const char *const *subjects = subject_kind_words(&count);
	out_styled_line(&cli->out, CELL_TITLE, "%s", profile->title);
	out_line(&cli->out, "%s, version %lld, %s, for: %s", profile->name, (long long)profile->version,
		 session_kind_text(profile->kind), bits_text(&cli->arena, profile->subject_kinds, subjects, count));
	if (*profile->level_approved)
		out_line(&cli->out, "level %s %s %s on approval", profile->level_initial, cli_arrow(cli),
			 profile->level_approved);
	out_line(&cli->out, "after submission: %s", profile->manual_review ? "manual review" : "processing");
	if (profile->review_ms > 0)
		out_line(&cli->out, "to be decided within %s", duration_short(&cli->arena, profile->review_ms));
	if (profile->four_eyes_from_risk != RISK_NONE)
		out_line(&cli->out, "four eyes from risk %d", profile->four_eyes_from_risk);
	show_steps(cli, profile);
	show_document_types(cli, profile);
	show_rules(cli, profile);
}

static struct json_value *words_json(unsigned bits, const char *const *words, size_t count)
{
	struct json_value *array = json_new_array();
	for (size_t i = 0; i < count; i++)
		if (bits >> i & 1)
			json_append(array, json_new_string(words[i]));
	return array;
}

static struct json_value *documents_json(const struct profile *profile)
{
	size_t format_count;
	const char *const *formats = file_format_words(&format_count);
	struct json_value *array = json_new_array();
	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];
		struct json_value *object = json_new_object();
		json_set_text(object, "type", spec->type);
		json_set_text(object, "category", spec->category);
		json_set_text(object, "title", spec->title);
		json_set_bool(object, "mandatory", spec->mandatory);
		json_set_bool(object, "double_sided", spec->double_sided);
		json_set(object, "formats", words_json(spec->formats, formats, format_count));
		json_set_int(object, "max_bytes", spec->max_bytes);
		json_append(array, object);
	}
	return array;
}

static struct json_value *profile_json(const struct profile *profile)
{
	size_t kind_count, role_count, check_count;
	const char *const *kinds = subject_kind_words(&kind_count);
	const char *const *roles = party_role_words(&role_count);
	const char *const *checks = check_kind_words(&check_count);
	struct json_value *object = json_new_object(), *steps = json_new_array();
	struct json_value *parties = json_new_object(), *rules = json_new_object(), *events = json_new_object();
	json_set_text(object, "name", profile->name);
	json_set_text(object, "title", profile->title);
	json_set_text(object, "provider", profile->provider);
	json_set_int(object, "version", profile->version);
	json_set_text(object, "kind", session_kind_text(profile->kind));
	json_set(object, "subject_kinds", words_json(profile->subject_kinds, kinds, kind_count));
	json_set_text_or_null(object, "level_initial", profile->level_initial);
	json_set_text_or_null(object, "level_approved", profile->level_approved);
	json_set_bool(object, "manual_review", profile->manual_review);
	for (size_t i = 0; i < profile->step_count; i++) {
		struct json_value *step = json_new_object(), *fields = json_new_array();
		for (size_t j = 0; j < profile->steps[i].field_count; j++)
			json_append(fields, json_new_string(profile->steps[i].fields[j].id));
		json_set_text(step, "id", profile->steps[i].id);
		json_set_text(step, "title", profile->steps[i].title);
		json_set(step, "fields", fields);
		json_append(steps, step);
	}
	json_set(object, "steps", steps);
	json_set(object, "documents", documents_json(profile));
	json_set_bool(parties, "required", profile->parties.required);
	json_set_bool(parties, "control_role_required", profile->parties.control_role_required);
	json_set_text_or_null(parties, "owner_threshold_percent", profile->parties.owner_threshold_percent);
	json_set_text(parties, "individuals", verify_by_text(profile->parties.individuals));
	json_set_text(parties, "companies", verify_by_text(profile->parties.companies));
	json_set_text_or_null(parties, "workflow", profile->parties.workflow);
	json_set(parties, "roles", words_json(profile->parties.roles, roles, role_count));
	json_set(object, "parties", parties);
	json_set(rules, "required", words_json(profile->checks.required, checks, check_count));
	json_set(rules, "waivable", words_json(profile->checks.waivable, checks, check_count));
	json_set(object, "checks", rules);
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		if (profile->events[i])
			json_set_text(events, event_kind_text((enum event_kind)i), profile->events[i]);
	json_set(object, "events", events);
	return object;
}

static enum err run_show(struct cli *cli, struct error *error)
{
	const struct profile *profile;
	enum err err = desk_profile(cli->desk, parsed_argument(&cli->parsed, 0), &profile, error);
	if (err)
		return err;
	if (cli_json(cli))
		out_json(&cli->out, profile_json(profile));
	else
		show_page(cli, profile);
	return ERR_OK;
}

/* All mistakes at once: the first is the sentence, each of them a list line. */
static enum err run_check(struct cli *cli, struct error *error)
{
	const char **lines = NULL;
	size_t count = 0;
	const char *path = parsed_argument(&cli->parsed, 0);
	enum err err = desk_workflow_check(cli->world, &cli->arena, path, &lines, &count, error);
	if (err) {
		for (size_t i = 0; i < count; i++) {
			size_t length = strcspn(lines[i], ":");
			error_add_blocker(error, "mistake", lines[i], arena_strndup(&cli->arena, lines[i], length));
		}
		return err;
	}
	if (cli_json(cli)) {
		struct json_value *object = json_new_object();
		json_set_text(object, "file", text_safe(&cli->arena, path, TEXT_UTF8));
		json_set_bool(object, "valid", true);
		out_json(&cli->out, object);
	} else {
		out_line(&cli->out, "%s is a valid workflow", path);
	}
	return ERR_OK;
}

const struct command commands_workflow[] = {
	{ .name = "workflow list",
	  .summary = "Lists the workflow profiles and where each comes from",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_list,
	  .options = { LIMIT_OPTION, AFTER_OPTION } },
	{ .name = "workflow show",
	  .summary = "Shows a profile: steps, documents, parties, checks, levels and events",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_show,
	  .arguments = { { "NAME", 0, NULL, "the workflow" } } },
	{ .name = "workflow check",
	  .summary = "Finds the mistakes of a profile's file, without a store",
	  .role = "anyone",
	  .flags = COMMAND_JSON,
	  .run = run_check,
	  .arguments = { { "FILE", ARGUMENT_PATH, NULL, "the profile" } } },
};
