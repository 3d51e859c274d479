/* Purge: erases cases of users after their retention. use_purge() stores the list of users, once a second admin has
 * confirmed it. Each call of use_purge_step() erases some of these users in one transaction, each with an audit
 * record of its own, until no user is left. A stopped purge continues with the remaining users. */
#include "keep/keep.h"
#include "kybdesk/store/purge.h"
#include "use/gatekeeping.h"

#define USERS_PER_STEP 20
#define LEFTOVER_HASHES_PER_STEP 200
#define PURGE_LEAVE_WORD "purge.leave"
#define KEEP_LEVEL_WORD "session.keep_level"
#define PURGE_END_WORD "purge.end"

/* Unlike timed work, a purge cannot be taken back: a log without any record that is older than a day refuses it, too. */
static enum err check_clock(struct use *use, struct error *error)
{
	struct clock_check clock;
	enum err err = desk_clock_check(use->desk, &clock, error);

	if (err || use->desk->store->sandbox || (!clock.may_be_ahead && clock.last_record_at != TIME_NONE))
		return err;
	return error_set(error, ERR_BLOCKED,
			 "Cannot %s: the audit log has no record between %s and %s, so the clock may have been set "
			 "ahead. Check the clock; if the desk was idle, write a note on a case, and purge a day later",
			 use->use_case->verb_phrase, time_or_unknown_text(use->arena, use->now - RECORD_GAP_MAX_MS),
			 time_or_unknown_text(use->arena, use->now - DAY_MS));
}

/* Describes the purge for the second admin: the same cases must be due at the confirmation. */
static void describe_plan(struct use *use, const struct purge_plan *plan)
{
	struct strbuf cases = STRBUF_INIT;
	struct purge_counts *purge_counts = &use->out->purge_counts;

	for (size_t i = 0; i < plan->count; i++) {
		const struct purge_item *item = &plan->items[i];

		if (*item->keep_reason)
			continue;
		purge_counts->users++;
		purge_counts->sessions += item->sessions;
		strbuf_addf(&cases, "%s\n", item->session_id);
	}
	JSON_ADD(use->detail, { "before", AS_TEXT(time_or_unknown_text(use->arena, plan->before)) },
		 { "users", AS_INT(purge_counts->users) }, { "sessions", AS_INT(purge_counts->sessions) },
		 { "cases_sha256", AS_TEXT(sha256_text(use->arena, cases.buf, cases.len)) });
	strbuf_release(&cases);
}

static enum err confirm_plan(struct use *use, const struct purge_plan *plan, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < plan->count; i++) {
		struct session session;
		int64_t row = 0;

		if (*plan->items[i].keep_reason)
			continue;
		err = store_session_by_uuid(use->desk->store, plan->items[i].session_id, &row, error);
		if (!err)
			err = store_session_load(use->desk->store, use->arena, row, &session, error);
		if (!err)
			err = store_purge_confirm(use->desk->store,
						  &(const struct purge_subject){ .subject = session.subject.row,
										 .by = use->desk->actor,
										 .at = use->now },
						  error);
	}
	return err;
}

/* Records the list of users to purge, and erases nothing: use_purge_step() erases. Reads in->until. */
enum err use_purge(struct use *use, struct error *error)
{
	struct purge_plan plan = { 0 };
	struct purge_remainder left;
	enum err err = store_purge_count(use->desk->store, &left, error);

	if (err)
		return err;
	use->out->purge_counts.wal_has_erased_data = left.is_wal_queued;
	if (left.users || left.parts) {
		use->out->purge_counts = (struct purge_counts){ .is_resumed = true,
								.remaining_user_count = left.users,
								.remaining_part_count = left.parts };
		use->has_no_change = true;
		return ERR_OK;
	}
	err = purge_find_cutoff(use->desk, use->in->until, &plan.before, error);
	if (!err)
		err = check_clock(use, error);
	if (!err)
		err = plan_purge(use->desk, use->arena, PURGE_USERS_MAX, false, &plan, error);
	if (err)
		return err;
	use->has_no_change = !plan.due_user_count;
	if (use->has_no_change)
		return ERR_OK;
	describe_plan(use, &plan);
	err = use_offer(use, "", error);
	if (err || use->out->is_proposal)
		return err;
	use->out->purge_counts.remaining_user_count = use->out->purge_counts.users;
	err = store_purge_queue_add(use->desk->store, PURGE_PART_TEXT_INDEX, error);
	return err ? err : confirm_plan(use, &plan, error);
}

/* --- a step --- */

struct purge_job {
	struct use *use;
	struct retention_unit unit;
	struct session first_session;
	struct json_value *ids;
	int64_t documents, parties;
	struct leftover_bytes leftover_bytes;
	struct row_list subjects; /* subjects of the erased sessions */
	size_t subject_capacity;
};

/* Whether only the desk wrote the rows (desk_check_row_hashes()). A row changed by another program is evidence, and
 * is not erased. */
static enum err check_unit_rows(const struct purge_job *purge_job, bool *whole, struct error *error)
{
	const struct retention_unit *unit = &purge_job->unit;
	enum err err = desk_check_row_hashes(purge_job->use->desk, 0, unit->subject, error);

	for (size_t i = 0; !err && i < unit->count; i++)
		err = desk_check_row_hashes(purge_job->use->desk, unit->sessions[i], 0, error);
	*whole = !err;
	if (err != ERR_STORE)
		return err;
	error_release(error);
	return ERR_OK;
}

static enum err record(struct purge_job *purge_job, const char *word, struct error *error)
{
	struct json_value *detail = json_new_object();
	const struct retention *retention = &purge_job->unit.retention;

	json_set(detail, "sessions", purge_job->ids);
	purge_job->ids = NULL;
	if (!strcmp(word, use_cases[VERB_PURGE_STEP].audit_action)) {
		JSON_ADD(detail, { "merchant", AS_TEXT(purge_job->first_session.merchant) },
			 { "documents", AS_INT(purge_job->documents) }, { "parties", AS_INT(purge_job->parties) },
			 { "kept_until", AS_TEXT(time_or_unknown_text(purge_job->use->arena, retention->until)) },
			 { "days", AS_INT(retention->days) });
	}
	return desk_write_record(purge_job->use->desk, word, &purge_job->first_session, detail, error);
}

static enum err erase_session(struct purge_job *purge_job, int64_t session, struct error *error)
{
	struct use *use = purge_job->use;
	struct store *store = use->desk->store;
	struct family family;
	struct session erased;
	enum err err = store_session_load_descendants(store, use->arena, session, &family, error);

	if (!err)
		err = store_session_load(store, use->arena, session, &erased, error);
	if (!err) {
		*ARENA_PUSH(use->arena, purge_job->subjects.items, purge_job->subjects.count,
			    purge_job->subject_capacity) = erased.subject.row;
		purge_job->documents += family.members[0].documents;
		purge_job->parties += family.members[0].parties;
		json_append(purge_job->ids, json_new_string(family.members[0].id));
		err = store_purge_erase(store, PURGE_EVENTS, session, error);
	}
	return err ? err : store_session_erase(store, use->arena, session, &purge_job->leftover_bytes, error);
}

/* If other cases still have sessions of this user, records the level that an erased session granted: the comparison
 * of levels with the audit log needs this level. */
static enum err record_user_level(struct purge_job *purge_job, int64_t subject, struct error *error)
{
	struct desk *desk = purge_job->use->desk;
	struct json_value *detail;
	struct subject_sessions left;
	struct session session;
	enum err err = store_subject_sessions(desk->store, purge_job->use->arena, subject, &left, error);

	if (err || !left.count)
		return err;
	err = store_session_load(desk->store, purge_job->use->arena, left.items[0].row, &session, error);
	if (err || !*session.subject.level)
		return err;
	detail = json_new_object();
	json_set_text(detail, "level", session.subject.level);
	return desk_write_record(desk, KEEP_LEVEL_WORD, &session, detail, error);
}

static enum err record_levels(struct purge_job *purge_job, struct error *error)
{
	const struct row_list *subjects = &purge_job->subjects;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < subjects->count; i++) {
		bool again = false;

		for (size_t before = 0; before < i; before++)
			again = again || subjects->items[before] == subjects->items[i];
		if (!again)
			err = record_user_level(purge_job, subjects->items[i], error);
	}
	return err;
}

static enum err erase(struct purge_job *purge_job, struct error *error)
{
	struct store *store = purge_job->use->desk->store;
	const struct retention_unit *unit = &purge_job->unit;
	struct purge_counts *purge_counts = &purge_job->use->out->purge_counts;
	enum err err = ERR_OK;

	/* Erases subsessions first, since no row may reference an erased row. */
	for (size_t i = unit->count; !err && i-- > 0;)
		err = erase_session(purge_job, unit->sessions[i], error);
	if (!err)
		err = store_purge_erase(store, PURGE_SUBJECT, unit->subject, error);
	for (size_t i = 0; !err && i < purge_job->leftover_bytes.count; i++)
		err = store_purge_queue_add(store, purge_job->leftover_bytes.hashes[i], error);
	if (err)
		return err;
	purge_counts->users++;
	purge_counts->sessions += (int64_t)unit->count;
	purge_counts->documents += purge_job->documents;
	purge_counts->parties += purge_job->parties;
	/* Writes the audit record last, so that it covers all rows that were erased above. */
	err = record(purge_job, use_cases[VERB_PURGE_STEP].audit_action, error);
	return err ? err : record_levels(purge_job, error);
}

/* Skips a user that is no longer due, is held or suspected, or was changed by another program. The record contains
 * no reason, since everyone can read the record and a suspicion is confidential. */
static enum err record_skipped_user(struct purge_job *purge_job, struct error *error)
{
	json_append(purge_job->ids, json_new_string(purge_job->first_session.id));
	purge_job->use->out->purge_counts.skipped_user_count++;
	return record(purge_job, PURGE_LEAVE_WORD, error);
}

static enum err find_first_session(struct use *use, int64_t subject, int64_t *out, struct error *error)
{
	struct subject_sessions sessions;
	enum err err = store_subject_sessions(use->desk->store, use->arena, subject, &sessions, error);

	*out = 0;
	for (size_t i = 0; !err && !*out && i < sessions.count; i++)
		if (!*sessions.items[i].parent_id)
			*out = sessions.items[i].row;
	return err;
}

static enum err purge_user(struct use *use, int64_t subject, struct error *error)
{
	struct purge_job purge_job = { .use = use };
	int64_t session = 0;
	bool whole = false;
	enum err err = store_row_delete(use->desk->store, DELETE_PURGE_CASE, subject, error);

	if (!err)
		err = find_first_session(use, subject, &session, error);
	if (err || !session)
		return err;
	err = retention_unit_load(use->desk, use->arena, session, &purge_job.unit, error);
	if (!err)
		err = store_session_load(use->desk->store, use->arena, session, &purge_job.first_session, error);
	if (!err)
		err = check_unit_rows(&purge_job, &whole, error);
	if (err)
		return err;
	purge_job.ids = json_new_array();
	if (whole && retention_is_over(&purge_job.unit.retention, use->now) &&
	    !purge_job.unit.retention.has_legal_hold && !purge_job.unit.has_suspicion && !purge_job.unit.has_bad_news)
		err = erase(&purge_job, error);
	else
		err = record_skipped_user(&purge_job, error);
	json_free(purge_job.ids);
	return err;
}

/* Removes bytes that an earlier step left and that no row refers to. If the process ends before the commit, the
 * next step removes the same bytes again. */
static enum err remove_bytes(struct use *use, const struct leftover_bytes *bytes, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < bytes->count; i++) {
		err = store_bytes_erase(use->desk->store, bytes->hashes[i], error);
		if (!err)
			err = store_purge_queue_remove(use->desk->store, bytes->hashes[i], false, error);
	}
	return err;
}

static enum err empty_purge_log(struct use *use, struct error *error)
{
	(void)error;
	use->out->purge_counts.wal_has_erased_data =
		store_purge_queue_remove(use->desk->store, PURGE_PART_WAL, false, NULL) != ERR_OK;
	return ERR_OK;
}

/* Erases users, then their leftover bytes. First removes the bytes left by users erased earlier, so that a stopped
 * purge leaves few bytes. */
static enum err run_purge_step(struct use *use, struct error *error)
{
	struct store *store = use->desk->store;
	struct leftover_bytes bytes;
	struct row_list users;
	enum err err = store_purge_begin_step(store, use->arena, LEFTOVER_HASHES_PER_STEP, &bytes, error);

	if (!err && bytes.count)
		return remove_bytes(use, &bytes, error);
	if (!err)
		err = store_purge_list(store, use->arena,
				       &(const struct purge_filter){ .list = PURGE_CONFIRMED, .limit = USERS_PER_STEP },
				       &users, error);
	if (err)
		return err;
	if (!users.count)
		return store_purge_queue_remove(store, PURGE_PART_TEXT_INDEX, !use->in->all, error);
	for (size_t i = 0; !err && i < users.count; i++)
		err = purge_user(use, users.items[i], error);
	return err;
}

/* One step of a confirmed purge: erases the cases of the next users, or removes leftovers of erased users (bytes,
 * words in the search index). Reads in->all: true if the previous step set out.purge_counts.is_index_step, which
 * means that the removal from the index has begun. */
enum err use_purge_step(struct use *use, struct error *error)
{
	struct store *store = use->desk->store;
	struct purge_counts *purge_counts = &use->out->purge_counts;
	struct purge_remainder left;
	enum err err = store_purge_count(store, &left, error);

	if (err)
		return err;
	if (!left.users && !left.parts) {
		use->has_no_change = !left.is_wal_queued;
		use->run_after_commit = left.is_wal_queued ? empty_purge_log : NULL;
		return ERR_OK;
	}
	purge_counts->is_index_step = !left.users && left.parts == 1;
	err = run_purge_step(use, error);
	if (!err)
		err = store_purge_count(store, &left, error);
	purge_counts->remaining_user_count = left.users;
	purge_counts->remaining_part_count = left.parts;
	if (err || left.users || left.parts)
		return err;
	use->run_after_commit = empty_purge_log;
	err = store_purge_queue_add(store, PURGE_PART_WAL, error);
	return err ? err : desk_write_record(use->desk, PURGE_END_WORD, NULL, NULL, error);
}
