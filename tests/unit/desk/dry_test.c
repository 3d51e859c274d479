/* A dry run: everything but the commit. It returns the same result as the real run, and writes no byte. */
#include "fixture.h"
#include "support/store_sum.h"

#define DAY_MS (24 * 60 * MINUTE_MS)

static struct fixture f;
static struct store_sum sum;

static void set_up(void)
{
	fixture_open(&f);
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	fixture_kyc(&f, "KYC-2", "manual_review", NULL);
	must(USE(f.bo, CLAIM, "KYC-2"));
	store_sum_open(&sum, f.path);
}
static void tear_down(void)
{
	store_sum_close(&sum);
	fixture_close(&f);
}
TestSuite(dry_run, .init = set_up, .fini = tear_down);

static enum err run(struct desk *desk, const struct use_in *in)
{
	return fixture_use(&f, desk, in);
}

/* The verbs that can be used on several cases at once. */
static const struct use_in tried[] = {
	{ .verb = VERB_CLAIM },
	{ .verb = VERB_RELEASE },
	{ .verb = VERB_ASSIGN, .part = "bo" },
	{ .verb = VERB_SNOOZE, .until = NOON + 3 * DAY_MS, .reason = "the register is closed" },
	{ .verb = VERB_WAKE },
	{ .verb = VERB_NOTE, .text = "looked at by telephone" },
	{ .verb = VERB_ESCALATE },
	{ .verb = VERB_WITHDRAW },
	{ .verb = VERB_REACTIVATE },
	{ .verb = VERB_PROCESS },
};

Test(dry_run, it_says_what_doing_it_says_and_leaves_nothing)
{
	static const char *const refs[] = { "KYC-1", "KYC-2", "KYC-9" };
	size_t done = 0, refused = 0;
	for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
		for (size_t r = 0; r < sizeof refs / sizeof *refs; r++) {
			struct use_in in = tried[i];
			uint64_t before = store_sum(&sum);
			in.session = refs[r];
			in.dry_run = true;
			enum err dry_run = run(f.rita, &in);
			char *why = arena_strdup(&f.arena, dry_run ? f.error.message : "");
			cr_expect_eq(store_sum(&sum), before, "%s of %s", use_cases[in.verb].audit_action, refs[r]);
			in.dry_run = false;
			enum err real = run(f.rita, &in);
			cr_expect_eq(dry_run, real, "%s of %s: \"%s\", then \"%s\"", use_cases[in.verb].audit_action,
				     refs[r], why, real ? f.error.message : "");
			cr_expect_str_eq(why, real ? f.error.message : "");
			if (!real)
				cr_expect_neq(store_sum(&sum), before, "%s of %s did nothing",
					      use_cases[in.verb].audit_action, refs[r]);
			done += !real;
			refused += real != ERR_OK;
		}
	}
	cr_expect_geq(done, 5);
	cr_expect_geq(refused, 10);
}
