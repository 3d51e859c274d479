/* A receiver of webhooks on this machine: one request after the other, for a demo and for those who try things out. */
#ifndef KYBDESK_CLI_RECEIVE_H
#define KYBDESK_CLI_RECEIVE_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/strbuf.h"

/* Listens on 127.0.0.1; *port 0: any that is free, and then it says which. -1: errno says why. */
int receive_listen(unsigned *port);

struct received {
	struct strbuf text;  /* the whole request; release it */
	size_t body, length; /* where the body begins in it */
};
/* One request of the connection. false when it does not come whole within a few seconds. */
bool receive_request(int fd, struct received *out);
/* A status without a body, and the end of the connection. */
void receive_answer(int fd, int status);
/* What the message is about, by its body. */
const char *receive_type(struct arena *arena, const struct received *received);

#endif
