/*
 * Dialogs: each shows the subject, what will be decided and the consequences. A dialog first asks the desk; until
 * the terminal confirms that it has shown the answer, only Esc works and keys typed before are dropped, so that a
 * slow line never decides an unseen case. Pure: a dialog makes the request that carries out the decision; the
 * workbench sends it.
 */
#ifndef KYBDESK_TUI_DIALOG_H
#define KYBDESK_TUI_DIALOG_H

#include "kybdesk/settings/drafts.h"
#include "kybdesk/tui/form.h"
#include "kybdesk/tui/frame.h"

enum dialog_state {
	DIALOG_ASKING, /* waits for the desk's preview */
	DIALOG_READY,
	DIALOG_DECIDING /* the decision is being carried out */
};

struct dialog_line {
	const char *label; /* "" none: the text starts at the left */
	const char *text;
	enum theme_role role;
	const char *mark; /* before the text, "" none */
	enum theme_role mark_role;
	const char
		*beside; /* second column of equal width, the mark is before the first; "" empty, NULL no columns */
	bool letter;	 /* text of several lines: '\n' begins the next row */
};

struct ui_action;
struct dialog_spec;
struct correction_pick; /* corrections.c */
struct party_form;	/* party_form.c */
struct step_form;	/* step_form.c */

struct dialog {
	const struct dialog_spec *spec;
	enum dialog_state state;
	bool armed;	   /* the terminal has shown it since it became ready: all keys work */
	unsigned question; /* number of the terminal query for that; 0: none */
	int64_t asked_ms;  /* time of the query */
	bool waiting;	   /* no response from the terminal yet; the button says so */
	bool claimed;	   /* opening it claimed the case: cancel releases the claim */
	bool led;	   /* single keys are off: y needs the leader, and is shown so */
	struct arena arena;
	uint64_t ticket;
	const char *id, *name;		/* session, its subject */
	const char *item, *item_name;	/* part of the case: a document, party, hit, step, other session */
	const char *wish;		/* of the MORE menu: code of the action requested by name, "" none */
	const struct dialog_spec *then; /* the following dialog, about its item; NULL none */
	bool onward;			/* its button opened the next dialog; nothing was done */
	bool written;			/* its fields were edited: Esc keeps it as a draft */
	bool draft;			/* restored from a draft */
	const struct kept_draft *kept;	/* saved texts of an earlier run, to be filled in; NULL none */
	int64_t kept_at;		/* when they were written; 0: in this run */
	bool revealed;			/* the case is revealed on the screen below, so also here */
	const char *title;
	struct dialog_line *lines; /* above the fields */
	size_t line_count, line_capacity;
	size_t line_top, lines_hidden; /* rows scrolled out above, rows hidden in all: PgUp, PgDn */
	struct dialog_line *after;     /* below the fields */
	size_t after_count, after_capacity;
	size_t after_top, after_hidden; /* as line_top and lines_hidden */
	size_t line_rows, after_rows;	/* rows in all */
	struct form form;
	const char *problem; /* why it cannot be done now, "" none */
	/* The response to JOB_DIALOG; replaced when the case is read again, while the form stays, so the form
	 * copies its texts. */
	struct job *answer;
	bool reveals;	     /* opening it reveals the case, with an audit event */
	bool message_edited; /* edited by the reviewer: templates no longer replace it */
	struct correction_pick *picks;
	const char **step_messages;
	size_t step_count, message_step;
	struct party_form *party;
	struct step_form *step;
	struct bulk *bulk;	  /* several cases; otherwise NULL */
	_Atomic size_t *progress; /* number of cases done so far */
	const char *copy;	  /* text that y copies after the action: a new link; "" none */
};

struct dialog_context {
	const struct frame *frame;
	const struct reasons *reasons;
	const char *afterwards; /* "the next most urgent case opens" */
	const struct countries *countries;
	const struct status *status; /* for undo */
	struct dialog *const *drafts;
	size_t draft_count;
};

struct dialog *dialog_new(const struct dialog_spec *spec, const char *id, const char *name);
void dialog_free(struct dialog *dialog); /* accepts NULL */
/* The content has changed: no keys until the terminal has shown it again. */
void dialog_disarm(struct dialog *dialog);
/* The reviewer's own texts, to be saved as a draft; empty before any edit. Borrows from the dialog. */
void dialog_words(const struct dialog *dialog, struct kept_draft *draft);
/* The request for the dialog's data. */
struct job *dialog_ask(struct dialog *dialog, uint64_t ticket);
/* Takes ownership of the response and becomes ready (or shows the failure). */
void dialog_answer(struct dialog *dialog, struct job *answer, const struct dialog_context *context);
/* Call it after an edit of the focused field. */
void dialog_edited(struct dialog *dialog, const struct dialog_context *context);
/* The external_ref of its case if known, "" none. */
const char *dialog_reference(const struct dialog *dialog);
/* The request that carries it out; NULL if something is missing: see problem. */
struct job *dialog_confirm(struct dialog *dialog, const struct dialog_context *context);
/* A background request during typing; NULL none. dialog_found() updates the offered items with its response. */
struct job *dialog_lookup(struct dialog *dialog, uint64_t ticket);
void dialog_found(struct dialog *dialog, const struct job *answer, const struct dialog_context *context);
/* End of a client's link as text; without an end, the link is valid until the session is decided. */
const char *link_end(struct arena *arena, int64_t expires_at, const struct frame *frame);
/* Shows the new link once; y copies it. */
void dialog_show_link(struct dialog *dialog, const struct use_out *link, const struct dialog_context *context);
void dialog_fail(struct dialog *dialog, const char *sentence); /* the desk refused: shows why; can be retried */
void dialog_draw(struct dialog *dialog, struct surface *surface);
/* Page keys on the buttons scroll hidden rows above the fields, then below. False: another key, or nothing is
 * hidden. */
bool dialog_scroll(struct dialog *dialog, const struct key *key);

/* For dialog implementations. */
void dialog_line(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
void dialog_line_after(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* A text for the client, with its line breaks. */
void dialog_say_letter(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* Adds a line with two columns; copies the texts. */
void dialog_beside(struct dialog *dialog, const struct dialog_line *line);
/* Nothing to decide: a sentence and a close button. */
void dialog_only_line(struct dialog *dialog, const char *sentence);
/* The text of an INPUT_TEXT. */
const char *dialog_typed(const struct dialog *dialog, size_t field);
/* A choice of reasons of one set; `allowed` narrows it. */
struct input *dialog_reason_field(struct dialog *dialog, const struct dialog_context *context, enum reason_set set,
				  const char *const *allowed, size_t allowed_count);
/* A choice of the reasons that the record supports, with the preset one chosen. */
struct input *dialog_ground_field(struct dialog *dialog, const struct grounds *grounds);
/* The chosen reason; NULL none. */
const struct reason *dialog_reason(const struct dialog *dialog, const struct dialog_context *context,
				   enum reason_set set, size_t field);
void dialog_conflicts(struct dialog *dialog, enum text_mode mode);
void dialog_webhook(struct dialog *dialog);
/* The chosen item of an INPUT_CHOICE, or NULL. */
const struct input_item *field_chosen(const struct input *field);
struct job *dialog_act(const struct dialog *dialog, const struct ui_action *ui_action);

struct dialog_spec {
	enum action action; /* action to preview */
	bool claims;	    /* opening it claims the case */
	bool read_only;	    /* needs the case but no preview */
	bool audit_log;	    /* also needs the case's audit log */
	bool hit;	    /* about a hit: needs the named party or subject, and earlier rulings */
	bool people;	    /* also needs the list of reviewers */
	bool many;	    /* several cases, dialog->bulk; no view of a single one */
	bool suggests;	    /* corrections for an item: starts with the desk's suggestions */
	bool decides;	    /* the next case may open after it */
	bool fleeting;	    /* not kept as a draft */
	const char
		*link_of;   /* shows the client's link when done: words before the name, "link of"; NULL: no link */
	const char *asking; /* title while it waits for the desk */
	void (*fill)(struct dialog *dialog, const struct dialog_context *context);
	void (*edited)(struct dialog *dialog, const struct dialog_context *context); /* may be NULL */
	struct job *(*confirm)(struct dialog *dialog, const struct dialog_context *context);
	/* Texts to save and to restore, if they differ from the fields. Both may be NULL. */
	void (*words)(const struct dialog *dialog, struct kept_draft *draft);
	void (*word_back)(struct dialog *dialog, const struct kept_words *words);
	/* dialog_lookup() and dialog_found(), if it has background requests; else both NULL. */
	struct job *(*look)(struct dialog *dialog);
	void (*found)(struct dialog *dialog, const struct job *answer, const struct dialog_context *context);
};

#endif
