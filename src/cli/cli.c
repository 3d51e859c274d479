/* Runs one command line: from argv to the exit status. */
#include "cli_internal.h"
#include "session.h"
#include "kybdesk/base/wait.h"
#include "kybdesk/base/locale.h"
#include "kybdesk/base/version.h"
#include "usage.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#define LOCALE_FALLBACK "C.UTF-8"

_Static_assert(SETTING_GRACE_DEFAULT_S == GRACE_DEFAULT_S, "config show must print the default that the desk uses");

/* Opens descriptors 0, 1 and 2 if they are closed: otherwise the store could get one of these numbers, and messages
 * would be written into the store. 0 is opened write-only, 1 and 2 read-only, so that each use fails visibly. */
static void open_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			return;
}

/* Whether --json is present; used before the arguments are parsed, because a parse error is also printed as JSON. */
static bool has_json_option(int argc, char *const *argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

static enum err choose_format(struct cli *cli, struct error *error)
{
	static const struct {
		const char *option;
		unsigned flag;
		enum out_format format;
	} formats[] = { { "json", COMMAND_NO_JSON, OUT_JSON },
			{ "ndjson", COMMAND_LIST, OUT_NDJSON },
			{ "csv", COMMAND_LIST, OUT_CSV } };
	const struct command *command = cli->command_line.command;
	size_t chosen = 0;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (!parsed_has_option(&cli->command_line, formats[i].option))
			continue;
		if (chosen++ > 0)
			return error_set(error, ERR_USAGE, "Use only one of --json, --ndjson and --csv");
		if (!((command->flags ^ COMMAND_NO_JSON) & formats[i].flag))
			return error_set(error, ERR_USAGE, "%s has no --%s form", command->name, formats[i].option);
		cli->out.format = formats[i].format;
	}
	return ERR_OK;
}

CLI_WORDS(cli_log_words, "text", "json");

static enum err choose_log_format(struct cli *cli, struct error *error)
{
	for (size_t i = 0; i < cli->command_line.option_count; i++) {
		const struct option_value *option = &cli->command_line.options[i];

		if (option->spec->words != cli_log_words)
			continue;
		if (!strcmp(option->value, "json"))
			cli->log.json_clock = cli->world;
		else if (strcmp(option->value, "text") != 0)
			return cli_unknown_word_error("log", "format of the log", option->value, cli_log_words, error);
	}
	return ERR_OK;
}

enum err settings_from_options(struct arena *arena, const struct world *world, const struct command_line *command_line,
			       struct settings *out, struct error *error)
{
	/* value: the setting's value if the flag is present; NULL: the option has a value, which becomes the
	 * setting's value. */
	static const struct {
		const char *name, *value;
		struct setting_input input;
	} options[] = {
		{ "store", NULL, { SETTING_STORE, NULL, "--store" } },
		{ "as", NULL, { SETTING_REVIEWER, NULL, "--as" } },
		{ "theme", NULL, { SETTING_THEME, NULL, "--theme" } },
		{ "no-color", "false", { SETTING_COLOR, NULL, "--no-color" } },
		{ "no-mouse", "false", { SETTING_MOUSE, NULL, "--no-mouse" } },
		{ "accessible", "true", { SETTING_ACCESSIBLE, NULL, "--accessible" } },
	};
	struct setting_input input[sizeof options / sizeof *options];
	size_t count = 0;
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		if (!parsed_has_option(command_line, options[i].name))
			continue;
		input[count] = options[i].input;
		input[count++].value =
			options[i].value ? options[i].value : parsed_option_text(command_line, options[i].name);
	}
	return settings_read(arena, world, input, count, out, error);
}

/* Sets the colours and the time zone. No thread runs yet. */
static void use_settings(struct cli *cli)
{
	const char *zone = settings_text_if_set(&cli->settings, SETTING_TIME_ZONE);
	const char *origin = cli->settings.items[SETTING_TIME_ZONE].origin;

	cli->out.use_color = cli->out.terminal && settings_bool(&cli->settings, SETTING_COLOR);
	if (zone && strcmp(origin, "TZ") != 0 && !world_set_time_zone(zone))
		log_warn(&cli->log, "Times are in the machine's zone: %s is not installed here (time_zone, from %s)",
			 zone, origin);
}

static enum err get_own_text(void *context, enum own_text_kind kind, struct strbuf *out, struct error *error)
{
	return desk_read_own_text(((struct cli *)context)->desk, own_text_kinds[kind], out, error);
}

static enum err put_own_text(void *context, enum own_text_kind kind, const struct own_text_change *change,
			     struct error *error)
{
	return desk_own_text_set(((struct cli *)context)->desk, own_text_kinds[kind], change->before, change->after,
				 error);
}

/* Over SSH the store keeps what a local reviewer has in files. A fault in it must not lock the reviewer out. */
static void take_own_settings(struct cli *cli)
{
	struct error error = { 0 };

	cli->own_texts = (struct own_text_store){ get_own_text, put_own_text, cli };
	if (settings_read_own(&cli->arena, &cli->own_texts, &cli->settings, &error))
		log_warn(&cli->log, "Your settings do not apply: %s", error.message);
	error_release(&error);
	use_settings(cli);
}

static enum err set_up_cli(struct cli *cli, struct error *error)
{
	bool quiet = parsed_has_option(&cli->command_line, "quiet"),
	     verbose = parsed_has_option(&cli->command_line, "verbose");
	enum err err = choose_log_format(cli, error);
	if (err)
		return err;
	if (quiet && verbose)
		return error_set(error, ERR_USAGE, "Use only one of --quiet and --verbose");
	cli->log.level = quiet ? LOG_QUIET : verbose ? LOG_VERBOSE : LOG_NORMAL;
	cli->is_interactive = !quiet && isatty(STDERR_FILENO) == 1;
	if (cli->lacks_utf8_locale)
		log_warn(&cli->log, "Names are shown in ASCII: the locale " LOCALE_FALLBACK
				    " is missing here; install it with: apt-get install libc-bin");
	if (!cli->command_line.command || !(cli->command_line.command->flags & COMMAND_NO_SETUP))
		err = settings_from_options(&cli->arena, cli->world, &cli->command_line, &cli->settings, error);
	if (!err && cli->ssh_reviewer) {
		settings_put(&cli->settings, SETTING_STORE, cli->ssh_store, "session");
		settings_put(&cli->settings, SETTING_REVIEWER, cli->ssh_reviewer, "session");
	}
	if (!err && cli->settings.config_path)
		use_settings(cli);
	return err;
}

struct desk_options cli_desk_options(struct cli *cli)
{
	return (struct desk_options){ .store_path = settings_text(&cli->settings, SETTING_STORE),
				      .actor = settings_text_if_set(&cli->settings, SETTING_REVIEWER),
				      .world = cli->world,
				      .log = cli->log };
}

enum err cli_open_store(struct cli *cli, const char *path, bool readonly, struct error *error)
{
	struct desk_options options = cli_desk_options(cli);
	options.store_path = path;
	options.readonly = readonly;
	if (cli->command_line.command)
		options.process = arena_printf(&cli->arena, "kybdesk %s", cli->command_line.command->name);
	enum err err = desk_open(&options, &cli->desk, error);
	if (!err && cli->ssh_reviewer)
		take_own_settings(cli);
	if (!err)
		desk_set_grace(cli->desk, settings_number(&cli->settings, SETTING_GRACE_SECONDS));
	return err;
}

enum err cli_open_desk(struct cli *cli, struct error *error)
{
	return cli_open_store(cli, settings_text(&cli->settings, SETTING_STORE),
			      parsed_has_option(&cli->command_line, "readonly"), error);
}

static enum err run_workbench(struct cli *cli, struct error *error)
{
	const struct workbench_options options = { .settings = &cli->settings,
						   .world = cli->world,
						   .readonly = parsed_has_option(&cli->command_line, "readonly") };
	if (cli->ssh_reviewer && cli_open_desk(cli, error))
		return error->code;
	desk_close(cli->desk);
	cli->desk = NULL;
	cli->exit_status = cli->front_ends->workbench(&options, error);
	return error->code;
}

static void print_help(struct cli *cli, struct output *out)
{
	struct strbuf text = STRBUF_INIT;
	usage_write_help(&text, &cli->command_line);
	out_bytes(out, text.buf, text.len);
	strbuf_release(&text);
}

/* Runs a command line without a command: opens the workbench on a terminal. */
static enum err run_without_command(struct cli *cli, struct error *error)
{
	struct output side;
	enum err err;
	if (!cli->command_line.group && !cli_is_json(cli) && cli->out.terminal && isatty(STDIN_FILENO) == 1) {
		err = set_up_cli(cli, error);
		return err ? err : run_workbench(cli, error);
	}
	if (cli_is_json(cli))
		return error_set(error, ERR_USAGE, "a command is missing; see kybdesk --help");
	out_init(&side, STDERR_FILENO, cli->mode);
	print_help(cli, &side);
	err = out_finish(&side, error);
	out_release(&side);
	cli->status = ERR_USAGE;
	return err;
}

enum err cli_run(struct cli *cli, int argc, char *const *argv, struct error *error)
{
	enum err err;
	cli->out.format = has_json_option(argc, argv) ? OUT_JSON : OUT_TABLE;
	err = command_parse(&cli->arena, command_set(), argc, argv, &cli->command_line, error);
	if (!err && cli->ssh_reviewer)
		err = ssh_check_command(&cli->command_line, error);
	if (err)
		return err;
	if (cli->command_line.help) {
		print_help(cli, &cli->out);
		return ERR_OK;
	}
	if (cli->command_line.version)
		return cli_print_result(cli, JSON_NEW(JSON_TEXT("version", program_version)), "kybdesk %s",
					program_version);
	if (!cli->command_line.command)
		return run_without_command(cli, error);
	if ((err = choose_format(cli, error)) || (err = set_up_cli(cli, error)))
		return err;
	if (cli->command_line.command->flags & COMMAND_LONG)
		wait_set_answer_limit(WAIT_LONG_ANSWER_MS);
	unsigned flags = cli->command_line.command->flags;
	if ((!(flags & COMMAND_NO_STORE) || (cli->ssh_reviewer && flags & COMMAND_OWN_FILES)) &&
	    (err = cli_open_desk(cli, error)))
		return err;
	if (cli->command_line.command->flags & COMMAND_RUNS_DUE_WORK)
		cli_run_due_work(cli);
	return (cli->command_line.command->run ? cli->command_line.command->run : cli_run_first_verb)(cli, error);
}

static bool is_locale_set(const struct world *world)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *value = world_environment(world, variables[i]);
		if (value && *value)
			return true;
	}
	return false;
}

/* Sets the locale that LC_ALL, LC_CTYPE or LANG names, or C.UTF-8 if no locale is named or the named locale is not
 * installed. False: C.UTF-8 is not installed either; the locale is then "C" and text_mode_of_locale() is TEXT_ASCII. */
static bool choose_locale(const struct world *world)
{
	if ((is_locale_set(world) && setlocale(LC_CTYPE, "")) || setlocale(LC_CTYPE, LOCALE_FALLBACK))
		return true;
	(void)setlocale(LC_CTYPE, "C");
	return false;
}

int cli_main(int argc, char *const *argv, const struct world *world, const struct cli_front_ends *front_ends)
{
	struct error error = { 0 }, late = { 0 };
	open_standard_descriptors();
	(void)json_set_up();
	crypto_set_up();
	/* Ignores SIGPIPE: a closed pipe must not end the program in the middle of a change. */
	(void)signal(SIGPIPE, SIG_IGN);
	/* Ignores SIGXFSZ: a file at its size limit is reported and rolled back like a full disk. */
	(void)signal(SIGXFSZ, SIG_IGN);
	bool has_locale = choose_locale(world);
	struct cli cli = { .world = world,
			   .front_ends = front_ends,
			   .arena = ARENA_INIT,
			   .log = { .level = LOG_NORMAL, .fd = STDERR_FILENO },
			   .mode = text_mode_of_locale(),
			   .lacks_utf8_locale = !has_locale };
	out_init(&cli.out, STDOUT_FILENO, cli.mode);
	enum err err = cli_run(&cli, argc, argv, &error);
	desk_close(cli.desk);
	if (err) {
		cli.status = err;
		cli.exit_status = 0;
		cli_print_error(&cli, &error);
	}
	if (out_finish(&cli.out, &late)) {
		cli.out.format = OUT_TABLE;
		cli_print_error(&cli, &late);
		if (cli.status == ERR_OK)
			cli.status = late.code;
	}
	int status = cli.exit_status ? cli.exit_status : error_exit_status(cli.status);
	error_release(&late);
	error_release(&error);
	out_release(&cli.out);
	arena_release(&cli.arena);
	return status;
}
