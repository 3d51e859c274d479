/* A workflow profile as JSON, for programs. */
#include "../cli_internal.h"
#include "kybdesk/domain/field.h"
#include "kybdesk/domain/profile_keys.h"

static struct json_value *documents_json(const struct profile *profile)
{
	struct json_value *array = json_new_array();
	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];
		struct json_value *object = json_new_object();
		json_set_text(object, "type", spec->type);
		json_set_text(object, "category", spec->category);
		json_set_text(object, "title", spec->title);
		json_set_bool(object, "mandatory", spec->mandatory);
		json_set_bool(object, "double_sided", spec->double_sided);
		json_set_bool(object, "on_request", spec->on_request);
		json_set(object, "formats", json_words(spec->formats, file_format_words));
		json_set_int(object, "max_bytes", spec->max_bytes);
		json_set(object, "shows", json_words(spec->shows, document_part_words));
		if (spec->max_age_months)
			json_set_int(object, "max_age_months", spec->max_age_months);
		json_append(array, object);
	}
	return array;
}

static struct json_value *groups_json(const struct profile *profile)
{
	struct arena arena = ARENA_INIT;
	struct json_value *array = json_new_array();
	for (size_t i = 0; i < profile->group_count; i++) {
		const struct document_group *group = &profile->groups[i];
		const struct field_rule when = { .when = group->when, .when_count = group->when_count };
		struct json_value *object = json_new_object();
		json_set_text(object, "id", group->id);
		json_set_text(object, "title", group->title);
		json_set(object, "any_of", json_texts(group->types, group->type_count));
		json_set_text_or_null(object, "when", rule_when(&arena, &when));
		json_append(array, object);
	}
	arena_release(&arena);
	return array;
}

/* One entry for each rule: field, rule, allowed values, condition, and source (seed). */
static void add_rules(struct arena *arena, struct json_value *list, const char *prefix,
		      const struct field_spec *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_printf(arena, "%s%s%s", prefix, *prefix ? "." : "", fields[i].id);
		for (size_t r = 0; r < fields[i].rule_count; r++) {
			const struct field_rule *rule = &fields[i].rules[r];
			struct json_value *item = json_new_object();
			const char *when = rule_when(arena, rule);
			json_set_text(item, "field", path);
			json_set_text(item, "rule", rule_kind_text(rule->kind));
			json_set_text(item, "allowed", rule_allowed(arena, rule));
			json_set_text_or_null(item, "when", when);
			json_set_text_or_null(item, "seed", rule->seed);
			json_append(list, item);
		}
		add_rules(arena, list, fields[i].type == FIELD_LIST ? arena_printf(arena, "%s[]", path) : path,
			  fields[i].children, fields[i].child_count);
	}
}

static struct json_value *rules_json(const struct field_spec *fields, size_t count)
{
	struct arena arena = ARENA_INIT;
	struct json_value *list = json_new_array();
	add_rules(&arena, list, "", fields, count);
	arena_release(&arena);
	return list;
}

static struct json_value *attempts_json(const struct profile *profile)
{
	struct json_value *out = json_new_object();
	json_set_bool(out, "resubmit", profile->attempts.resubmit);
	json_set_bool(out, "retry_checks", profile->attempts.retry_checks);
	json_set_bool(out, "final_approval", profile->attempts.final_approval);
	json_set_text_or_null(out, "level_name", profile->attempts.level_name ? profile->attempts.level_name : "");
	json_set_int(out, "max", profile->attempts.most);
	json_set_text_or_null(out, "foreign_reason", profile->foreign.reason ? profile->foreign.reason : "");
	return out;
}

static struct json_value *times_json(const struct profile *profile)
{
	struct json_value *out = json_new_object();
	json_set_int(out, "review_ms", profile->review_ms);
	json_set_int(out, "processing_timeout_ms", profile->processing_timeout_ms);
	json_set_int(out, "link_ms", profile->link_ms);
	json_set_int(out, "link_reminder_ms", profile->link_reminder_ms);
	json_set_int(out, "link_reminders_max", profile->link_reminders_max);
	json_set_int(out, "retention_ms", profile->retention_ms);
	json_set_int(out, "retention_sanctions_ms", profile->retention_sanctions_ms);
	return out;
}

static struct json_value *four_eyes_json(const struct profile *profile)
{
	const struct four_eyes_rules *rules = &profile->four_eyes;
	struct json_value *out = json_new_object();
	cli_set_number(out, "from_risk", profile->four_eyes_from_risk, RISK_NONE);
	json_set(out, "countries", json_texts(rules->countries, rules->country_count));
	json_set(out, "levels", json_texts(rules->levels, rules->level_count));
	json_set(out, "hits", json_words(rules->hits, hit_class_words));
	json_set(out, "kinds", json_words(rules->kinds, session_kind_words));
	return out;
}

struct json_value *cli_workflow_not_enforced_json(const struct profile *profile)
{
	struct arena arena = ARENA_INIT;
	size_t count;
	const char **names = profile_not_enforced(&arena, profile, &count);
	struct json_value *list = json_texts(names, count);
	arena_release(&arena);
	return list;
}

static struct json_value *events_json(const char *const *names)
{
	struct json_value *events = json_new_object();
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		if (names[i])
			json_set_text(events, event_kind_text((enum event_kind)i), names[i]);
	return events;
}

struct json_value *cli_workflow_json(const struct profile *profile)
{
	struct json_value *object = json_new_object(), *steps = json_new_array();
	struct json_value *parties = json_new_object(), *rules = json_new_object();
	json_set_text(object, "name", profile->name);
	json_set_text(object, "title", profile->title);
	json_set_text(object, "provider", profile->provider);
	json_set_int(object, "version", profile->version);
	json_set_text(object, "kind", session_kind_text(profile->kind));
	json_set(object, "subject_kinds", json_words(profile->subject_kinds, subject_kind_words));
	json_set_text_or_null(object, "level_initial", profile->level_initial);
	json_set_text_or_null(object, "level_approved", profile->level_approved);
	json_set_bool(object, "manual_review", profile->manual_review);
	json_set_bool(object, "auto_process", profile->auto_process);
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *spec = &profile->steps[i];
		struct json_value *step = json_new_object();
		json_set_text(step, "id", spec->id);
		json_set_text(step, "title", spec->title);
		JSON_SET_EACH(step, "fields", j, spec->field_count, json_new_string(spec->fields[j].id));
		json_set(step, "rules", rules_json(spec->fields, spec->field_count));
		json_append(steps, step);
	}
	json_set(object, "steps", steps);
	json_set(object, "documents", documents_json(profile));
	json_set(object, "document_groups", groups_json(profile));
	json_set_bool(parties, "required", profile->parties.required);
	json_set_bool(parties, "by_client", profile->parties.by_client);
	json_set_bool(parties, "control_role_required", profile->parties.control_role_required);
	json_set_text_or_null(parties, "owner_threshold_percent", profile->parties.owner_threshold_percent);
	json_set_text(parties, "individuals", verify_by_text(profile->parties.individuals));
	json_set_text(parties, "companies", verify_by_text(profile->parties.companies));
	json_set_text_or_null(parties, "workflow", profile->parties.workflow);
	json_set(parties, "roles", json_words(profile->parties.roles, party_role_words));
	json_set(parties, "rules", rules_json(profile->parties.fields, profile->parties.field_count));
	json_set(parties, "events", events_json(profile->parties.events));
	json_set(object, "parties", parties);
	json_set(rules, "required", json_words(profile->checks.required, check_kind_words));
	json_set(rules, "waivable", json_words(profile->checks.waivable, check_kind_words));
	json_set(object, "checks", rules);
	json_set(object, "attempts", attempts_json(profile));
	json_set(object, "four_eyes", four_eyes_json(profile));
	json_set(object, "times", times_json(profile));
	json_set(object, "events", events_json(profile->events));
	json_set_text(object, "event_shape", event_shape_text(profile->event_shape));
	json_set_raw(object, "custom_tags", profile->custom_tags_json);
	json_set(object, "not_enforced", cli_workflow_not_enforced_json(profile));
	return object;
}
