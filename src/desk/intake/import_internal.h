/*
 * Inside the desk: one line of an import on its way. Lines come in batches, which
 * are parsed by a thread of their own while the batch before is written (import_batch.c).
 * A line is compared with the store and its files are put away outside the write transaction
 * (import_prepare.c); what it changes is written inside (import_apply.c).
 */
#ifndef KYBDESK_SRC_DESK_IMPORT_INTERNAL_H
#define KYBDESK_SRC_DESK_IMPORT_INTERNAL_H

#include "decide/decide.h"
#include "use/ids.h"
#include "use/refusal.h"
#include "use/rules.h"
#include "use/settle.h"
#include "use/transaction.h"
#include "kybdesk/store/people.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/desk/import.h"
#include <pthread.h>

struct import_line {
	size_t number;
	const char *text; /* the line as given, in the batch's arena */
	size_t length;
	size_t offset; /* bytes of the input up to its end */
	enum err code; /* why it cannot be used, with its error */
	struct error error;
	bool is_unchanged; /* nothing of it was prepared, since the store has it already */
	struct session_document document;
	const struct profile *profile;
	int64_t profile_row; /* stored version; 0 until apply */
};

enum import_outcome { IMPORT_IMPORTED, IMPORT_UPDATED, IMPORT_UNCHANGED };

/* Lines in their order, as many as are compared and written together. */
struct import_batch {
	struct arena arena;
	struct import_line *lines;
	size_t count;
	bool is_last; /* the input ended behind it */
	const struct countries *countries;
	pthread_t parser;
	bool has_parser;
};
/* From the input: in memory as it stands there. What cannot be read is a line with its error. An error is the input's. */
enum err import_batch_fill(struct import_batch *batch, struct session_stream *stream,
			   struct error *error) KYB_MUST_USE;
/* Parses each line, beside the caller, who leaves the batch alone until import_batch_wait(). */
void import_batch_parse(struct import_batch *batch, const struct countries *countries);
void import_batch_wait(struct import_batch *batch);
void import_batch_empty(struct import_batch *batch);   /* for the next lines */
void import_batch_release(struct import_batch *batch); /* waits for it, too */

struct import_run {
	struct desk *desk;
	const struct import_options *options;
	bool reads;	    /* a transaction for reading is open: import_read() */
	struct arena *kept; /* of the batch: what an apply writes into a line outlives a try that is rolled back */
	char merchant[256]; /* the last one met, and its row: most lines of a file are of one */
	int64_t merchant_row;
};

/* One transaction for the reads of many lines; it ends before bytes are put and before anything is written. */
enum err import_read(struct import_run *run, struct error *error) KYB_MUST_USE;
void import_end_read(struct import_run *run);

/* Checks a parsed line against its profile, derives ids, puts files away. No other transaction than that of import_read() is
 * open, which it opens and leaves open. */
enum err import_prepare(struct import_run *run, struct arena *arena, struct import_line *line,
			struct error *error) KYB_MUST_USE;
/* import_ids.c: ids of session, parties, corrections and hits that the line leaves out; and of its documents, once their
 * bytes are known. `present` is the case of that id as the store has it, of import_present(). */
struct import_present;
enum err import_present(struct import_run *run, struct arena *arena, struct case_file *file,
			struct import_present **out, struct error *error) KYB_MUST_USE;
void import_name_parts(struct import_present *present, struct arena *arena, struct case_file *file);
void import_name_documents(struct import_present *present, struct arena *arena, struct case_file *file);
/* Which session of the store the line is about, and whether it may come at all: before its files are put away.
 * Sets the session's id. row 0: a new one. */
enum err import_identify(struct import_run *run, struct arena *arena, struct session_document *document,
			 const struct profile *profile, int64_t *row, struct error *error) KYB_MUST_USE;
/* The first half of it: which session the line is about, if the store has it. */
enum err import_find(struct import_run *run, struct arena *arena, struct session *session, int64_t *row,
		     struct error *error) KYB_MUST_USE;
/* Within the transaction: that a new or changed reference, and a new id, are no other session's. */
enum err import_check_taken(struct desk *desk, struct arena *arena, const struct session *session,
			    struct error *error) KYB_MUST_USE;
/* A decided one arrives only with its decisions from elsewhere: in production that is an admin's act. */
enum err import_may_arrive(const struct desk *desk, const struct session_document *document,
			   struct error *error) KYB_MUST_USE;
enum err import_history_fits(const struct desk *desk, const struct case_file *file, const char *path,
			     struct error *error) KYB_MUST_USE;
/* Writes one prepared line within the open write transaction. After a failure the transaction must be rolled back. */
enum err import_apply(struct import_run *run, struct arena *arena, struct import_line *line,
		      enum import_outcome *outcome, struct error *error) KYB_MUST_USE;
/* import_said.c: whose words a new case's reviews, verdicts, decisions and notes are. */
void import_said(const struct desk *desk, struct case_file *file);
/* ERR_CONFLICT when the line names another session for this party than the party has. place: of the party in the line. */
enum err import_same_child(struct arena *arena, const struct party *party, const struct session *incoming,
			   size_t place, struct error *error) KYB_MUST_USE;

/* import_merge.c: what a changed line adds to a session that is already there. Of a decided case parts that differ refuse
 * the line; parts that do not differ are no change. */
struct import_merged {
	bool changed;
	bool closed; /* it was decided: nothing but check results comes in */
};
enum err import_merge(struct import_run *run, struct arena *arena, int64_t row, struct case_file *incoming,
		      const struct profile *profile, const uint8_t sha256[32], struct import_merged *out,
		      struct error *error) KYB_MUST_USE;
/* The check results alone, within the open write transaction; *taken: at least one was new. */
enum err import_merge_checks(struct import_run *run, struct arena *arena, int64_t row, struct case_file *incoming,
			     bool *taken, struct error *error) KYB_MUST_USE;
/* The paths of the parts that refuse, each tried alone; no transaction is open, and nothing is changed. prefix: of the
 * session within the line, "" or "parties[0].session.". */
enum { IMPORT_REFUSALS_MOST = 20 };
struct import_refusals {
	struct arena *arena;
	const char **paths;
	size_t count, capacity;
};
void import_refusal_add(struct import_refusals *out, const char *prefix, const char *path);
enum err import_merge_refusals(struct import_run *run, struct arena *arena, int64_t row, struct case_file *incoming,
			       const struct profile *profile, const char *prefix, struct import_refusals *out,
			       struct error *error) KYB_MUST_USE;

/* import_checks.c: takes the check results of a refused line about a session of the store, and records in the case's
 * audit log what was refused; once for the same line. No transaction is open. *taken: how many checks had something new. */
enum err import_keep_checks(struct import_run *run, struct import_line *line, const struct error *why,
			    size_t *taken, struct error *error) KYB_MUST_USE;

#endif
