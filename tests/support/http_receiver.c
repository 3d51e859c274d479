#include "support/http_receiver.h"
#include "support/must.h"
#include "support/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_REQUESTS 65536
#define MOST_CONNECTIONS 65536
#define LONGEST_HEAD 65536
#define LONGEST_BODY ((size_t)1 << 20)

struct receiver {
	pthread_mutex_t lock;
	int listener;
	unsigned port;
	bool stopping;
	pthread_t acceptor;
	pthread_t workers[MOST_CONNECTIONS];
	size_t worker_count;
	struct receiver_answer *answers;
	size_t answer_count, next_answer;
	struct receiver_request *requests[MOST_REQUESTS];
	size_t count, answered_at_most, busy, most_busy;
};

struct connection {
	struct receiver *receiver;
	int fd, number;
	char *buffer;
	size_t length, capacity;
};

static void lock(struct receiver *receiver)
{
	MUST(pthread_mutex_lock(&receiver->lock) == 0);
}

static void unlock(struct receiver *receiver)
{
	MUST(pthread_mutex_unlock(&receiver->lock) == 0);
}

static bool is_stopping(struct receiver *receiver)
{
	lock(receiver);
	bool stopping = receiver->stopping;
	unlock(receiver);
	return stopping;
}

static bool put(const struct connection *connection, const char *bytes, size_t length)
{
	while (length) {
		ssize_t done = send(connection->fd, bytes, length, MSG_NOSIGNAL);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		length -= (size_t)done;
	}
	return true;
}

/* Reads more bytes into the buffer; false at the end, on an error, or when the receiver stops. */
static bool fill(struct connection *connection)
{
	for (;;) {
		struct pollfd ready = { .fd = connection->fd, .events = POLLIN };
		int found = poll(&ready, 1, 50);
		if (found > 0)
			break;
		if (is_stopping(connection->receiver))
			return false;
	}
	if (connection->length + 16384 > connection->capacity) {
		connection->capacity = connection->capacity * 2 + 16384;
		connection->buffer = realloc(connection->buffer, connection->capacity);
		MUST(connection->buffer);
	}
	ssize_t got = recv(connection->fd, connection->buffer + connection->length, 16384, 0);
	if (got <= 0)
		return false;
	connection->length += (size_t)got;
	return true;
}

static char *copy_bytes(const char *bytes, size_t length)
{
	char *made = malloc(length + 1);
	MUST(made);
	memcpy(made, bytes, length);
	made[length] = '\0';
	return made;
}

char *request_header(const struct receiver_request *request, const char *name)
{
	size_t name_length = strlen(name);
	for (const char *line = request->headers; *line;) {
		size_t length = strcspn(line, "\r\n");
		if (length > name_length && strncasecmp(line, name, name_length) == 0 && line[name_length] == ':') {
			const char *value = line + name_length + 1;
			while (*value == ' ' || *value == '\t')
				value++;
			return test_keep(copy_bytes(value, (size_t)(line + length - value)));
		}
		line += length;
		line += strspn(line, "\r\n");
	}
	return NULL;
}

static void request_free(struct receiver_request *request)
{
	if (!request)
		return;
	free(request->method);
	free(request->path);
	free(request->headers);
	free(request->body);
	free(request);
}

/* The next whole request on the connection, or NULL. */
static struct receiver_request *read_request(struct connection *connection)
{
	const char *end;
	while (!(end = connection->length ? memmem(connection->buffer, connection->length, "\r\n\r\n", 4) : NULL))
		if (connection->length > LONGEST_HEAD || !fill(connection))
			return NULL;
	size_t head = (size_t)(end - connection->buffer) + 4;
	struct receiver_request *request = calloc(1, sizeof *request);
	MUST(request);
	const char *line_end = memchr(connection->buffer, '\r', head);
	char *line = copy_bytes(connection->buffer, (size_t)(line_end - connection->buffer));
	const char *space = strchr(line, ' ');
	const char *second = space ? strchr(space + 1, ' ') : NULL;
	request->headers = copy_bytes(line_end + 2, head - (size_t)(line_end + 2 - connection->buffer));
	if (space && second) {
		request->method = copy_bytes(line, (size_t)(space - line));
		request->path = copy_bytes(space + 1, (size_t)(second - space - 1));
	}
	free(line);
	char *length_text = request_header(request, "content-length");
	request->body_length = length_text ? strtoul(length_text, NULL, 10) : 0;
	char *expect = request_header(request, "expect");
	if (expect)
		(void)put(connection, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	bool whole = request->method && request->body_length <= LONGEST_BODY;
	while (whole && connection->length < head + request->body_length)
		whole = fill(connection);
	if (!whole) {
		request_free(request);
		return NULL;
	}
	request->body = copy_bytes(connection->buffer + head, request->body_length);
	request->arrived_ms = test_clock_ms();
	request->connection = connection->number;
	size_t used = head + request->body_length;
	connection->length -= used;
	memmove(connection->buffer, connection->buffer + used, connection->length);
	return request;
}

/* Records the request; returns the response to send. *number is the number of the request, from 0. */
static struct receiver_answer record(struct receiver *receiver, struct receiver_request *request, size_t *number)
{
	struct receiver_answer answer = { .status = 204 };
	lock(receiver);
	if (receiver->answer_count) {
		size_t last = receiver->answer_count - 1;
		answer = receiver->answers[receiver->next_answer < last ? receiver->next_answer : last];
		receiver->next_answer++;
	}
	bool silent =
		answer.trick == RECEIVER_HANG_UP || answer.trick == RECEIVER_NEVER || answer.trick == RECEIVER_RESET;
	request->status = silent ? 0 : answer.status;
	MUST(receiver->count < MOST_REQUESTS);
	*number = receiver->count;
	receiver->requests[receiver->count++] = request;
	receiver->busy++;
	if (receiver->busy > receiver->most_busy)
		receiver->most_busy = receiver->busy;
	unlock(receiver);
	return answer;
}

static bool pause_for(struct receiver *receiver, unsigned ms)
{
	long long end = test_clock_ms() + ms;
	for (long long left = ms; left > 0; left = end - test_clock_ms()) {
		if (is_stopping(receiver))
			return false;
		test_sleep_ms(left < 20 ? (unsigned)left : 20);
	}
	return true;
}

/* Waits until the request may be answered (receiver_hold()); false if the receiver stops. */
static bool wait_for_leave(struct receiver *receiver, size_t number)
{
	for (;;) {
		lock(receiver);
		bool held = number >= receiver->answered_at_most;
		unlock(receiver);
		if (!held)
			return true;
		if (is_stopping(receiver))
			return false;
		test_sleep_ms(2);
	}
}

/* Writes the status line and the headers, with `more` as an additional header. */
static bool put_head(const struct connection *connection, const struct receiver_answer *answer, const char *more)
{
	char *head = NULL;
	int length = asprintf(&head, "HTTP/1.1 %d Test\r\n%s%s\r\n", answer->status, more,
			      answer->headers ? answer->headers : "");
	MUST(length > 0);
	bool done = put(connection, head, (size_t)length);
	free(head);
	return done;
}

/* Sends the response; true if the connection may carry another request. */
static bool give(struct connection *connection, const struct receiver_answer *answer)
{
	struct receiver *receiver = connection->receiver;
	if (!pause_for(receiver, answer->delay_ms))
		return false;
	const char *body = answer->body ? answer->body : "";
	char *head = NULL;
	int length;
	if (answer->trick == RECEIVER_ENDLESS_BODY)
		length = asprintf(&head, "HTTP/1.1 %d Test\r\n%s\r\n", answer->status,
				  answer->headers ? answer->headers : "");
	else if (answer->status == 204)
		length = asprintf(&head, "HTTP/1.1 204 Test\r\n%s\r\n", answer->headers ? answer->headers : "");
	else
		length = asprintf(&head, "HTTP/1.1 %d Test\r\nContent-Length: %zu\r\n%s\r\n%s", answer->status,
				  strlen(body), answer->headers ? answer->headers : "", body);
	MUST(length > 0);
	bool more = false;
	switch (answer->trick) {
	case RECEIVER_PLAIN:
		more = put(connection, head, (size_t)length);
		break;
	case RECEIVER_HANG_UP:
		break;
	case RECEIVER_ENDLESS_BODY: {
		char block[4096];
		memset(block, 'x', sizeof block);
		bool open = put(connection, head, (size_t)length);
		while (open && !is_stopping(receiver))
			open = put(connection, block, sizeof block);
		break;
	}
	case RECEIVER_SLOW_HEADERS:
		more = true;
		for (int i = 0; i < length && more; i++)
			more = put(connection, head + i, 1) && pause_for(receiver, 100);
		break;
	case RECEIVER_SLOW_BODY: {
		bool open = put_head(connection, answer, "Transfer-Encoding: chunked\r\n");
		while (open && pause_for(receiver, 100))
			open = put(connection, "1\r\nx\r\n", 6);
		break;
	}
	case RECEIVER_ENDLESS_HEADERS: {
		bool open = put(connection, "HTTP/1.1 200 Test\r\n", 19);
		while (open && !is_stopping(receiver))
			open = put(connection, "X-More: of the same, again and again\r\n", 38);
		break;
	}
	case RECEIVER_NUL_BYTE:
		more = put_head(connection, answer, "Content-Length: 12\r\n") && put(connection, "before\0after", 12);
		break;
	case RECEIVER_RESET: {
		const struct linger at_once = { .l_onoff = 1 };
		(void)setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
		break;
	}
	case RECEIVER_CUT_SHORT:
		(void)(put_head(connection, answer, "Content-Length: 100\r\n") && put(connection, "0123456789", 10));
		break;
	case RECEIVER_NEVER:
		while (!is_stopping(receiver)) {
			char byte;
			if (recv(connection->fd, &byte, 1, MSG_DONTWAIT) == 0)
				break;
			test_sleep_ms(20);
		}
		break;
	}
	free(head);
	return more;
}

static void *serve(void *argument)
{
	struct connection *connection = argument;
	struct receiver *receiver = connection->receiver;
	struct receiver_request *request;
	while ((request = read_request(connection))) {
		size_t number;
		struct receiver_answer answer = record(receiver, request, &number);
		bool more = wait_for_leave(receiver, number) && give(connection, &answer);
		lock(receiver);
		receiver->busy--;
		unlock(receiver);
		if (!more)
			break;
	}
	(void)close(connection->fd);
	free(connection->buffer);
	free(connection);
	return NULL;
}

static void *accept_all(void *argument)
{
	struct receiver *receiver = argument;
	while (!is_stopping(receiver)) {
		struct pollfd ready = { .fd = receiver->listener, .events = POLLIN };
		if (poll(&ready, 1, 50) <= 0)
			continue;
		int fd = accept4(receiver->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		int on = 1;
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		struct connection *connection = calloc(1, sizeof *connection);
		MUST(connection && receiver->worker_count < MOST_CONNECTIONS);
		connection->receiver = receiver;
		connection->fd = fd;
		connection->number = (int)receiver->worker_count + 1;
		MUST(pthread_create(&receiver->workers[receiver->worker_count], NULL, serve, connection) == 0);
		lock(receiver);
		receiver->worker_count++;
		unlock(receiver);
	}
	return NULL;
}

struct receiver *receiver_start(void)
{
	struct receiver *receiver = calloc(1, sizeof *receiver);
	MUST(receiver && pthread_mutex_init(&receiver->lock, NULL) == 0);
	receiver->answered_at_most = SIZE_MAX;
	receiver->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	MUST(receiver->listener >= 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	union {
		struct sockaddr_in *in;
		struct sockaddr *any;
	} place = { .in = &address };
	MUST(bind(receiver->listener, place.any, size) == 0 && listen(receiver->listener, 512) == 0);
	MUST(getsockname(receiver->listener, place.any, &size) == 0);
	receiver->port = ntohs(address.sin_port);
	MUST(pthread_create(&receiver->acceptor, NULL, accept_all, receiver) == 0);
	return receiver;
}

void receiver_stop(struct receiver *receiver)
{
	if (!receiver)
		return;
	lock(receiver);
	receiver->stopping = true;
	unlock(receiver);
	(void)pthread_join(receiver->acceptor, NULL);
	for (size_t i = 0; i < receiver->worker_count; i++)
		(void)pthread_join(receiver->workers[i], NULL);
	(void)close(receiver->listener);
	for (size_t i = 0; i < receiver->count; i++)
		request_free(receiver->requests[i]);
	free(receiver->answers);
	(void)pthread_mutex_destroy(&receiver->lock);
	free(receiver);
}

const char *receiver_url(struct receiver *receiver, const char *path)
{
	return test_text("http://127.0.0.1:%u%s", receiver->port, path);
}

void receiver_answers(struct receiver *receiver, const struct receiver_answer *answers, size_t count)
{
	struct receiver_answer *copied = calloc(count ? count : 1, sizeof *copied);
	MUST(copied);
	if (count)
		memcpy(copied, answers, count * sizeof *copied);
	lock(receiver);
	free(receiver->answers);
	receiver->answers = copied;
	receiver->answer_count = count;
	receiver->next_answer = 0;
	unlock(receiver);
}

void receiver_hold(struct receiver *receiver, size_t answered_at_most)
{
	lock(receiver);
	receiver->answered_at_most = answered_at_most;
	unlock(receiver);
}

size_t receiver_count(struct receiver *receiver)
{
	lock(receiver);
	size_t count = receiver->count;
	unlock(receiver);
	return count;
}

bool receiver_wait(struct receiver *receiver, size_t count, unsigned timeout_ms)
{
	long long end = test_clock_ms() + timeout_ms;
	while (receiver_count(receiver) < count) {
		if (test_clock_ms() >= end)
			return false;
		test_sleep_ms(2);
	}
	return true;
}

bool receiver_wait_idle(struct receiver *receiver, unsigned timeout_ms)
{
	long long end = test_clock_ms() + timeout_ms;
	for (;;) {
		lock(receiver);
		bool idle = !receiver->busy;
		unlock(receiver);
		if (idle || test_clock_ms() >= end)
			return idle;
		test_sleep_ms(5);
	}
}

const struct receiver_request *receiver_request(struct receiver *receiver, size_t index)
{
	lock(receiver);
	const struct receiver_request *request = index < receiver->count ? receiver->requests[index] : NULL;
	unlock(receiver);
	MUST(request);
	return request;
}

size_t receiver_connections(struct receiver *receiver)
{
	lock(receiver);
	size_t count = receiver->worker_count;
	unlock(receiver);
	return count;
}

size_t receiver_most_at_once(struct receiver *receiver)
{
	lock(receiver);
	size_t most = receiver->most_busy;
	unlock(receiver);
	return most;
}

/* Decoded length, or -1. */
static int decode(const char *text, size_t length, unsigned char *out, size_t size)
{
	if (length == 0 || length % 4 || length / 4 * 3 > size)
		return -1;
	int decoded = EVP_DecodeBlock(out, (const unsigned char *)text, (int)length);
	for (size_t i = length; decoded > 0 && i > length - 2 && text[i - 1] == '='; i--)
		decoded--;
	return decoded;
}

bool request_is_signed(const struct receiver_request *request, const char *secret)
{
	bool right = false;
	unsigned char key[256];
	unsigned char wanted[EVP_MAX_MD_SIZE];
	unsigned int wanted_length = 0;
	char *id = request_header(request, "webhook-id");
	char *timestamp = request_header(request, "webhook-timestamp");
	char *signatures = request_header(request, "webhook-signature");
	char *content = NULL;
	if (strncmp(secret, "whsec_", 6) != 0 || !id || !timestamp || !signatures)
		goto out;
	int key_length = decode(secret + 6, strlen(secret + 6), key, sizeof key);
	if (key_length <= 0)
		goto out;
	int head = asprintf(&content, "%s.%s.", id, timestamp);
	MUST(head > 0);
	size_t length = (size_t)head + request->body_length;
	content = realloc(content, length + 1);
	MUST(content);
	memcpy(content + head, request->body, request->body_length);
	MUST(HMAC(EVP_sha256(), key, key_length, (const unsigned char *)content, length, wanted, &wanted_length));
	for (const char *at = signatures; *at; at += strspn(at, " ")) {
		size_t part = strcspn(at, " ");
		unsigned char given[64];
		if (part > 3 && strncmp(at, "v1,", 3) == 0 &&
		    decode(at + 3, part - 3, given, sizeof given) == (int)wanted_length &&
		    CRYPTO_memcmp(given, wanted, wanted_length) == 0)
			right = true;
		at += part;
	}
out:
	free(content);
	return right;
}
