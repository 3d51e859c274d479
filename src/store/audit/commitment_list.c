#include "audit/commitment_list.h"
#include "columns.h"

#include <string.h>

#define PAGE 5000
STATEMENT(sql_from, "commitment.page",
	  "SELECT id, seq, name, key, hash, owner FROM row_commitment WHERE id >= $1 ORDER BY id LIMIT $2");
STATEMENT(sql_owned, "commitment.page_owned",
	  "SELECT id, seq, name, key, hash, owner FROM row_commitment WHERE owner = $3 AND id >= $1 ORDER BY id "
	  "LIMIT $2");

void commitment_list_begin(struct commitment_list *list, struct store *store)
{
	*list = (struct commitment_list){
		.store = store, .owner = NO_OWNER, .hasher = { .store = store }, .next_id = INT64_MIN, .expected_id = 1
	};
}

void commitment_list_end(struct commitment_list *list)
{
	row_hasher_release(&list->hasher);
	arena_release(&list->arena);
}

static void read_item(struct commitment_list *list, const struct query *query, struct commitment_item *out)
{
	struct db_value hash = row_value(query, 4);

	*out = (struct commitment_item){ .id = row_int(query, 0),
					 .seq = row_int(query, 1),
					 .key = row_int(query, 3),
					 .owner = row_is_null(query, 5) ? NO_OWNER : row_int(query, 5),
					 .table = row_text(query, 2, &list->arena),
					 .hash = arena_memdup(&list->arena, hash.bytes, hash.length),
					 .length = hash.length,
					 .has_expected_types =
						 hash.type == 'b' && (hash.length == 0 || hash.length == SHA256_SIZE) };
	out->has_expected_types = out->has_expected_types && row_value(query, 2).type == 't' &&
				  row_value(query, 3).type == 'i' && row_value(query, 1).type == 'i';
}

static enum err read_page(struct commitment_list *list, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool owned = list->owner != NO_OWNER;
	enum err err = db_select(list->store->db, owned ? &sql_owned : &sql_from,
				 PARAMS(db_int(list->next_id), db_int(PAGE)), &query, error);

	if (!err && owned)
		query_bind_int(query, 3, list->owner);

	arena_reset(&list->arena);
	list->items = NULL;
	list->count = list->at = 0;
	while (query_fetch_row(&query, &err, error))
		read_item(list, query, ARENA_PUSH(&list->arena, list->items, list->count, capacity));
	list->is_last_page = list->count < PAGE;
	if (list->count && list->items[list->count - 1].id < INT64_MAX)
		list->next_id = list->items[list->count - 1].id + 1;
	else
		list->is_last_page = true;
	return err;
}

static enum err peek_item(struct commitment_list *list, const struct commitment_item **item, struct error *error)
{
	enum err err = ERR_OK;

	if (list->at == list->count && !list->is_last_page)
		err = read_page(list, error);
	*item = !err && list->at < list->count ? &list->items[list->at] : NULL;
	return err;
}

enum err commitment_list_next(struct commitment_list *list, const struct commitment_item **item, struct error *error)
{
	enum err err = peek_item(list, item, error);

	if (*item)
		list->at++;
	return err;
}

bool commitment_list_has_more(const struct commitment_list *list)
{
	return list->at < list->count;
}

enum err commitment_list_hash(struct commitment_list *list, int64_t seq, struct commitment_list_hash *out,
			      struct error *error)
{
	const struct commitment_item *item;
	bool broken = false;
	enum err err = peek_item(list, &item, error);

	*out = (struct commitment_list_hash){ 0 };
	while (!err && item && item->seq <= seq) {
		const struct row_entry entry = {
			.table = item->table, .key = item->key, .hash = item->hash, .length = item->length
		};

		broken = broken || item->seq < seq || !item->has_expected_types || item->id != list->expected_id++;
		row_chain_extend(&list->hasher, &entry, &out->has_rows_hash, out->hash);
		list->at++;
		err = peek_item(list, &item, error);
	}
	if (broken) { /* a commitment is missing, repeated or invalid: the hash must differ from every record's hash */
		out->has_rows_hash = true;
		memset(out->hash, 0, sizeof out->hash);
	}
	return err;
}
