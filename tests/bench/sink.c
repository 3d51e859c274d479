/*
 * A receiver with minimal cost: one thread, epoll, answers 204 to every request after its last byte. Prints its port;
 * when its standard input ends, it prints the number of requests and ends.
 *
 * usage: sink
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX 65536
#define EVENTS 128

struct peer {
	int fd;
	size_t have;
	char text[REQUEST_MAX + 1];
};

static unsigned long answered;

/* The length of the request at the start of `text`; 0 if the request is not complete yet. */
static size_t whole(const char *text, size_t have)
{
	const char *end = memmem(text, have, "\r\n\r\n", 4), *length = strcasestr(text, "\r\nContent-Length:");
	size_t size;

	if (!end)
		return 0;
	size = (size_t)(end + 4 - text) + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
	return size <= have ? size : 0;
}

static void drop(struct peer *peer)
{
	close(peer->fd);
	free(peer);
}

static void take(struct peer *peer)
{
	static const char answer[] = "HTTP/1.1 204 No Content\r\n\r\n";
	ssize_t got = recv(peer->fd, peer->text + peer->have, REQUEST_MAX - peer->have, 0);
	size_t size;

	if (got <= 0) {
		drop(peer);
		return;
	}
	peer->have += (size_t)got;
	peer->text[peer->have] = '\0';
	while ((size = whole(peer->text, peer->have))) {
		peer->have -= size;
		memmove(peer->text, peer->text + size, peer->have + 1);
		answered++;
		if (send(peer->fd, answer, sizeof answer - 1, MSG_NOSIGNAL) != (ssize_t)sizeof answer - 1) {
			drop(peer);
			return;
		}
	}
}

static void welcome(int epoll, int listening)
{
	struct peer *peer = malloc(sizeof *peer);
	struct epoll_event wanted = { .events = EPOLLIN, .data.ptr = peer };
	int one = 1;

	if (!peer)
		exit(1);
	*peer = (struct peer){ .fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC) };
	if (peer->fd < 0) {
		free(peer);
		return;
	}
	setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	epoll_ctl(epoll, EPOLL_CTL_ADD, peer->fd, &wanted);
}

int main(void)
{
	static int input, entrance;
	struct sockaddr_in place = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof place;
	int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), epoll = epoll_create1(0);
	struct epoll_event events[EVENTS], at_end = { .events = EPOLLIN, .data.ptr = &input },
					   at_entrance = { .events = EPOLLIN, .data.ptr = &entrance };

	if (bind(listening, (struct sockaddr *)&place, sizeof place) || listen(listening, 512) ||
	    getsockname(listening, (struct sockaddr *)&place, &length) ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &at_end) ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &at_entrance))
		return 1;
	printf("%d\n", ntohs(place.sin_port));
	fflush(stdout);
	for (;;) {
		int count = epoll_wait(epoll, events, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr == &input) {
				printf("%lu\n", answered);
				return 0;
			}
			if (events[i].data.ptr == &entrance)
				welcome(epoll, listening);
			else
				take(events[i].data.ptr);
		}
	}
}
