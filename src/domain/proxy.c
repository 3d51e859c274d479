#include "kybdesk/domain/proxy.h"
#include "kybdesk/domain/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define V4_MAPPED_PREFIX_BITS 96 /* of ::ffff:0:0/96 */

static bool read_address(const char *text, struct in6_addr *out, bool *is_ipv4)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	*is_ipv4 = !strchr(text, ':');
	if (!*is_ipv4)
		return inet_pton(AF_INET6, text, out) == 1;
	memcpy(out->s6_addr, mapped, sizeof mapped);
	return inet_pton(AF_INET, text, &out->s6_addr[sizeof mapped]) == 1;
}

static bool read_network(const char *word, struct network *out)
{
	const char *slash = strchr(word, '/');
	char address[INET6_ADDRSTRLEN];
	size_t length = slash ? (size_t)(slash - word) : strlen(word);
	bool is_ipv4;

	if (length >= sizeof address)
		return false;
	memcpy(address, word, length);
	address[length] = '\0';
	if (!read_address(address, &out->address, &is_ipv4))
		return false;
	out->prefix_bits = 128;
	if (!slash)
		return true;
	length = strspn(slash + 1, "0123456789");
	if (!length || length > 3 || slash[1 + length])
		return false;
	out->prefix_bits = (unsigned)strtoul(slash + 1, NULL, 10) + (is_ipv4 ? V4_MAPPED_PREFIX_BITS : 0);
	return out->prefix_bits <= 128;
}

/* Moves *at to the next word between blanks and commas; returns the length of the word, 0 at the end. */
static size_t next_word_length(const char **at)
{
	*at += strspn(*at, ", \t");
	return strcspn(*at, ", \t");
}

enum err proxies_parse(const char *text, struct proxies *out, struct error *error)
{
	size_t length;

	*out = (struct proxies){ 0 };
	for (const char *at = text; (length = next_word_length(&at)); at += length) {
		char word[64];

		(void)snprintf(word, sizeof word, "%.*s", (int)(length < 63 ? length : 63), at);
		if (!strcmp(word, PROXIES_FORWARDED)) {
			out->uses_forwarded_header = true;
			continue;
		}
		if (out->count == PROXIES_MAX)
			return error_set(error, ERR_INVALID, "At most %d proxies can be trusted", PROXIES_MAX);
		if (length > 63 || !read_network(word, &out->items[out->count]))
			return error_set(
				error, ERR_INVALID,
				"\"%s\" is not an address of a proxy; write for example 127.0.0.1, 10.0.0.0/8 or "
				"fd00::/8. Add the word \"forwarded\" if the proxy sets the header Forwarded",
				word);
		/* Refuses 0 bits, which are all addresses, and ::ffff:0:0/96, which is all IPv4 addresses. */
		if (out->items[out->count].prefix_bits == 0 ||
		    (out->items[out->count].prefix_bits == V4_MAPPED_PREFIX_BITS &&
		     IN6_IS_ADDR_V4MAPPED(&out->items[out->count].address)))
			return error_set(error, ERR_INVALID,
					 "\"%s\" would trust every client; name the addresses of the proxies", word);
		out->count++;
	}
	return ERR_OK;
}

static bool is_trusted_proxy(const struct proxies *proxies, const struct in6_addr *address)
{
	for (size_t i = 0; i < proxies->count; i++)
		if (address_starts_with(address->s6_addr, proxies->items[i].address.s6_addr,
					proxies->items[i].prefix_bits))
			return true;
	return false;
}

bool proxies_include(const struct proxies *proxies, const char *address)
{
	struct in6_addr bytes;
	bool is_ipv4;

	return proxies->count && read_address(address, &bytes, &is_ipv4) && is_trusted_proxy(proxies, &bytes);
}

static void write_address(const struct in6_addr *address, char out[INET6_ADDRSTRLEN])
{
	if (IN6_IS_ADDR_V4MAPPED(address))
		(void)inet_ntop(AF_INET, &address->s6_addr[12], out, INET6_ADDRSTRLEN);
	else
		(void)inet_ntop(AF_INET6, address, out, INET6_ADDRSTRLEN);
}

/* Reads the address of a node: "192.0.2.1", "192.0.2.1:4711", "[2001:db8::1]:4711" or "2001:db8::1". */
static bool read_node(const char *text, size_t length, struct in6_addr *out)
{
	char node[INET6_ADDRSTRLEN + 10], *end;
	bool is_ipv4;

	if (length >= sizeof node)
		return false;
	memcpy(node, text, length);
	node[length] = '\0';
	if (*node == '[') {
		end = strchr(node, ']');
		if (!end || (end[1] && (end[1] != ':' || end[2 + strspn(end + 2, "0123456789")])))
			return false;
		*end = '\0';
		return read_address(node + 1, out, &is_ipv4) && !is_ipv4;
	}
	end = strchr(node, ':');
	if (end && end == strrchr(node, ':') && !end[1 + strspn(end + 1, "0123456789")])
		*end = '\0';
	return read_address(node, out, &is_ipv4);
}

/* *at: one element of the header Forwarded; afterwards the value of its for=. False: for= is missing or repeated. */
static bool parse_for_parameter(const char **at, size_t *length)
{
	const char *from = *at, *end = from + *length, *found = NULL;

	for (const char *pair = from; pair < end;) {
		const char *next = memchr(pair, ';', (size_t)(end - pair));
		const char *stop = next ? next : end;

		pair += strspn(pair, " \t");
		if (stop - pair > 4 && !strncasecmp(pair, "for=", 4)) {
			if (found)
				return false;
			found = pair + 4;
			*length = (size_t)(stop - found);
		}
		pair = stop + 1;
	}
	if (!found)
		return false;
	while (*length && strchr(" \t", found[*length - 1]))
		(*length)--;
	if (*length > 1 && *found == '"' && found[*length - 1] == '"') {
		found++;
		*length -= 2;
	}
	*at = found;
	return true;
}

void proxies_find_client(const struct proxies *proxies, const char *peer, const char *header,
			 char out[INET6_ADDRSTRLEN])
{
	const char *end = header + strlen(header);
	struct in6_addr address;
	bool is_ipv4;

	(void)snprintf(out, INET6_ADDRSTRLEN, "%s", peer);
	if (!proxies->count || !read_address(peer, &address, &is_ipv4))
		return;
	while (end && is_trusted_proxy(proxies, &address)) {
		const char *comma = memrchr(header, ',', (size_t)(end - header));
		const char *at = comma ? comma + 1 : header;
		size_t length = (size_t)(end - at);

		end = comma;
		while (length && strchr(" \t", *at)) {
			at++;
			length--;
		}
		while (length && strchr(" \t", at[length - 1]))
			length--;
		if (!length || (proxies->uses_forwarded_header && !parse_for_parameter(&at, &length)) ||
		    !read_node(at, length, &address))
			return;
		write_address(&address, out);
	}
}

void format_network(const char *address, char out[INET6_ADDRSTRLEN])
{
	struct in6_addr bytes;
	bool is_ipv4;

	(void)snprintf(out, INET6_ADDRSTRLEN, "%s", address);
	if (!read_address(address, &bytes, &is_ipv4) || is_ipv4 || IN6_IS_ADDR_V4MAPPED(&bytes))
		return;
	memset(&bytes.s6_addr[8], 0, 8);
	(void)inet_ntop(AF_INET6, &bytes, out, INET6_ADDRSTRLEN);
}
