/* What a merchant's key may be used for (seed kyc-workflows-sessions, "Authentication"). */
#ifndef KYBDESK_DOMAIN_PERMISSION_H
#define KYBDESK_DOMAIN_PERMISSION_H

#include "kybdesk/base/arena.h"

#include <stdbool.h>

enum permission {
	PERMIT_NOBODY,	/* asks for none: health, login, signed addresses */
	PERMIT_CREATE,	/* kyc:create */
	PERMIT_READ,	/* kyc:read */
	PERMIT_PROCESS, /* kyc:process */
	PERMIT_REVIEW	/* kyc:review */
};
/* Bits of enum permission. */
#define PERMISSIONS_ALL (1u << PERMIT_CREATE | 1u << PERMIT_READ | 1u << PERMIT_PROCESS | 1u << PERMIT_REVIEW)

const char *permission_text(enum permission permission);
/* Of those that a key can have. */
bool permission_parse(const char *text, enum permission *out);
const char *const *permission_words(size_t *count);
/* As a store keeps them: "kyc:create kyc:read"; "" all of them, those of later versions, too. What is no permission gives
 * none. */
const char *permissions_text(struct arena *arena, unsigned permissions);
unsigned permissions_read(const char *text);

#endif
