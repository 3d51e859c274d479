/* Tests `serve` under a service manager: the inherited socket, and the notifications (docs/service.md). */
#include "client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct service {
	struct box box;
	char *notify;
	int listening, told, port;
	pid_t pid;
};

static struct service service;

static void set_up(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct sockaddr_in place = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof place;

	memset(&service, 0, sizeof service);
	box_open(&service.box);
	service.notify = box_path(&service.box, "notify");
	cr_assert_lt(strlen(service.notify), sizeof address.sun_path);
	strcpy(address.sun_path, service.notify);
	service.told = socket(AF_UNIX, SOCK_DGRAM, 0);
	cr_assert_eq(bind(service.told, (struct sockaddr *)&address, sizeof address), 0);
	service.listening = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(bind(service.listening, (struct sockaddr *)&place, sizeof place), 0);
	cr_assert_eq(listen(service.listening, 16), 0);
	cr_assert_eq(getsockname(service.listening, (struct sockaddr *)&place, &length), 0);
	service.port = ntohs(place.sin_port);
}

static void tear_down(void)
{
	if (service.pid > 0) {
		(void)kill(service.pid, SIGKILL);
		(void)waitpid(service.pid, NULL, 0);
	}
	close(service.told);
	close(service.listening);
	box_close(&service.box);
}
TestSuite(service, .init = set_up, .fini = tear_down);

/* Starts the server as systemd does, with `fd` as descriptor 3. LISTEN_PID: `whose`; if 0, the server's own id. */
static void start(int fd, int count, pid_t whose)
{
	char text[32];

	service.pid = fork();
	cr_assert_geq(service.pid, 0);
	if (service.pid)
		return;
	for (size_t i = 0; service.box.lines[i]; i++) {
		if (strchr(service.box.lines[i], '='))
			(void)putenv(service.box.lines[i]);
	}
	(void)snprintf(text, sizeof text, "%d", (int)(whose ? whose : getpid()));
	(void)setenv("LISTEN_PID", text, 1);
	(void)snprintf(text, sizeof text, "%d", count);
	(void)setenv("LISTEN_FDS", text, 1);
	(void)setenv("NOTIFY_SOCKET", service.notify, 1);
	(void)setenv("WATCHDOG_USEC", "400000", 1);
	(void)!freopen("/dev/null", "w", stderr);
	if (dup2(fd, 3) != 3)
		_exit(99);
	execl(KYB_PROGRAM, KYB_PROGRAM, "serve", "--listen", "127.0.0.1:0", (char *)NULL);
	_exit(98);
}

/* Reads the next notification of the program; false if none arrives within a minute. */
static bool hears(char *out, size_t size)
{
	struct pollfd item = { .fd = service.told, .events = POLLIN };
	ssize_t length;

	if (poll(&item, 1, 60000) != 1)
		return false;
	length = recv(service.told, out, size - 1, 0);
	if (length < 0)
		return false;
	out[length] = '\0';
	return true;
}

static bool hears_of(const char *what)
{
	char text[256];

	while (hears(text, sizeof text)) {
		if (strstr(text, what))
			return true;
	}
	return false;
}

static int exit_status(void)
{
	int status = 0;

	cr_assert_eq(waitpid(service.pid, &status, 0), service.pid);
	service.pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int ask(const char *path)
{
	struct api api = { .port = service.port };
	int status = api_call(&api, "GET", path, NULL);

	reply_release(&api.last);
	return status;
}

Test(service, takes_the_socket_it_is_given_and_says_how_it_is)
{
	char text[256];

	start(service.listening, 1, 0);
	cr_assert(hears(text, sizeof text));
	cr_expect_eq(strncmp(text, "READY=1", 7), 0, "%s", text);
	cr_expect_eq(ask("/healthz"), 200);
	cr_expect(hears_of("WATCHDOG=1"));
	cr_expect(hears_of("WATCHDOG=1"), "and again");
	cr_assert_eq(kill(service.pid, SIGTERM), 0);
	cr_expect(hears_of("STOPPING=1"));
	cr_expect_eq(exit_status(), 0);
	/* The next process gets the same socket. */
	start(service.listening, 1, 0);
	cr_expect_eq(ask("/healthz"), 200);
}

Test(service, a_connection_that_came_before_it_is_answered)
{
	static const char request[] = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
	struct api api = { .port = service.port };
	struct reply reply = { 0 };
	int fd = api_connect(&api);

	api_write(fd, request, sizeof request - 1);
	start(service.listening, 1, 0);
	cr_assert(api_read(fd, "GET /healthz", &reply));
	cr_expect_eq(reply.status, 200);
	reply_release(&reply);
	close(fd);
}

Test(service, what_is_anothers_is_left_alone)
{
	static const char request[] = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
	struct api api = { .port = service.port };
	struct pollfd item = { .events = POLLIN };

	start(service.listening, 1, 1);
	cr_assert(hears_of("READY=1"));
	/* LISTEN_PID names another process, so the server listens on another socket and does not answer on this one. */
	item.fd = api_connect(&api);
	api_write(item.fd, request, sizeof request - 1);
	cr_expect(hears_of("WATCHDOG=1"));
	cr_expect_eq(poll(&item, 1, 0), 0);
	close(item.fd);
}

Test(service, what_is_no_listening_socket_is_refused)
{
	int plain = socket(AF_INET, SOCK_STREAM, 0), null = dup(0);

	start(plain, 1, 0);
	cr_expect_gt(exit_status(), 0);
	start(null, 1, 0);
	cr_expect_gt(exit_status(), 0);
	start(service.listening, 2, 0);
	cr_expect_gt(exit_status(), 0);
	close(plain);
	close(null);
}
