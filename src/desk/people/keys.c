/* API keys of merchants and reviewers: finds the owner of the key or token in a request, and issues tokens in
 * exchange for a merchant's key. */
#include "use/use.h"
#include "kybdesk/domain/permission.h"
#include "kybdesk/store/merchant_key.h"

#define TOKEN_PREFIX "kbt_"
#define TOKEN_PURPOSE "kybdesk api token"
#define BEARER_MAX 512

/* Content of a token; the MAC also covers the hash of the API key. */
struct token {
	uint8_t key[8], expires[8]; /* key: row of the API key */
	uint8_t mac[SHA256_SIZE];
};
#define TOKEN_SIGNED_SIZE (sizeof(struct token) - SHA256_SIZE)
_Static_assert(sizeof(struct token) == 16 + SHA256_SIZE, "struct token has padding");

static void make_token_mac(const struct link_key *key, const struct token *token, const uint8_t key_sha256[SHA256_SIZE],
			   uint8_t out[SHA256_SIZE])
{
	struct strbuf text = STRBUF_INIT;

	strbuf_adds(&text, TOKEN_PURPOSE "\n");
	strbuf_adds(&text, key->store_id);
	strbuf_add(&text, token, TOKEN_SIGNED_SIZE);
	strbuf_add(&text, key_sha256, SHA256_SIZE);
	hmac_sha256(key->bytes, sizeof key->bytes, text.buf, text.len, out);
	strbuf_wipe(&text);
}

/* Parses a list of checks such as "watchlist,adverse_media". An unknown word allows no check. */
static unsigned parse_check_bits(struct arena *arena, const char *text)
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

static const char *key_end_sentence(const struct merchant_key *key)
{
	if (!strcmp(key->end_kind, KEY_REVOKED))
		return "This key was revoked; ask the operator for another key";
	if (!strcmp(key->end_kind, KEY_ROTATED) || !strcmp(key->end_kind, KEY_REPLACED))
		return "This key was replaced; use the new key";
	return "This key has expired; ask the operator for another key";
}

/* Sets the desk's caller from the key. key->row 0: unknown key. */
static void set_caller(struct desk *desk, struct arena *arena, const struct merchant_key *key, struct caller *out)
{
	bool provider = key->row && *key->checks;

	if (!key->row)
		return;
	if (!merchant_key_is_valid(key, desk_now(desk))) {
		out->key_end_sentence = key_end_sentence(key);
		return;
	}
	*out = (struct caller){ .is_recognised = true,
				.capacity = provider ? CAPACITY_PROVIDER : CAPACITY_MERCHANT,
				.actor = arena_printf(arena, "%s%s", provider ? PROVIDER_PREFIX : CALLER_PREFIX,
						      provider ? key->name : key->merchant),
				.merchant = key->merchant,
				.merchant_row = key->merchant_row,
				.permissions = permission_bits_read(key->permissions),
				.checks = provider ? parse_check_bits(arena, key->checks) : 0,
				.document_type = "",
				.request_id = "",
				.key_row = key->row,
				.key_used_at = key->used_at };
	if (provider)
		out->permissions = 1u << PERMIT_PROCESS;
}

static enum err find_caller_by_token(struct desk *desk, struct arena *arena, const char *text, struct caller *out,
				     struct error *error)
{
	struct strbuf bytes = STRBUF_INIT;
	struct merchant_key wanted = { 0 }, own;
	uint8_t mac[SHA256_SIZE];
	struct token token;
	struct link_key key;
	enum err err = ERR_OK;

	if (!base64url_decode(&bytes, text, strlen(text)) || bytes.len != sizeof token)
		goto out;
	memcpy(&token, bytes.buf, sizeof token);
	wanted.row = bytes_get_int64(token.key);
	if (!wanted.row)
		goto out;
	err = store_merchant_key_find(desk->store, arena, &wanted, &own, error);
	if (err || !own.row || *own.checks)
		goto out;
	err = store_get_link_key(desk->store, false, &key, error);
	if (err)
		goto out;
	make_token_mac(&key, &token, own.key_sha256, mac);
	secret_wipe(&key, sizeof key);
	if (!secret_equal(mac, token.mac, sizeof mac))
		goto out;
	if (desk_now(desk) >= bytes_get_int64(token.expires))
		out->key_end_sentence = "This token has expired; log in again";
	else
		set_caller(desk, arena, &own, out);
out:
	strbuf_wipe(&bytes);
	return err;
}

static enum err find_reviewer_key(struct desk *desk, struct arena *arena, const uint8_t hash[SHA256_SIZE],
				  struct caller *out, struct error *error)
{
	struct reviewer reviewer;
	enum err err;

	memcpy(reviewer.key_sha256, hash, SHA256_SIZE);
	err = store_reviewer_find(desk->store, arena, NULL, &reviewer, error);
	if (err || !reviewer.row || reviewer.disabled || !reviewer_key_matches(&reviewer, hash))
		return err;
	*out = (struct caller){ .is_recognised = true,
				.capacity = CAPACITY_STAFF,
				.actor = reviewer.name,
				.merchant = "",
				.permissions = 1u << PERMIT_REVIEW,
				.document_type = "",
				.request_id = "" };
	memcpy(out->key_sha256, hash, SHA256_SIZE);
	return ERR_OK;
}

enum err desk_auth_bearer(struct desk *desk, struct arena *arena, const char *bearer, struct caller *out,
			  struct error *error)
{
	struct merchant_key wanted = { 0 }, key;
	uint8_t *hash = wanted.key_sha256;
	size_t length = strlen(bearer);
	enum err err;

	*out = (struct caller){ .capacity = CAPACITY_MERCHANT, .merchant = "", .document_type = "", .request_id = "" };
	if (!length || length > BEARER_MAX)
		return ERR_OK;
	if (!strncmp(bearer, TOKEN_PREFIX, strlen(TOKEN_PREFIX)))
		return find_caller_by_token(desk, arena, bearer + strlen(TOKEN_PREFIX), out, error);
	sha256_hash(bearer, length, hash);
	if (!strncmp(bearer, REVIEWER_KEY_PREFIX, strlen(REVIEWER_KEY_PREFIX)))
		return find_reviewer_key(desk, arena, hash, out, error);
	err = store_merchant_key_find(desk->store, arena, &wanted, &key, error);
	if (!err && key.row && secret_equal(hash, key.key_sha256, SHA256_SIZE))
		set_caller(desk, arena, &key, out);
	return err;
}

enum err desk_mark_key_used(struct desk *desk, int64_t key_row, struct error *error)
{
	enum err err = store_begin(desk->store, STORE_WRITE, error);

	return err ? err
		   : desk_finish_write(desk, store_merchant_key_mark_used(desk->store, key_row, desk_now(desk), error),
				       error);
}

enum err desk_login(struct desk *desk, const struct login *login, struct strbuf *token, int64_t *expires_at,
		    struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct merchant_key wanted = { 0 }, own;
	struct token made;
	struct link_key key;
	enum err err;

	sha256_hash(login->api_key, strlen(login->api_key), wanted.key_sha256);
	err = store_merchant_key_find(desk->store, &arena, &wanted, &own, error);
	if (err || !own.row || *own.checks || !secret_equal(wanted.key_sha256, own.key_sha256, SHA256_SIZE) ||
	    strcmp(own.api_code, login->api_code) != 0 || !merchant_key_is_valid(&own, desk_now(desk)))
		goto out;
	err = store_get_link_key(desk->store, false, &key, error);
	if (err)
		goto out;
	*expires_at = desk_now(desk) + TOKEN_LIFE_MS;
	bytes_put_int64(made.key, own.row);
	bytes_put_int64(made.expires, *expires_at);
	make_token_mac(&key, &made, own.key_sha256, made.mac);
	secret_wipe(&key, sizeof key);
	strbuf_adds(token, TOKEN_PREFIX);
	base64url_encode(token, &made, sizeof made);
out:
	arena_release(&arena);
	return err;
}
