/*
 * New ids, and those that follow from a session's id and what something is (domain.md "Session document"): never from
 * its place in a list, so that another one in the same place is another one. `twin` counts those of a list that are the
 * same in all of that, from 0.
 */
#ifndef KYBDESK_SRC_DESK_USE_IDS_H
#define KYBDESK_SRC_DESK_USE_IDS_H

#include "desk_private.h"
#include "kybdesk/domain/session.h"

char *id_derive_session(struct arena *arena, const char *merchant, const char *workflow, const char *external_ref);
char *id_derive_document(struct arena *arena, const char *session_id, const struct document *document, size_t twin);
/* Of the same type, and the same in the bytes that its id is derived from. */
bool id_document_is_twin(const struct document *a, const struct document *b);
char *id_derive_party(struct arena *arena, const char *session_id, const struct party *party, size_t twin);
char *id_derive_hit(struct arena *arena, const char *session_id, enum check_kind kind, const struct hit *hit,
		    size_t twin);
/* Of what has a number of its own: an attempt, a correction of its round, the one session of a party. */
char *id_derive_part(struct arena *arena, const char *session_id, const char *kind, size_t place);
char *id_new(const struct desk *desk, struct arena *arena);

#endif
