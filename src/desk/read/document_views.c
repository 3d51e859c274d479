/* The views of each document by person, read from the audit log, which is written before any bytes are returned. */
#include "read/read.h"
#include "use/transaction.h"

#include <string.h>

enum err view_document_views(struct desk *desk, struct arena *arena, struct case_view *view, struct error *error)
{
	const struct audit_filter of_case = { .session_id = view->file.session.id,
					      .limit = DOCUMENT_VIEWS_MAX,
					      .looks = true };
	struct audit_list events = { 0 };
	enum err err = store_audit_list(desk->store, arena, &of_case, &events, error);

	if (err)
		return err;
	view->looks = arena_alloc_array(arena, events.count + 1, sizeof *view->looks);
	view->document_view_count = events.count;
	for (size_t i = 0; i < events.count; i++)
		view->looks[i] =
			(struct document_view){ .document = desk_record_text(arena, &events.items[i], "document"),
						.by = events.items[i].actor,
						.at = events.items[i].at };
	return ERR_OK;
}

const struct document_view *document_seen(const struct case_view *view, const char *document, const char *by)
{
	for (size_t i = 0; i < view->document_view_count; i++) {
		const struct document_view *look = &view->looks[i];

		if (!strcmp(look->document, document) && (!by || !strcmp(look->by, by)))
			return look;
	}
	return NULL;
}
