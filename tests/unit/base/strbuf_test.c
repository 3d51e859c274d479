#include "kybdesk/base/strbuf.h"
#include "support/leak.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

Test(strbuf, an_empty_buffer_is_a_string)
{
	struct strbuf sb = STRBUF_INIT;
	cr_expect_str_eq(sb.buf, "");
	strbuf_reset(&sb);
	strbuf_truncate(&sb, 0);
	strbuf_add(&sb, NULL, 0);
	cr_expect_str_eq(sb.buf, "");
	strbuf_release(&sb);
	cr_expect_str_eq(strbuf_empty, "");
	NO_LEAKS();
}

Test(strbuf, a_zeroed_buffer_can_be_used_and_released)
{
	struct strbuf sb = { 0 };
	strbuf_release(&sb);
	cr_expect_str_eq(sb.buf, "");
	struct strbuf other = { 0 };
	strbuf_adds(&other, "x");
	cr_expect_str_eq(other.buf, "x");
	strbuf_release(&other);
	NO_LEAKS();
}

Test(strbuf, every_way_of_adding_keeps_the_terminator)
{
	struct strbuf sb = STRBUF_INIT;
	strbuf_adds(&sb, "ab");
	strbuf_addch(&sb, 'c');
	strbuf_addn(&sb, '-', 3);
	strbuf_add(&sb, "d\0e", 3);
	strbuf_addf(&sb, "%04d", 42);
	cr_expect_eq(sb.len, 13);
	cr_expect_arr_eq(sb.buf, "abc---d\0e0042", 14);
	strbuf_truncate(&sb, 2);
	cr_expect_str_eq(sb.buf, "ab");
	strbuf_release(&sb);
	NO_LEAKS();
}

Test(strbuf, a_long_format_is_not_cut)
{
	struct strbuf sb = STRBUF_INIT;
	char text[5001];
	memset(text, 'x', 5000);
	text[5000] = '\0';
	strbuf_addf(&sb, "%s|%s", text, text);
	cr_expect_eq(sb.len, 10001);
	cr_expect_eq(strlen(sb.buf), 10001);
	strbuf_release(&sb);
}

Test(strbuf, adding_byte_by_byte_costs_few_moves)
{
	struct strbuf sb = STRBUF_INIT;
	size_t moves = 0;
	const char *last = sb.buf;
	for (int i = 0; i < 1000000; i++) {
		strbuf_addch(&sb, 'x');
		moves += sb.buf != last;
		last = sb.buf;
	}
	cr_expect_eq(sb.len, 1000000);
	cr_expect_lt(moves, 64);
	strbuf_release(&sb);
}

Test(strbuf, detach_gives_the_text_away)
{
	struct strbuf sb = STRBUF_INIT;
	strbuf_adds(&sb, "mine");
	char *text = strbuf_detach(&sb);
	cr_expect_str_eq(text, "mine");
	cr_expect_eq(sb.len, 0);
	free(text);
	text = strbuf_detach(&sb);
	cr_expect_str_eq(text, "");
	free(text);
	strbuf_release(&sb);
	NO_LEAKS();
}

Test(strbuf, a_copy_in_the_arena_leaves_the_buffer)
{
	struct arena arena = ARENA_INIT;
	struct strbuf sb = STRBUF_INIT;
	strbuf_adds(&sb, "kept");
	const char *copy = strbuf_to_arena(&sb, &arena);
	strbuf_wipe(&sb);
	cr_expect_str_eq(copy, "kept");
	arena_release(&arena);
	NO_LEAKS();
}

Test(strbuf, cutting_to_more_than_there_is_is_a_bug, .signal = SIGABRT)
{
	struct strbuf sb = STRBUF_INIT;
	strbuf_adds(&sb, "ab");
	strbuf_truncate(&sb, 3);
}

Test(strbuf, an_overflowing_length_is_a_bug, .signal = SIGABRT)
{
	struct strbuf sb = STRBUF_INIT;
	strbuf_adds(&sb, "ab");
	strbuf_grow(&sb, (size_t)-2);
}
