/* JSON values as YAML: what is short on one line, the rest in blocks. */
#ifndef KYBDESK_SRC_API_YAML_H
#define KYBDESK_SRC_API_YAML_H

#include "kybdesk/codec/json.h"

void yaml_write(struct strbuf *out, const struct json_value *object);

#endif
