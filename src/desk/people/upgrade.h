/* Inside the desk: the record of an upgrade. */
#ifndef KYBDESK_SRC_DESK_PEOPLE_UPGRADE_H
#define KYBDESK_SRC_DESK_PEOPLE_UPGRADE_H

#include "desk_private.h"

struct upgrade_note {
	struct desk *desk; /* only its world and log are used; the store is not open yet */
	const char *admin; /* NULL: a sandbox store, upgraded when opened */
};
/* For struct store_upgrade; context is a struct upgrade_note. */
enum err upgrade_record(void *context, struct store *store, const struct store_upgrade_plan *plan,
			struct error *error) KYB_MUST_USE;

#endif
