/* One attempt of one delivery over HTTP: makes the request, limits how much of the response is read, and determines
 * the outcome. Uses libcurl's easy interface; the worker drives many transfers through the multi interface. */
#ifndef KYBDESK_WEBHOOK_TRANSFER_H
#define KYBDESK_WEBHOOK_TRANSFER_H

#include "kybdesk/base/trace.h"
#include "kybdesk/domain/address.h"
#include "kybdesk/store/outbox.h"

#include <curl/curl.h>

/* libcurl, loaded when the first delivery is due: linking it would cost every start of the program 5 ms, and most
 * starts deliver nothing. Each member has the name of its function without "curl_". */
/* clang-format off */
#define CURL_FUNCTIONS(each) \
	each(global_init) each(slist_append) each(slist_free_all) \
	each(easy_init) each(easy_setopt) each(easy_getinfo) each(easy_cleanup) each(easy_strerror) \
	each(multi_init) each(multi_cleanup) each(multi_add_handle) each(multi_remove_handle) \
	each(multi_socket_action) each(multi_info_read) each(multi_setopt) each(multi_strerror) \
	each(version_info)
/* clang-format on */

#define CURL_MEMBER(name) __typeof__(curl_##name) *name;
struct curl_api {
	CURL_FUNCTIONS(CURL_MEMBER)
};

/* Loads libcurl and fills api. The library stays loaded until the program ends. If libcurl is missing or too old,
 * returns ERR_INTERNAL with the package to install. */
enum err curl_load(struct curl_api *api, struct error *error);

#define TRANSFER_TIMEOUT_MS 60000
#define TRANSFER_RESPONSE_MAX ((size_t)64 * 1024)
#define TRANSFER_RESPONSE_KEPT 4096

struct transfer_limits {
	const struct world *world;
	int64_t total_ms, connect_ms;
	bool sandbox;	     /* the store is a sandbox */
	const char *ca_file; /* file of trusted authorities, instead of the system's; NULL: none */
};

struct transfer {
	size_t active_index; /* index in the worker's list of active transfers */
	int64_t row, endpoint, session;
	int64_t attempt_number; /* number of this attempt, from 1 */
	int64_t leased_at_ms;	/* boottime */
	int64_t started_at;	/* wall clock */
	int64_t started_ms;	/* monotonic */
	struct address_policy policy;
	const struct transfer_limits *limits; /* limits of the worker */
	bool no_retry;			      /* a test message: no second attempt */
	/* Private members: */
	const struct curl_api *api;
	CURL *easy; /* reused for each job, with the common options set */
	bool has_common_options;
	struct curl_slist *headers;
	char event_id[64];
	char *url;
	char *secret, *old_secret;
	char *body;
	size_t body_length;
	char traceparent[TRACE_TEXT_SIZE]; /* traceparent of the event; "": none */
	char link_mark[LINK_MARK_SIZE];	   /* marks placeholders in `body`; "": none, or already filled */
	char session_id[UUID_TEXT_SIZE];
	size_t received_bytes;	    /* header and body bytes of the response */
	bool is_response_truncated; /* the response was longer than the limit */
	bool is_address_refused;    /* the desk refused an address of the host */
	char response_text[TRANSFER_RESPONSE_KEPT + 1];
	size_t response_length;
};

struct transfer *transfer_new(const struct curl_api *api);
void transfer_free(struct transfer *transfer);
/* Copies a job into the transfer, which may have had another job before. */
void transfer_load(struct transfer *transfer, const struct delivery_job *job, int64_t leased_at_ms);
/* Signs the request with the present time, and prepares the easy handle for the multi interface. ERR_INVALID: the
 * delivery can never be sent. */
enum err transfer_prepare(struct transfer *transfer, struct error *error);
/* Fills outcome, note and attempt of a transfer that ended with `code`; the strings are in the arena. */
void transfer_fill_result(struct transfer *transfer, CURLcode code, struct arena *arena,
			  struct delivery_result *result);
/* As transfer_fill_result(), for a transfer that this worker ended or never started. */
void transfer_fill_failure(struct transfer *transfer, enum delivery_outcome outcome, const char *why,
			   struct arena *arena, struct delivery_result *result);
/* Clears the job and wipes its secrets. */
void transfer_clear(struct transfer *transfer);

/* The documented retry times with ±20 % jitter: how many ms to wait after failed attempt `attempt` (1-based).
 * Negative: no retry, the delivery is dead. retry_after_s: the receiver's Retry-After, 0: none; the wait is at
 * least this long, but a Retry-After above 24 h counts as 24 h. */
int64_t deliver_retry_delay_ms(int64_t attempt, int64_t retry_after_s, uint32_t random);

#endif
