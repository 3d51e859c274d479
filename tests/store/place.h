/*
 * Where the tests of stores put theirs. test_store has them in SQLite's files, test_postgresql in a server that it starts
 * (tests/postgresql): the same tests, for what every database promises.
 */
#ifndef KYB_TESTS_STORE_PLACE_H
#define KYB_TESTS_STORE_PLACE_H

#include "kybdesk/store/db.h"

extern const struct db_driver *const place_driver;
/* A place for one more store, which is not there yet. On malloc. */
char *place_make(const char *folder, const char *name);
/* Of a world whose store's files stand in the folder; NULL-terminated, on malloc as one block, or NULL. */
const char *const *place_environment(const char *folder);
/* The table that the driver's own tests write to; and another, into which a trigger on it inserts. */
extern const char *const place_thing, *const place_thing_trigger;
/* A statement that counts rows that point to missing ones; one that lists the names of a table's columns. */
extern const char *const place_orphans;
/* Around a statement: it is read, and fails where it is not understood, but nothing is done. */
extern const char *const place_probe, *const place_probe_end;
/* A statement that makes an expression over a session's row, "name=value name=value …", of those columns whose name fits the
 * condition that goes on here. */
extern const char *const place_session_values;
/* A number that another number takes the place of when the row of a session's text is written. */
extern const char *const place_text_writes;
const char *place_columns(struct arena *arena, const char *table);
/* The first value of the first row as text, in the arena; "" when it is NULL, or when there is none. */
const char *place_text(struct arena *arena, const char *path, const char *sql);
/* Of a document whose hash in hex this is; losing them, as a disk does. */
bool place_has_bytes(const char *path, const char *sha256);
void place_lose_bytes(const char *path, const char *sha256);
/* The file of its key, for a store that was made in the folder; in the arena. */
const char *place_key(struct arena *arena, const char *folder, const char *path);
/* Whether the database refuses to run the script. */
bool place_refuses(const char *path, const char *script);
/* Runs an SQL script on a connection of its own, as somebody with the database's shell would; written as SQLite's would be. */
void shell_run(const char *path, const char *script);

#endif
