/* The key decoder: bytes with their times, and the resulting keys. The test replaces the clock. */
#include "tui_support.h"

#include "input/decoder.h"
#include "support/terminal_keys.h"
#include "support/tried.h"

#include <stdlib.h>

static struct decoder decoder;
static int64_t now;
static struct key keys[64];
static size_t key_count;
static char pasted[256];

static void take(void)
{
	struct key key;
	while (decoder_take_key(&decoder, &key)) {
		cr_assert_lt(key_count, sizeof keys / sizeof keys[0]);
		if (key.press == PRESS_PASTE)
			(void)snprintf(pasted, sizeof pasted, "%s", key.text);
		keys[key_count++] = key;
	}
}
static void begin(enum text_mode mode)
{
	decoder_init(&decoder, mode);
	now = 1000;
	key_count = 0;
	pasted[0] = '\0';
}
static void end(void)
{
	decoder_release(&decoder);
}
/* Lets time pass as in the program, which wakes at the decoder's next timeout. */
static void pass(int64_t ms)
{
	int64_t until = now + ms;
	int wait;
	while ((wait = decoder_wait_ms(&decoder, now)) >= 0 && now + wait <= until) {
		now += wait;
		decoder_time_out(&decoder, now);
		take();
	}
	now = until;
	decoder_time_out(&decoder, now);
	take();
}
static void send(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		decoder_feed(&decoder, (unsigned char)bytes[i], now);
		take();
	}
}
static void type(const char *text)
{
	send(text, strlen(text));
}
static void expect(size_t count, const enum press *wanted, const char *what)
{
	cr_assert_eq(key_count, count, "%s: %zu keys, not %zu (the first is %d)", what, key_count, count,
		     key_count ? (int)keys[0].press : -1);
	for (size_t i = 0; i < count; i++)
		cr_assert_eq(keys[i].press, wanted[i], "%s: key %zu is %d, not %d", what, i, (int)keys[i].press,
			     (int)wanted[i]);
}
#define EXPECT(what, ...)                                                                                              \
	expect(sizeof(const enum press[]){ __VA_ARGS__ } / sizeof(enum press), (const enum press[]){ __VA_ARGS__ },    \
	       (what))

TestSuite(decoder, .timeout = 120);

/* Whether the name of the key ends with a digit for its modifiers, as "kUP5". */
static bool is_modified(const char *name)
{
	size_t length = strlen(name);
	return name[1] >= 'A' && name[1] <= 'Z' && name[length - 1] >= '0' && name[length - 1] <= '9';
}
/* The key of the complete sequence with this terminfo name; PRESS_NONE: the decoder ignores the sequence. */
static enum press meaning(const char *name)
{
	static const struct {
		const char *name;
		enum press press;
	} table[] = {
		{ "kcuu1", PRESS_UP },
		{ "kcud1", PRESS_DOWN },
		{ "kcub1", PRESS_LEFT },
		{ "kcuf1", PRESS_RIGHT },
		{ "khome", PRESS_HOME },
		{ "kfnd", PRESS_HOME },
		{ "kend", PRESS_END },
		{ "kslt", PRESS_END },
		{ "kpp", PRESS_PAGE_UP },
		{ "knp", PRESS_PAGE_DOWN },
		{ "kdch1", PRESS_DELETE },
		{ "kcbt", PRESS_BACK_TAB },
		{ "kbs", PRESS_BACKSPACE },
		{ "kent", PRESS_ENTER },
		{ "kmous", PRESS_CLICK },
		{ "u6", PRESS_CURSOR_POSITION },
		{ "u8", PRESS_DEVICE_ATTRIBUTES },
		{ "kUP", PRESS_UP },
		{ "kspd", PRESS_CTRL },
		{ "kri", PRESS_UP },
		{ "kDN", PRESS_DOWN },
		{ "kind", PRESS_DOWN },
		{ "kLFT", PRESS_LEFT },
		{ "kRIT", PRESS_RIGHT },
		{ "kHOM", PRESS_HOME },
		{ "kEND", PRESS_END },
		{ "kPRV", PRESS_PAGE_UP },
		{ "kNXT", PRESS_PAGE_DOWN },
		{ "kel", PRESS_END },
		{ "kcbt2", PRESS_BACK_TAB },
	};
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (!strncmp(table[i].name, name, strlen(table[i].name)) &&
		    (!name[strlen(table[i].name)] || is_modified(name)))
			return table[i].press;
	return PRESS_NONE;
}
/* Keys that only move the cursor, and presses that are not keys. */
static bool only_moves(enum press press)
{
	switch (press) {
	case PRESS_ALT: /* with its letter, which no command is bound to */
	case PRESS_UP:
	case PRESS_DOWN:
	case PRESS_LEFT:
	case PRESS_RIGHT:
	case PRESS_HOME:
	case PRESS_END:
	case PRESS_PAGE_UP:
	case PRESS_PAGE_DOWN:
	case PRESS_BACK_TAB:
	case PRESS_CURSOR_POSITION:
	case PRESS_DEVICE_ATTRIBUTES:
	case PRESS_CLICK: /* a click types no letters */
		return true;
	default:
		return false;
	}
}

static bool is_report_like(const struct terminal_sequence *key)
{
	size_t length = key->length;
	return key->bytes[length - 1] == 'R' && key->bytes[1] == '[' && strchr(key->bytes, ';');
}

static void try_split(const struct terminal_sequence *key, const int *gaps)
{
	enum press wanted = meaning(key->name);
	bool escape_alone = key->length > 1 && gaps[0] >= DECODER_ESCAPE_MS;
	bool late_tab = escape_alone && key->bytes[1] == '\t';
	char what[128];
	(void)snprintf(what, sizeof what, "%s %s, split %d %d %d", key->terminal, key->name, gaps[0], gaps[1], gaps[2]);
	/* Some modified function keys of xterm look like a report of the cursor position, and are decoded as one. */
	if (is_report_like(key))
		wanted = PRESS_CURSOR_POSITION;
	begin(TEXT_UTF8);
	for (size_t i = 0; i < key->length; i++) {
		send(key->bytes + i, 1);
		if (i + 1 < key->length)
			pass(gaps[i]);
	}
	if (late_tab)
		EXPECT(what, PRESS_ESCAPE,
		       PRESS_TAB); /* Esc and Tab, pressed one after the other, send the same bytes */
	else if (escape_alone && (wanted == PRESS_CURSOR_POSITION || wanted == PRESS_DEVICE_ATTRIBUTES))
		EXPECT(what, PRESS_ESCAPE, PRESS_ESCAPE_CANCELLED, wanted);
	else if (escape_alone)
		EXPECT(what, PRESS_ESCAPE, PRESS_ESCAPE_CANCELLED);
	else if (wanted == PRESS_NONE)
		cr_assert_eq(key_count, 0, "%s", what);
	else
		EXPECT(what, wanted);
	/* The key after the sequence is decoded as usual. */
	key_count = 0;
	type("j");
	EXPECT(what, PRESS_CHAR);
	end();
}

static struct terminal_sequence sequences[TERMINAL_KEYS_MAX];

Test(decoder, every_sequence_of_six_terminals_split_everywhere)
{
	static const int gaps[] = { 0, 1, DECODER_ESCAPE_MS - 1, DECODER_ESCAPE_MS, 50, 100, 250, 499, 500 };
	size_t gap_count = sizeof gaps / sizeof gaps[0], tried = 0;
	size_t count = terminal_keys_read(KYB_SOURCE_DIR "/tests/corpus/terminal_keys.txt", sequences);
	cr_assert_gt(count, 400);
	for (size_t s = 0; s < count; s++) {
		/* First splits the sequence at one position, each in turn; then at all positions at once. */
		for (size_t cut = 0; cut + 1 < sequences[s].length || !cut; cut++) {
			for (size_t g = 0; g < gap_count; g++, tried++) {
				int split[24] = { 0 };
				split[cut] = gaps[g];
				try_split(&sequences[s], split);
			}
		}
		for (size_t g = 0; g < gap_count; g++, tried++) {
			int split[24];
			for (size_t i = 0; i < 24; i++)
				split[i] = gaps[g];
			try_split(&sequences[s], split);
		}
	}
	cr_log_info("%zu sequences, %zu ways to split them", count, tried);
}

/* Gaps of 0 to 500 ms at each position; an ordinary run tries each ninth gap, and gaps around DECODER_ESCAPE_MS. */
Test(decoder, every_sequence_cut_in_two_at_every_moment)
{
	bool all = test_is_long();
	size_t count = terminal_keys_read(KYB_SOURCE_DIR "/tests/corpus/terminal_keys.txt", sequences), tried = 0;
	for (size_t s = 0; s < count; s++) {
		for (size_t cut = 0; cut + 1 < sequences[s].length; cut++) {
			for (int gap = 0; gap <= 500; gap++) {
				int split[24] = { 0 };
				if (!all && (gap + (int)s) % 9 && abs(gap - DECODER_ESCAPE_MS) > 1)
					continue;
				split[cut] = gap;
				try_split(&sequences[s], split);
				tried++;
			}
		}
	}
	cr_log_info("%zu sequences, cut in two %zu times", count, tried);
}

Test(decoder, every_mixture_of_gaps)
{
	static const int gaps[] = { 0, DECODER_ESCAPE_MS, 500 };
	size_t count = terminal_keys_read(KYB_SOURCE_DIR "/tests/corpus/terminal_keys.txt", sequences);
	for (size_t s = 0; s < count; s++) {
		size_t ways = 1;
		for (size_t i = 0; i + 1 < sequences[s].length && i < 6; i++)
			ways *= 3;
		for (size_t way = 0; way < ways; way++) {
			int split[24] = { 0 };
			size_t rest = way;
			for (size_t i = 0; i < 6; i++, rest /= 3)
				split[i] = gaps[rest % 3];
			try_split(&sequences[s], split);
		}
	}
}

Test(decoder, no_sequence_becomes_a_letter_or_more_than_a_movement)
{
	size_t count = terminal_keys_read(KYB_SOURCE_DIR "/tests/corpus/terminal_keys.txt", sequences);
	for (size_t s = 0; s < count; s++) {
		if (sequences[s].bytes[0] != 27 || !strcmp(sequences[s].name, "kent") ||
		    !strcmp(sequences[s].name, "kdch1"))
			continue;
		begin(TEXT_UTF8);
		send(sequences[s].bytes, sequences[s].length);
		for (size_t i = 0; i < key_count; i++)
			cr_expect(only_moves(keys[i].press), "%s %s", sequences[s].terminal, sequences[s].name);
		end();
	}
}

Test(decoder, a_lone_esc_acts_within_50_ms)
{
	begin(TEXT_UTF8);
	type("\033");
	cr_expect_eq(key_count, 0);
	cr_expect_leq(decoder_wait_ms(&decoder, now), 45);
	pass(49);
	EXPECT("Esc", PRESS_ESCAPE);
	cr_expect_eq(decoder_wait_ms(&decoder, now), -1, "nothing wakes the program while nothing is typed");
	type("j");
	cr_expect_eq(keys[1].press, PRESS_CHAR, "what is typed after it counts");
	end();
}

Test(decoder, a_bracket_long_after_an_esc_is_a_bracket)
{
	begin(TEXT_UTF8);
	type("\033");
	pass(1001);
	type("[A");
	EXPECT("late", PRESS_ESCAPE, PRESS_CHAR, PRESS_CHAR);
	end();
}

Test(decoder, two_escs_are_two)
{
	begin(TEXT_UTF8);
	type("\033");
	pass(60);
	type("\033");
	pass(60);
	EXPECT("Esc Esc", PRESS_ESCAPE, PRESS_ESCAPE);
	end();
}

Test(decoder, an_esc_right_before_a_reply_is_one)
{
	begin(TEXT_UTF8);
	type("\033\033[24;1R");
	EXPECT("Esc, reply", PRESS_ESCAPE, PRESS_CURSOR_POSITION);
	end();
}

Test(decoder, what_a_terminal_says_of_its_pictures)
{
	static const struct {
		const char *bytes;
		enum press press;
		size_t row, col;
	} rows[] = { { "\033[?64;1;2;6;9;15;18;21;22c", PRESS_DEVICE_ATTRIBUTES, 64, 0 },
		     { "\033[?64;1;2;4;6;9;15;16;17;18;21;22;28;52c", PRESS_DEVICE_ATTRIBUTES, 64, 1 },
		     { "\033[?62;4c", PRESS_DEVICE_ATTRIBUTES, 62, 1 },
		     { "\033[?4c", PRESS_DEVICE_ATTRIBUTES, 4,
		       0 }, /* here 4 is the class of the terminal, not an attribute */
		     { "\033[?62;14;44c", PRESS_DEVICE_ATTRIBUTES, 62, 0 },
		     { "\033[?62;4:c", PRESS_NONE, 0, 0 },
		     { "\033[6;20;10t", PRESS_CELL_SIZE, 20, 10 },
		     { "\033[4;600;800t", PRESS_NONE, 0, 0 },
		     { "\033_Gi=31;OK\033\\", PRESS_GRAPHICS_REPLY, 0, 0 },
		     { "\033_Gi=31;OK\a", PRESS_GRAPHICS_REPLY, 0, 0 },
		     { "\033_Gi=31;ENOTSUPPORTED: no\033\\", PRESS_NONE, 0, 0 },
		     { "\033]Gi=31;OK\033\\", PRESS_NONE, 0, 0 } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin(TEXT_UTF8);
		type(rows[i].bytes);
		cr_assert_eq(key_count, rows[i].press != PRESS_NONE, "%s", rows[i].bytes + 1);
		if (key_count) {
			cr_expect_eq(keys[0].press, rows[i].press, "%s", rows[i].bytes + 1);
			cr_expect_eq(keys[0].row, rows[i].row, "%s", rows[i].bytes + 1);
			cr_expect_eq(keys[0].col, rows[i].col, "%s", rows[i].bytes + 1);
		}
		key_count = 0;
		type("j");
		EXPECT(rows[i].bytes + 1, PRESS_CHAR);
		end();
	}
}

/* If a slow connection splits an awaited reply in two, the reply is still decoded as one reply. */
Test(decoder, an_awaited_string_may_come_in_pieces)
{
	static const char bytes[] = "\033_Gi=31;OK\033\\";
	for (size_t cut = 1; cut + 1 < sizeof bytes; cut++)
		for (int pause = 10; pause < 900; pause += 300) {
			begin(TEXT_UTF8);
			decoder.awaits_graphics_reply = true;
			send(bytes, cut);
			pass(pause);
			send(bytes + cut, sizeof bytes - 1 - cut);
			if (cut == 1 && pause > DECODER_ESCAPE_MS)
				EXPECT("Esc, string", PRESS_ESCAPE, PRESS_ESCAPE_CANCELLED, PRESS_GRAPHICS_REPLY);
			else
				EXPECT("string", PRESS_GRAPHICS_REPLY);
			end();
		}
}

Test(decoder, alt_and_a_key_is_swallowed_whole)
{
	static const char *const alts[] = { "\033y",	  "\033a",    "\033\r", "\033\x19", "\033\xc3\xa9",
					    "\033\033[A", "\033\x7f", "\033]",	"\033P" };
	for (size_t i = 0; i < sizeof alts / sizeof alts[0]; i++) {
		begin(TEXT_UTF8);
		type(alts[i]);
		pass(100);
		for (size_t k = 0; k < key_count; k++)
			cr_expect(only_moves(keys[k].press), "%zu: %d", i, (int)keys[k].press);
		key_count = 0;
		type("j");
		EXPECT("after it", PRESS_CHAR);
		end();
	}
}

/* An incomplete character after Esc is dropped, but not the next key. */
Test(decoder, alt_and_half_a_character_is_swallowed_alone)
{
	static const struct {
		const char *bytes;
		size_t typed;
	} cut[] = { { "\033\xc3"
		      "j",
		      1 },
		    { "\033\xe2\x82"
		      "j",
		      1 },
		    { "\033\xe2\x82\xac"
		      "j",
		      1 },
		    { "\033\xf0\x9f\x92"
		      "j",
		      1 },
		    { "\033\xc3\xc3\xa9", 1 },
		    { "\033\xc3\xa9", 0 } };
	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
		begin(TEXT_UTF8);
		type(cut[i].bytes);
		pass(100);
		cr_expect_eq(key_count, 1 + cut[i].typed, "%zu: %zu keys", i, key_count);
		cr_expect_eq(keys[0].press, PRESS_ALT);
		if (cut[i].typed)
			cr_expect_eq(keys[1].press, PRESS_CHAR);
		end();
	}
}

Test(decoder, replies_and_strings_are_swallowed_whole)
{
	static const char *const replies[] = { "\033]11;rgb:1c1c/1c1c/1c1c\033\\",
					       "\033]11;rgb:1c1c/1c1c/1c1c\a",
					       "\033P>|XTerm(390)\033\\",
					       "\033[?2026;2$y",
					       "\033[I",
					       "\033[O",
					       "\033[27;5;121~",
					       "\033[121;5u",
					       "\033_Gi=1;OK\033\\",
					       "\033[38;5;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20m",
					       "\033[M#!!" };
	for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
		begin(TEXT_UTF8);
		type(replies[i]);
		cr_expect_eq(key_count, 0, "%zu: %d", i, key_count ? (int)keys[0].press : 0);
		type("j");
		EXPECT(replies[i] + 1, PRESS_CHAR);
		end();
	}
}

Test(decoder, the_mouse_in_three_spellings)
{
	static const char *const clicks[] = { "\033[<0;5;3M", "\033[M %#", "\033[32;5;3M", "\033[<4;5;3M" };
	for (size_t i = 0; i < sizeof clicks / sizeof clicks[0]; i++) {
		begin(TEXT_UTF8);
		type(clicks[i]);
		EXPECT(clicks[i] + 1, PRESS_CLICK);
		cr_expect(keys[0].row == 2 && keys[0].col == 4, "%zu", i);
		end();
	}
	begin(TEXT_UTF8);
	type("\033[<64;5;3M\033[<65;5;3M\033[<0;5;3m\033[<35;5;3M\033[<2;5;3M");
	EXPECT("wheel; released, moved and other buttons are nothing", PRESS_WHEEL_UP, PRESS_WHEEL_DOWN);
	end();
}

Test(decoder, a_paste_is_one_key_however_it_is_cut)
{
	static const char text[] = "\033[200~a\033b \xc3\xa9\033[20x\ry\033[201~";
	for (size_t cut = 1; cut + 1 < sizeof text; cut++) {
		begin(TEXT_UTF8);
		send(text, cut);
		pass(500);
		send(text + cut, sizeof text - 1 - cut);
		bool late = cut == 1;
		if (late)
			EXPECT("late", PRESS_ESCAPE, PRESS_ESCAPE_CANCELLED, PRESS_PASTE);
		else
			EXPECT("paste", PRESS_PASTE);
		cr_expect_str_eq(pasted, "a\033b \xc3\xa9\033[20x\ry", "cut at %zu", cut);
		end();
	}
}

Test(decoder, a_paste_without_end_swallows_no_keys_for_ever)
{
	begin(TEXT_UTF8);
	type("\033[200~abc");
	pass(2001);
	type("j");
	EXPECT("after it", PRESS_CHAR);
	end();
}

Test(decoder, characters_come_whole_and_broken_ones_not_at_all)
{
	begin(TEXT_UTF8);
	type("\xe2");
	pass(500);
	type("\x82\xac");
	EXPECT("euro", PRESS_CHAR);
	cr_expect_eq(keys[0].ch, 0x20ac);
	key_count = 0;
	type("\xff\xc0\xaf\xed\xa0\x80\xf5\xe2\x82j");
	EXPECT("broken", PRESS_CHAR);
	cr_expect_eq(keys[0].ch, 'j');
	end();
	begin(TEXT_ASCII);
	type("\xc3\xa9j");
	EXPECT("ASCII", PRESS_CHAR);
	end();
}

Test(decoder, eight_bit_introducers_begin_a_sequence_too)
{
	static const char *const ups[] = { "\x9b"
					   "A",
					   "\x8f"
					   "A",
					   "\xc2\x9b"
					   "A" };
	for (size_t i = 0; i < 3; i++) {
		begin(TEXT_UTF8);
		type(ups[i]);
		EXPECT("8 bit", PRESS_UP);
		end();
	}
}

/* After random bytes and a silence longer than DECODER_PASTE_MS, a letter is decoded as a letter. */
Test(decoder, no_bytes_break_it)
{
	uint64_t state = 88172645463325252ULL;
	begin(TEXT_UTF8);
	for (int round = 0; round < 20000; round++) {
		for (int i = 0; i < 12; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			static const char often[] = "\033[O~M<;0123R$\x9b";
			char byte = state & 1 ? often[(state >> 8) % (sizeof often - 1)] : (char)(state >> 16);
			send(&byte, 1);
			pass((state >> 32) % 8 ? 0 : (int64_t)((state >> 40) % 600));
			key_count = 0;
		}
		pass(2100);
		key_count = 0;
		type("j");
		EXPECT("after silence", PRESS_CHAR);
		key_count = 0;
	}
	end();
}
