/* Checks whether a process was stopped, and whether another process holds the store's write lock. */
#ifndef KYB_TESTS_SUPPORT_STOPPED_H
#define KYB_TESTS_SUPPORT_STOPPED_H

#include <stdbool.h>
#include <sys/types.h>

/* Waits until the process is stopped; false if it ends instead. */
bool process_is_stopped(pid_t pid);
/* Takes and releases the store's write lock, without waiting for it; returns SQLite's result code. */
int store_take_lock(const char *path);

#endif
