/* reviewer add, reviewer list, reviewer role, reviewer disable, reviewer key. */
#include "../cli_internal.h"
#include "kybdesk/base/text.h"

#define PEOPLE_FILE_MAX (1024 * 1024)
#define PERSON_CELLS 4
#define PROPOSED "proposed"

static enum err read_role(const char *text, enum role *role, struct error *error)
{
	if (role_parse(text, role) && role_is_assignable(*role))
		return ERR_OK;
	return cli_unknown_word_error("role", "role of a reviewer", text, assignable_role_words, error);
}

static struct json_value *add_reviewer_row(struct entry row, const struct reviewer_info *reviewer)
{
	entry_add_text(row, "name", reviewer->name);
	entry_add_text(row, "role", role_text(reviewer->role));
	json_set_bool(row.object, "supervised", reviewer->supervised);
	json_set_bool(row.object, "disabled", reviewer->disabled);
	entry_add_time(row, "created_at", reviewer->created_at);
	json_set_time(row.object, "key_created_at", reviewer->key_created_at);
	table_addf(row.table, "%s%s%s", reviewer->disabled ? "disabled " : "",
		   reviewer->supervised ? "supervised " : "", reviewer->key_created_at != TIME_NONE ? "API key" : "");
	return row.object;
}

static enum err print_reviewer(struct cli *cli, const char *name, const char *sentence, struct error *error)
{
	struct reviewer_info *items;
	size_t count;
	enum err err = desk_reviewers(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	for (size_t i = 0; cli_is_json(cli) && i < count; i++)
		if (strcmp(items[i].name, name) == 0)
			out_json(&cli->out, add_reviewer_row(cli_new_json_entry(cli), &items[i]));
	if (!cli_is_json(cli))
		out_line(&cli->out, "%s %s", name, sentence);
	return ERR_OK;
}

enum err cli_print_proposal(struct cli *cli, const char *name)
{
	const struct command_verb *verb = &cli->command_line.command->verbs[0];

	return cli_print_result(cli, JSON_NEW(JSON_TEXT("name", name), JSON_BOOL("offered", true)),
				"The change of %s is proposed: it takes effect when another %s runs the same command",
				name, role_text(use_cases[verb->verb].role));
}

static enum err print_role_change(struct cli *cli, const struct use_out *out, enum role role, struct error *error)
{
	const char *word = role_text(role), *text = "is an intake user now";
	if (out->is_proposal)
		return cli_print_proposal(cli, out->part_id);
	if (role != ROLE_INTAKE)
		text = arena_printf(&cli->arena, "is %s %s now", indefinite_article(word), word);
	return print_reviewer(cli, out->part_id, text, error);
}

/* A line of people.csv: name, role, "supervised" or nothing, SSH key or nothing. Splits it in place at commas. */
static enum err read_person(char *line, const char *cells[PERSON_CELLS], struct error *error)
{
	size_t count = 0;

	for (char *at = line, *end; at; at = end) {
		end = count + 1 < PERSON_CELLS ? strchr(at, ',') : NULL;
		if (end)
			*end++ = '\0';
		at += strspn(at, " \t");
		size_t length = strlen(at);
		while (length && strchr(" \t\r", at[length - 1]))
			at[--length] = '\0';
		cells[count++] = at;
	}
	for (size_t i = count; i < PERSON_CELLS; i++)
		cells[i] = "";
	if (!*cells[0] || !*cells[1])
		return error_invalid(error, "line", "a line is NAME,ROLE or NAME,ROLE,supervised,SSH-KEY");
	if (*cells[2] && strcmp(cells[2], "supervised") != 0)
		return error_invalid(error, "supervised", "\"%s\" stands where supervised or nothing can stand",
				     cells[2]);
	return ERR_OK;
}

static enum err add_person(struct cli *cli, char *line, const char **name, const char **result, struct error *error)
{
	const char *cells[PERSON_CELLS];
	struct use_out out = { 0 };
	enum role role;
	enum err err = read_person(line, cells, error);

	*name = err ? "" : cells[0];
	if (!err)
		err = read_role(cells[1], &role, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_REVIEWER_ADD, .part = cells[0], .role = role,
			      .supervised = *cells[2] != '\0');
	*result = out.is_proposal ? PROPOSED : "added";
	if (err || !*cells[3] || out.is_proposal) /* a proposed person cannot have a key yet */
		return err;
	err = CLI_RUN(cli, &out, error, .verb = VERB_ACCESS_ADD, .part = cells[0], .text = cells[3]);
	if (err)
		error_prefix(error, "added, but without the key: correct it and run access add");
	*result = out.is_proposal ? "added, key proposed" : "added with key";
	return err;
}

/* Each line is a person, added by itself. Refused lines are named, and the exit code is then 3. */
static enum err add_people(struct cli *cli, const char *path, struct error *error)
{
	struct json_value *lines = json_new_array();
	struct strbuf text = STRBUF_INIT;
	int64_t added = 0, proposed = 0, refused = 0, number = 0;
	enum err err = file_read_input(path, PEOPLE_FILE_MAX, &text, error);

	for (char *line = text.buf, *end; !err && *line; line = end) {
		const char *name = "", *result = "";
		struct error why = { 0 };

		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		number++;
		if (!line[strspn(line, " \t\r")] || *line == '#' || (number == 1 && text_has_prefix(line, "name,")))
			continue;
		bool good = add_person(cli, line, &name, &result, &why) == ERR_OK;
		bool waits = good && !strcmp(result, PROPOSED);
		added += good && !waits;
		proposed += waits;
		refused += !good;
		json_append(lines, JSON_NEW(JSON_INT("line", number), JSON_TEXT("name", cli_safe_text(cli, name)),
					    JSON_TEXT("result", good ? result : "refused"),
					    JSON_OR_NULL("message", good ? "" : cli_safe_text(cli, why.message))));
		if (!cli_is_json(cli))
			out_line(&cli->out, "line %lld: %s%s%s", (long long)number, name, *name ? ": " : "",
				 good ? result : why.message);
		error_release(&why);
	}
	strbuf_wipe(&text);
	if (err) {
		json_free(lines);
		return err;
	}
	if (refused)
		cli->status = ERR_PARTIAL;
	return cli_print_result(cli,
				JSON_NEW(JSON_INT("added", added), JSON_INT("proposed", proposed),
					 JSON_INT("refused", refused), JSON_VALUE("lines", lines)),
				"%lld added, %lld wait for another admin, %lld refused%s", (long long)added,
				(long long)proposed, (long long)refused,
				refused ? "; correct the refused lines and run a file with them only" : "");
}

static enum err run_reviewer_add(struct cli *cli, struct error *error)
{
	const char *file = parsed_option_text(&cli->command_line, "file"),
		   *name = cli->command_line.argument_count ? parsed_argument(&cli->command_line, 0) : NULL;
	bool supervised = parsed_has_option(&cli->command_line, "supervised");
	enum role role;
	struct use_out out;

	if (file && (name || supervised || parsed_has_option(&cli->command_line, "role")))
		return error_set(error, ERR_USAGE, "With --file, the names, roles and supervised stand in the file");
	if (file)
		return add_people(cli, file, error);
	if (!name || !parsed_has_option(&cli->command_line, "role"))
		return error_set_field(error, ERR_USAGE, name ? "role" : "NAME",
				       "%s is missing: kybdesk reviewer add NAME --role ROLE, or --file people.csv",
				       name ? "--role" : "NAME");
	enum err err = read_role(cli_option_text(cli, "role"), &role, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_REVIEWER_ADD, .part = name, .role = role,
			      .supervised = supervised);
	return err ? err : print_role_change(cli, &out, role, error);
}

static enum err run_reviewer_role(struct cli *cli, struct error *error)
{
	enum role role;
	enum err err = read_role(parsed_argument(&cli->command_line, 1), &role, error);
	struct use_out out;
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_REVIEWER_ROLE,
			      .part = parsed_argument(&cli->command_line, 0), .role = role);
	return err ? err : print_role_change(cli, &out, role, error);
}

static enum err run_reviewer_disable(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 0);
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_REVIEWER_DISABLE, .part = name);
	return err ? err : print_reviewer(cli, out.part_id, "is disabled, and their claims are released", error);
}

void cli_print_new_key(struct cli *cli, struct json_value *object, const char *then)
{
	if (cli_is_json(cli))
		out_json(&cli->out, object);
	else
		out_json_line(&cli->out, object);
	if (cli->is_interactive)
		log_warn(&cli->log, "the key is shown only once%s", then);
}

static enum err run_reviewer_key(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 0);
	struct strbuf key = STRBUF_INIT;
	struct json_value *object;
	struct use_out out;
	enum err err;

	if (parsed_has_option(&cli->command_line, "revoke")) {
		err = CLI_RUN(cli, &out, error, .verb = VERB_REVIEWER_KEY_REVOKE, .part = name);
		return err ? err : print_reviewer(cli, name, "no longer has an API key", error);
	}
	err = CLI_RUN(cli, &out, error, .verb = VERB_REVIEWER_KEY, .part = name, .content_out = &key);
	if (!err && out.is_proposal) {
		err = cli_print_proposal(cli, name);
	} else if (!err) {
		object = JSON_NEW(JSON_TEXT("name", name), JSON_TEXT("api_key", key.buf));
		cli_print_new_key(cli, object, "; the previous key is no longer valid");
	}
	strbuf_wipe(&key);
	return err;
}

static enum err run_reviewer_list(struct cli *cli, struct error *error)
{
	struct reviewer_info *items;
	struct cli_rows rows;
	size_t count;
	enum err err = desk_reviewers(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Name:10|Role|Since|:8", &rows);
	for (size_t i = 0; i < count; i++)
		if (cli_row_begin(&rows, items[i].name))
			(void)add_reviewer_row(cli_add_entry(cli, &rows), &items[i]);
	return cli_rows_end(cli, &rows, "name,role,supervised,disabled,created_at,key_created_at", error);
}

static enum err run_offer_list(struct cli *cli, struct error *error)
{
	const bool mine = parsed_has_option(&cli->command_line, "mine");
	struct offered_change *items;
	struct cli_rows rows;
	size_t count;
	enum err err = desk_offers(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Since|By|Change:20|:8", &rows);
	for (size_t i = 0; i < count; i++) {
		const struct offered_change *one = &items[i];
		if ((mine && !one->is_for_actor) ||
		    !cli_row_begin(&rows, arena_printf(&cli->arena, "%s %s", one->action, one->part)))
			continue;
		struct entry row = cli_add_entry(cli, &rows);
		entry_add_time(row, "offered_at", one->at);
		entry_add_text(row, "offered_by", one->by);
		entry_add_text(row, "change", one->change);
		JSON_ADD(row.object, { "action", AS_TEXT(one->action) }, { "part", AS_TEXT(one->part) },
			 { "advice", AS_TEXT(one->advice) }, { "for_you", AS_BOOL(one->is_for_actor) });
		table_add_styled(row.table, one->is_for_actor ? CELL_WARNING : CELL_PLAIN,
				 one->is_for_actor ? "waits for you" : "");
	}
	return cli_rows_end(cli, &rows, "offered_at,offered_by,change,action,part,advice,for_you", error);
}

#define NAME_ARGUMENT "NAME", 0, "the reviewer; in production a user of the operating system"
static const struct command rows[] = {
	{ .name = "reviewer add",
	  .summary = "Adds a reviewer, or each person of a file",
	  .details = "A line of the file is NAME,ROLE, or NAME,ROLE,supervised,KEY with the line of a public SSH key; "
		     "supervised and KEY may be empty. Each line is added by itself: good lines are kept, refused "
		     "lines are named with the reason, and the exit code is then 3. With several admins another one "
		     "runs the same file; its keys are then proposed, and confirmed with access add. Lines that begin "
		     "with # and a "
		     "first line that begins with name, are skipped.",
	  .verbs = { { VERB_REVIEWER_ADD, "" }, { VERB_ACCESS_ADD, "" } },
	  .example = "reviewer add ana --role reviewer",
	  .run = run_reviewer_add,
	  .arguments = { { "NAME", ARGUMENT_OPTIONAL, "the reviewer; in production a user of the operating system" } },
	  .options = { { "role", "ROLE", 0, "viewer, intake, reviewer, lead or admin", assignable_role_words },
		       { "file", "FILE", OPTION_PATH | PATH_STREAM, "people.csv; - is standard input" },
		       { "supervised", NULL, 0,
			 "each approval or rejection by the reviewer needs a second person" } } },
	{ .name = "reviewer list",
	  .summary = "Lists the reviewers",
	  .example = "reviewer list",
	  .flags = COMMAND_LIST,
	  .run = run_reviewer_list,
	  .options = { PAGE_OPTIONS } },
	{ .name = "reviewer role",
	  .summary = "Changes the role of a reviewer",
	  .verbs = { { VERB_REVIEWER_ROLE, "" } },
	  .example = "reviewer role ana lead",
	  .run = run_reviewer_role,
	  .arguments = { { NAME_ARGUMENT },
			 { "ROLE", 0, "viewer, intake, reviewer, lead or admin", assignable_role_words } } },
	{ .name = "reviewer disable",
	  .summary = "Ends a reviewer's access permanently; the name cannot be used again",
	  .details = "The change takes effect at once. In production with several admins, some changes need two "
		     "admins; a disabled admin is still counted for one week, so that an admin cannot become the "
		     "only admin by disabling the other admin.",
	  .verbs = { { VERB_REVIEWER_DISABLE, "" } },
	  .example = "reviewer disable ana",
	  .run = run_reviewer_disable,
	  .arguments = { { NAME_ARGUMENT } } },
	{ .name = "reviewer key",
	  .summary = "Creates a reviewer's API key and prints it once, as JSON",
	  .details = "Requests with this key act as the reviewer, with the reviewer's current role, claims and "
		     "limits. The key is for PATCH /kyc/sessions/{session_id} and for corrections; in a production "
		     "store a merchant's key cannot decide. A new key replaces the previous key; disabling the "
		     "reviewer revokes it.",
	  .verbs = { { VERB_REVIEWER_KEY, "" }, { VERB_REVIEWER_KEY_REVOKE, "revoke" } },
	  .example = "reviewer key ana",
	  .run = run_reviewer_key,
	  .arguments = { { NAME_ARGUMENT } },
	  .options = { { "revoke", NULL, 0, "revoke the key; do not create a new key" } } },
	{ .name = "offer list",
	  .summary = "Lists the changes that wait for a second admin or lead, the oldest first",
	  .details =
		  "The change takes effect when another person of the same role runs the same command; the workbench "
		  "shows the list under g o, and in its first line how many wait for you.",
	  .example = "offer list --mine",
	  .flags = COMMAND_LIST,
	  .run = run_offer_list,
	  .options = { { "mine", NULL, 0, "only those that you can confirm" }, PAGE_OPTIONS } },
};
const struct command_chapter commands_admin = { COMMAND_CHAPTER("People", rows) };
