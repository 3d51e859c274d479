/* Draws the page of a client's link, from top to bottom. */
#include "kybdesk/base/text.h"
#include "encode.h"
#include "kybdesk/domain/submit.h"
#include "kybdesk/domain/things.h"
#include "link/page.h"

#include <string.h>

void state_label_show(struct page *page, const char *colour, enum word word)
{
	html_add(page->out, "<span class=\"state %s\">%s</span>", colour, page_word(page, word));
}

void notice_show(struct page *page, const char *section)
{
	static const struct {
		const char *code;
		enum word word;
	} notices[] = { { "saved", WORD_SAVED },
			{ "uploaded", WORD_UPLOADED },
			{ "answered", WORD_ANSWERED },
			{ "added", WORD_ADDED },
			{ "removed", WORD_REMOVED } };
	const char *done = request_query(page->r, "done"), *at = request_query(page->r, "at");

	for (size_t i = 0; done && at && !strcmp(at, section) && i < sizeof notices / sizeof *notices; i++)
		if (!strcmp(notices[i].code, done))
			html_add(page->out,
				 "<p class=\"notice\" role=\"status\" id=\"" NOTICE_ID "\" tabindex=\"-1\">%s</p>",
				 page_word(page, notices[i].word));
}

/* --- faults, at the top --- */

static const char *field_title(const struct page *page, const char *step, const char *field);

/* Names the field of a fault, because this sentence is not shown next to the field. */
static void fault_field_show(struct page *page, const struct fault *fault)
{
	if (!*fault->field || !text_has_prefix(page->refused_form, SECTION_STEP))
		return;
	page_add_title(page, field_title(page, page->refused_form + strlen(SECTION_STEP), fault->field));
	html_add(page->out, ": ");
}

static void faults_show(struct page *page)
{
	const struct request *r = page->r;
	bool elsewhere = !strcmp(page->refused_form, SECTION_SUBMISSION);

	if (!r->fault_count)
		return;
	html_add(page->out, "<div class=\"box alert\" role=\"alert\" tabindex=\"-1\" autofocus><h2>%s</h2><ul>",
		 page_word(page, WORD_PROBLEM));
	for (size_t i = 0; i < r->fault_count; i++) {
		const struct fault *fault = &r->faults[i];

		html_add(page->out, "<li>");
		if (*fault->field && elsewhere)
			html_add(page->out, "<a href=\"#%s\">", fault->field);
		else if (*fault->field)
			html_add(page->out, "<a href=\"#%s-%s\">", page->refused_form, fault->field);
		fault_field_show(page, fault);
		page_add_desk_text(page, fault->message);
		html_add(page->out, *fault->field ? "</a></li>" : "</li>");
	}
	html_add(page->out, "</ul></div>");
}

/* --- status --- */

static enum word status_word(enum session_status status)
{
	static const enum word words[] = { [SESSION_DRAFT] = WORD_INTRO,
					   [SESSION_ACTIVE] = WORD_INTRO,
					   [SESSION_AWAITING_CLIENT_CORRECTION] = WORD_ASKED_AGAIN,
					   [SESSION_COMPLETED] = WORD_HANDED_IN,
					   [SESSION_PROCESSING] = WORD_HANDED_IN,
					   [SESSION_PROCESSED] = WORD_HANDED_IN,
					   [SESSION_MANUAL_REVIEW] = WORD_HANDED_IN,
					   [SESSION_APPROVED] = WORD_APPROVED,
					   [SESSION_REJECTED] = WORD_REJECTED,
					   [SESSION_EXPIRED] = WORD_EXPIRED };
	WORDS_CHECK_TABLE(words, SESSION_STATUS_WORDS);

	return words[status];
}

/* After the submission, the status is the notice that gets the focus. */
static void status_begin(struct page *page)
{
	bool handed_in = status_word(page->view->file.session.status) == WORD_HANDED_IN;

	html_add(page->out, "<p class=\"%s\"", handed_in ? "notice" : "status");
	if (!link_accepts_input(&page->view->file))
		html_add(page->out, " role=\"status\" id=\"" NOTICE_ID "\" tabindex=\"-1\"");
	html_add(page->out, ">");
}

static void status_show(struct page *page)
{
	const struct session *session = &page->view->file.session;
	char day[16];

	html_add(page->out, "<p class=\"soft\">");
	page_add_title(page, page->view->profile->title);
	html_add(page->out, "</p>");
	status_begin(page);
	html_add(page->out, "%s</p>", page_word(page, status_word(session->status)));
	if (session->status == SESSION_REJECTED && *page->view->message) {
		html_add(page->out, "<p class=\"ask words\">");
		page_add_reason(page, page->view->message);
		html_add(page->out, "</p>");
	}
	if (session->status == SESSION_REJECTED && page->view->retryable)
		html_add(page->out, "<p>%s</p>", page_word(page, WORD_TRY_AGAIN));
	if (!link_accepts_input(&page->view->file) || session->expires_at == TIME_NONE)
		return;
	date_format(session->expires_at, day);
	html_add(page->out, "<p class=\"soft\">%s <time>%s</time>.</p>", page_word(page, WORD_UNTIL), day);
}

/* --- corrections --- */

static const char *field_title(const struct page *page, const char *step, const char *field)
{
	const struct step_spec *spec = profile_step(page->view->profile, step);
	const struct field_spec *of = spec ? find_field_spec(spec->fields, spec->field_count, field) : NULL;

	return of && *of->title ? of->title : field;
}

/* Shows the documents of this type that the correction means, with their owners; if it names none, the type. */
static const char *scope_documents_show(struct page *page, const struct correction *correction, const char *type,
					const char *comma)
{
	const struct external_case *view = page->view;
	const char *title = document_type_title(page, type);
	bool named = false;

	for (size_t i = 0; i < view->file.document_count; i++) {
		const struct document *document = &view->file.documents[i];

		if (strcmp(document->type, type) != 0 || !correction_has_document(correction, document->id))
			continue;
		html_add(page->out, "%s", comma);
		page_add_text(page, document_thing_text(&page->r->arena, &view->file, view->profile, document, title));
		comma = ", ";
		named = true;
	}
	if (!named) {
		html_add(page->out, "%s", comma);
		page_add_title(page, title);
	}
	return ", ";
}

static void correction_scope_show(struct page *page, const struct correction *correction)
{
	const char *comma = "";

	if (correction_is_of_step(correction))
		return;
	html_add(page->out, "<p class=\"hint\">%s ", page_word(page, WORD_ABOUT));
	for (size_t i = 0; i < correction->field_count; i++, comma = ", ") {
		html_add(page->out, "%s", comma);
		page_add_title(page, field_title(page, correction->step_id, correction->field_ids[i]));
	}
	for (size_t i = 0; i < correction->document_type_count; i++)
		comma = scope_documents_show(page, correction, correction->document_types[i], comma);
	html_add(page->out, "</p>");
}

static const char *client_explanation(const struct correction *correction)
{
	return value_text(value_member(correction->after, "words"));
}

static void explanation_show(struct page *page, const struct correction *correction, const char *section)
{
	bool is_refused = !strcmp(page->refused_form, section);
	const char *typed = is_refused ? request_field(page->r, "words") : NULL;
	const struct control control = { .section = section,
					 .name = "words",
					 .label = page_word(page, WORD_WHY_NOT_HINT),
					 .type = "text",
					 .value = typed ? typed : client_explanation(correction) };

	html_add(page->out, "<details%s><summary>%s</summary>", is_refused ? " open" : "",
		 page_word(page, WORD_WHY_NOT));
	form_begin(page, "<form method=\"post\" novalidate", "corrections/", correction->id);
	long_text_show(page, &control);
	html_add(page->out, "<button class=\"second\">%s</button></form></details>", page_word(page, WORD_SEND));
}

static void correction_show(struct page *page, const struct correction *correction)
{
	const char *section = arena_printf(&page->r->arena, SECTION_CORRECTION "%s", correction->id);

	html_add(page->out, "<div class=\"ask\" id=\"%s\"><h3>%s</h3><p class=\"words\">", section,
		 page_word(page, WORD_CORRECTION));
	page_add_reason(page, correction->message);
	html_add(page->out, "</p>");
	correction_scope_show(page, correction);
	notice_show(page, section);
	if (*client_explanation(correction)) {
		html_add(page->out, "<p class=\"words\"><strong>%s</strong> ", page_word(page, WORD_YOUR_ANSWER));
		page_add_text(page, client_explanation(correction));
		html_add(page->out, "</p>");
	}
	explanation_show(page, correction, section);
	html_add(page->out, "</div>");
}

/* --- steps --- */

static void step_state_show(struct page *page, enum step_status status)
{
	static const struct {
		const char *colour;
		enum word word;
	} states[] = { [STEP_PENDING] = { "", WORD_TO_DO },
		       [STEP_IN_PROGRESS] = { "wait", WORD_BEGUN },
		       [STEP_NEEDS_CORRECTION] = { "wait", WORD_TO_CORRECT },
		       [STEP_COMPLETED] = { "good", WORD_DONE },
		       [STEP_SKIPPED] = { "good", WORD_DONE } };
	WORDS_CHECK_TABLE(states, STEP_STATUS_WORDS);

	state_label_show(page, states[status].colour, states[status].word);
}

static void step_form_show(struct page *page, const struct step *step, const struct requested_fields *requested)
{
	form_begin(page, "<form method=\"post\" novalidate", "steps/", step->id);
	requested_fields_show(page, requested);
	html_add(page->out, "<button name=\"done\" value=\"true\">%s</button>", page_word(page, WORD_SAVE_DONE));
	if (page->view->file.session.status != SESSION_AWAITING_CLIENT_CORRECTION)
		html_add(page->out, "<button class=\"second\" name=\"done\" value=\"false\">%s</button>",
			 page_word(page, WORD_SAVE));
	html_add(page->out, "</form>");
}

/* Offers to complete a step without an upload, if the step requests only documents. */
static void skip_upload_button_show(struct page *page, const struct step *step)
{
	form_begin(page, "<form method=\"post\"", "steps/", step->id);
	html_add(page->out, "<button class=\"second\" name=\"done\" value=\"true\">%s</button></form>",
		 page_word(page, WORD_NOTHING));
}

static void step_show(struct page *page, const struct step *step)
{
	bool documents = has_requested_documents(page, step->id), corrected = step->status == STEP_NEEDS_CORRECTION;
	const struct case_file *file = &page->view->file;
	struct requested_fields requested;

	requested_fields_init_step(page, step, &requested);
	/* The page does not show a step that requests nothing from the client: such a step is for the reviewers. */
	if (!requested.count && !documents && !corrected)
		return;
	html_add(page->out, "<section id=\"%s\" aria-labelledby=\"h-%s\"><div class=\"head\"><h2 id=\"h-%s\">",
		 requested.section, requested.section, requested.section);
	page_add_title(page, profile_step_title(page->view->profile, step->id));
	html_add(page->out, "</h2>");
	if (requested.count || corrected || step->status == STEP_COMPLETED)
		step_state_show(page, step->status);
	html_add(page->out, "</div>");
	notice_show(page, requested.section);
	for (size_t i = 0; i < file->correction_count; i++)
		if (correction_is_unsettled(&file->corrections[i]) && !strcmp(file->corrections[i].step_id, step->id))
			correction_show(page, &file->corrections[i]);
	if (requested.count)
		step_form_show(page, step, &requested);
	document_types_show(page, step->id);
	if (!requested.count && !corrected && step->status != STEP_COMPLETED && !has_uploaded_documents(page, step->id))
		skip_upload_button_show(page, step);
	html_add(page->out, "</section>");
}

/* Whether the step refers to parties; the page shows the parties before such a step. */
static bool step_refers_to_parties(const struct page *page, const char *step)
{
	const struct step_spec *spec = profile_step(page->view->profile, step);

	for (size_t f = 0; spec && f < spec->field_count; f++)
		if (field_rule_find(&spec->fields[f], RULE_PARTIES))
			return true;
	return false;
}

static void steps_show(struct page *page)
{
	const struct case_file *file = &page->view->file;
	bool shown = false;

	for (size_t i = 0; i < file->step_count; i++) {
		if (!link_step_is_requested(file, file->steps[i].id))
			continue;
		if (step_refers_to_parties(page, file->steps[i].id) && has_parties_section(page)) {
			parties_show(page);
			shown = true;
		}
		step_show(page, &file->steps[i]);
	}
	if (!shown && has_parties_section(page))
		parties_show(page);
	if (!has_requested_documents(page, ""))
		return;
	html_add(page->out, "<section><h2>%s</h2>", page_word(page, WORD_DOCUMENTS));
	document_types_show(page, "");
	html_add(page->out, "</section>");
}

static void missing_item_show(struct page *page, bool *first, const char *section, const char *title)
{
	html_add(page->out, *first ? "<p>%s " : "%s", *first ? page_word(page, WORD_NOT_DONE) : ", ");
	html_add(page->out, "<a href=\"#%s\">", section);
	page_add_title(page, title);
	html_add(page->out, "</a>");
	*first = false;
}

/* Warns about items that are missing for an approval, because the client may submit the session without them. */
static void missing_items_show(struct page *page)
{
	const struct case_file *file = &page->view->file;
	const struct document_spec *document;
	bool first = true;

	for (size_t i = 0; i < file->step_count; i++) {
		const struct step *step = &file->steps[i];
		struct requested_fields requested;

		if (step->status == STEP_COMPLETED || step->status == STEP_SKIPPED ||
		    !link_step_is_requested(file, step->id))
			continue;
		requested_fields_init_step(page, step, &requested);
		if (requested.count)
			missing_item_show(page, &first, requested.section,
					  profile_step_title(page->view->profile, step->id));
	}
	for (size_t at = 0; (document = next_missing_document(page, &at));)
		missing_item_show(page, &first, arena_printf(&page->r->arena, SECTION_DOCUMENT "%s", document->type),
				  *document->title ? document->title : document->type);
	if (!first)
		html_add(page->out, "</p>");
}

static void submit_form_show(struct page *page)
{
	bool again = page->view->file.session.status == SESSION_AWAITING_CLIENT_CORRECTION;
	const char *word = page_word(page, again ? WORD_HAND_IN_AGAIN : WORD_HAND_IN);

	html_add(page->out, "<section id=\"" SECTION_SUBMISSION "\"><h2>%s</h2><p class=\"soft\">%s</p>", word,
		 page_word(page, WORD_HAND_IN_HINT));
	/* Does not warn before a resubmission, because the desk refuses a resubmission while a correction is
	 * unanswered. */
	if (!again)
		missing_items_show(page);
	form_begin(page, "<form method=\"post\"", "complete", "");
	html_add(page->out, "<button name=\"hand_in\" value=\"true\">%s</button></form></section>", word);
}

static void case_show(struct page *page)
{
	html_add(page->out, "<h1>%s: ", page_word(page, WORD_TITLE));
	page_add_text(page, page->view->file.session.subject.name);
	html_add(page->out, "</h1>");
	status_show(page);
	faults_show(page);
	if (link_accepts_input(&page->view->file))
		steps_show(page);
	else if (has_parties_section(page))
		parties_show(page);
	if (link_accepts_input(&page->view->file))
		submit_form_show(page);
}

/* The page of a link for one document. The page has no submit button, because the upload of the last requested
 * document submits the corrections. The page shows whether the document was received. */
static void single_document_show(struct page *page, const char *type)
{
	const struct case_file *file = &page->view->file;

	html_add(page->out, "<h1>%s</h1>", page_word(page, WORD_TITLE));
	faults_show(page);
	if (!link_accepts_input(file)) {
		status_begin(page);
		html_add(page->out, "%s</p>", page_word(page, WORD_HANDED_IN));
		return;
	}
	html_add(page->out, "<section>");
	if (document_is_uploaded(file, type))
		state_label_show(page, "good", WORD_DONE);
	document_type_show(page, type);
	html_add(page->out, "</section>");
}

void page_show(struct page *page, int status)
{
	const char *only = page->r->caller.document_type;

	strbuf_reset(page->out);
	page_begin(page, page_word(page, WORD_TITLE));
	if (*only)
		single_document_show(page, only);
	else
		case_show(page);
	page_end(page, status);
}
