/* Hostile receivers, over real sockets of this machine: each is limited in time and bytes, and is not trusted. */
#include "scene.h"
#include "tls_receiver.h"
#include "support/needs.h"
#include "support/texts.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(hostile, .init = scene_set_up, .fini = scene_tear_down);

#define SHORT_MS 1500

static void https_url(char *out, size_t size, const struct tls_receiver *receiver)
{
	(void)snprintf(out, size, "https://127.0.0.1:%u/hook", tls_receiver_port(receiver));
}

/* Sends one event and checks the result. trusted: the receiver's CA is known; wanted: the error, NULL: delivered. */
static void try_tls(const struct tls_options *options, bool trusted, const char *wanted)
{
	struct scene scene;
	struct arena arena = ARENA_INIT;
	char url[100];
	scene_open(&scene, true);
	char *ca = temp_path(scene.folder, "ca.pem");
	struct tls_receiver *receiver = tls_receiver_start(ca, options);
	https_url(url, sizeof url, receiver);
	add_endpoint_url(&scene, url);
	add_event(&scene, 0);
	struct deliver_totals totals =
		deliver_with(&scene, &(const struct deliver_options){ .ca_file = trusted ? ca : NULL });
	struct delivery_attempt attempt = last_attempt(&scene, &arena, 1);
	cr_expect_eq(totals.delivered, wanted ? 0 : 1, "%s %d: %s", options->names ? options->names : "", trusted,
		     attempt.failure);
	cr_expect_eq(totals.failed, wanted ? 1 : 0);
	if (wanted) {
		cr_expect_eq(attempt.status, 0);
		cr_expect_not_null(strstr(attempt.failure, wanted), "\"%s\", not \"%s\"", attempt.failure, wanted);
		cr_expect_eq(tls_receiver_bytes(receiver), 0, "the message was sent all the same");
	} else {
		cr_expect_eq(attempt.status, 204);
		cr_expect_gt(tls_receiver_bytes(receiver), 0);
	}
	tls_receiver_stop(receiver);
	arena_release(&arena);
	scene_close(&scene);
}

Test(tls, a_certificate_of_a_known_authority_for_this_host_and_time_alone_is_accepted)
{
	static const struct {
		struct tls_options options;
		bool trusted, accepted;
	} rows[] = {
		{ { 0 }, true, true },
		{ { .newest = TLS1_2_VERSION }, true, true },
		{ { .names = "DNS:elsewhere.example" }, true, false },
		{ { .names = "IP:127.0.0.2,DNS:127.0.0.1" }, true, false },
		{ { .expired = true }, true, false },
		{ { .future = true }, true, false },
		{ { .self_signed = true }, true, false },
		{ { .other_authority = true }, true, false },
		/* The system's certificate authorities do not include the test's. */
		{ { 0 }, false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		try_tls(&rows[i].options, rows[i].trusted, rows[i].accepted ? NULL : "peer certificate");
}

/* Lets the system's settings allow old protocols, so that only the program refuses them. Call before OpenSSL starts. */
static char *let_the_system_speak_old_protocols(void)
{
	static const char settings[] = "openssl_conf = all\n[all]\nssl_conf = tls\n[tls]\nsystem_default = old\n"
				       "[old]\nMinProtocol = TLSv1\nCipherString = DEFAULT@SECLEVEL=0\n";
	char *folder = temp_folder_make(), *path = temp_path(folder, "openssl.cnf");
	temp_write(path, settings, sizeof settings - 1);
	cr_assert_eq(setenv("OPENSSL_CONF", path, 1), 0);
	return folder;
}

/* Checks that a client of this OpenSSL can connect if this version of TLS is the newest that the receiver allows. */
static void expect_spoken(int version)
{
	char *folder = temp_folder_make(), *ca = temp_path(folder, "ca.pem");
	struct tls_receiver *receiver = tls_receiver_start(ca, &(const struct tls_options){ .newest = version });
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)tls_receiver_port(receiver)),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *ssl = context ? SSL_new(context) : NULL;
	cr_assert(ssl && fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof address));
	cr_assert_eq(SSL_set_fd(ssl, fd), 1);
	cr_assert_eq(SSL_connect(ssl), 1, "nobody here can speak it: this is not a trial");
	cr_expect_eq(SSL_version(ssl), version);
	SSL_free(ssl);
	SSL_CTX_free(context);
	(void)close(fd);
	tls_receiver_stop(receiver);
	temp_folder_remove(folder);
}

static void try_old_protocol(int version)
{
	char *settings = let_the_system_speak_old_protocols();
	expect_spoken(version);
	try_tls(&(const struct tls_options){ .newest = version }, true, "SSL");
	temp_folder_remove(settings);
}

Test(tls, protocol_1_0_is_refused_though_the_system_speaks_it)
{
	try_old_protocol(TLS1_VERSION);
}

Test(tls, protocol_1_1_is_refused_though_the_system_speaks_it)
{
	try_old_protocol(TLS1_1_VERSION);
}

Test(tls, a_missing_file_of_authorities_sends_nothing, .init = scene_set_up, .fini = scene_tear_down)
{
	char url[100];
	char *ca = temp_path(scene.folder, "ca.pem"), *none = temp_path(scene.folder, "none.pem");
	struct tls_receiver *receiver = tls_receiver_start(ca, &(const struct tls_options){ 0 });
	https_url(url, sizeof url, receiver);
	add_endpoint_url(&scene, url);
	add_event(&scene, 0);
	cr_expect_eq(deliver_with(&scene, &(const struct deliver_options){ .ca_file = none }).failed, 1);
	cr_expect_not_null(strstr(last_attempt(&scene, &arena, 1).failure, "the CA file "));
	cr_expect_not_null(strstr(last_attempt(&scene, &arena, 1).failure, none));
	cr_expect_eq(tls_receiver_bytes(receiver), 0);
	tls_receiver_stop(receiver);
}

Test(tls, where_no_authorities_are_installed_the_error_names_the_package)
{
	NEEDS_EMPTY("/etc/ssl", (void)0);
	try_tls(&(const struct tls_options){ 0 }, false, "run: apt-get install ca-certificates");
}

/* Sends to a receiver that plays a trick, checks that another receiver is served meanwhile, and returns the attempt. */
static struct delivery_attempt try_trick(struct receiver_answer trick, const struct deliver_options *options)
{
	struct delivery_attempts made;
	answer(&scene, trick);
	add_endpoint(&scene);
	add_event(&scene, 0);
	int64_t row = delivery(&scene, &arena).row;
	struct receiver *other = receiver_start();
	run_sql(&scene, "UPDATE endpoint SET events = '[\"kyc.session_failed\"]'");
	add_endpoint_url(&scene, receiver_url(other, "/other"));
	for (int i = 0; i < 20; i++)
		add_event(&scene, 0);
	long long before = test_clock_ms();
	struct deliver_totals totals = deliver_with(&scene, options);
	cr_expect_geq(totals.delivered, 20, "the other endpoint was disturbed");
	/* Well before the default timeout of sixty seconds. */
	cr_expect_lt(test_clock_ms() - before, 30000);
	cr_expect_eq(receiver_count(other), 20);
	cr_assert_eq(store_delivery_attempt_list(scene.store, &arena, row, &made, NULL), ERR_OK);
	cr_assert_eq(made.count, 1);
	receiver_stop(other);
	return made.items[0];
}

static void expect_timeout(enum receiver_trick trick, const struct deliver_options *options)
{
	struct delivery_attempt attempt = try_trick((struct receiver_answer){ .status = 200, .trick = trick }, options);
	cr_expect_str_eq(attempt.failure, "no complete response within 2 seconds");
	/* libcurl's clock and the program's clock are each rounded down to milliseconds. */
	cr_expect_geq(attempt.duration_ms, SHORT_MS - 1);
}

static const struct deliver_options short_time = { .timeout_ms = SHORT_MS };

Test(hostile, no_answer_is_waited_for_beyond_the_limit, .timeout = 60)
{
	expect_timeout(RECEIVER_NEVER, &short_time);
}

Test(hostile, headers_that_trickle_are_not_waited_for, .timeout = 60)
{
	static char padding[2048];
	memset(padding, 'x', sizeof padding - 1);
	memcpy(padding, "X-Long: ", 8);
	memcpy(padding + sizeof padding - 3, "\r\n", 2);
	struct delivery_attempt attempt =
		try_trick((struct receiver_answer){ .status = 200, .headers = padding, .trick = RECEIVER_SLOW_HEADERS },
			  &short_time);
	cr_expect_str_eq(attempt.failure, "no complete response within 2 seconds");
}

Test(hostile, a_body_that_trickles_is_not_waited_for, .timeout = 60)
{
	expect_timeout(RECEIVER_SLOW_BODY, &short_time);
}

Test(hostile, an_attempt_has_sixty_seconds_when_nobody_says_otherwise)
{
	struct running running;
	add_endpoint(&scene);
	answer(&scene, (struct receiver_answer){ .status = 200, .delay_ms = 3 * SHORT_MS });
	add_event(&scene, 0);
	start_worker(&running, &scene, true);
	end_worker(&running);
	cr_expect_eq(running.totals.delivered, 1, "a limit for tests holds for all");
}

Test(hostile, ten_gigabytes_are_read_to_64_KiB_and_the_status_counts)
{
	struct delivery_attempt attempt = try_trick(
		(struct receiver_answer){
			.status = 200, .headers = "Content-Length: 10737418240\r\n", .trick = RECEIVER_ENDLESS_BODY },
		&short_time);
	cr_expect_eq(attempt.status, 200);
	cr_expect_str_eq(attempt.failure, "");
	cr_expect_eq(strlen(attempt.response), 4096);
}

Test(hostile, headers_without_end_are_cut_off)
{
	struct delivery_attempt attempt =
		try_trick((struct receiver_answer){ .status = 200, .trick = RECEIVER_ENDLESS_HEADERS }, &short_time);
	cr_expect_lt(attempt.duration_ms, SHORT_MS);
}

/* A compressed body is not requested; if one comes, it is stored as it came, and not unpacked. */
Test(hostile, a_compressed_bomb_is_not_unpacked)
{
	static const char bomb[] = "\x1f\x8b\x08\x02\x02\x02\x02\x02\x02\xff\xed\xc1\x01\x0d";
	add_endpoint(&scene);
	answer(&scene,
	       (struct receiver_answer){ .status = 200, .headers = "Content-Encoding: gzip\r\n", .body = bomb });
	add_event(&scene, 0);
	cr_expect_eq(deliver_all(&scene).delivered, 1);
	cr_expect_str_eq(last_attempt(&scene, &arena, 1).response, bomb, "as it came");
	char *asked = request_header(receiver_request(scene.receiver, 0), "accept-encoding");
	cr_expect_null(asked, "%s", asked ? asked : "");
}

Test(hostile, a_reset_is_a_failure_that_is_tried_again)
{
	struct delivery_attempt attempt = try_trick((struct receiver_answer){ .trick = RECEIVER_RESET }, &short_time);
	cr_expect_eq(attempt.status, 0);
	cr_expect_str_neq(attempt.failure, "");
}

Test(hostile, an_answer_that_is_cut_short_is_no_delivery)
{
	struct delivery_attempt attempt =
		try_trick((struct receiver_answer){ .status = 200, .trick = RECEIVER_CUT_SHORT }, &short_time);
	cr_expect_str_neq(attempt.failure, "");
	cr_expect_str_eq(attempt.response, "0123456789");
}

/* A listener with a full queue: the connection is neither made nor refused. */
Test(hostile, a_connection_that_is_not_made_is_not_waited_for_as_long_as_an_answer, .timeout = 60)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	char url[100];
	int fds[8], listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert(listener >= 0 && !bind(listener, (struct sockaddr *)&address, length) && !listen(listener, 0) &&
		  !getsockname(listener, (struct sockaddr *)&address, &length));
	for (size_t i = 0; i < 8; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		(void)connect(fds[i], (struct sockaddr *)&address, length);
	}
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", ntohs(address.sin_port));
	add_endpoint_url(&scene, url);
	add_event(&scene, 0);
	cr_expect_eq(
		deliver_with(&scene, &(const struct deliver_options){ .timeout_ms = 8000, .connect_timeout_ms = 1000 })
			.failed,
		1);
	cr_expect_str_eq(last_attempt(&scene, &arena, 1).failure, "no connection within 1 seconds");
	cr_expect_lt(last_attempt(&scene, &arena, 1).duration_ms, 8000);
	for (size_t i = 0; i < 8; i++)
		close(fds[i]);
	close(listener);
}

/* Each redirect leads to a receiver that would answer. */
Test(hostile, no_redirect_is_followed)
{
	static const int statuses[] = { 301, 302, 303, 307, 308 };
	char location[200];
	struct receiver *target = receiver_start();
	(void)snprintf(location, sizeof location, "Location: %s\r\n", receiver_url(target, "/metadata"));
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		answer(&scene, (struct receiver_answer){ .status = statuses[i], .headers = location });
		add_endpoint(&scene);
		run_sql(&scene, "UPDATE endpoint SET disabled_at = 1 WHERE id <> (SELECT max(id) FROM endpoint)");
		run_sql(&scene, "DELETE FROM delivery_attempt");
		run_sql(&scene, "DELETE FROM delivery");
		add_event(&scene, 0);
		cr_expect_eq(deliver_all(&scene).failed, 1, "%d", statuses[i]);
		cr_expect_not_null(strstr(last_attempt(&scene, &arena, 1).failure, "redirects are not followed"));
	}
	cr_expect_eq(receiver_connections(target), 0);
	receiver_stop(target);
}

Test(hostile, what_stands_behind_a_NUL_byte_is_kept_too)
{
	struct delivery_attempt attempt =
		try_trick((struct receiver_answer){ .status = 500, .trick = RECEIVER_NUL_BYTE }, &short_time);
	cr_expect_str_eq(attempt.response, "before after");
}

/* A production store connects to no spelling of a local, private or reserved address, however the resolver reads
 * the spelling. */
Test(hostile, no_spelling_of_a_closed_address_is_connected_to)
{
	static const char *const hosts[] = TEXTS(
		"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1",

		"localhost", "LOCALHOST", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
		"[::ffff:0:127.0.0.1]", "[::ffff:0:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
		"[fe80::1]", "[fec0::1]", "[fc00::1]", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1",
		"192.168.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "3232235521", "0300.0250.0.1",
		"[ff02::1]", "[::ffff:10.0.0.1]", "192.0.2.1");
	struct scene scene;
	char url[200];
	scene_open(&scene, false);
	unsigned port = 0;
	cr_assert_eq(sscanf(receiver_url(scene.receiver, "/"), "http://127.0.0.1:%u/", &port), 1);
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		(void)snprintf(url, sizeof url, "https://%s:%u/hook", hosts[i], port);
		add_endpoint_url(&scene, url);
		run_sql(&scene, "UPDATE endpoint SET disabled_at = 1 WHERE id <> (SELECT max(id) FROM endpoint)");
		run_sql(&scene, "DELETE FROM delivery_attempt");
		run_sql(&scene, "DELETE FROM delivery");
		add_event(&scene, 0);
		run_sql(&scene, "DELETE FROM delivery WHERE state = 'unsent'");
		struct deliver_totals totals =
			deliver_with(&scene, &(const struct deliver_options){ .timeout_ms = 20000 });
		cr_expect_eq(totals.delivered, 0, "%s", url);
		cr_expect_eq(totals.failed, 1, "%s", url);
		struct delivery_attempt attempt = last_attempt(&scene, &arena, 1);
		cr_expect(strstr(attempt.failure, "not on the public internet") ||
				  strstr(attempt.failure, "resolve host"),
			  "%s: %s", url, attempt.failure);
	}
	cr_expect_eq(receiver_connections(scene.receiver), 0, "somebody connected");
	scene_close(&scene);
}
