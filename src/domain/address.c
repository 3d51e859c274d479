#include "kybdesk/domain/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

/* Copies the bytes of an address, because the library's pointer may not be aligned for its real type. Returns their
 * number: 4, 16, or 0 for another kind of address. */
static size_t copy_address_bytes(const struct sockaddr *address, socklen_t length, struct in6_addr *out)
{
	size_t size = 0, at = 0;

	if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		size = 4;
		at = offsetof(struct sockaddr_in, sin_addr);
	} else if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
		size = 16;
		at = offsetof(struct sockaddr_in6, sin6_addr);
	}
	memcpy(out->s6_addr, (const char *)address + at, size);
	return size;
}

/* Whether the address is in 127.0.0.0/8, ::1 or ::ffff:127.0.0.0/104. */
static bool is_loopback(const struct sockaddr *address, socklen_t length)
{
	struct in6_addr bytes;
	size_t size = copy_address_bytes(address, length, &bytes);

	if (size == 16)
		return IN6_IS_ADDR_LOOPBACK(&bytes) || (IN6_IS_ADDR_V4MAPPED(&bytes) && bytes.s6_addr[12] == 127);
	return size == 4 && bytes.s6_addr[0] == 127;
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

bool address_starts_with(const uint8_t *address, const uint8_t *prefix, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return !memcmp(address, prefix, whole) && (!rest || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0);
}

static bool is_in_any_range(const uint8_t *address, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (address_starts_with(address, ranges[i].first, ranges[i].bits))
			return true;
	return false;
}

/* Whether the address is a public internet address: not in a loopback, private, link-local (cloud metadata),
 * shared, multicast, documentation or reserved range of the IANA special-purpose registries, also not inside an
 * IPv6 form (mapped, compatible, NAT64, 6to4, Teredo). */
static bool is_public(const struct sockaddr *address, socklen_t length)
{
	struct in6_addr bytes;
	size_t size = copy_address_bytes(address, length, &bytes);

	if (size == 16)
		return is_in_any_range(bytes.s6_addr, global_six, sizeof global_six / sizeof *global_six) &&
		       !is_in_any_range(bytes.s6_addr, closed_six, sizeof closed_six / sizeof *closed_six);
	return size == 4 && !is_in_any_range(bytes.s6_addr, closed_four, sizeof closed_four / sizeof *closed_four);
}

bool address_is_allowed(const struct address_policy *policy, const struct sockaddr *address, socklen_t length)
{
	if (policy->sandbox && is_loopback(address, length))
		return true;
	return !policy->uses_plain_http && is_public(address, length);
}
