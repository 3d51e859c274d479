/* Curses' keys as ours; private to src/tui/term. */
#ifndef KYBDESK_TUI_TERM_KEYS_H
#define KYBDESK_TUI_TERM_KEYS_H

#include "kybdesk/base/world.h"
#include "kybdesk/tui/editor.h"

struct key_reader {
	void *window; /* WINDOW: a pad, so that reading never paints */
	const struct world *world;
	enum text_mode mode;
	struct strbuf paste;
	bool pasting;
	int64_t paste_at_ms;
};

void key_reader_open(struct key_reader *reader, const struct world *world, enum text_mode mode);
void key_reader_close(struct key_reader *reader);
bool key_reader_next(struct key_reader *reader, struct key *key);
void key_reader_drop(struct key_reader *reader);

#endif
