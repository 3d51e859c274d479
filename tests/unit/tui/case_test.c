#include "tui_support.h"

static struct stage stage;
static struct case_model model;

static void open_with(struct job *job, enum text_mode mode, size_t rows, size_t cols)
{
	stage_open(&stage, mode, rows, cols);
	case_model_init(&model);
	case_model_take_response(&model, job, &stage.frame);
}
static void draw(void)
{
	struct case_position place = { .opened_from = "manual_review", .position = 3, .total = 128 };
	surface_begin(&stage.surface, stage.surface.rows, stage.surface.cols);
	case_draw(&model, &stage.surface, (struct box){ 0, 0, stage.surface.rows, stage.surface.cols }, &stage.frame,
		  &place);
	stage_check(&stage);
}
static void tear_down(void)
{
	case_model_release(&model);
	stage_close(&stage);
	NO_LEAKS();
}
TestSuite(case_screen, .fini = tear_down);

Test(case_screen, the_header_says_who_where_and_how_urgent)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	draw();
	cr_expect_eq(strncmp(stage_row(&stage, 0), " ‹ manual_review  3 of 128", 24), 0, "%s", stage_row(&stage, 0));
	cr_expect(strstr(stage_row(&stage, 0), "nobody holds it"));
	cr_expect_str_eq(stage_row(&stage, 1),
			 " Harbour Lane Trading Ltd                            RAL-2031 · ralio-kyb · GBR");
	cr_expect(strstr(stage_row(&stage, 2), "IN REVIEW   level LIGHT   risk 42 ▅▅▁▁▁"), "%s", stage_row(&stage, 2));
	cr_expect(strstr(stage_row(&stage, 2), "due 2 h ago"));
}

Test(case_screen, in_ascii_nothing_else_is_used)
{
	open_with(harbour_case(), TEXT_ASCII, 22, 80);
	draw();
	for (size_t row = 0; row < 22; row++)
		for (const char *c = stage_row(&stage, row); *c; c++)
			cr_assert((unsigned char)*c < 0x7f, "row %zu: %s", row, stage_row(&stage, row));
	cr_expect(strstr(stage_row(&stage, 2), "risk 42 ##..."));
}

Test(case_screen, what_blocks_stands_first_and_says_where)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	draw();
	cr_expect(strstr(stage_row(&stage, 4), " Before you can approve"));
	cr_expect(strstr(stage_row(&stage, 4), " 2 conditions met"));
	cr_expect_eq(strncmp(stage_row(&stage, 5), "▸✗ PROOF_OF_ADDRESS is not accepted",
			     strlen("▸✗ PROOF_OF_ADDRESS is not accepted")),
		     0, "%s", stage_row(&stage, 5));
	cr_expect(strstr(stage_row(&stage, 5), "→ 2"));
	cr_expect(strstr(stage_row(&stage, 6), "✗ Ines Duarte has not finished her KYC"));
	cr_expect(strstr(stage_row(&stage, 6), "→ 3"));
}

Test(case_screen, the_checklist_folds_to_one_line_when_all_is_well)
{
	open_with(clear_case(), TEXT_UTF8, 22, 80);
	draw();
	cr_expect_str_eq(stage_row(&stage, 4), " ✓ All 2 conditions met: a approves");
	cr_expect_eq(stage_find(&stage, "Before you can approve"), -1);
}

Test(case_screen, wide_the_checklist_stands_beside_the_tab)
{
	open_with(harbour_case(), TEXT_UTF8, 34, 120);
	draw();
	cr_expect(strstr(stage_row(&stage, 4), "Before you can approve"));
	cr_expect(strstr(stage_row(&stage, 4), "│ 1 Summary"));
	cr_expect(strstr(stage_row(&stage, 3), "┬"));
}

Test(case_screen, enter_on_a_blocker_goes_to_what_blocks)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	case_model_jump_to_condition(&model, case_model_condition(&model, 0));
	cr_expect_eq(model.tab, TAB_DOCUMENTS);
	cr_expect_eq(model.pane, PANE_TAB);
	cr_expect_str_eq(case_model_row(&model)->ref, "document-1", "found by its type");
	case_model_jump_to_condition(&model, case_model_condition(&model, 1));
	cr_expect_eq(model.tab, TAB_PARTIES);
	cr_expect_str_eq(case_model_row(&model)->ref, "party-1");
}

Test(case_screen, parties_are_drawn_as_a_tree)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	case_model_select_tab(&model, TAB_PARTIES);
	draw();
	int row = stage_find(&stage, "Lane Holdings BV");
	cr_assert_geq(row, 0);
	cr_expect(strstr(stage_row(&stage, (size_t)row), "60 %"));
	cr_expect(strstr(stage_row(&stage, (size_t)row + 1), "└─ Ines Duarte"));
	cr_expect(strstr(stage_row(&stage, (size_t)row + 1), "54 %"));
	cr_expect(strstr(stage_row(&stage, (size_t)row + 1), "UBO, director, CEO"));
	cr_expect(strstr(stage_row(&stage, (size_t)row + 1), "● in progress"));
}

Test(case_screen, documents_show_their_state_by_mark_and_word)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	case_model_select_tab(&model, TAB_DOCUMENTS);
	draw();
	cr_expect(strstr(stage_row(&stage, (size_t)stage_find(&stage, "BUSINESS_NUMBER")), "✓"));
	cr_expect(strstr(stage_row(&stage, (size_t)stage_find(&stage, "address.pdf")), "? "));
	cr_expect(strstr(stage_row(&stage, (size_t)stage_find(&stage, "address.pdf")), "to review"));
}

Test(case_screen, hits_hang_below_their_check)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	case_model_select_tab(&model, TAB_CHECKS);
	case_model_move(&model, 1);
	draw();
	int row = stage_find(&stage, "└─ Inês Duarte");
	cr_assert_geq(row, 1);
	cr_expect(strstr(stage_row(&stage, (size_t)row - 1), "watchlist"));
	cr_expect(strstr(stage_row(&stage, (size_t)row), "0.83"));
	cr_expect_eq(case_model_bar(&model), BAR_HIT);
}

Test(case_screen, why_a_hit_was_judged_so_stands_in_words)
{
	struct reason different = { .code = "different_birth_date", .label = "Different birth date" };
	struct reasons reasons = { .items = { [REASONS_HIT] = &different }, .counts = { [REASONS_HIT] = 1 } };
	struct job *job = harbour_case();
	struct hit *hit = job->view.file.checks->hits;
	hit->state = HIT_FALSE_POSITIVE;
	hit->resolved_by = "ana";
	hit->reason = "different_birth_date";
	job->view.reasons = &reasons;
	open_with(job, TEXT_UTF8, 22, 140);
	case_model_select_tab(&model, TAB_CHECKS);
	case_model_move(&model, 1);
	draw();
	cr_expect_str_eq(case_model_row(&model)->detail, "Different birth date");
	cr_expect(stage_find(&stage, "Different") >= 0);
	cr_expect_eq(stage_find(&stage, "different_birth_date"), -1);
}

Test(case_screen, the_cursor_of_a_tab_follows_its_row)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	case_model_select_tab(&model, TAB_DOCUMENTS);
	case_model_move(&model, 1);
	struct job *again = harbour_case();
	struct document swapped = again->view.file.documents[0];
	again->view.file.documents[0] = again->view.file.documents[1];
	again->view.file.documents[1] = swapped;
	case_model_take_response(&model, again, &stage.frame);
	cr_expect_str_eq(case_model_row(&model)->ref, "document-1");
}

Test(case_screen, after_accepting_the_next_document_to_review_is_under_the_cursor)
{
	struct job *job = harbour_case();
	job->view.file.documents[0].review = REVIEW_UNREVIEWED;
	open_with(job, TEXT_UTF8, 22, 80);
	case_model_select_tab(&model, TAB_DOCUMENTS);
	case_model_select_next_open(&model, ROW_DOCUMENT);
	cr_expect_str_eq(case_model_row(&model)->ref, "document-1");
	cr_expect_eq(model.pane, PANE_TAB);
}

/* After the last document, the cursor skips the condition that the verdict on this document will meet. */
Test(case_screen, after_the_last_document_the_next_condition_is_under_the_cursor)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	cr_assert(case_model_select_row(&model, TAB_DOCUMENTS, "document-1"));
	case_model_select_next_open(&model, ROW_DOCUMENT);
	cr_expect_eq(model.pane, PANE_CHECKLIST);
	cr_expect_eq(case_model_condition(&model, model.checklist_cursor)->tab, TAB_PARTIES);
	struct job *again = harbour_case();
	again->view.checklist[case_model_condition(&model, 0) - case_model_view(&model)->checklist].met = true;
	case_model_take_response(&model, again, &stage.frame);
	cr_expect_eq(model.checklist_cursor, 0, "the case was read again: the cursor is on the same condition");
	cr_expect_eq(case_model_condition(&model, 0)->tab, TAB_PARTIES);
	cr_assert(case_model_select_row(&model, TAB_DOCUMENTS, "document-1"));
	struct job *last = harbour_case();
	for (size_t i = 0; i < last->view.checklist_count; i++)
		last->view.checklist[i].met |= last->view.checklist[i].tab == TAB_PARTIES;
	case_model_take_response(&model, last, &stage.frame);
	case_model_select_next_open(&model, ROW_DOCUMENT);
	cr_expect_eq(model.pane, PANE_TAB, "nothing else blocks");
}

/* The desk masks the values; the screen draws them masked, and says that R reveals them. */
Test(case_screen, a_masked_case_says_so)
{
	struct job *job = harbour_case();
	job->view.file.step_count = 1;
	job->view.file.steps = arena_alloc_array(&job->arena, 1, sizeof(struct step));
	step_init(job->view.file.steps);
	job->view.file.steps->id = "company_info";
	job->view.file.steps->fields_json = "{\"tax_id\":\"*******6789\"}";
	open_with(job, TEXT_UTF8, 60, 80);
	draw();
	cr_expect_geq(stage_find(&stage, "tax_id"), 0);
	cr_expect_geq(stage_find(&stage, "*******6789"), 0);
	cr_expect_geq(stage_find(&stage, "R reveals it"), 0);
}

Test(case_screen, no_size_does_harm)
{
	open_with(harbour_case(), TEXT_UTF8, 10, 60);
	for (size_t rows = 0; rows < 40; rows += 3) {
		for (size_t cols = 0; cols < 210; cols += 13) {
			surface_begin(&stage.surface, rows, cols);
			for (int tab = TAB_SUMMARY; tab <= TAB_WEBHOOKS; tab++) {
				case_model_select_tab(&model, (enum case_tab)tab);
				draw();
			}
		}
	}
}

Test(case_screen, who_looks_for_what_is_not_there_stays_where_they_are)
{
	open_with(harbour_case(), TEXT_UTF8, 22, 80);
	draw();
	const struct party *party = &case_model_view(&model)->file.parties[1];
	cr_expect(case_model_select_row(&model, TAB_PARTIES, party->id));
	cr_expect_eq(model.tab, TAB_PARTIES);
	cr_expect_eq(case_model_row(&model)->ref, party->id);
	cr_expect_not(case_model_select_row(&model, TAB_DOCUMENTS, party->id));
	cr_expect_eq(model.tab, TAB_PARTIES);
	cr_expect_eq(case_model_row(&model)->ref, party->id);
}

Test(case_screen, a_preview_has_room_for_all_of_it_or_is_not_drawn)
{
	static const struct {
		size_t rows, cols;
		bool drawn;
	} rooms[] = { { 4, 30, true }, { 3, 80, false }, { 24, 29, false }, { 24, 80, true }, { 0, 0, false } };
	open_with(harbour_case(), TEXT_UTF8, 24, 80);
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		const struct box box = { 0, 0, rooms[i].rows, rooms[i].cols };
		surface_begin(&stage.surface, 24, 80);
		preview_draw(case_model_view(&model), &stage.surface, box, &stage.frame);
		cr_expect_eq(stage_row(&stage, 0)[0] != '\0', rooms[i].drawn, "%zux%zu", box.rows, box.cols);
		stage_check(&stage);
	}
}

/* A long sentence continues on the next line only if that line is free. */
Test(case_screen, a_preview_shows_each_condition_before_the_rest_of_any)
{
	struct job *job = harbour_case();
	struct case_view *view = &job->view;
	static const char *const long_ones[] = { "the first of them has a long sentence that fills more lines than one",
						 "the second of them is as long as that, and it wants more as well",
						 "the third stands below, short" };
	view->checklist = arena_alloc_array(&job->arena, 3, sizeof *view->checklist);
	view->checklist_count = 3;
	for (size_t i = 0; i < 3; i++) {
		memset(&view->checklist[i], 0, sizeof view->checklist[i]);
		view->checklist[i].message = long_ones[i];
	}
	open_with(job, TEXT_UTF8, 24, 80);
	for (size_t rows = 6; rows <= 9; rows++) {
		surface_begin(&stage.surface, 24, 80);
		preview_draw(case_model_view(&model), &stage.surface, (struct box){ 0, 0, rows, 40 }, &stage.frame);
		int first = stage_find(&stage, "the first of"), second = stage_find(&stage, "the second of"),
		    third = stage_find(&stage, "the third");
		cr_expect(first >= 0 && second > first && third > second, "%zu rows: %d, %d, %d", rows, first, second,
			  third);
		for (size_t row = rows; row < 24; row++)
			cr_expect_str_empty(stage_row(&stage, row), "%zu rows: row %zu", rows, row);
	}
}
