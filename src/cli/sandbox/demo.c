#include "../cli_internal.h"
#include "kybdesk/desk/sandbox.h"
#include "kybdesk/domain/permission.h"
#include "kybdesk/webhook/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLES_FOLDER "samples/"
#define SAMPLE_CASES_FILE "cases.ndjson"
#define SAMPLES_NOW "2026-11-20T09:00:00Z" /* the current time of the samples: REFERENCE in data/samples/generate.py */
#define ISSUE_DATE_PREFIX "Issued on "	   /* precedes an issue date in the samples */
#define SEARCHED_CASES_MAX 100		   /* maximum number of cases to search for a case that can be approved */

static enum err make_folder(struct cli *cli, char **folder, struct error *error)
{
	const char *base = world_environment(cli->world, "TMPDIR");
	*folder = path_join(&cli->arena, base && base[0] == '/' ? base : "/tmp", "kybdesk-demo.XXXXXX");
	if (!mkdtemp(*folder))
		return error_set(error, ERR_STORE, "a folder for the demo cannot be created at %s: %s", *folder,
				 strerror(errno));
	return ERR_OK;
}

/* Shifts each JSON string that is a complete UTC time. Dates (of births, incorporations and lists) are unchanged. */
static void shift_times(struct strbuf *lines, int64_t by_ms)
{
	const size_t length = strlen(SAMPLES_NOW);
	char moved[TIME_TEXT_SIZE];
	int64_t at;

	for (char *quote = lines->buf; (quote = strchr(quote, '"')); quote++) {
		char text[sizeof SAMPLES_NOW] = "";
		if (strlen(quote) < length + 2 || quote[length + 1] != '"')
			continue;
		memcpy(text, quote + 1, length);
		if (time_parse(text, false, &at, NULL) != ERR_OK)
			continue;
		time_format((at + by_ms) / 1000 * 1000, moved);
		memcpy(quote + 1, moved, length);
	}
}

/* Shifts the issue date in a document's bytes; the length is unchanged. */
static void shift_issue_dates(struct strbuf *bytes, int64_t by_ms)
{
	char moved[TIME_TEXT_SIZE];
	int64_t at;

	for (char *word = bytes->buf; (word = memmem(word, bytes->len - (size_t)(word - bytes->buf), ISSUE_DATE_PREFIX,
						     strlen(ISSUE_DATE_PREFIX)));) {
		char day[] = "2026-11-20";
		word += strlen(ISSUE_DATE_PREFIX);
		if (bytes->len - (size_t)(word - bytes->buf) < strlen(day))
			return;
		memcpy(day, word, strlen(day));
		if (time_parse(day, true, &at, NULL) != ERR_OK)
			continue;
		time_format(at + by_ms, moved);
		memcpy(word, moved, strlen(day));
	}
}

/* Shifts the times of the samples to the present, so that some cases are due and some overdue whenever the demo
 * starts. */
static enum err write_shifted_sample(const char *path, const struct resource *sample,
				     void (*shift)(struct strbuf *bytes, int64_t by_ms), struct error *error)
{
	struct strbuf lines = STRBUF_INIT;
	int64_t made_at = 0;
	enum err err = time_parse(SAMPLES_NOW, false, &made_at, error);

	strbuf_add(&lines, (const char *)sample->bytes, sample->length);
	if (!err) {
		shift(&lines, world_now_ms(world_sandbox()) - made_at);
		err = file_write_synced(path, lines.buf, lines.len, error);
	}
	strbuf_release(&lines);
	return err;
}

/* The sample cases refer to their files by relative paths, so the cases and the files are written to disk. */
static enum err write_samples(struct cli *cli, const char *folder, struct error *error)
{
	for (size_t i = 0; i < resource_count; i++) {
		const struct resource *resource = &resource_table[i];
		if (!text_has_prefix(resource->name, SAMPLES_FOLDER))
			continue;
		const char *path = path_join(&cli->arena, folder, resource->name + strlen(SAMPLES_FOLDER));
		enum err err = folder_make(path_folder(&cli->arena, path), error);
		if (!err && strcmp(resource->name, SAMPLES_FOLDER SAMPLE_CASES_FILE) == 0)
			err = write_shifted_sample(path, resource, shift_times, error);
		else if (!err)
			err = write_shifted_sample(path, resource, shift_issue_dates, error);
		if (err)
			return err;
	}
	return ERR_OK;
}

static enum err fill_store(struct cli *cli, const char *folder, struct error *error)
{
	char *path;
	const char *samples = path_join(&cli->arena, folder, "samples");
	const struct desk_options options = cli_desk_options(cli);
	enum err err;
	if ((err = write_samples(cli, samples, error)) ||
	    (err = desk_init(&options, true, &path, &cli->arena, error)) || (err = cli_open_desk(cli, error)))
		return err;
	/* The user did not ask for this import: its result is not shown. */
	struct output shown = cli->out;
	out_init(&cli->out, -1, cli->mode);
	err = cli_import(cli,
			 &(struct import_input){ .path = path_join(&cli->arena, samples, SAMPLE_CASES_FILE),
						 .format = IMPORT_CASES },
			 error);
	out_release(&cli->out);
	cli->out = shown;
	if (!err && cli->status == ERR_PARTIAL)
		return error_set(error, ERR_INTERNAL, "some of the sample cases were refused");
	return err;
}

static enum err print_demo_inbox(struct cli *cli, struct error *error)
{
	char program[] = "kybdesk", list[] = "list", inbox_option[] = "--inbox=manual_review";
	char *const words[] = { program, list, inbox_option };
	const struct command *inbox = command_find(command_set(), "inbox");
	enum err err;
	cli->command_line.command = inbox;
	if ((err = inbox->run(cli, error)))
		return err;
	out_bytes(&cli->out, "\n", 1);
	/* After the inboxes, prints the list of the cases in the inbox manual_review. */
	if ((err = command_parse(&cli->arena, command_set(), 3, words, &cli->command_line, error)))
		return err;
	/* Prints no hint of a next page, because the demo's store will be removed. */
	cli->log.level = LOG_QUIET;
	return cli->command_line.command->run(cli, error);
}

/* Without a workbench, decides one case, so that the demo shows the delivery of its webhook. */
static enum err approve_sample_case(struct cli *cli, struct error *error)
{
	struct list_query query = { .sort = SORT_DUE, .limit = SEARCHED_CASES_MAX, .after = "" };
	struct list_page page;
	enum err err = filter_parse(&cli->arena, "", &query.filter, error);
	query.inboxes = 1u << INBOX_MANUAL_REVIEW;
	if (!err)
		err = desk_list(cli->desk, &cli->arena, &query, &page, error);
	for (size_t i = 0; !err && i < page.count; i++) {
		const struct use_in in = { .verb = VERB_APPROVE, .session = page.items[i].id, .has_grace = true };
		struct error refused = { 0 };
		struct use_out out;
		bool done = desk_do(cli->desk, &cli->arena, &in, &out, &refused) == ERR_OK;
		error_release(&refused);
		if (!done)
			continue;
		out_bytes(&cli->out, "\n", 1);
		out_line(&cli->out, "One case is decided: %s", page.items[i].subject_name);
		break;
	}
	return err;
}

static enum err deliver_webhooks(struct cli *cli, struct error *error)
{
	struct deliver_options options = { .store_path = settings_text(&cli->settings, SETTING_STORE),
					   .world = world_sandbox(),
					   .log = cli->log,
					   .drain = true };
	struct deliver_worker *worker = NULL;
	struct deliver_totals totals;
	enum err err = deliver_worker_new(&options, &worker, error);
	if (!err)
		err = deliver_worker_run(worker, &totals, error);
	deliver_worker_free(worker);
	return err;
}

/* Receiver of the demo's webhooks: a process that listens on loopback like a merchant's server, checks each
 * signature with the endpoint's secret, and writes a line for each webhook. */

#define LOG_MAX (4 * 1024 * 1024)

struct demo_receiver {
	pid_t pid;	      /* 0: not started */
	int lifetime_fd;      /* write end of a pipe; closing it ends the receiver */
	const char *log_path; /* one line for each webhook */
};

struct demo_merchant {
	const char *name;
	struct strbuf secret;
};
struct demo_merchants {
	struct demo_merchant *items;
	size_t count;
};

/* The merchant with the number in the request line, for example "POST /2 HTTP/1.1"; NULL: none. */
static const struct demo_merchant *merchant_of_request(const struct demo_merchants *shops, const char *head)
{
	const char *slash = strchr(head, '/');
	size_t at = slash ? strtoul(slash + 1, NULL, 10) : shops->count;

	return at < shops->count ? &shops->items[at] : NULL;
}

struct receiver_context {
	const struct demo_merchants *merchants;
	int log_fd;
};

static enum err answer(void *context, int fd, const struct received_request *received, struct error *error)
{
	const struct receiver_context *receiver_context = context;
	struct arena arena = ARENA_INIT;
	const char *head = received->text.buf;
	const struct demo_merchant *shop = merchant_of_request(receiver_context->merchants, head);
	const struct webhook_message message = {
		.id = webhook_header(&arena, head, "webhook-id"),
		.timestamp_s = strtoll(webhook_header(&arena, head, "webhook-timestamp"), NULL, 10),
		.body = head + received->body_offset,
		.length = received->body_length,
	};
	bool verified =
		shop && webhook_verify(webhook_header(&arena, head, "webhook-signature"), shop->secret.buf, &message);
	const char *line = arena_printf(&arena, "%s %s %s\n", verified ? "right" : "wrong",
					received_event_type(&arena, received), shop ? shop->name : "?");

	(void)error;
	/* Responds only to a logged webhook: without a response, the sender sends the webhook again. */
	if (write(receiver_context->log_fd, line, strlen(line)) == (ssize_t)strlen(line))
		receive_respond(fd, verified ? 204 : 401, "");
	arena_release(&arena);
	return ERR_OK;
}

static enum err add_endpoints(struct cli *cli, unsigned port, struct demo_merchants *shops, struct error *error)
{
	static const char *const everything[] = { "*" };
	struct merchant_info *merchants = NULL;
	enum err err = desk_merchants(cli->desk, &cli->arena, &merchants, &shops->count, error);

	if (err)
		return err;
	shops->items = arena_alloc_array(&cli->arena, shops->count + 1, sizeof *shops->items);
	for (size_t i = 0; i < shops->count; i++)
		shops->items[i] = (struct demo_merchant){ .name = merchants[i].name, .secret = STRBUF_INIT };
	for (size_t i = 0; i < shops->count && !err; i++) {
		const struct use_in in = { .verb = VERB_ENDPOINT_ADD,
					   .part = merchants[i].name,
					   .url = arena_printf(&cli->arena, "http://127.0.0.1:%u/%zu", port, i),
					   .events = everything,
					   .event_count = 1,
					   .content_out = &shops->items[i].secret };
		struct use_out out;

		err = desk_do(cli->desk, &cli->arena, &in, &out, error);
	}
	return err;
}

static void fork_receiver(struct demo_receiver *out, int listening, const struct demo_merchants *shops)
{
	int life[2], log = open(out->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (log < 0 || pipe2(life, O_CLOEXEC)) {
		if (log >= 0)
			(void)close(log);
		return;
	}
	out->pid = fork();
	if (out->pid == 0) {
		/* The terminal sends SIGINT to the workbench and to this process. This process ignores SIGINT, and
		 * ends when the pipe `life` is closed. */
		(void)signal(SIGINT, SIG_IGN);
		(void)close(life[1]);
		struct receiver_context receiver_context = { shops, log };
		struct receive_loop receive_loop = { .fd = listening,
						     .stop_fd = life[0],
						     .requests_left = -1,
						     .handle = answer,
						     .context = &receiver_context };
		(void)!receive_requests(&receive_loop, NULL);
		_exit(0);
	}
	(void)close(life[0]);
	(void)close(log);
	out->lifetime_fd = life[1];
	if (out->pid < 0) {
		(void)close(life[1]);
		out->pid = 0;
	}
}

/* Listens, registers an endpoint for every merchant of cli->desk, and starts the receiver. On a machine without
 * loopback sockets, sets out->pid to 0 and returns ERR_OK. */
static enum err demo_receiver_start(struct cli *cli, const char *folder, struct demo_receiver *out, struct error *error)
{
	struct demo_merchants shops = { 0 };
	unsigned port = 0;
	int listening = receive_listen(&port);
	enum err err;

	*out = (struct demo_receiver){ .lifetime_fd = -1, .log_path = path_join(&cli->arena, folder, "webhooks.log") };
	if (listening < 0)
		return ERR_OK;
	err = add_endpoints(cli, port, &shops, error);
	if (!err)
		fork_receiver(out, listening, &shops);
	(void)close(listening);
	for (size_t i = 0; i < shops.count && shops.items; i++)
		strbuf_wipe(&shops.items[i].secret);
	return err;
}

static void print_receiver_log(struct cli *cli, char *text)
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

/* Ends the receiver and prints the received webhooks, if any. Does nothing if the receiver was not started. */
static void demo_receiver_end(struct cli *cli, struct demo_receiver *receiver)
{
	struct strbuf text = STRBUF_INIT;

	if (!receiver->pid)
		return;
	(void)close(receiver->lifetime_fd);
	(void)waitpid(receiver->pid, NULL, 0);
	if (file_read(receiver->log_path, LOG_MAX, &text, NULL) == ERR_OK && text.len)
		print_receiver_log(cli, text.buf);
	strbuf_release(&text);
	receiver->pid = 0;
}

/* --- the server of --serve --- */

static enum err make_key(struct cli *cli, const char *merchant, bool first, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	struct use_out out;
	enum err err = desk_do(cli->desk, &cli->arena,
			       &(const struct use_in){ .verb = VERB_MERCHANT_KEY,
						       .part = merchant,
						       .permissions = PERMISSIONS_ALL,
						       .content_out = &key },
			       &out, error);

	if (!err)
		out_line(&cli->out, "%-16s api_code %s  api_key %s", merchant, out.api_code, key.buf);
	if (!err && first)
		out_line(&cli->out, "    curl -H \"Authorization: Bearer %s\" http://%s/kyc/sessions", key.buf,
			 *cli_option_text(cli, "listen") ? cli_option_text(cli, "listen") : API_LISTEN_DEFAULT);
	strbuf_wipe(&key);
	return err;
}

/* Prints the store's path for other commands, a new key for every merchant of cli->desk, and an example request. */
static enum err make_api_keys(struct cli *cli, struct error *error)
{
	struct merchant_info *items;
	size_t count;
	enum err err = desk_merchants(cli->desk, &cli->arena, &items, &count, error);

	out_line(&cli->out, "KYBDESK_STORE=%s", settings_text(&cli->settings, SETTING_STORE));
	for (size_t i = 0; !err && i < count; i++)
		err = make_key(cli, items[i].name, i == 0, error);
	return err ? err : out_finish(&cli->out, error);
}

/* announces: whether this process prints the addresses and sends webhooks; if not, the workbench sends them. */
static enum err serve(struct cli *cli, bool announces, struct error *error)
{
	struct serve_context serve_context = { .cli = cli, .sends_webhooks = true };
	enum err err;
	const char *listen = parsed_option_text(&cli->command_line, "listen");
	const struct api_options options = { .store_path = settings_text(&cli->settings, SETTING_STORE),
					     .actor = settings_text_if_set(&cli->settings, SETTING_REVIEWER),
					     .world = cli->world,
					     .log = { .level = LOG_QUIET, .fd = announces ? STDERR_FILENO : -1 },
					     .sandbox_delay_ms = SANDBOX_DELAY_DEFAULT_MS,
					     .address_limit = -1,
					     .key_limit = -1,
					     .link_limit = -1,
					     .connection_limit = -1,
					     .listen = listen ? listen : API_LISTEN_DEFAULT,
					     .ready = announces ? serve_report_ready : NULL,
					     .context = &serve_context };

	err = cli->front_ends->serve(&options, error);
	serve_delivery_stop(serve_context.delivery);
	return err;
}

/* Runs the server in a child process that ends with this process; cli->desk must be closed. *pid 0: not started. */
static enum err start_server(struct cli *cli, pid_t *pid, struct error *error)
{
	*pid = fork();
	if (*pid < 0) {
		*pid = 0;
		return error_set(error, ERR_INTERNAL, "The server cannot be started: %s", strerror(errno));
	}
	if (*pid == 0) {
		struct error quiet = { 0 };

		/* This process must end with the parent, which removes the demo's folder. */
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		_exit(serve(cli, false, &quiet) ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	return ERR_OK;
}

static void end_server(pid_t pid)
{
	if (!pid)
		return;
	(void)kill(pid, SIGTERM);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* --- the demo --- */

static enum err open_workbench(struct cli *cli, int *status, struct error *error)
{
	const struct workbench_options options = { .settings = &cli->settings,
						   .world = cli->world,
						   .readonly = parsed_has_option(&cli->command_line, "readonly"),
						   .demo = true,
						   .tour = parsed_has_option(&cli->command_line, "tour") };
	desk_close(cli->desk);
	cli->desk = NULL;
	*status = cli->front_ends->workbench(&options, error);
	return error->code;
}

/* Prints the keys before the workbench covers the terminal. */
static enum err serve_with_workbench(struct cli *cli, pid_t *server, struct error *error)
{
	char line[8];
	enum err err = make_api_keys(cli, error);

	if (err)
		return err;
	desk_close(cli->desk);
	cli->desk = NULL;
	err = start_server(cli, server, error);
	if (err)
		return err;
	out_line(&cli->out, "Press Enter to open the workbench; the server stops when the workbench is closed");
	err = out_finish(&cli->out, error);
	while (!err && read(STDIN_FILENO, line, sizeof line) > 0 && !memchr(line, '\n', sizeof line))
		memset(line, 0, sizeof line);
	return err;
}

static enum err serve_without_workbench(struct cli *cli, struct error *error)
{
	enum err err = make_api_keys(cli, error);

	desk_close(cli->desk);
	cli->desk = NULL;
	return err ? err : serve(cli, true, error);
}

static int run_child(struct cli *cli, const char *folder)
{
	struct error error = { 0 };
	int status = 0;
	bool terminal = cli->out.terminal && isatty(STDIN_FILENO) == 1;
	struct demo_receiver receiver = { 0 };
	bool serves = parsed_has_option(&cli->command_line, "serve");
	pid_t server = 0;
	enum err err = fill_store(cli, folder, &error);
	if (!err)
		err = demo_receiver_start(cli, folder, &receiver, &error);
	if (!err && terminal && serves)
		err = serve_with_workbench(cli, &server, &error);
	if (!err && terminal)
		err = open_workbench(cli, &status, &error);
	else if (!err && serves)
		err = serve_without_workbench(cli, &error);
	else if (!err)
		err = print_demo_inbox(cli, &error);
	if (!err && !terminal && !serves && receiver.pid && !(err = approve_sample_case(cli, &error)))
		err = deliver_webhooks(cli, &error);
	end_server(server);
	demo_receiver_end(cli, &receiver);
	if (!err)
		err = out_finish(&cli->out, &error);
	if (err) {
		cli_print_error(cli, &error);
		status = error_exit_status(err);
	}
	error_release(&error);
	desk_close(cli->desk);
	cli->desk = NULL;
	return status;
}

/* Waits for the end of the child, by exit or signal, so that the parent can always remove the folder. */
static int wait_for_child(pid_t pid, const sigset_t *watched)
{
	int status = 0, signal_number = 0;
	for (;;) {
		siginfo_t info;
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
		if (sigwaitinfo(watched, &info) < 0)
			continue;
		/* The keyboard's signals reach the child directly; signals from kill(1) are forwarded. */
		if (info.si_signo != SIGCHLD && info.si_code == SI_USER) {
			signal_number = info.si_signo;
			(void)kill(pid, signal_number);
		}
	}
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : error_exit_status(ERR_INTERNAL);
}

enum err demo_run(struct cli *cli, struct error *error)
{
	char *folder;
	sigset_t watched, before;
	enum err err;

	if (parsed_has_option(&cli->command_line, "tour") && !(cli->out.terminal && isatty(STDIN_FILENO) == 1))
		return error_set(error, ERR_USAGE, "the tour needs a terminal");
	if (parsed_has_option(&cli->command_line, "tour") && parsed_has_option(&cli->command_line, "readonly"))
		return error_set(error, ERR_USAGE, "the tour changes the store: leave out --readonly");
	/* Signals are blocked before the folder is created, so that the folder is always removed. */
	(void)sigemptyset(&watched);
	(void)sigaddset(&watched, SIGINT);
	(void)sigaddset(&watched, SIGTERM);
	(void)sigaddset(&watched, SIGHUP);
	(void)sigaddset(&watched, SIGCHLD);
	(void)pthread_sigmask(SIG_BLOCK, &watched, &before);
	err = make_folder(cli, &folder, error);
	if (err) {
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
		return err;
	}
	settings_put(&cli->settings, SETTING_STORE, path_join(&cli->arena, folder, "kybdesk.db"), "demo");
	pid_t pid = fork();
	if (pid == 0) {
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
		cli->status = ERR_OK;
		int status = run_child(cli, folder);
		out_release(&cli->out);
		arena_release(&cli->arena);
		exit(status);
	}
	int number = errno;
	cli->exit_status = pid > 0 ? wait_for_child(pid, &watched) : 0;
	folder_remove(folder);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		return error_set(error, ERR_INTERNAL, "the demo cannot be started: %s", strerror(number));
	return ERR_OK;
}
