/* Documents' bytes: PATH-documents/ab/abcdef…, named by their hash. */
#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"
#include "kybdesk/store/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Far above any profile's limit; keeps a swapped file from filling the memory. */
#define BYTES_MAX ((size_t)256 << 20)

/* A name from a damaged store must not lead out of the folder. */
static bool is_hash(const char *sha256)
{
	return strlen(sha256) == SHA256_HEX_SIZE - 1 && strspn(sha256, "0123456789abcdef") == SHA256_HEX_SIZE - 1;
}

static char *folder_of(struct store *store, struct arena *arena, const char *sha256)
{
	return arena_printf(arena, "%s/%.2s", store->documents_folder, sha256);
}

char *store_bytes_path(struct store *store, struct arena *arena, const char *sha256)
{
	if (!is_hash(sha256))
		return arena_printf(arena, "%s/no-such-bytes", store->documents_folder);
	return arena_printf(arena, "%s/%.2s/%s", store->documents_folder, sha256, sha256);
}

static enum err sync_folder(const char *path, struct error *error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int number = fd < 0 || (fsync(fd) != 0 && errno != EINVAL) ? errno : 0;
	if (fd >= 0)
		(void)close(fd);
	return number ? error_set(error, ERR_STORE, "%s cannot be synced: %s", path, strerror(number)) : ERR_OK;
}

/* A new folder is on the disk only when the folder that holds it is. */
static enum err make_folder(const char *path, const char *parent, struct error *error)
{
	if (file_exists(path))
		return ERR_OK;
	enum err err = folder_make(path, error);
	return err ? err : sync_folder(parent, error);
}

static bool is_there(const char *path, size_t length)
{
	struct stat found;
	return stat(path, &found) == 0 && S_ISREG(found.st_mode) && (uint64_t)found.st_size == length;
}

enum err store_bytes_put(struct store *store, const void *bytes, size_t length, char sha256[65],
			 struct error *error)
{
	struct arena arena = ARENA_INIT;
	uint8_t hash[SHA256_SIZE];
	sha256_once(bytes, length, hash);
	hex_encode(hash, sizeof hash, sha256);
	const char *folder = folder_of(store, &arena, sha256);
	const char *path = store_bytes_path(store, &arena, sha256);
	enum err err = ERR_OK;
	if (is_there(path, length)) {
		/* Another process may have made it a moment ago and not have synced its name yet. */
		err = sync_folder(folder, error);
	} else {
		err = make_folder(store->documents_folder, path_folder(&arena, store->documents_folder), error);
		if (!err)
			err = make_folder(folder, store->documents_folder, error);
		if (!err)
			err = file_write_synced(path, bytes, length, error);
		/* A place that cannot be written is invalid to others; here the store is at fault. */
		if (err && error)
			error->code = ERR_STORE;
		if (err)
			err = ERR_STORE;
	}
	arena_release(&arena);
	return err;
}

enum err store_bytes_get(struct store *store, const char *sha256, struct strbuf *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	uint8_t hash[SHA256_SIZE];
	char found[SHA256_HEX_SIZE];
	size_t start = out->len;
	const char *path = store_bytes_path(store, &arena, sha256);
	enum err err = is_hash(sha256) ? ERR_OK
				       : error_set(error, ERR_STORE,
						   "store %s is damaged: a document's hash is none", store->path);
	if (err)
		goto out;
	if (file_read(path, BYTES_MAX, out, error)) {
		err = ERR_STORE;
		if (error)
			error->code = ERR_STORE;
		error_prefix(error, "a document's bytes are gone; bring them back from a backup");
		goto out;
	}
	sha256_once(out->buf + start, out->len - start, hash);
	hex_encode(hash, sizeof hash, found);
	if (strcmp(found, sha256) != 0) {
		strbuf_truncate(out, start);
		err = error_set(error, ERR_STORE,
				"%s is damaged: its bytes do not match their hash; bring it back from a backup",
				path);
	}
out:
	arena_release(&arena);
	return err;
}
