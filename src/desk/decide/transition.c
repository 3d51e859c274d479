/* The reviewer's transitions that decide nothing: no decision is recorded, none can be undone. */
#include "internal.h"
#include "kybdesk/desk/follow.h"

static enum err write_session(struct ruling *ruling, struct error *error)
{
	struct session *session = &ruling->file.session;

	session->status = ruling->to;
	return store_session_update(ruling->desk->store, session, NULL, ruling->now, error);
}

enum err transition_write(struct ruling *ruling, enum err err, const char *action, struct json_value *detail,
			  struct error *error)
{
	struct session *session = &ruling->file.session;

	if (!err)
		err = write_session(ruling, error);
	if (!err)
		err = ruling_write_events(ruling, error);
	if (!err)
		err = desk_case_settle(ruling->desk, &ruling->file, ruling->profile, false, error);
	if (!err)
		err = desk_parent_refresh(ruling->desk, ruling->arena, session, error);
	if (!err) {
		json_set_text(detail, "from", session_status_text(ruling->from));
		json_set_text(detail, "to", session_status_text(ruling->to));
		err = desk_record(ruling->desk, action, session, detail, error);
	} else {
		json_free(detail);
	}
	if (!err) {
		ruling->result->id = session->id;
		ruling->result->from = ruling->from;
		ruling->result->to = ruling->to;
	}
	return err;
}

enum err transition_commit(struct ruling *ruling, enum err err, const char *action, struct json_value *detail,
			   struct error *error)
{
	return desk_finish(ruling->desk, transition_write(ruling, err, action, detail, error), error);
}

enum err desk_escalate(struct desk *desk, struct arena *arena, const char *reference, struct decide_result *out,
		       struct error *error)
{
	struct ruling ruling;
	enum err err = ruling_open(&ruling, desk, arena, reference, ACTION_ESCALATE, NULL, out, error);

	if (!err)
		err = ruling_begin(&ruling, error);
	if (err)
		return err;
	due_start(&ruling.file.session, ruling.profile);
	return transition_commit(&ruling, ERR_OK, "session.escalate", json_new_object(), error);
}

enum err desk_reactivate(struct desk *desk, struct arena *arena, const char *reference, int64_t extend_days,
			 struct decide_result *out, struct error *error)
{
	struct ruling ruling;
	struct session *session = &ruling.file.session;
	struct json_value *detail;
	int64_t life_ms;
	enum err err = ruling_open(&ruling, desk, arena, reference, ACTION_REACTIVATE, NULL, out, error);

	if (!err && (extend_days < 0 || extend_days > EXTEND_DAYS_MAX))
		err = error_set_field(error, ERR_INVALID, "extend",
				      "A link can be extended by 1 to %d days, not by %lld", EXTEND_DAYS_MAX,
				      (long long)extend_days);
	if (!err)
		err = ruling_begin(&ruling, error);
	if (err)
		return err;
	life_ms = ruling.profile->link_ms > 0 ? ruling.profile->link_ms : LINK_DEFAULT_MS;
	session->expires_at = ruling.now + (extend_days ? extend_days * DAY_MS : life_ms);
	detail = json_new_object();
	json_set_time(detail, "expires_at", session->expires_at);
	return transition_commit(&ruling, ERR_OK, "session.reactivate", detail, error);
}
