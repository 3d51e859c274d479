#include "tried.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void tried(const char *format, ...)
{
	va_list args;
	(void)printf("tried %s::%s: ", criterion_current_test->category, criterion_current_test->name);
	va_start(args, format);
	(void)vprintf(format, args);
	va_end(args);
	const char *build = getenv("KYBDESK_TEST_BUILD");
	(void)printf("%s%s\n", build && *build ? "; the program " : "", build ? build : "");
	(void)fflush(stdout);
}

bool test_is_long(void)
{
	const char *wanted = getenv("KYBDESK_TEST_LONG");
	return wanted && *wanted;
}

/* FNV-1a */
static uint64_t mixed(uint64_t sum, const char *text)
{
	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return sum;
}

uint64_t test_seed(void)
{
	const char *seed = getenv("KYBDESK_TEST_SEED"), *draw = getenv("KYBDESK_TEST_DRAW");
	struct timespec now;

	if (seed && *seed)
		return strtoull(seed, NULL, 10);
	if (draw && *draw)
		return mixed(mixed(mixed(UINT64_C(14695981039346656037), draw), criterion_current_test->category),
			     criterion_current_test->name) >>
		       16;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u) * 1009u + (uint64_t)getpid();
}

bool test_draws(size_t index, size_t of)
{
	static uint64_t from;
	static bool is_drawn;

	if (!is_drawn)
		from = test_seed() % of;
	is_drawn = true;
	return test_is_long() || (index + from) % of == 0;
}
