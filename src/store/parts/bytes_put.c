/* Writes documents' bytes by the rules of bytes.h: put, row, release. */
#include "bytes_files.h"
#include "rows.h"
#include "kybdesk/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STAGING "staging"

static enum err sync_folder(const char *path, struct error *error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int number = fd < 0 || (fsync(fd) != 0 && errno != EINVAL) ? errno : 0;
	if (fd >= 0)
		(void)close(fd);
	return number ? error_set(error, ERR_STORE, "%s cannot be synced: %s", path, strerror(number)) : ERR_OK;
}

/* Mode and group of documents' files. Users with access to the store's file get the same access to the documents;
 * other users get no access. */
struct file_mode {
	mode_t group_bits; /* 0060, 0040 or 0 */
	gid_t group;
};

static struct file_mode file_mode_of(const struct store *store)
{
	struct stat own;
	if (stat(store->path, &own) != 0)
		return (struct file_mode){ 0 };
	return (struct file_mode){ own.st_mode & 0060, own.st_gid };
}

/* Creates the folder under another name and renames it, so that other users never find a folder that they cannot
 * open yet. */
static enum err make_shared_folder(const char *path, const char *parent, const struct file_mode *file_mode,
				   struct error *error)
{
	struct arena arena = ARENA_INIT;
	char *fresh = arena_printf(&arena, "%s/.new.XXXXXX", parent);
	mode_t mode = 0700 | S_ISGID | file_mode->group_bits | 0010;
	bool made = mkdtemp(fresh) != NULL;
	int number = 0;
	if (!made) {
		number = errno;
	} else if (chown(fresh, (uid_t)-1, file_mode->group) == 0 && chmod(fresh, mode) != 0) {
		number = errno;
	} else if (rename(fresh, path) != 0 && !file_exists(path)) {
		number = errno;
	}
	/* Removes the unused folder: another process has created the folder at `path`, or renaming failed. */
	if (made && (number || file_exists(fresh)))
		(void)rmdir(fresh);
	arena_release(&arena);
	return number ? error_set(error, ERR_STORE, "%s cannot be made: %s", path, strerror(number)) : ERR_OK;
}

/* Makes a folder, and syncs the parent folder, so that the new folder is durable. */
static enum err make_folder(const char *path, const char *parent, const struct file_mode *file_mode,
			    struct error *error)
{
	if (file_exists(path))
		return ERR_OK;
	enum err err =
		file_mode->group_bits ? make_shared_folder(path, parent, file_mode, error) : folder_make(path, error);
	return err ? err : sync_folder(parent, error);
}

/* Makes the folder in which a hash's file is stored, and the documents' folder above it. */
static enum err make_folders(struct store *store, struct arena *arena, const char *folder, struct error *error)
{
	const struct file_mode file_mode = file_mode_of(store);
	const char *documents = store->documents_folder;
	if (file_exists(folder))
		return ERR_OK;
	enum err err = make_folder(documents, path_folder(arena, documents), &file_mode, error);
	return err ? err : make_folder(folder, documents, &file_mode, error);
}

/* The index of the hash in the sorted list of staged files, or the index at which the hash must be inserted. */
static size_t find_staged_index(const struct bytes *bytes, const char *sha256, bool *found)
{
	size_t low = 0, high = bytes->count;
	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(bytes->staged_files[middle]->sha256, sha256);
		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct staged_file *find_staged_file(const struct store *store, const char *sha256)
{
	bool found = false;
	size_t at = store->bytes ? find_staged_index(store->bytes, sha256, &found) : 0;
	return found ? store->bytes->staged_files[at] : NULL;
}

static void free_staged_file(struct staged_file *staged_file)
{
	free(staged_file->path);
	free(staged_file);
}

static void forget_staged_file(struct store *store, const char *sha256)
{
	bool found = false;
	struct bytes *bytes = bytes_of(store);
	size_t at = find_staged_index(bytes, sha256, &found);
	if (!found)
		return;
	(void)unlink(bytes->staged_files[at]->path);
	free_staged_file(bytes->staged_files[at]);
	bytes->count--;
	memmove(&bytes->staged_files[at], &bytes->staged_files[at + 1],
		(bytes->count - at) * sizeof *bytes->staged_files);
}

static void remember_staged_file(struct store *store, const char *sha256, const char *path, const struct stat *status)
{
	bool found = false;
	struct bytes *bytes = bytes_of(store);
	struct staged_file *staged_file = xcalloc(1, sizeof *staged_file);
	size_t at = find_staged_index(bytes, sha256, &found);
	HEAP_RESERVE(bytes->staged_files, bytes->count, bytes->capacity);
	memmove(&bytes->staged_files[at + 1], &bytes->staged_files[at],
		(bytes->count - at) * sizeof *bytes->staged_files);
	bytes->staged_files[at] = staged_file;
	bytes->count++;
	memcpy(staged_file->sha256, sha256, sizeof staged_file->sha256);
	staged_file->path = xstrdup(path);
	staged_file->device = status->st_dev;
	staged_file->inode = status->st_ino;
}

static bool is_staged_at_path(const struct staged_file *staged_file, const char *path)
{
	struct stat found;
	return lstat(path, &found) == 0 && S_ISREG(found.st_mode) && found.st_dev == staged_file->device &&
	       found.st_ino == staged_file->inode;
}

/* Gives the staged file a third name, `twin`: as a link, or as a copy if the system or the rights allow no links. */
static enum err link_or_copy_staged_file(struct store *store, const struct staged_file *staged_file, const char *twin,
					 struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct strbuf bytes = STRBUF_INIT;
	(void)unlink(twin);
	if (link(staged_file->path, twin) == 0)
		return ERR_OK;
	const struct file_mode file_mode = file_mode_of(store);
	char *name = arena_printf(&arena, "%s.XXXXXX", twin);
	enum err err = file_read(staged_file->path, BYTES_MAX, &bytes, error);
	if (!err)
		err = file_make_synced(name, bytes.buf, bytes.len, 0600 | file_mode.group_bits, file_mode.group, error);
	if (!err && rename(name, twin) != 0) {
		err = error_set(error, ERR_STORE, "%s cannot be made: %s", twin, strerror(errno));
		(void)unlink(name);
	}
	strbuf_release(&bytes);
	arena_release(&arena);
	return err;
}

/* Gives the staged file its final name: replaces any file with this name in one step, and syncs the folder. */
static enum err move_to_final_path(struct store *store, struct staged_file *staged_file, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct stat status;
	const char *path = store_bytes_path(store, &arena, staged_file->sha256);
	const char *folder = path_folder(&arena, path);
	char *twin = arena_printf(&arena, "%s.place", staged_file->path);
	enum err err = make_folders(store, &arena, folder, error);
	if (!err)
		err = link_or_copy_staged_file(store, staged_file, twin, error);
	if (!err && (lstat(twin, &status) != 0 || rename(twin, path) != 0)) {
		err = error_set(error, ERR_STORE, "%s cannot be written: %s", path, strerror(errno));
		(void)unlink(twin);
	}
	if (!err) {
		staged_file->device = status.st_dev;
		staged_file->inode = status.st_ino;
		err = sync_folder(folder, error);
	}
	arena_release(&arena);
	return err;
}

/* If an intact file with this hash exists, adds `name` as its second name, so that the bytes need not be written
 * again. */
static enum err link_existing_file(struct store *store, const char *sha256, const char *name, bool *borrowed,
				   struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct stat read, named;
	enum bytes_state state;
	const char *path = store_bytes_path(store, &arena, sha256);
	*borrowed = false;
	enum err err = bytes_find_state(store, sha256, &read, &state, error);
	if (err || state != BYTES_INTACT || link(path, name) != 0)
		goto out;
	if (lstat(name, &named) != 0 || !is_same_file(&read, &named)) {
		(void)unlink(name);
		goto out;
	}
	/* The process that created the file may not have synced the file's name yet. */
	err = sync_folder(path_folder(&arena, path), error);
	if (err) {
		(void)unlink(name);
		goto out;
	}
	remember_staged_file(store, sha256, name, &named);
	*borrowed = true;
out:
	arena_release(&arena);
	return err;
}

static enum err write_new_file(struct store *store, const struct file_content *file_content, char *name,
			       struct error *error)
{
	struct stat status;
	const struct file_mode file_mode = file_mode_of(store);
	enum err err = file_make_synced(name, file_content->bytes, file_content->length, 0600 | file_mode.group_bits,
					file_mode.group, error);
	if (err)
		return err;
	if (lstat(name, &status) != 0)
		return error_set(error, ERR_STORE, "%s cannot be read: %s", name, strerror(errno));
	remember_staged_file(store, file_content->sha256, name, &status);
	err = move_to_final_path(store, find_staged_file(store, file_content->sha256), error);
	if (err)
		forget_staged_file(store, file_content->sha256);
	return err;
}

static enum err stage_file(struct store *store, struct arena *arena, const struct file_content *file_content,
			   struct error *error)
{
	char id[UUID_TEXT_SIZE];
	bool borrowed = false;
	const char *staging = path_join(arena, store->documents_folder, STAGING);
	enum err err = make_folders(store, arena, staging, error);
	if (err)
		return err;
	/* Uses real random numbers, because the random numbers of store->world are the same in two test runs with
	 * the same seed, and the test runs may share a store. */
	uuid_new(world_real(), id);
	err = link_existing_file(store, file_content->sha256,
				 arena_printf(arena, "%s/%s.%s", staging, file_content->sha256, id), &borrowed, error);
	if (err || borrowed)
		return err;
	return write_new_file(store, file_content, arena_printf(arena, "%s/%s.XXXXXX", staging, file_content->sha256),
			      error);
}

static bool is_leftover_file(int folder, const char *name, time_t before)
{
	struct stat status;
	return name[0] != '.' && fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       status.st_ctim.tv_sec < before;
}

/* Returns false if the write lock is not available: the staged name stays, so that a later put finds the bytes. */
static bool erase_leftover(struct store *store, const char *name)
{
	char sha256[SHA256_HEX_SIZE];
	(void)snprintf(sha256, sizeof sha256, "%.*s", (int)(sizeof sha256 - 1), name);
	if (!is_sha256_hex(sha256))
		return true;
	if (store_begin(store, STORE_WRITE, NULL))
		return false;
	enum err err = store_bytes_erase(store, sha256, NULL);
	store_rollback(store);
	return !err;
}

/* Runs once per store object, at its first put: removes leftovers of killed processes. Compares their times with
 * the time of a new file, so that only the file system's clock is used. */
static void remove_leftovers(struct store *store, struct arena *arena, const struct staged_file *fresh)
{
	struct stat now;
	struct bytes *bytes = bytes_of(store);
	if (bytes->leftovers_removed || store->db->depth || lstat(fresh->path, &now) != 0)
		return;
	bytes->leftovers_removed = true;
	DIR *folder = opendir(path_join(arena, store->documents_folder, STAGING));
	if (!folder)
		return;
	const struct dirent *entry;
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, path_basename(fresh->path)) != 0 &&
		    is_leftover_file(dirfd(folder), entry->d_name, now.st_ctim.tv_sec - bytes->leftover_age_s) &&
		    erase_leftover(store, entry->d_name))
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	(void)closedir(folder);
}

/* Sets *put if this store object put the bytes before, and they are still intact. */
static enum err detect_earlier_put(struct store *store, const struct staged_file *staged_file, bool *put,
				   struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct stat status;
	enum bytes_state state;
	enum err err = bytes_find_state(store, staged_file->sha256, &status, &state, error);
	*put = !err && state == BYTES_INTACT &&
	       is_staged_at_path(staged_file, store_bytes_path(store, &arena, staged_file->sha256));
	arena_release(&arena);
	return err;
}

static enum err to_store_error(enum err err, struct error *error)
{
	/* The file functions report an unwritable path as invalid input, but a documents' folder that cannot be
	 * written is an error of the store. */
	if (err && error)
		error->code = ERR_STORE;
	return err ? ERR_STORE : ERR_OK;
}

enum err store_bytes_put(struct store *store, const void *bytes, size_t length, char sha256[65], struct error *error)
{
	struct arena arena = ARENA_INIT;
	uint8_t hash[SHA256_SIZE];
	const struct file_content file_content = { bytes, length, sha256 };
	bool put = false;
	enum err err = ERR_OK;
	sha256_hash(bytes, length, hash);
	hex_encode(hash, sizeof hash, sha256);
	if (store->db->driver->documents)
		return bytes_rows_put(store, &file_content, error);
	const struct staged_file *staged_file = find_staged_file(store, sha256);
	if (staged_file)
		err = detect_earlier_put(store, staged_file, &put, error);
	if (!err && !put) {
		forget_staged_file(store, sha256);
		err = stage_file(store, &arena, &file_content, error);
		if (!err)
			remove_leftovers(store, &arena, find_staged_file(store, sha256));
	}
	arena_release(&arena);
	return to_store_error(err, error);
}

/* Writes the file under a temporary name first, so that a copy that is interrupted leaves no partial file under a
 * final name. */
static enum err import_file_bytes(struct store *store, const struct file_content *file_content, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const struct file_mode file_mode = file_mode_of(store);
	const char *path = store_bytes_path(store, &arena, file_content->sha256);
	const char *folder = path_folder(&arena, path);
	char *name = arena_printf(&arena, "%s/%s/%s.XXXXXX", store->documents_folder, STAGING, file_content->sha256);
	struct stat status;
	enum bytes_state state = BYTES_MISSING;
	enum err err = bytes_read_state(path, file_content->sha256, &status, &state, error);

	if (err || state == BYTES_INTACT)
		goto out;
	err = make_folders(store, &arena, path_folder(&arena, name), error);
	if (!err)
		err = make_folders(store, &arena, folder, error);
	if (!err)
		err = file_make_synced(name, file_content->bytes, file_content->length, 0600 | file_mode.group_bits,
				       file_mode.group, error);
	if (!err && rename(name, path) != 0) {
		err = error_set(error, ERR_STORE, "%s cannot be written: %s", path, strerror(errno));
		(void)unlink(name);
	}
	if (!err)
		err = sync_folder(folder, error);
out:
	arena_release(&arena);
	return err;
}

enum err store_bytes_import(struct store *store, const struct strbuf *bytes, const char *sha256, struct error *error)
{
	const struct file_content file_content = { bytes->buf, bytes->len, sha256 };

	if (!is_sha256_hex(sha256))
		BUG("bytes are stored under a name that is not a hash");
	if (store->db->driver->documents)
		return bytes_rows_import(store, &file_content, error);
	return to_store_error(import_file_bytes(store, &file_content, error), error);
}

enum err bytes_confirm(struct store *store, const char *sha256, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct stat status;
	enum bytes_state state;
	struct staged_file *staged_file = find_staged_file(store, sha256);
	enum err err = ERR_OK;
	if (store->db->driver->documents)
		return bytes_rows_confirm(store, sha256, error);
	if (!staged_file || is_staged_at_path(staged_file, store_bytes_path(store, &arena, sha256)))
		goto out;
	err = bytes_read_state(staged_file->path, sha256, &status, &state, error);
	if (err)
		goto out;
	if (state == BYTES_INTACT) {
		err = move_to_final_path(store, staged_file, error);
	} else {
		err = bytes_find_state(store, sha256, &status, &state, error);
		if (!err && state != BYTES_INTACT)
			err = error_set(error, ERR_STORE,
					"store %s lost the bytes of a document while the document was being added; "
					"nothing was changed, try again",
					store->path);
	}
out:
	arena_release(&arena);
	return to_store_error(err, error);
}

/* Erases bytes that no row references; the first call opens the write transaction. */
static bool erase_unreferenced_bytes(struct store *store, const char *sha256, bool *open)
{
	if (!*open && store_begin(store, STORE_WRITE, NULL))
		return false;
	*open = true;
	return !store_bytes_erase(store, sha256, NULL);
}

void store_bytes_release(struct store *store)
{
	struct bytes *bytes = store->bytes;
	/* If a commit failed, its row may reappear from the write-ahead log and need the bytes: nothing is erased. */
	bool open = false, failed = store->db->depth > 0 || store->db->is_commit_unsure;
	/* Whether a row references the bytes is known only after the surrounding transaction has ended. */
	if (!bytes || store->db->open_hold_count)
		return;
	if (store->db->driver->documents) {
		bytes_rows_release(store);
		return;
	}
	for (size_t i = 0; i < bytes->count; i++) {
		struct staged_file *staged_file = bytes->staged_files[i];
		/* Only bytes that no row references need the write lock. They are rare: the import refused a line. */
		bool named = bytes_are_referenced(store, staged_file->sha256);
		if (!named && !failed)
			failed = !erase_unreferenced_bytes(store, staged_file->sha256, &open);
		/* If the erase failed, keeps the staged name, so that a later put finds the bytes. */
		if (named || !failed)
			(void)unlink(staged_file->path);
		free_staged_file(staged_file);
	}
	if (open)
		store_rollback(store);
	bytes->count = 0;
}

void bytes_close(struct store *store)
{
	if (!store->bytes)
		return;
	store_rollback(store);
	store_bytes_release(store);
	free(store->bytes->staged_files);
	free(store->bytes);
	store->bytes = NULL;
}
