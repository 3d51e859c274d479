/* Editable text with a cursor: one line (prompts, text fields) or several (a message to the client). Pure. */
#ifndef KYBDESK_TUI_EDITOR_H
#define KYBDESK_TUI_EDITOR_H

#include "input/key.h"
#include "model/surface.h"

struct editor {
	struct strbuf text;  /* valid UTF-8; one line, or lines separated by '\n' */
	size_t cursor;	     /* position of the cursor in bytes, always between two graphemes */
	size_t max_bytes;    /* 0: 4096 */
	size_t hidden_cells; /* single-line text: number of cells that are scrolled out on the left */
	/* The text may have several lines: Enter breaks a line; long lines are wrapped; rows scroll */
	bool multiline;
	size_t top; /* multiline text: number of rows that are scrolled out at the top */
	/* Multiline text: size when last drawn with the focus, for the keys Up, Down, Home, End and page keys */
	size_t cols, rows;
};
void editor_init(struct editor *editor, size_t max_bytes);
void editor_release(struct editor *editor);
void editor_set_text(struct editor *editor, const char *text);
/* Inserts the text at the cursor. A line break becomes a space, or one '\n' in a multiline text; a tab becomes a
 * space. Other ASCII control characters, and text beyond the limit, are dropped. */
void editor_insert(struct editor *editor, const char *text, size_t length);
/* Replaces the `bytes` bytes before the cursor by the text (for completion). */
void editor_replace_before(struct editor *editor, size_t bytes, const char *text);
/* Handles a key; false: the editor has no use for the key. No editor uses Escape or Tab; only a multiline editor
 * uses Enter, page keys, Up (except in the first row) and Down (except in the last row). */
bool editor_handle_key(struct editor *editor, const struct key *key);
void editor_draw(struct editor *editor, struct surface *surface, struct box box, enum theme_role role, bool focused);
/* Number of rows of the text in a box of `cols` columns. */
size_t editor_row_count(const struct editor *editor, size_t cols);
/* Encodes a scalar value in UTF-8; returns the number of bytes (1..4), or 0 if ch is 0 or not a scalar value. */
size_t utf8_encode(uint32_t ch, char out[4]);

#endif
