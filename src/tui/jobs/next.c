/* Claims the next case: free cases with an alert first, then the reviewer's own cases, then the most urgent free case,
 * within the filter. */
#include "reader.h"

#include <string.h>

/* rows of the first page; usually enough to find a case, and quicker to read than a whole page */
#define FIRST_PAGE_ROWS 20

/* The cases to choose from: all terms of the list's filter, and this one. */
#define OWN_CASES "assignee:me"
#define ALERTS "mark:alert"

/* Whether the case is the reviewer's own (own) or free (not own), is not in job->seen_case_ids, and is neither snoozed
 * nor waiting. */
static bool can_be_next_case(const struct desk *desk, const struct job *job, const struct session_item *item, bool own)
{
	bool rests = item->snoozed_until != TIME_NONE ? item->snoozed_until > desk_now(desk)
						      : item->waiting && !item->has_alert;
	return !rests && !texts_contain(job->seen_case_ids, job->seen_case_count, item->id) &&
	       !strcmp(item->assignee, own ? desk_actor(desk) : "");
}

/* Claims the first case of the page that can be claimed; skips a case that a colleague has claimed by now. Only finds
 * an own case or an alert. ERR_NOT_FOUND: no case of the page can be claimed. */
static enum err claim_from_page(struct desk *desk, struct job *job, const struct list_page *page, const char *term)
{
	bool own = !strcmp(term, OWN_CASES), alert = !strcmp(term, ALERTS);
	for (size_t i = 0; i < page->count; i++) {
		struct use_in in = { .verb = VERB_CLAIM, .session = page->items[i].id };
		struct use_out out;
		if (!can_be_next_case(desk, job, &page->items[i], own) || (alert && !page->items[i].has_alert))
			continue;
		job->is_next_case_held = own;
		job->next_case_id = page->items[i].id;
		if (own || alert)
			return ERR_OK;
		enum err err = desk_do(desk, &job->arena, &in, &out, &job->error);
		if (err == ERR_CONFLICT)
			continue;
		if (err)
			job->next_case_id = "";
		return err;
	}
	job->next_case_id = "";
	return ERR_NOT_FOUND;
}

static enum err claim_from_list(struct desk *desk, struct job *job, struct list_query query, const char *term)
{
	const struct filter filter = query.filter;
	struct list_page page;
	query.limit = FIRST_PAGE_ROWS;
	query.after = "";
	if (!query.inboxes)
		query.inboxes = 1u << INBOX_MANUAL_REVIEW | 1u << INBOX_COMPLETED;
	query.with_alerts = true;
	/* If `filter` also has a term with the same key, the list has the cases that match either term, so
	 * claim_from_page() checks each case again. */
	enum err err = filter_parse(&job->arena, term, &query.filter, &job->error);
	for (size_t i = 0; !err && i < filter.count; i++)
		*ARENA_PUSH(&job->arena, query.filter.terms, query.filter.count, query.filter.capacity) =
			filter.terms[i];
	while (!err) {
		err = desk_list(desk, &job->arena, &query, &page, &job->error);
		if (!err)
			err = claim_from_page(desk, job, &page, term);
		if (err != ERR_NOT_FOUND || !page.next[0])
			break;
		err = ERR_OK;
		query.after = page.next;
		query.limit = LIST_PAGE_ROWS;
	}
	return err;
}

/* Runs the verb "next" of the desk, which also claims cases that were returned to the queue. If the case is in
 * job->seen_case_ids, releases it again. */
static enum err claim_most_urgent(struct desk *desk, struct job *job, struct list_query query)
{
	struct use_in in = { .verb = VERB_NEXT, .query = &query };
	struct use_out out;
	query.limit = 1;
	query.after = "";
	enum err err = desk_do(desk, &job->arena, &in, &out, &job->error);
	if (err)
		return err;
	job->next_case_id = out.id;
	job->is_next_case_held = false;
	if (!texts_contain(job->seen_case_ids, job->seen_case_count, out.id))
		return ERR_OK;
	struct use_in back = { .verb = VERB_RELEASE, .session = out.id };
	job->next_case_id = "";
	err = desk_do(desk, &job->arena, &back, &out, &job->error);
	return err ? err : ERR_NOT_FOUND;
}

/* Claims one case: a free alert, else one of the actor's own, else the most urgent free case; skips the cases in job->seen_case_ids. */
static enum err claim_in_filter(struct desk *desk, struct job *job, struct list_query query)
{
	/* A free alert is the first of the free cases. */
	enum err err = claim_from_list(desk, job, query, ALERTS);
	if (err == ERR_NOT_FOUND)
		err = claim_from_list(desk, job, query, OWN_CASES);
	else if (!err)
		err = ERR_NOT_FOUND;
	if (err != ERR_NOT_FOUND)
		return err;
	return job->seen_case_count ? claim_from_list(desk, job, query, "") : claim_most_urgent(desk, job, query);
}

/* Searches only within the filter. Without a filter, also searches the other inboxes if the inbox has no further
 * case. */
enum err claim_next_case(struct desk *desk, struct job *job)
{
	struct list_query query = job->query;
	const unsigned open = 1u << INBOX_MANUAL_REVIEW | 1u << INBOX_COMPLETED;
	job->next_case_id = "";
	if (query.inboxes && !(query.inboxes & open))
		return ERR_NOT_FOUND;
	enum err err = claim_in_filter(desk, job, query);
	if (err != ERR_NOT_FOUND || query.filter.count || !query.inboxes)
		return err;
	query.inboxes = 0;
	err = claim_in_filter(desk, job, query);
	if (err == ERR_NOT_FOUND && job->seen_case_count && job->claims_next_case)
		return claim_most_urgent(desk, job, query);
	job->is_next_in_other_inbox = !err;
	return err;
}
