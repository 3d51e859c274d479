#include "rule_rows.h"
#include "rule_bench.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/domain/transition.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void finding_of(const struct rule_failure *failure, struct finding *finding)
{
	*finding = (struct finding){ .path = failure->path,
				     .rule = failure->rule,
				     .message = failure->message,
				     .sentence = failure->sentence,
				     .seed = failure->seed };
}

static const struct rule_failure *failure_of(const struct rule_failures *failures, const char *path,
					     const char *rule)
{
	for (size_t i = 0; i < failures->count; i++)
		if (strcmp(failures->items[i].path, path) == 0 && strcmp(failures->items[i].rule, rule) == 0)
			return &failures->items[i];
	return NULL;
}

/* What a row accepts is sound as a whole; what it refuses breaks this rule, whatever else it breaks. */
bool probe_field(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	json_t *tree = bench_case(profile);
	struct case_file file;
	bench_set_all(bench, tree, row->with);
	bench_set(bench, tree, row->path, value);
	bench_fill(bench, tree, &file);
	json_decref(tree);
	struct rule_failures failures = bench_check(bench, profile, &file);
	const struct rule_failure *failure = failure_of(&failures, row->path, row->rule);
	if (!failure && failures.count)
		failure = &failures.items[0];
	if (failure)
		finding_of(failure, finding);
	return !failures.count;
}

bool probe_side(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	json_t *tree = bench_case(profile);
	struct case_file file;
	bench_fill(bench, tree, &file);
	json_decref(tree);
	struct document *document = &file.documents[0];
	cr_assert_not_null(profile_document(profile, row->path), "%s", row->path);
	for (size_t i = 0; i < file.document_count; i++)
		if (strcmp(file.documents[i].type, row->path) == 0)
			document = &file.documents[i];
	document->side = value;
	struct rule_failures failures = bench_check(bench, profile, &file);
	if (failures.count)
		finding_of(&failures.items[0], finding);
	return !failures.count;
}

bool probe_format(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct document_spec *spec = profile_document(bench_profile(bench, row->profile), row->path);
	enum file_format format;
	(void)finding;
	cr_assert_not_null(spec, "%s", row->path);
	cr_assert(file_format_parse(value, &format), "%s", value);
	return spec->formats & (1u << format);
}

bool probe_size(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct document_spec *spec = profile_document(bench_profile(bench, row->profile), row->path);
	(void)finding;
	cr_assert_not_null(spec, "%s", row->path);
	return strtoll(value, NULL, 10) <= spec->max_bytes;
}

bool probe_type(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	const char *slash = strchr(value, '/');
	const struct document_spec *spec = profile_document(profile, slash + 1);
	(void)finding;
	return spec && strncmp(spec->category, value, (size_t)(slash - value)) == 0 &&
	       !spec->category[slash - value];
}

static bool gate_finds(struct bench *bench, const struct profile *profile, const struct case_file *file,
		       enum blocker_code code, const char *ref, struct finding *finding)
{
	struct blockers blockers;
	const struct gate_context context = { .profile = profile,
					      .countries = &bench->countries,
					      .actor = "ana",
					      .role = ROLE_REVIEWER,
					      .now = BENCH_NOW,
					      .last_decision_by = "",
					      .last_decision_at = TIME_NONE };
	gate_check(&bench->arena, file, &context, &blockers);
	for (size_t i = 0; i < blockers.count; i++)
		if (blockers.items[i].code == code && (!ref || strcmp(blockers.items[i].ref, ref) == 0)) {
			finding->message = blockers.items[i].message;
			return true;
		}
	return false;
}

bool probe_mandatory(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	struct case_file file;
	struct document document;
	case_file_init(&file);
	document_init(&document);
	document.type = row->path;
	document.review = REVIEW_ACCEPTED;
	if (strcmp(value, "none") != 0) {
		cr_assert(upload_state_parse(value, &document.upload), "%s", value);
		file.documents = &document;
		file.document_count = 1;
	}
	cr_assert_not_null(profile_document(profile, row->path), "%s", row->path);
	return !gate_finds(bench, profile, &file, BLOCKER_DOCUMENT_MISSING, row->path, finding);
}

static void owners_fill(struct bench *bench, struct case_file *file, size_t count)
{
	case_file_init(file);
	file->parties = arena_alloc_array(&bench->arena, count + 1, sizeof *file->parties);
	file->party_count = count;
	for (size_t i = 0; i < count; i++) {
		party_init(&file->parties[i]);
		file->parties[i].name = arena_printf(&bench->arena, "Owner %zu", i);
		file->parties[i].id = arena_printf(&bench->arena, "00000000-0000-4000-8000-%012zu", i);
		file->parties[i].control_role = "CEO";
	}
}

bool probe_owners(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	struct case_file file;
	owners_fill(bench, &file, (size_t)strtol(value, NULL, 10));
	if (gate_finds(bench, profile, &file, BLOCKER_PARTY_MISSING, NULL, finding))
		return false;
	struct rule_failures failures = bench_check(bench, profile, &file);
	const struct rule_failure *failure = failure_of(&failures, "parties", "list");
	if (failure)
		finding_of(failure, finding);
	return !failure;
}

bool probe_control(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	struct case_file file;
	owners_fill(bench, &file, 2);
	file.parties[0].control_role = "";
	file.parties[1].control_role = strcmp(value, "-") == 0 ? "" : value;
	return !gate_finds(bench, bench_profile(bench, row->profile), &file, BLOCKER_PARTY_MISSING, NULL, finding);
}

static bool transition_holds(struct bench *bench, const struct rule_row *row, const char *value, bool sandbox,
			     struct finding *finding)
{
	char action_word[32], from_word[32], role_word[16], to_word[32];
	const struct transition_context context = { .profile = bench_profile(bench, row->profile),
						    .sandbox = sandbox,
						    .retryable = row->with && strcmp(row->with, "retryable") == 0 };
	enum action action;
	enum session_status from, to, wanted;
	enum role role;
	cr_assert_eq(sscanf(value, "%31s %31s %15s %31s", action_word, from_word, role_word, to_word), 4, "%s",
		     value);
	cr_assert(action_parse(action_word, &action) && session_status_parse(from_word, &from) &&
			  role_parse(role_word, &role) && session_status_parse(to_word, &wanted),
		  "%s", value);
	enum transition_refusal refusal = transition_find(from, action, role, &context, &to);
	if (refusal != TRANSITION_ALLOWED) {
		finding->message = transition_sentence(&bench->arena, from, action, role, refusal);
		return false;
	}
	return to == wanted;
}

bool probe_transition(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	return transition_holds(bench, row, value, false, finding);
}

bool probe_sandbox_transition(struct bench *bench, const struct rule_row *row, const char *value,
			      struct finding *finding)
{
	return transition_holds(bench, row, value, true, finding);
}

bool probe_status(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	enum session_status status;
	(void)bench, (void)row, (void)finding;
	return session_status_parse(value, &status);
}

bool probe_step_status(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	enum step_status status;
	(void)bench, (void)row, (void)finding;
	return step_status_parse(value, &status);
}

bool probe_final_decision(struct bench *bench, const struct rule_row *row, const char *value,
			  struct finding *finding)
{
	enum final_decision decision;
	(void)bench, (void)row, (void)finding;
	return final_decision_parse(value, &decision);
}

bool probe_inbox(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	enum session_status status;
	(void)bench, (void)finding;
	cr_assert(session_status_parse(value, &status), "%s", value);
	return strcmp(inbox_text(session_status_inbox(status)), row->path) == 0;
}

static bool kept_error(struct bench *bench, enum err err, struct error *error, struct finding *finding)
{
	if (err)
		finding->message = arena_strdup(&bench->arena, error->message);
	error_release(error);
	return !err;
}

bool probe_event(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	struct error error = { 0 };
	(void)row;
	return kept_error(bench, endpoint_event_check(value, &error), &error, finding);
}

bool probe_endpoint(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	struct error error = { 0 };
	(void)row;
	return kept_error(bench, endpoint_url_check(value, false, &error), &error, finding);
}

bool probe_profile_event(struct bench *bench, const struct rule_row *row, const char *value,
			 struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	const char *name = strchr(value, '=') + 1;
	enum event_kind kind;
	(void)finding;
	cr_assert(event_kind_parse(arena_strndup(&bench->arena, value, (size_t)(name - 1 - value)), &kind), "%s",
		  value);
	return profile->events[kind] && strcmp(profile->events[kind], name) == 0;
}

bool probe_foreign(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	json_t *tree = bench_case(profile);
	struct case_file file;
	(void)finding;
	bench_set(bench, tree, row->path, value);
	bench_fill(bench, tree, &file);
	json_decref(tree);
	const struct rules_input input = {
		.file = &file, .profile = profile, .countries = &bench->countries, .today = BENCH_TODAY
	};
	return rules_conditions_hold(&bench->arena, &input, profile->foreign.when, profile->foreign.when_count);
}

bool probe_level(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	enum subject_kind kind;
	(void)finding;
	cr_assert(subject_kind_parse(value, &kind), "%s", value);
	return strcmp(profile_level_initial(profile, kind), "LIGHT") == 0 &&
	       strcmp(profile_level_approved(profile, kind), "REGULAR") == 0;
}

bool probe_party_session(struct bench *bench, const struct rule_row *row, const char *value,
			 struct finding *finding)
{
	struct case_file file;
	owners_fill(bench, &file, 1);
	if (strcmp(value, "none") != 0) {
		file.parties[0].session_id = "s";
		cr_assert(session_status_parse(value, &file.parties[0].session_status), "%s", value);
	}
	return !gate_finds(bench, bench_profile(bench, row->profile), &file, BLOCKER_PARTY_NOT_VERIFIED, NULL,
			   finding);
}

bool probe_owner_ids(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	json_t *tree = bench_case(profile), *parties = json_object_get(tree, "parties"), *ids = json_array();
	struct case_file file;
	json_array_append_new(parties, json_deep_copy(json_array_get(parties, 0)));
	while (*value) {
		size_t length = strcspn(value, " ");
		json_array_append_new(ids, json_stringn(value, length));
		value += length + strspn(value + length, " ");
	}
	json_object_set_new(json_object_get(json_object_get(tree, "steps"), "company"), "uboIds", ids);
	bench_fill(bench, tree, &file);
	json_decref(tree);
	struct rule_failures failures = bench_check(bench, profile, &file);
	if (failures.count)
		finding_of(&failures.items[0], finding);
	return !failures.count;
}

bool probe_stored(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	const char *equals = strchr(value, '=');
	json_t *tree = bench_case(profile);
	struct case_file file;
	(void)finding;
	bench_set(bench, tree, arena_printf(&bench->arena, "steps.company.%s", row->path),
		  arena_strndup(&bench->arena, value, (size_t)(equals - value)));
	bench_fill(bench, tree, &file);
	json_decref(tree);
	case_values_store_form(&bench->arena, profile, &bench->countries, &file);
	cr_assert(strstr(file.steps[0].fields_json, value_text(value_member(file.steps[0].values, row->path))));
	return strcmp(value_text(value_member(file.steps[0].values, row->path)), equals + 1) == 0;
}

bool probe_two_sided_type(struct bench *bench, const struct rule_row *row, const char *value,
			  struct finding *finding)
{
	const struct document_spec *spec = profile_document(bench_profile(bench, row->profile), value);
	(void)finding;
	cr_assert_not_null(spec, "%s", value);
	return spec->double_sided;
}

bool probe_foreign_without(struct bench *bench, const struct rule_row *row, const char *value,
			   struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	json_t *tree = bench_case(profile);
	struct case_file file;
	bench_set(bench, tree, "steps.addresses.addresses[0].country", value);
	bench_set(bench, tree, row->path, "-");
	bench_fill(bench, tree, &file);
	json_decref(tree);
	struct rule_failures failures = bench_check(bench, profile, &file);
	if (failures.count)
		finding->message = failures.items[0].message;
	return !failures.count;
}

bool probe_party_role(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	enum party_role role;
	(void)bench, (void)row, (void)finding;
	return party_role_parse(value, &role);
}

bool probe_check(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	enum check_kind kind;
	(void)bench, (void)row, (void)finding;
	return check_kind_parse(value, &kind);
}

bool probe_optional(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, row->profile);
	struct case_file file;
	case_file_init(&file);
	cr_assert_not_null(profile_document(profile, value), "%s", value);
	return !gate_finds(bench, profile, &file, BLOCKER_DOCUMENT_MISSING, value, finding);
}

bool probe_frozen(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const struct profile *profile = bench_profile(bench, value);
	(void)row, (void)finding;
	return profile->submit_needs_mandatory && profile->submit_freezes_documents;
}

bool probe_accounts(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	(void)row, (void)finding;
	return bench_profile(bench, value)->accounts;
}

bool probe_subject(struct bench *bench, const struct rule_row *row, const char *value, struct finding *finding)
{
	const char *slash = strchr(value, '/');
	const char *name = slash ? arena_strndup(&bench->arena, value, (size_t)(slash - value)) : row->profile;
	const struct profile *profile = bench_profile(bench, name);
	enum subject_kind kind;
	(void)finding;
	cr_assert(subject_kind_parse(slash ? slash + 1 : value, &kind), "%s", value);
	return (profile->subject_kinds & (1u << kind)) &&
	       profile_has_kind(profile, kind == SUBJECT_BUSINESS ? KIND_KYB : KIND_KYC);
}
