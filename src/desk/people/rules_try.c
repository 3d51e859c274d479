/* Runs the gate of another text over past cases. Each case is read in a snapshot of its own, so that a store of any
 * size can be tried while others work. */
#include "use/gatekeeping.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/domain/ownership.h"

struct trial {
	struct desk *desk;
	struct arena *arena; /* the arena of the result */
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

/* The blockers of the case under one text at a moment; reloads the case, since ownership is computed into it. */
static enum err ask(struct trial *trial, struct arena *arena, int64_t row, const struct profile *profile,
		    struct case_file *file, struct blockers *out, struct error *error)
{
	struct gate_context context;
	struct blockers all = { 0 };
	enum err err = desk_case_load(trial->desk, arena, row, file, error);

	if (!err && !profile)
		err = desk_session_profile_or_bare(trial->desk, &file->session, &profile, error);
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
	err = desk_gate_facts(trial->desk, arena, file, &context, error);
	if (err)
		return err;
	gate_check(arena, file, &context, &all);
	for (size_t i = 0; i < all.count; i++) {
		/* Only blockers about the case itself, not about its claim or its decision. */
		if (all.items[i].code != BLOCKER_STATUS && all.items[i].code != BLOCKER_CLAIMED_BY_OTHER &&
		    all.items[i].code != BLOCKER_CHANGED)
			*ARENA_PUSH(arena, out->items, out->count, out->capacity) = all.items[i];
	}
	return ERR_OK;
}

static void keep(struct trial *trial, const struct case_file *file, bool passed, const struct blockers *blockers)
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
					  .passed = passed,
					  .passes = !blockers->count };
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
	count->passed += passed;
	count->passes += !blockers->count;
	for (size_t i = 0; i < blockers->count; i++) {
		if (!met[blockers->items[i].code])
			count->blocked_by[blockers->items[i].code]++;
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
	err = ask(trial, arena, row, NULL, &file, &own, error);
	if (!err)
		err = ask(trial, arena, row, trial->profile, &file, &other, error);
	desk_end_read(trial->desk);
	/* The case was erased after the page was read. */
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
		count_case(&trial->out->open, !own.count, &other);
		if (!own.count != !other.count)
			keep(trial, &file, !own.count, &other);
		return ERR_OK;
	}
	/* The case was approved, so blockers under its own text are newer than the approval; only other blockers
	 * count. */
	for (size_t i = 0; i < other.count; i++) {
		if (!has_blocker(&own, &other.items[i]))
			*ARENA_PUSH(arena, more.items, more.count, more.capacity) = other.items[i];
	}
	count_case(&trial->out->approved, true, &more);
	if (more.count)
		keep(trial, &file, true, &more);
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
	query->subsessions = true;
	query->limit = LIST_LIMIT_MAX;
	query->after = "";
	/* The cursor of one page lives in its arena while the next page is read into the other arena. */
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
