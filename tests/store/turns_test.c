/* Who waits for the write lock, how long, and who gets it next. */
#include "store/store_support.h"
#include "kybdesk/store/commit_group.h"
#include "support/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 6
#define PATIENCE_MS 60000
#define STEP_MS 500

/* A process that takes the write lock and keeps it. */
static pid_t start_holder(struct fixture *f)
{
	int ends[2];
	char byte;
	pid_t holder;

	store_close(f->store);
	f->store = NULL;
	cr_assert_eq(pipe(ends), 0);
	holder = fork();
	if (holder == 0) {
		f->store = fixture_connect(f, 0);
		fixture_begin(f);
		while (write(ends[1], "h", 1) == 1)
			pause();
		_exit(1);
	}
	cr_assert_eq(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return holder;
}

/* A clock that waits until all have come, and then moves whenever it is looked at. */
static atomic_int here;
static _Atomic int64_t passed_ms;
static int64_t looked_at(void *context)
{
	static _Thread_local bool came;

	(void)context;
	if (!came) {
		came = true;
		atomic_fetch_add(&here, 1);
	}
	if (atomic_load(&here) < WRITERS)
		return 0;
	return atomic_fetch_add(&passed_ms, STEP_MS);
}

struct waiter {
	pthread_t thread;
	const struct store_options *options;
	enum err got;
};

static void *wait_in_vain(void *context)
{
	struct waiter *waiter = context;
	struct store *store = NULL;
	struct error error = { 0 };

	if (store_open(waiter->options, &store, &error) != ERR_OK)
		abort();
	waiter->got = store_begin(store, STORE_WRITE, &error);
	store_close(store);
	error_release(&error);
	return NULL;
}

Test(turns, all_of_a_group_are_refused_within_one_patience)
{
	struct fixture f;
	struct waiter waiters[WRITERS];
	struct world world = *world_real();

	fixture_init(&f);
	world.monotonic_ms = looked_at;
	struct store_options options = {
		.path = f.path, .busy_timeout_ms = PATIENCE_MS, .world = &world, .group = commit_group_new()
	};
	pid_t holder = start_holder(&f);
	for (size_t i = 0; i < WRITERS; i++) {
		waiters[i] = (struct waiter){ .options = &options };
		cr_assert_eq(pthread_create(&waiters[i].thread, NULL, wait_in_vain, &waiters[i]), 0);
	}
	for (size_t i = 0; i < WRITERS; i++) {
		pthread_join(waiters[i].thread, NULL);
		cr_expect_eq(waiters[i].got, ERR_STORE, "writer %zu", i);
	}
	cr_expect_geq(atomic_load(&passed_ms), PATIENCE_MS);
	/* Each looks once when it comes and once when it is refused. */
	cr_expect_leq(atomic_load(&passed_ms), PATIENCE_MS + 2 * WRITERS * STEP_MS, "one after the other: %lld ms",
		      (long long)atomic_load(&passed_ms));
	cr_assert_eq(kill(holder, SIGKILL), 0);
	cr_assert_eq(waitpid(holder, NULL, 0), holder);
	commit_group_free(options.group);
	fixture_release(&f);
}
