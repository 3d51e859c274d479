/* struct case_file → the session document, members in the order of domain.md. */
#include "jansson_bridge.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/domain/mask.h"
#include <stdio.h>
#include <string.h>

struct writer {
	struct arena arena; /* masked copies, until they are in the JSON */
	const struct session_write_options *options;
};

static void set_unless_empty(struct json_value *object, const char *key, const char *text)
{
	if (*text)
		json_set_text(object, key, text);
}

static void set_time_unless_none(struct json_value *object, const char *key, int64_t ms)
{
	if (ms != TIME_NONE)
		json_set_time(object, key, ms);
}

static void set_number_text(struct writer *writer, struct json_value *object, const char *key, const char *number)
{
	bool masked = writer->options->masked && *number;
	json_set_text(object, key, masked ? mask_number(&writer->arena, number) : number);
}

static void set_date(struct writer *writer, struct json_value *object, const char *key, const char *date)
{
	bool masked = writer->options->masked && *date;
	json_set_text(object, key, masked ? mask_date(&writer->arena, date) : date);
}

static json_t *masked_leaf(struct arena *arena, const json_t *value)
{
	char number[32];
	const char *text = json_string_value(value);
	if (json_is_integer(value)) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
		text = number;
	} else if (json_is_real(value)) {
		text = "********";
	}
	if (!text || !*text)
		return NULL;
	return json_string(date_is_valid(text) ? mask_date(arena, text) : mask_number(arena, text));
}

/* Personal by the name of its key, and then everything below it. */
static void mask_members(struct arena *arena, json_t *value, bool personal)
{
	if (json_is_object(value)) {
		for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at)) {
			json_t *child = json_object_iter_value(at);
			bool child_personal = personal || mask_field_is_personal(json_object_iter_key(at));
			json_t *leaf = child_personal ? masked_leaf(arena, child) : NULL;
			if (leaf)
				json_object_iter_set_new(value, at, leaf);
			else
				mask_members(arena, child, child_personal);
		}
	} else if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++) {
			json_t *leaf = personal ? masked_leaf(arena, json_array_get(value, i)) : NULL;
			if (leaf)
				json_array_set_new(value, i, leaf);
			else
				mask_members(arena, json_array_get(value, i), personal);
		}
	}
}

static void set_kept(struct writer *writer, struct json_value *object, const char *key, const char *json_text)
{
	struct json_value *value = json_new_raw(*json_text ? json_text : "null");
	if (writer->options->masked)
		mask_members(&writer->arena, json_unwrap(value), false);
	json_set(object, key, value);
}

/* Members that say nothing when empty are left out: "{}" and "null". */
static void set_kept_unless_empty(struct writer *writer, struct json_value *object, const char *key,
				  const char *text)
{
	if (*text && strcmp(text, "{}") != 0 && strcmp(text, "null") != 0 && strcmp(text, "[]") != 0)
		set_kept(writer, object, key, text);
}

static void set_texts(struct json_value *object, const char *key, const char *const *texts, size_t count)
{
	struct json_value *list = json_new_array();
	for (size_t i = 0; i < count; i++)
		json_append(list, json_new_string(texts[i]));
	json_set(object, key, list);
}

static void set_score(struct json_value *object, double score)
{
	if (score >= 0)
		json_set_real(object, "score", score);
	else
		json_set_null(object, "score");
}

static struct json_value *subject_write(struct writer *writer, const struct subject *subject)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "uid", subject->uid);
	json_set_text(out, "kind", subject_kind_text(subject->kind));
	json_set_text(out, "name", subject->name);
	json_set_text(out, "country", subject->country);
	json_set_text(out, "level", subject->level);
	switch (subject->kind) {
	case SUBJECT_BUSINESS:
		json_set_text(out, "registration_number", subject->registration_number);
		set_number_text(writer, out, "tax_id", subject->tax_id);
		json_set_text(out, "incorporated_on", subject->incorporated_on);
		if (*subject->date_of_birth)
			set_date(writer, out, "date_of_birth", subject->date_of_birth);
		json_set_text(out, "website", subject->website);
		break;
	case SUBJECT_INDIVIDUAL:
		set_unless_empty(out, "registration_number", subject->registration_number);
		set_number_text(writer, out, "tax_id", subject->tax_id);
		set_unless_empty(out, "incorporated_on", subject->incorporated_on);
		set_date(writer, out, "date_of_birth", subject->date_of_birth);
		set_unless_empty(out, "website", subject->website);
		break;
	}
	set_unless_empty(out, "email", subject->email);
	set_unless_empty(out, "phone", subject->phone);
	set_kept(writer, out, "address", subject->address_json);
	if (subject->kyb_id)
		json_set_int(out, "kyb_id", subject->kyb_id);
	return out;
}

static struct json_value *step_write(struct writer *writer, const struct step *step)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", step->id);
	json_set_text(out, "status", step_status_text(step->status));
	set_kept(writer, out, "fields", step->fields_json);
	return out;
}

static struct json_value *document_write(struct writer *writer, const struct document *document)
{
	struct json_value *out = json_new_object();
	char day[16];
	json_set_text_or_null(out, "id", document->id);
	json_set_text(out, "category", document->category);
	json_set_text(out, "type", document->type);
	set_unless_empty(out, "step_id", document->step_id);
	set_unless_empty(out, "side", document->side);
	json_set_text(out, "file_name", document->file_name);
	set_unless_empty(out, "file", document->file);
	json_set_text(out, "upload", upload_state_text(document->upload));
	json_set_text(out, "review", review_state_text(document->review));
	json_set_text(out, "sha256", document->sha256);
	json_set_int(out, "size", document->size_bytes);
	json_set_text(out, "media_type", document->media_type);
	json_set_text(out, "review_reason", document->review_reason);
	set_unless_empty(out, "reviewed_by", document->reviewed_by);
	set_time_unless_none(out, "reviewed_at", document->reviewed_at);
	set_time_unless_none(out, "uploaded_at", document->uploaded_at);
	if (document->expires_on != TIME_NONE) {
		date_format(document->expires_on, day);
		json_set_text(out, "expires_on", day);
	}
	set_kept_unless_empty(writer, out, "extracted", document->extracted_json);
	if (document->replaced)
		json_set_bool(out, "replaced", true);
	return out;
}

/* The short form for one share, `owns` for several. */
static void set_shares(struct json_value *out, const struct party *party)
{
	if (party->share_count <= 1) {
		const struct party_share *share = party->share_count ? party->shares : NULL;
		json_set_text(out, "ownership_percent", share ? share->percent : "");
		json_set_text_or_null(out, "owner_of", share ? share->of_party_id : "");
		return;
	}
	struct json_value *owns = json_new_array();
	for (size_t i = 0; i < party->share_count; i++) {
		struct json_value *share = json_new_object();
		json_set_text_or_null(share, "of", party->shares[i].of_party_id);
		json_set_text(share, "percent", party->shares[i].percent);
		json_append(owns, share);
	}
	json_set(out, "owns", owns);
}

static struct json_value *subsession_write(const struct party *party)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", party->session_id);
	json_set_text(out, "workflow", party->session_workflow);
	json_set_text(out, "status", session_status_text(party->session_status));
	json_set_text(out, "compliance_status", inbox_text(session_status_inbox(party->session_status)));
	return out;
}

static struct json_value *party_write(struct writer *writer, const struct party *party)
{
	struct json_value *out = json_new_object();
	struct json_value *roles = json_new_array();
	json_set_text(out, "id", party->id);
	json_set_text(out, "kind", party_kind_text(party->kind));
	json_set_text(out, "name", party->name);
	for (unsigned role = 0; role < PARTY_ROLE_COUNT; role++)
		if (party->roles & 1u << role)
			json_append(roles, json_new_string(party_role_text((enum party_role)role)));
	json_set(out, "roles", roles);
	json_set_text(out, "control_role", party->control_role);
	set_shares(out, party);
	set_date(writer, out, "date_of_birth", party->date_of_birth);
	json_set_text(out, "country", party->country);
	set_number_text(writer, out, "tax_id", party->tax_id);
	set_unless_empty(out, "registration_number", party->registration_number);
	set_unless_empty(out, "email", party->email);
	set_unless_empty(out, "phone", party->phone);
	set_kept(writer, out, "addresses", party->addresses_json);
	set_kept_unless_empty(writer, out, "fields", party->fields_json);
	if (*party->session_id)
		json_set(out, "session", subsession_write(party));
	else
		json_set_null(out, "session");
	if (*party->verified_elsewhere_by) {
		struct json_value *elsewhere = json_new_object();
		json_set_text(elsewhere, "by", party->verified_elsewhere_by);
		json_set_text(elsewhere, "reason", party->verified_elsewhere_reason);
		json_set(out, "verified_elsewhere", elsewhere);
	}
	json_set_text_or_null(out, "effective_percent", party->effective_percent);
	json_set_bool(out, "beneficial_owner", party->beneficial_owner);
	if (party->undeclared_owner)
		json_set_bool(out, "undeclared_owner", true);
	return out;
}

static struct json_value *hit_write(struct writer *writer, const struct hit *hit)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", hit->id);
	json_set_text(out, "name", hit->name);
	json_set_text(out, "list", hit->list);
	json_set_text(out, "class", hit_class_text(hit->class_));
	set_score(out, hit->score);
	json_set_text(out, "state", hit_state_text(hit->state));
	set_kept_unless_empty(writer, out, "detail", hit->detail_json);
	set_unless_empty(out, "reason", hit->reason);
	set_unless_empty(out, "note", hit->note);
	set_unless_empty(out, "resolved_by", hit->resolved_by);
	set_time_unless_none(out, "resolved_at", hit->resolved_at);
	set_unless_empty(out, "accepted_by", hit->accepted_by);
	set_unless_empty(out, "accept_reason", hit->accept_reason);
	return out;
}

static struct json_value *check_write(struct writer *writer, const struct check *check)
{
	struct json_value *out = json_new_object();
	struct json_value *hits = json_new_array();
	json_set_text(out, "kind", check_kind_text(check->kind));
	json_set_text(out, "status", check_status_text(check->status));
	set_score(out, check->score);
	set_kept(writer, out, "detail", check->detail_json);
	for (size_t i = 0; i < check->hit_count; i++)
		json_append(hits, hit_write(writer, &check->hits[i]));
	json_set(out, "hits", hits);
	set_time_unless_none(out, "checked_at", check->checked_at);
	set_unless_empty(out, "waived_by", check->waived_by);
	set_unless_empty(out, "waive_reason", check->waive_reason);
	return out;
}

static struct json_value *correction_write(struct writer *writer, const struct correction *correction)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", correction->id);
	json_set_int(out, "round", correction->round);
	json_set_text(out, "step_id", correction->step_id);
	set_texts(out, "field_ids", correction->field_ids, correction->field_count);
	set_texts(out, "document_types", correction->document_types, correction->document_type_count);
	json_set_text(out, "message", correction->message);
	json_set_text(out, "state", correction_state_text(correction->state));
	json_set_text(out, "asked_by", correction->asked_by);
	json_set_time(out, "asked_at", correction->asked_at);
	json_set_time(out, "answered_at", correction->answered_at);
	json_set_time(out, "closed_at", correction->closed_at);
	set_kept_unless_empty(writer, out, "before", correction->before_json);
	set_kept_unless_empty(writer, out, "after", correction->after_json);
	return out;
}

struct json_value *decision_write(const struct decision *decision)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "decision", decision_kind_text(decision->kind));
	json_set_text(out, "by", decision->by);
	json_set_time(out, "at", decision->at);
	json_set_text(out, "reason", decision->reason);
	json_set_text(out, "message", decision->message);
	json_set_bool(out, "retryable", decision->retryable);
	json_set_text(out, "note", decision->note);
	json_set_bool(out, "undone", decision->undone);
	if (decision->imported)
		json_set_bool(out, "imported", true);
	json_set_int(out, "number", decision->number);
	return out;
}

static struct json_value *attempt_write(const struct attempt *attempt)
{
	struct json_value *out = json_new_object();
	json_set_int(out, "number", attempt->number);
	json_set_time(out, "submitted_at", attempt->submitted_at);
	json_set_time(out, "ended_at", attempt->ended_at);
	json_set_text(out, "result", attempt_result_text(attempt->result));
	json_set_text(out, "reason", attempt->reason);
	json_set_text(out, "message", attempt->message);
	json_set_bool(out, "retryable", attempt->retryable);
	return out;
}

/* The present attempt is the session itself, in the same words; an open one has no result. */
static struct json_value *present_attempt_write(const struct session *session)
{
	struct json_value *out = json_new_object();
	bool decided = session->status == SESSION_APPROVED || session->status == SESSION_REJECTED;
	json_set_int(out, "number", session->attempt);
	json_set_time(out, "submitted_at", session->submitted_at);
	json_set_time(out, "ended_at", decided ? session->decided_at : TIME_NONE);
	json_set_text_or_null(out, "result", decided ? session_status_text(session->status) : "");
	json_set_text(out, "reason", session->status == SESSION_REJECTED ? session->decision_reason : "");
	json_set_bool(out, "retryable", session->retryable);
	json_set_bool(out, "present", true);
	return out;
}

static void set_attempts(struct json_value *out, const struct case_file *file, bool present)
{
	struct json_value *list = json_new_array();
	for (size_t i = 0; i < file->attempt_count; i++)
		json_append(list, attempt_write(&file->attempts[i]));
	if (present && file->session.submitted_at != TIME_NONE && !session_rests_after_attempt(file))
		json_append(list, present_attempt_write(&file->session));
	json_set(out, "attempts", list);
}

static struct json_value *note_write(const struct note *note)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "text", note->text);
	json_set_text(out, "by", note->by);
	json_set_time(out, "at", note->at);
	return out;
}

#define SET_LIST(out, key, items, count, write)                                                                    \
	do {                                                                                                       \
		struct json_value *list_value = json_new_array();                                                  \
		for (size_t list_at = 0; list_at < (count); list_at++)                                             \
			json_append(list_value, write(&(items)[list_at]));                                         \
		json_set((out), (key), list_value);                                                                \
	} while (0)
#define SET_LIST_WITH(writer, out, key, items, count, write)                                                       \
	do {                                                                                                       \
		struct json_value *list_value = json_new_array();                                                  \
		for (size_t list_at = 0; list_at < (count); list_at++)                                             \
			json_append(list_value, write((writer), &(items)[list_at]));                               \
		json_set((out), (key), list_value);                                                                \
	} while (0)

/* Beyond domain.md's example, and only when there is something to say. */
static void set_outcome(struct writer *writer, struct json_value *out, const struct session *session)
{
	set_kept_unless_empty(writer, out, "processing_results", session->processing_results_json);
	set_unless_empty(out, "final_decision", final_decision_text(session->final_decision));
	set_unless_empty(out, "decided_by", session->decided_by);
	set_time_unless_none(out, "decided_at", session->decided_at);
	set_unless_empty(out, "decision_reason", session->decision_reason);
	if (session->retryable)
		json_set_bool(out, "retryable", true);
	if (session->status == SESSION_EXPIRED)
		json_set_text(out, "expired_from", session_status_text(session->expired_from));
}

static void set_history(struct writer *writer, struct json_value *out, const struct case_file *file, bool always)
{
	if (always || file->correction_count)
		SET_LIST_WITH(writer, out, "corrections", file->corrections, file->correction_count,
			      correction_write);
	if (always || file->decision_count)
		SET_LIST(out, "decisions", file->decisions, file->decision_count, decision_write);
	if (always || file->note_count)
		SET_LIST(out, "notes", file->notes, file->note_count, note_write);
}

static struct json_value *blocker_write(const struct blocker *blocker)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "code", blocker_code_text(blocker->code));
	json_set_text(out, "message", blocker->message);
	json_set_text(out, "ref", blocker->ref);
	return out;
}

static void set_standing(struct writer *writer, struct json_value *out, const struct case_file *file,
			 const struct session_write_options *options)
{
	const struct session *session = &file->session;
	json_set_text(out, "compliance_status", inbox_text(session_status_inbox(session->status)));
	json_set_int(out, "version", session->version);
	SET_LIST(out, "blockers", options->blockers->items, options->blockers->count, blocker_write);
	set_history(writer, out, file, true);
	json_set_text_or_null(out, "assignee", session_holder(session, options->now));
	json_set_time(out, "due_at", session->due_at);
	json_set_text_or_null(out, "parent_id", session->parent_id);
	json_set_bool(out, "returned", session->returned);
	set_attempts(out, file, true);
}

struct json_value *session_write(const struct case_file *file, const struct session_write_options *options)
{
	struct writer writer = { .arena = ARENA_INIT, .options = options };
	const struct session *session = &file->session;
	struct json_value *out = json_new_object();
	json_set_text(out, "id", session->id);
	json_set_text(out, "external_ref", session->external_ref);
	json_set_text(out, "workflow", session->workflow);
	json_set_text(out, "kind", session_kind_text(session->kind));
	json_set_text(out, "merchant", session->merchant);
	json_set_text(out, "status", session_status_text(session->status));
	json_set(out, "subject", subject_write(&writer, &session->subject));
	set_kept(&writer, out, "custom_tags", session->custom_tags_json);
	if (session->risk_score == RISK_NONE)
		json_set_null(out, "risk_score");
	else
		json_set_int(out, "risk_score", session->risk_score);
	set_kept(&writer, out, "risk_factors", session->risk_factors_json);
	SET_LIST_WITH(&writer, out, "steps", file->steps, file->step_count, step_write);
	SET_LIST_WITH(&writer, out, "documents", file->documents, file->document_count, document_write);
	SET_LIST_WITH(&writer, out, "parties", file->parties, file->party_count, party_write);
	SET_LIST_WITH(&writer, out, "checks", file->checks, file->check_count, check_write);
	json_set_time(out, "created_at", session->created_at);
	json_set_time(out, "submitted_at", session->submitted_at);
	json_set_time(out, "updated_at", session->updated_at);
	json_set_time(out, "expires_at", session->expires_at);
	set_outcome(&writer, out, session);
	if (options->blockers) {
		set_standing(&writer, out, file, options);
	} else {
		set_history(&writer, out, file, false);
		if (file->attempt_count)
			set_attempts(out, file, false);
		set_unless_empty(out, "parent_id", session->parent_id);
		if (session->returned)
			json_set_bool(out, "returned", true);
	}
	arena_release(&writer.arena);
	return out;
}

struct json_value *session_item_write(const struct session_item *item)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", item->id);
	json_set_text(out, "external_ref", item->external_ref);
	json_set_text(out, "kind", session_kind_text(item->kind));
	json_set_text(out, "workflow", item->workflow);
	json_set_text(out, "merchant", item->merchant);
	json_set_text(out, "subject_name", item->subject_name);
	json_set_text(out, "country", item->country);
	json_set_text(out, "status", session_status_text(item->status));
	json_set_text(out, "compliance_status", inbox_text(session_status_inbox(item->status)));
	if (item->risk_score == RISK_NONE)
		json_set_null(out, "risk_score");
	else
		json_set_int(out, "risk_score", item->risk_score);
	json_set_text_or_null(out, "assignee", item->assignee);
	json_set_text(out, "level", item->level);
	json_set_int(out, "parties_total", item->parties_total);
	json_set_int(out, "parties_verified", item->parties_verified);
	json_set_int(out, "documents_total", item->documents_total);
	json_set_int(out, "documents_accepted", item->documents_accepted);
	json_set_time(out, "submitted_at", item->submitted_at);
	json_set_time(out, "due_at", item->due_at);
	json_set_time(out, "updated_at", item->updated_at);
	json_set_int(out, "version", item->version);
	json_set_text_or_null(out, "parent_id", item->parent_id);
	return out;
}
