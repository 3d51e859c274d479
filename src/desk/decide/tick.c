/*
 * What time alone brings about, by the system: access that runs out, reminders to clients who are idle, and giving up
 * on them. Each session is one transaction, so that a long list holds nobody up.
 */
#include "internal.h"
#include "kybdesk/desk/follow.h"

#define BATCH 50
#define BATCHES_MAX 20

typedef enum err list_sessions(struct store *store, struct arena *arena, int64_t now, size_t limit, int64_t **rows,
			       size_t *count, struct error *error);
typedef enum err change_session(struct work *work, bool *changed, struct tick_report *report, struct error *error);

static enum err record(struct work *work, const char *action, struct json_value *detail, struct error *error)
{
	return desk_record(work->desk, action, &work->file.session, detail, error);
}

static enum err write_event(struct work *work, enum event_kind kind, struct error *error)
{
	const struct event_input input = { .kind = kind, .due_at = work->now };

	return desk_event_write(work->desk, work->arena, &work->file.session, work->profile, &input, NULL, NULL,
				error);
}

static enum err expire(struct work *work, bool *changed, struct tick_report *report, struct error *error)
{
	struct session *session = &work->file.session;
	const struct transition_context context = { .profile = work->profile, .before = session->expired_from };
	const struct profile *names = work->profile;
	enum session_status from = session->status, to = from;
	struct json_value *detail;
	enum err err;

	if (!link_is_expired(session, work->now) ||
	    transition_find(from, ACTION_EXPIRE, ROLE_SYSTEM, &context, &to) != TRANSITION_ALLOWED)
		return ERR_OK;
	*changed = true;
	session->expired_from = from;
	session->status = to;
	err = store_session_update(work->desk->store, session, NULL, work->now, error);
	if (!err)
		err = desk_event_profile(work->desk, work->arena, session, work->profile, &names, error);
	if (!err)
		err = write_event(work, names->events[EVENT_EXPIRED] ? EVENT_EXPIRED : EVENT_STATUS_CHANGED, error);
	if (!err)
		err = desk_case_settle(work->desk, &work->file, work->profile, false, error);
	if (!err)
		err = desk_parent_refresh(work->desk, work->arena, session, error);
	if (err)
		return err;
	report->expired++;
	detail = json_new_object();
	json_set_text(detail, "from", session_status_text(from));
	json_set_text(detail, "to", session_status_text(to));
	return record(work, "session.expire", detail, error);
}

static enum err give_up(struct work *work, struct tick_report *report, struct error *error)
{
	struct session *session = &work->file.session;
	struct json_value *detail;
	enum err err;

	session->unresponsive = true;
	session->remind_at = TIME_NONE;
	err = store_session_set_reminders(work->desk->store, session, error);
	if (!err)
		err = store_session_update(work->desk->store, session, NULL, work->now, error);
	if (!err)
		err = desk_case_settle(work->desk, &work->file, work->profile, false, error);
	if (!err)
		err = desk_parent_refresh(work->desk, work->arena, session, error);
	if (err)
		return err;
	report->unresponsive++;
	detail = json_new_object();
	json_set_int(detail, "reminders", session->reminders);
	return record(work, "session.unresponsive", detail, error);
}

static enum err remind(struct work *work, bool *changed, struct tick_report *report, struct error *error)
{
	struct session *session = &work->file.session;
	struct json_value *detail;
	enum err err;

	if (session->remind_at == TIME_NONE || session->remind_at > work->now)
		return ERR_OK;
	*changed = true;
	/* No longer its client's turn, or a workflow that reminds nobody. */
	if (!session_is_with_client(session) || work->profile->link_reminder_ms <= 0)
		return reminders_begin(work->desk, session, work->profile, error);
	if (session->reminders >= work->profile->link_reminders_max)
		return give_up(work, report, error);
	session->reminders++;
	session->reminded_at = work->now;
	session->remind_at = work->now + work->profile->link_reminder_ms;
	err = store_session_set_reminders(work->desk->store, session, error);
	if (!err)
		err = write_event(work, EVENT_LINK_EXPIRING, error);
	if (err)
		return err;
	report->reminded++;
	detail = json_new_object();
	json_set_int(detail, "reminder", session->reminders);
	return record(work, "link.remind", detail, error);
}

/* Under the lock everything is asked again: another process may have been faster. */
static enum err change(struct desk *desk, struct arena *arena, int64_t row, change_session *one,
		       struct tick_report *report, struct error *error)
{
	struct work work = { .desk = desk, .arena = arena, .now = desk_now(desk) };
	bool changed = false;
	enum err err = store_begin(desk->store, STORE_WRITE, error);

	if (err)
		return err;
	desk->wrote_event = false;
	err = desk_case_load(desk, arena, row, &work.file, error);
	if (!err) {
		work.profile = desk_session_profile_or_bare(desk, &work.file.session);
		err = one(&work, &changed, report, error);
	}
	if (!err && changed)
		return desk_commit(desk, error);
	desk_rollback(desk);
	return err;
}

/* One session that cannot be changed holds up none of the others; it is tried again the next time. */
static enum err run(struct desk *desk, list_sessions *list, change_session *one, struct tick_report *report,
		    struct error *error)
{
	enum err err = ERR_OK;

	for (size_t batch = 0; !err; batch++) {
		struct arena arena = ARENA_INIT;
		int64_t *rows = NULL;
		size_t count = 0;

		if (batch == BATCHES_MAX) {
			report->more = true;
			break;
		}
		err = list(desk->store, &arena, desk_now(desk), BATCH, &rows, &count, error);
		for (size_t i = 0; i < count; i++) {
			enum err failed = change(desk, &arena, rows[i], one, report, err ? NULL : error);

			err = err ? err : failed;
		}
		arena_release(&arena);
		if (count < BATCH)
			break;
	}
	return err;
}

enum err desk_tick(struct desk *desk, struct tick_report *out, struct error *error)
{
	struct acting before;
	size_t processed = 0;
	enum err err;

	*out = (struct tick_report){ 0 };
	if (desk->store->readonly)
		return ERR_OK;
	before = actor_become(desk, "system", ROLE_SYSTEM);
	err = desk_process_due(desk, BATCH, &processed, error);
	out->more = processed == BATCH;
	if (!err)
		err = run(desk, store_sessions_expired, expire, out, error);
	if (!err)
		err = run(desk, store_sessions_to_remind, remind, out, error);
	actor_return(desk, before);
	return err;
}
