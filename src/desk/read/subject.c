/* Subjects, as staff and merchants see them. */
#include "kybdesk/store/money.h"
#include "read/read.h"

/* Whether a session is approved, and no session was rejected after the last approval. */
static bool is_subject_verified(const struct subject_sessions *of)
{
	int64_t approved = TIME_NONE, rejected = TIME_NONE;
	bool valid = false;

	for (size_t i = 0; i < of->count; i++) {
		const struct subject_session *one = &of->items[i];
		int64_t at = one->decided_at != TIME_NONE ? one->decided_at : one->created_at;

		if (one->status == SESSION_APPROVED) {
			valid = true;
			if (approved == TIME_NONE || at > approved)
				approved = at;
		}
		if (one->status == SESSION_REJECTED && (rejected == TIME_NONE || at > rejected))
			rejected = at;
	}
	return valid && (rejected == TIME_NONE || rejected < approved);
}

static enum err has_accounts(struct desk *desk, struct arena *arena, const struct subject_sessions *of, bool *accounts,
			     struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && !*accounts && i < of->count; i++) {
		struct session session;
		const struct profile *profile = NULL;

		if (of->items[i].status != SESSION_APPROVED)
			continue;
		err = store_session_load(desk->store, arena, of->items[i].row, &session, error);
		if (!err)
			err = desk_session_profile_or_empty(desk, &session, &profile, error);
		if (!err)
			*accounts = profile->allows_accounts;
	}
	return err;
}

static enum err load_owners(struct desk *desk, struct arena *arena, struct subject_view *out, struct error *error)
{
	const struct subject_filter filter = { .business = out->record.subject.row };
	struct subject_list owners;
	enum err err = store_subject_list(desk->store, arena, &filter, &owners, error);

	if (err || !owners.count)
		return err;
	out->owners = arena_alloc_array(arena, owners.count, sizeof *out->owners);
	out->verified = true;
	for (size_t i = 0; !err && i < owners.count; i++) {
		const struct subject *subject = &owners.items[i].subject;
		struct subject_owner *owner;
		struct subject_sessions of;
		const struct subject_session *last;

		err = store_subject_sessions(desk->store, arena, subject->row, &of, error);
		if (err)
			break;
		last = of.count ? &of.items[of.count - 1] : NULL;
		/* A deleted owner keeps the business unverified if the owner's last session was rejected. */
		if (owners.items[i].deleted_at != TIME_NONE) {
			out->verified = out->verified && !(last && last->status == SESSION_REJECTED);
			continue;
		}
		owner = &out->owners[out->owner_count++];
		*owner = (struct subject_owner){ .uid = subject->uid,
						 .name = subject->name,
						 .country = subject->country,
						 .session_id = last ? last->id : "",
						 .status = last ? last->status : SESSION_DRAFT,
						 .verified = is_subject_verified(&of) };
		out->verified = out->verified && owner->verified;
	}
	return err;
}

/* Unmasked. */
static enum err load_subject(struct desk *desk, struct arena *arena, const char *reference, struct subject_view *out,
			     struct error *error)
{
	struct subject_sessions of;
	int64_t row = 0;
	enum err err = store_subject_find(desk->store, reference, &row, error);

	*out = (struct subject_view){ .masked = false };
	if (!err)
		err = store_subject_load(desk->store, arena, row, &out->record, error);
	if (!err)
		err = store_subject_sessions(desk->store, arena, row, &of, error);
	if (!err && desk->caller)
		err = external_hide_decisions(desk, arena, &of, &out->record.subject, error);
	if (err)
		return err;
	out->sessions = of.items;
	out->session_count = of.count;
	out->verified = is_subject_verified(&of);
	err = has_accounts(desk, arena, &of, &out->may_open_accounts, error);
	return err ? err : load_owners(desk, arena, out, error);
}

/* Loads a user of the caller's merchant. */
static enum err load_own_subject(struct desk *desk, struct arena *arena, const char *uid, struct subject_view *out,
				 struct error *error)
{
	struct subject_record record;
	int64_t row = 0;
	enum err err = store_subject_by_uid(desk->store, desk->caller->merchant_row, uid, &row, error);

	if (!err && row)
		err = store_subject_load(desk->store, arena, row, &record, error);
	if (err)
		return err;
	if (!row || record.deleted_at != TIME_NONE || desk->caller->capacity != CAPACITY_MERCHANT)
		return error_set(error, ERR_NOT_FOUND, "Unknown user \"%s\"", uid);
	return load_subject(desk, arena, arena_printf(arena, "%s/%s", record.merchant, uid), out, error);
}

enum err desk_subject(struct desk *desk, struct arena *arena, const char *reference, bool reveal,
		      struct subject_view *out, struct error *error)
{
	const struct use_in in = { .verb = VERB_SUBJECT_REVEAL, .part = reference };
	struct use_out revealed;
	enum err err = reveal ? desk_do(desk, arena, &in, &revealed, error) : ERR_OK;

	*out = (struct subject_view){ .masked = !reveal };
	if (!err)
		err = caller_check_reader(desk, error);
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = desk_finish_read(desk, desk->caller ? load_own_subject(desk, arena, reference, out, error)
						  : load_subject(desk, arena, reference, out, error));
	out->masked = !reveal && !desk->caller;
	if (!err && out->masked)
		mask_subject(arena, &out->record);
	return err;
}

enum err desk_external_accounts(struct desk *desk, struct arena *arena, const char *uid, struct money_account_list *out,
				struct error *error)
{
	struct subject_view view;
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = load_own_subject(desk, arena, uid, &view, error);
	if (!err)
		err = store_money_account_list_of_subject(desk->store, arena, view.record.subject.row, out, error);
	return desk_finish_read(desk, err);
}

static enum err find_cursor_row(struct desk *desk, const char *after, int64_t *row, struct error *error)
{
	*row = 0;
	if (!*after || !store_subject_find(desk->store, after, row, NULL))
		return ERR_OK;
	return error_invalid(error, "after", "\"%s\" is not a cursor; use the cursor from the previous page", after);
}

/* Fills a page with the subjects that match the query; reads as many pages from the store as needed. */
static enum err load_subject_page(struct desk *desk, struct arena *arena, const struct subject_query *query,
				  struct subject_page *out, struct error *error)
{
	struct subject_filter filter = { .merchant = desk->caller      ? desk->caller->merchant
						     : query->merchant ? query->merchant
								       : "",
					 .limit = query->limit + 1 };
	size_t capacity = 0;
	enum err err = find_cursor_row(desk, query->after ? query->after : "", &filter.after_row, error);
	bool more = true;

	while (!err && more && out->count <= query->limit) {
		struct subject_list found;

		err = store_subject_list(desk->store, arena, &filter, &found, error);
		more = found.count == filter.limit;
		for (size_t i = 0; !err && i < found.count && out->count <= query->limit; i++) {
			const struct subject_record *item = &found.items[i];

			filter.after_row = item->subject.row;
			if (query->kinds && !(query->kinds & 1u << item->subject.kind))
				continue;
			if (query->omit_owners && item->business_row)
				continue;
			if (query->include_deleted || item->deleted_at == TIME_NONE)
				*ARENA_PUSH(arena, out->items, out->count, capacity) = *item;
		}
	}
	return err;
}

enum err desk_subjects(struct desk *desk, struct arena *arena, const struct subject_query *query,
		       struct subject_page *out, struct error *error)
{
	enum err err = caller_check_reader(desk, error);

	*out = (struct subject_page){ .next = "" };
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = load_subject_page(desk, arena, query, out, error);
	desk_end_read(desk);
	if (err)
		return err;
	if (out->count > query->limit) {
		const struct subject_record *last = &out->items[query->limit - 1];

		out->count = query->limit;
		out->next = arena_printf(arena, "%s/%s", last->merchant, last->subject.uid);
	}
	for (size_t i = 0; !desk->caller && i < out->count; i++)
		mask_subject(arena, &out->items[i]);
	return ERR_OK;
}
