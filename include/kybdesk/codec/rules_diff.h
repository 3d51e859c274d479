/* Differences between two JSON texts of rules, by path. Elements of a list are matched by their key (id, type,
 * code, rule, name, field), else by position. Paths are like "documents[BUSINESS_NUMBER].mandatory",
 * "steps[company].fields[name].rules[length].max". */
#ifndef KYBDESK_CODEC_RULES_DIFF_H
#define KYBDESK_CODEC_RULES_DIFF_H

#include "kybdesk/base/arena.h"

struct json_difference {
	const char *path;
	const char *before, *after; /* compact JSON; "": the value is absent */
};
/* ERR_INVALID if one of the texts is not JSON. */
enum err json_diff(struct arena *arena, const char *before, const char *after, struct json_difference **items,
		   size_t *count, struct error *error);

#endif
