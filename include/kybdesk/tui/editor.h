/* One editable line of text with a cursor: prompts and text fields. Pure. */
#ifndef KYBDESK_TUI_EDITOR_H
#define KYBDESK_TUI_EDITOR_H

#include "kybdesk/tui/key.h"
#include "kybdesk/tui/surface.h"

struct editor {
	struct strbuf text; /* valid UTF-8, one line */
	size_t at;	    /* cursor: a grapheme boundary */
	size_t max_bytes;   /* 0: 4096 */
	size_t first_cell;  /* scrolled out at the left */
};
void editor_init(struct editor *editor, size_t max_bytes);
void editor_release(struct editor *editor);
void editor_set(struct editor *editor, const char *text);
/* Inserts at the cursor; line breaks become spaces, other controls are left out; what does not fit is left out. */
void editor_insert(struct editor *editor, const char *text, size_t length);
/* Removes `bytes` before the cursor and inserts text there (completion). */
void editor_replace_before(struct editor *editor, size_t bytes, const char *text);
/* True when the key was meant for the text. Enter, Escape, Tab, up and down are not. */
bool editor_key(struct editor *editor, const struct key *key);
void editor_draw(struct editor *editor, struct surface *surface, struct box box, enum theme_role role,
		 bool focused);
/* UTF-8 of one scalar; returns its bytes (1..4), 0 for what is no scalar value. */
size_t utf8_encode(uint32_t ch, char out[4]);

#endif
