/* Every address of this server, as one table (docs/architecture.md "Adding an API operation"). The responses to
 * unknown addresses and methods, the permissions, the accepted members of a body, and the reference are derived
 * from the table.
 *
 * Paths: "{name}" takes one segment. A name that ends in "_id" or "Id" takes a UUID; any other text gets the
 * response 404, so that handlers get only complete ids. */
#ifndef KYBDESK_SRC_API_ROUTE_H
#define KYBDESK_SRC_API_ROUTE_H

#include "kybdesk/domain/permission.h"
#include "request.h"

enum dialect { DIALECT_KYBDESK, DIALECT_GENERIC, DIALECT_RALIO, DIALECT_AVENIA, DIALECT_ATELIO, DIALECT_PAGE };

enum body_kind {
	BODY_NONE,
	BODY_JSON,
	BODY_FORM,
	BODY_FILE,
	BODY_UPLOAD /* a form with the fields type, side and file, or JSON: document_type, side, content */
};

#define READ_ONLY (-1)
#define ROUTE_VERSION "/v1" /* version of the generic dialect: /v1/kyc/sessions and /kyc/sessions are the same */

struct route {
	const char *method;
	const char *path;
	enum permission permission;
	int verb; /* the verb of desk/verbs.h; READ_ONLY: changes nothing */
	enum body_kind body;
	/* For the reference, in the notation of shape.h: query ("status:SessionStatus page:int", "!" marks a
	 * required one), shape of the body, and response ("200:Session 202:Session"; "204" no body; "200:text/html"
	 * not JSON). `body_shape` names the members that are read from a JSON body, except extra_members. */
	const char *query, *body_shape, *response;
	const char
		*extra_members; /* members that are accepted but not described, for example "email phone"; NULL: none */
	bool is_on_metrics_listener;	 /* answered only at the address of --metrics-listen */
	bool needs_sandbox;		 /* exists only in a sandbox store; elsewhere the address is unknown */
	bool needs_no_desk;		 /* r->desk is NULL */
	bool is_probe;			 /* answers soon, even if no desk is free (r->desk is then NULL) */
	const char *failed_login_member; /* member by which failed logins are counted; NULL: none */
	unsigned row_kind;		 /* for a handler of several rows: the user kind or order type of this row */
	/* For a path that is itself a permission (a client's link, an upload address): validates the path before
	 * any body is read. NULL: no check. */
	enum err (*admit)(struct request *r, struct error *error);
	enum err (*handle)(struct request *r, struct error *error);
	const char *summary;
};

/* The first members of most rows: a read with a key (ROUTE_READ) or without a key (ROUTE_PUBLIC), a creation or
 * change with a JSON body, a deletion, or any other method. */
#define ROUTE_READ ROUTE("GET", PERMIT_READ), .verb = READ_ONLY
#define ROUTE_PUBLIC ROUTE("GET", PERMIT_NOT_NEEDED), .verb = READ_ONLY
#define ROUTE(method_, permits) .method = (method_), .permission = (permits)
#define ROUTE_POST(permits) ROUTE("POST", permits), .body = BODY_JSON
#define ROUTE_CREATE ROUTE_POST(PERMIT_CREATE)
#define ROUTE_CHANGE ROUTE("PATCH", PERMIT_CREATE), .body = BODY_JSON
#define ROUTE_DELETE ROUTE("DELETE", PERMIT_CREATE)

struct routes {
	const struct route *items;
	size_t count;
	enum dialect dialect;
};
/* The tables of routes, one for each file of handlers. */
/* clang-format off */
#define ROUTE_TABLES(X) \
	X(kybdesk) X(metrics) X(sessions) X(review) X(subsessions) X(events) X(endpoints) \
	X(ralio_login) X(ralio_users) X(ralio_accounts) X(ralio_money) X(ralio_sessions) \
	X(atelio_owners) X(atelio_addresses) X(atelio_kyc) X(avenia_documents) X(avenia_attempts) \
	X(link) X(page)
/* clang-format on */
#define DECLARE_ROUTES(name) extern const struct routes routes_##name;
ROUTE_TABLES(DECLARE_ROUTES)

/* Visits every row of the tables: for (struct route_cursor at = { 0 }; route_next(&at);) */
struct route_cursor {
	const struct route *route;
	enum dialect dialect;
	size_t table_index, row_index; /* position of the next row */
};
bool route_next(struct route_cursor *at);

/* Finds the route of r->method and r->path, and fills r->arguments. *allow: the methods of the path, "GET, HEAD, POST";
 * "" for an unknown path. */
const struct route *route_find(struct request *r, const char **allow);
/* The first segment of the path that would match a route if it were an id; NULL: none. */
const char *route_find_wrong_id(struct request *r);
/* Whether a path parameter of this name takes a UUID. */
bool is_id_parameter(const char *name, size_t length);
/* The path as in the table, without ROUTE_VERSION: for the generic dialect, /v1/kyc/… becomes /kyc/…. */
const char *route_without_version(const char *path);
enum dialect route_dialect(const struct route *route);
/* Whether a repeated request with the same Idempotency-Key is performed only once (once.h): POST and PATCH, as in
 * draft-ietf-httpapi-idempotency-key-header. PUT and DELETE need no key; a login needs none, because it changes
 * nothing. */
bool route_accepts_idempotency_key(const struct route *route);
/* The dialect of the path, for its error format, even if the path is unknown. */
enum dialect dialect_of(const struct request *r);
/* Decodes %XX in the arena; plus: a plus sign is a space. NULL: invalid UTF-8 or a NUL. */
const char *uri_decode(struct arena *arena, const char *text, size_t length, bool plus);

#endif
