#include "use/use.h"

enum err suspicion_may_read(const struct desk *desk, const struct suspicion *suspicion, bool *may, struct error *error)
{
	*may = !desk->caller && role_at_least(desk->role, ROLE_LEAD);
	if (desk->caller || *may)
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

enum err suspicion_set_context(const struct desk *desk, struct arena *arena, int64_t session,
			       const struct suspicion_state *standing, struct gate_context *context,
			       struct error *error)
{
	struct suspicion_list own = { 0 };
	enum err err = ERR_OK;

	context->has_open_suspicion = standing->open;
	context->is_suspicion_shown =
		context->has_open_suspicion && !desk->caller && role_at_least(desk->role, ROLE_LEAD);
	if (!context->has_open_suspicion || context->is_suspicion_shown)
		return ERR_OK;
	err = suspicion_list_visible(desk, arena, session, &own, error);
	for (size_t i = 0; !err && i < own.count; i++)
		context->is_suspicion_shown = context->is_suspicion_shown || own.items[i].closed_at == TIME_NONE;
	return err;
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
