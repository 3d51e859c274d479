/* HTTP: connections, bodies, responses. Only this module and serve.c use libmicrohttpd.
 *
 * WORKERS threads run the handlers that only read or that store files. A handler borrows a desk when the whole
 * request has arrived, so that a slow body blocks no other request. The writer (writer.h) runs all other handlers.
 * Connections with an incomplete request are shut after REQUEST_TIMEOUT_MS. */
#ifndef KYBDESK_SRC_API_HTTP_H
#define KYBDESK_SRC_API_HTTP_H

#include "kybdesk/api/serve.h"
#include "kybdesk/base/commit_group.h"
#include "kybdesk/domain/proxy.h"
#include "limits.h"
#include "metrics.h"
#include "once.h"
#include "writer.h"

#include <pthread.h>
#include <stdatomic.h>

#define WORKERS API_DESKS_MAX
#define CONNECTIONS_MAX 2048
#define IDLE_TIMEOUT_S 30
/* maximum time from the start of a connection, or the end of the previous request, to the last byte of a request */
#define REQUEST_TIMEOUT_MS 120000
#define HEADER_BYTES_MAX (32 * 1024)
#define FAILED_LOGINS_PER_MINUTE 10  /* maximum number of failed logins with one api_code from one address */
#define WRONG_KEYS_DIVISOR 10	     /* one in WRONG_KEYS_DIVISOR requests of an address may have a wrong key */
#define UNKNOWN_LINKS_PER_MINUTE 100 /* maximum number of unknown links from one address */
#define RATES_READ_INTERVAL_MS 5000  /* a changed setting of the store takes effect within this time */
#define FAILED_LOGIN_DELAY_MS 400    /* delay of the response to a failed login */
#define DRAIN_TIMEOUT_MS 10000

struct MHD_Daemon;
struct connection;
struct exchange;

/* An address that the server listens on. */
struct listener {
	struct server *server;
	struct MHD_Daemon *daemon;
	bool serves_metrics; /* answers only /metrics; the other listener answers everything else */
};

struct server {
	const struct api_options *options;
	struct listener merchant_listener, metrics_listener;
	char url[300];	       /* address of the socket; "": unknown */
	char metrics_url[300]; /* address of /metrics; "": not served */
	struct desk *desks[WORKERS];
	size_t desk_count; /* at most so many; a desk is NULL until as many requests run at once, and after a pause */
	bool is_desk_busy[WORKERS];
	int64_t desk_returned_ms[WORKERS];
	int64_t open_after_ms; /* no further desk is opened before, since the last one could not be opened */
	struct commit_group commits;
	pthread_mutex_t lock; /* protects the desks but the first, connections, delayed_exchanges and proxies */
	pthread_cond_t free_desk_cond;
	struct connection *connections;
	struct exchange *delayed_exchanges;
	struct limiter login_limiter, link_limiter, bearer_limiter, request_limiter;
	_Atomic int64_t rates[RATE_COUNT]; /* limits of `request_limiter`, per minute; 0: no limit */
	_Atomic int64_t rates_read_ms;	   /* when the settings of the store were read */
	struct proxies proxies;		   /* protected by the lock */
	int64_t connections_max;	   /* maximum number of open connections from one address; 0: no limit */
	struct idempotent_requests idempotent_requests;
	struct writer writer;
	struct metrics metrics;
	atomic_size_t open_request_count; /* requests without a complete response */
	atomic_bool is_draining;
	int quiesced_fd;	  /* the quiesced socket while the server drains; -1 before the drain */
	bool is_socket_inherited; /* the service manager owns the socket, which stays open for the next process */
};
/* Opens the desk at this place, which nobody else uses. */
enum err server_open_desk(struct server *server, size_t at, struct error *error);
/* Closes the desks, except the first, that nobody has used for a minute. */
void server_close_idle_desks(struct server *server);

/* Takes the listening sockets (metrics_fd only if it is not -1) and starts to respond. ERR_INTERNAL: the caller
 * still owns each socket for which no daemon was started. */
enum err http_start(struct server *server, int listen_fd, int metrics_fd, struct error *error);
/* Reads the store's limits; desk NULL: only the options and defaults. */
void server_read_rates(struct server *server, struct desk *desk);
/* Called about twice a second: shuts slow connections and sends delayed responses. */
void http_maintain(struct server *server);

#endif
