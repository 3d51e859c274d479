/* A change of several cases, on the reader's thread: one transaction for each case. */
#ifndef KYBDESK_TUI_JOB_BULK_H
#define KYBDESK_TUI_JOB_BULK_H

#include "kybdesk/tui/job.h"

/* Runs the change on each case; dry: rolls it back. An error of one case is stored in that case, and the run continues;
 * an error that would repeat ends the run, with *error. */
enum err bulk_cases_run(struct desk *desk, struct job *job, bool dry, struct error *error) KYB_MUST_USE;

#endif
