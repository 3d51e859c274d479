/* A workflow profile as a readable page: required data, conditions of an approval, and webhooks. */
#include "../cli_internal.h"
#include "kybdesk/domain/document_group.h"
#include "kybdesk/domain/profile_keys.h"

static const char *size_text(struct arena *arena, int64_t bytes)
{
	if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) == 0)
		return arena_printf(arena, "%lld MiB", (long long)(bytes / (1024 * 1024)));
	return arena_printf(arena, "%lld KiB", (long long)(bytes / 1024));
}

/* For example "required; 8 to 30 characters; the two-letter code of a US state when country is US" */
static const char *rules_text(struct arena *arena, const struct field_spec *field)
{
	struct strbuf text = STRBUF_INIT;
	for (size_t i = 0; i < field->rule_count; i++) {
		const char *when = rule_when_text(arena, &field->rules[i]);
		const char *allowed =
			field->rules[i].kind == RULE_REQUIRED ? "required" : rule_allowed_text(arena, &field->rules[i]);
		strbuf_addf(&text, "%s%s%s%s", i ? "; " : "", allowed, *when ? " " : "", when);
	}
	if (field->store == STORE_UPPER)
		strbuf_addf(&text, "%sstored in capitals", text.len ? "; " : "");
	if (field->store == STORE_ALPHA3)
		strbuf_addf(&text, "%sstored as an alpha-3 code", text.len ? "; " : "");
	return strbuf_finish(&text, arena);
}

static void show_fields(struct cli *cli, const struct field_spec *fields, size_t count, size_t indent_cells)
{
	for (size_t i = 0; i < count; i++) {
		const char *rules = rules_text(&cli->arena, &fields[i]);
		out_paragraph(&cli->out, indent_cells, "%s%s%s", fields[i].id, *rules ? ": " : "", rules);
		if (*fields[i].guidance)
			out_paragraph(&cli->out, indent_cells + 2, "%s", fields[i].guidance);
		show_fields(cli, fields[i].children, fields[i].child_count, indent_cells + 2);
	}
}

static void show_steps(struct cli *cli, const struct profile *profile)
{
	out_heading(&cli->out, "Steps");
	if (profile->step_count == 0)
		out_line(&cli->out, "  not defined by the workflow: each session is submitted with its own steps");
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *step = &profile->steps[i];
		out_line(&cli->out, "  %-20s %s", step->id, step->title);
		if (*step->guidance)
			out_paragraph(&cli->out, 4, "%s", step->guidance);
		show_fields(cli, step->fields, step->field_count, 6);
	}
}

static const char *requirement_text(const struct profile *profile, const struct document_spec *spec)
{
	if (spec->mandatory)
		return "yes";
	for (size_t i = 0; i < profile->group_count; i++)
		if (document_group_has_type(&profile->groups[i], spec->type))
			return "one of";
	return spec->is_provider_requested ? "on request" : "no";
}

/* For example "Identity document: one of Passport or Identity card when subject.kind is individual". */
static const char *group_text(struct arena *arena, const struct document_group *group)
{
	const struct field_rule when = { .when = group->when, .when_count = group->when_count };
	return arena_printf(arena, "%s: one of %s%s%s", group->title, group->choices, group->when_count ? " " : "",
			    rule_when_text(arena, &when));
}

static void show_documents(struct cli *cli, const struct profile *profile)
{
	struct table *table =
		table_from(&cli->arena, "Type:14|Mandatory|>Sides|>At most|Formats:10|Title:10", cli->mode);
	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];
		TABLE_ADD(table, spec->type, requirement_text(profile, spec), spec->double_sided ? "1-2" : "1",
			  size_text(&cli->arena, spec->max_bytes),
			  words_of_bits(&cli->arena, spec->formats, file_format_words, ", "), spec->title);
	}
	out_heading(&cli->out, "Documents");
	if (table_row_count(table))
		out_table(&cli->out, table, 2);
	for (size_t i = 0; i < profile->group_count; i++)
		out_paragraph(&cli->out, 2, "%s", group_text(&cli->arena, &profile->groups[i]));
	if (profile->allows_other_documents)
		out_line(&cli->out, "  other documents submitted with the session: %s, at most %s",
			 words_of_bits(&cli->arena, profile->default_format_bits, file_format_words, ", "),
			 size_text(&cli->arena, profile->default_max_bytes));
	else
		out_line(&cli->out, "  other documents are not accepted");
	out_line(&cli->out, "  upload: %s",
		 profile->upload == UPLOAD_TWO_PHASE ? "first the record, then the file by an upload link"
						     : "record and file together");
	if (profile->submit_needs_mandatory)
		out_line(&cli->out, "  submission needs every mandatory document%s",
			 profile->group_count ? " and one of each group" : "");
	if (profile->submit_freezes_documents)
		out_line(&cli->out, "  submission locks the documents; a correction of a type unlocks this type");
	if (profile->refuses_active_files)
		out_line(&cli->out, "  files with programs, or contents from elsewhere, are refused");
	if (profile->document_reason_count)
		out_paragraph(&cli->out, 2, "rejected for: %s",
			      words_join(&cli->arena, profile->document_reasons, profile->document_reason_count, ", "));
}

static void show_parties(struct cli *cli, const struct profile *profile)
{
	const struct party_rules *parties = &profile->parties;
	out_heading(&cli->out, "Parties");
	out_paragraph(&cli->out, 2, "required %s, control role %s, roles: %s", parties->required ? "yes" : "no",
		      parties->control_role_required ? "required" : "not required",
		      words_of_bits(&cli->arena, parties->roles, party_role_words, ", "));
	out_line(&cli->out, "  individuals are verified by: %s, companies by: %s%s%s",
		 verify_by_text(parties->individual_verification), verify_by_text(parties->company_verification),
		 *parties->workflow ? ", workflow " : "", parties->workflow);
	if (*parties->owner_threshold_percent)
		out_line(&cli->out, "  beneficial owner %s %s %%", parties->threshold_inclusive ? "from" : "above",
			 parties->owner_threshold_percent);
	if (parties->max_parties)
		out_line(&cli->out, "  at most %zu persons; intermediate companies are not counted",
			 parties->max_parties);
	if (parties->control_role_count)
		out_paragraph(&cli->out, 2, "control roles: %s",
			      words_join(&cli->arena, parties->control_roles, parties->control_role_count, ", "));
	if (parties->field_count) {
		out_line(&cli->out, "  fields of %s:",
			 parties->field_kind_bits
				 ? words_of_bits(&cli->arena, parties->field_kind_bits, party_kind_words, ", ")
				 : "each");
		show_fields(cli, parties->fields, parties->field_count, 4);
	}
}

static void show_gate(struct cli *cli, const struct profile *profile)
{
	out_heading(&cli->out, "Checks");
	const char *required = words_of_bits(&cli->arena, profile->checks.required_kind_bits, check_kind_words, ", ");
	const char *waivable = words_of_bits(&cli->arena, profile->checks.waivable_kind_bits, check_kind_words, ", ");
	out_line(&cli->out, "  required: %s", *required ? required : "none");
	out_line(&cli->out, "  may be waived: %s", *waivable ? waivable : "none");
	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		const struct optional_check *optional = &profile->checks.optional[kind];
		const struct field_rule when = { .when = optional->when, .when_count = optional->when_count };
		if (optional->when_count)
			out_paragraph(&cli->out, 2, "%s is not required %s", check_kind_text((enum check_kind)kind),
				      rule_when_text(&cli->arena, &when));
	}
	if (profile->checks.max_age_ms)
		out_line(&cli->out, "  stale after %s", duration_short_text(&cli->arena, profile->checks.max_age_ms));
	out_heading(&cli->out, "Conditions of an approval");
	if (profile->parties.required)
		out_line(&cli->out, "  parties are declared%s and their ownership is at most 100 %%",
			 profile->parties.control_role_required ? ", one with a control role," : "");
	if (profile->parties.individual_verification != VERIFY_NONE ||
	    profile->parties.company_verification != VERIFY_NONE)
		out_line(&cli->out, "  all required parties are verified");
	for (size_t i = 0; i < profile->document_count; i++)
		if (profile->documents[i].mandatory)
			out_line(&cli->out, "  %s is uploaded", profile->documents[i].title);
	for (size_t i = 0; i < profile->group_count; i++)
		out_paragraph(&cli->out, 2, "%s is uploaded", group_text(&cli->arena, &profile->groups[i]));
	out_line(&cli->out, "  all uploaded documents are accepted; no step is pending with the client");
	out_line(&cli->out, "  every field rule is met; no correction, hit or check is open");
}

static void show_attempts(struct cli *cli, const struct profile *profile)
{
	const struct attempt_rules *attempts = &profile->attempts;
	const char *reason = profile->foreign.reason && *profile->foreign.reason ? profile->foreign.reason : NULL;
	out_heading(&cli->out, "After a decision");
	if (*profile->level_approved)
		out_line(&cli->out, "  level %s %s %s on approval%s%s", profile->level_initial, cli_arrow(cli),
			 profile->level_approved, profile->level_subject_kinds ? ", of: " : "",
			 profile->level_subject_kinds
				 ? words_of_bits(&cli->arena, profile->level_subject_kinds, subject_kind_words, ", ")
				 : "");
	if (attempts->level_name && *attempts->level_name)
		out_line(&cli->out, "  the level name of an attempt is %s", attempts->level_name);
	out_line(&cli->out, "  %s",
		 attempts->resubmit ? "a rejected case may be submitted again if the rejection allows it"
				    : "a rejected case cannot be submitted again; it needs a new case");
	if (attempts->max_attempts)
		out_line(&cli->out, "  at most %lld attempts", (long long)attempts->max_attempts);
	if (attempts->retry_checks)
		out_line(&cli->out, "  the client can repeat checks that ended in an error or a timeout");
	if (attempts->approval_is_final)
		out_line(&cli->out, "  after an approval, updates and further attempts are refused");
	if (profile->foreign.when_count)
		out_line(&cli->out, "  a failed foreign subject moves to manual review%s%s%s", reason ? ": \"" : "",
			 reason ? reason : "", reason ? "\"" : "");
	if (profile->session_reason_count)
		out_paragraph(&cli->out, 2, "rejected for: %s",
			      words_join(&cli->arena, profile->session_reasons, profile->session_reason_count, ", "));
}

static void show_four_eyes(struct cli *cli, const struct profile *profile)
{
	const struct four_eyes_rules *rules = &profile->four_eyes;
	struct arena *arena = &cli->arena;
	out_heading(&cli->out, "Four eyes");
	if (profile->four_eyes_from_risk == RISK_NONE && !rules->country_count && !rules->level_count &&
	    !rules->hit_class_bits && !rules->kinds)
		out_line(&cli->out, "  one person approves; a supervised reviewer needs a second person");
	if (profile->four_eyes_from_risk != RISK_NONE)
		out_line(&cli->out, "  two people must approve if the risk score is %d or more, or missing",
			 profile->four_eyes_from_risk);
	if (rules->country_count)
		out_paragraph(&cli->out, 2, "two people must approve if the subject or a party is from %s",
			      words_join(arena, rules->countries, rules->country_count, ", "));
	if (rules->level_count)
		out_line(&cli->out, "  two people must approve if the level is %s",
			 words_join(arena, rules->levels, rules->level_count, ", "));
	if (rules->hit_class_bits)
		out_line(&cli->out, "  two people must approve if a hit has the class %s",
			 words_of_bits(arena, rules->hit_class_bits, hit_class_words, ", "));
	if (rules->kinds)
		out_line(&cli->out, "  two people must approve sessions of the kind %s",
			 words_of_bits(arena, rules->kinds, session_kind_words, ", "));
}

static void show_times(struct cli *cli, const struct profile *profile)
{
	struct arena *arena = &cli->arena;
	out_heading(&cli->out, "Times");
	if (profile->review_ms > 0)
		out_line(&cli->out, "  decision due within %s", duration_short_text(arena, profile->review_ms));
	out_line(&cli->out, "  processing counts as failed after %s",
		 duration_short_text(arena, profile->processing_timeout_ms));
	if (profile->link_life_ms > 0)
		out_line(&cli->out, "  an access link lasts %s", duration_short_text(arena, profile->link_life_ms));
	if (profile->link_reminder_ms > 0)
		out_line(&cli->out, "  an idle client is reminded every %s, at most %lld times",
			 duration_short_text(arena, profile->link_reminder_ms), (long long)profile->link_reminders_max);
}

static void show_events(struct cli *cli, const struct profile *profile)
{
	out_heading(&cli->out, "Events");
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		if (profile->events[i])
			out_line(&cli->out, "  %-32s %s", event_kind_text((enum event_kind)i), profile->events[i]);
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		if (profile->parties.events[i])
			out_line(&cli->out, "  %-32s %s",
				 arena_printf(&cli->arena, "party: %s", event_kind_text((enum event_kind)i)),
				 profile->parties.events[i]);
	out_line(&cli->out, "  bodies: %s", event_shape_text(profile->event_shape));
	if (strcmp(profile->custom_tags_json, "{}") != 0)
		out_paragraph(&cli->out, 2, "custom tags of each new session: %s", profile->custom_tags_json);
}

/* Names the requirements of the profile that this version does not enforce. */
void cli_print_unenforced_keys(struct cli *cli, const struct profile *profile)
{
	size_t count;
	const char **names = profile_unenforced_keys(&cli->arena, profile, &count);

	if (!count)
		return;
	out_heading(&cli->out, "Not enforced by this version");
	for (size_t i = 0; i < count; i++)
		out_line(&cli->out, "  %s", names[i]);
}

void cli_print_workflow(struct cli *cli, const struct profile *profile)
{
	out_styled_line(&cli->out, CELL_TITLE, "%s", profile->title);
	out_line(&cli->out, "%s, version %lld, %s, for: %s", profile->name, (long long)profile->version,
		 words_of_bits(&cli->arena, profile->kinds, session_kind_words, ", "),
		 words_of_bits(&cli->arena, profile->subject_kinds, subject_kind_words, ", "));
	if (*profile->provider || *profile->source)
		out_line(&cli->out, "provider: %s, source: %s", *profile->provider ? profile->provider : "none",
			 *profile->source ? profile->source : "none");
	out_line(&cli->out, "after submission: %s%s", profile->manual_review ? "manual review" : "processing",
		 profile->auto_process ? ", started automatically" : "");
	show_steps(cli, profile);
	show_documents(cli, profile);
	show_parties(cli, profile);
	show_gate(cli, profile);
	show_attempts(cli, profile);
	show_four_eyes(cli, profile);
	show_times(cli, profile);
	show_events(cli, profile);
	cli_print_unenforced_keys(cli, profile);
}
