/* hook run: runs an operator's own programs on events. The delivery worker sends each event over a socket. */
#include "../cli_internal.h"
#include "kybdesk/base/bounded.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/webhook/sign.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PROGRAMS_MAX 32
#define NAME_MAX_LENGTH 60
#define LINE_MAX_LENGTH 200
#define PROGRAM_TIMEOUT_S 20 /* time limit of one program */
#define MESSAGE_TIMEOUT_S 50 /* time limit of all programs for one message: the worker waits 60 s for the response */
#define SUCCESSES_MAX 1024   /* remembered successes: the program does not get such a message again */

struct hook_success {
	char event[64], program[NAME_MAX_LENGTH + 1];
};

struct hook {
	struct cli *cli;
	const char *name, *folder;
	struct receive_loop receive_loop;
	int lock_fd;
	int64_t program_timeout_s;
	struct hook_success *successes; /* a ring buffer */
	size_t next;
};

/* One received message and its result. */
struct message {
	struct arena arena;
	const char *id, *type, *body;
	size_t length;
	struct strbuf faults; /* one line for each failed program: the body of the response */
};

static bool is_stopped(const struct hook *hook)
{
	struct pollfd stop = { .fd = hook->receive_loop.stop_fd, .events = POLLIN };

	return poll(&stop, 1, 0) > 0;
}

/* --- the programs --- */

/* Why another user could change the program and run code with the rights of this account; NULL: impossible. */
static const char *access_fault_text(const struct stat *status)
{
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return "belongs to another account";
	return status->st_mode & (S_IWGRP | S_IWOTH) ? "can be written by others" : NULL;
}

/* Like access_fault_text(), for a file or folder and all folders above it: users with write access to a folder can
 * replace its files, except in a folder with the sticky bit, like /tmp. */
static const char *path_fault_text(struct arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	struct stat status;
	const char *why;

	if (!real)
		return "does not exist";
	why = stat(real, &status) == 0 ? access_fault_text(&status) : "does not exist";
	for (char *slash = strrchr(real, '/'); !why && slash; slash = strrchr(real, '/')) {
		*slash = '\0';
		if (stat(*real ? real : "/", &status) != 0)
			why = "does not exist";
		else if (status.st_mode & (S_IWGRP | S_IWOTH) && !(status.st_mode & S_ISVTX))
			why = arena_printf(arena, "is below %s, which can be written by others", *real ? real : "/");
	}
	free(real);
	return why;
}

static bool is_program_name(const char *name)
{
	size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

	return *name != '.' && length && length <= NAME_MAX_LENGTH && !name[length] && name[length - 1] != '~';
}

/* Lists the executable files of the folder, sorted by name. */
static enum err list_programs(const struct hook *hook, struct arena *arena, const char *names[PROGRAMS_MAX],
			      size_t *count, struct error *error)
{
	DIR *folder = opendir(hook->folder);
	struct dirent *one;
	enum err err = ERR_OK;

	*count = 0;
	if (!folder)
		return error_invalid(error, "folder", "%s cannot be read: %s", hook->folder, strerror(errno));
	while (!err && (one = readdir(folder))) {
		const char *path = path_join(arena, hook->folder, one->d_name);
		struct stat status;

		if (!is_program_name(one->d_name) || stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
		    access(path, X_OK) != 0)
			continue;
		if (*count == PROGRAMS_MAX)
			err = error_invalid(error, "folder", "%s has more than %d programs", hook->folder,
					    PROGRAMS_MAX);
		else
			names[(*count)++] = arena_strdup(arena, one->d_name);
	}
	(void)closedir(folder);
	qsort(names, *count, sizeof *names, text_compare);
	return err;
}

static enum err check_folder(struct arena *arena, const char *what, const char *path, struct error *error)
{
	struct stat status;
	const char *why;

	if (path[0] != '/')
		return error_invalid(error, what, "The folder %s is not an absolute path, such as /etc/kybdesk/hooks.d",
				     path);
	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return error_invalid(error, what, "The folder %s cannot be used: %s", path,
				     errno ? strerror(errno) : "it is not a folder");
	why = path_fault_text(arena, path);
	return why ? error_invalid(error, what, "The folder %s %s; it must be writable only by root and this account",
				   path, why)
		   : ERR_OK;
}

static bool has_succeeded(const struct hook *hook, const struct message *message, const char *program)
{
	for (size_t i = 0; i < SUCCESSES_MAX; i++)
		if (!strcmp(hook->successes[i].event, message->id) && !strcmp(hook->successes[i].program, program))
			return true;
	return false;
}

static void record_success(struct hook *hook, const struct message *message, const char *program)
{
	struct hook_success *place = &hook->successes[hook->next++ % SUCCESSES_MAX];

	(void)snprintf(place->event, sizeof place->event, "%s", message->id);
	(void)snprintf(place->program, sizeof place->program, "%s", program);
}

/* The reason of a program's failure; NULL: success. */
static const char *failure_reason(struct arena *arena, const struct bounded_job *job)
{
	if (job->cancelled)
		return "ended because \"hook run\" was stopped";
	if (job->timed_out)
		return arena_printf(arena, "killed after %u seconds (time limit)", job->wait_ms / 1000);
	if (job->status > 128)
		return arena_printf(arena, "ended by signal %d", job->status - 128);
	return job->status ? arena_printf(arena, "exit status %d", job->status) : NULL;
}

/* Adds the fault to the response, and prints it on standard error. */
static void add_fault(struct hook *hook, struct message *message, const char *program, const char *why)
{
	strbuf_addf(&message->faults, "%s%s: %s", message->faults.len ? "; " : "", program, why);
	log_warn(&hook->cli->log, "hook=%s program=%s event=%s %s", hook->name, program, message->id, why);
}

/* The last line of the program's output as printable text; at most its last LINE_MAX_LENGTH bytes. */
static const char *last_output_line(struct arena *arena, const struct strbuf *output)
{
	size_t end = output->len, begin;

	while (end && isspace((unsigned char)output->buf[end - 1]))
		end--;
	for (begin = end; begin && output->buf[begin - 1] != '\n' && end - begin < LINE_MAX_LENGTH; begin--)
		;
	return text_safe_copy(arena, arena_strndup(arena, output->buf + begin, end - begin), TEXT_UTF8);
}

static enum err run_program(struct hook *hook, struct message *message, const char *program, int64_t left_s,
			    struct error *error)
{
	struct strbuf output = STRBUF_INIT;
	const char *const environment[] = { arena_printf(&message->arena, "KYBDESK_EVENT_ID=%s", message->id),
					    arena_printf(&message->arena, "KYBDESK_EVENT_TYPE=%s", message->type),
					    arena_printf(&message->arena, "KYBDESK_HOOK=%s", hook->name), NULL };
	struct bounded_job job = {
		.world = hook->cli->world,
		.path = path_join(&message->arena, hook->folder, program),
		.input = message->body,
		.length = message->length,
		.environment = environment,
		.wait_ms = (unsigned)(left_s < hook->program_timeout_s ? left_s : hook->program_timeout_s) * 1000,
		.cancel_fd = hook->receive_loop.stop_fd,
		.output = &output
	};
	const char *why = path_fault_text(&message->arena, job.path);
	enum err err = why ? ERR_OK : bounded_run(&job, error);

	if (!err && !why)
		why = failure_reason(&message->arena, &job);
	if (!err && why) {
		const char *line = last_output_line(&message->arena, &output);

		add_fault(hook, message, program, *line ? arena_printf(&message->arena, "%s: %s", why, line) : why);
	} else if (!err) {
		record_success(hook, message, program);
	}
	strbuf_release(&output);
	return err;
}

static enum err run_programs(struct hook *hook, struct message *message, struct error *error)
{
	int64_t end = world_monotonic_ms(hook->cli->world) + MESSAGE_TIMEOUT_S * 1000;
	const char *names[PROGRAMS_MAX];
	size_t count;
	enum err err = list_programs(hook, &message->arena, names, &count, error);

	for (size_t i = 0; !err && i < count; i++) {
		int64_t left_s = (end - world_monotonic_ms(hook->cli->world)) / 1000;

		if (has_succeeded(hook, message, names[i]))
			continue;
		if (left_s <= 0 || is_stopped(hook))
			add_fault(hook, message, names[i],
				  left_s <= 0 ? "not run: the earlier programs took too long"
					      : "not run: \"hook run\" was stopped");
		else
			err = run_program(hook, message, names[i], left_s, error);
	}
	return err;
}

/* --- the socket --- */

/* Returns why the message is refused: it lacks the event id or the JSON object that programs need. NULL: the message
 * is valid. */
static const char *message_fault(const struct message *message)
{
	struct json_value *event = NULL;
	const char *why = NULL;

	if (!*message->id)
		why = "the header webhook-id is missing";
	else if (json_read(message->body, message->length, &event, NULL) || !json_is_object(event))
		why = "the body is not a JSON object";
	json_free(event);
	return why;
}

static enum err answer_message(void *context, int fd, const struct received_request *received, struct error *error)
{
	struct hook *hook = context;
	struct message message = { .arena = ARENA_INIT, .faults = STRBUF_INIT };
	const char *headers = arena_strndup(&message.arena, received->text.buf, received->body_offset);
	enum err err;

	message.id = text_safe_copy(&message.arena, webhook_header(&message.arena, headers, "webhook-id"), TEXT_UTF8);
	message.type = text_safe_copy(&message.arena, received_event_type(&message.arena, received), TEXT_UTF8);
	message.body = received->text.buf + received->body_offset;
	message.length = received->body_length;
	const char *fault = message_fault(&message);

	if (fault) {
		log_warn(&hook->cli->log, "hook=%s event=%s refused: %s", hook->name, message.id, fault);
		strbuf_adds(&message.faults, fault);
	}
	err = fault ? ERR_OK : run_programs(hook, &message, error);
	if (!err)
		receive_respond(fd, fault ? 400 : message.faults.len ? 500 : 204, message.faults.buf);
	if (!err && cli_is_json(hook->cli)) {
		out_json_line(&hook->cli->out, JSON_NEW(JSON_TEXT("id", message.id), JSON_TEXT("type", message.type),
							JSON_BOOL("done", !message.faults.len)));
	} else if (!err) {
		out_line(&hook->cli->out, "%s  %s  %s  %s", time_text(&message.arena, world_now_ms(hook->cli->world)),
			 message.id, message.type, message.faults.len ? "failed" : "done");
	}
	if (!err)
		err = out_finish(&hook->cli->out, error);
	strbuf_release(&message.faults);
	arena_release(&message.arena);
	return err;
}

/* Locks the name of the hook. Only the owner of the lock may replace the socket of a killed runner; otherwise two
 * runners that start at the same time would replace each other's socket. The lock ends when the process ends; the
 * lock file remains. */
static enum err lock_hook_name(struct hook *hook, const char *sockets, struct error *error)
{
	const char *path = arena_printf(&hook->cli->arena, "%s/.%s.lock", sockets, hook->name);

	hook->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (hook->lock_fd < 0)
		return error_set(error, ERR_INVALID, "Cannot write %s: %s", path, strerror(errno));
	if (flock(hook->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	return error_set(error, errno == EWOULDBLOCK ? ERR_CONFLICT : ERR_INTERNAL, "Cannot listen as %s: %s",
			 hook->name,
			 errno == EWOULDBLOCK ? "another hook run already uses this name" : strerror(errno));
}

/* Listens at a socket in the file system, accessible to this account only; replaces a socket without a listener.
 * -1: see errno; EADDRINUSE: another process listens at this path. */
static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), failure;
	mode_t mask;

	errno = ENAMETOOLONG;
	if (fd < 0 || strlen(path) >= sizeof address.sun_path)
		goto fail;
	memcpy(address.sun_path, path, strlen(path));
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
		errno = EADDRINUSE;
		goto fail;
	}
	if (errno == ECONNREFUSED)
		(void)unlink(path);
	mask = umask(0177);
	failure = bind(fd, (struct sockaddr *)&address, sizeof address);
	(void)umask(mask);
	if (!failure && listen(fd, 64) == 0)
		return fd;
fail:
	failure = errno;
	if (fd >= 0)
		(void)close(fd);
	errno = failure;
	return -1;
}

static enum err open_socket(struct hook *hook, const char *sockets, const char *path, struct error *error)
{
	enum err err = lock_hook_name(hook, sockets, error);

	if (err)
		return err;
	hook->receive_loop.fd = listen_at(path);
	if (hook->receive_loop.fd >= 0)
		return ERR_OK;
	return error_set(error, errno == EADDRINUSE ? ERR_CONFLICT : ERR_INVALID, "Cannot listen at %s: %s", path,
			 errno == EADDRINUSE ? "another hook run already listens there" : strerror(errno));
}

static enum err run_hook(struct cli *cli, struct error *error)
{
	struct hook hook = { .cli = cli,
			     .name = parsed_argument(&cli->command_line, 0),
			     .folder = cli_option_text(cli, "folder"),
			     .receive_loop = { .fd = -1, .stop_fd = -1, .handle = answer_message, .context = &hook },
			     .lock_fd = -1 };
	const char *sockets = deliver_hook_folder(cli->world);
	const char *path = arena_printf(&cli->arena, "%s/%s.sock", sockets, hook.name);
	struct interrupt *interrupt = NULL;
	const char *names[PROGRAMS_MAX];
	size_t count = 0;
	enum err err;

	if ((err = endpoint_hook_check(hook.name, error)) ||
	    (err = cli_read_number(cli, "limit", 1, MESSAGE_TIMEOUT_S, PROGRAM_TIMEOUT_S, &hook.program_timeout_s,
				   error)) ||
	    (err = cli_read_number(cli, "count", 1, INT64_MAX, -1, &hook.receive_loop.requests_left, error)) ||
	    (err = check_folder(&cli->arena, "folder", hook.folder, error)) ||
	    (err = check_folder(&cli->arena, "hooks", sockets, error)) ||
	    (err = list_programs(&hook, &cli->arena, names, &count, error)))
		return err;
	hook.successes = arena_alloc_array(&cli->arena, SUCCESSES_MAX, sizeof *hook.successes);
	hook.receive_loop.stop_fd = receive_new_stop_fd();
	err = hook.receive_loop.stop_fd < 0
		      ? error_set(error, ERR_INTERNAL, "Cannot prepare for stop signals: %s", strerror(errno))
		      : open_socket(&hook, sockets, path, error);
	if (!err && !(err = interrupt_start(&interrupt, -1, NULL, receive_stop, &hook.receive_loop.stop_fd, error))) {
		out_line(&cli->out, "Listening at %s for hook:%s, with %zu programs in %s", path, hook.name, count,
			 hook.folder);
		err = out_finish(&cli->out, error);
		if (!err)
			err = receive_requests(&hook.receive_loop, error);
		interrupt_end(interrupt);
	}
	if (hook.receive_loop.fd >= 0) {
		(void)unlink(path);
		(void)close(hook.receive_loop.fd);
	}
	if (hook.receive_loop.stop_fd >= 0)
		(void)close(hook.receive_loop.stop_fd);
	if (hook.lock_fd >= 0)
		(void)close(hook.lock_fd);
	return err;
}

static const struct command rows[] = {
	{ .name = "hook run",
	  .summary = "Runs your own programs on each event, until stopped",
	  .details = "Receives the events sent to the endpoint hook:NAME (endpoint add --url hook:NAME) and runs "
		     "every program of the folder for each event, one after the other, in the order of their "
		     "names. A program receives the event as JSON on standard input, and the variables "
		     "KYBDESK_EVENT_ID, KYBDESK_EVENT_TYPE and KYBDESK_HOOK. It has the rights of this account, "
		     "within limits; after its time limit, the program and its child processes are killed. If a "
		     "program fails, the delivery fails with the last line of its output, and only failed programs "
		     "are run again. docs/operating.md explains hooks.",
	  .flags = COMMAND_NO_STORE,
	  .example = "hook run ticket --folder /etc/kybdesk/hooks.d",
	  .run = run_hook,
	  .arguments = { { .name = "NAME", .help = "the NAME in hook:NAME: lower-case letters, digits, hyphens" } },
	  .options = { { "folder", "FOLDER", OPTION_REQUIRED | OPTION_PATH | OPTION_NOT_IN_SSH_SESSION,
			 "the folder of the programs; must be writable only by root or this account" },
		       { "limit", "SECONDS", 0,
			 "time limit of one program, 1 to 50, default 20; limit of all programs together: 50" },
		       { "count", "N", 0, "stop after N events" } } },
};
const struct command_chapter commands_hook = { COMMAND_CHAPTER("Hooks", rows) };
