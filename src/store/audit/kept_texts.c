/* Texts that are stored with their own hash: rules, the workflows of sessions, the evidence of decisions. */
#include "columns.h"
#include "kybdesk/store/audit.h"

#include <string.h>

STATEMENTS(statements) = {
	{ "kept.rules", "SELECT 'the installed ' || kind || ' ' || name || ', version ' || version, sha256, body "
			"FROM rule_text ORDER BY id" },
	{ "kept.workflows", "SELECT 'the workflow ' || name || ' of sessions, row ' || id, {hex sha256}, body "
			    "FROM workflow ORDER BY id" },
	{ "kept.evidence", "SELECT 'the evidence of decision ' || number || ' on session ' || session_id, "
			   "evidence_sha256, evidence FROM decision WHERE evidence_sha256 <> '' ORDER BY id" },
};

static bool text_matches_hash(const struct query *query)
{
	uint8_t hash[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];
	const char *body = row_text_view(query, 2);

	sha256_hash(body, strlen(body), hash);
	hex_encode(hash, sizeof hash, hex);
	return !strcmp(hex, row_text_view(query, 1));
}

static enum err check_texts(struct store *store, const struct sql *sql, struct stored_text_check *out,
			    struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, sql, &query, error);

	while (query_fetch_row(&query, &err, error)) {
		out->texts++;
		if (!text_matches_hash(query))
			out->on_bad(out->context, row_text_view(query, 0));
	}
	return err;
}

enum err store_texts_check(struct store *store, struct stored_text_check *out, struct error *error)
{
	enum err err = ERR_OK;

	out->texts = 0;
	for (size_t i = 0; !err && i < sizeof statements / sizeof *statements; i++)
		err = check_texts(store, &statements[i], out, error);
	return err;
}
