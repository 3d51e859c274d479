/* The hash of a stored row (docs/store.md, "Row commitments"): SHA-256 of salt, table, and each column by its name. */
#ifndef KYBDESK_SRC_STORE_AUDIT_COMMITMENT_HASH_H
#define KYBDESK_SRC_STORE_AUDIT_COMMITMENT_HASH_H

#include "kybdesk/base/digest.h"
#include "kybdesk/store/store.h"
#include "kybdesk/store/db.h"

/* The class of each table of the store for the row commitments (docs/store.md). */
enum table_class {
	EVIDENCE_TABLE, /* each row has a commitment */
	DERIVED_TABLE,	/* computed from other tables; verification computes it again */
	CHAIN_TABLE,	/* the audit log and the commitments: verified by their hashes */
	BYTES_TABLE,	/* documents' bytes: named by their hash */
	UPKEEP_TABLE	/* not evidence: leases, heartbeats, marks, stored responses */
};
/* Owners of rows. Before the desk changes a row, all rows of the same owner are compared with their commitments
 * (store/commitment.h). OWNER_EITHER: a session or a subject. */
enum table_owner { OWNER_NONE, OWNER_SESSION, OWNER_SUBJECT, OWNER_EITHER, OWNER_DESK };
struct stored_table {
	struct sql sql;		   /* name of the table; its address identifies the statement that reads a row */
	struct sql batch_sql;	   /* identifies the statement that reads up to ROW_STATES_MAX rows */
	struct sql owned_rows_sql; /* identifies the statement that reads the rows of an owner */
	enum table_class class;
	enum table_owner owner;
	const char *session_sql;       /* expression of the owning session; NULL: session_id */
	const char *session_condition; /* condition on $1, the owning session; NULL: `session_sql` equals $1 */
	const char *key;	       /* column of the primary key; NULL: id; "": the table has one commitment */
	const char *salt_sql;	       /* expression of the row's salt; NULL: the rows have no salt */
	const char *columns;	       /* columns that are read; NULL: all */
	const char *unhashed_columns;  /* columns that are not in the hash, with a space before and after each */
	/* the number of compared rows, which every user can read, does not include the rows of this table */
	bool is_confidential;
	const char *reported_name; /* name under which SQLite reports changes of the table; NULL: the table's name */
};
extern const struct stored_table stored_tables[];
extern const size_t stored_table_count;
#define STORED_TABLES_MAX 64

extern const struct db_capture table_capture;
bool table_hashes_column(const struct stored_table *table, const char *column); /* whether the column is hashed */
int stored_table_index(const char *name); /* index in stored_tables, by name or reported name; -1: unknown */
const char *table_key_column(const struct stored_table *table);

struct row_columns; /* the hashed columns of a table, in the order of their names */
struct row_hasher {
	struct store *store;
	struct sha256 *digest;
	struct strbuf bytes;
	struct row_columns *table_columns; /* NULL until used */
};
void row_hasher_release(struct row_hasher *hasher);

/* The owner of a row: the id of a session, the negative id of a subject, 0 for the desk, or NO_OWNER. */
#define NO_OWNER INT64_MIN

/* A row, found by its key. exists: whether the row exists. lacks_salt: whether the row needs a salt of its own but
 * has none. */
struct row_state {
	int table;
	int64_t key, owner;
	bool exists, lacks_salt;
	uint8_t hash[SHA256_SIZE];
};
/* Reads rows of one table; the caller sets table and keys in `rows`. Reads of several tables can be sent before the
 * first result is read. Each row_states_send() needs a row_states_read(), also after a failure (err). */
#define ROW_STATES_MAX 8
struct row_states {
	struct row_state *rows;
	size_t count;	     /* 1 to ROW_STATES_MAX */
	struct query *query; /* used between row_states_send() and row_states_read() */
};
enum err row_states_send(struct row_hasher *hasher, struct row_states *states, struct error *error);
enum err row_states_read(struct row_hasher *hasher, struct row_states *states, enum err err, struct error *error);

/* Reads rows of a table in the order of their keys: all rows; with `parts` > 1 only the rows with key modulo
 * `parts` = `part`; with `parts` 0 the rows of an owner. */
struct row_scan_run {
	int table;
	int64_t parts, part;
	int64_t owner; /* owner of the rows; used if `parts` is 0 */
	enum err (*each)(void *context, const struct row_state *row, struct error *error);
	void *context;
};
/* Whether the table has rows of this owner. */
bool table_has_owner(const struct stored_table *table, int64_t owner);
enum err row_scan_run(struct row_hasher *hasher, const struct row_scan_run *scan, struct error *error);

/* Adds an entry to the chained hash of a record's commitments. chain: if *begun is true, contains the hash of the
 * earlier entries; receives the new hash. */
struct row_entry {
	const char *table;
	int64_t key;
	const void *hash;
	size_t length; /* 0: the row was deleted */
};
void row_chain_extend(struct row_hasher *hasher, const struct row_entry *entry, bool *begun,
		      uint8_t chain[SHA256_SIZE]);

#endif
