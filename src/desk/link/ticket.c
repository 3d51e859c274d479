#include "kybdesk/desk/ticket.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/store/people.h"
#include "link/link.h"

#include <string.h>

#define TICKET_PURPOSE "kybdesk document ticket"
#define TICKET_TEXT_MAX 256
#define OF_THE_BACK 0x80 /* added to the purpose */

struct packed {
	uint8_t purpose;
	uint8_t expires[8], merchant[8];
	char session[UUID_TEXT_SIZE - 1], document[UUID_TEXT_SIZE - 1];
	uint8_t mac[SHA256_SIZE];
};
#define SAID_SIZE (sizeof(struct packed) - SHA256_SIZE)
_Static_assert(sizeof(struct packed) == 17 + 72 + SHA256_SIZE, "a ticket must be read and written whole");

static enum err seal(struct desk *desk, const struct packed *packed, uint8_t mac[SHA256_SIZE], struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct link_key key;
	enum err err = store_key(desk->store, false, &key, error);

	if (err)
		return err;
	strbuf_adds(&text, TICKET_PURPOSE "\n");
	strbuf_adds(&text, key.store_id);
	strbuf_add(&text, packed, SAID_SIZE);
	hmac_sha256(key.bytes, sizeof key.bytes, text.buf, text.len, mac);
	secret_wipe(&key, sizeof key);
	strbuf_release(&text);
	return ERR_OK;
}

enum err desk_ticket_make(struct desk *desk, struct arena *arena, const struct ticket *ticket, const char *path,
			  const char **url, struct error *error)
{
	struct packed packed = { .purpose = (uint8_t)(ticket->purpose | (ticket->back ? OF_THE_BACK : 0)) };
	struct strbuf text = STRBUF_INIT;
	const char *base = "";
	enum err err = link_base(desk, arena, &base, error);

	if (!desk->caller || !uuid_is_valid(ticket->session_id) || !uuid_is_valid(ticket->document_id))
		BUG("a ticket is for a document of a caller's session");
	bytes_put_int64(packed.expires, ticket->expires_at);
	bytes_put_int64(packed.merchant, desk->caller->merchant_row);
	memcpy(packed.session, ticket->session_id, sizeof packed.session);
	memcpy(packed.document, ticket->document_id, sizeof packed.document);
	if (!err)
		err = seal(desk, &packed, packed.mac, error);
	if (err)
		return err;
	strbuf_addf(&text, "%s%s", base, path);
	base64url_encode(&text, &packed, sizeof packed);
	*url = strbuf_to_arena(&text, arena);
	strbuf_wipe(&text);
	return ERR_OK;
}

static enum err find_caller(struct desk *desk, struct arena *arena, int64_t row, struct ticket *out,
			    struct error *error)
{
	struct merchant merchant;
	enum err err = store_merchant_by_row(desk->store, arena, row, &merchant, error);

	if (err)
		return err;
	if (!merchant.row)
		out->state = TICKET_NONE;
	out->caller = (struct caller){ .as = CAPACITY_MERCHANT,
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
	struct packed packed;
	uint8_t mac[SHA256_SIZE];
	enum err err = ERR_OK;

	out->state = TICKET_NONE;
	if (strlen(token) > TICKET_TEXT_MAX || !base64url_decode(&bytes, token, strlen(token)) ||
	    bytes.len != sizeof packed)
		goto out;
	memcpy(&packed, bytes.buf, sizeof packed);
	err = seal(desk, &packed, mac, error);
	if (err || !secret_equal(mac, packed.mac, sizeof mac) ||
	    (packed.purpose & ~OF_THE_BACK) != (int)out->purpose)
		goto out;
	out->session_id = arena_strndup(arena, packed.session, sizeof packed.session);
	out->document_id = arena_strndup(arena, packed.document, sizeof packed.document);
	out->back = packed.purpose & OF_THE_BACK;
	out->expires_at = bytes_get_int64(packed.expires);
	out->state = desk_now(desk) < out->expires_at ? TICKET_GOOD : TICKET_EXPIRED;
	if (out->state == TICKET_GOOD)
		err = find_caller(desk, arena, bytes_get_int64(packed.merchant), out, error);
out:
	strbuf_wipe(&bytes);
	return err;
}
