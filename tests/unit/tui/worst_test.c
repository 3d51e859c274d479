/* Draws ten worst cases, with each tab and the chart, at seven widths: status, due time and blockers are visible, no
 * character is cut, and no text reorders its row. */
#include "model/case_model.h"
#include "tui_support.h"

static struct stage stage;
static struct case_model model;

#define LONG_NAME 200 /* characters */

/* A text of this many characters, which repeats the sample. */
static const char *long_text(struct arena *arena, const char *sample, size_t characters)
{
	struct strbuf text = STRBUF_INIT;
	size_t length = strlen(sample), at = 0;
	for (size_t i = 0; i < characters; i++) {
		size_t next = text_next_grapheme(sample, length, at);
		strbuf_add(&text, sample + at, next - at);
		at = next < length ? next : 0;
	}
	return strbuf_finish(&text, arena);
}

static void many_owners(struct job *job, size_t count, const char *sample)
{
	struct arena *arena = &job->arena;
	struct case_file *file = &job->view.file;
	file->parties = arena_alloc_array(arena, count, sizeof *file->parties);
	job->tree = arena_alloc_array(arena, count, sizeof *job->tree);
	file->party_count = job->tree_count = count;
	job->view.is_party_verified = NULL;
	for (size_t i = 0; i < count; i++) {
		party_init(&file->parties[i]);
		file->parties[i].id = arena_printf(arena, "party-%zu", i);
		file->parties[i].name = arena_printf(arena, "%zu %s", i, sample);
		file->parties[i].effective_percent = "2.5";
		file->parties[i].session_hit_open = i + 1 == count;
		job->tree[i] = (struct ownership_line){ .party = i, .percent = "2.5" };
	}
}

static void many_hits(struct job *job, size_t count, const char *sample)
{
	struct arena *arena = &job->arena;
	struct check *check = job->view.file.checks;
	check->hits = arena_alloc_array(arena, count, sizeof *check->hits);
	check->hit_count = count;
	for (size_t i = 0; i < count; i++) {
		hit_init(&check->hits[i]);
		check->hits[i].id = arena_printf(arena, "hit-%zu", i);
		check->hits[i].name = arena_printf(arena, "%zu %s", i, sample);
		check->hits[i].list = sample;
		check->hits[i].score = (double)i / (double)count;
		check->hits[i].standing = (struct standing){ .valid = true, .change_text = "" };
	}
}

static void many_documents(struct job *job, size_t count, const char *sample)
{
	struct arena *arena = &job->arena;
	struct case_file *file = &job->view.file;
	file->documents = arena_alloc_array(arena, count, sizeof *file->documents);
	file->document_count = count;
	for (size_t i = 0; i < count; i++) {
		document_init(&file->documents[i]);
		file->documents[i].id = arena_printf(arena, "document-%zu", i);
		file->documents[i].type = arena_printf(arena, "TYPE_%zu", i);
		file->documents[i].file_name = sample;
		file->documents[i].upload = UPLOAD_READY;
		file->documents[i].review = i + 1 == count ? REVIEW_REJECTED : REVIEW_ACCEPTED;
	}
}

static void a_chain(struct job *job, size_t count)
{
	many_owners(job, count, "Holding of a holding");
	for (size_t i = 0; i < count; i++) {
		job->tree[i].depth = (unsigned)i;
		job->tree[i].closes_cycle = i + 1 == count;
	}
}

/* Gives the case 40 owners, 200 hits and 60 documents, with names and messages that repeat the sample. */
static void all_of(struct job *job, const char *sample)
{
	const char *text = long_text(&job->arena, sample, LONG_NAME);
	job->view.file.session.subject.name = text;
	many_owners(job, 40, text);
	many_hits(job, 200, text);
	many_documents(job, 60, text);
	for (size_t i = 0; i < job->view.checklist_count; i++)
		if (!job->view.checklist[i].met)
			job->view.checklist[i].message =
				arena_printf(&job->arena, "%s is not verified: %s", text, text);
}

static const struct {
	const char *name;
	size_t owners, hits, documents, chain;
	const char *sample; /* text for all names and messages; NULL: unchanged */
} worst[] = {
	{ .name = "40 owners", .owners = 40 },
	{ .name = "200 hits", .hits = 200 },
	{ .name = "60 documents", .documents = 60 },
	{ .name = "a chain of 50 companies that ends in itself", .chain = 50 },
	{ .name = "names of 200 characters", .sample = "The Most Worshipful Company of Ropemakers and " },
	{ .name = "200 characters without a blank", .sample = "Donaudampfschiffahrtselektrizitaeten" },
	{ .name = "right to left", .sample = "דוד לוי ובניו نور الهاشمي " },
	{ .name = "wide characters", .sample = "株式会社ミナト商事한빛소프트웨어" },
	{ .name = "combining marks", .sample = "a\u0301\u0302\u0303\u0304\u0305e\u0323 สยามคราฟท์ จำกัด " },
	{ .name = "controls and overrides",
	  .sample = "a\x1b[2J\u202e\u2066\u200b\xc2\x85"
		    "b\x07\ufeff c " },
};
#define WORST_COUNT (sizeof worst / sizeof worst[0])
_Static_assert(WORST_COUNT == 10, "ten worst cases");

static struct job *worst_case(size_t at)
{
	struct job *job = harbour_case();
	if (worst[at].sample)
		all_of(job, worst[at].sample);
	if (worst[at].owners)
		many_owners(job, worst[at].owners, "An owner");
	if (worst[at].hits)
		many_hits(job, worst[at].hits, "A hit");
	if (worst[at].documents)
		many_documents(job, worst[at].documents, "a file.pdf");
	if (worst[at].chain)
		a_chain(job, worst[at].chain);
	return job;
}

/* Checks that no row contains a character that could control the terminal or reorder the row. */
static void check_characters(const char *name, size_t cols)
{
	for (size_t row = 0; row < stage.surface.rows; row++) {
		const char *text = stage_row(&stage, row);
		cr_assert(text_is_valid(text, strlen(text)), "%s at %zu", name, cols);
		for (const char *c = text; *c; c++)
			cr_assert((unsigned char)*c >= ' ' && *c != 0x7f, "%s at %zu: %s", name, cols, text);
		static const char *const never[] = { "\u202e", "\u2066", "\u200b", "\ufeff", "\xc2\x85" };
		for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
			cr_assert_null(strstr(text, never[i]), "%s at %zu: %s", name, cols, text);
	}
}

static void draw(size_t rows, size_t cols)
{
	struct case_position place = { .opened_from = "manual_review" };
	surface_begin(&stage.surface, rows, cols);
	case_draw(&model, &stage.surface, (struct box){ 0, 0, rows, cols }, &stage.frame, &place);
	stage_check(&stage);
}

/* Draws the case, and checks that status, due time and blockers are visible. */
static void look(size_t at, size_t rows, size_t cols)
{
	draw(rows, cols);
	check_characters(worst[at].name, cols);
	cr_expect_geq(stage_find(&stage, "IN REVIEW"), 0, "%s at %zu", worst[at].name, cols);
	cr_expect_geq(stage_find(&stage, "due "), 0, "%s at %zu", worst[at].name, cols);
	cr_expect_geq(stage_find(&stage, "Before you can approve"), 0, "%s at %zu", worst[at].name, cols);
	cr_expect_geq(stage_find(&stage, glyph_text(TEXT_UTF8, GLYPH_UNMET)), 0, "%s at %zu", worst[at].name, cols);
}

static void walk(size_t at, size_t rows, size_t cols)
{
	static const long steps[] = { 1, 1, 17, 90, -3, 1000, -1000 };
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		case_model_move(&model, steps[i]);
		look(at, rows, cols);
		if (case_model_row(&model))
			cr_expect(stage.surface.screen_reader.focus.rows, "%s at %zu: no cursor in tab %d",
				  worst[at].name, cols, model.tab);
	}
}

Test(worst, ten_cases_at_seven_widths)
{
	static const size_t widths[] = { 60, 80, 100, 120, 132, 160, 200 };
	for (size_t at = 0; at < WORST_COUNT; at++)
		for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
			size_t rows = widths[w] < 100 ? 24 : 40;
			stage_open(&stage, TEXT_UTF8, rows, widths[w]);
			case_model_init(&model);
			case_model_take_response(&model, worst_case(at), &stage.frame);
			look(at, rows, widths[w]);
			model.pane = PANE_TAB;
			for (int tab = TAB_SUMMARY; tab <= TAB_WEBHOOKS; tab++) {
				case_model_select_tab(&model, (enum case_tab)tab);
				walk(at, rows, widths[w]);
			}
			case_model_select_tab(&model, TAB_PARTIES);
			model.shows_chart = true;
			walk(at, rows, widths[w]);
			case_model_release(&model);
			stage_close(&stage);
			NO_LEAKS();
		}
}
