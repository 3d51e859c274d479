/* The event names of a session: its workflow's, and for a party's session the names in the parent's workflow. */
#include "use/events.h"
#include "kybdesk/store/session.h"
#include "use/rules.h"

#include <string.h>

static void overlay(const struct profile *parent, struct profile *names)
{
	/* A subsession has an event name of its own for changes of status. */
	if (names->events[EVENT_SUBSESSION_STATUS_CHANGED])
		names->events[EVENT_STATUS_CHANGED] = names->events[EVENT_SUBSESSION_STATUS_CHANGED];
	for (size_t kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		if (parent->parties.events[kind])
			names->events[kind] = parent->parties.events[kind];
	}
}

enum err desk_event_profile(const struct use *use, const struct session *session, const struct profile *profile,
			    const struct profile **out, struct error *error)
{
	struct session parent;
	const struct profile *parents = NULL;
	struct profile *names;
	enum err err;

	*out = profile;
	if (!session->parent_row)
		return ERR_OK;
	err = store_session_load(use->desk->store, use->arena, session->parent_row, &parent, error);
	if (!err)
		err = desk_session_profile_or_bare(use->desk, &parent, &parents, error);
	if (err)
		return err;
	names = arena_alloc(use->arena, sizeof *names);
	memcpy(names, profile, sizeof *names);
	overlay(parents, names);
	*out = names;
	return ERR_OK;
}
