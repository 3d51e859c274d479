/* The allowed targets of a delivery, tested with real receivers. */
#include "expect.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(guard, .init = box_set_up_bare, .fini = box_tear_down);

/* Listens on a free port of this machine's loopback address. */
static int listen_on(unsigned *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_geq(fd, 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	cr_assert_eq(listen(fd, 8), 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

static bool was_connected(int fd)
{
	struct pollfd item = { .fd = fd, .events = POLLIN };
	return poll(&item, 1, 0) == 1;
}

/* Delivers the webhook of a decision to `host`; the result of the delivery is in box.json. */
static void deliver_to(const char *host, unsigned port)
{
	char sql[160];
	/* SQL sets a URL that `endpoint add` refuses in production: a delivery must check the stored URL, too. */
	DONE("reviewer", "add", BOX_COLLEAGUE, "--role", "intake");
	DONE("endpoint", "add", "--merchant", "shop", "--url", "https://hooks.example/", "--event", "*");
	(void)snprintf(sql, sizeof sql, "UPDATE endpoint SET url = 'https://%s:%u/hook'", host, port);
	box_sql(&box, sql);
	box_import_person_by_colleague(&box, "IND-1");
	DONE("approve", "IND-1", "--grace", "0");
	DONE_JSON("webhook", "deliver", "--drain");
}

static void expect_never_connected(const char *host)
{
	unsigned port;
	int fd = listen_on(&port);
	box_init_production(&box);
	DONE("merchant", "add", "shop");
	deliver_to(host, port);
	SHOWS("waiting = 1");
	cr_expect_not(was_connected(fd), "a production store connected to %s", host);
	DONE("webhook", "list", "--state", "waiting");
	close(fd);
}

Test(guard, a_production_store_connects_to_no_loopback_address)
{
	expect_never_connected("127.0.0.1");
}

Test(guard, a_production_store_connects_to_no_name_that_means_loopback)
{
	expect_never_connected("localhost");
}

Test(guard, a_production_store_connects_to_no_mapped_loopback_address)
{
	expect_never_connected("[::ffff:127.0.0.1]");
}

Test(guard, a_sandbox_store_may_connect_to_this_machine)
{
	unsigned port;
	int fd = listen_on(&port);
	close(fd);
	DONE("init", "--sandbox");
	DONE("merchant", "add", "shop");
	deliver_to("127.0.0.1", port);
	DONE_JSON("webhook", "list");
	DONE_JSON("webhook", "show", test_keep(strdup(json_path_text(box.json, "data[0].id"))));
	/* Nobody listens on the port any more: the attempt fails, but not because the address is forbidden. */
	cr_expect_null(strstr(json_path_text(box.json, "deliveries[0].attempts[0].failure"), "public internet"));
}

/* `endpoint add` refuses an address that no delivery may connect to, at once and without using the network. */
Test(guard, an_endpoint_at_an_address_that_no_delivery_reaches_is_refused)
{
	static const char *const closed[] = {
		"127.0.0.1",	    "10.0.0.8",	  "192.168.1.1:8443",  "169.254.169.254", "10.1",
		"0x7f000001",	    "2130706433", "0177.0.0.1",	       "127.0.0.1.",	  "localhost",
		"api.LOCALHOST",    "[::1]",	  "[::ffff:10.0.0.8]", "[fd00::1]",	  "[fe80::1]:443",
		"[64:ff9b::a00:8]", "100.64.0.1", "0.0.0.0",	       "224.0.0.1",	  "[2002:a00:8::1]"
	};
	static const char *const open[] = { "hooks.example", "8.8.8.8", "[2606:4700::1111]", "localhost.example" };
	char url[100];

	box_init_production(&box);
	DONE("merchant", "add", "shop");
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
		(void)snprintf(url, sizeof url, "https://%s/hook", closed[i]);
		REFUSED(9, "is not an address of the public internet", "endpoint", "add", "--merchant", "shop", "--url",
			url, "--event", "*");
	}
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		(void)snprintf(url, sizeof url, "https://%s/hook", open[i]);
		DONE("endpoint", "add", "--merchant", "shop", "--url", url, "--event", "*");
	}
}
