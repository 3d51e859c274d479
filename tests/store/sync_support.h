/* What is made to reach the disk, and when. */
#ifndef KYB_TESTS_SYNC_SUPPORT_H
#define KYB_TESTS_SYNC_SUPPORT_H

/* Called before each fsync() and fdatasync() of this process, SQLite's too. NULL: nobody is. */
extern void (*on_sync)(const char *path);

#endif
