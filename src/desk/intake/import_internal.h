/*
 * Inside the desk: one line of an import on its way. A line is read and its
 * files are put away outside the write transaction (import_prepare.c); what it
 * changes is written inside (import_apply.c).
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

struct import_line {
	size_t number;
	const char *text; /* the line as given, in the batch's arena */
	size_t length;
	struct session_document document;
	const struct profile *profile;
	int64_t profile_row; /* stored version; 0 until apply */
};

enum import_outcome { IMPORT_IMPORTED, IMPORT_UPDATED, IMPORT_UNCHANGED };

struct import_run {
	struct desk *desk;
	const struct import_options *options;
	struct arena *kept; /* of the batch: what an apply writes into a line outlives a try that is rolled back */
	char merchant[256]; /* the last one met, and its row: most lines of a file are of one */
	int64_t merchant_row;
};

/* Reads, checks against its profile, derives ids, puts files away. No transaction is open. */
enum err import_prepare(struct import_run *run, struct arena *arena, struct import_line *line,
			struct error *error) KYB_MUST_USE;
/* import_ids.c: ids of session, parties, corrections and hits that the line leaves out; and of its documents, once their
 * bytes are known. Outside a transaction. */
enum err import_name_parts(struct import_run *run, struct arena *arena, struct case_file *file,
			   struct error *error) KYB_MUST_USE;
enum err import_name_documents(struct import_run *run, struct arena *arena, struct case_file *file,
			       struct error *error) KYB_MUST_USE;
/* Which session of the store the line is about, and whether it may come at all: before its files are put away.
 * Sets the session's id. row 0: a new one. */
enum err import_identify(struct import_run *run, struct arena *arena, struct session_document *document,
			 const struct profile *profile, int64_t *row, struct error *error) KYB_MUST_USE;
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
/* A session that is not in the store yet, with all its parts; file->session.id and ids of parts are set. */
enum err import_insert(struct import_run *run, struct arena *arena, struct case_file *file,
		       const struct profile *profile, const uint8_t sha256[32], struct error *error) KYB_MUST_USE;
/* import_said.c: whose words a new case's reviews, verdicts, decisions and notes are. */
void import_said(const struct desk *desk, struct case_file *file);
/* What a changed line adds to a session that is already there. */
enum err import_merge(struct import_run *run, struct arena *arena, int64_t row, const struct case_file *given,
		      const struct profile *profile, const uint8_t sha256[32], struct error *error) KYB_MUST_USE;

#endif
