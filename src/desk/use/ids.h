/* Ids that follow from a session's id and a place (domain.md "Session document"), and new ones. */
#ifndef KYBDESK_SRC_DESK_USE_IDS_H
#define KYBDESK_SRC_DESK_USE_IDS_H

#include "desk_private.h"

char *id_derive_session(struct arena *arena, const char *merchant, const char *workflow, const char *external_ref);
char *id_derive_part(struct arena *arena, const char *session_id, const char *kind, size_t place);
char *id_derive_hit(struct arena *arena, const char *session_id, enum check_kind kind, size_t place);
char *id_new(const struct desk *desk, struct arena *arena);

#endif
