/*
 * A record of the audit log as a sentence: what somebody did to what, and why (workbench.md "Evidence on the screen"). Each
 * word of the audit log has its sentence; names come from the case as it is now, everything else from the record. Pure.
 */
#ifndef KYBDESK_TUI_SENTENCE_H
#define KYBDESK_TUI_SENTENCE_H

#include "kybdesk/tui/frame.h"

/* "accepted PROOF_OF_ADDRESS, proof.pdf": it follows the actor's name. Of a word that nobody knows: the word. */
const char *event_sentence(struct arena *arena, const struct case_view *view, const struct audit_item *item,
			   const struct frame *frame);
/* A member of the record's detail, "" when it has no such text. */
const char *event_member(struct arena *arena, const struct audit_item *item, const char *key);

#endif
