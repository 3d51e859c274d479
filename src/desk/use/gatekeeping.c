/* Checks before every decision: role, status, claim, version, gate, grace time. */
#include "use/gatekeeping.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/lists_codec.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/store/commitment.h"

#include <stdlib.h>

/* The last decision of these kinds that was not undone, except first approvals; kinds: bits of enum decision_kind. */
static const struct decision *find_last_decision(const struct case_file *file, unsigned kinds)
{
	for (size_t i = file->decision_count; i-- > 0;) {
		const struct decision *decision = &file->decisions[i];

		if (!decision->undone && !decision->is_first_decision && kinds & 1u << decision->kind)
			return decision;
	}
	return NULL;
}

const struct decision *case_last_decision(const struct case_file *file)
{
	return find_last_decision(file, ~(1u << DECISION_UNDO));
}

const struct decision *case_first_approval(const struct case_file *file)
{
	const struct decision *last = file->decision_count ? &file->decisions[file->decision_count - 1] : NULL;

	return last && last->is_first_decision && last->kind == DECISION_APPROVE && !last->undone && !last->imported
		       ? last
		       : NULL;
}

const struct decision *case_last_approval(const struct case_file *file)
{
	return find_last_decision(file, 1u << DECISION_APPROVE);
}

bool case_was_reopened(const struct case_file *file)
{
	const struct decision *last =
		find_last_decision(file, 1u << DECISION_REOPEN | 1u << DECISION_APPROVE | 1u << DECISION_REJECT);

	if (file->decision_count && file->decisions[file->decision_count - 1].kind == DECISION_UNDO)
		return true;
	return last && last->kind == DECISION_REOPEN;
}

bool decision_is_held(const struct decision *decision, int64_t now)
{
	return decision->undo_until != TIME_NONE && now < decision->undo_until &&
	       decision->undo_until - now <= (int64_t)GRACE_MAX_S * 1000;
}

enum err grace_time_find(const struct desk *desk, const struct use_in *in, int64_t *grace_ms, struct error *error)
{
	int64_t seconds = in->has_grace ? in->grace_s : desk->grace_s;

	if (seconds < 0 || seconds > GRACE_MAX_S)
		return error_invalid(error, "grace", "A grace time must be 0 to %d seconds, not %lld", GRACE_MAX_S,
				     (long long)seconds);
	*grace_ms = seconds * 1000;
	return ERR_OK;
}

enum err use_check_action(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	enum role role = use->desk->role;
	const struct transition_context context = {
		.profile = use->profile,
		.sandbox = use->desk->store->sandbox,
		.retryable = session->retryable && !case_has_match(use->arena, &use->file),
		.status_before = session->status_before_expiry,
	};

	use->to = session->status;
	/* Refuses only a wrong role. The gate later lists a wrong status together with other blockers. */
	if (transition_find(session->status, use->action, role, &context, &use->to) != TRANSITION_WRONG_ROLE)
		return ERR_OK;
	return error_set(error, ERR_FORBIDDEN, "%s",
			 transition_sentence(use->arena, session->status, use->action, role, TRANSITION_WRONG_ROLE));
}

/* Classifies all hits again, since the program may not have known the list of a hit when the hit was reported. If the
 * class of a hit changes, the reviewer must give the verdict again. Puts the gravest hit of each check first. */
static void classify_hits(struct arena *arena, struct case_file *file, bool sandbox)
{
	for (size_t i = 0; i < file->check_count; i++) {
		struct check *check = &file->checks[i];

		check->only_newest_counts = sandbox;
		for (size_t h = 0; h < check->hit_count; h++)
			check->hits[h].class_ = hit_classify(arena, check->kind, &check->hits[h]);
		if (check->hit_count)
			qsort(check->hits, check->hit_count, sizeof *check->hits, hit_compare);
	}
}

enum err desk_check_row_hashes(const struct desk *desk, int64_t session, int64_t subject, struct error *error)
{
	enum err err = ERR_OK;

	/* A sandbox store is not checked, since its owner may edit the rows. */
	if (desk->store->sandbox)
		return ERR_OK;
	if (!session && !subject)
		return store_rows_compare_owner(desk->store, ROW_OWNER_DESK, error);
	if (session)
		err = store_rows_compare_owner(desk->store, ROW_OWNER_SESSION(session), error);
	if (!err && subject)
		err = store_rows_compare_owner(desk->store, ROW_OWNER_SUBJECT(subject), error);
	return err;
}

enum err desk_case_load(struct desk *desk, struct arena *arena, int64_t row, struct case_file *out, struct error *error)
{
	struct facts_input of = { 0 };
	enum err err = store_case_load(desk->store, arena, row, out, error);

	if (!err)
		err = desk_check_row_hashes(desk, row, out->session.subject.row, error);
	if (!err)
		err = desk_session_profile_or_empty(desk, &out->session, &of.profile, error);
	if (err)
		return err;
	case_values_parse(arena, out);
	classify_hits(arena, out, desk->store->sandbox);
	gate_mark_expired_kyc(out, desk_now(desk));
	judgements_set_standings(arena, out, &of);
	return ERR_OK;
}

struct gate_context desk_gate_context(const struct desk *desk, const struct case_file *file,
				      const struct profile *profile, int64_t seen_version)
{
	const struct decision *last = case_last_decision(file);

	return (struct gate_context){
		.profile = profile,
		.countries = desk_countries(desk),
		.actor = desk->actor,
		.role = desk->role,
		.sandbox = desk->store->sandbox,
		.supervised = desk->supervised,
		.automatic = desk->role == ROLE_SYSTEM || caller_is_external(desk),
		.now = desk_now(desk),
		.seen_version = seen_version,
		.last_decision_by = last ? last->by : "",
		.last_decision_at = last ? last->at : TIME_NONE,
	};
}

/* Completes is_recognised: by rejections for a restricted reason, and by a hit in the case of a company. */
static enum err find_recognised(struct desk *desk, struct arena *arena, struct duplicate *duplicate,
				struct error *error)
{
	struct case_file *file = arena_alloc(arena, sizeof *file);
	enum err err;

	duplicate->is_recognised = duplicate->is_recognised && !desk->store->sandbox;
	for (size_t r = 0; r < duplicate->rejection_count; r++)
		duplicate->is_recognised =
			duplicate->is_recognised || reason_is_restricted(&desk->reasons, duplicate->rejections[r]);
	if (duplicate->is_recognised || !duplicate->hit_case || desk->store->sandbox)
		return ERR_OK;
	err = desk_case_load(desk, arena, duplicate->hit_case, file, error);
	duplicate->is_recognised = !err && case_has_sanctions_on(arena, file, duplicate->row);
	return err;
}

/* Drops pairs with an owner, or another party, if the other subject is not recognised: most owners have more than one
 * company. A sandbox drops all such pairs. */
static enum err mark_recognised(struct desk *desk, struct arena *arena, struct duplicates *found, struct error *error)
{
	struct suspicion_state standing = { 0 };
	size_t kept = 0;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < found->count; i++) {
		struct duplicate *duplicate = &found->items[i];
		const bool counts_always =
			duplicate->same_bits & ~(SAME_PARTY | (duplicate->is_of_owners ? SAME_PERSON : 0));

		err = find_recognised(desk, arena, duplicate, error);
		if (!err && duplicate->is_recognised && role_at_least(desk->role, ROLE_LEAD)) {
			err = store_suspicion_state_read(desk->store, duplicate->row, desk->actor, &standing, error);
			duplicate->is_kept = standing.is_kept;
		}
		if (counts_always || (duplicate->is_recognised && !desk->store->sandbox))
			found->items[kept++] = *duplicate;
	}
	found->count = kept;
	return err;
}

/* The duplicates with their marks; a verdict on one is valid if it rests on the present data. */
static enum err mark_duplicates(struct desk *desk, struct arena *arena, const struct session *session,
				struct duplicates *found, struct error *error)
{
	enum err err = mark_recognised(desk, arena, found, error);

	for (size_t i = 0; !err && i < found->count; i++)
		found->items[i].standing.valid =
			!strcmp(found->items[i].basis, facts_duplicate(arena, session, &found->items[i]));
	return err;
}

enum err desk_visible_duplicates(struct desk *desk, struct arena *arena, int64_t session, struct duplicates *out,
				 struct error *error)
{
	size_t shown = 0;
	enum err err = store_duplicate_list(desk->store, arena, session, out, error);

	if (!err)
		err = mark_recognised(desk, arena, out, error);
	for (size_t i = 0; !err && i < out->count; i++) {
		if (duplicate_is_shown(&out->items[i], desk->role))
			out->items[shown++] = out->items[i];
	}
	out->count = shown;
	return err;
}

/* Reads settings without checking them, since they were checked when they were set (people/store_settings.c). */
static enum err read_gate_desk_rules(struct desk *desk, struct arena *arena, struct gate_desk_rules *out,
				     struct error *error)
{
	const char *value = "", **countries = NULL;
	int64_t highest_risk = 0, high_risk_min = 0, unused;
	const struct {
		const char *name;
		int64_t *out;
	} settings[] = { { STORE_SETTING_SCREENING_DAYS, &out->screening_days },
			 { STORE_SETTING_HIGHEST_RISK, &highest_risk },
			 { STORE_SETTING_RATIONALE_WORDS, &out->rationale_min_words },
			 { STORE_SETTING_HIGH_RISK, &high_risk_min },
			 { STORE_SETTING_PROHIBITED_COUNTRIES, &unused } };
	size_t capacity = 0;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < sizeof settings / sizeof *settings; i++) {
		err = store_info_get(desk->store, arena, settings[i].name, &value, error);
		*settings[i].out = strtoll(value, NULL, 10);
		out->allows_unscored |= !err && strstr(value, HIGHEST_RISK_UNSCORED);
		if (!err && *value)
			out->text = arena_printf(arena, "%s%s%s %s", out->text, *out->text ? "; " : "",
						 settings[i].name, value);
	}
	out->highest_risk = (int)highest_risk;
	out->high_risk_min = high_risk_min ? (int)high_risk_min : HIGH_RISK_DEFAULT;
	for (size_t length; !err && *value; value += length + (value[length] == ',')) {
		length = strcspn(value, ",");
		*ARENA_PUSH(arena, countries, out->prohibited_country_count, capacity) =
			arena_strndup(arena, value, length);
	}
	out->prohibited_countries = countries;
	return err;
}

enum err desk_gate_load_related_facts(struct desk *desk, struct arena *arena, const struct case_file *file,
				      struct gate_context *context, struct error *error)
{
	struct related_facts related_facts = { .stored_subject = NULL };
	struct duplicates *found = &related_facts.duplicates;
	enum err err = store_related_list(desk->store, arena, &file->session, desk->actor, &related_facts, error);

	if (!err)
		err = mark_duplicates(desk, arena, &file->session, found, error);
	context->duplicates = found->items;
	context->duplicate_count = found->count;
	context->stored_subject = related_facts.stored_subject;
	context->desk_rules = (struct gate_desk_rules){ .text = "" };
	context->has_open_suspicion = related_facts.suspicion.open;
	context->is_suspicion_shown = suspicion_is_shown(desk, &related_facts.suspicion);
	return err ? err : read_gate_desk_rules(desk, arena, &context->desk_rules, error);
}

enum err desk_case_has_lead_hold(struct desk *desk, struct arena *arena, const struct case_file *file, bool *held,
				 struct error *error)
{
	struct duplicates found;
	struct suspicion_state standing = { 0 };
	enum err err = store_duplicate_list(desk->store, arena, file->session.row, &found, error);

	*held = false;
	if (!err)
		err = mark_duplicates(desk, arena, &file->session, &found, error);
	for (size_t i = 0; !err && i < found.count; i++)
		*held = *held ||
			(duplicate_is_open(&found.items[i]) && !duplicate_is_shown(&found.items[i], ROLE_REVIEWER));
	if (!err)
		err = store_suspicion_state_read(desk->store, file->session.row, "", &standing, error);
	*held = *held || (!err && standing.open);
	return err;
}

enum err desk_gate_load_facts(struct desk *desk, struct arena *arena, const struct case_file *file,
			      struct gate_context *context, struct error *error)
{
	enum err err = desk_gate_load_related_facts(desk, arena, file, context, error);

	return err ? err : first_approval_find(desk, arena, file, context, error);
}

enum err document_bytes_state(struct desk *desk, const struct document *document, enum bytes_state *out,
			      struct error *error)
{
	enum err err = ERR_OK;

	*out = BYTES_INTACT;
	for (size_t i = 0; !err && *out == BYTES_INTACT && i < document_side_count(document); i++) {
		const struct document_side side = document_side(document, i);

		if (*side.sha256)
			err = store_bytes_state(desk->store, side.sha256, out, error);
	}
	return err;
}

enum err desk_gate_find_bytes_states(struct desk *desk, struct arena *arena, const struct case_file *file,
				     struct gate_context *context, struct error *error)
{
	enum document_bytes *found = arena_alloc_array(arena, file->document_count + 1, sizeof *found);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < file->document_count; i++) {
		enum bytes_state state = BYTES_INTACT;

		if (!file->documents[i].replaced)
			err = document_bytes_state(desk, &file->documents[i], &state, error);
		found[i] = state == BYTES_INTACT    ? DOCUMENT_BYTES_INTACT
			   : state == BYTES_MISSING ? DOCUMENT_BYTES_MISSING
						    : DOCUMENT_BYTES_ALTERED;
	}
	context->document_bytes_states = found;
	return err;
}

/* Whether the recorded action changes no data of the case. */
static bool changes_no_case_data(const char *action)
{
	static const char *const actions[] = { "claim",		"release",	 "assign",
					       "next",		"reveal",	 "note.add",
					       "document.open", "document.save", "session.evidence",
					       "session.refer" };

	return texts_contain(actions, sizeof actions / sizeof *actions, action);
}

static bool is_decision(const char *action)
{
	static const char *const actions[] = { "session.approve", "session.reject", "session.corrections" };

	return texts_contain(actions, sizeof actions / sizeof *actions, action);
}

#define AUDIT_LOG_READ_MAX 32

/* Explains a change after version `seen`. The gate names the author of the last decision; the author of any other
 * change comes from the audit log. */
static enum err explain_change(const struct use *use, int64_t seen, struct blocker *changed, struct error *error)
{
	const struct audit_filter filter = { .session_id = use->file.session.id, .limit = AUDIT_LOG_READ_MAX };
	struct audit_list audit_log;
	enum err err = store_audit_list(use->desk->store, use->arena, &filter, &audit_log, error);

	if (err)
		return err;
	for (size_t i = 0; i < audit_log.count; i++) {
		const struct audit_event *event = &audit_log.items[i];

		if (event->session_version <= seen)
			break;
		if (changes_no_case_data(event->action))
			continue;
		if (!is_decision(event->action))
			changed->message = arena_printf(
				use->arena, "The case changed since you loaded it (%s: %s, %s); review it again",
				event->actor, event->action, time_or_unknown_text(use->arena, event->at));
		break;
	}
	return ERR_OK;
}

static enum err explain_changes(const struct use *use, int64_t seen, struct blockers *blockers, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < blockers->count; i++) {
		if (blockers->items[i].code == BLOCKER_CHANGED)
			err = explain_change(use, seen, &blockers->items[i], error);
	}
	return err;
}

enum err desk_gate_find_conflicts(const struct use *use, const struct gate_context *context, struct blockers *out,
				  struct error *error)
{
	gate_check(use->arena, &use->file, context, GATE_CONFLICTS, out);
	return explain_changes(use, context->seen_version, out, error);
}

enum err desk_find_blockers(const struct use *use, bool whole, struct blockers *out, struct error *error)
{
	struct gate_context context = use->context;

	context.action = use->action;
	gate_check(use->arena, &use->file, &context,
		   whole && use->action == ACTION_APPROVE ? GATE_APPROVAL : GATE_ACTION, out);
	return explain_changes(use, use->context.seen_version, out, error);
}
