/*
 * Decodes terminal input: takes bytes with their arrival times, emits keys. Recognises CSI, SS3, Alt-letter,
 * bracketed paste, focus, mouse and replies; an unknown sequence is discarded as a whole. A sequence that arrives
 * in pieces yields its key or nothing, never Esc and letters. Pure.
 *
 * Esc is a key if no byte follows within DECODER_ESCAPE_MS. If the tail of a sequence arrives later, within
 * DECODER_TAIL_MS of the previous byte, the Esc was not a key: the tail is discarded, and PRESS_UNESCAPE cancels
 * the Esc.
 */
#ifndef KYBDESK_TUI_DECODER_H
#define KYBDESK_TUI_DECODER_H

#include "input/key.h"
#include "model/surface.h"

#define DECODER_ESCAPE_MS 40
#define DECODER_TAIL_MS 1000
#define DECODER_PASTE_MS 2000 /* time limit of a paste without an end mark */
#define DECODER_BODY_MAX 80
#define DECODER_KEYS_MAX 4

enum decoder_state {
	DECODER_GROUND,
	DECODER_ESCAPE,	 /* Esc, or the start of a sequence */
	DECODER_ESCAPED, /* Esc was emitted as a key; the tail of a sequence may follow */
	DECODER_ALT,	 /* Alt and a multi-byte character: its other bytes are discarded */
	DECODER_CSI,
	DECODER_CSI_LINUX, /* ESC [ [: one more letter */
	DECODER_CSI_MOUSE, /* ESC [ M: three more bytes */
	DECODER_SS3,
	DECODER_STRING_BEGUN, /* Alt and a letter, or the start of a string: OSC, DCS, APC, PM, SOS */
	DECODER_STRING,
	DECODER_STRING_ESCAPE,
	DECODER_PASTE
};

struct decoder {
	enum text_mode mode;
	enum decoder_state state;
	unsigned escapes; /* DECODER_ESCAPE: number of Escs */
	bool late;	  /* the sequence belongs to an emitted Esc */
	/* If set by the caller, "ESC _" is not Alt-_ but begins a terminal's reply, which may arrive in pieces. */
	bool awaits_graphics;
	int64_t at_ms; /* arrival of the last byte of the current sequence */
	char body[DECODER_BODY_MAX];
	size_t length; /* length of the body; a sequence with a longer body is discarded */
	unsigned char utf8[4];
	size_t utf8_count, utf8_wanted;
	struct strbuf paste;
	size_t end_matched; /* matched bytes of the paste's end mark */
	struct key keys[DECODER_KEYS_MAX];
	size_t key_count;
};

void decoder_init(struct decoder *decoder, enum text_mode mode);
void decoder_release(struct decoder *decoder);
/* Feeds one byte. Call decoder_take() before the next byte, which may overwrite the text of a paste. */
void decoder_feed(struct decoder *decoder, unsigned char byte, int64_t now_ms);
/* Handles time-outs; call it when no byte is waiting. */
void decoder_time_out(struct decoder *decoder, int64_t now_ms);
/* Milliseconds until decoder_time_out() could emit a key; negative: never. */
int decoder_wait(const struct decoder *decoder, int64_t now_ms);
bool decoder_take(struct decoder *decoder, struct key *key);
/* Drops keys, and unfinished characters and pastes. The tail of an unfinished sequence is still discarded. */
void decoder_drop(struct decoder *decoder);

#endif
