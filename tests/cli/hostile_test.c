/* No command prints hostile characters, for example control characters, to the terminal. */
#include "expect.h"

#include <stdlib.h>
#include <string.h>

/* Control, invisible and combining characters as JSON escapes, with letters between them. */
#define EVIL                                                                                                           \
	"a\\u001b[31mb\\u001b]0;title\\u0007c\\rd\\be\\tf\\ng\\u009bh\\u202ei\\u2066j\\u200bk\\u00adl\\u200em"         \
	"\\udb40\\udc41n\\ufeffo\\u061cp\\u007fq\\u2028r\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301s"

static void make(void)
{
	DONE("init", "--sandbox");
	box_write_files(&box);
	box_import(&box,
		   "{\"external_ref\":\"EVIL-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
		   "\"status\":\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":\"" EVIL
		   "\",\"country\":\"GBR\",\"website\":\"" EVIL "\"},\"custom_tags\":{\"k\":\"" EVIL "\"},"
		   "\"documents\":[{\"type\":\"BUSINESS_NUMBER\",\"file_name\":\"" EVIL
		   ".pdf\",\"file\":\"a.pdf\",\"upload\":\"ready\"}],"
		   "\"parties\":[{\"kind\":\"company\",\"name\":\"" EVIL "\",\"roles\":[\"shareholder\"],"
		   "\"control_role\":\"" EVIL "\",\"ownership_percent\":\"100\",\"country\":\"NLD\"}],"
		   "\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"score\":0.5,\"hits\":[{\"name\":\"" EVIL
		   "\",\"list\":\"" EVIL "\",\"score\":0.5,\"state\":\"open\"}]}]}\n");
	DONE("note", "EVIL-1", "\x1b[2J\xe2\x80\xaenote");
}

static void set_up(void)
{
	box_world(&box, "hostile", make);
	box_write_files(&box);
}
TestSuite(hostile, .init = set_up, .fini = box_tear_down);

static void expect_clean(const char *what, const char *text, size_t length, bool csv)
{
	static const char *const bad[] = { "\xc2\x9b",	   "\xc2\xad",	      "\xe2\x80\xae", "\xe2\x81\xa6",
					   "\xe2\x80\x8b", "\xe2\x80\x8e",    "\xef\xbb\xbf", "\xd8\x9c",
					   "\xe2\x80\xa8", "\xf3\xa0\x81\x81" };
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		bool allowed = c == '\n' || (csv && c == '\r' && text[i + 1] == '\n');
		cr_expect(c >= 0x20 || allowed, "%s: control 0x%02x", what, c);
		cr_expect_neq(c, 0x7f, "%s: DEL", what);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_null(memmem(text, length, bad[i], strlen(bad[i])), "%s: sequence %zu", what, i);
}

static void expect_clean_run(const char *const *words)
{
	const char *name = words[0];
	(void)box_run_words(&box, words, NULL, 0);
	bool csv = false;
	for (size_t i = 0; words[i]; i++)
		csv |= strcmp(words[i], "--csv") == 0;
	expect_clean(name, box.last.out, box.last.out_length, csv);
	expect_clean(name, box.last.err, box.last.err_length, false);
	cr_expect_gt(box.last.out_length + box.last.err_length, 0, "%s printed nothing", name);
}

static const char *const commands[][8] = {
	{ "list" },
	{ "list", "--json" },
	{ "list", "--ndjson" },
	{ "list", "--csv" },
	{ "list", "--filter", "\x1b[31mred" },
	{ "list", "--filter", "colour:\xe2\x80\xae" },
	{ "show", "EVIL-1" },
	{ "show", "EVIL-1", "--json" },
	{ "show", "EVIL-1", "--reveal", "--json" },
	{ "show", "\x1b[31m\xe2\x80\xae" },
	{ "show", "\x1b[31m\xe2\x80\xae", "--json" },
	{ "document", "list", "EVIL-1" },
	{ "document", "list", "EVIL-1", "--json" },
	{ "party", "list", "EVIL-1" },
	{ "party", "tree", "EVIL-1" },
	{ "party", "tree", "EVIL-1", "--json" },
	{ "party", "tree", "EVIL-1", "--svg" },
	{ "party", "tree", "EVIL-1", "--dot" },
	{ "check", "list", "EVIL-1" },
	{ "check", "list", "EVIL-1", "--json" },
	{ "approve", "EVIL-1" },
	{ "approve", "EVIL-1", "--json" },
	{ "claim", "EVIL-1" },
	{ "next" },
	{ "audit", "list" },
	{ "audit", "list", "--csv" },
	{ "audit", "list", "--json" },
	{ "audit", "export" },
	{ "document", "accept", "EVIL-1", "BUSINESS_NUMBER" },
	{ "reject", "EVIL-1", "--reason", "\x1b]0;x\x07" },
	{ "\x1b[31m" },
	{ "list", "--\x1b[31m" },
	{ "import", "\x1b[31m.ndjson" },
	{ "reject", "EVIL-1", "--reason", "other", "--message", "\x1b[31m\xe2\x80\xae" },
	{ "show", "EVIL-1", "--decision", "1" },
	{ "webhook", "list" },
};

Test(hostile, no_command_lets_a_control_character_through)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		expect_clean_run(commands[i]);
}

Test(hostile, nor_where_the_terminal_is_ascii)
{
	box_environment(&box, "LC_ALL=C");
	static const char *const words[][4] = { { "list" }, { "show", "EVIL-1" }, { "party", "tree", "EVIL-1" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		cr_assert_eq(box_run_words(&box, words[i], NULL, 0), 0, "%s", box.last.err);
		for (size_t j = 0; j < box.last.out_length; j++)
			cr_assert_lt((unsigned char)box.last.out[j], 0x80, "%s: %s", words[i][0], box.last.out);
	}
}

Test(hostile, a_refused_line_is_named_without_its_controls)
{
	box_write(&box, "bad.ndjson", "{\"\\u001b[31m\\u202e\":1}\n\x1b[31m\xe2\x80\xae\n");
	ENDS(3, "import", "bad.ndjson");
	expect_clean("import", box.last.err, box.last.err_length, false);
	ENDS_JSON(3, "import", "bad.ndjson");
	expect_clean("import --json", box.last.out, box.last.out_length, false);
}

Test(hostile, json_gives_the_text_back_as_it_was)
{
	DONE_JSON("show", "EVIL-1");
	cr_expect_eq(strncmp(json_path_text(box.json, "subject.name"), "a\x1b[31mb\x1b]0;title\a", 15), 0);
}
