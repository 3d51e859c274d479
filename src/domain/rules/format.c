#include "kybdesk/domain/format.h"
#include "rules_parts.h"
#include "kybdesk/base/text.h"

#include <arpa/inet.h>
#include <string.h>

#define EMAIL_MAX 254
#define EMAIL_LOCAL_MAX 64
#define HOST_MAX 253
#define LABEL_MAX 63
#define URL_MAX 2048

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool digits_match(const char *text, const char *shape)
{
	for (; *shape; shape++, text++) {
		if (*shape == '#' ? !is_ascii_digit(*text) : *text != *shape)
			return false;
	}
	return !*text;
}

/* Whether the host has at least two labels of letters, digits and inner hyphens, and its last label is not a
 * number. Letters beyond ASCII are allowed ("müller.example"), and checked only by the resolver. */
static bool host_is_valid(const char *host, size_t length)
{
	size_t labels = 0, at = 0, last = 0;

	if (!length || length > HOST_MAX)
		return false;
	while (at <= length) {
		size_t end = at;

		while (end < length && host[end] != '.')
			end++;
		if (end == at || end - at > LABEL_MAX || host[at] == '-' || host[end - 1] == '-')
			return false;
		for (size_t i = at; i < end; i++) {
			if (!is_letter(host[i]) && !is_ascii_digit(host[i]) && host[i] != '-' &&
			    (unsigned char)host[i] < 0x80)
				return false;
		}
		labels++;
		last = at;
		at = end + 1;
	}
	if (labels < 2 || length - last < 2)
		return false;
	for (size_t i = last; i < length; i++) {
		if (!is_ascii_digit(host[i]))
			return true;
	}
	return false;
}

bool email_is_valid(const char *text)
{
	const char *at = strrchr(text, '@');
	size_t local = at ? (size_t)(at - text) : 0;

	if (!at || !local || local > EMAIL_LOCAL_MAX || strlen(text) > EMAIL_MAX)
		return false;
	for (size_t i = 0; i < local; i++) {
		if (text[i] == '.') {
			if (i == 0 || i + 1 == local || text[i + 1] == '.')
				return false;
			continue;
		}
		/* The local part may be UTF-8 (RFC 6531). */
		if (!(text[i] & 0x80) && !is_letter(text[i]) && !is_ascii_digit(text[i]) &&
		    !strchr("!#$%&'*+/=?^_`{|}~-", text[i]))
			return false;
	}
	return host_is_valid(at + 1, strlen(at + 1));
}

bool phone_is_valid(const char *text)
{
	return digits_match(text, "#########") || digits_match(text, "##########") ||
	       digits_match(text, "###-###-####");
}

bool ssn_is_valid(const char *text)
{
	return digits_match(text, "#########") || digits_match(text, "###-##-####");
}

bool ipv4_is_valid(const char *text)
{
	struct in_addr address;

	return inet_pton(AF_INET, text, &address) == 1;
}

bool port_is_valid(const char *text, size_t length)
{
	int port = 0;

	if (!length || length > 5)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!is_ascii_digit(text[i]))
			return false;
		port = port * 10 + (text[i] - '0');
	}
	return port >= 1 && port <= 65535;
}

bool url_is_valid(const char *text)
{
	const char *host, *colon;
	size_t length, host_length;

	if (strlen(text) > URL_MAX)
		return false;
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("<>\"\\^`{|}", *c))
			return false;
	}
	if (!strncmp(text, "https://", 8))
		host = text + 8;
	else if (!strncmp(text, "http://", 7))
		host = text + 7;
	else
		return false;
	length = strcspn(host, "/?#");
	if (memchr(host, '@', length))
		return false;
	colon = memchr(host, ':', length);
	host_length = colon ? (size_t)(colon - host) : length;
	if (colon && !port_is_valid(colon + 1, length - host_length - 1))
		return false;
	return host_is_valid(host, host_length);
}
