/*
 * A signed level change outlives kill -9 of any process (webhooks.md "When something fails"): its event exists if and
 * only if the decision exists, and is delivered as written. The test verifies signatures with OpenSSL alone.
 */
#include "fault/cases.h"
#include "support/http_receiver.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>

TestSuite(signature, .fini = site_tear_down);

static const char *text_of(const json_t *value, const char *key)
{
	const char *text = json_string_value(json_object_get(value, key));
	return text ? text : "";
}

/* Number of requests with this case's level change; the signature and content of each are checked. */
static unsigned level_changes(const struct site *site, struct receiver *receiver, const char *secret,
			      const char *reference)
{
	unsigned found = 0;
	for (size_t i = 0; i < receiver_count(receiver); i++) {
		const struct receiver_request *request = receiver_request(receiver, i);
		json_t *body = test_keep(json_loadb(request->body, request->body_length, 0, NULL));
		const json_t *data = json_object_get(body, "data");
		cr_assert(data, "%s", request->body);
		if (strcmp(text_of(data, "external_ref"), reference) == 0) {
			char *id = request_header(request, "webhook-id");
			cr_assert(request_is_signed(request, secret), "%s: the signature is wrong", reference);
			cr_assert_str_eq(text_of(body, "type"), "kyc.state_updated");
			cr_assert_str_eq(text_of(data, "previous_level"), "LIGHT");
			cr_assert_str_eq(text_of(data, "level"), "REGULAR");
			cr_assert_str_eq(text_of(data, "status"), "approved");
			char *sql = test_text("SELECT body FROM outbox_event WHERE uuid = '%s'", id);
			char *written = site_rows(site, sql);
			cr_assert_str_eq(request->body, written, "%s: another body than the one written", id);
			found++;
		}
	}
	return found;
}

static bool is_approved(const struct site *site, const char *reference)
{
	char *sql =
		test_text("SELECT count(*) FROM session WHERE external_ref = '%s' AND status = 'approved'", reference);
	return site_number(site, sql) == 1;
}

Test(signature, a_level_change_is_delivered_as_signed_exactly_when_its_decision_outlived_the_kill)
{
	const unsigned rounds = test_is_long() ? 1000 : 32;
	struct site *site = site_make();
	struct receiver *receiver = receiver_start();
	cases_bring(site, 1, rounds + 1);
	char *secret = cases_endpoint(site, receiver_url(receiver, "/hook"));
	/* A decision without a kill measures the time. Then each kill is moved towards the commit: earlier after a late
	 * kill, later after an early kill. */
	long long began = test_clock_ms();
	site_expect(site, 0, "approve", cases_reference(rounds + 1), "--grace", "1", NULL);
	double wait_ms = (double)(test_clock_ms() - began) * 0.7;
	unsigned kept = 0, lost = 0;
	for (unsigned i = 1; i <= rounds; i++) {
		struct process *process = site_start(site, "approve", cases_reference(i), "--grace", "1", NULL);
		test_sleep_ms((unsigned)(wait_ms * (0.8 + (double)site_random(site, 400) / 1000)));
		process_signal(process, SIGKILL);
		cr_assert(process_wait(process, 10000, NULL));
		process_free(process);
		if (is_approved(site, cases_reference(i))) {
			kept++;
			wait_ms *= 0.93;
		} else {
			lost++;
			wait_ms *= 1.07;
		}
	}
	cr_expect(kept > 0 && lost > 0, "the kills missed the commit: %u decisions kept, %u lost", kept, lost);
	/* Waits until the grace time of the last decision is over. */
	test_sleep_ms(1100);
	site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	for (unsigned i = 1; i <= rounds + 1; i++) {
		const char *reference = cases_reference(i);
		unsigned sent = level_changes(site, receiver, secret, reference);
		bool approved = is_approved(site, reference);
		cr_assert_eq(sent, approved ? 1 : 0, "%s is %s, and its level change came %u times", reference,
			     approved ? "approved" : "not approved", sent);
	}
	cr_assert_eq(receiver_count(receiver), kept + 1, "something else was sent too");
	site_is_sound(site);
	receiver_stop(receiver);
}

Test(signature, a_decision_within_its_grace_time_sends_nothing_and_is_delivered_after_it_by_whoever_lives)
{
	struct site *site = site_make();
	struct receiver *receiver = receiver_start();
	cases_bring(site, 1, 1);
	char *secret = cases_endpoint(site, receiver_url(receiver, "/hook"));
	struct process *worker = site_start(site, "webhook", "deliver", NULL);
	site_expect(site, 0, "approve", "CASE-1", NULL);
	test_sleep_ms(1500);
	cr_assert_eq(receiver_count(receiver), 0, "sent although it can still be undone");
	process_signal(worker, SIGKILL);
	cr_assert(process_wait(worker, 10000, NULL));
	process_free(worker);
	site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	cr_assert_eq(receiver_count(receiver), 0, "sent although it can still be undone");
	site_environment(site, "KYBDESK_TEST_NOW=+11s");
	site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	cr_assert_eq(level_changes(site, receiver, secret, "CASE-1"), 1);
	receiver_stop(receiver);
}

/* The event of each case must have arrived at least once, with the stored body, and no delivery may be open. */
static void all_were_delivered(const struct site *site, struct receiver *receiver, const char *secret, unsigned cases)
{
	for (unsigned i = 1; i <= cases; i++)
		cr_assert_geq(level_changes(site, receiver, secret, cases_reference(i)), 1, "CASE-%u never came", i);
	cr_assert_eq(site_number(site, "SELECT count(*) FROM delivery WHERE state <> 'delivered'"), 0);
	cr_assert_eq(site_number(site, "SELECT count(DISTINCT uuid) FROM outbox_event"), cases);
}

/* Number of requests with the webhook-id of an earlier request. */
static unsigned deliveries_repeated(struct receiver *receiver)
{
	unsigned again = 0;
	for (size_t i = 0; i < receiver_count(receiver); i++) {
		char *id = request_header(receiver_request(receiver, i), "webhook-id");
		for (size_t j = 0; j < i; j++) {
			char *earlier = request_header(receiver_request(receiver, j), "webhook-id");
			bool same = strcmp(id, earlier) == 0;
			if (same) {
				again++;
				break;
			}
		}
	}
	return again;
}

/* A lease ends after a minute and a half, which is too long for this test, or when the machine restarts: the test
 * simulates a restart. */
static void end_leases(const struct site *site)
{
	site_change(site, "UPDATE delivery SET lease_boot = 'before' WHERE state = 'leased'");
}

Test(signature, what_a_killed_worker_had_under_way_comes_again_with_the_same_id_and_body)
{
	enum { CASES = 24, KILLS = 3 };
	struct site *site = site_make();
	struct receiver *receiver = receiver_start();
	cases_bring(site, 1, CASES);
	char *secret = cases_endpoint(site, receiver_url(receiver, "/slow"));
	for (unsigned i = 1; i <= CASES; i++)
		site_expect(site, 0, "approve", cases_reference(i), "--grace", "0", NULL);
	const struct receiver_answer slow = { .status = 204, .delay_ms = 60000 };
	receiver_answers(receiver, &slow, 1);
	for (unsigned i = 0; i < KILLS; i++) {
		size_t before = receiver_count(receiver);
		struct process *worker = site_start(site, "webhook", "deliver", "--drain", NULL);
		cr_assert(receiver_wait(receiver, before + 1 + i, 60000), "the worker sends nothing");
		process_signal(worker, SIGKILL);
		cr_assert(process_wait(worker, 10000, NULL));
		process_free(worker);
		end_leases(site);
	}
	receiver_answers(receiver, NULL, 0);
	site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	cr_assert_geq(deliveries_repeated(receiver), 1, "the kills hit no delivery under way");
	all_were_delivered(site, receiver, secret, CASES);
	site_is_sound(site);
	receiver_stop(receiver);
}

Test(signature, a_lease_of_a_dead_worker_is_respected_until_it_ends)
{
	struct site *site = site_make();
	struct receiver *receiver = receiver_start();
	cases_bring(site, 1, 1);
	char *secret = cases_endpoint(site, receiver_url(receiver, "/slow"));
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	const struct receiver_answer slow = { .status = 204, .delay_ms = 60000 };
	receiver_answers(receiver, &slow, 1);
	struct process *worker = site_start(site, "webhook", "deliver", "--drain", NULL);
	cr_assert(receiver_wait(receiver, 1, 60000));
	process_signal(worker, SIGKILL);
	cr_assert(process_wait(worker, 10000, NULL));
	process_free(worker);
	receiver_answers(receiver, NULL, 0);
	site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	cr_assert_eq(receiver_count(receiver), 1, "sent again while the first may still be under way");
	site_environment(site, "KYBDESK_TEST_NOW=+10m");
	site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	cr_assert_eq(receiver_count(receiver), 1, "a clock that is set ends no lease");
	end_leases(site);
	site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	cr_assert_eq(receiver_count(receiver), 2);
	all_were_delivered(site, receiver, secret, 1);
	receiver_stop(receiver);
}

Test(signature, of_several_workers_at_once_no_two_send_the_same)
{
	enum { WORKERS = 10, DECIDERS = 4 };
	const unsigned cases = test_is_long() ? 2000 : 100;
	struct process *workers[WORKERS], *deciders[DECIDERS] = { NULL };
	struct process_result result;
	struct site *site = site_make();
	struct receiver *receiver = receiver_start();
	cases_bring(site, 1, cases);
	char *secret = cases_endpoint(site, receiver_url(receiver, "/hook"));
	for (unsigned i = 0; i < WORKERS; i++)
		workers[i] = site_start(site, "webhook", "deliver", NULL);
	const struct receiver_answer slow = { .status = 204, .delay_ms = 150 };
	receiver_answers(receiver, &slow, 1);
	/* While other processes write, workers wait for the lock, then continue with the time that they read before. */
	for (unsigned i = 1; i <= cases + DECIDERS; i++) {
		struct process **decider = &deciders[i % DECIDERS];
		if (*decider) {
			cr_assert(process_wait(*decider, 60000, &result));
			cr_assert_eq(result.status, 0, "%s", result.err);
			process_free(*decider);
		}
		*decider = i <= cases ? site_start(site, "approve", cases_reference(i), "--grace", "0", NULL) : NULL;
	}
	cr_assert(receiver_wait(receiver, cases, 60000), "only %zu of %u came", receiver_count(receiver), cases);
	test_sleep_ms(500);
	for (unsigned i = 0; i < WORKERS; i++) {
		process_signal(workers[i], SIGTERM);
		cr_assert(process_wait(workers[i], 20000, &result), "a worker does not stop");
		cr_assert_eq(result.status, 0, "%s", result.err);
		process_free(workers[i]);
	}
	cr_assert_eq(deliveries_repeated(receiver), 0, "%u came twice", deliveries_repeated(receiver));
	cr_assert_eq(receiver_count(receiver), cases);
	all_were_delivered(site, receiver, secret, cases);
	site_is_sound(site);
	receiver_stop(receiver);
}
