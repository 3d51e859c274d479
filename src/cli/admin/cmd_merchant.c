/* merchant add, merchant list; merchant key, merchant key add, list, rotate, revoke. */
#include "../cli_internal.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/domain/permission.h"

#define OVERLAP_DEFAULT "24h"

static enum err run_merchant_add(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 0);
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_MERCHANT_ADD, .part = name);
	if (err || out.is_proposal)
		return err ? err : cli_print_proposal(cli, name);
	return cli_print_result(cli, JSON_NEW(JSON_TEXT("name", name)),
				"merchant %s is added; create its API key with 'merchant key'", name);
}

/* The permission PERMIT_NOT_NEEDED has no word, so it is left out. */
static struct json_value *permissions_json(unsigned permissions)
{
	return json_new_words(permissions >> 1, permission_words);
}

static const char *permissions_column(struct cli *cli, unsigned permissions)
{
	const char *text = permissions_text(&cli->arena, permissions);

	return *text ? text : "all";
}

/* The active keys of one merchant. */
struct key_summary {
	size_t count; /* number of keys, without the keys of providers */
	unsigned permissions;
	const char *providers;
};

static struct key_summary summarize_keys(struct cli *cli, const char *merchant, const struct merchant_key_info *keys,
					 size_t count)
{
	struct key_summary out = { .providers = "" };

	for (size_t i = 0; i < count; i++) {
		const struct merchant_key_info *key = &keys[i];

		if (strcmp(key->merchant, merchant) != 0 || !key->is_valid)
			continue;
		if (!*key->checks) {
			out.count++;
			out.permissions |= key->permissions;
			continue;
		}
		out.providers = arena_printf(&cli->arena, "%s%s%s (%s)", out.providers, *out.providers ? ", " : "",
					     key->name, key->checks);
	}
	return out;
}

static struct json_value *providers_json(const char *merchant, const struct merchant_key_info *keys, size_t count)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < count; i++) {
		const struct merchant_key_info *key = &keys[i];

		if (strcmp(key->merchant, merchant) != 0 || !key->is_valid || !*key->checks)
			continue;
		json_append(list, JSON_NEW(JSON_TEXT("name", key->name), JSON_TEXT("checks", key->checks),
					   JSON_TIME("created_at", key->created_at)));
	}
	return list;
}

static enum err run_merchant_list(struct cli *cli, struct error *error)
{
	struct merchant_key_info *keys;
	struct merchant_info *items;
	struct cli_rows rows;
	size_t count, key_count;
	enum err err = desk_merchants(cli->desk, &cli->arena, &items, &count, error);
	if (!err)
		err = desk_merchant_keys(cli->desk, &cli->arena, &keys, &key_count, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Name:10|API code:10|Keys|Permissions|Providers:8|Since", &rows);
	for (size_t i = 0; i < count; i++) {
		if (!cli_row_begin(&rows, items[i].name))
			continue;
		const struct key_summary own = summarize_keys(cli, items[i].name, keys, key_count);
		struct entry row = cli_add_entry(cli, &rows);
		entry_add_text(row, "name", items[i].name);
		json_set_text_or_null(row.object, "api_code", items[i].api_code);
		table_add_cell(row.table, *items[i].api_code ? items[i].api_code : "-");
		json_set_bool(row.object, "has_key", own.count > 0);
		table_addf(row.table, "%zu", own.count);
		json_set(row.object, "permissions", permissions_json(own.permissions));
		table_add_cell(row.table, own.count ? permissions_column(cli, own.permissions) : "-");
		json_set(row.object, "providers", providers_json(items[i].name, keys, key_count));
		table_add_cell(row.table, *own.providers ? own.providers : "-");
		entry_add_time(row, "created_at", items[i].created_at);
	}
	return cli_rows_end(cli, &rows, "name,api_code,has_key,permissions,created_at", error);
}

/* --- keys --- */

/* Reads --provider: kinds of checks separated by commas; the option may be repeated. */
static enum err read_checks(struct cli *cli, unsigned *checks, struct error *error)
{
	size_t count;
	const char **texts = parsed_option_values(&cli->command_line, &cli->arena, "provider", &count);
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

static enum err read_key_lifetime(struct cli *cli, int64_t *lifetime_ms, struct error *error)
{
	const char *text = cli_option_text(cli, "expires");
	enum err err = ERR_OK;

	*lifetime_ms = 0;
	if (*text)
		err = duration_parse(text, lifetime_ms, error);
	if (!err && *text && *lifetime_ms < 60 * 1000)
		err = error_set(error, ERR_INVALID,
				"--expires \"%s\" is too short: the lifetime of a key must be at least one minute",
				text);
	return err;
}

/* Prints the new key as JSON in every output format. provider NULL: the key of a merchant. */
static void print_new_key(struct cli *cli, const struct use_out *out, const char *provider, struct strbuf *key,
			  const char *then)
{
	struct json_value *object;

	if (out->is_proposal) {
		(void)cli_print_proposal(cli, provider ? provider : parsed_argument(&cli->command_line, 0));
		return;
	}
	object = json_new_object();
	if (provider)
		json_set_text(object, "provider", provider);
	if (*out->api_code)
		json_set_text(object, "api_code", out->api_code);
	if (*out->part_id)
		json_set_text(object, "name", out->part_id);
	JSON_SET(object, JSON_TEXT("api_key", key->buf), JSON_TIME("ends_at", out->expires_at));
	cli_print_new_key(cli, object, then);
}

static enum err check_provider_options(const struct cli *cli, struct error *error)
{
	if (!*cli_option_text(cli, "name"))
		return error_set(error, ERR_USAGE, "--provider also needs --name, the name of the provider");
	if (parsed_has_option(&cli->command_line, "permission"))
		return error_set(error, ERR_USAGE,
				 "--permission cannot be combined with --provider: a provider's key can only "
				 "report its checks");
	return ERR_OK;
}

static enum err add_provider_key(struct cli *cli, const char *name, int64_t lifetime_ms, struct error *error)
{
	const char *merchant = parsed_argument(&cli->command_line, 0);
	struct strbuf key = STRBUF_INIT;
	struct use_out out;
	unsigned checks = 0;
	enum err err;

	err = check_provider_options(cli, error);
	if (!err)
		err = read_checks(cli, &checks, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_PROVIDER_KEY, .part = merchant, .text = name,
			      .checks = checks, .lifetime_ms = lifetime_ms, .content_out = &key);
	if (!err)
		print_new_key(cli, &out, name, &key, "; a previous key of this name is no longer valid");
	strbuf_wipe(&key);
	return err;
}

static enum err run_key_add(struct cli *cli, struct error *error)
{
	const char *name = cli_option_text(cli, "name");
	struct strbuf key = STRBUF_INIT;
	struct use_out out;
	unsigned words = 0; /* bits of the chosen permissions, by index in permission_words() */
	int64_t lifetime_ms;
	enum err err = read_key_lifetime(cli, &lifetime_ms, error);

	if (err)
		return err;
	if (parsed_has_option(&cli->command_line, "provider"))
		return add_provider_key(cli, name, lifetime_ms, error);
	err = cli_read_bits(cli, &(struct cli_allowed_words){ "permission", "permission of a key", permission_words },
			    &words, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_MERCHANT_KEY,
			      .part = parsed_argument(&cli->command_line, 0), .text = name, .permissions = words << 1,
			      .lifetime_ms = lifetime_ms, .content_out = &key);
	if (!err)
		print_new_key(cli, &out, NULL, &key, "; other keys remain valid");
	strbuf_wipe(&key);
	return err;
}

/* Runs "merchant key SHOP": adds a key or, with --revoke, revokes the key of the provider that --name names. */
static enum err run_key(struct cli *cli, struct error *error)
{
	const char *merchant = parsed_argument(&cli->command_line, 0), *name = cli_option_text(cli, "name");
	struct use_out out;
	enum err err;

	if (!parsed_has_option(&cli->command_line, "revoke"))
		return run_key_add(cli, error);
	err = check_provider_options(cli, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_PROVIDER_KEY_REVOKE, .part = merchant, .text = name);
	if (err)
		return err;
	return cli_print_result(cli, JSON_NEW(JSON_TEXT("provider", name)),
				"The provider %s no longer has a key for %s", name, merchant);
}

static enum err run_key_rotate(struct cli *cli, struct error *error)
{
	const char *merchant = parsed_argument(&cli->command_line, 0), *name = parsed_argument(&cli->command_line, 1);
	const char *overlap =
		parsed_has_option(&cli->command_line, "overlap") ? cli_option_text(cli, "overlap") : OVERLAP_DEFAULT;
	struct strbuf key = STRBUF_INIT;
	struct use_out out;
	int64_t lifetime_ms, overlap_ms = 0;
	enum err err = read_key_lifetime(cli, &lifetime_ms, error);

	if (!err && strcmp(overlap, "0") != 0)
		err = duration_parse(overlap, &overlap_ms, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_MERCHANT_KEY_ROTATE, .part = merchant, .text = name,
			      .overlap_ms = overlap_ms, .lifetime_ms = lifetime_ms, .content_out = &key);
	if (!err)
		print_new_key(cli, &out, NULL, &key,
			      arena_printf(&cli->arena, "; the previous key is valid until %s",
					   time_text(&cli->arena, out.old_key_until)));
	strbuf_wipe(&key);
	return err;
}

static enum err run_key_revoke(struct cli *cli, struct error *error)
{
	const char *merchant = parsed_argument(&cli->command_line, 0), *name = parsed_argument(&cli->command_line, 1);
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_MERCHANT_KEY_REVOKE, .part = merchant, .text = name);

	if (err)
		return err;
	return cli_print_result(
		cli, JSON_NEW(JSON_TEXT("merchant", merchant), JSON_TEXT("name", name), JSON_BOOL("revoked", true)),
		"The key %s of %s is revoked", name, merchant);
}

static void add_key_row(struct entry row, const struct merchant_key_info *key)
{
	entry_add_text(row, "merchant", key->merchant);
	entry_add_text(row, "name", key->name);
	JSON_SET(row.object, JSON_TEXT("state", key->state),
		 JSON_VALUE("permissions", permissions_json(key->permissions)), JSON_OR_NULL("checks", key->checks));
	table_add_cell(row.table, *key->checks ? arena_printf(&row.cli->arena, "reports %s", key->checks)
					       : permissions_column(row.cli, key->permissions));
	entry_add_time(row, "created_at", key->created_at);
	entry_add_time(row, "last_used_at", key->used_at);
	entry_add_time(row, "ends_at", key->ends_at);
	table_add_cell(row.table, !strcmp(key->state, "works") ? "" : key->state);
}

static enum err require_merchant(struct cli *cli, const char *name, struct error *error)
{
	struct merchant_info *items;
	size_t count;
	enum err err = desk_merchants(cli->desk, &cli->arena, &items, &count, error);

	for (size_t i = 0; !err && i < count; i++)
		if (!strcmp(items[i].name, name))
			return ERR_OK;
	return err ? err : error_not_found(error, "merchant", name, "List them with: kybdesk merchant list");
}

static enum err run_key_list(struct cli *cli, struct error *error)
{
	const char *merchant = parsed_argument(&cli->command_line, 0);
	struct merchant_key_info *items;
	struct cli_rows rows;
	size_t count;
	enum err err = *merchant ? require_merchant(cli, merchant, error) : ERR_OK;

	if (!err)
		err = desk_merchant_keys(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Merchant:10|Name:8|Permissions:8|Created|Last used|Ends|", &rows);
	for (size_t i = 0; i < count; i++) {
		const char *key = arena_printf(&cli->arena, "%s/%s/%lld", items[i].merchant, items[i].name,
					       (long long)items[i].created_at);
		if ((!*merchant || strcmp(items[i].merchant, merchant) == 0) && cli_row_begin(&rows, key))
			add_key_row(cli_add_entry(cli, &rows), &items[i]);
	}
	return cli_rows_end(cli, &rows, "merchant,name,state,permissions,checks,created_at,last_used_at,ends_at",
			    error);
}

#define MERCHANT_ARGUMENT "MERCHANT", 0, "the merchant's name"

#define KEY_ARGUMENT "NAME", 0, "the name of the key"
#define KEY_OPTIONS                                                                                                    \
	{ "name", "NAME", 0, "the name of the key (default: \"default\") or of the provider" },                        \
		{ "permission", "PERMISSION", OPTION_REPEATABLE,                                                       \
		  "a permission: kyc:create, kyc:read, and in a sandbox kyc:process and kyc:review; may be "           \
		  "repeated (default: kyc:create and kyc:read)",                                                       \
		  permission_words },                                                                                  \
		{ "expires", "DURATION", 0, "the lifetime of the key, for example 90d; default: unlimited" },          \
	{                                                                                                              \
		"provider", "KIND", OPTION_REPEATABLE,                                                                 \
			"the kinds of checks that a provider reports, with commas between them; may be repeated"       \
	}

static const struct command rows[] = {
	{ .name = "merchant add",
	  .summary = "Adds a merchant",
	  .details = "A name that looks like the name of another merchant is refused. In production with several "
		     "admins, a "
		     "similar name (a few other letters) needs a second admin, who runs the same command.",
	  .verbs = { { VERB_MERCHANT_ADD, "" } },
	  .example = "merchant add northwind-pay",
	  .run = run_merchant_add,
	  .arguments = { { MERCHANT_ARGUMENT } } },
	{ .name = "merchant list",
	  .summary = "Lists the merchants, without their keys",
	  .example = "merchant list",
	  .flags = COMMAND_LIST,
	  .run = run_merchant_list,
	  .options = { PAGE_OPTIONS } },
	{ .name = "merchant key",
	  .summary = "Creates an API key of a merchant: the same as merchant key add",
	  .verbs = { { VERB_MERCHANT_KEY, "" },
		     { VERB_PROVIDER_KEY, "provider" },
		     { VERB_PROVIDER_KEY_REVOKE, "revoke" } },
	  .example = "merchant key northwind-pay",
	  .run = run_key,
	  .arguments = { { MERCHANT_ARGUMENT } },
	  .options = { KEY_OPTIONS,
		       { "revoke", NULL, 0, "revoke the key of the provider --name; do not create a new key" } } },
	{ .name = "merchant key add",
	  .summary = "Creates an API key of a merchant and prints it once, as JSON",
	  .details = "Existing keys of the merchant remain valid. With --provider KIND the key is for the provider "
		     "--name: the key can only report results of checks of the kind KIND for this merchant's "
		     "sessions, also in production. Results of different providers are stored separately. A new "
		     "key of a provider replaces the previous key of the same name.",
	  .verbs = { { VERB_MERCHANT_KEY, "" }, { VERB_PROVIDER_KEY, "provider" } },
	  .example = "merchant key add northwind-pay --name reports --permission kyc:read",
	  .run = run_key_add,
	  .arguments = { { MERCHANT_ARGUMENT } },
	  .options = { KEY_OPTIONS } },
	{ .name = "merchant key list",
	  .summary = "Lists the names and permissions of API keys of merchants and providers",
	  .details = "The time of the last use is exact to the minute. A key that is no longer valid is listed "
		     "for another 30 days. The state \"overlap\" means a rotated key that is still valid until "
		     "the overlap ends.",
	  .example = "merchant key list northwind-pay",
	  .flags = COMMAND_LIST,
	  .run = run_key_list,
	  .arguments = { { "MERCHANT", ARGUMENT_OPTIONAL, "only the keys of this merchant" } },
	  .options = { PAGE_OPTIONS } },
	{ .name = "merchant key rotate",
	  .summary = "Creates the successor of an API key and prints it once, as JSON",
	  .details = "The new key has the same name and permissions. The previous key is valid until the overlap "
		     "ends, so that a client can switch to the new key without a refused request.",
	  .verbs = { { VERB_MERCHANT_KEY_ROTATE, "" } },
	  .example = "merchant key rotate northwind-pay default --overlap 24h",
	  .run = run_key_rotate,
	  .arguments = { { MERCHANT_ARGUMENT }, { KEY_ARGUMENT } },
	  .options = { { "overlap", "DURATION", 0,
			 "how long the previous key remains valid, for example 2h or 7d; 0: not at all (default: "
			 "24h)" },
		       { "expires", "DURATION", 0,
			 "lifetime of the new key, for example 90d (default: lifetime of the previous key)" } } },
	{ .name = "merchant key revoke",
	  .summary = "Revokes an API key and its rotated predecessors at once",
	  .verbs = { { VERB_MERCHANT_KEY_REVOKE, "" } },
	  .example = "merchant key revoke northwind-pay reports",
	  .run = run_key_revoke,
	  .arguments = { { MERCHANT_ARGUMENT }, { KEY_ARGUMENT } } },
};
const struct command_chapter commands_merchant = { COMMAND_CHAPTER("Merchants", rows) };
