/* Response parts that several dialects share. */
#ifndef KYBDESK_SRC_API_ENCODE_H
#define KYBDESK_SRC_API_ENCODE_H

#include "kybdesk/desk/outside.h"
#include "request.h"

/* Only the corrections for which `is_notified` is true; NULL: all. */
struct json_value *corrections_json(const struct case_file *file,
				    bool (*is_notified)(const struct correction *item));

#endif
