/* Dialogs: each shows the subject, the intended decision and the consequences. A dialog first requests a preview
 * from the desk. Until the terminal confirms that the preview is visible, only Esc works and other keys are
 * dropped, so that a reviewer on a slow connection never decides about a case that is not on the screen yet. Pure:
 * a dialog makes the request for the decision; the workbench sends the request. */
#ifndef KYBDESK_TUI_DIALOG_H
#define KYBDESK_TUI_DIALOG_H

#include "kybdesk/settings/drafts.h"
#include "model/form.h"
#include "model/frame.h"
#include "model/grid.h"

enum dialog_state {
	DIALOG_LOADING, /* waits for the desk's preview */
	DIALOG_READY,
	DIALOG_EXECUTING /* the decision is being carried out */
};

struct dialog_line {
	const char *label; /* "": none, so the text starts at the left */
	const char *text;
	enum theme_role role;
	const char *mark; /* drawn before the text; "" none */
	enum theme_role mark_role;
	/* Text of a second column, as wide as the first one; `mark` stays before both columns. "": the second
	 * column is empty; NULL: the line has one column. */
	const char *second_text;
	bool is_multiline; /* the text may have several lines: '\n' begins the next row */
	/* The text is one row of plain ASCII, borrowed from dialog->secret, so that the line has no copy of it */
	bool is_secret;
	struct bulk_case *painted_case; /* notes how much of the line was drawn; NULL: nobody needs to know */
};

struct dialog_lines {
	struct dialog_line *items;
	size_t count, capacity;
	/* Number of rows above the visible ones, number of rows not visible, number of all rows; PgUp and PgDn
	 * scroll */
	size_t top, hidden_row_count, rows;
};

struct board_spec;
struct dialog_spec;
struct dialog_form;
struct correction_pick; /* corrections.c */
struct party_form;	/* party_form.c */
struct step_form;	/* step_form.c */

/* State of a message to a client, and of the template chosen for this message (templates.c). */
struct message_state {
	/* Code and language of the template: "reminder/pt"; "": no template, the message is the reviewer's own text */
	const char *code;
	const char *text;     /* text of the template, with its variables filled in */
	const char *own_text; /* the reviewer's own text, kept while a template is chosen */
	bool is_own_text_edited;
};

struct dialog {
	const struct dialog_spec *spec;
	const struct dialog_form *form_spec;  /* description of the fields; NULL none */
	const struct dialog_context *context; /* valid only while a function of `spec` runs */
	enum dialog_state state;
	bool accepts_keys;	  /* the terminal has shown the ready dialog: all keys work */
	unsigned display_request; /* number of the request to the terminal to confirm the display; 0: not sent yet */
	int64_t requested_ms;	  /* when display_request was sent */
	/* The terminal has not confirmed the display for half a second: the button says that the dialog waits */
	bool shows_waiting;
	bool is_case_claimed; /* opening the dialog claimed the case: cancelling the dialog releases the claim */
	/* The setting single_keys is off: the key y works only after the leader key, and the button says so */
	bool confirm_needs_leader;
	struct arena arena;
	uint64_t ticket;
	const char *id, *name; /* id of the session, name of its subject */
	/* id and name of the part of the case: a document, party, hit, step or other session */
	const char *item, *item_name;
	const char
		*preselected_code; /* code of the item to preselect: in the MORE menu the name of a command; "" none */
	const struct dialog_spec
		*next_dialog;	/* the dialog that opens after this one, about the same item; NULL none */
	bool has_opened_next;	/* the confirm button opened the next dialog, and requested no action */
	bool is_edited;		/* fields were edited: Esc keeps the dialog as a draft */
	bool is_restored_draft; /* restored from a draft */
	const struct saved_draft *saved_draft; /* draft of an earlier run, to restore into the fields; NULL none */
	int64_t draft_saved_at;		       /* when the restored draft was saved; 0: in this run of the program */
	bool revealed; /* the case below the dialog shows revealed data, so the dialog does, too */
	const char *title;
	struct dialog_lines lines_above, lines_below; /* lines above and below the fields */
	struct form form;
	const char *problem; /* why the action is impossible now, "" none */
	/* The response to JOB_DIALOG. If the case is read again, a newer response replaces it, but the form stays:
	 * so the form has copies of the texts. */
	struct job *response;
	/* Opening the dialog reveals the personal data of the case, with an audit record */
	bool reveals_data;
	/* The message was edited, restored, or made from a template: the text of a reason does not replace it */
	bool keep_message_text;
	struct message_state message_state;
	bool has_card_sentence;	     /* the card's sentence was put into the note once: deleted, it stays away */
	const char *template_reason; /* code of the reason for which templates are offered */
	struct correction_pick *picks;
	const char **step_messages;
	size_t step_count, message_step;
	struct party_form *party_form;
	struct step_form *step_form;
	struct bulk *bulk;	  /* the change of several cases; NULL: the dialog is about one case or item */
	_Atomic size_t *progress; /* number of cases done so far */
	/* Text that the key y copies after the action: a new link, or the secret; "" none */
	const char *copyable_text;
	struct strbuf secret;	 /* a secret that is shown only once; wiped when the dialog is freed */
	const char *secret_noun; /* noun for the secret in texts, like "key" */
};

struct dialog_context {
	const struct frame *frame;
	const struct reasons *reasons;
	const char *follow_up_text; /* what happens after the decision, like "the next most urgent case opens" */
	const struct countries *countries;
	const struct status_line *status; /* for undo */
	struct dialog *const *drafts;
	size_t draft_count;
};

struct dialog *dialog_new(const struct dialog_spec *spec, const char *id, const char *name);
void dialog_free(struct dialog *dialog); /* accepts NULL */
/* Makes the dialog ignore keys until the terminal has shown its changed content. */
void dialog_block_keys(struct dialog *dialog);
/* Puts the reviewer's own texts into *draft, to be saved; puts none if no field was edited. The texts are borrowed
 * from the dialog. */
void dialog_save_draft(const struct dialog *dialog, struct saved_draft *draft);
/* The request for the dialog's data. */
struct job *dialog_make_request(struct dialog *dialog, uint64_t ticket);
/* Takes ownership of the response. The dialog then takes input, or shows why the response failed. */
void dialog_take_response(struct dialog *dialog, struct job *response, const struct dialog_context *context);
/* Call after an edit of the focused field. */
void dialog_handle_edit(struct dialog *dialog, const struct dialog_context *context);
/* The external_ref of the dialog's case if known, "" none. */
const char *dialog_reference(const struct dialog *dialog);
/* The request for the action of the confirm button; NULL: not possible now, `problem` has the reason, "" if the
 * dialog has no confirm button. */
struct job *dialog_confirm(struct dialog *dialog, const struct dialog_context *context);
/* The request to search in the background while the reviewer types; NULL: no search is needed. Pass the response to
 * dialog_take_lookup(), which updates the offered items. */
struct job *dialog_make_lookup(struct dialog *dialog, uint64_t ticket);
void dialog_take_lookup(struct dialog *dialog, const struct job *response, const struct dialog_context *context);
/* Shows the client's new link in the dialog; the key y copies the link. */
void dialog_show_link(struct dialog *dialog, const struct use_out *link, const struct dialog_context *context);
/* Shows a secret instead of the form; the key y copies the secret. The caller adds the lines below the secret. */
void dialog_show_secret(struct dialog *dialog, const struct strbuf *secret, const char *kind);
/* Removes the fields and all lines, so that the caller can add new ones. confirm: the new label of the confirm
 * button. */
void dialog_reset(struct dialog *dialog, const char *confirm);
/* Call if the desk refused the action. Shows the sentence with the reason; the reviewer can try again. */
void dialog_show_failure(struct dialog *dialog, const char *sentence);
#define DIALOG_COLS 76
/* Draws the dialog. beside: width of the dialog at the right edge of the screen; 0: the dialog is in the middle of
 * the screen, which is dimmed. */
void dialog_draw(struct dialog *dialog, struct surface *surface, size_t beside);
/* If the buttons have the focus, a page key scrolls the hidden rows: PgDn first the rows above the fields, then the
 * rows below them; PgUp in the opposite order. False: another key, or all rows are visible. */
bool dialog_scroll(struct dialog *dialog, const struct key *key);

/* The functions from here on are for dialog implementations. Sets the name of the case or board item, for the title
 * and the announcement. */
void dialog_set_name(struct dialog *dialog, const char *name);
void dialog_add_line(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
#define DIALOG_LINE(dialog, label, role, ...)                                                                          \
	dialog_add_line(dialog, label, role, arena_printf(&(dialog)->arena, __VA_ARGS__))
/* Adds a line about a hit that may be judged only after all of the line was drawn. */
void dialog_add_painted_line(struct dialog *dialog, struct bulk_case *hit, const char *text);
void dialog_add_line_below(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* Adds a message to the client as a line; keeps the line breaks of the message. */
void dialog_add_message(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* Adds a line with two columns; copies the texts. */
void dialog_add_columns(struct dialog *dialog, const struct dialog_line *line);
/* Shows a sentence instead of a form. Returns NULL, so that fill() can return the result. */
const struct dialog_form *dialog_show_notice(struct dialog *dialog, const char *sentence);
/* Shows why the request is not sent. Returns false, so that prepare_job() can return the result. */
bool dialog_refuse(struct dialog *dialog, const char *problem);
/* The text in the field, which must be an INPUT_TEXT. */
const char *dialog_get_text(const struct dialog *dialog, size_t field);
void dialog_offer_reason(struct dialog *dialog, struct input *field, const struct reason *reason);
/* Offers all reasons; a reason that the facts exclude shows its fact when it is chosen. The preset reason is the first
 * item and is chosen, unless the reviewer has chosen another one before. */
void dialog_offer_grounds(struct dialog *dialog, struct input *field, const struct grounds *grounds);
/* Below the fields: what contradicts the chosen reason, and what to do: another reason, or `note`. */
void dialog_show_contradiction(struct dialog *dialog, const struct ground *ground, const char *note);
/* Refuses to confirm a reason that the record contradicts; true: it may be confirmed. ground: NULL if none is chosen. */
bool dialog_check_ground(struct dialog *dialog, const struct ground *ground);
/* The chosen reason; NULL none. */
const struct reason *dialog_reason(const struct dialog *dialog, enum reason_set set, size_t field);
void dialog_add_conflicts(struct dialog *dialog);
/* Adds a line with the new level; false: the decision does not change the level */
bool dialog_add_level_line(struct dialog *dialog);
/* Adds lines about the webhook, and about the case that opens after the decision */
void dialog_add_effects(struct dialog *dialog);
/* The chosen item of an INPUT_CHOICE, or NULL. */
const struct input_item *field_chosen_item(const struct input *field);
bool dialog_has_chosen(const struct dialog *dialog, size_t field, const char *code);

struct dialog_item {
	const char *code, *label;
};
/* Description of a field. The field's text, or the code of its chosen item, becomes a member of the request. */
struct dialog_field {
	enum input_kind kind;
	const char *label;
	size_t request_member;	     /* REQUEST_OFFSET(): offset of this member of the request, 0 none */
	const char *missing_message; /* message if the field has no value; NULL: the field is optional */
	bool multiline, is_foldable, hidden;
	/* Adds the items or the initial text to the field; NULL: the field has none. */
	void (*offer)(struct dialog *dialog, struct input *field);
	/* Items that offer_fixed_choices() adds; the list ends at the first item without a code */
	const struct dialog_item *items;
	bool chooses_first_item; /* offer_fixed_choices() chooses the first item */
};
#define REQUEST_OFFSET(member) offsetof(struct job, member)
/* Initial members of a dialog_field. A folded list that does not have the focus shows only the chosen item. */
#define TEXT_FIELD(label_, into_) .kind = INPUT_TEXT, .label = (label_), .request_member = (into_)
#define CHOICE_FIELD(label_, into_, offer_)                                                                            \
	.kind = INPUT_CHOICE, .label = (label_), .request_member = (into_), .offer = (offer_)
#define FOLDED_FIELD(label_, into_, offer_) CHOICE_FIELD(label_, into_, offer_), .is_foldable = true
#define ITEMS_FIELD(label_, into_, items_) CHOICE_FIELD(label_, into_, offer_fixed_choices), .items = (items_)
#define PICKS_FIELD(label_, offer_) .kind = INPUT_PICKS, .label = (label_), .offer = (offer_)
#define TOGGLE_FIELD(label_) .kind = INPUT_TOGGLE, .label = (label_)
#define REASON_FIELD TEXT_FIELD("reason", REQUEST_OFFSET(in.reason))

struct dialog_form {
	const char *confirm_label;		     /* label of the confirm button */
	const struct ui_action *ui_action;	     /* the UI action that the form requests */
	struct dialog_field fields[FORM_FIELDS_MAX]; /* the list ends at the first field without a label */
	const char *empty_message; /* message shown instead of the form if the first list has no items; NULL: none */
	bool rebuild_fields;	   /* each response makes the fields again */
	bool focus_fields;	   /* the focus starts in the first field, not on the buttons */
	const char *hint; /* text below the fields, for a dialog without the function handle_edit(); NULL none */
	void (*begin)(struct dialog *dialog); /* called after the fields were made; NULL none */
	/* Completes the request. False: the request is not sent, and dialog->problem gives the reason. NULL: the
	 * request needs no completion. */
	bool (*prepare_job)(struct dialog *dialog, struct job *job);
};
#define UI_ACTION(...)                                                                                                 \
	&(const struct ui_action)                                                                                      \
	{                                                                                                              \
		__VA_ARGS__                                                                                            \
	}

#define OTHER_CASE_KEY 'o'
struct dialog_spec {
	enum action action;		/* action that the desk previews, unless skips_preview is set */
	bool claims_case;		/* opening the dialog claims the case */
	bool skips_preview;		/* the dialog reads the case, but no preview */
	const struct board_spec *board; /* the dialog is about an item of this board; NULL: about a case */
	enum row_kind item_kind;	/* kind of row of the board's items */
	const char *noun;		/* noun for the item in texts, like "order" */
	bool reads_audit_log;		/* the dialog also reads the case's audit log */
	bool reads_hit; /* the dialog is about a hit, and also reads the hit's party or subject, and earlier verdicts */
	bool reads_duplicate;	   /* the dialog is about a duplicate, and also loads both cases to compare them */
	bool reads_reviewers;	   /* the dialog also reads the list of reviewers */
	bool has_client_message;   /* the dialog has a message to the client, and also reads the templates */
	bool is_bulk;		   /* the dialog is about several cases (dialog->bulk), not about a single case */
	bool prefills_corrections; /* if the dialog is about an item, it starts with the suggested corrections */
	bool is_decision;	   /* after the action, the next case may open */
	bool skips_draft;	   /* an unfinished dialog is not kept as a draft */
	/* If the response has a link for the client, the dialog shows the link after this text and the name, like
	 * "link of". NULL: the dialog does not show the link. */
	const char *link_prefix;
	const char *wait_title; /* title while the dialog waits for the desk */
	/* Adds the lines above the fields and returns the form. If the dialog has this form already, the typed
	 * values stay (unless rebuild_fields). NULL: no action is possible. */
	const struct dialog_form *(*fill)(struct dialog *dialog);
	void (*handle_edit)(struct dialog *dialog); /* makes the lines below the fields after each edit; NULL none */
	/* The next two functions save and restore the texts of a draft; NULL: the texts of the fields are used. */
	void (*save_draft)(const struct dialog *dialog, struct saved_draft *draft);
	void (*restore_saved_text)(struct dialog *dialog, const struct saved_field *words);
	/* The id of another case, which the key OTHER_CASE_KEY opens if a button has the focus; *name is set to the
	 * name of this case. NULL: the dialog shows no other case. */
	const char *(*get_other_case)(const struct dialog *dialog, const char **name);
	/* The functions behind dialog_make_lookup() and dialog_take_lookup(); both NULL: the dialog has no
	 * background search. */
	struct job *(*make_search)(struct dialog *dialog);
	void (*show_results)(struct dialog *dialog, const struct job *response);
};

/* Initial members of a dialog_spec. CASE_DIALOG: about a case, without a preview; BOARD_DIALOG: about an item of a
 * board. */
#define CASE_DIALOG(wait_title_, fill_) .skips_preview = true, .wait_title = (wait_title_), .fill = (fill_)
#define BOARD_DIALOG(board_, wait_title_, fill_)                                                                       \
	.board = (board_), .skips_draft = true, .wait_title = (wait_title_), .fill = (fill_)

#endif
