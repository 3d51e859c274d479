/*
 * Inside the program under test: a client that connects to the abstract socket "kybdesk-heap-PID" receives the number
 * of heap bytes that are allocated now (the sanitizer's count, if built with one), and how many of them are SQLite's.
 * Freed bytes do not count, wherever the allocator keeps them: resident memory is useless under AddressSanitizer,
 * because its quarantine alone grows for an hour.
 */
#include "support/heap.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static size_t (*sanitizers_count)(void);
static long long (*databases_count)(void);

static struct heap allocated(void)
{
	uint64_t all = sanitizers_count ? sanitizers_count() : mallinfo2().uordblks;
	uint64_t database = databases_count ? (uint64_t)databases_count() : 0;

	return (struct heap){ .own = all - database, .database = database };
}

/* Keeps the memory statistics on, which the program turns off. Two other options take a pointer, the rest a number. */
int sqlite3_config(int option, ...)
{
	int (*real)(int, ...) = NULL;
	void *found = dlsym(RTLD_NEXT, "sqlite3_config");
	va_list rest;
	int status;

	memcpy(&real, &found, sizeof real);
	va_start(rest, option);
	if (option == SQLITE_CONFIG_MALLOC || option == SQLITE_CONFIG_PCACHE2)
		status = real(option, va_arg(rest, const void *));
	else
		status = real(option, option == SQLITE_CONFIG_MEMSTATUS ? 1 : va_arg(rest, int));
	va_end(rest);
	return status;
}

static void find(const char *name, void *out)
{
	void *found = dlsym(RTLD_DEFAULT, name);

	memcpy(out, &found, sizeof found);
}

static void *answer(void *context)
{
	int listener = *(int *)context;

	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		struct heap heap = allocated();

		if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
			return NULL;
		if (fd >= 0 && write(fd, &heap, sizeof heap) < 0) {
			/* the client is gone */
		}
		if (fd >= 0)
			(void)close(fd);
	}
}

__attribute__((constructor)) static void begin(void)
{
	static int listener;
	struct sockaddr_un address;
	socklen_t length = heap_address(getpid(), &address);
	union {
		struct sockaddr_un *un;
		struct sockaddr *any;
	} place = { .un = &address };
	pthread_attr_t attributes;
	sigset_t all;
	pthread_t thread;

	/* Child processes of the program are not measured. */
	(void)unsetenv("LD_PRELOAD");
	find("__sanitizer_get_current_allocated_bytes", &sanitizers_count);
	find("sqlite3_memory_used", &databases_count);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, place.any, length) != 0 || listen(listener, 4) != 0)
		return;
	/* The new thread blocks all signals: the program's own threads handle them. */
	(void)sigfillset(&all);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setsigmask_np(&attributes, &all);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	(void)pthread_create(&thread, &attributes, answer, &listener);
	(void)pthread_attr_destroy(&attributes);
}
