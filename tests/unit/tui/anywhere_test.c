/*
 * Tests input that must have no effect, in every dialog and on the screens of the workbench, on a real store. The key
 * sequences of six terminals, cut in two with a pause between, decide nothing, close nothing and lose no text. A single
 * byte in a field of a dialog does not change the store, except the byte that confirms. An ordinary run tries a sample
 * of the sequences at each place; a run with KYBDESK_TEST_LONG tries all of them, with every cut.
 */
#include "places.h"

#include "support/terminal_keys.h"
#include "support/tried.h"

#include <stdlib.h>

TestSuite(anywhere, .init = places_set_up, .fini = places_tear_down, .timeout = 36000);

static struct terminal_sequence sequences[TERMINAL_KEYS_MAX];
static struct store_sum sum;
static size_t sequence_count, tried_count, places_tried, turn;
static const struct row *at;
static const char *kept_text;

/* --- coming to a place --- */

static bool is_place(const struct row *row)
{
	bool looks = row->command == COMMAND_HELP || row->command == COMMAND_FILTER || row->command == COMMAND_OPEN;
	return row->does == OPENS || row->does == OFFERS || row->does == WRITES || row->does == SHOWS ||
	       (row->does == LOOKS && looks);
}

static struct input *text_field(void)
{
	struct dialog *dialog = workbench.dialog;
	for (size_t i = 0; dialog && i < dialog->form.field_count; i++)
		if (dialog->form.fields[i].kind == INPUT_TEXT && !dialog->form.fields[i].hidden)
			return &dialog->form.fields[i];
	return NULL;
}

/* Types a text into an open text field or input line; the tests check that it stays. */
static void write_something(void)
{
	struct input *field = text_field();
	if (field) {
		workbench.dialog->form.focus = (size_t)(field - workbench.dialog->form.fields);
		type("half");
	} else if (workbench.prompt.open) {
		type("half");
	}
}

static void arrive(void)
{
	const struct person *ada = &people[5];
	put_back();
	do_first(at, ada);
	open_workbench(ada);
	arrive_at(at, ada);
	press(key_of(at->command));
	if (at->does == OFFERS && at->dialog != &more_dialog && at->dialog != &hit_dialog) {
		cr_assert(offers(at->code), "%s is not offered", at->code);
		choose(at->code);
		confirm();
	}
	if (at->does == OPENS)
		cr_assert(workbench.dialog && workbench.dialog->spec == at->dialog, "%s at %s opens no dialog",
			  command_spec(at->command)->name, at->ref);
	if (at->does == WRITES)
		cr_assert(workbench.prompt.open);
	store_sum_open(&sum, f.path);
}

static void leave(void)
{
	close_workbench();
	store_sum_close(&sum);
}

/* The state that a cut sequence must not change: the open screens, dialog or input line, and their typed text. */
static const char *fingerprint(void)
{
	const struct dialog *dialog = workbench.dialog;
	const struct case_screen *screen = top_case(&workbench);
	const char *text = arena_printf(
		&arena, "%d %zu %s %s %d '%s' %s", workbench.help.is_open, workbench.case_stack.count,
		screen ? screen->id : "", top_viewer(&workbench) ? "paper" : "", workbench.prompt.open,
		workbench.prompt.open ? workbench.prompt.editor.text.buf : "", dialog ? dialog->spec->wait_title : "");
	for (size_t i = 0; dialog && i < dialog->form.field_count; i++)
		if (dialog->form.fields[i].kind == INPUT_TEXT)
			text = arena_printf(&arena, "%s '%s'", text, dialog->form.fields[i].editor.text.buf);
	return text;
}

/* --- sequences --- */

static struct decoder decoder;
static int64_t now;

/* Passes the decoded keys to the workbench, except the terminal's response to a query, which no screen handles. */
static void take_keys(void)
{
	struct key key;
	bool any = false;
	while (decoder_take_key(&decoder, &key)) {
		if (key.press == PRESS_CURSOR_POSITION)
			continue;
		workbench_handle_key(&workbench, &key);
		any = true;
	}
	if (any)
		settle();
}

static void pass(int64_t ms)
{
	int64_t until = now + ms;
	int wait;
	while ((wait = decoder_wait_ms(&decoder, now)) >= 0 && now + wait <= until) {
		now += wait;
		decoder_time_out(&decoder, now);
		take_keys();
	}
	now = until;
	decoder_time_out(&decoder, now);
	take_keys();
}

static void send_bytes(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		decoder_feed(&decoder, (unsigned char)bytes[i], now);
		take_keys();
	}
}

static void try_sequence(const struct terminal_sequence *key, size_t cut, int gap, size_t stop)
{
	uint64_t before = store_sum(&sum);
	if (workbench.dialog)
		workbench.dialog->form.focus = stop;
	decoder_init(&decoder, TEXT_UTF8);
	now = 1000;
	send_bytes(key->bytes, cut);
	pass(gap);
	send_bytes(key->bytes + cut, key->length - cut);
	const char *found = fingerprint();
	decoder_release(&decoder);
	cr_assert_eq(store_sum(&sum), before, "%s at %s: %s %s cut at %zu, %d ms, changed the store",
		     command_spec(at->command)->name, at->ref, key->terminal, key->name, cut, gap);
	cr_assert_str_eq(found, kept_text, "%s at %s: %s %s cut at %zu, %d ms: %s, was %s",
			 command_spec(at->command)->name, at->ref, key->terminal, key->name, cut, gap, found,
			 kept_text);
	tried_count++;
}

static const int gaps[] = { 0, 1, DECODER_ESCAPE_MS - 1, DECODER_ESCAPE_MS, 100, 500 };
#define GAPS (sizeof gaps / sizeof *gaps)

static void try_some(size_t stop)
{
	for (size_t n = 0; n < 8; n++, turn++) {
		const struct terminal_sequence *key = &sequences[turn * 29 % sequence_count];
		try_sequence(key, 1 + turn % (key->length - 1), gaps[turn % GAPS], stop);
	}
}

static void try_all(size_t stop)
{
	for (size_t i = 0; i < sequence_count; i++)
		for (size_t cut = 1; cut < sequences[i].length; cut++)
			for (size_t g = 0; g < GAPS; g++)
				try_sequence(&sequences[i], cut, gaps[g], stop);
}

static void try_stops(void (*try)(size_t stop))
{
	size_t stops = workbench.dialog ? workbench.dialog->form.field_count + 1 : 1;
	for (size_t stop = 0; stop < stops; stop++)
		if (stop + 1 == stops || !workbench.dialog->form.fields[stop].hidden)
			try(stop);
}

#define PARTS 2
static void sequences_everywhere(size_t part)
{
	turn = part * 101;
	sequence_count = terminal_keys_harmless(KYB_SOURCE_DIR "/tests/corpus/terminal_keys.txt", sequences);
	cr_assert_gt(sequence_count, 150);
	for (size_t i = part; i < row_count; i += PARTS) {
		at = &rows[i];
		if (!is_place(at))
			continue;
		arrive();
		write_something();
		kept_text = fingerprint();
		try_stops(test_is_long() ? try_all : try_some);
		leave();
		places_tried++;
	}
	cr_log_info("%zu cut sequences at %zu places", tried_count, places_tried);
	cr_assert_gt(places_tried, 15);
}

Test(anywhere, cut_sequences_change_nothing_1)
{
	sequences_everywhere(0);
}
Test(anywhere, cut_sequences_change_nothing_2)
{
	sequences_everywhere(1);
}

/* --- single bytes --- */

#define CONFIRMS 0x19

static bool may_confirm(unsigned byte, bool on_buttons)
{
	return byte == CONFIRMS || (on_buttons && byte == 'y');
}

/* Ctrl-L and Ctrl-Z act on the terminal, which this test does not have, and never on the store. */
static bool is_terminals(unsigned byte)
{
	return byte == 0x0c || byte == 0x1a;
}

/* Opens the place again if the previous byte closed the dialog, made it busy or opened help; in a long run always. */
static void come_back(void)
{
	if (workbench.dialog && workbench.dialog->state == DIALOG_READY && !workbench.help.is_open && !test_is_long())
		return;
	leave();
	arrive();
}

static void try_bytes(size_t stop)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		come_back();
		struct form *form = &workbench.dialog->form;
		bool on_buttons = stop >= form->field_count;
		if (may_confirm(byte, on_buttons) || is_terminals(byte))
			continue;
		uint64_t before = store_sum(&sum);
		if (on_buttons)
			form_focus_buttons(form);
		else
			form->focus = stop;
		decoder_init(&decoder, TEXT_UTF8);
		now = 1000;
		send_bytes(&(char){ (char)byte }, 1);
		pass(DECODER_TAIL_MS);
		decoder_release(&decoder);
		tried_count++;
		cr_assert_eq(store_sum(&sum), before, "%s at %s: byte 0x%02x in field %zu changed the store",
			     command_spec(at->command)->name, at->ref, byte, stop);
	}
}

static void bytes_everywhere(size_t part)
{
	bool seen[64] = { false };
	cr_assert_leq(all_dialog_count, sizeof seen);
	for (size_t i = 0; i < row_count; i++) {
		at = &rows[i];
		bool opens = at->does == OPENS || at->does == OFFERS;
		size_t number = opens ? dialog_number(at->dialog) : 0;
		if (!opens || seen[number])
			continue;
		seen[number] = true;
		if (number % PARTS != part)
			continue;
		arrive();
		try_stops(try_bytes);
		leave();
		places_tried++;
	}
	cr_log_info("%zu bytes in the fields of %zu dialogs", tried_count, places_tried);
	for (size_t d = 0; d < all_dialog_count; d++)
		cr_expect(seen[d], "\"%s\" was not tried", all_dialogs[d]->wait_title);
}

Test(anywhere, no_byte_in_a_field_changes_the_store_1)
{
	bytes_everywhere(0);
}
Test(anywhere, no_byte_in_a_field_changes_the_store_2)
{
	bytes_everywhere(1);
}

/* --- faults that these tests have found --- */

static const struct row *place_of(enum command command, const char *ref, const char *keys)
{
	for (size_t i = 0; i < row_count; i++)
		if (rows[i].command == command && !strcmp(rows[i].ref, ref) && rows[i].keys &&
		    !strcmp(rows[i].keys, keys))
			return &rows[i];
	cr_assert_fail("no such place");
	return NULL;
}

Test(anywhere, a_key_that_means_nothing_leaves_an_open_document_open)
{
	static const enum press presses[] = { PRESS_LEFT, PRESS_RIGHT, PRESS_BACK_TAB, PRESS_TAB, PRESS_DELETE };
	at = place_of(COMMAND_OPEN, "RAL-1", "2");
	arrive();
	cr_assert(top_viewer(&workbench));
	for (size_t i = 0; i < sizeof presses / sizeof *presses; i++) {
		press(key_press(presses[i]));
		cr_expect(top_viewer(&workbench), "%d closes it", (int)presses[i]);
	}
	type("J");
	cr_expect(top_viewer(&workbench));
	press(key_press(PRESS_ESCAPE));
	cr_expect_null(top_viewer(&workbench));
	leave();
}

/* Formerly a restricted reason was always refused, since the dialog asks for no message and no "retryable". */
Test(anywhere, a_restricted_rejection_is_done)
{
	begin_at(RITA, "KYC-1", "r");
	type("\tsuspected f");
	confirm();
	cr_expect_str_eq(sql_text(&f, "SELECT status FROM session WHERE external_ref = 'KYC-1'"), "rejected", "%s",
			 workbench.dialog ? workbench.dialog->problem : "");
	cr_expect_str_eq(sql_text(&f, "SELECT reason FROM decision ORDER BY id DESC LIMIT 1"), "suspected_fraud");
}

Test(anywhere, a_hit_has_its_name_and_no_mark_of_the_tree)
{
	at = place_of(COMMAND_OPEN, "HIT-1", "4j");
	arrive();
	cr_expect_str_eq(workbench.dialog->item_name, "Harbor Lane");
	leave();
}
