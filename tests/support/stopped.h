/* A process that was stopped, and whether it kept the others from the store. */
#ifndef KYB_TESTS_SUPPORT_STOPPED_H
#define KYB_TESTS_SUPPORT_STOPPED_H

#include <stdbool.h>
#include <sys/types.h>

/* Waits until it is stopped; false when it ends instead. */
bool process_is_stopped(pid_t pid);
/* Takes the store's lock for writing, and gives it back: SQLite's code, at once, without any patience. */
int store_take_lock(const char *path);

#endif
