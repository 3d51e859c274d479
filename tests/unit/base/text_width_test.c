#include "kybdesk/base/text.h"
#include "support/leak.h"

#include <string.h>

static size_t width(const char *text)
{
	return text_width_cells(text, strlen(text));
}

Test(text_width, counts_cells_not_bytes)
{
	cr_expect_eq(width(""), 0);
	cr_expect_eq(width("abc"), 3);
	cr_expect_eq(width("é"), 1);
	cr_expect_eq(width("e\u0301\u0302"), 1);
	cr_expect_eq(width("日本"), 4);
	cr_expect_eq(width("한"), 2);
	cr_expect_eq(width("\u1112\u1161\u11ab"), 2);
	cr_expect_eq(width("🏠"), 2);
	cr_expect_eq(width("🇩🇪"), 2);
	cr_expect_eq(width("…│█"), 3);
	cr_expect_eq(width("␛"), 1);
	cr_expect_eq(width("䷀㉈"), 4);
}

static void expect_fit(const char *text, size_t cells, enum text_align align, enum text_mode mode, const char *wanted)
{
	struct strbuf out = STRBUF_INIT;
	text_fit(&out, text, cells, align, mode);
	cr_expect_str_eq(out.buf, wanted, "\"%s\" instead of \"%s\"", out.buf, wanted);
	cr_expect_eq(text_width_cells(out.buf, out.len), cells);
	strbuf_release(&out);
}

Test(text_fit, pads_and_cuts_to_exactly_the_width)
{
	expect_fit("abc", 5, TEXT_LEFT, TEXT_UTF8, "abc  ");
	expect_fit("abc", 5, TEXT_RIGHT, TEXT_UTF8, "  abc");
	expect_fit("abc", 3, TEXT_LEFT, TEXT_UTF8, "abc");
	expect_fit("abcd", 3, TEXT_LEFT, TEXT_UTF8, "ab…");
	expect_fit("abcd", 3, TEXT_LEFT, TEXT_ASCII, "ab~");
	expect_fit("abcd", 1, TEXT_LEFT, TEXT_UTF8, "…");
	expect_fit("abcd", 0, TEXT_LEFT, TEXT_UTF8, "");
	expect_fit("", 2, TEXT_LEFT, TEXT_UTF8, "  ");
	NO_LEAKS();
}

Test(text_fit, never_splits_a_wide_or_marked_character)
{
	expect_fit("日本語", 5, TEXT_LEFT, TEXT_UTF8, "日本…");
	expect_fit("日本語", 4, TEXT_LEFT, TEXT_UTF8, "日 …");
	expect_fit("日本語", 4, TEXT_RIGHT, TEXT_UTF8, " 日…");
	expect_fit("日本", 1, TEXT_LEFT, TEXT_UTF8, "…");
	expect_fit("e\u0301e\u0301", 2, TEXT_LEFT, TEXT_UTF8, "e\u0301e\u0301");
	expect_fit("abe\u0301x", 3, TEXT_LEFT, TEXT_UTF8, "ab…");
	expect_fit("ae\u0301xy", 3, TEXT_LEFT, TEXT_UTF8, "ae\u0301…");
}

Test(text_fit, holds_at_every_width_for_mixed_text)
{
	const char *text = "Ab 日本e\u0301 한국🇩🇪<U+200D> किशन ไทย end";
	for (size_t cells = 0; cells < 60; cells++) {
		struct strbuf out = STRBUF_INIT;
		text_fit(&out, text, cells, TEXT_LEFT, TEXT_UTF8);
		cr_expect_eq(text_width_cells(out.buf, out.len), cells);
		cr_expect_eq(strstr(out.buf, "…") != NULL, cells && cells < width(text));
		cr_expect(text_is_valid(out.buf, out.len));
		strbuf_release(&out);
	}
	NO_LEAKS();
}

Test(text_prefix, tells_the_cells_it_used)
{
	size_t used;
	cr_expect_eq(text_prefix_for_width("日本", strlen("日本"), 3, &used), strlen("日"));
	cr_expect_eq(used, 2);
	cr_expect_eq(text_prefix_for_width("abc", 3, 0, &used), 0);
	cr_expect_eq(used, 0);
	cr_expect_eq(text_prefix_for_width("ab\u0301", 4, 2, NULL), 4, "the mark belongs to the last cell");
	cr_expect_eq(text_prefix_for_width("ab\u0301", 4, 1, NULL), 1);
}

static void expect_wrap(const char *text, size_t cells, const char *wanted)
{
	struct arena arena = ARENA_INIT;
	struct strbuf joined = STRBUF_INIT;
	size_t count;
	char **lines = text_wrap(&arena, text, cells, &count);
	for (size_t i = 0; i < count; i++) {
		cr_expect_leq(width(lines[i]), cells);
		strbuf_addf(&joined, "%s%s", i ? "|" : "", lines[i]);
	}
	cr_expect_str_eq(joined.buf, wanted, "\"%s\" instead of \"%s\"", joined.buf, wanted);
	strbuf_release(&joined);
	arena_release(&arena);
}

Test(text_wrap, breaks_at_spaces_then_inside_words)
{
	expect_wrap("", 5, "");
	expect_wrap("one two", 10, "one two");
	expect_wrap("one two", 7, "one two");
	expect_wrap("one two three", 7, "one two|three");
	expect_wrap("one two", 3, "one|two");
	expect_wrap("one  two", 4, "one|two");
	expect_wrap("abcdefgh", 3, "abc|def|gh");
	expect_wrap("ab cdefgh", 4, "ab|cdef|gh");
	expect_wrap("日本語", 4, "日本|語");
	expect_wrap("日本", 3, "日|本");
	NO_LEAKS();
}

Test(text_wrap, keeps_line_feeds_and_always_comes_to_an_end)
{
	expect_wrap("one\n\ntwo", 10, "one||two");
	expect_wrap("one\n", 10, "one|");
	expect_wrap("日a", 1, "?|a");
	expect_wrap("ab", 0, "|");
	expect_wrap("    ", 2, "  |  ");
}

Test(text_grapheme, steps_over_whole_characters_both_ways)
{
	const char *text = "ae\u0301日🇩🇪\u1112\u1161\u11ab!";
	static const size_t stops[] = { 0, 1, 4, 7, 15, 24, 25 };
	size_t length = strlen(text);
	cr_assert_eq(length, 25);
	for (size_t i = 0; i + 1 < sizeof stops / sizeof stops[0]; i++) {
		cr_expect_eq(text_next_grapheme(text, length, stops[i]), stops[i + 1]);
		cr_expect_eq(text_previous_grapheme(text, length, stops[i + 1]), stops[i]);
	}
	cr_expect_eq(text_next_grapheme(text, length, length), length);
	cr_expect_eq(text_previous_grapheme(text, length, 0), 0);
}

Test(text_grapheme, invalid_bytes_are_steps_of_one)
{
	cr_expect_eq(text_next_grapheme("\xff\xfe", 2, 0), 1);
	cr_expect_eq(text_previous_grapheme("\xff\xfe", 2, 2), 1);
}
