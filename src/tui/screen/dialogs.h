/*
 * Every dialog: one file or part of a file each, listed here by name.
 */
#ifndef KYBDESK_TUI_SCREEN_DIALOGS_H
#define KYBDESK_TUI_SCREEN_DIALOGS_H

#include "kybdesk/tui/dialog.h"

#define DIALOGS(X)                                                                                                 \
	X(approve)                                                                                                 \
	X(reject)                                                                                                  \
	X(corrections)                                                                                             \
	X(document_reject)                                                                                         \
	X(hit)                                                                                                     \
	X(take_over)                                                                                               \
	X(party) /* item: the party to change, "" a new one */                                                     \
	X(party_remove)                                                                                            \
	X(party_verify)                                                                                            \
	X(party_link)                                                                                              \
	X(gap)                                                                                                     \
	X(duplicate) /* item: the other session */                                                                 \
	X(waive)     /* item: the check's kind */                                                                  \
	X(snooze)                                                                                                  \
	X(more)	  /* further actions on the case */                                                                \
	X(undo)	  /* chooses among the decisions within their grace time */                                        \
	X(accept) /* item: a rejected or unviewed document */                                                      \
	X(delete)                                                                                                  \
	X(kyc_add)    /* item: the party */                                                                        \
	X(kyc_remove) /* item: the party */                                                                        \
	X(link_show)                                                                                               \
	X(outside) /* item: the document */                                                                        \
	X(save)	   /* item: the document */                                                                        \
	X(add)                                                                                                     \
	X(step) /* item: the id of the step */                                                                     \
	X(assign)                                                                                                  \
	X(refer)                                                                                                   \
	X(suspicion_close)                                                                                         \
	X(fund) /* item: the account of a sandbox */                                                               \
	X(order_complete)                                                                                          \
	X(order_fail)                                                                                              \
	X(order_cancel) /* item: the order, in all three */                                                        \
	X(replay)	/* item: the event */                                                                      \
	X(key_add)                                                                                                 \
	X(provider_key)                                                                                            \
	X(key_rotate)                                                                                              \
	X(key_revoke)                                                                                              \
	X(template) /* item: the template and its language, "" a new one */                                        \
	X(template_remove)                                                                                         \
	X(bulk)	   /* a change of the marked cases */                                                              \
	X(bulk_do) /* its preview and run */

#define DIALOG_DECLARE(name) extern const struct dialog_spec name##_dialog;
DIALOGS(DIALOG_DECLARE)
#undef DIALOG_DECLARE

/* What the action does. */
#define DIALOG_THEN(dialog, text) dialog_line(dialog, "then", THEME_TEXT, text)
/* Lines below the fields: as DIALOG_LINE(); a hint and a warning without a label. */
#define DIALOG_BELOW(dialog, label, role, ...)                                                                     \
	dialog_line_below(dialog, label, role, arena_printf(&(dialog)->arena, __VA_ARGS__))
#define DIALOG_HINT(dialog, text) dialog_line_below(dialog, "", THEME_MUTED, text)
#define DIALOG_WARN(dialog, text) dialog_line_below(dialog, "", THEME_WARNING, text)

/* decide.c: offers the items of the field's row. */
void offer_items(struct dialog *dialog, struct input *field);
/* decide.c: the next reviewer who can hold cases, except the one with this name; `after` NULL: the first. NULL: none. */
const struct reviewer_info *next_person(const struct job *answer, const struct reviewer_info *after,
					const char *except);

/* suspicion.c: the open suspicion, if the viewing reviewer may read it; NULL none. */
const struct suspicion *suspicion_open_of(const struct case_view *view);

/* templates.c: a field that picks a template for a message. */
/* Offers the templates for the reason, those in the client's language first; "": for the reasons of rejected documents.
 * Hides the field if no template fits. template_offer_all(): the same with "". */
void template_offer(struct dialog *dialog, struct input *field, const char *reason);
void template_offer_all(struct dialog *dialog, struct input *field);
/* Call after an edit: puts the picked template into the message, or restores the reviewer's own text. documents: the
 * value of {document}; "": the rejected documents. False: the message is unchanged. */
bool template_apply(struct dialog *dialog, struct input *field, struct input *message, const char *documents);
/* Shows the English text below the fields, if a template was picked in another language. */
void template_show_english(struct dialog *dialog, const struct input *field, const char *documents);
/* Call after the message was replaced by another text: no template is picked any more. */
void template_clear_pick(struct dialog *dialog, struct input *field);

/* files.c: a file name made by this program. */
const char *document_plain_name(struct arena *arena, const struct document *document);

#endif
