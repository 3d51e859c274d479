/* The list of all dialogs; each dialog is implemented in a .c file of this folder. */
#ifndef KYBDESK_TUI_SCREEN_DIALOGS_H
#define KYBDESK_TUI_SCREEN_DIALOGS_H

#include "model/dialog.h"

/* clang-format off */
#define DIALOGS(X)                                                                                                 \
	X(approve) X(reject) X(corrections) X(take_over) X(gap) X(snooze) X(delete) X(link_show) X(party_link)     \
	X(add) X(assign) X(refer) X(suspicion_about) X(suspicion_close)                                            \
	X(more) X(alert) /* further actions on the case */                                                               \
	X(undo) /* chooses among the decisions within their grace time */                                          \
	/* these dialogs are about a party; X(party) with the item "": a new party */                              \
	X(party) X(party_remove) X(party_verify) X(pair) X(kyc_add) X(kyc_remove)                                          \
	/* these dialogs are about a document; X(accept): one that was rejected or not viewed */                   \
	X(document_reject) X(accept) X(outside) X(save) X(answer)                                                  \
	/* the item of these dialogs: a hit, the other session, the kind of a check, a result, a step */           \
	X(hit) X(duplicate) X(waive) X(judge) X(step)                                                                      \
	/* X(fund) is about an account of a sandbox, the other three dialogs about an order */                     \
	X(fund) X(order_complete) X(order_fail) X(order_cancel)                                                    \
	/* item of X(replay): an event; of keys: a merchant; of templates: code/language, "" for a new one */      \
	X(replay) X(key_add) X(provider_key) X(key_rotate) X(key_revoke) X(template) X(template_remove)            \
	/* X(bulk) chooses a change of the marked cases; X(bulk_do) previews and runs the change */                \
	/* X(hits): one verdict on the marked hits of a case; then bulk_do */                                            \
	X(bulk) X(bulk_do) X(hits)
/* clang-format on */
#define DIALOG_DECLARE(name) extern const struct dialog_spec name##_dialog;
DIALOGS(DIALOG_DECLARE)
#undef DIALOG_DECLARE

/* Adds an item with the code `code` to the field; the label is made from the printf format and values after the
 * code. */
#define DIALOG_ITEM(dialog, field, code, ...)                                                                          \
	form_add_item(field, &(dialog)->arena, code, arena_printf(&(dialog)->arena, __VA_ARGS__))
/* Adds a line that describes the effect of the action. */
#define DIALOG_EFFECT(dialog, text) dialog_add_line(dialog, "then", THEME_TEXT, text)
/* Like DIALOG_LINE(), but adds the line below the fields. DIALOG_HINT() and DIALOG_WARN() add a line without a
 * label. */
#define DIALOG_LINE_BELOW(dialog, label, role, ...)                                                                    \
	dialog_add_line_below(dialog, label, role, arena_printf(&(dialog)->arena, __VA_ARGS__))
#define DIALOG_HINT(dialog, text) dialog_add_line_below(dialog, "", THEME_MUTED, text)
#define DIALOG_WARN(dialog, text) dialog_add_line_below(dialog, "", THEME_WARNING, text)

/* decide.c: adds the items of the field's struct dialog_field to the field. */
void offer_fixed_choices(struct dialog *dialog, struct input *field);
/* decide.c: the first reviewer after `after` in the list (NULL: of the whole list) that is enabled, has a role that
 * may hold cases, and does not have the name `except`; NULL: none. */
const struct reviewer_info *next_reviewer(const struct job *response, const struct reviewer_info *after,
					  const char *except);

/* hit_card.c: opens the same dialog again, with unmasked values. */
extern const struct dialog_form reveal_form;

/* holding.c: the open suspicion, if the reviewer may read it; NULL none. */
const struct suspicion *find_open_suspicion(const struct case_view *view);

/* templates.c: a field that picks a template for a message. */
#define OWN_TEXT_CODE "" /* templates.c: code of the item that restores the reviewer's own text */
/* Fills the field with the templates for a reason code, each in the client's language first. reason "": the
 * templates for the reasons of the rejected documents; offer_all_templates() uses this value. If no template fits,
 * hides the field. */
void offer_templates(struct dialog *dialog, struct input *field, const char *reason);
void offer_all_templates(struct dialog *dialog, struct input *field);
/* Call after an edit of the dialog. Puts the picked template into the message, or restores the reviewer's own text.
 * documents: value of the variable {document}; "": the titles of the rejected documents. False: the message is
 * unchanged. */
bool template_apply(struct dialog *dialog, struct input *field, struct input *message, const char *documents);
/* If the picked template is not in English, shows its English text below the fields. */
void template_show_english(struct dialog *dialog, const struct input *field, const char *documents);
/* The field in which a lead says why a text is sent although it can tip off the client (desk/use.h). */
#define OVERRIDE_FIELD TEXT_FIELD("why send", REQUEST_OFFSET(in.override)), .hidden = true
/* Says which phrase of the text can tip off the client; shows the field to leads, and hides it if there is none. */
void dialog_check_outgoing(struct dialog *dialog, size_t override, const char *text);

#endif
