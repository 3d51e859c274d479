/* Separation of duties: records and lists what people contributed to a case, and finds the decisions that a contributor
 * must not make. */
#include "use/use.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/contribution.h"

#define IMPORT_ACTION "session.import" /* action in the audit log: an import, not a verb */
#define HOLD_CLEAR_ACTION "hold.clear" /* action in the audit log: dismissal of a duplicate that only leads see */

static const char *past_tense_text(const char *word)
{
	const struct use_case *row =
		ITEM_WITH_TEXT(use_cases, VERB_COUNT, audit_action,
			       strcmp(word, HOLD_CLEAR_ACTION) ? word : use_cases[VERB_DUPLICATE_DISMISS].audit_action);

	if (!strcmp(word, IMPORT_ACTION))
		return "imported the case";
	return row && row->material ? row->done_text : "changed the case";
}

void use_add_changed_part(struct use *use, const char *kind, const char *id)
{
	*ARENA_PUSH(use->arena, use->parts, use->part_count, use->part_capacity) =
		id ? arena_printf(use->arena, "%s:%s", kind, id) : kind;
}

/* Whether the capacity is staff or system. A contribution in any other capacity (submit, report) is material. */
static bool is_staff(const struct use *use)
{
	return use->in->capacity == CAPACITY_STAFF || use->in->capacity == CAPACITY_SYSTEM;
}

void contribution_begin(struct use *use)
{
	use->material = is_staff(use) ? use->use_case->material : MATERIAL_DATA;
}

void use_set_immaterial(struct use *use)
{
	if (is_staff(use))
		use->material = MATERIAL_NONE;
}

enum err contribution_record(struct use *use, const char *word, struct error *error)
{
	int64_t other = use->contributes_to ? use->contributes_to : use->file.session.row;
	struct contribution contribution = { .session_row = use->subject_row ? 0 : other,
					     .subject_row = use->subject_row,
					     .actor = use->desk->actor,
					     .audit_action = word,
					     .part = "",
					     .material = use->material,
					     .at = desk_now(use->desk) };
	enum err err = ERR_OK;

	if (!contribution.material || (!contribution.session_row && !contribution.subject_row))
		return ERR_OK;
	if (!use->part_count)
		err = store_contribution_record(use->desk->store, &contribution, error);
	for (size_t i = 0; !err && i < use->part_count; i++) {
		contribution.part = use->parts[i];
		err = store_contribution_record(use->desk->store, &contribution, error);
	}
	if (err || !use->changed_subject_row)
		return err;
	contribution.session_row = 0;
	contribution.subject_row = use->changed_subject_row;
	contribution.part = "";
	return store_contribution_record(use->desk->store, &contribution, error);
}

enum err contribution_record_import(struct desk *desk, int64_t session, bool is_new, struct error *error)
{
	const struct contribution contribution = { .session_row = session,
						   .actor = desk->actor,
						   .audit_action = IMPORT_ACTION,
						   .part = is_new ? PART_CASE : "",
						   .material = MATERIAL_DATA,
						   .at = desk_now(desk) };

	return store_contribution_record(desk->store, &contribution, error);
}

/* If the workflow text of the case is not in force, also lists the admins that installed or proposed that text: it
 * still sets the conditions of this case. Shipped texts have no author. */
static enum err add_rules(struct desk *desk, struct arena *arena, const struct session *session,
			  struct contribution_list *list, struct error *error)
{
	const struct profile *own, *instead;
	struct rule_texts texts = { 0 };
	enum err err = desk_profile_in_force(desk, session, &own, &instead, error);

	if (!err && instead)
		err = store_rule_list(desk->store, arena, RULE_TEXT_WORKFLOW, &texts, error);
	for (size_t i = 0; !err && i < texts.count; i++) {
		const struct rule_text *text = &texts.items[i];

		if (strcmp(text->name, session->workflow) != 0 || strcmp(text->sha256, own->sha256) != 0 ||
		    !strncmp(text->installed_by, SHIPPED_BY, strlen(SHIPPED_BY)))
			continue;
		ITEMS_GROW(arena, list->items, list->count, 1);
		list->items[list->count++] =
			(struct contribution){ .session_row = session->row,
					       .session_id = session->id,
					       .actor = text->installed_by,
					       .audit_action = use_cases[VERB_WORKFLOW_INSTALL].audit_action,
					       .part = "",
					       .material = MATERIAL_VERDICT,
					       .at = text->installed_at,
					       .done_text = "installed the replaced rules of this case" };
	}
	return err;
}

enum err contribution_list(struct desk *desk, struct arena *arena, int64_t session, struct contribution_list *out,
			   struct error *error)
{
	enum err err = store_contribution_list(desk->store, arena, session, out, error);

	for (size_t i = 0; !err && i < out->count; i++)
		out->items[i].done_text = past_tense_text(out->items[i].audit_action);
	return err;
}

/* Keeps the contributions of one person. Adds a contribution for a suspicion that this person closed: everyone can
 * read the stored list, so the list does not mention suspicions, but the person is still excluded. */
static enum err filter_by_actor(struct desk *desk, struct arena *arena, int64_t session, const char *actor,
				struct contribution_list *list, struct error *error)
{
	struct suspicion_state standing;
	size_t kept = 0;
	enum err err = store_suspicion_state_read(desk->store, session, actor, &standing, error);

	for (size_t i = 0; i < list->count; i++) {
		if (!strcmp(list->items[i].actor, actor))
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	if (err || standing.closed_at == TIME_NONE)
		return err;
	ITEMS_GROW(arena, list->items, list->count, 1);
	list->items[list->count++] = (struct contribution){ .session_id = "",
							    .actor = actor,
							    .audit_action = HOLD_CLEAR_ACTION,
							    .part = "",
							    .material = MATERIAL_VERDICT,
							    .at = standing.closed_at,
							    .done_text = past_tense_text(HOLD_CLEAR_ACTION) };
	return ERR_OK;
}

/* In a sandbox one person has all roles, so contributions are recorded but exclude nobody from decisions. */
static bool excludes_actor(const struct desk *desk, const char *actor)
{
	return !desk->store->sandbox && *actor;
}

enum err contribution_exists(struct desk *desk, struct arena *arena, int64_t session, const char *actor, bool *any,
			     struct error *error)
{
	struct contribution_list list = { 0 };
	enum err err = ERR_OK;

	if (excludes_actor(desk, actor))
		err = contribution_list(desk, arena, session, &list, error);
	if (!err && excludes_actor(desk, actor))
		err = filter_by_actor(desk, arena, session, actor, &list, error);
	*any = list.count != 0;
	return err;
}

enum err contribution_of_case(struct desk *desk, struct arena *arena, const struct session *session,
			      struct contribution_list *out, struct error *error)
{
	enum err err = contribution_list(desk, arena, session->row, out, error);

	return err ? err : add_rules(desk, arena, session, out, error);
}

enum err contribution_fill_context(struct desk *desk, struct arena *arena, const struct case_file *file,
				   struct gate_context *context, struct error *error)
{
	struct contribution_list list = { 0 };
	enum err err = ERR_OK;

	if (excludes_actor(desk, context->actor))
		err = contribution_of_case(desk, arena, &file->session, &list, error);
	if (!err && excludes_actor(desk, context->actor))
		err = filter_by_actor(desk, arena, file->session.row, context->actor, &list, error);
	context->contributions = list.items;
	context->contribution_count = list.count;
	return err;
}

enum err contribution_first_staff(struct desk *desk, struct arena *arena, const struct session *session,
				  const char **actor, struct error *error)
{
	struct contribution_list list = { 0 };
	struct suspicion_list suspicions = { 0 };
	enum err err = desk->store->sandbox ? ERR_OK : contribution_of_case(desk, arena, session, &list, error);

	*actor = "";
	if (!err && !desk->store->sandbox)
		err = store_suspicion_list(desk->store, arena, session->row, &suspicions, error);
	for (size_t i = 0; !err && i < suspicions.count; i++)
		*actor = suspicions.items[i].closed_by;
	for (size_t i = 0; !err && i < list.count && !**actor; i++) {
		const struct contribution *c = &list.items[i];
		const struct use_case *row = ITEM_WITH_TEXT(use_cases, VERB_COUNT, audit_action, c->audit_action);
		bool submitted = row && row->capacities & BY_INTAKE &&
				 (session->submitted_at == TIME_NONE || c->at <= session->submitted_at);

		if (!submitted && strcmp(c->audit_action, IMPORT_ACTION) != 0 && strcmp(c->actor, CALLER_CLIENT) != 0 &&
		    !text_has_prefix(c->actor, CALLER_PREFIX) && !text_has_prefix(c->actor, PROVIDER_PREFIX))
			*actor = c->actor;
	}
	return err;
}

enum err contribution_find_conflict(struct use *use, const char *kind, const char *id, const char **why,
				    struct error *error)
{
	const char *part = arena_printf(use->arena, "%s:%s", kind, id);
	struct contribution_list list = { 0 };
	enum err err = use->desk->store->sandbox
			       ? ERR_OK
			       : contribution_list(use->desk, use->arena, use->file.session.row, &list, error);
	/* with the whole case: no contribution names the part separately */
	bool imported = !strcmp(kind, "document") && !ITEM_WITH_TEXT(list.items, list.count, part, part);

	*why = "";
	for (size_t i = 0; !err && i < list.count && !**why; i++) {
		const struct contribution *c = &list.items[i];

		if (c->material != MATERIAL_DATA || strcmp(c->actor, use->desk->actor) != 0 ||
		    strcmp(c->session_id, use->file.session.id) != 0 ||
		    (strcmp(c->part, part) != 0 && (!imported || strcmp(c->part, PART_CASE) != 0)))
			continue;
		*why = arena_printf(use->arena, "%s %s (%s); a colleague must judge it", c->actor,
				    contribution_text(use->arena, &use->file, c),
				    time_or_unknown_text(use->arena, c->at));
	}
	return err;
}

enum err use_check_not_contributor(struct use *use, const char *kind, const char *id, struct error *error)
{
	const char *why;
	enum err err = contribution_find_conflict(use, kind, id, &why, error);

	if (err || !*why)
		return err;
	return REFUSE(BLOCKER_SECOND_REVIEWER, id, error, "Cannot %s: %s", use->use_case->verb_phrase, why);
}

enum err alert_find_involved(struct desk *desk, struct arena *arena, const struct case_file *file, struct involved *out,
			     struct error *error)
{
	struct contribution_list made = { 0 };
	struct subject_sessions of = { 0 };
	enum err err = contribution_list(desk, arena, file->session.row, &made, error);

	for (size_t i = 0; !err && i < made.count; i++)
		involved_add(arena, out, made.items[i].actor, TOOK_PART);
	for (size_t i = 0; i < file->decision_count; i++)
		if (!file->decisions[i].undone)
			involved_add(arena, out, file->decisions[i].by, TOOK_PART);
	if (!err)
		err = store_subject_sessions(desk->store, arena, file->session.subject.row, &of, error);
	for (size_t i = 0; !err && i < of.count; i++) {
		struct session session;

		if (of.items[i].status != SESSION_APPROVED)
			continue;
		err = store_session_load(desk->store, arena, of.items[i].row, &session, error);
		if (!err)
			involved_add(arena, out, session.decided_by, TOOK_PART);
	}
	return err;
}
