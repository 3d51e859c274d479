/* The transaction of a use case: permission, lock, one audit row, and the commit that wakes the deliveries. */
#include "use/use.h"
#include "kybdesk/base/text.h"

enum err desk_require_role(const struct desk *desk, enum role needed, const char *verb, struct error *error)
{
	if (!role_at_least(desk->role, needed))
		return error_set(error, ERR_FORBIDDEN, "%s cannot %s; ask %s %s", role_noun(desk->role), verb,
				 indefinite_article(role_text(needed)), role_text(needed));
	return ERR_OK;
}

enum err desk_require_intake(const struct desk *desk, const char *verb, struct error *error)
{
	if (!role_may_submit(desk->role))
		return error_set(error, ERR_FORBIDDEN, "%s cannot %s; ask an intake user or a reviewer",
				 role_noun(desk->role), verb);
	return ERR_OK;
}

enum err desk_require_writer(const struct desk *desk, enum role needed, const char *verb, struct error *error)
{
	if (desk->store->readonly)
		return error_set(error, ERR_FORBIDDEN, "Cannot %s: the store is open for reading only", verb);
	return desk_require_role(desk, needed, verb, error);
}

enum err desk_begin_write(struct desk *desk, enum role needed, const char *verb, struct error *error)
{
	enum err err = desk_require_writer(desk, needed, verb, error);

	if (!err)
		err = store_begin(desk->store, STORE_WRITE, error);
	if (err)
		return err;
	desk->wrote_event = false;
	/* Reads the actor's role again, since a workbench stays open for days and the role may have changed. */
	err = actor_refresh(desk, error);
	if (!err)
		err = desk_require_role(desk, needed, verb, error);
	if (!err)
		err = rules_refresh(desk, error);
	if (err)
		store_rollback(desk->store);
	return err;
}

enum err desk_write_record(struct desk *desk, const char *action, const struct session *session,
			   struct json_value *detail, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct audit_event event = {
		.at = desk_now(desk),
		.actor = desk->actor,
		.role = role_text(desk->role),
		.action = action,
		.session_id = session ? session->id : "",
		.session_version = session ? session->version : 0,
	};
	enum err err;

	detail = detail ? detail : json_new_object();
	if (desk->caller && *desk->caller->request_id)
		json_set_text(detail, "request", desk->caller->request_id);
	if (desk->world->is_ssh_session)
		json_set_text(detail, "via", "ssh");
	json_write(&text, detail, JSON_COMPACT_LAYOUT, false);
	event.detail = text.buf;
	err = store_audit_append(desk->store, &event, error);
	strbuf_release(&text);
	json_free(detail);
	return err;
}

const char *desk_detail_text(struct arena *arena, const struct audit_event *event, const char *key)
{
	struct json_value *detail = NULL;
	const char *text = NULL;

	if (!json_read(event->detail, strlen(event->detail), &detail, NULL))
		text = json_get_text(detail, key);
	text = arena_strdup(arena, text);
	json_free(detail);
	return text;
}

/* Runs after the commit of the outermost transaction. */
static void run_after_commit(struct desk *desk)
{
	if (store_has_hold(desk->store))
		return;
	if (desk->wrote_event_in_hold && desk->wake)
		desk->wake(desk->wake_context);
	desk->wrote_event_in_hold = false;
	store_maintain(desk->store);
}

enum err desk_finish_write(struct desk *desk, enum err err, struct error *error)
{
	if (err)
		store_rollback(desk->store);
	else
		err = store_commit(desk->store, error); /* rolls back on failure */
	if (err)
		return err;
	desk->wrote_event_in_hold = desk->wrote_event_in_hold || desk->wrote_event;
	run_after_commit(desk);
	return ERR_OK;
}

enum err desk_begin_hold(struct desk *desk, struct error *error)
{
	return store_begin_hold(desk->store, error);
}

enum err desk_end_hold(struct desk *desk, bool keep, struct error *error)
{
	enum err err = store_end_hold(desk->store, keep, error);

	store_bytes_release(desk->store);
	if (!err && keep)
		run_after_commit(desk);
	else if (!store_has_hold(desk->store))
		desk->wrote_event_in_hold = false;
	return err;
}

bool desk_has_lock_waiter(struct desk *desk)
{
	return store_may_have_waiters(desk->store);
}

enum err desk_begin_read(struct desk *desk, struct error *error)
{
	enum err err = store_begin(desk->store, STORE_READ, error);

	if (err)
		return err;
	err = rules_refresh(desk, error);
	if (err)
		store_rollback(desk->store);
	return err;
}

enum err desk_begin_row_read(struct desk *desk, struct error *error)
{
	return store_begin(desk->store, STORE_READ, error);
}

enum err desk_begin_case_read(struct desk *desk, const char *session, int64_t *row, struct error *error)
{
	enum err err = desk_begin_row_read(desk, error);

	*row = 0;
	if (err || !session)
		return err;
	err = store_session_find(desk->store, session, row, error);
	return err ? desk_finish_read(desk, err) : ERR_OK;
}

enum err desk_run_shared_read(struct desk *desk, enum err (*read)(void *context, struct desk *desk), void *context,
			      struct error *error)
{
	enum err err = db_begin_hold(desk->store->db, DB_READ, error);

	if (err)
		return err;
	err = read(context, desk);
	return db_end_hold(desk->store->db, false, NULL) ? ERR_INTERNAL : err;
}

void desk_end_read(struct desk *desk)
{
	store_rollback(desk->store);
}

enum err desk_finish_read(struct desk *desk, enum err err)
{
	desk_end_read(desk);
	return err;
}
