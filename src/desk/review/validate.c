/* Validates a session without processing it: checks the present data against the profile's rules, and finds checks
 * that have to be run again. */
#include "use/use.h"

static bool is_stale(const struct check *check, const struct use *use)
{
	int64_t most = use->profile->checks.max_age_ms;
	int64_t made = check->checked_at != TIME_NONE ? check->checked_at : use->file.session.submitted_at;

	return most > 0 && made != TIME_NONE && use->now - made > most;
}

/* Whether the check has to be run again: it ended without a result, or its result is outdated. A waived check is
 * not run again, since the waiver is a lead's decision. */
static bool needs_new_run(const struct check *check, const struct use *use)
{
	if (check->status == CHECK_ERROR || check->status == CHECK_TIMEOUT)
		return true;
	return check->status != CHECK_PENDING && check->status != CHECK_WAIVED && is_stale(check, use);
}

static enum err request_check_faults(struct use *use, enum check_kind kind, unsigned *requested, struct error *error)
{
	struct check *check = case_check(&use->file, kind);
	bool made = !check;

	if (made ? !(use_required_check_bits(use) & (1u << kind)) : !needs_new_run(check, use))
		return ERR_OK;
	*requested |= 1u << kind;
	if (made)
		check = use_add_check(use, kind);
	check->status = CHECK_PENDING;
	return use_save_check(use, check, error);
}

/* Validates the case against its profile's rules, and requests again the checks that are missing, outdated, or
 * ended in an error or a time-out; these checks become pending. The status of the session does not change. */
enum err use_validate(struct use *use, struct error *error)
{
	const struct rules_input input = use_rules_input(use);
	enum err err = ERR_OK;

	rules_check_case(use->arena, &input, &use->out->failures);
	for (unsigned kind = 0; !err && kind < CHECK_KIND_COUNT; kind++)
		err = request_check_faults(use, (enum check_kind)kind, &use->out->requested_check_bits, error);
	JSON_ADD(use->detail, { "failures", AS_INT((int64_t)use->out->failures.count) },
		 { "checks", json_new_words(use->out->requested_check_bits, check_kind_words) });
	return err;
}
