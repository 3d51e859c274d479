/* reviewer add, list, role, disable, key; merchant add, list, key. */
#include "cli_internal.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/domain/permission.h"

#include <string.h>

static enum err read_role(const char *text, enum role *role, struct error *error)
{
	if (role_parse(text, role) && role_is_a_persons(*role))
		return ERR_OK;
	return cli_unknown_word("role", "role of a reviewer", text, role_person_words, error);
}

static struct json_value *reviewer_json(const struct reviewer_info *reviewer)
{
	struct json_value *object = json_new_object();

	json_set_text(object, "name", reviewer->name);
	json_set_text(object, "role", role_text(reviewer->role));
	json_set_bool(object, "supervised", reviewer->supervised);
	json_set_bool(object, "disabled", reviewer->disabled);
	json_set_time(object, "created_at", reviewer->created_at);
	json_set_time(object, "key_created_at", reviewer->key_created_at);
	return object;
}

static enum err print_reviewer(struct cli *cli, const char *name, const char *sentence, struct error *error)
{
	struct reviewer_info *items;
	size_t count;
	enum err err = desk_reviewers(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	for (size_t i = 0; cli_json(cli) && i < count; i++)
		if (strcmp(items[i].name, name) == 0)
			out_json(&cli->out, reviewer_json(&items[i]));
	if (!cli_json(cli))
		out_line(&cli->out, "%s %s", name, sentence);
	return ERR_OK;
}

void cli_offered(struct cli *cli, const char *name)
{
	if (cli_json(cli)) {
		struct json_value *object = json_new_object();
		json_set_text(object, "name", name);
		json_set_bool(object, "offered", true);
		out_json(&cli->out, object);
		return;
	}
	out_line(&cli->out,
		 "The change of %s is proposed: it takes effect when another admin gives the same command", name);
}

static const char *is_now(struct cli *cli, enum role role)
{
	if (role == ROLE_INTAKE)
		return "is an intake user now";
	return arena_printf(&cli->arena, "is %s %s now", role == ROLE_ADMIN ? "an" : "a", role_text(role));
}

static enum err run_reviewer_add(struct cli *cli, struct error *error)
{
	enum role role;
	const char *name = parsed_argument(&cli->parsed, 0);
	enum err err = read_role(cli_text(cli, "role"), &role, error);
	struct use_out out;
	if (err || (err = CLI_DO(cli, &out, error, .verb = VERB_REVIEWER_ADD, .part = name, .role = role,
				 .supervised = parsed_has(&cli->parsed, "supervised"))))
		return err;
	if (out.offered) {
		cli_offered(cli, out.part_id);
		return ERR_OK;
	}
	return print_reviewer(cli, out.part_id, is_now(cli, role), error);
}

static enum err run_reviewer_role(struct cli *cli, struct error *error)
{
	enum role role;
	const char *name = parsed_argument(&cli->parsed, 0);
	enum err err = read_role(parsed_argument(&cli->parsed, 1), &role, error);
	struct use_out out;
	if (err || (err = CLI_DO(cli, &out, error, .verb = VERB_REVIEWER_ROLE, .part = name, .role = role)))
		return err;
	if (out.offered) {
		cli_offered(cli, out.part_id);
		return ERR_OK;
	}
	return print_reviewer(cli, out.part_id, is_now(cli, role), error);
}

static enum err run_reviewer_disable(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->parsed, 0);
	struct use_out out;
	enum err err = CLI_DO(cli, &out, error, .verb = VERB_REVIEWER_DISABLE, .part = name);
	return err ? err : print_reviewer(cli, out.part_id, "is disabled; their claims are released", error);
}

/* Prints JSON in every output format. */
static void print_key(struct cli *cli, struct json_value *object)
{
	if (cli_json(cli))
		out_json(&cli->out, object);
	else
		out_json_line(&cli->out, object);
	if (cli->to_people)
		log_warn(&cli->log, "the key is shown only once; the previous key no longer works");
}

static enum err run_reviewer_key(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->parsed, 0);
	struct strbuf key = STRBUF_INIT;
	struct json_value *object;
	struct use_out out;
	enum err err;

	if (parsed_has(&cli->parsed, "revoke")) {
		err = CLI_DO(cli, &out, error, .verb = VERB_REVIEWER_KEY_REVOKE, .part = name);
		return err ? err : print_reviewer(cli, name, "has no API key now", error);
	}
	err = CLI_DO(cli, &out, error, .verb = VERB_REVIEWER_KEY, .part = name, .into = &key);
	if (!err && out.offered) {
		cli_offered(cli, name);
	} else if (!err) {
		object = json_new_object();
		json_set_text(object, "name", name);
		json_set_text(object, "api_key", key.buf);
		print_key(cli, object);
	}
	strbuf_wipe(&key);
	return err;
}

static enum err run_reviewer_list(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = {
		{ "Name", TEXT_LEFT, 10 },
		{ "Role", TEXT_LEFT, 0 },
		{ "Since", TEXT_LEFT, 0 },
		{ "", TEXT_LEFT, 8 },
	};
	struct reviewer_info *items;
	struct cli_slice slice;
	size_t count;
	enum err err = desk_reviewers(cli->desk, &cli->arena, &items, &count, error);
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
		json_append(data, reviewer_json(&items[i]));
		table_add(table, items[i].name);
		table_add(table, role_text(items[i].role));
		table_add(table, time_text(&cli->arena, items[i].created_at));
		table_addf(table, "%s%s%s", items[i].disabled ? "disabled " : "",
			   items[i].supervised ? "supervised " : "",
			   items[i].key_created_at != TIME_NONE ? "API key" : "");
	}
	return cli_page(cli, data, table, slice.next);
}

static enum err run_merchant_add(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->parsed, 0);
	struct use_out out;
	enum err err = CLI_DO(cli, &out, error, .verb = VERB_MERCHANT_ADD, .part = name);
	if (err)
		return err;
	if (cli_json(cli)) {
		struct json_value *object = json_new_object();
		json_set_text(object, "name", name);
		out_json(&cli->out, object);
	} else {
		out_line(&cli->out, "merchant %s is added; create its API key with 'merchant key'", name);
	}
	return ERR_OK;
}

/* The permissions of the merchant's key; empty without a key. */
static struct json_value *permissions_json(const struct merchant_info *merchant)
{
	struct json_value *list = json_new_array();
	enum permission permission;
	size_t count;
	const char *const *words = permission_words(&count);

	for (size_t i = 0; merchant->has_key && i < count; i++) {
		if (permission_parse(words[i], &permission) && merchant->permissions & 1u << permission)
			json_append(list, json_new_string(words[i]));
	}
	return list;
}

static struct json_value *providers_json(const char *merchant, const struct provider_key_info *items, size_t count)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < count; i++) {
		struct json_value *object;

		if (strcmp(items[i].merchant, merchant) != 0)
			continue;
		object = json_new_object();
		json_set_text(object, "name", items[i].name);
		json_set_text(object, "checks", items[i].checks);
		json_set_time(object, "created_at", items[i].created_at);
		json_append(list, object);
	}
	return list;
}

static const char *providers_shown(struct cli *cli, const char *merchant, const struct provider_key_info *items,
				   size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		if (!strcmp(items[i].merchant, merchant))
			text = arena_printf(&cli->arena, "%s%s%s (%s)", text, *text ? ", " : "", items[i].name,
					    items[i].checks);
	return *text ? text : "-";
}

static const char *permissions_shown(struct cli *cli, const struct merchant_info *merchant)
{
	const char *text = permissions_text(&cli->arena, merchant->permissions);

	return !merchant->has_key ? "-" : *text ? text : "all";
}

static enum err run_merchant_list(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = {
		{ "Name", TEXT_LEFT, 10 },	 { "API code", TEXT_LEFT, 10 }, { "Key", TEXT_LEFT, 0 },
		{ "Permissions", TEXT_LEFT, 0 }, { "Providers", TEXT_LEFT, 8 }, { "Since", TEXT_LEFT, 0 },
	};
	struct provider_key_info *providers;
	struct merchant_info *items;
	struct cli_slice slice;
	size_t count, provider_count;
	enum err err = desk_merchants(cli->desk, &cli->arena, &items, &count, error);
	if (!err)
		err = desk_provider_keys(cli->desk, &cli->arena, &providers, &provider_count, error);
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
		json_set_text_or_null(object, "api_code", items[i].api_code);
		json_set_bool(object, "has_key", items[i].has_key);
		json_set(object, "permissions", permissions_json(&items[i]));
		json_set(object, "providers", providers_json(items[i].name, providers, provider_count));
		json_set_time(object, "created_at", items[i].created_at);
		json_append(data, object);
		table_add(table, items[i].name);
		table_add(table, *items[i].api_code ? items[i].api_code : "-");
		table_add(table, items[i].has_key ? "yes" : "no");
		table_add(table, permissions_shown(cli, &items[i]));
		table_add(table, providers_shown(cli, items[i].name, providers, provider_count));
		table_add(table, time_text(&cli->arena, items[i].created_at));
	}
	return cli_page(cli, data, table, slice.next);
}

static enum err read_permission(const char *text, unsigned *permissions, struct error *error)
{
	enum permission permission = PERMIT_NOBODY;
	enum err err = CLI_WORD(permission, text, &permission, "permission", "permission of a key", error);

	*permissions |= 1u << permission;
	return err;
}

/* Kinds with commas between them, the option repeated or not. */
static enum err read_checks(struct cli *cli, unsigned *checks, struct error *error)
{
	size_t count;
	const char **texts = parsed_all(&cli->parsed, &cli->arena, "provider", &count);
	enum err err = ERR_OK;

	for (size_t i = 0; i < count; i++) {
		const char *text = texts[i];

		for (size_t length; !err && *text; text += length + (text[length] == ',')) {
			enum check_kind kind = CHECK_KIND_COUNT;

			length = strcspn(text, ",");
			err = CLI_WORD(check_kind, arena_strndup(&cli->arena, text, length), &kind, "provider",
				       "kind of check", error);
			if (!err)
				*checks |= 1u << kind;
		}
	}
	return err;
}

static enum err run_provider_key(struct cli *cli, struct error *error)
{
	const char *merchant = parsed_argument(&cli->parsed, 0), *name = cli_text(cli, "name");
	struct strbuf key = STRBUF_INIT;
	struct json_value *object;
	struct use_out out;
	unsigned checks = 0;
	enum err err = ERR_OK;

	if (!*name)
		return error_set(error, ERR_USAGE, "A provider's key needs the provider's --name");
	if (parsed_has(&cli->parsed, "permission"))
		return error_set(error, ERR_USAGE, "A provider's key has no permissions but its checks");
	if (parsed_has(&cli->parsed, "revoke")) {
		err = CLI_DO(cli, &out, error, .verb = VERB_PROVIDER_KEY_REVOKE, .part = merchant, .text = name);
		if (!err && cli_json(cli)) {
			object = json_new_object();
			json_set_text(object, "provider", name);
			out_json(&cli->out, object);
		} else if (!err) {
			out_line(&cli->out, "The provider %s has no key for %s now", name, merchant);
		}
		return err;
	}
	err = read_checks(cli, &checks, error);
	if (!err)
		err = CLI_DO(cli, &out, error, .verb = VERB_PROVIDER_KEY, .part = merchant, .text = name,
			     .checks = checks, .into = &key);
	if (!err && out.offered) {
		cli_offered(cli, name);
	} else if (!err) {
		object = json_new_object();
		json_set_text(object, "provider", name);
		json_set_text(object, "api_key", key.buf);
		print_key(cli, object);
	}
	strbuf_wipe(&key);
	return err;
}

static enum err run_merchant_key(struct cli *cli, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	struct use_out out;
	size_t count;
	const char **texts = parsed_all(&cli->parsed, &cli->arena, "permission", &count);
	unsigned permissions = 0;
	enum err err = ERR_OK;

	if (parsed_has(&cli->parsed, "provider") || parsed_has(&cli->parsed, "revoke"))
		return run_provider_key(cli, error);
	for (size_t i = 0; !err && i < count; i++)
		err = read_permission(texts[i], &permissions, error);
	if (!err)
		err = CLI_DO(cli, &out, error, .verb = VERB_MERCHANT_KEY, .part = parsed_argument(&cli->parsed, 0),
			     .permissions = permissions, .into = &key);
	if (!err && out.offered)
		cli_offered(cli, parsed_argument(&cli->parsed, 0));
	if (err || out.offered)
		goto done;
	struct json_value *object = json_new_object();
	json_set_text(object, "api_code", out.api_code);
	json_set_text(object, "api_key", key.buf);
	print_key(cli, object);
done:
	strbuf_wipe(&key);
	return err;
}

#define NAME_ARGUMENT                                                                                              \
	{                                                                                                          \
		"NAME", 0, NULL, "the reviewer; in production a user of the operating system"                      \
	}
#define MERCHANT_ARGUMENT                                                                                          \
	{                                                                                                          \
		"MERCHANT", 0, NULL, "the merchant's name"                                                         \
	}

static const struct command rows[] = {
	{ .name = "reviewer add",
	  .summary = "Adds a reviewer",
	  .uses = { { VERB_REVIEWER_ADD, "" } },
	  .run = run_reviewer_add,
	  .arguments = { NAME_ARGUMENT },
	  .options = { { "role", 0, "ROLE", OPTION_REQUIRED, role_person_words,
			 "viewer, intake, reviewer, lead or admin" },
		       { "supervised", 0, NULL, 0, NULL,
			 "decides nothing alone: an approval is the first of two" } } },
	{ .name = "reviewer list",
	  .summary = "Lists the reviewers",
	  .run = run_reviewer_list,
	  .options = { LIMIT_OPTION, AFTER_OPTION } },
	{ .name = "reviewer role",
	  .summary = "Changes the role of a reviewer",
	  .uses = { { VERB_REVIEWER_ROLE, "" } },
	  .run = run_reviewer_role,
	  .arguments = { NAME_ARGUMENT,
			 { "ROLE", 0, role_person_words, "viewer, intake, reviewer, lead or admin" } } },
	{ .name = "reviewer disable",
	  .summary = "Ends a reviewer's access for good; the name is never used again",
	  .details = "Takes effect at once. In production a disabled admin counts for another week where a change "
		     "needs two admins, so that nobody becomes the only admin by disabling the other one.",
	  .uses = { { VERB_REVIEWER_DISABLE, "" } },
	  .run = run_reviewer_disable,
	  .arguments = { NAME_ARGUMENT } },
	{ .name = "reviewer key",
	  .summary = "Creates a reviewer's API key and prints it once, as JSON",
	  .details = "Requests with this key act as that reviewer, with the reviewer's current role, claims and "
		     "limits. It is for PATCH /kyc/sessions/{session_id} and for corrections; in a production "
		     "store a merchant's key decides nothing. A new key ends the one before it, and disabling the "
		     "reviewer ends it, too.",
	  .uses = { { VERB_REVIEWER_KEY, "" }, { VERB_REVIEWER_KEY_REVOKE, "revoke" } },
	  .run = run_reviewer_key,
	  .arguments = { NAME_ARGUMENT },
	  .options = { { "revoke", 0, NULL, 0, NULL, "revoke the key instead, without a new one" } } },
	{ .name = "merchant add",
	  .summary = "Adds a merchant",
	  .uses = { { VERB_MERCHANT_ADD, "" } },
	  .run = run_merchant_add,
	  .arguments = { MERCHANT_ARGUMENT } },
	{ .name = "merchant list",
	  .summary = "Lists the merchants, without their keys",
	  .run = run_merchant_list,
	  .options = { LIMIT_OPTION, AFTER_OPTION } },
	{ .name = "merchant key",
	  .summary = "Makes a merchant's API key and prints it once, as JSON",
	  .details = "With --provider it makes a key of a provider instead: with it the provider --name reports "
		     "results "
		     "of these checks for this merchant's sessions, in production, too, and can do nothing else. "
		     "Results of different providers stand beside each other. A new key ends the one before it.",
	  .uses = { { VERB_MERCHANT_KEY, "" },
		    { VERB_PROVIDER_KEY, "provider" },
		    { VERB_PROVIDER_KEY_REVOKE, "revoke" } },
	  .run = run_merchant_key,
	  .arguments = { MERCHANT_ARGUMENT },
	  .options = { { "permission", 0, "PERMISSION", OPTION_MANY, permission_words,
			 "what the key may be used for: kyc:create, kyc:read, kyc:process or kyc:review; may be "
			 "repeated (all)" },
		       { "provider", 0, "KIND", OPTION_MANY, NULL,
			 "the kinds of checks that a provider reports, with commas between them; may be repeated" },
		       { "name", 0, "NAME", 0, NULL, "the provider, with --provider or --revoke" },
		       { "revoke", 0, NULL, 0, NULL, "end the provider's key; no key takes its place" } } },
};
const struct command_chapter commands_admin = COMMAND_CHAPTER("People and merchants", rows);
