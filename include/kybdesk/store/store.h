/* A store: one connection to one database, with the documents' folder next to it ("-documents" after the real path
 * of its file, symbolic links followed). One store per thread; any number of processes per path.
 *
 * All writes run between store_begin(STORE_WRITE) and store_commit(); a failed commit has rolled back. Functions of
 * the aggregates (session.h, parts.h, …) join the open transaction and open none. Errors: ERR_STORE (missing,
 * locked too long, full, damaged, newer) with the path and how to fix it; ERR_NOT_FOUND and ERR_CONFLICT where a
 * header says so. */
#ifndef KYBDESK_STORE_STORE_H
#define KYBDESK_STORE_STORE_H

#include "kybdesk/domain/link_token.h"
#include "kybdesk/domain/types.h"
#include "kybdesk/store/db.h"

/* Key in store_info of a moved store: "PLACE by NAME on TIME". A moved store can be opened only for reading;
 * changes by any process fail with ERR_STORE and the path or address of the new store. */
#define STORE_INFO_MOVED "moved"
/* Key in store_info: the folder in which doctor looks for checkpoints of the audit log. */
#define STORE_SETTING_CHECKPOINTS "checkpoints"
#define STORE_SETTING_BACKUPS "backups"
/* STORE_SCHEMA_VERSION, the version of the schema, is the number of files in data/migrations/sqlite
 * (CMakeLists.txt). */

/* Row counts at which a list changes its plan (src/store/list/list_plan.h); tests use small counts to reach all
 * plans. */
struct list_bounds {
	size_t small_list_row_count, few_rows, word_hit_count, scan_row_count, sorted_set_count, condition_id_count;
	size_t step_ms; /* a search step scans rows for about this time (search.h) */
};
/* The store's key, kept while a transaction is held (store_begin_hold()), since many parts of the transaction use
 * the key. */
struct cached_key {
	bool is_cached;
	uint8_t bytes[LINK_KEY_SIZE];
};

/* The rows of store_info, as read by one transaction. state: db->state of that transaction; 0: not read. */
struct store_info_item {
	const char *key, *value;
};
struct cached_info {
	uint64_t state;
	struct arena arena;
	struct store_info_item *items;
	size_t count;
};

/* The inboxes' counts, kept in a transaction held for reading, since many lists of a screen need them.
 * read_hold_number: db->read_hold_count of that transaction; 0: no counts are kept. */
struct cached_counts {
	uint64_t read_hold_number;
	int64_t counts[INBOX_COUNT];
};

/* The session that the open transaction inserted last. state: db->state of that transaction; 0: no session. */
struct cached_session {
	uint64_t state;
	int64_t row;
	char id[37];
};

/* The merchant that the open transaction read last. state: db->state of that transaction; 0: no merchant. */
struct cached_merchant {
	uint64_t state;
	struct arena arena;
	int64_t row, created_at;
	const char *name, *api_code;
};

struct store {
	struct db *db;
	const struct world *world;
	char *path;		/* for display: an address without secrets */
	char *documents_folder; /* NULL: the database stores the documents */
	char *key_file;
	struct cached_key cached_key;
	struct cached_info cached_info;
	struct cached_counts cached_counts;
	struct cached_session cached_session;
	struct cached_merchant cached_merchant;
	struct deferred_texts *texts;	 /* texts that an import writes at its commit (session_text.c); else NULL */
	struct commitments *commitments; /* NULL until used */
	struct pending_record *pending;	 /* the open transaction's last audit record; NULL until the first record */
	int64_t compared_owner_rows[8];	 /* owners of the rows that the open transaction has compared (commitment.h) */
	size_t compared_owner_count;
	struct bytes *bytes; /* files that this store has staged or read (bytes.h); NULL: none yet */
	bool sandbox;
	bool readonly;
	bool verifies_schema; /* each write transaction checks that the schema still has this program's version */
	/* a newer program upgraded the store, or an admin moved it, since it was opened: refuses writes */
	bool is_outdated;
	bool (*reads_json)(const char *text); /* as in store_options */
	char id[37];			      /* UUID of the store */
	/* memory for select_items and for words (levels, blockers), kept until the store is closed */
	struct arena word_arena;
	const char **word_list;
	size_t word_count, word_capacity;
	const char *select_items; /* SELECT with the columns of a list, in `word_arena`; NULL: not made yet */
	struct list_bounds lists;
};

/* An upgrade plan, in the arena of store_open(); valid during the callbacks. */
struct store_upgrade_plan {
	int64_t from, to;
	const char *const *steps; /* names of the migrations */
	size_t count;
	/* backup file, written before the upgrade; "": no file, since the administrator of a server makes its
	 * backups */
	const char *backup;
	/* approved cases that get an alert, since they have bad news that nobody judged (domain/results.h) */
	const char *const *alerts;
	size_t alert_count;
};
/* UPGRADE_SANDBOX: only sandbox stores. UPGRADE_ADMIN: `actor` must be an admin. UPGRADE_ANY: no check (tests). */
enum upgrade_policy { UPGRADE_SANDBOX, UPGRADE_ADMIN, UPGRADE_ANY };
struct store_upgrade {
	enum upgrade_policy policy;
	const char *actor;
	/* Called before anything is changed: an error cancels the upgrade. */
	enum err (*on_plan)(void *context, const struct store_upgrade_plan *plan, struct error *error);
	/* Called within the upgrade's transaction, when the new tables exist. NULL: no audit record. */
	enum err (*on_upgrade)(void *context, struct store *store, const struct store_upgrade_plan *plan,
			       struct error *error);
	void *context;
};

struct store_options {
	const char *path;	     /* path of a file, or postgresql://… */
	bool create, create_sandbox; /* init */
	bool creates_copy;	     /* on_create copies another store, including its name and key */
	/* If `create` is set, for a file: the final path. The store is made under `path`, and the caller renames it
	 * later; its key, its documents and messages use the final path from the start. NULL: not renamed. */
	const char *final_path;
	bool readonly;
	int busy_timeout_ms;
	const struct world *world;
	struct commit_group *group; /* as in db.h */
	const char *process;	    /* as in db.h */
	/* how to upgrade an older store; NULL: an older store is refused, and the message names its admins */
	const struct store_upgrade *upgrade;
	/* Tests whether the caller can read a text as JSON. A row with an unreadable text is damaged (ERR_STORE)
	 * and is not returned. NULL: no test. */
	bool (*reads_json)(const char *text);
	/* If `create` is set: writes initial content in the transaction that creates the store; an error cancels
	 * the creation. The callback can use the store (id, sandbox, documents_folder). NULL: writes nothing. */
	enum err (*on_create)(void *context, struct store *store, struct error *error);
	void *context;
};

/* Opens a store. A newer store is refused; an older store is upgraded in one transaction after a backup, if `upgrade`
 * allows it. ERR_STORE: `create` is set and the store exists, or `create` is not set and the store is missing. */
enum err store_open(const struct store_options *options, struct store **out, struct error *error);
void store_close(struct store *store);			/* accepts NULL */
const struct db_driver *store_driver(const char *path); /* path: a file's path or a server's address */

/* Row keys, in the caller's arena. */
struct row_list {
	int64_t *items;
	size_t count;
};
/* Due rows: the caller sets `now` and `limit`; the result is sorted, oldest first. */
struct due_rows {
	int64_t now;
	size_t limit;
	struct row_list rows; /* result */
};

enum store_begin { STORE_READ, STORE_WRITE, STORE_WRITE_CONCURRENT }; /* as enum db_begin (db.h) */
enum err store_begin(struct store *store, enum store_begin mode, struct error *error);
enum err store_commit(struct store *store, struct error *error);
void store_rollback(struct store *store); /* no-op without a transaction */
/* Commits if `err` is ERR_OK; otherwise rolls back and returns `err`. */
enum err store_commit_or_rollback(struct store *store, enum err err, struct error *error);
/* Begins a write transaction that contains all further transactions until store_end_hold() (db_begin_hold(), db.h). */
enum err store_begin_hold(struct store *store, struct error *error);
enum err store_end_hold(struct store *store, bool keep, struct error *error);
/* Whether the open write transaction should end: another process waits for the lock, or the database cannot detect
 * waiting processes. */
bool store_may_have_waiters(struct store *store);
bool store_has_hold(const struct store *store);

/* ERR_STORE if a newer program upgraded the store, or an admin moved it: sets store->is_outdated, and the process must
 * end. store_open() and store_begin() make the same check; an idle process calls this function. writes: also if a write
 * would fail: a full disk, a read-only folder or file, a server that refuses changes. Cheap; changes nothing. */
enum err store_check_usable(struct store *store, bool writes, struct error *error);
/* Whether path is the store's file, a file next to it (its write-ahead log, its key), or inside its documents'
 * folder: other files may not be written there. */
bool store_owns_path(struct store *store, const char *path);
/* Whether this process runs under the account that owns the store's file, or, if the store is on a server, the key
 * file or its folder. */
bool store_is_owned_by_user(const struct store *store);
int64_t store_data_version(struct store *store);
void store_maintain(struct store *store); /* call after commits and when idle */
/* Description of the database library, for info and doctor. store NULL: the client library for servers, such as
 * "libpq 15.14", or the reason why it cannot be loaded. */
const char *store_describe_library(struct store *store, struct arena *arena);
/* Missing, changed or unknown tables, indexes and triggers, compared with the result of the migrations, as sentences
 * in the arena. Call it outside a transaction. */
enum err store_schema_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			    struct error *error);
enum err store_check_integrity(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			       struct error *error);
/* Faults of the full-text index, as sentences in the arena: sessions without text, texts without a session,
 * missing words (SQLite opened for writing; a server maintains its index itself). */
enum err store_text_index_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
				struct error *error);
/* Rebuilds the full-text index from the stored sessions; *sessions is their number. Call it in a write transaction. */
enum err store_text_index_rebuild(struct store *store, int64_t *sessions, struct error *error);
/* Texts that should be JSON but cannot be read (store_options.reads_json), as sentences in the arena; reads every
 * row. */
enum err store_readable_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			      struct error *error);
/* A value of store_info. *value is "" if absent. */
enum err store_info_get(struct store *store, struct arena *arena, const char *key, const char **value,
			struct error *error);
/* Reads the store's key, from which clients' links are derived, from PATH.key. may_make (only within a write
 * transaction): creates the key if the store never had one. ERR_STORE: the key is missing, unreadable, or of another
 * store. The caller wipes *out. */
enum err store_get_link_key(struct store *store, bool may_make, struct link_key *out, struct error *error);
/* Whether the store ever had a key, and a key file exists. */
enum err store_has_key(struct store *store, bool *out, struct error *error);
char *store_link_key_path(const struct store *store, struct arena *arena);
enum err store_info_set(struct store *store, const char *key, const char *value, struct error *error);

/* Kinds of rows that store_row_delete() deletes; `row` is the row to delete, unless a comment below names another
 * row. */
enum row_delete {
	/* a document that no other document replaces; the caller erases its bytes after the commit */
	DELETE_DOCUMENT,
	DELETE_TEMPLATE,
	DELETE_ACCESS_KEY,
	DELETE_OFFER,
	DELETE_RECOUNT,	  /* an entry for a session to recount; `row`: the session */
	DELETE_PURGE_CASE /* an entry of the confirmed purge; `row`: the subject */
};
enum err store_row_delete(struct store *store, enum row_delete what, int64_t row, struct error *error);

#endif
