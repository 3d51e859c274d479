/* Signed decisions (src/desk/decide/sign.c): the setting of the store, and the text that is signed.
 * docs/evidence.md. */
#ifndef KYBDESK_DESK_SIGNING_H
#define KYBDESK_DESK_SIGNING_H

#define STORE_SIGNED_DECISIONS "signed_decisions"
#define SIGNED_DECISIONS_REQUIRED "required"
#define SIGNED_DECISIONS_NO "no"
#define DECISION_PURPOSE "decision@kybdesk" /* the namespace of ssh-keygen -Y */

#endif
