/* The class of each table of the store for the row commitments (docs/store.md). */
#ifndef KYBDESK_STORE_TABLES_H
#define KYBDESK_STORE_TABLES_H

#include "kybdesk/store/db.h"

enum table_class {
	TABLE_EVIDENCE, /* each row is committed */
	TABLE_DERIVED,	/* computed from other tables; verification computes it again */
	TABLE_CHAIN,	/* the audit log and the commitments: verified by their hashes */
	TABLE_BYTES,	/* documents' bytes: named by their hash */
	TABLE_UPKEEP	/* not evidence: leases, heartbeats, marks, stored responses */
};
/* Owners of rows. The rows of an owner are compared together before the desk changes one of these rows
 * (store/commitment.h). OWNER_EITHER: a session or a subject. */
enum table_owner { OWNER_NONE, OWNER_SESSION, OWNER_SUBJECT, OWNER_EITHER, OWNER_DESK };
struct stored_table {
	struct sql sql;	    /* name of the table; its address identifies the statement that reads a row */
	struct sql several; /* identifies the statement that reads up to ROW_STATES_MAX rows */
	struct sql owned;   /* identifies the statement that reads the rows of an owner */
	enum table_class class;
	enum table_owner owner;
	const char *session;	/* expression of the owning session; NULL: session_id */
	const char *of_session; /* condition on $1, the owning session; NULL: `session` = $1 */
	const char *key;	/* column of the primary key; NULL: id; "": the table is committed as a whole */
	const char *salt;	/* expression of the row's salt; NULL: none */
	const char *columns;	/* columns that are read; NULL: all */
	const char *not_hashed; /* columns that are not in the hash, with a space before and after each */
	bool confidential;  /* its rows are not counted in the number of compared rows, which every user can read */
	const char *shadow; /* name under which SQLite reports changes of the table; NULL: the table's name */
};
extern const struct stored_table stored_tables[];
extern const size_t stored_table_count;
#define STORED_TABLES_MAX 64

extern const struct db_capture table_capture;
int table_number(const char *name); /* number of the table or its shadow, in stored_tables; -1: unknown */
bool table_hashes(const struct stored_table *table, const char *column);
const char *table_key(const struct stored_table *table);

#endif
