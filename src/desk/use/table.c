/* The table of use cases, generated from desk/verbs.h. */
#include "use/use.h"

#include <string.h>

/* NOBODY and NONE of the table as pairs of members: whether a value is set, and the value. */
#define STAFF_VIEWER true, ROLE_VIEWER
#define STAFF_REVIEWER true, ROLE_REVIEWER
#define STAFF_LEAD true, ROLE_LEAD
#define STAFF_ADMIN true, ROLE_ADMIN
#define STAFF_NOBODY false, ROLE_SYSTEM
#define MOVE_NONE false, ACTION_START
#define MOVE_START true, ACTION_START
#define MOVE_COMPLETE true, ACTION_COMPLETE
#define MOVE_SUBMIT true, ACTION_SUBMIT
#define MOVE_PROCESS true, ACTION_PROCESS
#define MOVE_EXPIRE true, ACTION_EXPIRE
#define MOVE_REACTIVATE true, ACTION_REACTIVATE
#define MOVE_ESCALATE true, ACTION_ESCALATE
#define MOVE_APPROVE true, ACTION_APPROVE
#define MOVE_REJECT true, ACTION_REJECT
#define MOVE_REQUEST_CORRECTIONS true, ACTION_REQUEST_CORRECTIONS
#define MOVE_WITHDRAW_CORRECTIONS true, ACTION_WITHDRAW_CORRECTIONS
#define MOVE_RESOLVE_CORRECTIONS true, ACTION_RESOLVE_CORRECTIONS
#define MOVE_RESUBMIT true, ACTION_RESUBMIT
#define MOVE_UNDO true, ACTION_UNDO
#define MOVE_REOPEN true, ACTION_REOPEN

#define IS_NONE MATERIAL_NONE, ""
#define IS_DATA(done) MATERIAL_DATA, done
#define IS_VERDICT(done) MATERIAL_VERDICT, done

#define USE_ROW(NAME, function, word, does, role, capacities, needs, action, material)                             \
	[VERB_##NAME] = { VERB_##NAME, word, does, STAFF_##role, capacities, needs, MOVE_##action, IS_##material },
const struct use_case use_cases[VERB_COUNT] = { VERBS(USE_ROW) };

#define USE_FUNCTION(NAME, function, word, does, role, capacities, needs, action, material)                        \
	[VERB_##NAME] = use_##function,
static use_function *const functions[VERB_COUNT] = { VERBS(USE_FUNCTION) };

#define USE_PREPARE(NAME, function) [VERB_##NAME] = use_##function##_prepare,
static use_function *const prepares[VERB_COUNT] = { PREPARES(USE_PREPARE) };

use_function *use_prepare_of(enum verb verb)
{
	return prepares[verb];
}

use_function *use_function_of(enum verb verb)
{
	return functions[verb];
}

WORDS_DEFINE(capacity, CAPACITY_WORDS)

bool capacity_submits(enum capacity capacity)
{
	return BY_OWNER & (1u << capacity);
}

bool use_case_allows(const struct use_case *row, enum capacity capacity, enum role role)
{
	if (!(row->capacities & (1u << capacity)))
		return false;
	if (capacity == CAPACITY_SYSTEM)
		return true;
	return capacity == CAPACITY_STAFF ? row->staff && role_at_least(role, row->role) : role_may_submit(role);
}
