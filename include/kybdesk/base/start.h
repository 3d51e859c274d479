/* Starting other programs: one that goes its own way, or one that the user works in until it ends. */
#ifndef KYBDESK_BASE_START_H
#define KYBDESK_BASE_START_H

#include "kybdesk/base/error.h"

/* program is looked up on PATH, and gets `path` as its one argument; no shell reads either. It has no terminal and is not
 * waited for. ERR_INVALID: it cannot be started, and why. */
enum err start_apart(const char *program, const char *path, struct error *error) KYB_MUST_USE;

/* Runs words[0] (looked up on PATH; no shell reads the words, which end with NULL) in the foreground of the terminal, and
 * waits until it ends; *status is its exit status, 128 + N after signal N. The caller has given the terminal back before,
 * and has SIGTSTP blocked. If the user stops the program (Ctrl-Z), this process stops too. If a blocked signal that ends this
 * process arrives, the program is ended. ERR_INVALID: it cannot be started. */
enum err start_and_wait(const char *const *words, int *status, struct error *error) KYB_MUST_USE;

#endif
