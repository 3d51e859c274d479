/* Keys of a merchant over HTTP: rotated under load, expired, revoked, listed. */
#include "attack.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(api_key, .init = api_set_up, .fini = api_tear_down);

#define CLIENTS 4
#define ROTATIONS 3
#define KEY_SIZE 64

/* A client sends one request after another. It changes to a new key some time after the rotation, or never. */
struct client {
	pthread_t thread;
	pthread_mutex_t *lock;
	char key[KEY_SIZE]; /* under the lock */
	bool posts;
	atomic_bool *stop;
	atomic_int answered, unauthorized, others;
};

/* Sends one request on a new connection. Returns the status; 0: no response. */
static int send_one(const char *key, bool posts)
{
	static const char body[] = PERSON;
	char request[800], answer[4096];
	int fd = api_try_connect(&api), status = 0;
	size_t length = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	(void)snprintf(request, sizeof request,
		       "%s /kyc/sessions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n"
		       "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		       posts ? "POST" : "GET", key, posts ? sizeof body - 1 : 0, posts ? body : "");
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request)) {
		while (length < sizeof answer - 1 &&
		       (got = recv(fd, answer + length, sizeof answer - 1 - length, 0)) > 0)
			length += (size_t)got;
		answer[length] = '\0';
		if (!strncmp(answer, "HTTP/1.1 ", 9))
			status = atoi(answer + 9);
	}
	close(fd);
	return status;
}

static void *work(void *context)
{
	struct client *client = context;
	char key[KEY_SIZE];

	while (!atomic_load(client->stop)) {
		int status;

		pthread_mutex_lock(client->lock);
		memcpy(key, client->key, sizeof key);
		pthread_mutex_unlock(client->lock);
		status = send_one(key, client->posts);
		if (status == (client->posts ? 201 : 200))
			atomic_fetch_add(&client->answered, 1);
		else if (status == 401)
			atomic_fetch_add(&client->unauthorized, 1);
		else
			atomic_fetch_add(&client->others, 1);
		test_sleep_ms(10); /* a key may send 6000 requests a minute */
	}
	return NULL;
}

static void wait_for(struct client *clients, int more)
{
	for (int c = 0; c < CLIENTS; c++) {
		int before = atomic_load(&clients[c].answered);

		for (int i = 0; i < 400 && atomic_load(&clients[c].answered) < before + more; i++)
			test_sleep_ms(25);
	}
}

Test(api_key, is_rotated_under_load_without_a_refusal, .timeout = 300)
{
	static struct client clients[CLIENTS];
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	atomic_bool stop = false;
	int answered = 0;

	for (int c = 0; c < CLIENTS; c++) {
		clients[c] = (struct client){ .lock = &lock, .posts = c % 2, .stop = &stop };
		(void)snprintf(clients[c].key, sizeof clients[c].key, "%s", api.key);
		cr_assert_eq(pthread_create(&clients[c].thread, NULL, work, &clients[c]), 0);
	}
	for (int r = 0; r < ROTATIONS; r++) {
		wait_for(clients, 5);
		DONE_JSON("merchant", "key", "rotate", "shop", "default");
		/* Now both keys work. Clients 0 and 1 then change to the new key; clients 2 and 3 always keep the first
		 * key. */
		wait_for(clients, 5);
		pthread_mutex_lock(&lock);
		for (int c = 0; c < 2; c++)
			(void)snprintf(clients[c].key, sizeof clients[c].key, "%s",
				       json_path_text(api.box.json, "api_key"));
		pthread_mutex_unlock(&lock);
	}
	wait_for(clients, 5);
	atomic_store(&stop, true);
	for (int c = 0; c < CLIENTS; c++) {
		pthread_join(clients[c].thread, NULL);
		cr_expect_eq(atomic_load(&clients[c].unauthorized), 0, "client %d: %d times 401", c,
			     atomic_load(&clients[c].unauthorized));
		cr_expect_eq(atomic_load(&clients[c].others), 0, "client %d: %d other answers", c,
			     atomic_load(&clients[c].others));
		answered += atomic_load(&clients[c].answered);
	}
	cr_expect_gt(answered, CLIENTS * ROTATIONS * 10);
	printf("tried api_key::is_rotated_under_load_without_a_refusal: %d requests, %d rotations, 0 times 401\n",
	       answered, ROTATIONS);
	DONE_JSON("merchant", "key", "list", "shop");
	cr_expect_eq(json_array_size(json_path(api.box.json, "data")), ROTATIONS + 1);
	SHOWS("data[0].state: overlap", "data[3].state: works");
	cr_expect(strlen(json_path_text(api.box.json, "data[0].last_used_at")), "its use is noted");
	/* The use of a key is noted without a record of the audit log. */
	DONE("audit", "verify");
	DONE("merchant", "key", "revoke", "shop", "default");
	cr_expect_eq(send_one(clients[0].key, false), 401);
	cr_expect_eq(send_one(clients[3].key, false), 401);
}

static void use_new(const char *words)
{
	DONE_SHELL(test_text("\"$K\" merchant key %s", words));
	json_t *made = test_keep(json_loads(api.box.last.out, 0, NULL));
	cr_assert_not_null(made, "%s", api.box.last.out);
	api.key = test_keep(strdup(json_path_text(made, "api_key")));
	api.token = api.key;
}

static void expect_ended(const char *says)
{
	ASK(401, "GET", NULL, "/kyc/sessions");
	ANSWERS("error.code: unauthorized");
	cr_expect_eq(reply_int(&api.last, "status"), 401, "application/problem+json: %s", api.last.body);
	cr_expect(strstr(reply_text(&api.last, "detail"), says), "%s", api.last.body);
	ASK(401, "POST", "{\"name\":\"A\",\"country\":\"PT\"}", "/api/v0.1/businesses");
	cr_expect(strstr(reply_text(&api.last, "Message"), says), "Atelio: %s", api.last.body);
}

Test(api_key, says_why_it_ended)
{
	use_new("add shop --name web");
	ASK(200, "GET", NULL, "/kyc/sessions");
	DONE("merchant", "key", "revoke", "shop", "web");
	expect_ended("revoked");
	use_new("add shop --name web --expires 1h");
	ASK(200, "GET", NULL, "/kyc/sessions");
	api_in_store(&api, "UPDATE merchant_key SET ends_at = 1000 WHERE name = 'web' AND ended = ''");
	expect_ended("expired");
	use_new("add shop --name app");
	char *old = test_keep(strdup(api.key));
	use_new("rotate shop app --overlap 0");
	ASK(200, "GET", NULL, "/kyc/sessions");
	api.token = old;
	expect_ended("replaced");
	/* The error for a key that never existed does not say "revoked". */
	api.token = "kyb_never";
	ASK(401, "GET", NULL, "/kyc/sessions");
	BODY_LACKS("revoked");
}

/* Each of two keys of a merchant has its own permissions; if one is revoked, the other remains valid. */
Test(api_key, stands_beside_another)
{
	char *first = test_keep(strdup(api.key));

	use_new("shop");
	ASK(200, "GET", NULL, "/kyc/sessions");
	ASK(403, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/6f9619ff-8b86-4d01-b42d-00c04fc964ff");
	api.token = first;
	ASK(200, "GET", NULL, "/kyc/sessions");
	DONE("merchant", "key", "revoke", "shop", "default");
	ASK(401, "GET", NULL, "/kyc/sessions");
	api.token = api.key;
	ASK(200, "GET", NULL, "/kyc/sessions");
}

/* A key is printed only once, when it is made: lists, audit records and the store do not contain it. */
Test(api_key, is_never_shown_again)
{
	static const char *const commands[] = {
		"\"$K\" merchant key list", "\"$K\" merchant key list shop --json",
		"\"$K\" merchant list",	    "\"$K\" merchant list --json",
		"\"$K\" audit export",	    "\"$K\" merchant key list --json",
#ifndef KYB_BOX_ON_SERVER
		"cat \"$KYBDESK_STORE\"",   "cat \"$KYBDESK_STORE\"-wal 2>/dev/null; true",
#endif
	};

	use_new("add shop --name web --expires 90d");
	use_new("rotate shop web");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		DONE_SHELL(commands[i]);
		cr_expect_null(memmem(api.box.last.out, api.box.last.out_length, api.key + 4, strlen(api.key) - 4),
			       "%s", commands[i]);
	}
}

Test(api_key, of_a_merchant_neither_reports_nor_decides_in_production)
{
	api_close(&api);
	api_open_production(&api);
	cr_expect_neq(box_run(&api.box, "merchant", "key", "add", "shop", "--name", "all", "--permission", "kyc:review",
			      NULL),
		      0);
	SAYS("reviewer key NAME");
	cr_expect_neq(box_run(&api.box, "merchant", "key", "shop", "--permission", "kyc:process", NULL), 0);
	SAYS("--provider");
	ASK(200, "GET", NULL, "/kyc/sessions");
	ASK(403, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/6f9619ff-8b86-4d01-b42d-00c04fc964ff");
	BODY_HAS("permission");
}
