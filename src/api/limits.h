/* The limits of the HTTP front end as tables: size of a body, by route, and requests a minute. A body is measured
 * as text before it is parsed; a request is counted before its body is read. limits_write() generates docs/api.md
 * "Limits". */
#ifndef KYBDESK_SRC_API_LIMITS_H
#define KYBDESK_SRC_API_LIMITS_H

#include "route.h"

/* Limits of one kind of body. 0: the limit does not apply. */
struct body_limits {
	const char *description;
	size_t bytes;
	size_t members; /* maximum number of members in all objects and lists; for a form, of fields */
	size_t depth;
	size_t text_bytes; /* maximum bytes of one string as written, with escapes */
	size_t files;
};
const struct body_limits *body_limits_of_route(const struct route *route);
/* Refuses JSON text over a limit with 413, and names the exceeded limit. Takes linear time; does not detect invalid
 * JSON. */
enum err limits_check_json(struct request *r, const char *text, size_t length, struct error *error);

enum rate { RATE_ADDRESS, RATE_KEY, RATE_LINK, RATE_KEY_FILES, RATE_LINK_FILES, RATE_COUNT };
struct rate_limit {
	const char *description;
	const char *option;	     /* option of `serve`; NULL: the limit is fixed */
	const char *setting;	     /* setting of the store; the option overrides it */
	int64_t requests_per_minute; /* requests per minute if neither the option nor the setting is present */
};
extern const struct rate_limit rate_limits[RATE_COUNT];

/* Writes both tables as Markdown. */
void limits_write(struct strbuf *out);

#endif
