#include "encode.h"

struct json_value *corrections_json(const struct case_file *file,
				    bool (*is_notified)(const struct correction *item))
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];
		struct json_value *item;

		if (is_notified && !is_notified(correction))
			continue;
		item = json_new_object();
		json_set_text(item, "id", correction->id);
		json_set_text(item, "step_id", correction->step_id);
		json_set(item, "field_ids", json_texts(correction->field_ids, correction->field_count));
		json_set(item, "document_types",
			 json_texts(correction->document_types, correction->document_type_count));
		json_set_text(item, "message", correction->message);
		json_set_text(item, "status", correction_state_text(correction->state));
		json_append(list, item);
	}
	return list;
}
