/* Makes keys of outside callers: merchants, providers and reviewers. */
#ifndef KYBDESK_SRC_DESK_PEOPLE_MERCHANT_KEYS_H
#define KYBDESK_SRC_DESK_PEOPLE_MERCHANT_KEYS_H

#include "desk_private.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/strbuf.h"

/* Fills api_key with a new secret behind the prefix, and hash with its SHA-256. The caller wipes api_key. */
void key_make(const struct desk *desk, const char *prefix, struct strbuf *api_key, uint8_t hash[SHA256_SIZE]);

#endif
