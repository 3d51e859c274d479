/* Updates derived data of a case in the transaction of the change: counters, search text, the pause of its due
 * time, reminders of its client, and the parent cases that have this case as the KYC of a party. */
#include "decide/decide.h"
#include "kybdesk/domain/ownership.h"

static bool is_session_decided(const struct session *session)
{
	return session->status == SESSION_APPROVED || session->status == SESSION_REJECTED;
}

static bool is_waiting_for_others(const struct case_counts *counts)
{
	return counts->waits_for_client || counts->waits_for_party || counts->waits_for_provider ||
	       counts->waits_for_second_reviewer;
}

struct case_update {
	struct case_file *file;
	const struct profile *profile;
	struct session_counters before; /* as stored before the change */
	struct case_counts counts;
	bool is_of_party; /* something changed in the session that verifies a party of the case */
	bool is_approval_in_doubt;
	bool has_no_duplicates; /* no other session shares data with this session */
};

static enum err count(struct desk *desk, struct case_update *it, struct error *error)
{
	struct arena scratch = ARENA_INIT;
	const struct case_file *file = it->file;
	struct case_counts *counts = &it->counts;
	struct gate_context context = desk_gate_context(desk, file, it->profile, 0);
	enum err err = first_approval_find(desk, &scratch, file, &context, error);

	case_count(file, &context, counts);
	/* For an undecided case, searches for duplicates and suspicions if they can change the counters: if the case
	 * waits, is clean, or has a first blocker that comes after duplicate_open in the gate's order. */
	if (!err && (is_waiting_for_others(counts) || counts->clean || counts->blocker > BLOCKER_DUPLICATE_OPEN) &&
	    !is_session_decided(&file->session)) {
		err = desk_gate_load_facts(desk, &scratch, file, &context, error);
		it->has_no_duplicates = !err && !context.duplicate_count;
		if (!err && (context.duplicate_count || context.has_open_suspicion))
			case_count(file, &context, counts);
	}
	arena_release(&scratch);
	return err;
}

/* Pauses the due time while the case waits. The due time of a decided case does not change. */
static enum err update_due_time(struct desk *desk, struct session *session, bool waiting, struct error *error)
{
	bool paused = session->due_paused_at != TIME_NONE;

	if (is_session_decided(session) || session->due_at == TIME_NONE || paused == waiting)
		return ERR_OK;
	due_set_paused(session, waiting, desk_now(desk));
	return store_session_set_columns(desk->store, session, SESSION_COLUMNS_DUE, error);
}

bool session_is_with_client(const struct session *session)
{
	return session->status == SESSION_DRAFT || session->status == SESSION_ACTIVE ||
	       session->status == SESSION_AWAITING_CLIENT_CORRECTION;
}

static bool gets_reminders(const struct session *session, const struct profile *profile)
{
	return session_is_with_client(session) && profile->link_reminder_ms > 0;
}

static void schedule_reminders(const struct desk *desk, struct session *session, const struct profile *profile)
{
	session->remind_at = gets_reminders(session, profile) ? desk_now(desk) + profile->link_reminder_ms : TIME_NONE;
	session->reminders = 0;
	session->reminded_at = TIME_NONE;
	session->unresponsive = false;
}

enum err reminders_restart(struct desk *desk, struct session *session, const struct profile *profile,
			   struct error *error)
{
	schedule_reminders(desk, session, profile);
	return store_session_set_columns(desk->store, session, SESSION_COLUMNS_REMINDERS, error);
}

enum err desk_case_insert(struct desk *desk, struct case_file *file, const struct profile *profile,
			  const uint8_t import_sha256[32], struct error *error)
{
	const struct gate_context context = desk_gate_context(desk, file, profile, 0);
	struct case_counts counts;
	/* Inserts no counters for a case that is imported as decided, so that recheck_approval() treats its hits as
	 * new. */
	bool counted = !is_session_decided(&file->session);

	schedule_reminders(desk, &file->session, profile);
	if (counted)
		case_count(file, &context, &counts);
	return store_session_insert(desk->store, &file->session, import_sha256, counted ? &counts : NULL, error);
}

enum err desk_case_open(struct desk *desk, struct arena *arena, struct case_file *file, const struct profile *profile,
			struct error *error)
{
	static const uint8_t not_imported[SHA256_SIZE];
	enum err err;

	file->steps = arena_alloc_array(arena, profile->step_count + 1, sizeof *file->steps);
	for (; file->step_count < profile->step_count; file->step_count++) {
		step_init(&file->steps[file->step_count]);
		file->steps[file->step_count].id = profile->steps[file->step_count].id;
	}
	err = desk_case_insert(desk, file, profile, not_imported, error);
	for (size_t i = 0; !err && i < file->step_count; i++)
		err = store_step_insert(desk->store, file->session.row, i, &file->steps[i], error);
	return err;
}

static enum err update_reminders(struct desk *desk, struct session *session, const struct profile *profile,
				 struct error *error)
{
	bool counting = session->remind_at != TIME_NONE || session->reminders || session->unresponsive;

	return counting == gets_reminders(session, profile) ? ERR_OK : reminders_restart(desk, session, profile, error);
}

static enum err reset_parties_completed(struct desk *desk, struct session *session, const struct case_counts *counts,
					struct error *error)
{
	if (!counts->party_open || session->parties_completed_at == TIME_NONE)
		return ERR_OK;
	session->parties_completed_at = TIME_NONE;
	return store_session_set_columns(desk->store, session, SESSION_COLUMNS_PARTIES_COMPLETED, error);
}

/* Sets it->is_approval_in_doubt if an approval rests on facts that have changed. Within the grace time bad news takes
 * the approval back; after the grace time the approval remains valid until a lead reviews it. */
static enum err recheck_approval(struct desk *desk, struct case_update *it, struct error *error)
{
	struct case_file *file = it->file;
	const struct case_counts *counts = &it->counts;
	const struct session_counters *before = &it->before;
	const bool fewer = counts->party_open && counts->parties_verified < before->parties_verified;
	enum err err = ERR_OK;

	if (file->session.status != SESSION_APPROVED)
		return ERR_OK;
	it->is_approval_in_doubt = fewer || (counts->hit_open && !before->hit_open) || file->has_new_bad_news;
	if (it->is_approval_in_doubt && (counts->hit_open || file->has_new_bad_news))
		err = reconsider_approval_on_hit(desk, file, it->profile,
						 it->is_of_party && !file->has_new_bad_news ? "party_hit" : "hit",
						 error);
	else if (it->is_approval_in_doubt)
		err = alert_raise(desk, &file->session, it->profile, ALERT_APPROVAL_IN_DOUBT, error);
	/* Counts again, since a case that is back in review may have another main blocker and another waiting state. */
	if (!err && file->session.status != SESSION_APPROVED)
		err = count(desk, it, error);
	return err;
}

/* Updates the cases that have this session as the KYC of a party; this marks their approvals as doubtful. */
static enum err refresh_parents(struct desk *desk, const struct session *session, struct error *error)
{
	struct arena arena = ARENA_INIT;
	enum err err = desk_parent_refresh(desk, &arena, session, error);

	arena_release(&arena);
	return err;
}

static enum err update_case(struct desk *desk, struct case_update *it, bool text, struct error *error)
{
	struct session *session = &it->file->session;
	const struct case_counts *counts = &it->counts;
	enum err err = store_session_counters(desk->store, session->row, &it->before, error);

	if (!err)
		err = count(desk, it, error);
	if (!err)
		err = recheck_approval(desk, it, error);
	/* Updates the user's data from this session unless it was rejected. Changes nothing if another session of
	 * the user is approved, or if the user was declared without a session. */
	if (!err && session->status != SESSION_REJECTED)
		err = store_subject_update_from_session(desk->store, session->row, error);
	if (!err)
		err = store_session_set_counts(desk->store, session, counts, error);
	if (!err && (it->is_approval_in_doubt || it->before.hit_open != counts->hit_open))
		err = refresh_parents(desk, session, error);
	if (!err)
		err = update_due_time(desk, session, is_waiting_for_others(counts), error);
	if (!err)
		err = update_reminders(desk, session, it->profile, error);
	if (!err)
		err = reset_parties_completed(desk, session, counts, error);
	if (!err && is_session_decided(session) && session->snoozed_until != TIME_NONE)
		err = session_end_snooze(desk, session, error);
	if (!err && text)
		err = store_session_index_text(desk->store, it->file, error);
	return err;
}

/* Whether the change may have made, or ended, a fact for which the subject is recognised elsewhere. Marking the cases
 * with such a party reads all open cases, so not each change may do it. Lists show another case as held when it is
 * counted next; its approval asks anew in any case. */
static bool changes_recognition(const struct case_file *file, const struct session_counters *before,
				const struct case_counts *after)
{
	const struct decision *last = file->decision_count ? &file->decisions[file->decision_count - 1] : NULL;

	return file->has_new_bad_news || before->hit_open != after->hit_open ||
	       file->session.status == SESSION_REJECTED || (last && last->kind == DECISION_REJECT && last->undone);
}

enum err desk_case_update(struct desk *desk, struct case_file *file, const struct profile *profile, bool text,
			  struct error *error)
{
	struct case_update it = { .file = file, .profile = profile };
	enum err err = update_case(desk, &it, text, error);

	/* Marks the duplicates of this case, if they are waiting cases or have no other blocker. The next tick
	 * recomputes the counters of marked cases, so that the submission need not wait. */
	if (!err && text && !it.has_no_duplicates)
		err = store_mark_cases_for_recount(desk->store, file->session.row, error);
	if (!err && !desk->store->sandbox && changes_recognition(file, &it.before, &it.counts)) {
		err = store_mark_cases_for_recount(desk->store, file->session.row, error);
		if (!err)
			err = store_mark_holders_for_recount(desk->store, file->session.row, error);
	}
	return err;
}

static enum err load_case(struct desk *desk, struct arena *arena, int64_t row, struct case_update *out,
			  struct error *error)
{
	enum err err;

	*out = (struct case_update){ .file = arena_alloc(arena, sizeof *out->file) };
	err = desk_case_load(desk, arena, row, out->file, error);
	return err ? err : desk_session_profile_or_empty(desk, &out->file->session, &out->profile, error);
}

enum err desk_case_refresh(struct desk *desk, struct arena *arena, int64_t row, bool text, struct error *error)
{
	struct case_update it;
	enum err err = load_case(desk, arena, row, &it, error);

	return err ? err : desk_case_update(desk, it.file, it.profile, text, error);
}

enum err desk_case_recount(struct desk *desk, struct arena *arena, int64_t row, struct error *error)
{
	struct case_update it;
	bool marked = false;
	enum err err = load_case(desk, arena, row, &it, error);

	/* Of an approved case that an upgrade has marked, only the parties are compared: the approval stands, and is not
	 * judged by rules that came after it. */
	if (!err && it.file->session.status == SESSION_APPROVED)
		err = store_session_confirm_pair(desk->store, row, ownership_has_unanswered_pair(arena, it.file),
						 &marked, error);
	if (!err && !marked)
		err = update_case(desk, &it, false, error);
	return err ? err : store_row_delete(desk->store, DELETE_RECOUNT, row, error);
}

enum err desk_case_write_counts(struct desk *desk, struct arena *arena, int64_t row, struct error *error)
{
	struct case_update it;
	enum err err = load_case(desk, arena, row, &it, error);

	if (!err)
		err = count(desk, &it, error);
	if (!err)
		err = store_session_set_counts(desk->store, &it.file->session, &it.counts, error);
	return err ? err : update_due_time(desk, &it.file->session, is_waiting_for_others(&it.counts), error);
}

static enum err record_subsession(struct desk *desk, const struct session *session, const char *action,
				  const struct session *subsession, struct error *error)
{
	return desk_write_record(desk, action, session,
				 JSON_FROM({ "subsession", AS_TEXT(subsession->id) },
					   { "status", AS_TEXT(session_status_text(subsession->status)) }),
				 error);
}

/* Records that all parties are verified now or, on an approved case, that a party is no longer verified. */
static enum err record_party_state(struct desk *desk, struct case_file *holder, const struct case_counts *counts,
				   const struct session *subsession, struct error *error)
{
	struct session *session = &holder->session;
	enum err err;

	if (counts->party_open)
		return session->status == SESSION_APPROVED && subsession->status != SESSION_APPROVED &&
				       case_party_of_session(holder, subsession->row)
			       ? record_subsession(desk, session, "party.unverified", subsession, error)
			       : ERR_OK;
	if (is_session_decided(session) || subsession->status != SESSION_APPROVED ||
	    session->parties_completed_at != TIME_NONE)
		return ERR_OK;
	session->parties_completed_at = desk_now(desk);
	err = store_session_set_columns(desk->store, session, SESSION_COLUMNS_PARTIES_COMPLETED, error);
	return err ? err : record_subsession(desk, session, "parties.verified", subsession, error);
}

static enum err refresh_parent(struct desk *desk, struct arena *arena, int64_t row, const struct session *subsession,
			       struct error *error)
{
	struct case_update holder;
	enum err err = load_case(desk, arena, row, &holder, error);

	holder.is_of_party = true;
	if (!err)
		err = store_session_update(desk->store, &holder.file->session, NULL, desk_now(desk), error);
	if (!err)
		err = update_case(desk, &holder, false, error);
	/* Ends the snooze early, since the reviewer may have waited for this change of the party's session. */
	if (!err && holder.file->session.snoozed_until != TIME_NONE)
		err = session_end_snooze(desk, &holder.file->session, error);
	return err ? err : record_party_state(desk, holder.file, &holder.counts, subsession, error);
}

enum err desk_parent_refresh(struct desk *desk, struct arena *arena, const struct session *session, struct error *error)
{
	struct row_list holders;
	enum err err = store_subsession_list_holders(desk->store, arena, session->row, true, &holders, error);

	for (size_t i = 0; !err && i < holders.count; i++)
		err = refresh_parent(desk, arena, holders.items[i], session, error);
	return err;
}

/* --- whether a user is verified, so that the user's accounts can be opened and used --- */

static bool allows_accounts(struct desk *desk, const struct subject_record *record, const struct case_file *file,
			    const struct profile *profile)
{
	const char *level = profile_approved_level(profile, record->subject.kind);

	return profile->allows_accounts && !caller_held_decision(file, desk_now(desk)) &&
	       (!*level || !strcmp(level, record->subject.level));
}

static const char *refusal_text(struct arena *arena, const struct subject_record *record)
{
	static const char sentence[] =
		"The user is not verified: accounts are opened after the approval of its KYC or KYB";

	if (record->subject.kind == SUBJECT_BUSINESS)
		return arena_printf(arena, "%s; its level is %s, and an approved KYB at REGULAR is missing", sentence,
				    *record->subject.level ? record->subject.level : "none");
	return arena_printf(arena, "%s; an approved KYC is missing", sentence);
}

enum err desk_user_verification(struct desk *desk, struct arena *arena, const struct subject_record *record,
				const struct subject_sessions *sessions, struct user_verification *out,
				struct error *error)
{
	const struct profile *profile = NULL;
	enum err err = ERR_OK;

	*out = (struct user_verification){ .refusal_reason = "" };
	for (size_t i = 0; !err && !out->verified && i < sessions->count; i++) {
		if (sessions->items[i].status != SESSION_APPROVED)
			continue;
		err = desk_case_load(desk, arena, sessions->items[i].row, &out->file, error);
		if (!err)
			err = desk_session_profile_or_empty(desk, &out->file.session, &profile, error);
		if (!err)
			out->verified = allows_accounts(desk, record, &out->file, profile);
	}
	if (!err && !out->verified)
		out->refusal_reason = refusal_text(arena, record);
	return err;
}
