/* Endpoint addresses are sent as links (OSC 8) only if the terminal supports links, and never in a sandbox. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#define ADDRESS "https://hooks.shop.example/kyb"
#define LINK_OPENS "\033]8;;" ADDRESS "\033\\"
#define LINK_CLOSES "\033]8;;\033\\"

TestSuite(links, .fini = bench_box_tear_down);

/* Creates a store with an approved case and a waiting event. */
static void make_store(bool sandbox)
{
	box_open_bare(&box);
	if (sandbox)
		cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	else
		box_init_production(&box);
	cr_assert_eq(box_run(&box, "merchant", "add", "shop", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "endpoint", "add", "--merchant", "shop", "--url", ADDRESS, "--event", "*", NULL), 0,
		     "%s", box.last.err);
	char *line = clear_person("CLEAR-1", "Ines Duarte");
	cr_assert_eq(box_run(&box, "reviewer", "add", BOX_COLLEAGUE, "--role", "intake", NULL), 0, "%s", box.last.err);
	box_import_by_colleague(&box, line);
	cr_assert_eq(box_run(&box, "approve", "CLEAR-1", NULL), 0, "%s", box.last.err);
}

/* Opens the case's tab of webhooks in a read-only workbench, which sends no webhooks. */
static void look(const char *option)
{
	const char *words[] = { KYB_PROGRAM, "--readonly", option, NULL };
	struct terminal_options options = { .argv = words,
					    .environment = (const char *const *)box.lines,
					    .folder = box.folder,
					    .rows = 30,
					    .columns = 110 };
	terminal = terminal_start(&options);
	SEES(terminal, "Nothing to review");
	TYPES(terminal, "6", "Ines Duarte");
	TYPES(terminal, "\r", "approve by");
	OPENS(terminal, "7", "hooks.shop.example");
}

static bool was_sent(const char *bytes)
{
	size_t length;
	const void *raw = terminal_raw(terminal, &length);
	return memmem(raw, length, bytes, strlen(bytes)) != NULL;
}

Test(links, an_endpoint_is_one_where_the_terminal_has_them)
{
	size_t length;
	make_store(false);
	box_environment(&box, "VTE_VERSION=7600");
	look(NULL);
	const char *raw = terminal_raw(terminal, &length);
	const char *opens = memmem(raw, length, LINK_OPENS, strlen(LINK_OPENS));
	cr_assert(opens, "%s", terminal_screen(terminal));
	/* The address is between the two sequences, with few other bytes. */
	const char *text = opens + strlen(LINK_OPENS);
	const char *closes = memmem(text, length - (size_t)(text - raw), LINK_CLOSES, strlen(LINK_CLOSES));
	cr_assert(closes);
	cr_expect(memmem(text, (size_t)(closes - text), ADDRESS, strlen(ADDRESS)), "%.*s", (int)(closes - text), text);
	cr_expect_lt(closes - text, (long)strlen(ADDRESS) + 40, "%.*s", (int)(closes - text), text);
	cr_expect_not(terminal_shows(terminal, "]8;;"), "%s", terminal_screen(terminal));
	/* Unchanged cells are not sent again: after other keys, the address is shown, but not sent. */
	terminal_forget(terminal);
	terminal_type(terminal, "\t\t");
	cr_assert(terminal_settle(terminal, 500, PATIENCE_MS));
	cr_expect_not(was_sent(ADDRESS));
	cr_expect(terminal_shows(terminal, ADDRESS));
}

Test(links, none_where_the_terminal_is_not_known_to_have_them)
{
	make_store(false);
	box_environment(&box, "VTE_VERSION");
	look(NULL);
	cr_expect_not(was_sent("\033]8"));
}

Test(links, none_in_a_sandbox)
{
	make_store(true);
	box_environment(&box, "VTE_VERSION=7600");
	look(NULL);
	cr_expect_not(was_sent("\033]8"));
}

Test(links, none_where_lines_are_said)
{
	make_store(false);
	box_environment(&box, "VTE_VERSION=7600");
	look("--accessible");
	cr_expect_not(was_sent("\033]8"));
}
