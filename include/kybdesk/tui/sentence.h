/*
 * An audit record as a sentence: actor, action, item, reason. Each audit word has its own sentence; names are read
 * from the current case, all other data from the record. Pure.
 */
#ifndef KYBDESK_TUI_SENTENCE_H
#define KYBDESK_TUI_SENTENCE_H

#include "kybdesk/tui/frame.h"

/* "accepted PROOF_OF_ADDRESS, proof.pdf", to be written after the actor's name. For an unknown audit word: the word
 * itself. */
const char *event_sentence(struct arena *arena, const struct case_view *view, const struct audit_event *item,
			   const struct frame *frame);
/* A text member of the record's detail, "" none. */
const char *event_member(struct arena *arena, const struct audit_event *item, const char *key);

#endif
