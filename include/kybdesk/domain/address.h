/* Addresses that a delivery may connect to, and that an endpoint may name. A delivery checks each address after
 * name resolution, at connect time, so that a forbidden address is refused even if the name resolved to a permitted
 * one before. */
#ifndef KYBDESK_DOMAIN_ADDRESS_H
#define KYBDESK_DOMAIN_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct address_policy {
	bool uses_plain_http; /* the URL is http:// */
	bool sandbox;
};

/* Allows public addresses over https; for a sandbox store also loopback addresses, over https or plain http. */
bool address_is_allowed(const struct address_policy *policy, const struct sockaddr *address, socklen_t length);
/* Whether the first `bits` bits of `address` and `prefix` are equal. */
bool address_starts_with(const uint8_t *address, const uint8_t *prefix, unsigned bits);

#endif
