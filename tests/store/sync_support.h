/* Records writes and syncs of this whole process, SQLite's too. */
#ifndef KYB_TESTS_SYNC_SUPPORT_H
#define KYB_TESTS_SYNC_SUPPORT_H

/* Called before each fsync(), fdatasync() and pwrite(). NULL: none. */
extern void (*on_sync)(const char *path);
extern void (*on_write)(const char *path);

#endif
