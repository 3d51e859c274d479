/* Inside the desk: shared by the administration and the opening of a desk. */
#ifndef KYBDESK_SRC_DESK_PEOPLE_PEOPLE_H
#define KYBDESK_SRC_DESK_PEOPLE_PEOPLE_H

#include "desk_private.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/strbuf.h"

struct upgrade_note {
	struct desk *desk; /* only its world and log are used; the store is not open yet */
	const char *admin; /* NULL: a sandbox store, upgraded when opened */
};
/* For struct store_upgrade; context is a struct upgrade_note. */
enum err upgrade_record(void *context, struct store *store, const struct store_upgrade_plan *plan,
			struct error *error) KYB_MUST_USE;

/* merchant_keys.c: a key of an outside caller: a merchant, a provider or a reviewer. Fills api_key with a new secret behind the prefix, and hash with its SHA-256. The caller wipes api_key. */
void key_make(const struct desk *desk, const char *prefix, struct strbuf *api_key, uint8_t hash[SHA256_SIZE]);

#endif
