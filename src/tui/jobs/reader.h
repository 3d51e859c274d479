/*
 * The reader thread: owns the desk after reader_start(), does one request at a
 * time, watches for changes by others when idle. Answers are fetched by the
 * drawing thread, which reader_fd() wakes.
 */
#ifndef KYBDESK_TUI_READER_H
#define KYBDESK_TUI_READER_H

#include "kybdesk/tui/job.h"

struct reader;
enum err reader_start(struct desk *desk, struct reader **out, struct error *error) KYB_MUST_USE;
/* Waits for what was asked to be done (JOB_ACT and JOB_TOUCH), drops the rest, closes the desk. Accepts NULL. */
void reader_stop(struct reader *reader);
void reader_ask(struct reader *reader, struct job *job); /* takes work */
/* Forgets what waits of this kind and stops what runs. */
void reader_cancel(struct reader *reader, enum job_kind kind);
int reader_fd(const struct reader *reader);	/* readable when there are answers */
struct job *reader_take(struct reader *reader); /* NULL: no more */

/* Done on the reader's thread; separate so that tests can call it with a desk of their own. */
void job_do(struct desk *desk, struct job *job);

/* The next case within work->query that was not seen, claimed: next_id, next_held. ERR_NOT_FOUND: none is left. On the
 * reader's thread. */
enum err claim_next(struct desk *desk, struct job *job);

/* What the reviewer changed in one case since it was shown: keys come faster than the case is read again, and nobody
 * is held up by a change of their own. */
struct own_changes {
	char id[UUID_TEXT_SIZE];
	int64_t from, to; /* versions; nothing of anybody else's lies between */
};
/* Before and after the UI action: the version that was seen becomes the one that one's own UI actions made of it. */
void own_changes_before(const struct own_changes *own, struct job *job);
void own_changes_after(struct own_changes *own, const struct job *job);

#endif
