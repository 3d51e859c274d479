/* Rules for webhook endpoints (docs/webhooks.md; source document ralio-sandbox: "must be a valid https:// URL"):
 * https only, http to loopback in a sandbox store only; events are known names or "*". */
#ifndef KYBDESK_DOMAIN_ENDPOINT_H
#define KYBDESK_DOMAIN_ENDPOINT_H

#include "kybdesk/base/arena.h"

#define ENDPOINT_URL_MAX 2048
#define ENDPOINT_CONCURRENCY_MAX 64
#define ENDPOINT_DELIVERIES_PER_MINUTE_MAX 60000
/* Maximum number of endpoints that a merchant may add with its API key. */
#define ENDPOINTS_OF_MERCHANT_MAX 100
/* The recorded reason if the merchant itself disabled or removed its endpoint. Staff and the worker record other
 * reasons. */
#define ENDPOINT_DISABLED_BY_MERCHANT "Disabled by its merchant"
#define ENDPOINT_REMOVED_BY_MERCHANT "Removed by its merchant"
/* The event that `endpoint test` sends. The endpoint needs no subscription to the event; a failed delivery is not
 * retried. */
#define ENDPOINT_TEST_EVENT "endpoint.test"

/* ERR_INVALID, field "url": the URL has no scheme, a forbidden scheme, no host, user info, a fragment, spaces or
 * controls. */
enum err endpoint_url_check(const char *url, bool sandbox, struct error *error);
/* For a URL that endpoint_url_check() accepts: ERR_INVALID, field "url", for localhost (except in a sandbox) and for
 * an address that a delivery must not connect to, in any numeric form. Names are resolved only at delivery. */
enum err endpoint_address_check(const char *url, bool sandbox, struct error *error);
/* A hook is an endpoint with the URL "hook:NAME": a program of the operator receives the messages over a socket
 * (docs/operating.md "Hooks"). endpoint_hook_name() returns the name; NULL: the URL is not a hook. */
#define ENDPOINT_HOOK_NAME_MAX 40
const char *endpoint_hook_name(const char *url);
/* ERR_INVALID, field "url": not a valid hook name. */
enum err endpoint_hook_check(const char *name, struct error *error);
/* ERR_INVALID, field "event": an unknown name; the error names the nearest known one. */
enum err endpoint_event_check(const char *name, struct error *error);
const char *const *endpoint_event_names(size_t *count);

#endif
