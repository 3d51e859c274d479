/* Inside the desk: what looking shares. */
#ifndef KYBDESK_SRC_DESK_READ_READ_H
#define KYBDESK_SRC_DESK_READ_READ_H

#include "desk_private.h"

/* list.c: actor, time, limits and countries of a query. */
enum err list_query_prepare(struct desk *desk, struct list_query *query, struct error *error) KYB_MUST_USE;

#endif
