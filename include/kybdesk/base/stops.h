/*
 * Delays Ctrl-Z while this process holds a lock. A stopped process keeps its locks, so all other processes would wait
 * for these locks. Therefore each thread calls stops_enter() before and stops_leave() after it holds a lock, and the
 * stop waits until no thread is in such a section. One state per process; any thread may call any function.
 */
#ifndef KYBDESK_BASE_STOPS_H
#define KYBDESK_BASE_STOPS_H

#include <stdbool.h>
#include <sys/types.h>

/* Begins a section in which this thread may hold a lock; stops_leave() ends it. Waits while another thread is
 * stopping the process. A nested call never waits. late: also blocks SIGTSTP in this thread until the section
 * ends, unless it was blocked before. Without `late` the section only reads, so a stop inside it is harmless. */
void stops_enter(bool late);
void stops_leave(void);

/* For the thread that stops the process, which must hold no lock: prevents new sections until stops_open(), and waits
 * for the end of running sections: patience_ms for sections that only read, ten seconds for `late` sections, which may
 * get a lock at any moment. False: a section is still running. */
bool stops_close(int patience_ms);
void stops_open(void);

/* Handles a SIGTSTP that this thread has blocked and read from a signalfd. Waits until no section is running (at
 * most one second for sections that only read), stops `pid` (as in kill()), and returns when the process is
 * continued. */
void stops_obey(pid_t pid);

#endif
