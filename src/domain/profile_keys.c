#include "kybdesk/domain/profile_keys.h"
#include "kybdesk/domain/session.h"

#include <string.h>

#define SHOWN "shown to reviewers"
#define EVENT_KEY(kind, key) { "events", key, "webhooks" },

const struct profile_key profile_keys[] = {
	{ "", "name", "the name of the workflow in sessions" },
	{ "", "title", SHOWN },
	{ "", "short_title", "shown to reviewers in narrow lists" },
	{ "", "provider", SHOWN },
	{ "", "source", "shown with failures of checks outside the field rules" },
	{ "", "version", "stored with each session and each decision" },
	{ "", "kind", "opening and importing a session" },
	{ "", "subject_kinds", "opening and importing a session" },
	{ "", "steps", "below" },
	{ "", "documents", "below" },
	{ "", "document_rules", "below" },
	{ "", "document_groups", "below" },
	{ "", "parties", "below" },
	{ "", "checks", "below" },
	{ "", "evidence", "below" },
	{ "", "levels", "below" },
	{ "", "accounts", "opening an account" },
	{ "", "attempts", "below" },
	{ "", "foreign", "below" },
	{ "", "review", "below" },
	{ "", "link", "below" },
	{ "", "retention", "below" },
	{ "", "reasons", "below" },
	{ "", "events", "below" },
	{ "", "event_shape", "the bodies of webhooks" },
	{ "", "custom_tags", "copied into new sessions and their webhooks" },
	{ "steps", "id", "names the step in cases, rules and corrections" },
	{ "steps", "title", SHOWN },
	{ "steps", "guidance", SHOWN },
	{ "steps", "fields", "gate blocker field_invalid" },
	{ "fields", "id", "names the value" },
	{ "fields", "title", "named in sentences" },
	{ "fields", "guidance", SHOWN },
	{ "fields", "from", "the path of the value; two different values: gate blocker field_invalid" },
	{ "fields", "type", "gate blocker field_invalid" },
	{ "fields", "store", "the stored form of an imported or edited value" },
	{ "fields", "public", "shown to every reviewer; without it masked until revealed" },
	{ "fields", "personal", "masked even in a public object or list" },
	{ "fields", "rules", "gate blocker field_invalid" },
	{ "fields", "fields", "gate blocker field_invalid" },
	{ "fields", "items", "gate blocker field_invalid" },
	{ "rules", "rule", "gate blocker field_invalid" },
	{ "rules", "when", "whether the rule applies" },
	{ "rules", "message", "shown with the failure" },
	{ "rules", "seed", "shown with the failure" },
	{ "rules", "min", "gate blocker field_invalid" },
	{ "rules", "max", "gate blocker field_invalid" },
	{ "rules", "allow", "gate blocker field_invalid" },
	{ "rules", "others", "gate blocker field_invalid" },
	{ "rules", "first", "gate blocker field_invalid" },
	{ "rules", "pattern", "gate blocker field_invalid" },
	{ "rules", "says", "shown with the failure" },
	{ "rules", "values", "gate blocker field_invalid" },
	{ "rules", "forms", "gate blocker field_invalid" },
	{ "rules", "or", "gate blocker field_invalid" },
	{ "rules", "of", "gate blocker field_invalid" },
	{ "rules", "past", "gate blocker field_invalid" },
	{ "rules", "scheme", "gate blocker field_invalid" },
	{ "rules", "types", "gate blocker field_invalid" },
	{ "when", "field", "the condition" },
	{ "when", "is", "the condition" },
	{ "when", "is_not", "the condition" },
	{ "when", "country_is", "the condition" },
	{ "when", "country_is_not", "the condition" },
	{ "when", "given", "the condition" },
	{ "document_rules", "other_documents", "imports and uploads; gate blocker document_missing" },
	{ "document_rules", "formats", "imports and uploads" },
	{ "document_rules", "max_bytes", "imports and uploads" },
	{ "document_rules", "upload", "uploads" },
	{ "document_rules", "submit_needs_mandatory", "submit" },
	{ "document_rules", "submit_freezes", "uploads after submit" },
	{ "documents", "type", "gate blocker document_missing" },
	{ "documents", "category", "set by default; another category: gate blocker field_invalid" },
	{ "documents", "title", "named in sentences" },
	{ "documents", "guidance", SHOWN },
	{ "documents", "step", "gate blocker step_open" },
	{ "documents", "mandatory", "submit; gate blocker document_missing" },
	{ "documents", "double_sided", "gate blockers document_missing, field_invalid" },
	{ "documents", "on_request", "requests for documents; uploads" },
	{ "documents", "formats", "imports and uploads" },
	{ "documents", "max_bytes", "imports and uploads" },
	{ "documents", "shows", SHOWN },
	{ "documents", "max_age_months", SHOWN },
	{ "document_groups", "id", "gate blocker document_missing" },
	{ "document_groups", "title", "named in sentences" },
	{ "document_groups", "any_of", "submit; gate blocker document_missing" },
	{ "document_groups", "when", "whether a case needs a document of the group" },
	{ "parties", "required", "gate blocker party_missing" },
	{ "parties", "control_role_required", "gate blocker party_missing" },
	{ "parties", "by_client", "whether clients may declare parties" },
	{ "parties", "owner_threshold_percent", "the definition of a beneficial owner; gate blocker ownership_gap" },
	{ "parties", "threshold_inclusive", "the definition of a beneficial owner; gate blocker ownership_gap" },
	{ "parties", "individuals", "gate blocker party_not_verified" },
	{ "parties", "companies", "gate blocker party_not_verified" },
	{ "parties", "workflow", "the parties' sessions; gate blocker party_not_verified" },
	{ "parties", "events", "webhooks of the parties' sessions" },
	{ "parties", "max", "declaring a party; gate blocker field_invalid" },
	{ "parties", "roles", "declaring a party; gate blocker field_invalid" },
	{ "parties", "control_roles", "declaring a party; gate blocker field_invalid" },
	{ "parties", "fields", "gate blocker field_invalid" },
	{ "parties", "fields_for", "gate blocker field_invalid" },
	{ "checks", "required", "processing; gate blocker check_failed" },
	{ "checks", "optional_when", "processing; gate blocker check_failed" },
	{ "checks", "waivable", "waiving; gate blocker check_failed" },
	{ "checks", "max_age_days", "gate blocker check_stale" },
	{ "evidence", "documents", "gate blocker nothing_examined" },
	{ "evidence", "checks", "gate blocker nothing_examined" },
	{ "evidence", "results", "gate blocker nothing_examined" },
	{ "levels", "initial", "the level before an approval" },
	{ "levels", "approved", "the level an approval gives" },
	{ "levels", "subject_kinds", "the subjects with a level" },
	{ "attempts", "resubmit", "resubmit" },
	{ "attempts", "retry_checks", "processing" },
	{ "attempts", "final_approval", "imports after an approval" },
	{ "attempts", "level_name", "the bodies of webhooks" },
	{ "attempts", "max", "resubmit" },
	{ "foreign", "when", "processing" },
	{ "foreign", "reason", "processing" },
	{ "review", "manual", "the status after submit" },
	{ "review", "auto_process", "automatic start of processing" },
	{ "review", "hours", "the due time of a case" },
	{ "review", "processing_timeout_minutes", "the timeout of processing" },
	{ "review", "four_eyes_from_risk", "an approval at this risk score or above needs two people" },
	{ "review", "four_eyes", "below" },
	{ "four_eyes", "countries", "an approval for these countries needs two people" },
	{ "four_eyes", "levels", "an approval for these levels needs two people" },
	{ "four_eyes", "hits", "an approval with such a hit needs two people" },
	{ "four_eyes", "kinds", "an approval of these kinds needs two people" },
	{ "link", "days", "the validity of a new link" },
	{ "link", "reminder_days", "reminders" },
	{ "link", "reminders_max", "reminders" },
	{ "retention", "days", "how long a closed case is kept" },
	{ "retention", "sanctions_days", "the retention of a case with a sanctions match" },
	{ "reasons", "session", "rejecting a case" },
	{ "reasons", "document", "rejecting a document" },
	{ "reasons", "contradicted", "rejecting a case with a confirmed match" },
	{ "reasons", "contradicted_hits", "resolving a hit as a false positive" },
	EVENT_KIND_WORDS(EVENT_KEY)
};
const size_t profile_key_count = sizeof profile_keys / sizeof *profile_keys;

/* Whether the profile uses a key that this version does not enforce. Only events and "accounts" are looked up; any
 * other such key counts as used. */
static bool is_requested(const struct profile *profile, const struct profile_key *key)
{
	enum event_kind event;

	if (!strcmp(key->section, "events"))
		return event_kind_parse(key->key, &event) && profile->events[event];
	if (!strcmp(key->key, "accounts"))
		return profile->allows_accounts;
	return true;
}

const char **profile_unenforced_keys(struct arena *arena, const struct profile *profile, size_t *count)
{
	const char **found = arena_alloc_array(arena, profile_key_count, sizeof *found);

	*count = 0;
	for (size_t i = 0; i < profile_key_count; i++) {
		if (profile_keys[i].enforcement || !is_requested(profile, &profile_keys[i]))
			continue;
		found[(*count)++] = arena_printf(arena, "%s%s%s", profile_keys[i].section,
						 *profile_keys[i].section ? "." : "", profile_keys[i].key);
	}
	return found;
}
