/* Alerts for a lead when a level would otherwise change, or stay, unnoticed. */
#include "decide/decide.h"
#include "kybdesk/desk/subject.h"
#include "kybdesk/store/subject.h"
#include "use/refusal.h"
#include "use/transaction.h"

#include <stdlib.h>
#include <string.h>

enum err alert_raise(struct desk *desk, const struct session *session, enum alert_kind kind, struct error *error)
{
	const struct alert alert = { .session_row = session->row, .kind = kind, .raised_at = desk_now(desk) };
	struct json_value *detail;
	bool raised = false;
	enum err err = store_alert_raise(desk->store, session->subject.row, &alert, &raised, error);

	if (err || !raised)
		return err;
	detail = json_new_object();
	json_set_text(detail, "kind", alert_kind_text(kind));
	return desk_record(desk, "alert.raise", session, detail, error);
}

enum err alert_of_decision(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	const struct reason *reason =
		use->action == ACTION_REJECT
			? reason_find(&use->desk->reasons, REASONS_SESSION, use->decision.reason)
			: NULL;
	const char *first = profile_level_initial(use->profile, session->subject.kind);
	struct standing_level others;
	enum err err;

	if (!reason || reason->disclosure != DISCLOSURE_RESTRICTED)
		return ERR_OK;
	err = level_of_others(use->desk, use->arena, session, &others, error);
	if (err || (!others.approvals && !strcmp(session->subject.level, first)))
		return err;
	return alert_raise(use->desk, session, ALERT_RESTRICTED_REJECTION, error);
}

static enum err close_one(struct desk *desk, struct alert *alert, const char *reason, struct error *error)
{
	alert->closed_at = desk_now(desk);
	alert->closed_by = desk->actor;
	alert->reason = reason;
	return store_alert_close(desk->store, alert, error);
}

static enum err open_alerts(struct use *use, struct alert_list *out, struct error *error)
{
	const struct alert_filter filter = { .session = use->file.session.row, .limit = ALERTS_MAX };

	return store_alert_list(use->desk->store, use->arena, &filter, out, error);
}

enum err alert_take_back(struct use *use, enum alert_kind kind, struct error *error)
{
	struct alert_list alerts;
	enum err err = open_alerts(use, &alerts, error);

	for (size_t i = 0; !err && i < alerts.count; i++) {
		if (alerts.items[i].kind == kind)
			err = close_one(use->desk, &alerts.items[i], "The decision was undone", error);
	}
	return err;
}

/* Reads in->reason. */
enum err use_alert_close(struct use *use, struct error *error)
{
	struct alert_list alerts;
	struct json_value *kinds = json_new_array();
	enum err err = open_alerts(use, &alerts, error);

	if (!err && !alerts.count)
		err = error_set(error, ERR_NOT_FOUND, "%s has no open alert",
				session_label(use->arena, &use->file.session));
	for (size_t i = 0; !err && i < alerts.count; i++) {
		err = close_one(use->desk, &alerts.items[i], use->in->reason, error);
		json_append(kinds, json_new_string(alert_kind_text(alerts.items[i].kind)));
	}
	json_set(use->detail, "kinds", kinds);
	return err;
}

static enum err read_cursor(const char *text, int64_t *row, struct error *error)
{
	char *end = NULL;
	long long value = *text ? strtoll(text, &end, 10) : 0;

	*row = value;
	if (!*text || (end && !*end && value > 0))
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "after",
			       "\"%s\" is not a cursor; use the cursor from the previous page", text);
}

enum err desk_alerts(struct desk *desk, struct arena *arena, const char *after, size_t limit,
		     struct alert_page *out, struct error *error)
{
	struct alert_filter filter = { .limit = limit + 1 };
	struct alert_list found = { 0 };
	enum err err;

	*out = (struct alert_page){ .next = "" };
	err = read_cursor(after ? after : "", &filter.after_row, error);
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = store_alert_list(desk->store, arena, &filter, &found, error);
	desk_end_read(desk);
	out->items = found.items;
	out->count = found.count;
	if (!err && out->count > limit) {
		out->count = limit;
		out->next = arena_printf(arena, "%lld", (long long)out->items[limit - 1].row);
	}
	return err;
}
