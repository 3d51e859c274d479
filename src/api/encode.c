#include "encode.h"
#include "shape.h"
#include "kybdesk/domain/things.h"

#include <stdio.h>
#include <string.h>

struct json_value *correction_ids_json(const struct correction *correction)
{
	return correction->document_id_count ? json_new_texts(correction->document_ids, correction->document_id_count)
					     : AS_NULL;
}

struct json_value *corrections_json(const struct case_file *file, bool (*is_notified)(const struct correction *item))
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *item = &file->corrections[i];

		if (!is_notified || is_notified(item))
			json_append(
				list,
				BODY(Correction, .id = AS_TEXT(item->id), .step_id = AS_TEXT(item->step_id),
				     .field_ids = json_new_texts(item->field_ids, item->field_count),
				     .document_types = json_new_texts(item->document_types, item->document_type_count),
				     .message = AS_TEXT(item->message),
				     .status = AS_TEXT(correction_state_text(item->state)),
				     .document_ids = correction_ids_json(item), .party_id = AS_TEXT(item->party_id)));
	}
	return list;
}

void json_copy_members(struct json_value *to, const struct json_value *from, const char *names)
{
	struct json_member member;

	while (json_member_next(&names, &member)) {
		const struct json_value *value;
		char name[64];

		(void)snprintf(name, sizeof name, "%.*s", (int)member.name_length, member.name);
		value = json_get(from, name);
		if (value && !json_value_is_null(value))
			json_set(to, name, json_clone(value));
	}
}

bool json_is_blank(const struct json_value *value)
{
	return !value || json_value_is_null(value) || (json_text(value) && !*json_text(value));
}

bool correction_is_requested(const struct case_file *file, const struct correction *correction)
{
	/* Also checks the status: a correction stays ANSWERED after a resubmission until the answer is accepted. */
	return file->session.status == SESSION_AWAITING_CLIENT_CORRECTION &&
	       (correction->state == CORRECTION_OPEN || correction->state == CORRECTION_ANSWERED);
}

static void add_item(struct strbuf *text, const char *item)
{
	strbuf_addf(text, "%s%s", text->len ? ", " : "", item);
}

const char *corrected_items_text(struct arena *arena, const struct external_case *view,
				 const struct correction *correction)
{
	const struct case_file *file = &view->file;
	const struct party *party = case_party(file, correction->party_id);
	struct strbuf text = STRBUF_INIT;
	const char *out;

	for (size_t i = 0; i < correction->field_count; i++) {
		const char *id;
		size_t length = field_path_party(correction->field_ids[i], &id);
		const struct party *owner = length ? case_party(file, arena_strndup(arena, id, length)) : NULL;

		add_item(&text,
			 owner ? arena_printf(arena, "%s of %s", id[length + 1] ? id + length + 2 : "data", owner->name)
			       : correction->field_ids[i]);
	}
	for (size_t i = 0; i < correction->document_type_count; i++) {
		const char *type = correction->document_types[i];
		bool named = false;

		for (size_t d = 0; d < file->document_count; d++) {
			const struct document *document = &file->documents[d];

			if (strcmp(document->type, type) != 0 || !correction_has_document(correction, document->id))
				continue;
			add_item(&text, document_thing_text(arena, file, view->profile, document, type));
			named = true;
		}
		if (!named)
			add_item(&text, type);
	}
	if (party)
		add_item(&text, party->name);
	out = text.len ? strbuf_to_arena(&text, arena) : correction->step_id;
	strbuf_release(&text);
	return out;
}

enum verb verb_for_submission(enum session_status status)
{
	if (status == SESSION_AWAITING_CLIENT_CORRECTION)
		return VERB_HAND_IN;
	return status == SESSION_REJECTED ? VERB_RESUBMIT : VERB_SUBMIT;
}

enum err refuse_upload(struct request *r, const struct profile *profile, const char *type, enum err err,
		       const struct error *error)
{
	const struct document_spec *spec = profile_document(profile, type);
	int64_t most = spec ? spec->max_bytes : profile->default_max_bytes;

	if (err != ERR_INVALID || !error->field || strcmp(error->field, "file") != 0 || !r->file.length)
		return err;
	r->answer.status = most > 0 && (int64_t)r->file.length > most ? 413 : 415;
	r->error_code = r->answer.status == 413 ? "too_large" : "unsupported_media_type";
	return err;
}

enum err endpoint_add_from_body(struct request *r, struct strbuf *secret, struct endpoint *out, struct error *error)
{
	const char *url = body_require_text(r, "url"), *events[BODY_EVENTS_MAX];
	size_t count = body_event_names(r, events);
	struct use_out done;
	enum err err = API_DO(r, &done, error, .verb = VERB_ENDPOINT_ADD, .part = r->caller.merchant, .url = url,
			      .events = events, .event_count = count, .content_out = secret);

	if (err)
		request_rename_field(error, "event", "events");
	else
		*out = done.endpoint;
	return err;
}

static unsigned read_role_bits(struct request *r)
{
	const struct json_value *list = body_value(r, "party.roles");
	unsigned roles = 0;

	if (!list)
		return 0;
	if (!json_is_array(list)) {
		request_add_fault(r, "party.roles", "party.roles must be a list of strings");
		return 0;
	}
	for (size_t i = 0; i < json_count(list); i++) {
		const char *word = json_text(json_at(list, i));
		enum party_role role;

		if (word && party_role_parse(word, &role))
			roles |= 1u << role;
		else
			request_add_word_fault(r, "party.roles", "a role of a party", word ? word : "",
					       party_role_words);
	}
	return roles;
}

void read_party_body(struct request *r, struct party_input *out)
{
	const char *kind = body_require_text(r, "party.kind");

	*out = (struct party_input){ .name = body_require_text(r, "party.name"),
				     .roles = read_role_bits(r),
				     .control_role = body_text(r, "party.control_role"),
				     .percent = body_text(r, "party.ownership_percent"),
				     .country = body_text(r, "party.country"),
				     .date_of_birth = body_text(r, "party.date_of_birth"),
				     .tax_id = body_text(r, "party.tax_id"),
				     .registration_number = body_text(r, "party.registration_number"),
				     .email = body_text(r, "party.email"),
				     .phone = body_text(r, "party.phone") };
	if (*kind && !party_kind_parse(kind, &out->kind))
		request_add_fault(r, "party.kind", "\"%s\" is not a kind of party; use individual or company", kind);
}
