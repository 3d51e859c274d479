/* Waits for a server that may never answer, or for a lock that another process may never release. Each wait has a limit,
 * is seen by the thread that waits (a watch), and ends early when the process ends. The limits are settings of the
 * process; the watch belongs to one thread. */
#ifndef KYBDESK_BASE_WAIT_H
#define KYBDESK_BASE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

/* How often a waiting thread calls its watch. */
#define WAIT_SLICE_MS 25
/* The limit for the result of one statement. */
#define WAIT_ANSWER_MS 30000
/* The same in a process that reads or writes the whole store: a backup, a verification, an upgrade. */
#define WAIT_LONG_ANSWER_MS (60 * 60 * 1000)

enum wait_result { WAIT_READY, WAIT_LIMIT_REACHED, WAIT_GIVEN_UP };

/* Waits until one of the events (as in poll()) is reported for fd, at most until `until` (world_monotonic_ms()).
 * begun: when the wait for this answer began, for the watch. WAIT_GIVEN_UP: the watch or the end of the process. */
enum wait_result wait_for_fd(int fd, short events, int64_t begun, int64_t until);

enum wait_peer { WAIT_FOR_STORE, WAIT_FOR_PROGRAM };

/* The watch of this thread is called every WAIT_SLICE_MS of a wait, with the time that the wait has taken so far.
 * False: the wait is given up. The watch must not use the store. NULL: none. */
typedef bool wait_watch(void *context, enum wait_peer peer, int64_t waited_ms);
void wait_set_watch(wait_watch *watch, void *context);

/* Call when the process must end, on any thread: each running and each later wait ends within this time. Of several
 * calls, the earliest end counts. */
void wait_end_all(int64_t ms);
/* Whether a wait that has taken so long must end: the watch of this thread says so, or that time is over. */
bool wait_is_given_up(enum wait_peer peer, int64_t waited_ms);
/* Sets the limit for the results of statements of connections that are made later: WAIT_ANSWER_MS, unless set. */
void wait_set_answer_limit(int64_t ms);
int64_t wait_answer_limit(void);
/* The same for the reader of the output of this process, such as a collector of its log: no limit, unless set. */
void wait_set_output_limit(int64_t ms);
int64_t wait_output_limit(void);

/* Locks a file or folder as flock() does. False: another process held the lock for this time. True also if the file
 * system has no locks. */
bool wait_for_file_lock(int fd, int operation, int64_t limit_ms);

#endif
