/* The body of an outbox event as compact JSON (docs/webhooks.md "Message format"). The store keeps this text; a
 * delivery only replaces the placeholders of links (domain/link_token.h). */
#ifndef KYBDESK_CODEC_EVENT_CODEC_H
#define KYBDESK_CODEC_EVENT_CODEC_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/domain/event.h"

#define EVENT_BODY_MAX (20 * 1024)
/* Appends compact JSON, with the members in the documented order, of at most EVENT_BODY_MAX bytes. If the body
 * would be longer, omits custom_tags; if this is not enough, also external_ref, and last the uid. */
void event_write(struct strbuf *out, const struct event *event);

#endif
