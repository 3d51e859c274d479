/* Users of merchants. The level belongs to the user, not to a session. */
#include "rows.h"
#include "columns.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/store/commitment.h"
#include "kybdesk/store/session.h"
#include "kybdesk/store/subject.h"

#include <stdlib.h>
#include <string.h>

STATEMENT(sql_find, "subject.find",
	  "SELECT id, level, kyb_id, deleted_at FROM subject WHERE merchant_id = $1 AND uid = $2");
STATEMENT(sql_next_kyb_id, "subject.next_kyb_id",
	  "SELECT kyb_id + 1 FROM subject WHERE kyb_id > 0 ORDER BY kyb_id DESC LIMIT 1");
STATEMENT(sql_set_level, "subject.set_level", "UPDATE subject SET level = $2 WHERE id = $1");
STATEMENT(sql_by_uid, "subject.by_uid",
	  "SELECT u.id, m.name FROM subject u JOIN merchant m ON m.id = u.merchant_id WHERE u.uid = $1 ORDER BY "
	  "u.id LIMIT 10");
STATEMENT(sql_by_merchant_uid, "subject.by_merchant_uid",
	  "SELECT u.id, m.name FROM merchant m JOIN subject u ON u.merchant_id = m.id AND u.uid = $2 WHERE m.name "
	  "= $1");
STATEMENT(sql_follow, "subject.follow",
	  "UPDATE subject SET name = s.subject_name, country = s.country, registration_number = "
	  "s.registration_number, tax_id = s.tax_id, date_of_birth = s.date_of_birth FROM session s WHERE s.id = "
	  "$1 AND subject.id = s.subject_id AND subject.declared = 0 AND (subject.name, subject.country, "
	  "subject.registration_number, subject.tax_id, subject.date_of_birth) <> (s.subject_name, s.country, "
	  "s.registration_number, s.tax_id, s.date_of_birth) AND NOT EXISTS (SELECT 1 FROM session a WHERE "
	  "a.subject_id = s.subject_id AND a.status = 'approved' AND a.id <> s.id)");
static const struct row_override own[] = { { .column = "merchant", .read_sql = "m.name" },
					   { .column = "business_uid", .read_sql = "b.uid" },
					   { 0 } };
#define FROM "FROM subject u JOIN merchant m ON m.id = u.merchant_id LEFT JOIN subject b ON b.id = u.business_id "
#define SELECT(variable, name, rest)                                                                                   \
	ROW_STATEMENT(variable, ROW_SELECT, subject_record_columns, name, FROM rest, .alias = "u.", .overrides = own)
/* clang-format off */
#define OWNER struct subject_session
static const struct column of_session[] = {
	ROW(row, "s.id", NULL, COLUMN_KEY),
	TEXT(id, "s.uuid", NULL, 0),
	TEXT(external_ref, "s.external_ref", NULL, 0),
	TEXT(workflow, "s.workflow", NULL, 0),
	TEXT(parent_id, "p.uuid", NULL, 0),
	ENUM(status, "s.status", NULL, session_status, 0),
	TIME(created_at, "s.created_at", NULL, 0),
	TIME(decided_at, "s.decided_at", NULL, 0),
};
static COLUMN_TABLE(sessions, "session", "session", of_session);
/* clang-format on */
ROW_STATEMENT(sql_insert, ROW_INSERT, subject_record_columns, "subject.insert", "{made}", .keys = "salt",
	      .key_count = 1);
ROW_STATEMENT(sql_update, ROW_UPDATE, subject_record_columns, "subject.update", "WHERE id = $1", .key_count = 1);
SELECT(sql_load, "subject.load", "WHERE u.id = $1");
SELECT(sql_list, "subject.list", "WHERE u.id > $1 ORDER BY u.id LIMIT $2");
SELECT(sql_list_of_merchant, "subject.list_of_merchant",
       "WHERE u.merchant_id = (SELECT id FROM merchant WHERE name = $3) AND u.id > $1 ORDER BY u.id LIMIT $2");
SELECT(sql_binding, "subject.binding",
       "WHERE u.id = $1 AND (u.declared = 1 OR EXISTS (SELECT 1 FROM session a WHERE "
       "a.subject_id = u.id AND a.status = 'approved' AND a.id <> $2))");
SELECT(sql_owners, "subject.owners", "WHERE u.business_id = $1 ORDER BY u.id");
ROW_STATEMENT(sql_sessions, ROW_SELECT, sessions, "subject.sessions",
	      "FROM session s LEFT JOIN session p ON p.id = s.parent_id WHERE s.subject_id = $1 ORDER BY s.id");

/* Finds the subject by subject->uid; sets its row to 0 if not found. */
static enum err find(struct store *store, int64_t merchant, struct subject *subject, bool *deleted, struct error *error)
{
	struct query *query = NULL;
	subject->row = 0;
	*deleted = false;
	enum err err = db_select(store->db, &sql_find, PARAMS(db_int(merchant), db_text(subject->uid)), &query, error);

	if (query_fetch_row(&query, &err, error)) {
		subject->row = row_int(query, 0);
		subject->level = store_intern_word(store, row_text_view(query, 1));
		subject->kyb_id = row_int(query, 2);
		*deleted = row_time(query, 3) != TIME_NONE;
	}
	query_end(query);
	return err;
}

/* The next unused number; within the write transaction no other process can use the same number. */
static enum err next_kyb_id(struct store *store, int64_t *kyb_id, struct error *error)
{
	enum err err = db_get_int(store->db, &sql_next_kyb_id, NULL, kyb_id, error);

	*kyb_id = *kyb_id ? *kyb_id : 1;
	return err;
}

enum err store_subject_insert(struct store *store, struct subject_record *record, struct error *error)
{
	struct subject *subject = &record->subject;
	struct query *query = NULL;
	uint8_t salt[ROW_SALT_SIZE];
	enum err err = ERR_OK;
	subject->kyb_id = 0;
	if (subject->kind == SUBJECT_BUSINESS)
		err = next_kyb_id(store, &subject->kyb_id, error);
	if (!err)
		err = row_query(store, &sql_insert, &query, error);
	if (err)
		return err;
	world_random(store->world, salt, sizeof salt);
	query_bind_blob(query, 1, salt, sizeof salt);
	return row_run_insert(query, &sql_insert, record, &subject->row, error);
}

enum err store_subject_put(struct store *store, int64_t merchant_row, struct subject *subject, struct error *error)
{
	struct subject_record record;
	bool deleted = false;
	if (!subject->uid || !*subject->uid)
		return error_set_field(error, ERR_INVALID, "subject.uid", "the subject's uid is empty");
	enum err err = find(store, merchant_row, subject, &deleted, error);
	if (!err && deleted)
		return error_set_field(error, ERR_CONFLICT, "subject.uid",
				       "the subject %s was deleted; use the uid of an existing subject", subject->uid);
	if (err || subject->row)
		return err;
	columns_init(&subject_record_columns, &record);
	record.subject = *subject;
	record.merchant_row = merchant_row;
	record.imported_level = subject->level;
	record.created_at = record.updated_at = world_now_ms(store->world);
	err = store_subject_insert(store, &record, error);
	if (!err) {
		subject->row = record.subject.row;
		subject->kyb_id = record.subject.kyb_id;
	}
	return err;
}

enum err store_subject_update(struct store *store, const struct subject_record *record, struct error *error)
{
	return row_write(store, &sql_update, PARAMS(db_int(record->subject.row)), record, error);
}

enum err store_subject_update_from_session(struct store *store, int64_t session, struct error *error)
{
	return db_run(store->db, &sql_follow, PARAMS(db_int(session)), error);
}

enum err store_subject_set_level(struct store *store, int64_t subject_row, const char *level, struct error *error)
{
	return db_run(store->db, &sql_set_level, PARAMS(db_int(subject_row), db_text(level)), error);
}

enum err store_subject_load(struct store *store, struct arena *arena, int64_t row, struct subject_record *out,
			    struct error *error)
{
	enum err err = row_load(&(struct row_reader){ store, &sql_load, arena }, PARAMS(db_int(row)), out, error);

	if (!err && !out->subject.row)
		err = error_set(error, ERR_NOT_FOUND, "The subject no longer exists");
	return err;
}

enum err subject_send_binding(struct store *store, const struct session *session, struct query **out,
			      struct error *error)
{
	enum err err =
		row_select(store, &sql_binding, PARAMS(db_int(session->subject.row), db_int(session->row)), out, error);

	return err ? err : query_send(*out, error);
}

enum err subject_read_binding(struct store *store, struct arena *arena, struct query *sent, struct subject **out,
			      struct error *error)
{
	struct subject_record *record = arena_alloc_array(arena, 1, sizeof *record);
	bool found = false;
	enum err err = query_next(sent, &found, error);

	if (!err && found)
		err = row_read(&(struct row_reader){ store, &sql_binding, arena }, sent, record, error);
	*out = !err && found ? &record->subject : NULL;
	return err;
}

enum err store_subject_by_uid(struct store *store, int64_t merchant_row, const char *uid, int64_t *row,
			      struct error *error)
{
	struct subject subject = { .uid = uid };
	bool deleted;
	enum err err = find(store, merchant_row, &subject, &deleted, error);
	*row = subject.row;
	return err;
}

/* The subjects that match a reference. */
struct matching_subjects {
	int64_t row; /* row of the first match */
	size_t count;
	struct strbuf names;
};

/* Adds the subjects that the query returns, and ends the query. */
static enum err add_matching_subjects(struct query *query, const char *uid, struct matching_subjects *out,
				      struct error *error)
{
	enum err err = ERR_OK;

	while (query_fetch_row(&query, &err, error)) {
		if (!out->count++)
			out->row = row_int(query, 0);
		strbuf_addf(&out->names, "%s%s/%s", out->names.len ? ", " : "", row_text_view(query, 1), uid);
	}
	return err;
}

static enum err find_by_merchant_uid(struct store *store, const char *reference, struct matching_subjects *out,
				     struct error *error)
{
	enum err err = ERR_OK;
	/* Merchant and uid may contain slashes, so each slash is tried as the separator. */
	for (const char *slash = reference; !err && (slash = strchr(slash, '/')); slash++) {
		struct query *query = NULL;
		err = db_query(store->db, &sql_by_merchant_uid, &query, error);
		if (err)
			break;
		char *merchant = xstrndup(reference, (size_t)(slash - reference));
		query_bind_text(query, 1, merchant);
		query_bind_text(query, 2, slash + 1);
		err = add_matching_subjects(query, slash + 1, out, error);
		free(merchant);
	}
	return err;
}

enum err store_subject_find(struct store *store, const char *reference, int64_t *row, struct error *error)
{
	struct matching_subjects found = { .names = STRBUF_INIT };
	struct query *query = NULL;
	enum err err = find_by_merchant_uid(store, reference, &found, error);
	if (!err && !found.count) {
		err = db_query(store->db, &sql_by_uid, &query, error);
		if (!err) {
			query_bind_text(query, 1, reference);
			err = add_matching_subjects(query, reference, &found, error);
		}
	}
	if (!err && !found.count)
		err = error_not_found(error, "subject", reference, "List them with: kybdesk subject list");
	if (!err && found.count > 1)
		err = error_set(error, ERR_USAGE, "Several merchants have a subject \"%s\": %s; use one of these",
				reference, found.names.buf);
	*row = err ? 0 : found.row;
	strbuf_release(&found.names);
	return err;
}

enum err store_subject_list(struct store *store, struct arena *arena, const struct subject_filter *filter,
			    struct subject_list *out, struct error *error)
{
	const struct row_sql *sql = filter->business	? &sql_owners
				    : *filter->merchant ? &sql_list_of_merchant
							: &sql_list;
	const struct db_value values[] = { db_int(filter->business ? filter->business : filter->after_row),
					   db_int((int64_t)filter->limit), db_text(filter->merchant) };

	return rows_load(&(struct row_reader){ store, sql, arena },
			 &(const struct db_params){ values, filter->business	? 1
							    : *filter->merchant ? 3
										: 2 },
			 (void **)&out->items, &out->count, error);
}

enum err store_subject_sessions(struct store *store, struct arena *arena, int64_t subject, struct subject_sessions *out,
				struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_sessions, arena }, PARAMS(db_int(subject)),
			 (void **)&out->items, &out->count, error);
}
