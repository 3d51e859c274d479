/* Arena: memory for the results of one command, request or frame, freed all at once. Pointers are valid until
 * arena_reset()/arena_release(). Memory is zeroed and aligned for any type. Results are never NULL: out of memory
 * ends the program with a message (exit 1). Sizes are checked for overflow. */
#ifndef KYBDESK_BASE_ARENA_H
#define KYBDESK_BASE_ARENA_H

#include "kybdesk/base/error.h"
#include <stdarg.h>

struct arena_block;
struct arena {
	struct arena_block *head;
	size_t used_bytes; /* bytes allocated since the last reset */
};

#define ARENA_INIT                                                                                                     \
	{                                                                                                              \
		0                                                                                                      \
	}

void arena_release(struct arena *arena);
/* An arena for what is read once and used until the program ends. From any thread. */
struct arena *arena_new_lasting(void);
/* Releases all of them, at the end of a program without other threads: a leak checker then need not search for them. */
void arena_release_lasting(void);
void arena_reset(struct arena *arena); /* frees the memory, but keeps one block for reuse */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);
char *arena_strdup(struct arena *arena, const char *text); /* NULL becomes "" */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
void *arena_memdup(struct arena *arena, const void *bytes, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) KYB_PRINTF(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args) KYB_PRINTF(2, 0);
/* Sets `into` to the text of the calling function's format and its further arguments. */
#define ARENA_VPRINTF(into, arena, format)                                                                             \
	do {                                                                                                           \
		va_list args_;                                                                                         \
		va_start(args_, format);                                                                               \
		(into) = arena_vprintf((arena), (format), args_);                                                      \
		va_end(args_);                                                                                         \
	} while (0)

/* Adds an item to an arena array; doubles the capacity if the array is full (the old copy stays in the arena). The
 * caller owns items, count and capacity. Returns the new last item, zeroed. Call it through ARENA_PUSH(arena,
 * items, count, capacity). */
void *arena_push(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t size);
#define ARENA_PUSH(arena, items, count, capacity)                                                                      \
	((__typeof__(items))arena_push((arena), (void **)&(items), &(count), &(capacity), sizeof *(items)))

/* The first item of an array with this text as its member; NULL: none. */
void *item_with_text(const void *items, size_t count, size_t size, size_t offset, const char *text);
#define ITEM_WITH_TEXT(items, count, member, text)                                                                     \
	((__typeof__(&(items)[0]))item_with_text((items), (count), sizeof(items)[0] + ITEM_TEXT((items)[0].member),    \
						 offsetof(__typeof__((items)[0]), member), (text)))
/* 0; does not compile if the member is not a pointer to a text. */
#define ITEM_TEXT(member)                                                                                              \
	_Generic(&(member), char ** : 0, const char ** : 0, char *const * : 0, const char *const * : 0)
/* The first item of an array with this number, bool or value of an enum as its member; NULL: none. */
void *item_with_number(const void *items, size_t count, size_t size, size_t offset, const void *number, size_t bytes);
#define ITEM_WITH_NUMBER(items, count, member, number)                                                                 \
	((__typeof__(&(items)[0]))item_with_number(                                                                    \
		(items), (count), sizeof(items)[0], offsetof(__typeof__((items)[0]), member),                          \
		&(__typeof__((items)[0].member)){ (number) }, sizeof(items)[0].member))

/* program_fail() prints the sentence and exits with status 1; for fatal errors (out of memory, also inside a
 * library), in any thread. Before the exit it calls the hook of program_set_fail_hook() (NULL: no hook), which
 * restores the terminal. */
KYB_NORETURN void program_fail(const char *sentence);
/* Leaves the end of the program to the thread that calls first: any other waits here for ever, so that the terminal is
 * given back, and the sentence printed, once and whole. The same thread may call again. Safe in a signal handler. */
void program_end_alone(void);
KYB_NORETURN void fail_out_of_memory(void);
void program_set_fail_hook(void (*call)(void));

/* malloc that never returns NULL: out of memory ends the program with a message. Checks the size for overflow. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc_array(void *old, size_t count, size_t size);
/* Makes room for one more item in an array that the caller frees; doubles the capacity if the array is full. Call it
 * through HEAP_RESERVE(items, count, capacity). */
void heap_reserve(void **items, size_t count, size_t *capacity, size_t size);
#define HEAP_RESERVE(items, count, capacity) heap_reserve((void **)&(items), (count), &(capacity), sizeof *(items))
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t length);

#endif
