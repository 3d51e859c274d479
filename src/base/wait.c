#include "kybdesk/base/wait.h"
#include "kybdesk/base/world.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/file.h>

static _Atomic int64_t ends_at; /* 0: the process goes on */
static _Atomic int64_t answer_limit = WAIT_ANSWER_MS, output_limit = INT64_MAX / 2;

static _Thread_local wait_watch *own_watch;
static _Thread_local void *own_context;

static int64_t now_ms(void)
{
	return world_monotonic_ms(world_real());
}

void wait_set_watch(wait_watch *watch, void *context)
{
	own_watch = watch;
	own_context = context;
}

void wait_end_all(int64_t ms)
{
	int64_t end = now_ms() + ms, before = atomic_load(&ends_at);

	while ((!before || end < before) && !atomic_compare_exchange_weak(&ends_at, &before, end))
		continue;
}

bool wait_is_given_up(enum wait_peer peer, int64_t waited_ms)
{
	int64_t end = atomic_load(&ends_at);

	return (end && now_ms() >= end) || (own_watch && !own_watch(own_context, peer, waited_ms));
}

void wait_set_answer_limit(int64_t ms)
{
	atomic_store(&answer_limit, ms);
}

int64_t wait_answer_limit(void)
{
	return atomic_load(&answer_limit);
}

void wait_set_output_limit(int64_t ms)
{
	atomic_store(&output_limit, ms);
}

int64_t wait_output_limit(void)
{
	return atomic_load(&output_limit);
}

bool wait_for_file_lock(int fd, int operation, int64_t limit_ms)
{
	for (int64_t begun = now_ms(); flock(fd, operation | LOCK_NB) != 0 && errno == EWOULDBLOCK;) {
		int64_t waited = now_ms() - begun;

		if (waited >= limit_ms || wait_is_given_up(WAIT_FOR_PROGRAM, waited))
			return false;
		(void)poll(NULL, 0, WAIT_SLICE_MS);
	}
	return true;
}

enum wait_result wait_for_fd(int fd, short events, int64_t begun, int64_t until)
{
	struct pollfd item = { .fd = fd, .events = events };

	for (;;) {
		int64_t now = now_ms(), left = until - now;
		int slice = left < 0 ? 0 : left < WAIT_SLICE_MS ? (int)left : WAIT_SLICE_MS;

		if (poll(&item, 1, slice) > 0)
			return WAIT_READY;
		now = now_ms();
		if (wait_is_given_up(WAIT_FOR_STORE, now - begun))
			return WAIT_GIVEN_UP;
		if (now >= until)
			return WAIT_LIMIT_REACHED;
	}
}
