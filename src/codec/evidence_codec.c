/*
 * The canonical form of the case as the reviewer saw it, for the evidence of a decision and its hash. Omits claim,
 * versions and times, so that two approvals of the same evidence have the same hash.
 */
#include "jansson_bridge.h"
#include "kybdesk/codec/session_codec.h"

static struct json_value *checklist_write(const struct checklist_item *checklist, size_t count)
{
	struct json_value *list = json_new_array();
	for (size_t i = 0; i < count; i++) {
		if (blocker_is_momentary(checklist[i].code))
			continue;
		struct json_value *item = json_new_object();
		json_set_bool(item, "met", checklist[i].met);
		json_set_text(item, "code", blocker_code_text(checklist[i].code));
		json_set_text(item, "message", checklist[i].message);
		json_set_text(item, "ref", checklist[i].ref);
		json_append(list, item);
	}
	return list;
}

static struct json_value *profile_write(const struct profile *profile)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "name", profile->name);
	json_set_int(out, "version", profile->version);
	json_set_text(out, "sha256", profile->sha256 ? profile->sha256 : "");
	return out;
}

static struct json_value *reasons_write(const struct reasons *reasons)
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

static struct json_value *first_write(const struct first_approval *first)
{
	struct json_value *out = json_new_object();
	json_set_int(out, "decision", first->number);
	json_set_text(out, "by", first->by);
	json_set_time(out, "at", first->at);
	json_set_text(out, "evidence_sha256", first->evidence_sha256);
	return out;
}

void evidence_write(struct strbuf *out, const struct case_file *file, const struct checklist_item *checklist,
		    size_t checklist_count, const struct evidence_rules *rules)
{
	static const struct json_style canonical = { .sorted = true };
	static const char *const of_the_moment[] = { "updated_at", "expires_at", "decided_by",	    "decided_at",
						     "decisions",  "notes",	 "decision_reason", "retryable" };
	const struct session_write_options as_it_is = { .now = TIME_NONE };
	struct json_value *root = json_new_object();
	struct json_value *seen = session_write(file, &as_it_is);
	for (size_t i = 0; i < sizeof of_the_moment / sizeof *of_the_moment; i++)
		json_object_del(json_unwrap(seen), of_the_moment[i]);
	json_set(root, "case", seen);
	json_set(root, "checklist", checklist_write(checklist, checklist_count));
	if (rules->profile)
		json_set(root, "profile", profile_write(rules->profile));
	else
		json_set_null(root, "profile");
	if (rules->reasons)
		json_set(root, "reasons", reasons_write(rules->reasons));
	json_set_text(root, "program", rules->program);
	if (rules->first)
		json_set(root, "first_approval", first_write(rules->first));
	json_encode(out, json_unwrap(root), &canonical);
	json_free(root);
}
