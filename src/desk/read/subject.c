/* Subjects, as those at the desk see them. */
#include "kybdesk/desk/subject.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/store/session.h"
#include "kybdesk/store/subject.h"
#include "read/read.h"
#include "use/rules.h"
#include "use/transaction.h"

/* An approval stands, and no rejection came after it. */
static bool is_verified(const struct subject_session *items, size_t count)
{
	int64_t approved = TIME_NONE, rejected = TIME_NONE;
	bool stands = false;

	for (size_t i = 0; i < count; i++) {
		int64_t at = items[i].decided_at != TIME_NONE ? items[i].decided_at : items[i].created_at;

		if (items[i].status == SESSION_APPROVED) {
			stands = true;
			if (approved == TIME_NONE || at > approved)
				approved = at;
		}
		if (items[i].status == SESSION_REJECTED && (rejected == TIME_NONE || at > rejected))
			rejected = at;
	}
	return stands && (rejected == TIME_NONE || rejected < approved);
}

static enum err find_accounts(struct desk *desk, struct arena *arena, const struct subject_session *items,
			      size_t count, bool *accounts, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && !*accounts && i < count; i++) {
		struct session session;

		if (items[i].status != SESSION_APPROVED)
			continue;
		err = store_session_load(desk->store, arena, items[i].row, &session, error);
		if (!err)
			*accounts = desk_session_profile_or_bare(desk, &session)->accounts;
	}
	return err;
}

static enum err load_owners(struct desk *desk, struct arena *arena, struct subject_view *out, struct error *error)
{
	struct subject_record *records = NULL;
	size_t count = 0;
	enum err err = store_subject_owners(desk->store, arena, out->record.subject.row, &records, &count, error);

	if (err || !count)
		return err;
	out->owners = arena_alloc_array(arena, count, sizeof *out->owners);
	out->verified = true;
	for (size_t i = 0; !err && i < count; i++) {
		struct subject_owner *owner = &out->owners[out->owner_count++];
		struct subject_session *items = NULL;
		size_t of = 0;

		err = store_subject_sessions(desk->store, arena, records[i].subject.row, &items, &of, error);
		if (err)
			break;
		*owner = (struct subject_owner){ .uid = records[i].subject.uid,
						 .name = records[i].subject.name,
						 .country = records[i].subject.country,
						 .session_id = of ? items[of - 1].id : "",
						 .status = of ? items[of - 1].status : SESSION_DRAFT,
						 .verified = is_verified(items, of) };
		out->verified = out->verified && owner->verified;
	}
	return err;
}

static enum err load_view(struct desk *desk, struct arena *arena, const char *reference, struct subject_view *out,
			  struct error *error)
{
	struct subject_session *items = NULL;
	size_t count = 0;
	int64_t row = 0;
	enum err err = store_subject_find(desk->store, reference, &row, error);

	if (!err)
		err = store_subject_load(desk->store, arena, row, &out->record, error);
	if (!err)
		err = store_subject_sessions(desk->store, arena, row, &items, &count, error);
	if (err)
		return err;
	out->sessions = arena_alloc_array(arena, count + 1, sizeof *out->sessions);
	for (size_t i = 0; i < count; i++)
		out->sessions[out->session_count++] =
			(struct subject_session_info){ .id = items[i].id,
						       .external_ref = items[i].external_ref,
						       .workflow = items[i].workflow,
						       .parent_id = items[i].parent_id,
						       .status = items[i].status,
						       .created_at = items[i].created_at,
						       .decided_at = items[i].decided_at };
	out->verified = is_verified(items, count);
	err = find_accounts(desk, arena, items, count, &out->accounts, error);
	return err ? err : load_owners(desk, arena, out, error);
}

enum err desk_subject(struct desk *desk, struct arena *arena, const char *reference, bool reveal,
		      struct subject_view *out, struct error *error)
{
	const struct use_in in = { .verb = VERB_SUBJECT_REVEAL, .part = reference };
	struct use_out revealed;
	enum err err = reveal ? desk_do(desk, arena, &in, &revealed, error) : ERR_OK;

	*out = (struct subject_view){ .masked = !reveal };
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = load_view(desk, arena, reference, out, error);
	desk_end_read(desk);
	if (!err && !reveal)
		subject_mask(arena, &out->record);
	return err;
}

static enum err find_after(struct desk *desk, const char *after, int64_t *row, struct error *error)
{
	*row = 0;
	if (!*after || !store_subject_find(desk->store, after, row, NULL))
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "after",
			       "\"%s\" is no cursor; take the one that the page before gave", after);
}

/* Deleted ones are few: those that are left out are made up for by the pages behind. */
static enum err load_page(struct desk *desk, struct arena *arena, const struct subject_query *query,
			  struct subject_page *out, struct error *error)
{
	const char *merchant = query->merchant ? query->merchant : "";
	size_t capacity = 0;
	int64_t after = 0;
	enum err err = find_after(desk, query->after ? query->after : "", &after, error);
	bool more = true;

	while (!err && more && out->count <= query->limit) {
		struct subject_record *items = NULL;
		size_t count = 0;

		err = store_subject_list(desk->store, arena, merchant, after, query->limit + 1, &items, &count,
					 error);
		more = count == query->limit + 1;
		for (size_t i = 0; !err && i < count && out->count <= query->limit; i++) {
			after = items[i].subject.row;
			if (query->deleted_too || items[i].deleted_at == TIME_NONE)
				*ARENA_PUSH(arena, out->items, out->count, capacity) = items[i];
		}
	}
	return err;
}

enum err desk_subjects(struct desk *desk, struct arena *arena, const struct subject_query *query,
		       struct subject_page *out, struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	*out = (struct subject_page){ .next = "" };
	if (err)
		return err;
	err = load_page(desk, arena, query, out, error);
	desk_end_read(desk);
	if (err)
		return err;
	if (out->count > query->limit) {
		const struct subject_record *last = &out->items[query->limit - 1];

		out->count = query->limit;
		out->next = arena_printf(arena, "%s/%s", last->merchant, last->subject.uid);
	}
	for (size_t i = 0; i < out->count; i++)
		subject_mask(arena, &out->items[i]);
	return ERR_OK;
}
