/*
 * A process that is stopped (Ctrl-Z) keeps the locks that it has until
 * somebody continues it, and everybody else waits for them. So whoever has
 * one says so, and the stop comes when nobody has.
 *
 * All of it is one for the process; every function may be called by any
 * thread.
 */
#ifndef KYBDESK_BASE_STOPS_H
#define KYBDESK_BASE_STOPS_H

#include <stdbool.h>
#include <sys/types.h>

/* From here to stops_leave() of the same thread a lock may be had. Waits while another thread is about to stop the process.
 * May be nested, which never waits. late: the terminal's stop signal, too, comes to this thread only afterwards, unless
 * somebody else sees to it, who has it blocked already; without it a stop finds only what harms nobody (a moment that is
 * being read). */
void stops_enter(bool late);
void stops_leave(void);

/* By who stops the process, and has no lock: from here to stops_open() nobody enters. Waits for those who are within: so many
 * milliseconds for who only reads, ten seconds for who entered late, who may be waiting for a lock and get it at any moment.
 * False when some still were. */
bool stops_close(int patience_ms);
void stops_open(void);

/* Obeys the terminal's stop, by a thread that took it from a signalfd and has it blocked: stops whom, as kill() has it, when
 * nobody is within, or after a second of those who only read, and comes back when the process is continued. */
void stops_obey(pid_t pid);

#endif
