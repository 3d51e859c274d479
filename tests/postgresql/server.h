/*
 * A PostgreSQL server of the tests' own: in a folder of its own, reached by a socket in it alone, by a user without rights
 * (the server refuses root). Each program that has this starts one before its first test and ends it after the last; it
 * goes with the process that started it.
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
void server_kill(struct test_server *server); /* as when its machine stops; may be started again */
void server_remove(struct test_server *server);
/* The address of a place for one more store on it: a schema of its own. On malloc. */
char *server_place(const struct test_server *server);

#endif
