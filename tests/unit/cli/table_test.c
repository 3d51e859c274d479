/* Tables by display width, and CSV cells. */
#include "out/out.h"
#include "support/leak.h"

#include <string.h>

static struct arena arena;
static struct strbuf text;

static void set_up(void)
{
	strbuf_init(&text);
}

static void tear_down(void)
{
	strbuf_release(&text);
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(table, .init = set_up, .fini = tear_down);

static const struct table_column two[] = { { "Name", TEXT_LEFT, 6 }, { "No", TEXT_RIGHT, 0 } };

static struct table *names(const char *first, const char *second, enum text_mode mode)
{
	struct table *table = table_new(&arena, two, 2, mode);
	table_add_cell(table, first);
	table_add_int(table, 7);
	table_add_cell(table, second);
	table_add_int(table, 1234);
	return table;
}

Test(table, columns_are_as_wide_as_their_widest_cell)
{
	table_write(&text, names("ab", "abcdef", TEXT_UTF8), &(struct table_layout){ .width_cells = 40 });
	cr_assert_str_eq(text.buf, "Name      No\n"
				   "ab         7\n"
				   "abcdef  1234\n");
}

Test(table, wide_characters_count_two_cells)
{
	table_write(&text, names("株式会社", "abcd", TEXT_UTF8), &(struct table_layout){ .width_cells = 40 });
	cr_assert_str_eq(text.buf, "Name        No\n"
				   "株式会社     7\n"
				   "abcd      1234\n");
}

Test(table, a_line_that_is_too_long_is_shortened_with_a_mark)
{
	table_write(&text, names("abcdefghijkl", "b", TEXT_UTF8), &(struct table_layout){ .width_cells = 14 });
	cr_assert_str_eq(text.buf, "Name        No\n"
				   "abcdefg…     7\n"
				   "b         1234\n");
}

Test(table, the_mark_is_ascii_where_the_terminal_is)
{
	table_write(&text, names("abcdefghijkl", "b", TEXT_ASCII), &(struct table_layout){ .width_cells = 14 });
	cr_assert(strstr(text.buf, "abcdefg~"), "%s", text.buf);
}

Test(table, no_line_is_wider_than_the_terminal)
{
	struct table *table = names("one two three four five six", "seven eight nine ten eleven", TEXT_UTF8);
	for (size_t width = 10; width < 60; width++) {
		strbuf_reset(&text);
		table_write(&text, table, &(struct table_layout){ .width_cells = width, .indent_cells = 2 });
		for (const char *line = text.buf; *line; line += strcspn(line, "\n") + 1)
			cr_expect_leq(text_width_cells(line, strcspn(line, "\n")), width);
	}
}

Test(table, a_cell_can_not_break_its_line)
{
	table_write(&text, names("a\nb\tc", "\x1b[31mred", TEXT_UTF8), &(struct table_layout){ .width_cells = 60 });
	size_t lines = 0;
	for (const char *at = text.buf; *at; at++)
		lines += *at == '\n';
	cr_assert_eq(lines, 3);
	cr_assert_null(strchr(text.buf, '\x1b'));
}

Test(table, colour_is_there_only_when_asked_for)
{
	struct table *table = table_new(&arena, two, 2, TEXT_UTF8);
	table_add_styled(table, CELL_DANGER, "late");
	table_add_cell(table, "1");
	table_write(&text, table, &(struct table_layout){ .width_cells = 40 });
	cr_expect_null(strchr(text.buf, '\x1b'));
	strbuf_reset(&text);
	table_write(&text, table, &(struct table_layout){ .width_cells = 40, .use_color = true });
	cr_expect(strstr(text.buf, "\x1b[31mlate\x1b[0m"));
}

Test(table, an_empty_column_without_a_title_takes_no_room)
{
	static const struct table_column columns[] = { { "A", TEXT_LEFT, 0 },
						       { "", TEXT_LEFT, 0 },
						       { "B", TEXT_LEFT, 0 } };
	struct table *table = table_new(&arena, columns, 3, TEXT_UTF8);
	table_add_cell(table, "1");
	table_add_cell(table, "");
	table_add_cell(table, "2");
	table_write(&text, table, &(struct table_layout){ .width_cells = 40 });
	cr_assert_str_eq(text.buf, "A  B\n1  2\n");
}

static const char *csv(const char *cell)
{
	strbuf_reset(&text);
	csv_add_cell(&text, cell);
	return text.buf;
}

Test(table, csv_leaves_plain_cells_alone)
{
	cr_assert_str_eq(csv("Harbour Lane"), "Harbour Lane");
}

Test(table, csv_quotes_commas_and_quotes)
{
	cr_expect_str_eq(csv("a,b"), "\"a,b\"");
	cr_expect_str_eq(csv("say \"x\""), "\"say \"\"x\"\"\"");
}

Test(table, csv_cells_never_become_formulas)
{
	static const char starts[] = "=+-@";
	for (size_t i = 0; starts[i]; i++) {
		char cell[8] = { starts[i], '1', '+', '1', '\0' };
		cr_expect_eq(csv(cell)[0], '\'', "%s", cell);
	}
	cr_expect_eq(csv("\t=1")[0], '\'');
	cr_expect_eq(csv("\r=1")[0], '\'');
	cr_expect_str_eq(csv("=cmd(\"x\",1)"), "\"'=cmd(\"\"x\"\",1)\"");
}

Test(table, csv_holds_no_control_characters)
{
	cr_expect_null(strpbrk(csv("a\x1b[2Jb\nc\rd"), "\x1b\n\r"));
}
