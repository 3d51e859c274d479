/*
 * The fields and buttons of a dialog as plain data (workbench.md "Dialogs",
 * "Keys"): the focus starts on the buttons, on the harmless one; Tab reaches
 * the fields, where letters are text, or find an item of a list by the
 * beginnings of its words or its code; `y` on the buttons confirms, Ctrl-Y
 * everywhere; Enter confirms only on the button that says so, and the reviewer
 * must have moved there; Esc closes. What works is what is shown. Pure.
 */
#ifndef KYBDESK_TUI_FORM_H
#define KYBDESK_TUI_FORM_H

#include "kybdesk/tui/editor.h"

enum input_kind { INPUT_TEXT, INPUT_CHOICE, INPUT_PICKS, INPUT_TOGGLE };
#define FORM_FIELDS_MAX 12
#define INPUT_TYPED_MAX 48

struct input_item {
	const char *code, *label;
	unsigned depth; /* picks: indented below the one before */
	bool checked;	/* picks */
	enum theme_role role;
};
struct input {
	enum input_kind kind;
	const char *label;
	struct editor
		editor; /* INPUT_TEXT; a multiline one takes one row without the focus, and the lists' rows with it */
	struct input_item *items; /* INPUT_CHOICE, INPUT_PICKS: the dialog's arena */
	size_t item_count, cursor, top;
	bool chosen; /* INPUT_CHOICE: the cursor stands for an answer */
	bool on;     /* INPUT_TOGGLE */
	bool hidden;
	bool folds;   /* a list that takes one line, with what is chosen, while another field has the focus */
	bool problem; /* its label is marked */
	char typed[INPUT_TYPED_MAX]; /* lists: type-ahead so far */
	bool missed;		     /* it finds nothing: its first typed_found bytes did */
	size_t typed_found;
};
struct form {
	struct input fields[FORM_FIELDS_MAX];
	size_t field_count;
	size_t focus;	     /* == field_count: the buttons */
	bool on_confirm;     /* which button has the focus */
	const char *confirm; /* label of the deciding button, NULL: there is none */
	const char *cancel;  /* "cancel", "close" */
	bool offers_program; /* Ctrl-O is shown beside a multiline text; what it does is the caller's */
};

enum form_result {
	FORM_IGNORED,
	FORM_CHANGED, /* repaint */
	FORM_EDITED,  /* repaint; the value of the field with the focus changed */
	FORM_CONFIRM,
	FORM_CANCEL,
	FORM_PROGRAM /* Ctrl-O in a multiline text: the user wants to write it in another program */
};

void form_init(struct form *form, const char *confirm, const char *cancel);
void form_release(struct form *form);
struct input *form_add(struct form *form, enum input_kind kind, const char *label);
struct input *form_add_multiline(struct form *form, const char *label); /* INPUT_TEXT of several lines */
/* Copies code and label: a form outlives the answer that it was made from. */
void form_add_item(struct input *field, struct arena *arena, size_t *capacity, struct input_item item);
enum form_result form_key(struct form *form, const struct key *key);
void form_click_button(struct form *form, bool confirm);
void form_rest(struct form *form); /* the focus goes to the buttons, on the harmless one */
bool form_on_buttons(const struct form *form);
/* The multiline text with the focus, or NULL. */
struct input *form_multiline(struct form *form);
/* Lines that the fields need, with lists and the multiline text of at most `list_rows` rows. The longest of those that
 * fold is counted open, so that the dialog keeps its place when the focus moves. */
size_t form_height(const struct form *form, size_t list_rows);
void form_draw(struct form *form, struct surface *surface, struct box box, size_t list_rows);
/* confirm_key: what stands before the deciding button's label while the buttons have the focus, "y"; NULL: no key
 * confirms until the terminal has shown the form, and the button says so. */
void form_draw_buttons(const struct form *form, struct surface *surface, struct box box, bool armed,
		       const char *confirm_key);

#endif
