/*
 * Out of memory at every allocation of the program, of SQLite and of the other libraries: the program may end, but with
 * a documented status and an error, with the terminal restored, and with no partial change.
 */
#include "fault/cases.h"
#include "fault/nth.h"
#include "support/pty.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

TestSuite(memory, .fini = site_tear_down);

enum { SHORT_TRIES = 4 };

static void try_memory(struct site *site, const struct nth_deed *deed)
{
	struct nth *nth = nth_begin(site, deed);
	nth_try_kind(nth, NTH_MEMORY, SHORT_TRIES);
	nth_end(nth);
	site_free(site);
}

static struct site *with_a_case(void)
{
	struct site *site = site_make();
	cases_bring(site, 1, 1);
	return site;
}

Test(memory, without_it_an_import_is_whole_or_absent)
{
	static const struct nth_deed deed = { .words = { "import", "cases.ndjson" }, .apart = "'store_info'" };
	struct site *site = site_make();
	struct lines lines = { 0 };
	char *input = site_path(site, "cases.ndjson"), *document = site_path(site, "paper.pdf");
	cases_approvable(&lines, 1);
	temp_write(input, lines.text, lines.length);
	cases_write_pdf(document);
	try_memory(site, &deed);
}

Test(memory, without_it_a_decision_is_whole_or_absent)
{
	static const struct nth_deed deed = { .words = { "approve", "CASE-1", "--grace", "0" } };
	try_memory(with_a_case(), &deed);
}

Test(memory, without_it_a_case_is_not_shown)
{
	static const struct nth_deed deed = { .words = { "show", "CASE-1", "--json" }, .looks = true };
	try_memory(with_a_case(), &deed);
}

Test(memory, without_it_no_list_is_printed)
{
	static const struct nth_deed deed = { .words = { "list", "--json" }, .looks = true };
	try_memory(with_a_case(), &deed);
}

/* Types keys as a user does, and waits at most 20 s for each screen; false: the program has ended. */
static bool walk(struct terminal *terminal)
{
	static const struct {
		const char *keys, *seen;
	} steps[] = { { "", "  Why" }, { "\r", "1 Summary" }, { "2", "Documents" }, { "q", "  Why" } };
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		terminal_type(terminal, steps[i].keys);
		for (unsigned waited = 0; !terminal_wait(terminal, steps[i].seen, 50); waited++) {
			if (terminal_wait_exit(terminal, 0) >= 0)
				return false;
			/* An error about memory covers the requested screen. */
			if (terminal_shows(terminal, "memory") || waited > 400)
				return true;
		}
	}
	return true;
}

static void expect_terminal_back(struct terminal *terminal, const char *fault)
{
	cr_assert_not(terminal_on_alternate_screen(terminal), "%s:\n%s", fault, terminal_screen(terminal));
	cr_assert(terminal_is_cooked(terminal), "%s: it is left raw\n%s", fault, terminal_screen(terminal));
}

/* Runs the workbench, and ends it by SIGTERM if necessary; returns its status. *up: allocations before its screen. */
static int walk_with(const struct site *site, const char *fault, struct nth_calls *calls, unsigned long long *up)
{
	const char *const words[] = { KYB_PROGRAM, NULL };
	const struct terminal_options options = {
		.argv = words, .environment = site->environment, .folder = site->folder, .rows = 30, .columns = 110
	};
	struct terminal *terminal;
	int status;
	memset(calls, 0, sizeof *calls);
	terminal = terminal_start(&options);
	if (up && terminal_wait(terminal, "  Why", 60000))
		*up = calls->made[NTH_MEMORY];
	if (walk(terminal))
		terminal_signal(terminal, SIGTERM);
	status = terminal_wait_exit(terminal, 60000);
	cr_assert(status == 128 + SIGTERM || (status >= 0 && status < 10), "%s: it ended with %d\n%s", fault, status,
		  terminal_screen(terminal));
	expect_terminal_back(terminal, fault);
	cr_assert(!status || status > 10 || terminal_shows(terminal, "kybdesk: "),
		  "%s: it ended with %d, without a word\n%s", fault, status, terminal_screen(terminal));
	terminal_free(terminal);
	return status;
}

Test(memory, without_it_the_workbench_gives_the_terminal_back)
{
	struct site *site = with_a_case();
	struct nth_calls *calls = nth_count(site);
	unsigned long long all, step, up = 0;
	unsigned tries = 1, ended = 1;
	const char *fault = "nothing";
	bool lasting = true;
	site_environment(site, "LD_PRELOAD=" KYB_NTH_FAULT);
	(void)walk_with(site, fault, calls, &up);
	all = calls->made[NTH_MEMORY];
	cr_assert(up > 0 && up < all);
	/* If all allocations fail after the first screen, the workbench must end by itself. */
	fault = nth_fault(site, NTH_MEMORY, up + 1, NTH_LASTING);
	cr_assert_eq(walk_with(site, fault, calls, NULL), 1, "%s", fault);
	step = all / (test_is_long() ? 2000 : 4);
	for (unsigned long long n = 1 + site_random(site, step); n <= all; n += step, lasting = !lasting) {
		fault = nth_fault(site, NTH_MEMORY, n, lasting ? NTH_LASTING : NTH_ONCE);
		ended += walk_with(site, fault, calls, NULL) < 10;
		tries++;
	}
	site_environment(site, "LD_PRELOAD");
	nth_release(site, calls);
	site_is_sound(site);
	tried("memory %u of %llu; %u ended it, the others it went on without", tries, all, ended);
}

/* Starts the workbench; returns whether it has switched to the alternate screen before it ended or showed its list. */
static bool opens_with(const struct site *site, struct nth_calls *calls)
{
	const char *const words[] = { KYB_PROGRAM, NULL };
	const struct terminal_options options = {
		.argv = words, .environment = site->environment, .folder = site->folder, .rows = 30, .columns = 110
	};
	struct terminal *terminal = terminal_start(&options);
	size_t length;

	memset(calls, 0, sizeof *calls);
	for (unsigned waited = 0; waited < 400 && !terminal_wait(terminal, "  Why", 50); waited++)
		if (terminal_wait_exit(terminal, 0) >= 0)
			break;
	const unsigned char *raw = terminal_raw(terminal, &length);
	bool opens = memmem(raw, length, "\033[?1049h", 8);
	terminal_free(terminal);
	return opens;
}

/* Memory that ends while curses opens the terminal: the terminal is given back, and a sentence says why. */
Test(memory, without_it_the_screen_does_not_open)
{
	enum { ALLOCATIONS_OF_CURSES = 150 };
	struct site *site = with_a_case();
	struct nth_calls *calls = nth_count(site);
	unsigned long long none = 0, opened = 0, step = test_is_long() ? 1 : 30;
	unsigned tries = 0;

	site_environment(site, "LD_PRELOAD=" KYB_NTH_FAULT);
	(void)walk_with(site, "nothing", calls, &opened);
	while (none + 1 < opened) { /* searches the first allocation after the switch */
		unsigned long long n = none + (opened - none) / 2;
		(void)nth_fault(site, NTH_MEMORY, n, NTH_LASTING);
		if (opens_with(site, calls))
			opened = n;
		else
			none = n;
	}
	cr_assert_gt(opened, ALLOCATIONS_OF_CURSES);
	for (unsigned long long n = opened - ALLOCATIONS_OF_CURSES; n < opened + step; n += step, tries++) {
		const char *fault = nth_fault(site, NTH_MEMORY, n, NTH_LASTING);
		cr_assert_eq(walk_with(site, fault, calls, NULL), 1, "%s", fault);
	}
	site_environment(site, "LD_PRELOAD");
	nth_release(site, calls);
	site_is_sound(site);
	tried("memory that ends at %u of %d allocations before %llu", tries, ALLOCATIONS_OF_CURSES, opened);
}
