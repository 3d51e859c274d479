/* Tests text recognition in pictures and in files without text, by the real programs, which run confined. */
#include "tui_support.h"

#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/world.h"
#include "jobs/convert.h"
#include "model/viewer.h"
#include "pdf.h"
#include "support/needs.h"
#include "support/process.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <sys/timerfd.h>

#define A4 "0 0 595 842"

static const struct doc_search_value values[] = {
	{ .kind = DOC_SEARCH_NAME, .name = "name", .text = "Harbour Lane Trading Ltd" },
	{ .kind = DOC_SEARCH_NUMBER, .name = "tax id", .text = "GB123456789" },
	{ .kind = DOC_SEARCH_DATE, .name = "birth date of Ines Duarte", .text = "1984-02-11" },
	{ .kind = DOC_SEARCH_PERSON, .name = "Tomas Reis", .text = "Tomas Reis", .required = true }
};
#define VALUES (sizeof values / sizeof values[0])

/* Name of a program that access() reports as missing, as if it were not installed; NULL: none. */
const char *hidden_program;
int access(const char *path, int mode)
{
	const char *name = strrchr(path, '/');
	if (hidden_program && name && !strcmp(name + 1, hidden_program)) {
		errno = ENOENT;
		return -1;
	}
	return faccessat(AT_FDCWD, path, mode, 0);
}

static char *folder;
static struct doc_search_value sought[VALUES];

static void set_up(void)
{
	folder = temp_folder_make();
	cr_assert_eq(setenv("TMPDIR", folder, 1), 0);
	cr_assert_eq(unsetenv("XDG_RUNTIME_DIR"), 0);
}
/* Neither a picture of a client's document nor a private folder stays behind. */
static void tear_down(void)
{
	DIR *dir = opendir(folder);
	for (const struct dirent *entry; (entry = readdir(dir));)
		cr_expect_null(strstr(entry->d_name, "kybdesk-"), "%s", entry->d_name);
	closedir(dir);
	temp_folder_remove(folder);
	hidden_program = NULL;
	NO_LEAKS();
}
TestSuite(scan, .init = set_up, .fini = tear_down, .timeout = 120);

/* A letter as a picture, as from a scanner; drawn with the matrix `turn`, "": upright. */
static void draw_turned_letter(struct strbuf *out, const char *format, const char *box, const char *turn)
{
	struct strbuf bytes = STRBUF_INIT;
	char *path = temp_path(folder, "letter.pdf");
	struct process_result result;
	pdf_write(&bytes, &(struct pdf){ .box = box,
					 .pages = 1,
					 .filled = 1,
					 .content = test_text("%s BT /F1 20 Tf 40 260 Td 36 TL (ELECTRICITY BILL) ' "
							      "(Harbour Lane Trading Limited) ' (tax id GB123456789) ' "
							      "(born 11.02.1984 in Lisbon) ' ET",
							      turn) });
	temp_write(path, bytes.buf, bytes.len);
	process_call(&result, NULL, NULL, "pdftoppm", "-q", "-r", "130", format, path, NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	strbuf_add(out, result.out, result.out_length);
	strbuf_release(&bytes);
}

static void draw_letter(struct strbuf *out, const char *format)
{
	draw_turned_letter(out, format, "0 0 420 300", "");
}

static struct job *asked_for(const char *media_type)
{
	struct job *job = job_new(JOB_DOCUMENT);
	memcpy(sought, values, sizeof values);
	job->out.case_values = (struct doc_search_values){ sought, VALUES };
	job->out.document.media_type = media_type;
	job->mode = TEXT_UTF8;
	job->ticket = 17;
	job->rows = 12;
	job->cols = 40;
	return job;
}

/* A PDF of this many pages, with the picture of the letter on page `filled`. */
static struct job *scanned_pdf(const char *box, size_t pages, size_t filled)
{
	struct job *job = asked_for("application/pdf");
	struct strbuf drawn = STRBUF_INIT, greys = STRBUF_INIT, content = STRBUF_INIT;
	unsigned cols, rows, from[4];
	int head = 0;
	draw_letter(&drawn, "-gray");
	cr_assert_eq(sscanf(drawn.buf, "P5 %u %u 255%n", &cols, &rows, &head), 2);
	strbuf_add(&greys, drawn.buf + head + 1, drawn.len - (size_t)head - 1);
	cr_assert_eq(greys.len, (size_t)cols * rows);
	cr_assert_eq(sscanf(box, "%u %u %u %u", &from[0], &from[1], &from[2], &from[3]), 4);
	strbuf_addf(&content, "%u 0 0 %u 0 0 cm /I1 Do", from[2], from[3] / 2);
	pdf_write(&job->bytes, &(struct pdf){ .box = box,
					      .pages = pages,
					      .filled = filled,
					      .content = content.buf,
					      .greys = &greys,
					      .picture_cols = cols,
					      .picture_rows = rows });
	strbuf_release(&content);
	strbuf_release(&greys);
	strbuf_release(&drawn);
	return job;
}

static struct job *picture(const char *media_type)
{
	struct job *job = asked_for(media_type);
	draw_letter(&job->bytes, strstr(media_type, "png") ? "-png" : "-jpeg");
	return job;
}

/* Makes both responses: fills `first`, and returns the second response. */
static struct job *read_whole(struct job *first)
{
	struct job *scan = convert_document(world_real(), first, -1);
	cr_expect_gt(first->bytes.len, 0, "it may be drawn in another size");
	cr_assert_not_null(scan, "%s", first->content.note);
	cr_expect(first->content.is_partial);
	cr_expect_eq(scan->ticket, first->ticket);
	convert_scan(world_real(), scan, -1);
	cr_expect_eq(scan->bytes.len, first->bytes.len);
	cr_expect_not(scan->content.is_partial);
	return scan;
}

static void found_but_tomas(const struct job *scan)
{
	cr_assert_eq(scan->out.case_values.count, VALUES);
	for (size_t i = 0; i < VALUES; i++)
		cr_expect_eq(scan->out.case_values.items[i].found, i + 1 < VALUES, "%s", values[i].name);
}

static void says(struct job *answer, const char *what)
{
	struct stage stage;
	struct viewer *viewer = viewer_new("document-0", "PROOF_OF_ADDRESS");
	stage_open(&stage, TEXT_UTF8, 24, 80);
	viewer_take_response(viewer, answer);
	surface_begin(&stage.surface, 24, 80);
	viewer_draw(viewer, &stage.surface, (struct box){ 0, 0, 24, 80 });
	stage_check(&stage);
	cr_expect_geq(stage_find(&stage, what), 0, "'%s': %s\n%s\n%s", what, stage_row(&stage, 1), stage_row(&stage, 2),
		      stage_row(&stage, 3));
	cr_expect_eq(stage_find(&stage, "GB123456789") >= 0, answer->content.kind == CONTENT_TEXT,
		     "a value that is looked for is told by the document only");
	viewer_free(viewer);
	stage_close(&stage);
}

#define NEEDS_ALL                                                                                                      \
	NEEDS("pdftoppm", "poppler-utils");                                                                            \
	NEEDS("pdftotext", "poppler-utils");                                                                           \
	NEEDS("chafa", "chafa");                                                                                       \
	NEEDS("tesseract", "tesseract-ocr")

Test(scan, a_picture_is_shown_first_and_then_compared)
{
	static const char *const types[] = { "image/png", "image/jpeg" };
	NEEDS_ALL;
	for (size_t i = 0; i < 2; i++) {
		struct job *first = picture(types[i]), *scan = read_whole(first);
		cr_expect_eq(first->content.kind, CONTENT_PICTURE);
		cr_expect_eq(scan->content.kind, CONTENT_PICTURE);
		cr_expect(first->content.text.len > 100);
		cr_expect_str_eq(scan->content.text.buf, first->content.text.buf, "the same picture");
		found_but_tomas(scan);
		says(first, "tesseract is reading its text");
		says(scan, "Read from a picture; it may contain errors: 3 of 4 found. Not found: Tomas");
	}
}

/* A telephone stores a photograph as its sensor lies, and how it is to be turned: here the letter is stored turned, so
 * that each of the eight orientations of EXIF shows it upright. */
Test(scan, a_photograph_is_read_as_it_is_shown)
{
	static const struct {
		const char *box, *turn;
	} stored[] = { { "0 0 420 300", "" },
		       { "0 0 420 300", "-1 0 0 1 420 0 cm" },
		       { "0 0 420 300", "-1 0 0 -1 420 300 cm" },
		       { "0 0 420 300", "1 0 0 -1 0 300 cm" },
		       { "0 0 300 420", "0 -1 -1 0 300 420 cm" },
		       { "0 0 300 420", "0 1 -1 0 300 0 cm" },
		       { "0 0 300 420", "0 1 1 0 0 0 cm" },
		       { "0 0 300 420", "0 -1 1 0 0 420 cm" } };
	NEEDS_ALL;
	for (char i = 0; i < 8; i++) {
		const char orientation[] = "\xff\xe1\0\x22"
					   "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
		const char end[] = { (char)(i + 1), 0, 0, 0, 0, 0, 0 };
		struct job *first = asked_for("image/jpeg");
		struct strbuf jpeg = STRBUF_INIT;
		draw_turned_letter(&jpeg, "-jpeg", stored[(size_t)i].box, stored[(size_t)i].turn);
		strbuf_add(&first->bytes, jpeg.buf, 2);
		strbuf_add(&first->bytes, orientation, sizeof orientation - 1);
		strbuf_add(&first->bytes, end, sizeof end);
		strbuf_add(&first->bytes, jpeg.buf + 2, jpeg.len - 2);
		strbuf_release(&jpeg);
		struct job *scan = read_whole(first);
		found_but_tomas(scan);
		job_free(first);
		job_free(scan);
	}
}

/* Letters that are read only where the stored dots are unchanged. */
Test(scan, a_picture_is_read_as_it_is_stored)
{
	struct doc_search_value name[] = { { .kind = DOC_SEARCH_PERSON, .name = "name", .text = "Ines Duarte" } };
	struct error error = { 0 };
	NEEDS_ALL;
	struct job *first = asked_for("image/png");
	first->out.case_values = (struct doc_search_values){ name, 1 };
	cr_assert_eq(
		file_read(KYB_SOURCE_DIR "/data/samples/files/duarte-passport.png", 1 << 20, &first->bytes, &error),
		ERR_OK);
	struct job *scan = read_whole(first);
	cr_expect(scan->out.case_values.items[0].found);
	job_free(first);
	job_free(scan);
}

/* A photograph in the format of most telephones. */
Test(scan, a_heic_photograph_is_shown_and_read)
{
	static const char photograph[] =
		"AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWljAAABqW1ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAHBpY3QAAAAAAAAAAAAAAAAAAAAA"
		"DnBpdG0AAAAAAAIAAAAQaWRhdAAAAAABLAB9AAAAOGlsb2MBAAAAREAAAgABAAAAAAAAAckAAQAAAAAAAAQ2AAIAAQAAAAAA"
		"AAABAAAAAAAAAAgAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAQABAABodmMxAAAAABVpbmZlAgAAAAACAABncmlkAAAAANRp"
		"cHJwAAAAsmlwY28AAAB0aHZjQwEECAAAAAAAAAAAADzwAPz8+PgAAA8DIAABABdAAQwB//8ECAAAAwCf+AAAAwAAPLoCQCEA"
		"AQAoQgEBBAgAAAMAn/gAAAMAADzAJiAgct5bqSSmubAgAAADACAAAAMAISIAAQAHRAHBcrBiQAAAABRpc3BlAAAAAAAAASwA"
		"AAB+AAAAFGlzcGUAAAAAAAABLAAAAH0AAAAOcGl4aQAAAAABCAAAABppcG1hAAAAAAAAAAIAAQKBAgACAgOEAAAAGmlyZWYA"
		"AAAAAAAADmRpbWcAAgABAAEAAAQ+bWRhdAAABDIoAa4KKFVtcL//+VYaarKq1yYutsjtFW97BB9rn8qoyLP0OPVJ22qmtxfw"
		"Uxtuoz3flcnONTAdwCLC2ggfwmPMjZ1qvBl3+lmXmNQvL9FhFYzwHfKqModx8C+g3ViYv2iLktH473c01PimskrhA83nsY/4"
		"SPinFM300RgoEp3bUhIBDZ6XEmkaCIUHgTYF7swpiV70hrlavmakxwe7X5fSDOTAzHQ7fJ9jxZlRk3pwklcmZSmV/GTUzQuq"
		"jWrbRHE5kHovcF7JViMXdrrSK+a5QB+nD6y8M+B9Qq7nrOtUvqD7aGnqdXZy04mnd+09gj3NoAMSGZoDjYXjpjOyxYRkgOSl"
		"/eMy9S1cvkjOFeNE0/ALEdqoTF329nYga7/SE2xeJy6MhDAYmuV06Iv+k/lus/I08fiSAsMIJJIAPqUgDcotHu+g7sCh3OmH"
		"2BcL5epi25zhyvU+EvwIOCuxf3sMmaMkT14DNgMx/OZglQnzFmd/hQtQJhWA0dpGQOy2XbrasNqxoxbVcJyV02+4okLn2IbQ"
		"32eeo44MWvt54N8IzfD2jwpghiF85pOjjJ6TMrsNJDD64kTeoj8I1DbJkZNeTO0w/+ByfE1p8YbKXLTlqB6ru8HR6gn16xiZ"
		"sU0c+Jv+PVkgZqe47GbzSm5Qf3r06IukyDA2STucRv8WRO2So56wy0iSJZWXAP5Btf73n9u5GtmJv5LwEaZwu97GdQ1z3M6n"
		"L/lGLkqJvp4eSmtImbA2Y59YmHXPNsGO9BhBbycJafof2IiRdTW/77oWSstfOBUs6vnZWdF3d6dyRpv9zVQnCdPztcoyNORl"
		"NP3kdhyjy4Q8Vyw7JnnVnY1ypTSVtQ6gjhwBEP7waPyvGfjsDd9V8siE4vsot1qdAdOyuKZwdzBgbCkNgNlYPtb5AsDBnAFY"
		"Kab8r+/tzoB7rPC0E0QgK8EWYE1Klg64o2M3TcYxcWVcEkKL2Yr0tIpfwUF0LmqBEPN6jVTycUkEbfggwdg6EMAlQ2PN2ml/"
		"w2HRIDg6iotM3QmR2cCdSLwNjDJOThWXpzUFpkLKyGvsQSioQNgL4bER8JLr9xYaQxL75UByg220DjnkkCIhzH20ZEmcpAZU"
		"uBHyITpKLew4AweH7ac2RPT8LvkNC8EPIv2gLPzbN6zlArqV3etVxFzhpeofJerr9yrb7o8k1CRR3JQP+6XXifw1t+uqranY"
		"WEhWS9sZ+MifIQPQOk+ufegWcmuUxeJGHyKaCba3wcS8FeIPG/h2wi7FMBlJkOAmtzMdRztAZxd5n5g+8L1+sqLbfOPlC7fE"
		"iIcBVEVQA24qN5qNWE387uz8/LULiJggCjizfLMMtRnStptyesVn2I0VPKorAAx4xo7x6jodT+r294WC8gxgVakC4qFV6xBp"
		"HJkC4GqFruRP/OH3uOYTlHaXNvGg1oA=";
	NEEDS_ALL;
	struct job *first = asked_for("image/heic");
	cr_assert(base64_decode(&first->bytes, photograph, sizeof photograph - 1));
	struct job *scan = read_whole(first);
	cr_expect_eq(first->content.kind, CONTENT_PICTURE, "%s", first->content.note);
	found_but_tomas(scan);
	job_free(first);
	job_free(scan);
}

Test(scan, the_first_pages_of_a_file_without_text_are_read)
{
	NEEDS_ALL;
	struct job *first = scanned_pdf(A4, 4, 2);
	first->out.document.marks = "javascript";
	struct job *scan = read_whole(first);
	cr_expect_str_eq(scan->out.document.marks, "javascript", "what else the file has is said over this text, too");
	cr_expect_eq(first->content.kind, CONTENT_NONE);
	cr_assert_eq(scan->content.kind, CONTENT_TEXT, "%s", scan->content.note);
	cr_expect(strstr(scan->content.text.buf, "Harbour Lane Trading Limited"), "%s", scan->content.text.buf);
	cr_expect(scan->content.is_truncated, "there is a fourth");
	cr_expect_eq(scan->content.marked_spans.count, 3);
	found_but_tomas(scan);
	says(first, "The first pages are being");
	says(scan, "Text recognised by tesseract in the first 3 pages; it may contain errors");
	first = scanned_pdf(A4, 4, 4);
	scan = read_whole(first);
	cr_expect_eq(scan->content.kind, CONTENT_NONE);
	says(scan, "The document contains no text, and tesseract found none on the first 3 pages.");
	job_free(first);
}

/* A page's picture has a fixed number of dots, independent of the size that the page claims. */
Test(scan, an_enormous_page_is_drawn_as_large_as_any_other)
{
	NEEDS_ALL;
	struct job *first = scanned_pdf("0 0 5950000 8420000", 1, 1), *scan = read_whole(first);
	cr_expect_eq(scan->content.kind, CONTENT_TEXT, "%s", scan->content.note);
	cr_expect_not(scan->content.is_truncated);
	found_but_tomas(scan);
	says(scan, "by tesseract in the first page");
	job_free(first);
}

/* Writes a size into the picture's header that its data does not have. */
static void claim_size(struct strbuf *png, uint32_t side)
{
	unsigned char *head = (unsigned char *)png->buf + 12; /* IHDR, columns, rows */
	uint32_t sum = 0xffffffff;
	for (size_t i = 0; i < 8; i++)
		head[4 + i] = (unsigned char)(side >> (24 - 8 * (i % 4)));
	for (size_t i = 0; i < 17 * 8; i++) {
		sum ^= i % 8 ? 0 : head[i / 8];
		sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
	}
	for (size_t i = 0; i < 4; i++)
		head[17 + i] = (unsigned char)(~sum >> (24 - 8 * i));
}

static void cannot_be_read(struct job *scan)
{
	scan->content.kind = CONTENT_PICTURE;
	convert_scan(world_real(), scan, -1);
	cr_expect_not(scan->content.is_text_compared);
	says(scan, "A picture: not compared with the case (");
}

Test(scan, hostile_pictures_give_a_sentence)
{
	NEEDS_ALL;
	struct job *scan = picture("image/png");
	claim_size(&scan->bytes, 60000);
	cannot_be_read(scan);
	scan = picture("image/png");
	strbuf_truncate(&scan->bytes, 300);
	cannot_be_read(scan);
	scan = picture("image/jpeg");
	strbuf_truncate(&scan->bytes, 300);
	cannot_be_read(scan);
	/* tesseract reads a file that is not a picture as a list of file names; none of the files named here is
	 * both reachable and a picture. */
	scan = asked_for("image/png");
	strbuf_adds(&scan->bytes, "/etc/passwd\n/dev/stdin\nhttp://127.0.0.1:9/x.png\n");
	cannot_be_read(scan);
}

Test(scan, one_that_is_left_in_the_middle_is_ended)
{
	NEEDS_ALL;
	struct job *first = scanned_pdf(A4, 3, 1), *scan = convert_document(world_real(), first, -1);
	const struct itimerspec soon = { .it_value = { .tv_nsec = 40000000 } };
	int cancel_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	cr_assert_not_null(scan);
	cr_assert_eq(timerfd_settime(cancel_fd, 0, &soon, NULL), 0);
	convert_scan(world_real(), scan, cancel_fd);
	cr_expect_eq(scan->content.kind, CONTENT_NONE);
	cr_expect_eq(scan->content.text.len, 0);
	close(cancel_fd);
	job_free(scan);
	job_free(first);
}

/* hear() counts the responses, on the converter's thread. */
struct listener {
	struct converter *converter;
	bool leaves;
	_Atomic unsigned firsts, seconds, others;
};
static void hear(void *context, struct job *job)
{
	struct listener *listener = context;
	bool first = job->content.is_partial, other = job->ticket != 17;
	job_free(job);
	if (first && listener->leaves)
		converter_request(listener->converter, NULL);
	atomic_fetch_add(other ? &listener->others : first ? &listener->firsts : &listener->seconds, 1);
}
static void wait_until(const _Atomic unsigned *count)
{
	int64_t until = world_monotonic_ms(world_real()) + 60000;
	while (!atomic_load(count) && world_monotonic_ms(world_real()) < until)
		test_sleep_ms(5);
	cr_assert_eq(atomic_load(count), 1);
}

Test(scan, two_answers_come_unless_one_leaves_between_them)
{
	NEEDS_ALL;
	for (int leaves = 0; leaves < 2; leaves++) {
		struct listener listener = { .leaves = leaves };
		struct error error = { 0 };
		struct job *other = asked_for("text/plain");
		other->ticket = 18;
		strbuf_adds(&other->bytes, "plain");
		cr_assert_eq(converter_start(hear, &listener, &listener.converter, &error), ERR_OK);
		converter_request(listener.converter, picture("image/png"));
		wait_until(leaves ? &listener.firsts : &listener.seconds);
		converter_request(listener.converter, other);
		wait_until(&listener.others);
		converter_stop(listener.converter);
		cr_expect_eq(listener.firsts, 1);
		cr_expect_eq(listener.seconds, !leaves);
	}
}

Test(scan, what_is_not_installed_is_named)
{
	static const struct {
		const char *program, *sentence;
	} rows[] = { { "tesseract", "To read the text, tesseract is needed: install the package tesseract-ocr" },
		     { "pdftoppm", "To read the text, pdftoppm is needed: install the package poppler-utils" } };
	NEEDS_ALL;
	for (size_t i = 0; i < 2; i++) {
		struct job *job = scanned_pdf(A4, 1, 1);
		hidden_program = rows[i].program;
		cr_expect_null(convert_document(world_real(), job, -1));
		cr_expect_gt(job->bytes.len, 0, "its pages may still be drawn");
		cr_expect_not(job->content.is_partial);
		cr_expect_eq(job->content.kind, CONTENT_NONE);
		cr_expect(strstr(job->content.note, "The document contains no text; it may be a scan."));
		cr_expect(strstr(job->content.note, rows[i].sentence), "%s", job->content.note);
		job_free(job);
		hidden_program = NULL;
	}
	struct job *job = picture("image/png");
	hidden_program = "tesseract";
	cr_expect_null(convert_document(world_real(), job, -1));
	cr_expect_eq(job->content.kind, CONTENT_PICTURE, "it is shown as it was");
	cr_expect(job->content.text.len > 100);
	cr_expect(strstr(job->content.note, rows[0].sentence), "%s", job->content.note);
	says(job, "A picture: not compared with the case; compare it by eye.");
}
