/* Erasing what was never handed in. Everything else is kept until its retention ends. */
#include "internal.h"
#include "kybdesk/desk/party.h"

#include <string.h>

bool member_is_kept(const struct family_member *member)
{
	if (member->submitted_at != TIME_NONE || member->decisions)
		return true;
	switch (member->status) {
	case SESSION_DRAFT:
	case SESSION_ACTIVE:
	case SESSION_EXPIRED:
		return false;
	case SESSION_COMPLETED:
	case SESSION_PROCESSING:
	case SESSION_PROCESSED:
	case SESSION_APPROVED:
	case SESSION_REJECTED:
	case SESSION_MANUAL_REVIEW:
	case SESSION_AWAITING_CLIENT_CORRECTION:
		break;
	}
	return true;
}

static enum err refuse_kept(struct arena *arena, const struct family_member *member, bool below, const char *verb,
			    struct error *error)
{
	const struct session named = { .id = member->id, .external_ref = member->external_ref };
	const char *label = session_label(arena, &named);
	const char *why = member->decisions ? "was decided" : "was handed in";

	if (!member->decisions && member->submitted_at != TIME_NONE)
		why = arena_printf(arena, "was handed in at %s", moment_text(arena, member->submitted_at));
	return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), member->id, error,
			  "Cannot %s: %s%s %s, so it is kept until its retention ends", verb,
			  below ? "its subsession " : "", label, why);
}

enum err erase_family(struct desk *desk, struct arena *arena, int64_t session, const char *verb, struct erased *out,
		      struct error *error)
{
	int64_t now = desk_now(desk);
	enum err err = store_family(desk->store, arena, session, &out->members, &out->member_count, error);

	for (size_t i = 0; !err && i < out->member_count; i++) {
		if (member_is_kept(&out->members[i]))
			err = refuse_kept(arena, &out->members[i], i > 0, verb, error);
	}
	/* Children first: nobody may point at what is gone. */
	for (size_t i = out->member_count; !err && i-- > 0;)
		err = store_session_erase(desk->store, arena, out->members[i].row, now, &out->hashes, &out->count,
					  &out->capacity, error);
	return err;
}

void erase_bytes(struct desk *desk, const struct erased *erased)
{
	enum err err = erased->count ? store_begin(desk->store, STORE_WRITE, NULL) : ERR_OK;

	for (size_t i = 0; !err && i < erased->count; i++)
		err = store_bytes_erase(desk->store, erased->hashes[i], NULL);
	if (erased->count && desk_finish(desk, err, NULL))
		log_info(&desk->log, "the bytes of %zu deleted documents are left over", erased->count);
}

/* A case whose party it would have verified sees that it is gone. */
static enum err refresh_parent(struct desk *desk, struct arena *arena, int64_t parent_row, struct error *error)
{
	struct session parent;
	enum err err;

	if (!parent_row)
		return ERR_OK;
	err = store_session_load(desk->store, arena, parent_row, &parent, error);
	if (!err)
		err = store_session_update(desk->store, &parent, NULL, desk_now(desk), error);
	return err ? err : desk_case_refresh(desk, arena, parent_row, error);
}

static struct json_value *what_went(const struct erased *erased, struct delete_result *out, struct arena *arena)
{
	struct json_value *detail = json_new_object(), *ids = json_new_array();

	out->ids = arena_alloc_array(arena, erased->member_count + 1, sizeof *out->ids);
	for (size_t i = 0; i < erased->member_count; i++) {
		out->ids[out->count++] = erased->members[i].id;
		out->documents += erased->members[i].documents;
		out->parties += erased->members[i].parties;
		json_append(ids, json_new_string(erased->members[i].id));
	}
	json_set(detail, "sessions", ids);
	json_set_int(detail, "documents", out->documents);
	json_set_int(detail, "parties", out->parties);
	return detail;
}

enum err desk_session_delete(struct desk *desk, struct arena *arena, const char *reference,
			     struct delete_result *out, struct error *error)
{
	struct work work = { .desk = desk, .arena = arena };
	struct erased erased = { 0 };
	enum err err = desk_begin(desk, ROLE_LEAD, "delete a session", error);

	*out = (struct delete_result){ .id = "" };
	if (err)
		return err;
	err = work_load(&work, desk, arena, reference, error);
	if (!err)
		err = work_check_claim(&work, "delete", error);
	if (!err)
		err = erase_family(desk, arena, work.file.session.row,
				   arena_printf(arena, "delete %s", session_label(arena, &work.file.session)),
				   &erased, error);
	if (!err)
		err = refresh_parent(desk, arena, work.file.session.parent_row, error);
	if (!err) {
		out->id = work.file.session.id;
		err = desk_record(desk, "session.delete", &work.file.session, what_went(&erased, out, arena),
				  error);
	}
	err = desk_finish(desk, err, error);
	if (!err)
		erase_bytes(desk, &erased);
	return err;
}
