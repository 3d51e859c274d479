/*
 * An SQLite VFS that simulates a disk which loses unsynced writes in a power
 * cut. It records the synced content of the store's file and log, and calls the
 * test before each write and each sync, so that the test can cut the power there.
 */
#ifndef KYB_TESTS_SUPPORT_LOSSY_VFS_H
#define KYB_TESTS_SUPPORT_LOSSY_VFS_H

#include <stdbool.h>
#include <stddef.h>

/* Makes this VFS the default for new connections. Call it before the first connection, once per process. */
void lossy_install(void);
/* Runs `call` before each write and sync, under a lock; NULL: none. Files opened within `call` are not under test. */
void lossy_on_event(void (*call)(void *context), void *context);
/* Writes to PATH and PATH-wal a copy of the store `store` as a power cut at this moment would leave it. seed 0: all
 * unsynced writes are lost; otherwise the seed chooses some that are kept. Call it within the function of
 * lossy_on_event(), or while no other thread writes. */
void lossy_cut(const char *store, const char *path, unsigned seed);
/* true: from now on each sync of a log fails. */
void lossy_break_syncs(bool broken);
/* From now on each sync of a log takes `ms`, so that other writers arrive meanwhile, also on a busy machine. */
void lossy_slow_syncs(unsigned ms);
size_t lossy_syncs(void); /* number of syncs of logs so far */

#endif
