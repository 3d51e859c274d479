/*
 * Starting other programs: start_apart() detaches one, start_and_wait() runs one in the foreground of the terminal
 * until it ends. Programs are looked up on PATH; no shell is involved. Both return ERR_INVALID with the reason if the
 * program cannot be started.
 */
#ifndef KYBDESK_BASE_START_H
#define KYBDESK_BASE_START_H

#include "kybdesk/base/error.h"

/* Starts `program` (looked up on PATH) with `path` as its one argument; no shell is involved. It has no terminal
 * and is not waited for. ERR_INVALID with the reason if it cannot be started. */
enum err start_apart(const char *program, const char *path, struct error *error) KYB_MUST_USE;

/* Runs words[0] (looked up on PATH; no shell; the list ends with NULL) in the foreground of the terminal and waits
 * for its end; *status is its exit status, or 128 + N after signal N. The caller has restored the terminal before
 * and has SIGTSTP blocked. If the user stops the program (Ctrl-Z), this process stops too. If a blocked signal
 * that ends this process arrives, the program is ended. ERR_INVALID: it cannot be started. */
enum err start_and_wait(const char *const *words, int *status, struct error *error) KYB_MUST_USE;

#endif
