/* Editable text with a cursor: one line (prompts, text fields) or several (a message to the client). Pure. */
#ifndef KYBDESK_TUI_EDITOR_H
#define KYBDESK_TUI_EDITOR_H

#include "input/key.h"
#include "model/surface.h"

struct editor {
	struct strbuf text; /* valid UTF-8; one line, or lines separated by '\n' */
	size_t at;	    /* cursor: a grapheme boundary */
	size_t max_bytes;   /* 0: 4096 */
	size_t first_cell;  /* one line: cells scrolled out on the left */
	bool multiline;	    /* Enter breaks a line; long lines are wrapped, rows scroll */
	size_t top;	    /* multiline: rows scrolled out at the top */
	size_t cols,
		rows; /* multiline: size at the last editor_draw(), used by Up, Down, Home, End and page keys */
};
void editor_init(struct editor *editor, size_t max_bytes);
void editor_release(struct editor *editor);
void editor_set(struct editor *editor, const char *text);
/* Inserts at the cursor. Line breaks become spaces, or one '\n' each in a multiline text; tabs become spaces;
 * other control characters, and text over the limit, are dropped. */
void editor_insert(struct editor *editor, const char *text, size_t length);
/* Removes `bytes` before the cursor and inserts text there (completion). */
void editor_replace_before(struct editor *editor, size_t bytes, const char *text);
/* True if the editor handles the key. No editor handles Escape and Tab; only a multiline editor handles Enter, page
 * keys, Up (except in the first row) and Down (except in the last row). */
bool editor_key(struct editor *editor, const struct key *key);
void editor_draw(struct editor *editor, struct surface *surface, struct box box, enum theme_role role,
		 bool focused);
/* Rows of the text when wrapped at `cols` cells. */
size_t editor_rows(const struct editor *editor, size_t cols);
/* Encodes a scalar value; returns its bytes (1..4), 0 if ch is not a scalar value. */
size_t utf8_encode(uint32_t ch, char out[4]);

#endif
