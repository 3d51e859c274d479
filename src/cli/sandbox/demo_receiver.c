#include "demo_receiver.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/webhook/sign.h"
#include "../webhook/receive.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_MAX (4 * 1024 * 1024)

struct shop {
	const char *name;
	struct strbuf secret;
};
struct shops {
	struct shop *items;
	size_t count;
};

/* The shop with the number in the request line: "POST /2 HTTP/1.1". */
static const struct shop *shop_of(const struct shops *shops, const char *head)
{
	const char *slash = strchr(head, '/');
	size_t at = slash ? strtoul(slash + 1, NULL, 10) : shops->count;

	return at < shops->count ? &shops->items[at] : NULL;
}

struct answering {
	const struct shops *shops;
	int log;
};

static enum err answer(void *context, int fd, const struct received *received, struct error *error)
{
	const struct answering *answering = context;
	struct arena arena = ARENA_INIT;
	const char *head = received->text.buf;
	const struct shop *shop = shop_of(answering->shops, head);
	const struct webhook_message message = {
		.id = webhook_header(&arena, head, "webhook-id"),
		.timestamp_s = strtoll(webhook_header(&arena, head, "webhook-timestamp"), NULL, 10),
		.body = head + received->body,
		.length = received->length,
	};
	bool verified = shop && webhook_verify(webhook_header(&arena, head, "webhook-signature"), shop->secret.buf,
					       &message);
	const char *line = arena_printf(&arena, "%s %s %s\n", verified ? "right" : "wrong",
					receive_type(&arena, received), shop ? shop->name : "?");

	(void)error;
	/* Returns success only for a logged webhook; the sender repeats others. */
	if (write(answering->log, line, strlen(line)) == (ssize_t)strlen(line))
		receive_answer(fd, verified ? 204 : 401, "");
	arena_release(&arena);
	return ERR_OK;
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
		/* Ignores signals of the keyboard, which are for the workbench; the closed pipe ends this process. */
		(void)signal(SIGINT, SIG_IGN);
		(void)close(life[1]);
		struct answering answering = { shops, log };
		struct receiving receiving = {
			.fd = listening, .stop_fd = life[0], .left = -1, .answer = answer, .context = &answering
		};
		(void)!receive_all(&receiving, NULL);
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
	int listening = receive_listen(&port);
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
	out_line(&cli->out, "the demo's receiver received %zu webhook%s, %s", right + wrong,
		 right + wrong == 1 ? "" : "s",
		 wrong	      ? arena_printf(&cli->arena, "%zu with an invalid signature", wrong)
		 : right == 1 ? "with a valid signature"
			      : "all with valid signatures");
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
