/* Computes how long the cases of a user are kept. Two workflow texts set a retention, the case's own text and the
 * text in force; the longer retention counts. So a shorter retention that is installed later does not apply to
 * existing cases. */
#include "keep/keep.h"
#include "kybdesk/store/money.h"
#include "kybdesk/store/purge.h"
#include "kybdesk/store/retention.h"

#define CANDIDATES_PER_READ 500 /* candidates that a purge plan reads at a time */
#define PARENTS_MAX 64		/* a manipulated store may contain a cycle */

struct unit_loader {
	struct desk *desk;
	struct arena *arena;
	struct retention_unit *unit;
	int64_t days_ms, closed_at; /* closed_at: end of the last suspicion; TIME_NONE: none */
};

static int64_t later_time(int64_t a, int64_t b)
{
	return a == TIME_NONE || (b != TIME_NONE && b > a) ? b : a;
}

/* The time at which the retention of a session begins. For a subsession only its decision counts, since a
 * subsession closes together with its parent. */
static int64_t session_end_time(const struct session *session)
{
	if (session->decided_at != TIME_NONE || session->parent_row)
		return session->decided_at;
	if (session->status == SESSION_EXPIRED && session->expires_at != TIME_NONE)
		return session->expires_at;
	return session->updated_at;
}

/* Keeps only the first reason, since one reason is enough. */
static void set_related_reason(struct unit_loader *unit_loader, const char *why)
{
	struct retention *retention = &unit_loader->unit->retention;

	if (retention->state != RETENTION_TIMED)
		return;
	retention->state = RETENTION_RELATED_CASE;
	retention->keep_condition = why;
}

static int64_t retention_ms_of(const struct profile *profile, bool sanctions)
{
	int64_t ms = profile->retention_ms ? profile->retention_ms : RETENTION_DEFAULT_MS;

	return sanctions && profile->retention_sanctions_ms > ms ? profile->retention_sanctions_ms : ms;
}

static enum err extend_retention(struct unit_loader *unit_loader, const struct session *session, bool sanctions,
				 struct error *error)
{
	const struct profile *own = NULL, *instead = NULL;
	enum err err = desk_profile_in_force(unit_loader->desk, session, &own, &instead, error);
	int64_t ms;

	if (err)
		return err;
	ms = retention_ms_of(own, sanctions);
	if (instead && retention_ms_of(instead, sanctions) > ms)
		ms = retention_ms_of(instead, sanctions);
	if (ms > unit_loader->days_ms)
		unit_loader->days_ms = ms;
	return ERR_OK;
}

static bool is_in_unit(const struct retention_unit *unit, int64_t session)
{
	for (size_t i = 0; i < unit->count; i++)
		if (unit->sessions[i] == session)
			return true;
	return false;
}

static enum err add_session(struct unit_loader *unit_loader, int64_t row, struct error *error)
{
	struct retention_unit *unit = unit_loader->unit;
	struct retention *retention = &unit->retention;
	struct retention_facts facts;
	struct session session;
	bool sanctions = false, bad = false;
	enum err err = store_session_load(unit_loader->desk->store, unit_loader->arena, row, &session, error);

	if (!err)
		err = store_retention_facts_read(unit_loader->desk->store, row, &facts, error);
	if (err)
		return err;
	sanctions = facts.has_sanctions_news || !strcmp(session.decision_reason, "sanctions_match");
	retention->has_legal_hold = retention->has_legal_hold || facts.has_legal_hold;
	retention->is_sanctions_retention = retention->is_sanctions_retention || sanctions;
	unit->has_suspicion = unit->has_suspicion || facts.has_suspicion;
	err = session_has_bad_news(unit_loader->desk, row, &bad, error);
	if (err)
		return err;
	unit->has_bad_news = unit->has_bad_news || bad;
	unit_loader->closed_at = later_time(unit_loader->closed_at, facts.suspicion_closed_at);
	retention->ended_at = later_time(retention->ended_at, session_end_time(&session));
	return extend_retention(unit_loader, &session, sanctions, error);
}

/* Finds other cases with a party that a session of the unit verifies. */
static enum err find_referring_cases(struct unit_loader *unit_loader, struct error *error)
{
	struct retention_unit *unit = unit_loader->unit;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < unit->count; i++) {
		struct row_list holders;

		err = store_subsession_list_holders(unit_loader->desk->store, unit_loader->arena, unit->sessions[i],
						    false, &holders, error);
		for (size_t h = 0; !err && h < holders.count; h++)
			if (!is_in_unit(unit, holders.items[h]))
				set_related_reason(unit_loader, "another case depends on this KYC");
	}
	return err;
}

static enum err add_case(struct unit_loader *unit_loader, const struct subject_session *one, bool ended,
			 struct error *error)
{
	struct retention_unit *unit = unit_loader->unit;
	struct family family;
	enum err err =
		store_session_load_descendants(unit_loader->desk->store, unit_loader->arena, one->row, &family, error);

	for (size_t i = 0; !err && i < family.count; i++) {
		*ARENA_PUSH(unit_loader->arena, unit->sessions, unit->count, unit->capacity) = family.members[i].row;
		err = add_session(unit_loader, family.members[i].row, error);
	}
	if (!err && !session_is_closed(one->status))
		set_related_reason(unit_loader, "another case of the user is open");
	if (!err && one->status == SESSION_APPROVED && !ended)
		set_related_reason(unit_loader, "the relationship with the user lasts");
	return err;
}

/* Finds the topmost case of the family: follows the parents of the session. */
static enum err find_top_case(struct unit_loader *unit_loader, int64_t session, struct session *top,
			      struct error *error)
{
	enum err err = store_session_load(unit_loader->desk->store, unit_loader->arena, session, top, error);

	for (int i = 0; !err && top->parent_row && i < PARENTS_MAX; i++)
		err = store_session_load(unit_loader->desk->store, unit_loader->arena, top->parent_row, top, error);
	return err;
}

static enum err add_subject(struct unit_loader *unit_loader, const struct session *top, struct error *error)
{
	struct retention_unit *unit = unit_loader->unit;
	struct subject_sessions sessions;
	struct subject_record record;
	struct money_account_list accounts = { 0 };
	bool ended = false;
	enum err err =
		store_subject_load(unit_loader->desk->store, unit_loader->arena, top->subject.row, &record, error);

	if (!err)
		err = store_subject_sessions(unit_loader->desk->store, unit_loader->arena, top->subject.row, &sessions,
					     error);
	if (err)
		return err;
	unit->subject = top->subject.row;
	ended = record.deleted_at != TIME_NONE;
	if (!session_is_closed(top->status))
		unit->retention.state = RETENTION_CASE_OPEN;
	if (ended)
		unit->retention.ended_at = record.deleted_at;
	else
		err = store_money_account_list_of_subject(unit_loader->desk->store, unit_loader->arena, unit->subject,
							  &accounts, error);
	if (!err && accounts.count)
		set_related_reason(unit_loader, "the user has accounts");
	for (size_t i = 0; !err && i < sessions.count; i++)
		if (!*sessions.items[i].parent_id)
			err = add_case(unit_loader, &sessions.items[i], ended, error);
	return err;
}

static void compute_retention_end(struct unit_loader *unit_loader)
{
	struct retention_unit *unit = unit_loader->unit;
	struct retention *retention = &unit->retention;

	retention->days = unit_loader->days_ms / DAY_MS;
	if (retention->state != RETENTION_TIMED) {
		retention->ended_at = TIME_NONE;
		return;
	}
	retention->until = retention->ended_at + unit_loader->days_ms;
	if (unit_loader->closed_at != TIME_NONE &&
	    unit_loader->closed_at + unit_loader->days_ms > desk_now(unit_loader->desk))
		unit->has_suspicion = true;
}

enum err retention_unit_load(struct desk *desk, struct arena *arena, int64_t session, struct retention_unit *out,
			     struct error *error)
{
	struct unit_loader unit_loader = { .desk = desk, .arena = arena, .unit = out, .closed_at = TIME_NONE };
	struct session top;
	enum err err = find_top_case(&unit_loader, session, &top, error);

	*out = (struct retention_unit){ .retention = { .state = RETENTION_TIMED,
						       .keep_condition = "",
						       .ended_at = TIME_NONE,
						       .until = TIME_NONE } };
	if (!err)
		err = add_subject(&unit_loader, &top, error);
	if (!err)
		err = find_referring_cases(&unit_loader, error);
	if (!err)
		compute_retention_end(&unit_loader);
	return err;
}

/* --- the users with cases that are due for a purge --- */

enum err purge_find_cutoff(struct desk *desk, int64_t before, int64_t *out, struct error *error)
{
	int64_t now = desk_now(desk);

	*out = before && before != TIME_NONE ? before : now - now % DAY_MS;
	if (*out > now)
		return error_invalid(error, "before",
				     "The date \"before\" is in the future; give today or an earlier date");
	return ERR_OK;
}

/* Finds the shortest retention of all workflow texts in use: a case closed less than this time ago cannot be due. */
static enum err find_shortest_retention(struct desk *desk, struct arena *arena, int64_t *out, struct error *error)
{
	struct row_list rows;
	enum err err = store_purge_list(desk->store, arena, &(const struct purge_filter){ .list = PURGE_WORKFLOWS },
					&rows, error);

	*out = RETENTION_DEFAULT_MS;
	for (size_t i = 0; !err && i < rows.count; i++) {
		const struct session session = { .workflow = "", .workflow_row = rows.items[i] };
		const struct profile *profile = NULL;

		err = desk_session_profile_or_empty(desk, &session, &profile, error);
		if (!err && profile->retention_ms && profile->retention_ms < *out)
			*out = profile->retention_ms;
	}
	return err;
}

static enum err add_item(struct desk *desk, struct arena *arena, const struct retention_unit *unit,
			 struct purge_plan *plan, struct error *error)
{
	struct session session;
	enum err err = store_session_load(desk->store, arena, unit->sessions[0], &session, error);

	if (err)
		return err;
	*ARENA_PUSH(arena, plan->items, plan->count, plan->capacity) =
		(struct purge_item){ .session_id = session.id,
				     .external_ref = session.external_ref,
				     .workflow = session.workflow,
				     .merchant = session.merchant,
				     .sessions = (int64_t)unit->count,
				     .retention = unit->retention,
				     .keep_reason = unit->retention.has_legal_hold ? "a legal hold"
						    : unit->has_suspicion	   ? "held by a lead"
						    : unit->has_bad_news ? "a hit or result that nobody judged"
									 : "" };
	return ERR_OK;
}

struct purge_planner {
	struct desk *desk;
	struct arena *arena;
	size_t due_max;
	bool ignores_suspicions;
	struct purge_plan *plan;
};

static enum err plan_unit(struct purge_planner *purge_planner, int64_t row, struct error *error)
{
	struct purge_plan *plan = purge_planner->plan;
	struct arena scratch = ARENA_INIT;
	struct retention_unit unit;
	enum err err = retention_unit_load(purge_planner->desk, &scratch, row, &unit, error);

	if (purge_planner->ignores_suspicions)
		unit.has_suspicion = false;
	if (!err && retention_is_over(&unit.retention, plan->before)) {
		bool due = !unit.retention.has_legal_hold && !unit.has_suspicion && !unit.has_bad_news;

		plan->more = due && plan->due_user_count == purge_planner->due_max;
		if (!plan->more) {
			plan->due_user_count += due;
			unit.retention.keep_condition = "";
			err = add_item(purge_planner->desk, purge_planner->arena, &unit, plan, error);
		}
	}
	arena_release(&scratch);
	return err;
}

enum err plan_purge(struct desk *desk, struct arena *arena, size_t due_max, bool shared, struct purge_plan *plan,
		    struct error *error)
{
	struct purge_planner purge_planner = { desk, arena, due_max, shared, plan };
	struct purge_filter filter = { .list = PURGE_CANDIDATES, .limit = CANDIDATES_PER_READ };
	int64_t least = 0;
	enum err err = find_shortest_retention(desk, arena, &least, error);

	filter.closed_before = plan->before - least;
	for (size_t count = CANDIDATES_PER_READ; !err && !plan->more && count == CANDIDATES_PER_READ;) {
		struct row_list rows;

		err = store_purge_list(desk->store, arena, &filter, &rows, error);
		count = err ? 0 : rows.count;
		for (size_t i = 0; !err && !plan->more && i < count; i++) {
			filter.after_row = rows.items[i];
			err = plan_unit(&purge_planner, rows.items[i], error);
		}
	}
	return err;
}

enum err desk_purge_plan(struct desk *desk, struct arena *arena, struct purge_plan *plan, struct error *error)
{
	struct purge_remainder left = { 0 };
	size_t due_max = plan->due_user_max;
	enum err err = due_max ? ERR_OK : desk_require_role(desk, ROLE_ADMIN, use_cases[VERB_PURGE].verb_phrase, error);

	*plan = (struct purge_plan){ .before = plan->before, .due_user_max = due_max };
	if (!err)
		err = purge_find_cutoff(desk, plan->before, &plan->before, error);
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = plan_purge(desk, arena, due_max ? due_max : PURGE_USERS_MAX, due_max, plan, error);
	if (due_max) { /* any reviewer may read the count, but only an admin may see the cases */
		plan->items = NULL;
		plan->count = 0;
	}
	if (!err)
		err = store_purge_count(desk->store, &left, error);
	plan->unfinished_user_count = left.users || !left.parts ? left.users : 1;
	return desk_finish_read(desk, err);
}

/* --- legal holds, by leads and admins: a hold does not change the case, but keeps all sessions of the user --- */

/* Sets or releases a legal hold. Reads in->reason. */
enum err use_legal_hold(struct use *use, struct error *error)
{
	struct legal_hold hold = { .reason = use->in->reason,
				   .set_by = use->desk->actor,
				   .set_at = use->now,
				   .release_reason = use->in->reason,
				   .released_by = use->desk->actor,
				   .released_at = use->now };
	enum err err = store_legal_hold_put(use->desk->store, use->file.session.row, &hold,
					    use->use_case->verb == VERB_LEGAL_HOLD_SET, error);

	if (!err)
		json_set_int(use->detail, "legal_hold", hold.row);
	return err;
}

enum err desk_legal_holds(struct desk *desk, struct arena *arena, const char *session, struct legal_hold_list *out,
			  struct error *error)
{
	int64_t row;
	enum err err = desk_begin_case_read(desk, session, &row, error);

	*out = (struct legal_hold_list){ 0 };
	return err ? err : desk_finish_read(desk, store_legal_hold_list(desk->store, arena, row, out, error));
}
