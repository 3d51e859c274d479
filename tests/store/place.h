/*
 * Places for the test stores: SQLite files in test_store, a server that test_postgresql starts (tests/postgresql). The
 * same tests check the contract for every database.
 */
#ifndef KYB_TESTS_STORE_PLACE_H
#define KYB_TESTS_STORE_PLACE_H

#include "kybdesk/store/db.h"

extern const struct db_driver *const place_driver;
/* Path or address of a new store, which does not exist yet; kept (support/keep.h). */
char *place_make(const char *folder, const char *name);
/* As new_store_copied() and new_store_keep() (support/new_store.h). On a server, each such store is a database of its own;
 * its address replaces *path, also if no store is kept. data_home: the folder of the store's key. */
bool place_copied(const char *kind, char **path, const char *data_home, uint64_t *number);
void place_copy_keep(const char *kind, const char *path, const char *data_home, uint64_t number);
/* Environment of a world that has the store's files in the folder; NULL-terminated, one malloc'd block, or NULL. */
const char *const *place_environment(const char *folder);
/* SQL that makes the table `thing` for tests of the driver; SQL that makes a table filled by a trigger on `thing`. */
extern const char *const place_thing, *const place_thing_trigger;
/* SQL that counts violations of foreign keys. */
extern const char *const place_orphans;
/* Prefix and suffix for a statement: the database only parses it, so it can fail but has no effect. */
extern const char *const place_probe, *const place_probe_end;
/* Beginning of a query on the column names of `session`. Its result is an SQL expression that formats a row as
 * "name=value name=value …". The caller appends the condition on the column names. */
extern const char *const place_session_values;
/* SQL for a number that changes when the row of a session's search text is written. */
extern const char *const place_text_writes;
const char *place_columns(struct arena *arena, const char *table);
/* From now on place_text() uses one connection for all queries of this store; NULL: a new one for each query again. */
void place_keep(const char *path);
/* The first value of the first row as text, in the arena; "" if it is NULL, or without a row. */
const char *place_text(struct arena *arena, const char *path, const char *sql);
/* Whether the store has the bytes of this document; place_lose_bytes() deletes them, like a disk failure. */
bool place_has_bytes(const char *path, const char *sha256);
void place_lose_bytes(const char *path, const char *sha256);
/* Path of the key of a store that was made in the folder; in the arena. */
const char *place_key(struct arena *arena, const char *folder, const char *path);
/* Whether the database refuses to run the script. */
bool place_refuses(const char *path, const char *script);
/* Runs an SQL script on a connection of its own, like a user with the database's shell; written in SQLite's dialect. */
void shell_run(const char *path, const char *script);

#endif
