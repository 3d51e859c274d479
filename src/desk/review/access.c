/* Access to a session: makes a new link, or extends the current link. */
#include "link/link.h"

static enum err renew_link(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	int64_t extend_days = use->in->days;
	int64_t standing = 0;
	enum err err = ERR_OK;

	if (extend_days) {
		err = link_extend_days(session, use->now, extend_days, error);
		if (!err)
			err = store_link_generation(use->desk->store, session->row, "", &standing, error);
	} else if (link_is_expired(session, use->now)) {
		err = REFUSE(BLOCKER_STATUS, "", error,
			     "The access to %s expired at %s; extend the access by some days (--extend)",
			     session_label(use->arena, session), time_or_unknown_text(use->arena, session->expires_at));
	}
	if (!err && !standing)
		err = link_renew_url(use->desk, use->arena, session, &use->out->link, error);
	return err;
}

/* Makes a new link, so that the former link stops working, and restarts the reminders. in->days more than 0:
 * extends the current link instead, or makes a link if the session has none. in->days 0: ERR_BLOCKED if the access
 * has expired. ERR_BLOCKED for an expired session. */
enum err use_link(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	bool was_unresponsive = session->unresponsive;
	enum err err = ERR_OK;

	if (session->status == SESSION_EXPIRED)
		err = REFUSE(BLOCKER_STATUS, "", error, "%s is expired; reactivate it to restore the client's access",
			     session_label(use->arena, session));
	if (!err)
		err = renew_link(use, error);
	if (!err)
		err = reminders_restart(use->desk, session, use->profile, error);
	/* A parent case no longer counts this client as unresponsive, and waits for the client again. */
	if (!err && was_unresponsive)
		err = desk_parent_refresh(use->desk, use->arena, session, error);
	use_add_changed_part(use, PART_LINK, NULL);
	if (!*use->out->link) {
		use->audit_action = "link.extend";
		use_set_immaterial(use);
	}
	JSON_ADD(use->detail, { "expires_at", AS_TIME(session->expires_at) },
		 { "new", AS_BOOL(*use->out->link != '\0') });
	use->out->expires_at = session->expires_at;
	return err;
}

/* Returns the current link; the audit log records the view. ERR_NOT_FOUND if the session has no link. */
enum err use_link_show(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	enum err err = link_current_url(use->desk, use->arena, session, &use->out->link, error);

	if (!err && !*use->out->link)
		err = error_set(error, ERR_NOT_FOUND, "%s has no link. Make one with: kybdesk link",
				session_label(use->arena, session));
	use_add_changed_part(use, PART_LINK, NULL);
	json_set_time(use->detail, "expires_at", session->expires_at);
	use->out->expires_at = session->expires_at;
	return err;
}
