#include "../cli_internal.h"
#include "kybdesk/webhook/sign.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_MAX (1024 * 1024)
#define READ_TIMEOUT_S 5 /* maximum wait for more bytes of a request */

int receive_listen(unsigned *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)*port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 64) ||
	    getsockname(fd, (struct sockaddr *)&address, &length)) {
		(void)close(fd);
		return -1;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

/* Reads one request; false if it is incomplete or too long. Waits at most READ_TIMEOUT_S seconds for more bytes. */
static bool receive_request(int fd, struct received_request *out)
{
	const struct timeval patience = { .tv_sec = READ_TIMEOUT_S };
	struct arena arena = ARENA_INIT;
	char part[4096];
	bool headed = false, whole = false;

	*out = (struct received_request){ .text = STRBUF_INIT };
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	while (!whole && out->text.len < MESSAGE_MAX) {
		ssize_t got = recv(fd, part, sizeof part, 0);

		if (got <= 0)
			break;
		strbuf_add(&out->text, part, (size_t)got);
		const char *end = headed ? NULL : strstr(out->text.buf, "\r\n\r\n");
		if (end) {
			headed = true;
			out->body_offset = (size_t)(end - out->text.buf) + 4;
			out->body_length = strtoul(webhook_header(&arena, out->text.buf, "content-length"), NULL, 10);
		}
		whole = headed && out->body_length <= MESSAGE_MAX &&
			out->text.len >= out->body_offset + out->body_length;
	}
	arena_release(&arena);
	return whole;
}

int receive_new_stop_fd(void)
{
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void receive_stop(void *stop_fd)
{
	(void)!eventfd_write(*(const int *)stop_fd, 1);
}

enum err receive_requests(struct receive_loop *receive_loop, struct error *error)
{
	struct pollfd fds[] = { { .fd = receive_loop->fd, .events = POLLIN },
				{ .fd = receive_loop->stop_fd, .events = POLLIN } };
	enum err err = ERR_OK;

	while (!err && receive_loop->requests_left != 0) {
		struct received_request received;
		int fd;

		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			break;
		fd = accept4(receive_loop->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		if (receive_request(fd, &received)) {
			err = receive_loop->handle(receive_loop->context, fd, &received, error);
			receive_loop->requests_left -= receive_loop->requests_left > 0;
		}
		strbuf_release(&received.text);
		(void)close(fd);
	}
	return err;
}

void receive_respond(int fd, int status, const char *body)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "HTTP/1.1 %d Received\r\nConnection: close\r\n", status);
	if (status != 204)
		strbuf_addf(&text, "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n", strlen(body));
	strbuf_addf(&text, "\r\n%s", status == 204 ? "" : body);
	(void)send(fd, text.buf, text.len, MSG_NOSIGNAL);
	strbuf_release(&text);
}

const char *received_event_type(struct arena *arena, const struct received_request *received)
{
	struct json_value *value = NULL;
	const char *type = NULL;

	if (json_read(received->text.buf + received->body_offset, received->body_length, &value, NULL) == ERR_OK)
		type = json_get_text(value, "type") ? json_get_text(value, "type") : json_get_text(value, "event");
	type = arena_strdup(arena, type ? type : "an event");
	json_free(value);
	return type;
}
