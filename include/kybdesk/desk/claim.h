/* The claim on a case: it ends after 30 idle minutes (CLAIM_IDLE_MS); an assignment by a lead does not end. */
#ifndef KYBDESK_DESK_CLAIM_H
#define KYBDESK_DESK_CLAIM_H

#include "kybdesk/desk/use.h"

#define REFER_TO_LEAD "lead" /* receiver of VERB_REFER: the lead with the fewest cases */

/* Renews the holder's claim, at most once a minute, without an audit event. */
void desk_touch(struct desk *desk, const char *id);

#endif
