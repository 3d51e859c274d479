/* Lets the writers of one process share syncs (docs/decisions, "Commits share a sync"). Each writer has its own
 * connection. Writers get the write lock in the order of their requests, so that no writer sleeps while the lock is
 * free. One sync of the write-ahead log makes all earlier commits durable: after its commit, each writer waits for a
 * sync that began after the commit. The functions can be called from any thread. */
#ifndef KYBDESK_BASE_COMMIT_GROUP_H
#define KYBDESK_BASE_COMMIT_GROUP_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* The group must exist longer than its writers. It needs no release. */
struct commit_group {
	pthread_mutex_t lock;
	pthread_cond_t turn_changed;
	uint64_t next, turn; /* next ticket, and the ticket being served */
	uint64_t committed_count, durable_count;
	bool syncing, failed;
};
#define COMMIT_GROUP_INIT                                                                                              \
	{                                                                                                              \
		.lock = PTHREAD_MUTEX_INITIALIZER, .turn_changed = PTHREAD_COND_INITIALIZER                            \
	}

/* Waits for the turn of the calling writer; commit_group_leave() ends the turn. */
void commit_group_enter(struct commit_group *group);
void commit_group_leave(struct commit_group *group);
/* Call after a commit: waits for the end of a sync that began after the commit. False: the sync failed. Every later
 * call then fails, too, since the disk may report success at the next sync without having written the data. */
bool commit_group_make_durable(struct commit_group *group, bool (*sync)(void *context), void *context);

#endif
