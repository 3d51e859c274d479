#include "statements.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/store/parts.h"

enum { REPLACE, INSERT, EXISTS };
static const struct sql statements[] = {
	[REPLACE] = { "link.replace", "UPDATE access_link SET replaced_at = $2 WHERE session_id = $1 "
				      "AND replaced_at IS NULL AND document_type = $3" },
	[INSERT] = { "link.insert", "INSERT INTO access_link (session_id, token_sha256, created_at, "
				    "document_type) VALUES ($1, $2, $3, $4)" },
	[EXISTS] = { "link.exists", "SELECT 1 FROM access_link WHERE session_id = $1 AND replaced_at IS NULL AND "
				    "document_type = '' LIMIT 1" },
};
const struct sql_list link_sql = SQL_LIST(statements);

enum err store_link_insert_for(struct store *store, int64_t session, const char *document_type,
			       const uint8_t token_sha256[32], int64_t now, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[REPLACE], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	query_int(query, 2, now);
	query_text(query, 3, document_type);
	err = query_run(query, error);
	if (!err)
		err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	query_blob(query, 2, token_sha256, SHA256_SIZE);
	query_int(query, 3, now);
	query_text(query, 4, document_type);
	return query_run(query, error);
}

enum err store_link_insert(struct store *store, int64_t session, const uint8_t token_sha256[32], int64_t now,
			   struct error *error)
{
	return store_link_insert_for(store, session, "", token_sha256, now, error);
}

enum err store_link_exists(struct store *store, int64_t session, bool *exists, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[EXISTS], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	err = query_next(query, exists, error);
	query_end(query);
	return err;
}
