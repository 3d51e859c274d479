/* The frame of every use case (use.h lists its phases in order). */
#include "decide/decide.h"

static bool needs(const struct use *use, enum use_need need)
{
	return use->use_case->needs & need;
}

/* Checks that staff acts as a client, merchant or provider only in a sandbox. In production a person acts as intake
 * and is recorded as the submitter, so that nobody acts as the provider of the check that clears a case. */
static enum err check_capacity_in_store(const struct use *use, struct error *error)
{
	enum capacity as = use->in->capacity;
	bool outside =
		as == CAPACITY_CLIENT || as == CAPACITY_MERCHANT || as == CAPACITY_SIMULATOR || as == CAPACITY_PROVIDER;

	if (outside && !use->desk->store->sandbox)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot %s as %s: outside a sandbox store only a %s can do that; submit as intake",
				 use->use_case->verb_phrase, capacity_text(as), capacity_text(as));
	/* While run_in_capacity() runs a verb, the actor has the client's role. */
	return use->desk->role == ROLE_CLIENT || as == CAPACITY_SYSTEM
		       ? ERR_OK
		       : desk_require_intake(use->desk, use->use_case->verb_phrase, error);
}

static enum err check_capacity(const struct use *use, struct error *error)
{
	enum capacity as = use->in->capacity;

	if (use->desk->store->readonly)
		return error_set(error, ERR_FORBIDDEN, "Cannot %s: the store is open for reading only",
				 use->use_case->verb_phrase);
	if (use->desk->caller)
		return caller_check(use, error);
	if (!(use->use_case->capacities & (1u << as)))
		return error_set(error, ERR_FORBIDDEN, as == CAPACITY_STAFF ? "Staff cannot %s" : "Nobody can %s as %s",
				 use->use_case->verb_phrase, capacity_text(as));
	if (as != CAPACITY_STAFF)
		return check_capacity_in_store(use, error);
	return desk_require_role(use->desk, use->use_case->role, use->use_case->verb_phrase, error);
}

const struct use_in *use_copy_input(struct arena *arena, const struct use_in *in)
{
	struct use_in *out = arena_memdup(arena, in, sizeof *in);
	const char **texts[] = { &out->part,	     &out->related_ref, &out->reason, &out->text,    &out->note,
				 &out->percent,	     &out->type,	&out->side,   &out->url,     &out->file_name,
				 &out->results_json, &out->document,	&out->hit,    &out->override };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!*texts[i])
			*texts[i] = "";
	}
	return out;
}

enum err use_reload_case(struct use *use, struct error *error)
{
	return desk_case_load(use->desk, use->arena, use->file.session.row, &use->file, error);
}

enum err use_load_case(struct use *use, struct error *error)
{
	int64_t row = use->in->row;
	enum err err = ERR_OK;

	use->now = desk_now(use->desk);
	if (!row)
		err = caller_session_find(use->desk, use->in->session ? use->in->session : "", &row, error);
	if (!err)
		err = desk_case_load(use->desk, use->arena, row, &use->file, error);
	if (!err && !use->in->row)
		err = caller_check_case(use, error);
	if (!err && use->in->capacity == CAPACITY_SYSTEM)
		err = desk_session_profile_or_empty(use->desk, &use->file.session, &use->profile, error);
	else if (!err)
		err = desk_session_profile(use->desk, &use->file.session, &use->profile, error);
	if (!err)
		use->out->id = use->file.session.id;
	use->from = use->to = use->file.session.status;
	return err;
}

enum err use_check_undecided(const struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	const struct decision *last = case_last_decision(&use->file);
	const char *by = last ? last->by : session->decided_by;
	int64_t at = last ? last->at : session->decided_at;
	const char *decided = "";

	if (session->status != SESSION_APPROVED && session->status != SESSION_REJECTED)
		return ERR_OK;
	if (*by)
		decided = arena_printf(use->arena, " by %s at %s", by, time_or_unknown_text(use->arena, at));
	return REFUSE(BLOCKER_STATUS, "", error, "Cannot %s: %s is %s%s; a lead can reopen it first",
		      use->use_case->verb_phrase, session_label(use->arena, session),
		      session_status_title(session->status), decided);
}

enum err use_check_not_held(const struct use *use, struct error *error)
{
	struct gate_context context = desk_gate_context(use->desk, &use->file, use->profile, use->in->seen_version);
	struct blockers blockers = { 0 };
	enum err err = desk_gate_find_conflicts(use, &context, &blockers, error);

	if (err || !blockers.count)
		return err;
	return refuse(use->use_case->verb_phrase, &use->file.session, &blockers, error);
}

static enum err check_reason(const struct use *use, struct error *error)
{
	/* Whether a change needs a reason because the case was submitted. A change by a client, a merchant or
	 * intake needs no reason. */
	bool submitted = use->file.session.submitted_at != TIME_NONE && !capacity_is_submitter(use->in->capacity);
	enum err err = ERR_OK;

	if (!(use->use_case->needs & (NEED_REASON | NEED_REASON_IF_SUBMITTED)))
		return ERR_OK;
	err = text_check("reason", "The reason", use->in->reason, false, error);
	if (!err && (needs(use, NEED_REASON) || submitted))
		err = reason_text_check(use->use_case->verb_phrase, use->in->reason, error);
	return err;
}

enum err use_check_case(const struct use *use, struct error *error)
{
	enum err err = ERR_OK;

	if (needs(use, NEED_UNHELD) && use->in->capacity == CAPACITY_STAFF)
		err = use_check_not_held(use, error);
	/* For capacities that submit a case, client_may_change() checks other limits instead. */
	if (!err && needs(use, NEED_OPEN) && !capacity_is_submitter(use->in->capacity))
		err = use_check_undecided(use, error);
	return err ? err : check_reason(use, error);
}

static enum err run_prepare(struct use *use, struct error *error)
{
	enum err err = ERR_OK;

	if (needs(use, NEED_DECISION))
		err = decide_prepare(use, error);
	if (!err && needs(use, NEED_DECISION))
		err = check_reason(use, error);
	if (!err && needs(use, NEED_PREPARE) && !use->in->prepared_result)
		err = use_prepares[use->use_case->verb](use, error);
	return err;
}

/* Runs after the lock is taken: checks the actor, the capacity and the rules again. */
static enum err recheck_under_lock(struct use *use, struct error *error)
{
	enum err err = ERR_OK;

	/* Reads the actor's role again, since a workbench stays open for days and the role may have changed. */
	if (use->in->capacity != CAPACITY_SYSTEM && use->desk->role != ROLE_CLIENT && !caller_is_external(use->desk))
		err = actor_refresh(use->desk, error);
	if (!err)
		err = check_capacity(use, error);
	if (!err)
		err = rules_refresh(use->desk, error);
	if (!err && use->use_case->capacities & BY_STAFF && use->use_case->role == ROLE_ADMIN)
		err = desk_check_row_hashes(use->desk, 0, 0, error);
	use->now = desk_now(use->desk);
	return err;
}

/* Loads and checks the case under the lock. */
static enum err load_case_under_lock(struct use *use, struct error *error)
{
	enum err err = ERR_OK;

	if (needs(use, NEED_DECISION))
		return decide_begin(use, error);
	if (!needs(use, NEED_CASE | NEED_TRANSITION))
		return check_reason(use, error);
	err = needs(use, NEED_TRANSITION) ? status_change_begin(use, error) : use_load_case(use, error);
	if (!err && needs(use, NEED_CASE))
		err = use_check_case(use, error);
	if (!err && !use->run_parts) /* each part seals its own values */
		seal_keep_old_case(use);
	return err;
}

void use_set_changed_subject(struct use *use, const char *was)
{
	struct session *session = &use->file.session;

	if (!strcmp(was, facts_subject(use->arena, &session->subject)))
		return;
	/* Marks the subject as changed: the next session of this user starts with the subject's data from this
	 * session. */
	use->changed_subject_row = session->subject.row;
	if (*session->results_capacity)
		session->results_by = session->results_capacity = "";
}

void use_add_basis_hash(struct use *use, const char *basis)
{
	json_set_text(use->detail, "basis_sha256", facts_sha256(use->arena, basis));
}

void use_add_old_verdict(struct use *use, enum reason_set set, const struct verdict_before *before)
{
	if (*before->by)
		json_set_text(use->detail, "by_before", before->by);
	if (before->at != TIME_NONE)
		json_set_int(use->detail, "at_before", before->at);
	if (*before->reason && reason_find(&use->desk->reasons, set, before->reason))
		json_set_text(use->detail, "reason_before", before->reason);
	if (*before->basis)
		json_set_text(use->detail, "basis_before", facts_sha256(use->arena, before->basis));
}

enum err use_write_record(struct use *use, struct error *error)
{
	struct json_value *detail;
	const struct session *session = use->file.session.row ? &use->file.session : NULL;
	enum err err = seal_add_to_record(use, error);

	detail = use->detail;
	use->detail = NULL;
	use->out->audit_action = *use->audit_action ? use->audit_action : use->use_case->audit_action;
	if (!err)
		err = contribution_record(use, use->out->audit_action, error);
	if (err) {
		json_free(detail);
		return err;
	}
	return desk_write_record(use->desk, use->out->audit_action, session, detail, error);
}

static enum err write_change(struct use *use, struct error *error)
{
	enum err err = ERR_OK;

	if (needs(use, NEED_DECISION))
		return decide_write(use, error);
	if (needs(use, NEED_TRANSITION))
		return status_change_write(use, error);
	if (needs(use, NEED_OWN_RECORD | NEED_NO_RECORD))
		return ERR_OK;
	if (needs(use, NEED_CASE) && !needs(use, NEED_KEEP_VERSION)) {
		if (!use->run_parts)
			err = store_session_update(use->desk->store, &use->file.session, NULL, use->now, error);
		if (!err && !use->in->skip_settling)
			err = desk_case_update(use->desk, &use->file, use->profile, use->rewrites_search_text, error);
	}
	return err || use->run_parts ? err : use_write_record(use, error);
}

static enum err run_verb(struct use *use, struct error *error)
{
	enum err err = load_case_under_lock(use, error);

	if (!err)
		err = (use->run_parts ? use->run_parts : use_functions[use->use_case->verb])(use, error);
	if (!err && needs(use, NEED_SECOND_ADMIN) && !use->has_offered_change && !use->has_no_change)
		BUG("%s needs no second admin", use->use_case->audit_action);
	if (!err && !use->has_no_change)
		err = write_change(use, error);
	if (!err && use->file.session.row)
		use->out->version = use->file.session.version;
	return err;
}

/* A capacity that submits acts in the client's role, which the audit log and the table of transitions expect.
 * Intake sends no events, since the receivers of the events are the source of the data. */
static enum err run_in_capacity(struct use *use, struct error *error)
{
	struct desk *desk = use->desk;
	bool skip_events = desk->skip_events, submits = capacity_is_submitter(use->in->capacity);
	struct saved_actor before = { 0 };
	enum err err;

	desk->skip_events = desk->skip_events || use->in->capacity == CAPACITY_INTAKE;
	if (submits) {
		before = actor_become(desk, desk->actor, ROLE_CLIENT);
		json_set_text(use->detail, "as", capacity_text(use->in->capacity));
	}
	err = run_verb(use, error);
	if (submits)
		actor_restore(desk, before);
	desk->skip_events = skip_events;
	return err;
}

/* Runs all phases that need the lock. */
static enum err run_under_lock(struct use *use, struct error *error)
{
	enum err err;

	use->detail = json_new_object();
	err = recheck_under_lock(use, error);
	if (!err)
		err = run_in_capacity(use, error);
	seal_free_old_case(use);
	json_free(use->detail);
	use->detail = NULL;
	return err;
}

static enum err check_and_run(struct use *use, struct error *error)
{
	enum err err = check_capacity(use, error);

	if (!err)
		err = run_prepare(use, error);
	if (!err) /* each part has a savepoint of its own */
		err = use->run_parts ? desk_begin_hold(use->desk, error)
				     : store_begin(use->desk->store, STORE_WRITE, error);
	if (err)
		return err;
	use->desk->wrote_event = false;
	err = run_under_lock(use, error);
	if (use->run_parts) {
		enum err ended = desk_end_hold(use->desk, !err && !use->has_no_change, err ? NULL : error);
		return err ? err : ended;
	}
	if (use->has_no_change || use->in->dry_run) {
		store_rollback(use->desk->store);
		return err;
	}
	return desk_finish_write(use->desk, err, error);
}

static enum err run_as_actor(struct use *use, struct error *error)
{
	const struct caller *caller = use->desk->caller;
	bool by_itself = use->in->capacity == CAPACITY_SYSTEM,
	     played = caller && caller->capacity == CAPACITY_SIMULATOR;
	struct saved_actor before = { 0 };
	enum err err;

	if (by_itself)
		before = actor_become(use->desk, played ? SANDBOX_NAME : SYSTEM_NAME, ROLE_SYSTEM);
	else if (played && use->in->capacity == CAPACITY_STAFF)
		before = actor_become(use->desk, SANDBOX_NAME, ROLE_LEAD); /* the sandbox's simulator acts */
	else if (caller)
		before = actor_become(use->desk, caller->actor,
				      use->in->capacity == CAPACITY_STAFF ? ROLE_REVIEWER : ROLE_CLIENT);
	/* Checks the role of a reviewer with a key before anything is read; each role is checked again under the
	 * lock. */
	err = by_itself || !caller || caller_is_external(use->desk) ? ERR_OK : actor_refresh(use->desk, error);
	if (!err)
		err = check_and_run(use, error);
	if (by_itself || use->desk->caller)
		actor_restore(use->desk, before);
	if (err && caller_is_external(use->desk) && !by_itself)
		caller_redact_error(use, error);
	return err;
}

static void clear_use_out(struct use_out *out)
{
	*out = (struct use_out){ .id = "",
				 .part_id = "",
				 .subsession_id = "",
				 .audit_action = "",
				 .level_from = "",
				 .level_to = "",
				 .first_approver = "",
				 .first_approval_at = TIME_NONE,
				 .undo_until = TIME_NONE,
				 .event = "",
				 .link = "",
				 .undone_change = "",
				 .expires_at = TIME_NONE,
				 .api_code = "" };
}

static struct use use_new(struct desk *desk, struct arena *arena, const struct use_in *in, struct use_out *out)
{
	struct use use = { .desk = desk,
			   .arena = arena,
			   .use_case = &use_cases[in->verb],
			   .in = use_copy_input(arena, in),
			   .out = out,
			   .audit_action = "",
			   .action = use_cases[in->verb].action,
			   .prepared_result = in->prepared_result,
			   .level = { "", "" },
			   .signature = { "", "", "" },
			   .public_event_data = {
				   .reason_code = "", .reason_text = "", .failure_status = CHECK_PASSED } };

	decision_init(&use.decision);
	contribution_begin(&use);
	clear_use_out(out);
	return use;
}

enum err leftover_bytes_erase(struct use *use, struct error *error)
{
	struct desk *desk = use->desk;
	const struct leftover_bytes *left = &use->erasure.bytes;
	enum err err = ERR_OK;

	(void)error;
	if (left->count && store_has_hold(desk->store))
		BUG("the bytes of deleted documents are erased after the commit, not before");
	if (left->count)
		err = store_begin(desk->store, STORE_WRITE, NULL);
	for (size_t i = 0; !err && i < left->count; i++)
		err = store_bytes_erase(desk->store, left->hashes[i], NULL);
	if (left->count && desk_finish_write(desk, err, NULL))
		log_info(&desk->log, "the bytes of %zu deleted documents were not erased", left->count);
	return ERR_OK;
}

enum err desk_do(struct desk *desk, struct arena *arena, const struct use_in *in, struct use_out *out,
		 struct error *error)
{
	struct use use = use_new(desk, arena, in, out);
	enum err err;

	/* A dry run of a verb that stores files or reads data before the lock is a BUG: desk_preview() previews
	 * these verbs. */
	if (in->dry_run && needs(&use, NEED_PREPARE | NEED_DECISION))
		BUG("desk_do() cannot do a dry run of %s; use desk_preview()", use.use_case->audit_action);
	err = run_as_actor(&use, error);
	if (!err && use.run_after_commit && !in->dry_run)
		err = use.run_after_commit(&use, error);
	if (needs(&use, NEED_PREPARE))
		store_bytes_release(desk->store);
	if (err && !use.run_after_commit)
		clear_use_out(out);
	return err;
}

enum err use_do_parts(struct desk *desk, struct arena *arena, const struct use_in *in,
		      enum err (*run_parts)(struct use *use, struct error *error), void *context, struct error *error)
{
	struct use_out out;
	struct use use = use_new(desk, arena, in, &out);

	use.run_parts = run_parts;
	use.prepared_result = context;
	return run_as_actor(&use, error);
}

enum err use_run_part(struct use *use, const struct use_in *in, struct use_out *out, struct error *error)
{
	struct use part = use_new(use->desk, use->arena, in, out);
	enum err err = store_begin(use->desk->store, STORE_WRITE, error);

	if (err)
		return err;
	part.now = use->now;
	part.file = use->file;
	part.profile = use->profile;
	part.from = part.to = use->from;
	part.detail = json_new_object();
	part.sealed_party = part.in->part;
	seal_keep_old_case(&part);
	err = use_functions[in->verb](&part, error);
	if (!err) {
		if (*out->part_id)
			part.sealed_party = out->part_id;
		err = use_write_record(&part, error);
	}
	seal_free_old_case(&part);
	json_free(part.detail);
	if (!err) {
		use->file = part.file;
		use->rewrites_search_text = use->rewrites_search_text || part.rewrites_search_text;
	}
	return desk_finish_write(use->desk, err, error);
}

enum err use_run_nested(struct desk *desk, struct arena *arena, const struct use_in *in, struct use_out *out,
			struct error *error)
{
	struct use use = use_new(desk, arena, in, out);
	enum err err = check_capacity(&use, error);

	if (!err)
		err = run_under_lock(&use, error);
	if (err && caller_is_external(desk) && in->capacity != CAPACITY_SYSTEM)
		caller_redact_error(&use, error);
	return err;
}

/* Runs each verb as desk_do() does, but all verbs within one transaction. */
static enum err run_all(struct desk *desk, struct arena *arena, const struct use_in *ins, size_t count,
			struct use_out *outs, struct error *error)
{
	const char *session = NULL;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count; i++) {
		struct use_in in = ins[i];

		if (use_cases[in.verb].needs & (NEED_PREPARE | NEED_DECISION))
			BUG("%s has no first phase before the lock", use_cases[in.verb].audit_action);
		if (use_cases[in.verb].needs & (NEED_CASE | NEED_TRANSITION) && !in.session)
			in.session = session;
		err = use_run_nested(desk, arena, &in, &outs[i], error);
		if (!err && *outs[i].id)
			session = outs[i].id;
	}
	return err;
}

/* Processes the case now instead of in the next tick. If this fails, the next tick retries. */
static void process_due_case(struct desk *desk, struct arena *arena, const char *session)
{
	struct use_in in = { .verb = VERB_PROCESS_DUE, .capacity = CAPACITY_SYSTEM };
	struct use_out out;

	if (store_session_by_uuid(desk->store, session, &in.row, NULL) || !in.row)
		return;
	if (desk_do(desk, arena, &in, &out, NULL))
		log_info(&desk->log, "%s could not be processed yet", session);
}

enum err desk_do_all(struct desk *desk, struct arena *arena, const struct use_in *ins, size_t count,
		     struct use_out *outs, struct error *error)
{
	struct saved_actor before = { 0 };
	enum err err = store_begin(desk->store, STORE_WRITE, error);

	if (err)
		return err;
	desk->wrote_event = false;
	if (desk->caller)
		before = actor_become(desk, desk->caller->actor, ROLE_CLIENT);
	err = run_all(desk, arena, ins, count, outs, error);
	if (desk->caller)
		actor_restore(desk, before);
	err = desk_finish_write(desk, err, error);
	for (size_t i = 0; !err && i < count; i++) {
		bool reports = ins[i].verb == VERB_CHECK_REPORT || ins[i].verb == VERB_RESULTS_REPORT;

		if (use_cases[ins[i].verb].needs & NEED_TRANSITION || (reports && i + 1 == count))
			process_due_case(desk, arena, outs[i].id);
	}
	return err;
}
