/* Corrections, hits and checks that block an approval. */
#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"

TestSuite(gate_checks, .init = builder_set_up, .fini = builder_tear_down);

Test(gate_checks, corrections_block_until_accepted_or_withdrawn)
{
	struct correction *correction = builder_add_correction(&built, CORRECTION_OPEN);

	BLOCKS("correction_open");
	correction->state = CORRECTION_ANSWERED;
	BLOCKS("correction_open");
	correction->state = CORRECTION_ACCEPTED;
	BLOCKS("");
	correction->state = CORRECTION_WITHDRAWN;
	BLOCKS("");
}

Test(gate_checks, hits_block_by_class_and_state)
{
	static const bool blocks[3][4] = {
		/* open, true match, false positive, accepted */
		[HIT_SANCTIONS] = { true, true, false, true },
		[HIT_PEP] = { true, true, false, false },
		[HIT_ADVERSE_MEDIA] = { true, true, false, false },
	};

	built.hits[0].accepted_by = "lea";
	for (int class = HIT_SANCTIONS; class <= HIT_ADVERSE_MEDIA; class ++) {
		for (int state = HIT_OPEN; state <= HIT_ACCEPTED; state++) {
			built.hits[0].class_ = (enum hit_class) class;
			built.hits[0].state = (enum hit_state)state;
			BLOCKS(blocks[class][state] ? "hit_open" : "");
			cr_expect_eq(hit_is_blocking(&built.hits[0]), blocks[class][state]);
		}
	}
}

Test(gate_checks, a_match_accepted_by_nobody_blocks)
{
	built.hits[0].state = HIT_ACCEPTED;
	BLOCKS("hit_open");
}

Test(gate_checks, an_open_hit_blocks_whatever_its_check_says)
{
	for (int status = CHECK_PASSED; status <= CHECK_HIT; status++) {
		built.checks[0].status = (enum check_status)status;
		built.hits[0].state = HIT_OPEN;
		BLOCKS("hit_open");
	}
}

Test(gate_checks, checks_block_by_their_status)
{
	static const bool blocks[] = {
		[CHECK_PENDING] = true, [CHECK_PASSED] = false, [CHECK_HIT] = true,    [CHECK_FAILED] = true,
		[CHECK_ERROR] = true,	[CHECK_TIMEOUT] = true, [CHECK_WAIVED] = false
	};

	built.checks[1].waived_by = "lea";
	for (int status = CHECK_PENDING; status <= CHECK_WAIVED; status++) {
		built.checks[1].status = (enum check_status)status;
		BLOCKS(blocks[status] ? "check_failed" : "");
		cr_expect_eq(check_is_blocking(&built.checks[1], &built.profile), blocks[status]);
	}
}

Test(gate_checks, a_check_the_session_brings_has_to_be_in_order_though_nobody_needs_it)
{
	struct check *check = builder_add_check(&built, CHECK_EMAIL, CHECK_FAILED);

	BLOCKS("check_failed");
	check->status = CHECK_PASSED;
	BLOCKS("");
}

Test(gate_checks, a_check_the_profile_needs_is_missed)
{
	struct blockers found;

	built.file.check_count = 0;
	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		built.profile.checks.required_kind_bits = 1u << kind;
		found = builder_check(&built);
		cr_assert_eq(found.count, 1, "%s", check_kind_text((enum check_kind)kind));
		cr_expect_eq(found.items[0].code, BLOCKER_CHECK_FAILED);
		cr_expect_str_eq(found.items[0].ref, check_kind_text((enum check_kind)kind));
	}
	built.file.check_count = 1;
	built.profile.checks.required_kind_bits = 1u << CHECK_WATCHLIST;
	BLOCKS("");
}

Test(gate_checks, watchlist_and_ofac_are_waived_only_where_the_profile_says_so)
{
	for (int kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		bool strict = kind == CHECK_WATCHLIST || kind == CHECK_OFAC;
		struct builder one;
		struct check *check;

		builder_init(&one);
		one.profile.checks.required_kind_bits = 0;
		one.file.check_count = 0;
		check = builder_add_check(&one, (enum check_kind)kind, CHECK_WAIVED);
		check->waived_by = "lea";
		cr_expect_str_eq(builder_codes(&one), strict ? "check_failed" : "");
		cr_expect_eq(check_may_be_waived((enum check_kind)kind, &one.profile), !strict);
		one.profile.checks.waivable_kind_bits = 1u << kind;
		cr_expect_str_eq(builder_codes(&one), "");
		arena_release(&one.arena);
	}
}

Test(gate_checks, a_check_waived_by_nobody_is_not_waived)
{
	built.checks[1].status = CHECK_WAIVED;
	BLOCKS("check_failed");
}
