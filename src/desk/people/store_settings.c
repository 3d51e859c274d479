/* Settings of the store, changed by an admin. */
#include "link/link.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/text.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/desk/evidence.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/store/outbox.h"

#include <stdlib.h>

struct setting;
/* A new value to check. The check sets `text` to the form in which the value is stored. */
struct new_value {
	struct desk *desk;
	struct arena *arena;
	const struct setting *spec;
	const char *text;
};
typedef enum err value_check(struct new_value *value, struct error *error);
struct setting {
	const char *name, *meaning;
	value_check *check;
	const char *default_text;  /* shown if the setting has no value; NULL: link_base_url() */
	const char *unit, *suffix; /* for check_range() */
	long min_value, max_value;
	const char *const *words; /* for check_words(); ends with NULL */
};
static value_check check_url, check_origins, check_words, check_folder, check_range, check_countries,
	check_imported_decisions, check_proxies;
#define WORDS(...)                                                                                                     \
	.words = (const char *const[])                                                                                 \
	{                                                                                                              \
		__VA_ARGS__, NULL                                                                                      \
	}
#define RANGE(unit_, min, max) .unit = (unit_), .min_value = (min), .max_value = (max)
#define REQUESTS RANGE("requests a minute", 0, REQUEST_LIMIT_MAX)
static const struct setting known[] = {
	{ STORE_SETTING_PUBLIC_URL, "the public address of the clients' links", check_url, .default_text = NULL },
	{ STORE_SETTING_DELIVERY, "who sends webhooks: workers (webhook deliver), all (workbenches, too) or nobody",
	  check_words, .default_text = DELIVER_TO_ALL, WORDS(DELIVER_TO_WORKERS, DELIVER_TO_ALL, DELIVER_TO_NOBODY) },
	{ STORE_SETTING_CHECKPOINTS, "the folder of checkpoints; doctor expects a new one each day", check_folder,
	  .default_text = "" },
	{ STORE_SETTING_BACKUPS, "the folder of backups; doctor expects a new one every two days", check_folder,
	  .default_text = "" },
	{ STORE_SETTING_SCREENING_DAYS, "every approval needs a sanctions screening at most this many days old",
	  check_range, .default_text = "not required", RANGE("days", 1, 3650) },
	{ STORE_SETTING_HIGHEST_RISK,
	  "no approval above this risk score, or, unless the word unscored follows, without a score", check_range,
	  .default_text = "any", RANGE("points", 1, 100), .suffix = HIGHEST_RISK_UNSCORED },
	{ STORE_SETTING_PROHIBITED_COUNTRIES, "no approval with a subject or a party of these countries",
	  check_countries, .default_text = "none" },
	{ STORE_SETTING_RATIONALE_WORDS,
	  "an approval of a high risk needs a note of at least this many different words", check_range,
	  .default_text = "not required", RANGE("words", 1, 200) },
	{ STORE_SETTING_HIGH_RISK, "the risk is high from this score on, and if the case has no score", check_range,
	  .default_text = "70", RANGE("points", 1, 100) },
	{ STORE_SETTING_SIGNED_DECISIONS, "whether reviewers sign their decisions with their SSH keys: required or no",
	  check_words, .default_text = SIGNED_DECISIONS_NO, WORDS(SIGNED_DECISIONS_REQUIRED, SIGNED_DECISIONS_NO) },
	{ STORE_SETTING_IMPORTED_DECISIONS,
	  "the SHA-256 of the file from which decisions made elsewhere may be imported, or no: none may; needed "
	  "with several admins",
	  check_imported_decisions, .default_text = IMPORTED_DECISIONS_NO },
	{ STORE_SETTING_LINK_ORIGINS, "the websites that may call the clients' links from a browser", check_origins,
	  .default_text = "none" },
	{ STORE_SETTING_ADDRESS_LIMIT, "requests a minute that an address may send to the server, 0: no limit",
	  check_range, .default_text = "12000", REQUESTS },
	{ STORE_SETTING_KEY_LIMIT, "requests a minute with one API key, 0: no limit", check_range,
	  .default_text = "6000", REQUESTS },
	{ STORE_SETTING_LINK_LIMIT, "requests a minute through the links of a session, 0: no limit", check_range,
	  .default_text = "300", REQUESTS },
	{ STORE_SETTING_TRUSTED_PROXIES,
	  "the proxies that send the client's address in X-Forwarded-For, or, with the word forwarded, in "
	  "Forwarded",
	  check_proxies, .default_text = "none" },
};
#define LINK_ORIGINS_MAX 32
#define KNOWN_SETTING_COUNT (sizeof known / sizeof *known)

static enum err find(const char *name, const struct setting **out, struct error *error)
{
	const char *names[KNOWN_SETTING_COUNT], *nearest;

	for (size_t i = 0; i < KNOWN_SETTING_COUNT; i++) {
		*out = &known[i];
		if (!strcmp(known[i].name, name))
			return ERR_OK;
		names[i] = known[i].name;
	}
	nearest = text_find_nearest(name, names, KNOWN_SETTING_COUNT);
	if (nearest)
		return error_invalid(error, "name", "Unknown setting \"%s\"; did you mean %s?", name, nearest);
	return error_invalid(error, "name", "Unknown setting \"%s\". List them with: kybdesk store show", name);
}

/* Allows only a host and a path, since links append a path to the address. */
static enum err check_url(struct new_value *value, struct error *error)
{
	const char *url = value->text;
	size_t length = strlen(url);
	enum err err = endpoint_url_check(url, value->desk->store->sandbox, error);

	if (err) {
		error_prefix(error, "The public address is not valid");
		return err;
	}
	if (strchr(url, '?'))
		return error_invalid(error, "url",
				     "The public address cannot have a ?query: links append a path to the address");
	while (length && url[length - 1] == '/')
		length--;
	value->text = arena_strndup(value->arena, url, length);
	return ERR_OK;
}

static enum err refuse_origin(struct error *error, const char *origin, const char *why)
{
	return error_invalid(error, STORE_SETTING_LINK_ORIGINS,
			     "\"%s\" is not the origin of a website: %s. Write https://HOST, with commas between "
			     "several origins, or * for every website",
			     origin, why);
}

/* Converts the origin to the form that a browser sends: lower-case letters, without the port that the scheme
 * implies. */
static enum err check_origin(struct desk *desk, struct arena *arena, const char *origin, const char **out,
			     struct error *error)
{
	const char *host, *implied;
	char *text;
	size_t length;

	if (endpoint_url_check(origin, desk->store->sandbox, NULL))
		return refuse_origin(
			error, origin,
			desk->store->sandbox
				? "it must be https:// (or http:// to the loopback address) and a host in ASCII"
				: "it must be https:// and a host in ASCII");
	host = strstr(origin, "://") + 3;
	if (host[strcspn(host, "/?")])
		return refuse_origin(error, origin, "it must not have a path");
	if (strchr(host, '*'))
		return refuse_origin(error, origin, "* cannot be part of the host name");
	text = arena_strdup(arena, origin);
	for (char *at = text; *at; at++)
		*at = (char)(*at >= 'A' && *at <= 'Z' ? *at + ('a' - 'A') : *at);
	implied = !strncmp(text, "http://", 7) ? ":80" : ":443";
	length = strlen(text);
	if (length > strlen(implied) && !strcmp(text + length - strlen(implied), implied))
		text[length - strlen(implied)] = '\0';
	*out = text;
	return ERR_OK;
}

static size_t count_trailing_spaces(const char *text, size_t length)
{
	size_t count = 0;

	while (count < length && text[length - count - 1] == ' ')
		count++;
	return count;
}

/* Normalizes a list of origins: "https://a.example, https://b.example" becomes
 * "https://a.example,https://b.example". */
static enum err check_origins(struct new_value *value, struct error *error)
{
	const char *list = "", *at = value->text;
	size_t count = 0;

	if (!strcmp(at, STORE_LINK_ORIGINS_ALL))
		return ERR_OK;
	for (size_t length; *at; at += length + (at[length] == ',')) {
		const char *origin;
		enum err err;

		at += strspn(at, " ");
		length = strcspn(at, ",");
		origin = arena_strndup(value->arena, at, length - count_trailing_spaces(at, length));
		if (!strcmp(origin, STORE_LINK_ORIGINS_ALL))
			return refuse_origin(error, origin, "* cannot be combined with other origins");
		if (++count > LINK_ORIGINS_MAX)
			return error_invalid(error, STORE_SETTING_LINK_ORIGINS, "There are more than %d origins",
					     LINK_ORIGINS_MAX);
		err = check_origin(value->desk, value->arena, origin, &origin, error);
		if (err)
			return err;
		list = arena_printf(value->arena, "%s%s%s", list, *list ? "," : "", origin);
	}
	value->text = list;
	return ERR_OK;
}

/* Checks that the value is one of the setting's words. */
static enum err check_words(struct new_value *value, struct error *error)
{
	const char *const *words = value->spec->words, *list = "";

	for (size_t i = 0; words[i]; i++) {
		if (!strcmp(value->text, words[i]))
			return ERR_OK;
		list = arena_printf(value->arena, "%s%s%s", list, i ? " or " : "", words[i]);
	}
	return error_invalid(error, value->spec->name, "The setting %s is %s, not \"%s\"", value->spec->name, list,
			     value->text);
}

static enum err check_folder(struct new_value *value, struct error *error)
{
	if (*value->text != '/')
		return error_invalid(error, value->spec->name, "The folder of %s must be an absolute path, not \"%s\"",
				     value->spec->name, value->text);
	return ERR_OK;
}

/* Checks that the value is a whole number within the setting's range, with nothing or the setting's suffix after it. */
static enum err check_range(struct new_value *value, struct error *error)
{
	const struct setting *spec = value->spec;
	size_t digits = strspn(value->text, "0123456789");
	const char *end = value->text + digits;
	long number = digits && digits <= 10 ? strtol(value->text, NULL, 10) : -1;

	if (number < spec->min_value || number > spec->max_value ||
	    (*end && (!spec->suffix || strcmp(end, spec->suffix) != 0)))
		return error_invalid(error, spec->name,
				     "The setting %s must be a number of %s from %ld to %ld, or empty, not \"%s\"",
				     spec->name, spec->unit, spec->min_value, spec->max_value, value->text);
	value->text = arena_printf(value->arena, "%ld%s", number, end);
	return ERR_OK;
}

/* Normalizes a list of countries: "Iran, PRK" becomes "IRN,PRK". */
static enum err check_countries(struct new_value *value, struct error *error)
{
	const char *list = "", *at = value->text;

	for (size_t length; *at; at += length + (at[length] == ',')) {
		const struct country *country;
		const char *name;

		at += strspn(at, " ");
		length = strcspn(at, ",");
		name = arena_strndup(value->arena, at, length);
		country = country_find(desk_countries(value->desk), name);
		if (!country)
			return error_invalid(
				error, STORE_SETTING_PROHIBITED_COUNTRIES,
				"\"%s\" is not a country; write ISO 3166 codes with commas between them: IRN,PRK",
				name);
		list = arena_printf(value->arena, "%s%s%s", list, *list ? "," : "", country->alpha3);
	}
	value->text = list;
	return ERR_OK;
}

static enum err check_imported_decisions(struct new_value *value, struct error *error)
{
	uint8_t sum[SHA256_SIZE];
	char text[SHA256_HEX_SIZE];
	bool is_sum = strlen(value->text) == SHA256_HEX_SIZE - 1 && hex_decode(value->text, sum, SHA256_SIZE);

	if (!is_sum && strcmp(value->text, IMPORTED_DECISIONS_NO) != 0)
		return error_invalid(error, STORE_SETTING_IMPORTED_DECISIONS,
				     "The setting " STORE_SETTING_IMPORTED_DECISIONS
				     " is the SHA-256 of a file, as sha256sum prints it, or " IMPORTED_DECISIONS_NO
				     ", not \"%s\"",
				     value->text);
	if (is_sum) {
		hex_encode(sum, sizeof sum, text);
		value->text = arena_strdup(value->arena, text);
	}
	return ERR_OK;
}

static enum err check_proxies(struct new_value *value, struct error *error)
{
	struct proxies proxies;

	return proxies_parse(value->text, &proxies, error);
}

/* Reads in->part: the setting; in->text: its value, "" for the default. ERR_INVALID for an unknown name or an unusable
 * value; in production a public address must begin with https://. Removes slashes at the end of this address. */
enum err use_store_set(struct use *use, struct error *error)
{
	const char *name = use->in->part, *before = "";
	struct new_value value = { .desk = use->desk, .arena = use->arena, .text = use->in->text };
	enum err err = find(name, &value.spec, error);

	if (!err && *value.text)
		err = value.spec->check(&value, error);
	if (!err)
		err = store_info_get(use->desk->store, use->arena, name, &before, error);
	if (err)
		return err;
	JSON_ADD(use->detail, { "setting", AS_TEXT(name) }, { "from", AS_TEXT(before) }, { "to", AS_TEXT(value.text) });
	err = use_offer(use, name, error);
	return err || use->out->is_proposal ? err : store_info_set(use->desk->store, name, value.text, error);
}

struct floors desk_shipped_floors(struct arena *arena)
{
	const struct resource *file = resource_find_embedded("floors.json");
	struct floors out = { .text = "" };
	struct json_value *json = NULL;
	const struct json_value *settings;
	size_t capacity = 0;

	if (!file || json_read((const char *)file->bytes, file->length, &json, NULL))
		BUG("floors.json cannot be read");
	settings = json_get(json, "settings");
	for (const char *key = json_first_key(settings); key; key = json_next_key(settings, key)) {
		const char *value = arena_strdup(arena, json_get_text(settings, key));

		out.text = arena_printf(arena, "%s%s %s, ", out.text, key, value);
		*ARENA_PUSH(arena, out.items, out.count, capacity) =
			(struct store_setting){ .name = arena_strdup(arena, key), .value = value };
	}
	out.text = arena_printf(arena, "%scountries by %s", out.text, json_get_text(json, "source"));
	json_free(json);
	return out;
}

enum err floors_install(struct desk *desk, struct error *error)
{
	const struct floors floors = desk_shipped_floors(&desk->arena);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < floors.count && !desk->store->sandbox; i++) {
		err = store_info_set(desk->store, floors.items[i].name, floors.items[i].value, error);
		if (!err)
			err = desk_write_record(desk, use_cases[VERB_STORE_SET].audit_action, NULL,
						JSON_FROM({ "setting", AS_TEXT(floors.items[i].name) },
							  { "from", AS_TEXT("") },
							  { "to", AS_TEXT(floors.items[i].value) }),
						error);
	}
	return err;
}

/* Rebuilds a damaged search index from the data of the cases. */
enum err use_store_rebuild_search(struct use *use, struct error *error)
{
	int64_t sessions = 0;
	enum err err = store_text_index_rebuild(use->desk->store, &sessions, error);

	json_set_int(use->detail, "sessions", sessions);
	use->out->sessions = sessions;
	return err;
}

enum err desk_store_setting(struct desk *desk, struct arena *arena, const char *name, const char **value,
			    struct error *error)
{
	return store_info_get(desk->store, arena, name, value, error);
}

enum err desk_store_settings(struct desk *desk, struct arena *arena, struct store_setting **items, size_t *count,
			     struct error *error)
{
	enum err err = ERR_OK;

	*count = KNOWN_SETTING_COUNT;
	*items = arena_alloc_array(arena, KNOWN_SETTING_COUNT, sizeof **items);
	for (size_t i = 0; !err && i < KNOWN_SETTING_COUNT; i++) {
		struct store_setting *item = &(*items)[i];

		*item = (struct store_setting){ .name = known[i].name, .value = "", .meaning = known[i].meaning };
		err = store_info_get(desk->store, arena, item->name, &item->value, error);
		if (err || *item->value)
			continue;
		item->is_default = known[i].default_text || desk->store->sandbox;
		if (known[i].default_text)
			item->value = known[i].default_text;
		else if (desk->store->sandbox)
			err = link_base_url(desk, arena, &item->value, error);
	}
	return err;
}
