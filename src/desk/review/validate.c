/* Checking a session without processing it: the profile's rules now, and checks that have to be run again. */
#include "internal.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/desk/review.h"

#include <string.h>

static bool is_stale(const struct check *check, const struct work *work)
{
	int64_t most = work->profile->checks.max_age_ms;
	int64_t made = check->checked_at != TIME_NONE ? check->checked_at : work->file.session.submitted_at;

	return most > 0 && made != TIME_NONE && work->now - made > most;
}

/* What a provider has not answered, or answered too long ago. A waiver stays: a lead has answered. */
static bool runs_again(const struct check *check, const struct work *work)
{
	switch (check->status) {
	case CHECK_ERROR:
	case CHECK_TIMEOUT:
		return true;
	case CHECK_PASSED:
	case CHECK_FAILED:
	case CHECK_HIT:
		return is_stale(check, work);
	case CHECK_PENDING:
	case CHECK_WAIVED:
		break;
	}
	return false;
}

static enum err ask_check(struct work *work, struct check *checks, enum check_kind kind, unsigned *asked,
			  struct error *error)
{
	struct case_file *file = &work->file;
	struct check *check = NULL;

	for (size_t i = 0; i < file->check_count; i++) {
		if (checks[i].kind == kind)
			check = &checks[i];
	}
	if (check && !runs_again(check, work))
		return ERR_OK;
	if (!check && !(work->profile->checks.required & (1u << kind)))
		return ERR_OK;
	*asked |= 1u << kind;
	if (check) {
		check->status = CHECK_PENDING;
		return store_check_update(work->desk->store, check, error);
	}
	check = &checks[file->check_count++];
	check_init(check);
	check->kind = kind;
	check->status = CHECK_PENDING;
	return store_check_insert(work->desk->store, file->session.row, check, error);
}

static enum err ask_checks(struct work *work, unsigned *asked, struct error *error)
{
	struct case_file *file = &work->file;
	struct check *checks = arena_alloc_array(work->arena, file->check_count + CHECK_KIND_COUNT, sizeof *checks);
	enum err err = ERR_OK;

	if (file->check_count)
		memcpy(checks, file->checks, file->check_count * sizeof *checks);
	file->checks = checks;
	for (unsigned kind = 0; !err && kind < CHECK_KIND_COUNT; kind++)
		err = ask_check(work, checks, (enum check_kind)kind, asked, error);
	return err;
}

static void check_rules(struct work *work, struct rule_failures *out)
{
	char today[16];

	date_format(work->now, today);
	const struct rules_input input = {
		.file = &work->file, .profile = work->profile, .countries = &work->desk->countries, .today = today
	};
	rules_check_case(work->arena, &input, out);
}

enum err desk_validate(struct desk *desk, struct arena *arena, const char *reference, struct validation *out,
		       struct error *error)
{
	struct work work;
	struct json_value *detail = NULL;
	enum err err;

	*out = (struct validation){ .id = "" };
	err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "validate", error);
	if (err)
		return err;
	check_rules(&work, &out->failures);
	err = ask_checks(&work, &out->asked, error);
	if (!err) {
		struct json_value *kinds = json_new_array();

		detail = json_new_object();
		json_set_int(detail, "failures", (int64_t)out->failures.count);
		for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++) {
			if (out->asked & (1u << kind))
				json_append(kinds, json_new_string(check_kind_text((enum check_kind)kind)));
		}
		json_set(detail, "checks", kinds);
		out->id = work.file.session.id;
	}
	return work_commit(&work, err, "session.validate", detail, false, error);
}
