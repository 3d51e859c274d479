/* The header traceparent of a request (https://www.w3.org/TR/trace-context/), which names the trace of the request.
 * A server forwards the header with the same trace id and a new id for its own part of the trace. The header is
 * untrusted text: only digits and a to f are used. */
#ifndef KYBDESK_BASE_TRACE_H
#define KYBDESK_BASE_TRACE_H

#include "kybdesk/base/world.h"

#include <stdbool.h>

#define TRACE_TEXT_SIZE 56 /* "00-", 32 digits, "-", 16 digits, "-", 2 digits, NUL */

/* Whether the text is a traceparent of version 00, or of a later version that starts like version 00. Ids that are
 * all zero are not valid. */
bool trace_is_valid(const char *traceparent);
/* The header to forward: the same trace id, with a new id for this part of the trace; "" if `traceparent` is not
 * valid. */
void trace_new_parent(const struct world *world, const char *traceparent, char out[TRACE_TEXT_SIZE]);
/* The id of the whole trace; "" if `traceparent` is not valid. */
void trace_copy_id(const char *traceparent, char out[33]);

#endif
