/* Routes of the page: show the page, and handle its forms. The JSON (client.c) uses the same verbs. */
#include "kybdesk/base/text.h"
#include "link/page.h"
#include "problem.h"
#include "kybdesk/desk/link.h"

#include <string.h>
#include <strings.h>

/* --- origin of the form --- */

/* Whether the origin, such as "https://host:port", has this host and port. */
static bool origin_has_host(const char *origin, const char *host, size_t length)
{
	const char *at = strstr(origin, "://");

	return at && strlen(at + 3) == length && !strncasecmp(at + 3, host, length);
}

static bool is_public(struct request *r, const char *origin)
{
	struct store_setting *settings;
	size_t count;

	if (desk_store_settings(r->desk, &r->arena, &settings, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *at =
			strcmp(settings[i].name, STORE_SETTING_PUBLIC_URL) ? NULL : strstr(settings[i].value, "://");

		if (at && origin_has_host(origin, at + 3, strcspn(at + 3, "/")))
			return true;
	}
	return false;
}

/* The token alone gives access, and no other site knows it. As a second defence, refuses a form if the
 * browser reports another site as its origin. The page's own forms may have "Origin: null", because the page sets
 * "no-referrer", so that value alone is not a reason to refuse. */
static bool is_cross_site(struct request *r)
{
	if (*r->fetch_site)
		return strcmp(r->fetch_site, "same-origin") != 0 && strcmp(r->fetch_site, "none") != 0;
	if (!*r->origin || !strcmp(r->origin, "null"))
		return false;
	return !origin_has_host(r->origin, r->host, strlen(r->host)) && !is_public(r, r->origin);
}

static enum err admit_form(struct request *r, struct error *error)
{
	if (is_cross_site(r))
		return request_refuse(r, 403, "cross_site", error, "The form was sent from another website");
	return link_resolve_session(r, error);
}

/* --- the page --- */

/* Begins a page; if `whole`, refuses a link for a single document. */
static enum err open_page(struct request *r, bool whole, struct page *page, struct error *error)
{
	struct external_case *view = arena_alloc(&r->arena, sizeof *view);
	enum err err = whole ? link_load_session_case(r, view, error) : link_load_case(r, view, error);

	*page = (struct page){ .r = r,
			       .out = &r->out,
			       .language = language_choose(r->accept_language),
			       .view = view,
			       .refused_form = "" };
	if (!err)
		case_values_parse(&r->arena, &view->file);
	return err;
}

static enum err handle_page(struct request *r, struct error *error)
{
	struct page page;
	enum err err = open_page(r, false, &page, error);

	if (!err)
		page_show(&page, 200);
	return err;
}

/* Redirects to the notice about the completed action, which gets the focus; `done` "": to the status. */
static enum err redirect_to_section(struct page *page, const char *done, const char *section)
{
	struct strbuf text = STRBUF_INIT, *out = page->out;
	struct request *r = page->r;

	page->out = &text;
	page_add_url(page, "", "");
	page->out = out;
	if (*done) {
		strbuf_addf(&text, "?done=%s&at=", done);
		html_add_url_part(&text, section);
	}
	strbuf_adds(&text, "#" NOTICE_ID);
	r->answer.location = strbuf_finish(&text, &r->arena);
	page_add_headers(page);
	return answer_empty(r, 303);
}

static bool is_form_error(enum err err)
{
	return err == ERR_INVALID || err == ERR_USAGE || err == ERR_BLOCKED || err == ERR_CONFLICT ||
	       err == ERR_FORBIDDEN;
}

/* The name of the control that contains the value at a path: the control uboIds contains "uboIds[0]". Returns path
 * itself, or text in the arena. `at`: the part of the path that the fields have. */
static const char *find_control(struct arena *arena, const struct field_spec *specs, size_t count, const char *path,
				const char *at)
{
	const struct field_spec *spec = find_field_spec(specs, count, at);
	const char *rest = at + strcspn(at, ".[");

	/* A list of plain values has a single control. */
	if (spec && !spec->child_count)
		return arena_strndup(arena, path, (size_t)(rest - path));
	if (spec && *rest == '[')
		rest += strcspn(rest, "]") + (strchr(rest, ']') ? 1 : 0);
	return spec && *rest == '.' ? find_control(arena, spec->children, spec->child_count, path, rest + 1) : path;
}

/* The name of the control for a field, in the form of a section. */
static const char *control_of_field(const struct page *page, const char *section, const char *field)
{
	const struct profile *profile = page->view->profile;
	const struct step_spec *spec =
		text_has_prefix(section, SECTION_STEP) ? profile_step(profile, section + strlen(SECTION_STEP)) : NULL;
	const char *name = request_field_name(field);

	if (spec)
		return find_control(&page->r->arena, spec->fields, spec->field_count, name, name);
	if (!strcmp(section, SECTION_PARTY) && profile)
		return find_control(&page->r->arena, profile->parties.fields, profile->parties.field_count, name, name);
	return name;
}

/* Shows the page again, with each fault next to the typed value. */
static enum err refuse_form(struct page *page, const char *section, enum err err, struct error *error)
{
	struct request *r = page->r;

	if (!is_form_error(err))
		return err;
	page->refused_form = section;
	if (!r->fault_count)
		request_add_fault(r, control_of_field(page, section, error->field), "%s",
				  error->message ? error->message : "");
	page_show(page, r->answer.status >= 400 ? r->answer.status : status_of_error(err));
	error_release(error);
	return ERR_OK;
}

/* --- steps --- */

/* Whether the form has a typed value for the first member of a path such as "seat.city". */
static bool has_typed_value(const struct value *typed, const char *path)
{
	for (size_t i = 0; typed && i < typed->count; i++)
		if (path_is_within(path, typed->keys[i]))
			return true;
	return false;
}

/* Merges the typed fields into the stored fields of the step; both are JSON text. */
static const struct value *merge_fields(struct arena *arena, const char *stored, const char *typed)
{
	struct json_value *all = json_new_raw(stored), *above = json_new_raw(typed);
	const struct value *out;

	for (const char *key = json_first_key(above); key; key = json_next_key(above, key))
		json_set(all, key, json_clone(json_get(above, key)));
	out = value_of_json(arena, all);
	json_free(above);
	json_free(all);
	return out;
}

/* The desk reports only the first fault; the form shows all of them. */
static void add_rule_faults(struct page *page, const struct step *step, const struct requested_fields *requested,
			    const char *fields, bool done)
{
	const struct external_case *view = page->view;
	const struct step_spec *spec = profile_step(view->profile, step->id);
	struct rule_failures failures = { 0 };
	char today[16];
	struct rules_input input = page_rules_input(page);

	input.today = today;
	input.partial = input.is_in_progress = !done;
	date_format(desk_now(page->r->desk), today);
	if (spec)
		rules_check_step(&page->r->arena, &input, spec,
				 merge_fields(&page->r->arena, step->fields_json, fields), &failures);
	for (size_t i = 0; i < failures.count; i++) {
		const char *name = control_of_field(page, requested->section, failures.items[i].path);

		if (requested_has_field(requested, name) && (done || has_typed_value(page->typed_values, name)))
			request_add_fault(page->r, name, "%s",
					  strcmp(failures.items[i].rule, rule_kind_text(RULE_REQUIRED))
						  ? failures.items[i].message
						  : REQUIRED_FIELD_MESSAGE);
	}
}

static enum err handle_step(struct request *r, struct error *error)
{
	const char *done = request_field(r, "done"), *fields;
	bool finish_step = done && !strcmp(done, "true");
	const struct step *step;
	struct json_value *values;
	struct requested_fields requested;
	struct page page;
	enum err err = open_page(r, true, &page, error);

	step = err ? NULL : case_step(&page.view->file, r->arguments[1]);
	if (!err && !step)
		err = error_set(error, ERR_NOT_FOUND, "Unknown step");
	if (err)
		return err;
	requested_fields_init_step(&page, step, &requested);
	values = requested_fields_read(r, &requested);
	page.typed_values = value_of_json(&r->arena, values);
	fields = json_move_to_arena(&r->arena, values);
	err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_STEP_SAVE, .capacity = CAPACITY_CLIENT,
				   .session = page.view->file.session.id, .part = step->id, .fields_json = fields,
				   .finish_step = finish_step);
	if (!err)
		return redirect_to_section(&page, "saved", requested.section);
	if (err == ERR_INVALID && error->field && !strncmp(error->field, "steps.", 6))
		add_rule_faults(&page, step, &requested, fields, finish_step);
	return refuse_form(&page, requested.section, err, error);
}

/* --- other forms --- */

static enum err handle_document(struct request *r, struct error *error)
{
	const char *type = request_field(r, "type"), *section;
	struct use_out out;
	struct page page;
	enum err err = open_page(r, false, &page, error);

	if (err)
		return err;
	section = arena_printf(&r->arena, SECTION_DOCUMENT "%s", type && *type ? type : r->caller.document_type);
	/* If no file was chosen, a browser sends a file without name and bytes. */
	if (r->file.is_present && !r->file.length && !*r->file.name)
		r->file.is_present = false;
	if (!r->file.is_present) {
		request_add_fault(r, "file", "Choose a file first, then upload it");
		return refuse_form(&page, section, ERR_INVALID, error);
	}
	err = link_add_document(r, page.view, &out, error);
	return err ? refuse_form(&page, section, err, error) : redirect_to_section(&page, "uploaded", section);
}

static enum err handle_explanation(struct request *r, struct error *error)
{
	const char *words = request_field(r, "words"), *section;
	struct page page;
	enum err err = open_page(r, true, &page, error);

	if (err)
		return err;
	section = arena_printf(&r->arena, SECTION_CORRECTION "%s", r->arguments[1]);
	err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_ANSWER, .capacity = CAPACITY_CLIENT,
				   .session = page.view->file.session.id, .part = r->arguments[1],
				   .text = words ? words : "");
	return err ? refuse_form(&page, section, err, error) : redirect_to_section(&page, "answered", section);
}

static unsigned read_role_bits(struct request *r)
{
	unsigned roles = 0;

	for (size_t i = 0; i < r->field_count; i++) {
		enum party_role role;

		if (strcmp(r->fields[i].name, "role") != 0)
			continue;
		if (party_role_parse(r->fields[i].value, &role))
			roles |= 1u << role;
		else
			request_add_word_fault(r, "role", "a role of a party", r->fields[i].value, party_role_words);
	}
	return roles;
}

/* Reads a party from the form and adds faults. *fields: fields of the profile, "" if none. */
static void read_party_form(struct page *page, struct party_input *out, const char **fields)
{
	struct request *r = page->r;
	const char *kind = request_field(r, "kind");
	struct json_value *values;
	struct requested_fields requested;

	*out = (struct party_input){ .name = request_field(r, "name"),
				     .roles = read_role_bits(r),
				     .control_role = request_field(r, "control_role"),
				     .percent = request_field(r, "percent"),
				     .country = request_field(r, "country"),
				     .date_of_birth = request_field(r, "birth"),
				     .tax_id = request_field(r, "tax_id"),
				     .registration_number = request_field(r, "registration_number"),
				     .email = request_field(r, "email"),
				     .phone = request_field(r, "phone") };
	if (kind && *kind && !party_kind_parse(kind, &out->kind))
		request_add_fault(r, "kind", "\"%s\" is not a kind of party; use individual or company", kind);
	requested_fields_init_party(page, &requested);
	values = requested_fields_read(r, &requested);
	page->typed_values = value_of_json(&r->arena, values);
	*fields = json_count(values) ? json_to_arena(&r->arena, values) : "";
	json_free(values);
}

static enum err handle_party(struct request *r, struct error *error)
{
	struct party_input input;
	const char *fields = "";
	struct page page;
	enum err err = open_page(r, true, &page, error);

	if (err)
		return err;
	read_party_form(&page, &input, &fields);
	err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_PARTY_ADD, .capacity = CAPACITY_CLIENT, .party = &input,
				   .session = page.view->file.session.id, .fields_json = *fields ? fields : NULL);
	return err ? refuse_form(&page, SECTION_PARTY, err, error) : redirect_to_section(&page, "added", SECTION_PARTY);
}

static enum err handle_party_removal(struct request *r, struct error *error)
{
	const char *sure = request_field(r, "remove");
	struct page page;
	enum err err = open_page(r, true, &page, error);

	if (err)
		return err;
	if (sure && !strcmp(sure, "true"))
		err = link_remove_party(r, page.view, r->arguments[1], error);
	else
		err = error_set_field(error, ERR_INVALID, "remove", REQUIRED_FIELD_MESSAGE);
	return err ? refuse_form(&page, SECTION_PARTY, err, error)
		   : redirect_to_section(&page, "removed", SECTION_PARTY);
}

/* Lists the blockers, each with the section that resolves it. */
static void add_blocker_faults(struct request *r, const struct error *error)
{
	for (size_t i = 0; i < error->blocker_count; i++) {
		const struct error_blocker *blocker = &error->blockers[i];
		const char *field = "";

		if (!strcmp(blocker->code, blocker_code_text(BLOCKER_DOCUMENT_MISSING)))
			field = uuid_is_valid(blocker->ref)
					? SECTION_PARTY
					: arena_printf(&r->arena, SECTION_DOCUMENT "%s", blocker->ref);
		else if (!strcmp(blocker->code, blocker_code_text(BLOCKER_CORRECTION_OPEN)))
			field = arena_printf(&r->arena, SECTION_CORRECTION "%s", blocker->ref);
		request_add_fault(r, field, "%s", blocker->message);
	}
}

static enum err handle_submit(struct request *r, struct error *error)
{
	struct page page;
	enum err err = open_page(r, true, &page, error);

	if (err)
		return err;
	err = link_submit_corrections(r, page.view, error);
	if (!err)
		return redirect_to_section(&page, "", "");
	add_blocker_faults(r, error);
	return refuse_form(&page, SECTION_SUBMISSION, err, error);
}

#define PAGE_PATH "/s/{token}"
#define FORM_ROW(address, verb_, function, text)                                                                       \
	{                                                                                                              \
		.method = "POST", .path = PAGE_PATH address, .response = "303", .permission = PERMIT_NOT_NEEDED,       \
		.verb = (verb_), .body = BODY_FORM, .admit = admit_form, .handle = (function), .summary = (text)       \
	}

static const struct route rows[] = {
	{ ROUTE_OF_LINK, .method = "GET", .path = PAGE_PATH, .response = "200:text/html", .verb = READ_ONLY,
	  .handle = handle_page, .summary = "Show the client's page: the requested items as forms" },
	FORM_ROW("/steps/{step}", VERB_STEP_SAVE, handle_step, "Save a step on the page; form fields are named f.NAME"),
	FORM_ROW("/documents", VERB_DOCUMENT_ADD, handle_document, "Upload a document on the page"),
	FORM_ROW("/corrections/{correction_id}", VERB_ANSWER, handle_explanation,
		 "Explain on the page why a correction is not possible"),
	FORM_ROW("/subsessions", VERB_PARTY_ADD, handle_party, "Declare a related party on the page"),
	FORM_ROW("/subsessions/{party_id}", VERB_PARTY_REMOVE, handle_party_removal,
		 "Remove a related party on the page"),
	FORM_ROW("/complete", VERB_COMPLETE, handle_submit, "Submit on the page"),
};
const struct routes routes_page = { rows, sizeof rows / sizeof *rows, DIALECT_PAGE };
