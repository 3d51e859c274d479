#include "kybdesk/domain/contribution.h"

#include <string.h>

/* The part in plain words: the step, the check or the type of the document; "" otherwise. */
static const char *part_label(const struct case_file *file, const char *part)
{
	const char *colon = strchr(part, ':');
	const struct document *document;

	if (!colon)
		return "";
	if (!strncmp(part, "step:", 5) || !strncmp(part, "check:", 6))
		return colon + 1;
	document = strncmp(part, "document:", 9) ? NULL : case_document(file, colon + 1);
	return document ? document->type : "";
}

const char *contribution_text(struct arena *arena, const struct case_file *file,
			      const struct contribution *contribution)
{
	bool own = !*contribution->session_id || !strcmp(contribution->session_id, file->session.id);
	const char *part = own ? part_label(file, contribution->part)
			       : arena_printf(arena, "session %.8s", contribution->session_id);

	return *part ? arena_printf(arena, "%s (%s)", contribution->done_text, part) : contribution->done_text;
}
