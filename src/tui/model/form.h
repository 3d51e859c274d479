/* Fields and buttons of a dialog as plain data. The focus starts on the harmless button; Tab moves to the fields.
 * In a text field, letters are text; in a list, letters find an item by the beginnings of its words or by its code.
 * The key y confirms if a button has the focus, Ctrl-Y confirms anywhere. Enter confirms only if the reviewer has
 * moved the focus to the confirm button. Esc closes the dialog. Pure. */
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
	/* INPUT_TEXT. A multiline text has one row; if it has the focus, as many as a list may have, but at most 8 */
	struct editor editor;
	struct input_item *items; /* INPUT_CHOICE, INPUT_PICKS: in the dialog's arena */
	size_t item_count, item_capacity, cursor, top;
	bool has_choice;   /* INPUT_CHOICE: the reviewer or a preset has chosen the item under the cursor */
	bool is_toggle_on; /* INPUT_TOGGLE */
	bool hidden;
	bool is_foldable; /* a list that shows only the chosen item, in one line, while it does not have the focus */
	bool has_problem; /* the value has a fault: the label is marked */
	char typed[INPUT_TYPED_MAX]; /* lists: text that the reviewer typed to find an item */
	/* No item matches the whole typed text; an item matches its first match_length bytes */
	bool has_no_match;
	size_t match_length;
};
struct form {
	struct input fields[FORM_FIELDS_MAX];
	size_t field_count;
	size_t focus;		   /* index of the field with the focus; field_count: the buttons have the focus */
	bool is_confirm_focused;   /* the confirm button has the focus, not the other button */
	const char *confirm_label; /* label of the confirm button, NULL: none */
	const char *cancel_label;  /* "cancel", "close" */
	bool offers_ext_editor;	   /* shows the key Ctrl-O next to a multiline text; the caller handles the key */
};

enum form_result {
	FORM_IGNORED,
	FORM_CHANGED, /* repaint */
	FORM_EDITED,  /* repaint; the value of the field with the focus changed */
	FORM_CONFIRM,
	FORM_CANCEL,
	FORM_OPEN_EDITOR /* Ctrl-O in a multiline text: open it in an external editor */
};

void form_init(struct form *form, const char *confirm, const char *cancel);
void form_release(struct form *form);
struct input *form_add(struct form *form, enum input_kind kind, const char *label);
/* Adds an item with copies of code and label, since a form outlives the response that has these texts. */
struct input_item *form_add_item(struct input *field, struct arena *arena, const char *code, const char *label);
void form_drop_items(struct input *field);
bool form_choose_item(struct input *field, const char *code); /* false: the list has no item with this code */
enum form_result form_handle_key(struct form *form, const struct key *key);
void form_click_button(struct form *form, bool confirm);
void form_focus_buttons(struct form *form); /* moves the focus to the button that does not confirm */
bool form_is_on_buttons(const struct form *form);
/* The multiline text that has the focus, or NULL. */
struct input *form_multiline_field(struct form *form);
/* Number of rows for the fields, if lists and the multiline text have at most `list_rows` rows each. The longest
 * foldable list counts as unfolded, so that the dialog does not move when the focus moves. */
size_t form_height(const struct form *form, size_t list_rows);
void form_draw(struct form *form, struct surface *surface, struct box box, size_t list_rows);
/* confirm_key: the key that the confirm button shows while the buttons have the focus, like "y". NULL: no key
 * confirms until the terminal has shown the form, and the button says so. */
void form_draw_buttons(const struct form *form, struct surface *surface, struct box box, bool accepts_keys,
		       const char *confirm_key);

#endif
