/* What a line of an import says that a case does not say yet. */
#ifndef KYBDESK_SRC_DESK_INTAKE_BRING_H
#define KYBDESK_SRC_DESK_INTAKE_BRING_H

#include "use/use.h"

bool bring_session_differs(const struct session *given, const struct session *present);
bool bring_document_differs(struct arena *arena, struct case_file *file, const struct document *given);
/* bring_parties.c. removed: those that were removed here, of whom a line says nothing any more. */
bool bring_party_differs(const struct case_file *file, const struct party *given);

#endif
