/* The level of the merchant's user: the level that a present approval of the user grants, else the level that the
 * user arrived with, else the workflow's first level. Computed in each transaction from the user's sessions, never
 * from a stored decision. */
#include "decide/decide.h"
#include "kybdesk/desk/subject.h"
#include "kybdesk/domain/bad_news.h"

struct level_change approval_level_change(const struct session *session, const struct profile *profile)
{
	const char *initial = profile_initial_level(profile, session->subject.kind);
	const char *approved = profile_approved_level(profile, session->subject.kind);
	const char *from = *session->subject.level ? session->subject.level : initial;

	if (!*approved || !strcmp(from, approved))
		return (struct level_change){ "", "" };
	return (struct level_change){ from, approved };
}

/* The level that the approval of this session grants; "": none. */
static enum err find_granted_level(struct desk *desk, struct arena *arena, int64_t row, const char **level,
				   struct error *error)
{
	struct session session;
	const struct profile *profile = NULL;
	enum err err = store_session_load(desk->store, arena, row, &session, error);

	*level = "";
	if (!err)
		err = desk_session_profile_or_empty(desk, &session, &profile, error);
	if (!err)
		*level = profile_approved_level(profile, session.subject.kind);
	return err;
}

/* The level that the user's other approvals grant ("": none), and their number. */
struct other_approvals {
	const char *level;
	size_t approval_count;
};

/* Call within a transaction. */
static enum err find_other_approvals(struct desk *desk, struct arena *arena, const struct session *session,
				     struct other_approvals *out, struct error *error)
{
	struct subject_sessions of;
	enum err err = store_subject_sessions(desk->store, arena, session->subject.row, &of, error);

	*out = (struct other_approvals){ .level = "" };
	for (size_t i = 0; !err && i < of.count; i++) {
		const char *level = "";

		if (of.items[i].row == session->row || of.items[i].status != SESSION_APPROVED)
			continue;
		out->approval_count++;
		err = find_granted_level(desk, arena, of.items[i].row, &level, error);
		/* Levels of two workflows are not comparable: the level stays while an approval grants it. */
		if (!err && *level && (!*out->level || !strcmp(level, session->subject.level)))
			out->level = level;
	}
	return err;
}

enum err subject_level_write(struct use *use, struct error *error)
{
	struct subject *subject = &use->file.session.subject;

	if (!*use->level.to)
		return ERR_OK;
	subject->level = use->level.to;
	return store_subject_set_level(use->desk->store, subject->row, subject->level, error);
}

enum err level_prepare_withdrawal(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	enum subject_kind kind = session->subject.kind;
	const char *approved = profile_approved_level(use->profile, kind), *to;
	struct subject_record record;
	struct other_approvals others;
	enum err err;

	use->level = (struct level_change){ "", "" };
	if (session->status != SESSION_APPROVED || !*approved || strcmp(session->subject.level, approved))
		return ERR_OK;
	err = find_other_approvals(use->desk, use->arena, session, &others, error);
	if (!err)
		err = store_subject_load(use->desk->store, use->arena, session->subject.row, &record, error);
	if (err)
		return err;
	to = *others.level ? others.level : record.imported_level;
	if (!*to)
		to = profile_initial_level(use->profile, kind);
	if (*to && strcmp(to, session->subject.level))
		use->level = (struct level_change){ session->subject.level, to };
	return ERR_OK;
}

enum err level_init_session(struct desk *desk, struct session *session, const struct profile *profile,
			    struct error *error)
{
	struct subject *subject = &session->subject;
	const char *first = profile_initial_level(profile, subject->kind);
	const char *granted = session->status == SESSION_APPROVED ? profile_approved_level(profile, subject->kind) : "";
	const char *now;
	enum err err;

	/* The subject of an approved session first gets the workflow's first level, which is the level before the
	 * approval. */
	if (*granted)
		subject->level = first;
	err = store_subject_put(desk->store, session->merchant_row, subject, error);
	/* A user that was declared before any session has no level yet, and gets the workflow's first level now. */
	now = *granted ? granted : first;
	if (err || !*now || !strcmp(subject->level, now) || (!*granted && *subject->level))
		return err;
	subject->level = now;
	return store_subject_set_level(desk->store, subject->row, now, error);
}

/* --- alerts, which ask a lead to decide about a user's level or approval --- */

enum err alert_raise(struct desk *desk, struct session *session, const struct profile *profile, enum alert_kind kind,
		     struct error *error)
{
	struct alert alert = { .session_row = session->row, .kind = kind, .raised_at = desk_now(desk) };
	struct json_value *detail;
	enum err err = store_alert_put(desk->store, &alert, error);

	if (err || !alert.row)
		return err;
	due_set_alert(session, profile, alert.raised_at);
	err = store_session_set_columns(desk->store, session, SESSION_COLUMNS_DUE, error);
	if (err)
		return err;
	detail = json_new_object();
	json_set_text(detail, "kind", alert_kind_text(kind));
	return desk_write_record(desk, "alert.raise", session, detail, error);
}

enum err raise_decision_alert(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	const struct reason *reason = use->action == ACTION_REJECT
					      ? reason_find(&use->desk->reasons, REASONS_SESSION, use->decision.reason)
					      : NULL;
	const char *first = profile_initial_level(use->profile, session->subject.kind);
	struct other_approvals others;
	enum err err;

	if (!reason || reason->disclosure != DISCLOSURE_RESTRICTED)
		return ERR_OK;
	err = find_other_approvals(use->desk, use->arena, session, &others, error);
	if (err || (!others.approval_count && !strcmp(session->subject.level, first)))
		return err;
	return alert_raise(use->desk, session, use->profile, ALERT_RESTRICTED_REJECTION, error);
}

static enum err close_alert(struct desk *desk, struct alert *alert, const char *reason, struct error *error)
{
	alert->closed_at = desk_now(desk);
	alert->closed_by = desk->actor;
	alert->reason = reason;
	return store_alert_put(desk->store, alert, error);
}

static enum err list_open_alerts(struct use *use, struct alert_list *out, struct error *error)
{
	const struct alert_filter filter = { .session = use->file.session.row, .limit = ALERTS_MAX };

	return store_alert_list(use->desk->store, use->arena, &filter, out, error);
}

enum err alert_withdraw(struct use *use, enum alert_kind kind, struct error *error)
{
	struct alert_list alerts;
	enum err err = list_open_alerts(use, &alerts, error);

	for (size_t i = 0; !err && i < alerts.count; i++) {
		if (alerts.items[i].kind == kind)
			err = close_alert(use->desk, &alerts.items[i], "The decision was undone", error);
	}
	return err;
}

/* What must be judged before the alert of an approved case ends; "": nothing. */
static const char *find_unjudged(struct use *use)
{
	const struct case_file *file = &use->file;
	struct gate_context context = desk_gate_context(use->desk, file, use->profile, 0);
	struct case_counts counts;
	struct news_list found;

	if (use->desk->store->sandbox || file->session.status != SESSION_APPROVED)
		return "";
	bad_news(use->arena, file, &found);
	for (size_t i = 0; i < found.count; i++) {
		const struct news *news = &found.items[i];

		if (news->party)
			return arena_printf(use->arena, "judge what the KYC of %s has first", news->party->name);
		if (news->result)
			return arena_printf(use->arena, "judge the %s check first, or reopen the case",
					    check_kind_text(news->check->kind));
		if (news->state <= NEWS_OUTDATED)
			return arena_printf(use->arena, "resolve the hit %s first", news->hit->id);
		if (news->state == NEWS_UNDETERMINED || (news->state == NEWS_CONFIRMED && news->is_sanctions))
			return arena_printf(use->arena, "reopen the case first, since the hit %s is %s", news->hit->id,
					    news->state == NEWS_UNDETERMINED ? "undetermined" : "a sanctions match");
	}
	for (size_t i = 0; i < file->check_count; i++)
		if (file->checks[i].status == CHECK_FAILED && check_is_blocking(&file->checks[i], use->profile))
			return arena_printf(use->arena, "the %s check failed; run it again, or reopen the case",
					    check_kind_text(file->checks[i].kind));
	case_count(file, &context, &counts);
	return counts.party_open ? "a party is not verified; verify it, or reopen the case" : "";
}

/* Reads in->reason. In production an alert ends by verdicts on what raised it, and the closing lead has
 * approved, rejected, reported and judged nothing of it. */
enum err use_alert_close(struct use *use, struct error *error)
{
	struct alert_list alerts;
	struct json_value *kinds = json_new_array();
	const char *unjudged = find_unjudged(use);
	struct involved involved = { 0 };
	enum err err = list_open_alerts(use, &alerts, error);

	if (!err && !alerts.count)
		err = error_set(error, ERR_NOT_FOUND, "%s has no open alert",
				session_label(use->arena, &use->file.session));
	if (!err && *unjudged)
		err = REFUSE(BLOCKER_HIT_OPEN, "", error, "Cannot %s: %s", use->use_case->verb_phrase, unjudged);
	if (!err)
		err = alert_find_involved(use->desk, use->arena, &use->file, &involved, error);
	if (!err)
		err = use_require_uninvolved(use, &involved, error);
	for (size_t i = 0; !err && i < alerts.count; i++) {
		err = close_alert(use->desk, &alerts.items[i], use->in->reason, error);
		json_append(kinds, json_new_string(alert_kind_text(alerts.items[i].kind)));
	}
	json_set(use->detail, "kinds", kinds);
	return err ? err
		   : store_session_set_claim(use->desk->store, use->file.session.row,
					     &(struct claim){ 0, TIME_NONE, TIME_NONE }, error);
}

enum err desk_alerts(struct desk *desk, struct arena *arena, const char *after, size_t limit, struct alert_page *out,
		     struct error *error)
{
	struct alert_filter filter = { .limit = limit + 1 };
	struct alert_list found = { 0 };
	enum err err;

	*out = (struct alert_page){ .next = "" };
	err = cursor_parse(after, &filter.after_row, error);
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
