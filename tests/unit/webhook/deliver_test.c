#include "scene.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(deliver, .init = scene_set_up, .fini = scene_tear_down);

Test(deliver, sends_the_stored_body_signed_for_the_receiver)
{
	add_endpoint(&scene);
	add_event(&scene, 0);
	struct deliver_totals totals = deliver_all(&scene);
	cr_expect_eq(totals.delivered, 1);
	cr_expect_eq(totals.failed, 0);
	cr_expect_eq(totals.waiting, 0);
	cr_assert_eq(receiver_count(scene.receiver), 1);
	const struct receiver_request *request = receiver_request(scene.receiver, 0);
	cr_expect_str_eq(request->method, "POST");
	cr_expect_str_eq(request->path, "/hook");
	cr_expect_str_eq(request->body, "{\"n\":1,\"tag\":\"Größe\"}");
	cr_expect(request_is_signed(request, SECRET));
	cr_expect_not(request_is_signed(request, "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc="));
	expect_header(request, "Content-Type", "application/json");
	expect_header(request, "User-Agent", "kybdesk/" KYBDESK_RELEASE);
	struct delivery_item item = delivery(&scene, &arena);
	cr_expect_eq(item.state, DELIVERY_DELIVERED);
	expect_header(request, "webhook-id", item.id);
	struct delivery_attempt attempt = last_attempt(&scene, &arena, 1);
	cr_expect_eq(attempt.status, 204);
	cr_expect_str_eq(attempt.failure, "");
}

Test(deliver, opens_no_connection_when_nothing_is_due)
{
	add_endpoint(&scene);
	struct deliver_totals totals = deliver_all(&scene);
	cr_expect_eq(totals.delivered + totals.failed + totals.waiting + totals.dead, 0);
}

Test(deliver, a_failure_is_tried_again_later_with_the_same_id_and_body)
{
	add_endpoint(&scene);
	static const struct receiver_answer answers[] = { { .status = 500, .body = "no\x1b[31m" }, { .status = 200 } };
	receiver_answers(scene.receiver, answers, 2);
	add_event(&scene, 0);
	int64_t before = world_now_ms(world_sandbox());
	struct deliver_totals totals = deliver_all(&scene);
	cr_expect_eq(totals.failed, 1);
	cr_expect_eq(totals.waiting, 1);
	struct delivery_item item = delivery(&scene, &arena);
	cr_expect_eq(item.state, DELIVERY_WAITING);
	cr_expect(item.next_at >= before + 4000 && item.next_at <= before + 6000 + 5000);
	struct delivery_attempt attempt = last_attempt(&scene, &arena, 1);
	cr_expect_eq(attempt.status, 500);
	cr_expect_str_eq(attempt.failure, "answered 500");
	cr_expect_str_eq(attempt.response, "no\x1b[31m", "kept as received");

	cr_expect_eq(deliver_all(&scene).delivered, 0, "it is not due yet");
	set_clock("+1m");
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_assert_eq(receiver_count(scene.receiver), 2);
	const struct receiver_request *first = receiver_request(scene.receiver, 0);
	const struct receiver_request *second = receiver_request(scene.receiver, 1);
	cr_expect_str_eq(first->body, second->body);
	char *id = request_header(first, "webhook-id");
	expect_header(second, "webhook-id", id);
	char *one = request_header(first, "webhook-timestamp"), *two = request_header(second, "webhook-timestamp");
	cr_expect_geq(strtoll(two, NULL, 10), strtoll(one, NULL, 10) + 59, "each attempt has its own time");
	cr_expect(request_is_signed(second, SECRET));
}

Test(deliver, gives_up_after_ten_attempts)
{
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 503 });
	add_event(&scene, 0);
	static const char *const clock[] = { "+0s",  "+1m",  "+10m",   "+1h",  "+4h",
					     "+10h", "+23h", "+2400m", "+64h", "+94h" };
	for (size_t i = 0; i < 10; i++) {
		set_clock(clock[i]);
		cr_expect_eq(deliver_all(&scene).failed, 1, "attempt %zu", i + 1);
	}
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_DEAD);
	cr_expect_not_null(strstr(delivery(&scene, &arena).note, "10 attempts"));
	struct deliver_totals totals = deliver_all(&scene);
	cr_expect_eq(totals.dead, 1);
	cr_expect_eq(totals.failed, 0);
	cr_expect_eq(receiver_count(scene.receiver), 10);
}

Test(deliver, honours_retry_after)
{
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 429, .headers = "Retry-After: 3600\r\n" });
	add_event(&scene, 0);
	int64_t before = world_now_ms(world_sandbox());
	(void)deliver_all(&scene);
	int64_t wait = delivery(&scene, &arena).next_at - before;
	cr_expect(wait >= 3600000 && wait < 3610000, "%" PRId64, wait);
}

Test(deliver, gone_disables_the_endpoint)
{
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 410 });
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	struct endpoint_list endpoints;
	cr_assert_eq(store_endpoint_list(scene.store, &arena, "", &endpoints, NULL), ERR_OK);
	cr_assert_eq(endpoints.count, 1);
	cr_expect(endpoints.items[0].disabled);
	add_event(&scene, 0);
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_UNSENT);
	cr_expect_eq(deliver_all(&scene).failed, 0);
	cr_expect_eq(receiver_count(scene.receiver), 1);
}

Test(deliver, follows_no_redirect)
{
	char location[200];
	add_endpoint(&scene);
	(void)snprintf(location, sizeof location, "Location: %s\r\n", receiver_url(scene.receiver, "/elsewhere"));
	answer(&scene, (struct receiver_answer){ .status = 307, .headers = location });
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	cr_expect_eq(receiver_count(scene.receiver), 1);
	cr_expect_str_eq(last_attempt(&scene, &arena, 1).failure, "answered 307: redirects are not followed");
}

Test(deliver, reads_little_of_an_endless_answer_and_counts_its_status)
{
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 200, .trick = RECEIVER_ENDLESS_BODY });
	add_event(&scene, 0);
	long long before = test_clock_ms();
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_expect_lt(test_clock_ms() - before, 20000);
	cr_expect_eq(strlen(last_attempt(&scene, &arena, 1).response), 4096);
}

Test(deliver, a_receiver_that_hangs_up_is_a_failure_with_a_reason)
{
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_HANG_UP });
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	struct delivery_attempt attempt = last_attempt(&scene, &arena, 1);
	cr_expect_eq(attempt.status, 0);
	cr_expect_str_neq(attempt.failure, "");
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_WAITING);
}

Test(deliver, plain_http_leaves_no_store_but_a_sandbox)
{
	struct scene scene;
	scene_open(&scene, false);
	add_endpoint(&scene);
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).failed, 1);
	cr_expect_eq(receiver_count(scene.receiver), 0);
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_DEAD);
	scene_close(&scene);
}

Test(deliver, proxies_of_the_environment_are_not_used)
{
	add_endpoint(&scene);
	cr_assert_eq(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
	cr_assert_eq(setenv("all_proxy", "http://127.0.0.1:1", 1), 0);
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).delivered, 1);
}

Test(deliver, events_of_a_session_arrive_in_order_over_one_connection)
{
	add_endpoint(&scene);
	int64_t session = add_session(&scene);
	for (int i = 0; i < 20; i++)
		add_event(&scene, session);
	cr_expect_eq(deliver_all(&scene).delivered, 20);
	cr_assert_eq(receiver_count(scene.receiver), 20);
	for (size_t i = 0; i < 20; i++) {
		char wanted[100];
		(void)snprintf(wanted, sizeof wanted, "{\"n\":%zu,\"tag\":\"Größe\"}", i + 1);
		cr_expect_str_eq(receiver_request(scene.receiver, i)->body, wanted);
		cr_expect_eq(receiver_request(scene.receiver, i)->connection, 1, "the connection is kept");
	}
	cr_expect_eq(receiver_most_at_once(scene.receiver), 1);
}

Test(deliver, a_later_event_waits_for_an_earlier_one_of_its_session_only)
{
	add_endpoint(&scene);
	static const struct receiver_answer answers[] = { { .status = 500 }, { .status = 200 } };
	int64_t session = add_session(&scene);
	int64_t other = add_session(&scene);
	receiver_answers(scene.receiver, answers, 2);
	add_event(&scene, session);
	(void)deliver_all(&scene);
	add_event(&scene, session);
	add_event(&scene, other);
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_assert_eq(receiver_count(scene.receiver), 2);
	cr_expect_not_null(strstr(receiver_request(scene.receiver, 1)->body, "\"n\":3"));
	set_clock("+1m");
	cr_expect_eq(deliver_all(&scene).delivered, 2);
	cr_expect_not_null(strstr(receiver_request(scene.receiver, 2)->body, "\"n\":1"));
	cr_expect_not_null(strstr(receiver_request(scene.receiver, 3)->body, "\"n\":2"));
}

Test(deliver, a_slow_endpoint_delays_nobody_else)
{
	struct receiver *slow = receiver_start();
	static const struct receiver_answer sleepy = { .status = 200, .delay_ms = 12000 };
	receiver_answers(slow, &sleepy, 1);
	add_endpoint_url(&scene, receiver_url(slow, "/"));
	for (int i = 0; i < 100; i++)
		add_event(&scene, 0);
	struct running running;
	start_worker(&running, &scene, true);
	cr_assert(receiver_wait(slow, 60, 20000));
	/* The slow endpoint has nearly as many open requests as allowed; only now a second endpoint gets events. */
	add_endpoint(&scene);
	for (int i = 0; i < 50; i++)
		add_event(&scene, 0);
	cr_expect(receiver_wait(scene.receiver, 50, 10000), "%zu arrived", receiver_count(scene.receiver));
	deliver_worker_stop(running.worker);
	end_worker(&running);
	receiver_stop(slow);
}

Test(deliver, workers_on_one_store_send_each_delivery_once)
{
	add_endpoint(&scene);
	for (int i = 0; i < 300; i++)
		add_event(&scene, i % 3 ? 0 : add_session(&scene));
	struct running running[3];
	for (size_t i = 0; i < 3; i++)
		start_worker(&running[i], &scene, true);
	int64_t delivered = 0;
	for (size_t i = 0; i < 3; i++) {
		end_worker(&running[i]);
		delivered += running[i].totals.delivered;
	}
	/* A worker may have ended early, because another worker had leased the remaining deliveries. */
	delivered += deliver_all(&scene).delivered;
	cr_expect_eq(delivered, 300);
	cr_assert_eq(receiver_count(scene.receiver), 300);
	bool seen[301] = { false };
	for (size_t i = 0; i < 300; i++) {
		int number = 0;
		cr_assert_eq(sscanf(receiver_request(scene.receiver, i)->body, "{\"n\":%d", &number), 1);
		cr_assert_not(seen[number], "%d came twice", number);
		seen[number] = true;
	}
}

Test(deliver, what_a_killed_worker_held_is_delivered_by_the_next)
{
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_NEVER });
	add_event(&scene, 0);
	store_close(scene.store); /* a connection must not be used after a fork */
	scene.store = NULL;
	pid_t pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		(void)deliver_all(&scene);
		_exit(1);
	}
	cr_assert(receiver_wait(scene.receiver, 1, 10000));
	cr_assert_eq(kill(pid, SIGKILL), 0);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	answer(&scene, (struct receiver_answer){ .status = 200 });
	cr_expect_eq(deliver_all(&scene).delivered, 0, "the lease still holds");
	set_clock("+2m");
	cr_expect_eq(deliver_all(&scene).delivered, 0, "no clock that is set ends it");
	cr_expect_eq(deliver_all_in(&scene, world_later()).delivered, 1);
	cr_expect(request_is_signed(receiver_request(scene.receiver, 1), SECRET));
}

Test(deliver, a_running_worker_notices_new_events_and_can_be_stopped)
{
	struct running running;
	add_endpoint(&scene);
	start_worker(&running, &scene, false);
	test_sleep_ms(100);
	add_event(&scene, 0);
	cr_expect(receiver_wait(scene.receiver, 1, 20000), "by itself");
	add_event(&scene, 0);
	deliver_worker_wake(running.worker);
	cr_expect(receiver_wait(scene.receiver, 2, 900), "at once when woken");
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_NEVER });
	add_event(&scene, 0);
	deliver_worker_wake(running.worker);
	cr_assert(receiver_wait(scene.receiver, 3, 20000));
	long long before = test_clock_ms();
	deliver_worker_stop(running.worker);
	end_worker(&running);
	cr_expect_lt(test_clock_ms() - before, 20000, "also with a delivery under way");
	cr_expect_eq(running.totals.delivered, 2);
}

Test(deliver, an_idle_worker_sleeps)
{
	struct running running;
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 500 });
	add_event(&scene, 0);
	start_worker(&running, &scene, false);
	cr_assert(receiver_wait(scene.receiver, 1, 20000));
	test_sleep_ms(500);
	clockid_t clock;
	struct timespec before, after;
	cr_assert_eq(pthread_getcpuclockid(running.thread, &clock), 0);
	cr_assert_eq(clock_gettime(clock, &before), 0);
	test_sleep_ms(2000);
	cr_assert_eq(clock_gettime(clock, &after), 0);
	long long used_us = (after.tv_sec - before.tv_sec) * 1000000LL + (after.tv_nsec - before.tv_nsec) / 1000;
	/* A release build uses half a percent of the time; a build with sanitisers uses several times as much. */
	cr_expect_lt(used_us, 60000, "%lld us of two seconds", used_us);
	deliver_worker_stop(running.worker);
	end_worker(&running);
}

Test(deliver, a_missing_store_is_an_error)
{
	struct deliver_totals totals;
	struct deliver_worker *worker;
	struct error error = { 0 };
	struct deliver_options options = {
		.store_path = "/nonexistent/store.db", .world = world_real(), .log = { .fd = -1 }, .drain = true
	};
	cr_assert_eq(deliver_worker_new(&options, &worker, NULL), ERR_OK);
	cr_expect_eq(deliver_worker_run(worker, &totals, &error), ERR_STORE);
	cr_expect_not_null(error.message);
	error_release(&error);
	deliver_worker_free(worker);
}
