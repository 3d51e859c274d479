/* A merchant's users: the level belongs to them, not to a session. */
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/session.h"

enum { FIND, NEXT_KYB_ID, INSERT, SET_LEVEL };
static const struct sql statements[] = {
	[FIND] = { "subject.find", "SELECT id, level, kyb_id FROM subject WHERE merchant_id = $1 AND uid = $2" },
	[NEXT_KYB_ID] = { "subject.next_kyb_id", "SELECT kyb_id + 1 FROM subject WHERE kyb_id > 0 "
						 "ORDER BY kyb_id DESC LIMIT 1" },
	[INSERT] = { "subject.insert", "INSERT INTO subject (merchant_id, uid, kind, level, kyb_id, created_at) "
				       "VALUES ($1, $2, $3, $4, $5, $6)" },
	[SET_LEVEL] = { "subject.set_level", "UPDATE subject SET level = $2 WHERE id = $1" },
};
const struct sql_list subject_sql = SQL_LIST(statements);

static enum err find(struct store *store, int64_t merchant, struct subject *subject, bool *found,
		     struct error *error)
{
	struct query *query = NULL;
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
	*exists = false;
	return find(store, merchant_row, &subject, exists, error);
}

enum err store_subject_put(struct store *store, int64_t merchant_row, struct subject *subject, struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	int64_t kyb_id = 0;
	if (!subject->uid || !*subject->uid)
		return error_set_field(error, ERR_INVALID, "subject.uid", "the subject's uid is empty");
	enum err err = find(store, merchant_row, subject, &found, error);
	if (err || found)
		return err;
	if (subject->kind == SUBJECT_BUSINESS)
		err = next_kyb_id(store, &kyb_id, error);
	if (!err)
		err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	query_int(query, 1, merchant_row);
	query_text(query, 2, subject->uid);
	query_text(query, 3, subject_kind_text(subject->kind));
	query_text(query, 4, subject->level);
	query_int(query, 5, kyb_id);
	query_int(query, 6, world_now_ms(store->world));
	err = query_run(query, error);
	if (!err) {
		subject->row = store->db->driver->last_row(store->db);
		subject->kyb_id = kyb_id;
	}
	return err;
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
