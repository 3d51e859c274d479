/*
 * The level of the merchant's user: the highest level that a present approval of its uid grants, else the level that
 * the user arrived with. Computed from the sessions in this transaction, never from a stored decision.
 */
#include "decide/decide.h"
#include "kybdesk/store/subject.h"
#include "use/rules.h"

#include <string.h>

struct level_change level_of_approval(const struct session *session, const struct profile *profile)
{
	const char *initial = profile_level_initial(profile, session->subject.kind);
	const char *approved = profile_level_approved(profile, session->subject.kind);
	const char *from = *session->subject.level ? session->subject.level : initial;

	if (!*approved || !strcmp(from, approved))
		return (struct level_change){ "", "" };
	return (struct level_change){ from, approved };
}

/* The level that the approval of this session grants; "" none. */
static enum err granted_by(struct desk *desk, struct arena *arena, int64_t row, const char **level,
			   struct error *error)
{
	struct session session;
	const struct profile *profile = NULL;
	enum err err = store_session_load(desk->store, arena, row, &session, error);

	*level = "";
	if (!err)
		err = desk_session_profile_or_bare(desk, &session, &profile, error);
	if (!err)
		*level = profile_level_approved(profile, session.subject.kind);
	return err;
}

enum err level_of_others(struct desk *desk, struct arena *arena, const struct session *session,
			 struct standing_level *out, struct error *error)
{
	struct subject_sessions of;
	enum err err = store_subject_sessions(desk->store, arena, session->subject.row, &of, error);

	*out = (struct standing_level){ .level = "" };
	for (size_t i = 0; !err && i < of.count; i++) {
		const char *level = "";

		if (of.items[i].row == session->row || of.items[i].status != SESSION_APPROVED)
			continue;
		out->approvals++;
		err = granted_by(desk, arena, of.items[i].row, &level, error);
		/* Levels of two workflows have no order: the current one stays while it is granted. */
		if (!err && *level && (!*out->level || !strcmp(level, session->subject.level)))
			out->level = level;
	}
	return err;
}

enum err level_of_withdrawal(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	enum subject_kind kind = session->subject.kind;
	const char *approved = profile_level_approved(use->profile, kind), *to;
	struct standing_level others;
	enum err err;

	use->level = (struct level_change){ "", "" };
	if (session->status != SESSION_APPROVED || !*approved || strcmp(session->subject.level, approved))
		return ERR_OK;
	err = level_of_others(use->desk, use->arena, session, &others, error);
	to = others.level;
	if (!err && !*to)
		err = store_subject_level_imported(use->desk->store, use->arena, session->subject.row, &to, error);
	if (err)
		return err;
	if (!*to)
		to = profile_level_initial(use->profile, kind);
	if (*to && strcmp(to, session->subject.level))
		use->level = (struct level_change){ session->subject.level, to };
	return ERR_OK;
}

enum err level_of_new_session(struct desk *desk, struct session *session, const struct profile *profile,
			      struct error *error)
{
	struct subject *subject = &session->subject;
	const char *first = profile_level_initial(profile, subject->kind);
	const char *granted =
		session->status == SESSION_APPROVED ? profile_level_approved(profile, subject->kind) : "";
	const char *now;
	enum err err;

	/* The level before the approval is the workflow's first one. */
	if (*granted)
		subject->level = first;
	err = store_subject_put(desk->store, session->merchant_row, subject, error);
	/* A user declared before any session has no level until a workflow names one. */
	now = *granted ? granted : first;
	if (err || !*now || !strcmp(subject->level, now) || (!*granted && *subject->level))
		return err;
	subject->level = now;
	return store_subject_set_level(desk->store, subject->row, now, error);
}
