/* Corrections, hits and checks in the gate. */
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/results.h"
#include "kybdesk/domain/rules.h"
#include "gate_parts.h"
#include "kybdesk/base/strbuf.h"

#include <string.h>

void gate_find_open_correction(struct gate *gate)
{
	for (size_t i = 0; i < gate->file->correction_count; i++) {
		const struct correction *correction = &gate->file->corrections[i];
		const char *step = profile_step_title(gate->context->profile, correction->step_id);

		switch (correction->state) {
		case CORRECTION_OPEN:
			gate_add_finding(gate, BLOCKER_CORRECTION_OPEN, correction->id,
					 "The correction of %s is open: wait for the client, or withdraw it", step)
				->awaited_side = WAITS_CLIENT;
			break;
		case CORRECTION_ANSWERED:
			gate_add_finding(gate, BLOCKER_CORRECTION_OPEN, correction->id,
					 "The correction of %s is answered: accept the answer, or ask again", step);
			break;
		case CORRECTION_ACCEPTED:
		case CORRECTION_WITHDRAWN:
			break;
		}
	}
}

const char *gate_corrections_text(const struct gate *gate)
{
	(void)gate;
	return "no open corrections";
}

bool hit_is_resolved(const struct hit *hit)
{
	return hit->state != HIT_OPEN && hit->standing.valid &&
	       (hit->state != HIT_ACCEPTED || hit->accept_standing.valid);
}

int hit_compare(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;

	if (a->class_ != b->class_)
		return a->class_ < b->class_ ? -1 : 1;
	if (a->score > b->score || a->score < b->score)
		return a->score > b->score ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

bool hit_is_blocking(const struct hit *hit)
{
	const bool accepted = hit->state == HIT_ACCEPTED && hit->class_ != HIT_SANCTIONS && *hit->accepted_by;

	return !hit_is_resolved(hit) || (hit->state != HIT_FALSE_POSITIVE && !accepted);
}

const char *check_other_result_text(struct arena *arena, const struct check *check)
{
	if (!*check->other_result)
		return "";
	return arena_printf(arena, "%s reported %s at %s", check->other_result_by, check->other_result,
			    time_minute_text(arena, check->other_result_at));
}

static void add_hit_finding(struct gate *gate, const struct check *check, const struct hit *hit)
{
	const char *list = *hit->list ? hit->list : check_kind_text(check->kind);
	const char *what = arena_printf(gate->arena, "%s (%s)", hit->name, list);
	const char *other_result = check_other_result_text(gate->arena, check);
	struct finding *finding;

	if (hit->state == HIT_OPEN)
		what = arena_printf(gate->arena,
				    "The hit %s is unresolved: mark it as true match or false positive%s%s", what,
				    *other_result ? "; " : "", other_result);
	else if (hit->state == HIT_UNDETERMINED)
		what = arena_printf(gate->arena, "The hit %s is undetermined: decide it, or reject the case", what);
	else if (hit->class_ == HIT_SANCTIONS)
		what = arena_printf(gate->arena, "%s is a confirmed sanctions match: the case can only be rejected",
				    what);
	else
		what = arena_printf(gate->arena, "%s is a confirmed %s match: %s", what,
				    hit->class_ == HIT_PEP ? "PEP" : "adverse-media",
				    gate_lead_action_text(gate, "accept it, with a reason"));
	finding = gate_add_finding(gate, BLOCKER_HIT_OPEN, hit->id, "%s", what);
	if (hit->state != HIT_OPEN && hit->state != HIT_UNDETERMINED && hit->class_ == HIT_SANCTIONS)
		finding->rank = RANK_REJECT_ONLY;
}

void gate_find_unjudged_sanctions(struct gate *gate)
{
	bad_news(gate->arena, gate->file, &gate->news);
	for (size_t i = 0; i < gate->news.count; i++) {
		const struct news *news = &gate->news.items[i];

		if (!news->is_sanctions || news->state > NEWS_OUTDATED)
			continue;
		if (news->hit)
			gate_add_finding(gate, BLOCKER_HIT_OPEN, news->hit->id,
					 "The sanctions hit %s (%s) has no verdict: decide it before the rejection; if "
					 "the facts do not suffice, mark it as undetermined",
					 news->hit->name,
					 *news->hit->list ? news->hit->list : check_kind_text(news->check->kind));
		else
			gate_add_finding(gate, BLOCKER_CHECK_FAILED, check_kind_text(news->check->kind),
					 "The sanctions result %s has no verdict: judge it before the rejection; if "
					 "the facts do not suffice, as undetermined",
					 news->result->id);
	}
}

/* Whether the blocker party_not_verified or basis_changed names the party. */
static bool is_named_as_unverified(const struct gate *gate, const struct party *party)
{
	const struct profile *profile = gate->context->profile;

	return party->removed_at == TIME_NONE && party_must_be_verified(party, profile) &&
	       !party_is_verified(party, gate->file, profile);
}

/* The gravest hit comes first, over all checks. A hit that was resolved for other facts has the blocker basis_changed. */
void gate_find_open_hit(struct gate *gate)
{
	for (size_t i = 0; i < gate->news.count; i++) {
		const struct news *news = &gate->news.items[i];

		if (news->hit && news->state != NEWS_OUTDATED && news->state != NEWS_ACCEPTED)
			add_hit_finding(gate, news->check, news->hit);
		else if (news->party && !is_named_as_unverified(gate, news->party))
			gate_add_finding(gate, BLOCKER_HIT_OPEN, news->party->id,
					 "The KYC of %s%s has a hit or result that nobody judged: decide it there",
					 news->party->removed_at == TIME_NONE ? "" : "the removed party ",
					 news->party->name);
	}
}

const char *gate_hits_text(const struct gate *gate)
{
	(void)gate;
	return "no open hits";
}

bool check_may_be_waived(enum check_kind kind, const struct profile *profile)
{
	if (profile->checks.has_waivable_list || profile->checks.waivable_kind_bits)
		return (profile->checks.waivable_kind_bits & (1u << kind)) != 0;
	return kind != CHECK_WATCHLIST && kind != CHECK_OFAC;
}

bool check_is_blocking(const struct check *check, const struct profile *profile)
{
	const struct result *shown = check_shown_result(check);

	if (check->status != CHECK_WAIVED && check_has_held_result(check))
		return true;
	if (check->status == CHECK_FAILED && shown && shown->verdict == RESULT_CLEARED)
		return !check->subject_standing.valid;
	if (check->status == CHECK_PASSED) /* a pass counts only for the subject that was checked */
		return !check->subject_standing.valid;
	if (check->status == CHECK_HIT) /* each hit has its own blocker; without hits the result is unknown */
		return (!check->hit_count && !(shown && shown->verdict == RESULT_CLEARED)) ||
		       !check->subject_standing.valid;
	return check->status != CHECK_WAIVED || !*check->waived_by || !check_may_be_waived(check->kind, profile) ||
	       !check->waive_standing.valid;
}

static const char *advice_for_check(const struct gate *gate, const struct check *check)
{
	if (check_may_be_waived(check->kind, gate->context->profile))
		return arena_printf(gate->arena, "run it again, or %s",
				    gate_lead_action_text(gate, "waive it with a reason"));
	return "run it again; it cannot be waived";
}

static void add_check_finding(struct gate *gate, const struct check *check)
{
	const char *what = "", *next = advice_for_check(gate, check);
	const char *other_result = check_other_result_text(gate->arena, check);
	bool pending = check->status == CHECK_PENDING;

	switch (check->status) {
	case CHECK_PENDING:
		what = "has no result yet";
		next = "wait for it";
		break;
	case CHECK_FAILED:
		what = "failed";
		break;
	case CHECK_ERROR:
		what = "ended with an error";
		break;
	case CHECK_TIMEOUT:
		what = "timed out";
		break;
	case CHECK_WAIVED:
		what = "is waived, but not by a reviewer";
		if (*check->waived_by) {
			what = "is waived, but this workflow does not allow a waiver";
			next = "run it again";
		}
		break;
	case CHECK_HIT:
	case CHECK_PASSED:
		what = "reports a hit but lists none";
		if (check->status == CHECK_PASSED || check->hit_count) {
			what = arena_printf(gate->arena, "no longer matches the case: %s",
					    check->subject_standing.change_text);
			next = "run it again";
		}
		break;
	}
	gate_add_finding(gate, BLOCKER_CHECK_FAILED, check_kind_text(check->kind), "The %s check %s; %s%s%s",
			 check_kind_text(check->kind), what, next, *other_result ? "; " : "", other_result)
		->awaited_side = pending ? WAITS_PROVIDER : WAITS_NOBODY;
}

/* A result that a person must judge. */
static void add_result_finding(struct gate *gate, const struct check *check, const struct result *result)
{
	const char *what = result_text(gate->arena, gate->file, result);
	const char *kind = check_kind_text(check->kind), *other = "";
	const bool waivable = check_may_be_waived(check->kind, gate->context->profile);
	struct finding *finding;

	if (result == check_shown_result(check))
		other = check_other_result_text(gate->arena, check);
	switch (result->verdict) {
	case RESULT_CONFIRMED:
		finding = gate_add_finding(gate, BLOCKER_CHECK_FAILED, kind,
					   "The %s check %s, and %s confirmed the result %s: the case can only be "
					   "rejected",
					   kind, what, result->judged_by, result->id);
		finding->rank = RANK_REJECT_ONLY;
		break;
	case RESULT_UNDETERMINED:
		gate_add_finding(
			gate, BLOCKER_CHECK_FAILED, kind,
			"The %s check %s; %s could not determine the result %s: judge it (kybdesk check judge), or "
			"reject the case",
			kind, what, result->judged_by, result->id);
		break;
	case RESULT_UNJUDGED:
	case RESULT_CLEARED:
	case RESULT_WAIVED:
		gate_add_finding(
			gate, BLOCKER_CHECK_FAILED, kind,
			"The %s check %s%s%s; a later result does not end it: judge the result %s (kybdesk check "
			"judge)%s%s",
			kind, what, *other ? "; " : "", other, result->id, waivable ? ", or " : "",
			waivable ? gate_lead_action_text(gate, "waive it with a reason") : "");
		break;
	}
}

/* Whether the check has a result that a person must judge. */
static bool add_held_results(struct gate *gate, const struct check *check)
{
	bool found = false;

	for (size_t i = 0; i < gate->news.count; i++) {
		if (!gate->news.items[i].result || gate->news.items[i].check != check)
			continue;
		add_result_finding(gate, check, gate->news.items[i].result);
		found = true;
	}
	return found;
}

struct rules_input gate_rules_input(const struct gate *gate)
{
	return (struct rules_input){ .file = gate->file,
				     .profile = gate->context->profile,
				     .countries = gate->context->countries,
				     .today = "" };
}

static unsigned required_check_bits(const struct gate *gate)
{
	const struct rules_input input = gate_rules_input(gate);

	return rules_required_check_bits(gate->arena, &input);
}

/* Whether the check was waived. A check that was waived for another result has the blocker basis_changed instead. */
static bool was_check_waived(const struct check *check, const struct profile *profile)
{
	return check->status == CHECK_WAIVED && *check->waived_by && check_may_be_waived(check->kind, profile);
}

/* When the person was last screened by this kind of check, in this case or in the approved case that verifies the
 * party; TIME_NONE: never. check: NULL if the case has none. */
static int64_t screened_at(const struct gate *gate, enum check_kind kind, const struct check *check,
			   const struct party *party, int64_t until)
{
	const struct result *result = check ? check_person_result(check, party, until) : NULL;
	int64_t here = TIME_NONE, there = TIME_NONE;

	if (result)
		here = result->checked_at != TIME_NONE ? result->checked_at
						       : check_result_time(check, &gate->file->session);
	if (party && party->session_status == SESSION_APPROVED && party->kyc_standing.valid && !party->session_hit_open)
		there = kind == CHECK_WATCHLIST ? party->session_watchlist_at
			: kind == CHECK_OFAC	? party->session_ofac_at
						: party->session_media_at;
	return there > here && there <= until ? there : here;
}

#define PERSONS_NAMED 3

struct persons {
	struct strbuf names;
	size_t count;
};

static void add_person(struct persons *persons, const char *name)
{
	if (persons->count++ < PERSONS_NAMED)
		strbuf_addf(&persons->names, "%s%s", persons->count > 1 ? ", " : "", name);
}

/* "Ines Duarte, Bento Vaz"; more than three: "… and 4 more" */
static const char *persons_text(struct gate *gate, struct persons *persons)
{
	if (persons->count > PERSONS_NAMED)
		strbuf_addf(&persons->names, " and %zu more", persons->count - PERSONS_NAMED);
	return strbuf_finish(&persons->names, gate->arena);
}

static const char *person_name(const struct gate *gate, const struct party *party)
{
	return party ? party->name : gate->file->session.subject.name;
}

/* The parties after the subject, for a loop from 0 to the number of parties. */
static const struct party *person_at(const struct gate *gate, size_t index)
{
	return index ? &gate->file->parties[index - 1] : NULL;
}

/* A required screening that has results: each person needs one. */
static void find_unscreened_persons(struct gate *gate, const struct check *check)
{
	const char *kind = check_kind_text(check->kind);
	const bool waivable = check_may_be_waived(check->kind, gate->context->profile);
	struct persons missing = { STRBUF_INIT, 0 };

	if (!check_kind_is_of_each_person(check->kind) || check->status == CHECK_WAIVED || !check->result_count ||
	    check->only_newest_counts)
		return;
	for (size_t i = 0; i <= gate->file->party_count; i++)
		if (screened_at(gate, check->kind, check, person_at(gate, i), INT64_MAX) == TIME_NONE)
			add_person(&missing, person_name(gate, person_at(gate, i)));
	if (missing.count)
		gate_add_finding(
			gate, BLOCKER_CHECK_FAILED, kind,
			"The %s check has no result about %s, as the data are now; run it for each of them%s%s", kind,
			persons_text(gate, &missing), waivable ? ", or " : "",
			waivable ? gate_lead_action_text(gate, "waive it with a reason") : "");
}

void gate_find_failed_check(struct gate *gate)
{
	const struct profile *profile = gate->context->profile;
	unsigned found = 0, required = required_check_bits(gate);

	for (size_t i = 0; i < gate->file->check_count; i++) {
		const struct check *check = &gate->file->checks[i];

		found |= 1u << check->kind;
		if (!add_held_results(gate, check)) {
			if (check_is_blocking(check, profile) && !was_check_waived(check, profile))
				add_check_finding(gate, check);
			else if (required & (1u << check->kind))
				find_unscreened_persons(gate, check);
		}
	}
	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		const char *name = check_kind_text((enum check_kind)kind);
		bool waivable = check_may_be_waived((enum check_kind)kind, profile);

		if (!(required & (1u << kind)) || found & (1u << kind))
			continue;
		gate_add_finding(gate, BLOCKER_CHECK_FAILED, name, "The %s check is missing; run it%s%s", name,
				 waivable ? ", or " : "",
				 waivable ? gate_lead_action_text(gate, "waive it with a reason") : "");
	}
}

const char *gate_checks_text(const struct gate *gate)
{
	if (!gate->file->check_count)
		return NULL;
	/* A hit counts by its verdict, not by the result of its check. */
	return arena_printf(gate->arena, "%zu of %zu checks %s", gate->file->check_count, gate->file->check_count,
			    gate->news.count && gate->news.items[0].hit ? "are complete; review the hits"
									: "are in order");
}

int64_t check_result_time(const struct check *check, const struct session *session)
{
	if (check->checked_at != TIME_NONE)
		return check->checked_at;
	return session->submitted_at != TIME_NONE ? session->submitted_at : session->created_at;
}

/* Only a result expires; other parts report checks without a result and waived checks. */
static bool check_has_result(const struct check *check)
{
	return check->status == CHECK_PASSED || check->status == CHECK_HIT;
}

static bool is_older(const struct gate *gate, int64_t made, int64_t most)
{
	int64_t age;

	return most > 0 && made != TIME_NONE && !__builtin_sub_overflow(gate->context->now, made, &age) && age > most;
}

static void add_stale_check(struct gate *gate, const struct check *check, const char *of, const char *name,
			    int64_t made)
{
	const char *kind = check_kind_text(check->kind);

	gate_add_finding(gate, BLOCKER_CHECK_STALE, kind,
			 "The %s check%s%s dates from %s, and the maximum age is %s; run it again", kind, of, name,
			 time_day_text(gate->arena, made, gate->context->now),
			 duration_short_text(gate->arena, gate->context->profile->checks.max_age_ms));
}

/* Persons with an old newest result; the shown result is reported with the check. */
static void find_stale_persons(struct gate *gate, const struct check *check)
{
	for (size_t i = 0; i <= gate->file->party_count; i++) {
		const struct party *party = person_at(gate, i);
		int64_t made = screened_at(gate, check->kind, check, party, INT64_MAX);

		if (is_older(gate, made, gate->context->profile->checks.max_age_ms) &&
		    check_person_result(check, party, INT64_MAX) != check_shown_result(check))
			add_stale_check(gate, check, " of ", person_name(gate, party), made);
	}
}

static void add_missing_screening(struct gate *gate, const char *of, const char *names, const char *ref)
{
	gate_add_finding(gate, BLOCKER_CHECK_STALE, ref,
			 "No sanctions screening%s%s is completed; this desk needs a screening that is at most %lld "
			 "days old",
			 of, names, (long long)gate->context->desk_rules.screening_days);
}

/* The desk's own condition for the age of the sanctions screening of each person (set by: kybdesk store set). */
static void find_old_screening(struct gate *gate)
{
	const int64_t days = gate->context->desk_rules.screening_days;
	const size_t parties = gate->context->sandbox ? 0 : gate->file->party_count;
	const struct check *checks[CHECK_KIND_COUNT] = { NULL };
	struct persons missing = { STRBUF_INIT, 0 };

	if (!days)
		return;
	for (size_t i = 0; i < gate->file->check_count; i++)
		checks[gate->file->checks[i].kind] = &gate->file->checks[i];
	for (size_t i = 0; i <= parties; i++) {
		const struct party *party = person_at(gate, i);
		const int64_t now = gate->context->now;
		int64_t watchlist = screened_at(gate, CHECK_WATCHLIST, checks[CHECK_WATCHLIST], party, now);
		int64_t ofac = screened_at(gate, CHECK_OFAC, checks[CHECK_OFAC], party, now);
		int64_t newest = ofac > watchlist ? ofac : watchlist;

		if (newest == TIME_NONE && !party)
			add_missing_screening(gate, "", "", "");
		else if (newest == TIME_NONE)
			add_person(&missing, party->name);
		else if (is_older(gate, newest, days * DAY_MS))
			gate_add_finding(gate, BLOCKER_CHECK_STALE, party ? party->id : "",
					 "The newest sanctions screening%s%s dates from %s; this desk needs a "
					 "screening that is at most %lld days old, so run the check again",
					 party ? " of " : "", party ? party->name : "",
					 time_day_text(gate->arena, newest, gate->context->now), (long long)days);
	}
	if (missing.count)
		add_missing_screening(gate, " of ", persons_text(gate, &missing), "");
}

void gate_find_stale_check(struct gate *gate)
{
	for (size_t i = 0; i < gate->file->check_count; i++) {
		const struct check *check = &gate->file->checks[i];
		int64_t made = check_result_time(check, &gate->file->session);

		if (check_has_result(check) && is_older(gate, made, gate->context->profile->checks.max_age_ms))
			add_stale_check(gate, check, "", "", made);
		if (check_kind_is_of_each_person(check->kind) && check->status != CHECK_WAIVED &&
		    !check->only_newest_counts)
			find_stale_persons(gate, check);
	}
	find_old_screening(gate);
}

const char *gate_fresh_checks_text(const struct gate *gate)
{
	for (size_t i = 0; i < gate->file->check_count; i++) {
		if (check_has_result(&gate->file->checks[i]) && gate->context->profile->checks.max_age_ms > 0)
			return "no check is too old";
	}
	return NULL;
}
