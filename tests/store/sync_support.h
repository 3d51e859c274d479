/* Calls a test's function before each write and sync of this process, also by SQLite. */
#ifndef KYB_TESTS_SYNC_SUPPORT_H
#define KYB_TESTS_SYNC_SUPPORT_H

/* on_sync is called before each fsync() and fdatasync(), on_write before each pwrite(). NULL: no call. */
extern void (*on_sync)(const char *path);
extern void (*on_write)(const char *path);

#endif
