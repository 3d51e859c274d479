/* Private to the documents' folder: shared by bytes.c (reads) and bytes_put.c (writes). */
#ifndef KYBDESK_STORE_BYTES_FILES_H
#define KYBDESK_STORE_BYTES_FILES_H

#include "kybdesk/store/bytes.h"
#include <sys/stat.h>

/* Maximum file size, far above any profile's limit: a replaced file must not fill the memory or take long to read. */
#define BYTES_MAX ((size_t)256 << 20)
/* A put never takes a day: older files are leftovers of killed processes. */
#define BYTES_LEFTOVER_AGE_S (24 * 60 * 60)
#define BYTES_CACHE_SLOTS 256

/* The staged (second) name of a file, which store_bytes_release() removes. */
struct staged_file {
	char sha256[SHA256_HEX_SIZE];
	char *path;
	dev_t device;
	ino_t inode;
};

/* A file that was read: while all these values are unchanged, its bytes are unchanged, too. */
struct cached_file {
	char sha256[SHA256_HEX_SIZE]; /* "" none */
	struct stat status;
	enum bytes_state state;
	char version[32]; /* version of the row, if the database keeps the bytes */
};

struct file_content {
	const void *bytes;
	size_t length;
	const char *sha256;
};

struct bytes {
	struct staged_file **staged_files; /* by hash */
	size_t count, capacity;
	time_t leftover_age_s;	/* age from which a staged file counts as left over */
	bool leftovers_removed; /* leftovers of killed processes were removed */
	/* Owner of this store's marks (document_mark) in the database, and whether the store may have marks. */
	char owner[UUID_TEXT_SIZE];
	bool may_have_marks;
	struct cached_file cache[BYTES_CACHE_SLOTS];
};

struct bytes *bytes_of(struct store *store); /* allocated at the first call */
/* whether the name is a SHA-256; another name, from a damaged store, could lead out of the folder */
bool is_sha256_hex(const char *sha256);
bool is_same_file(const struct stat *a, const struct stat *b);
/* Reads the file and compares its hash; sets *status for the file that was read. Does not use the cache. */
enum err bytes_read_state(const char *path, const char *sha256, struct stat *status, enum bytes_state *out,
			  struct error *error);
/* Like bytes_read_state(), for the file under its final name, made from the hash; uses the cache if it is valid. */
enum err bytes_find_state(struct store *store, const char *sha256, struct stat *status, enum bytes_state *out,
			  struct error *error);
bool bytes_are_referenced(struct store *store, const char *sha256); /* a row has the hash; also true on an error */

/* Documents' bytes in the database itself, for drivers that keep them there (db.h); same contract as bytes.h. */
enum err bytes_rows_put(struct store *store, const struct file_content *file_content, struct error *error);
/* Stores bytes without a mark (document_mark), in the transaction that creates the store. */
enum err bytes_rows_import(struct store *store, const struct file_content *file_content, struct error *error);
enum err bytes_rows_confirm(struct store *store, const char *sha256, struct error *error);
void bytes_rows_release(struct store *store);

#endif
