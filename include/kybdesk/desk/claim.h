/* Who holds a case. A claim ends by itself after 30 idle minutes (CLAIM_IDLE_MS); an assignment by a lead does not. */
#ifndef KYBDESK_DESK_CLAIM_H
#define KYBDESK_DESK_CLAIM_H

#include "kybdesk/desk/use.h"

/* The holder is still at work: renews the claim, at most once a minute, without an audit event. */
void desk_touch(struct desk *desk, const char *id);

#endif
