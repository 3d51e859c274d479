/*
 * Templates of messages to clients (domain/message.h). A lead changes them by VERB_TEMPLATE_SET and VERB_TEMPLATE_REMOVE;
 * everyone reads them.
 */
#ifndef KYBDESK_DESK_MESSAGE_H
#define KYBDESK_DESK_MESSAGE_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/message.h"

enum err desk_templates(struct desk *desk, struct arena *arena, struct message_templates *out,
			struct error *error) KYB_MUST_USE;
/* The template of that name; ERR_NOT_FOUND with the nearest name. */
enum err template_find(const struct message_templates *all, const char *name, const struct message_template **out,
		       struct error *error) KYB_MUST_USE;

#endif
