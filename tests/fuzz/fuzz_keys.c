/* Bytes from a terminal or its user: each key is complete and harmless, and after a pause keys are read again. */
#include "fuzz.h"
#include "kybdesk/base/text.h"
#include "input/decoder.h"

#include <string.h>

#define TIME_PASSES 0xff /* occurs in neither UTF-8 nor a sequence; the next byte is a time in units of 16 ms */
#define QUIET_MS 2500	 /* longer than each timeout of the decoder */

static void take(struct decoder *decoder)
{
	struct key key;
	while (decoder_take_key(decoder, &key)) {
		switch (key.press) {
		case PRESS_NONE:
			PROMISE(!"a key that is none");
			break;
		case PRESS_CHAR:
			PROMISE(key.ch >= 0x20 && key.ch != 0x7f && !(key.ch >= 0x80 && key.ch < 0xa0));
			PROMISE(key.ch <= 0x10ffff && !(key.ch >= 0xd800 && key.ch <= 0xdfff));
			PROMISE(key.ch < 0x80 || decoder->mode == TEXT_UTF8);
			break;
		case PRESS_CTRL:
			PROMISE(key.ch >= 'a' && key.ch <= 'z');
			break;
		case PRESS_ALT:
			PROMISE(!key.ch || (key.ch >= 0x20 && key.ch < 0x7f));
			break;
		case PRESS_PASTE:
			PROMISE(key.text && text_is_valid(key.text, strlen(key.text)));
			break;
		case PRESS_CLICK:
		case PRESS_WHEEL_UP:
		case PRESS_WHEEL_DOWN:
		case PRESS_CURSOR_POSITION:
		case PRESS_DEVICE_ATTRIBUTES:
		case PRESS_CELL_SIZE:
		case PRESS_GRAPHICS_REPLY:
			PROMISE(key.row < 100000 && key.col < 100000);
			break;
		case PRESS_ENTER:
		case PRESS_ESCAPE:
		case PRESS_TAB:
		case PRESS_BACK_TAB:
		case PRESS_BACKSPACE:
		case PRESS_DELETE:
		case PRESS_UP:
		case PRESS_DOWN:
		case PRESS_LEFT:
		case PRESS_RIGHT:
		case PRESS_HOME:
		case PRESS_END:
		case PRESS_PAGE_UP:
		case PRESS_PAGE_DOWN:
		case PRESS_ESCAPE_CANCELLED:
			break;
		}
	}
}

static void time_passes(struct decoder *decoder, int64_t *now, int64_t ms)
{
	int wait = decoder_wait_ms(decoder, *now);
	PROMISE(wait <= DECODER_ESCAPE_MS);
	*now += ms;
	decoder_time_out(decoder, *now);
	take(decoder);
	PROMISE(ms < DECODER_ESCAPE_MS || decoder_wait_ms(decoder, *now) < 0);
}

/* After a pause without input a letter is read as a letter, regardless of earlier bytes. */
static void hears_again(struct decoder *decoder, int64_t now)
{
	struct key key;
	time_passes(decoder, &now, QUIET_MS);
	decoder_feed(decoder, 'x', now);
	PROMISE(decoder_take_key(decoder, &key) && key.press == PRESS_CHAR && key.ch == 'x');
	PROMISE(!decoder_take_key(decoder, &key));
}

static void send(const uint8_t *data, size_t size, enum text_mode mode)
{
	struct decoder decoder;
	int64_t now = 1000;
	decoder_init(&decoder, mode);
	for (size_t i = 0; i < size; i++) {
		if (data[i] == TIME_PASSES && i + 1 < size) {
			time_passes(&decoder, &now, data[++i] * 16);
			continue;
		}
		decoder_feed(&decoder, data[i], now);
		take(&decoder);
	}
	hears_again(&decoder, now);
	decoder_release(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	send(data, size, TEXT_UTF8);
	send(data, size, TEXT_ASCII);
	return 0;
}
