#include "review/review.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/bad_news.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/percent_range.h"
#include "use/gatekeeping.h"

enum err require_lead_with_reason(const struct use *use, const char *why, const char *reason, struct error *error)
{
	/* Omits `why` for an outside caller, since the reason why a lead is needed is confidential. */
	if (caller_is_external(use->desk))
		return error_set(error, ERR_BLOCKED, "Cannot %s here; ask the reviewers of the desk",
				 use->use_case->verb_phrase);
	if (use->in->capacity != CAPACITY_STAFF || !role_at_least(use->desk->role, ROLE_LEAD))
		return error_set(error, ERR_FORBIDDEN, "Cannot %s: only a lead can do this, with a reason; %s",
				 use->use_case->verb_phrase, why);
	return reason_text_check(use->use_case->verb_phrase, reason ? reason : "", error);
}

static bool has_restricted_rejection(const struct use *use, const struct case_file *file)
{
	if (file->session.status == SESSION_REJECTED &&
	    reason_is_restricted(&use->desk->reasons, file->session.decision_reason))
		return true;
	for (size_t i = 0; i < file->decision_count; i++) {
		const struct decision *decision = &file->decisions[i];

		if (decision->kind == DECISION_REJECT && !decision->undone &&
		    reason_is_restricted(&use->desk->reasons, decision->reason))
			return true;
	}
	return false;
}

/* Whether an outside caller may not make a change that needs a lead. Such a change is refused for every submitted
 * session, except after the grace time of a rejection with an open reason. If a change were refused only for sessions
 * with a hit or with the reason "other", the refusal would disclose the hit or reason. */
static bool needs_lead_for_external_caller(const struct use *use, const struct case_file *file)
{
	const struct session *session = &file->session;

	if (!caller_is_external(use->desk) || session->submitted_at == TIME_NONE)
		return false;
	return session->status != SESSION_REJECTED || !strcmp(session->decision_reason, REASON_OTHER) ||
	       caller_held_decision(file, use->now);
}

enum err lead_reason_for_session(struct use *use, int64_t session, const char **why, struct error *error)
{
	struct case_file file;
	struct news_list news;
	bool held = false;
	enum err err = desk_case_load(use->desk, use->arena, session, &file, error);

	*why = "";
	/* For an outside caller, ignores that the session is held: it must look like any other session. */
	if (!err && !caller_is_external(use->desk))
		err = desk_case_has_lead_hold(use->desk, use->arena, &file, &held, error);
	if (err)
		return err;
	if (held)
		*why = arena_printf(use->arena, "session %.8s is held by a lead", file.session.id);
	bad_news(use->arena, &file, &news);
	if (news.count)
		*why = arena_printf(use->arena, "session %.8s has an open or confirmed hit%s", file.session.id,
				    news.items[0].hit ? "" : " or result");
	if (has_restricted_rejection(use, &file))
		*why = arena_printf(use->arena, "session %.8s was rejected for a restricted reason", file.session.id);
	if (needs_lead_for_external_caller(use, &file))
		*why = "the session was submitted";
	return ERR_OK;
}

/* Whether the session is about this party. In a session that the desk made, the subject's uid is the party's id. In an
 * imported session, only the names can be compared. */
static enum err matches_party(struct use *use, const struct party *party, int64_t session, bool *out,
			      struct error *error)
{
	struct session loaded;
	enum err err = store_session_load(use->desk->store, use->arena, session, &loaded, error);

	*out = !err && (!strcmp(loaded.subject.uid, party->id) || text_equals_folded(loaded.subject.name, party->name));
	return err;
}

enum err lead_reason_for_party(struct use *use, const struct party *party, const char **why, struct error *error)
{
	struct family family = { 0 };
	enum err err = ERR_OK;

	*why = "";
	if (party->session_row)
		err = lead_reason_for_session(use, party->session_row, why, error);
	if (!err && !**why)
		err = store_session_load_descendants(use->desk->store, use->arena, use->file.session.row, &family,
						     error);
	for (size_t i = 0; !err && !**why && i < family.count; i++) {
		int64_t row = family.members[i].row;
		bool its = false;

		if (row == use->file.session.row || row == party->session_row)
			continue;
		err = matches_party(use, party, row, &its, error);
		if (!err && its)
			err = lead_reason_for_session(use, row, why, error);
	}
	return err;
}

static enum err require_lead_for_name(struct use *use, struct party_list of, const char *name, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < of.count; i++) {
		const char *why = "";

		if (!text_equals_folded(of.items[i].name, name))
			continue;
		err = lead_reason_for_party(use, &of.items[i], &why, error);
		if (!err && *why)
			return require_lead_with_reason(use, why, use->in->reason, error);
	}
	return err;
}

enum err require_lead_for_new_kyc(struct use *use, const char *name, struct error *error)
{
	const struct party_list present = { use->file.parties, use->file.party_count };
	enum err err = require_lead_for_name(use, present, name, error);

	return err ? err : require_lead_for_name(use, use->file.removed, name, error);
}

static void compute_shares(struct use *use)
{
	(void)ownership_compute(use->arena, &use->file, use->profile, NULL);
}

void save_owners_before_change(struct use *use, struct owners_before_change *owners)
{
	compute_shares(use);
	owners->parties = arena_memdup(use->arena, use->file.parties, use->file.party_count * sizeof *owners->parties);
	owners->count = use->file.party_count;
}

/* Whether the percentage is lower than before; "" (unknown) is lower than any known percentage. */
static bool is_lower_percent(const char *percent, const char *before)
{
	struct percent_range now, was;
	const bool known = percent_range_parse(&now, percent);
	bool lower = percent_range_parse(&was, before) && (!known || percent_range_compare_low(&now, &was) < 0 ||
							   percent_range_compare_high(&now, &was) < 0);

	percent_range_release(&now);
	percent_range_release(&was);
	return lower;
}

/* A possible owner is protected like a sure one: a narrower range may be what hides the owner. */
static bool is_owner(const struct party *party)
{
	return party->is_beneficial_owner || party->may_be_owner;
}

static bool lost_share_or_role(const struct party *before, const struct party *now)
{
	return (is_owner(before) && !is_owner(now)) ||
	       is_lower_percent(now->effective_percent, before->effective_percent) ||
	       (*before->control_role && strcmp(before->control_role, now->control_role) != 0) ||
	       before->roles & ~now->roles & (1u << ROLE_UBO);
}

/* Whether somebody declared the party after the case was submitted. */
static enum err was_added_after_submission(struct use *use, const struct party *party, bool *out, struct error *error)
{
	const char *part = arena_printf(use->arena, "party:%s", party->id);
	struct contribution_list list;
	enum err err = contribution_list(use->desk, use->arena, use->file.session.row, &list, error);

	*out = false;
	for (size_t i = 0; !err && i < list.count; i++) {
		const struct contribution *c = &list.items[i];

		*out = *out || (!strcmp(c->part, part) && c->at > use->file.session.submitted_at &&
				(!strcmp(c->audit_action, use_cases[VERB_PARTY_ADD].audit_action) ||
				 !strcmp(c->audit_action, use_cases[VERB_PARTY_COPY].audit_action)));
	}
	return err;
}

/* Whether the change needs a lead. False before the submission; in a sandbox, where one person has all roles; and
 * for clients and merchants, which have separate limits. */
static bool needs_lead_role(const struct use *use)
{
	return !use->desk->store->sandbox && use->in->capacity == CAPACITY_STAFF &&
	       use->file.session.submitted_at != TIME_NONE;
}

static enum err require_lead_for_owner(struct use *use, const struct party *party, const char *what,
				       struct error *error)
{
	bool later = false;
	enum err err = ERR_OK;

	if (!needs_lead_role(use) || !(is_owner(party) || *party->control_role))
		return ERR_OK;
	err = was_added_after_submission(use, party, &later, error);
	if (err || later)
		return err;
	return require_lead_with_reason(
		use,
		arena_printf(use->arena, "%s was declared as an owner at submission, and would %s", party->name, what),
		use->in->reason, error);
}

enum err require_lead_for_removal(struct use *use, const struct party *party, struct error *error)
{
	bool decided = party->session_row && (party->session_status == SESSION_APPROVED ||
					      party->session_status == SESSION_REJECTED || party->session_was_rejected);

	compute_shares(use);
	if (needs_lead_role(use) && decided)
		return require_lead_with_reason(use, arena_printf(use->arena, "the KYC of %s was decided", party->name),
						use->in->reason, error);
	return require_lead_for_owner(use, party, "be removed", error);
}

enum err require_lead_for_lost_owners(struct use *use, const struct owners_before_change *owners, struct error *error)
{
	enum err err = ERR_OK;

	compute_shares(use);
	for (size_t i = 0; !err && i < owners->count; i++) {
		const struct party *party = &use->file.parties[i], *before = &owners->parties[i];
		const char *why = "";

		if (lost_share_or_role(before, party))
			err = require_lead_for_owner(use, before, "lose a share or a role", error);
		if (err || !is_owner(before) || is_owner(party))
			continue;
		err = lead_reason_for_party(use, party, &why, error);
		if (!err && *why)
			return require_lead_with_reason(use,
							arena_printf(use->arena,
								     "%s would no longer be a beneficial owner, and %s",
								     party->name, why),
							use->in->reason, error);
	}
	return err;
}
