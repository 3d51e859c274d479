#include "kybdesk/base/arena.h"
#include "support/leak.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Test(arena, memory_is_zeroed_aligned_and_apart)
{
	struct arena arena = ARENA_INIT;
	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *bytes = arena_alloc(&arena, size);
		cr_assert_eq((uintptr_t)bytes % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			cr_assert_eq(bytes[i], 0);
		memset(bytes, 0xee, size);
	}
	arena_release(&arena);
	NO_LEAKS();
}

Test(arena, memory_is_zeroed_again_after_a_reset)
{
	struct arena arena = ARENA_INIT;
	memset(arena_alloc(&arena, 1000), 0xee, 1000);
	arena_reset(&arena);
	cr_expect_eq(arena.used_bytes, 0);
	const unsigned char *again = arena_alloc(&arena, 1000);
	for (size_t i = 0; i < 1000; i++)
		cr_assert_eq(again[i], 0);
	arena_release(&arena);
}

Test(arena, a_reset_keeps_one_block_and_lets_a_huge_one_go)
{
	struct arena arena = ARENA_INIT;
	(void)arena_alloc(&arena, 100);
	(void)arena_alloc(&arena, (size_t)64 << 20);
	for (int i = 0; i < 100; i++)
		(void)arena_alloc(&arena, 5000);
	arena_reset(&arena);
	const void *kept = arena.head;
	cr_assert_not_null(kept);
	(void)arena_alloc(&arena, 1000);
	cr_expect_eq(arena.head, kept, "the kept block is used first");
	arena_release(&arena);
	cr_expect_null(arena.head);
	NO_LEAKS();
}

Test(arena, a_large_piece_does_not_waste_the_rest_of_the_present_block)
{
	struct arena arena = ARENA_INIT;
	(void)arena_alloc(&arena, 16);
	const void *head = arena.head;
	(void)arena_alloc(&arena, (size_t)2 << 20);
	cr_expect_eq(arena.head, head);
	arena_release(&arena);
}

Test(arena, text_is_copied_and_null_becomes_empty)
{
	struct arena arena = ARENA_INIT;
	cr_expect_str_eq(arena_strdup(&arena, "abc"), "abc");
	cr_expect_str_eq(arena_strdup(&arena, NULL), "");
	cr_expect_str_eq(arena_strndup(&arena, "abcdef", 3), "abc");
	cr_expect_str_eq(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
	cr_expect_arr_eq(arena_memdup(&arena, "a\0b", 3), "a\0b", 3);
	arena_release(&arena);
}

Test(arena, push_grows_and_keeps_what_was_there)
{
	struct arena arena = ARENA_INIT;
	int *items = NULL;
	size_t count = 0, capacity = 0;
	for (int i = 0; i < 1000; i++) {
		int *item = ARENA_PUSH(&arena, items, count, capacity);
		cr_assert_eq(*item, 0);
		*item = i;
	}
	cr_assert_eq(count, 1000);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(items[i], i);
	arena_release(&arena);
	NO_LEAKS();
}

Test(arena, an_overflowing_size_ends_the_program_with_status_1, .exit_code = 1)
{
	struct arena arena = ARENA_INIT;
	(void)arena_alloc_array(&arena, SIZE_MAX / 2, 3);
}

static void put_right(void)
{
	_exit(7);
}

Test(arena, what_must_not_stay_is_put_right_before_the_end, .exit_code = 7)
{
	program_set_fail_hook(put_right);
	(void)xrealloc_array(NULL, SIZE_MAX, 2);
}

Test(arena, what_is_right_again_needs_no_call_before_the_end, .exit_code = 1)
{
	program_set_fail_hook(put_right);
	program_set_fail_hook(NULL);
	(void)xrealloc_array(NULL, SIZE_MAX, 2);
}

static void *need_too_much(void *unused)
{
	(void)unused;
	return xrealloc_array(NULL, SIZE_MAX, 2);
}

/* Takes so long that another thread could end the program meanwhile, if nothing prevented that. */
static void put_right_slowly(void)
{
	pthread_t other;
	if (pthread_create(&other, NULL, need_too_much, NULL) == 0)
		(void)usleep(200000);
	_exit(7);
}

Test(arena, what_is_being_put_right_is_not_cut_off_by_another_thread, .exit_code = 7)
{
	program_set_fail_hook(put_right_slowly);
	(void)need_too_much(NULL);
}

Test(arena, xrealloc_array_checks_the_product, .exit_code = 1)
{
	free(xrealloc_array(NULL, SIZE_MAX / 4, 8));
}

Test(arena, those_that_last_are_apart_and_end_together)
{
	struct arena *first = arena_new_lasting(), *second = arena_new_lasting();

	cr_assert_neq(first, second);
	cr_expect_str_eq(arena_strdup(first, "one"), "one");
	cr_expect_str_eq(arena_strdup(second, "two"), "two");
	arena_release_lasting();
	cr_expect_null(first->head);
	cr_expect_null(second->head);
}
