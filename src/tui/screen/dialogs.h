/*
 * Every dialog there is: one file, or a part of one, and its name here.
 */
#ifndef KYBDESK_TUI_SCREEN_DIALOGS_H
#define KYBDESK_TUI_SCREEN_DIALOGS_H

#include "kybdesk/tui/ui_action.h"
#include "kybdesk/tui/dialog.h"

#define DIALOGS(X)                                                                                                 \
	X(approve)                                                                                                 \
	X(reject)                                                                                                  \
	X(corrections)                                                                                             \
	X(document_reject)                                                                                         \
	X(hit)                                                                                                     \
	X(take_over)                                                                                               \
	X(party) /* item: the party that is changed, "" for a new one */                                           \
	X(party_remove)                                                                                            \
	X(party_verify)                                                                                            \
	X(party_link)                                                                                              \
	X(gap)                                                                                                     \
	X(duplicate) /* item: the other session */                                                                 \
	X(waive)     /* item: the check's kind */                                                                  \
	X(snooze)                                                                                                  \
	X(more)	  /* what else can be done with it */                                                              \
	X(undo)	  /* of what is still within its grace, one is chosen */                                           \
	X(accept) /* item: a document that was rejected, or that nobody has opened */                              \
	X(delete)                                                                                                  \
	X(kyc_add)    /* item: the party */                                                                        \
	X(kyc_remove) /* item: the party */                                                                        \
	X(link_show)                                                                                               \
	X(outside) /* item: the document */                                                                        \
	X(save)	   /* item: the document */                                                                        \
	X(add)                                                                                                     \
	X(step) /* item: its id */                                                                                 \
	X(assign)                                                                                                  \
	X(bulk)	   /* what is done to the marked cases */                                                          \
	X(bulk_do) /* the same, tried on each of them */

#define DIALOG_DECLARE(name) extern const struct dialog_spec name##_dialog;
DIALOGS(DIALOG_DECLARE)
#undef DIALOG_DECLARE

/* files.c: a name for its file, of our own making. */
const char *document_plain_name(struct arena *arena, const struct document *document);

#endif
