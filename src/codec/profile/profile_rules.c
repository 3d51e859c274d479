/* A profile's rules: parties, checks, levels, times, reasons, events; steps and documents. */
#include "profile_read.h"
#include "kybdesk/base/decimal.h"

#include <string.h>

#define DAYS_MAX 36525 /* a hundred years */

static void threshold_read(struct reader *reader, const struct node *section, struct party_rules *rules)
{
	const struct node node = node_member(section, "owner_threshold_percent");
	const char *text = node_decimal(reader, &node, "percentages", "25");
	if (!*text)
		return;
	struct decimal *value = decimal_new(), *hundred = decimal_new();
	if (!decimal_parse(value, text) || !decimal_parse(hundred, "100") || decimal_compare(value, hundred) > 0)
		reader_refuse(reader, &node, "is %s; allowed: a decimal from 0 to 100, such as \"25\"",
			      quote_text(reader->arena, text));
	else
		rules->owner_threshold_percent = text;
	decimal_free(hundred);
	decimal_free(value);
}

/* Reads a number of units of `unit_ms` as milliseconds; *ms is unchanged if the member is absent. */
static void duration_read(struct reader *reader, const struct node *section, const char *key, int64_t unit_ms,
			  int64_t *ms)
{
	*ms = read_integer(reader, section, key, 1, DAYS_MAX * DAY_MS / unit_ms, *ms / unit_ms) * unit_ms;
}

static void event_names_read(struct reader *reader, const struct node *section, const char **names)
{
	size_t count;
	const char *const *kinds = event_kind_words(&count);
	expect_keys(reader, section, kinds, count);
	for (size_t i = 0; i < count; i++) {
		enum event_kind kind;
		if (!node_member(section, kinds[i]).value || !event_kind_parse(kinds[i], &kind))
			continue;
		names[kind] = read_required_text(reader, section, kinds[i]);
		expect_name(reader, section, kinds[i], "._-");
	}
}

static void parties_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	struct party_rules *rules = &profile->parties;
	struct node section;
	if (!open_section(reader, root, "parties", &section))
		return;
	rules->required = read_bool(reader, &section, "required", false);
	rules->control_role_required = read_bool(reader, &section, "control_role_required", false);
	rules->client_declares_parties = read_bool(reader, &section, "by_client", false);
	threshold_read(reader, &section, rules);
	rules->threshold_inclusive = read_bool(reader, &section, "threshold_inclusive", false);
	size_t mistakes = reader->mistake_count;
	READ_WORD(reader, &section, "individuals", verify_by, &rules->individual_verification);
	READ_WORD(reader, &section, "companies", verify_by, &rules->company_verification);
	bool words_known = reader->mistake_count == mistakes;
	rules->workflow = read_text(reader, &section, "workflow");
	const struct node workflow = node_member(&section, "workflow");
	bool by_session =
		rules->individual_verification == VERIFY_SESSION || rules->company_verification == VERIFY_SESSION;
	if (by_session && !*rules->workflow)
		reader_refuse(reader, &workflow, "is required when parties are verified by a session");
	if (words_known && !by_session && *rules->workflow)
		reader_refuse(reader, &workflow, "is '%s', but no party is verified by a session", rules->workflow);
	const struct node events = node_member(&section, "events");
	if (events.value && expect_object(reader, &events)) {
		event_names_read(reader, &events, rules->events);
		if (words_known && !by_session)
			reader_refuse(reader, &events,
				      "has events for sessions of parties, but no party is verified by a session");
	}
	rules->max_parties = (size_t)read_integer(reader, &section, "max", 1, 1000, 0);
	const struct node roles = node_member(&section, "roles");
	if (roles.value) {
		rules->roles = 0;
		READ_WORD_SET(reader, &section, "roles", party_role, &rules->roles);
		if (json_is_array(roles.value) && !json_array_size(roles.value))
			reader_refuse(reader, &roles, "is empty; leave it out to allow every role");
	}
	rules->control_roles = read_texts(reader, &section, "control_roles", &rules->control_role_count);
	READ_WORD_SET(reader, &section, "fields_for", party_kind, &rules->field_kind_bits);
	fields_read(reader, &section, "fields", &rules->fields, &rules->field_count,
		    (struct field_scope){ .allows_party = true, .depth = 1 });
}

/* Reads "optional_when": for each kind of required check, the conditions under which the check is not required. */
static void optional_checks_read(struct reader *reader, const struct node *section, bool required_known,
				 struct profile *profile)
{
	const struct node node = node_member(section, "optional_when");
	size_t count;
	const char *const *kinds = check_kind_words(&count);

	if (!node.value || !expect_object(reader, &node))
		return;
	expect_keys(reader, &node, kinds, count);
	for (size_t kind = 0; kind < count; kind++) {
		struct optional_check *optional = &profile->checks.optional[kind];
		const struct node member = node_member(&node, kinds[kind]);

		conditions_read(reader, &node, kinds[kind], &optional->when, &optional->when_count);
		if (member.value && required_known && !(profile->checks.required_kind_bits & 1u << kind))
			reader_refuse(reader, &member, "is not a required check; name it in required, or leave it out");
		else if (member.value && !optional->when_count)
			reader_refuse(reader, &member, "is empty; add a condition under which the check is optional");
	}
}

static void checks_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	struct node section;
	if (!open_section(reader, root, "checks", &section))
		return;
	size_t mistakes = reader->mistake_count;
	READ_WORD_SET(reader, &section, "required", check_kind, &profile->checks.required_kind_bits);
	bool required_known = reader->mistake_count == mistakes;
	READ_WORD_SET(reader, &section, "waivable", check_kind, &profile->checks.waivable_kind_bits);
	profile->checks.has_waivable_list = node_member(&section, "waivable").value != NULL;
	optional_checks_read(reader, &section, required_known, profile);
	duration_read(reader, &section, "max_age_days", DAY_MS, &profile->checks.max_age_ms);
}

static void evidence_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	struct proof_rules *evidence = &profile->evidence;
	struct node section;

	if (!open_section(reader, root, "evidence", &section))
		return;
	size_t mistakes = reader->mistake_count;
	evidence->limits_documents = node_member(&section, "documents").value != NULL;
	evidence->documents = read_texts(reader, &section, "documents", &evidence->document_count);
	evidence->limits_checks = node_member(&section, "checks").value != NULL;
	READ_WORD_SET(reader, &section, "checks", check_kind, &evidence->checks);
	evidence->results_are_enough = read_bool(reader, &section, "results", false);
	bool nothing = evidence->limits_documents && !evidence->document_count && evidence->limits_checks &&
		       !evidence->checks && !evidence->results_are_enough;
	if (nothing && reader->mistake_count == mistakes)
		reader_refuse(reader, &section,
			      "allows nothing that verifies a person; name a document or a check, set 'results', or "
			      "leave 'documents' or 'checks' out to allow all of them");
}

static void levels_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	struct node section;
	if (!open_section(reader, root, "levels", &section))
		return;
	READ_WORD_SET(reader, &section, "subject_kinds", subject_kind, &profile->level_subject_kinds);
	if (profile->level_subject_kinds & ~profile->subject_kinds) {
		reader_refuse(reader, MEMBER(&section, "subject_kinds"),
			      "names a kind of subject that is not in the profile's subject_kinds");
	}
	profile->level_initial = read_required_text(reader, &section, "initial");
	profile->level_approved = read_required_text(reader, &section, "approved");
	if (*profile->level_approved && strcmp(profile->level_initial, profile->level_approved) == 0)
		reader_refuse(reader, MEMBER(&section, "approved"),
			      "is '%s', the same as initial; an approval would change nothing",
			      profile->level_approved);
}

static void four_eyes_read(struct reader *reader, const struct node *review, struct profile *profile)
{
	struct four_eyes_rules *rules = &profile->four_eyes;
	struct node section;
	if (!open_section(reader, review, "four_eyes", &section))
		return;
	rules->countries = read_texts(reader, &section, "countries", &rules->country_count);
	for (size_t i = 0; i < rules->country_count; i++) {
		const char *code = rules->countries[i];
		if (*code && (strlen(code) != 3 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
			reader_refuse(reader, MEMBER(&section, "countries"),
				      "has '%s'; allowed: codes of three capital letters, such as \"PRT\"", code);
	}
	rules->levels = read_texts(reader, &section, "levels", &rules->level_count);
	READ_WORD_SET(reader, &section, "hits", hit_class, &rules->hit_class_bits);
	READ_WORD_SET(reader, &section, "kinds", session_kind, &rules->kinds);
}

static void times_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	struct node section;
	if (open_section(reader, root, "review", &section)) {
		profile->manual_review = read_bool(reader, &section, "manual", true);
		profile->auto_process = read_bool(reader, &section, "auto_process", false);
		duration_read(reader, &section, "hours", HOUR_MS, &profile->review_ms);
		duration_read(reader, &section, "alert_hours", HOUR_MS, &profile->alert_ms);
		profile->processing_timeout_ms = read_integer(reader, &section, "processing_timeout_minutes", 1,
							      7 * 24 * 60, profile->processing_timeout_ms / MINUTE_MS) *
						 MINUTE_MS;
		profile->four_eyes_from_risk = (int)read_integer(reader, &section, "four_eyes_from_risk", 0, 100,
								 profile->four_eyes_from_risk);
		four_eyes_read(reader, &section, profile);
	}
	if (open_section(reader, root, "link", &section)) {
		duration_read(reader, &section, "days", DAY_MS, &profile->link_life_ms);
		duration_read(reader, &section, "reminder_days", DAY_MS, &profile->link_reminder_ms);
		profile->link_reminders_max = read_integer(reader, &section, "reminders_max", 1, 100, 0);
		if (!profile->link_reminder_ms != !profile->link_reminders_max)
			reader_refuse(reader, MEMBER(&section, "reminders_max"),
				      "reminders_max and reminder_days belong together; set both or neither");
	}
	if (open_section(reader, root, "retention", &section)) {
		duration_read(reader, &section, "days", DAY_MS, &profile->retention_ms);
		duration_read(reader, &section, "sanctions_days", DAY_MS, &profile->retention_sanctions_ms);
	}
}

static void expect_reasons(struct reader *reader, const struct node *section, const char *key,
			   const struct reasons *reasons, enum reason_set set, const char *const *codes, size_t count)
{
	size_t known_count = reasons ? reasons->counts[set] : 0;
	const char **known = arena_alloc_array(reader->arena, known_count, sizeof *known);
	for (size_t i = 0; i < known_count; i++)
		known[i] = reasons->items[set][i].code;
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(MEMBER(section, key), i);
		if (reasons && *codes[i] && !reason_find(reasons, set, codes[i]))
			refuse_word(reader, &item, codes[i], known, known_count);
		expect_distinct_text(reader, &item, codes, i);
	}
}

static void attempts_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	struct attempt_rules *rules = &profile->attempts;
	struct node section;
	profile->allows_accounts = read_bool(reader, root, "accounts", false);
	if (open_section(reader, root, "attempts", &section)) {
		rules->resubmit = read_bool(reader, &section, "resubmit", false);
		rules->retry_checks = read_bool(reader, &section, "retry_checks", false);
		rules->approval_is_final = read_bool(reader, &section, "final_approval", false);
		rules->level_name = read_text(reader, &section, "level_name");
		rules->max_attempts = read_integer(reader, &section, "max", 1, 1000, 0);
		if (rules->max_attempts > 1 && !rules->resubmit && !rules->retry_checks)
			reader_refuse(reader, MEMBER(&section, "max"),
				      "is %lld, but neither resubmit nor retry_checks allows a second attempt",
				      (long long)rules->max_attempts);
	}
	if (open_section(reader, root, "foreign", &section)) {
		conditions_read(reader, &section, "when", &profile->foreign.when, &profile->foreign.when_count);
		profile->foreign.reason = read_required_text(reader, &section, "reason");
		const struct node when = node_member(&section, "when");
		if (!when.value)
			reader_refuse(reader, &when, "is required: it defines a foreign subject");
	}
}

static void reason_lists_read(struct reader *reader, const struct node *root, const struct reasons *reasons,
			      struct profile *profile)
{
	struct node section;
	if (!open_section(reader, root, "reasons", &section))
		return;
	READ_WORD(reader, &section, "contradicted", contradicted, &profile->contradicted_reason_policy);
	READ_WORD(reader, &section, "contradicted_hits", contradicted, &profile->contradicted_hit_policy);
	profile->session_reasons = read_texts(reader, &section, "session", &profile->session_reason_count);
	profile->document_reasons = read_texts(reader, &section, "document", &profile->document_reason_count);
	expect_reasons(reader, &section, "session", reasons, REASONS_SESSION, profile->session_reasons,
		       profile->session_reason_count);
	expect_reasons(reader, &section, "document", reasons, REASONS_DOCUMENT, profile->document_reasons,
		       profile->document_reason_count);
}

static void events_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	const struct node section = node_member(root, "events");
	READ_WORD(reader, root, "event_shape", event_shape, &profile->event_shape);
	if (!section.value || !expect_object(reader, &section))
		return;
	event_names_read(reader, &section, profile->events);
	const struct node level = node_member(&section, event_kind_text(EVENT_LEVEL_CHANGED));
	if (level.value && !node_member(root, "levels").value)
		reader_refuse(reader, &level, "is '%s', but the profile has no levels; remove it, or add levels",
			      profile->events[EVENT_LEVEL_CHANGED]);
}

void rules_read(struct reader *reader, const struct node *root, const struct reasons *reasons, struct profile *profile)
{
	parties_read(reader, root, profile);
	checks_read(reader, root, profile);
	evidence_read(reader, root, profile);
	levels_read(reader, root, profile);
	attempts_read(reader, root, profile);
	times_read(reader, root, profile);
	reason_lists_read(reader, root, reasons, profile);
	events_read(reader, root, profile);
}

/* --- steps and documents --- */

#define MAX_AGE_MONTHS 120

void expect_distinct_text(struct reader *reader, const struct node *element, const char *const *texts, size_t i)
{
	for (size_t j = 0; *texts[i] && j < i; j++)
		if (strcmp(texts[i], texts[j]) == 0)
			reader_refuse(reader, element, "is '%s', the same as in element %zu", texts[i], j);
}

void expect_new_name(struct reader *reader, const struct node *item, const char *key, const char *name,
		     const char *earlier, size_t earlier_index)
{
	if (*name && strcmp(name, earlier) == 0)
		reader_refuse(reader, MEMBER(item, key), "is '%s', the same as in element %zu; use different values",
			      name, earlier_index);
}

static void step_read(struct reader *reader, const struct node *item, struct step_spec *step)
{
	*step = (struct step_spec){ .id = "", .title = "", .guidance = "" };
	if (!expect_section(reader, item, "steps"))
		return;
	step->id = read_required_text(reader, item, "id");
	expect_name(reader, item, "id", "_-");
	step->title = read_required_text(reader, item, "title");
	step->guidance = read_text(reader, item, "guidance");
	fields_read(reader, item, "fields", &step->fields, &step->field_count, (struct field_scope){ .depth = 1 });
}

static void steps_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	const struct node steps = node_member(root, "steps");
	profile->step_count = expect_list(reader, &steps, 1000);
	profile->steps = arena_alloc_array(reader->arena, profile->step_count, sizeof *profile->steps);
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct node item = node_element(&steps, i);
		step_read(reader, &item, &profile->steps[i]);
		for (size_t j = 0; j < i; j++)
			expect_new_name(reader, &item, "id", profile->steps[i].id, profile->steps[j].id, j);
	}
}

/* Formats as bits; `absent` if the member is missing. */
static unsigned read_format_bits(struct reader *reader, const struct node *object, unsigned absent)
{
	const struct node node = node_member(object, "formats");
	unsigned formats = 0;
	if (!node.value)
		return absent;
	READ_WORD_SET(reader, object, "formats", file_format, &formats);
	if (json_is_array(node.value) && !json_array_size(node.value))
		reader_refuse(reader, &node, "is empty: no file could be uploaded; leave it out to allow every format");
	return formats;
}

static void document_rules_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	struct node rules;
	if (!open_section(reader, root, "document_rules", &rules))
		return;
	READ_WORD(reader, &rules, "upload", upload_mode, &profile->upload);
	profile->allows_other_documents = read_bool(reader, &rules, "other_documents", false);
	profile->default_format_bits = read_format_bits(reader, &rules, profile->default_format_bits);
	profile->default_max_bytes =
		read_integer(reader, &rules, "max_bytes", 1, INT64_MAX, profile->default_max_bytes);
	profile->submit_needs_mandatory = read_bool(reader, &rules, "submit_needs_mandatory", false);
	profile->submit_freezes_documents = read_bool(reader, &rules, "submit_freezes", false);
	profile->refuses_active_files = read_bool(reader, &rules, "refuse_active", false);
}

static void expect_step(struct reader *reader, const struct node *item, const struct profile *profile,
			const char *step_id)
{
	const char **known = arena_alloc_array(reader->arena, profile->step_count, sizeof *known);
	for (size_t i = 0; i < profile->step_count; i++) {
		known[i] = profile->steps[i].id;
		if (strcmp(known[i], step_id) == 0)
			return;
	}
	refuse_word(reader, MEMBER(item, "step"), step_id, known, profile->step_count);
}

static void document_read(struct reader *reader, const struct node *item, const struct profile *profile,
			  struct document_spec *document)
{
	*document = (struct document_spec){ .type = "", .category = "", .title = "", .guidance = "", .step_id = "" };
	if (!expect_section(reader, item, "documents"))
		return;
	document->type = read_required_text(reader, item, "type");
	document->category = read_text(reader, item, "category");
	document->title = read_required_text(reader, item, "title");
	document->guidance = read_text(reader, item, "guidance");
	document->step_id = read_text(reader, item, "step");
	const struct node steps = node_member(item->parent->parent, "steps");
	if (*document->step_id && (!steps.value || json_is_array(steps.value)))
		expect_step(reader, item, profile, document->step_id);
	document->mandatory = read_bool(reader, item, "mandatory", false);
	document->double_sided = read_bool(reader, item, "double_sided", false);
	document->is_provider_requested = read_bool(reader, item, "on_request", false);
	if (document->mandatory && document->is_provider_requested)
		reader_refuse(reader, MEMBER(item, "on_request"),
			      "is true, but a mandatory document is always requested");
	document->formats = read_format_bits(reader, item, profile->default_format_bits);
	document->max_bytes = read_integer(reader, item, "max_bytes", 1, INT64_MAX, profile->default_max_bytes);
	if (node_member(item, "shows").value)
		READ_WORD_SET(reader, item, "shows", document_part, &document->expected_parts);
	document->max_age_months = read_integer(reader, item, "max_age_months", 1, MAX_AGE_MONTHS, 0);
}

/* The titles of the group's document types as text, such as "Passport, Identity card or Driving licence". */
static const char *group_choices_text(struct arena *arena, const struct profile *profile,
				      const struct document_group *group)
{
	const char *text = "";
	for (size_t i = 0; i < group->type_count; i++) {
		const struct document_spec *spec = profile_document(profile, group->types[i]);
		const char *between = !i ? "" : i + 1 < group->type_count ? ", " : " or ";
		text = arena_printf(arena, "%s%s%s", text, between, spec ? spec->title : group->types[i]);
	}
	return text;
}

void refuse_document_type(struct reader *reader, const struct node *node, const struct profile *profile,
			  const char *type)
{
	const char **known = arena_alloc_array(reader->arena, profile->document_count, sizeof *known);
	for (size_t i = 0; i < profile->document_count; i++)
		known[i] = profile->documents[i].type;
	refuse_word(reader, node, type, known, profile->document_count);
}

/* Each type must be known, occur once, and be optional for the client. */
static void group_types_check(struct reader *reader, const struct node *types, const struct profile *profile,
			      const struct document_group *group)
{
	for (size_t i = 0; i < group->type_count; i++) {
		const struct node element = node_element(types, i);
		const char *type = group->types[i];
		const struct document_spec *spec = profile_document(profile, type);
		if (*type && !spec)
			refuse_document_type(reader, &element, profile, type);
		else if (spec && spec->mandatory)
			reader_refuse(reader, &element,
				      "is '%s', which is mandatory; the group would always be complete", type);
		else if (spec && spec->is_provider_requested)
			reader_refuse(reader, &element, "is '%s', which is uploaded on request only", type);
		expect_distinct_text(reader, &element, group->types, i);
	}
	if (json_is_array(types->value) && group->type_count < 2)
		reader_refuse(reader, types,
			      "has %s; a group needs two document types or more (for one type, set mandatory)",
			      group->type_count ? "one document type" : "no document type");
}

static void group_read(struct reader *reader, const struct node *item, const struct profile *profile,
		       struct document_group *group)
{
	*group = (struct document_group){ .id = "", .title = "", .choices = "" };
	if (!expect_section(reader, item, "document_groups"))
		return;
	group->id = read_required_text(reader, item, "id");
	group->title = read_required_text(reader, item, "title");
	const struct node types = node_member(item, "any_of");
	if (!types.value)
		reader_refuse(reader, &types, "is required: two document types or more");
	group->types = read_texts(reader, item, "any_of", &group->type_count);
	group_types_check(reader, &types, profile, group);
	conditions_read(reader, item, "when", &group->when, &group->when_count);
	if (profile_document(profile, group->id))
		reader_refuse(reader, MEMBER(item, "id"),
			      "is '%s', which is already a document type; choose another id", group->id);
	group->choices = group_choices_text(reader->arena, profile, group);
	const struct document_spec *first = group->type_count ? profile_document(profile, group->types[0]) : NULL;
	group->entry_spec = (struct document_spec){
		.type = group->id,
		.title = arena_printf(reader->arena, "%s: %s", group->title, group->choices),
		.category = "",
		.guidance = "",
		.step_id = first ? first->step_id : "",
		.mandatory = true,
	};
}

static void groups_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	const struct node groups = node_member(root, "document_groups");
	profile->group_count = expect_list(reader, &groups, 100);
	profile->groups = arena_alloc_array(reader->arena, profile->group_count, sizeof *profile->groups);
	for (size_t i = 0; i < profile->group_count; i++) {
		const struct node item = node_element(&groups, i);
		group_read(reader, &item, profile, &profile->groups[i]);
		for (size_t j = 0; j < i; j++)
			expect_new_name(reader, &item, "id", profile->groups[i].id, profile->groups[j].id, j);
	}
}

void steps_and_documents_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	steps_read(reader, root, profile);
	document_rules_read(reader, root, profile);
	const struct node documents = node_member(root, "documents");
	profile->document_count = expect_list(reader, &documents, 1000);
	profile->documents = arena_alloc_array(reader->arena, profile->document_count, sizeof *profile->documents);
	for (size_t i = 0; i < profile->document_count; i++) {
		const struct node item = node_element(&documents, i);
		document_read(reader, &item, profile, &profile->documents[i]);
		for (size_t j = 0; j < i; j++)
			expect_new_name(reader, &item, "type", profile->documents[i].type, profile->documents[j].type,
					j);
	}
	groups_read(reader, root, profile);
	if (profile->submit_needs_mandatory) {
		const struct node node = { .parent = root, .key = "document_rules.submit_needs_mandatory" };
		bool any = profile->group_count > 0;
		for (size_t i = 0; i < profile->document_count; i++)
			any = any || profile->documents[i].mandatory;
		if (!any)
			reader_refuse(reader, &node, "is true, but no document is mandatory");
	}
}
