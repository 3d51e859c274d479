/* A program of tests that fail only in their teardown (or setup);
 * tests/unit/base/teardown_test.c runs it. */
#include "support/leak.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static void *volatile kept;

static void expect(void)
{
	cr_expect(false, "planted");
}

static void assert_first(void)
{
	cr_assert(false, "planted");
}

static void leak(void)
{
	/* Several blocks: the address of the last one may still be in a register, which hides its leak. */
	for (int i = 0; i < 10; i++)
		kept = malloc(100);
	kept = NULL;
	NO_LEAKS();
}

static void overflow(void)
{
	volatile int most = INT_MAX;
	most = most + 1;
}

static void leave(void)
{
	_exit(0);
}

static void good(void)
{
	cr_assert(true);
}

Test(good, test, .fini = good)
{
}

Test(good, disabled, .fini = expect, .disabled = true)
{
}

Test(bad, expect, .fini = expect)
{
}

Test(bad, assert, .fini = assert_first)
{
}

Test(bad, leak, .fini = leak)
{
}

Test(bad, overflow, .fini = overflow)
{
}

Test(bad, crash, .fini = abort)
{
}

Test(bad, exit, .fini = leave)
{
}

Test(bad, crash_before, .init = abort)
{
}

Test(bad, exit_before, .init = leave)
{
}

Test(bad, twice, .fini = expect)
{
	cr_expect(false, "planted");
}
