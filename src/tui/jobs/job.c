/* Runs each kind of request by calling the desk. */
#include "kybdesk/desk/use.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/rules.h"
#include "kybdesk/settings/drafts.h"
#include "screen/board.h"
#include "model/dialog.h"
#include "model/marks.h"
#include "reader.h"

#include <string.h>

#define HELD_ROWS 50
_Static_assert(MARKS_MAX <= LIST_LIMIT_MAX, "one page of the list must have room for all marked cases");
#define AUDIT_ROWS 200
#define DELIVERY_ROWS 200

/* A view that cannot be counted, for example because its merchant was deleted, gets no number; opening it shows the
 * error. The other views are counted. */
static enum err count_view_cases(struct desk *desk, struct job *job, size_t at)
{
	struct list_query query = { .limit = 1, .after = "" };
	int64_t *count = &job->counts.views[at];
	enum err err = filter_parse(&job->arena, job->view_filters[at], &query.filter, &job->error);
	if (!err)
		err = desk_list_count(desk, &query, COUNTED_CASES_MAX + 1, count, &job->error);
	job->counts.view_count = at + 1;
	if (err != ERR_INVALID && err != ERR_NOT_FOUND)
		return err;
	error_release(&job->error);
	*count = COUNT_UNKNOWN;
	return ERR_OK;
}

/* Sets watch->is_held_back if the audit log has a record "session.hold" that is newer than the decision. */
static enum err find_hold_record(struct desk *desk, struct arena *arena, struct decision_watch *watch,
				 struct error *error)
{
	struct audit_query query = { .session = watch->id, .limit = AUDIT_ROWS };
	struct audit_page page;
	do {
		enum err err = desk_audit_list(desk, arena, &query, &page, error);
		if (err)
			return err;
		for (size_t i = 0; i < page.count; i++) {
			if (page.items[i].session_version && page.items[i].session_version <= watch->version)
				return ERR_OK;
			watch->is_held_back |= !strcmp(page.items[i].action, "session.hold");
		}
		query.after_seq = page.next_after_seq;
	} while (page.next_after_seq);
	return ERR_OK;
}

/* Looks for watched decisions that were held back. Runs before the counting, so that the reviewer sees a held
 * decision even if counting fails. */
static enum err find_hold_records(struct desk *desk, struct job *job)
{
	enum err err = ERR_OK;
	for (size_t i = 0; !err && i < job->watch_count; i++) {
		err = find_hold_record(desk, &job->arena, &job->decision_watches[i], &job->error);
		if (err != ERR_NOT_FOUND)
			continue;
		error_release(&job->error); /* not an error: the case was deleted */
		err = ERR_OK;
	}
	return err;
}

static enum err read_counts(void *context, struct desk *desk)
{
	struct job *job = context;
	struct job_counts *counts = &job->counts;
	struct error *error = &job->error;
	enum err err = find_hold_records(desk, job);
	if (!err)
		err = desk_inbox_counts(desk, counts->inboxes, error);
	if (!err)
		err = desk_webhook_counts(desk, &counts->webhooks, error);
	struct offered_change *offers;
	size_t offer_count = 0;
	counts->offers = 0;
	if (!err)
		err = desk_offers(desk, &job->arena, &offers, &offer_count, error);
	for (size_t i = 0; i < offer_count; i++)
		counts->offers += offers[i].is_for_actor;
	struct list_query mine = { .limit = HELD_ROWS, .after = "" };
	if (!err)
		err = filter_parse(&job->arena, "assignee:me", &mine.filter, error);
	if (!err)
		err = desk_list(desk, &job->arena, &mine, &job->held_cases, error);
	for (size_t i = 0; !err && i < job->view_count; i++)
		err = count_view_cases(desk, job, i);
	return err;
}

static enum err do_counts(struct desk *desk, struct job *job)
{
	return desk_run_shared_read(desk, read_counts, job, &job->error);
}

/* Begins a search. An inbox without a filter is counted completely; a filtered list is counted up to a limit. */
static enum err begin_search(struct desk *desk, struct job *job)
{
	struct list_query query = job->query;
	job->counts_all_cases = !query.filter.count && query.inboxes;
	size_t pages = job->requested_page_count < LIST_WINDOW_PAGES ? job->requested_page_count : LIST_WINDOW_PAGES;
	query.limit = job->row_limit ? job->row_limit : LIST_PAGE_ROWS * (pages ? pages : 1);
	query.after = job->after;
	return desk_search_begin(desk, &query, job->counts_all_cases ? 0 : COUNTED_CASES_MAX + 1, &job->search,
				 &job->error);
}

static void split_list_pages(struct job *job, const struct search_progress *found)
{
	const char *after = job->after;
	size_t from = 0;
	do {
		struct job_page *page = &job->page[job->page_count++];
		size_t count = found->count - from < LIST_PAGE_ROWS ? found->count - from : LIST_PAGE_ROWS;
		*page = (struct job_page){ .after = after, .page = { found->items + from, count, "" } };
		from += count;
		after = page->page.next = desk_search_cursor(job->search, &job->arena, from);
	} while (from < found->count);
}

/* Runs one step of a search and returns the matches so far; other requests can run before the next step. */
static enum err do_list(struct desk *desk, struct job *job)
{
	struct search_progress found;
	enum err err = job->search ? ERR_OK : begin_search(desk, job);
	if (!err)
		err = desk_search_step(desk, &job->arena, job->search, &found, &job->error);
	if (err)
		return err;
	split_list_pages(job, &found);
	job->partial = !found.is_complete;
	if (job->partial) {
		job->scanned_count = found.scanned;
		job->scan_total = found.total_to_scan;
		return ERR_OK;
	}
	job->total = found.match_count;
	job->is_total_capped = !job->counts_all_cases && job->total > COUNTED_CASES_MAX;
	if (job->is_total_capped)
		job->total = COUNTED_CASES_MAX;
	return ERR_OK;
}

static enum err do_find_matches(struct desk *desk, struct job *job)
{
	job->query.limit = MARKS_MAX;
	return desk_list(desk, &job->arena, &job->query, &job->page[0].page, &job->error);
}

static enum err read_case_view(struct desk *desk, struct job *job)
{
	enum err err =
		job->is_reload && !job->reveals_data
			? desk_case_reload(desk, &job->arena, job->session_id, &job->view, &job->error)
			: desk_case(desk, &job->arena, job->session_id, job->reveals_data, &job->view, &job->error);
	if (err)
		return err;
	job->has_case_view = true;
	job->session_id = job->view.file.session.id;
	return ERR_OK;
}

static enum err read_audit(struct desk *desk, struct job *job)
{
	const struct audit_query query = { .session = job->session_id, .limit = AUDIT_ROWS };
	return desk_audit_list(desk, &job->arena, &query, &job->audit, &job->error);
}

static enum err do_case(struct desk *desk, struct job *job)
{
	enum err err = read_case_view(desk, job);
	if (err)
		return err;
	job->tree = ownership_tree(&job->arena, &job->view.file, &job->tree_count);
	err = read_audit(desk, job);
	if (err)
		return err;
	struct webhook_query query = {
		.session = job->session_id, .merchant = "", .after = "", .limit = DELIVERY_ROWS
	};
	const char *next;
	return desk_webhooks(desk, &job->arena, &query, &job->deliveries, &job->delivery_count, &next, &job->error);
}

static bool may_claim(const struct desk *desk)
{
	return !desk_is_readonly(desk) && role_at_least(desk_role(desk), ROLE_REVIEWER);
}

static void do_claim(struct desk *desk, struct job *job)
{
	struct error error = { 0 };
	struct use_in in = { .verb = VERB_CLAIM, .session = job->session_id };
	struct use_out out;
	if (!job->claims_case || !may_claim(desk) || session_status_is_decided(job->view.file.session.status))
		return;
	job->claim_status = desk_do(desk, &job->arena, &in, &out, &error);
	job->is_case_claimed = !job->claim_status && strcmp(job->view.holder, desk_actor(desk));
	if (job->claim_status)
		job->claim_failure_text = arena_strdup(&job->arena, error.message);
	error_release(&error);
}

/* The verb that runs this transition of a case's status. */
static enum verb verb_of(enum action action)
{
	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		if (use_cases[verb].action == action)
			return (enum verb)verb;
	}
	BUG("no verb makes the transition %s", action_text(action));
}

struct bulk *bulk_copy(struct arena *arena, const struct bulk *bulk)
{
	struct bulk *copy = arena_alloc(arena, sizeof *copy);
	*copy = (struct bulk){ .verb = bulk->verb,
			       .message_end = arena_strdup(arena, bulk->message_end),
			       .person = arena_strdup(arena, bulk->person),
			       .reason = arena_strdup(arena, bulk->reason),
			       .text = arena_strdup(arena, bulk->text),
			       .until = bulk->until,
			       .hits_of = arena_strdup(arena, bulk->hits_of),
			       .is_match = bulk->is_match,
			       .is_revealed = bulk->is_revealed,
			       .version = bulk->version,
			       .count = bulk->count };
	copy->cases = arena_alloc_array(arena, bulk->count ? bulk->count : 1, sizeof *copy->cases);
	for (size_t i = 0; i < bulk->count; i++)
		copy->cases[i] = (struct bulk_case){ .id = arena_strdup(arena, bulk->cases[i].id),
						     .name = arena_strdup(arena, bulk->cases[i].name),
						     .reference = arena_strdup(arena, bulk->cases[i].reference),
						     .note = arena_strdup(arena, bulk->cases[i].note),
						     .refusal_reason = "" };
	return copy;
}

enum err bulk_cases_run(struct desk *desk, struct job *job, bool dry_run, struct error *error)
{
	struct bulk *bulk = job->bulk;
	enum err err = ERR_OK;
	int64_t version = bulk->version; /* of the case with the hits: only these verdicts may change it */
	/* If the program is ending, the loop starts no further case; the finished cases stay changed. */
	for (bulk->tried_count = 0; !err && bulk->tried_count < bulk->count && !(job->stop_flag && *job->stop_flag);
	     bulk->tried_count++) {
		struct arena arena = ARENA_INIT;
		struct error why = { 0 };
		struct bulk_case *one = &bulk->cases[bulk->tried_count];
		struct use_in in = { .verb = bulk->verb,
				     .session = one->id,
				     .part = bulk->person,
				     .reason = bulk->reason,
				     .text = bulk->text,
				     .until = bulk->until,
				     .dry_run = dry_run };
		struct use_out out;
		if (bulk->hits_of[0]) {
			in.session = bulk->hits_of;
			in.part = one->id;
			in.is_match = bulk->is_match;
			in.note = bulk->text[0] ? bulk->text : one->note;
			in.together = bulk->count;
			in.seen_version = dry_run ? 0 : version;
		}
		one->status = desk_do(desk, &arena, &in, &out, &why);
		version = one->status ? version : out.version;
		one->refusal_reason = one->status ? arena_strdup(&job->arena, why.message) : "";
		if (error_is_system_failure(one->status)) { /* the same failure would occur with the next case */
			error_move(error, &why);
			err = one->status;
		}
		error_release(&why);
		arena_release(&arena);
		if (job->progress)
			*job->progress = bulk->tried_count + 1;
	}
	if (err && bulk->tried_count > 1 && !dry_run)
		error_prefix(error, "stopped at %s %zu of %zu", bulk->hits_of[0] ? "hit" : "case", bulk->tried_count,
			     bulk->count);
	return err;
}

/* Reads the cards of the hits that are judged together, and makes a note of each. */
static enum err read_bulk_hits(struct desk *desk, struct job *job)
{
	struct bulk *bulk = job->bulk;
	struct hit_query *queries = arena_alloc_array(&job->arena, bulk->count, sizeof *queries);
	struct hit_view *views = arena_alloc_array(&job->arena, bulk->count, sizeof *views);
	enum err err = read_case_view(desk, job);
	for (size_t i = 0; i < bulk->count; i++)
		queries[i] = (struct hit_query){ .session = bulk->hits_of,
						 .hit = bulk->cases[i].id,
						 .is_reload = job->is_reload };
	if (!err)
		err = desk_hits(desk, &job->arena, queries, bulk->count, views, &job->error);
	bulk->version = err ? 0 : job->view.file.session.version;
	for (size_t i = 0; !err && i < bulk->count; i++) {
		bulk->cases[i].hit = &views[i];
		bulk->cases[i].note =
			bulk->is_match ? "" : hit_card_sentence(&job->arena, &views[i].card, views[i].masked);
	}
	return err;
}

/* Reads the data for a dialog about several cases or hits: the reviewers, or the cards of the hits, and the preview of
 * the change; not the cases themselves. */
static enum err do_bulk_dialog(struct desk *desk, struct job *job)
{
	enum err err = job->bulk->hits_of[0] ? read_bulk_hits(desk, job) : ERR_OK;
	if (!err && job->dialog->reads_reviewers)
		err = desk_reviewers(desk, &job->arena, &job->reviewers, &job->reviewer_count, &job->error);
	if (!err && job->bulk->verb != VERB_COUNT)
		err = bulk_cases_run(desk, job, true, &job->error);
	return err;
}

static enum err do_board(struct desk *desk, struct job *job)
{
	return job->board->read(desk, job);
}

/* Reads both cases of a duplicate. If the cases are not duplicates any more, succeeds anyway: the dialog reports
 * this. */
static enum err read_duplicate_pair(struct desk *desk, struct job *job)
{
	const struct duplicate_query query = { .session = job->session_id,
					       .other_id = job->in.part,
					       .is_reload = job->is_reload };
	enum err err = desk_duplicate(desk, &job->arena, &query, &job->duplicate_pair, &job->error);
	if (err != ERR_NOT_FOUND)
		return err;
	error_release(&job->error);
	return ERR_OK;
}

static enum err do_dialog(struct desk *desk, struct job *job)
{
	const struct dialog_spec *needs = job->dialog;
	if (needs->board)
		return needs->board->read(desk, job);
	if (job->bulk)
		return do_bulk_dialog(desk, job);
	enum err err = read_case_view(desk, job);
	if (err)
		return err;
	do_claim(desk, job);
	if (needs->reads_audit_log)
		err = read_audit(desk, job);
	const struct hit_query query = { .session = job->session_id, .hit = job->in.part, .is_reload = job->is_reload };
	if (!err && needs->reads_hit)
		err = desk_hits(desk, &job->arena, &query, 1, &job->hit, &job->error);
	if (!err && needs->reads_duplicate)
		err = read_duplicate_pair(desk, job);
	if (!err && needs->reads_reviewers)
		err = desk_reviewers(desk, &job->arena, &job->reviewers, &job->reviewer_count, &job->error);
	if (!err && needs->has_client_message)
		err = desk_templates(desk, &job->arena, &job->templates, &job->error);
	if (!err && job->suggests_corrections)
		err = desk_correction_draft(desk, &job->arena, job->session_id, &job->corrections,
					    &job->correction_count, &job->error);
	if (err || needs->skips_preview)
		return err;
	const struct use_in in = { .verb = verb_of(needs->action), .session = job->session_id };
	err = desk_preview(desk, &job->arena, &in, &job->preview, &job->error);
	job->has_preview = !err;
	return err;
}

/* Claims the next case after a decision. If no case is left, next_case_id is "", without an error. */
static void claim_after_decision(struct desk *desk, struct job *job)
{
	if (may_claim(desk) && claim_next_case(desk, job))
		job->next_case_id = "";
	error_release(&job->error);
}

static enum err do_candidates(struct desk *desk, struct job *job)
{
	const struct candidate_query query = { .session = job->session_id,
					       .name = job->party.name,
					       .date_of_birth = job->party.date_of_birth,
					       .country = job->party.country };
	return desk_party_candidates(desk, &job->arena, &query, &job->candidates, &job->error);
}

/* Records in the audit log that the document is viewed, then loads its bytes for the converter thread. */
static enum err do_viewer(struct desk *desk, struct job *job)
{
	const struct use_in command = { .verb = VERB_COMMAND_RUN, .session = job->session_id, .part = job->in.part };
	if (job->program_arguments) /* a reviewer's own program: the audit log records the run before it starts */
		return desk_do(desk, &job->arena, &command, &job->out, &job->error);
	job->is_production = !desk_is_sandbox(desk);
	/* An open document is drawn in another size: the audit log has recorded its opening already */
	if (job->is_reload)
		return ERR_OK;
	const struct use_in in = { .verb = VERB_DOCUMENT_OPEN,
				   .session = job->session_id,
				   .part = job->in.part,
				   .side = job->in.side,
				   .content_out = &job->bytes };
	return desk_do(desk, &job->arena, &in, &job->out, &job->error);
}

static enum err do_ui_action(struct desk *desk, struct job *job)
{
	job->in.session = job->session_id;
	enum err err = job->ui_action->run ? job->ui_action->run(desk, job)
					   : desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
	if (!err && job->claims_next_case)
		claim_after_decision(desk, job);
	return err;
}

static enum err do_touch_claim(struct desk *desk, struct job *job)
{
	desk_renew_claim(desk, job->session_id);
	return ERR_OK;
}

static enum err do_look(struct desk *desk, struct job *job)
{
	job->in.verb = VERB_DOCUMENT_OPEN;
	job->in.session = job->session_id;
	return desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
}

static enum err get_text(void *desk, enum own_text_kind kind, struct strbuf *out, struct error *error)
{
	return desk_read_own_text(desk, own_text_kinds[kind], out, error);
}

static enum err put_text(void *desk, enum own_text_kind kind, const struct own_text_change *change, struct error *error)
{
	return desk_own_text_set(desk, own_text_kinds[kind], change->before, change->after, error);
}

struct own_text_store own_texts_of(struct desk *desk)
{
	return (struct own_text_store){ get_text, put_text, desk };
}

static enum err do_draft(struct desk *desk, struct job *job)
{
	struct own_text_store store = own_texts_of(desk);
	const struct own_text text = { OWN_DRAFTS, job->path, *job->path ? NULL : &store };

	if (job->theme)
		return settings_save(&(const struct own_text){ OWN_CONFIG, "", &store }, SETTING_THEME, job->theme,
				     &job->error);
	if (!job->saved_draft) {
		const struct own_text views = { OWN_VIEWS, "", &store };
		enum err err = views_merge(&views, &(const struct own_text_change){ job->reference, job->extra_text },
					   &job->error);

		return err ? err : store.get(store.context, OWN_VIEWS, &job->bytes, &job->error);
	}
	return drafts_save(&text, job->saved_draft, &job->error);
}

/* The reviewer's own earlier UI actions may have changed the case after the reviewer saw it. Replaces the seen
 * version by the version after these UI actions. */
static void update_seen_version(const struct own_changes *own, struct job *job)
{
	if (job->kind == JOB_UI_ACTION && job->in.seen_version && !strcmp(own->id, job->session_id) &&
	    job->in.seen_version >= own->from && job->in.seen_version <= own->to)
		job->in.seen_version = own->to;
}

static void record_own_change(struct own_changes *own, const struct job *job)
{
	if (job->kind != JOB_UI_ACTION || job->status || !job->in.seen_version || !job->out.version ||
	    strlen(job->session_id) >= sizeof own->id)
		return;
	bool may_continue = !strcmp(own->id, job->session_id) && job->in.seen_version == own->to;
	*own = (struct own_changes){ .from = may_continue ? own->from : job->in.seen_version, .to = job->out.version };
	memcpy(own->id, job->session_id, strlen(job->session_id) + 1);
}

void job_do(struct desk *desk, struct own_changes *own, struct job *job)
{
	static enum err (*const kinds[])(struct desk * desk, struct job * job) = {
		[JOB_COUNTS] = do_counts,	[JOB_LIST] = do_list,
		[JOB_CASE] = do_case,		[JOB_PREVIEW] = do_case,
		[JOB_DIALOG] = do_dialog,	[JOB_FIND_MATCHES] = do_find_matches,
		[JOB_DOCUMENT] = do_viewer,	[JOB_CANDIDATES] = do_candidates,
		[JOB_UI_ACTION] = do_ui_action, [JOB_TOUCH_CLAIM] = do_touch_claim,
		[JOB_DRAFT] = do_draft,		[JOB_BOARD] = do_board,
		[JOB_LOOK] = do_look,
	};
	update_seen_version(own, job);
	job->status = kinds[job->kind](desk, job);
	job->now = desk_now(desk);
	record_own_change(own, job);
}
