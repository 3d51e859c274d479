/*
 * A decision: looked at without a lock, as the reviewer sees the case; then, if
 * nothing has changed in between, written whole: session, decision with its
 * evidence, subject's level, counters, parent, outbox, audit.
 */
#include "internal.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/domain/ownership.h"

#include <string.h>

static void remember_before(struct ruling *ruling)
{
	const struct session *session = &ruling->file.session;
	struct decision *decision = &ruling->decision;

	decision->before_status = session->status;
	decision->before_final = session->final_decision;
	decision->before_decided_by = session->decided_by;
	decision->before_decided_at = session->decided_at;
	decision->before_reason = session->decision_reason;
	decision->before_retryable = session->retryable;
}

static void take_evidence(struct ruling *ruling)
{
	struct strbuf text = STRBUF_INIT;
	struct checklist_item *checklist;
	size_t count = 0;
	uint8_t hash[SHA256_SIZE];
	char *hex = arena_alloc(ruling->arena, SHA256_HEX_SIZE);

	checklist = gate_checklist(ruling->arena, &ruling->file, &ruling->context, &count);
	evidence_write(&text, &ruling->file, checklist, count, ruling->profile);
	sha256_once(text.buf, text.len, hash);
	hex_encode(hash, sizeof hash, hex);
	ruling->decision.evidence_json = strbuf_to_arena(&text, ruling->arena);
	ruling->decision.evidence_sha256 = hex;
	ruling->decision.profile_version = ruling->profile->version;
	strbuf_release(&text);
}

static enum err load(struct ruling *ruling, const char *reference, struct error *error)
{
	struct desk *desk = ruling->desk;
	int64_t row = 0;
	size_t problems = 0;
	enum err err = store_session_find(desk->store, reference, &row, error);

	if (!err)
		err = desk_case_load(desk, ruling->arena, row, &ruling->file, error);
	if (!err)
		err = desk_session_profile(desk, &ruling->file.session, &ruling->profile, error);
	if (!err)
		ownership_compute(ruling->arena, &ruling->file, ruling->profile, &problems);
	return err;
}

static enum err look(struct ruling *ruling, const char *reference, int64_t seen_version, struct error *error)
{
	struct blockers blockers = { 0 };
	enum err err = load(ruling, reference, error);

	if (err)
		return err;
	ruling->from = ruling->file.session.status;
	err = action_permit(ruling->desk, ruling->arena, &ruling->file, ruling->profile, ruling->action,
			    &ruling->to, error);
	if (err)
		return err;
	ruling->context = desk_gate_context(ruling->desk, &ruling->file, ruling->profile, seen_version);
	err = desk_gate_facts(ruling->desk, ruling->arena, &ruling->file, &ruling->context, error);
	if (err)
		return err;
	err = desk_gate(ruling->desk, ruling->arena, &ruling->file, &ruling->context, ruling->action, true,
			&blockers, error);
	if (!err && blockers.count)
		err = refuse(action_verb(ruling->action), &ruling->file.session, &blockers, error);
	/* The table alone knows where an expired case may go back to. */
	if (!err && ruling->to == ruling->from)
		err = refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error, "%s",
				 transition_sentence(ruling->arena, ruling->from, ruling->action,
						     ruling->desk->role, TRANSITION_WRONG_STATUS));
	return err;
}

enum err ruling_open(struct ruling *ruling, struct desk *desk, struct arena *arena, const char *reference,
		     enum action action, const struct decide_options *options, struct decide_result *result,
		     struct error *error)
{
	enum err err = desk_require_change(desk, action_role(action), action_verb(action), error);

	*ruling = (struct ruling){ .desk = desk,
				   .arena = arena,
				   .action = action,
				   .level = { "", "" },
				   .reason_code = "",
				   .reason_text = "",
				   .trouble = CHECK_PASSED,
				   .result = result };
	*result = (struct decide_result){
		.id = "", .level_from = "", .level_to = "", .undo_until = TIME_NONE, .event = ""
	};
	decision_init(&ruling->decision);
	if (!err)
		err = grace_find(options, &ruling->grace_ms, error);
	if (!err && options && options->note) {
		err = text_check("note", "The note", options->note, false, error);
		ruling->decision.note = options->note;
	}
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = look(ruling, reference, options ? options->seen_version : 0, error);
	desk_end_read(desk);
	if (err)
		return err;
	take_evidence(ruling);
	return ERR_OK;
}

/* Somebody was faster: the case as it is now says who. */
static enum err lost(struct ruling *ruling, int64_t seen_version, struct error *error)
{
	struct case_file now;
	struct blockers blockers = { 0 };
	struct gate_context context;
	enum err err = desk_case_load(ruling->desk, ruling->arena, ruling->file.session.row, &now, error);

	if (err)
		return err;
	context = desk_gate_context(ruling->desk, &now, ruling->profile, seen_version);
	err = desk_gate(ruling->desk, ruling->arena, &now, &context, ruling->action, false, &blockers, error);
	return err ? err : refuse(action_verb(ruling->action), &now.session, &blockers, error);
}

enum err ruling_begin(struct ruling *ruling, struct error *error)
{
	struct desk *desk = ruling->desk;
	struct blockers blockers = { 0 };
	struct session fresh;
	int64_t seen = ruling->file.session.version;
	enum err err = desk_begin(desk, action_role(ruling->action), action_verb(ruling->action), error);

	if (err)
		return err;
	err = store_session_load(desk->store, ruling->arena, ruling->file.session.row, &fresh, error);
	if (!err && fresh.version != seen)
		err = lost(ruling, seen, error);
	if (err)
		goto out;
	/* The same version: only claim and level, which it does not cover, may be newer. */
	ruling->file.session = fresh;
	ruling->now = desk_now(desk);
	ruling->context = desk_gate_context(desk, &ruling->file, ruling->profile, seen);
	gate_check_conflicts(ruling->arena, &ruling->file, &ruling->context, &blockers);
	if (blockers.count)
		err = refuse(action_verb(ruling->action), &fresh, &blockers, error);
	/* The role may have been taken away meanwhile. */
	if (!err)
		err = action_permit(desk, ruling->arena, &ruling->file, ruling->profile, ruling->action,
				    &ruling->to, error);
	if (!err)
		remember_before(ruling);
out:
	if (err)
		desk_rollback(desk);
	return err;
}

static enum err write_session(struct ruling *ruling, struct error *error)
{
	struct desk *desk = ruling->desk;
	struct session *session = &ruling->file.session;
	enum err err;

	session->status = ruling->to;
	session->decided_here = true;
	session->assignee = "";
	session->claimed_at = TIME_NONE;
	session->claim_expires_at = TIME_NONE;
	err = store_session_update(desk->store, session, NULL, ruling->now, error);
	if (!err && *ruling->level.to) {
		err = store_subject_set_level(desk->store, session->subject.row, ruling->level.to, error);
		session->subject.level = ruling->level.to;
	}
	return err;
}

static enum err write_decision(struct ruling *ruling, struct error *error)
{
	struct decision *decision = &ruling->decision;
	/* Back to review can't be undone by the table, so nobody waits for that. */
	bool held = ruling->grace_ms > 0 && ruling->action != ACTION_REOPEN;

	decision->by = ruling->desk->actor;
	decision->by_role = ruling->desk->role;
	decision->at = ruling->now;
	decision->held_until = held ? ruling->now + ruling->grace_ms : TIME_NONE;
	/* Only when it changed: another session of the same user may have raised it. */
	decision->before_level = *ruling->level.to ? ruling->level.from : "";
	return store_decision_insert(ruling->desk->store, ruling->file.session.row, decision, error);
}

/* What happened, most telling first; the first that the profile has a name for is told. */
struct happening {
	enum event_kind kinds[4];
	size_t count;
	bool asks_documents; /* told as that, when documents are asked for: not in two shapes */
	bool level_too;	     /* a level changes with something that is told by itself */
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
	case ACTION_REOPEN:
		/* What stands no longer is told to everybody whom it was told, by the level where there is one. */
		if (has_level)
			happened(&what, EVENT_LEVEL_CHANGED);
		happened(&what, EVENT_WITHDRAWN);
		happened(&what, EVENT_UNDER_REVIEW);
		break;
	case ACTION_WITHDRAW_CORRECTIONS:
		happened(&what, EVENT_WITHDRAWN);
		happened(&what, EVENT_UNDER_REVIEW);
		break;
	case ACTION_SUBMIT:
		if (to == SESSION_MANUAL_REVIEW)
			happened(&what, EVENT_UNDER_REVIEW);
		break;
	case ACTION_ESCALATE:
	case ACTION_RESOLVE_CORRECTIONS:
	case ACTION_RESUBMIT:
		happened(&what, EVENT_UNDER_REVIEW);
		what.level_too = level_changes;
		break;
	case ACTION_EXPIRE:
		happened(&what, EVENT_EXPIRED);
		break;
	case ACTION_START:
	case ACTION_COMPLETE:
	case ACTION_PROCESS:
	case ACTION_REACTIVATE:
	case ACTION_UNDO: /* within the grace time: nothing was told yet */
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

const char *ruling_event_type(const struct session *session, const struct profile *profile, enum action action,
			      bool level_changes)
{
	const struct happening what =
		happening_of(action, session->status, CHECK_PASSED, level_changes, has_level(session, profile));

	for (size_t i = 0; i < what.count; i++) {
		if (profile->events[what.kinds[i]])
			return profile->events[what.kinds[i]];
	}
	return what.level_too && profile->events[EVENT_LEVEL_CHANGED] ? profile->events[EVENT_LEVEL_CHANGED] : "";
}

/* seed atelio-beneficial-owners, "Sometimes these events may include a description field". */
static void explain_failure(struct ruling *ruling, struct event_input *input)
{
	const char *po_box;

	/* What stands for every restricted reason has no words of its own. */
	if (ruling->profile->event_shape != SHAPE_ATELIO || !strcmp(ruling->reason_code, "other"))
		return;
	po_box = case_po_box(ruling->desk, ruling->arena, &ruling->file, ruling->profile);
	if (!po_box)
		return;
	input->error_code = "po_box_failure";
	input->description = po_box;
}

/* Told as a change of level also where it stays: then what is told is that nothing was decided about it. */
static struct level_change level_told(const struct ruling *ruling, enum event_kind kind)
{
	const struct session *session = &ruling->file.session;

	if (kind != EVENT_LEVEL_CHANGED && kind != EVENT_WITHDRAWN)
		return (struct level_change){ "", "" };
	if (*ruling->level.to)
		return ruling->level;
	if (!has_level(session, ruling->profile))
		return (struct level_change){ "", "" };
	return (struct level_change){ session->subject.level, session->subject.level };
}

static enum err write_event(struct ruling *ruling, enum event_kind kind, struct error *error)
{
	const struct decision *decision = &ruling->decision;
	const struct level_change level = level_told(ruling, kind);
	bool rejected = ruling->action == ACTION_REJECT;
	struct event_input input = {
		.kind = kind,
		.previous_level = level.from,
		.level = level.to,
		.reason_code = ruling->reason_code,
		.retryable = decision->retryable,
		.has_retryable = rejected,
		.step_ids = ruling->step_ids,
		.step_count = ruling->step_count,
		.reason_text = ruling->reason_text,
		.decision_row = decision->row,
		.due_at = decision->held_until == TIME_NONE ? ruling->now : decision->held_until,
	};

	if (kind == EVENT_DOCUMENT_REQUIRED) {
		input.documents = ruling->documents;
		input.document_count = ruling->document_count;
		input.link_mark = ruling->link_mark;
	}
	if (rejected)
		explain_failure(ruling, &input);
	if (kind == EVENT_APPROVED || kind == EVENT_REJECTED || kind == EVENT_ATTEMPT_COMPLETED)
		input.attempt = event_attempt_of(ruling->desk, ruling->arena, &ruling->file.session,
						 ruling->profile, decision, ruling->now);
	return desk_event_write(ruling->desk, ruling->arena, &ruling->file.session, ruling->profile, &input,
				&ruling->result->event, &ruling->result->deliveries, error);
}

static enum err write_first(struct ruling *ruling, const struct happening *what, struct error *error)
{
	const struct profile *names = NULL;
	enum err err = desk_event_profile(ruling->desk, ruling->arena, &ruling->file.session, ruling->profile,
					  &names, error);

	if (err)
		return err;
	if (what->asks_documents && ruling->document_count)
		return write_event(ruling, EVENT_DOCUMENT_REQUIRED, error);
	for (size_t i = 0; i < what->count; i++) {
		if (names->events[what->kinds[i]])
			return write_event(ruling, what->kinds[i], error);
	}
	return ERR_OK;
}

enum err ruling_write_events(struct ruling *ruling, struct error *error)
{
	const struct session *session = &ruling->file.session;
	const struct happening what = happening_of(ruling->action, ruling->to, ruling->trouble,
						   *ruling->level.to != '\0', has_level(session, ruling->profile));
	enum err err = write_first(ruling, &what, error);

	if (!err && what.level_too)
		err = write_event(ruling, EVENT_LEVEL_CHANGED, error);
	return err;
}

static enum err write_audit(struct ruling *ruling, const char *action, struct json_value *detail,
			    struct error *error)
{
	const struct decision *decision = &ruling->decision;

	json_set_int(detail, "decision", decision->number);
	json_set_text(detail, "from", session_status_text(ruling->from));
	json_set_text(detail, "to", session_status_text(ruling->to));
	if (*decision->reason && ruling->action == ACTION_REJECT) {
		json_set_text(detail, "reason", decision->reason);
		json_set_bool(detail, "retryable", decision->retryable);
	}
	if (*ruling->level.to) {
		json_set_text(detail, "level_from", ruling->level.from);
		json_set_text(detail, "level_to", ruling->level.to);
	}
	if (*ruling->result->event)
		json_set_text(detail, "event", ruling->result->event);
	json_set_time(detail, "held_until", decision->held_until);
	json_set_int(detail, "profile_version", decision->profile_version);
	json_set_text(detail, "evidence_sha256", decision->evidence_sha256);
	return desk_record(ruling->desk, action, &ruling->file.session, detail, error);
}

static void fill_result(struct ruling *ruling)
{
	struct decide_result *result = ruling->result;

	result->id = ruling->file.session.id;
	result->from = ruling->from;
	result->to = ruling->to;
	result->level_from = *ruling->level.to ? ruling->level.from : "";
	result->level_to = ruling->level.to;
	result->undo_until = ruling->decision.held_until;
}

enum err ruling_write(struct ruling *ruling, enum err err, const char *action, struct json_value *detail,
		      struct error *error)
{
	if (!err)
		err = write_session(ruling, error);
	if (!err)
		err = write_decision(ruling, error);
	if (!err)
		err = ruling_write_events(ruling, error);
	if (!err)
		err = desk_case_settle(ruling->desk, &ruling->file, ruling->profile, false, error);
	if (!err)
		err = desk_parent_refresh(ruling->desk, ruling->arena, &ruling->file.session, error);
	if (!err)
		err = write_audit(ruling, action, detail, error);
	else
		json_free(detail);
	if (!err)
		fill_result(ruling);
	return err;
}

enum err ruling_commit(struct ruling *ruling, enum err err, const char *action, struct json_value *detail,
		       struct error *error)
{
	return desk_finish(ruling->desk, ruling_write(ruling, err, action, detail, error), error);
}

void ruling_of_system(struct ruling *ruling, struct desk *desk, struct arena *arena, const struct case_file *file,
		      const struct gate_context *context, enum action action, enum session_status to,
		      struct decide_result *result)
{
	*ruling = (struct ruling){ .desk = desk,
				   .arena = arena,
				   .action = action,
				   .now = desk_now(desk),
				   .file = *file,
				   .profile = context->profile,
				   .context = *context,
				   .from = file->session.status,
				   .to = to,
				   .level = { "", "" },
				   .reason_code = "",
				   .reason_text = "",
				   .trouble = CHECK_PASSED,
				   .result = result };
	decision_init(&ruling->decision);
	take_evidence(ruling);
	remember_before(ruling);
}
