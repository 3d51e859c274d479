/*
 * One request as its handler sees it, and the answer that it fills in. Nothing here knows the library that speaks HTTP.
 * Everything lives in request->arena, until the answer is sent.
 */
#ifndef KYBDESK_SRC_API_REQUEST_H
#define KYBDESK_SRC_API_REQUEST_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/uuid.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/use.h"
#include "limit.h"

#define ARGUMENTS_MAX 4
#define FIELDS_MAX 256
#define VALUE_MAX (16 * 1024)		 /* bytes of a value in a query or form */
#define JSON_MAX (1024 * 1024)		 /* bytes of a JSON body */
#define STRANGER_JSON_MAX (64 * 1024)	 /* the same of somebody who brought no token */
#define BODY_READ_MAX (32 * 1024 * 1024) /* what is over a limit is read so far, and then answered */

struct metrics;
struct route;

struct pair {
	const char *name, *value;
};

/* A file that came: on disk, without a name there. */
struct file_part {
	bool came;
	int fd;		  /* -1 none */
	const char *name; /* as the client calls it, "" none; never a path here */
	size_t length;
	const void *bytes; /* once all of it is there */
	bool too_large;	   /* for this server; the rest of it was thrown away */
};

struct fault {
	const char *field, *message;
};

struct answer {
	int status; /* 0: not yet */
	struct json_value *json;
	const void *bytes; /* instead of it; NULL none */
	size_t length;
	const char *type; /* of the bytes */
	const char *location, *allow, *disposition;
	const struct pair *headers; /* more of them */
	size_t header_count;
	int retry_after_s; /* 0: not said */
	struct limit_state limit;
	bool replayed; /* kept from the first time that the same was asked */
	bool delayed;  /* sent a moment later, as long for every reason */
};

struct request {
	struct arena arena;
	char id[UUID_TEXT_SIZE];
	const char *method;
	const char *path; /* as sent, without the query */
	struct pair query[FIELDS_MAX];
	size_t query_count;
	const char *arguments[ARGUMENTS_MAX]; /* of the route's path, decoded, in its order */
	const char *authorization, *identity, *content_type, *if_none_match; /* "" absent */
	const char *host, *origin, *fetch_site, *accept_language;	     /* of a browser; "" absent */
	const char *idempotency_key;					     /* "" absent */
	const char *peer;						     /* the other end's address */
	const char *peer_network; /* the same, of IPv6 its /64: one client has all of it */
	/* Of an address that is a permission itself, filled by route.admit: what it is counted as. */
	const char *link_session;
	int64_t link_merchant;
	const struct route *route; /* NULL: there is none */
	struct caller caller;
	bool strict;
	bool measures;		 /* it came to the address of --metrics-listen */
	struct metrics *metrics; /* of the server */
	struct desk *desk;	 /* while the handler runs */
	/* the body */
	struct strbuf text;	 /* of JSON */
	struct json_value *body; /* NULL: none */
	struct pair fields[FIELDS_MAX];
	size_t field_count;
	struct file_part file;
	/* what is wrong with it, all of it */
	struct fault *faults;
	size_t fault_count, fault_capacity;
	const char *counted_as; /* whose wrong tries are counted; NULL nobody's */
	const char *schema;	/* the code of a body that is wrong, in the dialect's words; NULL: the common one */
	const char *code;	/* of an error, instead of what its status says; NULL */
	struct answer answer;
	struct strbuf out;
};

/* Of query and form; NULL when it is absent. */
const char *request_query(const struct request *r, const char *name);
const char *request_field(const struct request *r, const char *name);
/* Members of the JSON body, "subject.name" of an object in it. NULL: absent or null. Of another type: a fault. */
const char *body_text(struct request *r, const char *path);
const struct json_value *body_value(const struct request *r, const char *path);
bool body_bool(struct request *r, const char *path, bool otherwise);
int64_t body_int(struct request *r, const char *path, int64_t otherwise);
/* The same, and a fault when it is absent or "". */
const char *body_need(struct request *r, const char *path);
/* An object or list as JSON text; NULL: absent. */
const char *body_json(struct request *r, const char *path, bool list);
/* A whole number of the query, between least and most; otherwise when it is absent. */
int64_t request_int(struct request *r, const char *name, int64_t least, int64_t most, int64_t otherwise);
bool request_bool(struct request *r, const char *name);

#define NEEDED_SENTENCE "Missing data for required field."
void request_fault(struct request *r, const char *field, const char *format, ...) KYB_PRINTF(3, 4);
/* ERR_INVALID with the first fault, when there is one. */
enum err request_check(struct request *r, struct error *error) KYB_MUST_USE;
/* An answer that no code of the desk stands for: 401, 410, 412, 413, 415, 429. */
enum err request_refuse(struct request *r, int status, const char *code, struct error *error, const char *format,
			...) KYB_PRINTF(5, 6);

/* Takes json. */
enum err answer_json(struct request *r, int status, struct json_value *json);
/* The JSON as bytes, in r->out. */
void answer_write(struct request *r);
enum err answer_nothing(struct request *r, int status);

/* In the arena of the request; the desk acts for its caller. */
#define API_DO(r, out, error, ...)                                                                                 \
	desk_do((r)->desk, &(r)->arena, &(const struct use_in){ __VA_ARGS__ }, (out), (error))

#endif
