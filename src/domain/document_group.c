#include "kybdesk/domain/document_group.h"
#include "kybdesk/domain/gate.h"

#include <string.h>

bool document_group_has(const struct document_group *group, const char *type)
{
	for (size_t i = 0; i < group->type_count; i++) {
		if (!strcmp(group->types[i], type))
			return true;
	}
	return false;
}

bool document_group_binds(struct arena *arena, const struct rules_input *input, const struct document_group *group)
{
	return !case_has_provider_evidence(input->file, input->profile) &&
	       rules_conditions_hold(arena, input, group->when, group->when_count);
}

bool document_group_is_empty(struct arena *arena, const struct rules_input *input,
			     const struct document_group *group)
{
	for (size_t i = 0; i < input->file->document_count; i++) {
		const struct document *document = &input->file->documents[i];

		if (!document->replaced && document_group_has(group, document->type))
			return false;
	}
	return document_group_binds(arena, input, group);
}

bool document_group_is_open(struct arena *arena, const struct rules_input *input,
			    const struct document_group *group)
{
	for (size_t i = 0; i < input->file->document_count; i++) {
		const struct document *document = &input->file->documents[i];

		if (!document->replaced && document->upload == UPLOAD_READY &&
		    document->review != REVIEW_REJECTED && document_group_has(group, document->type))
			return false;
	}
	return document_group_binds(arena, input, group);
}
