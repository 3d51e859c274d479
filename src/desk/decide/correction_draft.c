/* Prefills a request for corrections from the rejected documents: their types, and the client texts of their
 * reasons. */
#include "decide/decide.h"
#include "kybdesk/desk/decide.h"

static const char *step_of(const struct use *use, const struct document *document)
{
	const struct document_spec *spec = profile_document(use->profile, document->type);

	if (spec && *spec->step_id)
		return spec->step_id;
	if (*document->step_id)
		return document->step_id;
	if (use->file.step_count)
		return use->file.steps[0].id;
	return use->profile->step_count ? use->profile->steps[0].id : "";
}

static struct correction_request *item_of(struct correction_request *items, size_t count, const char *type)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(items[i].document_types[0], type))
			return &items[i];
	}
	return NULL;
}

static void add(struct use *use, const struct document *document, const struct reason *reason,
		struct correction_request *items, size_t *count)
{
	struct correction_request *item = item_of(items, *count, document->type);
	const struct document_spec *spec = profile_document(use->profile, document->type);
	const char *line = arena_printf(use->arena, "%s: %s", spec && *spec->title ? spec->title : document->type,
					reason_public_message(&use->desk->reasons, REASONS_DOCUMENT, reason, ""));

	if (item) {
		item->message = arena_printf(use->arena, "%s\n%s", item->message, line);
		return;
	}
	item = &items[(*count)++];
	*item = (struct correction_request){ .step_id = step_of(use, document), .message = line };
	item->document_types = arena_alloc_array(use->arena, 1, sizeof *item->document_types);
	item->document_types[0] = document->type;
	item->document_type_count = 1;
}

/* A restricted reason prefills nothing: the request alone would disclose it. */
static void draft(struct use *use, struct correction_request **items, size_t *count)
{
	*items = arena_alloc_array(use->arena, use->file.document_count, sizeof **items);
	*count = 0;
	for (size_t i = 0; i < use->file.document_count; i++) {
		const struct document *document = &use->file.documents[i];
		const struct reason *reason;

		if (document->replaced || document->review != REVIEW_REJECTED || document->upload != UPLOAD_READY)
			continue;
		reason = reason_find(&use->desk->reasons, REASONS_DOCUMENT, document->review_reason);
		if (reason && reason->disclosure == DISCLOSURE_OPEN)
			add(use, document, reason, *items, count);
	}
}

enum err desk_correction_draft(struct desk *desk, struct arena *arena, const char *reference,
			       struct correction_request **items, size_t *count, struct error *error)
{
	const struct use_in in = { .session = reference };
	struct use_out ignored;
	struct use use = { .desk = desk, .arena = arena, .in = &in, .out = &ignored };
	enum err err = desk_begin_read(desk, error);

	*items = NULL;
	*count = 0;
	if (err)
		return err;
	err = use_load(&use, error);
	desk_end_read(desk);
	if (!err)
		draft(&use, items, count);
	return err;
}
