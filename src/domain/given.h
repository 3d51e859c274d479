/* What every text that somebody types into a subject or a party must be. */
#ifndef KYB_DOMAIN_GIVEN_H
#define KYB_DOMAIN_GIVEN_H

#include "kybdesk/base/arena.h"

#include <stdbool.h>

bool is_present(const char *text); /* said, and not "" */
bool is_blank(const char *text);   /* white space at most */
/* What is wrong with it, in the arena; NULL nothing, or it is not given. what: its name in sentences. */
const char *input_text_fault(struct arena *arena, const char *what, const char *text);

#endif
