/* Rules for the automatic decision, if the results contain no decision. Hits come first, and need a review by a
 * person; a failed check comes before an error or a timeout of a check. An approval needs the checks that the
 * profile requires, because a session without checks has not been examined. */
#include "kybdesk/domain/processing.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/domain/bad_news.h"
#include "kybdesk/domain/results.h"
#include "kybdesk/domain/rules.h"

#include <string.h>

bool processing_awaits_check(const struct case_file *file, unsigned required, enum check_kind kind)
{
	const struct check *check = case_check(file, kind);

	return check ? check->status == CHECK_PENDING : (required & (1u << kind)) != 0;
}

static unsigned required_check_bits(struct arena *arena, const struct processing_input *input)
{
	const struct rules_input rules = {
		.file = input->file, .profile = input->profile, .countries = input->countries, .today = ""
	};

	return rules_required_check_bits(arena, &rules);
}

static const char *waiting_checks_text(struct arena *arena, const struct processing_input *input)
{
	unsigned required = required_check_bits(arena, input);
	struct strbuf text = STRBUF_INIT;

	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		if (processing_awaits_check(input->file, required, (enum check_kind)kind))
			strbuf_addf(&text, "%s%s", text.len ? ", " : "", check_kind_text((enum check_kind)kind));
	}
	return strbuf_finish(&text, arena);
}

static bool has_open_hit(struct arena *arena, const struct case_file *file)
{
	struct news_list news;

	bad_news(arena, file, &news);
	for (size_t i = 0; i < news.count; i++)
		if (news.items[i].hit && news.items[i].state < NEWS_CONFIRMED)
			return true;
	return false;
}

struct check_tally {
	unsigned status_bits; /* bits of enum check_status */
	bool required_failed, screening_failed;
};

static bool has_check_status(const struct check_tally *check_tally, enum check_status status)
{
	return check_tally->status_bits & 1u << status;
}

static struct check_tally count(struct arena *arena, const struct processing_input *input)
{
	unsigned required = required_check_bits(arena, input);
	struct check_tally check_tally = { 0 };

	for (size_t i = 0; i < input->file->check_count; i++) {
		const struct check *check = &input->file->checks[i];
		bool failed = check->status == CHECK_FAILED;

		check_tally.status_bits |= 1u << check->status;
		check_tally.required_failed |= failed && (required & (1u << check->kind));
		check_tally.screening_failed |= failed && check_kind_is_confidential(check->kind);
	}
	return check_tally;
}

/* A failed screening is never disclosed: its reason is "other", which does not mention lists. */
static const char *rejection_reason_of(const struct check_tally *check_tally)
{
	return has_check_status(check_tally, CHECK_FAILED) && !check_tally->screening_failed ? "data_mismatch"
											     : "other";
}

static void set_rejection(const struct processing_input *input, const char *reason, struct processing_outcome *out)
{
	if (input->foreign) {
		/* A case of a foreign subject goes to manual review instead of failing at once (seed
		 * atelio-beneficial-owners). */
		out->decision = FINAL_MANUAL_REVIEW;
		out->review_reason = input->profile->foreign.reason ? input->profile->foreign.reason : "";
		return;
	}
	out->decision = FINAL_REJECTED;
	out->reason = reason;
}

static void judge_checks(const struct processing_input *input, const struct check_tally *check_tally,
			 struct processing_outcome *out)
{
	if (has_check_status(check_tally, CHECK_HIT) || out->has_open_hits) {
		out->decision = FINAL_MANUAL_REVIEW;
	} else if (input->has_po_box) {
		set_rejection(input, "data_mismatch", out);
	} else if (check_tally->required_failed) {
		set_rejection(input, rejection_reason_of(check_tally), out);
	} else if (has_check_status(check_tally, CHECK_FAILED)) {
		out->decision = FINAL_MANUAL_REVIEW;
		if (input->foreign && input->profile->foreign.reason)
			out->review_reason = input->profile->foreign.reason;
	} else if (has_check_status(check_tally, CHECK_ERROR) || has_check_status(check_tally, CHECK_TIMEOUT)) {
		out->can_retry_checks = input->profile->attempts.retry_checks;
		out->failure_status = has_check_status(check_tally, CHECK_ERROR) ? CHECK_ERROR : CHECK_TIMEOUT;
		out->decision = out->can_retry_checks ? FINAL_NONE : FINAL_MANUAL_REVIEW;
	} else if (input->profile->checks.required_kind_bits) {
		out->decision = FINAL_APPROVED;
	}
}

void processing_evaluate(struct arena *arena, const struct processing_input *input, struct processing_outcome *out)
{
	struct check_tally check_tally = count(arena, input);

	*out = (struct processing_outcome){ .missing_checks = "",
					    .reason = "",
					    .review_reason = "",
					    .failure_status = CHECK_PASSED,
					    .has_open_hits = has_open_hit(arena, input->file) };
	if (input->results_decision == FINAL_REJECTED) {
		out->done = true;
		set_rejection(input, input->has_po_box ? "data_mismatch" : rejection_reason_of(&check_tally), out);
		return;
	}
	if (input->results_decision != FINAL_NONE) {
		out->done = true;
		out->decision = input->results_decision;
		return;
	}
	out->missing_checks = waiting_checks_text(arena, input);
	if (*out->missing_checks || (!input->has_results && !input->file->check_count))
		return;
	out->done = true;
	judge_checks(input, &check_tally, out);
}
