/* What a decision or a transition is called outside: the most telling name that the profile has for it. */
#include "decide/decide.h"
#include "use/events.h"

#include <string.h>

/* What happened, most telling first; `also` beside it, when it is news of its own. */
struct happening {
	enum event_kind kinds[3];
	size_t count;
	bool asks_documents; /* before everything else: which documents are to come */
	bool level_too;	     /* a level changes with something that is no approval */
};

static void happened(struct happening *what, enum event_kind kind)
{
	what->kinds[what->count++] = kind;
}

static struct happening happening_of(enum action action, enum session_status to, enum check_status trouble,
				     bool level_changes, bool has_level)
{
	struct happening what = { 0 };

	switch (action) {
	case ACTION_APPROVE:
		if (level_changes)
			happened(&what, EVENT_LEVEL_CHANGED);
		/* Whoever has a level is told of by it: one event for each change, none for an approval without. */
		if (!has_level)
			happened(&what, EVENT_APPROVED);
		happened(&what, EVENT_ATTEMPT_COMPLETED);
		break;
	case ACTION_REJECT:
		happened(&what, EVENT_REJECTED);
		happened(&what, EVENT_ATTEMPT_COMPLETED);
		break;
	case ACTION_REQUEST_CORRECTIONS:
		happened(&what, EVENT_CORRECTIONS_REQUESTED);
		what.asks_documents = true;
		what.level_too = level_changes;
		break;
	case ACTION_FINISH_PROCESSING:
	case ACTION_FAIL_PROCESSING:
		if (trouble == CHECK_ERROR)
			happened(&what, EVENT_CHECK_ERROR);
		else if (trouble == CHECK_TIMEOUT)
			happened(&what, EVENT_CHECK_TIMEOUT);
		else if (to == SESSION_MANUAL_REVIEW)
			happened(&what, EVENT_UNDER_REVIEW);
		break;
	case ACTION_ESCALATE:
	case ACTION_RESOLVE_CORRECTIONS:
	case ACTION_REOPEN:
		happened(&what, EVENT_UNDER_REVIEW);
		what.level_too = level_changes;
		break;
	case ACTION_EXPIRE:
		happened(&what, EVENT_EXPIRED);
		break;
	case ACTION_START:
	case ACTION_COMPLETE:
	case ACTION_SUBMIT:
	case ACTION_PROCESS:
	case ACTION_REACTIVATE:
	case ACTION_WITHDRAW_CORRECTIONS:
	case ACTION_RESUBMIT:
	case ACTION_UNDO:
		what.level_too = level_changes;
		break;
	}
	happened(&what, EVENT_STATUS_CHANGED);
	return what;
}

static bool has_level(const struct session *session, const struct profile *profile)
{
	return *profile_level_approved(profile, session->subject.kind) != '\0';
}

static bool is_mapped(const struct session *session, const struct profile *profile, enum event_kind kind)
{
	return profile->events[event_kind_for(session, profile, kind)] != NULL;
}

const char *announced_type(const struct session *session, const struct profile *profile, enum action action,
			   bool level_changes)
{
	const struct happening what =
		happening_of(action, session->status, CHECK_PASSED, level_changes, has_level(session, profile));

	if (what.level_too && action == ACTION_REOPEN && profile->events[EVENT_LEVEL_CHANGED])
		return profile->events[EVENT_LEVEL_CHANGED];
	for (size_t i = 0; i < what.count; i++) {
		if (is_mapped(session, profile, what.kinds[i]))
			return profile->events[event_kind_for(session, profile, what.kinds[i])];
	}
	return what.level_too && profile->events[EVENT_LEVEL_CHANGED] ? profile->events[EVENT_LEVEL_CHANGED] : "";
}

/* seed atelio-beneficial-owners, "Sometimes these events may include a description field". */
static void explain_failure(struct use *use, struct event_input *input)
{
	const char *po_box;

	if (use->profile->event_shape != SHAPE_ATELIO)
		return;
	po_box = case_po_box(use->desk, use->arena, &use->file, use->profile);
	if (!po_box)
		return;
	input->error_code = "po_box_failure";
	input->description = po_box;
}

static enum err write_event(struct use *use, enum event_kind kind, struct error *error)
{
	const struct decision *decision = &use->decision;
	bool rejected = use->action == ACTION_REJECT;
	struct event_input input = {
		.kind = kind,
		.previous_level = kind == EVENT_LEVEL_CHANGED ? use->level.from : "",
		.level = kind == EVENT_LEVEL_CHANGED ? use->level.to : "",
		.reason_code = use->outside.reason_code,
		.retryable = decision->retryable,
		.has_retryable = rejected,
		.step_ids = use->outside.step_ids,
		.step_count = use->outside.step_count,
		.reason_text = use->outside.reason_text,
		.decision_row = decision->row,
		.due_at = decision->held_until == TIME_NONE ? use->now : decision->held_until,
	};

	if (kind == EVENT_DOCUMENT_REQUIRED) {
		input.documents = use->outside.documents;
		input.document_count = use->outside.document_count;
	}
	if (rejected)
		explain_failure(use, &input);
	if (kind == EVENT_APPROVED || kind == EVENT_REJECTED || kind == EVENT_ATTEMPT_COMPLETED)
		input.attempt = event_attempt_of(use->desk, use->arena, &use->file.session, use->profile, decision,
						 use->now);
	return desk_event_write(use->desk, use->arena, &use->file.session, use->profile, &input, &use->out->event,
				&use->out->deliveries, error);
}

enum err announce_decision(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	const struct happening what = happening_of(use->action, use->to, use->outside.trouble,
						   *use->level.to != '\0', has_level(session, use->profile));
	enum err err = ERR_OK;

	if (what.level_too && use->action == ACTION_REOPEN)
		err = write_event(use, EVENT_LEVEL_CHANGED, error);
	if (!err && what.asks_documents && use->outside.document_count)
		err = write_event(use, EVENT_DOCUMENT_REQUIRED, error);
	for (size_t i = 0; !err && i < what.count; i++) {
		if (!is_mapped(session, use->profile, what.kinds[i]))
			continue;
		err = write_event(use, what.kinds[i], error);
		break;
	}
	if (!err && what.level_too && use->action != ACTION_REOPEN)
		err = write_event(use, EVENT_LEVEL_CHANGED, error);
	return err;
}
