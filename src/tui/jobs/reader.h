/* The reader thread. It owns the desk after reader_start(), runs one request at a time, and looks for changes by other
 * processes when it has no request. The drawing thread fetches the responses; reader_fd() wakes the drawing thread. */
#ifndef KYBDESK_TUI_READER_H
#define KYBDESK_TUI_READER_H

#include "kybdesk/settings/own_text.h"
#include "jobs/job.h"

struct reader;
enum err reader_start(struct desk *desk, struct reader **out, struct error *error);
/* Waits for pending JOB_UI_ACTION, JOB_TOUCH_CLAIM and JOB_DRAFT, drops other requests, closes the desk. Ends the
 * waits of this process for a server (base/wait.h), so call it only when the program ends. Accepts NULL. An error names
 * each change and each text of the reviewer that was not saved. */
enum err reader_stop(struct reader *reader, struct error *error);
void reader_request(struct reader *reader, struct job *job); /* takes ownership of the job */
/* Drops waiting requests of this kind, and cancels a running request of this kind. */
void reader_cancel(struct reader *reader, enum job_kind kind);
int reader_fd(const struct reader *reader);		 /* readable when responses are ready */
struct job *reader_take_response(struct reader *reader); /* NULL: no response is ready */
/* For how many seconds the store (negative: the SSH agent) has not answered; 0: it answers. A change wakes reader_fd(). */
int64_t reader_silent_s(const struct reader *reader);

/* The reviewer's own changes of one case since the screen showed the case. Keys arrive faster than the case is
 * reread, and the reviewer's own change must not count as a conflict. */
struct own_changes {
	char id[UUID_TEXT_SIZE];
	int64_t from, to; /* versions of the case: all changes between `from` and `to` are the reviewer's own */
};
/* Runs a request on the reader's thread. Tests call this function with their own desk. */
void job_do(struct desk *desk, struct own_changes *own, struct job *job);

/* Runs the change of job->bulk, with one transaction for each case. dry_run: rolls each transaction back. An error
 * that concerns one case is stored in that case, and the run continues; an error that would occur with every case
 * ends the run, and is returned. Call it on the reader's thread. */
enum err bulk_cases_run(struct desk *desk, struct job *job, bool dry_run, struct error *error);

/* The reviewer's own texts in the store, for a session over SSH. Uses the desk, which must outlive the result; call
 * its functions on the thread of the desk only. */
struct own_text_store own_texts_of(struct desk *desk);

/* Claims the next case of job->query that is not in job->seen_case_ids, and sets next_case_id and is_next_case_held.
 * ERR_NOT_FOUND: no case is left. Call it on the reader's thread. */
enum err claim_next_case(struct desk *desk, struct job *job);

#endif
