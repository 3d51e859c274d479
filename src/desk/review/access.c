/* Handing out access to a session: a new link, or more time for the present one. */
#include "internal.h"
#include "kybdesk/desk/follow.h"

static enum err check_status(const struct work *work, struct error *error)
{
	const struct session *session = &work->file.session;

	if (session->status != SESSION_EXPIRED)
		return ERR_OK;
	return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error,
			  "%s is expired; reactivate it, which gives its client access again",
			  session_label(work->arena, session));
}

static enum err renew(struct work *work, int64_t extend_days, struct link_result *out, struct error *error)
{
	struct session *session = &work->file.session;
	int64_t standing = 0;
	enum err err = ERR_OK;

	if (extend_days) {
		err = link_extend(session, work->now, extend_days, error);
		if (!err)
			err = store_link_standing(work->desk->store, session->row, "", &standing, error);
	} else if (link_is_expired(session, work->now)) {
		err = refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error,
				 "The access to %s ran out at %s; extend it by some days (--extend)",
				 session_label(work->arena, session),
				 moment_text(work->arena, session->expires_at));
	}
	if (!err && !standing)
		err = link_new(work->desk, work->arena, session, &out->path, error);
	return err;
}

enum err desk_link(struct desk *desk, struct arena *arena, const char *reference, int64_t extend_days,
		   struct link_result *out, struct error *error)
{
	struct work work;
	struct session *session = &work.file.session;
	struct json_value *detail = NULL;
	bool given_up = false;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "give access to a session", error);

	*out = (struct link_result){ .id = "", .path = "", .expires_at = TIME_NONE };
	if (err)
		return err;
	err = check_status(&work, error);
	if (!err)
		err = renew(&work, extend_days, out, error);
	given_up = session->unresponsive;
	if (!err)
		err = reminders_begin(desk, session, work.profile, error);
	/* Who had given this client up waits for them again. */
	if (!err && given_up)
		err = desk_parent_refresh(desk, arena, session, error);
	if (!err) {
		detail = json_new_object();
		json_set_time(detail, "expires_at", session->expires_at);
		json_set_bool(detail, "new", *out->path != '\0');
	}
	err = work_commit(&work, err, *out->path ? "link.new" : "link.extend", detail, false, error);
	if (err)
		return err;
	out->id = session->id;
	out->expires_at = session->expires_at;
	return ERR_OK;
}

enum err desk_link_show(struct desk *desk, struct arena *arena, const char *reference, struct link_result *out,
			struct error *error)
{
	struct work work = { .desk = desk };
	struct session *session = &work.file.session;
	struct json_value *detail;
	enum err err = desk_begin(desk, ROLE_REVIEWER, "see the link of a session", error);

	*out = (struct link_result){ .id = "", .path = "", .expires_at = TIME_NONE };
	if (err)
		return err;
	err = work_load(&work, desk, arena, reference, error);
	if (!err)
		err = link_present(desk, arena, session, &out->path, error);
	if (!err && !*out->path)
		err = error_set(error, ERR_NOT_FOUND, "%s has no link; kybdesk link makes one",
				session_label(arena, session));
	if (!err) {
		detail = json_new_object();
		json_set_time(detail, "expires_at", session->expires_at);
		err = desk_record(desk, "link.show", session, detail, error);
		out->id = session->id;
		out->expires_at = session->expires_at;
	}
	return desk_finish(desk, err, error);
}
