/*
 * Decisions and the other reviewer's transitions (domain.md "Transitions",
 * "The approval gate", "Level change"). Each is one transaction: session,
 * decision with its evidence, subject's level, audit event, outbox event.
 */
#ifndef KYBDESK_DESK_DECIDE_H
#define KYBDESK_DESK_DECIDE_H

#include "kybdesk/desk/desk.h"

#define GRACE_DEFAULT_S 10
#define GRACE_MAX_S 3600

struct decide_options {
	int64_t seen_version; /* 0: whatever is there now */
	int64_t grace_s;      /* negative: the desk's own (desk_set_grace); 0: at once, no undo */
	const char *note;     /* NULL none */
};
struct decide_result {
	const char *id; /* the session's full id */
	enum session_status from, to;
	const char *level_from, *level_to; /* "" unless a level changed */
	int64_t undo_until;		   /* TIME_NONE: can't be undone */
	const char *event;		   /* type written to the outbox, "" none */
	int64_t deliveries;
};

enum err desk_approve(struct desk *desk, struct arena *arena, const char *reference,
		      const struct decide_options *options, struct decide_result *out,
		      struct error *error) KYB_MUST_USE;
enum err desk_reject(struct desk *desk, struct arena *arena, const char *reference, const char *reason,
		     const char *message, int retryable, /* -1: the reason's default */
		     const struct decide_options *options, struct decide_result *out,
		     struct error *error) KYB_MUST_USE;

struct correction_request {
	const char *step_id;
	const char **field_ids;
	size_t field_count;
	const char **document_types;
	size_t document_type_count;
	const char *message;
};
/* Steps and document types must exist in the session or its profile. extend_days > 0 extends the access link; needed
 * when it ran out ("link expired"). A session without a link gets one; *access_link (arena) is then shown once, else "". */
enum err desk_request_corrections(struct desk *desk, struct arena *arena, const char *reference,
				  const struct correction_request *requests, size_t count, int64_t extend_days,
				  const struct decide_options *options, struct decide_result *out,
				  const char **access_link, struct error *error) KYB_MUST_USE;
/* What a request would ask for on account of the rejected documents: one item for each type, with the messages of their
 * reasons. Restricted reasons prefill nothing; *count is 0 when there is nothing to ask. Nothing is changed. */
enum err desk_correction_draft(struct desk *desk, struct arena *arena, const char *reference,
			       struct correction_request **items, size_t *count, struct error *error) KYB_MUST_USE;
enum err desk_withdraw_corrections(struct desk *desk, struct arena *arena, const char *reference,
				   const struct decide_options *options, struct decide_result *out,
				   struct error *error) KYB_MUST_USE;
/* After a client answered: accept one correction item (ERR_NOT_FOUND, ERR_BLOCKED when it is not answered). */
enum err desk_accept_correction(struct desk *desk, struct arena *arena, const char *reference,
				const char *correction, const char **id, struct error *error) KYB_MUST_USE;
/* Takes back one's own last decision within its grace time. ERR_CONFLICT when it has been sent or another decision rests
 * on it; ERR_BLOCKED when the time is over. */
enum err desk_undo(struct desk *desk, struct arena *arena, const char *reference, struct decide_result *out,
		   struct error *error) KYB_MUST_USE;
enum err desk_reopen(struct desk *desk, struct arena *arena, const char *reference, const char *reason,
		     const struct decide_options *options, struct decide_result *out,
		     struct error *error) KYB_MUST_USE;
enum err desk_reactivate(struct desk *desk, struct arena *arena, const char *reference, int64_t extend_days,
			 struct decide_result *out, struct error *error) KYB_MUST_USE;
enum err desk_escalate(struct desk *desk, struct arena *arena, const char *reference, struct decide_result *out,
		       struct error *error) KYB_MUST_USE;

/* Takes a case into processing; the system then makes of its results what the profile says, in the same transaction. A
 * case that is being processed is looked at again. ERR_BLOCKED, with the case in processing, while results are still
 * to come only in that second case; out->to is "processing" then in the first. */
enum err desk_process(struct desk *desk, struct arena *arena, const char *reference,
		      const struct decide_options *options, struct decide_result *out,
		      struct error *error) KYB_MUST_USE;
/* What the system has to do by itself by now: results that came, processing that took too long, completed sessions of
 * profiles with auto_process. At most `limit` sessions; *count: how many were looked at. Nothing in a store that is open
 * for reading only. */
enum err desk_process_due(struct desk *desk, size_t limit, size_t *count, struct error *error) KYB_MUST_USE;

/* What a decision would do, for the dialog: nothing is changed. blockers empty: it would go through. */
struct decide_preview {
	struct blockers blockers;
	struct checklist_item *checklist;
	size_t checklist_count;
	const char *level_from, *level_to;
	const char *event, *merchant;
	int64_t endpoints; /* subscribed now */
	int64_t grace_s;
	int64_t version;
	bool link_expired; /* corrections need extend_days */
};
enum err desk_preview(struct desk *desk, struct arena *arena, const char *reference, enum action action,
		      struct decide_preview *out, struct error *error) KYB_MUST_USE;

#endif
