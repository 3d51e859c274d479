/*
 * Delays Ctrl-Z while this process holds a lock. A stopped process keeps its locks, and every other process would
 * wait for them. So each thread encloses its locks in stops_enter() and stops_leave(), and the stop waits until no
 * thread is inside. The state is one per process; any thread may call any function.
 */
#ifndef KYBDESK_BASE_STOPS_H
#define KYBDESK_BASE_STOPS_H

#include <stdbool.h>
#include <sys/types.h>

/* Begins a section in which this thread may hold a lock; stops_leave() ends it. Waits while another thread is
 * stopping the process. A nested call never waits. late: also blocks SIGTSTP in this thread until the section
 * ends, unless it was blocked before. Without `late` the section only reads, so a stop in it does no harm. */
void stops_enter(bool late);
void stops_leave(void);

/* For the thread that stops the process, which must hold no lock: bars new sections until stops_open(), then waits
 * for the running ones: patience_ms for sections that only read, ten seconds for late ones, which may get a lock
 * at any moment. False if a section is still running. */
bool stops_close(int patience_ms);
void stops_open(void);

/* Obeys a SIGTSTP that this thread read from a signalfd and has blocked. Waits until no section is running (at
 * most one second for sections that only read), stops `pid` (as in kill()), and returns when the process is
 * continued. */
void stops_obey(pid_t pid);

#endif
