#include "kybdesk/domain/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

bool address_is_loopback(const struct sockaddr *address, socklen_t length)
{
	/* Copied, because the library's pointer may not be aligned for its real type. */
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

struct range {
	uint8_t first[16];
	unsigned bits;
};

static const struct range closed_four[] = {
	{ { 0 }, 8 },
	{ { 10 }, 8 },
	{ { 100, 64 }, 10 },
	{ { 127 }, 8 },
	{ { 169, 254 }, 16 },
	{ { 172, 16 }, 12 },
	{ { 192, 0, 0 }, 24 },
	{ { 192, 0, 2 }, 24 },
	{ { 192, 88, 99 }, 24 },
	{ { 192, 168 }, 16 },
	{ { 198, 18 }, 15 },
	{ { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 },
	{ { 224 }, 4 },
	{ { 240 }, 4 },
};

/* Only 2000::/3 of IPv6 is assigned as global unicast (RFC 4291, IANA's registry of the address space). All other
 * addresses are refused: every form that contains an IPv4 address, and all unassigned space. */
static const struct range global_six[] = { { { 0x20 }, 3 } };

static const struct range closed_six[] = {
	{ { 0x20, 0x01 }, 23 },		    /* Teredo, benchmarks, ORCHID */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x20, 0x02 }, 16 },		    /* 6to4 */
	{ { 0x3f, 0xff }, 20 },		    /* documentation */
};

static bool is_within(const uint8_t *address, const struct range *range)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;
	if (memcmp(address, range->first, whole) != 0)
		return false;
	return rest == 0 || (address[whole] ^ range->first[whole]) >> (8 - rest) == 0;
}

static bool is_in_one_of(const uint8_t *address, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_within(address, &ranges[i]))
			return true;
	return false;
}

bool address_is_public(const struct sockaddr *address, socklen_t length)
{
	if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in four;
		memcpy(&four, address, sizeof four);
		return !is_in_one_of((const uint8_t *)&four.sin_addr, closed_four,
				     sizeof closed_four / sizeof *closed_four);
	}
	if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 six;
		memcpy(&six, address, sizeof six);
		return is_in_one_of(six.sin6_addr.s6_addr, global_six, sizeof global_six / sizeof *global_six) &&
		       !is_in_one_of(six.sin6_addr.s6_addr, closed_six, sizeof closed_six / sizeof *closed_six);
	}
	return false;
}

bool address_is_allowed(const struct address_policy *policy, const struct sockaddr *address, socklen_t length)
{
	if (policy->sandbox && address_is_loopback(address, length))
		return true;
	return !policy->plain_http && address_is_public(address, length);
}
