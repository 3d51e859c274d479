/* Administration of reviewers and merchants. */
#include "use/use.h"
#include "use/actor.h"
#include "use/reviewer.h"
#include "use/refusal.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/domain/permission.h"
#include "kybdesk/store/people.h"
#include "kybdesk/store/provider_key.h"

#include <string.h>

#define KEY_BYTES 32
#define CODE_BYTES 9

static enum err role_check(enum role role, struct error *error)
{
	if (!role_is_a_persons(role))
		return error_set_field(
			error, ERR_INVALID, "role",
			"'%s' is not a role of a person; roles are viewer, intake, reviewer, lead, admin",
			role_text(role));
	return ERR_OK;
}

/* Without an admin the store could never be administered again. */
static enum err last_admin_check(struct desk *desk, struct arena *arena, const struct reviewer *leaving,
				 struct error *error)
{
	struct reviewer *items;
	size_t count;
	enum err err;

	if (leaving->role != ROLE_ADMIN || leaving->disabled)
		return ERR_OK;
	err = store_reviewer_list(desk->store, arena, &items, &count, error);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		if (items[i].role == ROLE_ADMIN && !items[i].disabled && items[i].row != leaving->row)
			return ERR_OK;
	return error_set(error, ERR_BLOCKED, "%s is the only admin; make somebody else an admin first",
			 leaving->name);
}

/* Reads in->part: the name; in->role, in->supervised. */
enum err use_reviewer_add(struct use *use, struct error *error)
{
	struct reviewer reviewer = { .name = use->in->part,
				     .role = use->in->role,
				     .supervised = use->in->supervised };
	enum err err = role_check(reviewer.role, error);

	if (!err)
		err = reviewer_new_name(use->desk->store, use->arena, reviewer.name, &reviewer.name, error);
	if (err)
		return err;
	use->out->part_id = reviewer.name;
	json_set_text(use->detail, "reviewer", reviewer.name);
	json_set_text(use->detail, "role", role_text(reviewer.role));
	json_set_bool(use->detail, "supervised", reviewer.supervised);
	err = use_offer(use, reviewer.name, error);
	if (err || use->out->offered)
		return err;
	return store_reviewer_insert(use->desk->store, &reviewer, use->now, error);
}

static enum err find(struct use *use, struct reviewer *out, struct error *error)
{
	enum err err = reviewer_require(use->desk->store, use->arena, use->in->part, out, error);

	if (!err)
		use->out->part_id = out->name;
	return err;
}

/* Reads in->part, in->role. */
enum err use_reviewer_role(struct use *use, struct error *error)
{
	struct reviewer reviewer;
	enum role before;
	enum err err = role_check(use->in->role, error);

	if (!err)
		err = find(use, &reviewer, error);
	if (!err && use->in->role != ROLE_ADMIN)
		err = last_admin_check(use->desk, use->arena, &reviewer, error);
	if (err)
		return err;
	before = reviewer.role;
	reviewer.role = use->in->role;
	json_set_text(use->detail, "reviewer", reviewer.name);
	json_set_text(use->detail, "from", role_text(before));
	json_set_text(use->detail, "to", role_text(reviewer.role));
	err = use_offer(use, reviewer.name, error);
	if (err || use->out->offered)
		return err;
	return store_reviewer_update(use->desk->store, &reviewer, use->now, error);
}

/* Reads in->part. */
enum err use_reviewer_disable(struct use *use, struct error *error)
{
	struct reviewer reviewer;
	enum err err = find(use, &reviewer, error);

	if (!err && reviewer.disabled)
		err = error_set(error, ERR_BLOCKED, "%s is disabled already", reviewer.name);
	if (!err)
		err = last_admin_check(use->desk, use->arena, &reviewer, error);
	if (err)
		return err;
	reviewer.disabled = true;
	json_set_text(use->detail, "reviewer", reviewer.name);
	return store_reviewer_update(use->desk->store, &reviewer, use->now, error);
}

enum err desk_reviewers(struct desk *desk, struct arena *arena, struct reviewer_info **items, size_t *count,
			struct error *error)
{
	struct reviewer *rows;
	enum err err = store_reviewer_list(desk->store, arena, &rows, count, error);

	if (err)
		return err;
	*items = arena_alloc_array(arena, *count, sizeof **items);
	for (size_t i = 0; i < *count; i++)
		(*items)[i] = (struct reviewer_info){ .name = rows[i].name,
						      .role = rows[i].role,
						      .supervised = rows[i].supervised,
						      .disabled = rows[i].disabled,
						      .created_at = rows[i].created_at,
						      .key_created_at = rows[i].key_created_at };
	return ERR_OK;
}

/* Reads in->part: the name. */
enum err use_merchant_add(struct use *use, struct error *error)
{
	struct merchant merchant = { .api_code = "" };
	const char *name = use->in->part;
	enum err err = text_check("name", "the merchant's name", name, true, error);

	if (!err)
		err = store_merchant_find(use->desk->store, use->arena, name, &merchant, error);
	if (!err && merchant.row)
		err = error_set_field(error, ERR_CONFLICT, "name", "There is a merchant '%s' already", name);
	if (err)
		return err;
	merchant = (struct merchant){ .name = name, .api_code = "" };
	json_set_text(use->detail, "merchant", name);
	return store_merchant_insert(use->desk->store, &merchant, use->now, error);
}

enum err desk_merchants(struct desk *desk, struct arena *arena, struct merchant_info **items, size_t *count,
			struct error *error)
{
	struct merchant *rows;
	enum err err = store_merchant_list(desk->store, arena, &rows, count, error);

	if (err)
		return err;
	*items = arena_alloc_array(arena, *count, sizeof **items);
	for (size_t i = 0; i < *count; i++)
		(*items)[i] = (struct merchant_info){ .name = rows[i].name,
						      .api_code = rows[i].api_code,
						      .permissions = permissions_read(rows[i].permissions),
						      .has_key = rows[i].has_key,
						      .created_at = rows[i].created_at };
	return ERR_OK;
}

static void make_key(const struct desk *desk, const char *prefix, struct strbuf *api_key, uint8_t hash[SHA256_SIZE])
{
	uint8_t secret[KEY_BYTES];

	world_random(desk->world, secret, sizeof secret);
	strbuf_reset(api_key);
	strbuf_adds(api_key, prefix);
	base64url_encode(api_key, secret, sizeof secret);
	sha256_once(api_key->buf, api_key->len, hash);
	secret_wipe(secret, sizeof secret);
}

static const char *make_code(const struct desk *desk, struct arena *arena)
{
	uint8_t bytes[CODE_BYTES];
	struct strbuf code = STRBUF_INIT;
	const char *kept;

	world_random(desk->world, bytes, sizeof bytes);
	strbuf_adds(&code, "mch_");
	base64url_encode(&code, bytes, sizeof bytes);
	kept = arena_strdup(arena, code.buf);
	strbuf_release(&code);
	return kept;
}

static enum err find_merchant(struct use *use, struct merchant *out, struct error *error)
{
	const char *name = use->in->part;
	enum err err = store_merchant_find(use->desk->store, use->arena, name, out, error);

	if (err || out->row)
		return err;
	return unknown_word(error, ERR_NOT_FOUND,
			    &(struct unknown){ .kind = "merchant",
					       .name = name,
					       .hint = "List them with: kybdesk merchant list",
					       .field = "merchant" });
}

/* A new api_key, and an api_code where there was none. Reads in->part: the name; in->into: the key, this once (wipe
 * it). */
enum err use_merchant_key(struct use *use, struct error *error)
{
	uint8_t hash[SHA256_SIZE];
	struct merchant merchant;
	const char *name = use->in->part, *permissions;
	enum err err = find_merchant(use, &merchant, error);

	if (err)
		return err;
	json_set_text(use->detail, "merchant", name);
	/* A new key needs its permissions set anew. */
	permissions = permissions_text(use->arena, use->in->permissions ? use->in->permissions : PERMISSIONS_ALL);
	if (*permissions)
		json_set_text(use->detail, "permissions", permissions);
	err = use_offer(use, name, error);
	if (err || use->out->offered)
		return err;
	make_key(use->desk, MERCHANT_KEY_PREFIX, use->in->into, hash);
	use->out->api_code = *merchant.api_code ? merchant.api_code : make_code(use->desk, use->arena);
	json_set_text(use->detail, "api_code", use->out->api_code);
	err = store_merchant_set_permissions(use->desk->store, merchant.row, permissions, error);
	if (err)
		return err;
	return store_merchant_set_key(use->desk->store, merchant.row, use->out->api_code, hash, error);
}

/* A new key of a reviewer's own; the one before it stops. Reads in->part: the name; in->into: the key, this once (wipe
 * it). */
enum err use_reviewer_key(struct use *use, struct error *error)
{
	uint8_t hash[SHA256_SIZE];
	struct reviewer reviewer;
	enum err err = find(use, &reviewer, error);

	if (!err && reviewer.disabled)
		err = error_set(error, ERR_BLOCKED, "%s is disabled and gets no key", reviewer.name);
	if (err)
		return err;
	json_set_text(use->detail, "reviewer", reviewer.name);
	err = use_offer(use, reviewer.name, error);
	if (err || use->out->offered)
		return err;
	make_key(use->desk, REVIEWER_KEY_PREFIX, use->in->into, hash);
	return store_reviewer_set_key(use->desk->store, reviewer.row, hash, use->now, error);
}

/* Reads in->part: the name. */
enum err use_reviewer_key_revoke(struct use *use, struct error *error)
{
	struct reviewer reviewer;
	enum err err = find(use, &reviewer, error);

	if (!err && reviewer.key_created_at == TIME_NONE)
		err = error_set(error, ERR_BLOCKED, "%s has no key", reviewer.name);
	if (err)
		return err;
	json_set_text(use->detail, "reviewer", reviewer.name);
	return store_reviewer_set_key(use->desk->store, reviewer.row, NULL, use->now, error);
}

static enum err provider_name_check(const char *name, struct error *error)
{
	size_t length = strlen(name);

	if (!length || length > REVIEWER_NAME_MAX ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") != length)
		return error_set_field(error, ERR_INVALID, "name",
				       "The name of a provider is \"%s\"; allowed: 1 to %d of the letters a to z, "
				       "digits, dot, underscore and hyphen",
				       name, REVIEWER_NAME_MAX);
	return ERR_OK;
}

static const char *checks_text(struct arena *arena, unsigned checks)
{
	const char *text = "";

	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++)
		if (checks & 1u << kind)
			text = arena_printf(arena, "%s%s%s", text, *text ? "," : "",
					    check_kind_text((enum check_kind)kind));
	return text;
}

/* A new key of a provider; the one before it stops. Reads in->part: the merchant; in->text: the provider's name;
 * in->checks; in->into: the key, this once (wipe it). */
enum err use_provider_key(struct use *use, struct error *error)
{
	struct provider_key key = { .name = use->in->text, .created_at = use->now };
	struct merchant merchant;
	enum err err = find_merchant(use, &merchant, error);

	if (!err)
		err = provider_name_check(key.name, error);
	if (!err && !use->in->checks)
		err = error_set_field(error, ERR_INVALID, "provider",
				      "A provider's key needs the kinds of checks that it reports");
	if (err)
		return err;
	key.merchant_row = merchant.row;
	key.checks = checks_text(use->arena, use->in->checks);
	json_set_text(use->detail, "merchant", merchant.name);
	json_set_text(use->detail, "provider", key.name);
	json_set_text(use->detail, "checks", key.checks);
	err = use_offer(use, arena_printf(use->arena, "%s %s", key.name, merchant.name), error);
	if (err || use->out->offered)
		return err;
	make_key(use->desk, PROVIDER_KEY_PREFIX, use->in->into, key.key_sha256);
	return store_provider_key_put(use->desk->store, &key, error);
}

/* Reads in->part: the merchant; in->text: the provider's name. */
enum err use_provider_key_revoke(struct use *use, struct error *error)
{
	struct provider_keys keys = { 0 };
	struct merchant merchant;
	int64_t row = 0;
	enum err err = find_merchant(use, &merchant, error);

	if (!err)
		err = store_provider_key_list(use->desk->store, use->arena, &keys, error);
	for (size_t i = 0; !err && i < keys.count; i++)
		if (keys.items[i].merchant_row == merchant.row && !strcmp(keys.items[i].name, use->in->text))
			row = keys.items[i].row;
	if (!err && !row)
		err = error_set(error, ERR_BLOCKED, "The provider \"%s\" has no key for %s", use->in->text,
				merchant.name);
	if (err)
		return err;
	json_set_text(use->detail, "merchant", merchant.name);
	json_set_text(use->detail, "provider", use->in->text);
	return store_provider_key_end(use->desk->store, row, error);
}

enum err desk_provider_keys(struct desk *desk, struct arena *arena, struct provider_key_info **items, size_t *count,
			    struct error *error)
{
	struct provider_keys keys;
	enum err err = store_provider_key_list(desk->store, arena, &keys, error);

	if (err)
		return err;
	*count = keys.count;
	*items = arena_alloc_array(arena, *count, sizeof **items);
	for (size_t i = 0; i < *count; i++)
		(*items)[i] = (struct provider_key_info){ .merchant = keys.items[i].merchant,
							  .name = keys.items[i].name,
							  .checks = keys.items[i].checks,
							  .created_at = keys.items[i].created_at };
	return ERR_OK;
}
