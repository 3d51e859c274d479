#include "contract.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sqlite3.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

const char pdf_bytes[] = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

size_t pdf_length(void)
{
	return sizeof pdf_bytes - 1;
}

void reply_release(struct reply *reply)
{
	free(reply->head);
	free(reply->body);
	json_decref(reply->json);
	memset(reply, 0, sizeof *reply);
}

char *reply_header(const struct reply *reply, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = reply->head; at && (at = strstr(at, "\r\n"));) {
		at += 2;
		if (!strncasecmp(at, name, length) && at[length] == ':') {
			at += length + 1;
			at += strspn(at, " ");
			return test_keep(strndup(at, strcspn(at, "\r")));
		}
	}
	return NULL;
}

const char *reply_text(const struct reply *reply, const char *path)
{
	return json_path_text(reply->json, path);
}

long long reply_int(const struct reply *reply, const char *path)
{
	return json_path_int(reply->json, path);
}

bool reply_has(const struct reply *reply, const char *path)
{
	return json_path(reply->json, path) != NULL;
}

int api_try_connect(const struct api *api)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)api->port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval limit = { .tv_sec = 60 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	cr_assert_geq(fd, 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (api->from) {
		struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000000u + api->from) };

		cr_assert_eq(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
	}
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

int api_connect(const struct api *api)
{
	int fd = api_try_connect(api);

	cr_assert_geq(fd, 0, "no connection: %s", strerror(errno));
	return fd;
}

void api_write(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t done = send(fd, at, length, MSG_NOSIGNAL);

		if (done <= 0)
			return;
		at += done;
		length -= (size_t)done;
	}
}

/* Reads up to the empty line, byte by byte, so that the bytes after the head stay in the socket. */
static char *read_head(int fd)
{
	size_t length = 0, size = 4096;
	char *head = malloc(size);

	while (length < 65536) {
		if (length + 2 > size)
			head = realloc(head, size *= 2);
		if (recv(fd, head + length, 1, 0) != 1)
			break;
		head[++length] = '\0';
		if (length >= 4 && !memcmp(head + length - 4, "\r\n\r\n", 4))
			return head;
	}
	free(head);
	return NULL;
}

bool api_read_any(int fd, struct reply *out)
{
	reply_release(out);
	out->head = read_head(fd);
	if (!out->head)
		return false;
	out->status = atoi(out->head + strcspn(out->head, " "));
	char *number = reply_header(out, "Content-Length");
	out->length = number ? (size_t)atoll(number) : 0;
	out->body = calloc(1, out->length + 1);
	for (size_t done = 0; done < out->length;) {
		ssize_t got = recv(fd, out->body + done, out->length - done, 0);

		if (got <= 0)
			break;
		done += (size_t)got;
	}
	out->json = json_loads(out->body, 0, NULL);
	return true;
}

bool api_read(int fd, const char *sent, struct reply *out)
{
	char *method = strndup(sent, strcspn(sent, " "));
	bool came = api_read_any(fd, out);

	contract_check(&(const struct asked){ method, strchr(sent, '/'), NULL, 0 }, out);
	free(method);
	return came;
}

char *api_post_text(const struct api *api, const char *path, const char *more, const char *json)
{
	return test_text("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
			 "Content-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n%s",
			 path, api->key, more, strlen(json), json);
}

int api_post_only(const struct api *api, const char *path, const char *more, const char *json)
{
	char *text = api_post_text(api, path, more, json);
	int fd = api_connect(api);

	api_write(fd, text, strlen(text));
	return fd;
}

int api_scrape(struct api *api, const char *method, const char *path)
{
	struct api metrics = { .port = api->metrics_port };
	char *text = test_text("%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method, path);
	int fd = api_connect(&metrics);

	api_write(fd, text, strlen(text));
	cr_expect(api_read_any(fd, &api->last));
	close(fd);
	return api->last.status;
}

double api_metric(const struct api *api, const char *name)
{
	char *line = test_text("\n%s ", name), *at = strstr(api->last.body, line);

	return at ? strtod(at + strlen(line), NULL) : -1;
}

static bool is_json(const char *headers)
{
	return headers && strstr(headers, "Content-Type: application/json") != NULL;
}

int api_send(struct api *api, const char *method, const char *path, const char *headers, const void *body,
	     size_t length)
{
	int fd = api_connect(api);
	char *head = NULL;
	int size = asprintf(
		&head,
		"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s%s%s%s%sContent-Length: %zu\r\n\r\n",
		method, path, api->token ? "Authorization: Bearer " : "", api->token ? api->token : "",
		api->token ? "\r\n" : "", api->more ? api->more : "", headers ? headers : "", length);

	cr_assert_gt(size, 0);
	(void)snprintf(api->sent, sizeof api->sent, "%s %s", method, path);
	api_write(fd, head, (size_t)size);
	if (length)
		api_write(fd, body, length);
	(void)api_read_any(fd, &api->last);
	contract_check(&(const struct asked){ method, path, is_json(headers) ? body : NULL, length }, &api->last);
	close(fd);
	free(head);
	return api->last.status;
}

int api_call(struct api *api, const char *method, const char *path, const char *json)
{
	return api_send(api, method, path, json ? "Content-Type: application/json\r\n" : NULL, json,
			json ? strlen(json) : 0);
}

int api_once(struct api *api, const char *key, const char *path, const char *json)
{
	int status;

	char *line = test_text("Idempotency-Key: %s\r\n", key);
	api->more = line;
	status = api_call(api, "POST", path, json);
	api->more = NULL;
	return status;
}

int api_callf(struct api *api, const char *method, const char *json, const char *path, ...)
{
	char *text = NULL;
	va_list args;
	int status;

	va_start(args, path);
	cr_assert_gt(vasprintf(&text, path, args), 0);
	va_end(args);
	status = api_call(api, method, text, json);
	free(text);
	return status;
}

#define BOUNDARY "----------------------------7d1a"

int api_form(struct api *api, const char *path, const struct form_file *file, ...)
{
	char *body = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&body, &length);
	const char *name;
	va_list args;
	int status;

	va_start(args, file);
	while ((name = va_arg(args, const char *)))
		fprintf(out, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", name,
			va_arg(args, const char *));
	va_end(args);
	if (file) {
		fprintf(out,
			"--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
			"Content-Type: application/octet-stream\r\n\r\n",
			file->name);
		fwrite(file->bytes, 1, file->length, out);
		fprintf(out, "\r\n");
	}
	fprintf(out, "--" BOUNDARY "--\r\n");
	fclose(out);
	status = api_send(api, "POST", path, "Content-Type: multipart/form-data; boundary=" BOUNDARY "\r\n", body,
			  length);
	free(body);
	/* A refusal on the client's page has a sentence of its own (src/api/link/texts.json), not the general one. */
	cr_expect_null(strstr(api->last.body, "This was not accepted. Check what you entered"), "%s", api->last.body);
	return status;
}

char *api_keep(const struct api *api, const char *path)
{
	return test_keep(strdup(json_path_text(api->last.json, path)));
}

/* --- the worlds --- */

/* Adds a merchant, and notes its key and code. In a sandbox the key has all permissions. */
static void add_merchant(const char *name, bool sandbox)
{
	DONE("merchant", "add", name);
	DONE_JSON("merchant", "key", name, sandbox ? "--permission" : NULL, "kyc:create", "--permission", "kyc:read",
		  "--permission", "kyc:process", "--permission", "kyc:review");
	box_note(&api.box, json_path_text(api.box.json, "api_key"));
	box_note(&api.box, json_path_text(api.box.json, "api_code"));
}

static void make_with(const char *kind, const char *url)
{
	if (kind)
		DONE("init", kind);
	else
		box_init_production(&api.box);
	DONE("store", "set", "public_url", url);
	add_merchant("shop", kind != NULL);
	add_merchant("rival", kind != NULL);
}

void api_make_sandbox(void)
{
	make_with("--sandbox", "http://127.0.0.1:1");
}

void api_make_production(void)
{
	make_with(NULL, "https://desk.example");
}

static bool has_option(const struct api *api, const char *option)
{
	bool found = false;

	for (size_t i = 0; api->options && api->options[i]; i++)
		found = found || !strcmp(api->options[i], option);
	return found;
}

/* Starts the server, and polls the file with its output until the file contains the server's address. */
static void start(struct api *api)
{
	static const char line[] = "Listening on http://";
	char *file = box_path(&api->box, "address");
	const char *words[20] = { "sh",	   "-c",       "exec \"$@\" >\"$0\"", file,	  KYB_PROGRAM,
				  "serve", "--listen", "127.0.0.1:0",	      "--verbose" };
	struct process_options process = { .argv = words,
					   .environment = (const char *const *)api->box.lines,
					   .timeout_ms = 600000 };

	size_t count = 9;

	/* Most tests have endpoints with host names that must not be looked up, so nothing is delivered. */
	if (!has_option(api, "--deliver"))
		words[count++] = "--no-deliver";
	for (size_t i = 0; api->options && api->options[i]; i++) {
		/* The test's --listen replaces the default address. */
		if (!i && !strcmp(api->options[i], "--listen")) {
			words[7] = api->options[++i];
			continue;
		}
		words[count++] = api->options[i];
	}
	api->server = process_start(&process);
	for (int i = 0; i < 600 && !api->port; i++) {
		char *text = temp_read(file, NULL), *at = text ? strstr(text, line) : NULL;

		if (at && strchr(at, '\n')) {
			const char *metrics = strstr(text, "Metrics on http://127.0.0.1:");

			api->port = atoi(strchr(at + sizeof line - 1, ':') + 1);
			api->metrics_port = metrics ? atoi(strrchr(strtok(strdupa(metrics), "\n"), ':') + 1) : 0;
		}
		test_sleep_ms(50);
	}
	cr_assert_gt(api->port, 0, "it does not listen");
}

void api_open_world(struct api *api, const char *kind, void (*make)(void), const char *const *options)
{
	memset(api, 0, sizeof *api);
	box_world(&api->box, kind, make);
	api->key = api->box.notes[0];
	api->code = api->box.notes[1];
	api->other_key = api->box.notes[2];
	api->token = api->key;
	api->options = options;
	start(api);
}

void api_open(struct api *api, const char *const *options)
{
	api_open_world(api, "api-sandbox", api_make_sandbox, options);
}

void api_open_production(struct api *api)
{
	api_open_world(api, "api-production", api_make_production, NULL);
}

static void stop(struct api *api)
{
	struct process_result result = { 0 };

	if (!api->ended) {
		process_signal(api->server, SIGTERM);
		cr_assert(process_wait(api->server, 20000, &result), "SIGTERM does not end the server");
		cr_expect_eq(result.status, 0, "the server ended with %d: %s", result.status, result.err);
		cr_expect_null(strstr(result.err ? result.err : "", "Sanitizer"), "%s", result.err);
	}
	process_free(api->server);
}

static void start_again(struct api *api)
{
	(void)unlink(box_path(&api->box, "address"));
	api->port = 0;
	start(api);
}

void api_restart(struct api *api, const char *environment)
{
	stop(api);
	if (environment)
		box_environment(&api->box, environment);
	start_again(api);
}

void api_crash(struct api *api)
{
	struct process_result result = { 0 };

	process_signal(api->server, SIGKILL);
	cr_assert(process_wait(api->server, 20000, &result));
	process_free(api->server);
	start_again(api);
}

void api_close(struct api *api)
{
	stop(api);
	reply_release(&api->last);
	box_close(&api->box);
}

sqlite3 *api_store(const struct api *api)
{
	sqlite3 *db = NULL;

	cr_assert_eq(sqlite3_open_v2(api->box.store, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 20000);
	return db;
}

char *api_word(const struct api *api, const char *sql)
{
	return box_text(&api->box, sql);
}

long long api_number(const struct api *api, const char *sql)
{
	char *word = api_word(api, sql);

	cr_assert(*word, "no row: %s", sql);
	return atoll(word);
}

bool api_try_in_store(const struct api *api, const char *sql)
{
	sqlite3 *db = api_store(api);
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

	if (code != SQLITE_OK)
		cr_log_info("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
	return code == SQLITE_OK;
}

void api_in_store(const struct api *api, const char *sql)
{
	box_sql(&api->box, sql);
}

sqlite3 *api_lock(const struct api *api)
{
	sqlite3 *db = api_store(api);

	cr_assert_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

void api_unlock(sqlite3 *db)
{
	cr_assert_eq(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

struct api api;

void api_set_up(void)
{
	api_open(&api, NULL);
}

void api_tear_down(void)
{
	api_close(&api);
}
