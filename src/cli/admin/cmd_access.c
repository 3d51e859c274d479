/* session; access add, access list, access remove, access keys: access of reviewers to the store over SSH. */
#include "../session.h"
#include "usage.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#define KEY_FILE_MAX (64 * 1024)

static struct json_value *add_key_row(struct entry row, const struct access_key *key)
{
	entry_add_cell(row, "reviewer", key->reviewer,
		       arena_printf(&row.cli->arena, "%s%s", key->reviewer, key->disabled ? " (disabled)" : ""));
	entry_add_text(row, "type", key->key.type);
	entry_add_text(row, "fingerprint", key->key.fingerprint);
	JSON_SET(row.object, JSON_TEXT("key", key->key.body), JSON_OR_NULL("comment", key->key.comment));
	table_add_cell(row.table, key->key.comment);
	entry_add_time(row, "added_at", key->added_at);
	entry_add_text(row, "added_by", key->added_by);
	json_set_bool(row.object, "disabled", key->disabled);
	return row.object;
}

static enum err run_add(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 0), *path = parsed_argument(&cli->command_line, 1);
	struct strbuf text = STRBUF_INIT;
	struct access_key *items = NULL;
	struct use_out out;
	size_t count = 0;
	enum err err = file_read_input(path, KEY_FILE_MAX, &text, error);

	if (!err && strlen(text.buf) != text.len)
		err = error_invalid(error, "key", "%s is not a text file", path);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_ACCESS_ADD, .part = name, .text = text.buf);
	strbuf_release(&text);
	if (!err && out.is_proposal)
		return cli_print_proposal(cli, name);
	if (!err && cli_is_json(cli))
		err = desk_access_keys(cli->desk, &cli->arena, "", &items, &count, error);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		if (strcmp(items[i].key.fingerprint, out.part_id) == 0)
			out_json(&cli->out, add_key_row(cli_new_json_entry(cli), &items[i]));
	if (!cli_is_json(cli))
		out_line(&cli->out, "%s has access with the key %s", name, out.part_id);
	return ERR_OK;
}

static enum err run_remove(struct cli *cli, struct error *error)
{
	const char *fingerprint = parsed_argument(&cli->command_line, 1);
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_ACCESS_REMOVE,
			       .part = parsed_argument(&cli->command_line, 0), .text = fingerprint);

	if (err)
		return err;
	return cli_print_result(
		cli, JSON_NEW(JSON_TEXT("reviewer", out.part_id), JSON_OR_NULL("fingerprint", fingerprint)),
		"%s no longer has access with %s%s", out.part_id, *fingerprint ? "the key " : "any key", fingerprint);
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct access_key *items;
	struct cli_rows rows;
	size_t count;
	enum err err =
		desk_access_keys(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), &items, &count, error);

	if (err)
		return err;
	cli_rows_begin(cli, "Reviewer|Type:8|Fingerprint:16|Comment:8|Added|By", &rows);
	for (size_t i = 0; i < count; i++)
		if (cli_row_begin(&rows, items[i].key.fingerprint))
			(void)add_key_row(cli_add_entry(cli, &rows), &items[i]);
	return cli_rows_end(cli, &rows, "reviewer,type,fingerprint,comment,added_at,added_by,disabled", error);
}

static enum err program_path(char out[PATH_MAX], struct error *error)
{
	ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);

	if (length < 0)
		return error_set(error, ERR_INTERNAL, "The path of this program cannot be read: %s", strerror(errno));
	out[length] = '\0';
	return ERR_OK;
}

static bool is_store_url(const char *store)
{
	return strstr(store, "://") != NULL;
}

/* Refuses a store with a line end in its path, which would break the line of each key in authorized_keys, and a
 * store with a password in its address, because every user of the machine can see the arguments of a command. */
static enum err check_store(const char *store, struct error *error)
{
	if (strpbrk(store, "\n\r"))
		return error_invalid(error, "store",
				     "The path of the store contains a line break, which sshd does not support. "
				     "Rename the folder or file");
	if (desk_address_has_password(store))
		return error_invalid(error, "store",
				     "The address of the store contains a password, which the command of an SSH "
				     "session would show to everybody on this machine; move the password to the "
				     "account's .pgpass");
	return ERR_OK;
}

static void print_authorized_key(struct cli *cli, const struct access_key *key, const char *program, const char *store)
{
	struct strbuf command = STRBUF_INIT, line = STRBUF_INIT;

	/* Quotes the words, because sshd runs the forced command in the account's shell. */
	completion_quote(&command, program);
	strbuf_adds(&command, " --store ");
	completion_quote(&command, store);
	strbuf_adds(&command, " session --reviewer ");
	completion_quote(&command, key->reviewer);
	strbuf_adds(&line, "restrict,pty,command=\"");
	/* The value of command= is in double quotes, in which \" is the only escape. */
	completion_escape(&line, command.buf, "\"");
	strbuf_addf(&line, "\" %s %s\n", key->key.type, key->key.body);
	out_bytes(&cli->out, line.buf, line.len);
	strbuf_release(&line);
	strbuf_release(&command);
}

static enum err run_keys(struct cli *cli, struct error *error)
{
	const char *store = settings_text(&cli->settings, SETTING_STORE);
	const struct desk_options options = { .store_path = store, .world = cli->world };
	struct access_key *items = NULL;
	char program[PATH_MAX];
	size_t count = 0;
	enum err err = program_path(program, error);

	if (!err && !is_store_url(store))
		store = path_real(&cli->arena, store);
	if (!err && !store)
		err = error_invalid(error, "store", "The folder of the store does not exist: %s",
				    settings_text(&cli->settings, SETTING_STORE));
	if (!err)
		err = check_store(store, error);
	if (!err)
		err = desk_access_keys_of_store(&options, &cli->arena, parsed_argument(&cli->command_line, 0), &items,
						&count, error);
	for (size_t i = 0; !err && i < count; i++)
		print_authorized_key(cli, &items[i], program, store);
	return err;
}

#define REVIEWER_ARGUMENT(flags) "NAME", (flags), "the reviewer"

static const struct command rows[] = {
	{ .name = "access add",
	  .summary = "Gives a reviewer access over SSH with a public key",
	  .details = "The key is one line in OpenSSH's format, as in id_ed25519.pub: ssh-ed25519, ssh-rsa of at "
		     "least 3072 bits, ecdsa-sha2-nistp256, -384 and -521, and the sk- types of security keys. A "
		     "key belongs to one reviewer; a reviewer may have several keys. docs/access.md explains how "
		     "to set up sshd.",
	  .verbs = { { VERB_ACCESS_ADD, "" } },
	  .example = "access add ana ana.pub",
	  .run = run_add,
	  .arguments = { { REVIEWER_ARGUMENT(0) },
			 { "KEYFILE", ARGUMENT_PATH | PATH_STREAM, "the public key; - is standard input" } } },
	{ .name = "access list",
	  .summary = "Lists the SSH keys of the reviewers",
	  .example = "access list ana",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .arguments = { { REVIEWER_ARGUMENT(ARGUMENT_OPTIONAL) } },
	  .options = { PAGE_OPTIONS } },
	{ .name = "access remove",
	  .summary = "Removes one SSH key of a reviewer, or all keys",
	  .details = "The removal applies from the next login; open SSH sessions continue. reviewer disable ends "
		     "open SSH sessions, too.",
	  .verbs = { { VERB_ACCESS_REMOVE, "" } },
	  .example = "access remove ana SHA256:y0n2gTz",
	  .run = run_remove,
	  .arguments = { { REVIEWER_ARGUMENT(0) },
			 { "FINGERPRINT", ARGUMENT_OPTIONAL,
			   "the fingerprint of the key, SHA256:...; default: all keys" } } },
	{ .name = "access keys",
	  .summary = "Prints the lines for sshd's AuthorizedKeysCommand",
	  .details = "Prints one line for each key of an active reviewer, with kybdesk session as the forced "
		     "command. Run as the account that owns the store; no reviewer is needed.",
	  .flags = COMMAND_NO_STORE | COMMAND_NO_JSON,
	  .example = "access keys ana",
	  .run = run_keys,
	  .arguments = { { REVIEWER_ARGUMENT(ARGUMENT_OPTIONAL) } } },
	{ .name = "session",
	  .summary = "Runs the command of an SSH client, or the workbench, as the reviewer that sshd authenticated",
	  .details = "This is the forced command of each key (see access keys). Only the account that owns the "
		     "store may run it. The client's command line (SSH_ORIGINAL_COMMAND) is split into words "
		     "without a shell and runs in this process; without a command line, the workbench opens. Files "
		     "of the server cannot be named: commands read standard input (-) and write standard output "
		     "(-). No other program is started; only the variables TERM, LANG, LC_*, COLUMNS, LINES, "
		     "NO_COLOR and SSH_AUTH_SOCK are used; --store and --as are refused. session open, session "
		     "submit and session extend are separate commands.",
	  .flags = COMMAND_NO_STORE | COMMAND_NO_JSON | COMMAND_NO_SETUP,
	  .example = "session --reviewer ana",
	  .run = ssh_run_session,
	  .options = { { "reviewer", "NAME", OPTION_REQUIRED, "the reviewer that sshd authenticated" } } },
};
const struct command_chapter commands_access = { COMMAND_CHAPTER("Access over SSH", rows) };
