/*
 * Every address of this server, as one table (architecture.md 13). Answers to addresses and methods that are not there,
 * the permissions, what a body may say, and the page of the reference come from it.
 *
 * Paths: "{name}" takes one part. A name that ends in "_id" or "Id" takes a UUID; anything else at that place is not
 * there (404), so that no handler meets a shortened id.
 */
#ifndef KYBDESK_SRC_API_ROUTE_H
#define KYBDESK_SRC_API_ROUTE_H

#include "kybdesk/domain/permission.h"
#include "request.h"

enum dialect { DIALECT_OWN, DIALECT_GENERIC, DIALECT_RALIO, DIALECT_AVENIA, DIALECT_ATELIO, DIALECT_PAGE };

enum body_kind {
	BODY_NONE,
	BODY_JSON,
	BODY_FORM,
	BODY_FILE,
	BODY_UPLOAD /* a form with the fields type, side and file, or the same as JSON: document_type, side, content */
};

#define READS (-1)

struct route {
	const char *method;
	const char *path;
	enum dialect dialect;
	enum permission permission;
	int verb; /* of desk/verbs.h, the one that it stands for; READS: it changes nothing */
	enum body_kind body;
	const char *members; /* of the body that somebody reads: "name subject.kind metadata.*"; NULL: none */
	/* For the reference, in the words of shape.h: "status:SessionStatus page:int", with "!" behind what has to be there; the
	 * shape of the body; what comes back, "200:Session 202:Session", "204" nothing, "200:text/html" no JSON. */
	const char *query, *takes, *response;
	bool measures;	    /* answered at the address of --metrics-listen, and nowhere else */
	const char *counts; /* the member whose wrong tries are counted; NULL: none */
	/* Of an address that is a permission itself: whether it is one, before any body is taken. NULL: not asked. */
	enum err (*admit)(struct request *r, struct error *error);
	enum err (*answer)(struct request *r, struct error *error);
	const char *summary;
};

struct routes {
	const struct route *items;
	size_t count;
};
/* The chapters, one for each file of handlers. */
extern const struct routes routes_own, routes_metrics, routes_sessions, routes_review, routes_subsessions;
extern const struct routes routes_link, routes_page;
extern const struct routes routes_avenia_documents, routes_avenia_attempts;
extern const struct routes routes_atelio_owners, routes_atelio_addresses, routes_atelio_kyc;
extern const struct routes routes_ralio_login, routes_ralio_users, routes_ralio_accounts, routes_ralio_sessions;

const struct routes *const *routes_all(size_t *count);

/* Finds r->route by r->method and r->path, and fills r->arguments. *allow: the methods that the path has, "GET, POST"; ""
 * when there is no such path. */
const struct route *route_find(struct request *r, const char **allow);
/* In whose manner errors are told at a path that may not be there. */
enum dialect dialect_of(const struct request *r);
/* Decodes %XX in the arena; plus: a plus sign is a space. NULL for what is no UTF-8, or holds a NUL. */
const char *uri_decode(struct arena *arena, const char *text, size_t length, bool plus);

#endif
