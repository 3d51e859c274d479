#include "kybdesk/codec/checkpoint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct error error;

static void tear_down(void)
{
	arena_release(&arena);
	error_release(&error);
}

TestSuite(checkpoint, .fini = tear_down);

/* The example of c2sp.org/tlog-checkpoint. */
#define EXAMPLE "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

Test(checkpoint, of_the_standard_is_read_and_written)
{
	struct checkpoint checkpoint;
	struct strbuf out = STRBUF_INIT;
	char root[SHA256_HEX_SIZE];

	cr_assert_eq(checkpoint_read(&arena, EXAMPLE, strlen(EXAMPLE), &checkpoint, &error), ERR_OK);
	cr_expect_str_eq(checkpoint.origin, "example.com/behind-the-sofa");
	cr_expect_eq(checkpoint.size, 20852163);
	hex_encode(checkpoint.root, sizeof checkpoint.root, root);
	cr_expect_str_eq(root, "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62");
	checkpoint_write(&out, &checkpoint);
	cr_expect_str_eq(out.buf, EXAMPLE);
	strbuf_release(&out);
}

Test(checkpoint, passes_over_lines_that_it_does_not_know)
{
	static const char text[] = EXAMPLE "one\ntwo\n";
	struct checkpoint checkpoint;

	cr_expect_eq(checkpoint_read(&arena, text, strlen(text), &checkpoint, &error), ERR_OK);
	cr_expect_eq(checkpoint.size, 20852163);
}

Test(checkpoint, has_a_number_as_it_is_written)
{
	static const struct {
		const char *size;
		int64_t number; /* -1: none */
	} cases[] = {
		{ "0", 0 },
		{ "1", 1 },
		{ "9223372036854775807", INT64_MAX },
		{ "9223372036854775808", -1 },
		{ "00", -1 },
		{ "01", -1 },
		{ "-1", -1 },
		{ "+1", -1 },
		{ " 1", -1 },
		{ "1 ", -1 },
		{ "0x1", -1 },
		{ "1e3", -1 },
		{ "1/", -1 },
		{ "1:", -1 },
		{ "99999999999999999999", -1 },
		{ "", -1 },
	};
	char text[200];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct checkpoint checkpoint;
		enum err err;

		(void)snprintf(text, sizeof text, "a\n%s\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
			       cases[i].size);
		err = checkpoint_read(&arena, text, strlen(text), &checkpoint, &error);
		cr_expect_eq(err, cases[i].number < 0 ? ERR_INVALID : ERR_OK, "%s", cases[i].size);
		if (err)
			cr_expect_str_eq(error.message, "line 2 is not a number of records", "%s", cases[i].size);
		else
			cr_expect_eq(checkpoint.size, cases[i].number, "%s", cases[i].size);
	}
}

Test(checkpoint, that_is_none_is_refused_with_its_line)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "line 1 does not name the audit log" },
		{ "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "line 1 does not name the audit log" },
		{ "a", "line 1 does not name the audit log" },
		{ "a\n", "line 2 is not a number of records" },
		{ "a\n1", "line 2 is not a number of records" },
		{ "a\n1\n", "line 3 is not a SHA-256 in base64" },
		{ "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "line 3 is not a SHA-256 in base64" },
		{ "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", "line 3 is not a SHA-256 in base64" },
		{ "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n", "line 3 is not a SHA-256 in base64" },
		{ "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA\n", "line 3 is not a SHA-256 in base64" },
		{ EXAMPLE "\n", "the text has an empty line" },
		{ EXAMPLE "one\n\ntwo\n", "the text has an empty line" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct checkpoint checkpoint;

		cr_expect_eq(checkpoint_read(&arena, cases[i].text, strlen(cases[i].text), &checkpoint, &error),
			     ERR_INVALID, "%s", cases[i].text);
		cr_expect_str_eq(error.message, cases[i].why, "%s", cases[i].text);
	}
}
