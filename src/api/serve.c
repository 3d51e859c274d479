/* Starts the server, maintains it while it runs, and stops it. */
#include "kybdesk/api/serve.h"
#include "http.h"
#include "http_library.h"
#include "kybdesk/base/stops.h"
#include "kybdesk/base/wait.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/desk/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SIGNAL_POLL_MS 100
#define ROUNDS_PER_DESK_MAINTENANCE 10
#define BACKLOG 512
/* How long requests may still wait for the server of the store while this server drains. */
#define DRAIN_STORE_WAIT_MS 5000
/* How long a request waits for the reader of the log; after that, lines are lost. */
#define LOG_WAIT_MS 1000

/* --- the protocol of a service manager (systemd.socket, sd_notify), without its library: a socket that is already
 * listening (LISTEN_FDS, LISTEN_PID), and datagrams to NOTIFY_SOCKET. Without a service manager, the functions do
 * nothing. --- */

#define FIRST_FD 3 /* SD_LISTEN_FDS_START */

/* Reads a positive integer from an environment variable; 0 if invalid. */
static int64_t environment_number(const struct world *world, const char *name)
{
	const char *text = world_environment(world, name);
	char *end;
	long long number;

	if (!text || !*text)
		return 0;
	errno = 0;
	number = strtoll(text, &end, 10);
	return errno || *end || number < 0 ? 0 : number;
}

/* Whether the environment variable contains the process id of this process, not of its parent. */
static bool is_own_pid(const struct world *world, const char *name)
{
	return environment_number(world, name) == (int64_t)getpid();
}

static bool is_listening(int fd)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof address;
	int listening = 0;
	socklen_t length = sizeof listening;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 && listening &&
	       getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
	       (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

/* *fd: the socket from the service manager, -1 if none. ERR_INVALID: an unusable socket, or more than one. */
static enum err inherit_socket(const struct world *world, int *fd, struct error *error)
{
	int64_t count = environment_number(world, "LISTEN_FDS");
	int flags;

	*fd = -1;
	if (!count || !is_own_pid(world, "LISTEN_PID"))
		return ERR_OK;
	if (count != 1)
		return error_set_field(error, ERR_INVALID, "listen",
				       "The service manager hands over %" PRId64
				       " sockets, but the server takes only one socket: write an empty ListenStream= "
				       "before the new ListenStream=",
				       count);
	if (!is_listening(FIRST_FD))
		return error_set_field(error, ERR_INVALID, "listen",
				       "The socket from the service manager does not listen for TCP; write "
				       "ListenStream=ADDRESS:PORT");
	flags = fcntl(FIRST_FD, F_GETFL);
	if (flags < 0 || fcntl(FIRST_FD, F_SETFL, flags | O_NONBLOCK) || fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC))
		return error_set(error, ERR_INTERNAL, "The socket from the service manager cannot be used: %s",
				 strerror(errno));
	*fd = FIRST_FD;
	return ERR_OK;
}

/* Sends a state such as "READY=1" to the service manager; newlines separate several states. Failures are ignored. */
static void service_notify(const struct world *world, const char *text)
{
	const char *path = world_environment(world, "NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = path ? strlen(path) : 0;
	int fd;

	if (length < 2 || length >= sizeof address.sun_path || (*path != '/' && *path != '@'))
		return;
	memcpy(address.sun_path, path, length);
	/* An abstract socket name: "@" stands for a NUL. */
	if (*path == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
	(void)close(fd);
}

/* Interval in ms at which the server sends "WATCHDOG=1" to the service manager; 0: never. */
static int64_t service_watchdog_ms(const struct world *world)
{
	const char *pid = world_environment(world, "WATCHDOG_PID");
	int64_t limit = environment_number(world, "WATCHDOG_USEC");

	if (pid && *pid && !is_own_pid(world, "WATCHDOG_PID"))
		return 0;
	/* Half the limit, as sd_watchdog_enabled(3) recommends; at least 1. */
	return limit ? (limit / 2000 ? limit / 2000 : 1) : 0;
}

/* --- listening and serving --- */

/* Splits "127.0.0.1:8080" or "[::1]:8080" into host and port. */
static enum err split_address(const char *listen_at, const char *option, char host[256], char port[8],
			      struct error *error)
{
	const char *colon = strrchr(listen_at, ':');
	const char *from = listen_at, *to = colon;

	if (colon && *listen_at == '[' && colon > listen_at && colon[-1] == ']') {
		from++;
		to--;
	}
	/* A port beyond 65535 would be taken modulo 65536 by getaddrinfo. */
	if (!colon || to <= from || to - from >= 256 || !colon[1] || strlen(colon + 1) > 5 ||
	    colon[1 + strspn(colon + 1, "0123456789")] || strtol(colon + 1, NULL, 10) > UINT16_MAX)
		return error_set_field(
			error, ERR_INVALID, option,
			"\"%s\" is not an address to listen on; write ADDRESS:PORT, as " API_LISTEN_DEFAULT
			" or [::1]:8080",
			listen_at);
	memcpy(host, from, (size_t)(to - from));
	host[to - from] = '\0';
	memcpy(port, colon + 1, strlen(colon + 1) + 1);
	return ERR_OK;
}

/* Advice to the operator for the error number; "" if none. */
static const char *advice_for_errno(int failed)
{
	switch (failed) {
	case EADDRINUSE:
		return "; another program listens there, perhaps another kybdesk serve: find it with ss -ltnp, or "
		       "choose another port";
	case EADDRNOTAVAIL:
		return "; this machine has no such address. List its addresses with: ip address";
	case EACCES:
		return "; ports below 1024 need root: choose a higher port behind a proxy";
	default:
		return "";
	}
}

/* `optional`: if the address is taken, warns in its log and leaves *fd -1; NULL: fails. */
static enum err open_socket(const char *listen_at, const char *option, const struct log *optional, int *fd,
			    struct error *error)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	char host[256], port[8];
	int one = 1;
	enum err err = split_address(listen_at, option, host, port, error);

	*fd = -1;
	if (err)
		return err;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return error_set_field(error, ERR_INVALID, option,
				       "\"%s\" is not an IP address of this machine; write numbers such as 127.0.0.1",
				       host);
	*fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0 || setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
	    bind(*fd, found->ai_addr, found->ai_addrlen) || listen(*fd, BACKLOG)) {
		int failed = errno;

		if (optional)
			log_warn(optional, "nothing is served there: --%s: cannot listen on %s: %s", option, listen_at,
				 strerror(failed));
		else
			err = error_set_field(error, ERR_INVALID, option, "Cannot listen on %s: %s%s", listen_at,
					      strerror(failed), advice_for_errno(failed));
		if (*fd >= 0)
			(void)close(*fd);
		*fd = -1;
	}
	freeaddrinfo(found);
	return err;
}

static void write_socket_url(int fd, const char *path, char out[300])
{
	struct sockaddr_storage address;
	socklen_t length = sizeof address;
	char host[256], port[8];

	if (getsockname(fd, (struct sockaddr *)&address, &length) ||
	    getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
			NI_NUMERICHOST | NI_NUMERICSERV))
		return;
	(void)snprintf(out, 300, strchr(host, ':') ? "http://[%s]:%s%s" : "http://%s:%s%s", host, port, path);
}

enum err server_open_desk(struct server *server, size_t at, struct error *error)
{
	const struct desk_options options = { .store_path = server->options->store_path,
					      .actor = server->options->actor,
					      .world = server->options->world,
					      .log = server->options->log,
					      .group = &server->commits,
					      .base_url = server->url,
					      .process = "kybdesk serve",
					      .is_server = true };

	server->desk_returned_ms[at] = world_monotonic_ms(server->options->world);
	return desk_open(&options, &server->desks[at], error);
}

/* A failure is only logged; the next call tries again. */
static void apply_sandbox_outcomes(struct server *server)
{
	struct error error = { 0 };

	if (desk_sandbox_run_due(server->desks[0], server->options->sandbox_delay_ms, &error))
		log_info(&server->options->log, "the simulated outcomes of sandbox cases could not be applied: %s",
			 error.message);
	error_release(&error);
}

/* Handles a pending signal: Ctrl-Z suspends the process. Returns false if the signal ends the server. */
static bool handle_signal(int signals)
{
	struct signalfd_siginfo taken;

	if (read(signals, &taken, sizeof taken) != (ssize_t)sizeof taken)
		return true;
	if (taken.ssi_signo != SIGTSTP)
		return false;
	suspend_handle_signal(getpid());
	return true;
}

/* The watch of the timed tasks: a pending signal ends their wait for the server of the store. */
static bool has_no_signal(void *context, enum wait_peer peer, int64_t waited_ms)
{
	struct pollfd item = { .fd = *(const int *)context, .events = POLLIN };

	(void)peer;
	(void)waited_ms;
	return poll(&item, 1, 0) == 0;
}

/* Runs the timed tasks of the server, and of the first desk while that desk is free. Returns when a signal ends the
 * server, or with the error of desk_check_store(). */
static enum err run_timed_tasks(struct server *server, int signals, struct error *error)
{
	struct pollfd item = { .fd = signals, .events = POLLIN };
	const struct world *world = server->options->world;
	int64_t every = service_watchdog_ms(world), notified_ms = world_monotonic_ms(world);
	unsigned rounds = 0;

	while (poll(&item, 1, SIGNAL_POLL_MS) == 0 || !item.revents || handle_signal(signals)) {
		enum err err;
		bool mine;

		http_maintain(server);
		if (every && world_monotonic_ms(world) - notified_ms >= every) {
			service_notify(world, "WATCHDOG=1");
			notified_ms = world_monotonic_ms(world);
		}
		if (++rounds % ROUNDS_PER_DESK_MAINTENANCE)
			continue;
		(void)pthread_mutex_lock(&server->lock);
		mine = !server->is_desk_busy[0];
		server->is_desk_busy[0] = true;
		(void)pthread_mutex_unlock(&server->lock);
		server_close_idle_desks(server);
		if (!mine)
			continue;
		err = desk_check_store(server->desks[0], false, error);
		if (!err) {
			desk_maintain(server->desks[0]);
			apply_sandbox_outcomes(server);
		}
		(void)pthread_mutex_lock(&server->lock);
		server->is_desk_busy[0] = false;
		(void)pthread_cond_signal(&server->free_desk_cond);
		(void)pthread_mutex_unlock(&server->lock);
		if (err)
			return err;
	}
	return ERR_OK;
}

/* The sockets to listen on; metrics_fd stays -1 if metrics are not served. */
static enum err open_sockets(struct server *server, int *fd, int *metrics_fd, struct error *error)
{
	const struct api_options *options = server->options;
	enum err err = inherit_socket(options->world, fd, error);

	server->is_socket_inherited = *fd >= 0;
	if (!err && !server->is_socket_inherited)
		err = open_socket(options->listen, "listen", NULL, fd, error);
	if (!err && options->metrics_listen)
		err = open_socket(options->metrics_listen, "metrics-listen", &options->log, metrics_fd, error);
	if (err)
		return err;
	write_socket_url(*fd, "", server->url);
	if (*metrics_fd >= 0)
		write_socket_url(*metrics_fd, "/metrics", server->metrics_url);
	return ERR_OK;
}

static void close_socket(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/* Stops accepting: new connections are refused, or wait for the next process if the socket was handed over. Returns
 * when every request is answered, or after DRAIN_TIMEOUT_MS. */
static void drain(struct server *server)
{
	int64_t until = world_monotonic_ms(server->options->world) + DRAIN_TIMEOUT_MS;

	atomic_store(&server->is_draining, true);
	/* The library's threads may use the socket until they end, so the socket is shut down now and closed later. */
	server->quiesced_fd = microhttpd.quiesce_daemon(server->merchant_listener.daemon);
	if (server->quiesced_fd >= 0 && !server->is_socket_inherited)
		(void)shutdown(server->quiesced_fd, SHUT_RDWR);
	while (atomic_load(&server->open_request_count) && world_monotonic_ms(server->options->world) < until) {
		http_maintain(server);
		(void)usleep(20000);
	}
}

static void stop_server(struct server *server)
{
	struct listener *const listeners[] = { &server->merchant_listener, &server->metrics_listener };

	/* Stops the writer first: no connection may be suspended when the library stops. */
	writer_stop(server);
	for (size_t i = 0; i < sizeof listeners / sizeof *listeners; i++) {
		if (listeners[i]->daemon)
			microhttpd.stop_daemon(listeners[i]->daemon);
		listeners[i]->daemon = NULL;
	}
	if (server->quiesced_fd >= 0)
		(void)close(server->quiesced_fd);
	server->quiesced_fd = -1;
}

static enum err run_server(struct server *server, int signals, struct error *error)
{
	int fd = -1, metrics_fd = -1;

	wait_set_output_limit(LOG_WAIT_MS);

	enum err err = server_open_desk(server, 0, error);

	if (!err)
		server_read_rates(server, server->desks[0]);
	if (!err)
		err = open_sockets(server, &fd, &metrics_fd, error);
	if (err) {
		close_socket(fd);
		close_socket(metrics_fd);
		return err;
	}
	err = http_start(server, fd, metrics_fd, error);
	if (err) {
		if (!server->merchant_listener.daemon)
			close_socket(fd);
		close_socket(metrics_fd);
		stop_server(server);
		return err;
	}
	if (server->options->ready)
		server->options->ready(server->options->context, server->url,
				       *server->metrics_url ? server->metrics_url : NULL);
	service_notify(server->options->world, "READY=1\nSTATUS=Answering");
	wait_set_watch(has_no_signal, &signals);
	err = run_timed_tasks(server, signals, error);
	wait_set_watch(NULL, NULL);
	wait_end_all(DRAIN_STORE_WAIT_MS);
	service_notify(server->options->world, "STOPPING=1");
	drain(server);
	stop_server(server);
	return err;
}

/* A setting that cannot be read keeps its last value. */
void server_read_rates(struct server *server, struct desk *desk)
{
	const struct api_options *options = server->options;
	const int64_t chosen[RATE_COUNT] = { [RATE_ADDRESS] = options->address_limit,
					     [RATE_KEY] = options->key_limit,
					     [RATE_LINK] = options->link_limit,
					     [RATE_KEY_FILES] = -1,
					     [RATE_LINK_FILES] = -1 };
	struct arena arena = ARENA_INIT;
	struct proxies proxies;
	const char *value = "";

	for (size_t i = 0; i < RATE_COUNT; i++) {
		int64_t rate = chosen[i] < 0 ? rate_limits[i].requests_per_minute : chosen[i];

		if (chosen[i] < 0 && rate_limits[i].setting && desk) {
			if (desk_store_setting(desk, &arena, rate_limits[i].setting, &value, NULL))
				continue;
			rate = *value ? strtoll(value, NULL, 10) : rate;
		}
		atomic_store(&server->rates[i], rate);
	}
	if (desk && !desk_store_setting(desk, &arena, STORE_SETTING_TRUSTED_PROXIES, &value, NULL) &&
	    !proxies_parse(value, &proxies, NULL)) {
		(void)pthread_mutex_lock(&server->lock);
		server->proxies = proxies;
		(void)pthread_mutex_unlock(&server->lock);
	}
	arena_release(&arena);
}

enum err api_serve(const struct api_options *options, struct error *error)
{
	struct server *server = xcalloc(1, sizeof *server);
	struct signalfd_siginfo taken;
	pthread_condattr_t monotonic;
	sigset_t watched, before;
	int signals;
	enum err err;

	server->options = options;
	server->desk_count = options->desk_count && options->desk_count < WORKERS ? options->desk_count : WORKERS;
	(void)pthread_mutex_init(&server->lock, NULL);
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&server->free_desk_cond, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	limiter_init(&server->login_limiter, options->world);
	limiter_init(&server->link_limiter, options->world);
	limiter_init(&server->bearer_limiter, options->world);
	limiter_init(&server->request_limiter, options->world);
	server_read_rates(server, NULL);
	atomic_store(&server->rates_read_ms, world_monotonic_ms(options->world) - RATES_READ_INTERVAL_MS);
	server->connections_max = options->connection_limit < 0 ? API_CONNECTIONS_DEFAULT : options->connection_limit;
	server->idempotent_requests.lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	server->writer = (struct writer){ .lock = PTHREAD_MUTEX_INITIALIZER,
					  .wakeup = PTHREAD_COND_INITIALIZER,
					  .end = &server->writer.first };
	server->commits = (struct commit_group)COMMIT_GROUP_INIT;
	server->metrics =
		(struct metrics){ .lock = PTHREAD_MUTEX_INITIALIZER, .started_ms = world_now_ms(options->world) };
	(void)sigemptyset(&watched);
	(void)sigaddset(&watched, SIGTERM);
	(void)sigaddset(&watched, SIGINT);
	(void)sigaddset(&watched, SIGHUP);
	(void)sigaddset(&watched, SIGTSTP);
	/* Blocks the signals before any thread starts, so that no thread receives them. */
	(void)pthread_sigmask(SIG_BLOCK, &watched, &before);
	signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
	err = signals < 0 ? error_set(error, ERR_INTERNAL, "Signals cannot be watched: %s", strerror(errno))
			  : run_server(server, signals, error);
	/* Reads the pending signals before the old mask is restored, because a pending signal would then end the
	 * process. */
	while (signals >= 0 && read(signals, &taken, sizeof taken) == (ssize_t)sizeof taken)
		;
	if (signals >= 0)
		(void)close(signals);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	for (size_t i = 0; i < server->desk_count; i++)
		desk_close(server->desks[i]);
	arena_release(&server->metrics.arena);
	(void)pthread_cond_destroy(&server->free_desk_cond);
	(void)pthread_mutex_destroy(&server->lock);
	free(server);
	return err;
}
