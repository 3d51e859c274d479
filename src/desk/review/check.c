/* Checks and hits: saying what a hit is, accepting a confirmed one, waiving a check that failed. */
#include "internal.h"
#include "kybdesk/desk/review.h"

#include <string.h>

/* "Somebody else" and "the same person" can't both be so. */
static enum err check_sense(const struct reason *reason, bool match, struct error *error)
{
	bool says_other = !strncmp(reason->code, "different_", 10),
	     says_same = !strcmp(reason->code, "same_person");

	if (match ? !says_other : !says_same)
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "reason", "The reason %s does not fit a %s; choose another",
			       reason->code, match ? "true match" : "false positive");
}

enum err desk_hit_resolve(struct desk *desk, struct arena *arena, const char *reference, const char *hit_id,
			  bool match, const char *reason_code, const char *note, const char **id,
			  struct error *error)
{
	struct work work;
	struct hit *hit = NULL;
	struct check *check = NULL;
	const struct reason *reason = NULL;
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "resolve a hit", error);

	if (err)
		return err;
	note = note ? note : "";
	err = work_find_hit(&work.file, hit_id, &hit, &check, error);
	if (!err)
		err = reason_require(&desk->reasons, REASONS_HIT, reason_code ? reason_code : "", NULL, 0, &reason,
				     error);
	if (!err)
		err = check_sense(reason, match, error);
	if (!err)
		err = text_check("note", "The note", note, false, error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "hit", hit->id);
		json_set_text(detail, "check", check_kind_text(check->kind));
		json_set_text(detail, "from", hit_state_text(hit->state));
		hit->state = match ? HIT_TRUE_MATCH : HIT_FALSE_POSITIVE;
		hit->reason = reason->code;
		hit->note = note;
		hit->resolved_by = desk->actor;
		hit->resolved_at = work.now;
		hit->accepted_by = "";
		hit->accept_reason = "";
		json_set_text(detail, "to", hit_state_text(hit->state));
		json_set_text(detail, "reason", reason->code);
		err = store_hit_update(desk->store, hit, error);
	}
	*id = work.file.session.id;
	return work_commit(&work, err, "hit.resolve", detail, false, error);
}

static enum err check_acceptable(const struct hit *hit, struct error *error)
{
	const char *code = blocker_code_text(BLOCKER_HIT_OPEN);

	if (hit->class_ == HIT_SANCTIONS)
		return refuse_one(
			ERR_BLOCKED, code, hit->id, error,
			"A sanctions match cannot be accepted; while it is confirmed the case can only be "
			"rejected");
	if (hit->state != HIT_TRUE_MATCH && hit->state != HIT_ACCEPTED)
		return refuse_one(ERR_BLOCKED, code, hit->id, error,
				  "The hit is %s: only a confirmed match can be accepted; resolve it first",
				  hit_state_text(hit->state));
	return ERR_OK;
}

enum err desk_hit_accept(struct desk *desk, struct arena *arena, const char *reference, const char *hit_id,
			 const char *reason, const char **id, struct error *error)
{
	struct work work;
	struct hit *hit = NULL;
	struct check *check = NULL;
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_LEAD, "accept a confirmed hit", error);

	if (err)
		return err;
	reason = reason ? reason : "";
	err = work_find_hit(&work.file, hit_id, &hit, &check, error);
	if (!err)
		err = check_acceptable(hit, error);
	if (!err)
		err = text_check("reason", "The reason", reason, false, error);
	if (!err)
		err = reason_text_check("accepting a hit", reason, error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "hit", hit->id);
		json_set_text(detail, "check", check_kind_text(check->kind));
		json_set_text(detail, "from", hit_state_text(hit->state));
		hit->state = HIT_ACCEPTED;
		hit->accepted_by = desk->actor;
		hit->accept_reason = reason;
		json_set_text(detail, "to", hit_state_text(hit->state));
		err = store_hit_update(desk->store, hit, error);
	}
	*id = work.file.session.id;
	return work_commit(&work, err, "hit.accept", detail, false, error);
}

static struct check *find_check(struct case_file *file, enum check_kind kind)
{
	for (size_t i = 0; i < file->check_count; i++) {
		if (file->checks[i].kind == kind)
			return &file->checks[i];
	}
	return NULL;
}

static enum err check_waivable(const struct work *work, const struct check *check, enum check_kind kind,
			       struct error *error)
{
	const char *code = blocker_code_text(BLOCKER_CHECK_FAILED), *name = check_kind_text(kind);

	if (!check && !(work->profile->checks.required & (1u << kind)))
		return error_set(error, ERR_NOT_FOUND, "The case has no %s check, and its workflow needs none",
				 name);
	if (!check_may_be_waived(kind, work->profile))
		return refuse_one(ERR_BLOCKED, code, name, error,
				  "The %s check cannot be waived in this workflow; run it again", name);
	if (!check)
		return ERR_OK;
	if (check->status == CHECK_HIT && check->hit_count)
		return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_HIT_OPEN), name, error,
				  "The %s check has hits: resolve each of them instead of waiving it", name);
	if (check->status == CHECK_PASSED || (check->status == CHECK_WAIVED && *check->waived_by))
		return refuse_one(ERR_BLOCKED, code, name, error, "There is nothing to waive: the %s check is %s",
				  name, check_status_text(check->status));
	return ERR_OK;
}

/* A missing check that is waived becomes a row, so that the waiver is there to be seen. */
static enum err write_waiver(struct work *work, struct check *check, enum check_kind kind, const char *reason,
			     struct error *error)
{
	struct case_file *file = &work->file;
	struct check *checks;
	bool made = !check;

	if (made) {
		checks = arena_alloc_array(work->arena, file->check_count + 1, sizeof *checks);
		if (file->check_count)
			memcpy(checks, file->checks, file->check_count * sizeof *checks);
		check = &checks[file->check_count++];
		check_init(check);
		check->kind = kind;
		file->checks = checks;
	}
	check->status = CHECK_WAIVED;
	check->waived_by = work->desk->actor;
	check->waive_reason = reason;
	if (made)
		return store_check_insert(work->desk->store, file->session.row, check, error);
	return store_check_update(work->desk->store, check, error);
}

enum err desk_check_waive(struct desk *desk, struct arena *arena, const char *reference, enum check_kind kind,
			  const char *reason, const char **id, struct error *error)
{
	struct work work;
	struct check *check;
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_LEAD, "waive a check", error);

	if (err)
		return err;
	reason = reason ? reason : "";
	check = find_check(&work.file, kind);
	err = check_waivable(&work, check, kind, error);
	if (!err)
		err = text_check("reason", "The reason", reason, false, error);
	if (!err)
		err = reason_text_check("a waiver", reason, error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "check", check_kind_text(kind));
		json_set_text(detail, "from", check ? check_status_text(check->status) : "missing");
		json_set_text(detail, "to", check_status_text(CHECK_WAIVED));
		err = write_waiver(&work, check, kind, reason, error);
	}
	*id = work.file.session.id;
	return work_commit(&work, err, "check.waive", detail, false, error);
}
