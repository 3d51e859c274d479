/*
 * A PostgreSQL server for the tests: in a folder of its own, reachable only by a socket in it, run by a user without
 * rights (the server refuses root). Each test program starts one before its first test and stops it after the last; it
 * ends with the process that started it.
 */
#ifndef KYB_TESTS_POSTGRESQL_SERVER_H
#define KYB_TESTS_POSTGRESQL_SERVER_H

#include <sys/types.h>

struct test_server {
	char folder[64];
	pid_t process; /* 0: it is not running */
};

void server_make(struct test_server *server); /* and starts it */
void server_start(struct test_server *server);
void server_kill(struct test_server *server); /* as a power failure would; server_start() can start it again */
void server_remove(struct test_server *server);
/* Stops all processes of the server, as on a hung disk: it takes connections and answers nothing. server_thaw() lets it
 * go on; server_kill() thaws it. */
void server_freeze(const struct test_server *server);
void server_thaw(const struct test_server *server);
/* place_make() uses this server from now on, in this process. */
void server_use(const struct test_server *server);
/* Creates a schema for one more store and returns the store's address, which is kept (support/keep.h). */
char *server_place(const struct test_server *server);

#endif
