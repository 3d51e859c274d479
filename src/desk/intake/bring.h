/* What a line of an import says that a case does not say yet. */
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
/* Whether the party was removed here, so that the line's words about it count no more. Of another one the shares in
 * removed parties are left out. */
bool bring_party_was_removed(const struct party_list *removed, struct party *incoming);

#endif
