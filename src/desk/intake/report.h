/* Telling results apart by what they are. */
#ifndef KYBDESK_SRC_DESK_INTAKE_REPORT_H
#define KYBDESK_SRC_DESK_INTAKE_REPORT_H

#include "use/use.h"

/* Whether a check has a hit of this very content: list, name, class, score and detail, whatever its id. */
bool hit_is_known(const struct check *check, const struct hit *hit);
/* Whether the result is the one that is there, or the one that was waived; hits that are no longer listed are no
 * difference. */
bool check_result_is_same(const struct check *present, const struct check *incoming);

/* Sets whom the check looked at: the party that its reporter (NULL: nobody) or input_json names, else the subject, as the
 * case knows them now, but for what input_json itself says of them. */
void check_about_take(struct arena *arena, const struct case_file *file, const struct party *party,
		      const char *input_json, struct check *check);

#endif
