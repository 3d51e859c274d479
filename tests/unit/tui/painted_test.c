/* A value that stands in the text of a PDF counts if its pages paint it; the real programs draw, and run confined. */
#include "tui_support.h"

#include "kybdesk/base/world.h"
#include "jobs/convert.h"
#include "model/viewer.h"
#include "pdf.h"
#include "support/needs.h"
#include "support/process.h"

#define A4 "0 0 595 842"

static char *folder;
static void set_up(void)
{
	folder = temp_folder_make();
	cr_assert_eq(setenv("TMPDIR", folder, 1), 0);
	cr_assert_eq(unsetenv("XDG_RUNTIME_DIR"), 0);
}
static void tear_down(void)
{
	temp_folder_remove(folder);
	hidden_program = NULL;
	NO_LEAKS();
}
TestSuite(painted, .init = set_up, .fini = tear_down, .timeout = 120);

#define NEEDS_ALL                                                                                                      \
	NEEDS("pdftoppm", "poppler-utils");                                                                            \
	NEEDS("tesseract", "tesseract-ocr")

static struct doc_search_value sought[2];

static struct job *paper(const char *box, const char *content, const struct strbuf *greys, unsigned cols, unsigned rows)
{
	struct job *job = job_new(JOB_DOCUMENT);
	sought[0] = (struct doc_search_value){
		.kind = DOC_SEARCH_NAME, .name = "name", .text = "Heron Lane Trading Ltd", .required = true
	};
	sought[1] = (struct doc_search_value){
		.kind = DOC_SEARCH_NUMBER, .name = "number", .text = "09482213", .required = true
	};
	job->out.case_values = (struct doc_search_values){ sought, 2 };
	job->out.document.media_type = "application/pdf";
	job->mode = TEXT_UTF8;
	job->rows = 12;
	job->cols = 40;
	pdf_write(&job->bytes, &(struct pdf){ .box = box,
					      .pages = 3,
					      .filled = 2,
					      .content = content,
					      .greys = greys,
					      .picture_cols = cols,
					      .picture_rows = rows });
	return job;
}

/* Shows the paper, before and after the comparison, and returns the summary as one line. */
static void shown(struct job *first, char summary[400])
{
	struct stage stage;
	struct viewer *viewer = viewer_new("document-0", "BUSINESS_NUMBER");
	struct job *second = convert_document(world_real(), first, -1);
	stage_open(&stage, TEXT_UTF8, 40, 120);
	viewer_take_response(viewer, first);
	for (int i = 0; i < 2; i++) {
		surface_begin(&stage.surface, 40, 120);
		viewer_draw(viewer, &stage.surface, (struct box){ 0, 0, 40, 120 });
		if (i == 0 && second) {
			cr_expect(stage_find(&stage, "Not compared with the pages yet") >= 0, "%s",
				  stage_row(&stage, 1));
			cr_expect_not(viewer_is_complete(viewer));
			convert_scan(world_real(), second, -1);
			viewer_take_response(viewer, second);
		}
	}
	cr_expect(viewer_is_complete(viewer));
	(void)snprintf(summary, 400, "%s %s", stage_row(&stage, 1), stage_row(&stage, 2));
	stage_check(&stage);
	viewer_free(viewer);
	stage_close(&stage);
}

#define OTHER "BT /F1 14 Tf 0 g 50 780 Td (Osprey Mill Exports Ltd 11111111) Tj ET "
#define VALUES "(Heron Lane Trading Ltd 09482213) Tj"

Test(painted, text_that_no_page_paints_is_named)
{
	static const struct {
		const char *kind, *box, *content;
	} rows[] = {
		{ "invisible", A4, OTHER "BT /F1 14 Tf 3 Tr 50 500 Td " VALUES " ET" },
		{ "white", A4, OTHER "BT /F1 14 Tf 1 g 50 500 Td " VALUES " ET" },
		{ "nearly white", A4, OTHER "BT /F1 14 Tf 0.97 g 50 500 Td " VALUES " ET" },
		{ "tiny", A4, OTHER "BT /F1 0.8 Tf 50 500 Td " VALUES " ET" },
		{ "beside the crop box", A4 "] /CropBox [0 700 595 842", OTHER "BT /F1 14 Tf 50 500 Td " VALUES " ET" },
		{ "covered by white", A4, OTHER "BT /F1 14 Tf 50 500 Td " VALUES " ET 1 g 40 490 400 30 re f" },
		{ "covered by a bar", A4, OTHER "BT /F1 14 Tf 50 500 Td " VALUES " ET 40 490 400 30 re f" },
		{ "white on a turned page", A4 "] /Rotate 90 /X [0", OTHER "BT /F1 14 Tf 1 g 50 500 Td " VALUES " ET" },
	};
	NEEDS_ALL;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char summary[400];
		shown(paper(rows[i].box, rows[i].content, NULL, 0, 0), summary);
		cr_expect(strstr(summary, "Marked: 0 of 2. Not visible on the page: name, number"), "%s: %s",
			  rows[i].kind, summary);
	}
}

Test(painted, text_that_a_page_paints_is_found)
{
	static const struct {
		const char *kind, *box, *content;
	} rows[] = {
		{ "plain", A4, OTHER "BT /F1 14 Tf 50 500 Td " VALUES " ET" },
		{ "small", A4, "BT /F1 6 Tf 50 500 Td " VALUES " ET" },
		{ "white on black", A4, "40 490 400 30 re f BT /F1 14 Tf 1 g 50 500 Td " VALUES " ET" },
		{ "bold", A4, "BT /F1 14 Tf 2 Tr 0.7 w 50 500 Td " VALUES " ET" },
		{ "grey", A4, "BT /F1 14 Tf 0.6 g 50 500 Td " VALUES " ET" },
		{ "in a frame", A4, "1 w 45 495 300 20 re S BT /F1 14 Tf 50 500 Td " VALUES " ET" },
		{ "on a turned page", A4 "] /Rotate 90 /X [0", "BT /F1 14 Tf 50 500 Td " VALUES " ET" },
		{ "on a cropped page", A4 "] /CropBox [20 400 595 842", "BT /F1 14 Tf 50 500 Td " VALUES " ET" },
		{ "on a large page", "0 0 5950 8420", "BT /F1 140 Tf 50 500 Td " VALUES " ET" },
		{ "once hidden, once painted", A4,
		  "BT /F1 14 Tf 3 Tr 50 700 Td " VALUES " ET BT 0 Tr 50 500 Td " VALUES " ET" },
	};
	NEEDS_ALL;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char summary[400];
		shown(paper(rows[i].box, rows[i].content, NULL, 0, 0), summary);
		cr_expect(strstr(summary, "Marked: 2 of 2. All required values found"), "%s: %s", rows[i].kind,
			  summary);
	}
}

/* The picture of a page that shows the line, as from a scanner. */
static void scanned(struct strbuf *out, const char *line, unsigned *cols, unsigned *rows)
{
	struct strbuf bytes = STRBUF_INIT, content = STRBUF_INIT;
	struct process_result result;
	char *path = temp_path(folder, "letter.pdf");
	int head = 0;
	strbuf_addf(&content, "BT /F1 20 Tf 20 50 Td (%s) Tj ET", line);
	pdf_write(&bytes, &(struct pdf){ .box = "0 0 595 100", .pages = 1, .filled = 1, .content = content.buf });
	temp_write(path, bytes.buf, bytes.len);
	process_call(&result, NULL, NULL, "pdftoppm", "-q", "-r", "130", "-gray", path, NULL);
	cr_assert_eq(sscanf(result.out, "P5 %u %u 255%n", cols, rows, &head), 2);
	strbuf_add(out, result.out + head + 1, result.out_length - (size_t)head - 1);
	strbuf_release(&bytes);
	strbuf_release(&content);
}

#define PICTURE "q 595 0 0 100 0 450 cm /I1 Do Q "

/* Where a picture or another word is painted, its letters are recognised; what says something else is not compared. */
Test(painted, an_invisible_text_over_a_picture_counts_if_the_picture_says_the_same)
{
	static const struct {
		const char *picture, *content, *says, *missing;
	} rows[] = {
		{ "Heron Lane Trading Ltd 09482213", PICTURE "BT /F1 20 Tf 3 Tr 20 500 Td " VALUES " ET",
		  "All required values found", NULL },
		{ "Osprey Mill Exports Ltd 11111111", PICTURE "BT /F1 20 Tf 3 Tr 20 500 Td " VALUES " ET",
		  "The values could not be compared with the pages", NULL },
		{ "Heron Lane Trading Ltd 09482213", PICTURE "BT /F1 20 Tf 3 Tr 20 500 Td " VALUES " ET",
		  "The values could not be compared with the pages", "tesseract" },
		{ NULL, OTHER "BT /F1 14 Tf 50 500 Td " VALUES " ET 40 500 400 7 re f",
		  "The values could not be compared with the pages", NULL },
		{ NULL, OTHER "BT /F1 14 Tf 3 Tr 50 500 Td " VALUES " ET [7 1] 0 d 10 w 50 505 m 300 505 l S",
		  "The values could not be compared with the pages", NULL },
		{ NULL, OTHER "BT /F1 14 Tf 3 Tr 50 780 Td " VALUES " ET",
		  "The values could not be compared with the pages", NULL },
	};
	NEEDS_ALL;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf greys = STRBUF_INIT;
		unsigned cols = 0, lines = 0;
		char summary[400];
		if (rows[i].picture)
			scanned(&greys, rows[i].picture, &cols, &lines);
		hidden_program = rows[i].missing;
		shown(paper(A4, rows[i].content, rows[i].picture ? &greys : NULL, cols, lines), summary);
		hidden_program = NULL;
		cr_expect(strstr(summary, rows[i].says), "%zu: %s", i, summary);
		strbuf_release(&greys);
	}
}
