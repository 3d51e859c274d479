/*
 * Linked into the test programs and the kybdesk that they start. With "sqlite_memory=libc" in ASAN_OPTIONS, SQLite takes
 * its memory from the C library, not from AddressSanitizer, which needs a third of the time of a test with a store for
 * the many small blocks with which SQLite compiles statements. What the sanitizer would find is found in other ways: a
 * freed block is filled, so that a text which is used after its row is wrong, and blocks that are left are counted. The
 * tests of the store and long runs leave SQLite's memory to the sanitizer.
 */
#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEFT_STATUS 23 /* as of a leak that the sanitizer finds */

/* The C library's own functions, which the sanitizer does not replace. */
void *__libc_malloc(size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

union head {
	int size;
	max_align_t align;
};
static atomic_long count;

static void *allocate(int size)
{
	union head *head = size < 0 ? NULL : __libc_malloc(sizeof *head + (size_t)size);

	if (!head)
		return NULL;
	head->size = size;
	count++;
	return head + 1;
}

static int size_of(void *block)
{
	return block ? ((union head *)block - 1)->size : 0;
}

static void release(void *block)
{
	if (!block)
		return;
	count--;
	memset(block, 0xdb, (size_t)size_of(block));
	__libc_free((union head *)block - 1);
}

static void *resize(void *block, int size)
{
	void *other = allocate(size);

	if (other) {
		memcpy(other, block, (size_t)(size < size_of(block) ? size : size_of(block)));
		release(block);
	}
	return other;
}

static int round_up(int size)
{
	return (size + 7) & ~7;
}

static int begin(void *context)
{
	(void)context;
	return SQLITE_OK;
}

static void end(void *context)
{
	(void)context;
}

/* Before the constructors without a number: one of them runs main() (fork_server.c). */
static void __attribute__((constructor(101))) take_over(void)
{
	static const sqlite3_mem_methods methods = { .xMalloc = allocate,
						     .xFree = release,
						     .xRealloc = resize,
						     .xSize = size_of,
						     .xRoundup = round_up,
						     .xInit = begin,
						     .xShutdown = end };
	const char *options = getenv("ASAN_OPTIONS");

	if (options && strstr(options, "sqlite_memory=libc"))
		(void)sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

static void __attribute__((destructor)) count_left(void)
{
	if (!count)
		return;
	(void)fprintf(stderr, "ERROR: SqliteSanitizer: %ld blocks of SQLite's memory are left\n", (long)count);
	_exit(LEFT_STATUS);
}
