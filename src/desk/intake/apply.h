/* The differences between a line of an import and the case. */
#ifndef KYBDESK_SRC_DESK_INTAKE_APPLY_H
#define KYBDESK_SRC_DESK_INTAKE_APPLY_H

#include "kybdesk/store/related.h"
#include "use/use.h"

/* The path of the first member that differs; NULL none. */
const char *imported_session_difference(struct arena *arena, const struct session *incoming,
					const struct session *present);
bool imported_document_differs(struct arena *arena, struct case_file *file, const struct document *incoming);
/* apply_parties.c. */
bool imported_party_differs(const struct case_file *file, const struct party *incoming);
/* Whether the party was removed here, so that the line's data about the party are ignored. For a present party,
 * removes its shares in removed parties. */
bool imported_party_was_removed(const struct party_list *removed, struct party *incoming);

#endif
