/*
 * Computes how long the cases of a user are kept. The longer retention of two texts counts: the case's own workflow
 * text and the text in force. So a shorter retention that is installed later does not apply to existing cases.
 */
#include "keep/keep.h"
#include "kybdesk/store/account.h"
#include "kybdesk/store/retention.h"
#include "kybdesk/store/subject.h"
#include "use/refusal.h"
#include "use/rules.h"

#include <string.h>

#define PARENTS_MAX 64 /* a manipulated store may contain a cycle */

struct keeping {
	struct desk *desk;
	struct arena *arena;
	struct retention_unit *unit;
	struct session asked;
	int64_t days_ms, closed_at; /* closed_at: of the last suspicion; TIME_NONE: none */
};

static int64_t later(int64_t a, int64_t b)
{
	return a == TIME_NONE || (b != TIME_NONE && b > a) ? b : a;
}

/* For a subsession only its decision counts, since a subsession closes together with its parent. */
static int64_t end_of(const struct session *session)
{
	if (session->decided_at != TIME_NONE || session->parent_row)
		return session->decided_at;
	if (session->status == SESSION_EXPIRED && session->expires_at != TIME_NONE)
		return session->expires_at;
	return session->updated_at;
}

/* Keeps the first reason, which is enough. */
static void relate(struct keeping *keeping, const char *why)
{
	struct retention *retention = &keeping->unit->retention;

	if (retention->state != KEEP_UNTIL)
		return;
	retention->state = KEEP_RELATED;
	retention->why = why;
}

static int64_t retention_of(const struct profile *profile, bool sanctions)
{
	int64_t ms = profile->retention_ms ? profile->retention_ms : KEEP_DEFAULT_MS;

	return sanctions && profile->retention_sanctions_ms > ms ? profile->retention_sanctions_ms : ms;
}

static enum err add_days(struct keeping *keeping, const struct session *session, bool sanctions,
			 struct error *error)
{
	const struct profile *own = NULL, *instead = NULL;
	enum err err = desk_profile_instead(keeping->desk, session, &own, &instead, error);
	int64_t ms;

	if (err)
		return err;
	ms = retention_of(own, sanctions);
	if (instead && retention_of(instead, sanctions) > ms)
		ms = retention_of(instead, sanctions);
	if (ms > keeping->days_ms)
		keeping->days_ms = ms;
	return ERR_OK;
}

static bool is_in_unit(const struct retention_unit *unit, int64_t session)
{
	for (size_t i = 0; i < unit->count; i++)
		if (unit->sessions[i] == session)
			return true;
	return false;
}

static enum err add_session(struct keeping *keeping, int64_t row, struct error *error)
{
	struct retention_unit *unit = keeping->unit;
	struct retention *retention = &unit->retention;
	struct retention_facts facts;
	struct session session;
	bool sanctions = false;
	enum err err = store_session_load(keeping->desk->store, keeping->arena, row, &session, error);

	if (!err)
		err = store_retention_facts(keeping->desk->store, row, &facts, error);
	if (err)
		return err;
	sanctions = facts.sanctions || !strcmp(session.decision_reason, "sanctions_match");
	retention->held = retention->held || facts.held;
	retention->sanctions = retention->sanctions || sanctions;
	unit->suspected = unit->suspected || facts.suspected;
	keeping->closed_at = later(keeping->closed_at, facts.suspicion_closed_at);
	retention->ended_at = later(retention->ended_at, end_of(&session));
	return add_days(keeping, &session, sanctions, error);
}

/* Other cases with a party that a session of the unit verifies. */
static enum err find_referring_cases(struct keeping *keeping, struct error *error)
{
	struct retention_unit *unit = keeping->unit;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < unit->count; i++) {
		struct row_list holders;

		err = store_subsession_holders(keeping->desk->store, keeping->arena, unit->sessions[i], &holders,
					       error);
		for (size_t h = 0; !err && h < holders.count; h++)
			if (!is_in_unit(unit, holders.items[h]))
				relate(keeping, "another case rests on this KYC");
	}
	return err;
}

static enum err add_case(struct keeping *keeping, const struct subject_session *one, bool ended,
			 struct error *error)
{
	struct retention_unit *unit = keeping->unit;
	struct family family;
	enum err err = store_session_descendants(keeping->desk->store, keeping->arena, one->row, &family, error);

	for (size_t i = 0; !err && i < family.count; i++) {
		*ARENA_PUSH(keeping->arena, unit->sessions, unit->count, unit->capacity) = family.members[i].row;
		err = add_session(keeping, family.members[i].row, error);
	}
	if (!err && !session_is_closed(one->status))
		relate(keeping, "another case of the user is open");
	if (!err && one->status == SESSION_APPROVED && !ended)
		relate(keeping, "the relationship with the user lasts");
	return err;
}

/* The case above all others of its family. */
static enum err find_top(struct keeping *keeping, int64_t session, struct session *top, struct error *error)
{
	enum err err = store_session_load(keeping->desk->store, keeping->arena, session, top, error);

	for (int i = 0; !err && top->parent_row && i < PARENTS_MAX; i++)
		err = store_session_load(keeping->desk->store, keeping->arena, top->parent_row, top, error);
	return err;
}

static enum err add_accounts(struct keeping *keeping, struct error *error)
{
	struct account *accounts;
	size_t count = 0;
	enum err err = store_account_list(keeping->desk->store, keeping->arena, keeping->unit->subject, &accounts,
					  &count, error);

	if (!err && count)
		relate(keeping, "the user has accounts");
	return err;
}

static enum err add_subject(struct keeping *keeping, const struct session *top, struct error *error)
{
	struct retention_unit *unit = keeping->unit;
	struct subject_sessions sessions;
	struct subject_record record;
	bool ended = false;
	enum err err = store_subject_load(keeping->desk->store, keeping->arena, top->subject.row, &record, error);

	if (!err)
		err = store_subject_sessions(keeping->desk->store, keeping->arena, top->subject.row, &sessions,
					     error);
	if (err)
		return err;
	unit->subject = top->subject.row;
	ended = record.deleted_at != TIME_NONE;
	if (!session_is_closed(top->status))
		unit->retention.state = KEEP_OPEN;
	if (ended)
		unit->retention.ended_at = record.deleted_at;
	else
		err = add_accounts(keeping, error);
	for (size_t i = 0; !err && i < sessions.count; i++)
		if (!*sessions.items[i].parent_id)
			err = add_case(keeping, &sessions.items[i], ended, error);
	return err;
}

static void finish(struct keeping *keeping)
{
	struct retention_unit *unit = keeping->unit;
	struct retention *retention = &unit->retention;

	retention->days = keeping->days_ms / DAY_MS;
	if (retention->state != KEEP_UNTIL) {
		retention->ended_at = TIME_NONE;
		return;
	}
	retention->until = retention->ended_at + keeping->days_ms;
	if (keeping->closed_at != TIME_NONE && keeping->closed_at + keeping->days_ms > desk_now(keeping->desk))
		unit->suspected = true;
}

enum err retention_unit_load(struct desk *desk, struct arena *arena, int64_t session, struct retention_unit *out,
			     struct error *error)
{
	struct keeping keeping = { .desk = desk, .arena = arena, .unit = out, .closed_at = TIME_NONE };
	struct session top;
	enum err err = find_top(&keeping, session, &top, error);

	*out = (struct retention_unit){
		.retention = { .state = KEEP_UNTIL, .why = "", .ended_at = TIME_NONE, .until = TIME_NONE }
	};
	if (!err)
		err = add_subject(&keeping, &top, error);
	if (!err)
		err = find_referring_cases(&keeping, error);
	if (!err)
		finish(&keeping);
	return err;
}
