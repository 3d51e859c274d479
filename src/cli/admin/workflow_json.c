/* A workflow profile as JSON, for programs. */
#include "../cli_internal.h"
#include "kybdesk/domain/profile_keys.h"

static struct json_value *documents_json(const struct profile *profile)
{
	struct json_value *array = json_new_array();
	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];
		struct json_value *object = JSON_NEW(
			JSON_TEXT("type", spec->type), JSON_TEXT("category", spec->category),
			JSON_TEXT("title", spec->title), JSON_BOOL("mandatory", spec->mandatory),
			JSON_BOOL("double_sided", spec->double_sided), JSON_BOOL("on_request", spec->on_request),
			JSON_VALUE("formats", json_words(spec->formats, file_format_words)),
			JSON_INT("max_bytes", spec->max_bytes),
			JSON_VALUE("shows", json_words(spec->shows, document_part_words)));
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
		json_append(array, JSON_NEW(JSON_TEXT("id", group->id), JSON_TEXT("title", group->title),
					    JSON_VALUE("any_of", json_texts(group->types, group->type_count)),
					    JSON_OR_NULL("when", rule_when(&arena, &when))));
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
			json_append(list, JSON_NEW(JSON_TEXT("field", path),
						   JSON_TEXT("rule", rule_kind_text(rule->kind)),
						   JSON_TEXT("allowed", rule_allowed(arena, rule)),
						   JSON_OR_NULL("when", rule_when(arena, rule)),
						   JSON_OR_NULL("seed", rule->seed)));
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
	return JSON_NEW(
		JSON_BOOL("resubmit", profile->attempts.resubmit),
		JSON_BOOL("retry_checks", profile->attempts.retry_checks),
		JSON_BOOL("final_approval", profile->attempts.final_approval),
		JSON_OR_NULL("level_name", profile->attempts.level_name ? profile->attempts.level_name : ""),
		JSON_INT("max", profile->attempts.most),
		JSON_OR_NULL("foreign_reason", profile->foreign.reason ? profile->foreign.reason : ""));
}

static struct json_value *times_json(const struct profile *profile)
{
	return JSON_NEW(JSON_INT("review_ms", profile->review_ms),
			JSON_INT("processing_timeout_ms", profile->processing_timeout_ms),
			JSON_INT("link_ms", profile->link_ms),
			JSON_INT("link_reminder_ms", profile->link_reminder_ms),
			JSON_INT("link_reminders_max", profile->link_reminders_max),
			JSON_INT("retention_ms", profile->retention_ms),
			JSON_INT("retention_sanctions_ms", profile->retention_sanctions_ms));
}

static struct json_value *four_eyes_json(const struct profile *profile)
{
	const struct four_eyes_rules *rules = &profile->four_eyes;
	return JSON_NEW(JSON_INT_OR_NULL("from_risk", profile->four_eyes_from_risk, RISK_NONE),
			JSON_VALUE("countries", json_texts(rules->countries, rules->country_count)),
			JSON_VALUE("levels", json_texts(rules->levels, rules->level_count)),
			JSON_VALUE("hits", json_words(rules->hits, hit_class_words)),
			JSON_VALUE("kinds", json_words(rules->kinds, session_kind_words)));
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

static struct json_value *steps_json(const struct profile *profile)
{
	struct json_value *steps = json_new_array();
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *spec = &profile->steps[i];
		struct json_value *step = JSON_NEW(JSON_TEXT("id", spec->id), JSON_TEXT("title", spec->title));
		JSON_SET_EACH(step, "fields", j, spec->field_count, json_new_string(spec->fields[j].id));
		json_set(step, "rules", rules_json(spec->fields, spec->field_count));
		json_append(steps, step);
	}
	return steps;
}

static struct json_value *parties_json(const struct party_rules *parties)
{
	return JSON_NEW(JSON_BOOL("required", parties->required), JSON_BOOL("by_client", parties->by_client),
			JSON_BOOL("control_role_required", parties->control_role_required),
			JSON_OR_NULL("owner_threshold_percent", parties->owner_threshold_percent),
			JSON_TEXT("individuals", verify_by_text(parties->individuals)),
			JSON_TEXT("companies", verify_by_text(parties->companies)),
			JSON_OR_NULL("workflow", parties->workflow),
			JSON_VALUE("roles", json_words(parties->roles, party_role_words)),
			JSON_VALUE("rules", rules_json(parties->fields, parties->field_count)),
			JSON_VALUE("events", events_json(parties->events)));
}

struct json_value *cli_workflow_json(const struct profile *profile)
{
	struct json_value *checks =
		JSON_NEW(JSON_VALUE("required", json_words(profile->checks.required, check_kind_words)),
			 JSON_VALUE("waivable", json_words(profile->checks.waivable, check_kind_words)));
	return JSON_NEW(JSON_TEXT("name", profile->name), JSON_TEXT("title", profile->title),
			JSON_TEXT("provider", profile->provider), JSON_INT("version", profile->version),
			JSON_TEXT("kind", session_kind_text(profile->kind)),
			JSON_VALUE("subject_kinds", json_words(profile->subject_kinds, subject_kind_words)),
			JSON_OR_NULL("level_initial", profile->level_initial),
			JSON_OR_NULL("level_approved", profile->level_approved),
			JSON_BOOL("manual_review", profile->manual_review),
			JSON_BOOL("auto_process", profile->auto_process), JSON_VALUE("steps", steps_json(profile)),
			JSON_VALUE("documents", documents_json(profile)),
			JSON_VALUE("document_groups", groups_json(profile)),
			JSON_VALUE("parties", parties_json(&profile->parties)), JSON_VALUE("checks", checks),
			JSON_VALUE("attempts", attempts_json(profile)),
			JSON_VALUE("four_eyes", four_eyes_json(profile)), JSON_VALUE("times", times_json(profile)),
			JSON_VALUE("events", events_json(profile->events)),
			JSON_TEXT("event_shape", event_shape_text(profile->event_shape)),
			JSON_VALUE("custom_tags", json_new_raw(profile->custom_tags_json)),
			JSON_VALUE("not_enforced", cli_workflow_not_enforced_json(profile)));
}
