/* What is let in: papers of many kinds, made here, and asked of the readers of PDF that are installed. */
#include "kybdesk/base/strbuf.h"
#include "expect.h"
#include "support/keep.h"
#include "support/needs.h"

#include <stdio.h>
#include <string.h>

TestSuite(papers, .init = box_set_up, .fini = box_tear_down, .timeout = 300);

#define PAGE                                                                                                           \
	"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/"    \
	"Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica" \
	">>endobj\n"

/* What stands before the header, or in its place. */
static const char *const heads[] = {
	"%PDF-1.7\n",
	"\n\n%PDF-1.4\n",
	"\xef\xbb\xbf%PDF-1.4\n",
	"   %PDF-1.4\n",
	"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n",
	"<!-- passed by a gateway -->\n%PDF-1.4\n",
	"%!PS-Adobe-3.0 PDF-1.4\n",
	"",
};

/* What the page or the file says besides. */
static const struct {
	const char *text, *catalog, *objects, *trailer, *tail;
} bodies[] = {
	{ "", "", "", "", "" },
	{ "See /Encrypt in the manual", "", "", "", "" },
	{ "/Encrypt 5 0 R", "", "", "", "" },
	{ "trailer << /Root 1 0 R /Encrypt << /Filter /None >> >>", "", "", "", "" },
	{ "startxref 99", "/PieceInfo<</Encrypt 3 0 R>>", "", "", "" },
	{ "", "/Metadata 6 0 R", "6 0 obj<</Length 21>>stream\n<x>/Encrypt 1 0 R</x>\nendstream endobj\n", "", "" },
	{ "", "", "% /Encrypt 3 0 R\n", "/Encrypt null", "" },
	{ "", "", "", "/Info<</Title(a >> b)>>/X[/A]", "rest of a form\r\n" },
};

/* What happened to the file on its way. */
enum harm { WHOLE, NO_TRAILER, HALF, OTHER_BYTES, NO_OBJECTS, HARM_COUNT };

static void write_paper(const char *name, size_t head, size_t body, enum harm harm)
{
	struct strbuf paper = STRBUF_INIT, page = STRBUF_INIT;
	char *path = temp_path(box.folder, name);

	strbuf_addf(&page, "BT /F1 12 Tf 10 50 Td (Heron Lane %s) Tj ET", bodies[body].text);
	strbuf_adds(&paper, heads[head]);
	strbuf_addf(&paper, "1 0 obj<</Type/Catalog/Pages 2 0 R%s>>endobj\n" PAGE "%s", bodies[body].catalog,
		    bodies[body].objects);
	strbuf_addf(&paper, "4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n", page.len, page.buf);
	if (harm == HALF)
		strbuf_truncate(&paper, paper.len / 2);
	size_t table = paper.len - (head == 1 || head == 3 ? strspn(heads[head], "\n ") : 0);
	if (harm != NO_TRAILER && harm != HALF)
		strbuf_addf(&paper,
			    "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R%s>>\nstartxref\n%zu\n"
			    "%%%%EOF\n%s",
			    bodies[body].trailer, table, bodies[body].tail);
	for (size_t i = 0; i < paper.len; i++)
		if (harm == OTHER_BYTES && i > strlen(heads[head]))
			paper.buf[i] = (char)(paper.buf[i] ^ 0x55);
	for (char *at = paper.buf; harm == NO_OBJECTS && (at = strstr(at, "obj<<"));)
		memcpy(at, "xxx<<", 5);
	temp_write(path, paper.buf, paper.len);
	strbuf_release(&page);
	strbuf_release(&paper);
}

static void add_line(struct strbuf *lines, const char *name)
{
	strbuf_addf(
		lines,
		"{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Nora %s\",\"country\":"
		"\"PRT\"},\"documents\":[{\"type\":\"PASSPORT\",\"file\":\"%s\",\"upload\":\"ready\"}]}\n",
		name, name, name);
}

/* The import's sentence about the file; "": it was taken. */
static const char *refusal(const char *name)
{
	const json_t *error;
	size_t i;
	char *begin = test_text("%s: ", name);

	json_array_foreach(json_object_get(box.json, "errors"), i, error)
	{
		const char *message = json_path_text(error, "message");

		if (!strncmp(message, begin, strlen(begin)))
			return message;
	}
	return "";
}

Test(papers, whatever_poppler_reads_is_taken)
{
	struct strbuf lines = STRBUF_INIT;
	size_t readable = 0, unreadable = 0, refused = 0;
	char name[64];

	NEEDS("pdftotext", "poppler-utils");
	for (size_t i = 0; i < 64 * HARM_COUNT; i++) {
		if (i % HARM_COUNT != WHOLE && i / HARM_COUNT % 5)
			continue;
		(void)snprintf(name, sizeof name, "p%zu.pdf", i);
		write_paper(name, i / HARM_COUNT % 8, i / HARM_COUNT / 8, (enum harm)(i % HARM_COUNT));
		add_line(&lines, name);
	}
	box_write(&box, "in.ndjson", lines.buf);
	(void)box_json(&box, "import", "in.ndjson", NULL);
	for (size_t i = 0; i < 64 * HARM_COUNT; i++) {
		struct process_result read;

		if (i % HARM_COUNT != WHOLE && i / HARM_COUNT % 5)
			continue;
		(void)snprintf(name, sizeof name, "p%zu.pdf", i);
		process_call(&read, NULL, NULL, "pdftotext", "-q", temp_path(box.folder, name), "-", NULL);
		readable += !read.status;
		unreadable += read.status != 0;
		refused += read.status && *refusal(name);
		if (!read.status)
			cr_expect_str_eq(refusal(name), "", "head %zu, body %zu, harm %zu", i / HARM_COUNT % 8,
					 i / HARM_COUNT / 8, i % HARM_COUNT);
	}
	cr_log_info("%zu that pdftotext reads, %zu that it does not, %zu of these refused", readable, unreadable,
		    refused);
	cr_expect_geq(readable, 40);
	cr_expect_geq(unreadable, 20);
	cr_expect_geq(refused, 20);
	strbuf_release(&lines);
}

static void open_case(const char *ref)
{
	DONE("session", "open", "ralio-kyb", "--merchant", "shop", "--ref", ref, "--subject-kind", "business", "--kind",
	     "kyb", "--uid", ref, "--name", test_text("Heron %s Ltd", ref), "--country", "GBR", "--for", "merchant");
}

/* A password of the owner only, by every way of encryption, does not refuse the file. */
Test(papers, a_password_of_the_owner_is_taken_and_one_for_opening_is_named)
{
	static const char *const bits[] = { "40", "128", "256" }, *const streams[] = { "preserve", "generate" };
	static const char *const users[] = { "", "opens" };

	NEEDS("qpdf", "qpdf");
	for (size_t i = 0; i < 12; i++) {
		char *line = test_text("cd %s && qpdf --allow-weak-crypto --object-streams=%s --encrypt '%s' own %s -- "
				       "%s/data/samples/files/harbour-number.pdf p.pdf",
				       box.folder, streams[i / 3 % 2], users[i / 6], bits[i % 3], KYB_SOURCE_DIR);

		cr_expect_eq(box_shell(&box, line) | 3, 3, "%s: %s", line, box.last.err); /* 3: with a warning */
		open_case(test_text("P-%zu", i));
		cr_expect_eq(
			RUN("document", "add", test_text("P-%zu", i), "BUSINESS_NUMBER", "p.pdf", "--for", "merchant"),
			i / 6 ? 9 : 0, "%s: %s", line, box.last.err);
		if (i / 6)
			SAYS("needs a password");
	}
}

/* Files that hold more than they show, and the sentence about each. */
static const struct {
	const char *make, *says; /* a line of the shell that makes the file "p.*"; "": nothing is said */
} active[] = {
	{ "sed 's#/Catalog#/Catalog/OpenAction<</S/J\\#61vaScript>>#' whole.pdf >p.pdf", "has JavaScript" },
	{ "sed 's#/Catalog#/Catalog/OpenAction<</S/Launch>>#' whole.pdf >p.pdf", "starts a program" },
	{ "sed 's#/Catalog#/Catalog/AcroForm<</XFA 5 0 R>>#' whole.pdf >p.pdf", "is a form (XFA)" },
	{ "sed 's#/Font/Subtype#/EmbeddedFile/Subtype#' whole.pdf >p.pdf",
	  "has attached files that cannot be shown here" },
	{ "sed 's#(Heron#(/JavaScript#' whole.pdf >p.pdf", "" },
	{ "mkdir -p word/_rels && echo '<Types/>' >'[Content_Types].xml' && echo '<w:t>DDEAUTO</w:t>' "
	  ">word/document.xml && "
	  "zip -qr p.docx word '[Content_Types].xml'",
	  "asks other programs for data (DDE)" },
	{ "echo '<Relationship Type=\"x/attachedTemplate\" TargetMode=\"External\"/>' >word/_rels/s.rels && echo >"
	  "word/document.xml && rm p.docx && zip -qr p.docx word '[Content_Types].xml'",
	  "loads a part from elsewhere" },
	{ "echo '<Relationship Type=\"x/hyperlink\" TargetMode=\"External\"/>' >word/_rels/s.rels && rm p.docx && zip "
	  "-qr "
	  "p.docx word '[Content_Types].xml'",
	  "" },
	{ "(head -c 4000 /dev/zero; printf 'V\\0B\\0A\\0_\\0P\\0R\\0O\\0J\\0E\\0C\\0T\\0') >tail && cat letter.doc "
	  "tail "
	  ">p.doc",
	  "has macros" },
};

static const char *const paper_names[] = { "p.pdf", "p.docx", "p.doc" };

static const char *made_paper(size_t row)
{
	char *line = test_text("cd %s && %s", box.folder, active[row].make);

	cr_assert_eq(box_shell(&box, line), 0, "%s: %s", line, box.last.err);
	return paper_names[row < 5 ? 0 : row < 8 ? 1 : 2];
}

Test(papers, what_a_file_does_besides_is_marked_and_said_when_it_is_saved)
{
	NEEDS("zip", "zip");
	write_paper("whole.pdf", 0, 0, WHOLE);
	DONE_SHELL(test_text("cp %s/data/samples/files/letter.doc %s", KYB_SOURCE_DIR, box.folder));
	for (size_t i = 0; i < sizeof active / sizeof active[0]; i++) {
		char *ref = test_text("P-%zu", i), *copy = test_text("copy-%zu", i);
		const char *paper = made_paper(i);

		open_case(ref);
		DONE("document", "add", ref, "BUSINESS_NUMBER", paper, "--for", "merchant");
		DONE("show", ref);
		cr_expect_eq(strstr(box.last.out, active[i].says) != NULL, true, "%s: %s", active[i].make,
			     box.last.out);
		DONE("document", "save", ref, "BUSINESS_NUMBER", "-o", copy);
		cr_expect_eq(strstr(box.last.err, "take care") != NULL, *active[i].says != 0, "%s: %s", active[i].make,
			     box.last.err);
	}
}
