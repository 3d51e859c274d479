/* Stored responses for idempotency keys. They are encrypted: to decrypt a response, the store and its key file are
 * not enough, since the caller's idempotency key is needed, too. */
#include "kybdesk/base/seal.h"
#include "kybdesk/store/kept_answer.h"
#include "use/use.h"

#include <stdlib.h>

#define PURPOSE "kybdesk kept answer "
#define PURGE_BATCH_MAX 500

/* Writes the length of a text, then the text, so that different lists of texts never have the same bytes. */
static void add_part(struct strbuf *out, const void *bytes, size_t length)
{
	strbuf_addf(out, "%zu:", length);
	strbuf_add(out, bytes, length);
}

static void derive_mac(const struct link_key *key, const char *what, const struct idempotency *idempotency,
		       uint8_t out[SHA256_SIZE])
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, PURPOSE "%s\n%s\n", what, key->store_id);
	add_part(&text, idempotency->scope, strlen(idempotency->scope));
	add_part(&text, idempotency->key, strlen(idempotency->key));
	if (!strcmp(what, "request"))
		add_part(&text, idempotency->request_sha256, sizeof idempotency->request_sha256);
	hmac_sha256(key->bytes, sizeof key->bytes, text.buf, text.len, out);
	strbuf_wipe(&text);
}

/* Three values derived from the store's key and the idempotency key: the name of the stored entry, the MAC of the
 * request, the key of the encryption. */
struct keys {
	uint8_t name[SHA256_SIZE], request[SHA256_SIZE], encryption_key[SHA256_SIZE];
};

static enum err derive_keys(struct desk *desk, const struct idempotency *idempotency, bool may_make, struct keys *out,
			    struct error *error)
{
	struct link_key key;
	enum err err = store_get_link_key(desk->store, may_make, &key, error);

	if (err)
		return err;
	derive_mac(&key, "name", idempotency, out->name);
	derive_mac(&key, "request", idempotency, out->request);
	derive_mac(&key, "seal", idempotency, out->encryption_key);
	secret_wipe(&key, sizeof key);
	return ERR_OK;
}

static struct seal seal_of(const struct keys *keys, const struct kept_answer *kept)
{
	return (struct seal){ keys->encryption_key, kept->nonce, kept->request_mac, sizeof kept->request_mac };
}

/* "201\ntype\nlocation\nbody" */
static enum err unseal_answer(struct arena *arena, const struct keys *keys, const struct kept_answer *kept,
			      struct once_answer *out, struct error *error)
{
	const struct seal seal = seal_of(keys, kept);
	struct strbuf text = STRBUF_INIT;
	const char *lines[3] = { "", "", "" };
	size_t at = 0;
	bool right = seal_apply(&text, &seal, SEAL_DECRYPT, kept->sealed, kept->length);

	for (size_t i = 0; right && i < 3; i++) {
		const char *stop = memchr(text.buf + at, '\n', text.len - at);
		size_t length = stop ? (size_t)(stop - text.buf) - at : 0;

		right = stop != NULL;
		lines[i] = arena_strndup(arena, text.buf + at, length);
		at += length + 1;
	}
	if (right) {
		out->status = (int)strtol(lines[0], NULL, 10);
		out->type = lines[1];
		out->location = lines[2];
		strbuf_add(out->body, text.buf + at, text.len - at);
	}
	strbuf_wipe(&text);
	return right ? ERR_OK : error_set(error, ERR_STORE, "A stored response is damaged");
}

static enum err find_answer(struct desk *desk, struct arena *arena, struct idempotency *idempotency,
			    struct once_answer *answer, bool may_make, struct error *error)
{
	struct kept_answer kept = { 0 };
	struct keys keys;
	bool found = false;
	enum err err = derive_keys(desk, idempotency, may_make, &keys, error);

	idempotency->state = IDEMPOTENCY_NEW_REQUEST;
	if (err)
		return err;
	memcpy(kept.key_mac, keys.name, sizeof kept.key_mac);
	err = store_kept_answer_find(desk->store, arena, desk_now(desk), &kept, &found, error);
	if (!err && found) {
		idempotency->state = secret_equal(kept.request_mac, keys.request, sizeof keys.request)
					     ? IDEMPOTENCY_SAME_REQUEST
					     : IDEMPOTENCY_KEY_REUSED;
		if (idempotency->state == IDEMPOTENCY_SAME_REQUEST)
			err = unseal_answer(arena, &keys, &kept, answer, error);
	}
	secret_wipe(&keys, sizeof keys);
	return err;
}

static enum err store_answer(struct desk *desk, const struct idempotency *idempotency, const struct once_answer *answer,
			     struct error *error)
{
	struct strbuf text = STRBUF_INIT, sealed = STRBUF_INIT;
	int64_t now = desk_now(desk);
	struct kept_answer kept = { .expires_at = now + IDEMPOTENCY_KEEP_MS };
	struct keys keys;
	enum err err = derive_keys(desk, idempotency, false, &keys, error);

	if (err)
		return err;
	memcpy(kept.key_mac, keys.name, sizeof kept.key_mac);
	memcpy(kept.request_mac, keys.request, sizeof kept.request_mac);
	world_random(desk->world, kept.nonce, sizeof kept.nonce);
	const struct seal seal = seal_of(&keys, &kept);

	strbuf_addf(&text, "%d\n%s\n%s\n", answer->status, answer->type, answer->location);
	strbuf_add(&text, answer->body->buf, answer->body->len);
	(void)seal_apply(&sealed, &seal, SEAL_ENCRYPT, text.buf, text.len);
	kept.sealed = sealed.buf;
	kept.length = sealed.len;
	err = store_kept_answer_put(desk->store, &kept, now, error);
	strbuf_wipe(&text);
	strbuf_release(&sealed);
	secret_wipe(&keys, sizeof keys);
	return err;
}

enum err desk_run_idempotent(struct desk *desk, struct arena *arena, struct idempotency *idempotency,
			     struct once_answer *answer, struct error *error)
{
	bool keep = false;
	enum err err = desk_begin_hold(desk, error);

	if (err)
		return err;
	/* Searches again under the lock: the same request at another server is now either finished or not begun. */
	err = find_answer(desk, arena, idempotency, answer, true, error);
	if (!err && idempotency->state == IDEMPOTENCY_NEW_REQUEST) {
		err = idempotency->run(idempotency->context, answer, error);
		if (!err && answer->status) {
			err = store_answer(desk, idempotency, answer, error);
			keep = !err;
		}
	}
	if (keep)
		return desk_end_hold(desk, true, error);
	if (desk_end_hold(desk, false, NULL) && idempotency->state != IDEMPOTENCY_NEW_REQUEST)
		BUG("a request that was not begun cannot be ended");
	return err;
}

enum err idempotent_answers_purge(struct desk *desk, struct error *error)
{
	int64_t now = desk_now(desk), count = 0;
	bool due = false;
	enum err err = store_kept_answers_check_due(desk->store, now, &due, error);

	while (!err && due) {
		err = store_begin(desk->store, STORE_WRITE, error);
		if (err)
			break;
		err = store_kept_answers_purge(desk->store, now, PURGE_BATCH_MAX, &count, error);
		err = desk_finish_write(desk, err, error);
		due = count == PURGE_BATCH_MAX;
	}
	return err;
}
