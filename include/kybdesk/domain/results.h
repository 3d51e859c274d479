/* Results of checks: what each kind and status does, and which result counts.
 *
 * A result is never replaced. The newest of each person and source counts. An adverse result of a screening (failed,
 * or a hit without an entry of a list) counts until a person judges it; no later result ends it. A check of data or
 * identity may be tried again: the result of the new attempt counts, the old one is history. Pure. Seed of the kinds:
 * kyc-workflows-sessions; the rule: docs/trust.md, "Results". */
#ifndef KYBDESK_DOMAIN_RESULTS_H
#define KYBDESK_DOMAIN_RESULTS_H

#include "kybdesk/domain/session.h"

enum result_effect {
	EFFECT_NONE,   /* the person passed */
	EFFECT_AWAITS, /* no result: the next one counts */
	EFFECT_RETRY,  /* adverse, until the same source reports a new attempt */
	EFFECT_JUDGE   /* adverse, until a person judges it */
};
/* The table: what a result of this kind and status does. A waived check has no effect. */
enum result_effect result_effect(enum check_kind kind, enum check_status status);

/* Such as "watchlist.2"; number: 1 for the oldest. */
const char *result_id(struct arena *arena, enum check_kind kind, size_t number);
/* The result with this id; NULL: none. *check: its check. */
struct result *case_result(const struct case_file *file, const char *id, struct check **check);
/* Such as "failed for Harbour Lane, by provider:watchman at 2026-11-20 12:00 UTC". */
const char *result_text(struct arena *arena, const struct case_file *file, const struct result *result);

/* Whether a person must still judge the result: it counts, is adverse, and is neither cleared nor waived. */
bool result_is_held(const struct check *check, size_t index);
bool check_has_held_result(const struct check *check);
/* Why only a lead may give this verdict on the result, such as "the result is confirmed, and a revision needs a
 * reason"; "": a reviewer may. */
const char *result_lead_reason(const struct check *check, const struct result *result, enum result_verdict verdict);
/* Whether nobody outside may learn that a check of this kind found something. */
bool check_kind_is_confidential(enum check_kind kind);
/* Whether a rule that asks for a check of this kind asks it of each person: the subject and each party. */
bool check_kind_is_of_each_person(enum check_kind kind);
/* The newest result that screened this person, with the data of today: passed, cleared, or with hits, which are judged
 * one by one; not made after `until`. NULL: none. party: NULL for the subject. In a sandbox a result about anybody is
 * taken. */
const struct result *check_person_result(const struct check *check, const struct party *party, int64_t until);
/* The result that the check shows: the gravest of the results that count, the newest of equal ones. NULL: none. */
const struct result *check_shown_result(const struct check *check);
/* Whether the result is of this source, as this reporter gives it. Another reporter is another source, also if it names
 * the same; the files that one reporter imports are one source. */
bool result_source_is(const struct result *result, const char *source, const char *by);
/* Sets status, score, detail, time, reporter and person of the check from the shown result, and the latest result of
 * another reporter. Leaves a check without results as it is. */
void check_sum_results(struct check *check);
/* What became of the result, such as "cleared by bo: born in 1961", "history"; "": it counts as it is. */
const char *result_state_text(struct arena *arena, const struct check *check, const struct result *result);
/* Whether the results say more than the check's own members: several, one about a party, or one to judge. */
bool check_results_say_more(const struct check *check);

#endif
