#include "tui_support.h"

static struct stage stage;
static void set_up(void)
{
	stage_open(&stage, TEXT_UTF8, 3, 10);
}
static void tear_down(void)
{
	stage_check(&stage);
	stage_close(&stage);
	NO_LEAKS();
}
TestSuite(surface, .init = set_up, .fini = tear_down);

Test(surface, text_that_fits_is_put_as_it_is)
{
	cr_expect_eq(surface_put(&stage.surface, 0, 0, 10, THEME_TEXT, "Harbour"), 7);
	cr_expect_str_eq(stage_row(&stage, 0), "Harbour");
}

Test(surface, text_that_is_cut_ends_with_a_mark)
{
	surface_put(&stage.surface, 0, 0, 6, THEME_TEXT, "Harbour");
	cr_expect_str_eq(stage_row(&stage, 0), "Harbo…");
}

Test(surface, a_wide_character_is_never_split)
{
	surface_put(&stage.surface, 0, 0, 4, THEME_TEXT, "株式会社");
	cr_expect_str_eq(stage_row(&stage, 0), "株…");
}

Test(surface, overwriting_half_of_a_wide_character_blanks_the_other_half)
{
	surface_put(&stage.surface, 0, 0, 10, THEME_TEXT, "株式");
	surface_put(&stage.surface, 0, 1, 1, THEME_TEXT, "x");
	cr_expect_str_eq(stage_row(&stage, 0), " x式");
}

Test(surface, marks_stand_on_their_base)
{
	surface_put(&stage.surface, 0, 0, 10, THEME_TEXT, "e\xcc\x81x");
	cr_expect_str_eq(surface_cell(&stage.surface, 0, 0)->text, "e\xcc\x81");
	cr_expect_str_eq(surface_cell(&stage.surface, 0, 1)->text, "x");
}

Test(surface, what_could_move_the_cursor_becomes_a_mark)
{
	surface_put(&stage.surface, 0, 0, 10, THEME_TEXT, "a\033[2Jb\r\n\tc");
	const char *row = stage_row(&stage, 0);
	for (const char *c = row; *c; c++)
		cr_expect((unsigned char)*c >= 0x20 && *c != 0x7f, "control %d", *c);
}

Test(surface, nothing_is_drawn_outside)
{
	cr_expect_eq(surface_put(&stage.surface, 3, 0, 10, THEME_TEXT, "x"), 0);
	cr_expect_eq(surface_put(&stage.surface, 0, 10, 10, THEME_TEXT, "x"), 0);
	surface_fill(&stage.surface, (struct box){ 2, 8, 100, 100 }, THEME_FOOTER);
	surface_draw_frame(&stage.surface, (struct box){ 1, 5, 100, 100 }, THEME_TEXT, "title");
	surface_set_cursor(&stage.surface, 100, 100);
	cr_expect_not(stage.surface.is_cursor_shown);
}

Test(surface, right_aligned_numbers_end_at_the_right)
{
	surface_put_aligned(&stage.surface, 0, 0, 6, THEME_TEXT, TEXT_RIGHT, "128");
	cr_expect_str_eq(stage_row(&stage, 0), "   128");
}

Test(surface, a_pen_that_runs_out_says_so)
{
	struct pen pen = pen_at(&stage.surface, 0, 0, 5);
	pen_put(&pen, THEME_TEXT, "12345");
	pen_put(&pen, THEME_TEXT, "6");
	cr_expect_str_eq(stage_row(&stage, 0), "1234…");
}

Test(surface, the_topmost_zone_takes_the_click)
{
	surface_add_zone(&stage.surface, (struct box){ 0, 0, 3, 10 }, ZONE_QUEUE, 1);
	surface_add_zone(&stage.surface, (struct box){ 1, 2, 1, 3 }, ZONE_BUTTON, 7);
	cr_expect_eq(surface_zone_at(&stage.surface, 1, 2)->kind, ZONE_BUTTON);
	cr_expect_eq(surface_zone_at(&stage.surface, 1, 5)->kind, ZONE_QUEUE);
	cr_expect_null(surface_zone_at(&stage.surface, 5, 5));
}

Test(ascii_surface, gets_ascii_only)
{
	stage_open(&stage, TEXT_ASCII, 3, 24);
	surface_put(&stage.surface, 0, 0, 24, THEME_TEXT, "Soluções → 株式 …");
	surface_draw_frame(&stage.surface, (struct box){ 1, 0, 2, 24 }, THEME_TEXT, "Überschrift");
	for (size_t row = 0; row < 3; row++)
		for (const char *c = stage_row(&stage, row); *c; c++)
			cr_expect((unsigned char)*c < 0x7f, "row %zu: byte %d", row, *c);
	tear_down();
}

Test(surface, what_is_dimmed_keeps_its_text_and_its_bars)
{
	static const struct {
		enum theme_role before, after;
	} rows[] = { { THEME_TEXT, THEME_MUTED },     { THEME_DANGER, THEME_MUTED },  { THEME_SELECTION, THEME_MUTED },
		     { THEME_APPROVED, THEME_MUTED }, { THEME_BORDER, THEME_BORDER }, { THEME_HEADER, THEME_HEADER },
		     { THEME_FOOTER, THEME_FOOTER },  { THEME_KEY, THEME_FOOTER } };
	struct surface surface;
	surface_init(&surface, TEXT_UTF8);
	surface_begin(&surface, sizeof rows / sizeof *rows, 8);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		surface_put(&surface, i, 0, 8, rows[i].before, "late");
		surface_restyle(&surface, (struct box){ i, 0, 1, 8 }, rows[i].before, CELL_BOLD | CELL_REVERSE);
	}
	surface_dim_text(&surface);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct cell *cell = surface_cell(&surface, i, 0);
		cr_expect_eq(cell->role, rows[i].after, "row %zu has role %u", i, cell->role);
		cr_expect_eq(cell->style, 0);
		cr_expect_eq(cell->text[0], 'l');
	}
	surface_release(&surface);
}
