/* What each table of the store is for the row commitments (docs/store.md). */
#ifndef KYBDESK_STORE_TABLES_H
#define KYBDESK_STORE_TABLES_H

#include "kybdesk/store/db.h"

enum table_class {
	TABLE_EVIDENCE, /* each row is committed */
	TABLE_DERIVED,	/* computed from other tables; verification computes it again */
	TABLE_CHAIN,	/* the audit log and the commitments: verified by their hashes */
	TABLE_BYTES,	/* documents' bytes: named by their hash */
	TABLE_UPKEEP	/* not evidence: leases, signs of life, marks, kept responses */
};
struct stored_table {
	struct sql sql; /* name of the table; its address identifies the statement that reads a row (hash.c) */
	enum table_class class;
	const char *key;	/* column of the primary key; NULL: id; "": the table is committed as a whole */
	const char *salt;	/* expression of the row's salt; NULL: none */
	const char *columns;	/* what is read; NULL: all columns */
	const char *not_hashed; /* columns that are not in the hash, with a space before and behind each */
	const char *shadow;	/* name under which SQLite reports changes; NULL: its own */
};
extern const struct stored_table stored_tables[];
extern const size_t stored_table_count;
#define STORED_TABLES_MAX 64

extern const struct db_capture table_capture;
int table_number(const char *name); /* of the table or its shadow, in stored_tables; -1: unknown */
bool table_hashes(const struct stored_table *table, const char *column);
const char *table_key(const struct stored_table *table);

#endif
