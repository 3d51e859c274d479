/* Private to src/domain/facts: writes the text of the facts. */
#ifndef KYBDESK_SRC_DOMAIN_FACTS_TEXT_H
#define KYBDESK_SRC_DOMAIN_FACTS_TEXT_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/facts.h"

void facts_add(struct strbuf *text, const char *owner, const char *member, const char *value);

/* Whether the data of the subject or party still equals the data with which a check was made; *changed: the
 * difference, "": none. */
bool checked_subject_is_current(struct arena *arena, const struct case_file *file, const struct value *checked,
				const char **changed);
/* The facts about the KYC of a party. */
struct kyc_facts {
	const char *facts;	 /* the KYC's id and approval, the KYC's person, and the party */
	const char *subject;	 /* the KYC's subject, in the form of facts_subject() */
	const char *differences; /* contradictions between the party and the KYC's subject; "": none */
};
struct kyc_facts facts_kyc(struct arena *arena, const struct party *party);

#endif
