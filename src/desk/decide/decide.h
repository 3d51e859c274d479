/* Inside the desk: decisions, transitions, processing. */
#ifndef KYBDESK_SRC_DESK_DECIDE_DECIDE_H
#define KYBDESK_SRC_DESK_DECIDE_DECIDE_H

#include "kybdesk/domain/subject.h"
#include "use/use.h"

/* gatekeeping.c: what decisions ask before they start. */
struct gate_context desk_gate_context(const struct desk *desk, const struct case_file *file,
				      const struct profile *profile, int64_t seen_version);
/* What the gate asks besides the case: duplicates. Within a transaction. */
/* What stands in the place of each document's bytes. */
/* The worst of its sides; whole where it has no bytes. */
enum err document_bytes_state(struct desk *desk, const struct document *document, enum bytes_state *out,
			      struct error *error) KYB_MUST_USE;
enum err desk_gate_bytes(struct desk *desk, struct arena *arena, const struct case_file *file,
			 struct gate_context *context, struct error *error) KYB_MUST_USE;
enum err desk_gate_facts(struct desk *desk, struct arena *arena, const struct case_file *file,
			 struct gate_context *context, struct error *error) KYB_MUST_USE;
/* Whether the actor submitted data of the case, which in production keeps them from deciding it: for the context of
 * somebody who asks to decide. Within a transaction. */
enum err desk_gate_intake(struct desk *desk, const struct case_file *file, struct gate_context *context,
			  struct error *error) KYB_MUST_USE;
/* Who holds it, and who changed it since it was seen, by name. Within a transaction. */
enum err desk_gate_conflicts(struct desk *desk, struct arena *arena, const struct case_file *file,
			     const struct gate_context *context, struct blockers *out,
			     struct error *error) KYB_MUST_USE;
/* `whole` for an approval: everything the gate asks; else status, claim and version. Says who changed the case when
 * somebody did. Within a transaction. */
enum err desk_gate(struct desk *desk, struct arena *arena, const struct case_file *file,
		   const struct gate_context *context, enum action action, bool whole, struct blockers *out,
		   struct error *error) KYB_MUST_USE;
/* ERR_FORBIDDEN when the role may not do it from this status; *to as the table says when it may, else the status. */
enum err action_permit(const struct desk *desk, struct arena *arena, const struct case_file *file,
		       const struct profile *profile, enum action action, enum session_status *to,
		       struct error *error) KYB_MUST_USE;
const struct decision *case_last_decision(const struct case_file *file); /* not undone, no undo; NULL none */
const struct decision *case_last_approval(const struct case_file *file);
/* Whether its grace time runs: not over, and not further away than any grace time (the clock was stepped back). */
bool decision_is_held(const struct decision *decision, int64_t now);
enum err grace_find(const struct desk *desk, const struct use_in *in, int64_t *grace_ms,
		    struct error *error) KYB_MUST_USE;

/* level.c: the level of the merchant's user (domain.md "Level"). */
struct level_change level_of_approval(const struct session *session, const struct profile *profile);
/* What withdrawing the approval that stands does to it: down to what the user's other approvals grant, else to what it
 * came with. Within a transaction; the session is still approved. */
enum err level_of_withdrawal(struct use *use, struct error *error) KYB_MUST_USE;
/* What the other approvals of the same user grant, "" nothing, and how many there are. Within a transaction. */
struct standing_level {
	const char *level;
	size_t approvals;
};
enum err level_of_others(struct desk *desk, struct arena *arena, const struct session *session,
			 struct standing_level *out, struct error *error) KYB_MUST_USE;
/* A session that arrives or is opened, before its row is written: finds or makes its subject, gives it the workflow's
 * first level where it has none, and the approved one when the session comes approved. */
enum err level_of_arrival(struct desk *desk, struct session *session, const struct profile *profile,
			  struct error *error) KYB_MUST_USE;

/* alert.c: all within the write transaction of the change. Nothing when one of the kind is open. */
enum err alert_raise(struct desk *desk, const struct session *session, enum alert_kind kind,
		     struct error *error) KYB_MUST_USE;
/* After a rejection for a restricted reason of a user who keeps another approval, or a level. */
enum err alert_of_decision(struct use *use, struct error *error) KYB_MUST_USE;
enum err alert_take_back(struct use *use, enum alert_kind kind, struct error *error) KYB_MUST_USE;

/* undo.c: a decision "undo" by the actor, and the mark on the one it takes back. Reads use->level. */
enum err decision_write_undo(struct use *use, const struct decision *undone, enum session_status from,
			     struct error *error) KYB_MUST_USE;

/* hold.c: a new hit puts the approval of this case in doubt; cause: "hit", or "party_hit" of a party's KYC. Within its grace time,
 * and while nothing of it is on its way, the decision is taken back by the system: the session is in review again, its
 * level is what it was, and the record "session.hold" names whose decision it was. Else an alert is raised. The session
 * and its decision in `file` are changed as in the store; the caller settles the case. */
enum err approval_doubt(struct desk *desk, struct case_file *file, const struct profile *profile, const char *cause,
			struct error *error) KYB_MUST_USE;

/* decision.c: looks at the case whole, without a lock: status, claim, version; for an approval the whole gate. Fills
 * evidence and what stood before. */
enum err decide_prepare(struct use *use, struct error *error) KYB_MUST_USE;
/* Under the lock: ERR_CONFLICT when the case is no longer what decide_prepare() saw. */
enum err decide_begin(struct use *use, struct error *error) KYB_MUST_USE;
/* Writes session, decision, level, counters, parent, events and the audit row. */
enum err decide_write(struct use *use, struct error *error) KYB_MUST_USE;
/* The same for a transition that decides nothing: no decision, no level, no claim released. */
enum err move_begin(struct use *use, struct error *error) KYB_MUST_USE;
enum err move_write(struct use *use, struct error *error) KYB_MUST_USE;
/* A decision or transition of the system on a case that is loaded in the open write transaction: no front end is asked, no
 * time is given to take it back. The caller has asked the gate, in this context. */
void use_of_system(struct use *use, const struct use *outer, const struct gate_context *context, enum action action,
		   enum session_status to);

/* happening.c: what happened, into the outbox: the most telling name that the profile has for it. */
enum err announce_decision(struct use *use, struct error *error) KYB_MUST_USE;
/* The name in the outbox of what this action causes, "" none: the first that announce_decision() writes. profile: as
 * desk_event_profile() gave it. */
const char *announced_type(const struct session *session, const struct profile *profile, enum action action,
			   bool level_changes);

/* correction_values.c: what a correction is about, as it stands now: {"fields":{…},"documents":[…],"parties":[id …]}, in the arena. */
const char *correction_values(struct arena *arena, const struct case_file *file, const struct profile *profile,
			      const struct correction *correction);
/* corrections.c: puts steps and files back as they stood when `request` (loaded whole, NULL unknown) was made, and
 * withdraws its items; with `all` every item that is not closed. */
enum err corrections_take_back(struct use *use, const struct decision *request, bool all,
			       struct error *error) KYB_MUST_USE;
/* The same in memory alone, for whom the request (loaded whole, the last one) has not happened yet; its items are gone. */
void corrections_put_back(struct case_file *file, const struct decision *request);
/* One that was closed, as it stood before: answered, or open. */
void correction_reopen(struct correction *correction);

/* process.c: an `after` of a use case: results or a wish that the system acts upon have not to wait for the next look at
 * everything. Never fails. */
enum err use_process_at_once(struct use *use, struct error *error);

/* processing.c: what the system makes of results. */
/* The sentence of the profile's rule when an address of the case is a PO box, else NULL. */
const char *case_po_box(struct desk *desk, struct arena *arena, struct case_file *file,
			const struct profile *profile);
/* Whether the profile's rule says that the subject is foreign. */
bool case_is_foreign(struct desk *desk, struct arena *arena, struct case_file *file, const struct profile *profile);
/* After a case came in by import: whether the system has something to do with it, and when. Sets processing_since and
 * process_at; true when they changed. */
bool processing_is_due(const struct desk *desk, struct arena *arena, struct case_file *file,
		       const struct profile *profile, int64_t now);

#endif
