#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "kybdesk/base/file.h"
#include "kybdesk/desk/import.h"

static const char *sniff(const void *bytes, size_t length)
{
	enum file_format format = desk_detect_format(bytes, length, NULL);

	return (int)format == FILE_FORMAT_COUNT ? "unknown" : file_format_text(format);
}

static void expect_sample(const char *name, const char *format, const char *media_type)
{
	struct strbuf bytes = STRBUF_INIT;
	char path[512];
	const char *found = "";

	snprintf(path, sizeof path, "%s/data/samples/files/%s", KYB_SOURCE_DIR, name);
	cr_assert_eq(file_read(path, 1 << 20, &bytes, NULL), ERR_OK);
	cr_expect_str_eq(sniff(bytes.buf, bytes.len), format, "%s", name);
	desk_detect_format(bytes.buf, bytes.len, &found);
	cr_expect_str_eq(found, media_type, "%s", name);
	/* If the file is cut off at any place, the detection does not read beyond its end. */
	for (size_t cut = 0; cut < bytes.len; cut += 1 + bytes.len / 200) {
		char *part = memcpy(malloc(cut + 1), bytes.buf, cut);

		desk_detect_format(part, cut, NULL);
		free(part);
	}
	strbuf_release(&bytes);
}

Test(sniff, knows_the_formats_by_their_content)
{
	expect_sample("articles.pdf", "pdf", "application/pdf");
	expect_sample("identity.png", "png", "image/png");
	expect_sample("passport.jpg", "jpeg", "image/jpeg");
	expect_sample("accounts.xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
	expect_sample("licence.docx", "docx",
		      "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
	expect_sample("accounts.xls", "xls", "application/vnd.ms-excel");
	expect_sample("letter.doc", "doc", "application/msword");
}

Test(sniff, knows_heic_by_its_brand)
{
	cr_expect_str_eq(sniff("\0\0\0\x10"
			       "ftypheic\0\0\0\0",
			       16),
			 "heic");
	cr_expect_str_eq(sniff("\0\0\0\x18"
			       "ftypmp42\0\0\0\0",
			       16),
			 "unknown");
}

Test(sniff, knows_nothing_else)
{
	cr_expect_str_eq(sniff("", 0), "unknown");
	cr_expect_str_eq(sniff("MZ\x90", 3), "unknown");
	cr_expect_str_eq(sniff("<html>%PDF-1.4", 14), "unknown");
	cr_expect_str_eq(sniff("PK\3\4rest of a zip", 17), "unknown");
}

Test(sniff, does_not_know_what_is_protected_by_a_password)
{
	static const char pdf[] = "%PDF-1.4\n5 0 obj<<>>endobj\ntrailer << /Encrypt 5 0 R >>\n%%EOF";

	cr_expect_str_eq(sniff(pdf, sizeof pdf - 1), "unknown");
}

static const char *check(const void *bytes, size_t length, const char *file_name, struct error *error)
{
	static const struct profile profile = { .default_format_bits = (1u << FILE_FORMAT_COUNT) - 1 };
	struct file_facts facts;

	*error = (struct error){ 0 };
	return document_file_check(&profile, "PASSPORT", file_name, bytes, length, &facts, error) ? error->message
												  : "taken";
}

static void expect_check(const void *bytes, size_t length, const char *file_name, const char *answer)
{
	struct error error;

	cr_expect(strstr(check(bytes, length, file_name, &error), answer), "%s: %s", file_name,
		  error.message ? error.message : "taken");
	error_release(&error);
}

#define EXPECT_CHECK(bytes, ...) expect_check(bytes, sizeof(bytes) - 1, __VA_ARGS__)
#define ID "000102030405060708090a0b0c0d0e0f"
#define OBJECTS "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
#define TRAILER "\ntrailer<</Root 1 0 R>>"

Test(sniff, takes_what_a_reader_of_pdf_opens)
{
	EXPECT_CHECK("%PDF-1.7\n" OBJECTS "%%EOF", "a.pdf", "taken");
	EXPECT_CHECK("\xef\xbb\xbf%PDF-1.7\n" OBJECTS "%%EOF", "a.pdf", "taken");
	EXPECT_CHECK("\r\n%PDF-1.7\n" OBJECTS "%%EOF", "a.pdf", "taken");
	EXPECT_CHECK("HTTP/1.1 200 OK\r\n\r\n%PDF-1.7\n" OBJECTS TRAILER, "a.pdf", "taken");
	EXPECT_CHECK("%PDF-1.7\n" OBJECTS "3 0 obj<<>>stream\n(See /Encrypt in the manual)\nendstream endobj" TRAILER,
		     "a.pdf", "taken");
	EXPECT_CHECK("%PDF-", "a.pdf", "broken pdf");
	EXPECT_CHECK("%PDF-1.7 xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "a.pdf", "broken pdf");
	EXPECT_CHECK("%PDF-1.7\n" OBJECTS, "a.pdf", "broken pdf"); /* cut off before its trailer */
	EXPECT_CHECK("%PDF-1.7\n" OBJECTS "trailer<</Root 9 0 R>>", "a.pdf", "broken pdf");
}

/* Made by hand after ISO 32000-2, 7.6.3 and 7.6.4, and tried with pdftotext: with the empty password, which opens the
 * file, and with another. */
Test(sniff, tells_a_password_for_opening_from_one_of_the_owner)
{
	static const struct {
		const char *lock;
		bool needs_password;
	} rows[] = {
		{ "<</Filter/Standard/V 1/R 2/Length 40/P -4/O <c92422687facee686e373f10b5c7d04738053152f7e2e"
		  "e30e11c69ec442576ab>/U <19794f9d50ebc9182f8a72bb20274501272fe2bee8bbe219d98cb9360ba26be1>>"
		  ">",
		  false },
		{ "<</Filter/Standard/V 1/R 2/Length 40/P -4/O <94e8094419662a774442fb072e3d9f19e9d130ec09a4d"
		  "0061e78fe920f7ab62f>/U <56a39de58f86fa456642db1674c3060f327a4e038275843997dccfd58ea7900e>>"
		  ">",
		  true },
		{ "<</Filter/Standard/V 2/R 3/Length 128/P -4/O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6"
		  "ed41b984e2c6da2aa6f5>/U <36abf419f6a4696788160b0259a1f80c00000000000000000000000000000000>"
		  ">>",
		  false },
		{ "<</Filter/Standard/V 2/R 3/Length 128/P -4/O <0ba3835f88f90388e74e54584125ce142be0de24c6b0"
		  "d37746e075b891756671>/U <b5eeee15d9561a1fad6c9d5a195dde3300000000000000000000000000000000>"
		  ">>",
		  true },
		{ "<</Filter/Standard/V 5/R 6/Length 256/P -4/O<faad1409a7fbc20623d97d201e0ecbb55e825c0d89a93"
		  "fad56b6c26714d530ce31323334353637386162636465666768>/U<eace262798d0f7325982b486540ff1c1188"
		  "71e1515e59ad3ae35f093a26a54a631323334353637386162636465666768>/OE<4de3896e2fd387341ce43e42"
		  "aa6ae5cff526150c7224f30dff5acfe9396a895c>/UE<e8d62aaf6b33d43dca58f642bd5947e7eccfd67b99c60"
		  "c12108bd2daa4542471>/Perms<00000000000000000000000000000000>/CF<</StdCF<</CFM/AESV3/AuthEv"
		  "ent/DocOpen/Length 32>>>>/StmF/Identity/StrF/Identity>>",
		  false },
		{ "<</Filter/Standard/V 5/R 6/Length 256/P -4/O<46716e613bff14abc06d772d793c445b30edfe75b0693"
		  "d9d920215b11c6395bb31323334353637386162636465666768>/U<33a74805a1940282ca67d2b4938a4f77db6"
		  "f69c75e92e9f281f0743ef011157131323334353637386162636465666768>/OE<da2065e4e65dc060c52e663c"
		  "d15e71178608df8bc96cbbb10b368b830e7303ce>/UE<747fc3242fb559c2aee36ec5547f39823e8eec94a884e"
		  "f0338b4c628e5995136>/Perms<00000000000000000000000000000000>/CF<</StdCF<</CFM/AESV3/AuthEv"
		  "ent/DocOpen/Length 32>>>>/StmF/Identity/StrF/Identity>>",
		  true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf file = STRBUF_INIT;

		strbuf_addf(&file,
			    "%%PDF-1.7\n" OBJECTS "3 0 obj%sendobj\ntrailer<</Root 1 0 R/Encrypt 3 0 R/ID[<%s><%s>]>>"
			    "\n%%%%EOF",
			    rows[i].lock, ID, ID);
		expect_check(file.buf, file.len, "a.pdf", rows[i].needs_password ? "needs a password" : "taken");
		strbuf_release(&file);
	}
	EXPECT_CHECK("%PDF-1.7\n" OBJECTS "trailer<</Encrypt<</Filter/Other/V 1>>>>%%EOF", "a.pdf", "needs a password");
}

Test(sniff, refuses_a_picture_without_its_end)
{
	EXPECT_CHECK("\xff\xd8\xff", "a.jpg", "broken jpeg");
	EXPECT_CHECK("\xff\xd8\xff\xe1\0\x09thumb\xff\xd9\xff\xda\0\x08the picture", "a.jpg", "broken jpeg");
	EXPECT_CHECK("\xff\xd8\xff\xe1\0\x09thumb\xff\xd9\xff\xda\0\x08the picture\xff\xd9", "a.jpg", "taken");
	EXPECT_CHECK("\x89PNG\r\n\x1a\nIHDR", "a.png", "broken png");
	EXPECT_CHECK("\0\0\0\x10"
		     "ftypheic\0\0\0\0\0\0\0\x20meta",
		     "a.heic", "broken heic");
	EXPECT_CHECK("\0\0\0\x10"
		     "ftypheic\0\0\0\0\0\0\0\0mdat",
		     "a.heic", "taken");
}

static void put16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)value;
	at[1] = (unsigned char)(value >> 8);
}

/* Makes a compound file with one directory sector and one named stream. */
static void make_ole(unsigned char bytes[1536], const char *stream)
{
	static const unsigned char magic[] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };

	memset(bytes, 0, 1536);
	memcpy(bytes, magic, sizeof magic);
	put16(bytes + 30, 9);
	put16(bytes + 48, 1);
	memset(bytes + 512, 0xFF, 512); /* the table of sectors: every chain ends */
	for (size_t i = 0; stream[i]; i++)
		put16(bytes + 1024 + i * 2, (unsigned char)stream[i]);
	put16(bytes + 1024 + 64, (unsigned)(strlen(stream) + 1) * 2);
}

Test(sniff, looks_into_compound_files)
{
	unsigned char bytes[1536];

	make_ole(bytes, "WordDocument");
	cr_expect_str_eq(sniff(bytes, sizeof bytes), "doc");
	make_ole(bytes, "Workbook");
	cr_expect_str_eq(sniff(bytes, sizeof bytes), "xls");
	make_ole(bytes, "PowerPoint Document");
	cr_expect_str_eq(sniff(bytes, sizeof bytes), "unknown");
	make_ole(bytes, "WordDocument");
	expect_check(bytes, sizeof bytes, "a.doc", "taken"); /* its header lists no table of sectors */
	memset(bytes + 76, 0xFF, 4 * 109);
	put16(bytes + 512, 0xFFFD); /* the table's own sector */
	put16(bytes + 76, 0);	    /* the table is the first sector, and has a sector in use that the file lacks */
	put16(bytes + 78, 0);
	put16(bytes + 512 + 4 * 2, 0);
	expect_check(bytes, sizeof bytes, "a.doc", "broken doc");
	put16(bytes + 512 + 4 * 2, 0xFFFF);
	expect_check(bytes, sizeof bytes, "a.doc", "taken");
	make_ole(bytes, "EncryptedPackage");
	cr_expect_str_eq(sniff(bytes, sizeof bytes), "unknown");
}

Test(sniff, ends_when_a_compound_file_runs_in_a_circle)
{
	unsigned char bytes[1536];

	make_ole(bytes, "Nothing");
	memset(bytes + 512, 0, 512);
	put16(bytes + 512 + 4, 1); /* sector 1 is followed by itself */
	cr_expect_str_eq(sniff(bytes, sizeof bytes), "unknown");
}

struct member {
	const char *name;
	size_t length; /* of the name */
	const char *extra;
	size_t extra_length;
};
#define MEMBER(name, extra)                                                                                            \
	{                                                                                                              \
		name, sizeof(name) - 1, extra, sizeof(extra) - 1                                                       \
	}

/* A ZIP with a directory of these members, without their content; PKWARE APPNOTE, 4.3.12 and 4.3.16. */
static void expect_zip(const struct member *members, size_t count, size_t counted, const char *answer)
{
	static const char zeros[46];
	struct strbuf out = STRBUF_INIT;
	unsigned char end[22] = "PK\5\6";

	strbuf_add(&out, "PK\3\4", 4);
	for (size_t i = 0; i < count; i++) {
		size_t entry = out.len;

		strbuf_add(&out, zeros, sizeof zeros);
		memcpy(out.buf + entry, "PK\1\2", 4);
		out.buf[entry + 28] = (char)members[i].length;
		out.buf[entry + 30] = (char)members[i].extra_length;
		strbuf_add(&out, members[i].name, members[i].length);
		strbuf_add(&out, members[i].extra, members[i].extra_length);
	}
	put16(end + 10, (unsigned)counted);
	put16(end + 16, 4);
	strbuf_add(&out, (const char *)end, sizeof end);
	expect_check(out.buf, out.len, "a.docx", answer);
	strbuf_release(&out);
}

#define TYPES MEMBER("[Content_Types].xml", "")
#define TEXT MEMBER("word/document.xml", "")
#define SAME_NAMES "two parts of the docx have one name, or one has two"

/* Tried with unzip, which prints both texts of each refused one as one, but for that in capital letters. */
Test(sniff, refuses_an_office_file_with_two_parts_of_one_name)
{
	static const struct {
		struct member members[3];
		size_t counted;
		const char *answer;
	} rows[] = {
		{ { TYPES, TEXT, MEMBER("word/document.xml.rels", "") }, 3, "taken" },
		{ { TYPES, TEXT, MEMBER("word/document1.xml", "UT\1\0\7") }, 3, "taken" },
		{ { TYPES, TEXT, TEXT }, 3, SAME_NAMES },
		{ { TYPES, TEXT, TEXT }, 2, SAME_NAMES }, /* the directory does not count the last one */
		{ { TYPES, TEXT, MEMBER("WORD/Document.xml", "") }, 3, SAME_NAMES },
		{ { TYPES, TEXT, MEMBER("word/document.xml\0a", "") }, 3, SAME_NAMES },
		{ { TYPES, TEXT, MEMBER("word/a.xml", "UT\1\0\7up\x16\0\1\0\0\0\0word/document.xml") }, 3, SAME_NAMES },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_zip(rows[i].members, 3, rows[i].counted, rows[i].answer);
}

Test(sniff, refuses_files_that_do_more_where_the_profile_says_so)
{
	static const char pdf[] = "%PDF-1.7\n" OBJECTS "3 0 obj<</S/Launch>>endobj" TRAILER;
	struct profile profile = { .default_format_bits = 1u << FORMAT_PDF };
	struct file_facts facts;
	struct error error = { 0 };

	cr_expect_eq(document_file_check(&profile, "PASSPORT", "a.pdf", pdf, sizeof pdf - 1, &facts, &error), ERR_OK);
	cr_expect_eq(facts.marks, 1u << MARK_LAUNCH);
	profile.refuses_active_files = true;
	cr_expect_eq(document_file_check(&profile, "PASSPORT", "a.pdf", pdf, sizeof pdf - 1, &facts, &error),
		     ERR_INVALID);
	cr_expect(strstr(error.message, "(starts a program)"), "%s", error.message);
	error_release(&error);
}
