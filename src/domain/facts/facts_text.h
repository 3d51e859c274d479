/* Private to src/domain/facts: writes the text of the facts. */
#ifndef KYBDESK_SRC_DOMAIN_FACTS_TEXT_H
#define KYBDESK_SRC_DOMAIN_FACTS_TEXT_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/facts.h"

void facts_add(struct strbuf *text, const char *owner, const char *member, const char *value);

/* Whether the data that the check was made with still equals the subject's or party's data; *changed: the
 * difference, "" if none. */
bool check_subject_is_current(struct arena *arena, const struct case_file *file, const struct check *check,
			      const char **changed);
/* A party's KYC. */
struct kyc_facts {
	const char *now;	 /* the KYC's id and approval, the KYC's person, and the party */
	const char *subject;	 /* the KYC's subject, in the form of facts_subject() */
	const char *differences; /* contradictions between the party and the KYC's subject; "": none */
};
struct kyc_facts facts_kyc(struct arena *arena, const struct party *party);

#endif
