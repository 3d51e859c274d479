/*
 * Places for the test stores: SQLite files in test_store, a server that test_postgresql starts (tests/postgresql). The
 * same tests check the contract for every database.
 */
#ifndef KYB_TESTS_STORE_PLACE_H
#define KYB_TESTS_STORE_PLACE_H

#include "kybdesk/store/db.h"

extern const struct db_driver *const place_driver;
/* A place for one more store, which is not there yet. Kept. */
char *place_make(const char *folder, const char *name);
/* Environment of a world with its store's files in the folder; NULL-terminated, one malloc'd block, or NULL. */
const char *const *place_environment(const char *folder);
/* The table that the driver's own tests write to, and another, into which a trigger on it inserts. */
extern const char *const place_thing, *const place_thing_trigger;
/* place_orphans counts rows that reference missing ones. */
extern const char *const place_orphans;
/* Put around a statement: it is parsed, and fails on an error, but has no effect. */
extern const char *const place_probe, *const place_probe_end;
/* Prefix of a statement that generates an expression over a session's row, "name=value name=value …". The condition on
 * the column names follows. */
extern const char *const place_session_values;
/* A number that changes when the row of a session's text is written. */
extern const char *const place_text_writes;
const char *place_columns(struct arena *arena, const char *table);
/* From now on place_text() keeps its connection to this store, which it else opens for each query; NULL: to none. */
void place_keep(const char *path);
/* The first value of the first row as text, in the arena; "" if it is NULL, or without a row. */
const char *place_text(struct arena *arena, const char *path, const char *sql);
/* Whether the store has the bytes of the document with this hash in hex; and removes them, like a disk failure. */
bool place_has_bytes(const char *path, const char *sha256);
void place_lose_bytes(const char *path, const char *sha256);
/* Path of the key of a store that was made in the folder; in the arena. */
const char *place_key(struct arena *arena, const char *folder, const char *path);
/* Whether the database refuses to run the script. */
bool place_refuses(const char *path, const char *script);
/* Runs an SQL script on a connection of its own, like a user with the database's shell; written in SQLite's dialect. */
void shell_run(const char *path, const char *script);

#endif
