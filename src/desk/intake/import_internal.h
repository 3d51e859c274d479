/* Inside the desk: the processing of one line of an import. Lines are read in batches, which a separate thread parses
 * while the previous batch is written (import.c). Outside the write transaction, a line is compared with the store and
 * its files are stored (import_prepare.c). Inside the write transaction, its changes are written (import_apply.c). */
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
	size_t offset; /* number of bytes of the input up to the end of the line */
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
	bool is_read_open;	   /* a read transaction is open: import_begin_read() */
	struct arena *arena;	   /* lives as long as the present line */
	struct arena *batch_arena; /* the batch's arena: for values of a line that must stay valid after a rollback */
	char merchant[256];	   /* the merchant found last, since most lines of a file have the same merchant */
	int64_t merchant_row;
	int copy_fd;		/* file descriptor of a copy that is read instead of the input; -1: none */
	bool needs_file_hashes; /* lines with decisions made elsewhere must give the SHA-256 of each named file */
	const char *decisions_refusal; /* error for lines with decisions made elsewhere; NULL: they are allowed */
};

/* Counts a refused line, and reports it; the message may be NULL. */
void import_report_refusal(const struct import_options *options, struct import_report *report,
			   const struct import_line *line, const char *field, const char *message);
/* Refuses a line with an error, which is released. A fault of the store or the program is returned: it ends the import.
 * Reads number, text and length of the line. */
enum err import_refuse(const struct import_options *options, struct import_report *report, enum err code,
		       const struct import_line *line, struct error *error);

/* The source of results without one: the name of the input's file, such as "file:results.jsonl". */
const char *import_source(const struct import_run *run);

/* Opens one read transaction for many lines. The transaction ends before bytes are stored, and before rows are
 * written. */
enum err import_begin_read(struct import_run *run, struct error *error);
void import_end_read(struct import_run *run);

/* Checks a parsed line against its profile, derives ids, stores files. Opens the transaction of import_begin_read()
 * and leaves it open; call without any other open transaction. */
enum err import_prepare(struct import_run *run, struct import_line *line, struct error *error);
/* import_ids.c: derives omitted ids of session, parties, corrections and hits; also of documents, once their bytes
 * are known. `present`, from import_load_present(), is the stored case with the session's id. */
struct import_present_case;
enum err import_load_present(struct import_run *run, struct case_file *file, struct import_present_case **out,
			     struct error *error);
void import_set_ids(struct import_present_case *present, struct arena *arena, struct case_file *file);
void import_set_document_ids(struct import_present_case *present, struct arena *arena, struct case_file *file);
/* Finds the stored session of the line. *row 0: the session is new. */
enum err import_find_session(struct import_run *run, struct session *session, int64_t *row, struct error *error);
/* Within the transaction: checks that no other session has the reference (external_ref) of `session`. */
enum err import_check_reference(struct desk *desk, struct arena *arena, const struct session *session,
				struct error *error);
/* Checks a session that was decided elsewhere and arrives with its decisions: in production only an admin may
 * import such a session, and with several admins only after two of them allowed the import. */
enum err import_check_decision(const struct import_run *run, const struct session_document *document,
			       struct error *error);
/* Writes one prepared line within the open write transaction. After a failure the transaction must be rolled back. */
enum err import_apply(struct import_run *run, struct import_line *line, enum import_outcome *outcome,
		      struct error *error);
/* ERR_CONFLICT if the session of this party in the line is not the party's stored session. place: index of the
 * party in the line. */
enum err import_check_same_child(struct arena *arena, const struct party *party, const struct session *incoming,
				 size_t place, struct error *error);

/* import_merge.c: merges a changed line into an existing session. If the case was decided, refuses a line that
 * differs in more than check results. A line may resubmit a rejected case. */
struct import_target {
	int64_t row; /* the existing session */
	struct case_file *incoming;
	const struct profile *profile; /* NULL: unknown, for import_merge_checks() */
};
struct import_merge_result {
	bool changed;
	bool imports_checks_only; /* the case is decided, so only check results are imported */
};
enum err import_merge(struct import_run *run, const struct import_target *target, const uint8_t sha256[32],
		      struct import_merge_result *out, struct error *error);
/* Merges only the check results, within the open write transaction. *taken: whether at least one result was new. */
enum err import_merge_checks(struct import_run *run, const struct import_target *target, bool *taken,
			     struct error *error);
/* Finds the paths of the refused parts by trying each part alone. Call without an open transaction; the store stays
 * unchanged. prefix: path of the session within the line, "" or "parties[0].session.". */
enum { IMPORT_REFUSALS_MAX = 20 };
struct import_refusals {
	struct arena *arena;
	const char **paths;
	size_t count, capacity;
};
void import_refusal_add(struct import_refusals *out, const char *prefix, const char *path);
enum err import_merge_find_refusals(struct import_run *run, const struct import_target *target, const char *prefix,
				    struct import_refusals *out, struct error *error);

/* import_checks.c: imports the check results of a refused line about a stored session. Records the refused parts in
 * the case's audit log, except if no result is new and one of the case's latest records names the same line. Call
 * without an open transaction. *taken: number of checks with new results. */
enum err import_checks_only(struct import_run *run, struct import_line *line, const struct error *why, size_t *taken,
			    struct error *error);

/* apply.c: the differences between a line of an import and the case. */

/* Finds the first column with any of the flags that a later line may change, and in which the line has another
 * value (or, in a set of bits, further bits); NULL: none. */
const struct column *imported_differing_column(const struct column_table *table, const void *incoming,
					       const void *present, unsigned flags);
/* Returns the path of the first member that a later line may change and that differs; NULL: none. */
const char *imported_session_differing_field(struct arena *arena, const struct session *incoming,
					     const struct session *present);
bool imported_document_differs(struct arena *arena, struct case_file *file, const struct document *incoming);
/* apply_parties.c. */
bool imported_party_differs(const struct case_file *file, const struct party *incoming);
/* Whether the party was removed at this desk, so that the line's data about the party are ignored. If the party is
 * not removed, removes its shares in removed parties. */
bool imported_party_was_removed(const struct party_list *removed, struct party *incoming);

/* report.c: whether the case has this result of the same person, or of an unknown one: of the same time or, if `incoming` has no
 * time, since the last result of this reporter. */
bool check_is_reported(const struct desk *desk, const struct case_file *file, const struct check *present,
		       const struct check *incoming);
/* Adds the first result of a new check, as it is in the session document; none if it is pending or waived. Call after
 * check_set_subject(). */
enum err check_insert_result(struct desk *desk, struct arena *arena, struct check *check, const char *source,
			     struct error *error);
/* Sets the person that the check is about: the party that its reporter (NULL: none) or input_json names, else the
 * session's subject. Uses the case's present data, overridden by input_json. */
void check_set_subject(struct arena *arena, const struct case_file *file, const struct party *party,
		       const char *input_json, struct check *check);

#endif
