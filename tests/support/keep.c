#include "support/keep.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void **things;
static size_t count, size;

void *test_keep(void *thing)
{
	pthread_mutex_lock(&lock);
	if (count == size) {
		size = size ? 2 * size : 256;
		things = realloc(things, size * sizeof *things);
		if (!things)
			abort();
	}
	things[count++] = thing;
	pthread_mutex_unlock(&lock);
	return thing;
}

void test_drop(void *thing)
{
	pthread_mutex_lock(&lock);
	for (size_t i = count; thing && i--;) {
		if (things[i] != thing)
			continue;
		things[i] = things[--count];
		break;
	}
	pthread_mutex_unlock(&lock);
	free(thing);
}

char *test_text(const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return test_keep(text);
}
