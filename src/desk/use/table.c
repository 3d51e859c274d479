/* The table of use cases, generated from desk/verbs.h. */
#include "use/use.h"

#define ROLE_NOBODY ROLE_SYSTEM
#define IS_NONE MATERIAL_NONE, ""
#define IS_DATA(done) MATERIAL_DATA, done
#define IS_VERDICT(done) MATERIAL_VERDICT, done

#define USE_ROW(NAME, function, word, does, sentence, role, capacities, needs, action, material)                       \
	[VERB_##NAME] = { VERB_##NAME,	   word,	 does, sentence, ROLE_##role, capacities, needs,               \
			  ACTION_##action, IS_##material },
const struct use_case use_cases[VERB_COUNT] = { VERBS(USE_ROW) };

#define USE_FUNCTION(NAME, function, ...) [VERB_##NAME] = use_##function,
use_function *const use_functions[VERB_COUNT] = { VERBS(USE_FUNCTION) };

#define USE_PREPARE(NAME, function) [VERB_##NAME] = use_##function##_prepare,
use_function *const use_prepares[VERB_COUNT] = { VERBS_WITH_PREPARE(USE_PREPARE) };

WORDS_DEFINE(capacity, CAPACITY_WORDS)

bool capacity_is_submitter(enum capacity capacity)
{
	return BY_SUBMITTER & (1u << capacity);
}

bool use_case_allows(const struct use_case *row, enum capacity capacity, enum role role)
{
	if (!(row->capacities & (1u << capacity)))
		return false;
	if (capacity == CAPACITY_SYSTEM)
		return true;
	return capacity == CAPACITY_STAFF ? role_at_least(role, row->role) : role_may_submit(role);
}
