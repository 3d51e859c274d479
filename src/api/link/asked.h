/* The schema in the JSON of a client's link. The page's forms come from the same functions. */
#ifndef KYBDESK_SRC_API_LINK_ASKED_H
#define KYBDESK_SRC_API_LINK_ASKED_H

#include "link/page.h"

/* Fields of the step that the client is asked for, with type, rules and choices. Needs parsed values. */
struct json_value *asked_fields_json(struct page *page, const struct step *step);
/* Document types that the client may upload now, with formats and size; of a link for one document that one. */
struct json_value *asked_documents_json(const struct page *page);
/* Groups of document types of which one is enough, and whether it is still missing. */
struct json_value *asked_groups_json(const struct page *page);
/* What a party of this case consists of: roles, the rules of its members, and further fields. */
struct json_value *asked_party_json(struct page *page);

#endif
