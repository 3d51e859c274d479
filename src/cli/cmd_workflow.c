/* workflow list, show, check. */
#include "cli_internal.h"
#include "kybdesk/base/file.h"
#include "kybdesk/codec/profile_codec.h"
#include "kybdesk/desk/admin.h"

#include <string.h>

#define PROFILE_MAX ((size_t)1024 * 1024)

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

static enum err run_show(struct cli *cli, struct error *error)
{
	const struct profile *profile;
	enum err err = desk_profile(cli->desk, parsed_argument(&cli->parsed, 0), &profile, error);
	if (err)
		return err;
	if (cli_json(cli))
		out_json(&cli->out, cli_workflow_json(profile));
	else
		cli_workflow_page(cli, profile);
	return ERR_OK;
}

/* The file was found sound just now; NULL when it is no longer. */
static const struct profile *read_valid(struct cli *cli, const char *path)
{
	struct strbuf text = STRBUF_INIT;
	struct profile *profile = NULL;
	struct profile_mistake *mistakes;
	size_t count;
	if (file_read(path, PROFILE_MAX, &text, NULL) == ERR_OK)
		profile_read(&cli->arena, text.buf, text.len, NULL, &profile, &mistakes, &count);
	strbuf_release(&text);
	return profile;
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
	const struct profile *profile = read_valid(cli, path);
	if (cli_json(cli)) {
		struct json_value *object = json_new_object();
		json_set_text(object, "file", text_safe(&cli->arena, path, TEXT_UTF8));
		json_set_bool(object, "valid", true);
		if (profile)
			json_set(object, "not_enforced", cli_workflow_not_enforced_json(profile));
		out_json(&cli->out, object);
	} else {
		out_line(&cli->out, "%s is a valid workflow", path);
		if (profile)
			cli_workflow_not_enforced(cli, profile);
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
	  .summary = "Shows a profile: steps, documents, rules, parties, gate, attempts, times and events",
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
