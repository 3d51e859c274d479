/* Settings of the store, changed by an admin. */
#include "link/link.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/text.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/desk/signing.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/store/outbox.h"

#include <stdlib.h>
#include <string.h>

typedef enum err value_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			     struct error *error);
struct known {
	const char *name, *meaning;
	value_check *check;
	const char *otherwise; /* shown while not set; NULL: as link_base() says */
};
static value_check url_check, origins_check, deliver_check, folder_check, days_check, risk_check, countries_check,
	words_check, high_risk_check, signed_check, imported_check, address_limit_check, key_limit_check,
	link_limit_check, proxies_check;
static const struct known known[] = {
	{ STORE_PUBLIC_URL, "the public address of the clients' links", url_check, NULL },
	{ STORE_DELIVER, "who sends webhooks: workers (webhook deliver), all (workbenches, too) or nobody",
	  deliver_check, DELIVER_TO_ALL },
	{ STORE_CHECKPOINTS, "the folder of checkpoints, of which doctor expects one each day", folder_check, "" },
	{ SETTING_SCREENING_DAYS, "every approval needs a sanctions screening of at most so many days", days_check,
	  "not required" },
	{ SETTING_HIGHEST_RISK, "no approval of a higher risk score, or without one", risk_check, "any" },
	{ SETTING_PROHIBITED_COUNTRIES, "no approval with a subject or a party of these countries", countries_check,
	  "none" },
	{ SETTING_RATIONALE_WORDS, "an approval of a high risk needs a note of so many different words",
	  words_check, "not required" },
	{ SETTING_HIGH_RISK, "the risk score from which a risk is high; without a score it is", high_risk_check,
	  "70" },
	{ STORE_SIGNED_DECISIONS, "whether reviewers sign their decisions with their SSH keys: required or no",
	  signed_check, SIGNED_DECISIONS_NO },
	{ STORE_IMPORTED_DECISIONS,
	  "the file whose decisions made elsewhere an admin imports, if there is another admin: its SHA-256, or no",
	  imported_check, IMPORTED_DECISIONS_NO },
	{ STORE_LINK_ORIGINS, "the websites that may call the clients' links from a browser", origins_check,
	  "none" },
	{ STORE_ADDRESS_LIMIT, "requests a minute that an address may send to the server, 0: no limit",
	  address_limit_check, "12000" },
	{ STORE_KEY_LIMIT, "requests a minute with one API key, 0: no limit", key_limit_check, "6000" },
	{ STORE_LINK_LIMIT, "requests a minute through the links of a session, 0: no limit", link_limit_check,
	  "300" },
	{ STORE_TRUSTED_PROXIES,
	  "the proxies that name a client's address in X-Forwarded-For; with the word forwarded: in Forwarded",
	  proxies_check, "none" },
};
#define LINK_ORIGINS_MAX 32
#define KNOWN_COUNT (sizeof known / sizeof *known)

static enum err find(const char *name, const struct known **out, struct error *error)
{
	const char *names[KNOWN_COUNT], *nearest;

	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		*out = &known[i];
		if (!strcmp(known[i].name, name))
			return ERR_OK;
		names[i] = known[i].name;
	}
	nearest = text_nearest(name, names, KNOWN_COUNT);
	if (nearest)
		return error_set_field(error, ERR_INVALID, "name", "Unknown setting \"%s\"; did you mean %s?", name,
				       nearest);
	return error_set_field(error, ERR_INVALID, "name",
			       "Unknown setting \"%s\". List them with: kybdesk store show", name);
}

/* Links append a path to it: only a host and a path are allowed. */
static enum err url_check(struct desk *desk, struct arena *arena, const char *url, const char **out,
			  struct error *error)
{
	size_t length = strlen(url);
	enum err err = endpoint_url_check(url, desk->store->sandbox, error);

	if (err) {
		error_prefix(error, "The public address is not valid");
		return err;
	}
	if (strchr(url, '?'))
		return error_set_field(error, ERR_INVALID, "url",
				       "The public address has no ?query: links are made by adding a path to it");
	while (length && url[length - 1] == '/')
		length--;
	*out = arena_strndup(arena, url, length);
	return ERR_OK;
}

static enum err refuse_origin(struct error *error, const char *origin, const char *why)
{
	return error_set_field(error, ERR_INVALID, STORE_LINK_ORIGINS,
			       "\"%s\" is not the origin of a website: %s. Write https://HOST, with commas between "
			       "several, or * for every website",
			       origin, why);
}

/* A browser sends an origin in small letters and without the port that its scheme implies. */
static enum err origin_check(struct desk *desk, struct arena *arena, const char *origin, const char **out,
			     struct error *error)
{
	struct error why = { 0 };
	enum err err = endpoint_url_check(origin, desk->store->sandbox, &why);
	const char *host, *implied;
	char *text;
	size_t length;

	error_release(&why);
	if (err)
		return refuse_origin(
			error, origin,
			desk->store->sandbox
				? "it is not https:// (or http:// to the loopback address) and a host in ASCII"
				: "it is not https:// and a host in ASCII");
	host = strstr(origin, "://") + 3;
	if (host[strcspn(host, "/?")])
		return refuse_origin(error, origin, "it has a path");
	if (strchr(host, '*'))
		return refuse_origin(error, origin, "a part of a name cannot be *");
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

static size_t trailing_spaces(const char *text, size_t length)
{
	size_t count = 0;

	while (count < length && text[length - count - 1] == ' ')
		count++;
	return count;
}

/* "https://a.example, https://b.example" becomes "https://a.example,https://b.example". */
static enum err origins_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			      struct error *error)
{
	const char *list = "";
	size_t count = 0;

	*out = STORE_LINK_ORIGINS_ALL;
	if (!strcmp(value, STORE_LINK_ORIGINS_ALL))
		return ERR_OK;
	for (size_t length; *value; value += length + (value[length] == ',')) {
		const char *origin;
		enum err err;

		value += strspn(value, " ");
		length = strcspn(value, ",");
		origin = arena_strndup(arena, value, length - trailing_spaces(value, length));
		if (!strcmp(origin, STORE_LINK_ORIGINS_ALL))
			return refuse_origin(error, origin, "* stands alone");
		if (++count > LINK_ORIGINS_MAX)
			return error_set_field(error, ERR_INVALID, STORE_LINK_ORIGINS,
					       "There are more than %d origins", LINK_ORIGINS_MAX);
		err = origin_check(desk, arena, origin, &origin, error);
		if (err)
			return err;
		list = arena_printf(arena, "%s%s%s", list, *list ? "," : "", origin);
	}
	*out = list;
	return ERR_OK;
}

static enum err deliver_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			      struct error *error)
{
	(void)desk;
	if (strcmp(value, DELIVER_TO_ALL) != 0 && strcmp(value, DELIVER_TO_WORKERS) != 0 &&
	    strcmp(value, DELIVER_TO_NOBODY) != 0)
		return error_set_field(error, ERR_INVALID, "deliver",
				       "The setting deliver is " DELIVER_TO_WORKERS " or " DELIVER_TO_ALL
				       ", or " DELIVER_TO_NOBODY ", not \"%s\"",
				       value);
	*out = arena_strdup(arena, value);
	return ERR_OK;
}

static enum err folder_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			     struct error *error)
{
	(void)desk;
	if (*value != '/')
		return error_set_field(error, ERR_INVALID, "checkpoints",
				       "The folder of checkpoints is named by a path from / on, not \"%s\"", value);
	*out = arena_strdup(arena, value);
	return ERR_OK;
}

struct range {
	const char *name, *of;
	long most;
};

/* A number from 1 on. */
static enum err range_check(const struct range *range, struct arena *arena, const char *value, const char **out,
			    struct error *error)
{
	size_t digits = strspn(value, "0123456789");
	long number = digits && digits <= 4 && !value[digits] ? strtol(value, NULL, 10) : 0;

	if (number < 1 || number > range->most)
		return error_set_field(error, ERR_INVALID, range->name,
				       "The setting %s is a number of %s from 1 to %ld, or empty, not \"%s\"",
				       range->name, range->of, range->most, value);
	*out = arena_printf(arena, "%ld", number);
	return ERR_OK;
}

static enum err days_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			   struct error *error)
{
	(void)desk;
	return range_check(&(const struct range){ SETTING_SCREENING_DAYS, "days", 3650 }, arena, value, out, error);
}

static enum err risk_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			   struct error *error)
{
	(void)desk;
	return range_check(&(const struct range){ SETTING_HIGHEST_RISK, "points", 100 }, arena, value, out, error);
}

static enum err words_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			    struct error *error)
{
	(void)desk;
	return range_check(&(const struct range){ SETTING_RATIONALE_WORDS, "words", 200 }, arena, value, out,
			   error);
}

static enum err high_risk_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
				struct error *error)
{
	(void)desk;
	return range_check(&(const struct range){ SETTING_HIGH_RISK, "points", 100 }, arena, value, out, error);
}

/* "Iran, PRK" becomes "IRN,PRK". */
static enum err countries_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
				struct error *error)
{
	const char *list = "";

	for (size_t length; *value; value += length + (value[length] == ',')) {
		const struct country *country;
		const char *name;

		value += strspn(value, " ");
		length = strcspn(value, ",");
		name = arena_strndup(arena, value, length);
		country = country_find(desk_countries(desk), name);
		if (!country)
			return error_set_field(error, ERR_INVALID, SETTING_PROHIBITED_COUNTRIES,
					       "\"%s\" is not a country; write ISO 3166 codes with commas between "
					       "them: IRN,PRK",
					       name);
		list = arena_printf(arena, "%s%s%s", list, *list ? "," : "", country->alpha3);
	}
	*out = list;
	return ERR_OK;
}

static enum err signed_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			     struct error *error)
{
	(void)desk;
	if (strcmp(value, SIGNED_DECISIONS_REQUIRED) != 0 && strcmp(value, SIGNED_DECISIONS_NO) != 0)
		return error_set_field(error, ERR_INVALID, STORE_SIGNED_DECISIONS,
				       "The setting " STORE_SIGNED_DECISIONS " is " SIGNED_DECISIONS_REQUIRED
				       " or " SIGNED_DECISIONS_NO ", not \"%s\"",
				       value);
	*out = arena_strdup(arena, value);
	return ERR_OK;
}

static enum err imported_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			       struct error *error)
{
	uint8_t sum[SHA256_SIZE];
	char text[SHA256_HEX_SIZE];
	bool is_sum = strlen(value) == SHA256_HEX_SIZE - 1 && hex_decode(value, sum, SHA256_SIZE);

	(void)desk;
	if (!is_sum && strcmp(value, IMPORTED_DECISIONS_NO) != 0)
		return error_set_field(
			error, ERR_INVALID, STORE_IMPORTED_DECISIONS,
			"The setting " STORE_IMPORTED_DECISIONS
			" is the SHA-256 of a file, as sha256sum prints it, or " IMPORTED_DECISIONS_NO
			", not \"%s\"",
			value);
	if (is_sum)
		hex_encode(sum, sizeof sum, text);
	*out = arena_strdup(arena, is_sum ? text : value);
	return ERR_OK;
}

static enum err limit_check(const char *name, struct arena *arena, const char *value, const char **out,
			    struct error *error)
{
	size_t digits = strspn(value, "0123456789");
	long long limit = digits && digits <= 10 && !value[digits] ? strtoll(value, NULL, 10) : -1;

	if (limit < 0 || limit > REQUEST_LIMIT_MAX)
		return error_set_field(error, ERR_INVALID, name,
				       "The setting %s is a number of requests a minute up to %d, 0 for no limit, "
				       "or empty for the default, not \"%s\"",
				       name, REQUEST_LIMIT_MAX, value);
	*out = arena_printf(arena, "%lld", limit);
	return ERR_OK;
}

static enum err address_limit_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
				    struct error *error)
{
	(void)desk;
	return limit_check(STORE_ADDRESS_LIMIT, arena, value, out, error);
}

static enum err key_limit_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
				struct error *error)
{
	(void)desk;
	return limit_check(STORE_KEY_LIMIT, arena, value, out, error);
}

static enum err link_limit_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
				 struct error *error)
{
	(void)desk;
	return limit_check(STORE_LINK_LIMIT, arena, value, out, error);
}

static enum err proxies_check(struct desk *desk, struct arena *arena, const char *value, const char **out,
			      struct error *error)
{
	struct proxies proxies;

	(void)desk;
	*out = arena_strdup(arena, value);
	return proxies_parse(value, &proxies, error);
}

/* Reads in->part: the setting; in->text: its value, "" for the default. ERR_INVALID for an unknown name or an unusable
 * value; in production a public address begins with https://. A trailing slash is removed. */
enum err use_store_set(struct use *use, struct error *error)
{
	const char *name = use->in->part, *value = use->in->text;
	const char *before = "", *after = "";
	const struct known *setting = NULL;
	enum err err = find(name, &setting, error);

	if (!err && *value)
		err = setting->check(use->desk, use->arena, value, &after, error);
	if (!err)
		err = store_info_get(use->desk->store, use->arena, name, &before, error);
	if (err)
		return err;
	json_set_text(use->detail, "setting", name);
	json_set_text(use->detail, "from", before);
	json_set_text(use->detail, "to", after);
	err = use_offer(use, name, error);
	if (err || use->out->offered)
		return err;
	return store_info_set(use->desk->store, name, after, error);
}

/* Rebuilds a damaged search index; it holds nothing that is not stored elsewhere. */
enum err use_store_rebuild_search(struct use *use, struct error *error)
{
	int64_t sessions = 0;
	enum err err = store_text_rebuild(use->desk->store, &sessions, error);

	json_set_int(use->detail, "sessions", sessions);
	use->out->sessions = sessions;
	return err;
}

static bool is_listed(const char *list, const char *origin)
{
	for (size_t length; *list; list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		if (strlen(origin) == length && !strncmp(list, origin, length))
			return true;
	}
	return false;
}

enum err desk_link_origin(struct desk *desk, struct arena *arena, const char *origin, const char **allowed,
			  struct error *error)
{
	const char *list = "";
	enum err err = store_info_get(desk->store, arena, STORE_LINK_ORIGINS, &list, error);

	*allowed = "";
	if (!err && !strcmp(list, STORE_LINK_ORIGINS_ALL))
		*allowed = STORE_LINK_ORIGINS_ALL;
	else if (!err && is_listed(list, origin))
		*allowed = origin;
	return err;
}

enum err desk_request_limit(struct desk *desk, const char *setting, int64_t *limit, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *value = "";
	enum err err = store_info_get(desk->store, &arena, setting, &value, error);

	if (!err && *value)
		*limit = strtoll(value, NULL, 10);
	arena_release(&arena);
	return err;
}

enum err desk_trusted_proxies(struct desk *desk, struct proxies *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *value = "";
	enum err err = store_info_get(desk->store, &arena, STORE_TRUSTED_PROXIES, &value, error);

	if (!err)
		err = proxies_parse(value, out, error);
	arena_release(&arena);
	return err;
}

enum err desk_store_settings(struct desk *desk, struct arena *arena, struct store_setting **items, size_t *count,
			     struct error *error)
{
	enum err err = ERR_OK;

	*count = KNOWN_COUNT;
	*items = arena_alloc_array(arena, KNOWN_COUNT, sizeof **items);
	for (size_t i = 0; !err && i < KNOWN_COUNT; i++) {
		struct store_setting *item = &(*items)[i];

		*item = (struct store_setting){ .name = known[i].name, .value = "", .meaning = known[i].meaning };
		err = store_info_get(desk->store, arena, item->name, &item->value, error);
		if (err || *item->value)
			continue;
		item->is_default = known[i].otherwise || desk->store->sandbox;
		if (known[i].otherwise)
			item->value = known[i].otherwise;
		else if (desk->store->sandbox)
			err = link_base(desk, arena, &item->value, error);
	}
	return err;
}
