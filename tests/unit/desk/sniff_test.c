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
	cr_expect_str_eq(sniff("\0\0\0\x18"
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
	static const char pdf[] = "%PDF-1.4\ntrailer << /Encrypt 5 0 R >>\n%%EOF";

	cr_expect_str_eq(sniff(pdf, sizeof pdf - 1), "unknown");
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
