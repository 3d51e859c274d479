/* The workflows and reasons in force, differences between two texts, and the check of one file. */
#include "use/use.h"
#include "kybdesk/desk/admin.h"
#include "use/gatekeeping.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/domain/ownership.h"

static void inspect_rule_text(struct desk *desk, struct arena *arena, const char *body, size_t length,
			      struct workflow_info *out)
{
	struct error error = { 0 };
	struct profile *profile = NULL;
	struct profile_mistake *mistakes = NULL;
	size_t count = 0;

	out->sha256 = sha256_text(arena, body, length);
	profile_read(arena, body, length, &desk->reasons, &profile, &mistakes, &count);
	if (profile) {
		out->title = profile->title;
		out->version = profile->version;
	} else {
		(void)profile_set_error(out->origin, mistakes, count, &error);
		out->problem = arena_strdup(arena, error.message);
	}
	error_release(&error);
}

/* Loads the installed rule text that is in force; sets *origin to its source. */
static enum err load_installed_text(struct desk *desk, struct arena *arena, struct rule_text *text, const char **origin,
				    struct error *error)
{
	const struct resource *shipped = rules_find_shipped(arena, text->kind, text->name);
	int64_t row = 0;
	enum err err = store_rule_find_current(desk->store, text->kind, text->name, &row, error);

	if (!err)
		err = store_rule_load(desk->store, arena, row, text, error);
	if (err)
		return err;
	*origin = shipped && !strcmp(sha256_text(arena, shipped->bytes, shipped->length), text->sha256) ? "built in"
													: "installed";
	return ERR_OK;
}

static enum err inspect_installed_text(struct desk *desk, struct arena *arena, struct workflow_info *out,
				       struct error *error)
{
	struct rule_text text = { .kind = RULE_TEXT_WORKFLOW, .name = out->name };
	enum err err = load_installed_text(desk, arena, &text, &out->origin, error);

	if (err)
		return err;
	out->installed_at = text.installed_at;
	out->installed_by = text.installed_by;
	inspect_rule_text(desk, arena, text.body, text.length, out);
	return ERR_OK;
}

static enum err inspect_workflow(struct desk *desk, struct arena *arena, const char *name, struct workflow_info *out,
				 struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct error problem = { 0 };
	enum err err = ERR_OK;

	*out = (struct workflow_info){ .name = name,
				       .title = "",
				       .origin = "",
				       .problem = "",
				       .sha256 = "",
				       .installed_by = "",
				       .installed_at = TIME_NONE };
	if (desk->store->sandbox && rules_read_from_folders(desk, arena, arena_printf(arena, "workflows/%s.json", name),
							    &text, &out->origin, &problem))
		out->problem = arena_strdup(arena, problem.message);
	else if (*out->origin)
		inspect_rule_text(desk, arena, text.buf, text.len, out);
	else
		err = inspect_installed_text(desk, arena, out, error);
	error_release(&problem);
	strbuf_release(&text);
	return err;
}

enum err desk_workflows(struct desk *desk, struct arena *arena, struct workflow_info **items, size_t *count,
			struct error *error)
{
	struct workflow_names names = { 0 };
	enum err err = desk_begin_read(desk, error);

	*items = NULL;
	*count = 0;
	if (err)
		return err;
	err = workflow_names(desk, arena, &names, error);
	if (!err)
		*items = arena_alloc_array(arena, names.count, sizeof **items);
	for (size_t i = 0; !err && i < names.count; i++, ++*count)
		err = inspect_workflow(desk, arena, names.items[i], &(*items)[i], error);
	return desk_finish_read(desk, err);
}

static enum err inspect_reason_set(struct desk *desk, struct arena *arena, enum reason_set set,
				   struct reason_set_info *out, struct error *error)
{
	const char *name = reason_set_text(set);
	struct rule_text text = { .kind = RULE_TEXT_REASONS, .name = name };
	struct strbuf file = STRBUF_INIT;
	const char *origin = "";
	enum err err = load_installed_text(desk, arena, &text, &origin, error);

	if (err)
		return err;
	*out = (struct reason_set_info){ .version = text.version,
					 .installed_at = text.installed_at,
					 .installed_by = text.installed_by,
					 .sha256 = desk->reasons.sha256[set],
					 .origin = origin };
	/* In a sandbox a file overrides the installed text. */
	if (strcmp(out->sha256, text.sha256)) {
		err = rules_read_from_folders(desk, arena, arena_printf(arena, "reasons/%s.json", name), &file,
					      &out->origin, error);
		out->version = 0;
		out->installed_at = TIME_NONE;
		out->installed_by = "";
	}
	strbuf_release(&file);
	return err;
}

enum err desk_reason_sets(struct desk *desk, struct arena *arena, struct reason_set_info out[REASON_SET_COUNT],
			  struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	for (int set = 0; !err && set < REASON_SET_COUNT; set++)
		err = inspect_reason_set(desk, arena, (enum reason_set)set, &out[set], error);
	return desk_finish_read(desk, err);
}

enum err desk_workflow_diff(struct desk *desk, struct arena *arena, const char *before, const char *after,
			    struct rule_comparison *out, struct error *error)
{
	struct rule_source one, other;
	enum err err = desk_begin_read(desk, error);

	*out = (struct rule_comparison){ .before = "", .after = "" };
	if (err)
		return err;
	err = rule_source_find(desk, arena, RULE_TEXT_WORKFLOW, before, &one, error);
	if (!err)
		err = rule_source_find(desk, arena, RULE_TEXT_WORKFLOW, after, &other, error);
	desk_end_read(desk);
	if (err)
		return err;
	out->before = one.label;
	out->after = other.label;
	return json_diff(arena, one.text, other.text, &out->items, &out->count, error);
}

enum err desk_workflow_check(const struct world *world, struct arena *arena, const char *path,
			     struct workflow_check_result *out, struct error *error)
{
	struct rule_source source;
	struct reasons reasons = { 0 };
	struct profile *profile = NULL;
	struct profile_mistake *mistakes = NULL;
	enum err err = rule_source_read(arena, path, &source, error);

	*out = (struct workflow_check_result){ 0 };
	if (!err)
		err = reasons_load(arena, world, &reasons, error);
	if (err)
		return err;
	profile_read(arena, source.text, source.length, &reasons, &profile, &mistakes, &out->count);
	out->profile = profile;
	out->lines = arena_alloc_array(arena, out->count, sizeof *out->lines);
	for (size_t i = 0; i < out->count; i++)
		out->lines[i] = *mistakes[i].path ? arena_printf(arena, "%s: %s", mistakes[i].path, mistakes[i].message)
						  : mistakes[i].message;
	return profile ? ERR_OK : profile_set_error(source.label, mistakes, out->count, error);
}

/* --- the trial of a changed workflow --- */

struct trial {
	struct desk *desk;
	struct arena *arena; /* arena of the result */
	const struct profile *profile;
	struct rule_trial *out;
	size_t limit, capacity;
};

static bool may_be_decided(enum session_status status)
{
	return status == SESSION_MANUAL_REVIEW || status == SESSION_COMPLETED || status == SESSION_PROCESSED;
}

static bool has_blocker(const struct blockers *blockers, const struct blocker *wanted)
{
	for (size_t i = 0; i < blockers->count; i++) {
		if (blockers->items[i].code == wanted->code && !strcmp(blockers->items[i].ref, wanted->ref))
			return true;
	}
	return false;
}

/* Finds the blockers that the case has under one workflow text, now or at the time of its approval. Reloads the
 * case, since ownership_compute() changes the loaded case. */
static enum err find_blockers(struct trial *trial, struct arena *arena, int64_t row, const struct profile *profile,
			      struct case_file *file, struct blockers *out, struct error *error)
{
	struct gate_context context;
	struct blockers all = { 0 };
	enum err err = desk_case_load(trial->desk, arena, row, file, error);

	if (!err && !profile)
		err = desk_session_profile_or_empty(trial->desk, &file->session, &profile, error);
	if (err)
		return err;
	ownership_compute(arena, file, profile, NULL);
	context = desk_gate_context(trial->desk, file, profile, 0);
	context.actor = "";
	context.role = ROLE_SYSTEM;
	context.supervised = false;
	if (file->session.status == SESSION_APPROVED) {
		const struct decision *approval = case_last_approval(file);

		if (approval)
			context.now = approval->at;
		else if (file->session.decided_at != TIME_NONE)
			context.now = file->session.decided_at;
	}
	err = desk_gate_load_facts(trial->desk, arena, file, &context, error);
	if (err)
		return err;
	gate_check(arena, file, &context, GATE_APPROVAL, &all);
	for (size_t i = 0; i < all.count; i++) {
		/* Keeps only blockers about the case itself, not about its claim or its decision. */
		if (all.items[i].code != BLOCKER_STATUS && all.items[i].code != BLOCKER_CLAIMED_BY_OTHER &&
		    all.items[i].code != BLOCKER_CHANGED)
			*ARENA_PUSH(arena, out->items, out->count, out->capacity) = all.items[i];
	}
	return ERR_OK;
}

static void add_case(struct trial *trial, const struct case_file *file, bool passed, const struct blockers *blockers)
{
	struct rule_trial *out = trial->out;
	struct rule_trial_case *item;
	struct arena *arena = trial->arena;

	out->case_total++;
	if (out->case_count >= trial->limit)
		return;
	item = ARENA_PUSH(arena, out->cases, out->case_count, trial->capacity);
	*item = (struct rule_trial_case){ .id = arena_strdup(arena, file->session.id),
					  .external_ref = arena_strdup(arena, file->session.external_ref),
					  .name = arena_strdup(arena, file->session.subject.name),
					  .status = file->session.status,
					  .passes_own_text = passed,
					  .passes_tried_text = !blockers->count };
	for (size_t i = 0; i < blockers->count; i++)
		*ARENA_PUSH(arena, item->blockers.items, item->blockers.count, item->blockers.capacity) =
			(struct blocker){ .code = blockers->items[i].code,
					  .message = arena_strdup(arena, blockers->items[i].message),
					  .ref = arena_strdup(arena, blockers->items[i].ref) };
}

static void count_case(struct rule_trial_count *count, bool passed, const struct blockers *blockers)
{
	bool met[BLOCKER_CODE_COUNT] = { false };

	count->total++;
	count->own_text_passes += passed;
	count->tried_text_passes += !blockers->count;
	for (size_t i = 0; i < blockers->count; i++) {
		if (!met[blockers->items[i].code])
			count->blocker_counts[blockers->items[i].code]++;
		met[blockers->items[i].code] = true;
	}
}

static enum err try_case(struct trial *trial, struct arena *arena, int64_t row, struct error *error)
{
	struct case_file file;
	struct blockers own = { 0 }, other = { 0 }, more = { 0 };
	bool approved;
	enum err err = desk_begin_read(trial->desk, error);

	if (err)
		return err;
	err = find_blockers(trial, arena, row, NULL, &file, &own, error);
	if (!err)
		err = find_blockers(trial, arena, row, trial->profile, &file, &other, error);
	desk_end_read(trial->desk);
	/* The case was erased after the page of cases was read. */
	if (err == ERR_NOT_FOUND) {
		error_release(error);
		return ERR_OK;
	}
	if (err)
		return err;
	approved = file.session.status == SESSION_APPROVED;
	if (!approved && !may_be_decided(file.session.status))
		return ERR_OK;
	if (!approved) {
		count_case(&trial->out->open_cases, !own.count, &other);
		if (!own.count != !other.count)
			add_case(trial, &file, !own.count, &other);
		return ERR_OK;
	}
	/* Omits blockers that the case also has under its own text: the cause of such a blocker is a change after
	 * the approval. */
	for (size_t i = 0; i < other.count; i++) {
		if (!has_blocker(&own, &other.items[i]))
			*ARENA_PUSH(arena, more.items, more.count, more.capacity) = other.items[i];
	}
	count_case(&trial->out->approved_cases, true, &more);
	if (more.count)
		add_case(trial, &file, true, &more);
	return ERR_OK;
}

static enum err try_page(struct trial *trial, const struct list_page *page, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < page->count; i++) {
		const struct session_item *item = &page->items[i];
		struct arena scratch = ARENA_INIT;

		if (!strcmp(item->workflow, trial->profile->name) &&
		    (item->status == SESSION_APPROVED || may_be_decided(item->status)))
			err = try_case(trial, &scratch, item->row, error);
		arena_release(&scratch);
	}
	return err;
}

enum err desk_workflow_try(struct desk *desk, struct arena *arena, const char *reference, struct list_query *query,
			   size_t limit, struct rule_trial *out, struct error *error)
{
	struct trial trial = { .desk = desk, .arena = arena, .out = out, .limit = limit };
	struct rule_source source;
	struct profile *profile = NULL;
	struct arena pages[2] = { ARENA_INIT, ARENA_INIT };
	enum err err = desk_begin_read(desk, error);

	*out = (struct rule_trial){ .name = "", .sha256 = "" };
	if (err)
		return err;
	err = rule_source_find(desk, arena, RULE_TEXT_WORKFLOW, reference, &source, error);
	desk_end_read(desk);
	if (!err)
		err = rule_profile_read(arena, &source, &desk->reasons, &profile, error);
	if (err)
		return err;
	trial.profile = profile;
	out->name = profile->name;
	out->version = profile->version;
	out->sha256 = profile->sha256;
	query->sort = SORT_NAME;
	query->include_subsessions = true;
	query->limit = LIST_LIMIT_MAX;
	query->after = "";
	/* Uses two arenas in turn, since the cursor of one page must stay valid until the next page is read. */
	for (size_t turn = 0;; turn++) {
		struct list_page page = { 0 };
		struct arena *own = &pages[turn % 2];

		arena_reset(own);
		err = desk_list(desk, own, query, &page, error);
		if (!err)
			err = try_page(&trial, &page, error);
		if (err || !*page.next)
			break;
		query->after = page.next;
	}
	arena_release(&pages[0]);
	arena_release(&pages[1]);
	return err;
}
