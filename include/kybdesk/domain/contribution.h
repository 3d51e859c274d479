/* Contributions: what a person changed in a case. The approver of a case must not have contributed to the case; a
 * contributor of data can neither decide the case nor clear the contribution (docs/trust.md). */
#ifndef KYBDESK_DOMAIN_CONTRIBUTION_H
#define KYBDESK_DOMAIN_CONTRIBUTION_H

#include "kybdesk/domain/session.h"

/* Kinds of contributions; "": none. After a verdict the person cannot approve the case, but may reject it. */
#define MATERIAL_WORDS(X) X(MATERIAL_NONE, "") X(MATERIAL_DATA, "data") X(MATERIAL_VERDICT, "verdict")
WORDS_DECLARE(material, MATERIAL_WORDS);

/* `part` of a contribution is "KIND:ID", or "" for the case itself. Two parts have no id: */
#define PART_CASE "case" /* all that an import of a new case contained */
#define PART_LINK "link" /* the client's link, shown to a person */

struct contribution {
	int64_t session_row, subject_row; /* exactly one of the two is set; 0: not set */
	const char *session_id;		  /* in a list: the session that received the contribution */
	const char *actor;		  /* a person, an API key's merchant, "client" */
	const char *audit_action;	  /* audit action, such as session.import */
	const char *part;
	enum material material;
	int64_t at;	       /* time of the latest change of this kind; for a shown link, time of the first showing */
	const char *done_text; /* the desk's text for `audit_action`, such as "changed a step" */
};
struct contribution_list {
	struct contribution *items;
	size_t count;
};

/* A text such as "changed a step (company_info)"; if another session received the contribution, names that session
 * in place of the part: "added a document (session 8b3e1a72)". */
const char *contribution_text(struct arena *arena, const struct case_file *file,
			      const struct contribution *contribution);

#endif
