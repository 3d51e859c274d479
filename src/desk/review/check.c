/* Checks and hits: resolves a hit, accepts a confirmed hit, waives a failed check. */
#include "kybdesk/domain/results.h"
#include "review/review.h"

static enum verdict verdict_of(const struct use_in *in)
{
	return in->is_match			    ? VERDICT_TRUE_MATCH
	       : in->verdict == RESULT_UNDETERMINED ? VERDICT_UNDETERMINED
						    : VERDICT_FALSE_POSITIVE;
}

/* Checks that the facts support this verdict and its reason (domain/grounds.h), and, of hits that are judged
 * together, that the card of this one shows it. */
static enum err check_grounds(struct use *use, const struct check *check, const struct hit *hit,
			      const struct reason *reason, struct error *error)
{
	enum verdict verdict = verdict_of(use->in);
	struct grounds grounds;
	struct hit_card card;
	struct hit_context question = { .check = check, .hit = hit, .card = &card, .verdict = verdict };
	enum err err = grounds_of_verdict(use, question, &grounds, error);
	const char *lack = !err && use->in->together
				   ? grounds_lack_on_card(use->arena, &card, &grounds, verdict, reason->code)
				   : "";

	if (*lack)
		err = error_invalid(error, "reason", "The reason %s cannot be given together with other hits: %s",
				    reason->code, lack);
	if (!err)
		err = grounds_require_reason(&grounds, verdict, reason->code, use->in->note, error);
	if (!err && grounds.must_reveal_hits)
		err = REFUSE(BLOCKER_HIT_OPEN, hit->id, error,
			     "Cannot %s: %s has not seen the masked values of this sanctions hit in their "
			     "current form; reveal the case first",
			     use->use_case->verb_phrase, use->desk->actor);
	return err;
}

/* In production, refuses a person that reported or contributed the check: this person may neither waive the check
 * nor judge its hits. */
static enum err check_not_reporter(struct use *use, const struct check *check, struct error *error)
{
	if (check && !use->desk->store->sandbox && !strcmp(check->reported_by, use->desk->actor))
		return REFUSE(BLOCKER_SECOND_REVIEWER, check_kind_text(check->kind), error,
			      "Cannot %s: %s reported the check %s; a colleague must judge the check",
			      use->use_case->verb_phrase, use->desk->actor, check_kind_text(check->kind));
	return check ? use_check_not_contributor(use, "check", check_kind_text(check->kind), error) : ERR_OK;
}

static void describe_hit_change(struct use *use, const struct check *check, const struct hit *hit, enum hit_state from)
{
	use_add_changed_part(use, "hit", hit->id);
	JSON_ADD(use->detail, { "hit", AS_TEXT(hit->id) }, { "check", AS_TEXT(check_kind_text(check->kind)) },
		 { "from", AS_TEXT(hit_state_text(from)) }, { "to", AS_TEXT(hit_state_text(hit->state)) });
}

/* Requires a lead to change a confirmed match to a false positive. */
static enum err check_hit_revision(const struct use *use, const struct hit *hit, struct error *error)
{
	if ((hit->state != HIT_TRUE_MATCH && hit->state != HIT_ACCEPTED) || use->in->is_match)
		return ERR_OK;
	return require_lead_with_reason(use, "the hit is a confirmed match, and a revision needs a note", use->in->note,
					error);
}

/* Reads in->part: the hit; in->is_match; in->reason: a code that the facts support; in->note: required for a sanctions
 * hit, for a reason that contradicts the facts, and if a lead revises a confirmed match (care.c). Also for an approved
 * case, since a later hit raises an alert. */
enum err use_hit_resolve(struct use *use, struct error *error)
{
	static const enum hit_state states[] = { [VERDICT_TRUE_MATCH] = HIT_TRUE_MATCH,
						 [VERDICT_FALSE_POSITIVE] = HIT_FALSE_POSITIVE,
						 [VERDICT_UNDETERMINED] = HIT_UNDETERMINED };
	const enum verdict verdict = verdict_of(use->in);
	struct hit *hit = NULL;
	struct check *check = NULL;
	const struct reason *reason = NULL;
	enum hit_state from;
	enum err err = use->file.session.status == SESSION_REJECTED ? use_check_undecided(use, error) : ERR_OK;

	if (!err)
		err = use_find_hit(&use->file, use->in->part, &hit, &check, error);
	if (!err)
		err = reason_require(&use->desk->reasons, REASONS_HIT, use->in->reason, NULL, 0, &reason, error);
	if (!err)
		err = text_check("note", "The note", use->in->note, false, error);
	if (!err)
		err = check_not_reporter(use, check, error);
	if (!err)
		err = check_hit_revision(use, hit, error);
	if (!err)
		err = check_grounds(use, check, hit, reason, error);
	if (err)
		return err;
	if (hit->class_ != HIT_SANCTIONS || verdict != VERDICT_FALSE_POSITIVE)
		use_set_immaterial(use);
	from = hit->state;
	use_add_old_verdict(
		use, REASONS_HIT,
		&(const struct verdict_before){ hit->resolved_by, hit->resolved_at, hit->reason, hit->basis });
	json_set_bool(use->detail, "note_before", *hit->note);
	hit->state = states[verdict];
	hit->reason = reason->code;
	hit->note = use->in->note;
	hit->resolved_by = use->desk->actor;
	hit->resolved_at = use->now;
	hit->accepted_by = "";
	hit->accept_reason = "";
	hit->basis = facts_hit(use->arena, &use->file, check, hit);
	hit->accept_basis = "";
	use_add_basis_hash(use, hit->basis);
	describe_hit_change(use, check, hit, from);
	json_set_text(use->detail, "reason", reason->code);
	if (use->in->together)
		JSON_ADD(use->detail, { "together", AS_INT((int64_t)use->in->together) });
	err = store_hit_update(use->desk->store, hit, error);
	if (!err && use->in->is_match && hit->class_ == HIT_SANCTIONS)
		err = suspicion_raise(use, CAUSE_SANCTIONS_MATCH, arena_printf(use->arena, "hit %s", hit->id), error);
	return err;
}

static enum err check_hit_acceptable(const struct hit *hit, struct error *error)
{
	if (hit->class_ == HIT_SANCTIONS)
		return REFUSE(BLOCKER_HIT_OPEN, hit->id, error,
			      "A sanctions match cannot be accepted; while the match is confirmed, the case "
			      "can only be rejected");
	/* A verdict on outdated facts cannot be accepted; the hit has to be resolved again first. */
	if (hit->state != HIT_OPEN && !hit->standing.valid)
		return REFUSE(BLOCKER_BASIS_CHANGED, hit->id, error,
			      "The hit has changed since its verdict: %s; resolve the hit again first",
			      hit->standing.change_text);
	if (hit->state != HIT_TRUE_MATCH && hit->state != HIT_ACCEPTED)
		return REFUSE(BLOCKER_HIT_OPEN, hit->id, error,
			      "The hit is %s: only a confirmed match can be accepted; resolve the hit first",
			      hit_state_text(hit->state));
	return ERR_OK;
}

/* Reads in->part: the hit; in->reason. */
enum err use_hit_accept(struct use *use, struct error *error)
{
	struct hit *hit = NULL;
	struct check *check = NULL;
	enum hit_state from;
	enum err err = use_find_hit(&use->file, use->in->part, &hit, &check, error);

	if (!err)
		err = check_not_reporter(use, check, error);
	if (!err)
		err = check_hit_acceptable(hit, error);
	if (err)
		return err;
	from = hit->state;
	hit->state = HIT_ACCEPTED;
	hit->accepted_by = use->desk->actor;
	hit->accept_reason = use->in->reason;
	hit->accept_basis = facts_hit(use->arena, &use->file, check, hit);
	use_add_basis_hash(use, hit->accept_basis);
	describe_hit_change(use, check, hit, from);
	return store_hit_update(use->desk->store, hit, error);
}

static enum err require_waivable_check(const struct use *use, const struct check *check, enum check_kind kind,
				       struct error *error)
{
	const char *name = check_kind_text(kind);

	if (!check && !(use_required_check_bits(use) & (1u << kind)))
		return error_set(error, ERR_NOT_FOUND, "The case has no %s check, and its workflow needs none", name);
	if (!check_may_be_waived(kind, use->profile))
		return REFUSE(BLOCKER_CHECK_FAILED, name, error,
			      "The %s check cannot be waived in this workflow; run the check again", name);
	if (!check)
		return ERR_OK;
	if (check->status == CHECK_HIT && check->hit_count)
		return REFUSE(BLOCKER_HIT_OPEN, name, error,
			      "The %s check has hits: resolve each of them instead of waiving it", name);
	if ((check->status == CHECK_PASSED && check->subject_standing.valid) ||
	    (check->status == CHECK_WAIVED && *check->waived_by && check->waive_standing.valid))
		return REFUSE(BLOCKER_CHECK_FAILED, name, error, "Nothing to waive: the %s check is %s", name,
			      check_status_text(check->status));
	return ERR_OK;
}

static enum err write_verdict(struct use *use, struct result *result, enum result_verdict verdict, struct error *error)
{
	result->verdict = verdict;
	result->judged_by = use->desk->actor;
	result->judged_at = use->now;
	result->judge_reason = use->in->reason;
	result->basis = facts_result(use->arena, &use->file, result);
	result->standing.valid = true;
	use_add_basis_hash(use, result->basis);
	return store_result_update(use->desk->store, result, error);
}

/* A waiver of the check dismisses its adverse results. */
static enum err waive_results(struct use *use, struct check *check, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < check->result_count; i++) {
		struct result *result = &check->results[i];

		if (result_effect(check->kind, result->status) < EFFECT_RETRY || result->verdict == RESULT_CLEARED)
			continue;
		err = write_verdict(use, result, RESULT_WAIVED, error);
	}
	return err;
}

/* Adds the check's row first if the check is missing, because the waiver is stored in that row. */
static enum err write_waiver(struct use *use, struct check *check, struct error *error)
{
	enum err err;

	if (!check)
		check = use_add_check(use, use->in->check);
	if (check->status != CHECK_WAIVED)
		check->reported_status = check->status;
	check->status = CHECK_WAIVED;
	check->waiver_imported_by = "";
	check->waived_by = use->desk->actor;
	check->waive_reason = use->in->reason;
	check->waive_basis = facts_waiver(use->arena, check);
	use_add_basis_hash(use, check->waive_basis);
	err = use_save_check(use, check, error);
	return err ? err : waive_results(use, check, error);
}

/* Reads in->check, in->reason. */
enum err use_check_waive(struct use *use, struct error *error)
{
	struct check *check = case_check(&use->file, use->in->check);
	enum err err = require_waivable_check(use, check, use->in->check, error);

	if (!err)
		err = check_not_reporter(use, check, error);
	if (err)
		return err;
	use_add_changed_part(use, "check", check_kind_text(use->in->check));
	JSON_ADD(use->detail, { "check", AS_TEXT(check_kind_text(use->in->check)) },
		 { "from", AS_TEXT(check ? check_status_text(check->status) : "missing") },
		 { "to", AS_TEXT(check_status_text(CHECK_WAIVED)) });
	return write_waiver(use, check, error);
}

static enum err find_result(struct use *use, struct check **check, struct result **out, struct error *error)
{
	*out = case_result(&use->file, use->in->part, check);
	if (!*out)
		return error_set_field(error, ERR_NOT_FOUND, "result",
				       "The case has no result \"%s\"; kybdesk show prints the results of each check",
				       use->in->part);
	if (!result_is_held(*check, (size_t)(*out - (*check)->results)))
		return REFUSE(BLOCKER_CHECK_FAILED, check_kind_text((*check)->kind), error,
			      "Nothing to judge: the result %s is not adverse, has hits that are judged one by one, or "
			      "no longer counts",
			      use->in->part);
	return ERR_OK;
}

/* Only a lead may take a confirmation back, or judge the result of a sanctions screening. */
static enum err check_may_judge(struct use *use, const struct check *check, const struct result *result,
				struct error *error)
{
	const char *lead_reason = result_lead_reason(check, result, use->in->verdict);

	if (!use->desk->store->sandbox && !strcmp(result->reported_by, use->desk->actor))
		return REFUSE(BLOCKER_SECOND_REVIEWER, check_kind_text(check->kind), error,
			      "Cannot %s: %s reported the result %s; a colleague must judge it",
			      use->use_case->verb_phrase, use->desk->actor, result->id);
	return *lead_reason ? require_lead_with_reason(use, lead_reason, use->in->reason, error) : ERR_OK;
}

/* Reads in->part: the result, such as "watchlist.2"; in->verdict; in->reason. Also for approved and rejected cases. */
enum err use_result_judge(struct use *use, struct error *error)
{
	struct check *check = NULL;
	struct result *result = NULL;
	enum err err = find_result(use, &check, &result, error);

	if (!err && (use->in->verdict == RESULT_UNJUDGED || use->in->verdict == RESULT_WAIVED))
		err = error_invalid(error, "verdict",
				    "The verdict is missing: choose from cleared, confirmed, undetermined");
	if (!err)
		err = check_may_judge(use, check, result, error);
	if (!err)
		err = use_check_not_contributor(use, "check", check_kind_text(check->kind), error);
	if (err)
		return err;
	if (use->in->verdict != RESULT_CLEARED)
		use_set_immaterial(use);
	use_add_changed_part(use, "check", check_kind_text(check->kind));
	JSON_ADD(use->detail, { "check", AS_TEXT(check_kind_text(check->kind)) }, { "result", AS_TEXT(result->id) },
		 { "person", AS_TEXT(result->person) }, { "from", AS_TEXT(result_verdict_text(result->verdict)) },
		 { "to", AS_TEXT(result_verdict_text(use->in->verdict)) });
	err = write_verdict(use, result, use->in->verdict, error);
	if (!err && check->status != CHECK_WAIVED) {
		check_sum_results(check);
		case_values_parse(use->arena, &use->file);
		err = store_check_update(use->desk->store, check, error);
	}
	return err;
}
