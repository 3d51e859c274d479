#include "kybdesk/store/measures.h"
#include "kybdesk/store/list.h"
#include "statements.h"

STATEMENT(sql_oldest_due, "measures.oldest_due",
	  "SELECT due_at FROM session WHERE compliance_status = $1 AND top = 1 ORDER BY due_key LIMIT 1");
STATEMENT(sql_deliveries, "measures.deliveries", "SELECT state, deliveries FROM delivery_count");
STATEMENT(sql_oldest_delivery, "measures.oldest_delivery",
	  "SELECT min(next_at) FROM delivery WHERE state IN ('pending', 'leased')");
STATEMENT(sql_waits, "measures.waits", "SELECT most_ms, decisions, waited_ms FROM decision_wait ORDER BY most_ms");

static enum err measure_due(struct store *store, struct measures *out, struct error *error)
{
	enum err err = ERR_OK;

	for (unsigned i = 0; i < INBOX_COUNT; i++)
		out->oldest_due[i] = TIME_NONE;
	for (unsigned i = 0; !err && i < INBOX_COUNT; i++) {
		/* Decided cases are left out: they keep their due time, but are not overdue. */
		if (i != INBOX_APPROVED && i != INBOX_REJECTED)
			err = db_moment(store->db, &sql_oldest_due, PARAMS(db_text(inbox_text((enum inbox)i))),
					&out->oldest_due[i], error);
	}
	return err;
}

static enum err measure_deliveries(struct store *store, struct arena *arena, struct measures *out,
				   struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &sql_deliveries, &query, error);

	while (out->delivery_states < DELIVERY_STATE_COUNT && query_row(&query, &err, error)) {
		out->deliveries[out->delivery_states].state = row_text(query, 0, arena);
		out->deliveries[out->delivery_states++].count = row_int(query, 1);
	}
	query_end(query);
	return err ? err : db_moment(store->db, &sql_oldest_delivery, NULL, &out->oldest_delivery, error);
}

static enum err measure_waits(struct store *store, struct measures *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &sql_waits, &query, error);

	while (out->wait_count < WAIT_BUCKETS_MAX && query_row(&query, &err, error)) {
		out->waits[out->wait_count].most_ms = row_int(query, 0);
		out->waits[out->wait_count++].decisions = row_int(query, 1);
		out->waited_ms += row_int(query, 2);
	}
	query_end(query);
	return err;
}

enum err store_measure(struct store *store, struct arena *arena, struct measures *out, struct error *error)
{
	enum err err;

	*out = (struct measures){ .oldest_delivery = TIME_NONE };
	err = store->db->driver->get_schema_version(store->db, &out->schema_version, error);
	if (!err)
		err = store_inbox_counts(store, out->cases, error);
	if (!err)
		err = measure_due(store, out, error);
	if (!err)
		err = measure_deliveries(store, arena, out, error);
	return err ? err : measure_waits(store, out, error);
}
