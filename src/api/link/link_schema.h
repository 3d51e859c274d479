/* The schema in the JSON of a client's link. The forms of the page use the same functions. */
#ifndef KYBDESK_SRC_API_LINK_LINK_SCHEMA_H
#define KYBDESK_SRC_API_LINK_LINK_SCHEMA_H

#include "link/page.h"

/* Requested fields of the step, with type, rules and choices. Needs parsed values. */
struct json_value *schema_fields_json(struct page *page, const struct step *step);
/* Document types that the client may upload now, with formats and size; a link for one document: only its type. */
struct json_value *schema_documents_json(const struct page *page);
/* Groups of document types: the client must upload one type of each group. With the missing groups marked. */
struct json_value *schema_document_groups_json(const struct page *page);
/* The description of a party in this case: roles, rules of the members, and further fields. */
struct json_value *schema_party_json(struct page *page);

#endif
