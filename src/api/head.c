/* Processes the head of a request: route, caller, limits and permission to send a body. */
#include "exchange.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define POST_BUFFER 65536

/* --- how the head delimits the body: two parsers that disagree on the length allow request smuggling through a
 * proxy, so an ambiguous head is refused before the body is used (RFC 9112, sections 6.1 to 6.3) --- */

struct headers {
	unsigned length_count, coding_count, host_count, authorization_count, origin_count;
	const char *content_length, *transfer_encoding;
	const char *content_encoding;
	bool has_bad_header;
	/* expected_line: the expected start of the next line; misplaced_line_count: the number of lines that do not
	 * start directly after CR LF */
	const char *expected_line;
	unsigned misplaced_line_count;
};

static bool is_http_token(const char *name)
{
	return *name &&
	       !name[strspn(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")];
}

static enum MHD_Result scan_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct headers *headers = context;

	(void)kind;
	value = value ? value : "";
	if (!strcasecmp(name, "Content-Length")) {
		headers->length_count++;
		headers->content_length = value;
	} else if (!strcasecmp(name, "Transfer-Encoding")) {
		headers->coding_count++;
		headers->transfer_encoding = value;
	} else if (!strcasecmp(name, "Host")) {
		headers->host_count++;
	} else if (!strcasecmp(name, "Authorization")) {
		headers->authorization_count++;
	} else if (!strcasecmp(name, "Origin")) {
		headers->origin_count++;
	} else if (!strcasecmp(name, "Content-Encoding")) {
		headers->content_encoding = value;
	}
	headers->misplaced_line_count += name != headers->expected_line;
	headers->expected_line = value + strlen(value) + 2;
	headers->has_bad_header = headers->has_bad_header || !is_http_token(name) || value[strcspn(value, "\r\n")];
	return MHD_YES;
}

/* libmicrohttpd ends texts at the first NUL, and accepts a lone CR or LF as the end of a line. The library's texts are
 * parts of the receive buffer, one line after the other, so a gap other than CR LF reveals a NUL, a lone CR or a lone
 * LF. If a version of the library copies the texts, `version` is outside the buffer, and the lines are not checked. */
static bool has_malformed_lines(struct exchange *x, const char *method, const char *version, struct headers *headers)
{
	const union MHD_ConnectionInfo *info =
		microhttpd.get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	uintptr_t from = (uintptr_t)method, at = (uintptr_t)version, end = from + (info ? info->header_size : 0);

	(void)microhttpd.get_connection_values(x->mhd, MHD_HEADER_KIND, scan_header, headers);
	if (at <= from || at >= end)
		return false;
	return x->uri_end + 1 != version || headers->misplaced_line_count ||
	       (uintptr_t)headers->expected_line + 2 != end;
}

static enum err refuse_head(struct exchange *x, struct error *error, const char *what)
{
	x->must_disconnect = true;
	return request_refuse(&x->request, 400, "invalid", error, "%s", what);
}

/* Refuses a request with 400 if the end of its body, its host or its caller is ambiguous, and with 415 if it has a
 * Content-Encoding other than identity. */
static enum err check_framing(struct exchange *x, const char *method, const char *version, struct error *error)
{
	struct headers headers = { .content_length = "0",
				   .transfer_encoding = "chunked",
				   .content_encoding = "identity",
				   .expected_line = version + strlen(version) + 2 };

	if (has_malformed_lines(x, method, version, &headers))
		return refuse_head(x, error,
				   "The head of the request has a NUL, a line that does not end in CR LF, or a "
				   "line folded into the next");
	if (headers.has_bad_header)
		return refuse_head(x, error, "The name of a header has a character that is not allowed");
	if (headers.length_count > 1)
		return refuse_head(x, error, "Content-Length appears more than once");
	if (headers.length_count && headers.coding_count)
		return refuse_head(x, error, "Send either Content-Length or Transfer-Encoding, not both");
	if (!*headers.content_length || headers.content_length[strspn(headers.content_length, "0123456789")] ||
	    strlen(headers.content_length) > 18)
		return refuse_head(x, error, "Content-Length must be a number of bytes");
	if (headers.coding_count > 1 || strcasecmp(headers.transfer_encoding, "chunked") != 0)
		return refuse_head(x, error, "Transfer-Encoding must be chunked");
	if (headers.host_count > 1 || headers.authorization_count > 1 || headers.origin_count > 1)
		return refuse_head(x, error,
				   headers.host_count > 1     ? "Host appears more than once"
				   : headers.origin_count > 1 ? "Origin appears more than once"
							      : "Authorization appears more than once");
	if (strcasecmp(headers.content_encoding, "identity") != 0)
		return request_refuse(&x->request, 415, "unsupported_media_type", error,
				      "The body has a Content-Encoding; send the body without one");
	return ERR_OK;
}

/* --- the values of the head --- */

/* Value of a header, in the arena; "": absent. */
static const char *header_value(struct exchange *x, const char *name)
{
	const char *value = microhttpd.lookup_connection_value(x->mhd, MHD_HEADER_KIND, name);

	return value ? arena_strdup(&x->request.arena, value) : "";
}

static bool read_query(struct request *r)
{
	const char *at = r->query[0].value;

	r->query_count = 0;
	while (*at) {
		size_t length = strcspn(at, "&"), name = strcspn(at, "=&");
		struct pair pair = { .value = "" };

		if (r->query_count == FIELDS_MAX || length > VALUE_MAX)
			return false;
		pair.name = uri_decode(&r->arena, at, name, true);
		if (name < length)
			pair.value = uri_decode(&r->arena, at + name + 1, length - name - 1, true);
		if (!pair.name || !pair.value)
			return false;
		if (length)
			r->query[r->query_count++] = pair;
		at += length;
		at += *at == '&';
	}
	return true;
}

void connection_read_peer(struct MHD_Connection *mhd, char out[INET6_ADDRSTRLEN])
{
	const union MHD_ConnectionInfo *info = microhttpd.get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;

	*out = '\0';
	if (address && address->sa_family == AF_INET)
		(void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, out,
				INET6_ADDRSTRLEN);
	else if (address && address->sa_family == AF_INET6)
		(void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, out,
				INET6_ADDRSTRLEN);
}

struct header_lines {
	const char *name;
	struct strbuf text;
};

static enum MHD_Result join_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct header_lines *header_lines = context;

	(void)kind;
	if (value && !strcasecmp(name, header_lines->name))
		strbuf_addf(&header_lines->text, "%s%s", header_lines->text.len ? ", " : "", value);
	return MHD_YES;
}

static void read_peer(struct exchange *x)
{
	struct header_lines header_lines = { .name = "X-Forwarded-For", .text = STRBUF_INIT };
	char direct_peer[INET6_ADDRSTRLEN], client[INET6_ADDRSTRLEN], network[INET6_ADDRSTRLEN];
	struct proxies proxies;

	(void)pthread_mutex_lock(&x->server->lock);
	proxies = x->server->proxies;
	(void)pthread_mutex_unlock(&x->server->lock);
	connection_read_peer(x->mhd, direct_peer);
	if (proxies.uses_forwarded_header)
		header_lines.name = "Forwarded";
	if (proxies_include(&proxies, direct_peer))
		(void)microhttpd.get_connection_values(x->mhd, MHD_HEADER_KIND, join_header, &header_lines);
	proxies_find_client(&proxies, direct_peer, header_lines.text.buf, client);
	format_network(client, network);
	x->request.direct_peer = arena_strdup(&x->request.arena, direct_peer);
	x->request.peer = arena_strdup(&x->request.arena, client);
	x->request.peer_network = arena_strdup(&x->request.arena, network);
	strbuf_release(&header_lines.text);
}

/* --- how many requests --- */

/* Counts the request against one limit; the response reports the limit with the fewest remaining requests. */
static enum err count_request(struct exchange *x, enum rate rate, const char *client, struct error *error)
{
	struct request *r = &x->request;
	struct server *server = x->server;
	struct limit_state state = { .tries_max = (unsigned)atomic_load(&server->rates[rate]) };
	bool allowed;

	if (!state.tries_max)
		return ERR_OK;
	allowed = limiter_count_request(&server->request_limiter, server->options->world,
					arena_printf(&r->arena, "%d %s", (int)rate, client), &state);
	if (!r->answer.limit.tries_max || !allowed || state.remaining_tries < r->answer.limit.remaining_tries)
		r->answer.limit = state;
	if (allowed)
		return ERR_OK;
	r->answer.retry_after_s = state.reset_s;
	return request_refuse(r, 429, "too_many_requests", error, "Too many requests; %s: at most %u a minute",
			      rate_limits[rate].description, state.tries_max);
}

/* Counts an authenticated caller. All tokens of a key count together, and so do all links of a session. */
static enum err limit_caller(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	bool with_file = body_limits_of_route(r->route)->files > 0;
	int64_t merchant = r->route->permission == PERMIT_NOT_NEEDED ? r->link_merchant_row : r->caller.merchant_row;
	enum err err = ERR_OK;

	if (r->route->permission != PERMIT_NOT_NEEDED)
		err = count_request(x, RATE_KEY,
				    r->caller.key_row ? arena_printf(&r->arena, "%lld", (long long)r->caller.key_row)
						      : r->caller.actor,
				    error);
	else if (r->link_session_id)
		err = count_request(x, RATE_LINK, r->link_session_id, error);
	if (!err && with_file && r->link_session_id)
		err = count_request(x, RATE_LINK_FILES, r->link_session_id, error);
	if (!err && with_file && merchant)
		err = count_request(x, RATE_KEY_FILES, arena_printf(&r->arena, "%lld", (long long)merchant), error);
	return err;
}

/* --- route and permission --- */

#define ID_SHOWN_MAX 64

static enum err refuse_unknown_path(struct request *r, struct error *error)
{
	const char *wrong = route_find_wrong_id(r);

	if (!wrong || strlen(wrong) > ID_SHOWN_MAX)
		return error_set(error, ERR_NOT_FOUND, "There is nothing at this address");
	return error_set(error, ERR_NOT_FOUND, "\"%s\" is not an id; use an id from a response (a UUID)", wrong);
}

static enum err find_route(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	const char *allow;

	r->route = route_find(r, &allow);
	if (r->route)
		return ERR_OK;
	if (!*allow)
		return refuse_unknown_path(r, error);
	r->answer.allow = allow;
	return request_refuse(r, 405, "method_not_allowed", error, "This address accepts %s", allow);
}

/* The token in "Bearer TOKEN"; for Atelio's clients also the whole header, because they send only the token. */
static const char *bearer_token(const struct request *r)
{
	const char *text = r->authorization;

	if (!strncasecmp(text, "Bearer ", 7))
		return text + 7 + strspn(text + 7, " ");
	return dialect_of(r) == DIALECT_ATELIO ? text : "";
}

static enum err refuse_bearer(struct request *r, struct error *error)
{
	bool atelio = dialect_of(r) == DIALECT_ATELIO;

	if (r->caller.key_end_sentence && *r->caller.key_end_sentence)
		return request_refuse(r, 401, "unauthorized", error, "%s", r->caller.key_end_sentence);
	return request_refuse(
		r, 401, "unauthorized", error, "The token is missing, wrong or expired; send Authorization: %s",
		atelio ? "TOKEN; if you send the header Identity, it must be the merchant's name" : "Bearer TOKEN");
}

/* Limits the number of wrong keys from one address. A correct key is always accepted, because clients behind a
 * proxy share an address. */
static enum err limit_key_guesses(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	int64_t most = atomic_load(&x->server->rates[RATE_ADDRESS]);
	struct limit_state state = { .tries_max =
					     (unsigned)(most > WRONG_KEYS_DIVISOR ? most / WRONG_KEYS_DIVISOR : 1) };

	/* An expired or revoked key is not a guess. */
	if (!most || (r->caller.key_end_sentence && *r->caller.key_end_sentence))
		return refuse_bearer(r, error);
	if (limiter_count_request(&x->server->bearer_limiter, x->server->options->world, r->peer_network, &state))
		return refuse_bearer(r, error);
	r->answer.retry_after_s = state.reset_s;
	return request_refuse(r, 429, "too_many_requests", error, "Too many wrong keys; wait a minute");
}

/* Limits guesses of link tokens. A valid link is admitted regardless of the peer's count: behind a proxy all
 * clients share an address, and the token's MAC protects the link. */
static enum err limit_link_guesses(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	struct limit_state state = { .tries_max = UNKNOWN_LINKS_PER_MINUTE };

	if (limiter_count_request(&x->server->link_limiter, x->server->options->world, r->peer_network, &state))
		return ERR_NOT_FOUND;
	error_release(error);
	r->answer.retry_after_s = state.reset_s;
	return request_refuse(r, 429, "too_many_requests", error, "Too many unknown links; wait a minute");
}

/* If the path alone gives access (a client's link, an upload address): checks the path before any part of the
 * body is stored on disk. */
static enum err admit(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	size_t desk;
	enum err err;

	if (!r->route->admit)
		return ERR_OK;
	desk = server_borrow_desk(x->server, BORROW_ALWAYS);
	r->desk = x->server->desks[desk];
	err = r->route->admit(r, error);
	desk_set_caller(r->desk, NULL);
	r->desk = NULL;
	server_return_desk(x->server, desk);
	return err == ERR_NOT_FOUND ? limit_link_guesses(x, error) : err;
}

/* Records the use of a key, at most once a minute for each key, so that most read requests need no commit. The
 * request succeeds even if the use cannot be recorded. */
static void record_key_use(struct exchange *x, struct desk *desk)
{
	const struct caller *caller = &x->request.caller;
	const struct world *world = x->server->options->world;
	struct limit_state once = { .tries_max = 1 };
	struct error error = { 0 };

	if (!caller->key_row || (caller->key_used_at != TIME_NONE &&
				 world_now_ms(world) - caller->key_used_at < KEY_USE_RECORD_INTERVAL_MS))
		return;
	if (!limiter_count_request(&x->server->bearer_limiter, world,
				   arena_printf(&x->request.arena, "use %lld", (long long)caller->key_row), &once))
		return;
	if (desk_mark_key_used(desk, caller->key_row, &error))
		log_info(&x->server->options->log, "The time of the last use of an API key cannot be stored: %s",
			 error.message ? error.message : "it failed");
	error_release(&error);
}

static enum err authenticate(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	bool known = false;
	size_t desk;
	enum err err;

	if (r->route->permission == PERMIT_NOT_NEEDED)
		return admit(x, error);
	if (!*bearer_token(r))
		return refuse_bearer(r, error);
	desk = server_borrow_desk(x->server, BORROW_ALWAYS);
	err = desk_auth_bearer(x->server->desks[desk], &r->arena, bearer_token(r), &r->caller, error);
	if (!err)
		record_key_use(x, x->server->desks[desk]);
	server_return_desk(x->server, desk);
	if (err)
		return err;
	known = r->caller.is_recognised;
	if (known && dialect_of(r) == DIALECT_ATELIO && *r->identity)
		known = !strcmp(r->identity, r->caller.merchant);
	r->caller.request_id = r->id;
	r->caller.trace = r->trace;
	if (!known)
		return limit_key_guesses(x, error);
	if (!(r->caller.permissions & 1u << r->route->permission))
		return error_set(error, ERR_FORBIDDEN, "This key has no permission %s",
				 permission_text(r->route->permission));
	return ERR_OK;
}

static bool has_media_type(const struct request *r, const char *type)
{
	size_t length = strlen(type);

	return !strncasecmp(r->content_type, type, length) && strchr("; \t", r->content_type[length]);
}

bool head_has_form_type(const struct request *r)
{
	return r->route->body == BODY_FORM ||
	       (r->route->body == BODY_UPLOAD && has_media_type(r, "multipart/form-data"));
}

static enum err refuse_media_type(struct request *r, const char *wanted, struct error *error)
{
	return request_refuse(r, 415, "unsupported_media_type", error, "The body must be %s", wanted);
}

/* Whether the charset is absent, UTF-8, or ASCII, which is a subset of UTF-8. */
static bool has_utf8_charset(const char *type)
{
	const char *at = strchr(type, ';');
	size_t length;

	for (; at; at = strchr(at, ';')) {
		at += 1 + strspn(at + 1, " \t");
		if (!strncasecmp(at, "charset", strlen("charset")) && strspn(at + strlen("charset"), " \t="))
			break;
	}
	if (!at)
		return true;
	at += strlen("charset");
	at += strspn(at, " \t");
	at += *at == '=';
	at += strspn(at, " \t\"");
	length = strcspn(at, " \t\";");
	return (length == 5 && !strncasecmp(at, "utf-8", 5)) || (length == 4 && !strncasecmp(at, "utf8", 4)) ||
	       (length == 8 && !strncasecmp(at, "us-ascii", 8));
}

/* Checks the media type before the body. An empty body needs no media type. */
static enum err check_media_type(struct exchange *x, struct error *error)
{
	static const char *const wanted[] = { [BODY_JSON] = "application/json",
					      [BODY_FORM] = "multipart/form-data",
					      [BODY_UPLOAD] = "multipart/form-data or application/json" };
	struct request *r = &x->request;
	enum body_kind body = r->route->body;
	const char *length = header_value(x, "Content-Length");
	bool empty = (!*length || !strcmp(length, "0")) && !*header_value(x, "Transfer-Encoding");

	/* The charset has no meaning for a file. */
	if (body != BODY_NONE && body != BODY_FILE && !has_utf8_charset(r->content_type))
		return refuse_media_type(r, "in UTF-8", error);
	if (body == BODY_NONE || body == BODY_FILE || (body == BODY_JSON && empty) ||
	    (body != BODY_FORM && has_media_type(r, "application/json")) ||
	    (body != BODY_JSON && has_media_type(r, "multipart/form-data")))
		return ERR_OK;
	return refuse_media_type(r, wanted[body], error);
}

void head_read(struct exchange *x, const char *method, const char *version)
{
	struct request *r = &x->request;
	struct error *error = &x->error;
	enum err err = ERR_OK;

	r->method = arena_strdup(&r->arena, method);
	read_peer(x);
	err = check_framing(x, method, version, error);
	r->authorization = header_value(x, "Authorization");
	r->identity = header_value(x, "Identity");
	r->content_type = header_value(x, "Content-Type");
	r->if_match = header_value(x, "If-Match");
	r->if_none_match = header_value(x, "If-None-Match");
	r->host = *x->target_host ? x->target_host : header_value(x, "Host");
	/* Ignores the Origin of a refused head, so that the response allows no website. */
	r->origin = err ? "" : header_value(x, "Origin");
	r->fetch_site = header_value(x, "Sec-Fetch-Site");
	r->preflight_method = header_value(x, "Access-Control-Request-Method");
	r->accept_language = header_value(x, "Accept-Language");
	r->has_idempotency_key = microhttpd.lookup_connection_value(x->mhd, MHD_HEADER_KIND, "Idempotency-Key");
	r->idempotency_key = header_value(x, "Idempotency-Key");
	trace_new_parent(x->server->options->world, header_value(x, "traceparent"), r->trace);
	if (!err)
		err = count_request(x, RATE_ADDRESS, r->peer_network, error);
	if (!err && !read_query(r))
		err = error_set(error, ERR_INVALID, "The query is not UTF-8, or has too many or too long parameters");
	if (!err)
		err = find_route(x, error);
	if (!err)
		err = authenticate(x, error);
	if (!err)
		err = limit_caller(x, error);
	if (!err)
		err = check_media_type(x, error);
	if (!err && head_has_form_type(r)) {
		x->form = microhttpd.create_post_processor(x->mhd, POST_BUFFER, exchange_body_field, x);
		if (!x->form)
			err = refuse_media_type(r, "multipart/form-data with a boundary", error);
	}
	(void)exchange_record_error(x, err);
}
