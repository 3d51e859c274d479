/*
 * A clean stop on SIGINT, SIGTERM and SIGHUP without a global flag: the signals are blocked, and one thread waits for
 * the signals. A second signal during the stop has no effect.
 */
#ifndef KYBDESK_CLI_INTERRUPT_H
#define KYBDESK_CLI_INTERRUPT_H

#include "kybdesk/base/error.h"

struct interrupt;

/*
 * input_fd: a pipe or terminal, where a read may block for ever. *read_fd is then a pipe with the same bytes, which
 * ends at a signal or a read error (see interrupt_failure()). If input_fd is -1 or a regular file, *read_fd is
 * input_fd. on_signal (may be NULL) runs in the waiting thread.
 */
enum err interrupt_start(struct interrupt **out, int input_fd, int *read_fd, void (*on_signal)(void *context),
			 void *context, struct error *error) KYB_MUST_USE;
bool interrupt_is_pending(const struct interrupt *interrupt);
/* errno of the failed read that ended the input early; 0: none. Valid after reading to the end. */
int interrupt_failure(const struct interrupt *interrupt);
/* Ends the thread and restores the signal mask. Accepts NULL. */
void interrupt_end(struct interrupt *interrupt);

#endif
