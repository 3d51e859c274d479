/* Decodes the terminal's bytes into keys (tui/decoder.h); private to src/tui/term. */
#ifndef KYBDESK_TUI_TERM_KEYS_H
#define KYBDESK_TUI_TERM_KEYS_H

#include "kybdesk/base/world.h"
#include "input/decoder.h"

struct key_reader {
	const struct world *world;
	struct decoder decoder;
	unsigned char bytes[1024]; /* read, and not decoded yet */
	size_t at, count;
	int64_t read_ms; /* when these bytes were read */
};

void key_reader_open(struct key_reader *reader, const struct world *world, enum text_mode mode);
void key_reader_close(struct key_reader *reader);
/* Reads the next available key, without waiting. */
bool key_reader_next(struct key_reader *reader, struct key *key);
/* Milliseconds until a timeout completes a key without another byte; negative: never. */
int key_reader_wait(const struct key_reader *reader);
/* Drops unread input. */
void key_reader_drop(struct key_reader *reader);

#endif
