/* The summary as cards: their places at every width, their content, and worst cases. */
#include "model/grid.h"
#include "kybdesk/codec/value_codec.h"
#include "tui_support.h"

static struct stage stage;
static struct case_model model;

Test(cards, the_important_ones_are_on_top_at_every_width)
{
	enum { CARDS = 24 };
	struct grid_card cards[CARDS];
	struct card_position places[CARDS];
	unsigned seed = 7;
	for (size_t i = 0; i < CARDS; i++) {
		seed = seed * 1103515245u + 12345u;
		cards[i] =
			(struct grid_card){ .count = 1 + seed / 65536 % 9, .spec.is_full_width = seed / 1024 % 5 == 0 };
	}
	for (size_t cols = 0; cols <= 300; cols++) {
		size_t page = cards_arrange(cards, CARDS, cols, places);
		for (size_t i = 0; i < CARDS; i++) {
			const struct card_position *at = &places[i];
			cr_assert_leq(at->col + at->cols, cols, "card %zu at %zu columns", i, cols);
			cr_assert_leq(at->row + cards[i].count, page);
			cr_assert(cols < 2 * CARD_COLS_MIN || at->cols >= CARD_COLS_MIN, "%zu: %zu", cols, at->cols);
			cr_assert(!cards[i].spec.is_full_width || at->cols == cols);
			cr_assert(!i || places[i - 1].row <= at->row, "card %zu is above the one before it", i);
			for (size_t o = 0; o < i; o++)
				cr_assert(places[o].row + cards[o].count <= at->row ||
						  places[o].col + places[o].cols <= at->col ||
						  at->col + at->cols <= places[o].col,
					  "cards %zu and %zu overlap at %zu columns", o, i, cols);
		}
	}
	cr_expect_eq(places[1].cols, (300 + 2) / 4 - 2, "four beside each other");
	(void)cards_arrange(cards, CARDS, SPOKEN_COLS, places);
	cr_expect_eq(places[1].cols, SPOKEN_COLS, "read aloud, one after another");
}

static void draw_at(struct job *job, size_t rows, size_t cols)
{
	struct case_position place = { .opened_from = "manual_review" };
	stage_open(&stage, TEXT_UTF8, rows, cols);
	case_model_init(&model);
	case_model_take_response(&model, job, &stage.frame);
	surface_begin(&stage.surface, rows, cols);
	case_draw(&model, &stage.surface, (struct box){ 0, 0, rows, cols }, &stage.frame, &place);
	stage_check(&stage);
}

static void leave(void)
{
	case_model_release(&model);
	stage_close(&stage);
	NO_LEAKS();
}

static const char *row_with(const char *text)
{
	int row = stage_find(&stage, text);
	cr_assert_geq(row, 0, "%s is not in sight", text);
	return stage_row(&stage, (size_t)row);
}

static struct job *hostile_case(void)
{
	static const char *const names[] = { "株式会社ミナト商事株式会社ミナト商事", "דוד לוי \u202eevil", "สยามคราฟท์",
					     "a\u0301\u0301\u0301\u0301\u0301\u0301 long" };
	struct job *job = harbour_case();
	struct arena *arena = &job->arena;
	struct case_file *file = &job->view.file;
	struct check *check = file->checks;
	check->hits = arena_alloc_array(arena, 200, sizeof *check->hits);
	check->hit_count = 200;
	for (size_t i = 0; i < 200; i++) {
		struct hit *hit = &check->hits[i];
		hit_init(hit);
		hit->id = arena_printf(arena, "hit-%zu", i);
		hit->name = arena_printf(arena, "%s %0200zu", names[i % 4], i);
		hit->list = "A list";
		hit->score = (double)i / 200;
		hit->state = i < 100 ? HIT_FALSE_POSITIVE : HIT_OPEN;
		hit->standing = (struct standing){ .valid = true, .change_text = "" };
	}
	check->hits[150].name = "Viktor Sorin";
	check->hits[150].state = HIT_TRUE_MATCH;
	check->hits[150].class_ = HIT_SANCTIONS;
	file->documents = arena_alloc_array(arena, 60, sizeof *file->documents);
	file->document_count = 60;
	for (size_t i = 0; i < 60; i++) {
		document_init(&file->documents[i]);
		file->documents[i].id = arena_printf(arena, "document-%zu", i);
		file->documents[i].type = arena_printf(arena, "TYPE_%zu", i);
		file->documents[i].upload = UPLOAD_READY;
		file->documents[i].review = i == 59 ? REVIEW_REJECTED : REVIEW_ACCEPTED;
	}
	file->parties = arena_alloc_array(arena, 40, sizeof *file->parties);
	job->tree = arena_alloc_array(arena, 40, sizeof *job->tree);
	file->party_count = job->tree_count = 40;
	for (size_t i = 0; i < 40; i++) {
		party_init(&file->parties[i]);
		file->parties[i].id = arena_printf(arena, "party-%zu", i);
		file->parties[i].name = i == 39 ? "Ada Hidden" : arena_printf(arena, "%s %0200zu", names[i % 4], i);
		file->parties[i].effective_percent = "2.5";
		file->parties[i].session_hit_open = i == 39;
		job->tree[i] = (struct ownership_line){ .party = i, .percent = "2.5" };
	}
	struct checklist_item *item = &job->view.checklist[1];
	item->code = BLOCKER_HIT_OPEN;
	item->ref = "hit-150";
	item->message = "Viktor Sorin (A list) is a confirmed sanctions match: the case can only be rejected";
	return job;
}

Test(glance, what_needs_work_is_in_sight_first_among_many)
{
	static const size_t widths[] = { 60, 80, 100, 120, 132, 160, 200 };
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		draw_at(hostile_case(), widths[i] < 80 ? 60 : 36, widths[i]);
		cr_expect(strstr(row_with("SANCTIONS"), "SANCTIONS · confirmed match: reject (r)"));
		cr_expect(strstr(row_with("99 open"), "1 confirmed, 99 open"), "%zu: %s", widths[i],
			  row_with("99 open"));
		int heading = stage_find(&stage, "99 open");
		cr_expect(strstr(stage_row(&stage, (size_t)heading + 1), "Viktor Sorin"), "%zu: %s", widths[i],
			  stage_row(&stage, (size_t)heading + 1));
		cr_expect(strstr(row_with("192 more → 4"), "→ 4"));
		cr_expect(strstr(row_with("Ada Hidden"), "2.5 %"), "the one with a hit, of forty");
		cr_expect(strstr(row_with("1 rejected"), "59 accepted"));
		cr_expect(strstr(row_with("TYPE_59"), "rejected"));
		leave();
	}
}

Test(glance, the_banner_says_what_decides_and_no_more_than_the_conditions)
{
	static const struct {
		enum blocker_code code;
		enum hit_class class_;
		enum hit_state state;
		enum role role;
		const char *says;
	} rows[] = {
		{ BLOCKER_HIT_OPEN, HIT_SANCTIONS, HIT_TRUE_MATCH, ROLE_REVIEWER,
		  "SANCTIONS · confirmed match: reject (r)" },
		{ BLOCKER_HIT_OPEN, HIT_SANCTIONS, HIT_OPEN, ROLE_REVIEWER, "" },
		{ BLOCKER_HIT_OPEN, HIT_PEP, HIT_TRUE_MATCH, ROLE_REVIEWER,
		  "CONFIRMED MATCH · a lead may accept it; else reject (r)" },
		{ BLOCKER_HIT_OPEN, HIT_PEP, HIT_TRUE_MATCH, ROLE_LEAD,
		  "CONFIRMED MATCH · accept it with a reason, or reject (r)" },
		{ BLOCKER_HELD, HIT_PEP, HIT_OPEN, ROLE_REVIEWER, "HELD · a lead must review this case" },
		{ BLOCKER_SUSPICION_OPEN, HIT_PEP, HIT_OPEN, ROLE_LEAD,
		  "SUSPICION · open: decide whether to file it, then close it" },
		{ BLOCKER_DESK_RULE, HIT_PEP, HIT_OPEN, ROLE_LEAD, "DESK RULE · PROOF_OF_ADDRESS is not accepted" },
		{ BLOCKER_DOCUMENT_NOT_ACCEPTED, HIT_PEP, HIT_OPEN, ROLE_LEAD, "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct job *job = harbour_case();
		struct hit *hit = job->view.file.checks->hits;
		struct frame frame = { .mode = TEXT_UTF8, .role = rows[i].role };
		job->view.checklist[1].code = rows[i].code;
		job->view.checklist[1].ref = rows[i].code == BLOCKER_HIT_OPEN ? "hit-0" : "";
		hit->class_ = rows[i].class_;
		hit->state = rows[i].state;
		hit->standing.valid = true;
		cr_expect_str_eq(case_banner(&job->arena, &job->view, &frame), rows[i].says);
		job->view.file.session.status = SESSION_REJECTED;
		cr_expect_str_eq(case_banner(&job->arena, &job->view, &frame), "", "a decided case needs none");
		job_free(job);
	}
	NO_LEAKS();
}

Test(glance, a_check_without_an_entry_or_waived_is_not_called_clean)
{
	static const struct {
		enum check_status status;
		const char *sum, *row;
	} rows[] = { { CHECK_HIT, "1 unclear", "✗  watchlist" },
		     { CHECK_PENDING, "1 pending", "—  watchlist" },
		     { CHECK_WAIVED, "no hits", "—  watchlist" },
		     { CHECK_PASSED, "no hits", "✓  1 check without a hit" } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct job *job = harbour_case();
		job->view.file.checks->hit_count = 0;
		job->view.file.checks->status = rows[i].status;
		draw_at(job, 36, 80);
		cr_expect(strstr(row_with("Checks ─"), rows[i].sum), "%zu: %s", i, row_with("Checks ─"));
		cr_expect_geq(stage_find(&stage, rows[i].row), 0, "%zu", i);
		leave();
	}
}

Test(glance, a_trade_name_stands_below_the_legal_name_if_it_differs)
{
	static const char *const trade[] = { "Harbour Digital", "HARBOUR LANE TRADING LTD" };
	for (size_t i = 0; i < 2; i++) {
		struct job *job = harbour_case();
		struct case_file *file = &job->view.file;
		file->steps = arena_alloc_array(&job->arena, 1, sizeof *file->steps);
		file->step_count = 1;
		step_init(file->steps);
		file->steps->id = "company";
		file->steps->fields_json = arena_printf(&job->arena, "{\"tradeName\":\"%s\"}", trade[i]);
		case_values_parse(&job->arena, file);
		draw_at(job, 60, 80);
		int legal = stage_find(&stage, "legal name"), other = stage_find(&stage, "trade name");
		if (i) {
			cr_expect(legal < 0 && other < 0, "compared as folded text");
		} else {
			cr_assert_geq(legal, 0);
			cr_expect(strstr(stage_row(&stage, (size_t)legal), "Harbour Lane Trading Ltd"));
			cr_expect_eq(other, legal + 1);
			cr_expect(strstr(stage_row(&stage, (size_t)other), "Harbour Digital"));
		}
		leave();
	}
}

/* The cursor passes every row once, in the order of importance, and its row is always visible. */
Test(glance, the_cursor_walks_through_the_cards)
{
	draw_at(harbour_case(), 24, 80);
	struct case_position place = { .opened_from = "manual_review" };
	case_model_select_tab(&model, TAB_SUMMARY);
	case_model_move(&model, -1000);
	cr_expect_str_eq(case_model_row(&model)->ref, "hit-0");
	size_t seen = 0;
	for (const struct grid_row *last = NULL; case_model_row(&model) != last; seen++) {
		last = case_model_row(&model);
		surface_begin(&stage.surface, 24, 80);
		case_draw(&model, &stage.surface, (struct box){ 0, 0, 24, 80 }, &stage.frame, &place);
		cr_assert_gt(stage.surface.screen_reader.focus.rows, 0, "row %zu is not in sight", seen);
		case_model_move(&model, 1);
	}
	size_t rows = 0;
	const struct grid *grid = case_model_grid(&model);
	for (size_t i = 0; i < grid->row_count; i++)
		rows += grid->rows[i].kind != ROW_HEADING;
	cr_expect_eq(seen, rows);
	leave();
}

/* --- the chart of owners --- */

static struct job *chain_case(size_t depth)
{
	struct job *job = harbour_case();
	struct arena *arena = &job->arena;
	struct case_file *file = &job->view.file;
	file->parties = arena_alloc_array(arena, depth, sizeof *file->parties);
	job->tree = arena_alloc_array(arena, depth, sizeof *job->tree);
	file->party_count = job->tree_count = depth;
	for (size_t i = 0; i < depth; i++) {
		party_init(&file->parties[i]);
		file->parties[i].id = arena_printf(arena, "party-%zu", i);
		file->parties[i].name = arena_printf(arena, "株式会社 Holding %zu %0200d", i, 7);
		file->parties[i].effective_percent = "33.333333";
		job->tree[i] = (struct ownership_line){ .party = i, .depth = (unsigned)i, .percent = "33.333333" };
	}
	return job;
}

static void draw_chart(struct job *job, enum text_mode mode, size_t rows, size_t cols)
{
	struct case_position place = { .opened_from = "manual_review" };
	if (job) {
		stage_open(&stage, mode, rows, cols);
		case_model_init(&model);
		case_model_take_response(&model, job, &stage.frame);
		case_model_select_tab(&model, TAB_PARTIES);
		model.shows_chart = true;
	}
	surface_begin(&stage.surface, rows, cols);
	case_draw(&model, &stage.surface, (struct box){ 0, 0, rows, cols }, &stage.frame, &place);
	stage_check(&stage);
}

Test(chart, boxes_and_edges_say_what_a_decision_needs)
{
	struct job *job = harbour_case();
	struct case_view *view = &job->view;
	static struct ownership_layer layer = { "party-0", "Lane Holdings BV", "10", "6" };
	view->gap = (struct ownership_gap){ .is_computed = true, .percent = "6", .layers = &layer, .layer_count = 1 };
	view->file.parties[1].session_hit_open = true;
	job->tree[1].closes_cycle = true;
	draw_chart(job, TEXT_UTF8, 40, 80);
	cr_expect(strstr(row_with("┌─ Harbour Lane"), "┐"));
	cr_expect(strstr(row_with("GBR · risk 42 · in review"), "│"));
	cr_expect(strstr(row_with("100 % declared"), "100 %"));
	cr_expect(strstr(row_with("Lane Holdings BV ─"), "│ 60 %   ┌"), "%s", row_with("Lane Holdings BV ─"));
	cr_expect(strstr(row_with("60 % in total"), "└────────┤ 60 % in total · NLD · shareholder"), "%s",
		  row_with("60 % in total"));
	cr_expect(strstr(row_with("10 % not declared"), "no KYC needed"));
	cr_expect(strstr(row_with("owns itself"), "90 %"));
	cr_expect(strstr(row_with("hit open"), "! hit open · "));
	case_model_row(&model);
	case_model_move(&model, 1);
	draw_chart(NULL, TEXT_UTF8, 40, 80);
	cr_expect_str_eq(case_model_row(&model)->ref, "party-1");
	cr_expect(strstr(stage_row(&stage, stage.surface.screen_reader.focus.row), "Ines Duarte"));
	leave();
	draw_chart(harbour_case(), TEXT_ASCII, 40, 80);
	for (size_t row = 0; row < 40; row++)
		for (const char *c = stage_row(&stage, row); *c; c++)
			cr_assert((unsigned char)*c < 0x7f, "row %zu: %s", row, stage_row(&stage, row));
	cr_expect(strstr(row_with("60 % in total"), "+--------+ 60 % in total"), "%s", row_with("60 % in total"));
	leave();
}

/* In a chain of thirty companies with long names and a removed party, the current box is visible at every size. */
Test(chart, no_depth_and_no_width_loses_the_cursor)
{
	static const size_t widths[] = { 60, 80, 120, 200 }, heights[] = { 15, 24, 60 };
	for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
		for (size_t h = 0; h < sizeof heights / sizeof *heights; h++) {
			struct job *job = chain_case(30);
			remove_an_owner(job);
			draw_chart(job, TEXT_UTF8, heights[h], widths[w]);
			for (size_t i = 0; i < 31; i++) {
				draw_chart(NULL, TEXT_UTF8, heights[h], widths[w]);
				const struct box *focus = &stage.surface.screen_reader.focus;
				cr_assert(focus->rows, "%zux%zu: box %zu", widths[w], heights[h], i);
				cr_assert(
					strstr(stage_row(&stage, focus->row),
					       i < 30 ? arena_printf(&stage.arena, "Holding %zu ", i) : "Old Owner") ||
						widths[w] == 60,
					"%zux%zu: box %zu: %s", widths[w], heights[h], i,
					stage_row(&stage, focus->row));
				case_model_move(&model, 1);
			}
			leave();
		}
	}
}

/* A pinned note is shown even if it is old; the other notes shown are the newest. */
Test(glance_notes, pinned_ones_are_first_and_say_what_they_are_about)
{
	struct job *job = harbour_case();
	struct case_file *file = &job->view.file;
	file->notes = arena_alloc_array(&job->arena, 5, sizeof *file->notes);
	file->note_count = 5;
	for (size_t i = 0; i < 5; i++)
		file->notes[i] = (struct note){ .text = arena_printf(&job->arena, "Note number %zu", i),
						.by = "ana",
						.imported_by = "",
						.unanswered_mentions = "",
						.document = i == 4 ? file->documents[0].id : "",
						.hit = i == 3 ? "gone" : "",
						.pinned_by = i ? "" : "lea" };
	draw_at(job, 60, 200);
	int first = stage_find(&stage, "ana  pinned: ");
	int second = stage_find(&stage, "ana  on BUSINESS");
	int third = stage_find(&stage, "ana  on a removed h");
	cr_expect(first >= 0 && first < second && second < third, "%d %d %d", first, second, third);
	cr_expect_geq(stage_find(&stage, "2 more"), 0);
	leave();
}
