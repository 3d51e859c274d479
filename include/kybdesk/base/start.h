/* Starting a program that goes its own way: with a session of its own, and nothing of ours open. */
#ifndef KYBDESK_BASE_START_H
#define KYBDESK_BASE_START_H

#include "kybdesk/base/error.h"

/* program is looked up on PATH, and gets `path` as its one argument; no shell reads either. It has no terminal and is not
 * waited for. ERR_INVALID: it cannot be started, and why. */
enum err start_apart(const char *program, const char *path, struct error *error) KYB_MUST_USE;

#endif
