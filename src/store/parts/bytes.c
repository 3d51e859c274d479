/* Documents' bytes: PATH-documents/ab/abcdef…, named by their hash. */
#include "rows.h"
#include "statements.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"
#include "kybdesk/store/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Whoever may reach the store's file reaches the documents too, and nobody else. */
struct sharing {
	mode_t group_bits; /* 0060, 0040 or 0 */
	gid_t group;
};

static struct sharing sharing_of(const struct store *store)
{
	struct stat own;
	if (stat(store->path, &own) != 0)
		return (struct sharing){ 0 };
	return (struct sharing){ own.st_mode & 0060, own.st_gid };
}

/* Takes its place in one step, so that nobody meets a folder that is not open to them yet. */
static enum err make_shared_folder(const char *path, const char *parent, const struct sharing *sharing,
				   struct error *error)
{
	struct arena arena = ARENA_INIT;
	char *fresh = arena_printf(&arena, "%s/.new.XXXXXX", parent);
	mode_t mode = 0700 | S_ISGID | sharing->group_bits | 0010;
	bool made = mkdtemp(fresh) != NULL;
	int number = 0;
	if (!made) {
		number = errno;
	} else if (chown(fresh, (uid_t)-1, sharing->group) == 0 && chmod(fresh, mode) != 0) {
		number = errno;
	} else if (rename(fresh, path) != 0 && !file_exists(path)) {
		number = errno;
	}
	/* Another process was faster, or it failed. */
	if (made && (number || file_exists(fresh)))
		(void)rmdir(fresh);
	arena_release(&arena);
	return number ? error_set(error, ERR_STORE, "%s cannot be made: %s", path, strerror(number)) : ERR_OK;
}

/* A new folder is on the disk only when the folder that holds it is. */
static enum err make_folder(const char *path, const char *parent, const struct sharing *sharing,
			    struct error *error)
{
	if (file_exists(path))
		return ERR_OK;
	enum err err =
		sharing->group_bits ? make_shared_folder(path, parent, sharing, error) : folder_make(path, error);
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
		const struct sharing sharing = sharing_of(store);
		err = make_folder(store->documents_folder, path_folder(&arena, store->documents_folder), &sharing,
				  error);
		if (!err)
			err = make_folder(folder, store->documents_folder, &sharing, error);
		if (!err)
			err = file_write_synced_for(path, bytes, length, 0600 | sharing.group_bits, sharing.group,
						    error);
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

enum { AFTER };
static const struct sql statements[] = {
	[AFTER] = { "bytes.after", "SELECT DISTINCT sha256 FROM document WHERE sha256 <> '' AND sha256 > $1 "
				   "ORDER BY sha256 LIMIT 500" },
};
const struct sql_list bytes_sql = SQL_LIST(statements);

static enum err hashes_after(struct store *store, struct arena *arena, const char *after, const char ***hashes,
			     size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool found = false;
	enum err err = db_query(store->db, &statements[AFTER], &query, error);
	*hashes = NULL;
	*count = 0;
	if (err)
		return err;
	query_text(query, 1, after);
	while (!(err = query_next(query, &found, error)) && found)
		*ARENA_PUSH(arena, *hashes, *count, capacity) = row_text(query, 0, arena);
	query_end(query);
	return err;
}

enum err store_bytes_check(struct store *store, void (*on_bad)(void *context, const char *why), void *context,
			   int64_t *files, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct strbuf after = STRBUF_INIT;
	const char **hashes;
	size_t count = 0;
	enum err err;
	*files = 0;
	/* Page after page: no read stays open while files are read. */
	while (!(err = hashes_after(store, &arena, after.buf, &hashes, &count, error)) && count > 0) {
		for (size_t i = 0; i < count; i++) {
			struct strbuf bytes = STRBUF_INIT;
			struct error why = { 0 };
			if (store_bytes_get(store, hashes[i], &bytes, &why))
				on_bad(context, why.message);
			strbuf_release(&bytes);
			error_release(&why);
		}
		*files += (int64_t)count;
		/* A damaged index can answer with what was asked before, for ever. */
		if (strcmp(hashes[count - 1], after.buf) <= 0) {
			on_bad(context, "the index of the documents' files is damaged");
			break;
		}
		strbuf_reset(&after);
		strbuf_adds(&after, hashes[count - 1]);
		arena_reset(&arena);
	}
	strbuf_release(&after);
	arena_release(&arena);
	return err;
}
