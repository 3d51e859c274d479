/* Documents on the page: uploaded documents, documents to correct, and the upload form. */
#include "kybdesk/domain/document_group.h"
#include "kybdesk/domain/things.h"
#include "link/page.h"

#include <string.h>

const char *document_type_title(const struct page *page, const char *type)
{
	return profile_document_title(page->view->profile, type);
}

static const char *step_of_type(const struct page *page, const char *type)
{
	const struct document_spec *spec = profile_document(page->view->profile, type);

	return spec && spec->step_id ? spec->step_id : "";
}

/* The open correction that requests this type; NULL if none. */
static const struct correction *correction_of_type(const struct page *page, const char *type)
{
	const struct case_file *file = &page->view->file;

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];
		bool whole = correction_is_of_step(correction);

		if (correction_is_unsettled(correction) &&
		    (correction_has_type(correction, type) ||
		     (whole && !strcmp(correction->step_id, step_of_type(page, type)))))
			return correction;
	}
	return NULL;
}

/* The next document of this type after the document `after`; if `after` is NULL, the first document of this type. */
static const struct document *next_document_of_type(const struct page *page, const char *type,
						    const struct document *after)
{
	const struct case_file *file = &page->view->file;
	const struct document *end = file->documents + file->document_count;

	for (const struct document *at = after ? after + 1 : file->documents; at < end; at++)
		if (!strcmp(at->type, type))
			return at;
	return NULL;
}

static bool document_is_present(const struct page *page, const char *type)
{
	return next_document_of_type(page, type, NULL) != NULL;
}

bool document_is_requested(const struct page *page, const char *type)
{
	const struct document_spec *spec = profile_document(page->view->profile, type);

	if (!link_accepts_input(&page->view->file))
		return false;
	if (page->view->file.session.status == SESSION_AWAITING_CLIENT_CORRECTION)
		return correction_of_type(page, type) != NULL;
	return spec && !spec->is_provider_requested ? true : document_is_present(page, type);
}

bool document_is_required(const struct page *page, const char *type)
{
	const struct document_spec *spec = profile_document(page->view->profile, type);

	return (spec && spec->mandatory) || correction_of_type(page, type);
}

struct rules_input page_rules_input(const struct page *page)
{
	return (struct rules_input){ .file = &page->view->file,
				     .profile = page->view->profile,
				     .countries = desk_countries(page->r->desk),
				     .today = "" };
}

/* Groups are requested only before the submission: a correction requests single types. */
static bool group_is_requested(const struct page *page, const struct document_group *group)
{
	const struct rules_input input = page_rules_input(page);
	enum session_status status = page->view->file.session.status;

	return link_accepts_input(&page->view->file) && status != SESSION_AWAITING_CLIENT_CORRECTION &&
	       document_group_applies(&page->r->arena, &input, group);
}

bool document_group_is_missing(const struct page *page, const struct document_group *group)
{
	const struct rules_input input = page_rules_input(page);

	return group_is_requested(page, group) && document_group_is_open(&page->r->arena, &input, group);
}

const struct document_group *document_group_at(const struct page *page, size_t *at)
{
	const struct profile *profile = page->view->profile;

	while (*at < profile->group_count) {
		const struct document_group *group = &profile->groups[(*at)++];

		if (group_is_requested(page, group))
			return group;
	}
	return NULL;
}

static enum word requirement_word(const struct page *page, const char *type)
{
	const struct document_group *group;

	if (document_is_required(page, type))
		return WORD_REQUIRED;
	for (size_t at = 0; (group = document_group_at(page, &at));)
		if (document_group_has_type(group, type))
			return WORD_ONE_OF;
	return WORD_OPTIONAL;
}

static bool has_step(const struct page *page, const char *id)
{
	const struct case_file *file = &page->view->file;

	return *id && case_step(file, id) && link_step_is_requested(file, id);
}

/* The step in which the page shows the document type: the type's own step, else the step of the correction that
 * requests the type; "": none. */
static const char *shown_step_of_type(const struct page *page, const char *type)
{
	const struct correction *correction = correction_of_type(page, type);

	if (has_step(page, step_of_type(page, type)))
		return step_of_type(page, type);
	return correction && has_step(page, correction->step_id) ? correction->step_id : "";
}

/* --- one document --- */

/* Adds the formats of the type, with `mark` before each format and `comma` between two formats. */
static void formats_add(const struct page *page, const struct document_spec *spec, const char *mark, const char *comma)
{
	unsigned formats = spec ? spec->formats : page->view->profile->default_format_bits;
	bool further = false;

	for (unsigned i = 0; i < FILE_FORMAT_COUNT; i++) {
		if (!(formats & 1u << i))
			continue;
		html_add(page->out, "%s%s%s", further ? comma : "", mark, file_format_text((enum file_format)i));
		if (*mark && i == FORMAT_JPEG)
			html_add(page->out, "%s.jpg", comma);
		further = true;
	}
}

static void formats_show(struct page *page, const struct document_spec *spec)
{
	int64_t most = spec ? spec->max_bytes : page->view->profile->default_max_bytes;

	html_add(page->out, "%s ", page_word(page, WORD_FORMATS));
	formats_add(page, spec, "", ", ");
	if (most > 0)
		html_add(page->out, "; %s %s", page_word(page, WORD_AT_MOST), megabytes_text(&page->r->arena, most));
}

static void side_state_show(struct page *page, const struct document *document, enum side side)
{
	const struct document_side one = document_side(document, side);

	html_add(page->out, "%s: ", page_word(page, side == SIDE_BACK ? WORD_BACK : WORD_FRONT));
	html_add(page->out, "%s", page_word(page, *one.sha256 ? WORD_RECEIVED : WORD_MISSING));
}

static void upload_form_show(struct page *page, const char *type, const char *section, enum word side,
			     const struct document *answered);

/* Whether the document gets an upload form of its own: the client corrects it, and the case has several of its type. */
static bool has_own_form(const struct page *page, const struct document *document)
{
	size_t count = 0;

	if (page->view->file.session.status != SESSION_AWAITING_CLIENT_CORRECTION || document->replaced ||
	    !document_needs_new_file(document) || !document_is_requested(page, document->type))
		return false;
	for (const struct document *at = NULL; (at = next_document_of_type(page, document->type, at));)
		count += !at->replaced && document_has_bytes(at);
	return count > 1;
}

static void document_show(struct page *page, const struct document *document)
{
	const struct reason *reason = NULL;

	html_add(page->out, "<li>");
	for (size_t i = 0; i < document_side_count(document); i++) {
		const struct document_side side = document_side(document, i);

		if (*side.file_name)
			page_add_text(page, side.file_name);
		html_add(page->out, " ");
	}
	if (document->review == REVIEW_REJECTED) {
		state_label_show(page, "bad", WORD_NOT_ACCEPTED);
		reason = reason_find(desk_reasons(page->r->desk), REASONS_DOCUMENT, document->review_reason);
	} else if (document->upload == UPLOAD_REQUIRED) {
		state_label_show(page, "wait", WORD_ASKED_FOR);
	} else if (document->double_sided && !document_has_all_sides(document)) {
		side_state_show(page, document, SIDE_FRONT);
		html_add(page->out, ", ");
		side_state_show(page, document, SIDE_BACK);
	} else {
		state_label_show(page, document_has_bytes(document) ? "good" : "wait",
				 document_has_bytes(document) ? WORD_RECEIVED : WORD_MISSING);
	}
	if (reason) {
		html_add(page->out, "<p class=\"words\">");
		page_add_reason(page, reason->message);
		html_add(page->out, "</p>");
	}
	if (document_answers_nothing(&page->view->file, page->view->profile, document))
		html_add(page->out, "<p class=\"hint\">%s</p>", page_word(page, WORD_ANSWERS_NOTHING));
	if (has_own_form(page, document))
		upload_form_show(page, document->type,
				 arena_printf(&page->r->arena, SECTION_DOCUMENT "%s", document->id), WORD_FRONT,
				 document);
	html_add(page->out, "</li>");
}

/* Whether the type needs no further file: uploaded, complete, and not requested again, or each requested document has
 * an upload form of its own. */
static bool is_document_complete(const struct page *page, const char *type)
{
	bool has_forms = false, lacks_side = false;

	for (const struct document *at = NULL; (at = next_document_of_type(page, type, at));) {
		has_forms = has_forms || has_own_form(page, at);
		lacks_side = lacks_side || document_lacks_side(at);
	}
	if (has_forms)
		return !lacks_side;
	for (const struct document *at = NULL; (at = next_document_of_type(page, type, at));)
		if (at->upload != UPLOAD_READY || at->review == REVIEW_REJECTED)
			return false;
	return document_is_present(page, type) && !correction_of_type(page, type);
}

/* Lists the uploaded files; the form offers the missing side first. */
static enum word documents_show(struct page *page, const char *type)
{
	enum word side = WORD_FRONT;

	html_add(page->out, "<ul class=\"plain\">");
	for (const struct document *at = NULL; (at = next_document_of_type(page, type, at));) {
		document_show(page, at);
		if (at->double_sided && document_lacks_side(at) && *document_side(at, SIDE_FRONT).sha256)
			side = WORD_BACK;
	}
	html_add(page->out, "</ul>");
	return side;
}

/* `of`: the control of the file. */
static void side_select_show(struct page *page, const struct control *of, enum word chosen)
{
	struct control control = *of;

	control.name = "side";
	control.label = page_word(page, WORD_SIDE);
	select_begin(page, &control);
	option_show(page, "front", page_word(page, WORD_FRONT), chosen == WORD_FRONT);
	option_show(page, "back", page_word(page, WORD_BACK), chosen == WORD_BACK);
	option_show(page, "", page_word(page, WORD_ONE_FILE), false);
	html_add(page->out, "</select></div>");
}

/* `answered`: the document that the file replaces; NULL: the form names none. */
static void upload_form_show(struct page *page, const char *type, const char *section, enum word side,
			     const struct document *answered)
{
	const struct document_spec *spec = profile_document(page->view->profile, type);
	const struct external_case *view = page->view;
	const char *title = document_type_title(page, type);
	const struct control control = { .section = section,
					 .name = "file",
					 .title = answered ? document_thing_text(&page->r->arena, &view->file,
										 view->profile, answered, title)
							   : title,
					 .label = page_word(page, WORD_FILE),
					 .type = "file",
					 .value = "" };

	html_add(page->out, "<p class=\"hint\">");
	formats_show(page, spec);
	html_add(page->out, "</p>");
	form_begin(page, "<form class=\"upload\" method=\"post\"", "documents", "");
	html_add(page->out, "<input type=\"hidden\" name=\"type\" value=\"");
	html_add_form_value(page->out, type);
	html_add(page->out, "\">");
	if (answered)
		html_add(page->out, "<input type=\"hidden\" name=\"document\" value=\"%s\">", answered->id);
	if (spec && spec->double_sided)
		side_select_show(page, &control, side);
	control_label_show(page, &control);
	html_add(page->out, "<input type=\"file\" accept=\"");
	formats_add(page, spec, ".", ",");
	html_add(page->out, "\"");
	control_name_show(page, &control);
	html_add(page->out, "></div><button class=\"second\">%s<span class=\"vh\">: ", page_word(page, WORD_UPLOAD));
	page_add_title(page, control.title);
	html_add(page->out, "</span></button></form>");
}

void document_type_show(struct page *page, const char *type)
{
	const struct document_spec *spec = profile_document(page->view->profile, type);
	const char *section = arena_printf(&page->r->arena, SECTION_DOCUMENT "%s", type);
	const char *title = document_type_title(page, type);
	bool there = document_is_present(page, type), settled;
	enum word side;

	html_add(page->out, "<div class=\"paper\" id=\"%s\"><div class=\"head\"><h3>", section);
	page_add_title(page, title);
	html_add(page->out, " <span class=\"mark\">(%s)</span></h3>", page_word(page, requirement_word(page, type)));
	if (!there && spec && spec->mandatory)
		state_label_show(page, "wait", WORD_MISSING);
	html_add(page->out, "</div>");
	notice_show(page, section);
	side = documents_show(page, type);
	settled = is_document_complete(page, type);
	if (settled) {
		html_add(page->out, "<details%s><summary>%s<span class=\"vh\">: ",
			 strcmp(page->refused_form, section) ? "" : " open", page_word(page, WORD_ANOTHER));
		page_add_title(page, title);
		html_add(page->out, "</span></summary>");
	}
	upload_form_show(page, type, section, side, NULL);
	if (settled)
		html_add(page->out, "</details>");
	html_add(page->out, "</div>");
}

static bool document_is_of_step(const struct page *page, const char *type, const char *step)
{
	return document_is_requested(page, type) && !strcmp(shown_step_of_type(page, type), step);
}

const char *document_type_at(const struct page *page, size_t at)
{
	const struct external_case *view = page->view;
	const char *type;

	if (at < view->profile->document_count)
		return view->profile->documents[at].type;
	at -= view->profile->document_count;
	type = view->file.documents[at].type;
	for (size_t i = 0; i < at; i++)
		if (!strcmp(view->file.documents[i].type, type))
			return NULL;
	return profile_document(view->profile, type) ? NULL : type;
}

size_t document_type_count(const struct page *page)
{
	return page->view->profile->document_count + page->view->file.document_count;
}

bool has_requested_documents(const struct page *page, const char *step)
{
	for (size_t i = 0; i < document_type_count(page); i++) {
		const char *type = document_type_at(page, i);

		if (type && document_is_of_step(page, type, step))
			return true;
	}
	return false;
}

bool has_uploaded_documents(const struct page *page, const char *step)
{
	const struct case_file *file = &page->view->file;

	for (size_t i = 0; i < file->document_count; i++)
		if (document_has_bytes(&file->documents[i]) &&
		    !strcmp(shown_step_of_type(page, file->documents[i].type), step))
			return true;
	return false;
}

static bool is_document_uploaded(const struct page *page, const char *type)
{
	for (const struct document *at = NULL; (at = next_document_of_type(page, type, at));)
		if (at->upload == UPLOAD_READY)
			return true;
	return false;
}

const struct document_spec *next_missing_document(const struct page *page, size_t *at)
{
	const struct profile *profile = page->view->profile;

	while (*at < profile->document_count) {
		const struct document_spec *spec = &profile->documents[(*at)++];

		if (spec->mandatory && document_is_requested(page, spec->type) &&
		    !is_document_uploaded(page, spec->type))
			return spec;
	}
	while (*at < profile->document_count + profile->group_count) {
		const struct document_group *group = &profile->groups[(*at)++ - profile->document_count];

		if (document_group_is_missing(page, group))
			return &group->entry_spec;
	}
	return NULL;
}

static bool group_is_of_step(const struct page *page, const struct document_group *group, const char *step)
{
	for (size_t i = 0; i < group->type_count; i++)
		if (document_is_of_step(page, group->types[i], step))
			return true;
	return false;
}

/* Shows a group above its types, such as "Identity: Passport or Identity card (one of these is enough)". */
static void groups_show(struct page *page, const char *step)
{
	const struct document_group *group;

	for (size_t at = 0; (group = document_group_at(page, &at));) {
		if (!group_is_of_step(page, group, step))
			continue;
		html_add(page->out, "<p id=\"" SECTION_DOCUMENT "%s\">", group->id);
		page_add_title(page, group->entry_spec.title);
		html_add(page->out, " <span class=\"mark\">(%s)</span> ", page_word(page, WORD_ONE_OF));
		state_label_show(page, document_group_is_missing(page, group) ? "wait" : "good",
				 document_group_is_missing(page, group) ? WORD_MISSING : WORD_RECEIVED);
		html_add(page->out, "</p>");
	}
}

void document_types_show(struct page *page, const char *step)
{
	groups_show(page, step);
	for (size_t i = 0; i < document_type_count(page); i++) {
		const char *type = document_type_at(page, i);

		if (type && document_is_of_step(page, type, step))
			document_type_show(page, type);
	}
}
