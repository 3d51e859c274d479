/* Finds a session's row from typed text or from a file. */
#include "rows.h"
#include "columns.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/session.h"

#include <string.h>

#define CANDIDATES_MAX 10

enum candidate_column { CANDIDATE_ROW, CANDIDATE_UUID, CANDIDATE_NAME };
STATEMENT(sql_by_uuid, "session.by_uuid", "SELECT id FROM session WHERE uuid = $1");
/* Repeats the condition of the partial index: otherwise the index is not used. */
STATEMENT(sql_by_any_ref, "session.by_any_ref",
	  "SELECT id, uuid, subject_name FROM session WHERE external_ref = $1 AND external_ref <> '' ORDER BY id "
	  "LIMIT 11");
STATEMENT(sql_by_prefix, "session.by_prefix",
	  "SELECT id, uuid, subject_name FROM session WHERE uuid >= $1 AND uuid < $2 ORDER BY uuid LIMIT 11");
STATEMENT(sql_by_ref, "session.by_ref",
	  "SELECT id FROM session WHERE external_ref = $3 AND external_ref <> '' AND merchant_id = $1 AND workflow "
	  "= $2 ORDER BY id LIMIT 1");
/* Repeats the condition of the partial index: otherwise the index is not used. */
STATEMENT(sql_by_number, "session.by_number",
	  "SELECT s.id FROM session s JOIN subject u ON u.id = s.subject_id WHERE s.country = $1 AND "
	  "s.registration_key = $2 AND s.registration_key <> '' AND s.status <> 'rejected' AND u.kind = 'business' "
	  "ORDER BY s.id LIMIT $3");
STATEMENT(sql_newest, "session.newest", "SELECT id FROM session WHERE subject_id = $1 ORDER BY id DESC LIMIT 1");
STATEMENT(sql_import_state, "session.import_state", "SELECT id, import_sha256 FROM session WHERE uuid = $1");

void session_cache_set(struct store *store, const struct session *session)
{
	struct cached_session *kept = &store->cached_session;

	kept->state = strlen(session->id) < sizeof kept->id ? store->db->state : 0;
	kept->row = session->row;
	if (kept->state)
		memcpy(kept->id, session->id, strlen(session->id) + 1);
}

void session_cache_clear(struct store *store)
{
	store->cached_session.state = 0;
}

enum err store_session_by_uuid(struct store *store, const char *uuid, int64_t *row, struct error *error)
{
	const struct cached_session *kept = &store->cached_session;

	if (store->db->depth && kept->state == store->db->state && !strcmp(kept->id, uuid)) {
		*row = kept->row;
		return ERR_OK;
	}
	return db_get_int(store->db, &sql_by_uuid, PARAMS(db_text(uuid)), row, error);
}

enum err store_session_by_ref(struct store *store, const struct session *named, int64_t *row, struct error *error)
{
	return db_get_int(store->db, &sql_by_ref,
			  PARAMS(db_int(named->merchant_row), db_text(named->workflow), db_text(named->external_ref)),
			  row, error);
}

enum err store_session_find_newest(struct store *store, int64_t subject, int64_t *row, struct error *error)
{
	return db_get_int(store->db, &sql_newest, PARAMS(db_int(subject)), row, error);
}

enum err store_sessions_by_number(struct store *store, const char *country, const char *number, int64_t *rows,
				  size_t *count, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	struct query *query = NULL;
	enum err err;

	*count = 0;
	text_number_key(&key, number);
	err = db_select(store->db, &sql_by_number,
			PARAMS(db_text(country), db_text(key.buf), db_int(SESSIONS_PER_NUMBER_MAX)), &query, error);
	while (query_fetch_row(&query, &err, error))
		rows[(*count)++] = row_int(query, 0);
	strbuf_release(&key);
	return err;
}

/* If the query finds one row, sets *row. If it finds several, the error lists them, so that the caller can be more
 * specific. Ends the query. */
static enum err read_single_match(struct query *query, const char *reference, int64_t *row, struct error *error)
{
	struct strbuf list = STRBUF_INIT;
	size_t count = 0;
	enum err err = ERR_OK;

	*row = 0;
	while (query_fetch_row(&query, &err, error)) {
		if (count++ == 0)
			*row = row_int(query, CANDIDATE_ROW);
		if (count > CANDIDATES_MAX) {
			strbuf_adds(&list, ", and more");
			continue;
		}
		strbuf_addf(&list, "%s%s (%s)", count > 1 ? ", " : "", row_text_view(query, CANDIDATE_UUID),
			    row_text_view(query, CANDIDATE_NAME));
	}
	if (!err && count > 1) {
		*row = 0;
		err = error_set(error, ERR_USAGE, "\"%s\" matches several cases: %s; use the id of one of them",
				reference, list.buf);
	}
	strbuf_release(&list);
	return err;
}

static enum err find_by_any_ref(struct store *store, const char *reference, int64_t *row, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_by_any_ref, PARAMS(db_text(reference)), &query, error);
	return err ? err : read_single_match(query, reference, row, error);
}

/* Converts the beginning of an id to lower case; returns false if the text cannot be the beginning of an id. */
static bool read_prefix(const char *reference, char prefix[UUID_TEXT_SIZE])
{
	size_t length = strlen(reference);
	if (length < 4 || length >= UUID_TEXT_SIZE)
		return false;
	for (size_t i = 0; i <= length; i++) {
		char c = reference[i];
		if (c >= 'A' && c <= 'F')
			c = (char)(c + ('a' - 'A'));
		if (c && !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'))
			return false;
		prefix[i] = c;
	}
	return true;
}

static enum err find_by_prefix(struct store *store, const char *reference, const char *prefix, int64_t *row,
			       struct error *error)
{
	struct query *query = NULL;
	char above[UUID_TEXT_SIZE + 1];
	size_t length = strlen(prefix);
	/* The prefix with "g" at its end is greater than every id with this prefix, because "g" comes after the
	 * last digit of an id. */
	memcpy(above, prefix, length);
	memcpy(above + length, "g", 2);
	enum err err = db_select(store->db, &sql_by_prefix, PARAMS(db_text(prefix), db_text(above)), &query, error);
	return err ? err : read_single_match(query, reference, row, error);
}

enum err store_session_find(struct store *store, const char *reference, int64_t *row, struct error *error)
{
	char id[UUID_TEXT_SIZE];
	enum err err = ERR_OK;
	*row = 0;
	if (uuid_normalise(reference, id))
		err = store_session_by_uuid(store, id, row, error);
	if (!err && *row == 0 && *reference)
		err = find_by_any_ref(store, reference, row, error);
	if (!err && *row == 0 && read_prefix(reference, id))
		err = find_by_prefix(store, reference, id, row, error);
	if (!err && *row == 0)
		err = error_not_found(error, "case", reference,
				      "Use its id, at least the first four characters of its id, or its reference");
	return err;
}

enum err store_session_import_state(struct store *store, const char *uuid, struct import_state *out,
				    struct error *error)
{
	struct query *query = NULL;
	struct arena arena = ARENA_INIT;
	size_t length = 0;
	*out = (struct import_state){ 0 };
	enum err err = db_select(store->db, &sql_import_state, PARAMS(db_text(uuid)), &query, error);

	if (query_fetch_row(&query, &err, error)) {
		out->row = row_int(query, 0);
		const void *hash = row_blob(query, 1, &arena, &length);
		if (length == sizeof out->sha256)
			memcpy(out->sha256, hash, sizeof out->sha256);
	}
	query_end(query);
	arena_release(&arena);
	return err;
}
