#include "link/link.h"
#include "import_internal.h"
#include "kybdesk/base/file.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/store/import.h"

/* The importing actor becomes the source of a new case's notes, reviews and decisions, even if they name a person. In a
 * production store, reviewers must review an undecided case again: imported reviews are shown, but count as open. */

static void set_document_source(struct document *document, const char *by, bool open)
{
	if (document->review == REVIEW_UNREVIEWED)
		return;
	document->verdict_imported_by = by;
	if (!open)
		return;
	document->imported_verdict = review_state_text(document->review);
	document->review = REVIEW_UNREVIEWED;
}

static void set_hit_source(struct hit *hit, const char *by, bool open)
{
	if (hit->state == HIT_OPEN)
		return;
	hit->verdict_imported_by = by;
	if (!open)
		return;
	hit->imported_verdict = hit_state_text(hit->state);
	hit->state = HIT_OPEN;
}

static void set_check_source(struct check *check, const char *by, bool open)
{
	check->reported_by = by;
	check->reported_capacity = capacity_text(CAPACITY_INTAKE);
	for (size_t i = 0; i < check->hit_count; i++)
		set_hit_source(&check->hits[i], by, open);
	if (check->status != CHECK_WAIVED)
		return;
	check->waiver_imported_by = by;
	if (!open)
		return;
	check->imported_verdict = check_status_text(check->status);
	check->status = CHECK_FAILED;
}

static void set_party_source(struct party *party, const char *by, bool open)
{
	if (!*party->verified_elsewhere_by)
		return;
	party->verification_imported_by = by;
	if (open)
		party->verified_elsewhere_by = "";
}

static void set_case_source(const struct desk *desk, struct case_file *file)
{
	const char *by = desk->actor;
	bool open = !desk->store->sandbox && file->session.status != SESSION_APPROVED &&
		    file->session.status != SESSION_REJECTED;

	for (size_t i = 0; i < file->document_count; i++)
		set_document_source(&file->documents[i], by, open);
	for (size_t i = 0; i < file->check_count; i++)
		set_check_source(&file->checks[i], by, open);
	for (size_t i = 0; i < file->party_count; i++)
		set_party_source(&file->parties[i], by, open);
	for (size_t i = 0; i < file->correction_count; i++)
		file->corrections[i].imported_by = by;
	for (size_t i = 0; i < file->decision_count; i++)
		file->decisions[i].imported_by = by;
	for (size_t i = 0; i < file->note_count; i++)
		file->notes[i].imported_by = by;
	if (strcmp(file->session.processing_results_json, "null") != 0 &&
	    strcmp(file->session.processing_results_json, "{}") != 0) {
		file->session.results_by = by;
		file->session.results_capacity = capacity_text(CAPACITY_INTAKE);
	}
}

/* --- a new case --- */

static enum err record_import(struct desk *desk, const struct session *session, const char *result,
			      const uint8_t sha256[32], struct error *error)
{
	struct json_value *detail = json_new_object();
	char hex[SHA256_HEX_SIZE];
	enum err err;

	JSON_ADD(detail, { "result", AS_TEXT(result) }, { "status", AS_TEXT(session_status_text(session->status)) },
		 { "level", AS_TEXT(session->subject.level) });
	if (sha256) {
		hex_encode(sha256, SHA256_SIZE, hex);
		json_set_text(detail, "line_sha256", hex);
	}
	err = contribution_record_import(desk, session->row, true, error);
	if (err) {
		json_free(detail);
		return err;
	}
	return desk_write_record(desk, "session.import", session, detail, error);
}

/* Fills session columns that the imported line omits, mostly with values that follow from the session's status. */
static void fill_omitted_columns(struct case_file *file, const struct profile *profile, int64_t now)
{
	struct session *session = &file->session;
	enum inbox inbox = session_status_inbox(session->status);
	const struct decision *last = case_last_decision(file);

	if (session->created_at == TIME_NONE)
		session->created_at = session->submitted_at != TIME_NONE ? session->submitted_at : now;
	if (session->updated_at == TIME_NONE)
		session->updated_at = now;
	if (!strcmp(session->custom_tags_json, "{}") && profile->custom_tags_json)
		session->custom_tags_json = profile->custom_tags_json;
	if (!*session->subject.level)
		session->subject.level = session->status == SESSION_APPROVED
						 ? profile_approved_level(profile, session->subject.kind)
						 : profile_initial_level(profile, session->subject.kind);
	if (session->status == SESSION_APPROVED && session->final_decision == FINAL_NONE)
		session->final_decision = FINAL_APPROVED;
	if (session->status == SESSION_REJECTED && session->final_decision == FINAL_NONE)
		session->final_decision = FINAL_REJECTED;
	if (last && (session->status == SESSION_APPROVED || session->status == SESSION_REJECTED)) {
		if (!*session->decided_by) {
			session->decided_by = last->by;
			session->decided_at = last->at;
			session->decision_reason = last->reason;
		}
		if (session->status == SESSION_REJECTED)
			session->retryable = last->retryable;
	}
	if (session->submitted_at == TIME_NONE &&
	    (inbox == INBOX_MANUAL_REVIEW || inbox == INBOX_COMPLETED || inbox == INBOX_REMEDIATION))
		session->submitted_at = session->created_at;
	if (session->submitted_at != TIME_NONE)
		due_set_deadline(session, profile);
}

static enum err insert_parties(struct desk *desk, struct case_file *file, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < file->party_count && !err; i++) {
		/* Resets the row, since the transaction of an earlier try was rolled back. */
		file->parties[i].session_row = 0;
		err = store_party_insert(desk->store, file->session.row, &file->parties[i], error);
	}
	for (size_t i = 0; i < file->party_count && !err; i++) {
		struct party *party = &file->parties[i];
		for (size_t j = 0; j < party->share_count; j++) {
			const struct party *of = case_party(file, party->shares[j].owned_party_id);
			party->shares[j].owned_party_row = of ? of->row : 0;
		}
		err = store_party_set_shares(desk->store, party, error);
	}
	return err;
}

const char *import_source(const struct import_run *run)
{
	return run->options && run->options->name
		       ? arena_printf(run->batch_arena, RESULT_OF_FILE "%s", path_basename(run->options->name))
		       : "";
}

static enum err insert_case_parts(struct import_run *run, struct case_file *file, int64_t now, struct error *error)
{
	struct desk *desk = run->desk;
	struct store *store = desk->store;
	int64_t row = file->session.row;
	enum err err = ERR_OK;

	for (size_t i = 0; i < file->step_count && !err; i++)
		err = store_step_insert(store, row, i, &file->steps[i], error);
	for (size_t i = 0; i < file->document_count && !err; i++) {
		struct document *document = &file->documents[i];
		if (document_has_bytes(document) && document->uploaded_at == TIME_NONE)
			document->uploaded_at = now;
		err = store_document_insert(store, row, document, error);
	}
	if (!err)
		err = insert_parties(desk, file, error);
	for (size_t i = 0; i < file->check_count && !err; i++) {
		struct check *check = &file->checks[i];
		check->reported_by = desk->actor;
		err = store_check_insert(store, row, check, error);
		for (size_t j = 0; j < check->hit_count && !err; j++)
			err = store_hit_insert(store, check->row, &check->hits[j], error);
		if (!err)
			err = check_insert_result(desk, run->batch_arena, check, import_source(run), error);
	}
	for (size_t i = 0; i < file->correction_count && !err; i++) {
		if (file->corrections[i].requested_at == TIME_NONE)
			file->corrections[i].requested_at = now;
		err = store_correction_insert(store, row, &file->corrections[i], error);
	}
	for (size_t i = 0; i < file->decision_count && !err; i++) {
		file->decisions[i].imported = true;
		err = store_decision_insert(store, row, &file->decisions[i], error);
	}
	for (size_t i = 0; i < file->attempt_count && !err; i++)
		err = store_attempt_insert(store, row, &file->attempts[i], error);
	for (size_t i = 0; i < file->note_count && !err; i++) {
		if (file->notes[i].at == TIME_NONE)
			file->notes[i].at = now;
		err = store_note_insert(store, row, &file->notes[i], error);
	}
	return err;
}

/* Sets the subject of each check from the imported case. In a sandbox, and for an admin, imported judgements rest on
 * the imported facts; otherwise imported judgements have no basis, and are requested again (docs/decisions/0021). */
static void set_judgement_basis(const struct desk *desk, struct arena *arena, struct case_file *file,
				const struct profile *profile)
{
	const struct facts_input of = { .profile = profile };
	struct judgements list;

	for (size_t i = 0; i < file->check_count; i++)
		check_set_subject(arena, file, NULL, file->checks[i].checked_subject_json, &file->checks[i]);
	if (!desk->store->sandbox && desk->role != ROLE_ADMIN)
		return;
	judgements_list(arena, file, &of, &list);
	for (size_t i = 0; i < list.count; i++)
		if (!*list.items[i].confirm_refusal)
			judgement_set_basis(file, &of, &list.items[i]);
	if (file->session.status == SESSION_APPROVED)
		file->session.import_facts = facts_subject(arena, &file->session.subject);
}

/* An imported correction covers the imported case. If the client answered the correction elsewhere, the values of
 * the case are the answer, and the former values are unknown. */
static void fill_correction_values(struct import_run *run, const struct case_file *file, const struct profile *profile,
				   struct correction *correction)
{
	bool answered = correction->state == CORRECTION_ANSWERED || correction->state == CORRECTION_ACCEPTED;

	if (*correction->before_json)
		return;
	if (!answered || *correction->after_json) {
		correction->before_json = correction_values(run->batch_arena, file, profile, correction);
		return;
	}
	correction->before_json = "{}";
	correction->after_json = correction_values(run->batch_arena, file, profile, correction);
}

static enum err insert_case_rows(struct import_run *run, struct case_file *file, const struct profile *profile,
				 const uint8_t sha256[32], struct error *error)
{
	struct desk *desk = run->desk;
	struct session *session = &file->session;
	int64_t now = world_now_ms(desk->world);
	enum err err;

	session->row = 0; /* reset: the transaction of an earlier try was rolled back */
	err = merchant_find_or_add(desk, run->arena, session->merchant, &session->merchant_row, error);
	if (!err)
		err = import_check_reference(desk, run->arena, session, error);
	if (!err)
		err = desk_profile_ensure_stored(desk, profile->name, &profile, &session->workflow_row, error);
	if (!err)
		err = link_check_profile(desk, profile, error);
	if (err)
		return err;
	fill_omitted_columns(file, profile, now);
	set_case_source(desk, file);
	err = level_init_session(desk, session, profile, error);
	for (size_t i = 0; i < file->correction_count; i++)
		fill_correction_values(run, file, profile, &file->corrections[i]);
	set_judgement_basis(desk, run->batch_arena, file, profile);
	/* Parses the values again, since the arena of an earlier try is released. */
	case_values_parse(run->arena, file);
	if (!err)
		err = desk_case_insert(desk, file, profile, sha256, error);
	if (!err)
		err = insert_case_parts(run, file, now, error);
	if (!err) {
		if (processing_is_due(desk, run->arena, file, profile, now) || session->attempt_number > 1)
			err = store_session_set_columns(desk->store, session, SESSION_COLUMNS_PROCESSING, error);
	}
	return err;
}

/* Writes the audit record last, so that each row that it covers is read and hashed only once. */
static enum err finish_new_case(struct import_run *run, struct case_file *file, const struct profile *profile,
				const uint8_t sha256[32], struct error *error)
{
	enum err err;

	(void)ownership_compute(run->arena, file, profile, NULL);
	err = desk_case_update(run->desk, file, profile, true, error);
	return !err ? record_import(run->desk, &file->session, "imported", sha256, error) : err;
}

static enum err insert_child(struct import_run *run, struct case_file *child, const struct profile *profile,
			     struct error *error)
{
	enum err err = insert_case_rows(run, child, profile, NULL, error);

	return !err ? finish_new_case(run, child, profile, NULL, error) : err;
}

static enum err link_child(struct desk *desk, struct party *party, const struct case_file *child, struct error *error)
{
	party->session_row = child->session.row;
	party->session_id = child->session.id;
	party->session_workflow = child->session.workflow;
	party->session_status = child->session.status;
	return store_party_set_subsession(desk->store, party->row, child->session.row, error);
}

static enum err insert_new_case(struct import_run *run, struct import_line *line, struct error *error)
{
	struct session_document *document = &line->document;
	struct case_file *file = &document->file;
	enum err err = import_check_decision(run, document, error);
	bool children = false;

	if (!err)
		err = insert_case_rows(run, file, line->profile, document->canonical_sha256, error);
	for (size_t i = 0; document->subsessions && i < file->party_count && !children; i++)
		children = document->subsessions[i] != NULL;
	if (!err && !children)
		return finish_new_case(run, file, line->profile, document->canonical_sha256, error);
	if (!err)
		err = record_import(run->desk, &file->session, "imported", document->canonical_sha256, error);
	for (size_t i = 0; i < file->party_count && !err; i++) {
		struct case_file *child = document->subsessions ? document->subsessions[i] : NULL;
		const struct profile *profile;

		if (!child)
			continue;
		child->session.parent_row = file->session.row;
		err = desk_profile(run->desk, child->session.workflow, &profile, error);
		if (!err)
			err = insert_child(run, child, profile, error);
		if (!err)
			err = link_child(run->desk, &file->parties[i], child, error);
	}
	/* Loads the case again, since the stored session of a party determines whether the party is verified. */
	if (!err)
		err = desk_case_refresh(run->desk, run->arena, file->session.row, true, error);
	return err;
}

/* Accepts the party's stored session id, and the id that an import derives for a line without a session id: the two
 * ids differ if the desk made the party's session. */
enum err import_check_same_child(struct arena *arena, const struct party *party, const struct session *incoming,
				 size_t place, struct error *error)
{
	if (!strcmp(incoming->id, party->session_id) ||
	    !strcmp(incoming->id, id_derive_part(arena, party->id, "session", 0)))
		return ERR_OK;
	return error_set_field(error, ERR_CONFLICT, arena_printf(arena, "parties[%zu].session.id", place),
			       "is %s, but the session of this party is %s; leave the id out", incoming->id,
			       party->session_id);
}

struct merge_run {
	struct import_run *run;
	struct import_line *line;
	int64_t row;
	struct case_file present; /* the stored case, with the parts of the line that were merged so far */
	struct import_merge_result merged;
};

static enum err add_child(struct merge_run *merge_run, struct party *party, struct case_file *child, size_t place,
			  const struct profile *profile, struct error *error)
{
	struct import_run *run = merge_run->run;
	enum err err;

	if (merge_run->merged.imports_checks_only)
		return error_set_field(error, ERR_CONFLICT,
				       arena_printf(merge_run->run->arena, "parties[%zu].session", place),
				       "is new, but the case was decided; a lead can reopen it first");
	child->session.parent_row = merge_run->row;
	err = import_check_decision(run, &merge_run->line->document, error);
	if (!err)
		err = insert_child(run, child, profile, error);
	if (!err)
		err = link_child(run->desk, party, child, error);
	merge_run->merged.changed = true;
	return err;
}

static enum err merge_child(struct merge_run *merge_run, size_t place, struct error *error)
{
	struct session_document *document = &merge_run->line->document;
	struct case_file *child = document->subsessions[place];
	struct party *party = parties_find(merge_run->present.parties, merge_run->present.party_count,
					   document->file.parties[place].id);
	const struct profile *profile;
	struct import_merge_result merged;
	enum err err;

	if (!party)
		return ERR_OK; /* the party was removed in this store */
	err = desk_profile(merge_run->run->desk, child->session.workflow, &profile, error);
	if (!err && !party->session_row)
		return add_child(merge_run, party, child, place, profile, error);
	if (!err)
		err = import_check_same_child(merge_run->run->arena, party, &child->session, place, error);
	if (err)
		return err;
	err = import_merge(merge_run->run, &(struct import_target){ party->session_row, child, profile }, NULL, &merged,
			   error);
	if (err)
		error_prefix(error, "the session of party %s", party->id);
	merge_run->merged.changed = merge_run->merged.changed || merged.changed;
	return err;
}

static enum err merge_existing_case(struct import_run *run, struct import_line *line, int64_t row, bool *changed,
				    struct error *error)
{
	struct session_document *document = &line->document;
	struct merge_run merge_run = { .run = run, .line = line, .row = row };
	bool children = false;
	enum err err = import_merge(run, &(struct import_target){ row, &document->file, line->profile },
				    document->canonical_sha256, &merge_run.merged, error);

	if (!err)
		err = desk_case_load(run->desk, run->arena, row, &merge_run.present, error);
	for (size_t i = 0; i < document->file.party_count && !err; i++) {
		if (!document->subsessions || !document->subsessions[i])
			continue;
		children = true;
		err = merge_child(&merge_run, i, error);
	}
	*changed = merge_run.merged.changed;
	if (!err && children && *changed)
		err = desk_case_refresh(run->desk, run->arena, row, true, error);
	return err;
}

enum err import_apply(struct import_run *run, struct import_line *line, enum import_outcome *outcome,
		      struct error *error)
{
	struct session *session = &line->document.file.session;
	struct import_state known;
	size_t earlier = 0;
	enum err err = store_import_mark_seen(run->desk->store, session->id, line->number, &earlier, error);

	if (err)
		return err;
	if (earlier)
		return error_invalid(error, *session->external_ref ? "external_ref" : "id",
				     "%s was already in line %zu; a file contains each session once",
				     *session->external_ref ? session->external_ref : session->id, earlier);
	err = store_session_import_state(run->desk->store, session->id, &known, error);
	if (err)
		return err;
	if (known.row && !memcmp(known.sha256, line->document.canonical_sha256, SHA256_SIZE)) {
		*outcome = IMPORT_UNCHANGED;
		return ERR_OK;
	}
	if (line->is_unchanged)
		return error_set(error, ERR_CONFLICT,
				 "%s was changed by another user during the import; import it again", session->id);
	if (known.row) {
		bool changed;

		err = merge_existing_case(run, line, known.row, &changed, error);
		*outcome = changed ? IMPORT_UPDATED : IMPORT_UNCHANGED;
		return err;
	}
	*outcome = IMPORT_IMPORTED;
	return insert_new_case(run, line, error);
}
