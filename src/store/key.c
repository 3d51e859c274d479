/* The store's key: a file of 32 random bytes next to the store, not in it, so that client links cannot be derived
 * from a stolen backup of the store alone. The file is created with the store, or when an older store first needs a
 * key. The store keeps a check value of the key, so that a lost or wrong key is detected and not replaced. */
#include "kybdesk/base/file.h"
#include "kybdesk/store/store.h"

#include <string.h>

#define KEY_CHECK "key_check" /* in store_info */
#define CHECK_PURPOSE "kybdesk key check"

char *store_link_key_path(const struct store *store, struct arena *arena)
{
	return arena_strdup(arena, store->key_file);
}

static void make_key_hash(const uint8_t bytes[LINK_KEY_SIZE], char out[SHA256_HEX_SIZE])
{
	uint8_t mac[SHA256_SIZE];

	hmac_sha256(bytes, LINK_KEY_SIZE, CHECK_PURPOSE, strlen(CHECK_PURPOSE), mac);
	hex_encode(mac, sizeof mac, out);
}

static enum err read_file(const char *path, uint8_t out[LINK_KEY_SIZE], struct error *error)
{
	struct strbuf bytes = STRBUF_INIT;
	enum err err = file_read(path, 4096, &bytes, error);

	if (err) {
		error_prefix(error, "The key of the store");
		err = ERR_STORE;
	} else if (bytes.len != LINK_KEY_SIZE) {
		err = error_set(error, ERR_STORE,
				"%s is not a key: the file has %zu bytes instead of %d; restore the store's own key",
				path, bytes.len, LINK_KEY_SIZE);
	} else {
		memcpy(out, bytes.buf, LINK_KEY_SIZE);
	}
	strbuf_wipe(&bytes);
	return err;
}

static enum err read_checked_key(const struct store *store, struct arena *arena, const char *check,
				 uint8_t out[LINK_KEY_SIZE], struct error *error)
{
	const char *path = store_link_key_path(store, arena);
	char found[SHA256_HEX_SIZE];
	enum err err;

	if (!*check || !file_exists(path))
		return error_set(error, ERR_STORE,
				 "The store %s has no key: %s is missing; restore this file from its copy. Without "
				 "the key, clients' links can neither be made nor read",
				 store->path, path);
	err = read_file(path, out, error);
	if (err)
		return err;
	make_key_hash(out, found);
	if (!strcmp(found, check))
		return ERR_OK;
	secret_wipe(out, LINK_KEY_SIZE);
	return error_set(error, ERR_STORE,
			 "%s is not the key of the store %s but of another store; restore the right key", path,
			 store->path);
}

/* Makes the store's key. An existing key file is used: an interrupted init has left it, so it is the key of this
 * store. */
static enum err make_key(struct store *store, struct arena *arena, uint8_t out[LINK_KEY_SIZE], struct error *error)
{
	const char *path = store_link_key_path(store, arena);
	char check[SHA256_HEX_SIZE];
	enum err err = ERR_OK;

	if (file_exists(path)) {
		err = read_file(path, out, error);
	} else {
		world_random(store->world, out, LINK_KEY_SIZE);
		err = file_write_synced(path, out, LINK_KEY_SIZE, error);
	}
	if (err)
		return err;
	make_key_hash(out, check);
	return store_info_set(store, KEY_CHECK, check, error);
}

enum err store_has_key(struct store *store, bool *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *check = "";
	enum err err = store_info_get(store, &arena, KEY_CHECK, &check, error);

	*out = !err && *check && file_exists(store_link_key_path(store, &arena));
	arena_release(&arena);
	return err;
}

enum err store_get_link_key(struct store *store, bool may_make, struct link_key *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct cached_key *kept = &store->cached_key;
	const char *check = "";
	enum err err;

	*out = (struct link_key){ .store_id = store->id };
	if (kept->is_cached) {
		memcpy(out->bytes, kept->bytes, LINK_KEY_SIZE);
		return ERR_OK;
	}
	err = store_info_get(store, &arena, KEY_CHECK, &check, error);
	if (!err && !*check && may_make)
		err = make_key(store, &arena, out->bytes, error);
	else if (!err)
		err = read_checked_key(store, &arena, check, out->bytes, error);
	kept->is_cached = !err && *check && store_has_hold(store);
	if (kept->is_cached)
		memcpy(kept->bytes, out->bytes, LINK_KEY_SIZE);
	arena_release(&arena);
	return err;
}
