#include "postgresql_desk/relay.h"

#include <criterion/criterion.h>
#include "support/keep.h"
#include "support/process.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET_NAME ".s.PGSQL.5432"
#define PAIRS_MAX 30 /* connections through the relay at the same time */
#define LATE_MS 3000

struct relay {
	char server[64], folder[64 + sizeof "/relay"];
	pid_t process;
	_Atomic int fault;
	_Atomic unsigned commit, seen;
};

static struct sockaddr_un address_in(const char *folder)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/" SOCKET_NAME, folder);
	cr_assert(length > 0 && (size_t)length < sizeof address.sun_path);
	return address;
}

static bool pass_on(int to, const char *bytes, size_t length)
{
	while (length) {
		ssize_t sent = send(to, bytes, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

/* The fault that the bytes of a client meet: a statement stands in its message with its final zero. */
static enum relay_fault fault_of(struct relay *relay, const char *bytes, size_t length)
{
	if (!memmem(bytes, length, "COMMIT", sizeof "COMMIT"))
		return RELAY_NONE;
	return ++relay->seen == relay->commit ? (enum relay_fault)relay->fault : RELAY_NONE;
}

static bool is_past(const struct relay *relay, enum relay_fault fault)
{
	return relay->fault == (int)fault && relay->seen >= relay->commit;
}

/* Moves what one side has sent; false: the pair is to be closed. */
static bool move(struct relay *relay, const struct pollfd *pair, int from)
{
	char bytes[65536];
	ssize_t length = recv(pair[from].fd, bytes, sizeof bytes, 0);
	enum relay_fault fault = length > 0 && from == 0 ? fault_of(relay, bytes, (size_t)length) : RELAY_NONE;

	if (length > 0 && is_past(relay, RELAY_MUTE))
		return true;
	if (length <= 0 || fault == RELAY_LOST || !pass_on(pair[!from].fd, bytes, (size_t)length))
		return false;
	if (fault == RELAY_NONE)
		return true;
	/* The answer has come when the server has committed. */
	(void)poll(&(struct pollfd){ .fd = pair[1].fd, .events = POLLIN }, 1, -1);
	if (fault == RELAY_LATE)
		test_sleep_ms(LATE_MS);
	return fault == RELAY_LATE;
}

static void run(struct relay *relay, int door)
{
	struct pollfd all[1 + 2 * PAIRS_MAX];
	struct sockaddr_un server = address_in(relay->server);

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		all[i] = (struct pollfd){ .fd = i ? -1 : door, .events = POLLIN };
	for (;;) {
		if (poll(all, sizeof all / sizeof *all, -1) < 0)
			_exit(1);
		int client = all[0].revents ? accept(door, NULL, NULL) : -1;
		for (struct pollfd *pair = all + 1; pair < all + 1 + (size_t)2 * PAIRS_MAX; pair += 2) {
			bool open = pair[0].fd >= 0;
			if (open && pair[0].revents)
				open = move(relay, pair, 0);
			if (open && pair[1].revents)
				open = move(relay, pair, 1);
			if (pair[0].fd >= 0 && (!open || is_past(relay, RELAY_GONE))) {
				close(pair[0].fd);
				close(pair[1].fd);
				pair[0].fd = pair[1].fd = -1;
			} else if (pair[0].fd < 0 && client >= 0 && !is_past(relay, RELAY_GONE)) {
				int other = socket(AF_UNIX, SOCK_STREAM, 0);
				if (connect(other, (struct sockaddr *)&server, sizeof server) != 0)
					_exit(1);
				pair[0] = (struct pollfd){ .fd = client, .events = POLLIN };
				pair[1] = (struct pollfd){ .fd = other, .events = POLLIN };
				client = -1;
			}
		}
		if (client >= 0)
			close(client);
	}
}

struct relay *relay_start(const struct test_server *server)
{
	struct relay *relay = mmap(NULL, sizeof *relay, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert(relay != MAP_FAILED);
	(void)snprintf(relay->server, sizeof relay->server, "%s", server->folder);
	(void)snprintf(relay->folder, sizeof relay->folder, "%s/relay", server->folder);
	cr_assert_eq(mkdir(relay->folder, 0700), 0);
	int door = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un address = address_in(relay->folder);
	cr_assert_eq(bind(door, (struct sockaddr *)&address, sizeof address), 0);
	cr_assert_eq(listen(door, PAIRS_MAX), 0);
	pid_t child = fork();
	cr_assert_geq(child, 0);
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(relay, door);
	}
	relay->process = child;
	close(door);
	return relay;
}

void relay_stop(struct relay *relay)
{
	(void)kill(relay->process, SIGKILL);
	(void)waitpid(relay->process, NULL, 0);
	(void)munmap(relay, sizeof *relay);
}

char *relay_address(const struct relay *relay, const char *place)
{
	const char *host = strstr(place, relay->server);
	cr_assert_not_null(host, "%s", place);
	return test_text("%.*s%s%s", (int)(host - place), place, relay->folder, host + strlen(relay->server));
}

void relay_arm(struct relay *relay, enum relay_fault fault, unsigned commit)
{
	relay->fault = RELAY_NONE;
	relay->commit = commit;
	relay->seen = 0;
	relay->fault = fault;
}

unsigned relay_commits(const struct relay *relay)
{
	return relay->seen;
}
