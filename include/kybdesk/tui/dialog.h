/*
 * Dialogs (workbench.md "Dialogs"): each names the subject, what will be
 * decided and what follows. It asks the desk first; until the terminal says that
 * it has shown the answer it takes no key but Esc, and keys typed before that
 * are dropped, so that a slow line never decides an unseen case. Pure: a dialog makes the
 * request that carries the decision out; the workbench sends it.
 */
#ifndef KYBDESK_TUI_DIALOG_H
#define KYBDESK_TUI_DIALOG_H

#include "kybdesk/settings/drafts.h"
#include "kybdesk/tui/form.h"
#include "kybdesk/tui/frame.h"

enum dialog_state {
	DIALOG_ASKING, /* the desk is asked what would happen */
	DIALOG_READY,
	DIALOG_DECIDING /* the decision is on its way */
};

struct dialog_line {
	const char *label; /* "" none: the text begins at the left */
	const char *text;
	enum theme_role role;
	const char *mark; /* before the text, "" none */
	enum theme_role mark_role;
	const char *
		beside; /* a second column of the same width, with the mark before the first; "" none, NULL no columns */
	bool letter; /* its text has lines of its own: '\n' begins the next row */
};

struct ui_action;
struct dialog_spec;
struct correction_pick; /* corrections.c */
struct party_form;	/* party_form.c */
struct step_form;	/* step_form.c */

struct dialog {
	const struct dialog_spec *spec;
	enum dialog_state state;
	bool armed;	   /* the terminal has shown it since it became ready: takes keys, not Esc alone */
	unsigned question; /* to the terminal, whether it has; 0: not asked */
	int64_t asked_ms;  /* when it was */
	bool waiting;	   /* the terminal has not answered for a while, and the button says so */
	bool claimed;	   /* opening it claimed the case: released if it is cancelled */
	bool led;	   /* single keys are off: y works behind the leader only, and is shown so */
	struct arena arena;
	uint64_t ticket;
	const char *id, *name; /* session, its subject */
	const char *item,
		*item_name; /* what of the case it is about: a document, party, hit, step, another session */
	const char *wish;   /* of what else can be done: the code of what was asked for by name, "" none */
	const struct dialog_spec *then; /* what comes after it, about its item; NULL nothing */
	bool onward;			/* its button has opened the next one, and done nothing */
	bool written;			/* somebody has put something into its fields: Esc keeps it as a draft */
	bool draft;			/* it was one, and is back */
	const struct kept_draft
		*kept;	 /* words of another run, to be put into the form once it is there; NULL none */
	int64_t kept_at; /* when they were written; 0: in this run */
	bool revealed;	 /* its case was, on the screen below: it shows the same */
	const char *title;
	struct dialog_line *lines; /* above the fields */
	size_t line_count, line_capacity;
	size_t line_top, lines_hidden; /* rows of them above what is seen, and in all beyond it: PgUp, PgDn */
	struct dialog_line *after;     /* below them */
	size_t after_count, after_capacity;
	size_t after_top, after_hidden; /* as line_top and lines_hidden */
	size_t line_rows, after_rows;	/* of all of them */
	struct form form;
	const char *problem; /* why it can't be done as it stands, "" none */
	/* Of JOB_DIALOG; replaced when the case is read again, while the form stays: what is kept is copied. */
	struct job *answer;
	bool reveals;	     /* opening it reveals the case, on record */
	bool message_edited; /* the template is not put over the reviewer's own words */
	struct correction_pick *picks;
	const char **step_messages;
	size_t step_count, message_step;
	struct party_form *party;
	struct step_form *step;
	struct bulk *bulk;	  /* of one about several cases; NULL of every other */
	_Atomic size_t *progress; /* how many of them are done, while they are */
	const char *copy;	  /* what y copies once the UI action is done: a new link; "" nothing */
};

struct dialog_context {
	const struct frame *frame;
	const struct reasons *reasons;
	const char *afterwards; /* "the next most urgent case opens" */
	const struct countries *countries;
	const struct status *status; /* what can be undone */
	struct dialog *const *drafts;
	size_t draft_count;
};

struct dialog *dialog_new(const struct dialog_spec *spec, const char *id, const char *name);
void dialog_free(struct dialog *dialog); /* accepts NULL */
/* What it shows has changed: it takes no key until it was shown again. */
void dialog_disarm(struct dialog *dialog);
/* What the reviewer has written in own words, to be kept; none before anything was. Texts live in the dialog. */
void dialog_words(const struct dialog *dialog, struct kept_draft *draft);
/* The request that it waits for. */
struct job *dialog_ask(struct dialog *dialog, uint64_t ticket);
/* Takes the answer and becomes ready (or shows the failure). */
void dialog_answer(struct dialog *dialog, struct job *answer, const struct dialog_context *context);
/* After the form's focus field was edited. */
void dialog_edited(struct dialog *dialog, const struct dialog_context *context);
/* The external_ref of its case as far as it is known, "" none. */
const char *dialog_reference(const struct dialog *dialog);
/* The request that does it; NULL when something is missing: then problem says what. */
struct job *dialog_confirm(struct dialog *dialog, const struct dialog_context *context);
/* A question on the side, while somebody types: NULL nothing to ask. Its answer changes what is offered. */
struct job *dialog_lookup(struct dialog *dialog, uint64_t ticket);
void dialog_found(struct dialog *dialog, const struct job *answer, const struct dialog_context *context);
/* How long a client's link lasts; one of a session that has no end lasts until that is decided. */
const char *link_end(struct arena *arena, int64_t expires_at, const struct frame *frame);
/* The new link: shown this once, y copies it. */
void dialog_show_link(struct dialog *dialog, const struct use_out *link, const struct dialog_context *context);
void dialog_fail(struct dialog *dialog, const char *sentence); /* the desk refused: shown, can be tried again */
void dialog_draw(struct dialog *dialog, struct surface *surface);
/* Page keys on the buttons scroll what has no room above the fields, then below them. False: the key is another one, or
 * nothing is hidden. */
bool dialog_scroll(struct dialog *dialog, const struct key *key);

/* For the makers of dialogs. */
void dialog_line(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
void dialog_say_marked(struct dialog *dialog, enum theme_role mark_role, const char *mark, const char *text);
void dialog_line_after(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* A text to the client, line by line as the client gets it. */
void dialog_say_letter(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* In two columns, texts copied. */
void dialog_beside(struct dialog *dialog, const struct dialog_line *line);
/* Nothing to decide: the sentence, and a button to close. */
void dialog_only_line(struct dialog *dialog, const char *sentence);
/* What stands in a INPUT_TEXT. */
const char *dialog_typed(const struct dialog *dialog, size_t field);
struct input *dialog_reason_field(struct dialog *dialog, const struct dialog_context *context, enum reason_set set,
				  const char *const *allowed, size_t allowed_count);
/* What is chosen there; NULL nothing. */
/* The reasons that the record supports, the preset one chosen. */
struct input *dialog_ground_field(struct dialog *dialog, const struct grounds *grounds);
/* What is chosen there; NULL nothing. */
const struct reason *dialog_reason(const struct dialog *dialog, const struct dialog_context *context,
				   enum reason_set set, size_t field);
void dialog_conflicts(struct dialog *dialog, enum text_mode mode);
void dialog_webhook(struct dialog *dialog);
/* The chosen item of a INPUT_CHOICE, or NULL. */
const struct input_item *field_chosen(const struct input *field);
struct job *dialog_act(const struct dialog *dialog, const struct ui_action *ui_action);

struct dialog_spec {
	enum action action;  /* what the desk is asked about */
	bool claims;	     /* opening it claims the case */
	bool read_only;	     /* needs the case, not what a decision would do */
	bool audit_log;	     /* needs the case's audit log, too */
	bool hit;	     /* about a hit: needs whom it names, and what was said of it before */
	bool people;	     /* needs who works here, too */
	bool many;	     /* about several cases, dialog->bulk; there is no view of one */
	bool suggests;	     /* about an item it begins with the corrections that the desk suggests */
	bool decides;	     /* the next case may open afterwards */
	bool fleeting;	     /* made anew each time: nothing of it is kept as a draft */
	const char *link_of; /* it shows a client's link once it is done, of whose this is; NULL it does not */
	const char *asking;  /* title while it asks */
	void (*fill)(struct dialog *dialog, const struct dialog_context *context);
	void (*edited)(struct dialog *dialog, const struct dialog_context *context); /* may be NULL */
	struct job *(*confirm)(struct dialog *dialog, const struct dialog_context *context);
	/* Where its words are not simply those of its fields: which there are, and one that is back. NULL both. */
	void (*words)(const struct dialog *dialog, struct kept_draft *draft);
	void (*word_back)(struct dialog *dialog, const struct kept_words *words);
	/* dialog_lookup() and dialog_found() of one that has such a question; NULL both where not. */
	struct job *(*look)(struct dialog *dialog);
	void (*found)(struct dialog *dialog, const struct job *answer, const struct dialog_context *context);
};

#endif
