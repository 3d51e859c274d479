/* The canonical form of the case as the reviewer saw it, for the evidence of a decision and its hash. Omits claim,
 * versions and times, so that two approvals of the same evidence have the same hash. */
#include "jansson_bridge.h"
#include "kybdesk/codec/session_codec.h"

static struct json_value *checklist_json(const struct checklist_item *checklist, size_t count)
{
	struct json_value *list = json_new_array();
	for (size_t i = 0; i < count; i++)
		if (!blocker_traits(checklist[i].code).is_transient)
			json_append(list, JSON_FROM({ "met", AS_BOOL(checklist[i].met) },
						    { "code", AS_TEXT(blocker_code_text(checklist[i].code)) },
						    { "message", AS_TEXT(checklist[i].message) },
						    { "ref", AS_TEXT(checklist[i].ref) }));
	return list;
}

static struct json_value *profile_json(const struct profile *profile)
{
	return JSON_FROM({ "name", AS_TEXT(profile->name) }, { "version", AS_INT(profile->version) },
			 { "sha256", AS_TEXT(profile->sha256) });
}

static struct json_value *reasons_json(const struct reasons *reasons)
{
	char whole[SHA256_HEX_SIZE];
	struct json_value *out = json_new_object();
	for (int set = 0; set < REASON_SET_COUNT; set++)
		json_set_text(out, reason_set_text((enum reason_set)set),
			      reasons->sha256[set] ? reasons->sha256[set] : "");
	reasons_sha256(reasons, whole);
	json_set_text(out, "sha256", whole);
	return out;
}

static struct json_value *first_approval_json(const struct first_approval *first)
{
	return JSON_FROM({ "decision", AS_INT(first->number) }, { "by", AS_TEXT(first->by) },
			 { "at", AS_TIME(first->at) }, { "evidence_sha256", AS_TEXT(first->evidence_sha256) });
}

static struct json_value *overrides_json(const struct overrides *overrides)
{
	struct json_value *list = json_new_array();
	for (size_t i = 0; i < overrides->count; i++) {
		const struct override *one = &overrides->items[i];
		json_append(list, JSON_FROM({ "kind", AS_TEXT(override_kind_text(one->kind)) },
					    { "what", AS_TEXT(one->what) }, { "by", AS_TEXT(one->by) },
					    { "why?", AS_TEXT(one->why) }));
	}
	return list;
}

void evidence_write(struct strbuf *out, const struct case_file *file, const struct checklist_item *checklist,
		    size_t checklist_count, const struct evidence_rules *rules)
{
	static const struct json_style canonical = { .sort_keys = true };
	static const char *const of_the_moment[] = { "updated_at", "expires_at", "decided_by",	    "decided_at",
						     "decisions",  "notes",	 "decision_reason", "retryable" };
	const struct session_write_options as_it_is = { .now = TIME_NONE };
	struct json_value *root, *seen = session_write(file, &as_it_is);
	for (size_t i = 0; i < sizeof of_the_moment / sizeof *of_the_moment; i++)
		json_object_del(json_unwrap(seen), of_the_moment[i]);
	root = JSON_FROM(
		{ "case", seen }, { "checklist", checklist_json(checklist, checklist_count) },
		{ "profile|null", rules->profile ? profile_json(rules->profile) : AS_NULL },
		{ "reasons?", rules->reasons ? reasons_json(rules->reasons) : AS_NULL },
		{ "program", AS_TEXT(rules->program_version) },
		{ "first_approval?", rules->first_approval ? first_approval_json(rules->first_approval) : AS_NULL });
	if (rules->overrides)
		JSON_ADD(root, { "overrides", overrides_json(rules->overrides) },
			 { "acceptances_without_looks", AS_INT((int64_t)rules->overrides->unrecorded_count) });
	if (rules->overrides && rules->overrides->without_evidence)
		JSON_ADD(root, { "sandbox_without_evidence", AS_BOOL(true) });
	json_encode(out, json_unwrap(root), &canonical);
	json_free(root);
}
