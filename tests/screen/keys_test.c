/*
 * The key sequences of six terminals, split in two by a pause, on every kind of screen of the real program:
 * they decide nothing, close nothing permanently, and lose no text. tests/unit/tui/decoder_test.c tests every split,
 * with pauses of up to 500 ms.
 */
#include "bench.h"
#include "support/terminal_keys.h"

#include <stdlib.h>
#include <string.h>

static struct terminal_sequence sequences[TERMINAL_KEYS_MAX];
static size_t sequence_count;

TestSuite(screen_keys, .init = bench_set_up_person, .fini = bench_tear_down, .timeout = 600);

/* Sends a fifth of the sequences, chosen by `place`; the text `anchor` must still be shown after each of them. */
static void send_cut(size_t place, const char *anchor)
{
	for (size_t i = place % 5; i < sequence_count; i += 5) {
		const struct terminal_sequence *key = &sequences[i];
		size_t cut = i % 2 ? 1 : 2;
		terminal_send(terminal, key->bytes, cut);
		test_sleep_ms(cut == 1 ? 70 : 45);
		terminal_send(terminal, key->bytes + cut, key->length - cut);
		(void)terminal_settle(terminal, 25, 200);
		if (!terminal_wait(terminal, anchor, 2000))
			cr_assert_fail("'%s' is gone after %s %s cut at %zu:\n%s", anchor, key->terminal, key->name,
				       cut, terminal_screen(terminal));
	}
}

static void expect_undecided(void)
{
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "manual_review"), "%s", bench.last.out);
	cr_assert_eq(bench_run(&bench, "audit", "list", "CLEAR-1", "--json", NULL), 0);
	cr_expect_null(strstr(bench.last.out, "session.approve"));
	cr_expect_null(strstr(bench.last.out, "session.reject"));
	cr_expect_null(strstr(bench.last.out, "note.add"));
}

Test(screen_keys, sequences_that_were_cut_change_nothing)
{
	sequence_count = terminal_keys_harmless(KYB_SOURCE_DIR "/tests/corpus/terminal_keys.txt", sequences);
	cr_assert_gt(sequence_count, 100);
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	send_cut(0, "overdue"); /* every list shows "overdue" */
	TYPES(terminal, "1", "Ines Duarte");
	TYPES(terminal, "/", "Enter apply");
	terminal_type(terminal, "duar");
	send_cut(1, "filter: duar");
	CLOSES(terminal, ESC, "Enter apply");
	TYPES(terminal, "?", "Esc close");
	send_cut(2, "Esc close");
	TYPES(terminal, ESC, "  Why");
	TYPES(terminal, "\r", "CLEAR-1");
	send_cut(3, "CLEAR-1");
	TYPES(terminal, "m", "note on");
	terminal_type(terminal, "half a note");
	send_cut(4, "half a note");
	CLOSES(terminal, ESC, "note on");
	OPENS(terminal, "a", "y approve");
	TYPES(terminal, "\thalf a reason", "half a reason");
	send_cut(0, "half a reason");
	expect_undecided();
	CLOSES(terminal, ESC, "half a reason");
	OPENS(terminal, "r", "y reject");
	send_cut(1, "retryable");
	CLOSES(terminal, ESC, "retryable");
	TYPES(terminal, "q", "  Why");
	QUITS(terminal);
	expect_undecided();
}

Test(screen_keys, a_split_arrow_takes_the_esc_back)
{
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	TYPES(terminal, "\r", "CLEAR-1");
	OPENS(terminal, "a", "y approve");
	TYPES(terminal, "\tseen it", "seen it");
	CLOSES(terminal, "\033", "seen it"); /* an Esc, or the start of a sequence */
	OPENS(terminal, "[A", "seen it");
	TYPES(terminal, "!", "seen it!"); /* the cursor is still at the end of the text */
	CLOSES(terminal, "\033", "seen it");
	test_sleep_ms(1100); /* after this time, the byte is an Esc */
	TYPES(terminal, "\033", "  Why");
	TYPES(terminal, "OA", "CLEAR-1");
}

Test(screen_keys, alt_and_a_letter_is_nothing)
{
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	terminal_type(terminal, "\033a\033y\033r\033n");
	cr_expect(terminal_settle(terminal, 400, PATIENCE_MS));
	cr_expect(terminal_shows(terminal, "  Why"), "%s", terminal_screen(terminal));
	cr_expect_not(terminal_shows(terminal, "Esc cancel"), "%s", terminal_screen(terminal));
	QUITS(terminal);
	expect_undecided();
}
