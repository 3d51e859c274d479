/* Decodes terminal input: takes bytes with their arrival times, emits keys. Recognises CSI, SS3, Alt-letter,
 * bracketed paste, focus, mouse and replies; an unknown sequence is discarded as a whole. A sequence that arrives
 * in pieces yields its key or nothing, never Esc and letters. Pure.
 *
 * Esc is a key if no byte follows within DECODER_ESCAPE_MS. If the tail of a sequence arrives later, within
 * DECODER_TAIL_MS of the previous byte, the Esc was not a key: the tail is discarded, and PRESS_ESCAPE_CANCELLED cancels
 * the Esc. */
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
	DECODER_ESCAPE,	     /* after Esc: a key, or the start of a sequence */
	DECODER_ESC_EMITTED, /* after an Esc that was emitted as a key; the tail of a sequence may follow */
	DECODER_ALT,	     /* Alt with a multi-byte character: the bytes after the first one are discarded */
	DECODER_CSI,
	DECODER_CSI_LINUX, /* after ESC [ [: one more letter follows */
	DECODER_CSI_MOUSE, /* after ESC [ M: three more bytes follow */
	DECODER_SS3,
	/* After Esc and ], P, _, ^ or X: Alt with this character, or the start of a string (OSC, DCS, APC, PM, SOS) */
	DECODER_STRING_BEGUN,
	DECODER_STRING,
	DECODER_STRING_ESCAPE,
	DECODER_PASTE
};

struct decoder {
	enum text_mode mode;
	enum decoder_state state;
	unsigned escape_count; /* number of Escs at the start of the sequence */
	bool is_esc_emitted;   /* the Esc of the current sequence was already emitted as a key */
	/* Set by the caller while it waits for the terminal's reply about graphics: "ESC _" then begins this reply,
	 * which may arrive in pieces, and is not Alt-_. */
	bool awaits_graphics_reply;
	int64_t last_byte_ms; /* arrival of the last byte of the current sequence */
	char body[DECODER_BODY_MAX];
	size_t length; /* length of the body; a sequence with a longer body is discarded */
	unsigned char utf8_bytes[4];
	size_t utf8_count, utf8_length;
	struct strbuf pasted_text;
	size_t matched_end_mark_bytes; /* number of bytes of the paste's end mark that have arrived */
	struct key keys[DECODER_KEYS_MAX];
	size_t key_count;
};

void decoder_init(struct decoder *decoder, enum text_mode mode);
void decoder_release(struct decoder *decoder);
/* Feeds one byte. Call decoder_take_key() before the next byte, which may overwrite the text of a paste. */
void decoder_feed(struct decoder *decoder, unsigned char byte, int64_t now_ms);
/* Ends a key, sequence or paste that is too old; call this function when no byte is waiting. */
void decoder_time_out(struct decoder *decoder, int64_t now_ms);
/* Milliseconds until decoder_time_out() may emit a key; negative: no key is pending. */
int decoder_wait_ms(const struct decoder *decoder, int64_t now_ms);
bool decoder_take_key(struct decoder *decoder, struct key *key);
/* Drops the decoded keys, and an unfinished character or paste. The tail of an unfinished sequence is discarded
 * when it arrives. */
void decoder_drop_input(struct decoder *decoder);

#endif
