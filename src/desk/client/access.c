/* Merchant verbs on a session: extend its access, hide it from the merchant's lists. */
#include "client/client.h"
#include "link/link.h"
#include "use/refusal.h"
#include "use/settle.h"
#include "kybdesk/store/related.h"

/* Reads in->days, in->hours. The present link stays valid. */
enum err use_extend(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err = ERR_OK;

	if (session->status == SESSION_EXPIRED)
		return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error,
				  "%s is expired; a reviewer can reactivate it",
				  session_label(use->arena, session));
	if (session->status == SESSION_APPROVED || session->status == SESSION_REJECTED)
		return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error,
				  "%s is %s: the client has nothing left to submit",
				  session_label(use->arena, session), session_status_title(session->status));
	err = use->in->hours ? link_extend_hours(session, use->now, use->in->hours, error)
			     : link_extend(session, use->now, use->in->days, error);
	if (!err)
		err = reminders_restart(use->desk, session, use->profile, error);
	json_set_time(use->detail, "expires_at", session->expires_at);
	use->out->expires_at = session->expires_at;
	return err;
}

/* Hides the session from the merchant, and ends its links. No data is erased: the desk still lists and decides the
 * session. */
enum err use_hide(struct use *use, struct error *error)
{
	if (use->file.session.hidden) {
		use->nothing = true;
		return ERR_OK;
	}
	use->file.session.hidden = true;
	return store_link_revoke(use->desk->store, use->file.session.row, use->now, error);
}
