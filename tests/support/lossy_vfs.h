/*
 * A disk that forgets unsynced writes: under SQLite, over the real one. It
 * keeps the content of the store's file and log after a power cut, and calls
 * the test before each write and each sync, so that it can cut there.
 */
#ifndef KYB_TESTS_SUPPORT_LOSSY_VFS_H
#define KYB_TESTS_SUPPORT_LOSSY_VFS_H

#include <stdbool.h>
#include <stddef.h>

/* Becomes the default VFS for new connections. Call it before the first connection, once per process. */
void lossy_install(void);
/* call: NULL for none. It runs under a lock, once at a time. Files opened within it are not under test. */
void lossy_on_event(void (*call)(void *context), void *context);
/* Writes PATH and PATH-wal as a cut of the power at this moment would leave them, of the store at `store`. With a
 * seed, some of the unsynced writes have reached the disk all the same, in any order; 0: none. Call it from within the
 * event call, or while no other thread writes. */
void lossy_cut(const char *store, const char *path, unsigned seed);
/* From here on a sync of a log fails. */
void lossy_break_syncs(bool broken);
/* From here on a sync of a log takes so long, as a disk does: others come meanwhile, however busy the machine is. */
void lossy_slow_syncs(unsigned ms);
size_t lossy_syncs(void); /* of logs, so far */

#endif
