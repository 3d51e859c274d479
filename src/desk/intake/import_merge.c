/*
 * A line for a session that is already there (domain.md "Imports decide nothing"): it is compared with the case as it is,
 * and the difference becomes verbs of the capacity intake, in the line's transaction. A verb that refuses refuses the line.
 * What a line says of reviews, verdicts, waivers, levels, decisions and notes is not compared at all.
 */
#include "client/client.h"
#include "import_internal.h"
#include "intake/bring.h"
#include "intake/report.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/column.h"
#include "use/use.h"

#include <string.h>

struct merge {
	struct desk *desk;
	struct arena *arena;
	const struct case_file *given;
	const struct profile *profile;
	struct case_file present; /* before the line, and after its moves */
	int64_t row;
};

static enum err do_verb(struct merge *merge, struct use_in in, struct error *error)
{
	struct use_out out;

	in.as = CAPACITY_INTAKE;
	in.row = merge->row;
	in.unsettled = true;
	return use_within(merge->desk, merge->arena, &in, &out, error);
}

#define DO_VERB(merge, error, ...) do_verb((merge), (struct use_in){ __VA_ARGS__ }, (error))

/* seed atelio-beneficial-owners: "further KYC attempts are not be allowed", with the time of the success. */
static enum err refuse_final(const struct merge *merge, struct error *error)
{
	const struct decision *approval = case_last_approval(&merge->present);
	int64_t at = approval ? approval->at : merge->present.session.decided_at;

	return error_set_field(
		error, ERR_CONFLICT, "status",
		"this session was approved at %s; after a success neither an update nor another attempt is "
		"taken",
		at != TIME_NONE ? time_text(merge->arena, at) : "an unknown time");
}

static enum err refuse_decided(const struct merge *merge, struct error *error)
{
	const struct decision *last = case_last_decision(&merge->present);

	if (merge->present.session.status == SESSION_APPROVED && merge->profile->attempts.final_approval)
		return refuse_final(merge, error);
	if (!merge->present.session.decided_here)
		return error_set_field(error, ERR_CONFLICT, "status",
				       "this session came as %s; an import can't change it any more",
				       session_status_text(merge->present.session.status));
	if (last)
		return error_set_field(
			error, ERR_CONFLICT, "status",
			"this session was decided here by %s at %s; an import can't change it any more", last->by,
			time_text(merge->arena, last->at));
	return error_set_field(error, ERR_CONFLICT, "status",
			       "this session was decided here; an import can't change it any more");
}

/* A decided case, unless the line submits it again; and the client's turn stays the client's, whoever asked for it. */
static bool is_closed(const struct merge *merge)
{
	const struct session *session = &merge->present.session;

	if (session->status == SESSION_REJECTED)
		return merge->given->session.status == SESSION_REJECTED;
	if (session->status == SESSION_APPROVED)
		return true;
	return session->status != SESSION_AWAITING_CLIENT_CORRECTION && session->decided_here;
}

/* --- what it says --- */

static const char *text_of(struct arena *arena, const struct json_value *value)
{
	struct strbuf text = STRBUF_INIT;
	const char *out;

	json_write(&text, value, JSON_COMPACT_LAYOUT, false);
	out = strbuf_to_arena(&text, arena);
	strbuf_release(&text);
	return out;
}

/* The members that are other than those that are there, as an object; NULL: none. */
static const char *fields_difference(struct arena *arena, const char *given, const char *present)
{
	struct json_value *from = NULL, *under = NULL, *out = json_new_object();
	const char *result = NULL;

	if (!json_read(given, strlen(given), &from, NULL) && json_is_object(from)) {
		if (json_read(present, strlen(present), &under, NULL) || !json_is_object(under)) {
			json_free(under);
			under = json_new_object();
		}
		for (const char *key = json_first_key(from); key; key = json_next_key(from, key)) {
			const char *text = text_of(arena, json_get(from, key));
			const struct json_value *old = json_get(under, key);

			if (!strcmp(text, old ? text_of(arena, old) : "null"))
				continue;
			json_set(out, key, json_new_raw(text));
		}
	}
	if (json_count(out))
		result = text_of(arena, out);
	json_free(from);
	json_free(under);
	json_free(out);
	return result;
}

static const struct step *step_of(const struct case_file *file, const char *id)
{
	for (size_t i = 0; i < file->step_count; i++) {
		if (!strcmp(file->steps[i].id, id))
			return &file->steps[i];
	}
	return NULL;
}

static enum err name_step(const struct merge *merge, size_t place, enum err err, struct error *error)
{
	if (!err || error->field)
		return err;
	return error_set_field(error, err, arena_printf(merge->arena, "steps[%zu]", place), "%s",
			       arena_strdup(merge->arena, error->message));
}

static enum err save_steps(struct merge *merge, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < merge->given->step_count; i++) {
		const struct step *given = &merge->given->steps[i], *old = step_of(&merge->present, given->id);
		const char *fields =
			fields_difference(merge->arena, given->fields_json, old ? old->fields_json : "{}");
		bool completes = given->status == STEP_COMPLETED &&
				 (!old || (old->status != STEP_COMPLETED && old->status != STEP_NEEDS_CORRECTION));

		if (!fields && !completes && old)
			continue;
		err = DO_VERB(merge, error, .verb = VERB_STEP_SAVE, .part = given->id,
			      .fields_json = fields ? fields : "{}",
			      .completes = completes || (old && old->status == STEP_COMPLETED), .as_given = true);
		err = name_step(merge, i, err, error);
	}
	return err;
}

static enum err bring_documents(struct merge *merge, struct error *error)
{
	for (size_t i = 0; i < merge->given->document_count; i++) {
		if (bring_document_differs(merge->arena, &merge->present, &merge->given->documents[i]))
			return DO_VERB(merge, error, .verb = VERB_DOCUMENTS_BRING, .brings = merge->given);
	}
	return ERR_OK;
}

static enum err bring_parties(struct merge *merge, struct error *error)
{
	for (size_t i = 0; i < merge->given->party_count; i++) {
		if (bring_party_differs(&merge->present, &merge->given->parties[i]))
			return DO_VERB(merge, error, .verb = VERB_PARTIES_BRING, .brings = merge->given);
	}
	return ERR_OK;
}

static enum err bring_session(struct merge *merge, struct error *error)
{
	const struct session *given = &merge->given->session, *present = &merge->present.session;

	if (!bring_session_differs(given, present))
		return ERR_OK;
	if (*given->external_ref && strcmp(given->external_ref, present->external_ref)) {
		struct session renamed = *present;
		enum err err;

		renamed.external_ref = given->external_ref;
		err = import_check_taken(merge->desk, merge->arena, &renamed, error);
		if (err)
			return err;
	}
	return DO_VERB(merge, error, .verb = VERB_SESSION_BRING, .brings = merge->given);
}

/* --- what was found out about it --- */

static const struct check *check_of(const struct case_file *file, enum check_kind kind)
{
	for (size_t i = 0; i < file->check_count; i++) {
		if (file->checks[i].kind == kind)
			return &file->checks[i];
	}
	return NULL;
}

/* A waiver that a line brings is none here: what was waived is a result that failed. */
static enum err report_check(struct merge *merge, const struct check *given, struct error *error)
{
	const struct check *old = check_of(&merge->present, given->kind);
	struct check result = *given;

	if (result.status == CHECK_WAIVED) {
		result.status = CHECK_FAILED;
		if (old && old->reported != CHECK_WAIVED)
			result.status = old->status == CHECK_WAIVED ? old->reported : old->status;
	}
	if (result.hit_count && result.status != CHECK_PENDING)
		result.status = CHECK_HIT;
	if (old && check_result_is_same(old, &result) &&
	    (given->checked_at == TIME_NONE || given->checked_at == old->checked_at))
		return ERR_OK;
	return DO_VERB(merge, error, .verb = VERB_CHECK_REPORT, .result = &result);
}

static enum err report(struct merge *merge, struct error *error)
{
	const struct session *given = &merge->given->session, *present = &merge->present.session;
	const struct column *results = column_find(&session_columns, "processing_results");
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < merge->given->check_count; i++)
		err = report_check(merge, &merge->given->checks[i], error);
	if (err || column_is_empty(results, given) || !strcmp(given->processing_results_json, "{}") ||
	    column_equal(results, given, present))
		return err;
	return DO_VERB(merge, error, .verb = VERB_RESULTS_REPORT, .results_json = given->processing_results_json);
}

/* --- where it goes --- */

static bool is_with_the_client(enum session_status status)
{
	return status == SESSION_DRAFT || status == SESSION_ACTIVE;
}

/* The next verb on the way from one status to the other; VERB_CARRY for what is the system's. */
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
	if (to == submitted && (is_with_the_client(from) || from == SESSION_COMPLETED))
		return VERB_SUBMIT;
	if (from == SESSION_DRAFT)
		return VERB_START;
	if (from == SESSION_ACTIVE)
		return VERB_COMPLETE;
	return VERB_CARRY;
}

#define MOVES_MOST 5

static enum err reload(struct merge *merge, struct error *error)
{
	return desk_case_load(merge->desk, merge->arena, merge->row, &merge->present, error);
}

static enum err move(struct merge *merge, struct error *error)
{
	enum session_status to = merge->given->session.status;
	enum err err = ERR_OK;

	if (!transition_import_reaches(merge->present.session.status, to, merge->profile))
		return error_set_field(error, ERR_CONFLICT, "status",
				       "an import can't take a session from %s to %s; that is decided at the desk",
				       session_status_text(merge->present.session.status), session_status_text(to));
	for (int i = 0; !err && i < MOVES_MOST && merge->present.session.status != to; i++) {
		err = DO_VERB(merge, error, .verb = next_verb(merge->present.session.status, to, merge->profile),
			      .goes_to = to);
		if (err && !error->field)
			err = error_set_field(error, err, "status", "%s",
					      arena_strdup(merge->arena, error->message));
		if (!err)
			err = reload(merge, error);
	}
	return err;
}

/* --- the line --- */

static enum err apply(struct merge *merge, struct error *error)
{
	enum err err = bring_session(merge, error);

	if (!err)
		err = save_steps(merge, error);
	if (!err)
		err = bring_documents(merge, error);
	if (!err)
		err = bring_parties(merge, error);
	if (!err)
		err = move(merge, error);
	return err ? err : report(merge, error);
}

static enum err record(const struct merge *merge, struct error *error)
{
	struct json_value *detail;
	enum err err = intake_note(merge->desk, &merge->present.session, "session.import", error);

	if (err)
		return err;
	detail = json_new_object();
	json_set_text(detail, "result", "updated");
	json_set_text(detail, "status", session_status_text(merge->present.session.status));
	return desk_record(merge->desk, "session.import", &merge->present.session, detail, error);
}

static enum err finish(struct merge *merge, enum session_status before, const uint8_t sha256[32],
		       struct error *error)
{
	struct session *session = &merge->present.session;
	enum err err = reload(merge, error);

	if (!err)
		err = store_session_update(merge->desk->store, session, sha256, world_now_ms(merge->desk->world),
					   error);
	if (!err)
		err = desk_case_settle(merge->desk, &merge->present, merge->profile, true, error);
	if (!err && session->status != before && session->snoozed_until != TIME_NONE)
		err = snooze_end(merge->desk, session, error);
	if (!err)
		err = desk_parent_refresh(merge->desk, merge->arena, session, error);
	return err ? err : record(merge, error);
}

enum err import_merge(struct import_run *run, struct arena *arena, int64_t row, const struct case_file *given,
		      const struct profile *profile, const uint8_t sha256[32], struct error *error)
{
	struct merge merge = { .desk = run->desk, .arena = arena, .given = given, .profile = profile, .row = row };
	enum session_status before;
	enum err err = reload(&merge, error);

	if (err)
		return err;
	if (is_closed(&merge))
		return refuse_decided(&merge, error);
	before = merge.present.session.status;
	err = apply(&merge, error);
	return err ? err : finish(&merge, before, sha256, error);
}
