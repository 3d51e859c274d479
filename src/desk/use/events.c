/* Events of the outbox: the event's name from the profile, and its body, which is written once and never changed. */
#include "kybdesk/store/outbox.h"
#include "use/use.h"
#include "kybdesk/codec/event_codec.h"

/* --- event names, from the session's workflow; for a party's session also from the parent's workflow --- */

static void override_event_names(const struct profile *parent, struct profile *names)
{
	/* A subsession uses the separate event name for its changed status, if the profile has one. */
	if (names->events[EVENT_SUBSESSION_STATUS_CHANGED])
		names->events[EVENT_STATUS_CHANGED] = names->events[EVENT_SUBSESSION_STATUS_CHANGED];
	for (size_t kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		if (parent->parties.events[kind])
			names->events[kind] = parent->parties.events[kind];
	}
}

enum err desk_event_profile(const struct use *use, const struct session *session, const struct profile *profile,
			    const struct profile **out, struct error *error)
{
	struct session parent;
	const struct profile *parents = NULL;
	struct profile *names;
	enum err err;

	*out = profile;
	if (!session->parent_row)
		return ERR_OK;
	err = store_session_load(use->desk->store, use->arena, session->parent_row, &parent, error);
	if (!err)
		err = desk_session_profile_or_empty(use->desk, &parent, &parents, error);
	if (err)
		return err;
	names = arena_alloc(use->arena, sizeof *names);
	memcpy(names, profile, sizeof *names);
	override_event_names(parents, names);
	*out = names;
	return ERR_OK;
}

/* --- events --- */

const struct event_attempt *event_attempt_of(const struct use *use)
{
	const struct session *session = &use->file.session;
	const struct profile *profile = use->profile;
	const struct decision *decision = &use->decision;
	const struct reason *reason = reason_find(&use->desk->reasons, REASONS_SESSION, decision->reason);
	struct event_attempt *attempt;

	if (!profile->attempts.level_name || !*profile->attempts.level_name)
		return NULL;
	attempt = arena_alloc(use->arena, sizeof *attempt);
	*attempt = (struct event_attempt){
		.id = id_derive_part(use->arena, session->id, "attempt", (size_t)session->attempt_number),
		.level_name = profile->attempts.level_name,
		.result = session->final_decision,
		.message = "",
		.created_at = session->submitted_at != TIME_NONE ? session->submitted_at : session->created_at,
		.updated_at = use->now,
	};
	if (decision->kind == DECISION_REJECT) {
		attempt->message =
			reason ? reason_public_message(&use->desk->reasons, REASONS_SESSION, reason, decision->message)
			       : decision->message;
		attempt->retryable = decision->retryable;
	}
	return attempt;
}

enum err desk_event_write(struct use *use, const struct session *session, const struct profile *profile,
			  const struct event_input *input, struct error *error)
{
	struct desk *desk = use->desk;
	const struct profile *names = profile;
	struct event event = input->event;
	struct strbuf body = STRBUF_INIT;
	int64_t sequence = 0, now = desk_now(desk);
	struct session parent = { .custom_tags_json = "" };
	enum err err = desk_event_profile(use, session, profile, &names, error);

	if (err || desk->skip_events || !names->events[event.kind])
		return err;
	if (session->parent_row)
		err = store_session_load(desk->store, use->arena, session->parent_row, &parent, error);
	if (!err)
		err = store_session_next_sequence(desk->store, session->row, &sequence, error);
	if (err)
		return err;
	event.shape = profile->event_shape;
	event.type = names->events[event.kind];
	event.at = now;
	event.uid = session->subject.uid;
	event.session_id = session->id;
	event.external_ref = session->external_ref;
	event.parent_id = session->parent_id;
	event.session_kind = session->kind;
	event.kyb_id = session->subject.kyb_id;
	event.sequence = sequence;
	event.status = session->status;
	event.custom_tags_json = session->custom_tags_json;
	event.parent_custom_tags_json = parent.custom_tags_json;
	event_write(&body, &event);
	struct new_event stored = {
		.session_row = session->row,
		.merchant_row = session->merchant_row,
		.decision_row = input->decision_row,
		.order_row = input->order_row,
		.type = event.type,
		.sequence = sequence,
		.body = body.buf,
		.length = body.len,
		.traceparent = desk->caller ? desk->caller->trace : NULL,
		.link_mark = event.document_count ? input->link_mark : "",
		.now = now,
		.due_at = input->due_at,
	};
	err = store_event_insert(desk->store, &stored, error);
	strbuf_release(&body);
	if (err)
		return err;
	desk->wrote_event = true;
	if (input->is_in_output && !*use->out->event)
		use->out->event = arena_strdup(use->arena, event.type);
	if (input->is_in_output)
		use->out->deliveries += stored.deliveries;
	return ERR_OK;
}
