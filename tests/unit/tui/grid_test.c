#include "tui_support.h"

static struct stage stage;
static struct grid grid;
static const struct grid_column columns[] = {
	{ "Name", 6, 20, TEXT_LEFT, true, 0, false },
	{ "Risk", 4, 4, TEXT_RIGHT, false, 1, false },
	{ "Holder", 6, 10, TEXT_LEFT, false, 2, false },
};

static void add(const char *name, const char *risk, const char *holder)
{
	struct grid_row *row = grid_add_row(&grid, ROW_SESSION, name);
	grid_set_cell(row, 0, THEME_TEXT, name);
	grid_set_cell(row, 1, THEME_TEXT, risk);
	grid_set_cell(row, 2, THEME_TEXT, holder);
}

static void open_at(size_t cols)
{
	stage_open(&stage, TEXT_UTF8, 6, cols);
	grid = (struct grid){
		.arena = &stage.arena, .columns = columns, .column_count = 3, .empty_text = "Nothing here."
	};
}
static void tear_down(void)
{
	stage_check(&stage);
	stage_close(&stage);
	NO_LEAKS();
}
TestSuite(grid, .fini = tear_down);
Test(grid, columns_stand_below_their_titles)
{
	open_at(40);
	add("Harbour Lane", "42", "bo");
	grid_draw(&grid, &stage.surface, (struct box){ 0, 0, 6, 40 }, 0, SIZE_MAX, true, ZONE_GRID);
	cr_expect_str_eq(stage_row(&stage, 0), "  Name                      Risk  Holder");
	cr_expect_str_eq(stage_row(&stage, 1), "  Harbour Lane                42  bo");
}

Test(grid, the_least_important_column_leaves_first)
{
	open_at(20);
	add("Harbour Lane", "42", "bo");
	grid_draw(&grid, &stage.surface, (struct box){ 0, 0, 6, 20 }, 0, SIZE_MAX, true, ZONE_GRID);
	cr_expect_str_eq(stage_row(&stage, 0), "  Name          Risk");
	cr_expect_str_eq(stage_row(&stage, 1), "  Harbour Lane    42");
}

Test(grid, a_text_without_room_is_cut_with_a_mark)
{
	open_at(16);
	add("Harbour Lane", "42", "");
	grid_draw(&grid, &stage.surface, (struct box){ 0, 0, 6, 16 }, 0, SIZE_MAX, true, ZONE_GRID);
	cr_expect_str_eq(stage_row(&stage, 1), "  Harbour…    42");
}

Test(grid, a_column_that_says_nothing_gives_its_room_away)
{
	open_at(40);
	add("Harbour Lane", "42", "");
	grid_draw(&grid, &stage.surface, (struct box){ 0, 0, 6, 40 }, 0, SIZE_MAX, true, ZONE_GRID);
	cr_expect_null(strstr(stage_row(&stage, 0), "Holder"));
}

Test(grid, the_cursor_is_marked_by_more_than_colour)
{
	open_at(40);
	add("One", "1", "a");
	add("Two", "2", "b");
	grid_draw(&grid, &stage.surface, (struct box){ 0, 0, 6, 40 }, 0, 1, true, ZONE_GRID);
	cr_expect_eq(strncmp(stage_row(&stage, 2), "▸", strlen("▸")), 0);
	cr_expect_eq(surface_cell(&stage.surface, 2, 5)->role, THEME_SELECTION);
}

Test(grid, an_empty_one_says_so)
{
	open_at(40);
	grid_draw(&grid, &stage.surface, (struct box){ 0, 0, 6, 40 }, 0, 0, true, ZONE_GRID);
	cr_expect_eq(stage_find(&stage, "Nothing here."), 1);
}

Test(grid, scrolling_moves_no_more_than_needed)
{
	open_at(10);
	cr_expect_eq(scrolled_top(0, 4, 5, 20), 0);
	cr_expect_eq(scrolled_top(0, 5, 5, 20), 1);
	cr_expect_eq(scrolled_top(10, 3, 5, 20), 3);
	cr_expect_eq(scrolled_top(18, 19, 5, 20), 15);
	cr_expect_eq(scrolled_top(3, 0, 5, 0), 0);
}

/* The cursor reaches the first and the last row even if the grid begins and ends with a heading. */
Test(grid, the_cursor_turns_at_a_heading_at_the_end)
{
	struct grid_row rows[] = {
		{ .kind = ROW_HEADING }, { .kind = ROW_PLAIN }, { .kind = ROW_PLAIN }, { .kind = ROW_HEADING }
	};
	const struct grid grid = { .rows = rows, .row_count = 4 };
	const struct grid headings = { .rows = rows, .row_count = 1 };
	size_t cursor = 2;

	grid_move(&grid, &cursor, -100);
	cr_expect_eq(cursor, 1);
	grid_move(&grid, &cursor, -1);
	cr_expect_eq(cursor, 1);
	grid_move(&grid, &cursor, 100);
	cr_expect_eq(cursor, 2);
	cursor = 0;
	grid_move(&headings, &cursor, 1);
	cr_expect_eq(cursor, 0);
}
