/*
 * Inside the desk: the processing of one line of an import. Lines are read in batches, which a separate thread parses
 * while the previous batch is written (import.c). A line is compared with the store and its files are stored
 * outside the write transaction (import_prepare.c); its changes are written inside (import_apply.c).
 */
#ifndef KYBDESK_SRC_DESK_IMPORT_INTERNAL_H
#define KYBDESK_SRC_DESK_IMPORT_INTERNAL_H

#include "decide/decide.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/domain/column.h"

struct import_line {
	size_t number;
	const char *text; /* the original text of the line, in the batch's arena */
	size_t length;
	size_t offset; /* bytes of the input up to the end of the line */
	enum err code; /* ERR_OK, or the code of the error that makes the line unusable */
	struct error error;
	bool is_unchanged; /* the store already has this line, so nothing was prepared */
	struct session_document document;
	const struct profile *profile;
};

enum import_outcome { IMPORT_IMPORTED, IMPORT_UPDATED, IMPORT_UNCHANGED };

struct import_run {
	struct desk *desk;
	const struct import_options *options;
	bool is_reading;     /* a read transaction is open: import_begin_read() */
	struct arena *arena; /* lives as long as the present line */
	struct arena *kept;  /* the batch's arena: for values of a line that must outlive a rollback */
	char merchant[256];  /* the last merchant found; most lines of a file have the same one */
	int64_t merchant_row;
	int copy;	 /* file descriptor of the input's copy, which is read instead; -1: none */
	bool needs_sums; /* lines with decisions made elsewhere must give the SHA-256 of each named file */
	const char *decisions_refusal; /* error for lines with decisions made elsewhere; NULL: they are allowed */
};

/* Opens one read transaction for many lines; it ends before bytes are stored and before rows are written. */
enum err import_begin_read(struct import_run *run, struct error *error) KYB_MUST_USE;
void import_end_read(struct import_run *run);

/* Checks a parsed line against its profile, derives ids, stores files. Opens the transaction of import_begin_read() and
 * leaves it open; no other transaction may be open. */
enum err import_prepare(struct import_run *run, struct import_line *line, struct error *error) KYB_MUST_USE;
/* import_ids.c: derives omitted ids of session, parties, corrections and hits; and of documents once their bytes are
 * known. `present` is the stored case of that id, from import_present(). */
struct import_present;
enum err import_present(struct import_run *run, struct case_file *file, struct import_present **out,
			struct error *error) KYB_MUST_USE;
void import_set_ids(struct import_present *present, struct arena *arena, struct case_file *file);
void import_set_document_ids(struct import_present *present, struct arena *arena, struct case_file *file);
/* Finds the stored session of the line. row 0: a new one. */
enum err import_find_session(struct import_run *run, struct session *session, int64_t *row,
			     struct error *error) KYB_MUST_USE;
/* Within the transaction: checks that no other session has the new or changed reference, or the new id. */
enum err import_check_unique(struct desk *desk, struct arena *arena, const struct session *session,
			     struct error *error) KYB_MUST_USE;
/* A decided session may arrive only with its decisions from elsewhere: in production only an admin may import such a
 * session, and with several admins only after two of them allowed the import. */
enum err import_check_decided(const struct import_run *run, const struct session_document *document,
			      struct error *error) KYB_MUST_USE;
/* Writes one prepared line within the open write transaction. After a failure the transaction must be rolled back. */
enum err import_apply(struct import_run *run, struct import_line *line, enum import_outcome *outcome,
		      struct error *error) KYB_MUST_USE;
/* ERR_CONFLICT if the line names another session for this party than the stored session. place: index of the party in
 * the line. */
enum err import_same_child(struct arena *arena, const struct party *party, const struct session *incoming,
			   size_t place, struct error *error) KYB_MUST_USE;

/* import_merge.c: merges a changed line into an existing session. In a decided case, parts that differ refuse the line;
 * equal parts change nothing. */
struct import_target {
	int64_t row; /* the existing session */
	struct case_file *incoming;
	const struct profile *profile; /* NULL: unknown, for import_merge_checks() */
};
struct import_merged {
	bool changed;
	bool checks_only; /* decided: imports only check results */
};
enum err import_merge(struct import_run *run, const struct import_target *target, const uint8_t sha256[32],
		      struct import_merged *out, struct error *error) KYB_MUST_USE;
/* Merges only the check results, within the open write transaction; *taken: at least one result was new. */
enum err import_merge_checks(struct import_run *run, const struct import_target *target, bool *taken,
			     struct error *error) KYB_MUST_USE;
/* The paths of the refused parts, each tried alone. No transaction is open; the store stays unchanged. prefix: path of
 * the session within the line, "" or "parties[0].session.". */
enum { IMPORT_REFUSALS_MOST = 20 };
struct import_refusals {
	struct arena *arena;
	const char **paths;
	size_t count, capacity;
};
void import_refusal_add(struct import_refusals *out, const char *prefix, const char *path);
enum err import_merge_refusals(struct import_run *run, const struct import_target *target, const char *prefix,
			       struct import_refusals *out, struct error *error) KYB_MUST_USE;

/* import_checks.c: imports the check results of a refused line about a stored session, and records the refused parts
 * in the case's audit log, once for the same line. No transaction is open. *taken: number of checks with new
 * results. */
enum err import_checks_only(struct import_run *run, struct import_line *line, const struct error *why,
			    size_t *taken, struct error *error) KYB_MUST_USE;

/* apply.c: the differences between a line of an import and the case. */

/* The first column with any of the flags that a later line may change, and for which the line has another value, or
 * further bits; NULL none. */
const struct column *imported_difference(const struct column_table *table, const void *incoming,
					 const void *present, unsigned flags);
/* The path of the first member that differs; NULL none. */
const char *imported_session_difference(struct arena *arena, const struct session *incoming,
					const struct session *present);
bool imported_document_differs(struct arena *arena, struct case_file *file, const struct document *incoming);
/* apply_parties.c. */
bool imported_party_differs(const struct case_file *file, const struct party *incoming);
/* Whether the party was removed here, so that the line's data about the party are ignored. For a present party,
 * removes its shares in removed parties. */
bool imported_party_was_removed(const struct party_list *removed, struct party *incoming);

/* report.c: whether the result equals the present or the waived result; missing hits are not a difference. */
bool check_result_is_same(const struct check *present, const struct check *incoming);
/* Sets the person that the check is about: the party named by its reporter (NULL: none) or in input_json, else the
 * session's subject. The data are the case's present data, overridden by input_json. */
void check_set_subject(struct arena *arena, const struct case_file *file, const struct party *party,
		       const char *input_json, struct check *check);

#endif
