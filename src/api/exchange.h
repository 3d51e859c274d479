/* A request in progress, inside the HTTP front end: its connection (http.c), head (head.c) and body
 * (exchange_body.c). Handlers use only struct request. */
#ifndef KYBDESK_SRC_API_EXCHANGE_H
#define KYBDESK_SRC_API_EXCHANGE_H

#include "http.h"
#include "http_library.h"

#include <netinet/in.h>

/* An open connection, in the list server->connections. */
struct connection {
	struct connection *next, **prev_link;
	int fd;
	int64_t wait_start_ms; /* when the server began to wait for the next complete request */
	bool is_responding;
	/* format_network() of the peer; "": a trusted proxy, with unlimited connections */
	char peer[INET6_ADDRSTRLEN];
	struct exchange *exchange; /* request in progress; the library does not always report its end */
};

/* A request in progress. */
struct exchange {
	struct request request;
	struct server *server;
	struct connection *connection;
	struct MHD_Connection *mhd;
	struct MHD_PostProcessor *form;
	const char *uri_end;	 /* end of the URI in the library's memory; the pointer is only compared, never read */
	const char *target_host; /* the authority of a target in absolute form; "": another form */
	bool begun, is_dispatched, finished, failed;
	/* the response is sent before the body arrives; the body is ignored, and the connection is closed */
	bool must_disconnect;
	size_t received_bytes;
	const char *ignored_members;
	int64_t began, send_at;
	struct exchange *next_delayed, *next_writing;
	struct error error;
};
/* Borrows a desk for one handler; opens another one if all open ones are busy and the setting allows it, or else waits
 * for a free desk: with wait_ms at most that long, and then returns SIZE_MAX. Reads the store's limits again every
 * RATES_READ_INTERVAL_MS. */
#define BORROW_ALWAYS 0
size_t server_borrow_desk(struct server *server, int64_t wait_ms);
void server_return_desk(struct server *server, size_t at);

/* Runs the handler; on failure sets x->error and x->failed. */
void exchange_run(struct exchange *x, struct desk *desk);
/* Marks the request as failed; the rest of its body is dropped. Returns err. */
enum err exchange_record_error(struct exchange *x, enum err err);
/* Reads the head: route, permission, media type. On failure sets x->error and x->failed. */
void head_read(struct exchange *x, const char *method, const char *version);
/* The address at the other end of the connection: a client or a proxy. */
void connection_read_peer(struct MHD_Connection *mhd, char out[INET6_ADDRSTRLEN]);
bool head_has_form_type(const struct request *r);

/* Processes one piece of the body. */
void exchange_body_append(struct exchange *x, const char *data, size_t size);
/* Processes the complete body: parses JSON, or maps the uploaded file. */
enum err exchange_body_end(struct exchange *x, struct error *error);
enum MHD_Result exchange_body_field(void *context, enum MHD_ValueKind kind, const char *key, const char *file_name,
				    const char *content_type, const char *encoding, const char *data, uint64_t offset,
				    size_t size);

#endif
