/* A decision. decide_prepare() checks the case without a lock, as the reviewer sees it. If nothing has changed
 * since, one transaction writes everything: session, decision with its evidence, subject's level, counters, parent
 * case, outbox, audit log. */
#include "decide/decide.h"
#include "use/looks.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/base/ssh_signature.h"
#include "kybdesk/desk/evidence.h"
#include "kybdesk/store/people.h"

/* Signed decisions, an option of the store: the reviewer's own SSH key signs the text of a decision (with the hash
 * of its evidence) before the lock is taken. Nobody without that key, root included, can make a decision in the
 * reviewer's name. The system's decisions are not signed. */

static const char *text_hash_or_none(struct arena *arena, const char *text)
{
	return *text ? sha256_text(arena, text, strlen(text)) : "none";
}

/* Returns a reason code unchanged, and the hash of any other reason. */
static const char *reason_or_hash(struct arena *arena, const char *reason)
{
	return reason[strspn(reason, "abcdefghijklmnopqrstuvwxyz0123456789_")] ? text_hash_or_none(arena, reason)
	       : *reason						       ? reason
									       : "none";
}

/* Makes the text to sign, with one fact in each line; docs/evidence.md describes the text. */
static const char *signed_text(struct use *use)
{
	const struct use_in *in = use->in;
	const struct decision *last = case_last_decision(&use->file);

	return arena_printf(use->arena,
			    "kybdesk decision 1\nsession %s\nnumber %lld\ndecision %s\nreason %s\nmessage %s\n"
			    "note %s\nevidence %s\nby %s\n",
			    use->file.session.id, (long long)(last ? last->number : 0) + 1, use->use_case->audit_action,
			    reason_or_hash(use->arena, in->reason), text_hash_or_none(use->arena, in->text),
			    text_hash_or_none(use->arena, in->note), use->decision.evidence_sha256, use->desk->actor);
}

static enum err find_signature_requirement(struct use *use, bool *out, struct error *error)
{
	const char *value = "";
	enum err err =
		use->in->capacity == CAPACITY_STAFF && use->desk->role != ROLE_SYSTEM
			? store_info_get(use->desk->store, use->arena, STORE_SETTING_SIGNED_DECISIONS, &value, error)
			: ERR_OK;

	*out = !strcmp(value, SIGNED_DECISIONS_REQUIRED);
	return err;
}

static enum err sign_with_key(struct use *use, const struct access_key *key, const char *text, struct error *error)
{
	const char *line = arena_printf(use->arena, "%s %s", key->key.type, key->key.body);
	struct strbuf armored = STRBUF_INIT;
	enum err err = ssh_sign(use->desk->store->world, line, DECISION_SIGNATURE_PURPOSE, text, &armored, error);

	if (!err)
		err = ssh_signature_check(
			&(const struct ssh_signature){ text, DECISION_SIGNATURE_PURPOSE, armored.buf }, line, error);
	if (!err) {
		use->signature = (struct decision_signature){ text, strbuf_to_arena(&armored, use->arena), line };
	}
	strbuf_release(&armored);
	return err;
}

/* Stores the signature, under the lock, after the decision is written. ERR_CONFLICT if the signature belongs to
 * another decision. */
static enum err store_signature(struct use *use, struct error *error)
{
	const struct decision *decision = &use->decision;
	const char *evidence = arena_printf(use->arena, "\nnumber %lld\n", (long long)decision->number);

	if (!*use->signature.armored)
		return ERR_OK;
	if (!strstr(use->signature.text, evidence) ||
	    !strstr(use->signature.text, arena_printf(use->arena, "\nevidence %s\n", decision->evidence_sha256)))
		return error_set(error, ERR_CONFLICT,
				 "The case changed while the decision was signed; review it again");
	return store_signature_insert(use->desk->store, use->file.session.row, decision->number, &use->signature,
				      error);
}

/* Signs the prepared decision if the store requires a signature. Runs without the lock, since a hardware key may
 * wait for the reviewer's touch. */
static enum err sign(struct use *use, struct error *error)
{
	const struct desk *desk = use->desk;
	struct access_key *keys = NULL;
	size_t count = 0;
	bool required = false;
	const char *text;
	enum err err = find_signature_requirement(use, &required, error);

	if (err || !required)
		return err;
	if (desk->caller)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot %s: this store requires signed decisions, and an API key cannot sign; "
				 "decide by command or in the workbench",
				 use->use_case->verb_phrase);
	err = store_access_key_list(desk->store, use->arena, desk->actor, &keys, &count, error);
	if (err)
		return err;
	if (!count)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot %s: this store requires signed decisions, and %s has no SSH key; an admin "
				 "adds it with: kybdesk access add %s KEYFILE",
				 use->use_case->verb_phrase, desk->actor, desk->actor);
	text = signed_text(use);
	/* Tries each key, since the SSH agent may have only some of the reviewer's keys; none after an agent that did not
	 * answer. */
	int64_t until = world_monotonic_ms(desk->world) + SSH_SIGN_WAIT_MS;
	for (size_t i = 0; i < count && world_monotonic_ms(desk->world) < until; i++) {
		error_release(error);
		err = sign_with_key(use, &keys[i], text, error);
		if (!err)
			return ERR_OK;
	}
	error_prefix(error, "Cannot %s: this store requires signed decisions", use->use_case->verb_phrase);
	return err;
}

/* --- the decision --- */

static void save_previous_state(struct use *use)
{
	const struct session *session = &use->file.session;
	struct decision *decision = &use->decision;

	decision->before_status = session->status;
	decision->before_decision = session->final_decision;
	decision->before_decided_by = session->decided_by;
	decision->before_decided_at = session->decided_at;
	decision->before_reason = session->decision_reason;
	decision->before_retryable = session->retryable;
	decision->session_before = arena_memdup(use->arena, session, sizeof *session);
}

static void capture_evidence(struct use *use)
{
	const struct reasons *reasons = &use->desk->reasons;
	const bool second = use->approval_stage == APPROVAL_SECOND;
	struct evidence evidence;
	char *hash = arena_alloc(use->arena, SHA256_HEX_SIZE);

	evidence_make(use->desk, use->arena, &use->file, &use->context, second ? use->context.first_approval : NULL,
		      &evidence);
	reasons_sha256(reasons, hash);
	use->decision.evidence_json = evidence.json;
	use->decision.evidence_sha256 = evidence.sha256;
	use->decision.profile_version = use->profile->version;
	use->decision.rules_sha256 = use->profile->sha256;
	use->decision.reasons_sha256 = hash;
	use->decision.program_version = KYBDESK_RELEASE;
}

/* Refuses with all blockers of the loaded case. */
static enum err check_gate(struct use *use, struct error *error)
{
	struct blockers blockers = { 0 };
	enum err err = use_check_action(use, error);

	if (err)
		return err;
	use->context = desk_gate_context(use->desk, &use->file, use->profile, use->in->seen_version);
	/* A reviewer's claim does not block the case's client. */
	if (capacity_is_submitter(use->in->capacity))
		use->context.actor = use->file.session.assignee;
	err = desk_gate_load_facts(use->desk, use->arena, &use->file, &use->context, error);
	/* Reads the files now, without the lock, since reading may take long. */
	if (!err && use->action == ACTION_APPROVE)
		err = desk_gate_find_bytes_states(use->desk, use->arena, &use->file, &use->context, error);
	if (!err)
		err = contribution_fill_context(use->desk, use->arena, &use->file, &use->context, error);
	if (!err)
		err = desk_overrides(use->desk, use->arena, &use->file, use->context.sandbox, &use->context.overrides,
				     error);
	if (!err)
		err = desk_find_blockers(use, true, &blockers, error);
	if (!err && blockers.count)
		err = refuse(action_verb(use->action), &use->file.session, &blockers, error);
	/* Refuses an expired case if the transition table has no status to which the case may return. */
	if (!err && use->to == use->from)
		err = REFUSE(BLOCKER_STATUS, "", error, "%s",
			     transition_sentence(use->arena, use->from, use->action, use->desk->role,
						 TRANSITION_WRONG_STATUS));
	return err;
}

/* Checks the reviewer's note, if the desk requires one in the reviewer's own words. */
static enum err check_rationale(const struct use *use, struct error *error)
{
	size_t needed = use->action == ACTION_APPROVE ? gate_rationale_min_words(&use->file, &use->context) : 0;
	size_t found = reason_count_words(use->in->note, needed);

	if (found >= needed)
		return ERR_OK;
	return error_invalid(error, "note",
			     "An approval of this risk needs a note of at least %zu different words with the "
			     "grounds of the decision; %s",
			     needed,
			     found ? arena_printf(use->arena, "this note has %zu", found) : "the note is empty");
}

enum err decide_prepare(struct use *use, struct error *error)
{
	enum err err = grace_time_find(use->desk, use->in, &use->grace_ms, error);

	if (!err)
		err = text_check("note", "The note", use->in->note, false, error);
	if (!err)
		err = desk_begin_read(use->desk, error);
	if (err)
		return err;
	err = use_load_case(use, error);
	if (!err) {
		ownership_compute(use->arena, &use->file, use->profile, NULL);
		err = check_gate(use, error);
	}
	desk_end_read(use->desk);
	if (!err)
		err = check_rationale(use, error);
	if (err)
		return err;
	use->decision.note = use->in->note;
	if (use->action == ACTION_APPROVE)
		use->approval_stage = gate_approval_stage(&use->file, &use->context);
	capture_evidence(use);
	return sign(use, error);
}

/* Refuses with the blockers that the case has now, because another actor changed the case first. */
static enum err refuse_old_version(struct use *use, int64_t seen_version, struct error *error)
{
	struct use now = *use;
	struct blockers blockers = { 0 };
	enum err err = use_reload_case(&now, error);

	if (err)
		return err;
	now.context = desk_gate_context(use->desk, &now.file, use->profile, seen_version);
	err = desk_find_blockers(&now, false, &blockers, error);
	return err ? err : refuse(action_verb(use->action), &now.file.session, &blockers, error);
}

/* Loads the suspicions and the author of the first approval again under the lock: a suspicion does not change the
 * version, and the author may be disabled by now. */
static enum err load_approval_facts(struct use *use, const struct first_approval *seen, struct error *error)
{
	struct suspicion_state standing = { 0 };
	struct first_approval *first;
	int64_t row = use->file.session.row;
	enum err err = store_suspicion_state_read(use->desk->store, row, use->desk->actor, &standing, error);

	use->context.has_open_suspicion = standing.open;
	use->context.is_suspicion_shown = suspicion_is_shown(use->desk, &standing);
	if (err || !seen)
		return err;
	use->context.first_approval = first = arena_memdup(use->arena, seen, sizeof *seen);
	return first_approval_load_author(use->desk, use->arena, row, first, error);
}

/* Under the lock: ERR_STORE if another program changed the case or, for an approval, its KYC sessions. */
static enum err check_rows_unchanged(const struct use *use, const struct session *fresh, struct error *error)
{
	const struct case_file *file = &use->file;
	enum err err = desk_check_row_hashes(use->desk, fresh->row, fresh->subject.row, error);

	for (size_t i = 0; !err && use->action == ACTION_APPROVE && i < file->party_count; i++)
		if (file->parties[i].session_row)
			err = desk_check_row_hashes(use->desk, file->parties[i].session_row, 0, error);
	return err;
}

enum err decide_begin(struct use *use, struct error *error)
{
	const struct first_approval *first = use->context.first_approval;
	const struct overrides *overrides = use->context.overrides;
	enum approval_stage part = use->approval_stage;
	struct blockers blockers = { 0 };
	struct session fresh;
	int64_t seen = use->file.session.version;
	enum err err = store_session_load(use->desk->store, use->arena, use->file.session.row, &fresh, error);

	if (!err)
		err = check_rows_unchanged(use, &fresh, error);
	if (!err && fresh.version != seen)
		err = refuse_old_version(use, seen, error);
	if (err)
		return err;
	/* The version does not cover claim and level, so both may be newer although the version is the same. */
	use->file.session = fresh;
	use->context = desk_gate_context(use->desk, &use->file, use->profile, seen);
	use->context.action = use->action;
	use->context.overrides = overrides; /* the version covers what they are read from */
	/* Loads again what people contributed to the case: a link that was shown, or a changed KYC of an owner,
	 * adds a contribution without a new version of the case. */
	err = contribution_fill_context(use->desk, use->arena, &use->file, &use->context, error);
	if (!err && use->action == ACTION_APPROVE)
		err = load_approval_facts(use, first, error);
	if (err)
		return err;
	gate_check(use->arena, &use->file, &use->context, GATE_RECHECK, &blockers);
	if (blockers.count)
		return refuse(action_verb(use->action), &fresh, &blockers, error);
	/* Checks again under the lock: an admin may have made the actor supervised since. */
	if (use->action == ACTION_APPROVE)
		use->approval_stage = gate_approval_stage(&use->file, &use->context);
	if (use->approval_stage != part)
		capture_evidence(use);
	/* Checks again under the lock: an admin may have changed the actor's role since. */
	err = use_check_action(use, error);
	if (!err)
		save_previous_state(use);
	return err;
}

void claim_release(struct session *session)
{
	session->assignee = "";
	session->claimed_at = session->claim_expires_at = TIME_NONE;
}

static enum err write_session(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err;

	session->status = use->to;
	session->is_decided_locally = true;
	claim_release(session);
	err = store_session_update(use->desk->store, session, NULL, use->now, error);
	return err ? err : subject_level_write(use, error);
}

static enum err write_decision(struct use *use, struct error *error)
{
	struct decision *decision = &use->decision;
	/* A reopening needs no grace time, since the transition table allows no undo of a reopening. */
	bool held = use->grace_ms > 0 && use->action != ACTION_REOPEN && !decision->is_first_decision;
	enum err err;

	decision->by = use->desk->actor;
	decision->actor_role = use->desk->role;
	decision->at = use->now;
	decision->undo_until = held ? use->now + use->grace_ms : TIME_NONE;
	/* Empty if this decision changes no level, for example because another session of the same user already
	 * raised it. */
	decision->before_level = *use->level.to ? use->level.from : "";
	if (decision->kind == DECISION_APPROVE)
		decision->subject_basis = facts_subject(use->arena, &use->file.session.subject);
	err = store_decision_insert(use->desk->store, use->file.session.row, decision, error);
	return err ? err : store_signature(use, error);
}

void decision_record_level(const struct use *use, struct json_value *detail)
{
	if (!*use->level.to)
		return;
	JSON_ADD(detail, { "level_from", AS_TEXT(use->level.from) }, { "level_to", AS_TEXT(use->level.to) });
}

static enum err record_decision(struct use *use, struct error *error)
{
	const struct decision *decision = &use->decision;
	struct json_value *detail = use->detail;

	JSON_ADD(detail, { "decision", AS_INT(decision->number) }, { "from", AS_TEXT(session_status_text(use->from)) },
		 { "to", AS_TEXT(session_status_text(use->to)) });
	if (*decision->reason && use->action == ACTION_REJECT) {
		JSON_ADD(detail, { "reason", AS_TEXT(decision->reason) },
			 { "retryable", AS_BOOL(decision->retryable) });
	}
	decision_record_level(use, detail);
	JSON_ADD(detail, { "event?", AS_TEXT(use->out->event) }, { "held_until", AS_TIME(decision->undo_until) },
		 { "profile_version", AS_INT(decision->profile_version) },
		 { "rules_sha256", AS_TEXT(decision->rules_sha256) },
		 { "reasons_sha256", AS_TEXT(decision->reasons_sha256) },
		 { "program", AS_TEXT(decision->program_version) },
		 { "evidence_sha256", AS_TEXT(decision->evidence_sha256) });
	if (use->action == ACTION_APPROVE && use->context.overrides && use->context.overrides->without_evidence)
		JSON_ADD(detail, { "sandbox", AS_TEXT("approved without evidence") });
	if (*use->signature.armored)
		json_set_text(detail, "signature_sha256",
			      sha256_text(use->arena, use->signature.armored, strlen(use->signature.armored)));
	return use_write_record(use, error);
}

static void fill_decision_result(struct use *use)
{
	use->out->id = use->file.session.id;
	use->out->from = use->from;
	use->out->to = use->to;
	use->out->level_from = *use->level.to ? use->level.from : "";
	use->out->level_to = use->level.to;
	use->out->undo_until = use->decision.undo_until;
	use->out->approval_stage = use->approval_stage;
	if (use->approval_stage == APPROVAL_SECOND) {
		use->out->first_approver = use->context.first_approval->by;
		use->out->first_approval_at = use->context.first_approval->at;
	}
}

/* Writes the first of two approvals: a decision with its evidence that only releases the claim, and sends nothing.
 * Its audit record is written before desk_case_update(), which compares record and decision. */
static enum err write_first_approval(struct use *use, struct error *error)
{
	enum err err;

	claim_release(&use->file.session);
	err = store_session_update(use->desk->store, &use->file.session, NULL, use->now, error);
	if (!err)
		err = write_decision(use, error);
	if (!err)
		err = record_decision(use, error);
	if (!err)
		err = use_reload_case(use, error);
	if (!err)
		err = desk_case_update(use->desk, &use->file, use->profile, false, error);
	if (!err)
		fill_decision_result(use);
	return err;
}

enum err decide_write(struct use *use, struct error *error)
{
	enum err err;

	if (use->decision.is_first_decision)
		return write_first_approval(use, error);
	err = write_session(use, error);
	if (!err)
		err = write_decision(use, error);
	if (!err)
		err = announce_decision(use, error);
	if (!err)
		err = decision_refresh_case(use, error);
	if (!err)
		err = record_decision(use, error);
	if (!err)
		err = raise_decision_alert(use, error);
	if (!err)
		fill_decision_result(use);
	return err;
}

enum err decision_refresh_case(struct use *use, struct error *error)
{
	enum err err = desk_case_update(use->desk, &use->file, use->profile, false, error);

	return err ? err : desk_parent_refresh(use->desk, use->arena, &use->file.session, error);
}

enum err status_change_begin(struct use *use, struct error *error)
{
	enum err err = use_load_case(use, error);

	return err ? err : check_gate(use, error);
}

enum err status_change_write(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err;

	session->status = use->to;
	err = store_session_update(use->desk->store, session, NULL, use->now, error);
	if (!err)
		err = announce_decision(use, error);
	if (!err)
		err = decision_refresh_case(use, error);
	if (err)
		return err;
	JSON_ADD(use->detail, { "from", AS_TEXT(session_status_text(use->from)) },
		 { "to", AS_TEXT(session_status_text(use->to)) });
	err = use_write_record(use, error);
	if (!err)
		fill_decision_result(use);
	return err;
}

void decision_set_materiality(struct use *use, const char *reason)
{
	if (!reason_is_restricted(&use->desk->reasons, reason))
		use_set_immaterial(use);
}

void decision_set_final(struct use *use, enum final_decision final)
{
	struct session *session = &use->file.session;

	session->final_decision = final;
	session->decided_by = use->desk->actor;
	session->decided_at = use->now;
	session->decision_reason = use->decision.reason;
	session->retryable = use->decision.retryable;
}

void decision_clear(struct session *session)
{
	session->final_decision = FINAL_NONE;
	session->decided_by = session->decision_reason = "";
	session->decided_at = TIME_NONE;
	session->retryable = false;
}

void init_system_use(struct use *use, const struct use *outer, const struct gate_context *context, enum action action,
		     enum session_status to)
{
	*use = *outer;
	use->detail = NULL;
	use->case_before = NULL;
	use->action = action;
	use->material = MATERIAL_NONE;
	use->now = desk_now(outer->desk);
	use->profile = context->profile;
	use->context = *context;
	use->from = outer->file.session.status;
	use->to = to;
	use->level = (struct level_change){ "", "" };
	use->public_event_data =
		(struct public_event_data){ .reason_code = "", .reason_text = "", .failure_status = CHECK_PASSED };
	use->approval_stage = APPROVAL_SINGLE;
	decision_init(&use->decision);
	use->signature = (struct decision_signature){ "", "", "" };
	capture_evidence(use);
	save_previous_state(use);
}
