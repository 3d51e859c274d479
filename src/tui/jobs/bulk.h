/* Something done to several cases, on the reader's thread: each is a transaction of its own. */
#ifndef KYBDESK_TUI_JOB_BULK_H
#define KYBDESK_TUI_JOB_BULK_H

#include "kybdesk/tui/job.h"

/* Tries it on each, and takes it back; or does it. What is wrong with one case is kept beside it, and the others go on;
 * what would be wrong with each ends it, with *error. */
enum err bulk_cases_run(struct desk *desk, struct job *job, bool dry, struct error *error) KYB_MUST_USE;

#endif
