/* The differences between a line of an import and the case. */
#ifndef KYBDESK_SRC_DESK_INTAKE_BRING_H
#define KYBDESK_SRC_DESK_INTAKE_BRING_H

#include "kybdesk/store/related.h"
#include "use/use.h"

/* The path of the first member that differs; NULL none. */
const char *bring_session_difference(struct arena *arena, const struct session *incoming,
				     const struct session *present);
bool bring_document_differs(struct arena *arena, struct case_file *file, const struct document *incoming);
/* bring_parties.c. */
bool bring_party_differs(const struct case_file *file, const struct party *incoming);
/* Whether the party was removed here, which makes the line's data about it void. For a present party, removes its
 * shares in removed parties. */
bool bring_party_was_removed(const struct party_list *removed, struct party *incoming);

#endif
