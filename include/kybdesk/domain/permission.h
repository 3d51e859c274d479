/* Permissions of an API key (source document kyc-workflows-sessions, "Authentication"). */
#ifndef KYBDESK_DOMAIN_PERMISSION_H
#define KYBDESK_DOMAIN_PERMISSION_H

#include "kybdesk/base/arena.h"

#include <stdbool.h>

enum permission {
	PERMIT_NOT_NEEDED, /* requests that need no permission: health, login, signed addresses */
	PERMIT_CREATE,	   /* kyc:create */
	PERMIT_READ,	   /* kyc:read */
	PERMIT_PROCESS,	   /* kyc:process */
	PERMIT_REVIEW	   /* kyc:review */
};
/* Bits of enum permission. */
#define PERMISSIONS_ALL (1u << PERMIT_CREATE | 1u << PERMIT_READ | 1u << PERMIT_PROCESS | 1u << PERMIT_REVIEW)
/* Permissions of a merchant's key that is made without --permission; in production a key cannot have more. */
#define KEY_PERMISSIONS_DEFAULT (1u << PERMIT_CREATE | 1u << PERMIT_READ)

const char *permission_text(enum permission permission);
const char *const *permission_words(size_t *count);
/* Stored form: "kyc:create kyc:read"; "" means all, including permissions of later versions. Unknown words grant
 * nothing. */
const char *permissions_text(struct arena *arena, unsigned permissions);
unsigned permission_bits_read(const char *text);

#endif
