/* Access links of sessions: their lifetime, and their tokens. A link is an absolute URL. It is never stored: the
 * desk derives it from session, document and generation with the store's key. */
#include "link/link.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/store/contribution.h"

#define SANDBOX_URL "http://127.0.0.1:8080"
#define LINK_PATH "/s/"

bool link_is_expired(const struct session *session, int64_t now)
{
	return session->expires_at != TIME_NONE && now >= session->expires_at;
}

static enum err extend_link(struct session *session, int64_t now, int64_t count, bool days, struct error *error)
{
	int64_t unit_ms = days ? DAY_MS : 60 * 60 * 1000, from = now;

	if (count < 1 || count > EXTEND_DAYS_MAX * DAY_MS / unit_ms)
		return error_invalid(
			error, days ? "extend" : "hours", "A link can be extended by 1 to %lld %s, not by %lld",
			(long long)(EXTEND_DAYS_MAX * DAY_MS / unit_ms), days ? "days" : "hours", (long long)count);
	if (session->expires_at == TIME_NONE)
		return ERR_OK;
	if (session->expires_at > now && session->expires_at < INT64_MAX - EXTEND_DAYS_MAX * DAY_MS)
		from = session->expires_at;
	session->expires_at = from + count * unit_ms;
	return ERR_OK;
}

enum err link_extend_hours(struct session *session, int64_t now, int64_t hours, struct error *error)
{
	return extend_link(session, now, hours, false, error);
}

enum err link_extend_days(struct session *session, int64_t now, int64_t days, struct error *error)
{
	return extend_link(session, now, days, true, error);
}

/* --- tokens --- */

enum err link_base_url(struct desk *desk, struct arena *arena, const char **base, struct error *error)
{
	enum err err = store_info_get(desk->store, arena, STORE_SETTING_PUBLIC_URL, base, error);

	if (err || **base)
		return err;
	if (desk->store->sandbox) {
		*base = desk->link_base_url ? desk->link_base_url : SANDBOX_URL;
		return ERR_OK;
	}
	return error_set(error, ERR_BLOCKED,
			 "Cannot make client links: the store has no public address; an admin sets it with: "
			 "kybdesk store set public_url https://HOST");
}

enum err link_check_profile(struct desk *desk, const struct profile *profile, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *base;
	enum err err = ERR_OK;

	if (profile->events[EVENT_DOCUMENT_REQUIRED])
		err = link_base_url(desk, &arena, &base, error);
	arena_release(&arena);
	return err;
}

static enum err sign_url(struct desk *desk, struct arena *arena, const struct link_subject *subject, const char **url,
			 struct error *error)
{
	struct link_key key;
	struct strbuf text = STRBUF_INIT;
	const char *base;
	enum err err = link_base_url(desk, arena, &base, error);

	if (err)
		return err;
	/* Makes the key if a write transaction is open, since a store of an older version may have no key yet. */
	err = store_get_link_key(desk->store, desk->store->db->writing, &key, error);
	if (!err) {
		strbuf_addf(&text, "%s" LINK_PATH, base);
		link_token_write(&text, &key, subject);
		*url = strbuf_to_arena(&text, arena);
	}
	secret_wipe(&key, sizeof key);
	strbuf_wipe(&text);
	return err;
}

enum err link_renew_url(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
			struct error *error)
{
	struct link_subject subject;
	const char *made = "";
	int64_t generation;
	enum err err = store_link_replace(desk->store, session->row, "", desk_now(desk), &generation, error);

	if (!err)
		err = store_contribution_end_links(desk->store, session->row, CALLER_CLIENT, error);
	if (!err)
		err = link_subject_set(&subject, session->id, generation, "", error);
	if (!err)
		err = sign_url(desk, arena, &subject, &made, error);
	if (!err && url)
		*url = made;
	return err;
}

enum err link_url_for_type(struct desk *desk, struct arena *arena, const struct session *session,
			   const char *document_type, const char **url, struct error *error)
{
	struct link_subject subject;
	int64_t generation = 0;
	enum err err = store_link_generation(desk->store, session->row, document_type, &generation, error);

	*url = "";
	if (err || !generation)
		return err;
	err = link_subject_set(&subject, session->id, generation, document_type, error);
	return err ? err : sign_url(desk, arena, &subject, url, error);
}

enum err link_current_url(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
			  struct error *error)
{
	return link_url_for_type(desk, arena, session, "", url, error);
}

const char *link_make_placeholder(const struct desk *desk, struct arena *arena)
{
	uint8_t bytes[(LINK_MARK_SIZE - 1) / 2];
	char *mark = arena_alloc(arena, LINK_MARK_SIZE);

	world_random(desk->world, bytes, sizeof bytes);
	hex_encode(bytes, sizeof bytes, mark);
	return mark;
}

enum err link_new_for_document(struct desk *desk, struct arena *arena, const struct session *session,
			       const struct link_options *wanted, const char **url, struct error *error)
{
	struct link_subject subject;
	struct link_key key;
	struct strbuf text = STRBUF_INIT;
	const char *base;
	int64_t generation;
	enum err err = link_base_url(desk, arena, &base, error);

	/* Creates the key if it is missing: the worker that sends the event needs the key. */
	if (!err)
		err = store_get_link_key(desk->store, true, &key, error);
	if (err)
		return err;
	secret_wipe(&key, sizeof key);
	err = store_link_replace(desk->store, session->row, wanted->document_type, desk_now(desk), &generation, error);
	if (!err)
		err = link_subject_set(&subject, session->id, generation, wanted->document_type, error);
	if (err)
		return err;
	strbuf_addf(&text, "%s" LINK_PATH, base);
	link_placeholder_write(&text, wanted->placeholder_mark, generation, wanted->document_type);
	*url = strbuf_finish(&text, arena);
	return ERR_OK;
}

enum err desk_link_resolve(struct desk *desk, struct arena *arena, const char *token, struct link_target *out,
			   struct error *error)
{
	struct link_subject subject;
	struct link_key key;
	struct link_row row = { 0 };
	bool right;
	enum err err = store_get_link_key(desk->store, false, &key, error);

	*out = (struct link_target){ .session_id = "", .document_type = "" };
	if (err)
		return err;
	right = link_token_read(&key, token, &subject);
	secret_wipe(&key, sizeof key);
	if (right)
		err = store_link_find(desk->store, &subject, &row, error);
	if (err)
		return err;
	/* Returns the same message for every fault, so that the message reveals nothing about the link. */
	if (!row.session)
		return error_set(error, ERR_NOT_FOUND, "Unknown link");
	out->session_row = row.session;
	out->merchant_row = row.merchant;
	out->session_id = arena_strdup(arena, subject.session_id);
	out->document_type = arena_strdup(arena, subject.document_type);
	out->generation = subject.generation;
	out->state = !row.valid							       ? LINK_REPLACED
		     : row.expires_at != TIME_NONE && desk_now(desk) >= row.expires_at ? LINK_EXPIRED
										       : LINK_VALID;
	return ERR_OK;
}

/* --- tickets: signed addresses of documents --- */

#define TICKET_PURPOSE "kybdesk document ticket"
#define TICKET_TEXT_MAX 256
#define TICKET_BACK_SIDE 0x80 /* bit in `purpose`: the ticket is for the back side */

struct ticket_data {
	uint8_t purpose;
	uint8_t expires[8], merchant[8];
	char session[UUID_TEXT_SIZE - 1], document[UUID_TEXT_SIZE - 1];
	uint8_t mac[SHA256_SIZE];
};
#define SIGNED_SIZE (sizeof(struct ticket_data) - SHA256_SIZE)
_Static_assert(sizeof(struct ticket_data) == 17 + 72 + SHA256_SIZE, "struct packed has padding");

static enum err make_ticket_mac(struct desk *desk, const struct ticket_data *ticket_data, uint8_t mac[SHA256_SIZE],
				struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct link_key key;
	enum err err = store_get_link_key(desk->store, false, &key, error);

	if (err)
		return err;
	strbuf_adds(&text, TICKET_PURPOSE "\n");
	strbuf_adds(&text, key.store_id);
	strbuf_add(&text, ticket_data, SIGNED_SIZE);
	hmac_sha256(key.bytes, sizeof key.bytes, text.buf, text.len, mac);
	secret_wipe(&key, sizeof key);
	strbuf_release(&text);
	return ERR_OK;
}

enum err desk_ticket_make(struct desk *desk, struct arena *arena, const struct ticket *ticket, const char *path,
			  const char **url, struct error *error)
{
	struct ticket_data ticket_data = { .purpose = (uint8_t)(ticket->purpose |
								(ticket->is_back_side ? TICKET_BACK_SIDE : 0)) };
	struct strbuf text = STRBUF_INIT;
	const char *base = "";
	enum err err = link_base_url(desk, arena, &base, error);

	if (!desk->caller || !uuid_is_valid(ticket->session_id) || !uuid_is_valid(ticket->document_id))
		BUG("a ticket needs a caller, a session and a document");
	bytes_put_int64(ticket_data.expires, ticket->expires_at);
	bytes_put_int64(ticket_data.merchant, desk->caller->merchant_row);
	memcpy(ticket_data.session, ticket->session_id, sizeof ticket_data.session);
	memcpy(ticket_data.document, ticket->document_id, sizeof ticket_data.document);
	if (!err)
		err = make_ticket_mac(desk, &ticket_data, ticket_data.mac, error);
	if (err)
		return err;
	strbuf_addf(&text, "%s%s", base, path);
	base64url_encode(&text, &ticket_data, sizeof ticket_data);
	*url = strbuf_to_arena(&text, arena);
	strbuf_wipe(&text);
	return ERR_OK;
}

static enum err find_ticket_caller(struct desk *desk, struct arena *arena, int64_t row, struct ticket *out,
				   struct error *error)
{
	struct merchant merchant = { .row = row };
	enum err err = store_merchant_find(desk->store, arena, NULL, &merchant, error);

	if (err)
		return err;
	if (!merchant.row)
		out->state = TICKET_NONE;
	out->caller = (struct caller){ .capacity = CAPACITY_MERCHANT,
				       .actor = arena_printf(arena, CALLER_PREFIX "%s", merchant.name),
				       .merchant = merchant.name,
				       .merchant_row = row,
				       .document_type = "",
				       .request_id = "" };
	return ERR_OK;
}

enum err desk_ticket_read(struct desk *desk, struct arena *arena, const char *token, struct ticket *out,
			  struct error *error)
{
	struct strbuf bytes = STRBUF_INIT;
	struct ticket_data ticket_data;
	uint8_t mac[SHA256_SIZE];
	enum err err = ERR_OK;

	out->state = TICKET_NONE;
	if (strlen(token) > TICKET_TEXT_MAX || !base64url_decode(&bytes, token, strlen(token)) ||
	    bytes.len != sizeof ticket_data)
		goto out;
	memcpy(&ticket_data, bytes.buf, sizeof ticket_data);
	err = make_ticket_mac(desk, &ticket_data, mac, error);
	if (err || !secret_equal(mac, ticket_data.mac, sizeof mac) ||
	    (ticket_data.purpose & ~TICKET_BACK_SIDE) != (int)out->purpose)
		goto out;
	out->session_id = arena_strndup(arena, ticket_data.session, sizeof ticket_data.session);
	out->document_id = arena_strndup(arena, ticket_data.document, sizeof ticket_data.document);
	out->is_back_side = ticket_data.purpose & TICKET_BACK_SIDE;
	out->expires_at = bytes_get_int64(ticket_data.expires);
	out->state = desk_now(desk) < out->expires_at ? TICKET_VALID : TICKET_EXPIRED;
	if (out->state == TICKET_VALID)
		err = find_ticket_caller(desk, arena, bytes_get_int64(ticket_data.merchant), out, error);
out:
	strbuf_wipe(&bytes);
	return err;
}
