/* Templates of messages to clients (domain/message.h). All functions join the open transaction. */
#ifndef KYBDESK_STORE_TEMPLATE_H
#define KYBDESK_STORE_TEMPLATE_H

#include "kybdesk/domain/message.h"
#include "kybdesk/store/store.h"

/* All templates, by name. */
enum err store_template_list(struct store *store, struct arena *arena, struct message_templates *out,
			     struct error *error);
/* Inserts the template if its row is 0, else updates its row. */
enum err store_template_put(struct store *store, const struct message_template *of, struct error *error);

#endif
