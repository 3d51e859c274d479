/* What may be read outside of each blocker. */
#include <criterion/criterion.h>

#include "kybdesk/domain/gate.h"

/* Written down a second time: a code in neither list fails, so that a new one needs a decision. */
static const enum blocker_code shown[] = { BLOCKER_DOCUMENT_MISSING,  BLOCKER_NOTHING_EXAMINED,
					   BLOCKER_STEP_OPEN,	      BLOCKER_PARTY_MISSING,
					   BLOCKER_OWNERSHIP_INVALID, BLOCKER_FIELD_INVALID,
					   BLOCKER_CORRECTION_OPEN };
static const enum blocker_code in_other_words[] = { BLOCKER_STATUS, BLOCKER_DOCUMENT_NOT_ACCEPTED,
						    BLOCKER_PARTY_NOT_VERIFIED };
static const enum blocker_code hidden[] = {
	BLOCKER_BASIS_CHANGED,	 BLOCKER_DOCUMENT_ALTERED, BLOCKER_OWNERSHIP_GAP,  BLOCKER_HIT_OPEN,
	BLOCKER_CHECK_FAILED,	 BLOCKER_CHECK_STALE,	   BLOCKER_DUPLICATE_OPEN, BLOCKER_SUSPICION_OPEN,
	BLOCKER_SECOND_REVIEWER, BLOCKER_CLAIMED_BY_OTHER, BLOCKER_CHANGED
};

static bool is_in(const enum blocker_code *codes, size_t count, enum blocker_code code)
{
	for (size_t i = 0; i < count; i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}
#define IS_IN(codes, code) is_in((codes), sizeof(codes) / sizeof *(codes), (code))

Test(gate_outside, every_code_is_hidden_unless_its_row_says_shown)
{
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++) {
		enum blocker_code code = (enum blocker_code)i;
		const char *word = blocker_code_text(code), *sentence = blocker_outside(code);

		cr_expect_eq(IS_IN(shown, code) + IS_IN(in_other_words, code) + IS_IN(hidden, code), 1, "%s", word);
		cr_expect_eq(sentence == NULL, IS_IN(hidden, code), "%s", word);
		if (sentence)
			cr_expect_eq(!*sentence, IS_IN(shown, code), "%s: %s", word, sentence);
	}
}
