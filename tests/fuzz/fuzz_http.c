/* Bytes on a connection to the server, as any client may send them: heads, queries, JSON, forms, files. Each response
 * is complete and has a status; none is a server error. Some bytes stand for secrets: a key, a case, a link. */
#include "fuzz_desk.h"
#include "kybdesk/api/serve.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/domain/permission.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BYTE_KEY = 1, BYTE_SESSION, BYTE_LINK, BYTE_PAUSE };

#define PATIENCE_MS 20000
#define DESCRIPTORS_MAX 256
#define SEARCHES_MAX 10
#define LOOKS_MAX 200
#define ANSWER_MAX ((size_t)64 << 20)

static struct fuzz_desk desk;
static struct world world;
static char key[200], session[UUID_TEXT_SIZE], link_path[400];
static int port;
static atomic_bool ready;

/* Prevents rate limits: each reading of the clock adds 10 ms, so a minute is over after 6000 readings. */
static int64_t hurried_ms(void *context)
{
	static _Atomic int64_t now = 1000000;
	(void)context;
	return atomic_fetch_add(&now, 10);
}

static void is_ready(void *context, const char *url, const char *metrics_url)
{
	(void)metrics_url;
	(void)context;
	port = (int)strtol(strrchr(url, ':') + 1, NULL, 10);
	atomic_store(&ready, true);
}

static void *serve(void *context)
{
	const struct api_options options = { .store_path = desk.path,
					     .actor = "ada",
					     .listen = "127.0.0.1:0",
					     .world = &world,
					     .log = { .level = LOG_QUIET, .fd = -1 },
					     .ready = is_ready };
	struct error error = { 0 };
	(void)context;
	PROMISE(api_serve(&options, &error) == ERR_OK);
	return NULL;
}

static void use(struct arena *arena, const struct use_in *in, struct use_out *out)
{
	struct error error = { 0 };
	enum err err = desk_do(desk.desk, arena, in, out, &error);
	if (err)
		(void)fprintf(stderr, "%s\n", error.message);
	PROMISE(!err);
}

static void make_secrets(void)
{
	struct arena arena = ARENA_INIT;
	struct strbuf secret = STRBUF_INIT;
	struct use_out out;
	use(&arena,
	    &(const struct use_in){ .verb = VERB_MERCHANT_KEY,
				    .part = FUZZ_MERCHANT,
				    .permissions = PERMISSIONS_ALL,
				    .content_out = &secret },
	    &out);
	(void)snprintf(key, sizeof key, "%s", secret.buf);
	use(&arena, &(const struct use_in){ .verb = VERB_LINK, .session = FUZZ_DRAFT }, &out);
	const char *path = strstr(out.link, "/s/");
	(void)snprintf(link_path, sizeof link_path, "%s", path ? path : out.link);
	(void)snprintf(session, sizeof session, "%s", out.id); /* the same */
	strbuf_wipe(&secret);
	arena_release(&arena);
}

static void end(void)
{
	fuzz_desk_close(&desk);
}

static void begin(void)
{
	pthread_t thread;
	world = *world_real();
	world.monotonic_ms = hurried_ms;
	fuzz_desk_open(&desk, &world);
	make_secrets();
	PROMISE(atexit(end) == 0);
	PROMISE(pthread_create(&thread, NULL, serve, NULL) == 0 && pthread_detach(thread) == 0);
	for (int i = 0; i < PATIENCE_MS && !atomic_load(&ready); i++)
		(void)poll(NULL, 0, 1);
	PROMISE(atomic_load(&ready));
}

static int connect_to(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	PROMISE(fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0);
	return fd;
}

static void take(int fd, struct strbuf *answer)
{
	char bytes[16384];
	ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
	if (count > 0)
		strbuf_add(answer, bytes, (size_t)count);
}

/* Reads while sending: otherwise client and server would wait for each other. */
static void send_all(int fd, const char *text, size_t length, struct strbuf *answer)
{
	while (length) {
		ssize_t done = send(fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			struct pollfd item = { .fd = fd, .events = POLLIN | POLLOUT };
			PROMISE(poll(&item, 1, PATIENCE_MS) == 1);
			take(fd, answer);
			continue;
		}
		if (done < 0) /* the server has closed the connection */
			return;
		text += done;
		length -= (size_t)done;
	}
}

static void say(int fd, const uint8_t *data, size_t size, struct strbuf *answer)
{
	struct strbuf text = STRBUF_INIT;
	for (size_t i = 0; i < size; i++) {
		if (data[i] == BYTE_KEY)
			strbuf_adds(&text, key);
		else if (data[i] == BYTE_SESSION)
			strbuf_adds(&text, session);
		else if (data[i] == BYTE_LINK)
			strbuf_adds(&text, link_path);
		else if (data[i] == BYTE_PAUSE) {
			send_all(fd, text.buf, text.len, answer);
			strbuf_reset(&text);
		} else
			strbuf_addch(&text, (char)data[i]);
	}
	send_all(fd, text.buf, text.len, answer);
	strbuf_release(&text);
}

/* The server's socket of the connection, in this process. -1: closed, or not accepted yet. */
static int other_end(int fd)
{
	struct sockaddr_in ours, theirs;
	socklen_t size = sizeof ours;
	PROMISE(getsockname(fd, (struct sockaddr *)&ours, &size) == 0);
	for (int other = 3; other < DESCRIPTORS_MAX; other++) {
		size = sizeof theirs;
		if (getpeername(other, (struct sockaddr *)&theirs, &size) == 0 && theirs.sin_family == AF_INET &&
		    theirs.sin_port == ours.sin_port && other != fd)
			return other;
	}
	return -1;
}

/* libmicrohttpd 0.9.75 misses an end of the input that arrives together with the last bytes, and waits half a minute
 * for more: so the connection is shut down only after the server has read all bytes. */
static void hang_up(int fd)
{
	int other = -1, unread = 1;
	for (int i = 0; i < LOOKS_MAX && (other < 0 || unread); i++) {
		if (other < 0)
			other = other_end(fd);
		/* The server has already closed the connection. */
		if (other < 0 && i == SEARCHES_MAX)
			break;
		if (other >= 0 && ioctl(other, FIONREAD, &unread) != 0)
			break;
		(void)usleep(20);
	}
	(void)shutdown(fd, SHUT_WR);
}

static void hear(int fd, struct strbuf *answer)
{
	struct pollfd item = { .fd = fd, .events = POLLIN };
	char bytes[16384];
	ssize_t count;
	do {
		/* Does not wait long, because some responses come late. */
		if (poll(&item, 1, answer->len ? 5 : 25) != 1)
			return;
		count = recv(fd, bytes, sizeof bytes, 0);
		if (count > 0)
			strbuf_add(answer, bytes, (size_t)count);
		PROMISE(answer->len < ANSWER_MAX);
	} while (count > 0);
}

/* The value of a header of one response; NULL: missing. */
static const char *header(const char *head, const char *head_end, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = strstr(head, "\r\n"); at && at < head_end; at = strstr(at + 2, "\r\n"))
		if (!strncasecmp(at + 2, name, length) && at[2 + length] == ':')
			return at + 2 + length + 1 + strspn(at + 2 + length + 1, " ");
	return NULL;
}

/* Whether the input has a HEAD request: its response announces a body, but has none. */
static bool asks_for_heads(const uint8_t *data, size_t size)
{
	static const char head[] = "HEAD ";
	size_t matched = 0;
	for (size_t i = 0; i < size && head[matched]; i++) {
		if (data[i] == BYTE_PAUSE)
			continue;
		matched = (data[i] & ~0x20) == (head[matched] & ~0x20) ? matched + 1 : (data[i] & ~0x20) == 'H';
	}
	return !head[matched];
}

/* Checks the first response. */
static void is_answer(const char *text, size_t length, bool with_body)
{
	static const char begins[] = "HTTP/1.";
	const char *head_end = strstr(text, "\r\n\r\n");
	PROMISE(length > 12 && !strncmp(text, begins, sizeof begins - 1) && head_end);
	long status = strtol(text + 9, NULL, 10);
	PROMISE(status >= 100 && status < 600 && status != 500 && status != 502 && status != 507);
	const char *type = header(text, head_end, "Content-Type"), *size = header(text, head_end, "Content-Length");
	size_t there = (size_t)(text + length - head_end) - 4, promised = size ? strtoul(size, NULL, 10) : 0;
	if (status < 200 || there < promised || !with_body)
		return;
	for (const char *at = text; at < head_end; at++)
		PROMISE((unsigned char)*at >= 0x20 || *at == '\r' || *at == '\n' || *at == '\t');
	if (type && !strncmp(type, "application/json", 16))
		PROMISE(json_text_is_valid(head_end + 4, promised, 64));
	if (type && !strncmp(type, "text/", 5))
		PROMISE(text_is_valid(head_end + 4, promised));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf answer = STRBUF_INIT;
	if (!port)
		begin();
	int fd = connect_to();
	say(fd, data, size, &answer);
	hang_up(fd);
	hear(fd, &answer);
	(void)close(fd);
	if (answer.len)
		is_answer(answer.buf, answer.len, !asks_for_heads(data, size));
	strbuf_release(&answer);
	return 0;
}
