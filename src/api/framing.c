/* Checks how the head delimits the body. Two parsers that disagree on the length allow request smuggling through a
 * proxy, so an ambiguous head is refused before the body is used (RFC 9112, sections 6.1 to 6.3). */
#include "exchange.h"
#include "kybdesk/base/text.h"

#include <string.h>
#include <strings.h>

struct seen {
	unsigned lengths, codings, hosts, authorizations, origins;
	const char *length, *coding;
	const char *content_encoding;
	bool odd_name;
	/* Start of the next line, and the number of earlier lines that did not end in CR LF. */
	const char *line;
	unsigned torn;
};

static bool is_token(const char *name)
{
	return *name &&
	       !name[strspn(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")];
}

static enum MHD_Result look(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct seen *seen = context;

	(void)kind;
	value = value ? value : "";
	if (!strcasecmp(name, "Content-Length")) {
		seen->lengths++;
		seen->length = value;
	} else if (!strcasecmp(name, "Transfer-Encoding")) {
		seen->codings++;
		seen->coding = value;
	} else if (!strcasecmp(name, "Host")) {
		seen->hosts++;
	} else if (!strcasecmp(name, "Authorization")) {
		seen->authorizations++;
	} else if (!strcasecmp(name, "Origin")) {
		seen->origins++;
	} else if (!strcasecmp(name, "Content-Encoding")) {
		seen->content_encoding = value;
	}
	seen->torn += name != seen->line;
	seen->line = value + strlen(value) + 2;
	seen->odd_name = seen->odd_name || !is_token(name) || value[strcspn(value, "\r\n")];
	return MHD_YES;
}

/* libmicrohttpd ends texts at the first NUL, and accepts a lone CR or LF as the end of a line. The library's
 * texts are parts of the receive buffer, one line after the other, so a gap other than CR LF reveals such a line. A
 * library version that copies the texts is recognised by the first text, and not checked. */
static bool has_malformed_lines(struct exchange *x, const char *method, const char *version, struct seen *seen)
{
	const union MHD_ConnectionInfo *info =
		microhttpd.get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	uintptr_t from = (uintptr_t)method, at = (uintptr_t)version, end = from + (info ? info->header_size : 0);

	(void)microhttpd.get_connection_values(x->mhd, MHD_HEADER_KIND, look, seen);
	if (at <= from || at >= end)
		return false;
	return x->uri_end + 1 != version || seen->torn || (uintptr_t)seen->line + 2 != end;
}

static enum err refuse(struct exchange *x, struct error *error, const char *what)
{
	x->closes = true;
	return request_refuse(&x->request, 400, "invalid", error, "%s", what);
}

enum err framing_check(struct exchange *x, const char *method, const char *version, struct error *error)
{
	struct seen seen = { .length = "0",
			     .coding = "chunked",
			     .content_encoding = "identity",
			     .line = version + strlen(version) + 2 };

	if (has_malformed_lines(x, method, version, &seen))
		return refuse(
			x, error,
			"The head has a NUL, a line that does not end in CR LF, or a line folded into the next");
	if (seen.odd_name)
		return refuse(x, error, "The name of a header has a character that is not allowed");
	if (seen.lengths > 1)
		return refuse(x, error, "Content-Length appears more than once");
	if (seen.lengths && seen.codings)
		return refuse(x, error, "Send either Content-Length or Transfer-Encoding, not both");
	if (!*seen.length || seen.length[strspn(seen.length, "0123456789")] || strlen(seen.length) > 18)
		return refuse(x, error, "Content-Length must be a number of bytes");
	if (seen.codings > 1 || strcasecmp(seen.coding, "chunked") != 0)
		return refuse(x, error, "Transfer-Encoding must be chunked");
	if (seen.hosts > 1 || seen.authorizations > 1 || seen.origins > 1)
		return refuse(x, error,
			      seen.hosts > 1	 ? "Host appears more than once"
			      : seen.origins > 1 ? "Origin appears more than once"
						 : "Authorization appears more than once");
	if (strcasecmp(seen.content_encoding, "identity") != 0)
		return request_refuse(&x->request, 415, "unsupported_media_type", error,
				      "The body has a Content-Encoding; send the body without one");
	return ERR_OK;
}
