#include "kybdesk/store/person.h"
#include "columns.h"

#define AT_ONCE 500

STATEMENT(sql_subjects, "person.subjects",
	  "SELECT id, '', name, date_of_birth, country, tax_id, email, 0, 0 FROM subject WHERE id > $1 AND kind = "
	  "'individual' ORDER BY id LIMIT $2");
STATEMENT(sql_parties, "person.parties",
	  "SELECT id, uuid, name, date_of_birth, country, tax_id, email, session_id, coalesce(subsession_id, 0) "
	  "FROM party WHERE id > $1 AND kind = 'individual' ORDER BY id LIMIT $2");
enum { ROW_ID, ID, NAME, BORN, COUNTRY, TAX_ID, EMAIL, SESSION, SUBSESSION };

struct page {
	struct person_occurrence *items;
	size_t count, capacity;
};

static enum err read_page(struct store *store, struct arena *arena, bool parties, int64_t after, struct page *out,
			  struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, parties ? &sql_parties : &sql_subjects,
				 PARAMS(db_int(after), db_int(AT_ONCE)), &query, error);

	while (query_fetch_row(&query, &err, error))
		*ARENA_PUSH(arena, out->items, out->count, out->capacity) =
			(struct person_occurrence){ .row = row_int(query, ROW_ID),
						    .is_party = parties,
						    .id = row_text(query, ID, arena),
						    .name = row_text(query, NAME, arena),
						    .date_of_birth = row_text(query, BORN, arena),
						    .country = row_text(query, COUNTRY, arena),
						    .tax_id = row_text(query, TAX_ID, arena),
						    .email = row_text(query, EMAIL, arena),
						    .session = row_int(query, SESSION),
						    .subsession = row_int(query, SUBSESSION) };
	return err;
}

enum err store_person_scan(struct store *store, const struct person_scan *scan, struct error *error)
{
	enum err err = ERR_OK;

	for (int parties = 0; !err && parties <= 1; parties++) {
		size_t count = AT_ONCE;

		for (int64_t after = 0; !err && count == AT_ONCE;) {
			struct arena arena = ARENA_INIT;
			struct page page = { 0 };

			err = read_page(store, &arena, parties, after, &page, error);
			count = page.count;
			for (size_t i = 0; !err && i < page.count; i++)
				err = scan->each(scan->context, &page.items[i], error);
			after = count ? page.items[count - 1].row : after;
			arena_release(&arena);
		}
	}
	return err;
}
