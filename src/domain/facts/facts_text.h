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
/* The subject of a party's KYC, in the form of facts_subject(). */
const char *facts_kyc_subject(struct arena *arena, const struct party *party);
/* The facts of a party's KYC: its id and approval, its person, and the party. */
const char *facts_kyc(struct arena *arena, const struct party *party);
/* Differences between the party and the subject of its KYC; "" if both are one person. */
const char *facts_kyc_disagree(struct arena *arena, const struct party *party);

#endif
