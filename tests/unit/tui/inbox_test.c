#include "tui_support.h"

static struct stage stage;
static struct queue queue;
static struct inbox_view view;
static const struct settings settings = { .views_path = "/nonexistent/views.json" };
static struct views views;
static struct job *preview;

static void open_at(enum text_mode mode, size_t rows, size_t cols, size_t count)
{
	stage_open(&stage, mode, rows, cols);
	queue_init(&queue);
	views_init(&views, &settings);
	struct job *request = queue_reload(&queue);
	queue_take_response(&queue, list_answer(request->ticket, 0, count, false));
	job_free(request);
	view = (struct inbox_view){ .queue = &queue, .views = &views };
	preview = NULL;
}
static void draw(void)
{
	surface_begin(&stage.surface, stage.surface.rows, stage.surface.cols);
	view.preview = preview ? &preview->view : NULL;
	inbox_draw(&view, &stage.surface, (struct box){ 0, 0, stage.surface.rows, stage.surface.cols }, &stage.frame);
	stage_check(&stage);
}
static void tear_down(void)
{
	job_free(preview);
	preview = NULL;
	queue_release(&queue);
	views_release(&views);
	stage_close(&stage);
	NO_LEAKS();
}
TestSuite(inbox_screen, .fini = tear_down);

Test(inbox_screen, at_80_columns_the_strip_shows_every_count)
{
	open_at(TEXT_UTF8, 22, 80, 3);
	draw();
	const char *strip = stage_row(&stage, 1);
	static const char *const counts[] = { "manual_review 128", " 12", " 57", " 31", " 204", " 1902", " 140" };
	for (size_t i = 0; i < 7; i++)
		cr_expect(strstr(strip, counts[i]), "%s in: %s", counts[i], strip);
}

Test(inbox_screen, the_queue_shows_what_is_needed_to_choose)
{
	open_at(TEXT_UTF8, 22, 80, 3);
	draw();
	cr_expect_str_eq(stage_row(&stage, 2),
			 " 3 cases · most urgent first · filter: —        my cases 4  ready 9  overdue 12");
	cr_expect_str_eq(stage_row(&stage, 3), "      Due  Now  Subject                    Cty   Risk  Docs  Why");
	cr_expect_str_eq(stage_row(&stage, 4), "▸      1h       Company 0                  GBR   42 ▄   4/4  —");
}

Test(inbox_screen, in_ascii_it_says_the_same)
{
	open_at(TEXT_ASCII, 22, 80, 3);
	draw();
	cr_expect_str_eq(stage_row(&stage, 4), ">      1h       Company 0                  GBR   42 =   4/4  -");
}

Test(inbox_screen, wide_it_has_inboxes_at_the_left_and_a_preview_below)
{
	open_at(TEXT_UTF8, 34, 120, 3);
	preview = harbour_case();
	draw();
	cr_expect(strstr(stage_row(&stage, 2), "  manual_review    128 │"), "%s", stage_row(&stage, 2));
	cr_expect_geq(stage_find(&stage, "overdue"), 0);
	cr_expect_geq(stage_find(&stage, "1 902"), 0);
	cr_expect_geq(stage_find(&stage, "Harbour Lane Trading Ltd · RAL-2031 · LIGHT"), 0);
	cr_expect_geq(stage_find(&stage, "✗ Ines Duarte has not finished her KYC"), 0);
	cr_expect_geq(stage_find(&stage, "✓ 2 conditions met"), 0);
}

Test(inbox_screen, an_empty_inbox_says_what_to_do)
{
	open_at(TEXT_UTF8, 22, 80, 0);
	draw();
	cr_expect_geq(stage_find(&stage, "kybdesk import FILE"), 0);
	strbuf_adds(&queue.filter, "country:PRT");
	draw();
	cr_expect_geq(stage_find(&stage, "No case matches this filter"), 0);
}

Test(inbox_screen, the_cursor_is_always_in_view)
{
	open_at(TEXT_UTF8, 22, 80, 150);
	for (int i = 0; i < 150; i++) {
		draw();
		cr_assert_geq(stage_find(&stage, queue_current_item(&queue)->subject_name), 4);
		job_free(queue_move(&queue, 1));
	}
}

Test(inbox_screen, no_size_does_harm)
{
	open_at(TEXT_UTF8, 22, 80, 150);
	preview = harbour_case();
	for (size_t rows = 0; rows < 60; rows += 3) {
		for (size_t cols = 0; cols < 210; cols += 11) {
			surface_begin(&stage.surface, rows, cols);
			draw();
		}
	}
}
