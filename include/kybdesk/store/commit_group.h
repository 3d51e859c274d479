/*
 * Lets the writers of one process share syncs (docs/decisions, "Commits share a sync"); each has its own
 * connection. They take turns at the write lock in order of arrival, so that no writer sleeps while the lock is
 * free; one sync of the log makes all earlier commits durable. A commit returns only after a sync that began after
 * it. Any thread.
 */
#ifndef KYBDESK_STORE_COMMIT_GROUP_H
#define KYBDESK_STORE_COMMIT_GROUP_H

#include <stdbool.h>

struct commit_group;
struct commit_group *commit_group_new(void);
void commit_group_free(struct commit_group *group); /* accepts NULL; must be unused */

/* Waits for the caller's turn; commit_group_leave() ends it. */
void commit_group_enter(struct commit_group *group);
void commit_group_leave(struct commit_group *group);
/* Call after a commit: returns when a sync that began after it has ended. False: the sync failed, for this and
 * every later commit, since a disk may report success on the next try without having written. */
bool commit_group_make_durable(struct commit_group *group, bool (*sync)(void *context), void *context);

#endif
