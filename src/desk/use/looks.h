/* Looks at the documents of a case, from its records. */
#ifndef KYBDESK_USE_LOOKS_H
#define KYBDESK_USE_LOOKS_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/desk/look.h"
#include "kybdesk/domain/gate.h"

/* The looks at the documents of a session, newest first, at most DOCUMENT_VIEWS_MAX, read from the audit log, which
 * records a fetch before any bytes are returned, and a look when it has ended. */
enum err desk_looks(struct desk *desk, struct arena *arena, const char *session, struct look **out, size_t *count,
		    struct error *error);

/* What a decision on the case would rest on in place of evidence. */
enum err desk_overrides(struct desk *desk, struct arena *arena, const struct case_file *file, bool sandbox,
			const struct overrides **out, struct error *error);

#endif
