/* New ids, and ids derived from content. */
#include "use/use.h"

char *id_derive(struct arena *arena, const char *const *parts, size_t count)
{
	char id[UUID_TEXT_SIZE];

	uuid_derive(id, parts, count);
	return arena_strdup(arena, id);
}

char *id_derive_session(struct arena *arena, const char *merchant, const char *workflow, const char *external_ref)
{
	return id_derive(arena, (const char *const[]){ "session", merchant, workflow, external_ref }, 4);
}

char *id_derive_part(struct arena *arena, const char *session_id, const char *kind, size_t number)
{
	return id_derive(arena, (const char *const[]){ kind, session_id, arena_printf(arena, "%zu", number) }, 3);
}

char *id_new(const struct desk *desk, struct arena *arena)
{
	char id[UUID_TEXT_SIZE];

	uuid_new(desk->world, id);
	return arena_strdup(arena, id);
}
