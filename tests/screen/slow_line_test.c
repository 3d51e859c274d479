/*
 * A connection of 960 bytes a second: no dialog decides before its conditions and its
 * button have been received. Keys typed before are dropped; keys typed afterwards count.
 */
#include "bench.h"
#include "cli/attack_cases.h"

#include <stdlib.h>
#include <string.h>

#define SLOW_BYTES_S 960
#define SLOW_PATIENCE_MS 150000

TestSuite(screen_slow, .init = bench_set_up_person, .fini = bench_tear_down, .timeout = 600);

static bool is(const char *status)
{
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0);
	return strstr(bench.last.out, status);
}

static void start(unsigned bytes_s, bool silent)
{
	bench_line(&bench, bytes_s, silent);
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	cr_assert(terminal_wait(terminal, "Ines Duarte", SLOW_PATIENCE_MS), "%s", terminal_screen(terminal));
}

/* Types the keys repeatedly until the button has been received; returns how often. */
static unsigned type_until(const char *keys, const char *button)
{
	unsigned typed = 0;
	long long end = test_clock_ms() + SLOW_PATIENCE_MS;
	while (!terminal_wait(terminal, button, 25)) {
		cr_assert_lt(test_clock_ms(), end, "%s", terminal_screen(terminal));
		terminal_type(terminal, keys);
		typed++;
	}
	return typed;
}

static void decide_when_received(const char *open, const char *button, const char *early, const char *keys,
				 const char *done)
{
	terminal_type(terminal, open);
	unsigned typed = type_until(early, button);
	cr_expect_gt(typed, 5, "the line was not slow: %u", typed);
	cr_expect(terminal_settle(terminal, 1500, SLOW_PATIENCE_MS));
	cr_expect(terminal_shows(terminal, button), "%s", terminal_screen(terminal));
	cr_expect(is("manual_review"), "%s", bench.last.out);
	terminal_type(terminal, keys);
	cr_assert(terminal_wait(terminal, done, SLOW_PATIENCE_MS), "%s", terminal_screen(terminal));
}

Test(screen_slow, no_approval_before_its_button_was_received)
{
	start(SLOW_BYTES_S, false);
	decide_when_received("a", "y approve", "y", "y", "Approved");
	cr_expect(is("approved"), "%s", bench.last.out);
}

Test(screen_slow, nor_by_the_key_that_confirms_in_every_field)
{
	start(SLOW_BYTES_S, false);
	decide_when_received("a", "y approve", "\x19", "y", "Approved");
	cr_expect(is("approved"), "%s", bench.last.out);
}

Test(screen_slow, nor_by_moving_to_the_button)
{
	start(SLOW_BYTES_S, false);
	decide_when_received("a", "y approve", "l\r", "y", "Approved");
	cr_expect(is("approved"), "%s", bench.last.out);
}

Test(screen_slow, no_request_before_its_button_was_received)
{
	start(SLOW_BYTES_S, false);
	decide_when_received("x", "y ask", "\t \ty", "\t \tWhy\ty", "Requested corrections");
	cr_expect(is("awaiting_client_correction"), "%s", bench.last.out);
}

Test(screen_slow, no_rejection_before_its_button_was_received)
{
	start(SLOW_BYTES_S, false);
	decide_when_received("r", "y reject", "\tbu\x19y", "\tbu\x19", "Rejected");
	cr_expect(is("rejected"), "%s", bench.last.out);
}

Test(screen_slow, no_snooze_before_its_button_was_received)
{
	start(SLOW_BYTES_S, false);
	decide_when_received("z", "y snooze", "\t3\twaits\x19y", "\t3\twaits for the register\x19", "Snoozed");
}

/* Keys typed early into the menu of other actions (v) perform no action. */
Test(screen_slow, nothing_of_the_menu_before_its_button_was_received)
{
	start(SLOW_BYTES_S, false);
	terminal_type(terminal, "v");
	unsigned typed = type_until("\tv\x19y", "Esc cancel");
	cr_expect_gt(typed, 5, "the line was not slow: %u", typed);
	cr_expect(terminal_settle(terminal, 1500, SLOW_PATIENCE_MS));
	cr_expect(terminal_shows(terminal, "Esc cancel"), "%s", terminal_screen(terminal));
	cr_expect(is("manual_review"), "%s", bench.last.out);
}

Test(screen_slow, esc_leaves_before_it_was_received)
{
	start(SLOW_BYTES_S, false);
	terminal_type(terminal, "a");
	cr_assert(terminal_wait(terminal, "Approve Ines", SLOW_PATIENCE_MS));
	terminal_type(terminal, "\033");
	cr_assert(terminal_settle(terminal, 1500, SLOW_PATIENCE_MS));
	cr_expect_not(terminal_shows(terminal, "y approve"), "%s", terminal_screen(terminal));
	cr_expect(is("manual_review"));
}

Test(screen_slow, a_terminal_that_never_answers_has_its_time_and_then_decides)
{
	start(0, true);
	TYPES(terminal, "ayyy", "y approve");
	terminal_type(terminal, "y"); /* too fast for a person to have read the dialog */
	RESTS(terminal);
	cr_expect(is("manual_review"), "%s", bench.last.out);
	long long end = test_clock_ms() + SLOW_PATIENCE_MS;
	while (!terminal_wait(terminal, "Approved", 500)) {
		cr_assert_lt(test_clock_ms(), end, "%s", terminal_screen(terminal));
		terminal_type(terminal, "y");
	}
	cr_expect(is("approved"));
}

/* Only the first dialog waits for the terminal's answer, and says so; later dialogs wait only as the
 * speed of the connection requires, even if much was painted in between. */
Test(screen_slow, a_terminal_that_never_answers_is_waited_for_once)
{
	start(0, true);
	TYPES(terminal, "a", "y approve");
	SEES(terminal, "waiting for the terminal…");
	cr_expect_not(terminal_shows(terminal, "y approve"), "no key is offered that does nothing");
	cr_assert(terminal_wait(terminal, "y approve", SLOW_PATIENCE_MS), "%s", terminal_screen(terminal));
	CLOSES(terminal, "\033", "y approve");
	for (int i = 0; i < 20; i++) { /* paints the whole screen repeatedly */
		terminal_type(terminal, "\x0c");
		test_sleep_ms(150);
	}
	test_sleep_ms(5000); /* waits until the connection has delivered all of the output */
	long long begun = test_clock_ms();
	TYPES(terminal, "a", "y approve");
	while (!terminal_wait(terminal, "Approved", 100) && test_clock_ms() - begun < SLOW_PATIENCE_MS)
		terminal_type(terminal, "y");
	cr_expect_lt(test_clock_ms() - begun, 4000, "%lld ms", test_clock_ms() - begun);
	cr_expect(is("approved"));
}

/* --- verdicts within a case: documents, hits, owners; and undoing a decision from a list --- */

static void set_up(void)
{
	attack_open(&box);
	cr_assert_eq(box_shell(&box, "mkdir -p config/kybdesk"), 0);
	box_write(&box, "config/kybdesk/config.json", "{\"grace_seconds\": 600}");
}

TestSuite(screen_slow_case, .init = set_up, .fini = bench_box_tear_down, .timeout = 600);

static void a_company(void)
{
	attack_import(&box, WITHOUT_MORE, WITHOUT_MORE);
}
static void with_a_hit(void)
{
	attack_ready_with(&box, WITHOUT_MORE, WITH_HIT);
}

struct judged {
	void (*begin)(void);
	const char *way, *there;  /* keys from the queue to the item, at full speed; the text shown there */
	const char *open, *early; /* the key that opens the dialog; hasty keys before its button is shown */
	const char *button, *keys, *done;
	const char *leaves; /* text in the case's JSON after the action */
};

static bool case_holds(const char *text)
{
	cr_assert_eq(box_json(&box, "show", "RAL-1", NULL), 0, "%s", box.last.err);
	return strstr(test_keep(json_dumps(box.json, JSON_COMPACT)), text);
}

static void judge_when_received(const struct judged *row)
{
	row->begin();
	cr_assert_not(case_holds(row->leaves), "%s", box.last.out);
	terminal = box_start(&box, "rita");
	SEES(terminal, "overdue");
	for (const char *key = row->way; *key; key++) {
		RESTS(terminal);
		terminal_type(terminal, (char[]){ *key, '\0' });
	}
	SEES(terminal, row->there);
	RESTS(terminal);
	terminal_slow(terminal, SLOW_BYTES_S);
	terminal_type(terminal, row->open);
	cr_expect_gt(type_until(row->early, row->button), 5, "the line was not slow");
	cr_expect(terminal_settle(terminal, 1500, SLOW_PATIENCE_MS));
	cr_expect(terminal_shows(terminal, row->button), "%s", terminal_screen(terminal));
	cr_expect_not(case_holds(row->leaves), "%s", box.last.out);
	terminal_type(terminal, row->keys);
	cr_assert(terminal_wait(terminal, row->done, SLOW_PATIENCE_MS), "%s", terminal_screen(terminal));
	cr_expect(case_holds(row->leaves), "%s", box.last.out);
}
#define JUDGED(name, ...)                                                                                              \
	Test(screen_slow_case, name)                                                                                   \
	{                                                                                                              \
		static const struct judged row = { __VA_ARGS__ };                                                      \
		judge_when_received(&row);                                                                             \
	}
JUDGED(no_document_is_rejected, .begin = a_company, .way = "\r2", .there = "to review", .open = "X", .early = "b\x19y",
       .button = "Ctrl-Y reject it", .keys = "b\x19", .done = "Rejected Memorandum and articles",
       .leaves = "\"review\":\"rejected\"")
JUDGED(no_document_is_accepted_that_nobody_saw, .begin = a_company, .way = "\r2", .there = "to review", .open = "A",
       .early = "y\x19", .button = "y accept it", .keys = "y", .done = "Accepted Memorandum and articles",
       .leaves = "\"review\":\"accepted\"")
JUDGED(no_hit_is_ruled, .begin = with_a_hit, .way = "\r4j", .there = "Officials", .open = "\r", .early = "\tf\to\x19y",
       .button = "y decide", .keys = "\tf\to\x19", .done = "is a false positive", .leaves = "false_positive")
JUDGED(no_owner_is_removed, .begin = a_company, .way = "\r3", .there = "open KYC", .open = "d", .early = "\tgone\x19y",
       .button = "y remove", .keys = "\tleft the company\x19", .done = "Removed Ines Duarte",
       .leaves = "left the company")
