/* Tests an open document: its lines at every width, the marks on values that agree with the case, and the search. */
#include "tui_support.h"

#include "kybdesk/base/confine.h"
#include "kybdesk/base/file.h"
#include "../../../src/tui/jobs/convert_inner.h"
#include "jobs/convert.h"
#include "pdf.h"
#include "support/needs.h"
#include "support/process.h"

#define SOON_MS 8000 /* well before the limit of a converter, 15 s */

static struct stage stage;
static struct viewer *viewer;
static struct doc_search_value sought[3];

static struct job *answer_with(const char *text)
{
	struct job *job = job_new(JOB_DOCUMENT);
	static const struct doc_search_value values[] = {
		{ .kind = DOC_SEARCH_NAME, .name = "name", .text = "Harbour Lane Trading Ltd", .required = true },
		{ .kind = DOC_SEARCH_NUMBER, .name = "tax id", .text = "GB123456789", .required = true },
		{ .kind = DOC_SEARCH_DATE, .name = "birth date of Ines Duarte", .text = "1984-02-11" }
	};
	memcpy(sought, values, sizeof values);
	job->content.kind = CONTENT_TEXT;
	job->out.case_values = (struct doc_search_values){ sought, 3 };
	text_display_lines(&job->content.text, text, strlen(text), stage.surface.mode);
	doc_search_find_values(&job->arena, job->content.text.buf, job->content.text.len, &job->out.case_values,
			       &job->content.marked_spans);
	return job;
}
static void draw(void)
{
	surface_begin(&stage.surface, stage.surface.rows, stage.surface.cols);
	viewer_draw(viewer, &stage.surface, (struct box){ 0, 0, stage.surface.rows, stage.surface.cols });
	stage_check(&stage);
}
static void open_text(size_t rows, size_t cols, enum text_mode mode, const char *text)
{
	stage_open(&stage, mode, rows, cols);
	viewer = viewer_new("document-0", "Harbour Lane Trading Ltd · PROOF_OF_ADDRESS · bill.pdf");
	viewer_take_response(viewer, answer_with(text));
	draw();
}
static void tear_down(void)
{
	viewer_free(viewer);
	viewer = NULL;
	stage_close(&stage);
	NO_LEAKS();
}
TestSuite(viewer, .fini = tear_down);
static unsigned style_at(int row, const char *text)
{
	const char *line = stage_row(&stage, (size_t)row), *at = strstr(line, text);
	cr_assert_not_null(at, "'%s' in '%s'", text, line);
	return surface_cell(&stage.surface, (size_t)row, text_width_cells(line, (size_t)(at - line)))->style;
}

/* A value that the profile does not require is not reported as missing. */
Test(viewer, what_it_need_not_show_is_not_missing)
{
	open_text(24, 80, TEXT_UTF8, "HARBOUR LANE TRADING LIMITED, GB 123456789");
	cr_expect_geq(stage_find(&stage, "Marked: 2 of 3"), 0);
	cr_expect_geq(stage_find(&stage, "All required values found"), 0);
	cr_expect_eq(stage_find(&stage, "Not found"), -1, "the birth date stands in other documents");
}

/* If a document is too old, the viewer names the allowed age and the newest date in the document. */
Test(viewer, a_document_that_is_too_old_says_so)
{
	stage_open(&stage, TEXT_UTF8, 24, 80);
	viewer = viewer_new("document-0", "bill.pdf");
	struct job *job = answer_with("");
	sought[2] = (struct doc_search_value){ .kind = DOC_SEARCH_PERIOD,
					       .name = "a date within the last 3 months",
					       .text = "2026-08-20",
					       .last_day = "2026-11-21",
					       .required = true };
	sought[1].required = false;
	const char *text = "Harbour Lane Trading Ltd, issued on 3 March 2026, due 2026-04-01";
	text_display_lines(&job->content.text, text, strlen(text), stage.surface.mode);
	doc_search_find_values(&job->arena, job->content.text.buf, job->content.text.len, &job->out.case_values,
			       &job->content.marked_spans);
	viewer_take_response(viewer, job);
	draw();
	cr_expect_geq(stage_find(&stage, "Marked: 1 of 2. Not found: a date within the last 3 months"), 0);
	cr_expect_geq(stage_find(&stage, "2026-04-01)"), 0);
}

Test(viewer, what_agrees_is_marked_and_the_rest_is_listed)
{
	open_text(24, 80, TEXT_UTF8, "BILL\nHARBOUR LANE TRADING LIMITED\nborn 11.02.1984 in Lisbon");
	cr_expect_geq(stage_find(&stage, "PROOF_OF_ADDRESS"), 0);
	cr_expect_geq(stage_find(&stage, "Marked: 2 of 3. Not found: tax id"), 0);
	cr_expect_eq(stage_find(&stage, "GB123"), -1, "a value is never told");
	int row = stage_find(&stage, "HARBOUR LANE");
	cr_assert_geq(row, 0);
	cr_expect(style_at(row, "HARBOUR") & CELL_UNDERLINE, "not by colour alone");
	cr_expect(style_at(row, "LIMITED") & CELL_UNDERLINE);
	row = stage_find(&stage, "born");
	cr_expect_not(style_at(row, "born") & CELL_UNDERLINE);
	cr_expect(style_at(row, "11.02") & CELL_UNDERLINE);
	cr_expect_not(style_at(row, "in Lisbon") & CELL_UNDERLINE);
}

Test(viewer, a_mark_goes_over_the_end_of_a_line)
{
	open_text(24, 60, TEXT_UTF8,
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx Harbour Lane Trading Ltd of Bristol");
	int first = stage_find(&stage, "xxx"), second = stage_find(&stage, "of Bristol");
	cr_assert_eq(second, first + 1);
	cr_expect(style_at(first, "Harbour") & CELL_UNDERLINE);
	cr_expect(style_at(second, "Ltd") & CELL_UNDERLINE);
	cr_expect_not(style_at(second, "of") & CELL_UNDERLINE);
}

Test(viewer, wide_characters_and_marks_keep_their_columns)
{
	open_text(24, 60, TEXT_UTF8, "株式会社 e\xcc\x81\xcc\x81 Harbour Lane Trading Ltd 한국");
	int row = stage_find(&stage, "한국");
	cr_expect(style_at(row, "Harbour") & CELL_UNDERLINE);
	cr_expect(style_at(row, "Ltd") & CELL_UNDERLINE);
	cr_expect_not(style_at(row, "한국") & CELL_UNDERLINE);
}

Test(viewer, hostile_text_is_shown_as_marks_at_every_width)
{
	for (size_t cols = 20; cols <= 200; cols += 9) {
		open_text(15, cols, cols % 2 ? TEXT_ASCII : TEXT_UTF8,
			  "a\x1b[31mb\x1b]0;owned\x07 c\xe2\x80\xaeright\xe2\x81\xa6 \xc2\x9bz \xf3\xa0\x81\x81 "
			  "r\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\n\n\n    indented   "
			  "株株株株株株株株株株株株株株");
		for (size_t row = 0; row < 15; row++)
			for (const char *c = stage_row(&stage, row); *c; c++)
				cr_assert((unsigned char)*c >= 0x20 && *c != 0x7f);
		tear_down();
	}
}

Test(viewer, keys_go_through_it_and_stop_at_its_ends)
{
	struct strbuf text = STRBUF_INIT;
	for (int i = 1; i <= 100; i++)
		strbuf_addf(&text, "line %d\n", i);
	open_text(24, 80, TEXT_UTF8, text.buf);
	cr_expect_geq(stage_find(&stage, "1-21 of 100"), 0);
	viewer_scroll_rows(viewer, -5);
	cr_expect_eq(viewer->top, 0);
	viewer_scroll_rows(viewer, 19);
	draw();
	cr_expect_geq(stage_find(&stage, "line 20"), 0);
	viewer_scroll_rows(viewer, 1000);
	draw();
	cr_expect_geq(stage_find(&stage, "80-100 of 100"), 0);
	cr_expect_geq(stage_find(&stage, "line 100"), 0);
	/* The same line stays on top when the screen's width changes. */
	size_t from = viewer->lines[viewer->top].from;
	stage_close(&stage);
	stage_open(&stage, TEXT_UTF8, 24, 61);
	draw();
	cr_expect_eq(viewer->lines[viewer->top].from, from);
	strbuf_release(&text);
}

Test(viewer, words_are_found_folded_and_over_line_breaks)
{
	struct strbuf text = STRBUF_INIT;
	for (int i = 0; i < 60; i++)
		strbuf_addf(&text, "row %d\n", i);
	strbuf_adds(&text, "Rua das Solu\xc3\xa7\xc3\xb5"
			   "es\nn\xc3\xba"
			   "mero 4\n");
	for (int i = 0; i < 60; i++)
		strbuf_addf(&text, "row again %d\n", i);
	open_text(24, 80, TEXT_UTF8, text.buf);
	cr_expect(viewer_search(viewer, "SOLUCOES numero"));
	draw();
	int row = stage_find(&stage, "Rua das");
	cr_assert_geq(row, 0, "it is on the screen");
	cr_expect(style_at(row, "Solu") & CELL_UNDERLINE);
	cr_expect(style_at(row + 1, "n\xc3\xba") & CELL_UNDERLINE);
	cr_expect_eq(viewer->matches.count, 1);
	cr_expect(viewer_next_match(viewer, true), "the only one is the next again");
	cr_expect_not(viewer_search(viewer, "nowhere"));
	cr_expect_not(viewer_next_match(viewer, true));
	cr_expect_not(viewer_search(viewer, "---"));
	cr_expect(viewer_search(viewer, "again"));
	cr_expect_eq(viewer->matches.count, 60);
	cr_expect_eq(viewer->match, 0);
	cr_expect(viewer_next_match(viewer, false));
	cr_expect_eq(viewer->match, 59);
	strbuf_release(&text);
}

Test(viewer, what_cannot_be_shown_says_why_and_what_to_do)
{
	open_text(24, 80, TEXT_UTF8, "");
	viewer->job->content.kind = CONTENT_NONE;
	viewer->job->content.note = "To show this file, pdftotext is needed: install the package poppler-utils";
	draw();
	cr_expect_geq(stage_find(&stage, "install the package poppler-utils"), 0);
	cr_expect_eq(stage_find(&stage, "Not found"), -1);
	cr_expect_not(viewer_search(viewer, "x"));
	viewer_scroll_rows(viewer, 3);
}

static struct job *picture_of_lines(bool is_partial)
{
	struct job *job = answer_with("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np");
	job->content.kind = CONTENT_PICTURE;
	job->content.is_partial = is_partial;
	job->content.is_text_compared = !is_partial;
	job->content.note = is_partial ? "It is being read" : "From a picture";
	return job;
}

Test(viewer, a_second_answer_moves_nothing_under_the_eye)
{
	open_text(12, 80, TEXT_UTF8, "");
	viewer_take_response(viewer, picture_of_lines(true));
	draw();
	viewer_scroll_rows(viewer, 4);
	cr_expect_not(viewer_is_complete(viewer), "what is laid away now is requested again");
	cr_expect_geq(stage_find(&stage, "It is being read"), 0);
	viewer_take_response(viewer, picture_of_lines(false));
	draw();
	cr_expect(viewer_is_complete(viewer));
	cr_expect_eq(viewer->top, 4);
	cr_expect_geq(stage_find(&stage, "From a picture: 0 of 3 found. Not found: name, tax id"), 0);
	viewer_take_response(viewer, picture_of_lines(false));
	draw();
	cr_expect_eq(viewer->top, 0, "asked for anew, it begins at its beginning");
}

Test(viewer, where_its_text_comes_from_stands_above_it_at_every_height)
{
	for (size_t rows = 6; rows <= 40; rows++) {
		open_text(rows, 60, TEXT_UTF8, "BILL\nHarbour Lane Trading Ltd");
		viewer->job->content.note = "Read by a machine";
		draw();
		cr_expect_eq(stage_find(&stage, "Read by a machine"), 1);
		cr_expect_eq(stage_find(&stage, "Marked: 1 of 3"), 2);
		cr_expect_geq(stage_find(&stage, "BILL"), 4);
		tear_down();
	}
}

Test(viewer, the_text_of_office_files_is_read_without_their_markup)
{
	struct strbuf out = STRBUF_INIT;
	const char *word =
		"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e \"boom\">]><w:document><w:p><w:r><w:t>A &amp; "
		"B &e; &lt;x&gt;</w:t></w:r><w:r><w:tab/><w:t>C</w:t></w:r></w:p><w:p><w:t>D<w:br/>E</w:t></w:p><w:p";
	cr_expect(office_extract_text(&out, word, strlen(word)));
	cr_expect_str_eq(out.buf, "A & B &e; <x>\tC\nD\nE\n", "%s", out.buf);
	strbuf_reset(&out);
	const char *sheet = "<sst><si><t>Turnover</t></si></sst><row><c t=\"s\"><v>0</v></c><c><v>18400</v></c></row>";
	cr_expect(office_extract_text(&out, sheet, strlen(sheet)));
	cr_expect_str_eq(out.buf, "Turnover  18400\n", "%s", out.buf);
	strbuf_release(&out);
	NO_LEAKS();
}

Test(viewer, what_an_office_file_does_not_show_is_no_text_of_it)
{
	static const struct {
		const char *xml, *text;
	} rows[] = {
		{ "<w:p><w:r><w:t>shown</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>",
		  "shown\n" },
		{ "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>gone</w:t></w:r><w:r><w:t>shown</w:t></w:r></w:p>",
		  "shown\n" },
		{ "<w:p><w:r><w:rPr><w:b/><w:vanish w:val=\"true\"/></w:rPr><w:t>gone</w:t></w:r></w:p>", "" },
		{ "<w:p><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>shown</w:t></w:r></w:p>", "shown\n" },
		{ "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>shown</w:t></w:r></w:p>", "shown\n" },
		{ "<w:p><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><w:r><w:t>shown</w:t></w:r></w:p>",
		  "shown\n" },
		{ "<w:p><w:r><w:instrText>AUTHOR gone</w:instrText></w:r><w:r><w:t>shown</w:t></w:r></w:p>",
		  "shown\n" },
		{ "<row><c><v>1</v></c></row><row r=\"2\" hidden=\"1\"><c><v>2</v></c></row><row><c><v>3</v></c></row>",
		  "1\n3\n" },
		/* Excel writes the sheets before their shared texts. */
		{ "<row><c t=\"s\"><v>1</v></c></row><row hidden=\"1\"><c t=\"s\"><v>0</v></c></row>"
		  "<sst><si><t>gone</t></si><si><r><t>sho</t></r><r><t>wn</t></r></si><si><t>unused</t></si></sst>",
		  "shown\n" },
		{ "<sst><si/><si><t>shown</t></si></sst><row><c t=\"s\"><v>1</v></c><c t=\"s\"><v>99</v></c></row>",
		  "shown\n" },
		{ "<x:sst><x:si><x:t>shown</x:t></x:si><x:si><x:t>gone</x:t></x:si></x:sst><x:row><x:c "
		  "t='s'><x:v>0</x:v>"
		  "</x:c></x:row>",
		  "shown\n" },
		{ "<row hidden = '1'><c><v>2</v></c></row><row x='>' "
		  "hidden='true'><c><v>3</v></c></row><row><c><v>4</v>"
		  "</c></row>",
		  "4\n" },
		{ "<worksheet><cols><col min=\"2\" max=\"3\" "
		  "hidden=\"1\"/></cols><row><c><v>1</v></c><c><v>2</v></c><c "
		  "r=\"C1\"><v>3</v></c><c "
		  "r='D1'><v>4</v></c></row></worksheet><worksheet><row><c><v>5</v></c><c><v>6</v>"
		  "</c></row></worksheet>",
		  "1      4\n5  6\n" },
		{ "<row><c><f>IF(1=2,\"gone\",\"\")</f><v>1</v></c></row><oddHeader>gone</oddHeader>", "1\n" },
		{ "<row><!-- <c><v>gone</v></c> --><c><v>1</v></c><![CDATA[<c><v>gone</v></c>]]></row>", "1\n" },
		{ "<sst><si><t>shown</t><rPh><t>gone</t></rPh></si></sst><!-- <sst><si><t>gone</t></si></sst> "
		  "--><row><c "
		  "t=\"s\"><v>0</v></c></row>",
		  "shown\n" },
		/* A shared text that refers to another one, or to itself. */
		{ "<sst><si><c t=\"s\"><v>0</v></c><t>shown</t></si></sst><row><c t=\"s\"><v>0</v></c></row>",
		  "  shown\n" },
	};
	struct strbuf out = STRBUF_INIT, many = STRBUF_INIT;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		strbuf_reset(&out);
		cr_expect(office_extract_text(&out, rows[i].xml, strlen(rows[i].xml)));
		cr_expect_str_eq(out.len ? out.buf : "", rows[i].text, "%s: %s", rows[i].xml, out.buf);
	}
	strbuf_adds(&many, "<sst><si><t>");
	for (size_t i = 0; i < 1 << 18; i++)
		strbuf_adds(&many, "long");
	strbuf_adds(&many, "</t></si></sst>");
	for (size_t i = 0; i < 1000; i++)
		strbuf_adds(&many, "<row><c t=\"s\"><v>0</v></c></row>");
	strbuf_reset(&out);
	cr_expect_not(office_extract_text(&out, many.buf, many.len));
	cr_expect_leq(out.len, (size_t)17 << 20);
	strbuf_release(&many);
	strbuf_release(&out);
	NO_LEAKS();
}

#define BOOK(sheets, relations)                                                                                        \
	"<workbook><sheets>" sheets "</sheets></workbook><Relationships>" relations "</Relationships>"
#define RELATION(id, target) "<Relationship Id=\"" id "\" Target=\"" target "\"/>"

Test(viewer, the_sheets_of_a_workbook_that_are_hidden_are_not_read)
{
	static const struct {
		const char *xml, *names;
	} rows[] = {
		{ BOOK("<sheet name='A' sheetId='1' r:id='r1'/><sheet name='B' sheetId='2' state='hidden' "
		       "r:id='r2'/><sheet "
		       "name='C' sheetId='3' state='veryHidden' r:id='r3'/><sheet name='D' state=\"visible\" "
		       "r:id=\"r4\"/>",
		       RELATION("r1", "worksheets/sheet2.xml") RELATION("r2", "worksheets/sheet1.xml")
			       RELATION("r3", "worksheets/sheet3.xml") RELATION("r4", "/xl/worksheets/sheet4.xml")),
		  "xl/worksheets/sheet2.xml xl/worksheets/sheet4.xml " },
		{ BOOK("<!-- <sheet r:id='r1'/> --><sheet state = 'hidden' r:id='r1'/>",
		       RELATION("r1", "worksheets/sheet1.xml")),
		  "" },
		{ BOOK("<x:sheet id='r1'/><sheet r:id='r2'/><sheet r:id='r3'/><sheet r:id='r4'/><sheet r:id='r5'/>",
		       RELATION("r1", "worksheets/a.xml") RELATION("r2", "worksheets/*.xml") RELATION("r3", "-x")
			       RELATION("r4", "charts/a.xml")),
		  "xl/worksheets/a.xml " },
		{ "<workbook/>", "xl/worksheets/*.xml " },
		{ "", "xl/worksheets/*.xml " },
	};
	struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *names[4], *found = "";
		bool is_cut;
		const size_t count =
			office_shown_sheets(&arena, "xl/", rows[i].xml, strlen(rows[i].xml), names, 4, &is_cut);

		for (size_t n = 0; n < count; n++)
			found = arena_printf(&arena, "%s%s ", found, names[n]);
		cr_expect_eq(is_cut, i == 2);
		cr_expect_str_eq(found, rows[i].names, "%s", rows[i].xml);
	}
	arena_release(&arena);
}

Test(viewer, an_office_file_shows_the_part_that_its_relationships_name)
{
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define PART(id, type, target) "<Relationship Id='" id "' Type='" OFFICE type "' Target='" target "'/>"
	static const struct {
		const char *xml, *part;
	} rows[] = {
		{ PART("a", "extended-properties", "docProps/app.xml") PART("b", "officeDocument", "xl/book.xml"),
		  "xl/book.xml" },
		{ PART("a", "officeDocument", "/word/document2.xml"), "word/document2.xml" },
		{ "<r:Relationship Target='wb.xml' r:Type='http://purl.oclc.org/ooxml/officeDocument'/>", "wb.xml" },
		{ "<!--" PART("a", "officeDocument", "xl/book.xml") "-->", "usual.xml" },
		{ "", "usual.xml" },
		{ PART("a", "officeDocument", "xl/a.xml") PART("b", "officeDocument", "xl/b.xml"), NULL },
		{ PART("a", "officeDocument", "xl/*.xml"), NULL },
		{ PART("a", "officeDocument", ""), NULL },
	};
	struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *part = office_main_part(&arena, rows[i].xml, strlen(rows[i].xml), "usual.xml");

		cr_expect(part && rows[i].part ? !strcmp(part, rows[i].part) : part == rows[i].part, "%zu: %s", i,
			  part);
	}
	arena_release(&arena);
}

static struct job *converted(const char *file, const char *media_type)
{
	struct job *job = job_new(JOB_DOCUMENT);
	struct error error = { 0 };
	char *path = arena_printf(&job->arena, KYB_SOURCE_DIR "/data/samples/files/%s", file);
	cr_assert_eq(file_read(path, 1 << 20, &job->bytes, &error), ERR_OK, "%s", error.message);
	job->out.document.media_type = media_type;
	job->rows = 12;
	job->cols = 40;
	job_free(convert_document(world_real(), job, -1));
	cr_expect_eq(job->bytes.len > 0, job->content.kind == CONTENT_PICTURE || job->content.page_count > 0,
		     "the bytes stay only of what can be drawn again");
	return job;
}

#define WORD "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define SHEET "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* The real programs, confined, convert the files; if a program is missing, the viewer names the package to install. */
Test(convert, the_sample_files_are_read)
{
	static const struct {
		const char *file, *media_type, *program, *text;
		enum job_content_kind kind;
	} rows[] = { { "address.pdf", "application/pdf", "pdftotext", "ELECTRICITY BILL", CONTENT_TEXT },
		     { "licence.docx", WORD, "unzip", "Licence to trade", CONTENT_TEXT },
		     { "accounts.xlsx", SHEET, "unzip", "1840000", CONTENT_TEXT },
		     { "identity.png", "image/png", "chafa", "\xe2\x96", CONTENT_PICTURE },
		     { "passport.jpg", "image/jpeg", "chafa", "\xe2\x96", CONTENT_PICTURE } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct job *job = converted(rows[i].file, rows[i].media_type);
		if (confine_find(&job->arena, rows[i].program)) {
			cr_expect_eq(job->content.kind, rows[i].kind, "%s: %s", rows[i].file, job->content.note);
			cr_expect(strstr(job->content.text.buf, rows[i].text), "%s: %s", rows[i].file,
				  job->content.text.buf);
			cr_expect_null(strchr(job->content.text.buf, '\x1b'));
		} else {
			cr_expect_eq(job->content.kind, CONTENT_NONE);
			cr_expect(strstr(job->content.note, "install the package"), "%s", job->content.note);
		}
		job_free(job);
	}
	NO_LEAKS();
}

/* If the terminal shows pixels, the picture is also made in pixels, about as large as its cells. */
Test(convert, pictures_have_pixels_where_the_terminal_shows_them)
{
	NEEDS("chafa", "chafa");
	for (size_t wanted = 0; wanted < 3; wanted++) {
		struct job *job = job_new(JOB_DOCUMENT);
		struct error error = { 0 };
		cr_assert_eq(file_read(KYB_SOURCE_DIR "/data/samples/files/identity.png", 1 << 20, &job->bytes, &error),
			     ERR_OK, "%s", error.message);
		job->out.document.media_type = "image/png";
		job->rows = 12;
		job->cols = 40;
		if (wanted)
			job->format =
				(struct picture_format){ wanted == 1 ? PICTURE_KITTY : PICTURE_SIXEL, 10, 20, 1 << 20 };
		job_free(convert_document(world_real(), job, -1));
		cr_expect_eq(job->content.kind, CONTENT_PICTURE);
		const struct picture_data *picture = job->content.picture;
		cr_assert_eq(picture != NULL, wanted > 0);
		if (picture) {
			cr_expect_eq(picture->protocol, job->format.protocol);
			cr_expect(picture->width > 300 && picture->width <= 408, "%zu", picture->width);
			cr_expect(picture->height > 80 && picture->height <= 248, "%zu", picture->height);
		}
		if (wanted == 2) {
			cr_expect(picture->width % 10 == 0 && picture->height % 20 == 0, "whole cells");
			cr_expect_eq(picture->bytes.len, picture->width * picture->height);
		}
		job_free(job);
	}
	NO_LEAKS();
}

/* Converts the open document to another size or page, and passes the response to the viewer. */
static void redraw(size_t rows, size_t cols)
{
	struct job *job = job_new(JOB_DOCUMENT);
	job->is_reload = true;
	job->picture_page = viewer->picture_page;
	job->out.document.media_type = viewer->job->out.document.media_type;
	strbuf_add(&job->bytes, viewer->job->bytes.buf, viewer->job->bytes.len);
	job->rows = rows * viewer->zoom;
	job->cols = cols * viewer->zoom;
	job->mode = stage.surface.mode;
	cr_expect_null(convert_document(world_real(), job, -1), "its letters are read once");
	viewer_take_response(viewer, job);
	draw();
}

static size_t rows_of_picture(void)
{
	return viewer->line_count;
}

/* A picture can be enlarged and moved within its edges; its text is not read again. */
Test(viewer, a_picture_is_drawn_larger_and_moved)
{
	NEEDS("chafa", "chafa");
	stage_open(&stage, TEXT_UTF8, 16, 42);
	viewer = viewer_new("document-0", "PASSPORT");
	struct job *job = converted("duarte-passport.png", "image/png");
	job->content.note = "Read from a picture; it may contain errors";
	viewer_take_response(viewer, job);
	draw();
	size_t rows = rows_of_picture();
	cr_expect_not(viewer_zoom(viewer, false), "it is whole already");
	cr_expect_not(viewer_pan(viewer, true), "nothing is beside it");
	for (size_t zoom = 2; zoom <= ZOOM_MAX; zoom++) {
		cr_expect(viewer_zoom(viewer, true));
		redraw(12, 40);
		cr_expect_eq(viewer->zoom, zoom);
		cr_expect(rows_of_picture() + zoom >= rows * zoom, "%zu rows at %zu times", rows_of_picture(), zoom);
		cr_expect_geq(stage_find(&stage, arena_printf(&viewer->job->arena, "%zu\xc3\x97", zoom)), 0, "%s",
			      stage_row(&stage, 0));
		cr_expect_str_eq(viewer->job->content.note, "Read from a picture; it may contain errors");
	}
	cr_expect_not(viewer_zoom(viewer, true));
	char *middle = arena_strdup(&viewer->job->arena, stage_row(&stage, 8));
	size_t moves = 0;
	while (viewer_pan(viewer, true))
		moves++;
	draw();
	cr_expect_gt(moves, 2);
	cr_expect_str_neq(stage_row(&stage, 8), middle);
	while (viewer_pan(viewer, false))
		continue;
	cr_expect_eq(viewer->hidden_left_cells, 0);
	for (size_t zoom = ZOOM_MAX - 1; zoom; zoom--)
		cr_expect(viewer_zoom(viewer, false));
	redraw(12, 40);
	cr_expect_eq(rows_of_picture(), rows);
}

/* Each page of a PDF is shown as a picture, then the text again. */
Test(viewer, a_page_of_a_pdf_is_drawn_in_place_of_its_text)
{
	NEEDS("chafa", "chafa");
	NEEDS("pdftoppm", "poppler-utils");
	NEEDS("pdftotext", "poppler-utils");
	struct strbuf bytes = STRBUF_INIT;
	stage_open(&stage, TEXT_UTF8, 24, 80);
	viewer = viewer_new("document-0", "PROOF_OF_ADDRESS");
	pdf_write(&bytes, &(struct pdf){ .box = "0 0 420 300",
					 .pages = 2,
					 .filled = 1,
					 .content = "BT /F1 20 Tf 40 260 Td 36 TL (ELECTRICITY BILL) ' ET" });
	struct job *job = job_new(JOB_DOCUMENT);
	strbuf_add(&job->bytes, bytes.buf, bytes.len);
	strbuf_release(&bytes);
	job->out.document.media_type = "application/pdf";
	job_free(convert_document(world_real(), job, -1));
	viewer_take_response(viewer, job);
	draw();
	cr_expect_geq(stage_find(&stage, "ELECTRICITY BILL"), 0);
	cr_expect_not(viewer_zoom(viewer, true), "a text has one size");
	for (size_t page = 1; page <= 2; page++) {
		cr_expect(viewer_next_page(viewer));
		redraw(18, 76);
		cr_expect_not_null(viewer_picture_job(viewer));
		cr_expect_geq(stage_find(&stage, page == 1 ? "page 1 of 2" : "page 2 of 2"), 0, "%s",
			      stage_row(&stage, 0));
		cr_expect_eq(stage_find(&stage, "ELECTRICITY BILL"), -1);
		cr_expect(viewer->line_count > 6, "%zu", viewer->line_count);
		if (page == 1) { /* the page has a few dots, and more blanks */
			size_t blank = 0, ink = 0;
			for (const char *c = viewer->drawn_job->content.text.buf; *c; c++) {
				blank += !strncmp(c, "\xe2\xa0\x80", 3);
				ink += (unsigned char)*c == 0xe2 && strncmp(c, "\xe2\xa0\x80", 3) != 0;
			}
			cr_expect(ink > 8 && blank > ink, "%zu of %zu", ink, blank);
		}
		cr_expect(viewer_zoom(viewer, true));
		redraw(18, 76);
		cr_expect(viewer_zoom(viewer, false));
	}
	cr_expect(viewer_next_page(viewer));
	draw();
	cr_expect_geq(stage_find(&stage, "ELECTRICITY BILL"), 0);
	cr_expect_eq(stage_find(&stage, "page 2 of 2"), -1);
}

Test(convert, bytes_that_are_not_what_they_say_give_a_sentence)
{
	struct job *job = converted("passport.jpg", "application/pdf");
	cr_expect_eq(job->content.kind, CONTENT_NONE);
	cr_expect(job->content.note[0]);
	job_free(job);
	job = converted("passport.jpg", "image/tiff");
	cr_expect(strstr(job->content.note, "image/tiff"), "%s", job->content.note);
	job_free(job);
	NO_LEAKS();
}

Test(convert, plain_text_is_shown_as_it_is)
{
	struct job *job = job_new(JOB_DOCUMENT);
	strbuf_adds(&job->bytes, "a\tb\r\nc\x1b[0m\n\n");
	job->out.document.media_type = "application/octet-stream";
	cr_expect_null(convert_document(world_real(), job, -1));
	cr_expect_eq(job->content.kind, CONTENT_TEXT);
	cr_expect_str_eq(job->content.text.buf, "a       b\nc\xe2\x90\x9b[0m");
	job_free(job);
	NO_LEAKS();
}

Test(convert, a_text_that_is_cut_is_cut_between_two_characters)
{
	struct strbuf text = STRBUF_INIT, clean = STRBUF_INIT;
	for (size_t i = 0; i < (1 << 20) - 1; i++)
		strbuf_addch(&text, i % 80 == 79 ? '\n' : 'a');
	strbuf_adds(&text, "\xc3\xa9 and more");
	cr_expect(convert_sanitize(&clean, &text, TEXT_UTF8));
	cr_expect_eq(clean.len, (1 << 20) - 1, "%zu", clean.len);
	cr_expect_null(strstr(clean.buf, "\xc3"));
	cr_expect_null(strstr(clean.buf, "\xef\xbf\xbd"));
	strbuf_release(&clean);
	strbuf_release(&text);
	NO_LEAKS();
}

static int given;
static void count_given(void *context, struct job *job)
{
	(void)context;
	given++;
	job_free(job);
}

/* A small file with so much text that its conversion takes long. */
static struct job *long_viewer(void)
{
	struct job *job = job_new(JOB_DOCUMENT);
	struct strbuf page = STRBUF_INIT;
	strbuf_adds(&page, "BT /F1 1 Tf 1 800 Td 1 TL ");
	for (int i = 0; i < 300000; i++)
		strbuf_adds(&page, "(aaaaaaaa bbbbbbb ccccccc) ' ");
	pdf_write(&job->bytes,
		  &(struct pdf){ .box = "0 0 9999 9999999", .pages = 1, .filled = 1, .content = page.buf });
	job->out.document.media_type = "application/pdf";
	strbuf_release(&page);
	return job;
}

static struct job *plain_viewer(void)
{
	struct job *job = job_new(JOB_DOCUMENT);
	strbuf_adds(&job->bytes, "plain");
	job->out.document.media_type = "text/plain";
	return job;
}

static void wait_for_given(int count)
{
	int64_t before = world_monotonic_ms(world_real());
	while (given < count && world_monotonic_ms(world_real()) - before < SOON_MS)
		test_sleep_ms(10);
	cr_expect_lt(world_monotonic_ms(world_real()) - before, SOON_MS);
	cr_expect_eq(given, count, "the one that was left gives nothing");
}

Test(convert, one_that_is_left_is_ended_and_another_takes_its_place)
{
	struct converter *converter = NULL;
	struct error error = { 0 };
	given = 0;
	cr_assert_eq(converter_start(count_given, NULL, &converter, &error), ERR_OK);
	converter_request(converter, long_viewer());
	test_sleep_ms(200);
	converter_request(converter, NULL);
	converter_request(converter, plain_viewer());
	wait_for_given(1);
	/* A new request cancels the one before. */
	converter_request(converter, long_viewer());
	test_sleep_ms(200);
	converter_request(converter, plain_viewer());
	wait_for_given(2);
	converter_request(converter, long_viewer());
	test_sleep_ms(100);
	int64_t before = world_monotonic_ms(world_real());
	converter_stop(converter);
	cr_expect_lt(world_monotonic_ms(world_real()) - before, SOON_MS);
	cr_expect_eq(given, 2);
	NO_LEAKS();
}

/* The reason is shown completely, within the margins. */
Test(viewer, why_nothing_is_shown_fills_the_lines_between_the_margins)
{
	for (size_t cols = 60; cols <= 64; cols++) {
		stage_open(&stage, TEXT_UTF8, 20, cols);
		struct job *job = job_new(JOB_DOCUMENT);
		job->content.kind = CONTENT_NONE;
		job->content.note = "This file is a program for another machine, and is only saved.";
		cr_assert_eq(strlen(job->content.note), 62);
		viewer = viewer_new("document-0", "bill.pdf");
		viewer_take_response(viewer, job);
		draw();
		int row = stage_find(&stage, "This file");
		cr_assert_geq(row, 0);
		cr_expect_str_eq(stage_row(&stage, (size_t)row) + 1,
				 cols < 64 ? "This file is a program for another machine, and is only"
					   : job->content.note);
		cr_expect_str_eq(stage_row(&stage, (size_t)row + 1), cols < 64 ? " saved." : "");
		tear_down();
	}
}
