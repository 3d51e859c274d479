#include "kybdesk/domain/results.h"
#include "kybdesk/base/timefmt.h"
#include "kybdesk/domain/value.h"

#include <string.h>

bool check_kind_is_confidential(enum check_kind kind)
{
	return check_kind_is_of_each_person(kind) || kind == CHECK_CRYPTO;
}

static bool check_kind_is_screening(enum check_kind kind)
{
	return check_kind_is_confidential(kind) || kind == CHECK_REGISTER;
}

enum result_effect result_effect(enum check_kind kind, enum check_status status)
{
	static const struct {
		enum result_effect screening, attempt;
	} effects[] = {
		[CHECK_PENDING] = { EFFECT_AWAITS, EFFECT_AWAITS }, [CHECK_PASSED] = { EFFECT_NONE, EFFECT_NONE },
		[CHECK_HIT] = { EFFECT_JUDGE, EFFECT_RETRY },	    [CHECK_FAILED] = { EFFECT_JUDGE, EFFECT_RETRY },
		[CHECK_ERROR] = { EFFECT_AWAITS, EFFECT_AWAITS },   [CHECK_TIMEOUT] = { EFFECT_AWAITS, EFFECT_AWAITS },
		[CHECK_WAIVED] = { EFFECT_NONE, EFFECT_NONE },
	};

	return check_kind_is_screening(kind) ? effects[status].screening : effects[status].attempt;
}

const char *result_id(struct arena *arena, enum check_kind kind, size_t number)
{
	return arena_printf(arena, "%s.%zu", check_kind_text(kind), number);
}

struct result *case_result(const struct case_file *file, const char *id, struct check **check)
{
	for (size_t i = 0; i < file->check_count; i++)
		for (size_t r = 0; r < file->checks[i].result_count; r++)
			if (!strcmp(file->checks[i].results[r].id, id)) {
				*check = &file->checks[i];
				return &file->checks[i].results[r];
			}
	return NULL;
}

static const char *result_person_text(struct arena *arena, const struct case_file *file, const struct result *result)
{
	const struct party *party = case_party(file, result->person);

	if (!strcmp(result->person, RESULT_ABOUT_SUBJECT))
		return *file->session.subject.name ? file->session.subject.name : "the subject";
	if (!strcmp(result->person, RESULT_ABOUT_UNKNOWN))
		return "an unknown person of the case";
	return party ? party->name : arena_printf(arena, "the removed party %.8s", result->person);
}

const char *result_text(struct arena *arena, const struct case_file *file, const struct result *result)
{
	return arena_printf(arena, "%s for %s%s%s%s%s", check_status_text(result->status),
			    result_person_text(arena, file, result), *result->reported_by ? ", by " : "",
			    result->reported_by, result->checked_at == TIME_NONE ? "" : " at ",
			    result->checked_at == TIME_NONE ? "" : time_minute_text(arena, result->checked_at));
}

static bool is_adverse(const struct check *check, const struct result *result)
{
	return result_effect(check->kind, result->status) >= EFFECT_RETRY;
}

static bool is_dismissed(const struct result *result)
{
	return (result->verdict == RESULT_CLEARED || result->verdict == RESULT_WAIVED) && result->standing.valid;
}

/* Hits that came with a result are judged one by one, so the result itself needs no verdict. */
static bool needs_verdict(const struct check *check, const struct result *result)
{
	return result_effect(check->kind, result->status) == EFFECT_JUDGE && !result->reported_hits &&
	       !is_dismissed(result);
}

/* A reporter that names no source, or the file of an import. */
static bool is_unnamed(const char *source, const char *by)
{
	return !*source || !strcmp(source, by) || !strncmp(source, RESULT_OF_FILE, sizeof RESULT_OF_FILE - 1);
}

bool result_source_is(const struct result *result, const char *source, const char *by)
{
	if (strcmp(result->reported_by, by) != 0)
		return false;
	return !strcmp(result->source, source) || (is_unnamed(result->source, by) && is_unnamed(source, by));
}

/* Whether a later result takes the place of an earlier one. A result about an unknown person is superseded by a result
 * about anybody. An adverse result is superseded only by its own source. */
static bool supersedes(const struct check *check, const struct result *later, const struct result *earlier)
{
	if (check->only_newest_counts)
		return true;
	if (needs_verdict(check, earlier) ||
	    (strcmp(earlier->person, RESULT_ABOUT_UNKNOWN) != 0 && strcmp(earlier->person, later->person) != 0))
		return false;
	return !is_adverse(check, earlier) || is_dismissed(earlier) ||
	       result_source_is(earlier, later->source, later->reported_by);
}

/* A passed result about a removed party counts no longer; what is adverse, or still awaited, does. */
static bool counts(const struct check *check, size_t index)
{
	if (check->results[index].is_of_removed && check->results[index].status == CHECK_PASSED)
		return false;
	for (size_t i = index + 1; i < check->result_count; i++)
		if (supersedes(check, &check->results[i], &check->results[index]))
			return false;
	return true;
}

bool result_is_held(const struct check *check, size_t index)
{
	return needs_verdict(check, &check->results[index]) && counts(check, index);
}

bool check_has_held_result(const struct check *check)
{
	for (size_t i = 0; i < check->result_count; i++)
		if (result_is_held(check, i))
			return true;
	return false;
}

bool check_kind_is_of_each_person(enum check_kind kind)
{
	return kind == CHECK_WATCHLIST || kind == CHECK_OFAC || kind == CHECK_ADVERSE_MEDIA;
}

/* By the id in the data of the checked person; results of old stores have no other. */
static bool is_about(const struct check *check, const struct result *result, const struct party *party)
{
	const char *id = value_text(value_member(result->checked_subject, "party"));

	return check->only_newest_counts || (result->is_of_present_data && !strcmp(id, party ? party->id : ""));
}

const struct result *check_person_result(const struct check *check, const struct party *party, int64_t until)
{
	const struct result *newest = NULL;

	for (size_t i = 0; i < check->result_count; i++) {
		const struct result *result = &check->results[i];
		const bool screened = result->status == CHECK_PASSED || result->reported_hits ||
				      (is_adverse(check, result) && is_dismissed(result));

		if (screened && result->checked_at <= until && is_about(check, result, party) &&
		    (!newest || result->checked_at >= newest->checked_at))
			newest = result;
	}
	return newest;
}

const char *result_lead_reason(const struct check *check, const struct result *result, enum result_verdict verdict)
{
	if ((check->kind == CHECK_WATCHLIST || check->kind == CHECK_OFAC) && verdict == RESULT_CLEARED)
		return "the result is of a sanctions screening, and clearing it needs a reason";
	return result->verdict == RESULT_CONFIRMED ? "the result is confirmed, and a revision needs a reason" : "";
}

static int rank(const struct check *check, const struct result *result)
{
	switch (result_effect(check->kind, result->status)) {
	case EFFECT_NONE:
		return 0;
	case EFFECT_AWAITS:
		return result->status == CHECK_PENDING ? 2 : 3;
	case EFFECT_RETRY:
	case EFFECT_JUDGE:
		break;
	}
	return is_dismissed(result) ? 0 : result->reported_hits ? 1 : 4;
}

const struct result *check_shown_result(const struct check *check)
{
	const struct result *shown = NULL;

	for (size_t i = 0; i < check->result_count; i++)
		if (counts(check, i) && (!shown || rank(check, &check->results[i]) >= rank(check, shown)))
			shown = &check->results[i];
	return shown;
}

/* The newest result of another reporter that differs from the shown one. */
static const struct result *other_result(const struct check *check, const struct result *shown)
{
	for (size_t i = check->result_count; i-- > 0;) {
		const struct result *result = &check->results[i];

		if (result->status != shown->status && result->status != CHECK_PENDING &&
		    strcmp(result->reported_by, shown->reported_by) != 0)
			return check->only_newest_counts ? NULL : result;
	}
	return NULL;
}

void check_sum_results(struct check *check)
{
	const struct result *shown = check_shown_result(check), *other;

	if (!shown)
		return;
	other = other_result(check, shown);
	check->status = check->reported_status = shown->status;
	check->score = shown->score;
	check->detail_json = shown->detail_json;
	check->checked_at = shown->checked_at;
	check->reported_by = shown->reported_by;
	check->reported_capacity = shown->reported_capacity;
	check->checked_subject_json = shown->checked_subject_json;
	check->checked_subject = shown->checked_subject;
	check->other_result = other ? check_status_text(other->status) : "";
	check->other_result_by = other ? other->reported_by : "";
	check->other_result_at = other ? other->checked_at : TIME_NONE;
}

bool check_results_say_more(const struct check *check)
{
	const struct result *only = check->results;

	if (check->result_count != 1)
		return check->result_count > 1;
	return (result_effect(check->kind, only->status) == EFFECT_JUDGE && !only->reported_hits) ||
	       (strcmp(only->person, RESULT_ABOUT_SUBJECT) != 0 && strcmp(only->person, RESULT_ABOUT_UNKNOWN) != 0);
}

const char *result_state_text(struct arena *arena, const struct check *check, const struct result *result)
{
	const size_t index = (size_t)(result - check->results);
	const char *verdict = result_verdict_text(result->verdict);

	if (*verdict)
		verdict = arena_printf(arena, "%s by %s%s%s%s", verdict, result->judged_by,
				       *result->judge_reason ? ": " : "", result->judge_reason,
				       result->standing.valid ? "" : ", but the person changed since: judge it again");
	else if (result_is_held(check, index) && check->status != CHECK_WAIVED)
		verdict = "counts until a person judges it";
	else if (!counts(check, index))
		verdict = "history";
	return verdict;
}
