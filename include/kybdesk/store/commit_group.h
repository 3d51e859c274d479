/*
 * Lets the writers of one process share syncs (docs/decisions, "Commits share a sync"); each has its own
 * connection. Writers get the write lock in the order of their requests, so that no writer sleeps while the lock is
 * free; one sync of the log makes all earlier commits durable. A commit returns only after a sync that began after
 * the commit. The functions can be called from any thread.
 */
#ifndef KYBDESK_STORE_COMMIT_GROUP_H
#define KYBDESK_STORE_COMMIT_GROUP_H

#include <stdbool.h>

struct commit_group;
struct commit_group *commit_group_new(void);
void commit_group_free(struct commit_group *group); /* accepts NULL; must be unused */

/* Waits for the caller's turn; commit_group_leave() ends the turn. */
void commit_group_enter(struct commit_group *group);
void commit_group_leave(struct commit_group *group);
/* Call after a commit: waits for the end of a sync that began after the commit. False: the sync failed. Every later
 * call then fails, too, since the disk may report success at the next sync without having written the data. */
bool commit_group_make_durable(struct commit_group *group, bool (*sync)(void *context), void *context);

#endif
