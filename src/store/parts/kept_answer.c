#include "kybdesk/store/kept_answer.h"
#include "columns.h"

#include <string.h>

STATEMENT(sql_find, "kept_answer.find",
	  "SELECT request_mac, nonce, answer, expires_at FROM kept_answer WHERE key_mac = $1 AND expires_at > $2");
STATEMENT(sql_forget, "kept_answer.forget", "DELETE FROM kept_answer WHERE key_mac = $1 AND expires_at <= $2");
STATEMENT(sql_put, "kept_answer.put",
	  "INSERT INTO kept_answer (key_mac, request_mac, nonce, answer, expires_at) VALUES ($1, $2, $3, $4, $5)");
STATEMENT(sql_purge, "kept_answer.purge",
	  "DELETE FROM kept_answer WHERE {among id, (SELECT id FROM kept_answer WHERE expires_at <= $1 ORDER BY "
	  "expires_at LIMIT $2)}");
STATEMENT(sql_due, "kept_answer.due", "SELECT EXISTS (SELECT 1 FROM kept_answer WHERE expires_at <= $1)");

/* Reads a blob of exactly this size; a blob of any other size was not written by this program. */
static bool read_sized_blob(const struct query *query, int column, struct arena *arena, void *out, size_t size)
{
	size_t length = 0;
	const void *bytes = row_blob(query, column, arena, &length);

	if (length != size)
		return false;
	memcpy(out, bytes, size);
	return true;
}

enum err store_kept_answer_find(struct store *store, struct arena *arena, int64_t now, struct kept_answer *out,
				bool *found, struct error *error)
{
	struct query *query = NULL;
	*found = false;
	enum err err = db_select(store->db, &sql_find, PARAMS(db_blob(out->key_mac, sizeof out->key_mac), db_int(now)),
				 &query, error);

	*found = query_fetch_row(&query, &err, error);
	if (!err && *found) {
		*found = read_sized_blob(query, 0, arena, out->request_mac, sizeof out->request_mac) &&
			 read_sized_blob(query, 1, arena, out->nonce, sizeof out->nonce);
		out->sealed = row_blob(query, 2, arena, &out->length);
		out->expires_at = row_int(query, 3);
		if (!*found)
			err = error_set(error, ERR_STORE, "store %s is damaged: a stored response is not valid",
					store->path);
	}
	query_end(query);
	return err;
}

enum err store_kept_answer_put(struct store *store, const struct kept_answer *answer, int64_t now, struct error *error)
{
	enum err err = db_run(store->db, &sql_forget,
			      PARAMS(db_blob(answer->key_mac, sizeof answer->key_mac), db_int(now)), error);
	return err ? err
		   : db_run(store->db, &sql_put,
			    PARAMS(db_blob(answer->key_mac, sizeof answer->key_mac),
				   db_blob(answer->request_mac, sizeof answer->request_mac),
				   db_blob(answer->nonce, sizeof answer->nonce),
				   db_blob(answer->sealed, answer->length), db_int(answer->expires_at)),
			    error);
}

enum err store_kept_answers_purge(struct store *store, int64_t now, int64_t limit, int64_t *count, struct error *error)
{
	*count = 0;
	enum err err = db_run(store->db, &sql_purge, PARAMS(db_int(now), db_int(limit)), error);
	if (!err)
		*count = store->db->driver->changed_row_count(store->db);
	return err;
}

enum err store_kept_answers_check_due(struct store *store, int64_t now, bool *due, struct error *error)
{
	int64_t there = 0;
	enum err err = db_get_int(store->db, &sql_due, PARAMS(db_int(now)), &there, error);

	*due = there != 0;
	return err;
}
