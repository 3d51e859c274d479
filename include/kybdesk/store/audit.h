/* The audit trail: append-only and hash-chained (data/migrations/sqlite/0001_store.sql defines the encoding). The
 * table chain_head stores the number and the hash of the last record, to detect the removal of the last records.
 * Each desk function that changes data appends one record. */
#ifndef KYBDESK_STORE_AUDIT_H
#define KYBDESK_STORE_AUDIT_H

#include "kybdesk/base/merkle.h"
#include "kybdesk/domain/audit.h"
#include "kybdesk/store/store.h"

/* Appends a record within the open write transaction; sets event->seq. The last record of a transaction is written
 * when the transaction commits, with the hash of the rows that the transaction changed. */
enum err store_audit_append(struct store *store, struct audit_event *event, struct error *error);
/* Conditions of a search in the audit log. The result is sorted by time or, with session_id, by record number. */
struct audit_search {
	const char *actor;    /* "": all */
	const char *action;   /* such as "document.open"; "document": all actions on documents; "": all */
	int64_t since, until; /* at >= since, at < until; TIME_NONE: no bound */
};
struct audit_filter {
	const char *session_id; /* "": all */
	int64_t after_seq;	/* seq of the last record of the previous page; 0: first page */
	size_t limit;
	bool only_document_views; /* only used with session_id: only records about opening, saving or accepting a
				   * document */
	/* Only used with session_id: only records with this action and this actor; both NULL: all records. */
	const char *action, *actor;
	const struct audit_search *search; /* NULL: all records, in the order of the log */
};
struct audit_list {
	struct audit_event *items;
	size_t count;
};
/* The time of the latest record that is not after `until`; TIME_NONE: there is none. */
enum err store_audit_last_time(struct store *store, int64_t until, int64_t *out, struct error *error);
/* Lists the records, newest first. */
enum err store_audit_list(struct store *store, struct arena *arena, const struct audit_filter *filter,
			  struct audit_list *out, struct error *error);
/* Scans the records for export, oldest first: calls `each` for each record; stops at the first error of `each` and
 * returns it. */
enum err store_audit_scan(struct store *store, int64_t from_seq,
			  enum err (*each)(void *context, const struct audit_event *event, const char *prev_hash,
					   struct error *error),
			  void *context, struct error *error);

/* Verifies the chain in batches (constant memory), in one snapshot. A broken chain is a verdict, not an error. */
enum err store_audit_verify(struct store *store, struct arena *arena, struct audit_verdict *out, struct error *error);

/* The first `size` records of the audit log, and their Merkle root (base/merkle.h). */
struct audit_log_prefix {
	int64_t size;	       /* requested number of records, from 1 */
	bool is_size_reached;  /* whether the log has at least `size` records, all of them valid */
	int64_t restore_count; /* number of restores from a backup among these records */
	uint8_t root[SHA256_SIZE];
};
/* Proof that a record is in the Merkle tree of the longest prefix in audit_tree.prefixes or, without prefixes, of the
 * whole log. */
struct audit_proof {
	int64_t seq; /* requested */
	uint8_t previous[SHA256_SIZE], hash[SHA256_SIZE];
	uint8_t path[MERKLE_PATH_MAX][SHA256_SIZE];
	size_t length; /* length of the path */
};
struct audit_tree {
	struct audit_log_prefix *prefixes; /* ascending by size */
	size_t count;
	struct audit_proof *proofs; /* ascending by seq */
	size_t proof_count;
	struct audit_log_prefix whole;
	int64_t restored_at; /* seq of the latest record of a restore from a backup; 0: none */
};
/* The hash of a record. previous: the hash of the previous record. */
void store_audit_hash(const struct audit_event *event, const uint8_t previous[SHA256_SIZE], uint8_t out[SHA256_SIZE]);
/* As store_audit_verify(); also sets the root of each of tree->prefixes, and the proofs. */
enum err store_audit_prove(struct store *store, struct arena *arena, struct audit_tree *tree, struct audit_verdict *out,
			   struct error *error);

/* Compares each session's status and outcome, each decision and each subject's level with its last audit record:
 * detects changes made by other programs. Reads in batches of subjects, in one snapshot. Does not compare other
 * columns and tables. */
struct audit_difference {
	const char *session;  /* UUID of the session; "": the level of a subject differs */
	const char *sentence; /* a sentence that names the session or the subject */
};
struct audit_comparison {
	int64_t subject; /* row of the only subject to compare; 0: all subjects */
	void (*on_difference)(void *context, const struct audit_difference *difference);
	void *context;
	int64_t sessions, decisions; /* numbers compared */
};
enum err store_audit_compare(struct store *store, struct audit_comparison *out, struct error *error);

/* Verifies every text that is stored with its hash (rules, workflows of sessions, evidence of decisions); calls
 * on_bad for each mismatch. */
struct stored_text_check {
	void (*on_bad)(void *context, const char *what);
	void *context;
	int64_t texts; /* number verified */
};
enum err store_texts_check(struct store *store, struct stored_text_check *out, struct error *error);

#endif
