/* Selects the event of a decision or transition: the most specific name that the profile has. */
#include "decide/decide.h"

/* Event kinds, most specific first. The desk sends the first event that has a name in the profile. */
struct event_choice {
	enum event_kind kinds[4];
	size_t count;
	bool adds_approval_event; /* the level event is followed by the approval's own event */
	bool has_documents;	  /* the event contains the requested documents */
	bool adds_level_event;	  /* the event is followed by an event of the level change */
};

static void add_event(struct event_choice *what, enum event_kind kind)
{
	what->kinds[what->count++] = kind;
}

static struct event_choice select_event(enum action action, enum session_status to, enum check_status failure_status,
					bool level_changes, bool approval_sets_level)
{
	struct event_choice what = { 0 };

	switch (action) {
	case ACTION_APPROVE:
		if (level_changes)
			add_event(&what, EVENT_LEVEL_CHANGED);
		/* For a person, both events are sent if the profile names both: the level event before the approval
		 * event. */
		add_event(&what, EVENT_APPROVED);
		what.adds_approval_event = level_changes;
		add_event(&what, EVENT_ATTEMPT_COMPLETED);
		break;
	case ACTION_REJECT:
		add_event(&what, EVENT_REJECTED);
		add_event(&what, EVENT_ATTEMPT_COMPLETED);
		break;
	case ACTION_REQUEST_CORRECTIONS:
		add_event(&what, EVENT_CORRECTIONS_REQUESTED);
		what.has_documents = true;
		what.adds_level_event = level_changes;
		break;
	case ACTION_FINISH_PROCESSING:
	case ACTION_FAIL_PROCESSING:
		if (failure_status == CHECK_ERROR)
			add_event(&what, EVENT_CHECK_ERROR);
		else if (failure_status == CHECK_TIMEOUT)
			add_event(&what, EVENT_CHECK_TIMEOUT);
		else if (to == SESSION_MANUAL_REVIEW)
			add_event(&what, EVENT_UNDER_REVIEW);
		break;
	case ACTION_REOPEN:
		/* If approvals set a level, receivers follow level events, so a withdrawal is a level event, too. */
		if (approval_sets_level)
			add_event(&what, EVENT_LEVEL_CHANGED);
		add_event(&what, EVENT_WITHDRAWN);
		add_event(&what, EVENT_UNDER_REVIEW);
		break;
	case ACTION_WITHDRAW_CORRECTIONS:
		add_event(&what, EVENT_WITHDRAWN);
		add_event(&what, EVENT_UNDER_REVIEW);
		break;
	case ACTION_SUBMIT:
		if (to == SESSION_MANUAL_REVIEW)
			add_event(&what, EVENT_UNDER_REVIEW);
		break;
	case ACTION_ESCALATE:
	case ACTION_RESOLVE_CORRECTIONS:
	case ACTION_RESUBMIT:
		add_event(&what, EVENT_UNDER_REVIEW);
		what.adds_level_event = level_changes;
		break;
	case ACTION_EXPIRE:
		add_event(&what, EVENT_EXPIRED);
		break;
	case ACTION_START:
	case ACTION_COMPLETE:
	case ACTION_PROCESS:
	case ACTION_REACTIVATE:
	case ACTION_UNDO: /* within the grace time: nothing was sent yet */
		what.adds_level_event = level_changes;
		break;
	}
	add_event(&what, EVENT_STATUS_CHANGED);
	return what;
}

static bool approval_sets_level(const struct session *session, const struct profile *profile)
{
	return *profile_approved_level(profile, session->subject.kind) != '\0';
}

const char *announced_event_name(const struct session *session, const struct profile *profile, enum action action,
				 bool level_changes)
{
	const struct event_choice what = select_event(action, session->status, CHECK_PASSED, level_changes,
						      approval_sets_level(session, profile));

	for (size_t i = 0; i < what.count; i++) {
		if (profile->events[what.kinds[i]])
			return profile->events[what.kinds[i]];
	}
	return what.adds_level_event && profile->events[EVENT_LEVEL_CHANGED] ? profile->events[EVENT_LEVEL_CHANGED]
									     : "";
}

/* Adds the description of a PO box failure (seed atelio-beneficial-owners: "Sometimes these events may include a
 * description field"). */
static void fill_event_failure(struct use *use, struct event *event)
{
	const char *po_box;

	/* "other" replaces restricted reasons, so it gets no description. */
	if (use->profile->event_shape != SHAPE_ATELIO || !strcmp(use->public_event_data.reason_code, "other"))
		return;
	po_box = case_find_po_box(use);
	if (!po_box)
		return;
	event->error_code = "po_box_failure";
	event->description = po_box;
}

/* The level change in the event. If the level stays the same, both levels are the present level; if approvals set no
 * level, or if this kind of event contains no levels, both are "". */
static struct level_change event_level_change(const struct use *use, enum event_kind kind)
{
	const struct session *session = &use->file.session;

	if (kind != EVENT_LEVEL_CHANGED && kind != EVENT_WITHDRAWN)
		return (struct level_change){ "", "" };
	if (*use->level.to)
		return use->level;
	if (!approval_sets_level(session, use->profile))
		return (struct level_change){ "", "" };
	return (struct level_change){ session->subject.level, session->subject.level };
}

static enum err write_event(struct use *use, enum event_kind kind, struct error *error)
{
	const struct decision *decision = &use->decision;
	const struct level_change level = event_level_change(use, kind);
	bool rejected = use->action == ACTION_REJECT;
	struct event_input input = {
		.event = { .kind = kind,
			   .previous_level = level.from,
			   .level = level.to,
			   .reason_code = use->public_event_data.reason_code,
			   .retryable = decision->retryable,
			   .has_retryable = rejected,
			   .step_ids = use->public_event_data.step_ids,
			   .step_count = use->public_event_data.step_count,
			   .requested_document_ids = use->public_event_data.requested_document_ids,
			   .requested_document_count = use->public_event_data.requested_document_count,
			   .reason_text = use->public_event_data.reason_text },
		.decision_row = decision->row,
		.due_at = decision->undo_until == TIME_NONE ? use->now : decision->undo_until,
		.is_in_output = true,
	};

	if (kind == EVENT_DOCUMENT_REQUIRED) {
		input.event.documents = use->public_event_data.documents;
		input.event.document_count = use->public_event_data.document_count;
		input.link_mark = use->public_event_data.link_mark;
	}
	if (rejected)
		fill_event_failure(use, &input.event);
	if (kind == EVENT_APPROVED || kind == EVENT_REJECTED || kind == EVENT_ATTEMPT_COMPLETED)
		input.event.attempt = event_attempt_of(use);
	return desk_event_write(use, &use->file.session, use->profile, &input, error);
}

static enum err write_main_event(struct use *use, const struct event_choice *what, struct error *error)
{
	const struct profile *names = NULL;
	enum err err = desk_event_profile(use, &use->file.session, use->profile, &names, error);

	if (err)
		return err;
	if (what->has_documents && use->public_event_data.document_count)
		return write_event(use, EVENT_DOCUMENT_REQUIRED, error);
	for (size_t i = 0; i < what->count; i++) {
		if (names->events[what->kinds[i]])
			return write_event(use, what->kinds[i], error);
	}
	return ERR_OK;
}

/* If the level was sent first, the approval also gets its own event, if the profile names one. */
static enum err write_approval_event(struct use *use, struct error *error)
{
	const struct profile *names = NULL;
	enum err err = desk_event_profile(use, &use->file.session, use->profile, &names, error);

	/* For a business only the level is sent, once for each change (webhooks.md "Message format"). */
	if (err || !names->events[EVENT_LEVEL_CHANGED] || !names->events[EVENT_APPROVED] ||
	    use->file.session.subject.kind == SUBJECT_BUSINESS)
		return err;
	return write_event(use, EVENT_APPROVED, error);
}

enum err announce_decision(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	const struct event_choice what =
		select_event(use->action, use->to, use->public_event_data.failure_status, *use->level.to != '\0',
			     approval_sets_level(session, use->profile));
	enum err err = write_main_event(use, &what, error);

	if (!err && what.adds_level_event)
		err = write_event(use, EVENT_LEVEL_CHANGED, error);
	if (!err && what.adds_approval_event)
		err = write_approval_event(use, error);
	return err;
}
