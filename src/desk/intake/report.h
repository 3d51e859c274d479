/* Compares check results by content. */
#ifndef KYBDESK_SRC_DESK_INTAKE_REPORT_H
#define KYBDESK_SRC_DESK_INTAKE_REPORT_H

#include "use/use.h"

/* Whether the result equals the present or the waived result; missing hits are not a difference. */
bool check_result_is_same(const struct check *present, const struct check *incoming);

/* Sets the person that the check is about: the party named by its reporter (NULL: none) or in input_json, else the
 * session's subject. The data are the case's present data, overridden by input_json. */
void check_about_take(struct arena *arena, const struct case_file *file, const struct party *party,
		      const char *input_json, struct check *check);

#endif
