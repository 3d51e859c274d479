/* The reasons that the record supports, and the policies of a workflow on contradicted reasons. */
#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/grounds.h"

#define NOTE "compared with the passport"

static struct reason session_reasons[] = {
	{ .code = "missing_document", .label = "", .message = "", .retryable = true },
	{ .code = "sanctions_match", .label = "", .message = "", .disclosure = DISCLOSURE_RESTRICTED },
	{ .code = "adverse_media", .label = "", .message = "", .disclosure = DISCLOSURE_RESTRICTED },
	{ .code = "other", .label = "", .message = "" },
};
static struct reason hit_reasons[] = {
	{ .code = "different_country", .label = "", .message = "" },
	{ .code = "own_code", .label = "", .message = "" },
};
static const struct reasons reasons = { .items = { [REASONS_SESSION] = session_reasons, [REASONS_HIT] = hit_reasons },
					.counts = { [REASONS_SESSION] = 4, [REASONS_HIT] = 2 } };
static struct match match = { .hit = "h", .name = "Ines Duarte", .list = "EU", .by = "", .other_subject_name = "" };
static const struct match_list matches = { .items = &match, .count = 1 };
static struct arena arena;
static struct grounds grounds;

static void tear_down(void)
{
	arena_release(&arena);
}
TestSuite(grounds_domain, .fini = tear_down);

static enum err rejecting(const struct profile *profile, const char *code, const char *note)
{
	struct error error = { 0 };
	enum err err;

	grounds_find(&arena,
		     &(const struct grounds_input){
			     .verdict = VERDICT_REJECT, .reasons = &reasons, .profile = profile, .matches = &matches },
		     &grounds);
	err = grounds_require_reason(&grounds, VERDICT_REJECT, code, note, &error);
	error_release(&error);
	return err;
}

Test(grounds_domain, a_workflow_may_refuse_every_other_reason)
{
	const struct profile strict = { .contradicted_reason_policy = CONTRADICTED_REFUSE };
	const struct profile usual = { .contradicted_reason_policy = CONTRADICTED_NOTE };

	cr_expect_eq(rejecting(&strict, "missing_document", NOTE), ERR_BLOCKED);
	cr_expect_eq(rejecting(&strict, "other", ""), ERR_OK, "other is never contradicted");
	cr_expect_eq(rejecting(&strict, "sanctions_match", ""), ERR_OK);
	cr_expect_eq(rejecting(&usual, "missing_document", ""), ERR_INVALID);
	cr_expect_eq(rejecting(&usual, "missing_document", "          "), ERR_INVALID, "blanks explain nothing");
	cr_expect_eq(rejecting(&usual, "missing_document", NOTE), ERR_OK);
	cr_expect_not(grounds.may_allow_retry);
}

/* If a workflow lacks the match's reason, another restricted reason is proposed; if it has none, a note is required. */
Test(grounds_domain, a_workflow_without_the_reason_of_the_match)
{
	const char *media[] = { "missing_document", "adverse_media" }, *open[] = { "missing_document" };
	struct profile profile = { .session_reasons = media, .session_reason_count = 2 };

	cr_expect_eq(rejecting(&profile, "adverse_media", ""), ERR_OK);
	cr_expect_str_eq(grounds.preset->code, "adverse_media");
	profile.session_reasons = open;
	profile.session_reason_count = 1;
	cr_expect_eq(rejecting(&profile, "missing_document", ""), ERR_INVALID);
	cr_expect_null(grounds.preset);
	cr_expect_eq(rejecting(&profile, "missing_document", NOTE), ERR_OK);
	cr_expect_not(grounds.may_allow_retry);
}

Test(grounds_domain, a_workflow_may_take_a_contradicted_verdict_with_a_note)
{
	const struct hit_card card = { .name = "Ines Duarte",
				       .lines = { { CARD_COUNTRY, LIKENESS_SAME, "LBN", "LBN" } },
				       .line_count = 1 };
	const struct profile usual = { .contradicted_hit_policy = CONTRADICTED_REFUSE };
	const struct profile lenient = { .contradicted_hit_policy = CONTRADICTED_NOTE };
	struct grounds_input of = {
		.verdict = VERDICT_FALSE_POSITIVE, .reasons = &reasons, .profile = &usual, .card = &card
	};

	grounds_find(&arena, &of, &grounds);
	cr_expect_eq(ground_by_code(&grounds, "different_country")->fit, FIT_NO);
	cr_expect(strstr(ground_by_code(&grounds, "different_country")->contradicting_fact, "LBN"));
	cr_expect_eq(ground_by_code(&grounds, "own_code")->fit, FIT_YES);
	of.profile = &lenient;
	grounds_find(&arena, &of, &grounds);
	cr_expect_eq(ground_by_code(&grounds, "different_country")->fit, FIT_WITH_NOTE);
	of.verdict = VERDICT_TRUE_MATCH;
	grounds_find(&arena, &of, &grounds);
	cr_expect_null(ground_by_code(&grounds, "different_country"));
	cr_expect_not_null(ground_by_code(&grounds, "own_code"));
}
