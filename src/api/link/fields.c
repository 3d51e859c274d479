/* The controls of a form: each field of the profile as the browser control that fits best. */
#include "kybdesk/base/text.h"
#include "link/page.h"

#include <string.h>

#define SINGLE_LINE_LENGTH_MAX 120 /* characters; a longer field gets several lines */

/* --- one control --- */

static const char *control_fault(const struct page *page, const struct control *control)
{
	const struct request *r = page->r;

	for (size_t i = 0; !strcmp(page->refused_form, control->section) && i < r->fault_count; i++)
		if (!strcmp(r->faults[i].field, control->name))
			return r->faults[i].message;
	return NULL;
}

static void add_control_id(struct page *page, const struct control *control)
{
	html_add(page->out, "%s-%s", control->section, control->name);
}

static void add_label(struct page *page, const struct control *control)
{
	if (control->title)
		page_add_title(page, control->title);
	html_add(page->out, "%s%s", control->title && *control->label ? ": " : "", control->label);
}

/* Opens the field; the caller adds its control and "</div>". */
void control_label_show(struct page *page, const struct control *control)
{
	const char *fault = control_fault(page, control);

	html_add(page->out, "<div class=\"%s\"><label for=\"", fault ? "field faulty" : "field");
	add_control_id(page, control);
	html_add(page->out, "\">");
	add_label(page, control);
	if (control->required)
		html_add(page->out, " <span class=\"mark\">(%s)</span>", page_word(page, WORD_REQUIRED));
	html_add(page->out, "</label>");
	if (!fault)
		return;
	html_add(page->out, "<p class=\"fault\" id=\"fault-");
	add_control_id(page, control);
	html_add(page->out, "\">");
	page_add_desk_text(page, fault);
	html_add(page->out, "</p>");
}

void control_name_show(struct page *page, const struct control *control)
{
	html_add(page->out, " id=\"");
	add_control_id(page, control);
	html_add(page->out, "\" name=\"%s%s\"", control->type && *control->type == '.' ? "f." : "", control->name);
	if (control->required)
		html_add(page->out, " aria-required=\"true\"");
	if (control->autofill)
		html_add(page->out, " autocomplete=\"%s\"", control->autofill);
	if (!control_fault(page, control))
		return;
	html_add(page->out, " aria-invalid=\"true\" aria-describedby=\"fault-");
	add_control_id(page, control);
	html_add(page->out, "\"");
}

void select_begin(struct page *page, const struct control *control)
{
	control_label_show(page, control);
	html_add(page->out, "<select");
	control_name_show(page, control);
	html_add(page->out, ">");
}

void option_show(struct page *page, const char *value, const char *label, bool chosen)
{
	html_add(page->out, "<option value=\"");
	html_add_form_value(page->out, value);
	html_add(page->out, "\"%s>%s</option>", chosen ? " selected" : "", label);
}

/* Shows the empty choice, and a stored value that is not one of the choices. */
static void default_options_show(struct page *page, const char *value, bool known)
{
	option_show(page, "", page_word(page, WORD_CHOOSE), !*value);
	if (*value && !known)
		option_show(page, value, value, true);
}

void control_show(struct page *page, const struct control *control)
{
	const char *type = *control->type == '.' ? control->type + 1 : control->type;

	/* A date control cannot show an invalid date. */
	if (!strcmp(type, "date") && *control->value && !date_is_valid(control->value))
		type = "text";
	control_label_show(page, control);
	html_add(page->out, "<input type=\"%s\" value=\"", type);
	html_add_form_value(page->out, control->value);
	html_add(page->out, "\"");
	control_name_show(page, control);
	html_add(page->out, "></div>");
}

static const char *country_code(const struct country *country, unsigned forms)
{
	if (forms & COUNTRY_ALPHA3 || !forms)
		return country->alpha3;
	return forms & COUNTRY_ALPHA2 ? country->alpha2 : country->name;
}

static const char *country_sort_key(struct arena *arena, const char *name)
{
	struct strbuf key = STRBUF_INIT;

	text_fold(&key, name, strlen(name));
	return strbuf_finish(&key, arena);
}

/* The indexes of the countries, sorted by name without accents. */
static size_t *sort_countries(struct page *page, const struct countries *countries)
{
	struct arena *arena = &page->r->arena;
	size_t *order = arena_alloc_array(arena, countries->count + 1, sizeof *order);
	const char **keys = arena_alloc_array(arena, countries->count + 1, sizeof *keys);

	for (size_t i = 0; i < countries->count; i++) {
		size_t at = i;

		keys[i] = country_sort_key(arena, countries->items[i].name);
		for (; at && strcmp(keys[i], keys[order[at - 1]]) < 0; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	return order;
}

static bool is_allowed_word(const struct field_rule *rule, const char *text)
{
	return texts_contain((const char *const *)rule->words, rule->word_count, text);
}

static void allowed_words_show(struct page *page, const struct field_rule *rule, const char *chosen)
{
	for (size_t i = 0; i < rule->word_count; i++)
		option_show(page, rule->words[i], rule->words[i], !strcmp(rule->words[i], chosen));
}

void countries_show(struct page *page, const struct control *control, const struct field_rule *rule)
{
	const struct countries *countries = desk_countries(page->r->desk);
	const struct country *chosen = *control->value ? country_find(countries, control->value) : NULL;
	const size_t *order = sort_countries(page, countries);

	select_begin(page, control);
	default_options_show(page, control->value, chosen || is_allowed_word(rule, control->value));
	/* Words that the rule allows in addition to countries, such as "N/A". */
	allowed_words_show(page, rule, control->value);
	for (size_t i = 0; i < countries->count; i++) {
		const struct country *country = &countries->items[order[i]];

		if (!country->is_of_persons)
			option_show(page, country_code(country, rule->country_form_bits), country->name,
				    country == chosen);
	}
	html_add(page->out, "</select></div>");
}

/* --- fields of the profile --- */

static void choices_show(struct page *page, const struct control *control, const struct field_rule *rule)
{
	select_begin(page, control);
	default_options_show(page, control->value, is_allowed_word(rule, control->value));
	allowed_words_show(page, rule, control->value);
	html_add(page->out, "</select></div>");
}

static void yes_no_show(struct page *page, const struct control *control)
{
	select_begin(page, control);
	default_options_show(page, control->value, true);
	option_show(page, "true", page_word(page, WORD_YES), !strcmp(control->value, "true"));
	option_show(page, "false", page_word(page, WORD_NO), !strcmp(control->value, "false"));
	html_add(page->out, "</select></div>");
}

/* Whether the client may choose the document for the field: it is complete, not replaced, and of a type that the
 * rule allows. */
static bool is_document_selectable(const struct document *document, const struct field_rule *rule)
{
	return document->upload == UPLOAD_READY && !document->replaced &&
	       (is_allowed_word(rule, document->type) || !rule->word_count);
}

/* Shows a list of the uploaded documents, to choose one. */
static void document_select_show(struct page *page, const struct control *control, const struct field_rule *rule)
{
	const struct external_case *view = page->view;
	const struct document *chosen = case_document(&view->file, control->value);

	select_begin(page, control);
	default_options_show(page, control->value, chosen && is_document_selectable(chosen, rule));
	for (size_t i = 0; i < view->file.document_count; i++) {
		const struct document *document = &view->file.documents[i];

		if (is_document_selectable(document, rule))
			option_show(page, document->id,
				    arena_printf(&page->r->arena, "%s: %s", document_type_title(page, document->type),
						 document->file_name),
				    document == chosen);
	}
	html_add(page->out, "</select></div>");
}

static bool list_has_text(const struct value *list, const char *id)
{
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++)
		if (!strcmp(value_text(&list->items[i]), id))
			return true;
	return false;
}

static void fault_show(struct page *page, const char *fault)
{
	if (!fault)
		return;
	html_add(page->out, "<p class=\"fault\">");
	page_add_desk_text(page, fault);
	html_add(page->out, "</p>");
}

void checkboxes_begin(struct page *page, const struct control *control)
{
	const char *fault = control_fault(page, control);

	html_add(page->out, "<fieldset class=\"%s\" id=\"", fault ? "field faulty" : "field");
	add_control_id(page, control);
	html_add(page->out, "\"><legend>");
	add_label(page, control);
	html_add(page->out, "</legend>");
	fault_show(page, fault);
}

/* Shows each party as a checkbox. */
static void checkboxes_show(struct page *page, const struct control *control, const struct value *value)
{
	const struct case_file *file = &page->view->file;

	checkboxes_begin(page, control);
	/* This hidden field is sent even if no box is ticked. */
	html_add(page->out, "<input type=\"hidden\" name=\"f.%s\" value=\"\">", control->name);
	for (size_t i = 0; i < file->party_count; i++) {
		html_add(page->out, "<label class=\"tick\"><input type=\"checkbox\" name=\"f.%s\" value=\"%s\"%s>",
			 control->name, file->parties[i].id,
			 list_has_text(value, file->parties[i].id) ? " checked" : "");
		page_add_text(page, file->parties[i].name);
		html_add(page->out, "</label>");
	}
	html_add(page->out, "</fieldset>");
}

void long_text_show(struct page *page, const struct control *control)
{
	control_label_show(page, control);
	html_add(page->out, "<textarea rows=\"3\"");
	control_name_show(page, control);
	/* A browser drops the first line end after the tag, so this line end protects a line end at the start of
	 * the value. */
	html_add(page->out, ">\n");
	html_add_form_value(page->out, control->value);
	html_add(page->out, "</textarea></div>");
}

static const char *input_type(const struct field_spec *spec)
{
	if (field_rule_find(spec, RULE_DATE) || field_rule_find(spec, RULE_AGE))
		return ".date";
	if (field_rule_find(spec, RULE_EMAIL))
		return ".email";
	if (field_rule_find(spec, RULE_URL))
		return ".url";
	return field_rule_find(spec, RULE_PHONE) ? ".tel" : ".text";
}

/* Whether the field is long text without a corresponding member in the case. */
static bool is_long_text(const struct field_spec *spec)
{
	const struct field_rule *length = field_rule_find(spec, RULE_LENGTH);

	if (spec->source_count || spec->type == FIELD_BOOLEAN)
		return false;
	return length ? length->maximum > SINGLE_LINE_LENGTH_MAX : !spec->rule_count && spec->type == FIELD_ANY;
}

static const char *value_as_text(struct page *page, const struct value *value)
{
	struct strbuf text = STRBUF_INIT;

	if (!value)
		return "";
	if (value->kind == VALUE_BOOL)
		return value->boolean ? "true" : "false";
	if (value->kind != VALUE_LIST)
		return value->text ? value->text : "";
	for (size_t i = 0; i < value->count; i++)
		strbuf_addf(&text, "%s%s", i ? "\n" : "", value_text(&value->items[i]));
	return strbuf_finish(&text, &page->r->arena);
}

/* What a browser may fill in: data of the reader or of the reader's company (HTML, "autofill detail tokens"); NULL:
 * nothing. */
static const char *autofill_of(const struct page *page, const struct field_spec *spec)
{
	static const struct {
		const char *name, *of_person, *of_company;
	} rows[] = {
		{ "name", "name", "organization" },
		{ "date_of_birth", "bday", NULL },
		{ "email", "email", "email" },
		{ "phone", "tel", "tel" },
		{ "website", "url", "url" },
		{ "street", "address-line1", "address-line1" },
		{ "city", "address-level2", "address-level2" },
		{ "state", "address-level1", "address-level1" },
		{ "zip_code", "postal-code", "postal-code" },
		{ "postal_code", "postal-code", "postal-code" },
		{ "country", "country-name", "country-name" },
	};
	const char *source = spec->source_count ? spec->sources[0] : spec->id, *point = strrchr(source, '.');

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!strcmp(rows[i].name, point ? point + 1 : source))
			return page->view->file.session.subject.kind == SUBJECT_BUSINESS ? rows[i].of_company
											 : rows[i].of_person;
	return NULL;
}

struct field_location {
	const char *section, *path;
};

static void field_show(struct page *page, const struct field_spec *spec, const struct field_location *field_location,
		       const struct value *value);

static void group_show(struct page *page, const struct field_spec *spec, const struct field_location *field_location,
		       const struct value *value)
{
	/* Marks the group as part of the form, even if all its fields are empty. */
	html_add(page->out, "<input type=\"hidden\" name=\"f.%s\" value=\"\">", field_location->path);
	for (size_t i = 0; i < spec->child_count; i++) {
		const struct field_location below = { field_location->section,
						      arena_printf(&page->r->arena, "%s.%s", field_location->path,
								   spec->children[i].id) };

		field_show(page, &spec->children[i], &below, value_member(value, spec->children[i].id));
	}
}

static void list_show(struct page *page, const struct field_spec *spec, const struct field_location *field_location,
		      const struct value *value)
{
	size_t count = value && value->kind == VALUE_LIST ? value->count : 0;

	html_add(page->out, "<input type=\"hidden\" name=\"f.%s\" value=\"\">", field_location->path);
	for (size_t i = 0; i <= count; i++) {
		const struct field_location entry = { field_location->section, arena_printf(&page->r->arena, "%s[%zu]",
											    field_location->path, i) };

		html_add(page->out, "<fieldset class=\"group\"><legend>%s %zu</legend>", page_word(page, WORD_ENTRY),
			 i + 1);
		group_show(page, spec, &entry, i < count ? &value->items[i] : NULL);
		html_add(page->out, "</fieldset>");
	}
}

static void groups_show(struct page *page, const struct field_spec *spec, const struct control *control,
			const struct value *value)
{
	const struct field_location field_location = { control->section, control->name };
	const char *fault = control_fault(page, control);

	html_add(page->out, "<fieldset id=\"");
	add_control_id(page, control);
	html_add(page->out, "\" class=\"%s\"><legend>", fault ? "group faulty" : "group");
	add_label(page, control);
	html_add(page->out, "</legend>");
	fault_show(page, fault);
	if (spec->type == FIELD_LIST)
		list_show(page, spec, &field_location, value);
	else
		group_show(page, spec, &field_location, value);
	html_add(page->out, "</fieldset>");
}

static void field_show(struct page *page, const struct field_spec *spec, const struct field_location *field_location,
		       const struct value *value)
{
	const struct control control = { .section = field_location->section,
					 .name = field_location->path,
					 .title = *spec->title ? spec->title : spec->id,
					 .label = "",
					 .type = input_type(spec),
					 .value = value_as_text(page, value),
					 .autofill = autofill_of(page, spec),
					 .required = has_unconditional_rule(spec, RULE_REQUIRED) };
	const struct field_rule *country = field_rule_find(spec, RULE_COUNTRY),
				*words = field_rule_find(spec, RULE_ONE_OF),
				*document = field_rule_find(spec, RULE_DOCUMENT);

	if (field_rule_find(spec, RULE_PARTIES))
		checkboxes_show(page, &control, value);
	else if ((spec->type == FIELD_LIST || spec->type == FIELD_OBJECT) && spec->child_count)
		groups_show(page, spec, &control, value);
	else if (spec->type == FIELD_BOOLEAN)
		yes_no_show(page, &control);
	else if (words)
		choices_show(page, &control, words);
	else if (document)
		document_select_show(page, &control, document);
	else if (country)
		countries_show(page, &control, country);
	else if (spec->type == FIELD_LIST || is_long_text(spec) || strchr(control.value, '\n'))
		long_text_show(page, &control);
	else
		control_show(page, &control);
}

/* The typed value, else the stored value of the step or of the member that the profile names. */
static const struct value *requested_field_value(struct page *page, const struct requested_fields *requested,
						 const char *field)
{
	const struct rules_input input = page_rules_input(page);
	const struct value *typed = strcmp(page->refused_form, requested->section) ? NULL : page->typed_values;
	const struct value *value = value_member(typed, field);

	if (!value)
		value = value_member(requested->values, field);
	return value || !requested->step ? value : rules_step_value(&page->r->arena, &input, requested->step, field);
}

void requested_fields_show(struct page *page, const struct requested_fields *requested)
{
	for (size_t i = 0; i < requested->count; i++) {
		const struct field_location field_location = { requested->section, requested->fields[i].id };

		field_show(page, &requested->fields[i], &field_location,
			   requested_field_value(page, requested, requested->fields[i].id));
	}
}
