/* Records the results of attempts: the delivery's state, the log, and the endpoint's health. After several failures
 * in a row, an endpoint is held back, longer each time, to save attempts while a receiver is down. Five days with
 * only failures, or a response 410, disable the endpoint. */
#include "outbox_rows.h"
#include "columns.h"
#include "kybdesk/store/audit.h"

#include <string.h>

#define FAILING_MAX_MS (INT64_C(5) * 24 * 3600 * 1000)
#define RESPONSE_KEPT_BYTES 4096
/* The longest wait before a retry (webhook/deliver.h): failures further apart do not belong to one series. */
#define FAILING_GAP_MS (INT64_C(2) * 24 * 3600 * 1000)

/* A result that arrives after the end of its lease still counts, unless another worker has leased the delivery
 * meanwhile. */
STATEMENT(sql_row, "settle.row",
	  "UPDATE delivery SET state = $3, note = $4, attempts = attempts + 1, next_at = coalesce($5, next_at), "
	  "set_at = coalesce($7, set_at), finished_at = $6, lease_owner = '', lease_boot = '', lease_boot_ms = "
	  "NULL, lease_until = NULL WHERE id = $1 AND state IN ('leased', 'pending') AND lease_owner = $2");
STATEMENT(sql_attempt, "settle.attempt",
	  "INSERT INTO delivery_attempt (delivery_id, number, started_at, duration_ms, status, failure, response) "
	  "VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM delivery_attempt WHERE delivery_id = $1), $2, $3, "
	  "$4, $5, $6)");
STATEMENT(sql_works, "settle.works",
	  "UPDATE endpoint SET failing_since = NULL, failures = 0, holds = 0, held_until = NULL WHERE id = $1 AND "
	  "failing_since IS NOT NULL");
/* A clock that was set forward must not turn one failure into five days of failures: failing_since restarts. */
STATEMENT(sql_fails, "settle.fails",
	  "UPDATE endpoint SET failing_since = CASE WHEN failing_since <= $2 AND failing_seen BETWEEN $2 - $3 AND "
	  "$2 THEN failing_since ELSE $2 END, failing_seen = $2, failures = failures + 1 WHERE id = $1");
/* After BREAKER_FAILURES failures, holds the endpoint back: for 30 s at first, then for twice as long each time, up to
 * BREAKER_MAX_MS. Failures during a hold (deliveries that were in flight together) do not set another hold. */
STATEMENT(sql_hold, "settle.hold",
	  "UPDATE endpoint SET held_until = $2 + {least {shifted 30000, {least holds, 10}}, " BREAKER_MAX_MS
	  "}, holds = holds + 1 WHERE id = $1 AND failures >= " BREAKER_FAILURES
	  " AND (held_until IS NULL OR held_until <= $2 OR held_until > $2 + " BREAKER_MAX_MS ")");
STATEMENT(sql_endpoint, "settle.endpoint",
	  "SELECT disabled_at, disabled_reason, failing_since, uuid FROM endpoint WHERE id = $1");
STATEMENT(sql_itself, "settle.itself", "UPDATE endpoint SET disabled_itself = 1 WHERE id = $1");

static enum err record_attempt(struct store *store, const struct delivery_result *result, struct error *error)
{
	const struct delivery_attempt *attempt = &result->attempt;
	const char *response = attempt->response ? attempt->response : "";
	return db_run(store->db, &sql_attempt,
		      PARAMS(db_int(result->row), db_int(attempt->started_at), db_int(attempt->duration_ms),
			     db_int(attempt->status), db_text(attempt->failure),
			     db_blob(response, strnlen(response, RESPONSE_KEPT_BYTES))),
		      error);
}

static const char *state_of_outcome(enum delivery_outcome outcome)
{
	switch (outcome) {
	case OUTCOME_DELIVERED:
		return "delivered";
	case OUTCOME_RETRY:
	case OUTCOME_BROKEN_OFF:
		return "pending";
	case OUTCOME_DEAD:
	case OUTCOME_ENDPOINT_GONE:
		return "dead";
	}
	BUG("%u is not an outcome", (unsigned)outcome);
}

static enum err settle_delivery(struct store *store, const char *owner, const struct delivery_result *result,
				int64_t now, struct error *error)
{
	bool again = result->outcome == OUTCOME_RETRY || result->outcome == OUTCOME_BROKEN_OFF;
	return db_run(store->db, &sql_row,
		      PARAMS(db_int(result->row), db_text(owner), db_text(state_of_outcome(result->outcome)),
			     db_text(result->outcome == OUTCOME_DELIVERED ? "" : result->note),
			     db_time(again ? time_plus_span(now, result->wait_ms) : TIME_NONE),
			     db_time(again ? TIME_NONE : now), db_time(again ? now : TIME_NONE)),
		      error);
}

/* The audit log names the system, because no person disables the endpoint. */
static enum err disable_failing_endpoint(struct store *store, int64_t endpoint, const char *id, const char *reason,
					 int64_t now, struct error *error)
{
	struct strbuf detail = STRBUF_INIT;
	struct audit_event event = {
		.at = now, .actor = "system", .role = "system", .action = "endpoint.disable", .session_id = ""
	};
	enum err err = store_endpoint_set_state(
		store, &(struct endpoint_switch){ ENDPOINT_DISABLE, endpoint, reason, now, 0 }, error);

	if (!err)
		err = db_run(store->db, &sql_itself, PARAMS(db_int(endpoint)), error);
	strbuf_addf(&detail, "{\"endpoint\":\"%s\",\"reason\":\"%s\"}", id, reason);
	event.detail = detail.buf;
	if (!err)
		err = store_audit_append(store, &event, error);
	strbuf_release(&detail);
	return err;
}

struct endpoint_row {
	bool disabled;
	const char *reason, *id;
	int64_t failing_since;
};

static enum err read_endpoint_row(struct store *store, struct arena *arena, int64_t endpoint, struct endpoint_row *out,
				  struct error *error)
{
	struct query *query = NULL;
	*out = (struct endpoint_row){ .reason = "", .id = "", .failing_since = TIME_NONE };
	enum err err = db_select(store->db, &sql_endpoint, PARAMS(db_int(endpoint)), &query, error);

	if (query_fetch_row(&query, &err, error))
		*out = (struct endpoint_row){ .disabled = !row_is_null(query, 0),
					      .reason = row_text(query, 1, arena),
					      .failing_since = row_time(query, 2),
					      .id = row_text(query, 3, arena) };
	query_end(query);
	return err;
}

/* Disables an endpoint after five days with only failures; its pending deliveries become unsent. */
static enum err record_failure(struct store *store, const struct delivery_result *result, int64_t now,
			       struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct endpoint_row endpoint;
	int64_t row = result->endpoint;
	enum err err = db_run(store->db, &sql_fails, PARAMS(db_int(row), db_int(now), db_int(FAILING_GAP_MS)), error);
	if (!err)
		err = db_run(store->db, &sql_hold, PARAMS(db_int(row), db_int(now)), error);
	if (!err)
		err = read_endpoint_row(store, &arena, row, &endpoint, error);
	if (!err && endpoint.disabled)
		err = outbox_mark_unsent(store, row, endpoint.reason, now, error);
	else if (!err && result->outcome == OUTCOME_ENDPOINT_GONE)
		err = disable_failing_endpoint(store, row, endpoint.id, "the receiver answered 410 Gone", now, error);
	else if (!err && endpoint.failing_since != TIME_NONE && now - endpoint.failing_since >= FAILING_MAX_MS)
		err = disable_failing_endpoint(store, row, endpoint.id, "all deliveries failed for five days", now,
					       error);
	arena_release(&arena);
	return err;
}

/* Whether the endpoint's previous result in this batch was also OUTCOME_DELIVERED, so that the endpoint's health is
 * recorded already. */
static bool has_earlier_result(const struct settlement_and_lease *results, size_t at)
{
	for (size_t before = at; before-- > 0;)
		if (results->results[before].endpoint == results->results[at].endpoint)
			return results->results[before].outcome == OUTCOME_DELIVERED;
	return false;
}

static enum err update_endpoint(struct store *store, const struct settlement_and_lease *results, size_t at, int64_t now,
				struct error *error)
{
	const struct delivery_result *result = &results->results[at];

	switch (result->outcome) {
	case OUTCOME_DELIVERED:
		return has_earlier_result(results, at)
			       ? ERR_OK
			       : db_run(store->db, &sql_works, PARAMS(db_int(result->endpoint)), error);
	case OUTCOME_RETRY:
	case OUTCOME_DEAD:
	case OUTCOME_ENDPOINT_GONE:
		return record_failure(store, result, now, error);
	case OUTCOME_BROKEN_OFF:
		return ERR_OK;
	}
	BUG("%u is not an outcome", (unsigned)result->outcome);
}

enum err settle_all_results(struct store *store, const char *owner, const struct settlement_and_lease *results,
			    int64_t now, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < results->count; i++) {
		err = settle_delivery(store, owner, &results->results[i], now, error);
		if (!err)
			err = record_attempt(store, &results->results[i], error);
		if (!err)
			err = update_endpoint(store, results, i, now, error);
	}
	return err;
}
