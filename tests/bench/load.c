/*
 * Sends requests over CLIENTS connections, one after the other on each. Prints the number of 2xx responses per second;
 * fails at any other response.
 *
 * usage: load PORT CLIENTS REQUESTS PATH TOKEN BODY
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 256

static int port, each;
static char *request;
static size_t request_length;

static void fail(const char *what)
{
	fprintf(stderr, "load: %s\n", what);
	exit(1);
}

/* Reads one response: its head, and as many bytes as Content-Length says. */
static void read_answer(int fd)
{
	char text[65536];
	size_t have = 0;

	for (;;) {
		ssize_t got = recv(fd, text + have, sizeof text - 1 - have, 0);
		char *end, *length;

		if (got <= 0)
			fail("a connection ended");
		have += (size_t)got;
		text[have] = '\0';
		end = strstr(text, "\r\n\r\n");
		if (!end)
			continue;
		if (strncmp(text, "HTTP/1.1 2", 10) != 0)
			fail(text);
		length = strstr(text, "Content-Length:");
		if (length && have >= (size_t)(end + 4 - text) + strtoul(length + 15, NULL, 10))
			return;
	}
}

static void *run(void *context)
{
	struct sockaddr_in place = { .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	(void)context;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(fd, (struct sockaddr *)&place, sizeof place))
		fail("nobody listens");
	for (int i = 0; i < each; i++) {
		if (send(fd, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length)
			fail("a request could not be sent");
		read_answer(fd);
	}
	close(fd);
	return NULL;
}

int main(int count, char **arguments)
{
	pthread_t threads[CLIENTS_MAX];
	struct timespec begun, ended;
	int clients, length;

	if (count != 7 || (clients = atoi(arguments[2])) < 1 || clients > CLIENTS_MAX)
		fail("usage: load PORT CLIENTS REQUESTS PATH TOKEN BODY");
	port = atoi(arguments[1]);
	each = atoi(arguments[3]) / clients;
	length = asprintf(&request,
			  "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
			  "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			  arguments[4], arguments[5], strlen(arguments[6]), arguments[6]);
	if (length < 0)
		fail("no memory");
	request_length = (size_t)length;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (int i = 0; i < clients; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < clients; i++)
		pthread_join(threads[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	printf("%.0f\n",
	       each * clients /
		       ((double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9));
	free(request);
	return 0;
}
