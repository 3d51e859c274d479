/*
 * Fields and buttons of a dialog as plain data. The focus starts on the harmless button; Tab moves to the fields.
 * In a text field letters are text; in a list they find an item by the prefixes of its words or by its code. `y` on
 * the buttons confirms, Ctrl-Y anywhere; Enter confirms only on the confirm button after the reviewer moved there;
 * Esc closes. Every working key is shown. Pure.
 */
#ifndef KYBDESK_TUI_FORM_H
#define KYBDESK_TUI_FORM_H

#include "model/editor.h"

enum input_kind { INPUT_TEXT, INPUT_CHOICE, INPUT_PICKS, INPUT_TOGGLE };
#define FORM_FIELDS_MAX 12
#define INPUT_TYPED_MAX 48

struct input_item {
	const char *code, *label;
	unsigned depth; /* picks: indentation */
	bool checked;	/* picks */
	enum theme_role role;
};
struct input {
	enum input_kind kind;
	const char *label;
	struct editor editor; /* INPUT_TEXT; a multiline text has one row, with the focus as many rows as a list */
	struct input_item *items; /* INPUT_CHOICE, INPUT_PICKS: in the dialog's arena */
	size_t item_count, item_capacity, cursor, top;
	bool chosen; /* INPUT_CHOICE: the item under the cursor is the value */
	bool on;     /* INPUT_TOGGLE */
	bool hidden;
	bool foldable; /* a list that shows only the chosen item, in one line, while it has no focus */
	bool problem;  /* the value has a fault: the label is marked */
	char typed[INPUT_TYPED_MAX]; /* lists: text typed to find an item */
	bool has_no_match;	     /* no item matches all typed text, only its first match_length bytes */
	size_t match_length;
};
struct form {
	struct input fields[FORM_FIELDS_MAX];
	size_t field_count;
	size_t focus;	      /* == field_count: the buttons */
	bool confirm_focused; /* the confirm button has the focus, not the other button */
	const char *confirm;  /* label of the confirm button, NULL: none */
	const char *cancel;   /* "cancel", "close" */
	bool offers_editor;   /* shows Ctrl-O next to a multiline text; the caller handles it */
};

enum form_result {
	FORM_IGNORED,
	FORM_CHANGED, /* repaint */
	FORM_EDITED,  /* repaint; the value of the field with the focus changed */
	FORM_CONFIRM,
	FORM_CANCEL,
	FORM_PROGRAM /* Ctrl-O in a multiline text: open it in an external editor */
};

void form_init(struct form *form, const char *confirm, const char *cancel);
void form_release(struct form *form);
struct input *form_add(struct form *form, enum input_kind kind, const char *label);
/* Copies code and label, since a form outlives the response. */
struct input_item *form_add_item(struct input *field, struct arena *arena, const char *code, const char *label);
void form_drop_items(struct input *field);
bool form_choose(struct input *field, const char *code); /* false: no such item */
enum form_result form_key(struct form *form, const struct key *key);
void form_click_button(struct form *form, bool confirm);
void form_focus_buttons(struct form *form); /* moves the focus to the harmless button */
bool form_on_buttons(const struct form *form);
/* The focused multiline text, or NULL. */
struct input *form_multiline(struct form *form);
/* Lines that the fields need, with lists and the multiline text at most `list_rows` high. The longest folding
 * field counts as open, so that the dialog does not move with the focus. */
size_t form_height(const struct form *form, size_t list_rows);
void form_draw(struct form *form, struct surface *surface, struct box box, size_t list_rows);
/* confirm_key: key before the confirm button's label while the buttons have the focus, "y". NULL: no key confirms
 * until the terminal has shown the form, and the button says so. */
void form_draw_buttons(const struct form *form, struct surface *surface, struct box box, bool armed,
		       const char *confirm_key);

#endif
