/* Validates a session without processing it: the profile's rules now, and checks that have to be run again. */
#include "use/use.h"
#include "kybdesk/codec/value_codec.h"

#include <string.h>

static bool is_stale(const struct check *check, const struct use *use)
{
	int64_t most = use->profile->checks.max_age_ms;
	int64_t made = check->checked_at != TIME_NONE ? check->checked_at : use->file.session.submitted_at;

	return most > 0 && made != TIME_NONE && use->now - made > most;
}

/* Checks without a result, or with an outdated result. A waiver stays: it is a lead's decision. */
static bool needs_new_run(const struct check *check, const struct use *use)
{
	switch (check->status) {
	case CHECK_ERROR:
	case CHECK_TIMEOUT:
		return true;
	case CHECK_PASSED:
	case CHECK_FAILED:
	case CHECK_HIT:
		return is_stale(check, use);
	case CHECK_PENDING:
	case CHECK_WAIVED:
		break;
	}
	return false;
}

static enum err request_check(struct use *use, enum check_kind kind, unsigned *requested, struct error *error)
{
	struct check *check = use_find_check(&use->file, kind);

	if (check && !needs_new_run(check, use))
		return ERR_OK;
	if (!check && !(use_checks_required(use) & (1u << kind)))
		return ERR_OK;
	*requested |= 1u << kind;
	if (check) {
		check->status = CHECK_PENDING;
		return store_check_update(use->desk->store, check, error);
	}
	check = use_add_check(use, kind);
	check->status = CHECK_PENDING;
	return store_check_insert(use->desk->store, use->file.session.row, check, error);
}

static enum err request_checks(struct use *use, unsigned *requested, struct error *error)
{
	enum err err = ERR_OK;

	for (unsigned kind = 0; !err && kind < CHECK_KIND_COUNT; kind++)
		err = request_check(use, (enum check_kind)kind, requested, error);
	return err;
}

/* Validates the case against its profile's rules, and requests checks again that are missing, outdated, or ended in
 * an error or a time-out; these checks become pending. The status of the session does not change. */
enum err use_validate(struct use *use, struct error *error)
{
	struct json_value *kinds = json_new_array();
	const struct rules_input input = use_rules(use);
	enum err err;

	rules_check_case(use->arena, &input, &use->out->failures);
	err = request_checks(use, &use->out->requested, error);
	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		if (use->out->requested & (1u << kind))
			json_append(kinds, json_new_string(check_kind_text((enum check_kind)kind)));
	}
	json_set_int(use->detail, "failures", (int64_t)use->out->failures.count);
	json_set(use->detail, "checks", kinds);
	return err;
}
