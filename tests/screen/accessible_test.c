/*
 * The workbench for a screen reader (--accessible): the tests find, open and approve a case by keys, and read only the
 * new lines. The output may contain only text, line ends and the sequences in `allowed`.
 */
#include "bench.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(screen_accessible, .init = bench_set_up_person, .fini = bench_tear_down);

/* The sequences ask the terminal to mark pasted text, and to report when it has shown a dialog. */
static const char *const allowed[] = { "\033[?2004h", "\033[?2004l", "\033[6n" };
#define ALLOWED_COUNT (sizeof allowed / sizeof *allowed)

/* The output since the start or the last terminal_forget(), without the allowed sequences. */
static char *written(size_t allowed_count)
{
	size_t length, kept = 0;
	const char *raw = (const char *)terminal_raw(terminal, &length);
	char *text = malloc(length + 1);
	for (size_t i = 0; i < length;) {
		size_t skip = 0;
		for (size_t a = 0; a < allowed_count && !skip; a++)
			if (length - i >= strlen(allowed[a]) && !memcmp(raw + i, allowed[a], strlen(allowed[a])))
				skip = strlen(allowed[a]);
		if (!skip)
			text[kept++] = raw[i];
		i += skip ? skip : 1;
	}
	text[kept] = '\0';
	return test_keep(text);
}

static void expect_lines_only(size_t allowed_count)
{
	char *text = written(allowed_count);
	for (const char *c = text; *c; c++) {
		bool ends = (*c == '\r' && c[1] == '\n') || (*c == '\n' && c > text && c[-1] == '\r');
		cr_assert(ends || ((unsigned char)*c >= 0x20 && *c != 0x7f), "byte %d before: %.60s", *c, c + 1);
		/* C1 control characters in UTF-8; box lines and block elements (U+2500 to U+259F, and some shapes). */
		cr_assert_not((unsigned char)*c == 0xc2 && (unsigned char)c[1] < 0xa0, "a C1: %.60s", c);
		cr_assert_not((unsigned char)*c == 0xe2 && (unsigned char)c[1] >= 0x94 && (unsigned char)c[1] <= 0x96,
			      "a line: %.60s", c);
	}
}

static bool was_said(const char *text)
{
	char *all = written(ALLOWED_COUNT);
	return strstr(all, text);
}

/* Waits until the output contains the text. */
static void hears(const char *text)
{
	long long end = test_clock_ms() + PATIENCE_MS;
	while (!was_said(text) && test_clock_ms() < end)
		(void)terminal_settle(terminal, 50, 100);
	if (!was_said(text)) {
		char *all = written(ALLOWED_COUNT);
		(void)fprintf(stderr, "waiting for '%s' in:\n%s", text, all);
		cr_assert_fail("'%s' did not come", text);
	}
}

/* Waits until no more output arrives, checks the output since the last call, and returns it. */
static char *output(void)
{
	cr_assert(terminal_settle(terminal, 800, PATIENCE_MS));
	expect_lines_only(ALLOWED_COUNT);
	char *text = written(ALLOWED_COUNT);
	terminal_forget(terminal);
	return test_keep(text);
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;
	while ((text = strstr(text, "\r\n"))) {
		lines++;
		text += 2;
	}
	return lines;
}

static void press(const char *keys)
{
	output();
	terminal_type(terminal, keys);
}

static void start(const char *locale)
{
	terminal = bench_start(&bench, "ana", 24, 80, locale, "--accessible", NULL);
	hears("Ines Duarte");
}

static void leaves(void)
{
	terminal_type(terminal, "q");
	cr_assert_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0);
	cr_expect(terminal_is_cooked(terminal));
	expect_lines_only(ALLOWED_COUNT);
}

static void ask_to_approve(void)
{
	terminal_type(terminal, "a");
	hears("Approve Ines Duarte\r\n");
	hears("y approve, Esc cancel\r\nhere: Esc cancel\r\n");
	output();
}

static void approve(void)
{
	ask_to_approve();
	terminal_type(terminal, "y");
	hears("Approved Ines Duarte (CLEAR-1)");
}

/* If the terminal does not answer, a dialog drops keys until its waiting time is over. */
static void approve_in_time(void)
{
	long long end = test_clock_ms() + PATIENCE_MS;
	while (!was_said("Approved Ines Duarte (CLEAR-1)") && test_clock_ms() < end) {
		terminal_type(terminal, "y");
		(void)terminal_settle(terminal, 300, 1000);
	}
	bench_expect_status("approved");
}

Test(screen_accessible, a_clean_case_is_found_opened_and_approved)
{
	bench_import_samples(&bench);
	start("C.UTF-8");
	hears("kybdesk, SANDBOX, ana, admin"); /* the webhook counts follow once they are read */
	hears("here: manual_review");
	hears("Enter open, a approve");
	press("/");
	hears("filter: empty\r\n");
	press("clear-1");
	hears("filter: clear-1\r\n");
	char *typed = output();
	cr_expect_eq(count_lines(typed), 1, "typed once, said once: %s", typed);
	terminal_type(terminal, "\r");
	hears("1 case, most urgent first, filter: clear-1");
	press("\r");
	hears("Ines Duarte, CLEAR-1, generic-kyc, PRT, shop\r\n");
	hears("ok All ");
	hears("here: 1 Summary\r\n");
	hears("cursor: ");
	press("6");
	hears("here: 6 Timeline");
	char *turned = output();
	cr_expect_not(strstr(turned, "Ines Duarte, CLEAR-1, generic-kyc"), "the name is not said again: %s", turned);
	approve();
	hears("u undo approval");
	press("u");
	hears("Undone: approval of Ines Duarte (CLEAR-1)");
	bench_expect_status("manual_review");
	press("q"); /* closes the case, which the undo has opened */
	hears("here: manual_review");
	output();
	leaves();
}

Test(screen_accessible, a_moved_cursor_is_one_line_and_a_minute_none)
{
	bench_import_samples(&bench);
	start("C.UTF-8");
	output();
	for (int i = 0; i < 3; i++) {
		terminal_type(terminal, i == 1 ? "k" : "j");
		char *line = output();
		cr_expect_eq(count_lines(line), 1, "%s", line);
		cr_expect_not(strstr(line, "▸"), "%s", line);
	}
	leaves();
}

Test(screen_accessible, a_held_approval_is_said_without_a_key)
{
	bench_configure(&bench, "{\"grace_seconds\": 60}");
	start("C.UTF-8");
	approve();
	output();
	bench_import(&bench, sanctioned_person("CLEAR-1", "Ines Duarte"));
	hears("attention: Approval held, review again: Ines Duarte (CLEAR-1), Enter opens it");
	press("\r");
	hears("Ines Duarte, CLEAR-1, generic-kyc, PRT, shop\r\n");
	press("q");
	hears("here: manual_review");
	output();
	leaves();
}

Test(screen_accessible, in_ascii)
{
	start("C");
	approve();
	bench_expect_status("approved");
	output();
	leaves();
}

Test(screen_accessible, a_terminal_that_never_answers_gets_its_time)
{
	bench_line(&bench, 0, true);
	start("C.UTF-8");
	terminal_type(terminal, "ayyyy"); /* before the output */
	hears("y approve, Esc cancel\r\n");
	output();
	cr_expect_not(was_said("Approved"));
	bench_expect_status("manual_review");
	approve_in_time();
}

static void start_on(const char *term, const char *option)
{
	const char *words[] = { KYB_PROGRAM, "--as", "ana", option, NULL };
	const char *environment[ENVIRONMENT_LINES + 2] = { term };
	for (size_t i = 0; bench.lines[i]; i++)
		environment[i + 1] = bench.lines[i];
	const struct terminal_options options = { .argv = words, .environment = environment, .folder = bench.folder };
	terminal = terminal_start(&options);
	hears("Ines Duarte");
}

/* Approves without any escape sequence in the output, not even the allowed ones. */
static void approve_without_any(void)
{
	ask_to_approve();
	approve_in_time();
	expect_lines_only(0);
	terminal_type(terminal, "q");
	cr_assert_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0);
	expect_lines_only(0);
}

Test(screen_accessible, no_word_is_cut)
{
	char *line = clear_person("CLEAR-00000000000000000000000000002",
				  "Maria da Conceição Albuquerque de Vasconcelos Ferreira e Castro Monteiro dos "
				  "Santos Pereira da Silva");
	bench_import(&bench, line);
	start("C.UTF-8");
	press("j");
	hears("CLEAR-00000000000000000000000000002, Maria da Conceição Albuquerque de Vasconcelos Ferreira e "
	      "Castro Monteiro dos Santos Pereira da Silva, PRT, KYC");
	press("\r");
	hears("here: 1 Summary");
	char *text = output();
	for (const char *cut = text; (cut = strstr(cut, "…")); cut++)
		cr_expect(cut > text && cut[-1] == ' ', "a word is cut: %.90s", cut - 20);
	terminal_press(terminal, TERMINAL_ESCAPE);
	hears("here: manual_review");
	leaves();
}

/* A dumb terminal gets plain lines without --accessible, too. */
Test(screen_accessible, on_a_dumb_terminal)
{
	start_on("TERM=dumb", NULL);
	approve_without_any();
}

Test(screen_accessible, on_one_that_nobody_knows)
{
	start_on("TERM=no-such-terminal", "--accessible");
	approve_without_any();
}

Test(screen_accessible, hostile_texts_make_no_line_and_no_sequence)
{
	bench_import(&bench, hostile_case);
	start("C.UTF-8");
	press("/EVIL-1\r");
	hears("1 case");
	press("\r");
	hears("EVIL-1");
	for (const char *tab = "234567"; *tab; tab++) {
		const char keys[] = { *tab, 'j', 0 };
		press(keys);
		hears("here: ");
	}
	output();
	terminal_type(terminal, "a");
	hears("cannot be approved");
	output();
	terminal_signal(terminal, SIGTERM);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGTERM);
	cr_expect(terminal_is_cooked(terminal));
	expect_lines_only(ALLOWED_COUNT);
}

Test(screen_accessible, ctrl_l_says_the_screen_again)
{
	start("C.UTF-8");
	output();
	terminal_control(terminal, 'l');
	hears("kybdesk, SANDBOX");
	hears("Ines Duarte");
	leaves();
}
