/* API keys of a merchant and of its providers. A merchant can have several keys, each with a name, permissions and
 * an end. */
#include "use/use.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/domain/permission.h"
#include "kybdesk/store/merchant_key.h"

#define KEY_BYTES 32
#define CODE_BYTES 9
#define KEYS_MAX 100
#define ENDED_KEY_KEPT_MS (30 * DAY_MS) /* lists show an ended key for this time */

void api_key_make(const struct desk *desk, const char *prefix, struct strbuf *api_key, uint8_t hash[SHA256_SIZE])
{
	uint8_t secret[KEY_BYTES];

	world_random(desk->world, secret, sizeof secret);
	strbuf_reset(api_key);
	strbuf_adds(api_key, prefix);
	base64url_encode(api_key, secret, sizeof secret);
	sha256_hash(api_key->buf, api_key->len, hash);
	secret_wipe(secret, sizeof secret);
}

static const char *make_merchant_code(const struct desk *desk, struct arena *arena)
{
	uint8_t bytes[CODE_BYTES];
	struct strbuf code = STRBUF_INIT;

	world_random(desk->world, bytes, sizeof bytes);
	strbuf_adds(&code, "mch_");
	base64url_encode(&code, bytes, sizeof bytes);
	return strbuf_finish(&code, arena);
}

static enum err find_merchant(struct use *use, struct merchant *out, struct error *error)
{
	const char *name = text_or_empty(use->in->part);
	enum err err = store_merchant_find(use->desk->store, use->arena, name, out, error);

	if (err || out->row)
		return err;
	return error_unknown_word(error, ERR_NOT_FOUND,
				  &(struct unknown_name){ .kind = "merchant",
							  .name = name,
							  .hint = "List them with: kybdesk merchant list",
							  .field = "merchant" });
}

/* --- the keys of one merchant --- */

struct loaded_keys {
	struct merchant merchant;
	struct merchant_keys list;
};

static enum err load_keys(struct use *use, struct loaded_keys *out, struct error *error)
{
	enum err err = find_merchant(use, &out->merchant, error);

	return err ? err : store_merchant_key_list(use->desk->store, use->arena, &out->list, error);
}

/* Finds the key with this name; NULL: none. */
static struct merchant_key *find_key(const struct loaded_keys *keys, const char *name)
{
	for (size_t i = 0; i < keys->list.count; i++) {
		struct merchant_key *key = &keys->list.items[i];

		if (key->merchant_row == keys->merchant.row && !*key->end_kind && !strcmp(key->name, name))
			return key;
	}
	return NULL;
}

static size_t count_valid_keys(const struct loaded_keys *keys, int64_t now)
{
	size_t count = 0;

	for (size_t i = 0; i < keys->list.count; i++)
		count += keys->list.items[i].merchant_row == keys->merchant.row &&
			 merchant_key_is_valid(&keys->list.items[i], now);
	return count;
}

static enum err name_check(const char *name, const char *of, struct error *error)
{
	size_t length = strlen(name);

	if (!length || length > REVIEWER_NAME_MAX || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") != length)
		return error_invalid(error, "name",
				     "The name of a %s cannot be \"%s\"; allowed: 1 to %d letters a to z, "
				     "digits, dots, underscores and hyphens",
				     of, name, REVIEWER_NAME_MAX);
	return ERR_OK;
}

/* Chooses the name of a key if the request has none: "default", or "default-2" and so on while another key with
 * that name is valid. */
static const char *unused_key_name(const struct use *use, const struct loaded_keys *keys)
{
	const char *name = "default";

	for (int i = 2;; i++) {
		const struct merchant_key *key = find_key(keys, name);

		if (!key || !merchant_key_is_valid(key, use->now))
			return name;
		name = arena_printf(use->arena, "default-%d", i);
	}
}

/* Describes the key in the audit record. as: the member of the record that contains the key's name. */
static void record_key_name(struct use *use, const struct loaded_keys *keys, const char *as, const char *name)
{
	json_set_text(use->detail, "merchant", keys->merchant.name);
	json_set_text(use->detail, as, name);
}

/* Adds the requested lifetime to the audit record, and calls use_offer() for the change. */
static enum err offer_key_change(struct use *use, const struct loaded_keys *keys, const char *name, struct error *error)
{
	if (use->in->lifetime_ms)
		json_set_int(use->detail, "life_s", use->in->lifetime_ms / 1000);
	return use_offer(use, arena_printf(use->arena, "%s %s", name, keys->merchant.name), error);
}

static enum err refuse_unknown_key(const struct loaded_keys *keys, const char *name, struct error *error)
{
	return error_set_field(error, ERR_NOT_FOUND, "name",
			       "Unknown key \"%s\" of %s. List them with: kybdesk merchant key list %s", name,
			       keys->merchant.name, keys->merchant.name);
}

/* --- a new key --- */

static enum err check_key_count(const struct use *use, const struct loaded_keys *keys, struct error *error)
{
	if (count_valid_keys(keys, use->now) < KEYS_MAX)
		return ERR_OK;
	return error_set(error, ERR_BLOCKED, "%s has %d keys; revoke one first", keys->merchant.name, KEYS_MAX);
}

static enum err check_key_lifetime(const struct use *use, struct error *error)
{
	if (use->in->lifetime_ms < 0 || use->in->lifetime_ms > KEY_LIFE_MAX_MS)
		return error_invalid(
			error, "expires",
			"A key can be valid for at most %d days; a key without an end works until it is revoked",
			(int)(KEY_LIFE_MAX_MS / DAY_MS));
	return ERR_OK;
}

/* In production, a merchant's key can neither report results nor decide: providers and reviewers use their own keys. */
static enum err check_permissions(const struct use *use, unsigned permissions, struct error *error)
{
	if (desk_is_sandbox(use->desk) || !(permissions & ~KEY_PERMISSIONS_DEFAULT))
		return ERR_OK;
	return error_invalid(error, "permission",
			     "In production a merchant's key can have only kyc:create and kyc:read; kyc:process "
			     "belongs to a provider's key (--provider KIND --name NAME), kyc:review to a "
			     "reviewer's own key (kybdesk reviewer key NAME)");
}

/* Ends the key with this name, and inserts the new key. */
static enum err replace_key(struct use *use, const struct loaded_keys *keys, struct merchant_key *key,
			    struct error *error)
{
	const char *prefix = *key->checks ? PROVIDER_KEY_PREFIX : MERCHANT_KEY_PREFIX;
	struct merchant_key *before = find_key(keys, key->name);
	struct store *store = use->desk->store;
	struct merchant merchant = keys->merchant;
	enum err err = ERR_OK;

	if (before && !*before->end_kind) {
		before->end_kind = KEY_REPLACED;
		if (merchant_key_is_valid(before, use->now))
			before->ends_at = use->now;
		err = store_merchant_key_put(store, before, error);
	}
	if (!err)
		err = store_merchant_key_purge(store, keys->merchant.row, use->now - ENDED_KEY_KEPT_MS, error);
	if (err)
		return err;
	if (!*key->checks && !*merchant.api_code) {
		merchant.api_code = make_merchant_code(use->desk, use->arena);
		err = store_merchant_put(store, &merchant, use->now, error);
	}
	if (err)
		return err;
	use->out->api_code = *key->checks ? "" : merchant.api_code;
	if (!*key->checks)
		json_set_text(use->detail, "api_code", merchant.api_code);
	key->row = 0;
	key->merchant_row = keys->merchant.row;
	use->out->part_id = key->name;
	use->out->expires_at = key->ends_at;
	api_key_make(use->desk, prefix, use->in->content_out, key->key_sha256);
	return store_merchant_key_put(store, key, error);
}

/* The time at which the key expires. TIME_NONE: the key never expires, or check_key_lifetime() refuses the lifetime. */
static int64_t key_expiry_time(const struct use *use)
{
	int64_t lifetime_ms = use->in->lifetime_ms;

	return lifetime_ms > 0 && lifetime_ms <= KEY_LIFE_MAX_MS ? use->now + lifetime_ms : TIME_NONE;
}

/* Makes a key, and an api_code if the merchant has none; other keys stay. Reads in->part: the merchant; in->text:
 * the name of the key, "" or NULL: a free name; in->permissions (0: create and read); in->lifetime_ms (0: no end).
 * Appends the key to in->content_out, which the calling function wipes; no later call returns the key. */
enum err use_merchant_key(struct use *use, struct error *error)
{
	unsigned permissions = use->in->permissions ? use->in->permissions : KEY_PERMISSIONS_DEFAULT;
	struct merchant_key key = { .checks = "", .created_at = use->now, .ends_at = key_expiry_time(use) };
	const struct merchant_key *before;
	struct loaded_keys keys = { 0 };
	enum err err = load_keys(use, &keys, error);

	if (err)
		return err;
	key.name = use->in->text && *use->in->text ? use->in->text : unused_key_name(use, &keys);
	key.permissions = permissions_text(use->arena, permissions);
	err = name_check(key.name, "key", error);
	if (!err)
		err = check_key_lifetime(use, error);
	if (!err)
		err = check_permissions(use, permissions, error);
	before = err ? NULL : find_key(&keys, key.name);
	if (before && merchant_key_is_valid(before, use->now))
		err = error_set_field(error, ERR_CONFLICT, "name",
				      "%s already has a key \"%s\"; choose another --name, or replace that key "
				      "with: kybdesk merchant key rotate %s %s",
				      keys.merchant.name, key.name, keys.merchant.name, key.name);
	if (!err)
		err = check_key_count(use, &keys, error);
	if (err)
		return err;
	record_key_name(use, &keys, "name", key.name);
	json_set_text_if_any(use->detail, "permissions", key.permissions);
	err = offer_key_change(use, &keys, key.name, error);
	return err || use->out->is_proposal ? err : replace_key(use, &keys, &key, error);
}

/* Makes a key of a provider; the provider's previous key stops working. Reads in->part: the merchant; in->text: the
 * provider's name; in->checks; in->lifetime_ms. Appends the key to in->content_out, which the calling function
 * wipes; no later call returns the key. */
enum err use_provider_key(struct use *use, struct error *error)
{
	struct merchant_key key = { .name = use->in->text,
				    .permissions = permission_text(PERMIT_PROCESS),
				    .created_at = use->now,
				    .ends_at = key_expiry_time(use) };
	const struct merchant_key *before;
	struct loaded_keys keys = { 0 };
	enum err err = load_keys(use, &keys, error);

	if (!err)
		err = name_check(key.name, "provider", error);
	if (!err)
		err = check_key_lifetime(use, error);
	if (!err && !use->in->checks)
		err = error_invalid(error, "provider", "A provider's key needs the kinds of checks that it reports");
	before = err ? NULL : find_key(&keys, key.name);
	if (before && !*before->checks && merchant_key_is_valid(before, use->now))
		err = error_set_field(error, ERR_CONFLICT, "name",
				      "\"%s\" is the name of a key of %s itself; choose another --name", key.name,
				      keys.merchant.name);
	if (!err && !before)
		err = check_key_count(use, &keys, error);
	if (err)
		return err;
	key.checks = words_of_bits(use->arena, use->in->checks, check_kind_words, ",");
	record_key_name(use, &keys, "provider", key.name);
	json_set_text(use->detail, "checks", key.checks);
	err = offer_key_change(use, &keys, key.name, error);
	return err || use->out->is_proposal ? err : replace_key(use, &keys, &key, error);
}

/* --- rotation --- */

/* Makes another key with the same name, permissions and checks; the previous key works until the overlap ends.
 * Reads in->part: the merchant; in->text: the name; in->overlap_ms; in->lifetime_ms (0: as the previous key).
 * Appends the key to in->content_out, which the calling function wipes; no later call returns the key. */
enum err use_merchant_key_rotate(struct use *use, struct error *error)
{
	const char *name = use->in->text ? use->in->text : "";
	struct loaded_keys keys = { 0 };
	struct merchant_key *before, key;
	int64_t overlap_ms = use->in->overlap_ms, until;
	enum err err = load_keys(use, &keys, error);

	if (!err)
		err = check_key_lifetime(use, error);
	if (!err && (overlap_ms < 0 || overlap_ms > KEY_OVERLAP_MAX_MS))
		err = error_invalid(error, "overlap", "The overlap must be 0 to %d days",
				    (int)(KEY_OVERLAP_MAX_MS / DAY_MS));
	if (err)
		return err;
	before = find_key(&keys, name);
	if (!before)
		return refuse_unknown_key(&keys, name, error);
	if (!merchant_key_is_valid(before, use->now))
		return error_set(error, ERR_BLOCKED,
				 "The key \"%s\" of %s has expired; make a new key with: kybdesk merchant key add %s",
				 name, keys.merchant.name, keys.merchant.name);
	err = check_key_count(use, &keys, error);
	if (err)
		return err;
	until = use->now + overlap_ms;
	key = *before;
	key.created_at = use->now;
	/* If the request has no lifetime, the next key gets the lifetime that the previous key had when it was made. */
	key.ends_at = use->in->lifetime_ms || before->ends_at == TIME_NONE
			      ? key_expiry_time(use)
			      : use->now + (before->ends_at - before->created_at);
	record_key_name(use, &keys, "name", name);
	json_set_int(use->detail, "overlap_s", overlap_ms / 1000);
	err = offer_key_change(use, &keys, name, error);
	if (err || use->out->is_proposal)
		return err;
	before->end_kind = KEY_ROTATED;
	if (before->ends_at == TIME_NONE || until < before->ends_at)
		before->ends_at = until;
	use->out->old_key_until = before->ends_at;
	err = store_merchant_key_put(use->desk->store, before, error);
	return err ? err : replace_key(use, &keys, &key, error);
}

/* --- revocation --- */

/* Ends the key of this name and its rotated predecessors, if they still work. */
static enum err revoke_keys(struct use *use, const struct loaded_keys *keys, const char *name, size_t *ended,
			    struct error *error)
{
	enum err err = ERR_OK;

	*ended = 0;
	for (size_t i = 0; !err && i < keys->list.count; i++) {
		struct merchant_key *key = &keys->list.items[i];

		if (key->merchant_row != keys->merchant.row || strcmp(key->name, name) != 0 ||
		    !merchant_key_is_valid(key, use->now))
			continue;
		key->end_kind = KEY_REVOKED;
		key->ends_at = use->now;
		err = store_merchant_key_put(use->desk->store, key, error);
		*ended += 1;
	}
	return err;
}

/* Reads in->part: the merchant; in->text: the name of a key, also of a provider. */
enum err use_merchant_key_revoke(struct use *use, struct error *error)
{
	const char *name = use->in->text ? use->in->text : "";
	struct loaded_keys keys = { 0 };
	size_t ended = 0;
	enum err err = load_keys(use, &keys, error);

	if (!err)
		err = revoke_keys(use, &keys, name, &ended, error);
	if (err)
		return err;
	if (!ended && find_key(&keys, name))
		return error_set(error, ERR_BLOCKED, "The key \"%s\" of %s has already expired", name,
				 keys.merchant.name);
	if (!ended)
		return refuse_unknown_key(&keys, name, error);
	record_key_name(use, &keys, "name", name);
	return ERR_OK;
}

/* Reads in->part: the merchant; in->text: the provider's name. */
enum err use_provider_key_revoke(struct use *use, struct error *error)
{
	struct loaded_keys keys = { 0 };
	const struct merchant_key *key;
	size_t ended = 0;
	enum err err = load_keys(use, &keys, error);

	if (err)
		return err;
	key = find_key(&keys, use->in->text);
	if (key && *key->checks)
		err = revoke_keys(use, &keys, use->in->text, &ended, error);
	if (!err && !ended)
		err = error_set(error, ERR_BLOCKED, "The provider \"%s\" has no key for %s", use->in->text,
				keys.merchant.name);
	if (err)
		return err;
	record_key_name(use, &keys, "provider", use->in->text);
	return ERR_OK;
}

/* --- the list --- */

static const char *key_state_of(const struct merchant_key *key, int64_t now)
{
	if (merchant_key_is_valid(key, now))
		return *key->end_kind ? "overlap" : "works";
	return *key->end_kind ? key->end_kind : "expired";
}

enum err desk_merchant_keys(struct desk *desk, struct arena *arena, struct merchant_key_info **items, size_t *count,
			    struct error *error)
{
	struct merchant_keys keys;
	int64_t now = desk_now(desk);
	enum err err = store_merchant_key_list(desk->store, arena, &keys, error);

	if (err)
		return err;
	*count = keys.count;
	*items = arena_alloc_array(arena, *count + 1, sizeof **items);
	for (size_t i = 0; i < *count; i++) {
		const struct merchant_key *key = &keys.items[i];

		(*items)[i] = (struct merchant_key_info){ .merchant = key->merchant,
							  .name = key->name,
							  .permissions = permission_bits_read(key->permissions),
							  .checks = key->checks,
							  .created_at = key->created_at,
							  .used_at = key->used_at,
							  .ends_at = key->ends_at,
							  .is_valid = merchant_key_is_valid(key, now),
							  .state = key_state_of(key, now) };
	}
	return ERR_OK;
}
