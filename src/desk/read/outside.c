/* Cases as clients and merchants see them. */
#include "decide/decide.h"
#include "link/link.h"
#include "read/read.h"
#include "kybdesk/domain/results.h"

/* --- a decision within its grace time is not visible outside --- */

/* Loads the last decision of a case with its evidence if the decision is within its grace time; else returns NULL. */
static enum err load_held_decision(struct desk *desk, struct arena *arena, const struct case_file *file,
				   const struct decision **held, struct error *error)
{
	const struct decision *last = caller_held_decision(file, desk_now(desk));
	struct decision *whole;

	*held = NULL;
	if (!last)
		return ERR_OK;
	whole = arena_alloc(arena, sizeof *whole);
	*held = whole;
	return store_decision_load(desk->store, arena, file->session.row, last->number, whole, error);
}

enum err external_held_decision(struct desk *desk, struct arena *arena, int64_t session, const struct decision **held,
				struct error *error)
{
	struct case_file file;
	enum err err = desk_case_load(desk, arena, session, &file, error);

	*held = NULL;
	return err ? err : load_held_decision(desk, arena, &file, held, error);
}

static void undo_held_decision(struct case_file *file, const struct decision *held)
{
	struct session *session = &file->session;

	session->status = held->before_status;
	session->final_decision = held->before_decision;
	session->decided_at = held->before_decided_at;
	session->decision_reason = held->before_reason;
	session->retryable = held->before_retryable;
	if (held->before_level && *held->before_level)
		session->subject.level = held->before_level;
	if (held->session_before)
		session->expires_at = held->session_before->expires_at;
	if (held->kind == DECISION_CORRECTIONS)
		corrections_reset_items(file, held);
}

enum err external_hide_decisions(struct desk *desk, struct arena *arena, struct subject_sessions *of,
				 struct subject *subject, struct error *error)
{
	struct subject_session *items = of->items;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < of->count; i++) {
		const struct decision *held;

		err = external_held_decision(desk, arena, items[i].row, &held, error);
		if (err || !held)
			continue;
		items[i].status = held->before_status;
		items[i].decided_at = held->before_decided_at;
		if (held->before_level && *held->before_level)
			subject->level = held->before_level;
	}
	return err;
}

/* --- one case --- */

static void set_reason_text(struct desk *desk, struct arena *arena, struct external_case *out)
{
	const struct case_file *file = &out->file;
	const struct session *session = &file->session;
	const struct reasons *reasons = desk_reasons(desk);
	const struct reason *reason;
	const char *message = "", *note = "";
	bool found = false, match = case_has_match(arena, file);

	out->decided_at = TIME_NONE;
	if (session->status != SESSION_APPROVED && session->status != SESSION_REJECTED)
		return;
	out->decided_at = session->decided_at;
	if (session->status != SESSION_REJECTED)
		return;
	for (size_t i = file->decision_count; i-- > 0 && !found;) {
		found = file->decisions[i].kind == DECISION_REJECT && !file->decisions[i].undone;
		message = found ? file->decisions[i].message : "";
		note = found ? file->decisions[i].note : "";
	}
	reason = reason_find(reasons, REASONS_SESSION, session->decision_reason);
	/* Hides an open reason if a match was confirmed and no note explains the reason. Such decisions were
	 * imported, or made by an older version of the program. */
	if (match && !reason_text_is_long_enough(note)) {
		reason = reason_find(reasons, REASONS_SESSION, REASON_OTHER);
		message = "";
	}
	out->reason = reason ? reason_public_code(reason) : "other";
	out->message = reason ? reason_public_message(reasons, REASONS_SESSION, reason, message) : "";
	out->retryable = session->retryable && !match && (!reason || reason->disclosure == DISCLOSURE_OPEN);
}

/* Shows the case as before a decision within its grace time, with the public text of the previous decision. */
static enum err show_public_decision(struct desk *desk, struct arena *arena, struct external_case *out,
				     struct error *error)
{
	const struct decision *held;
	enum err err = load_held_decision(desk, arena, &out->file, &held, error);

	if (err)
		return err;
	if (held)
		undo_held_decision(&out->file, held);
	set_reason_text(desk, arena, out);
	return ERR_OK;
}

/* Hides the hits of a screening: the check is pending until the approval, and passed afterwards. */
static enum check_status public_check_status(const struct check *check, bool approved)
{
	bool hidden = check->status == CHECK_HIT ||
		      (check->status == CHECK_FAILED && check_kind_is_confidential(check->kind));

	if (check->status == CHECK_WAIVED)
		return CHECK_PASSED;
	return !hidden ? check->status : approved ? CHECK_PASSED : CHECK_PENDING;
}

static void strip_checks(struct case_file *file)
{
	for (size_t i = 0; i < file->check_count; i++) {
		struct check seen;

		check_init(&seen);
		seen.kind = file->checks[i].kind;
		seen.status = public_check_status(&file->checks[i], file->session.status == SESSION_APPROVED);
		seen.checked_at = file->checks[i].checked_at;
		file->checks[i] = seen;
	}
}

static void strip_documents(struct desk *desk, struct case_file *file)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->document_count; i++) {
		struct document *document = &file->documents[i];
		const struct reason *reason =
			reason_find(desk_reasons(desk), REASONS_DOCUMENT, document->review_reason);

		if (document->replaced)
			continue;
		document->reviewed_by = document->verdict_imported_by = document->imported_verdict = document->basis =
			"";
		if (*document->review_reason)
			document->review_reason = reason ? reason_public_code(reason) : "other";
		file->documents[kept++] = *document;
	}
	file->document_count = kept;
}

/* Replaces the reasons and messages of past attempts with their public versions. */
static void strip_attempts(struct desk *desk, struct arena *arena, struct external_case *out)
{
	const struct reasons *reasons = desk_reasons(desk);

	out->attempt_ids = arena_alloc_array(arena, out->file.attempt_count + 1, sizeof *out->attempt_ids);
	for (size_t i = 0; i < out->file.attempt_count; i++) {
		struct attempt *attempt = &out->file.attempts[i];
		const struct reason *reason = reason_find(reasons, REASONS_SESSION, attempt->reason);

		out->attempt_ids[i] = id_derive_part(arena, out->file.session.id, "attempt", (size_t)attempt->number);
		attempt->message =
			reason ? reason_public_message(reasons, REASONS_SESSION, reason, attempt->message) : "";
		attempt->reason = reason ? reason_public_code(reason) : "";
	}
}

static void strip_case(struct desk *desk, struct case_file *file)
{
	struct session *session = &file->session;

	session->risk_score = RISK_NONE;
	session->risk_factors_json = "[]";
	session->decided_by = session->decision_reason = session->assignee = session->results_by = "";
	session->gap_reason = session->gap_text = session->gap_by = session->snooze_reason = session->snoozed_by = "";
	/* Hides the automatic outcome until the case is decided. */
	if ((session->final_decision != FINAL_APPROVED && session->final_decision != FINAL_REJECTED) ||
	    (session->status != SESSION_APPROVED && session->status != SESSION_REJECTED))
		session->final_decision = FINAL_NONE;
	file->note_count = file->decision_count = 0;
	strip_checks(file);
	strip_documents(desk, file);
	for (size_t i = 0; i < file->correction_count; i++)
		file->corrections[i].requested_by = file->corrections[i].imported_by = "";
}

/* Whether the client gets the link of a party that the client declared, to pass it on to the party: only while the
 * party has data to submit. If the party's session belongs to another case, that case shows the link. */
static bool client_gets_link(const struct desk *desk, const struct external_case *out, const struct party *party,
			     const struct session *session)
{
	/* The public status: the status before a decision within its grace time. */
	enum session_status status = party->session_status;

	return desk->caller && desk->caller->capacity == CAPACITY_CLIENT &&
	       out->profile->parties.client_declares_parties && session->parent_row == out->file.session.row &&
	       (status == SESSION_DRAFT || status == SESSION_ACTIVE || status == SESSION_AWAITING_CLIENT_CORRECTION);
}

static enum err find_links(struct desk *desk, struct arena *arena, struct external_case *out, struct error *error)
{
	const struct case_file *file = &out->file;
	enum err err = link_current_url(desk, arena, &file->session, &out->link, error);

	out->party_links = arena_alloc_array(arena, file->party_count + 1, sizeof *out->party_links);
	for (size_t i = 0; !err && i < file->party_count; i++) {
		struct session session;

		out->party_links[i] = "";
		if (!file->parties[i].session_row)
			continue;
		err = store_session_load(desk->store, arena, file->parties[i].session_row, &session, error);
		if (!err &&
		    (caller_may_see(desk, &session) || client_gets_link(desk, out, &file->parties[i], &session)))
			err = link_current_url(desk, arena, &session, &out->party_links[i], error);
	}
	return err;
}

/* Finds the requested documents with their links. The webhook of the request has the same links; a merchant that
 * missed the webhook finds the links in the case. */
static enum err find_requested_links(struct desk *desk, struct arena *arena, struct external_case *out,
				     struct error *error)
{
	const struct case_file *file = &out->file;
	size_t capacity = 0;
	enum err err = ERR_OK;

	if (file->session.status != SESSION_AWAITING_CLIENT_CORRECTION || desk->caller->capacity != CAPACITY_MERCHANT)
		return ERR_OK;
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *item = &file->corrections[i];
		bool open = correction_is_unsettled(item);

		for (size_t t = 0; !err && open && t < item->document_type_count; t++) {
			struct external_document *requested;

			if (ITEM_WITH_TEXT(out->requested_documents, out->requested_document_count, type,
					   item->document_types[t]))
				continue;
			requested =
				ARENA_PUSH(arena, out->requested_documents, out->requested_document_count, capacity);
			requested->type = item->document_types[t];
			err = link_url_for_type(desk, arena, &file->session, requested->type, &requested->link, error);
		}
	}
	return err;
}

/* Shows the parties' sessions in the states before a decision within its grace time. */
static enum err undo_held_decision_of_parties(struct desk *desk, struct arena *arena, struct case_file *file,
					      struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < file->party_count; i++) {
		struct party *party = &file->parties[i];
		const struct decision *held;

		party->verified_elsewhere_by = party->verified_elsewhere_reason = party->verification_imported_by = "";
		party->removed_by = party->removed_reason = "";
		if (!party->session_row)
			continue;
		err = external_held_decision(desk, arena, party->session_row, &held, error);
		if (!err && held)
			party->session_status = held->before_status;
	}
	return err;
}

/* A session imported without steps gets its workflow's steps when the first step is saved (client_ensure_step()).
 * Until then, the client is shown the workflow's steps. */
static void fill_workflow_steps(struct arena *arena, struct external_case *out)
{
	struct case_file *file = &out->file;

	if (file->step_count)
		return;
	file->step_count = out->profile->step_count;
	file->steps = arena_alloc_array(arena, file->step_count + 1, sizeof *file->steps);
	for (size_t i = 0; i < file->step_count; i++) {
		step_init(&file->steps[i]);
		file->steps[i].id = out->profile->steps[i].id;
	}
}

/* Masks the case and removes its links, for a reviewer with an API key. The workbench and the commands can show the
 * masked values and the links, with an audit record. */
static void mask_for_staff(struct arena *arena, struct external_case *out)
{
	struct case_view view = { .file = out->file, .profile = out->profile };

	mask_case_view(arena, &view);
	out->file = view.file;
	out->link = "";
	for (size_t i = 0; i < out->file.party_count; i++)
		out->party_links[i] = "";
}

static enum err load_case(struct desk *desk, struct arena *arena, const char *id, struct external_case *out,
			  struct error *error)
{
	int64_t row = 0;
	enum err err = caller_session_find(desk, id, &row, error);

	if (!err)
		err = desk_case_load(desk, arena, row, &out->file, error);
	if (!err && !caller_may_see(desk, &out->file.session))
		err = error_set(error, ERR_NOT_FOUND, "Unknown session \"%s\"", id);
	if (!err)
		err = desk_session_profile_or_empty(desk, &out->file.session, &out->profile, error);
	if (err)
		return err;
	out->attempt_id =
		id_derive_part(arena, out->file.session.id, "attempt", (size_t)out->file.session.attempt_number);
	err = show_public_decision(desk, arena, out, error);
	if (err)
		return err;
	err = undo_held_decision_of_parties(desk, arena, &out->file, error);
	if (!err)
		err = find_links(desk, arena, out, error);
	if (!err)
		err = find_requested_links(desk, arena, out, error);
	if (!caller_is_external(desk) || desk_is_sandbox(desk))
		out->version = out->file.session.version;
	strip_case(desk, &out->file);
	strip_attempts(desk, arena, out);
	if (desk->caller->capacity == CAPACITY_CLIENT)
		fill_workflow_steps(arena, out);
	if (err || caller_is_external(desk))
		return err;
	mask_for_staff(arena, out);
	err = contribution_of_case(desk, arena, &out->file.session, &out->contributions, error);
	return err ? err : desk_describe_rules(desk, arena, &out->file.session, &out->rules_note, error);
}

enum err desk_external_case(struct desk *desk, struct arena *arena, const char *id, struct external_case *out,
			    struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	*out = (struct external_case){ .link = "", .reason = "", .message = "", .attempt_id = "", .rules_note = "" };
	case_file_init(&out->file);
	return err ? err : desk_finish_read(desk, load_case(desk, arena, id, out, error));
}

enum err external_person_case(struct desk *desk, struct arena *arena, int64_t session, struct external_case *out,
			      struct error *error)
{
	struct session *shown = &out->file.session;
	enum err err;

	*out = (struct external_case){ .reason = "", .message = "" };
	err = desk_case_load(desk, arena, session, &out->file, error);
	if (!err)
		err = show_public_decision(desk, arena, out, error);
	if (err)
		return err;
	strip_case(desk, &out->file);
	strip_attempts(desk, arena, out);
	out->file.check_count = out->file.party_count = 0;
	shown->processing_results_json = "null";
	shown->metadata_json = "{}";
	/* Hides the time of the last change, since screenings and verdicts change it. */
	shown->updated_at = shown->submitted_at == TIME_NONE ? shown->created_at : shown->submitted_at;
	return ERR_OK;
}
