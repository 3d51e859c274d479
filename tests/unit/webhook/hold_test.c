/* Kills, stops and delays workers during a delivery; tests which worker delivers then, and which requests are sent. */
#include "scene.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(hold, .init = scene_set_up, .fini = scene_tear_down);

/* Well below the duration of a lease, and above the time that the slowest machine needs to detect silence. */
#define PATIENCE_MS 45000
#define OTHER_SECRET "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc="

static int64_t number_of(const struct scene *scene, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	cr_assert_eq(sqlite3_open(scene->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
	int64_t number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

static bool wait_for(const struct scene *scene, const char *sql)
{
	long long end = test_clock_ms() + PATIENCE_MS;
	while (!number_of(scene, sql)) {
		if (test_clock_ms() > end)
			return false;
		test_sleep_ms(20);
	}
	return true;
}

/* Starts a worker in a process of its own; it ends when no delivery is due. */
static pid_t fork_worker(struct scene *scene)
{
	store_close(scene->store); /* a connection must not be used after a fork */
	scene->store = NULL;
	pid_t pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		(void)deliver_all(scene);
		_exit(0);
	}
	return pid;
}

Test(hold, what_a_killed_worker_held_is_anothers_within_seconds)
{
	struct running running;
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_NEVER });
	add_event(&scene, 0);
	pid_t pid = fork_worker(&scene);
	cr_assert(receiver_wait(scene.receiver, 1, 60000));
	cr_assert_eq(kill(pid, SIGKILL), 0);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	answer(&scene, (struct receiver_answer){ .status = 200 });
	start_worker(&running, &scene, false);
	cr_expect(receiver_wait(scene.receiver, 2, PATIENCE_MS), "the lease of a dead one keeps it");
	cr_expect(wait_for(&scene, "SELECT count(*) FROM delivery WHERE state = 'delivered'"));
	deliver_worker_stop(running.worker);
	end_worker(&running);
}

/* A worker removes dead workers from the list, even if it has nothing to deliver. */
Test(hold, who_died_is_forgotten_although_nothing_is_left_to_deliver)
{
	add_endpoint(&scene);
	(void)number_of(&scene, "INSERT INTO worker (owner, boot, until_ms) VALUES ('gone', 'before', 1) RETURNING 1");
	cr_expect_eq(deliver_all(&scene).delivered, 0);
	cr_expect_eq(number_of(&scene, "SELECT count(*) FROM worker"), 0);
}

/* If a worker is stopped by Ctrl-Z, another worker delivers, and the first gives up its delivery when it resumes. */
Test(hold, a_stopped_worker_gives_up_its_delivery_and_sends_nothing_when_it_goes_on)
{
	struct running running;
	int status;
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_NEVER });
	add_event(&scene, 0);
	pid_t pid = fork_worker(&scene);
	cr_assert(receiver_wait(scene.receiver, 1, 60000));
	cr_assert_eq(kill(pid, SIGSTOP), 0);
	answer(&scene, (struct receiver_answer){ .status = 200 });
	start_worker(&running, &scene, false);
	cr_expect(receiver_wait(scene.receiver, 2, PATIENCE_MS), "the lease of a stopped one keeps it");
	cr_expect(wait_for(&scene, "SELECT count(*) FROM delivery WHERE state = 'delivered'"));
	cr_assert_eq(kill(pid, SIGCONT), 0);
	/* The resumed worker gives up its request at once, not after sixty seconds; then it ends, since it drains. */
	cr_expect(wait_for(&scene, "SELECT count(*) FROM delivery_attempt WHERE failure LIKE 'interrupted%'"));
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	deliver_worker_stop(running.worker);
	end_worker(&running);
	cr_expect_eq(receiver_count(scene.receiver), 2);
	cr_expect_eq(number_of(&scene, "SELECT count(*) FROM delivery WHERE state = 'delivered' AND attempts = 1"), 1,
		     "the late one changed it");
	cr_expect_eq(number_of(&scene, "SELECT failures FROM endpoint"), 0, "the endpoint is not to blame");
	char *first = request_header(receiver_request(scene.receiver, 0), "webhook-id");
	expect_header(receiver_request(scene.receiver, 1), "webhook-id", first);
}

Test(hold, a_worker_that_is_told_to_end_gives_everything_back_at_once)
{
	struct running running;
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .trick = RECEIVER_NEVER });
	for (int i = 0; i < 100; i++)
		add_event(&scene, 0);
	start_worker(&running, &scene, false);
	cr_assert(receiver_wait(scene.receiver, 10, 60000));
	deliver_worker_stop(running.worker);
	end_worker(&running);
	cr_expect_eq(number_of(&scene, "SELECT count(*) FROM delivery WHERE state = 'pending'"), 100);
	cr_expect_eq(number_of(&scene, "SELECT count(*) FROM worker"), 0);
	cr_expect_eq(number_of(&scene, "SELECT count(*) FROM delivery_attempt WHERE failure = "
				       "'interrupted: the worker was stopped'"),
		     number_of(&scene, "SELECT sum(attempts) FROM delivery"));
	cr_expect_eq(number_of(&scene, "SELECT failures FROM endpoint"), 0);
	answer(&scene, (struct receiver_answer){ .status = 200 });
	cr_expect_eq(deliver_all(&scene).delivered, 100, "somebody else waits for leases to end");
}

/* Another program holds the store's write lock for longer than a worker may be silent: the worker waits and is not
 * treated as dead. No other worker sends its delivery again, and a response that arrives meanwhile counts. */
Test(hold, a_worker_that_waits_for_the_lock_is_not_taken_for_dead)
{
	struct running running[2];
	sqlite3 *db;
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 200, .delay_ms = 2000 });
	for (int i = 0; i < 3; i++)
		add_event(&scene, 0);
	start_worker(&running[0], &scene, false);
	cr_assert(receiver_wait(scene.receiver, 3, 60000));
	cr_assert_eq(sqlite3_open(scene.path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	cr_assert_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	start_worker(&running[1], &scene, false);
	test_sleep_ms(13000); /* beyond the ten seconds after which a silent worker is dead */
	cr_assert_eq(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	cr_expect(wait_for(&scene, "SELECT count(*) = 3 FROM delivery WHERE state = 'delivered'"));
	for (int i = 0; i < 2; i++) {
		deliver_worker_stop(running[i].worker);
		end_worker(&running[i]);
	}
	cr_expect_eq(receiver_count(scene.receiver), 3, "sent twice though nobody was killed");
	cr_expect_eq(number_of(&scene, "SELECT sum(attempts) FROM delivery"), 3);
}

Test(hold, a_workbench_sends_nothing_while_the_store_leaves_it_to_workers)
{
	struct running running;
	struct deliver_options options = { .log = { .level = LOG_NORMAL, .fd = 2 }, .is_workbench = true };
	add_endpoint(&scene);
	run_sql(&scene, "INSERT INTO store_info (key, value) VALUES ('deliver', 'workers')");
	add_event(&scene, 0);
	options.store_path = scene.path;
	options.world = world_sandbox();
	cr_assert_eq(deliver_worker_new(&options, &running.worker, NULL), ERR_OK);
	run_worker_in_thread(&running);
	test_sleep_ms(2500);
	cr_expect_eq(receiver_count(scene.receiver), 0);
	/* An open workbench, too, reads the setting when the store has changed. */
	run_sql(&scene, "UPDATE store_info SET value = 'all' WHERE key = 'deliver'");
	cr_expect(receiver_wait(scene.receiver, 1, 60000));
	run_sql(&scene, "UPDATE store_info SET value = 'workers' WHERE key = 'deliver'");
	cr_expect(wait_for(&scene, "SELECT count(*) = 1 FROM delivery WHERE state = 'delivered'"));
	test_sleep_ms(1500);
	add_event(&scene, 0);
	test_sleep_ms(1500);
	deliver_worker_stop(running.worker);
	end_worker(&running);
	cr_expect_eq(receiver_count(scene.receiver), 1);
	cr_expect_eq(deliver_all(&scene).delivered, 1, "a worker sends it");
}

/* While a receiver is slow, the worker renews the lease, so no other worker sends the same delivery. */
Test(hold, a_slow_answer_is_waited_for_by_one_worker_alone)
{
	struct running running[2];
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 200, .delay_ms = 14000 });
	add_event(&scene, 0);
	start_worker(&running[0], &scene, false);
	cr_assert(receiver_wait(scene.receiver, 1, 60000));
	start_worker(&running[1], &scene, false);
	cr_expect(wait_for(&scene, "SELECT count(*) FROM delivery WHERE state = 'delivered'"));
	for (int i = 0; i < 2; i++) {
		deliver_worker_stop(running[i].worker);
		end_worker(&running[i]);
	}
	cr_expect_eq(receiver_count(scene.receiver), 1, "two sent it");
}

#define SPEED 3

static int64_t fast_boottime(void *context)
{
	(void)context;
	return world_boottime_ms(world_real()) * SPEED;
}

/* A delivery that waits in a worker's queue is leased already: the rest of the lease must cover the whole attempt;
 * otherwise another worker would send it, too. In this test, the clock of leases runs three times as fast. */
Test(hold, no_attempt_begins_that_could_outlast_its_lease)
{
	struct running running;
	struct world fast = *world_sandbox();
	fast.boottime_ms = fast_boottime;
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 200, .delay_ms = 9200 });
	for (int i = 0; i < 3; i++)
		add_event(&scene, 0);
	struct deliver_options options = {
		.store_path = scene.path, .world = &fast, .log = { .level = LOG_NORMAL, .fd = 2 }, .max_concurrency = 1
	};
	cr_assert_eq(deliver_worker_new(&options, &running.worker, NULL), ERR_OK);
	run_worker_in_thread(&running);
	for (size_t i = 1; i <= 3; i++) {
		cr_assert(receiver_wait(scene.receiver, i, PATIENCE_MS), "request %zu", i);
		int64_t left = number_of(&scene, "SELECT max(lease_boot_ms) FROM delivery WHERE state = 'leased'") -
			       fast_boottime(NULL);
		cr_expect_gt(left, 60000 - 5000, "request %zu: %lld ms are left of its lease", i, (long long)left);
	}
	deliver_worker_stop(running.worker);
	end_worker(&running);
}

Test(hold, during_a_rotation_both_secrets_verify_and_no_third)
{
	add_endpoint(&scene);
	run_sql(&scene, "UPDATE endpoint SET old_secret = secret, secret = '" OTHER_SECRET
			"', old_secret_until = 4000000000000");
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	run_sql(&scene, "UPDATE endpoint SET old_secret_until = 1000");
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	const struct receiver_request *during = receiver_request(scene.receiver, 0);
	const struct receiver_request *after = receiver_request(scene.receiver, 1);
	cr_expect(request_is_signed(during, SECRET));
	cr_expect(request_is_signed(during, OTHER_SECRET));
	cr_expect_not(request_is_signed(during, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
	cr_expect_not(request_is_signed(after, SECRET), "the old one is over");
	cr_expect(request_is_signed(after, OTHER_SECRET));
}

Test(hold, a_test_message_is_tried_once)
{
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 500 });
	add_event(&scene, 0);
	run_sql(&scene, "UPDATE outbox_event SET type = 'endpoint.test'");
	cr_expect_eq(deliver_all(&scene).failed, 1);
	cr_expect_eq(delivery(&scene, &arena).state, DELIVERY_DEAD);
}
