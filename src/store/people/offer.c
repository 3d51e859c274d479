#include "kybdesk/store/offer.h"
#include "rows.h"
#include "statements.h"

enum { FIND, PUT, END, LIST };
enum column { COLUMN_ROW, COLUMN_WORD, COLUMN_PART, COLUMN_CHANGE, COLUMN_BY, COLUMN_AT, COLUMN_ADMINS };
#define COLUMNS "id, word, part, change, offered_by, offered_at, admins"
static const struct sql statements[] = {
	[FIND] = { "offer.find", "SELECT " COLUMNS " FROM offer WHERE word = $1 AND part = $2" },
	[PUT] = { "offer.put", "INSERT INTO offer (word, part, change, offered_by, offered_at, admins) "
			       "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (word, part) DO UPDATE SET "
			       "change = excluded.change, offered_by = excluded.offered_by, "
			       "offered_at = excluded.offered_at, admins = excluded.admins" },
	[END] = { "offer.end", "DELETE FROM offer WHERE id = $1" },
	[LIST] = { "offer.list", "SELECT " COLUMNS " FROM offer ORDER BY id" },
};
const struct sql_list offer_sql = SQL_LIST(statements);

static void read_row(const struct query *query, struct arena *arena, struct offer *out)
{
	*out = (struct offer){
		.row = row_int(query, COLUMN_ROW),
		.word = row_text(query, COLUMN_WORD, arena),
		.part = row_text(query, COLUMN_PART, arena),
		.change_json = row_text(query, COLUMN_CHANGE, arena),
		.by = row_text(query, COLUMN_BY, arena),
		.at = row_int(query, COLUMN_AT),
		.admins = row_int(query, COLUMN_ADMINS),
	};
}

enum err store_offer_find(struct store *store, struct arena *arena, const char *word, const char *part,
			  struct offer *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[FIND], PARAMS(db_text(word), db_text(part)), &query, error);

	*out = (struct offer){ 0 };
	if (query_row(query, &err, error))
		read_row(query, arena, out);
	query_end(query);
	return err;
}

enum err store_offer_put(struct store *store, const struct offer *offer, struct error *error)
{
	return db_run(store->db, &statements[PUT],
		      PARAMS(db_text(offer->word), db_text(offer->part), db_text(offer->change_json),
			     db_text(offer->by), db_int(offer->at), db_int(offer->admins)),
		      error);
}

enum err store_offer_end(struct store *store, int64_t row, struct error *error)
{
	return db_run(store->db, &statements[END], PARAMS(db_int(row)), error);
}

enum err store_offer_list(struct store *store, struct arena *arena, struct offers *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(store->db, &statements[LIST], NULL, &query, error);

	*out = (struct offers){ 0 };
	while (query_row(query, &err, error))
		read_row(query, arena, ARENA_PUSH(arena, out->items, out->count, capacity));
	query_end(query);
	return err;
}
