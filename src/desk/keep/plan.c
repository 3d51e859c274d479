/* Finds the users with cases that are due for a purge. */
#include "keep/keep.h"
#include "kybdesk/store/purge.h"
#include "use/rules.h"
#include "use/transaction.h"

#define AT_ONCE 500

enum err purge_before(struct desk *desk, int64_t before, int64_t *out, struct error *error)
{
	int64_t now = desk_now(desk);

	*out = before && before != TIME_NONE ? before : now - now % DAY_MS;
	if (*out > now)
		return error_set_field(error, ERR_INVALID, "before",
				       "The time before which cases are due is in the future");
	return ERR_OK;
}

/* The shortest retention of all workflow texts in use: a case closed less than this time ago cannot be due. */
static enum err shortest(struct desk *desk, struct arena *arena, int64_t *out, struct error *error)
{
	struct row_list rows;
	enum err err = store_purge_workflows(desk->store, arena, &rows, error);

	*out = KEEP_DEFAULT_MS;
	for (size_t i = 0; !err && i < rows.count; i++) {
		const struct session session = { .workflow = "", .workflow_row = rows.items[i] };
		const struct profile *profile = NULL;

		err = desk_session_profile_or_bare(desk, &session, &profile, error);
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
				     .kept_by = unit->retention.held ? "a legal hold"
						: unit->suspected    ? "a suspicion"
								     : "" };
	return ERR_OK;
}

struct planning {
	struct desk *desk;
	struct arena *arena;
	size_t most;
	bool shared;
	struct purge_plan *plan;
};

static enum err consider(struct planning *planning, int64_t row, struct error *error)
{
	struct purge_plan *plan = planning->plan;
	struct arena scratch = ARENA_INIT;
	struct retention_unit unit;
	enum err err = retention_unit_load(planning->desk, &scratch, row, &unit, error);

	if (planning->shared)
		unit.suspected = false;
	if (!err && retention_is_over(&unit.retention, plan->before)) {
		bool due = !unit.retention.held && !unit.suspected;

		plan->more = due && plan->due == planning->most;
		if (!plan->more) {
			plan->due += due;
			unit.retention.why = "";
			err = add_item(planning->desk, planning->arena, &unit, plan, error);
		}
	}
	arena_release(&scratch);
	return err;
}

enum err keep_plan(struct desk *desk, struct arena *arena, size_t most, bool shared, struct purge_plan *plan,
		   struct error *error)
{
	struct planning planning = { desk, arena, most, shared, plan };
	struct purge_filter filter = { .limit = AT_ONCE };
	int64_t least = 0;
	enum err err = shortest(desk, arena, &least, error);

	filter.closed_before = plan->before - least;
	for (size_t count = AT_ONCE; !err && !plan->more && count == AT_ONCE;) {
		struct row_list rows;

		err = store_purge_candidates(desk->store, arena, &filter, &rows, error);
		count = err ? 0 : rows.count;
		for (size_t i = 0; !err && !plan->more && i < count; i++) {
			filter.after_row = rows.items[i];
			err = consider(&planning, rows.items[i], error);
		}
	}
	return err;
}

enum err desk_purge_plan(struct desk *desk, struct arena *arena, int64_t before, struct purge_plan *out,
			 struct error *error)
{
	struct purge_left left = { 0 };
	enum err err = desk_require(desk, ROLE_ADMIN, use_cases[VERB_PURGE].does, error);

	*out = (struct purge_plan){ 0 };
	if (!err)
		err = purge_before(desk, before, &out->before, error);
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = keep_plan(desk, arena, PURGE_MOST, false, out, error);
	if (!err)
		err = store_purge_left(desk->store, &left, error);
	out->unfinished = left.users || !left.parts ? left.users : 1;
	return desk_finish_read(desk, err);
}

enum err desk_purge_overdue(struct desk *desk, struct arena *arena, size_t most, size_t *count, struct error *error)
{
	struct purge_plan plan = { 0 };
	enum err err = purge_before(desk, 0, &plan.before, error);

	*count = 0;
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = keep_plan(desk, arena, most, true, &plan, error);
	*count = plan.due;
	return desk_finish_read(desk, err);
}
