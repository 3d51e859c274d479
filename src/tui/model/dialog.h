/*
 * Dialogs: each shows the subject, the intended decision and the consequences. A dialog first requests a preview
 * from the desk. Until the terminal confirms that the preview is visible, only Esc works and other keys are
 * dropped, so that a reviewer on a slow connection never decides an unseen case. Pure: a dialog makes the request
 * that carries out the decision; the workbench sends it.
 */
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
	const char *label; /* "" none: the text starts at the left */
	const char *text;
	enum theme_role role;
	const char *mark; /* drawn before the text; "" none */
	enum theme_role mark_role;
	/* Text of a second column, as wide as the first; `mark` stays before both. "": empty; NULL: one column. */
	const char *beside;
	bool letter; /* the text has several lines: '\n' begins the next row */
	bool secret; /* one row of plain ASCII, borrowed from the dialog's secret: no copy is made */
};

struct dialog_lines {
	struct dialog_line *items;
	size_t count, capacity;
	size_t top, hidden, rows; /* rows scrolled out at the top, rows hidden, all rows; PgUp and PgDn scroll */
};

struct board_spec;
struct dialog_spec;
struct dialog_form;
struct correction_pick; /* corrections.c */
struct party_form;	/* party_form.c */
struct step_form;	/* step_form.c */

/* A message to a client, with the template chosen for it (templates.c). */
struct letter_state {
	const char *code; /* "reminder/pt"; "" no template: the reviewer's own text */
	const char *text; /* text of the template after filling in */
	const char *own;  /* the reviewer's own text, kept while a template is chosen */
	bool own_edited;
};

struct dialog {
	const struct dialog_spec *spec;
	const struct dialog_form *shape;      /* description of the fields; NULL none */
	const struct dialog_context *context; /* set while a function of `spec` runs */
	enum dialog_state state;
	bool armed;	      /* the terminal has shown the ready dialog: all keys work */
	unsigned question;    /* number of the terminal query that confirms the display; 0: not sent yet */
	int64_t requested_ms; /* time of the query */
	bool waiting;	      /* no response from the terminal yet; the button says so */
	bool claimed;	      /* opening the dialog claimed the case: cancel releases the claim */
	bool requires_leader; /* single keys are off: y works only after the leader key, and the button says so */
	struct arena arena;
	uint64_t ticket;
	const char *id, *name;	      /* id of the session, name of its subject */
	const char *item, *item_name; /* part of the case: a document, party, hit, step, other session */
	const char *wanted; /* code of the item to preselect: in the MORE menu the name of a command; "" none */
	const struct dialog_spec *then; /* the next dialog, about the same item; NULL none */
	bool opened_next;		/* the button opened the next dialog; no action was requested */
	bool is_edited;			/* fields were edited: Esc keeps the dialog as a draft */
	bool draft;			/* restored from a draft */
	const struct saved_draft *kept; /* draft of an earlier run, to restore into the fields; NULL none */
	int64_t saved_at; /* time at which the restored draft was saved; 0: in this run of the program */
	bool revealed;	  /* the screen below reveals the case, so the dialog does, too */
	const char *title;
	struct dialog_lines above, below; /* lines above and below the fields */
	struct form form;
	const char *problem; /* why the action is impossible now, "" none */
	/* The response to JOB_DIALOG. A newer response replaces it when the case is read again; the form stays, so
	 * the form copies its texts. */
	struct job *answer;
	bool reveals;	    /* opening the dialog reveals the case, with an audit event */
	bool keeps_message; /* or restored, or from a template: no text of a reason replaces the message */
	struct letter_state letter;
	const char *template_reason; /* code of the reason for which templates are offered */
	struct correction_pick *picks;
	const char **step_messages;
	size_t step_count, message_step;
	struct party_form *party;
	struct step_form *step;
	struct bulk *bulk;	  /* several cases; otherwise NULL */
	_Atomic size_t *progress; /* number of cases done so far */
	const char *copy;	  /* text that y copies after the action: a new link, the secret; "" none */
	struct strbuf secret;	  /* shown only once; wiped when the dialog is freed */
	const char *secret_noun;  /* noun for the secret: "key" */
};

struct dialog_context {
	const struct frame *frame;
	const struct reasons *reasons;
	const char *follow_up; /* what happens after the decision: "the next most urgent case opens" */
	const struct countries *countries;
	const struct status *status; /* for undo */
	struct dialog *const *drafts;
	size_t draft_count;
};

struct dialog *dialog_new(const struct dialog_spec *spec, const char *id, const char *name);
void dialog_free(struct dialog *dialog); /* accepts NULL */
/* Ignores keys until the terminal has shown the changed content. */
void dialog_disarm(struct dialog *dialog);
/* The reviewer's own texts, to be saved as a draft; empty before any edit. Borrows from the dialog. */
void dialog_save_draft(const struct dialog *dialog, struct saved_draft *draft);
/* The request for the dialog's data. */
struct job *dialog_request(struct dialog *dialog, uint64_t ticket);
/* Takes ownership of the response and becomes ready (or shows the failure). */
void dialog_take_response(struct dialog *dialog, struct job *answer, const struct dialog_context *context);
/* Call after an edit of the focused field. */
void dialog_edited(struct dialog *dialog, const struct dialog_context *context);
/* The external_ref of the dialog's case if known, "" none. */
const char *dialog_reference(const struct dialog *dialog);
/* The request that carries out the decision; NULL if something is missing: see `problem`. */
struct job *dialog_confirm(struct dialog *dialog, const struct dialog_context *context);
/* A background request during typing; NULL none. dialog_take_lookup() updates the offered items with the response. */
struct job *dialog_lookup(struct dialog *dialog, uint64_t ticket);
void dialog_take_lookup(struct dialog *dialog, const struct job *answer, const struct dialog_context *context);
/* Shows the new link once; y copies it. */
void dialog_show_link(struct dialog *dialog, const struct use_out *link, const struct dialog_context *context);
/* Shows a secret in place of the form; y copies it. The caller adds lines below it. */
void dialog_show_secret(struct dialog *dialog, const struct strbuf *secret, const char *kind);
/* Removes the fields and all lines, so that the caller can add others; `confirm` is the new label of the confirm
 * button. */
void dialog_restart(struct dialog *dialog, const char *confirm);
/* Call if the desk refused the action: shows why; the reviewer can retry. */
void dialog_fail(struct dialog *dialog, const char *sentence);
#define DIALOG_COLS 76
/* Draws the dialog. `beside`: width of the dialog at the right edge of the screen; 0: over the whole screen, which
 * is dimmed. */
void dialog_draw(struct dialog *dialog, struct surface *surface, size_t beside);
/* While the buttons have the focus, page keys scroll the hidden rows above the fields, then the rows below. False:
 * another key, or no hidden rows. */
bool dialog_scroll(struct dialog *dialog, const struct key *key);

/* For dialog implementations. */
/* Sets the name of the case or board item, for the title and the announcement. */
void dialog_set_name(struct dialog *dialog, const char *name);
void dialog_line(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
#define DIALOG_LINE(dialog, label, role, ...)                                                                      \
	dialog_line(dialog, label, role, arena_printf(&(dialog)->arena, __VA_ARGS__))
void dialog_line_below(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* Adds a text for the client, with its line breaks. */
void dialog_add_message(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* Adds a line with two columns; copies the texts. */
void dialog_add_columns(struct dialog *dialog, const struct dialog_line *line);
/* Shows a sentence in place of a form; returns NULL, as the result of `fill`. */
const struct dialog_form *dialog_show_notice(struct dialog *dialog, const char *sentence);
/* Refuses to send and shows the reason; returns false, as the result of `send`. */
bool dialog_refuse(struct dialog *dialog, const char *problem);
/* The text of an INPUT_TEXT. */
const char *dialog_input(const struct dialog *dialog, size_t field);
void dialog_offer_reason(struct dialog *dialog, struct input *field, const struct reason *reason);
/* Offers the reasons that the record supports, the preset reason first and chosen; an earlier choice of the
 * reviewer stays. */
void dialog_offer_grounds(struct dialog *dialog, struct input *field, const struct grounds *grounds);
/* The chosen reason; NULL none. */
const struct reason *dialog_reason(const struct dialog *dialog, enum reason_set set, size_t field);
void dialog_add_conflicts(struct dialog *dialog);
bool dialog_add_level(struct dialog *dialog);	/* adds the line of the new level; false: the level is unchanged */
void dialog_add_effects(struct dialog *dialog); /* adds lines: the webhook, and what opens afterwards */
/* The chosen item of an INPUT_CHOICE, or NULL. */
const struct input_item *field_chosen(const struct input *field);
bool dialog_has_chosen(const struct dialog *dialog, size_t field, const char *code);

struct dialog_item {
	const char *code, *label;
};
/* A field. The request gets the field's text, or the code of the chosen item. */
struct dialog_field {
	enum input_kind kind;
	const char *label;
	size_t into;	     /* IN_REQUEST(): the member of the request, 0 none */
	const char *missing; /* message if the field has no value; NULL: optional */
	bool multiline, foldable, hidden;
	/* Adds the field's items or initial text; NULL none. */
	void (*offer)(struct dialog *dialog, struct input *field);
	const struct dialog_item *items; /* for offer_fixed_choices(); ends at the first item without a code */
	bool preset;			 /* offer_fixed_choices() chooses the first item */
};
#define IN_REQUEST(member) offsetof(struct job, member)
/* Initial members of a dialog_field. A folded list without the focus shows only the chosen item. */
#define TEXT_FIELD(label_, into_) .kind = INPUT_TEXT, .label = (label_), .into = (into_)
#define CHOICE_FIELD(label_, into_, offer_)                                                                        \
	.kind = INPUT_CHOICE, .label = (label_), .into = (into_), .offer = (offer_)
#define FOLDED_FIELD(label_, into_, offer_) CHOICE_FIELD(label_, into_, offer_), .foldable = true
#define ITEMS_FIELD(label_, into_, items_) CHOICE_FIELD(label_, into_, offer_fixed_choices), .items = (items_)
#define PICKS_FIELD(label_, offer_) .kind = INPUT_PICKS, .label = (label_), .offer = (offer_)
#define TOGGLE_FIELD(label_) .kind = INPUT_TOGGLE, .label = (label_)
#define REASON_FIELD TEXT_FIELD("reason", IN_REQUEST(in.reason))

struct dialog_form {
	const char *confirm;			     /* label of the confirm button */
	const struct ui_action *act;		     /* the UI action that the form requests */
	struct dialog_field fields[FORM_FIELDS_MAX]; /* ends at the first field without a label */
	const char *empty;   /* message in place of the form if the first list is empty; NULL: none */
	bool rebuild_fields; /* the fields are made again with each response */
	bool focus_fields;   /* the focus starts in the first field */
	const char *hint;    /* text below the fields, if the dialog has no edited(); NULL none */
	void (*begin)(struct dialog *dialog); /* called after the fields were made; NULL none */
	/* Completes the request. False: nothing is sent; dialog->problem says why. NULL: the request needs no
	 * completion. */
	bool (*send)(struct dialog *dialog, struct job *job);
};
#define ACT(...)                                                                                                   \
	&(const struct ui_action)                                                                                  \
	{                                                                                                          \
		__VA_ARGS__                                                                                        \
	}

#define OTHER_LETTER 'o'
struct dialog_spec {
	enum action action;		/* action to preview, unless skips_preview */
	bool claims;			/* opening the dialog claims the case */
	bool skips_preview;		/* needs the case but no preview */
	const struct board_spec *board; /* the dialog is about an item of this board; NULL: about a case */
	enum row_kind item;		/* kind of row of the board's items */
	const char *noun;		/* noun for the item: "order" */
	bool audit_log;			/* also needs the case's audit log */
	bool hit;	  /* about a hit: also needs the party or subject of the hit, and earlier verdicts */
	bool twin;	  /* about a duplicate: also needs both cases side by side */
	bool people;	  /* also needs the list of reviewers */
	bool letter;	  /* has a message to the client: also needs the templates */
	bool is_bulk;	  /* about several cases (dialog->bulk), not about a single case */
	bool prefills;	  /* if about an item: starts with the corrections that the desk suggests */
	bool is_decision; /* after the action, the next case may open */
	bool no_draft;	  /* not kept as a draft */
	/* If the result has the client's link, the dialog shows the link with this text before the name: "link of".
	 * NULL: the link is not shown. */
	const char *link_prefix;
	const char *wait_title; /* title while the dialog waits for the desk */
	/* Adds the lines and returns the form. If fill() returns the same form again, typed values are kept. NULL:
	 * no action is possible. */
	const struct dialog_form *(*fill)(struct dialog *dialog);
	void (*edited)(struct dialog *dialog); /* makes the lines below the fields; NULL none */
	/* Save and restore the texts of a draft; NULL: the texts of the fields are saved and restored. */
	void (*words)(const struct dialog *dialog, struct saved_draft *draft);
	void (*restore_word)(struct dialog *dialog, const struct saved_field *words);
	/* The id of another case, which OTHER_LETTER opens from the buttons; sets the case's name. NULL none. */
	const char *(*other)(const struct dialog *dialog, const char **name);
	/* Implement dialog_lookup() and dialog_take_lookup(); both NULL if the dialog has no background requests. */
	struct job *(*look)(struct dialog *dialog);
	void (*found)(struct dialog *dialog, const struct job *answer);
};

/* Initial members of a dialog_spec: about a case, without a preview; about an item of a board. */
#define CASE_DIALOG(wait_title_, fill_) .skips_preview = true, .wait_title = (wait_title_), .fill = (fill_)
#define BOARD_DIALOG(board_, wait_title_, fill_)                                                                   \
	.board = (board_), .no_draft = true, .wait_title = (wait_title_), .fill = (fill_)

#endif
