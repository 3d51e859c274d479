/*
 * What a terminal sends, as keys (workbench.md "Keys one can trust"): bytes
 * and the time they came go in, keys come out. CSI, SS3, Alt-letter, bracketed
 * paste, focus, mouse, replies; what is unknown is swallowed whole. A sequence
 * that was split on its way is its key or nothing, never Esc and letters. Pure.
 *
 * An Esc is one when nothing follows it for DECODER_ESCAPE_MS. A tail that
 * comes after that, within DECODER_TAIL_MS of the byte before, proves it was
 * none: the tail is swallowed and PRESS_UNESCAPE takes the Esc back.
 */
#ifndef KYBDESK_TUI_DECODER_H
#define KYBDESK_TUI_DECODER_H

#include "kybdesk/tui/key.h"
#include "kybdesk/tui/surface.h"

#define DECODER_ESCAPE_MS 40
#define DECODER_TAIL_MS 1000
#define DECODER_PASTE_MS 2000 /* an end mark that never comes must not swallow keys for ever */
#define DECODER_BODY_MAX 32
#define DECODER_KEYS_MAX 4

enum decoder_state {
	DECODER_GROUND,
	DECODER_ESCAPE,	 /* Esc, or the beginning of something */
	DECODER_ESCAPED, /* an Esc was given out; its tail may come yet */
	DECODER_ALT,	 /* Alt and a character of several bytes: the rest is swallowed */
	DECODER_CSI,
	DECODER_CSI_LINUX, /* ESC [ [: one letter more */
	DECODER_CSI_MOUSE, /* ESC [ M: three bytes more */
	DECODER_SS3,
	DECODER_STRING_BEGUN, /* Alt and the letter, or a string: OSC, DCS, APC, PM, SOS */
	DECODER_STRING,
	DECODER_STRING_ESCAPE,
	DECODER_PASTE
};

struct decoder {
	enum text_mode mode;
	enum decoder_state state;
	unsigned escapes; /* of DECODER_ESCAPE: how many */
	bool late;	  /* the sequence belongs to an Esc that was given out */
	int64_t at_ms;	  /* when the last byte of what has begun came */
	char body[DECODER_BODY_MAX];
	size_t length; /* of the body; one that does not fit is swallowed */
	unsigned char utf8[4];
	size_t utf8_count, utf8_wanted;
	struct strbuf paste;
	size_t end_matched; /* bytes of the paste's end mark */
	struct key keys[DECODER_KEYS_MAX];
	size_t key_count;
};

void decoder_init(struct decoder *decoder, enum text_mode mode);
void decoder_release(struct decoder *decoder);
/* Takes one byte. Keys are taken out (decoder_take) before the next: a paste's text is overwritten by it. */
void decoder_byte(struct decoder *decoder, unsigned char byte, int64_t now_ms);
/* What time alone decides; called when no byte waits to be read. */
void decoder_time(struct decoder *decoder, int64_t now_ms);
/* Milliseconds until decoder_time() could give out a key; negative: never. */
int decoder_wait(const struct decoder *decoder, int64_t now_ms);
bool decoder_take(struct decoder *decoder, struct key *key);
/* Forgets keys, and characters and pastes that have begun. The tail of a sequence that has begun is still swallowed. */
void decoder_drop(struct decoder *decoder);

#endif
