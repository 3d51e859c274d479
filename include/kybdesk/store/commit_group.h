/*
 * Writers of one process that share what their commits cost (docs/decisions,
 * "Commits share a sync"): each has a connection of its own. They take turns at
 * the write lock in the order in which they came, so that none sleeps while it
 * is free; and one sync of the log makes all durable that were committed before
 * it began. Nobody's commit returns before its own sync has ended. Any thread.
 */
#ifndef KYBDESK_STORE_COMMIT_GROUP_H
#define KYBDESK_STORE_COMMIT_GROUP_H

#include <stdbool.h>

struct commit_group;
struct commit_group *commit_group_new(void);
void commit_group_free(struct commit_group *group); /* accepts NULL; nobody uses it any more */

/* Waits until it is one's turn, and ends it. */
void commit_group_enter(struct commit_group *group);
void commit_group_leave(struct commit_group *group);
/* After a commit: returns once a sync that began afterwards has ended. False: it failed, for this and every later commit: what
 * a disk has refused once it may forget silently the next time. */
bool commit_group_make_durable(struct commit_group *group, bool (*sync)(void *context), void *context);

#endif
