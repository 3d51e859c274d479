/*
 * A merchant's webhook endpoint for tests: a small HTTP server on 127.0.0.1 in
 * threads of the test, which records each request and sends the configured response. It
 * verifies Standard Webhooks signatures with OpenSSL alone: no code of kybdesk
 * takes part, so that the receiver finds wrong signatures.
 */
#ifndef KYB_TESTS_HTTP_RECEIVER_H
#define KYB_TESTS_HTTP_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>

enum receiver_trick {
	RECEIVER_PLAIN,
	RECEIVER_HANG_UP,      /* closes without an answer */
	RECEIVER_ENDLESS_BODY, /* writes a body until the sender disconnects; `headers` may announce a length */
	RECEIVER_SLOW_HEADERS, /* sends one byte every 100 ms */
	RECEIVER_NEVER,	       /* reads the request, answers nothing */
	RECEIVER_SLOW_BODY,    /* sends the headers at once, then one byte every 100 ms, without an end */
	RECEIVER_ENDLESS_HEADERS,
	RECEIVER_NUL_BYTE, /* sends a body with a NUL byte in its middle */
	RECEIVER_RESET,	   /* the connection is reset instead of an answer */
	RECEIVER_CUT_SHORT /* promises 100 bytes, sends ten and closes */
};

struct receiver_answer {
	int status;
	unsigned delay_ms;
	const char *headers; /* more header lines, each with "\r\n", or NULL */
	const char *body;    /* or NULL */
	enum receiver_trick trick;
};

struct receiver_request {
	char *method;
	char *path;
	char *headers; /* as received, lines with "\r\n" */
	char *body;    /* exact bytes, and a NUL after them */
	size_t body_length;
	long long arrived_ms; /* test_clock_ms */
	int connection;	      /* number of the connection, the same for all requests on it */
	int status;	      /* status of the response; 0 if none was sent */
};

struct receiver;
struct receiver *receiver_start(void);
void receiver_stop(struct receiver *receiver); /* and frees it */
/* "http://127.0.0.1:PORT" + path; kept (support/keep.h). */
const char *receiver_url(struct receiver *receiver, const char *path);
/* Sets the responses to the next requests, in order; the last response repeats. Before the first call, the receiver
 * sends 204. Copies the list, but not its strings. */
void receiver_answers(struct receiver *receiver, const struct receiver_answer *answers, size_t count);

/* From now on only the first `answered_at_most` requests are answered; later ones are read and counted, and wait until
 * a call raises the limit. SIZE_MAX, the initial value, holds none. */
void receiver_hold(struct receiver *receiver, size_t answered_at_most);

size_t receiver_count(struct receiver *receiver); /* complete requests */
bool receiver_wait(struct receiver *receiver, size_t count, unsigned timeout_ms);
/* Waits until no request is being answered and the senders of unanswered requests have disconnected. */
bool receiver_wait_idle(struct receiver *receiver, unsigned timeout_ms);
/* Stays valid until receiver_stop. */
const struct receiver_request *receiver_request(struct receiver *receiver, size_t index);
size_t receiver_connections(struct receiver *receiver);	 /* number of connections so far */
size_t receiver_most_at_once(struct receiver *receiver); /* most requests in progress at the same time */

/* Value of a header; NULL if absent. */
char *request_header(const struct receiver_request *request, const char *name);
/* Whether one of the v1 signatures is valid for this secret ("whsec_…"). */
bool request_is_signed(const struct receiver_request *request, const char *secret);

#endif
