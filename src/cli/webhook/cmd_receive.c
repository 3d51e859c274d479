/* webhook verify, webhook listen: for developers of receivers. */
#include "../cli_internal.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/webhook/sign.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_BYTES_MAX (1024 * 1024)
#define PORT_DEFAULT 8899
#define SECRETS_MAX 2
/* Address of the endpoint that `webhook listen` adds. A later run recognises the endpoint of a killed run by this
 * address. */
#define LISTEN_URL_PREFIX "http://127.0.0.1:"
#define LISTEN_URL_PATH "/kybdesk-webhook-listen"

/* Reads the secret from the first line of the file. */
static enum err read_secret(const char *path, struct strbuf *out, struct error *error)
{
	enum err err = file_read(path, FILE_BYTES_MAX, out, error);
	if (!err)
		strbuf_truncate(out, strcspn(out->buf, " \t\r\n"));
	return err;
}

static struct json_value *verdict_json(const struct webhook_verdict *verdict)
{
	struct json_value *object = json_new_object(), *wrong = json_new_array();
	JSON_SET(object, JSON_BOOL("right", verdict->is_valid), JSON_BOOL("signature_right", verdict->is_signed),
		 JSON_OR_NULL("id", verdict->id));
	for (unsigned part = 0; part < WEBHOOK_PART_COUNT; part++) {
		if (!verdict->faults[part])
			continue;
		json_append(wrong, JSON_NEW(JSON_TEXT("part", webhook_part_name((enum webhook_part)part)),
					    JSON_TEXT("why", verdict->faults[part])));
	}
	return JSON_SET(object, JSON_VALUE("wrong", wrong), JSON_BOOL("certain", verdict->is_fault_proven));
}

static void print_verdict(struct cli *cli, const struct webhook_verdict *verdict)
{
	for (unsigned part = 0; part < WEBHOOK_PART_COUNT; part++)
		if (verdict->faults[part])
			out_line(&cli->out, "  %s%s: %s",
				 verdict->is_fault_proven || verdict->is_signed ? "" : "likely the ",
				 webhook_part_name((enum webhook_part)part), verdict->faults[part]);
}

static const struct delivery_attempt *find_attempt_at(const struct webhook_view *view, int64_t at_s)
{
	for (size_t i = 0; i < view->count; i++)
		for (size_t j = 0; j < view->attempt_counts[i]; j++)
			if (view->attempts[i][j].started_at / 1000 == at_s)
				return &view->attempts[i][j];
	return NULL;
}

static size_t first_body_difference(const struct webhook_view *view, const struct strbuf *body)
{
	size_t at = 0;
	while (at < view->body_length && at < body->len && view->body[at] == body->buf[at])
		at++;
	return at;
}

/* Replaces the faults of the verdict by the differences between the message and the stored message that was sent. */
static enum err compare_with_sent_message(struct cli *cli, const struct strbuf *body, struct webhook_verdict *verdict,
					  struct error *error)
{
	struct webhook_view view;
	enum err err = cli_open_desk(cli, error);
	if (err)
		return err;
	for (unsigned part = 0; part < WEBHOOK_PART_COUNT; part++)
		verdict->faults[part] = NULL;
	verdict->is_fault_proven = true;
	err = desk_webhook(cli->desk, &cli->arena, verdict->id, &view, error);
	if (err == ERR_NOT_FOUND) {
		error_release(error);
		verdict->faults[WEBHOOK_ID] = "this store has sent no message with this id";
		return ERR_OK;
	}
	if (err)
		return err;
	size_t at = first_body_difference(&view, body);
	if (at < view.body_length || at < body->len)
		verdict->faults[WEBHOOK_BODY] =
			arena_printf(&cli->arena, "the body differs from the sent body at byte %zu of %zu", at + 1,
				     view.body_length);
	if (!find_attempt_at(&view, verdict->timestamp_s))
		verdict->faults[WEBHOOK_TIMESTAMP] = "the store did not try to send the message in that second";
	if (!verdict->faults[WEBHOOK_BODY] && !verdict->faults[WEBHOOK_TIMESTAMP])
		verdict->faults[WEBHOOK_SECRET] = "id, timestamp and body are as sent; the secret belongs to another "
						  "endpoint, or was rotated";
	return ERR_OK;
}

static enum err run_verify(struct cli *cli, struct error *error)
{
	struct strbuf body = STRBUF_INIT, headers = STRBUF_INIT, secret = STRBUF_INIT;
	struct webhook_request received = { .now_s = world_now_ms(cli->world) / 1000 };
	struct webhook_verdict verdict;
	bool any_time = parsed_has_option(&cli->command_line, "any-time");
	enum err err;
	if ((err = cli_read_number(cli, "tolerance", 0, INT64_C(1000000000), WEBHOOK_TOLERANCE_S, &received.tolerance_s,
				   error)) ||
	    (err = file_read(cli_option_text(cli, "body"), FILE_BYTES_MAX, &body, error)) ||
	    (err = file_read(cli_option_text(cli, "headers"), FILE_BYTES_MAX, &headers, error)) ||
	    (err = read_secret(cli_option_text(cli, "secret"), &secret, error)))
		goto out;
	if (any_time)
		received.tolerance_s = -1;
	received.headers = headers.buf;
	received.body = body.buf;
	received.length = body.len;
	received.secret = secret.buf;
	webhook_examine(&cli->arena, &received, &verdict);
	if (!verdict.is_signed && *verdict.id && webhook_secret_is_valid(secret.buf) &&
	    parsed_has_option(&cli->command_line, "in-store") &&
	    (err = compare_with_sent_message(cli, &body, &verdict, error)))
		goto out;
	if (cli_is_json(cli)) {
		out_json(&cli->out, verdict_json(&verdict));
	} else {
		out_line(&cli->out, "%s",
			 verdict.is_valid ? "the message is valid: the signature matches id, timestamp, body and secret"
			 : verdict.is_signed ? "the signature is valid, but a receiver must refuse the message"
					     : "the signature is wrong");
		print_verdict(cli, &verdict);
	}
	if (!verdict.is_valid)
		cli->status = ERR_BLOCKED;
out:
	strbuf_wipe(&secret);
	strbuf_release(&headers);
	strbuf_release(&body);
	return err;
}

struct listen_run {
	struct cli *cli;
	struct receive_loop receive_loop;
	unsigned port;
	int64_t response_status;
	struct strbuf secrets[SECRETS_MAX];
	size_t secret_count;
	const char *merchant, *endpoint; /* the endpoint that this run added, and its merchant; "" if none */
};

/* Checks the message with each secret until the signature is valid; *out: the last verdict. */
static void verify_message(struct listen_run *listen_run, const struct received_request *received,
			   struct webhook_verdict *out)
{
	struct cli *cli = listen_run->cli;
	struct webhook_request message = { .headers = arena_strndup(&cli->arena, received->text.buf,
								    received->body_offset),
					   .body = received->text.buf + received->body_offset,
					   .length = received->body_length,
					   .now_s = world_now_ms(cli->world) / 1000,
					   .tolerance_s = WEBHOOK_TOLERANCE_S };
	size_t i = 0;
	do {
		message.secret = listen_run->secrets[i].buf;
		webhook_examine(&cli->arena, &message, out);
	} while (!out->is_signed && ++i < listen_run->secret_count);
}

static enum err print_received_message(void *context, int fd, const struct received_request *received,
				       struct error *error)
{
	struct listen_run *listen_run = context;
	struct cli *cli = listen_run->cli;
	const char *type = received_event_type(&cli->arena, received);
	struct webhook_verdict verdict;
	verify_message(listen_run, received, &verdict);
	bool checked = listen_run->secret_count != 0;
	if (cli_is_json(cli)) {
		struct json_value *object = checked ? verdict_json(&verdict) : json_new_object();
		if (!checked)
			json_set_text_or_null(object, "id", cli_safe_text(cli, verdict.id));
		JSON_SET(object, JSON_TEXT("type", cli_safe_text(cli, type)), JSON_INT("bytes", received->body_length));
		out_json_line(&cli->out, object);
	} else {
		out_line(&cli->out, "%s  %s  %s  %zu bytes  %s", time_text(&cli->arena, world_now_ms(cli->world)),
			 *verdict.id ? verdict.id : "without id", type, received->body_length,
			 !checked	    ? "not checked: no --secret"
			 : verdict.is_valid ? "right"
					    : "wrong");
		if (checked)
			print_verdict(cli, &verdict);
	}
	/* The output of each message is flushed, because a person may watch the terminal. */
	enum err err = out_finish(&cli->out, error);
	receive_respond(fd, !checked || verdict.is_valid ? (int)listen_run->response_status : 401, "");
	return err;
}

static const char *listener_url(const struct listen_run *listen_run)
{
	return arena_printf(&listen_run->cli->arena, LISTEN_URL_PREFIX "%u%s", listen_run->port,
			    *listen_run->merchant ? LISTEN_URL_PATH : "/");
}

static enum err report_ready(struct listen_run *listen_run, struct error *error)
{
	struct cli *cli = listen_run->cli;
	const char *url = listener_url(listen_run);
	if (cli_is_json(cli)) {
		struct json_value *object = JSON_NEW(JSON_TEXT("url", url));
		if (*listen_run->endpoint) {
			json_set_text(object, "endpoint", listen_run->endpoint);
			json_set_text(object, "merchant", listen_run->merchant);
		}
		out_json_line(&cli->out, object);
	} else {
		out_line(&cli->out, "Listening on %s", url);
		if (*listen_run->endpoint)
			out_line(&cli->out, "endpoint %s of %s, removed when this command ends", listen_run->endpoint,
				 listen_run->merchant);
	}
	return out_finish(&cli->out, error);
}

/* --- its own endpoint --- */

static enum err remove_endpoint(struct cli *cli, const char *id, const char *reason, struct error *error)
{
	struct use_out out;
	return CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_REMOVE, .part = id, .reason = reason);
}

/* The port in an endpoint address of `webhook listen`; 0: another address. */
static unsigned listen_endpoint_port(const char *url)
{
	char *end;
	if (!text_has_prefix(url, LISTEN_URL_PREFIX))
		return 0;
	unsigned long port = strtoul(url + strlen(LISTEN_URL_PREFIX), &end, 10);
	return port <= UINT16_MAX && !strcmp(end, LISTEN_URL_PATH) ? (unsigned)port : 0;
}

static bool is_listening(unsigned port)
{
	int fd = receive_listen(&port);
	if (fd >= 0)
		(void)close(fd);
	return fd < 0;
}

/* Removes the endpoints of killed runs: endpoints with a port at which no other program listens. */
static enum err remove_leftover_endpoints(const struct listen_run *listen_run, struct error *error)
{
	struct cli *cli = listen_run->cli;
	struct endpoint *items;
	size_t count;
	enum err err = desk_endpoints(cli->desk, &cli->arena, listen_run->merchant, &items, &count, error);
	for (size_t i = 0; !err && i < count; i++) {
		unsigned port = listen_endpoint_port(items[i].url);
		if (!port || (port != listen_run->port && is_listening(port)))
			continue;
		err = remove_endpoint(cli, items[i].id, "Left by a \"webhook listen\" that was killed", error);
		if (!err)
			log_warn(&cli->log, "Removed endpoint %s, left by a \"webhook listen\" that was killed",
				 items[i].id);
	}
	return err;
}

static enum err add_endpoint(struct listen_run *listen_run, struct error *error)
{
	struct cli *cli = listen_run->cli;
	static const char *every[] = { "*" };
	struct use_out out;
	size_t count;
	const char **events = parsed_option_values(&cli->command_line, &cli->arena, "event", &count);
	enum err err;
	if (!*listen_run->merchant)
		return count ? error_set(error, ERR_USAGE, "--event needs --merchant") : ERR_OK;
	if (listen_run->secret_count)
		return error_set(error, ERR_USAGE,
				 "--merchant adds an endpoint and uses its secret; leave out --secret");
	if ((err = cli_open_desk(cli, error)))
		return err;
	if (!desk_is_sandbox(cli->desk))
		return error_set(error, ERR_FORBIDDEN,
				 "--merchant adds an endpoint on this machine, which is allowed in a sandbox store "
				 "only; this is a production store");
	if ((err = remove_leftover_endpoints(listen_run, error)) ||
	    (err = CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_ADD, .part = listen_run->merchant,
			   .url = listener_url(listen_run), .events = count ? events : every,
			   .event_count = count ? count : 1, .content_out = &listen_run->secrets[0])))
		return err;
	listen_run->secret_count = 1;
	listen_run->endpoint = arena_strdup(&cli->arena, out.endpoint.id);
	return ERR_OK;
}

/* Removes the endpoint; returns the earlier error, if any, otherwise the error of the removal. */
static enum err remove_own_endpoint(const struct listen_run *listen_run, enum err err, struct error *error)
{
	struct error late = { 0 };
	enum err ended = ERR_OK;
	if (*listen_run->endpoint)
		ended = remove_endpoint(listen_run->cli, listen_run->endpoint, "The command \"webhook listen\" ended",
					&late);
	/* Not an error: another user already removed the endpoint. */
	if (ended == ERR_NOT_FOUND)
		ended = ERR_OK;
	else if (!err && ended)
		error_move(error, &late);
	error_release(&late);
	return err ? err : ended;
}

static enum err read_secrets(struct cli *cli, struct listen_run *listen_run, struct error *error)
{
	size_t count;
	const char **paths = parsed_option_values(&cli->command_line, &cli->arena, "secret", &count);
	enum err err = ERR_OK;
	if (count > SECRETS_MAX)
		return error_set(error, ERR_USAGE,
				 "At most %d secrets are allowed: the new secret and the old secret of a rotation",
				 SECRETS_MAX);
	for (; !err && listen_run->secret_count < count; listen_run->secret_count++)
		err = read_secret(paths[listen_run->secret_count], &listen_run->secrets[listen_run->secret_count],
				  error);
	return err;
}

static enum err run_listen(struct cli *cli, struct error *error)
{
	struct listen_run listen_run = {
		.cli = cli,
		.receive_loop = { .fd = -1, .stop_fd = -1, .handle = print_received_message, .context = &listen_run },
		.merchant = cli_option_text(cli, "merchant"),
		.endpoint = ""
	};
	struct receive_loop *receive_loop = &listen_run.receive_loop;
	struct interrupt *interrupt = NULL;
	int64_t port = 0;
	enum err err;
	for (size_t i = 0; i < SECRETS_MAX; i++)
		listen_run.secrets[i] = (struct strbuf)STRBUF_INIT;
	if ((err = cli_read_number(cli, "port", 0, 65535, PORT_DEFAULT, &port, error)) ||
	    (err = cli_read_number(cli, "status", 200, 599, 204, &listen_run.response_status, error)) ||
	    (err = cli_read_number(cli, "count", 0, INT64_MAX, -1, &receive_loop->requests_left, error)) ||
	    (err = read_secrets(cli, &listen_run, error)))
		goto out;
	listen_run.port = (unsigned)port;
	receive_loop->fd = receive_listen(&listen_run.port);
	receive_loop->stop_fd = receive_new_stop_fd();
	if (receive_loop->fd < 0 || receive_loop->stop_fd < 0) {
		err = error_invalid(error, "port", "Cannot listen on port %lld of this machine: %s", (long long)port,
				    strerror(errno));
		goto out;
	}
	if ((err = interrupt_start(&interrupt, -1, NULL, receive_stop, &receive_loop->stop_fd, error)))
		goto out;
	/* receive_requests() ends at once if a signal arrived during the two calls before it. */
	if (!(err = add_endpoint(&listen_run, error)) && !(err = report_ready(&listen_run, error)))
		err = receive_requests(receive_loop, error);
	err = remove_own_endpoint(&listen_run, err, error);
out:
	interrupt_end(interrupt);
	if (receive_loop->fd >= 0)
		(void)close(receive_loop->fd);
	if (receive_loop->stop_fd >= 0)
		(void)close(receive_loop->stop_fd);
	for (size_t i = 0; i < SECRETS_MAX; i++)
		strbuf_wipe(&listen_run.secrets[i]);
	return err;
}

static const struct command rows[] = {
	{ .name = "webhook verify",
	  .summary = "Verifies a received webhook from files and prints the faults",
	  .details = "Files: the body as received, byte for byte; the headers as lines \"name: value\"; the secret "
		     "on one line. The command finds out whether timestamp, id, secret or body is wrong, as far as "
		     "possible from the message alone; with --in-store it compares the message with the sent "
		     "message in the store. Exit code 4 if a receiver must refuse the message.",
	  .flags = COMMAND_NO_STORE,
	  .example = "webhook verify --body body.json --headers headers.txt --secret secret.txt",
	  .run = run_verify,
	  .options = { { "body", "FILE", OPTION_REQUIRED | OPTION_PATH, "the body, byte for byte" },
		       { "headers", "FILE", OPTION_REQUIRED | OPTION_PATH, "the headers" },
		       { "secret", "FILE", OPTION_REQUIRED | OPTION_PATH, "the endpoint's secret (whsec_...)" },
		       { "tolerance", "SECONDS", 0, "allowed clock difference in seconds; default: 300" },
		       { "any-time", NULL, 0, "accept a message of any age" },
		       { "in-store", NULL, 0, "compare the message with the sent message in the store" } } },
	{ .name = "webhook listen",
	  .summary = "Receives webhooks on this machine, checks and prints them, until stopped",
	  .details = "For tests with an endpoint http://127.0.0.1:PORT/ of a sandbox store. With --merchant the "
		     "command adds such an endpoint, verifies with the secret of the endpoint, and removes the "
		     "endpoint at the end, also if interrupted; the endpoint of a killed run is removed by the "
		     "next run. The response to a valid message is 204 (or --status), to an invalid message 401.",
	  .verbs = { { VERB_ENDPOINT_ADD, "--merchant" }, { VERB_ENDPOINT_REMOVE, "--merchant" } },
	  .flags = COMMAND_NO_STORE,
	  .example = "webhook listen --port 9000 --secret secret.txt",
	  .run = run_listen,
	  .options = { { "port", "N", 0, "the port; 0: any free port; default: 8899" },
		       { "secret", "FILE", OPTION_REPEATABLE | OPTION_PATH,
			 "the endpoint's secret; twice during a rotation" },
		       { "merchant", "MERCHANT", 0, "add a temporary endpoint of this merchant" },
		       { "event", "NAME", OPTION_REPEATABLE,
			 "with --merchant: an event name; may be repeated; default: all events", endpoint_event_names },
		       { "status", "N", 0, "the HTTP status of the response, to test failures; default: 204" },
		       { "count", "N", 0, "stop after N messages; 0: stop at once" } } },
};
const struct command_chapter commands_receive = { COMMAND_CHAPTER("Receiving webhooks", rows) };
