/* Connections and requests, as libmicrohttpd brings them; handlers see struct request alone. */
#include "http.h"
#include "errors.h"
#include "form.h"
#include "http_library.h"
#include "kybdesk/base/text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define POST_BUFFER 65536

/* One socket, on the list from its beginning to its end. */
struct connection {
	struct connection *next, **place;
	int fd;
	int64_t since; /* when it was last owed a request */
	bool answering;
	struct exchange *exchange; /* under way; the library tells of the end of most of them, not of all */
};

/* A request under way. */
struct exchange {
	struct request request;
	struct server *server;
	struct connection *connection;
	struct MHD_Connection *mhd;
	struct MHD_PostProcessor *form;
	bool begun, finished, failed, delayed, counted;
	size_t received;
	const char *ignored;
	int64_t began, send_at;
	struct exchange *next_delayed;
	struct error error;
};

/* --- desks --- */

static size_t borrow_desk(struct server *server)
{
	size_t at = 0;

	(void)pthread_mutex_lock(&server->lock);
	for (;;) {
		for (at = 0; at < WORKERS && server->busy[at];)
			at++;
		if (at < WORKERS)
			break;
		(void)pthread_cond_wait(&server->free_desk, &server->lock);
	}
	server->busy[at] = true;
	(void)pthread_mutex_unlock(&server->lock);
	return at;
}

static void give_back(struct server *server, size_t at)
{
	(void)pthread_mutex_lock(&server->lock);
	server->busy[at] = false;
	(void)pthread_cond_signal(&server->free_desk);
	(void)pthread_mutex_unlock(&server->lock);
}

/* --- the head of a request --- */

static void release_exchange(struct exchange *x);

static struct connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info =
		microhttpd.get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void *begin_request(void *context, const char *uri, struct MHD_Connection *mhd)
{
	struct server *server = context;
	struct exchange *x = xcalloc(1, sizeof *x);
	struct request *r = &x->request;
	size_t length = strcspn(uri, "?");

	x->server = server;
	x->mhd = mhd;
	x->connection = connection_of(mhd);
	if (x->connection) {
		/* One that the library refused by itself. */
		if (x->connection->exchange)
			release_exchange(x->connection->exchange);
		x->connection->exchange = x;
	}
	x->ignored = "";
	x->began = world_monotonic_ms(server->options->world);
	strbuf_init(&r->text);
	strbuf_init(&r->out);
	r->file = (struct file_part){ .fd = -1, .name = "" };
	r->method = r->peer = r->authorization = r->identity = r->content_type = r->if_none_match = "";
	r->host = r->origin = r->fetch_site = r->accept_language = "";
	r->idempotency_key = "";
	r->strict = server->options->strict;
	r->metrics = &server->metrics;
	uuid_new(server->options->world, r->id);
	r->path = arena_strndup(&r->arena, uri, length);
	r->query[0].value = uri[length] ? arena_strdup(&r->arena, uri + length + 1) : "";
	atomic_fetch_add(&server->open, 1);
	x->counted = true;
	return x;
}

static const char *header(struct exchange *x, const char *name)
{
	const char *value = microhttpd.lookup_connection_value(x->mhd, MHD_HEADER_KIND, name);

	return value ? arena_strdup(&x->request.arena, value) : "";
}

static enum err fail(struct exchange *x, enum err err)
{
	x->failed = x->failed || err != ERR_OK;
	return err;
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

static void read_peer(struct exchange *x)
{
	const union MHD_ConnectionInfo *info =
		microhttpd.get_connection_info(x->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;
	char text[INET6_ADDRSTRLEN] = "";

	if (address && address->sa_family == AF_INET)
		(void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text,
				sizeof text);
	else if (address && address->sa_family == AF_INET6)
		(void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, text,
				sizeof text);
	x->request.peer = arena_strdup(&x->request.arena, text);
}

/* Whatever they say: who sends one of them is no client of this machine's own. */
static void read_forwarded(struct exchange *x)
{
	static const char *const names[] = { "Forwarded",	  "X-Forwarded-For", "X-Forwarded-Host",
					     "X-Forwarded-Proto", "X-Real-IP",	     "Via" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		x->request.forwarded = x->request.forwarded || microhttpd.lookup_connection_value(
								       x->mhd, MHD_HEADER_KIND, names[i]) != NULL;
}

static enum err find_route(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	const char *allow;

	r->route = route_find(r, &allow);
	if (r->route)
		return ERR_OK;
	if (!*allow)
		return error_set(error, ERR_NOT_FOUND, "There is nothing at this address");
	r->answer.allow = allow;
	return request_refuse(r, 405, "method_not_allowed", error, "This address takes %s", allow);
}

/* "Bearer TOKEN", or the token alone, as Atelio's clients send it. */
static const char *bearer_of(const struct request *r)
{
	const char *text = r->authorization;

	if (!strncasecmp(text, "Bearer ", 7))
		return text + 7 + strspn(text + 7, " ");
	return r->route->dialect == DIALECT_ATELIO ? text : "";
}

static enum err refuse_bearer(struct request *r, struct error *error)
{
	return request_refuse(r, 401, "unauthorized", error,
			      "The token is missing, wrong or has run out; send Authorization: Bearer TOKEN");
}

/* Somebody who tries one link after the other. Who has a link of ours is let in whoever else comes from the same address: behind
 * a proxy that is everybody, and what protects a link is its MAC. */
static enum err count_unknown(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	struct limiter *links = &x->server->links;
	const struct world *world = x->server->options->world;
	int wait_s;

	if (limiter_allows(links, world, r->peer, UNKNOWN_LINKS_A_MINUTE, &wait_s)) {
		limiter_count(links, world, r->peer);
		return ERR_NOT_FOUND;
	}
	error_release(error);
	r->answer.retry_after_s = wait_s;
	return request_refuse(r, 429, "too_many_requests", error, "Too many unknown links; wait a minute");
}

/* Nobody's body is taken to the disk of somebody who does not know them. */
static enum err admit(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	size_t desk;
	enum err err;

	if (!r->route->admit)
		return ERR_OK;
	desk = borrow_desk(x->server);
	r->desk = x->server->desks[desk];
	err = r->route->admit(r, error);
	desk_serve(r->desk, NULL);
	r->desk = NULL;
	give_back(x->server, desk);
	return err == ERR_NOT_FOUND ? count_unknown(x, error) : err;
}

static enum err authenticate(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	bool known = false;
	size_t desk;
	enum err err;

	if (r->route->permission == PERMIT_NOBODY)
		return admit(x, error);
	if (!*bearer_of(r))
		return refuse_bearer(r, error);
	desk = borrow_desk(x->server);
	err = desk_bearer(x->server->desks[desk], &r->arena, bearer_of(r), &r->caller, error);
	give_back(x->server, desk);
	if (err)
		return err;
	known = caller_is_known(&r->caller);
	if (known && r->route->dialect == DIALECT_ATELIO && *r->identity)
		known = !strcmp(r->identity, r->caller.merchant);
	r->caller.request_id = r->id;
	if (!known)
		return refuse_bearer(r, error);
	if (!(r->caller.permissions & 1u << r->route->permission))
		return error_set(error, ERR_FORBIDDEN, "This key has no permission %s",
				 permission_text(r->route->permission));
	return ERR_OK;
}

static bool is_type(const struct request *r, const char *type)
{
	size_t length = strlen(type);

	return !strncasecmp(r->content_type, type, length) && strchr("; \t", r->content_type[length]);
}

static bool comes_as_form(const struct request *r)
{
	return r->route->body == BODY_FORM || (r->route->body == BODY_UPLOAD && is_type(r, "multipart/form-data"));
}

static enum err refuse_type(struct request *r, const char *wanted, struct error *error)
{
	return request_refuse(r, 415, "unsupported_media_type", error, "The body is to be %s", wanted);
}

/* Before the body: what it is to be. A body of nothing needs no type. */
static enum err check_type(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	const char *length = header(x, "Content-Length");
	bool empty = (!*length || !strcmp(length, "0")) && !*header(x, "Transfer-Encoding");

	switch (r->route->body) {
	case BODY_NONE:
	case BODY_FILE:
		return ERR_OK;
	case BODY_JSON:
		return empty || is_type(r, "application/json") ? ERR_OK : refuse_type(r, "application/json", error);
	case BODY_FORM:
		if (!is_type(r, "multipart/form-data"))
			return refuse_type(r, "multipart/form-data", error);
		return ERR_OK;
	case BODY_UPLOAD:
		if (!is_type(r, "multipart/form-data") && !is_type(r, "application/json"))
			return refuse_type(r, "multipart/form-data or application/json", error);
		return ERR_OK;
	}
	return ERR_OK;
}

static enum MHD_Result take_form(void *context, enum MHD_ValueKind kind, const char *key, const char *file_name,
				 const char *content_type, const char *encoding, const char *data, uint64_t offset,
				 size_t size);

static void read_head(struct exchange *x, const char *method)
{
	struct request *r = &x->request;
	struct error *error = &x->error;
	enum err err = ERR_OK;

	r->method = arena_strdup(&r->arena, method);
	r->authorization = header(x, "Authorization");
	r->identity = header(x, "Identity");
	r->content_type = header(x, "Content-Type");
	r->if_none_match = header(x, "If-None-Match");
	r->host = header(x, "Host");
	r->origin = header(x, "Origin");
	r->fetch_site = header(x, "Sec-Fetch-Site");
	r->accept_language = header(x, "Accept-Language");
	r->idempotency_key = header(x, "Idempotency-Key");
	read_peer(x);
	read_forwarded(x);
	if (!read_query(r))
		err = error_set(error, ERR_INVALID, "The query of the address cannot be read");
	if (!err)
		err = find_route(x, error);
	if (!err)
		err = authenticate(x, error);
	if (!err)
		err = check_type(x, error);
	if (!err && comes_as_form(r)) {
		x->form = microhttpd.create_post_processor(x->mhd, POST_BUFFER, take_form, x);
		if (!x->form)
			err = refuse_type(r, "multipart/form-data with a boundary", error);
	}
	(void)fail(x, err);
}

/* --- its body --- */

/* A value may come in pieces, each behind the one before. */
static enum err add_field(struct request *r, const char *key, const char *data, size_t size, bool more,
			  struct error *error)
{
	struct pair *pair = more && r->field_count ? &r->fields[r->field_count - 1] : NULL;
	size_t before = pair ? strlen(pair->value) : 0;
	char *value;

	if (!text_is_valid(key, strlen(key)) || !text_is_valid(data, size))
		return error_set(error, ERR_INVALID, "A field of the form is no UTF-8");
	if (!pair && r->field_count == FIELDS_MAX)
		return error_set(error, ERR_INVALID, "The form has more than %d fields", FIELDS_MAX);
	if (size > VALUE_MAX - before)
		return error_set(error, ERR_INVALID, "A field of the form has more than %d bytes", VALUE_MAX);
	value = arena_alloc(&r->arena, before + size + 1);
	if (before)
		memcpy(value, pair->value, before);
	if (size)
		memcpy(value + before, data, size);
	if (!pair)
		pair = &r->fields[r->field_count++];
	*pair = (struct pair){ arena_strdup(&r->arena, key), value };
	return ERR_OK;
}

static enum MHD_Result take_form(void *context, enum MHD_ValueKind kind, const char *key, const char *file_name,
				 const char *content_type, const char *encoding, const char *data, uint64_t offset,
				 size_t size)
{
	struct exchange *x = context;
	struct request *r = &x->request;
	enum err err = ERR_OK;

	(void)kind;
	(void)content_type;
	(void)encoding;
	if (x->failed)
		return MHD_YES;
	/* The library knows no name when the part says none. */
	if (!key) {
		err = error_set(&x->error, ERR_INVALID, "A part of the form has no name");
	} else if (!file_name) {
		err = add_field(r, key, data, size, offset > 0, &x->error);
	} else if (strcmp(key, "file") != 0) {
		err = error_set_field(&x->error, ERR_INVALID, "file", "The file is to be the field \"file\"");
	} else if (!offset && r->file.came) {
		err = error_set_field(&x->error, ERR_INVALID, "file", "There is more than one file in the form");
	} else {
		if (!offset && text_is_valid(file_name, strlen(file_name)))
			r->file.name = arena_strdup(&r->arena, file_name);
		err = file_part_add(r, x->server->desks[0], data, size, &x->error);
	}
	(void)fail(x, err);
	return MHD_YES;
}

static enum err take_json(struct request *r, const char *data, size_t size, struct error *error)
{
	int most = r->route->permission == PERMIT_NOBODY ? STRANGER_JSON_MAX : JSON_MAX;

	/* It holds a document; whoever sends it has a link. */
	if (r->route->body == BODY_UPLOAD)
		most = BODY_READ_MAX;

	if (r->text.len + size > (size_t)most)
		return request_refuse(r, 413, "too_large", error, "The body has more than %d bytes", most);
	strbuf_add(&r->text, data, size);
	return ERR_OK;
}

/* What follows a failure is read and thrown away: an answer in the middle of a body reaches nobody. */
static void take_body(struct exchange *x, const char *data, size_t size)
{
	struct request *r = &x->request;

	if (x->failed)
		return;
	if (comes_as_form(r)) {
		if (microhttpd.post_process(x->form, data, size) != MHD_YES && !x->failed)
			(void)fail(x, error_set(&x->error, ERR_INVALID, "The form cannot be read"));
		return;
	}
	switch (r->route->body) {
	case BODY_NONE:
	case BODY_FORM:
		break;
	case BODY_JSON:
	case BODY_UPLOAD:
		(void)fail(x, take_json(r, data, size, &x->error));
		break;
	case BODY_FILE:
		(void)fail(x, file_part_add(r, x->server->desks[0], data, size, &x->error));
		break;
	}
}

static enum err end_body(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	bool whole = !x->form || microhttpd.destroy_post_processor(x->form) == MHD_YES;

	x->form = NULL;
	if (x->failed)
		return ERR_OK;
	if (!whole)
		return error_set(error, ERR_INVALID, "The form is not whole");
	if (r->file.too_large)
		return request_refuse(r, 413, "too_large", error, "The file has more than %d bytes", BODY_READ_MAX);
	if (r->route->body == BODY_JSON)
		return body_read(r, &x->ignored, error);
	if (r->route->body == BODY_UPLOAD && r->text.len) {
		enum err err = body_read(r, &x->ignored, error);

		return err ? err : upload_read(r, x->server->desks[0], error);
	}
	return file_part_end(r, error);
}

/* --- the answer --- */

static enum err check_logins(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	const char *code;
	int wait_s;

	if (!r->route->counts)
		return ERR_OK;
	code = body_value(r, r->route->counts) ? json_text(body_value(r, r->route->counts)) : NULL;
	r->counted_as = arena_printf(&r->arena, "%s %s", r->peer, code ? code : "");
	if (limiter_allows(&x->server->logins, x->server->options->world, r->counted_as, TRIES_A_MINUTE, &wait_s))
		return ERR_OK;
	r->answer.retry_after_s = wait_s;
	return request_refuse(r, 429, "too_many_requests", error, "Too many wrong tries; wait a minute");
}

static enum err run_handler(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	enum err err = check_logins(x, error);
	size_t desk;

	if (err)
		return err;
	desk = borrow_desk(x->server);
	r->desk = x->server->desks[desk];
	desk_serve(r->desk, r->route->permission == PERMIT_NOBODY ? NULL : &r->caller);
	err = once_answer(&x->server->once, r, error);
	desk_serve(r->desk, NULL);
	r->desk = NULL;
	give_back(x->server, desk);
	if (r->answer.status == 401 && r->counted_as)
		limiter_count(&x->server->logins, x->server->options->world, r->counted_as);
	return err;
}

static void write_log(struct exchange *x)
{
	const struct request *r = &x->request;

	/* The path of the table: what stands in an address may be a secret, or somebody's. */
	log_info(&x->server->options->log, "%s %s %d %lld ms %s", r->method, r->route ? r->route->path : "-",
		 r->answer.status, (long long)(world_monotonic_ms(x->server->options->world) - x->began), r->id);
	if (r->answer.status >= 500)
		log_warn(&x->server->options->log, "%s %s: %s (%s)", r->method, r->route ? r->route->path : "-",
			 x->error.message ? x->error.message : "it failed", r->id);
}

static void finish(struct exchange *x)
{
	struct request *r = &x->request;
	enum err err = end_body(x, &x->error);

	if (!err && !x->failed)
		err = run_handler(x, &x->error);
	if (err || x->failed)
		errors_answer(r, &x->error);
	x->finished = true;
	metrics_count(&x->server->metrics, r->route, r->answer.status);
	write_log(x);
	answer_write(r);
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (value && *value)
		(void)microhttpd.add_response_header(response, name, value);
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
	add_header(response, "Content-Type", answer->bytes ? answer->type : NULL);
	add_header(response, "Kybdesk-Request-Id", x->request.id);
	add_header(response, "Kybdesk-Ignored", x->ignored);
	add_header(response, "Kybdesk-Replayed", answer->replayed ? "true" : NULL);
	add_header(response, "Cache-Control", "no-store");
	add_header(response, "X-Content-Type-Options", "nosniff");
	add_header(response, "Allow", answer->allow);
	add_header(response, "Location", answer->location);
	add_header(response, "Content-Disposition", answer->disposition);
	add_header(response, "WWW-Authenticate", answer->status == 401 ? "Bearer" : NULL);
	for (size_t i = 0; i < answer->header_count; i++)
		add_header(response, answer->headers[i].name, answer->headers[i].value);
	(void)snprintf(number, sizeof number, "%d", answer->retry_after_s);
	add_header(response, "Retry-After", answer->retry_after_s ? number : NULL);
	add_header(response, "Connection", atomic_load(&x->server->draining) ? "close" : NULL);
	result = microhttpd.queue_response(x->mhd, (unsigned)answer->status, response);
	microhttpd.destroy_response(response);
	return result;
}

/* Sent later by http_look_after(), without a thread that waits for it. */
static void put_off(struct exchange *x)
{
	struct server *server = x->server;

	x->delayed = true;
	x->send_at = x->began + DELAY_MS;
	(void)pthread_mutex_lock(&server->lock);
	x->next_delayed = server->delayed;
	server->delayed = x;
	microhttpd.suspend_connection(x->mhd);
	(void)pthread_mutex_unlock(&server->lock);
}

static void mark_answering(struct exchange *x)
{
	(void)pthread_mutex_lock(&x->server->lock);
	if (x->connection)
		x->connection->answering = true;
	(void)pthread_mutex_unlock(&x->server->lock);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *mhd, const char *url, const char *method,
			      const char *version, const char *data, size_t *size, void **request)
{
	struct exchange *x = *request;

	(void)context;
	(void)mhd;
	(void)url;
	(void)version;
	if (!x)
		return MHD_NO;
	if (!x->begun) {
		x->begun = true;
		read_head(x, method);
		return MHD_YES;
	}
	if (*size) {
		x->received += *size;
		if (x->received <= BODY_READ_MAX)
			take_body(x, data, *size);
		*size = 0;
		return x->received <= 2 * (size_t)BODY_READ_MAX ? MHD_YES : MHD_NO;
	}
	if (!x->finished) {
		mark_answering(x);
		if (x->received > BODY_READ_MAX && !x->failed)
			(void)fail(x, request_refuse(&x->request, 413, "too_large", &x->error,
						     "The body has more than %d bytes", BODY_READ_MAX));
		finish(x);
		/* Who ends does not wait: nothing may sleep when the library is stopped. */
		if (x->request.answer.delayed && !atomic_load(&x->server->draining)) {
			put_off(x);
			return MHD_YES;
		}
	}
	return send_answer(x);
}

static void forget_delayed(struct server *server, const struct exchange *x)
{
	struct exchange **at = &server->delayed;

	while (*at && *at != x)
		at = &(*at)->next_delayed;
	if (*at)
		*at = x->next_delayed;
}

static void release_exchange(struct exchange *x)
{
	struct server *server = x->server;

	(void)pthread_mutex_lock(&server->lock);
	forget_delayed(server, x);
	if (x->connection) {
		x->connection->exchange = NULL;
		x->connection->answering = false;
		x->connection->since = world_monotonic_ms(server->options->world);
	}
	(void)pthread_mutex_unlock(&server->lock);
	if (x->form)
		(void)microhttpd.destroy_post_processor(x->form);
	file_part_release(&x->request.file);
	json_free(x->request.body);
	json_free(x->request.answer.json);
	strbuf_wipe(&x->request.text);
	strbuf_wipe(&x->request.out);
	error_release(&x->error);
	arena_release(&x->request.arena);
	if (x->counted)
		atomic_fetch_sub(&server->open, 1);
	free(x);
}

static void end_request(void *context, struct MHD_Connection *mhd, void **request,
			enum MHD_RequestTerminationCode code)
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
	const union MHD_ConnectionInfo *info =
		microhttpd.get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct connection *connection = xcalloc(1, sizeof *connection);

	connection->fd = info ? info->connect_fd : -1;
	connection->since = world_monotonic_ms(server->options->world);
	(void)pthread_mutex_lock(&server->lock);
	connection->next = server->connections;
	connection->place = &server->connections;
	if (connection->next)
		connection->next->place = &connection->next;
	server->connections = connection;
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
	*connection->place = connection->next;
	if (connection->next)
		connection->next->place = connection->place;
	(void)pthread_mutex_unlock(&server->lock);
	*socket_context = NULL;
	free(connection);
}

void http_look_after(struct server *server)
{
	int64_t now = world_monotonic_ms(server->options->world);

	(void)pthread_mutex_lock(&server->lock);
	for (struct connection *c = server->connections; c; c = c->next) {
		/* Its thread sees the end of it, and closes it. */
		if (!c->answering && now - c->since > REQUEST_MS && c->fd >= 0)
			(void)shutdown(c->fd, SHUT_RDWR);
	}
	for (struct exchange **at = &server->delayed; *at;) {
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

static void ignore_message(void *context, const char *format, va_list args)
{
	/* The library's own words hold what came from outside. */
	(void)context;
	(void)format;
	(void)args;
}

enum err http_start(struct server *server, int listen_fd, struct error *error)
{
	enum err err = http_library_load(error);

	server->listening = -1;
	if (err)
		return err;
	server->daemon = microhttpd.start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
		NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, ignore_message, NULL, MHD_OPTION_LISTEN_SOCKET,
		listen_fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)WORKERS, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_URI_LOG_CALLBACK, begin_request, server, MHD_OPTION_NOTIFY_COMPLETED, end_request,
		server, MHD_OPTION_NOTIFY_CONNECTION, watch_connection, server, MHD_OPTION_END);
	if (server->daemon)
		return ERR_OK;
	return error_set(error, ERR_INTERNAL, "The server cannot be started");
}

void http_drain(struct server *server)
{
	int64_t until = world_monotonic_ms(server->options->world) + DRAIN_MS;

	atomic_store(&server->draining, true);
	/* The library's threads may look at it until they end: till then it is shut, not closed. */
	server->listening = microhttpd.quiesce_daemon(server->daemon);
	if (server->listening >= 0 && !server->handed_over)
		(void)shutdown(server->listening, SHUT_RDWR);
	while (atomic_load(&server->open) && world_monotonic_ms(server->options->world) < until) {
		http_look_after(server);
		(void)usleep(20000);
	}
}

void http_stop(struct server *server)
{
	if (server->daemon)
		microhttpd.stop_daemon(server->daemon);
	server->daemon = NULL;
	if (server->listening >= 0)
		(void)close(server->listening);
	server->listening = -1;
}
