/* Exceptions to the session's column table, for reading and writing. */
#ifndef KYBDESK_STORE_SESSION_ROWS_H
#define KYBDESK_STORE_SESSION_ROWS_H

#include "columns.h"

extern const struct row_own session_own[];

#endif
