/* What the screen says about papers of many kinds, what the record of the look says, and what A asks. */
#include "bench.h"
#include "kybdesk/base/strbuf.h"
#include "support/needs.h"

#include <string.h>

TestSuite(shown, .init = bench_set_up, .fini = bench_tear_down, .timeout = 300);

#define VALUES "(Heron Lane Trading Ltd 09482213) Tj"
#define OTHER "BT /F1 14 Tf 50 780 Td (Osprey Mill Exports Ltd 11111111) Tj ET "
#define WAITING "BT /F1 14 Tf 50 780 Td (Please wait...) Tj ET"
#define TEXT "\\\"shown\\\":\\\"text\\\""
#define NOTHING "\\\"shown\\\":\\\"nothing\\\""
#define UNPAINTED "\\\"values_unpainted\\\":2"
#define FOUND "All required values found"
#define HIDDEN "Not visible on the page: name, registration number"
#define ASKS_VALUES "required values were found in its text"
#define ASKS_HIDDEN "only in text that is not visible on the page"
#define ASKS_NOTHING_SHOWN "the file could not be shown"
/* The part of a Word file, or the rows of a sheet, packed. */
#define WORD(xml)                                                                                                      \
	"mkdir word && echo '<w:document><w:body><w:p><w:r><w:t>Osprey Mill</w:t></w:r>" xml                           \
	"</w:p></w:body></w:document>' >word/document.xml && zip -qr $P word '[Content_Types].xml'"
#define BOOK(rows, state)                                                                                              \
	"mkdir -p xl/worksheets xl/_rels && echo '<workbook><sheet " state " r:id=\"r1\"/></workbook>' "               \
	">xl/workbook.xml && echo '<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/>"          \
	"</Relationships>' >xl/_rels/workbook.xml.rels && echo '<worksheet>" rows                                      \
	"</worksheet>' >xl/worksheets/sheet1.xml && zip -qr $P xl '[Content_Types].xml'"
#define RELATIONS(part, folder)                                                                                        \
	"mkdir _rels && echo '<Relationships><Relationship Id=\"r1\" Type=\"http://a/officeDocument\" Target=\"" part  \
	"\"/></Relationships>' >_rels/.rels && zip -qr $P _rels " folder
#define SHEET(rows) BOOK("<sheetData>" rows "</sheetData>", "")
#define CELL "<c t=\"inlineStr\"><is><t>Heron Lane Trading Ltd 09482213</t></is></c></row>"

static const struct {
	const char *name; /* of the file */
	/* What the page, its catalog, its dictionary and further objects say, or a line of the shell that makes $P; else
	 * random bytes. */
	const char *content, *catalog, *page, *objects, *shell;
	const char *screen, *record[2]; /* the sentence on the screen; members of the look's record */
	const char *asks;		/* the ground that A asks because of; NULL: A accepts at once */
	const char *reader; /* a program that would show the file: where it is installed, the row is left out */
} papers[] = {
	{ "plain.pdf", "BT /F1 14 Tf 50 500 Td " VALUES " ET", .screen = FOUND,
	  .record = { TEXT, "\\\"values_found\\\":2" } },
	{ "random.pdf", .screen = "pdftotext cannot read this file", .record = { NOTHING },
	  .asks = ASKS_NOTHING_SHOWN },
	{ "other.pdf", OTHER, .screen = "Not found: name, registration number",
	  .record = { TEXT, "\\\"values_found\\\":0" }, .asks = ASKS_VALUES },
	{ "invisible.pdf", OTHER "BT /F1 14 Tf 3 Tr 50 500 Td " VALUES " ET", .screen = HIDDEN,
	  .record = { TEXT, UNPAINTED }, .asks = ASKS_HIDDEN },
	{ "white.pdf", OTHER "BT /F1 14 Tf 1 g 50 500 Td " VALUES " ET", .screen = HIDDEN,
	  .record = { TEXT, UNPAINTED }, .asks = ASKS_HIDDEN },
	{ "tiny.pdf", OTHER "BT /F1 0.8 Tf 50 500 Td " VALUES " ET", .screen = HIDDEN, .record = { TEXT, UNPAINTED },
	  .asks = ASKS_HIDDEN },
	{ "cropped.pdf", OTHER "BT /F1 14 Tf 50 500 Td " VALUES " ET", .page = "/CropBox[0 700 595 842]",
	  .screen = HIDDEN, .record = { TEXT, UNPAINTED }, .asks = ASKS_HIDDEN },
	{ "layer.pdf", OTHER "/OC /L BDC BT /F1 14 Tf 50 500 Td " VALUES " ET EMC",
	  "/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]/Order[6 0 R]>>>>", "",
	  "6 0 obj<</Type/OCG/Name(hidden)>>endobj\n", .screen = "Not found: name, registration number",
	  .record = { TEXT, "\\\"values_found\\\":0" }, .asks = ASKS_VALUES },
	{ "form.pdf", WAITING, "/AcroForm<</XFA 6 0 R>>/NeedsRendering true", "",
	  "6 0 obj<</Length 22>>stream\n<n>Heron Lane</n>     \nendstream endobj\n",
	  .screen = "The file is a form (XFA) that cannot be shown here", .record = { TEXT, "\\\"values_found\\\":0" },
	  .asks = ASKS_VALUES },
	{ "portfolio.pdf", WAITING, "/Names<</EmbeddedFiles<</Names[(register.pdf) 6 0 R]>>>>/Collection<<>>", "",
	  "6 0 obj<</Type/Filespec/F(register.pdf)/EF<</F 7 0 R>>>>endobj\n7 0 obj<</Type/EmbeddedFile/Length "
	  "4>>stream\n"
	  "%PDF\nendstream endobj\n",
	  .screen = "The file has attached files that cannot be shown here: register.pdf",
	  .record = { TEXT, "\\\"values_found\\\":0" }, .asks = ASKS_VALUES },
	{ "deleted.docx",
	  .shell = WORD("<w:del><w:r><w:delText>Heron Lane Trading Ltd 09482213</w:delText></w:r></w:del>"),
	  .screen = "Not found: name, registration number", .record = { TEXT, "\\\"values_found\\\":0" },
	  .asks = ASKS_VALUES },
	{ "vanished.docx",
	  .shell = WORD("<w:r><w:rPr><w:vanish/></w:rPr><w:t>Heron Lane Trading Ltd 09482213</w:t></w:r>"),
	  .screen = "Not found: name, registration number", .record = { TEXT, "\\\"values_found\\\":0" },
	  .asks = ASKS_VALUES },
	{ "row.xlsx", .shell = SHEET("<row hidden=\"1\">" CELL "<row><c><v>1</v></c></row>"),
	  .screen = "Not found: name, registration number", .record = { TEXT, "\\\"values_found\\\":0" },
	  .asks = ASKS_VALUES },
	{ "column.xlsx",
	  .shell = BOOK("<cols><col min=\"1\" max=\"1\" hidden=\"1\"/></cols><row>" CELL
			"<row><c r=\"B2\"><v>1</v></c></row>",
			""),
	  .screen = "Not found: name, registration number", .record = { TEXT, "\\\"values_found\\\":0" },
	  .asks = ASKS_VALUES },
	{ "hidden.xlsx", .shell = BOOK("<row>" CELL, "state=\"hidden\""), .screen = "Shows no sheet",
	  .record = { NOTHING }, .asks = ASKS_NOTHING_SHOWN },
	{ "sheet.xlsx", .shell = SHEET("<row>" CELL), .screen = FOUND, .record = { TEXT, "\\\"values_found\\\":2" } },
	{ "small.xlsx",
	  .shell = "mkdir -p xl/worksheets && echo '<workbook/>' >xl/workbook.xml && echo '<worksheet><row>" CELL
		   "</worksheet>' >xl/worksheets/sheet1.xml && zip -qr $P xl '[Content_Types].xml'",
	  .screen = FOUND, .record = { TEXT, "\\\"values_found\\\":2" } },
	/* What the file names is shown, and not what stands where it usually does. */
	{ "decoy.xlsx",
	  .shell = BOOK("<row>" CELL,
			"") " && echo '<workbook><sheet state=\"hidden\" r:id=\"r1\"/></workbook>' "
			    ">xl/book.xml && cp xl/_rels/workbook.xml.rels xl/_rels/book.xml.rels && " RELATIONS(
				    "xl/book.xml", "xl"),
	  .screen = "Shows no sheet", .record = { NOTHING }, .asks = ASKS_NOTHING_SHOWN },
	{ "decoy.docx",
	  .shell = WORD("<w:r><w:t>Heron Lane Trading Ltd 09482213</w:t></w:r>") " && echo "
										 "'<w:document><w:p><w:r><w:t>Osprey "
										 "Mill</w:t></w:r></w:p></w:document>' "
										 ">word/document2.xml && " RELATIONS(
											 "word/document2.xml", "word"),
	  .screen = "Not found: name, registration number", .record = { TEXT, "\\\"values_found\\\":0" },
	  .asks = ASKS_VALUES },
	{ "letter.doc", .shell = "cp " KYB_SOURCE_DIR "/data/samples/files/letter.doc $P",
	  .screen = "catdoc is needed: install the package catdoc", .record = { NOTHING }, .asks = ASKS_NOTHING_SHOWN,
	  .reader = "/usr/bin/catdoc" },
};
#define PAPER_COUNT (sizeof papers / sizeof papers[0])

static bool is_left_out(size_t i)
{
	return papers[i].reader && access(papers[i].reader, X_OK) == 0;
}

static void write_pdf(const char *path, size_t i)
{
	struct strbuf out = STRBUF_INIT;

	strbuf_addf(
		&out,
		"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R%s>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>"
		"endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 "
		"5 0 R>>/Properties<</L 6 0 R>>>>%s>>endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
		"endobj\n%s",
		papers[i].catalog ? papers[i].catalog : "", papers[i].page ? papers[i].page : "",
		papers[i].objects ? papers[i].objects : "");
	strbuf_addf(&out,
		    "4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\ntrailer<</Size 8/Root 1 0 R>>\n%%%%EOF\n",
		    strlen(papers[i].content), papers[i].content);
	temp_write(path, out.buf, out.len);
	strbuf_release(&out);
}

static void write_random(const char *path)
{
	struct strbuf out = STRBUF_INIT;
	uint32_t state = 61;

	strbuf_adds(&out, "%PDF-1.4\n");
	for (size_t i = 0; i < 4000; i++) {
		state = state * 1664525u + 1013904223u;
		strbuf_add(&out, &(char){ (char)(state >> 24) }, 1);
	}
	strbuf_adds(&out, "\ntrailer<</Root 1 0 R>>\n%%EOF\n");
	temp_write(path, out.buf, out.len);
	strbuf_release(&out);
}

static void import_case(const char *reference, const char *workflow, const char *subject, const char *documents)
{
	bench_import(
		&bench,
		test_text(
			"{\"external_ref\":\"%s\",\"workflow\":\"%s\",\"kind\":\"%s\",\"merchant\":\"shop\",\"status\":"
			"\"manual_review\",\"subject\":{%s},\"documents\":[%s],\"submitted_at\":"
			"\"2026-01-01T00:00:00Z\"}\n",
			reference, workflow, strstr(workflow, "kyc") ? "kyc" : "kyb", subject, documents));
}

/* One case with every paper, in this order. */
static void import_papers(void)
{
	struct strbuf documents = STRBUF_INIT;

	temp_write(temp_path(bench.folder, "[Content_Types].xml"), "<Types/>", 8);
	for (size_t i = 0; i < PAPER_COUNT; i++) {
		char *path = temp_path(bench.folder, papers[i].name);
		struct process_result made;

		if (is_left_out(i))
			continue;
		if (papers[i].shell) {
			process_call(&made, NULL, NULL, "sh", "-c",
				     test_text("cd %s && rm -rf word xl _rels && P=%s && %s", bench.folder,
					       papers[i].name, papers[i].shell),
				     NULL);
			cr_assert_eq(made.status, 0, "%s: %s", papers[i].name, made.err);
		} else if (papers[i].content) {
			write_pdf(path, i);
		} else {
			write_random(path);
		}
		strbuf_addf(&documents, "%s{\"type\":\"BUSINESS_NUMBER\",\"file\":\"%s\",\"upload\":\"ready\"}",
			    documents.len ? "," : "", papers[i].name);
	}
	import_case("P-1", "ralio-kyb",
		    "\"kind\":\"business\",\"name\":\"Heron Lane Trading Ltd\",\"country\":\"GBR\","
		    "\"registration_number\":\"09482213\"",
		    documents.buf);
	strbuf_release(&documents);
}

static void open_documents(const char *who, const char *filter)
{
	terminal = bench_start(&bench, who, 24, 110, "C.UTF-8", NULL);
	SEES(terminal, "  Why");
	terminal_type(terminal, filter);
	TYPES(terminal, "\r", "1 case");
	TYPES(terminal, "\r", "1 Summary");
	TYPES(terminal, "2", "not opened");
}

/* Expects the records of the looks at the papers, in their order. */
static void expect_records(void)
{
	char *line;

	cr_assert_eq(bench_run(&bench, "audit", "export", NULL), 0, "%s", bench.last.err);
	line = strtok(bench.last.out, "\n");
	for (size_t i = 0; i < PAPER_COUNT; i++) {
		if (is_left_out(i))
			continue;
		while (line && (!strstr(line, "document.open") || strstr(line, "fetched")))
			line = strtok(NULL, "\n");
		cr_assert_not_null(line, "%s", papers[i].name);
		for (size_t m = 0; m < 2 && papers[i].record[m]; m++)
			cr_expect(strstr(line, papers[i].record[m]), "%s: %s", papers[i].name, line);
		line = strtok(NULL, "\n");
	}
}

/* Opens each paper, closes it, and presses A. */
Test(shown, each_paper_is_recorded_as_it_was_shown_and_asked_about)
{
	NEEDS("pdftotext", "poppler-utils");
	NEEDS("pdftoppm", "poppler-utils");
	NEEDS("tesseract", "tesseract-ocr");
	NEEDS("unzip", "unzip");
	NEEDS("zip", "zip");
	import_papers();
	open_documents("ana", "/p-1");
	TYPES(terminal, "gg", "Memorandum");
	terminal_type(terminal, "jjj"); /* three missing documents are above */
	for (size_t i = 0; i < PAPER_COUNT; i++) {
		if (is_left_out(i))
			continue;
		TYPES(terminal, "o", test_text("Business number \xc2\xb7 %s", papers[i].name));
		SEES(terminal, papers[i].screen);
		cr_expect_not(terminal_shows(terminal, "cut off"), "%s", papers[i].name);
		CLOSES(terminal, ESC, papers[i].screen);
		SEES(terminal, "1 Summary");
		RESTS(terminal);
		if (papers[i].asks) {
			OPENS(terminal, "A", papers[i].asks);
			CLOSES(terminal, ESC, papers[i].asks);
			terminal_type(terminal, "j");
		} else {
			TYPES(terminal, "A", "Accepted Business number");
			terminal_type(terminal, ESC "[A" ESC "[B"); /* any key ends the message */
			SEES_NO_MORE(terminal, "Accepted Business number");
		}
	}
	TYPES(terminal, "q", "  Why");
	QUITS(terminal);
	expect_records();
}

#define PERSON "\"kind\":\"individual\",\"name\":\"Heron Lane\",\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\""
#define CARD "\"file\":\"card.png\",\"upload\":\"ready\""

static void import_card(const char *reference, const char *sides)
{
	struct process_result copied;

	process_call(&copied, NULL, NULL, "cp", KYB_SOURCE_DIR "/data/samples/files/identity.png",
		     temp_path(bench.folder, "card.png"), NULL);
	cr_assert_eq(copied.status, 0, "%s", copied.err);
	import_case(reference, "generic-kyc", PERSON, sides);
}

/* The front of a card does not count for its back, which b shows beside it. */
Test(shown, one_side_is_not_both)
{
	NEEDS("chafa", "chafa");
	import_card("ID-1", "{\"type\":\"ID\",\"sides\":[{\"side\":\"front\"," CARD "},{\"side\":\"back\"," CARD "}]}");
	open_documents("ana", "/id-1");
	TYPES(terminal, "o", "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	OPENS(terminal, "A", "its back was not shown");
	CLOSES(terminal, ESC, "its back was not shown");
	TYPES(terminal, "o", "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	TYPES(terminal, "b", "b shows the next one");
	SEES_NO_MORE(terminal, "Opening the document");
	RESTS(terminal);
	TYPES(terminal, "A", "Accepted Identity card");
}

Test(shown, what_a_colleague_was_shown_was_not_shown_to_oneself)
{
	NEEDS("chafa", "chafa");
	import_card("ID-2", "{\"type\":\"PASSPORT\"," CARD "}");
	open_documents("bo", "/id-2");
	TYPES(terminal, "o", "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	CLOSES(terminal, ESC, "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	SEES(terminal, "seen by you");
	terminal_type(terminal, "q");
	QUITS(terminal);
	terminal_free(terminal);
	terminal = bench_start(&bench, "ana", 24, 110, "C.UTF-8", NULL);
	SEES(terminal, "  Why");
	TYPES(terminal, "/id-2\r", "1 case");
	TYPES(terminal, "\r", "1 Summary");
	TYPES(terminal, "2", "seen by bo");
	OPENS(terminal, "A", "the file was shown only to bo");
}

/* A file that its reader cannot read is taken, and nothing of it was seen. */
Test(shown, a_picture_that_cannot_be_read_is_not_seen)
{
	NEEDS("chafa", "chafa");
	temp_write(temp_path(bench.folder, "phone.heic"),
		   "\0\0\0\x10"
		   "ftypheic\0\0\0\0\0\0\0\0mdat",
		   24);
	import_case("ID-3", "generic-kyc", PERSON,
		    "{\"type\":\"PASSPORT\",\"file\":\"phone.heic\",\"upload\":\"ready\"}");
	open_documents("ana", "/id-3");
	TYPES(terminal, "o", "chafa cannot read this file");
	CLOSES(terminal, ESC, "image/heic");
	SEES(terminal, "not shown to you");
	OPENS(terminal, "A", ASKS_NOTHING_SHOWN);
}
