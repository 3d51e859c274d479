/* Suspicions: any reviewer can report a suspicion; leads and named reviewers can read it. These verbs write no
 * audit record and do not change the case's version and times, since everyone can read records, versions and times.
 * The entries of a suspicion are its log. Like all rows, they have row commitments, which the next audit record
 * covers (docs/decisions/0046-a-suspicion-has-no-audit-record.md). */
#include "kybdesk/desk/read.h"
#include "decide/decide.h"

/* Updates the stored counters of this case, and of each case with a party that this session verifies, since lists
 * show whether a case is held. */
static enum err update_case_counts(struct use *use, struct error *error)
{
	struct row_list holders;
	int64_t session = use->file.session.row;
	enum err err = desk_case_write_counts(use->desk, use->arena, session, error);

	if (!err)
		err = store_subsession_list_holders(use->desk->store, use->arena, session, false, &holders, error);
	for (size_t i = 0; !err && i < holders.count; i++)
		err = desk_case_write_counts(use->desk, use->arena, holders.items[i], error);
	return err;
}

/* Finds the open suspicion of the case, if the actor may read it. */
static enum err find_open_suspicion(struct use *use, struct suspicion *out, struct error *error)
{
	struct suspicion_list list;
	enum err err = store_suspicion_list(use->desk->store, use->arena, use->file.session.row, &list, error);

	for (size_t i = 0; !err && i < list.count; i++) {
		bool may = false;

		if (list.items[i].closed_at != TIME_NONE)
			continue;
		err = suspicion_may_read(use->desk, &list.items[i], &may, error);
		*out = list.items[i];
		if (!err && may)
			return ERR_OK;
	}
	if (err)
		return err;
	return error_set(error, ERR_NOT_FOUND, "%s has no open suspicion that you may read",
			 session_label(use->arena, &use->file.session));
}

static enum err add(struct use *use, int64_t suspicion, enum suspicion_act act, const char *about, const char *text,
		    struct error *error)
{
	const struct suspicion_entry entry = {
		.at = use->now, .actor = use->desk->actor, .act = act, .access_person = about, .text = text
	};

	return store_suspicion_add_entry(use->desk->store, suspicion, &entry, error);
}

/* Checks that a suspicion can be kept from this person: not the actor, and another enabled lead can read it. Says
 * nothing about an open suspicion, which the reporter must not notice. */
static enum err check_kept_from(struct use *use, const char *name, struct reviewer *out, struct error *error)
{
	struct reviewer *people;
	size_t count;
	bool others = false;
	enum err err = reviewer_require(use->desk->store, use->arena, name, out, error);

	if (!err)
		err = store_reviewer_list(use->desk->store, use->arena, &people, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		others = others || (strcmp(people[i].name, out->name) != 0 && !people[i].disabled &&
				    role_at_least(people[i].role, ROLE_LEAD));
	if (err || (others && strcmp(out->name, use->desk->actor) != 0))
		return err;
	return error_invalid(error, "reviewer",
			     others ? "You cannot keep a suspicion from yourself"
				    : "Cannot keep it from %s: nobody else could read it",
			     out->name);
}

/* Reads in->reason, and in->part: a lead that may not read it ("": none). If a suspicion is already open, adds the
 * report to that suspicion; the reporter does not learn that it was open. An approval within its grace time is
 * withdrawn, since nothing was sent yet; only this withdrawal leaves an audit record. */
enum err use_suspicion_open(struct use *use, struct error *error)
{
	struct suspicion_list list = { 0 };
	struct reviewer kept = { .name = "" };
	const bool keeps = use->in->part && *use->in->part;
	enum err err = keeps ? check_kept_from(use, use->in->part, &kept, error) : ERR_OK;

	if (!err)
		err = suspicion_raise(use, CAUSE_REPORTED, use->in->reason, error);
	if (!err && keeps)
		err = store_suspicion_list(use->desk->store, use->arena, use->file.session.row, &list, error);
	for (size_t i = 0; !err && i < list.count; i++)
		if (list.items[i].closed_at == TIME_NONE)
			err = add(use, list.items[i].row, SUSPICION_REVOKE, kept.name, "", error);
	if (!err)
		err = approval_hold_parents(use->desk, use->arena, use->file.session.row, error);
	if (!err)
		err = use_reload_case(use, error);
	return err ? err : update_case_counts(use, error);
}

/* Reads in->text. */
enum err use_suspicion_note(struct use *use, struct error *error)
{
	struct suspicion suspicion;
	enum err err = text_check("text", "The note", use->in->text, true, error);

	if (!err)
		err = find_open_suspicion(use, &suspicion, error);
	return err ? err : add(use, suspicion.row, SUSPICION_NOTE, "", use->in->text, error);
}

/* Reads in->part: the reviewer that gets access to the open suspicion; in->revoke: the reviewer loses access, a lead,
 * too, if it is about the lead. */
enum err use_suspicion_access(struct use *use, struct error *error)
{
	struct suspicion suspicion;
	struct reviewer person = { 0 };
	enum err err = find_open_suspicion(use, &suspicion, error);

	if (!err)
		err = use->in->revoke ? check_kept_from(use, use->in->part, &person, error)
				      : reviewer_require(use->desk->store, use->arena, use->in->part, &person, error);
	if (!err && person.disabled && !use->in->revoke)
		err = error_invalid(error, "reviewer", "The reviewer %s is disabled", person.name);
	return err ? err
		   : add(use, suspicion.row, use->in->revoke ? SUSPICION_REVOKE : SUSPICION_ALLOW, person.name, "",
			 error);
}

/* In production, the lead that ends the hold contributed no data to the case and, if there is a second lead, neither
 * opened nor reported the suspicion, nor took the access of somebody. */
static enum err check_second_lead(struct use *use, const struct suspicion *suspicion, struct error *error)
{
	struct contribution_list list = { 0 };
	struct involved involved = { 0 };
	enum err err = suspicion_find_involved(use->desk, use->arena, suspicion, &list, &involved, error);

	for (size_t i = 0; !err && !use->desk->store->sandbox && i < list.count; i++)
		if (list.items[i].material == MATERIAL_DATA && !strcmp(list.items[i].actor, use->desk->actor))
			return REFUSE(BLOCKER_SECOND_REVIEWER, "", error, "Cannot %s: %s %s; a colleague must close it",
				      use->use_case->verb_phrase, use->desk->actor,
				      contribution_text(use->arena, &use->file, &list.items[i]));
	return err ? err : use_require_uninvolved(use, &involved, error);
}

/* Reads in->reason, in->filed. The person that closes a suspicion cannot approve the case
 * (contribution_fill_context()). */
enum err use_suspicion_close(struct use *use, struct error *error)
{
	struct suspicion suspicion;
	const char *reason = use->in->reason;
	enum err err = find_open_suspicion(use, &suspicion, error);

	if (!err)
		err = check_second_lead(use, &suspicion, error);
	if (err)
		return err;
	suspicion.closed_at = use->now;
	suspicion.closed_by = use->desk->actor;
	suspicion.filed = use->in->filed;
	if (json_get(use->detail, "without_second"))
		reason = arena_printf(use->arena, "%s (the desk has no second lead)", reason);
	err = add(use, suspicion.row, SUSPICION_CLOSE, "", reason, error);
	if (!err)
		err = store_suspicion_put(use->desk->store, &suspicion, error);
	return err ? err : update_case_counts(use, error);
}

enum err desk_suspicions(struct desk *desk, struct arena *arena, const char *session, struct suspicion_list *out,
			 struct error *error)
{
	const bool all = session && !*session;
	int64_t row;
	enum err err = desk_begin_case_read(desk, all ? NULL : session, &row, error);

	*out = (struct suspicion_list){ 0 };
	row = all ? SUSPICIONS_ALL : row;
	return err ? err : desk_finish_read(desk, suspicion_list_visible(desk, arena, row, out, error));
}
