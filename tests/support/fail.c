#include "fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

char *test_fail_text(const char *format, ...)
{
	char *text = NULL;
	va_list values;

	va_start(values, format);
	int length = vasprintf(&text, format + 1, values);
	va_end(values);
	if (length > 0)
		return text;
	if (length == 0)
		free(text);
	return NULL;
}

void test_fail(const char *file, unsigned line, char *meaning, char *own)
{
	struct criterion_assert_stats failed = {
		.passed = false, .file = file, .line = line, .message = own ? own : meaning
	};

	criterion_send_assert(&failed);
	cr_asprintf_free(meaning);
	free(own);
}
