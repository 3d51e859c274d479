/* What is written, what is made to reach the disk, and when: of this whole process, SQLite too. */
#ifndef KYB_TESTS_SYNC_SUPPORT_H
#define KYB_TESTS_SYNC_SUPPORT_H

/* Called before each fsync() and fdatasync(), and before each pwrite(). NULL: nobody is. */
extern void (*on_sync)(const char *path);
extern void (*on_write)(const char *path);

#endif
