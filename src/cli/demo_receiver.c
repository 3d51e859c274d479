#include "demo_receiver.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/webhook/sign.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGE_MAX (1024 * 1024)
#define PATIENCE_S 5 /* for one request */
#define LOG_MAX (4 * 1024 * 1024)

struct shop {
	const char *name;
	struct strbuf secret;
};
struct shops {
	struct shop *items;
	size_t count;
};

static int listen_on_loopback(unsigned *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 64) ||
	    getsockname(fd, (struct sockaddr *)&address, &length)) {
		(void)close(fd);
		return -1;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

/* A header's value, as far as the line goes; "" when there is none. */
static const char *header_of(struct arena *arena, const char *head, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = strstr(head, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
		const char *value = line + 2 + length;

		if (strncasecmp(line + 2, name, length) != 0 || *value != ':')
			continue;
		value += 1 + strspn(value + 1, " \t");
		return arena_strndup(arena, value, strcspn(value, "\r\n"));
	}
	return "";
}

/* One request; the body starts at *body. false when it does not come whole. */
static bool read_request(int fd, struct arena *arena, struct strbuf *text, size_t *body, size_t *length)
{
	char part[4096];
	bool headed = false;

	*body = *length = 0;
	while (text->len < MESSAGE_MAX) {
		ssize_t got;

		if (headed && text->len >= *body + *length)
			return true;
		got = recv(fd, part, sizeof part, 0);
		if (got <= 0)
			return false;
		strbuf_add(text, part, (size_t)got);
		const char *end = headed ? NULL : strstr(text->buf, "\r\n\r\n");
		if (end) {
			headed = true;
			*body = (size_t)(end - text->buf) + 4;
			*length = strtoul(header_of(arena, text->buf, "content-length"), NULL, 10);
		}
	}
	return false;
}

static const char *type_of(struct arena *arena, const char *body, size_t length)
{
	struct json_value *value = NULL;
	const char *type = NULL;

	if (json_read(body, length, &value, NULL) == ERR_OK)
		type = json_get_text(value, "type") ? json_get_text(value, "type") : json_get_text(value, "event");
	type = arena_strdup(arena, type ? type : "an event");
	json_free(value);
	return type;
}

/* "POST /2 HTTP/1.1": for which of the shops. */
static const struct shop *shop_of(const struct shops *shops, const char *head)
{
	const char *slash = strchr(head, '/');
	size_t at = slash ? strtoul(slash + 1, NULL, 10) : shops->count;

	return at < shops->count ? &shops->items[at] : NULL;
}

static void answer(int fd, const struct shops *shops, int log)
{
	static const char right[] = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
	static const char wrong[] = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct arena arena = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	size_t body, length;

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (read_request(fd, &arena, &text, &body, &length)) {
		const struct shop *shop = shop_of(shops, text.buf);
		const struct webhook_message message = {
			.id = header_of(&arena, text.buf, "webhook-id"),
			.timestamp_s = strtoll(header_of(&arena, text.buf, "webhook-timestamp"), NULL, 10),
			.body = text.buf + body,
			.length = length,
		};
		bool verified = shop && webhook_verify(header_of(&arena, text.buf, "webhook-signature"),
						       shop->secret.buf, &message);
		const char *line = arena_printf(&arena, "%s %s %s\n", verified ? "right" : "wrong",
						type_of(&arena, text.buf + body, length), shop ? shop->name : "?");

		/* What could not be written was not seen arriving, and is sent again. */
		if (write(log, line, strlen(line)) == (ssize_t)strlen(line))
			(void)send(fd, verified ? right : wrong, verified ? sizeof right - 1 : sizeof wrong - 1,
				   MSG_NOSIGNAL);
	}
	strbuf_release(&text);
	arena_release(&arena);
}

/* Until whoever started it is gone, in whatever way. */
static void serve(int listening, int life, int log, const struct shops *shops)
{
	struct pollfd fds[] = { { .fd = listening, .events = POLLIN }, { .fd = life, .events = POLLIN } };

	for (;;) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			return;
		if (fds[0].revents) {
			int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);

			if (fd >= 0) {
				answer(fd, shops, log);
				(void)close(fd);
			}
		}
	}
}

static enum err add_endpoints(struct cli *cli, unsigned port, struct shops *shops, struct error *error)
{
	static const char *const everything[] = { "*" };
	struct merchant_info *merchants = NULL;
	enum err err = desk_merchants(cli->desk, &cli->arena, &merchants, &shops->count, error);

	if (err)
		return err;
	shops->items = arena_alloc_array(&cli->arena, shops->count + 1, sizeof *shops->items);
	for (size_t i = 0; i < shops->count; i++)
		shops->items[i] = (struct shop){ .name = merchants[i].name, .secret = STRBUF_INIT };
	for (size_t i = 0; i < shops->count && !err; i++) {
		const struct use_in in = { .verb = VERB_ENDPOINT_ADD,
					   .part = merchants[i].name,
					   .url = arena_printf(&cli->arena, "http://127.0.0.1:%u/%zu", port, i),
					   .events = everything,
					   .event_count = 1,
					   .into = &shops->items[i].secret };
		struct use_out out;

		err = desk_do(cli->desk, &cli->arena, &in, &out, error);
	}
	return err;
}

static void start(struct demo_receiver *out, int listening, const struct shops *shops)
{
	int life[2], log = open(out->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (log < 0 || pipe2(life, O_CLOEXEC)) {
		if (log >= 0)
			(void)close(log);
		return;
	}
	out->pid = fork();
	if (out->pid == 0) {
		/* The keyboard's signals are the workbench's; this one ends with the pipe. */
		(void)signal(SIGINT, SIG_IGN);
		(void)close(life[1]);
		serve(listening, life[0], log, shops);
		_exit(0);
	}
	(void)close(life[0]);
	(void)close(log);
	out->life = life[1];
	if (out->pid < 0) {
		(void)close(life[1]);
		out->pid = 0;
	}
}

enum err demo_receiver_start(struct cli *cli, const char *folder, struct demo_receiver *out, struct error *error)
{
	struct shops shops = { 0 };
	unsigned port = 0;
	int listening = listen_on_loopback(&port);
	enum err err;

	*out = (struct demo_receiver){ .life = -1, .log_path = path_join(&cli->arena, folder, "webhooks.log") };
	if (listening < 0)
		return ERR_OK;
	err = add_endpoints(cli, port, &shops, error);
	if (!err)
		start(out, listening, &shops);
	(void)close(listening);
	for (size_t i = 0; i < shops.count && shops.items; i++)
		strbuf_wipe(&shops.items[i].secret);
	return err;
}

static void print_log(struct cli *cli, char *text)
{
	size_t right = 0, wrong = 0;

	for (const char *at = text; *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : "") {
		right += text_has_prefix(at, "right ");
		wrong += text_has_prefix(at, "wrong ");
	}
	if (!right && !wrong)
		return;
	out_line(&cli->out, "%zu webhook%s arrived at the demo's receiver, %s", right + wrong,
		 right + wrong == 1 ? "" : "s",
		 wrong	      ? arena_printf(&cli->arena, "%zu with a wrong signature", wrong)
		 : right == 1 ? "its signature is right"
			      : "all signatures are right");
	for (char *line = text, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			break;
		*end = '\0';
		out_line(&cli->out, "  %s", strchr(line, ' ') ? strchr(line, ' ') + 1 : line);
	}
}

void demo_receiver_end(struct cli *cli, struct demo_receiver *receiver)
{
	struct strbuf text = STRBUF_INIT;

	if (!receiver->pid)
		return;
	(void)close(receiver->life);
	(void)waitpid(receiver->pid, NULL, 0);
	if (file_read(receiver->log_path, LOG_MAX, &text, NULL) == ERR_OK && text.len)
		print_log(cli, text.buf);
	strbuf_release(&text);
	receiver->pid = 0;
}
