/*
 * What a webhook endpoint may be (webhooks.md; seed ralio-sandbox: "must be a
 * valid https:// URL"): https only, http to loopback in a sandbox store only; event names are known ones or "*".
 */
#ifndef KYBDESK_DOMAIN_ENDPOINT_H
#define KYBDESK_DOMAIN_ENDPOINT_H

#include "kybdesk/base/arena.h"

#define ENDPOINT_URL_MAX 2048
#define ENDPOINT_AT_ONCE_MAX 64
#define ENDPOINT_PER_MINUTE_MAX 60000
/* What `endpoint test` sends; nobody subscribes to it, and it is tried once. */
#define ENDPOINT_TEST_EVENT "endpoint.test"

/* ERR_INVALID, field "url": no scheme, another scheme, no host, user info, a fragment, spaces or controls. */
enum err endpoint_url_check(const char *url, bool sandbox, struct error *error) KYB_MUST_USE;
/* Of a URL that endpoint_url_check() takes: ERR_INVALID, field "url", for an address that no delivery connects to, in every
 * form that names one without a resolver, and for localhost. A name is resolved by the delivery alone. */
enum err endpoint_address_check(const char *url, bool sandbox, struct error *error) KYB_MUST_USE;
/* ERR_INVALID, field "event", naming the nearest known name. */
enum err endpoint_event_check(const char *name, struct error *error) KYB_MUST_USE;
const char *const *endpoint_event_names(size_t *count);

#endif
