/* Decides which data client, merchant and intake may still change, and which are frozen: one function for every
 * front end and verb. */
#include "client/client.h"
#include "decide/decide.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/submit.h"
#include "kybdesk/domain/things.h"

bool client_may_change_all(const struct use *use)
{
	enum session_status status = use->file.session.status;
	const char *sentence;

	/* If the attempt ended without a result, the client may retry. */
	if (status == SESSION_COMPLETED)
		return use->profile->attempts.retry_checks && session_waits_for_retry(&use->file);
	if (status == SESSION_REJECTED)
		return case_may_resubmit(use->arena, &use->file, use->profile, &sentence);
	return status == SESSION_DRAFT || status == SESSION_ACTIVE;
}

static bool has_parties_rule(const struct profile *profile, const char *step, const char *field)
{
	const struct step_spec *spec = profile_step(profile, step);

	for (size_t f = 0; spec && f < spec->field_count; f++) {
		if (strcmp(spec->fields[f].id, field))
			continue;
		for (size_t r = 0; r < spec->fields[f].rule_count; r++) {
			if (spec->fields[f].rules[r].kind == RULE_PARTIES)
				return true;
		}
	}
	return false;
}

/* A request for "addresses[0].zip_code" includes the whole list "addresses". */
static bool includes_field(const char *requested, const char *field)
{
	size_t length = strcspn(requested, ".[");

	return strlen(field) == length && !strncmp(requested, field, length);
}

static bool requests_field(const struct correction *correction, const struct client_change *wanted, bool whole)
{
	if (strcmp(correction->step_id, wanted->step))
		return false;
	for (size_t i = 0; wanted->field && i < correction->field_count; i++) {
		if (includes_field(correction->field_ids[i], wanted->field))
			return true;
	}
	return whole || (!wanted->field && correction->field_count);
}

/* A document that is requested anew can be answered by one of another type of its group. A correction of a party
 * includes its identification. */
static bool requests_document(const struct case_file *file, const struct profile *profile,
			      const struct correction *correction, const char *type, bool whole)
{
	const struct document_spec *spec = profile_document(profile, type);

	if (correction_has_type(correction, type))
		return true;
	for (size_t i = 0; i < correction->document_id_count; i++) {
		const struct document *document = case_document(file, correction->document_ids[i]);

		if (document && document_types_are_alternatives(profile, document->type, type))
			return true;
	}
	for (size_t i = 0; correction_names_party(correction) && i < profile->parties.field_count; i++) {
		const struct field_rule *rule = field_rule_find(&profile->parties.fields[i], RULE_DOCUMENT);

		if (rule && texts_contain(rule->words, rule->word_count, type))
			return true;
	}
	return whole && spec && spec->step_id && !strcmp(spec->step_id, correction->step_id);
}

/* Whether the correction requests this change. */
static bool requests_change(const struct case_file *file, const struct profile *profile,
			    const struct correction *correction, const struct client_change *wanted)
{
	bool whole = correction_is_of_step(correction);

	if (wanted->step && requests_field(correction, wanted, whole))
		return true;
	if (wanted->document_type && requests_document(file, profile, correction, wanted->document_type, whole))
		return true;
	if (!wanted->concerns_parties)
		return false;
	if (wanted->party && correction_means_party(file, profile, correction, wanted->party))
		return true;
	for (size_t i = 0; i < correction->field_count; i++) {
		if (has_parties_rule(profile, correction->step_id, correction->field_ids[i]))
			return true;
	}
	return whole;
}

bool client_change_is_requested(const struct case_file *file, const struct profile *profile,
				const struct client_change *wanted)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		if (correction_is_unsettled(&file->corrections[i]) &&
		    requests_change(file, profile, &file->corrections[i], wanted))
			return true;
	}
	return false;
}

static const char *wanted_change_text(const struct use *use, const struct client_change *wanted)
{
	if (wanted->field)
		return arena_printf(use->arena, "%s of the step %s", wanted->field, wanted->step);
	if (wanted->step)
		return arena_printf(use->arena, "The step %s", wanted->step);
	if (wanted->document_type)
		return wanted->document_type;
	return wanted->party ? wanted->party->name : "The parties";
}

/* ERR_CONFLICT with the time of the approval (seed atelio-beneficial-owners: "further KYC attempts are not be
 * allowed"). */
static enum err refuse_final_approval(const struct use *use, struct error *error)
{
	const struct decision *approval = case_last_approval(&use->file);
	int64_t at = approval ? approval->at : use->file.session.decided_at;

	return error_set_field(error, ERR_CONFLICT, "status",
			       "This session was approved at %s; it accepts neither an update nor another attempt",
			       at != TIME_NONE ? time_text(use->arena, at) : "an unknown time");
}

enum err client_may_change(const struct use *use, const struct client_change *wanted, struct error *error)
{
	const struct session *session = &use->file.session;
	const char *why = "frozen since the case was submitted, and not requested by a correction";

	if (client_may_change_all(use))
		return ERR_OK;
	if (session->status == SESSION_APPROVED && use->profile->attempts.approval_is_final)
		return refuse_final_approval(use, error);
	if (session->status == SESSION_AWAITING_CLIENT_CORRECTION &&
	    client_change_is_requested(&use->file, use->profile, wanted))
		return ERR_OK;
	if (session->status == SESSION_EXPIRED)
		why = arena_printf(use->arena, "the access link of %s expired; a reviewer can reactivate the session",
				   session_label(use->arena, session));
	else if (session->status != SESSION_AWAITING_CLIENT_CORRECTION)
		why = arena_printf(use->arena,
				   "frozen since the case was submitted (the case is %s); only items that a correction "
				   "requests can be changed",
				   session_status_title(session->status));
	return REFUSE(BLOCKER_STATUS, text_or_empty(wanted->document_type), error, "%s cannot be changed: %s",
		      wanted_change_text(use, wanted), why);
}

enum err client_check_may_declare_party(const struct use *use, const struct party *party, struct error *error)
{
	const struct client_change wanted = { .concerns_parties = true, .party = party };

	if (!capacity_is_submitter(use->in->capacity))
		return ERR_OK;
	if (use->in->capacity != CAPACITY_INTAKE && !use->profile->parties.client_declares_parties)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot %s as %s: under the workflow %s the reviewers declare the parties",
				 use->use_case->verb_phrase, capacity_text(use->in->capacity), use->profile->name);
	return client_may_change(use, &wanted, error);
}
