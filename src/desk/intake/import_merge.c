/*
 * What a changed line may do to a session that is already there (domain.md "Imports decide nothing"): carry it along
 * the client's and the system's transitions, and add data. Reviews, resolved hits, levels, decisions, corrections'
 * verdicts and notes stay as they are.
 */
#include "import_internal.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/processing.h"
#include <string.h>

static void take_text(const char **present, const char *given)
{
	if (*given)
		*present = given;
}

static void take_json(const char **present, const char *given, const char *empty)
{
	if (strcmp(given, empty) != 0)
		*present = given;
}

static void take_time(int64_t *present, int64_t given)
{
	if (given != TIME_NONE)
		*present = given;
}

/* seed atelio-beneficial-owners: "further KYC attempts are not be allowed", with the time of the success. */
static enum err refuse_final(struct arena *arena, const struct case_file *present, struct error *error)
{
	const struct decision *approval = case_last_approval(present);
	int64_t at = approval ? approval->at : present->session.decided_at;

	return error_set_field(
		error, ERR_CONFLICT, "status",
		"this session was approved at %s; after a success neither an update nor another attempt is "
		"taken",
		at != TIME_NONE ? time_text(arena, at) : "an unknown time");
}

static enum err refuse_decided(struct arena *arena, const struct case_file *present, const struct profile *profile,
			       struct error *error)
{
	const struct decision *last = case_last_decision(present);

	if (present->session.status == SESSION_APPROVED && profile->attempts.final_approval)
		return refuse_final(arena, present, error);
	if (last)
		return error_set_field(
			error, ERR_CONFLICT, "status",
			"this session was decided here by %s at %s; an import can't change it any more", last->by,
			time_text(arena, last->at));
	return error_set_field(error, ERR_CONFLICT, "status",
			       "this session was decided here; an import can't change it any more");
}

static void take_subject(struct subject *present, const struct subject *given)
{
	take_text(&present->name, given->name);
	take_text(&present->country, given->country);
	take_text(&present->registration_number, given->registration_number);
	take_text(&present->tax_id, given->tax_id);
	take_text(&present->date_of_birth, given->date_of_birth);
	take_text(&present->incorporated_on, given->incorporated_on);
	take_text(&present->website, given->website);
	take_text(&present->email, given->email);
	take_text(&present->phone, given->phone);
	take_json(&present->address_json, given->address_json, "{}");
}

/* Whether a line may change it at all. The client's turn stays the client's, whoever asked for it. */
static bool is_closed_to_imports(const struct session *session, const struct profile *profile)
{
	switch (session->status) {
	case SESSION_APPROVED:
		return session->decided_here || profile->attempts.final_approval;
	case SESSION_AWAITING_CLIENT_CORRECTION:
		return false;
	case SESSION_REJECTED:
	case SESSION_DRAFT:
	case SESSION_ACTIVE:
	case SESSION_COMPLETED:
	case SESSION_PROCESSING:
	case SESSION_PROCESSED:
	case SESSION_EXPIRED:
	case SESSION_MANUAL_REVIEW:
		break;
	}
	return session->decided_here;
}

static bool submits_again(const struct session *present, const struct session *given)
{
	return present->status == SESSION_REJECTED && present->retryable && given->status != SESSION_REJECTED;
}

static enum err check_attempts(int64_t made, const struct profile *profile, struct error *error)
{
	if (!profile->attempts.most || made < profile->attempts.most)
		return ERR_OK;
	return error_set_field(error, ERR_CONFLICT, "status",
			       "this session had %lld attempts, which is all that the workflow %s allows",
			       (long long)made, profile->name);
}

/* A new attempt of the same session: what was decided stays in the history, and the time to decide begins anew. */
static enum err submit_again(struct desk *desk, struct case_file *present, const struct case_file *given,
			     const struct profile *profile, int64_t now, struct error *error)
{
	struct session *session = &present->session;
	const struct decision *last = case_last_decision(present);
	const struct attempt over = {
		.number = session->attempt,
		.submitted_at = session->submitted_at,
		.ended_at = session->decided_at != TIME_NONE ? session->decided_at : now,
		.result = ATTEMPT_REJECTED,
		.reason = session->decision_reason,
		.message = last ? last->message : "",
		.retryable = true,
	};
	enum err code = check_attempts(session->attempt, profile, error);

	if (code == ERR_OK)
		code = store_attempt_insert(desk->store, session->row, &over, error);
	session->attempt++;
	session->final_decision = FINAL_NONE;
	session->decided_by = session->decision_reason = "";
	session->decided_at = TIME_NONE;
	session->retryable = false;
	session->decided_here = false;
	session->submitted_at = given->session.submitted_at != TIME_NONE ? given->session.submitted_at : now;
	session->due_at = session->due_paused_at = TIME_NONE;
	session->processing_results_json = "null";
	return code;
}

/* What came back, beside what was asked about. */
static enum err keep_answers(struct desk *desk, struct arena *arena, int64_t row, const struct profile *profile,
			     int64_t now, struct error *error)
{
	struct case_file file;
	enum err code = desk_case_load(desk, arena, row, &file, error);

	for (size_t i = 0; code == ERR_OK && i < file.correction_count; i++) {
		struct correction *correction = &file.corrections[i];
		if (correction->state != CORRECTION_ANSWERED || correction->answered_at != now)
			continue;
		correction->after_json = correction_values(arena, &file, profile, correction);
		code = store_correction_update(desk->store, correction, error);
	}
	return code;
}

/* When the system looks at it next, now that it says something else. */
static enum err keep_clock(struct desk *desk, struct arena *arena, struct session *present,
			   const struct profile *profile, int64_t now, struct error *error)
{
	struct case_file file;
	enum err code;

	switch (present->status) {
	case SESSION_PROCESSING:
	case SESSION_COMPLETED:
	case SESSION_MANUAL_REVIEW:
		break;
	case SESSION_DRAFT:
	case SESSION_ACTIVE:
	case SESSION_PROCESSED:
	case SESSION_EXPIRED:
	case SESSION_APPROVED:
	case SESSION_REJECTED:
	case SESSION_AWAITING_CLIENT_CORRECTION:
		if (present->process_at == TIME_NONE && present->attempt <= 1)
			return ERR_OK;
		present->process_at = TIME_NONE;
		return store_session_set_processing(desk->store, present, error);
	}
	code = desk_case_load(desk, arena, present->row, &file, error);
	file.session.attempt = present->attempt;
	file.session.processing_since = present->processing_since;
	(void)processing_is_due(desk, arena, &file, profile, now);
	return code == ERR_OK ? store_session_set_processing(desk->store, &file.session, error) : code;
}

/* The client handed corrected work in: what was asked is answered, and the clock runs again. */
static enum err answer_corrections(struct desk *desk, struct case_file *present, int64_t now, struct error *error)
{
	enum err code = ERR_OK;

	for (size_t i = 0; i < present->correction_count && code == ERR_OK; i++) {
		struct correction *correction = &present->corrections[i];
		if (correction->state != CORRECTION_OPEN)
			continue;
		correction->state = CORRECTION_ANSWERED;
		correction->answered_at = now;
		code = store_correction_update(desk->store, correction, error);
	}
	present->session.returned = true;
	present->session.decided_here = false;
	due_resume(&present->session, now);
	return code;
}

static enum err take_session(struct desk *desk, struct case_file *present, const struct case_file *given,
			     const struct profile *profile, int64_t now, struct error *error)
{
	struct session *to = &present->session;
	const struct session *from = &given->session;
	enum session_status before = to->status;
	enum err code = ERR_OK;

	if (!transition_import_reaches(before, from->status, profile))
		return error_set_field(error, ERR_CONFLICT, "status",
				       "an import can't take a session from %s to %s; that is decided at the desk",
				       session_status_text(before), session_status_text(from->status));
	if (before == SESSION_REJECTED && from->status != before && !to->retryable)
		return error_set_field(error, ERR_CONFLICT, "status",
				       "the rejection allows no further attempt; a lead can reopen the session");
	if (submits_again(to, from)) {
		code = submit_again(desk, present, given, profile, now, error);
		if (code != ERR_OK)
			return code;
	}
	take_text(&to->external_ref, from->external_ref);
	take_subject(&to->subject, &from->subject);
	take_json(&to->custom_tags_json, from->custom_tags_json, "{}");
	take_json(&to->risk_factors_json, from->risk_factors_json, "[]");
	take_json(&to->processing_results_json, from->processing_results_json, "null");
	if (from->risk_score != RISK_NONE)
		to->risk_score = from->risk_score;
	take_time(&to->submitted_at, from->submitted_at);
	take_time(&to->expires_at, from->expires_at);
	if (before == from->status)
		goto out;
	if (from->status == SESSION_EXPIRED)
		to->expired_from = before;
	to->status = from->status;
	if (before == SESSION_AWAITING_CLIENT_CORRECTION && from->status == SESSION_MANUAL_REVIEW)
		code = answer_corrections(desk, present, now, error);
	switch (session_status_inbox(to->status)) {
	case INBOX_MANUAL_REVIEW:
	case INBOX_COMPLETED:
		if (to->submitted_at == TIME_NONE)
			to->submitted_at = now;
		due_start(to, profile);
		break;
	case INBOX_PENDING:
	case INBOX_REMEDIATION:
	case INBOX_INCOMPLETE:
	case INBOX_APPROVED:
	case INBOX_REJECTED:
		break;
	}
out:
	if (to->status != before)
		to->processing_since = TIME_NONE;
	return code;
}

static enum err take_steps(struct desk *desk, struct case_file *present, const struct case_file *given,
			   struct error *error)
{
	size_t place = present->step_count;
	enum err code = ERR_OK;

	for (size_t i = 0; i < given->step_count && code == ERR_OK; i++) {
		struct step step = given->steps[i];
		struct step *old = NULL;
		for (size_t j = 0; j < present->step_count; j++)
			if (!strcmp(present->steps[j].id, step.id))
				old = &present->steps[j];
		if (!old) {
			code = store_step_insert(desk->store, present->session.row, place++, &step, error);
			continue;
		}
		take_json(&old->fields_json, step.fields_json, "{}");
		/* What a reviewer sent back stays so until the client hands in. */
		if (old->status != STEP_NEEDS_CORRECTION || present->session.returned)
			old->status = step.status;
		code = store_step_update(desk->store, old, error);
	}
	return code;
}

/* A file that differs from the present one takes its place; the old one is kept and shown. */
static enum err replace_document(struct desk *desk, struct arena *arena, struct case_file *present,
				 struct document *old, const struct document *given, int64_t now,
				 struct error *error)
{
	struct document fresh = *given;
	const char *const parts[] = { old->id, given->sha256 };
	char id[UUID_TEXT_SIZE];
	enum err code;

	uuid_derive(id, parts, 2);
	if (case_document(present, id))
		return ERR_OK; /* this very file came before */
	old->replaced = true;
	if (old->upload == UPLOAD_REQUIRED)
		old->upload = UPLOAD_READY; /* it was asked for again, and now it has come */
	code = store_document_update(desk->store, old, error);
	if (code != ERR_OK)
		return code;
	fresh.id = arena_strdup(arena, id);
	fresh.replaces_row = old->row;
	fresh.review = REVIEW_UNREVIEWED;
	fresh.review_reason = fresh.reviewed_by = "";
	fresh.reviewed_at = TIME_NONE;
	fresh.replaced = false;
	if (fresh.uploaded_at == TIME_NONE)
		fresh.uploaded_at = now;
	return store_document_insert(desk->store, present->session.row, &fresh, error);
}

static enum err take_document(struct desk *desk, struct arena *arena, struct case_file *present,
			      const struct document *given, int64_t now, struct error *error)
{
	struct document *old = NULL;
	struct document fresh = *given;

	for (size_t i = 0; i < present->document_count; i++)
		if (!strcmp(present->documents[i].id, given->id))
			old = &present->documents[i];
	if (!old) {
		fresh.review = REVIEW_UNREVIEWED;
		fresh.review_reason = fresh.reviewed_by = "";
		fresh.reviewed_at = TIME_NONE;
		if (*fresh.sha256 && fresh.uploaded_at == TIME_NONE)
			fresh.uploaded_at = now;
		return store_document_insert(desk->store, present->session.row, &fresh, error);
	}
	if (*given->sha256 && *old->sha256 && strcmp(given->sha256, old->sha256) != 0)
		return replace_document(desk, arena, present, old, given, now, error);
	if (*given->sha256 && !*old->sha256) {
		old->sha256 = given->sha256;
		old->size_bytes = given->size_bytes;
		old->media_type = given->media_type;
		old->file_name = given->file_name;
		old->upload = given->upload;
		old->uploaded_at = now;
	}
	take_json(&old->extracted_json, given->extracted_json, "{}");
	take_time(&old->expires_on, given->expires_on);
	return store_document_update(desk->store, old, error);
}

static void take_party(struct party *present, const struct party *given)
{
	take_text(&present->name, given->name);
	present->roles |= given->roles;
	take_text(&present->control_role, given->control_role);
	take_text(&present->country, given->country);
	take_text(&present->date_of_birth, given->date_of_birth);
	take_text(&present->tax_id, given->tax_id);
	take_text(&present->registration_number, given->registration_number);
	take_text(&present->email, given->email);
	take_text(&present->phone, given->phone);
	take_json(&present->addresses_json, given->addresses_json, "[]");
	take_json(&present->fields_json, given->fields_json, "{}");
}

struct removed {
	struct party *items;
	size_t count;
};

static bool was_removed(const struct removed *removed, const char *id)
{
	for (size_t i = 0; i < removed->count; i++)
		if (!strcmp(removed->items[i].id, id))
			return true;
	return false;
}

/* What a line says of a party that was removed here says nothing any more; nor does what others own of it. */
static void leave_out_removed(const struct removed *removed, struct party *party)
{
	size_t kept = 0;

	for (size_t i = 0; i < party->share_count; i++)
		if (!was_removed(removed, party->shares[i].of_party_id))
			party->shares[kept++] = party->shares[i];
	party->share_count = kept;
}

static enum err take_parties(struct desk *desk, struct arena *arena, struct case_file *present,
			     const struct case_file *given, struct error *error)
{
	struct party *all = arena_alloc_array(arena, present->party_count + given->party_count, sizeof *all);
	size_t count = present->party_count;
	struct removed removed = { 0 };
	enum err code = store_parties_removed(desk->store, arena, present->session.row, &removed.items,
					      &removed.count, error);

	if (present->party_count)
		memcpy(all, present->parties, present->party_count * sizeof *all);
	for (size_t i = 0; i < given->party_count && code == ERR_OK; i++) {
		struct party *old = NULL;
		if (was_removed(&removed, given->parties[i].id))
			continue;
		leave_out_removed(&removed, &given->parties[i]);
		for (size_t j = 0; j < present->party_count; j++)
			if (!strcmp(all[j].id, given->parties[i].id))
				old = &all[j];
		if (old) {
			take_party(old, &given->parties[i]);
			old->shares = given->parties[i].shares;
			old->share_count = given->parties[i].share_count;
			code = store_party_update(desk->store, old, error);
		} else {
			all[count] = given->parties[i];
			all[count].verified_elsewhere_by = all[count].verified_elsewhere_reason = "";
			code = store_party_insert(desk->store, present->session.row, &all[count], error);
			count++;
		}
	}
	present->parties = all;
	present->party_count = count;
	for (size_t i = 0; i < given->party_count && code == ERR_OK; i++) {
		struct party *party = NULL;
		for (size_t j = 0; j < count; j++)
			if (!strcmp(all[j].id, given->parties[i].id))
				party = &all[j];
		if (!party)
			continue;
		for (size_t j = 0; j < party->share_count; j++) {
			const struct party *of = case_party(present, party->shares[j].of_party_id);
			party->shares[j].of_party_row = of ? of->row : 0;
		}
		code = store_party_set_shares(desk->store, party, error);
	}
	return code;
}

static enum err take_hits(struct desk *desk, struct check *present, const struct check *given, struct error *error)
{
	enum err code = ERR_OK;

	for (size_t i = 0; i < given->hit_count && code == ERR_OK; i++) {
		struct hit fresh = given->hits[i];
		bool known = false;
		for (size_t j = 0; j < present->hit_count; j++)
			known = known || !strcmp(present->hits[j].id, fresh.id);
		if (known)
			continue;
		fresh.state = HIT_OPEN;
		fresh.reason = fresh.note = fresh.resolved_by = fresh.accepted_by = fresh.accept_reason = "";
		fresh.resolved_at = TIME_NONE;
		code = store_hit_insert(desk->store, present->row, &fresh, error);
	}
	return code;
}

static enum err take_checks(struct desk *desk, struct case_file *present, const struct case_file *given,
			    struct error *error)
{
	enum err code = ERR_OK;

	for (size_t i = 0; i < given->check_count && code == ERR_OK; i++) {
		struct check *old = NULL;
		for (size_t j = 0; j < present->check_count; j++)
			if (present->checks[j].kind == given->checks[i].kind)
				old = &present->checks[j];
		if (!old) {
			struct check fresh = given->checks[i];
			if (fresh.status == CHECK_WAIVED)
				fresh.status = CHECK_FAILED; /* a waiver is a lead's act here */
			fresh.waived_by = fresh.waive_reason = "";
			fresh.reported_by = desk->actor;
			fresh.reported_as = capacity_text(CAPACITY_INTAKE);
			fresh.hits = NULL;
			fresh.hit_count = 0;
			code = store_check_insert(desk->store, present->session.row, &fresh, error);
			if (code == ERR_OK)
				code = take_hits(desk, &fresh, &given->checks[i], error);
			continue;
		}
		if (old->status != CHECK_WAIVED && given->checks[i].status != CHECK_WAIVED)
			old->status = given->checks[i].status;
		if (given->checks[i].score >= 0)
			old->score = given->checks[i].score;
		take_json(&old->detail_json, given->checks[i].detail_json, "{}");
		take_time(&old->checked_at, given->checks[i].checked_at);
		code = store_check_update(desk->store, old, error);
		if (code == ERR_OK)
			code = take_hits(desk, old, &given->checks[i], error);
	}
	return code;
}

enum err import_merge(struct import_run *run, struct arena *arena, int64_t row, const struct case_file *given,
		      const struct profile *profile, const uint8_t sha256[32], struct error *error)
{
	struct desk *desk = run->desk;
	struct case_file present;
	struct json_value *detail;
	enum session_status before;
	int64_t now = world_now_ms(desk->world);
	enum err code = desk_case_load(desk, arena, row, &present, error);

	if (code != ERR_OK)
		return code;
	if (is_closed_to_imports(&present.session, profile) && !submits_again(&present.session, &given->session))
		return refuse_decided(arena, &present, profile, error);
	if (session_rests_after_attempt(&present)) {
		code = check_attempts(present.session.attempt - 1, profile, error);
		if (code != ERR_OK)
			return code;
	}
	before = present.session.status;
	if (*given->session.external_ref &&
	    strcmp(given->session.external_ref, present.session.external_ref) != 0) {
		struct session renamed = present.session;
		renamed.external_ref = given->session.external_ref;
		code = import_check_taken(desk, arena, &renamed, error);
		if (code != ERR_OK)
			return code;
	}
	code = take_session(desk, &present, given, profile, now, error);
	if (code == ERR_OK)
		code = take_steps(desk, &present, given, error);
	for (size_t i = 0; i < given->document_count && code == ERR_OK; i++)
		code = take_document(desk, arena, &present, &given->documents[i], now, error);
	if (code == ERR_OK)
		code = take_parties(desk, arena, &present, given, error);
	if (code == ERR_OK)
		code = take_checks(desk, &present, given, error);
	if (code == ERR_OK)
		code = store_session_update(desk->store, &present.session, sha256, now, error);
	if (code == ERR_OK && present.session.returned)
		code = keep_answers(desk, arena, row, profile, now, error);
	if (code == ERR_OK)
		code = keep_clock(desk, arena, &present.session, profile, now, error);
	if (code == ERR_OK)
		code = desk_case_refresh(desk, arena, row, error);
	if (code == ERR_OK && present.session.status != before && present.session.snoozed_until != TIME_NONE)
		code = snooze_end(desk, &present.session, error);
	if (code == ERR_OK)
		code = desk_parent_refresh(desk, arena, &present.session, error);
	if (code != ERR_OK)
		return code;
	detail = json_new_object();
	json_set_text(detail, "result", "updated");
	json_set_text(detail, "status", session_status_text(present.session.status));
	code = intake_note(desk, &present.session, "session.import", error);
	if (code != ERR_OK) {
		json_free(detail);
		return code;
	}
	return desk_record(desk, "session.import", &present.session, detail, error);
}
