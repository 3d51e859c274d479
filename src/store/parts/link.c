/* Clients' links: the current generation. The tokens are derived (domain/link_token.h) and not stored. */
#include "statements.h"
#include "kybdesk/store/parts.h"

STATEMENT(sql_replace, "link.replace",
	  "UPDATE access_link SET replaced_at = $2 WHERE session_id = $1 AND replaced_at IS NULL AND document_type "
	  "= $3");
STATEMENT(sql_insert, "link.insert",
	  "INSERT INTO access_link (session_id, document_type, generation, created_at) SELECT $1, $2, "
	  "coalesce(max(generation), 0) + 1, $3 FROM access_link WHERE session_id = $1 AND document_type = $2 "
	  "RETURNING generation");
STATEMENT(
	sql_standing, "link.standing",
	"SELECT generation FROM access_link WHERE session_id = $1 AND document_type = $2 AND replaced_at IS NULL");
STATEMENT(sql_state, "link.state",
	  "SELECT s.id, l.replaced_at IS NULL, s.expires_at, s.merchant_id FROM session AS s {then} access_link AS "
	  "l ON l.session_id = s.id AND l.document_type = $2 AND l.generation = $3 WHERE s.uuid = $1");

enum err store_link_new_generation(struct store *store, int64_t session, const char *document_type, int64_t now,
				   int64_t *generation, struct error *error)
{
	enum err err = db_run(store->db, &sql_replace, PARAMS(db_int(session), db_int(now), db_text(document_type)),
			      error);

	*generation = 0;
	return err ? err
		   : db_number(store->db, &sql_insert, PARAMS(db_int(session), db_text(document_type), db_int(now)),
			       generation, error);
}

enum err store_link_generation(struct store *store, int64_t session, const char *document_type, int64_t *generation,
			       struct error *error)
{
	return db_number(store->db, &sql_standing, PARAMS(db_int(session), db_text(document_type)), generation,
			 error);
}

enum err store_link_find(struct store *store, const struct link_subject *subject, struct link_row *out,
			 struct error *error)
{
	struct query *query = NULL;
	*out = (struct link_row){ .expires_at = TIME_NONE };
	enum err err = db_select(
		store->db, &sql_state,
		PARAMS(db_text(subject->session_id), db_text(subject->document_type), db_int(subject->generation)),
		&query, error);

	if (query_row(&query, &err, error)) {
		out->session = row_int(query, 0);
		out->valid = row_int(query, 1) != 0;
		out->expires_at = row_time(query, 2);
		out->merchant = row_int(query, 3);
	}
	query_end(query);
	return err;
}
