/* Appends and reads the audit log. data/migrations/sqlite/0001_store.sql describes the encoding that is hashed. */
#include "audit_chain.h"
#include "audit/commitment.h"
#include "columns.h"

#include <stdlib.h>
#include <string.h>

#define SEARCH_CONDITION "at >= $3 AND $4 IN ('', actor) AND substr(action || '.', 1, length(CAST($5 AS text))) = $5 "
#define EVENT_COLUMNS "seq, at, actor, role, action, session_id, session_version, detail, hash, rows_sha256"
STATEMENT(sql_head, "audit.head",
	  "SELECT seq, hash, rows_sha256, (SELECT max(id) FROM row_commitment) FROM chain_head WHERE one = 1");
STATEMENT(sql_move_head, "audit.move_head",
	  "UPDATE chain_head SET seq = $1, hash = $2, rows_sha256 = $3 WHERE one = 1");
STATEMENT(sql_append, "audit.append",
	  "INSERT INTO audit_event (seq, at, actor, role, action, session_id, session_version, detail, prev_hash, "
	  "hash, rows_sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
STATEMENT(sql_list, "audit.list",
	  "SELECT " EVENT_COLUMNS " FROM audit_event WHERE seq < $1 ORDER BY seq DESC LIMIT $2");
STATEMENT(sql_list_session, "audit.list_session",
	  "SELECT " EVENT_COLUMNS " FROM audit_event WHERE session_id = $3 AND seq < $1 ORDER BY seq DESC LIMIT $2");
STATEMENT(sql_list_document_views, "audit.list_looks",
	  "SELECT " EVENT_COLUMNS " FROM audit_event WHERE session_id = $3 AND seq < $1 AND action IN "
	  "('document.open', 'document.save', 'document.accept') ORDER BY seq DESC LIMIT $2");
STATEMENT(sql_list_action, "audit.list_action",
	  "SELECT " EVENT_COLUMNS " FROM audit_event WHERE session_id = $3 AND seq < $1 AND action = $4 AND actor "
	  "= $5 ORDER BY seq DESC LIMIT $2");
STATEMENT(sql_last_of_session, "audit.last_of_session", "SELECT max(seq) FROM audit_event WHERE session_id = $1");
STATEMENT(sql_time, "audit.time", "SELECT at FROM audit_event WHERE seq = $1");
STATEMENT(sql_last_time, "audit.last_time", "SELECT max(at) FROM audit_event WHERE at <= $1");
STATEMENT(sql_search, "audit.search",
	  "SELECT " EVENT_COLUMNS
	  " FROM audit_event {by audit_event_at} WHERE (at, seq) < ($1, $2) AND " SEARCH_CONDITION
	  "ORDER BY at DESC, seq DESC LIMIT $6");
STATEMENT(sql_search_session, "audit.search_session",
	  "SELECT " EVENT_COLUMNS
	  " FROM audit_event WHERE session_id = $7 AND seq < $2 AND at < $1 AND " SEARCH_CONDITION
	  "ORDER BY seq DESC LIMIT $6");
STATEMENT(sql_each, "audit.each", "SELECT " EVENT_COLUMNS ", prev_hash FROM audit_event WHERE seq >= $1 ORDER BY seq");

enum {
	EVENT_COLUMN_SEQ,
	EVENT_COLUMN_AT,
	EVENT_COLUMN_ACTOR,
	EVENT_COLUMN_ROLE,
	EVENT_COLUMN_ACTION,
	EVENT_COLUMN_SESSION_ID,
	EVENT_COLUMN_SESSION_VERSION,
	EVENT_COLUMN_DETAIL,
	EVENT_COLUMN_HASH,
	EVENT_COLUMN_ROWS,
	EVENT_COLUMN_PREV_HASH
};

void audit_add_value(struct strbuf *out, char type, const void *bytes, size_t length)
{
	uint8_t head[9] = { (uint8_t)type };

	bytes_put_int64(head + 1, (int64_t)length);
	strbuf_grow(out, sizeof head + length);
	strbuf_add(out, head, sizeof head);
	strbuf_add(out, bytes, length);
}

void audit_add_int(struct strbuf *out, int64_t value)
{
	uint8_t bytes[17] = { 'i', 0, 0, 0, 0, 0, 0, 0, 8 };

	bytes_put_int64(bytes + 9, value);
	strbuf_add(out, bytes, sizeof bytes);
}

void audit_add_db_value(struct strbuf *out, const struct db_value *value)
{
	int64_t bits;

	if (value->type == 'i') {
		audit_add_int(out, value->number);
	} else if (value->type == 'r') {
		uint8_t bytes[8];

		memcpy(&bits, &value->real, sizeof bits);
		bytes_put_int64(bytes, bits);
		audit_add_value(out, 'r', bytes, sizeof bytes);
	} else {
		audit_add_value(out, value->type, value->length ? value->bytes : "", value->length);
	}
}

void audit_add_text(struct strbuf *out, const char *text)
{
	audit_add_value(out, 't', text, strlen(text));
}

void store_audit_hash(const struct audit_event *event, const uint8_t previous[SHA256_SIZE], uint8_t hash[SHA256_SIZE])
{
	struct strbuf bytes = STRBUF_INIT;
	uint8_t rows[SHA256_SIZE];

	strbuf_add(&bytes, previous, SHA256_SIZE);
	audit_add_int(&bytes, event->seq);
	audit_add_int(&bytes, event->at);
	audit_add_text(&bytes, event->actor);
	audit_add_text(&bytes, event->role);
	audit_add_text(&bytes, event->action);
	if (*event->session_id)
		audit_add_text(&bytes, event->session_id);
	else
		audit_add_value(&bytes, 'n', "", 0);
	if (event->session_version)
		audit_add_int(&bytes, event->session_version);
	else
		audit_add_value(&bytes, 'n', "", 0);
	audit_add_text(&bytes, event->detail);
	/* Records of older versions have no hash of rows; the encoding then omits this value. */
	if (*event->rows_hash && hex_decode(event->rows_hash, rows, sizeof rows))
		audit_add_value(&bytes, 'b', rows, sizeof rows);
	sha256_hash(bytes.buf, bytes.len, hash);
	strbuf_release(&bytes);
}

bool audit_read_hash(const struct query *query, int column, uint8_t out[SHA256_SIZE])
{
	struct db_value value = row_value(query, column);

	memset(out, 0, SHA256_SIZE);
	if (value.type != 'b' || value.length != SHA256_SIZE)
		return false;
	memcpy(out, value.bytes, SHA256_SIZE);
	return true;
}

struct pending_record {
	bool open;
	struct arena arena; /* arena of the record's texts */
	struct audit_event event;
	struct audit_head head;
	uint64_t head_state; /* db->state when `head` was read or written; 0: never */
};

static struct pending_record *get_pending_record(struct store *store)
{
	if (!store->pending)
		store->pending = xcalloc(1, sizeof *store->pending);
	return store->pending;
}

static enum err read_head(struct store *store, struct audit_head *out, struct error *error)
{
	struct query *query = NULL;
	bool whole = false;
	enum err err = db_query(store->db, &sql_head, &query, error);

	*out = (struct audit_head){ 0 };
	if (query_fetch_row(&query, &err, error)) {
		out->seq = row_int(query, 0);
		whole = audit_read_hash(query, 1, out->hash);
		out->has_rows_hash = !row_is_null(query, 2);
		whole = whole && (!out->has_rows_hash || audit_read_hash(query, 2, out->rows_hash));
		out->last_commitment = row_int(query, 3);
	}
	if (!err && !whole)
		err = error_set(error, ERR_STORE,
				"the head of the audit log of store %s is missing or damaged, so nothing can be "
				"recorded; inspect the log with: kybdesk audit verify",
				store->path);
	query_end(query);
	return err;
}

/* The cached head is valid while db->state is unchanged: each begin of a transaction, and the rollback of a
 * savepoint that was begun for writing, change the state. */
enum err audit_head_read(struct store *store, struct audit_head *out, struct error *error)
{
	struct pending_record *pending = get_pending_record(store);
	enum err err = ERR_OK;

	if (pending->head_state != store->db->state)
		err = read_head(store, &pending->head, error);
	if (!err)
		pending->head_state = store->db->state;
	*out = pending->head;
	return err;
}

static struct db_value rows_hash_value(const struct audit_head *head)
{
	return head->has_rows_hash ? db_blob(head->rows_hash, SHA256_SIZE) : db_null();
}

enum err audit_head_write(struct store *store, const struct audit_head *head, struct error *error)
{
	store->pending->head = *head;
	return db_run(store->db, &sql_move_head,
		      PARAMS(db_int(head->seq), db_blob(head->hash, SHA256_SIZE), rows_hash_value(head)), error);
}

/* --- the pending record --- */

bool audit_has_pending_record(const struct store *store)
{
	return store->pending && store->pending->open;
}

void audit_drop_pending_record(struct store *store)
{
	if (store->pending)
		store->pending->open = false;
}

void audit_close(struct store *store)
{
	if (store->pending)
		arena_release(&store->pending->arena);
	free(store->pending);
}

enum err audit_write_pending_record(struct store *store, struct audit_head *head, struct error *error)
{
	struct audit_event *event = &store->pending->event;
	uint8_t hash[SHA256_SIZE];
	enum err err;

	hex_encode(head->rows_hash, head->has_rows_hash ? SHA256_SIZE : 0, event->rows_hash);
	store_audit_hash(event, head->hash, hash);
	err = db_run(store->db, &sql_append,
		     PARAMS(db_int(event->seq), db_int(event->at), db_text(event->actor), db_text(event->role),
			    db_text(event->action), db_text_or_null(event->session_id),
			    db_int_or_null(event->session_version), db_text(event->detail),
			    db_blob(head->hash, SHA256_SIZE), db_blob(hash, SHA256_SIZE), rows_hash_value(head)),
		     error);
	store->pending->open = false;
	head->seq = event->seq;
	memcpy(head->hash, hash, SHA256_SIZE);
	head->has_rows_hash = false;
	return err;
}

static void save_pending_record(struct store *store, const struct audit_event *event)
{
	struct pending_record *pending = get_pending_record(store);

	arena_reset(&pending->arena);
	pending->event = *event;
	pending->event.actor = arena_strdup(&pending->arena, event->actor);
	pending->event.role = arena_strdup(&pending->arena, event->role);
	pending->event.action = arena_strdup(&pending->arena, event->action);
	pending->event.session_id = arena_strdup(&pending->arena, event->session_id);
	pending->event.detail = arena_strdup(&pending->arena, event->detail);
	pending->open = true;
}

/* The number of the session's previous record, 0 if there is none, becomes the last member of the detail: the records
 * of one session are a chain of their own, in which a missing one is noticed. */
static enum err chain_record(struct store *store, struct pending_record *pending, struct error *error)
{
	const char *detail = pending->event.detail;
	int length = (int)strlen(detail) - 1; /* without its last brace */
	int64_t previous = 0;
	enum err err = db_get_int(store->db, &sql_last_of_session, PARAMS(db_text(pending->event.session_id)),
				  &previous, error);

	pending->event.detail = arena_printf(&pending->arena, "%.*s%s\"" AUDIT_PREVIOUS_RECORD "\":%lld}", length,
					     detail, length > 1 ? "," : "", (long long)previous);
	return err;
}

enum err store_audit_append(struct store *store, struct audit_event *event, struct error *error)
{
	struct audit_head head;
	enum err err = ERR_OK;

	/* The pending record covers only the rows that changed before it was appended (the first
	 * db->touched_count_at_record rows). The last record of a transaction also covers the rows that change
	 * later. */
	if (audit_has_pending_record(store))
		err = db_flush(store->db, error);
	if (!err && audit_has_pending_record(store))
		err = commitments_write_record(store, store->db->touched_count_at_record, error);
	if (!err)
		store->db->touched_count_at_record = store->db->touched_count;
	if (!err && store->db->driver->mark_record)
		err = store->db->driver->mark_record(store->db, error);
	if (!err)
		err = audit_head_read(store, &head, error);
	if (err)
		return err;
	event->seq = head.seq + 1;
	if (!event->session_id)
		event->session_id = "";
	if (!event->detail || !*event->detail)
		event->detail = "{}";
	save_pending_record(store, event);
	return *event->session_id ? chain_record(store, store->pending, error) : ERR_OK;
}

/* If a stored hash is too long, writes only its first SHA256_SIZE bytes; verify reports the wrong length. */
static void hash_text(struct query *query, int column, struct arena *arena, char out[SHA256_HEX_SIZE])
{
	size_t length;
	const uint8_t *bytes = row_blob(query, column, arena, &length);

	hex_encode(bytes, length < SHA256_SIZE ? length : SHA256_SIZE, out);
}

static void read_event(struct query *query, struct arena *arena, struct audit_event *out)
{
	*out = (struct audit_event){
		.seq = row_int(query, EVENT_COLUMN_SEQ),
		.at = row_int(query, EVENT_COLUMN_AT),
		.actor = row_text(query, EVENT_COLUMN_ACTOR, arena),
		.role = row_text(query, EVENT_COLUMN_ROLE, arena),
		.action = row_text(query, EVENT_COLUMN_ACTION, arena),
		.session_id = row_text(query, EVENT_COLUMN_SESSION_ID, arena),
		.session_version = row_int(query, EVENT_COLUMN_SESSION_VERSION),
		.detail = row_text(query, EVENT_COLUMN_DETAIL, arena),
	};
	hash_text(query, EVENT_COLUMN_HASH, arena, out->hash);
	hash_text(query, EVENT_COLUMN_ROWS, arena, out->rows_hash);
}

/* The position after which a page begins: a time, and the seq of a record with that time. */
enum err store_audit_last_time(struct store *store, int64_t until, int64_t *out, struct error *error)
{
	return db_get_time(store->db, &sql_last_time, PARAMS(db_int(until)), out, error);
}

static enum err find_page_start(struct store *store, const struct audit_filter *filter, int64_t *at, int64_t *seq,
				struct error *error)
{
	const struct audit_search *search = filter->search;
	int64_t last = 0;
	enum err err;

	*at = search->until == TIME_NONE ? INT64_MAX : search->until;
	*seq = 0;
	if (filter->after_seq <= 0)
		return ERR_OK;
	err = db_get_int(store->db, &sql_time, PARAMS(db_int(filter->after_seq)), &last, error);
	if (last < *at) {
		*at = last;
		*seq = filter->after_seq;
	}
	return err;
}

/* Selects the records of a search. */
static enum err search_records(struct store *store, struct arena *arena, const struct audit_filter *filter,
			       struct query **query, struct error *error)
{
	const struct audit_search *search = filter->search;
	bool of_session = *filter->session_id;
	const char *action = *search->action ? arena_printf(arena, "%s.", search->action) : "";
	int64_t at, seq;
	enum err err = find_page_start(store, filter, &at, &seq, error);

	if (err)
		return err;
	if (of_session) {
		at = search->until == TIME_NONE ? INT64_MAX : search->until;
		seq = filter->after_seq > 0 ? filter->after_seq : INT64_MAX;
	}
	err = db_select(store->db, of_session ? &sql_search_session : &sql_search,
			PARAMS(db_int(at), db_int(seq), db_int(search->since == TIME_NONE ? 0 : search->since),
			       db_text(search->actor), db_text(action),
			       db_int(filter->limit > INT64_MAX ? INT64_MAX : (int64_t)filter->limit)),
			query, error);
	if (!err && of_session)
		query_bind_text(*query, 7, filter->session_id);
	return err;
}

enum err store_audit_list(struct store *store, struct arena *arena, const struct audit_filter *filter,
			  struct audit_list *out, struct error *error)
{
	bool of_session = *filter->session_id;
	size_t capacity = 0;
	struct query *query = NULL;
	bool of_action = of_session && filter->action;
	const struct sql *sql = !of_session		      ? &sql_list
				: of_action		      ? &sql_list_action
				: filter->only_document_views ? &sql_list_document_views
							      : &sql_list_session;
	*out = (struct audit_list){ 0 };
	/* makes the pending record visible to reads within the transaction */
	enum err err = audit_has_pending_record(store) ? commitments_write(store, error) : ERR_OK;

	if (!err && filter->search)
		err = search_records(store, arena, filter, &query, error);
	else if (!err)
		err = db_select(store->db, sql,
				PARAMS(db_int(filter->after_seq > 0 ? filter->after_seq : INT64_MAX),
				       db_int(filter->limit > INT64_MAX ? INT64_MAX : (int64_t)filter->limit)),
				&query, error);
	if (err)
		return err;
	if (of_session && !filter->search)
		query_bind_text(query, 3, filter->session_id);
	if (of_action) {
		query_bind_text(query, 4, filter->action);
		query_bind_text(query, 5, filter->actor);
	}
	while (query_fetch_row(&query, &err, error))
		read_event(query, arena, ARENA_PUSH(arena, out->items, out->count, capacity));
	return err;
}

enum err store_audit_scan(struct store *store, int64_t from_seq,
			  enum err (*each)(void *context, const struct audit_event *event, const char *prev_hash,
					   struct error *error),
			  void *context, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_each, PARAMS(db_int(from_seq)), &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct audit_event event;
		char previous[SHA256_HEX_SIZE];

		read_event(query, &arena, &event);
		hash_text(query, EVENT_COLUMN_PREV_HASH, &arena, previous);
		err = each(context, &event, previous, error);
		arena_reset(&arena);
	}
	arena_release(&arena);
	return err;
}
