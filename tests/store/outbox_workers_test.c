/* Several processes that lease deliveries at once. */
#include "store/outbox_support.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* A barrier for children: each reports, and all continue when the parent closes its end. */
struct gate {
	int there[2], open[2];
};

static void wait_for_the_others(const struct gate *gate)
{
	char byte = 0;

	(void)close(gate->open[1]);
	if (write(gate->there[1], &byte, 1) != 1)
		_exit(3);
	(void)close(gate->there[1]);
	while (read(gate->open[0], &byte, 1) > 0)
		;
}

/* Opens the gate when each child has reported or ended; if one has ended without a report, the test fails. */
static void open_for(const struct gate *gate, unsigned count)
{
	char byte;

	(void)close(gate->there[1]);
	while (count && read(gate->there[0], &byte, 1) == 1)
		count--;
	(void)close(gate->open[1]);
	(void)close(gate->open[0]);
	(void)close(gate->there[0]);
	cr_expect_eq(count, 0, "a worker ended before it had anything");
}

/* Runs in a child. Opens its own connection, and ends with _exit(), which leaves the parent's connection alone. With a
 * gate, the child waits there when it has its first leases. */
static void work_until_nothing_is_left(struct fixture *f, unsigned number, const struct gate *gate)
{
	struct store *store = fixture_connect(f, 20000);
	struct delivery_scan scan = { 0 };
	char owner[32];

	snprintf(owner, sizeof owner, "worker-%u", number);
	for (;;) {
		struct arena arena = ARENA_INIT;
		struct delivery_result results[16];
		struct delivery_lease taken = { .owner = owner,
						.scan = &scan,
						.now = TEST_NOW,
						.lease_ms = LEASE_MS,
						.limit = 5,
						.per_endpoint_max = 100 };
		struct delivery_job *jobs;
		struct error error = { 0 };
		size_t count;
		int64_t pending, dead;

		/* Restarts the scan, since another process may have changed deliveries. */
		scan.generation++;
		if (outbox_lease_due(store, &arena, &taken, &error)) {
			fprintf(stderr, "%s: %s\n", owner, error.message);
			_exit(1);
		}
		jobs = taken.jobs;
		count = taken.count;
		if (gate && count) {
			wait_for_the_others(gate);
			gate = NULL;
		}
		for (size_t i = 0; i < count; i++)
			results[i] = (struct delivery_result){
				.row = jobs[i].row,
				.endpoint = jobs[i].endpoint,
				.outcome = OUTCOME_DELIVERED,
				.note = "",
				.attempt = { .started_at = TEST_NOW, .status = 200, .failure = owner, .response = "" }
			};
		if (count && outbox_settle_results(store, owner, results, count, &error))
			_exit(2);
		if (!count && (store_delivery_totals(store, &pending, &dead, &error) || !pending))
			_exit(0);
		arena_release(&arena);
	}
}

static void expect_children_well(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		int status;

		cr_assert_gt(wait(&status), 0);
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a worker ended with %x", (unsigned)status);
	}
}

Test(outbox, four_workers_send_each_delivery_once_and_in_order)
{
	struct outbox o;
	struct gate gate;
	enum { SESSIONS = 20, EVENTS = 10 };

	outbox_init(&o);
	(void)outbox_add_endpoint(&o.f, "https://two.example/hook", "*");
	for (int i = 0; i < SESSIONS; i++) {
		struct session session = session_added(&o.f, "Lane Holdings");

		for (int j = 0; j < EVENTS; j++)
			outbox_add_event(&o, session.row, 0, TEST_NOW - j);
	}
	cr_assert(pipe(gate.there) == 0 && pipe(gate.open) == 0);
	for (unsigned i = 0; i < 4; i++) {
		pid_t child = fork();

		cr_assert_geq(child, 0);
		if (child == 0)
			work_until_nothing_is_left(&o.f, i, &gate);
	}
	open_for(&gate, 4);
	expect_children_well(4);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery WHERE state = 'delivered' AND attempts = 1"),
		     SESSIONS * EVENTS * 2);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery_attempt"), SESSIONS * EVENTS * 2);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery_attempt GROUP BY delivery_id "
				     "ORDER BY count(*) DESC LIMIT 1"),
		     1);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery AS a JOIN delivery AS b ON "
				     "a.session_id = b.session_id AND a.endpoint_id = b.endpoint_id AND "
				     "a.event_id < b.event_id JOIN delivery_attempt AS x ON x.delivery_id = a.id "
				     "JOIN delivery_attempt AS y ON y.delivery_id = b.id WHERE x.id > y.id"),
		     0, "a later event was sent before an earlier one");
	cr_expect_eq(number_of(&o.f, "SELECT count(DISTINCT failure) FROM delivery_attempt"), 4,
		     "not all of them worked");
	fixture_release(&o.f);
}

Test(outbox, an_undo_and_a_worker_never_both_have_a_delivery)
{
	struct outbox o;
	enum { DECISIONS = 150 };
	int64_t undone = 0;

	outbox_init(&o);
	for (int i = 1; i <= DECISIONS; i++) {
		struct session session = session_added(&o.f, "Lane Holdings");

		outbox_add_event(&o, session.row, outbox_add_decision(&o, i), TEST_NOW);
	}
	if (fork() == 0)
		work_until_nothing_is_left(&o.f, 0, NULL);
	for (int i = DECISIONS; i >= 1; i--) {
		enum err err;

		fixture_begin(&o.f);
		err = store_event_cancel(o.f.store, i, "undone", TEST_NOW, &o.f.error);
		if (err == ERR_OK) {
			fixture_commit(&o.f);
			undone++;
		} else {
			cr_assert_eq(err, ERR_CONFLICT);
			store_rollback(o.f.store);
		}
	}
	expect_children_well(1);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery WHERE state = 'cancelled'"), undone);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery WHERE state = 'delivered'"), DECISIONS - undone);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery JOIN delivery_attempt ON delivery_id = delivery.id "
				     "WHERE state = 'cancelled'"),
		     0);
	fixture_release(&o.f);
}
