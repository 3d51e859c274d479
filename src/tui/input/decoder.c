#include "input/decoder.h"

#include "model/editor.h"

#include <string.h>

#define ESC 27
#define BEL 7
#define CSI_8BIT 0x9b
#define SS3_8BIT 0x8f
#define PASTE_END "\033[201~"
#define PASTE_MAX ((size_t)64 * 1024)
#define GRAPHICS_REPLY_OK "_Gi=31;OK"
#define SIXEL_ATTRIBUTE 4
#define NUMBERS_MAX 4

void decoder_init(struct decoder *decoder, enum text_mode mode)
{
	*decoder = (struct decoder){ .mode = mode };
	strbuf_init(&decoder->pasted_text);
}

void decoder_release(struct decoder *decoder)
{
	strbuf_release(&decoder->pasted_text);
}

static void queue_key(struct decoder *decoder, struct key key)
{
	if (decoder->key_count < DECODER_KEYS_MAX)
		decoder->keys[decoder->key_count++] = key;
}

static void press(struct decoder *decoder, enum press what)
{
	if (what != PRESS_NONE)
		queue_key(decoder, (struct key){ .press = what });
}

bool decoder_take_key(struct decoder *decoder, struct key *key)
{
	if (!decoder->key_count)
		return false;
	*key = decoder->keys[0];
	memmove(decoder->keys, decoder->keys + 1, --decoder->key_count * sizeof decoder->keys[0]);
	return true;
}

static void begin(struct decoder *decoder, enum decoder_state state)
{
	decoder->state = state;
	decoder->length = 0;
}

static void enter_ground_state(struct decoder *decoder)
{
	decoder->state = DECODER_GROUND;
	decoder->is_esc_emitted = false;
	decoder->escape_count = 0;
}

void decoder_drop_input(struct decoder *decoder)
{
	decoder->key_count = 0;
	decoder->utf8_count = decoder->utf8_length = 0;
	if (decoder->state == DECODER_PASTE)
		enter_ground_state(decoder);
}

static void add(struct decoder *decoder, unsigned char byte)
{
	if (decoder->length < DECODER_BODY_MAX)
		decoder->body[decoder->length] = (char)byte;
	if (decoder->length <= DECODER_BODY_MAX)
		decoder->length++;
}

/* Parses numbers between semicolons; an absent number is 0. False: other characters, or too many numbers. */
static bool parse_numbers(const struct decoder *decoder, size_t from, unsigned out[NUMBERS_MAX], size_t *count)
{
	size_t at = 0;
	memset(out, 0, NUMBERS_MAX * sizeof *out);
	for (size_t i = from; i < decoder->length; i++) {
		unsigned char c = (unsigned char)decoder->body[i];
		if (c == ';' && ++at < NUMBERS_MAX)
			continue;
		if (c < '0' || c > '9' || at >= NUMBERS_MAX || out[at] > 9999)
			return false;
		out[at] = out[at] * 10 + (c - '0');
	}
	*count = decoder->length > from ? at + 1 : 0;
	return true;
}

static bool is_report_press(enum press press)
{
	return press == PRESS_CURSOR_POSITION || press == PRESS_DEVICE_ATTRIBUTES || press == PRESS_CELL_SIZE ||
	       press == PRESS_GRAPHICS_REPLY;
}

/* Emits the key of a complete sequence. If the Esc of the sequence was already emitted as a key (is_esc_emitted),
 * cancels that key (PRESS_ESCAPE_CANCELLED), and emits only a report of the terminal, never a key. */
static void end_with_key(struct decoder *decoder, struct key key)
{
	bool is_esc_emitted = decoder->is_esc_emitted;
	unsigned escape_count = decoder->escape_count;
	enter_ground_state(decoder);
	if (is_esc_emitted)
		press(decoder, PRESS_ESCAPE_CANCELLED);
	/* A terminal's report never has Alt: each additional Esc before a report is a key that the user pressed. */
	for (unsigned i = 1; i < escape_count && i < DECODER_KEYS_MAX && is_report_press(key.press); i++)
		press(decoder, PRESS_ESCAPE);
	if (key.press != PRESS_NONE && (!is_esc_emitted || is_report_press(key.press)))
		queue_key(decoder, key);
}

static void end_with_press(struct decoder *decoder, enum press what)
{
	end_with_key(decoder, (struct key){ .press = what });
}

static enum press press_of_letter(unsigned char final)
{
	static const enum press presses[] = {
		['A'] = PRESS_UP,    ['a'] = PRESS_UP,	 ['B'] = PRESS_DOWN, ['b'] = PRESS_DOWN, ['C'] = PRESS_RIGHT,
		['c'] = PRESS_RIGHT, ['D'] = PRESS_LEFT, ['d'] = PRESS_LEFT, ['H'] = PRESS_HOME, ['F'] = PRESS_END
	};
	return final < sizeof presses / sizeof *presses ? presses[final] : PRESS_NONE;
}

static enum press press_of_number(unsigned number)
{
	static const enum press presses[] = {
		[1] = PRESS_HOME,      [3] = PRESS_DELETE, [4] = PRESS_END, [5] = PRESS_PAGE_UP,
		[6] = PRESS_PAGE_DOWN, [7] = PRESS_HOME,   [8] = PRESS_END
	};
	return number < sizeof presses / sizeof *presses ? presses[number] : PRESS_NONE;
}

static struct key mouse_key(unsigned button, unsigned col, unsigned row, bool pressed)
{
	struct key key = { 0 };
	if (!row || !col || !pressed)
		return key;
	key.row = row - 1;
	key.col = col - 1;
	/* Shift, Meta and Ctrl add 4, 8, 16 to the button; mouse movement adds 32 and is not a press. */
	unsigned kind = button & ~28U;
	key.press = !kind ? PRESS_CLICK : kind == 64 ? PRESS_WHEEL_UP : kind == 65 ? PRESS_WHEEL_DOWN : PRESS_NONE;
	return key;
}

/* Parses "ESC [ ? 62 ; 4 ; 22 c": the first number is the terminal's class, the other numbers are features. */
static struct key attributes_key(const struct decoder *decoder)
{
	struct key key = { .press = PRESS_DEVICE_ATTRIBUTES };
	unsigned number = 0;
	for (size_t i = 1, field = 0; i <= decoder->length; i++) {
		char c = i < decoder->length ? decoder->body[i] : ';';
		if (c == ';') {
			key.row = field ? key.row : number;
			key.col |= field && number == SIXEL_ATTRIBUTE;
			field++;
			number = 0;
		} else if (c < '0' || c > '9' || number > 999) {
			return (struct key){ 0 };
		} else {
			number = number * 10 + (unsigned)(c - '0');
		}
	}
	return key;
}

static void start_paste(struct decoder *decoder)
{
	end_with_press(decoder, PRESS_NONE);
	strbuf_reset(&decoder->pasted_text);
	decoder->matched_end_mark_bytes = 0;
	decoder->state = DECODER_PASTE;
}

static void handle_csi_tilde(struct decoder *decoder, unsigned number, bool plain)
{
	if (number == 200)
		start_paste(decoder);
	else
		end_with_press(decoder, plain || number != 3 ? press_of_number(number) : PRESS_NONE);
}

/* Numbers after the first are modifiers, like Shift. An arrow with Shift counts as the arrow, but Delete with a
 * modifier is ignored. */
static void handle_csi_final(struct decoder *decoder, unsigned char final)
{
	unsigned input[NUMBERS_MAX];
	size_t count;
	bool fits = decoder->length <= DECODER_BODY_MAX;
	if (fits && decoder->length && decoder->body[0] == '<' && parse_numbers(decoder, 1, input, &count) &&
	    count == 3 && (final == 'M' || final == 'm')) {
		end_with_key(decoder, mouse_key(input[0], input[1], input[2], final == 'M'));
		return;
	}
	if (fits && decoder->length && decoder->body[0] == '?' && final == 'c') {
		end_with_key(decoder, attributes_key(decoder));
		return;
	}
	if (!fits || !parse_numbers(decoder, 0, input, &count)) {
		end_with_press(decoder, PRESS_NONE);
		return;
	}
	switch (final) {
	case '~':
		handle_csi_tilde(decoder, input[0], count == 1);
		return;
	case '$':
	case '^':
	case '@': /* rxvt ends a key's sequence with '$' for Shift, '^' for Ctrl, '@' for both */
		end_with_press(decoder, input[0] == 3 ? PRESS_NONE : press_of_number(input[0]));
		return;
	case 'Z':
		end_with_press(decoder, PRESS_BACK_TAB);
		return;
	case 'R':
		end_with_key(decoder, count == 2 && input[0] && input[1] ? (struct key){ .press = PRESS_CURSOR_POSITION,
											 .row = input[0] - 1,
											 .col = input[1] - 1 }
									 : (struct key){ 0 });
		return;
	case 't':
		end_with_key(decoder,
			     count == 3 && input[0] == 6
				     ? (struct key){ .press = PRESS_CELL_SIZE, .row = input[1], .col = input[2] }
				     : (struct key){ 0 });
		return;
	case 'M':
		if (!count) {
			begin(decoder, DECODER_CSI_MOUSE);
			return;
		}
		end_with_key(decoder, count == 3 && input[0] >= 32
					      ? mouse_key(input[0] - 32, input[1], input[2], input[0] != 35)
					      : (struct key){ 0 });
		return;
	default:
		end_with_press(decoder, press_of_letter(final));
	}
}

static void feed_csi_byte(struct decoder *decoder, unsigned char byte)
{
	if (byte == '[' && !decoder->length) {
		decoder->state = DECODER_CSI_LINUX;
		return;
	}
	/* A '$' ends a key's sequence of rxvt, but occurs in the middle of a terminal's report ("ESC [ ? 1 ; 2 $
	 * y"). */
	bool ends = byte >= 0x40 && byte <= 0x7e;
	if (byte == '$' && decoder->length && decoder->body[0] >= '0' && decoder->body[0] <= '9')
		ends = true;
	if (ends)
		handle_csi_final(decoder, byte);
	else if (byte >= 0x20 && byte < 0x40)
		add(decoder, byte);
	else
		end_with_press(decoder, PRESS_NONE); /* invalid byte: the end of the sequence is unknown */
}

static void feed_mouse_byte(struct decoder *decoder, unsigned char byte)
{
	add(decoder, byte);
	if (decoder->length < 3)
		return;
	unsigned button = (unsigned char)decoder->body[0], col = (unsigned char)decoder->body[1],
		 row = (unsigned char)decoder->body[2];
	if (button < 32 || col < 33 || row < 33)
		end_with_press(decoder, PRESS_NONE);
	else
		end_with_key(decoder, mouse_key(button - 32, col - 32, row - 32, button != 35));
}

static void feed_ss3_byte(struct decoder *decoder, unsigned char byte)
{
	if ((byte >= '0' && byte <= '9') || byte == ';') { /* old terminals send the modifier before the letter */
		add(decoder, byte);
		return;
	}
	end_with_press(decoder, byte == 'M' ? PRESS_ENTER : press_of_letter(byte));
}

static void queue_char(struct decoder *decoder, uint32_t ch)
{
	queue_key(decoder, (struct key){ .press = PRESS_CHAR, .ch = ch });
}

static void queue_control(struct decoder *decoder, unsigned char byte)
{
	if (byte == '\r' || byte == '\n')
		press(decoder, PRESS_ENTER);
	else if (byte == '\t')
		press(decoder, PRESS_TAB);
	else if (byte == 8 || byte == 127)
		press(decoder, PRESS_BACKSPACE);
	else if (byte > 0 && byte < 27)
		queue_key(decoder, (struct key){ .press = PRESS_CTRL, .ch = (uint32_t)('a' + byte - 1) });
}

static size_t utf8_length(unsigned char lead)
{
	return lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/* Adds a byte of a UTF-8 character. Returns the character when it is complete; 0: not complete yet, or invalid. */
static uint32_t utf8_feed(struct decoder *decoder, unsigned char byte)
{
	bool continues = (byte & 0xc0) == 0x80;
	if (!continues || !decoder->utf8_length) {
		decoder->utf8_length = utf8_length(byte);
		decoder->utf8_count = 0;
		if (!decoder->utf8_length)
			return 0;
	}
	decoder->utf8_bytes[decoder->utf8_count++] = byte;
	if (decoder->utf8_count < decoder->utf8_length)
		return 0;
	uint32_t ch = 0;
	(void)codepoint_read((const char *)decoder->utf8_bytes, decoder->utf8_count, &ch);
	decoder->utf8_count = decoder->utf8_length = 0;
	return ch;
}

static void feed_ground_byte(struct decoder *decoder, unsigned char byte)
{
	if (byte >= 0x80 && decoder->mode == TEXT_UTF8 && (decoder->utf8_length || utf8_length(byte))) {
		uint32_t ch = utf8_feed(decoder, byte);
		if (ch == CSI_8BIT || ch == SS3_8BIT)
			begin(decoder, ch == CSI_8BIT ? DECODER_CSI : DECODER_SS3);
		else if (ch >= 0xa0)
			queue_char(decoder, ch);
		return;
	}
	decoder->utf8_count = decoder->utf8_length = 0;
	if (byte == CSI_8BIT)
		begin(decoder, DECODER_CSI);
	else if (byte == SS3_8BIT)
		begin(decoder, DECODER_SS3);
	else if (byte == ESC) {
		begin(decoder, DECODER_ESCAPE);
		decoder->escape_count = 1;
	} else if (byte < 0x20 || byte == 127)
		queue_control(decoder, byte);
	else if (byte < 0x80)
		queue_char(decoder, byte);
}

static bool begins_string(unsigned char byte)
{
	return byte == ']' || byte == 'P' || byte == '_' || byte == '^' || byte == 'X';
}

static void start_string(struct decoder *decoder, unsigned char byte)
{
	begin(decoder, DECODER_STRING_BEGUN);
	add(decoder, byte);
}

static void feed_escape_byte(struct decoder *decoder, unsigned char byte)
{
	if (byte == ESC) { /* Esc was pressed twice, or Alt with a key that sends a sequence */
		decoder->escape_count++;
		return;
	}
	if (byte == '[')
		begin(decoder, DECODER_CSI);
	else if (byte == 'O')
		begin(decoder, DECODER_SS3);
	else if (begins_string(byte))
		start_string(decoder, byte);
	else if (byte == '\t') /* the Linux console sends Esc and Tab for Shift-Tab */
		end_with_press(decoder, PRESS_BACK_TAB);
	else if (decoder->mode == TEXT_UTF8 && utf8_length(byte)) {
		decoder->utf8_length = utf8_length(byte);
		decoder->utf8_count = 1;
		decoder->state = DECODER_ALT;
	} else {
		end_with_key(decoder, (struct key){ .press = PRESS_ALT, .ch = byte >= 0x20 && byte < 127 ? byte : 0 });
	}
}

static void feed_alt_byte(struct decoder *decoder, unsigned char byte)
{
	bool continues = (byte & 0xc0) == 0x80;
	if (continues && ++decoder->utf8_count < decoder->utf8_length)
		return;
	decoder->utf8_count = decoder->utf8_length = 0;
	end_with_press(decoder, PRESS_ALT);
	if (!continues)
		feed_ground_byte(decoder, byte);
}

/* Ends a string sequence (OSC, DCS and others). The byte that ends the string is dropped. */
static void end_string(struct decoder *decoder, unsigned char byte)
{
	(void)byte;
	size_t length = strlen(GRAPHICS_REPLY_OK);
	bool known = decoder->length == length && !memcmp(decoder->body, GRAPHICS_REPLY_OK, length);
	end_with_press(decoder, known ? PRESS_GRAPHICS_REPLY : PRESS_NONE);
}

static void feed_string_byte(struct decoder *decoder, unsigned char byte)
{
	if (byte == BEL)
		end_string(decoder, byte);
	else if (byte == ESC)
		decoder->state = DECODER_STRING_ESCAPE;
	else if (byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t')
		end_with_press(decoder, PRESS_NONE);
	else {
		decoder->state = DECODER_STRING;
		add(decoder, byte);
	}
}

static void add_paste_text(struct decoder *decoder, unsigned char byte)
{
	char bytes[4];
	uint32_t ch = byte;
	if (byte >= 0x80)
		ch = decoder->mode == TEXT_UTF8 ? utf8_feed(decoder, byte) : 0;
	else
		decoder->utf8_count = decoder->utf8_length = 0;
	if (ch && decoder->pasted_text.len + sizeof bytes <= PASTE_MAX)
		strbuf_add(&decoder->pasted_text, bytes, utf8_encode(ch, bytes));
}

/* Adds a byte of a paste. The end mark may arrive in pieces; if its first bytes arrive but not the others, these
 * first bytes are text of the paste. */
static void feed_paste_byte(struct decoder *decoder, unsigned char byte)
{
	static const char end[] = PASTE_END;
	if (byte == (unsigned char)end[decoder->matched_end_mark_bytes]) {
		if (!end[++decoder->matched_end_mark_bytes]) {
			enter_ground_state(decoder);
			decoder->utf8_count = decoder->utf8_length = 0;
			queue_key(decoder, (struct key){ .press = PRESS_PASTE, .text = decoder->pasted_text.buf });
		}
		return;
	}
	size_t matched = decoder->matched_end_mark_bytes;
	decoder->matched_end_mark_bytes = 0;
	for (size_t i = 0; i < matched; i++)
		add_paste_text(decoder, (unsigned char)end[i]);
	if (byte == ESC)
		decoder->matched_end_mark_bytes = 1;
	else
		add_paste_text(decoder, byte);
}

/* Handles the byte after an Esc that was emitted as a key: the byte begins the tail of the Esc's sequence, or is
 * new input. */
static void feed_byte_after_emitted_esc(struct decoder *decoder, unsigned char byte)
{
	bool string = byte == '_' && decoder->awaits_graphics_reply;
	bool tail = byte == '[' || byte == 'O' || string;
	enter_ground_state(decoder);
	if (!tail) {
		feed_ground_byte(decoder, byte);
		return;
	}
	decoder->is_esc_emitted = true;
	if (string)
		start_string(decoder, byte);
	else
		begin(decoder, byte == '[' ? DECODER_CSI : DECODER_SS3);
}

/* An Esc within a sequence aborts it and begins another. */
static bool try_restart_sequence(struct decoder *decoder, unsigned char byte)
{
	if (byte != ESC || (decoder->state != DECODER_CSI && decoder->state != DECODER_CSI_LINUX &&
			    decoder->state != DECODER_SS3 && decoder->state != DECODER_ALT))
		return false;
	enter_ground_state(decoder);
	feed_ground_byte(decoder, byte);
	return true;
}

static void feed_linux_byte(struct decoder *decoder, unsigned char byte)
{
	(void)byte;
	end_with_press(decoder, PRESS_NONE);
}

static void feed_byte(struct decoder *decoder, unsigned char byte)
{
	static void (*const takers[])(struct decoder * decoder, unsigned char byte) = {
		[DECODER_GROUND] = feed_ground_byte,
		[DECODER_ESCAPE] = feed_escape_byte,
		[DECODER_ESC_EMITTED] = feed_byte_after_emitted_esc,
		[DECODER_ALT] = feed_alt_byte,
		[DECODER_CSI] = feed_csi_byte,
		[DECODER_CSI_LINUX] = feed_linux_byte,
		[DECODER_CSI_MOUSE] = feed_mouse_byte,
		[DECODER_SS3] = feed_ss3_byte,
		[DECODER_STRING_BEGUN] = feed_string_byte,
		[DECODER_STRING] = feed_string_byte,
		[DECODER_STRING_ESCAPE] = end_string,
		[DECODER_PASTE] = feed_paste_byte,
	};
	if (!try_restart_sequence(decoder, byte))
		takers[decoder->state](decoder, byte);
}

void decoder_feed(struct decoder *decoder, unsigned char byte, int64_t now_ms)
{
	decoder_time_out(decoder, now_ms);
	feed_byte(decoder, byte);
	decoder->last_byte_ms = now_ms;
}

static int64_t timeout_ms(const struct decoder *decoder)
{
	switch (decoder->state) {
	case DECODER_GROUND:
		return -1;
	case DECODER_ESCAPE:
		return DECODER_ESCAPE_MS;
	case DECODER_STRING_BEGUN:
		return decoder->awaits_graphics_reply && decoder->body[0] == '_' ? DECODER_TAIL_MS : DECODER_ESCAPE_MS;
	case DECODER_PASTE:
		return DECODER_PASTE_MS;
	default:
		return DECODER_TAIL_MS;
	}
}

void decoder_time_out(struct decoder *decoder, int64_t now_ms)
{
	int64_t most = timeout_ms(decoder);
	if (most < 0 || now_ms - decoder->last_byte_ms < most)
		return;
	if (decoder->state == DECODER_ESCAPE) {
		unsigned escape_count = decoder->escape_count;
		enter_ground_state(decoder);
		for (unsigned i = 0; i < escape_count && i < DECODER_KEYS_MAX; i++)
			press(decoder, PRESS_ESCAPE);
		decoder->state = DECODER_ESC_EMITTED;
		if (now_ms - decoder->last_byte_ms >= DECODER_TAIL_MS)
			enter_ground_state(decoder);
		return;
	}
	enter_ground_state(decoder);
}

int decoder_wait_ms(const struct decoder *decoder, int64_t now_ms)
{
	if (decoder->state != DECODER_ESCAPE)
		return -1;
	int64_t left = decoder->last_byte_ms + DECODER_ESCAPE_MS - now_ms;
	return left < 0 ? 0 : (int)left;
}
