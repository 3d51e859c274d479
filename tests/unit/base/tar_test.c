#include "kybdesk/base/tar.h"

#include <criterion/criterion.h>
#include <string.h>

static struct strbuf archive;

static void set_up(void)
{
	archive = (struct strbuf)STRBUF_INIT;
	tar_add_member(&archive, "empty", "", 0);
	tar_add_member(&archive, "documents/letter.txt", "Dear applicant\n", 15);
	tar_end(&archive);
}

static void tear_down(void)
{
	strbuf_release(&archive);
}

TestSuite(tar, .init = set_up, .fini = tear_down);

/* Reads all members; if that fails, returns false and the message in *why. */
static bool reads(const char *bytes, size_t length, size_t *count, const char **why)
{
	static struct error error;
	size_t at = 0;
	bool end = false;

	error_release(&error);
	for (*count = 0; !end; *count += !end) {
		struct tar_member member;

		if (tar_read_member(bytes, length, &at, &member, &end, &error)) {
			*why = error.message;
			return false;
		}
	}
	return true;
}

Test(tar, gives_back_what_was_added)
{
	struct tar_member member;
	struct error error = { 0 };
	size_t at = 0;
	bool end;

	cr_assert_eq(archive.len, 512 + 512 + 512 + 1024);
	cr_assert_eq(tar_read_member(archive.buf, archive.len, &at, &member, &end, &error), ERR_OK);
	cr_expect_str_eq(member.name, "empty");
	cr_expect_eq(member.length, 0);
	cr_assert_eq(tar_read_member(archive.buf, archive.len, &at, &member, &end, &error), ERR_OK);
	cr_expect_str_eq(member.name, "documents/letter.txt");
	cr_expect_eq(member.length, 15);
	cr_expect_arr_eq(member.bytes, "Dear applicant\n", 15);
	cr_assert_eq(tar_read_member(archive.buf, archive.len, &at, &member, &end, &error), ERR_OK);
	cr_expect(end);
}

/* The reader does not check the contents of a member: here the fifteen bytes of letter.txt. */
Test(tar, refuses_every_changed_byte_outside_a_member)
{
	size_t count;
	const char *why;

	for (size_t i = 0; i < archive.len; i++) {
		bool in_letter = i >= 1024 && i < 1024 + 15;
		char before = archive.buf[i];

		archive.buf[i] = (char)(before ^ 1);
		cr_expect_eq(reads(archive.buf, archive.len, &count, &why), in_letter, "byte %zu", i);
		archive.buf[i] = before;
	}
}

Test(tar, refuses_an_archive_of_another_length)
{
	size_t count;
	const char *why;

	for (size_t length = 0; length < archive.len; length++)
		cr_expect_not(reads(archive.buf, length, &count, &why), "%zu bytes", length);
	strbuf_addch(&archive, '\0');
	cr_expect_not(reads(archive.buf, archive.len, &count, &why));
}
