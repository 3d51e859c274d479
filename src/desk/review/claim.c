/* Claims on cases. A claim does not change the case's version. */
#include "review/review.h"
#include "kybdesk/store/list.h"
#include "read/read.h"

#define CLAIM_RENEWAL_INTERVAL_MS (60 * 1000)

/* The time at which the claim began. A renewal within one day keeps this time; a later renewal sets it to now. So a
 * claim that was made or renewed while a clock ran ahead ends soon after the clock is right again. */
static int64_t claim_start_time(const struct session *session, const char *holder, const char *actor, int64_t now)
{
	bool renews = !strcmp(holder, actor) && session->claimed_at != TIME_NONE && session->claimed_at <= now &&
		      now - session->claimed_at < DAY_MS;

	return renews ? session->claimed_at : now;
}

static enum err claim_case(struct use *use, struct error *error)
{
	struct desk *desk = use->desk;
	const struct session *session = &use->file.session;
	const char *holder = session_holder(session, use->now);
	bool assigned = *holder && session->claim_expires_at == TIME_NONE;

	json_set_text(use->detail, "reviewer", desk->actor);
	if (*holder)
		json_set_bool(use->detail, "renewed", true);
	return store_session_set_claim(desk->store, session->row,
				       &(struct claim){ desk->actor_row,
							claim_start_time(session, holder, desk->actor, use->now),
							assigned ? TIME_NONE : use->now + CLAIM_IDLE_MS },
				       error);
}

/* Claims the case; the holder renews the claim. If a colleague holds the case, returns ERR_CONFLICT with
 * claimed_by_other (holder and time), also to a lead: a lead takes the case over by assigning it. */
enum err use_claim(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	const char *holder = session_holder(session, use->now);

	if (*holder && strcmp(holder, use->desk->actor))
		return refuse_with_blocker(
			ERR_CONFLICT, blocker_code_text(BLOCKER_CLAIMED_BY_OTHER), "", error,
			"Cannot claim %s: %s holds it since %s; ask for its release, or a lead can assign it",
			session_label(use->arena, session), holder,
			time_or_unknown_text(use->arena, session->claimed_at));
	return claim_case(use, error);
}

/* Allowed for the holder and for leads; no effect on an unclaimed case. Reads in->part: releases the case only if
 * this reviewer is the holder; "": any holder. */
enum err use_release(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	const char *from = use->in->part;

	use->has_no_change = !*session->assignee || (*from && strcmp(session->assignee, from));
	if (use->has_no_change)
		return ERR_OK;
	if (strcmp(session->assignee, use->desk->actor) && *session_holder(session, use->now) &&
	    !role_at_least(use->desk->role, ROLE_LEAD))
		return error_set(error, ERR_FORBIDDEN, "A %s cannot release %s, which %s holds; ask %s or a lead",
				 role_text(use->desk->role), session_label(use->arena, session), session->assignee,
				 session->assignee);
	json_set_text(use->detail, "reviewer", session->assignee);
	return store_session_set_claim(use->desk->store, session->row, &(struct claim){ 0, TIME_NONE, TIME_NONE },
				       error);
}

static enum err find_assignee(struct desk *desk, struct arena *arena, const char *name, struct reviewer *out,
			      struct error *error)
{
	enum err err = reviewer_require(desk->store, arena, name, out, error);

	if (err)
		return err;
	if (out->disabled)
		return error_invalid(error, "reviewer", "The reviewer %s is disabled and cannot hold a case", name);
	if (!role_at_least(out->role, ROLE_REVIEWER))
		return error_invalid(error, "reviewer", "%s has the role %s and cannot hold a case", name,
				     role_text(out->role));
	return ERR_OK;
}

/* Reads in->part: the reviewer. An assignment, unlike a claim, does not expire. */
enum err use_assign(struct use *use, struct error *error)
{
	struct reviewer reviewer = { 0 };
	enum err err = find_assignee(use->desk, use->arena, use->in->part, &reviewer, error);

	if (err)
		return err;
	JSON_ADD(use->detail, { "from|null", AS_TEXT(session_holder(&use->file.session, use->now)) },
		 { "to", AS_TEXT(reviewer.name) });
	return store_session_set_claim(use->desk->store, use->file.session.row,
				       &(struct claim){ reviewer.row, use->now, TIME_NONE }, error);
}

/* Finds the lead that holds the fewest cases or, if the desk has no other lead, an admin. Never returns the actor. */
static enum err find_lead(struct use *use, struct reviewer *out, struct error *error)
{
	struct desk *desk = use->desk;
	struct reviewer *people = NULL;
	size_t count = 0;
	int64_t fewest = 0, cases = 0;
	enum err err = store_reviewer_list(desk->store, use->arena, &people, &count, error);

	for (size_t i = 0; !err && i < count; i++) {
		const struct reviewer *person = &people[i];
		bool better = !out->row || (person->role == ROLE_LEAD && out->role != ROLE_LEAD);

		if (person->disabled || person->row == desk->actor_row || !role_at_least(person->role, ROLE_LEAD))
			continue;
		err = store_reviewer_case_count(desk->store, person->row, &cases, error);
		if (better || (person->role == out->role && cases < fewest)) {
			*out = *person;
			fewest = cases;
		}
	}
	return err;
}

static enum err find_receiver(struct use *use, struct reviewer *out, struct error *error)
{
	struct desk *desk = use->desk;
	enum err err;

	if (strcmp(use->in->part, REFER_TO_LEAD) != 0)
		err = find_assignee(desk, use->arena, use->in->part, out, error);
	else
		err = find_lead(use, out, error);
	if (!err && !out->row)
		err = error_invalid(error, "reviewer", "No other reviewer has the role lead");
	if (!err && !strcmp(out->name, desk->actor))
		err = error_invalid(error, "reviewer", "%s cannot refer a case to themselves; claim it instead",
				    desk->actor);
	return err;
}

/* Reads in->part: a reviewer, or REFER_TO_LEAD; in->reason, which is stored as a note. The case is then assigned,
 * as if a lead had assigned it. A decided case is referred while it has an open alert. */
enum err use_refer(struct use *use, struct error *error)
{
	const struct alert_filter of_case = { .session = use->file.session.row, .limit = 1 };
	struct alert_list alerts = { 0 };
	struct reviewer receiver = { 0 };
	int64_t note = 0;
	enum err err = store_alert_list(use->desk->store, use->arena, &of_case, &alerts, error);

	if (!err && !alerts.count)
		err = use_check_undecided(use, error);
	if (!err)
		err = find_receiver(use, &receiver, error);

	if (err)
		return err;
	err = note_insert(use, arena_printf(use->arena, "Referred to %s: %s", receiver.name, use->in->reason), &note,
			  error);
	JSON_ADD(use->detail, { "note", AS_INT(note) },
		 { "from|null", AS_TEXT(session_holder(&use->file.session, use->now)) },
		 { "to", AS_TEXT(receiver.name) });
	use->out->part_id = receiver.name;
	return err ? err
		   : store_session_set_claim(use->desk->store, use->file.session.row,
					     &(struct claim){ receiver.row, use->now, TIME_NONE }, error);
}

static bool is_due_before(const struct session *left, const struct session *right)
{
	return left->due_at != TIME_NONE && (right->due_at == TIME_NONE || left->due_at < right->due_at);
}

/* Says whether there is nothing to do, or only cases that others hold. */
static enum err report_nothing_free(struct use *use, const struct list_query *query, struct error *error)
{
	int64_t all = 0;
	enum err err = store_list_count(use->desk->store, query, 0, &all, error);

	if (err)
		return err;
	if (!all)
		return error_set(error, ERR_NOT_FOUND,
				 "Nothing is left to do: no matching case is free and ready for review");
	return error_set(error, ERR_NOT_FOUND,
			 all == 1 ? "%lld matching case, but a colleague holds it, or it waits"
				  : "%lld matching cases, but none is free: colleagues hold them, or they wait",
			 (long long)all);
}

/* Finds the most urgent free case. With `followed`, also searches the cases that returned to the queue because a
 * client is unresponsive or a follow-up is due. ERR_NOT_FOUND if no case matches the query. */
static enum err find_next_case(struct use *use, bool followed, struct session *out, struct error *error)
{
	struct store *store = use->desk->store;
	struct list_query query = *use->in->query;
	struct session back;
	int64_t row = 0, back_row = 0;
	enum err err;

	query.include_first_approvals = !use->desk->supervised;
	if (!query.inboxes)
		query.inboxes = 1u << INBOX_MANUAL_REVIEW | 1u << INBOX_COMPLETED;
	query.with_alerts = true;
	err = store_list_next_row(store, &query, &row, error);
	if (!err && row)
		err = store_session_load(store, use->arena, row, out, error);
	if (!err && followed)
		err = store_follow_up_find_next(store, query.now, &back_row, error);
	if (!err && back_row) {
		err = store_session_load(store, use->arena, back_row, &back, error);
		if (!err && (!row || (!session_status_is_decided(out->status) && is_due_before(&back, out))))
			*out = back;
	}
	return !err && !row && !back_row ? report_nothing_free(use, &query, error) : err;
}

static bool has_no_filter(const struct list_query *query)
{
	return !query->inboxes && !query->filter.count;
}

/* Finds the most urgent unclaimed case, without the lock, since a search may take long. ERR_NOT_FOUND if no case
 * matches. Reads in->query; if query->inboxes is 0, searches manual_review and completed. */
enum err use_next_prepare(struct use *use, struct error *error)
{
	struct list_query *query = use->in->query;
	struct session *session = arena_alloc(use->arena, sizeof *session);
	enum err err = list_query_prepare(use->desk, query, error);

	if (!err)
		err = desk_begin_read(use->desk, error);
	if (err)
		return err;
	err = find_next_case(use, has_no_filter(query), session, error);
	desk_end_read(use->desk);
	use->prepared_result = session;
	return err;
}

/* Claims the case that the prepare phase found. If a colleague claimed it first, selects a case again under the lock:
 * that case stays free until the commit, so one attempt is enough, however many reviewers claim at the same time. Rows
 * need no locks of their own (FOR UPDATE SKIP LOCKED): the lock excludes all writers, on both databases. */
enum err use_next(struct use *use, struct error *error)
{
	const struct session *seen = use->prepared_result;
	struct session *session = &use->file.session;
	struct list_query *query = use->in->query;
	enum err err = store_session_load(use->desk->store, use->arena, seen->row, session, error);

	if (!err && (session->version != seen->version || *session_holder(session, use->now))) {
		query->now = use->now;
		err = find_next_case(use, has_no_filter(query), session, error);
	}
	use->out->id = err ? "" : session->id;
	return err ? err : claim_case(use, error);
}

static bool needs_claim_renewal(const struct session *session, const char *actor, int64_t now)
{
	if (strcmp(session_holder(session, now), actor) || session->claim_expires_at == TIME_NONE)
		return false;
	return session->claim_expires_at - now <= CLAIM_IDLE_MS - CLAIM_RENEWAL_INTERVAL_MS ||
	       session->claim_expires_at - now > CLAIM_IDLE_MS;
}

static enum err load_session(struct desk *desk, struct arena *arena, const char *id, struct session *out)
{
	int64_t row = 0;
	enum err err = store_session_by_uuid(desk->store, id, &row, NULL);

	if (!err && !row)
		return ERR_NOT_FOUND;
	return err ? err : store_session_load(desk->store, arena, row, out, NULL);
}

void desk_renew_claim(struct desk *desk, const char *id)
{
	struct arena arena = ARENA_INIT;
	struct session session;
	int64_t now = desk_now(desk);
	enum err err = desk->store->readonly ? ERR_FORBIDDEN : desk_begin_read(desk, NULL);

	if (!err) {
		err = load_session(desk, &arena, id, &session);
		desk_end_read(desk);
	}
	if (!err && needs_claim_renewal(&session, desk->actor, now))
		err = desk_begin_write(desk, ROLE_REVIEWER, "claim a case", NULL);
	else
		err = ERR_NOT_FOUND;
	if (!err) {
		/* Checks again under the lock: another reviewer may have claimed the case. */
		err = load_session(desk, &arena, id, &session);
		if (!err && needs_claim_renewal(&session, desk->actor, now))
			err = store_session_set_claim(
				desk->store, session.row,
				&(struct claim){ desk->actor_row,
						 claim_start_time(&session, desk->actor, desk->actor, now),
						 now + CLAIM_IDLE_MS },
				NULL);
		/* A failed renewal is tried again at the next key press. */
		if (desk_finish_write(desk, err, NULL))
			log_info(&desk->log, "the claim of %s could not be renewed", id);
	}
	arena_release(&arena);
}
