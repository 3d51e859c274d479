#include "session_keys.h"
#include "columns.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/identity.h"

#include <stdlib.h>
#include <string.h>

/* Number of rows that an upgrade reads before it writes them. */
#define FILL_ROWS 500

STATEMENT(
	sql_sessions, "keys.sessions",
	"SELECT s.id, u.kind, s.subject_name, s.registration_number, s.tax_id, s.country, s.date_of_birth FROM session "
	"s JOIN subject u ON u.id = s.subject_id WHERE s.id > $1 ORDER BY s.id LIMIT $2");
STATEMENT(sql_parties, "keys.parties", "SELECT id, name, date_of_birth FROM party WHERE id > $1 ORDER BY id LIMIT $2");
STATEMENT(sql_fill_session, "keys.fill_session",
	  "UPDATE session SET name_key = $2, registration_key = $3, tax_key = $4, likeness_key = $5 WHERE id = $1");
STATEMENT(sql_fill_party, "keys.fill_party", "UPDATE party SET person_key = $2 WHERE id = $1");

void session_keys_fill(struct session_keys *out, const struct session *session)
{
	const struct subject *subject = &session->subject;
	const char *name = subject->name ? subject->name : "";
	const struct identity identity = { .kind = subject->kind == SUBJECT_BUSINESS ? PARTY_COMPANY : PARTY_INDIVIDUAL,
					   .name = name,
					   .country = subject->country ? subject->country : "",
					   .date_of_birth = subject->date_of_birth ? subject->date_of_birth : "" };

	text_fold(&out->name, name, strlen(name));
	text_number_key(&out->registration, subject->registration_number ? subject->registration_number : "");
	text_number_key(&out->tax, subject->tax_id ? subject->tax_id : "");
	identity_add_key(&out->likeness, &identity);
}

void session_keys_release(struct session_keys *keys)
{
	strbuf_release(&keys->name);
	strbuf_release(&keys->registration);
	strbuf_release(&keys->tax);
	strbuf_release(&keys->likeness);
}

void session_keys_bind(struct query *query, int at, const struct session_keys *keys)
{
	query_bind_text(query, at, keys->name.buf);
	query_bind_text(query, at + 1, keys->registration.buf);
	query_bind_text(query, at + 2, keys->tax.buf);
	query_bind_text(query, at + 3, keys->likeness.buf);
}

void party_key_add(struct strbuf *out, const struct party *party)
{
	const struct identity identity = { .kind = PARTY_INDIVIDUAL,
					   .name = party->name,
					   .date_of_birth = party->date_of_birth };

	identity_add_key(out, &identity);
}

struct key_batch {
	int64_t rows[FILL_ROWS];
	size_t count;
	struct arena arena;
	struct session sessions[FILL_ROWS];
	struct party parties[FILL_ROWS];
};

static enum err read_sessions(struct store *store, struct key_batch *key_batch, int64_t after, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_sessions, PARAMS(db_int(after), db_int(FILL_ROWS)), &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct subject *subject = &key_batch->sessions[key_batch->count].subject;

		if (!subject_kind_parse(row_text_view(query, 1), &subject->kind))
			subject->kind = SUBJECT_INDIVIDUAL;
		subject->name = row_text(query, 2, &key_batch->arena);
		subject->registration_number = row_text(query, 3, &key_batch->arena);
		subject->tax_id = row_text(query, 4, &key_batch->arena);
		subject->country = row_text(query, 5, &key_batch->arena);
		subject->date_of_birth = row_text(query, 6, &key_batch->arena);
		key_batch->rows[key_batch->count++] = row_int(query, 0);
	}
	return err;
}

static enum err read_parties(struct store *store, struct key_batch *key_batch, int64_t after, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_parties, PARAMS(db_int(after), db_int(FILL_ROWS)), &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct party *party = &key_batch->parties[key_batch->count];

		party->name = row_text(query, 1, &key_batch->arena);
		party->date_of_birth = row_text(query, 2, &key_batch->arena);
		key_batch->rows[key_batch->count++] = row_int(query, 0);
	}
	return err;
}

static enum err fill_session(struct store *store, const struct key_batch *key_batch, size_t at, struct error *error)
{
	struct session_keys keys = SESSION_KEYS_INIT;
	struct query *query = NULL;
	enum err err = db_query(store->db, &sql_fill_session, &query, error);

	if (err)
		return err;
	session_keys_fill(&keys, &key_batch->sessions[at]);
	query_bind_int(query, 1, key_batch->rows[at]);
	session_keys_bind(query, 2, &keys);
	err = query_run(query, error);
	session_keys_release(&keys);
	return err;
}

static enum err fill_party_key(struct store *store, const struct key_batch *key_batch, size_t at, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	enum err err;

	party_key_add(&key, &key_batch->parties[at]);
	err = db_run(store->db, &sql_fill_party, PARAMS(db_int(key_batch->rows[at]), db_text(key.buf)), error);
	strbuf_release(&key);
	return err;
}

typedef enum err filling_reader(struct store *store, struct key_batch *key_batch, int64_t after, struct error *error);
typedef enum err filling_writer(struct store *store, const struct key_batch *key_batch, size_t at, struct error *error);

static enum err fill_keys(struct store *store, struct key_batch *key_batch, filling_reader *read, filling_writer *write,
			  struct error *error)
{
	enum err err = ERR_OK;
	int64_t after = 0;

	do {
		key_batch->count = 0;
		err = read(store, key_batch, after, error);
		for (size_t i = 0; !err && i < key_batch->count; i++)
			err = write(store, key_batch, i, error);
		if (key_batch->count)
			after = key_batch->rows[key_batch->count - 1];
		arena_reset(&key_batch->arena);
	} while (!err && key_batch->count == FILL_ROWS);
	return err;
}

enum err session_keys_fill_all(struct store *store, struct error *error)
{
	struct key_batch *key_batch = xcalloc(1, sizeof *key_batch);
	enum err err = fill_keys(store, key_batch, read_sessions, fill_session, error);

	if (!err)
		err = fill_keys(store, key_batch, read_parties, fill_party_key, error);
	arena_release(&key_batch->arena);
	free(key_batch);
	return err;
}
