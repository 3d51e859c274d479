/* Prints details of a case's subject, parties and checks, below the tables. The view has masked personal data. */
#include "../cli_internal.h"
#include "kybdesk/domain/register.h"

#include <string.h>

#define DEPTH_MAX 6 /* maximum nesting; values below this depth are shown as JSON */

static bool has_inside(const struct json_value *value)
{
	return (json_is_object(value) || json_is_array(value)) && json_count(value);
}

/* "code: country; points: 14"; NULL if a member is an object or a list. */
static const char *in_one_line(struct cli *cli, const struct json_value *value)
{
	struct strbuf text = STRBUF_INIT;
	bool flat = json_is_object(value);
	for (const char *key = json_first_key(value); flat && key; key = json_next_key(value, key)) {
		flat = !has_inside(json_get(value, key));
		strbuf_addf(&text, "%s%s: %s", text.len ? "; " : "", key,
			    cli_value_text(cli, json_get(value, key)));
	}
	const char *line = flat ? strbuf_to_arena(&text, &cli->arena) : NULL;
	strbuf_release(&text);
	return line;
}

/* Prints members by name and elements by number; nested values are indented. */
static void show_inside(struct cli *cli, size_t indent_cells, const struct json_value *value, unsigned depth)
{
	bool list = json_is_array(value);
	const char *key = json_first_key(value);
	for (size_t i = 0; i < json_count(value); i++, key = json_next_key(value, key)) {
		const char *name = list ? arena_printf(&cli->arena, "%zu", i + 1) : key;
		const struct json_value *member = list ? json_at(value, i) : json_get(value, name);
		const char *text = list ? in_one_line(cli, member) : NULL;
		if (!text && (!has_inside(member) || depth == DEPTH_MAX))
			text = cli_value_text(cli, member);
		out_paragraph(&cli->out, indent_cells, "%s%s%s", name, text ? ": " : "", text ? text : "");
		if (!text)
			show_inside(cli, indent_cells + 2, member, depth + 1);
	}
}

void cli_show_members(struct cli *cli, size_t indent_cells, const struct json_value *object)
{
	show_inside(cli, indent_cells, object, 0);
}

static void show_json(struct cli *cli, size_t indent_cells, const char *json)
{
	struct json_value *value = json_new_raw(*json ? json : "null");
	cli_show_members(cli, indent_cells, value);
	json_free(value);
}

static bool is_empty_json(const char *json)
{
	return !*json || !strcmp(json, "{}") || !strcmp(json, "[]") || !strcmp(json, "null");
}

static void show_value(struct cli *cli, const char *name, const char *value)
{
	if (*value)
		out_paragraph(&cli->out, 4, "%s: %s", name, value);
}

void cli_show_subject_details(struct cli *cli, const struct session *session)
{
	const struct subject *subject = &session->subject;
	OUT_FACTS(&cli->out, 10, FACT("website", subject->website), FACT("email", subject->email),
		  FACT("phone", subject->phone));
	if (session->expires_at != TIME_NONE)
		out_fact(&cli->out, 10, "link ends", time_text(&cli->arena, session->expires_at));
	if (!is_empty_json(subject->address_json)) {
		out_line(&cli->out, "address");
		show_json(cli, 4, subject->address_json);
	}
}

void cli_show_results(struct cli *cli, const struct session *session)
{
	if (!is_empty_json(session->risk_factors_json)) {
		out_heading(&cli->out, "Risk factors");
		show_json(cli, 2, session->risk_factors_json);
	}
	if (!is_empty_json(session->processing_results_json)) {
		out_heading(&cli->out, "Processing results");
		show_json(cli, 2, session->processing_results_json);
	}
}

static bool has_details(const struct party *party)
{
	return *party->date_of_birth || *party->tax_id || *party->registration_number || *party->email ||
	       *party->phone || !is_empty_json(party->addresses_json) || !is_empty_json(party->fields_json);
}

void cli_show_party_details(struct cli *cli, const struct case_view *view)
{
	for (size_t i = 0; i < view->file.party_count; i++) {
		const struct party *party = &view->file.parties[i];
		if (!has_details(party))
			continue;
		out_line(&cli->out, "  %s", party->name);
		show_value(cli, "born", party->date_of_birth);
		show_value(cli, "tax id", party->tax_id);
		show_value(cli, "registered", party->registration_number);
		show_value(cli, "email", party->email);
		show_value(cli, "phone", party->phone);
		if (!is_empty_json(party->addresses_json)) {
			out_line(&cli->out, "    addresses");
			show_json(cli, 6, party->addresses_json);
		}
		if (!is_empty_json(party->fields_json))
			show_json(cli, 4, party->fields_json);
	}
}

/* Prints register data with the values that the applicant typed. Returns false if the check has no register data. */
static bool show_register(struct cli *cli, const struct subject *subject, const struct check *check)
{
	struct register_entry entry;
	struct register_view view;

	if (!register_entry_of(check, &entry))
		return false;
	register_compare(&cli->arena, subject, &entry, &view);
	out_line(&cli->out, "  %s, %s: %s", check_kind_text(check->kind), entry.title,
		 view.difference_count ? register_differences(&cli->arena, &view)
				       : "agrees with the applicant's values");
	for (size_t i = 0; i < view.count; i++) {
		const struct register_pair *pair = &view.pairs[i];

		out_line(&cli->out, "    %s%s: %s%s%s%s", pair->differs ? "! " : "", pair->label, pair->entry,
			 pair->differs && *pair->typed ? " (typed: " : "",
			 pair->differs && *pair->typed ? pair->typed : "",
			 pair->differs && *pair->typed ? ")" : "");
	}
	return true;
}

void cli_show_check_details(struct cli *cli, const struct case_view *view)
{
	for (size_t i = 0; i < view->file.check_count; i++) {
		const struct check *check = &view->file.checks[i];
		if (show_register(cli, &view->file.session.subject, check))
			continue;
		if (!is_empty_json(check->detail_json)) {
			out_line(&cli->out, "  %s", check_kind_text(check->kind));
			show_json(cli, 4, check->detail_json);
		}
		for (size_t j = 0; j < check->hit_count; j++) {
			if (is_empty_json(check->hits[j].detail_json))
				continue;
			out_line(&cli->out, "  %s, %s", check->hits[j].list, check->hits[j].name);
			show_json(cli, 4, check->hits[j].detail_json);
		}
	}
}
