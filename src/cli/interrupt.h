/*
 * A clean stop on SIGINT, SIGTERM and SIGHUP without a global flag: the signals
 * are blocked, and one thread waits for them. A second one while the first is
 * still being obeyed changes nothing.
 */
#ifndef KYBDESK_CLI_INTERRUPT_H
#define KYBDESK_CLI_INTERRUPT_H

#include "kybdesk/base/error.h"

struct interrupt;

/*
 * input_fd: a pipe or terminal that reading could wait on for ever; *read_fd is
 * then another descriptor with the same bytes, which ends when a signal comes,
 * and where the input cannot be read any further: see interrupt_failure().
 * -1, or a regular file: *read_fd is input_fd itself. on_signal (may be NULL)
 * runs in the waiting thread.
 */
enum err interrupt_start(struct interrupt **out, int input_fd, int *read_fd, void (*on_signal)(void *context),
			 void *context, struct error *error) KYB_MUST_USE;
bool interrupt_came(const struct interrupt *interrupt);
/* The number of the error that ended the input early; 0 when it ended by itself. For who has read to its end. */
int interrupt_failure(const struct interrupt *interrupt);
/* Ends the thread, gives the signals back. Accepts NULL. */
void interrupt_end(struct interrupt *interrupt);

#endif
