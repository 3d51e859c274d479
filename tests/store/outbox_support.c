#include "store/outbox_support.h"

void outbox_pass_until(struct outbox *o, int64_t now)
{
	o->f.world.boot_ms = HOUR + now - o->step - TEST_NOW;
}

int64_t outbox_add_endpoint(struct fixture *f, const char *url, const char *event)
{
	const char *events[] = { event };
	struct endpoint endpoint = { .id = new_id(f),
				     .merchant = "northwind-pay",
				     .url = url,
				     .events = events,
				     .event_count = 1,
				     .created_at = TEST_NOW };

	WRITE(f, store_endpoint_write(f->store, &endpoint, "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", &f->error));
	return endpoint.row;
}

void outbox_init(struct outbox *o)
{
	o->step = 0;
	fixture_init(&o->f);
	session_add(&o->f, &o->session, "Harbour Lane Trading Ltd");
	o->endpoint = outbox_add_endpoint(&o->f, "https://one.example/hook", "*");
}

int64_t outbox_add_event(struct outbox *o, int64_t session, int64_t decision, int64_t due_at)
{
	static const char body[] = "{\"type\":\"kyc.state_updated\"}";

	fixture_begin(&o->f);
	struct new_event event = { .session_row = session,
				   .merchant_row = o->f.merchant,
				   .decision_row = decision,
				   .type = "kyc.state_updated",
				   .sequence = 1,
				   .body = body,
				   .length = sizeof body - 1,
				   .now = TEST_NOW,
				   .due_at = due_at };
	OK(&o->f, store_event_insert(o->f.store, &event, &o->f.error));
	fixture_commit(&o->f);
	return event.deliveries;
}

int64_t outbox_add_decision(struct outbox *o, int64_t number)
{
	shell_run(o->f.path, arena_printf(&o->f.arena,
					  "INSERT INTO decision (id, session_id, number, kind, decided_by, role, "
					  "decided_at) VALUES (%lld, %lld, %lld, 'approve', 'ines', 'lead', 0)",
					  (long long)number, (long long)o->session.row, (long long)number));
	return number;
}

enum err outbox_settle_results(struct store *store, const char *owner, const struct delivery_result *results,
			       size_t count, struct error *error)
{
	struct settlement_and_lease trade = { results, count, { .owner = owner, .now = TEST_NOW } };

	return store_delivery_settle_and_lease(store, NULL, &trade, error);
}

enum err outbox_lease_due(struct store *store, struct arena *arena, struct delivery_lease *lease, struct error *error)
{
	struct settlement_and_lease trade = { .lease = *lease };
	enum err err = store_delivery_settle_and_lease(store, arena, &trade, error);

	*lease = trade.lease;
	return err;
}

size_t outbox_lease(struct outbox *o, const char *owner, int64_t now, size_t limit, size_t per_endpoint,
		    struct delivery_job **jobs)
{
	struct delivery_scan scan = { 0 };
	struct delivery_lease taken = { .owner = owner,
					.scan = &scan,
					.now = now,
					.lease_ms = LEASE_MS,
					.limit = limit,
					.per_endpoint_max = per_endpoint };

	outbox_pass_until(o, now);
	OK(&o->f, outbox_lease_due(o->f.store, &o->f.arena, &taken, &o->f.error));
	delivery_scan_release(&scan);
	*jobs = taken.jobs;
	return taken.count;
}

void outbox_settle(struct outbox *o, const char *owner, const struct delivery_job *job, enum delivery_outcome outcome,
		   int64_t next_at, int64_t now)
{
	struct delivery_result result = {
		.row = job->row,
		.endpoint = job->endpoint,
		.outcome = outcome,
		.wait_ms = outcome == OUTCOME_RETRY ? next_at - now : 0,
		.note = outcome == OUTCOME_DELIVERED ? "" : "HTTP 500",
		.attempt = { .started_at = now,
			     .duration_ms = 12,
			     .status = outcome == OUTCOME_DELIVERED ? 200 : 500,
			     .failure = "",
			     .response = "thanks" },
	};

	struct settlement_and_lease trade = { &result, 1, { .owner = owner, .now = now } };

	OK(&o->f, store_delivery_settle_and_lease(o->f.store, NULL, &trade, &o->f.error));
}

struct delivery_item *outbox_list(struct outbox *o, int64_t now, unsigned states, size_t *count)
{
	struct delivery_filter filter = {
		.session_id = "", .merchant = "", .states = states, .limit = 1000, .now = now
	};
	struct delivery_list found;

	outbox_pass_until(o, now);
	OK(&o->f, store_delivery_list(o->f.store, &o->f.arena, &filter, &found, &o->f.error));
	*count = found.count;
	return found.items;
}

enum delivery_state outbox_newest_state(struct outbox *o, int64_t now)
{
	size_t count;
	struct delivery_item *items = outbox_list(o, now, 0, &count);

	cr_assert_gt(count, 0);
	return items[0].state;
}

int64_t outbox_next_at(struct outbox *o, int64_t now, int64_t behind)
{
	int64_t at;

	OK(&o->f, store_delivery_next_due(o->f.store, now, behind, &at, &o->f.error));
	return at;
}
