/*
 * Looking ahead at a decision, and what the system does by itself (domain.md "Transitions", "The approval gate").
 * Deciding itself is desk_do() with VERB_APPROVE, VERB_REJECT, VERB_CORRECTIONS, VERB_REOPEN, VERB_UNDO.
 */
#ifndef KYBDESK_DESK_DECIDE_H
#define KYBDESK_DESK_DECIDE_H

#include "kybdesk/desk/use.h"
#include "kybdesk/domain/grounds.h"

/* What a request would ask for on account of the rejected documents: one item for each type, with the messages of their
 * reasons. Restricted reasons prefill nothing; *count is 0 when there is nothing to ask. Nothing is changed. */
enum err desk_correction_draft(struct desk *desk, struct arena *arena, const char *reference,
			       struct correction_request **items, size_t *count, struct error *error) KYB_MUST_USE;

/* What a decision would do, for the dialog: nothing is changed. blockers empty: it would go through. Of `in` verb,
 * session and the grace time are read. */
struct decide_preview {
	struct blockers blockers;
	struct checklist_item *checklist;
	size_t checklist_count;
	const char *level_from, *level_to;
	const char *event, *merchant;
	int64_t endpoints; /* subscribed now */
	int64_t grace_s;
	int64_t version;
	bool link_expired; /* corrections need days */
	/* reject: the confirmed matches on record, and which reasons they leave */
	struct match_list matches;
	struct grounds grounds;
};
enum err desk_preview(struct desk *desk, struct arena *arena, const struct use_in *in, struct decide_preview *out,
		      struct error *error) KYB_MUST_USE;

/* What the system has to do by itself by now: results that came, processing that took too long, completed sessions of
 * profiles with auto_process. At most `limit` sessions; *count: how many were looked at. Nothing in a store that is open
 * for reading only. */
enum err desk_process_due(struct desk *desk, size_t limit, size_t *count, struct error *error) KYB_MUST_USE;

#endif
