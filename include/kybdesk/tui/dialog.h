/*
 * Dialogs (workbench.md "Dialogs"): each names the subject, what will be
 * decided and what follows. It asks the desk first; until the terminal says that
 * it has shown the answer it takes no key but Esc, and keys typed before that
 * are dropped, so that a slow line never decides an unseen case. Pure: a dialog makes the
 * request that carries the decision out; the workbench sends it.
 */
#ifndef KYBDESK_TUI_DIALOG_H
#define KYBDESK_TUI_DIALOG_H

#include "kybdesk/tui/form.h"
#include "kybdesk/tui/frame.h"

enum dialog_kind {
	DIALOG_APPROVE,
	DIALOG_REJECT,
	DIALOG_CORRECTIONS,
	DIALOG_DOCUMENT_REJECT,
	DIALOG_HIT,
	DIALOG_TAKE_OVER,
	DIALOG_PARTY, /* item: the party that is changed, "" for a new one */
	DIALOG_PARTY_REMOVE,
	DIALOG_PARTY_VERIFY,
	DIALOG_PARTY_LINK,
	DIALOG_GAP,
	DIALOG_DUPLICATE, /* item: the other session */
	DIALOG_WAIVE,	  /* item: the check's kind */
	DIALOG_SNOOZE,
	DIALOG_MORE,   /* what else can be done with it */
	DIALOG_UNDO,   /* of what is still within its grace, one is chosen */
	DIALOG_ACCEPT, /* item: a document that was rejected, or that nobody has opened */
	DIALOG_DELETE,
	DIALOG_KYC_ADD,	   /* item: the party */
	DIALOG_KYC_REMOVE, /* item: the party */
	DIALOG_LINK_SHOW,
	DIALOG_SAVE, /* item: the document */
	DIALOG_ADD,
	DIALOG_STEP /* item: its id */
};
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
};

struct correction_pick; /* corrections.c */
struct party_form;	/* party_form.c */
struct step_form;	/* step_form.c */

struct dialog {
	enum dialog_kind kind;
	enum dialog_state state;
	bool armed;	   /* the terminal has shown it since it became ready: takes keys, not Esc alone */
	unsigned question; /* to the terminal, whether it has; 0: not asked */
	bool led;	   /* single keys are off: y works behind the leader only, and is shown so */
	struct arena arena;
	uint64_t ticket;
	const char *id, *name; /* session, its subject */
	const char *item, *item_name;
	const char *wish;      /* DIALOG_MORE: the code of what was asked for by name, "" none */
	enum dialog_kind then; /* DIALOG_TAKE_OVER, or onward: what comes after it, about its item */
	bool onward;	       /* its button has opened the next one, and done nothing */
	bool written;	       /* somebody has put something into its fields: Esc keeps it as a draft */
	bool draft;	       /* it was one, and is back */
	const char *title;
	struct dialog_line *lines; /* above the fields */
	size_t line_count, line_capacity;
	struct dialog_line *after; /* below them */
	size_t after_count, after_capacity;
	struct form form;
	const char *problem; /* why it can't be done as it stands, "" none */
	/* Of WORK_DIALOG; replaced when the case is read again, while the form stays: what is kept is copied. */
	struct work *answer;
	bool message_edited; /* the template is not put over the reviewer's own words */
	struct correction_pick *picks;
	const char **step_messages;
	size_t step_count, message_step;
	struct party_form *party;
	struct step_form *step;
	const char *copy; /* what y copies once the deed is done: a new link; "" nothing */
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

struct dialog *dialog_new(enum dialog_kind kind, const char *id, const char *name);
void dialog_free(struct dialog *dialog); /* accepts NULL */
/* What it shows has changed: it takes no key until it was shown again. */
void dialog_disarm(struct dialog *dialog);
/* The request that it waits for. */
struct work *dialog_ask(struct dialog *dialog, uint64_t ticket);
/* Takes the answer and becomes ready (or shows the failure). */
void dialog_answer(struct dialog *dialog, struct work *answer, const struct dialog_context *context);
/* After the form's focus field was edited. */
void dialog_edited(struct dialog *dialog, const struct dialog_context *context);
/* The external_ref of its case as far as it is known, "" none. */
const char *dialog_reference(const struct dialog *dialog);
/* The request that does it; NULL when something is missing: then problem says what. */
struct work *dialog_confirm(struct dialog *dialog, const struct dialog_context *context);
/* A question on the side, while somebody types: NULL nothing to ask. Its answer changes what is offered. */
struct work *dialog_look(struct dialog *dialog, uint64_t ticket);
void dialog_found(struct dialog *dialog, const struct work *answer, const struct dialog_context *context);
/* The new link: shown this once, y copies it. */
void dialog_show_link(struct dialog *dialog, const struct use_out *link, const struct dialog_context *context);
void dialog_fail(struct dialog *dialog, const char *sentence); /* the desk refused: shown, can be tried again */
void dialog_draw(struct dialog *dialog, struct surface *surface);

/* For the makers of dialogs. */
void dialog_say(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
void dialog_say_marked(struct dialog *dialog, enum theme_role mark_role, const char *mark, const char *text);
void dialog_say_after(struct dialog *dialog, const char *label, enum theme_role role, const char *text);
/* Nothing to decide: the sentence, and a button to close. */
void dialog_only_say(struct dialog *dialog, const char *sentence);
/* What stands in a INPUT_TEXT. */
const char *dialog_typed(const struct dialog *dialog, size_t field);
struct input *dialog_reason_field(struct dialog *dialog, const struct dialog_context *context, enum reason_set set,
				  const char *const *allowed, size_t allowed_count);
void dialog_say_conflicts(struct dialog *dialog, enum text_mode mode);
void dialog_say_webhook(struct dialog *dialog);
/* The chosen item of a INPUT_CHOICE, or NULL. */
const struct input_item *field_chosen(const struct input *field);
struct work *dialog_act(const struct dialog *dialog, enum act act);

struct dialog_spec {
	enum action action; /* what the desk is asked about */
	bool claims;	    /* opening it claims the case */
	bool look_only;	    /* needs the case, not what a decision would do */
	const char *asking; /* title while it asks */
	void (*fill)(struct dialog *dialog, const struct dialog_context *context);
	void (*edited)(struct dialog *dialog, const struct dialog_context *context); /* may be NULL */
	struct work *(*confirm)(struct dialog *dialog, const struct dialog_context *context);
};
extern const struct dialog_spec approve_dialog, reject_dialog, corrections_dialog, document_reject_dialog,
	hit_dialog, take_over_dialog, party_dialog, party_remove_dialog, party_verify_dialog, party_link_dialog,
	gap_dialog, duplicate_dialog, waive_dialog, snooze_dialog, undo_dialog, more_dialog, accept_dialog,
	delete_dialog, kyc_add_dialog, kyc_remove_dialog, link_show_dialog, save_dialog, add_dialog, step_dialog;
/* party_form.c */
struct work *party_form_look(struct dialog *dialog);
void party_form_found(struct dialog *dialog, const struct work *answer, const struct dialog_context *context);
const struct dialog_spec *dialog_spec(enum dialog_kind kind);

#endif
