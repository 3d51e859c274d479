/* A merchant's users: the level belongs to them, not to a session. */
#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/session.h"
#include "kybdesk/store/subject.h"

#include <stdlib.h>
#include <string.h>

enum { FIND, NEXT_KYB_ID, SET_LEVEL, BY_UID, BY_MERCHANT_UID, SESSIONS, LEVEL_BROUGHT };
enum session_column { S_ROW, S_ID, S_REF, S_WORKFLOW, S_PARENT, S_STATUS, S_CREATED_AT, S_DECIDED_AT };
static const struct sql statements[] = {
	[FIND] = { "subject.find",
		   "SELECT id, level, kyb_id, deleted_at FROM subject WHERE merchant_id = $1 AND uid = $2" },
	[NEXT_KYB_ID] = { "subject.next_kyb_id", "SELECT kyb_id + 1 FROM subject WHERE kyb_id > 0 "
						 "ORDER BY kyb_id DESC LIMIT 1" },
	[SET_LEVEL] = { "subject.set_level", "UPDATE subject SET level = $2 WHERE id = $1" },
	[BY_UID] = { "subject.by_uid", "SELECT u.id, m.name FROM subject u JOIN merchant m ON m.id = u.merchant_id "
				       "WHERE u.uid = $1 ORDER BY u.id LIMIT 10" },
	[BY_MERCHANT_UID] = { "subject.by_merchant_uid",
			      "SELECT u.id, m.name FROM merchant m JOIN subject u ON u.merchant_id = m.id "
			      "AND u.uid = $2 WHERE m.name = $1" },
	[SESSIONS] = { "subject.sessions",
		       "SELECT s.id, s.uuid, s.external_ref, s.workflow, p.uuid, s.status, s.created_at, "
		       "s.decided_at FROM session s LEFT JOIN session p ON p.id = s.parent_id "
		       "WHERE s.subject_id = $1 ORDER BY s.id" },
	[LEVEL_BROUGHT] = { "subject.level_brought", "SELECT level_brought FROM subject WHERE id = $1" },
};
static const struct row_own own[] = { { .column = "merchant", .read = "m.name" },
				      { .column = "business_uid", .read = "b.uid" },
				      { 0 } };
#define FROM "FROM subject u JOIN merchant m ON m.id = u.merchant_id LEFT JOIN subject b ON b.id = u.business_id "
#define SELECT(verb_name, rest)                                                                                    \
	{                                                                                                          \
		.sql = { (verb_name), FROM rest }, .verb = ROW_SELECT, .table = &subject_record_columns,           \
		.alias = "u.", .own = own                                                                          \
	}
enum { INSERT, UPDATE, LOAD, LIST, LIST_OF_MERCHANT, OWNERS };
static const struct row_sql rows[] = {
	[INSERT] = { .sql = { "subject.insert", NULL }, .verb = ROW_INSERT, .table = &subject_record_columns },
	[UPDATE] = { .sql = { "subject.update", "WHERE id = $1" },
		     .verb = ROW_UPDATE,
		     .table = &subject_record_columns,
		     .key_count = 1 },
	[LOAD] = SELECT("subject.load", "WHERE u.id = $1"),
	[LIST] = SELECT("subject.list", "WHERE u.id > $1 ORDER BY u.id LIMIT $2"),
	[LIST_OF_MERCHANT] = SELECT("subject.list_of_merchant",
				    "WHERE u.merchant_id = (SELECT id FROM merchant WHERE name = $3) AND u.id > $1 "
				    "ORDER BY u.id LIMIT $2"),
	[OWNERS] = SELECT("subject.owners", "WHERE u.business_id = $1 AND u.deleted_at IS NULL ORDER BY u.id"),
};
const struct sql_list subject_sql = SQL_LIST_BOTH(statements, rows);

static enum err find(struct store *store, int64_t merchant, struct subject *subject, bool *found, bool *deleted,
		     struct error *error)
{
	struct query *query = NULL;
	*deleted = false;
	enum err err = db_query(store->db, &statements[FIND], &query, error);
	if (err)
		return err;
	query_int(query, 1, merchant);
	query_text(query, 2, subject->uid);
	err = query_next(query, found, error);
	if (!err && *found) {
		subject->row = row_int(query, 0);
		subject->level = store_word(store, row_view(query, 1));
		subject->kyb_id = row_int(query, 2);
		*deleted = row_time(query, 3) != TIME_NONE;
	}
	query_end(query);
	return err;
}

/* Safe within the write transaction: nobody else counts meanwhile. */
static enum err next_kyb_id(struct store *store, int64_t *kyb_id, struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	*kyb_id = 1;
	enum err err = db_query(store->db, &statements[NEXT_KYB_ID], &query, error);
	if (err)
		return err;
	err = query_next(query, &row, error);
	if (!err && row)
		*kyb_id = row_int(query, 0);
	query_end(query);
	return err;
}

enum err store_subject_exists(struct store *store, int64_t merchant_row, const char *uid, bool *exists,
			      struct error *error)
{
	struct subject subject = { .uid = uid };
	bool deleted;
	*exists = false;
	return find(store, merchant_row, &subject, exists, &deleted, error);
}

enum err store_subject_insert(struct store *store, struct subject_record *record, struct error *error)
{
	struct subject *subject = &record->subject;
	struct query *query = NULL;
	enum err err = ERR_OK;
	subject->kyb_id = 0;
	if (subject->kind == SUBJECT_BUSINESS)
		err = next_kyb_id(store, &subject->kyb_id, error);
	if (!err)
		err = row_query(store, &rows[INSERT], &query, error);
	if (!err)
		err = row_run(query, &rows[INSERT], record, error);
	if (!err)
		subject->row = store->db->driver->last_row(store->db);
	return err;
}

enum err store_subject_put(struct store *store, int64_t merchant_row, struct subject *subject, struct error *error)
{
	struct subject_record record;
	bool found = false;
	bool deleted = false;
	if (!subject->uid || !*subject->uid)
		return error_set_field(error, ERR_INVALID, "subject.uid", "the subject's uid is empty");
	enum err err = find(store, merchant_row, subject, &found, &deleted, error);
	if (!err && deleted)
		return error_set_field(error, ERR_CONFLICT, "subject.uid",
				       "the subject %s was deleted; give the uid of one that is there",
				       subject->uid);
	if (err || found)
		return err;
	columns_init(&subject_record_columns, &record);
	record.subject = *subject;
	record.merchant_row = merchant_row;
	record.level_brought = subject->level;
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
	return row_update(store, &rows[UPDATE], record->subject.row, record, error);
}

enum err store_subject_set_level(struct store *store, int64_t subject_row, const char *level, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[SET_LEVEL], &query, error);
	if (err)
		return err;
	query_int(query, 1, subject_row);
	query_text(query, 2, level);
	return query_run(query, error);
}

enum err store_subject_level_brought(struct store *store, struct arena *arena, int64_t subject, const char **level,
				     struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	*level = "";
	enum err err = db_query(store->db, &statements[LEVEL_BROUGHT], &query, error);
	if (err)
		return err;
	query_int(query, 1, subject);
	err = query_next(query, &found, error);
	if (!err && found)
		*level = row_text(query, 0, arena);
	query_end(query);
	return err;
}

enum err store_subject_load(struct store *store, struct arena *arena, int64_t row, struct subject_record *out,
			    struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	enum err err = row_query(store, &rows[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, row);
	err = query_next(query, &found, error);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "There is no such subject any more");
	if (!err)
		err = row_read(store, query, &rows[LOAD], arena, out, error);
	query_end(query);
	return err;
}

enum err store_subject_by_uid(struct store *store, int64_t merchant_row, const char *uid, int64_t *row,
			      struct error *error)
{
	struct subject subject = { .uid = uid };
	bool found = false;
	bool deleted;
	*row = 0;
	enum err err = find(store, merchant_row, &subject, &found, &deleted, error);
	if (!err && found)
		*row = subject.row;
	return err;
}

/* How many have it; *row is the first. Ends the query. */
static enum err count_found(struct query *query, const char *uid, int64_t *row, size_t *count, struct strbuf *list,
			    struct error *error)
{
	bool found = false;
	enum err err;
	while (!(err = query_next(query, &found, error)) && found) {
		if (!(*count)++)
			*row = row_int(query, 0);
		strbuf_addf(list, "%s%s/%s", list->len ? ", " : "", row_view(query, 1), uid);
	}
	query_end(query);
	return err;
}

static enum err find_of_merchant(struct store *store, const char *reference, int64_t *row, size_t *count,
				 struct strbuf *list, struct error *error)
{
	enum err err = ERR_OK;
	/* Both names may hold strokes. */
	for (const char *slash = reference; !err && (slash = strchr(slash, '/')); slash++) {
		struct query *query = NULL;
		err = db_query(store->db, &statements[BY_MERCHANT_UID], &query, error);
		if (err)
			break;
		char *merchant = xstrndup(reference, (size_t)(slash - reference));
		query_text(query, 1, merchant);
		query_text(query, 2, slash + 1);
		err = count_found(query, slash + 1, row, count, list, error);
		free(merchant);
	}
	return err;
}

enum err store_subject_find(struct store *store, const char *reference, int64_t *row, struct error *error)
{
	struct strbuf list = STRBUF_INIT;
	struct query *query = NULL;
	size_t count = 0;
	*row = 0;
	enum err err = find_of_merchant(store, reference, row, &count, &list, error);
	if (!err && !count) {
		err = db_query(store->db, &statements[BY_UID], &query, error);
		if (!err) {
			query_text(query, 1, reference);
			err = count_found(query, reference, row, &count, &list, error);
		}
	}
	if (!err && !count)
		err = error_set(error, ERR_NOT_FOUND,
				"There is no subject \"%s\"; those there are: kybdesk subject list", reference);
	if (!err && count > 1) {
		*row = 0;
		err = error_set(error, ERR_USAGE, "Several merchants have a subject \"%s\": %s; give one of these",
				reference, list.buf);
	}
	strbuf_release(&list);
	return err;
}

static enum err read_records(struct store *store, struct arena *arena, struct query *query,
			     const struct row_sql *sql, struct subject_record **items, size_t *count,
			     struct error *error)
{
	size_t capacity = 0;
	bool row = false;
	enum err err = ERR_OK;
	while (!err && !(err = query_next(query, &row, error)) && row)
		err = row_read(store, query, sql, arena, ARENA_PUSH(arena, *items, *count, capacity), error);
	query_end(query);
	return err;
}

enum err store_subject_list(struct store *store, struct arena *arena, const char *merchant, int64_t after_row,
			    size_t limit, struct subject_record **items, size_t *count, struct error *error)
{
	const struct row_sql *sql = &rows[*merchant ? LIST_OF_MERCHANT : LIST];
	struct query *query = NULL;
	*items = NULL;
	*count = 0;
	enum err err = row_query(store, sql, &query, error);
	if (err)
		return err;
	query_int(query, 1, after_row);
	query_int(query, 2, (int64_t)limit);
	if (*merchant)
		query_text(query, 3, merchant);
	return read_records(store, arena, query, sql, items, count, error);
}

enum err store_subject_owners(struct store *store, struct arena *arena, int64_t business,
			      struct subject_record **items, size_t *count, struct error *error)
{
	struct query *query = NULL;
	*items = NULL;
	*count = 0;
	enum err err = row_query(store, &rows[OWNERS], &query, error);
	if (err)
		return err;
	query_int(query, 1, business);
	return read_records(store, arena, query, &rows[OWNERS], items, count, error);
}

enum err store_subject_sessions(struct store *store, struct arena *arena, int64_t subject,
				struct subject_session **items, size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	*items = NULL;
	*count = 0;
	enum err err = db_query(store->db, &statements[SESSIONS], &query, error);
	if (err)
		return err;
	query_int(query, 1, subject);
	while (!err && !(err = query_next(query, &row, error)) && row) {
		struct subject_session *item = ARENA_PUSH(arena, *items, *count, capacity);
		*item = (struct subject_session){ .row = row_int(query, S_ROW),
						  .id = row_text(query, S_ID, arena),
						  .external_ref = row_text(query, S_REF, arena),
						  .workflow = row_text(query, S_WORKFLOW, arena),
						  .parent_id = row_text(query, S_PARENT, arena),
						  .created_at = row_time(query, S_CREATED_AT),
						  .decided_at = row_time(query, S_DECIDED_AT) };
		if (!session_status_parse(row_view(query, S_STATUS), &item->status))
			err = row_damaged(store, "session", item->row, "status", error);
	}
	query_end(query);
	return err;
}
