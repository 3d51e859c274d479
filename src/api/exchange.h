/*
 * A request under way, inside the HTTP front end: connections (http.c), the head of a request (head.c) and its body
 * (exchange_body.c). Handlers see struct request alone.
 */
#ifndef KYBDESK_SRC_API_EXCHANGE_H
#define KYBDESK_SRC_API_EXCHANGE_H

#include "http.h"
#include "http_library.h"
#include "request.h"

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
/* A desk for one handler; waits for a free one. */
size_t server_borrow_desk(struct server *server);
void server_return_desk(struct server *server, size_t at);

/* Keeps that the request failed; its body is read and dropped. Returns err. */
enum err exchange_fail(struct exchange *x, enum err err);
/* Reads the head: route, permission, media type. What is wrong is in x->error, with x->failed. */
void head_read(struct exchange *x, const char *method);
/* "" when it is absent; in the arena. */
const char *head_value(struct exchange *x, const char *name);
bool head_says_form(const struct request *r);
enum err head_refuse_type(struct request *r, const char *wanted, struct error *error) KYB_MUST_USE;

/* One piece of the body. */
void exchange_body_take(struct exchange *x, const char *data, size_t size);
/* The body is complete: parses it. */
enum err exchange_body_end(struct exchange *x, struct error *error) KYB_MUST_USE;
enum MHD_Result exchange_body_form(void *context, enum MHD_ValueKind kind, const char *key, const char *file_name,
				   const char *content_type, const char *encoding, const char *data,
				   uint64_t offset, size_t size);

#endif
