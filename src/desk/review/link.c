/* Access links of sessions: how long they last, and new ones. Only the token's hash is kept. */
#include "internal.h"
#include "kybdesk/desk/follow.h"

#define TOKEN_SIZE 32

bool link_is_expired(const struct session *session, int64_t now)
{
	return session->expires_at != TIME_NONE && now >= session->expires_at;
}

enum err link_extend(struct session *session, int64_t now, int64_t days, struct error *error)
{
	int64_t from = now;

	if (days < 1 || days > EXTEND_DAYS_MAX)
		return error_set_field(error, ERR_INVALID, "extend",
				       "A link can be extended by 1 to %d days, not by %lld", EXTEND_DAYS_MAX,
				       (long long)days);
	if (session->expires_at == TIME_NONE)
		return ERR_OK;
	if (session->expires_at > now && session->expires_at < INT64_MAX - EXTEND_DAYS_MAX * DAY_MS)
		from = session->expires_at;
	session->expires_at = from + days * DAY_MS;
	return ERR_OK;
}

enum err link_new(struct desk *desk, struct arena *arena, int64_t session_row, const char **path,
		  struct error *error)
{
	return link_new_for(desk, arena, session_row, "", path, error);
}

enum err link_new_for(struct desk *desk, struct arena *arena, int64_t session_row, const char *document_type,
		      const char **path, struct error *error)
{
	uint8_t bytes[TOKEN_SIZE], hash[SHA256_SIZE];
	struct strbuf token = STRBUF_INIT;
	enum err err;

	world_random(desk->world, bytes, sizeof bytes);
	base64url_encode(&token, bytes, sizeof bytes);
	sha256_once(token.buf, token.len, hash);
	err = store_link_insert_for(desk->store, session_row, document_type, hash, desk_now(desk), error);
	if (!err && path)
		*path = arena_printf(arena, "/s/%s", token.buf);
	secret_wipe(bytes, sizeof bytes);
	strbuf_wipe(&token);
	return err;
}
