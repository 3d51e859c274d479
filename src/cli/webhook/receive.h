/* A local receiver of webhooks, one request at a time: for the demo and for developers of receivers. */
#ifndef KYBDESK_CLI_RECEIVE_H
#define KYBDESK_CLI_RECEIVE_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/error.h"
#include "kybdesk/base/strbuf.h"

#include <stdint.h>

/* Listens on 127.0.0.1; if *port is 0, picks a free port and sets it. -1: see errno. */
int receive_listen(unsigned *port);
/* Listens at a socket in the file system, accessible to this account only; replaces a socket without a listener.
 * -1: see errno; EADDRINUSE: another process listens at this path. */
int receive_listen_at(const char *path);

struct received {
	struct strbuf text;  /* the whole request; release it */
	size_t body, length; /* offset of the body in the text, and its length */
};
/* Handles requests until stop_fd is readable or closed, or `left` requests were handled; left < 0: no limit. */
struct receiving {
	int fd, stop_fd;
	int64_t left;
	enum err (*answer)(void *context, int fd, const struct received *received, struct error *error);
	void *context;
};
/* Creates the descriptor that stops receive_all(); -1: see errno. receive_stop() writes to it: pass it to
 * interrupt_start() with the address of stop_fd as its context. */
int receive_stop_fd(void);
void receive_stop(void *stop_fd);
enum err receive_all(struct receiving *receiving, struct error *error) KYB_MUST_USE;
/* Sends a status with a plain-text body ("": none), and closes the connection. */
void receive_answer(int fd, int status, const char *body);
/* The event type in the message's body. */
const char *receive_type(struct arena *arena, const struct received *received);

#endif
