/* A line for an existing session: compares the line with the case, and turns each difference into a verb of the
 * capacity intake, in the line's transaction. If a verb fails, the line is refused; import_checks.c then imports only
 * the line's check results. Reviews, verdicts, waivers, levels, decisions and notes of a line are not compared. */
#include "client/client.h"
#include "import_internal.h"

/* One part of an import line that differs from the stored case. */
enum part_kind { PART_SESSION, PART_STEP, PART_DOCUMENT, PART_PARTY, PART_STATUS, PART_RESULTS };
struct part {
	enum part_kind kind;
	size_t index;
	const char *path; /* path of the part within the session document */
};

struct merge {
	struct desk *desk;
	struct arena *arena;
	struct case_file *incoming;
	const struct profile *profile;
	struct case_file present; /* the case before the line; reloaded after each transition */
	int64_t row;
	struct part *parts;
	size_t part_count, part_capacity;
	const char *source;	 /* name of the input */
	bool has_reported_check; /* a check result was imported */
	bool has_new_bad_news;	 /* an adverse one */
};

static enum err run_verb(struct merge *merge, struct use_in in, struct error *error)
{
	struct use_out out;
	enum err err;

	in.capacity = CAPACITY_INTAKE;
	in.row = merge->row;
	in.skip_settling = true;
	err = use_run_nested(merge->desk, merge->arena, &in, &out, error);
	merge->has_new_bad_news = merge->has_new_bad_news || (!err && out.has_new_bad_news);
	return err;
}

#define DO_VERB(merge, error, ...) run_verb((merge), (struct use_in){ __VA_ARGS__ }, (error))

/* ERR_CONFLICT with the time of the approval (seed atelio-beneficial-owners: "further KYC attempts are not be
 * allowed"). */
static enum err refuse_final_approval(const struct merge *merge, struct error *error)
{
	const struct decision *approval = case_last_approval(&merge->present);
	int64_t at = approval ? approval->at : merge->present.session.decided_at;

	return error_set_field(error, ERR_CONFLICT, "status",
			       "this session was approved at %s; it accepts neither an update nor another attempt",
			       at != TIME_NONE ? time_text(merge->arena, at) : "an unknown time");
}

static const char *refused_paths_of(const struct merge *merge)
{
	const char *out = "";

	for (size_t i = 0; i < merge->part_count; i++)
		out = arena_printf(merge->arena, "%s%s%s", out, i ? ", " : "", merge->parts[i].path);
	return out;
}

static enum err refuse_decided_case(const struct merge *merge, struct error *error)
{
	const struct decision *last = case_last_decision(&merge->present);
	const char *what = "decided here";

	if (merge->present.session.status == SESSION_APPROVED && merge->profile->attempts.approval_is_final)
		return refuse_final_approval(merge, error);
	if (!merge->present.session.is_decided_locally)
		what = arena_printf(merge->arena, "imported as %s", session_status_text(merge->present.session.status));
	else if (last)
		what = arena_printf(merge->arena, "decided here by %s at %s", last->by,
				    time_text(merge->arena, last->at));
	return error_set_field(error, ERR_CONFLICT, "status", "this session was %s; an import cannot change it (%s)",
			       what, refused_paths_of(merge));
}

/* Whether the line may only add check results: the case was decided, and the line does not resubmit a rejected
 * case. A case that waits for the client's corrections is not closed. */
static bool is_case_closed(const struct merge *merge)
{
	const struct session *session = &merge->present.session;

	if (session->status == SESSION_REJECTED)
		return merge->incoming->session.status == SESSION_REJECTED;
	if (session->status == SESSION_APPROVED)
		return true;
	return session->status != SESSION_AWAITING_CLIENT_CORRECTION && session->is_decided_locally;
}

/* --- differences --- */

/* Makes an object of the members of `incoming` that differ from `present`; NULL: none. */
static const char *fields_difference(struct arena *arena, const char *incoming, const char *present)
{
	struct json_value *from = NULL, *under = NULL, *out = json_new_object();
	const char *result = NULL;

	if (!json_read(incoming, strlen(incoming), &from, NULL) && json_is_object(from)) {
		if (json_read(present, strlen(present), &under, NULL) || !json_is_object(under)) {
			json_free(under);
			under = json_new_object();
		}
		for (const char *key = json_first_key(from); key; key = json_next_key(from, key)) {
			const char *text = json_to_arena(arena, json_get(from, key));
			const struct json_value *old = json_get(under, key);

			if (!strcmp(text, old ? json_to_arena(arena, old) : "null"))
				continue;
			json_set(out, key, json_new_raw(text));
		}
	}
	if (json_count(out))
		result = json_to_arena(arena, out);
	json_free(from);
	json_free(under);
	json_free(out);
	return result;
}

/* Makes an object of the fields of the step that differ; NULL: none. Sets whether the line completes the step. */
static const char *step_difference(const struct merge *merge, size_t index, bool *finish_step)
{
	const struct step *incoming = &merge->incoming->steps[index], *old = case_step(&merge->present, incoming->id);

	*finish_step = incoming->status == STEP_COMPLETED &&
		       (!old || (old->status != STEP_COMPLETED && old->status != STEP_NEEDS_CORRECTION));
	return fields_difference(merge->arena, incoming->fields_json, old ? old->fields_json : "{}");
}

static enum err save_step(struct merge *merge, size_t index, struct error *error)
{
	const struct step *incoming = &merge->incoming->steps[index], *old = case_step(&merge->present, incoming->id);
	bool finish_step;
	const char *fields = step_difference(merge, index, &finish_step);
	enum err err = DO_VERB(
		merge, error, .verb = VERB_STEP_SAVE, .part = incoming->id, .fields_json = fields ? fields : "{}",
		.finish_step = finish_step || (old && old->status == STEP_COMPLETED), .skip_validation = true);

	if (err && !error->field)
		err = error_set_field(error, err, arena_printf(merge->arena, "steps[%zu]", index), "%s",
				      error->message);
	return err;
}

static enum err apply_session(struct merge *merge, struct error *error)
{
	const struct session *incoming = &merge->incoming->session, *present = &merge->present.session;

	if (*incoming->external_ref && strcmp(incoming->external_ref, present->external_ref)) {
		struct session renamed = *present;
		enum err err;

		renamed.external_ref = incoming->external_ref;
		err = import_check_reference(merge->desk, merge->arena, &renamed, error);
		if (err)
			return err;
	}
	return DO_VERB(merge, error, .verb = VERB_SESSION_APPLY, .imported_case = merge->incoming);
}

/* --- check results --- */

/* An imported waiver is ignored: the check keeps its stored result, or counts as failed if none is stored. */
static enum err report_check(struct merge *merge, const struct check *incoming, struct error *error)
{
	const struct check *old = case_check(&merge->present, incoming->kind);
	struct check result = *incoming;

	if (result.status == CHECK_WAIVED) {
		result.status = CHECK_FAILED;
		if (old && old->reported_status != CHECK_WAIVED)
			result.status = old->status == CHECK_WAIVED ? old->reported_status : old->status;
	}
	if (result.hit_count && result.status != CHECK_PENDING)
		result.status = CHECK_HIT;
	if (!*result.source)
		result.source = merge->source;
	if (old && check_is_reported(merge->desk, &merge->present, old, &result))
		return ERR_OK;
	merge->has_reported_check = true;
	return DO_VERB(merge, error, .verb = VERB_CHECK_REPORT, .result = &result);
}

static enum err report_checks(struct merge *merge, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < merge->incoming->check_count; i++)
		err = report_check(merge, &merge->incoming->checks[i], error);
	return err;
}

static bool results_differ(const struct session *incoming, const struct session *present)
{
	const struct column *results = column_find(&session_columns, "processing_results");

	return !column_is_empty(results, incoming) && strcmp(incoming->processing_results_json, "{}") != 0 &&
	       !column_equal(results, incoming, present);
}

/* --- transitions --- */

/* The next verb in the chain of transitions from one status to the other; VERB_CARRY for transitions of the system. */
static enum verb next_verb(enum session_status from, enum session_status to, const struct profile *profile)
{
	enum session_status submitted = profile->manual_review ? SESSION_MANUAL_REVIEW : SESSION_PROCESSING;

	if (to == SESSION_EXPIRED)
		return VERB_CARRY;
	if (from == SESSION_AWAITING_CLIENT_CORRECTION)
		return VERB_HAND_IN;
	if (from == SESSION_REJECTED)
		return VERB_RESUBMIT;
	if (to == SESSION_ACTIVE)
		return VERB_START;
	if (to == submitted && (from == SESSION_DRAFT || from == SESSION_ACTIVE || from == SESSION_COMPLETED))
		return VERB_SUBMIT;
	if (from == SESSION_DRAFT)
		return VERB_START;
	return from == SESSION_ACTIVE ? VERB_COMPLETE : VERB_CARRY;
}

#define TRANSITIONS_MAX 5

static enum err reload_case(struct merge *merge, struct error *error)
{
	return desk_case_load(merge->desk, merge->arena, merge->row, &merge->present, error);
}

static enum err move_status(struct merge *merge, struct error *error)
{
	enum session_status to = merge->incoming->session.status;
	enum err err = ERR_OK;

	if (!transition_import_is_allowed(merge->present.session.status, to, merge->profile))
		return error_set_field(error, ERR_CONFLICT, "status",
				       "an import cannot change the status from %s to %s; decide the case in kybdesk",
				       session_status_text(merge->present.session.status), session_status_text(to));
	for (int i = 0; !err && i < TRANSITIONS_MAX && merge->present.session.status != to; i++) {
		err = DO_VERB(merge, error, .verb = next_verb(merge->present.session.status, to, merge->profile),
			      .new_status = to);
		if (err && !error->field)
			err = error_set_field(error, err, "status", "%s", error->message);
		if (!err)
			err = reload_case(merge, error);
	}
	return err;
}

/* --- the line --- */

static void add_part(struct merge *merge, enum part_kind kind, size_t index, const char *path)
{
	*ARENA_PUSH(merge->arena, merge->parts, merge->part_count, merge->part_capacity) =
		(struct part){ .kind = kind, .index = index, .path = path };
}

/* Whether the line changes the status. A case approved at this desk does not return to an earlier status. */
static bool status_differs(const struct merge *merge)
{
	enum session_status incoming = merge->incoming->session.status, present = merge->present.session.status;

	if (incoming == present)
		return false;
	/* If approvals are final, another status in the line is another attempt, even for a case approved at this
	 * desk. */
	if (merge->profile->attempts.approval_is_final)
		return true;
	return !merge->present.session.is_decided_locally || present != SESSION_APPROVED ||
	       incoming == SESSION_REJECTED || incoming == SESSION_EXPIRED;
}

/* Finds all parts of the line, except checks, that differ from the case. */
static void find_changed_parts(struct merge *merge)
{
	const struct case_file *incoming = merge->incoming;
	struct arena *arena = merge->arena;
	const char *path = imported_session_differing_field(arena, &incoming->session, &merge->present.session);
	bool finish_step;

	merge->part_count = 0;
	if (path)
		add_part(merge, PART_SESSION, 0, path);
	for (size_t i = 0; i < incoming->step_count; i++) {
		if (step_difference(merge, i, &finish_step) || finish_step ||
		    !case_step(&merge->present, incoming->steps[i].id))
			add_part(merge, PART_STEP, i, arena_printf(arena, "steps[%zu]", i));
	}
	for (size_t i = 0; i < incoming->document_count; i++) {
		if (imported_document_differs(arena, &merge->present, &incoming->documents[i]))
			add_part(merge, PART_DOCUMENT, i, document_import_path(&incoming->documents[i]));
	}
	for (size_t i = 0; i < incoming->party_count; i++) {
		if (!imported_party_was_removed(&merge->present.removed, &incoming->parties[i]) &&
		    imported_party_differs(&merge->present, &incoming->parties[i]))
			add_part(merge, PART_PARTY, i, arena_printf(arena, "parties[%zu]", i));
	}
	if (status_differs(merge))
		add_part(merge, PART_STATUS, 0, "status");
	if (results_differ(&incoming->session, &merge->present.session))
		add_part(merge, PART_RESULTS, 0, "processing_results");
}

/* alone: applies only this document or party; else all documents or parties at once. */
static enum err apply_part(struct merge *merge, const struct part *part, bool alone, struct error *error)
{
	const struct case_file *incoming = merge->incoming;

	switch (part->kind) {
	case PART_SESSION:
		return apply_session(merge, error);
	case PART_STEP:
		return save_step(merge, part->index, error);
	case PART_DOCUMENT:
		return DO_VERB(merge, error, .verb = VERB_DOCUMENTS_APPLY, .imported_case = incoming,
			       .part = alone ? incoming->documents[part->index].id : NULL);
	case PART_PARTY:
		return DO_VERB(merge, error, .verb = VERB_PARTIES_APPLY, .imported_case = incoming,
			       .part = alone ? incoming->parties[part->index].id : NULL);
	case PART_STATUS:
		return move_status(merge, error);
	case PART_RESULTS:
		return DO_VERB(merge, error, .verb = VERB_RESULTS_REPORT,
			       .results_json = incoming->session.processing_results_json);
	}
	BUG("no such part");
}

static bool is_in_last_group(const struct merge *merge, size_t at)
{
	enum part_kind kind = merge->parts[at].kind;

	return at && (kind == PART_DOCUMENT || kind == PART_PARTY) && merge->parts[at - 1].kind == kind;
}

/* Applies checks before results, since results may end the processing. */
static enum err apply_parts(struct merge *merge, struct error *error)
{
	bool results = merge->part_count && merge->parts[merge->part_count - 1].kind == PART_RESULTS;
	size_t count = merge->part_count - (results ? 1 : 0);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count; i++) {
		if (!is_in_last_group(merge, i))
			err = apply_part(merge, &merge->parts[i], false, error);
	}
	if (!err)
		err = report_checks(merge, error);
	return err || !results ? err : apply_part(merge, &merge->parts[count], true, error);
}

static enum err record_update(const struct merge *merge, struct error *error)
{
	enum err err = contribution_record_import(merge->desk, merge->present.session.row, false, error);

	if (err)
		return err;
	return desk_write_record(merge->desk, "session.import", &merge->present.session,
				 JSON_FROM({ "result", AS_TEXT("updated") },
					   { "status", AS_TEXT(session_status_text(merge->present.session.status)) }),
				 error);
}

static enum err update_case(struct merge *merge, const uint8_t sha256[32], struct error *error)
{
	struct session *session = &merge->present.session;
	enum err err = reload_case(merge, error);

	merge->present.has_new_bad_news = merge->has_new_bad_news;
	if (!err)
		err = store_session_update(merge->desk->store, session, sha256, world_now_ms(merge->desk->world),
					   error);
	if (!err)
		err = desk_case_update(merge->desk, &merge->present, merge->profile, true, error);
	return err ? err : desk_parent_refresh(merge->desk, merge->arena, session, error);
}

static struct merge make_merge(struct import_run *run, const struct import_target *target)
{
	return (struct merge){ .desk = run->desk,
			       .arena = run->arena,
			       .incoming = target->incoming,
			       .profile = target->profile,
			       .source = import_source(run),
			       .row = target->row };
}

enum err import_merge(struct import_run *run, const struct import_target *target, const uint8_t sha256[32],
		      struct import_merge_result *out, struct error *error)
{
	struct merge merge = make_merge(run, target);
	struct session *session = &merge.present.session;
	enum session_status before;
	enum err err = reload_case(&merge, error);

	*out = (struct import_merge_result){ 0 };
	if (err)
		return err;
	find_changed_parts(&merge);
	out->imports_checks_only = is_case_closed(&merge);
	if (out->imports_checks_only && merge.part_count)
		return refuse_decided_case(&merge, error);
	before = session->status;
	err = apply_parts(&merge, error);
	/* An unchanged line leaves no record if the case is decided, or if the session belongs to a party. */
	if (err || (!merge.part_count && !merge.has_reported_check && (out->imports_checks_only || !sha256)))
		return err;
	out->changed = true;
	err = update_case(&merge, sha256, error);
	if (!err && session->status != before && session->snoozed_until != TIME_NONE)
		err = session_end_snooze(merge.desk, session, error);
	return err ? err : record_update(&merge, error);
}

enum err import_merge_checks(struct import_run *run, const struct import_target *target, bool *taken,
			     struct error *error)
{
	struct merge merge = make_merge(run, target);
	enum err err = reload_case(&merge, error);

	*taken = false;
	if (!err)
		err = desk_session_profile_or_empty(run->desk, &merge.present.session, &merge.profile, error);
	if (!err)
		err = report_checks(&merge, error);
	*taken = merge.has_reported_check;
	return err || !merge.has_reported_check ? err : update_case(&merge, NULL, error);
}

void import_refusal_add(struct import_refusals *out, const char *prefix, const char *path)
{
	enum { SHOWN_PATH_BYTES_MAX = 120 }; /* longest path shown: a path may contain a long key of the sender */

	*ARENA_PUSH(out->arena, out->paths, out->count, out->capacity) =
		arena_printf(out->arena, "%s%.*s", prefix, SHOWN_PATH_BYTES_MAX, path);
}

/* Applies a part to test whether it is refused, then rolls back. */
static enum err try_apply_part(struct merge *merge, const struct part *part, const char *prefix,
			       struct import_refusals *out, struct error *error)
{
	struct error refusal = { 0 };
	enum err err = store_begin(merge->desk->store, STORE_WRITE, error);

	if (err)
		return err;
	err = reload_case(merge, error);
	if (!err) {
		enum err refused = apply_part(merge, part, true, &refusal);

		if (refused && !error_is_system_failure(refused))
			import_refusal_add(out, prefix, refusal.field ? refusal.field : part->path);
		err = error_move_system_failure(refused, &refusal, error);
	}
	store_rollback(merge->desk->store);
	return err;
}

enum err import_merge_find_refusals(struct import_run *run, const struct import_target *target, const char *prefix,
				    struct import_refusals *out, struct error *error)
{
	struct merge merge = make_merge(run, target);
	enum err err = store_begin(run->desk->store, STORE_READ, error);

	if (err)
		return err;
	err = reload_case(&merge, error);
	if (!err)
		find_changed_parts(&merge);
	store_rollback(run->desk->store);
	for (size_t i = 0; !err && i < merge.part_count && out->count < IMPORT_REFUSALS_MAX; i++) {
		if (is_case_closed(&merge))
			import_refusal_add(out, prefix, merge.parts[i].path);
		else
			err = try_apply_part(&merge, &merge.parts[i], prefix, out, error);
	}
	return err;
}
