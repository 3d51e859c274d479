/* hold: legal holds, under which a case is neither erased nor purged. */
#include "cli_internal.h"
#include "kybdesk/desk/retention.h"

static struct json_value *hold_json(const struct legal_hold *hold)
{
	struct json_value *out = cli_legal_hold_json(hold);
	json_set_text(out, "session", hold->session_id);
	json_set_text(out, "external_ref", hold->external_ref);
	json_set_text(out, "name", hold->name);
	return out;
}

static enum err run_list(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = { { "Session", TEXT_LEFT, 8 },
						       { "Name", TEXT_LEFT, 12 },
						       { "Since", TEXT_LEFT, 0 },
						       { "By", TEXT_LEFT, 0 },
						       { "Reason", TEXT_LEFT, 12 } };
	struct legal_hold_list list;
	struct cli_slice slice;
	enum err err = desk_legal_holds(cli->desk, &cli->arena, NULL, &list, error);
	if (err)
		return err;
	const char **ids = arena_alloc_array(&cli->arena, list.count + 1, sizeof *ids);
	for (size_t i = 0; i < list.count; i++)
		ids[i] = list.items[i].session_id;
	if ((err = cli_slice(cli, ids, list.count, &slice, error)))
		return err;
	struct json_value *data = json_new_array();
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = slice.from; i < slice.to; i++) {
		const struct legal_hold *one = &list.items[i];
		json_append(data, hold_json(one));
		table_add(table, *one->external_ref ? one->external_ref : one->session_id);
		table_add(table, one->name);
		table_add(table, time_text(&cli->arena, one->set_at));
		table_add(table, one->set_by);
		table_add(table, one->reason);
	}
	return cli_page(cli, data, table, slice.next);
}

static enum err run_set(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_DO(cli, &out, error, .verb = VERB_LEGAL_HOLD_SET, .reason = cli_text(cli, "reason"));
	return err ? err
		   : cli_case_result(cli, out.id, error, "under a legal hold; nothing of it is erased meanwhile");
}

static enum err run_release(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_DO(cli, &out, error, .verb = VERB_LEGAL_HOLD_RELEASE, .reason = cli_text(cli, "reason"));
	return err ? err : cli_case_result(cli, out.id, error, "the legal hold is released");
}

#define HOLD_REASON                                                                                                \
	{                                                                                                          \
		"reason", 0, "TEXT", OPTION_REQUIRED, NULL, "why, in ten characters or more"                       \
	}
static const struct command rows[] = {
	{ .name = "hold set",
	  .summary = "Sets a legal hold: the case is neither erased nor purged until it is released",
	  .details = "All cases of the user are kept with it. A hold changes nothing else, and nobody outside the "
		     "desk "
		     "learns of it.",
	  .uses = { { VERB_LEGAL_HOLD_SET, "" } },
	  .run = run_set,
	  .arguments = { SESSION_ARGUMENT },
	  .options = { HOLD_REASON } },
	{ .name = "hold release",
	  .summary = "Releases the legal hold on a case",
	  .uses = { { VERB_LEGAL_HOLD_RELEASE, "" } },
	  .run = run_release,
	  .arguments = { SESSION_ARGUMENT },
	  .options = { HOLD_REASON } },
	{ .name = "hold list",
	  .summary = "Lists the legal holds in force",
	  .run = run_list,
	  .options = { LIMIT_OPTION, AFTER_OPTION } },
};
const struct command_chapter commands_hold = COMMAND_CHAPTER("Retention", rows);
