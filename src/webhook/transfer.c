#include "transfer.h"
#include "kybdesk/base/late.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/webhook/deliver.h"
#include "kybdesk/webhook/sign.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- libcurl --- */

#define SYMBOL(member) { "curl_" #member, offsetof(struct curl_api, member) },

static struct curl_api functions;

enum err curl_load(struct curl_api *api, struct error *error)
{
	static const struct lazy_symbol symbols[] = { CURL_FUNCTIONS(SYMBOL) };
	static struct lazy_library library = {
		.files = { "libcurl.so.4", "libcurl-gnutls.so.4" },
		.package = "libcurl4",
		.min_version = "7.85",
		.missing_effect = "webhooks cannot be delivered",
		.err = ERR_INTERNAL,
		.symbols = symbols,
		.symbol_count = sizeof symbols / sizeof *symbols,
		.table = &functions,
	};
	enum err err = lazy_library_open(&library, error);

	if (err)
		return err;
	*api = functions;
	if (api->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(error, ERR_INTERNAL, "webhooks cannot be delivered: libcurl does not start");
	return ERR_OK;
}

/* The path of libcurl's file of certificate authorities if this file is missing; otherwise "". */
static const char *curl_missing_ca_file(const struct curl_api *api)
{
	const char *file = api->version_info(CURLVERSION_NOW)->cainfo;

	return file && access(file, R_OK) != 0 ? file : "";
}

const char *deliver_library_text(struct arena *arena, const char **missing)
{
	struct curl_api api;
	struct error why = { 0 };
	bool loaded = curl_load(&api, &why) == ERR_OK;
	const char *text = loaded ? arena_printf(arena, "libcurl %s", api.version_info(CURLVERSION_NOW)->version)
				  : arena_strdup(arena, why.message);
	*missing = arena_strdup(arena, loaded ? curl_missing_ca_file(&api) : "");
	error_release(&why);
	return text;
}

/* --- one attempt --- */

struct transfer *transfer_new(const struct curl_api *api)
{
	struct transfer *transfer = xcalloc(1, sizeof *transfer);
	transfer->api = api;
	transfer->easy = api->easy_init();
	if (!transfer->easy)
		fail_out_of_memory();
	return transfer;
}

static void wipe_text(char **text)
{
	if (*text)
		secret_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void transfer_clear(struct transfer *transfer)
{
	transfer->api->slist_free_all(transfer->headers);
	transfer->headers = NULL;
	wipe_text(&transfer->secret);
	wipe_text(&transfer->old_secret);
	free(transfer->url);
	transfer->url = NULL;
	wipe_text(&transfer->body);
}

void transfer_free(struct transfer *transfer)
{
	if (!transfer)
		return;
	transfer_clear(transfer);
	transfer->api->easy_cleanup(transfer->easy);
	free(transfer);
}

const char *deliver_hook_folder(const struct world *world)
{
	const char *folder = world_environment(world, HOOK_FOLDER_VARIABLE);

	return folder && folder[0] == '/' ? folder : HOOK_FOLDER_DEFAULT;
}

void transfer_load(struct transfer *transfer, const struct delivery_job *job, int64_t leased_at_ms)
{
	transfer_clear(transfer);
	*transfer = (struct transfer){
		.api = transfer->api,
		.easy = transfer->easy,
		.has_common_options = transfer->has_common_options,
		.limits = transfer->limits,
		.row = job->row,
		.endpoint = job->endpoint,
		.session = job->session,
		.attempt_number = job->attempts + 1,
		.no_retry = job->no_retry,
		.leased_at_ms = leased_at_ms,
		.policy = { .uses_plain_http = text_has_prefix(job->url, "http://"),
			    .sandbox = transfer->limits->sandbox },
		.url = xstrdup(job->url),
		.secret = xstrdup(job->secret),
		.old_secret = xstrdup(job->old_secret),
		.body = xstrndup(job->body, job->body_length),
		.body_length = job->body_length,
	};
	memcpy(transfer->event_id, job->event_id, sizeof transfer->event_id);
	(void)snprintf(transfer->traceparent, sizeof transfer->traceparent, "%s", job->traceparent);
	(void)snprintf(transfer->link_mark, sizeof transfer->link_mark, "%s", job->link_mark);
	(void)snprintf(transfer->session_id, sizeof transfer->session_id, "%s", job->session_id);
}

/* Counts received bytes; false: the response is longer than the limit. */
static bool count_response_bytes(struct transfer *transfer, size_t length)
{
	transfer->received_bytes += length;
	if (transfer->received_bytes <= TRANSFER_RESPONSE_MAX)
		return true;
	transfer->is_response_truncated = true;
	return false;
}

static size_t count_header_bytes(char *bytes, size_t size, size_t count, void *user)
{
	(void)bytes;
	return count_response_bytes(user, size * count) ? size * count : 0;
}

static size_t append_body_bytes(char *bytes, size_t size, size_t count, void *user)
{
	struct transfer *transfer = user;
	size_t length = size * count;
	size_t room = TRANSFER_RESPONSE_KEPT - transfer->response_length;
	size_t kept = length < room ? length : room;
	/* Keeps the response as text: a space replaces each NUL byte, so that the bytes after it are shown. */
	for (size_t i = 0; i < kept; i++)
		transfer->response_text[transfer->response_length + i] = (char)(bytes[i] ? bytes[i] : ' ');
	transfer->response_length += kept;
	transfer->response_text[transfer->response_length] = '\0';
	return count_response_bytes(transfer, length) ? length : 0;
}

/* Called by libcurl after it has resolved the host name, before it sends anything to the address. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = user;
	(void)purpose;
	if (endpoint_hook_name(transfer->url))
		return address->family == AF_UNIX ? socket(AF_UNIX, address->socktype | SOCK_CLOEXEC, 0)
						  : CURL_SOCKET_BAD;
	if (!address_is_allowed(&transfer->policy, &address->addr, address->addrlen)) {
		transfer->is_address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void add_header(struct transfer *transfer, const char *line)
{
	struct curl_slist *longer = transfer->api->slist_append(transfer->headers, line);
	if (!longer)
		fail_out_of_memory();
	transfer->headers = longer;
}

static enum err make_headers(struct transfer *transfer, int64_t timestamp_s, struct error *error)
{
	const struct webhook_message message = { .id = transfer->event_id,
						 .timestamp_s = timestamp_s,
						 .body = transfer->body,
						 .length = transfer->body_length };
	struct strbuf line = STRBUF_INIT;
	char trace[TRACE_TEXT_SIZE];
	strbuf_adds(&line, "webhook-signature: ");
	enum err err = webhook_sign(&line, transfer->secret, transfer->old_secret, &message, error);
	if (err == ERR_OK) {
		add_header(transfer, line.buf);
		strbuf_reset(&line);
		strbuf_addf(&line, "webhook-id: %s", transfer->event_id);
		add_header(transfer, line.buf);
		strbuf_reset(&line);
		strbuf_addf(&line, "webhook-timestamp: %" PRId64, timestamp_s);
		add_header(transfer, line.buf);
		add_header(transfer, "Content-Type: application/json");
		/* Gives each attempt its own id within the trace. */
		trace_new_parent(transfer->limits->world, transfer->traceparent, trace);
		strbuf_reset(&line);
		strbuf_addf(&line, "traceparent: %s", trace);
		if (*trace)
			add_header(transfer, line.buf);
		/* Without this header, libcurl may send "Expect: 100-continue" and wait before it sends the body. */
		add_header(transfer, "Expect:");
	}
	strbuf_release(&line);
	return err;
}

#define SET(option, value)                                                                                             \
	do {                                                                                                           \
		CURLcode set_code = api->easy_setopt(easy, (option), (value));                                         \
		if (set_code != CURLE_OK)                                                                              \
			return error_set(error, ERR_INTERNAL, "libcurl does not accept option %d: %s", (int)(option),  \
					 api->easy_strerror(set_code));                                                \
	} while (0)

/* Options common to all transfers of this worker. */
static enum err set_common_options(struct transfer *transfer, struct error *error)
{
	const struct curl_api *api = transfer->api;
	CURL *easy = transfer->easy;
	SET(CURLOPT_PRIVATE, (void *)transfer);
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_USERAGENT, "kybdesk/" KYBDESK_RELEASE);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (transfer->limits->ca_file)
		SET(CURLOPT_CAINFO, transfer->limits->ca_file);
	/* Uses no proxy: a proxy would resolve the name and connect, so the address would not be checked. */
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_TIMEOUT_MS, (long)transfer->limits->total_ms);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)transfer->limits->connect_ms);
	SET(CURLOPT_NOSIGNAL, 1L);
	/* Lets the program exit without waiting for a slow name server. */
	SET(CURLOPT_QUICK_EXIT, 1L);
	SET(CURLOPT_HEADERFUNCTION, count_header_bytes);
	SET(CURLOPT_HEADERDATA, (void *)transfer);
	SET(CURLOPT_WRITEFUNCTION, append_body_bytes);
	SET(CURLOPT_WRITEDATA, (void *)transfer);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, (void *)transfer);
	transfer->has_common_options = true;
	return ERR_OK;
}

static enum err make_hook_socket_path(const struct transfer *transfer, const char *hook, char out[HOOK_SOCKET_SIZE],
				      struct error *error)
{
	int length = snprintf(out, HOOK_SOCKET_SIZE, "%s/%s.sock", deliver_hook_folder(transfer->limits->world), hook);

	if (length < 0 || length >= HOOK_SOCKET_SIZE)
		return error_set(error, ERR_INVALID, "the path of the hook's socket is longer than %d bytes",
				 HOOK_SOCKET_SIZE - 1);
	return ERR_OK;
}

static enum err set_address(struct transfer *transfer, struct error *error)
{
	const struct curl_api *api = transfer->api;
	CURL *easy = transfer->easy;
	const char *hook = endpoint_hook_name(transfer->url);
	char path[HOOK_SOCKET_SIZE];
	enum err err = hook ? make_hook_socket_path(transfer, hook, path, error) : ERR_OK;
	if (err)
		return err;
	SET(CURLOPT_PROTOCOLS_STR, hook ? "http" : transfer->limits->sandbox ? "https,http" : "https");
	SET(CURLOPT_UNIX_SOCKET_PATH, hook ? path : NULL);
	SET(CURLOPT_URL, hook ? "http://hook.invalid/" : transfer->url);
	return ERR_OK;
}

static enum err set_curl_options(struct transfer *transfer, struct error *error)
{
	const struct curl_api *api = transfer->api;
	CURL *easy = transfer->easy;
	enum err err = transfer->has_common_options ? ERR_OK : set_common_options(transfer, error);
	if (!err)
		err = set_address(transfer, error);
	if (err)
		return err;
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body_length);
	SET(CURLOPT_POSTFIELDS, transfer->body);
	SET(CURLOPT_HTTPHEADER, transfer->headers);
	return ERR_OK;
}

enum err transfer_prepare(struct transfer *transfer, struct error *error)
{
	const struct world *world = transfer->limits->world;

	transfer->started_at = world_now_ms(world);
	transfer->started_ms = world_monotonic_ms(world);
	enum err err = endpoint_hook_name(transfer->url)
			       ? ERR_OK
			       : endpoint_url_check(transfer->url, transfer->policy.sandbox, error);
	if (!err)
		err = make_headers(transfer, transfer->started_at / 1000, error);
	if (err)
		return err;
	wipe_text(&transfer->secret);
	wipe_text(&transfer->old_secret);
	return set_curl_options(transfer, error);
}

/* Whether the connection is established, TLS included. */
static bool has_connected(const struct transfer *transfer)
{
	curl_off_t began_us = 0;
	(void)transfer->api->easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &began_us);
	return began_us > 0;
}

/* The error as the page of the case shows it: a sentence of the program for known errors, else libcurl's text. */
static const char *describe_failure(const struct transfer *transfer, CURLcode code, long status, struct arena *arena)
{
	if (transfer->is_address_refused)
		return transfer->policy.uses_plain_http
			       ? "http:// is allowed only for loopback addresses"
			       : "the address is not on the public internet, so nothing was sent";
	if (status >= 300 && status < 400)
		return arena_printf(arena, "answered %ld: redirects are not followed", status);
	if (status && (status < 200 || status >= 300))
		return arena_printf(arena, "answered %ld", status);
	if (code == CURLE_COULDNT_CONNECT && endpoint_hook_name(transfer->url))
		return arena_printf(arena, "no hook listens at %s; start it with: kybdesk hook run %s",
				    deliver_hook_folder(transfer->limits->world), endpoint_hook_name(transfer->url));
	if (code == CURLE_OPERATION_TIMEDOUT && !has_connected(transfer))
		return arena_printf(arena, "no connection within %" PRId64 " seconds",
				    (transfer->limits->connect_ms + 999) / 1000);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return arena_printf(arena, "no complete response within %" PRId64 " seconds",
				    (transfer->limits->total_ms + 999) / 1000);
	if (code == CURLE_SSL_CACERT_BADFILE && transfer->limits->ca_file)
		return arena_printf(arena, "the CA file %s cannot be read", transfer->limits->ca_file);
	if (code == CURLE_SSL_CACERT_BADFILE && *curl_missing_ca_file(transfer->api))
		return arena_printf(arena, "the certificate authorities are missing (%s); %s",
				    curl_missing_ca_file(transfer->api), DELIVER_AUTHORITIES_HINT);
	return arena_strdup(arena, transfer->api->easy_strerror(code));
}

static void fill_attempt_result(const struct transfer *transfer, struct arena *arena, struct delivery_result *result)
{
	*result = (struct delivery_result){
		.row = transfer->row, .endpoint = transfer->endpoint, .session = transfer->session, .note = ""
	};
	result->attempt.number = transfer->attempt_number;
	result->attempt.started_at = transfer->started_at;
	result->attempt.duration_ms = world_monotonic_ms(transfer->limits->world) - transfer->started_ms;
	result->attempt.failure = "";
	result->attempt.response = arena_strndup(arena, transfer->response_text, transfer->response_length);
}

void transfer_fill_result(struct transfer *transfer, CURLcode code, struct arena *arena, struct delivery_result *result)
{
	long status = 0;
	curl_off_t retry_after = 0;
	(void)transfer->api->easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)transfer->api->easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after);
	fill_attempt_result(transfer, arena, result);
	result->attempt.status = (int)status;
	/* The status counts even if the response was longer than the limit and was cut off. */
	bool answered = code == CURLE_OK || transfer->is_response_truncated;
	if (answered && status >= 200 && status < 300) {
		result->outcome = OUTCOME_DELIVERED;
		return;
	}
	result->note = result->attempt.failure = describe_failure(transfer, code, status, arena);
	if (answered && status == 410) {
		result->outcome = OUTCOME_ENDPOINT_GONE;
		result->note = "the receiver answered 410 Gone";
		return;
	}
	result->outcome = OUTCOME_DEAD;
	if (transfer->no_retry)
		return;
	uint32_t random;
	world_random(transfer->limits->world, &random, sizeof random);
	int64_t delay_ms = deliver_retry_delay_ms(transfer->attempt_number, retry_after, random);
	if (delay_ms >= 0) {
		result->outcome = OUTCOME_RETRY;
		result->wait_ms = delay_ms;
		return;
	}
	result->note = arena_printf(arena, "given up after %" PRId64 " attempts: %s", transfer->attempt_number,
				    result->attempt.failure);
}

void transfer_fill_failure(struct transfer *transfer, enum delivery_outcome outcome, const char *why,
			   struct arena *arena, struct delivery_result *result)
{
	if (!transfer->started_at) {
		transfer->started_at = world_now_ms(transfer->limits->world);
		transfer->started_ms = world_monotonic_ms(transfer->limits->world);
	}
	fill_attempt_result(transfer, arena, result);
	result->outcome = outcome;
	result->note = result->attempt.failure = arena_strdup(arena, why);
}
