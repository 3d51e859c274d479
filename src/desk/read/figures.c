#include "kybdesk/desk/figures.h"
#include "kybdesk/store/figures.h"
#include "use/use.h"

static enum err check_days(int64_t days, struct error *error)
{
	if (days >= 1 && days <= FIGURES_DAYS_MAX)
		return ERR_OK;
	return error_invalid(error, "days", "Figures cover 1 to %d days, not %lld", FIGURES_DAYS_MAX, (long long)days);
}

static int64_t first_day(int64_t now, int64_t days)
{
	return day_begin(now) - (days - 1) * FIGURES_DAY_MS;
}

enum err desk_figures(struct desk *desk, struct arena *arena, int64_t days, struct figures *out, struct error *error)
{
	int64_t now = desk_now(desk);
	enum err err = check_days(days, error);

	*out = (struct figures){ .since = first_day(now, days),
				 .until = day_begin(now) + FIGURES_DAY_MS,
				 .may_read_reasons = !desk->caller && role_at_least(desk->role, ROLE_LEAD) };
	if (!err)
		err = desk_begin_row_read(desk, error);
	return err ? err : desk_finish_read(desk, store_read_figures(desk->store, arena, now, out, error));
}

/* Lists the reviewers that can hold a case; for an actor below lead, lists only the actor. */
static enum err list_members(struct desk *desk, struct arena *arena, struct team *out, struct error *error)
{
	struct reviewer *rows;
	size_t count = 0;
	bool all = role_at_least(desk->role, ROLE_LEAD);
	enum err err = store_reviewer_list(desk->store, arena, &rows, &count, error);

	if (err)
		return err;
	out->members = arena_alloc_array(arena, count, sizeof *out->members);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].disabled || !role_at_least(rows[i].role, ROLE_REVIEWER) ||
		    (!all && strcmp(rows[i].name, desk->actor) != 0))
			continue;
		out->members[out->count++] = (struct team_member){ .name = rows[i].name,
								   .role = rows[i].role,
								   .supervised = rows[i].supervised };
	}
	return ERR_OK;
}

enum err desk_team(struct desk *desk, struct arena *arena, int64_t days, struct team *out, struct error *error)
{
	int64_t now = desk_now(desk);
	enum err err = check_days(days, error);

	*out = (struct team){ .since = first_day(now, days) };
	if (!err)
		err = desk_begin_row_read(desk, error);
	if (err)
		return err;
	err = list_members(desk, arena, out, error);
	if (!err && out->count)
		err = store_read_team(desk->store, now, out, error);
	return desk_finish_read(desk, err);
}

enum err desk_measure(struct desk *desk, struct arena *arena, struct measures *out, struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	if (!err)
		err = desk_finish_read(desk, store_read_measures(desk->store, arena, out, error));
	return err ? err : doctor_measure(desk, arena, out, error);
}
