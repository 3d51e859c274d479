/*
 * Arena: memory for the results of one command, request or frame, freed in one
 * go. Pointers stay valid until arena_reset()/arena_release(). Memory is
 * zeroed and aligned for any type. Out of memory aborts with a sentence
 * (exit 1), so results are never NULL. Sizes are checked for overflow.
 */
#ifndef KYBDESK_BASE_ARENA_H
#define KYBDESK_BASE_ARENA_H

#include "kybdesk/base/error.h"

struct arena_block;
struct arena {
	struct arena_block *head;
	size_t used_bytes; /* handed out since the last reset */
};

#define ARENA_INIT                                                                                                 \
	{                                                                                                          \
		0                                                                                                  \
	}

void arena_release(struct arena *arena);
void arena_reset(struct arena *arena); /* keeps one block for reuse */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);
char *arena_strdup(struct arena *arena, const char *text); /* NULL becomes "" */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
void *arena_memdup(struct arena *arena, const void *bytes, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) KYB_PRINTF(2, 3);

/* Grows an arena array by one: doubles when full (old copy stays in the
 * arena). items/count/capacity are the caller's; returns the new last item,
 * zeroed. Use through ARENA_PUSH(arena, items, count, capacity). */
void *arena_push(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t size);
#define ARENA_PUSH(arena, items, count, capacity)                                                                  \
	((__typeof__(items))arena_push((arena), (void **)&(items), &(count), &(capacity), sizeof *(items)))

/* There is no going on without memory, or without a library that has none: prints the sentence and ends the program with
 * status 1, after a call that puts right what must not stay as it is (the terminal). It comes from any thread; NULL: none. */
KYB_NORETURN void program_end(const char *sentence);
KYB_NORETURN void memory_exhausted(void);
void program_end_after(void (*call)(void));

/* malloc that aborts with a sentence instead of returning NULL; size checked. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc_array(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t length);

#endif
