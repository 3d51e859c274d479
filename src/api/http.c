/* Connections and requests, as libmicrohttpd delivers them; handlers use only struct request. */
#include "condition.h"
#include "problem.h"
#include "exchange.h"
#include "kybdesk/base/text.h"
#include "kybdesk/base/wait.h"
#include "kybdesk/desk/link.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define PREFLIGHT_MAX_AGE_S "600"
#define MALLOC_TRIM_MIN_BYTES ((size_t)256 * 1024)

/* --- desks --- */

/* The first desk that nobody uses, or desk_count. The caller holds the lock. */
static size_t find_idle_desk(const struct server *server, bool is_open)
{
	size_t at = 0;

	while (at < server->desk_count && (server->is_desk_busy[at] || (server->desks[at] != NULL) != is_open))
		at++;
	return at;
}

#define OPEN_PAUSE_MS 1000

/* The caller holds the lock, which is released meanwhile. The others go on without the desk if it cannot be opened, as
 * at a server that has no connection left: it is asked again after OPEN_PAUSE_MS, not by each request. */
static void open_more(struct server *server, size_t at)
{
	struct error error = { 0 };
	enum err err;

	server->is_desk_busy[at] = true;
	(void)pthread_mutex_unlock(&server->lock);
	err = server_open_desk(server, at, &error);
	if (err)
		log_info(&server->options->log, "requests wait: no further connection to the store: %s", error.message);
	error_release(&error);
	(void)pthread_mutex_lock(&server->lock);
	server->is_desk_busy[at] = false;
	if (err)
		server->open_after_ms = world_monotonic_ms(server->options->world) + OPEN_PAUSE_MS;
}

size_t server_borrow_desk(struct server *server, int64_t wait_ms)
{
	bool is_late = false;
	int64_t read_at, now = world_monotonic_ms(world_real()) + wait_ms;
	struct timespec end = { .tv_sec = now / 1000, .tv_nsec = now % 1000 * 1000000 };
	size_t at;

	(void)pthread_mutex_lock(&server->lock);
	while ((at = find_idle_desk(server, true)) == server->desk_count && !is_late) {
		size_t more = find_idle_desk(server, false);

		if (more < server->desk_count && world_monotonic_ms(server->options->world) >= server->open_after_ms) {
			open_more(server, more);
		} else if (wait_ms) {
			is_late = pthread_cond_timedwait(&server->free_desk_cond, &server->lock, &end) == ETIMEDOUT;
		} else {
			(void)pthread_cond_wait(&server->free_desk_cond, &server->lock);
		}
	}
	if (at < server->desk_count)
		server->is_desk_busy[at] = true;
	(void)pthread_mutex_unlock(&server->lock);
	if (at == server->desk_count)
		return SIZE_MAX;
	read_at = atomic_load(&server->rates_read_ms);
	now = world_monotonic_ms(server->options->world);
	if (now - read_at >= RATES_READ_INTERVAL_MS &&
	    atomic_compare_exchange_strong(&server->rates_read_ms, &read_at, now))
		server_read_rates(server, server->desks[at]);
	return at;
}

void server_return_desk(struct server *server, size_t at)
{
	(void)pthread_mutex_lock(&server->lock);
	server->is_desk_busy[at] = false;
	server->desk_returned_ms[at] = world_monotonic_ms(server->options->world);
	(void)pthread_cond_signal(&server->free_desk_cond);
	(void)pthread_mutex_unlock(&server->lock);
}

#define DESK_IDLE_MS (60 * (int64_t)1000)

void server_close_idle_desks(struct server *server)
{
	int64_t now = world_monotonic_ms(server->options->world);

	for (size_t at = 1; at < server->desk_count; at++) {
		struct desk *desk = NULL;

		(void)pthread_mutex_lock(&server->lock);
		if (!server->is_desk_busy[at] && now - server->desk_returned_ms[at] > DESK_IDLE_MS) {
			desk = server->desks[at];
			server->desks[at] = NULL;
		}
		(void)pthread_mutex_unlock(&server->lock);
		desk_close(desk);
	}
}

/* --- a request --- */

static void release_exchange(struct exchange *x);

static struct connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info = microhttpd.get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* The path and query of a target in absolute form ("GET http://desk.example/readyz", RFC 9112, section 3.2.2). The
 * authority of such a target counts as the host (*host, in the arena). Any other target is returned as it is. */
static const char *path_of_target(struct arena *arena, const char *uri, const char **host)
{
	size_t scheme = !strncasecmp(uri, "http://", 7) ? 7 : !strncasecmp(uri, "https://", 8) ? 8 : 0;
	size_t length = strcspn(uri + scheme, "/?#");

	if (!scheme || !length || memchr(uri + scheme, '@', length))
		return uri;
	*host = arena_strndup(arena, uri + scheme, length);
	uri += scheme + length;
	return *uri == '/' ? uri : arena_printf(arena, "/%s", uri);
}

static void *begin_request(void *context, const char *uri, struct MHD_Connection *mhd)
{
	const struct listener *listener = context;
	struct server *server = listener->server;
	struct exchange *x = xcalloc(1, sizeof *x);
	struct request *r = &x->request;
	size_t length;

	x->server = server;
	x->mhd = mhd;
	x->uri_end = uri + strlen(uri);
	x->target_host = "";
	uri = path_of_target(&r->arena, uri, &x->target_host);
	length = strcspn(uri, "?");
	x->connection = connection_of(mhd);
	if (x->connection) {
		/* The exchange of the previous request still exists if the library refused that request and did not
		 * report its end. */
		if (x->connection->exchange)
			release_exchange(x->connection->exchange);
		x->connection->exchange = x;
	}
	x->ignored_members = "";
	x->began = world_monotonic_ms(server->options->world);
	strbuf_init(&r->raw_body);
	strbuf_init(&r->out);
	r->file = (struct file_part){ .fd = -1, .name = "" };
	r->method = r->peer = r->authorization = r->identity = r->content_type = "";
	r->direct_peer = r->host = r->origin = r->fetch_site = r->accept_language = r->preflight_method = "";
	r->idempotency_key = r->if_match = r->if_none_match = "";
	r->strict = server->options->strict;
	r->is_from_metrics_listener = listener->serves_metrics;
	r->is_sandbox = desk_is_sandbox(server->desks[0]);
	r->metrics = &server->metrics;
	uuid_new(server->options->world, r->id);
	r->path = arena_strndup(&r->arena, uri, length);
	r->query[0].value = uri[length] ? arena_strdup(&r->arena, uri + length + 1) : "";
	atomic_fetch_add(&server->open_request_count, 1);
	return x;
}

enum err exchange_record_error(struct exchange *x, enum err err)
{
	x->failed = x->failed || err != ERR_OK;
	return err;
}

/* --- the response --- */

/* Counts a failed login by address and api_code. Always accepts the right key: all clients behind a proxy share an
 * address, and an api_code is public, so a stranger could otherwise lock a merchant out. A key has too many bits to
 * be guessed. */
static enum err limit_logins(struct exchange *x, enum err err, struct error *error)
{
	struct limit_state state = { .tries_max = FAILED_LOGINS_PER_MINUTE };
	struct request *r = &x->request;
	const char *code, *caller;

	if (!r->route->failed_login_member || r->answer.status != 401)
		return err;
	code = body_value(r, r->route->failed_login_member) ? json_text(body_value(r, r->route->failed_login_member))
							    : NULL;
	caller = arena_printf(&r->arena, "%s %s", r->peer_network, code ? code : "");
	if (limiter_count_request(&x->server->login_limiter, x->server->options->world, caller, &state))
		return err;
	r->answer.retry_after_s = state.reset_s;
	return request_refuse(r, 429, "too_many_requests", error, "Too many failed logins; wait a minute");
}

void exchange_run(struct exchange *x, struct desk *desk)
{
	struct request *r = &x->request;
	enum err err;

	r->desk = desk;
	if (desk)
		desk_set_caller(desk, r->route->permission == PERMIT_NOT_NEEDED ? NULL : &r->caller);
	err = once_answer(&x->server->idempotent_requests, r, &x->error);
	if (desk)
		desk_set_caller(desk, NULL);
	r->desk = NULL;
	(void)exchange_record_error(x, limit_logins(x, err, &x->error));
}

/* A load balancer waits for the response to a probe for a few seconds at most. */
#define PROBE_LIMIT_MS 1500

static bool is_within_probe_limit(void *context, enum wait_peer peer, int64_t waited_ms)
{
	(void)peer;
	(void)waited_ms;
	return world_monotonic_ms(world_real()) < *(const int64_t *)context;
}

static void run_probe(struct exchange *x)
{
	int64_t until = world_monotonic_ms(world_real()) + PROBE_LIMIT_MS;
	size_t desk;

	wait_set_watch(is_within_probe_limit, &until);
	desk = server_borrow_desk(x->server, PROBE_LIMIT_MS);
	exchange_run(x, desk == SIZE_MAX ? NULL : x->server->desks[desk]);
	if (desk != SIZE_MAX)
		server_return_desk(x->server, desk);
	wait_set_watch(NULL, NULL);
}

static void run_handler(struct exchange *x)
{
	size_t desk;

	if (x->request.route->needs_no_desk) {
		exchange_run(x, NULL);
	} else if (x->request.route->is_probe) {
		run_probe(x);
	} else {
		desk = server_borrow_desk(x->server, BORROW_ALWAYS);
		exchange_run(x, x->server->desks[desk]);
		server_return_desk(x->server, desk);
	}
}

/* --- cross-origin access (CORS) to the JSON of a client's link, /api/s/ (docs/api.md "A page of your own"). The
 * store's setting link_origins names the allowed websites. The token in the address is the only permission, so
 * cookies and other credentials are never allowed. No other address allows scripts of another website. --- */

static bool is_origin_listed(const char *list, const char *origin)
{
	for (size_t length; *list; list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		if (strlen(origin) == length && !strncmp(list, origin, length))
			return true;
	}
	return false;
}

/* The value of Access-Control-Allow-Origin: STORE_LINK_ORIGINS_ALL if all websites are allowed, the request's
 * Origin if this website is allowed; "": not allowed, or the setting cannot be read. */
static const char *allowed_origin(struct exchange *x)
{
	struct request *r = &x->request;
	const char *list = "";
	size_t desk;
	enum err err;

	if (!*r->origin)
		return "";
	desk = server_borrow_desk(x->server, BORROW_ALWAYS);
	err = desk_store_setting(x->server->desks[desk], &r->arena, STORE_SETTING_LINK_ORIGINS, &list, NULL);
	server_return_desk(x->server, desk);
	if (!err && !strcmp(list, STORE_LINK_ORIGINS_ALL))
		return list;
	return !err && is_origin_listed(list, r->origin) ? r->origin : "";
}

/* Whether the request is a CORS preflight request for a known address: find_route() refused its method with 405. */
static bool is_preflight(const struct request *r)
{
	return !strcmp(r->method, "OPTIONS") && *r->preflight_method && r->answer.status == 405;
}

static void set_header(struct request *r, struct pair *headers, const char *name, const char *value)
{
	headers[r->answer.header_count++] = (struct pair){ name, value };
}

/* Adds the CORS headers to a finished response, also to an error. The response to a preflight request of an allowed
 * website becomes 204. */
static void add_cors_headers(struct exchange *x)
{
	struct request *r = &x->request;
	struct pair *headers;
	const char *allowed;

	if (!text_has_prefix(r->path, "/api/s/"))
		return;
	r->answer.headers = headers = arena_alloc_array(&r->arena, 6, sizeof *headers);
	r->answer.header_count = 0;
	/* Vary is set even without the other CORS headers: a cache must not serve this response to an allowed
	 * website. */
	set_header(r, headers, "Vary", "Origin");
	allowed = allowed_origin(x);
	if (!*allowed)
		return;
	set_header(r, headers, "Access-Control-Allow-Origin", allowed);
	if (!is_preflight(r)) {
		set_header(r, headers, "Access-Control-Expose-Headers",
			   "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy, "
			   "ETag, Kybdesk-Ignored, Kybdesk-Replayed, Kybdesk-Request-Id");
		return;
	}
	json_free(r->answer.json);
	r->answer.json = NULL;
	r->answer.status = 204;
	set_header(r, headers, "Access-Control-Allow-Methods", r->answer.allow);
	set_header(r, headers, "Access-Control-Allow-Headers",
		   "Content-Type, Idempotency-Key, If-Match, If-None-Match");
	set_header(r, headers, "Access-Control-Max-Age", PREFLIGHT_MAX_AGE_S);
}

static void write_request_log(struct exchange *x)
{
	const struct request *r = &x->request;
	char trace[33];

	trace_copy_id(r->trace, trace);
	/* Logs the route's pattern: the real path may hold a secret or personal data. */
	const struct log_field fields[] = {
		{ "method", r->method, 0 },
		{ "route", r->route ? r->route->path : "-", 0 },
		{ "status", NULL, r->answer.status },
		{ "duration_ms", NULL, world_monotonic_ms(x->server->options->world) - x->began },
		{ "request_id", r->id, 0 },
		{ "merchant", r->caller.merchant ? r->caller.merchant : "", 0 },
		{ "peer", r->peer, 0 },
		{ "proxy", strcmp(r->direct_peer, r->peer) ? r->direct_peer : "", 0 },
		{ "trace_id", trace, 0 },
	};

	if (x->server->options->write_access_log)
		log_record(&x->server->options->log, "info", "request", fields, sizeof fields / sizeof *fields);
	if (r->answer.status >= 500)
		log_warn(&x->server->options->log, "%s %s: %s (%s)", r->method, r->route ? r->route->path : "-",
			 x->error.message ? x->error.message : "it failed", r->id);
}

/* Completes the response (error, headers, metrics, log), also if the handler did not run. */
static void complete_response(struct exchange *x)
{
	struct request *r = &x->request;

	if (x->failed)
		answer_error(r, &x->error);
	add_cors_headers(x);
	answer_write(r);
	condition_tag(r);
	x->finished = true;
	metrics_count_response(&x->server->metrics, r->route, r->answer.status,
			       world_monotonic_ms(x->server->options->world) - x->began,
			       x->failed && x->error.code == ERR_STORE && !r->answer.is_probe);
	write_request_log(x);
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (value && *value)
		(void)microhttpd.add_response_header(response, name, value);
}

/* RateLimit-Limit, -Remaining, -Reset and -Policy of draft-ietf-httpapi-ratelimit-headers-06. */
static void add_limit_headers(struct MHD_Response *response, const struct limit_state *limit)
{
	const struct {
		const char *name;
		long long number;
	} lines[] = { { "RateLimit-Limit", limit->tries_max },
		      { "RateLimit-Remaining", limit->remaining_tries },
		      { "RateLimit-Reset", limit->reset_s } };

	for (size_t i = 0; limit->tries_max && i < sizeof lines / sizeof *lines; i++) {
		char text[24];

		(void)snprintf(text, sizeof text, "%lld", lines[i].number);
		add_header(response, lines[i].name, text);
	}
	if (limit->tries_max) {
		char policy[40];

		(void)snprintf(policy, sizeof policy, "%u;w=%d", limit->tries_max, LIMIT_WINDOW_MS / 1000);
		add_header(response, "RateLimit-Policy", policy);
	}
}

static enum MHD_Result send_answer(struct exchange *x)
{
	const struct answer *answer = &x->request.answer;
	struct MHD_Response *response = microhttpd.create_response_from_buffer(
		answer->bytes ? answer->length : 0, (void *)(uintptr_t)(answer->bytes ? answer->bytes : ""),
		MHD_RESPMEM_MUST_COPY);
	char number[24];
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	add_header(response, "Content-Type", answer->bytes ? answer->media_type : NULL);
	add_header(response, "Kybdesk-Request-Id", x->request.id);
	add_header(response, "Kybdesk-Ignored", x->ignored_members);
	add_header(response, "Kybdesk-Replayed", answer->replayed ? "true" : NULL);
	add_header(response, "Cache-Control", "no-store");
	add_header(response, "X-Content-Type-Options", "nosniff");
	add_header(response, "Allow", answer->allow);
	add_header(response, "ETag", answer->etag);
	add_header(response, "Location", answer->location);
	add_header(response, "Content-Disposition", answer->disposition);
	add_header(response, "WWW-Authenticate", answer->status == 401 ? "Bearer" : NULL);
	for (size_t i = 0; i < answer->header_count; i++)
		add_header(response, answer->headers[i].name, answer->headers[i].value);
	(void)snprintf(number, sizeof number, "%d", answer->retry_after_s);
	add_header(response, "Retry-After", answer->retry_after_s ? number : NULL);
	add_limit_headers(response, &answer->limit);
	add_header(response, "Connection", x->must_disconnect || atomic_load(&x->server->is_draining) ? "close" : NULL);
	result = microhttpd.queue_response(x->mhd, (unsigned)answer->status, response);
	microhttpd.destroy_response(response);
	return result;
}

/* http_maintain() sends the response later, so that no thread waits for it. */
static void delay_response(struct exchange *x)
{
	struct server *server = x->server;

	x->send_at = x->began + FAILED_LOGIN_DELAY_MS;
	(void)pthread_mutex_lock(&server->lock);
	x->next_delayed = server->delayed_exchanges;
	server->delayed_exchanges = x;
	microhttpd.suspend_connection(x->mhd);
	(void)pthread_mutex_unlock(&server->lock);
}

static void mark_responding(struct exchange *x)
{
	(void)pthread_mutex_lock(&x->server->lock);
	if (x->connection)
		x->connection->is_responding = true;
	(void)pthread_mutex_unlock(&x->server->lock);
}

static enum MHD_Result find_forbidden_trailer(void *context, enum MHD_ValueKind kind, const char *name,
					      const char *value)
{
	static const char *const forbidden[] = {
		"Authorization",
		"Cache-Control",
		"Connection",
		"Content-Encoding",
		"Content-Length",
		"Content-Range",
		"Content-Type",
		"Cookie",
		"Expect",
		"Forwarded",
		"Host",
		"Idempotency-Key",
		"If-Match",
		"If-None-Match",
		"Origin",
		"Proxy-Authorization",
		"Range",
		"TE",
		"Trailer",
		"Transfer-Encoding",
		"X-Forwarded-For",
		"Upgrade",
		"X-Forwarded-Proto",
		"Max-Forwards",
	};
	const char **found = context;

	(void)kind;
	(void)value;
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
		if (!strcasecmp(name, forbidden[i]))
			*found = forbidden[i];
	return MHD_YES;
}

/* Trailers are not read. One that frames, routes, allows or changes a request is refused: a proxy that merges it into
 * the head would see another request (RFC 9110, section 6.5.1). */
static enum err check_trailers(struct exchange *x, struct error *error)
{
	const char *found = NULL;

	(void)microhttpd.get_connection_values(x->mhd, MHD_FOOTER_KIND, find_forbidden_trailer, &found);
	if (!found)
		return ERR_OK;
	x->must_disconnect = true;
	return request_refuse(&x->request, 400, "invalid", error, "%s must not stand behind the body, as a trailer",
			      found);
}

/* Parses the complete body. True: the writer will run the request, and its connection is suspended until then. */
static bool run_or_queue_request(struct exchange *x)
{
	if (!x->failed)
		(void)exchange_record_error(x, check_trailers(x, &x->error));
	(void)exchange_record_error(x, exchange_body_end(x, &x->error));
	x->is_dispatched = true;
	if (!x->failed && writer_add(x))
		return true;
	if (!x->failed)
		run_handler(x);
	return false;
}

static enum MHD_Result handle_request_data(void *context, struct MHD_Connection *mhd, const char *url,
					   const char *method, const char *version, const char *data, size_t *size,
					   void **request)
{
	struct exchange *x = *request;

	(void)context;
	(void)mhd;
	(void)url;
	if (!x)
		return MHD_NO;
	if (!x->begun) {
		x->begun = true;
		head_read(x, method, version);
		if (!x->must_disconnect)
			return MHD_YES;
		/* The response is sent before the body of the request arrives; the library then drops the body. */
		mark_responding(x);
		(void)exchange_record_error(x, exchange_body_end(x, &x->error));
		if (!x->failed)
			run_handler(x);
		complete_response(x);
		return send_answer(x);
	}
	if (*size) {
		x->received_bytes += *size;
		if (x->received_bytes <= BODY_READ_MAX)
			exchange_body_append(x, data, *size);
		*size = 0;
		return x->received_bytes <= 2 * (size_t)BODY_READ_MAX ? MHD_YES : MHD_NO;
	}
	if (!x->finished) {
		mark_responding(x);
		if (x->received_bytes > BODY_READ_MAX && !x->failed)
			(void)exchange_record_error(x,
						    request_refuse(&x->request, 413, "too_large", &x->error,
								   "The body has more than %d bytes", BODY_READ_MAX));
		if (!x->is_dispatched && run_or_queue_request(x))
			return MHD_YES;
		complete_response(x);
		/* A response is not delayed while the server drains, because no connection may be suspended when
		 * the library stops. */
		if (x->request.answer.delayed && !atomic_load(&x->server->is_draining)) {
			delay_response(x);
			return MHD_YES;
		}
	}
	return send_answer(x);
}

static void forget_delayed_exchange(struct server *server, const struct exchange *x)
{
	struct exchange **at = &server->delayed_exchanges;

	while (*at && *at != x)
		at = &(*at)->next_delayed;
	if (*at)
		*at = x->next_delayed;
}

static void file_part_release(struct file_part *file)
{
	if (file->bytes)
		(void)munmap((void *)(uintptr_t)file->bytes, file->length);
	if (file->fd >= 0)
		(void)close(file->fd);
	*file = (struct file_part){ .fd = -1, .name = "" };
}

static void release_exchange(struct exchange *x)
{
	struct server *server = x->server;

	(void)pthread_mutex_lock(&server->lock);
	forget_delayed_exchange(server, x);
	if (x->connection) {
		x->connection->exchange = NULL;
		x->connection->is_responding = false;
		x->connection->wait_start_ms = world_monotonic_ms(server->options->world);
	}
	(void)pthread_mutex_unlock(&server->lock);
	if (x->form)
		(void)microhttpd.destroy_post_processor(x->form);
	file_part_release(&x->request.file);
	json_free(x->request.body);
	json_free(x->request.answer.json);
	strbuf_wipe(&x->request.raw_body);
	strbuf_wipe(&x->request.out);
	error_release(&x->error);
	arena_release(&x->request.arena);
	/* Returns unused memory: otherwise each thread would keep the memory of its largest request. */
	if (x->received_bytes > MALLOC_TRIM_MIN_BYTES)
		(void)malloc_trim(0);
	atomic_fetch_sub(&server->open_request_count, 1);
	free(x);
}

static void end_request(void *context, struct MHD_Connection *mhd, void **request, enum MHD_RequestTerminationCode code)
{
	(void)context;
	(void)mhd;
	(void)code;
	if (*request)
		release_exchange(*request);
	*request = NULL;
}

/* --- connections --- */

static void begin_connection(struct server *server, struct MHD_Connection *mhd, void **context)
{
	const union MHD_ConnectionInfo *info = microhttpd.get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct connection *connection = xcalloc(1, sizeof *connection);
	char peer[INET6_ADDRSTRLEN];
	int64_t others = 0;

	connection_read_peer(mhd, peer);
	format_network(peer, connection->peer);
	connection->fd = info ? info->connect_fd : -1;
	connection->wait_start_ms = world_monotonic_ms(server->options->world);
	(void)pthread_mutex_lock(&server->lock);
	if (proxies_include(&server->proxies, peer))
		connection->peer[0] = '\0';
	connection->next = server->connections;
	connection->prev_link = &server->connections;
	if (connection->next)
		connection->next->prev_link = &connection->next;
	server->connections = connection;
	for (const struct connection *c = connection->next; c && server->connections_max && *connection->peer;
	     c = c->next)
		others += !strcmp(c->peer, connection->peer);
	/* After shutdown(), the connection's own thread closes the connection. */
	if (server->connections_max && others >= server->connections_max && connection->fd >= 0)
		(void)shutdown(connection->fd, SHUT_RDWR);
	(void)pthread_mutex_unlock(&server->lock);
	*context = connection;
}

static void watch_connection(void *context, struct MHD_Connection *mhd, void **socket_context,
			     enum MHD_ConnectionNotificationCode code)
{
	struct server *server = context;
	struct connection *connection = *socket_context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		begin_connection(server, mhd, socket_context);
		return;
	}
	if (!connection)
		return;
	if (connection->exchange)
		release_exchange(connection->exchange);
	(void)pthread_mutex_lock(&server->lock);
	*connection->prev_link = connection->next;
	if (connection->next)
		connection->next->prev_link = connection->prev_link;
	(void)pthread_mutex_unlock(&server->lock);
	*socket_context = NULL;
	free(connection);
}

void http_maintain(struct server *server)
{
	int64_t now = world_monotonic_ms(server->options->world);

	(void)pthread_mutex_lock(&server->lock);
	for (struct connection *c = server->connections; c; c = c->next) {
		/* After shutdown(), the connection's own thread closes the connection. */
		if (!c->is_responding && now - c->wait_start_ms > REQUEST_TIMEOUT_MS && c->fd >= 0)
			(void)shutdown(c->fd, SHUT_RDWR);
	}
	for (struct exchange **at = &server->delayed_exchanges; *at;) {
		struct exchange *x = *at;

		if (now < x->send_at) {
			at = &x->next_delayed;
			continue;
		}
		*at = x->next_delayed;
		microhttpd.resume_connection(x->mhd);
	}
	(void)pthread_mutex_unlock(&server->lock);
}

static void discard_log(void *context, const char *format, va_list args)
{
	/* The library's messages are not logged, because they quote untrusted input. */
	(void)context;
	(void)format;
	(void)args;
}

static struct MHD_Daemon *start_daemon(struct listener *listener, int listen_fd, unsigned threads)
{
	return microhttpd.start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
		NULL, handle_request_data, listener, MHD_OPTION_EXTERNAL_LOGGER, discard_log, NULL,
		MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_URI_LOG_CALLBACK, begin_request, listener, MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL,
		MHD_OPTION_NOTIFY_CONNECTION, watch_connection, listener->server, MHD_OPTION_END);
}

enum err http_start(struct server *server, int listen_fd, int metrics_fd, struct error *error)
{
	enum err err = http_library_load(error);

	server->quiesced_fd = -1;
	server->merchant_listener = (struct listener){ .server = server };
	server->metrics_listener = (struct listener){ .server = server, .serves_metrics = true };
	if (err)
		return err;
	err = writer_start(server, error);
	if (err)
		return err;
	server->merchant_listener.daemon = start_daemon(&server->merchant_listener, listen_fd, WORKERS);
	if (server->merchant_listener.daemon && metrics_fd >= 0)
		server->metrics_listener.daemon = start_daemon(&server->metrics_listener, metrics_fd, 0);
	if (server->merchant_listener.daemon && (metrics_fd < 0 || server->metrics_listener.daemon))
		return ERR_OK;
	return error_set(error, ERR_INTERNAL, "The server cannot be started");
}
