/*
 * Stands between the programs of a test and its PostgreSQL server, as a network does, and cuts or delays a commit. It is a
 * process of its own, which ends with the test's.
 */
#ifndef KYB_TESTS_POSTGRESQL_DESK_RELAY_H
#define KYB_TESTS_POSTGRESQL_DESK_RELAY_H

#include "postgresql/server.h"

enum relay_fault {
	RELAY_NONE,
	RELAY_LOST,	  /* the commit never arrives: the connection ends before it */
	RELAY_UNANSWERED, /* the commit arrives, its answer does not: the connection ends between them */
	RELAY_GONE,	  /* as RELAY_UNANSWERED, and no other connection is served either, until relay_arm() */
	RELAY_MUTE,	  /* from that commit on (0: at once) it passes nothing on, as a frozen server */
	RELAY_LATE	  /* the answer comes after three seconds */
};

struct relay;

struct relay *relay_start(const struct test_server *server);
void relay_stop(struct relay *relay);
/* The address of a store by way of the relay, from the address at the server; kept (support/keep.h). */
char *relay_address(const struct relay *relay, const char *place);
/* Lets the commit number `commit` from now (1: the next) meet the fault, once; the connections that the relay refused are
 * taken again. */
void relay_arm(struct relay *relay, enum relay_fault fault, unsigned commit);
/* Commits that came by since relay_arm(). */
unsigned relay_commits(const struct relay *relay);

#endif
