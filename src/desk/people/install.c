/* Installs rules: an admin's change, recorded with the hashes of the old and new text. */
#include "use/use.h"
#include "kybdesk/base/file.h"

/* Finds the rule text with this name that is in force; row 0: none. */
static enum err find_current_text(struct use *use, enum rule_text_kind kind, const char *name, struct rule_text *out,
				  struct error *error)
{
	int64_t row = 0;
	enum err err = store_rule_find_current(use->desk->store, kind, name, &row, error);

	*out = (struct rule_text){ .name = "", .body = "", .installed_by = "" };
	return err || !row ? err : store_rule_load(use->desk->store, use->arena, row, out, error);
}

/* Describes in the audit record the parts of the change that two admins must agree on. */
static void describe_change(struct use *use, enum rule_text_kind kind)
{
	const struct rule_change *change = &use->out->rule;

	json_set_text(use->detail, kind == RULE_TEXT_WORKFLOW ? "workflow" : "set", change->name);
	JSON_ADD(use->detail, { "version", AS_INT(change->version) }, { "sha256", AS_TEXT(change->sha256) });
	if (*change->before_sha256) {
		JSON_ADD(use->detail, { "before_version", AS_INT(change->before_version) },
			 { "before_sha256", AS_TEXT(change->before_sha256) });
	}
}

/* Within the open transaction: installs a checked text unless it is in force. */
static enum err activate_rule_text(struct use *use, enum rule_text_kind kind, const struct rule_source *source,
				   struct error *error)
{
	struct desk *desk = use->desk;
	struct rule_change *out = &use->out->rule;
	struct rule_text before, text = { .kind = kind,
					  .name = out->name,
					  .version = out->version,
					  .body = source->text,
					  .length = source->length,
					  .installed_at = use->now,
					  .installed_by = desk->actor };
	enum err err = find_current_text(use, kind, out->name, &before, error);

	if (err)
		return err;
	out->sha256 = sha256_text(use->arena, source->text, source->length);
	out->before_version = before.version;
	out->before_sha256 = arena_strdup(use->arena, before.sha256);
	out->unchanged = use->has_no_change = !strcmp(out->sha256, out->before_sha256);
	if (out->unchanged) {
		out->version = before.version;
		return ERR_OK;
	}
	/* A text of reasons contains no version, so it gets the next version. */
	if (kind == RULE_TEXT_REASONS)
		out->version = text.version = before.version + 1;
	memcpy(text.sha256, out->sha256, sizeof text.sha256);
	describe_change(use, kind);
	err = use_offer(use, out->name, error);
	if (err || use->has_no_change)
		return err;
	JSON_ADD(use->detail, { "shipped", AS_BOOL(source->is_shipped) }, { "program", AS_TEXT(KYBDESK_RELEASE) });
	/* If the text waits for a second admin, stores it as a proposal, so that this admin can read it by its
	 * hash: workflow diff NAME NAME@SHA256. */
	text.is_proposal = use->out->is_proposal;
	err = store_rule_install(desk->store, &text, error);
	rules_invalidate(desk);
	return err;
}

/* Checks that a text that is not shipped has a version of its own, since decisions cite a text as "version 3". */
static enum err check_workflow_version(struct desk *desk, struct arena *arena, const struct profile *profile,
				       const struct rule_source *source, struct error *error)
{
	struct rule_texts texts;
	enum err err = store_rule_list(desk->store, arena, RULE_TEXT_WORKFLOW, &texts, error);

	for (size_t i = 0; !err && !source->is_shipped && i < texts.count; i++) {
		const struct rule_text *text = &texts.items[i];

		if (!text->is_proposal && !strcmp(text->name, profile->name) && text->version == profile->version &&
		    strcmp(text->sha256, profile->sha256))
			err = error_invalid(
				error, "version",
				"%s: version: %s already has another text with version %lld; raise the version",
				source->label, profile->name, (long long)profile->version);
	}
	return err;
}

static enum err check_party_workflow(struct desk *desk, const struct profile *profile, const char *label,
				     struct error *error)
{
	const char *workflow = profile->parties.workflow;
	int64_t row = 0;
	enum err err;

	if (!*workflow || !strcmp(workflow, profile->name))
		return ERR_OK;
	err = store_rule_find_current(desk->store, RULE_TEXT_WORKFLOW, workflow, &row, error);
	if (!err && !row)
		err = error_invalid(error, "parties.workflow",
				    "%s: parties.workflow: unknown workflow \"%s\"; install it first", label, workflow);
	return err;
}

static enum err find_rule_source(struct use *use, enum rule_text_kind kind, struct error *error)
{
	struct rule_source *source = arena_alloc(use->arena, sizeof *source);

	use->prepared_result = source;
	return rule_source_find(use->desk, use->arena, kind, use->in->part, source, error);
}

static void init_rule_change(struct use *use)
{
	use->out->rule = (struct rule_change){ .name = "", .sha256 = "", .before_sha256 = "" };
}

/* Reads in->part: a reference of kybdesk/desk/rules.h. */
enum err use_workflow_install_prepare(struct use *use, struct error *error)
{
	return find_rule_source(use, RULE_TEXT_WORKFLOW, error);
}

/* ERR_INVALID, with every mistake as a blocker, if `workflow check` finds a mistake; also if a workflow of its
 * parties is not installed, or if another text has this version (shipped texts may share a version). */
enum err use_workflow_install(struct use *use, struct error *error)
{
	const struct rule_source *source = use->prepared_result;
	struct rule_change *out = &use->out->rule;
	struct profile *profile = NULL;
	enum err err = rule_profile_read(use->arena, source, &use->desk->reasons, &profile, error);

	init_rule_change(use);
	if (!err)
		err = check_party_workflow(use->desk, profile, source->label, error);
	if (!err)
		err = check_workflow_version(use->desk, use->arena, profile, source, error);
	if (err)
		return err;
	out->name = profile->name;
	out->version = profile->version;
	return activate_rule_text(use, RULE_TEXT_WORKFLOW, source, error);
}

/* Refuses a text in which a code that must be restricted is open, or in which the open reason "other" is missing. */
static enum err check_disclosure(const struct reasons *reasons, enum reason_set set, const char *label,
				 struct error *error)
{
	static const char *const restricted[] = { "suspected_fraud", "forged_document",	 "suspected_forgery",
						  "sanctions_match", "pep_unacceptable", "adverse_media" };
	const struct reason *other = reason_find(reasons, set, "other");
	enum err err = ERR_OK;

	for (size_t i = 0; i < sizeof restricted / sizeof *restricted; i++) {
		const struct reason *reason = reason_find(reasons, set, restricted[i]);

		if (reason && reason->disclosure != DISCLOSURE_RESTRICTED)
			return error_invalid(error, reason->code, "%s: %s: disclosure is open; it has to be restricted",
					     label, reason->code);
	}
	if (!other || other->disclosure != DISCLOSURE_OPEN)
		return error_invalid(
			error, "other",
			"%s: an open reason \"other\" is missing: restricted reasons are shown as \"other\"", label);
	for (size_t i = 0; !err && i < reasons->counts[set]; i++) {
		const struct reason *reason = &reasons->items[set][i];

		for (int in = 0; !err && in < LANGUAGE_COUNT && reason->disclosure == DISCLOSURE_OPEN; in++)
			err = outgoing_refuse(reason->code, in ? text_or_empty(reason->messages[in]) : reason->message,
					      error);
	}
	return err;
}

static enum err parse_set_name(struct arena *arena, const char *name, const char *label, enum reason_set *out,
			       struct error *error)
{
	const char *file = path_basename(label);
	size_t length = strlen(file);

	if (!*name && length > 5 && !strcmp(file + length - 5, ".json"))
		name = arena_strndup(arena, file, length - 5);
	if (reason_set_parse(name, out))
		return ERR_OK;
	return error_invalid(error, "set",
			     "\"%s\" is not a set of reasons; name the file session.json, document.json or "
			     "hit.json, or use --set",
			     *name ? name : label);
}

/* Reads a text of reasons without comparing it with the store; its set comes from set_name or the file name. */
static enum err read_reason_set(struct arena *arena, const struct rule_source *source, const char *set_name,
				struct reasons *reasons, enum reason_set *set, struct error *error)
{
	enum err err = parse_set_name(arena, *set_name ? set_name : source->name, source->label, set, error);

	if (!err)
		err = reasons_read(arena, *set, &(struct json_source){ source->text, source->length, source->label },
				   reasons, error);
	return err ? err : check_disclosure(reasons, *set, source->label, error);
}

enum err desk_reasons_check(struct arena *arena, const char *path, const char *set, enum reason_set *found,
			    struct error *error)
{
	struct rule_source source;
	struct reasons reasons = { 0 };
	enum err err = rule_source_read(arena, path, &source, error);

	return err ? err : read_reason_set(arena, &source, set, &reasons, found, error);
}

/* Checks that the new reasons contain every reason that a workflow in force names. */
static enum err check_workflows(struct desk *desk, struct arena *arena, const struct reasons *reasons,
				const char *label, struct error *error)
{
	struct rule_texts texts;
	struct rule_text text;
	enum err err = store_rule_list(desk->store, arena, RULE_TEXT_WORKFLOW, &texts, error);

	for (size_t i = 0; !err && i < texts.count; i++) {
		struct rule_source source;
		struct profile *profile;

		if (!texts.items[i].current)
			continue;
		err = store_rule_load(desk->store, arena, texts.items[i].row, &text, error);
		if (err)
			break;
		source = (struct rule_source){ .label = arena_printf(arena,
								     "%s: the workflow %s would not be valid "
								     "with these reasons",
								     label, text.name),
					       .text = text.body,
					       .length = text.length };
		err = rule_profile_read(arena, &source, reasons, &profile, error);
	}
	return err;
}

enum err use_reasons_install_prepare(struct use *use, struct error *error)
{
	return find_rule_source(use, RULE_TEXT_REASONS, error);
}

/* Reads in->part; in->type: the set "session", "document" or "hit", or "" for the set in the file name. Also
 * returns ERR_INVALID if a workflow in force names a code that the text no longer has. */
enum err use_reasons_install(struct use *use, struct error *error)
{
	const struct rule_source *source = use->prepared_result;
	struct reasons reasons = use->desk->reasons;
	enum reason_set set = REASONS_SESSION;
	enum err err;

	init_rule_change(use);
	err = read_reason_set(use->arena, source, use->in->type, &reasons, &set, error);
	if (!err)
		err = check_workflows(use->desk, use->arena, &reasons, source->label, error);
	if (err)
		return err;
	use->out->rule.name = reason_set_text(set);
	return activate_rule_text(use, RULE_TEXT_REASONS, source, error);
}
