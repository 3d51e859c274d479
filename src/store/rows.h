/* Functions that the files of the store share to read and write rows. */
#ifndef KYBDESK_STORE_ROWS_H
#define KYBDESK_STORE_ROWS_H

#include "kybdesk/domain/session.h"
#include "kybdesk/store/suspicion.h"

/* Sets ERR_STORE for a value that neither the schema nor this program allows. */
enum err report_damaged_row(const struct store *store, const char *table, int64_t row, const char *column,
			    struct error *error);
/* Returns a copy of the word that lives as long as the store. Use it only for a small set of words. */
const char *store_intern_word(struct store *store, const char *word);

/* Call at each change of the table store_info. */
void store_info_mark_changed(struct store *store);
void store_info_clear_cache(struct store *store); /* drops the cached values of store_info */

/* Call before writing a row with the hash, in the same transaction (rule "row" of bytes.h). Does nothing if this
 * store object did not put the bytes. */
enum err bytes_confirm(struct store *store, const char *sha256, struct error *error);
void bytes_close(struct store *store);

/* After session_texts_defer() and until session_texts_end_defer(), full-text rows are written only at the commit of
 * their transaction. */
void session_texts_defer(struct store *store);
void session_texts_end_defer(struct store *store); /* call it outside a transaction */
/* Call session_texts_write() before the commit of the open transaction, session_texts_discard() at its rollback. */
enum err session_texts_write(struct store *store, struct error *error);
void session_texts_discard(struct store *store);
/* For an outer transaction (db_begin_hold()): call session_texts_begin_hold() at its begin and session_texts_end_hold()
 * at its end, and the next two functions at the begin and at the rollback of each savepoint in it. */
void session_texts_begin_hold(struct store *store);
void session_texts_end_hold(struct store *store);
void session_texts_begin_savepoint(struct store *store);
void session_texts_undo_savepoint(struct store *store);

/* A part of a case. sql: reads the rows of the session $1, oldest first. read: adds the rows to the case, which has its
 * session already, and ends the query; NULL: the rows become the list at `items_offset`, `count_offset`. */
struct row_sql;	   /* columns.h */
struct row_reader; /* likewise */
struct column_table;
struct case_part {
	const struct row_sql *sql;
	enum err (*read)(const struct row_reader *reader, struct query *query, struct case_file *out,
			 struct error *error);
	size_t items_offset, count_offset;
};
#define CASE_LIST(items, count) offsetof(struct case_file, items), offsetof(struct case_file, count)
extern const struct case_part part_steps, part_documents, part_parties, part_checks, part_corrections, part_decisions,
	part_notes;
extern const struct column_table item_columns; /* columns of session_item; aliases of the joins: s, m, u, r, p */
enum err attempts_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		       struct error *error);

/* Keeps the session that the open transaction inserted last, so that it is found without a query. */
void session_cache_set(struct store *store, const struct session *session);
void session_cache_clear(struct store *store);
void merchant_cache_clear(struct store *store);

/* For store_related_list(): sends a query before its rows are read; the caller ends the query. */
enum err subject_send_binding(struct store *store, const struct session *session, struct query **out,
			      struct error *error);
enum err subject_read_binding(struct store *store, struct arena *arena, struct query *sent, struct subject **out,
			      struct error *error);
enum err suspicion_send_query(struct store *store, int64_t session, const char *person, struct query **out,
			      struct error *error);
enum err suspicion_read_state(struct query **sent, int64_t session, const char *person, struct suspicion_state *out,
			      struct error *error);

/* Reads the first column of every row of a statement: keys or texts. */
struct column_query {
	struct store *store;
	const struct sql *sql;
	struct arena *arena;
};
enum err row_list_load(const struct column_query *of, const struct db_params *params, struct row_list *out,
		       struct error *error);
enum err text_list_load(const struct column_query *of, const struct db_params *params, const char ***items,
			size_t *count, struct error *error);
/* audit/: call before rows of this owner are deleted, if nothing else of the owner changes in the transaction. */
void commitments_add_owner(struct store *store, int64_t owner);

#endif
