/* The system's work that becomes due by time alone: ends access that has expired, reminds idle clients, stops
 * waiting for unresponsive clients, deletes uploads without their second side, and recomputes counters after
 * changes in other cases. Each session is one transaction, so that a long list does not block other writers. */
#include "decide/decide.h"
#include "kybdesk/desk/decide.h"
#include "link/link.h"

#define BATCH_SIZE 50
#define BATCHES_MAX 20
#define LOCK_MS 20 /* longest lock of one transaction; checked after each case */

static enum err write_event(struct use *use, enum event_kind kind, struct error *error)
{
	const struct event_input input = { .event.kind = kind, .due_at = use->now };

	return desk_event_write(use, &use->file.session, use->profile, &input, error);
}

enum err use_expire(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	const struct transition_context context = { .profile = use->profile,
						    .status_before = session->status_before_expiry };
	const struct profile *names = use->profile;
	enum session_status from = session->status, to = from;
	enum err err;

	/* Checks again under the lock: another process may have been faster. */
	if ((!link_is_expired(session, use->now) && !sandbox_expires_session(use->desk, session)) ||
	    transition_find(from, ACTION_EXPIRE, ROLE_SYSTEM, &context, &to) != TRANSITION_ALLOWED) {
		use->has_no_change = true;
		return ERR_OK;
	}
	session->status_before_expiry = from;
	session->status = to;
	err = store_session_update(use->desk->store, session, NULL, use->now, error);
	if (!err)
		err = desk_event_profile(use, session, use->profile, &names, error);
	if (!err)
		err = write_event(use, names->events[EVENT_EXPIRED] ? EVENT_EXPIRED : EVENT_STATUS_CHANGED, error);
	if (!err)
		err = decision_refresh_case(use, error);
	if (err)
		return err;
	use->out->from = from;
	use->out->to = to;
	JSON_ADD(use->detail, { "from", AS_TEXT(session_status_text(from)) },
		 { "to", AS_TEXT(session_status_text(to)) });
	return use_write_record(use, error);
}

static enum err mark_client_unresponsive(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err;

	session->unresponsive = true;
	session->remind_at = TIME_NONE;
	err = store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_REMINDERS, error);
	if (!err)
		err = store_session_update(use->desk->store, session, NULL, use->now, error);
	if (!err)
		err = decision_refresh_case(use, error);
	if (err)
		return err;
	json_set_int(use->detail, "reminders", session->reminders);
	use->audit_action = "session.unresponsive";
	return use_write_record(use, error);
}

enum err use_remind(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err;

	if (session->remind_at == TIME_NONE ||
	    (session->remind_at > use->now && !sandbox_reminds_client(use->desk, session))) {
		use->has_no_change = true;
		return ERR_OK;
	}
	/* No reminder is due if the case no longer waits for the client, or if the workflow has no reminders. */
	if (!session_is_with_client(session) || use->profile->link_reminder_ms <= 0)
		return reminders_restart(use->desk, session, use->profile, error);
	if (session->reminders >= use->profile->link_reminders_max)
		return mark_client_unresponsive(use, error);
	session->reminders++;
	session->reminded_at = use->now;
	session->remind_at = use->now + use->profile->link_reminder_ms;
	err = store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_REMINDERS, error);
	if (!err)
		err = write_event(use, EVENT_LINK_EXPIRING, error);
	if (err)
		return err;
	json_set_int(use->detail, "reminder", session->reminders);
	return use_write_record(use, error);
}

static void add_to_tick_report(struct tick_report *report, const struct use_out *out)
{
	if (!strcmp(out->audit_action, "session.expire"))
		report->expired++;
	else if (!strcmp(out->audit_action, "session.unresponsive"))
		report->unresponsive++;
	else if (!strcmp(out->audit_action, "link.remind"))
		report->reminded++;
}

/* A session that fails does not block the others; the next tick retries it. */
static enum err run_due_verb(struct desk *desk, enum due_kind due_kind, enum verb verb, struct tick_report *report,
			     struct error *error)
{
	enum err err = ERR_OK;

	for (size_t batch = 0; !err; batch++) {
		struct arena arena = ARENA_INIT;
		struct due_rows due = { .now = desk_now(desk), .limit = BATCH_SIZE };

		if (batch == BATCHES_MAX) {
			report->more = true;
			break;
		}
		struct clock_check clock = { 0 };

		err = store_due_session_list(desk->store, &arena, due_kind, &due, error);
		if (!err && due.rows.count && !desk->store->sandbox)
			err = desk_clock_check(desk, &clock, error);
		if (clock.may_be_ahead) {
			report->clock_may_be_ahead = true;
			due.rows.count = 0;
		}
		for (size_t i = 0; i < due.rows.count; i++) {
			struct use_in in = { .verb = verb, .capacity = CAPACITY_SYSTEM, .row = due.rows.items[i] };
			struct use_out out;
			enum err failed = desk_do(desk, &arena, &in, &out, err ? NULL : error);

			err = err ? err : failed;
			if (!failed)
				add_to_tick_report(report, &out);
		}
		arena_release(&arena);
		if (due.rows.count < BATCH_SIZE)
			break;
	}
	return err;
}

/* Recomputes the counters of the cases `rows` in one transaction, as many as the lock time allows. *done: the
 * number of cases before the end or the first failure. */
static enum err recount_until_limit(struct desk *desk, struct arena *arena, const struct row_list *rows, size_t *done,
				    struct error *error)
{
	int64_t began = world_monotonic_ms(desk->world);
	enum err err;

	desk->wrote_event = false;
	err = rules_refresh(desk, error);
	for (*done = 0; !err && *done < rows->count; (*done)++) {
		if (*done && world_monotonic_ms(desk->world) - began >= LOCK_MS)
			break;
		err = desk_case_recount(desk, arena, rows->items[*done], error);
		if (err)
			break;
	}
	return desk_finish_write(desk, err, error);
}

/* Recomputes the counters of all cases `rows`, in as many transactions as needed. A case that fails does not block
 * the others, as in run_due_verb(). */
static enum err recount_cases(struct desk *desk, struct arena *arena, struct row_list *rows, struct error *error)
{
	enum err err = ERR_OK;

	while (rows->count) {
		size_t done;
		enum err failed = store_begin(desk->store, STORE_WRITE, err ? NULL : error);

		if (failed)
			return err ? err : failed;
		failed = recount_until_limit(desk, arena, rows, &done, err ? NULL : error);
		/* If all cases were counted but the commit failed, the next tick retries all cases. */
		if (failed && done == rows->count)
			return err ? err : failed;
		if (failed && done) {
			struct row_list before = { rows->items, done };

			if (!err)
				error_release(error);
			failed = recount_cases(desk, arena, &before, err ? NULL : error);
		} else if (failed) {
			done = 1;
		}
		err = err ? err : failed;
		rows->items += done;
		rows->count -= done;
	}
	return err;
}

/* *behind: the row before this batch, afterwards the last row of the batch; -1: count no further batch now. */
static enum err recount_batch(struct desk *desk, int64_t *behind, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct due_rows due = { .now = *behind, .limit = BATCH_SIZE };
	enum err err = store_due_session_list(desk->store, &arena, DUE_RECOUNT, &due, error);

	*behind = !err && due.rows.count == BATCH_SIZE ? due.rows.items[BATCH_SIZE - 1] : -1;
	if (!err)
		err = recount_cases(desk, &arena, &due.rows, error);
	if (due.rows.count)
		*behind = -1;
	arena_release(&arena);
	return err;
}

/* Recomputes the counters of only one batch in each tick, since a batch that failed would be read again and again. */
static enum err recount_aged_cases(struct desk *desk, struct tick_report *report, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct due_rows due = { .now = desk_now(desk), .limit = BATCH_SIZE };
	enum err err = store_due_session_list(desk->store, &arena, DUE_COUNTERS_EXPIRED, &due, error);

	report->more = report->more || due.rows.count == BATCH_SIZE;
	if (!err)
		err = recount_cases(desk, &arena, &due.rows, error);
	arena_release(&arena);
	return err;
}

static enum err recount_marked_cases(struct desk *desk, struct tick_report *report, struct error *error)
{
	int64_t behind = 0;
	enum err err = ERR_OK;

	for (size_t batch = 0; behind >= 0 && batch < BATCHES_MAX; batch++) {
		enum err failed = recount_batch(desk, &behind, err ? NULL : error);

		err = err ? err : failed;
	}
	report->more = report->more || behind >= 0;
	return err;
}

/* Keeps the first failure in *err; a failed task does not stop the next ones. */
static struct error *keep_first_error(enum err *err, enum err failed, struct error *error)
{
	*err = *err ? *err : failed;
	return *err ? NULL : error;
}

enum err desk_tick(struct desk *desk, struct tick_report *out, struct error *error)
{
	struct saved_actor before;
	size_t processed = 0;
	enum err err = ERR_OK;

	*out = (struct tick_report){ 0 };
	if (desk->store->readonly)
		return ERR_OK;
	error = keep_first_error(&err, desk_process_due(desk, BATCH_SIZE, &processed, error), error);
	out->more = processed == BATCH_SIZE;
	error = keep_first_error(&err, run_due_verb(desk, DUE_EXPIRY, VERB_EXPIRE, out, error), error);
	error = keep_first_error(&err, run_due_verb(desk, DUE_REMINDER, VERB_REMIND, out, error), error);
	error = keep_first_error(&err, run_due_verb(desk, DUE_INCOMPLETE_UPLOAD, VERB_DOCUMENT_END, out, error), error);
	before = actor_become(desk, SYSTEM_NAME, ROLE_SYSTEM);
	error = keep_first_error(&err, recount_marked_cases(desk, out, error), error);
	error = keep_first_error(&err, recount_aged_cases(desk, out, error), error);
	actor_restore(desk, before);
	(void)keep_first_error(&err, idempotent_answers_purge(desk, error), error);
	return err;
}
