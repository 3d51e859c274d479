#include "kybdesk/domain/address.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/domain/format.h"
#include "event_names.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* The event names of docs/webhooks.md and of the seeds ralio-sandbox and atelio-beneficial-owners, from
 * data/api/webhooks.json. */
static const char *const event_names[] = { EVENT_NAMES };

const char *const *endpoint_event_names(size_t *count)
{
	*count = sizeof event_names / sizeof event_names[0];
	return event_names;
}

enum err endpoint_event_check(const char *name, struct error *error)
{
	size_t count;
	const char *const *names = endpoint_event_names(&count);

	if (!strcmp(name, "*") || texts_contain(names, count, name))
		return ERR_OK;
	return error_unknown_word(
		error, ERR_INVALID,
		&(struct unknown_name){ .kind = "event",
					.name = name,
					.hint = "Events are named like kyc.state_updated, or * for all",
					.names = names,
					.count = count,
					.field = "event" });
}

static bool host_is_loopback(const char *host, size_t length)
{
	static const char *const loopback[] = { "localhost", "127.0.0.1", "[::1]" };

	for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++)
		if (strlen(loopback[i]) == length && !strncasecmp(host, loopback[i], length))
			return true;
	/* 127.0.0.0/8 in dotted form: "127." and three numbers up to 255 */
	if (length > 4 && !strncmp(host, "127.", 4)) {
		unsigned dots = 1, number = 0, digits = 0;
		for (size_t i = 4; i < length; i++) {
			if (host[i] == '.') {
				if (!digits)
					return false;
				dots++;
				number = digits = 0;
			} else if (host[i] >= '0' && host[i] <= '9' && digits < 3) {
				number = number * 10 + (unsigned)(host[i] - '0');
				digits++;
				if (number > 255)
					return false;
			} else {
				return false;
			}
		}
		return dots == 3 && digits > 0;
	}
	return false;
}

static enum err refuse_url(struct error *error, const char *sentence)
{
	return error_invalid(error, "url", "%s", sentence);
}

enum err endpoint_url_check(const char *url, bool sandbox, struct error *error)
{
	const char *host, *end, *host_end;
	bool plain;

	if (strlen(url) > ENDPOINT_URL_MAX)
		return error_invalid(error, "url", "the URL is longer than %d bytes", ENDPOINT_URL_MAX);
	for (const unsigned char *p = (const unsigned char *)url; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || *p == '\\' || *p == '"' || *p == '<' || *p == '>')
			return error_invalid(error, "url", "the URL has a character at byte %zu that must be escaped",
					     (size_t)(p - (const unsigned char *)url) + 1);
	plain = !strncasecmp(url, "http://", 7);
	if (!plain && strncasecmp(url, "https://", 8) != 0)
		return refuse_url(error, "the URL must start with https://");
	host = url + (plain ? 7 : 8);
	end = host + strcspn(host, "/?#");
	if (strchr(url, '#'))
		return refuse_url(error, "the URL must not have a #fragment");
	if (memchr(host, '@', (size_t)(end - host)))
		return refuse_url(error, "the URL must not contain a user name or password");
	if (*host == '[') {
		host_end = memchr(host, ']', (size_t)(end - host));
		if (!host_end)
			return refuse_url(error, "the address has no closing bracket");
		host_end++;
	} else {
		host_end = memchr(host, ':', (size_t)(end - host));
		if (!host_end)
			host_end = end;
	}
	if (host_end == host)
		return refuse_url(error, "the URL has no host name");
	if (host_end != end && (*host_end != ':' || !port_is_valid(host_end + 1, (size_t)(end - host_end - 1))))
		return refuse_url(error, "the URL's port is not a number from 1 to 65535");
	if (plain && !(sandbox && host_is_loopback(host, (size_t)(host_end - host))))
		return refuse_url(error, "http:// is allowed only in a sandbox store and only for a loopback address; "
					 "use https://");
	return ERR_OK;
}

const char *endpoint_hook_name(const char *url)
{
	static const char scheme[] = "hook:";

	return strncmp(url, scheme, sizeof scheme - 1) == 0 ? url + sizeof scheme - 1 : NULL;
}

enum err endpoint_hook_check(const char *name, struct error *error)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (length && length <= ENDPOINT_HOOK_NAME_MAX && !name[length])
		return ERR_OK;
	return error_invalid(
		error, "url",
		"the name of a hook must have 1 to %d lower-case letters, digits or hyphens, as in hook:ticket",
		ENDPOINT_HOOK_NAME_MAX);
}

/* The resolver accepts numbers as addresses, too: "10.1", "0x0a000001" and "167772161". */
static bool read_address(const char *host, struct sockaddr_storage *out, socklen_t *length)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	memset(out, 0, sizeof *out);
	if (inet_pton(AF_INET6, host, &six.sin6_addr) == 1) {
		memcpy(out, &six, *length = sizeof six);
		return true;
	}
	if (!inet_aton(host, &four.sin_addr))
		return false;
	memcpy(out, &four, *length = sizeof four);
	return true;
}

static bool is_localhost(const char *host)
{
	static const char name[] = "localhost";
	size_t length = strlen(host), size = sizeof name - 1;

	return length >= size && !strcasecmp(host + length - size, name) &&
	       (length == size || host[length - size - 1] == '.');
}

enum err endpoint_address_check(const char *url, bool sandbox, struct error *error)
{
	const struct address_policy policy = { .uses_plain_http = !strncasecmp(url, "http://", 7), .sandbox = sandbox };
	const char *at = strstr(url, "://");
	struct sockaddr_storage address;
	char host[256];
	socklen_t length = 0;
	size_t size;
	bool allowed;

	if (!at)
		return ERR_OK;
	at += 3;
	size = *at == '[' ? strcspn(++at, "]") : strcspn(at, ":/?");
	if (!size || size >= sizeof host)
		return ERR_OK;
	memcpy(host, at, size);
	host[size - (host[size - 1] == '.')] = '\0';
	allowed = read_address(host, &address, &length)
			  ? address_is_allowed(&policy, (const struct sockaddr *)&address, length)
			  : sandbox || !is_localhost(host);
	return allowed ? ERR_OK
		       : error_invalid(
				 error, "url",
				 "Webhooks cannot be delivered to %s: it is not an address of the public internet",
				 host);
}
