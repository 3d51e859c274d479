/* Delays Ctrl-Z while this process holds a lock. A stopped process keeps its locks, so all other processes would
 * wait for these locks. Therefore each thread calls suspension_block() before and suspension_unblock() after it
 * holds a lock, and the stop waits until no thread is in such a section. One state per process; any thread may call
 * any function. */
#ifndef KYBDESK_BASE_STOPS_H
#define KYBDESK_BASE_STOPS_H

#include <stdbool.h>
#include <sys/types.h>

/* Begins a section in which this thread may hold a lock; suspension_unblock() ends it. Waits while another thread
 * is stopping the process. A nested call never waits. late true: the section may get the write lock; SIGTSTP is
 * also blocked in this thread until the section ends. late false: the section only reads, so a stop inside the
 * section is harmless. */
void suspension_block(bool late);
void suspension_unblock(void);

/* Call it in the thread that stops the process; this thread must hold no lock. Makes suspension_block() wait until
 * suspension_end(). Then waits for the end of the running sections: at most max_wait_ms for sections that only read,
 * at most ten seconds for `late` sections, which may get a lock at any moment. False: a section is still running. */
bool suspension_begin(int max_wait_ms);
void suspension_end(void);

/* Handles a SIGTSTP that this thread has blocked and read from a signalfd. Waits until no thread is between
 * suspension_block() and suspension_unblock() (for readers at most one second), stops `pid` (as in kill()), and
 * returns when the process is continued. */
void suspend_handle_signal(pid_t pid);

#endif
