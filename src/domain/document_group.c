#include "kybdesk/domain/document_group.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/gate.h"

#include <string.h>

bool document_group_has_type(const struct document_group *group, const char *type)
{
	return texts_contain(group->types, group->type_count, type);
}

bool document_group_applies(struct arena *arena, const struct rules_input *input, const struct document_group *group)
{
	return !case_has_provider_evidence(input->file, input->profile) &&
	       rules_conditions_hold(arena, input, group->when, group->when_count);
}

/* Whether the case has a document of the group. ready: counts only ready documents that no reviewer rejected. */
static bool has_document(const struct case_file *file, const struct document_group *group, bool ready)
{
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];
		bool counts = !ready || (document->upload == UPLOAD_READY && document->review != REVIEW_REJECTED);

		if (!document->replaced && counts && document_group_has_type(group, document->type))
			return true;
	}
	return false;
}

bool document_group_is_empty(struct arena *arena, const struct rules_input *input, const struct document_group *group)
{
	return !has_document(input->file, group, false) && document_group_applies(arena, input, group);
}

bool document_group_is_open(struct arena *arena, const struct rules_input *input, const struct document_group *group)
{
	return !has_document(input->file, group, true) && document_group_applies(arena, input, group);
}
