/* Shared by the aggregates' files. */
#ifndef KYBDESK_STORE_ROWS_H
#define KYBDESK_STORE_ROWS_H

#include "kybdesk/domain/session.h"
#include "kybdesk/store/store.h"
#include "kybdesk/store/suspicion.h"

/* Sets ERR_STORE for a value that the schema or this program would never have written. */
enum err row_damaged(const struct store *store, const char *table, int64_t row, const char *column,
		     struct error *error) KYB_MUST_USE;
/* A copy of the word that lives as long as the store. Only for a small set of words. */
const char *store_word(struct store *store, const char *word);

/* Call with each change of store_info. */
void store_info_touch(struct store *store);
void store_info_forget(struct store *store); /* drops the values read from it */

/* Call before writing a row with the hash, in its transaction: the rule of bytes.h. Does nothing if this store did not
 * put the bytes. */
enum err bytes_hold(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;
void bytes_close(struct store *store);

/* Between the two calls, words of sessions are written at the commit of their transaction. */
void texts_defer(struct store *store);
void texts_defer_end(struct store *store); /* outside a transaction */
/* Call texts_write() before the commit of the open transaction, texts_forget() at its rollback. */
enum err texts_write(struct store *store, struct error *error) KYB_MUST_USE;
void texts_forget(struct store *store);
/* For a transaction that is held around others: call these at its begin and end, and at the begin and rollback of a
 * part. */
void texts_hold(struct store *store);
void texts_end_hold(struct store *store);
void texts_begin_part(struct store *store);
void texts_take_back_part(struct store *store);

/* A part of a case. sql: its rows of $1 = the session, oldest first. read: puts them into the case, which already
 * has its session, and ends the query. */
struct row_sql;	   /* columns.h */
struct row_reader; /* likewise */
struct case_part {
	const struct row_sql *sql;
	enum err (*read)(const struct row_reader *reader, struct query *query, struct case_file *out,
			 struct error *error);
};
extern const struct case_part part_steps, part_documents, part_parties, part_checks, part_corrections,
	part_decisions, part_notes;
enum err attempts_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		       struct error *error) KYB_MUST_USE;

/* Keeps the session that the open transaction inserted last, to find it without a query. */
void session_keep(struct store *store, const struct session *session);
void session_forget(struct store *store);
void merchant_forget(struct store *store);

/* For store_related(): a query that is sent before its rows are read; the caller ends it. */
enum err subject_send_binding(struct store *store, const struct session *session, struct query **out,
			      struct error *error) KYB_MUST_USE;
enum err subject_read_binding(struct store *store, struct arena *arena, struct query *sent, struct subject **out,
			      struct error *error) KYB_MUST_USE;
enum err suspicion_send_standing(struct store *store, int64_t session, struct query **out,
				 struct error *error) KYB_MUST_USE;
enum err suspicion_read_standing(struct query *sent, int64_t session, const char *person,
				 struct suspicion_standing *out, struct error *error) KYB_MUST_USE;

/* The first column of every row of a statement: keys, or texts. */
struct first_column {
	struct store *store;
	const struct sql *sql;
	struct arena *arena;
};
enum err row_list_load(const struct first_column *of, const struct db_params *params, struct row_list *out,
		       struct error *error) KYB_MUST_USE;
enum err text_list_load(const struct first_column *of, const struct db_params *params, const char ***items,
			size_t *count, struct error *error) KYB_MUST_USE;
/* Keys, for a statement of $1 = now and $2 = limit. */
enum err due_rows_read(struct store *store, const struct sql *sql, struct arena *arena, struct due_rows *due,
		       struct error *error) KYB_MUST_USE;

/* audit/: call before rows of this owner are deleted, if nothing else of the owner changes in the transaction. */
void commitments_note_owner(struct store *store, int64_t owner);

#endif
