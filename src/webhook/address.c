#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

bool address_is_loopback(const struct sockaddr *address, socklen_t length)
{
	/* Copied, because what a library hands over need not be aligned for its real type. */
	if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in four;
		memcpy(&four, address, sizeof four);
		return ntohl(four.sin_addr.s_addr) >> 24 == 127;
	}
	if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 six;
		memcpy(&six, address, sizeof six);
		return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr) ||
		       (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr) && six.sin6_addr.s6_addr[12] == 127);
	}
	return false;
}

bool address_is_allowed(const struct address_policy *policy, const struct sockaddr *address, socklen_t length)
{
	if (policy->plain_http)
		return policy->sandbox && address_is_loopback(address, length);
	return true;
}
