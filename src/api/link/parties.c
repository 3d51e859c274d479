/* Related parties on the page: declared parties, their links, and the form to declare one. */
#include "link/page.h"

#include <string.h>

/* Whether an open correction is about the parties: it covers a whole step, or a field that names all parties. */
static bool requests_parties(const struct page *page, const struct correction *correction)
{
	const struct step_spec *spec = profile_step(page->view->profile, correction->step_id);

	if (!correction_is_unsettled(correction))
		return false;
	/* For a correction of a whole step, the desk accepts new parties. The page offers to declare parties only
	 * if the step has no fields. */
	if (correction_is_of_step(correction))
		return !spec || !spec->field_count;
	for (size_t i = 0; i < correction->field_count; i++) {
		for (size_t f = 0; spec && f < spec->field_count; f++)
			if (!strcmp(spec->fields[f].id, correction->field_ids[i]) &&
			    field_rule_find(&spec->fields[f], RULE_PARTIES))
				return true;
	}
	return false;
}

bool may_declare_parties(const struct page *page)
{
	const struct case_file *file = &page->view->file;

	if (!page->view->profile->parties.client_declares_parties || !link_accepts_input(file))
		return false;
	if (file->session.status != SESSION_AWAITING_CLIENT_CORRECTION)
		return true;
	for (size_t i = 0; i < file->correction_count; i++)
		if (requests_parties(page, &file->corrections[i]))
			return true;
	return false;
}

static bool has_party_links(const struct page *page)
{
	for (size_t i = 0; i < page->view->file.party_count; i++)
		if (*page->view->party_links[i])
			return true;
	return false;
}

bool has_parties_section(const struct page *page)
{
	return may_declare_parties(page) || has_party_links(page);
}

static const enum word words_of_roles[PARTY_ROLE_COUNT] = {
	[ROLE_UBO] = WORD_UBO,
	[ROLE_DIRECTOR] = WORD_DIRECTOR,
	[ROLE_SHAREHOLDER] = WORD_SHAREHOLDER,
	[ROLE_AUTHORISED_SIGNATORY] = WORD_SIGNATORY,
	[ROLE_REPRESENTATIVE] = WORD_REPRESENTATIVE,
	[ROLE_SUBMERCHANT] = WORD_SUBMERCHANT,
};

/* --- declared parties --- */

/* A removal needs two presses of a button, because it cannot be undone: the client would have to declare the party
 * again. */
static void removal_show(struct page *page, const struct party *party)
{
	html_add(page->out, "<details><summary>%s<span class=\"vh\">: ", page_word(page, WORD_REMOVE));
	page_add_text(page, party->name);
	html_add(page->out, "</span></summary>");
	form_begin(page, "<form method=\"post\"", "subsessions/", party->id);
	html_add(page->out,
		 "<button class=\"second\" name=\"remove\" value=\"true\">%s: ", page_word(page, WORD_REMOVE));
	page_add_text(page, party->name);
	html_add(page->out, "</button></form></details>");
}

static void party_show(struct page *page, const struct party *party, const char *link)
{
	const char *state = link_party_state(party), *comma = "";

	html_add(page->out, "<div class=\"paper\" id=\"party-%s\"><div class=\"head\"><h3>", party->id);
	page_add_text(page, party->name);
	html_add(page->out, "</h3>");
	if (!strcmp(state, "open"))
		state_label_show(page, "wait", WORD_PARTY_OPEN);
	else if (!strcmp(state, "handed_in"))
		state_label_show(page, "good", WORD_PARTY_HANDED_IN);
	html_add(page->out, "</div><p class=\"soft\">");
	for (unsigned i = 0; i < PARTY_ROLE_COUNT; i++) {
		if (!(party->roles & 1u << i))
			continue;
		html_add(page->out, "%s%s", comma, page_word(page, words_of_roles[i]));
		comma = ", ";
	}
	html_add(page->out, "</p>");
	if (*link)
		html_add(page->out, "<p>%s<br><a rel=\"noreferrer\" href=\"%s\">%s</a></p>",
			 page_word(page, WORD_PARTY_LINK), link, link);
	if (may_declare_parties(page) && link_may_remove_party(&page->view->file, party))
		removal_show(page, party);
	html_add(page->out, "</div>");
}

/* --- declaring a party --- */

static const char *form_value(const struct page *page, const char *name)
{
	const char *value = strcmp(page->refused_form, SECTION_PARTY) ? NULL : request_field(page->r, name);

	return value ? value : "";
}

static struct control party_control(const struct page *page, const char *name, enum word label, const char *type)
{
	return (struct control){ .section = SECTION_PARTY,
				 .name = name,
				 .label = page_word(page, label),
				 .type = type,
				 .autofill = "off", /* another person's data */
				 .value = form_value(page, name) };
}

static void input_show(struct page *page, const char *name, enum word label, const char *type)
{
	const struct control control = party_control(page, name, label, type);

	control_show(page, &control);
}

static void party_kind_show(struct page *page)
{
	const struct control control = party_control(page, "kind", WORD_KIND, "text");

	select_begin(page, &control);
	option_show(page, party_kind_text(PARTY_INDIVIDUAL), page_word(page, WORD_PERSON), false);
	option_show(page, party_kind_text(PARTY_COMPANY), page_word(page, WORD_COMPANY),
		    !strcmp(control.value, party_kind_text(PARTY_COMPANY)));
	html_add(page->out, "</select></div>");
}

static bool is_role_checked(const struct page *page, const char *role)
{
	for (size_t i = 0; !strcmp(page->refused_form, SECTION_PARTY) && i < page->r->field_count; i++)
		if (!strcmp(page->r->fields[i].name, "role") && !strcmp(page->r->fields[i].value, role))
			return true;
	return false;
}

static void roles_show(struct page *page)
{
	const struct control control = party_control(page, "role", WORD_ROLES, "checkbox");
	unsigned allowed = page->view->profile->parties.roles;

	checkboxes_begin(page, &control);
	for (unsigned i = 0; i < PARTY_ROLE_COUNT; i++) {
		const char *word = party_role_text((enum party_role)i);

		if (!allowed || allowed & 1u << i)
			html_add(page->out,
				 "<label class=\"tick\"><input type=\"checkbox\" name=\"role\" "
				 "value=\"%s\"%s>%s</label>",
				 word, is_role_checked(page, word) ? " checked" : "",
				 page_word(page, words_of_roles[i]));
	}
	html_add(page->out, "</fieldset>");
}

static void position_show(struct page *page)
{
	const struct party_rules *rules = &page->view->profile->parties;
	const struct control control = party_control(page, "control_role", WORD_POSITION, "text");

	if (!rules->control_role_count) {
		control_show(page, &control);
		return;
	}
	select_begin(page, &control);
	option_show(page, "", page_word(page, WORD_CHOOSE), !*control.value);
	for (size_t i = 0; i < rules->control_role_count; i++)
		option_show(page, rules->control_roles[i], rules->control_roles[i],
			    !strcmp(rules->control_roles[i], control.value));
	html_add(page->out, "</select></div>");
}

static void party_form_show(struct page *page)
{
	const struct control country = party_control(page, "country", WORD_COUNTRY, "text");
	bool is_refused = !strcmp(page->refused_form, SECTION_PARTY);
	static const struct field_rule any_country = { .kind = RULE_COUNTRY, .country_form_bits = COUNTRY_ALPHA3 };
	struct requested_fields requested;

	requested_fields_init_party(page, &requested);
	html_add(page->out, "<details%s><summary>%s</summary>", is_refused ? " open" : "",
		 page_word(page, WORD_PARTY_ADD));
	form_begin(page, "<form method=\"post\" novalidate", "subsessions", "");
	party_kind_show(page);
	input_show(page, "name", WORD_NAME, "text");
	roles_show(page);
	position_show(page);
	input_show(page, "percent", WORD_SHARE, "text");
	countries_show(page, &country, &any_country);
	input_show(page, "birth", WORD_BIRTH, "date");
	input_show(page, "tax_id", WORD_TAX_ID, "text");
	input_show(page, "registration_number", WORD_REGISTRATION, "text");
	input_show(page, "email", WORD_EMAIL, "email");
	input_show(page, "phone", WORD_PHONE, "tel");
	requested_fields_show(page, &requested);
	html_add(page->out, "<button>%s</button></form></details>", page_word(page, WORD_ADD));
}

void parties_show(struct page *page)
{
	const struct case_file *file = &page->view->file;

	html_add(page->out, "<section id=\"" SECTION_PARTY "\"><h2>%s</h2>", page_word(page, WORD_PARTIES));
	if (may_declare_parties(page))
		html_add(page->out, "<p class=\"soft\">%s</p>", page_word(page, WORD_PARTIES_HINT));
	notice_show(page, SECTION_PARTY);
	for (size_t i = 0; i < file->party_count; i++)
		party_show(page, &file->parties[i], page->view->party_links[i]);
	if (may_declare_parties(page))
		party_form_show(page);
	html_add(page->out, "</section>");
}
