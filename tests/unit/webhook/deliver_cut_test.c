/*
 * Cuts the power before writes and syncs of a delivery worker, with none or some of the unsynced writes on the disk.
 * The store knows each sent event: no event overtakes another one of its session, no settled event is sent again, and
 * an unsettled event is sent again by a worker after the machine's next start. (tests/support/power_cut.h)
 */
#include "scene.h"
#include "kybdesk/base/strbuf.h"
#include "support/lossy_vfs.h"
#include "support/power_cut.h"
#include "support/tried.h"

#include <stdio.h>
#include <string.h>

#define SESSIONS 4
#define EVENTS 16
#define HOUR_MS INT64_C(3600000)

static struct power_cut cut;
static struct receiver *next_receiver; /* receives the requests after a power cut */
static int output;		       /* number of deliveries that the workers reported when they ended */
static int reported;		       /* at least this many different events were reported */

static const struct receiver_answer answers[] = { { .status = 204 }, { .status = 204 }, { .status = 500 },
						  { .status = 200 }, { .status = 200 }, { .status = 503 },
						  { .status = 204 } };
#define ANSWERS ((int)(sizeof answers / sizeof *answers))

static int requests_so_far(void)
{
	return (int)receiver_count(scene.receiver);
}

/* The number of the request's event; events are numbered from 1 in the order of their creation. */
static unsigned event_of(struct receiver *receiver, size_t request)
{
	unsigned number = 0;
	cr_assert_eq(sscanf(receiver_request(receiver, request)->body, "{\"n\":%u", &number), 1);
	cr_assert(number >= 1 && number <= EVENTS);
	return number;
}

static void must_be_none(const struct power_cut *at, const char *what, const char *sql)
{
	cr_assert_eq(power_cut_number(at, sql), 0, "event %u, seed %u: %s", at->events, at->seed, what);
}

static void what_went_out_is_known(const struct power_cut *at, int count)
{
	unsigned times[EVENTS + 1] = { 0 };
	struct strbuf seen = STRBUF_INIT, sql = STRBUF_INIT;
	for (int i = 0; i < count; i++)
		times[event_of(scene.receiver, (size_t)i)]++;
	strbuf_adds(&seen, "WITH seen (n, times) AS (VALUES (0, 0)");
	for (unsigned n = 1; n <= EVENTS; n++)
		if (times[n])
			strbuf_addf(&seen, ", (%u, %u)", n, times[n]);
	strbuf_adds(&seen, ") SELECT count(*) FROM seen JOIN outbox_event AS e ON e.sequence = seen.n "
			   "JOIN delivery AS d ON d.event_id = e.id ");
	strbuf_addf(&sql, "%s WHERE d.attempts + (d.state = 'leased') < seen.times", seen.buf);
	must_be_none(at, "it was sent, and nobody knows", sql.buf);
	strbuf_reset(&sql);
	strbuf_addf(&sql,
		    "%s JOIN delivery AS o ON o.session_id = d.session_id AND o.event_id < d.event_id WHERE "
		    "o.state <> 'delivered'",
		    seen.buf);
	must_be_none(at, "a later one was sent after it, and it comes again", sql.buf);
	strbuf_release(&sql);
	strbuf_release(&seen);
}

static void nothing_is_lost_or_out_of_order(const struct power_cut *at)
{
	must_be_none(at, "an event is gone",
		     "SELECT (SELECT count(*) FROM outbox_event) <> 16 OR (SELECT count(*) FROM delivery) <> 16");
	must_be_none(at, "attempts are missing or doubled",
		     "SELECT count(*) FROM delivery AS d WHERE attempts <> (SELECT count(DISTINCT number) FROM "
		     "delivery_attempt WHERE delivery_id = d.id) OR attempts <> (SELECT coalesce(max(number), 0) FROM "
		     "delivery_attempt WHERE delivery_id = d.id)");
	must_be_none(at, "attempts are out of order",
		     "SELECT count(*) FROM delivery_attempt AS a JOIN delivery_attempt AS b USING (delivery_id) WHERE "
		     "a.number < b.number AND a.started_at > b.started_at");
	must_be_none(at, "one is delivered that was not taken",
		     "SELECT count(*) FROM delivery AS d WHERE state = 'delivered' AND (SELECT status FROM "
		     "delivery_attempt WHERE delivery_id = d.id ORDER BY number DESC LIMIT 1) NOT BETWEEN 200 AND 299");
}

/* --- the machine's next start: old leases have ended, and a delivery that waits for its next try is due --- */

static void next_boot_id(void *context, char out[WORLD_BOOT_ID_SIZE])
{
	(void)context;
	(void)snprintf(out, WORLD_BOOT_ID_SIZE, "b0071d00-0000-4000-8000-00000000000f");
}

static int64_t hours_later(void *context)
{
	(void)context;
	return world_now_ms(world_real()) + 2 * HOUR_MS;
}

static const struct world *world_of_next_start(void)
{
	static struct world next;
	next = *world_real();
	next.boot_id = next_boot_id;
	next.now_ms = hours_later;
	return &next;
}

#define DELIVERED                                                                                                      \
	"SELECT coalesce(sum(1 << e.sequence), 0) FROM delivery AS d JOIN outbox_event AS e ON e.id = d.event_id "     \
	"WHERE d.state = 'delivered'"

static void the_rest_arrives(const struct power_cut *at, int64_t settled)
{
	struct scene after = { .path = temp_path(scene.folder, "cut.db") };
	size_t from = receiver_count(next_receiver);
	unsigned last[SESSIONS] = { 0 };
	char sql[200];
	(void)snprintf(sql, sizeof sql, "UPDATE endpoint SET url = '%s'", receiver_url(next_receiver, "/next"));
	run_sql(&after, sql);
	struct deliver_totals totals = deliver_all_in(&after, world_of_next_start());
	cr_assert(!totals.waiting && !totals.dead && !totals.failed, "event %u, seed %u: %lld wait", at->events,
		  at->seed, (long long)totals.waiting);
	for (size_t i = from; i < receiver_count(next_receiver); i++) {
		unsigned number = event_of(next_receiver, i);
		cr_assert_not(settled >> number & 1, "event %u, seed %u: %u was settled, and is sent again", at->events,
			      at->seed, number);
		cr_assert_gt(number, last[number % SESSIONS], "event %u, seed %u: %u overtakes", at->events, at->seed,
			     number);
		last[number % SESSIONS] = number;
		settled |= INT64_C(1) << number;
	}
	cr_assert_eq(settled, (INT64_C(1) << (EVENTS + 1)) - 2, "event %u, seed %u: not all have arrived: %llx",
		     at->events, at->seed, (long long)settled);
	cr_assert_eq(power_cut_number(at, DELIVERED), settled);
}

static void look_at_deliveries(const struct power_cut *at, int requests)
{
	int64_t settled = power_cut_number(at, DELIVERED), arrived = 0;
	what_went_out_is_known(at, requests);
	nothing_is_lost_or_out_of_order(at);
	for (int i = 0; i < requests_so_far(); i++)
		arrived |= INT64_C(1) << event_of(scene.receiver, (size_t)i);
	cr_assert_eq(settled & ~arrived, 0, "event %u, seed %u: settled, and never sent", at->events, at->seed);
	cr_assert_geq(__builtin_popcountll((unsigned long long)settled), reported,
		      "event %u, seed %u: %d were reported delivered", at->events, at->seed, reported);
	the_rest_arrives(at, settled);
}

/*
 * The time of day is frozen: a failed delivery is not due again before the test moves the time. The other clocks leave
 * out the time of the checks after a cut; otherwise the timeouts of a worker would end during these checks.
 */
static int64_t stood_at;

static int64_t standing_now(void *context)
{
	(void)context;
	return stood_at;
}

static int64_t monotonic_of_worker(void *context)
{
	(void)context;
	return world_monotonic_ms(world_real()) - cut.looked_ms;
}

static int64_t boottime_of_worker(void *context)
{
	(void)context;
	return world_boottime_ms(world_real()) - cut.looked_ms;
}

/* Counts successful responses to an event after its first one. */
static int doubles_so_far(void)
{
	int doubles = 0;
	int64_t taken = 0;
	for (int i = 0; i < requests_so_far(); i++) {
		int64_t event = INT64_C(1) << event_of(scene.receiver, (size_t)i);
		if (answers[i < ANSWERS ? i : ANSWERS - 1].status >= 300)
			continue;
		doubles += (taken & event) != 0;
		taken |= event;
	}
	return doubles;
}

/* Runs a worker at this time of day; true if deliveries wait for another attempt. */
static bool deliver_at(int64_t now)
{
	struct world still = *world_real();
	still.now_ms = standing_now;
	still.monotonic_ms = monotonic_of_worker;
	still.boottime_ms = boottime_of_worker;
	stood_at = now;
	struct deliver_totals totals = deliver_all_in(&scene, &still);
	output += (int)totals.delivered;
	/* If a worker is delayed nevertheless, an event is sent again and counted twice. */
	reported = output - doubles_so_far();
	return totals.waiting > 0;
}

Test(deliver_cut, what_was_settled_stays_so_and_the_rest_comes_again, .timeout = 3600)
{
	lossy_install();
	scene_open(&scene, true);
	add_endpoint(&scene);
	for (int i = 0; i < SESSIONS; i++)
		(void)add_session(&scene);
	for (int i = 0; i < EVENTS; i++)
		add_event(&scene, 1 + i % SESSIONS);
	receiver_answers(scene.receiver, answers, ANSWERS);
	next_receiver = receiver_start();
	char *path = temp_path(scene.folder, "cut.db");
	cut = (struct power_cut){ .store = scene.path,
				  .path = path,
				  .every = test_is_long() ? 1 : 11,
				  .known = requests_so_far,
				  .look = look_at_deliveries };
	power_cut_start(&cut);
	int64_t now = world_now_ms(world_real());
	(void)deliver_at(now);
	cr_assert_not(deliver_at(now + 60000), "some failed twice");
	power_cut_end(&cut);
	cr_assert_geq(power_cut_number(&cut, "SELECT count(*) FROM delivery WHERE attempts > 1"), 2,
		      "nothing has failed");
	cr_assert_gt(cut.cuts, 10);
	tried("a delivery worker cut at %u moments of %u, each time all of %d events arrived", cut.cuts, cut.events,
	      EVENTS);
	receiver_stop(next_receiver);
	scene_close(&scene);
	NO_LEAKS();
}
