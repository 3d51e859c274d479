/* Any-of groups of documents: "one of passport, identity card, driving licence" (docs/profiles.md, "Documents"). A
 * case needs a document of a group if the group's conditions hold, unless a check or a provider's results verify
 * the person instead of a document (the profile's evidence). Pure. */
#ifndef KYBDESK_DOMAIN_DOCUMENT_GROUP_H
#define KYBDESK_DOMAIN_DOCUMENT_GROUP_H

#include "kybdesk/domain/rules.h"

bool document_group_has_type(const struct document_group *group, const char *type);
/* Whether the case needs a document of the group. */
bool document_group_applies(struct arena *arena, const struct rules_input *input, const struct document_group *group);
/* Whether the case needs a document of the group, but has none, not even a recorded document without a file. */
bool document_group_is_empty(struct arena *arena, const struct rules_input *input, const struct document_group *group);
/* Whether the client still has to upload a document of the group: none is ready, or reviewers rejected all ready
 * ones. */
bool document_group_is_open(struct arena *arena, const struct rules_input *input, const struct document_group *group);

#endif
