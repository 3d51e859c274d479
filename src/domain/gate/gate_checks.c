/* Corrections, hits and checks in the gate. */
#include "kybdesk/domain/rules.h"
#include "gate_parts.h"

#include <string.h>

static const char *step_title(const struct gate *gate, const char *id)
{
	const struct step_spec *spec = profile_step(gate->context->profile, id);

	return spec && *spec->title ? spec->title : id;
}

void gate_correction_open(struct gate *gate)
{
	for (size_t i = 0; i < gate->file->correction_count; i++) {
		const struct correction *correction = &gate->file->corrections[i];
		const char *step = step_title(gate, correction->step_id);

		switch (correction->state) {
		case CORRECTION_OPEN:
			gate_add(gate, BLOCKER_CORRECTION_OPEN, WAITS_CLIENT, correction->id,
				 arena_printf(gate->arena,
					      "The correction of %s is open: wait for the client, or withdraw it",
					      step));
			break;
		case CORRECTION_ANSWERED:
			gate_add(gate, BLOCKER_CORRECTION_OPEN, WAITS_NOBODY, correction->id,
				 arena_printf(gate->arena,
					      "The correction of %s is answered: accept the answer, or ask again",
					      step));
			break;
		case CORRECTION_ACCEPTED:
		case CORRECTION_WITHDRAWN:
			break;
		}
	}
}

const char *gate_no_corrections(const struct gate *gate)
{
	(void)gate;
	return "no open corrections";
}

bool hit_is_resolved(const struct hit *hit)
{
	if (hit->state == HIT_OPEN || !hit->standing.valid)
		return false;
	return hit->state != HIT_ACCEPTED || hit->accept_standing.valid;
}

bool hit_blocks(const struct hit *hit)
{
	switch (hit->state) {
	case HIT_OPEN:
	case HIT_TRUE_MATCH:
		return true;
	case HIT_FALSE_POSITIVE:
		return !hit_is_resolved(hit);
	case HIT_ACCEPTED: /* a confirmed sanctions match cannot be accepted */
		return hit->class_ == HIT_SANCTIONS || !*hit->accepted_by || !hit_is_resolved(hit);
	}
	return true;
}

const char *check_other_result_text(struct arena *arena, const struct check *check)
{
	char day[16];

	if (!*check->beside)
		return "";
	date_format(check->other_result_at, day);
	return arena_printf(arena, "%s reported %s at %s %s UTC", check->other_result_by, check->beside, day,
			    time_clock(arena, check->other_result_at, 0));
}

static void add_hit(struct gate *gate, const struct check *check, const struct hit *hit)
{
	const char *list = *hit->list ? hit->list : check_kind_text(check->kind);
	const char *what = arena_printf(gate->arena, "%s (%s)", hit->name, list);
	const char *beside = check_other_result_text(gate->arena, check);

	if (hit->state == HIT_OPEN)
		what = arena_printf(gate->arena,
				    "The hit %s is unresolved: mark it as true match or false positive%s%s", what,
				    *beside ? "; " : "", beside);
	else if (hit->class_ == HIT_SANCTIONS)
		what = arena_printf(gate->arena, "%s is a confirmed sanctions match: the case can only be rejected",
				    what);
	else
		what = arena_printf(gate->arena, "%s is a confirmed %s match: %s", what,
				    hit->class_ == HIT_PEP ? "PEP" : "adverse-media",
				    gate_lead_action_text(gate, "accept it, with a reason"));
	gate_add(gate, BLOCKER_HIT_OPEN, WAITS_NOBODY, hit->id, what);
	if (hit->state != HIT_OPEN && hit->class_ == HIT_SANCTIONS)
		gate->items[gate->count - 1].rank = RANK_FINAL;
}

/* Whether the hit was resolved for other facts: then basis_changed reports the hit. */
static bool was_resolved(const struct hit *hit)
{
	if (hit->state == HIT_ACCEPTED)
		return hit->class_ != HIT_SANCTIONS && *hit->accepted_by;
	return hit->state == HIT_FALSE_POSITIVE;
}

void gate_hit_open(struct gate *gate)
{
	for (size_t i = 0; i < gate->file->check_count; i++) {
		const struct check *check = &gate->file->checks[i];

		for (size_t h = 0; h < check->hit_count; h++) {
			if (hit_blocks(&check->hits[h]) && !was_resolved(&check->hits[h]))
				add_hit(gate, check, &check->hits[h]);
		}
	}
}

const char *gate_no_hits(const struct gate *gate)
{
	(void)gate;
	return "no open hits";
}

bool check_may_be_waived(enum check_kind kind, const struct profile *profile)
{
	if (profile->checks.has_waivable_list || profile->checks.waivable)
		return (profile->checks.waivable & (1u << kind)) != 0;
	return kind != CHECK_WATCHLIST && kind != CHECK_OFAC;
}

bool check_blocks(const struct check *check, const struct profile *profile)
{
	switch (check->status) {
	case CHECK_PASSED: /* only for the subject that was checked */
		return !check->about_standing.valid;
	case CHECK_HIT: /* each hit blocks separately; without hits the result is unknown */
		return !check->hit_count || !check->about_standing.valid;
	case CHECK_WAIVED:
		return !*check->waived_by || !check_may_be_waived(check->kind, profile) ||
		       !check->waive_standing.valid;
	case CHECK_PENDING:
	case CHECK_FAILED:
	case CHECK_ERROR:
	case CHECK_TIMEOUT:
		break;
	}
	return true;
}

static const char *check_next(const struct gate *gate, const struct check *check)
{
	if (check_may_be_waived(check->kind, gate->context->profile))
		return arena_printf(gate->arena, "run it again, or %s",
				    gate_lead_action_text(gate, "waive it with a reason"));
	return "run it again; it cannot be waived";
}

static const char *other_person_text(const struct gate *gate, const struct check *check)
{
	return arena_printf(gate->arena, "no longer matches the case: %s; run it again",
			    check->about_standing.changed);
}

static void add_check(struct gate *gate, const struct check *check)
{
	const char *kind = check_kind_text(check->kind), *what = "";
	const char *beside = check_other_result_text(gate->arena, check);
	enum waits_for waits_for = WAITS_NOBODY;

	switch (check->status) {
	case CHECK_PENDING:
		what = "has no result yet; wait for it";
		waits_for = WAITS_PROVIDER;
		break;
	case CHECK_FAILED:
		what = arena_printf(gate->arena, "failed; %s", check_next(gate, check));
		break;
	case CHECK_ERROR:
		what = arena_printf(gate->arena, "ended with an error; %s", check_next(gate, check));
		break;
	case CHECK_TIMEOUT:
		what = arena_printf(gate->arena, "timed out; %s", check_next(gate, check));
		break;
	case CHECK_HIT:
		what = arena_printf(gate->arena, "reports a hit but lists none; %s", check_next(gate, check));
		if (check->hit_count)
			what = other_person_text(gate, check);
		break;
	case CHECK_WAIVED:
		what = *check->waived_by ? "is waived, but this workflow does not allow a waiver; run it again"
					 : arena_printf(gate->arena, "is waived, but not by a reviewer; %s",
							check_next(gate, check));
		break;
	case CHECK_PASSED:
		what = other_person_text(gate, check);
		break;
	}
	gate_add(gate, BLOCKER_CHECK_FAILED, waits_for, kind,
		 arena_printf(gate->arena, "The %s check %s%s%s", kind, what, *beside ? "; " : "", beside));
}

struct rules_input gate_rules(const struct gate *gate)
{
	return (struct rules_input){ .file = gate->file,
				     .profile = gate->context->profile,
				     .countries = gate->context->countries,
				     .today = "" };
}

static unsigned required_checks(const struct gate *gate)
{
	const struct rules_input input = gate_rules(gate);

	return checks_required(gate->arena, &input);
}

/* Whether the check was waived for another result: then basis_changed reports the check. */
static bool was_waived(const struct check *check, const struct profile *profile)
{
	return check->status == CHECK_WAIVED && *check->waived_by && check_may_be_waived(check->kind, profile);
}

void gate_check_failed(struct gate *gate)
{
	const struct profile *profile = gate->context->profile;
	unsigned found = 0, required = required_checks(gate);

	for (size_t i = 0; i < gate->file->check_count; i++) {
		const struct check *check = &gate->file->checks[i];

		found |= 1u << check->kind;
		if (check_blocks(check, profile) && !was_waived(check, profile))
			add_check(gate, check);
	}
	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		const char *name = check_kind_text((enum check_kind)kind);

		if (!(required & (1u << kind)) || found & (1u << kind))
			continue;
		gate_add(gate, BLOCKER_CHECK_FAILED, WAITS_NOBODY, name,
			 arena_printf(gate->arena, "The %s check is missing; run it%s%s", name,
				      check_may_be_waived((enum check_kind)kind, profile) ? ", or " : "",
				      check_may_be_waived((enum check_kind)kind, profile)
					      ? gate_lead_action_text(gate, "waive it with a reason")
					      : ""));
	}
}

const char *gate_checks_done(const struct gate *gate)
{
	if (!gate->file->check_count)
		return NULL;
	const char *found = "are in order";
	/* A hit counts by its verdict, not by the result of its check. */
	for (size_t i = 0; i < gate->file->check_count; i++)
		for (size_t h = 0; h < gate->file->checks[i].hit_count; h++)
			if (gate->file->checks[i].hits[h].state != HIT_FALSE_POSITIVE)
				found = "are complete; review the hits";
	return arena_printf(gate->arena, "%zu of %zu checks %s", gate->file->check_count, gate->file->check_count,
			    found);
}

int64_t check_made_at(const struct check *check, const struct session *session)
{
	if (check->checked_at != TIME_NONE)
		return check->checked_at;
	return session->submitted_at != TIME_NONE ? session->submitted_at : session->created_at;
}

/* Only a result expires; other parts report checks without a result and waived checks. */
bool check_has_result(const struct check *check)
{
	return check->status == CHECK_PASSED || check->status == CHECK_HIT;
}

static bool is_stale(const struct gate *gate, const struct check *check)
{
	int64_t made = check_made_at(check, &gate->file->session), age;

	if (!check_has_result(check) || gate->context->profile->checks.max_age_ms <= 0 || made == TIME_NONE)
		return false;
	return !__builtin_sub_overflow(gate->context->now, made, &age) &&
	       age > gate->context->profile->checks.max_age_ms;
}

void gate_check_stale(struct gate *gate)
{
	int64_t most = gate->context->profile->checks.max_age_ms;

	for (size_t i = 0; i < gate->file->check_count; i++) {
		const struct check *check = &gate->file->checks[i];

		if (!is_stale(gate, check))
			continue;
		gate_add(gate, BLOCKER_CHECK_STALE, WAITS_NOBODY, check_kind_text(check->kind),
			 arena_printf(gate->arena,
				      "The %s check dates from %s, and the maximum age is %s; run it again",
				      check_kind_text(check->kind),
				      time_day(gate->arena, check_made_at(check, &gate->file->session),
					       gate->context->now),
				      duration_short(gate->arena, most)));
	}
	gate_screening(gate);
}

const char *gate_checks_fresh(const struct gate *gate)
{
	for (size_t i = 0; i < gate->file->check_count; i++) {
		if (check_has_result(&gate->file->checks[i]) && gate->context->profile->checks.max_age_ms > 0)
			return "no check is too old";
	}
	return NULL;
}
