/* Probes that need an import line and a view of the case. */
#include "rule_entrance.h"
#include <stdio.h>

static void see_blocker(const struct blocker *blocker, struct seen *seen)
{
	seen->path = blocker->ref;
	seen->message = blocker->message;
}

/* Fills `seen` from the failure that `validate` reports for the row's path and rule. */
static void see_rule(struct entrance *entrance, const char *ref, const struct rule_row *row, struct seen *seen)
{
	struct use_out out;
	struct fixture *f = &entrance->f;

	cr_assert_eq(desk_validate(f->rita, &f->arena, ref, &out, &f->error), ERR_OK, "%s", f->error.message);
	for (size_t i = 0; i < out.failures.count; i++) {
		const struct rule_failure *failure = &out.failures.items[i];

		if (strcmp(failure->path, row->path) != 0 || strcmp(failure->rule, row->rule) != 0)
			continue;
		*seen = (struct seen){ .path = failure->path,
				       .rule = failure->rule,
				       .message = failure->message,
				       .sentence = failure->sentence,
				       .seed = failure->source_document };
		return;
	}
	if (out.failures.count)
		seen->rule = out.failures.items[0].rule;
}

/* The blocker must be in the case's list, and must prevent the approval. */
static void expect_no_approval(struct entrance *entrance, const char *ref, const struct rule_row *row,
			       enum blocker_code code)
{
	struct fixture *f = &entrance->f;
	enum err err = fixture_use(f, f->rita, &(const struct use_in){ .verb = VERB_APPROVE, .session = ref });

	cr_expect_eq(err, ERR_BLOCKED, "%s %s: approved", row->seed, row->id);
	cr_expect(error_has_blocker(&f->error, blocker_code_text(code)), "%s %s: %s", row->seed, row->id,
		  f->error.message);
	error_release(&f->error);
}

static bool judge_fields(struct entrance *entrance, const struct rule_row *row, const struct arrival *arrival,
			 struct seen *seen)
{
	const struct blocker *blocker;
	struct case_view view;

	if (arrival->refused) {
		*seen = (struct seen){ arrival->field, "line", arrival->message, "", "" };
		return false;
	}
	view = entrance_view(entrance, arrival->ref);
	blocker = entrance_blocker(&view, BLOCKER_FIELD_INVALID, row->path);
	if (!blocker)
		blocker = entrance_blocker(&view, BLOCKER_FIELD_INVALID, NULL);
	if (!blocker)
		return true;
	see_blocker(blocker, seen);
	see_rule(entrance, arrival->ref, row, seen);
	expect_no_approval(entrance, arrival->ref, row, BLOCKER_FIELD_INVALID);
	return false;
}

static bool run_field(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	json_t *tree = entrance_case_of(row->base);
	struct arrival arrival;

	entrance_set_all(entrance, tree, row->with);
	entrance_set(entrance, tree, row->path, value);
	arrival = entrance_import(entrance, tree);
	return judge_fields(entrance, row, &arrival, seen);
}

static bool fields_are_free(struct entrance *entrance, const struct rule_row *row)
{
	const struct arrival arrival = entrance_bring(entrance, row, NULL, NULL);
	const struct case_view view = entrance_view(entrance, arrival.ref);

	return !entrance_blocker(&view, BLOCKER_FIELD_INVALID, NULL);
}
const struct rule_probe probe_field = { ENTRANCE_IMPORT, run_field, fields_are_free };

static bool run_foreign_without(struct entrance *entrance, const struct rule_row *row, const char *value,
				struct seen *seen)
{
	json_t *tree = entrance_case_of(row->base);
	struct arrival arrival;

	entrance_set(entrance, tree, "steps.addresses.addresses[0].country", value);
	entrance_set(entrance, tree, row->path, "-");
	arrival = entrance_import(entrance, tree);
	return judge_fields(entrance, row, &arrival, seen);
}
const struct rule_probe probe_foreign_without = { ENTRANCE_IMPORT, run_foreign_without, fields_are_free };

static bool run_stored(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	const char *equals = strchr(value, '=');
	const char *given = arena_strndup(&entrance->f.arena, value, (size_t)(equals - value)), *stored;
	const struct arrival arrival =
		entrance_bring(entrance, row, arena_printf(&entrance->f.arena, "steps.company.%s", row->path), given);
	const struct case_view view = entrance_view(entrance, arrival.ref);
	json_t *fields = NULL;
	bool same;

	(void)seen;
	for (size_t i = 0; i < view.file.step_count; i++) {
		if (!strcmp(view.file.steps[i].id, "company"))
			fields = json_loads(view.file.steps[i].fields_json, 0, NULL);
	}
	stored = json_string_value(json_object_get(fields, row->path));
	same = stored && !strcmp(stored, equals + 1);
	json_decref(fields);
	return same;
}
const struct rule_probe probe_stored = { ENTRANCE_IMPORT, run_stored, NULL };

static bool run_side(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	json_t *tree = entrance_case_of(row->base);
	struct arrival arrival;

	entrance_set(entrance, tree, arena_printf(&entrance->f.arena, "documents[%s].side", row->path),
		     *value ? value : "-");
	arrival = entrance_import(entrance, tree);
	if (arrival.refused) {
		seen->message = arrival.message;
		return false;
	}
	const struct case_view view = entrance_view(entrance, arrival.ref);
	const struct blocker *blocker = NULL;

	/* Other blockers are ignored: a field that names a document with a missing side is refused, too. */
	for (size_t i = 0; i < view.blockers.count && !blocker; i++) {
		if (strstr(view.blockers.items[i].message, "single-sided"))
			blocker = &view.blockers.items[i];
	}
	if (blocker)
		see_blocker(blocker, seen);
	return !blocker;
}
const struct rule_probe probe_side = { ENTRANCE_IMPORT, run_side, fields_are_free };

static bool misses(struct entrance *entrance, const struct arrival *arrival, const char *type, struct seen *seen)
{
	const struct case_view view = entrance_view(entrance, arrival->ref);
	const struct blocker *blocker = entrance_blocker(&view, BLOCKER_DOCUMENT_MISSING, type);

	if (blocker && seen)
		see_blocker(blocker, seen);
	return blocker;
}

static bool run_mandatory(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	const char *path = arena_printf(&entrance->f.arena, "documents[%s]", row->path);
	struct arrival arrival;

	if (!strcmp(value, "none")) {
		arrival = entrance_bring(entrance, row, path, "-");
	} else {
		json_t *tree = entrance_case_of(row->base);

		entrance_set(entrance, tree, arena_printf(&entrance->f.arena, "%s.upload", path), value);
		if (strcmp(value, "ready") != 0)
			entrance_set(entrance, tree, arena_printf(&entrance->f.arena, "%s.file", path), "-");
		arrival = entrance_import(entrance, tree);
		cr_assert_not(arrival.refused, "%s", arrival.message);
	}
	/* If the case has a record of the type without bytes, the ref of the blocker is the record, not the type. */
	if (!misses(entrance, &arrival, strcmp(value, "none") ? NULL : row->path, seen))
		return true;
	expect_no_approval(entrance, arrival.ref, row, BLOCKER_DOCUMENT_MISSING);
	return false;
}

static bool nothing_is_missing(struct entrance *entrance, const struct rule_row *row)
{
	const struct arrival arrival = entrance_bring(entrance, row, NULL, NULL);

	return !misses(entrance, &arrival, NULL, NULL);
}
const struct rule_probe probe_mandatory = { ENTRANCE_IMPORT, run_mandatory, nothing_is_missing };

static bool run_optional(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	json_t *tree = entrance_case_of(row->base);
	json_t *documents = json_object_get(tree, "documents"), *item;
	struct arrival arrival;
	size_t index;

	json_array_foreach(documents, index, item)
	{
		if (!strcmp(json_string_value(json_object_get(item, "type")), value))
			json_array_remove(documents, index--);
	}
	arrival = entrance_import(entrance, tree);
	cr_assert_not(arrival.refused, "%s", arrival.message);
	return !misses(entrance, &arrival, NULL, seen);
}
const struct rule_probe probe_optional = { ENTRANCE_IMPORT, run_optional, nothing_is_missing };

static bool run_type(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	const char *slash = strchr(value, '/');
	json_t *tree = entrance_case_of(row->base);
	struct arrival arrival;

	entrance_set(entrance, tree, "documents[+]",
		     arena_printf(&entrance->f.arena,
				  "={\"type\":\"%s\",\"category\":\"%.*s\",\"file\":\"files/articles.pdf\","
				  "\"review\":\"accepted\"}",
				  slash + 1, (int)(slash - value), value));
	arrival = entrance_import(entrance, tree);
	if (arrival.refused) {
		seen->message = arrival.message;
		return false;
	}
	const struct case_view view = entrance_view(entrance, arrival.ref);
	const struct blocker *blocker = entrance_blocker(&view, BLOCKER_FIELD_INVALID, NULL);

	if (blocker)
		see_blocker(blocker, seen);
	return !blocker;
}
const struct rule_probe probe_type = { ENTRANCE_IMPORT, run_type, fields_are_free };

/* Each owner has a separate identification. The submission names `named` owners; ids beyond `count` are unknown. */
static json_t *with_owners(struct entrance *entrance, const struct rule_row *row, size_t count, size_t named)
{
	struct arena *arena = &entrance->f.arena;
	json_t *tree = entrance_case_of(row->base);
	json_t *parties = json_object_get(tree, "parties"), *ids = json_array();
	json_t *first = json_deep_copy(json_array_get(parties, 0));
	bool has_fields = json_object_get(first, "fields");

	json_array_clear(parties);
	for (size_t i = 0; i < count; i++) {
		json_t *party = json_deep_copy(first), *fields = json_object_get(party, "fields");
		const char *percent = arena_printf(arena, "%g", 100.0 / (double)count);
		const char *id = arena_printf(arena, "00000000-5c9f-4d2e-b847-%012zu", i + 1);

		json_object_set_new(party, "id",
				    json_string(arena_printf(arena, "00000000-1c5a-4d8e-a613-%012zu", i + 1)));
		json_object_set_new(party, "name", json_string(arena_printf(arena, "Owner Number %zu", i + 1)));
		json_object_set_new(has_fields ? fields : party,
				    has_fields ? "percentageOfOwnership" : "ownership_percent", json_string(percent));
		if (has_fields)
			json_object_set_new(fields, "uploadedIdentificationId", json_string(id));
		if (has_fields && i)
			entrance_set(
				entrance, tree, "documents[+]",
				arena_printf(arena,
					     "={\"id\":\"%s\",\"type\":\"PASSPORT\",\"file\":\"files/passport.jpg\","
					     "\"review\":\"accepted\"}",
					     id));
		json_array_append_new(parties, party);
	}
	json_decref(first);
	for (size_t i = 0; i < named; i++)
		json_array_append_new(ids, json_string(arena_printf(arena, "00000000-1c5a-4d8e-a613-%012zu",
								    i < count ? i + 1 : 900 + i)));
	if (has_fields)
		json_object_set(json_object_get(json_array_get(json_object_get(tree, "steps"), 2), "fields"), "uboIds",
				ids);
	json_decref(ids);
	return tree;
}

static bool judge_owners(struct entrance *entrance, const struct rule_row *row, json_t *tree, struct seen *seen)
{
	const struct arrival arrival = entrance_import(entrance, tree);
	const struct blocker *blocker;
	struct case_view view;

	cr_assert_not(arrival.refused, "%s: %s", arrival.field, arrival.message);
	view = entrance_view(entrance, arrival.ref);
	blocker = entrance_blocker(&view, BLOCKER_PARTY_MISSING, NULL);
	if (!blocker)
		blocker = entrance_blocker(&view, BLOCKER_FIELD_INVALID, row->path);
	if (!blocker)
		blocker = entrance_blocker(&view, BLOCKER_FIELD_INVALID, NULL);
	if (blocker)
		see_blocker(blocker, seen);
	return !blocker;
}

static bool run_owners(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	size_t count = (size_t)strtol(value, NULL, 10);

	return judge_owners(entrance, row, with_owners(entrance, row, count, count), seen);
}
const struct rule_probe probe_owners = { ENTRANCE_IMPORT, run_owners, fields_are_free };

/* "NAMED of OWNERS" */
static bool run_owner_ids(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	size_t named = 0, count = 0;

	cr_assert_eq(sscanf(value, "%zu of %zu", &named, &count), 2, "%s", value);
	return judge_owners(entrance, row, with_owners(entrance, row, count, named), seen);
}
const struct rule_probe probe_owner_ids = { ENTRANCE_IMPORT, run_owner_ids, fields_are_free };

static bool run_control(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	const struct arrival arrival = entrance_bring(entrance, row, "parties[0].hasControl", value);
	const struct case_view view = entrance_view(entrance, arrival.ref);
	const struct blocker *blocker = entrance_blocker(&view, BLOCKER_PARTY_MISSING, NULL);

	if (blocker)
		see_blocker(blocker, seen);
	return !blocker;
}

static bool nobody_is_missing(struct entrance *entrance, const struct rule_row *row)
{
	const struct arrival arrival = entrance_bring(entrance, row, NULL, NULL);
	const struct case_view view = entrance_view(entrance, arrival.ref);

	return !entrance_blocker(&view, BLOCKER_PARTY_MISSING, NULL) &&
	       !entrance_blocker(&view, BLOCKER_PARTY_NOT_VERIFIED, NULL);
}
const struct rule_probe probe_control = { ENTRANCE_IMPORT, run_control, nobody_is_missing };

static bool run_party_session(struct entrance *entrance, const struct rule_row *row, const char *value,
			      struct seen *seen)
{
	bool none = !strcmp(value, "none");
	const struct arrival arrival = entrance_bring(
		entrance, row, none ? "parties[0].session" : "parties[0].session.status", none ? "-" : value);
	const struct case_view view = entrance_view(entrance, arrival.ref);
	const struct blocker *blocker = entrance_blocker(&view, BLOCKER_PARTY_NOT_VERIFIED, NULL);

	if (!blocker)
		return true;
	see_blocker(blocker, seen);
	expect_no_approval(entrance, arrival.ref, row, BLOCKER_PARTY_NOT_VERIFIED);
	return false;
}
const struct rule_probe probe_party_session = { ENTRANCE_IMPORT, run_party_session, nobody_is_missing };

/* --- words --- */

static const char *word_at(const struct case_view *view, const char *path)
{
	const struct case_file *file = &view->file;

	if (!strcmp(path, "status"))
		return session_status_text(file->session.status);
	if (!strcmp(path, "steps.identity.status"))
		return step_status_text(file->steps[0].status);
	if (!strcmp(path, "checks[0].kind"))
		return check_kind_text(file->checks[0].kind);
	if (!strcmp(path, "checks[0].status"))
		return check_status_text(file->checks[0].status);
	if (!strcmp(path, "corrections[0].message"))
		return file->corrections[0].message;
	if (!strcmp(path, "parties[0].roles[0]")) {
		for (unsigned role = 0; role < PARTY_ROLE_COUNT; role++) {
			if (file->parties[0].roles & (1u << role))
				return party_role_text((enum party_role)role);
		}
		return "";
	}
	cr_assert_fail("no word at %s", path);
	return "";
}

static bool run_word(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	json_t *tree = entrance_case_of(row->base);
	struct arrival arrival;

	entrance_set_all(entrance, tree, row->with);
	entrance_set(entrance, tree, row->path, value);
	arrival = entrance_import(entrance, tree);
	if (arrival.refused) {
		*seen = (struct seen){ arrival.field, "line", arrival.message, "", "" };
		return false;
	}
	const struct case_view view = entrance_view(entrance, arrival.ref);

	return !strcmp(word_at(&view, row->path), value);
}

static bool line_is_taken(struct entrance *entrance, const struct rule_row *row)
{
	return !entrance_bring(entrance, row, NULL, NULL).refused;
}
const struct rule_probe probe_word = { ENTRANCE_IMPORT, run_word, line_is_taken };

static bool run_inbox(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	const struct arrival arrival = entrance_bring(entrance, row, "status", value);
	struct fixture *f = &entrance->f;
	struct list_query query = { .limit = 10 };
	struct list_page page;
	enum inbox inbox;

	(void)seen;
	cr_assert(inbox_parse(row->path, &inbox), "%s", row->path);
	query.inboxes = 1u << inbox;
	cr_assert_eq(filter_parse(&f->arena, arena_printf(&f->arena, "merchant:%s", arrival.merchant), &query.filter,
				  &f->error),
		     ERR_OK);
	cr_assert_eq(desk_list(f->vic, &f->arena, &query, &page, &f->error), ERR_OK, "%s", f->error.message);
	cr_assert_leq(page.count, 1);
	return page.count == 1;
}
const struct rule_probe probe_inbox = { ENTRANCE_IMPORT, run_inbox, NULL };

static bool run_subject(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	const char *slash = strchr(value, '/');
	json_t *tree = entrance_case_of(arena_strndup(&entrance->f.arena, value, (size_t)(slash - value)));
	struct arrival arrival;

	(void)row;
	entrance_set(entrance, tree, "subject.kind", slash + 1);
	/* ralio-sandbox is the only workflow with both kinds of sessions. */
	if (!strncmp(value, "ralio-sandbox/", 14))
		entrance_set(entrance, tree, "kind", strcmp(slash + 1, "business") ? "kyc" : "kyb");
	arrival = entrance_import(entrance, tree);
	if (arrival.refused)
		*seen = (struct seen){ arrival.field, "line", arrival.message, "", "" };
	return !arrival.refused;
}
const struct rule_probe probe_subject = { ENTRANCE_IMPORT, run_subject, NULL };

/* --- the summary of a list --- */

static const char *summed(struct arena *arena, const struct list_summary *summary, const char *name)
{
	const char *dot = strchr(name, '.');
	enum session_status status;
	enum inbox inbox;
	enum check_kind check;

	if (!strcmp(name, "total"))
		return arena_printf(arena, "%lld", (long long)summary->total);
	if (!strcmp(name, "avg_risk_score"))
		return arena_printf(arena, "%g", summary->average_risk_score);
	if (!strcmp(name, "sessions_with_risk_score"))
		return arena_printf(arena, "%lld", (long long)summary->sessions_with_risk_score);
	cr_assert(dot, "%s", name);
	if (!strncmp(name, "status_counts", 13) && session_status_parse(dot + 1, &status))
		return arena_printf(arena, "%lld", (long long)summary->status_counts[status]);
	if (!strncmp(name, "inbox_counts", 12) && inbox_parse(dot + 1, &inbox))
		return arena_printf(arena, "%lld", (long long)summary->inbox_counts[inbox]);
	if (!strncmp(name, "validation_counts", 17) && check_kind_parse(dot + 1, &check))
		return arena_printf(arena, "%lld", (long long)summary->validation_counts[check]);
	cr_assert_fail("%s is nothing that is summed up", name);
	return "";
}

static void bring_to_merchants(struct entrance *entrance, const struct rule_row *row)
{
	static const char *const cases[] = {
		"status=manual_review;risk_score==20;checks[+]=={\"kind\":\"watchlist\",\"status\":\"passed\"}",
		"status=approved;risk_score==40", "status=rejected"
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *tree = entrance_case_of(row->base);

		entrance_set_all(entrance, tree, cases[i]);
		json_object_set_new(
			tree, "custom_tags",
			json_pack("{s:s}", "batch", arena_printf(&entrance->f.arena, "b%zu", entrance->sessions - i)));
		cr_assert_not(entrance_import(entrance, tree).refused);
	}
}

static bool run_summary(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	struct fixture *f = &entrance->f;
	const char *equals = strchr(value, '='), *name = arena_strndup(&f->arena, value, (size_t)(equals - value));
	struct list_query query = { .limit = 1 };
	struct list_summary summary;
	size_t batch = entrance->sessions;

	(void)seen;
	bring_to_merchants(entrance, row);
	cr_assert_eq(
		filter_parse(&f->arena, arena_printf(&f->arena, "tag:batch=b%zu", batch), &query.filter, &f->error),
		ERR_OK, "%s", f->error.message);
	cr_assert_eq(desk_list_summary(f->vic, &f->arena, &query, &summary, &f->error), ERR_OK, "%s", f->error.message);
	return !strcmp(summed(&f->arena, &summary, name), equals + 1);
}
const struct rule_probe probe_summary = { ENTRANCE_IMPORT, run_summary, NULL };
