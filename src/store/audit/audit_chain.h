/* The canonical encoding of an audit record's columns, for appending and verifying. */
#ifndef KYBDESK_STORE_AUDIT_CHAIN_H
#define KYBDESK_STORE_AUDIT_CHAIN_H

#include "kybdesk/store/audit.h"

/* Type byte ('i' 't' 'b' 'n'), 8-byte big-endian length, bytes. */
void audit_add_value(struct strbuf *out, char type, const void *bytes, size_t length);
void audit_add_int(struct strbuf *out, int64_t value);

#endif
