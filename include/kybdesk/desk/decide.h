/* Previews of decisions, and the system's own processing. Decisions are made by desk_do() with VERB_APPROVE,
 * VERB_REJECT, VERB_CORRECTIONS, VERB_REOPEN and VERB_UNDO. */
#ifndef KYBDESK_DESK_DECIDE_H
#define KYBDESK_DESK_DECIDE_H

#include "kybdesk/desk/use.h"
#include "kybdesk/domain/grounds.h"

/* Drafts a correction request: one item per type of the rejected documents, with the messages of the reasons.
 * Documents with a restricted reason are left out; *count is 0 if no document remains. Changes nothing. */
enum err desk_correction_draft(struct desk *desk, struct arena *arena, const char *reference,
			       struct correction_request **items, size_t *count, struct error *error);

/* Previews a decision for the dialog; changes nothing. If the preview has no blockers, the decision would succeed.
 * Reads verb, session and the grace time of `in`. */
struct decision_preview {
	struct blockers blockers;
	struct checklist_item *checklist;
	size_t checklist_count;
	const char *level_from, *level_to;
	const char *event, *merchant;
	int64_t endpoint_count; /* subscribed now */
	int64_t grace_s;
	int64_t version;
	bool link_expired; /* corrections: the link has expired, so in->days is required */
	/* approve: whether this would be the only, first or second approval; reject: APPROVAL_FIRST if a colleague
	 * has to confirm the rejection */
	enum approval_stage approval_stage;
	const struct first_approval *first_approval; /* approve: even if it no longer counts; NULL: none */
	const struct overrides *overrides; /* approve: what the approval rests on in place of evidence; else NULL */
	size_t rationale_min_words;	   /* minimum number of words of the note; 0: none */
	/* reject: confirmed matches of the case, and the reasons of rejection that they allow */
	struct match_list matches;
	struct grounds grounds;
};
enum err desk_preview(struct desk *desk, struct arena *arena, const struct use_in *in, struct decision_preview *out,
		      struct error *error);

/* Runs the system's due work: results that arrived, processing that timed out, completed sessions of profiles with
 * auto_process. Examines at most `limit` sessions; *count: number of examined sessions. Does nothing in a read-only
 * store. */
enum err desk_process_due(struct desk *desk, size_t limit, size_t *count, struct error *error);

#endif
