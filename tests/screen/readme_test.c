/*
 * README's first case, key by key, in the demo: every phrase below appears in README.md, in this order, and comes true
 * when its keys are pressed. A change of the README needs a change here, and vice versa.
 */
#include "bench.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	bench_open(&bench);
	bench_configure(&bench, "{\"grace_seconds\": 600}");
}
TestSuite(readme, .init = set_up, .fini = bench_tear_down);

#define KEYS_MAX 4
static const struct step {
	const char *phrase; /* NULL: the previous phrase again */
	const char *keys[KEYS_MAX];
	const char *sees[KEYS_MAX]; /* after each */
} steps[] = {
	{ "`/` `juniper` Enter finds a bakery", { "/", "juniper", "\r" }, { "Enter apply", "juniper", "1 case " } },
	{ "Enter opens it. The checklist says why it can't be approved yet.", { "\r" }, { "Before you can approve" } },
	{ "`2` shows the documents", { "2" }, { "to review" } },
	{ "Enter opens the document under the cursor", { "\r" }, { "All required values found" } },
	{ "`/` finds words in it, Esc goes back.", { "/", "juniper\r", "\033" }, { "find:", "1 of ", "Enter open" } },
	{ "`A` accepts it and moves to the next.", { "A" }, { "Accepted Memorandum and articles" } },
	{ "if a document was not shown to you, is not compared with its pages yet, or was rejected",
	  { "A", "y" },
	  { "the file was not shown", "Accepted Business number" } },
	{ "Open and accept the other two documents: Enter, then `A`.",
	  { "\r", "A" },
	  { "All required values found", "Accepted Proof of company address" } },
	{ NULL, { "\r", "A" }, { "All required values found", "Accepted Register of directors" } },
	{ "`3` shows the related parties as a tree", { "3" }, { "open KYC" } },
	{ "`i` shows the details of a party, Esc goes back.",
	  { "i", "\033" },
	  { "party of Juniper Bakery", "open KYC" } },
	{ "Enter opens the owner's KYC session as a case", { "\r" }, { "generic-kyc" } },
	{ "`2` `A` `y` accepts the passport.",
	  { "2", "A", "y" },
	  { "Passport: Look for", "the file was not shown", "Accepted Passport" } },
	{ "`a` `y` approves the owner and returns to the bakery.",
	  { "a", "y" },
	  { "y approve", "RAL-2032 · ralio-kyb" } },
	{ "`6` shows the case history.", { "6" }, { "accepted Register of directors" } },
	{ "Enter on a line shows its audit record, Esc goes back.",
	  { "\r", "\033" },
	  { "Details as hashed", "the record" } },
	{ "`a` shows that all conditions hold.", { "a" }, { "conditions are met by version" } },
	{ "`y` approves: LIGHT → REGULAR", { "y" }, { "Approved Juniper Bakery Ltd" } },
	{ "`u` undoes the approval within ten seconds", { "u" }, { "Undone: approval of Junip" } },
};

/* Returns the README with a space for each line break; a phrase must not span two lines of a list item. */
static char *read_readme(void)
{
	char *text = temp_read(KYB_SOURCE_DIR "/README.md", NULL);
	for (char *c = text; (c = strchr(c, '\n'));)
		*c = ' ';
	return test_keep(text);
}

static void press(const char *key, const char *sees)
{
	OPENS(terminal, key, sees); /* waits until everything is shown and a dialog takes keys */
}

static void first_case(int rows, int columns)
{
	const char *const words[] = { KYB_PROGRAM, "demo", NULL };
	const struct terminal_options options = { .argv = words,
						  .environment = (const char *const *)bench.lines,
						  .folder = bench.folder,
						  .rows = rows,
						  .columns = columns };
	char *readme = read_readme();
	const char *at = strstr(readme, "## A first case, in a minute");
	cr_assert(at, "README.md has no first case");
	terminal = terminal_start(&options);
	SEES(terminal, "A demo");
	RESTS(terminal);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		const char *found = steps[i].phrase ? strstr(at, steps[i].phrase) : at;
		cr_assert(found, "README.md does not say, or not in this place: %s", steps[i].phrase);
		at = found;
		for (size_t k = 0; k < KEYS_MAX && steps[i].keys[k]; k++)
			press(steps[i].keys[k], steps[i].sees[k]);
	}
	/* SIGTERM, because a demo that is killed cannot delete its store. */
	terminal_signal(terminal, SIGTERM);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGTERM, "%s", terminal_screen(terminal));
}

Test(readme, its_first_case_at_80_columns)
{
	first_case(24, 80);
}
Test(readme, its_first_case_at_160_columns)
{
	first_case(50, 160);
}
