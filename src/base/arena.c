#include "kybdesk/base/arena.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
/* With AddressSanitizer a gap follows each allocation, so that an access beyond the allocation is detected. */
#define GAP 16
#define POISON(address, size) ASAN_POISON_MEMORY_REGION(address, size)
#define UNPOISON(address, size) ASAN_UNPOISON_MEMORY_REGION(address, size)
#else
#define GAP 0
#define POISON(address, size) ((void)(address), (void)(size))
#define UNPOISON(address, size) ((void)(address), (void)(size))
#endif

#define ALIGNMENT (_Alignof(max_align_t))
#define FIRST_BLOCK_SIZE ((size_t)4096)
#define LARGEST_BLOCK_SIZE ((size_t)1 << 20)

struct arena_block {
	struct arena_block *next;
	size_t size; /* size of `bytes` */
	size_t used;
	_Alignas(max_align_t) unsigned char bytes[];
};

static void (*_Atomic before_the_end)(void);

void program_set_fail_hook(void (*call)(void))
{
	before_the_end = call;
}

/* Uses neither stdio nor formatting, since the memory may be exhausted. */
static void print_to_stderr(const char *text)
{
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
	(void)ignored;
}

void program_end_alone(void)
{
	static atomic_flag taken = ATOMIC_FLAG_INIT;
	static _Thread_local bool mine;

	while (!mine && atomic_flag_test_and_set(&taken))
		(void)pause();
	mine = true;
}

void program_fail(const char *sentence)
{
	void (*call)(void) = before_the_end;
	program_end_alone();
	if (call)
		call();
	print_to_stderr("kybdesk: ");
	print_to_stderr(sentence);
	print_to_stderr("\n");
	_exit(1);
}

void fail_out_of_memory(void)
{
	program_fail("out of memory: close other programs, or process less data at once");
}

static size_t add_sizes(size_t a, size_t b)
{
	size_t sum;
	if (__builtin_add_overflow(a, b, &sum))
		fail_out_of_memory();
	return sum;
}

static size_t multiply_sizes(size_t a, size_t b)
{
	size_t product;
	if (__builtin_mul_overflow(a, b, &product))
		fail_out_of_memory();
	return product;
}

void *xmalloc(size_t size)
{
	void *bytes = malloc(size ? size : 1);
	if (!bytes)
		fail_out_of_memory();
	return bytes;
}

void *xcalloc(size_t count, size_t size)
{
	void *bytes = calloc(count ? count : 1, size ? size : 1);
	if (!bytes)
		fail_out_of_memory();
	return bytes;
}

void *xrealloc_array(void *old, size_t count, size_t size)
{
	size_t total = multiply_sizes(count, size);
	void *bytes = realloc(old, total ? total : 1);
	if (!bytes)
		fail_out_of_memory();
	return bytes;
}

void heap_reserve(void **items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return;
	*capacity = *capacity ? multiply_sizes(*capacity, 2) : 16;
	*items = xrealloc_array(*items, *capacity, size);
}

char *xstrndup(const char *text, size_t length)
{
	char *copy = xmalloc(add_sizes(length, 1));
	if (length)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *xstrdup(const char *text)
{
	return text ? xstrndup(text, strlen(text)) : xstrndup("", 0);
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block = xmalloc(add_sizes(sizeof *block, size));
	block->next = NULL;
	block->size = size;
	block->used = 0;
	POISON(block->bytes, size);
	return block;
}

static void block_free(struct arena_block *block)
{
	UNPOISON(block->bytes, block->size);
	free(block);
}

void arena_release(struct arena *arena)
{
	while (arena->head) {
		struct arena_block *next = arena->head->next;
		block_free(arena->head);
		arena->head = next;
	}
	arena->used_bytes = 0;
}

enum { LASTING_MAX = 4 };
static struct arena lasting[LASTING_MAX];
static atomic_uint lasting_count;

struct arena *arena_new_lasting(void)
{
	const unsigned at = atomic_fetch_add(&lasting_count, 1);

	if (at >= LASTING_MAX)
		BUG("more than %d arenas last until the program ends", LASTING_MAX);
	return &lasting[at];
}

void arena_release_lasting(void)
{
	for (unsigned i = 0; i < LASTING_MAX; i++)
		arena_release(&lasting[i]);
}

void arena_reset(struct arena *arena)
{
	struct arena_block *kept = NULL;
	while (arena->head) {
		struct arena_block *block = arena->head;
		arena->head = block->next;
		/* Frees a block larger than LARGEST_BLOCK_SIZE, so that it does not stay in memory after a single
		 * use. */
		bool keep = block->size <= LARGEST_BLOCK_SIZE && (!kept || block->size > kept->size);
		if (keep && kept)
			block_free(kept);
		if (keep)
			kept = block;
		else
			block_free(block);
	}
	if (kept) {
		kept->next = NULL;
		kept->used = 0;
		POISON(kept->bytes, kept->size);
	}
	arena->head = kept;
	arena->used_bytes = 0;
}

/* Does not set the bytes to zero: the caller writes all of them at once. */
static void *alloc_uncleared(struct arena *arena, size_t size)
{
	size_t rounded = add_sizes(add_sizes(size, GAP), ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (rounded == 0)
		rounded = ALIGNMENT;
	struct arena_block *block = arena->head;
	if (!block || block->size - block->used < rounded) {
		size_t wanted = block ? block->size * 2 : FIRST_BLOCK_SIZE;
		if (wanted > LARGEST_BLOCK_SIZE)
			wanted = LARGEST_BLOCK_SIZE;
		bool oversized = rounded > wanted;
		struct arena_block *fresh = block_new(oversized ? rounded : wanted);
		if (oversized && block) {
			/* Inserts a large block after the first block, so that the free part of the first block can
			 * still be used. */
			fresh->next = block->next;
			block->next = fresh;
		} else {
			fresh->next = block;
			arena->head = fresh;
		}
		block = fresh;
	}
	unsigned char *bytes = block->bytes + block->used;
	block->used += rounded;
	arena->used_bytes = add_sizes(arena->used_bytes, size);
	UNPOISON(bytes, size);
	return bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(alloc_uncleared(arena, size), 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	return arena_alloc(arena, multiply_sizes(count, size));
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = alloc_uncleared(arena, add_sizes(length, 1));
	if (length)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : arena_strndup(arena, "", 0);
}

void *arena_memdup(struct arena *arena, const void *bytes, size_t length)
{
	void *copy = alloc_uncleared(arena, length);
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		BUG("format \"%s\" cannot be printed", format);
	char *text = arena_alloc(arena, (size_t)length + 1);
	(void)vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void *arena_push(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t size)
{
	if (*count == *capacity) {
		size_t larger = *capacity ? multiply_sizes(*capacity, 2) : 8;
		unsigned char *moved = arena_alloc_array(arena, larger, size);
		if (*count)
			memcpy(moved, *items, *count * size);
		*items = moved;
		*capacity = larger;
	}
	unsigned char *item = (unsigned char *)*items + *count * size;
	memset(item, 0, size);
	(*count)++;
	return item;
}

void *item_with_text(const void *items, size_t count, size_t size, size_t offset, const char *text)
{
	for (const char *item = items; count--; item += size)
		if (!strcmp(*(const char *const *)(const void *)(item + offset), text))
			return (void *)item;
	return NULL;
}

void *item_with_number(const void *items, size_t count, size_t size, size_t offset, const void *number, size_t bytes)
{
	for (const char *item = items; count--; item += size)
		if (!memcmp(item + offset, number, bytes))
			return (void *)item;
	return NULL;
}
