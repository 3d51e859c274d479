/* What each request means, in calls of the desk. */
#include "reader.h"

#include <string.h>

#define HELD_ROWS 50
#define AUDIT_ROWS 200
#define DELIVERY_ROWS 200

static enum err do_counts(struct desk *desk, struct work *work)
{
	struct work_counts *counts = &work->counts;
	struct error *error = &work->error;
	enum err err = desk_inbox_counts(desk, counts->inboxes, error);
	if (!err)
		err = desk_webhook_counts(desk, &counts->webhooks_due, &counts->webhooks_dead, error);
	struct list_query mine = { .limit = 1, .after = "" }, overdue = { .limit = 1, .after = "" };
	if (!err)
		err = filter_parse(&work->arena, "assignee:me", &mine.filter, error);
	if (!err)
		err = desk_list_count(desk, &mine, COUNT_AT_MOST + 1, &counts->mine, error);
	mine.limit = HELD_ROWS;
	if (!err && counts->mine)
		err = desk_list(desk, &work->arena, &mine, &work->held, error);
	if (!err)
		err = filter_parse(&work->arena, "due:over", &overdue.filter, error);
	if (!err)
		err = desk_list_count(desk, &overdue, COUNT_AT_MOST + 1, &counts->overdue, error);
	return err;
}

/* A whole inbox is counted already; what a filter leaves is counted up to a limit. */
static enum err do_total(struct desk *desk, struct work *work)
{
	struct list_query query = work->query;
	int64_t counts[INBOX_COUNT];
	if (!query.filter.count && query.inboxes) {
		enum err err = desk_inbox_counts(desk, counts, &work->error);
		work->total = 0;
		for (unsigned inbox = 0; !err && inbox < INBOX_COUNT; inbox++)
			if (query.inboxes & 1u << inbox)
				work->total += counts[inbox];
		return err;
	}
	query.limit = 1;
	query.after = "";
	enum err err = desk_list_count(desk, &query, COUNT_AT_MOST + 1, &work->total, &work->error);
	work->total_more = work->total > COUNT_AT_MOST;
	if (work->total_more)
		work->total = COUNT_AT_MOST;
	return err;
}

static enum err do_list(struct desk *desk, struct work *work)
{
	enum err err = ERR_OK;
	const char *after = work->after;
	size_t wanted = work->pages ? work->pages : 1;
	if (wanted > LIST_WINDOW_PAGES)
		wanted = LIST_WINDOW_PAGES;
	for (size_t i = 0; i < wanted && !err; i++) {
		struct list_query query = work->query;
		query.limit = LIST_PAGE_ROWS;
		query.after = after;
		work->page[i].after = after;
		err = desk_list(desk, &work->arena, &query, &work->page[i].page, &work->error);
		if (err)
			break;
		work->page_count = i + 1;
		after = work->page[i].page.next;
		if (!after[0])
			break;
	}
	return err || !work->count ? err : do_total(desk, work);
}

static enum err do_view(struct desk *desk, struct work *work)
{
	enum err err = desk_case(desk, &work->arena, work->id, work->reveal, &work->view, &work->error);
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
	const char *id;
	if (!work->claim || !may_change(desk) || status == SESSION_APPROVED || status == SESSION_REJECTED)
		return;
	work->claim_status = desk_claim(desk, &work->arena, work->id, &id, &error);
	if (work->claim_status)
		work->claim_message = arena_strdup(&work->arena, error.message);
	error_release(&error);
}

static enum err do_dialog(struct desk *desk, struct work *work)
{
	enum err err = do_view(desk, work);
	if (err)
		return err;
	do_claim(desk, work);
	if (work->draft)
		err = desk_correction_draft(desk, &work->arena, work->id, &work->corrections,
					    &work->correction_count, &work->error);
	if (err || work->look_only)
		return err;
	err = desk_preview(desk, &work->arena, work->id, work->action, &work->preview, &work->error);
	work->has_preview = !err;
	return err;
}

/* The most urgent case that nobody holds, claimed; when nothing under the filter is left, of all. */
static enum err claim_next(struct desk *desk, struct work *work)
{
	struct list_query query = work->query;
	query.limit = 1;
	query.after = "";
	work->next_id = "";
	enum err err = desk_next(desk, &work->arena, &query, &work->next_id, &work->error);
	if (err != ERR_NOT_FOUND || (!query.filter.count && !query.inboxes))
		return err;
	query.filter.count = 0;
	query.inboxes = 0;
	return desk_next(desk, &work->arena, &query, &work->next_id, &work->error);
}

/* After a decision. None left is no failure. */
static void find_next(struct desk *desk, struct work *work)
{
	if (may_change(desk) && claim_next(desk, work))
		work->next_id = "";
	error_release(&work->error);
	work->error = (struct error){ 0 };
}

/* Parties, and what blocks on account of others. */
static enum err do_related(struct desk *desk, struct work *work)
{
	struct arena *arena = &work->arena;
	struct error *error = &work->error;
	const char *id, *party_id, *session_id;
	enum check_kind kind;
	switch (work->act) {
	case ACT_CHECK_WAIVE:
		if (!check_kind_parse(work->item, &kind))
			return error_set(error, ERR_USAGE, "\"%s\" is no check", work->item);
		return desk_check_waive(desk, arena, work->id, kind, work->reason, &id, error);
	case ACT_PARTY_ADD:
		return desk_party_add(desk, arena, work->id, &work->party, &id, &party_id, &session_id, error);
	case ACT_PARTY_COPY:
		return desk_party_copy(desk, arena, work->id, work->item, "", &work->party, &id, &party_id, error);
	case ACT_PARTY_EDIT:
		return desk_party_edit(desk, arena, work->id, work->item, &work->party, &id, error);
	case ACT_PARTY_REMOVE:
		return desk_party_remove(desk, arena, work->id, work->item, work->reason, &id, error);
	case ACT_PARTY_VERIFY:
		return desk_party_verify(desk, arena, work->id, work->item, work->reason, &id, error);
	case ACT_PARTY_UNVERIFY:
		return desk_party_unverify(desk, arena, work->id, work->item, &id, error);
	case ACT_PARTY_KYC:
		return desk_subsession_add(desk, arena, work->id, work->item, &id, &session_id, error);
	case ACT_PARTY_LINK:
		return desk_link(desk, arena, work->id, work->extend_days, &work->link, error);
	case ACT_GAP:
		return desk_party_gap(desk, arena, work->id, work->reason, work->text, &id, error);
	case ACT_DUPLICATE_DISMISS:
		return desk_duplicate_dismiss(desk, arena, work->id, work->item, work->reason, &id, error);
	case ACT_CLAIM:
	case ACT_RELEASE:
	case ACT_TAKE_OVER:
	case ACT_NEXT:
	case ACT_APPROVE:
	case ACT_REJECT:
	case ACT_CORRECTIONS:
	case ACT_UNDO:
	case ACT_NOTE:
	case ACT_DOCUMENT_ACCEPT:
	case ACT_DOCUMENT_REJECT:
	case ACT_HIT_RESOLVE:
	case ACT_CORRECTION_ACCEPT:
	case ACT_SNOOZE:
	case ACT_SNOOZE_END:
		break;
	}
	BUG("%u is nothing about a party", (unsigned)work->act);
}

static enum err do_act(struct desk *desk, struct work *work)
{
	struct arena *arena = &work->arena;
	struct error *error = &work->error;
	const char *id;
	struct decide_options options = { .seen_version = work->seen_version,
					  .grace_s = -1,
					  .note = work->note[0] ? work->note : NULL };
	switch (work->act) {
	case ACT_CLAIM:
		return desk_claim(desk, arena, work->id, &id, error);
	case ACT_RELEASE:
		return desk_release(desk, arena, work->id, &id, error);
	case ACT_TAKE_OVER:
		return desk_assign(desk, arena, work->id, desk_actor(desk), &id, error);
	case ACT_NEXT:
		return claim_next(desk, work);
	case ACT_APPROVE:
		return desk_approve(desk, arena, work->id, &options, &work->result, error);
	case ACT_REJECT:
		return desk_reject(desk, arena, work->id, work->reason, work->text[0] ? work->text : NULL,
				   work->retryable, &options, &work->result, error);
	case ACT_CORRECTIONS:
		return desk_request_corrections(desk, arena, work->id, work->corrections, work->correction_count,
						work->extend_days, &options, &work->result, &work->access_link,
						error);
	case ACT_UNDO:
		return desk_undo(desk, arena, work->id, &work->result, error);
	case ACT_NOTE:
		return desk_note(desk, arena, work->id, work->text, &id, error);
	case ACT_DOCUMENT_ACCEPT:
		return desk_document_accept(desk, arena, work->id, work->item, &id, error);
	case ACT_DOCUMENT_REJECT:
		return desk_document_reject(desk, arena, work->id, work->item, work->reason, &id, error);
	case ACT_HIT_RESOLVE:
		return desk_hit_resolve(desk, arena, work->id, work->item, work->match, work->reason, work->note,
					&id, error);
	case ACT_CORRECTION_ACCEPT:
		return desk_accept_correction(desk, arena, work->id, work->item, &id, error);
	case ACT_SNOOZE:
		return desk_snooze(desk, arena, work->id, work->until, work->reason, &id, error);
	case ACT_SNOOZE_END:
		return desk_snooze_end(desk, arena, work->id, &id, error);
	case ACT_CHECK_WAIVE:
	case ACT_PARTY_ADD:
	case ACT_PARTY_COPY:
	case ACT_PARTY_EDIT:
	case ACT_PARTY_REMOVE:
	case ACT_PARTY_VERIFY:
	case ACT_PARTY_UNVERIFY:
	case ACT_PARTY_KYC:
	case ACT_PARTY_LINK:
	case ACT_GAP:
	case ACT_DUPLICATE_DISMISS:
		return do_related(desk, work);
	}
	return ERR_INTERNAL;
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
	case WORK_CANDIDATES:
		work->status = desk_party_candidates(desk, &work->arena, work->id, work->party.name,
						     work->party.date_of_birth, work->party.country,
						     &work->candidates, &work->candidate_count, &work->error);
		break;
	case WORK_ACT:
		work->status = do_act(desk, work);
		if (!work->status && work->then_next)
			find_next(desk, work);
		break;
	case WORK_TOUCH:
		desk_touch(desk, work->id);
		break;
	case WORK_CHANGED:
		break;
	}
	work->now = desk_now(desk);
}
