/* The dialogs: each is implemented in a file of its own, or in part of one. */
#ifndef KYBDESK_TUI_SCREEN_DIALOGS_H
#define KYBDESK_TUI_SCREEN_DIALOGS_H

#include "model/dialog.h"

/* clang-format off */
#define DIALOGS(X)                                                                                                 \
	X(approve) X(reject) X(corrections) X(take_over) X(gap) X(snooze) X(delete) X(link_show) X(party_link)     \
	X(add) X(assign) X(refer) X(suspicion_close)                                                               \
	X(more) /* further actions on the case */                                                                  \
	X(undo) /* chooses among the decisions within their grace time */                                          \
	/* item: the party; "" a new party (X(party) only) */                                                      \
	X(party) X(party_remove) X(party_verify) X(kyc_add) X(kyc_remove)                                          \
	/* item: the document; X(accept): a document that was rejected or not viewed */                            \
	X(document_reject) X(accept) X(outside) X(save)                                                            \
	/* item: the hit; the id of the other session; the kind of the check; the id of the step */                \
	X(hit) X(duplicate) X(waive) X(step)                                                                       \
	/* item: the account of a sandbox; then the order of a sandbox */                                          \
	X(fund) X(order_complete) X(order_fail) X(order_cancel)                                                    \
	/* item: the event; the merchant; the template and its language, "" a new template */                      \
	X(replay) X(key_add) X(provider_key) X(key_rotate) X(key_revoke) X(template) X(template_remove)            \
	/* a change of the marked cases, with its preview and run */                                               \
	X(bulk) X(bulk_do)
/* clang-format on */
#define DIALOG_DECLARE(name) extern const struct dialog_spec name##_dialog;
DIALOGS(DIALOG_DECLARE)
#undef DIALOG_DECLARE

/* Adds an item with this code; the printf format of the label, and its values, follow. */
#define DIALOG_ITEM(dialog, field, code, ...)                                                                      \
	form_add_item(field, &(dialog)->arena, code, arena_printf(&(dialog)->arena, __VA_ARGS__))
/* Adds a line that describes the effect of the action. */
#define DIALOG_THEN(dialog, text) dialog_line(dialog, "then", THEME_TEXT, text)
/* As DIALOG_LINE(), but below the fields. DIALOG_HINT() and DIALOG_WARN() omit the label. */
#define DIALOG_BELOW(dialog, label, role, ...)                                                                     \
	dialog_line_below(dialog, label, role, arena_printf(&(dialog)->arena, __VA_ARGS__))
#define DIALOG_HINT(dialog, text) dialog_line_below(dialog, "", THEME_MUTED, text)
#define DIALOG_WARN(dialog, text) dialog_line_below(dialog, "", THEME_WARNING, text)

/* decide.c: adds the items that the struct dialog_field of this field lists. */
void offer_fixed_choices(struct dialog *dialog, struct input *field);
/* decide.c: the first person behind `after` (NULL: of all) that is enabled, has a role that may hold cases, and
 * does not have the name `except`; NULL: none. */
const struct reviewer_info *next_person(const struct job *answer, const struct reviewer_info *after,
					const char *except);

/* holding.c: the open suspicion, if the viewing reviewer may read it; NULL none. */
const struct suspicion *open_suspicion(const struct case_view *view);

/* templates.c: a field that picks a template for a message. */
#define OWN_TEXT "" /* code of the item that restores the reviewer's own text */
/* Offers the templates for the reason, templates in the client's language first. reason "": the templates for the
 * reasons of the rejected documents. Hides the field if no template fits. template_offer_all() uses the reason "". */
void template_offer(struct dialog *dialog, struct input *field, const char *reason);
void template_offer_all(struct dialog *dialog, struct input *field);
/* Call after an edit: puts the picked template into the message, or restores the reviewer's own text. documents:
 * the value of the variable {document}; "": the rejected documents. False: the message is unchanged. */
bool template_apply(struct dialog *dialog, struct input *field, struct input *message, const char *documents);
/* Shows the English text below the fields, if a template was picked in another language. */
void template_show_english(struct dialog *dialog, const struct input *field, const char *documents);

#endif
