#include "kybdesk/store/parts.h"
#include "statements.h"

STATEMENT(sql_insert, "signature.insert",
	  "INSERT INTO decision_signature (session_id, number, signed_text, signature, signer) VALUES ($1, $2, $3, "
	  "$4, $5)");
STATEMENT(sql_load, "signature.load",
	  "SELECT signed_text, signature, signer FROM decision_signature WHERE session_id = $1 AND number = $2");

enum err store_signature_insert(struct store *store, int64_t session, int64_t number,
				const struct decision_signature *signature, struct error *error)
{
	return db_run(store->db, &sql_insert,
		      PARAMS(db_int(session), db_int(number), db_text(signature->text), db_text(signature->armored),
			     db_text(signature->key)),
		      error);
}

enum err store_signature_load(struct store *store, struct arena *arena, int64_t session, int64_t number,
			      const struct decision_signature **out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_load, PARAMS(db_int(session), db_int(number)), &query, error);

	*out = NULL;
	if (query_row(query, &err, error)) {
		const struct decision_signature found = { .text = row_text(query, 0, arena),
							  .armored = row_text(query, 1, arena),
							  .key = row_text(query, 2, arena) };

		*out = arena_memdup(arena, &found, sizeof found);
	}
	query_end(query);
	return err;
}
