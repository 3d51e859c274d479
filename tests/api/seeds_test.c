/*
 * Sends every example of the seed documents word for word and compares the response with the documented one:
 * status, members, types. Prints each request, comparison and correction. The examples are in tests/api/seeds; if
 * the seed documents are on this machine, a test finds examples that are missing or changed.
 */
#include "seed.h"
#include "seed_compare.h"

#include <stdio.h>
#include <string.h>

TestSuite(seeds, .init = api_set_up, .fini = api_tear_down);

static void played(const char *seed, size_t asked, size_t compared)
{
	struct play play;

	play_seed(&play, &api, seed);
	cr_expect_eq(play.asked, asked, "%zu requests", play.asked);
	cr_expect_eq(play.answered + play.events, compared, "%zu answers and events", play.answered + play.events);
}

Test(seeds, atelio_beneficial_owners_word_by_word)
{
	played("atelio-beneficial-owners", 12, 16);
}

Test(seeds, avenia_kyb_level_1_word_by_word)
{
	played("avenia-kyb-level-1", 7, 6);
}

Test(seeds, kyc_workflows_sessions_word_by_word)
{
	played("kyc-workflows-sessions", 15, 0);
}

Test(seeds, ralio_kyb_session_word_by_word)
{
	played("ralio-kyb-session", 6, 0);
}

Test(seeds, ralio_sandbox_word_by_word)
{
	played("ralio-sandbox", 12, 2);
}

Test(seeds_themselves, every_difference_is_seen)
{
	static const struct {
		const char *seed, *answer, *more, *nulls, *says;
	} rows[] = {
		{ "{\"a\":1}", "{\"a\":2}", "", "", "" },
		{ "{\"a\":1}", "{\"a\":\"1\"}", "", "", "a is of another type: string" },
		{ "{\"a\":1}", "{}", "", "", "a is missing" },
		{ "{\"a\":1}", "{\"a\":1,\"b\":2}", "", "", "b is there, and the seed does not show it" },
		{ "{\"a\":1}", "{\"a\":1,\"b\":2}", " b", "", "" },
		{ "{\"a\":1}", "{\"a\":1,\"b\":2}", " bb", "", "b is there, and the seed does not show it" },
		{ "{\"a\":1}", "{\"a\":null}", "", "", "a is of another type: null" },
		{ "{\"a\":1}", "{\"a\":null}", "", " a", "" },
		{ "{\"a\":[{\"b\":true}]}", "{\"a\":[]}", "", "", "a is empty" },
		{ "{\"a\":[{\"b\":true}]}", "{\"a\":[{\"b\":true},{\"b\":0}]}", "", "",
		  "a[0].b is of another type: number" },
		{ "{\"a\":[{\"b\":true}]}", "{\"a\":[{\"b\":true,\"c\":0}]}", " a[0].c", "", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct likeness likeness = { .more = rows[i].more, .nulls = rows[i].nulls };
		json_t *seed = test_keep(json_loads(rows[i].seed, 0, NULL)),
		       *answer = test_keep(json_loads(rows[i].answer, 0, NULL));

		compare_bodies(&likeness, seed, answer, "");
		cr_expect_str_eq(likeness.fault, rows[i].says, "%s %s", rows[i].seed, rows[i].answer);
	}
}

Test(seeds_themselves, nothing_is_left_out_and_nothing_is_changed)
{
	static const char *const seeds[] = { "atelio-beneficial-owners", "avenia-kyb-level-1", "kyc-workflows-sessions",
					     "ralio-kyb-session", "ralio-sandbox" };

	for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++)
		fprintf(stderr, "seeds: %s: %zu examples are as they stand in the document\n", seeds[i],
			seed_check(seeds[i]));
}
