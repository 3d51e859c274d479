#include "kybdesk/domain/profile_keys.h"

#include <string.h>

#define SHOWN "shown to reviewers"
#define SECTION "see the keys of this section"
#define EVENT_KEY(kind, key) { "events", key, "webhooks" },

const struct profile_key profile_keys[] = {
	{ "", "name", "the name of the workflow in sessions" },
	{ "", "title", SHOWN },
	{ "", "short_title", "shown to reviewers in narrow lists" },
	{ "", "provider", SHOWN },
	{ "", "source", "shown with failures of checks outside the field rules" },
	{ "", "version", "stored with each session and each decision" },
	{ "", "kind", "used when a session is opened or imported" },
	{ "", "subject_kinds", "used when a session is opened or imported" },
	{ "", "steps", SECTION },
	{ "", "documents", SECTION },
	{ "", "document_rules", SECTION },
	{ "", "document_groups", SECTION },
	{ "", "parties", SECTION },
	{ "", "checks", SECTION },
	{ "", "evidence", SECTION },
	{ "", "levels", SECTION },
	{ "", "accounts", "used when an account is opened" },
	{ "", "attempts", SECTION },
	{ "", "foreign", SECTION },
	{ "", "review", SECTION },
	{ "", "link", SECTION },
	{ "", "retention", SECTION },
	{ "", "reasons", SECTION },
	{ "", "events", SECTION },
	{ "", "event_shape", "the bodies of webhooks" },
	{ "", "custom_tags", "copied into new sessions and their webhooks" },
	{ "steps", "id", "names the step in cases, rules and corrections" },
	{ "steps", "title", SHOWN },
	{ "steps", "guidance", SHOWN },
	{ "steps", "fields", "gate blocker field_invalid" },
	{ "fields", "id", "names the value" },
	{ "fields", "title", "named in sentences" },
	{ "fields", "guidance", SHOWN },
	{ "fields", "from", "the paths of the value; if the values at the paths differ: gate blocker field_invalid" },
	{ "fields", "type", "gate blocker field_invalid" },
	{ "fields", "store", "the stored form of an imported or edited value" },
	{ "fields", "public", "whether every reviewer sees the value; without this key it is masked until revealed" },
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
	{ "document_rules", "other_documents", "checked at imports and uploads; gate blocker document_missing" },
	{ "document_rules", "formats", "checked at imports and uploads" },
	{ "document_rules", "max_bytes", "checked at imports and uploads" },
	{ "document_rules", "upload", "how a file is uploaded" },
	{ "document_rules", "submit_needs_mandatory", "checked at submit" },
	{ "document_rules", "submit_freezes", "whether files can be added or deleted after submit" },
	{ "document_rules", "refuse_active", "checked at imports and uploads" },
	{ "documents", "type", "gate blocker document_missing" },
	{ "documents", "category", "set if a document has no category; another category: gate blocker field_invalid" },
	{ "documents", "title", "named in sentences" },
	{ "documents", "guidance", SHOWN },
	{ "documents", "step", "gate blocker step_open" },
	{ "documents", "mandatory", "checked at submit; gate blocker document_missing" },
	{ "documents", "double_sided", "gate blockers document_missing, field_invalid" },
	{ "documents", "on_request", "whether the document is uploaded only on request" },
	{ "documents", "formats", "checked at imports and uploads" },
	{ "documents", "max_bytes", "checked at imports and uploads" },
	{ "documents", "shows", SHOWN },
	{ "documents", "max_age_months", SHOWN },
	{ "document_groups", "id", "gate blocker document_missing" },
	{ "document_groups", "title", "named in sentences" },
	{ "document_groups", "any_of", "checked at submit; gate blocker document_missing" },
	{ "document_groups", "when", "whether a case needs a document of the group" },
	{ "parties", "required", "gate blocker party_missing" },
	{ "parties", "control_role_required", "gate blocker party_missing" },
	{ "parties", "by_client", "whether clients may declare parties" },
	{ "parties", "owner_threshold_percent", "the definition of a beneficial owner; gate blocker ownership_gap" },
	{ "parties", "threshold_inclusive", "the definition of a beneficial owner; gate blocker ownership_gap" },
	{ "parties", "individuals", "gate blocker party_not_verified" },
	{ "parties", "companies", "gate blocker party_not_verified" },
	{ "parties", "workflow", "the workflow of the parties' sessions; gate blocker party_not_verified" },
	{ "parties", "events", "the event names in webhooks of the parties' sessions" },
	{ "parties", "max", "checked when a party is declared; gate blocker field_invalid" },
	{ "parties", "roles", "checked when a party is declared; gate blocker field_invalid" },
	{ "parties", "control_roles", "checked when a party is declared; gate blocker field_invalid" },
	{ "parties", "fields", "gate blocker field_invalid" },
	{ "parties", "fields_for", "gate blocker field_invalid" },
	{ "checks", "required", "used in processing; gate blocker check_failed" },
	{ "checks", "optional_when", "used in processing; gate blocker check_failed" },
	{ "checks", "waivable", "whether a check can be waived; gate blocker check_failed" },
	{ "checks", "max_age_days", "gate blocker check_stale" },
	{ "evidence", "documents", "gate blocker nothing_examined" },
	{ "evidence", "checks", "gate blocker nothing_examined" },
	{ "evidence", "results", "gate blocker nothing_examined" },
	{ "levels", "initial", "the level before an approval" },
	{ "levels", "approved", "the level that an approval gives" },
	{ "levels", "subject_kinds", "the kinds of subjects that have a level" },
	{ "attempts", "resubmit", "checked at resubmit" },
	{ "attempts", "retry_checks", "used in processing" },
	{ "attempts", "final_approval", "whether updates and attempts are refused after an approval" },
	{ "attempts", "level_name", "the bodies of webhooks" },
	{ "attempts", "max", "checked at resubmit" },
	{ "foreign", "when", "used in processing" },
	{ "foreign", "reason", "used in processing" },
	{ "review", "manual", "the status after submit" },
	{ "review", "auto_process", "automatic start of processing" },
	{ "review", "hours", "the due time of a case" },
	{ "review", "alert_hours", "the due time of an alert on a decided case" },
	{ "review", "processing_timeout_minutes", "the timeout of processing" },
	{ "review", "four_eyes_from_risk", "an approval at this risk score or above needs two people" },
	{ "review", "four_eyes", SECTION },
	{ "four_eyes", "countries", "an approval for these countries needs two people" },
	{ "four_eyes", "levels", "an approval that gives one of these levels needs two people" },
	{ "four_eyes", "hits", "an approval with a hit of these classes needs two people" },
	{ "four_eyes", "kinds", "an approval of a session of these kinds needs two people" },
	{ "link", "days", "the validity of a new link" },
	{ "link", "reminder_days", "reminders" },
	{ "link", "reminders_max", "reminders" },
	{ "retention", "days", "how long a closed case is kept" },
	{ "retention", "sanctions_days", "the retention of a case with a sanctions match" },
	{ "reasons", "session", "used when a case is rejected" },
	{ "reasons", "document", "used when a document is rejected" },
	{ "reasons", "contradicted", "used when a case with a confirmed match is rejected" },
	{ "reasons", "contradicted_hits", "used when a hit is resolved as a false positive" },
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
