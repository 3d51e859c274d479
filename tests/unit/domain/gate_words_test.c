/* The gate's sentences for each kind of duplicate and for each state of a step. */
#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"

TestSuite(gate_words, .init = builder_set_up, .fini = builder_tear_down);

static void says_something_with(const char *words)
{
	struct blockers found = builder_check(&built);

	cr_assert_gt(found.count, 0);
	cr_expect(strstr(found.items[0].message, words), "%s: %s", words, found.items[0].message);
}

Test(gate_words, name_the_numbers_that_are_the_same)
{
	static const struct {
		unsigned same_bits;
		const char *words;
	} cases[] = { { SAME_TAX_ID, ") has the same tax id: " },
		      { SAME_REGISTRATION_NUMBER, " has the same registration number: " },
		      { SAME_TAX_ID | SAME_REGISTRATION_NUMBER, " has the same registration number and tax id: " },
		      { SAME_CROSSWISE, " has the same registration number used as tax id: " } };
	struct duplicate other = { .id = "s9",
				   .merchant = "",
				   .shared_parts = "",
				   .external_ref = "S-9",
				   .name = "Other",
				   .status = SESSION_MANUAL_REVIEW,
				   .dismissed_by = "",
				   .dismissed_reason = "" };

	built.context.duplicates = &other;
	built.context.duplicate_count = 1;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		other.same_bits = cases[i].same_bits;
		says_something_with(cases[i].words);
	}
}

Test(gate_words, tell_how_far_a_step_is)
{
	static const struct {
		enum step_status status;
		const char *words;
	} cases[] = { { STEP_NEEDS_CORRECTION, " needs a correction, but no correction was requested; request one" },
		      { STEP_PENDING, " is not started; ask the client to complete it" },
		      { STEP_IN_PROGRESS, " is in progress; ask the client to complete it" } };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		built.steps[0].status = cases[i].status;
		says_something_with(cases[i].words);
	}
}
