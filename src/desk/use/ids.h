/*
 * New ids, and ids derived from a session's id and a part's content: never from its
 * place in a list, so that another part in the same place gets another id. `twin` counts parts of a list with equal
 * content, from 0.
 */
#ifndef KYBDESK_SRC_DESK_USE_IDS_H
#define KYBDESK_SRC_DESK_USE_IDS_H

#include "desk_private.h"
#include "kybdesk/domain/session.h"

char *id_derive_session(struct arena *arena, const char *merchant, const char *workflow, const char *external_ref);
char *id_derive_document(struct arena *arena, const char *session_id, const struct document *document, size_t twin);
/* Whether both have the same type, and the same bytes on the side that their ids are derived from. */
bool id_document_is_twin(const struct document *a, const struct document *b);
char *id_derive_party(struct arena *arena, const char *session_id, const struct party *party, size_t twin);
char *id_derive_hit(struct arena *arena, const char *session_id, enum check_kind kind, const struct hit *hit,
		    size_t twin);
/* For parts with a number of their own: an attempt, a correction in its round, the one session of a party. */
char *id_derive_part(struct arena *arena, const char *session_id, const char *kind, size_t place);
char *id_new(const struct desk *desk, struct arena *arena);

#endif
