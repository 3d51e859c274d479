#include "tried.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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
