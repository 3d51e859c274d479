/*
 * A store: one connection to one database with its documents' folder beside it
 * ("-documents" after the real path of its file, symbolic links followed). One store per thread; any number of processes on one path.
 *
 * Everything that may write runs between store_begin(STORE_WRITE) and
 * store_commit(); a failed commit has rolled back. Functions of the aggregates
 * (session.h, document.h, …) join the open transaction and open none.
 * Errors: ERR_STORE (missing, locked too long, full, damaged, newer) with the path
 * and what to do; ERR_NOT_FOUND and ERR_CONFLICT where a header says so.
 */
#ifndef KYBDESK_STORE_STORE_H
#define KYBDESK_STORE_STORE_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/world.h"
#include "kybdesk/domain/link_token.h"
#include "kybdesk/store/db.h"

/* In store_info: "PLACE by NAME on TIME" of a store that was moved. It can be opened for reading only, and changed by no
 * process that has it open (ERR_STORE, and where it is now). */
#define STORE_MOVED "moved"
#define STORE_SCHEMA_VERSION 23

/* From how many rows on a list is read in another way (src/store/list/list_plan.h); small ones let a test see all of them. */
struct list_bounds {
	size_t few, words, look, sorted, part;
	size_t step_ms; /* so long, on the monotonic clock, a step of a search looks (search.h) */
};
struct store {
	struct db *db;
	const struct world *world;
	char *path;		/* as people may see it: an address without what is secret in it */
	char *documents_folder; /* NULL where the database keeps them */
	char *key_file;
	struct waiting_texts *texts; /* of an import: what its commit writes (session_text.c); NULL else */
	struct bytes *bytes;	     /* what was put and what was read of it (bytes.h); NULL until then */
	bool sandbox;
	bool readonly;
	bool checks_schema; /* in each write transaction: it is open, with the schema of this program */
	bool outdated; /* it was upgraded by a newer program, or moved, since it was opened: nothing more is written */
	bool (*reads_json)(const char *text); /* as in store_options */
	char id[37];			      /* the store's own UUID */
	struct arena words;		      /* few and short, kept as long as the store: names of levels */
	const char **word;
	size_t word_count, word_capacity;
	struct list_bounds lists;
};

/* What an upgrade does. In the arena of store_open(), for the calls below. */
struct store_upgrade_plan {
	int64_t from, to;
	const char *const *steps; /* names of the migrations */
	size_t count;
	const char *backup; /* the file that is made first; "": a server's backups are its administrator's */
};
enum upgrade_right { UPGRADE_SANDBOX, UPGRADE_ADMIN, UPGRADE_ANY };
struct store_upgrade {
	enum upgrade_right
		right; /* of a sandbox store alone; as `actor`, an admin of the store; without asking (tests) */
	const char *actor;
	/* Before anything is done: an error ends it. */
	enum err (*on_plan)(void *context, const struct store_upgrade_plan *plan, struct error *error);
	/* Within the transaction of the upgrade, with the new tables. NULL: no record. */
	enum err (*on_upgrade)(void *context, struct store *store, const struct store_upgrade_plan *plan,
			       struct error *error);
	void *context;
};

struct store_options {
	const char *path;	     /* of a file, or postgresql://… */
	bool create, create_sandbox; /* init */
	bool create_copy;	     /* on_create brings what the store is, and its name and its key with it */
	/* With create, for a file: it is made under `path` and renamed to this by the caller, and what lies beside it lies beside
	 * this from the start; so it calls itself. NULL: it stays where it is. */
	const char *becomes;
	bool readonly;
	int busy_timeout_ms;
	const struct world *world;
	struct commit_group *group;	     /* as in db.h */
	const struct store_upgrade *upgrade; /* of an older store; NULL: it is refused, with its admins' names */
	/* Whether whoever opens it can read a text as JSON. A row with one that cannot be is damaged (ERR_STORE), and is
	 * given to nobody. NULL: it reads none. */
	bool (*reads_json)(const char *text);
	/* With create: what belongs to a store from its first moment on, written in the one transaction that makes it; an
	 * error makes none. The store is whole for it (id, sandbox, documents_folder). NULL: nothing. */
	enum err (*on_create)(void *context, struct store *store, struct error *error);
	void *context;
};

/* Opens (a newer store is refused; an older one is upgraded in one transaction, after a backup, if `upgrade` lets it).
 * create on an existing store: ERR_STORE. Missing: ERR_STORE that says to run init. */
enum err store_open(const struct store_options *options, struct store **out, struct error *error) KYB_MUST_USE;
void store_close(struct store *store); /* accepts NULL */
char *store_shown(const char *path);   /* a path or an address as people may see it; on malloc */
bool store_is_file(const char *path);  /* and no address of a server */

/* Keys of rows, in the arena of whoever asked. */
struct row_list {
	int64_t *items;
	size_t count;
};
/* What falls due: asked for with `now` and `limit`, answered in rows, oldest first. */
struct due_rows {
	int64_t now;
	size_t limit;
	struct row_list rows; /* out */
};

enum store_begin { STORE_READ, STORE_WRITE, STORE_ASIDE }; /* as DB_READ and the others (db.h) */
enum err store_begin(struct store *store, enum store_begin mode, struct error *error) KYB_MUST_USE;
enum err store_commit(struct store *store, struct error *error) KYB_MUST_USE;
void store_rollback(struct store *store); /* nothing when no transaction is open */
/* One write transaction around all that is begun until its end (db.h db_hold()). */
enum err store_hold(struct store *store, struct error *error) KYB_MUST_USE;
enum err store_end_hold(struct store *store, bool keep, struct error *error) KYB_MUST_USE;
bool store_is_held(const struct store *store);

/* ERR_STORE once the store was upgraded by a newer program, or moved: store->outdated is set then, and the process has to
 * end. store_open() and store_begin() check it; so does a process that only waits. */
enum err store_check_current(struct store *store, struct error *error) KYB_MUST_USE;
/* ERR_STORE when a write would fail: a full disk, a folder or a file that is read only, a server that takes no changes, a store
 * that was moved. Cheap, and it changes nothing. */
enum err store_check_writable(struct store *store, struct error *error) KYB_MUST_USE;
/* Whether path is the store's file, what is or may be kept beside it (its log, its key), or lies in the folder of its
 * documents: nothing else may be written there. */
bool store_owns_path(struct store *store, const char *path);
int64_t store_data_version(struct store *store);
void store_maintain(struct store *store);  /* after commits and when idle */
void store_interrupt(struct store *store); /* from another thread */
/* Free text about the store for info and doctor. */
const char *store_library(struct store *store, struct arena *arena);
/* Tables, indexes and triggers that are missing, were changed or do not belong here, as sentences in the arena. */
enum err store_schema_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			    struct error *error) KYB_MUST_USE;
enum err store_integrity(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			 struct error *error) KYB_MUST_USE;
/* What is wrong with the full-text index, as sentences in the arena: sessions without their text, texts of no session, words
 * that are not in it (SQLite, where the store is open for writing; a server keeps its index itself). */
enum err store_text_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			  struct error *error) KYB_MUST_USE;
/* Makes the full-text index anew: the words of each session from what is stored of it; *sessions is their number. In the write
 * transaction of the caller. */
enum err store_text_rebuild(struct store *store, int64_t *sessions, struct error *error) KYB_MUST_USE;
/* Texts that should be JSON and cannot be read (store_options.reads_json), as sentences in the arena: each row of the
 * store is looked at. */
enum err store_readable_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			      struct error *error) KYB_MUST_USE;
/* Values of store_info. *value is "" when the key is absent. */
enum err store_info_get(struct store *store, struct arena *arena, const char *key, const char **value,
			struct error *error) KYB_MUST_USE;
/* The key beside the store, PATH.key: what clients' links are made with. may_make, within a write transaction: makes it
 * for a store that never had one. ERR_STORE when it is missing, unreadable or another store's. The caller wipes it. */
enum err store_key(struct store *store, bool may_make, struct link_key *out, struct error *error) KYB_MUST_USE;
/* Whether it ever had one, and something lies there. */
enum err store_has_key(struct store *store, bool *out, struct error *error) KYB_MUST_USE;
char *store_key_path(const struct store *store, struct arena *arena);
enum err store_info_set(struct store *store, const char *key, const char *value, struct error *error) KYB_MUST_USE;

#endif
