/* Proxies in front of the server, which put the client's address into a header. The server reads only the header
 * that the setting trusted_proxies selects (X-Forwarded-For or Forwarded), and only from a trusted proxy: a client
 * can send the other header itself. */
#ifndef KYBDESK_DOMAIN_PROXY_H
#define KYBDESK_DOMAIN_PROXY_H

#include "kybdesk/base/error.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define PROXIES_MAX 16
/* Word in the setting trusted_proxies that selects the header Forwarded (RFC 7239) instead of X-Forwarded-For. */
#define PROXIES_FORWARDED "forwarded"

/* A network as an IPv6 address and a prefix length; an IPv4 address is stored as its mapped IPv6 address. */
struct network {
	struct in6_addr address;
	unsigned prefix_bits; /* 0..128 */
};
struct proxies {
	struct network items[PROXIES_MAX];
	size_t count;
	bool uses_forwarded_header;
};

/* Parses a list of networks such as "127.0.0.1, 10.0.0.0/8, fd00::/8"; PROXIES_FORWARDED may be one of the words.
 * "": no proxies. ERR_INVALID names the wrong word. */
enum err proxies_parse(const char *text, struct proxies *out, struct error *error);
bool proxies_include(const struct proxies *proxies, const char *address);
/* Finds the client's address: reads the header's list from its end, and stops at the first address that is not
 * trusted, or at a word that is not an address. header: all lines of the header, joined by commas. */
void proxies_find_client(const struct proxies *proxies, const char *peer, const char *header,
			 char out[INET6_ADDRSTRLEN]);
/* Writes an IPv4 address unchanged; for IPv6 writes the /64 network, since one client usually owns all addresses of
 * such a network. */
void format_network(const char *address, char out[INET6_ADDRSTRLEN]);

#endif
