/* What store_open() does with a store whose schema is not this program's. */
#ifndef KYBDESK_STORE_UPGRADE_H
#define KYBDESK_STORE_UPGRADE_H

#include "kybdesk/store/store.h"

/* Nothing for a store of this program's schema. ERR_STORE: it is newer, or how (NULL) does not let it be upgraded; the
 * sentence names the admins. */
enum err store_upgrade(struct store *store, const struct store_upgrade *how, struct error *error) KYB_MUST_USE;

#endif
