/* init, demo, import: how a store begins. */
#include "cli_internal.h"
#include "demo.h"
#include "import_file.h"

static enum err run_init(struct cli *cli, struct error *error)
{
	char *path;
	bool sandbox = parsed_has(&cli->parsed, "sandbox");
	const char *reviewer = settings_text(&cli->settings, SETTING_REVIEWER);
	struct desk_options options = { .store_path = settings_text(&cli->settings, SETTING_STORE),
					.actor = settings_chosen(&cli->settings, SETTING_REVIEWER),
					.world = cli->world,
					.log = cli->log };
	if (parsed_has(&cli->parsed, "readonly"))
		return error_set(error, ERR_USAGE, "init makes a store, which --readonly forbids");
	enum err err = desk_init(&options, sandbox, &path, &cli->arena, error);
	if (err)
		return err;
	if (cli_json(cli)) {
		struct json_value *object = json_new_object();
		json_set_text(object, "store", text_safe(&cli->arena, path, TEXT_UTF8));
		json_set_bool(object, "sandbox", sandbox);
		json_set_text(object, "admin", reviewer);
		out_json(&cli->out, object);
	} else {
		out_line(&cli->out, "%s is an empty %sstore now, and %s its admin", path, sandbox ? "sandbox " : "",
			 reviewer);
	}
	return ERR_OK;
}

static enum err run_import(struct cli *cli, struct error *error)
{
	return cli_import(cli, parsed_argument(&cli->parsed, 0), parsed_text(&cli->parsed, "rejects"), error);
}

const struct command commands_store[] = {
	{ .name = "init",
	  .summary = "Makes an empty store; who runs it becomes its admin",
	  .details =
		  "A sandbox store allows other names with --as (an unknown one becomes a lead), webhooks to this "
		  "machine over http, and deciding drafts.",
	  .role = "anyone",
	  .flags = COMMAND_JSON,
	  .run = run_init,
	  .options = { { "sandbox", 0, NULL, 0, NULL, "a store to play with" } } },
	{ .name = "demo",
	  .summary = "Opens the workbench on a throw-away store with sample cases",
	  .details = "When standard output is no terminal, the demo's inbox and list are printed instead.",
	  .role = "anyone",
	  .flags = 0,
	  .run = demo_run },
	{ .name = "import",
	  .summary = "Reads session documents, as lines of JSON or one JSON array",
	  .details = "Each document is its own all-or-nothing: what is refused is named on standard error with its "
		     "line, and the exit code is 3. An import sends no webhooks and decides nothing. Interrupted "
		     "and run again, it completes.",
	  .role = "reviewer; decided sessions: admin",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_import,
	  .arguments = { { "FILE", ARGUMENT_PATH, NULL, "the file; - is standard input" } },
	  .options = { { "rejects", 0, "FILE", OPTION_PATH, NULL,
			 "write refused lines, unchanged, to this file" } } },
};
