/* Checks whether documents' bytes are intact, missing, altered, or unreferenced. bytes_put.c writes them. */
#include "bytes_files.h"
#include "rows.h"
#include "columns.h"
#include "kybdesk/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A change within one tick of the file system's clock leaves the file's times equal, so a file that changed less
 * than FILE_STABLE_AFTER_MS ago is read again. */
#define FILE_STABLE_AFTER_MS 2000

STATEMENT(sql_after, "bytes.after",
	  "SELECT sha256 FROM document WHERE sha256 <> '' AND sha256 > $1 UNION SELECT back_sha256 FROM document "
	  "WHERE back_sha256 <> '' AND back_sha256 > $1 ORDER BY sha256 LIMIT 500");
STATEMENT(sql_named, "bytes.named",
	  "SELECT 1 FROM document WHERE sha256 = $1 AND sha256 <> '' UNION ALL SELECT 1 FROM document WHERE "
	  "back_sha256 = $1 AND back_sha256 <> '' LIMIT 1");
STATEMENT(sql_of_session, "bytes.of_session",
	  "SELECT sha256, back_sha256 FROM document WHERE session_id = $1 UNION ALL SELECT d.sha256, d.back_sha256 "
	  "FROM session AS s JOIN document AS d ON d.session_id = s.id WHERE s.parent_id = $1");

bool is_sha256_hex(const char *sha256)
{
	return strlen(sha256) == SHA256_HEX_SIZE - 1 && strspn(sha256, "0123456789abcdef") == SHA256_HEX_SIZE - 1;
}

struct bytes *bytes_of(struct store *store)
{
	if (!store->bytes) {
		store->bytes = xcalloc(1, sizeof *store->bytes);
		store->bytes->leftover_age_s = BYTES_LEFTOVER_AGE_S;
	}
	return store->bytes;
}

/* The cache's slot for this hash; the slot may contain another file. */
static struct cached_file *bytes_cache_slot(struct store *store, const char *sha256)
{
	char first[] = { sha256[0], sha256[1], '\0' };
	uint8_t slot = 0;

	if (!hex_decode(first, &slot, 1))
		BUG("the hash of a document's bytes is not hexadecimal");
	return &bytes_of(store)->cache[slot];
}

/* --- bytes in the database: a put stores bytes with a mark of this store object, in a separate transaction; the
 * transaction of the row removes the mark and checks that the bytes exist; marked bytes are not erased --- */

#define PART_SIZE ((size_t)1 << 20)

static const struct db_documents *documents_of(const struct store *store)
{
	return store->db->driver->documents;
}

static enum err read_part(struct store *store, const char *sha256, struct strbuf *out, size_t start, bool *there,
			  struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	enum err err =
		db_select(store->db, &documents_of(store)->read_range,
			  PARAMS(db_text(sha256), db_int((int64_t)(out->len - start) + 1), db_int((int64_t)PART_SIZE)),
			  &query, error);

	*there = query_fetch_row(&query, &err, error);
	if (!err && *there) {
		size_t length = 0;
		const void *bytes = row_blob(query, 0, &arena, &length);

		strbuf_add(out, bytes, length);
	}
	arena_release(&arena);
	query_end(query);
	return err;
}

static enum err bytes_rows_get(struct store *store, const char *sha256, struct strbuf *out, struct error *error)
{
	size_t start = out->len, before;
	bool there = false;
	enum err err;

	do {
		before = out->len;
		err = read_part(store, sha256, out, start, &there, error);
	} while (!err && there && out->len - before == PART_SIZE && out->len - start <= BYTES_MAX);
	if (!err && !there)
		err = error_set(error, ERR_STORE,
				"a document's bytes are missing in store %s; restore them from a backup", store->path);
	return err;
}

static enum err bytes_rows_find_state(struct store *store, const char *sha256, enum bytes_state *out,
				      struct error *error)
{
	struct cached_file *known = bytes_cache_slot(store, sha256);
	struct query *query = NULL;
	/* The version that was found intact before: a row that still has this version is not checked again. */
	const char *version = !strcmp(known->sha256, sha256) ? known->version : "";
	enum err err = db_select(store->db, &documents_of(store)->state, PARAMS(db_text(sha256), db_text(version)),
				 &query, error);

	*out = BYTES_MISSING;
	if (query_fetch_row(&query, &err, error))
		*out = row_int(query, 0) ? BYTES_INTACT : BYTES_ALTERED;
	if (!err && *out == BYTES_INTACT) {
		memcpy(known->sha256, sha256, sizeof known->sha256);
		(void)snprintf(known->version, sizeof known->version, "%s", row_text_view(query, 1));
	}
	query_end(query);
	return err;
}

static enum err run_with_mark_owner(struct store *store, const struct sql *sql, const char *sha256, struct error *error)
{
	return db_run(store->db, sql, PARAMS(db_text(sha256), db_text(bytes_of(store)->owner)), error);
}

static enum err write_bytes(struct store *store, const struct file_content *file_content, struct error *error)
{
	return db_run(store->db, &documents_of(store)->put,
		      PARAMS(db_text(file_content->sha256), db_blob(file_content->bytes, file_content->length)), error);
}

enum err bytes_rows_import(struct store *store, const struct file_content *file_content, struct error *error)
{
	return write_bytes(store, file_content, error);
}

/* Runs once per store object, at its first put: removes the marks (document_mark) that killed processes left, and
 * the bytes of these marks if no row references them. */
static enum err remove_stale_rows(struct store *store, struct arena *arena, struct error *error)
{
	const struct column_query forgotten = { store, &documents_of(store)->forget, arena };
	struct bytes *bytes = bytes_of(store);
	const char **hashes = NULL;
	size_t count = 0;
	enum err err;

	if (bytes->leftovers_removed)
		return ERR_OK;
	err = text_list_load(&forgotten, PARAMS(db_int((int64_t)bytes->leftover_age_s * 1000)), &hashes, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		err = store_bytes_erase(store, hashes[i], error);
	bytes->leftovers_removed = !err;
	return err;
}

static enum err put_marked_bytes(struct store *store, const struct file_content *file_content, struct error *error)
{
	struct arena arena = ARENA_INIT;
	enum bytes_state state = BYTES_MISSING;
	enum err err = run_with_mark_owner(store, &documents_of(store)->mark, file_content->sha256, error);

	if (!err)
		err = bytes_rows_find_state(store, file_content->sha256, &state, error);
	if (!err && state != BYTES_INTACT)
		err = write_bytes(store, file_content, error);
	if (!err)
		err = remove_stale_rows(store, &arena, error);
	arena_release(&arena);
	return err;
}

enum err bytes_rows_put(struct store *store, const struct file_content *file_content, struct error *error)
{
	struct bytes *bytes = bytes_of(store);
	enum err err = store_begin(store, STORE_WRITE, error);

	if (err)
		return err;
	/* Uses real random numbers, because the random numbers of store->world are the same in two test runs with
	 * the same seed, and the test runs may share a store. */
	if (!*bytes->owner)
		uuid_new(world_real(), bytes->owner);
	err = put_marked_bytes(store, file_content, error);
	if (!err)
		bytes->may_have_marks = true;
	return store_commit_or_rollback(store, err, error);
}

enum err bytes_rows_confirm(struct store *store, const char *sha256, struct error *error)
{
	enum bytes_state state = BYTES_INTACT;
	enum err err;

	if (!bytes_of(store)->may_have_marks)
		return ERR_OK;
	err = run_with_mark_owner(store, &documents_of(store)->unmark, sha256, error);
	/* If no document_mark was removed, this store object did not put these bytes, or has confirmed them already. */
	if (err || !store->db->driver->changed_row_count(store->db))
		return err;
	err = bytes_rows_find_state(store, sha256, &state, error);
	if (err || state == BYTES_INTACT)
		return err;
	return error_set(error, ERR_STORE,
			 "store %s lost the bytes of a document while the document was being added; nothing was "
			 "changed, try again",
			 store->path);
}

static enum err release_marked_bytes(struct store *store, const char *const *items, size_t count)
{
	enum err err = store_begin(store, STORE_WRITE, NULL);

	if (err)
		return err;
	for (size_t i = 0; !err && i < count; i++) {
		err = run_with_mark_owner(store, &documents_of(store)->unmark, items[i], NULL);
		if (!err)
			err = store_bytes_erase(store, items[i], NULL);
	}
	return store_commit_or_rollback(store, err, NULL);
}

/* Failures are ignored: a later sweep finds the bytes. */
void bytes_rows_release(struct store *store)
{
	struct arena arena = ARENA_INIT;
	const struct column_query marked = { store, &documents_of(store)->list_marked, &arena };
	const char **items = NULL;
	size_t count = 0;

	if (!store->bytes->may_have_marks || store->db->depth)
		return;
	if (!text_list_load(&marked, PARAMS(db_text(bytes_of(store)->owner)), &items, &count, NULL) &&
	    (!count || !release_marked_bytes(store, items, count)))
		store->bytes->may_have_marks = false;
	arena_release(&arena);
}

/* --- bytes in files --- */

char *store_bytes_path(struct store *store, struct arena *arena, const char *sha256)
{
	if (!is_sha256_hex(sha256))
		return arena_printf(arena, "%s/no-such-bytes", store->documents_folder);
	return arena_printf(arena, "%s/%.2s/%s", store->documents_folder, sha256, sha256);
}

static enum err refuse_bad_hash(const struct store *store, struct error *error)
{
	return error_set(error, ERR_STORE, "store %s is damaged: a document's hash is not valid", store->path);
}

static enum err read_bytes(const char *path, struct strbuf *out, struct error *error)
{
	if (!file_read(path, BYTES_MAX, out, error))
		return ERR_OK;
	if (error)
		error->code = ERR_STORE;
	error_prefix(error, "a document's bytes are missing; restore them from a backup");
	return ERR_STORE;
}

enum err store_bytes_get(struct store *store, const char *sha256, struct strbuf *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	uint8_t hash[SHA256_SIZE];
	char found[SHA256_HEX_SIZE];
	size_t start = out->len;
	bool in_rows = store->db->driver->documents != NULL;
	const char *path =
		in_rows ? arena_printf(&arena, "document %.12s", sha256) : store_bytes_path(store, &arena, sha256);
	enum err err = is_sha256_hex(sha256) ? ERR_OK : refuse_bad_hash(store, error);
	if (!err)
		err = in_rows ? bytes_rows_get(store, sha256, out, error) : read_bytes(path, out, error);
	if (err) {
		strbuf_truncate(out, start);
		goto out;
	}
	sha256_hash(out->buf + start, out->len - start, hash);
	hex_encode(hash, sizeof hash, found);
	if (strcmp(found, sha256) != 0) {
		strbuf_truncate(out, start);
		err = error_set(error, ERR_STORE,
				"%s is damaged: its bytes do not match their hash; restore it from a backup", path);
	}
out:
	arena_release(&arena);
	return err;
}

bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* A program that alters a file can set the time of the last write (mtime), but not the time of the last change
 * (ctime). */
static bool is_unchanged(const struct stat *a, const struct stat *b)
{
	return is_same_file(a, b) && a->st_mode == b->st_mode && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static bool hash_of(int fd, char sha256[SHA256_HEX_SIZE])
{
	unsigned char part[65536];
	uint8_t hash[SHA256_SIZE];
	struct sha256 *state = sha256_new();
	ssize_t got;
	while ((got = read(fd, part, sizeof part)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			sha256_add(state, part, (size_t)got);
	int number = errno;
	sha256_finish(state, hash);
	sha256_free(state);
	hex_encode(hash, sizeof hash, sha256);
	errno = number;
	return got == 0;
}

enum err bytes_read_state(const char *path, const char *sha256, struct stat *status, enum bytes_state *out,
			  struct error *error)
{
	char found[SHA256_HEX_SIZE];
	enum err err = ERR_OK;
	*status = (struct stat){ 0 };
	*out = BYTES_ALTERED;
	/* Does not follow a link out of the folder, and does not block at a FIFO in place of a file. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		*out = BYTES_MISSING;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENXIO
			       ? ERR_OK
			       : error_set(error, ERR_STORE, "%s cannot be read: %s", path, strerror(errno));
	if (fstat(fd, status) != 0)
		err = error_set(error, ERR_STORE, "%s cannot be read: %s", path, strerror(errno));
	else if (S_ISREG(status->st_mode) && (uint64_t)status->st_size <= BYTES_MAX) {
		if (!hash_of(fd, found))
			err = error_set(error, ERR_STORE, "%s cannot be read: %s", path, strerror(errno));
		else if (strcmp(found, sha256) == 0)
			*out = BYTES_INTACT;
	}
	(void)close(fd);
	return err;
}

static bool is_file_stable(const struct stat *status)
{
	int64_t changed = (int64_t)status->st_ctim.tv_sec * 1000 + status->st_ctim.tv_nsec / 1000000;
	/* Uses the machine's clock, as the file system does: the clock of store->world may be simulated in a test. */
	return world_now_ms(world_real()) - changed > FILE_STABLE_AFTER_MS;
}

enum err bytes_find_state(struct store *store, const char *sha256, struct stat *status, enum bytes_state *out,
			  struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *path = store_bytes_path(store, &arena, sha256);
	*out = BYTES_ALTERED;
	enum err err = is_sha256_hex(sha256) ? ERR_OK : refuse_bad_hash(store, error);
	if (err)
		goto out;
	struct cached_file *known = bytes_cache_slot(store, sha256);
	if (strcmp(known->sha256, sha256) == 0 && lstat(path, status) == 0 && is_unchanged(status, &known->status)) {
		*out = known->state;
		goto out;
	}
	err = bytes_read_state(path, sha256, status, out, error);
	if (!err && *out != BYTES_MISSING && is_file_stable(status)) {
		memcpy(known->sha256, sha256, sizeof known->sha256);
		known->status = *status;
		known->state = *out;
	}
out:
	arena_release(&arena);
	return err;
}

enum err store_bytes_state(struct store *store, const char *sha256, enum bytes_state *out, struct error *error)
{
	struct stat status;
	if (!store->db->driver->documents)
		return bytes_find_state(store, sha256, &status, out, error);
	*out = BYTES_ALTERED;
	return is_sha256_hex(sha256) ? bytes_rows_find_state(store, sha256, out, error) : refuse_bad_hash(store, error);
}

/* An empty hash counts as intact: this side of the document was never sent. */
static bool is_side_intact(struct store *store, const char *sha256)
{
	enum bytes_state state;

	return !*sha256 || (!store_bytes_state(store, sha256, &state, NULL) && state == BYTES_INTACT);
}

enum err store_bytes_check_intact(struct store *store, int64_t session, bool *whole, struct error *error)
{
	struct query *query = NULL;
	*whole = true;
	enum err err = db_select(store->db, &sql_of_session, PARAMS(db_int(session)), &query, error);

	while (*whole && query_fetch_row(&query, &err, error))
		*whole = is_side_intact(store, row_text_view(query, 0)) &&
			 is_side_intact(store, row_text_view(query, 1));
	query_end(query);
	return err;
}

static enum err find_reference(struct store *store, const char *sha256, bool *named, struct error *error)
{
	return db_has_row(store->db, &sql_named, PARAMS(db_text(sha256)), named, error);
}

bool bytes_are_referenced(struct store *store, const char *sha256)
{
	bool named = true;
	return find_reference(store, sha256, &named, NULL) || named;
}

enum err store_bytes_erase(struct store *store, const char *sha256, struct error *error)
{
	struct arena arena = ARENA_INIT;
	bool named = true;
	if (!store->db->writing)
		BUG("bytes are erased outside a write transaction");
	enum err err = find_reference(store, sha256, &named, error);
	/* The statement keeps bytes with a mark: another process has put them, but not written their row yet. */
	if (!err && !named && store->db->driver->documents)
		err = db_run(store->db, &documents_of(store)->erase, PARAMS(db_text(sha256)), error);
	else if (!err && !named && store->db->driver->overwrite_killed_commit)
		err = store->db->driver->overwrite_killed_commit(store->db, error);
	/* A file that cannot be removed is ignored here: a later check of the folder finds it, and the case is
	 * erased anyway. */
	if (!err && !named && !store->db->driver->documents)
		(void)unlink(store_bytes_path(store, &arena, sha256));
	arena_release(&arena);
	return err;
}

static enum err visit_bytes(struct store *store, struct bytes_scan *scan, const char *sha256, struct error *error)
{
	struct strbuf bytes = STRBUF_INIT;
	struct error why = { 0 };
	bool bad = store_bytes_get(store, sha256, &bytes, &why) != ERR_OK;
	enum err err = scan->each(scan->context, sha256, bad ? NULL : &bytes, bad ? why.message : NULL, error);

	strbuf_release(&bytes);
	error_release(&why);
	return err;
}

enum err store_bytes_scan(struct store *store, struct bytes_scan *scan, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct strbuf after = STRBUF_INIT;
	const struct column_query hashes = { store, &sql_after, &arena };
	const char **page;
	size_t count;
	enum err err;

	scan->files = 0;
	/* Reads page by page, so that no statement stays open while files are read. */
	while (!(err = text_list_load(&hashes, PARAMS(db_text(after.buf)), &page, &count, error)) && count > 0) {
		for (size_t i = 0; !err && i < count; i++)
			err = visit_bytes(store, scan, page[i], error);
		scan->files += (int64_t)count;
		/* A damaged index can return the same key again, for ever. */
		if (!err && strcmp(page[count - 1], after.buf) <= 0) {
			err = scan->each(scan->context, "", NULL, "the index of the documents' files is damaged",
					 error);
			break;
		}
		if (err)
			break;
		strbuf_reset(&after);
		strbuf_adds(&after, page[count - 1]);
		arena_reset(&arena);
	}
	strbuf_release(&after);
	arena_release(&arena);
	return err;
}

struct bad_bytes_callback {
	void (*on_bad)(void *context, const char *why);
	void *context;
};

static enum err report_bad_bytes(void *context, const char *sha256, const struct strbuf *bytes, const char *why,
				 struct error *error)
{
	const struct bad_bytes_callback *check = context;

	(void)sha256;
	(void)error;
	if (!bytes)
		check->on_bad(check->context, why);
	return ERR_OK;
}

enum err store_bytes_check(struct store *store, void (*on_bad)(void *context, const char *why), void *context,
			   int64_t *files, struct error *error)
{
	struct bad_bytes_callback check = { on_bad, context };
	struct bytes_scan scan = { .each = report_bad_bytes, .context = &check };
	enum err err = store_bytes_scan(store, &scan, error);

	*files = scan.files;
	return err;
}
