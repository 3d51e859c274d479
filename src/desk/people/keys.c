/* API keys of merchants and reviewers: finds the owner of a bearer, and issues tokens in exchange for a merchant's
 * key. */
#include "desk_private.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/uuid.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/domain/permission.h"
#include "kybdesk/store/people.h"
#include "kybdesk/store/provider_key.h"

#include <string.h>

#define TOKEN_PREFIX "kbt_"
#define TOKEN_PURPOSE "kybdesk api token"
#define BEARER_MAX 512

/* Content of a token; its MAC also covers the merchant's key, so that a new key ends the token. */
struct token {
	uint8_t merchant[8], expires[8];
	uint8_t mac[SHA256_SIZE];
};
#define TOKEN_SAID_SIZE (sizeof(struct token) - SHA256_SIZE)
_Static_assert(sizeof(struct token) == 16 + SHA256_SIZE, "a token is read and written as one piece");

static void token_mac(const struct link_key *key, const struct token *token, const uint8_t key_sha256[SHA256_SIZE],
		      uint8_t out[SHA256_SIZE])
{
	struct strbuf text = STRBUF_INIT;

	strbuf_adds(&text, TOKEN_PURPOSE "\n");
	strbuf_adds(&text, key->store_id);
	strbuf_add(&text, token, TOKEN_SAID_SIZE);
	strbuf_add(&text, key_sha256, SHA256_SIZE);
	hmac_sha256(key->bytes, sizeof key->bytes, text.buf, text.len, out);
	strbuf_wipe(&text);
}

static void become(struct arena *arena, const struct merchant *merchant, struct caller *out)
{
	*out = (struct caller){ .as = CAPACITY_MERCHANT,
				.actor = arena_printf(arena, CALLER_PREFIX "%s", merchant->name),
				.merchant = merchant->name,
				.merchant_row = merchant->row,
				.permissions = permissions_read(merchant->permissions),
				.document_type = "",
				.request_id = "" };
}

static enum err by_token(struct desk *desk, struct arena *arena, const char *text, struct caller *out,
			 struct error *error)
{
	struct strbuf bytes = STRBUF_INIT;
	struct keyed_merchant merchant;
	uint8_t mac[SHA256_SIZE];
	struct token token;
	struct link_key key;
	enum err err = ERR_OK;

	if (!base64url_decode(&bytes, text, strlen(text)) || bytes.len != sizeof token)
		goto out;
	memcpy(&token, bytes.buf, sizeof token);
	if (desk_now(desk) >= bytes_get_int64(token.expires))
		goto out;
	err = store_merchant_by_row(desk->store, arena, bytes_get_int64(token.merchant), &merchant, error);
	if (err || !merchant.merchant.row)
		goto out;
	err = store_key(desk->store, false, &key, error);
	if (err)
		goto out;
	token_mac(&key, &token, merchant.key_sha256, mac);
	secret_wipe(&key, sizeof key);
	if (secret_equal(mac, token.mac, sizeof mac))
		become(arena, &merchant.merchant, out);
out:
	strbuf_wipe(&bytes);
	return err;
}

static enum err by_reviewer(struct desk *desk, struct arena *arena, const uint8_t hash[SHA256_SIZE],
			    struct caller *out, struct error *error)
{
	struct reviewer reviewer;
	enum err err = store_reviewer_by_key(desk->store, arena, hash, &reviewer, error);

	if (err || !reviewer.row || reviewer.disabled || !reviewer_key_is(&reviewer, hash))
		return err;
	*out = (struct caller){ .as = CAPACITY_STAFF,
				.actor = reviewer.name,
				.merchant = "",
				.permissions = 1u << PERMIT_REVIEW,
				.document_type = "",
				.request_id = "" };
	memcpy(out->key_sha256, hash, SHA256_SIZE);
	return ERR_OK;
}

/* "watchlist,adverse_media"; unknown words allow nothing. */
static unsigned checks_read(struct arena *arena, const char *text)
{
	unsigned checks = 0;

	for (size_t length; *text; text += length + (text[length] == ',')) {
		enum check_kind kind;

		length = strcspn(text, ",");
		if (check_kind_parse(arena_strndup(arena, text, length), &kind))
			checks |= 1u << kind;
	}
	return checks;
}

static enum err by_provider(struct desk *desk, struct arena *arena, const uint8_t hash[SHA256_SIZE],
			    struct caller *out, struct error *error)
{
	struct provider_key key;
	enum err err = store_provider_key_by_hash(desk->store, arena, hash, &key, error);

	if (err || !key.row || !secret_equal(hash, key.key_sha256, SHA256_SIZE))
		return err;
	*out = (struct caller){ .as = CAPACITY_PROVIDER,
				.actor = arena_printf(arena, PROVIDER_PREFIX "%s", key.name),
				.merchant = key.merchant,
				.merchant_row = key.merchant_row,
				.permissions = 1u << PERMIT_PROCESS,
				.checks = checks_read(arena, key.checks),
				.document_type = "",
				.request_id = "" };
	return ERR_OK;
}

bool caller_is_known(const struct caller *caller)
{
	return caller->merchant_row || caller->as == CAPACITY_STAFF;
}

enum err desk_bearer(struct desk *desk, struct arena *arena, const char *bearer, struct caller *out,
		     struct error *error)
{
	struct keyed_merchant merchant;
	uint8_t hash[SHA256_SIZE];
	size_t length = strlen(bearer);
	enum err err;

	*out = (struct caller){ .as = CAPACITY_MERCHANT, .merchant = "", .document_type = "", .request_id = "" };
	if (!length || length > BEARER_MAX)
		return ERR_OK;
	if (!strncmp(bearer, TOKEN_PREFIX, strlen(TOKEN_PREFIX)))
		return by_token(desk, arena, bearer + strlen(TOKEN_PREFIX), out, error);
	sha256_once(bearer, length, hash);
	if (!strncmp(bearer, REVIEWER_KEY_PREFIX, strlen(REVIEWER_KEY_PREFIX)))
		return by_reviewer(desk, arena, hash, out, error);
	if (!strncmp(bearer, PROVIDER_KEY_PREFIX, strlen(PROVIDER_KEY_PREFIX)))
		return by_provider(desk, arena, hash, out, error);
	err = store_merchant_by_key(desk->store, arena, hash, &merchant, error);
	if (!err && merchant.merchant.row && secret_equal(hash, merchant.key_sha256, sizeof hash))
		become(arena, &merchant.merchant, out);
	return err;
}

enum err desk_login(struct desk *desk, const struct login *login, struct strbuf *token, int64_t *expires_at,
		    struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct keyed_merchant merchant = { 0 };
	uint8_t hash[SHA256_SIZE];
	struct token made;
	struct link_key key;
	enum err err = store_merchant_by_code(desk->store, &arena, login->api_code, &merchant, error);

	sha256_once(login->api_key, strlen(login->api_key), hash);
	/* Compares even if the merchant does not exist, to take the same time. */
	if (!secret_equal(hash, merchant.key_sha256, sizeof hash) || err || !merchant.merchant.row)
		goto out;
	err = store_key(desk->store, false, &key, error);
	if (err)
		goto out;
	*expires_at = desk_now(desk) + TOKEN_LIFE_MS;
	bytes_put_int64(made.merchant, merchant.merchant.row);
	bytes_put_int64(made.expires, *expires_at);
	token_mac(&key, &made, merchant.key_sha256, made.mac);
	secret_wipe(&key, sizeof key);
	strbuf_adds(token, TOKEN_PREFIX);
	base64url_encode(token, &made, sizeof made);
out:
	arena_release(&arena);
	return err;
}
