#include "kybdesk/base/wait.h"
#include "kybdesk/base/world.h"

#include <poll.h>
#include <stdatomic.h>

static _Atomic int64_t ends_at; /* 0: the process goes on */
static _Atomic int64_t answer_limit = WAIT_ANSWER_MS;

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
	int64_t none = 0;

	(void)atomic_compare_exchange_strong(&ends_at, &none, now_ms() + ms);
}

bool wait_has_ended(void)
{
	int64_t end = atomic_load(&ends_at);

	return end && now_ms() >= end;
}

void wait_set_answer_limit(int64_t ms)
{
	atomic_store(&answer_limit, ms);
}

int64_t wait_answer_limit(void)
{
	return atomic_load(&answer_limit);
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
		if (wait_has_ended() || (own_watch && !own_watch(own_context, now - begun)))
			return WAIT_GIVEN_UP;
		if (now >= until)
			return WAIT_LIMIT_REACHED;
	}
}
