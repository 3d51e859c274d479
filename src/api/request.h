/* One request as its handler sees it, and the response that the handler fills in. Independent of the HTTP library.
 * All memory is in request->arena and lives until the response is sent. */
#ifndef KYBDESK_SRC_API_REQUEST_H
#define KYBDESK_SRC_API_REQUEST_H

#include "kybdesk/base/trace.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/use.h"
#include "limit.h"

#define ARGUMENTS_MAX 4
#define FIELDS_MAX 256
#define VALUE_MAX (16 * 1024)		 /* maximum bytes of a value in a query or form */
#define JSON_MAX (1024 * 1024)		 /* maximum bytes of a JSON body */
#define ANONYMOUS_JSON_MAX (64 * 1024)	 /* maximum bytes of a JSON body without a token */
#define BODY_READ_MAX (32 * 1024 * 1024) /* maximum bytes of a body; a longer body is dropped, and refused at its end */

struct metrics;
struct route;

struct pair {
	const char *name, *value;
};

/* An uploaded file, on disk without a name. */
struct file_part {
	bool is_present;
	int fd;		  /* -1 none */
	const char *name; /* the client's file name, "" if none; never used as a path */
	size_t length;
	const void *bytes; /* set when the file is complete */
	bool is_too_large; /* the file exceeds the limit, and the bytes beyond the limit were dropped */
};

struct fault {
	const char *field, *message;
};

struct answer {
	int status; /* 0: not set yet */
	struct json_value *json;
	const char *json_media_type; /* NULL: application/json */
	const void *bytes;	     /* content in place of json; NULL if none */
	size_t length;
	const char *media_type; /* media type of the bytes */
	const char *location, *allow, *disposition, *etag;
	const struct pair *headers; /* further headers */
	size_t header_count;
	int retry_after_s; /* for Retry-After; 0: no such header */
	struct limit_state limit;
	bool replayed; /* the response is the stored response to an earlier request with the same Idempotency-Key */
	bool is_probe; /* the response says whether the store can be used: an error is not a request that failed */
	bool delayed;  /* sent after FAILED_LOGIN_DELAY_MS, so that every refused login takes equally long */
};

struct request {
	struct arena arena;
	char id[UUID_TEXT_SIZE];
	const char *method;
	const char *path; /* as sent, without the query */
	struct pair query[FIELDS_MAX];
	size_t query_count;
	const char *arguments[ARGUMENTS_MAX]; /* decoded parameters of the path, in the order of the route */
	const char *authorization, *identity, *content_type, *if_match, *if_none_match; /* "" absent */
	const char *host, *origin, *fetch_site, *accept_language; /* headers of a browser; "" absent */
	const char *preflight_method;				  /* Access-Control-Request-Method; "" absent */
	const char *idempotency_key;
	bool has_idempotency_key;    /* the header is there, even if it is empty */
	const char *peer;	     /* the client's address; behind a trusted proxy, as the proxy reports it */
	const char *direct_peer;     /* the other end of the connection: `peer`, or a proxy */
	char trace[TRACE_TEXT_SIZE]; /* traceparent of this request; "" if none */
	/* `peer`, but the /64 network of an IPv6 address: one client owns the whole network */
	const char *peer_network;
	/* For a path that is itself a permission (a client's link, an upload address): session (of a link only) and
	 * merchant for the rate limits, set by route.admit. */
	const char *link_session_id;
	int64_t link_merchant_row;
	const struct route *route; /* NULL: no match */
	struct caller caller;
	bool strict;
	bool is_from_metrics_listener; /* the request was received at the address of --metrics-listen */
	bool is_sandbox;	       /* the store of the server is a sandbox */
	struct metrics *metrics;       /* the metrics of the server */
	struct desk *desk;	       /* NULL except while the handler or route.admit runs */
	/* the body */
	struct strbuf raw_body;	 /* text of a JSON body */
	struct json_value *body; /* NULL: none */
	struct pair fields[FIELDS_MAX];
	size_t field_count;
	struct file_part file;
	/* all faults of the body */
	struct fault *faults;
	size_t fault_count, fault_capacity;
	const char *body_error_code; /* the dialect's code for an invalid body; NULL: the common code */
	const char *error_code;	     /* error code in place of the default code of the status; NULL: default code */
	struct answer answer;
	struct strbuf out;
};

/* Value of a query parameter or a form field; NULL if absent. */
const char *request_query(const struct request *r, const char *name);
const char *request_field(const struct request *r, const char *name);
/* Text of a member of the JSON body; the path of a nested member is like "subject.name". NULL: absent or null. Adds
 * a fault for another type. */
const char *body_text(struct request *r, const char *path);
const struct json_value *body_value(const struct request *r, const char *path);
bool body_bool(struct request *r, const char *path, bool otherwise);
int64_t body_int(struct request *r, const char *path, int64_t otherwise);
/* Like body_text(), but adds a fault if the member is absent or "". */
const char *body_require_text(struct request *r, const char *path);
/* body_event_names() reads the list `events` of an endpoint and returns the number of names. If the list has no
 * name, or more than BODY_EVENTS_MAX, adds a fault and returns 0. */
#define BODY_EVENTS_MAX 64
size_t body_event_names(struct request *r, const char *events[BODY_EVENTS_MAX]);
/* An object or list as JSON text; NULL: absent. */
const char *body_json(struct request *r, const char *path, bool list);
/* An integer of the query between least and most; `otherwise` if absent. */
int64_t request_int(struct request *r, const char *name, int64_t least, int64_t most, int64_t otherwise);
/* A bool of the query; false if absent. */
bool request_bool(struct request *r, const char *name);
/* A time of the query; 0 if absent. request_parse_time(): of `text`, which may be NULL. */
int64_t request_time(struct request *r, const char *name);
int64_t request_parse_time(struct request *r, const char *name, const char *text);

#define REQUIRED_FIELD_MESSAGE "Missing data for required field."
void request_add_fault(struct request *r, const char *field, const char *format, ...) KYB_PRINTF(3, 4);
/* Returns ERR_INVALID with the first fault, or ERR_OK without faults. */
enum err request_check_faults(struct request *r, struct error *error);
/* Adds the fault: "x" is not WHAT. It names the allowed words, or the word that was probably meant. */
void request_add_word_fault(struct request *r, const char *field, const char *what, const char *word,
			    const char *const *(*words)(size_t *count));
/* If the error names the desk's field `field`, replaces that name with the body's `member`. */
void request_rename_field(struct error *error, const char *field, const char *member);
/* Converts the desk's name of a field to the name in the request: "seat.city" for "steps.company.seat.city", "nif"
 * for "parties[1].nif"; "" for NULL. */
const char *request_field_name(const char *field);
/* Refuses with an HTTP status that no error of the desk has: 401, 410, 412, 413, 415, 429. */
enum err request_refuse(struct request *r, int status, const char *code, struct error *error, const char *format, ...)
	KYB_PRINTF(5, 6);

/* Responds with JSON; takes ownership of json. */
enum err answer_json(struct request *r, int status, struct json_value *json);
/* As answer_json() with status 200; after an error frees the JSON and returns the error. */
enum err answer_unless(struct request *r, enum err err, struct json_value *json);
/* Writes the JSON as bytes into r->out. */
void answer_write(struct request *r);
enum err answer_empty(struct request *r, int status);
/* Responds with the bytes in r->out. */
enum err answer_bytes(struct request *r, int status, const char *type);

/* Runs a verb as the request's caller, or refuses the request if it has faults. Results are in the request's arena. */
#define API_DO_IGNORE_RESULT(r, error, ...)                                                                            \
	API_DO((r), &(struct use_out){ 0 }, (error), __VA_ARGS__) /* the result of the verb is not used */
#define API_DO(r, out, error, ...) request_do((r), &(const struct use_in){ __VA_ARGS__ }, (out), (error))
enum err request_do(struct request *r, const struct use_in *in, struct use_out *out, struct error *error);

#endif
