/* What each request means, in calls of the desk. */
#include "kybdesk/settings/drafts.h"
#include "bulk.h"
#include "kybdesk/tui/marks.h"
#include "reader.h"

#include <string.h>

#define HELD_ROWS 50
_Static_assert(MARKS_MAX <= LIST_LIMIT_MAX, "one page holds all that can be marked");
#define AUDIT_ROWS 200
#define DELIVERY_ROWS 200

/* One that cannot be counted (its merchant is gone, a reviewer is called otherwise now) has no number; opening it says
 * why. The others have theirs. */
static enum err count_view(struct desk *desk, struct work *work, size_t at)
{
	struct list_query query = { .limit = 1, .after = "" };
	struct error why = { 0 };
	int64_t *count = &work->counts.views[at];
	enum err err = filter_parse(&work->arena, work->view_filters[at], &query.filter, &why);
	if (!err)
		err = desk_list_count(desk, &query, COUNT_AT_MOST + 1, count, &why);
	work->counts.view_count = at + 1;
	if (err == ERR_INVALID || err == ERR_NOT_FOUND) {
		*count = COUNT_UNKNOWN;
		err = ERR_OK;
	} else if (err) {
		error_move(&work->error, &why);
	}
	error_release(&why);
	return err;
}

/* A hold is a record with a later version of the case than the decision's. */
static enum err find_hold(struct desk *desk, struct arena *arena, struct work_watch *watch, struct error *error)
{
	struct audit_item *items;
	size_t count;
	int64_t after = 0;
	do {
		enum err err = desk_audit(desk, arena, watch->id, after, AUDIT_ROWS, &items, &count, &after, error);
		if (err)
			return err;
		for (size_t i = 0; i < count; i++) {
			if (items[i].session_version && items[i].session_version <= watch->version)
				return ERR_OK;
			watch->held |= !strcmp(items[i].action, "session.hold");
		}
	} while (after);
	return ERR_OK;
}

/* First of all: the reviewer learns it although something cannot be counted. */
static enum err find_holds(struct desk *desk, struct work *work)
{
	enum err err = ERR_OK;
	for (size_t i = 0; !err && i < work->watch_count; i++) {
		struct error why = { 0 };
		err = find_hold(desk, &work->arena, &work->watches[i], &why);
		if (err == ERR_NOT_FOUND) /* the case was deleted */
			err = ERR_OK;
		else if (err)
			error_move(&work->error, &why);
		error_release(&why);
	}
	return err;
}

static enum err do_counts(struct desk *desk, struct work *work)
{
	struct work_counts *counts = &work->counts;
	struct error *error = &work->error;
	enum err err = find_holds(desk, work);
	if (!err)
		err = desk_inbox_counts(desk, counts->inboxes, error);
	if (!err)
		err = desk_webhook_counts(desk, &counts->webhooks_due, &counts->webhooks_dead, error);
	if (!err)
		err = desk_endpoints_disabled(desk, &counts->endpoints_disabled, error);
	struct list_query mine = { .limit = HELD_ROWS, .after = "" };
	if (!err)
		err = filter_parse(&work->arena, "assignee:me", &mine.filter, error);
	if (!err)
		err = desk_list(desk, &work->arena, &mine, &work->held, error);
	for (size_t i = 0; !err && i < work->view_count; i++)
		err = count_view(desk, work, i);
	return err;
}

/* A whole inbox is counted already; what a filter leaves is counted up to a limit. */
static enum err begin_search(struct desk *desk, struct work *work)
{
	struct list_query query = work->query;
	work->count_all = !query.filter.count && query.inboxes;
	size_t pages = work->pages < LIST_WINDOW_PAGES ? work->pages : LIST_WINDOW_PAGES;
	query.limit = work->few ? work->few : LIST_PAGE_ROWS * (pages ? pages : 1);
	query.after = work->after;
	return desk_search_begin(desk, &query, work->count_all ? 0 : COUNT_AT_MOST + 1, &work->search,
				 &work->error);
}

static void cut_pages(struct work *work, const struct list_found *found)
{
	const char *after = work->after;
	size_t from = 0;
	do {
		struct work_page *page = &work->page[work->page_count++];
		size_t count = found->count - from < LIST_PAGE_ROWS ? found->count - from : LIST_PAGE_ROWS;
		*page = (struct work_page){ .after = after, .page = { found->items + from, count, "" } };
		from += count;
		after = page->page.next = desk_search_cursor(work->search, &work->arena, from);
	} while (from < found->count);
}

/* A step of it: what was found so far is shown, and somebody who wants something else is served first. */
static enum err do_list(struct desk *desk, struct work *work)
{
	struct list_found found;
	enum err err = work->search ? ERR_OK : begin_search(desk, work);
	if (!err)
		err = desk_search_step(desk, &work->arena, work->search, &found, &work->error);
	if (err)
		return err;
	cut_pages(work, &found);
	work->partial = !found.whole;
	if (work->partial) {
		work->looked = found.looked;
		work->of = found.of;
		return ERR_OK;
	}
	work->total = found.matching;
	work->total_more = !work->count_all && work->total > COUNT_AT_MOST;
	if (work->total_more)
		work->total = COUNT_AT_MOST;
	return ERR_OK;
}

static enum err do_matching(struct desk *desk, struct work *work)
{
	work->query.limit = MARKS_MAX;
	return desk_list(desk, &work->arena, &work->query, &work->page[0].page, &work->error);
}

static enum err do_view(struct desk *desk, struct work *work)
{
	enum err err = work->again && !work->reveal
			       ? desk_case_again(desk, &work->arena, work->id, &work->view, &work->error)
			       : desk_case(desk, &work->arena, work->id, work->reveal, &work->view, &work->error);
	if (err)
		return err;
	work->has_view = true;
	work->id = work->view.file.session.id;
	return ERR_OK;
}

static enum err do_case(struct desk *desk, struct work *work)
{
	enum err err = do_view(desk, work);
	if (err)
		return err;
	work->tree = ownership_tree(&work->arena, &work->view.file, &work->tree_count);
	int64_t older;
	err = desk_audit(desk, &work->arena, work->id, 0, AUDIT_ROWS, &work->audit, &work->audit_count, &older,
			 &work->error);
	if (err)
		return err;
	work->audit_more = older > 0;
	struct webhook_query query = { .session = work->id, .merchant = "", .after = "", .limit = DELIVERY_ROWS };
	const char *next;
	return desk_webhooks(desk, &work->arena, &query, &work->deliveries, &work->delivery_count, &next,
			     &work->error);
}

static bool may_change(const struct desk *desk)
{
	return !desk_is_readonly(desk) && role_at_least(desk_role(desk), ROLE_REVIEWER);
}

static void do_claim(struct desk *desk, struct work *work)
{
	enum session_status status = work->view.file.session.status;
	struct error error = { 0 };
	struct use_in in = { .verb = VERB_CLAIM, .session = work->id };
	struct use_out out;
	if (!work->claim || !may_change(desk) || status == SESSION_APPROVED || status == SESSION_REJECTED)
		return;
	work->claim_status = desk_do(desk, &work->arena, &in, &out, &error);
	work->claimed = !work->claim_status && strcmp(work->view.holder, desk_actor(desk));
	if (work->claim_status)
		work->claim_message = arena_strdup(&work->arena, error.message);
	error_release(&error);
}

/* The verb of a dialog's transition. */
static enum verb verb_of(enum action action)
{
	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		if (use_cases[verb].moves && use_cases[verb].action == action)
			return (enum verb)verb;
	}
	BUG("no verb is the transition %s", action_text(action));
}

/* About several cases: none of them is read whole. */
static enum err do_bulk_dialog(struct desk *desk, struct work *work)
{
	enum err err = ERR_OK;
	if (work->with_people)
		err = desk_reviewers(desk, &work->arena, &work->people, &work->people_count, &work->error);
	if (!err && work->bulk->verb != VERB_COUNT)
		err = bulk_cases_run(desk, work, true, &work->error);
	return err;
}

static enum err do_dialog(struct desk *desk, struct work *work)
{
	if (work->bulk)
		return do_bulk_dialog(desk, work);
	enum err err = do_view(desk, work);
	if (err)
		return err;
	do_claim(desk, work);
	int64_t older;
	if (work->trail)
		err = desk_audit(desk, &work->arena, work->id, 0, AUDIT_ROWS, &work->audit, &work->audit_count,
				 &older, &work->error);
	const struct hit_query query = { .session = work->id, .hit = work->item, .again = work->again };
	if (!err && work->asks_hit)
		err = desk_hit(desk, &work->arena, &query, &work->hit, &work->error);
	if (!err && work->with_people)
		err = desk_reviewers(desk, &work->arena, &work->people, &work->people_count, &work->error);
	if (!err && work->draft)
		err = desk_correction_draft(desk, &work->arena, work->id, &work->corrections,
					    &work->correction_count, &work->error);
	if (err || work->look_only)
		return err;
	const struct use_in in = { .verb = verb_of(work->action), .session = work->id };
	err = desk_preview(desk, &work->arena, &in, &work->preview, &work->error);
	work->has_preview = !err;
	return err;
}

/* After a decision. None left is no failure. */
static void find_next(struct desk *desk, struct work *work)
{
	if (may_change(desk) && claim_next(desk, work))
		work->next_id = "";
	error_release(&work->error);
	work->error = (struct error){ 0 };
}

static enum err do_candidates(struct desk *desk, struct work *work)
{
	const struct candidate_query query = { .session = work->id,
					       .name = work->party.name,
					       .date_of_birth = work->party.date_of_birth,
					       .country = work->party.country };
	return desk_party_candidates(desk, &work->arena, &query, &work->candidates, &work->error);
}

/* The record that it was seen comes first, then its bytes; what reads them is the converter's. */
static enum err do_paper(struct desk *desk, struct work *work)
{
	const struct use_in in = {
		.verb = VERB_DOCUMENT_OPEN, .session = work->id, .part = work->item, .into = &work->bytes
	};
	return desk_do(desk, &work->arena, &in, &work->out, &work->error);
}

static enum err do_act(struct desk *desk, struct work *work)
{
	struct use_in in = { .verb = work->verb,
			     .session = work->id,
			     .part = work->item,
			     .reason = work->reason,
			     .text = work->text,
			     .note = work->note[0] ? work->note : NULL,
			     .seen_version = work->seen_version,
			     .retryable = work->retryable < 0 ? CHOICE_DEFAULT
					  : work->retryable   ? CHOICE_YES
							      : CHOICE_NO,
			     .match = work->match,
			     .days = work->extend_days,
			     .until = work->until,
			     .party = &work->party,
			     .fields_json = work->fields[0] ? work->fields : NULL,
			     .all = work->verb == VERB_CONFIRM,
			     .requests = work->corrections,
			     .request_count = work->correction_count };
	if (work->deed->run)
		return work->deed->run(desk, work, &in);
	return desk_do(desk, &work->arena, &in, &work->out, &work->error);
}

void own_changes_before(const struct own_changes *own, struct work *work)
{
	if (work->kind == WORK_ACT && work->seen_version && !strcmp(own->id, work->id) &&
	    work->seen_version >= own->from && work->seen_version <= own->to)
		work->seen_version = own->to;
}

void own_changes_after(struct own_changes *own, const struct work *work)
{
	if (work->kind != WORK_ACT || work->status || !work->seen_version || !work->out.version ||
	    strlen(work->id) >= sizeof own->id)
		return;
	bool goes_on = !strcmp(own->id, work->id) && work->seen_version == own->to;
	*own = (struct own_changes){ .from = goes_on ? own->from : work->seen_version, .to = work->out.version };
	memcpy(own->id, work->id, strlen(work->id) + 1);
}

void work_do(struct desk *desk, struct work *work)
{
	switch (work->kind) {
	case WORK_COUNTS:
		work->status = do_counts(desk, work);
		break;
	case WORK_LIST:
		work->status = do_list(desk, work);
		break;
	case WORK_CASE:
		work->status = do_case(desk, work);
		break;
	case WORK_PREVIEW:
		work->status = do_view(desk, work);
		break;
	case WORK_DIALOG:
		work->status = do_dialog(desk, work);
		break;
	case WORK_MATCHING:
		work->status = do_matching(desk, work);
		break;
	case WORK_PAPER:
		work->status = do_paper(desk, work);
		break;
	case WORK_CANDIDATES:
		work->status = do_candidates(desk, work);
		break;
	case WORK_ACT:
		work->status = do_act(desk, work);
		if (!work->status && work->then_next)
			find_next(desk, work);
		break;
	case WORK_TOUCH:
		desk_touch(desk, work->id);
		break;
	case WORK_DRAFT:
		work->status = drafts_put(work->path, work->kept, &work->error);
		break;
	case WORK_CHANGED:
		break;
	}
	work->now = desk_now(desk);
}
