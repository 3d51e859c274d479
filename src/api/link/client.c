/* A client's own link, in JSON (docs/api.md "The client's page"): the requested items, and their submission. */
#include "encode.h"
#include "link/page.h"
#include "shape.h"

#include <string.h>

/* --- the requested items as a schema: enough to draw a form without knowing the workflow --- */

/* Words for the bits of a rule: COUNTRY_ALPHA2 and the next two bits, CHARACTERS_LETTERS and the next two bits. */
static const char *const country_forms[] = { "alpha2", "alpha3", "name" };
static const char *const character_classes[] = { "letters", "digits", "spaces" };

static struct json_value *words_of_bits_json(unsigned bits, const char *const words[3])
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < 3; i++)
		if (bits & 1u << i)
			json_append(list, json_new_string(words[i]));
	return list;
}

static struct json_value *condition_json(const struct rule_condition *condition)
{
	return BODY(AskedCondition, .field = AS_TEXT(condition->field),
		    .condition = AS_TEXT(condition_kind_text(condition->kind)),
		    .values = json_new_texts(condition->words, condition->word_count));
}

static struct json_value *limit_json(int64_t limit)
{
	return limit == RULE_NO_LIMIT ? AS_NULL : AS_INT(limit);
}

/* The members that each kind of rule has. */
static const char *const limit_members[RULE_KIND_COUNT] = {
	[RULE_LENGTH] = "min max",     [RULE_AGE] = "min max",
	[RULE_LIST] = "min max",       [RULE_DECIMAL] = "least most",
	[RULE_INTEGER] = "least most", [RULE_CHARACTERS] = "characters others letter_first",
	[RULE_PATTERN] = "pattern",    [RULE_COUNTRY] = "forms choices",
	[RULE_DATE] = "past",	       [RULE_CHECK_DIGITS] = "scheme",
	[RULE_SUBDIVISION] = "of",     [RULE_AT_LEAST_ONE] = "of choices",
	[RULE_ONE_OF] = "choices",     [RULE_DOCUMENT] = "choices",
};

/* The limits of a rule as data, so that a program can check a value without parsing the sentence in `allowed`. */
static void add_limits(struct json_value *out, const struct field_rule *rule)
{
	struct json_value *all = JSON_FROM(
		{ "min?", limit_json(rule->minimum) }, { "max?", limit_json(rule->maximum) },
		{ "least?", AS_TEXT(rule->minimum_text) }, { "most?", AS_TEXT(rule->maximum_text) },
		{ "characters", words_of_bits_json(rule->characters, character_classes) },
		{ "others", AS_TEXT(rule->other_characters) }, { "letter_first", AS_BOOL(rule->starts_with_letter) },
		{ "pattern", AS_TEXT(rule->pattern) },
		{ "forms", words_of_bits_json(rule->country_form_bits, country_forms) },
		{ "choices", json_new_texts(rule->words, rule->word_count) },
		{ "past", AS_BOOL(rule->must_not_be_future) }, { "scheme", AS_TEXT(check_scheme_text(rule->scheme)) },
		{ "of", AS_TEXT(rule->referenced_field) });

	if (limit_members[rule->kind])
		json_copy_members(out, all, limit_members[rule->kind]);
	json_free(all);
}

static struct json_value *rule_json(struct arena *arena, const struct field_rule *rule)
{
	JSON_LIST(conditions, i, rule->when_count, condition_json(&rule->when[i]));
	struct json_value *out =
		JSON_FROM({ "rule", AS_TEXT(rule_kind_text(rule->kind)) },
			  { "allowed", AS_TEXT(rule_allowed_text(arena, rule)) }, { "message", AS_TEXT(rule->message) },
			  { "when", AS_TEXT(rule_when_text(arena, rule)) }, { "conditions", conditions });

	add_limits(out, rule);
	return out;
}

static struct json_value *field_json(struct arena *arena, const struct field_spec *field)
{
	JSON_LIST(rules, i, field->rule_count, rule_json(arena, &field->rules[i]));
	JSON_LIST(fields, i, field->child_count, field_json(arena, &field->children[i]));
	return BODY(AskedField, .id = AS_TEXT(field->id), .title = AS_TEXT(field->title),
		    .type = AS_TEXT(field_type_text(field->type)),
		    .required = AS_BOOL(has_unconditional_rule(field, RULE_REQUIRED)), .rules = rules,
		    .fields = json_null_if_empty(fields));
}

/* Requested fields of the step, with type, rules and choices. Call case_values_parse() first. */
static struct json_value *schema_fields_json(struct page *page, const struct step *step)
{
	struct requested_fields requested;

	requested_fields_init_step(page, step, &requested);
	JSON_LIST(list, i, requested.count, field_json(&page->r->arena, &requested.fields[i]));
	return list;
}

/* A type that the profile does not name has the profile's default formats and size. */
static struct json_value *document_type_json(const struct page *page, const char *type)
{
	const struct profile *profile = page->view->profile;
	const struct document_spec *spec = profile_document(profile, type);

	return BODY(AskedDocumentType, .type = AS_TEXT(type), .title = AS_TEXT(spec ? spec->title : type),
		    .step_id = AS_TEXT(spec ? spec->step_id : ""),
		    .required = AS_BOOL(document_is_required(page, type)),
		    .double_sided = AS_BOOL(spec && spec->double_sided),
		    .formats = json_new_words(spec ? spec->formats : profile->default_format_bits, file_format_words),
		    .max_bytes = AS_INT(spec ? spec->max_bytes : profile->default_max_bytes));
}

/* Document types that the client may upload now, with formats and size. A link for one document lists only the type
 * of this document. */
static struct json_value *schema_documents_json(const struct page *page)
{
	const char *only = page->r->caller.document_type;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < document_type_count(page); i++) {
		const char *type = document_type_at(page, i);

		if (type && document_is_requested(page, type) && (!*only || !strcmp(type, only)))
			json_append(list, document_type_json(page, type));
	}
	return list;
}

/* Groups of document types, each with a bool: whether the client must still upload one type of the group. */
static struct json_value *schema_document_groups_json(const struct page *page)
{
	struct json_value *list = json_new_array();
	const struct document_group *group;

	for (size_t at = 0; (group = document_group_at(page, &at));)
		json_append(list, BODY(AskedDocumentGroup, .id = AS_TEXT(group->id), .title = AS_TEXT(group->title),
				       .any_of = json_new_texts(group->types, group->type_count),
				       .missing = AS_BOOL(document_group_is_missing(page, group))));
	return list;
}

/* --- parties --- */

static struct json_value *allowed_words_json(unsigned bits, const char *const *(*words)(size_t *count))
{
	size_t count;

	(void)words(&count);
	return json_new_words(bits ? bits : (1u << count) - 1, words);
}

/* The rules of the profile for the party's own members, such as date_of_birth. The profile's other fields of a
 * party are in `fields`. */
static struct json_value *party_members_json(struct page *page)
{
	const struct party_rules *rules = &page->view->profile->parties;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < rules->field_count; i++) {
		struct field_spec field = rules->fields[i];

		if (!is_party_member_field(&field))
			continue;
		field.id = strchr(field.sources[0], '.') + 1;
		json_append(list, field_json(&page->r->arena, &field));
	}
	return list;
}

/* The description of a party in this case: roles, rules of the members, and further fields. */
static struct json_value *schema_party_json(struct page *page)
{
	const struct party_rules *rules = &page->view->profile->parties;
	struct requested_fields requested;

	requested_fields_init_party(page, &requested);
	JSON_LIST(fields, i, requested.count, field_json(&page->r->arena, &requested.fields[i]));
	return BODY(AskedPartySchema, .required = AS_BOOL(rules->required),
		    .control_role_required = AS_BOOL(rules->control_role_required),
		    .max = rules->max_parties ? AS_INT((int64_t)rules->max_parties) : AS_NULL,
		    .roles = allowed_words_json(rules->roles, party_role_words),
		    .control_roles = json_new_texts(rules->control_roles, rules->control_role_count),
		    .fields_for = allowed_words_json(rules->field_kind_bits, party_kind_words),
		    .members = party_members_json(page), .fields = fields);
}

/* --- the case --- */

static struct json_value *step_json(struct page *page, const struct step *step)
{
	const struct step_spec *spec = profile_step(page->view->profile, step->id);

	return BODY(AskedStep, .step_id = AS_TEXT(step->id), .title = AS_TEXT(spec ? spec->title : step->id),
		    .status = AS_TEXT(step_status_text(step->status)), .fields = AS_RAW(step->fields_json),
		    .asked = schema_fields_json(page, step));
}

static struct json_value *steps_json(struct page *page)
{
	const struct case_file *file = &page->view->file;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->step_count; i++)
		if (link_step_is_requested(file, file->steps[i].id))
			json_append(list, step_json(page, &file->steps[i]));
	return list;
}

static struct json_value *document_json(const struct document *document)
{
	bool two = document->double_sided;

	return BODY(AskedDocument, .id = AS_TEXT(document->id), .type = AS_TEXT(document->type),
		    .side = AS_TEXT(two ? side_text(SIDE_FRONT) : ""),
		    .back_status = AS_TEXT(two ? upload_state_text(document_side(document, SIDE_BACK).upload) : ""),
		    .status = AS_TEXT(upload_state_text(document->upload)));
}

static struct json_value *documents_json(const struct external_case *view, const char *only)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < view->file.document_count; i++)
		if (!*only || !strcmp(view->file.documents[i].type, only))
			json_append(list, document_json(&view->file.documents[i]));
	return list;
}

static struct json_value *party_json(const struct external_case *view, size_t at)
{
	const struct party *party = &view->file.parties[at];

	return BODY(AskedParty, .id = AS_TEXT(party->id), .kind = AS_TEXT(party_kind_text(party->kind)),
		    .name = AS_TEXT(party->name), .roles = json_new_words(party->roles, party_role_words),
		    .status = AS_TEXT(link_party_state(party)), .access_link = AS_TEXT(view->party_links[at]));
}

/* Adds the members of the case to the body. The body for a link for one document does not have them. */
static void add_case_members(struct json_value *body, struct page *page)
{
	const struct external_case *view = page->view;
	const struct session *session = &view->file.session;

	json_set_text(body, "name", session->subject.name);
	if (session->status == SESSION_REJECTED)
		(void)JSON_ADD(body, { "message", AS_TEXT(view->message) }, { "retryable", AS_BOOL(view->retryable) });
	(void)JSON_ADD(body, { "steps", steps_json(page) },
		       { "corrections", corrections_json(&view->file, correction_is_unsettled) },
		       { "document_groups", schema_document_groups_json(page) });
	if (view->profile->parties.client_declares_parties)
		JSON_SET_EACH(body, "parties", i, view->file.party_count, party_json(view, i));
	if (may_declare_parties(page))
		json_set(body, "party", schema_party_json(page));
}

static enum err answer_case_view(struct request *r, struct external_case *view)
{
	const char *only = r->caller.document_type;
	struct page page = { .r = r, .view = view, .refused_form = "" };
	struct json_value *body = JSON_FROM({ "status", AS_TEXT(session_status_text(view->file.session.status)) },
					    { "workflow", AS_TEXT(view->profile->title) },
					    { "expires_at", AS_TIME(view->file.session.expires_at) },
					    { "document_type?", AS_TEXT(only) });

	case_values_parse(&r->arena, &view->file);
	if (!*only)
		add_case_members(body, &page);
	json_set(body, "document_types", schema_documents_json(&page));
	json_set(body, "documents", documents_json(view, only));
	return answer_json(r, 200, body);
}

static enum err handle_get(struct request *r, struct error *error)
{
	struct external_case view;
	enum err err = link_load_case(r, &view, error);

	return err ? err : answer_case_view(r, &view);
}

static enum err answer_case(struct request *r, const char *id, struct error *error)
{
	struct external_case view;
	enum err err = desk_external_case(r->desk, &r->arena, id, &view, error);

	return err ? err : answer_case_view(r, &view);
}

/* --- submitting --- */

static enum err handle_step(struct request *r, struct error *error)
{
	const char *fields = body_json(r, "fields", false);
	bool done = body_bool(r, "done", false);
	struct external_case view;
	enum err err = link_load_session_case(r, &view, error);

	if (!err && !fields && !done)
		request_add_fault(r, "fields", REQUIRED_FIELD_MESSAGE);
	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_STEP_SAVE, .capacity = CAPACITY_CLIENT,
					   .session = view.file.session.id, .part = r->arguments[1],
					   .fields_json = fields, .finish_step = done);
	return err ? err : answer_case(r, view.file.session.id, error);
}

static enum err handle_document(struct request *r, struct error *error)
{
	const struct document *document;
	struct external_case view;
	struct use_out out;
	enum err err = link_load_case(r, &view, error);

	if (!err)
		err = link_add_document(r, &view, &out, error);
	if (!err)
		err = desk_external_case(r->desk, &r->arena, view.file.session.id, &view, error);
	document = err ? NULL : case_document(&view.file, out.part_id);
	if (!err && !document)
		err = error_set(error, ERR_INTERNAL, "The added document no longer exists");
	return err ? err : answer_json(r, 201, document_json(document));
}

/* A link for one document can delete only that document. */
static enum err handle_document_removal(struct request *r, struct error *error)
{
	const struct document *document;
	struct external_case view;
	enum err err = link_load_case(r, &view, error);

	document = err ? NULL : case_document(&view.file, r->arguments[1]);
	if (!err && (!document || (*r->caller.document_type && strcmp(document->type, r->caller.document_type) != 0)))
		err = error_set(error, ERR_NOT_FOUND, "Unknown document");
	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_DOCUMENT_DELETE, .capacity = CAPACITY_CLIENT,
					   .session = view.file.session.id, .part = document->id);
	return err ? err : answer_case(r, view.file.session.id, error);
}

static enum err handle_explanation(struct request *r, struct error *error)
{
	const char *words = body_require_text(r, "words");
	struct external_case view;
	enum err err = link_load_session_case(r, &view, error);

	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_ANSWER, .capacity = CAPACITY_CLIENT,
					   .session = view.file.session.id, .part = r->arguments[1], .text = words);
	return err ? err : answer_case(r, view.file.session.id, error);
}

static enum err handle_submit(struct request *r, struct error *error)
{
	struct external_case view;
	enum err err = link_load_session_case(r, &view, error);

	if (!err)
		err = link_submit_corrections(r, &view, error);
	return err ? err : answer_case(r, view.file.session.id, error);
}

static enum err answer_party(struct request *r, const char *session_id, const char *party_id, struct error *error)
{
	struct external_case view;
	const struct party *party;
	enum err err = desk_external_case(r->desk, &r->arena, session_id, &view, error);

	party = err ? NULL : case_party(&view.file, party_id);
	if (!err && !party)
		err = error_set(error, ERR_INTERNAL, "The added party no longer exists");
	return err ? err : answer_json(r, 201, party_json(&view, (size_t)(party - view.file.parties)));
}

/* Declares a party. If the party needs a session, creates the session and responds with its link. */
static enum err handle_party_add(struct request *r, struct error *error)
{
	const char *fields = body_json(r, "party.fields", false);
	struct external_case view;
	struct party_input input;
	struct use_out out;
	enum err err = link_load_session_case(r, &view, error);

	read_party_body(r, &input);
	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_PARTY_ADD, .capacity = CAPACITY_CLIENT, .party = &input,
			     .session = view.file.session.id, .fields_json = fields);
	return err ? err : answer_party(r, view.file.session.id, out.part_id, error);
}

static enum err handle_party_removal(struct request *r, struct error *error)
{
	struct external_case view;
	enum err err = link_load_session_case(r, &view, error);

	if (!err)
		err = link_remove_party(r, &view, r->arguments[1], error);
	return err ? err : answer_case(r, view.file.session.id, error);
}

#define LINK_API_PATH "/api/s/{token}"
#define DOCUMENT_ROW(address, text)                                                                                    \
	{                                                                                                              \
		.method = "POST", .path = (address), .body_shape = "Upload", .response = "201:AskedDocument",          \
		.permission = PERMIT_NOT_NEEDED, .verb = VERB_DOCUMENT_ADD, .body = BODY_UPLOAD,                       \
		.admit = link_resolve_session, .handle = handle_document, .summary = (text)                            \
	}

static const struct route rows[] = {
	{ ROUTE_OF_LINK, .method = "GET", .path = LINK_API_PATH, .response = "200:Asked", .verb = READ_ONLY,
	  .handle = handle_get, .summary = "Get the items that the client must submit; needs only the link, no token" },
	{ ROUTE_OF_LINK, .method = "PUT", .path = LINK_API_PATH "/steps/{step}", .body_shape = "StepFields",
	  .response = "200:Asked", .verb = VERB_STEP_SAVE, .body = BODY_JSON, .handle = handle_step,
	  .summary = "Save fields of a step" },
	DOCUMENT_ROW(LINK_API_PATH "/documents", "Upload a document"),
	DOCUMENT_ROW("/s/{token}", "Upload a document at the link's own address, as Atelio's clients do"),
	{ ROUTE_OF_LINK, .method = "DELETE", .path = LINK_API_PATH "/documents/{document_id}", .response = "200:Asked",
	  .verb = VERB_DOCUMENT_DELETE, .handle = handle_document_removal,
	  .summary = "Delete a document before the submission, or a document with a missing side" },
	{ ROUTE_OF_LINK, .method = "POST", .path = LINK_API_PATH "/corrections/{correction_id}", .body_shape = "Words",
	  .response = "200:Asked", .verb = VERB_ANSWER, .body = BODY_JSON, .handle = handle_explanation,
	  .summary = "Explain why a correction is not possible" },
	{ ROUTE_OF_LINK, .method = "POST", .path = LINK_API_PATH "/complete", .response = "200:Asked",
	  .verb = VERB_COMPLETE, .body = BODY_JSON, .handle = handle_submit,
	  .summary = "Submit the session or the corrections" },
	{ ROUTE_OF_LINK, .method = "POST", .path = LINK_API_PATH "/subsessions", .body_shape = "PartyDeclared",
	  .response = "201:AskedParty", .verb = VERB_PARTY_ADD, .body = BODY_JSON, .handle = handle_party_add,
	  .summary = "Declare a related party, with a session that verifies it" },
	{ ROUTE_OF_LINK, .method = "DELETE", .path = LINK_API_PATH "/subsessions/{party_id}", .response = "200:Asked",
	  .verb = VERB_PARTY_REMOVE, .handle = handle_party_removal,
	  .summary = "Remove a related party that has submitted nothing" },
};
const struct routes routes_link = { rows, sizeof rows / sizeof *rows, DIALECT_KYBDESK };
