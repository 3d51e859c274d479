#include "use/use.h"

enum err suspicion_may_read(const struct desk *desk, const struct suspicion *suspicion, bool *may, struct error *error)
{
	*may = !desk->caller && role_at_least(desk->role, ROLE_LEAD);
	if (desk->caller)
		return ERR_OK;
	return store_suspicion_check_access(desk->store, suspicion->row, desk->actor, may, error);
}

enum err suspicion_list_visible(const struct desk *desk, struct arena *arena, int64_t session,
				struct suspicion_list *out, struct error *error)
{
	size_t kept = 0;
	enum err err = store_suspicion_list(desk->store, arena, session, out, error);

	for (size_t i = 0; !err && i < out->count; i++) {
		bool may = false;

		err = suspicion_may_read(desk, &out->items[i], &may, error);
		if (!err && may)
			out->items[kept++] = out->items[i];
	}
	out->count = kept;
	return err;
}

/* Whether the last change of the person's access took it away. */
static bool is_kept_from(const struct suspicion *suspicion, const char *person)
{
	for (size_t i = suspicion->entry_count; i-- > 0;)
		if (!strcmp(suspicion->entries[i].access_person, person))
			return suspicion->entries[i].act == SUSPICION_REVOKE;
	return false;
}

enum err suspicion_find_involved(struct desk *desk, struct arena *arena, const struct suspicion *suspicion,
				 struct contribution_list *made, struct involved *out, struct error *error)
{
	enum err err = contribution_list(desk, arena, suspicion->session_row, made, error);

	for (size_t i = 0; !err && i < made->count; i++)
		if (made->items[i].material == MATERIAL_DATA)
			involved_add(arena, out, made->items[i].actor, MADE_DATA);
	involved_add(arena, out, suspicion->opened_by, TOOK_PART);
	for (size_t i = 0; i < suspicion->entry_count; i++) {
		const struct suspicion_entry *entry = &suspicion->entries[i];

		if (entry->act == SUSPICION_REPORT || entry->act == SUSPICION_REVOKE)
			involved_add(arena, out, entry->actor, TOOK_PART);
		if (is_kept_from(suspicion, entry->access_person))
			involved_add(arena, out, entry->access_person, CANNOT_READ);
	}
	return err;
}

bool suspicion_is_shown(const struct desk *desk, const struct suspicion_state *state)
{
	return !desk->caller && (role_at_least(desk->role, ROLE_LEAD) ? state->is_open_unkept : state->is_open_allowed);
}

enum err suspicion_raise(struct use *use, enum suspicion_cause cause, const char *text, struct error *error)
{
	struct suspicion suspicion = { .session_row = use->file.session.row,
				       .cause = cause,
				       .opened_by = use->desk->actor,
				       .opened_at = use->now,
				       .due_at = use->now + SUSPICION_DUE_DAYS * DAY_MS };
	const struct suspicion_entry entry = {
		.at = use->now, .actor = use->desk->actor, .act = SUSPICION_REPORT, .access_person = "", .text = text
	};
	enum err err = store_suspicion_put(use->desk->store, &suspicion, error);

	return err ? err : store_suspicion_add_entry(use->desk->store, suspicion.row, &entry, error);
}

bool reason_opens_suspicion(enum reason_set set, const char *reason)
{
	if (set == REASONS_DOCUMENT)
		return !strcmp(reason, "suspected_forgery");
	return set == REASONS_SESSION && (!strcmp(reason, "suspected_fraud") || !strcmp(reason, "forged_document"));
}

enum err session_has_bad_news(const struct desk *desk, int64_t session, bool *bad, struct error *error)
{
	struct session_counters counters;
	enum err err = store_session_counters(desk->store, session, &counters, error);

	*bad = !err && counters.hit_open && !desk->store->sandbox;
	return err;
}

enum err session_is_held(const struct desk *desk, int64_t session, bool *keeps, struct error *error)
{
	struct suspicion_state standing;
	enum err err = store_suspicion_state_read(desk->store, session, "", &standing, error);

	*keeps = !err && standing.session_has_suspicion;
	return err || *keeps ? err : session_has_bad_news(desk, session, keeps, error);
}
